//! Text from outside, made harmless for a log.

use std::fmt::Write as _;

/// The longest text of a field in characters, after escaping; the rest is cut off and marked with `…`.
pub const LONGEST_TEXT: usize = 200;

/// Returns the text with everything escaped that could forge a line or turn the reading direction.
///
/// Control characters, line and paragraph separators, invisible formatting characters and the backslash itself become
/// `\u{…}`, so that two different texts of at most [`LONGEST_TEXT`] characters stay different.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut length = 0;
    for character in text.chars() {
        let piece = if is_harmless(character) { character.to_string() } else { escape(character) };
        length += piece.chars().count();
        if length > LONGEST_TEXT {
            safe.push('…');
            break;
        }
        safe.push_str(&piece);
    }
    safe
}

fn escape(character: char) -> String {
    let mut piece = String::new();
    // Writing to a string cannot fail.
    let _ = write!(piece, "\\u{{{:x}}}", u32::from(character));
    piece
}

/// Whether a character can stand in a log as it is.
fn is_harmless(character: char) -> bool {
    let invisible = matches!(
        character,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    );
    !(character.is_control() || invisible || character == '\\')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nothing_can_forge_a_line() {
        for (text, expected) in [
            ("plain ü", "plain ü"),
            ("a\nb", "a\\u{a}b"),
            ("a\r\nb", "a\\u{d}\\u{a}b"),
            ("\u{1b}[31m", "\\u{1b}[31m"),
            ("\u{202e}x", "\\u{202e}x"),
            ("a\u{2028}b", "a\\u{2028}b"),
            ("\\u{a}", "\\u{5c}u{a}"),
            ("\0", "\\u{0}"),
            ("\u{85}", "\\u{85}"),
        ] {
            assert_eq!(escaped(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_long_text_is_cut() {
        assert_eq!(escaped(&"x".repeat(5_000)).chars().count(), LONGEST_TEXT + 1);
        assert_eq!(escaped(&"x".repeat(LONGEST_TEXT)).chars().count(), LONGEST_TEXT);
        assert!(escaped(&"\n".repeat(5_000)).chars().count() <= LONGEST_TEXT + 1);
    }

    proptest! {
        #[test]
        fn different_texts_stay_different(a in any::<String>(), b in any::<String>()) {
            let (safe_a, safe_b) = (escaped(&a), escaped(&b));
            prop_assert!(safe_a.chars().all(|c| !c.is_control()));
            let whole = !safe_a.ends_with('…') && !safe_b.ends_with('…');
            prop_assert!(!whole || (a == b) == (safe_a == safe_b));
        }
    }
}
