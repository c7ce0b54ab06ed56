//! How much hangs on one study.

use super::fit::{Fit, Inference, Options, fit};
use super::{Effect, Estimator, MetaError, check_effects, check_level, check_number};

/// The pooled estimate without one study.
#[derive(Clone, Debug, PartialEq)]
pub struct Omission {
    /// The study that was left out, by its position from 0.
    pub omitted: usize,
    /// The estimate from the others. Of one remaining study it is that study itself: see [`Fit::options`].
    pub fit: Result<Fit, MetaError>,
}

/// The pooled estimate after one more study.
#[derive(Clone, Debug, PartialEq)]
pub struct Accumulation {
    /// The study that came last, by its position from 0.
    pub added: usize,
    /// The estimate up to and with it. The first is that study itself: see [`Fit::options`].
    pub fit: Result<Fit, MetaError>,
}

/// Pools the studies without each of them in turn, in their order.
///
/// A single fit that cannot be made (a search that does not settle, studies that agree exactly under Hartung–Knapp) is an
/// error in its place and does not take the others with it. One remaining study is taken as it stands, under
/// [`Estimator::EqualEffects`] and [`Inference::Z`].
///
/// # Errors
/// As [`fit`](super::fit()) for the whole list; [`MetaError::TooFewStudies`] for one study.
pub fn leave_one_out(effects: &[Effect], options: &Options) -> Result<Vec<Omission>, MetaError> {
    check_effects(effects)?;
    check_level(options.level)?;
    check_number(effects, 2, "leaving one study out")?;
    let without = |omitted: usize| [&effects[..omitted], &effects[omitted + 1..]].concat();
    Ok((0..effects.len())
        .map(|omitted| Omission { omitted, fit: fit_what_there_is(&without(omitted), options) })
        .collect())
}

/// Pools the first study of an order, the first two, and so on; `order` names each study once by its position from 0.
///
/// As in [`leave_one_out`], a single fit that cannot be made is an error in its place, and the first study is taken as it
/// stands.
///
/// ```
/// use ldn_stats::meta::{Effect, Options, cumulative};
///
/// let years = [2013, 2024, 2009];
/// let effects = [-0.3, 0.1, -0.5].map(|estimate| Effect { estimate, variance: 0.1 });
/// let mut by_year = vec![0, 1, 2];
/// by_year.sort_by_key(|study| years[*study]);
/// let steps = cumulative(&effects, &by_year, &Options::default())?;
/// assert_eq!(steps[0].added, 2);
/// # Ok::<(), ldn_stats::meta::MetaError>(())
/// ```
///
/// # Errors
/// As [`fit`](super::fit()) for the whole list; [`MetaError::Order`] where `order` is not a permutation of the studies.
pub fn cumulative(
    effects: &[Effect],
    order: &[usize],
    options: &Options,
) -> Result<Vec<Accumulation>, MetaError> {
    check_effects(effects)?;
    check_level(options.level)?;
    check_order(order, effects.len())?;
    let ordered: Vec<Effect> = order.iter().map(|study| effects[*study]).collect();
    let upto = |(place, added): (usize, &usize)| Accumulation {
        added: *added,
        fit: fit_what_there_is(&ordered[..=place], options),
    };
    Ok(order.iter().enumerate().map(upto).collect())
}

fn fit_what_there_is(effects: &[Effect], options: &Options) -> Result<Fit, MetaError> {
    if effects.len() > 1 {
        return fit(effects, options);
    }
    fit(effects, &Options { estimator: Estimator::EqualEffects, inference: Inference::Z, ..*options })
}

fn check_order(order: &[usize], studies: usize) -> Result<(), MetaError> {
    let mut seen = vec![false; studies];
    for (place, study) in order.iter().enumerate() {
        match seen.get_mut(*study) {
            Some(seen) if !*seen => *seen = true,
            _ => return Err(MetaError::Order { place, studies }),
        }
    }
    if order.len() < studies { Err(MetaError::Order { place: order.len(), studies }) } else { Ok(()) }
}
