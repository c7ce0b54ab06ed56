//! A prescriber who has signed in, and the course of a patient of theirs, opened for one request.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use ldn_care::attention::{AttentionRules, Item, attention, proposals};
use ldn_care::course_screen::{Rerun, standing};
use ldn_care::medicine::Formulary;
use ldn_care::plan::{Proposal, Protocols};
use ldn_care::screen::RuleSet;
use ldn_core::course::Course;
use ldn_core::ids::CourseId;
use ldn_core::journal::{Body, Entry, Head, Role, Screened};
use ldn_store::Appended;
use ldn_store::view::{AccessError, PrescriberView, Seen};

use crate::frame::{Frame, PageLink, PersonLine};
use crate::patient::{Made, invalid, today_in, zone_of};
use crate::site::Site;
use crate::trouble::Trouble;
use crate::visitor::{Refused, SignedIn};
use crate::words::{Language, Words};

/// A prescriber who has signed in.
pub(crate) struct Clinician {
    /// Who asks.
    pub(crate) signed_in: SignedIn,
    headers: HeaderMap,
}

impl FromRequestParts<Site> for Clinician {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Clinician, Refused> {
        let mut signed_in = SignedIn::from_request_parts(parts, site).await?;
        // These pages are written in English only, and a page says in which language it is.
        signed_in.visitor.look.language = Language::English;
        let clinician = Clinician { signed_in, headers: parts.headers.clone() };
        // Whoever has another role learns here that they have, before anything is looked up.
        clinician.view(site)?;
        Ok(clinician)
    }
}

impl Clinician {
    /// Returns the store as this prescriber sees it.
    pub(crate) fn view<'s>(&self, site: &'s Site) -> Result<PrescriberView<'s>, Refused> {
        PrescriberView::of(site.store(), self.signed_in.actor.clone())
            .map_err(|error| self.refuse(site, &error))
    }

    /// Says a refusal of the store in this visitor's form.
    pub(crate) fn refuse(&self, site: &Site, error: &AccessError) -> Refused {
        self.signed_in.refuse(site.refusal(error))
    }

    /// Checks the token of a form.
    pub(crate) fn check_form(&self, carried: &str) -> Result<(), Refused> {
        self.signed_in.form_token.check(carried).map_err(|trouble| self.signed_in.refuse(trouble))
    }

    /// Returns the token that every form carries.
    pub(crate) fn form_token(&self) -> String {
        self.signed_in.form_token.as_str().to_owned()
    }

    /// Returns the words of the visitor.
    pub(crate) fn words(&self) -> Words {
        self.signed_in.visitor.look.words()
    }

    /// Returns the prescriber's local day: the zone that the browser says, else UTC.
    pub(crate) fn today(&self, site: &Site) -> Date {
        today_in(site, &zone_of(&self.headers, &[]))
    }

    /// Returns the frame of a page of the clinic; `here` is its address.
    pub(crate) fn frame(&self, site: &Site, here: &str) -> Frame {
        let look = self.signed_in.visitor.look;
        let words = look.words();
        let link = |code: &str, address: &str| PageLink {
            name: words.say(code),
            address: address.to_owned(),
            current: address == here,
        };
        Frame {
            pages: vec![
                link("clinic-menu-list", "/clinic"),
                link("clinic-menu-new", "/clinic/new"),
                link("clinic-menu-evidence", "/evidence"),
                link("clinic-menu-sessions", "/sessions"),
            ],
            sample: site.settings().sample,
            staff: true,
            ..Frame::plain(look, here)
        }
    }

    /// Opens the course of an own patient.
    ///
    /// # Errors
    /// [`Trouble::Missing`] alike for a course that is not theirs and for one that does not exist.
    pub(crate) async fn open(self, site: &Site, id: &str) -> Result<Room, Refused> {
        let course_id: CourseId = id.parse().map_err(|_| self.signed_in.refuse(Trouble::Missing))?;
        let view = self.view(site)?;
        let case = view.case(course_id, site.now()).await.map_err(|error| self.refuse(site, &error))?;
        let entries: Vec<Entry> = case.entries.into_iter().filter_map(whole).collect();
        let course = Course::replay(&entries);
        let zone = zone_of(&self.headers, &entries);
        let today = today_in(site, &zone);
        let look = Looked::at(&course, today);
        Ok(Room {
            name: case.person.name.unwrap_or_default(),
            head: case.head,
            clinician: self,
            course_id,
            course,
            entries,
            today,
            zone,
            look,
        })
    }
}

/// What the pure crates say of a course today.
pub(crate) struct Looked {
    /// The screening of everything that the journal says, without what the plan in force overrides.
    pub(crate) rerun: Rerun,
    /// What the diary asks for.
    pub(crate) proposals: Vec<Proposal>,
    /// What somebody should look at, the most pressing first.
    pub(crate) items: Vec<Item>,
}

impl Looked {
    pub(crate) fn at(course: &Course, today: Date) -> Looked {
        let (rules, protocols) = (RuleSet::shipped(), Protocols::shipped());
        let rerun = standing(course, today, rules, Formulary::shipped());
        let proposals = proposals(course, today, protocols, rules);
        let items = attention(course, &rerun, &proposals, today, AttentionRules::shipped());
        Looked { rerun, proposals, items }
    }
}

