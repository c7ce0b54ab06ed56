//! The JSON form of a dispensing; for programs, in one direction.

use jiff::civil::Date;
use ldn_core::Dose;
use ldn_core::dose::milligrams;
use ldn_core::plan::TimeOfDay;
use ldn_core::quantity::{Concentration, Strength, UnitForm};
use serde::{Serialize, Serializer};

use super::compounding::Basis;
use super::days::{DayKind, DayRun, How, Swallowing};
use super::fills::{Content, Fill, Waste};
use super::make::Take;
use super::stock::Score;
use super::{Cost, Dispensing, words};

/// The only version of the form so far.
const SCHEMA: u32 = 1;

#[derive(Serialize)]
struct Form<'a> {
    schema: u32,
    plan: &'a str,
    version: u32,
    signed: bool,
    from: Date,
    days: u32,
    units: Vec<UnitRow>,
    #[serde(with = "milligrams")]
    total_mg: Dose,
    #[serde(with = "milligrams")]
    dispensed_mg: Dose,
    per_day: Vec<RunForm>,
    liquid: Option<LiquidForm>,
    fills: Vec<FillForm>,
    waste: Vec<WasteForm>,
    cost: Option<CostForm>,
    cautions: &'a [String],
}

#[derive(Serialize)]
struct UnitRow {
    form: UnitForm,
    strength: Strength,
    #[serde(skip_serializing_if = "Option::is_none")]
    scored: Option<&'static str>,
    quantity: u64,
}

#[derive(Serialize)]
struct RunForm {
    from: Date,
    to: Date,
    #[serde(with = "milligrams")]
    dose_mg: Dose,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<TimeOfDay>,
    take: Vec<TakeForm>,
    #[serde(skip_serializing_if = "Option::is_none")]
    split: Option<Vec<SplitForm>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hold: Option<HoldForm>,
}

#[derive(Serialize)]
struct HoldForm {
    why: String,
    rule: String,
}

#[derive(Serialize)]
struct SplitForm {
    at: TimeOfDay,
    #[serde(with = "milligrams")]
    dose_mg: Dose,
    take: Vec<TakeForm>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum TakeForm {
    Unit { form: UnitForm, strength: Strength, count: f64 },
    Liquid { concentration: Concentration, volume_ml: f64 },
}

#[derive(Serialize)]
struct LiquidForm {
    concentration: Concentration,
    volume_ml: f64,
    bottles: u64,
}

#[derive(Serialize)]
struct FillForm {
    fill: usize,
    from: Date,
    to: Date,
    made_on: Date,
    beyond_use: Date,
    basis: Basis,
    limit: String,
    #[serde(flatten)]
    content: ContentForm,
}

#[derive(Serialize)]
#[serde(untagged)]
enum ContentForm {
    Units { form: UnitForm, strength: Strength, quantity: u64 },
    Liquid { form: &'static str, concentration: Concentration, volume_ml: f64 },
}

#[derive(Serialize)]
struct WasteForm {
    on: Date,
    of: String,
    #[serde(with = "milligrams")]
    dose_mg: Dose,
}

#[derive(Serialize)]
struct CostForm {
    low: f64,
    high: f64,
    currency: String,
    source: String,
}

impl Serialize for Dispensing {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Form {
            schema: SCHEMA,
            plan: self.plan().as_str(),
            version: self.version(),
            signed: self.is_signed(),
            from: self.from(),
            days: self.days(),
            units: self.units().into_iter().map(unit_form).collect(),
            total_mg: self.total(),
            dispensed_mg: self.dispensed(),
            per_day: self.runs().iter().map(|run| self.run_form(run)).collect(),
            liquid: self.liquid().map(|liquid| LiquidForm {
                concentration: liquid.concentration,
                volume_ml: liquid.volume.millilitres(),
                bottles: liquid.bottles,
            }),
            fills: self
                .fills()
                .iter()
                .enumerate()
                .flat_map(|(index, fill)| fill_forms(index, fill))
                .collect(),
            waste: self.waste().iter().map(waste_form).collect(),
            cost: self.cost().map(cost_form),
            cautions: self.cautions(),
        }
        .serialize(serializer)
    }
}

impl Dispensing {
    fn run_form(&self, run: &DayRun) -> RunForm {
        let hold = match &run.kind {
            DayKind::Hold { why, rule } => Some(HoldForm { why: why.clone(), rule: rule.clone() }),
            DayKind::Take(_) | DayKind::NoPlan => None,
        };
        let takes = |swallowing: &Swallowing| self.take_forms(swallowing);
        let (at, split) = match run.swallowings() {
            [] => (None, None),
            [whole] => (Some(whole.at), None),
            parts => {
                let part = |s: &Swallowing| SplitForm { at: s.at, dose_mg: s.dose, take: takes(s) };
                (None, Some(parts.iter().map(part).collect()))
            }
        };
        let take = run.swallowings().iter().flat_map(takes).collect();
        RunForm { from: run.from, to: run.to, dose_mg: run.dose(), at, take, split, hold }
    }

    fn take_forms(&self, swallowing: &Swallowing) -> Vec<TakeForm> {
        match (&swallowing.how, self.stock().liquid()) {
            (How::Units(takes), _) => takes.iter().map(take_form).collect(),
            (How::Liquid(volume), Some(liquid)) => {
                let (concentration, volume_ml) = (liquid.concentration, volume.millilitres());
                vec![TakeForm::Liquid { concentration, volume_ml }]
            }
            (How::Liquid(_), None) => vec![],
        }
    }
}

/// Quarters are exact in binary, so the count is exact too.
fn take_form(take: &Take) -> TakeForm {
    TakeForm::Unit {
        form: take.unit.form(),
        strength: take.unit.strength(),
        count: take.quarters as f64 / 4.0,
    }
}

fn unit_form(total: super::UnitTotal) -> UnitRow {
    let scored = match total.unit.score() {
        Score::Whole => None,
        Score::Halves => Some("halves"),
        Score::Quarters => Some("quarters"),
    };
    UnitRow { form: total.unit.form(), strength: total.unit.strength(), scored, quantity: total.count }
}

fn fill_forms(index: usize, fill: &Fill) -> Vec<FillForm> {
    let form = |content: ContentForm| FillForm {
        fill: index + 1,
        from: fill.from,
        to: fill.to,
        made_on: fill.made_on,
        beyond_use: fill.beyond_use,
        basis: fill.basis,
        limit: fill.limit.clone(),
        content,
    };
    fill.bottles.iter().map(|bottle| form(content_form(&bottle.content))).collect()
}

fn content_form(content: &Content) -> ContentForm {
    match content {
        Content::Units { unit, count, .. } => {
            ContentForm::Units { form: unit.form(), strength: unit.strength(), quantity: *count }
        }
        Content::Liquid { concentration, volume, .. } => ContentForm::Liquid {
            form: content.form_id(),
            concentration: *concentration,
            volume_ml: volume.millilitres(),
        },
    }
}

fn waste_form(waste: &Waste) -> WasteForm {
    WasteForm { on: waste.on, of: words::content(&waste.content), dose_mg: waste.dose }
}

fn cost_form(cost: &Cost) -> CostForm {
    CostForm {
        low: cost.low_cents as f64 / 100.0,
        high: cost.high_cents as f64 / 100.0,
        currency: cost.currency.clone(),
        source: cost.sources.join(", "),
    }
}
