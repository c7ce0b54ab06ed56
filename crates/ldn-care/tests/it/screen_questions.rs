//! What could not be judged becomes a question, and what was not recognised is listed.

use jiff::civil::date;
use ldn_care::intake::{Intake, read, template};
use ldn_care::screen::{Disposition, Question, Screening};

use crate::screen::{medicine, person_but, screened, screening_but};

/// One screen of a terminal.
const LINES_OF_A_SCREEN: usize = 24;
/// What is left for the reason beside the longest key.
const COLUMNS_OF_A_REASON: usize = 80;

fn ask<'s>(screening: &'s Screening, at: &str) -> Option<&'s Question> {
    screening.questions.iter().find(|question| question.at == at)
}

#[test]
fn nothing_known_is_incomplete_with_questions_on_one_screen() {
    let screening = screened(&Intake::unknown(date(2026, 1, 5)));
    assert_eq!(screening.disposition, Disposition::Incomplete);
    let blocking: Vec<&str> =
        screening.questions.iter().filter(|asked| asked.blocks).map(|asked| asked.at.as_str()).collect();
    assert_eq!(
        blocking,
        [
            "answers.suicidal_thoughts_now",
            "answers.opioids_last_90_days",
            "answers.lists_complete",
            "person.birth_date",
            "person.pregnancy",
            "answers.liver_disease",
            "answers.kidney_disease",
        ]
    );
    assert!(screening.questions.iter().is_sorted_by_key(|asked| !asked.blocks), "{:#?}", screening.questions);
    assert!(screening.questions.len() < LINES_OF_A_SCREEN, "{}", screening.questions.len());
    for asked in &screening.questions {
        assert!(asked.why.chars().count() <= COLUMNS_OF_A_REASON, "{asked:?}");
    }
    let rules: Vec<&str> = screening.findings.iter().map(|finding| finding.rule.as_str()).collect();
    assert_eq!(rules, ["HP-05"], "nothing is known, so nothing but the missing liver tests is found");
}

