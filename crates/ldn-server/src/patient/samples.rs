//! Every page with every sample, in every language: what a test looks at.
//!
//! A family of pages joins with a function that returns its pages rendered with everything that they can show, named in
//! [`all`]. The rules that hold for each of them stand in the tests below.

#[path = "../../tests/it/journal.rs"]
#[allow(dead_code, reason = "shared with the tests that go through the router; each uses its part")]
pub(crate) mod journal;

use jiff::civil::Date;
use ldn_core::course::Course;
use ldn_core::ids::{AccountId, CourseId};
use ldn_core::journal::{Body, Entry, PlanProposed, PlanSigned, Role};
use ldn_core::plan::Plan;
use uuid::Uuid;

use crate::frame::{Frame, PersonLine};
use crate::look::{Look, Theme};
use crate::patient::{charts, data, events, instruments, labs, plan, verdict};
use crate::words::Language;

/// A page with one of its samples.
pub(crate) struct Sampled {
    /// The page and what is special about this sample.
    pub(crate) name: &'static str,
    pub(crate) html: String,
}

/// Returns every page of a patient with every sample.
pub(crate) fn all(look: Look) -> Vec<Sampled> {
    [
        plan::sampled_pages(look),
        charts::sampled_pages(look),
        verdict::sampled_pages(look),
        events::sampled_pages(look),
        labs::sampled_pages(look),
        instruments::sampled_pages(look),
        data::sampled_pages(look),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Returns the frame of a page of a sample.
pub(crate) fn frame(look: Look, here: &str) -> Frame {
    let person = Some(PersonLine { name: "Ana Prieto".to_owned(), birth_year: 1980 });
    Frame { person, ..Frame::plain(look, here) }
}

/// A journal under way.
#[derive(Default)]
pub(crate) struct Journal {
    entries: Vec<Entry>,
}

impl Journal {
    /// Adds an entry.
    pub(crate) fn with(mut self, role: Role, day: Date, body: Body) -> Journal {
        let number = self.entries.len() as u64 + 1;
        let (course, author) =
            (CourseId::from_uuid(Uuid::from_u128(7)), AccountId::from_uuid(Uuid::from_u128(8)));
        self.entries.push(journal::entry(course, author, role, number, day, day, body));
        self
    }

    /// Adds entries of the patient.
    pub(crate) fn with_all(self, entries: Vec<(Date, Body)>) -> Journal {
        entries.into_iter().fold(self, |journal, (day, body)| journal.with(Role::Patient, day, body))
    }

    /// Adds a plan as the patient entered it.
    pub(crate) fn proposed(self, day: Date, plan: Plan) -> Journal {
        self.with(Role::Patient, day, Body::PlanProposed(PlanProposed { plan: Box::new(plan) }))
    }

    /// Adds a plan that a prescriber made and signed.
    pub(crate) fn signed(self, day: Date, plan: Plan) -> Journal {
        let signed = PlanSigned { plan: plan.id(), prescriber: "Dr Vega".to_owned(), on: day };
        let proposed = Body::PlanProposed(PlanProposed { plan: Box::new(plan) });
        self.with(Role::Prescriber, day, proposed).with(Role::Prescriber, day, Body::PlanSigned(signed))
    }

    pub(crate) fn course(&self) -> Course {
        Course::replay(&self.entries)
    }
}

/// Returns every look: language and theme.
pub(crate) fn looks() -> Vec<Look> {
    let look = |language| Theme::ALL.map(|theme| Look { theme, language });
    Language::ALL.into_iter().flat_map(look).collect()
}

/// Returns what a page says, without its marks and without what it only quotes: papers for a team of doctors, and the
/// words of the person's own plan.
fn said(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        let Some((tag, after)) = tag.split_once('>') else { break };
        text.push(' ');
        rest = after;
        let end = match tag {
            tag if tag.contains("data-for=\"team\"") => Some("</article>"),
            tag if tag.contains("data-quoted") => Some("</"),
            tag if tag.starts_with("option") && tag.contains("lang=\"en\"") => Some("</"),
            _ => None,
        };
        if let Some(end) = end {
            rest = rest.find(end).map_or("", |at| &rest[at..]);
        }
    }
    text.push_str(rest);
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace("&#38;", "&").replace("&#39;", "'")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    use ldn_care::screen::RuleSet;

    /// Words that belong to a prescriber, or that recommend a change of dose, in both languages.
    const NEVER: &[&str] = &[
        "posterior",
        "prior ",
        "confidence",
        "regret",
        "p-value",
        "evidence grade",
        "override",
        "contraindicat",
        "titrat",
        "increase your",
        "raise the dose",
        "raise your dose",
        "lower your dose",
        "lower the dose",
        "step up",
        "adjust",
        "we recommend",
        "recommended dose",
        "you should",
        "it works",
        "ldn works",
        "did not work",
        "mcg",
        "prescriber before signing",
        "intervalo de confianza",
        "aumente",
        "suba la dosis",
        "baje la dosis",
        "ajuste la dosis",
        "recomendamos",
        "debería",
        "funciona",
        "contraindicad",
    ];

    #[test]
    fn no_page_has_the_words_of_a_prescriber() {
        let rules: Vec<&str> = RuleSet::shipped().rules().map(|rule| rule.say_prescriber.as_str()).collect();
        let mut n_pages = 0;
        for language in Language::ALL {
            for page in all(Look { theme: Theme::Auto, language }) {
                let text = said(&page.html).to_lowercase();
                for word in NEVER {
                    assert!(!text.contains(word), "{language:?} {}: {word:?} in {text}", page.name);
                }
                for rule in &rules {
                    assert!(!text.contains(&rule.to_lowercase()), "{language:?} {}: {rule}", page.name);
                }
                n_pages += 1;
            }
        }
        assert!(n_pages >= 40, "{n_pages} pages were looked at");
    }

    #[test]
    fn every_page_says_everything_and_is_well_made() {
        for look in looks() {
            for page in all(look) {
                let (name, html) = (page.name, &page.html);
                let language = format!("<html lang=\"{}\"", look.language.code());
                assert!(html.contains(&language), "{name}");
                assert_eq!(html.matches("<h1").count(), 1, "{name}: one heading of the first level");
                assert!(!html.contains(" style=") && !html.contains("<script>"), "{name}: nothing inline");
                assert!(!html.contains("/static/missing"), "{name}: every file exists");
                for word in said(html).split(|c: char| !c.is_ascii_alphanumeric() && c != '-') {
                    let is_code = [
                        "plan-",
                        "charts-",
                        "verdict-",
                        "frame-",
                        "events-",
                        "labs-",
                        "instruments-",
                        "data-",
                    ]
                    .iter()
                    .any(|stem| word.starts_with(stem));
                    assert!(!is_code, "{look:?} {name}: `{word}` has no words");
                }
                let ids = values(html, " id=\"");
                let unique: BTreeSet<&str> = ids.iter().copied().collect();
                assert_eq!(ids.len(), unique.len(), "{name}: an id stands twice: {ids:?}");
                for target in values(html, " for=\"") {
                    assert!(unique.contains(target), "{name}: a label for `{target}`, which is not there");
                }
                for targets in values(html, " aria-describedby=\"") {
                    assert!(
                        targets.split(' ').all(|id| unique.contains(id)),
                        "{name}: described by `{targets}`"
                    );
                }
            }
        }
    }

    #[test]
    fn a_blinded_page_has_no_dose() {
        for language in Language::ALL {
            let pages = all(Look { theme: Theme::Auto, language });
            let blinded: Vec<&Sampled> = pages.iter().filter(|page| page.name.contains("blinded")).collect();
            assert!(blinded.len() >= 3);
            for page in blinded {
                assert!(!said(&page.html).contains(" mg"), "{}: {}", page.name, said(&page.html));
            }
        }
    }

    fn values<'h>(html: &'h str, attribute: &str) -> Vec<&'h str> {
        html.split(attribute).skip(1).filter_map(|rest| rest.split('"').next()).collect()
    }
}
