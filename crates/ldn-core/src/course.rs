//! One course as it is now: a pure fold over its journal.
//!
//! [`Course::replay`] does not care in which order entries arrive, from how many devices, or how often: it sorts them by
//! the instant they were recorded, then by name, and takes each name once. So two devices that exchanged their entries
//! see the same course. Nothing is dropped in silence: what cannot be applied is a [`Problem`].

mod correct;
mod day;
mod diary;
mod local_day;
mod plans;
mod problem;
mod trial;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::ids::{AccountId, CourseId, EntryId};
use crate::journal::{
    Body, Consent, Dispensed, Entry, Instrument, Intake, Lab, Medicine, Ordered, Procedure, Role, Screened,
    VerdictShown,
};

use correct::Corrections;
pub use correct::{Correction, Effect};
pub use day::{Day, DayDoses, Decided, DecidedBy, Slot};
pub use local_day::{BoundaryError, DayBoundary, local_day};
pub use plans::{HeldDays, Plans, SignedPlan};
pub use problem::{Problem, ProblemKind};
pub use trial::Trial;

/// One course as it is now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Course {
    id: Option<CourseId>,
    n_entries: usize,
    last: Option<Origin>,
    intakes: Vec<Recorded<Intake>>,
    screenings: Vec<Recorded<Screened>>,
    plans: Plans,
    days: BTreeMap<Date, Day>,
    instruments: Vec<Recorded<Instrument>>,
    labs: Vec<Recorded<Lab>>,
    medicines: Vec<Recorded<Medicine>>,
    procedures: Vec<Recorded<Procedure>>,
    orders: Vec<Recorded<Ordered>>,
    dispensed: Vec<Recorded<Dispensed>>,
    trials: Vec<Trial>,
    verdicts_shown: Vec<Recorded<VerdictShown>>,
    consents: Vec<Recorded<Consent>>,
    corrections: Vec<Correction>,
    late: Vec<Origin>,
    problems: Vec<Problem>,
}

/// Something that the journal says, and where it says so.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded<T> {
    /// Where.
    pub origin: Origin,
    /// What holds now, corrections applied.
    pub value: T,
}

/// Where the journal says something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The entry that said it first.
    pub entry: EntryId,
    /// Who wrote it.
    pub author: AccountId,
    /// In which role.
    pub role: Role,
    /// The local day that it is about.
    pub day: Date,
    /// When it was recorded, by the device's clock.
    pub recorded: Timestamp,
    /// How many days after its day it was recorded; 0 is in time.
    pub days_late: u32,
    /// The correction whose content holds; `None` if the entry stands as written.
    pub corrected_by: Option<EntryId>,
}

