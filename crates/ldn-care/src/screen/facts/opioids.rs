//! Opioids of the list: which rules they fall under, and when their interval has passed.

use jiff::civil::Date;

use super::medicines::Taken;
use crate::intake::{Answer, Release as Stated, Use};
use crate::medicine::{Match, Medicine, Release};
use crate::screen::answer::Because;
use crate::screen::first_allowed_day;
use crate::screen::ruleset::RuleSet;

/// One opioid of the list.
pub(in crate::screen) struct OpioidUse<'a> {
    /// Position of its medicine among the medicines.
    pub(in crate::screen) taken: usize,
    /// What it is; `None` for a name that nobody recognised and that the prescriber called an opioid.
    pub(in crate::screen) medicine: Option<&'a Medicine>,
    /// The drug rules it falls under.
    pub(in crate::screen) drug_rules: Vec<&'static str>,
    /// Days after the last exposure; `None` where no date may be computed.
    pub(in crate::screen) interval: Option<u16>,
    pub(in crate::screen) usage: Use,
    pub(in crate::screen) last_taken: Option<Date>,
    /// Long-acting by itself, by its form, or because nothing says otherwise.
    pub(in crate::screen) is_long_acting: bool,
    /// The name or the intake says that it is an extended-release form.
    is_stated_extended: bool,
    /// Nothing says whether it is an extended-release form.
    pub(in crate::screen) is_release_open: bool,
    because: Because,
}

/// How fast a product lets its opioid go, as far as is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pace {
    /// At once.
    Immediate,
    /// Extended, and somebody says so.
    Extended,
    /// Sold as both under this brand: counts as extended.
    Both,
    /// A generic name that is sold as both: neither can be ruled out.
    Open,
}

impl OpioidUse<'_> {
    /// Returns true while it is not stopped.
    pub(in crate::screen) fn is_in_use(&self) -> bool {
        self.usage != Use::Stopped
    }

    /// Returns true if it falls under this drug rule.
    pub(in crate::screen) fn is_under(&self, rule: &str) -> bool {
        self.drug_rules.contains(&rule)
    }

    /// Returns true for an opioid with a depot, for which no date may be computed.
    pub(in crate::screen) fn is_depot(&self) -> bool {
        self.is_under("OP-06")
    }

    /// Returns the first day after the interval; `None` if the last exposure or the interval is not known.
    pub(in crate::screen) fn first_allowed_day(&self) -> Option<Date> {
        Some(first_allowed_day(self.last_taken?, self.interval?))
    }

    /// Returns the first day after the interval if that is still to come. An opioid in use whose last dose is long ago
    /// is a contradiction, and no date.
    pub(in crate::screen) fn earliest_start(&self, today: Date) -> Option<Date> {
        self.first_allowed_day().filter(|day| *day > today)
    }

    /// Returns true for a stopped opioid whose interval has not passed or cannot be counted.
    pub(in crate::screen) fn is_within_interval(&self, today: Date) -> bool {
        !self.is_in_use() && !self.is_depot() && self.first_allowed_day().is_none_or(|day| day > today)
    }

    /// Returns true if it stands in the way of a start.
    pub(in crate::screen) fn stands_in_the_way(&self, today: Date) -> bool {
        let is_opioid_for_the_rules = !self.drug_rules.is_empty();
        is_opioid_for_the_rules && (self.is_in_use() || self.is_within_interval(today))
    }

    /// Returns true for a short-acting opioid taken now and then.
    pub(in crate::screen) fn is_occasional(&self) -> bool {
        let is_short_acting =
            ["OP-01", "OP-07", "OP-08", "OP-09", "OP-13"].iter().any(|rule| self.is_under(rule));
        self.usage == Use::AsNeeded && is_short_acting && !self.is_stated_extended
    }

    /// Returns it as a fact.
    pub(in crate::screen) fn because(&self) -> Because {
        self.because.clone()
    }
}

/// Finds the opioids among the medicines.
pub(super) fn of<'a>(medicines: &[Taken<'a>], rules: &RuleSet) -> Vec<OpioidUse<'a>> {
    let mut opioids = Vec::new();
    for (idx, taken) in medicines.iter().enumerate() {
        for found in taken.matches.iter().filter(|found| found.medicine.opioid.is_some()) {
            opioids.extend(recognised(idx, taken, found, rules));
        }
        if taken.matches.is_empty() && taken.listed.not_an_opioid == Answer::No {
            opioids.push(unrecognised(idx, taken, rules));
        }
    }
    opioids
}

/// Returns an opioid that was recognised; `None` if no interval is needed after it.
fn recognised<'a>(
    idx: usize,
    taken: &Taken<'a>,
    found: &Match<'a>,
    rules: &RuleSet,
) -> Option<OpioidUse<'a>> {
    let pace = pace(taken, found);
    let drug_rules = drug_rules(taken, found.medicine, pace, rules);
    if drug_rules.is_empty() {
        return None;
    }
    let medicine = found.medicine;
    let is_long_acting = pace != Pace::Immediate || medicine.is("opioid-long-acting");
    Some(OpioidUse {
        taken: idx,
        medicine: Some(medicine),
        interval: interval(medicine, is_long_acting, &drug_rules, rules),
        drug_rules,
        usage: taken.listed.usage,
        last_taken: taken.listed.last_taken,
        is_long_acting,
        is_stated_extended: pace == Pace::Extended || medicine.is("opioid-long-acting"),
        is_release_open: matches!(pace, Pace::Open | Pace::Both),
        because: taken.because(medicine),
    })
}

