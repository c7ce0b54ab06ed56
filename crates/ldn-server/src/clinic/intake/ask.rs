//! One question of the intake: shown, read, and saved.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use ldn_care::intake::Problems;
use ldn_care::medicine::{Formulary, Recognition};
use ldn_core::journal::Body;
use ldn_core::problem::Place;
use toml::value::Datetime;
use toml::{Table, Value};

use super::document::{Document, typed};
use super::questions::{Field, FieldKind, Question, after, before, find};
use crate::clinic::room::{Clinician, Room, unprocessable};
use crate::frame::Frame;
use crate::patient::{Choice, FieldProblem, Fields, TypedDate, problem_of};
use crate::site::Site;
use crate::trouble::{Trouble, rendered};
use crate::visitor::Refused;
use crate::words::Words;

#[derive(Template)]
#[template(path = "clinic/ask.html")]
struct AskPage {
    frame: Frame,
    form_token: String,
    name: String,
    base: String,
    slug: &'static str,
    question: String,
    why: String,
    progress: String,
    before: Option<String>,
    /// True where one choice is all: then the question is the heading of the choices.
    is_choice: bool,
    is_list: bool,
    fields: Vec<Asked>,
    entries: Vec<Entered>,
    problems: Vec<FieldProblem>,
}

/// A field as a template writes it.
struct Asked {
    key: &'static str,
    label: String,
    hint: Option<String>,
    kind: Kind,
    problem: Option<String>,
}

/// How a field is asked.
enum Kind {
    Choices(Vec<Choice>),
    Select(Vec<Choice>),
    Line { value: String, is_number: bool },
    Date(TypedDate),
}

/// An entry of a list.
struct Entered {
    place: usize,
    said: String,
    /// What a medicine was recognised as, or what has to be asked.
    read_as: Option<String>,
    /// Names that may be meant.
    offers: Vec<(String, String)>,
}

pub(super) async fn show(
    State(site): State<Site>,
    clinician: Clinician,
    Path((id, slug)): Path<(String, String)>,
) -> Result<Response, Refused> {
    let room = clinician.open(&site, &id).await?;
    let (place, question) = found(&room, &slug)?;
    let document = Document::newest(&room.course);
    Ok(rendered(&AskPage::of(&site, &room, place, question, &document, None, Vec::new())).into_response())
}

pub(super) async fn save(
    State(site): State<Site>,
    clinician: Clinician,
    Path((id, slug)): Path<(String, String)>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    let fields = Fields::of(sent);
    clinician.check_form(fields.get("form_token"))?;
    let room = clinician.open(&site, &id).await?;
    let (place, question) = found(&room, &slug)?;
    let words = room.words();
    let before = Document::newest(&room.course);
    let mut document = before.clone();
    let mut problems = Vec::new();
    let stays = edit(question, &fields, &mut document, words, &mut problems);
    let kept = document.kept(room.today);
    if let Err(refused) = &kept {
        problems.extend(told(question, refused));
    }
    let (true, Ok(intake)) = (problems.is_empty(), kept) else {
        let page = AskPage::of(&site, &room, place, question, &before, Some(&fields), problems);
        return Ok(unprocessable(&page));
    };
    if document != before {
        room.record(&site, vec![Body::Intake(intake)]).await?;
    }
    let next = match (stays, after(place, &document)) {
        (true, _) => room.address(&format!("intake/{}", question.slug)),
        // Back to the answers for somebody who changes one.
        (false, _) if fields.get("then") == "check" => room.address("intake"),
        (false, Some(next)) => room.address(&format!("intake/{}", next.slug)),
        (false, None) => room.address("intake"),
    };
    Ok(Redirect::to(&next).into_response())
}

fn found(room: &Room, slug: &str) -> Result<(usize, &'static Question), Refused> {
    find(slug).ok_or_else(|| room.clinician.signed_in.refuse(Trouble::Missing))
}

/// Puts what was sent into the intake; returns true if the page stays, because an entry was added or taken out.
fn edit(
    question: &Question,
    fields: &Fields,
    document: &mut Document,
    words: Words,
    problems: &mut Vec<FieldProblem>,
) -> bool {
    if !question.is_list {
        for field in question.fields {
            let key = if field.kind == FieldKind::Birth { birth_key(fields, field) } else { field.key };
            if field.kind == FieldKind::Birth {
                document.set(question.table, "birth_year", None);
                document.set(question.table, "birth_date", None);
            }
            let value = value_of(field, fields, words, problems);
            document.set(question.table, key, value);
        }
        return false;
    }
    if let Ok(place) = fields.get("remove").parse::<usize>() {
        document.remove(question.table, place);
        return true;
    }
    if let Some((place, name)) = fields.get("mean").split_once(':')
        && let Ok(place) = place.parse::<usize>()
    {
        rename(document, question.table, place, name);
        return true;
    }
    let mut entry = Table::new();
    for field in question.fields {
        if let Some(value) = value_of(field, fields, words, problems) {
            entry.insert(field.key.to_owned(), value);
        }
    }
    // A choice alone, which is always sent, is no entry.
    let says_something = question
        .fields
        .iter()
        .any(|field| !matches!(field.kind, FieldKind::Words(_)) && entry.contains_key(field.key));
    let is_add = fields.get("button") == "add";
    if says_something {
        document.add(question.table, entry);
    } else if is_add && problems.is_empty() {
        let first = question.fields.first().map_or("", |field| field.key);
        problems.push(FieldProblem::new(first, words.say("clinic-ask-empty")));
    }
    is_add
}

