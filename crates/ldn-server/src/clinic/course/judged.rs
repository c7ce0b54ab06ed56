//! The verdict as a prescriber reads it: fifty dots, intervals, and what other priors make of the same diary.

use ldn_core::{Diary, Measure};
use ldn_report::page::Prescriber;
use ldn_verdict::response::audit::RecordedAudit;
use ldn_verdict::response::series::SeriesError;
use ldn_verdict::response::{Settings, Verdict, VerdictError, judge};

use crate::clinic::room::Room;
use crate::patient::untreated_diary;
use crate::site::Site;
use crate::visitor::Refused;

/// What may be said of the effect.
pub(super) enum Judged {
    /// A blinded trial runs: nothing may depend on its arm.
    Recording,
    /// There is no score at all.
    NoScores,
    /// Too many days say nothing about the dose.
    DosesUnknown {
        /// Days without a known dose.
        unknown: usize,
        /// Days of the diary.
        days: usize,
    },
    /// The numbers could not be computed well enough.
    Unreliable,
    /// The verdict.
    Verdict(Box<Verdict>),
}

impl Judged {
    /// Judges a measure, else the first with scores; returns it, the measures with scores, and what may be said.
    pub(super) async fn of(
        site: &Site,
        room: &Room,
        asked: Option<Measure>,
    ) -> Result<(Measure, Vec<Measure>, Judged), Refused> {
        let diary = untreated_diary(&room.course);
        let scored = diary.as_ref().map(Diary::scored_measures).unwrap_or_default();
        let measure = asked.or(scored.first().copied()).unwrap_or(Measure::Pain);
        if room.is_blinded() {
            return Ok((measure, scored, Judged::Recording));
        }
        let Some(diary) = diary else { return Ok((measure, scored, Judged::NoScores)) };
        // Some 20 ms: not on a thread that answers others.
        let judged = tokio::task::spawn_blocking(move || judge(&diary, &Settings::new(measure))).await;
        let judged = judged.map_err(|error| room.clinician.signed_in.refuse(site.broken(&error)))?;
        let judged = match judged {
            Ok(verdict) => Judged::Verdict(Box::new(verdict)),
            Err(VerdictError::Series(SeriesError::DoseUnknown { unknown, days })) => {
                Judged::DosesUnknown { unknown, days }
            }
            Err(VerdictError::Series(SeriesError::Masked { .. })) => Judged::Recording,
            Err(VerdictError::Unreliable) => Judged::Unreliable,
        };
        Ok((measure, scored, judged))
    }

    /// Returns the verdict in a prescriber's words; `None` where there is none.
    pub(super) fn told(&self) -> Option<Prescriber<'_>> {
        match self {
            Judged::Verdict(verdict) => Some(Prescriber::new(verdict, &RecordedAudit::shipped().alarms)),
            _ => None,
        }
    }
}
