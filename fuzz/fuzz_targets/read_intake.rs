//! Whatever bytes arrive, the reader of intakes answers; and what it accepts can be screened, twice the same.

#![no_main]

use ldn_care::intake::{Intake, LARGEST_LIST, read};
use ldn_care::medicine::Formulary;
use ldn_care::screen::{Disposition, RuleSet, Severity, screen};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    match read(bytes) {
        Ok(intake) => {
            assert!(std::str::from_utf8(bytes).is_ok(), "bytes that are not UTF-8 were accepted");
            check_intake(&intake);
            check_screening(&intake);
        }
        Err(problems) => {
            assert!(!problems.kept().is_empty());
            for problem in problems.kept() {
                assert!(!problem.to_string().contains(char::is_control), "{problem:?}");
            }
        }
    }
});

/// Asserts what every accepted intake promises.
fn check_intake(intake: &Intake) {
    assert!(intake.medicines.len() <= LARGEST_LIST);
    assert!(intake.medicines.iter().all(|medicine| !medicine.name.is_empty()));
    assert!(intake.medicines.iter().all(|medicine| medicine.last_taken.is_none_or(|day| day <= intake.date)));
    assert!(intake.labs.iter().all(|lab| lab.date.is_none_or(|day| day <= intake.date)));
    assert!(intake.course.ldn_since.is_none_or(|day| day <= intake.date));
}

/// Asserts what every screening promises.
fn check_screening(intake: &Intake) {
    let screening = screen(intake, RuleSet::shipped(), Formulary::shipped());
    assert_eq!(screening, screen(intake, RuleSet::shipped(), Formulary::shipped()), "twice is not the same");
    let has = |severity| screening.findings.iter().any(|finding| finding.severity == severity);
    assert_eq!(has(Severity::Emergency), screening.disposition == Disposition::Emergency);
    if screening.questions.iter().any(|question| question.blocks) {
        assert!(screening.disposition >= Disposition::Incomplete);
    }
    assert!(screening.findings.iter().all(|finding| !finding.because.is_empty()));
    assert!(!screening.not_checked.is_empty());
}
