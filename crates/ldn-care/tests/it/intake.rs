//! Reading intakes: what is understood, and how exactly the rest is refused.

use jiff::civil::date;
use ldn_care::intake::{
    Answer, Birth, ConditionStatus, LARGEST_FILE, LARGEST_LIST, LabResult, LabTest, Measured, Pregnancy,
    Release, Route, UnitOfLab, Use, read,
};

const HEAD: &str = "schema = 1\ndate = 2026-01-05\n";

/// The whole intake of the design.
const OF_THE_DESIGN: &str = r#"
schema = 1
date = 2026-01-05                 # the day of screening; the core reads no clock

[person]
birth_year = 1978                 # or birth_date = 1978-03-02
sex = "female"                    # female | male | other | unknown
pregnancy = "no"                  # no | pregnant | trying | breastfeeding | not-applicable | unknown
contraception = "yes"             # yes | no | not-applicable | unknown
weight_kg = 71.0                  # optional

[course]
indication = "fibromyalgia"       # id or free text
requested_dose = "4.5 mg"         # optional target; a number with a unit
form = "capsule"                  # capsule | liquid | tablet | sublingual | cream | unknown
concentration = "1 mg/mL"         # liquids
release = "immediate"             # immediate | extended | unknown
ldn_since = 2025-10-01            # optional: already on LDN
last_ldn_dose = 2026-01-03        # optional
current_dose = "1.5 mg"           # optional
blinded_period = "no"

[answers]                         # yes | no | unknown unless said otherwise; absent means unknown
lists_complete = "yes"            # medicines, conditions, allergies, procedures below are all there is
opioids_last_90_days = "no"
suicidal_thoughts_now = "no"
past_suicide_attempt = "no"
depression_treated = "unknown"
alcohol = "none"                  # none | light | heavy | dependence | withdrawal | unknown
kidney_disease = "no"
liver_disease = "no"
household_opioid_user = "no"
swallowing_difficulty = "no"
sensitive_to_medicines = "no"
splits_tablets = "no"
drug_tested = "no"
drives = "yes"

[[condition]]
name = "Hashimoto's thyroiditis"  # as written
status = "active"                 # active | past | unknown

[[symptom]]                       # now, or since LDN was started
name = "dark urine"

[[medicine]]
name = "Ultram 50 mg"             # as written: brand, generic, misspelt
use = "as-needed"                 # daily | weekly | monthly | as-needed | stopped | planned | unknown
route = "oral"
release = "immediate"             # optional
per_day = "200 mg"                # optional
last_taken = 2026-01-04
not_an_opioid = "yes"

[[allergy]]
substance = "lactose"
reaction = "bloating"             # optional

[[lab]]
test = "ALT"
value = 38.0
unit = "U/L"
upper_limit = 40.0                # of the same report
date = 2025-12-20

[[procedure]]
name = "dental extraction"
date = 2026-02-01                 # may lie in the past
opioids_expected = "unknown"
"#;

/// The problems of an intake as text.
fn problems(text: &str) -> String {
    match read(text.as_bytes()) {
        Err(problems) => problems.to_string(),
        Ok(intake) => panic!("accepted: {text}\n{intake:?}"),
    }
}

#[test]
fn the_intake_of_the_design_is_read_whole() {
    let intake = read(OF_THE_DESIGN.as_bytes()).unwrap();
    assert_eq!(intake.date, date(2026, 1, 5));
    assert_eq!(intake.person.birth, Birth::Year(1978));
    assert_eq!(intake.person.pregnancy, Pregnancy::No);
    assert_eq!(intake.person.weight_kg, Some(Measured::from_whole(71)));
    assert_eq!(intake.course.requested_dose, Some("4500 micrograms".parse().unwrap()));
    assert_eq!(intake.course.concentration.unwrap().to_string(), "1 mg/mL");
    assert_eq!(intake.course.last_ldn_dose, Some(date(2026, 1, 3)));
    assert_eq!(intake.answers.depression_treated, Answer::Unknown);
    assert_eq!(intake.answers.drives, Answer::Yes);
    assert_eq!(intake.conditions[0].status, ConditionStatus::Active);
    let medicine = &intake.medicines[0];
    assert_eq!(
        (medicine.usage, medicine.route, medicine.release),
        (Use::AsNeeded, Some(Route::Oral), Release::Immediate)
    );
    assert_eq!(medicine.per_day.as_ref().unwrap().mass, Some("200 mg".parse().unwrap()));
    assert_eq!(medicine.last_taken, Some(date(2026, 1, 4)));
    assert_eq!(intake.labs[0].test, LabTest::Alt);
    assert_eq!(intake.procedures[0].opioids_expected, Answer::Unknown);
}

