//! Screening: may this person start, and under what conditions?
//!
//! [`screen`] judges everything that can be judged, turns what cannot be judged into questions, and lists what was not
//! recognised and what was not checked. Rules are data ([`RuleSet`], one file each under `data/screen/rules/`), their
//! conditions are code (one small function per rule, see [`coverage`]). Nothing here says that anything is harmless.
//!
//! ```
//! use ldn_care::medicine::Formulary;
//! use ldn_care::screen::{Disposition, RuleSet, screen};
//! let intake = ldn_care::intake::read(br#"
//!     schema = 1
//!     date = 2026-01-05
//!     [[medicine]]
//!     name = "Ultram 50 mg"
//!     use = "as-needed"
//!     release = "immediate"
//!     last_taken = 2026-01-04
//! "#)?;
//! let screening = screen(&intake, RuleSet::shipped(), Formulary::shipped());
//! assert_eq!(screening.disposition, Disposition::Refuse);
//! let tramadol = screening.findings.iter().find(|finding| finding.rule == "OP-07").expect("tramadol is an opioid");
//! assert_eq!(tramadol.action.earliest_start, Some(jiff::civil::date(2026, 1, 14)));
//! # Ok::<(), ldn_care::intake::Problems>(())
//! ```

mod answer;
mod coverage;
mod facts;
mod lexicon;
mod not_checked;
pub mod ordinary;
mod questions;
mod rule;
mod rules;
mod ruleset;

use jiff::civil::Date;

pub use answer::{Action, Because, Disposition, Finding, Question, RuleSetVersion, Screening, Unrecognised};
pub use coverage::{Coverage, NotExpressible, coverage};
pub use lexicon::Lexicon;
pub use ordinary::{AlarmBudget, alarm_budget};
pub use rule::{ActionKind, Case, CheckedAt, Parameter, Rule, Severity, Value};
pub use ruleset::RuleSet;

use crate::intake::Intake;
use crate::medicine::Formulary;
use facts::Facts;

/// Screens one person on the day of the intake. Never an early return, and never a guess.
pub fn screen(intake: &Intake, rules: &RuleSet, formulary: &Formulary) -> Screening {
    let facts = Facts::gather(intake, rules, formulary);
    let findings = rules::find(&facts, rules);
    let questions = questions::ask(&facts);
    let unrecognised = facts.unrecognised();
    let blocks = questions.iter().any(|question| question.blocks)
        || unrecognised.iter().any(|found| found.at.starts_with("medicine["));
    Screening {
        schema: 1,
        date: intake.date,
        ruleset: rules.version(),
        disposition: Disposition::of(&findings, blocks),
        findings,
        questions,
        unrecognised,
        not_checked: not_checked::list(&facts, rules),
        outdated: rules.outdated(intake.date),
    }
}

/// Returns the first day after an exposure on which its interval has passed: the day of the exposure plus the interval.
fn first_allowed_day(last_exposure: Date, days: u16) -> Date {
    last_exposure.saturating_add(jiff::Span::new().days(days))
}
