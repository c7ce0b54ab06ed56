//! Every rule, on both sides of each of its boundaries. The day of screening is 5 January 2026.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::civil::{Date, date};
use ldn_care::screen::{ActionKind, CheckedAt, RuleSet, Severity};

use crate::screen::{medicine, person_but, rules_but, screening_but};

/// Changes of the person with everything answered, and whether the rule speaks then.
type Cases = Vec<(String, bool)>;

fn yes(changes: impl Into<String>) -> (String, bool) {
    (changes.into(), true)
}

fn no(changes: impl Into<String>) -> (String, bool) {
    (changes.into(), false)
}

fn condition(name: &str, status: &str) -> String {
    format!("[[condition]]\nname = \"{name}\"\nstatus = \"{status}\"\n")
}

fn symptom(name: &str) -> String {
    format!("[[symptom]]\nname = \"{name}\"\n")
}

fn allergy(substance: &str) -> String {
    format!("[[allergy]]\nsubstance = \"{substance}\"\n")
}

fn procedure(name: &str, rest: &str) -> String {
    format!("[[procedure]]\nname = \"{name}\"\n{}\n", rest.replace("; ", "\n"))
}

fn lab(test: &str, rest: &str) -> String {
    format!("[[lab]]\ntest = \"{test}\"\n{}\n", rest.replace("; ", "\n"))
}

fn enzyme(test: &str, value: &str) -> String {
    lab(test, &format!("value = {value}; unit = \"U/L\"; upper_limit = 40"))
}

fn bilirubin(value: &str) -> String {
    lab("bilirubin", &format!("value = {value}; unit = \"mg/dL\"; upper_limit = 1.2"))
}

fn egfr(value: &str) -> String {
    lab("eGFR", &format!("value = {value}; unit = \"mL/min/1.73m2\""))
}

fn daily(name: &str) -> String {
    medicine(name, "use = \"daily\"")
}

fn stopped(name: &str, last: &str) -> String {
    medicine(name, &format!("use = \"stopped\"; last_taken = {last}"))
}

/// On LDN since October, the last dose on this day.
fn on_ldn(last: &str) -> String {
    format!(
        "course.ldn_since = 2025-10-01\ncourse.current_dose = \"4.5 mg\"\ncourse.last_ldn_dose = {last}\n"
    )
}

fn dose(requested: &str) -> String {
    format!("course.requested_dose = \"{requested}\"\n")
}

/// Drug rules of opioids: in use by any way of using, not when stopped long ago.
fn drug(names: &[&str], others: &[&str]) -> Cases {
    let mut cases = Cases::new();
    for name in names {
        for usage in ["daily", "weekly", "monthly", "as-needed", "planned", "unknown"] {
            cases.push(yes(medicine(name, &format!("use = \"{usage}\""))));
        }
        cases.push(yes(medicine(name, "")));
        cases.push(no(stopped(name, "2025-06-01")));
        cases.push(no(stopped(name, "2026-01-04")));
    }
    cases.extend(others.iter().map(|name| no(daily(name))));
    cases
}

/// A class of medicines: in use, not when stopped.
fn class(names: &[&str], others: &[&str]) -> Cases {
    let in_use = names.iter().flat_map(|name| [yes(daily(name)), yes(medicine(name, ""))]);
    let over = names.iter().map(|name| no(stopped(name, "2025-06-01")));
    in_use.chain(over).chain(others.iter().map(|name| no(daily(name)))).collect()
}

/// An answer: yes speaks, no and unknown do not.
fn answer(key: &str) -> Cases {
    let line = |value: &str| format!("answers.{key} = \"{value}\"");
    vec![yes(line("yes")), no(line("no")), no(line("unknown"))]
}

