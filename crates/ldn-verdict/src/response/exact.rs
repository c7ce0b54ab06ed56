//! The exact part: everything about the linear parameters, given the nonlinear ones.
//!
//! Four nonlinear parameter vectors are worked on side by side. One filter pass serves all four opinions about the
//! drug effect: it is the last linear parameter, so only the last row of the Cholesky factor depends on them.

use ldn_stats::ar1::Filter;
use ldn_stats::lanes::{self, Arch, Kernel, LANES, Lanes};

use super::prior::{DRUG, DrugPrior, LINEAR, Linear, NormalPrior, PriorSet};
use super::series::Series;
use super::theta::{Rates, Theta};

const PRIORS: usize = DrugPrior::ALL.len();
pub(super) const PLACEBO_COURSES: usize = 3;
const DRIFT_DAYS: f64 = 90.0;

/// A series prepared for many evaluations.
#[derive(Clone, Debug)]
pub struct Design {
    pub(super) days: Vec<DesignDay>,
    /// Squares of the distinct doses, relative to the reference dose.
    pub(super) dose_squares: Vec<f64>,
    /// Which dose was taken on the last day.
    pub(super) last_dose: usize,
    /// Which placebo courses differ: position of each of the three among the distinct ones.
    course_of: [usize; PLACEBO_COURSES],
    baseline_days: f64,
    evaluation_days: f64,
    buildup_days: f64,
    mean_time: [f64; 2],
    pub(super) rounding_variance: f64,
    pub(super) linear: [NormalPrior; DRUG],
    pub(super) drug: [NormalPrior; PRIORS],
    pub(super) n_scored: usize,
}

#[derive(Clone, Debug)]
pub(super) struct DesignDay {
    /// Which dose was taken the day before; doses act from the next day on.
    pub(super) dose_before: usize,
    /// What drove the three placebo courses the day before, 0 or 1.
    pub(super) driven: [f64; PLACEBO_COURSES],
    /// Time since the first capsule, in units of 90 days.
    pub(super) time: f64,
    pub(super) weekday: usize,
    in_baseline: bool,
    in_evaluation: bool,
    in_buildup: bool,
    /// The day's burden less the prior mean of the level, which keeps sums of squares small.
    pub(super) centred: Option<f64>,
}

/// Mean and standard deviation.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Moments {
    /// Mean.
    pub mean: f64,
    /// Standard deviation.
    pub sd: f64,
}

/// The conditional distribution of the three basic quantities at one nonlinear parameter vector: the baseline, the
/// total improvement and the full drug effect. Every other quantity is a combination of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conditional {
    /// Logarithm of the marginal likelihood under each opinion.
    pub log_marginal: [f64; PRIORS],
    /// Joint distribution of the basic quantities under each opinion.
    pub joint: [Joint; PRIORS],
    /// Mean built-up share of the drug effect over the baseline window.
    pub built_up_before: f64,
    /// The same over the evaluation window.
    pub built_up_after: f64,
    /// The same over its last seven days.
    pub buildup: f64,
}

/// Means and covariances of baseline, total improvement and drug effect.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Joint {
    /// Means.
    pub mean: [f64; 3],
    /// Covariances: (baseline, baseline), (total, total), (drug, drug), (baseline, total), (baseline, drug),
    /// (total, drug).
    pub covariance: [f64; 6],
}

/// A combination of baseline, total improvement and drug effect.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Combination(pub [f64; 3]);

impl Joint {
    /// Returns mean and standard deviation of a combination.
    pub fn of(&self, Combination([x, y, z]): Combination) -> Moments {
        let [xx, yy, zz, xy, xz, yz] = self.covariance;
        let mean = x * self.mean[0] + y * self.mean[1] + z * self.mean[2];
        let variance = x * x * xx + y * y * yy + z * z * zz + 2.0 * (x * y * xy + x * z * xz + y * z * yz);
        Moments { mean, sd: variance.max(0.0).sqrt() }
    }
}

