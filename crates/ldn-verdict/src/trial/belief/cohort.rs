//! Many people who guessed: a table of outcomes beside guesses, and how much of a difference follows the guess.
//!
//! Made for the open data of the self-blinding trial of microdoses (Szigeti et al. 2021), in which volunteers packed
//! their own capsules and guessed each time what they had taken.

use std::collections::BTreeMap;

use ldn_core::problem::{Problem, ProblemList, Problems};
use ldn_stats::mixed::{Observation, RandomIntercept, random_intercept};
use serde::Serialize;

use super::super::design::Arm;
use super::super::gls::Coefficient;
use super::{BlindingStatus, CorrectShare, GuessTable};
use ldn_core::journal::Guess;

/// The columns that come before the outcomes.
const FIXED: [&str; 6] = ["trial_id", "tp", "condition", "guess", "expectation", "psychiatric_past"];

/// One person at one time.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    person: usize,
    active: bool,
    guessed_active: bool,
    covariates: [f64; 2],
    values: Vec<Option<f64>>,
}

/// The table.
#[derive(Clone, Debug, PartialEq)]
pub struct Cohort {
    outcomes: Vec<String>,
    rows: Vec<Row>,
}

/// What the table says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CohortBlinding {
    /// Guesses by what was true; LDN stands for whatever was active.
    pub table: GuessTable,
    /// Share of correct guesses.
    pub correct: CorrectShare,
    /// Whether blinding held.
    pub status: BlindingStatus,
    /// By outcome, in the order of the columns.
    pub outcomes: Vec<OutcomeSensitivity>,
}

/// One outcome without and with the guess in the model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OutcomeSensitivity {
    /// Name of its column.
    pub outcome: String,
    /// Observations.
    pub observations: usize,
    /// Active less placebo, without the guess.
    pub without_guess: Coefficient,
    /// Active less placebo, with the guess: a bound, because the guess comes after the capsule.
    pub with_guess: Coefficient,
    /// Guessed active less guessed placebo.
    pub of_guess: Coefficient,
}

impl Cohort {
    /// Reads the table: `trial_id,tp,condition,guess,expectation,psychiatric_past` and a column per outcome, one row per
    /// person and time; condition and guess are `MD` (active) or `PL` (placebo).
    ///
    /// # Errors
    /// Every problem at once, each with line, column, value and what was expected.
    pub fn read(text: &str) -> Result<Cohort, Problems> {
        let mut records = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        let header = records
            .headers()
            .map_err(|error| Problem::of_line(1, format!("expected a header row: {error}")))?
            .clone();
        if header.len() <= FIXED.len() || header.iter().zip(FIXED).any(|(found, name)| found != name) {
            let expected = format!("expected the columns {} and then the outcomes", FIXED.join(", "));
            return Err(Problem::of_line(1, expected).into());
        }
        let outcomes: Vec<String> = header.iter().skip(FIXED.len()).map(str::to_owned).collect();
        let mut people: BTreeMap<String, usize> = BTreeMap::new();
        let mut problems = ProblemList::default();
        let mut rows = Vec::new();
        for record in records.records() {
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    let line = error.position().map_or(0, csv::Position::line);
                    problems.push(Problem::of_line(line, "expected as many cells as in the header"));
                    continue;
                }
            };
            let line = record.position().map_or(0, csv::Position::line);
            let cell = |column: usize| record.get(column).unwrap_or_default();
            let mut refuse = |column: usize, expected: &str| {
                problems.push(Problem::of_cell(line, &header[column], cell(column), expected));
            };
            let is_active = |column: usize| match cell(column) {
                "MD" => Some(true),
                "PL" => Some(false),
                _ => None,
            };
            let number = |column: usize| cell(column).parse::<f64>().ok().filter(|value| value.is_finite());
            for column in [2, 3] {
                if is_active(column).is_none() {
                    refuse(column, "expected MD or PL");
                }
            }
            for column in (4..header.len()).filter(|column| number(*column).is_none()) {
                if column < FIXED.len() || !cell(column).is_empty() {
                    refuse(column, "expected a number");
                }
            }
            if let (Some(active), Some(guessed_active), Some(expectation), Some(past)) =
                (is_active(2), is_active(3), number(4), number(5))
            {
                let next = people.len();
                rows.push(Row {
                    person: *people.entry(cell(0).to_owned()).or_insert(next),
                    active,
                    guessed_active,
                    covariates: [expectation, past],
                    values: (FIXED.len()..header.len()).map(number).collect(),
                });
            }
        }
        if rows.is_empty() {
            problems.push(Problem::of_file("expected at least one row below the header"));
        }
        problems.into_result(Cohort { outcomes, rows })
    }

    /// Judges blinding, and each outcome without and with the guess.
    ///
    /// Active less placebo by a linear model with a level per person, expectation and psychiatric history beside it
    /// (restricted maximum likelihood); outcomes that do not allow a fit are left out.
    pub fn blinding(&self) -> Option<CohortBlinding> {
        let mut table = GuessTable::default();
        for row in &self.rows {
            let arm = if row.active { Arm::Ldn } else { Arm::Placebo };
            table.add(arm, if row.guessed_active { Guess::Active } else { Guess::Placebo });
        }
        let correct = table.correct_share()?;
        let outcomes = (0..self.outcomes.len()).filter_map(|outcome| self.outcome(outcome)).collect();
        Some(CohortBlinding { status: BlindingStatus::of(Some(&correct)), table, correct, outcomes })
    }

    fn outcome(&self, outcome: usize) -> Option<OutcomeSensitivity> {
        let number = |yes: bool| if yes { 1.0 } else { 0.0 };
        let observations = |with_guess: bool| -> Vec<Observation> {
            let rows = self.rows.iter().filter_map(|row| Some((row, row.values[outcome]?)));
            rows.map(|(row, y)| {
                let mut columns = vec![1.0, number(row.active), row.covariates[0], row.covariates[1]];
                columns.extend(with_guess.then(|| number(row.guessed_active)));
                Observation { group: row.person, columns, y }
            })
            .collect()
        };
        let coefficient = |fit: &RandomIntercept, i: usize| Coefficient {
            estimate: fit.coefficients[i],
            standard_error: fit.standard_errors[i],
        };
        let without = random_intercept(&observations(false))?;
        let with = random_intercept(&observations(true))?;
        Some(OutcomeSensitivity {
            outcome: self.outcomes[outcome].clone(),
            observations: observations(false).len(),
            without_guess: coefficient(&without, 1),
            with_guess: coefficient(&with, 1),
            of_guess: coefficient(&with, 4),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_table_is_refused_with_its_place() {
        let header = "trial_id,tp,condition,guess,expectation,psychiatric_past,mood\n";
        for (text, expected) in [
            ("trial,tp\n".to_owned(), "expected the columns trial_id, tp"),
            (header.to_owned(), "expected at least one row"),
            (
                format!("{header}1,w1,LDN,MD,20,0,5\n"),
                "line 2, column `condition`, value `LDN`: expected MD or PL",
            ),
            (
                format!("{header}1,w1,MD,MD,,0,5\n"),
                "line 2, column `expectation`, value ``: expected a number",
            ),
            (
                format!("{header}1,w1,MD,MD,20,0,good\n"),
                "line 2, column `mood`, value `good`: expected a number",
            ),
            (format!("{header}1,w1,MD\n"), "line 2, expected as many cells"),
        ] {
            let problems = Cohort::read(&text).unwrap_err().to_string();
            assert!(problems.contains(expected), "{text}: {problems}");
        }
    }
}
