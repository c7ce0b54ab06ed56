//! The case on one page.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use ldn_care::screen::{RuleSet, Severity};
use ldn_core::Measure;
use ldn_core::instrument::Catalogue;
use ldn_core::plan::Plan;
use ldn_report::page::Prescriber;
use ldn_report::{Theme, course_chart};
use serde::Deserialize;

use super::adherence::Adherence;
use super::change::{Change, count, dose};
use super::effects::DoseStep;
use super::history::{self, Line};
use super::judged::Judged;
use super::problems::{Problem, is_held};
use super::records::{self, Record};
use crate::clinic::list::now_words;
use crate::clinic::room::{Clinician, Room};
use crate::frame::Frame;
use crate::patient::{Case, Charted, Drawn, Stretch, in_words, name_code, span};
use crate::site::Site;
use crate::trouble::rendered;
use crate::visitor::Refused;

/// Entries of the history on this page.
const NEWEST: usize = 12;

/// Days of the two stretches of adherence.
const RECENT_DAYS: i64 = 28;
const LONG_DAYS: i64 = 365;

/// What the page shows of a diary, and what was just done.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    measure: String,
    #[serde(default)]
    weeks: String,
    #[serde(default)]
    done: String,
}

/// A link that chooses.
struct Choice {
    name: String,
    address: String,
    current: bool,
}

#[derive(Template)]
#[template(path = "clinic/course.html")]
pub(super) struct CoursePage {
    frame: Frame,
    form_token: String,
    name: String,
    base: String,
    /// Day of the course, and what is taken now.
    now: String,
    /// Said once after something was done.
    done: Option<String>,
    /// Why what was asked for was not done.
    refused: Option<String>,
    outdated: Option<String>,
    problems: Vec<Problem>,
    changes: Vec<Change>,
    measures: Vec<Choice>,
    stretches: Vec<Choice>,
    measure: &'static str,
    chart: Option<(Drawn, Vec<String>)>,
    steps: Vec<DoseStep>,
    adherence: Vec<String>,
    plan: Option<PlanFacts>,
    screening: ScreeningFacts,
    judged: Judged,
    labs: Vec<Record>,
    instruments: Vec<Record>,
    history: Vec<Line>,
    all_entries: String,
    blinded: bool,
    /// Whether something may be ordered now.
    may_order: bool,
    is_held: bool,
    /// What identifies this print: plan and version, head of the chain, day.
    print: String,
}

/// The plan in force, or the newest one.
struct PlanFacts {
    title: String,
    facts: Vec<[String; 2]>,
    holds: Vec<[String; 2]>,
    overrides: Vec<[String; 2]>,
    is_signed: bool,
}

/// The screening of today in numbers.
struct ScreeningFacts {
    disposition: String,
    findings: String,
    grave: String,
    questions: String,
    unknown: String,
    rules: String,
    recorded: Option<String>,
}

pub(super) async fn show(
    State(site): State<Site>,
    clinician: Clinician,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Refused> {
    let room = clinician.open(&site, &id).await?;
    Ok(rendered(&CoursePage::of(&site, &room, &asked, None).await?).into_response())
}

impl CoursePage {
    pub(super) async fn of(
        site: &Site,
        room: &Room,
        asked: &Asked,
        refused: Option<String>,
    ) -> Result<CoursePage, Refused> {
        let words = room.words();
        let (measure, scored, judged) = Judged::of(site, room, asked.measure.parse().ok()).await?;
        let stretch =
            Stretch::ALL.into_iter().find(|stretch| stretch.code() == asked.weeks).unwrap_or(Stretch::All);
        let case = Case { course: &room.course, today: room.today, words };
        let chart = Charted::of(case, measure, stretch).and_then(|charted| {
            let drawn = Drawn::of(|layout| course_chart(&charted.chart, Theme::Page, layout))?;
            Some((drawn, charted.sentences))
        });
        let catalogue = Catalogue::shipped();
        let catalogue = catalogue.map_err(|error| room.clinician.signed_in.refuse(site.broken(&error)))?;
        let address = |measure: Measure, stretch: Stretch| {
            format!("{}?measure={}&weeks={}#diary", room.address(""), measure.id(), stretch.code())
        };
        let head = room.head.map_or_else(String::new, |head| short(&head.hash.to_string()));
        let plan_id = room
            .course
            .plans()
            .in_force(room.today)
            .map(|signed| format!("{} (v{})", signed.id, signed.plan.parts().version));
        Ok(CoursePage {
            form_token: room.clinician.form_token(),
            name: room.name.clone(),
            base: room.address(""),
            now: now_words(room),
            done: (!asked.done.is_empty()).then(|| words.say(&format!("clinic-done-{}", done(&asked.done)))),
            refused,
            outdated: RuleSet::shipped().outdated(room.today),
            problems: Problem::all(room),
            changes: Change::all(room),
            measures: scored
                .into_iter()
                .map(|other| Choice {
                    name: words.say(name_code(other)),
                    address: address(other, stretch),
                    current: other == measure,
                })
                .collect(),
            stretches: Stretch::ALL
                .map(|other| Choice {
                    name: words.say(&format!("charts-weeks-{}", other.code())),
                    address: address(measure, other),
                    current: other == stretch,
                })
                .into(),
            measure: measure.id(),
            chart,
            steps: DoseStep::all(room),
            adherence: adherence(room),
            plan: plan_facts(room),
            screening: screening_facts(room),
            judged,
            labs: records::labs(room),
            instruments: records::instruments(room, &catalogue),
            history: history::lines(words, room, 0, NEWEST),
            all_entries: words.count("clinic-history-all", count(room.entries.len())),
            blinded: room.is_blinded(),
            may_order: !room.is_blinded() && !is_held(room) && room.look.rerun.stopping.is_empty(),
            is_held: is_held(room),
            print: words.say_with(
                "clinic-print",
                &[
                    ("plan", plan_id.as_deref().unwrap_or("–")),
                    ("head", &head),
                    ("day", &in_words(words, room.today)),
                ],
            ),
            frame: room.frame(site, ""),
        })
    }

    fn told(&self) -> Option<Prescriber<'_>> {
        self.judged.told()
    }

    /// Why there is no verdict, in words.
    fn not_judged(&self) -> String {
        let words = self.frame.words;
        match self.judged {
            Judged::Recording => words.say("clinic-verdict-recording"),
            Judged::NoScores => words.say("clinic-verdict-no-scores"),
            Judged::DosesUnknown { unknown, days } => words.say_with(
                "clinic-verdict-doses-unknown",
                &[("unknown", &unknown.to_string()), ("days", &days.to_string())],
            ),
            Judged::Unreliable => words.say("clinic-verdict-unreliable"),
            Judged::Verdict(_) => String::new(),
        }
    }
}