impl Design {
    /// Prepares a series; `step` is the reporting step of the scores, in points.
    pub fn new(series: &Series, priors: &PriorSet, step: f64) -> Design {
        let n_days = series.n_days();
        let first = series.first.unwrap_or(n_days);
        let level = priors.linear[Linear::Level as usize].mean;
        let mut doses: Vec<_> = series.days.iter().map(|day| day.dose).collect();
        doses.sort_unstable();
        doses.dedup();
        let reference = series.reference_dose.milligrams();
        let time = |t: usize| (t as f64 - first as f64) / DRIFT_DAYS;
        let mean_time = |window: &[usize]| window.iter().map(|t| time(*t)).sum::<f64>() / window.len() as f64;

        let mut days: Vec<DesignDay> = (0..n_days)
            .map(|t| DesignDay {
                dose_before: 0,
                driven: [0.0; PLACEBO_COURSES],
                time: time(t),
                weekday: series.weekday(t),
                in_baseline: false,
                in_evaluation: false,
                in_buildup: false,
                centred: series.days[t].burden.map(|burden| burden - level),
            })
            .collect();
        for t in 1..n_days {
            let before = &series.days[t - 1];
            days[t].dose_before = doses.partition_point(|dose| *dose < before.dose);
            let (started, on) = (t > first, series.phase[t - 1]);
            days[t].driven = [started, on, on && !before.blind].map(|driven| if driven { 1.0 } else { 0.0 });
        }
        series.baseline.iter().for_each(|t| days[*t].in_baseline = true);
        series.evaluation.iter().for_each(|t| days[*t].in_evaluation = true);
        series.buildup_days().iter().for_each(|t| days[*t].in_buildup = true);
        Design {
            dose_squares: doses.iter().map(|dose| dose.milligrams() / reference).map(|x| x * x).collect(),
            last_dose: doses.partition_point(|dose| *dose < series.days[n_days - 1].dose),
            course_of: distinct_courses(&days),
            baseline_days: series.baseline.len() as f64,
            evaluation_days: series.evaluation.len() as f64,
            buildup_days: series.buildup_days().len() as f64,
            mean_time: [mean_time(&series.baseline), mean_time(&series.evaluation)],
            rounding_variance: step * step / 12.0,
            linear: priors.linear,
            drug: priors.drug,
            n_scored: series.n_scored(),
            days,
        }
    }

    /// Evaluates many nonlinear parameter vectors.
    pub fn evaluate(&self, thetas: &[Theta]) -> Vec<Conditional> {
        lanes::dispatch(Evaluation { design: self, thetas })
    }

    /// Runs the filter over the columns of this design.
    #[inline(always)]
    pub(super) fn normal_equations<A: Arch>(&self, rates: &Rates<A>) -> (NormalEquations<A>, Courses<A>) {
        // Where placebo courses coincide (always in open-label diaries) they are filtered once.
        match self.course_of.iter().max() {
            Some(0) => self.filter::<A, 1, 11>(rates),
            Some(1) => self.filter::<A, 2, 12>(rates),
            _ => self.filter::<A, 3, 13>(rates),
        }
    }

    /// Columns: level, six weekday contrasts, drift, `P` placebo courses, drug, and the scores last.
    #[inline(always)]
    fn filter<A: Arch, const P: usize, const C: usize>(
        &self,
        rates: &Rates<A>,
    ) -> (NormalEquations<A>, Courses<A>) {
        let mut relative_effect = [Lanes::zero(); MOST_DOSES];
        for (effect, square) in relative_effect.iter_mut().zip(&self.dose_squares) {
            *effect = dose_response(*square, rates.half_effect_squared);
        }
        let mut source = [0; P];
        for (course, distinct) in self.course_of.iter().enumerate() {
            source[*distinct] = course;
        }
        let (drug_step, placebo_step) = (rates.drug_step, rates.placebo_step);
        let (drug_stay, placebo_stay) = (Lanes::one() - drug_step, Lanes::one() - placebo_step);
        let mut filter = Filter::<A, C>::new(rates.noise);
        let (mut stage, mut drug, mut placebo) = (Lanes::zero(), Lanes::zero(), [Lanes::zero(); P]);
        let mut sums = Courses::default();
        for (t, day) in self.days.iter().enumerate() {
            if t > 0 {
                filter.step();
                let effect = match relative_effect.get(day.dose_before) {
                    Some(effect) => *effect,
                    None => dose_response(self.dose_squares[day.dose_before], rates.half_effect_squared),
                };
                stage = drug_stay.mul_add(stage, drug_step * effect);
                drug = drug_stay.mul_add(drug, drug_step * stage);
                for p in 0..P {
                    let driven = Lanes::splat(day.driven[source[p]]);
                    placebo[p] = placebo_stay.mul_add(placebo[p], placebo_step * driven);
                }
            }
            if day.in_baseline || day.in_evaluation {
                sums.add(day, drug, &placebo, &self.course_of);
            }
            if let Some(score) = day.centred {
                let mut row = [Lanes::one(); C];
                for j in 0..6 {
                    row[1 + j] = Lanes::splat(WEEKDAY_CONTRASTS[day.weekday][j]);
                }
                row[7] = Lanes::splat(-day.time);
                for p in 0..P {
                    row[8 + p] = -placebo[p];
                }
                row[8 + P] = -drug;
                row[9 + P] = Lanes::splat(score);
                filter.observe(row);
            }
        }
        sums.placebo_last = self.course_of.map(|distinct| placebo[distinct]);
        sums.divide(self);
        filter.finish();
        (NormalEquations::expand(&filter, &self.course_of), sums)
    }
}

