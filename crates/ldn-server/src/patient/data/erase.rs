//! Erasing oneself: what is destroyed and what stays, said before, and a receipt after.

use askama::Template;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use jiff::tz::TimeZone;
use ldn_store::view::PatientView;

use crate::frame::Frame;
use crate::patient::Desk;
use crate::patient::events::{FieldProblem, Fields, problem_of};
use crate::patient::plan::in_words;
use crate::site::Site;
use crate::trouble::rendered;
use crate::visitor::{Refused, clear_session};

#[derive(Template)]
#[template(path = "data/erase.html")]
pub(super) struct ErasePage {
    pub(super) frame: Frame,
    pub(super) form_token: String,
    pub(super) expected: String,
    pub(super) typed: String,
    pub(super) problems: Vec<FieldProblem>,
}

#[derive(Template)]
#[template(path = "data/receipt.html")]
pub(super) struct ReceiptPage {
    pub(super) frame: Frame,
    pub(super) when: String,
    pub(super) number: String,
}

/// Asks for the proof before anything is typed, so that nothing has to be typed twice.
pub(super) async fn show(State(site): State<Site>, desk: Desk) -> Response {
    if !desk.signed_in.actor.has_fresh_proof(site.now()) {
        return Redirect::to("/prove?next=/data/erase").into_response();
    }
    rendered(&ErasePage::of(&site, &desk, "", Vec::new())).into_response()
}

pub(super) async fn erase(
    State(site): State<Site>,
    desk: Desk,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    let fields = Fields::of(sent);
    desk.check_form(fields.get("form_token"))?;
    let words = desk.signed_in.visitor.look.words();
    let typed = fields.get("name");
    if let Err(problem) = erase_me(&site, &desk, typed).await? {
        let page = ErasePage::of(&site, &desk, typed, vec![problem]);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, rendered(&page)).into_response());
    }
    let zone = TimeZone::get(&desk.zone).unwrap_or(TimeZone::UTC);
    let now = site.now().to_zoned(zone);
    let page = ReceiptPage {
        frame: Frame::plain(desk.signed_in.visitor.look, "/help"),
        when: format!("{}, {}", in_words(words, now.date()), now.strftime("%H:%M %Z")),
        number: desk.course_id.to_string(),
    };
    Ok((AppendHeaders(clear_session()), rendered(&page)).into_response())
}

/// Erases the person of this desk, whether a form or a program asks; else says that the name is another.
///
/// # Errors
/// Refused by the store, which asks for a fresh proof.
pub(crate) async fn erase_me(
    site: &Site,
    desk: &Desk,
    typed: &str,
) -> Result<Result<(), FieldProblem>, Refused> {
    let expected = expected(desk);
    if !is_same_name(typed, &expected) {
        let words = desk.signed_in.visitor.look.words();
        let text = words.say_with("data-erase-wrong", &[("name", &expected)]);
        return Ok(Err(FieldProblem::new("name", text)));
    }
    let refuse = |error| desk.signed_in.refuse(site.refusal(&error));
    let view = PatientView::of(site.store(), desk.signed_in.actor.clone()).map_err(refuse)?;
    view.erase_me(desk.course_id, site.now()).await.map_err(refuse)?;
    Ok(Ok(()))
}

/// What has to be typed: the person's name, or a word where the site knows none.
fn expected(desk: &Desk) -> String {
    let name = desk.name.trim();
    if name.is_empty() { desk.signed_in.visitor.look.words().say("data-erase-word") } else { name.to_owned() }
}

/// Spaces and case are no proof of intention.
fn is_same_name(typed: &str, expected: &str) -> bool {
    let plain = |name: &str| name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    !typed.trim().is_empty() && plain(typed) == plain(expected)
}

impl ErasePage {
    fn of(site: &Site, desk: &Desk, typed: &str, problems: Vec<FieldProblem>) -> ErasePage {
        ErasePage {
            frame: desk.frame(site, "/data/erase"),
            form_token: desk.signed_in.form_token.as_str().to_owned(),
            expected: expected(desk),
            typed: typed.to_owned(),
            problems,
        }
    }

    fn problem(&self, field: &str) -> Option<&str> {
        problem_of(&self.problems, field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_name_erases() {
        for (typed, same) in
            [("Ana Prieto", true), (" ana  prieto ", true), ("Ana", false), ("", false), (" ", false)]
        {
            assert_eq!(is_same_name(typed, "Ana Prieto"), same, "{typed:?}");
        }
        assert!(!is_same_name("", ""));
    }
}
