//! What the findings of a screening ask of a plan, and how it fulfils them.

use std::collections::BTreeSet;

use jiff::civil::Date;
use ldn_core::Dose;
use ldn_core::plan::{Fulfilled, Hold, Override, TimeOfDay};

use super::choices::Request;
use super::ladder::Level;
use super::protocol::{Kind, Protocol};
use super::protocols::Protocols;
use super::refusal::Refusal;
use super::settings::{Bounds, milligrams};
use crate::screen::{ActionKind, Disposition, Finding, Rule, RuleSet, Severity};

/// The rules whose bound depends on the person's present dose.
const STEP: &str = "UN-07";
const GAP: &str = "UN-08";

/// The doses of a plan, as findings look at them.
pub(super) struct Drawn<'a> {
    pub(super) levels: &'a [Level],
    /// `None` for a dose that does not rise.
    pub(super) interval_days: Option<u16>,
    pub(super) holds: &'a [Hold],
}

/// What findings became.
#[derive(Default)]
pub(super) struct Answered {
    pub(super) fulfils: Vec<Fulfilled>,
    pub(super) overrides: Vec<Override>,
}

/// Refuses a plan on an emergency, a contraindication that nobody may lift, or anything that blocks.
///
/// # Errors
/// The gravest of these.
pub(super) fn gate(request: &Request<'_>, protocols: &Protocols, rules: &RuleSet) -> Result<(), Refusal> {
    let screening = request.screening;
    if screening.date != request.intake.date {
        return Err(Refusal::OtherDay { screening: screening.date, intake: request.intake.date });
    }
    let of = |severity| screening.findings.iter().filter(move |finding| finding.severity == severity);
    let emergencies: Vec<String> = of(Severity::Emergency).map(|finding| finding.rule.clone()).collect();
    if !emergencies.is_empty() || screening.disposition == Disposition::Emergency {
        return Err(Refusal::Emergency { rules: emergencies });
    }
    check_overrides(request, rules)?;
    let standing: Vec<String> = of(Severity::Contraindicated)
        .filter(|finding| lifted_by(finding, request, protocols).is_none())
        .map(|finding| finding.rule.clone())
        .collect();
    if !standing.is_empty() {
        return Err(Refusal::Contraindicated { rules: standing, earliest_start: screening.earliest_start() });
    }
    let questions = screening.questions.iter().filter(|question| question.blocks);
    let unrecognised = screening.unrecognised.iter().filter(|found| found.at.starts_with("medicine["));
    let places: Vec<String> = questions
        .map(|question| question.at.clone())
        .chain(unrecognised.map(|found| format!("{} ({:?} is not recognised)", found.at, found.value)))
        .collect();
    if !places.is_empty() || screening.disposition == Disposition::Incomplete {
        return Err(Refusal::Incomplete { places });
    }
    Ok(())
}

/// Checks that each override is whole, given once, about a finding, and about a rule that permits one.
fn check_overrides(request: &Request<'_>, rules: &RuleSet) -> Result<(), Refusal> {
    let mut seen = BTreeSet::new();
    for Override { rule, reason, prescriber } in &request.choices.overrides {
        let incomplete = |expected| Refusal::OverrideIncomplete { rule: rule.clone(), expected };
        if !seen.insert(rule) {
            return Err(incomplete("one override for each rule"));
        }
        if reason.trim().is_empty() {
            return Err(incomplete("a reason"));
        }
        if prescriber.trim().is_empty() {
            return Err(incomplete("the prescriber's name"));
        }
        let Some(known) = rules.rule(rule) else {
            return Err(Refusal::OverrideWithoutFinding { rule: rule.clone() });
        };
        let severity = request.screening.finding(rule).map_or(known.severity, |finding| finding.severity);
        if severity != Severity::NeedsPrescriberDecision && !is_to_confirm(known) {
            return Err(Refusal::NotOverridable { rule: rule.clone(), severity });
        }
    }
    Ok(())
}

/// Returns true for a dose that a prescriber has to confirm, although no more than care is asked for: UN-02.
fn is_to_confirm(rule: &Rule) -> bool {
    rule.action == ActionKind::Ask && milligrams(rule, "above").is_some()
}

