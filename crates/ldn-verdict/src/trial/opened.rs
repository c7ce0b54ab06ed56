//! A diary together with what its periods held.

use std::ops::Range;

use jiff::civil::Date;
use ldn_core::diary::{self, Diary, DiaryRow};
use ldn_core::{Dose, Measure};
use serde::Serialize;

use super::design::{Arm, Design};
use super::sequence::Sequence;

/// A period as it was lived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Period {
    /// Its number, from 1.
    pub number: usize,
    /// What was swallowed in it.
    pub arm: Arm,
    /// Its first day.
    pub from: Date,
    /// Its last day, or that of the diary if it ended earlier.
    pub to: Date,
}

/// The plan behind the periods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The design.
    pub design: Design,
    /// First day of the first period.
    pub first_day: Date,
    /// The sequence that was drawn.
    pub sequence: Sequence,
}

/// A diary whose periods are known.
#[derive(Clone, Debug, PartialEq)]
pub struct Opened {
    diary: Diary,
    periods: Vec<Period>,
    plan: Option<Plan>,
}

/// A diary that cannot be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The diary says something else than the sequence.
    #[error(
        "{date}: the diary says {found}, and by the sequence the capsules of that day are {expected}; is it the right sequence, and the right first day?"
    )]
    Contradicts {
        /// The day.
        date: Date,
        /// What the diary says.
        found: String,
        /// What the sequence says.
        expected: Arm,
    },
    /// Nothing of the trial is in the diary.
    #[error("the diary ends on {last} and the first period begins on {first_day}")]
    NotBegun {
        /// Last day of the diary.
        last: Date,
        /// First day of the first period.
        first_day: Date,
    },
    /// A blinded period whose code is still sealed.
    #[error(
        "the period from {from} is still masked as `{code}`; open the trial first, or give the sequence with its design"
    )]
    Masked {
        /// First day of it.
        from: Date,
        /// Its code.
        code: String,
    },
    /// There is no blinded period.
    #[error(
        "no blinded period: expected days with `blind` 1 and `arm` A or P, or a design with its sequence"
    )]
    NoPeriods,
}

impl Opened {
    /// Opens a diary by the sequence that was drawn: masked days get their arm and, where a capsule was taken, its dose.
    ///
    /// Days of the trial without a row stay without an entry. What the diary says itself is kept.
    ///
    /// # Errors
    /// [`OpenError`] if the diary contradicts the sequence or ends before the first period.
    pub fn by_sequence(diary: &Diary, plan: Plan) -> Result<Opened, OpenError> {
        let arms = plan.sequence.day_arms(&plan.design);
        let dose = plan.design.parts().dose;
        let mut rows = Vec::with_capacity(diary.rows().len());
        for row in diary.rows() {
            let day = (row.date - plan.first_day).get_days();
            let arm = usize::try_from(day).ok().and_then(|day| arms.get(day).copied());
            rows.push(match arm {
                Some(arm) => opened_row(row, arm, dose)?,
                None => row.clone(),
            });
        }
        let periods = periods_of(&plan, diary.last_date());
        if periods.is_empty() {
            return Err(OpenError::NotBegun { last: diary.last_date(), first_day: plan.first_day });
        }
        let opened = Diary::new(rows).expect("the dates are those of a diary").with_place_for_doses();
        Ok(Opened { diary: opened, periods, plan: Some(plan) })
    }

    /// Takes a diary that names its arms itself; a period is a run of blinded days of one arm.
    ///
    /// Two periods of one arm in a row look like one, and nothing is known of what might have been drawn: there is no
    /// randomisation test.
    ///
    /// # Errors
    /// [`OpenError`] if an arm is masked or there is none.
    pub fn by_arms(diary: &Diary) -> Result<Opened, OpenError> {
        let mut periods: Vec<Period> = Vec::new();
        for row in diary.rows().iter().filter(|row| row.blind) {
            let arm = match &row.arm {
                Some(diary::Arm::Active) => Arm::Ldn,
                Some(diary::Arm::Placebo) => Arm::Placebo,
                Some(diary::Arm::Masked(code)) => {
                    return Err(OpenError::Masked { from: row.date, code: code.clone() });
                }
                None => continue,
            };
            match periods.last_mut() {
                Some(period) if period.arm == arm => period.to = row.date,
                _ => {
                    let number = periods.len() + 1;
                    periods.push(Period { number, arm, from: row.date, to: row.date });
                }
            }
        }
        if periods.is_empty() {
            return Err(OpenError::NoPeriods);
        }
        Ok(Opened { diary: diary.clone(), periods, plan: None })
    }

