//! A plan at a terminal: day by day as a pharmacist checks it, then what to look at, and what if it goes badly.

use jiff::civil::Date;
use ldn_care::plan::Protocols;
use ldn_core::Plan;
use ldn_core::plan::{AskBecause, DayPart, Hold, PlanParts, Resume, Step};

use crate::text::{heading, paragraph, wrapped};

/// What is said of a blinded plan in place of every dose.
const BLINDED: &str = "the capsules labelled for the day";

/// Writes a plan that still speaks.
pub(super) fn plan(plan: &Plan) -> String {
    let parts = plan.parts();
    let mut text = heading(&format!("Plan {}  {}", parts.version, plan.id()));
    text += &standing(plan);
    text += &days(plan);
    text += &reviews(parts);
    text += &if_it_goes_badly(parts);
    text + &decisions(parts)
}

fn standing(plan: &Plan) -> String {
    let parts = plan.parts();
    let signed = match &parts.signature {
        Some(signature) => format!("by {} on {}", signature.prescriber, signature.on),
        None => "NOT SIGNED: a proposal for the prescriber, who decides".to_owned(),
    };
    let title = Protocols::shipped()
        .find(&parts.protocol)
        .map_or(String::new(), |protocol| format!(" ({}): {}", protocol.alias, protocol.title));
    let mut text = paragraph("Signed", &signed);
    text += &paragraph("Protocol", &format!("{}{title}", parts.protocol));
    text += &paragraph("Made on", &parts.made_on.to_string());
    if let Some(parent) = &parts.parent {
        text += &paragraph("Replaces", parent.as_str());
    }
    text += &paragraph("Why", &parts.reason);
    text += &paragraph("Valid until", &format!("{}; after that ask before the next dose", parts.valid_until));
    if parts.blinded {
        text += &paragraph(
            "Blinded",
            "the capsules may be placebo; every rule counts as if the highest dose of the plan were taken",
        );
    } else {
        text += &paragraph("Highest dose", &plan.highest_dose().to_string());
    }
    text + &paragraph("Off-label", "low-dose naltrexone is an off-label use; the prescriber decides")
}

