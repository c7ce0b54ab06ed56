//! Of what a dose is made: from what was handed out last, else from what was ordered; else nothing is said.

use jiff::civil::Date;
use ldn_care::dispense::{Compounding, How, Liquid, Score, Stock, Take, Unit, dispense};
use ldn_core::course::Course;
use ldn_core::journal::Content;
use ldn_core::plan::{Plan, TimeOfDay};
use ldn_core::quantity::{Concentration, UnitForm};

use crate::words::Words;

/// What the person has at home, as far as the journal says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum AtHome {
    /// Nothing is known: the dose stands alone.
    Unknown,
    /// All of it was to be used by a day that has passed.
    PastUse {
        /// The last day.
        on: Date,
    },
    /// What doses can be made of.
    Has(Box<Stock>),
}

impl AtHome {
    /// Looks at the last thing handed out, else at the last order.
    pub(crate) fn of(course: &Course, today: Date) -> AtHome {
        if let Some(handed_out) = course.dispensed().last() {
            let containers = &handed_out.value.containers;
            let usable =
                containers.iter().filter(|container| container.beyond_use.is_none_or(|last| today <= last));
            let contents: Vec<&Content> = usable.map(|container| &container.content).collect();
            let last_day = containers.iter().filter_map(|container| container.beyond_use).max();
            return match last_day {
                Some(on) if contents.is_empty() => AtHome::PastUse { on },
                _ => AtHome::made_of(&contents),
            };
        }
        let ordered = course.orders().last();
        ordered.map_or(AtHome::Unknown, |ordered| {
            AtHome::made_of(&ordered.value.contents.iter().collect::<Vec<_>>())
        })
    }

    fn made_of(contents: &[&Content]) -> AtHome {
        let compounding = Compounding::shipped();
        let mut units: Vec<Unit> = contents.iter().filter_map(|content| unit(content)).collect();
        units.sort();
        units.dedup();
        let liquid = contents.iter().find_map(|content| liquid(content, compounding));
        // What cannot be counted with is not guessed: the dose stands alone.
        Stock::new(units, liquid, compounding).map_or(AtHome::Unknown, |stock| AtHome::Has(Box::new(stock)))
    }

    /// Returns how each dose of a day is made, by the time of day; empty if that is not known.
    pub(crate) fn recipes(&self, words: Words, plan: &Plan, day: Date) -> Vec<(TimeOfDay, String)> {
        let AtHome::Has(stock) = self else { return Vec::new() };
        let Ok(dispensing) = dispense(plan, day, 1, stock, Compounding::shipped()) else { return Vec::new() };
        let swallowings = dispensing.runs().iter().flat_map(|run| run.swallowings());
        let concentration = stock.liquid().map(|liquid| liquid.concentration);
        swallowings
            .filter_map(|swallowing| Some((swallowing.at, recipe(words, &swallowing.how, concentration)?)))
            .collect()
    }
}

fn unit(content: &Content) -> Option<Unit> {
    let Content::Units { strength, quantity } = content else { return None };
    // Nothing says that it is scored, so nothing is divided.
    Unit::new(*strength, quantity.form, Score::Whole).ok()
}

fn liquid(content: &Content, compounding: &Compounding) -> Option<Liquid> {
    let Content::Liquid { concentration, .. } = content else { return None };
    Some(Liquid::unpreserved(*concentration, compounding))
}

/// Returns "two 1.5 mg capsules", "4.5 mL of the 1 mg/mL liquid".
fn recipe(words: Words, how: &How, concentration: Option<Concentration>) -> Option<String> {
    match how {
        How::Units(takes) => {
            let parts: Option<Vec<String>> = takes.iter().map(|take| units(words, take)).collect();
            parts.map(|parts| list(words, &parts))
        }
        How::Liquid(volume) => {
            let (volume, concentration) = (volume.to_string(), concentration?.to_string());
            Some(
                words.say_with("plan-make-liquid", &[("volume", &volume), ("concentration", &concentration)]),
            )
        }
    }
}

/// Returns whole units of one kind; `None` for parts of a unit, which nothing at home is known to allow.
fn units(words: Words, take: &Take) -> Option<String> {
    if !take.quarters.is_multiple_of(4) {
        return None;
    }
    let (count, strength) = (take.quarters / 4, take.unit.strength().to_string());
    let form = match take.unit.form() {
        UnitForm::Capsule => "capsule",
        UnitForm::Tablet => "tablet",
        UnitForm::Troche => "troche",
    };
    // A number is never printed beside another.
    let (code, number) = match count {
        1 => ("plan-make-one", String::new()),
        2..=12 => ("plan-make-some", words.say(&format!("plan-number-{count}"))),
        _ => ("plan-make-many", count.to_string()),
    };
    Some(words.say_with(&format!("{code}-{form}"), &[("number", &number), ("strength", &strength)]))
}

/// Joins with commas and a last "and".
fn list(words: Words, parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => words.say_with("plan-and", &[("list", &first.join(", ")), ("last", last)]),
    }
}
