//! What the recogniser answers, as tables.

use ldn_care::medicine::{Form, Formulary, Recognition};

/// The answer in one line: ids with their release; a question ends with a question mark.
pub(crate) fn answer(written: &str) -> String {
    match Formulary::shipped().recognise(written) {
        Recognition::Recognised(found) => {
            let one = |found: &ldn_care::medicine::Match<'_>| {
                let release = found.release.map_or(String::new(), |release| format!(" {release:?}"));
                let near = if found.exact { "" } else { " (near)" };
                format!("{}{}{near}", found.medicine.id, release.to_lowercase())
            };
            found.iter().map(one).collect::<Vec<_>>().join(", ")
        }
        Recognition::DidYouMean(near) => {
            let ids: Vec<&str> = near.iter().map(|medicine| medicine.id.as_str()).collect();
            format!("{}?", ids.join(", "))
        }
        Recognition::NotRecognised => "not recognised".to_owned(),
    }
}

fn check(cases: &[(&str, &str)]) {
    for (written, expected) in cases {
        assert_eq!(answer(written), *expected, "{written:?}");
    }
}

#[test]
fn opioids_are_found_as_people_write_them() {
    check(&[
        ("Ultram 50 mg", "tramadol immediate"),
        ("Ultram ER 100 mg", "tramadol extended"),
        ("Zydol", "tramadol both"),
        ("Zydol SR 100", "tramadol extended"),
        ("tramadol 50 mg prn", "tramadol"),
        ("tramadol XL 200", "tramadol extended"),
        ("MST 10mg bd", "morphine extended"),
        ("T3s", "codeine, paracetamol"),
        ("Tylenol #3", "codeine, paracetamol"),
        ("DHC", "dihydrocodeine"),
        ("co-codamol 30/500", "codeine, paracetamol"),
        ("COCODAMOL", "codeine, paracetamol"),
        ("Percocet 5/325", "oxycodone immediate, paracetamol"),
        ("codeine phosphate 30mg tabs", "codeine"),
        ("60 mg extended-release oxycodone twice daily", "oxycodone extended"),
        ("OxyContin", "oxycodone extended"),
        ("Opana", "oxymorphone both"),
        ("Morphine sulphate 10mg/5ml oral solution", "morphine"),
        ("codéine", "codeine"),
        ("t r a m a d o l", "tramadol"),
        ("tra\u{ad}ma\u{200b}dol", "tramadol"),
        ("Tramadol®50MG", "tramadol"),
        ("Robitussin AC", "codeine-cough immediate"),
        ("Nurofen Plus", "codeine, ibuprofen"),
        ("gas-station heroin", "tianeptine"),
        ("kratom tea", "kratom"),
        ("no opioids, only tramadol", "tramadol"),
    ]);
}

#[test]
fn the_form_makes_another_medicine_where_the_rules_say_so() {
    check(&[
        ("fentanyl 100 micrograms", "fentanyl"),
        ("fentanyl patch 25 mcg/h", "fentanyl-patch"),
        ("Fentanyl 25 micrograms/hour", "fentanyl-patch"),
        ("transdermal fentanyl", "fentanyl-patch"),
        ("fentanyl lozenge", "fentanyl-transmucosal"),
        ("Durogesic DTrans", "fentanyl-patch extended"),
        ("buprenorphine 2 mg sublingual", "buprenorphine"),
        ("buprenorphine 10 mcg/h patch", "buprenorphine-patch"),
        ("buprenorphine monthly injection", "buprenorphine-depot"),
        ("buprenorphine rods", "buprenorphine-implant"),
        ("Suboxone 8/2 film", "buprenorphine, naloxone"),
        ("naltrexone implant", "naltrexone-depot"),
        ("Vivitrol", "naltrexone-depot"),
    ]);
    let formulary = Formulary::shipped();
    let fentanyl = formulary.medicine("fentanyl").unwrap();
    assert_eq!(formulary.in_form(fentanyl, Form::Patch).id, "fentanyl-patch");
    assert_eq!(formulary.in_form(fentanyl, Form::Oral).id, "fentanyl");
}

#[test]
fn a_combination_gives_each_part_with_the_opioid_first() {
    check(&[
        ("oxycodone/naloxone", "oxycodone, naloxone"),
        ("naloxone + oxycodone", "oxycodone, naloxone"),
        ("Embeda", "morphine extended, naltrexone"),
        ("morphine/naltrexone", "morphine, naltrexone"),
        ("Contrave", "bupropion-naltrexone, bupropion, naltrexone"),
        ("naltrexone/bupropion 8/90", "bupropion-naltrexone, bupropion, naltrexone"),
        ("aspirin, tramadol; vitamin D", "tramadol, aspirin, vitamin-d"),
        ("paracetamol & codeine", "codeine, paracetamol"),
        ("tramadol and oxycodne", "tramadol, oxycodone (near)"),
        ("LDN 4.5 mg", "naltrexone"),
    ]);
}

