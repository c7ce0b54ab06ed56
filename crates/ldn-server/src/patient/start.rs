//! Beginning a course alone: who it is about, and nothing that can wait.

use askama::Template;
use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use ldn_core::ids::CourseId;
use ldn_core::journal::{Body, Intake, Kind};
use ldn_store::view::{PatientView, Seen};
use serde::Deserialize;

use super::desk::{today_in, zone_of};
use super::record::{Made, invalid};
use crate::frame::Frame;
use crate::patient::events::FieldProblem;
use crate::site::Site;
use crate::trouble::{Trouble, rendered};
use crate::visitor::{Refused, SignedIn};

/// Nobody older is expected to type the year themselves.
const OLDEST: i16 = 120;

#[derive(Deserialize)]
pub(crate) struct StartForm {
    form_token: String,
    birth_year: String,
}

#[derive(Template)]
#[template(path = "start/start.html")]
struct StartPage {
    frame: Frame,
    form_token: String,
    birth_year: String,
    problem: Option<String>,
}

pub(crate) async fn show(signed_in: SignedIn) -> Response {
    rendered(&page(&signed_in, String::new(), None)).into_response()
}

pub(crate) async fn begin(
    State(site): State<Site>,
    signed_in: SignedIn,
    headers: HeaderMap,
    Form(form): Form<StartForm>,
) -> Result<Response, Refused> {
    let refuse = |trouble: Trouble| signed_in.refuse(trouble);
    signed_in.form_token.check(&form.form_token).map_err(refuse)?;
    Ok(match begin_course(&site, &signed_in, &headers, &form.birth_year).await? {
        Begun::Now(_) => Redirect::to("/plan/enter").into_response(),
        Begun::Before => Redirect::to("/today").into_response(),
        Begun::Wrong(problem) => {
            let page = page(&signed_in, form.birth_year, Some(problem.text));
            (StatusCode::UNPROCESSABLE_ENTITY, rendered(&page)).into_response()
        }
    })
}

/// What became of a beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Begun {
    /// The course.
    Now(CourseId),
    /// A course has an intake already, and a bare one must not stand in for what it says.
    Before,
    /// What is wrong with the year of birth.
    Wrong(FieldProblem),
}

/// Begins a course, whether a form or a program asks.
///
/// # Errors
/// Refused by the store: another role.
pub(crate) async fn begin_course(
    site: &Site,
    signed_in: &SignedIn,
    headers: &HeaderMap,
    birth_year: &str,
) -> Result<Begun, Refused> {
    let refuse = |trouble: Trouble| signed_in.refuse(trouble);
    let zone = zone_of(headers, &[]);
    let today = today_in(site, &zone);
    let Some(birth_year) = read_year(birth_year, today) else {
        let text = signed_in.visitor.look.words().say("start-year-problem");
        return Ok(Begun::Wrong(FieldProblem::new("birth_year", text)));
    };
    let view = PatientView::of(site.store(), signed_in.actor.clone());
    let view = view.map_err(|error| refuse(site.refusal(&error)))?;
    let course = view.begin_course(site.now()).await.map_err(|error| refuse(site.refusal(&error)))?;
    let seen = view.entries(course, site.now()).await.map_err(|error| refuse(site.refusal(&error)))?;
    let is_intake = |seen: &Seen| matches!(seen, Seen::Whole(stored) if stored.entry.kind() == Kind::Intake);
    if seen.iter().any(is_intake) {
        return Ok(Begun::Before);
    }
    let body = Body::Intake(Intake { document: document(today, birth_year) });
    let author = signed_in.actor.account().ok_or_else(|| refuse(Trouble::Denied))?;
    let made = Made::here(site, &zone, today, body).map_err(refuse)?;
    let entry = made.entry(course, author).map_err(|error| refuse(invalid(&error)))?;
    view.append(course, &[entry], site.now()).await.map_err(|error| refuse(site.refusal(&error)))?;
    Ok(Begun::Now(course))
}

/// The intake of somebody who uses the program alone: everything that was not asked is absent, which is unknown.
fn document(today: Date, birth_year: i16) -> String {
    format!("schema = 1\ndate = {today}\n\n[person]\nbirth_year = {birth_year}\n")
}

fn read_year(text: &str, today: Date) -> Option<i16> {
    let year: i16 = text.trim().parse().ok()?;
    (today.year() - OLDEST..=today.year()).contains(&year).then_some(year)
}

fn page(signed_in: &SignedIn, birth_year: String, problem: Option<String>) -> StartPage {
    StartPage {
        frame: Frame::plain(signed_in.visitor.look, "/start"),
        form_token: signed_in.form_token.as_str().to_owned(),
        birth_year,
        problem,
    }
}
