//! `ldn course show`.

use clap::Args;
use jiff::civil::Date;
use ldn_core::course::{Course, SignedPlan};
use ldn_core::journal::Head;
use ldn_core::plan::{AskBecause, DayPlan, Step};
use ldn_core::score::Measure;
use serde_json::{Value, json};

use super::log::outcome;
use super::open::{entries, today};
use super::verify::head_text;
use crate::error::Failure;
use crate::files;
use crate::store_option::StoreArgs;
use crate::text::{heading, paragraph};

/// Arguments of `ldn course show`.
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// The course: its id, the beginning of it, or the person's name
    #[arg(value_name = "COURSE")]
    course: String,

    /// The day that counts as today; the local date if not given
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,

    #[command(flatten)]
    store: StoreArgs,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &ShowArgs) -> Result<(), Failure> {
    let today = args.today.unwrap_or_else(today);
    args.store.with(async |desk| {
        let id = desk.course(&args.course).await?;
        let course = Course::replay(&entries(desk, id).await?);
        let head = desk.store.head(id).await?;
        if args.json {
            return files::print_json("course", &state(&course, id, head, today));
        }
        files::print(&(heading(&format!("Course {id}")) + &text(&course, head, today)))
    })
}

/// The plan that counts on a day or, failing that, the last one signed before it.
fn signed(course: &Course, today: Date) -> Option<&SignedPlan> {
    course.plans().in_force(today).or_else(|| course.plans().signed().iter().rfind(|plan| plan.on <= today))
}

fn text(course: &Course, head: Option<Head>, today: Date) -> String {
    let mut lines = String::new();
    match head {
        Some(head) => {
            lines += &paragraph("Entries", &head.seq.to_string());
            // In one piece, so that it can be copied.
            lines += &format!("  Head {}\n", head_text(&head));
        }
        None => lines += &paragraph("Entries", "none yet"),
    }
    lines += &paragraph("Today", &format!("{today}: {}", day_words(course, today)));
    lines += &paragraph("Plan", &plan_words(course, today));
    for (measure, day, value) in last_scores(course) {
        let direction = measure.direction().words();
        lines += &paragraph(measure.id(), &format!("{value} on {day} ({direction})"));
    }
    match last_dose(course) {
        Some((day, said)) => lines += &paragraph("Last dose", &format!("{said} for {day}")),
        None => lines += &paragraph("Last dose", "none recorded, which is not \"no dose\""),
    }
    if course.is_blinded() {
        lines += &paragraph("Trial", "a blinded trial runs; nothing here depends on the arm");
    }
    if !course.late_entries().is_empty() {
        let late = course.late_entries().len();
        lines += &paragraph("Late", &format!("{late} entries were written after their day"));
    }
    for problem in course.problems() {
        lines += &paragraph("Problem", &problem.to_string());
    }
    lines
}

/// What holds on a day. Of a blinded plan the dose is not said.
fn day_words(course: &Course, day: Date) -> String {
    match course.plan_on(day) {
        DayPlan::Take(_) if is_blinded(course, day) => "take what the kit holds for today".to_owned(),
        DayPlan::Take(step) => format!("take {}", parts(step)),
        DayPlan::Hold(hold) => format!("no LDN: {}", hold.why),
        DayPlan::Nothing => "no signed plan speaks about this day".to_owned(),
        DayPlan::Ask(AskBecause::Expired) => "the plan has ended: ask before the next dose".to_owned(),
        DayPlan::Ask(AskBecause::Superseded) => {
            "another plan replaced this one: ask before the next dose".to_owned()
        }
    }
}

fn is_blinded(course: &Course, day: Date) -> bool {
    course.is_blinded() || signed(course, day).is_some_and(|signed| signed.plan.parts().blinded)
}

fn parts(step: &Step) -> String {
    let parts = step.parts.iter().map(|part| {
        let at = match part.at {
            ldn_core::plan::TimeOfDay::Morning => "in the morning",
            ldn_core::plan::TimeOfDay::Midday => "at midday",
            ldn_core::plan::TimeOfDay::Bedtime => "at bedtime",
        };
        format!("{} {at}", part.dose)
    });
    parts.collect::<Vec<_>>().join(", ")
}

fn plan_words(course: &Course, today: Date) -> String {
    let proposed = course.plans().proposals().len();
    match signed(course, today) {
        Some(plan) => format!(
            "{} version {}, signed by {} on {}",
            plan.id.as_str(),
            plan.plan.parts().version,
            plan.plan.parts().signature.as_ref().map_or("nobody", |signature| signature.prescriber.as_str()),
            plan.on
        ),
        None if proposed > 0 => format!("{proposed} proposed, none signed"),
        None => "none".to_owned(),
    }
}

/// The newest score of each measure that has one.
fn last_scores(course: &Course) -> Vec<(Measure, Date, f64)> {
    let last = |measure: Measure| {
        let scored = course.days().filter_map(|(date, day)| Some((date, day.score(measure)?)));
        scored.last().map(|(date, score)| (measure, date, score.value.as_typed()))
    };
    Measure::ALL.into_iter().filter_map(last).collect()
}

fn last_dose(course: &Course) -> Option<(Date, String)> {
    let (date, day) = course.days().filter(|(_, day)| !day.doses.is_empty()).last()?;
    let said = day.doses.slots().map(|(_, slot)| outcome(&slot.decided().report.value.outcome));
    Some((date, said.collect::<Vec<_>>().join(", ")))
}

fn state(course: &Course, id: ldn_core::ids::CourseId, head: Option<Head>, today: Date) -> Value {
    let scores: Vec<Value> = last_scores(course)
        .into_iter()
        .map(|(measure, day, value)| json!({ "measure": measure.id(), "day": day, "value": value }))
        .collect();
    let says = match course.plan_on(today) {
        DayPlan::Take(_) => "take",
        DayPlan::Hold(_) => "hold",
        DayPlan::Nothing => "nothing",
        DayPlan::Ask(_) => "ask before the next dose",
    };
    json!({
        "id": id,
        "head": head.map(|head| head_text(&head)),
        "today": { "day": today, "says": says, "words": day_words(course, today) },
        "plan": signed(course, today).map(|plan| json!({ "id": plan.id, "version": plan.plan.parts().version,
            "signed_on": plan.on })),
        "proposed_plans": course.plans().proposals().len(),
        "last_scores": scores,
        "last_dose": last_dose(course).map(|(day, said)| json!({ "day": day, "said": said })),
        "blinded": course.is_blinded(),
        "late_entries": course.late_entries().len(),
        "problems": course.problems().iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}