fn cases_of_opioids(rule: &str) -> Option<Cases> {
    let stated = |name: &str, release: &str| medicine(name, &format!("release = \"{release}\""));
    Some(match rule {
        "OP-01" => {
            let mut cases = drug(
                &["Percocet", "morphine oral solution", "Vicodin", "oxycodone", "opium tincture"],
                &["OxyContin", "tramadol", "methadone", "ibuprofen", "naltrexone 4.5 mg"],
            );
            cases.extend([
                yes(stated("oxycodone", "immediate")),
                no(stated("oxycodone", "extended")),
                yes(medicine("loperamide", "per_day = \"17 mg\"")),
                no(medicine("loperamide", "per_day = \"16 mg\"")),
                yes(medicine("Zyxol", "not_an_opioid = \"no\"")),
                no(medicine("Zyxol", "not_an_opioid = \"yes\"")),
            ]);
            cases
        }
        "OP-02" => {
            let mut cases = drug(
                &["OxyContin", "MST Continus", "levorphanol", "dipipanone", "oxycodone"],
                &["Percocet", "fentanyl patch", "methadone", "Zydol SR"],
            );
            cases.extend([yes(stated("oxycodone", "extended")), no(stated("oxycodone", "immediate"))]);
            cases
        }
        "OP-03" => vec![
            yes(daily("fentanyl patch")),
            yes(daily("Butrans")),
            yes(medicine("fentanyl", "route = \"patch\"")),
            yes(stopped("fentanyl patch", "2025-12-23")),
            no(stopped("fentanyl patch", "2025-12-22")),
            yes(stopped("Butrans", "2025-12-23")),
            no(stopped("Butrans", "2025-12-22")),
            yes(medicine("fentanyl patch", "use = \"stopped\"")),
            no(daily("lidocaine patch")),
            no(daily("Abstral")),
        ],
        "OP-04" => drug(&["methadone", "Physeptone", "levomethadone", "LAAM"], &["OxyContin"]),
        "OP-05" => {
            let mut cases = drug(&["Suboxone", "Belbuca"], &["OxyContin", "Sublocade"]);
            cases.extend([yes(daily("Butrans")), no(stopped("Butrans", "2026-01-04"))]);
            cases
        }
        "OP-06" => vec![
            yes(medicine("Sublocade", "use = \"monthly\"")),
            yes(stopped("Sublocade", "2025-12-01")),
            yes(stopped("Sublocade", "2025-01-05")),
            no(stopped("Sublocade", "2025-01-04")),
            yes(medicine("Buvidal", "use = \"stopped\"")),
            yes(medicine("buprenorphine", "route = \"implant\"; use = \"stopped\"")),
            no(daily("Suboxone")),
        ],
        "OP-07" => drug(&["tramadol", "Ultram 50 mg", "Zydol SR 100"], &["trazodone", "Tapentadol"]),
        "OP-08" => drug(&["tapentadol", "Palexia SR"], &["tramadol"]),
        "OP-09" => drug(&["co-codamol 30/500", "DHC", "Nurofen Plus"], &["codeine linctus", "paracetamol"]),
        "OP-10" => vec![
            yes(daily("kratom tea")),
            yes(stopped("kratom", "2025-12-23")),
            no(stopped("kratom", "2025-12-22")),
            yes(medicine("7-OH tablets", "use = \"stopped\"")),
            no(daily("kava")),
        ],
        "OP-11" => {
            let names = ["loperamide", "Lomotil", "eluxadoline", "opium tincture"];
            let mut cases: Cases = names.iter().map(|name| yes(daily(name))).collect();
            cases.extend([no(stopped("Imodium", "2025-06-01")), no(daily("omeprazole"))]);
            cases
        }
        "OP-12" => class(&["dextromethorphan", "Robitussin DM"], &["codeine"]),
        "OP-13" => drug(&["Tussionex", "codeine linctus", "pholcodine"], &["co-codamol", "dextromethorphan"]),
        "OP-14" => vec![
            yes(medicine("tramadol", "use = \"as-needed\"")),
            yes(medicine("Percocet", "use = \"as-needed\"")),
            yes(medicine("co-codamol", "use = \"as-needed\"")),
            no(daily("tramadol")),
            no(medicine("OxyContin", "use = \"as-needed\"")),
            no(medicine("tramadol", "use = \"as-needed\"; release = \"extended\"")),
            no(medicine("methadone", "use = \"as-needed\"")),
            no(medicine("ibuprofen", "use = \"as-needed\"")),
        ],
        "OP-15" => vec![
            yes(dose("1 microgram") + &daily("Percocet")),
            yes(dose("99 micrograms") + &daily("Percocet")),
            // From 100 micrograms on it is blocked without a specialist: no reason to fall silent.
            yes(dose("100 micrograms") + &daily("Percocet")),
            yes(dose("500 micrograms") + &daily("Percocet")),
            no(dose("501 micrograms") + &daily("Percocet")),
            no(dose("1 mg") + &daily("Percocet")),
            no(dose("1 microgram")),
            yes(dose("1 microgram") + &stopped("Percocet", "2026-01-04")),
            no(dose("1 microgram") + &stopped("Percocet", "2025-06-01")),
        ],
        "OP-16" => cases_of_stopped_opioids(),
        "OP-22" => vec![
            yes(on_ldn("2026-01-04") + &daily("Percocet")),
            yes(on_ldn("2026-01-04") + &medicine("Percocet", "use = \"planned\"")),
            yes(on_ldn("2026-01-04") + &stopped("Percocet", "2026-01-01")),
            no(on_ldn("2026-01-04") + &stopped("Percocet", "2025-11-01")),
            no(daily("Percocet")),
            no(on_ldn("2026-01-04")),
            yes(daily("Percocet") + &daily("LDN 4.5 mg")),
        ],
        "OP-24" => drug(
            &["pentazocine", "nalbuphine", "Stadol", "meptazinol", "dezocine", "tianeptine"],
            &["tramadol"],
        ),
        _ => return None,
    })
}

fn cases_of_stopped_opioids() -> Cases {
    let operation = |day: &str, opioids: &str| {
        procedure("hernia repair", &format!("date = {day}; opioids_expected = \"{opioids}\""))
    };
    vec![
        // 10 days: the first allowed day is the last exposure plus 10.
        yes(stopped("Percocet", "2025-12-27")),
        no(stopped("Percocet", "2025-12-26")),
        // 14 days: long-acting, or nothing says that it is not.
        yes(stopped("OxyContin", "2025-12-23")),
        no(stopped("OxyContin", "2025-12-22")),
        yes(stopped("oxycodone", "2025-12-23")),
        no(stopped("oxycodone", "2025-12-22")),
        yes(stopped("Zydol", "2025-12-23")),
        no(medicine("Zydol", "use = \"stopped\"; release = \"immediate\"; last_taken = 2025-12-26")),
        yes(medicine("Zydol", "use = \"stopped\"; release = \"immediate\"; last_taken = 2025-12-27")),
        yes(stopped("methadone", "2025-12-23")),
        no(stopped("methadone", "2025-12-22")),
        yes(stopped("Suboxone", "2025-12-23")),
        yes(stopped("fentanyl patch", "2025-12-23")),
        no(stopped("fentanyl patch", "2025-12-22")),
        yes(stopped("kratom", "2025-12-23")),
        yes(stopped("butorphanol", "2025-12-23")),
        yes(stopped("nalbuphine", "2025-12-27")),
        no(stopped("nalbuphine", "2025-12-26")),
        yes(stopped("Percocet", "2026-01-05T08:00:00")),
        yes(medicine("Percocet", "use = \"stopped\"")),
        yes(medicine("Zyxol", "use = \"stopped\"; not_an_opioid = \"no\"; last_taken = 2025-12-23")),
        // A depot has no date: OP-06 instead.
        no(stopped("Sublocade", "2026-01-04")),
        no(daily("Percocet")),
        no(stopped("loperamide", "2026-01-04")),
        no(stopped("ibuprofen", "2026-01-04")),
        // Procedures.
        yes(operation("2025-12-27", "yes")),
        no(operation("2025-12-26", "yes")),
        yes(operation("2026-01-04", "unknown")),
        yes(operation("2026-01-05", "unknown")),
        no(operation("2026-01-04", "no")),
        no(operation("2026-02-01", "yes")),
        // Opioids that nothing on the lists explains.
        yes("answers.opioids_last_90_days = \"yes\""),
        no("answers.opioids_last_90_days = \"yes\"\n".to_owned() + &stopped("Percocet", "2025-12-01")),
        yes("answers.opioids_last_90_days = \"yes\"\n".to_owned() + &stopped("Percocet", "2025-09-01")),
        no("answers.opioids_last_90_days = \"yes\"\n".to_owned() + &daily("Percocet")),
        no("answers.opioids_last_90_days = \"yes\"\n".to_owned() + &operation("2025-12-01", "yes")),
        yes("answers.opioids_last_90_days = \"yes\"\n".to_owned() + &operation("2025-12-01", "unknown")),
        yes("answers.opioids_last_90_days = \"yes\"\n".to_owned() + &operation("2025-12-01", "no")),
        no("answers.opioids_last_90_days = \"unknown\""),
    ]
}

