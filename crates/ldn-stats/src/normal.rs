//! The standard normal distribution: density, distribution function and quantile.

use crate::lanes::{Arch, Lanes};

const FRAC_1_SQRT_2PI: f64 = 0.398_942_280_401_432_7;

/// Returns the density at `z`.
pub fn pdf(z: f64) -> f64 {
    FRAC_1_SQRT_2PI * libm::exp(-0.5 * z * z)
}

/// Returns the probability of at most `z`.
pub fn cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2)
}

/// Returns distribution function and density in every lane, to 1e-15 relative in both tails down to 1e-300.
///
/// With x = |z|/√2 the upper tail is ½·erfc(x), and (1 + 2x)·exp(x²)·erfc(x) is so smooth in t = (x − 3.75)/(x + 3.75)
/// that a polynomial of degree 24 follows it to the last bit over the whole half-axis: no branches, one exponential.
#[inline(always)]
pub fn cdf_pdf_lanes<A: Arch>(z: Lanes<A>) -> (Lanes<A>, Lanes<A>) {
    let magnitude = z.abs().min(40.0);
    let x = magnitude * Lanes::splat(std::f64::consts::FRAC_1_SQRT_2);
    let t = (x - Lanes::splat(3.75)) / (x + Lanes::splat(3.75));
    let smooth = polynomial(&ERFC, t);
    // exp(−z²/2), with the rounding error of z² put back: it would grow with z.
    let square = magnitude * magnitude;
    let square_error = magnitude.mul_add(magnitude, -square);
    let half = Lanes::splat(0.5);
    let gauss = exp(-(half * square));
    let gauss = gauss - gauss * half * square_error;
    let tail = half * gauss * smooth / x.mul_add(Lanes::splat(2.0), Lanes::one());
    let cdf = z.where_positive(Lanes::one() - tail, tail);
    (cdf, Lanes::splat(FRAC_1_SQRT_2PI) * gauss)
}

/// Coefficients of (1 + 2x)·exp(x²)·erfc(x) in powers of t = (x − 3.75)/(x + 3.75), from the constant term on.
///
/// Derivation: the Chebyshev series over t in [−1, 1], by the discrete cosine sum on 200 nodes in 60-digit arithmetic,
/// cut after T24 (the next coefficient is −2e-18) and written out in powers of t. The substitution is that of
/// Schonfelder (1978) and of Shepherd and Laframboise (1981).
const ERFC: [f64; 25] = [
    1.2375126308378275,
    -0.14024059858554697,
    0.0035854154854644293,
    0.0822767384901452,
    -0.10880393014174886,
    0.09230432116037748,
    -0.05869339858963677,
    0.028362277418956406,
    -0.009746579558029276,
    0.0017556258528952954,
    0.0002937136655913448,
    -0.0002901540805408417,
    5.164909889268241e-05,
    2.238423915508223e-05,
    -1.1444146237700524e-05,
    -9.73559896736775e-07,
    1.751637648849062e-06,
    -5.7218230603224086e-08,
    -2.5866850716155884e-07,
    2.3263508708859124e-08,
    3.8675334242222354e-08,
    -3.744210080962018e-09,
    -5.1739902140113095e-09,
    3.1114333809799254e-10,
    4.2514714447963895e-10,
];

/// Returns e^x in every lane, for x up to 709; below −708 the answer is 3e-308, as good as zero.
#[inline(always)]
pub fn exp<A: Arch>(x: Lanes<A>) -> Lanes<A> {
    /// Adding and subtracting it rounds to a whole number, and leaves that number in the low bits.
    const ROUND: f64 = 6_755_399_441_055_744.0; // 1.5 · 2^52
    const LN_2_HIGH: f64 = 0.693_147_180_369_123_8; // ln 2 with its low 21 bits cleared
    const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10; // ln 2 − LN_2_HIGH
    let x = x.max(-708.0);
    let rounded = x.mul_add(Lanes::splat(std::f64::consts::LOG2_E), Lanes::splat(ROUND));
    let n = rounded - Lanes::splat(ROUND);
    let r = n.mul_add(Lanes::splat(-LN_2_HIGH), x);
    let r = n.mul_add(Lanes::splat(-LN_2_LOW), r);
    // Taylor to r^13/13!; |r| ≤ ln(2)/2, so the next term is below 5e-18.
    let power = polynomial(&INVERSE_FACTORIAL, r);
    power * rounded.power_of_two_of_shifted()
}

/// Returns a polynomial from its coefficients, constant term first: even and odd powers apart, because two short chains
/// of multiply-adds finish sooner than one long one.
#[inline(always)]
fn polynomial<A: Arch, const N: usize>(coefficients: &[f64; N], x: Lanes<A>) -> Lanes<A> {
    let square = x * x;
    let (mut even, mut odd) = (Lanes::zero(), Lanes::zero());
    for (power, coefficient) in coefficients.iter().enumerate().rev() {
        let sum = if power % 2 == 0 { &mut even } else { &mut odd };
        *sum = sum.mul_add(square, Lanes::splat(*coefficient));
    }
    odd.mul_add(x, even)
}

const INVERSE_FACTORIAL: [f64; 14] = {
    let mut table = [1.0; 14];
    let (mut k, mut factorial) = (1, 1.0);
    while k < 14 {
        factorial *= k as f64;
        table[k] = 1.0 / factorial;
        k += 1;
    }
    table
};

