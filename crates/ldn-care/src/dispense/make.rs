//! Which units make a dose exactly: the fewest, then of the fewest kinds, then with the least left over.
//!
//! A table over all amounts up to the largest dose, one layer for each kind of unit, weakest first. Everything is whole
//! nanograms, divided by their greatest common divisor so that the table stays small. Doses are made exactly or not
//! at all; nothing is ever rounded.

use ldn_core::Dose;

use super::stock::Unit;

/// The largest number of amounts that a table holds: 12 mg in steps of 12 ng.
const MOST_AMOUNTS: u64 = 1_000_000;

/// What one swallowing takes of one kind of unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Take {
    /// The kind.
    pub unit: Unit,
    /// How much of it, in quarters of a unit: 4 is one whole.
    pub quarters: u64,
}

/// What a way of making a dose costs; smaller is better, from the first field to the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Effort {
    /// Pieces to swallow; a half is one, as a whole is.
    pieces: u64,
    /// Different kinds of units.
    kinds: u64,
    /// Nanograms left over of units that were divided.
    left_over: u64,
}

/// The best ways to make every amount up to a largest one.
#[derive(Clone, Debug)]
pub struct UnitTable {
    layers: Vec<Layer>,
    /// The step of the table in nanograms: the greatest common divisor of all pieces.
    grain: u64,
}

/// The best efforts with the kinds up to one of them.
#[derive(Clone, Debug)]
struct Layer {
    unit: Unit,
    /// With at least one piece of this kind.
    used: Vec<Option<Effort>>,
    /// With or without.
    best: Vec<Option<Effort>>,
}

/// The strengths have no common step that a table can be made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "these strengths have no common step coarser than {} ng; expected strengths such as 0.5 mg or 1.5 mg",
    .grain.nanograms()
)]
pub struct TooFine {
    /// Their greatest common divisor.
    pub grain: Dose,
}

impl Take {
    /// Returns the naltrexone in it.
    pub fn dose(&self) -> Dose {
        Dose::from_nanograms(self.unit.nanograms_in(self.quarters))
    }

    /// Returns the pieces to swallow: three quarters are a half and a quarter.
    pub const fn pieces(&self) -> u64 {
        pieces_in(self.quarters)
    }
}

const fn pieces_in(quarters: u64) -> u64 {
    quarters / 4 + (quarters % 4 / 2) + quarters % 2
}

impl Effort {
    const NONE: Effort = Effort { pieces: 0, kinds: 0, left_over: 0 };

    /// Returns the effort of so many quarters, at most one whole, of a kind that was not used yet.
    fn first(unit: Unit, quarters: u64) -> Effort {
        Effort { pieces: pieces_in(quarters), kinds: 1, left_over: unit.nanograms_in(4 - quarters) }
    }

    fn and(self, other: Effort) -> Effort {
        Effort {
            pieces: self.pieces + other.pieces,
            kinds: self.kinds + other.kinds,
            left_over: self.left_over + other.left_over,
        }
    }

    /// Returns the effort with one more whole unit of a kind that is used already.
    fn and_a_whole(self) -> Effort {
        Effort { pieces: self.pieces + 1, ..self }
    }
}

impl UnitTable {
    /// Makes the table of a set of units for all doses up to one.
    ///
    /// # Errors
    /// [`TooFine`] if the units have no common step that is coarse enough.
    pub fn new(units: &[Unit], up_to: Dose) -> Result<UnitTable, TooFine> {
        if units.is_empty() {
            return Ok(UnitTable { layers: vec![], grain: 1 });
        }
        let pieces =
            || units.iter().flat_map(|unit| unit.score().amounts().iter().map(|q| unit.nanograms_in(*q)));
        let grain = pieces().fold(0, greatest_common_divisor).max(1);
        // The next larger dose that can be made is at most the smallest piece away.
        let largest = up_to.nanograms().saturating_add(pieces().min().unwrap_or(0));
        let amounts = largest / grain;
        if amounts > MOST_AMOUNTS {
            return Err(TooFine { grain: Dose::from_nanograms(grain) });
        }
        let mut units = units.to_vec();
        units.sort();
        let mut layers: Vec<Layer> = Vec::with_capacity(units.len());
        for unit in units {
            let layer = Layer::new(unit, layers.last(), grain, amounts as usize);
            layers.push(layer);
        }
        Ok(UnitTable { layers, grain })
    }

