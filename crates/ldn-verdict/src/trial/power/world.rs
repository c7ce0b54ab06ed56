//! The simulated trials of the planner: the verdict model, lived.
//!
//! Parameters come from what the diary and the priors say of this person; beyond the model, scores are rounded and kept on
//! their scale, there are flares, delays, days without a score and capsules left out. Their sizes are judgement: without
//! them a chance that came true in 43 of 100 was promised as 47, and one of 19 as 27. `ldn-simulate`, which the planner's
//! promises are held against, shares no line with it.

use ldn_stats::halton::radical_inverse;
use ldn_stats::normal;

use super::{DrugPrior, Effort, Planner, trial_days};
use crate::response::prior::{DRUG, Linear, NormalPrior};
use crate::response::series::{DayRecord, Series};
use crate::response::theta::Theta;
use crate::trial::allocation::Seed;
use crate::trial::design::Design;
use crate::trial::sequence::Admissible;

/// Chance that the drug begins to act only after some days, and the most of them.
const DEAD_TIME: (f64, f64) = (0.5, 10.0);
/// Chance that capsules are left out for some days in a row, and how many.
const HOLD: (f64, usize) = (0.5, 6);
/// Chance that a flare begins on a day, its mean length in days, and its size in points: two weeks of diary seldom show
/// one.
const FLARE: (f64, f64, (f64, f64)) = (0.03, 3.0, (1.0, 4.0));
/// Share of capsules that are forgotten.
const MISSED_CAPSULES: f64 = 0.03;
/// A holiday, a hospital, a lost telephone: days without a score, and the chance of it in 90 days.
const GAP: (usize, f64) = (10, 0.5);
const GAP_EVERY_DAYS: usize = 90;

/// Lives a trial of somebody like the planner's person; `None` draws the drug effect as it is believed.
pub(super) fn live(
    planner: &Planner,
    design: &Design,
    effect: Option<f64>,
    trial: u64,
    effort: Effort,
) -> Series {
    let mut numbers = Numbers::new(effort.seed, trial);
    let set = Admissible::of(design);
    let sequence = set.nth(seed(effort.seed, trial).below(set.len())).expect("below the length of the set");
    let which = (radical_inverse(3, trial as u32 + 1) * planner.thetas.len() as f64) as usize;
    let theta = planner.thetas[which];
    let believed = planner.now[which].joint[DrugPrior::Main.index()];
    let believed = NormalPrior { mean: believed.mean[2], sd: believed.covariance[2].max(0.0).sqrt() };
    // Evenly spread over what is believed, and over the nonlinear vectors in another rhythm: fewer trials say as much.
    let drawn = believed.mean + believed.sd * normal::quantile(radical_inverse(2, trial as u32 + 1));
    let person = Person::draw(planner, theta, effect.unwrap_or(drawn), &mut numbers);
    let mut days: Vec<DayRecord> = planner.series.days().to_vec();
    days.extend(trial_days(design, &sequence, planner.series.n_days()));
    let n_old = planner.series.n_days();
    hold(&mut days[n_old..], &mut numbers);
    for day in days.iter_mut().skip(n_old + 1).filter(|day| day.capsule) {
        if numbers.uniform() < MISSED_CAPSULES {
            (day.capsule, day.dose) = (false, ldn_core::Dose::ZERO);
        }
    }
    let unscored = Series::new(planner.series.date(0), days.clone(), Some(design.parts().reference_dose));
    let burdens = person.scores(&unscored, planner.step, &mut numbers);
    let kept: Vec<bool> = recorded(burdens.len(), planner.completion, &mut numbers);
    for (t, day) in days.iter_mut().enumerate() {
        // A day of the past has a score in the simulation if it has one in the diary.
        let is_scored = if t < n_old { day.burden.is_some() } else { kept[t] };
        day.burden = is_scored.then(|| burdens[t]);
    }
    Series::new(planner.series.date(0), days, Some(design.parts().reference_dose))
}

/// Leaves capsules out for some days in a row, in some trials.
fn hold(days: &mut [DayRecord], numbers: &mut Numbers) {
    let (chance, length) = HOLD;
    let (held, place) = (numbers.uniform() < chance, numbers.uniform());
    let from = (place * days.len().saturating_sub(length) as f64) as usize;
    for day in days.iter_mut().skip(from).take(length).filter(|_| held) {
        (day.capsule, day.dose) = (false, ldn_core::Dose::ZERO);
    }
}

/// Which days are recorded.
fn recorded(n_days: usize, completion: f64, numbers: &mut Numbers) -> Vec<bool> {
    let mut kept: Vec<bool> = (0..n_days).map(|_| numbers.uniform() < completion).collect();
    let (length, chance) = GAP;
    for _ in 0..n_days / GAP_EVERY_DAYS {
        if numbers.uniform() < chance && n_days > length {
            let from = (numbers.uniform() * (n_days - length) as f64) as usize;
            kept[from..from + length].fill(false);
        }
    }
    kept
}

/// One person of the model.
struct Person {
    linear: [f64; DRUG],
    effect: f64,
    dead_days: usize,
    drug_step: f64,
    half_effect: f64,
    placebo_step: f64,
    rho: f64,
    slow_sd: f64,
    white_sd: f64,
}

