//! What exactly the pharmacy makes: which units make each day's dose, how many, in which fills, until when.
//!
//! [`dispense`] takes a plan, the days and a [`Stock`] and returns a [`Dispensing`], or a [`Refusal`] that says what
//! could be done instead. Doses are made exactly or not at all; there is no rounding and no floating-point number.
//! [`order()`] makes the paper for the pharmacy, only from a plan that is signed and in force; [`sheet()`] the patient's.
//!
//! It deliberately knows nothing about which dose is wise (the plan says that) and nothing about arms: a blinded plan is
//! refused, because its kits are made by the trial.

mod choose;
mod compounding;
mod days;
mod fills;
mod form;
mod label;
mod make;
pub mod order;
pub mod sheet;
mod stock;
mod volume;
mod words;
mod worksheet;

pub use choose::{Choice, choose_strengths};
pub use compounding::{
    Basis, BeyondUse, BlindedWords, Compounding, Filler, FillerUse, Fillers, FormFacts, FormKind,
    GenericName, Home, LabelWords, Labels, LargestUnit, Limits, NeverDivided, OrderWords, Price, PricedBy,
    SheetWords, Size, Syringe,
};
pub use days::{DayKind, DayRun, How, Swallowing};
pub use fills::{Bottle, Content, Fill, Waste};
pub use label::labels;
pub use make::{Take, TooFine, UnitTable};
pub use order::{Order, OrderDetails, OrderRefusal, SignedPlan, order};
pub use sheet::{PatientSheet, sheet};
pub use stock::{Liquid, Score, Stock, StockError, Unit, UnitError};
pub use volume::{VolumeMismatch, check_volume};

use jiff::civil::Date;
use ldn_core::quantity::{Concentration, Volume};
use ldn_core::{Dose, Plan, PlanId};

use compounding::LIQUID;

/// What the pharmacy makes for some days of a plan.
///
/// Everything adds up: what is handed out minus what is left over is what the plan asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispensing {
    plan: PlanId,
    version: u32,
    valid_until: Date,
    signed: bool,
    from: Date,
    days: u32,
    stock: Stock,
    runs: Vec<DayRun>,
    fills: Vec<Fill>,
    total: Dose,
    cost: Option<Cost>,
    cautions: Vec<String>,
}

/// What it may cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cost {
    /// The lowest, in hundredths of the currency.
    pub low_cents: u64,
    /// The highest, in hundredths of the currency.
    pub high_cents: u64,
    /// Such as "USD".
    pub currency: String,
    /// Ids of the sources.
    pub sources: Vec<String>,
}

/// One kind of unit over all fills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitTotal {
    /// The kind.
    pub unit: Unit,
    /// Whole units.
    pub count: u64,
}

/// The liquid over all fills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiquidTotal {
    /// Naltrexone in each millilitre.
    pub concentration: Concentration,
    /// All bottles together.
    pub volume: Volume,
    /// How many.
    pub bottles: u64,
}

/// Why nothing is dispensed, and what could be done instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Capsules may be placebo.
    #[error("the plan is blinded: {say}; ask the trial for the kit of this period")]
    Blinded {
        /// Why.
        say: String,
    },
    /// No day was asked for.
    #[error("0 days; expected at least 1 day")]
    NoDays,
    /// The plan does not speak about all the days.
    #[error(
        "{from} and {days} days reach beyond {valid_until}, the last day on which the plan may be read; {way_out}"
    )]
    BeyondPlan {
        /// The first day asked for.
        from: Date,
        /// The days asked for.
        days: u32,
        /// The last valid day.
        valid_until: Date,
        /// What could be asked for instead.
        way_out: String,
    },
    /// The plan has no dose on any of the days.
    #[error(
        "the plan has no dose on the {days} days from {from}; expected days that a step of the plan reaches"
    )]
    NoDose {
        /// The first day asked for.
        from: Date,
        /// The days asked for.
        days: u32,
    },
    /// Some doses cannot be made exactly.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    CannotMake(Vec<CannotMake>),
    /// The stock cannot be used.
    #[error(transparent)]
    Stock(Box<StockError>),
    /// The strengths have no common step.
    #[error(transparent)]
    TooFine(#[from] TooFine),
    /// It would be past its date before the first dose.
    #[error(
        "`{limit}` keeps {days} days, and {lead_days} of them pass before the first dose; expected fewer days between making and the first dose"
    )]
    KeepsTooShort {
        /// Id of the beyond-use limit.
        limit: String,
        /// Its days.
        days: u32,
        /// Days from making to the first dose.
        lead_days: u32,
    },
    /// A day's dose is more than a bottle holds.
    #[error(
        "on {on} the plan asks for {needed}, more than a bottle of {bottle}; expected a larger bottle or a stronger liquid"
    )]
    BottleTooSmall {
        /// The day.
        on: Date,
        /// That day's volume.
        needed: Volume,
        /// The bottle.
        bottle: Volume,
    },
    /// A liquid made at home is not exact enough.
    #[error(
        "FO-02: {dose} from a liquid made at home: never below {smallest}; expected capsules or a liquid that a pharmacy makes"
    )]
    TooSmallForHome {
        /// The dose.
        dose: Dose,
        /// The smallest that may be measured.
        smallest: Dose,
    },
    /// No few strengths make the whole plan.
    #[error(
        "no {at_most} of the usual strengths make the whole plan; expected more strengths, or a plan in steps that they make"
    )]
    NoChoice {
        /// How many were allowed.
        at_most: usize,
    },
    /// A date or an amount does not fit.
    #[error("{what} is too large; expected a plan of fewer days or smaller doses")]
    TooLarge {
        /// What.
        what: &'static str,
    },
}

