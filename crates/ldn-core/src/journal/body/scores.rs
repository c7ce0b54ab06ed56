//! The scores of one day.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::super::form::exact_number;
use crate::score::{Measure, Scale, Score};

/// The scores of one day: at least one, at most one of each measure. A measure without one was not recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct Scores {
    by_measure: [Option<Score>; Measure::ALL.len()],
}

/// Why scores are not the scores of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScoresError {
    /// There is none.
    #[error("expected at least one score")]
    Empty,
    /// A measure was scored twice.
    #[error("{measure} is scored twice; expected each measure once")]
    Twice {
        /// The measure.
        measure: Measure,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ScoreForm {
    measure: Measure,
    scale: Scale,
    #[serde(with = "exact_number")]
    value: f64,
}

impl Scores {
    /// Makes the scores of a day.
    ///
    /// # Errors
    /// [`ScoresError`] if there is none, or two of one measure.
    pub fn new(scores: impl IntoIterator<Item = Score>) -> Result<Scores, ScoresError> {
        let mut by_measure = [None; Measure::ALL.len()];
        for score in scores {
            let place = &mut by_measure[score.measure().index()];
            if place.replace(score).is_some() {
                return Err(ScoresError::Twice { measure: score.measure() });
            }
        }
        if by_measure.iter().all(Option::is_none) {
            return Err(ScoresError::Empty);
        }
        Ok(Scores { by_measure })
    }

    /// Returns the score of a measure; `None` if it was not recorded.
    pub fn get(&self, measure: Measure) -> Option<Score> {
        self.by_measure[measure.index()]
    }

    /// Returns the scores in the order of [`Measure::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = Score> + '_ {
        self.by_measure.iter().flatten().copied()
    }
}

impl Serialize for Scores {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(|score| ScoreForm {
            measure: score.measure(),
            scale: score.scale(),
            value: score.as_typed(),
        }))
    }
}

impl<'de> Deserialize<'de> for Scores {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Scores, D::Error> {
        use serde::de::Error;
        let forms = Vec::<ScoreForm>::deserialize(deserializer)?;
        let score = |form: &ScoreForm| {
            Score::new(form.measure, form.scale, form.value)
                .map_err(|error| D::Error::custom(format!("{}: {error}", form.measure)))
        };
        let scores = forms.iter().map(score).collect::<Result<Vec<_>, _>>()?;
        Scores::new(scores).map_err(D::Error::custom)
    }
}