impl Person {
    fn draw(planner: &Planner, theta: Theta, effect: f64, numbers: &mut Numbers) -> Person {
        let mut linear: [f64; DRUG] = std::array::from_fn(|i| numbers.normal(planner.priors.linear[i]));
        let (mean, sd) = planner.level;
        linear[Linear::Level as usize] = numbers.normal(NormalPrior { mean, sd });
        let [log_tau_b, log_ed50, log_tau_p, log_ell, log_sigma, logit_phi] = theta.0;
        let variance = libm::exp(2.0 * log_sigma);
        let phi = 1.0 / (1.0 + libm::exp(-logit_phi));
        Person {
            linear,
            effect,
            dead_days: dead_days(numbers),
            drug_step: 1.0 - libm::exp(-2.0 / libm::exp(log_tau_b)),
            half_effect: libm::exp(log_ed50),
            placebo_step: 1.0 - libm::exp(-1.0 / libm::exp(log_tau_p)),
            rho: libm::exp(-1.0 / libm::exp(log_ell)),
            slow_sd: (variance * phi).sqrt(),
            white_sd: (variance * (1.0 - phi)).sqrt(),
        }
    }

    /// Scores of all days, rounded and on their scale.
    fn scores(&self, series: &Series, step: f64, numbers: &mut Numbers) -> Vec<f64> {
        let first = series.first_capsule().unwrap_or(series.n_days());
        let reference = series.reference_dose().milligrams();
        let response = |day: &DayRecord| self.response(day.dose.milligrams() / reference);
        let (mut stage, mut drug, mut placebo) = (0.0, 0.0, [0.0; 3]);
        let mut slow = self.slow_sd * numbers.standard();
        let innovation = self.slow_sd * (1.0 - self.rho * self.rho).max(0.0).sqrt();
        let flares = flares(series.n_days(), numbers);
        let mut scores = Vec::with_capacity(series.n_days());
        for t in 0..series.n_days() {
            if t > 0 {
                let before = &series.days()[t - 1];
                let acting = (t - 1).checked_sub(self.dead_days).map(|t| &series.days()[t]);
                stage += self.drug_step * (acting.map_or(0.0, response) - stage);
                drug += self.drug_step * (stage - drug);
                let on = series.is_on_treatment(t - 1);
                for (course, driven) in placebo.iter_mut().zip([t > first, on, on && !before.blind]) {
                    *course += self.placebo_step * (f64::from(u8::from(driven)) - *course);
                }
                slow = self.rho * slow + innovation * numbers.standard();
            }
            let burden = self.mean(series, t, first, drug, placebo)
                + slow
                + flares[t]
                + self.white_sd * numbers.standard();
            scores.push(((burden / step).round() * step).clamp(0.0, 10.0));
        }
        scores
    }

    fn mean(&self, series: &Series, t: usize, first: usize, drug: f64, placebo: [f64; 3]) -> f64 {
        let of = |which: Linear| self.linear[which as usize];
        let weekday = self.linear[Linear::Weekday as usize + series.weekday(t).min(5)];
        let quarters = (t as f64 - first as f64) / 90.0;
        let nonspecific: f64 = placebo
            .iter()
            .enumerate()
            .map(|(j, course)| self.linear[Linear::Start as usize + j] * course)
            .sum();
        of(Linear::Level) + weekday - of(Linear::Drift) * quarters - nonspecific - self.effect * drug
    }

    fn response(&self, ratio: f64) -> f64 {
        let (square, half) = (ratio * ratio, self.half_effect * self.half_effect);
        square * (1.0 + half) / (square + half)
    }
}

fn dead_days(numbers: &mut Numbers) -> usize {
    let (chance, most) = DEAD_TIME;
    let (delayed, days) = (numbers.uniform() < chance, numbers.uniform() * (most + 1.0));
    if delayed { days as usize } else { 0 }
}

/// Points by which each day is worse than usual.
fn flares(n_days: usize, numbers: &mut Numbers) -> Vec<f64> {
    let (begins, length, (least, most)) = FLARE;
    let mut now = 0.0;
    let mut flares = Vec::with_capacity(n_days);
    for _ in 0..n_days {
        let (change, size) = (numbers.uniform(), numbers.uniform());
        now = match now > 0.0 {
            true if change < 1.0 / length => 0.0,
            false if change < begins => least + (most - least) * size,
            _ => now,
        };
        flares.push(now);
    }
    flares
}

fn seed(seed: u64, trial: u64) -> Seed {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_be_bytes());
    bytes[8..16].copy_from_slice(&trial.to_be_bytes());
    Seed::from_random(bytes)
}

/// Numbers of one trial: SplitMix64 (Steele, Lea, Flood 2014), begun where seed and trial say.
struct Numbers(u64);

impl Numbers {
    fn new(seed: u64, trial: u64) -> Numbers {
        let mut numbers = Numbers(seed);
        let mixed = numbers.next() ^ trial.wrapping_mul(0xd1b5_4a32_d192_ed03);
        Numbers(mixed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let word = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    /// Between 0 and 1, neither of them.
    fn uniform(&mut self) -> f64 {
        ((self.next() >> 12) as f64 + 0.5) / (1_u64 << 52) as f64
    }

    fn standard(&mut self) -> f64 {
        normal::quantile(self.uniform())
    }

    fn normal(&mut self, of: NormalPrior) -> f64 {
        of.mean + of.sd * self.standard()
    }
}
