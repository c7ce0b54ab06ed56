//! A dose that was taken, or not.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::super::form::option_nanograms;
use crate::Dose;
use crate::plan::TimeOfDay;

/// What became of one dose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DoseReport {
    /// The local day that the dose belongs to; after midnight it may be the day before.
    pub day: Date,
    /// Which part of a divided dose; `None` where the day has one dose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<TimeOfDay>,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of one dose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Outcome {
    /// It was taken.
    #[serde(rename_all = "snake_case")]
    Taken {
        /// How much naltrexone; `None` where nobody knows, as from the kit of a blinded trial.
        #[serde(
            rename = "dose_ng",
            default,
            skip_serializing_if = "Option::is_none",
            with = "option_nanograms"
        )]
        dose: Option<Dose>,
        /// When; `None` if nobody said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Timestamp>,
    },
    /// It has not been taken, and may still be.
    NotTaken,
    /// It was left out on purpose or for good: nobody should ask for it again.
    Skipped,
}
