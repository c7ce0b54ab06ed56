//! What kinds of things the library holds.

use std::fmt;

use serde::Serialize;

/// The kind of a thing in the library; ids are unique over all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A statement that a lay article makes.
    Claim,
    /// A disagreement.
    Contradiction,
    /// A trial or series with its results.
    Trial,
    /// A published review.
    MetaAnalysis,
    /// Where something was read.
    Source,
}

impl Kind {
    /// Returns the name used in JSON and on the screen.
    pub const fn id(self) -> &'static str {
        match self {
            Kind::Claim => "claim",
            Kind::Contradiction => "contradiction",
            Kind::Trial => "trial",
            Kind::MetaAnalysis => "meta-analysis",
            Kind::Source => "source",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.id())
    }
}
