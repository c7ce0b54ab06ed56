//! An intake to fill in.

use jiff::civil::Date;

/// The empty intake; its day is filled in by [`template`].
const TEXT: &str = include_str!("template.toml");

/// The day that stands in the text until a day is filled in.
const DAY: &str = "2026-01-05";

/// Returns a commented empty intake for a day: it reads as it is, and says that everything is unknown.
///
/// ```
/// use ldn_care::intake::{Intake, read, template};
/// let today = jiff::civil::date(2026, 1, 5);
/// assert_eq!(read(template(today).as_bytes()).unwrap(), Intake::unknown(today));
/// ```
pub fn template(today: Date) -> String {
    TEXT.replacen(DAY, &today.to_string(), 1)
}
