//! The posterior of the nonlinear parameters: mode, proposal, points and weights. No random numbers.

use ldn_stats::newton::{self, Maximum};
use ldn_stats::{eigen, halton, normal, psis};

use super::exact::{Conditional, Design};
use super::prior::{DrugPrior, NormalPrior, PriorSet};
use super::theta::Theta;

const DIM: usize = Theta::LEN;
type Point = [f64; DIM];

/// Share of points drawn from the prior, so that no corner of it is ever missed.
const DEFENSIVE_SHARE: f64 = 0.15;
/// Scales of the proposal are stretched by this much: too wide costs a little, too narrow a lot.
const STRETCH: f64 = 1.15;
/// Curvature below which the proposal does not follow: the prior alone has curvature 1.
const LEAST_CURVATURE: f64 = 0.7;
/// Bounds of the correction of a side's scale.
const SIDE_SCALE: (f64, f64) = (0.6, 2.0);
/// Importance weights with a larger shape are not trusted: 1 − 1/log10(1024).
pub const LARGEST_K_HAT: f64 = 0.67;
/// Effective draws below this share of the points call for another round.
const LEAST_EFFECTIVE_SHARE: f64 = 0.1;
/// How often the proposal is fitted again before more points are taken.
const MOST_REFITS: usize = 2;
/// Points of the last attempts.
const LAST_RESORT: u32 = 16_384;
/// How often it is fitted again with the most points.
const LAST_REFITS: usize = 2;
/// Normal distributions in a fitted proposal.
const COMPONENTS: usize = 3;
/// Rounds of expectation and maximisation that fit them.
const FITTING_ROUNDS: usize = 8;
/// Fewest points, and share of all points, that these look at.
const FITTING_POINTS: (usize, f64) = (1_024, 0.25);

/// How many points carry the posterior.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Points {
    /// 4,096: one person's verdict.
    #[default]
    Person,
    /// 1,024: one of many courses in a registry.
    Registry,
}

impl Points {
    /// Returns the number of points.
    pub const fn count(self) -> u32 {
        match self {
            Points::Person => 4_096,
            Points::Registry => 1_024,
        }
    }
}

/// The posterior as weighted points, each with its exact conditional distribution.
#[derive(Clone, Debug)]
pub struct Posterior {
    /// Nonlinear parameters of the points.
    pub thetas: Vec<Theta>,
    /// Conditional distributions at the points.
    pub conditionals: Vec<Conditional>,
    /// Weights of the points under each opinion, each adding up to 1, with their diagnostics.
    pub weights: [psis::Smoothed; 4],
    /// The mode that was found.
    pub mode: Theta,
    /// How many rounds of weighting were needed.
    pub rounds: usize,
}

impl Posterior {
    /// Computes the posterior; the proposal is fitted under `prior`, the other opinions are reweighted from it.
    pub fn compute(design: &Design, priors: &PriorSet, prior: DrugPrior, points: Points) -> Posterior {
        let scale = WorkingScale(priors.nonlinear);
        let objective = |points: &[Point]| -> Vec<f64> {
            let thetas: Vec<Theta> = points.iter().map(|z| scale.theta(z)).collect();
            let evaluated = design.evaluate(&thetas);
            evaluated
                .iter()
                .zip(points)
                .map(|(c, z)| c.log_marginal[prior.index()] - half_square(z))
                .collect()
        };
        let maximum = newton::maximise([0.0; DIM], objective);
        let mode = scale.theta(&maximum.point);
        let mut proposal = Proposal::single(Component::around(&maximum, objective));
        let mut rounds = 0;
        let mut n = points.count();
        loop {
            rounds += 1;
            let drawn = Drawn::new(&proposal, n);
            let thetas: Vec<Theta> = drawn.points.iter().map(|z| scale.theta(z)).collect();
            let conditionals = design.evaluate(&thetas);
            let weights = DrugPrior::ALL.map(|p| drawn.weights(&conditionals, p));
            let main = &weights[prior.index()];
            let trusted = main.k_hat <= LARGEST_K_HAT;
            let enough = main.effective_draws >= LEAST_EFFECTIVE_SHARE * f64::from(n);
            let refits_left = rounds <= MOST_REFITS;
            let last_refits_left = rounds <= MOST_REFITS + LAST_REFITS;
            if (trusted && (enough || !refits_left)) || (n == LAST_RESORT && !last_refits_left) {
                return Posterior { thetas, conditionals, weights, mode, rounds };
            }
            proposal = Proposal::fitted(&drawn.points, &main.weights);
            if !refits_left {
                n = LAST_RESORT;
            }
        }
    }

