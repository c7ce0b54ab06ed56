//! Beginning a course alone: who it is about, and nothing that can wait.

use askama::Template;
use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use ldn_core::journal::{Body, Intake};
use ldn_store::view::PatientView;
use serde::Deserialize;

use super::desk::{today_in, zone_of};
use super::record::{Made, invalid};
use crate::frame::Frame;
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
    let zone = zone_of(&headers, &[]);
    let today = today_in(&site, &zone);
    let Some(birth_year) = read_year(&form.birth_year, today) else {
        let problem = signed_in.visitor.look.words().say("start-year-problem");
        let page = page(&signed_in, form.birth_year, Some(problem));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, rendered(&page)).into_response());
    };
    let view = PatientView::of(site.store(), signed_in.actor.clone());
    let view = view.map_err(|error| refuse(site.refusal(&error)))?;
    let course = view.begin_course(site.now()).await.map_err(|error| refuse(site.refusal(&error)))?;
    let body = Body::Intake(Intake { document: document(today, birth_year) });
    let author = signed_in.actor.account().ok_or_else(|| refuse(Trouble::Denied))?;
    let made = Made::here(&site, &zone, today, body).map_err(refuse)?;
    let entry = made.entry(course, author).map_err(|error| refuse(invalid(&error)))?;
    view.append(course, &[entry], site.now()).await.map_err(|error| refuse(site.refusal(&error)))?;
    Ok(Redirect::to("/plan/enter").into_response())
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
