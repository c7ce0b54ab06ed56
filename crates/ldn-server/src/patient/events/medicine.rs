//! A new medicine, a changed one, or one that was stopped. Its name is read at once, and what is not understood is asked
//! at once.

use askama::Template;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use ldn_care::medicine::{Formulary, Recognition};
use ldn_core::journal::{Answer, Body, Medicine, Release, Route, Use};

use super::enter::{Entered, Event, enter};
use super::fields::{Choice, FieldProblem, Fields, choices, past_date, problem_of};
use crate::frame::Frame;
use crate::patient::Desk;
use crate::patient::plan::TypedDate;
use crate::site::Site;
use crate::trouble::rendered;
use crate::visitor::Refused;
use crate::words::Words;

const USES: [&str; 5] = ["daily", "as-needed", "planned", "stopped", "unknown"];
const ROUTES: [&str; 8] = ["oral", "patch", "injection", "nasal", "inhaled", "topical", "other", "unknown"];

/// The answer that a name stays as it was written.
pub(crate) const AS_WRITTEN: &str = "as-written";

/// What stands in the fields.
#[derive(Clone, Debug, Default)]
pub(super) struct TypedMedicine {
    name: String,
    usage: String,
    route: String,
    last: TypedDate,
}

/// What was not understood about a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// It is near these: id and name.
    DidYouMean(Vec<(String, String)>),
    /// It is like nothing we know.
    NotRecognised,
}

#[derive(Template)]
#[template(path = "events/medicine.html")]
pub(super) struct MedicinePage {
    pub(super) frame: Frame,
    pub(super) form_token: String,
    pub(super) typed: TypedMedicine,
    pub(super) asked: Option<Asked>,
    pub(super) problems: Vec<FieldProblem>,
}

pub(super) async fn show(State(site): State<Site>, desk: Desk) -> Response {
    rendered(&MedicinePage::of(&site, &desk, TypedMedicine::default(), None, Vec::new())).into_response()
}

pub(super) async fn save(
    State(site): State<Site>,
    desk: Desk,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    let fields = Fields::of(sent);
    desk.check_form(fields.get("form_token"))?;
    let (status, asked, problems) = match enter(&site, &desk, Event::Medicine, &fields).await? {
        Entered::Recorded(_) => return Ok(Redirect::to("/events?done=medicine").into_response()),
        Entered::Wrong(problems) => (StatusCode::UNPROCESSABLE_ENTITY, None, problems),
        Entered::Asked(asked) => (StatusCode::OK, Some(asked), Vec::new()),
    };
    let page = MedicinePage::of(&site, &desk, TypedMedicine::of(&fields), asked, problems);
    Ok((status, rendered(&page)).into_response())
}

/// Reads a medicine, or says what is wrong with a field or has to be asked about the name.
pub(super) fn read(fields: &Fields, today: Date, words: Words) -> Result<Vec<Body>, Entered> {
    let mut problems = Vec::new();
    let typed = TypedMedicine::of(fields);
    fields.name("name", words, &mut problems);
    let last_taken = past_date(&typed.last, "last", today, words, &mut problems);
    let usage: Option<Use> = typed.usage.parse().ok();
    if usage.is_none() {
        problems.push(FieldProblem::new("use", words.say("events-use-missing")));
    }
    let (true, Some(usage)) = (problems.is_empty(), usage) else {
        return Err(Entered::Wrong(problems));
    };
    let name = understood(&typed.name, fields.get("meant")).map_err(Entered::Asked)?;
    let medicine = Medicine {
        name,
        usage,
        route: typed.route.parse().unwrap_or(Route::Unknown),
        release: Release::Unknown,
        per_day: None,
        last_taken,
        // That a name is no opioid is not the patient's to say.
        not_an_opioid: Answer::Unknown,
    };
    Ok(vec![Body::Medicine(medicine)])
}

impl TypedMedicine {
    fn of(fields: &Fields) -> TypedMedicine {
        let text = |field: &str| fields.get(field).to_owned();
        TypedMedicine {
            name: text("name"),
            usage: text("use"),
            route: text("route"),
            last: fields.date("last"),
        }
    }
}

/// Returns the name to record, or what has to be asked first; `meant` is the answer to that question.
fn understood(written: &str, meant: &str) -> Result<String, Asked> {
    let formulary = Formulary::shipped();
    if let Some(medicine) = formulary.medicine(meant) {
        // What else stands on the box, such as "ER", is kept where the name is still understood with it.
        let both = format!("{} ({written})", medicine.name);
        let is_understood = matches!(formulary.recognise(&both), Recognition::Recognised(found)
            if found.iter().any(|found| found.medicine.id == medicine.id));
        return Ok(if is_understood { both } else { medicine.name.clone() });
    }
    if meant == AS_WRITTEN {
        return Ok(written.to_owned());
    }
    match formulary.recognise(written) {
        Recognition::Recognised(_) => Ok(written.to_owned()),
        Recognition::DidYouMean(near) => {
            let offer =
                |medicine: &ldn_care::medicine::Medicine| (medicine.id.clone(), medicine.name.clone());
            Err(Asked::DidYouMean(near.into_iter().map(offer).collect()))
        }
        Recognition::NotRecognised => Err(Asked::NotRecognised),
    }
}

impl MedicinePage {
    fn of(
        site: &Site,
        desk: &Desk,
        typed: TypedMedicine,
        asked: Option<Asked>,
        problems: Vec<FieldProblem>,
    ) -> MedicinePage {
        let form_token = desk.signed_in.form_token.as_str().to_owned();
        MedicinePage { frame: desk.frame(site, "/events/medicine"), form_token, typed, asked, problems }
    }

    fn problem(&self, field: &str) -> Option<&str> {
        problem_of(&self.problems, field)
    }

    fn uses(&self) -> Vec<Choice> {
        choices(self.frame.words, "events-use", &USES, &self.typed.usage)
    }

    fn routes(&self) -> Vec<Choice> {
        choices(self.frame.words, "events-route", &ROUTES, &self.typed.route)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_understood_or_asked_about_at_once() {
        assert_eq!(understood("Ultram 50 mg", ""), Ok("Ultram 50 mg".to_owned()));
        assert_eq!(understood("Zorbletrax", ""), Err(Asked::NotRecognised));
        assert_eq!(understood("Zorbletrax", AS_WRITTEN), Ok("Zorbletrax".to_owned()));
        let Err(Asked::DidYouMean(near)) = understood("sertralin", "") else { panic!("near sertraline") };
        let (id, name) = &near[0];
        assert_eq!(name, "sertraline");
        let answered = understood("sertralin", id).unwrap();
        assert!(
            matches!(Formulary::shipped().recognise(&answered), Recognition::Recognised(_)),
            "{answered}"
        );
    }

    #[test]
    fn every_use_and_route_that_is_offered_is_one_of_the_journal() {
        assert!(USES.iter().all(|word| word.parse::<Use>().is_ok()));
        assert!(ROUTES.iter().all(|word| word.parse::<Route>().is_ok()));
    }
}
