//! The exact posterior of the normal–normal model.
//!
//! yᵢ ~ N(θᵢ, vᵢ) with vᵢ known, θᵢ ~ N(μ, τ²), a half-normal prior on τ and a normal or flat one on μ. Given τ all is
//! normal and in closed form; over τ, one dimension, it is integrated by quadrature. The results are mixtures of normal
//! distributions without Monte Carlo error, the same on every machine. (Röver 2020 gives the formulas and the reasons for
//! the half-normal prior; its section 2.3 the mixture.)

use super::root;
use super::weighted::{Weighted, weight};
use super::{Effect, MetaError, check_effects};
use crate::mixture::Mixture;

/// What is believed before the trials.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prior {
    /// Scale of the half-normal prior of τ, above 0, in the unit of the effects: τ lies below it with probability 68 %, and
    /// below twice it with 95 %.
    pub tau_scale: f64,
    /// The prior of μ.
    pub mu: MuPrior,
}

/// The prior of the mean effect.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MuPrior {
    /// Every value as likely as every other; the posterior is proper from one study on.
    Flat,
    /// Normal.
    Normal {
        /// Its mean.
        mean: f64,
        /// Its standard deviation, above 0.
        sd: f64,
    },
}

/// What is believed after the trials.
#[derive(Clone, Debug)]
pub struct Posterior {
    /// The mean effect μ over all trials like these.
    pub mu: Mixture,
    /// The **predictive distribution**: the true effect θ in a new trial like these, N(μ, τ²) over the posterior of both. As
    /// the prior of one person's effect it has to be widened by the spread between persons, which trials' means do not show.
    pub predictive: Mixture,
    /// The standard deviation τ between trials.
    pub tau: TauPosterior,
}

/// Returns the posterior, to about ten digits.
///
/// ```
/// use ldn_stats::meta::Effect;
/// use ldn_stats::meta::bayes::{MuPrior, Prior, posterior};
///
/// let effects = [(-0.6, 0.2), (0.1, 0.1)].map(|(estimate, variance)| Effect { estimate, variance });
/// let after = posterior(&effects, &Prior { tau_scale: 0.5, mu: MuPrior::Normal { mean: 0.0, sd: 2.0 } })?;
/// assert!(after.predictive.sd() > after.mu.sd());
/// println!("a new trial's effect: {:.2} to {:.2}", after.predictive.quantile(0.05), after.predictive.quantile(0.95));
/// # Ok::<(), ldn_stats::meta::MetaError>(())
/// ```
///
/// # Errors
/// [`MetaError::NoStudies`], [`MetaError::Estimate`], [`MetaError::Variance`] for bad effects, [`MetaError::Prior`] for a bad
/// prior, [`MetaError::OutOfRange`] where the numbers are too extreme.
pub fn posterior(effects: &[Effect], prior: &Prior) -> Result<Posterior, MetaError> {
    check_effects(effects)?;
    prior.check()?;
    let mut density = Density { effects: effects.to_vec(), prior: *prior, peak: 0.0 };
    let breaks = density.find_breaks().ok_or(MetaError::OutOfRange)?;
    let tau = TauPosterior::integrate(density, &breaks);
    if !(tau.mean.is_finite() && tau.total > 0.0) {
        return Err(MetaError::OutOfRange);
    }
    let given: Vec<MuGivenTau> = tau.nodes.iter().map(|node| tau.density.mu_given(node.tau)).collect();
    let weights: Vec<f64> = tau.nodes.iter().map(|node| node.weight).collect();
    let means: Vec<f64> = given.iter().map(|mu| mu.mean).collect();
    let mu_sds: Vec<f64> = given.iter().map(|mu| mu.variance.sqrt()).collect();
    let new_sds: Vec<f64> =
        given.iter().zip(&tau.nodes).map(|(mu, node)| (mu.variance + node.tau * node.tau).sqrt()).collect();
    Ok(Posterior {
        mu: Mixture::new(&weights, &means, &mu_sds),
        predictive: Mixture::new(&weights, &means, &new_sds),
        tau,
    })
}

impl Prior {
    fn check(&self) -> Result<(), MetaError> {
        let positive = |parameter, value: f64| {
            let expected = "a finite number above 0";
            let fine = value.is_finite() && value > 0.0;
            if fine { Ok(()) } else { Err(MetaError::Prior { parameter, value, expected }) }
        };
        positive("scale of tau", self.tau_scale)?;
        if let MuPrior::Normal { mean, sd } = self.mu {
            positive("standard deviation of mu", sd)?;
            if !mean.is_finite() {
                return Err(MetaError::Prior {
                    parameter: "mean of mu",
                    value: mean,
                    expected: "a finite number",
                });
            }
        }
        Ok(())
    }
}

/// The posterior of the standard deviation τ between trials.
#[derive(Clone, Debug)]
pub struct TauPosterior {
    density: Density,
    panels: Vec<Panel>,
    nodes: Vec<Node>,
    /// The integral of the density, whose peak is 1.
    total: f64,
    mean: f64,
    sd: f64,
}

