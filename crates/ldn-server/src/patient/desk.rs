//! The patient's own course, opened: what every page of a patient begins with.

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use ldn_core::course::{Course, DayBoundary, local_day};
use ldn_core::ids::CourseId;
use ldn_core::journal::{Disposition, Entry};
use ldn_core::plan::{DayPlan, Hold, Plan, Resume};
use ldn_store::view::{AccessError, PatientView, Seen};

use crate::frame::{Frame, PageLink, PersonLine};
use crate::look::cookie;
use crate::patient::events::screened;
use crate::site::Site;
use crate::trouble::Trouble;
use crate::visitor::{Refused, SignedIn};
use crate::words::Words;

/// The cookie in which the browser's script says its time zone; it names nobody.
const ZONE_COOKIE: &str = "zone";

/// The patient's own course, opened for one request.
pub(crate) struct Desk {
    /// Who asks.
    pub(crate) signed_in: SignedIn,
    /// The course.
    pub(crate) course_id: CourseId,
    /// The person's name.
    pub(crate) name: String,
    /// What the course is now.
    pub(crate) course: Course,
    /// The patient's local day.
    pub(crate) today: Date,
    /// The name of the patient's time zone, as in the IANA database.
    pub(crate) zone: String,
    /// From today on no dose, because a screening forbids it and no prescriber has signed since.
    stop: Option<Hold>,
}

/// A plan with what stands behind it.
pub(crate) struct PlanOnDesk<'desk> {
    /// The plan.
    pub(crate) plan: &'desk Plan,
    /// False for a plan as the patient says it was prescribed.
    pub(crate) signed: bool,
}

/// Why there is no desk: refused, or sent to the page that makes a course.
pub(crate) enum NoDesk {
    /// Refused.
    Refused(Refused),
    /// There is no course yet.
    NoCourse,
}

impl IntoResponse for NoDesk {
    fn into_response(self) -> Response {
        match self {
            NoDesk::Refused(refused) => refused.into_response(),
            NoDesk::NoCourse => Redirect::to("/start").into_response(),
        }
    }
}

impl From<Refused> for NoDesk {
    fn from(refused: Refused) -> NoDesk {
        NoDesk::Refused(refused)
    }
}

impl FromRequestParts<Site> for Desk {
    type Rejection = NoDesk;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Desk, NoDesk> {
        let signed_in = SignedIn::from_request_parts(parts, site).await?;
        Desk::open(site, signed_in, &parts.headers).await
    }
}

impl Desk {
    async fn open(site: &Site, signed_in: SignedIn, headers: &HeaderMap) -> Result<Desk, NoDesk> {
        let refuse = |error: AccessError| signed_in.refuse(site.refusal(&error));
        let view = PatientView::of(site.store(), signed_in.actor.clone()).map_err(refuse)?;
        let courses = view.courses().await.map_err(refuse)?;
        let Some(course) = courses.last().map(|record| record.id) else { return Err(NoDesk::NoCourse) };
        Ok(Desk::open_named(site, signed_in, headers, course).await?)
    }

    /// Opens one of the patient's own courses by its name.
    ///
    /// # Errors
    /// [`Trouble::Missing`] alike for a course that is not theirs and for one that does not exist.
    pub(crate) async fn open_named(
        site: &Site,
        signed_in: SignedIn,
        headers: &HeaderMap,
        course_id: CourseId,
    ) -> Result<Desk, Refused> {
        Desk::open_in(site, signed_in, said_zone(headers), course_id).await
    }

    /// Opens the same course again, after something was recorded.
    ///
    /// # Errors
    /// Refused by the store.
    pub(crate) async fn again(&self, site: &Site) -> Result<Desk, Refused> {
        Desk::open_in(site, self.signed_in.clone(), Some(self.zone.clone()), self.course_id).await
    }

    async fn open_in(
        site: &Site,
        signed_in: SignedIn,
        said: Option<String>,
        course_id: CourseId,
    ) -> Result<Desk, Refused> {
        let refuse = |error: AccessError| signed_in.refuse(site.refusal(&error));
        let view = PatientView::of(site.store(), signed_in.actor.clone()).map_err(refuse)?;
        // The policy answers before anything is read, and records a refusal.
        let seen = view.entries(course_id, site.now()).await.map_err(refuse)?;
        let entries: Vec<Entry> = seen.into_iter().filter_map(whole).collect();
        let course = Course::replay(&entries);
        let broken = |error: ldn_store::StoreError| signed_in.refuse(site.broken(&error));
        let person = match signed_in.actor.person() {
            Some(person) => site.store().person(person).await.map_err(broken)?,
            None => None,
        };
        let name = person.and_then(|person| person.name).unwrap_or_default();
        let zone = known_zone(said, &entries);
        let today = today_in(site, &zone);
        let stop = stop(&course, today, signed_in.visitor.look.words());
        Ok(Desk { course_id, signed_in, name, course, today, zone, stop })
    }

    /// Returns the frame of a page of this desk; `here` is its address.
    pub(crate) fn frame(&self, site: &Site, here: &str) -> Frame {
        let look = self.signed_in.visitor.look;
        let words = look.words();
        let link = |code: &str, address: &str| PageLink {
            name: words.say(code),
            address: address.to_owned(),
            current: address == here,
        };
        Frame {
            person: self.birth_year().map(|birth_year| PersonLine { name: self.name.clone(), birth_year }),
            pages: vec![
                link("frame-today", "/today"),
                link("frame-plan", "/plan"),
                link("frame-charts", "/charts"),
                link("frame-more", "/more"),
            ],
            sample: site.settings().sample,
            ..Frame::plain(look, here)
        }
    }

