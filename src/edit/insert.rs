//! Inserting a pair into a mapping, in the style in which the file is written: block or flow,
//! its indentation, its quotes and its line ends.

use crate::finding::change::Edit;
use crate::text::source::{Span, window_after, window_before};

/// A key and its value, as they are written.
#[derive(Debug, Clone, Copy)]
struct Pair<'a> {
    text: &'a str,
    /// From the quote of the key to that of the value.
    span: Span,
    key_quote: &'a str,
    /// What stands between key and value: `: `.
    joint: &'a str,
    value_quote: &'a str,
}

/// How a pair is to be written.
pub(crate) type NewPair<'a> = (&'a str, &'a str);

impl<'a> Pair<'a> {
    /// The pair with that key; `value` is the value without its quotes, where it stands behind
    /// the key. `None` where it is written in a way that is not understood.
    fn new(text: &'a str, key: Span, value: Option<Span>) -> Option<Self> {
        let (start, key_end, key_quote) = quoted(text, key);
        let rest = text.get(key_end..)?;
        let colon = rest.trim_start_matches([' ', '\t']).strip_prefix(':')?;
        let after = colon.trim_start_matches([' ', '\t']);
        let at = text.len() - after.len();
        let joint = text.get(key_end..at).filter(|joint| joint.len() > 1);
        let joint = joint.unwrap_or(if key_quote.is_empty() { ": " } else { ":" });
        if after.starts_with('*') {
            let is_end = |c: char| c.is_whitespace() || matches!(c, ',' | '}' | ']');
            let length = after.find(is_end).unwrap_or(after.len());
            let span = Span::new(start, at + length);
            return Some(Self { text, span, key_quote, joint, value_quote: "" });
        }
        let value = value.filter(|value| value.start >= at)?;
        let (value_start, end, value_quote) = quoted(text, value);
        // A tag or an anchor may stand before it, on the same line.
        let between = text.get(at..value_start)?;
        let is_plain = between.is_empty() || between.starts_with(['!', '&']);
        let is_near = is_plain && !between.contains(['\n', ',', '{']);
        let is_one_line = !text.get(value.range())?.contains('\n');
        let span = Span::new(start, end);
        (is_near && is_one_line).then_some(Self { text, span, key_quote, joint, value_quote })
    }

    /// What stands before the pair in its line; `None` where that is more than anybody indents by.
    fn before(&self) -> Option<&'a str> {
        let near = window_before(self.text, self.span.start);
        let is_all = near.len() == self.span.start;
        near.rsplit_once('\n').map(|(_, own)| own).or(is_all.then_some(near))
    }

    /// What stands before the pair, where it begins a line that is not the first.
    fn own_line(&self) -> Option<&'a str> {
        self.before().filter(|before| before.trim().is_empty() && before.len() < self.span.start)
    }

    fn after(&self) -> &'a str {
        self.text.get(self.span.end..).unwrap_or("")
    }

    /// Whether it stands between braces.
    fn is_flow(&self) -> Option<bool> {
        let after = self.after();
        if after.trim_start_matches([' ', '\t']).starts_with([',', '}']) {
            return Some(true);
        }
        let mut lines = after.lines();
        let own = lines.next().unwrap_or("").trim_start();
        if !(own.is_empty() || own.starts_with('#') || own.starts_with("//")) {
            return None;
        }
        let is_comment = |line: &&str| line.starts_with('#') || line.starts_with("//");
        let next = lines.map(str::trim_start).find(|line| !line.is_empty() && !is_comment(line));
        let is_closed = |line: &str| line.starts_with([',', '}']) && !line.starts_with("}}");
        Some(next.is_some_and(is_closed))
    }

    /// The white space that brings a new line under the pair; `None` where that cannot be told.
    fn indent(&self) -> Option<String> {
        let before = self.before()?.trim_start_matches('\u{feff}');
        let is_item = |c: char| matches!(c, ' ' | '-' | '?');
        before.chars().all(is_item).then(|| " ".repeat(before.len()))
    }

    fn written(&self, (key, value): NewPair<'_>) -> String {
        let Self { key_quote, joint, value_quote, .. } = self;
        format!("{key_quote}{key}{key_quote}{joint}{value_quote}{value}{value_quote}")
    }
}

