//! How a verdict looks.
//!
//! [`mod@diary_chart`], [`mod@dot_plot`] and [`mod@attribution_chart`] draw; [`mod@page`] puts the drawings and the words on one
//! self-contained HTML page; [`terminal`] does the same for a terminal. All of it is pure: the same verdict gives the
//! same bytes.
//!
//! The crate deliberately computes nothing about a drug: every number comes from the verdict, and where the verdict
//! shows no estimate, no picture of one can be drawn.

mod answers;
mod calendar;
mod days;
mod numbers;
mod stacks;

pub mod attribution_chart;
pub mod diary_chart;
pub mod dot_plot;
pub mod forest_plot;
pub mod page;
pub mod scale;
pub mod svg;
pub mod terminal;
pub mod theme;

pub use attribution_chart::attribution_chart;
pub use diary_chart::diary_chart;
pub use dot_plot::{Reader, dot_plot};
pub use forest_plot::{Forest, forest_plot};
pub use page::{PageError, PageInput, page};
pub use theme::Theme;
