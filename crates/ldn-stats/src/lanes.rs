//! Four numbers side by side, and the one place that asks what the processor can do.

use std::ops::{Add, Div, Mul, Neg, Sub};

/// How many parameter vectors are worked on side by side.
///
/// Four doubles fill one 256-bit register. Wider ones would not help: with 512 bits the sums of squares would need
/// more registers than the recursions leave free.
pub const LANES: usize = 4;

/// Four numbers on which every operation acts at once.
///
/// Each lane is computed exactly as it would be alone, so results do not depend on what stands in the other lanes.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C, align(32))]
pub struct Lanes(pub [f64; LANES]);

impl Lanes {
    /// All lanes zero.
    pub const ZERO: Lanes = Lanes([0.0; LANES]);
    /// All lanes one.
    pub const ONE: Lanes = Lanes([1.0; LANES]);

    /// Puts the same number into every lane.
    #[inline(always)]
    pub const fn splat(value: f64) -> Lanes {
        Lanes([value; LANES])
    }

    /// Makes lanes from a function of the lane's position.
    #[inline(always)]
    pub fn from_fn(f: impl FnMut(usize) -> f64) -> Lanes {
        Lanes(std::array::from_fn(f))
    }

    /// Applies a function to every lane, one after another.
    #[inline(always)]
    pub fn map(self, f: impl FnMut(f64) -> f64) -> Lanes {
        Lanes(self.0.map(f))
    }

    /// Returns `self · factor + addend`, rounded once.
    #[inline(always)]
    pub fn mul_add(self, factor: Lanes, addend: Lanes) -> Lanes {
        Lanes::from_fn(|l| self.0[l].mul_add(factor.0[l], addend.0[l]))
    }

    /// Returns the square roots.
    #[inline(always)]
    pub fn sqrt(self) -> Lanes {
        self.map(f64::sqrt)
    }

    /// Returns the absolute values.
    #[inline(always)]
    pub fn abs(self) -> Lanes {
        self.map(f64::abs)
    }

    /// Returns the lane-wise maximum with a number; a lane that is NaN gives the number.
    #[inline(always)]
    pub fn max(self, floor: f64) -> Lanes {
        self.map(|v| if v > floor { v } else { floor })
    }

    /// Returns the lane-wise minimum with a number; a lane that is NaN gives the number.
    #[inline(always)]
    pub fn min(self, ceiling: f64) -> Lanes {
        self.map(|v| if v < ceiling { v } else { ceiling })
    }

    /// Returns the lanes added up, in the order of the lanes.
    #[inline(always)]
    pub fn sum(self) -> f64 {
        let [a, b, c, d] = self.0;
        (a + b) + (c + d)
    }
}

macro_rules! lane_wise {
    ($trait:ident, $method:ident, $operator:tt) => {
        impl $trait for Lanes {
            type Output = Lanes;
            #[inline(always)]
            fn $method(self, other: Lanes) -> Lanes {
                Lanes::from_fn(|l| self.0[l] $operator other.0[l])
            }
        }
    };
}
lane_wise!(Add, add, +);
lane_wise!(Sub, sub, -);
lane_wise!(Mul, mul, *);
lane_wise!(Div, div, /);

impl Neg for Lanes {
    type Output = Lanes;
    #[inline(always)]
    fn neg(self) -> Lanes {
        self.map(|v| -v)
    }
}

/// A hot loop over [`Lanes`].
///
/// `run` and everything it calls in the loop should be `#[inline(always)]`: only then is it compiled anew for the wide
/// registers of each kind of processor.
pub trait Kernel {
    /// What the loop computes.
    type Output;
    /// Runs the loop.
    fn run(self) -> Self::Output;
}

/// Runs a kernel with the widest registers of this processor.
///
/// The results do not depend on the choice: fused multiply-add is the same operation whether one instruction or a
/// library routine does it, and nothing else is contracted or reordered.
pub fn dispatch<K: Kernel>(kernel: K) -> K::Output {
    #[cfg(target_arch = "x86_64")]
    {
        #[expect(unsafe_code, reason = "the features of the called function are checked on the line before")]
        if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vl") {
            return unsafe { run_avx512(kernel) };
        } else if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            return unsafe { run_avx2(kernel) };
        }
    }
    kernel.run()
}

/// 256-bit registers as in AVX2, but 32 of them.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,avx512f,avx512vl")]
fn run_avx512<K: Kernel>(kernel: K) -> K::Output {
    kernel.run()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn run_avx2<K: Kernel>(kernel: K) -> K::Output {
    kernel.run()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Polynomial(Lanes);

    impl Kernel for Polynomial {
        type Output = Lanes;
        #[inline(always)]
        fn run(self) -> Lanes {
            let mut x = self.0;
            for _ in 0..100 {
                x = (x.mul_add(x, Lanes::splat(-1.1)) / Lanes::splat(1.7)).sqrt().max(0.3);
            }
            x
        }
    }

    #[test]
    fn the_processor_makes_no_difference() {
        let start = Lanes([0.3, 1.9, 2.7, 11.0]);
        let wide = dispatch(Polynomial(start));
        let plain = Polynomial(start).run();
        assert_eq!(wide.0.map(f64::to_bits), plain.0.map(f64::to_bits));
    }
}
