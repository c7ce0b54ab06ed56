//! Showing the list, all of it or those whose name was searched for.

use std::sync::Arc;

use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use ldn_core::course::Course;
use ldn_core::ids::CourseId;
use ldn_core::journal::Entry;
use ldn_store::view::OwnPatient;
use serde::Deserialize;

use super::page::{ListPage, Listed};
use super::summary::Summary;
use crate::clinic::room::{Clinician, whole};
use crate::site::Site;
use crate::trouble::rendered;
use crate::visitor::Refused;

/// Courses that are read at once where no line is kept.
const PIECE: usize = 64;

/// Which page of the list.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    page: usize,
}

/// What was searched for.
#[derive(Debug, Deserialize)]
pub(super) struct SearchForm {
    form_token: String,
    #[serde(default)]
    name: String,
}

pub(super) async fn show(
    State(site): State<Site>,
    clinician: Clinician,
    Query(asked): Query<Asked>,
) -> Result<Response, Refused> {
    let listed = listed(&site, &clinician).await?;
    Ok(rendered(&ListPage::of(&site, &clinician, listed, "", asked.page)).into_response())
}

pub(super) async fn search(
    State(site): State<Site>,
    clinician: Clinician,
    Form(form): Form<SearchForm>,
) -> Result<Response, Refused> {
    clinician.check_form(&form.form_token)?;
    let wanted = form.name.trim().to_lowercase();
    let mut listed = listed(&site, &clinician).await?;
    listed.retain(|one| one.is_called(&wanted));
    Ok(rendered(&ListPage::of(&site, &clinician, listed, form.name.trim(), 0)).into_response())
}

/// Returns every own patient with the line of their course, the most pressing first.
async fn listed(site: &Site, clinician: &Clinician) -> Result<Vec<Listed>, Refused> {
    let refuse = |error| clinician.refuse(site, &error);
    let today = clinician.today(site);
    let view = clinician.view(site)?;
    let patients = view.patients(site.now()).await.map_err(refuse)?;
    let is_missing =
        |patient: &&OwnPatient| site.summaries().get(patient.course, patient.head, today).is_none();
    let missing: Vec<CourseId> = patients.iter().filter(is_missing).map(|patient| patient.course).collect();
    // In pieces, each kept when it is done: a first list after a restart that took too long goes on where it stopped.
    for piece in missing.chunks(PIECE) {
        let read = view.look_over(piece, site.now()).await.map_err(refuse)?;
        let read: Vec<(CourseId, Vec<Entry>)> = read
            .into_iter()
            .map(|(course, seen)| (course, seen.into_iter().filter_map(whole).collect()))
            .collect();
        // Not on a thread that answers others.
        let computed = tokio::task::spawn_blocking(move || compute(&read, today)).await;
        let computed = computed.map_err(|error| clinician.signed_in.refuse(site.broken(&error)))?;
        for (course, summary) in computed {
            // An entry that came in between makes the line older than its head, so that it is computed once more.
            if let Some(patient) = patients.iter().find(|patient| patient.course == course) {
                site.summaries().put(course, patient.head, today, summary);
            }
        }
    }
    let mut listed = Vec::with_capacity(patients.len());
    for patient in patients {
        let kept = site.summaries().get(patient.course, patient.head, today);
        // An erased person has no course any more; nothing is listed of them.
        if let (Some(summary), Some(name)) = (kept, patient.person.name) {
            listed.push(Listed { course: patient.course, name, summary });
        }
    }
    listed.sort_by_key(Listed::order);
    Ok(listed)
}

fn compute(read: &[(CourseId, Vec<Entry>)], today: Date) -> Vec<(CourseId, Arc<Summary>)> {
    read.iter()
        .map(|(course, entries)| (*course, Arc::new(Summary::of(&Course::replay(entries), today))))
        .collect()
}
