//! What must hold for every plan, tried on protocols, starts, choices and procedures made up at random.

use jiff::Span;
use jiff::civil::Date;
use ldn_care::intake::{Answer, Intake, Procedure};
use ldn_care::plan::{Choices, Kind, Protocols};
use ldn_core::Dose;
use ldn_core::plan::{DayPlan, Plan, Step, TimeOfDay};
use proptest::prelude::*;
use proptest::sample::select;

use crate::plan::{TODAY, enough_choices, plan_for};
use crate::screen::intake_but;

pub(crate) fn plus(day: Date, days: i64) -> Date {
    day.saturating_add(Span::new().days(days))
}

fn procedure() -> impl Strategy<Value = Procedure> {
    let names = vec!["knee operation", "dental extraction", "colonoscopy", "hernia repair"];
    let answers = vec![Answer::No, Answer::No, Answer::No, Answer::Unknown, Answer::Yes];
    (0_i64..300, select(names), select(answers)).prop_map(|(days, name, opioids_expected)| Procedure {
        name: name.to_owned(),
        date: Some(plus(TODAY, days)),
        opioids_expected,
    })
}

fn with_procedures(procedures: Vec<Procedure>) -> Intake {
    Intake { procedures, ..intake_but("") }
}

/// A protocol that can be planned, with choices inside what it leaves open.
fn protocol_and_choices() -> impl Strategy<Value = (&'static str, Choices)> {
    let all = Protocols::shipped().all().filter(|one| one.kind() != Kind::Shown);
    let ids: Vec<&'static str> = all.map(|one| one.id.as_str()).collect();
    (select(ids), 0_u8..=10, 0_u8..=10, proptest::option::of(3_u16..30)).prop_map(|(id, a, b, hold_days)| {
        let protocol = Protocols::shipped().find(id).unwrap();
        let schedule = protocol.schedule().unwrap();
        let mut choices = Choices { hold_days, ..enough_choices(id) };
        let between = |least: Dose, greatest: Dose, tenth: u8| {
            let span = greatest.nanograms() - least.nanograms();
            Dose::from_nanograms(least.nanograms() + span * u64::from(tenth) / 10)
        };
        if choices.start_dose.is_some() {
            choices.start_dose = Some(between(schedule.start.least(), schedule.start.greatest(), a));
        }
        if let (Some(rise), Some(_)) = (&schedule.rise, choices.step) {
            choices.step = Some(between(rise.step.least(), rise.step.greatest(), b));
        }
        if let (Some(rise), Some(_)) = (&schedule.rise, choices.interval_days) {
            let (least, greatest) = (rise.interval_days.least(), rise.interval_days.greatest());
            choices.interval_days = Some(least + (greatest - least) * u16::from(b) / 10);
        }
        (id, choices)
    })
}

/// The days that were taken at a dose before each step up, read from the plan's steps alone.
///
/// Days before a gap of more than 14 days without a dose do not count: the climb begins again.
pub(crate) fn days_before_each_rise(plan: &Plan) -> Vec<(Dose, Dose, i64)> {
    let mut rises = Vec::new();
    let mut run: Option<(Dose, i64, Option<Date>)> = None;
    for Step { from, to, .. } in plan.steps() {
        let dose = plan.step_on(*from).unwrap().dose();
        let days = to.map_or(i64::MAX / 2, |to| i64::from(from.until(to).unwrap().get_days()) + 1);
        run = match run {
            Some((before, taken, _)) if before == dose => Some((dose, taken + days, *to)),
            Some((before, taken, _)) => {
                if dose > before {
                    rises.push((before, dose, taken));
                }
                Some((dose, days, *to))
            }
            None => Some((dose, days, *to)),
        };
    }
    rises
}

