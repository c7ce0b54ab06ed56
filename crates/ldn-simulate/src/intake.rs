//! What was swallowed, day by day.

use jiff::civil::Date;
use ldn_core::Dose;
use ldn_core::diary::Arm;
use rand::{Rng, RngExt};

use crate::REFERENCE_DOSE;
use crate::design::Design;

/// Days of diary before the first capsule.
pub(crate) const BASELINE_DAYS: usize = 14;

/// Doses of the first two open-label weeks; the reference dose follows.
const TITRATION: [Dose; 2] = [Dose::from_micrograms(1_500), Dose::from_micrograms(3_000)];

/// Chance that a planned capsule is forgotten: "a few per cent", as in people who keep a daily diary.
const MISSED_SHARE: f64 = 0.03;

/// Chance that a treatment is held once (a cold, a journey, an empty bottle).
const HOLD_CHANCE: f64 = 0.5;

/// Shortest and longest hold in days: on both sides of the six capsule-free days that still count as on treatment.
const HOLD_DAYS: (usize, usize) = (3, 10);

/// Treatment days before a hold can begin, so that a course is under way before it stops.
const DAYS_BEFORE_HOLD: usize = 7;

/// One calendar day of a course.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Day {
    pub(crate) date: Date,
    pub(crate) dose: Dose,
    pub(crate) capsule: bool,
    /// The period's arm, also on a day without a capsule; `None` outside blinded periods.
    pub(crate) arm: Option<Arm>,
}

impl Day {
    /// A forgotten capsule does not tell anybody what it was: the whole period is blind.
    pub(crate) fn is_blind(&self) -> bool {
        self.arm.is_some()
    }

    /// Returns the weekday, Monday = 0.
    pub(crate) fn weekday(&self) -> usize {
        usize::try_from(self.date.weekday().to_monday_zero_offset()).expect("from 0 to 6")
    }

    fn without_capsule(&mut self) {
        self.dose = Dose::ZERO;
        self.capsule = false;
    }
}

/// Draws a start date in 2025, the order of the periods, and the capsules that are forgotten.
///
/// The first capsule is always taken: a course begins with it, and the 14 days before it are part of every design.
pub(crate) fn draw(design: Design, rng: &mut impl Rng) -> Vec<Day> {
    let mut date = jiff::civil::date(2025, 1, 1);
    for _ in 0..rng.random_range(0..365) {
        date = following(date);
    }
    let mut days = planned(design, date, rng);
    for day in days.iter_mut().skip(BASELINE_DAYS + 1) {
        if day.capsule && rng.random_bool(MISSED_SHARE) {
            day.without_capsule();
        }
    }
    days
}

/// Stops the capsules for a few days in half of the patients; the course goes on with the dose of its day.
pub(crate) fn hold_treatment(days: &mut [Day], design: Design, rng: &mut impl Rng) {
    if !rng.random_bool(HOLD_CHANCE) {
        return;
    }
    let n_hold_days = rng.random_range(HOLD_DAYS.0..=HOLD_DAYS.1);
    let first_day = rng.random_range(DAYS_BEFORE_HOLD..=design.n_treatment_days() - n_hold_days);
    days.iter_mut().skip(BASELINE_DAYS + first_day).take(n_hold_days).for_each(Day::without_capsule);
}

fn planned(design: Design, first_date: Date, rng: &mut impl Rng) -> Vec<Day> {
    let mut days = Vec::with_capacity(design.n_days());
    let mut date = first_date;
    let mut push = |n_days: usize, dose: Dose, capsule: bool, arm: Option<Arm>| {
        for _ in 0..n_days {
            days.push(Day { date, dose, capsule, arm: arm.clone() });
            date = following(date);
        }
    };
    let shape = design.shape();
    push(BASELINE_DAYS, Dose::ZERO, false, None);
    for week in 0..shape.open_weeks {
        push(7, TITRATION.get(week).copied().unwrap_or(REFERENCE_DOSE), true, None);
    }
    for _ in 0..shape.n_pairs {
        let mut arms = [(REFERENCE_DOSE, Arm::Active), (Dose::ZERO, Arm::Placebo)];
        if rng.random_bool(0.5) {
            arms.reverse();
        }
        for (dose, arm) in arms {
            push(7 * shape.period_weeks, dose, true, Some(arm));
        }
    }
    push(7 * shape.off_weeks, Dose::ZERO, false, None);
    days
}

