//! What a pharmacy can make: units by form and strength, and one liquid.

use std::fmt;
use std::str::FromStr;

use ldn_core::Dose;
use ldn_core::quantity::{Concentration, QuantityError, Strength, UnitForm, Volume};

use super::compounding::{BeyondUse, Compounding, LIQUID};

/// One kind of capsule, tablet or troche.
///
/// Printed and read as "1.5 mg capsule", "3 mg tablet scored in halves".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unit {
    /// What one whole unit holds.
    strength: Strength,
    /// Capsule, tablet or troche.
    form: UnitForm,
    /// Into what it may be divided.
    score: Score,
}

/// Into what a unit may be divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Score {
    /// Not at all.
    Whole,
    /// Into two halves.
    Halves,
    /// Into four quarters, or halves.
    Quarters,
}

/// Why a text or a set of parts is not a unit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnitError {
    /// The strength is none.
    #[error("`{text}`: {source}")]
    Strength {
        /// The whole text as written.
        text: String,
        /// What is wrong with the strength.
        source: QuantityError,
    },
    /// The words after the strength name no form.
    #[error(
        "`{text}`: `{words}` is no form; expected capsule, tablet or troche, with \"scored in halves\" or \"scored in quarters\" where it is scored"
    )]
    Form {
        /// The whole text as written.
        text: String,
        /// The words as written.
        words: String,
    },
    /// A capsule cannot be divided.
    #[error("a capsule is never divided; expected a tablet or troche where it is scored")]
    ScoredCapsule,
    /// The parts would not be whole nanograms.
    #[error("a {strength} {} cannot be divided into {score} of whole nanograms", .form.singular())]
    TooFine {
        /// What one whole unit holds.
        strength: Strength,
        /// Tablet or troche.
        form: UnitForm,
        /// Into what it would be divided.
        score: Score,
    },
}

impl Unit {
    /// Makes a kind of capsule.
    pub const fn capsule(strength: Strength) -> Unit {
        Unit { strength, form: UnitForm::Capsule, score: Score::Whole }
    }

    /// Makes a kind of unit.
    ///
    /// # Errors
    /// [`UnitError::ScoredCapsule`], or [`UnitError::TooFine`] if a part would not be a whole number of nanograms.
    pub fn new(strength: Strength, form: UnitForm, score: Score) -> Result<Unit, UnitError> {
        if form == UnitForm::Capsule && score != Score::Whole {
            return Err(UnitError::ScoredCapsule);
        }
        if !strength.nanograms().is_multiple_of(score.parts()) {
            return Err(UnitError::TooFine { strength, form, score });
        }
        Ok(Unit { strength, form, score })
    }

    /// Returns what one whole unit holds.
    pub const fn strength(self) -> Strength {
        self.strength
    }

    /// Returns capsule, tablet or troche.
    pub const fn form(self) -> UnitForm {
        self.form
    }

    /// Returns into what it may be divided.
    pub const fn score(self) -> Score {
        self.score
    }

    /// Returns nanograms in so many quarters of it; exact, because only parts that the score allows are asked for.
    pub(super) const fn nanograms_in(self, quarters: u64) -> u64 {
        self.strength.nanograms() * quarters / 4
    }
}

impl Score {
    const fn parts(self) -> u64 {
        match self {
            Score::Whole => 1,
            Score::Halves => 2,
            Score::Quarters => 4,
        }
    }

    /// Returns the amounts up to one whole that can be swallowed, in quarters.
    pub(super) const fn amounts(self) -> &'static [u64] {
        match self {
            Score::Whole => &[4],
            Score::Halves => &[2, 4],
            Score::Quarters => &[1, 2, 3, 4],
        }
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Score::Whole => "whole units",
            Score::Halves => "halves",
            Score::Quarters => "quarters",
        })
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.strength, self.form.singular())?;
        if self.score == Score::Whole { Ok(()) } else { write!(f, " scored in {}", self.score) }
    }
}

impl FromStr for Unit {
    type Err = UnitError;

    /// Reads "1.5 mg" (a capsule), "1.5 mg capsule", "3 mg tablet scored in halves".
    fn from_str(text: &str) -> Result<Unit, UnitError> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let form_at = words.iter().position(|word| UnitForm::named(word).is_some()).unwrap_or(words.len());
        let strength_error = |source| UnitError::Strength { text: text.trim().to_owned(), source };
        let strength: Strength = words[..form_at].join(" ").parse().map_err(strength_error)?;
        let form = words.get(form_at).and_then(|word| UnitForm::named(word)).unwrap_or(UnitForm::Capsule);
        let score = match words.get(form_at + 1..).unwrap_or_default() {
            [] => Score::Whole,
            ["scored", "in", "halves"] => Score::Halves,
            ["scored", "in", "quarters"] => Score::Quarters,
            others => {
                return Err(UnitError::Form { text: text.trim().to_owned(), words: others.join(" ") });
            }
        };
        Unit::new(strength, form, score)
    }
}