/// Returns the point below which a standard normal variable falls with probability `p`, to 1e-15 relative.
///
/// `p` in (0, 1); 0 and 1 give the infinities, anything else NaN. Algorithm AS 241 (Wichura 1988), PPND16.
pub fn quantile(p: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180625 - q * q;
        return q * ratio(&CENTRE, r);
    }
    let tail = if q < 0.0 { p } else { 1.0 - p };
    if tail == 0.0 {
        return f64::INFINITY.copysign(q);
    }
    let r = (-libm::log(tail)).sqrt();
    let magnitude = if r <= 5.0 { ratio(&SHOULDER, r - 1.6) } else { ratio(&FAR, r - 5.0) };
    magnitude.copysign(q)
}

/// Numerator and denominator of a rational function, from the constant term on.
type Rational = ([f64; 8], [f64; 8]);

fn ratio((numerator, denominator): &Rational, x: f64) -> f64 {
    let horner = |c: &[f64; 8]| c.iter().rev().fold(0.0, |sum, c| sum * x + c);
    horner(numerator) / horner(denominator)
}

const CENTRE: Rational = (
    [
        3.387_132_872_796_366_5,
        133.141_667_891_784_38,
        1_971.590_950_306_551_3,
        13_731.693_765_509_46,
        45_921.953_931_549_87,
        67_265.770_927_008_7,
        33_430.575_583_588_13,
        2_509.080_928_730_122_7,
    ],
    [
        1.0,
        42.313_330_701_600_91,
        687.187_007_492_057_9,
        5_394.196_021_424_751,
        21_213.794_301_586_597,
        39_307.895_800_092_71,
        28_729.085_735_721_943,
        5_226.495_278_852_545,
    ],
);

const SHOULDER: Rational = (
    [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        0.241_780_725_177_450_6,
        0.022_723_844_989_269_184,
        7.745_450_142_783_414e-4,
    ],
    [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        0.689_767_334_985_1,
        0.148_103_976_427_480_08,
        0.015_198_666_563_616_457,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ],
);

const FAR: Rational = (
    [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        0.296_560_571_828_504_87,
        0.026_532_189_526_576_124,
        0.001_242_660_947_388_078_4,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ],
    [
        1.0,
        0.599_832_206_555_888,
        0.136_929_880_922_735_8,
        0.014_875_361_290_850_615,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_8e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ],
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::Portable;

    fn lanes_cdf(z: f64) -> f64 {
        cdf_pdf_lanes::<Portable>(Lanes::splat(z)).0.to_array()[0]
    }

    /// Printed values: Abramowitz and Stegun, table 26.1, and tail values to sixteen digits.
    #[test]
    fn known_values() {
        for (z, p) in [
            (0.0, 0.5),
            (1.0, 0.841_344_746_068_543),
            (-1.0, 0.158_655_253_931_457),
            (1.96, 0.975_002_104_851_78),
            (-3.0, 1.349_898_031_630_095e-3),
            (-6.0, 9.865_876_450_376_98e-10),
            (-10.0, 7.619_853_024_160_527e-24),
            (-37.0, 5.725_571_222_524_576e-300),
        ] {
            assert!((lanes_cdf(z) / p - 1.0).abs() < 2e-14, "cdf({z}) = {}, expected {p}", lanes_cdf(z));
            assert!((cdf(z) / p - 1.0).abs() < 1e-12, "cdf({z}) = {}, expected {p}", cdf(z));
            if z.abs() < 8.0 && z != 0.0 {
                assert!((quantile(p) / z - 1.0).abs() < 1e-12, "quantile({p}) = {}", quantile(p));
            }
        }
        assert_eq!(quantile(0.5), 0.0);
        assert_eq!(quantile(0.0), f64::NEG_INFINITY);
        assert_eq!(quantile(1.0), f64::INFINITY);
        assert!(quantile(-0.1).is_nan() && quantile(f64::NAN).is_nan());
    }

    #[test]
    fn the_two_distribution_functions_and_the_quantile_agree() {
        for i in -3_700..=3_700 {
            let z = f64::from(i) / 100.0;
            let (ours, theirs) = (lanes_cdf(z), cdf(z));
            // Rounding z/√2 moves the far tail by z² units in the last place.
            assert!((ours / theirs - 1.0).abs() <= 5e-16 * (2.0 + z * z), "{z}: {ours} {theirs}");
            let density = cdf_pdf_lanes::<Portable>(Lanes::splat(z)).1.to_array()[0];
            assert!((density / pdf(z) - 1.0).abs() <= 5e-16 * (2.0 + z * z), "{z}");
            if z.abs() < 7.0 {
                // Towards 1 the probability itself cannot hold the tail to better than 1e-16.
                let accuracy = 1e-14 + 2e-16 / pdf(z);
                assert!((quantile(ours) - z).abs() < accuracy, "{z} -> {}", quantile(ours));
            }
        }
    }

    #[test]
    fn exponential_agrees_with_libm() {
        for i in -70_800..70_900 {
            let x = f64::from(i) / 100.0;
            let ours = exp::<Portable>(Lanes::splat(x)).to_array()[0];
            assert!((ours / libm::exp(x) - 1.0).abs() < 4e-16, "{x}: {ours}");
        }
        assert!(exp::<Portable>(Lanes::splat(-1e6)).to_array()[0] < 1e-300);
    }
}
