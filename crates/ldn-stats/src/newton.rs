//! Damped Newton maximisation of a smooth function of few variables, without derivatives.

use crate::eigen::{self, Eigen};

/// Offset of the central differences.
const OFFSET: f64 = 0.05;
/// Curvatures below this count as this much, so that a flat or saddle-like place still gives an uphill step.
const LEAST_CURVATURE: f64 = 0.2;
/// Largest step in any one coordinate.
const LONGEST_STEP: f64 = 1.0;
/// Step lengths that are tried at once, longest first.
const FRACTIONS: [f64; 4] = [1.0, 0.5, 0.25, 0.125];
const SMALLEST_STEP: f64 = 0.02;
const SMALLEST_GAIN: f64 = 1e-3;
const MOST_ITERATIONS: usize = 60;

/// Where the search ended.
#[derive(Clone, Debug)]
pub struct Maximum<const N: usize> {
    /// The point.
    pub point: [f64; N],
    /// The function there.
    pub value: f64,
    /// Eigenvalues and eigenvectors of the negative Hessian, taken at the last point but one, within the last small step.
    pub curvature: Eigen<N>,
    /// How many steps were taken.
    pub iterations: usize,
}

/// Climbs from a start to a local maximum.
///
/// `f` is given many points at once and returns as many values; minus infinity is allowed away from the start. Central
/// differences with offset 0.05 suit variables scaled to a spread of about 1.
pub fn maximise<const N: usize>(start: [f64; N], mut f: impl FnMut(&[[f64; N]]) -> Vec<f64>) -> Maximum<N> {
    let (mut point, mut value) = (start, f64::NAN);
    let mut iterations = 0;
    loop {
        let surroundings = Surroundings::look(point, &mut f);
        if iterations == 0 {
            value = surroundings.centre;
        }
        let curvature = eigen::symmetric(&surroundings.negative_hessian());
        let step = uphill(&curvature, &surroundings.gradient());
        iterations += 1;

        let tried = FRACTIONS.map(|fraction| std::array::from_fn(|i| point[i] + fraction * step[i]));
        let values = f(&tried);
        let taken = (0..FRACTIONS.len()).find(|idx| values[*idx] >= value);
        let Some(taken) = taken else {
            return Maximum { point, value, curvature, iterations };
        };
        let gain = values[taken] - value;
        let length = FRACTIONS[taken] * step.iter().fold(0.0_f64, |longest, s| longest.max(s.abs()));
        (point, value) = (tried[taken], values[taken]);
        if (length < SMALLEST_STEP && gain < SMALLEST_GAIN) || iterations >= MOST_ITERATIONS {
            return Maximum { point, value, curvature, iterations };
        }
    }
}

/// Newton's step with floored curvatures, cut to the longest step allowed.
fn uphill<const N: usize>(curvature: &Eigen<N>, gradient: &[f64; N]) -> [f64; N] {
    let mut step = [0.0; N];
    for (value, vector) in curvature.values.iter().zip(&curvature.vectors) {
        let slope: f64 = vector.iter().zip(gradient).map(|(v, g)| v * g).sum();
        let length = slope / value.max(LEAST_CURVATURE);
        for (s, v) in step.iter_mut().zip(vector) {
            *s += length * v;
        }
    }
    let longest = step.iter().fold(0.0_f64, |longest, s| longest.max(s.abs()));
    if longest > LONGEST_STEP {
        step.iter_mut().for_each(|s| *s *= LONGEST_STEP / longest);
    }
    step
}

/// A function's values around a point: along the axes, and along the diagonals of each pair of axes.
struct Surroundings<const N: usize> {
    centre: f64,
    forward: [f64; N],
    backward: [f64; N],
    /// For each pair i > j: both axes forward, both backward.
    diagonals: Vec<(f64, f64)>,
}

impl<const N: usize> Surroundings<N> {
    fn look(point: [f64; N], f: &mut impl FnMut(&[[f64; N]]) -> Vec<f64>) -> Surroundings<N> {
        let moved = |axes: &[usize], offset: f64| {
            let mut p = point;
            axes.iter().for_each(|axis| p[*axis] += offset);
            p
        };
        let mut points = vec![point];
        points.extend((0..N).map(|i| moved(&[i], OFFSET)));
        points.extend((0..N).map(|i| moved(&[i], -OFFSET)));
        for (i, j) in pairs::<N>() {
            points.extend([moved(&[i, j], OFFSET), moved(&[i, j], -OFFSET)]);
        }
        let values = f(&points);
        Surroundings {
            centre: values[0],
            forward: std::array::from_fn(|i| values[1 + i]),
            backward: std::array::from_fn(|i| values[1 + N + i]),
            diagonals: values[1 + 2 * N..].chunks_exact(2).map(|pair| (pair[0], pair[1])).collect(),
        }
    }

    fn gradient(&self) -> [f64; N] {
        std::array::from_fn(|i| (self.forward[i] - self.backward[i]) / (2.0 * OFFSET))
    }

    fn negative_hessian(&self) -> [[f64; N]; N] {
        let mut hessian = [[0.0; N]; N];
        let bend: [f64; N] = std::array::from_fn(|i| self.forward[i] + self.backward[i] - 2.0 * self.centre);
        for i in 0..N {
            hessian[i][i] = -bend[i] / (OFFSET * OFFSET);
        }
        for ((i, j), (both_forward, both_backward)) in pairs::<N>().zip(&self.diagonals) {
            // Along the diagonal the bend is that of both axes plus twice the mixed derivative.
            let mixed = both_forward + both_backward - 2.0 * self.centre - bend[i] - bend[j];
            hessian[i][j] = -mixed / (2.0 * OFFSET * OFFSET);
            hessian[j][i] = hessian[i][j];
        }
        hessian
    }
}

fn pairs<const N: usize>() -> impl Iterator<Item = (usize, usize)> {
    (0..N).flat_map(|i| (0..i).map(move |j| (i, j)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tilted_parabola_is_climbed_exactly() {
        // f = −(x² + x·y + 2·y²) + 3·x: its top is where the gradient vanishes, at (12/7, −3/7).
        let top = maximise([0.0, 0.0], |points| {
            points.iter().map(|[x, y]| -(x * x + x * y + 2.0 * y * y) + 3.0 * x).collect()
        });
        assert!(
            (top.point[0] - 12.0 / 7.0).abs() < 1e-9 && (top.point[1] + 3.0 / 7.0).abs() < 1e-9,
            "{top:?}"
        );
        // Negative Hessian [[2, 1], [1, 4]] has eigenvalues 3 ± √2.
        assert!((top.curvature.values[0] - (3.0 - 2.0_f64.sqrt())).abs() < 1e-6);
        assert!((top.curvature.values[1] - (3.0 + 2.0_f64.sqrt())).abs() < 1e-6);
    }

    #[test]
    fn rosenbrock_is_climbed_although_its_valley_bends() {
        let top = maximise([-0.5, 0.5], |points| {
            points.iter().map(|[x, y]| -(1.0 - x) * (1.0 - x) - 5.0 * (y - x * x) * (y - x * x)).collect()
        });
        // Differences with a wide offset see a little of the valley's bend.
        assert!((top.point[0] - 1.0).abs() < 0.05 && (top.point[1] - 1.0).abs() < 0.1, "{top:?}");
    }
}
