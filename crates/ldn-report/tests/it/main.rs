//! Every page, chart and picture, held to what a reader and a browser need of it.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod charts;
mod course_charts;
mod diaries;
mod markup;
mod pages;
mod plan_calendars;
mod plan_papers;
mod plans;
mod terminals;
