//! From a protocol, a screening and choices to a plan, or to a refusal with the way out.

use std::fmt;

use jiff::Span;
use jiff::civil::Date;
use ldn_core::Dose;
use ldn_core::plan::{DayPart, Fulfilled, Hold, Plan, PlanParts, PlanRules, Proposed, Review, TimeOfDay};

use super::choices::Request;
use super::findings::{self, Drawn};
use super::ladder::{self, Laid, Level, lay};
use super::protocol::{Field, Protocol, Schedule, Target};
use super::protocols::Protocols;
use super::refusal::Refusal;
use super::settings::{Planning, ReviewFrom, number};
use super::{days_between, holds, plus};
use crate::intake::Answer;
use crate::screen::RuleSet;

/// Where a proposal of ours stands, as a plan names it.
const OUR_PROPOSAL: &str = "data/protocols/planning.toml";
/// The rule that says after how many days without LDN the climb begins again.
pub(super) const GAP: &str = "UN-08";

/// Makes a plan, unsigned, version 1.
///
/// Holds before procedures are constraints: no dose lies in one, and steps behind it move, never shrink. Nothing that
/// the protocol leaves open is filled in but the time of day, which the plan then lists under `proposed`.
///
/// # Errors
/// [`Refusal`]: the first thing in the way, with the way out.
pub fn propose(request: &Request<'_>, protocols: &Protocols, rules: &RuleSet) -> Result<Plan, Refusal> {
    let schedule = request.protocol.schedule().map_err(|missing| Refusal::NotPlannable {
        protocol: request.protocol.id.clone(),
        missing: missing.to_vec(),
    })?;
    findings::gate(request, protocols, rules)?;
    if request.start < request.today && !request.choices.backdate {
        return Err(Refusal::StartInPast { start: request.start, today: request.today });
    }
    let planning = protocols.planning();
    let drawn = draw(schedule, request, planning)?;
    let gap_days = gap_days(rules)?;
    let climb = begin(&drawn.levels, request, gap_days)?;
    findings::check_ceiling(highest(&drawn.levels), request, protocols, rules)?;
    findings::check_first_step(climb, request, protocols, rules)?;
    let holds = holds::of(request, rules)?;
    let seen = Drawn { levels: climb, interval_days: drawn.interval_days, holds: &holds };
    let answered = findings::answer(&seen, request, protocols, rules)?;
    let last_dose = request.choices.continue_at_present_dose.then_some(request.intake.course.last_ldn_dose);
    let span = ladder::Span { from: request.start, last_dose: last_dose.flatten(), holds: &holds, gap_days };
    let laid = lay(climb, &drawn.levels, &span);
    let Some(first_day) = laid.steps.first().map(|step| step.from) else {
        return Err(nothing_but_hold(&holds, request.start));
    };
    let judge_on = judge_on(&laid, &holds, planning);
    let valid_until = valid_until(first_day, judge_on, planning);
    let parts = PlanParts {
        protocol: request.protocol.id.clone(),
        version: 1,
        parent: None,
        reason: reason(request),
        made_on: request.today,
        valid_until,
        signature: None,
        blinded: request.intake.course.blinded_period == Answer::Yes,
        review: reviews(first_day, laid.at_target_from, valid_until, &answered.fulfils, planning),
        steps: laid.steps,
        holds,
        judge_on,
        rules: words(request.protocol, planning),
        fulfils: answered.fulfils,
        overrides: answered.overrides,
        proposed: drawn.proposed,
    };
    Ok(Plan::new(parts)?)
}

/// The levels of a schedule with the choices made.
struct Levels {
    levels: Vec<Level>,
    interval_days: Option<u16>,
    proposed: Vec<Proposed>,
}