/// Returns an opioid that only the prescriber knows: nothing about it is taken for granted.
fn unrecognised<'a>(idx: usize, taken: &Taken<'a>, rules: &RuleSet) -> OpioidUse<'a> {
    OpioidUse {
        taken: idx,
        medicine: None,
        drug_rules: vec!["OP-01"],
        interval: rules.rule("OP-16").map(|rule| rule.whole("long_acting_days")),
        usage: taken.listed.usage,
        last_taken: taken.listed.last_taken,
        is_long_acting: true,
        is_stated_extended: false,
        is_release_open: true,
        because: Because { recognised: Some("an opioid, says the prescriber".to_owned()), ..taken.name() },
    }
}

fn pace(taken: &Taken<'_>, found: &Match<'_>) -> Pace {
    let has_both =
        found.medicine.opioid.as_ref().is_some_and(|opioid| opioid.extended_release_days.is_some());
    match (found.release, taken.listed.release) {
        (Some(Release::Extended), _) | (_, Stated::Extended) => Pace::Extended,
        (_, Stated::Immediate) | (Some(Release::Immediate), _) => Pace::Immediate,
        (Some(Release::Both), Stated::Unknown) => Pace::Both,
        (None, Stated::Unknown) if has_both => Pace::Open,
        (None, Stated::Unknown) => Pace::Immediate,
    }
}

/// Returns the drug rules of an opioid. The order decides: a depot is a depot whatever is in it.
fn drug_rules(taken: &Taken<'_>, medicine: &Medicine, pace: Pace, rules: &RuleSet) -> Vec<&'static str> {
    let Some(opioid) = &medicine.opioid else {
        return Vec::new();
    };
    let is_tied_to = |classes: &[&str]| classes.iter().any(|class| medicine.is(class));
    if opioid.depot || is_tied_to(&["opioid-depot"]) {
        return vec!["OP-06"];
    }
    if opioid.patch || is_tied_to(&["opioid-patch"]) {
        return if medicine.is("buprenorphine") { vec!["OP-03", "OP-05"] } else { vec!["OP-03"] };
    }
    for (class, rule) in [
        ("methadone", "OP-04"),
        ("buprenorphine", "OP-05"),
        ("kratom", "OP-10"),
        ("mixed-agonist-antagonist", "OP-24"),
        ("tianeptine", "OP-24"),
        ("opioid-cough-medicine", "OP-13"),
        ("tramadol", "OP-07"),
        ("tapentadol", "OP-08"),
        ("codeine", "OP-09"),
    ] {
        if medicine.is(class) {
            return vec![rule];
        }
    }
    if medicine.is("antidiarrhoeal-opioid") {
        return if is_misused(taken, medicine, rules) { vec!["OP-01"] } else { Vec::new() };
    }
    if !is_tied_to(&["opioid-agonist", "opioid-long-acting"]) {
        return Vec::new();
    }
    match pace {
        _ if medicine.is("opioid-long-acting") => vec!["OP-02"],
        Pace::Extended | Pace::Both => vec!["OP-02"],
        Pace::Open => vec!["OP-01", "OP-02"],
        Pace::Immediate => vec!["OP-01"],
    }
}

/// Returns true for an antidiarrhoeal taken in amounts that act like an opioid.
fn is_misused(taken: &Taken<'_>, medicine: &Medicine, rules: &RuleSet) -> bool {
    let amount = taken.listed.per_day.as_ref().and_then(|amount| amount.mass);
    let limit = rules.rule("OP-11").map(|rule| rule.milligrams("loperamide_mg_per_day"));
    medicine.is("loperamide") && amount.zip(limit).is_some_and(|(amount, limit)| amount > limit)
}

/// Returns the interval of a product in days, the longer where two apply; `None` where no date may be computed.
fn interval(medicine: &Medicine, is_long_acting: bool, drug_rules: &[&str], rules: &RuleSet) -> Option<u16> {
    let opioid = medicine.opioid.as_ref()?;
    if opioid.no_date || opioid.depot || drug_rules.contains(&"OP-06") {
        return None;
    }
    let general = rules.rule("OP-16")?;
    let of_product = if is_long_acting { opioid.extended_release_days } else { None };
    let at_least = if is_long_acting { "long_acting_days" } else { "short_acting_days" };
    let of_rules = drug_rules.iter().filter_map(|id| match *id {
        "OP-10" => rules.rule(id).map(|rule| rule.whole("kratom_free_days")),
        id => rules.rule(id).map(|rule| rule.whole("opioid_free_days")),
    });
    let misused = medicine.is("antidiarrhoeal-opioid").then(|| rules.rule("OP-11")).flatten();
    [Some(opioid.opioid_free_days), of_product, Some(general.whole(at_least))]
        .into_iter()
        .flatten()
        .chain(of_rules)
        .chain(misused.map(|rule| rule.whole("misuse_free_days")))
        .max()
}
