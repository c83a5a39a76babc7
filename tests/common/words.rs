//! Compares words that we predict with words that a program printed.

/// Returns whether our words are those of the program; `…` stands for what we leave out. Blanks at
/// the end, which may come from a name, were not recorded.
pub(crate) fn matches(predicted: &str, recorded: &str) -> bool {
    let mut parts = predicted.trim().split('…');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = recorded.trim().strip_prefix(first) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}
