//! Which units or which volume make each day's dose.

use jiff::Span;
use jiff::civil::Date;
use ldn_core::plan::{DayPart, TimeOfDay};
use ldn_core::quantity::{Concentration, UnitForm, Volume};
use ldn_core::{Dose, Plan};

use super::compounding::{Compounding, LIQUID};
use super::make::{Take, UnitTable};
use super::stock::{Liquid, Stock, Unit};
use super::{CannotMake, Refusal, Would};

/// Days in a row that are made in the same way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayRun {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// How many days.
    pub days: u32,
    /// What is swallowed, or why nothing is.
    pub kind: DayKind,
}

/// What is swallowed on a day, or why nothing is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DayKind {
    /// These, in the order of the day.
    Take(Vec<Swallowing>),
    /// Nothing, because of a hold.
    Hold {
        /// Why.
        why: String,
        /// Id of the rule.
        rule: String,
    },
    /// Nothing, because no step of the plan reaches this day.
    NoPlan,
}

/// One swallowing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Swallowing {
    /// When.
    pub at: TimeOfDay,
    /// How much.
    pub dose: Dose,
    /// Made of what.
    pub how: How,
}

/// What a dose is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum How {
    /// Units, strongest first.
    Units(Vec<Take>),
    /// A volume of the liquid.
    Liquid(Volume),
}

impl DayRun {
    /// Returns the swallowings of each day; none on days without a dose.
    pub fn swallowings(&self) -> &[Swallowing] {
        match &self.kind {
            DayKind::Take(swallowings) => swallowings,
            DayKind::Hold { .. } | DayKind::NoPlan => &[],
        }
    }

    /// Returns each day's total.
    pub fn dose(&self) -> Dose {
        Dose::from_nanograms(self.swallowings().iter().map(|swallowing| swallowing.dose.nanograms()).sum())
    }

    /// Returns how many swallowings of a day are made with a form.
    pub(super) fn swallowings_of(&self, form: &str) -> u64 {
        self.swallowings().iter().filter(|swallowing| swallowing.how.uses(form)).count() as u64
    }
}

impl How {
    fn uses(&self, form: &str) -> bool {
        match self {
            How::Units(takes) => takes.iter().any(|take| take.unit.form().singular() == form),
            How::Liquid(_) => form == LIQUID,
        }
    }
}

/// Returns the day so many days later; `None` past the end of the calendar.
pub(super) fn later(day: Date, days: u32) -> Option<Date> {
    day.checked_add(Span::new().try_days(days).ok()?).ok()
}

/// Returns the day so many days earlier; `None` before the beginning of the calendar.
pub(super) fn earlier(day: Date, days: u32) -> Option<Date> {
    day.checked_sub(Span::new().try_days(days).ok()?).ok()
}

/// Makes every day, and puts days that are made alike together.
pub(super) fn runs(
    plan: &Plan,
    from: Date,
    days: u32,
    stock: &Stock,
    compounding: &Compounding,
) -> Result<Vec<DayRun>, Refusal> {
    let maker = Maker::new(plan, stock, compounding)?;
    let (mut runs, mut cannot): (Vec<DayRun>, Vec<CannotMake>) = (Vec::new(), Vec::new());
    for offset in 0..days {
        let day = later(from, offset).ok_or(Refusal::TooLarge { what: "the last day" })?;
        let kind = maker.day(plan, day, &mut cannot)?;
        match runs.last_mut() {
            Some(run) if run.kind == kind => {
                run.to = day;
                run.days += 1;
            }
            _ => runs.push(DayRun { from: day, to: day, days: 1, kind }),
        }
    }
    if cannot.is_empty() { Ok(runs) } else { Err(Refusal::CannotMake(cannot)) }
}

/// Makes doses from a stock.
struct Maker<'a> {
    table: UnitTable,
    highest: Dose,
    stock: &'a Stock,
    compounding: &'a Compounding,
}

