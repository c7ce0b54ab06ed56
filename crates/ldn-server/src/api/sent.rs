//! What a program sends: JSON, whose every mistake is named with its place, handed on as the fields of the page's form.
//!
//! So page and program are read by one function, and neither can be let through what the other is refused.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use jiff::civil::Date;
use serde::de::DeserializeOwned;

use crate::patient::events::{FieldProblem, Fields};
use crate::patient::plan::TypedDate;
use crate::site::Site;
use crate::trouble::{FieldError, Trouble};
use crate::visitor::{Refused, Visitor};

/// The body of a request, read.
pub(crate) struct Sent<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Site> for Sent<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, site: &Site) -> Result<Sent<T>, Refused> {
        let (mut parts, body) = request.into_parts();
        let Ok(visitor) = Visitor::from_request_parts(&mut parts, site).await;
        let refuse = |trouble| Refused::to(&visitor, trouble);
        if !is_json(&parts.headers) {
            return Err(refuse(invalid("content-type", "application/json".to_owned())));
        }
        let bytes = Bytes::from_request(Request::from_parts(parts, body), site).await;
        let bytes = bytes.map_err(|rejection| match rejection.into_response().status() {
            StatusCode::PAYLOAD_TOO_LARGE => refuse(Trouble::TooLarge),
            _ => refuse(invalid("body", "a whole body".to_owned())),
        })?;
        read(&bytes).map(Sent).map_err(refuse)
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Trouble> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let read = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let place = error.path().to_string();
        let at = if place == "." { "body" } else { place.as_str() };
        invalid(at, error.inner().to_string())
    })?;
    reader.end().map_err(|error| invalid("body", error.to_string()))?;
    Ok(read)
}

fn invalid(at: &str, expected: String) -> Trouble {
    Trouble::Invalid { at: at.to_owned(), expected }
}

/// The fields of a form, filled in by a program.
#[derive(Default)]
pub(super) struct Filled(Vec<(String, String)>);

impl Filled {
    /// Fills in a text.
    pub(super) fn text(mut self, field: &str, text: impl Into<String>) -> Filled {
        self.0.push((field.to_owned(), text.into()));
        self
    }

    /// Fills in a text that may be missing.
    pub(super) fn maybe(self, field: &str, text: Option<String>) -> Filled {
        match text {
            Some(text) => self.text(field, text),
            None => self,
        }
    }

    /// Ticks a box.
    pub(super) fn ticked(self, field: &str, ticked: bool) -> Filled {
        self.maybe(field, ticked.then(|| "yes".to_owned()))
    }

    /// Fills in the three fields of a date.
    pub(super) fn date(self, field: &str, date: Option<Date>) -> Filled {
        let Some(TypedDate { day, month, year }) = date.map(TypedDate::of) else { return self };
        let part = |part: &str| format!("{field}_{part}");
        self.text(&part("day"), day).text(&part("month"), month).text(&part("year"), year)
    }

    /// Returns them as the page's form sends them.
    pub(super) fn fields(self) -> Fields {
        Fields::of(self.0)
    }
}

/// Says what is wrong with the fields of a form by their places in the JSON.
pub(super) fn wrong(problems: Vec<FieldProblem>) -> Trouble {
    let error = |problem: FieldProblem| FieldError::new(place(&problem.field), problem.text);
    Trouble::Fields(problems.into_iter().map(error).collect())
}

/// A date is three fields of a form and one of the JSON; the steps of a plan are a list.
fn place(field: &str) -> String {
    let step = |stem: &str| {
        let number: usize = field.strip_prefix(stem)?.parse().ok()?;
        Some(number.saturating_sub(1))
    };
    if let Some(index) = step("dose_") {
        return format!("steps[{index}].dose");
    }
    if let Some(index) = step("days_") {
        return format!("steps[{index}].days");
    }
    field.strip_suffix("_day").unwrap_or(field).to_owned()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Plan {
        #[expect(dead_code, reason = "only read")]
        steps: Vec<Step>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Step {
        #[expect(dead_code, reason = "only read")]
        days: u16,
    }

    #[test]
    fn every_mistake_has_its_place() {
        for (sent, expected) in [
            ("{\"steps\":[{\"days\":7},{\"days\":\"x\"}]}", "steps[1].days"),
            ("{\"steps\":[{\"day\":7}]}", "steps[0].day"),
            ("{\"steps\":3}", "steps"),
            ("{}", "body"),
            ("", "body"),
            ("{\"steps\":[]} x", "body"),
        ] {
            match read::<Plan>(sent.as_bytes()) {
                Err(Trouble::Invalid { at, .. }) => assert_eq!(at, expected, "{sent}"),
                other => panic!("{sent}: {other:?}"),
            }
        }
    }

    #[test]
    fn fields_of_forms_are_places_of_the_json() {
        for (field, expected) in [
            ("dose_1", "steps[0].dose"),
            ("days_12", "steps[11].days"),
            ("start_day", "start"),
            ("name", "name"),
        ] {
            assert_eq!(place(field), expected);
        }
    }
}
