//! From answers by question to the scores of the core.

use std::collections::BTreeMap;

use ldn_core::instrument::{
    Acr2016, Acr2016Score, BodyArea, Fiqr, FiqrBandSet, FiqrScore, Gad7, InstrumentId, ItemSum, NotScored,
    Pgic, Phq9, SelfHarmAnswer, SymptomSeverity,
};
use ldn_core::journal::ItemAnswer;
use serde_json::{Value, json};

/// Answers by the id of the question.
pub(crate) type Answers = BTreeMap<String, ItemAnswer>;

/// What a questionnaire adds up to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Scored {
    Fiqr(FiqrScore),
    Acr2016(Acr2016Score),
    Sum(ItemSum),
    Pgic(Pgic),
}

/// Each place of the body with the id of its question.
pub(super) const AREAS: [(&str, BodyArea); 19] = [
    ("jaw-left", BodyArea::JawLeft),
    ("shoulder-left", BodyArea::ShoulderLeft),
    ("upper-arm-left", BodyArea::UpperArmLeft),
    ("lower-arm-left", BodyArea::LowerArmLeft),
    ("jaw-right", BodyArea::JawRight),
    ("shoulder-right", BodyArea::ShoulderRight),
    ("upper-arm-right", BodyArea::UpperArmRight),
    ("lower-arm-right", BodyArea::LowerArmRight),
    ("hip-left", BodyArea::HipLeft),
    ("upper-leg-left", BodyArea::UpperLegLeft),
    ("lower-leg-left", BodyArea::LowerLegLeft),
    ("hip-right", BodyArea::HipRight),
    ("upper-leg-right", BodyArea::UpperLegRight),
    ("lower-leg-right", BodyArea::LowerLegRight),
    ("neck", BodyArea::Neck),
    ("upper-back", BodyArea::UpperBack),
    ("lower-back", BodyArea::LowerBack),
    ("chest", BodyArea::Chest),
    ("abdomen", BodyArea::Abdomen),
];

/// The codes of the answers to the impression of change, in the order of [`Pgic::ALL`].
pub(crate) const CHANGES: [&str; 7] = [
    "very-much-improved",
    "much-improved",
    "minimally-improved",
    "no-change",
    "minimally-worse",
    "much-worse",
    "very-much-worse",
];

/// Computes the score of a set of answers.
///
/// # Errors
/// Too few answers, or one outside its scale.
pub(crate) fn score(id: InstrumentId, answers: &Answers) -> Result<Scored, NotScored> {
    match id {
        InstrumentId::Fiqr => fiqr(answers).score().map(Scored::Fiqr),
        InstrumentId::Acr2016 => acr2016(answers).score().map(Scored::Acr2016),
        InstrumentId::Phq9 => phq9(answers).score().map(Scored::Sum),
        InstrumentId::Gad7 => Gad7 { items: items(answers, "gad7") }.score().map(Scored::Sum),
        InstrumentId::Pgic => pgic(answers).map(Scored::Pgic),
    }
}

/// Writes a score, or why there is none, as `golden/instruments/vectors.json` does.
pub(crate) fn as_json(scored: &Result<Scored, NotScored>) -> Value {
    match scored {
        Err(NotScored::OutOfRange { .. }) => json!({ "error": "out-of-range" }),
        Err(NotScored::TooFewAnswers { .. }) => json!({ "error": "too-few-answers" }),
        Ok(Scored::Fiqr(score)) => json!({
            "total": score.total.to_string(),
            "prorated": score.prorated,
            "salaffi2018": FiqrBandSet::Salaffi2018.band(score.total),
            "salaffi2021": FiqrBandSet::Salaffi2021.band(score.total),
        }),
        Ok(Scored::Acr2016(score)) => json!({
            "widespread_pain_index": score.widespread_pain_index,
            "symptom_severity": score.symptom_severity,
            "polysymptomatic_distress": score.polysymptomatic_distress,
            "regions": score.regions,
            "meets_criteria": score.meets_criteria,
        }),
        Ok(Scored::Sum(sum)) => json!({ "total": sum.total, "band": sum.band }),
        Ok(Scored::Pgic(change)) => json!({ "is_response": change.is_response() }),
    }
}

/// Returns true if the answers tell of thoughts of self-harm, whether or not anything else is answered.
pub(crate) fn tells_self_harm(id: InstrumentId, answers: &Answers) -> bool {
    id == InstrumentId::Phq9 && phq9(answers).self_harm() == SelfHarmAnswer::Some
}