/// Where something begins and ends with its quotes, and the quote.
fn quoted(text: &str, span: Span) -> (usize, usize, &str) {
    let before = span.start.checked_sub(1).and_then(|at| text.get(at..span.start));
    let after = text.get(span.end..span.end + 1);
    match (before, after) {
        (Some(open @ ("\"" | "'")), Some(close)) if open == close => {
            (span.start - 1, span.end + 1, open)
        }
        _ => (span.start, span.end, ""),
    }
}

/// The line end that is used at a place of the text.
fn line_end(text: &str, at: usize) -> &'static str {
    let (before, after) = (window_before(text, at), window_after(text, at));
    let line = after.split_once('\n').or_else(|| before.rsplit_once('\n')).map(|(line, _)| line);
    let is_crlf = match line {
        // Only a line break stands there.
        Some("") => before.ends_with('\r'),
        line => line.is_some_and(|line| line.ends_with('\r')),
    };
    if is_crlf { "\r\n" } else { "\n" }
}

/// Writes a pair behind the one with that key and value.
pub(crate) fn behind(text: &str, key: Span, value: Span, new: NewPair<'_>) -> Option<Edit> {
    let pair = Pair::new(text, key, Some(value))?;
    let at = pair.span.end;
    let eol = line_end(text, at);
    let written = pair.written(new);
    if pair.is_flow()? {
        let text = if let Some(before) = pair.own_line() {
            format!(",{eol}{before}{written}")
        } else if pair.joint.ends_with([' ', '\t']) {
            format!(", {written}")
        } else {
            format!(",{written}")
        };
        return Some(Edit { span: Span::at(at), text: text.into() });
    }
    let indent = pair.indent()?;
    let line = pair.after().split('\n').next().unwrap_or("");
    let line = line.strip_suffix('\r').unwrap_or(line);
    Some(Edit { span: Span::at(at + line.len()), text: format!("{eol}{indent}{written}").into() })
}

