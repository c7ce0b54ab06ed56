//! The questions of a day in their fixed order; one is open, the others are one line each.

use ldn_core::score::Measure;

use super::model::{DayModel, DoseModel};

/// One question of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    /// A rating from 0 to 10.
    Rating(Measure),
    /// The dose at this place of the day's doses.
    Dose(usize),
    /// Side effects; always the last, and never "answered", because none noted is not none had.
    Effects,
}

impl Ask {
    /// Returns every question of a day.
    pub(crate) fn all(day: &DayModel) -> Vec<Ask> {
        let ratings = Measure::ALL.into_iter().map(Ask::Rating);
        let doses = (0..day.doses.len()).map(Ask::Dose);
        ratings.chain(doses).chain([Ask::Effects]).collect()
    }

    /// Returns the code in addresses.
    pub(crate) fn code(self) -> String {
        match self {
            Ask::Rating(measure) => measure.id().to_owned(),
            Ask::Dose(place) => format!("dose-{place}"),
            Ask::Effects => "side-effects".to_owned(),
        }
    }

    /// Returns true if the day has an answer.
    pub(crate) fn is_answered(self, day: &DayModel) -> bool {
        match self {
            Ask::Rating(measure) => day.scores.contains_key(measure.id()),
            Ask::Dose(place) => day.doses.get(place).is_some_and(|dose| day.report(dose.part).is_some()),
            Ask::Effects => false,
        }
    }

    /// Returns the dose that is asked about.
    pub(crate) fn dose(self, day: &DayModel) -> Option<&DoseModel> {
        match self {
            Ask::Dose(place) => day.doses.get(place),
            Ask::Rating(_) | Ask::Effects => None,
        }
    }

    /// Returns the question that is open: the one asked for by its code, else the first without an answer.
    pub(crate) fn open(day: &DayModel, wanted: Option<&str>) -> Ask {
        let all = Ask::all(day);
        let asked_for = all.iter().copied().find(|ask| Some(ask.code().as_str()) == wanted);
        asked_for.or_else(|| all.into_iter().find(|ask| !ask.is_answered(day))).unwrap_or(Ask::Effects)
    }
}