fn cases_of_suspicions(rule: &str) -> Option<Cases> {
    let positive = |test: &str| lab(test, "text = \"positive\"");
    let oxycodone_on = |day: &str| lab("urine-oxycodone", &format!("text = \"positive\"; date = {day}"));
    Some(match rule {
        "OP-17" => vec![
            yes(condition("opioid use disorder", "active")),
            yes(condition("heroin addiction", "past")),
            yes(daily("methadone")),
            yes(stopped("Suboxone", "2024-06-01")),
            no(daily("Butrans")),
            no(condition("depression", "active")),
        ],
        "OP-18" => vec![
            yes(positive("urine-opioid-screen")),
            yes(positive("oxycodone immunoassay")),
            no(on_ldn("2026-01-04") + &positive("oxycodone immunoassay")),
            no(on_ldn("2026-01-04") + &oxycodone_on("2025-10-02")),
            // Before the first dose it cannot come from naltrexone; without a first day nobody knows.
            yes(on_ldn("2026-01-04") + &oxycodone_on("2025-10-01")),
            yes("course.current_dose = \"4.5 mg\"\n".to_owned() + &oxycodone_on("2026-01-02")),
            // Nor may a placebo explain it, or LDN that is only planned or of unknown use.
            yes(on_ldn("2026-01-04") + "course.blinded_period = \"yes\"\n" + &positive("urine-oxycodone")),
            yes(medicine("LDN 4.5 mg", "use = \"planned\"") + &positive("urine-oxycodone")),
            yes(medicine("LDN 4.5 mg", "use = \"unknown\"") + &positive("urine-oxycodone")),
            no(daily("LDN 4.5 mg") + &positive("urine-oxycodone")),
            // A general screen looks for more than what naltrexone can feign.
            yes(on_ldn("2026-01-04") + &positive("urine-opioid-screen")),
            no(lab("urine-opioid-screen", "text = \"negative\"")),
            no(lab("urine-opioid-screen", "text = \"positive\"; date = 2025-12-01")
                + &lab("urine-opioid-screen", "text = \"negative\"; date = 2026-01-02")),
            yes(lab("urine-opioid-screen", "text = \"negative\"; date = 2025-12-01")
                + &lab("urine-opioid-screen", "text = \"positive\"; date = 2026-01-02")),
            yes(positive("urine-opioid-screen")
                + &lab("urine-opioid-screen", "text = \"negative\"; date = 2026-01-02")),
        ],
        "OP-19" => vec![
            yes(on_ldn("2026-01-04") + &positive("oxycodone immunoassay")),
            yes(on_ldn("2025-12-22") + &positive("urine-oxycodone")),
            no(on_ldn("2025-12-21") + &positive("urine-oxycodone")),
            yes(on_ldn("2026-01-04") + &positive("urine-opioid-screen")),
            yes(on_ldn("2026-01-04") + &oxycodone_on("2025-10-02")),
            no(on_ldn("2026-01-04") + &oxycodone_on("2025-10-01")),
            no(medicine("LDN 4.5 mg", "use = \"planned\"") + &positive("urine-oxycodone")),
            no(positive("oxycodone immunoassay")),
        ],
        "OP-20" => vec![
            yes(symptom("opioid withdrawal")),
            yes(condition("opioid withdrawal", "active")),
            no(condition("opioid withdrawal", "past")),
            yes(positive("naloxone-challenge")),
            no(lab("naloxone-challenge", "text = \"negative\"")),
        ],
        "OP-21" => {
            let mut cases: Cases = [
                "yawning",
                "sweats",
                "stomach cramps",
                "diarrhoea",
                "agitation",
                "tachycardia",
                "withdrawal",
            ]
            .iter()
            .map(|sign| yes(on_ldn("2026-01-04") + &symptom(sign)))
            .collect();
            cases.extend([
                yes(on_ldn("2026-01-03") + &symptom("yawning")),
                no(on_ldn("2026-01-02") + &symptom("yawning")),
                yes(on_ldn("2026-01-02") + &symptom("yawning") + &daily("OxyContin")),
                no(on_ldn("2026-01-01") + &symptom("yawning") + &daily("OxyContin")),
                yes("course.ldn_since = 2025-10-01\n".to_owned() + &symptom("sweating")),
                yes("course.blinded_period = \"yes\"\n".to_owned() + &symptom("sweating")),
                no(symptom("yawning")),
                no(on_ldn("2026-01-04") + &symptom("headache")),
                // Naltrexone under any other name is naltrexone.
                yes(medicine("Vivitrol", "use = \"monthly\"; last_taken = 2025-12-20") + &symptom("yawning")),
                yes(daily("Contrave") + &symptom("yawning")),
                yes(daily("naltrexone 50 mg") + &symptom("yawning")),
                yes(stopped("naltrexone 50 mg", "2026-01-03") + &symptom("yawning")),
                no(stopped("naltrexone 50 mg", "2026-01-02") + &symptom("yawning")),
                no(medicine("LDN 4.5 mg", "use = \"planned\"") + &symptom("yawning")),
            ]);
            cases
        }
        "OP-23" => vec![
            yes(symptom("took extra opioids to overcome the block")),
            yes(on_ldn("2026-01-04") + &symptom("high-dose opioid")),
            no(symptom("headache")),
            no("course.indication = \"to overcome fatigue\""),
        ],
        "OP-25" => vec![
            yes(daily("lofexidine")),
            yes(daily("methylnaltrexone")),
            yes(daily("Movantik")),
            no(daily("Movantik") + &daily("OxyContin")),
            no(daily("lofexidine") + &stopped("OxyContin", "2026-01-01")),
            no(medicine("Narcan", "use = \"as-needed\"; last_taken = 2026-01-01") + &daily("OxyContin")),
            yes(daily("lofexidine") + &stopped("OxyContin", "2024-06-01")),
            yes(daily("Movantik") + &stopped("OxyContin", "2024-06-01")),
            yes(medicine("Narcan", "use = \"as-needed\"; last_taken = 2025-12-06")),
            no(medicine("Narcan", "use = \"as-needed\"; last_taken = 2025-12-05")),
            no(medicine("Narcan nasal spray", "use = \"as-needed\"")),
            yes(medicine("Narcan", "use = \"stopped\"")),
            no(daily("Suboxone")),
            no(daily("ibuprofen")),
        ],
        _ => return None,
    })
}