/// Writes pairs before the one with that key and value.
pub(crate) fn before(text: &str, key: Span, value: Span, new: &[NewPair<'_>]) -> Option<Edit> {
    let pair = Pair::new(text, key, Some(value))?;
    let at = pair.span.start;
    let eol = line_end(text, at);
    let apart = match (pair.is_flow()?, pair.own_line()) {
        (true, Some(before)) => format!(",{eol}{before}"),
        (true, None) if pair.joint.ends_with([' ', '\t']) => ", ".to_owned(),
        (true, None) => ",".to_owned(),
        (false, _) => format!("{eol}{}", pair.indent()?),
    };
    let written: String = new.iter().map(|new| pair.written(*new) + &apart).collect();
    Some(Edit { span: Span::at(at), text: written.into() })
}

/// Writes a flag behind another one and its value: on a command line, in a list of strings, or as an
/// item of a list of YAML. Both are without quotes.
pub(crate) fn flag_behind(text: &str, flag: Span, value: Span, new: &str) -> Option<Edit> {
    let rest = text.get(value.end..)?;
    let is_quote = |c: &char| matches!(c, '"' | '\'');
    let quote = rest.chars().next().filter(is_quote);
    let end = value.end + quote.map_or(0, char::len_utf8);
    let before = text.get(..flag.start)?;
    let line = window_before(text, flag.start).rsplit('\n').next().unwrap_or("");
    let behind = text.get(end..)?.trim_start();
    let is_last = behind.starts_with([']', ')', '}']);
    let written = if before.ends_with(['"', '\'']) && quote.is_some() {
        let quote = before.chars().next_back()?;
        let is_item = behind.starts_with(',') || is_last;
        is_item.then(|| format!(", {quote}{new}{quote}"))?
    } else if line.trim_end_matches(['"', '\'']).trim() == "-" {
        let written =
            behind.is_empty() || text.get(end..)?.trim_start_matches(' ').starts_with('\n');
        // The value may be an item of its own.
        let is_next = text.get(flag.start..value.start)?.contains('\n');
        let indent = line.trim_end_matches(['"', '\'']);
        (written && !is_next).then(|| format!("{}{indent}{new}", line_end(text, end)))?
    } else if behind.starts_with(',') || behind.starts_with(']') {
        format!(", {new}")
    } else {
        // Where the whole command is a string, its quote is not the value's.
        let is_own = text.get(..value.start)?.chars().next_back().as_ref().is_some_and(is_quote);
        let end = if is_own { end } else { value.end };
        let apart = line_of_its_own(text, line, Span::new(flag.start, end));
        let apart = apart.unwrap_or_else(|| " ".to_owned());
        return Some(Edit { span: Span::at(end), text: format!("{apart}{new}").into() });
    };
    Some(Edit { span: Span::at(end), text: written.into() })
}

/// What begins a new line of a command behind a flag with its value, which have a line of their own;
/// `before` is what stands before them in it. `None` where they share it.
fn line_of_its_own(text: &str, before: &str, flag: Span) -> Option<String> {
    // Of shells, of PowerShell and of Windows' cmd.
    const MARKS: [&str; 3] = ["\\", "`", "^"];
    let above = text.get(..flag.start - before.len())?;
    let above = window_before(text, above.len()).trim_end_matches(['\n', '\r']);
    let behind = window_after(text, flag.end).lines().next().unwrap_or("").trim();
    let is_continued =
        |mark: &&str| above.ends_with(*mark) && (behind == *mark || behind.is_empty());
    let mark = MARKS.into_iter().find(is_continued).filter(|_| before.trim().is_empty())?;
    let is_one_line = !text.get(flag.range())?.contains('\n');
    is_one_line.then(|| format!(" {mark}{}{before}", line_end(text, flag.end)))
}

/// Writes the value of a key that has none: nothing, an empty string, or null.
pub(crate) fn fill(text: &str, key: Span, value: &str) -> Option<Edit> {
    let (_, key_end, _) = quoted(text, key);
    let rest = text.get(key_end..)?;
    let colon = rest.trim_start_matches([' ', '\t']).strip_prefix(':')?;
    let colon_end = text.len() - colon.len();
    let after = colon.trim_start_matches([' ', '\t']);
    let at = text.len() - after.len();
    if after.starts_with("\"\"") || after.starts_with("''") {
        return Some(Edit { span: Span::at(at + 1), text: value.into() });
    }
    let word = after.find(|c: char| !(c.is_alphabetic() || c == '~')).unwrap_or(after.len());
    let (null, behind) = after.split_at(word);
    let is_end = behind.is_empty() || behind.starts_with(['\n', '\r', ',', '}', ' ', '\t']);
    if is_end && matches!(null, "null" | "Null" | "NULL" | "~") {
        let is_json = key_end > key.end;
        let text = if is_json { format!("\"{value}\"") } else { value.to_owned() };
        return Some(Edit { span: Span::new(at, at + word), text: text.into() });
    }
    // A blank that is there already separates it too.
    let is_comment = after.starts_with('#');
    let is_absent = is_comment || after.is_empty() || after.starts_with(['\n', '\r', ',', '}']);
    let edit = if at > colon_end + usize::from(is_comment) {
        Edit { span: Span::at(colon_end + 1), text: value.into() }
    } else {
        Edit { span: Span::at(colon_end), text: format!(" {value}").into() }
    };
    is_absent.then_some(edit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str, word: &str) -> Span {
        let at = text.find(word).unwrap();
        Span::new(at, at + word.len())
    }

    fn made(text: &str, edit: Option<Edit>) -> Option<String> {
        let Edit { span, text: new } = edit?;
        Some([&text[..span.start], &new, &text[span.end..]].concat())
    }

    const NEW: NewPair<'_> = ("m", "I");

    #[test]
    fn a_pair_is_written_behind_another_in_its_style() {
        for (text, expected) in [
            ("a:\n  k: v\n  b: c\n", "a:\n  k: v\n  m: I\n  b: c\n"),
            ("- k: v # c\n  b: c\n", "- k: v # c\n  m: I\n  b: c\n"),
            ("- - k: v\n    b: c\n", "- - k: v\n    m: I\n    b: c\n"),
            ("a:\r\n  k: v\r\n", "a:\r\n  k: v\r\n  m: I\r\n"),
            ("a:\n  \"k\": 'v'\n", "a:\n  \"k\": 'v'\n  \"m\": 'I'\n"),
            ("k: v", "k: v\nm: I"),
            ("a: {k: v, b: c}", "a: {k: v, m: I, b: c}"),
            ("a: {b: c, k: v}", "a: {b: c, k: v, m: I}"),
            (r#"{"k":"v","b":"c"}"#, r#"{"k":"v","m":"I","b":"c"}"#),
            (r#"{"k": "v"}"#, r#"{"k": "v", "m": "I"}"#),
            (
                "{\n  \"k\": \"v\",\n  \"b\": 1\n}",
                "{\n  \"k\": \"v\",\n  \"m\": \"I\",\n  \"b\": 1\n}",
            ),
            ("{\n\t\"k\": \"v\"\n}", "{\n\t\"k\": \"v\",\n\t\"m\": \"I\"\n}"),
            ("a: {\n  k: v # c\n}", "a: {\n  k: v,\n  m: I # c\n}"),
            ("a:\n  k: &x v\n", "a:\n  k: &x v\n  m: I\n"),
            ("a:\n  k:   v\n", "a:\n  k:   v\n  m:   I\n"),
        ] {
            let edit = behind(text, place(text, "k"), place(text, "v"), NEW);
            assert_eq!(made(text, edit).as_deref(), Some(expected), "{text}");
        }
        let text = "x: v\na:\n  k: *x\n";
        let edit = behind(text, place(text, "k"), place(text, "v"), NEW);
        assert_eq!(made(text, edit).as_deref(), Some("x: v\na:\n  k: *x\n  m: I\n"));
        for text in ["k = v\n", "\tk: v\n", "a: k: v\n", "k: [v]\n", "k:\n  v\n"] {
            let edit = behind(text, place(text, "k"), place(text, "v"), NEW);
            assert_eq!(edit, None, "{text}");
        }
    }

    #[test]
    fn pairs_are_written_before_another_in_its_style() {
        for (text, expected) in [
            ("a:\n  k: v\n  b: c\n", "a:\n  m: I\n  n: J\n  k: v\n  b: c\n"),
            ("- k: v\n  b: c\n", "- m: I\n  n: J\n  k: v\n  b: c\n"),
            ("a: {k: v, b: c}", "a: {m: I, n: J, k: v, b: c}"),
            (r#"{"k":"v","b":"c"}"#, r#"{"m":"I","n":"J","k":"v","b":"c"}"#),
            (
                "{\r\n  \"k\": \"v\"\r\n}",
                "{\r\n  \"m\": \"I\",\r\n  \"n\": \"J\",\r\n  \"k\": \"v\"\r\n}",
            ),
        ] {
            let edit = before(text, place(text, "k"), place(text, "v"), &[NEW, ("n", "J")]);
            assert_eq!(made(text, edit).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_key_without_a_value_gets_one() {
        for (text, expected) in [
            ("k:\nb: c\n", "k: V\nb: c\n"),
            ("k: # c\n", "k: V # c\n"),
            ("k: \n", "k: V\n"),
            ("k:  # c\n", "k: V # c\n"),
            ("{k: , b: c}", "{k: V, b: c}"),
            ("k: \"\"\n", "k: \"V\"\n"),
            ("k: ''\n", "k: 'V'\n"),
            ("k: ~\n", "k: V\n"),
            ("{k: null, b: c}", "{k: V, b: c}"),
            ("{\"k\": null}", "{\"k\": \"V\"}"),
            ("{k:, b: c}", "{k: V, b: c}"),
            ("k:", "k: V"),
        ] {
            assert_eq!(made(text, fill(text, place(text, "k"), "V")).as_deref(), Some(expected));
        }
        for text in ["k: v\n", "k\n", "k: |\n  v\n", "k: nullable\n"] {
            assert_eq!(fill(text, place(text, "k"), "V"), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_taken(text in "[a :\n\r{},'\"#*&é-]{0,12}k[a :\n\r{},'\"#*&é-]{0,8}v[ \n,}#'\"é]{0,6}") {
            let (key, value) = (place(&text, "k"), place(&text, "v"));
            let edits = [
                behind(&text, key, value, NEW),
                before(&text, key, value, &[NEW]),
                fill(&text, key, "V"),
            ];
            for edit in edits.into_iter().flatten() {
                proptest::prop_assert!(text.get(edit.span.range()).is_some());
            }
        }
    }
}
