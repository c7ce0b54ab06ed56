//! Saves one answer of the page without script; the script sends entries instead.

use axum::extract::{Form, State};
use axum::response::Redirect;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use ldn_core::Dose;
use ldn_core::ids::EntryId;
use ldn_core::journal::{Answer, Body, Corrected, DoseReport, Note, Outcome, Scores, Severity, SideEffect};
use ldn_core::plan::TimeOfDay;
use ldn_core::score::{Measure, Scale, Score};
use serde::Deserialize;

use super::model::{DoseModel, Model};
use super::show::writable;
use crate::patient::Desk;
use crate::patient::record::{Made, invalid};
use crate::site::Site;
use crate::trouble::Trouble;
use crate::visitor::Refused;

/// A dose between midnight and this hour belongs to the evening before.
const NIGHT_ENDS: i8 = 5;

/// What a form of the diary sends; which fields count, `what` decides.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct SaveForm {
    pub(crate) form_token: String,
    pub(crate) day: Option<Date>,
    pub(crate) what: String,
    #[serde(default)]
    pub(crate) just: String,
    #[serde(default)]
    pub(crate) measure: String,
    #[serde(default)]
    pub(crate) value: String,
    #[serde(default)]
    pub(crate) place: usize,
    #[serde(default)]
    pub(crate) answer: String,
    #[serde(default)]
    pub(crate) amount: String,
    #[serde(default)]
    pub(crate) time: String,
    #[serde(default)]
    pub(crate) term: String,
    #[serde(default)]
    pub(crate) entry: String,
    #[serde(default)]
    pub(crate) severity: String,
    #[serde(default)]
    pub(crate) text: String,
}

/// Saves and goes back to the day.
pub(super) async fn save(
    State(site): State<Site>,
    desk: Desk,
    Form(form): Form<SaveForm>,
) -> Result<Redirect, Refused> {
    desk.check_form(&form.form_token)?;
    let (day, entry) = save_answer(&site, &desk, &form).await?;
    let just = if form.just == "pain" { "&just=pain" } else { "" };
    // What was taken back is not offered to be taken back again.
    let saved = if form.what == "undo" { String::new() } else { format!("&saved={entry}") };
    Ok(Redirect::to(&format!("/today?day={day}{just}{saved}")))
}

/// Saves one answer, whether a form or a program sends it; returns its day and its entry.
///
/// # Errors
/// The field that is wrong, or refused by the store.
pub(crate) async fn save_answer(
    site: &Site,
    desk: &Desk,
    form: &SaveForm,
) -> Result<(Date, EntryId), Refused> {
    let refuse = |trouble| desk.signed_in.refuse(trouble);
    let day = writable(form.day, desk.today);
    if form.day.is_some_and(|asked| asked != day) {
        return Err(refuse(Trouble::Invalid {
            at: "day".to_owned(),
            expected: desk.signed_in.visitor.look.words().say("today-too-late"),
        }));
    }
    let model = Model::of(desk, site.now(), false);
    let body = Reading { form, desk, model: &model, day, now: site.now() }.body().map_err(refuse)?;
    let author = desk.author().ok_or_else(|| refuse(Trouble::Denied))?;
    let made = Made::here(site, &desk.zone, day, body).map_err(refuse)?;
    let entry = made.entry(desk.course_id, author).map_err(|error| refuse(invalid(&error)))?;
    desk.append(site, std::slice::from_ref(&entry)).await?;
    Ok((day, entry.id()))
}

struct Reading<'a> {
    form: &'a SaveForm,
    desk: &'a Desk,
    model: &'a Model,
    day: Date,
    now: Timestamp,
}

