//! The diary as rows, one a day.

use std::collections::BTreeMap;

use axum::Json;
use jiff::civil::Date;
use ldn_core::Diary;
use ldn_core::diary::DiaryRow;
use serde::Serialize;
use utoipa::ToSchema;

use super::opened::Opened;
use super::{OfCourse, Refusals};

/// A diary; the columns of docs/diary.md.
#[derive(Serialize, ToSchema)]
pub(super) struct DiaryJson {
    /// Days on which something was recorded, in order.
    rows: Vec<RowJson>,
}

/// One day. What is null is unknown, which is not zero.
#[derive(Serialize, ToSchema)]
struct RowJson {
    #[schema(value_type = String, format = Date)]
    date: Date,
    dose_mg: Option<f64>,
    /// Whether anything was swallowed.
    capsule: Option<bool>,
    /// Whether a trial covers the day.
    blind: bool,
    /// The number of the kit.
    arm: Option<String>,
    /// Scores on 0 to 10 by measure.
    scores: BTreeMap<&'static str, f64>,
    side_effects: Vec<String>,
    note: Option<String>,
}

/// Returns the diary of a course.
#[utoipa::path(
    get,
    path = "/api/courses/{course}/diary",
    operation_id = "read_diary",
    tag = "course",
    params(OfCourse),
    responses((status = 200, body = DiaryJson), Refusals)
)]
pub(super) async fn show(Opened(desk): Opened) -> Json<DiaryJson> {
    let diary = desk.course.diary().ok();
    let rows = diary.as_ref().map(Diary::rows).unwrap_or_default();
    Json(DiaryJson { rows: rows.iter().map(RowJson::of).collect() })
}

impl RowJson {
    fn of(row: &DiaryRow) -> RowJson {
        let scores = row.scores.iter().flatten();
        RowJson {
            date: row.date,
            dose_mg: row.dose.map(ldn_core::Dose::milligrams),
            capsule: row.capsule,
            blind: row.blind,
            arm: row.arm.as_ref().map(|arm| arm.code().to_owned()),
            scores: scores.map(|score| (score.measure().id(), score.on_ten_points())).collect(),
            side_effects: row.side_effects.clone(),
            note: row.note.clone(),
        }
    }
}