/// A liquid, how it is measured, and how long it keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Liquid {
    /// Naltrexone in each millilitre.
    pub concentration: Concentration,
    /// The smallest step of the syringe.
    pub syringe_step: Volume,
    /// The volume of one bottle; `None` if each is filled to measure.
    pub bottle: Option<Volume>,
    /// Id of its beyond-use limit, such as `liquid-unpreserved`.
    pub keeps: String,
}

/// What a pharmacy can make, and how it is handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stock {
    units: Vec<Unit>,
    /// Id of the beyond-use limit of the units.
    units_keep: String,
    liquid: Option<Liquid>,
    /// Days from making to the first dose.
    lead_days: u32,
    /// The longest that one fill may last; `None` leaves it to the beyond-use date.
    fill_days: Option<u32>,
}

/// Why a stock cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StockError {
    /// There is nothing in it.
    #[error(
        "the stock is empty; expected at least one strength such as \"1.5 mg\", or a liquid such as \"1 mg/mL\""
    )]
    Empty,
    /// A part of the text is no unit.
    #[error(transparent)]
    Unit(#[from] UnitError),
    /// The same thing twice.
    #[error("`{0}` stands twice in the stock; expected each kind once")]
    Twice(Unit),
    /// A tablet that must never be divided.
    #[error(
        "{rule}: a {unit}: {say}; expected compounded capsules, scored tablets of a low dose, or a liquid"
    )]
    NeverDivided {
        /// The unit.
        unit: Unit,
        /// Id of the rule.
        rule: String,
        /// Why.
        say: String,
    },
    /// A unit stronger than any low dose.
    #[error("{rule}: a {unit} holds more than {limit}: {say}; expected strengths of low-dose naltrexone")]
    TooStrong {
        /// The unit.
        unit: Unit,
        /// The strongest that is accepted.
        limit: Dose,
        /// Id of the rule.
        rule: String,
        /// Why.
        say: String,
    },
    /// No such limit.
    #[error("`{id}` is no beyond-use limit; expected one of {}", .known.join(", "))]
    UnknownLimit {
        /// As given.
        id: String,
        /// Those that there are.
        known: Vec<String>,
    },
    /// A limit of something else.
    #[error("the beyond-use limit `{id}` does not hold for a {form}; expected one of {}", .known.join(", "))]
    OtherForm {
        /// As given.
        id: String,
        /// The form in the stock.
        form: String,
        /// Those that hold for it.
        known: Vec<String>,
    },
    /// A limit that was measured at another concentration.
    #[error("the beyond-use limit `{id}` was measured at {needed}, not at {found}; expected a default limit")]
    OtherConcentration {
        /// As given.
        id: String,
        /// That of the study.
        needed: Concentration,
        /// That of the stock.
        found: Concentration,
    },
    /// A concentration that nobody uses.
    #[error("UN-06: a liquid of {found} is not one of those in use; expected {}", .known.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))]
    Concentration {
        /// As given.
        found: Concentration,
        /// Those that are accepted.
        known: Vec<Concentration>,
    },
    /// A syringe that cannot measure exactly.
    #[error(
        "a syringe step of {step} of a liquid of {concentration} is no whole number of nanograms; expected a step such as 0.1 mL"
    )]
    SyringeStep {
        /// As given.
        step: Volume,
        /// Of the liquid.
        concentration: Concentration,
    },
    /// A bottle that holds nothing.
    #[error("a bottle of 0 mL holds nothing; expected a volume such as 100 mL")]
    EmptyBottle,
    /// A fill that lasts no day.
    #[error("a fill of 0 days; expected at least 1 day")]
    NoFillDays,
}

impl Stock {
    /// Makes a stock of units that keep as the default says; checked against what is known about compounding.
    ///
    /// # Errors
    /// [`StockError`] naming the first thing that cannot be.
    pub fn of_units(units: Vec<Unit>, compounding: &Compounding) -> Result<Stock, StockError> {
        Stock::new(units, None, compounding)
    }

    /// Makes a stock of one liquid.
    ///
    /// # Errors
    /// [`StockError`] naming the first thing that cannot be.
    pub fn of_liquid(liquid: Liquid, compounding: &Compounding) -> Result<Stock, StockError> {
        Stock::new(vec![], Some(liquid), compounding)
    }

