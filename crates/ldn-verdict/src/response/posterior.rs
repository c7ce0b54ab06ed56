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
const MOST_REFITS: usize = 2;
/// Points of the last attempt.
const LAST_RESORT: u32 = 16_384;
/// Normal components of the last attempt.
const LAST_COMPONENTS: usize = 3;
/// How often the last attempt is fitted again to its own points.
const LAST_ATTEMPTS: usize = 3;
/// Rounds of expectation and maximisation that fit them.
const LAST_ROUNDS: usize = 20;

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
            let attempts_left = rounds < 1 + MOST_REFITS + LAST_ATTEMPTS;
            if (trusted && (enough || !refits_left)) || !attempts_left {
                return Posterior { thetas, conditionals, weights, mode, rounds };
            }
            if refits_left {
                proposal = Proposal::single(Component::fitted(&drawn.points, &main.weights));
            } else {
                // One normal distribution does not fit: where the scores look like pure white noise, either the slow
                // component is small or its memory is, and the posterior bends around that corner.
                proposal = Proposal::mixture(&drawn.points, &main.weights);
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
        Theta(std::array::from_fn(|i| self.0[i].sd.mul_add(z[i], self.0[i].mean)))
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
    fn mixture(points: &[Point], weights: &[f64]) -> Proposal {
        let whole = Component::fitted(points, weights);
        let longest = whole.axes[DIM - 1];
        let mut order: Vec<(f64, usize)> =
            points.iter().map(|z| z.iter().zip(longest).map(|(z, a)| z * a).sum::<f64>()).zip(0..).collect();
        order.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut memberships = vec![[0.0; LAST_COMPONENTS]; points.len()];
        let mut below = 0.0;
        for (_, k) in order {
            let third = ((below * LAST_COMPONENTS as f64) as usize).min(LAST_COMPONENTS - 1);
            memberships[k][third] = weights[k];
            below += weights[k];
        }
        let mut proposal = Proposal::from_memberships(points, &memberships);
        for _ in 0..LAST_ROUNDS {
            for ((z, weight), membership) in points.iter().zip(weights).zip(&mut memberships) {
                let logs: Vec<f64> =
                    proposal.parts.iter().map(|(share, c)| libm::log(*share) + c.log_density(z)).collect();
                let total = log_sum_exp(&logs);
                membership.fill(0.0);
                for (m, log) in membership.iter_mut().zip(&logs) {
                    *m = weight * libm::exp(log - total);
                }
            }
            proposal = Proposal::from_memberships(points, &memberships);
        }
        proposal.with_skirts()
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

    /// Components that hardly any weight belongs to are left out.
    fn from_memberships(points: &[Point], memberships: &[[f64; LAST_COMPONENTS]]) -> Proposal {
        const LEAST_SHARE: f64 = 0.01;
        let total: f64 = memberships.iter().flatten().sum();
        let parts: Vec<(f64, Component)> = (0..LAST_COMPONENTS)
            .filter_map(|j| {
                let mass: f64 = memberships.iter().map(|m| m[j]).sum();
                let weights: Vec<f64> = memberships.iter().map(|m| m[j] / mass).collect();
                (mass / total >= LEAST_SHARE).then(|| (mass / total, Component::fitted(points, &weights)))
            })
            .collect();
        let kept: f64 = parts.iter().map(|(share, _)| share).sum();
        Proposal { parts: parts.into_iter().map(|(share, component)| (share / kept, component)).collect() }
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
                let logs: Vec<f64> =
                    parts.iter().map(|(share, c)| libm::log(*share) + c.log_density(z)).collect();
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
}

impl Component {
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
        Component { centre, axes, left: side(0), right: side(1) }
    }

    /// Follows weighted points: their mean and covariance.
    fn fitted(points: &[Point], weights: &[f64]) -> Component {
        let mean =
            |f: &dyn Fn(&Point) -> f64| -> f64 { points.iter().zip(weights).map(|(z, w)| w * f(z)).sum() };
        let centre: Point = std::array::from_fn(|i| mean(&|z| z[i]));
        let covariance: [Point; DIM] = std::array::from_fn(|i| {
            std::array::from_fn(|j| {
                let regularised = if i == j { 1e-4 } else { 0.0 };
                regularised + mean(&|z| (z[i] - centre[i]) * (z[j] - centre[j]))
            })
        });
        let eigen = eigen::symmetric(&covariance);
        let spread = eigen.values.map(f64::sqrt);
        Component { centre, axes: eigen.vectors, left: spread, right: spread }
    }

    fn stretched(self, factor: f64) -> Component {
        let by_factor = |scales: Point| scales.map(|scale| factor * scale);
        Component { left: by_factor(self.left), right: by_factor(self.right), ..self }
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
            + self.log_constant()
    }

    fn log_constant(&self) -> f64 {
        (0..DIM).map(|i| -libm::log(0.5 * (self.left[i] + self.right[i]))).sum()
    }
}

fn along(z: &Point, axis: &Point, distance: f64) -> Point {
    std::array::from_fn(|j| distance.mul_add(axis[j], z[j]))
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
