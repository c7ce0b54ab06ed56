//! What the letter and the card share: the person, the plan, the last dose, and the rules that both quote.

use jiff::civil::{Date, Time};
use ldn_care::screen::{Rule, RuleSet, Value};
use ldn_core::plan::AskBecause;
use ldn_core::{Dose, Plan};
use ldn_evidence::Library;

use crate::calendar;
use crate::phrases::fill;
use crate::plan_calendar::ask_because;
use crate::sheet::Fact;

/// Whose paper it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The name as it stands on other papers.
    pub name: String,
    /// The year of birth.
    pub birth_year: i16,
}

/// The last dose that was taken, as somebody says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastDose {
    /// The day.
    pub on: Date,
    /// The time by the clock on the wall; `None` if nobody knows.
    pub at: Option<Time>,
    /// How much; `None` if nobody knows, and never printed in a blinded period.
    pub dose: Option<Dose>,
}

/// Sources in the order in which they are first cited.
#[derive(Default)]
pub(crate) struct Citations {
    ids: Vec<String>,
}

impl Citations {
    /// Returns the sentence of a rule with the marks of its sources.
    pub(crate) fn marked(&mut self, sentence: &str, rule: &Rule) -> String {
        let marks: Vec<String> = rule.sources.iter().map(|id| self.number(id).to_string()).collect();
        if marks.is_empty() { sentence.to_owned() } else { format!("{sentence} [{}]", marks.join(", ")) }
    }

    fn number(&mut self, id: &str) -> usize {
        let known = self.ids.iter().position(|known| known == id);
        known.unwrap_or_else(|| {
            self.ids.push(id.to_owned());
            self.ids.len() - 1
        }) + 1
    }

    /// Returns the citations in the order of their numbers.
    pub(crate) fn written(&self) -> Vec<String> {
        let library = Library::shipped();
        let citation = |id: &String| {
            library.source(id).map_or_else(|| id.clone(), |source| format!("{} ({id})", source.citation))
        };
        self.ids.iter().map(citation).collect()
    }
}

/// Returns a rule that a paper quotes.
pub(crate) fn rule(id: &str) -> &'static Rule {
    RuleSet::shipped().rule(id).expect("every rule that is checked is compiled in, and these are")
}

/// Returns a whole number of a rule, such as its hours or days.
pub(crate) fn number(rule: &Rule, name: &str) -> f64 {
    match rule.parameters.get(name).map(|parameter| &parameter.value) {
        Some(Value::Number(number)) => *number,
        _ => unreachable!("{}, `{name}`: a test writes every paper", rule.id),
    }
}

/// The words of the letter about person and plan, which the card uses too.
pub(crate) struct Facts<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) today: Date,
    pub(crate) superseded: bool,
    pub(crate) labels: &'a std::collections::BTreeMap<String, String>,
    pub(crate) values: &'a std::collections::BTreeMap<String, String>,
}

impl Facts<'_> {
    pub(crate) fn fact(&self, label: &str, value: String) -> Fact {
        Fact { label: self.labels[label].clone(), value }
    }

    /// What is taken: never a dose of a plan that no longer speaks, and in a blinded period the highest of the plan.
    pub(crate) fn medicine(&self) -> Fact {
        let valid_until = self.plan.parts().valid_until;
        let key = match ask_because(self.plan, self.today, self.superseded) {
            Some(AskBecause::Expired) => "medicine_expired",
            Some(AskBecause::Superseded) => "medicine_superseded",
            None if self.plan.parts().blinded => "medicine_blinded",
            None => "medicine",
        };
        let dose = self.plan.highest_dose().to_string();
        let valid_until = calendar::in_words(valid_until);
        self.fact("medicine", fill(&self.values[key], &[("dose", &dose), ("valid_until", &valid_until)]))
    }

    pub(crate) fn last_dose(&self, last: Option<LastDose>) -> Fact {
        let Some(LastDose { on, at, dose }) = last else {
            return self.fact("last_dose", self.values["last_dose_open"].clone());
        };
        let time = at.map(|at| format!(" at {:02}:{:02}", at.hour(), at.minute())).unwrap_or_default();
        let when = format!("{}{time}", calendar::in_words(on));
        let (key, dose) = match dose {
            _ if self.plan.parts().blinded => ("last_dose_blinded", String::new()),
            Some(dose) => ("last_dose", dose.to_string()),
            None => ("last_dose_no_amount", String::new()),
        };
        self.fact("last_dose", fill(&self.values[key], &[("when", &when), ("dose", &dose)]))
    }

    /// Version, expiry and signature.
    pub(crate) fn plan(&self) -> Vec<Fact> {
        let parts = self.plan.parts();
        let plan = fill(
            &self.values["plan"],
            &[
                ("version", &parts.version.to_string()),
                ("id", self.plan.id().as_str()),
                ("made_on", &calendar::in_words(parts.made_on)),
            ],
        );
        let signed = match &parts.signature {
            Some(signature) => fill(
                &self.values["signed"],
                &[("prescriber", &signature.prescriber), ("on", &calendar::in_words(signature.on))],
            ),
            None => self.values["not_signed"].clone(),
        };
        vec![
            self.fact("plan", plan),
            self.fact("valid_until", calendar::in_words(parts.valid_until)),
            self.fact("signed", signed),
        ]
    }
}