/// How many distinct doses have their effect computed once per evaluation; more are computed as they come.
const MOST_DOSES: usize = 16;

/// Relative effect of a dose, 1 at the reference dose, from squares relative to it (Hill exponent 2).
#[inline(always)]
pub(super) fn dose_response<A: Arch>(dose_squared: f64, half_effect_squared: Lanes<A>) -> Lanes<A> {
    let dose_squared = Lanes::splat(dose_squared);
    dose_squared * (Lanes::one() + half_effect_squared) / (dose_squared + half_effect_squared)
}

/// Finds which of the three placebo courses are driven alike on every day.
fn distinct_courses(days: &[DesignDay]) -> [usize; PLACEBO_COURSES] {
    let same = |a: usize, b: usize| days.iter().all(|day| day.driven[a] == day.driven[b]);
    match (same(0, 1), same(1, 2), same(0, 2)) {
        (true, true, _) => [0, 0, 0],
        (true, false, _) => [0, 0, 1],
        (false, true, _) => [0, 1, 1],
        (false, false, true) => [0, 1, 0],
        (false, false, false) => [0, 1, 2],
    }
}

/// Orthonormal Helmert contrasts: row = weekday, Monday first.
pub(super) const WEEKDAY_CONTRASTS: [[f64; 6]; 7] = {
    // 1/√(j(j+1)) for j = 1..6.
    const NORM: [f64; 6] = [
        std::f64::consts::FRAC_1_SQRT_2,
        0.408_248_290_463_863,
        0.288_675_134_594_812_9,
        0.223_606_797_749_978_97,
        0.182_574_185_835_055_36,
        0.154_303_349_962_091_9,
    ];
    let mut table = [[0.0; 6]; 7];
    let mut j = 1;
    while j <= 6 {
        let mut day = 0;
        while day < j {
            table[day][j - 1] = NORM[j - 1];
            day += 1;
        }
        table[j][j - 1] = -(j as f64) * NORM[j - 1];
        j += 1;
    }
    table
};

/// Averages of the courses over the windows, and their last values.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Courses<A: Arch> {
    placebo_before: [Lanes<A>; PLACEBO_COURSES],
    placebo_after: [Lanes<A>; PLACEBO_COURSES],
    drug_before: Lanes<A>,
    drug_after: Lanes<A>,
    buildup: Lanes<A>,
    pub(super) placebo_last: [Lanes<A>; PLACEBO_COURSES],
}

impl<A: Arch> Courses<A> {
    #[inline(always)]
    fn add<const P: usize>(
        &mut self,
        day: &DesignDay,
        drug: Lanes<A>,
        placebo: &[Lanes<A>; P],
        course_of: &[usize; PLACEBO_COURSES],
    ) {
        if day.in_baseline {
            self.drug_before = self.drug_before + drug;
            for j in 0..PLACEBO_COURSES {
                self.placebo_before[j] = self.placebo_before[j] + placebo[course_of[j]];
            }
        }
        if day.in_evaluation {
            self.drug_after = self.drug_after + drug;
            for j in 0..PLACEBO_COURSES {
                self.placebo_after[j] = self.placebo_after[j] + placebo[course_of[j]];
            }
        }
        if day.in_buildup {
            self.buildup = self.buildup + drug;
        }
    }

