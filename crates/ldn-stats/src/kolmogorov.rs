//! Kolmogorov's test of uniformity.

/// Returns the p-value of the hypothesis that numbers in [0, 1] are uniform; needs at least one.
///
/// The limiting distribution with Stephens' correction for finite samples, good to three digits from ten numbers on.
pub fn uniformity_p(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len() as f64;
    let largest_gap = sorted
        .iter()
        .enumerate()
        .map(|(i, u)| (u - i as f64 / n).max((i + 1) as f64 / n - u))
        .fold(0.0, f64::max);
    survival(largest_gap * (n.sqrt() + 0.12 + 0.11 / n.sqrt()))
}

/// Returns the probability that Kolmogorov's limiting variable exceeds `x`: 2 Σ (−1)^(k−1) exp(−2 k² x²).
fn survival(x: f64) -> f64 {
    if x < 0.2 {
        return 1.0;
    }
    let term = |k: f64| 2.0 * libm::exp(-2.0 * k * k * x * x);
    (1..=20)
        .map(|k| if k % 2 == 1 { term(f64::from(k)) } else { -term(f64::from(k)) })
        .sum::<f64>()
        .clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Critical values of the limiting distribution: Smirnov (1948).
    #[test]
    fn known_values() {
        for (x, p) in [(1.2238, 0.10), (1.3581, 0.05), (1.6276, 0.01), (1.9495, 0.001)] {
            assert!((survival(x) / p - 1.0).abs() < 2e-3, "{x}: {}", survival(x));
        }
    }

    #[test]
    fn even_numbers_pass_and_bunched_ones_fail() {
        let even: Vec<f64> = (0..300).map(|i| (f64::from(i) + 0.5) / 300.0).collect();
        assert!(uniformity_p(&even) > 0.99);
        let bunched: Vec<f64> = even.iter().map(|u| 0.5 + 0.7 * (u - 0.5)).collect();
        assert!(uniformity_p(&bunched) < 0.001);
    }
}
