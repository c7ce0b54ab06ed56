//! The pages of the intake in their order, with the fields of each.

use super::document::Document;

/// One page.
pub(super) struct Question {
    /// Its name in the address and in the words.
    pub(super) slug: &'static str,
    /// The table of the intake that its fields stand in.
    pub(super) table: &'static str,
    /// Whether the table is a list, to which entries are added.
    pub(super) is_list: bool,
    /// Its fields in order.
    pub(super) fields: &'static [Field],
    /// What makes it pointless.
    pub(super) skip: Skip,
}

/// One field.
pub(super) struct Field {
    /// Its key in the table.
    pub(super) key: &'static str,
    /// What is typed into it.
    pub(super) kind: FieldKind,
}

/// What is typed into a field.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum FieldKind {
    /// One of these words; the last is "I do not know" where there is one.
    Words(&'static [&'static str]),
    /// Words of one's own.
    Text,
    /// A number without its unit.
    Number,
    /// A date of three fields; a birth may be the year alone.
    Date,
    /// The day of birth, or the year alone.
    Birth,
}

/// What makes a question pointless.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Skip {
    /// Nothing.
    Never,
    /// The person is male.
    IfMale,
}

const YES_NO: FieldKind = FieldKind::Words(&["yes", "no", "unknown"]);

const fn words(key: &'static str, words: &'static [&'static str]) -> Field {
    Field { key, kind: FieldKind::Words(words) }
}

const fn field(key: &'static str, kind: FieldKind) -> Field {
    Field { key, kind }
}

const fn one(slug: &'static str, table: &'static str, fields: &'static [Field]) -> Question {
    Question { slug, table, is_list: false, fields, skip: Skip::Never }
}

const fn list(slug: &'static str, table: &'static str, fields: &'static [Field]) -> Question {
    Question { slug, table, is_list: true, fields, skip: Skip::Never }
}

const fn unless_male(question: Question) -> Question {
    Question { skip: Skip::IfMale, ..question }
}

/// Every page in its order: first what decides whether there may be a plan at all.
pub(super) const QUESTIONS: &[Question] = &[
    one("birth", "person", &[field("birth", FieldKind::Birth)]),
    one("sex", "person", &[words("sex", &["female", "male", "other", "unknown"])]),
    one("indication", "course", &[field("indication", FieldKind::Text)]),
    one("opioids", "answers", &[field("opioids_last_90_days", YES_NO)]),
    list(
        "medicines",
        "medicine",
        &[
            field("name", FieldKind::Text),
            words("use", &["daily", "weekly", "monthly", "as-needed", "planned", "stopped", "unknown"]),
            words(
                "route",
                &[
                    "oral",
                    "patch",
                    "injection",
                    "implant",
                    "sublingual",
                    "nasal",
                    "inhaled",
                    "topical",
                    "other",
                    "unknown",
                ],
            ),
            words("release", &["immediate", "extended", "unknown"]),
            field("per_day", FieldKind::Text),
            field("last_taken", FieldKind::Date),
        ],
    ),
    list(
        "procedures",
        "procedure",
        &[field("name", FieldKind::Text), field("date", FieldKind::Date), field("opioids_expected", YES_NO)],
    ),
    one("suicidal-thoughts", "answers", &[field("suicidal_thoughts_now", YES_NO)]),
    one("suicide-attempt", "answers", &[field("past_suicide_attempt", YES_NO)]),
    one("depression", "answers", &[field("depression_treated", YES_NO)]),
    one("liver", "answers", &[field("liver_disease", YES_NO)]),
    one("kidneys", "answers", &[field("kidney_disease", YES_NO)]),
    unless_male(one(
        "pregnancy",
        "person",
        &[words("pregnancy", &["no", "pregnant", "trying", "breastfeeding", "not-applicable", "unknown"])],
    )),
    unless_male(one(
        "contraception",
        "person",
        &[words("contraception", &["yes", "no", "not-applicable", "unknown"])],
    )),
    one(
        "alcohol",
        "answers",
        &[words("alcohol", &["none", "light", "heavy", "dependence", "withdrawal", "unknown"])],
    ),
    list(
        "conditions",
        "condition",
        &[field("name", FieldKind::Text), words("status", &["active", "past", "unknown"])],
    ),
    list("symptoms", "symptom", &[field("name", FieldKind::Text)]),
    list("allergies", "allergy", &[field("substance", FieldKind::Text), field("reaction", FieldKind::Text)]),
    list(
        "labs",
        "lab",
        &[
            field("test", FieldKind::Text),
            field("value", FieldKind::Number),
            words("text", &["", "positive", "negative"]),
            field("unit", FieldKind::Text),
            field("upper_limit", FieldKind::Number),
            field("date", FieldKind::Date),
        ],
    ),
    one(
        "asked-for",
        "course",
        &[
            field("requested_dose", FieldKind::Text),
            words("form", &["capsule", "liquid", "tablet", "sublingual", "cream", "unknown"]),
            field("concentration", FieldKind::Text),
            words("release", &["immediate", "extended", "unknown"]),
        ],
    ),
    one(
        "on-ldn",
        "course",
        &[
            field("ldn_since", FieldKind::Date),
            field("last_ldn_dose", FieldKind::Date),
            field("current_dose", FieldKind::Text),
        ],
    ),
    one("weight", "person", &[field("weight_kg", FieldKind::Number)]),
    one("household", "answers", &[field("household_opioid_user", YES_NO)]),
    one("swallowing", "answers", &[field("swallowing_difficulty", YES_NO)]),
    one("sensitive", "answers", &[field("sensitive_to_medicines", YES_NO)]),
    one("splitting", "answers", &[field("splits_tablets", YES_NO)]),
    one("drug-tests", "answers", &[field("drug_tested", YES_NO)]),
    one("driving", "answers", &[field("drives", YES_NO)]),
    one("complete", "answers", &[field("lists_complete", YES_NO)]),
];

/// Returns the page of this name with its place.
pub(super) fn find(slug: &str) -> Option<(usize, &'static Question)> {
    QUESTIONS.iter().enumerate().find(|(_, question)| question.slug == slug)
}

/// Returns the page after a place that is not pointless; `None` after the last.
pub(super) fn after(place: usize, document: &Document) -> Option<&'static Question> {
    QUESTIONS.iter().skip(place + 1).find(|question| question.is_asked(document))
}