/// Returns a whole number; `None` if the question was not answered. What is no small whole number is out of every scale.
fn points(answers: &Answers, item: &str) -> Option<u8> {
    match answers.get(item)? {
        ItemAnswer::Points(points) => Some(points.as_str().parse().unwrap_or(u8::MAX)),
        ItemAnswer::Text(_) | ItemAnswer::LeftOpen => None,
    }
}

fn items<const N: usize>(answers: &Answers, stem: &str) -> [Option<u8>; N] {
    std::array::from_fn(|index| points(answers, &format!("{stem}-{}", index + 1)))
}

fn fiqr(answers: &Answers) -> Fiqr {
    Fiqr {
        function: items(answers, "function"),
        overall: items(answers, "overall"),
        symptoms: items(answers, "symptoms"),
    }
}

fn phq9(answers: &Answers) -> Phq9 {
    Phq9 { items: items(answers, "phq9") }
}

fn acr2016(answers: &Answers) -> Acr2016 {
    let yes = |item: &str| points(answers, item).map(|points| points > 0);
    let is_confirmed = AREAS.iter().all(|(id, _)| points(answers, id).is_some());
    let hurting = AREAS.iter().filter(|(id, _)| yes(id) == Some(true)).map(|(_, area)| *area);
    Acr2016 {
        areas: is_confirmed.then(|| hurting.collect()),
        severity: SymptomSeverity {
            fatigue: points(answers, "fatigue"),
            unrefreshed: points(answers, "unrefreshed"),
            cognition: points(answers, "cognition"),
            headache: yes("headache"),
            abdominal_pain: yes("abdominal-pain"),
            depression: yes("depression"),
        },
        three_months: yes("three-months"),
    }
}

fn pgic(answers: &Answers) -> Result<Pgic, NotScored> {
    let text = match answers.get("pgic-1") {
        Some(ItemAnswer::Text(text)) => Some(text.as_str()),
        _ => None,
    };
    let place = text.and_then(|text| CHANGES.iter().position(|code| *code == text));
    place.map(|place| Pgic::ALL[place]).ok_or(NotScored::TooFewAnswers {
        part: "pgic",
        answered: 0,
        items: 1,
        needed: 1,
    })
}

#[cfg(test)]
mod tests {
    use ldn_core::instrument::Catalogue;

    use super::*;

    const VECTORS: &str = include_str!("../../../../../golden/instruments/vectors.json");

    fn answers(given: &Value) -> Answers {
        let answer = |value: &Value| match value {
            Value::String(text) => ItemAnswer::Text(text.clone()),
            number => ItemAnswer::Points(number.to_string().parse().unwrap()),
        };
        given.as_object().unwrap().iter().map(|(item, value)| (item.clone(), answer(value))).collect()
    }

    #[test]
    fn every_vector_has_its_score() {
        let file: Value = serde_json::from_str(VECTORS).unwrap();
        let vectors = file["vectors"].as_array().unwrap();
        assert!(vectors.len() >= 40, "{} vectors", vectors.len());
        for vector in vectors {
            let id: InstrumentId = vector["instrument"].as_str().unwrap().parse().unwrap();
            let given = answers(&vector["answers"]);
            assert_eq!(as_json(&score(id, &given)), vector["expected"], "{id}: {}", vector["name"]);
            let self_harm = vector.get("self_harm").and_then(Value::as_bool).unwrap_or(false);
            assert_eq!(tells_self_harm(id, &given), self_harm, "{id}: {}", vector["name"]);
        }
    }

    #[test]
    fn the_ids_of_the_questions_are_those_of_the_catalogue() {
        let catalogue = Catalogue::shipped().unwrap();
        let acr2016 = catalogue.get(InstrumentId::Acr2016).unwrap();
        let places: Vec<&str> = acr2016.items.iter().take(19).map(|item| item.id.as_str()).collect();
        assert_eq!(places, AREAS.map(|(id, _)| id));
        assert_eq!(AREAS.map(|(_, area)| area), BodyArea::ALL);
        let codes: Vec<Value> = Pgic::ALL.iter().map(|change| json!(change)).collect();
        assert_eq!(json!(CHANGES), json!(codes));
    }

    #[test]
    fn what_is_no_whole_number_is_never_a_low_score() {
        let given = |text: &str| {
            let points = |item: u8| (format!("gad7-{item}"), ItemAnswer::Points(text.parse().unwrap()));
            score(InstrumentId::Gad7, &(1..=7).map(points).collect())
        };
        assert!(given("1").is_ok());
        for text in ["1.5", "-1", "4", "300"] {
            assert!(matches!(given(text), Err(NotScored::OutOfRange { .. })), "{text}");
        }
    }
}