fn cases_of_procedures_and_allergies(rule: &str) -> Option<Cases> {
    let on_day = |name: &str, day: &str, opioids: &str| {
        procedure(name, &format!("date = {day}; opioids_expected = \"{opioids}\""))
    };
    Some(match rule {
        "SU-01" => vec![
            yes(on_day("knee replacement", "2026-02-01", "yes")),
            yes(on_day("knee replacement", "2026-02-01", "unknown")),
            no(on_day("knee replacement", "2026-02-01", "no")),
            yes(on_day("knee replacement", "2026-01-05", "yes")),
            no(on_day("knee replacement", "2026-01-04", "yes")),
            yes(procedure("knee replacement", "")),
        ],
        "SU-02" => vec![
            yes(on_ldn("2026-01-04") + &on_day("emergency appendectomy", "2026-01-05", "yes")),
            yes(on_ldn("2026-01-04") + &on_day("emergency appendectomy", "2026-01-02", "yes")),
            no(on_ldn("2026-01-04") + &on_day("emergency appendectomy", "2026-01-01", "yes")),
            yes(on_ldn("2026-01-04") + &symptom("broken leg")),
            no(on_day("emergency appendectomy", "2026-01-05", "yes")),
            no(on_ldn("2026-01-04") + &on_day("hernia repair", "2026-01-05", "yes")),
        ],
        "SU-03" => vec![
            yes(on_ldn("2025-12-28") + &on_day("hernia repair", "2026-01-01", "yes")),
            yes(on_ldn("2025-12-28") + &on_day("hernia repair", "2026-01-01", "unknown")),
            no(on_ldn("2025-12-28") + &on_day("hernia repair", "2026-01-01", "no")),
            no(on_ldn("2026-01-04") + &on_day("hernia repair", "2026-01-01", "yes")),
            no(on_day("hernia repair", "2026-01-01", "yes")),
            no(on_ldn("2025-12-28") + &on_day("hernia repair", "2026-02-01", "yes")),
        ],
        "SU-04" => vec![
            yes(on_day("dental extraction", "2026-02-01", "unknown")),
            yes(on_day("Colonoscopy", "2026-02-01", "yes")),
            yes(on_day("labour", "2026-02-01", "yes")),
            no(on_day("dental extraction", "2026-02-01", "no")),
            no(on_day("dental extraction", "2026-01-04", "unknown")),
            no(on_day("knee replacement", "2026-02-01", "yes")),
        ],
        "AL-01" => vec![
            yes(allergy("naltrexone")),
            yes(condition("naltrexone allergy", "past")),
            no(allergy("naloxone")),
            no(allergy("penicillin")),
        ],
        "AL-02" => vec![
            yes(allergy("naloxone")),
            yes(allergy("nalmefene")),
            yes(allergy("codeine")),
            yes(allergy("morphine")),
            yes(allergy("opioids")),
            no(allergy("tramadol")),
            no(allergy("penicillin")),
        ],
        "AL-03" => vec![
            yes(on_ldn("2026-01-04") + &symptom("lip swelling")),
            yes(on_ldn("2026-01-04") + &symptom("hives")),
            yes(on_ldn("2026-01-04") + &symptom("wheezing")),
            yes(on_ldn("2026-01-04") + &symptom("difficulty breathing")),
            yes(symptom("throat swelling")),
            no(symptom("hives")),
            no(on_ldn("2026-01-04") + &symptom("headache")),
        ],
        "AL-04" => vec![
            yes(on_ldn("2026-01-04") + &symptom("new cough")),
            yes(on_ldn("2026-01-04") + &symptom("breathlessness")),
            yes(on_ldn("2026-01-04") + &symptom("fever")),
            no(symptom("cough")),
        ],
        "EX-01" => vec![
            yes(allergy("lactose")),
            yes(condition("lactose intolerance", "active")),
            no(allergy("pollen")),
        ],
        "EX-02" => vec![
            yes(allergy("gelatin")),
            yes(allergy("food dye")),
            yes(condition("coeliac disease", "active")),
            yes(condition("vegetarian", "active")),
            no(allergy("pollen")),
            no(condition("low blood sugar", "active")),
        ],
        _ => return None,
    })
}

fn cases_of_liver_and_kidneys(rule: &str) -> Option<Cases> {
    Some(match rule {
        "HP-01" => vec![
            yes(condition("acute hepatitis", "active")),
            yes(condition("liver failure", "unknown")),
            yes(condition("decompensated cirrhosis", "active")),
            yes(condition("cirrhosis, Child-Pugh C", "active")),
            no(condition("acute hepatitis", "past")),
            no(condition("compensated cirrhosis", "active")),
            no("answers.liver_disease = \"yes\""),
        ],
        "HP-02" => vec![
            yes(enzyme("ALT", "200.1")),
            no(enzyme("ALT", "200")),
            yes(enzyme("AST", "201")),
            yes(lab("ALT", "value = 3.51; unit = \"µkat/L\"; upper_limit = 0.70")),
            no(lab("ALT", "value = 3.50; unit = \"µkat/L\"; upper_limit = 0.70")),
            yes(enzyme("ALT", "120") + &symptom("nausea")),
            yes(enzyme("ALT", "120") + &symptom("dark urine")),
            yes(enzyme("ALT", "120") + &symptom("zyxing")),
            no(enzyme("ALT", "119.9") + &symptom("nausea")),
            no(enzyme("ALT", "120") + &symptom("vivid dreams")),
            yes(enzyme("ALT", "120") + &bilirubin("2.4")),
            no(enzyme("ALT", "120") + &bilirubin("2.39")),
            no(enzyme("ALT", "119.9") + &bilirubin("2.4")),
            no(lab("ALT", "value = 900; unit = \"U/L\"")),
            no(lab("ALT", "value = 300; unit = \"U/L\"; upper_limit = 40; date = 2025-10-01")
                + &lab("ALT", "value = 30; unit = \"U/L\"; upper_limit = 40; date = 2025-12-01")),
            yes(lab("ALT", "value = 300; unit = \"U/L\"; upper_limit = 40; date = 2025-10-01")
                + &lab("ALT", "value = 30; unit = \"U/L\"; date = 2025-12-01")),
        ],
        "HP-02b" => vec![
            no(enzyme("ALT", "119.6")),
            yes(enzyme("ALT", "120")),
            yes(enzyme("AST", "200")),
            no(enzyme("ALT", "200.1")),
            // HP-02 has it already.
            no(enzyme("ALT", "200.1") + &enzyme("AST", "150")),
            yes(lab("ALT", "value = 2.1; unit = \"µkat/L\"; upper_limit = 0.7")),
            no(lab("ALT", "value = 2.093; unit = \"µkat/L\"; upper_limit = 0.7")),
            no(enzyme("ALT", "120") + &bilirubin("2.4")),
            no(enzyme("ALT", "120") + &symptom("nausea")),
            // Unknown bilirubin or symptoms: a question that blocks.
            no(format!("no labs = yes\n{}", enzyme("ALT", "120"))),
            no(format!("answers.lists_complete = \"unknown\"\n{}", enzyme("ALT", "120"))),
        ],
        "HP-03" => vec![
            yes("answers.liver_disease = \"yes\""),
            no("answers.liver_disease = \"unknown\""),
            yes(condition("compensated cirrhosis", "active")),
            yes(condition("cirrhosis", "past")),
            yes(condition("fatty liver", "unknown")),
            no(condition("hepatitis A", "past")),
            no(condition("liver failure", "active")),
            no("answers.liver_disease = \"yes\"\n".to_owned() + &condition("liver failure", "active")),
            yes(symptom("dark urine")),
            no(on_ldn("2026-01-04") + &symptom("dark urine")),
        ],
        "HP-04" => vec![
            yes(on_ldn("2026-01-04") + &symptom("dark urine")),
            yes(on_ldn("2026-01-04") + &symptom("jaundice")),
            yes(on_ldn("2026-01-04") + &symptom("right upper abdominal pain")),
            yes(on_ldn("2026-01-04") + &symptom("severe fatigue")),
            no(on_ldn("2026-01-04") + &symptom("fatigue")),
            no(symptom("dark urine")),
        ],
        "HP-05" => vec![
            yes("no labs = yes"),
            no(format!("no labs = yes\n{}", enzyme("ALT", "30"))),
            no(format!("no labs = yes\n{}", enzyme("AST", "30"))),
            yes(format!("no labs = yes\n{}", egfr("95"))),
        ],
        "RE-01" => vec![
            yes(egfr("29")),
            yes(egfr("29.9")),
            no(egfr("30")),
            yes(condition("on dialysis", "active")),
            no("answers.kidney_disease = \"yes\""),
        ],
        "RE-02" => vec![
            no(egfr("29.9")),
            yes(egfr("30")),
            yes(egfr("59")),
            yes(egfr("59.9")),
            no(egfr("60")),
            yes(condition("CKD stage 3a", "active")),
        ],
        _ => return None,
    })
}

