//! Halton's quasi-random points.

/// The bases of the first six dimensions.
pub const BASES: [u32; 6] = [2, 3, 5, 7, 11, 13];

/// Indices skipped at the start, where the points of the larger bases still lie on lines.
pub const SKIPPED: u32 = 20;

/// Returns the radical inverse of an index in a base: its digits mirrored at the point, in [0, 1).
///
/// ```
/// assert_eq!(ldn_stats::halton::radical_inverse(2, 6), 0.375); // 110 in base 2 becomes 0.011
/// ```
pub fn radical_inverse(base: u32, mut index: u32) -> f64 {
    let (mut numerator, mut denominator) = (0_u64, 1_u64);
    while index > 0 {
        numerator = numerator * u64::from(base) + u64::from(index % base);
        denominator *= u64::from(base);
        index /= base;
    }
    numerator as f64 / denominator as f64
}

/// Returns point `k`, counted from 0: index `21 + k` in the bases 2, 3, 5, 7, 11, 13, kept off the faces by 1e-12.
pub fn point(k: u32) -> [f64; 6] {
    BASES.map(|base| radical_inverse(base, SKIPPED + 1 + k).clamp(1e-12, 1.0 - 1e-12))
}