impl TauPosterior {
    /// Returns the mean.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// Returns the standard deviation.
    pub fn sd(&self) -> f64 {
        self.sd
    }

    /// Returns the probability of at most `tau`.
    pub fn cdf(&self, tau: f64) -> f64 {
        let panel = self.panels.partition_point(|panel| panel.to <= tau);
        let Some(Panel { from, before, .. }) = self.panels.get(panel) else {
            return 1.0;
        };
        let within = if tau > *from { self.density.integral(*from, tau) } else { 0.0 };
        ((before + within) / self.total).clamp(0.0, 1.0)
    }

    /// Returns the point below which τ lies with probability `p`, 0 < p < 1.
    pub fn quantile(&self, p: f64) -> f64 {
        let after = self.panels.partition_point(|panel| panel.before <= p * self.total);
        let Panel { from, to, .. } = self.panels[after.saturating_sub(1)];
        let step = |tau: f64| (p - self.cdf(tau)) * self.total / self.density.at(tau);
        root::or_nan(root::follow(0.5 * (from + to), 0.0, step))
    }

    fn integrate(density: Density, breaks: &[f64]) -> TauPosterior {
        let mut spans = Vec::new();
        for ends in breaks.windows(2) {
            density.split(ends[0], ends[1], density.integral(ends[0], ends[1]), 0, &mut spans);
        }
        let (mut panels, mut total) = (Vec::with_capacity(spans.len()), 0.0);
        for Span { from, to, mass } in spans {
            panels.push(Panel { from, to, before: total });
            total += mass;
        }
        let mut nodes: Vec<Node> = panels.iter().flat_map(|panel| density.nodes(panel, total)).collect();
        // Far tails cost time in every later use and weigh nothing.
        nodes.retain(|node| node.weight > 1e-18);
        let mean = nodes.iter().map(|node| node.weight * node.tau).sum::<f64>();
        let variance =
            nodes.iter().map(|node| node.weight * (node.tau - mean) * (node.tau - mean)).sum::<f64>();
        TauPosterior { density, panels, nodes, total, mean, sd: variance.sqrt() }
    }
}

/// A stretch of the τ axis on which eight nodes integrate the density, and the mass before it.
#[derive(Clone, Copy, Debug)]
struct Panel {
    from: f64,
    to: f64,
    before: f64,
}

struct Span {
    from: f64,
    to: f64,
    mass: f64,
}

/// A point of the quadrature; the weights add up to 1.
#[derive(Clone, Copy, Debug)]
struct Node {
    tau: f64,
    weight: f64,
}

/// μ given τ is normal.
struct MuGivenTau {
    mean: f64,
    variance: f64,
    /// The logarithm of the marginal likelihood of τ, up to a constant.
    log_likelihood: f64,
}

/// The posterior density of τ, up to a constant factor.
#[derive(Clone, Debug)]
struct Density {
    effects: Vec<Effect>,
    prior: Prior,
    /// The logarithm of the greatest value.
    peak: f64,
}

/// Where the logarithm of the density lies this far below its peak, what is beyond is left out: e^−45 = 3e-20.
const DEPTH: f64 = 45.0;
/// Ratio of the points at which the density is looked at first: 10,000 studies pin τ down to 1 %.
const RATIO: f64 = 1.02;
/// Halvings of a panel.
const MOST_SPLITS: usize = 40;
/// How well eight nodes and twice eight have to agree, relative.
const AGREEMENT: f64 = 1e-11;

/// Positive nodes and their weights of the Gauss–Legendre rule with eight points (Abramowitz and Stegun, table 25.4).
const GAUSS_LEGENDRE: [(f64, f64); 4] = [
    (0.183_434_642_495_649_8, 0.362_683_783_378_362),
    (0.525_532_409_916_329, 0.313_706_645_877_887_29),
    (0.796_666_477_413_626_7, 0.222_381_034_453_374_47),
    (0.960_289_856_497_536_2, 0.101_228_536_290_376_26),
];

impl Density {
    fn at(&self, tau: f64) -> f64 {
        libm::exp(self.log(tau) - self.peak)
    }

    fn log(&self, tau: f64) -> f64 {
        let z = tau / self.prior.tau_scale;
        self.mu_given(tau).log_likelihood - 0.5 * z * z
    }