fn following(date: Date) -> Date {
    date.tomorrow().expect("courses end long before the calendar does")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generator;

    fn drawn(design: Design) -> impl Iterator<Item = Vec<Day>> {
        (0..400).map(move |index| draw(design, &mut generator(11, design, index)))
    }

    #[test]
    fn a_course_begins_after_fourteen_days_and_climbs_by_the_week() {
        for days in drawn(Design::Open12WeeksThenOff6Weeks) {
            assert!(days[..14].iter().all(|day| !day.capsule && day.dose.is_zero()));
            assert!(days[14].capsule && days[14].dose == Dose::from_micrograms(1_500));
            for (week, micrograms) in [(0, 1_500), (1, 3_000), (2, 4_500), (11, 4_500)] {
                let of_week = &days[14 + 7 * week..21 + 7 * week];
                let planned = Dose::from_micrograms(micrograms);
                assert!(of_week.iter().all(|day| day.dose == if day.capsule { planned } else { Dose::ZERO }));
            }
            assert!(days[98..].iter().all(|day| !day.capsule && day.dose.is_zero()));
            assert!(days.windows(2).all(|pair| pair[0].date.tomorrow().unwrap() == pair[1].date));
        }
    }

    #[test]
    fn each_pair_has_both_arms_in_random_order() {
        let mut n_active_first = 0;
        for days in drawn(Design::Blinded3PairsOf2Weeks) {
            for pair in days[14..].chunks(28) {
                let (first, second) = pair.split_at(14);
                assert!(first.iter().all(|day| day.arm == first[0].arm));
                assert!(second.iter().all(|day| day.arm == second[0].arm));
                assert_ne!(first[0].arm, second[0].arm);
                n_active_first += usize::from(first[0].arm == Some(Arm::Active));
            }
            let dose_matches_arm =
                |day: &Day| (day.arm == Some(Arm::Active) && day.capsule) != day.dose.is_zero();
            assert!(days.iter().all(dose_matches_arm));
        }
        // 600 of 1,200 expected, standard deviation 17.
        assert!((530..=670).contains(&n_active_first), "{n_active_first}");
    }

    #[test]
    fn a_few_per_cent_of_the_capsules_are_forgotten() {
        let (mut n_planned, mut n_missed) = (0, 0);
        for days in drawn(Design::Open12Weeks) {
            n_planned += days.len() - 15;
            n_missed += days[15..].iter().filter(|day| !day.capsule).count();
        }
        let share = n_missed as f64 / n_planned as f64;
        assert!((share - 0.03).abs() < 0.005, "{share}");
    }

    #[test]
    fn a_hold_is_one_run_inside_the_treatment() {
        let design = Design::Blinded2PairsOf4Weeks;
        let mut n_held = 0;
        for index in 0..400 {
            let mut rng = generator(12, design, index);
            let before = planned(design, jiff::civil::date(2025, 3, 1), &mut rng);
            let mut days = before.clone();
            hold_treatment(&mut days, design, &mut rng);
            let held: Vec<usize> = (0..days.len()).filter(|&t| days[t] != before[t]).collect();
            assert!(days.iter().zip(&before).all(|(a, b)| a.arm == b.arm));
            let Some((&first, &last)) = held.first().zip(held.last()) else { continue };
            n_held += 1;
            assert_eq!(last - first + 1, held.len());
            assert!(first >= 21 && last < 14 + 112 && (3..=10).contains(&held.len()), "{held:?}");
        }
        assert!((150..=250).contains(&n_held), "{n_held}");
    }
}
