//! A plan and its diary as adaptation looks at them, and how the next plan is made.

use std::collections::BTreeMap;

use jiff::civil::Date;
use ldn_core::diary::DiaryRow;
use ldn_core::plan::{DayPart, Hold, Plan, PlanParts, Review, Step, TimeOfDay};
use ldn_core::{Diary, Dose};

use super::{Change, DiaryFact, Proposal, ProposalKind};
use crate::plan::ladder::{Level, Span, lay};
use crate::plan::protocol::Protocol;
use crate::plan::protocols::Protocols;
use crate::plan::settings::{Adaptation, Planning, ReviewFrom};
use crate::plan::{days_between, plus, propose};
use crate::screen::RuleSet;

/// A plan and its diary.
pub(super) struct Course<'a> {
    pub(super) plan: &'a Plan,
    pub(super) protocol: &'a Protocol,
    diary: &'a Diary,
    pub(super) today: Date,
    pub(super) planning: &'a Planning,
    pub(super) adaptation: &'a Adaptation,
    pub(super) rules: &'a RuleSet,
    /// The doses of the plan in ascending order, each with the days before the next.
    pub(super) ladder: Vec<Level>,
    /// More days than this without LDN, and the climb begins again.
    pub(super) gap_days: u16,
}

/// A level that begins tomorrow, and where the climb goes from there.
pub(super) struct Turn<'a> {
    /// The levels from tomorrow on.
    pub(super) climb: Vec<Level>,
    /// What follows a gap of more than 14 days.
    pub(super) again: Vec<Level>,
    /// The holds, the parent's among them.
    pub(super) holds: Vec<Hold>,
    /// Why the plan is changed.
    pub(super) reason: &'a str,
}

impl<'a> Course<'a> {
    pub(super) fn read(change: &Change<'a>, protocols: &'a Protocols, rules: &'a RuleSet) -> Course<'a> {
        Course {
            plan: change.plan,
            protocol: change.protocol,
            diary: change.diary,
            today: change.today,
            planning: protocols.planning(),
            adaptation: protocols.adaptation(),
            rules,
            ladder: ladder_of(change.plan, change.today),
            // Without the rule every gap is one: the cautious side.
            gap_days: propose::gap_days(rules).unwrap_or(0),
        }
    }

    /// Returns the rows from the first day of the plan through today.
    pub(super) fn rows(&self) -> impl DoubleEndedIterator<Item = &'a DiaryRow> {
        let (first, today) = (self.first_day(), self.today);
        self.diary
            .rows()
            .iter()
            .filter(move |row| row.date <= today && first.is_some_and(|first| first <= row.date))
    }

