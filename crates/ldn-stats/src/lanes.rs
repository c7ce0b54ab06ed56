//! Four numbers side by side, and the one place that asks what the processor can do.
//!
//! Code is written once over `Lanes<A>`, generic in the kind of registers `A`, and started through [`dispatch`]. The
//! results do not depend on the choice: every operation is rounded the same way in every kind, fused multiply-add
//! included, and nothing is contracted or reordered.

use std::ops::{Add, Div, Mul, Neg, Sub};

/// How many parameter vectors are worked on side by side: four doubles fill one 256-bit register.
pub const LANES: usize = 4;

/// A kind of registers. Sealed: the wide kinds can be had only from [`dispatch`], which knows that they exist here.
pub trait Arch: sealed::Operations + Copy + Default + std::fmt::Debug {}

/// What every machine can do.
#[derive(Clone, Copy, Debug, Default)]
pub struct Portable;
impl Arch for Portable {}

/// Four numbers on which every operation acts at once.
///
/// Each lane is computed exactly as it would be alone, so results do not depend on what stands in the other lanes.
#[derive(Clone, Copy, Debug)]
pub struct Lanes<A: Arch>(A::Vector);

impl<A: Arch> Lanes<A> {
    /// Returns the same number in every lane.
    #[inline(always)]
    pub fn splat(value: f64) -> Lanes<A> {
        Lanes(A::from_array([value; LANES]))
    }

    /// Returns zeros.
    #[inline(always)]
    pub fn zero() -> Lanes<A> {
        Lanes::splat(0.0)
    }

    /// Returns ones.
    #[inline(always)]
    pub fn one() -> Lanes<A> {
        Lanes::splat(1.0)
    }

    /// Makes lanes from numbers.
    #[inline(always)]
    pub fn from_array(values: [f64; LANES]) -> Lanes<A> {
        Lanes(A::from_array(values))
    }

    /// Makes lanes from a function of the lane's position.
    #[inline(always)]
    pub fn from_fn(mut f: impl FnMut(usize) -> f64) -> Lanes<A> {
        Lanes::from_array([f(0), f(1), f(2), f(3)])
    }

    /// Returns the numbers.
    #[inline(always)]
    pub fn to_array(self) -> [f64; LANES] {
        A::to_array(self.0)
    }

    /// Applies a function to every lane, one after another.
    #[inline(always)]
    pub fn map(self, mut f: impl FnMut(f64) -> f64) -> Lanes<A> {
        // Spelt out: the library's own `map` is not always inlined, and then leaves the wide registers.
        let [a, b, c, d] = self.to_array();
        Lanes::from_array([f(a), f(b), f(c), f(d)])
    }

    /// Returns `self · factor + addend`, rounded once.
    #[inline(always)]
    pub fn mul_add(self, factor: Lanes<A>, addend: Lanes<A>) -> Lanes<A> {
        Lanes(A::mul_add(self.0, factor.0, addend.0))
    }

    /// Returns `addend − self · factor`, rounded once.
    #[inline(always)]
    pub fn neg_mul_add(self, factor: Lanes<A>, addend: Lanes<A>) -> Lanes<A> {
        Lanes(A::neg_mul_add(self.0, factor.0, addend.0))
    }

    /// Returns the square roots.
    #[inline(always)]
    pub fn sqrt(self) -> Lanes<A> {
        Lanes(A::sqrt(self.0))
    }

    /// Returns the absolute values.
    #[inline(always)]
    pub fn abs(self) -> Lanes<A> {
        Lanes(A::abs(self.0))
    }

    /// Returns the lane-wise maximum with a number; a lane that is NaN gives the number.
    #[inline(always)]
    pub fn max(self, floor: f64) -> Lanes<A> {
        Lanes(A::max(self.0, A::from_array([floor; LANES])))
    }

    /// Returns the lane-wise minimum with a number; a lane that is NaN gives the number.
    #[inline(always)]
    pub fn min(self, ceiling: f64) -> Lanes<A> {
        Lanes(A::min(self.0, A::from_array([ceiling; LANES])))
    }

    /// Returns `then` where this is above zero, `otherwise` elsewhere (also where it is NaN).
    #[inline(always)]
    pub fn where_positive(self, then: Lanes<A>, otherwise: Lanes<A>) -> Lanes<A> {
        Lanes(A::where_positive(self.0, then.0, otherwise.0))
    }

