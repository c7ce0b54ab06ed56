//! The numbers of a verdict as plain tables.

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ContentArrangement, Table};
use ldn_verdict::response::Verdict;
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
            body: lay_out(&["", "so far", "once built up"], &probabilities(estimate), width),
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
        .map(|(name, s)| [name, numbers::signed(s.mean), numbers::range(s.q[0], s.q[4])])
        .collect()
}

fn probabilities(estimate: &Estimate) -> Vec<[String; 3]> {
    let p = &estimate.probabilities;
    [
        ("30 % better or more", p.total_ge_30pct, p.ss_ge_30pct),
        ("50 % better or more", p.total_ge_50pct, p.ss_ge_50pct),
        ("1 point better or more", p.total_ge_1, p.ss_ge_1),
        ("1 point worse or more", p.total_le_minus1, p.ss_le_minus1),
    ]
    .map(|(statement, now, built_up)| [statement.to_owned(), numbers::of_100(now), numbers::of_100(built_up)])
    .to_vec()
}

fn opinion(view: &View) -> [String; 3] {
    let used = if view.is_the_headlines { " (used here)" } else { "" };
    [
        format!("{}{used}", view.prior.id()),
        numbers::signed(view.b.mean),
        numbers::range(view.b.q[0], view.b.q[4]),
    ]
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
