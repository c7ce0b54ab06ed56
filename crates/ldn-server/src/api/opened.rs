//! The course that an address names, opened for the patient whose it is.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use ldn_core::ids::CourseId;
use ldn_store::view::PatientView;

use crate::patient::Desk;
use crate::site::Site;
use crate::trouble::Trouble;
use crate::visitor::{Refused, SignedIn};

/// An own course, opened; every other answer is the same refusal.
pub(crate) struct Opened(pub(crate) Desk);

impl FromRequestParts<Site> for Opened {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Opened, Refused> {
        let signed_in = SignedIn::from_request_parts(parts, site).await?;
        let course = named(parts, site, &signed_in).await?;
        Ok(Opened(Desk::open_named(site, signed_in, &parts.headers, course).await?))
    }
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
    let named = Path::<String>::from_request_parts(parts, site).await;
    named.ok().and_then(|Path(text)| text.parse().ok()).ok_or_else(|| signed_in.refuse(Trouble::Missing))
}
