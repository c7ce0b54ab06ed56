//! What must hold for every string.

use ldn_care::medicine::{Formulary, Recognition};
use proptest::prelude::*;
use proptest::sample::Index;

/// A single edit of a name.
#[derive(Clone, Debug)]
enum Edit {
    Insert(Index, char),
    Delete(Index),
    Substitute(Index, char),
    Transpose(Index),
}

impl Edit {
    fn of(&self, name: &str) -> String {
        let mut letters: Vec<char> = name.chars().collect();
        match self {
            Edit::Insert(at, c) => letters.insert(at.index(letters.len() + 1), *c),
            Edit::Delete(at) => drop(letters.remove(at.index(letters.len()))),
            Edit::Substitute(at, c) => {
                let at = at.index(letters.len());
                letters[at] = *c;
            }
            Edit::Transpose(at) => {
                let at = at.index(letters.len() - 1);
                letters.swap(at, at + 1);
            }
        }
        letters.into_iter().collect()
    }
}

fn edit(c: impl Strategy<Value = char> + Clone) -> impl Strategy<Value = Edit> {
    let place = any::<Index>();
    prop_oneof![
        (place, c.clone()).prop_map(|(at, c)| Edit::Insert(at, c)),
        any::<Index>().prop_map(Edit::Delete),
        (any::<Index>(), c).prop_map(|(at, c)| Edit::Substitute(at, c)),
        any::<Index>().prop_map(Edit::Transpose),
    ]
}

/// What a keyboard offers.
fn typed() -> impl Strategy<Value = char> + Clone {
    prop_oneof![4 => "[a-z]", 1 => "[ -~]", 1 => "[éèüöäñç]"].prop_map(|text| text.chars().next().unwrap())
}

/// Opioid names of six letters and more.
fn opioid_name() -> impl Strategy<Value = &'static str> {
    let names: Vec<&str> = Formulary::shipped()
        .names()
        .filter(|(name, medicine)| medicine.opioid.is_some() && name.chars().count() >= 6)
        .map(|(name, _)| name)
        .collect();
    proptest::sample::select(names)
}

/// Every name of a medicine that is no opioid.
fn is_known_otherwise(written: &str) -> bool {
    let plain: String =
        written.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    Formulary::shipped().names().any(|(name, medicine)| name == plain && medicine.opioid.is_none())
}

/// Tells whether an opioid was recognised or asked about.
fn is_caught(found: &Recognition<'_>) -> bool {
    match found {
        Recognition::Recognised(all) => all.iter().any(|one| one.medicine.opioid.is_some()),
        Recognition::DidYouMean(all) => all.iter().any(|one| one.opioid.is_some()),
        Recognition::NotRecognised => false,
    }
}

fn is_passed(found: &Recognition<'_>) -> bool {
    matches!(found, Recognition::Recognised(all) if all.iter().all(|one| one.medicine.opioid.is_none()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn one_slip_of_the_keyboard_never_hides_an_opioid(name in opioid_name(), edit in edit(typed())) {
        let written = edit.of(name);
        let found = Formulary::shipped().recognise(&written);
        prop_assert!(is_caught(&found) || is_known_otherwise(&written), "{name} as {written:?}: {found:?}");
    }

    #[test]
    fn no_character_whatever_makes_an_opioid_pass(name in opioid_name(), edit in edit(any::<char>())) {
        let written = edit.of(name);
        let found = Formulary::shipped().recognise(&written);
        prop_assert!(!is_passed(&found) || is_known_otherwise(&written), "{name} as {written:?}: {found:?}");
    }

    #[test]
    fn company_never_makes_an_opioid_pass(
        before in "[a-z0-9 ,/+.-]{0,20}",
        name in opioid_name(),
        after in "[a-z0-9 ,/+.-]{0,20}",
    ) {
        let written = format!("{before} {name} {after}");
        let found = Formulary::shipped().recognise(&written);
        let of_the_gut = Formulary::shipped()
            .names()
            .any(|(known, medicine)| known == name && medicine.is("antidiarrhoeal-opioid"));
        prop_assert!(is_caught(&found) || of_the_gut && !is_passed(&found), "{written:?}");
    }

    #[test]
    fn an_unknown_word_keeps_an_item_from_passing(before in "[a-z]{0,9}", word in "zq[a-z]{3,9}qz") {
        let written = format!("aspirin {before} {word} 75 mg");
        prop_assert!(!is_passed(&Formulary::shipped().recognise(&written)), "{written:?}");
    }

    #[test]
    fn case_accents_and_punctuation_do_not_matter(name in opioid_name()) {
        let plain = Formulary::shipped().recognise(name);
        for written in [name.to_uppercase(), name.replace('e', "é"), format!("  ({name})."), format!("{name}®")] {
            prop_assert_eq!(Formulary::shipped().recognise(&written), plain.clone(), "{}", written);
        }
    }

    #[test]
    fn the_order_of_medicines_does_not_matter(one in opioid_name(), other in opioid_name()) {
        let ids = |written: &str| match Formulary::shipped().recognise(written) {
            Recognition::Recognised(all) => {
                let mut ids: Vec<&str> = all.iter().map(|one| one.medicine.id.as_str()).collect();
                ids.sort_unstable();
                ids.dedup();
                ids
            }
            _ => Vec::new(),
        };
        prop_assert_eq!(ids(&format!("{one}, aspirin, {other}")), ids(&format!("{other}, aspirin, {one}")));
    }

    #[test]
    fn nothing_panics(written in any::<String>()) {
        Formulary::shipped().recognise(&written);
        Formulary::shipped().read(&written);
    }
}
