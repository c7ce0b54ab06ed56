//! Differences between arms, on one scale.

use ldn_core::data::Status;

use super::refusal::{self, Reason};
use super::{Answer, Recalled, StudyEffect, study_of};
use crate::outcome::Outcome;
use crate::trial::{Arm, Design, ResultRow, RowKind, Trial};

/// Asks one trial.
pub(super) fn of<'a>(trial: &'a Trial, outcome: &'a Outcome, recalled: Recalled) -> Answer<'a> {
    let mut answer = Answer::default();
    for (index, row) in trial.results.iter().enumerate() {
        let Some(measure) = row.measure.as_ref() else { continue };
        if !outcome.measures.contains(measure) && !outcome.also_looked_at.contains(measure) {
            continue;
        }
        let mut reasons = reasons(trial, row, outcome, recalled);
        if let Some(study) = answer.study.as_ref().filter(|_| reasons.is_empty()) {
            reasons.push(Reason::OtherRow(study.rows[0]));
        }
        match effect(row).filter(|_| reasons.is_empty()) {
            Some(effect) => {
                let mut study = study_of(trial, effect).rest_on(index, row);
                study.n = row.n_analysed;
                answer.study = Some(study);
            }
            None => {
                let refused = refusal::refuse(trial, index, &row.outcome, row.arm, reasons);
                answer.refused.push(refused);
            }
        }
    }
    answer
}

fn effect(row: &ResultRow) -> Option<StudyEffect> {
    let (yi, sei) = (row.estimate?.value(), row.se?.value());
    Some(StudyEffect::Difference { yi, sei, vi: sei * sei })
}

/// Every reason against a row.
fn reasons(trial: &Trial, row: &ResultRow, outcome: &Outcome, recalled: Recalled) -> Vec<Reason> {
    let mut reasons = refusal::of_trial(trial, outcome);
    if trial.registered_only {
        return reasons;
    }
    if let Some(measure) = row.measure.as_ref().filter(|measure| !outcome.measures.contains(measure)) {
        reasons.push(Reason::OtherMeasure(measure.clone()));
    }
    if row.arm != Arm::Difference {
        reasons.push(Reason::WithinArm(row.arm));
        if let Some(with) = &trial.factorial_with {
            reasons.push(Reason::Factorial(with.clone()));
        }
    }
    reasons.extend(unit(row, outcome));
    reasons.extend(scale(row, outcome));
    reasons.extend(number(trial, row));
    if let Some(how) = &row.differs {
        reasons.push(Reason::Differs(how.clone()));
    }
    reasons.extend(what_is_recalled(row).filter(|_| recalled == Recalled::Refuse).map(Reason::Recalled));
    reasons
}

fn unit(row: &ResultRow, outcome: &Outcome) -> Option<Reason> {
    let is_percent = row.kind.is_percent() || row.scale.unit.as_deref() == Some("%");
    let found = if is_percent { "%" } else { row.scale.unit.as_deref().unwrap_or("no unit") };
    let spoken =
        |unit: &str| if unit == "%" { "percent of the baseline".to_owned() } else { unit.to_owned() };
    (found != outcome.unit).then(|| Reason::Unit { found: spoken(found), expected: spoken(&outcome.unit) })
}

/// A scale of another range, once the unit is right.
fn scale(row: &ResultRow, outcome: &Outcome) -> Option<Reason> {
    let expected = outcome.scale.filter(|_| unit(row, outcome).is_none())?;
    let found = row.scale.low.zip(row.scale.high);
    let same = found.is_some_and(|(low, high)| {
        low.value() == expected.low.value() && high.value() == expected.high.value()
    });
    let found = found.map_or("of no stated range".to_owned(), |(low, high)| format!("{low} to {high}"));
    (!same).then(|| Reason::Scale { found, expected: format!("{} to {}", expected.low, expected.high) })
}

/// What is wrong with the number and its spread.
fn number(trial: &Trial, row: &ResultRow) -> Vec<Reason> {
    match row.kind {
        RowKind::MedianDifference => return vec![Reason::Median],
        RowKind::Bound => return vec![Reason::Bound],
        _ => {}
    }
    if row.estimate.is_none() {
        return vec![Reason::NoNumber];
    }
    if row.arm != Arm::Difference {
        return Vec::new();
    }
    let mut reasons = Vec::new();
    if row.se.is_none_or(|se| se.value() <= 0.0) {
        reasons.push(Reason::NoSpread);
    }
    if trial.design == Design::RctCrossover && !row.paired {
        reasons.push(Reason::Unpaired);
    }
    reasons
}

/// What of a row is recalled and decides whether it may be pooled.
fn what_is_recalled(row: &ResultRow) -> Option<String> {
    if row.status < Status::Judgement {
        return Some("the numbers are".to_owned());
    }
    row.recalls("scale").then(|| "the scale is".to_owned())
}
