//! AL-01 to AL-04, EX-01, EX-02: allergies, reactions and fillers.

use super::{Hit, any};
use crate::medicine::Medicine;
use crate::screen::answer::Because;
use crate::screen::facts::{Facts, List, Named};
use crate::screen::rule::Rule;

/// Where an intolerance can stand.
const INTOLERANCES: [List; 3] = [List::Allergy, List::Condition, List::Indication];

/// Returns an allergy against a medicine that fits, with the medicine.
fn against(named: &Named<'_>, fits: impl Fn(&Medicine) -> bool) -> Option<Because> {
    let medicine = named.medicines.iter().find(|medicine| fits(medicine))?;
    Some(Because { recognised: Some(medicine.name.clone()), ..named.because() })
}

fn allergies<'f>(facts: &'f Facts<'_>) -> impl Iterator<Item = &'f Named<'f>> {
    facts.named.iter().filter(|named| named.list == List::Allergy)
}

/// AL-01: allergy to naltrexone, over or not.
pub(super) fn naltrexone(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    let fits = |medicine: &Medicine| rule.classes.iter().any(|class| medicine.is(class));
    let terms = ["naltrexone-allergy"];
    let listed = allergies(facts).filter_map(|named| against(named, fits));
    let conditions = facts.ever(&[List::Condition], &terms).map(|named| named.because_of(&terms));
    any(listed.chain(conditions))
}

/// AL-02: allergy to naloxone, nalmefene or an opioid of the phenanthrene family, or to "opioids".
pub(super) fn related(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    let fits = |medicine: &Medicine| {
        rule.classes.iter().any(|class| medicine.is(class)) || rule.medicines.contains(&medicine.id)
    };
    let terms = ["opioid-groups"];
    let groups = facts.ever(&[List::Allergy], &terms).map(|named| named.because_of(&terms));
    any(allergies(facts).filter_map(|named| against(named, fits)).chain(groups))
}

/// AL-03: swelling or trouble breathing at any time; hives and wheeze once LDN has begun.
pub(super) fn severe_reaction(facts: &Facts<'_>, _: &Rule) -> Vec<Hit> {
    let terms: &[&str] =
        if facts.ldn.has_begun { &["severe-allergic", "allergic"] } else { &["severe-allergic"] };
    any(facts.present(&[List::Symptom], terms).map(|named| named.because_of(terms)))
}

/// AL-04: cough, breathlessness or fever once LDN has begun.
pub(super) fn new_breathlessness(facts: &Facts<'_>, _: &Rule) -> Vec<Hit> {
    let terms = ["new-breath"];
    if !facts.ldn.has_begun {
        return Vec::new();
    }
    any(facts.present(&[List::Symptom], &terms).map(|named| named.because_of(&terms)))
}

/// EX-01: lactose.
pub(super) fn lactose(facts: &Facts<'_>, _: &Rule) -> Vec<Hit> {
    let terms = ["lactose"];
    any(facts.present(&INTOLERANCES, &terms).map(|named| named.because_of(&terms)))
}

/// EX-02: another filler, or a way of eating that rules one out.
pub(super) fn filler(facts: &Facts<'_>, _: &Rule) -> Vec<Hit> {
    let terms = ["filler"];
    any(facts.present(&INTOLERANCES, &terms).map(|named| named.because_of(&terms)))
}
