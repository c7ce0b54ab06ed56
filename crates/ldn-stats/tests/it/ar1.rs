//! The filter against a dense covariance matrix, solved by an independent library.

use ldn_stats::ar1::{Filter, Noise};
use ldn_stats::lanes::{Lanes, Portable};
use nalgebra::{DMatrix, DVector};
use proptest::prelude::*;

proptest! {
    #[test]
    fn whitens_like_a_dense_matrix(
        days in proptest::collection::vec(proptest::option::weighted(0.7, (-3.0_f64..3.0, -5.0_f64..5.0)), 2..60),
        rho in 0.0_f64..0.98,
        slow in 0.001_f64..4.0,
        white in 0.01_f64..4.0,
    ) {
        let noise = Noise {
            rho: Lanes::from_array([rho, 0.5, rho, 0.9]),
            slow_variance: Lanes::from_array([slow, 1.0, slow, 2.0]),
            white_variance: Lanes::from_array([white, 1.0, white, 0.1]),
        };
        let mut filter = Filter::<Portable, 4>::new(noise);
        let (mut rows, mut times) = (Vec::new(), Vec::new());
        for (t, day) in days.iter().enumerate() {
            if t > 0 {
                filter.step();
            }
            if let Some((x, y)) = day {
                let row = [1.0, *x, t as f64, *y];
                filter.observe(row.map(Lanes::splat));
                rows.push(row);
                times.push(t as f64);
            }
        }
        let n = rows.len();
        prop_assume!(n > 0);
        filter.finish();
        prop_assert_eq!(filter.observations() as usize, n);

        let covariance = DMatrix::from_fn(n, n, |i, j| {
            slow * libm::pow(rho, (times[i] - times[j]).abs()) + if i == j { white } else { 0.0 }
        });
        let cholesky = covariance.cholesky().unwrap();
        let log_determinant: f64 = 2.0 * cholesky.l().diagonal().iter().map(|d| libm::log(*d)).sum::<f64>();
        prop_assert!((filter.log_determinant().to_array()[0] - log_determinant).abs() < 1e-10 * (1.0 + log_determinant.abs()));
        for i in 0..4 {
            for j in 0..=i {
                let left = DVector::from_iterator(n, rows.iter().map(|row| row[i]));
                let right = DVector::from_iterator(n, rows.iter().map(|row| row[j]));
                let expected = left.dot(&cholesky.solve(&right));
                let scale = 1.0 + (left.dot(&cholesky.solve(&left)) * right.dot(&cholesky.solve(&right))).sqrt();
                prop_assert!((filter.product(i, j).to_array()[0] - expected).abs() < 1e-10 * scale);
                // The lane that was given the same noise has the same bits, whatever its neighbours hold.
                prop_assert_eq!(filter.product(i, j).to_array()[0].to_bits(), filter.product(i, j).to_array()[2].to_bits());
            }
        }
    }
}
