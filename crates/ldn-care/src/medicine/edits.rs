//! How many slips of the keyboard lie between two words, where they are few.

/// Most edits that [`edits_between`] counts.
pub(super) const MOST_EDITS: usize = 2;

/// Returns the edits between two words if there are no more than allowed, of which there are [`MOST_EDITS`] at most.
///
/// An edit adds, drops or replaces a letter, or swaps two neighbours: the distance of Damerau and Levenshtein. It is
/// not computed in a table, because nearly all words that are compared are further apart, and that shows after a few
/// letters.
pub(super) fn edits_between(one: &[char], other: &[char], allowed: usize) -> Option<usize> {
    debug_assert!(allowed <= MOST_EDITS, "more edits are not counted");
    let (one, other) = without_common_ends(one, other);
    let edits = match () {
        () if one.is_empty() && other.is_empty() => 0,
        () if is_one_edit(one, other) => 1,
        () if allowed > 1 && is_two_edits(one, other) => 2,
        () => return None,
    };
    (edits <= allowed).then_some(edits)
}

/// Cuts off what two words begin and end with.
fn without_common_ends<'a>(one: &'a [char], other: &'a [char]) -> (&'a [char], &'a [char]) {
    let same = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let (one, other) = (&one[same..], &other[same..]);
    let same = one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count();
    (&one[..one.len() - same], &other[..other.len() - same])
}

/// Tells whether one edit makes one of these of the other, which have no common ends.
fn is_one_edit(one: &[char], other: &[char]) -> bool {
    match (one, other) {
        ([_], []) | ([], [_]) | ([_], [_]) => true,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}

/// Tells whether at most one edit lies between two words.
fn is_near(one: &[char], other: &[char]) -> bool {
    let (one, other) = without_common_ends(one, other);
    one.is_empty() && other.is_empty() || is_one_edit(one, other)
}

/// Tells whether two edits make one of these of the other, which have no common ends.
fn is_two_edits(one: &[char], other: &[char]) -> bool {
    if one.len().abs_diff(other.len()) > MOST_EDITS {
        return false;
    }
    match (one, other) {
        ([], rest) | (rest, []) => rest.len() <= MOST_EDITS,
        // Neighbours that changed places and let a letter between them.
        ([a, b], [c, _, d]) | ([c, _, d], [a, b]) if a == d && b == c => true,
        // The first letters differ, so that the first edit is here.
        ([a, one_rest @ ..], [b, other_rest @ ..]) => {
            is_near(one_rest, other_rest)
                || is_near(one_rest, other)
                || is_near(one, other_rest)
                || one_rest.first() == Some(b)
                    && other_rest.first() == Some(a)
                    && is_near(&one_rest[1..], &other_rest[1..])
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn agrees(one: &str, other: &str) {
        let letters = |word: &str| word.chars().collect::<Vec<char>>();
        let distance = strsim::damerau_levenshtein(one, other);
        for allowed in 0..=MOST_EDITS {
            let expected = (distance <= allowed).then_some(distance);
            assert_eq!(
                edits_between(&letters(one), &letters(other), allowed),
                expected,
                "{one} {other} {allowed}"
            );
        }
    }

    /// All words of at most this many letters out of three.
    fn words(longest: usize) -> Vec<String> {
        let mut all = vec![String::new()];
        let mut from = 0;
        for _ in 0..longest {
            let longer: Vec<String> = all[from..]
                .iter()
                .flat_map(|word| "abc".chars().map(move |c| format!("{word}{c}")))
                .collect();
            from = all.len();
            all.extend(longer);
        }
        all
    }

    #[test]
    fn short_words_are_as_far_apart_as_the_full_table_says() {
        let all = words(5);
        for one in &all {
            all.iter().for_each(|other| agrees(one, other));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

        #[test]
        fn long_words_are_as_far_apart_as_the_full_table_says(
            before in "[a-dé]{0,6}", one in "[a-dé]{0,4}", between in "[a-dé]{0,4}", other in "[a-dé]{0,4}", after in "[a-dé]{0,6}",
        ) {
            agrees(&format!("{before}{one}{between}{after}"), &format!("{before}{between}{other}{after}"));
        }
    }
}
