//! Eigenvalues of small symmetric matrices.

/// Eigenvalues with their eigenvectors; `vectors[i]` belongs to `values[i]` and has length 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Eigen<const N: usize> {
    /// Eigenvalues, ascending.
    pub values: [f64; N],
    /// Orthonormal eigenvectors, each with its largest component positive.
    pub vectors: [[f64; N]; N],
}

/// Returns the eigenvalues and eigenvectors of a symmetric matrix by cyclic Jacobi rotations.
///
/// Slow for large matrices, exact to rounding for small ones, and deterministic: order and signs are fixed. Entries
/// must be finite.
pub fn symmetric<const N: usize>(matrix: &[[f64; N]; N]) -> Eigen<N> {
    /// Quadratic convergence: six sweeps do for N = 6; the bound only keeps a broken matrix from looping.
    const MOST_SWEEPS: usize = 60;
    let mut a = *matrix;
    let mut v = [[0.0; N]; N];
    for (i, row) in v.iter_mut().enumerate() {
        row[i] = 1.0;
    }
    for _ in 0..MOST_SWEEPS {
        let off_diagonal: f64 =
            (0..N).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| a[i][j] * a[i][j]).sum();
        let diagonal: f64 = (0..N).map(|i| a[i][i] * a[i][i]).sum();
        if off_diagonal <= 1e-30 * diagonal || off_diagonal == 0.0 {
            break;
        }
        for p in 0..N {
            for q in p + 1..N {
                rotate(&mut a, &mut v, p, q);
            }
        }
    }
    let mut order: [usize; N] = std::array::from_fn(|i| i);
    order.sort_by(|i, j| a[*i][*i].total_cmp(&a[*j][*j]));
    Eigen {
        values: order.map(|i| a[i][i]),
        vectors: order.map(|i| {
            let column: [f64; N] = std::array::from_fn(|k| v[k][i]);
            let largest =
                column.into_iter().fold(0.0, |best: f64, x| if x.abs() > best.abs() { x } else { best });
            column.map(|x| if largest < 0.0 { -x } else { x })
        }),
    }
}

/// Makes entry (p, q) zero by a rotation, and takes the rotation along in `v`.
fn rotate<const N: usize>(a: &mut [[f64; N]; N], v: &mut [[f64; N]; N], p: usize, q: usize) {
    if a[p][q] == 0.0 {
        return;
    }
    let theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
    let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
    let c = 1.0 / (t * t + 1.0).sqrt();
    let s = t * c;
    for k in 0..N {
        (a[k][p], a[k][q]) = (c * a[k][p] - s * a[k][q], s * a[k][p] + c * a[k][q]);
    }
    for k in 0..N {
        (a[p][k], a[q][k]) = (c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k]);
    }
    for row in v.iter_mut() {
        (row[p], row[q]) = (c * row[p] - s * row[q], s * row[p] + c * row[q]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// An independent library finds the same eigenvalues, and the vectors solve the equation.
        #[test]
        fn agrees_with_nalgebra(entries in proptest::collection::vec(-50.0_f64..50.0, 21)) {
            let mut matrix = [[0.0; 6]; 6];
            let mut next = entries.into_iter();
            for i in 0..6 {
                for j in 0..=i {
                    let x = next.next().unwrap();
                    matrix[i][j] = x;
                    matrix[j][i] = x;
                }
            }
            let ours = symmetric(&matrix);
            let mut theirs: Vec<f64> = nalgebra::SMatrix::<f64, 6, 6>::from_fn(|i, j| matrix[i][j])
                .symmetric_eigenvalues().iter().copied().collect();
            theirs.sort_by(f64::total_cmp);
            for (ours, theirs) in ours.values.iter().zip(theirs) {
                prop_assert!((ours - theirs).abs() < 1e-11 * 50.0, "{ours} {theirs}");
            }
            for (value, vector) in ours.values.iter().zip(ours.vectors) {
                for (i, row) in matrix.iter().enumerate() {
                    let product: f64 = row.iter().zip(vector).map(|(a, x)| a * x).sum();
                    prop_assert!((product - value * vector[i]).abs() < 1e-11 * 50.0);
                }
            }
        }
    }

    #[test]
    fn a_diagonal_matrix_keeps_its_axes() {
        let eigen = symmetric(&[[3.0, 0.0], [0.0, -1.0]]);
        assert_eq!(eigen, Eigen { values: [-1.0, 3.0], vectors: [[0.0, 1.0], [1.0, 0.0]] });
    }
}
