//! All medicines that are known by name.

use std::sync::LazyLock;

use ldn_core::data::Problems;

use super::assemble::assemble;
use super::index::Index;
use super::{Form, Medicine, Reading, Recognition, recognise};

/// All medicines, parsed once.
#[derive(Debug)]
pub struct Formulary {
    /// By id.
    pub(super) medicines: Vec<Medicine>,
    pub(super) forms: Vec<FormOf>,
    pub(super) index: Index,
    pub(super) endings: Endings,
    /// Words of opioid names of several words, sorted: where one stands, its neighbours are compared too.
    pub(super) hooks: Vec<String>,
}

/// A medicine that another becomes in some form.
#[derive(Clone, Copy, Debug)]
pub(super) struct FormOf {
    pub(super) base: usize,
    pub(super) form: Form,
    pub(super) medicine: usize,
}

/// Endings that decide about an unknown word.
#[derive(Debug, Default)]
pub(super) struct Endings {
    pub(super) shortest: usize,
    pub(super) all: Vec<Ending>,
}

/// An ending that the names of one kind of medicine share.
#[derive(Debug)]
pub(super) struct Ending {
    pub(super) ending: String,
    pub(super) medicine: usize,
    pub(super) opioid: bool,
}

static SHIPPED: LazyLock<Formulary> = LazyLock::new(|| {
    let files = include!(concat!(env!("OUT_DIR"), "/files.rs"));
    Formulary::from_files(files).unwrap_or_else(|problems| panic!("a test reads every file: {problems}"))
});

impl Formulary {
    /// Returns the formulary that is compiled in.
    pub fn shipped() -> &'static Formulary {
        &SHIPPED
    }

    /// Reads a formulary from files, each a path inside `data/` with its text.
    ///
    /// # Errors
    /// Every problem of every file: unknown keys, unknown ids, a name that stands twice, an ordinary medicine whose
    /// name contains that of an opioid.
    pub fn from_files(files: &[(&str, &str)]) -> Result<Formulary, Problems> {
        assemble(files)
    }

    pub(super) fn of(
        medicines: Vec<Medicine>,
        forms: Vec<FormOf>,
        index: Index,
        endings: Endings,
        hooks: Vec<String>,
    ) -> Formulary {
        Formulary { medicines, forms, index, endings, hooks }
    }

    /// Tells what a medicine is from how somebody wrote it: brand, generic, misspelt, several in one.
    ///
    /// ```
    /// use ldn_care::medicine::{Formulary, Recognition};
    ///
    /// let Recognition::Recognised(found) = Formulary::shipped().recognise("Percocet 5/325 prn") else { panic!() };
    /// assert_eq!(found[0].medicine.id, "oxycodone");
    /// assert_eq!(found[1].medicine.id, "paracetamol");
    /// ```
    pub fn recognise(&self, written: &str) -> Recognition<'_> {
        self.read(written).summary()
    }

    /// Returns all that was found in an item, understood or not; [`Formulary::recognise`] is its summary.
    pub fn read(&self, written: &str) -> Reading<'_> {
        recognise::read(self, written)
    }

    /// Returns the medicine with this id.
    pub fn medicine(&self, id: &str) -> Option<&Medicine> {
        let at = self.medicines.binary_search_by(|medicine| medicine.id.as_str().cmp(id)).ok()?;
        self.medicines.get(at)
    }

    /// Returns the medicine of the same ingredient in this form, or the medicine itself if the form changes nothing.
    ///
    /// For a form that is known from elsewhere than the name: `fentanyl` with the route `patch` is `fentanyl-patch`.
    pub fn in_form<'a>(&'a self, medicine: &'a Medicine, form: Form) -> &'a Medicine {
        let becomes = |of: &&FormOf| of.form == form && self.medicines[of.base].id == medicine.id;
        self.forms.iter().find(becomes).map_or(medicine, |of| &self.medicines[of.medicine])
    }

    /// Returns every medicine, by id.
    pub fn medicines(&self) -> impl Iterator<Item = &Medicine> {
        self.medicines.iter()
    }

    /// Returns every name that decides, as it is compared (small letters without gaps), with its medicine.
    pub fn names(&self) -> impl Iterator<Item = (&str, &Medicine)> {
        let named = |slot: &super::index::Slot| slot.name.as_ref().map(|name| name.medicine);
        self.index
            .slots()
            .iter()
            .filter_map(move |slot| Some((slot.key.as_str(), &self.medicines[named(slot)?])))
    }

    /// Returns every class that a medicine belongs to, once, in order.
    pub fn classes(&self) -> impl Iterator<Item = &str> {
        let mut all: Vec<&str> =
            self.medicines.iter().flat_map(|medicine| medicine.classes.iter().map(String::as_str)).collect();
        all.sort_unstable();
        all.dedup();
        all.into_iter()
    }
}
