//! The label of each bottle of an order.

use std::fmt::Write as _;

use ldn_core::quantity::{Concentration, UnitForm};

use super::compounding::{Compounding, LabelWords};
use super::days::{DayRun, How};
use super::fills::{Content, Fill};
use super::order::Order;
use super::words;

/// Returns the labels of all bottles of an order, fill by fill: the dose in milligrams first, then units or millilitres.
pub fn labels(order: &Order, compounding: &Compounding) -> Vec<String> {
    let mut labels = Vec::new();
    for fill in order.dispensing().fills() {
        labels.extend(fill.bottles.iter().map(|bottle| label(order, fill, &bottle.content, compounding)));
    }
    labels
}

fn label(order: &Order, fill: &Fill, content: &Content, compounding: &Compounding) -> String {
    let dispensing = order.dispensing();
    let mut text = format!("{}, born {}\n", order.patient_name(), words::day(order.birth_date()));
    let _ = writeln!(text, "{}, immediate release, {}", order.generic_name(), words::content(content));
    for run in dispensing.runs().iter().filter(|run| run.from <= fill.to && run.to >= fill.from) {
        let days = words::days(run.from.max(fill.from), run.to.min(fill.to));
        for line in run_lines(run, content, dispensing.concentration()) {
            let _ = writeln!(text, "{days}: {line}");
        }
    }
    for line in warnings(&compounding.labels().label, content) {
        let _ = writeln!(text, "{line}");
    }
    for caution in dispensing.cautions().iter().filter(|_| matches!(content, Content::Liquid { .. })) {
        let _ = writeln!(text, "{caution}");
    }
    let _ = writeln!(text, "{}", fill.storage);
    let _ = writeln!(text, "Do not use after {}.", words::day(fill.beyond_use));
    let _ = writeln!(text, "Prescriber: {}", order.prescriber());
    let _ = writeln!(
        text,
        "Plan {}, version {}, valid until {}. Later: {}",
        dispensing.plan(),
        dispensing.version(),
        words::day(dispensing.valid_until()),
        compounding.labels().sheet.ask
    );
    text
}

/// Returns true if a dose is made of what is in the bottle.
fn uses(how: &How, content: &Content) -> bool {
    match (how, content) {
        (How::Units(takes), Content::Units { unit, .. }) => takes.iter().any(|take| take.unit == *unit),
        (How::Liquid(_), Content::Liquid { .. }) => true,
        _ => false,
    }
}

/// Returns what a label says about days: the doses that need this bottle, or that none does.
fn run_lines(run: &DayRun, content: &Content, concentration: Option<Concentration>) -> Vec<String> {
    if run.swallowings().is_empty() {
        return vec!["no LDN".to_owned()];
    }
    let needing = run.swallowings().iter().filter(|swallowing| uses(&swallowing.how, content));
    let lines: Vec<String> = needing.map(|swallowing| words::swallowing(swallowing, concentration)).collect();
    if lines.is_empty() { vec!["nothing from this bottle".to_owned()] } else { lines }
}

fn warnings<'a>(label: &'a LabelWords, content: &Content) -> Vec<&'a str> {
    let how = match content {
        Content::Units { unit, .. } if unit.form() == UnitForm::Capsule => Some(&label.swallow_whole),
        Content::Units { .. } => None,
        Content::Liquid { .. } => Some(&label.shake),
    };
    let always = [&label.one_dose, &label.opioid_household, &label.child_resistant];
    how.into_iter().chain(always).map(String::as_str).collect()
}