/// Returns a word of ours for what an address says was done, so that no address can put words on the page.
fn done(word: &str) -> &'static str {
    ["signed", "declined", "held", "screened", "seen", "ordered", "invited"]
        .into_iter()
        .find(|known| *known == word)
        .unwrap_or("saved")
}

fn short(hash: &str) -> String {
    hash.chars().take(16).collect()
}

fn adherence(room: &Room) -> Vec<String> {
    let words = room.words();
    [("clinic-adherence-recent", RECENT_DAYS), ("clinic-adherence-long", LONG_DAYS)]
        .into_iter()
        .filter_map(|(code, days)| {
            let counted = Adherence::of(&room.course, room.today, days);
            let count = |count: u32| count.to_string();
            (counted.asked > 0).then(|| {
                words.say_with(
                    code,
                    &[
                        ("asked", &count(counted.asked)),
                        ("taken", &count(counted.taken)),
                        ("left", &count(counted.not_taken)),
                        ("unknown", &count(counted.unknown)),
                    ],
                )
            })
        })
        .collect()
}

fn plan_facts(room: &Room) -> Option<PlanFacts> {
    let words = room.words();
    let signed = room.course.plans().in_force(room.today).or(room.course.plans().signed().last());
    let (plan, is_signed): (&Plan, bool) = match signed {
        Some(signed) => (&signed.plan, true),
        None => (&room.course.plans().proposals().last()?.value, false),
    };
    let parts = plan.parts();
    let is_blinded = room.is_blinded();
    let mut facts = vec![
        [words.say("clinic-plan-protocol"), parts.protocol.clone()],
        [words.say("clinic-plan-reason"), parts.reason.clone()],
        [words.say("clinic-plan-until"), in_words(words, parts.valid_until)],
    ];
    if let Some(signature) = &parts.signature {
        let by = format!("{}, {}", signature.prescriber, in_words(words, signature.on));
        facts.insert(0, [words.say("clinic-plan-signed-by"), by]);
    }
    if let Some(judge_on) = parts.judge_on {
        facts.push([words.say("clinic-plan-judge"), in_words(words, judge_on)]);
    }
    let present = plan.step_on(room.today).or(plan.steps().first()).filter(|_| !is_blinded);
    if let Some(step) = present {
        facts.insert(0, [words.say("clinic-plan-step"), format!("{}: {}", dose(step), step.why)]);
    }
    let next = plan.steps().iter().find(|step| room.today < step.from).filter(|_| !is_blinded);
    if let Some(step) = next {
        facts.insert(
            1,
            [words.say("clinic-plan-next"), format!("{}, {}", dose(step), in_words(words, step.from))],
        );
    }
    let beside = room.course.plans().holds().iter().filter(|held| held.lifted_on.is_none());
    let holds = parts.holds.iter().chain(beside.map(|held| &held.hold));
    Some(PlanFacts {
        title: words.say_with(
            "clinic-plan-title",
            &[("version", &parts.version.to_string()), ("id", plan.id().as_str())],
        ),
        facts,
        holds: holds
            .map(|hold| [span(words, hold.from, hold.to), format!("{} ({})", hold.why, hold.rule)])
            .collect(),
        overrides: parts
            .overrides
            .iter()
            .map(|named| [named.rule.clone(), format!("{} ({})", named.reason, named.prescriber)])
            .collect(),
        is_signed,
    })
}

fn screening_facts(room: &Room) -> ScreeningFacts {
    let words = room.words();
    let screening = &room.look.rerun.screening;
    let version = &screening.ruleset;
    let recorded = room.course.screenings().last();
    let grave = screening.findings.iter().filter(|found| found.severity >= Severity::NeedsPrescriberDecision);
    let blocking = screening.questions.iter().filter(|question| question.blocks);
    ScreeningFacts {
        disposition: words.say(&format!("clinic-disposition-{}", screening.disposition.word())),
        findings: words.count("clinic-screening-findings", count(screening.findings.len())),
        grave: words.count("clinic-screening-grave", count(grave.count())),
        questions: words.count("clinic-screening-questions", count(blocking.count())),
        unknown: words.count("clinic-screening-unknown", count(screening.unrecognised.len())),
        rules: format!("{} {} ({})", version.id, version.version, version.date),
        recorded: recorded.map(|recorded| in_words(words, recorded.origin.day)),
    }
}
