//! From what was typed to a plan, or to every problem at once.

use jiff::civil::Date;
use ldn_care::intake;
use ldn_care::medicine::Formulary;
use ldn_care::plan::Protocols;
use ldn_care::screen::{RuleSet, Severity, screen};
use ldn_core::dose::DoseError;
use ldn_core::plan::{DayPart, Plan, PlanParts, PlanRules, Step, TimeOfDay};
use ldn_core::{Dose, PlanId};

use super::AS_PRESCRIBED;
use super::days::TypedDate;
use super::typed::{TIMES, Typed, TypedStep, word};
use crate::patient::events::FieldProblem;
use crate::words::Words;

/// Longest time of one step; longer is a typing error.
const LONGEST_STEP_DAYS: u16 = 3_650;
/// The first step may have begun so many years ago, or begin within one.
const EARLIEST_START_YEARS: i16 = 20;

/// A plan that can be recorded.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Draft {
    pub(crate) plan: Plan,
    /// Rules of screening that a dose falls under, each once.
    pub(crate) cautions: Vec<String>,
}

/// Where the new plan stands among the others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) version: u32,
    pub(super) parent: Option<PlanId>,
}

/// Reads a form.
///
/// # Errors
/// Every problem, in the order of the fields.
pub(super) fn draft(
    words: Words,
    typed: &Typed,
    place: &Place,
    today: Date,
) -> Result<Draft, Vec<FieldProblem>> {
    let mut reader = Reader { words, problems: Vec::new(), cautions: Vec::new(), today };
    let at = reader.time_of_day(&typed.at);
    let start = reader.start(&typed.start);
    let levels: Vec<Option<Level>> = (0..typed.steps.len()).map(|index| reader.level(typed, index)).collect();
    let until = reader.until(&typed.until, start);
    let Reader { problems, cautions, .. } = reader;
    let levels: Option<Vec<Level>> = levels.into_iter().collect();
    let (Some(at), Some(start), Some(levels), Ok(until), true) =
        (at, start, levels, until, problems.is_empty())
    else {
        return Err(problems);
    };
    let steps = lay(typed, &levels, start, at);
    let last = steps.last().map_or(start, |step| step.from);
    let judged_after = i64::from(Protocols::shipped().planning().judge_after_days());
    let parts = PlanParts {
        protocol: typed.protocol().map_or(AS_PRESCRIBED, |protocol| &protocol.id).to_owned(),
        version: place.version,
        parent: place.parent.clone(),
        reason: "entered by the patient as prescribed".to_owned(),
        made_on: today,
        // Until somebody says otherwise it speaks until the effect can be judged; then it is time to ask.
        valid_until: until.unwrap_or_else(|| later(last.max(today), judged_after)),
        signature: None,
        blinded: false,
        judge_on: Some(later(last, judged_after)),
        steps,
        holds: Vec::new(),
        review: Vec::new(),
        rules: PlanRules::default(),
        fulfils: Vec::new(),
        overrides: Vec::new(),
        proposed: Vec::new(),
    };
    match Plan::new(parts) {
        Ok(plan) => Ok(Draft { plan, cautions }),
        Err(error) => Err(vec![FieldProblem { field: "dose_1".to_owned(), text: error.to_string() }]),
    }
}

/// A dose and how many days it is taken; `None` for the last, which runs on.
struct Level {
    dose: Dose,
    days: Option<u16>,
}

struct Reader {
    words: Words,
    problems: Vec<FieldProblem>,
    cautions: Vec<String>,
    today: Date,
}

impl Reader {
    fn problem(&mut self, field: &str, code: &str, values: &[(&str, &str)]) {
        let text = self.words.say_with(code, values);
        self.problems.push(FieldProblem { field: field.to_owned(), text });
    }

    fn time_of_day(&mut self, typed: &str) -> Option<TimeOfDay> {
        let found = TIMES.into_iter().find(|at| word(*at) == typed);
        if found.is_none() {
            self.problem("at", "plan-enter-at-missing", &[]);
        }
        found
    }

