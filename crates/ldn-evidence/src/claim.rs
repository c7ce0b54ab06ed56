//! Statements that lay articles make, with what the best source says about each.

use ldn_core::data::{Problems, Status, id_of};
use serde::{Deserialize, Serialize};

use crate::printed::Printed;

/// One statement, in our own words.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// Equals the file name.
    pub id: String,
    /// How the best source judges it.
    pub verdict: Verdict,
    /// What the verdict is limited to, such as "wording".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict_note: Option<String>,
    /// Sources that carry the verdict.
    #[serde(default)]
    pub carried_by: Vec<String>,
    /// What it is about.
    pub topic: Topic,
    /// The statement, paraphrased.
    pub paraphrase: String,
    /// Lay articles that make it.
    pub said_by: Vec<String>,
    /// The part of the article it stands in, where that matters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said_in: Option<String>,
    /// Its numbers as said; typed in [`Claim::numbers`] as far as they are numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numbers_as_said: Option<String>,
    /// What the best source says; ids in square brackets are sources, `[recalled]` marks what nobody looked up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub best_source_says: Option<String>,
    /// Why there is a verdict although no source carries it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Whether what carries the verdict was seen.
    pub status: Status,
    /// True if a part of [`Claim::best_source_says`] is recalled; the text marks which.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub recalled_in_part: bool,
    /// Numbers of the claim and of the best source.
    #[serde(default, rename = "number", skip_serializing_if = "Vec::is_empty")]
    pub numbers: Vec<Number>,
}

/// How the best source judges a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The best source agrees.
    Supported,
    /// True of a part, or with a condition that the claim leaves out.
    Partly,
    /// No evidence was found.
    Unsupported,
    /// The best source says otherwise.
    Contradicted,
    /// A view or advice that data cannot settle.
    Opinion,
}

/// What a claim is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// What LDN is, regulation, history.
    WhatLdnIs,
    /// How it may work.
    Mechanism,
    /// Fibromyalgia, the illness and its other treatments.
    Fibromyalgia,
    /// LDN in fibromyalgia.
    FibromyalgiaEfficacy,
    /// Other illnesses.
    OtherConditions,
    /// Weight, insulin, thyroid, hormones.
    WeightAndHormones,
    /// Opioid dependence and alcohol.
    DependenceAndAlcohol,
    /// Dose, titration, time of day, stopping.
    Dosing,
    /// Side effects.
    SideEffects,
    /// Contraindications and monitoring.
    Safety,
    /// Compounding, storage, cost.
    Access,
    /// Named experts and experience.
    People,
}

/// A number of a claim or of its best source.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Number {
    /// Who gives it.
    pub at: At,
    /// The words it stands in; they occur in the claim.
    pub text: String,
    /// The number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Printed>,
    /// What it is compared with: the rate on placebo, the level before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub against: Option<Printed>,
    /// Out of how many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<Printed>,
    /// Lower end of a range or interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low: Option<Printed>,
    /// Upper end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high: Option<Printed>,
    /// Lower end of the range it is compared with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub against_low: Option<Printed>,
    /// Upper end of the range it is compared with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub against_high: Option<Printed>,
    /// What it is counted in.
    pub unit: String,
    /// The lay articles that give it, where they differ.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub said_by: Vec<String>,
}

/// Who gives a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum At {
    /// The claim.
    Claim,
    /// The best source.
    Source,
}

impl Verdict {
    /// All of them, in the order of a legend.
    pub const ALL: [Verdict; 5] =
        [Verdict::Supported, Verdict::Partly, Verdict::Unsupported, Verdict::Contradicted, Verdict::Opinion];

    /// Returns the word for it.
    pub const fn id(self) -> &'static str {
        match self {
            Verdict::Supported => "supported",
            Verdict::Partly => "partly",
            Verdict::Unsupported => "unsupported",
            Verdict::Contradicted => "contradicted",
            Verdict::Opinion => "opinion",
        }
    }
}

impl Topic {
    /// Returns the words for it.
    pub const fn title(self) -> &'static str {
        match self {
            Topic::WhatLdnIs => "what LDN is",
            Topic::Mechanism => "mechanism",
            Topic::Fibromyalgia => "fibromyalgia",
            Topic::FibromyalgiaEfficacy => "fibromyalgia: efficacy",
            Topic::OtherConditions => "other conditions",
            Topic::WeightAndHormones => "weight and hormones",
            Topic::DependenceAndAlcohol => "dependence and alcohol",
            Topic::Dosing => "dosing",
            Topic::SideEffects => "side effects",
            Topic::Safety => "safety",
            Topic::Access => "access",
            Topic::People => "people",
        }
    }
}

impl Number {
    /// Every number in it with its key.
    fn parts(&self) -> impl Iterator<Item = (&'static str, Printed)> {
        [
            ("value", self.value),
            ("against", self.against),
            ("of", self.of),
            ("low", self.low),
            ("high", self.high),
            ("against_low", self.against_low),
            ("against_high", self.against_high),
        ]
        .into_iter()
        .filter_map(|(key, part)| Some((key, part?)))
    }
}

