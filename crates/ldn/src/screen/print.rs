//! A screening at a terminal: disposition first, then findings by gravity, questions, names, and what was not checked.

use std::collections::BTreeMap;

use ldn_care::screen::{Because, Finding, Question, Screening, Severity};
use ldn_core::data;
use serde::Deserialize;

use crate::text::{heading, paragraph, wrapped};

/// The words around a screening.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    #[expect(dead_code, reason = "for the reader of the file; the name of the file is the id")]
    id: String,
    #[expect(dead_code, reason = "for the reviewer of the file")]
    status: data::Status,
    prescriber: BTreeMap<String, String>,
    patient: BTreeMap<String, String>,
}

impl Words {
    fn shipped() -> Words {
        let text = include_str!("../../../../data/wording/screen.toml");
        data::parse("wording/screen.toml", text).expect("a test prints every disposition")
    }
}

pub(super) fn for_prescriber(screening: &Screening) -> String {
    let mut text = wrapped(&Words::shipped().prescriber[screening.disposition.word()], "", "");
    if let Some(outdated) = &screening.outdated {
        text += &wrapped(outdated, "! ", "  ");
    }
    if let Some(date) = screening.earliest_start() {
        text += &wrapped(
            &format!("Every interval counted here has passed on {date}; screen again then."),
            "",
            "",
        );
    }
    for finding in &screening.findings {
        text += "\n";
        text += &finding_for_prescriber(finding);
    }
    text += &questions(&screening.questions);
    text += &unrecognised(screening);
    text += &not_checked(screening);
    let version = &screening.ruleset;
    text + &format!("\nRules {} {}, {}\n", version.id, version.version, version.date)
}

fn finding_for_prescriber(finding: &Finding) -> String {
    let mut text = format!("{}  {}\n", severity(finding.severity), finding.rule);
    text += &wrapped(&finding.say_prescriber, "  ", "  ");
    text += &because(&finding.because);
    let from = finding.action.earliest_start.map(|date| format!(", not before {date}")).unwrap_or_default();
    text += &paragraph("Plan", &format!("{}{from}", finding.action.kind.word()));
    if !finding.sources.is_empty() {
        text += &paragraph("Source", &format!("{} ({})", finding.sources.join(", "), status(finding.status)));
    }
    if !finding.disagreement.is_empty() {
        text += &paragraph("Disagreement", &finding.disagreement);
    }
    text
}

fn because(facts: &[Because]) -> String {
    let fact = |fact: &Because| {
        let recognised = fact.recognised.as_ref().map(|name| format!(", that is {name}")).unwrap_or_default();
        paragraph("Because", &format!("“{}” at {}{recognised}", fact.value, fact.at))
    };
    facts.iter().map(fact).collect()
}

pub(super) fn for_patient(screening: &Screening) -> String {
    let mut text = wrapped(&Words::shipped().patient[screening.disposition.word()], "", "");
    let mut said = Vec::new();
    for finding in screening.findings.iter().filter(|finding| finding.severity > Severity::Info) {
        // Several rules may have the same words; they are said once.
        if !said.contains(&&finding.say_patient) {
            text += "\n";
            text += &wrapped(&finding.say_patient, "", "");
            said.push(&finding.say_patient);
        }
    }
    text += &questions(&screening.questions);
    text += &unrecognised(screening);
    text + &not_checked(screening)
}

fn questions(questions: &[Question]) -> String {
    if questions.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{}", heading("Questions"));
    for question in questions {
        let mark = if question.blocks { "! " } else { "  " };
        text += &wrapped(&format!("{}: {}", question.at, question.why), mark, "    ");
    }
    if questions.iter().any(|question| question.blocks) {
        text += "! no plan before this is answered\n";
    }
    text
}

fn unrecognised(screening: &Screening) -> String {
    if screening.unrecognised.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{}", heading("Not recognised"));
    for name in &screening.unrecognised {
        text += &wrapped(&format!("“{}” at {}", name.value, name.at), "  ", "    ");
    }
    text
}

fn not_checked(screening: &Screening) -> String {
    let lines: String = screening.not_checked.iter().map(|what| wrapped(what, "  – ", "    ")).collect();
    format!("\n{}{lines}", heading("Not checked"))
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Emergency => "EMERGENCY",
        Severity::Contraindicated => "CONTRAINDICATED",
        Severity::NeedsPrescriberDecision => "YOUR DECISION",
        Severity::Caution => "CAUTION",
        Severity::Info => "INFORMATION",
    }
}

/// A status as readers see it.
pub(crate) fn status(status: data::Status) -> &'static str {
    match status {
        data::Status::Proposed => "proposed",
        data::Status::Recalled => "recalled, not looked up",
        data::Status::Judgement => "judgement",
        data::Status::Seen => "seen",
        data::Status::Reviewed => "reviewed",
    }
}