    #[inline(always)]
    fn divide(&mut self, design: &Design) {
        let [before, after, end] = [design.baseline_days, design.evaluation_days, design.buildup_days]
            .map(|n| Lanes::splat(1.0 / n));
        self.drug_before = self.drug_before * before;
        self.drug_after = self.drug_after * after;
        self.buildup = self.buildup * end;
        for j in 0..PLACEBO_COURSES {
            self.placebo_before[j] = self.placebo_before[j] * before;
            self.placebo_after[j] = self.placebo_after[j] * after;
        }
    }

    /// Weights of the linear parameters in the baseline.
    #[inline(always)]
    fn baseline_weights(&self, design: &Design) -> [Lanes<A>; LINEAR] {
        let mut weights = [Lanes::zero(); LINEAR];
        weights[Linear::Level as usize] = Lanes::one();
        weights[Linear::Drift as usize] = Lanes::splat(-design.mean_time[0]);
        for j in 0..PLACEBO_COURSES {
            weights[Linear::Start as usize + j] = -self.placebo_before[j];
        }
        weights[DRUG] = -self.drug_before;
        weights
    }

    /// Weights of the linear parameters in the total improvement.
    #[inline(always)]
    fn total_weights(&self, design: &Design) -> [Lanes<A>; LINEAR] {
        let mut weights = [Lanes::zero(); LINEAR];
        weights[Linear::Drift as usize] = Lanes::splat(design.mean_time[1] - design.mean_time[0]);
        for j in 0..PLACEBO_COURSES {
            weights[Linear::Start as usize + j] = self.placebo_after[j] - self.placebo_before[j];
        }
        weights[DRUG] = self.drug_after - self.drug_before;
        weights
    }
}

/// Cross-products of all twelve columns, with each other and with the scores.
pub(super) struct NormalEquations<A: Arch> {
    /// Row `i`, column `j ≤ i`.
    gram: [[Lanes<A>; LINEAR]; LINEAR],
    with_scores: [Lanes<A>; LINEAR],
    scores_squared: Lanes<A>,
    pub(super) log_determinant: Lanes<A>,
}

impl<A: Arch> NormalEquations<A> {
    /// Repeats the columns of placebo courses that were filtered once.
    #[inline(always)]
    fn expand<const C: usize>(
        sums: &Filter<A, C>,
        course_of: &[usize; PLACEBO_COURSES],
    ) -> NormalEquations<A> {
        let column: [usize; LINEAR] = std::array::from_fn(|i| match i {
            0..8 => i,
            8..11 => 8 + course_of[i - 8],
            _ => C - 2,
        });
        let mut gram = [[Lanes::zero(); LINEAR]; LINEAR];
        for i in 0..LINEAR {
            for j in 0..=i {
                let (a, b) = (column[i].max(column[j]), column[i].min(column[j]));
                gram[i][j] = sums.product(a, b);
            }
        }
        NormalEquations {
            gram,
            with_scores: std::array::from_fn(|i| sums.product(C - 1, column[i])),
            scores_squared: sums.product(C - 1, C - 1),
            log_determinant: sums.log_determinant(),
        }
    }
}

/// Cholesky factor of the precision matrix and the solution, except for the last row, which depends on the opinion
/// about the drug.
pub(super) struct Factor<A: Arch> {
    lower: [[Lanes<A>; LINEAR]; LINEAR],
    /// Reciprocals of the diagonal.
    inverse_diagonal: [Lanes<A>; DRUG],
    pub(super) solution: [Lanes<A>; DRUG],
    /// Sums over the rows above: log-diagonal, squared solution, squared last row, last row times solution.
    log_diagonal: Lanes<A>,
    explained: Lanes<A>,
    last_row_squared: Lanes<A>,
    last_row_solution: Lanes<A>,
}