    /// Returns the weighted mean of the nonlinear parameters under one opinion.
    pub fn mean_theta(&self, prior: DrugPrior) -> Theta {
        let weights = &self.weights[prior.index()].weights;
        Theta(std::array::from_fn(|i| self.thetas.iter().zip(weights).map(|(theta, w)| w * theta.0[i]).sum()))
    }
}

/// From standardised coordinates, in which the prior is standard normal, to the nonlinear parameters.
struct WorkingScale([NormalPrior; DIM]);

impl WorkingScale {
    fn theta(&self, z: &Point) -> Theta {
        Theta(std::array::from_fn(|i| self.0[i].mean + self.0[i].sd * z[i]))
    }
}

fn half_square(z: &Point) -> f64 {
    0.5 * z.iter().map(|z| z * z).sum::<f64>()
}

/// What the points are drawn from, beside the prior: components with their shares, which add up to 1.
#[derive(Clone, Debug)]
struct Proposal {
    parts: Vec<(f64, Component)>,
}

impl Proposal {
    fn single(component: Component) -> Proposal {
        Proposal { parts: vec![(1.0, component)] }
    }

    /// Follows weighted points by several normal distributions, fitted by expectation and maximisation; it starts from
    /// thirds of the points along their longest axis.
    ///
    /// One normal distribution often does not fit: where the scores look like pure white noise, either the slow
    /// component is small or its memory is, and the posterior bends around that corner.
    fn fitted(points: &[Point], weights: &[f64]) -> Proposal {
        // The first points of the sequence are as evenly spread as all of it; every so-many-th would not be.
        let (fewest, share) = FITTING_POINTS;
        let n = points.len().min(fewest.max((share * points.len() as f64) as usize));
        let (points, weights) = (&points[..n], &weights[..n]);
        let longest = Component::fitted(points, weights).axes[DIM - 1];
        let mut order: Vec<(f64, usize)> =
            points.iter().map(|z| z.iter().zip(longest).map(|(z, a)| z * a).sum::<f64>()).zip(0..).collect();
        order.sort_by(|a, b| a.0.total_cmp(&b.0));
        let total: f64 = weights.iter().sum();
        let mut memberships = vec![[0.0; COMPONENTS]; points.len()];
        let mut below = 0.0;
        for (_, k) in order {
            let third = ((below / total * COMPONENTS as f64) as usize).min(COMPONENTS - 1);
            memberships[k][third] = weights[k];
            below += weights[k];
        }
        let mut proposal = Proposal::from_memberships(points, &memberships);
        for _ in 0..FITTING_ROUNDS {
            for ((z, weight), membership) in points.iter().zip(weights).zip(&mut memberships) {
                proposal.share_out(z, *weight, membership);
            }
            proposal = Proposal::from_memberships(points, &memberships);
        }
        proposal.with_skirts()
    }

    /// Divides the weight of a point among the components.
    fn share_out(&self, z: &Point, weight: f64, membership: &mut [f64; COMPONENTS]) {
        membership.fill(0.0);
        let logs = self.parts.iter().map(|(share, component)| libm::log(*share) + component.log_density(z));
        membership.iter_mut().zip(logs).for_each(|(m, log)| *m = log);
        let used = &mut membership[..self.parts.len()];
        let total = log_sum_exp(used);
        used.iter_mut().for_each(|log| *log = weight * libm::exp(*log - total));
    }

