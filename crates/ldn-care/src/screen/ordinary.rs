//! Ordinary patients without a contraindication, to see how much a screening says about people who may start.
//!
//! Too many warnings hide the one that matters. [`alarm_budget`] counts what a thousand of these people would see.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use ldn_core::Dose;
use serde::Serialize;

use super::{RuleSet, Severity, screen};
use crate::intake::{
    Alcohol, Allergy, Answer, Answers, Birth, Condition, ConditionStatus, Contraception, Course, CourseForm,
    Intake, Lab, LabResult, LabTest, ListedMedicine, Measured, Person, Pregnancy, Procedure, Release, Sex,
    Symptom, UnitOfLab, Use,
};
use crate::medicine::Formulary;

/// The day on which all of them are screened.
const TODAY: Date = date(2026, 1, 5);

/// Medicines by how many of 100 people with long-lasting pain take them. Assumed, not measured.
const MEDICINES: [(&str, u64, Use); 26] = [
    ("Duloxetine 60 mg", 25, Use::Daily),
    ("Pregabalin 75 mg", 20, Use::Daily),
    ("Amitriptyline 10 mg", 20, Use::Daily),
    ("Ibuprofen 400 mg", 35, Use::AsNeeded),
    ("Paracetamol 500 mg", 40, Use::AsNeeded),
    ("Omeprazole 20 mg", 20, Use::Daily),
    ("Levothyroxine 50 micrograms", 8, Use::Daily),
    ("Metformin 500 mg", 7, Use::Daily),
    ("Lisinopril 10 mg", 12, Use::Daily),
    ("Amlodipine 5 mg", 10, Use::Daily),
    ("Atorvastatin 20 mg", 12, Use::Daily),
    ("Vitamin D", 40, Use::Daily),
    ("Sertraline 50 mg", 12, Use::Daily),
    ("Gabapentin 300 mg", 12, Use::Daily),
    ("Cyclobenzaprine 10 mg", 10, Use::AsNeeded),
    ("Salbutamol inhaler", 9, Use::AsNeeded),
    ("Cetirizine 10 mg", 12, Use::Daily),
    ("Magnesium", 25, Use::Daily),
    ("Sumatriptan 50 mg", 10, Use::AsNeeded),
    ("Semaglutide", 3, Use::Weekly),
    ("CBD oil", 6, Use::Daily),
    ("Methylphenidate 10 mg", 4, Use::Daily),
    ("Apixaban 5 mg", 2, Use::Daily),
    ("Zopiclone 7.5 mg", 5, Use::AsNeeded),
    ("Loperamide", 5, Use::AsNeeded),
    ("Melatonin", 12, Use::Daily),
];

/// Conditions beside the one that LDN is asked for. Assumed, not measured.
const CONDITIONS: [(&str, u64); 16] = [
    ("Irritable bowel syndrome", 30),
    ("Migraine", 25),
    ("Depression", 25),
    ("Anxiety", 20),
    ("Insomnia", 12),
    ("High blood pressure", 20),
    ("Hashimoto's thyroiditis", 6),
    ("Asthma", 10),
    ("Osteoarthritis", 15),
    ("Type 2 diabetes", 7),
    ("Reflux", 15),
    ("Restless legs", 12),
    ("PCOS", 6),
    ("Endometriosis", 8),
    ("ADHD", 5),
    ("MCAS", 2),
];

/// What LDN is asked for.
const INDICATIONS: [&str; 6] =
    ["fibromyalgia", "fibromyalgia", "chronic pain", "ME/CFS", "long COVID", "Crohn's disease"];

/// Numbers that look random and are the same on every machine (SplitMix64; Steele and others 2014).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    /// Returns true for so many of 100.
    fn percent(&mut self, share: u64) -> bool {
        self.below(100) < share
    }
}

/// Returns an ordinary patient: somebody who may start, everything answered. The same number is the same patient.
pub fn patient(number: u64) -> Intake {
    let mut dice = Dice(number);
    let person = person(&mut dice);
    let course = course(&mut dice);
    let answers = answers(&mut dice);
    Intake {
        conditions: conditions(&mut dice),
        symptoms: symptoms(&mut dice),
        medicines: medicines(&mut dice),
        allergies: allergies(&mut dice),
        labs: labs(&mut dice),
        procedures: procedures(&mut dice),
        person,
        course,
        answers,
        ..Intake::unknown(TODAY)
    }
}

fn person(dice: &mut Dice) -> Person {
    let age = 22 + dice.below(30) + dice.below(28);
    let sex = if dice.percent(80) { Sex::Female } else { Sex::Male };
    let is_fertile = sex == Sex::Female && age < 50;
    Person {
        birth: Birth::Year(TODAY.year() - age as i16),
        sex,
        pregnancy: if is_fertile { Pregnancy::No } else { Pregnancy::NotApplicable },
        contraception: if is_fertile { Contraception::Yes } else { Contraception::NotApplicable },
        weight_kg: None,
    }
}

fn course(dice: &mut Dice) -> Course {
    let indication = INDICATIONS[dice.below(INDICATIONS.len() as u64) as usize];
    let micrograms = [4_500, 4_500, 4_500, 3_000][dice.below(4) as usize];
    Course {
        indication: Some(indication.to_owned()),
        requested_dose: Some(Dose::from_micrograms(micrograms)),
        form: CourseForm::Capsule,
        release: Release::Immediate,
        ..Course::default()
    }
}

