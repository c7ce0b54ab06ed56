//! Whatever bytes arrive, the reader answers; and what it accepts is what was written.

#![no_main]

use ldn_core::diary::{DATE_RANGE, Diary, LARGEST_DAILY_DOSE, ReadOptions, read};
use ldn_core::{DiaryRow, Measure, Scale};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        check_free_text(text, ReadOptions::default());
    }
    for scale in [Scale::ZeroToTen, Scale::ZeroToHundred] {
        let options = ReadOptions { scale };
        let result = read(bytes, options);
        let Ok(text) = std::str::from_utf8(bytes) else {
            assert!(result.is_err(), "bytes that are not UTF-8 were accepted");
            return;
        };
        if !text.starts_with('\u{feff}') {
            let marked = format!("\u{feff}{text}");
            assert_eq!(read(marked.as_bytes(), options), result, "a byte-order mark made a difference");
        }
        if !text.contains(['\r', '"']) {
            for line_end in ["\r\n", "\r"] {
                let text = text.replace('\n', line_end);
                assert_eq!(read(text.as_bytes(), options), result, "{line_end:?} made a difference");
            }
        }
        match result {
            Ok(diary) => {
                check_rows(text, &diary);
                check_round_trip(&diary, options);
            }
            Err(problems) => {
                assert!(!problems.kept().is_empty());
                for problem in problems.kept() {
                    assert!(!problem.to_string().contains(char::is_control), "{problem:?}");
                }
            }
        }
    }
});

/// Asserts what every accepted diary promises.
fn check_rows(text: &str, diary: &Diary) {
    assert!(!diary.rows().is_empty());
    assert!(diary.rows().is_sorted_by(|a, b| a.date < b.date), "dates must ascend and be unique");
    for row in diary.rows() {
        assert!(text.contains(&row.date.to_string()), "{} was never written", row.date);
        assert!((DATE_RANGE.0..=DATE_RANGE.1).contains(&row.date), "{}", row.date);
        assert!(row.dose.is_none_or(|dose| dose <= LARGEST_DAILY_DOSE), "{:?}", row.dose);
        assert!(
            row.dose.is_none() || row.capsule.is_some(),
            "a dose says whether there was a capsule: {row:?}"
        );
        assert!(row.arm.is_none() || row.blind, "{row:?}");
        for measure in Measure::ALL {
            assert!(row.score(measure).is_none_or(|score| score.measure() == measure), "{row:?}");
        }
    }
}

/// Asserts that any text at all can stand in a note and in the side effects.
fn check_free_text(text: &str, options: ReadOptions) {
    let quoted = text.replace('"', "\"\"");
    let file = format!("date,pain,side_effects,note\n2026-01-31,5,\"{quoted}\",\"{quoted}\"\n");
    let diary = match read(file.as_bytes(), options) {
        Ok(diary) => diary,
        Err(problems) => panic!("a quoted text was refused: {problems}\n{file}"),
    };
    let row = &diary.rows()[0];
    assert_eq!(row.note.as_deref().unwrap_or_default(), text.trim());
    let effects = text.split(';').map(str::trim).filter(|effect| !effect.is_empty());
    assert!(row.side_effects.iter().map(String::as_str).eq(effects), "{row:?}");
    check_round_trip(&diary, options);
}

/// Asserts that writing and reading back changes nothing but the decimals of a score beyond the third.
fn check_round_trip(diary: &Diary, options: ReadOptions) {
    let written = diary.to_csv(options.scale);
    let again = match read(written.as_bytes(), options) {
        Ok(again) => again,
        Err(problems) => panic!("the reader refuses what was written: {problems}\n{written}"),
    };
    if diary.rows().iter().all(has_at_most_three_decimals) {
        assert_eq!(&again, diary, "{written}");
        return;
    }
    assert_eq!(again.to_csv(options.scale), written, "writing twice differs");
    assert_eq!(again.rows().len(), diary.rows().len());
    for (again, row) in again.rows().iter().zip(diary.rows()) {
        let mut rounded = row.clone();
        for measure in Measure::ALL {
            let (old, new) = (row.score(measure), again.score(measure));
            assert_eq!(old.is_some(), new.is_some(), "{row:?}");
            if let (Some(old), Some(new)) = (old, new) {
                assert!((old.as_typed() - new.as_typed()).abs() <= 0.000_500_001, "{old:?} {new:?}");
            }
            rounded.scores[measure.index()] = new;
        }
        assert_eq!(again, &rounded, "{written}");
    }
}

/// Returns true if the shortest text of every score has at most three digits after the point.
fn has_at_most_three_decimals(row: &DiaryRow) -> bool {
    row.scores.iter().flatten().all(|score| {
        let text = score.as_typed().to_string();
        text.split_once('.').is_none_or(|(_, fraction)| fraction.len() <= 3)
    })
}
