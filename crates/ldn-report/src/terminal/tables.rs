//! The numbers of a verdict as plain tables.

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ContentArrangement, Table};
use ldn_verdict::response::Verdict;
use ldn_verdict::response::summary::Summary;
use ldn_verdict::response::verdict::Estimate;

use crate::attribution_chart::{View, views};
use crate::numbers;

/// A table, laid out.
pub(super) struct Laid {
    pub(super) heading: &'static str,
    pub(super) body: Vec<String>,
}

/// Returns the tables that the verdict allows.
pub(super) fn all(verdict: &Verdict, width: usize) -> Vec<Laid> {
    let mut tables = Vec::new();
    if let Some(estimate) = verdict.shown_estimate() {
        tables.push(Laid {
            heading: "In points of 0 to 10, an improvement is positive",
            body: lay_out(&["", "mean", "90 % range"], &quantities(verdict, estimate), width),
        });
        tables.push(Laid {
            heading: "Probabilities",
            body: lay_out(&["", "so far", "once built up"], &numbers::probabilities(estimate), width),
        });
    }
    let views = views(verdict);
    if !views.is_empty() {
        let heading = if verdict.grade.is_blinded() {
            "Drug effect, fully built up"
        } else {
            "Drug effect, fully built up: set by the prior more than by the diary"
        };
        let rows: Vec<[String; 3]> = views.iter().map(opinion).collect();
        tables.push(Laid {
            heading,
            body: lay_out(&[&format!("prior ({})", verdict.prior_set), "mean", "90 % range"], &rows, width),
        });
    }
    tables
}

fn quantities(verdict: &Verdict, estimate: &Estimate) -> Vec<[String; 3]> {
    let q = &estimate.quantities;
    let built_up = (format!("expected at {} mg", verdict.reference_dose_mg), q.total_ss);
    // Nothing is said about doses above those taken.
    let built_up = (!verdict.extrapolated).then_some(built_up);
    [Some(("improvement so far".to_owned(), q.total)), built_up]
        .into_iter()
        .flatten()
        .map(|(name, s)| with_range(name, &s))
        .collect()
}

fn opinion(view: &View) -> [String; 3] {
    let used = if view.is_the_headlines { " (used here)" } else { "" };
    with_range(format!("{}{used}", view.prior.id()), &view.b)
}

fn with_range(name: String, summary: &Summary) -> [String; 3] {
    let [mean, range] = numbers::signed_and_range(summary);
    [name, mean, range]
}

fn lay_out(header: &[&str; 3], rows: &[[String; 3]], width: usize) -> Vec<String> {
    let mut table = Table::new();
    table.load_preset(NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(width).unwrap_or(u16::MAX));
    table.set_header(header.to_vec());
    for row in rows {
        table.add_row(row.to_vec());
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table.lines().map(|line| line.trim_end().to_owned()).collect()
}