impl Course {
    /// Folds the entries of one course, in any order and any number of times each.
    ///
    /// The first entry by time decides which course it is; entries of another are listed as problems and left out.
    pub fn replay<'journal>(entries: impl IntoIterator<Item = &'journal Entry>) -> Course {
        let mut course = Course::default();
        let entries = course.in_order(entries);
        let corrections = Corrections::resolve(&entries, &mut course.problems);
        course.n_entries = entries.len();
        course.last = entries.last().map(|entry| Origin::of(entry, None));
        for entry in &entries {
            let origin = Origin::of(entry, None);
            if origin.is_late() {
                course.late.push(origin);
            }
            if matches!(entry.body(), Body::Corrected(_)) {
                // What it says is applied where the entry stands that it replaces.
                continue;
            }
            match corrections.effect_on(entry.id()) {
                Effect::Stands => course.apply(origin, entry.body()),
                Effect::StruckOut { .. } => {}
                Effect::Replaced { by, with } => course.apply(Origin::of(entry, Some(by)), with),
            }
        }
        course.corrections = corrections.into_list();
        course.plans.resolve(&course.screenings, &mut course.problems);
        // An entry that was received twice has each of its problems once.
        course.problems.sort();
        course.problems.dedup();
        course
    }

    /// Returns each entry of the course once, sorted by the instant of recording and then by name.
    fn in_order<'journal>(
        &mut self,
        entries: impl IntoIterator<Item = &'journal Entry>,
    ) -> Vec<&'journal Entry> {
        let mut entries: Vec<&Entry> = entries.into_iter().collect();
        // Bytes decide between two contents of one name, so that the outcome does not depend on which came first.
        entries.sort_by(|one, other| {
            one.id().cmp(&other.id()).then_with(|| one.as_bytes().cmp(other.as_bytes()))
        });
        entries.dedup_by(|later, kept| {
            if later.id() == kept.id() && later != kept {
                self.problems.push(Problem { entry: kept.id(), kind: ProblemKind::SameNameOtherContent });
            }
            later.id() == kept.id()
        });
        entries.sort_by_key(|entry| (entry.recorded(), entry.id()));
        self.id = entries.first().map(|entry| entry.course());
        entries.retain(|entry| {
            let ours = Some(entry.course()) == self.id;
            if !ours {
                let kind = ProblemKind::OtherCourse { course: entry.course() };
                self.problems.push(Problem { entry: entry.id(), kind });
            }
            ours
        });
        entries
    }

    fn apply(&mut self, origin: Origin, body: &Body) {
        match body {
            Body::Intake(intake) => push(&mut self.intakes, origin, intake),
            Body::Screened(screened) => push(&mut self.screenings, origin, screened),
            Body::PlanProposed(proposed) => self.plans.propose(origin, &proposed.plan),
            Body::PlanSigned(signed) => self.plans.sign(origin, signed),
            Body::PlanHeld(held) => self.plans.hold(origin, &held.hold),
            Body::PlanEnded(ended) => self.plans.end(origin, ended),
            Body::Ordered(ordered) => push(&mut self.orders, origin, ordered),
            Body::Dispensed(dispensed) => push(&mut self.dispensed, origin, dispensed),
            Body::Dose(report) => self.day_mut(report.day).add_dose(origin, report),
            Body::Scores(scores) => self.day_mut(origin.day).add_scores(origin, scores),
            Body::SideEffect(effect) => push(&mut self.day_mut(origin.day).side_effects, origin, effect),
            Body::Instrument(instrument) => push(&mut self.instruments, origin, instrument),
            Body::Lab(lab) => push(&mut self.labs, origin, lab),
            Body::Medicine(medicine) => push(&mut self.medicines, origin, medicine),
            Body::Procedure(procedure) => push(&mut self.procedures, origin, procedure),
            Body::TrialStarted(started) => self.trials.push(Trial::start(origin, started)),
            Body::KitOpened(_) | Body::BeliefRecorded(_) | Body::Unblinded(_) => {
                self.apply_to_trial(origin, body);
            }
            Body::VerdictShown(shown) => push(&mut self.verdicts_shown, origin, shown),
            Body::Consent(consent) => push(&mut self.consents, origin, consent),
            Body::Note(note) => push(&mut self.day_mut(origin.day).notes, origin, note),
            Body::Corrected(_) => {}
        }
    }

    fn apply_to_trial(&mut self, origin: Origin, body: &Body) {
        match self.trials.last_mut() {
            Some(trial) => trial.apply(origin, body),
            None => {
                self.problems
                    .push(Problem { entry: origin.entry, kind: ProblemKind::NoTrial { kind: body.kind() } });
            }
        }
    }

    fn day_mut(&mut self, date: Date) -> &mut Day {
        self.days.entry(date).or_default()
    }

    /// Returns which course it is; `None` if the journal is empty.
    pub fn id(&self) -> Option<CourseId> {
        self.id
    }

    /// Returns how many different entries the journal has.
    pub fn n_entries(&self) -> usize {
        self.n_entries
    }

    /// Returns where the last entry stands, by the instant of recording.
    pub fn last_entry(&self) -> Option<Origin> {
        self.last
    }

    /// Returns what was recorded for a local day; `None` if nothing was, which is not "no dose".
    pub fn day(&self, date: Date) -> Option<&Day> {
        self.days.get(&date)
    }

    /// Returns the days for which something was recorded, in order.
    pub fn days(&self) -> impl Iterator<Item = (Date, &Day)> {
        self.days.iter().map(|(date, day)| (*date, day))
    }

    /// Returns the plans, holds and their history.
    pub fn plans(&self) -> &Plans {
        &self.plans
    }

    /// Returns the intakes in the order of recording; the last is the newest.
    pub fn intakes(&self) -> &[Recorded<Intake>] {
        &self.intakes
    }

    /// Returns the screenings in the order of recording.
    pub fn screenings(&self) -> &[Recorded<Screened>] {
        &self.screenings
    }

    /// Returns the answered questionnaires in the order of recording.
    pub fn instruments(&self) -> &[Recorded<Instrument>] {
        &self.instruments
    }

    /// Returns the laboratory results in the order of recording.
    pub fn labs(&self) -> &[Recorded<Lab>] {
        &self.labs
    }

    /// Returns every word about a medicine in the order of recording.
    pub fn medicines(&self) -> &[Recorded<Medicine>] {
        &self.medicines
    }

    /// Returns the newest word about each medicine, stopped ones included, by the name as written but for case.
    pub fn newest_medicines(&self) -> Vec<&Recorded<Medicine>> {
        let by_name: BTreeMap<String, &Recorded<Medicine>> = self
            .medicines
            .iter()
            .map(|medicine| (medicine.value.name.trim().to_lowercase(), medicine))
            .collect();
        by_name.into_values().collect()
    }

    /// Returns the procedures in the order of recording.
    pub fn procedures(&self) -> &[Recorded<Procedure>] {
        &self.procedures
    }

    /// Returns the orders in the order of recording.
    pub fn orders(&self) -> &[Recorded<Ordered>] {
        &self.orders
    }

    /// Returns what was handed out, in the order of recording.
    pub fn dispensed(&self) -> &[Recorded<Dispensed>] {
        &self.dispensed
    }

    /// Returns the blinded trials in the order of recording.
    pub fn trials(&self) -> &[Trial] {
        &self.trials
    }

    /// Returns true while a trial runs whose code was not broken: nothing shown may depend on the arm.
    pub fn is_blinded(&self) -> bool {
        self.trials.iter().any(Trial::is_blinded)
    }

    /// Returns the verdicts that were shown, in the order of recording.
    pub fn verdicts_shown(&self) -> &[Recorded<VerdictShown>] {
        &self.verdicts_shown
    }

    /// Returns the newest word on consent; `None` if nobody ever asked, which is not consent.
    pub fn consent(&self) -> Option<&Recorded<Consent>> {
        self.consents.last()
    }

    /// Returns every word on consent in the order of recording.
    pub fn consents(&self) -> &[Recorded<Consent>] {
        &self.consents
    }

    /// Returns the corrections in the order of recording, also those that could not be applied.
    pub fn corrections(&self) -> &[Correction] {
        &self.corrections
    }

    /// Returns the entries that were recorded after their day, in the order of recording.
    pub fn late_entries(&self) -> &[Origin] {
        &self.late
    }

    /// Returns what the journal says and could not be applied.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

impl Origin {
    fn of(entry: &Entry, corrected_by: Option<EntryId>) -> Origin {
        Origin {
            entry: entry.id(),
            author: entry.author(),
            role: entry.role(),
            day: entry.day(),
            recorded: entry.recorded(),
            days_late: entry.days_late(),
            corrected_by,
        }
    }

    /// Returns true if it was recorded after its day.
    pub const fn is_late(&self) -> bool {
        self.days_late > 0
    }

    /// Returns what decides between two entries: the instant of recording, then the name.
    pub const fn order(&self) -> (Timestamp, EntryId) {
        (self.recorded, self.entry)
    }
}

fn push<T: Clone>(list: &mut Vec<Recorded<T>>, origin: Origin, value: &T) {
    if list.is_empty() {
        // Most days have one of each: room for four, the usual first step, made a replay half as slow again.
        list.reserve_exact(1);
    }
    list.push(Recorded { origin, value: value.clone() });
}