    /// Returns 2^n for lanes that hold 1.5·2^52 + n, n a whole number from −1022 to 1023.
    #[inline(always)]
    pub fn power_of_two_of_shifted(self) -> Lanes<A> {
        Lanes(A::power_of_two_of_shifted(self.0))
    }

    /// Returns the lanes added up, always in the same order.
    #[inline(always)]
    pub fn sum(self) -> f64 {
        let [a, b, c, d] = self.to_array();
        (a + b) + (c + d)
    }
}

impl<A: Arch> Default for Lanes<A> {
    #[inline(always)]
    fn default() -> Lanes<A> {
        Lanes::zero()
    }
}

impl<A: Arch> Add for Lanes<A> {
    type Output = Lanes<A>;
    #[inline(always)]
    fn add(self, other: Lanes<A>) -> Lanes<A> {
        Lanes(A::add(self.0, other.0))
    }
}

impl<A: Arch> Sub for Lanes<A> {
    type Output = Lanes<A>;
    #[inline(always)]
    fn sub(self, other: Lanes<A>) -> Lanes<A> {
        Lanes(A::sub(self.0, other.0))
    }
}

impl<A: Arch> Mul for Lanes<A> {
    type Output = Lanes<A>;
    #[inline(always)]
    fn mul(self, other: Lanes<A>) -> Lanes<A> {
        Lanes(A::mul(self.0, other.0))
    }
}

impl<A: Arch> Div for Lanes<A> {
    type Output = Lanes<A>;
    #[inline(always)]
    fn div(self, other: Lanes<A>) -> Lanes<A> {
        Lanes(A::div(self.0, other.0))
    }
}

impl<A: Arch> Neg for Lanes<A> {
    type Output = Lanes<A>;
    #[inline(always)]
    fn neg(self) -> Lanes<A> {
        Lanes(A::neg(self.0))
    }
}

/// A hot loop over [`Lanes`].
///
/// `run` and everything it calls in the loop must be `#[inline(always)]`: only then is it compiled anew for each kind
/// of registers.
pub trait Kernel {
    /// What the loop computes.
    type Output;
    /// Runs the loop.
    fn run<A: Arch>(self) -> Self::Output;
}

/// Runs a kernel with the widest registers of this processor.
pub fn dispatch<K: Kernel>(kernel: K) -> K::Output {
    #[cfg(target_arch = "x86_64")]
    {
        let has_avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
        let has_avx512 = is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vl");
        #[expect(unsafe_code, reason = "the features of the called function have just been found")]
        if has_avx2 && has_avx512 {
            return unsafe { wide::run_with_32_registers(kernel) };
        } else if has_avx2 {
            return unsafe { wide::run_with_16_registers(kernel) };
        }
    }
    kernel.run::<Portable>()
}

mod sealed {
    use super::LANES;

    /// The operations of one kind of registers.
    pub trait Operations {
        type Vector: Copy + std::fmt::Debug;
        fn from_array(values: [f64; LANES]) -> Self::Vector;
        fn to_array(v: Self::Vector) -> [f64; LANES];
        fn add(a: Self::Vector, b: Self::Vector) -> Self::Vector;
        fn sub(a: Self::Vector, b: Self::Vector) -> Self::Vector;
        fn mul(a: Self::Vector, b: Self::Vector) -> Self::Vector;
        fn div(a: Self::Vector, b: Self::Vector) -> Self::Vector;
        fn mul_add(a: Self::Vector, b: Self::Vector, c: Self::Vector) -> Self::Vector;
        fn neg_mul_add(a: Self::Vector, b: Self::Vector, c: Self::Vector) -> Self::Vector;
        fn neg(a: Self::Vector) -> Self::Vector;
        fn sqrt(a: Self::Vector) -> Self::Vector;
        fn abs(a: Self::Vector) -> Self::Vector;
        fn max(a: Self::Vector, b: Self::Vector) -> Self::Vector;
        fn min(a: Self::Vector, b: Self::Vector) -> Self::Vector;
        fn where_positive(on: Self::Vector, then: Self::Vector, otherwise: Self::Vector) -> Self::Vector;
        fn power_of_two_of_shifted(a: Self::Vector) -> Self::Vector;
    }
}

/// Distance in bits from 1.5·2^52 + n to the biased exponent of 2^n.
const SHIFTED_TO_EXPONENT: u64 = 1_023_u64.wrapping_sub(6_755_399_441_055_744_f64.to_bits());