    /// Returns the rows before the first day of the plan.
    pub(super) fn rows_before(&self) -> impl DoubleEndedIterator<Item = &'a DiaryRow> {
        let first = self.first_day();
        self.diary.rows().iter().filter(move |row| first.is_some_and(|first| row.date < first))
    }

    /// Returns true if doses were written down, or there was a place for them.
    pub(super) fn records_doses(&self) -> bool {
        self.diary.records_doses()
    }

    pub(super) fn first_day(&self) -> Option<Date> {
        self.plan.steps().first().map(|step| step.from)
    }

    pub(super) fn tomorrow(&self) -> Date {
        plus(self.today, 1)
    }

    /// Returns true if nothing may depend on what a capsule holds.
    pub(super) fn is_blinded(&self) -> bool {
        self.plan.parts().blinded || self.rows().next_back().is_some_and(|row| row.blind)
    }

    /// Returns the step of today, or behind a hold the next one.
    pub(super) fn present(&self) -> Option<&'a Step> {
        self.plan.step_on(self.today).or_else(|| {
            let is_held = self.plan.hold_on(self.today).is_some();
            self.plan.steps().iter().find(|step| is_held && step.from > self.today)
        })
    }

    /// Returns the day of the next higher dose.
    pub(super) fn next_rise(&self) -> Option<Date> {
        let present = self.present()?.dose();
        let later = self.plan.steps().iter().filter(|step| step.from > self.today);
        later.filter(|step| step.dose() > present).map(|step| step.from).next()
    }

    /// Returns the days of doses that the parent gives from tomorrow until its next higher dose.
    pub(super) fn days_left(&self) -> u16 {
        let Some(rise) = self.next_rise() else {
            return 0;
        };
        let days = (0..days_between(self.tomorrow(), rise)).map(|offset| plus(self.tomorrow(), offset));
        u16::try_from(days.filter(|day| self.plan.step_on(*day).is_some()).count()).unwrap_or(u16::MAX)
    }

    /// Returns the least days at a dose before the next.
    ///
    /// The interval of the protocol if it states one; else the shortest that the plan gives, because a step that was
    /// held once is longer than the interval; where levels differ by the source, those of the level itself.
    pub(super) fn interval(&self, dose: Dose) -> u16 {
        let rise = self.protocol.schedule().ok().and_then(|schedule| schedule.rise.as_ref());
        let days = || self.ladder.iter().filter_map(|level| level.days);
        let own = || self.ladder.iter().find(|level| level.dose() == dose).and_then(|level| level.days);
        let found = match rise {
            Some(rise) if rise.level_days.is_empty() => {
                let least = rise.interval_days.least();
                rise.interval_days.stated().or_else(|| days().min().map(|days| days.max(least)))
            }
            _ => own().or_else(|| days().max()),
        };
        found.unwrap_or(self.planning.defaults.interval_days)
    }

    /// Returns the levels above a dose.
    pub(super) fn above(&self, dose: Dose) -> Vec<Level> {
        self.ladder.iter().filter(|level| level.dose() > dose).cloned().collect()
    }

    /// Returns the present dose as a level that lasts so many days, with everything above it.
    pub(super) fn climb_from(&self, parts: Vec<DayPart>, days: u16, why: String) -> Vec<Level> {
        let source = self.source();
        let first = Level { parts, days: Some(days), why, source };
        let above = self.above(first.dose());
        std::iter::once(first).chain(above).collect()
    }

    /// Returns what today's row says, as facts.
    pub(super) fn written_today(&self) -> Vec<DiaryFact> {
        let rows = self.rows().filter(|row| row.date == self.today);
        rows.flat_map(|row| row.side_effects.iter().map(|text| side_effect(row.date, text))).collect()
    }

    /// Returns the source of what is done about a side effect: the protocol's, if it says something, else ours.
    pub(super) fn source(&self) -> String {
        let own = (!self.protocol.on_side_effect.is_empty()).then(|| self.protocol.source().to_owned());
        own.or_else(|| self.adaptation.sources.first().cloned()).unwrap_or_default()
    }

    /// Makes a proposal with the words of its kind.
    pub(super) fn proposal(
        &self,
        kind: ProposalKind,
        because: Vec<DiaryFact>,
        values: &BTreeMap<&str, String>,
        plan: Option<Plan>,
    ) -> Proposal {
        let mut words = self.adaptation.words(kind.word()).to_owned();
        for (key, value) in values {
            words = words.replace(&format!("{{{key}}}"), value);
        }
        if self.is_blinded() {
            words = format!("{words} {}", self.adaptation.words("blinded"));
        }
        Proposal {
            kind,
            because,
            rule: format!("adaptation.{}", kind.word()),
            source: self.source(),
            status: self.adaptation.status,
            words,
            plan,
        }
    }

    /// Makes the plan that turns tomorrow; `None` if it would be the parent again, or a hold leaves it no dose.
    pub(super) fn turn(&self, turn: &Turn<'_>) -> Option<Plan> {
        let parent = self.plan.parts();
        let tomorrow = self.tomorrow();
        let mut steps = steps_until(&parent.steps, self.today);
        let last_dose = steps.last().and_then(|step| step.to);
        let span = Span { from: tomorrow, last_dose, holds: &turn.holds, gap_days: self.gap_days };
        let laid = lay(&turn.climb, &turn.again, &span);
        let arrival = arrival(&steps, &laid.steps);
        steps.extend(laid.steps.iter().cloned());
        let is_same = turn.holds == parent.holds && same_doses(&steps, &parent.steps);
        if is_same || laid.steps.is_empty() {
            return None;
        }
        let from = laid.at_target_from.map(|from| arrival.unwrap_or(from).min(from));
        let judge_on = from
            .map(|from| plus(from, self.planning.judge_after_days()))
            .filter(|day| turn.holds.iter().all(|hold| hold.to.is_some() || hold.from > *day));
        let mut review = parent.review.clone();
        review.retain(|review| Some(review.on) != parent.judge_on || parent.judge_on == judge_on);
        if let Some(on) = judge_on.filter(|on| parent.judge_on != Some(*on) && *on <= parent.valid_until) {
            let verdicts = self.planning.reviews.iter().filter(|rule| rule.from == ReviewFrom::Target);
            review.extend(verdicts.map(|rule| Review { on, what: rule.what.clone() }));
            review.sort_by(|one, other| one.on.cmp(&other.on).then_with(|| one.what.cmp(&other.what)));
        }
        Plan::new(PlanParts {
            version: parent.version + 1,
            parent: Some(self.plan.id()),
            reason: turn.reason.to_owned(),
            made_on: self.today,
            signature: None,
            steps,
            holds: turn.holds.clone(),
            review,
            judge_on,
            ..parent.clone()
        })
        .ok()
    }
}