impl<'a> Maker<'a> {
    fn new(plan: &Plan, stock: &'a Stock, compounding: &'a Compounding) -> Result<Maker<'a>, Refusal> {
        let highest = plan.highest_dose();
        Ok(Maker { table: UnitTable::new(stock.units(), highest)?, highest, stock, compounding })
    }

    fn day(&self, plan: &Plan, day: Date, cannot: &mut Vec<CannotMake>) -> Result<DayKind, Refusal> {
        if let Some(hold) = plan.hold_on(day) {
            return Ok(DayKind::Hold { why: hold.why.clone(), rule: hold.rule.clone() });
        }
        let Some(step) = plan.step_on(day) else { return Ok(DayKind::NoPlan) };
        let mut swallowings = Vec::with_capacity(step.parts.len());
        for DayPart { at, dose } in &step.parts {
            match self.make(*dose)? {
                Some(how) => swallowings.push(Swallowing { at: *at, dose: *dose, how }),
                None => self.note(day, *dose, cannot),
            }
        }
        Ok(DayKind::Take(swallowings))
    }

    /// Makes a dose of units, or of the liquid if the units do not make it.
    fn make(&self, dose: Dose) -> Result<Option<How>, Refusal> {
        if let Some(takes) = self.table.make(dose) {
            return Ok(Some(How::Units(takes)));
        }
        let Some(liquid) = self.stock.liquid() else { return Ok(None) };
        let home = self.compounding.beyond_use(&liquid.keeps).and_then(|limit| limit.home.as_ref());
        if let Some(home) = home.filter(|home| dose < home.smallest_dose) {
            return Err(Refusal::TooSmallForHome { dose, smallest: home.smallest_dose });
        }
        Ok(measured(dose, liquid.concentration, liquid.syringe_step).map(How::Liquid))
    }

    /// Notes a dose that cannot be made, once for all days in a row.
    fn note(&self, day: Date, dose: Dose, cannot: &mut Vec<CannotMake>) {
        let yesterday = day.yesterday().ok();
        let known = cannot.iter_mut().find(|c| c.dose == dose && (Some(c.to) == yesterday || c.to == day));
        if let Some(known) = known {
            known.to = day;
            return;
        }
        let (below, above) = self.nearest(dose);
        cannot.push(CannotMake { from: day, to: day, dose, below, above, would: self.would(dose) });
    }

    fn nearest(&self, dose: Dose) -> (Option<Dose>, Option<Dose>) {
        let (below, above) = self.table.nearest(dose);
        let Some((less, more)) = self.stock.liquid().and_then(|liquid| nearest_measured(dose, liquid)) else {
            return (below, above);
        };
        (below.max(less), above.into_iter().chain(more).min())
    }

    /// Says what would make a dose possible: the usual strength with which it takes the fewest pieces, another liquid,
    /// or a capsule of just this dose.
    fn would(&self, dose: Dose) -> Would {
        if let (true, Some(liquid)) = (self.stock.units().is_empty(), self.stock.liquid()) {
            let mut others = self.compounding.concentrations();
            others.sort();
            let fits = |other: &Concentration| measured(dose, *other, liquid.syringe_step).is_some();
            if let Some(other) = others.into_iter().rev().find(fits) {
                return Would::Liquid(other);
            }
        }
        let usual = self.compounding.usual_strengths(UnitForm::Capsule).into_iter().map(Unit::capsule);
        let pieces = |unit: &Unit| {
            let units: Vec<Unit> = self.stock.units().iter().copied().chain([*unit]).collect();
            let takes = UnitTable::new(&units, self.highest).ok()?.make(dose)?;
            Some(takes.iter().map(Take::pieces).sum::<u64>())
        };
        let best = usual.filter_map(|unit| Some((pieces(&unit)?, unit))).min_by_key(|(pieces, _)| *pieces);
        let exactly = ldn_core::quantity::Strength::of(dose).map(Unit::capsule);
        match (best, exactly) {
            (Some((_, unit)), _) => Would::Unit(unit),
            (None, Some(unit)) => Would::Unit(unit),
            (None, None) => unreachable!("a plan holds no dose of zero"),
        }
    }
}

/// Returns the volume of a dose, if it is a whole number of steps of the syringe.
fn measured(dose: Dose, concentration: Concentration, step: Volume) -> Option<Volume> {
    concentration.volume_of(dose).filter(|volume| volume.nanolitres().is_multiple_of(step.nanolitres()))
}

/// Returns the doses of the whole steps of the syringe below and above; no dose is below the first step.
fn nearest_measured(dose: Dose, liquid: &Liquid) -> Option<(Option<Dose>, Option<Dose>)> {
    let step = liquid.concentration.dose_in(liquid.syringe_step)?.nanograms();
    let steps = dose.nanograms().checked_div(step)?;
    let doses = |steps: u64| steps.checked_mul(step).map(Dose::from_nanograms);
    let below = doses(steps).filter(|dose| !dose.is_zero());
    Some((below, doses(steps + 1)))
}
