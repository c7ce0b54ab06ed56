//! Beginning a course alone.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::opened::Sender;
use super::sent::{Sent, wrong};
use super::{Refusals, Shut, TokenHeader, Unreadable};
use crate::patient::start::{Begun, begin_course};
use crate::site::Site;
use crate::trouble::Trouble;
use crate::visitor::Refused;

/// Who the course is about.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BeginningSent {
    /// The year of birth.
    birth_year: i16,
}

/// The course that was begun.
#[derive(Serialize, ToSchema)]
pub(super) struct BegunJson {
    /// Its name in the addresses.
    course: String,
}

/// Begins the own course of somebody who uses the program alone.
#[utoipa::path(
    post,
    path = "/api/start",
    operation_id = "begin_course",
    tag = "course",
    params(TokenHeader),
    request_body = BeginningSent,
    responses((status = 201, body = BegunJson), Shut, Unreadable, Refusals)
)]
pub(super) async fn begin(
    State(site): State<Site>,
    Sender(signed_in): Sender,
    headers: HeaderMap,
    Sent(sent): Sent<BeginningSent>,
) -> Result<(StatusCode, Json<BegunJson>), Refused> {
    match begin_course(&site, &signed_in, &headers, &sent.birth_year.to_string()).await? {
        Begun::Now(course) => Ok((StatusCode::CREATED, Json(BegunJson { course: course.to_string() }))),
        Begun::Before => {
            let text = signed_in.visitor.look.words().say("start-begun-before");
            Err(signed_in.refuse(Trouble::Closed(text)))
        }
        Begun::Wrong(problem) => Err(signed_in.refuse(wrong(vec![problem]))),
    }
}