/// Puts the choices into the schedule.
fn draw(schedule: &Schedule, request: &Request<'_>, planning: &Planning) -> Result<Levels, Refusal> {
    let (choices, defaults) = (request.choices, &planning.defaults);
    let mut chooser = Chooser { protocol: request.protocol, proposed: Vec::new() };
    let start_words = format!("{}, or {} if sensitive", defaults.start, defaults.start_if_sensitive);
    let start = chooser.pick("start", "--start-dose", schedule.start, choices.start_dose, &start_words)?;
    let target = chooser.target(schedule, request, &defaults.target)?;
    if target.dose < start {
        return Err(Refusal::TargetBelowStart {
            protocol: request.protocol.id.clone(),
            target: target.dose,
            at: target.at,
            start,
        });
    }
    let Some(rise) = &schedule.rise else {
        chooser.takes_no("--step", choices.step.map(|dose| dose.to_string()), "a fixed dose")?;
        chooser.takes_no("--interval", choices.interval_days.map(days_words), "a fixed dose")?;
        let at = chooser.time_of_day(request, planning)?;
        let levels = chooser.levels(&[start], None, &[], &[at]);
        return Ok(Levels { levels, interval_days: None, proposed: chooser.proposed });
    };
    let step = chooser.pick("step", "--step", rise.step, choices.step, &defaults.step)?;
    let interval_words =
        format!("{} days, or {} if sensitive", defaults.interval_days, defaults.interval_days_if_sensitive);
    let days = rise.interval_days;
    let days = chooser.pick_days(days, choices.interval_days, &interval_words)?;
    let doses = ladder::doses(start, step, target.dose);
    let times = if schedule.divided {
        chooser.divided(request, doses.len())?
    } else {
        vec![chooser.time_of_day(request, planning)?]
    };
    let levels = chooser.levels(&doses, Some(days), &rise.level_days, &times);
    Ok(Levels { levels, interval_days: Some(days), proposed: chooser.proposed })
}

/// Takes choices for a protocol and remembers which of them rest on a proposal of ours.
struct Chooser<'a> {
    protocol: &'a Protocol,
    proposed: Vec<Proposed>,
}

/// A target and where it was asked for.
struct Aim {
    dose: Dose,
    at: &'static str,
}

