//! Words that several papers share: a number is never printed beside another.

use jiff::civil::Date;
use ldn_core::quantity::{Concentration, Quantity, UnitForm};

use super::days::{How, Swallowing};
use super::fills::Content;
use super::make::Take;
use super::stock::Score;

const NUMBERS: [&str; 13] =
    ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

/// Returns "5 January 2026".
pub(super) fn day(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// Returns "5 January 2026", or "5 January 2026 to 11 January 2026".
pub(super) fn days(from: Date, to: Date) -> String {
    if from == to { day(from) } else { format!("{} to {}", day(from), day(to)) }
}

/// Returns "1 day" or "7 days".
pub(super) fn day_count(days: u32) -> String {
    if days == 1 { "1 day".to_owned() } else { format!("{days} days") }
}

/// Joins with commas and a last "and".
pub(super) fn list(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Returns how a dose is made: "one 3 mg capsule and one 1.5 mg capsule", "4.5 mL of the 1 mg/mL liquid".
pub(super) fn recipe(how: &How, concentration: Option<Concentration>) -> String {
    match (how, concentration) {
        (How::Units(takes), _) => list(&takes.iter().flat_map(taken).collect::<Vec<_>>()),
        (How::Liquid(volume), Some(concentration)) => format!("{volume} of the {concentration} liquid"),
        (How::Liquid(volume), None) => volume.to_string(),
    }
}

/// Returns a dose with how it is made, the dose first: "4.5 mg at bedtime: three 1.5 mg capsules".
pub(super) fn swallowing(swallowing: &Swallowing, concentration: Option<Concentration>) -> String {
    let Swallowing { at, dose, how } = swallowing;
    format!("{dose} {}: {}", at.words(), recipe(how, concentration))
}

/// Returns the whole units and the parts of one kind.
fn taken(take: &Take) -> Vec<String> {
    let (whole, rest) = (take.quarters / 4, take.quarters % 4);
    let (strength, form) = (take.unit.strength(), take.unit.form());
    let whole = (whole > 0).then(|| units(whole, &strength.to_string(), form));
    let half = (rest >= 2).then(|| format!("half of a {strength} {}", form.singular()));
    let quarter = (rest % 2 == 1).then(|| format!("a quarter of a {strength} {}", form.singular()));
    whole.into_iter().chain(half).chain(quarter).collect()
}

fn units(count: u64, strength: &str, form: UnitForm) -> String {
    let word = if count == 1 { form.singular() } else { form.plural() };
    match NUMBERS.get(count as usize) {
        Some(number) => format!("{number} {strength} {word}"),
        None => format!("{count} {word} of {strength} each"),
    }
}

/// Returns what is in a bottle: "69 capsules of 1.5 mg", "101.5 mL of 1 mg/mL".
pub(super) fn content(content: &Content) -> String {
    match content {
        Content::Units { unit, count, .. } => {
            let count = u32::try_from(*count).unwrap_or(u32::MAX);
            let is_scored = unit.score() != Score::Whole;
            let scored = if is_scored { format!(", scored in {}", unit.score()) } else { String::new() };
            format!("{} of {}{scored}", Quantity { count, form: unit.form() }, unit.strength())
        }
        Content::Liquid { concentration, volume, .. } => format!("{volume} of {concentration}"),
    }
}

/// Returns hundredths of a currency as "34.50 USD".
pub(super) fn money(cents: u64, currency: &str) -> String {
    format!("{}.{:02} {currency}", cents / 100, cents % 100)
}