/// Returns the steps up to and with a day.
fn steps_until(steps: &[Step], day: Date) -> Vec<Step> {
    let begun = steps.iter().filter(|step| step.from <= day);
    begun.map(|step| Step { to: Some(step.to.map_or(day, |to| to.min(day))), ..step.clone() }).collect()
}

/// Returns since when the dose of the last new step has been taken without another between, if that began before.
fn arrival(before: &[Step], laid: &[Step]) -> Option<Date> {
    let last = laid.last()?.dose();
    let all: Vec<&Step> = before.iter().chain(laid).collect();
    let run = all.iter().rev().take_while(|step| step.dose() == last);
    run.last().map(|step| step.from)
}

/// Returns true if two lists of steps give the same doses on the same days.
fn same_doses(one: &[Step], other: &[Step]) -> bool {
    let runs = |steps: &[Step]| -> Vec<(Date, Option<Date>, Vec<DayPart>)> {
        let mut runs: Vec<(Date, Option<Date>, Vec<DayPart>)> = Vec::new();
        for step in steps {
            match runs.last_mut() {
                Some(last) if last.2 == step.parts && last.1.map(|to| plus(to, 1)) == Some(step.from) => {
                    last.1 = step.to;
                }
                _ => runs.push((step.from, step.to, step.parts.clone())),
            }
        }
        runs
    };
    runs(one) == runs(other)
}

/// Returns the doses of a plan in ascending order, each with the fewest days that the plan gives it before a higher one.
///
/// A run that ends in a lower dose was broken off and says nothing about the interval. A dose that lies only in the past
/// is not climbed to again: who stays lower, stays.
fn ladder_of(plan: &Plan, today: Date) -> Vec<Level> {
    let to_come = plan.steps().iter().filter(|step| step.to.is_none_or(|to| today <= to));
    let top = to_come.map(Step::dose).max().unwrap_or(Dose::ZERO);
    let mut runs: Vec<(Level, u16)> = Vec::new();
    for step in plan.steps() {
        let days = step.to.map_or(0, |to| u16::try_from(days_between(step.from, to) + 1).unwrap_or(u16::MAX));
        match runs.last_mut() {
            Some((level, total)) if level.dose() == step.dose() => {
                *total = total.saturating_add(days);
                level.parts.clone_from(&step.parts);
            }
            _ => {
                let (why, source) = (step.why.clone(), step.source.clone());
                runs.push((Level { parts: step.parts.clone(), days: None, why, source }, days));
            }
        }
    }
    let mut ladder: BTreeMap<Dose, Level> = BTreeMap::new();
    for (index, (level, days)) in runs.iter().enumerate() {
        let is_before_a_rise = runs.get(index + 1).is_some_and(|(next, _)| next.dose() > level.dose());
        let known = ladder.entry(level.dose()).or_insert_with(|| level.clone());
        known.parts.clone_from(&level.parts);
        if is_before_a_rise {
            known.days = Some(known.days.map_or(*days, |known| known.min(*days)));
        }
    }
    let longest = ladder.values().filter_map(|level| level.days).max();
    let mut levels: Vec<Level> = ladder.into_values().filter(|level| level.dose() <= top).collect();
    let n_levels = levels.len();
    for (index, level) in levels.iter_mut().enumerate() {
        level.days = if index + 1 == n_levels { None } else { level.days.or(longest) };
    }
    levels
}

/// Returns a side effect as a fact.
pub(super) fn side_effect(date: Date, text: &str) -> DiaryFact {
    DiaryFact { date, field: "side_effects".to_owned(), value: text.to_owned() }
}

/// Returns the parts of a day moved from the evening to the morning.
pub(super) fn in_the_morning(parts: &[DayPart]) -> Vec<DayPart> {
    let mut moved: Vec<DayPart> = Vec::new();
    for part in parts {
        let at = if part.at == TimeOfDay::Bedtime { TimeOfDay::Morning } else { part.at };
        match moved.iter_mut().find(|known| known.at == at) {
            Some(known) => known.dose = known.dose.checked_add(part.dose).unwrap_or(known.dose),
            None => moved.push(DayPart { at, dose: part.dose }),
        }
    }
    moved.sort_by_key(|part| part.at);
    moved
}
