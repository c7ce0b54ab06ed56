//! What the screening forbids when it is run again: asked by every page that shows a dose, on every render.
//!
//! A patient cannot record a hold, and a hold that somebody still has to record is no reason to go on showing the dose
//! (OP-22). So nothing is stored here: the answer follows from the journal alone, and no order of entries can lose it.

use jiff::civil::Date;
use ldn_care::course_screen::{Rerun, standing};
use ldn_care::medicine::Formulary;
use ldn_care::screen::{Finding, RuleSet};
use ldn_core::course::Course;
use ldn_evidence::Library;
use serde::Serialize;
use utoipa::ToSchema;

use crate::patient::Desk;

/// Why no LDN may be taken before the prescriber has been asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct HeldByScreening {
    /// True if somebody has to act now.
    pub(crate) emergency: bool,
    /// What says so, gravest first; never empty.
    pub(crate) reasons: Vec<HeldReason>,
}

/// A rule that forbids a dose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct HeldReason {
    /// Its id.
    pub(crate) rule: String,
    /// Its words for the patient; English, as reviewed.
    pub(crate) says: String,
    /// What was entered that it rests on, as written.
    pub(crate) because: Vec<String>,
    /// Where it comes from.
    pub(crate) sources: Vec<String>,
    /// The page of danger that says what to do; `None` if there is none.
    pub(crate) danger: Option<&'static str>,
}

/// The page of danger of a rule, by the beginning of its id; the first that fits.
const DANGERS: [(&str, &str); 7] = [
    ("OP-21", "withdrawal"),
    ("OP-", "opioid"),
    ("PS-01", "self-harm"),
    ("PR-01", "pregnant"),
    ("SU-", "surgery"),
    ("HP-04", "yellow-skin"),
    ("AL-03", "allergy"),
];

/// Returns why the patient of this desk may not take a dose today; `None` if the screening forbids none, which does not
/// say that LDN is harmless.
pub(crate) fn held_by_screening(desk: &Desk) -> Option<HeldByScreening> {
    held(&screened(&desk.course, desk.today))
}

/// Screens a course again; what the signed plan in force overrides by name no longer stops a dose.
pub(in crate::patient) fn screened(course: &Course, today: Date) -> Rerun {
    standing(course, today, RuleSet::shipped(), Formulary::shipped())
}

/// Returns what of a screening forbids a dose.
pub(super) fn held(screened: &Rerun) -> Option<HeldByScreening> {
    let reasons: Vec<HeldReason> = screened.stopping.iter().map(reason).collect();
    (!reasons.is_empty()).then(|| HeldByScreening { emergency: screened.is_emergency(), reasons })
}

fn reason(finding: &Finding) -> HeldReason {
    let library = Library::shipped();
    let sources = finding.sources.iter().filter_map(|id| library.source(id));
    // Dates and names as written tell the person which entry is meant; codes such as "yes" would not.
    let is_telling = |at: &str| at.ends_with(".name") || at.ends_with(".date") || at.ends_with(".last_taken");
    HeldReason {
        danger: DANGERS.iter().find(|(rules, _)| finding.rule.starts_with(rules)).map(|(_, slug)| *slug),
        rule: finding.rule.clone(),
        says: finding.say_patient.clone(),
        because: finding
            .because
            .iter()
            .filter(|fact| is_telling(&fact.at))
            .map(|fact| fact.value.clone())
            .collect(),
        sources: sources.map(|source| source.citation.clone()).collect(),
    }
}
