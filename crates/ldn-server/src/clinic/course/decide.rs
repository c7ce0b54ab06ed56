//! Every decision on the page of a case: what it writes is one transaction, and it is refused if what was looked at has
//! changed since.

use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use ldn_care::plan::Proposal;
use ldn_core::Measure;
use ldn_core::journal::{Body, PlanEnded, PlanHeld, PlanProposed, PlanSigned, VerdictShown};
use ldn_core::plan::{Hold, Plan, Resume};

use super::judged::Judged;
use super::show::{Asked, CoursePage};
use crate::clinic::room::{Clinician, Room};
use crate::patient::Fields;
use crate::site::Site;
use crate::trouble::rendered;
use crate::visitor::Refused;

type Sent = Form<Vec<(String, String)>>;

/// Signs a change that the diary asks for: screened again, proposed and signed, all or nothing.
pub(super) async fn accept(
    State(site): State<Site>,
    clinician: Clinician,
    Path(id): Path<String>,
    Form(sent): Sent,
) -> Result<Response, Refused> {
    let (room, fields) = opened(&site, clinician, &id, sent).await?;
    let Some(plan) = proposed(&room, fields.get("plan")).cloned() else {
        return refused(&site, &room, "clinic-refused-changed").await;
    };
    if let Some(finding) = room.look.rerun.stopping.first() {
        let text = room.words().say_with("clinic-refused-stopped", &[("rule", &finding.rule)]);
        return say(&site, &room, text).await;
    }
    let signed = PlanSigned { plan: plan.id(), prescriber: room.signer(&site).await?, on: room.today };
    let bodies = vec![
        room.screened(&site)?,
        Body::PlanProposed(PlanProposed { plan: Box::new(plan) }),
        Body::PlanSigned(signed),
    ];
    room.record(&site, bodies).await?;
    Ok(done(&room, "signed"))
}

/// Declines a change with a reason; the same change of the same plan is not proposed again.
pub(super) async fn decline(
    State(site): State<Site>,
    clinician: Clinician,
    Path(id): Path<String>,
    Form(sent): Sent,
) -> Result<Response, Refused> {
    let (room, fields) = opened(&site, clinician, &id, sent).await?;
    let Some(plan) = proposed(&room, fields.get("plan")).cloned() else {
        return refused(&site, &room, "clinic-refused-changed").await;
    };
    let reason = fields.get("reason").to_owned();
    if reason.is_empty() {
        return refused(&site, &room, "clinic-refused-reason").await;
    }
    let ended = PlanEnded { plan: plan.id(), reason };
    let bodies = vec![Body::PlanProposed(PlanProposed { plan: Box::new(plan) }), Body::PlanEnded(ended)];
    room.record(&site, bodies).await?;
    Ok(done(&room, "declined"))
}

/// Holds all doses from today on until somebody screens again.
pub(super) async fn hold(
    State(site): State<Site>,
    clinician: Clinician,
    Path(id): Path<String>,
    Form(sent): Sent,
) -> Result<Response, Refused> {
    let (room, fields) = opened(&site, clinician, &id, sent).await?;
    let (rule, why) = (fields.get("rule"), fields.get("why"));
    if why.is_empty() {
        return refused(&site, &room, "clinic-refused-reason").await;
    }
    let hold = Hold {
        from: room.today,
        to: None,
        why: why.to_owned(),
        rule: if rule.is_empty() { "OP-22".to_owned() } else { rule.to_owned() },
        resume: Some(Resume::ReScreen),
    };
    let bodies = vec![room.screened(&site)?, Body::PlanHeld(PlanHeld { hold })];
    room.record(&site, bodies).await?;
    Ok(done(&room, "held"))
}

/// Records the screening of today: looked at, and nothing changed.
pub(super) async fn screened(
    State(site): State<Site>,
    clinician: Clinician,
    Path(id): Path<String>,
    Form(sent): Sent,
) -> Result<Response, Refused> {
    let (room, _) = opened(&site, clinician, &id, sent).await?;
    let screened = room.screened(&site)?;
    room.record(&site, vec![screened]).await?;
    Ok(done(&room, "screened"))
}

/// Records that a verdict was looked at.
pub(super) async fn verdict_seen(
    State(site): State<Site>,
    clinician: Clinician,
    Path(id): Path<String>,
    Form(sent): Sent,
) -> Result<Response, Refused> {
    let (room, fields) = opened(&site, clinician, &id, sent).await?;
    let measure: Option<Measure> = fields.get("measure").parse().ok();
    let (_, _, judged) = Judged::of(&site, &room, measure).await?;
    let Judged::Verdict(verdict) = judged else {
        return refused(&site, &room, "clinic-refused-changed").await;
    };
    let document = serde_json::to_string(verdict.as_ref());
    let document = document.map_err(|error| room.clinician.signed_in.refuse(site.broken(&error)))?;
    let shown = VerdictShown { model: verdict.model.to_owned(), document };
    room.record(&site, vec![Body::VerdictShown(shown)]).await?;
    Ok(done(&room, "seen"))
}

async fn opened(
    site: &Site,
    clinician: Clinician,
    id: &str,
    sent: Vec<(String, String)>,
) -> Result<(Room, Fields), Refused> {
    let fields = Fields::of(sent);
    clinician.check_form(fields.get("form_token"))?;
    Ok((clinician.open(site, id).await?, fields))
}

/// Returns the proposed plan of this name, if the diary still asks for it today.
fn proposed<'r>(room: &'r Room, id: &str) -> Option<&'r Plan> {
    let plans = room.look.proposals.iter().filter_map(|proposal: &Proposal| proposal.plan.as_ref());
    plans.into_iter().find(|plan| plan.id().as_str() == id)
}

fn done(room: &Room, what: &str) -> Response {
    Redirect::to(&format!("{}?done={what}", room.address(""))).into_response()
}

async fn refused(site: &Site, room: &Room, code: &str) -> Result<Response, Refused> {
    say(site, room, room.words().say(code)).await
}

/// Shows the case again with why what was asked for was not done.
async fn say(site: &Site, room: &Room, text: String) -> Result<Response, Refused> {
    let page = CoursePage::of(site, room, &Asked::default(), Some(text)).await?;
    Ok((StatusCode::CONFLICT, rendered(&page)).into_response())
}