fn cases_of_people(rule: &str) -> Option<Cases> {
    let pregnancy = |value: &str| format!("person.pregnancy = \"{value}\"\n");
    let contraception = |value: &str| format!("person.contraception = \"{value}\"\n");
    let born = |day: &str| format!("person.birth_date = {day}\n");
    let born_in = |year: &str| format!("person.birth_date = none\nperson.birth_year = {year}\n");
    let alcohol = |value: &str| format!("answers.alcohol = \"{value}\"\n");
    let score = |test: &str, value: &str| lab(test, &format!("value = {value}"));
    Some(match rule {
        "PR-01" => vec![
            yes(pregnancy("pregnant")),
            yes(pregnancy("pregnant") + "person.sex = \"male\""),
            yes(condition("pregnancy", "active")),
            no(condition("pregnancy", "past")),
            no(condition("planning pregnancy", "active")),
            no(pregnancy("trying")),
            no(pregnancy("unknown")),
        ],
        "PR-02" => vec![
            yes(pregnancy("trying")),
            yes(contraception("no")),
            no(contraception("yes")),
            no(contraception("not-applicable")),
            no(contraception("unknown")),
            no(contraception("no") + "person.sex = \"male\""),
            yes(contraception("no") + "person.sex = \"unknown\""),
            yes(contraception("no") + &born("1970-01-06")),
            no(contraception("no") + &born("1970-01-05")),
            no(contraception("no") + &pregnancy("not-applicable")),
            yes(condition("trying to conceive", "active")),
        ],
        "PR-03" => vec![yes(pregnancy("breastfeeding")), no(pregnancy("no")), no(pregnancy("unknown"))],
        "AG-01" => vec![
            yes(born("2008-01-06")),
            no(born("2008-01-05")),
            yes(born_in("2009")),
            no(born_in("2008")),
            no(born_in("2007")),
            no("person.birth_date = none"),
        ],
        "AG-02" => vec![
            yes(born("1960-01-05")),
            no(born("1960-01-06")),
            yes(born_in("1960")),
            no(born_in("1961")),
            no("person.birth_date = none"),
        ],
        "PS-01" => {
            let mut cases = answer("suicidal_thoughts_now");
            cases.extend([
                yes(score("PHQ-9-item-9", "1")),
                yes(score("PHQ-9-item-9", "3")),
                no(score("PHQ-9-item-9", "0")),
                yes(symptom("suicidal thoughts")),
                no(condition("suicidal ideation", "past")),
            ]);
            cases
        }
        "PS-01b" => {
            let mut cases = answer("past_suicide_attempt");
            cases.push(yes(condition("suicide attempt", "past")));
            cases
        }
        "PS-02" => {
            let treated = |value: &str| format!("answers.depression_treated = \"{value}\"\n");
            vec![
                yes(treated("no") + &score("PHQ-9", "15")),
                no(treated("no") + &score("PHQ-9", "14")),
                yes(treated("unknown") + &score("PHQ-9", "15")),
                no(treated("yes") + &score("PHQ-9", "27")),
                yes(treated("no") + &condition("severe depression", "active")),
                no(treated("no") + &condition("depression", "active")),
            ]
        }
        "PS-03" => vec![
            yes(condition("bipolar disorder", "past")),
            yes(condition("schizophrenia", "active")),
            yes(condition("severe anxiety", "active")),
            yes(condition("insomnia", "active")),
            no(condition("insomnia", "past")),
            no(condition("anxiety", "active")),
        ],
        "AC-01" => vec![
            yes(alcohol("light")),
            yes(alcohol("heavy")),
            no(alcohol("none")),
            no(alcohol("dependence")),
            no(alcohol("unknown")),
        ],
        "AC-02" => vec![
            yes(alcohol("dependence")),
            yes(alcohol("withdrawal")),
            yes(condition("alcohol use disorder", "active")),
            no(alcohol("heavy")),
            no(alcohol("unknown")),
        ],
        _ => return None,
    })
}

