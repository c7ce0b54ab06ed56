//! Reading `pain=6`, `dose="1.5 mg"` and the like, all problems at once.

use jiff::civil::Date;
use ldn_core::diary::LARGEST_DAILY_DOSE;
use ldn_core::dose::DoseError;
use ldn_core::journal::{Answer, Body, DoseReport, Note, Outcome, Scores, Severity, SideEffect};
use ldn_core::plan::TimeOfDay;
use ldn_core::{Dose, Measure, Scale, Score};

/// What can be written down, for the message about anything else.
const KNOWN: &str =
    "pain, fatigue, sleep, mood, fog, dose, dose-morning, dose-midday, dose-bedtime, side-effect, note";

/// Reads what is to be written down for a day; the scores become one entry, all else one each.
///
/// # Errors
/// Every item that cannot be read, with what was expected.
pub(super) fn read(items: &[String], day: Date) -> Result<Vec<Body>, Vec<String>> {
    let (mut scores, mut bodies, mut problems) = (Vec::new(), Vec::new(), Vec::new());
    let mut parts: Vec<Option<TimeOfDay>> = Vec::new();
    for item in items {
        match read_item(item, day) {
            Ok(Item::Score(score)) => scores.push(score),
            Ok(Item::Body(body)) => {
                if let Body::Dose(report) = &body {
                    parts.push(report.part);
                }
                bodies.push(body);
            }
            Err(problem) => problems.push(format!("`{item}`: {problem}")),
        }
    }
    parts.sort_unstable();
    if parts.windows(2).any(|pair| pair[0] == pair[1]) {
        problems.push("the same dose is given twice; expected it once".to_owned());
    } else if parts.len() > 1 && parts.contains(&None) {
        problems.push("the dose is given whole and in parts; expected one or the other".to_owned());
    }
    if !scores.is_empty() {
        match Scores::new(scores) {
            Ok(scores) => bodies.insert(0, Body::Scores(scores)),
            Err(error) => problems.push(error.to_string()),
        }
    }
    if problems.is_empty() { Ok(bodies) } else { Err(problems) }
}

enum Item {
    Score(Score),
    Body(Body),
}

fn read_item(item: &str, day: Date) -> Result<Item, String> {
    let (key, value) = item.split_once('=').ok_or("expected WHAT=VALUE, such as pain=6")?;
    let value = value.trim();
    if value.is_empty() {
        return Err("nothing stands after the `=`; leave it out if it was not recorded".to_owned());
    }
    let body = match key.trim() {
        "dose" => dose(value, None, day)?,
        "dose-morning" => dose(value, Some(TimeOfDay::Morning), day)?,
        "dose-midday" => dose(value, Some(TimeOfDay::Midday), day)?,
        "dose-bedtime" => dose(value, Some(TimeOfDay::Bedtime), day)?,
        "side-effect" => side_effect(value)?,
        "note" => Body::Note(Note { text: value.to_owned() }),
        key => return score(key, value).map(Item::Score),
    };
    Ok(Item::Body(body))
}

fn score(key: &str, value: &str) -> Result<Score, String> {
    let measure: Measure =
        key.parse().map_err(|_| format!("`{key}` is not known; expected one of {KNOWN}"))?;
    let is_plain = value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && value.starts_with(|first: char| first.is_ascii_digit());
    let number: f64 = Some(value)
        .filter(|_| is_plain)
        .and_then(|value| value.parse().ok())
        .ok_or("expected a number from 0 to 10, such as 6 or 6.5")?;
    Score::new(measure, Scale::ZeroToTen, number).map_err(|error| error.to_string())
}

fn dose(value: &str, part: Option<TimeOfDay>, day: Date) -> Result<Body, String> {
    let outcome = match value {
        "skipped" => Outcome::Skipped,
        "not-taken" => Outcome::NotTaken,
        "taken" => Outcome::Taken { dose: None, at: None },
        amount => Outcome::Taken { dose: Some(amount_of(amount)?), at: None },
    };
    Ok(Body::Dose(DoseReport { day, part, outcome }))
}

