//! Likelihood of a linear model whose noise is a stationary AR(1) process plus white noise.
//!
//! One scalar Kalman filter, whose gains do not depend on the data, is run over the observations and over every column
//! of the design at once. It turns correlated noise into independent innovations, so that afterwards everything is
//! ordinary least squares on the accumulated cross-products. Filters for several parameter vectors run side by side in
//! the [`Lanes`].

use crate::lanes::{Arch, Lanes};

/// How many whitened rows are collected before their cross-products are added up.
///
/// Adding up row by row would store every sum once per row; a chunk of this size is read from the first-level cache.
const CHUNK: usize = 16;
/// Edge of the square of sums that is kept in registers.
const TILE: usize = 3;
/// How many innovation variances are multiplied before one logarithm is taken; none over- or underflows while the
/// variances lie between 1e-9 and 1e9.
const PRODUCT: usize = 32;

/// Noise parameters, one set per lane.
#[derive(Clone, Copy, Debug)]
pub struct Noise<A: Arch> {
    /// Correlation of the slow component from one time step to the next, 0 to below 1.
    pub rho: Lanes<A>,
    /// Variance of the slow component.
    pub slow_variance: Lanes<A>,
    /// Variance of the white component; positive.
    pub white_variance: Lanes<A>,
}

/// The filter over `C` columns: the columns of the design and, by convention last, the observations.
///
/// After [`Filter::finish`] its cross-products are sufficient for every linear model on these columns.
#[derive(Clone, Debug)]
pub struct Filter<A: Arch, const C: usize> {
    noise: Noise<A>,
    rho_squared: Lanes<A>,
    /// Variance that each time step adds to the slow component.
    step_variance: Lanes<A>,
    /// Predicted variance of the slow component.
    variance: Lanes<A>,
    /// What the predictions have decayed by since the last observation.
    decay: Lanes<A>,
    predictions: [Lanes<A>; C],
    whitened: [[Lanes<A>; C]; CHUNK],
    weighted: [[Lanes<A>; C]; CHUNK],
    collected: usize,
    gram: [[Lanes<A>; C]; C],
    variance_product: Lanes<A>,
    in_product: usize,
    log_determinant: Lanes<A>,
    observations: u32,
}

impl<A: Arch, const C: usize> Filter<A, C> {
    /// Starts at the first time step, with the slow component in its stationary distribution.
    #[inline(always)]
    pub fn new(noise: Noise<A>) -> Filter<A, C> {
        let rho_squared = noise.rho * noise.rho;
        Filter {
            noise,
            rho_squared,
            step_variance: noise.slow_variance * (Lanes::one() - rho_squared),
            variance: noise.slow_variance,
            decay: Lanes::one(),
            predictions: [Lanes::zero(); C],
            whitened: [[Lanes::zero(); C]; CHUNK],
            weighted: [[Lanes::zero(); C]; CHUNK],
            collected: 0,
            gram: [[Lanes::zero(); C]; C],
            variance_product: Lanes::one(),
            in_product: 0,
            log_determinant: Lanes::zero(),
            observations: 0,
        }
    }

    /// Moves on to the next time step.
    #[inline(always)]
    pub fn step(&mut self) {
        self.variance = self.rho_squared.mul_add(self.variance, self.step_variance);
        self.decay = self.decay * self.noise.rho;
    }

    /// Takes in what was observed at this time step, and the row of the design.
    #[inline(always)]
    pub fn observe(&mut self, row: [Lanes<A>; C]) {
        let innovation_variance = self.variance + self.noise.white_variance;
        let precision = Lanes::one() / innovation_variance;
        let gain = self.variance * precision;
        let (whitened, weighted) = (&mut self.whitened[self.collected], &mut self.weighted[self.collected]);
        for c in 0..C {
            let prediction = self.decay * self.predictions[c];
            let innovation = row[c] - prediction;
            self.predictions[c] = gain.mul_add(innovation, prediction);
            whitened[c] = innovation;
            weighted[c] = precision * innovation;
        }
        self.decay = Lanes::one();
        // Equal to (1 − gain) · variance, but never negative by rounding.
        self.variance = gain * self.noise.white_variance;
        self.observations += 1;

        self.variance_product = self.variance_product * innovation_variance;
        self.in_product += 1;
        if self.in_product == PRODUCT {
            self.close_product();
        }
        self.collected += 1;
        if self.collected == CHUNK {
            self.add_up();
        }
    }