fn cases_of_other_medicines(rule: &str) -> Option<Cases> {
    Some(match rule {
        "DI-01" => class(&["disulfiram", "Antabuse"], &["acamprosate"]),
        "DI-02" => class(&["thioridazine", "quetiapine"], &["sertraline"]),
        "DI-03" => {
            let mut cases = class(&["methotrexate", "isoniazid"], &["disulfiram", "omeprazole"]);
            cases.extend([
                yes(medicine("paracetamol", "per_day = \"3.5 g\"")),
                no(medicine("paracetamol", "per_day = \"3 g\"")),
                no(daily("paracetamol")),
            ]);
            cases
        }
        "DI-04" => class(&["lofexidine", "Lucemyra"], &["clonidine"]),
        "DI-05" => class(&["acamprosate", "Campral"], &["disulfiram"]),
        "DI-06" => class(&["methylphenidate", "Adderall"], &["caffeine"]),
        "DI-07" => class(&["CBD oil", "cannabis"], &["ibuprofen"]),
        "DI-08" => class(&["warfarin", "apixaban"], &["ibuprofen"]),
        "TH-01" => {
            let mut cases = class(&["levothyroxine", "Armour Thyroid"], &["ibuprofen"]);
            cases.extend([
                yes(condition("Hashimoto's thyroiditis", "active")),
                yes("course.indication = \"Hashimoto's disease\""),
                no(condition("Hashimoto's thyroiditis", "past")),
            ]);
            cases
        }
        "IM-01" => vec![
            yes(condition("kidney transplant", "past")),
            yes(procedure("liver transplant", "date = 2010-01-01; opioids_expected = \"no\"")),
            no(condition("kidney stones", "past")),
        ],
        "IM-02" => {
            let mut cases =
                class(&["adalimumab", "methotrexate", "mycophenolate", "tacrolimus"], &["ibuprofen"]);
            cases.extend([
                yes(stopped("Humira", "2025-12-09")),
                no(stopped("Humira", "2025-12-08")),
                yes(medicine("Humira", "use = \"stopped\"")),
                yes(daily("dupilumab")),
                yes(daily("Zyxolimab")),
                no(daily("erenumab")),
                no(daily("Prolia")),
                no(daily("evolocumab")),
            ]);
            cases
        }
        "MS-01" => vec![
            yes(condition("multiple sclerosis", "active")),
            yes("course.indication = \"MS\""),
            no(condition("migraine", "active")),
        ],
        "MC-01" => {
            let mut cases = answer("sensitive_to_medicines");
            cases.extend([yes(condition("MCAS", "active")), no(condition("asthma", "active"))]);
            cases
        }
        "DU-01" => class(&["Contrave", "Mysimba"], &["bupropion"]),
        "DU-02" => vec![
            yes(medicine("Vivitrol", "use = \"monthly\"")),
            yes(stopped("Vivitrol", "2025-12-07")),
            no(stopped("Vivitrol", "2025-12-06")),
            yes(medicine("naltrexone implant", "use = \"stopped\"")),
            yes(medicine("naltrexone", "route = \"injection\"; per_day = \"380 mg\"")),
            no(daily("LDN 4.5 mg")),
        ],
        "DU-03" => vec![
            yes(daily("naltrexone 50 mg")),
            yes(daily("Adepend")),
            yes(daily("nalmefene")),
            yes(daily("Lybalvi")),
            yes(medicine("naltrexone", "per_day = \"25 mg\"")),
            no(daily("LDN 4.5 mg")),
            no(daily("naltrexone 12 mg")),
            no(medicine("naltrexone 50 mg", "per_day = \"4.5 mg\"")),
            no(daily("naltrexone")),
            no(daily("Vivitrol")),
            no(daily("Embeda")),
            no(stopped("naltrexone 50 mg", "2025-12-01")),
        ],
        "DU-04" => class(&["semaglutide", "Mounjaro"], &["metformin"]),
        _ => return None,
    })
}

fn cases_of_doses(rule: &str) -> Option<Cases> {
    let current = |dose: &str| format!("course.current_dose = \"{dose}\"\n");
    Some(match rule {
        "UN-02" => vec![
            no(dose("4.5 mg")),
            yes(dose("4.6 mg")),
            yes(dose("6 mg")),
            no(dose("6.1 mg")),
            yes(dose("6000 micrograms")),
            // The dose may stand in the list of medicines only.
            yes(daily("LDN 6 mg")),
            no(daily("LDN 4.5 mg")),
            no(daily("LDN 6.1 mg")),
            no(medicine("LDN 6 mg", "use = \"stopped\"")),
        ],
        "UN-03" => vec![no(dose("6 mg")), yes(dose("6.1 mg")), yes(dose("9 mg")), no(dose("9.1 mg"))],
        "UN-04" => vec![no(dose("9 mg")), yes(dose("9.1 mg")), yes(dose("12 mg")), no(dose("12.1 mg"))],
        "UN-05" => vec![
            no(dose("12 mg")),
            yes(dose("12.1 mg")),
            yes(dose("25 mg")),
            yes(dose("50 mg")),
            yes(current("24 mg")),
            no(current("25 mg")),
        ],
        "UN-05b" => vec![
            no(dose("25 mg")),
            no(current("24.9 mg")),
            yes(current("25 mg")),
            yes(current("50 mg")),
            yes(symptom("swallowed a whole tablet, 50 mg")),
        ],
        "UN-06" => {
            let liquid =
                |strength: &str| format!("course.form = \"liquid\"\ncourse.concentration = \"{strength}\"\n");
            vec![
                no(liquid("1 mg/mL")),
                no(liquid("0.1 mg/mL")),
                no(liquid("5 mg/mL")),
                no(liquid("1.05 mg/mL")),
                yes(liquid("1.06 mg/mL")),
                yes(liquid("10 mg/mL")),
                // Unknown: a question that blocks.
                no("course.form = \"liquid\""),
            ]
        }
        "UN-07" => vec![
            yes(current("1.5 mg") + &dose("3.1 mg")),
            no(current("1.5 mg") + &dose("3 mg")),
            no(current("4.5 mg") + &dose("1.5 mg")),
            yes(current("1.5 mg") + &dose("3 mg") + "course.ldn_since = 2025-12-30"),
            no(current("1.5 mg") + &dose("3 mg") + "course.ldn_since = 2025-12-29"),
            yes(dose("4.5 mg") + &daily("LDN 1 mg")),
            no(dose("4.5 mg") + &medicine("LDN 1 mg", "use = \"planned\"")),
            no(dose("4.5 mg")),
        ],
        _ => return None,
    })
}