#[test]
fn the_same_dose_in_either_unit_is_the_same_intake() {
    let of = |dose: &str| read(format!("{HEAD}[course]\nrequested_dose = \"{dose}\"\n").as_bytes()).unwrap();
    assert_eq!(of("4500 micrograms"), of("4.5 mg"));
    assert_eq!(of("4.50mg"), of("4.5 mg"));
}

#[test]
fn a_time_of_day_is_accepted_where_it_makes_sense() {
    let medicine = |taken: &str| format!("{HEAD}[[medicine]]\nname = \"MST\"\nlast_taken = {taken}\n");
    for taken in ["2026-01-04", "2026-01-04T22:30:00", "2026-01-04 22:30:00", "2026-01-04T22:30:00+01:00"] {
        let intake = read(medicine(taken).as_bytes()).unwrap();
        assert_eq!(intake.medicines[0].last_taken, Some(date(2026, 1, 4)), "{taken}");
    }
    assert!(problems(&medicine("22:30:00")).contains("expected a date"));
}

#[test]
fn laboratory_units_are_converted_and_a_missing_limit_is_unknown() {
    let result =
        |lab: &str| read(format!("{HEAD}[[lab]]\n{lab}\n").as_bytes()).unwrap().labs.remove(0).result;
    for unit in ["µkat/L", "μkat/L", "ukat/L"] {
        let LabResult::Amount { value, upper_limit, unit, written } =
            result(&format!("test = \"ALT\"\nvalue = 0.7\nunit = \"{unit}\"\nupper_limit = 0.75"))
        else {
            panic!("{unit} is an amount");
        };
        assert_eq!((value, upper_limit), (Measured::from_whole(42), Some(Measured::from_whole(45))));
        assert_eq!(unit, UnitOfLab::UnitsPerLitre);
        assert!(written.starts_with("0.7 "), "{written}");
    }
    assert!(matches!(
        result("test = \"SGPT\"\nvalue = 30\nunit = \"U/l\""),
        LabResult::Amount { upper_limit: None, .. }
    ));
    assert_eq!(result("test = \"naloxone-challenge\"\ntext = \"positive\""), LabResult::Positive);
    assert_eq!(result("test = \"PHQ-9\"\nvalue = 12"), LabResult::Score(Measured::from_whole(12)));
    assert!(matches!(result("test = \"ferritin\"\nvalue = 12\nunit = \"ng/mL\""), LabResult::Amount { .. }));
}