/// A dose that cannot be made exactly, and what could.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CannotMake {
    /// The first day with it.
    pub from: Date,
    /// The last day of the same step.
    pub to: Date,
    /// The dose.
    pub dose: Dose,
    /// The next smaller dose that could be made.
    pub below: Option<Dose>,
    /// The next larger dose that could be made.
    pub above: Option<Dose>,
    /// What would make it possible.
    pub would: Would,
}

/// What would make a dose possible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Would {
    /// A kind of unit beside those of the stock.
    Unit(Unit),
    /// Another liquid, with the same syringe.
    Liquid(Concentration),
}

impl std::fmt::Display for CannotMake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} on {} to {} cannot be made exactly; ", self.dose, self.from, self.to)?;
        match (self.below, self.above) {
            (Some(below), Some(above)) => write!(f, "the nearest are {below} and {above}; ")?,
            (Some(nearest), None) | (None, Some(nearest)) => write!(f, "the nearest is {nearest}; ")?,
            (None, None) => {}
        }
        match &self.would {
            Would::Unit(unit) => write!(f, "with a {unit} it could be made"),
            Would::Liquid(concentration) => write!(f, "with a liquid of {concentration} it could be made"),
        }
    }
}

/// Says what the pharmacy makes for a number of days of a plan, from a first day on.
///
/// Each swallowing of a divided day is made on its own. A step without an end is cut at the last of the days. Days of a
/// hold need nothing. For an unsigned plan it is computed too, and says so.
///
/// # Errors
/// [`Refusal`], with what could be done instead; doses that cannot be made are listed all at once.
pub fn dispense(
    plan: &Plan,
    from: Date,
    days: u32,
    stock: &Stock,
    compounding: &Compounding,
) -> Result<Dispensing, Refusal> {
    if plan.parts().blinded {
        return Err(Refusal::Blinded { say: compounding.labels().blinded.refuse.clone() });
    }
    check_days(plan, from, days)?;
    let runs = days::runs(plan, from, days, stock, compounding)?;
    let total = total_of(&runs)?;
    if total.is_zero() {
        return Err(Refusal::NoDose { from, days });
    }
    let fills = fills::fills(&runs, stock, compounding)?;
    Ok(Dispensing {
        plan: plan.id(),
        version: plan.parts().version,
        valid_until: plan.parts().valid_until,
        signed: plan.is_signed(),
        from,
        days,
        stock: stock.clone(),
        total,
        cost: cost_of(&runs, &fills, compounding),
        cautions: cautions_of(&fills, stock, compounding),
        runs,
        fills,
    })
}

fn check_days(plan: &Plan, from: Date, days: u32) -> Result<(), Refusal> {
    let Some(further) = days.checked_sub(1) else { return Err(Refusal::NoDays) };
    let valid_until = plan.parts().valid_until;
    if days::later(from, further).is_some_and(|to| to <= valid_until) {
        return Ok(());
    }
    let possible = i64::from(from.until(valid_until).map_or(-1, |span| span.get_days())) + 1;
    let way_out = if possible > 0 {
        format!("expected at most {possible} days, or a new plan")
    } else {
        "expected an earlier first day, or a new plan".to_owned()
    };
    Err(Refusal::BeyondPlan { from, days, valid_until, way_out })
}

fn total_of(runs: &[DayRun]) -> Result<Dose, Refusal> {
    let too_large = || Refusal::TooLarge { what: "the total of all doses" };
    let mut total = Dose::ZERO;
    for run in runs {
        let dose = run.dose().nanograms().checked_mul(u64::from(run.days)).ok_or_else(too_large)?;
        total = total.checked_add(Dose::from_nanograms(dose)).ok_or_else(too_large)?;
    }
    Ok(total)
}