impl Claim {
    /// Returns the sources that the claim names: what carries it, what its text cites, who says it.
    pub fn cites(&self) -> Vec<&str> {
        let mut ids: Vec<&str> = self.carried_by.iter().map(String::as_str).collect();
        ids.extend(self.bracketed());
        ids.extend(self.said_by.iter().map(String::as_str));
        ids.extend(self.numbers.iter().flat_map(|number| number.said_by.iter().map(String::as_str)));
        let mut once: Vec<&str> = Vec::new();
        for id in ids {
            if !once.contains(&id) {
                once.push(id);
            }
        }
        once
    }

    /// The source ids in square brackets of the text.
    fn bracketed(&self) -> impl Iterator<Item = &str> {
        let texts = [self.best_source_says.as_deref(), self.reason.as_deref()];
        texts.into_iter().flatten().flat_map(|text| text.split('[').skip(1)).flat_map(|rest| {
            let inside = rest.split(']').next().unwrap_or_default();
            inside.split([',', ';', ':']).filter_map(|part| {
                let id = part.split_whitespace().next()?;
                let is_id =
                    part.trim() != "recalled" && id.contains(|c: char| c.is_ascii_digit() || c == '-');
                is_id.then_some(id)
            })
        })
    }

    /// Returns what the best source says, or why there is none.
    pub fn basis(&self) -> &str {
        self.best_source_says.as_deref().or(self.reason.as_deref()).unwrap_or_default()
    }

    /// Notes what is wrong with a claim by itself.
    pub(crate) fn check(&self, file: &str, problems: &mut Problems) {
        if self.id != id_of(file) {
            problems.value(file, "id", &self.id, format_args!("the file's own name, {:?}", id_of(file)));
        }
        if self.paraphrase.trim().is_empty() {
            problems.value(file, "paraphrase", &self.paraphrase, "the claim in our own words");
        }
        if self.said_by.is_empty() {
            problems.value(file, "said_by", "[]", "at least one lay article that makes the claim");
        }
        self.check_carried(file, problems);
        let text =
            [&self.paraphrase, self.numbers_as_said.as_deref().unwrap_or_default(), self.basis()].join("\n");
        for (index, number) in self.numbers.iter().enumerate() {
            number.check(file, &format!("number[{index}]"), &text, problems);
        }
    }

    fn check_carried(&self, file: &str, problems: &mut Problems) {
        let reason_may_stand = matches!(self.verdict, Verdict::Opinion | Verdict::Unsupported)
            || self.status == Status::Recalled;
        let has_reason = self.reason.as_deref().is_some_and(|reason| !reason.trim().is_empty());
        if self.carried_by.is_empty() && !reason_may_stand {
            let expected =
                format_args!("the sources that carry the verdict {:?}", self.verdict.id()).to_string();
            problems.value(file, "carried_by", "[]", expected);
        } else if self.carried_by.is_empty() && !has_reason {
            problems.value(file, "reason", "", "a reason, since no source carries the verdict");
        }
        if !self.carried_by.is_empty() && self.best_source_says.as_deref().is_none_or(str::is_empty) {
            problems.value(file, "best_source_says", "", "what the sources in carried_by say");
        }
        if self.carried_by.is_empty() && self.status >= Status::Seen {
            problems.value(
                file,
                "status",
                "seen",
                "recalled or judgement, since nothing seen carries the verdict",
            );
        }
        let says_recalled = self.basis().contains("recalled");
        if says_recalled != (self.recalled_in_part || self.status == Status::Recalled) {
            let expected = "recalled_in_part = true exactly where the text marks a part as recalled";
            problems.value(file, "recalled_in_part", self.recalled_in_part, expected);
        }
    }
}

impl Number {
    fn check(&self, file: &str, key: &str, claim: &str, problems: &mut Problems) {
        if self.unit.trim().is_empty() {
            problems.value(file, &format!("{key}.unit"), &self.unit, "a unit");
        }
        if !claim.contains(&self.text) {
            problems.value(file, &format!("{key}.text"), &self.text, "words that occur in the claim");
        }
        if self.parts().next().is_none() {
            problems.value(file, &format!("{key}.value"), "", "a value, or low and high");
        }
        for (part, number) in self.parts() {
            if !mentions(&self.text, number.value()) {
                let expected = format_args!("a number that stands in {:?}", self.text).to_string();
                problems.value(file, &format!("{key}.{part}"), number, expected);
            }
        }
        if let (Some(low), Some(high)) = (self.low, self.high)
            && low.value() > high.value()
        {
            problems.value(file, &format!("{key}.low"), low, format_args!("at most {high}"));
        }
    }
}

/// Whether a number stands in a text, whatever its sign and thousands separators.
fn mentions(text: &str, value: f64) -> bool {
    text.replace(',', "")
        .split(|c: char| !(c.is_ascii_digit() || c == '.'))
        .filter_map(|word| word.trim_end_matches('.').parse::<f64>().ok())
        .any(|number| (number - value.abs()).abs() < 1e-9)
}
