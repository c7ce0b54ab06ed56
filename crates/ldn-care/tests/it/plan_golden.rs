//! The committed plans under `golden/plans/`: one line per step, for a pharmacist to check by hand.

use std::fmt::Write as _;
use std::path::Path;

use ldn_care::plan::{Kind, Protocols};
use ldn_core::plan::Plan;

use crate::plan::{TODAY, enough_choices, plan_but};

/// One line per step, and what else a pharmacist needs.
fn readable(plan: &Plan, title: &str, alias: &str) -> String {
    let parts = plan.parts();
    let mut text = format!("{alias} {}: {title}\n", parts.protocol);
    for step in plan.steps() {
        let to = step.to.map_or_else(|| "on        ".to_owned(), |to| to.to_string());
        let n_days = step.to.map_or_else(
            || "then".to_owned(),
            |to| format!("{} d", step.from.until(to).unwrap().get_days() + 1),
        );
        let doses: Vec<String> =
            step.parts.iter().map(|part| format!("{} {}", part.dose, part.at.words())).collect();
        let total = if step.parts.len() > 1 { format!(" = {}", step.dose()) } else { String::new() };
        let doses = doses.join(" + ") + &total;
        writeln!(text, "{} to {to} {n_days:>5}  {doses}  ({}; {})", step.from, step.why, step.source)
            .unwrap();
    }
    for proposed in &parts.proposed {
        writeln!(text, "proposed: {} {}", proposed.field, proposed.value).unwrap();
    }
    for review in &parts.review {
        writeln!(text, "review {}: {}", review.on, review.what).unwrap();
    }
    let judge_on = parts.judge_on.map_or_else(|| "-".to_owned(), |day| day.to_string());
    writeln!(text, "judge on {judge_on}, valid until {}", parts.valid_until).unwrap();
    writeln!(text, "on side effect: {}", parts.rules.on_side_effect).unwrap();
    writeln!(text, "on no benefit: {}", parts.rules.on_no_benefit).unwrap();
    text
}

#[test]
fn every_protocol_that_can_be_planned_is_the_committed_plan() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../golden/plans");
    let mut wrong = Vec::new();
    let mut names = Vec::new();
    for protocol in Protocols::shipped().all().filter(|one| one.kind() != Kind::Shown) {
        let plan = plan_but("", &protocol.id, &enough_choices(&protocol.id));
        let plan = plan.unwrap_or_else(|refusal| panic!("{}: {refusal}", protocol.id));
        let name = format!("{}-{}.txt", protocol.alias, protocol.id);
        let found = readable(&plan, &protocol.title, &protocol.alias);
        let committed = std::fs::read_to_string(folder.join(&name)).unwrap_or_default();
        if committed != found {
            wrong.push(format!("golden/plans/{name} should be:\n{found}"));
        }
        names.push(name);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let mut kept: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    kept.sort();
    names.sort();
    assert_eq!(kept, names, "no plan without its protocol");
}

/// The arithmetic of steps that the dossier of practice prints.
#[test]
fn steps_are_those_of_the_published_arithmetic() {
    for (protocol, levels, days_of_climbing) in
        [("T01", 3, 14), ("T03", 8, 49), ("T11", 5, 28), ("T12", 9, 112)]
    {
        let plan = plan_but("", protocol, &enough_choices(protocol)).unwrap();
        assert_eq!(plan.steps().len(), levels, "{protocol}");
        let target = plan.steps().last().unwrap();
        assert_eq!(target.dose().to_string(), "4.5 mg", "{protocol}");
        assert_eq!(TODAY.until(target.from).unwrap().get_days(), days_of_climbing, "{protocol}");
    }
    // 1.5 mg capsules for 30 days of T01: 7 + 14 + 48; for 90 days by 14 days: 14 + 28 + 186.
    let capsules = |plan: &Plan, days: i64| -> u64 {
        (0..days)
            .map(|offset| TODAY.saturating_add(jiff::Span::new().days(offset)))
            .map(|day| plan.step_on(day).unwrap().dose().nanograms() / 1_500_000)
            .sum()
    };
    assert_eq!(capsules(&plan_but("", "T01", &enough_choices("T01")).unwrap(), 30), 69);
    let slow = ldn_care::plan::Choices { interval_days: Some(14), ..Default::default() };
    assert_eq!(capsules(&plan_but("", "T16", &slow).unwrap(), 90), 228);
}
