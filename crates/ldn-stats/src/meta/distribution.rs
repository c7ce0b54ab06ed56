//! Student's t and chi-squared: tails and quantiles, to 1e-12 relative for ordinary degrees of freedom and 1e-10 for
//! 10,000 of them.
//!
//! Written here because every transcendental function has to come from `libm`.

use crate::meta::root;
use crate::normal;

/// Terms of a series or levels of a continued fraction; 10,000 degrees of freedom need a few hundred.
const MOST_TERMS: usize = 100_000;
/// A factor closer to 1 than this ends a series or a continued fraction.
const LAST_FACTOR: f64 = 4e-16;

/// Returns the probability that a chi-squared variable with `degrees` > 0 exceeds `x` ≥ 0.
pub(super) fn chi_squared_above(x: f64, degrees: f64) -> f64 {
    let (shape, x) = (0.5 * degrees, 0.5 * x);
    if x <= 0.0 {
        1.0
    } else if x < shape + 1.0 {
        1.0 - gamma_series(shape, x)
    } else {
        gamma_fraction(shape, x)
    }
}

/// Returns the point that a chi-squared variable with `degrees` > 0 does not exceed with probability `p`, 0 < p < 1.
pub(super) fn chi_squared_quantile(p: f64, degrees: f64) -> f64 {
    let shape = 0.5 * degrees;
    let below =
        |x: f64| if x < degrees { gamma_series(shape, 0.5 * x) } else { 1.0 - chi_squared_above(x, degrees) };
    let density = |x: f64| 0.5 * gamma_front(shape, 0.5 * x) * shape / (0.5 * x);
    // Wilson and Hilferty (1931) in the middle; the first term of the series where that is no longer positive.
    let spread = 2.0 / (9.0 * degrees);
    let root = 1.0 - spread + normal::quantile(p) * spread.sqrt();
    let smallest = 2.0 * libm::exp((libm::log(p) + libm::lgamma(shape + 1.0)) / shape);
    let start = (degrees * root * root * root).max(smallest);
    root::or_nan(root::follow(start, 0.0, |x| (p - below(x)) / density(x)))
}

/// Returns the probability that Student's t with `degrees` > 0 exceeds `t` in magnitude.
pub(crate) fn student_beyond(t: f64, degrees: f64) -> f64 {
    let square = t * t;
    if square.is_infinite() {
        return 0.0;
    }
    // The incomplete beta function at degrees/(degrees + t²), with its complement kept apart to lose no digits.
    let (near, far) = (degrees / (degrees + square), square / (degrees + square));
    let log_near = -libm::log1p(square / degrees);
    beta_regularised(0.5 * degrees, 0.5, near, far, log_near)
}

/// Returns the magnitude that Student's t with `degrees` ≥ 1 exceeds with probability `beyond`, 0 < beyond < 1.
pub(crate) fn student_quantile(beyond: f64, degrees: f64) -> f64 {
    let front = libm::lgamma(0.5 * (degrees + 1.0)) - libm::lgamma(0.5 * degrees);
    let scale = 2.0 * libm::exp(front) / (degrees * std::f64::consts::PI).sqrt();
    let density = |t: f64| scale * libm::exp(-0.5 * (degrees + 1.0) * libm::log1p(t * t / degrees));
    // The tail is convex and t is the wider distribution: Newton's steps climb from the normal quantile without overshoot.
    let start = -normal::quantile(0.5 * beyond);
    root::or_nan(root::follow(start, 0.0, |t| (student_beyond(t, degrees) - beyond) / density(t)))
}

/// x^a·e^(−x)/Γ(a + 1).
fn gamma_front(a: f64, x: f64) -> f64 {
    libm::exp(a * libm::log(x) - x - libm::lgamma(a + 1.0))
}

/// The regularised lower incomplete gamma function by its power series (DLMF 8.7.1), for x below about a + 1.
fn gamma_series(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    let (mut term, mut sum) = (1.0, 1.0);
    for n in 1..MOST_TERMS {
        term *= x / (a + n as f64);
        sum += term;
        if term < LAST_FACTOR * sum {
            break;
        }
    }
    gamma_front(a, x) * sum
}

/// The regularised upper incomplete gamma function by Legendre's continued fraction (DLMF 8.9.2), for x above about a + 1.
fn gamma_fraction(a: f64, x: f64) -> f64 {
    // 1/(b0 + a1/(b1 + a2/(b2 + …))) with a_n = −n(n − a), b_n = x + 2n + 1 − a.
    let b = |n: f64| x + 2.0 * n + 1.0 - a;
    let fraction = continued_fraction(b(0.0), |n| (-n * (n - a), b(n)));
    gamma_front(a, x) * a / fraction
}

/// Returns the probability that a beta variable with `a`, `b` > 0 is at most `x` in [0, 1].
pub(crate) fn beta_at_most(a: f64, b: f64, x: f64) -> f64 {
    beta_regularised(a, b, x, 1.0 - x, libm::log(x))
}

