//! How a verdict looks, and what is printed of a plan.
//!
//! [`mod@diary_chart`], [`mod@dot_plot`] and [`mod@attribution_chart`] draw; [`mod@page`] puts the drawings and the words on one
//! self-contained HTML page; [`terminal`] does the same for a terminal. All of it is pure: the same verdict gives the
//! same bytes.
//!
//! [`mod@plan_calendar`] writes a plan as a calendar file, [`mod@surgery_letter`], [`mod@practitioner_letter`] and [`mod@wallet_card`] as papers for
//! those who have no program.
//!
//! [`mod@course_chart`], [`mod@plan_chart`] and [`mod@answer_dots`] draw for the pages of a patient, in the words of any language.
//!
//! The crate deliberately computes nothing about a drug: every number comes from the verdict, and where the verdict
//! shows no estimate, no picture of one can be drawn.

mod answers;
mod axis;
mod calendar;
mod days;
mod numbers;
mod phrases;
mod plan_paper;
mod stacks;

pub mod answer_dots;
pub mod attribution_chart;
pub mod course_chart;
pub mod diary_chart;
pub mod dot_plot;
pub mod forest_plot;
pub mod goal;
pub mod page;
pub mod plan_calendar;
pub mod plan_chart;
pub mod practitioner_letter;
pub mod recent_line;
pub mod scale;
pub mod sheet;
pub mod sheet_parts;
pub mod surgery_letter;
pub mod svg;
pub mod terminal;
pub mod theme;
pub mod wallet_card;

pub use answer_dots::{AnswerCounts, AnswerWords, answer_counts, answer_dots};
pub use attribution_chart::attribution_chart;
pub use axis::ShortMonths;
pub use course_chart::{ChartDay, CourseChart, CourseWords, course_chart, course_of};
pub use diary_chart::diary_chart;
pub use dot_plot::{Reader, dot_plot};
pub use forest_plot::{Forest, forest_plot};
pub use goal::goal_score;
pub use page::{PageError, PageInput, page};
pub use plan_calendar::{DayTimes, PlanCalendarError, PlanCalendarInput, Titles, plan_calendar};
pub use plan_chart::{PlanWords, plan_chart};
pub use plan_paper::{LastDose, Person};
pub use practitioner_letter::{PractitionerLetterInput, practitioner_letter};
pub use sheet::Sheet;
pub use sheet_parts::SheetSection;
pub use surgery_letter::{SurgeryLetterInput, surgery_letter};
pub use theme::Theme;
pub use wallet_card::{WalletCardInput, wallet_card};
