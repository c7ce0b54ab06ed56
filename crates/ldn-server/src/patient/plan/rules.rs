//! The rules of a plan for a bad day, as the plan itself says them.

use ldn_core::plan::PlanRules;

use super::mark::SourceMark;
use crate::words::Words;

/// One rule of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BadDay {
    /// "If you miss a dose".
    pub(crate) heading: String,
    /// The plan's own words, in the language in which it was written.
    pub(crate) quoted: Option<String>,
    /// What is said where the plan says nothing.
    pub(crate) text: Option<String>,
    pub(crate) marks: Vec<SourceMark>,
}

impl BadDay {
    /// Returns the rules in the order in which they are needed.
    pub(crate) fn all(words: Words, rules: &PlanRules) -> Vec<BadDay> {
        [
            ("plan-if-missed", &rules.on_missed_dose, Some("plan-if-missed-unsaid")),
            ("plan-if-side-effect", &rules.on_side_effect, Some("plan-if-unsaid")),
            ("plan-if-gap", &rules.on_gap, Some("plan-if-gap-unsaid")),
            ("plan-if-opioid", &rules.on_opioid, Some("plan-if-opioid-unsaid")),
            ("plan-if-no-benefit", &rules.on_no_benefit, None),
        ]
        .into_iter()
        .filter_map(|(heading, text, unsaid)| BadDay::of(words, heading, text, unsaid))
        .collect()
    }

    fn of(words: Words, heading: &str, text: &str, unsaid: Option<&str>) -> Option<BadDay> {
        let (text, rules) = without_marks(text);
        let quoted = (!text.is_empty()).then(|| text.to_owned());
        let said = if quoted.is_none() { Some(words.say(unsaid?)) } else { None };
        let marks = rules.iter().flat_map(|rule| SourceMark::of_rule(words, rule)).collect();
        Some(BadDay { heading: words.say(heading), quoted, text: said, marks })
    }
}

/// Takes the marks at the end of a sentence away, "(MD-01)" and "(proposed)", and returns the names of rules among them.
pub(crate) fn without_marks(text: &str) -> (&str, Vec<&str>) {
    let mut text = text.trim();
    let mut rules = Vec::new();
    while let Some((before, mark)) = text.strip_suffix(')').and_then(|open| open.rsplit_once('(')) {
        match mark {
            "proposed" | "recalled" | "judgement" => {}
            mark if is_rule(mark) => rules.push(mark),
            _ => break,
        }
        text = before.trim_end();
    }
    (text, rules)
}

fn is_rule(mark: &str) -> bool {
    ldn_care::screen::RuleSet::shipped().rule(mark).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_for_us_and_not_for_the_reader() {
        for (text, clean, rules) in [
            ("Never two doses. (MD-01)", "Never two doses.", vec!["MD-01"]),
            ("Ask. (UN-08) (proposed)", "Ask.", vec!["UN-08"]),
            ("Weeks 4 (four)", "Weeks 4 (four)", vec![]),
            ("", "", vec![]),
        ] {
            assert_eq!(without_marks(text), (clean, rules), "{text:?}");
        }
    }
}
