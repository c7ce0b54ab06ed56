//! The fibromyalgia criteria of 2016.

use serde::{Deserialize, Serialize};

use super::{NotScored, check_range};

/// One of the nineteen places of the widespread pain index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names are the places of the body")]
pub enum BodyArea {
    JawLeft,
    ShoulderLeft,
    UpperArmLeft,
    LowerArmLeft,
    JawRight,
    ShoulderRight,
    UpperArmRight,
    LowerArmRight,
    HipLeft,
    UpperLegLeft,
    LowerLegLeft,
    HipRight,
    UpperLegRight,
    LowerLegRight,
    Neck,
    UpperBack,
    LowerBack,
    Chest,
    Abdomen,
}

/// One of the five regions over which pain must be spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Region {
    /// Left upper.
    LeftUpper,
    /// Right upper.
    RightUpper,
    /// Left lower.
    LeftLower,
    /// Right lower.
    RightLower,
    /// Axial: neck, back, chest, abdomen.
    Axial,
}

impl BodyArea {
    /// All nineteen, by region.
    pub const ALL: [BodyArea; 19] = [
        BodyArea::JawLeft,
        BodyArea::ShoulderLeft,
        BodyArea::UpperArmLeft,
        BodyArea::LowerArmLeft,
        BodyArea::JawRight,
        BodyArea::ShoulderRight,
        BodyArea::UpperArmRight,
        BodyArea::LowerArmRight,
        BodyArea::HipLeft,
        BodyArea::UpperLegLeft,
        BodyArea::LowerLegLeft,
        BodyArea::HipRight,
        BodyArea::UpperLegRight,
        BodyArea::LowerLegRight,
        BodyArea::Neck,
        BodyArea::UpperBack,
        BodyArea::LowerBack,
        BodyArea::Chest,
        BodyArea::Abdomen,
    ];

    /// Returns the region it belongs to.
    pub const fn region(self) -> Region {
        match self {
            BodyArea::JawLeft | BodyArea::ShoulderLeft | BodyArea::UpperArmLeft | BodyArea::LowerArmLeft => {
                Region::LeftUpper
            }
            BodyArea::JawRight
            | BodyArea::ShoulderRight
            | BodyArea::UpperArmRight
            | BodyArea::LowerArmRight => Region::RightUpper,
            BodyArea::HipLeft | BodyArea::UpperLegLeft | BodyArea::LowerLegLeft => Region::LeftLower,
            BodyArea::HipRight | BodyArea::UpperLegRight | BodyArea::LowerLegRight => Region::RightLower,
            BodyArea::Neck
            | BodyArea::UpperBack
            | BodyArea::LowerBack
            | BodyArea::Chest
            | BodyArea::Abdomen => Region::Axial,
        }
    }

    /// Returns true if pain here shows that its region hurts: jaw, chest and abdomen do not count.
    pub const fn shows_region(self) -> bool {
        !matches!(self, BodyArea::JawLeft | BodyArea::JawRight | BodyArea::Chest | BodyArea::Abdomen)
    }
}

/// How strong the symptoms are; `None` was not answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SymptomSeverity {
    /// Fatigue, past week, 0 to 3.
    pub fatigue: Option<u8>,
    /// Waking unrefreshed, past week, 0 to 3.
    pub unrefreshed: Option<u8>,
    /// Cognition, past week, 0 to 3.
    pub cognition: Option<u8>,
    /// Headache in the past six months.
    pub headache: Option<bool>,
    /// Pain or cramps in the lower abdomen in the past six months.
    pub abdominal_pain: Option<bool>,
    /// Depression in the past six months.
    pub depression: Option<bool>,
}

/// What the criteria ask.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Acr2016 {
    /// Where it hurt in the past seven days; `None` while the map has not been confirmed as complete.
    pub areas: Option<Vec<BodyArea>>,
    /// The symptoms.
    pub severity: SymptomSeverity,
    /// Symptoms at this level for at least three months.
    pub three_months: Option<bool>,
}

/// What the answers give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Acr2016Score {
    /// Widespread pain index, 0 to 19.
    pub widespread_pain_index: u8,
    /// Symptom severity scale, 0 to 12.
    pub symptom_severity: u8,
    /// Polysymptomatic distress, the sum, 0 to 31.
    pub polysymptomatic_distress: u8,
    /// Regions that hurt, 0 to 5, without jaw, chest and abdomen.
    pub regions: u8,
    /// True if index and severity reach their limits.
    pub reaches_severity: bool,
    /// True if at least four of five regions hurt.
    pub is_generalised: bool,
    /// Whether the criteria are met; `None` while the duration is not known. Other diagnoses do not exclude it.
    pub meets_criteria: Option<bool>,
}

