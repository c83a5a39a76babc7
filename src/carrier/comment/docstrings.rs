//! The strings that document a program: Python's docstrings, Elixir's `@moduledoc` and `@doc`.

use crate::text::source::{Span, lines};

/// Returns the docstrings of a Python source: triple-quoted strings that are statements of their
/// own.
pub(super) fn of_python(text: &str) -> Vec<Span> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let (mut at, mut line_start, mut depth) = (0, 0, 0_usize);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\n' => line_start = at + 1,
            b'#' => at = end_of_line(bytes, at) - 1,
            b'\\' => at += 1,
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b'"' | b'\'' => {
                let quotes = [byte; 3];
                let is_long = bytes.get(at..).is_some_and(|rest| rest.starts_with(&quotes));
                let end = end_of_string(bytes, at, is_long);
                let before = text.get(line_start..at).unwrap_or("-").trim_start();
                let is_statement =
                    before.len() <= 1 && before.trim_start_matches(['r', 'R', 'u', 'U']).is_empty();
                if is_long && is_statement && depth == 0 {
                    found.push(Span::new(at, end));
                }
                at = end - 1;
                // A statement that continues after a string does not begin there.
                line_start = at;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

fn end_of_line(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or(&[]);
    at + rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len())
}

/// Returns the end of the string that begins at `at`, one past its last quote. An unclosed string
/// ends with its line, or with the text if it is long (triple-quoted).
fn end_of_string(bytes: &[u8], at: usize, is_long: bool) -> usize {
    let Some(&quote) = bytes.get(at) else { return at + 1 };
    let length = if is_long { 3 } else { 1 };
    let mut end = at + length;
    while let Some(&byte) = bytes.get(end) {
        match byte {
            b'\\' => end += 1,
            b'\n' if !is_long => return end,
            byte if byte == quote => {
                let is_end =
                    bytes.get(end..end + length).is_some_and(|s| s.iter().all(|b| *b == quote));
                if is_end {
                    return end + length;
                }
            }
            _ => {}
        }
        end += 1;
    }
    bytes.len()
}

/// Returns the documentation in an Elixir source: the triple-quoted text after `@moduledoc`, `@doc`
/// and `@typedoc`.
pub(super) fn of_elixir(text: &str) -> Vec<Span> {
    const QUOTES: &str = "\"\"\"";
    let mut found = Vec::new();
    let mut open = None;
    for (start, line) in lines(text) {
        let content = line.trim();
        match open {
            Some(from) if content.starts_with(QUOTES) => {
                found.push(Span::new(from, start));
                open = None;
            }
            None => {
                let attributes = ["@moduledoc", "@doc", "@typedoc", "@shortdoc"];
                let is_one = attributes.into_iter().any(|name| content.starts_with(name));
                open = (is_one && content.ends_with(QUOTES)).then_some(start + line.len());
            }
            Some(_) => {}
        }
    }
    found.extend(open.map(|from| Span::new(from, text.len())));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn docstrings_of_python_are_statements() {
        let is_in = |text: &str| {
            let at = text.find('X').unwrap();
            of_python(text).iter().any(|span| span.start() < at && at < span.end())
        };
        for text in [
            "\"\"\"a\nX\n\"\"\"\n",
            "# it's\ndef f():\n    r'''a \"\"\" \\''' X'''\n",
            "a = \"\"\"\nb\n\"\"\"\n\"\"\"X\"\"\"\n",
            "\"\"\"X",
        ] {
            assert!(is_in(text), "{text}");
        }
        for text in [
            "a = \"\"\"\nX\n\"\"\"\n",
            "f(\n\"\"\"X\"\"\")\n",
            "\"\"\"a\"\"\"\nb = '''\nX'''\n",
            "a = [\n  '''X''']\n",
            "f'''X'''\n",
            "\"X\"\n",
        ] {
            assert!(!is_in(text), "{text}");
        }
        let elixir = "@moduledoc ~S\"\"\"\nX\n\"\"\"\ndef a, do: \"\"\"\nb\n\"\"\"\n";
        assert_eq!(of_elixir(elixir), [Span::new(17, 19)]);
    }

    proptest::proptest! {
        #[test]
        fn docstring_spans_lie_within_any_text(text in "[\"'\\\\\n#(a \u{e9}]{0,40}") {
            for span in of_python(&text).into_iter().chain(of_elixir(&text)) {
                proptest::prop_assert!(span.end() <= text.len());
            }
        }
    }
}