    /// Components that hardly any weight belongs to are left out.
    fn from_memberships(points: &[Point], memberships: &[[f64; COMPONENTS]]) -> Proposal {
        const LEAST_SHARE: f64 = 0.01;
        let total: f64 = memberships.iter().flatten().sum();
        let parts: Vec<(f64, Component)> = (0..COMPONENTS)
            .filter_map(|j| {
                let weights: Vec<f64> = memberships.iter().map(|m| m[j]).collect();
                let share = weights.iter().sum::<f64>() / total;
                (share >= LEAST_SHARE).then(|| (share, Component::fitted(points, &weights)))
            })
            .collect();
        let kept: f64 = parts.iter().map(|(share, _)| share).sum();
        Proposal { parts: parts.into_iter().map(|(share, component)| (share / kept, component)).collect() }
    }

    /// Gives every component a wider copy, so that the proposal's tails are not lighter than the posterior's.
    fn with_skirts(self) -> Proposal {
        const SHARE: f64 = 0.3;
        const WIDTH: f64 = 2.0;
        let both = |(share, component): (f64, Component)| {
            [
                (share * (1.0 - SHARE), component.clone().stretched(STRETCH)),
                (share * SHARE, component.stretched(WIDTH)),
            ]
        };
        Proposal { parts: self.parts.into_iter().flat_map(both).collect() }
    }

    /// Returns the component whose turn it is; `u` is in [0, 1).
    fn pick(&self, u: f64) -> &Component {
        let mut below = 0.0;
        let found = self.parts.iter().find(|(share, _)| {
            below += share;
            u < below
        });
        &found.unwrap_or(&self.parts[self.parts.len() - 1]).1
    }

    /// Log-density up to the constant −½·DIM·ln 2π.
    fn log_density(&self, z: &Point) -> f64 {
        match self.parts.as_slice() {
            [(_, component)] => component.log_density(z),
            parts => {
                /// Twice as many as are fitted, for their skirts.
                const MOST: usize = 2 * COMPONENTS;
                let mut logs = [f64::NEG_INFINITY; MOST];
                for (log, (share, component)) in logs.iter_mut().zip(parts) {
                    *log = libm::log(*share) + component.log_density(z);
                }
                log_sum_exp(&logs)
            }
        }
    }
}

fn log_sum_exp(logs: &[f64]) -> f64 {
    let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    largest + libm::log(logs.iter().map(|log| libm::exp(log - largest)).sum())
}

/// A component of the proposal: along each axis a normal distribution whose two sides may differ in width.
#[derive(Clone, Debug)]
struct Component {
    centre: Point,
    axes: [Point; DIM],
    left: Point,
    right: Point,
    /// Logarithm of the density at the centre, up to the constant −½·DIM·ln 2π.
    log_peak: f64,
}

impl Component {
    fn new(centre: Point, axes: [Point; DIM], left: Point, right: Point) -> Component {
        let log_peak = (0..DIM).map(|i| -libm::log(0.5 * (left[i] + right[i]))).sum();
        Component { centre, axes, left, right, log_peak }
    }

    /// Follows the posterior around its mode, each side of each axis as wide as the posterior falls there.
    fn around(maximum: &Maximum<DIM>, objective: impl Fn(&[Point]) -> Vec<f64>) -> Component {
        let (centre, axes) = (maximum.point, maximum.curvature.vectors);
        let spread: Point = maximum.curvature.values.map(|value| 1.0 / value.max(LEAST_CURVATURE).sqrt());
        let probes: Vec<Point> = (0..DIM)
            .flat_map(|i| {
                [-1.0, 1.0].map(|side| along(&centre, &axes[i], side * std::f64::consts::SQRT_2 * spread[i]))
            })
            .collect();
        // Where the posterior is normal it falls by exactly 1 at √2 standard deviations.
        let scales: Vec<f64> = objective(&probes)
            .into_iter()
            .map(|value| {
                let drop = maximum.value - value;
                if drop > 0.0 { (1.0 / drop.sqrt()).clamp(SIDE_SCALE.0, SIDE_SCALE.1) } else { SIDE_SCALE.1 }
            })
            .collect();
        let side = |offset: usize| std::array::from_fn(|i| STRETCH * spread[i] * scales[2 * i + offset]);
        Component::new(centre, axes, side(0), side(1))
    }

