//! What is known about a person before anything is decided.
//!
//! [`read`] turns `intake.toml` into an [`Intake`], exactly or not at all: every problem is told with its line, its
//! key, the value found and what was expected. Unknown is a variant everywhere; nothing is filled in.

mod lab;
mod quantity;
mod read;
mod table;
mod template;
mod words;

use jiff::civil::Date;
use ldn_core::Dose;
pub use ldn_core::{Problem, Problems};

pub use lab::{Lab, LabResult, LabTest, UnitOfLab};
pub use quantity::{Concentration, DailyAmount, Measured, QuantityError};
pub(crate) use read::age_range;
pub use read::{LARGEST_FILE, LARGEST_LIST, LONGEST_TEXT, read};
pub use template::template;
pub use words::{
    Alcohol, Answer, ConditionStatus, Contraception, CourseForm, Pregnancy, Release, Route, Sex, Use, Word,
};

/// What is known about one person on one day.
#[derive(Clone, Debug, PartialEq)]
pub struct Intake {
    /// The day of screening: "today" for every rule.
    pub date: Date,
    /// Who it is about.
    pub person: Person,
    /// What is asked for, and what of it has begun.
    pub course: Course,
    /// Answers to the fixed questions.
    pub answers: Answers,
    /// Conditions as written.
    pub conditions: Vec<Condition>,
    /// Symptoms now, or since LDN was started.
    pub symptoms: Vec<Symptom>,
    /// Medicines as written.
    pub medicines: Vec<ListedMedicine>,
    /// Allergies and intolerances as written.
    pub allergies: Vec<Allergy>,
    /// Results of tests and questionnaires.
    pub labs: Vec<Lab>,
    /// Procedures, past and coming.
    pub procedures: Vec<Procedure>,
}

impl Intake {
    /// Makes an intake of which nothing but the day is known.
    pub fn unknown(date: Date) -> Intake {
        Intake {
            date,
            person: Person::default(),
            course: Course::default(),
            answers: Answers::default(),
            conditions: Vec::new(),
            symptoms: Vec::new(),
            medicines: Vec::new(),
            allergies: Vec::new(),
            labs: Vec::new(),
            procedures: Vec::new(),
        }
    }
}

/// Who it is about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Person {
    /// When the person was born.
    pub birth: Birth,
    /// Sex.
    pub sex: Sex,
    /// Whether there is, or may soon be, a child to protect.
    pub pregnancy: Pregnancy,
    /// Whether conception is reliably prevented.
    pub contraception: Contraception,
    /// Body weight in kilograms.
    pub weight_kg: Option<Measured>,
}

/// When a person was born.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Birth {
    /// Not recorded.
    #[default]
    Unknown,
    /// Only the year.
    Year(i16),
    /// The day.
    Date(Date),
}

/// What is asked for, and what of it has begun.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Course {
    /// What LDN is for, as written.
    pub indication: Option<String>,
    /// The dose aimed at.
    pub requested_dose: Option<Dose>,
    /// The form asked for.
    pub form: CourseForm,
    /// Naltrexone per volume of a liquid.
    pub concentration: Option<Concentration>,
    /// How fast the form lets it go.
    pub release: Release,
    /// First day on LDN.
    pub ldn_since: Option<Date>,
    /// Day of the last dose of LDN.
    pub last_ldn_dose: Option<Date>,
    /// What is swallowed now, at once.
    pub current_dose: Option<Dose>,
    /// Whether a blinded period runs.
    pub blinded_period: Answer,
}

/// Answers to the fixed questions; all unknown until somebody answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// Medicines, conditions, allergies and procedures listed are all there is.
    pub lists_complete: Answer,
    /// Any opioid in the last 90 days.
    pub opioids_last_90_days: Answer,
    /// Suicidal thoughts now.
    pub suicidal_thoughts_now: Answer,
    /// A suicide attempt in the past.
    pub past_suicide_attempt: Answer,
    /// Depression is treated.
    pub depression_treated: Answer,
    /// Use of alcohol.
    pub alcohol: Alcohol,
    /// Disease of the kidneys.
    pub kidney_disease: Answer,
    /// Disease of the liver.
    pub liver_disease: Answer,
    /// Somebody in the household takes opioids.
    pub household_opioid_user: Answer,
    /// Difficulty swallowing.
    pub swallowing_difficulty: Answer,
    /// Reacts strongly to small amounts of medicines.
    pub sensitive_to_medicines: Answer,
    /// Splits tablets or capsules.
    pub splits_tablets: Answer,
    /// Tested for drugs by an employer, a court or a clinic.
    pub drug_tested: Answer,
    /// Drives or works with machinery.
    pub drives: Answer,
}

/// A condition as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Its name as written.
    pub name: String,
    /// Whether it is there now.
    pub status: ConditionStatus,
}

/// A symptom now, or since LDN was started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symptom {
    /// Its name as written.
    pub name: String,
}

/// A medicine as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedMedicine {
    /// Brand, generic name or anything near, as written.
    pub name: String,
    /// How it is used.
    pub usage: Use,
    /// How it enters the body; `None` if not written.
    pub route: Option<Route>,
    /// How fast the product lets it go.
    pub release: Release,
    /// Amount per day.
    pub per_day: Option<DailyAmount>,
    /// Day of the last dose or injection; for a patch or an implant the day it came off. A time of day is not kept:
    /// intervals count in calendar days.
    pub last_taken: Option<Date>,
    /// The prescriber's own word for a name that is not recognised.
    pub not_an_opioid: Answer,
}

/// An allergy or intolerance as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allergy {
    /// What it is against, as written.
    pub substance: String,
    /// What happened.
    pub reaction: Option<String>,
}

/// A procedure, past or coming.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Procedure {
    /// Its name as written.
    pub name: String,
    /// Its day.
    pub date: Option<Date>,
    /// Whether opioids were or will be given.
    pub opioids_expected: Answer,
}
