//! Rules, their count, and how loud they are.

use ldn_care::screen::{AlarmBudget, Rule, RuleSet, Value, coverage};
use ldn_evidence::Library;

use super::print::status;
use crate::error::Failure;
use crate::files::{self, print_json};
use crate::text::{heading, paragraph, wrapped};

/// Shows a rule with its numbers and its sources.
pub(super) fn rule(rules: &RuleSet, id: &str, json: bool) -> Result<(), Failure> {
    let wanted = id.to_uppercase();
    let found = rules.rules().find(|rule| rule.id.to_uppercase() == wanted);
    let Some(rule) = found else {
        let known: Vec<&str> = rules.rules().map(|rule| rule.id.as_str()).collect();
        return Err(Failure::Unknown(format!(
            "there is no rule `{id}`; expected one of {}",
            known.join(", ")
        )));
    };
    if json {
        let text = serde_json::json!({ "schema": 1, "rule": rule }).to_string();
        return files::print(&(text + "\n"));
    }
    files::print(&described(rule))
}

fn described(rule: &Rule) -> String {
    let mut text = heading(&format!("{}  {}", rule.id, rule.title));
    text += &paragraph("Severity", rule.severity.word());
    text += &paragraph("Plan", rule.action.word());
    text += &paragraph("Prescriber", &rule.say_prescriber);
    text += &paragraph("Patient", &rule.say_patient);
    for (name, parameter) in &rule.parameters {
        let value = match &parameter.value {
            Value::Number(number) => number.to_string(),
            Value::Numbers(numbers) => numbers.iter().map(f64::to_string).collect::<Vec<_>>().join(", "),
            Value::Quoted(text) => text.clone(),
        };
        text += &paragraph("Number", &format!("{} {value} {}", name.replace('_', " "), parameter.unit));
    }
    for (name, case) in &rule.cases {
        text += &paragraph("Case", &format!("{name}: {}; {}", case.severity.word(), case.say_prescriber));
    }
    let library = Library::shipped();
    for id in &rule.sources {
        let citation = library.source(id).map_or("", |source| source.citation.as_str());
        text += &paragraph("Source", &format!("{id}: {citation}"));
    }
    text += &paragraph("Checked", status(rule.status));
    for (name, words) in [("", &rule.checked), ("Disagreement", &rule.disagreement)] {
        if !words.is_empty() {
            text += &paragraph(name, words);
        }
    }
    text
}

/// Counts the rules.
pub(super) fn count(json: bool) -> Result<(), Failure> {
    let coverage = coverage();
    if json {
        return print_json("coverage", &coverage);
    }
    let mut text = format!(
        "{} rules: {} checked at screening, {} when an intake is read, {} not expressible yet\n",
        coverage.rules,
        coverage.at_screening,
        coverage.at_reading,
        coverage.not_expressible.len()
    );
    for missing in &coverage.not_expressible {
        text += &wrapped(&format!("{}: {}", missing.rule, missing.reason), "  ", "    ");
    }
    files::print(&text)
}

/// How loud the rules are on ordinary people.
pub(super) fn alarms(budget: &AlarmBudget, json: bool) -> Result<(), Failure> {
    if json {
        return print_json("alarm_budget", budget);
    }
    let mut text = format!(
        "{} ordinary people without a contraindication: median {} findings above information, nine in ten at most {}\n\nfindings  people\n",
        budget.patients, budget.median_above_info, budget.ninth_decile_above_info
    );
    for (findings, people) in &budget.patients_by_findings {
        text += &format!("{findings:>8}  {people:>6}\n");
    }
    files::print(&text)
}
