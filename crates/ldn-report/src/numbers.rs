//! Numbers as both readers see them.

use ldn_verdict::response::summary::Summary;
use ldn_verdict::response::verdict::Estimate;

/// "2.1": one decimal, never "-0.0".
pub(crate) fn points(value: f64) -> String {
    let text = format!("{value:.1}");
    if text == "-0.0" { "0.0".to_owned() } else { text.replace('-', "−") }
}

/// "2.1 points", "1 point".
pub(crate) fn of_points(value: f64) -> String {
    match points(value).as_str() {
        "1.0" => "1 point".to_owned(),
        other => format!("{} points", other.strip_suffix(".0").unwrap_or(other)),
    }
}

/// "+2.1", "−0.3", "0.0": a change with its sign.
pub(crate) fn signed(value: f64) -> String {
    let text = points(value);
    if value > 0.0 && text != "0.0" { format!("+{text}") } else { text }
}

/// "+0.9" and "−0.2 to 2.0": the mean of a change and its 90 % interval, for two columns.
pub(crate) fn signed_and_range(summary: &Summary) -> [String; 2] {
    [signed(summary.mean), range(summary.q[0], summary.q[4])]
}

/// "0.9 (−0.2 to 2.0)": the mean and the 90 % interval.
pub(crate) fn mean_and_range(summary: &Summary) -> String {
    format!("{} ({})", points(summary.mean), range(summary.q[0], summary.q[4]))
}

/// "−0.2 to 2.0".
pub(crate) fn range(low: f64, high: f64) -> String {
    format!("{} to {}", points(low), points(high))
}

/// A probability as "so many of 100", never 0 or 100: nothing is certain.
pub(crate) fn of_100(p: f64) -> String {
    match (100.0 * p).round() {
        n if n < 1.0 => "fewer than 1 of 100".to_owned(),
        n if n > 99.0 => "more than 99 of 100".to_owned(),
        n => format!("{n:.0} of 100"),
    }
}

/// What a check found: whole numbers whole, others to two decimals.
pub(crate) fn found(value: f64) -> String {
    let text = if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.2}") };
    text.replace('-', "−")
}

/// "1 day", "3 days".
pub(crate) fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// The first letter large.
pub(crate) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The rows of every table of probabilities: statement, so far, once built up.
pub(crate) fn probabilities(estimate: &Estimate) -> Vec<[String; 3]> {
    let p = &estimate.probabilities;
    [
        ("30 % better or more", p.total_ge_30pct, p.ss_ge_30pct),
        ("50 % better or more", p.total_ge_50pct, p.ss_ge_50pct),
        ("1 point better or more", p.total_ge_1, p.ss_ge_1),
        ("1 point worse or more", p.total_le_minus1, p.ss_le_minus1),
    ]
    .map(|(statement, now, built_up)| [statement.to_owned(), of_100(now), of_100(built_up)])
    .to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_numbers_look() {
        assert_eq!([points(-0.04), points(-1.26), signed(2.0), signed(0.01)], ["0.0", "−1.3", "+2.0", "0.0"]);
        assert_eq!([of_points(1.0), of_points(2.0), of_points(0.52)], ["1 point", "2 points", "0.5 points"]);
        assert_eq!(
            [of_100(0.001), of_100(0.8), of_100(0.999)],
            ["fewer than 1 of 100", "80 of 100", "more than 99 of 100"]
        );
        assert_eq!(capitalised("brain fog"), "Brain fog");
    }
}