impl Chooser<'_> {
    /// Returns the stated value, or the choice inside what is left open.
    fn pick<T: Copy + PartialOrd + fmt::Display>(
        &mut self,
        name: &str,
        flag: &'static str,
        field: Field<T>,
        chosen: Option<T>,
        proposal: &str,
    ) -> Result<T, Refusal> {
        let value = match (chosen, field.stated()) {
            (Some(chosen), _) if field.contains(chosen) => chosen,
            (Some(chosen), _) => {
                return Err(self.outside(flag, chosen.to_string(), &range_words(field)));
            }
            (None, Some(stated)) => stated,
            (None, None) => {
                let is_ours = field.is_proposed();
                let says = if is_ours { "does not state the" } else { "leaves open the" };
                return Err(Refusal::ChoiceNeeded {
                    protocol: self.protocol.id.clone(),
                    says: format!("{says} {name}"),
                    flag,
                    range: range_words(field),
                    proposal: if is_ours { proposal.to_owned() } else { String::new() },
                });
            }
        };
        if field.is_proposed() {
            self.propose(name, value.to_string());
        }
        Ok(value)
    }

    /// Returns the days between steps.
    fn pick_days(&mut self, field: Field<u16>, chosen: Option<u16>, proposal: &str) -> Result<u16, Refusal> {
        let days = self.pick("interval", "--interval", field, chosen, proposal)?;
        if let Some(last) = self.proposed.last_mut().filter(|last| last.field == "interval") {
            last.value = days_words(days);
        }
        Ok(days)
    }

    /// Returns where the rise ends: the choice, else the dose asked for, else what the protocol states.
    fn target(&mut self, schedule: &Schedule, request: &Request<'_>, proposal: &str) -> Result<Aim, Refusal> {
        let chosen = request.choices.target.map(|dose| Aim { dose, at: "--target" });
        let asked = request.intake.course.requested_dose;
        let asked = asked.map(|dose| Aim { dose, at: "course.requested_dose" });
        let aim = chosen.or(asked);
        if let Some(Aim { dose, at }) = aim.as_ref().filter(|aim| aim.dose > schedule.most) {
            let protocol = self.protocol.id.clone();
            return Err(Refusal::TargetAboveProtocol { protocol, target: *dose, at, most: schedule.most });
        }
        match (schedule.target, aim) {
            (Target::Dose(Field::Stated(dose)), None) => Ok(Aim { dose, at: "protocol" }),
            // Less than the source's target is always open: a lower dose that works is no failure.
            (Target::Dose(Field::Stated(_)), Some(aim)) => Ok(aim),
            (Target::Dose(field), aim) => {
                let (chosen, at) = aim.map_or((None, "--target"), |aim| (Some(aim.dose), aim.at));
                let dose = self.pick("target", "--target", field, chosen, proposal)?;
                Ok(Aim { dose, at })
            }
            (Target::MaximumTolerated | Target::Individual, Some(aim)) => {
                self.propose("target", aim.dose.to_string());
                Ok(aim)
            }
            (Target::MaximumTolerated | Target::Individual, None) => Err(Refusal::ChoiceNeeded {
                protocol: self.protocol.id.clone(),
                says: "names no number for the target".to_owned(),
                flag: "--target",
                range: format!("up to {}", schedule.most),
                proposal: proposal.to_owned(),
            }),
        }
    }

    /// Returns the time of one dose a day; ours if the protocol names none, and then the plan says so.
    fn time_of_day(&mut self, request: &Request<'_>, planning: &Planning) -> Result<TimeOfDay, Refusal> {
        if !request.choices.divided_at.is_empty() {
            return Err(self.outside("--divided-at", "times".to_owned(), "one dose a day"));
        }
        let chosen = request.choices.time_of_day;
        if self.protocol.time_of_day.is_none() {
            let at = chosen.unwrap_or(planning.defaults.time_of_day);
            self.propose("time of day", at.words().to_owned());
        }
        Ok(chosen.or(self.protocol.time_of_day).unwrap_or(planning.defaults.time_of_day))
    }

    /// Returns the times of the doses of a divided day: the source's first, then those chosen.
    fn divided(&mut self, request: &Request<'_>, n_doses: usize) -> Result<Vec<TimeOfDay>, Refusal> {
        if let Some(chosen) = request.choices.time_of_day {
            let words = "the times of `--divided-at`";
            return Err(self.outside("--time", chosen.words().to_owned(), words));
        }
        let chosen = &request.choices.divided_at;
        let needed = n_doses.saturating_sub(1);
        let range = format!("{needed} times (morning, midday, bedtime), one for each further dose");
        if chosen.is_empty() && needed > 0 {
            return Err(Refusal::ChoiceNeeded {
                protocol: self.protocol.id.clone(),
                says: "does not state the times of the divided doses".to_owned(),
                flag: "--divided-at",
                range,
                proposal: String::new(),
            });
        }
        if chosen.len() != needed {
            return Err(self.outside("--divided-at", format!("{} times", chosen.len()), &range));
        }
        let words: Vec<&str> = chosen.iter().map(|at| at.words()).collect();
        self.propose("times of the further doses", words.join(", "));
        let first = self.protocol.time_of_day.unwrap_or(TimeOfDay::Morning);
        Ok(std::iter::once(first).chain(chosen.iter().copied()).collect())
    }

    /// Returns the levels of doses that rise.
    fn levels(&self, doses: &[Dose], interval: Option<u16>, days: &[u16], times: &[TimeOfDay]) -> Vec<Level> {
        let mut levels: Vec<Level> = Vec::new();
        for (index, dose) in doses.iter().enumerate() {
            let is_last = index + 1 == doses.len();
            let days = (!is_last).then(|| days.get(index).copied().or(interval)).flatten();
            levels.push(Level {
                parts: parts_of(&doses[..=index], times),
                days,
                why: why(levels.last(), *dose, is_last),
                source: self.protocol.source().to_owned(),
            });
        }
        levels
    }

    fn propose(&mut self, field: &str, value: String) {
        let field = field.to_owned();
        self.proposed.push(Proposed { field, value, source: OUR_PROPOSAL.to_owned() });
    }

    fn takes_no(&self, flag: &'static str, value: Option<String>, range: &str) -> Result<(), Refusal> {
        value.map_or(Ok(()), |value| Err(self.outside(flag, value, range)))
    }

    fn outside(&self, flag: &'static str, value: String, range: &str) -> Refusal {
        let protocol = self.protocol.id.clone();
        Refusal::ChoiceOutside { protocol, flag, value, range: range.to_owned() }
    }
}

