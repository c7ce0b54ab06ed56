//! The nonlinear parameters of the model.

use ldn_stats::ar1::Noise;
use ldn_stats::lanes::{Arch, Lanes};
use ldn_stats::normal;

/// The six nonlinear parameters on their working scales, where every prior is normal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Theta(pub [f64; Theta::LEN]);

impl Theta {
    /// Number of parameters.
    pub const LEN: usize = 6;

    /// Names in the order of the numbers: logarithms of the drug's mean delay (days), of the half-effect dose relative
    /// to the reference dose, of the placebo course's mean delay (days), of the noise's memory (days) and standard
    /// deviation (points), and the log-odds of the slow component's share of the variance.
    pub const NAMES: [&str; Theta::LEN] =
        ["log_tau_b", "log_ed50_rel", "log_tau_p", "log_ell", "log_sigma", "logit_phi"];
}

/// The parameters of four vectors side by side, on the scales that the recursions use.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rates<A: Arch> {
    /// Share of the way that each of the two drug stages moves in a day.
    pub(super) drug_step: Lanes<A>,
    /// Square of the half-effect dose, relative to the reference dose.
    pub(super) half_effect_squared: Lanes<A>,
    /// Share of the way that the placebo course moves in a day.
    pub(super) placebo_step: Lanes<A>,
    /// The day-to-day noise.
    pub(super) noise: Noise<A>,
}

impl<A: Arch> Rates<A> {
    /// `rounding_variance` is the variance that rounding to the reporting step adds, step²/12.
    #[inline(always)]
    pub(super) fn new(thetas: &[Theta; ldn_stats::lanes::LANES], rounding_variance: f64) -> Rates<A> {
        let lane = |i: usize| Lanes::from_fn(|l| thetas[l].0[i]);
        let exp = normal::exp::<A>;
        let (drug_delay, placebo_delay, memory) = (exp(lane(0)), exp(lane(2)), exp(lane(3)));
        let variance = exp(lane(4) + lane(4));
        let slow_share = Lanes::one() / (Lanes::one() + exp(-lane(5)));
        let white_share = Lanes::one() / (Lanes::one() + exp(lane(5)));
        Rates {
            drug_step: Lanes::one() - exp(Lanes::splat(-2.0) / drug_delay),
            half_effect_squared: exp(lane(1) + lane(1)),
            placebo_step: Lanes::one() - exp(Lanes::splat(-1.0) / placebo_delay),
            noise: Noise {
                rho: exp(Lanes::splat(-1.0) / memory),
                slow_variance: variance * slow_share,
                white_variance: variance.mul_add(white_share, Lanes::splat(rounding_variance)),
            },
        }
    }
}
