//! All answers of the intake to look over, each with the way to change it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use super::ask::{said, word_code};
use super::document::Document;
use super::questions::{FieldKind, QUESTIONS, Question};
use crate::clinic::room::Clinician;
use crate::frame::Frame;
use crate::site::Site;
use crate::trouble::rendered;
use crate::visitor::Refused;
use crate::words::Words;

#[derive(Template)]
#[template(path = "clinic/check.html")]
struct CheckPage {
    frame: Frame,
    name: String,
    base: String,
    answers: Vec<Answer>,
    /// The first page that was never answered.
    next: Option<&'static str>,
    n_open: String,
}

/// A page and what it says.
struct Answer {
    slug: &'static str,
    question: String,
    said: Vec<String>,
}

pub(super) async fn show(
    State(site): State<Site>,
    clinician: Clinician,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    let room = clinician.open(&site, &id).await?;
    let words = room.words();
    let document = Document::newest(&room.course);
    let asked = || QUESTIONS.iter().filter(|question| question.is_asked(&document));
    let is_open =
        |question: &&Question| question.is_choice() && answer(words, question, &document).is_empty();
    let n_open = asked().filter(is_open).count();
    let page = CheckPage {
        frame: room.frame(&site, "intake"),
        name: room.name.clone(),
        base: room.address(""),
        answers: asked()
            .map(|question| Answer {
                slug: question.slug,
                question: words.say(&format!("clinic-ask-{}", question.slug)),
                said: answer(words, question, &document),
            })
            .collect(),
        next: asked().find(is_open).map(|question| question.slug),
        n_open: words.count("clinic-check-open", u32::try_from(n_open).unwrap_or(u32::MAX)),
    };
    Ok(rendered(&page).into_response())
}

/// Returns what was answered; empty if nothing was, which is not "no".
fn answer(words: Words, question: &Question, document: &Document) -> Vec<String> {
    if question.is_list {
        return document.list(question.table).into_iter().map(|entry| said(words, question, entry)).collect();
    }
    let several = question.fields.len() > 1;
    let values = question.fields.iter().filter_map(|field| {
        let value = match field.kind {
            FieldKind::Birth => document
                .text(question.table, "birth_date")
                .or_else(|| document.text(question.table, "birth_year")),
            _ => document.text(question.table, field.key),
        }?;
        let value = match field.kind {
            FieldKind::Words(_) => words.say(&word_code(field.key, &value)),
            _ => value,
        };
        let label = words.say(&format!("clinic-field-{}", field.key));
        Some(if several { format!("{label}: {value}") } else { value })
    });
    values.collect()
}
