//! What a person's day is scored on: measures, their scales and their directions.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A symptom or state that a diary scores once a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Measure {
    /// Pain, lower is better.
    Pain,
    /// Fatigue, lower is better.
    Fatigue,
    /// Quality of sleep, higher is better.
    Sleep,
    /// Mood, higher is better.
    Mood,
    /// Brain fog, lower is better.
    Fog,
}

/// Which end of a scale is the good one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// A falling score is an improvement.
    LowerIsBetter,
    /// A rising score is an improvement.
    HigherIsBetter,
}

/// The range that a score is given on; both start at 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Scale {
    /// 0 to 10, the numeric rating scale.
    #[default]
    #[serde(rename = "0-10")]
    ZeroToTen,
    /// 0 to 100, as visual analogue scales are often read.
    #[serde(rename = "0-100")]
    ZeroToHundred,
}

/// One day's score of one measure, inside the range of its scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    measure: Measure,
    scale: Scale,
    value: f64,
}

/// A value that is not on the scale (also NaN).
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("{value} is not on the scale from 0 to {max}")]
pub struct OutOfRange {
    /// The value given.
    pub value: f64,
    /// The upper end of the scale.
    pub max: f64,
}

/// A word that names no measure.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a measure; expected pain, fatigue, sleep, mood or fog")]
pub struct UnknownMeasure(pub String);

impl Measure {
    /// Every measure, in the order in which a diary asks for them.
    pub const ALL: [Measure; 5] =
        [Measure::Pain, Measure::Fatigue, Measure::Sleep, Measure::Mood, Measure::Fog];

    /// Returns the name used in files and on the command line.
    pub const fn id(self) -> &'static str {
        match self {
            Measure::Pain => "pain",
            Measure::Fatigue => "fatigue",
            Measure::Sleep => "sleep",
            Measure::Mood => "mood",
            Measure::Fog => "fog",
        }
    }

    /// Returns which end of its scale is the good one.
    pub const fn direction(self) -> Direction {
        match self {
            Measure::Pain | Measure::Fatigue | Measure::Fog => Direction::LowerIsBetter,
            Measure::Sleep | Measure::Mood => Direction::HigherIsBetter,
        }
    }

    /// Returns the position in [`Measure::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.id())
    }
}

impl FromStr for Measure {
    type Err = UnknownMeasure;

    fn from_str(text: &str) -> Result<Measure, UnknownMeasure> {
        Measure::ALL.into_iter().find(|m| m.id() == text).ok_or_else(|| UnknownMeasure(text.to_owned()))
    }
}

impl Direction {
    /// Returns the words that stand at the axis of a chart.
    pub const fn words(self) -> &'static str {
        match self {
            Direction::LowerIsBetter => "lower is better",
            Direction::HigherIsBetter => "higher is better",
        }
    }

    /// Returns the identifier used in JSON.
    pub const fn id(self) -> &'static str {
        match self {
            Direction::LowerIsBetter => "lower-is-better",
            Direction::HigherIsBetter => "higher-is-better",
        }
    }
}

impl Scale {
    /// Returns the upper end.
    pub const fn max(self) -> f64 {
        match self {
            Scale::ZeroToTen => 10.0,
            Scale::ZeroToHundred => 100.0,
        }
    }

    /// Returns how many of its points make one point of the 0 to 10 scale.
    pub const fn points_per_ten_point(self) -> f64 {
        self.max() / 10.0
    }
}

impl Score {
    /// Makes a score.
    ///
    /// # Errors
    /// [`OutOfRange`] if the value is below 0, above the scale's end, or not a number.
    pub fn new(measure: Measure, scale: Scale, value: f64) -> Result<Score, OutOfRange> {
        if (0.0..=scale.max()).contains(&value) {
            // Adding zero turns a written "-0" into 0, so that no sign can reach a page or a hash.
            Ok(Score { measure, scale, value: value + 0.0 })
        } else {
            Err(OutOfRange { value, max: scale.max() })
        }
    }

    /// Returns what was scored.
    pub const fn measure(self) -> Measure {
        self.measure
    }

    /// Returns the scale it was given on.
    pub const fn scale(self) -> Scale {
        self.scale
    }

    /// Returns the number as typed.
    pub const fn as_typed(self) -> f64 {
        self.value
    }

    /// Returns the number on the 0 to 10 scale, in the direction it was typed.
    pub fn on_ten_points(self) -> f64 {
        self.value / self.scale.points_per_ten_point()
    }

    /// Returns the burden from 0 (best) to 10 (worst), whatever the measure's own direction.
    pub fn burden(self) -> f64 {
        match self.measure.direction() {
            Direction::LowerIsBetter => self.on_ten_points(),
            Direction::HigherIsBetter => 10.0 - self.on_ten_points(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_is_on_its_scale() {
        for (scale, value, fits) in [
            (Scale::ZeroToTen, 0.0, true),
            (Scale::ZeroToTen, 10.0, true),
            (Scale::ZeroToTen, 10.001, false),
            (Scale::ZeroToTen, -0.1, false),
            (Scale::ZeroToTen, f64::NAN, false),
            (Scale::ZeroToHundred, 100.0, true),
            (Scale::ZeroToHundred, f64::INFINITY, false),
        ] {
            assert_eq!(Score::new(Measure::Pain, scale, value).is_ok(), fits, "{value} on {scale:?}");
        }
    }

    #[test]
    fn burden_points_the_same_way_for_every_measure() {
        for (measure, typed, burden) in [
            (Measure::Pain, 7.0, 7.0),
            (Measure::Sleep, 7.0, 3.0),
            (Measure::Mood, 0.0, 10.0),
            (Measure::Fog, 2.5, 2.5),
        ] {
            assert_eq!(Score::new(measure, Scale::ZeroToTen, typed).unwrap().burden(), burden, "{measure}");
        }
        assert_eq!(Score::new(Measure::Sleep, Scale::ZeroToHundred, 70.0).unwrap().burden(), 3.0);
    }

    #[test]
    fn names_read_back() {
        for measure in Measure::ALL {
            assert_eq!(measure.id().parse::<Measure>(), Ok(measure));
            assert_eq!(Measure::ALL[measure.index()], measure);
        }
        assert!("Pain".parse::<Measure>().is_err());
    }
}
