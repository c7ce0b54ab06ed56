//! What a person types, and what must be found.

use ldn_evidence::search::{Found, MOST_WORDS};
use ldn_evidence::{Kind, Library};

/// Checks that each id is among the hits that have all words, in this order.
fn check(words: &str, ids: &[&str]) {
    let found = Library::shipped().search(words);
    let all: Vec<&str> = found.hits.iter().filter(|hit| hit.all_words).map(|hit| hit.id).collect();
    let mut from = 0;
    for id in ids {
        let at = all[from..].iter().position(|hit| hit == id);
        let at = at.unwrap_or_else(|| panic!("{words:?} does not find {id} after place {from} of {all:?}"));
        from += at + 1;
    }
}

#[test]
fn words_find_what_is_meant() {
    for (words, ids) in [
        ("vivid dreams", &["se-dreams-37", "se-insomnia-nightmares"][..]),
        ("nightmares", &["se-insomnia-nightmares", "se-dreams-37"]),
        ("Nightmares?", &["se-insomnia-nightmares", "se-dreams-37"]),
        ("LDN", &["ldn-is-reduced-dose", "meta-vatvani-2024"]),
        ("low-dose naltrexone", &["meta-vatvani-2024", "ldn-is-reduced-dose"]),
        ("does LDN help thyroid", &["hashimoto-benefit", "x-thyroid"]),
        ("painkillers before an operation", &["saf-washout-surgery"]),
        ("esr", &["y13-esr", "x-esr-2009-or-2013"]),
        ("ibs 76", &["ibs-76", "x-ibs-76-percent"]),
        ("FINAL", &["final-2024", "bruun2024"]),
        ("crohns", &["crohn-benefit"]),
        ("pregnant", &["saf-pregnancy"]),
        ("se-dreams-37", &["se-dreams-37"]),
        ("cutting tablets", &["acc-split-never", "x-tablet-splitting"]),
    ] {
        check(words, ids);
    }
}

#[test]
fn one_typo_per_word_is_forgiven() {
    for (words, ids, read_as) in [
        ("nightmaers", &["se-dreams-37"][..], "nightmare"),
        ("vivd dreams", &["se-dreams-37"], "vivid"),
        ("fibromyalgai sleep", &["y13-secondary"], "fibromyalgia"),
        ("weigth loss", &["wl-evidence-limited"], "weight"),
        ("tramadoll", &["saf-fishman-tramadol"], "tramadol"),
    ] {
        check(words, ids);
        let read: Vec<String> =
            Library::shipped().search(words).read_as.into_iter().map(|word| word.read).collect();
        assert_eq!(read, [read_as], "{words}");
    }
    let Found { read_as, .. } = Library::shipped().search("dreams");
    assert!(read_as.is_empty(), "a word that occurs is never changed");
}

#[test]
fn hits_with_all_words_come_first_and_carry_verdict_and_source() {
    let found = Library::shipped().search("vivid dreams placebo");
    let first_partial = found.hits.iter().position(|hit| !hit.all_words).unwrap();
    assert!(first_partial > 0);
    assert!(found.hits[first_partial..].iter().all(|hit| !hit.all_words && !hit.missing.is_empty()));
    let claim = found.hits.iter().find(|hit| hit.kind == Kind::Claim).unwrap();
    assert!(claim.verdict.is_some() && !claim.sources.is_empty());
    let json = serde_json::to_string(claim).unwrap();
    assert!(json.starts_with("{\"verdict\":\"partly\",\"sources\":[\"younger2012\""), "{json}");
}

#[test]
fn nothing_is_found_for_nothing() {
    for words in ["", "   ", "xqzvwk", "…", "&&&"] {
        assert_eq!(Library::shipped().search(words).hits, [], "{words:?}");
    }
    // Words that say nothing are searched for when there is nothing else.
    let _ = Library::shipped().search("the");
    assert_eq!(Library::shipped().search(&"dreams ".repeat(10_000)), Library::shipped().search("dreams"));
    let long: Vec<String> = (0..10_000).map(|n| format!("word{n}")).collect();
    let found = Library::shipped().search(&long.join(" "));
    assert_eq!((found.hits.len(), found.ignored.len()), (0, 10_000 - MOST_WORDS));
}
