//! Quantities, days, scores and the diary of one course of low-dose naltrexone.
//!
//! This crate is the vocabulary that every other crate speaks. It is pure: it reads no file, no clock and no
//! environment, and the same text gives the same value on every machine. It deliberately knows no medicine: which dose
//! is wise, whether a change is worth anything and what a source says stand elsewhere.
//!
//! Start with [`diary::Diary`] and [`diary::read`]. To add a measure, add a variant to [`score::Measure`]; the reader,
//! the command and the charts follow from it.

pub mod course;
pub mod data;
pub mod diary;
pub mod dose;
pub mod ids;
pub mod instrument;
pub mod journal;
pub mod plan;
pub mod problem;
pub mod quantity;
pub mod score;

pub use diary::{Diary, DiaryRow};
pub use dose::Dose;
pub use plan::{Plan, PlanId};
pub use problem::{Problem, Problems};
pub use score::{Direction, Measure, Scale, Score};
