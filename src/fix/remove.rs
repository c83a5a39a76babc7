//! Removing an item from a list, in the style in which the file is written: block or flow.

use super::Edit;
use crate::source::{Span, window_after, window_before};

/// Removes the item whose value stands at the place, quotes and line included; `None` where it is
/// written in a way that is not understood.
pub(super) fn item(text: &str, value: Span) -> Option<Edit> {
    let (start, end) = quoted(text, value);
    let (before, after) = (window_before(text, start), window_after(text, end));
    if text.get(value.range())?.contains('\n') {
        return None;
    }
    let none = |start: usize, end: usize| Edit { span: Span::new(start, end), text: "".into() };
    let line = before.rsplit('\n').next()?;
    let rest = after.split('\n').next()?;
    if line.trim_start() == "- " && rest.trim().is_empty() && line.len() < before.len() {
        // The whole line, with the break before it: the last one may have none behind it.
        let start = start - line.len() - 1;
        let start = if before.trim_end_matches(line).ends_with("\r\n") { start - 1 } else { start };
        return Some(none(start, end + rest.trim_end_matches('\r').len()));
    }
    let own = before.trim_end();
    if own.ends_with(',') {
        let follows = after.trim_start().starts_with([',', ']']);
        return follows.then(|| none(start - (before.len() - own.len()) - 1, end));
    }
    let comma = after.trim_start().strip_prefix(',').filter(|_| own.ends_with('['))?;
    let next = comma.trim_start_matches([' ', '\t']);
    (!next.is_empty()).then(|| none(start, end + after.len() - next.len()))
}

/// Where a value begins and ends with its quotes.
fn quoted(text: &str, span: Span) -> (usize, usize) {
    let before = span.start.checked_sub(1).and_then(|at| text.get(at..span.start));
    let after = text.get(span.end..span.end + 1);
    match (before, after) {
        (Some("\""), Some("\"")) | (Some("'"), Some("'")) => (span.start - 1, span.end + 1),
        _ => (span.start, span.end),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn removed(text: &str) -> Option<String> {
        let at = text.find('X').unwrap();
        let Edit { span, .. } = item(text, Span::new(at, at + 1))?;
        Some([&text[..span.start], &text[span.end..]].concat())
    }

    #[test]
    fn an_item_goes_with_what_separates_it() {
        for (text, expected) in [
            ("a:\n- b\n- X\n- c\n", "a:\n- b\n- c\n"),
            ("a:\n  - b\n  - 'X'\n", "a:\n  - b\n"),
            ("a:\r\n- X\r\n- c\r\n", "a:\r\n- c\r\n"),
            ("a:\n- b\n- X", "a:\n- b"),
            ("[b, X, c]", "[b, c]"),
            ("[\"b\",\"X\"]", "[\"b\"]"),
            ("[X, c]", "[c]"),
            ("[\n  \"b\",\n  \"X\",\n  \"c\"\n]", "[\n  \"b\",\n  \"c\"\n]"),
            ("[\n  \"b\",\n  \"X\"\n]", "[\n  \"b\"\n]"),
        ] {
            assert_eq!(removed(text).as_deref(), Some(expected), "{text:?}");
        }
        for text in ["a: X\n", "- - X\n", "a:\n- X # c\n", "[X]", "b X c", "- X", "[b, &x X]"] {
            assert_eq!(removed(text), None, "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_taken(text in "[-a :\n\r\\[\\],'\"#é]{0,12}X[-a :\n\r\\[\\],'\"#é]{0,12}") {
            let at = text.find('X').unwrap();
            if let Some(edit) = item(&text, Span::new(at, at + 1)) {
                proptest::prop_assert!(text.get(edit.span.range()).is_some());
            }
        }
    }
}