#[test]
fn every_mistake_is_refused_with_its_place_and_what_was_expected() {
    let long_name = format!("[[medicine]]\nname = \"{}\"", "x".repeat(301));
    let many = "[[symptom]]\nname = \"pain\"\n".repeat(LARGEST_LIST + 1);
    for (body, expected) in [
        ("colour = \"red\"", "line 3, `colour`: unknown key"),
        ("[persn]\nsex = \"male\"", "line 3, `persn`: unknown key, did you mean `person`?"),
        ("[person]\nage = 40", "line 4, `person.age`: unknown key"),
        ("[answers]\nopioid_last_90_days = \"no\"", "did you mean `opioids_last_90_days`?"),
        ("[[medicine]]\nname = \"MST\"\ndose = \"10 mg\"", "line 5, `medicine[0].dose`: unknown key"),
        ("[person]\nsex = 1", "line 4, `person.sex` is `1`: expected one of \"female\", \"male\""),
        ("[person]\nsex = \"Female\"", "`person.sex` is `Female`: expected one of"),
        (
            "[answers]\ndrives = true",
            "`answers.drives` is `true`: expected one of \"yes\", \"no\", \"unknown\"",
        ),
        ("[answers]\nalcohol = \"no\"", "expected one of \"none\", \"light\", \"heavy\""),
        ("answers = \"none\"", "`answers` is `none`: expected a table"),
        (
            "[medicine]\nname = \"MST\"",
            "`medicine` is `a table`: expected tables: a line [[medicine]] before each",
        ),
        ("medicine = [\"MST\"]", "line 3, `medicine[0]` is `MST`: expected tables"),
        ("[[medicine]]\nuse = \"daily\"", "line 3, `medicine[0].name`: missing"),
        ("[[medicine]]\nname = \"\"", "`medicine[0].name` is ``: expected text such as"),
        ("[[medicine]]\nname = 3", "`medicine[0].name` is `3`: expected text in quotes"),
        ("[[medicine]]\nname = \"a\\u0000b\"", "expected one line of at most 300 characters"),
        (long_name.as_str(), "expected one line of at most 300 characters"),
        (many.as_str(), "`symptom` is `an array`: expected at most 500 of these, found 501"),
        (
            "[course]\nrequested_dose = 4.5",
            "line 4, `course.requested_dose` is `4.5`: UN-01: expected a dose with its unit",
        ),
        (
            "[course]\nrequested_dose = \"4.5\"",
            "UN-01: expected a unit after the number: \"4.5 mg\" or \"4.5 micrograms\"",
        ),
        ("[course]\nrequested_dose = \"4.5 mL\"", "UN-01: `mL` is no unit of dose"),
        ("[course]\nrequested_dose = \"4,5 mg\"", "write a point, not a comma: 4.5"),
        ("[course]\nrequested_dose = \".5 mg\"", "expected a plain number and its unit"),
        ("[course]\ncurrent_dose = \"\"", "UN-01: expected a dose such as \"4.5 mg\""),
        ("[course]\nrequested_dose = \"99999999999999999999 mg\"", "too large"),
        ("[course]\nconcentration = \"1\"", "expected a number with its unit, such as \"1 mg/mL\""),
        ("[course]\nconcentration = \"1 mg\"", "`mg` is no unit that fits here"),
        ("[[medicine]]\nname = \"MST\"\nper_day = 20", "UN-01: expected an amount with its unit"),
        (
            "[[medicine]]\nname = \"MST\"\nper_day = \"20\"",
            "expected a number with its unit, such as \"200 mg\"",
        ),
        (
            "[[medicine]]\nname = \"MST\"\nlast_taken = 2026-01-06",
            "expected a day that is not after `date`, 2026-01-05",
        ),
        (
            "[[medicine]]\nname = \"MST\"\nlast_taken = \"2026-01-04\"",
            "expected a date such as 2026-01-05, without quotes",
        ),
        ("[course]\nldn_since = 2026-02-01", "expected a day that is not after `date`"),
        (
            "[course]\nldn_since = 2025-10-01\nlast_ldn_dose = 2025-09-30",
            "not before `course.ldn_since`, 2025-10-01",
        ),
        ("[person]\nbirth_date = 2026-01-06", "expected a day that is not after `date`"),
        ("[person]\nbirth_year = 1850", "expected a year from 1896 to 2026"),
        ("[person]\nbirth_year = 1978.0", "expected a year from"),
        ("[person]\nbirth_year = 1979\nbirth_date = 1978-03-02", "expected the year of `birth_date`, 1978"),
        ("[person]\nbirth_date = 1890-03-02", "expected a day at most 130 years ago"),
        ("[person]\nweight_kg = 7100", "expected kilograms from 20 to 400"),
        ("[person]\nweight_kg = \"71\"", "expected a number without quotes"),
        ("[[lab]]\ntest = \"ALT\"\nvalue = 38", "`lab[0].unit`: missing"),
        (
            "[[lab]]\ntest = \"ALT\"\nvalue = 38\nunit = \"mg/dL\"",
            "`lab[0].unit` is `mg/dL`: expected \"U/L\" or \"µkat/L\"",
        ),
        ("[[lab]]\ntest = \"ALT\"\nunit = \"U/L\"", "`lab[0].value`: missing"),
        ("[[lab]]\ntest = \"ALT\"\ntext = \"positive\"", "expected a `value`: ALT is a number"),
        ("[[lab]]\ntest = \"ALT\"\nvalue = -1\nunit = \"U/L\"", "expected a plain number"),
        ("[[lab]]\ntest = \"ALT\"\nvalue = nan\nunit = \"U/L\"", "expected a plain number"),
        ("[[lab]]\ntest = \"ALT\"\nvalue = 1e3\nunit = \"U/L\"", "expected a plain number"),
        ("[[lab]]\ntest = \"ALT\"\nvalue = \"38,5\"\nunit = \"U/L\"", "write a point, not a comma: 38.5"),
        ("[[lab]]\ntest = \"ALT\"\nvalue = 3\nunit = \"U/L\"\nupper_limit = 0", "which is above 0"),
        ("[[lab]]\ntest = \"PHQ-9\"\nvalue = 28", "expected a whole score from 0 to 27"),
        ("[[lab]]\ntest = \"PHQ-9-item-9\"\nvalue = 1.5", "expected a whole score from 0 to 3"),
        ("[[lab]]\ntest = \"PHQ-9\"\nvalue = 3\nunit = \"points\"", "a score has no unit"),
        ("[[lab]]\ntest = \"urine-opioid-screen\"\nvalue = 1", "text = \"positive\" or \"negative\""),
        (
            "[[lab]]\ntest = \"urine-opioid-screen\"\ntext = \"maybe\"",
            "expected \"positive\" or \"negative\"",
        ),
        ("[[lab]]\ntest = \"TSH\"\nvalue = 1\ntext = \"positive\"\nunit = \"mU/L\"", "not both"),
        ("[[lab]]\ntest = \"ALT\"\nvalue = 1\nunit = \"U/L\"\ndate = 2026-01-06", "not after `date`"),
        ("[[procedure]]\nname = \"birth\"\ndate = 2026-02-30", "line 5"),
        (
            "[[procedure]]\nname = \"birth\"\ndate = 2226-02-03",
            "expected a day of the calendar from 1880-01-01 to 2100-12-31",
        ),
        ("[person\nsex = \"male\"", "line 3, not TOML"),
        ("[person]\nsex = \"male\"\nsex = \"male\"", "line 5, not TOML: duplicate key"),
    ] {
        let found = problems(&format!("{HEAD}{body}\n"));
        assert!(found.contains(expected), "expected {expected}\nfound {found}\nfor {body}");
        assert!(!found.contains(|c: char| c.is_control() && c != '\n'), "{found:?}");
    }
}

