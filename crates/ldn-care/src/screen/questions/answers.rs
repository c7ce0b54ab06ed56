//! Questions about the person, the course and the fixed answers.

use super::Questions;
use crate::intake::{Alcohol, Answer, Contraception, CourseForm, Pregnancy, Release};
use crate::screen::facts::{Facts, List, WITHDRAWAL_SIGNS};
use crate::screen::rule::Severity;
use crate::screen::rules::sedates;

/// Asks about the person, the course and the fixed answers.
pub(super) fn ask(facts: &Facts<'_>, questions: &mut Questions) {
    that_block(facts, questions);
    about_conception(facts, questions);
    about_mood_and_habits(facts, questions);
    about_the_course(facts, questions);
    about_what_is_going_on(facts, questions);
    about_procedures(facts, questions);
}

/// Answers without which no plan is made.
fn that_block(facts: &Facts<'_>, questions: &mut Questions) {
    use Severity::{Contraindicated, Emergency};
    let answers = &facts.intake.answers;
    if answers.suicidal_thoughts_now == Answer::Unknown {
        questions.block(
            "answers.suicidal_thoughts_now",
            Emergency,
            "suicidal thoughts come before anything else",
        );
    }
    if answers.opioids_last_90_days == Answer::Unknown {
        let why = "an opioid nobody asked about is the greatest danger of LDN";
        questions.block("answers.opioids_last_90_days", Contraindicated, why);
    }
    match answers.lists_complete {
        Answer::Yes => (),
        Answer::No => {
            questions.block("answers.lists_complete", Contraindicated, "the lists are said to be incomplete")
        }
        Answer::Unknown => {
            questions.block(
                "answers.lists_complete",
                Contraindicated,
                "an opioid may be missing from the list",
            );
        }
    }
    about_age(facts, questions);
    if facts.may_be_pregnant() && facts.intake.person.pregnancy == Pregnancy::Unknown {
        questions.block("person.pregnancy", Contraindicated, "LDN is not started in pregnancy");
    }
    if answers.liver_disease == Answer::Unknown {
        questions.block(
            "answers.liver_disease",
            Contraindicated,
            "liver failure and acute hepatitis forbid a start",
        );
    }
    if answers.kidney_disease == Answer::Unknown {
        questions.block("answers.kidney_disease", Contraindicated, "kidney failure forbids a start");
    }
    let course = &facts.intake.course;
    if course.form == CourseForm::Liquid && course.concentration.is_none() {
        let why = "UN-06: without it a volume says nothing about the dose";
        questions.block("course.concentration", Contraindicated, why);
    }
}

fn about_age(facts: &Facts<'_>, questions: &mut Questions) {
    let adult_from = facts.rules.rule("AG-01").map_or(i16::MAX, |rule| rule.whole("adult_from") as i16);
    match facts.ages {
        None => {
            questions.block("person.birth_date", Severity::Contraindicated, "adults only: the age is unknown")
        }
        Some((least, most)) if least < adult_from && most >= adult_from => {
            let why = format!("adults only: the year leaves {least} and {most} open");
            questions.block("person.birth_date", Severity::Contraindicated, why);
        }
        Some(_) => (),
    }
}

fn about_conception(facts: &Facts<'_>, questions: &mut Questions) {
    let person = &facts.intake.person;
    let is_open = person.contraception == Contraception::Unknown && person.pregnancy != Pregnancy::Unknown;
    if is_open && facts.may_conceive() {
        let why = "whether a pregnancy is reliably prevented";
        questions.ask("person.contraception", Severity::NeedsPrescriberDecision, why);
    }
}

fn about_mood_and_habits(facts: &Facts<'_>, questions: &mut Questions) {
    use Severity::{Caution, Info, NeedsPrescriberDecision};
    let answers = &facts.intake.answers;
    if answers.alcohol == Alcohol::Unknown {
        questions.ask(
            "answers.alcohol",
            NeedsPrescriberDecision,
            "heavy drinking harms the liver and hides the effect",
        );
    }
    for (key, answer, decides, why) in [
        (
            "past_suicide_attempt",
            answers.past_suicide_attempt,
            NeedsPrescriberDecision,
            "a safety plan would come first",
        ),
        (
            "depression_treated",
            answers.depression_treated,
            NeedsPrescriberDecision,
            "marked depression is treated first",
        ),
        (
            "household_opioid_user",
            answers.household_opioid_user,
            Caution,
            "LDN can make an opioid user very ill",
        ),
        (
            "sensitive_to_medicines",
            answers.sensitive_to_medicines,
            Caution,
            "a far lower start would be needed",
        ),
        ("splits_tablets", answers.splits_tablets, Caution, "split tablets are too inexact"),
        ("drives", answers.drives, driving(facts), "LDN can make drowsy or dizzy"),
        ("swallowing_difficulty", answers.swallowing_difficulty, Info, "there are liquids"),
        ("drug_tested", answers.drug_tested, Info, "LDN can turn a test positive"),
    ] {
        if answer == Answer::Unknown {
            questions.ask(format!("answers.{key}"), decides, why);
        }
    }
}