    /// Returns the diary, its arms and doses known.
    pub const fn diary(&self) -> &Diary {
        &self.diary
    }

    /// Returns the periods that the diary reaches into, in order.
    pub fn periods(&self) -> &[Period] {
        &self.periods
    }

    /// Returns the plan, if the trial has one.
    pub const fn plan(&self) -> Option<&Plan> {
        self.plan.as_ref()
    }

    /// Returns the days at the beginning of a period that plain comparisons leave out.
    pub fn excluded_days(&self) -> usize {
        self.plan.as_ref().map_or(0, |plan| usize::from(plan.design.parts().excluded_days))
    }

    /// Returns the dose that effects refer to, if the plan names one.
    pub fn reference_dose(&self) -> Option<Dose> {
        self.plan.as_ref().map(|plan| plan.design.parts().reference_dose)
    }

    /// Returns a period's days, counted from the first of the diary.
    pub(super) fn days(&self, period: &Period) -> Range<usize> {
        let position =
            |date: Date| usize::try_from((date - self.diary.first_date()).get_days()).unwrap_or_default();
        position(period.from)..position(period.to) + 1
    }

    /// Returns how many scores of a measure a period has.
    pub fn scored(&self, period: &Period, measure: Measure) -> usize {
        self.rows(period).filter(|row| row.score(measure).is_some()).count()
    }

    /// Returns the rows of a period.
    pub fn rows(&self, period: &Period) -> impl Iterator<Item = &DiaryRow> {
        let (from, to) = (period.from, period.to);
        self.diary.rows().iter().filter(move |row| (from..=to).contains(&row.date))
    }

    /// Returns the arm of a day; `None` outside the periods.
    pub fn arm_on(&self, date: Date) -> Option<Arm> {
        self.period_on(date).map(|period| period.arm)
    }

    /// Returns the period of a day; `None` outside the periods.
    pub fn period_on(&self, date: Date) -> Option<&Period> {
        self.periods.iter().find(|period| (period.from..=period.to).contains(&date))
    }
}

fn opened_row(row: &DiaryRow, arm: Arm, dose: Dose) -> Result<DiaryRow, OpenError> {
    let contradicts = |found: String| Err(OpenError::Contradicts { date: row.date, found, expected: arm });
    match &row.arm {
        Some(known @ (diary::Arm::Active | diary::Arm::Placebo)) if known != &arm_in_diary(arm) => {
            return contradicts(format!("arm `{}`", known.code()));
        }
        _ => {}
    }
    if let Some(taken) = row.dose.filter(|taken| !taken.is_zero() && arm != Arm::Ldn) {
        return contradicts(format!("a dose of {taken}"));
    }
    let mut row = row.clone();
    row.blind = arm.has_capsule();
    row.arm = row.blind.then(|| arm_in_diary(arm));
    match (arm, row.capsule) {
        (Arm::NoCapsule, _) => (row.dose, row.capsule) = (Some(Dose::ZERO), Some(false)),
        (_, Some(false)) => row.dose = Some(Dose::ZERO),
        (_, Some(true)) if row.dose.is_none() => {
            row.dose = Some(if arm == Arm::Ldn { dose } else { Dose::ZERO });
        }
        _ => {}
    }
    Ok(row)
}

/// A period without capsules has no arm in a diary; it never gets here with one that differs.
const fn arm_in_diary(arm: Arm) -> diary::Arm {
    match arm {
        Arm::Ldn => diary::Arm::Active,
        Arm::Placebo | Arm::NoCapsule => diary::Arm::Placebo,
    }
}

fn periods_of(plan: &Plan, last: Date) -> Vec<Period> {
    let day_periods = plan.sequence.day_periods(&plan.design);
    let mut periods: Vec<Period> = Vec::new();
    let dates = plan.first_day.series(jiff::Span::new().days(1)).take_while(|date| *date <= last);
    for (date, position) in dates.zip(day_periods) {
        match periods.last_mut() {
            Some(period) if period.number == position + 1 => period.to = date,
            _ => periods.push(Period {
                number: position + 1,
                arm: plan.sequence.arms()[position],
                from: date,
                to: date,
            }),
        }
    }
    periods
}
