//! What scores and the calendar ask for: a first impression, not the verdict.

use std::collections::BTreeMap;

use jiff::civil::Date;
use ldn_core::Measure;
use ldn_core::diary::DiaryRow;

use super::course::{Course, Turn};
use super::{DiaryFact, Proposal, ProposalKind, effects};
use crate::plan::ladder::Level;
use crate::plan::propose::months_later;
use crate::plan::{days_between, plus};

/// How a measure changed, in percent of its baseline; above 0 is better.
struct Changed {
    measure: Measure,
    percent: f64,
    facts: Vec<DiaryFact>,
}

/// What scores and the calendar ask for.
pub(super) fn proposals(course: &Course<'_>) -> Vec<Proposal> {
    let best = best(course);
    let stop = stop(course, best.as_ref());
    let judge = if stop.is_none() { judge(course) } else { None };
    stay(course, best.as_ref()).into_iter().chain(judge).chain(stop).collect()
}

/// A lower dose works, and more was not tolerated: staying is an option.
fn stay(course: &Course<'_>, best: Option<&Changed>) -> Option<Proposal> {
    let best = best.filter(|best| best.percent >= f64::from(course.adaptation.works_percent.value))?;
    let present = course.present()?;
    let is_lower = course.ladder.last().is_some_and(|top| top.dose() > present.dose());
    let not_tolerated = effects::more_was_not_tolerated(course)?;
    if !is_lower {
        return None;
    }
    let dose = present.dose();
    let why = format!("stays at {dose}: it works, and more was not tolerated");
    let climb = vec![Level { parts: present.parts.clone(), days: None, why, source: course.source() }];
    // After a long hold the climb begins lower and ends here.
    let mut again: Vec<Level> = course.ladder.iter().filter(|level| level.dose() < dose).cloned().collect();
    again.extend(climb.clone());
    let holds = course.plan.holds().to_vec();
    let reason = format!("stay at {dose}: it works, and more was not tolerated");
    let plan = course.turn(&Turn { climb, again, holds, reason: &reason });
    let values = BTreeMap::from([
        ("measure", best.measure.id().to_owned()),
        ("percent", format!("{:.0}", best.percent)),
        ("dose", dose.to_string()),
    ]);
    let mut because = best.facts.clone();
    because.extend(not_tolerated);
    because.sort();
    Some(course.proposal(ProposalKind::StayAtLowerDose, because, &values, plan))
}

/// The day of judging has come.
fn judge(course: &Course<'_>) -> Option<Proposal> {
    let day = course.plan.parts().judge_on.filter(|day| *day <= course.today)?;
    let values = BTreeMap::from([("date", day.to_string())]);
    Some(course.proposal(ProposalKind::JudgeNow, Vec::new(), &values, None))
}

/// Long enough on LDN, and the best measure has hardly changed. Too few scores are no answer.
fn stop(course: &Course<'_>, best: Option<&Changed>) -> Option<Proposal> {
    let first = course.first_day()?;
    let on = course.protocol.stop_after_days.map_or_else(
        || months_later(first, course.planning.calendar.stop_after_months),
        |days| plus(first, days),
    );
    let best = best.filter(|best| best.percent < f64::from(course.adaptation.no_benefit_percent.value))?;
    let values = BTreeMap::from([
        ("measure", best.measure.id().to_owned()),
        ("percent", format!("{:.0}", best.percent)),
        ("stop", course.plan.parts().rules.on_no_benefit.clone()),
    ]);
    (on <= course.today)
        .then(|| course.proposal(ProposalKind::StopNoBenefit, best.facts.clone(), &values, None))
}

/// Returns the measure that improved most, among those with enough scores before and now.
fn best(course: &Course<'_>) -> Option<Changed> {
    let changes = Measure::ALL.into_iter().filter_map(|measure| changed(course, measure));
    changes.max_by(|one, other| one.percent.total_cmp(&other.percent))
}

fn changed(course: &Course<'_>, measure: Measure) -> Option<Changed> {
    let numbers = course.adaptation;
    let first = course.first_day()?;
    let is_baseline = |row: &&DiaryRow| days_between(row.date, first) <= numbers.baseline_days.days();
    let is_recent = |row: &&DiaryRow| days_between(row.date, course.today) < numbers.recent_days.days();
    let before: Vec<(Date, f64)> = burdens(course.rows_before().filter(is_baseline), measure);
    let now: Vec<(Date, f64)> = burdens(course.rows().filter(is_recent), measure);
    let least = usize::from(numbers.scores_at_least.value);
    if before.len() < least || now.len() < least {
        return None;
    }
    let (before_mean, now_mean) = (mean(&before), mean(&now));
    if before_mean <= 0.0 {
        return None;
    }
    let fact = |(date, burden): &(Date, f64)| DiaryFact {
        date: *date,
        field: measure.id().to_owned(),
        value: format!("{:.1} of 10 (0 is best)", burden),
    };
    let ends = [before.first(), before.last(), now.first(), now.last()];
    Some(Changed {
        measure,
        percent: 100.0 * (before_mean - now_mean) / before_mean,
        facts: ends.into_iter().flatten().map(fact).collect(),
    })
}

/// Returns the scores of a measure as burdens from 0 (best) to 10.
fn burdens<'a>(rows: impl Iterator<Item = &'a DiaryRow>, measure: Measure) -> Vec<(Date, f64)> {
    rows.filter_map(|row| Some((row.date, row.score(measure)?.burden()))).collect()
}

fn mean(scores: &[(Date, f64)]) -> f64 {
    scores.iter().map(|(_, burden)| burden).sum::<f64>() / scores.len() as f64
}
