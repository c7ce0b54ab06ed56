//! Everything that the screening says today: findings with their sources and who disagrees, questions, names that were not
//! recognised, and what was not checked.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use ldn_care::intake::{self, ListedMedicine};
use ldn_care::medicine::{Formulary, Recognition};
use ldn_care::screen::{Disposition, Finding, RuleSet};
use ldn_core::journal::{Answer, Body, Medicine, Release, Route, Use};

use crate::clinic::intake::page_of;
use crate::clinic::room::{Clinician, Room};
use crate::frame::Frame;
use crate::patient::{Fields, SourceMark, in_words};
use crate::site::Site;
use crate::trouble::{Trouble, rendered};
use crate::visitor::Refused;

/// The answer that a name is none of those offered and no opioid.
const NO_OPIOID: &str = "no-opioid";

#[derive(Template)]
#[template(path = "clinic/screening.html")]
struct ScreeningPage {
    frame: Frame,
    form_token: String,
    name: String,
    base: String,
    disposition: String,
    /// What has to happen before there may be a plan; `None` where nothing stands in its way.
    way_out: Option<String>,
    outdated: Option<String>,
    findings: Vec<FindingView>,
    questions: Vec<QuestionView>,
    names: Vec<NameView>,
    others: Vec<String>,
    not_checked: Vec<String>,
    rules: String,
    may_plan: bool,
}

/// A finding with its basis.
pub(super) struct FindingView {
    pub(super) rule: String,
    pub(super) title: String,
    pub(super) severity: &'static str,
    pub(super) severity_words: String,
    pub(super) says: String,
    pub(super) because: Vec<String>,
    /// What would change the answer.
    pub(super) changes: Vec<String>,
    pub(super) disagreement: String,
    pub(super) marks: Vec<SourceMark>,
    pub(super) status: &'static str,
}

/// An open question and where it is answered.
struct QuestionView {
    why: String,
    blocks: bool,
    page: Option<&'static str>,
}

/// A medicine whose name is not understood.
struct NameView {
    written: String,
    offers: Vec<(String, String)>,
}

pub(super) async fn show(
    State(site): State<Site>,
    clinician: Clinician,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    let room = clinician.open(&site, &id).await?;
    Ok(rendered(&ScreeningPage::of(&site, &room)).into_response())
}

/// Records the screening of today and goes on to the protocols.
pub(super) async fn record(
    State(site): State<Site>,
    clinician: Clinician,
    Path(id): Path<String>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    let fields = Fields::of(sent);
    clinician.check_form(fields.get("form_token"))?;
    let room = clinician.open(&site, &id).await?;
    let screened = room.screened(&site)?;
    room.record(&site, vec![screened]).await?;
    let next = if may_plan(&room) { room.address("plan") } else { room.address("") + "?done=screened" };
    Ok(Redirect::to(&next).into_response())
}

/// Says what a name means: one of those offered, or no opioid by the prescriber's own word.
pub(super) async fn name(
    State(site): State<Site>,
    clinician: Clinician,
    Path(id): Path<String>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    let fields = Fields::of(sent);
    clinician.check_form(fields.get("form_token"))?;
    let room = clinician.open(&site, &id).await?;
    let listed = room.look.rerun.intake.medicines.iter().find(|listed| listed.name == fields.get("name"));
    let listed = listed.ok_or_else(|| room.clinician.signed_in.refuse(Trouble::Stale))?;
    let meant = Formulary::shipped().medicine(fields.get("meant"));
    let bodies = match (meant, fields.get("meant")) {
        // The name as written stays in the journal; what it means stands beside it and is screened.
        (Some(meant), _) => vec![
            Body::Medicine(medicine(listed, meant.name.clone(), Answer::Unknown)),
            Body::Medicine(Medicine {
                usage: Use::Stopped,
                ..medicine(listed, listed.name.clone(), Answer::Yes)
            }),
        ],
        (None, NO_OPIOID) => vec![Body::Medicine(medicine(listed, listed.name.clone(), Answer::Yes))],
        (None, _) => return Ok(Redirect::to(&room.address("screening")).into_response()),
    };
    room.record(&site, bodies).await?;
    Ok(Redirect::to(&room.address("screening")).into_response())
}

/// Writes a medicine of the intake as an entry of the journal.
fn medicine(listed: &ListedMedicine, name: String, not_an_opioid: Answer) -> Medicine {
    Medicine {
        name,
        usage: listed.usage.word().parse().unwrap_or(Use::Unknown),
        route: listed.route.and_then(|route| route.word().parse().ok()).unwrap_or(Route::Unknown),
        release: listed.release.word().parse().unwrap_or(Release::Unknown),
        per_day: listed.per_day.as_ref().map(|amount| amount.written.clone()),
        last_taken: listed.last_taken,
        not_an_opioid,
    }
}

/// Returns true if a plan may follow, be it with overrides.
pub(super) fn may_plan(room: &Room) -> bool {
    let screening = &room.look.rerun.screening;
    !matches!(screening.disposition, Disposition::Emergency)
        && !screening.questions.iter().any(|question| question.blocks)
}

