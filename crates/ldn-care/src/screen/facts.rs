//! What an intake says once names are recognised: the facts that rules look at.

mod labs;
mod ldn;
mod medicines;
mod named;
mod opioids;

use jiff::civil::Date;
use ldn_core::Dose;

use super::answer::{Because, Unrecognised};
use super::ruleset::RuleSet;
use crate::intake::{Answer, Birth, Intake, Pregnancy, Sex, age_range};
use crate::medicine::Formulary;

pub(super) use labs::{Bilirubin, Enzymes, Standing, Symptoms};
pub(super) use ldn::Ldn;
pub(super) use medicines::Taken;
pub(super) use named::{List, Named, TERMS, WITHDRAWAL_SIGNS};
pub(super) use opioids::OpioidUse;

/// From this age on nobody has to be asked about pregnancy.
const AGE_WITHOUT_PREGNANCY: i16 = 56;

/// Everything known about one person, names recognised.
pub(super) struct Facts<'a> {
    pub(super) intake: &'a Intake,
    pub(super) rules: &'a RuleSet,
    pub(super) today: Date,
    /// Least and most the age can be.
    pub(super) ages: Option<(i16, i16)>,
    pub(super) medicines: Vec<Taken<'a>>,
    pub(super) named: Vec<Named<'a>>,
    pub(super) opioids: Vec<OpioidUse<'a>>,
    pub(super) ldn: Ldn,
}

impl<'a> Facts<'a> {
    /// Recognises every name of an intake.
    pub(super) fn gather(intake: &'a Intake, rules: &'a RuleSet, formulary: &'a Formulary) -> Facts<'a> {
        let medicines = medicines::recognise_all(intake, formulary);
        let opioids = opioids::of(&medicines, rules);
        let ldn = Ldn::of(intake, &medicines);
        let named = named::recognise_all(intake, rules.lexicon(), formulary);
        let ages = age_range(intake.person.birth, intake.date);
        Facts { intake, rules, today: intake.date, ages, medicines, named, opioids, ldn }
    }

    /// Returns the names that were not recognised, medicines first.
    pub(super) fn unrecognised(&self) -> Vec<Unrecognised> {
        let medicines =
            self.medicines.iter().filter(|taken| taken.is_unrecognised()).map(|taken| taken.name());
        let named = self.named.iter().filter(|named| named.is_unrecognised()).map(Named::because);
        medicines.chain(named).map(|Because { at, value, .. }| Unrecognised { at, value }).collect()
    }

    /// Returns true if a person of this sex and age can be pregnant, as far as is known.
    pub(super) fn may_be_pregnant(&self) -> bool {
        let is_too_old = self.ages.is_some_and(|(least, _)| least >= AGE_WITHOUT_PREGNANCY);
        self.intake.person.sex != Sex::Male && !is_too_old
    }

    /// Returns true if conception could happen, as far as is known.
    pub(super) fn may_conceive(&self) -> bool {
        self.may_be_pregnant()
            && !matches!(self.intake.person.pregnancy, Pregnancy::NotApplicable | Pregnancy::Pregnant)
    }

    /// Returns the fact of an answer.
    pub(super) fn answer(key: &str, answer: Answer) -> Because {
        Because { at: format!("answers.{key}"), value: answer.word().to_owned(), recognised: None }
    }

    /// Returns the fact of a dose in the course.
    pub(super) fn dose(key: &str, dose: Dose) -> Because {
        Because { at: format!("course.{key}"), value: dose.to_string(), recognised: None }
    }

    /// Returns the fact of a date in the course.
    pub(super) fn course_date(key: &str, date: Date) -> Because {
        Because { at: format!("course.{key}"), value: date.to_string(), recognised: None }
    }

    /// Returns the fact of the birth.
    pub(super) fn birth(&self) -> Because {
        let (at, value) = match self.intake.person.birth {
            Birth::Unknown => ("person.birth_date", "unknown".to_owned()),
            Birth::Year(year) => ("person.birth_year", year.to_string()),
            Birth::Date(date) => ("person.birth_date", date.to_string()),
        };
        Because { at: at.to_owned(), value, recognised: None }
    }

    /// Returns whole days from a date to today; negative for a date to come.
    pub(super) fn days_since(&self, date: Date) -> i32 {
        date.until(self.today).map_or(0, |span| span.get_days())
    }

    /// Returns the named things of these lists that hold one of these terms and are not over.
    pub(super) fn present<'f>(
        &'f self,
        lists: &'f [List],
        terms: &'f [&str],
    ) -> impl Iterator<Item = &'f Named<'a>> {
        self.named
            .iter()
            .filter(|named| lists.contains(&named.list) && !named.is_past && named.has_any(terms))
    }

    /// Returns the named things of these lists that hold one of these terms, over or not.
    pub(super) fn ever<'f>(
        &'f self,
        lists: &'f [List],
        terms: &'f [&str],
    ) -> impl Iterator<Item = &'f Named<'a>> {
        self.named.iter().filter(|named| lists.contains(&named.list) && named.has_any(terms))
    }
}