/// Writes the name of a medicine as it was meant, and keeps everything else of the entry.
fn rename(document: &mut Document, table: &str, place: usize, id: &str) {
    let Some(medicine) = Formulary::shipped().medicine(id) else { return };
    let Some(entry) = document.list(table).get(place).map(|entry| (*entry).clone()) else { return };
    let mut entry = entry;
    entry.insert("name".to_owned(), Value::String(medicine.name.clone()));
    document.remove(table, place);
    document.add(table, entry);
}

/// The key of a birth: the day if one was typed, else the year.
fn birth_key(fields: &Fields, field: &Field) -> &'static str {
    let date = fields.date(field.key);
    let only_year = date.day.trim().is_empty() && date.month.trim().is_empty();
    if only_year { "birth_year" } else { "birth_date" }
}

/// Reads a field; `None` if nothing was typed. What is no date or no number is noted.
fn value_of(field: &Field, fields: &Fields, words: Words, problems: &mut Vec<FieldProblem>) -> Option<Value> {
    let text = fields.get(field.key);
    match field.kind {
        FieldKind::Words(known) => known
            .iter()
            .find(|word| **word == text && !word.is_empty())
            .map(|word| Value::String((*word).to_owned())),
        FieldKind::Text => (!text.is_empty()).then(|| Value::String(text.to_owned())),
        FieldKind::Number => {
            let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
            if number.is_none() && !text.is_empty() {
                problems.push(FieldProblem::new(field.key, words.say("clinic-ask-number")));
            }
            number.map(Value::Float)
        }
        FieldKind::Birth if birth_key(fields, field) == "birth_year" => {
            let year = fields.date(field.key).year;
            match year.trim().parse::<i64>() {
                Ok(year) => Some(Value::Integer(year)),
                Err(_) if year.trim().is_empty() => None,
                Err(_) => {
                    problems.push(FieldProblem::new("birth_day", words.say("events-date-wrong")));
                    None
                }
            }
        }
        FieldKind::Date | FieldKind::Birth => {
            let date = fields.date(field.key);
            if date.is_empty() {
                return None;
            }
            let read = date.date().and_then(|date| date.to_string().parse::<Datetime>().ok());
            if read.is_none() {
                let at = format!("{}_day", field.key);
                problems.push(FieldProblem::new(&at, words.say("events-date-wrong")));
            }
            read.map(Value::Datetime)
        }
    }
}

/// Says what the strict reader refused, at the field it means, else at the first of the page.
fn told(question: &Question, refused: &Problems) -> Vec<FieldProblem> {
    let key_of = |at: &str| at.rsplit('.').next().unwrap_or(at).to_owned();
    let problem = |problem: &ldn_core::Problem| {
        let key = match &problem.place {
            Some(Place::Key(at)) => key_of(at),
            _ => String::new(),
        };
        let field = question
            .fields
            .iter()
            .find(|field| field.key == key || (field.kind == FieldKind::Birth && key.starts_with("birth")))
            .or(question.fields.first());
        let at = field.map_or(String::new(), |field| match field.kind {
            FieldKind::Date | FieldKind::Birth => format!("{}_day", field.key),
            _ => field.key.to_owned(),
        });
        FieldProblem::new(&at, problem.expected.clone())
    };
    refused.kept().iter().map(problem).collect()
}

impl AskPage {
    fn of(
        site: &Site,
        room: &Room,
        place: usize,
        question: &'static Question,
        document: &Document,
        sent: Option<&Fields>,
        problems: Vec<FieldProblem>,
    ) -> AskPage {
        let words = room.words();
        let say = |suffix: &str| words.say(&format!("clinic-ask-{}{suffix}", question.slug));
        let progress = words.say_with(
            "clinic-ask-progress",
            &[("place", &(place + 1).to_string()), ("all", &super::questions::QUESTIONS.len().to_string())],
        );
        let fields = question
            .fields
            .iter()
            .map(|field| Asked::of(words, question, field, document, sent, &problems))
            .collect();
        AskPage {
            frame: room.frame(site, &format!("intake/{}", question.slug)),
            form_token: room.clinician.form_token(),
            name: room.name.clone(),
            base: room.address(""),
            slug: question.slug,
            question: say(""),
            why: say("-why"),
            progress,
            before: before(place, document).map(|before| before.slug.to_owned()),
            is_choice: question.is_choice(),
            is_list: question.is_list,
            fields,
            entries: entries(words, question, document),
            problems,
        }
    }
}