    /// Returns the best way to make a dose, strongest first; `None` if the units do not make it exactly.
    ///
    /// Among equal ways, the one with more of the stronger units.
    pub fn make(&self, dose: Dose) -> Option<Vec<Take>> {
        let mut amount = self.amount(dose)?;
        self.layers.last()?.best.get(amount).copied().flatten()?;
        let mut takes = Vec::new();
        for at in (0..self.layers.len()).rev() {
            let layer = &self.layers[at];
            if layer.used[amount].is_some() && layer.used[amount] == layer.best[amount] {
                let quarters =
                    layer.taken(&mut amount, at.checked_sub(1).map(|i| &self.layers[i]), self.grain);
                takes.push(Take { unit: layer.unit, quarters });
            }
        }
        Some(takes)
    }

    /// Returns the largest dose below and the smallest above one that the units make; zero does not count.
    pub fn nearest(&self, dose: Dose) -> (Option<Dose>, Option<Dose>) {
        let Some(last) = self.layers.last() else { return (None, None) };
        let made = |amount: &usize| last.best[*amount].is_some();
        let dose_of = |amount: usize| Dose::from_nanograms(amount as u64 * self.grain);
        let split = ((dose.nanograms() / self.grain) as usize + 1).min(last.best.len());
        let below = (1..split).rev().filter(|amount| dose_of(*amount) < dose).find(made);
        let above = (split..last.best.len()).find(made);
        (below.map(dose_of), above.map(dose_of))
    }

    fn amount(&self, dose: Dose) -> Option<usize> {
        let nanograms = dose.nanograms();
        (nanograms > 0 && nanograms.is_multiple_of(self.grain)).then_some((nanograms / self.grain) as usize)
    }
}

impl Layer {
    fn new(unit: Unit, below: Option<&Layer>, grain: u64, amounts: usize) -> Layer {
        let mut used = vec![None; amounts + 1];
        let whole = (unit.nanograms_in(4) / grain) as usize;
        for amount in 0..=amounts {
            let one_more = amount.checked_sub(whole).and_then(|rest| used[rest]).map(Effort::and_a_whole);
            let first = unit.score().amounts().iter().filter_map(|quarters| {
                let rest = amount.checked_sub((unit.nanograms_in(*quarters) / grain) as usize)?;
                Some(without(below, rest)?.and(Effort::first(unit, *quarters)))
            });
            used[amount] = first.chain(one_more).min();
        }
        let best = (0..=amounts).map(|amount| smaller(used[amount], without(below, amount))).collect();
        Layer { unit, used, best }
    }

    /// Takes what the best way takes of this kind off the amount, and returns it in quarters.
    fn taken(&self, amount: &mut usize, below: Option<&Layer>, grain: u64) -> u64 {
        let whole = (self.unit.nanograms_in(4) / grain) as usize;
        let mut quarters = 0;
        loop {
            let one_more = amount
                .checked_sub(whole)
                .filter(|rest| self.used[*rest].map(Effort::and_a_whole) == self.used[*amount]);
            let Some(rest) = one_more else { break };
            *amount = rest;
            quarters += 4;
        }
        let first = self.unit.score().amounts().iter().find_map(|first| {
            let rest = amount.checked_sub((self.unit.nanograms_in(*first) / grain) as usize)?;
            let effort = without(below, rest)?.and(Effort::first(self.unit, *first));
            (Some(effort) == self.used[*amount]).then_some((*first, rest))
        });
        if let Some((first, rest)) = first {
            *amount = rest;
            quarters += first;
        }
        quarters
    }
}

/// Returns the best effort for an amount without the kinds from a layer on.
fn without(below: Option<&Layer>, amount: usize) -> Option<Effort> {
    match below {
        Some(layer) => layer.best[amount],
        None => (amount == 0).then_some(Effort::NONE),
    }
}

fn smaller(one: Option<Effort>, other: Option<Effort>) -> Option<Effort> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

fn greatest_common_divisor(one: u64, other: u64) -> u64 {
    if other == 0 { one } else { greatest_common_divisor(other, one % other) }
}
