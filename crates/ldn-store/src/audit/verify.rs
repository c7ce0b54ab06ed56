//! Whether the trail is what was written.

use std::collections::BTreeSet;

use ldn_core::journal::Hash;
use uuid::Uuid;

use super::row::{Head, Row};

/// What is wrong with the trail, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// A row is missing, stands twice or is out of order.
    #[error("at place {expected} stands row {found}: a row was removed, inserted or moved")]
    Place {
        /// The place that comes next.
        expected: i64,
        /// The place found.
        found: i64,
    },
    /// A row does not continue the one before it.
    #[error("row {place} does not continue the row before it: a row was changed, removed or moved")]
    Link {
        /// Its place.
        place: i64,
    },
    /// A row is not what was written.
    #[error("row {place} does not have the hash that stands beside it: it was changed")]
    Edited {
        /// Its place.
        place: i64,
    },
    /// Two rows have one name.
    #[error("row {place} has the name {id} of an earlier row: it was copied")]
    Copied {
        /// Its place.
        place: i64,
        /// The name.
        id: Uuid,
    },
    /// A row holds something that no row can hold.
    #[error("row {place} cannot be read: {reason}")]
    Unreadable {
        /// Its place, counted from 1 in the order found.
        place: i64,
        /// What the database said.
        reason: String,
    },
    /// The trail ends before the place that was published.
    #[error("the trail ends at place {end}, but place {published} was published: its end was cut off")]
    CutOff {
        /// The last place.
        end: i64,
        /// The published place.
        published: i64,
    },
    /// The trail is not the one whose head was published.
    #[error("row {place} does not have the hash that was published: the trail was rewritten")]
    Rewritten {
        /// The published place.
        place: i64,
    },
    /// The store's own note of the head is another one.
    #[error("the store's own note says that the trail ends at place {noted}, but it ends at {end}")]
    Tip {
        /// The place noted.
        noted: i64,
        /// The last place.
        end: i64,
    },
}

/// A trail in which nothing is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The number of rows.
    pub n_rows: usize,
    /// Its head now.
    pub head: Head,
    /// The number of published heads that it was held against.
    pub n_published: usize,
}

/// Checks rows in the order of their places against each other and against heads that were published.
///
/// # Errors
/// Every damage found, in the order of the rows.
pub fn verify(rows: &[Row], published: &[Head]) -> Result<Verified, Vec<Damage>> {
    let mut damages = Vec::new();
    let mut names = BTreeSet::new();
    let mut before = Head::EMPTY;
    for row in rows {
        check_row(row, &before, &mut damages);
        if !names.insert(row.id) {
            damages.push(Damage::Copied { place: row.place, id: row.id });
        }
        before = row.head().unwrap_or(Head { place: row.place, hash: Hash([0; 32]) });
    }
    damages.extend(published.iter().filter_map(|head| against_published(rows, head)));
    if damages.is_empty() {
        Ok(Verified { n_rows: rows.len(), head: before, n_published: published.len() })
    } else {
        Err(damages)
    }
}

fn check_row(row: &Row, before: &Head, damages: &mut Vec<Damage>) {
    let expected = before.place + 1;
    if row.place != expected {
        damages.push(Damage::Place { expected, found: row.place });
    }
    if row.previous != before.hash.as_bytes() {
        damages.push(Damage::Link { place: row.place });
    }
    if row.own != row.hash().as_bytes() {
        damages.push(Damage::Edited { place: row.place });
    }
}

fn against_published(rows: &[Row], head: &Head) -> Option<Damage> {
    if head.place == 0 {
        return (head.hash != Head::EMPTY.hash).then_some(Damage::Rewritten { place: 0 });
    }
    let end = rows.last().map_or(0, |row| row.place);
    let Some(row) = rows.iter().find(|row| row.place == head.place) else {
        return Some(Damage::CutOff { end, published: head.place });
    };
    (row.own != head.hash.as_bytes()).then_some(Damage::Rewritten { place: head.place })
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use ldn_core::journal::Role;
    use proptest::prelude::*;

    use super::*;
    use crate::audit::{Action, Event, Outcome, RequestId, Why};

    /// A trail of `n` rows.
    fn trail(n: u128) -> Vec<Row> {
        let mut head = Head::EMPTY;
        let mut rows = Vec::new();
        for number in 1..=n {
            let event = Event {
                at: Timestamp::from_microsecond(1_764_000_000_000_000 + i64::try_from(number).unwrap())
                    .unwrap(),
                account: Some(ldn_core::ids::AccountId::from_uuid(Uuid::from_u128(7))),
                role: Some(Role::Prescriber),
                course: None,
                action: Action::SignIn,
                subject: None,
                outcome: Outcome::Done,
                why: Why::Care,
                before: None,
                after: Some(Hash::of(&number.to_be_bytes())),
                request: RequestId::new("r"),
            };
            let row = Row::chained(&event, Uuid::from_u128(number), &head);
            head = row.head().unwrap();
            rows.push(row);
        }
        rows
    }

    #[test]
    fn a_whole_trail_verifies() {
        let rows = trail(20);
        let head = rows[19].head().unwrap();
        assert_eq!(verify(&rows, &[head]), Ok(Verified { n_rows: 20, head, n_published: 1 }));
        assert_eq!(verify(&[], &[]).unwrap().head, Head::EMPTY);
    }

    #[test]
    fn a_cut_end_shows_only_against_a_published_head() {
        let rows = trail(20);
        let head = rows[19].head().unwrap();
        assert!(verify(&rows[..15], &[]).is_ok(), "a chain cannot see its own end");
        assert_eq!(verify(&rows[..15], &[head]), Err(vec![Damage::CutOff { end: 15, published: 20 }]));
    }

    #[test]
    fn a_rewritten_trail_shows_only_against_a_published_head() {
        let head = trail(20)[19].head().unwrap();
        let mut rows = trail(20);
        rows[3].why = "administration".to_owned();
        for at in 3..20 {
            rows[at].previous = rows[at - 1].own.clone();
            rows[at].own = rows[at].hash().as_bytes().to_vec();
        }
        assert!(verify(&rows, &[]).is_ok(), "whoever owns the disk can write a new chain");
        assert_eq!(verify(&rows, &[head]), Err(vec![Damage::Rewritten { place: 20 }]));
    }

    #[test]
    fn moving_a_byte_between_fields_changes_the_hash() {
        let mut row = trail(1).remove(0);
        row.outcome = "done".to_owned();
        row.why = "care".to_owned();
        let hash = row.hash();
        row.outcome = "donec".to_owned();
        row.why = "are".to_owned();
        assert_ne!(row.hash(), hash);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]
        #[test]
        fn any_row_removed_or_two_swapped_is_seen(a in 0usize..30, b in 0usize..30) {
            let rows = trail(30);
            let head = rows[29].head().unwrap();
            let mut shorter = rows.clone();
            shorter.remove(a);
            prop_assert!(verify(&shorter, &[head]).is_err());
            let mut swapped = rows;
            swapped.swap(a, b);
            prop_assert_eq!(verify(&swapped, &[head]).is_err(), a != b);
        }
    }
}