#[test]
fn a_misspelling_is_asked_about() {
    check(&[
        ("tramadl 50", "tramadol?"),
        ("oxycodne er", "oxycodone?"),
        ("tra5madol", "tramadol?"),
        ("Morphinsulfat 10 mg", "morphine?"),
        ("Nurofen Plu", "codeine?"),
        ("Tylenol 33", "codeine?"),
        ("pen5tazocin", "pentazocine, piperacillin-tazobactam?"),
        ("\u{421}odeine", "codeine?"),
        ("simvstatin 20", "simvastatin?"),
        ("aspirin and simvstatin", "simvastatin?"),
    ]);
}

#[test]
fn an_ambiguous_word_is_asked_about_unless_the_other_meaning_is_named() {
    check(&[
        ("T3", "codeine, liothyronine?"),
        ("liothyronine (T3) 5 mcg", "liothyronine"),
        ("30/500", "codeine?"),
        ("paracetamol 30/500", "codeine?"),
        ("MS", "morphine?"),
        ("Copaxone for MS", "glatiramer"),
        ("hydrocortisone (HC) cream", "hydrocortisone"),
        ("patch", "buprenorphine-patch, fentanyl-patch?"),
        ("lidocaine patch", "lidocaine"),
        ("SR", "morphine?"),
        ("strong painkiller", "opioid-not-named?"),
        ("pain patch", "buprenorphine-patch, fentanyl-patch, lidocaine?"),
        ("aspirin and pain patch", "buprenorphine-patch, fentanyl-patch, lidocaine?"),
        ("ibuprofen and a patch", "buprenorphine-patch, fentanyl-patch, lidocaine?"),
        ("lidocaine pain patch", "lidocaine"),
    ]);
}

#[test]
fn what_is_not_understood_blocks() {
    for written in [
        "",
        "   ",
        "...",
        "50 mg",
        "Zyxol",
        "aspirin and Zyxol",
        "Zyxol, aspirin",
        "tablet",
        "аспирин",
        "\u{0}",
    ] {
        assert_eq!(answer(written), "not recognised", "{written:?}");
    }
    let long = "zyxol ".repeat(100_000);
    assert_eq!(answer(&long), "not recognised");
    assert_eq!(answer(&(long + "tramadol")), "tramadol");
}

#[test]
fn an_antidiarrhoeal_does_not_cover_what_stands_beside_it() {
    check(&[
        ("Imodium 2 mg prn", "loperamide"),
        ("Imodium and aspirin", "loperamide, aspirin"),
        ("Imodium and Zyxol", "not recognised"),
        ("Imodium and tramdol", "tramadol?"),
        ("Imodium, T3", "codeine, liothyronine?"),
        ("Imodium and tramadol", "loperamide, tramadol"),
    ]);
}

#[test]
fn a_long_item_is_read_in_time_and_not_taken_for_understood() {
    for word in ["aspirin ", "patch ", "tramdol ", "a", "5 "] {
        let long = word.repeat(50_000);
        let blocks = !matches!(Formulary::shipped().recognise(&long), Recognition::Recognised(_));
        assert!(blocks, "{word:?}");
    }
    assert_eq!(answer(&"fentanyl patch ".repeat(50_000)), "fentanyl-patch");
}

#[test]
fn ordinary_words_beside_an_ordinary_painkiller_can_mean_codeine_and_block() {
    for written in ["paracetamol plus", "ibuprofen forte", "aspirin compound", "Panadol Rapid Plus"] {
        let blocks = !matches!(Formulary::shipped().recognise(written), Recognition::Recognised(_));
        assert!(blocks, "{written:?}: {}", answer(written));
    }
}

#[test]
fn endings_decide_only_where_nothing_is_near() {
    check(&[
        ("blinatumomab", "monoclonal-antibody"),
        ("sparsentan 200 mg", "not recognised"),
        ("adalimumob", "adalimumab?"),
        ("cofentanyl", "fentanyl, alfentanil, illicit-opioid, sufentanil?"),
        ("oxytrexodone", "not recognised"),
        ("bromocodeine", "codeine?"),
    ]);
}

#[test]
fn what_the_rules_need_to_know_of_an_opioid() {
    for (id, days, extended, no_date) in [
        ("morphine", 10, Some(14), false),
        ("tramadol", 10, Some(14), false),
        ("oxymorphone", 14, None, false),
        ("fentanyl-patch", 14, None, false),
        ("methadone", 14, None, false),
        ("buprenorphine-depot", 14, None, true),
        ("buprenorphine-implant", 14, None, true),
        ("butorphanol", 14, None, false),
        ("pholcodine", 14, None, false),
        ("kratom", 14, None, false),
        ("loperamide", 0, None, false),
        ("diphenoxylate", 3, None, false),
    ] {
        let medicine = Formulary::shipped().medicine(id).unwrap();
        let opioid = medicine.opioid.as_ref().unwrap();
        let found = (opioid.opioid_free_days, opioid.extended_release_days, opioid.no_date);
        assert_eq!(found, (days, extended, no_date), "{id}");
    }
    for id in ["naltrexone", "naloxone", "dextromethorphan", "methylnaltrexone", "lofexidine"] {
        assert!(Formulary::shipped().medicine(id).unwrap().opioid.is_none(), "{id}");
    }
}
