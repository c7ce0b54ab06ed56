//! OP-12, DI-01 to DI-08, IM-02, DU-01 to DU-04: medicines that are no opioids.

use super::{Hit, any};
use crate::screen::answer::Because;
use crate::screen::facts::{Facts, Taken};
use crate::screen::first_allowed_day;
use crate::screen::rule::Rule;

/// A medicine of the rule's classes is in use.
pub(super) fn in_use(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    any(of_classes(facts, rule))
}

fn of_classes(facts: &Facts<'_>, rule: &Rule) -> Vec<Because> {
    let fact = |taken: &Taken<'_>| taken.of_class(&rule.classes).map(|found| taken.because(found.medicine));
    facts.medicines.iter().filter(|taken| taken.is_in_use()).filter_map(fact).collect()
}

/// DI-03: another medicine with liver risk (disulfiram has its own rule), or much paracetamol.
pub(super) fn hepatotoxic(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    let limit = rule.milligrams("paracetamol_above");
    let mut because = Vec::new();
    for taken in facts.medicines.iter().filter(|taken| taken.is_in_use()) {
        if let Some(found) = taken.of_class(&rule.classes)
            && !found.medicine.is("disulfiram")
        {
            because.push(taken.because(found.medicine));
        }
        // In a combination the amount a day may be that of the other ingredient.
        if let [found] = taken.matches.as_slice()
            && found.medicine.is("paracetamol")
            && taken.listed.per_day.as_ref().and_then(|amount| amount.mass).is_some_and(|mass| mass > limit)
        {
            because.push(taken.because(found.medicine));
            because.extend(taken.per_day());
        }
    }
    any(because)
}

/// IM-02: in use, or stopped so lately that the trials would still have waited.
pub(super) fn immunosuppressant(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    let washout = 7 * i32::from(rule.whole("anti_tnf_washout"));
    let still_acts = |taken: &Taken<'_>| {
        taken.is_in_use() || taken.listed.last_taken.is_none_or(|day| facts.days_since(day) < washout)
    };
    let fact = |taken: &Taken<'_>| {
        let found = taken.of_class(&rule.classes)?;
        (!rule.except.contains(&found.medicine.id)).then(|| taken.because(found.medicine))
    };
    any(facts.medicines.iter().filter(|taken| still_acts(taken)).filter_map(fact))
}

/// DU-02: a naltrexone depot in use, or within its time, or nobody knows when.
pub(super) fn naltrexone_depot(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    let mut hits = Vec::new();
    for taken in &facts.medicines {
        let Some(found) = taken.of_class(&rule.classes) else {
            continue;
        };
        let first_day = taken.listed.last_taken.map(|day| first_allowed_day(day, rule.whole("clearance")));
        let is_over = first_day.is_some_and(|day| day <= facts.today);
        if taken.is_in_use() || !is_over {
            let facts_of = std::iter::once(taken.because(found.medicine)).chain(taken.last_taken());
            hits.push(Hit::because(facts_of).until(first_day.filter(|day| *day > facts.today)));
        }
    }
    hits
}

/// DU-03: naltrexone above any LDN dose, or another antagonist.
pub(super) fn antagonist(facts: &Facts<'_>, rule: &Rule) -> Vec<Hit> {
    let ldn_at_most = rule.milligrams("ldn_at_most");
    let others: Vec<String> =
        rule.classes.iter().filter(|class| !class.starts_with("naltrexone")).cloned().collect();
    let mut because = Vec::new();
    for taken in facts.medicines.iter().filter(|taken| taken.is_in_use()) {
        if let Some(naltrexone) = taken.naltrexone().filter(|naltrexone| naltrexone.is_above(ldn_at_most)) {
            because.push(taken.because(naltrexone.medicine));
            because.extend(taken.per_day());
        } else if let Some(found) = taken.of_class(&others) {
            because.push(taken.because(found.medicine));
        }
    }
    any(because)
}
