//! Which entries stand behind a finding, and whether a prescriber has decided something since.

use jiff::civil::Date;
use ldn_core::course::{Course, Origin};
use ldn_core::journal::Role;

use crate::screen::{Because, Finding};

/// Returns the entries behind a finding, each once, in the order of recording; the newest intake where no later entry says
/// it.
pub(super) fn causes_of(course: &Course, finding: &Finding, today: Date) -> Vec<Origin> {
    let mut causes: Vec<Origin> =
        finding.because.iter().filter_map(|fact| cause_of(course, finding, fact, today)).collect();
    causes.sort_by_key(Origin::order);
    causes.dedup();
    causes
}

fn cause_of(course: &Course, finding: &Finding, fact: &Because, today: Date) -> Option<Origin> {
    let of_list = match fact.at.split(['[', '.']).next() {
        // Of one medicine all facts stand in one entry: only its name tells which.
        Some("medicine") => {
            newest(course.medicines().iter().map(|found| (&found.value.name, found.origin)), finding)
        }
        Some("procedure") => {
            newest(course.procedures().iter().map(|found| (&found.value.name, found.origin)), finding)
        }
        Some("lab") => newest_lab(course),
        Some("person") if fact.at == "person.pregnancy" => newest_lab(course),
        // What somebody takes now changes with every step and is no news.
        Some("course") => return None,
        _ => None,
    };
    let intake =
        || course.intakes().iter().rfind(|intake| intake.origin.day <= today).map(|intake| intake.origin);
    of_list.or_else(intake)
}

/// Returns the newest entry whose name is one of those that the finding rests on.
fn newest<'a>(named: impl Iterator<Item = (&'a String, Origin)>, finding: &Finding) -> Option<Origin> {
    let is_meant = |name: &str| finding.because.iter().any(|fact| fact.value == name);
    named.filter(|(name, _)| is_meant(name)).map(|(_, origin)| origin).max_by_key(Origin::order)
}

/// Returns the newest result or questionnaire: a finding about results rests on the newest of them.
fn newest_lab(course: &Course) -> Option<Origin> {
    let labs = course.labs().iter().map(|lab| lab.origin);
    labs.chain(course.instruments().iter().map(|answered| answered.origin)).max_by_key(Origin::order)
}

/// Returns the newest entry by which a prescriber decided something: screened, signed, or held.
pub(super) fn last_decision(course: &Course) -> Option<Origin> {
    let screened = course.screenings().iter().map(|screened| screened.origin);
    let signed = course.plans().signed().iter().map(|signed| signed.signed);
    let held = course.plans().holds().iter().map(|held| held.origin);
    let ended = course.plans().ended().iter().map(|ended| ended.origin);
    let all = screened.chain(signed).chain(held).chain(ended);
    all.filter(|origin| origin.role == Role::Prescriber).max_by_key(Origin::order)
}

/// Returns true if a prescriber decided something after every one of these entries.
pub(super) fn answered_since(course: &Course, causes: &[Origin]) -> bool {
    let decided = last_decision(course).map(|origin| origin.order());
    causes.iter().all(|origin| decided > Some(origin.order()))
}