impl sealed::Operations for Portable {
    type Vector = [f64; LANES];

    #[inline(always)]
    fn from_array(values: [f64; LANES]) -> [f64; LANES] {
        values
    }
    #[inline(always)]
    fn to_array(v: [f64; LANES]) -> [f64; LANES] {
        v
    }
    #[inline(always)]
    fn add(a: [f64; LANES], b: [f64; LANES]) -> [f64; LANES] {
        std::array::from_fn(|l| a[l] + b[l])
    }
    #[inline(always)]
    fn sub(a: [f64; LANES], b: [f64; LANES]) -> [f64; LANES] {
        std::array::from_fn(|l| a[l] - b[l])
    }
    #[inline(always)]
    fn mul(a: [f64; LANES], b: [f64; LANES]) -> [f64; LANES] {
        std::array::from_fn(|l| a[l] * b[l])
    }
    #[inline(always)]
    fn div(a: [f64; LANES], b: [f64; LANES]) -> [f64; LANES] {
        std::array::from_fn(|l| a[l] / b[l])
    }
    #[inline(always)]
    fn mul_add(a: [f64; LANES], b: [f64; LANES], c: [f64; LANES]) -> [f64; LANES] {
        std::array::from_fn(|l| a[l].mul_add(b[l], c[l]))
    }
    #[inline(always)]
    fn neg_mul_add(a: [f64; LANES], b: [f64; LANES], c: [f64; LANES]) -> [f64; LANES] {
        std::array::from_fn(|l| (-a[l]).mul_add(b[l], c[l]))
    }
    #[inline(always)]
    fn neg(a: [f64; LANES]) -> [f64; LANES] {
        a.map(|v| -v)
    }
    #[inline(always)]
    fn sqrt(a: [f64; LANES]) -> [f64; LANES] {
        a.map(f64::sqrt)
    }
    #[inline(always)]
    fn abs(a: [f64; LANES]) -> [f64; LANES] {
        a.map(f64::abs)
    }
    #[inline(always)]
    fn max(a: [f64; LANES], b: [f64; LANES]) -> [f64; LANES] {
        std::array::from_fn(|l| if a[l] > b[l] { a[l] } else { b[l] })
    }
    #[inline(always)]
    fn min(a: [f64; LANES], b: [f64; LANES]) -> [f64; LANES] {
        std::array::from_fn(|l| if a[l] < b[l] { a[l] } else { b[l] })
    }
    #[inline(always)]
    fn where_positive(on: [f64; LANES], then: [f64; LANES], otherwise: [f64; LANES]) -> [f64; LANES] {
        std::array::from_fn(|l| if on[l] > 0.0 { then[l] } else { otherwise[l] })
    }
    #[inline(always)]
    fn power_of_two_of_shifted(a: [f64; LANES]) -> [f64; LANES] {
        a.map(|v| f64::from_bits(v.to_bits().wrapping_add(SHIFTED_TO_EXPONENT) << 52))
    }
}

/// 256-bit registers of x86-64.
#[cfg(target_arch = "x86_64")]
#[expect(
    unsafe_code,
    reason = "`Wide` is private, and only the two functions below, called after a check, hand it to a kernel: \
              wherever an operation runs, AVX2 and FMA are there"
)]
mod wide {
    use super::{Arch, Kernel, LANES, SHIFTED_TO_EXPONENT, sealed};
    use std::arch::x86_64::*;

    #[derive(Clone, Copy, Debug, Default)]
    struct Wide;
    impl Arch for Wide {}

    #[target_feature(enable = "avx2,fma,avx512f,avx512vl")]
    pub(super) fn run_with_32_registers<K: Kernel>(kernel: K) -> K::Output {
        kernel.run::<Wide>()
    }

    #[target_feature(enable = "avx2,fma")]
    pub(super) fn run_with_16_registers<K: Kernel>(kernel: K) -> K::Output {
        kernel.run::<Wide>()
    }

    impl sealed::Operations for Wide {
        type Vector = __m256d;

