//! Published trials: their own numbers reproduced, and ours beside them.

use ldn_core::{Measure, Scale};
use ldn_verdict::response::decision::Attribution;
use ldn_verdict::trial::belief::BlindingStatus;
use ldn_verdict::trial::belief::cohort::Cohort;
use ldn_verdict::trial::import::{self, Mapping};
use ldn_verdict::trial::legacy::compare;
use ldn_verdict::trial::wording;

fn golden(path: &str) -> String {
    let path = format!("{}/../../golden/{path}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Rows of a reference table: the first cell, then numbers, an empty cell being nothing.
fn reference(path: &str) -> Vec<(String, Vec<Option<f64>>)> {
    golden(path)
        .lines()
        .skip(1)
        .map(|line| {
            let mut cells = line.split(',');
            let name = cells.next().unwrap().to_owned();
            (name, cells.map(|cell| (!cell.is_empty()).then(|| cell.parse().unwrap())).collect())
        })
        .collect()
}

/// Tolerance: half a unit of the last printed digit.
#[track_caller]
fn printed(found: f64, expected: f64, digits: i32, what: &str) {
    let unit = libm::pow(10.0, -f64::from(digits));
    assert!((found - expected).abs() <= 0.5 * unit + 1e-12, "{what}: {found} for {expected}");
}

#[test]
fn classroom_trials_are_reproduced_to_four_decimals_with_the_autoregressive_fit_beside_them() {
    let outcome = "survey1_question1_response";
    let trials: Vec<_> = ["tea", "herbal", "milk"]
        .iter()
        .flat_map(|name| import::read(&golden(&format!("classroom-nof1/{name}.csv")), outcome).unwrap())
        .collect();
    let reference = reference("classroom-nof1/reference.csv");
    assert_eq!(trials.len(), reference.len());
    for (id, numbers) in reference {
        let trial = trials.iter().find(|trial| trial.participant.starts_with(&id)).unwrap();
        assert_eq!(trial.question.as_deref(), Some("How well did you sleep last night?"));
        let found = compare(trial, Measure::Sleep, Scale::ZeroToTen).unwrap();
        let [published, error, ar1, rho] = numbers.as_slice() else { panic!("four numbers") };
        printed(found.least_squares.effect.estimate, published.unwrap(), 4, &id);
        printed(found.least_squares.effect.standard_error, error.unwrap(), 3, &id);
        printed(found.autoregressive.effect.estimate, ar1.unwrap(), 3, &id);
        printed(found.autoregressive.rho, rho.unwrap(), 2, &id);
        // Whatever the numbers, everybody knew what they drank.
        assert_eq!(found.ours.attribution, Attribution::NotSeparable);
        let [low, .., high] = found.ours.effect.q;
        assert!(
            low < found.least_squares.effect.estimate && found.least_squares.effect.estimate < high,
            "{id}"
        );
        if id == "5c8fe994" {
            printed(found.least_squares.p, 0.025, 3, &id);
            printed(found.autoregressive.effect.standard_error, 0.659, 3, &id);
        }
    }
}

#[test]
fn the_repeated_day_of_the_herbal_trial_is_told_and_not_counted_twice_in_a_diary() {
    let trials = import::read(&golden("classroom-nof1/herbal.csv"), "survey1_question1_response").unwrap();
    let [trial] = trials.as_slice() else { panic!("one participant") };
    assert_eq!(trial.answers.len(), 27);
    let (diary, repeated) = trial.diary(Measure::Sleep, Scale::ZeroToTen, &Mapping::as_named()).unwrap();
    assert_eq!((diary.rows().len(), repeated.len()), (26, 1));
    assert_eq!(
        diary.first_date().to_string(),
        "2023-07-28",
        "day 1 of a study that began on 27 July, local time"
    );
    assert_eq!(diary.rows()[0].note.as_deref(), Some("Herbal tea"));
}

#[test]
fn self_blinding_failed_and_the_effect_shrinks_once_the_guess_is_modelled() {
    let cohort = Cohort::read(&golden("self-blinding/timepoints.csv")).unwrap();
    let found = cohort.blinding().unwrap();
    let t = found.table;
    assert_eq!(
        [t.ldn_guessed_ldn, t.ldn_guessed_placebo, t.placebo_guessed_ldn, t.placebo_guessed_placebo],
        [460, 340, 296, 611]
    );
    printed(found.correct.share, 0.627, 3, "share of correct guesses");
    assert_eq!(found.status, BlindingStatus::Failed);
    let reference = reference("self-blinding/reference.csv");
    assert_eq!(found.outcomes.len(), reference.len());
    for (outcome, (name, numbers)) in found.outcomes.iter().zip(reference) {
        assert_eq!(outcome.outcome, name);
        let ours = [
            outcome.without_guess.estimate,
            outcome.without_guess.standard_error,
            outcome.with_guess.estimate,
            outcome.with_guess.standard_error,
            outcome.of_guess.estimate,
        ];
        for (ours, theirs) in ours.into_iter().zip(numbers) {
            if let Some(theirs) = theirs {
                printed(ours, theirs, 2, &name);
            }
        }
        assert!(outcome.with_guess.estimate.abs() < outcome.without_guess.estimate.abs(), "{name}");
    }
    let text = wording::blinding(found.status, Some(&found.correct));
    assert!(text.starts_with("Blinding failed:") && text.contains("1071 of 1707"), "{text}");
}
