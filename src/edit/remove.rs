//! Removes items from a list in the style of the file: block or flow.

use crate::finding::change::Edit;
use crate::text::source::{Span, window_after, window_before};

use super::insert::quoted;

/// Removes the items whose values are at these places, given in order, with their quotes and lines.
/// Returns `None` if an item is written in a way that we do not understand.
pub(crate) fn items(text: &str, values: impl Iterator<Item = Span>) -> Option<Vec<Edit>> {
    let mut edits: Vec<Edit> = Vec::new();
    for value in values {
        let last = edits.last().map(|edit| edit.span.end());
        edits.push(item(text, value, last)?);
    }
    Some(edits)
}

/// Removes one item. `last` is the end of the previous removal.
fn item(text: &str, value: Span, last: Option<usize>) -> Option<Edit> {
    let (start, end, _) = quoted(text, value);
    let (before, after) = (window_before(text, start), window_after(text, end));
    if text.get(value.range())?.contains('\n') {
        return None;
    }
    let none = |start: usize, end: usize| Edit { span: Span::new(start, end), text: "".into() };
    let line = before.rsplit('\n').next()?;
    let rest = after.split('\n').next()?;
    if line.trim_start() == "- " && rest.trim().is_empty() && line.len() < before.len() {
        // Remove the line with the break before it: the last line may have no break after it.
        let start = start - line.len() - 1;
        let start = if before.trim_end_matches(line).ends_with("\r\n") { start - 1 } else { start };
        return Some(none(start, end + rest.trim_end_matches('\r').len()));
    }
    let own = before.trim_end();
    // All items before this one are removed, too.
    let is_first = own.ends_with('[') || last == Some(start);
    if own.ends_with(',') && !is_first {
        let next = after.trim_start_matches([' ', '\t']);
        let blanks = if next.starts_with(',') { after.len() - next.len() } else { 0 };
        let follows = after.trim_start().starts_with([',', ']']);
        return follows.then(|| none(start - (before.len() - own.len()) - 1, end + blanks));
    }
    let comma = after.trim_start().strip_prefix(',').filter(|_| is_first)?;
    let next = comma.trim_start();
    (!next.is_empty()).then(|| none(start, end + after.len() - next.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn removed(text: &str) -> Option<String> {
        let mut made = text.to_owned();
        let places = text.match_indices('X').map(|(at, _)| Span::new(at, at + 1));
        for Edit { span, .. } in items(text, places)?.iter().rev() {
            made.replace_range(span.range(), "");
        }
        Some(made)
    }

    #[test]
    fn remove_item_takes_its_separator_along() {
        for (text, expected) in [
            ("a:\n- b\n- X\n- c\n", "a:\n- b\n- c\n"),
            ("a:\n  - b\n  - 'X'\n", "a:\n  - b\n"),
            ("a:\r\n- X\r\n- c\r\n", "a:\r\n- c\r\n"),
            ("a:\n- b\n- X", "a:\n- b"),
            ("a:\n- b\n- X  \n- c\n", "a:\n- b\n- c\n"),
            ("[b, X, c]", "[b, c]"),
            ("[\"b\",\"X\"]", "[\"b\"]"),
            ("[X, c]", "[c]"),
            ("[X, 'X', c]", "[c]"),
            ("[\n  X,\n  X,\n  c\n]", "[\n  c\n]"),
            ("[b, X, X]", "[b]"),
            ("[b, X , c]", "[b, c]"),
            ("[b, X, X , c]", "[b, c]"),
            ("[ b, X ]", "[ b ]"),
            ("[\n  \"b\",\n  \"X\",\n  \"c\"\n]", "[\n  \"b\",\n  \"c\"\n]"),
            ("[\n  \"b\",\n  \"X\"\n]", "[\n  \"b\"\n]"),
        ] {
            assert_eq!(removed(text).as_deref(), Some(expected), "{text:?}");
        }
        for text in
            ["a: X\n", "- - X\n", "a:\n- X # c\n", "[X]", "[X, X]", "b X c", "- X", "[b, &x X]"]
        {
            assert_eq!(removed(text), None, "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn remove_item_edits_lie_within_any_text(text in "[-a :\n\r\\[\\],'\"#é]{0,12}X[-a :\n\r\\[\\],'\"#é]{0,12}") {
            let at = text.find('X').unwrap();
            if let Some(edit) = item(&text, Span::new(at, at + 1), None) {
                proptest::prop_assert!(text.get(edit.span.range()).is_some());
            }
        }
    }
}
