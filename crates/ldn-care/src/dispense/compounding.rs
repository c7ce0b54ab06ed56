//! What is known about making LDN, as data: forms, usual strengths, beyond-use dates, fillers, prices, label texts.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use ldn_core::Dose;
use ldn_core::data::{Problems, Status, id_of, parse_into};
use ldn_core::quantity::{Concentration, Strength, UnitForm, Volume};
use serde::{Deserialize, Serialize};

/// The files under `data/compounding`, compiled in.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/compounding_files.rs"));

static SHIPPED: LazyLock<Compounding> = LazyLock::new(|| {
    Compounding::read(FILES.iter().copied()).expect("a test reads every file that is compiled in")
});

/// What is known about making LDN.
#[derive(Clone, Debug)]
pub struct Compounding {
    forms: BTreeMap<String, FormFacts>,
    beyond_use: BTreeMap<String, BeyondUse>,
    fillers: Fillers,
    limits: Limits,
    labels: Labels,
}

/// A form in which LDN is made.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormFacts {
    /// `capsule`, `oral-liquid`; equals the file name.
    pub id: String,
    /// What it is, in a few words.
    pub title: String,
    /// How it is counted.
    pub kind: FormKind,
    /// Why it is not dispensed here; only for such forms.
    #[serde(default)]
    pub why: Option<String>,
    /// How far it has been checked.
    pub status: Status,
    /// Ids of the sources.
    pub sources: Vec<String>,
    /// What of it was seen, where `status` does not say it all.
    #[serde(default)]
    pub checked: String,
    /// Usual strengths, weakest first.
    #[serde(default, rename = "size")]
    pub sizes: Vec<Size>,
    /// The steps of the syringe; only for liquids.
    #[serde(default)]
    pub syringe: Option<Syringe>,
    /// What it costs; `None` if no price was seen.
    #[serde(default)]
    pub cost: Option<Price>,
}

/// How a form is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FormKind {
    /// By the piece.
    Unit,
    /// By volume.
    Liquid,
    /// Known, but not dispensed by this program.
    NotMadeHere,
}

/// A usual strength or concentration.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Size {
    /// "1.5 mg" or "1 mg/mL".
    pub amount: String,
    /// How far it has been checked.
    pub status: Status,
    /// What must stand on the label because of it.
    #[serde(default)]
    pub caution: Option<String>,
    /// What else is known.
    #[serde(default)]
    pub note: String,
}

/// The syringe that a liquid is measured with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Syringe {
    /// Its smallest step.
    pub step: Volume,
    /// How far it has been checked.
    pub status: Status,
}

/// A range of prices.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// The lowest, in hundredths of the currency.
    pub low_cents: u64,
    /// The highest, in hundredths of the currency.
    pub high_cents: u64,
    /// Such as "USD".
    pub currency: String,
    /// For what.
    pub per: PricedBy,
    /// Id of the source.
    pub source: String,
    /// How far it has been checked.
    pub status: Status,
    /// What else is known.
    #[serde(default)]
    pub note: String,
}

/// What a price is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PricedBy {
    /// One capsule, tablet or troche.
    Unit,
    /// One swallowing.
    Dose,
}

/// How long something may be used after it was made, and on what that rests.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BeyondUse {
    /// `solid-default`; equals the file name.
    pub id: String,
    /// What it holds for, in a few words.
    pub title: String,
    /// Ids of the forms that it holds for.
    pub forms: Vec<String>,
    /// Days from the day of making; the last dose is taken before the last of them.
    pub days: u32,
    /// What it rests on.
    pub basis: Basis,
    /// How to keep it.
    pub storage: String,
    /// The filler that it holds for; `None` if it holds for any.
    #[serde(default)]
    pub needs_filler: Option<String>,
    /// The concentration that it holds for; `None` if it holds for any.
    #[serde(default)]
    pub needs_concentration: Option<Concentration>,
    /// What must be said of a liquid made at home; `None` if a pharmacy makes it.
    #[serde(default)]
    pub home: Option<Home>,
    /// How far it has been checked.
    pub status: Status,
    /// Ids of the sources.
    pub sources: Vec<String>,
    /// What of it was seen, where `status` does not say it all.
    #[serde(default)]
    pub checked: String,
    /// Who disagrees, and what was chosen.
    #[serde(default)]
    pub disagreement: String,
}

