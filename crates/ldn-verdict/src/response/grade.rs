//! How far a diary's design lets a change be attributed to the drug.

use ldn_core::diary::Arm;
use serde::Serialize;

use super::series::{DayRecord, Series};

/// Shortest arm run that counts, in days.
const RUN_DAYS: usize = 14;
/// Changes of arm between such runs needed for grade A.
const SWITCHES: usize = 2;
/// Days in each arm needed for grade A.
const ARM_DAYS: usize = 42;
/// Scored days off treatment needed for grade C.
const WITHDRAWAL_SCORES: usize = 14;
/// Days on treatment needed before a withdrawal counts.
const DAYS_ON_BEFORE: usize = 28;

/// Evidence grade for attribution, from the design alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Grade {
    /// Blinded, at least two switches between arms, and six weeks in each.
    A,
    /// Blinded, at least two weeks in each arm.
    B,
    /// Open-label with a withdrawal. Not proof: the person knows that the capsules have stopped.
    C,
    /// Open-label only.
    D,
}

impl Grade {
    /// Returns true if the design lets the drug be told from placebo and time.
    pub const fn is_blinded(self) -> bool {
        matches!(self, Grade::A | Grade::B)
    }

    /// Grades a series.
    pub fn of(series: &Series) -> Grade {
        let runs = arm_runs(&series.days);
        let days_in = |active: bool| -> usize {
            runs.iter().filter(|run| run.active == active).map(|run| run.days).sum()
        };
        let fewest_days = days_in(true).min(days_in(false));
        let long: Vec<bool> = runs.iter().filter(|run| run.days >= RUN_DAYS).map(|run| run.active).collect();
        let switches = long.windows(2).filter(|pair| pair[0] != pair[1]).count();
        if switches >= SWITCHES && fewest_days >= ARM_DAYS {
            Grade::A
        } else if fewest_days >= RUN_DAYS {
            Grade::B
        } else if has_withdrawal(series) {
            Grade::C
        } else {
            Grade::D
        }
    }
}

/// Consecutive blinded days of one arm.
struct Run {
    active: bool,
    days: usize,
}

fn arm_runs(days: &[DayRecord]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut continues = false;
    for day in days {
        let Some(active) = blinded_arm(day) else {
            // An open day ends a run; a day without a known arm (a missed capsule) does not.
            continues &= day.blind;
            continue;
        };
        match runs.last_mut() {
            Some(run) if continues && run.active == active => run.days += 1,
            _ => runs.push(Run { active, days: 1 }),
        }
        continues = true;
    }
    runs
}

/// The arm of a blinded day; where it is not written, what the capsule held tells it.
fn blinded_arm(day: &DayRecord) -> Option<bool> {
    if !day.blind {
        return None;
    }
    match &day.arm {
        Some(Arm::Active) => Some(true),
        Some(Arm::Placebo) => Some(false),
        Some(Arm::Masked(_)) | None => day.capsule.then_some(!day.dose.is_zero()),
    }
}

fn has_withdrawal(series: &Series) -> bool {
    let (mut days_on, mut scores_off) = (0, 0);
    for (on, day) in series.phase.iter().zip(&series.days) {
        if *on {
            days_on += 1;
            scores_off = 0;
        } else if days_on >= DAYS_ON_BEFORE {
            scores_off += usize::from(day.burden.is_some());
            if scores_off >= WITHDRAWAL_SCORES {
                return true;
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use ldn_core::Dose;

    /// `o` nothing, `T` open treatment, `A`/`P` blinded arms, `a`/`p` a missed capsule in them; each letter a week.
    fn grade(weeks: &str) -> Grade {
        let days = weeks
            .chars()
            .flat_map(|week| {
                let (capsule, blind) = (matches!(week, 'T' | 'A' | 'P'), !matches!(week, 'T' | 'o'));
                let day = DayRecord {
                    dose: if matches!(week, 'T' | 'A') { Dose::from_micrograms(4_500) } else { Dose::ZERO },
                    capsule,
                    blind,
                    arm: blind.then(|| Arm::from_code(&week.to_ascii_uppercase().to_string())),
                    burden: Some(5.0),
                };
                std::iter::repeat_n(day, 7)
            })
            .collect();
        Grade::of(&Series::new(jiff::civil::date(2026, 1, 5), days, None))
    }

    #[test]
    fn designs() {
        for (weeks, expected) in [
            ("ooTTTTTTTT", Grade::D),
            ("ooTTTToo", Grade::C),
            ("ooTTToo", Grade::D), // only three weeks on
            ("ooTTTTo", Grade::D), // only one week off
            ("ooAAPP", Grade::B),
            ("ooAAAAPPPP", Grade::B),       // one switch
            ("ooAAAPPPPPPAAA", Grade::A),   // two switches, six weeks each
            ("ooAAAPPPPPAAA", Grade::B),    // five weeks of placebo
            ("ooAPAPAPAPAPAPAP", Grade::B), // switches, but no run of two weeks
            ("ooAaAPpPPPpAAA", Grade::A),   // missed capsules belong to their period
            ("ooAAP", Grade::D),
            ("ooAAATAAAPPPPPP", Grade::B), // an open week between two runs of one arm is no switch
        ] {
            assert_eq!(grade(weeks), expected, "{weeks}");
        }
    }
}
