//! Fills: how much is handed out when, so that no bottle outlasts its beyond-use date.

use std::collections::BTreeMap;

use jiff::civil::Date;
use ldn_core::Dose;
use ldn_core::quantity::{Concentration, Volume};

use super::Refusal;
use super::compounding::{Basis, BeyondUse, Compounding, LIQUID};
use super::days::{DayRun, How, earlier, later};
use super::stock::{Stock, Unit};

/// What is handed out at once, for a run of days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fill {
    /// The first day it is taken from; for all but the first fill the day the refill is needed.
    pub from: Date,
    /// The last day it is taken from; always before its beyond-use date.
    pub to: Date,
    /// The day it is made.
    pub made_on: Date,
    /// The beyond-use date: days of the limit after it was made.
    pub beyond_use: Date,
    /// Id of the limit.
    pub limit: String,
    /// What the limit rests on.
    pub basis: Basis,
    /// How to keep it.
    pub storage: String,
    /// Its bottles, one for each kind of unit, or one of the liquid.
    pub bottles: Vec<Bottle>,
}

/// One bottle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bottle {
    /// What is in it.
    pub content: Content,
}

/// What is in a bottle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Units of one kind.
    Units {
        /// The kind.
        unit: Unit,
        /// Whole units.
        count: u64,
        /// Of these, swallowed; in quarters of a unit.
        quarters_taken: u64,
    },
    /// A liquid.
    Liquid {
        /// Naltrexone in each millilitre.
        concentration: Concentration,
        /// What is in the bottle.
        volume: Volume,
        /// Of this, swallowed.
        taken: Volume,
    },
}

/// What is left over when a fill ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waste {
    /// The last day of the fill.
    pub on: Date,
    /// The bottle it is left in.
    pub content: Content,
    /// The naltrexone in it.
    pub dose: Dose,
}

impl Content {
    /// Returns the id of the form.
    pub const fn form_id(&self) -> &'static str {
        match self {
            Content::Units { unit, .. } => unit.form().singular(),
            Content::Liquid { .. } => LIQUID,
        }
    }

    /// Returns the naltrexone that is swallowed of it.
    fn taken(&self) -> Dose {
        match self {
            Content::Units { unit, quarters_taken, .. } => {
                Dose::from_nanograms(unit.nanograms_in(*quarters_taken))
            }
            Content::Liquid { concentration, taken, .. } => dose_in(*concentration, *taken),
        }
    }
}

/// A bottle holds whole steps of a syringe or was measured for whole doses, so what is in it is whole nanograms; a bottle
/// of another size holds at least what is counted.
fn dose_in(concentration: Concentration, volume: Volume) -> Dose {
    concentration.dose_in(volume).unwrap_or_else(|| {
        let nanograms =
            u128::from(volume.nanolitres()) * u128::from(concentration.nanograms_per_ml()) / 1_000_000;
        Dose::from_nanograms(u64::try_from(nanograms).unwrap_or(u64::MAX))
    })
}

impl Bottle {
    /// Returns the naltrexone in it.
    pub fn dose(&self) -> Dose {
        match self.content {
            Content::Units { unit, count, .. } => Dose::from_nanograms(unit.strength().nanograms() * count),
            Content::Liquid { concentration, volume, .. } => dose_in(concentration, volume),
        }
    }

    /// Returns how many units of a form are in it.
    pub(super) fn units_of(&self, form: &str) -> u64 {
        match self.content {
            Content::Units { unit, count, .. } if unit.form().singular() == form => count,
            Content::Units { .. } | Content::Liquid { .. } => 0,
        }
    }

    fn left_over(&self) -> Dose {
        Dose::from_nanograms(self.dose().nanograms() - self.content.taken().nanograms())
    }
}

impl Fill {
    /// Returns what is left over when it ends.
    pub fn waste(&self) -> Vec<Waste> {
        let waste =
            |bottle: &Bottle| Waste { on: self.to, content: bottle.content, dose: bottle.left_over() };
        self.bottles.iter().map(waste).filter(|waste| !waste.dose.is_zero()).collect()
    }
}

/// What one day takes of the units, in quarters, or of the liquid.
#[derive(Clone, Debug, Default)]
struct Demand {
    units: BTreeMap<Unit, u64>,
    volume: Volume,
}

impl Demand {
    fn add(&mut self, other: &Demand) -> Option<()> {
        for (unit, quarters) in &other.units {
            *self.units.entry(*unit).or_default() += quarters;
        }
        self.volume = self.volume.checked_add(other.volume)?;
        Some(())
    }
}