impl Asked {
    fn of(
        words: Words,
        question: &Question,
        field: &Field,
        document: &Document,
        sent: Option<&Fields>,
        problems: &[FieldProblem],
    ) -> Asked {
        let kept = || match field.kind {
            _ if question.is_list => String::new(),
            FieldKind::Birth => document
                .text(question.table, "birth_date")
                .or_else(|| document.text(question.table, "birth_year"))
                .unwrap_or_default(),
            _ => document.text(question.table, field.key).unwrap_or_default(),
        };
        let value = sent.map_or_else(kept, |sent| sent.get(field.key).to_owned());
        let kind = match field.kind {
            FieldKind::Words(known) => {
                let choice = |word: &&'static str| Choice {
                    value: word,
                    name: words.say(&word_code(field.key, word)),
                    chosen: *word == value,
                };
                let choices = known.iter().map(choice).collect();
                if question.is_choice() { Kind::Choices(choices) } else { Kind::Select(choices) }
            }
            FieldKind::Text => Kind::Line { value, is_number: false },
            FieldKind::Number => Kind::Line { value, is_number: true },
            FieldKind::Date | FieldKind::Birth => {
                let date = sent.map_or_else(|| date_of(&value), |sent| sent.date(field.key));
                Kind::Date(date)
            }
        };
        let hint = format!("clinic-field-{}-hint", field.key);
        let hint_words = words.say(&hint);
        let at_day = format!("{}_day", field.key);
        let problem = problem_of(problems, field.key).or_else(|| problem_of(problems, &at_day));
        Asked {
            key: field.key,
            label: words.say(&format!("clinic-field-{}", field.key)),
            hint: (hint_words != hint).then_some(hint_words),
            kind,
            problem: problem.map(str::to_owned),
        }
    }
}

/// Returns a date that is kept as three fields; of a year alone the year.
fn date_of(kept: &str) -> TypedDate {
    match kept.parse() {
        Ok(date) => TypedDate::of(date),
        Err(_) => TypedDate { year: kept.to_owned(), ..TypedDate::default() },
    }
}

/// The code of the words of an answer.
pub(super) fn word_code(key: &str, word: &str) -> String {
    match (key, word) {
        (_, "") => "clinic-word-empty".to_owned(),
        (_, "unknown") => "clinic-word-unknown".to_owned(),
        ("use", word) => format!("clinic-use-{word}"),
        ("route", word) => format!("clinic-route-{word}"),
        (_, word) => format!("clinic-word-{word}"),
    }
}

fn entries(words: Words, question: &Question, document: &Document) -> Vec<Entered> {
    if !question.is_list {
        return Vec::new();
    }
    let is_medicine = question.table == "medicine";
    let listed = document.list(question.table).into_iter().enumerate();
    listed
        .map(|(place, entry)| {
            let name = entry.get("name").map(typed).unwrap_or_default();
            let (read_as, offers) = if is_medicine { read_as(words, &name) } else { (None, Vec::new()) };
            Entered { place, said: said(words, question, entry), read_as, offers }
        })
        .collect()
}

/// Says an entry in one line.
pub(super) fn said(words: Words, question: &Question, entry: &Table) -> String {
    let values = question.fields.iter().filter_map(|field| {
        let value = typed(entry.get(field.key)?);
        Some(match field.kind {
            FieldKind::Words(_) => words.say(&word_code(field.key, &value)),
            _ => value,
        })
    });
    values.collect::<Vec<_>>().join(", ")
}

/// Says what a name of a medicine was recognised as, and what may be meant.
fn read_as(words: Words, name: &str) -> (Option<String>, Vec<(String, String)>) {
    match Formulary::shipped().recognise(name) {
        Recognition::Recognised(found) => {
            let each: Vec<String> = found
                .iter()
                .map(|found| match &found.medicine.opioid {
                    Some(_) => words.say_with("clinic-read-as-opioid", &[("name", &found.medicine.name)]),
                    None => found.medicine.name.clone(),
                })
                .collect();
            (Some(words.say_with("clinic-read-as", &[("names", &each.join(", "))])), Vec::new())
        }
        Recognition::DidYouMean(near) => {
            let offers = near.into_iter().map(|near| (near.id.clone(), near.name.clone())).collect();
            (Some(words.say("clinic-did-you-mean")), offers)
        }
        Recognition::NotRecognised => (Some(words.say("clinic-not-recognised")), Vec::new()),
    }
}