impl<A: Arch> Factor<A> {
    #[inline(always)]
    pub(super) fn new(normal: &NormalEquations<A>, linear: &[NormalPrior; DRUG]) -> Factor<A> {
        let mut lower = [[Lanes::zero(); LINEAR]; LINEAR];
        let mut inverse_diagonal = [Lanes::zero(); DRUG];
        let mut solution = [Lanes::zero(); DRUG];
        let mut product = Lanes::one();
        for j in 0..DRUG {
            let precision = 1.0 / (linear[j].sd * linear[j].sd);
            let mut pivot = normal.gram[j][j] + Lanes::splat(precision);
            // The scores are centred on the level's prior mean, so that mean is zero here.
            let centred_mean = if j == Linear::Level as usize { 0.0 } else { linear[j].mean };
            let mut right = normal.with_scores[j] + Lanes::splat(precision * centred_mean);
            for k in 0..j {
                pivot = lower[j][k].neg_mul_add(lower[j][k], pivot);
                right = lower[j][k].neg_mul_add(solution[k], right);
            }
            let diagonal = pivot.sqrt();
            let inverse = Lanes::one() / diagonal;
            lower[j][j] = diagonal;
            inverse_diagonal[j] = inverse;
            solution[j] = right * inverse;
            product = product * diagonal;
            for i in j + 1..LINEAR {
                let mut entry = normal.gram[i][j];
                for k in 0..j {
                    entry = lower[i][k].neg_mul_add(lower[j][k], entry);
                }
                lower[i][j] = entry * inverse;
            }
        }
        let (mut explained, mut last_row_squared, mut last_row_solution) =
            (Lanes::zero(), Lanes::zero(), Lanes::zero());
        for k in 0..DRUG {
            explained = solution[k].mul_add(solution[k], explained);
            last_row_squared = lower[DRUG][k].mul_add(lower[DRUG][k], last_row_squared);
            last_row_solution = lower[DRUG][k].mul_add(solution[k], last_row_solution);
        }
        Factor {
            lower,
            inverse_diagonal,
            solution,
            log_diagonal: product.map(libm::log),
            explained,
            last_row_squared,
            last_row_solution,
        }
    }

    /// Last row for one opinion: the reciprocal of its diagonal and its entry of the solution.
    #[inline(always)]
    pub(super) fn last_row(&self, normal: &NormalEquations<A>, drug: NormalPrior) -> (Lanes<A>, Lanes<A>) {
        let precision = 1.0 / (drug.sd * drug.sd);
        let pivot = normal.gram[DRUG][DRUG] + Lanes::splat(precision) - self.last_row_squared;
        let right = normal.with_scores[DRUG] + Lanes::splat(precision * drug.mean) - self.last_row_solution;
        let inverse = Lanes::one() / pivot.sqrt();
        (inverse, right * inverse)
    }

    /// Solves `L u = w` but for the last row, where it returns what is left to divide by the diagonal.
    #[inline(always)]
    pub(super) fn forward(&self, weights: &[Lanes<A>; LINEAR]) -> ([Lanes<A>; DRUG], Lanes<A>) {
        let mut u = [Lanes::zero(); DRUG];
        for i in 0..DRUG {
            let mut rest = weights[i];
            for k in 0..i {
                rest = self.lower[i][k].neg_mul_add(u[k], rest);
            }
            u[i] = rest * self.inverse_diagonal[i];
        }
        let mut last = weights[DRUG];
        for k in 0..DRUG {
            last = self.lower[DRUG][k].neg_mul_add(u[k], last);
        }
        (u, last)
    }
}

#[inline(always)]
fn dot<A: Arch>(a: &[Lanes<A>; DRUG], b: &[Lanes<A>; DRUG]) -> Lanes<A> {
    let mut sum = Lanes::zero();
    for k in 0..DRUG {
        sum = a[k].mul_add(b[k], sum);
    }
    sum
}

struct Evaluation<'a> {
    design: &'a Design,
    thetas: &'a [Theta],
}

