//! How guessing is slowed down without shutting the rightful person out.
//!
//! Guesses are counted in buckets: one per name, one per source (a network address), one per device that has signed in
//! before. A bucket lets some guesses pass freely and then demands a pause that doubles with every wrong one, up to a
//! quarter of an hour; what comes during a pause is refused unseen and does not lengthen it. A success empties the
//! bucket of the name. Nothing is ever locked: after the pause the next guess counts again, and a device that signed in
//! before has a bucket of its own, which nobody else can fill.

use jiff::{SignedDuration, Timestamp};

/// Wrong guesses on one name, or from one known device, before the first pause.
pub const FREE_PER_NAME: i64 = 5;
/// Wrong guesses from one source before the first pause; a clinic behind one address shares it.
pub const FREE_PER_SOURCE: i64 = 30;
/// The first pause; every further wrong guess doubles it.
pub const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(1);
/// The longest pause.
pub const LONGEST_PAUSE: SignedDuration = SignedDuration::from_mins(15);
/// After so long without a wrong guess a bucket is forgotten.
pub const FORGOTTEN_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// What is known about the guesses in one bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bucket {
    /// Wrong guesses, counting those whose answer is not known yet.
    pub(super) n_wrong: i64,
    /// When the pause ends.
    pub(super) paused_until: Timestamp,
    /// When the last guess was admitted.
    pub(super) last: Timestamp,
}

impl Bucket {
    /// A bucket in which nothing has happened.
    pub(super) const fn empty(now: Timestamp) -> Bucket {
        Bucket { n_wrong: 0, paused_until: now, last: now }
    }

    /// Admits one more guess and counts it as wrong, until a success takes it back; during a pause the end of the pause.
    ///
    /// Counting first means that a thousand guesses at once cannot slip through before the first is found wrong.
    pub(super) fn admit(self, free: i64, now: Timestamp) -> Result<Bucket, Timestamp> {
        let forgotten = now.duration_since(self.last) > FORGOTTEN_AFTER;
        let before = if forgotten { Bucket::empty(now) } else { self };
        if now < before.paused_until {
            return Err(before.paused_until);
        }
        let n_wrong = before.n_wrong.saturating_add(1);
        let paused_until = now.saturating_add(pause(n_wrong - free)).unwrap_or(now);
        Ok(Bucket { n_wrong, paused_until, last: now })
    }
}

/// The pause after `beyond` wrong guesses beyond the free ones.
fn pause(beyond: i64) -> SignedDuration {
    if beyond <= 0 {
        return SignedDuration::ZERO;
    }
    let doublings = u32::try_from(beyond - 1).unwrap_or(u32::MAX);
    let factor = 2_i32.checked_pow(doublings).unwrap_or(i32::MAX);
    FIRST_PAUSE.saturating_mul(factor).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_764_000_000 + second).unwrap()
    }

    #[test]
    fn pauses_double_up_to_a_quarter_of_an_hour() {
        for (beyond, seconds) in
            [(-5, 0), (0, 0), (1, 1), (2, 2), (3, 4), (10, 512), (11, 900), (40, 900), (i64::MAX, 900)]
        {
            assert_eq!(pause(beyond).as_secs(), seconds, "{beyond}");
        }
    }

    #[test]
    fn ten_thousand_guesses_a_second_apart_are_few_admitted_and_none_locks() {
        let mut bucket = Bucket::empty(at(0));
        let mut admitted = 0;
        for second in 0..10_000 {
            if let Ok(next) = bucket.admit(FREE_PER_NAME, at(second)) {
                bucket = next;
                admitted += 1;
            }
        }
        assert!(admitted < 30, "{admitted}");
        let longest = at(10_000).saturating_add(LONGEST_PAUSE).unwrap();
        assert!(bucket.paused_until <= longest, "the pause ends whatever comes meanwhile");
        assert!(bucket.admit(FREE_PER_NAME, bucket.paused_until).is_ok());
    }

    #[test]
    fn a_quiet_day_forgets() {
        let mut bucket = Bucket::empty(at(0));
        for second in 0..8 {
            bucket = bucket.admit(FREE_PER_NAME, bucket.paused_until.max(at(second))).unwrap();
        }
        let next_day = bucket.last.saturating_add(FORGOTTEN_AFTER + SignedDuration::from_secs(1)).unwrap();
        assert_eq!(bucket.admit(FREE_PER_NAME, next_day).unwrap().n_wrong, 1);
    }
}