    /// Completes the sums; to be called once, after the last observation.
    #[inline(always)]
    pub fn finish(&mut self) {
        self.close_product();
        self.add_up();
    }

    /// Returns the cross-product of two whitened columns, of which the first stands after the second or is the same.
    #[inline(always)]
    pub fn product(&self, column: usize, before: usize) -> Lanes<A> {
        self.gram[column][before]
    }

    /// Returns the log-determinant of the covariance of the observations.
    #[inline(always)]
    pub fn log_determinant(&self) -> Lanes<A> {
        self.log_determinant
    }

    /// Returns the number of observations.
    #[inline(always)]
    pub fn observations(&self) -> u32 {
        self.observations
    }

    #[inline(always)]
    fn close_product(&mut self) {
        self.log_determinant = self.log_determinant + self.variance_product.map(libm::log);
        self.variance_product = Lanes::one();
        self.in_product = 0;
    }

    /// Adds the collected rows to the cross-products, a square of sums at a time.
    #[inline(always)]
    fn add_up(&mut self) {
        let n = self.collected;
        let (whitened, weighted) = (&self.whitened[..n], &self.weighted[..n]);
        let rest = C - C % TILE;
        for i in (0..rest).step_by(TILE) {
            for j in (0..=i).step_by(TILE) {
                add_tile::<A, C, TILE, TILE>(&mut self.gram, whitened, weighted, i, j);
            }
        }
        for j in (0..rest).step_by(TILE) {
            match C % TILE {
                1 => add_tile::<A, C, 1, TILE>(&mut self.gram, whitened, weighted, rest, j),
                2 => add_tile::<A, C, 2, TILE>(&mut self.gram, whitened, weighted, rest, j),
                _ => {}
            }
        }
        match C % TILE {
            1 => add_tile::<A, C, 1, 1>(&mut self.gram, whitened, weighted, rest, rest),
            2 => add_tile::<A, C, 2, 2>(&mut self.gram, whitened, weighted, rest, rest),
            _ => {}
        }
        self.collected = 0;
    }
}

/// Adds rows `i..i+R`, columns `j..j+S` of the cross-products, kept in registers over the chunk.
#[inline(always)]
fn add_tile<A: Arch, const C: usize, const R: usize, const S: usize>(
    gram: &mut [[Lanes<A>; C]; C],
    whitened: &[[Lanes<A>; C]],
    weighted: &[[Lanes<A>; C]],
    i: usize,
    j: usize,
) {
    let mut sums: [[Lanes<A>; S]; R] = std::array::from_fn(|r| std::array::from_fn(|s| gram[i + r][j + s]));
    for (row, weighted_row) in whitened.iter().zip(weighted) {
        let left: [Lanes<A>; R] = std::array::from_fn(|r| weighted_row[i + r]);
        let right: [Lanes<A>; S] = std::array::from_fn(|s| row[j + s]);
        for r in 0..R {
            for s in 0..S {
                sums[r][s] = left[r].mul_add(right[s], sums[r][s]);
            }
        }
    }
    for r in 0..R {
        for s in 0..S {
            gram[i + r][j + s] = sums[r][s];
        }
    }
}

/// Returns the one-step prediction errors of one series, each divided by its standard deviation.
///
/// Uses the first lane of the noise; a time step without a value has no error.
pub fn innovations<A: Arch>(noise: &Noise<A>, series: &[Option<f64>]) -> Vec<Option<f64>> {
    let (rho, slow, white) =
        (noise.rho.to_array()[0], noise.slow_variance.to_array()[0], noise.white_variance.to_array()[0]);
    let (mut prediction, mut variance) = (0.0, slow);
    let mut errors = Vec::with_capacity(series.len());
    for (t, value) in series.iter().enumerate() {
        if t > 0 {
            prediction *= rho;
            variance = rho * rho * variance + slow * (1.0 - rho * rho);
        }
        errors.push(value.map(|value| {
            let innovation_variance = variance + white;
            let gain = variance / innovation_variance;
            let error = value - prediction;
            prediction += gain * error;
            variance = gain * white;
            error / innovation_variance.sqrt()
        }));
    }
    errors
}
