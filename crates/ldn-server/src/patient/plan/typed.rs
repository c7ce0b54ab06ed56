//! A plan as it was typed into the form.

use ldn_care::plan::{Field, Protocol, Protocols, Target};
use ldn_core::plan::TimeOfDay;

use super::days::TypedDate;

/// More steps than any schedule that was seen.
pub(crate) const MOST_STEPS: usize = 12;

/// What stands in the fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Typed {
    pub(crate) form_token: String,
    /// Which button was pressed: "more", "check", "change" or "save".
    pub(crate) button: String,
    pub(crate) start: TypedDate,
    pub(crate) until: TypedDate,
    pub(crate) at: String,
    pub(crate) steps: Vec<TypedStep>,
    pub(crate) protocol: String,
    pub(crate) confirmed: bool,
}

/// One step as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TypedStep {
    pub(crate) dose: String,
    pub(crate) days: String,
}

impl Typed {
    /// An empty form with one step.
    pub(crate) fn empty() -> Typed {
        Typed {
            at: word(TimeOfDay::Bedtime).to_owned(),
            steps: vec![TypedStep::default()],
            ..Typed::default()
        }
    }

    /// Reads the fields of a form; steps without a dose and without days are left out, unless no other is there.
    pub(crate) fn read(fields: &[(String, String)]) -> Typed {
        let value = |name: &str| {
            let found = fields.iter().find(|(field, _)| field == name);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let date = |name: &str| TypedDate {
            day: value(&format!("{name}_day")),
            month: value(&format!("{name}_month")),
            year: value(&format!("{name}_year")),
        };
        let step =
            |n: usize| TypedStep { dose: value(&format!("dose_{n}")), days: value(&format!("days_{n}")) };
        let mut steps: Vec<TypedStep> = (1..=MOST_STEPS).map(step).collect();
        while steps.len() > 1 && steps.last().is_some_and(|step| *step == TypedStep::default()) {
            steps.pop();
        }
        Typed {
            form_token: value("form_token"),
            button: value("button"),
            start: date("start"),
            until: date("until"),
            at: value("at"),
            steps,
            protocol: value("protocol"),
            confirmed: value("confirmed") == "yes",
        }
    }

    /// Fills in the steps of a known schedule, as far as its source states them. What it leaves to a choice stays empty.
    pub(crate) fn following(protocol: &Protocol) -> Typed {
        let mut typed = Typed::empty();
        typed.protocol.clone_from(&protocol.alias);
        typed.at = word(protocol.time_of_day.unwrap_or(TimeOfDay::Bedtime)).to_owned();
        if let Some(steps) = stated_steps(protocol) {
            typed.steps = steps;
        }
        typed
    }

    /// Returns the schedule that the steps were filled in from, if they still are what it states.
    pub(crate) fn protocol(&self) -> Option<&'static Protocol> {
        let protocol = offered().find(|protocol| protocol.alias == self.protocol)?;
        (stated_steps(protocol)? == self.steps).then_some(protocol)
    }
}

/// Returns the schedules that a prescriber may follow without an exception that only the prescriber can make, and whose
/// every step is stated.
pub(crate) fn offered() -> impl Iterator<Item = &'static Protocol> {
    Protocols::shipped().all().filter(|protocol| {
        protocol.opioid_rule.is_none() && protocol.superseded_by.is_none() && stated_steps(protocol).is_some()
    })
}

/// Returns the steps of a schedule, if every number of it is stated.
fn stated_steps(protocol: &Protocol) -> Option<Vec<TypedStep>> {
    let schedule = protocol.schedule().ok()?;
    if schedule.divided {
        return None;
    }
    let start = schedule.start.stated()?;
    let Target::Dose(Field::Stated(target)) = schedule.target else { return None };
    let mut steps = Vec::new();
    let mut dose = start;
    if let Some(rise) = &schedule.rise {
        let (step, interval) = (rise.step.stated()?, rise.interval_days.stated()?);
        while dose < target && !step.is_zero() && steps.len() < MOST_STEPS {
            let days = rise.level_days.get(steps.len()).copied().unwrap_or(interval);
            steps.push(TypedStep { dose: dose.to_string(), days: days.to_string() });
            dose = dose.checked_add(step)?.min(target);
        }
    }
    steps.push(TypedStep { dose: dose.to_string(), days: String::new() });
    (steps.len() <= MOST_STEPS).then_some(steps)
}

/// Returns the code of a time of day in the form.
pub(crate) const fn word(at: TimeOfDay) -> &'static str {
    match at {
        TimeOfDay::Morning => "morning",
        TimeOfDay::Midday => "midday",
        TimeOfDay::Bedtime => "bedtime",
    }
}

/// The times of day in the order in which they are offered.
pub(crate) const TIMES: [TimeOfDay; 3] = [TimeOfDay::Bedtime, TimeOfDay::Morning, TimeOfDay::Midday];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_schedule_fills_the_form_and_a_changed_one_is_no_longer_it() {
        let common = Protocols::shipped().find("T01").unwrap();
        let typed = Typed::following(common);
        let doses: Vec<&str> = typed.steps.iter().map(|step| step.dose.as_str()).collect();
        assert_eq!(doses, ["1.5 mg", "3 mg", "4.5 mg"]);
        assert_eq!(typed.steps[0].days, "7");
        assert_eq!(typed.steps[2].days, "");
        assert_eq!(typed.protocol().map(|protocol| protocol.id.as_str()), Some("fibromyalgia-common"));
        let mut changed = typed;
        changed.steps[1].dose = "2.5 mg".to_owned();
        assert!(changed.protocol().is_none());
    }

    #[test]
    fn nothing_is_offered_that_needs_an_exception() {
        let offered: Vec<&Protocol> = offered().collect();
        assert!(!offered.is_empty());
        assert!(offered.iter().all(|protocol| protocol.opioid_rule.is_none()));
    }
}