impl Reading<'_> {
    fn body(&self) -> Result<Body, Trouble> {
        match self.form.what.as_str() {
            "score" => self.score(),
            "dose" => self.dose(),
            "side-effect" => Ok(Body::SideEffect(SideEffect {
                term: self.form.term.trim().to_owned(),
                severity: Severity::Unknown,
                ongoing: Answer::Unknown,
            })),
            "severity" => self.severity(),
            "note" => Ok(Body::Note(Note { text: self.form.text.trim().to_owned() })),
            "undo" => Ok(corrected(self.entry(&self.form.entry)?, None, "undone")),
            _ => Err(expected("what", "score, dose, side-effect, severity, note or undo")),
        }
    }

    fn score(&self) -> Result<Body, Trouble> {
        let measure: Measure = self
            .form
            .measure
            .parse()
            .map_err(|_| expected("measure", "pain, fatigue, sleep, mood or fog"))?;
        let value: u8 =
            self.form.value.parse().map_err(|_| expected("value", "a whole number from 0 to 10"))?;
        let score = Score::new(measure, Scale::ZeroToTen, f64::from(value))
            .map_err(|_| expected("value", "a whole number from 0 to 10"))?;
        let Some(before) = self.desk.course.day(self.day).and_then(|day| Some((day, day.score(measure)?)))
        else {
            return scores([score]);
        };
        let (day, before) = before;
        let entry = before.origin.entry;
        let kept = Measure::ALL.into_iter().filter(|other| *other != measure).filter_map(|other| {
            day.all_scores(other).iter().find(|score| score.origin.entry == entry).map(|score| score.value)
        });
        let with = scores(kept.chain([score]))?;
        Ok(corrected(entry, Some(with), "changed"))
    }

    fn dose(&self) -> Result<Body, Trouble> {
        let day = self.model.day(self.day);
        let dose = day.doses.get(self.form.place).ok_or_else(|| expected("place", "a dose of this day"))?;
        let report = DoseReport { day: self.day, part: dose.part, outcome: self.outcome(dose)? };
        match day.report(dose.part) {
            None => Ok(Body::Dose(report)),
            Some(before) => {
                let entry = self.entry(&before.entry)?;
                Ok(corrected(entry, Some(Body::Dose(report)), "changed"))
            }
        }
    }

    fn outcome(&self, dose: &DoseModel) -> Result<Outcome, Trouble> {
        let time_of_day = dose.at;
        let planned = dose.dose_ng.map(Dose::from_nanograms);
        match self.form.answer.as_str() {
            "yes" => Ok(Outcome::Taken { dose: planned, at: None }),
            // Of today it may still be taken; of a day that is over it was left out.
            "no" if self.day == self.desk.today => Ok(Outcome::NotTaken),
            "no" => Ok(Outcome::Skipped),
            "changed" => {
                let amount = self.form.amount.trim();
                let read = || {
                    Dose::from_milligrams_text(amount).map_err(|error| Trouble::Invalid {
                        at: "amount".to_owned(),
                        expected: error.to_string(),
                    })
                };
                // Of a kit nobody knows the amount, and without an amount the planned one holds.
                let dose = if planned.is_none() || amount.is_empty() { planned } else { Some(read()?) };
                Ok(Outcome::Taken { dose, at: self.time(time_of_day)? })
            }
            _ => Err(expected("answer", "yes, no or changed")),
        }
    }

    fn time(&self, at: TimeOfDay) -> Result<Option<Timestamp>, Trouble> {
        let text = self.form.time.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let wrong = || expected("time", "a time such as 22:30, not later than now");
        let time: Time = text.parse().map_err(|_| wrong())?;
        let after_midnight = at == TimeOfDay::Bedtime && time.hour() < NIGHT_ENDS;
        let date = if after_midnight { self.day.checked_add(1.day()) } else { Ok(self.day) };
        let zone = TimeZone::get(&self.desk.zone).unwrap_or(TimeZone::UTC);
        let zoned = date.map_err(|_| wrong())?.to_datetime(time).to_zoned(zone).map_err(|_| wrong())?;
        if zoned.timestamp() > self.now { Err(wrong()) } else { Ok(Some(zoned.timestamp())) }
    }

    fn severity(&self) -> Result<Body, Trouble> {
        let day = self.model.day(self.day);
        let effect = day.side_effects.iter().find(|effect| effect.entry == self.form.entry);
        let effect = effect.ok_or_else(|| expected("entry", "a side effect of this day"))?;
        let severity = match self.form.severity.as_str() {
            "mild" => Severity::Mild,
            "moderate" => Severity::Moderate,
            "severe" => Severity::Severe,
            _ => return Err(expected("severity", "mild, moderate or severe")),
        };
        let with = Body::SideEffect(SideEffect { severity, ..effect.content.clone() });
        Ok(corrected(self.entry(&effect.entry)?, Some(with), "severity added"))
    }

    fn entry(&self, text: &str) -> Result<EntryId, Trouble> {
        text.parse().map_err(|_| expected("entry", "the name of an entry"))
    }
}

fn scores(scores: impl IntoIterator<Item = Score>) -> Result<Body, Trouble> {
    Scores::new(scores).map(Body::Scores).map_err(|error| expected("value", &error.to_string()))
}

fn corrected(replaces: EntryId, with: Option<Body>, reason: &str) -> Body {
    Body::Corrected(Corrected { replaces, with: with.map(Box::new), reason: reason.to_owned() })
}

fn expected(at: &str, expected: &str) -> Trouble {
    Trouble::Invalid { at: at.to_owned(), expected: expected.to_owned() }
}