    fn start(&mut self, typed: &TypedDate) -> Option<Date> {
        let Some(date) = typed.date() else {
            self.problem("start_day", "plan-enter-start-missing", &[]);
            return None;
        };
        let years = date.year() - self.today.year();
        if years < -EARLIEST_START_YEARS || date > later(self.today, 366) {
            self.problem("start_day", "plan-enter-start-far", &[]);
            return None;
        }
        Some(date)
    }

    /// `Ok(None)` if nothing was typed, because nothing must be.
    fn until(&mut self, typed: &TypedDate, start: Option<Date>) -> Result<Option<Date>, ()> {
        if typed.is_empty() {
            return Ok(None);
        }
        match typed.date() {
            Some(date) if date >= self.today && start.is_none_or(|start| date >= start) => Ok(Some(date)),
            _ => {
                self.problem("until_day", "plan-enter-until-wrong", &[]);
                Err(())
            }
        }
    }

    fn level(&mut self, typed: &Typed, index: usize) -> Option<Level> {
        let TypedStep { dose, days } = &typed.steps[index];
        let number = index + 1;
        let dose = self.dose(dose, &format!("dose_{number}"));
        let days = self.days(days, &format!("days_{number}"), number == typed.steps.len());
        Some(Level { dose: dose?, days: days? })
    }

    fn dose(&mut self, typed: &str, field: &str) -> Option<Dose> {
        let dose = match typed.parse::<Dose>() {
            Ok(dose) if dose.is_zero() => {
                self.problem(field, "plan-enter-dose-zero", &[]);
                return None;
            }
            Ok(dose) => dose,
            Err(error) => {
                self.problem(field, dose_code(&error, typed), &[("typed", typed.trim())]);
                return None;
            }
        };
        let findings = findings(dose, self.today);
        if findings.iter().any(|(_, severity)| *severity >= Severity::Contraindicated) {
            self.problem(field, "plan-enter-dose-beyond", &[("dose", &dose.to_string())]);
            return None;
        }
        for (rule, _) in findings {
            if !self.cautions.contains(&rule) {
                self.cautions.push(rule);
            }
        }
        Some(dose)
    }

    /// The last step may be open; every other one needs its days.
    fn days(&mut self, typed: &str, field: &str, is_last: bool) -> Option<Option<u16>> {
        let typed = typed.trim();
        if typed.is_empty() && is_last {
            return Some(None);
        }
        match typed.parse::<u16>() {
            Ok(days) if (1..=LONGEST_STEP_DAYS).contains(&days) => Some(Some(days)),
            _ => {
                self.problem(field, if is_last { "plan-enter-days-last" } else { "plan-enter-days" }, &[]);
                None
            }
        }
    }
}

/// Which hint helps.
fn dose_code(error: &DoseError, typed: &str) -> &'static str {
    match error {
        _ if typed.trim().is_empty() => "plan-enter-dose-missing",
        _ if typed.contains(',') => "plan-enter-dose-comma",
        DoseError::MissingUnit { .. } => "plan-enter-dose-unit",
        DoseError::UnknownUnit { .. } => "plan-enter-dose-unknown-unit",
        DoseError::NotANumber { .. } | DoseError::TooFine { .. } | DoseError::TooLarge { .. } => {
            "plan-enter-dose-number"
        }
    }
}

/// Asks the rules of screening about a dose alone: UN-02 to UN-05.
fn findings(dose: Dose, today: Date) -> Vec<(String, Severity)> {
    let document = format!("schema = 1\ndate = {today}\n\n[course]\nrequested_dose = \"{dose}\"\n");
    // What the intake cannot even hold is beyond every band.
    let Ok(intake) = intake::read(document.as_bytes()) else {
        return vec![("UN-05".to_owned(), Severity::Contraindicated)];
    };
    let findings = screen(&intake, RuleSet::shipped(), Formulary::shipped()).findings;
    let of_doses = findings.into_iter().filter(|finding| finding.rule.starts_with("UN-"));
    of_doses.map(|finding| (finding.rule.clone(), finding.severity)).collect()
}