/// What a beyond-use date rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// The limit for products without a study of their own.
    Default,
    /// A study of this product.
    Study,
}

impl Basis {
    /// Returns the word of the JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Basis::Default => "default",
            Basis::Study => "study",
        }
    }
}

/// What must be said of a liquid made at home.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Home {
    /// The smallest dose that may be measured of it.
    #[serde(deserialize_with = "dose")]
    pub smallest_dose: Dose,
    /// The warning.
    pub caution: String,
}

/// What capsules are filled with.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fillers {
    id: String,
    status: Status,
    sources: Vec<String>,
    /// All that are known.
    #[serde(rename = "filler")]
    pub known: Vec<Filler>,
}

/// One filler.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filler {
    /// Its name.
    pub name: String,
    /// What else it is called.
    pub also: Vec<String>,
    /// Whether it may be used.
    pub r#use: FillerUse,
    /// Why.
    #[serde(default)]
    pub note: String,
    /// Id of the source.
    pub source: String,
    /// How far it has been checked.
    pub status: Status,
}

/// Whether a filler may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FillerUse {
    /// The usual one.
    Usual,
    /// Seen in use.
    Seen,
    /// Never asked for.
    Refused,
}

impl Fillers {
    /// Returns what is known of a filler by its name or another of its names.
    pub fn named(&self, name: &str) -> Option<&Filler> {
        let name = name.trim().to_lowercase();
        self.known.iter().find(|filler| filler.name == name || filler.also.contains(&name))
    }

    /// Returns the fillers that are never asked for.
    pub fn refused(&self) -> impl Iterator<Item = &Filler> {
        self.known.iter().filter(|filler| filler.r#use == FillerUse::Refused)
    }
}

/// What is never made or divided.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    id: String,
    status: Status,
    sources: Vec<String>,
    /// Units that are never divided.
    pub never_divided: NeverDivided,
    /// The strongest unit of a low dose.
    pub largest_unit: LargestUnit,
}

/// Units that are never divided.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NeverDivided {
    /// From this strength on.
    #[serde(deserialize_with = "dose")]
    pub from: Dose,
    /// Id of the rule of screening.
    pub rule: String,
    /// Why.
    pub say: String,
    status: Status,
    /// Who disagrees, and what was chosen.
    pub disagreement: String,
}

/// The strongest unit of a low dose.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LargestUnit {
    /// No more than this.
    #[serde(deserialize_with = "dose")]
    pub dose: Dose,
    /// Id of the rule of screening.
    pub rule: String,
    /// Why.
    pub say: String,
    status: Status,
}

/// Words of orders, labels and patient sheets.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Labels {
    id: String,
    status: Status,
    sources: Vec<String>,
    checked: String,
    /// Words of the order.
    pub order: OrderWords,
    /// Generic names.
    pub generic_name: GenericName,
    /// Words of every label.
    pub label: LabelWords,
    /// Words of the patient sheet.
    pub sheet: SheetWords,
    /// Words about blinded plans.
    pub blinded: BlindedWords,
}

/// Words of the order.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderWords {
    /// That it must be made.
    pub to_be_compounded: String,
    /// That it must be immediate release.
    pub release: String,
    /// That the use is off-label.
    pub off_label: String,
}

/// Generic names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GenericName {
    /// Of the salt.
    pub hydrochloride: String,
    /// Of the base.
    pub base: String,
}

