//! A gap in the doses.

use std::collections::BTreeMap;

use jiff::civil::Date;
use ldn_core::diary::DiaryRow;

use super::course::{Course, Turn};
use super::{DiaryFact, Proposal, ProposalKind, half};
use crate::plan::ladder::Level;
use crate::plan::propose::GAP;
use crate::plan::{days_between, plus};

/// Says that LDN has not been taken for more than 14 days, or that nobody knows.
pub(super) fn gap(course: &Course<'_>) -> Option<Proposal> {
    if !course.records_doses() {
        return None;
    }
    let last = course.rows().filter(|row| was_taken(row) == Some(true)).map(|row| row.date).next_back()?;
    let days = days_between(last, course.today);
    if days <= i64::from(course.gap_days) {
        return None;
    }
    let from = plus(last, 1);
    let rows: Vec<&DiaryRow> = course.rows().filter(|row| row.date >= from).collect();
    let without = rows.iter().filter(|row| was_taken(row) == Some(false)).count();
    let is_known = i64::try_from(without).is_ok_and(|without| without == days);
    let values = BTreeMap::from([
        ("days", days.to_string()),
        ("from", from.to_string()),
        ("to", course.today.to_string()),
    ]);
    let because = rows.iter().filter(|row| was_taken(row) == Some(false)).map(|row| dose_fact(row)).collect();
    let (kind, plan) = if is_known {
        (ProposalKind::Retitrate, restart(course, last))
    } else {
        (ProposalKind::AskAboutGap, None)
    };
    let rule = course.rules.rule(GAP);
    let proposal = course.proposal(kind, because, &values, plan);
    Some(Proposal {
        rule: GAP.to_owned(),
        source: rule.and_then(|rule| rule.sources.first().cloned()).unwrap_or(proposal.source),
        status: rule.map_or(proposal.status, |rule| rule.status),
        ..proposal
    })
}

/// Returns the plan that begins again: at the first dose of the plan, at most half of the last one taken.
fn restart(course: &Course<'_>, last: Date) -> Option<ldn_core::Plan> {
    let before = course.plan.step_on(last)?;
    let most = half(before.dose());
    let first = course.ladder.first()?;
    let why = format!("again after a gap ({GAP})");
    let climb: Vec<Level> = if first.dose() <= most {
        course.ladder.clone()
    } else {
        let parts =
            before.parts.iter().map(|part| ldn_core::plan::DayPart { dose: half(part.dose), ..*part });
        let parts = parts.filter(|part| !part.dose.is_zero()).collect();
        if course.ladder.len() > 1 {
            course.climb_from(parts, course.interval(most), why)
        } else {
            vec![Level { parts, days: None, why, source: course.source() }]
        }
    };
    course.turn(&Turn {
        again: climb.clone(),
        climb,
        holds: course.plan.holds().to_vec(),
        reason: &format!("no dose since {last}: begin again ({GAP})"),
    })
}

/// Returns whether LDN, or a capsule that may hold it, was taken; `None` if nobody wrote it down.
fn was_taken(row: &DiaryRow) -> Option<bool> {
    row.capsule.or_else(|| row.dose.map(|dose| !dose.is_zero()))
}

fn dose_fact(row: &DiaryRow) -> DiaryFact {
    let (field, value) = match row.dose {
        Some(dose) => ("dose_mg", dose.milligrams_text()),
        None => ("capsule", "0".to_owned()),
    };
    DiaryFact { date: row.date, field: field.to_owned(), value }
}