/// Splits the days into as few fills as their dates allow; units and liquid are filled apart.
pub(super) fn fills(runs: &[DayRun], stock: &Stock, compounding: &Compounding) -> Result<Vec<Fill>, Refusal> {
    let (units, liquid) = demands(runs)?;
    let mut fills = Vec::new();
    if let Some(limit) = compounding.beyond_use(stock.units_keep()) {
        let splitter = Splitter { stock, limit, bottle: None };
        fills.extend(splitter.split(&units, bottles_of_units)?);
    }
    if let Some(liquid_stock) = stock.liquid()
        && let Some(limit) = compounding.beyond_use(&liquid_stock.keeps)
    {
        let splitter = Splitter { stock, limit, bottle: liquid_stock.bottle };
        let concentration = liquid_stock.concentration;
        let bottle_of = |demand: &Demand| {
            let volume = liquid_stock.bottle.unwrap_or(demand.volume);
            vec![Bottle { content: Content::Liquid { concentration, volume, taken: demand.volume } }]
        };
        fills.extend(splitter.split(&liquid, bottle_of)?);
    }
    fills.sort_by_key(|fill| fill.from);
    Ok(fills)
}

fn bottles_of_units(demand: &Demand) -> Vec<Bottle> {
    let bottle = |(unit, quarters): (&Unit, &u64)| Bottle {
        content: Content::Units { unit: *unit, count: quarters.div_ceil(4), quarters_taken: *quarters },
    };
    demand.units.iter().map(bottle).collect()
}

/// Days with what they need.
type Days = Vec<(Date, Demand)>;

/// Returns what each day takes of the units and of the liquid; days that take nothing are left out.
fn demands(runs: &[DayRun]) -> Result<(Days, Days), Refusal> {
    let too_large = || Refusal::TooLarge { what: "the volume of a day" };
    let (mut of_units, mut of_liquid) = (Vec::new(), Vec::new());
    for run in runs {
        let (mut units, mut liquid) = (Demand::default(), Demand::default());
        for swallowing in run.swallowings() {
            match &swallowing.how {
                How::Units(takes) => {
                    for take in takes {
                        *units.units.entry(take.unit).or_default() += take.quarters;
                    }
                }
                How::Liquid(volume) => {
                    liquid.volume = liquid.volume.checked_add(*volume).ok_or_else(too_large)?;
                }
            }
        }
        for day in (0..run.days).filter_map(|offset| later(run.from, offset)) {
            if !units.units.is_empty() {
                of_units.push((day, units.clone()));
            }
            if !liquid.volume.is_zero() {
                of_liquid.push((day, liquid.clone()));
            }
        }
    }
    Ok((of_units, of_liquid))
}

/// How long a fill may last.
struct Splitter<'a> {
    stock: &'a Stock,
    limit: &'a BeyondUse,
    bottle: Option<Volume>,
}

impl Splitter<'_> {
    /// Takes as many days into each fill as fit, which makes the fewest fills.
    fn split(
        &self,
        days: &[(Date, Demand)],
        bottles: impl Fn(&Demand) -> Vec<Bottle>,
    ) -> Result<Vec<Fill>, Refusal> {
        let mut fills = Vec::new();
        let mut rest = days;
        while let Some((from, _)) = rest.first() {
            let (count, demand) = self.fitting(*from, rest)?;
            let (filled, others) = rest.split_at(count);
            let to = filled.last().map_or(*from, |(day, _)| *day);
            fills.push(self.fill(*from, to, bottles(&demand))?);
            rest = others;
        }
        Ok(fills)
    }

    /// Returns how many of the days fit into one fill that begins on the first of them, and what they need.
    fn fitting(&self, from: Date, days: &[(Date, Demand)]) -> Result<(usize, Demand), Refusal> {
        let too_large = || Refusal::TooLarge { what: "the last day of a fill" };
        let lead_days = self.stock.lead_days();
        let keeps = self.limit.days.checked_sub(lead_days).filter(|days| *days > 0);
        let keeps = keeps.ok_or(Refusal::KeepsTooShort {
            limit: self.limit.id.clone(),
            days: self.limit.days,
            lead_days,
        })?;
        let lasts = self.stock.fill_days().map_or(keeps, |days| days.min(keeps));
        let after = later(from, lasts).ok_or_else(too_large)?;
        let mut demand = Demand::default();
        let mut count = 0;
        for (day, needed) in days.iter().take_while(|(day, _)| *day < after) {
            let mut with = demand.clone();
            with.add(needed).ok_or_else(too_large)?;
            if let Some(bottle) = self.bottle.filter(|bottle| with.volume > *bottle) {
                if count == 0 {
                    return Err(Refusal::BottleTooSmall { on: *day, needed: needed.volume, bottle });
                }
                break;
            }
            demand = with;
            count += 1;
        }
        Ok((count, demand))
    }

    fn fill(&self, from: Date, to: Date, bottles: Vec<Bottle>) -> Result<Fill, Refusal> {
        let too_large = || Refusal::TooLarge { what: "the date of a fill" };
        let made_on = earlier(from, self.stock.lead_days()).ok_or_else(too_large)?;
        Ok(Fill {
            from,
            to,
            made_on,
            beyond_use: later(made_on, self.limit.days).ok_or_else(too_large)?,
            limit: self.limit.id.clone(),
            basis: self.limit.basis,
            storage: self.limit.storage.clone(),
            bottles,
        })
    }
}