/// Words of every label.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabelWords {
    /// About children.
    pub child_resistant: String,
    /// About people nearby who take opioids.
    pub opioid_household: String,
    /// About doubling.
    pub one_dose: String,
    /// Of capsules.
    pub swallow_whole: String,
    /// Of liquids.
    pub shake: String,
}

/// Words of the patient sheet.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SheetWords {
    /// What an old plan says instead of a dose.
    pub ask: String,
    /// Why, when its last valid day has passed.
    pub expired: String,
    /// Why, when a newer plan has replaced it.
    pub superseded: String,
    /// What an unsigned plan says.
    pub not_signed: String,
    /// What a blinded plan says instead of doses.
    pub kit: String,
    /// About opioids.
    pub opioids: String,
}

/// Words about blinded plans.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlindedWords {
    /// Why nothing is dispensed from one.
    pub refuse: String,
}

fn dose<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Dose, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
}

impl Compounding {
    /// Returns what is compiled in; read and checked once.
    pub fn shipped() -> &'static Compounding {
        &SHIPPED
    }

    /// Returns the paths of the files that are compiled in, with their texts.
    pub fn shipped_files() -> &'static [(&'static str, &'static str)] {
        FILES
    }

    /// Reads what is known about making LDN from the paths inside `data/` and the texts of the files.
    ///
    /// # Errors
    /// All problems of all files at once; a file that is missing is one.
    pub fn read<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Compounding, Problems> {
        let mut problems = Problems::new();
        let (mut forms, mut beyond_use) = (BTreeMap::new(), BTreeMap::new());
        let (mut fillers, mut limits, mut labels) = (None, None, None);
        for (file, text) in files {
            match file.strip_prefix("compounding/").unwrap_or(file) {
                "fillers.toml" => fillers = parse_into::<Fillers>(file, text, &mut problems),
                "limits.toml" => limits = parse_into::<Limits>(file, text, &mut problems),
                "labels.toml" => labels = parse_into::<Labels>(file, text, &mut problems),
                rest if rest.starts_with("forms/") => {
                    if let Some(form) = parse_into::<FormFacts>(file, text, &mut problems) {
                        form.check(file, &mut problems);
                        forms.insert(form.id.clone(), form);
                    }
                }
                rest if rest.starts_with("beyond-use/") => {
                    if let Some(limit) = parse_into::<BeyondUse>(file, text, &mut problems) {
                        limit.check(file, &mut problems);
                        beyond_use.insert(limit.id.clone(), limit);
                    }
                }
                _ => problems.value(file, "file", file, "fillers, limits, labels, forms/… or beyond-use/…"),
            }
        }
        check_references(&forms, &beyond_use, &mut problems);
        let (Some(fillers), Some(limits), Some(labels)) = (fillers, limits, labels) else {
            problems.value("compounding", "file", "missing", "fillers.toml, limits.toml and labels.toml");
            return Err(problems);
        };
        problems.or(Compounding { forms, beyond_use, fillers, limits, labels })
    }

    /// Returns a form by its id.
    pub fn form(&self, id: &str) -> Option<&FormFacts> {
        self.forms.get(id)
    }

    /// Returns all forms by id.
    pub fn forms(&self) -> impl Iterator<Item = &FormFacts> {
        self.forms.values()
    }

    /// Returns a beyond-use limit by its id.
    pub fn beyond_use(&self, id: &str) -> Option<&BeyondUse> {
        self.beyond_use.get(id)
    }

    /// Returns all beyond-use limits by id.
    pub fn all_beyond_use(&self) -> impl Iterator<Item = &BeyondUse> {
        self.beyond_use.values()
    }

    /// Returns what capsules are filled with.
    pub fn fillers(&self) -> &Fillers {
        &self.fillers
    }

    /// Returns what is never made or divided.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Returns the words of orders, labels and sheets.
    pub fn labels(&self) -> &Labels {
        &self.labels
    }

    /// Returns the usual strengths of a form, weakest first.
    pub fn usual_strengths(&self, form: UnitForm) -> Vec<Strength> {
        let sizes = self.form(form.singular()).map(|facts| facts.sizes.as_slice()).unwrap_or_default();
        sizes.iter().filter_map(|size| size.amount.parse().ok()).collect()
    }

    /// Returns the concentrations that a liquid may have, weakest first (rule UN-06).
    pub fn concentrations(&self) -> Vec<Concentration> {
        self.liquid_sizes().filter_map(|size| size.amount.parse().ok()).collect()
    }

    /// Returns what must stand on the label of a liquid because of its concentration.
    pub fn concentration_caution(&self, concentration: Concentration) -> Option<&str> {
        self.liquid_sizes().find(|size| size.amount.parse() == Ok(concentration))?.caution.as_deref()
    }

    fn liquid_sizes(&self) -> impl Iterator<Item = &Size> {
        self.form(LIQUID).into_iter().flat_map(|form| form.sizes.iter())
    }

    /// Returns the steps that a liquid is measured in, unless another is named.
    pub fn syringe_step(&self) -> Option<Volume> {
        Some(self.form(LIQUID)?.syringe?.step)
    }
}