impl Acr2016 {
    /// Applies the rule: index at least 7 and severity at least 5, or index 4 to 6 and severity at least 9; pain in at
    /// least four of five regions; for at least three months.
    ///
    /// # Errors
    /// An answer above 3, an unanswered symptom, or a map that nobody confirmed.
    pub fn score(&self) -> Result<Acr2016Score, NotScored> {
        let mut areas = self.areas.clone().ok_or(NotScored::TooFewAnswers {
            part: "areas",
            answered: 0,
            items: 19,
            needed: 19,
        })?;
        areas.sort_unstable();
        areas.dedup();
        let widespread_pain_index = areas.len() as u8;
        let symptom_severity = self.severity.sum()?;
        let mut regions: Vec<Region> =
            areas.iter().filter(|area| area.shows_region()).map(|area| area.region()).collect();
        regions.sort_unstable();
        regions.dedup();
        let regions = regions.len() as u8;
        let reaches_severity = (widespread_pain_index >= 7 && symptom_severity >= 5)
            || ((4..=6).contains(&widespread_pain_index) && symptom_severity >= 9);
        let is_generalised = regions >= 4;
        let without_duration = reaches_severity && is_generalised;
        Ok(Acr2016Score {
            widespread_pain_index,
            symptom_severity,
            polysymptomatic_distress: widespread_pain_index + symptom_severity,
            regions,
            reaches_severity,
            is_generalised,
            meets_criteria: if without_duration { self.three_months } else { Some(false) },
        })
    }
}

impl SymptomSeverity {
    fn sum(&self) -> Result<u8, NotScored> {
        let point = |answer: Option<bool>| answer.map(u8::from);
        let graded = [self.fatigue, self.unrefreshed, self.cognition];
        check_range("severity", &graded, 3)?;
        let points = [point(self.headache), point(self.abdominal_pain), point(self.depression)];
        let answers = [graded, points].concat();
        let answered = answers.iter().flatten().count() as u8;
        if answered < 6 {
            return Err(NotScored::TooFewAnswers { part: "severity", answered, items: 6, needed: 6 });
        }
        Ok(answers.into_iter().flatten().sum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn severity(total: u8) -> SymptomSeverity {
        let graded = |already: u8| Some(total.saturating_sub(already).min(3));
        let point = |already: u8| Some(total > already);
        SymptomSeverity {
            fatigue: graded(0),
            unrefreshed: graded(3),
            cognition: graded(6),
            headache: point(9),
            abdominal_pain: point(10),
            depression: point(11),
        }
    }

    /// Areas that reach as many regions as they can.
    fn spread(count: usize) -> Vec<BodyArea> {
        let order = [1, 5, 8, 11, 14, 2, 6, 9, 12, 15, 3, 7, 10, 13, 16, 0, 4, 17, 18];
        order[..count].iter().map(|place| BodyArea::ALL[*place]).collect()
    }

    fn met(index: usize, symptoms: u8) -> Option<bool> {
        let answers =
            Acr2016 { areas: Some(spread(index)), severity: severity(symptoms), three_months: Some(true) };
        answers.score().expect("a score").meets_criteria
    }

    #[test]
    fn the_limits_of_2016_and_not_those_of_2010() {
        for (index, symptoms, expected) in
            [(7, 5, true), (6, 9, true), (4, 9, true), (3, 9, false), (7, 4, false), (6, 8, false)]
        {
            assert_eq!(met(index, symptoms), Some(expected), "index {index}, severity {symptoms}");
        }
    }

    #[test]
    fn jaw_chest_and_abdomen_spread_nothing() {
        let areas = vec![BodyArea::JawLeft, BodyArea::JawRight, BodyArea::Chest, BodyArea::Abdomen];
        let answers = Acr2016 { areas: Some(areas), severity: severity(12), three_months: Some(true) };
        let score = answers.score().expect("a score");
        assert_eq!((score.widespread_pain_index, score.regions, score.meets_criteria), (4, 0, Some(false)));
    }

    #[test]
    fn unknown_duration_is_not_no_and_an_unconfirmed_map_is_not_empty() {
        let mut answers = Acr2016 { areas: Some(spread(10)), severity: severity(9), three_months: None };
        assert_eq!(answers.score().expect("a score").meets_criteria, None);
        answers.areas = None;
        assert!(matches!(answers.score(), Err(NotScored::TooFewAnswers { part: "areas", .. })));
    }

    #[test]
    fn an_area_named_twice_counts_once() {
        let areas = vec![BodyArea::Neck, BodyArea::Neck];
        let answers = Acr2016 { areas: Some(areas), severity: severity(0), three_months: Some(false) };
        assert_eq!(answers.score().expect("a score").widespread_pain_index, 1);
    }
}
