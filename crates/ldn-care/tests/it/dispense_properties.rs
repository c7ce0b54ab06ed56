//! Properties of what is dispensed, over generated plans, stocks and days.

use std::collections::BTreeSet;

use ldn_care::dispense::{
    Content, Dispensing, How, Liquid, Refusal, Score, Stock, Swallowing, Take, Unit, dispense,
};
use ldn_core::plan::{DayPart, Step, TimeOfDay};
use ldn_core::quantity::{Quantity, Strength, UnitForm, Volume};
use ldn_core::{Dose, Plan};
use proptest::prelude::*;

use crate::dispense_plans::{START, day, hold, parts, shipped};

const TIMES: [TimeOfDay; 3] = [TimeOfDay::Morning, TimeOfDay::Midday, TimeOfDay::Bedtime];

/// One step: days, gap of held days before it, and the doses of a day in quarters of 0.25 mg.
type Draft = (u8, u8, Vec<u8>);

fn drafts() -> impl Strategy<Value = Vec<Draft>> {
    let doses = prop::collection::vec(1_u8..=48, 1..=3);
    prop::collection::vec((1_u8..30, prop_oneof![3 => Just(0_u8), 1 => 1_u8..6], doses), 1..6)
}

/// Makes the plan of the drafts; gaps are holds, and the last step is open if it is asked for.
fn plan_of(drafts: &[Draft], open: bool) -> Plan {
    let (mut steps, mut holds, mut next) = (Vec::new(), Vec::new(), 0);
    for (index, (days, gap, doses)) in drafts.iter().enumerate() {
        if *gap > 0 {
            holds.push(hold(day(next), Some(day(next + i64::from(*gap) - 1))));
            next += i64::from(*gap);
        }
        let last = day(next + i64::from(*days) - 1);
        let part = |(index, dose): (usize, &u8)| DayPart {
            at: TIMES[index],
            dose: Dose::from_micrograms(u32::from(*dose) * 250),
        };
        steps.push(Step {
            from: day(next),
            to: (!open || index + 1 < drafts.len()).then_some(last),
            parts: doses.iter().enumerate().map(part).collect(),
            why: "step".into(),
            source: "ldnrt-starting-dose".into(),
        });
        next += i64::from(*days);
    }
    Plan::new(parts(steps, holds)).unwrap()
}

fn units() -> impl Strategy<Value = Vec<Unit>> {
    let form = prop_oneof![Just(UnitForm::Capsule), Just(UnitForm::Tablet), Just(UnitForm::Troche)];
    let score = prop_oneof![Just(Score::Whole), Just(Score::Halves), Just(Score::Quarters)];
    let unit = (1_u32..=24, form, score).prop_map(|(quarters, form, score)| {
        let strength = Strength::of(Dose::from_micrograms(quarters * 250)).unwrap();
        let score = if form == UnitForm::Capsule { Score::Whole } else { score };
        Unit::new(strength, form, score).unwrap()
    });
    prop::collection::btree_set(unit, 1..5).prop_map(|units: BTreeSet<Unit>| units.into_iter().collect())
}

fn liquid() -> impl Strategy<Value = Liquid> {
    let keeps = ["liquid-unpreserved", "liquid-preserved", "liquid-non-aqueous"];
    let concentration = prop_oneof![Just("0.5 mg/mL"), Just("1 mg/mL"), Just("5 mg/mL")];
    (concentration, prop_oneof![Just(10_u32), Just(50), Just(100)], prop::option::of(80_u32..400), 0..3_usize)
        .prop_map(move |(concentration, step, bottle, keep)| Liquid {
            concentration: concentration.parse().unwrap(),
            syringe_step: Volume::from_microlitres(step),
            bottle: bottle.map(|bottle| Volume::from_microlitres(bottle * 1_000)),
            keeps: keeps[keep].to_owned(),
        })
}