/// Returns the doses of a day: one, or each rise at its own time, those of the same time together.
fn parts_of(rises: &[Dose], times: &[TimeOfDay]) -> Vec<DayPart> {
    let total = rises.last().copied().unwrap_or(Dose::ZERO);
    if times.len() == 1 {
        return vec![DayPart { at: times[0], dose: total }];
    }
    let mut parts: Vec<DayPart> = Vec::new();
    let mut before = 0;
    for (dose, at) in rises.iter().zip(times) {
        let more = dose.nanograms() - before;
        before = dose.nanograms();
        match parts.iter_mut().find(|part| part.at == *at) {
            Some(part) => part.dose = Dose::from_nanograms(part.dose.nanograms() + more),
            None => parts.push(DayPart { at: *at, dose: Dose::from_nanograms(more) }),
        }
    }
    parts.sort_by_key(|part| part.at);
    parts
}

fn why(before: Option<&Level>, dose: Dose, is_last: bool) -> String {
    let Some(before) = before else {
        return if is_last { "start and target".to_owned() } else { "start".to_owned() };
    };
    let step = Dose::from_nanograms(dose.nanograms() - before.dose().nanograms());
    let days = before.days.map_or_else(String::new, |days| format!(" after {days} days"));
    let target = if is_last { ": target" } else { "" };
    format!("up by {step}{days}{target}")
}

fn days_words(days: u16) -> String {
    format!("{days} days")
}

fn range_words<T: Copy + PartialOrd + fmt::Display>(field: Field<T>) -> String {
    match field.stated() {
        Some(value) => format!("{value}, as stated"),
        None => format!("{} to {}", field.least(), field.greatest()),
    }
}

/// Returns the levels from the one to begin with: the first, or that of the present dose.
fn begin<'a>(levels: &'a [Level], request: &Request<'_>, gap_days: u16) -> Result<&'a [Level], Refusal> {
    if !request.choices.continue_at_present_dose {
        return Ok(levels);
    }
    let expected = |expected: &str| Refusal::CannotContinue { expected: expected.to_owned() };
    let course = &request.intake.course;
    let present = course
        .current_dose
        .ok_or_else(|| expected("the present dose, `course.current_dose` in the intake"))?;
    let last = course
        .last_ldn_dose
        .ok_or_else(|| expected("the day of the last dose, `course.last_ldn_dose` in the intake"))?;
    let gap = days_between(last, request.start) - 1;
    if gap > i64::from(gap_days) || request.screening.finding(GAP).is_some() {
        let words = format!(
            "at most {gap_days} days without LDN before the start ({GAP}); begin at the start of the protocol"
        );
        return Err(expected(&words));
    }
    let index = levels.iter().rposition(|level| level.dose() <= present).unwrap_or(0);
    Ok(&levels[index..])
}

