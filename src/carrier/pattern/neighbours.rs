//! Finds the keys and values around a key in a text that no parser accepts, such as the command of
//! its exec config.

use crate::carrier::EXEC_INFO;
use crate::carrier::key::Key;
use crate::text::source::{Span, window_after, window_before};

use super::beside::Neighbours;
use super::{flags, pairs, tokens};

/// Limit on the lines before a key; up to three times as many are read in all.
const LINES: usize = 24;

/// Limit on the strings that enclose a key and its value.
const MOST_STRINGS: usize = 4;

impl Neighbours {
    /// Searches around the key of the value at offset `value`. `has_words` means that values may be
    /// unquoted and are not names of variables.
    pub(super) fn new(text: &str, key: &Key<'_>, value: usize, has_words: bool) -> Self {
        let place = Span::new(key.start, value);
        let physical = lines_around(text, key.start);
        let own = own_line(&physical, key.start);
        if is_told(text, &physical, own, key.start) {
            return Self { is_told: true, ..Self::around(text, &physical, own, has_words) };
        }
        let is_flag = flags::is_flag(key.name);
        // A flag may be a string of its own, as a list item.
        let is_item = is_flag && !text.get(..key.start).unwrap_or("").ends_with([' ', '\t']);
        let mut lines = near(text, &physical, key.start);
        // A string may hold a string that holds the key and the value.
        for _ in 0..MOST_STRINGS {
            let own = own_line(&lines, key.start);
            let inner = written_lines(text, &lines, own, place).filter(|_| !is_item);
            let Some(inner) = inner else { break };
            lines = inner;
        }
        let own = own_line(&lines, key.start);
        if is_flag {
            return flags::read(text, &lines, own, key.start, has_words);
        }
        pairs::beside(text, &lines, own, key.start, has_words)
    }

    /// Searches wider and wider ranges of lines for the command.
    fn around(text: &str, lines: &[Span], own: usize, has_words: bool) -> Self {
        let indent = |at: usize| {
            let line = lines.get(at).and_then(|line| text.get(line.range())).unwrap_or("");
            if line.trim().is_empty() { usize::MAX } else { pairs::indent_of(line) }
        };
        let mut at = own;
        for _ in 0..4 {
            let found = pairs::aligned(text, lines, at, has_words);
            if found.has_command {
                return found;
            }
            let own = indent(at);
            let Some(outer) = (0..at).rev().find(|above| indent(*above) < own) else { break };
            at = outer;
        }
        Self::default()
    }
}

/// Returns whether a block that configures an object sets a command next to the statement at `at`,
/// which begins its line.
pub(super) fn has_command_beside(text: &str, at: usize) -> bool {
    let lines = lines_around(text, at);
    let own = own_line(&lines, at);
    pairs::beside(text, &lines, own, at, false).has_command
}

/// How many bytes before and after a key are read as tokens: more than exec configs have.
const NEAR: (usize, usize) = (1024, 2048);

/// Returns the lines, or parts of lines, that are near a place.
fn near(text: &str, lines: &[Span], at: usize) -> Vec<Span> {
    let is_boundary = |at: &usize| text.is_char_boundary(*at);
    let start = (at.saturating_sub(NEAR.0)..=at).find(is_boundary).unwrap_or(at);
    let end = (at..=at.saturating_add(NEAR.1).min(text.len())).rev().find(is_boundary);
    let end = end.unwrap_or(at);
    let is_near = |line: &&Span| line.start <= end && line.end >= start;
    let part = |line: &Span| Span::new(line.start.max(start), line.end.min(end));
    lines.iter().filter(is_near).map(part).collect()
}

/// Returns the index of the line that contains a place.
fn own_line(lines: &[Span], at: usize) -> usize {
    lines.iter().position(|line| line.end >= at).unwrap_or(0)
}

