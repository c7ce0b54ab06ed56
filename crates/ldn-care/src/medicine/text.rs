//! From what somebody wrote to comparable words.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What was written, in lower case, without accents and punctuation, cut into words.
///
/// A change between letters and digits cuts as well, so that `tramadol50mg` and `tramadol 50 mg` are the same words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Words {
    text: String,
    ends: Vec<usize>,
    /// For each word, whether something stood between it and the one before.
    gaps: Vec<bool>,
}

impl Words {
    /// Cuts a text into words.
    pub(super) fn of(written: &str) -> Words {
        // Nearly everything is written so, and there is nothing to fold in it but capitals.
        if written.is_ascii() {
            return Words::cut(written.chars().map(|c| c.to_ascii_lowercase()));
        }
        Words::cut(folded(written))
    }

    fn cut(text: impl Iterator<Item = char>) -> Words {
        let mut words = Words::default();
        let mut before = Kind::Gap;
        for c in text {
            let kind = Kind::of(c);
            if kind != before && kind != Kind::Gap {
                words.gaps.push(before == Kind::Gap);
            }
            if kind != before && before != Kind::Gap {
                words.ends.push(words.text.len());
            }
            if kind != Kind::Gap {
                words.text.push(c);
            }
            before = kind;
        }
        if before != Kind::Gap {
            words.ends.push(words.text.len());
        }
        words
    }

    /// The number of words.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The word at this place.
    pub(super) fn word(&self, at: usize) -> &str {
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.text[start..self.ends[at]]
    }

    /// Tells whether the words from one place up to another were written as one.
    pub(super) fn is_one(&self, start: usize, end: usize) -> bool {
        self.gaps[start + 1..end].iter().all(|gap| !gap)
    }

    /// The words from one place up to another, with spaces.
    pub(super) fn phrase(&self, start: usize, end: usize) -> String {
        (start..end).map(|at| self.word(at)).collect::<Vec<_>>().join(" ")
    }

    /// Adds a word to a key: without a gap, so that `co-codamol`, `co codamol` and `cocodamol` are one; but two numbers
    /// keep a stroke between them, so that `30/500` is not `30500`.
    pub(super) fn extend_key(&self, key: &mut String, at: usize) {
        let word = self.word(at);
        if key.ends_with(|c: char| c.is_ascii_digit()) && word.starts_with(|c: char| c.is_ascii_digit()) {
            key.push('/');
        }
        key.push_str(word);
    }

    /// The key of the words from one place up to another.
    pub(super) fn key(&self, start: usize, end: usize) -> String {
        let mut key = String::new();
        (start..end).for_each(|at| self.extend_key(&mut key, at));
        key
    }
}

/// Tells whether a word is a number.
pub(super) fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Letter,
    Digit,
    Gap,
}

impl Kind {
    fn of(c: char) -> Kind {
        match c {
            _ if c.is_ascii_digit() => Kind::Digit,
            _ if c.is_alphanumeric() => Kind::Letter,
            _ => Kind::Gap,
        }
    }
}

/// Lower case, compatibility forms taken apart, accents and invisible characters dropped.
fn folded(written: &str) -> impl Iterator<Item = char> {
    written
        .chars()
        .filter(|c| !is_invisible(*c))
        .map(|c| if matches!(c, '™' | '℠') { ' ' } else { c })
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .filter(|c| !is_combining_mark(*c))
        .flat_map(|c| spelt_out(c).chars().chain(spelt_out(c).is_empty().then_some(c)))
}

/// Letters that normalisation leaves alone although people write them in two ways.
fn spelt_out(c: char) -> &'static str {
    match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ı' => "i",
        _ => "",
    }
}

/// Characters that nobody sees: soft hyphen, zero width, direction marks, byte order mark.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writings_of_the_same_thing_have_the_same_words() {
        for (written, words) in [
            ("Ultram 50 mg", "ultram 50 mg"),
            ("ULTRAM®50MG", "ultram 50 mg"),
            ("Ultram™ 50 mg", "ultram 50 mg"),
            ("tramadol50mg", "tramadol 50 mg"),
            ("Codéine", "codeine"),
            ("tram\u{200b}adol", "tramadol"),
            ("ｔｒａｍａｄｏｌ", "tramadol"),
            ("T3s", "t 3 s"),
            ("  ", ""),
            ("½ tab", "1 2 tab"),
            ("İbuprofen", "ibuprofen"),
        ] {
            let cut = Words::of(written);
            assert_eq!(cut.phrase(0, cut.len()), words, "{written:?}");
        }
    }

    #[test]
    fn plain_writing_needs_no_folding() {
        let plain: String = (0..128_u8).map(char::from).collect();
        assert_eq!(Words::of(&plain), Words::cut(folded(&plain)));
    }

    #[test]
    fn keys_have_no_gaps_except_between_numbers() {
        for (written, key) in
            [("co-codamol", "cocodamol"), ("30/500", "30/500"), ("30500", "30500"), ("MS Contin", "mscontin")]
        {
            let cut = Words::of(written);
            assert_eq!(cut.key(0, cut.len()), key, "{written:?}");
        }
    }
}