fn cases_of_courses(rule: &str) -> Option<Cases> {
    let drives = |value: &str| format!("answers.drives = \"{value}\"\n");
    Some(match rule {
        "FO-01" => vec![
            yes("course.release = \"extended\""),
            no("course.release = \"unknown\""),
            yes(medicine("LDN 4.5 mg", "release = \"extended\"")),
            no(medicine("metformin", "release = \"extended\"")),
        ],
        "FO-02" => vec![
            yes(medicine("naltrexone 50 mg tablets", "per_day = \"4.5 mg\"")),
            yes(symptom("dissolves tablets in water")),
            no(daily("LDN 4.5 mg")),
            no(daily("naltrexone 50 mg")),
        ],
        "FO-03" => answer("splits_tablets"),
        "FO-04" => answer("swallowing_difficulty"),
        "UN-08" => vec![no(on_ldn("2025-12-22")), yes(on_ldn("2025-12-21")), no("")],
        "DR-01" => vec![
            yes(drives("yes") + &symptom("drowsiness")),
            yes(drives("yes") + &symptom("dizzy spells")),
            yes(drives("yes") + &daily("diazepam")),
            yes(drives("yes") + &daily("thioridazine")),
            yes(drives("yes") + &daily("CBD oil")),
            no(drives("no") + &symptom("drowsiness")),
            no(drives("unknown") + &symptom("drowsiness")),
            no(drives("yes")),
        ],
        "MD-01" => vec![
            yes(symptom("missed a dose")),
            yes(on_ldn("2026-01-03")),
            no(on_ldn("2026-01-04")),
            no(on_ldn("2025-12-01")),
        ],
        "VO-01" => vec![yes(on_ldn("2026-01-04") + &symptom("vomiting")), no(symptom("vomiting"))],
        "ST-01" => vec![
            yes(on_ldn("2026-01-04") + &dose("0 mg")),
            yes(symptom("wants to stop")),
            no(on_ldn("2026-01-04")),
        ],
        "ST-02" => answer("household_opioid_user"),
        "BL-01" => vec![
            yes("course.blinded_period = \"yes\""),
            no("course.blinded_period = \"no\""),
            no("course.blinded_period = \"unknown\""),
        ],
        "LB-01" => answer("drug_tested"),
        _ => return None,
    })
}

fn cases(rule: &str) -> Cases {
    cases_of_opioids(rule)
        .or_else(|| cases_of_suspicions(rule))
        .or_else(|| cases_of_procedures_and_allergies(rule))
        .or_else(|| cases_of_liver_and_kidneys(rule))
        .or_else(|| cases_of_people(rule))
        .or_else(|| cases_of_other_medicines(rule))
        .or_else(|| cases_of_doses(rule))
        .or_else(|| cases_of_courses(rule))
        .unwrap_or_else(|| panic!("{rule} has no case"))
}