    /// Makes a stock of units and, if there is one, a liquid for the doses that the units do not make.
    ///
    /// # Errors
    /// [`StockError`] naming the first thing that cannot be.
    pub fn new(
        mut units: Vec<Unit>,
        liquid: Option<Liquid>,
        compounding: &Compounding,
    ) -> Result<Stock, StockError> {
        units.sort();
        if let Some(pair) = units.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(StockError::Twice(pair[0]));
        }
        if units.is_empty() && liquid.is_none() {
            return Err(StockError::Empty);
        }
        units.iter().try_for_each(|unit| check_unit(*unit, compounding))?;
        if let Some(liquid) = &liquid {
            check_liquid(liquid, compounding)?;
        }
        Ok(Stock { units, units_keep: "solid-default".to_owned(), liquid, lead_days: 0, fill_days: None })
    }

    /// Reads units written with commas between them: "0.5 mg, 3 mg tablet scored in halves".
    ///
    /// # Errors
    /// [`UnitError`] naming the first that is none; a strength without its unit is one.
    pub fn read_units(text: &str) -> Result<Vec<Unit>, UnitError> {
        text.split(',').map(str::parse).collect()
    }

    /// Returns the same stock, whose units keep as another limit says.
    ///
    /// # Errors
    /// [`StockError::UnknownLimit`] or [`StockError::OtherForm`].
    pub fn units_keeping(self, id: &str, compounding: &Compounding) -> Result<Stock, StockError> {
        for unit in &self.units {
            limit_for(id, unit.form.singular(), compounding)?;
        }
        Ok(Stock { units_keep: id.to_owned(), ..self })
    }

    /// Returns the same stock, made so many days before the first dose.
    pub fn with_lead_days(self, lead_days: u32) -> Stock {
        Stock { lead_days, ..self }
    }

    /// Returns the same stock, handed out for at most so many days at a time.
    ///
    /// # Errors
    /// [`StockError::NoFillDays`] for zero.
    pub fn with_fill_days(self, fill_days: u32) -> Result<Stock, StockError> {
        if fill_days == 0 {
            return Err(StockError::NoFillDays);
        }
        Ok(Stock { fill_days: Some(fill_days), ..self })
    }

    /// Returns the units, weakest first.
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// Returns the liquid.
    pub fn liquid(&self) -> Option<&Liquid> {
        self.liquid.as_ref()
    }

    /// Returns the days from making to the first dose.
    pub const fn lead_days(&self) -> u32 {
        self.lead_days
    }

    /// Returns the longest that one fill may last.
    pub const fn fill_days(&self) -> Option<u32> {
        self.fill_days
    }

    /// Returns the id of the beyond-use limit of the units.
    pub fn units_keep(&self) -> &str {
        &self.units_keep
    }
}

impl Liquid {
    /// Makes a liquid that a pharmacy fills to measure without preservative, with the usual syringe.
    pub fn unpreserved(concentration: Concentration, compounding: &Compounding) -> Liquid {
        Liquid {
            concentration,
            syringe_step: compounding.syringe_step().unwrap_or(Volume::from_microlitres(100)),
            bottle: None,
            keeps: "liquid-unpreserved".to_owned(),
        }
    }
}

/// Returns the limit of a form by its id.
fn limit_for<'a>(id: &str, form: &str, compounding: &'a Compounding) -> Result<&'a BeyondUse, StockError> {
    let ids = |wanted: &dyn Fn(&BeyondUse) -> bool| {
        compounding.all_beyond_use().filter(|limit| wanted(limit)).map(|limit| limit.id.clone()).collect()
    };
    let Some(limit) = compounding.beyond_use(id) else {
        return Err(StockError::UnknownLimit { id: id.to_owned(), known: ids(&|_| true) });
    };
    if !limit.forms.iter().any(|named| named == form) {
        let known = ids(&|limit| limit.forms.iter().any(|named| named == form));
        return Err(StockError::OtherForm { id: id.to_owned(), form: form.to_owned(), known });
    }
    Ok(limit)
}

fn check_unit(unit: Unit, compounding: &Compounding) -> Result<(), StockError> {
    let limits = compounding.limits();
    let (divided, largest) = (&limits.never_divided, &limits.largest_unit);
    if unit.score != Score::Whole && unit.strength.dose() >= divided.from {
        return Err(StockError::NeverDivided { unit, rule: divided.rule.clone(), say: divided.say.clone() });
    }
    if unit.strength.dose() > largest.dose {
        return Err(StockError::TooStrong {
            unit,
            limit: largest.dose,
            rule: largest.rule.clone(),
            say: largest.say.clone(),
        });
    }
    Ok(())
}

fn check_liquid(liquid: &Liquid, compounding: &Compounding) -> Result<(), StockError> {
    let known = compounding.concentrations();
    let Liquid { concentration, syringe_step: step, bottle, keeps } = liquid;
    if !known.contains(concentration) {
        return Err(StockError::Concentration { found: *concentration, known });
    }
    if step.is_zero() || concentration.dose_in(*step).is_none_or(Dose::is_zero) {
        return Err(StockError::SyringeStep { step: *step, concentration: *concentration });
    }
    if bottle.is_some_and(Volume::is_zero) {
        return Err(StockError::EmptyBottle);
    }
    let limit = limit_for(keeps, LIQUID, compounding)?;
    match limit.needs_concentration {
        Some(needed) if needed != *concentration => {
            Err(StockError::OtherConcentration { id: keeps.clone(), needed, found: *concentration })
        }
        _ => Ok(()),
    }
}