/// The course of an own patient, opened for one request.
pub(crate) struct Room {
    /// Who asks.
    pub(crate) clinician: Clinician,
    /// The course.
    pub(crate) course_id: CourseId,
    /// The patient's name.
    pub(crate) name: String,
    /// The newest entry's place and hash.
    pub(crate) head: Option<Head>,
    /// What the course is now.
    pub(crate) course: Course,
    /// The entries that a prescriber may see, in the order of the chain.
    pub(crate) entries: Vec<Entry>,
    /// The local day.
    pub(crate) today: Date,
    /// The time zone of the day, as in the IANA database.
    pub(crate) zone: String,
    /// What the pure crates say of it.
    pub(crate) look: Looked,
}

impl Room {
    /// Returns the words of the visitor.
    pub(crate) fn words(&self) -> Words {
        self.clinician.words()
    }

    /// Returns the address of a page of this course; `page` is empty for the case itself.
    pub(crate) fn address(&self, page: &str) -> String {
        match page {
            "" => format!("/clinic/courses/{}", self.course_id),
            page => format!("/clinic/courses/{}/{page}", self.course_id),
        }
    }

    /// Returns the frame of a page of this course, with whose it is (hazard H15).
    pub(crate) fn frame(&self, site: &Site, page: &str) -> Frame {
        let frame = self.clinician.frame(site, &self.address(page));
        let birth_year = birth_year(&self.course);
        Frame {
            person: birth_year.map(|birth_year| PersonLine { name: self.name.clone(), birth_year }),
            ..frame
        }
    }

    /// Returns true if nothing may depend on the arm of a trial.
    pub(crate) fn is_blinded(&self) -> bool {
        is_blinded(&self.course, self.today)
    }

    /// Records bodies of today, all or none; when this returns they are on the disk.
    pub(crate) async fn record(&self, site: &Site, bodies: Vec<Body>) -> Result<Vec<Appended>, Refused> {
        let refuse = |trouble| self.clinician.signed_in.refuse(trouble);
        let author = self.clinician.signed_in.actor.account().ok_or_else(|| refuse(Trouble::Denied))?;
        let mut entries = Vec::with_capacity(bodies.len());
        for body in bodies {
            let made = Made::here(site, &self.zone, self.today, body).map_err(refuse)?;
            let entry = made.entry_as(Role::Prescriber, self.course_id, author);
            entries.push(entry.map_err(|error| refuse(invalid(&error)))?);
        }
        let view = self.clinician.view(site)?;
        let appended = view.append(self.course_id, &entries, site.now()).await;
        let appended = appended.map_err(|error| self.clinician.refuse(site, &error))?;
        site.metrics().appended(appended.iter().filter(|one| matches!(one, Appended::New(_))).count());
        Ok(appended)
    }

    /// Returns the entry that records the screening of today.
    pub(crate) fn screened(&self, site: &Site) -> Result<Body, Refused> {
        let screening = &self.look.rerun.screening;
        let broken = |error: &dyn std::fmt::Display| self.clinician.signed_in.refuse(site.broken(error));
        // The journal has its own words for how a screening ends, spelt alike.
        let disposition = screening.disposition.word().parse().map_err(|error| broken(&error))?;
        let document = serde_json::to_string(screening).map_err(|error| broken(&error))?;
        Ok(Body::Screened(Screened { disposition, document }))
    }

    /// Returns the name with which this prescriber signs.
    pub(crate) async fn signer(&self, site: &Site) -> Result<String, Refused> {
        let view = self.clinician.view(site)?;
        let name = view.own_name().await.map_err(|error| self.clinician.refuse(site, &error))?;
        name.filter(|name| !name.trim().is_empty())
            .ok_or_else(|| self.clinician.signed_in.refuse(Trouble::Denied))
    }
}

/// Returns the year of birth, as the newest readable intake has it.
pub(crate) fn birth_year(course: &Course) -> Option<i16> {
    course.intakes().iter().rev().find_map(|intake| {
        match ldn_care::intake::read(intake.value.document.as_bytes()).ok()?.person.birth {
            ldn_care::intake::Birth::Year(year) => Some(year),
            ldn_care::intake::Birth::Date(date) => Some(date.year()),
            ldn_care::intake::Birth::Unknown => None,
        }
    })
}

/// Returns true if nothing of a course may depend on the arm of a trial.
pub(crate) fn is_blinded(course: &Course, today: Date) -> bool {
    course.is_blinded() || course.plans().in_force(today).is_some_and(|signed| signed.plan.parts().blinded)
}

/// Returns a page that was not accepted as sent.
pub(crate) fn unprocessable(page: &impl askama::Template) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, crate::trouble::rendered(page)).into_response()
}

pub(crate) fn whole(seen: Seen) -> Option<Entry> {
    match seen {
        Seen::Whole(stored) => Some(stored.entry),
        Seen::Masked(_) => None,
    }
}