fn ids() -> Vec<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../golden/screen/rule-ids.txt");
    std::fs::read_to_string(file).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn every_rule_of_the_dossier_speaks_on_one_side_of_its_boundaries_only() {
    let ids = ids();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 91);
    let mut wrong = Vec::new();
    for rule in ids.iter().filter(|rule| *rule != "UN-01") {
        let cases = cases(rule);
        assert!(cases.iter().any(|(_, speaks)| *speaks), "no case makes {rule} speak");
        assert!(cases.iter().any(|(_, speaks)| !speaks), "no case keeps {rule} silent");
        for (changes, speaks) in cases {
            let rules = rules_but(&changes);
            if rules.contains(rule) != speaks {
                wrong.push(format!("{rule} expected {speaks}, found {rules:?} for\n{changes}\n"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_dose_without_a_unit_never_gets_as_far_as_a_screening() {
    assert_eq!(RuleSet::shipped().rule("UN-01").unwrap().checked_at, CheckedAt::Reading);
    for dose in ["4.5", "\"4.5\"", "\"4.5 ml\"", "\"4.5 g\"", "4"] {
        let text = person_but(&format!("course.requested_dose = {dose}\n"));
        let problems = ldn_care::intake::read(text.as_bytes()).unwrap_err().to_string();
        assert!(problems.contains("UN-01"), "{dose}: {problems}");
    }
}

#[test]
fn rules_have_the_severity_and_the_action_of_the_dossier() {
    let rules = RuleSet::shipped();
    let ids: Vec<&str> = rules.rules().map(|rule| rule.id.as_str()).collect();
    assert_eq!(
        ids.iter().map(|id| (*id).to_owned()).collect::<BTreeSet<_>>(),
        self::ids().into_iter().collect()
    );
    let of = |severity| rules.rules().filter(|rule| rule.severity == severity).count();
    let counts = [
        Severity::Emergency,
        Severity::Contraindicated,
        Severity::NeedsPrescriberDecision,
        Severity::Caution,
        Severity::Info,
    ];
    assert_eq!(counts.map(of), [7, 29, 25, 19, 11]);
    for rule in rules.rules() {
        let expected: &[ActionKind] = match rule.severity {
            Severity::Emergency => &[ActionKind::Stop],
            Severity::Contraindicated => match rule.id.as_str() {
                "OP-16" => &[ActionKind::Delay],
                "OP-22" => &[ActionKind::Hold],
                _ => &[ActionKind::Refuse],
            },
            // Where the dossier wants a prescriber and not only a plan that heeds it.
            Severity::NeedsPrescriberDecision => match rule.id.as_str() {
                "OP-15" => &[ActionKind::UltraLowOnly],
                "SU-01" | "SU-04" | "AL-04" => &[ActionKind::Hold],
                "SU-03" => &[ActionKind::Delay],
                "HP-03" | "UN-08" => &[ActionKind::StartLower],
                "UN-07" => &[ActionKind::Slower],
                "BL-01" => &[ActionKind::Tell],
                _ => &[ActionKind::RequireOverride],
            },
            _ => continue,
        };
        assert!(expected.contains(&rule.action), "{}: {:?}", rule.id, rule.action);
    }
}

#[test]
fn one_common_sign_on_ldn_is_an_emergency_unless_every_answer_speaks_against_an_opioid() {
    use Severity::{Emergency, NeedsPrescriberDecision};
    let hernia = |opioids: &str| {
        procedure("hernia repair", &format!("date = 2025-12-01; opioids_expected = \"{opioids}\""))
    };
    for (changes, severity) in [
        (symptom("diarrhoea"), NeedsPrescriberDecision),
        (symptom("night sweats"), NeedsPrescriberDecision),
        (symptom("diarrhoea") + &daily("ibuprofen"), NeedsPrescriberDecision),
        (symptom("diarrhoea") + &medicine("loperamide", "per_day = \"4 mg\""), NeedsPrescriberDecision),
        (symptom("diarrhoea") + &hernia("no"), NeedsPrescriberDecision),
        // Two signs, or one that hardly comes from anything else.
        (symptom("sweats and stomach cramps"), Emergency),
        (symptom("diarrhoea") + &symptom("agitation"), Emergency),
        (symptom("yawning"), Emergency),
        (symptom("goose bumps"), Emergency),
        (symptom("withdrawal"), Emergency),
        // Something that leaves an opioid open.
        (symptom("diarrhoea") + &daily("Zyxol"), Emergency),
        (symptom("diarrhoea") + &daily("loperamide"), Emergency),
        (symptom("diarrhoea") + &stopped("Percocet", "2025-06-01"), Emergency),
        (symptom("diarrhoea") + &medicine("Narcan", "use = \"as-needed\""), Emergency),
        (symptom("diarrhoea") + &condition("heroin addiction", "past"), Emergency),
        (symptom("diarrhoea") + &lab("urine-opioid-screen", "text = \"positive\""), Emergency),
        (symptom("diarrhoea") + &hernia("unknown"), Emergency),
    ] {
        let found = screening_but(&(on_ldn("2026-01-04") + &changes));
        let finding = found.finding("OP-21").unwrap_or_else(|| panic!("OP-21 is silent\n{changes}"));
        assert_eq!(finding.severity, severity, "{changes}");
    }
    for open in ["opioids_last_90_days", "lists_complete"] {
        for answer in ["unknown", "yes", "no"] {
            let changes =
                format!("answers.{open} = \"{answer}\"\n{}{}", on_ldn("2026-01-04"), symptom("diarrhoea"));
            let is_against = (open, answer) == ("opioids_last_90_days", "no")
                || (open, answer) == ("lists_complete", "yes");
            let found = screening_but(&changes);
            let expected = if is_against { NeedsPrescriberDecision } else { Emergency };
            assert_eq!(found.finding("OP-21").unwrap().severity, expected, "{changes}");
        }
    }
}

#[test]
fn a_step_quotes_the_present_dose_where_it_stands() {
    let at = |changes: String| {
        let screening = screening_but(&changes);
        let because = &screening.finding("UN-07").unwrap().because;
        because.iter().map(|fact| fact.at.clone()).collect::<Vec<_>>()
    };
    assert_eq!(
        at(dose("4.5 mg") + "course.current_dose = \"1 mg\""),
        ["course.requested_dose", "course.current_dose"]
    );
    assert_eq!(at(dose("4.5 mg") + &daily("LDN 1 mg")), ["course.requested_dose", "medicine[0].name"]);
    assert_eq!(
        at(dose("4.5 mg") + &medicine("LDN", "use = \"daily\"; per_day = \"1 mg\"")),
        ["course.requested_dose", "medicine[0].per_day"]
    );
}

#[test]
fn heavy_drinking_is_graver_than_light() {
    let severity = |alcohol: &str| {
        let screening = screening_but(&format!("answers.alcohol = \"{alcohol}\""));
        let finding = screening.finding("AC-01").unwrap().clone();
        (finding.severity, finding.action.kind)
    };
    assert_eq!(severity("light"), (Severity::Caution, ActionKind::Tell));
    assert_eq!(severity("heavy"), (Severity::NeedsPrescriberDecision, ActionKind::RequireOverride));
}

#[test]
fn the_first_allowed_day_is_the_last_exposure_plus_the_interval() {
    let day = |month, day| Some(date(2026, month, day));
    let none: Option<Date> = None;
    for (rule, changes, earliest) in [
        ("OP-16", stopped("Percocet", "2026-01-04"), day(1, 14)),
        ("OP-16", stopped("OxyContin", "2026-01-04"), day(1, 18)),
        ("OP-16", stopped("oxycodone", "2026-01-04"), day(1, 18)),
        ("OP-16", stopped("Percocet", "2025-12-27"), day(1, 6)),
        ("OP-16", stopped("Percocet", "2026-01-02") + &stopped("methadone", "2026-01-01"), day(1, 15)),
        ("OP-16", stopped("Percocet", "2026-01-02") + &medicine("MST", "use = \"stopped\""), none),
        ("OP-16", medicine("Percocet", "use = \"stopped\""), none),
        ("OP-16", procedure("hernia repair", "date = 2026-01-01"), day(1, 11)),
        ("OP-16", "answers.opioids_last_90_days = \"yes\"".to_owned(), none),
        ("OP-03", stopped("fentanyl patch", "2026-01-02"), day(1, 16)),
        ("OP-10", stopped("kratom", "2026-01-04"), day(1, 18)),
        ("OP-06", stopped("Sublocade", "2025-12-01"), none),
        ("OP-06", medicine("Sublocade", "use = \"monthly\"; last_taken = 2025-12-20"), none),
        ("OP-01", daily("Percocet"), none),
        ("OP-01", medicine("Percocet", "use = \"as-needed\"; last_taken = 2026-01-04"), day(1, 14)),
        // In use, and the last dose is long ago: a contradiction, and no date.
        ("OP-01", medicine("Percocet", "use = \"as-needed\"; last_taken = 2025-11-04"), none),
        ("OP-07", medicine("Ultram 50 mg", "use = \"as-needed\"; last_taken = 2026-01-04"), day(1, 14)),
        ("OP-07", medicine("Zydol", "use = \"as-needed\"; last_taken = 2026-01-04"), day(1, 18)),
        ("DU-02", stopped("Vivitrol", "2025-12-20"), day(1, 19)),
        ("DI-01", daily("disulfiram"), none),
    ] {
        let screening = screening_but(&changes);
        let finding = screening.finding(rule).unwrap_or_else(|| panic!("{rule} does not speak\n{changes}"));
        assert_eq!(finding.action.earliest_start, earliest, "{rule}\n{changes}");
    }
}

#[test]
fn patches_and_depots_have_their_rules_beside_or_instead_of_the_interval() {
    assert_eq!(rules_but(&stopped("fentanyl patch", "2026-01-02")), ["OP-03", "OP-16"]);
    assert_eq!(rules_but(&daily("fentanyl patch")), ["OP-03"]);
    assert_eq!(rules_but(&daily("Butrans")), ["OP-03", "OP-05"]);
    assert_eq!(rules_but(&stopped("Sublocade", "2025-12-02")), ["OP-06", "OP-17"]);
    assert_eq!(rules_but(&medicine("tramadol", "use = \"as-needed\"")), ["OP-07", "OP-14"]);
    assert_eq!(rules_but(&daily("tramadol")), ["OP-07"]);
    assert_eq!(rules_but(&daily("Tussionex")), ["OP-13"]);
}