/// Returns the lines of a text that is written string by string, as in `echo "…" >> FILE` or
/// `"…\n" +`, if one string holds both the key and the value of `place`.
fn written_lines(text: &str, lines: &[Span], own: usize, place: Span) -> Option<Vec<Span>> {
    let mut strings_of_own = tokens::strings(text, *lines.get(own)?);
    strings_of_own.find(|string| string.start <= place.start && place.end <= string.end)?;
    let lines = items_beside(text, lines, own).unwrap_or(lines);
    let strings = lines.iter().flat_map(|line| tokens::strings(text, *line));
    // A list item may be a command that contains the string.
    let strings = strings.flat_map(|string| {
        let is_command = text.get(string.range()).is_some_and(|text| text.starts_with("echo "));
        let inner = is_command.then(|| tokens::strings(text, string));
        let whole = (!is_command).then_some(string);
        inner.into_iter().flatten().chain(whole)
    });
    let mut written = Vec::new();
    for string in strings {
        let mut start = string.start;
        let content = text.get(string.range()).unwrap_or("");
        for (at, escape) in content.match_indices("\\n") {
            written.push(Span::new(start, string.start + at));
            start = string.start + at + escape.len();
        }
        if start < string.end || string.is_empty() {
            written.push(Span::new(start, string.end));
        }
    }
    Some(written)
}

/// Returns the lines that are items of the same list as line `own`, in YAML (`- echo …`) or JSON
/// (`"echo …",`); `None` if line `own` is not a list item.
fn items_beside<'a>(text: &str, lines: &'a [Span], own: usize) -> Option<&'a [Span]> {
    let content =
        |line: &Span| text.get(line.range()).unwrap_or("").trim_start_matches([' ', '\t']);
    let start_of = |line: &Span| {
        let indent = line.end - line.start - content(line).len();
        (indent, content(line).chars().next())
    };
    let line = lines.get(own)?;
    if !content(line).starts_with("- ") && !content(line).starts_with("\"echo ") {
        return None;
    }
    let start = start_of(line);
    let is_item = |line: &&Span| start_of(line) == start;
    let before = lines.get(..own)?.iter().rev().take_while(is_item).count();
    let behind = lines.get(own..)?.iter().take_while(is_item).count();
    lines.get(own - before..own + behind)
}

/// Returns the lines around a place that are worth reading.
fn lines_around(text: &str, at: usize) -> Vec<Span> {
    let before = window_before(text, at);
    let start = at - before.len();
    let mut breaks = memchr::memrchr_iter(b'\n', before.as_bytes());
    let first = match breaks.nth(LINES) {
        Some(above) => start + above + 1,
        // Skip a line whose start is cut off.
        None if start > 0 => start + before.find('\n').map_or(0, |end| end + 1),
        None => 0,
    };
    let end = at + window_after(text, at).len();
    let bytes = text.as_bytes().get(first..end).unwrap_or(&[]);
    let breaks = memchr::memchr_iter(b'\n', bytes).map(|at| first + at);
    let mut lines = Vec::with_capacity(3 * LINES);
    let mut start = first;
    for stop in breaks.chain([end]).take(3 * LINES) {
        // No line follows the last break.
        if start >= end {
            break;
        }
        let line = bytes.get(start - first..stop - first).unwrap_or(&[]);
        let returns = line.iter().rev().take_while(|byte| **byte == b'\r').count();
        lines.push(Span::new(start, stop - returns));
        start = stop + 1;
    }
    lines
}