fn amount_of(text: &str) -> Result<Dose, String> {
    let dose: Dose = text.parse().map_err(|error: DoseError| error.to_string())?;
    if dose.is_zero() {
        return Err("a dose of nothing is no dose; expected skipped, or not-taken if it may still be taken"
            .to_owned());
    }
    if dose > LARGEST_DAILY_DOSE {
        return Err(format!(
            "expected a dose up to {LARGEST_DAILY_DOSE}: above that it is not low-dose naltrexone"
        ));
    }
    Ok(dose)
}

/// The term, and after the last colon how bad it was.
fn side_effect(value: &str) -> Result<Body, String> {
    let (term, severity) = match value.rsplit_once(':') {
        Some((term, severity)) => {
            (term.trim(), severity.trim().parse::<Severity>().map_err(|error| error.to_string())?)
        }
        None => (value, Severity::Unknown),
    };
    if term.is_empty() {
        return Err("expected the name of the side effect before the colon".to_owned());
    }
    Ok(Body::SideEffect(SideEffect { term: term.to_owned(), severity, ongoing: Answer::Unknown }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Date = jiff::civil::date(2026, 1, 5);

    fn items(items: &[&str]) -> Result<Vec<Body>, Vec<String>> {
        read(&items.iter().map(|item| (*item).to_owned()).collect::<Vec<_>>(), DAY)
    }

    #[test]
    fn a_day_becomes_entries_with_the_scores_together() {
        let bodies =
            items(&["note=slept = well", "pain=6.5", "dose=1.5 mg", "fog=0", "side-effect=dreams: odd:mild"])
                .unwrap();
        assert_eq!(bodies.len(), 4);
        let Body::Scores(scores) = &bodies[0] else { panic!("{bodies:?}") };
        assert_eq!(scores.get(Measure::Pain).unwrap().as_typed(), 6.5);
        assert_eq!(scores.get(Measure::Fog).unwrap().as_typed(), 0.0);
        assert_eq!(scores.get(Measure::Mood), None);
        assert_eq!(bodies[1], Body::Note(Note { text: "slept = well".to_owned() }));
        let Body::SideEffect(effect) = &bodies[3] else { panic!("{bodies:?}") };
        assert_eq!((effect.term.as_str(), effect.severity), ("dreams: odd", Severity::Mild));
    }

    #[test]
    fn every_problem_is_told_at_once() {
        for (item, said) in [
            ("pain", "expected WHAT=VALUE"),
            ("pain=", "nothing stands after"),
            ("pain=11", "11"),
            ("pain=-1", "expected a number from 0 to 10"),
            ("pain=1e1", "expected a number from 0 to 10"),
            ("pain=NaN", "expected a number from 0 to 10"),
            ("weight=70", "`weight` is not known"),
            ("dose=4.5", "has no unit"),
            ("dose=50 mg", "12 mg"),
            ("dose=0 mg", "expected skipped"),
            ("side-effect=dreams:bad", "absent mild moderate severe unknown"),
            ("side-effect=:mild", "before the colon"),
        ] {
            let problems = items(&["mood=5", item, "fatigue=x"]).unwrap_err();
            assert_eq!(problems.len(), 2, "{problems:?}");
            assert!(problems[0].contains(said) && problems[0].contains(item), "{item}: {problems:?}");
        }
        assert!(items(&["pain=1", "pain=2"]).unwrap_err()[0].contains("pain is scored twice"));
        assert!(items(&["dose=1 mg", "dose=2 mg"]).unwrap_err()[0].contains("twice"));
        assert!(items(&["dose=1 mg", "dose-morning=2 mg"]).unwrap_err()[0].contains("in parts"));
        assert_eq!(items(&["dose-morning=1 mg", "dose-bedtime=2 mg"]).unwrap().len(), 2);
    }
}
