//! What the person believed: did blinding hold, and how much could belief have done?

pub mod cohort;
mod read;

use jiff::civil::Date;
use ldn_core::journal::Guess;
use ldn_stats::proportion::clopper_pearson;
use serde::Serialize;

use super::design::Arm;
use super::gls::Coefficient;
use super::opened::Opened;

pub use read::read;

/// Level of the interval of a share of correct guesses.
pub const LEVEL: f64 = 0.95;
/// Fewest guesses that anything is said about: the smallest number of which all correct lie above a half.
///
/// Six of six correct have the exact 95 % interval 0.54 to 1; five of five reach down to 0.48.
pub const FEWEST_GUESSES: usize = 6;

/// One answer to "which do you think you have, how sure?".
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Belief {
    /// The day it was given; it speaks of the kit in use.
    pub date: Date,
    /// The guess.
    pub guess: Guess,
    /// How sure, 0 to 1; `None` if nobody asked.
    pub sure: Option<f64>,
}

/// Guesses by what was true.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct GuessTable {
    /// LDN, guessed LDN.
    pub ldn_guessed_ldn: usize,
    /// LDN, guessed placebo.
    pub ldn_guessed_placebo: usize,
    /// LDN, no guess.
    pub ldn_no_guess: usize,
    /// Placebo, guessed LDN.
    pub placebo_guessed_ldn: usize,
    /// Placebo, guessed placebo.
    pub placebo_guessed_placebo: usize,
    /// Placebo, no guess.
    pub placebo_no_guess: usize,
}

/// The share of correct guesses among those that were made.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CorrectShare {
    /// Correct guesses.
    pub correct: usize,
    /// Guesses, "don't know" not among them.
    pub guesses: usize,
    /// Their share.
    pub share: f64,
    /// Its exact 95 % interval (Clopper and Pearson 1934), as if guesses were independent.
    pub interval_95: [f64; 2],
}

/// Whether blinding held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BlindingStatus {
    /// Right more often than chance allows.
    Failed,
    /// Wrong more often than chance allows, which is knowledge, too.
    Reversed,
    /// No sign of failure in enough guesses; never proof that it held.
    NoSignOfFailure,
    /// Too few guesses to say.
    TooFewGuesses,
}

/// What the beliefs say.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Blinding {
    /// All guesses.
    pub table: GuessTable,
    /// Correct among all guesses; guesses of one period lean on each other, so that its interval is too narrow.
    pub all: Option<CorrectShare>,
    /// Correct among the last guesses of the periods.
    pub by_period: Option<CorrectShare>,
    /// Bang's blinding index on LDN: 0 as by chance, 1 all correct, −1 all wrong; "don't know" counts as neither.
    pub bang_ldn: Option<f64>,
    /// The same on placebo.
    pub bang_placebo: Option<f64>,
    /// Whether blinding held.
    pub status: BlindingStatus,
    /// How the drug effect moves with belief in the model: a bound, and not a better estimate, because belief comes after
    /// treatment.
    pub sensitivity: Option<BeliefSensitivity>,
}

/// The drug effect without and with belief beside it, at the same fixed noise and without opinions about either.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct BeliefSensitivity {
    /// Without.
    pub without_belief: Coefficient,
    /// With.
    pub with_belief: Coefficient,
    /// What full certainty of LDN, against no idea, goes along with.
    pub of_belief: Coefficient,
}

impl GuessTable {
    /// Counts one guess.
    pub const fn add(&mut self, arm: Arm, guess: Guess) {
        let count = match (arm, guess) {
            (Arm::Ldn, Guess::Active) => &mut self.ldn_guessed_ldn,
            (Arm::Ldn, Guess::Placebo) => &mut self.ldn_guessed_placebo,
            (Arm::Ldn, Guess::DoNotKnow) => &mut self.ldn_no_guess,
            (Arm::Placebo, Guess::Active) => &mut self.placebo_guessed_ldn,
            (Arm::Placebo, Guess::Placebo) => &mut self.placebo_guessed_placebo,
            (Arm::Placebo, Guess::DoNotKnow) => &mut self.placebo_no_guess,
            // Nobody is asked to guess about no capsule.
            (Arm::NoCapsule, _) => return,
        };
        *count += 1;
    }

    /// Returns the share of correct guesses; `None` without guesses.
    pub fn correct_share(&self) -> Option<CorrectShare> {
        let correct = self.ldn_guessed_ldn + self.placebo_guessed_placebo;
        let guesses = correct + self.ldn_guessed_placebo + self.placebo_guessed_ldn;
        let (low, high) = clopper_pearson(correct, guesses, LEVEL)?;
        Some(CorrectShare {
            correct,
            guesses,
            share: correct as f64 / guesses as f64,
            interval_95: [low, high],
        })
    }