pub(crate) fn no_dose_in_a_hold(plan: &Plan) {
    for hold in plan.holds() {
        let to = hold.to.unwrap_or_else(|| plus(hold.from, 500));
        for offset in 0..=i64::from(hold.from.until(to).unwrap().get_days()) {
            let day = plus(hold.from, offset);
            assert!(plan.step_on(day).is_none(), "a dose on {day} inside {hold:?}");
        }
    }
}

fn interval_of(id: &str, choices: &Choices) -> Option<i64> {
    let schedule = Protocols::shipped().find(id).unwrap().schedule().unwrap();
    let rise = schedule.rise.as_ref()?;
    Some(i64::from(choices.interval_days.unwrap_or(rise.interval_days.least())))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_plan_never_leaves_its_bounds(
        (id, choices) in protocol_and_choices(),
        start in 0_i64..60,
        procedures in proptest::collection::vec(procedure(), 0..4),
    ) {
        let intake = with_procedures(procedures.clone());
        let start = plus(TODAY, start);
        let Ok(plan) = plan_for(&intake, id, start, &choices) else {
            // Only what lies in the way of the start is refused.
            let near = |one: &Procedure| one.date.is_some_and(|day| day <= plus(start, 30));
            prop_assert!(procedures.iter().any(near), "{:?}", plan_for(&intake, id, start, &choices));
            return Ok(());
        };
        // Never above the ceiling.
        prop_assert!(plan.highest_dose() <= Protocols::shipped().planning().ceiling());
        // Never a step up sooner than the interval of days taken, and never a larger step.
        let schedule = Protocols::shipped().find(id).unwrap().schedule().unwrap();
        let interval = interval_of(id, &choices);
        for (before, dose, days) in days_before_each_rise(&plan) {
            prop_assert!(interval.is_some_and(|interval| days >= interval), "{} days at {}", days, before);
            let step = schedule.rise.as_ref().map(|rise| choices.step.unwrap_or(rise.step.least()));
            prop_assert!(step.is_some_and(|step| dose.nanograms() - before.nanograms() <= step.nanograms()));
        }
        // No dose from three days before a procedure through its day; none behind one until a new screening.
        no_dose_in_a_hold(&plan);
        for one in &procedures {
            let day = one.date.unwrap();
            for before in 0..=3_i64.max(i64::from(choices.hold_days.unwrap_or(3))) {
                let held = plus(day, -before);
                prop_assert!(day < start || plan.step_on(held).is_none(), "{} before {}", held, day);
            }
            if one.opioids_expected != Answer::No && day >= start {
                prop_assert!(plan.steps().iter().all(|step| step.from < day), "a dose behind {}", day);
            }
        }
        // In order; nothing before the start; nothing to read after the last day.
        prop_assert!(plan.steps()[0].from >= start);
        prop_assert!(plan.steps().windows(2).all(|pair| pair[0].to.is_some_and(|to| to < pair[1].from)));
        prop_assert!(matches!(plan.on(plus(plan.parts().valid_until, 1)), DayPlan::Ask(_)));
        prop_assert!(plan.parts().review.windows(2).all(|pair| pair[0].on <= pair[1].on));
        // Judged 84 days after the last arrival at the target.
        if let Some(judge) = plan.parts().judge_on {
            prop_assert!(plan.steps().iter().any(|step| plus(step.from, 84) == judge));
        }
        // Read after print is identity, to the byte.
        let text = serde_json::to_string(&plan).unwrap();
        let read: Plan = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&read, &plan);
        prop_assert_eq!(serde_json::to_string(&read).unwrap(), text);
    }

    #[test]
    fn the_same_request_gives_the_same_bytes((id, choices) in protocol_and_choices(), morning in any::<bool>()) {
        let mut choices = choices;
        if morning && choices.divided_at.is_empty() {
            choices.time_of_day = Some(TimeOfDay::Morning);
        }
        let print = || serde_json::to_string(&plan_for(&intake_but(""), id, TODAY, &choices).unwrap()).unwrap();
        prop_assert_eq!(print(), print());
    }
}