#[test]
fn the_empty_intake_reads_as_nothing_known() {
    let today = date(2026, 3, 9);
    assert_eq!(read(template(today).as_bytes()).unwrap(), Intake::unknown(today));
    // Every commented key is one that the reader knows.
    let uncommented: String = template(today)
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(rest) if rest.starts_with("[[") || rest.contains(" = ") => format!("{rest}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    let filled = read(uncommented.as_bytes());
    let intake = filled.unwrap_or_else(|problems| panic!("{problems}\n{uncommented}"));
    assert_eq!((intake.medicines.len(), intake.labs.len(), intake.procedures.len()), (1, 1, 1));
}

#[test]
fn questions_that_block_and_those_that_do_not() {
    let raised = "[[lab]]\ntest = \"ALT\"\nvalue = 130\nunit = \"U/L\"\nupper_limit = 40\n";
    for (changes, at, blocks) in [
        ("answers.lists_complete = \"unknown\"", "answers.lists_complete", true),
        ("answers.lists_complete = \"no\"", "answers.lists_complete", true),
        ("answers.opioids_last_90_days = \"unknown\"", "answers.opioids_last_90_days", true),
        ("answers.suicidal_thoughts_now = \"unknown\"", "answers.suicidal_thoughts_now", true),
        ("answers.liver_disease = \"unknown\"", "answers.liver_disease", true),
        ("answers.kidney_disease = \"unknown\"", "answers.kidney_disease", true),
        ("person.pregnancy = \"unknown\"", "person.pregnancy", true),
        ("person.birth_date = none", "person.birth_date", true),
        ("person.birth_date = none\nperson.birth_year = 2008", "person.birth_date", true),
        ("course.form = \"liquid\"", "course.concentration", true),
        ("no labs = yes\n[[lab]]\ntest = \"ALT\"\nvalue = 30\nunit = \"U/L\"", "lab[0].upper_limit", true),
        ("[[lab]]\ntest = \"bilirubin\"\nvalue = 1\nunit = \"mg/dL\"", "lab[3].upper_limit", true),
        (&format!("no labs = yes\n{raised}"), "lab[bilirubin]", true),
        (&format!("answers.lists_complete = \"no\"\n{raised}"), "symptom", true),
        ("no labs = yes\nanswers.kidney_disease = \"yes\"", "lab[eGFR]", true),
        ("no labs = yes\n[[condition]]\nname = \"kidney disease\"", "lab[eGFR]", true),
        ("[[medicine]]\nname = \"naltrexone\"", "medicine[0].per_day", true),
        ("[[medicine]]\nname = \"LDN\"\nuse = \"daily\"", "medicine[0].per_day", true),
        ("[[medicine]]\nname = \"oxycodoen\"", "medicine[0].name", true),
        ("[[medicine]]\nname = \"lisinopril\"\nnot_an_opioid = \"no\"", "medicine[0].name", true),
        ("answers.alcohol = \"unknown\"", "answers.alcohol", false),
        ("answers.past_suicide_attempt = \"unknown\"", "answers.past_suicide_attempt", false),
        ("answers.household_opioid_user = \"unknown\"", "answers.household_opioid_user", false),
        ("answers.drives = \"unknown\"", "answers.drives", false),
        ("answers.drug_tested = \"unknown\"", "answers.drug_tested", false),
        ("answers.swallowing_difficulty = \"unknown\"", "answers.swallowing_difficulty", false),
        ("answers.splits_tablets = \"unknown\"", "answers.splits_tablets", false),
        ("answers.sensitive_to_medicines = \"unknown\"", "answers.sensitive_to_medicines", false),
        ("answers.depression_treated = \"unknown\"", "answers.depression_treated", false),
        ("person.contraception = \"unknown\"", "person.contraception", false),
        ("course.requested_dose = none", "course.requested_dose", false),
        ("course.release = \"unknown\"", "course.release", false),
        ("course.ldn_since = 2025-10-01", "course.last_ldn_dose", false),
        ("[[medicine]]\nname = \"Percocet\"\nuse = \"stopped\"", "medicine[0].last_taken", false),
        ("[[medicine]]\nname = \"oxycodone\"\nuse = \"daily\"", "medicine[0].release", false),
        ("[[medicine]]\nname = \"Narcan\"\nuse = \"as-needed\"", "medicine[0].last_taken", false),
        ("[[medicine]]\nname = \"loperamide\"", "medicine[0].per_day", false),
        // Twenty capsules are an amount, and say nothing.
        ("[[medicine]]\nname = \"loperamide\"\nper_day = \"20 capsules\"", "medicine[0].per_day", false),
        ("[[medicine]]\nname = \"paracetamol\"\nper_day = \"8 tablets\"", "medicine[0].per_day", false),
        ("[[medicine]]\nname = \"lofexidine\"\nuse = \"daily\"", "answers.opioids_last_90_days", false),
        (
            "course.ldn_since = 2025-10-01\n[[lab]]\ntest = \"urine-oxycodone\"\ntext = \"positive\"",
            "lab[4].date",
            false,
        ),
        ("[[condition]]\nname = \"cirrhosis\"", "condition[0].name", false),
        ("[[symptom]]\nname = \"dark urine\"", "course.ldn_since", false),
        ("[[procedure]]\nname = \"hernia repair\"", "procedure[0].date", false),
        ("[[medicine]]\nname = \"Percocet\"\nuse = \"daily\"", "answers.opioids_last_90_days", false),
    ] {
        let screening = screening_but(changes);
        let found = ask(&screening, at)
            .unwrap_or_else(|| panic!("{at} is not asked\n{changes}\n{:#?}", screening.questions));
        assert_eq!(found.blocks, blocks, "{at}\n{changes}");
    }
}

#[test]
fn nobody_is_asked_what_cannot_matter() {
    let male = "person.sex = \"male\"\nperson.pregnancy = \"unknown\"";
    let old = "person.birth_date = 1970-01-05\nperson.pregnancy = \"unknown\"";
    let nearly_old = "person.birth_date = 1970-01-06\nperson.pregnancy = \"unknown\"";
    let old_by_year = "person.birth_date = none\nperson.birth_year = 1969\nperson.pregnancy = \"unknown\"";
    for (changes, at, asked) in [
        (male, "person.pregnancy", false),
        (old, "person.pregnancy", false),
        (nearly_old, "person.pregnancy", true),
        (old_by_year, "person.pregnancy", false),
        ("person.birth_date = none\nperson.birth_year = 2007", "person.birth_date", false),
        ("answers.kidney_disease = \"yes\"", "lab[eGFR]", false),
        ("[[medicine]]\nname = \"LDN 4.5 mg\"\nuse = \"daily\"", "medicine[0].per_day", false),
    ] {
        assert_eq!(ask(&screening_but(changes), at).is_some(), asked, "{changes}");
    }
}

#[test]
fn a_medicine_that_is_not_recognised_blocks_until_the_prescriber_vouches_for_it() {
    let screening = screening_but(&medicine("Zyxol", "use = \"daily\""));
    assert_eq!(screening.disposition, Disposition::Incomplete);
    assert_eq!(screening.unrecognised[0].at, "medicine[0].name");
    let vouched = screening_but(&medicine("Zyxol", "use = \"daily\"; not_an_opioid = \"yes\""));
    assert_eq!(vouched.disposition, Disposition::NoFinding);
    assert!(vouched.unrecognised.is_empty());
    assert!(vouched.not_checked.iter().any(|line| line.contains("Zyxol")), "{:?}", vouched.not_checked);
    // The word of the prescriber does not make an opioid that is recognised go away.
    let opioid = screening_but(&medicine("tramadol", "use = \"daily\"; not_an_opioid = \"yes\""));
    assert_eq!(opioid.disposition, Disposition::Refuse);
}

#[test]
fn a_near_name_blocks_until_somebody_answers() {
    let screening = screening_but(&medicine("oxycodoen", "use = \"daily\""));
    let found = ask(&screening, "medicine[0].name").map(|asked| asked.why.as_str()).unwrap_or_default();
    assert!(found.contains("oxycodone") || screening.finding("OP-02").is_some(), "{screening:#?}");
    assert!(screening.disposition >= Disposition::Incomplete);
}

#[test]
fn other_names_that_are_not_recognised_are_listed_and_do_not_block() {
    let blocks = "[[condition]]\nname = \"Zyxolitis\"\n[[allergy]]\nsubstance = \"zyxolium\"\n\
                  [[procedure]]\nname = \"zyxoloplexy\"\ndate = 2020-01-01\n[[symptom]]\nname = \"zyxing\"\n";
    let screening = screening_but(blocks);
    assert_eq!(screening.disposition, Disposition::NoFinding);
    let listed: Vec<&str> = screening.unrecognised.iter().map(|found| found.at.as_str()).collect();
    assert_eq!(listed, ["condition[0].name", "symptom[0].name", "allergy[0].substance", "procedure[0].name"]);
}

#[test]
fn unknown_answers_never_pass_for_no() {
    // Everything that blocks, one at a time, taken away instead of answered.
    for key in
        ["lists_complete", "opioids_last_90_days", "suicidal_thoughts_now", "liver_disease", "kidney_disease"]
    {
        let text = person_but(&format!("answers.{key} = none"));
        let screening = screened(&read(text.as_bytes()).unwrap());
        assert_eq!(screening.disposition, Disposition::Incomplete, "{key}");
    }
}