/// Driving decides something only for somebody who is drowsy or dizzy, or may become so.
fn driving(facts: &Facts<'_>) -> Severity {
    if sedates(facts) { Severity::Caution } else { Severity::Info }
}

fn about_the_course(facts: &Facts<'_>, questions: &mut Questions) {
    use Severity::{Contraindicated, NeedsPrescriberDecision};
    let course = &facts.intake.course;
    if course.requested_dose.is_none() {
        questions.ask(
            "course.requested_dose",
            Contraindicated,
            "no dose has been judged; above 12 mg is not LDN",
        );
    }
    if course.release == Release::Unknown {
        questions.ask("course.release", Contraindicated, "extended release is not used");
    }
    if !facts.ldn.has_begun {
        return;
    }
    if course.last_ldn_dose.is_none() {
        let why = "after a gap of more than 14 days LDN is restarted lower";
        questions.ask("course.last_ldn_dose", NeedsPrescriberDecision, why);
    }
    let listed = facts.medicines.iter().any(|taken| taken.naltrexone().is_some());
    if course.current_dose.is_none() && !listed {
        questions.ask(
            "course.current_dose",
            NeedsPrescriberDecision,
            "the size of the next step depends on it",
        );
    }
    if course.blinded_period == Answer::Unknown {
        let why = "in a blinded period every capsule counts as LDN";
        questions.ask("course.blinded_period", NeedsPrescriberDecision, why);
    }
}

/// Signs that would be an emergency on LDN, in somebody of whom nothing says that LDN has begun.
fn about_what_is_going_on(facts: &Facts<'_>, questions: &mut Questions) {
    let signs: Vec<&str> =
        ["liver-sign", "allergic", "new-breath"].into_iter().chain(WITHDRAWAL_SIGNS).collect();
    if !facts.ldn.has_begun && facts.present(&[List::Symptom], &signs).next().is_some() {
        let why = "if LDN has been started, these symptoms may be an emergency";
        questions.ask("course.ldn_since", Severity::Emergency, why);
    }
    for named in facts.present(&[List::Condition, List::Indication], &["cirrhosis"]) {
        let why = "which Child-Pugh class? decompensated cirrhosis forbids a start";
        questions.ask(named.because().at, Severity::Contraindicated, why);
    }
    let answer = facts.intake.answers.opioids_last_90_days;
    let listed = facts.opioids.iter().find(|opioid| opioid.stands_in_the_way(facts.today));
    // Lofexidine is given against withdrawal: opioids were there lately.
    let lofexidine = ["lofexidine".to_owned()];
    let pointer = || {
        let mut in_use = facts.medicines.iter().filter(|taken| taken.is_in_use());
        in_use.find(|taken| taken.of_class(&lofexidine).is_some())
    };
    let why =
        listed.map(|opioid| format!("answered no, but {} is an opioid", opioid.because().at)).or_else(|| {
            pointer()
                .map(|taken| format!("answered no, but {} is given in opioid withdrawal", taken.name().at))
        });
    if let Some(why) = why.filter(|_| answer == Answer::No) {
        questions.ask("answers.opioids_last_90_days", Severity::Contraindicated, why);
    }
}

fn about_procedures(facts: &Facts<'_>, questions: &mut Questions) {
    for (idx, procedure) in facts.intake.procedures.iter().enumerate() {
        if procedure.date.is_none() {
            let why = "a procedure within ten days may have brought opioids, a coming one needs a hold";
            questions.ask(format!("procedure[{idx}].date"), Severity::Contraindicated, why);
        }
        let matters = procedure.date.is_none_or(|date| facts.days_since(date) <= 10);
        if procedure.opioids_expected == Answer::Unknown && matters {
            let why = "unknown counts as yes";
            let at = format!("procedure[{idx}].opioids_expected");
            questions.ask(at, Severity::NeedsPrescriberDecision, why);
        }
    }
}
