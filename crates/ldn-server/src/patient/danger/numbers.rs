//! Telephone numbers for emergencies, from `data/emergency/numbers.toml`.

use std::sync::OnceLock;

use ldn_core::data;
use serde::Deserialize;

/// Whom to call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Whom {
    /// Ambulance, police and fire brigade.
    Emergency,
    /// Somebody to talk to who is there day and night.
    Crisis,
    /// Advice on poisoning.
    Poison,
}

/// One number.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Number {
    /// Whose it is.
    pub(super) whom: Whom,
    /// Where it works, as in the words `danger-place-…`.
    pub(super) place: String,
    /// As people write it.
    pub(super) number: String,
    #[expect(dead_code, reason = "for the reviewer of the file")]
    status: data::Status,
}

/// All numbers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Numbers {
    #[expect(dead_code, reason = "the name of the file, which a test of all data compares")]
    id: String,
    number: Vec<Number>,
}

impl Whom {
    /// Returns the code of its name.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Whom::Emergency => "danger-call-emergency",
            Whom::Crisis => "danger-call-crisis",
            Whom::Poison => "danger-call-poison",
        }
    }
}

impl Numbers {
    /// Returns the numbers that are compiled in.
    pub(super) fn shipped() -> &'static Numbers {
        static NUMBERS: OnceLock<Numbers> = OnceLock::new();
        NUMBERS.get_or_init(|| {
            let text = include_str!("../../../../../data/emergency/numbers.toml");
            data::parse("emergency/numbers.toml", text).expect("a test reads the file")
        })
    }

    /// Returns the numbers of one kind, in the order of the file.
    pub(super) fn of(&self, whom: Whom) -> impl Iterator<Item = &Number> {
        self.number.iter().filter(move |number| number.whom == whom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_can_be_dialled() {
        for number in &Numbers::shipped().number {
            let digits = number.number.chars().filter(char::is_ascii_digit).count();
            assert!((3..=12).contains(&digits), "{number:?}");
            assert!(number.number.chars().all(|c| c.is_ascii_digit() || c == ' ' || c == '-'), "{number:?}");
        }
    }
}