/// Returns the override that lifts a contraindication: OP-14, for the medicines that it names and no other.
fn lifted_by<'a>(finding: &Finding, request: &Request<'a>, protocols: &Protocols) -> Option<&'a Override> {
    let medicines = |finding: &Finding| -> BTreeSet<String> {
        let at = finding.because.iter().map(|fact| fact.at.as_str());
        at.filter_map(|at| at.split_once('.').map(|(place, _)| place))
            .filter(|place| place.starts_with("medicine["))
            .map(str::to_owned)
            .collect()
    };
    let mine = medicines(finding);
    request.choices.overrides.iter().find(|found| {
        let lifts = protocols.planning().lifts.get(&found.rule);
        let named: BTreeSet<String> = request
            .screening
            .findings
            .iter()
            .filter(|other| other.rule == found.rule)
            .flat_map(medicines)
            .collect();
        lifts.is_some_and(|rules| rules.contains(&finding.rule)) && !mine.is_empty() && mine.is_subset(&named)
    })
}

/// Fulfils every finding or takes its override.
///
/// # Errors
/// The first finding that is neither fulfilled nor overridden, and an override that nothing asked for.
pub(super) fn answer(
    drawn: &Drawn<'_>,
    request: &Request<'_>,
    protocols: &Protocols,
    rules: &RuleSet,
) -> Result<Answered, Refusal> {
    let mut answered = Answered::default();
    for finding in &request.screening.findings {
        let overridden =
            request.choices.override_of(&finding.rule).or_else(|| lifted_by(finding, request, protocols));
        match fulfil(finding, drawn, request, protocols, rules) {
            // An opioid that stays on the list is never fulfilled, only overridden.
            Ok(how) if finding.severity != Severity::Contraindicated => {
                answered.fulfils.push(Fulfilled { rule: finding.rule.clone(), how });
            }
            Ok(_) => {}
            Err(_) if overridden.is_some() => {}
            Err(refusal) => return Err(refusal),
        }
    }
    answered.overrides.clone_from(&request.choices.overrides);
    let is_asked_for = |found: &Override| {
        let is_band = protocols.planning().bands.contains(&found.rule);
        request.screening.finding(&found.rule).is_some() || is_band || found.rule == STEP
    };
    match answered.overrides.iter().find(|found| !is_asked_for(found)) {
        Some(found) => Err(Refusal::OverrideWithoutFinding { rule: found.rule.clone() }),
        None => Ok(answered),
    }
}

/// Says how the plan fulfils a finding.
fn fulfil(
    finding: &Finding,
    drawn: &Drawn<'_>,
    request: &Request<'_>,
    protocols: &Protocols,
    rules: &RuleSet,
) -> Result<String, Refusal> {
    let how = protocols.planning().how(finding.action.kind);
    let needs_override = || Refusal::NeedsOverride {
        rule: finding.rule.clone(),
        title: rules.rule(&finding.rule).map_or_else(String::new, |rule| rule.title.clone()),
    };
    let decides = finding.severity == Severity::NeedsPrescriberDecision;
    match finding.action.kind {
        ActionKind::Tell | ActionKind::Monitor | ActionKind::ChangeForm => Ok(how.to_owned()),
        ActionKind::Ask if !decides => Ok(how.to_owned()),
        ActionKind::RequireOverride if stays_below(finding, drawn, rules) => {
            Ok(format!("The plan ends at {}", highest(drawn.levels)))
        }
        ActionKind::Hold => held(finding, drawn.holds, how).ok_or_else(needs_override),
        ActionKind::Delay if decides => delayed(finding, request, how, needs_override),
        ActionKind::ChangeTime => at_bedtime(finding, drawn, request, how),
        ActionKind::StartLower | ActionKind::Slower => {
            bounded(finding, drawn, request, protocols, rules, how)
        }
        _ => Err(needs_override()),
    }
}

/// Returns true for a band of doses that the plan never enters, although somebody asked for it.
fn stays_below(finding: &Finding, drawn: &Drawn<'_>, rules: &RuleSet) -> bool {
    let above = rules.rule(&finding.rule).and_then(|rule| milligrams(rule, "above"));
    above.is_some_and(|above| highest(drawn.levels) <= above)
}

