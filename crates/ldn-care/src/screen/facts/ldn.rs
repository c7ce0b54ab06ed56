//! Whether LDN has begun, and whether it is still taken.

use jiff::civil::Date;

use super::medicines::Taken;
use crate::intake::{Answer, Intake};

/// After so many days without a dose, LDN is no longer in the body.
const DAYS_STILL_ON_LDN: i32 = 14;

/// What is known about LDN taken so far.
#[derive(Clone, Copy, Debug)]
pub(in crate::screen) struct Ldn {
    /// It has been started, ever. A blinded period counts as if every capsule were active.
    pub(in crate::screen) has_begun: bool,
    /// It has been started, and nothing says that the last dose is long ago.
    pub(in crate::screen) is_taken: bool,
    pub(in crate::screen) since: Option<Date>,
    pub(in crate::screen) last_dose: Option<Date>,
}

impl Ldn {
    pub(super) fn of(intake: &Intake, medicines: &[Taken<'_>]) -> Ldn {
        let course = &intake.course;
        let listed = medicines.iter().any(|taken| taken.is_in_use() && taken.naltrexone().is_some());
        let has_begun = course.ldn_since.is_some()
            || course.last_ldn_dose.is_some()
            || course.current_dose.is_some_and(|dose| !dose.is_zero())
            || course.blinded_period == Answer::Yes
            || listed;
        let is_long_ago = |last: Date| days_between(last, intake.date) > DAYS_STILL_ON_LDN;
        let is_taken = has_begun && !course.last_ldn_dose.is_some_and(is_long_ago);
        Ldn { has_begun, is_taken, since: course.ldn_since, last_dose: course.last_ldn_dose }
    }
}

fn days_between(earlier: Date, later: Date) -> i32 {
    earlier.until(later).map_or(0, |span| span.get_days())
}