fn answers(dice: &mut Dice) -> Answers {
    let mut yes_for = |share| if dice.percent(share) { Answer::Yes } else { Answer::No };
    let (sensitive, splits, swallowing) = (yes_for(8), yes_for(3), yes_for(3));
    let (household, tested, drives, drinks) = (yes_for(4), yes_for(4), yes_for(80), yes_for(35));
    Answers {
        lists_complete: Answer::Yes,
        opioids_last_90_days: Answer::No,
        suicidal_thoughts_now: Answer::No,
        past_suicide_attempt: Answer::No,
        depression_treated: Answer::Yes,
        alcohol: if drinks == Answer::Yes { Alcohol::Light } else { Alcohol::None },
        kidney_disease: Answer::No,
        liver_disease: Answer::No,
        household_opioid_user: household,
        swallowing_difficulty: swallowing,
        sensitive_to_medicines: sensitive,
        splits_tablets: splits,
        drug_tested: tested,
        drives,
    }
}

fn conditions(dice: &mut Dice) -> Vec<Condition> {
    let listed = CONDITIONS.iter().filter(|(_, share)| dice.percent(*share));
    listed.map(|(name, _)| Condition { name: (*name).to_owned(), status: ConditionStatus::Active }).collect()
}

fn symptoms(dice: &mut Dice) -> Vec<Symptom> {
    let listed =
        [("fatigue", 70), ("headache", 30), ("dizziness", 8), ("constipation", 12), ("brain fog", 40)];
    let listed = listed.into_iter().filter(|(_, share)| dice.percent(*share));
    listed.map(|(name, _)| Symptom { name: name.to_owned() }).collect()
}

fn medicines(dice: &mut Dice) -> Vec<ListedMedicine> {
    let listed = MEDICINES.iter().filter(|(_, share, _)| dice.percent(*share));
    let medicine = |(name, _, usage): &(&str, u64, Use)| ListedMedicine {
        name: (*name).to_owned(),
        usage: *usage,
        route: None,
        release: Release::Unknown,
        per_day: None,
        last_taken: None,
        not_an_opioid: Answer::Unknown,
    };
    listed.map(medicine).collect()
}

fn allergies(dice: &mut Dice) -> Vec<Allergy> {
    let listed = [("penicillin", 10), ("lactose", 6), ("pollen", 15), ("gluten", 3)];
    let listed = listed.into_iter().filter(|(_, share)| dice.percent(*share));
    listed.map(|(substance, _)| Allergy { substance: substance.to_owned(), reaction: None }).collect()
}

fn labs(dice: &mut Dice) -> Vec<Lab> {
    let mut labs = Vec::new();
    if dice.percent(75) {
        let value = Measured::from_whole(12 + dice.below(40) as u32);
        labs.push(lab(LabTest::Alt, value, Some(40), UnitOfLab::UnitsPerLitre, "U/L"));
    }
    if dice.percent(70) {
        let value = Measured::from_whole(62 + dice.below(50) as u32);
        labs.push(lab(LabTest::Egfr, value, None, UnitOfLab::MillilitresPerMinute, "mL/min/1.73m2"));
    }
    labs
}

fn lab(test: LabTest, value: Measured, limit: Option<u32>, unit: UnitOfLab, unit_written: &str) -> Lab {
    let upper_limit = limit.map(Measured::from_whole);
    let written = format!("{value} {unit_written}");
    let result = LabResult::Amount { value, upper_limit, unit, written };
    Lab { test, written: test.name().to_owned(), result, date: Some(date(2025, 12, 1)) }
}

fn procedures(dice: &mut Dice) -> Vec<Procedure> {
    let listed = [("Dental cleaning", 6), ("Colonoscopy", 2)];
    let listed = listed.into_iter().filter(|(_, share)| dice.percent(*share));
    let procedure = |(name, _): (&str, u64)| Procedure {
        name: name.to_owned(),
        date: Some(date(2026, 2, 16)),
        opioids_expected: if name == "Colonoscopy" { Answer::Unknown } else { Answer::No },
    };
    listed.map(procedure).collect()
}

/// How much ordinary patients are told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AlarmBudget {
    /// How many were screened.
    pub patients: usize,
    /// The median number of findings above "info".
    pub median_above_info: usize,
    /// The number that nine in ten stay at or below.
    pub ninth_decile_above_info: usize,
    /// How many patients have so many findings above "info".
    pub patients_by_findings: BTreeMap<usize, usize>,
    /// How many patients each rule speaks about, all severities.
    pub patients_by_rule: BTreeMap<String, usize>,
    /// How many patients each disposition has.
    pub patients_by_disposition: BTreeMap<&'static str, usize>,
}

/// Screens so many ordinary patients with the shipped rules.
pub fn alarm_budget(n: usize) -> AlarmBudget {
    let (rules, formulary) = (RuleSet::shipped(), Formulary::shipped());
    let mut counts = Vec::with_capacity(n);
    let (mut by_rule, mut by_disposition) = (BTreeMap::new(), BTreeMap::new());
    for number in 0..n {
        let screening = screen(&patient(number as u64), rules, formulary);
        for finding in &screening.findings {
            *by_rule.entry(finding.rule.clone()).or_default() += 1;
        }
        *by_disposition.entry(screening.disposition.word()).or_default() += 1;
        counts.push(screening.findings.iter().filter(|finding| finding.severity > Severity::Info).count());
    }
    counts.sort_unstable();
    let mut by_findings = BTreeMap::new();
    for count in &counts {
        *by_findings.entry(*count).or_default() += 1;
    }
    let at = |place: usize| counts.get(place.min(n.saturating_sub(1))).copied().unwrap_or_default();
    AlarmBudget {
        patients: n,
        median_above_info: at(n / 2),
        ninth_decile_above_info: at(n * 9 / 10),
        patients_by_findings: by_findings,
        patients_by_rule: by_rule,
        patients_by_disposition: by_disposition,
    }
}
