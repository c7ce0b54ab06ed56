//! The patient's global impression of change.

use serde::{Deserialize, Serialize};

/// How a person judges the change since the start, in seven answers; kept by name so that no direction is guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pgic {
    /// Very much improved.
    VeryMuchImproved,
    /// Much improved.
    MuchImproved,
    /// Minimally improved.
    MinimallyImproved,
    /// No change.
    NoChange,
    /// Minimally worse.
    MinimallyWorse,
    /// Much worse.
    MuchWorse,
    /// Very much worse.
    VeryMuchWorse,
}

impl Pgic {
    /// Every answer, best first.
    pub const ALL: [Pgic; 7] = [
        Pgic::VeryMuchImproved,
        Pgic::MuchImproved,
        Pgic::MinimallyImproved,
        Pgic::NoChange,
        Pgic::MinimallyWorse,
        Pgic::MuchWorse,
        Pgic::VeryMuchWorse,
    ];

    /// Returns true for much and very much improved, which trials count as a response (IMMPACT 2008).
    pub const fn is_response(self) -> bool {
        matches!(self, Pgic::VeryMuchImproved | Pgic::MuchImproved)
    }
}
