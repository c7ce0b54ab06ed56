//! Which few strengths make a whole plan with the fewest capsules.

use std::collections::BTreeMap;

use jiff::civil::Date;
use ldn_core::quantity::{Strength, UnitForm};
use ldn_core::{Dose, Plan};

use super::compounding::Compounding;
use super::make::{Take, UnitTable};
use super::stock::{Stock, StockError, Unit};
use super::{Dispensing, Refusal, dispense};

/// The most strengths that a choice may have; more bottles are more mistakes.
const MOST_STRENGTHS: usize = 3;

/// A few strengths that make a whole plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The strengths of the capsules, weakest first.
    pub strengths: Vec<Strength>,
    /// All capsules of the plan.
    pub capsules: u64,
    /// What the pharmacy makes then.
    pub dispensing: Dispensing,
}

/// Finds, for one, two and three strengths of the usual capsules, those that make the days of a plan with the fewest
/// capsules, then at the lowest cost, then with the fewest and strongest strengths.
///
/// The best of all comes first. A number of strengths that does not do better than a smaller number is left out.
///
/// # Errors
/// [`Refusal`]: as [`dispense`] with all usual strengths, or [`Refusal::NoChoice`] if it takes more than three of them.
pub fn choose_strengths(
    plan: &Plan,
    from: Date,
    days: u32,
    at_most: usize,
    compounding: &Compounding,
) -> Result<Vec<Choice>, Refusal> {
    let at_most = at_most.clamp(1, MOST_STRENGTHS);
    let usual = compounding.usual_strengths(UnitForm::Capsule);
    let stock = stock_of(&usual, compounding)?;
    let with_all = dispense(plan, from, days, &stock, compounding)?;
    let doses = doses_of(&with_all);
    let mut choices: Vec<Choice> = Vec::new();
    for size in 1..=at_most {
        let Some((capsules, strengths)) = best_of_size(&usual, size, &doses) else { continue };
        if choices.last().is_some_and(|fewer| fewer.capsules <= capsules) {
            continue;
        }
        let stock = stock_of(&strengths, compounding)?;
        let dispensing = dispense(plan, from, days, &stock, compounding)?;
        choices.push(Choice { strengths, capsules, dispensing });
    }
    choices.reverse();
    if choices.is_empty() { Err(Refusal::NoChoice { at_most }) } else { Ok(choices) }
}

fn stock_of(strengths: &[Strength], compounding: &Compounding) -> Result<Stock, Refusal> {
    let units = strengths.iter().copied().map(Unit::capsule).collect();
    Ok(Stock::of_units(units, compounding)?)
}

/// The doses that are swallowed, and how often.
fn doses_of(dispensing: &Dispensing) -> BTreeMap<Dose, u64> {
    let mut doses = BTreeMap::new();
    for run in dispensing.runs() {
        for swallowing in run.swallowings() {
            *doses.entry(swallowing.dose).or_default() += u64::from(run.days);
        }
    }
    doses
}

/// Returns the strengths with the fewest capsules, among equals the strongest. Every capsule has the same range of
/// prices whatever its strength, so the fewest capsules are also the cheapest.
fn best_of_size(
    usual: &[Strength],
    size: usize,
    doses: &BTreeMap<Dose, u64>,
) -> Option<(u64, Vec<Strength>)> {
    let candidates = subsets(usual, size).into_iter();
    let counted = candidates.filter_map(|strengths| Some((capsules_with(&strengths, doses)?, strengths)));
    counted.min_by(|(one, strengths), (other, others)| one.cmp(other).then_with(|| others.cmp(strengths)))
}

/// Returns how many capsules all doses take; `None` if one cannot be made, or one of the strengths is never used.
fn capsules_with(strengths: &[Strength], doses: &BTreeMap<Dose, u64>) -> Option<u64> {
    let units: Vec<Unit> = strengths.iter().copied().map(Unit::capsule).collect();
    let table = UnitTable::new(&units, *doses.keys().next_back()?).ok()?;
    let mut capsules = 0;
    let mut used: Vec<Unit> = Vec::new();
    for (dose, times) in doses {
        let takes = table.make(*dose)?;
        capsules += takes.iter().map(Take::pieces).sum::<u64>() * times;
        used.extend(takes.iter().map(|take| take.unit));
    }
    units.iter().all(|unit| used.contains(unit)).then_some(capsules)
}

/// Returns all choices of so many of the strengths.
fn subsets(strengths: &[Strength], size: usize) -> Vec<Vec<Strength>> {
    let Some((first, rest)) = strengths.split_first() else {
        return if size == 0 { vec![vec![]] } else { vec![] };
    };
    if size == 0 {
        return vec![vec![]];
    }
    let mut with: Vec<Vec<Strength>> = subsets(rest, size - 1);
    for subset in &mut with {
        subset.insert(0, *first);
    }
    with.extend(subsets(rest, size));
    with
}

impl From<StockError> for Refusal {
    fn from(error: StockError) -> Refusal {
        Refusal::Stock(Box::new(error))
    }
}
