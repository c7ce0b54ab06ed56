//! A linear model in which every group has a level of its own: one random intercept, by restricted maximum likelihood.

use crate::linear::Cholesky;

/// Logarithms of the least and the greatest ratio of the groups' variance to the error's that are looked at.
const LOG_RATIOS: (f64, f64) = (-12.0, 8.0);
/// Points of the first look, which finds the valley that is then narrowed.
const FIRST_LOOK: usize = 41;
/// Rounds of golden-section search; each leaves 0.618 of the bracket.
const ROUNDS: usize = 60;

/// A fitted model.
#[derive(Clone, Debug, PartialEq)]
pub struct RandomIntercept {
    /// Coefficients of the fixed columns.
    pub coefficients: Vec<f64>,
    /// Their standard errors.
    pub standard_errors: Vec<f64>,
    /// Variance between groups over variance within; 0 where none was found.
    pub ratio: f64,
    /// Variance within groups.
    pub error_variance: f64,
}

/// One observation: its group, its fixed columns, its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// Group, counted from 0.
    pub group: usize,
    /// Fixed columns, the intercept's 1 among them.
    pub columns: Vec<f64>,
    /// Value.
    pub y: f64,
}

/// Fits y = X·beta + level of the group + error by restricted maximum likelihood, as `lmer(y ~ x + (1 | group))` does.
///
/// Given the ratio of variances everything is in closed form, so that the criterion is profiled and its only parameter
/// searched (Bates et al. 2015, section 3). `None` with too few observations, or if one column follows from others.
pub fn random_intercept(observations: &[Observation]) -> Option<RandomIntercept> {
    let sums = Sums::of(observations)?;
    let step = (LOG_RATIOS.1 - LOG_RATIOS.0) / (FIRST_LOOK - 1) as f64;
    let criterion = |log_ratio: f64| sums.fit(libm::exp(log_ratio)).map_or(f64::INFINITY, |fit| fit.0);
    let best = (0..FIRST_LOOK)
        .map(|i| LOG_RATIOS.0 + i as f64 * step)
        .min_by(|a, b| criterion(*a).total_cmp(&criterion(*b)))?;
    let (mut low, mut high) = (best - step, best + step);
    const GOLDEN: f64 = 0.618_033_988_749_894_8;
    for _ in 0..ROUNDS {
        let (left, right) = (high - GOLDEN * (high - low), low + GOLDEN * (high - low));
        if criterion(left) < criterion(right) {
            high = right;
        } else {
            low = left;
        }
    }
    let at = 0.5 * (low + high);
    // At the lower end there is no variance between groups that could be told from none.
    let ratio = if at <= LOG_RATIOS.0 { 0.0 } else { libm::exp(at) };
    Some(sums.fit(ratio)?.1)
}

/// What the fit needs of the observations, gathered once.
struct Sums {
    n: usize,
    gram: Vec<Vec<f64>>,
    right: Vec<f64>,
    squares: f64,
    groups: Vec<Group>,
}

struct Group {
    size: f64,
    columns: Vec<f64>,
    y: f64,
}

impl Sums {
    fn of(observations: &[Observation]) -> Option<Sums> {
        let p = observations.first()?.columns.len();
        if observations.len() <= p {
            return None;
        }
        let n_groups = 1 + observations.iter().map(|o| o.group).max()?;
        let mut sums = Sums {
            n: observations.len(),
            gram: (0..p).map(|i| vec![0.0; i + 1]).collect(),
            right: vec![0.0; p],
            squares: 0.0,
            groups: (0..n_groups).map(|_| Group { size: 0.0, columns: vec![0.0; p], y: 0.0 }).collect(),
        };
        for o in observations {
            let group = &mut sums.groups[o.group];
            group.size += 1.0;
            group.y += o.y;
            sums.squares += o.y * o.y;
            for i in 0..p {
                group.columns[i] += o.columns[i];
                sums.right[i] += o.columns[i] * o.y;
                for j in 0..=i {
                    sums.gram[i][j] += o.columns[i] * o.columns[j];
                }
            }
        }
        Some(sums)
    }

    /// Minus twice the restricted log-likelihood up to a constant, and the fit, at one ratio of variances.
    fn fit(&self, ratio: f64) -> Option<(f64, RandomIntercept)> {
        let (mut gram, mut right, mut squares) = (self.gram.clone(), self.right.clone(), self.squares);
        let mut log_determinant = 0.0;
        for group in &self.groups {
            // The inverse of I + ratio·11′ is I − share·11′.
            let share = ratio / (1.0 + ratio * group.size);
            log_determinant += libm::log1p(ratio * group.size);
            squares -= share * group.y * group.y;
            for i in 0..right.len() {
                right[i] -= share * group.columns[i] * group.y;
                for j in 0..=i {
                    gram[i][j] -= share * group.columns[i] * group.columns[j];
                }
            }
        }
        let factor = Cholesky::of(&gram)?;
        let coefficients = factor.solve(&right);
        let explained: f64 = coefficients.iter().zip(&right).map(|(b, r)| b * r).sum();
        let degrees = (self.n - right.len()) as f64;
        let error_variance = (squares - explained) / degrees;
        if error_variance.is_nan() || error_variance <= 0.0 {
            return None;
        }
        let criterion = degrees * libm::log(error_variance) + log_determinant + factor.log_determinant();
        let standard_errors = factor.inverse_diagonal().iter().map(|v| (error_variance * v).sqrt()).collect();
        Some((criterion, RandomIntercept { coefficients, standard_errors, ratio, error_variance }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn observations(values: &[(usize, f64)]) -> Vec<Observation> {
        values.iter().map(|(group, y)| Observation { group: *group, columns: vec![1.0], y: *y }).collect()
    }

    /// In a balanced design the estimates are those of the analysis of variance: within 1, between (5 − 1)/2.
    #[test]
    fn a_balanced_design_in_closed_form() {
        // Three pairs with means 1, 3, 5 and a squared error of 0.5 each within.
        let d = 0.5_f64.sqrt() / 2.0_f64.sqrt();
        let values: Vec<(usize, f64)> =
            [1.0, 3.0, 5.0].iter().enumerate().flat_map(|(g, m)| [(g, m - d), (g, m + d)]).collect();
        let fit = random_intercept(&observations(&values)).unwrap();
        let within = 2.0 * d * d; // mean square within
        let between = 2.0 * 4.0; // twice the variance of the means
        assert!((fit.error_variance - within).abs() < 1e-6, "{fit:?}");
        assert!((fit.ratio - (between - within) / (2.0 * within)).abs() < 1e-4, "{fit:?}");
        assert!((fit.coefficients[0] - 3.0).abs() < 1e-9);
        assert!((fit.standard_errors[0] - (between / 6.0).sqrt()).abs() < 1e-6);
    }

    #[test]
    fn groups_that_do_not_differ() {
        let values = [(0, 1.0), (0, 3.0), (1, 3.0), (1, 1.0)];
        let fit = random_intercept(&observations(&values)).unwrap();
        assert!(fit.ratio < 1e-4, "{fit:?}");
        assert_eq!(random_intercept(&observations(&[(0, 1.0)])), None);
    }
}