fn stocks() -> impl Strategy<Value = Stock> {
    let parts = (units(), prop::option::of(liquid()), 0_u32..10, prop::option::of(1_u32..60));
    parts.prop_map(|(units, liquid, lead, fill)| {
        let stock = Stock::new(units, liquid, shipped()).unwrap().with_lead_days(lead);
        match fill {
            Some(days) => stock.with_fill_days(days).unwrap(),
            None => stock,
        }
    })
}

fn held_by(take: &Take) -> u64 {
    take.unit.strength().nanograms() * take.quarters / 4
}

fn held_in(swallowing: &Swallowing, stock: &Stock) -> Dose {
    match (&swallowing.how, stock.liquid()) {
        (How::Units(takes), _) => Dose::from_nanograms(takes.iter().map(held_by).sum()),
        (How::Liquid(volume), Some(liquid)) => liquid.concentration.dose_in(*volume).unwrap(),
        (How::Liquid(_), None) => panic!("a liquid that is not in the stock"),
    }
}

/// Each swallowing of each day, straight from the plan.
fn doses_of(plan: &Plan, offset: i64) -> Vec<Dose> {
    let day = day(offset);
    match plan.hold_on(day) {
        Some(_) => vec![],
        None => plan.step_on(day).map(|step| step.parts.iter().map(|p| p.dose).collect()).unwrap_or_default(),
    }
}

fn check_days(plan: &Plan, dispensing: &Dispensing) -> Result<(), TestCaseError> {
    let mut offset = 0;
    for run in dispensing.runs() {
        prop_assert_eq!(run.from, day(offset), "no day is left out");
        for _ in 0..run.days {
            let asked = doses_of(plan, offset);
            let made: Vec<Dose> = run.swallowings().iter().map(|s| held_in(s, dispensing.stock())).collect();
            prop_assert_eq!(made, asked, "on {}", day(offset));
            offset += 1;
        }
        prop_assert_eq!(run.to, day(offset - 1));
    }
    prop_assert_eq!(offset, i64::from(dispensing.days()));
    Ok(())
}

fn check_fills(dispensing: &Dispensing) -> Result<(), TestCaseError> {
    let stock = dispensing.stock();
    for fill in dispensing.fills() {
        prop_assert!(fill.made_on <= fill.from && fill.from <= fill.to && fill.to < fill.beyond_use);
        let limit = shipped().beyond_use(&fill.limit).unwrap();
        prop_assert_eq!(fill.made_on.until(fill.beyond_use).unwrap().get_days().unsigned_abs(), limit.days);
        let lasts = fill.from.until(fill.to).unwrap().get_days().unsigned_abs() + 1;
        prop_assert!(stock.fill_days().is_none_or(|days| lasts <= days));
    }
    // Every kind that is swallowed on a day is in the fill of that day, and no more than the rest of a unit is left.
    for run in dispensing.runs() {
        for swallowing in run.swallowings() {
            let liquid = matches!(swallowing.how, How::Liquid(_));
            let holds = |content: &Content| matches!(content, Content::Liquid { .. }) == liquid;
            let covered = dispensing
                .fills()
                .iter()
                .filter(|fill| fill.bottles.iter().any(|bottle| holds(&bottle.content)))
                .filter(|fill| fill.from <= run.from && run.from <= fill.to)
                .count();
            prop_assert_eq!(covered, 1, "{:?}", run);
        }
    }
    for waste in dispensing.waste() {
        if let Content::Units { unit, .. } = waste.content {
            prop_assert!(waste.dose < unit.strength().dose());
        }
    }
    Ok(())
}

/// The doses that handfuls of pieces make, found by adding one piece after another.
fn reachable(stock: &Stock, up_to: u64) -> BTreeSet<u64> {
    let mut pieces = BTreeSet::new();
    for unit in stock.units() {
        let nanograms = unit.strength().nanograms();
        pieces.insert(nanograms);
        match unit.score() {
            Score::Whole => {}
            Score::Halves => _ = pieces.insert(nanograms / 2),
            Score::Quarters => pieces.extend([nanograms / 2, nanograms / 4]),
        }
    }
    let mut reached = BTreeSet::from([0]);
    let mut open = vec![0];
    while let Some(sum) = open.pop() {
        for next in pieces.iter().map(|piece| sum + piece).filter(|next| *next <= up_to) {
            if reached.insert(next) {
                open.push(next);
            }
        }
    }
    reached
}

