//! What may be said of a trial whose code is sealed: how complete it is and how exact the answer will be. Nothing here
//! can point to an arm, because nothing here knows one.

use jiff::civil::Date;
use ldn_core::diary::{Arm, Diary};
use ldn_core::journal::Guess;
use ldn_core::{Dose, Measure};
use serde::Serialize;

use super::analysis::AnalysisError;
use super::belief::Belief;
use super::design::Design;
use super::gls::{Regression, blind_theta};
use super::permutation;
use super::wording;
use crate::response::prior::PriorSet;
use crate::response::series::Series;
use crate::response::verdict::{Settings, reporting_step};

/// What may be said before the code is opened.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Masked {
    /// Version of this layout.
    pub schema: u32,
    /// What it is.
    pub kind: &'static str,
    /// What is scored.
    pub measure: Measure,
    /// Kits or codes in the order of their days.
    pub kits: Vec<MaskedKit>,
    /// Blinded days in the diary.
    pub days: usize,
    /// Those with a score.
    pub scored: usize,
    /// Those with a side effect, whatever was swallowed.
    pub with_side_effect: usize,
    /// Days of the design; `None` without one.
    pub planned_days: Option<usize>,
    /// Day-to-day standard deviation of the scores around what the model describes, in points.
    pub noise_sd: f64,
    /// Standard error that the drug effect would have if the code were opened now, on average over all that might have
    /// been drawn; `None` without a design.
    pub expected_standard_error: Option<f64>,
    /// How often the person guessed LDN, placebo, or would not guess; what was right stands nowhere.
    pub guesses: [usize; 3],
    /// In words.
    pub text: String,
}

/// The days of one kit or code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MaskedKit {
    /// The code on the bottle; `None` where the diary does not name one.
    pub code: Option<String>,
    /// Its first day.
    pub from: Date,
    /// Its last day.
    pub to: Date,
    /// Days with a score.
    pub scored: usize,
}

/// Looks at a sealed trial; `design` with its first day adds how exact the answer would be.
///
/// # Errors
/// [`AnalysisError`] if there are no scores or the noise cannot be estimated.
pub fn look(
    diary: &Diary,
    design: Option<(&Design, Date)>,
    beliefs: &[Belief],
    settings: &Settings,
) -> Result<Masked, AnalysisError> {
    let measure = settings.measure;
    let dose = design
        .map(|(design, _)| design.parts().reference_dose)
        .or(settings.reference_dose)
        .unwrap_or(Dose::from_micrograms(4_500));
    let series = Series::from_diary(&with_stand_ins(diary, dose), measure, Some(dose))?;
    let priors = PriorSet::for_measure(measure);
    let step = settings.step.unwrap_or_else(|| reporting_step(&series));
    let blinded = || diary.rows().iter().filter(|row| row.blind);
    let scored = blinded().filter(|row| row.score(measure).is_some()).count();
    if scored == 0 {
        return Err(AnalysisError::NoScores { measure: measure.id(), scored });
    }
    let theta = blind_theta(&series, &priors, step)?;
    let [_, _, _, _, log_sigma, _] = theta.0;
    let expected_standard_error = design.and_then(|(design, first_day)| {
        let regression = Regression::new(&series, &priors, step, theta, &[])?;
        Some(permutation::expected_error(&regression, &series, design, first_day))
    });
    let guessed = |guess: Guess| beliefs.iter().filter(|belief| belief.guess == guess).count();
    let mut masked = Masked {
        schema: 1,
        kind: "trial-masked",
        measure,
        kits: kits(diary, measure),
        days: blinded().count(),
        scored,
        with_side_effect: blinded().filter(|row| !row.side_effects.is_empty()).count(),
        planned_days: design.map(|(design, _)| design.trial_days()),
        noise_sd: libm::exp(log_sigma),
        expected_standard_error,
        guesses: [Guess::Active, Guess::Placebo, Guess::DoNotKnow].map(guessed),
        text: String::new(),
    };
    masked.text = wording::masked(&masked);
    Ok(masked)
}

/// On blinded days with a capsule, or without a word about one, half the dose stands in for what nobody may know.
fn with_stand_ins(diary: &Diary, dose: Dose) -> Diary {
    let half = Dose::from_nanograms(dose.nanograms() / 2);
    let mut rows = diary.rows().to_vec();
    for row in rows.iter_mut().filter(|row| row.blind) {
        row.arm = None;
        row.dose = Some(if row.capsule == Some(false) { Dose::ZERO } else { half });
    }
    let stood_in = Diary::new(rows).expect("the dates are those of a diary");
    if diary.records_doses() { stood_in.with_place_for_doses() } else { stood_in }
}

fn kits(diary: &Diary, measure: Measure) -> Vec<MaskedKit> {
    let mut kits: Vec<MaskedKit> = Vec::new();
    for row in diary.rows().iter().filter(|row| row.blind) {
        let code = match &row.arm {
            Some(Arm::Masked(code)) => Some(code.clone()),
            _ => None,
        };
        let scored = usize::from(row.score(measure).is_some());
        match kits.last_mut() {
            Some(kit) if kit.code == code => {
                kit.to = row.date;
                kit.scored += scored;
            }
            _ => kits.push(MaskedKit { code, from: row.date, to: row.date, scored }),
        }
    }
    kits
}