    /// The prior of μ counts as one more observation, whose variance does not grow with τ.
    fn mu_given(&self, tau: f64) -> MuGivenTau {
        let tau2 = tau * tau;
        let Weighted { total, mean, q, .. } = Weighted::at(&self.effects, tau2);
        let logs: f64 = self.effects.iter().map(|effect| -libm::log(weight(effect, tau2))).sum();
        let (precision, mean, misfit) = match self.prior.mu {
            MuPrior::Flat => (total, mean, q),
            MuPrior::Normal { mean: prior_mean, sd } => {
                let prior_precision = 1.0 / (sd * sd);
                let precision = total + prior_precision;
                let off = mean - prior_mean;
                let shared = total * prior_precision / precision;
                let mean = (total * mean + prior_precision * prior_mean) / precision;
                (precision, mean, q + shared * off * off)
            }
        };
        let log_likelihood = -0.5 * (logs + libm::log(precision) + misfit);
        MuGivenTau { mean, variance: 1.0 / precision, log_likelihood }
    }

    /// Finds the peak, and points from end to end of the density between which it is smooth; `None` if it is nowhere finite.
    fn find_breaks(&mut self) -> Option<Vec<f64>> {
        let (smallest, largest) = self.reach();
        let mut points = vec![0.0];
        let mut tau = smallest;
        while tau < largest {
            points.push(tau);
            tau *= RATIO;
        }
        let mut logs: Vec<f64> = points.iter().map(|tau| self.log(*tau)).collect();
        while logs.last().is_some_and(|last| *last > logs.iter().fold(f64::MIN, |a, b| a.max(*b)) - DEPTH) {
            tau *= 2.0;
            points.push(tau);
            logs.push(self.log(tau));
        }
        let highest = (0..logs.len()).max_by(|a, b| logs[*a].total_cmp(&logs[*b]))?;
        let neighbours = (points[highest.saturating_sub(1)], *points.get(highest + 1)?);
        let mode = self.climb(neighbours);
        self.peak = self.log(mode).max(logs[highest]);
        let counts = |point: &usize| logs[*point] > self.peak - DEPTH;
        let first = (0..logs.len()).find(counts)?.saturating_sub(1);
        let last = (0..logs.len()).rfind(counts)? + 1;
        let mut breaks: Vec<f64> = points[first..=last].iter().step_by(8).copied().collect();
        breaks.extend([mode, points[last]]);
        breaks.sort_by(f64::total_cmp);
        breaks.dedup();
        self.peak.is_finite().then_some(breaks)
    }

    /// A τ below which the density is flat, and one above which it only falls.
    ///
    /// With all estimates and the prior mean within R, the likelihood's slope is at most k·R²/τ³, the prior's −τ/s²: above
    /// (k·R²·s²)^¼ the density falls.
    fn reach(&self) -> (f64, f64) {
        let scale = self.prior.tau_scale;
        let centre = match self.prior.mu {
            MuPrior::Flat => self.effects[0].estimate,
            MuPrior::Normal { mean, .. } => mean,
        };
        let furthest = self.effects.iter().map(|e| (e.estimate - centre).abs()).fold(0.0, f64::max);
        let slopes = self.effects.len() as f64 * furthest * furthest * scale * scale;
        let least = self.effects.iter().map(|e| e.variance.sqrt()).fold(scale, f64::min);
        (1e-3 * least, slopes.sqrt().sqrt().max(10.0 * scale))
    }

    /// Golden-section search for the highest point between two.
    fn climb(&self, (mut low, mut high): (f64, f64)) -> f64 {
        const GOLDEN: f64 = 0.618_033_988_749_894_9;
        let inner = |low: f64, high: f64| (high - GOLDEN * (high - low), low + GOLDEN * (high - low));
        for _ in 0..40 {
            let (left, right) = inner(low, high);
            if self.log(left) < self.log(right) { low = left } else { high = right }
        }
        0.5 * (low + high)
    }

    /// Halves a stretch until eight nodes do for each part.
    fn split(&self, from: f64, to: f64, whole: f64, splits: usize, spans: &mut Vec<Span>) {
        let middle = 0.5 * (from + to);
        let (left, right) = (self.integral(from, middle), self.integral(middle, to));
        let halves = left + right;
        if (halves - whole).abs() <= AGREEMENT * halves || splits == MOST_SPLITS {
            spans.extend([Span { from, to: middle, mass: left }, Span { from: middle, to, mass: right }]);
        } else {
            self.split(from, middle, left, splits + 1, spans);
            self.split(middle, to, right, splits + 1, spans);
        }
    }

    fn integral(&self, from: f64, to: f64) -> f64 {
        points(from, to).map(|(tau, width)| width * self.at(tau)).sum()
    }

    fn nodes(&self, panel: &Panel, total: f64) -> impl Iterator<Item = Node> {
        points(panel.from, panel.to)
            .map(move |(tau, width)| Node { tau, weight: width * self.at(tau) / total })
    }
}

/// The eight points between two ends, each with the width it stands for.
fn points(from: f64, to: f64) -> impl Iterator<Item = (f64, f64)> {
    let (middle, half) = (0.5 * (from + to), 0.5 * (to - from));
    GAUSS_LEGENDRE
        .into_iter()
        .flat_map(move |(x, weight)| [-x, x].map(|x| (half.mul_add(x, middle), half * weight)))
}