/// The regularised incomplete beta function I_x(a, b) with `y` = 1 − x and ln x given (DLMF 8.17.22).
fn beta_regularised(a: f64, b: f64, x: f64, y: f64, log_x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if y <= 0.0 {
        return 1.0;
    }
    let front =
        libm::exp(a * log_x + b * libm::log(y) + libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b));
    // The fraction converges fast on this side of the mean only; the other side is its mirror image.
    if x <= (a + 1.0) / (a + b + 2.0) {
        front / (a * beta_fraction(a, b, x))
    } else {
        1.0 - front / (b * beta_fraction(b, a, y))
    }
}

fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    continued_fraction(1.0, |n| {
        let m = (0.5 * n).floor();
        let numerator = if n == 2.0 * m {
            m * (b - m) * x / ((a + n - 1.0) * (a + n))
        } else {
            -(a + m) * (a + b + m) * x / ((a + n - 1.0) * (a + n))
        };
        (numerator, 1.0)
    })
}

/// Returns b0 + a1/(b1 + a2/(b2 + …)) by the modified method of Lentz (Thompson and Barnett 1986).
fn continued_fraction(b0: f64, level: impl Fn(f64) -> (f64, f64)) -> f64 {
    const TINY: f64 = 1e-300;
    let away_from_zero = |x: f64| if x.abs() < TINY { TINY } else { x };
    let mut value = away_from_zero(b0);
    let (mut c, mut d) = (value, 0.0);
    for n in 1..MOST_TERMS {
        let (a, b) = level(n as f64);
        d = 1.0 / away_from_zero(b + a * d);
        c = away_from_zero(b + a / c);
        let factor = c * d;
        value *= factor;
        if (factor - 1.0).abs() < LAST_FACTOR {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(ours: f64, expected: f64, tolerance: f64, what: &str) {
        assert!((ours / expected - 1.0).abs() < tolerance, "{what}: {ours:e}, expected {expected:e}");
    }

    /// With 2 degrees of freedom chi-squared is exponential; with 1 it is a squared normal variable.
    #[test]
    fn chi_squared_has_its_closed_forms() {
        for x in [1e-6, 0.01, 0.5, 1.9, 2.1, 7.0, 40.0, 300.0] {
            check(chi_squared_above(x, 2.0), libm::exp(-0.5 * x), 1e-13, &format!("{x}, 2"));
            check(chi_squared_above(x, 1.0), 2.0 * normal::cdf(-x.sqrt()), 1e-11, &format!("{x}, 1"));
        }
        for p in [1e-12, 0.025, 0.5, 0.975, 0.999_999] {
            check(chi_squared_quantile(p, 2.0), -2.0 * libm::log1p(-p), 1e-11, &format!("quantile {p}, 2"));
        }
    }

    /// With 1 degree of freedom Student's t is Cauchy's, with 2 its quantile is algebraic.
    #[test]
    fn student_has_its_closed_forms() {
        for t in [1e-8, 0.1, 1.0, 3.0, 1e3, 1e9] {
            check(
                student_beyond(t, 1.0),
                libm::atan2(1.0, t) * std::f64::consts::FRAC_2_PI,
                1e-13,
                &format!("{t}, 1"),
            );
        }
        for beyond in [1e-9, 0.001, 0.05, 0.3, 0.999] {
            let t = 1.0 / libm::tan(0.5 * std::f64::consts::PI * beyond);
            check(student_quantile(beyond, 1.0), t, 1e-12, &format!("quantile {beyond}, 1"));
            let t = (1.0 - beyond) * (2.0 / (beyond * (2.0 - beyond))).sqrt();
            check(student_quantile(beyond, 2.0), t, 1e-12, &format!("quantile {beyond}, 2"));
        }
    }

    #[test]
    fn quantiles_invert_tails() {
        for degrees in [1.0, 2.0, 3.0, 7.0, 19.0, 150.0, 9_999.0] {
            for p in [1e-6, 0.001, 0.025, 0.1, 0.5, 0.9, 0.975, 0.999] {
                let x = chi_squared_quantile(p, degrees);
                check(1.0 - chi_squared_above(x, degrees), p, 1e-9, &format!("chi-squared {p}, {degrees}"));
                let t = student_quantile(p, degrees);
                check(student_beyond(t, degrees), p, 1e-10, &format!("t {p}, {degrees}"));
            }
        }
        assert_eq!(student_beyond(f64::INFINITY, 3.0), 0.0);
        assert_eq!(student_beyond(0.0, 3.0), 1.0);
        assert_eq!(chi_squared_above(0.0, 3.0), 1.0);
    }

    /// R's `qchisq` and `qt`, from `golden/metafor/quantiles.csv`.
    #[test]
    fn quantiles_agree_with_r() {
        let table = include_str!("../../../../golden/metafor/quantiles.csv");
        let mut compared = 0;
        for line in table.lines().skip(1) {
            let row: Vec<f64> = line.split(',').map(|number| number.parse().unwrap()).collect();
            let [degrees, p, chi_squared, t] = row[..] else { panic!("{line}") };
            let tolerance = if degrees > 1_000.0 { 1e-10 } else { 2e-12 };
            check(chi_squared_quantile(p, degrees), chi_squared, tolerance, &format!("chi-squared, {line}"));
            check(student_quantile(p, degrees), t, tolerance, &format!("t, {line}"));
            compared += 1;
        }
        assert_eq!(compared, 56);
    }
}