fn check_refusal(refusal: &Refusal, stock: &Stock) -> Result<(), TestCaseError> {
    match refusal {
        Refusal::CannotMake(doses) => {
            prop_assert!(!doses.is_empty());
            for cannot in doses {
                let made = reachable(stock, cannot.dose.nanograms());
                prop_assert!(!made.contains(&cannot.dose.nanograms()), "{}", cannot);
                prop_assert!(cannot.below.is_none_or(|below| below < cannot.dose));
                prop_assert!(cannot.above.is_some_and(|above| above > cannot.dose));
                if stock.liquid().is_none() {
                    let below = made.range(1..cannot.dose.nanograms()).next_back().copied();
                    prop_assert_eq!(cannot.below.map(Dose::nanograms), below);
                }
            }
        }
        Refusal::BottleTooSmall { needed, bottle, .. } => prop_assert!(needed > bottle),
        Refusal::NoDose { .. } => {}
        other => prop_assert!(false, "{}", other),
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    /// Every day is made exactly, everything adds up, no fill outlasts its date; what is refused cannot be made.
    #[test]
    fn what_is_dispensed_is_what_the_plan_asks_for(
        drafts in drafts(), open: bool, stock in stocks(), days in 1_u32..200,
    ) {
        let plan = plan_of(&drafts, open);
        match dispense(&plan, START, days, &stock, shipped()) {
            Ok(dispensing) => {
                let asked: u64 =
                    (0..i64::from(days)).flat_map(|offset| doses_of(&plan, offset)).map(Dose::nanograms).sum();
                prop_assert_eq!(dispensing.total().nanograms(), asked);
                prop_assert_eq!(dispensing.dispensed().nanograms() - dispensing.wasted().nanograms(), asked);
                check_days(&plan, &dispensing)?;
                check_fills(&dispensing)?;
            }
            Err(refusal) => check_refusal(&refusal, &stock)?,
        }
    }

    /// With capsules of 0.25 mg every plan can be made, and more kinds never take more pieces.
    #[test]
    fn more_kinds_never_take_more_pieces(drafts in drafts(), more in units(), days in 1_u32..100) {
        let plan = plan_of(&drafts, true);
        let quarter: Unit = "0.25 mg".parse().unwrap();
        let pieces = |units: Vec<Unit>| {
            let stock = Stock::of_units(units, shipped()).unwrap();
            let made = dispense(&plan, START, days, &stock, shipped());
            made.map(|made| made.runs().iter().map(|run| {
                run.swallowings().iter().map(|swallowing| match &swallowing.how {
                    How::Units(takes) => takes.iter().map(Take::pieces).sum::<u64>(),
                    How::Liquid(_) => 0,
                }).sum::<u64>() * u64::from(run.days)
            }).sum::<u64>())
        };
        let few = pieces(vec![quarter]);
        let mut all: BTreeSet<Unit> = more.into_iter().collect();
        all.insert(quarter);
        let many = pieces(all.into_iter().collect());
        match (few, many) {
            (Ok(few), Ok(many)) => prop_assert!(many <= few),
            (few, many) => prop_assert_eq!(few, many, "only days without a dose are refused"),
        }
    }

    #[test]
    fn units_are_read_back_as_printed(units in units(), count: u32) {
        for unit in units {
            prop_assert_eq!(unit.to_string().parse::<Unit>(), Ok(unit));
            let quantity = Quantity { count, form: unit.form() };
            prop_assert_eq!(quantity.to_string().parse::<Quantity>(), Ok(quantity));
        }
    }
}
