//! The course that an address names, opened for the patient whose it is, and the token without which nothing changes.

use std::collections::BTreeMap;

use axum::extract::{FromRequestParts, Path};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use ldn_core::ids::CourseId;
use ldn_store::view::PatientView;

use crate::patient::Desk;
use crate::site::Site;
use crate::trouble::Trouble;
use crate::visitor::{Refused, SignedIn};

/// The header that carries the session's token.
const TOKEN: &str = "x-form-token";

/// An own course, opened; every other answer is the same refusal.
pub(crate) struct Opened(pub(crate) Desk);

/// An own course, opened by somebody whose program carries the session's token.
pub(crate) struct ToChange(pub(crate) Desk);

/// Somebody signed in whose program carries the session's token.
pub(crate) struct Sender(pub(crate) SignedIn);

impl FromRequestParts<Site> for Opened {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Opened, Refused> {
        let signed_in = SignedIn::from_request_parts(parts, site).await?;
        open(parts, site, signed_in).await.map(Opened)
    }
}

impl FromRequestParts<Site> for ToChange {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<ToChange, Refused> {
        let Sender(signed_in) = Sender::from_request_parts(parts, site).await?;
        open(parts, site, signed_in).await.map(ToChange)
    }
}

impl FromRequestParts<Site> for Sender {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Sender, Refused> {
        let signed_in = SignedIn::from_request_parts(parts, site).await?;
        let checked = signed_in.form_token.check(carried(&parts.headers));
        checked.map_err(|trouble| signed_in.refuse(trouble))?;
        Ok(Sender(signed_in))
    }
}

fn carried(headers: &HeaderMap) -> &str {
    headers.get(TOKEN).and_then(|token| token.to_str().ok()).unwrap_or("")
}

async fn open(parts: &mut Parts, site: &Site, signed_in: SignedIn) -> Result<Desk, Refused> {
    let course = named(parts, site, &signed_in).await?;
    Desk::open_named(site, signed_in, &parts.headers, course).await
}

/// An own course by its name alone, with the view that may read it; nothing is read yet.
pub(super) struct Named<'site> {
    pub(super) course: CourseId,
    pub(super) view: PatientView<'site>,
}

impl<'site> Named<'site> {
    pub(super) fn of(site: &'site Site, signed_in: &SignedIn, course: &str) -> Result<Named<'site>, Refused> {
        let view = PatientView::of(site.store(), signed_in.actor.clone());
        let view = view.map_err(|error| signed_in.refuse(site.refusal(&error)))?;
        let course = course.parse().map_err(|_| signed_in.refuse(Trouble::Missing))?;
        Ok(Named { course, view })
    }
}

async fn named(parts: &mut Parts, site: &Site, signed_in: &SignedIn) -> Result<CourseId, Refused> {
    let names = Path::<BTreeMap<String, String>>::from_request_parts(parts, site).await;
    let course = names.ok().and_then(|Path(names)| names.get("course")?.parse().ok());
    course.ok_or_else(|| signed_in.refuse(Trouble::Missing))
}