fn highest(levels: &[Level]) -> Dose {
    levels.iter().map(Level::dose).max().unwrap_or(Dose::ZERO)
}

/// Returns the words for the holds of the procedures that a finding names; `None` if one of them has none.
fn held(finding: &Finding, holds: &[Hold], how: &str) -> Option<String> {
    let days = finding.because.iter().filter(|fact| fact.at.ends_with(".date"));
    let mut found: Vec<&Hold> = Vec::new();
    for day in days {
        let day: Date = day.value.parse().ok()?;
        let hold = holds.iter().find(|hold| hold.contains(day))?;
        if !found.contains(&hold) {
            found.push(hold);
        }
    }
    let text = |hold: &&Hold| {
        let to = hold.to.map_or_else(|| "until a new screening".to_owned(), |to| format!("to {to}"));
        how.replace("{from}", &hold.from.to_string()).replace("{to}", &to)
    };
    (!found.is_empty()).then(|| found.iter().map(text).collect::<Vec<_>>().join("; "))
}

fn delayed(
    finding: &Finding,
    request: &Request<'_>,
    how: &str,
    needs_override: impl Fn() -> Refusal,
) -> Result<String, Refusal> {
    let earliest = finding.action.earliest_start.ok_or_else(needs_override)?;
    if request.start < earliest {
        let rule = finding.rule.clone();
        return Err(Refusal::StartTooEarly { start: request.start, rule, earliest });
    }
    let start = request.start.to_string();
    Ok(how.replace("{start}", &start).replace("{earliest}", &earliest.to_string()))
}

fn at_bedtime(
    finding: &Finding,
    drawn: &Drawn<'_>,
    request: &Request<'_>,
    how: &str,
) -> Result<String, Refusal> {
    let mut parts = drawn.levels.iter().flat_map(|level| &level.parts);
    if parts.all(|part| part.at == TimeOfDay::Bedtime) {
        return Ok(how.to_owned());
    }
    Err(Refusal::NotFulfilled {
        rule: finding.rule.clone(),
        asks: "the dose at bedtime (`--time bedtime`)".to_owned(),
        protocol: request.protocol.id.clone(),
        protocols: Vec::new(),
    })
}

/// Checks the first dose and the interval against what a rule asks for.
fn bounded(
    finding: &Finding,
    drawn: &Drawn<'_>,
    request: &Request<'_>,
    protocols: &Protocols,
    rules: &RuleSet,
    how: &str,
) -> Result<String, Refusal> {
    let rule = rules.rule(&finding.rule);
    let bounds = rule.map_or_else(Bounds::default, |rule| bounds_for(rule, finding, request, protocols));
    let first = drawn.levels.first().map_or(Dose::ZERO, Level::dose);
    let starts_low = bounds.start_at_most.is_none_or(|most| first <= most);
    // A dose that never rises is as slow as any.
    let is_slow = bounds.interval_at_least.zip(drawn.interval_days).is_none_or(|(least, days)| days >= least);
    if bounds == Bounds::default() || !starts_low || !is_slow {
        return Err(Refusal::NotFulfilled {
            rule: finding.rule.clone(),
            asks: words(bounds),
            protocol: request.protocol.id.clone(),
            protocols: able(bounds, protocols),
        });
    }
    let interval = drawn.interval_days.map_or_else(|| "fixed dose".to_owned(), |days| days.to_string());
    let mut text = how.replace("{first}", &first.to_string()).replace("{interval}", &interval);
    if finding.action.kind == ActionKind::StartLower && bounds.interval_at_least.is_some() {
        text += &format!(", every {interval} days");
    }
    Ok(text)
}

/// Returns the bounds of a rule; those of a gap and of a step depend on the present dose.
fn bounds_for(rule: &Rule, finding: &Finding, request: &Request<'_>, protocols: &Protocols) -> Bounds {
    let present = present_dose(finding, request);
    match rule.id.as_str() {
        GAP => Bounds {
            start_at_most: present
                .map(|dose| Dose::from_nanograms(dose.nanograms() / 2))
                .or_else(|| request.protocol.schedule().ok().map(|schedule| schedule.start.greatest())),
            interval_at_least: None,
        },
        STEP => Bounds { start_at_most: present, interval_at_least: None },
        _ => protocols.planning().bounds(rule),
    }
}