impl Kernel for Evaluation<'_> {
    type Output = Vec<Conditional>;

    #[inline(always)]
    fn run<A: Arch>(self) -> Vec<Conditional> {
        let mut results = Vec::with_capacity(self.thetas.len().next_multiple_of(LANES));
        for chunk in self.thetas.chunks(LANES) {
            // A last incomplete block repeats its last vector.
            let block: [Theta; LANES] = std::array::from_fn(|l| chunk[l.min(chunk.len() - 1)]);
            let conditionals = self.design.evaluate_block::<A>(&block);
            results.extend_from_slice(&conditionals[..chunk.len()]);
        }
        results
    }
}

impl Design {
    #[inline(always)]
    fn evaluate_block<A: Arch>(&self, thetas: &[Theta; LANES]) -> [Conditional; LANES] {
        let rates = Rates::<A>::new(thetas, self.rounding_variance);
        let (normal, courses) = self.normal_equations(&rates);
        let factor = Factor::new(&normal, &self.linear);
        let (baseline, baseline_last) = factor.forward(&courses.baseline_weights(self));
        let (total, total_last) = factor.forward(&courses.total_weights(self));
        let shared = [
            dot(&baseline, &baseline),
            dot(&total, &total),
            dot(&baseline, &total),
            dot(&baseline, &factor.solution),
            dot(&total, &factor.solution),
        ];
        let fixed = self.log_marginal_without_last_row(&normal, &factor);
        let level = self.linear[Linear::Level as usize].mean;

        let mut results = [Conditional {
            log_marginal: [0.0; PRIORS],
            joint: [Joint::default(); PRIORS],
            built_up_before: 0.0,
            built_up_after: 0.0,
            buildup: 0.0,
        }; LANES];
        for (p, drug) in self.drug.iter().enumerate() {
            let (inverse, solution) = factor.last_row(&normal, *drug);
            let (b, t) = (baseline_last * inverse, total_last * inverse);
            let log_marginal = fixed + last_row_log_marginal(*drug, inverse, solution);
            let mean = [
                b.mul_add(solution, shared[3]) + Lanes::splat(level),
                t.mul_add(solution, shared[4]),
                inverse * solution,
            ];
            let covariance = [
                b.mul_add(b, shared[0]),
                t.mul_add(t, shared[1]),
                inverse * inverse,
                b.mul_add(t, shared[2]),
                b * inverse,
                t * inverse,
            ];
            for (l, result) in results.iter_mut().enumerate() {
                result.log_marginal[p] = log_marginal.to_array()[l];
                result.joint[p] = Joint {
                    mean: mean.map(|m| m.to_array()[l]),
                    covariance: covariance.map(|c| c.to_array()[l]),
                };
            }
        }
        for (l, result) in results.iter_mut().enumerate() {
            result.built_up_before = courses.drug_before.to_array()[l];
            result.built_up_after = courses.drug_after.to_array()[l];
            result.buildup = courses.buildup.to_array()[l];
        }
        results
    }

    /// The log marginal likelihood but for the terms of the drug effect.
    #[inline(always)]
    pub(super) fn log_marginal_without_last_row<A: Arch>(
        &self,
        normal: &NormalEquations<A>,
        factor: &Factor<A>,
    ) -> Lanes<A> {
        let mut constant = -0.5 * self.n_scored as f64 * libm::log(2.0 * std::f64::consts::PI);
        for (i, prior) in self.linear.iter().enumerate() {
            let centred_mean = if i == Linear::Level as usize { 0.0 } else { prior.mean };
            constant -= 0.5 * (centred_mean / prior.sd) * (centred_mean / prior.sd) + libm::log(prior.sd);
        }
        let half = Lanes::splat(0.5);
        Lanes::splat(constant)
            - half * (normal.log_determinant + normal.scores_squared - factor.explained)
            - factor.log_diagonal
    }
}

/// The terms of the drug effect in the log marginal likelihood.
#[inline(always)]
pub(super) fn last_row_log_marginal<A: Arch>(
    drug: NormalPrior,
    inverse: Lanes<A>,
    solution: Lanes<A>,
) -> Lanes<A> {
    let constant = -0.5 * (drug.mean / drug.sd) * (drug.mean / drug.sd) - libm::log(drug.sd);
    Lanes::splat(0.5) * solution * solution + inverse.map(libm::log) + Lanes::splat(constant)
}