/// Returns the page before a place that is not pointless.
pub(super) fn before(place: usize, document: &Document) -> Option<&'static Question> {
    QUESTIONS.iter().take(place).rev().find(|question| question.is_asked(document))
}

/// Returns the page that answers what a screening asks about, by its place in the intake, such as `answers.alcohol`.
pub(in crate::clinic) fn page_of(at: &str) -> Option<&'static str> {
    let (table, key) = match at.split_once(['.', '[']) {
        Some((table, rest)) => (table, rest.rsplit('.').next().unwrap_or(rest).trim_end_matches(']')),
        None => (at, ""),
    };
    let key = if key.starts_with("birth") { "birth" } else { key };
    let of_table = || QUESTIONS.iter().filter(|question| question.table == table);
    let named = of_table().find(|question| question.fields.iter().any(|field| field.key == key));
    named.or_else(|| of_table().find(|question| question.is_list)).map(|question| question.slug)
}

impl Question {
    /// Returns true if the answers so far leave it a point.
    pub(super) fn is_asked(&self, document: &Document) -> bool {
        match self.skip {
            Skip::Never => true,
            Skip::IfMale => document.text("person", "sex").as_deref() != Some("male"),
        }
    }

    /// Returns true if it is one choice: then the question itself is the heading of the choices.
    pub(super) fn is_choice(&self) -> bool {
        matches!(self.fields, [Field { kind: FieldKind::Words(_), .. }]) && !self.is_list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_question_of_a_screening_has_its_page() {
        for (at, slug) in [
            ("answers.liver_disease", Some("liver")),
            ("answers.lists_complete", Some("complete")),
            ("person.birth_date", Some("birth")),
            ("person.pregnancy", Some("pregnancy")),
            ("course.concentration", Some("asked-for")),
            ("course.current_dose", Some("on-ldn")),
            ("medicine[2].last_taken", Some("medicines")),
            ("lab[eGFR]", Some("labs")),
            ("lab[0].upper_limit", Some("labs")),
            ("procedure[0].date", Some("procedures")),
            ("nothing", None),
        ] {
            assert_eq!(page_of(at), slug, "{at}");
        }
    }
}