    /// Returns the year of birth, as the newest readable intake has it.
    pub(crate) fn birth_year(&self) -> Option<i16> {
        self.course.intakes().iter().rev().find_map(|intake| {
            match ldn_care::intake::read(intake.value.document.as_bytes()).ok()?.person.birth {
                ldn_care::intake::Birth::Year(year) => Some(year),
                ldn_care::intake::Birth::Date(date) => Some(date.year()),
                ldn_care::intake::Birth::Unknown => None,
            }
        })
    }

    /// Returns the signed plan in force today, else the newest one that the patient entered as prescribed.
    pub(crate) fn plan(&self) -> Option<PlanOnDesk<'_>> {
        plan_of(&self.course, self.today)
    }

    /// Returns what the plan of this desk says about a day, holds included; a screening that forbids LDN counts from
    /// today on, and what was taken before may still be entered.
    pub(crate) fn plan_on(&self, day: Date) -> DayPlan<'_> {
        match &self.stop {
            Some(stop) if stop.contains(day) => DayPlan::Hold(stop),
            _ => plan_on(&self.course, self.today, day),
        }
    }
}

/// Returns the signed plan of a course in force today, else the newest one that the patient entered as prescribed.
pub(crate) fn plan_of(course: &Course, today: Date) -> Option<PlanOnDesk<'_>> {
    let plans = course.plans();
    if let Some(signed) = plans.in_force(today) {
        return Some(PlanOnDesk { plan: &signed.plan, signed: true });
    }
    // Where a prescriber once signed, an unsigned proposal is not what the patient follows.
    let newest = plans.proposals().last().filter(|_| plans.signed().is_empty())?;
    Some(PlanOnDesk { plan: &newest.value, signed: false })
}

/// Returns what the plan of a course says about a day, holds included.
pub(crate) fn plan_on(course: &Course, today: Date, day: Date) -> DayPlan<'_> {
    match (course.plan_on(day), plan_of(course, today)) {
        (DayPlan::Nothing, Some(PlanOnDesk { plan, signed: false })) => plan.on(day),
        (said, _) => said,
    }
}

/// Returns true if a screening forbids a dose: the newest that was recorded, unless a plan was signed after it, or one of
/// everything that the journal says today, unless the plan in force overrides that very rule.
///
/// A hold is the prescriber's to record; until then no page must go on showing the dose (rule OP-22).
pub(crate) fn is_stopped(course: &Course, today: Date) -> bool {
    let refused = course.screenings().last().is_some_and(|screened| {
        let refuses = matches!(screened.value.disposition, Disposition::Emergency | Disposition::Refuse);
        let signed_since =
            course.plans().signed().iter().any(|plan| plan.signed.order() > screened.origin.order());
        refuses && !signed_since
    });
    refused || !screened(course, today).stopping.is_empty()
}

/// Returns the stop as a hold that only a new screening ends.
fn stop(course: &Course, today: Date, words: Words) -> Option<Hold> {
    is_stopped(course, today).then(|| Hold {
        from: today,
        to: None,
        why: words.say("plan-stopped-text"),
        rule: "OP-22".to_owned(),
        resume: Some(Resume::ReScreen),
    })
}

fn whole(seen: Seen) -> Option<Entry> {
    match seen {
        Seen::Whole(stored) => Some(stored.entry),
        Seen::Masked(_) => None,
    }
}

/// Returns the local day in a zone.
pub(crate) fn today_in(site: &Site, zone: &str) -> Date {
    let wall = site.now().to_zoned(TimeZone::get(zone).unwrap_or(TimeZone::UTC)).datetime();
    local_day(wall, DayBoundary::MIDNIGHT)
}

/// The zone that the browser says, else the one of the newest entry, else UTC.
pub(crate) fn zone_of(headers: &HeaderMap, entries: &[Entry]) -> String {
    known_zone(said_zone(headers), entries)
}

fn said_zone(headers: &HeaderMap) -> Option<String> {
    cookie(headers, ZONE_COOKIE).map(|zone| zone.replace("%2F", "/"))
}

fn known_zone(said: Option<String>, entries: &[Entry]) -> String {
    let known = |zone: &String| TimeZone::get(zone).is_ok();
    said.filter(known)
        .or_else(|| entries.last().map(|entry| entry.zone().to_owned()).filter(known))
        .unwrap_or_else(|| "Etc/UTC".to_owned())
}

impl Site {
    /// Turns a refusal of the store into what the visitor is told. Whether a thing exists that is not theirs, is not said.
    pub(crate) fn refusal(&self, error: &AccessError) -> Trouble {
        match error {
            AccessError::WrongRole { .. } => Trouble::Denied,
            AccessError::Refused { .. } => Trouble::Missing,
            AccessError::StaleProof => Trouble::StaleProof,
            AccessError::NotTheAuthor { .. } | AccessError::NothingToCorrect { .. } => {
                Trouble::Invalid { at: "entry".to_owned(), expected: error.to_string() }
            }
            error => self.broken(error),
        }
    }
}