    /// Follows weighted points: their mean and covariance. The weights need not add up to 1.
    fn fitted(points: &[Point], weights: &[f64]) -> Component {
        /// Keeps a component that has collapsed onto few points from vanishing.
        const REGULARISATION: f64 = 1e-4;
        let total: f64 = weights.iter().sum();
        let mut centre = [0.0; DIM];
        for (z, weight) in points.iter().zip(weights) {
            (0..DIM).for_each(|i| centre[i] += weight * z[i]);
        }
        centre.iter_mut().for_each(|c| *c /= total);
        let mut covariance = [[0.0; DIM]; DIM];
        for (z, weight) in points.iter().zip(weights) {
            for i in 0..DIM {
                for j in 0..=i {
                    covariance[i][j] += weight * (z[i] - centre[i]) * (z[j] - centre[j]);
                }
            }
        }
        for i in 0..DIM {
            for j in 0..=i {
                covariance[i][j] /= total;
                covariance[j][i] = covariance[i][j];
            }
            covariance[i][i] += REGULARISATION;
        }
        let eigen = eigen::symmetric(&covariance);
        let spread = eigen.values.map(f64::sqrt);
        Component::new(centre, eigen.vectors, spread, spread)
    }

    fn stretched(self, factor: f64) -> Component {
        let by_factor = |scales: Point| scales.map(|scale| factor * scale);
        Component::new(self.centre, self.axes, by_factor(self.left), by_factor(self.right))
    }

    fn draw(&self, u: &Point) -> Point {
        let mut z = self.centre;
        for i in 0..DIM {
            let (left, right) = (self.left[i], self.right[i]);
            let share_left = left / (left + right);
            let distance = if u[i] < share_left {
                left * normal::quantile(u[i] / (2.0 * share_left))
            } else {
                right * normal::quantile(0.5 + (u[i] - share_left) / (2.0 * (1.0 - share_left)))
            };
            z = along(&z, &self.axes[i], distance);
        }
        z
    }

    /// Log-density up to the constant −½·DIM·ln 2π.
    fn log_density(&self, z: &Point) -> f64 {
        (0..DIM)
            .map(|i| {
                let distance: f64 = (0..DIM).map(|j| (z[j] - self.centre[j]) * self.axes[i][j]).sum();
                let scaled = distance / if distance < 0.0 { self.left[i] } else { self.right[i] };
                -0.5 * scaled * scaled
            })
            .sum::<f64>()
            + self.log_peak
    }
}

fn along(z: &Point, axis: &Point, distance: f64) -> Point {
    std::array::from_fn(|j| z[j] + distance * axis[j])
}

/// Points of the proposal with the logarithm of its density.
struct Drawn {
    points: Vec<Point>,
    log_density: Vec<f64>,
}

impl Drawn {
    fn new(proposal: &Proposal, n: u32) -> Drawn {
        /// Base of the point set's seventh dimension, which picks the component.
        const PICKING_BASE: u32 = 17;
        let n_defensive = (DEFENSIVE_SHARE * f64::from(n)).round() as u32;
        let share = f64::from(n_defensive) / f64::from(n);
        let (log_main, log_defensive) = (libm::log(1.0 - share), libm::log(share));
        let mut drawn =
            Drawn { points: Vec::with_capacity(n as usize), log_density: Vec::with_capacity(n as usize) };
        for k in 0..n {
            let u = halton::point(k);
            // Spread evenly over the sequence, so that both components keep its evenness.
            let defensive = (u64::from(k) * u64::from(n_defensive)) % u64::from(n) < u64::from(n_defensive);
            let z = if defensive {
                u.map(normal::quantile)
            } else {
                proposal.pick(halton::radical_inverse(PICKING_BASE, halton::SKIPPED + 1 + k)).draw(&u)
            };
            let a = log_main + proposal.log_density(&z);
            let b = log_defensive - half_square(&z);
            drawn.log_density.push(a.max(b) + libm::log1p(libm::exp(-(a - b).abs())));
            drawn.points.push(z);
        }
        drawn
    }

    fn weights(&self, conditionals: &[Conditional], prior: DrugPrior) -> psis::Smoothed {
        let log_weights: Vec<f64> = conditionals
            .iter()
            .zip(&self.points)
            .zip(&self.log_density)
            .map(|((c, z), density)| c.log_marginal[prior.index()] - half_square(z) - density)
            .collect();
        psis::smooth(&log_weights)
    }
}