/// A run of days with what is done on it.
enum Run<'a> {
    Step(&'a Step),
    Hold(&'a Hold),
}

fn days(plan: &Plan) -> String {
    let mut runs: Vec<(Date, Option<Date>, Run<'_>)> =
        plan.steps().iter().map(|step| (step.from, step.to, Run::Step(step))).collect();
    runs.extend(plan.holds().iter().map(|hold| (hold.from, hold.to, Run::Hold(hold))));
    runs.sort_by_key(|(from, ..)| *from);
    let mut text = format!("\n{}", heading("Days"));
    for (from, to, run) in runs {
        let said = match run {
            Run::Step(step) => doses(plan, step),
            Run::Hold(hold) => hold_words(hold),
        };
        text += &wrapped(&format!("{}  {said}", span(from, to)), "  ", "                                ");
        if let Run::Step(step) = run
            && !plan.parts().blinded
        {
            let why = format!("{} [{}]", step.why, step.source);
            text += &wrapped(&why, "                                ", "                                ");
        }
    }
    text
}

/// "2026-01-05 to 2026-01-11    7 d", in columns.
fn span(from: Date, to: Option<Date>) -> String {
    match to {
        Some(to) => {
            let days = from.until(to).map_or(0, |span| span.get_days()) + 1;
            format!("{from} to {to} {days:>3} d")
        }
        None => format!("{:<30}", format!("{from} on")),
    }
}

fn doses(plan: &Plan, step: &Step) -> String {
    let said = |part: &DayPart| format!("{} {}", what(plan, part), part.at.words());
    let parts: Vec<String> = step.parts.iter().map(said).collect();
    match parts.as_slice() {
        [whole] => whole.clone(),
        parts if plan.parts().blinded => parts.join(", "),
        parts => format!("{} in all: {}", step.dose(), parts.join(", ")),
    }
}

/// What is taken; of a blinded plan the same words whatever it is.
fn what(plan: &Plan, part: &DayPart) -> String {
    if plan.parts().blinded { BLINDED.to_owned() } else { part.dose.to_string() }
}

fn hold_words(hold: &Hold) -> String {
    let resume = match hold.resume {
        Some(Resume::ReScreen) => "; screen again before the next dose",
        None => "",
    };
    format!("no LDN: {} [{}]{resume}", hold.why, hold.rule)
}

/// What a plan says about one day.
pub(super) fn day(plan: &Plan, day: Date, step: &Step) -> String {
    let unsigned = if plan.is_signed() { "" } else { " (the plan is not signed)" };
    wrapped(&format!("{day}: {}{unsigned}", doses(plan, step)), "", "  ")
}

/// What a plan says about a held day.
pub(super) fn held(day: Date, hold: &Hold) -> String {
    wrapped(&format!("{day}: {}", hold_words(hold)), "", "  ")
}

/// What a plan says that no longer speaks.
pub(super) fn ask(plan: &Plan, because: AskBecause) -> String {
    let why = match because {
        AskBecause::Expired => format!("Plan {} ended on {}.", plan.id(), plan.parts().valid_until),
        AskBecause::Superseded => format!("A newer plan replaced plan {}.", plan.id()),
    };
    wrapped(&format!("Ask before the next dose. {why}"), "", "")
}

fn reviews(parts: &PlanParts) -> String {
    let mut lines: Vec<(Date, String)> =
        parts.review.iter().map(|review| (review.on, review.what.clone())).collect();
    // A review on the day of judging says so already.
    let judge_on = parts.judge_on.filter(|on| parts.review.iter().all(|review| review.on != *on));
    lines.extend(judge_on.map(|on| (on, "from here on the effect can be judged".to_owned())));
    if lines.is_empty() {
        return String::new();
    }
    lines.sort();
    let lines = lines.iter().map(|(on, what)| wrapped(&format!("{on}  {what}"), "  ", "              "));
    format!("\n{}{}", heading("Reviews"), lines.collect::<String>())
}

fn if_it_goes_badly(parts: &PlanParts) -> String {
    let rules = &parts.rules;
    let mut text = format!("\n{}", heading("If it goes badly"));
    for (name, words) in [
        ("Side effect", &rules.on_side_effect),
        ("Missed dose", &rules.on_missed_dose),
        ("Gap", &rules.on_gap),
        ("No benefit", &rules.on_no_benefit),
        ("Opioid", &rules.on_opioid),
    ] {
        if !words.is_empty() {
            text += &paragraph(name, words);
        }
    }
    text
}

/// Findings that the plan fulfils, overrides and choices; of a blinded plan only the rules, because the rest tells doses.
fn decisions(parts: &PlanParts) -> String {
    let mut text = String::new();
    if parts.blinded {
        let fulfilled = parts.fulfils.iter().map(|found| found.rule.as_str());
        let rules: Vec<&str> =
            fulfilled.chain(parts.overrides.iter().map(|found| found.rule.as_str())).collect();
        let words = if rules.is_empty() { String::new() } else { paragraph("Rules", &rules.join(", ")) };
        return if words.is_empty() {
            words
        } else {
            format!("\n{}{words}", heading("Findings and choices"))
        };
    }
    for found in &parts.fulfils {
        text += &paragraph("Fulfils", &format!("{}: {}", found.rule, found.how));
    }
    for found in &parts.overrides {
        text +=
            &paragraph("Overridden", &format!("{}, by {}: {}", found.rule, found.prescriber, found.reason));
    }
    for chosen in &parts.proposed {
        text += &paragraph(
            "Proposed",
            &format!("{} {}: no source states it [{}]", chosen.field, chosen.value, chosen.source),
        );
    }
    if text.is_empty() { text } else { format!("\n{}{text}", heading("Findings and choices")) }
}