/// Returns the range of what all fills cost; `None` if for one of the forms no price was seen.
fn cost_of(runs: &[DayRun], fills: &[Fill], compounding: &Compounding) -> Option<Cost> {
    let mut cost = Cost { low_cents: 0, high_cents: 0, currency: String::new(), sources: vec![] };
    for form in forms_of(fills) {
        let price = compounding.form(form)?.cost.as_ref()?;
        let times = match price.per {
            PricedBy::Unit => fills.iter().flat_map(|fill| &fill.bottles).map(|b| b.units_of(form)).sum(),
            PricedBy::Dose => runs.iter().map(|run| u64::from(run.days) * run.swallowings_of(form)).sum(),
        };
        if !cost.currency.is_empty() && cost.currency != price.currency {
            return None;
        }
        cost.currency.clone_from(&price.currency);
        cost.low_cents = price.low_cents.checked_mul(times)?.checked_add(cost.low_cents)?;
        cost.high_cents = price.high_cents.checked_mul(times)?.checked_add(cost.high_cents)?;
        if !cost.sources.contains(&price.source) {
            cost.sources.push(price.source.clone());
        }
    }
    Some(cost)
}

/// The ids of the forms that are handed out.
fn forms_of(fills: &[Fill]) -> Vec<&'static str> {
    let mut forms: Vec<&str> = fills.iter().flat_map(|f| &f.bottles).map(|b| b.content.form_id()).collect();
    forms.sort_unstable();
    forms.dedup();
    forms
}

fn cautions_of(fills: &[Fill], stock: &Stock, compounding: &Compounding) -> Vec<String> {
    let Some(liquid) = stock.liquid().filter(|_| forms_of(fills).contains(&LIQUID)) else { return vec![] };
    let strength = compounding.concentration_caution(liquid.concentration).map(str::to_owned);
    let home = compounding.beyond_use(&liquid.keeps).and_then(|limit| limit.home.as_ref());
    strength.into_iter().chain(home.map(|home| home.caution.clone())).collect()
}

impl Dispensing {
    /// Returns the name of the plan.
    pub fn plan(&self) -> &PlanId {
        &self.plan
    }

    /// Returns the version of the plan.
    pub const fn version(&self) -> u32 {
        self.version
    }

    /// Returns the last day on which a dose may be read from the plan.
    pub const fn valid_until(&self) -> Date {
        self.valid_until
    }

    /// Returns true if a prescriber signed the plan.
    pub const fn is_signed(&self) -> bool {
        self.signed
    }

    /// Returns the first day.
    pub const fn from(&self) -> Date {
        self.from
    }

    /// Returns the number of days.
    pub const fn days(&self) -> u32 {
        self.days
    }

    /// Returns what it is made from.
    pub const fn stock(&self) -> &Stock {
        &self.stock
    }

    /// Returns the days in runs that are made in the same way, in order, holds among them.
    pub fn runs(&self) -> &[DayRun] {
        &self.runs
    }

    /// Returns the fills by their first day.
    pub fn fills(&self) -> &[Fill] {
        &self.fills
    }

    /// Returns the sum of the plan's doses on these days.
    pub const fn total(&self) -> Dose {
        self.total
    }

    /// Returns the naltrexone in everything that is handed out.
    pub fn dispensed(&self) -> Dose {
        sum(self.fills.iter().flat_map(|fill| &fill.bottles).map(Bottle::dose))
    }

    /// Returns what is left over at the end of each fill.
    pub fn waste(&self) -> Vec<Waste> {
        self.fills.iter().flat_map(Fill::waste).collect()
    }

    /// Returns the naltrexone in everything that is left over.
    pub fn wasted(&self) -> Dose {
        sum(self.waste().iter().map(|waste| waste.dose))
    }

    /// Returns the range of its price; `None` if for one of the forms no price was seen.
    pub fn cost(&self) -> Option<&Cost> {
        self.cost.as_ref()
    }

    /// Returns what must be said with it.
    pub fn cautions(&self) -> &[String] {
        &self.cautions
    }

    /// Returns the units over all fills, weakest first.
    pub fn units(&self) -> Vec<UnitTotal> {
        let mut totals: Vec<UnitTotal> = Vec::new();
        for bottle in self.fills.iter().flat_map(|fill| &fill.bottles) {
            let Content::Units { unit, count, .. } = bottle.content else { continue };
            match totals.iter_mut().find(|total| total.unit == unit) {
                Some(total) => total.count += count,
                None => totals.push(UnitTotal { unit, count }),
            }
        }
        totals.sort_by_key(|total| total.unit);
        totals
    }

    /// Returns the liquid over all fills.
    pub fn liquid(&self) -> Option<LiquidTotal> {
        let liquid = self.stock.liquid()?;
        let volumes: Vec<u64> = self
            .fills
            .iter()
            .flat_map(|fill| &fill.bottles)
            .filter_map(|bottle| match bottle.content {
                Content::Liquid { volume, .. } => Some(volume.nanolitres()),
                Content::Units { .. } => None,
            })
            .collect();
        let volume = Volume::from_nanolitres(volumes.iter().sum());
        let concentration = liquid.concentration;
        (!volumes.is_empty()).then_some(LiquidTotal { concentration, volume, bottles: volumes.len() as u64 })
    }
}

fn sum(doses: impl Iterator<Item = Dose>) -> Dose {
    Dose::from_nanograms(doses.map(Dose::nanograms).sum())
}
