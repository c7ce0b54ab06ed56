//! Whether a dose and the volume written beside it are the same thing (rule UN-06).

use std::fmt;

use ldn_core::Dose;
use ldn_core::quantity::{Concentration, Volume};

/// A dose and a volume that are not the same at this concentration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VolumeMismatch {
    /// The dose as written.
    pub dose: Dose,
    /// The volume as written.
    pub volume: Volume,
    /// The concentration as written.
    pub concentration: Concentration,
}

impl VolumeMismatch {
    /// Says both sides: what the volume holds, and which volume the dose is.
    fn sides(&self) -> String {
        let holds = match self.concentration.dose_in(self.volume) {
            Some(held) => format!("{} hold {held}", self.volume),
            None => format!("{} hold no whole number of nanograms", self.volume),
        };
        match self.concentration.volume_of(self.dose) {
            Some(volume) => format!("{holds}, and {} is {volume}", self.dose),
            None => format!("{holds}, and {} is no exact volume", self.dose),
        }
    }
}

impl fmt::Display for VolumeMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let VolumeMismatch { dose, volume, concentration } = self;
        write!(f, "UN-06: {dose} and {volume} of a liquid of {concentration} are not the same: ")?;
        write!(f, "{}; expected one of the three to be corrected", self.sides())
    }
}

impl std::error::Error for VolumeMismatch {}

/// Checks that a dose is exactly what a volume holds; the rule's tolerance of 5 % is not used, because an exact answer
/// exists.
///
/// # Errors
/// [`VolumeMismatch`] with both numbers.
pub fn check_volume(dose: Dose, volume: Volume, concentration: Concentration) -> Result<(), VolumeMismatch> {
    if concentration.dose_in(volume) == Some(dose) {
        return Ok(());
    }
    Err(VolumeMismatch { dose, volume, concentration })
}