/// Id of the only liquid that is dispensed.
pub(super) const LIQUID: &str = "oral-liquid";

impl FormFacts {
    fn check(&self, file: &str, problems: &mut Problems) {
        check_id(file, &self.id, problems);
        for size in &self.sizes {
            let is_right = match self.kind {
                FormKind::Unit => size.amount.parse::<Strength>().is_ok(),
                FormKind::Liquid => size.amount.parse::<Concentration>().is_ok(),
                FormKind::NotMadeHere => false,
            };
            if !is_right {
                problems.value(
                    file,
                    "size.amount",
                    &size.amount,
                    "a strength, or a concentration of a liquid",
                );
            }
        }
        if (self.kind == FormKind::NotMadeHere) != self.why.is_some() {
            problems.value(file, "why", self.why.as_deref().unwrap_or(""), "why a form is not made here");
        }
        if (self.kind == FormKind::Liquid) != self.syringe.is_some() {
            problems.value(file, "syringe", &self.id, "the steps of a syringe, for a liquid only");
        }
        if self.syringe.is_some_and(|syringe| syringe.step.is_zero()) {
            problems.value(file, "syringe.step", "0 mL", "more than 0 mL");
        }
        if let Some(cost) = self.cost.as_ref().filter(|cost| cost.low_cents > cost.high_cents) {
            problems.value(file, "cost.low_cents", cost.low_cents, format_args!("up to {}", cost.high_cents));
        }
    }
}

impl BeyondUse {
    fn check(&self, file: &str, problems: &mut Problems) {
        check_id(file, &self.id, problems);
        if self.days == 0 {
            problems.value(file, "days", self.days, "at least 1");
        }
        if self.sources.is_empty() {
            problems.value(file, "sources", "", "at least one");
        }
    }
}

fn check_id(file: &str, id: &str, problems: &mut Problems) {
    if id != id_of(file) {
        problems.value(file, "id", id, format_args!("the file's own name, {:?}", id_of(file)));
    }
}

/// Checks that limits name forms that exist, and that the forms that are dispensed have a default limit.
fn check_references(
    forms: &BTreeMap<String, FormFacts>,
    beyond_use: &BTreeMap<String, BeyondUse>,
    problems: &mut Problems,
) {
    for limit in beyond_use.values() {
        for form in limit.forms.iter().filter(|form| !forms.contains_key(*form)) {
            problems.value(&format!("compounding/beyond-use/{}.toml", limit.id), "forms", form, "a form");
        }
    }
    for form in UnitForm::ALL.iter().map(|form| form.singular()).chain([LIQUID]) {
        let has_default = beyond_use
            .values()
            .any(|limit| limit.basis == Basis::Default && limit.forms.iter().any(|named| named == form));
        if !forms.contains_key(form) || !has_default {
            problems.value("compounding", "forms", form, "a form with a default beyond-use date");
        }
    }
}
