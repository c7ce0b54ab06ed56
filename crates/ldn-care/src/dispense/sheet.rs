//! The patient sheet: one line for each step with how to make the dose, or "ask before the next dose".

use std::fmt::Write as _;

use jiff::civil::Date;
use ldn_core::plan::AskBecause;
use ldn_core::{Plan, PlanId};

use super::compounding::Compounding;
use super::days::{DayKind, DayRun};
use super::order::standing;
use super::{Dispensing, words};

/// What a patient reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PatientSheet {
    /// The doses, with how to make them.
    Doses(Box<DoseSheet>),
    /// A blinded period: the same words whatever the capsules hold.
    Kit(KitSheet),
    /// The plan no longer speaks: no dose.
    Ask(AskBecause),
}

/// The doses of a plan, with how to make them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoseSheet {
    dispensing: Dispensing,
    prescriber: Option<String>,
}

/// A blinded period: from when to when, and the days without a capsule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KitSheet {
    valid_until: Date,
    holds: Vec<(Date, Option<Date>)>,
}

/// Why there is no sheet.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SheetRefusal {
    /// Nobody has computed how the doses are made.
    #[error(
        "how the doses are made is not known; expected the quantities to be computed for this plan first"
    )]
    NoDispensing,
    /// The quantities were computed for something else.
    #[error(
        "the quantities belong to plan {found}, not to plan {expected}; expected them to be computed again"
    )]
    OtherPlan {
        /// The plan of the quantities.
        found: PlanId,
        /// The plan of the sheet.
        expected: PlanId,
    },
}

/// Makes the patient sheet of a plan on a day; `newer` is the plan that replaced it, if there is one.
///
/// A plan that has expired or was replaced gives a sheet without a dose, and so does a blinded one; neither needs
/// quantities.
///
/// # Errors
/// [`SheetRefusal`] if the quantities are missing or belong to another plan.
pub fn sheet(
    plan: &Plan,
    today: Date,
    newer: Option<&PlanId>,
    dispensing: Option<&Dispensing>,
) -> Result<PatientSheet, SheetRefusal> {
    if let Some(because) = standing(plan, today, newer) {
        return Ok(PatientSheet::Ask(because));
    }
    let parts = plan.parts();
    if parts.blinded {
        let holds = parts.holds.iter().map(|hold| (hold.from, hold.to)).collect();
        return Ok(PatientSheet::Kit(KitSheet { valid_until: parts.valid_until, holds }));
    }
    let dispensing = dispensing.ok_or(SheetRefusal::NoDispensing)?;
    if *dispensing.plan() != plan.id() {
        return Err(SheetRefusal::OtherPlan { found: dispensing.plan().clone(), expected: plan.id() });
    }
    let prescriber = parts.signature.as_ref().map(|signature| signature.prescriber.clone());
    Ok(PatientSheet::Doses(Box::new(DoseSheet { dispensing: dispensing.clone(), prescriber })))
}

impl PatientSheet {
    /// Returns the sheet as plain text.
    pub fn to_text(&self, compounding: &Compounding) -> String {
        match self {
            PatientSheet::Doses(doses) => doses.to_text(compounding),
            PatientSheet::Kit(kit) => kit.to_text(compounding),
            PatientSheet::Ask(because) => {
                let sheet = &compounding.labels().sheet;
                let why = match because {
                    AskBecause::Expired => &sheet.expired,
                    AskBecause::Superseded => &sheet.superseded,
                };
                format!("{} {why}\n", sheet.ask)
            }
        }
    }
}

impl DoseSheet {
    /// Returns the lines of the days, in order: "5 January 2026 to 11 January 2026" and how the dose is made.
    pub fn lines(&self) -> Vec<(String, Vec<String>)> {
        let concentration = self.dispensing.concentration();
        let line = |run: &DayRun| {
            let doses = match &run.kind {
                DayKind::Take(swallowings) => swallowings
                    .iter()
                    .map(|swallowing| words::swallowing(swallowing, concentration))
                    .collect(),
                DayKind::Hold { why, .. } => vec![format!("no LDN: {why}")],
                DayKind::NoPlan => vec!["no LDN in this plan".to_owned()],
            };
            (words::days(run.from, run.to), doses)
        };
        self.dispensing.runs().iter().map(line).collect()
    }

    fn to_text(&self, compounding: &Compounding) -> String {
        let labels = compounding.labels();
        let mut text = String::from("How to take your LDN\n\n");
        match &self.prescriber {
            Some(prescriber) => {
                let _ = writeln!(text, "Prescribed by {prescriber}.\n");
            }
            None => {
                let _ = writeln!(text, "{}\n", labels.sheet.not_signed);
            }
        }
        for (days, doses) in self.lines() {
            let _ = writeln!(text, "{days}");
            for dose in doses {
                let _ = writeln!(text, "  {dose}");
            }
        }
        for caution in self.dispensing.cautions() {
            let _ = writeln!(text, "\n{caution}");
        }
        let _ = writeln!(
            text,
            "\n{}\n{}\n{}\n{}",
            labels.label.one_dose,
            labels.sheet.opioids,
            labels.label.opioid_household,
            labels.label.child_resistant
        );
        let _ = writeln!(
            text,
            "\nPlan {}, version {}, valid until {}. Later: {}",
            self.dispensing.plan(),
            self.dispensing.version(),
            words::day(self.dispensing.valid_until()),
            labels.sheet.ask
        );
        text
    }
}

impl KitSheet {
    /// Neither the steps nor the name of the plan stand in it: both follow from the doses.
    fn to_text(&self, compounding: &Compounding) -> String {
        let labels = compounding.labels();
        let mut text = format!("{}\n", labels.sheet.kit);
        for (from, to) in &self.holds {
            let days = match to {
                Some(to) => words::days(*from, *to),
                None => format!("from {} on", words::day(*from)),
            };
            let _ = writeln!(text, "{days}: take no capsule");
        }
        let _ = writeln!(text, "{}\n{}", labels.label.one_dose, labels.sheet.opioids);
        let _ = writeln!(text, "Valid until {}. Later: {}", words::day(self.valid_until), labels.sheet.ask);
        text
    }
}