#[test]
fn the_head_of_an_intake_is_needed() {
    for (text, expected) in [
        ("", "the file is empty"),
        (" \n\n", "the file is empty"),
        ("date = 2026-01-05", "`schema`: missing; expected the line schema = 1"),
        ("schema = 2\ndate = 2026-01-05", "`schema` is `2`: expected 1"),
        ("schema = 1", "`date`: missing; expected the day of screening"),
        (
            "schema = 1\ndate = \"5 January\"",
            "`date` is `5 January`: expected a date such as 2026-01-05, without quotes",
        ),
        ("schema = 1\ndate = 2026-13-01", "line 2, not TOML"),
        ("schema = 1\ndate = 2026-02-30", "line 2"),
        ("schema = 1\ndate = 2026-01-05T08:00:00", "expected a date such as 2026-01-05"),
        ("#", "`schema`: missing"),
    ] {
        let found = problems(text);
        assert!(found.contains(expected), "expected {expected}\nfound {found}\nfor {text}");
    }
}

#[test]
fn all_mistakes_are_told_at_once_in_the_order_of_the_file() {
    let text = format!(
        "{HEAD}[person]\nsex = 1\nbirth_year = 3\n[course]\nrequested_dose = \"4,5\"\n[[lab]]\ntest = \"ALT\"\n"
    );
    let found = read(text.as_bytes()).unwrap_err();
    let lines: Vec<Option<u64>> = found.kept().iter().map(|problem| problem.line).collect();
    assert_eq!(lines, [Some(4), Some(5), Some(7), Some(8)], "{found}");
    let many = "[[symptom]]\nnam = \"x\"\n".repeat(100);
    let found = read(format!("{HEAD}{many}").as_bytes()).unwrap_err();
    assert_eq!((found.kept().len(), found.more()), (50, 150));
}

#[test]
fn garbage_is_refused_at_once() {
    let huge = vec![b'x'; 10_000_000];
    let found = read(&huge).unwrap_err().to_string();
    assert!(found.contains("at most 1000000 bytes"), "{found}");
    let at_the_limit = vec![b'#'; LARGEST_FILE];
    assert!(read(&at_the_limit).unwrap_err().to_string().contains("`schema`: missing"));
    let deep = format!("{HEAD}x = {}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(problems(&deep).contains("line 3"), "deep nesting");
    let deep_keys = format!("{HEAD}{} = 1", vec!["a"; 100_000].join("."));
    assert!(problems(&deep_keys).contains("line 3"), "deep keys");
    let found = read(b"schema = 1\ndate = 2026-01-05\n\xff\xfe\n").unwrap_err().to_string();
    assert!(found.starts_with("line 3, not UTF-8"), "{found}");
    let bare_returns = "schema = 1\rdate = 2026-01-05";
    assert!(read(bare_returns.as_bytes()).is_err());
    let marked = format!("\u{feff}{HEAD}");
    assert!(read(marked.as_bytes()).is_ok(), "a byte-order mark is no mistake");
    assert!(read(HEAD.replace('\n', "\r\n").as_bytes()).is_ok(), "nor is the line end of Windows");
}