/// Returns the present dose as the finding or the intake knows it.
fn present_dose(finding: &Finding, request: &Request<'_>) -> Option<Dose> {
    let named = finding.because.iter().find(|fact| fact.at == "course.current_dose");
    named.and_then(|fact| fact.value.parse().ok()).or(request.intake.course.current_dose)
}

fn words(bounds: Bounds) -> String {
    let start = bounds.start_at_most.map(|dose| format!("a first dose of at most {dose}"));
    let interval = bounds.interval_at_least.map(|days| format!("steps of at least {days} days"));
    let both: Vec<String> = start.into_iter().chain(interval).collect();
    if both.is_empty() { "a lower start or a slower rise".to_owned() } else { both.join(" and ") }
}

/// Returns the protocols that can fulfil bounds with some choice.
fn able(bounds: Bounds, protocols: &Protocols) -> Vec<String> {
    let can = |protocol: &&Protocol| {
        let Ok(schedule) = protocol.schedule() else {
            return false;
        };
        let slowest = schedule.rise.as_ref().map(|rise| rise.interval_days.greatest());
        bounds.start_at_most.is_none_or(|most| schedule.start.least() <= most)
            && bounds.interval_at_least.zip(slowest).is_none_or(|(least, days)| days >= least)
    };
    let name = |protocol: &Protocol| format!("{} ({})", protocol.alias, protocol.id);
    let plannable = protocols.all().filter(|protocol| protocol.kind() == Kind::Plannable && can(protocol));
    let proposable = protocols.all().filter(|protocol| protocol.kind() == Kind::Proposable && can(protocol));
    plannable.chain(proposable).map(name).collect()
}

/// Checks the highest dose against the ceiling and the bands above it.
///
/// # Errors
/// A dose above the ceiling without the override of its band, or beyond every band.
pub(super) fn check_ceiling(
    highest: Dose,
    request: &Request<'_>,
    protocols: &Protocols,
    rules: &RuleSet,
) -> Result<(), Refusal> {
    let planning = protocols.planning();
    if highest <= planning.ceiling {
        return Ok(());
    }
    let in_band = |name: &&String| {
        let rule = rules.rule(name);
        let bounds = rule.and_then(|rule| milligrams(rule, "above").zip(milligrams(rule, "up_to")));
        bounds.is_some_and(|(above, up_to)| above < highest && highest <= up_to)
    };
    let Some(band) = planning.bands.iter().find(in_band) else {
        return Err(Refusal::BeyondEveryBand { dose: highest, rule: planning.beyond.clone() });
    };
    if request.choices.override_of(band).is_some() {
        return Ok(());
    }
    Err(Refusal::AboveCeiling { dose: highest, ceiling: planning.ceiling, rule: band.clone() })
}

/// Checks that somebody who is on LDN does not jump by more than a step, whatever dose was asked for.
///
/// # Errors
/// A first dose more than a step above the present one, without an override.
pub(super) fn check_first_step(
    levels: &[Level],
    request: &Request<'_>,
    protocols: &Protocols,
    rules: &RuleSet,
) -> Result<(), Refusal> {
    let Some(present) = request.intake.course.current_dose else {
        return Ok(());
    };
    let missing = Refusal::RuleWithoutNumber { rule: STEP, parameter: "step_at_most" };
    let step = rules.rule(STEP).and_then(|rule| milligrams(rule, "step_at_most")).ok_or(missing)?;
    let most = present.checked_add(step).unwrap_or(present);
    let first = levels.first().map_or(Dose::ZERO, Level::dose);
    if first <= most || request.choices.override_of(STEP).is_some() {
        return Ok(());
    }
    let bounds = Bounds { start_at_most: Some(most), interval_at_least: None };
    Err(Refusal::NotFulfilled {
        rule: STEP.to_owned(),
        asks: words(bounds),
        protocol: request.protocol.id.clone(),
        protocols: able(bounds, protocols),
    })
}
