//! What a researcher sees: counts, and no way to anything else.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use ldn_core::journal::{Kind, Role};

use super::AccessError;
use super::handle::Handle;
use crate::error::StoreError;
use crate::policy::{Object, Operation};
use crate::session::Actor;
use crate::store::Store;

/// Counts from 1 to one less than this are not told (the rule of CMS, section 9 of the reliability anchors).
pub const SMALLEST_COUNT: u64 = 11;
/// With fewer people than this nothing but totals is told (the same section; judgement).
pub const SMALLEST_SITE: u64 = 200;

/// A count of people or courses, with small ones suppressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Count {
    /// Nobody.
    None,
    /// From 1 to [`SMALLEST_COUNT`] − 1.
    Few,
    /// This many.
    Exactly(u64),
    /// All but from 1 to [`SMALLEST_COUNT`] − 1: an exact number would tell the small rest.
    NearlyAll,
}

impl Count {
    fn of(n: u64) -> Count {
        match n {
            0 => Count::None,
            1..SMALLEST_COUNT => Count::Few,
            n => Count::Exactly(n),
        }
    }
}

/// Counts over the whole site. There is no field that names or could name a person or a course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts {
    /// People who have a course.
    pub people: Count,
    /// Courses of people who were not erased.
    pub courses: Count,
    /// Courses with at least one entry of a kind; `None` on a small site.
    pub courses_with: Option<BTreeMap<Kind, Count>>,
}

/// A store as a researcher sees it.
#[derive(Debug)]
pub struct ResearcherView<'s>(Handle<'s>);

impl<'s> ResearcherView<'s> {
    /// Makes the view of a researcher.
    ///
    /// # Errors
    /// [`AccessError::WrongRole`].
    pub fn of(store: &'s Store, actor: Actor) -> Result<ResearcherView<'s>, AccessError> {
        Handle::of(store, actor, Role::Researcher).map(ResearcherView)
    }

    /// Counts people, courses, and courses by the kinds of their entries. Reads every course, so it takes its time.
    ///
    /// # Errors
    /// [`AccessError::Store`].
    pub async fn counts(&self, now: Timestamp) -> Result<Counts, AccessError> {
        self.0.enter(Object::Course, Operation::Read, None, now).await?;
        self.0.enter(Object::Diary, Operation::Read, None, now).await?;
        let mut tally = Tally::default();
        for course in self.0.store.courses().await? {
            match self.0.store.entries(course.id).await {
                Ok(entries) => {
                    let kinds = entries.iter().map(|stored| stored.entry.kind()).collect();
                    tally.add(course.person.uuid().as_u128(), &kinds);
                }
                Err(StoreError::Erased { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(tally.counts())
    }
}

/// Counts in the making.
#[derive(Default)]
struct Tally {
    people: BTreeSet<u128>,
    n_courses: u64,
    n_with: BTreeMap<Kind, u64>,
}

impl Tally {
    fn add(&mut self, person: u128, kinds: &BTreeSet<Kind>) {
        self.people.insert(person);
        self.n_courses += 1;
        for kind in kinds {
            *self.n_with.entry(*kind).or_default() += 1;
        }
    }

    fn counts(&self) -> Counts {
        let n_people = u64::try_from(self.people.len()).unwrap_or(u64::MAX);
        let by_kind = || Kind::ALL.iter().map(|kind| (*kind, self.count_with(*kind))).collect();
        Counts {
            people: Count::of(n_people),
            courses: Count::of(self.n_courses),
            courses_with: (n_people >= SMALLEST_SITE).then(by_kind),
        }
    }

    /// Suppresses small counts, and those whose complement is small: it could be had by subtraction.
    fn count_with(&self, kind: Kind) -> Count {
        let n = self.n_with.get(&kind).copied().unwrap_or(0);
        let without = self.n_courses.saturating_sub(n);
        if (1..SMALLEST_COUNT).contains(&without) { Count::NearlyAll } else { Count::of(n) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_counts_are_not_told() {
        for (n, count) in [(0, Count::None), (1, Count::Few), (10, Count::Few), (11, Count::Exactly(11))] {
            assert_eq!(Count::of(n), count);
        }
    }

    #[test]
    fn a_small_site_tells_totals_only() {
        let mut tally = Tally::default();
        for person in 0..199 {
            tally.add(person, &BTreeSet::from([Kind::Dose]));
        }
        assert_eq!(tally.counts().courses, Count::Exactly(199));
        assert_eq!(tally.counts().courses_with, None);
        tally.add(199, &BTreeSet::from([Kind::Dose, Kind::Note]));
        tally.add(200, &BTreeSet::from([Kind::Note]));
        let with = tally.counts().courses_with.unwrap();
        assert_eq!(
            (with[&Kind::Dose], with[&Kind::Note], with[&Kind::Lab]),
            (Count::NearlyAll, Count::Few, Count::None)
        );
    }
}
