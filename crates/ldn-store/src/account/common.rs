//! Passwords that are tried first: a list of our own making, and two patterns that no list can hold.

use std::collections::BTreeSet;
use std::sync::LazyLock;

static LIST: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
    include_str!("../../../../data/passwords/common.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .collect()
});

/// A name shorter than this is too short to look for inside a password.
const SHORTEST_NAME: usize = 4;

/// The number of passwords on the list.
pub fn n_common() -> usize {
    LIST.len()
}

/// Whether many people have this password; case does not matter.
pub(super) fn is_common(password: &str) -> bool {
    let folded = password.to_lowercase();
    LIST.contains(folded.as_str()) || is_one_character(&folded)
}

/// Whether the password holds the name somebody signs in with, or the part of it before an `@`.
pub(super) fn holds_the_name(password: &str, name: &str) -> bool {
    let (password, name) = (password.to_lowercase(), name.trim().to_lowercase());
    let before_at = name.split('@').next().unwrap_or_default();
    before_at.chars().count() >= SHORTEST_NAME && password.contains(before_at)
}

fn is_one_character(password: &str) -> bool {
    let mut characters = password.chars();
    characters.next().is_some_and(|first| characters.all(|character| character == first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_long_enough_and_in_lower_case() {
        assert!(n_common() >= 3_000, "{}", n_common());
        for password in LIST.iter() {
            assert_eq!(*password, password.to_lowercase());
            assert!(password.chars().count() >= super::super::password::SHORTEST, "{password}");
        }
    }

    #[test]
    fn short_names_are_not_looked_for() {
        assert!(!holds_the_name("another long phrase", "an"));
        assert!(holds_the_name("Ruth1978 phrase", "ruth1978@example.org"));
    }
}
