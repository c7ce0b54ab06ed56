//! A dispensing as text that a pharmacist checks by hand: every line is one multiplication.

use std::fmt::Write as _;

use ldn_core::Dose;
use ldn_core::quantity::Concentration;

use super::compounding::Compounding;
use super::days::{DayKind, DayRun};
use super::fills::Fill;
use super::{Dispensing, words};

impl Dispensing {
    /// Returns the worksheet as plain text.
    pub fn to_text(&self, compounding: &Compounding) -> String {
        let mut text = String::new();
        let sheet = &compounding.labels().sheet;
        if !self.is_signed() {
            let _ = writeln!(text, "{}\n", sheet.not_signed);
        }
        let _ = writeln!(
            text,
            "Plan {}, version {}, valid until {}",
            self.plan(),
            self.version(),
            words::day(self.valid_until())
        );
        let _ = writeln!(text, "From {}, for {}", words::day(self.from()), words::day_count(self.days()));
        let _ = writeln!(text, "\nEach day");
        for run in self.runs() {
            text += &run_text(run, self.concentration());
        }
        let _ = writeln!(text, "  all days: {}", self.total());
        let _ = writeln!(text, "\nFills");
        for (index, fill) in self.fills().iter().enumerate() {
            text += &fill_text(index, fill);
        }
        text + &self.totals_text()
    }

    /// Returns the concentration of the liquid in the stock.
    pub(super) fn concentration(&self) -> Option<Concentration> {
        self.stock().liquid().map(|liquid| liquid.concentration)
    }

    fn totals_text(&self) -> String {
        let mut text = format!("\nIn all: {}", self.dispensed());
        let waste = self.waste();
        if waste.is_empty() {
            text += ", nothing left over\n";
        } else {
            let _ = writeln!(text, ", of it left over {}", self.wasted());
        }
        for waste in waste {
            let _ = writeln!(
                text,
                "  on {}: {} of the {}",
                words::day(waste.on),
                waste.dose,
                words::content(&waste.content)
            );
        }
        let cost = match self.cost() {
            Some(cost) if cost.low_cents == cost.high_cents => {
                format!("about {}", words::money(cost.low_cents, &cost.currency))
            }
            Some(cost) => format!(
                "between {} and {}",
                words::money(cost.low_cents, &cost.currency),
                words::money(cost.high_cents, &cost.currency)
            ),
            None => "not known: no price was seen for one of the forms".to_owned(),
        };
        let _ = write!(text, "Cost: {cost}");
        if let Some(cost) = self.cost() {
            let _ = write!(text, " [{}]", cost.sources.join(", "));
        }
        text.push('\n');
        for caution in self.cautions() {
            let _ = writeln!(text, "{caution}");
        }
        text
    }
}

fn run_text(run: &DayRun, concentration: Option<Concentration>) -> String {
    let days = format!("  {} ({})", words::days(run.from, run.to), words::day_count(run.days));
    match &run.kind {
        DayKind::Hold { why, rule } => format!("{days}: no LDN: {why} [{rule}]\n"),
        DayKind::NoPlan => format!("{days}: the plan has no dose\n"),
        DayKind::Take(swallowings) => {
            let lines = swallowings.iter().map(|swallowing| words::swallowing(swallowing, concentration));
            let total = Dose::from_nanograms(run.dose().nanograms() * u64::from(run.days));
            format!("{days}: {}; together {total}\n", lines.collect::<Vec<_>>().join("; "))
        }
    }
}

fn fill_text(index: usize, fill: &Fill) -> String {
    let mut text = format!(
        "  fill {}: {}; made on {}",
        index + 1,
        words::days(fill.from, fill.to),
        words::day(fill.made_on)
    );
    let _ = writeln!(
        text,
        ", do not use after {} ({} limit {}: {})",
        words::day(fill.beyond_use),
        fill.basis.word(),
        fill.limit,
        fill.storage
    );
    for bottle in &fill.bottles {
        let _ = writeln!(text, "    {}", words::content(&bottle.content));
    }
    text
}
