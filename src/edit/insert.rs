//! Inserts a pair into a mapping in the style of the file: block or flow, its indentation, its
//! quotes and its line ends.

use crate::finding::change::Edit;
use crate::text::source::{Span, window_after, window_before};

/// A key and its value, as written.
#[derive(Debug, Clone, Copy)]
struct Pair<'a> {
    text: &'a str,
    /// From the key's opening quote to the value's closing quote.
    span: Span,
    key_quote: &'a str,
    /// The text between key and value: `: `.
    joint: &'a str,
    value_quote: &'a str,
}

/// A key and a value to insert.
pub(crate) type NewPair<'a> = (&'a str, &'a str);

impl<'a> Pair<'a> {
    /// Returns the pair with that key. `value` is the value without its quotes, if it follows the
    /// key. Returns `None` if the pair is written in a way that we do not understand.
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
        let value = value.filter(|value| value.start() >= at)?;
        let (value_start, end, value_quote) = quoted(text, value);
        // A tag or an anchor may precede the value on the same line.
        let between = text.get(at..value_start)?;
        let is_plain = between.is_empty() || between.starts_with(['!', '&']);
        let is_near = is_plain && !between.contains(['\n', ',', '{']);
        let is_one_line = !text.get(value.range())?.contains('\n');
        let span = Span::new(start, end);
        (is_near && is_one_line).then_some(Self { text, span, key_quote, joint, value_quote })
    }

    /// Returns the text before the pair on its line; `None` if it does not fit the search window.
    fn before(&self) -> Option<&'a str> {
        let near = window_before(self.text, self.span.start());
        let is_all = near.len() == self.span.start();
        near.rsplit_once('\n').map(|(_, own)| own).or(is_all.then_some(near))
    }

    /// Returns the indentation of a pair that begins a line other than the first.
    fn own_line(&self) -> Option<&'a str> {
        self.before().filter(|before| before.trim().is_empty() && before.len() < self.span.start())
    }

    fn after(&self) -> &'a str {
        self.text.get(self.span.end()..).unwrap_or("")
    }

    /// Returns whether the pair is inside braces; `None` if unknown.
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

    /// Returns the white space that aligns a new line with the pair; `None` if it is unknown.
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

/// Returns where a value starts and ends with its quotes, and the quote.
pub(super) fn quoted(text: &str, span: Span) -> (usize, usize, &str) {
    let before = span.start().checked_sub(1).and_then(|at| text.get(at..span.start()));
    let after = text.get(span.end()..span.end() + 1);
    match (before, after) {
        (Some(open @ ("\"" | "'")), Some(close)) if open == close => {
            (span.start() - 1, span.end() + 1, open)
        }
        _ => (span.start(), span.end(), ""),
    }
}

/// Returns the line end in use at a place of the text.
fn line_end(text: &str, at: usize) -> &'static str {
    let (before, after) = (window_before(text, at), window_after(text, at));
    let line = after.split_once('\n').or_else(|| before.rsplit_once('\n')).map(|(line, _)| line);
    let is_crlf = match line {
        // The place is right before a line break.
        Some("") => before.ends_with('\r'),
        line => line.is_some_and(|line| line.ends_with('\r')),
    };
    if is_crlf { "\r\n" } else { "\n" }
}

