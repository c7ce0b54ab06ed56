//! The baseline and evaluation windows of section 2.

use crate::intake::Day;

/// Longest run of capsule-free days between two capsules that still counts as on treatment.
const LONGEST_BRIDGED_GAP: usize = 6;

/// Longest baseline and evaluation window in days.
const WINDOW_DAYS: usize = 28;

/// When treatment began, on which days it lasted, and the days over which truths are averaged.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Windows {
    /// Day of the first capsule, or the number of days if there is none.
    pub(crate) first: usize,
    /// Whether a capsule was taken on a day, or a short gap between capsules bridges it.
    pub(crate) on_treatment: Vec<bool>,
    /// W0: up to 28 days that end with the day of the first capsule.
    pub(crate) before: Vec<usize>,
    /// W1: the last 28 days that follow a day on treatment.
    pub(crate) evaluation: Vec<usize>,
}

impl Windows {
    pub(crate) fn of(days: &[Day]) -> Windows {
        Windows::of_capsules(&days.iter().map(|day| day.capsule).collect::<Vec<_>>())
    }

    /// Finds the windows of a course from whether a capsule was taken on each day; at least one day.
    pub(crate) fn of_capsules(capsules: &[bool]) -> Windows {
        let n_days = capsules.len();
        let first = capsules.iter().position(|&capsule| capsule).unwrap_or(n_days);
        let on_treatment = on_treatment(capsules);
        // The first capsule is taken at bedtime, so its day still belongs to the days before treatment.
        let before = (0..n_days).filter(|&t| t <= first && t + WINDOW_DAYS > first).collect();
        let after_a_treated_day = |&t: &usize| t > first && on_treatment[t - 1];
        let mut evaluation: Vec<usize> = (0..n_days).filter(after_a_treated_day).collect();
        evaluation.drain(..evaluation.len().saturating_sub(WINDOW_DAYS));
        if evaluation.is_empty() {
            evaluation.push(n_days - 1);
        }
        Windows { first, on_treatment, before, evaluation }
    }

    pub(crate) fn mean_before(&self, series: &[f64]) -> f64 {
        mean_over(&self.before, series)
    }

    pub(crate) fn mean_evaluation(&self, series: &[f64]) -> f64 {
        mean_over(&self.evaluation, series)
    }
}

fn on_treatment(capsules: &[bool]) -> Vec<bool> {
    let mut treated = capsules.to_vec();
    let capsule_days: Vec<usize> = (0..capsules.len()).filter(|&t| capsules[t]).collect();
    for pair in capsule_days.windows(2) {
        let (last, next) = (pair[0], pair[1]);
        if next - last - 1 <= LONGEST_BRIDGED_GAP {
            treated[last..next].fill(true);
        }
    }
    treated
}

fn mean_over(days: &[usize], series: &[f64]) -> f64 {
    days.iter().map(|&day| series[day]).sum::<f64>() / days.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Capsules as text, `x` taken and `.` not; expected phase in the same way; expected windows as first and last day.
    #[track_caller]
    fn check(capsules: &str, phase: &str, before: (usize, usize), evaluation: &[usize]) {
        let days = |text: &str| text.chars().map(|c| c == 'x').collect::<Vec<bool>>();
        let windows = Windows::of_capsules(&days(capsules));
        assert_eq!(windows.on_treatment, days(phase), "{capsules}");
        assert_eq!(windows.before, (before.0..=before.1).collect::<Vec<_>>(), "{capsules}");
        assert_eq!(windows.evaluation, evaluation, "{capsules}");
    }

    #[test]
    fn windows_of_hand_computed_courses() {
        check("...xxxx", "...xxxx", (0, 3), &[4, 5, 6]);
        // A gap of six is bridged, one of seven is not; the day after the last capsule still counts.
        check("x......x..", "xxxxxxxx..", (0, 0), &[1, 2, 3, 4, 5, 6, 7, 8]);
        check("x.......x..", "x.......x..", (0, 0), &[1, 9]);
        // A gap at the end lies between no two capsules.
        check(".xx...", ".xx...", (0, 1), &[2, 3]);
        // A first capsule on the last day leaves nothing to evaluate but that day.
        check("...x", "...x", (0, 3), &[3]);
        check("....", "....", (0, 3), &[3]);
        check("x", "x", (0, 0), &[0]);
    }

    #[test]
    fn windows_are_at_most_twenty_eight_days() {
        let capsules: Vec<bool> = (0..100).map(|t| t >= 40).collect();
        let windows = Windows::of_capsules(&capsules);
        assert_eq!(windows.first, 40);
        assert_eq!(windows.before, (13..=40).collect::<Vec<_>>());
        assert_eq!(windows.evaluation, (72..100).collect::<Vec<_>>());
    }

    #[test]
    fn evaluation_days_may_be_split_by_a_hold() {
        let capsules: Vec<bool> = (0..60).map(|t| t >= 10 && !(40..50).contains(&t)).collect();
        let windows = Windows::of_capsules(&capsules);
        let expected: Vec<usize> = (22..=40).chain(51..60).collect();
        assert_eq!(windows.evaluation, expected);
    }
}
