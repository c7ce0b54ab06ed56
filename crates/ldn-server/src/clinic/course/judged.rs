//! The verdict as a prescriber reads it: fifty dots, intervals, and what other priors make of the same diary.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use ldn_core::ids::CourseId;
use ldn_core::journal::Head;
use ldn_core::{Diary, Measure};
use ldn_report::page::Prescriber;
use ldn_verdict::response::audit::RecordedAudit;
use ldn_verdict::response::series::SeriesError;
use ldn_verdict::response::{Settings, Verdict, VerdictError, judge};

use crate::clinic::room::Room;
use crate::patient::untreated_diary;
use crate::site::Site;
use crate::visitor::Refused;

/// Verdicts that were computed, each with the head of the chain that it was computed of: the same entries give the same
/// verdict, and three years of diary take a tenth of a second.
#[derive(Default)]
pub(crate) struct Verdicts(Mutex<BTreeMap<(CourseId, Measure), Kept>>);

/// What was judged, and of which head.
type Kept = (Option<Head>, Judged);

/// More verdicts than a clinic looks at in a day; beyond it all are forgotten and computed again.
const MOST_KEPT: usize = 1_000;

impl Verdicts {
    fn get(&self, course: CourseId, measure: Measure, head: Option<Head>) -> Option<Judged> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(&(course, measure)).filter(|(known, _)| *known == head).map(|(_, judged)| judged.clone())
    }

    fn put(&self, course: CourseId, measure: Measure, head: Option<Head>, judged: &Judged) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST_KEPT {
            kept.clear();
        }
        kept.insert((course, measure), (head, judged.clone()));
    }
}

/// What may be said of the effect.
#[derive(Clone)]
pub(crate) enum Judged {
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
    Verdict(Arc<Verdict>),
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
        if let Some(kept) = site.verdicts().get(room.course_id, measure, room.head) {
            return Ok((measure, scored, kept));
        }
        // Not on a thread that answers others.
        let judged = tokio::task::spawn_blocking(move || judge(&diary, &Settings::new(measure))).await;
        let judged = judged.map_err(|error| room.clinician.signed_in.refuse(site.broken(&error)))?;
        let judged = match judged {
            Ok(verdict) => Judged::Verdict(Arc::new(verdict)),
            Err(VerdictError::Series(SeriesError::DoseUnknown { unknown, days })) => {
                Judged::DosesUnknown { unknown, days }
            }
            Err(VerdictError::Series(SeriesError::Masked { .. })) => Judged::Recording,
            Err(VerdictError::Unreliable) => Judged::Unreliable,
        };
        site.verdicts().put(room.course_id, measure, room.head, &judged);
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
