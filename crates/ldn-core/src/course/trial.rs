//! A blinded trial, as far as everybody may know it.

use jiff::civil::Date;

use super::{Origin, Recorded, push};
use crate::journal::{BeliefRecorded, Body, KitOpened, TrialStarted, Unblinded};

/// A blinded trial: what was committed to, which kits were opened, what was believed, and whether the code was broken.
/// What the kits hold stands nowhere in the journal.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// Its beginning.
    pub started: Recorded<TrialStarted>,
    /// The kits in the order of recording.
    pub kits: Vec<Recorded<KitOpened>>,
    /// The beliefs in the order of recording.
    pub beliefs: Vec<Recorded<BeliefRecorded>>,
    /// Each time the code was broken; empty while it is blinded.
    pub unblinded: Vec<Recorded<Unblinded>>,
}

impl Trial {
    pub(super) fn start(origin: Origin, started: &TrialStarted) -> Trial {
        Trial {
            started: Recorded { origin, value: started.clone() },
            kits: Vec::new(),
            beliefs: Vec::new(),
            unblinded: Vec::new(),
        }
    }

    pub(super) fn apply(&mut self, origin: Origin, body: &Body) {
        match body {
            Body::KitOpened(kit) => push(&mut self.kits, origin, kit),
            Body::BeliefRecorded(belief) => push(&mut self.beliefs, origin, belief),
            Body::Unblinded(unblinded) => push(&mut self.unblinded, origin, unblinded),
            _ => {}
        }
    }

    /// Returns true while its code was not broken.
    pub fn is_blinded(&self) -> bool {
        self.unblinded.is_empty()
    }

    /// Returns true if the person did not know on that day what the capsule was.
    ///
    /// The day on which the code was broken still counts: the dose may have been taken before.
    pub fn covers(&self, date: Date) -> bool {
        let broken = self.unblinded.iter().map(|unblinded| unblinded.origin.day).min();
        self.started.origin.day <= date && broken.is_none_or(|broken| date <= broken)
    }

    /// Returns the kit in use on a day: the one opened last by then.
    pub fn kit_on(&self, date: Date) -> Option<&str> {
        self.kits
            .iter()
            .filter(|kit| kit.origin.day <= date)
            .max_by_key(|kit| (kit.origin.day, kit.origin.order()))
            .map(|kit| kit.value.kit.as_str())
    }
}
