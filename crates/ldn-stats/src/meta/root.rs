//! Roots of functions of one non-negative variable.

/// A root and the number of steps it took.
#[derive(Clone, Copy, Debug)]
pub(super) struct Root {
    pub(super) at: f64,
    pub(super) steps: usize,
}

/// Where a search stood when its steps were used up, or its function was no longer a number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lost {
    pub(super) at: f64,
}

/// Returns the root, or NaN: for quantiles, whose caller checks that the numbers it hands out are finite.
pub(super) fn or_nan(found: Result<Root, Lost>) -> f64 {
    found.map_or(f64::NAN, |root| root.at)
}

pub(super) const MOST_STEPS: usize = 500;
/// A step shorter than this share of the point and the scale is the last.
const LAST_STEP: f64 = 1e-13;
/// After so many steps that have not halved the bracket, it is halved.
const PATIENCE: usize = 5;
/// How many times as far as a plain step a secant may go.
const FARTHEST_SECANT: f64 = 100.0;

/// Finds the root of a function whose sign says in which direction, and whose size about how far.
///
/// `step` is a Newton or scoring step: positive where the root lies higher. The search follows it, accelerated by secants,
/// inside the bracket that the signs leave, and halves the bracket when neither stays within it: it ends at a point where
/// the sign falls from plus to minus, or at 0 if the sign is negative there, even when single steps overshoot. `scale` is
/// a size beside which a root counts as 0.
pub(super) fn follow(start: f64, scale: f64, step: impl Fn(f64) -> f64) -> Result<Root, Lost> {
    let mut search = Search { low: 0.0, high: f64::INFINITY, zero_is_low: false };
    let mut width = f64::INFINITY;
    let mut at = start;
    let mut before: Option<(f64, f64)> = None;
    for steps in 1..=MOST_STEPS {
        let direction = step(at);
        if direction.is_nan() {
            return Err(Lost { at });
        }
        if direction == 0.0 || (at == 0.0 && direction < 0.0) {
            return Ok(Root { at, steps });
        }
        search.narrow(at, direction);
        let mut next = search.next(at, direction, before);
        if steps % PATIENCE == 0 {
            if search.width() > 0.5 * width && search.zero_is_low {
                next = search.middle(at);
            }
            width = search.width();
        }
        if next > 0.0 && (next - at).abs() <= LAST_STEP * (next + scale) {
            return Ok(Root { at: next, steps });
        }
        before = Some((at, direction));
        at = next;
    }
    Err(Lost { at })
}

/// What is known: the root lies between `low` and `high`, or at 0 as long as that has not been ruled out.
struct Search {
    low: f64,
    high: f64,
    zero_is_low: bool,
}

impl Search {
    fn narrow(&mut self, at: f64, direction: f64) {
        if direction < 0.0 {
            self.high = at;
        } else {
            self.low = at;
            self.zero_is_low = true;
        }
    }

    fn next(&self, at: f64, direction: f64, before: Option<(f64, f64)>) -> f64 {
        let inside = |x: &f64| self.low < *x && *x < self.high;
        let secant = before.map(|(earlier, there)| {
            // Two nearly equal steps make a secant that points anywhere.
            let farthest = FARTHEST_SECANT * direction.abs();
            at + (-direction * (at - earlier) / (direction - there)).clamp(-farthest, farthest)
        });
        if let Some(x) = secant.filter(inside).or(Some(at + direction).filter(inside)) {
            return x;
        }
        if !self.zero_is_low {
            return 0.0;
        }
        self.middle(at)
    }

    fn width(&self) -> f64 {
        self.high - self.low
    }

    fn middle(&self, at: f64) -> f64 {
        if self.high.is_finite() { 0.5 * (self.low + self.high) } else { 2.0 * at.max(f64::MIN_POSITIVE) }
    }
}