/// Returns whether the place is in the value of the variable that holds the request to a plugin.
fn is_told(text: &str, lines: &[Span], own: usize, at: usize) -> bool {
    let Some(line) = lines.get(own) else { return false };
    let before = text.get(line.start..at).unwrap_or("");
    let above = own.checked_sub(1).and_then(|above| lines.get(above));
    let above = above.map_or("", |above| text.get(above.range()).unwrap_or(""));
    before.contains(EXEC_INFO) || (before.contains("value") && above.contains(EXEC_INFO))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::carrier::key::Joint;

    /// Returns what surrounds the last `apiVersion`.
    fn around(text: &str, has_words: bool) -> Neighbours {
        let start = text.rfind("apiVersion").unwrap();
        let key = Key { name: "apiVersion", start, joint: Joint::Colon };
        Neighbours::new(text, &key, text.len().min(start + 14), has_words)
    }

    fn found(text: &str) -> (Option<String>, Vec<String>, bool) {
        let found = around(text, true);
        let args = found.args.into_iter().map(|arg| arg.value).collect();
        (found.command.map(|command| command.value), args, found.is_credential)
    }

    #[test]
    fn commands_are_read_whole() {
        let command = |text: &str, has_words| {
            let found = around(text, has_words);
            let command = found.command.map(|command| {
                assert_eq!(&text[command.span.range()], command.value);
                command.value
            });
            (command, found.has_command)
        };
        for (line, expected) in [
            ("\"command\": pulumi.String(\"aws\"),", Some("aws")),
            ("Command: to.Ptr(String(\"aws\")),", Some("aws")),
            ("command: \"C:\\Program Files\\aws.exe\",", Some("C:\\Program Files\\aws.exe")),
            ("command = @\"my aws\";", Some("my aws")),
            ("\"\"command\"\": \"\"aws\"\",", Some("aws")),
            ("\\\"command\\\": \\\"my aws\\\",", Some("my aws")),
            ("command: f\"aws\",", Some("aws")),
            ("command: binary,", None),
            ("command: this.binary,", None),
            ("command: findBinary(\"aws\", 1),", Some("aws")),
        ] {
            // The same marks make the same indentation.
            let marks = line.split(['c', 'C']).next().unwrap();
            let text = format!("{line}\n{marks}apiVersion: v\n");
            let expected = (expected.map(str::to_owned), true);
            assert_eq!(command(&text, false), expected, "{line}");
        }
        for (line, expected) in [
            ("command: aws # the CLI", Some("aws")),
            ("command: 'my aws'", Some("my aws")),
            ("command: my-aws", Some("my-aws")),
            ("command: ./aws", Some("./aws")),
            ("command: {{ .Command }}", None),
        ] {
            let text = format!("apiVersion: v\n{line}\n");
            let expected = (expected.map(str::to_owned), true);
            assert_eq!(command(&text, true), expected, "{line}");
        }
    }

    #[test]
    fn the_command_beside_a_key_is_found() {
        let aws = |text: &str| {
            assert_eq!(
                found(text),
                (Some("aws".to_owned()), vec!["eks".to_owned(), "get-token".to_owned()], false),
                "{text}"
            );
        };
        aws("exec:\n  apiVersion: v\n  args:\n  - eks\n  - get-token\n  command: aws\n");
        aws(concat!(
            "x:\n  command: no\nexec:\n  command: aws\n",
            "  args: [\"eks\", 'get-token']\n  apiVersion: v\n",
        ));
        aws("exec: {apiVersion: v, command: aws, args: [eks, get-token]}");
        aws(concat!(
            "# exec {\n#   apiVersion = \"v\"\n#   command = \"aws\"\n",
            "#   args = [\"eks\", \"get-token\"]\n",
        ));
        assert_eq!(found("exec:\n  apiVersion: v\nother:\n  command: no\n").0, None);
        assert!(found("{\"apiVersion\": \"v\", \"kind\": \"ExecCredential\"}").2);
        assert!(found("kind: ExecCredential\napiVersion: v\n").2);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_taken(
            before in "(apiVersion|command|args|[a: =\\[\\]\"'\n\r#é\\\\(.-]){0,20}",
            after in "apiVersion[a: \n]{0,9}",
            has_words: bool,
        ) {
            let text = format!("{before}{after}");
            let found = around(&text, has_words);
            for value in found.command.iter().chain(&found.args) {
                proptest::prop_assert_eq!(&text[value.span.range()], &value.value);
            }
        }
    }
}