/// Writes a pair after the one with that key and value.
pub(crate) fn after(text: &str, key: Span, value: Span, new: NewPair<'_>) -> Option<Edit> {
    let pair = Pair::new(text, key, Some(value))?;
    let at = pair.span.end();
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
    let at = pair.span.start();
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

/// Writes a flag after another flag and its value: on a command line, in a list of strings, or as
/// an item of a YAML list. The spans of both exclude quotes.
pub(crate) fn flag_after(text: &str, flag: Span, value: Span, new: &str) -> Option<Edit> {
    let rest = text.get(value.end()..)?;
    let is_quote = |c: &char| matches!(c, '"' | '\'');
    let quote = rest.chars().next().filter(is_quote);
    let end = value.end() + quote.map_or(0, char::len_utf8);
    let before = text.get(..flag.start())?;
    let line = window_before(text, flag.start()).rsplit('\n').next().unwrap_or("");
    let rest_of_line = text.get(end..)?.trim_start();
    let is_last = rest_of_line.starts_with([']', ')', '}']);
    let written = if before.ends_with(['"', '\'']) && quote.is_some() {
        let quote = before.chars().next_back()?;
        let is_item = rest_of_line.starts_with(',') || is_last;
        is_item.then(|| format!(", {quote}{new}{quote}"))?
    } else if line.trim_end_matches(['"', '\'']).trim() == "-" {
        let written =
            rest_of_line.is_empty() || text.get(end..)?.trim_start_matches(' ').starts_with('\n');
        // The value may be a list item of its own.
        let is_next = text.get(flag.start()..value.start())?.contains('\n');
        let indent = line.trim_end_matches(['"', '\'']);
        (written && !is_next).then(|| format!("{}{indent}{new}", line_end(text, end)))?
    } else if rest_of_line.starts_with(',') || rest_of_line.starts_with(']') {
        format!(", {new}")
    } else {
        // If the whole command is one string, the quote belongs to the command and not to the
        // value.
        let is_own = text.get(..value.start())?.chars().next_back().as_ref().is_some_and(is_quote);
        let end = if is_own { end } else { value.end() };
        let apart = line_of_its_own(text, line, Span::new(flag.start(), end));
        let apart = apart.unwrap_or_else(|| " ".to_owned());
        return Some(Edit { span: Span::at(end), text: format!("{apart}{new}").into() });
    };
    Some(Edit { span: Span::at(end), text: written.into() })
}

/// Returns the text that starts a new line of a command after a flag and its value, if they have
/// their own line. `before` is the text before them on that line. Returns `None` if they share it.
fn line_of_its_own(text: &str, before: &str, flag: Span) -> Option<String> {
    // Line continuations of POSIX shells, PowerShell and Windows' cmd.
    const MARKS: [&str; 3] = ["\\", "`", "^"];
    let above = text.get(..flag.start() - before.len())?;
    let above = window_before(text, above.len()).trim_end_matches(['\n', '\r']);
    let rest_of_line = window_after(text, flag.end()).lines().next().unwrap_or("").trim();
    let is_continued =
        |mark: &&str| above.ends_with(*mark) && (rest_of_line == *mark || rest_of_line.is_empty());
    let mark = MARKS.into_iter().find(is_continued).filter(|_| before.trim().is_empty())?;
    let is_one_line = !text.get(flag.range())?.contains('\n');
    is_one_line.then(|| format!(" {mark}{}{before}", line_end(text, flag.end())))
}

/// Writes the value of a key whose value is missing, an empty string or null.
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
    let (null, rest_of_line) = after.split_at(word);
    let is_end =
        rest_of_line.is_empty() || rest_of_line.starts_with(['\n', '\r', ',', '}', ' ', '\t']);
    if is_end && matches!(null, "null" | "Null" | "NULL" | "~") {
        let is_json = key_end > key.end();
        let text = if is_json { format!("\"{value}\"") } else { value.to_owned() };
        return Some(Edit { span: Span::new(at, at + word), text: text.into() });
    }
    // An existing blank already separates the value from the key.
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
        Some([&text[..span.start()], &new, &text[span.end()..]].concat())
    }

    const NEW: NewPair<'_> = ("m", "I");

    #[test]
    fn insert_after_keeps_the_style_of_the_pair() {
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
            ("k: v, b: c", "k: v, m: I, b: c"),
            ("{\n  k: v\n  // c\n}", "{\n  k: v,\n  m: I\n  // c\n}"),
            ("{\n  k: v\n\n}", "{\n  k: v,\n  m: I\n\n}"),
        ] {
            let edit = after(text, place(text, "k"), place(text, "v"), NEW);
            assert_eq!(made(text, edit).as_deref(), Some(expected), "{text}");
        }
        let text = "x: v\na:\n  k: *x\n";
        let edit = after(text, place(text, "k"), place(text, "v"), NEW);
        assert_eq!(made(text, edit).as_deref(), Some("x: v\na:\n  k: *x\n  m: I\n"));
        for text in ["k = v\n", "\tk: v\n", "a: k: v\n", "k: [v]\n", "k:\n  v\n", "k: \"v'\n"] {
            let edit = after(text, place(text, "k"), place(text, "v"), NEW);
            assert_eq!(edit, None, "{text}");
        }
    }

    #[test]
    fn insert_before_keeps_the_style_of_the_pair() {
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
    fn flag_after_keeps_the_style_of_the_flag() {
        for (text, expected) in [
            ("cmd --k=v -b\n", Some("cmd --k=v N -b\n")),
            ("cmd --k='v' -b\n", Some("cmd --k='v' N -b\n")),
            ("cmd --k 'v'\n", Some("cmd --k 'v' N\n")),
            ("- sh -c 'cmd --k v'\n", Some("- sh -c 'cmd --k v N'\n")),
            // Lists.
            (r#"["--k", "v"]"#, Some(r#"["--k", "v", "N"]"#)),
            (r#"["--k=v", "b"]"#, Some(r#"["--k=v", "N", "b"]"#)),
            ("[--k, v]", Some("[--k, v, N]")),
            ("[--k, v, b]", Some("[--k, v, N, b]")),
            ("a:\n  - --k=v\n  - b\n", Some("a:\n  - --k=v\n  - N\n  - b\n")),
            ("a:\n  - --k=v", Some("a:\n  - --k=v\n  - N")),
            ("a:\n  - --k\n  - v\n  - b\n", None),
            // Lines of a command.
            ("cmd \\\n  --k v \\\n  -b\n", Some("cmd \\\n  --k v \\\n  N \\\n  -b\n")),
            ("cmd \\\n  --k v\n", Some("cmd \\\n  --k v \\\n  N\n")),
            ("cmd \\\n  -b --k v\n", Some("cmd \\\n  -b --k v N\n")),
            ("cmd `\r\n  --k v\r\n", Some("cmd `\r\n  --k v `\r\n  N\r\n")),
            ("cmd >\n  --k v\n", Some("cmd >\n  --k v N\n")),
        ] {
            let edit = flag_after(text, place(text, "--k"), place(text, "v"), "N");
            assert_eq!(made(text, edit).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn fill_adds_a_missing_value() {
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
        fn insertions_lie_within_any_text(text in "[a :\n\r{},'\"#*&é-]{0,12}k[a :\n\r{},'\"#*&é-]{0,8}v[ \n,}#'\"é]{0,6}") {
            let (key, value) = (place(&text, "k"), place(&text, "v"));
            let edits = [
                after(&text, key, value, NEW),
                before(&text, key, value, &[NEW]),
                fill(&text, key, "V"),
            ];
            for edit in edits.into_iter().flatten() {
                proptest::prop_assert!(text.get(edit.span.range()).is_some());
            }
        }
    }
}
