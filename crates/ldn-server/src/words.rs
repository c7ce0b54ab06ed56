//! What the pages say, in the languages they say it in.
//!
//! Every sentence stands in a Fluent file under `data/words/`, keyed by a code that the templates name. Numbers and doses
//! are handed in as text that the core has printed, so that no language can change them.

use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

/// A language that the pages are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// English, the language of the whole application.
    English,
    /// Spanish, for the pages of patients.
    Spanish,
}

/// Names the Fluent files that every language has, in the order in which they are read, then those of staff, which are
/// English only.
macro_rules! fluent_files {
    ($($name:literal),+ ; $($staff:literal),+ $(,)?) => {
        impl Language {
            /// Returns the Fluent files of this language by name.
            const fn files(self) -> &'static [(&'static str, &'static str)] {
                match self {
                    Language::English => {
                        &[
                            $(($name, include_str!(concat!("../../../data/words/en/", $name, ".ftl"))),)+
                            $(($staff, include_str!(concat!("../../../data/words/en/", $staff, ".ftl")))),+
                        ]
                    }
                    Language::Spanish => {
                        &[$(($name, include_str!(concat!("../../../data/words/es/", $name, ".ftl")))),+]
                    }
                }
            }
        }
    };
}

fluent_files![
    "frame",
    "sign_in",
    "start",
    "charts",
    "plan",
    "verdict",
    "today",
    "danger",
    "offline",
    "events",
    "labs",
    "instruments",
    "more",
    "data",
    "help";
    "clinic_list",
    "clinic_course",
    "clinic_intake",
    "clinic_plan",
    "clinic_evidence",
];

impl Language {
    /// Every language, the one to fall back on first.
    pub const ALL: [Language; 2] = [Language::English, Language::Spanish];

    /// Returns the code of BCP 47, as it stands in `<html lang>`.
    pub const fn code(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Spanish => "es",
        }
    }

    /// Returns the language's name in itself.
    pub const fn own_name(self) -> &'static str {
        match self {
            Language::English => "English",
            Language::Spanish => "Español",
        }
    }

    /// Finds a language by its code; regional forms count as the language itself.
    pub fn from_code(code: &str) -> Option<Language> {
        let primary = code.split('-').next().unwrap_or(code);
        Language::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(primary))
    }

    /// Chooses from an `Accept-Language` header: the first language of the list that we have. Weights are rare in
    /// practice and lists are written in order, so the order decides.
    pub fn accepted(header: &str) -> Language {
        header
            .split(',')
            .filter_map(|part| Language::from_code(part.split(';').next().unwrap_or(part).trim()))
            .next()
            .unwrap_or(Language::English)
    }

    fn bundle(self) -> &'static FluentBundle<FluentResource> {
        static BUNDLES: OnceLock<[FluentBundle<FluentResource>; 2]> = OnceLock::new();
        &BUNDLES.get_or_init(|| Language::ALL.map(read))[self as usize]
    }
}

/// Reads all files of a language. The files are compiled in and a test reads them, so a mistake in one is a mistake in
/// the program.
fn read(language: Language) -> FluentBundle<FluentResource> {
    let id: LanguageIdentifier = language.code().parse().expect("the codes above are language identifiers");
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    // The marks would stand inside doses and names, and copy with them.
    bundle.set_use_isolating(false);
    for (name, text) in language.files() {
        let resource = FluentResource::try_new((*text).to_owned())
            .unwrap_or_else(|(_, errors)| panic!("data/words/{}/{name}.ftl: {errors:?}", language.code()));
        bundle
            .add_resource(resource)
            .unwrap_or_else(|errors| panic!("data/words/{}/{name}.ftl: {errors:?}", language.code()));
    }
    bundle
}

/// Says things in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    language: Language,
}

impl Words {
    /// Speaks this language.
    pub const fn of(language: Language) -> Words {
        Words { language }
    }

    /// Returns the language spoken.
    pub const fn language(self) -> Language {
        self.language
    }

    /// Returns the sentence that a code stands for; see [`Words::say_with`].
    pub fn say(self, code: &str) -> String {
        self.say_args(code, None)
    }

    /// Returns the sentence that a code stands for, with values in their places.
    ///
    /// A sentence that this language lacks is said in English; pages for prescribers exist only there. A code that no
    /// language has comes back as itself, which a test of all pages looks for.
    pub fn say_with(self, code: &str, values: &[(&str, &str)]) -> String {
        let mut args = FluentArgs::new();
        for (name, value) in values {
            args.set(*name, FluentValue::from(*value));
        }
        self.say_args(code, Some(&args))
    }

    /// Returns the sentence that a code stands for, in the form that a count asks for (`$count`).
    pub fn count(self, code: &str, count: u32) -> String {
        let mut args = FluentArgs::new();
        args.set("count", FluentValue::from(count));
        self.say_args(code, Some(&args))
    }

    fn say_args(self, code: &str, args: Option<&FluentArgs<'_>>) -> String {
        [self.language, Language::English]
            .into_iter()
            .find_map(|language| message(language.bundle(), code, args))
            .unwrap_or_else(|| code.to_owned())
    }
}

fn message(
    bundle: &FluentBundle<FluentResource>,
    code: &str,
    args: Option<&FluentArgs<'_>>,
) -> Option<String> {
    let pattern = bundle.get_message(code)?.value()?;
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, args, &mut errors);
    errors.is_empty().then(|| text.into_owned())
}

/// Returns the codes that a language has, for tests and for translators.
pub fn codes(language: Language) -> Vec<String> {
    let mut codes: Vec<String> = language
        .files()
        .iter()
        .flat_map(|(_, text)| text.lines())
        .filter_map(|line| line.split_once(" ="))
        .map(|(code, _)| code)
        .filter(|code| code.starts_with(|c: char| c.is_ascii_lowercase()))
        .map(str::to_owned)
        .collect();
    codes.sort();
    codes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_said_once_and_both_languages_have_the_same_ones() {
        let [english, spanish] = Language::ALL.map(codes);
        assert!(english.windows(2).all(|pair| pair[0] != pair[1]), "a code stands twice");
        let missing: Vec<_> = english.iter().filter(|code| !spanish.contains(code)).collect();
        let patient_only = |code: &&&String| !code.starts_with("clinic-");
        assert_eq!(missing.iter().filter(patient_only).collect::<Vec<_>>(), Vec::<&&String>::new());
        assert!(spanish.iter().all(|code| english.contains(code)), "a Spanish code that English lacks");
    }

    #[test]
    fn a_list_of_languages_gives_the_first_that_we_have() {
        for (header, language) in [
            ("es-MX,es;q=0.9,en;q=0.8", Language::Spanish),
            ("fr-FR, en;q=0.7", Language::English),
            ("de", Language::English),
            ("", Language::English),
        ] {
            assert_eq!(Language::accepted(header), language, "{header:?}");
        }
    }
}