        #[inline(always)]
        fn from_array(values: [f64; LANES]) -> __m256d {
            // Same size, any bit pattern valid on both sides.
            unsafe { std::mem::transmute(values) }
        }
        #[inline(always)]
        fn to_array(v: __m256d) -> [f64; LANES] {
            unsafe { std::mem::transmute(v) }
        }
        #[inline(always)]
        fn add(a: __m256d, b: __m256d) -> __m256d {
            unsafe { _mm256_add_pd(a, b) }
        }
        #[inline(always)]
        fn sub(a: __m256d, b: __m256d) -> __m256d {
            unsafe { _mm256_sub_pd(a, b) }
        }
        #[inline(always)]
        fn mul(a: __m256d, b: __m256d) -> __m256d {
            unsafe { _mm256_mul_pd(a, b) }
        }
        #[inline(always)]
        fn div(a: __m256d, b: __m256d) -> __m256d {
            unsafe { _mm256_div_pd(a, b) }
        }
        #[inline(always)]
        fn mul_add(a: __m256d, b: __m256d, c: __m256d) -> __m256d {
            unsafe { _mm256_fmadd_pd(a, b, c) }
        }
        #[inline(always)]
        fn neg_mul_add(a: __m256d, b: __m256d, c: __m256d) -> __m256d {
            unsafe { _mm256_fnmadd_pd(a, b, c) }
        }
        #[inline(always)]
        fn neg(a: __m256d) -> __m256d {
            unsafe { _mm256_xor_pd(a, _mm256_set1_pd(-0.0)) }
        }
        #[inline(always)]
        fn sqrt(a: __m256d) -> __m256d {
            unsafe { _mm256_sqrt_pd(a) }
        }
        #[inline(always)]
        fn abs(a: __m256d) -> __m256d {
            unsafe { _mm256_andnot_pd(_mm256_set1_pd(-0.0), a) }
        }
        #[inline(always)]
        fn max(a: __m256d, b: __m256d) -> __m256d {
            unsafe { _mm256_max_pd(a, b) }
        }
        #[inline(always)]
        fn min(a: __m256d, b: __m256d) -> __m256d {
            unsafe { _mm256_min_pd(a, b) }
        }
        #[inline(always)]
        fn where_positive(on: __m256d, then: __m256d, otherwise: __m256d) -> __m256d {
            unsafe {
                let positive = _mm256_cmp_pd::<_CMP_GT_OQ>(on, _mm256_setzero_pd());
                _mm256_blendv_pd(otherwise, then, positive)
            }
        }
        #[inline(always)]
        fn power_of_two_of_shifted(a: __m256d) -> __m256d {
            unsafe {
                let shift = _mm256_set1_epi64x(SHIFTED_TO_EXPONENT as i64);
                _mm256_castsi256_pd(_mm256_slli_epi64::<52>(_mm256_add_epi64(_mm256_castpd_si256(a), shift)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Uses every operation once per round.
    struct Everything([f64; LANES]);

    impl Kernel for Everything {
        type Output = [u64; LANES];
        #[inline(always)]
        fn run<A: Arch>(self) -> [u64; LANES] {
            let mut x = Lanes::<A>::from_array(self.0);
            for round in 0..100 {
                let y = (x.mul_add(x, Lanes::splat(-1.1)) / Lanes::splat(1.7)).abs().sqrt().max(0.3).min(5.0);
                let z = y.neg_mul_add(x, Lanes::splat(f64::from(round))) - y * Lanes::splat(0.1);
                x = (-z).where_positive(y + Lanes::one(), z.map(|v| v * 0.01));
            }
            (x + Lanes::splat(x.sum())).to_array().map(f64::to_bits)
        }
    }

    #[test]
    fn the_processor_makes_no_difference() {
        let start = [0.3, 1.9, -2.7, 11.0];
        assert_eq!(dispatch(Everything(start)), Everything(start).run::<Portable>());
    }

    #[test]
    fn powers_of_two() {
        for n in [-1022.0, -1.0, 0.0, 1.0, 52.0, 1023.0] {
            let shifted = Lanes::<Portable>::splat(6_755_399_441_055_744.0 + n);
            assert_eq!(shifted.power_of_two_of_shifted().to_array()[0], libm::exp2(n), "{n}");
        }
    }

    #[test]
    fn not_a_number_is_caught_by_bounds() {
        let nan = Lanes::<Portable>::splat(f64::NAN);
        assert_eq!((nan.max(1.0).to_array()[0], nan.min(2.0).to_array()[0]), (1.0, 2.0));
        assert_eq!(nan.where_positive(Lanes::one(), Lanes::zero()).to_array()[0], 0.0);
    }
}