impl ScreeningPage {
    fn of(site: &Site, room: &Room) -> ScreeningPage {
        let words = room.words();
        let screening = &room.look.rerun.screening;
        let version = &screening.ruleset;
        let way_out = match screening.disposition {
            Disposition::Emergency => Some(words.say("clinic-way-out-emergency")),
            Disposition::Refuse => Some(match screening.earliest_start() {
                Some(day) => words.say_with("clinic-way-out-refuse-date", &[("day", &in_words(words, day))]),
                None => words.say("clinic-way-out-refuse"),
            }),
            Disposition::Incomplete => Some(words.say("clinic-way-out-incomplete")),
            Disposition::PrescriberDecision => Some(words.say("clinic-way-out-decision")),
            Disposition::Caution | Disposition::NoFinding => None,
        };
        ScreeningPage {
            frame: room.frame(site, "screening"),
            form_token: room.clinician.form_token(),
            name: room.name.clone(),
            base: room.address(""),
            disposition: words.say(&format!("clinic-disposition-{}", screening.disposition.word())),
            way_out,
            outdated: screening.outdated.clone(),
            findings: screening.findings.iter().map(|finding| FindingView::of(room, finding)).collect(),
            questions: screening
                .questions
                .iter()
                // A name is asked about above, with the names that may be meant.
                .filter(|question| !(question.at.starts_with("medicine[") && question.at.ends_with("].name")))
                .map(|question| QuestionView {
                    why: question.why.clone(),
                    blocks: question.blocks,
                    page: page_of(&question.at),
                })
                .collect(),
            names: room.look.rerun.intake.medicines.iter().filter_map(NameView::of).collect(),
            others: screening
                .unrecognised
                .iter()
                .filter(|found| !found.at.starts_with("medicine["))
                .map(|found| found.value.clone())
                .collect(),
            not_checked: screening.not_checked.clone(),
            rules: format!("{} {} ({})", version.id, version.version, version.date),
            may_plan: may_plan(room),
        }
    }
}

impl NameView {
    /// Asks about a medicine whose name is not understood, unless a prescriber has said that it is no opioid.
    fn of(listed: &ListedMedicine) -> Option<NameView> {
        if listed.not_an_opioid == intake::Answer::Yes {
            return None;
        }
        let offers = match Formulary::shipped().recognise(&listed.name) {
            Recognition::DidYouMean(near) => {
                near.into_iter().map(|near| (near.id.clone(), near.name.clone())).collect()
            }
            Recognition::NotRecognised => Vec::new(),
            Recognition::Recognised(_) => return None,
        };
        Some(NameView { written: listed.name.clone(), offers })
    }
}

impl FindingView {
    /// Shows a rule that nothing was found for yet, such as the band of a dose that somebody chooses.
    pub(super) fn of_rule(room: &Room, id: &str) -> FindingView {
        let (words, rule) = (room.words(), RuleSet::shipped().rule(id));
        let sources = rule.map_or(&[][..], |rule| &rule.sources);
        FindingView {
            rule: id.to_owned(),
            title: rule.map(|rule| rule.title.clone()).unwrap_or_default(),
            severity: rule.map_or("", |rule| rule.severity.word()),
            severity_words: rule
                .map(|rule| words.say(&format!("clinic-severity-of-{}", rule.severity.word())))
                .unwrap_or_default(),
            says: rule.map(|rule| rule.say_prescriber.clone()).unwrap_or_default(),
            because: Vec::new(),
            changes: vec![words.say("clinic-changes-override")],
            disagreement: rule.map(|rule| rule.disagreement.clone()).unwrap_or_default(),
            marks: sources.iter().map(|source| SourceMark::of(words, source)).collect(),
            status: rule.map_or("", |rule| rule.status.word()),
        }
    }

    pub(super) fn of(room: &Room, finding: &Finding) -> FindingView {
        let words = room.words();
        let rule = RuleSet::shipped().rule(&finding.rule);
        let because = finding.because.iter().map(|fact| match &fact.recognised {
            Some(recognised) if !fact.value.eq_ignore_ascii_case(recognised) => words
                .say_with("clinic-finding-recognised", &[("value", &fact.value), ("recognised", recognised)]),
            _ => fact.value.clone(),
        });
        let mut changes = Vec::new();
        if let Some(day) = finding.action.earliest_start {
            changes.push(words.say_with("clinic-changes-date", &[("day", &in_words(words, day))]));
        }
        if rule.is_some_and(|rule| rule.may_be_overridden()) {
            changes.push(words.say("clinic-changes-override"));
        }
        changes.push(words.say(&format!("clinic-changes-{}", finding.action.kind.word())));
        FindingView {
            title: rule.map(|rule| rule.title.clone()).unwrap_or_default(),
            severity: finding.severity.word(),
            severity_words: words.say(&format!("clinic-severity-of-{}", finding.severity.word())),
            says: finding.say_prescriber.clone(),
            because: because.collect(),
            changes,
            disagreement: finding.disagreement.clone(),
            marks: finding.sources.iter().map(|source| SourceMark::of(words, source)).collect(),
            status: finding.status.word(),
            rule: finding.rule.clone(),
        }
    }
}