/// Returns how many days without LDN are not yet a reason to begin again.
pub(super) fn gap_days(rules: &RuleSet) -> Result<u16, Refusal> {
    let days = rules.rule(GAP).and_then(|rule| number(rule, "gap", "days"));
    days.map(|days| days as u16).ok_or(Refusal::RuleWithoutNumber { rule: GAP, parameter: "gap" })
}

fn highest(levels: &[Level]) -> Dose {
    levels.iter().map(Level::dose).max().unwrap_or(Dose::ZERO)
}

fn nothing_but_hold(holds: &[Hold], start: Date) -> Refusal {
    let hold = holds.iter().find(|hold| hold.to.is_none());
    Refusal::NothingButHold {
        from: hold.map_or(start, |hold| hold.from),
        rule: hold.map_or_else(String::new, |hold| hold.rule.clone()),
    }
}

/// Returns the first day on which the effect may be judged; `None` if a hold without an end comes first.
pub(super) fn judge_on(laid: &Laid, holds: &[Hold], planning: &Planning) -> Option<Date> {
    let day = plus(laid.at_target_from?, planning.calendar.judge_after_days);
    holds.iter().all(|hold| hold.to.is_some() || hold.from > day).then_some(day)
}

/// Returns the last day on which a dose may be read: two weeks after the decision about stopping for no benefit or the
/// day of judging, whichever is later, so that both fall inside; never more than a year.
fn valid_until(first_day: Date, judge_on: Option<Date>, planning: &Planning) -> Date {
    let calendar = &planning.calendar;
    let stop = months_later(first_day, calendar.stop_after_months);
    let decided = judge_on.map_or(stop, |judge| judge.max(stop));
    plus(decided, calendar.grace_days).min(plus(first_day, calendar.at_most_days))
}

pub(super) fn months_later(day: Date, months: u16) -> Date {
    day.saturating_add(Span::new().months(i64::from(months)))
}

/// Returns the days on which somebody looks at something, in order, none after the plan's last day.
fn reviews(
    first_day: Date,
    at_target_from: Option<Date>,
    valid_until: Date,
    fulfils: &[Fulfilled],
    planning: &Planning,
) -> Vec<Review> {
    let mut reviews = Vec::new();
    for rule in &planning.reviews {
        let from = if rule.from == ReviewFrom::Start { Some(first_day) } else { at_target_from };
        if let Some(from) = from {
            let on = plus(months_later(from, rule.months), rule.days);
            reviews.push(Review { on, what: rule.what.clone() });
        }
    }
    for fulfilled in fulfils {
        if let Some(fulfil) = planning.fulfil(&fulfilled.rule) {
            reviews.extend(fulfil.review_weeks.iter().map(|weeks| Review {
                on: plus(first_day, 7 * weeks),
                what: format!("{} ({})", fulfil.what, fulfilled.rule),
            }));
        }
    }
    reviews.retain(|review| review.on <= valid_until);
    reviews.sort_by(|one, other| one.on.cmp(&other.on).then_with(|| one.what.cmp(&other.what)));
    reviews.dedup();
    reviews
}

/// Returns the words for a bad day: the protocol's own where it has some.
fn words(protocol: &Protocol, planning: &Planning) -> PlanRules {
    let ours = &planning.words;
    let own =
        |text: &str, ours: &str| if text.is_empty() { ours.to_owned() } else { format!("{text} {ours}") };
    let stop = &protocol.stop_rule;
    PlanRules {
        on_side_effect: own(&protocol.on_side_effect, &ours.on_side_effect),
        on_missed_dose: ours.on_missed_dose.clone(),
        on_gap: ours.on_gap.clone(),
        on_no_benefit: if stop.is_empty() { ours.on_no_benefit.clone() } else { stop.clone() },
        on_opioid: ours.on_opioid.clone(),
    }
}

fn reason(request: &Request<'_>) -> String {
    let given = request.choices.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    given.map_or_else(|| format!("first plan, by protocol `{}`", request.protocol.id), str::to_owned)
}