    /// Returns Bang's index of one arm (Bang, Ni and Davis 2004): correct less wrong, of all asked.
    pub fn bang(&self, arm: Arm) -> Option<f64> {
        let (correct, wrong, none) = match arm {
            Arm::Ldn => (self.ldn_guessed_ldn, self.ldn_guessed_placebo, self.ldn_no_guess),
            Arm::Placebo => (self.placebo_guessed_placebo, self.placebo_guessed_ldn, self.placebo_no_guess),
            Arm::NoCapsule => return None,
        };
        let asked = correct + wrong + none;
        (asked > 0).then(|| (correct as f64 - wrong as f64) / asked as f64)
    }
}

impl BlindingStatus {
    /// Judges a share of correct guesses.
    pub fn of(share: Option<&CorrectShare>) -> BlindingStatus {
        match share {
            Some(share) if share.interval_95[0] > 0.5 => BlindingStatus::Failed,
            Some(share) if share.interval_95[1] < 0.5 => BlindingStatus::Reversed,
            Some(share) if share.guesses >= FEWEST_GUESSES => BlindingStatus::NoSignOfFailure,
            _ => BlindingStatus::TooFewGuesses,
        }
    }
}

/// Holds beliefs against the periods; `None` if nobody was asked in a period with capsules.
///
/// Blinding is judged by all guesses: their interval is too narrow, so that failure is called rather too often than too
/// seldom.
pub(super) fn blinding(opened: &Opened, beliefs: &[Belief]) -> Option<Blinding> {
    let (mut table, mut last) = (GuessTable::default(), GuessTable::default());
    for period in opened.periods() {
        let within: Vec<&Belief> =
            beliefs.iter().filter(|belief| (period.from..=period.to).contains(&belief.date)).collect();
        within.iter().for_each(|belief| table.add(period.arm, belief.guess));
        if let Some(belief) = within.iter().max_by_key(|belief| belief.date) {
            last.add(period.arm, belief.guess);
        }
    }
    if table == GuessTable::default() {
        return None;
    }
    let all = table.correct_share();
    Some(Blinding {
        by_period: last.correct_share(),
        bang_ldn: table.bang(Arm::Ldn),
        bang_placebo: table.bang(Arm::Placebo),
        status: BlindingStatus::of(all.as_ref()),
        sensitivity: None,
        table,
        all,
    })
}

/// Belief by day: 1 certain of LDN, −1 certain of placebo, 0 no idea. A report speaks of the days up to it, back to the
/// report before or the beginning of its period; days after the last report of a period keep that.
pub(super) fn by_day(opened: &Opened, beliefs: &[Belief], n_days: usize) -> Vec<f64> {
    let mut days = vec![0.0; n_days];
    for period in opened.periods().iter().filter(|period| period.arm.has_capsule()) {
        let mut reports: Vec<&Belief> =
            beliefs.iter().filter(|belief| (period.from..=period.to).contains(&belief.date)).collect();
        reports.sort_by_key(|belief| belief.date);
        let range = opened.days(period);
        for t in range.clone() {
            let passed = |belief: &&Belief| {
                let position = (belief.date - period.from).get_days();
                usize::try_from(position).is_ok_and(|position| range.start + position >= t)
            };
            let speaking = reports.iter().copied().find(|b| passed(b)).or(reports.last().copied());
            if let (Some(belief), Some(day)) = (speaking, days.get_mut(t)) {
                let direction = match belief.guess {
                    Guess::Active => 1.0,
                    Guess::Placebo => -1.0,
                    Guess::DoNotKnow => 0.0,
                };
                *day = direction * belief.sure.unwrap_or(1.0);
            }
        }
    }
    days
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_and_indices_by_hand() {
        let mut table = GuessTable::default();
        for (arm, guess, times) in [
            (Arm::Ldn, Guess::Active, 6),
            (Arm::Ldn, Guess::Placebo, 2),
            (Arm::Ldn, Guess::DoNotKnow, 2),
            (Arm::Placebo, Guess::Placebo, 3),
            (Arm::Placebo, Guess::Active, 3),
        ] {
            (0..times).for_each(|_| table.add(arm, guess));
        }
        let share = table.correct_share().unwrap();
        assert_eq!((share.correct, share.guesses), (9, 14));
        assert!((table.bang(Arm::Ldn).unwrap() - 0.4).abs() < 1e-15);
        assert_eq!(table.bang(Arm::Placebo), Some(0.0));
        assert_eq!(BlindingStatus::of(Some(&share)), BlindingStatus::NoSignOfFailure);
    }

    #[test]
    fn the_fewest_guesses_are_those_that_could_show_a_failure() {
        let all_correct =
            |n: usize| GuessTable { ldn_guessed_ldn: n, ..GuessTable::default() }.correct_share();
        for n in 1..=12 {
            let status = BlindingStatus::of(all_correct(n).as_ref());
            let expected =
                if n >= FEWEST_GUESSES { BlindingStatus::Failed } else { BlindingStatus::TooFewGuesses };
            assert_eq!(status, expected, "{n}");
        }
        assert_eq!(BlindingStatus::of(None), BlindingStatus::TooFewGuesses);
        let wrong = GuessTable { placebo_guessed_ldn: 8, ..GuessTable::default() }.correct_share();
        assert_eq!(BlindingStatus::of(wrong.as_ref()), BlindingStatus::Reversed);
    }
}
