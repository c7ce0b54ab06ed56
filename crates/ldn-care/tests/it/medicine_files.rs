//! What the reader of the files refuses.

use ldn_care::medicine::Formulary;

const WORDS: &str = r#"
extended = ["er"]
immediate = ["ir"]
[forms]
patch = ["patch"]
[plain]
strength = ["mg"]
form = []
salt = []
route = []
frequency = []
filler = ["and"]
"#;
const STEMS: &str = r#"
status = "recalled"
shortest = 8
opioid = [{ ending = "codone", ask = "oxycodone" }]
stem = []
"#;

fn opioid(id: &str, names: &str, more: &str) -> String {
    format!(
        r#"
[[product]]
id = "{id}"
name = "{id}"
kind = "full-agonist"
classes = ["opioid-agonist"]
status = "recalled"
checked = "recalled"
sources = []
read_in = "a test"
names = [{names}]
{more}
[product.opioid_free]
source = "7-10"
dossier = "10"
days = 10
basis = "a test"
half_life_h = "4"
active_metabolite_h = ""
"#
    )
}

fn named(name: &str) -> String {
    format!(r#"{{ name = "{name}", status = "recalled" }}"#)
}

fn group(medicines: &str) -> String {
    format!("title = \"T\"\nstatus = \"recalled\"\n[[section]]\nclasses = []\nmedicines = [{medicines}]\n")
}

/// The problems with these opioid and group files beside otherwise good ones.
fn problems(opioids: &str, groups: &str) -> String {
    let files = [
        ("medicines/words.toml", WORDS),
        ("medicines/stems.toml", STEMS),
        ("medicines/opioids/oxycodone.toml", opioids),
        ("medicines/groups/other.toml", groups),
    ];
    Formulary::from_files(&files).map_or_else(|problems| problems.to_string(), |_| String::new())
}

fn check(opioids: &str, groups: &str, expected: &[&str]) {
    let problems = problems(opioids, groups);
    for part in expected {
        assert!(problems.contains(part), "{part:?} in {problems:?}");
    }
    assert_eq!(problems.is_empty(), expected.is_empty(), "{problems}");
}

#[test]
fn good_files_are_taken() {
    let aspirin = group(r#"{ name = "aspirin" }"#);
    check(&opioid("oxycodone", &named("oxycodone"), ""), &aspirin, &[]);
}

#[test]
fn unknown_keys_are_refused() {
    let good = opioid("oxycodone", &named("oxycodone"), "");
    check(&opioid("oxycodone", &named("oxycodone"), "color = 1"), &group(""), &["unknown field `color`"]);
    check(&good, &group(r#"{ name = "aspirin", dose = 1 }"#), &["unknown field `dose`"]);
}

#[test]
fn a_name_stands_once() {
    let good = opioid("oxycodone", &named("oxycodone"), "");
    check(
        &good,
        &group(r#"{ name = "aspirin" }, { name = "asa", also = ["As-Pirin"] }"#),
        &["As-Pirin", "once"],
    );
    check(&good, &group(r#"{ name = "Oxy-Codone", id = "x" }"#), &["Oxy-Codone", "once"]);
    let asked = opioid("oxycodone", &named("oxycodone"), r#"ask = [{ name = "oxycodone" }]"#);
    check(&asked, &group(""), &["oxycodone", "once"]);
    check(&good, &group(r#"{ name = "mg" }"#), &["words.toml", "mg", "once"]);
    let two = good.clone() + &opioid("oxycodone", &named("other"), "");
    check(&two, &group(""), &["an id that no other medicine has"]);
}

#[test]
fn an_ordinary_name_hides_no_opioid() {
    let good = opioid("oxycodone", &named("oxycodone"), "");
    check(&good, &group(r#"{ name = "super oxycodone mix" }"#), &["does not contain the opioid oxycodone"]);
}

#[test]
fn ids_exist() {
    let with = opioid("oxycodone", r#"{ name = "oxycodone", with = ["nothing"], status = "recalled" }"#, "");
    check(&with, &group(""), &["nothing", "the id of a medicine"]);
    let or = opioid("oxycodone", &named("oxycodone"), r#"ask = [{ name = "oc", or = "nobody" }]"#);
    check(&or, &group(""), &["nobody", "the id of a medicine"]);
    let good = opioid("oxycodone", &named("oxycodone"), "");
    check(&good, &group(r#"{ name = "a b", form_of = "nowhere", forms = ["patch"] }"#), &["nowhere"]);
}

#[test]
fn the_file_is_named_for_its_ingredient() {
    check(&opioid("morphine", &named("morphine"), ""), &group(""), &["the file's own name", "oxycodone"]);
}

#[test]
fn every_problem_of_every_file_is_told_at_once() {
    let text = problems("nonsense", "title = 1");
    assert!(text.contains("opioids/oxycodone.toml") && text.contains("groups/other.toml"), "{text}");
    assert!(Formulary::from_files(&[]).is_err());
}

#[test]
fn shipped_opioids_say_where_they_come_from() {
    for medicine in Formulary::shipped().medicines().filter(|medicine| medicine.opioid.is_some()) {
        assert!(!medicine.checked.is_empty() && !medicine.read_in.is_empty(), "{}", medicine.id);
        for source in &medicine.sources {
            let file = format!("{}/../../data/sources/{source}.toml", env!("CARGO_MANIFEST_DIR"));
            assert!(std::fs::exists(&file).unwrap(), "{}: {source}", medicine.id);
        }
        let opioid = medicine.opioid.as_ref().unwrap();
        assert!(!opioid.basis.is_empty() && !opioid.opioid_free_days_source.is_empty(), "{}", medicine.id);
    }
}
