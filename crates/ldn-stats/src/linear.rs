//! Small symmetric systems: what least squares with a few columns needs.

use crate::meta::distribution;

/// The Cholesky factor of a symmetric positive definite matrix.
#[derive(Clone, Debug, PartialEq)]
pub struct Cholesky {
    /// Lower triangle by rows, row `i` with `i + 1` entries.
    rows: Vec<Vec<f64>>,
}

impl Cholesky {
    /// Factors a matrix given by its full rows or by its lower triangle; `None` if it is not positive definite.
    pub fn of(matrix: &[Vec<f64>]) -> Option<Cholesky> {
        /// A pivot below this share of its diagonal is what rounding leaves of a column that others explain.
        const SMALLEST_PIVOT: f64 = 1e-12;
        let mut rows: Vec<Vec<f64>> = Vec::with_capacity(matrix.len());
        for (i, source) in matrix.iter().enumerate() {
            let mut row: Vec<f64> = Vec::with_capacity(i + 1);
            for j in 0..i {
                let sum: f64 = row.iter().zip(&rows[j]).take(j).map(|(a, b)| a * b).sum();
                row.push((source[j] - sum) / rows[j][j]);
            }
            let pivot = source[i] - row.iter().map(|a| a * a).sum::<f64>();
            if pivot.is_nan() || pivot <= SMALLEST_PIVOT * source[i].abs() {
                return None;
            }
            row.push(pivot.sqrt());
            rows.push(row);
        }
        Some(Cholesky { rows })
    }

    /// Solves L z = `right`, the first half of a solution.
    pub fn forward(&self, right: &[f64]) -> Vec<f64> {
        let mut z: Vec<f64> = Vec::with_capacity(right.len());
        for (i, row) in self.rows.iter().enumerate() {
            let sum: f64 = row.iter().zip(&z).map(|(a, b)| a * b).sum();
            z.push((right[i] - sum) / row[i]);
        }
        z
    }

    /// Solves A x = `right`.
    pub fn solve(&self, right: &[f64]) -> Vec<f64> {
        let mut x = self.forward(right);
        for i in (0..x.len()).rev() {
            let sum: f64 = (i + 1..x.len()).map(|k| self.rows[k][i] * x[k]).sum();
            x[i] = (x[i] - sum) / self.rows[i][i];
        }
        x
    }

    /// Returns the diagonal of the inverse of A: variances, where A is a precision.
    pub fn inverse_diagonal(&self) -> Vec<f64> {
        let n = self.rows.len();
        (0..n)
            .map(|i| {
                let unit: Vec<f64> = (0..n).map(|k| if k == i { 1.0 } else { 0.0 }).collect();
                self.forward(&unit).iter().map(|z| z * z).sum()
            })
            .collect()
    }

    /// Returns ln det A.
    pub fn log_determinant(&self) -> f64 {
        2.0 * self.rows.iter().enumerate().map(|(i, row)| libm::log(row[i])).sum::<f64>()
    }
}

/// A least-squares fit with independent errors of equal variance.
#[derive(Clone, Debug, PartialEq)]
pub struct LeastSquares {
    /// Coefficients, one per column.
    pub coefficients: Vec<f64>,
    /// Their standard errors; NaN without degrees of freedom.
    pub standard_errors: Vec<f64>,
    /// Observations less columns.
    pub degrees: usize,
}

impl LeastSquares {
    /// Returns the two-sided p-value of a coefficient of 0; NaN without degrees of freedom.
    pub fn p_value(&self, coefficient: usize) -> f64 {
        let t = self.coefficients[coefficient] / self.standard_errors[coefficient];
        if self.degrees == 0 { f64::NAN } else { distribution::student_beyond(t.abs(), self.degrees as f64) }
    }
}

/// Returns the magnitude that Student's t with `degrees` ≥ 1 exceeds with probability `beyond`, 0 < beyond < 1.
pub fn student_quantile(beyond: f64, degrees: f64) -> f64 {
    distribution::student_quantile(beyond, degrees)
}

/// Fits `y` by columns given row by row; `None` with fewer rows than columns, or if one column follows from others.
pub fn least_squares(rows: &[Vec<f64>], y: &[f64]) -> Option<LeastSquares> {
    let columns = rows.first()?.len();
    let degrees = rows.len().checked_sub(columns)?;
    let product = |i: usize, j: usize| rows.iter().map(|row| row[i] * row[j]).sum::<f64>();
    let gram: Vec<Vec<f64>> = (0..columns).map(|i| (0..=i).map(|j| product(i, j)).collect()).collect();
    let right: Vec<f64> = (0..columns).map(|i| rows.iter().zip(y).map(|(row, y)| row[i] * y).sum()).collect();
    let factor = Cholesky::of(&gram)?;
    let coefficients = factor.solve(&right);
    let squared_error: f64 = rows
        .iter()
        .zip(y)
        .map(|(row, y)| y - row.iter().zip(&coefficients).map(|(x, b)| x * b).sum::<f64>())
        .map(|residual| residual * residual)
        .sum();
    let variance = squared_error / degrees as f64;
    let standard_errors = factor.inverse_diagonal().iter().map(|v| (variance * v).sqrt()).collect();
    Some(LeastSquares { coefficients, standard_errors, degrees })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_by_hand() {
        let factor = Cholesky::of(&[vec![4.0, 2.0], vec![2.0, 3.0]]).unwrap();
        let x = factor.solve(&[8.0, 7.0]);
        assert!((x[0] - 1.25).abs() < 1e-14 && (x[1] - 1.5).abs() < 1e-14, "{x:?}");
        assert!((factor.log_determinant() - libm::log(8.0)).abs() < 1e-14);
        let inverse = factor.inverse_diagonal();
        assert!((inverse[0] - 0.375).abs() < 1e-14 && (inverse[1] - 0.5).abs() < 1e-14);
        assert_eq!(Cholesky::of(&[vec![1.0, 1.0], vec![1.0, 1.0]]), None);
    }

    /// By the closed form of a line.
    #[test]
    fn a_line() {
        let rows: Vec<Vec<f64>> = (0..4).map(|x| vec![1.0, f64::from(x)]).collect();
        let fit = least_squares(&rows, &[1.0, 3.0, 2.0, 5.0]).unwrap();
        // Slope Sxy/Sxx = 5.5/5; residual sum of squares 8.75 − 5.5²/5 = 2.7 on 2 degrees of freedom.
        assert!((fit.coefficients[1] - 1.1).abs() < 1e-13);
        assert!((fit.standard_errors[1] - (2.7_f64 / 2.0 / 5.0).sqrt()).abs() < 1e-13);
        assert_eq!(fit.degrees, 2);
        // t = 2.1170 on 2 degrees of freedom, whose tail has a closed form: 1 − t/√(t² + 2).
        let t = fit.coefficients[1] / fit.standard_errors[1];
        assert!((fit.p_value(1) - (1.0 - t / (t * t + 2.0).sqrt())).abs() < 1e-12);
        assert_eq!(least_squares(&rows[..1], &[1.0]), None);
    }
}
