//! Equally likely answers, the goal, and the three zones they fall into.

use ldn_core::Direction;
use ldn_verdict::response::Verdict;
use ldn_verdict::response::wording::{PATIENT_DOTS, equally_likely};

use crate::dot_plot::Reader;
use crate::numbers;

/// The share of the baseline that the goal is.
pub(crate) const GOAL_SHARE: f64 = 0.3;
/// The smallest goal, for those who start with next to nothing.
const SMALLEST_GOAL: f64 = 0.1;

/// How many answers fall where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Zone {
    /// Better by the goal or more.
    Goal,
    /// Better, by less.
    Smaller,
    /// No change, or worse.
    NoneOrWorse,
}

/// The answers of one verdict, ascending, and the goal; improvements in points.
#[derive(Clone, Debug)]
pub(crate) struct Answers {
    pub(crate) dots: Vec<f64>,
    pub(crate) goal: f64,
}

impl Zone {
    pub(crate) const ALL: [Zone; 3] = [Zone::Goal, Zone::Smaller, Zone::NoneOrWorse];
}

impl Answers {
    /// Returns the answers that a reader is shown; `None` where no estimate may be shown.
    pub(crate) fn of(verdict: &Verdict, reader: Reader) -> Option<Answers> {
        let estimate = verdict.shown_estimate()?;
        let dots = match reader {
            Reader::Patient => equally_likely(&estimate.total_dots, PATIENT_DOTS),
            Reader::Clinician => estimate.total_dots.clone(),
        };
        let goal = (GOAL_SHARE * estimate.quantities.baseline.mean).max(SMALLEST_GOAL);
        (!dots.is_empty()).then_some(Answers { dots, goal })
    }

    pub(crate) fn zone(&self, dot: f64) -> Zone {
        match dot {
            dot if dot >= self.goal => Zone::Goal,
            dot if dot > 0.0 => Zone::Smaller,
            _ => Zone::NoneOrWorse,
        }
    }

    pub(crate) fn count(&self, zone: Zone) -> usize {
        self.dots.iter().filter(|dot| self.zone(**dot) == zone).count()
    }

    /// What a zone is, in words.
    pub(crate) fn zone_words(&self, zone: Zone) -> String {
        match zone {
            Zone::Goal => format!("better by {} or more", numbers::of_points(self.goal)),
            Zone::Smaller => "a smaller improvement".to_owned(),
            Zone::NoneOrWorse => "no change, or worse".to_owned(),
        }
    }

    /// "20 of 20: better by 2 points or more".
    pub(crate) fn counted(&self, zone: Zone) -> String {
        format!("{} of {}: {}", self.count(zone), self.dots.len(), self.zone_words(zone))
    }

    /// All three zones in one sentence.
    pub(crate) fn sentence(&self) -> String {
        let [goal, smaller, none] = Zone::ALL.map(|zone| self.count(zone));
        format!(
            "Of {} equally likely answers: {goal} better by {} or more, {smaller} a smaller improvement, {none} no change or worse.",
            self.dots.len(),
            numbers::of_points(self.goal)
        )
    }
}

/// The goal in the words of the direction: less of a burden, or part of the way to the best score.
pub(crate) fn goal_words(verdict: &Verdict) -> &'static str {
    match verdict.measure.direction() {
        Direction::LowerIsBetter => "30 percent less",
        Direction::HigherIsBetter => "30 percent of the way to 10",
    }
}
