//! Sentences of the wording files, with names in braces that are filled in.

/// Fills the `{names}` of a sentence in one pass: braces inside a value are left alone.
///
/// A name without a value stays as it stands, so that a test of the finished text finds it.
pub(crate) fn fill(sentence: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(sentence.len());
    let mut rest = sentence;
    while let Some(open) = rest.find('{') {
        filled.push_str(&rest[..open]);
        rest = &rest[open..];
        let value = rest.find('}').and_then(|close| {
            let name = &rest[1..close];
            values.iter().find(|(key, _)| *key == name).map(|(_, value)| (close, value))
        });
        match value {
            Some((close, value)) => {
                filled.push_str(value);
                rest = &rest[close + 1..];
            }
            None => {
                filled.push('{');
                rest = &rest[1..];
            }
        }
    }
    filled + rest
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn names_are_filled_once() {
        let values = [("dose", "1.5 mg"), ("why", "see {dose}")];
        assert_eq!(fill("Take {dose}: {why}.", &values), "Take 1.5 mg: see {dose}.");
        assert_eq!(fill("{unknown} {dose}", &values), "{unknown} 1.5 mg");
        assert_eq!(fill("{", &values), "{");
    }
}
