//! Answers as they were sent, and the ones that wait to be finished.

use jiff::ToSpan;
use jiff::civil::Date;
use ldn_core::course::{Course, Recorded};
use ldn_core::instrument::{Instrument, InstrumentId};
use ldn_core::journal::{self, ItemAnswer};

use super::score::{AREAS, Answers, CHANGES};
use crate::patient::events::Fields;

/// How many days a paused questionnaire waits: the period that it asks about moves on.
const DAYS_PAUSED: i32 = 1;

/// The field by which somebody says that the map of the body is complete.
pub(crate) const MAP_DONE: &str = "map";

/// Reads the answers of a form. A question that was not answered is absent; "I do not know" is left open.
pub(crate) fn read(instrument: &Instrument, fields: &Fields) -> Answers {
    let mut answers = Answers::new();
    let map_done = fields.get(MAP_DONE) == "yes";
    for item in &instrument.items {
        let typed = fields.get(&item.id);
        let answer = if is_area(instrument, &item.id) {
            let hurts = typed == "1";
            // Until the map is called complete, an empty place says nothing.
            (hurts || map_done).then(|| points(u8::from(hurts)))
        } else if instrument.id == InstrumentId::Pgic {
            CHANGES.contains(&typed).then(|| ItemAnswer::Text(typed.to_owned()))
        } else if typed == "unknown" {
            Some(ItemAnswer::LeftOpen)
        } else {
            typed.parse::<u8>().ok().filter(|value| *value <= item.highest).map(points)
        };
        answers.extend(answer.map(|answer| (item.id.clone(), answer)));
    }
    answers
}

fn points(value: u8) -> ItemAnswer {
    ItemAnswer::Points(value.to_string().parse().expect("digits are a number"))
}

/// Returns true for a place of the map.
pub(crate) fn is_area(instrument: &Instrument, item: &str) -> bool {
    instrument.id == InstrumentId::Acr2016 && AREAS.iter().any(|(id, _)| *id == item)
}

/// Returns the questions that were not answered, the map as its first place.
pub(crate) fn open<'i>(instrument: &'i Instrument, answers: &Answers) -> Vec<&'i str> {
    let missing =
        instrument.items.iter().map(|item| item.id.as_str()).filter(|id| !answers.contains_key(*id));
    let mut open: Vec<&str> = Vec::new();
    for id in missing {
        let is_second_place = is_area(instrument, id) && open.iter().any(|known| is_area(instrument, known));
        if !is_second_place {
            open.push(id);
        }
    }
    open
}

/// Returns how many questions there are, the map counted as one.
pub(super) fn n_questions(instrument: &Instrument) -> usize {
    open(instrument, &Answers::new()).len()
}

/// Leaves open what was shown and not answered.
pub(super) fn finished(instrument: &Instrument, mut answers: Answers) -> Answers {
    for item in &instrument.items {
        answers.entry(item.id.clone()).or_insert(ItemAnswer::LeftOpen);
    }
    answers
}

/// Returns true if every question was answered or left open.
pub(super) fn is_finished(instrument: &Instrument, answers: &Answers) -> bool {
    instrument.items.iter().all(|item| answers.contains_key(&item.id))
}

/// Returns the newest set of answers that was finished.
pub(crate) fn newest_finished<'c>(
    course: &'c Course,
    instrument: &Instrument,
) -> Option<&'c Recorded<journal::Instrument>> {
    of(course, instrument).rfind(|recorded| is_finished(instrument, &recorded.value.answers))
}

/// Returns the answers that were paused and may still be finished.
pub(crate) fn paused<'c>(
    course: &'c Course,
    instrument: &Instrument,
    today: Date,
) -> Option<&'c Recorded<journal::Instrument>> {
    let newest = of(course, instrument).next_back()?;
    let is_recent = newest.origin.day >= today.saturating_sub(DAYS_PAUSED.days());
    let same_wording = newest.value.version == instrument.version;
    (is_recent && same_wording && !is_finished(instrument, &newest.value.answers)).then_some(newest)
}

fn of<'c>(
    course: &'c Course,
    instrument: &Instrument,
) -> impl DoubleEndedIterator<Item = &'c Recorded<journal::Instrument>> {
    let id = instrument.id.id();
    course.instruments().iter().filter(move |recorded| recorded.value.instrument == id)
}

#[cfg(test)]
mod tests {
    use ldn_core::instrument::Catalogue;

    use super::*;

    fn read_form(id: InstrumentId, fields: &[(&str, &str)]) -> Answers {
        let catalogue = Catalogue::shipped().unwrap();
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        read(catalogue.get(id).unwrap(), &Fields::of(fields))
    }

    #[test]
    fn an_unconfirmed_map_is_not_empty_and_a_confirmed_one_is_whole() {
        let unconfirmed = read_form(InstrumentId::Acr2016, &[("neck", "1")]);
        assert_eq!(unconfirmed.len(), 1);
        let confirmed = read_form(InstrumentId::Acr2016, &[("neck", "1"), (MAP_DONE, "yes")]);
        assert_eq!(confirmed.len(), 19);
        assert_eq!(confirmed.values().filter(|answer| **answer == points(1)).count(), 1);
    }

    #[test]
    fn only_what_is_on_the_scale_is_an_answer() {
        for (typed, answered) in
            [("0", true), ("3", true), ("4", false), ("", false), ("-1", false), ("x", false)]
        {
            assert_eq!(read_form(InstrumentId::Phq9, &[("phq9-9", typed)]).len() == 1, answered, "{typed:?}");
        }
        let unknown = read_form(InstrumentId::Acr2016, &[("three-months", "unknown")]);
        assert_eq!(unknown.get("three-months"), Some(&ItemAnswer::LeftOpen));
    }

    #[test]
    fn the_map_is_one_question() {
        let catalogue = Catalogue::shipped().unwrap();
        let counts: Vec<usize> =
            InstrumentId::ALL.iter().map(|id| n_questions(catalogue.get(*id).unwrap())).collect();
        assert_eq!(counts, [21, 8, 9, 7, 1]);
    }
}