/// Finds a root between two ends at which the function has opposite signs, to half of `tolerance`.
///
/// Brent (1973), chapter 4, algorithm `zero`: inverse quadratic interpolation, secants and halving. Step for step that of
/// R's `uniroot`, so that with the same ends and the same coarse tolerance it stops at the same point.
pub(super) fn brent(ends: (f64, f64), tolerance: f64, f: impl Fn(f64) -> f64) -> Result<Root, Lost> {
    let (mut a, mut b) = ends;
    let (mut fa, mut fb) = (f(a), f(b));
    let (mut c, mut fc) = (a, fa);
    for steps in 1..=MOST_STEPS {
        let last_step = b - a;
        if fc.abs() < fb.abs() {
            (a, b, c) = (b, c, b);
            (fa, fb, fc) = (fb, fc, fb);
        }
        let least_step = 2.0 * f64::EPSILON * b.abs() + 0.5 * tolerance;
        let half = 0.5 * (c - b);
        if half.abs() <= least_step || fb == 0.0 {
            return Ok(Root { at: b, steps });
        }
        let mut step = half;
        if last_step.abs() >= least_step && fa.abs() > fb.abs() {
            step = interpolated([(a, fa), (b, fb), (c, fc)], last_step, least_step).unwrap_or(half);
        }
        if step.abs() < least_step {
            step = least_step.copysign(step);
        }
        (a, fa) = (b, fb);
        b += step;
        fb = f(b);
        if fb.is_nan() {
            break;
        }
        if (fb > 0.0) == (fc > 0.0) && fb != 0.0 {
            (c, fc) = (a, fa);
        }
    }
    Err(Lost { at: b })
}

/// Brent's interpolated step from the best point `b`; `None` if it is too long to be trusted.
fn interpolated(
    [(a, fa), (b, fb), (c, fc)]: [(f64, f64); 3],
    last_step: f64,
    least_step: f64,
) -> Option<f64> {
    let width = c - b;
    let (p, q) = if a == c {
        let s = fb / fa;
        (width * s, 1.0 - s)
    } else {
        let (r, t, s) = (fa / fc, fb / fc, fb / fa);
        (s * (width * r * (r - t) - (b - a) * (t - 1.0)), (r - 1.0) * (t - 1.0) * (s - 1.0))
    };
    let (p, q) = if p > 0.0 { (p, -q) } else { (-p, q) };
    let trusted = p < 0.75 * width * q - 0.5 * (least_step * q).abs() && p < 0.5 * (last_step * q).abs();
    trusted.then(|| p / q)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_steps_to_the_root_even_when_they_overshoot() {
        for exaggeration in [0.3, 1.0, 1.9, 2.5, 40.0] {
            let root = follow(0.7, 1.0, |x| exaggeration * (2.0 - x * x) / (2.0 * x.max(0.1))).unwrap();
            assert!((root.at - std::f64::consts::SQRT_2).abs() < 1e-12, "{exaggeration}: {root:?}");
        }
    }

    #[test]
    fn ends_at_zero_where_everything_points_down_and_says_so_where_nothing_is_a_number() {
        assert_eq!(follow(3.0, 1.0, |x| -1.0 - x).unwrap().at, 0.0);
        assert_eq!(follow(0.0, 1.0, |_| -1.0).unwrap().at, 0.0);
        assert!(follow(1.0, 1.0, |_| f64::NAN).is_err());
        assert!(follow(1.0, 1.0, |_| 1.0).is_err());
    }

    /// R 4.2.2: `uniroot(f, c(0, 100), tol = t)$root` at several tolerances, the last of them R's default.
    #[test]
    fn brent_stops_where_uniroot_does() {
        for (tolerance, expected) in
            [(1e-1, 3.9907371033472), (1e-3, 3.999898689892568), (1.220703125e-4, 4.000000738604654)]
        {
            let root = brent((0.0, 100.0), tolerance, |x| 1.0 / (1.0 + x) - 0.2).unwrap();
            assert!((root.at - expected).abs() < 1e-12, "{tolerance}: {root:?}");
        }
        for (tolerance, expected) in [(1e-1, 2.240077150482735), (1e-3, 2.236058344713289)] {
            let root = brent((0.0, 100.0), tolerance, |x| 5.0 - x * x).unwrap();
            assert!((root.at - expected).abs() < 1e-12, "{tolerance}: {root:?}");
        }
    }
}
