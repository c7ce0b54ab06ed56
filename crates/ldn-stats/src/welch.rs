//! Welch's t-test, the naive comparison that the verdict is measured against.

use crate::meta::distribution::student_beyond;

/// Returns the two-sided p-value for equal means of two samples; `None` with fewer than two values in either, or
/// without any spread.
pub fn p_value(a: &[f64], b: &[f64]) -> Option<f64> {
    let ((mean_a, error_a), (mean_b, error_b)) = (squared_error(a)?, squared_error(b)?);
    let squared = error_a + error_b;
    if squared <= 0.0 {
        return None;
    }
    let t = (mean_a - mean_b) / squared.sqrt();
    let degrees = squared * squared
        / (error_a * error_a / (a.len() as f64 - 1.0) + error_b * error_b / (b.len() as f64 - 1.0));
    Some(student_beyond(t.abs(), degrees))
}

/// Mean and squared standard error.
fn squared_error(values: &[f64]) -> Option<(f64, f64)> {
    if values.len() < 2 {
        return None;
    }
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1.0);
    Some((mean, variance / n))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SciPy 1.x, `ttest_ind([1,2,3,4,5], [2,4,6,8,10], equal_var=False)`: t = −1.8974 on 5.8824 degrees.
    #[test]
    fn a_known_case() {
        let p = p_value(&[1.0, 2.0, 3.0, 4.0, 5.0], &[2.0, 4.0, 6.0, 8.0, 10.0]).unwrap();
        assert!((p - 0.107_53).abs() < 5e-5, "{p}");
        assert_eq!(p_value(&[1.0], &[1.0, 2.0]), None);
        assert_eq!(p_value(&[1.0, 1.0], &[1.0, 1.0]), None);
    }
}
