//! Whether LDN has begun, and whether it is still taken.

use jiff::civil::Date;

use super::medicines::Taken;
use crate::intake::{Answer, Intake, Use};

/// After so many days without a dose, LDN is no longer in the body.
const DAYS_STILL_ON_LDN: i32 = 14;

/// What is known about LDN taken so far.
#[derive(Clone, Copy, Debug)]
pub(in crate::screen) struct Ldn {
    /// It has been started, ever. A blinded period counts as if every capsule were active.
    pub(in crate::screen) has_begun: bool,
    /// It has been started, and nothing says that the last dose is long ago.
    pub(in crate::screen) is_taken: bool,
    /// It is taken, somebody says so, and no placebo can stand in its place. Only this may explain a finding away.
    pub(in crate::screen) is_certain: bool,
    pub(in crate::screen) since: Option<Date>,
    pub(in crate::screen) last_dose: Option<Date>,
}

impl Ldn {
    pub(super) fn of(intake: &Intake, medicines: &[Taken<'_>]) -> Ldn {
        let course = &intake.course;
        let listed = |uses: &[Use]| {
            medicines.iter().any(|taken| uses.contains(&taken.listed.usage) && taken.naltrexone().is_some())
        };
        let said = course.ldn_since.is_some()
            || course.last_ldn_dose.is_some()
            || course.current_dose.is_some_and(|dose| !dose.is_zero())
            || listed(&[Use::Daily, Use::Weekly, Use::Monthly, Use::AsNeeded]);
        // What is only planned has not begun; what nobody knows the use of may have.
        let has_begun = said || course.blinded_period == Answer::Yes || listed(&[Use::Unknown]);
        let is_long_ago = |last: Date| days_between(last, intake.date) > DAYS_STILL_ON_LDN;
        let is_taken = has_begun && !course.last_ldn_dose.is_some_and(is_long_ago);
        let is_certain = is_taken && said && course.blinded_period != Answer::Yes;
        Ldn { has_begun, is_taken, is_certain, since: course.ldn_since, last_dose: course.last_ldn_dose }
    }
}

fn days_between(earlier: Date, later: Date) -> i32 {
    earlier.until(later).map_or(0, |span| span.get_days())
}