fn lay(typed: &Typed, levels: &[Level], start: Date, at: TimeOfDay) -> Vec<Step> {
    let source = typed.protocol().map_or(AS_PRESCRIBED, |protocol| protocol.source());
    let why = typed.protocol().map_or("as prescribed", |protocol| &protocol.title);
    let mut from = start;
    let mut steps = Vec::with_capacity(levels.len());
    for level in levels {
        let to = level.days.map(|days| later(from, i64::from(days) - 1));
        steps.push(Step {
            from,
            to,
            parts: vec![DayPart { at, dose: level.dose }],
            why: why.to_owned(),
            source: source.to_owned(),
        });
        from = to.map_or(from, |to| later(to, 1));
    }
    steps
}

fn later(day: Date, days: i64) -> Date {
    day.saturating_add(jiff::Span::new().days(days))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;
    use jiff::civil::date;

    fn typed(steps: &[(&str, &str)]) -> Typed {
        let step =
            |(dose, days): &(&str, &str)| TypedStep { dose: (*dose).to_owned(), days: (*days).to_owned() };
        Typed {
            start: TypedDate::of(date(2026, 6, 1)),
            steps: steps.iter().map(step).collect(),
            ..Typed::empty()
        }
    }

    fn read(typed: &Typed) -> Result<Draft, Vec<FieldProblem>> {
        let place = Place { version: 1, parent: None };
        draft(Words::of(Language::English), typed, &place, date(2026, 6, 1))
    }

    #[test]
    fn steps_follow_each_other() {
        let read = read(&typed(&[("1.5 mg", "7"), ("3mg", "14"), ("4.5 mg", "")])).unwrap();
        let days: Vec<_> = read.plan.steps().iter().map(|step| (step.from, step.to)).collect();
        assert_eq!(
            days,
            [
                (date(2026, 6, 1), Some(date(2026, 6, 7))),
                (date(2026, 6, 8), Some(date(2026, 6, 21))),
                (date(2026, 6, 22), None),
            ]
        );
        assert!(!read.plan.is_signed());
        assert_eq!(read.cautions, Vec::<String>::new());
        // Twelve weeks at the last dose.
        assert_eq!(read.plan.parts().valid_until, date(2026, 9, 14));
    }

    #[test]
    fn a_dose_is_refused_with_the_right_hint() {
        for (dose, hint) in [
            ("4.5", "has no unit"),
            ("4,5 mg", "point, not a comma"),
            ("4.5 g", "not a unit"),
            ("", "Enter the dose"),
            ("0 mg", "more than 0"),
            ("twelve mg", "unit"),
            ("12.5 mg", "not low-dose naltrexone"),
            ("50 mg", "not low-dose naltrexone"),
        ] {
            let problems = read(&typed(&[(dose, "")])).unwrap_err();
            assert_eq!(problems.len(), 1, "{dose:?}: {problems:?}");
            assert!(problems[0].text.contains(hint), "{dose:?}: {}", problems[0].text);
            assert_eq!(problems[0].field, "dose_1");
        }
    }

    #[test]
    fn bands_above_the_usual_dose_are_cautions_and_12_mg_is_the_end() {
        for (dose, rule) in [
            ("4.5 mg", None),
            ("4.6 mg", Some("UN-02")),
            ("6 mg", Some("UN-02")),
            ("9 mg", Some("UN-03")),
            ("12 mg", Some("UN-04")),
        ] {
            let read = read(&typed(&[(dose, "")])).unwrap();
            assert_eq!(read.cautions, rule.map(str::to_owned).into_iter().collect::<Vec<_>>(), "{dose}");
        }
        assert!(read(&typed(&[("12.001 mg", "")])).is_err());
    }

    #[test]
    fn every_problem_is_named_at_once() {
        let mut typed = typed(&[("1.5", ""), ("3 mg", "0")]);
        typed.start = TypedDate::default();
        let fields: Vec<String> =
            read(&typed).unwrap_err().into_iter().map(|problem| problem.field).collect();
        assert_eq!(fields, ["start_day", "dose_1", "days_1", "days_2"]);
    }
}
