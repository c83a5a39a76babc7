//! Finds the keys and values around a key in a text that no parser accepts, such as the command of
//! its exec config.

use crate::carrier::EXEC_INFO;
use crate::carrier::key::Key;
use crate::text::source::{Span, Spanned, window_after, window_before};

use super::beside::{Neighbours, is_credential, value_at};
use super::{flags, pairs, tokens};

/// Limit on the lines before a key; up to three times as many are read in all.
const LINES: usize = 24;

const MODE: &str = "interactiveMode";
const MODE_FOLDED: &str = "interactivemode";

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
        let near = near(text, &physical, key.start);
        let own = own_line(&near, key.start);
        let lines = written_lines(text, &near, own, place).filter(|_| !is_item);
        let lines = lines.unwrap_or(near);
        let own = own_line(&lines, key.start);
        if is_flag {
            return flags::read(text, &lines, own, key.start, has_words);
        }
        let beside = pairs::beside(text, &lines, own, key.start, has_words);
        beside.unwrap_or_else(|| Self::by_indentation(text, &lines, own, has_words))
    }

    /// Searches wider and wider ranges of lines for the command.
    fn around(text: &str, lines: &[Span], own: usize, has_words: bool) -> Self {
        let indent = |at: usize| {
            let line = lines.get(at).and_then(|line| text.get(line.range())).unwrap_or("");
            if line.trim().is_empty() { usize::MAX } else { indent_of(line) }
        };
        let mut at = own;
        for _ in 0..4 {
            let found = Self::by_indentation(text, lines, at, has_words);
            if found.has_command {
                return found;
            }
            let own = indent(at);
            let Some(outer) = (0..at).rev().find(|above| indent(*above) < own) else { break };
            at = outer;
        }
        Self::default()
    }

    /// Searches the lines with the same indentation as the line of the key.
    fn by_indentation(text: &str, lines: &[Span], own: usize, has_words: bool) -> Self {
        let slice = |span: &Span| text.get(span.range()).unwrap_or("");
        let own_line = lines.get(own).map_or("", slice);
        let indent = indent_of(own_line);
        let mut found = Self::default();
        // If everything is on one line, the whole line is adjacent.
        let is_dense = own_line.contains("command");
        let first = if is_dense { own } else { own.saturating_sub(LINES) };
        for (index, line) in lines.iter().enumerate().skip(first) {
            let content = slice(line);
            let is_blank = content.trim().is_empty();
            let is_outside = !is_blank && indent_of(content) < indent;
            if index > own && is_outside && !is_dense {
                break;
            }
            let is_beside = is_dense || (indent_of(content) == indent && !is_blank);
            if !is_beside {
                // A line with less indentation discards what was read before it.
                if index < own && is_outside {
                    found = Self::default();
                }
                continue;
            }
            if let Some(at) = value_start(content, "command") {
                found.has_command = true;
                if let Some(value) = value_at(text, line.start + at, line.end, has_words) {
                    found.command.get_or_insert(value);
                }
            }
            let mode = content.find(MODE).map(|at| line.start + at);
            let mode = mode.filter(|_| value_start(content, MODE_FOLDED).is_some());
            let mode = mode.map(|start| Span::new(start, start + MODE.len()));
            found.interactive_mode_key = found.interactive_mode_key.or(mode);
            if found.args.is_empty() {
                found.args = args_of(text, lines, index);
            }
            if is_dense {
                break;
            }
        }
        found.is_credential = !found.has_command && is_credential(text, lines, own);
        found
    }
}

/// Returns whether a block that configures an object sets a command next to the statement at `at`,
/// which begins its line.
pub(super) fn has_command_beside(text: &str, at: usize) -> bool {
    let lines = lines_around(text, at);
    let own = own_line(&lines, at);
    let beside = pairs::beside(text, &lines, own, at, false);
    beside.unwrap_or_else(|| Neighbours::by_indentation(text, &lines, own, false)).has_command
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

/// Returns the indentation of a line in bytes, including the marks of comments and lists.
fn indent_of(line: &str) -> usize {
    const MARKS: [char; 10] = [' ', '\t', '#', '/', '-', '"', '\'', '`', '*', '>'];
    line.len() - line.trim_start_matches(|c| c == '\\' || MARKS.contains(&c)).len()
}

/// Returns the offset in a line of the value after `key:` or `key =`. `key` is in lower case.
fn value_start(line: &str, key: &str) -> Option<usize> {
    let is_in_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let quotes = ['"', '\'', '\\', ' ', '\t'];
    let at = line.to_ascii_lowercase().match_indices(key).find_map(|(at, word)| {
        let before = line.get(..at)?;
        let after = line.get(at + word.len()..)?.trim_start_matches(quotes);
        let is_key = !before.ends_with(is_in_word) && after.starts_with([':', '=']);
        is_key.then_some(line.len() - after.len())
    })?;
    let value = line.get(at..)?.trim_start_matches([':', '=', '>', ' ', '\t']);
    Some(line.len() - value.len())
}

/// Returns the words after `args` in a line, in brackets or as items on the lines below.
fn args_of(text: &str, lines: &[Span], index: usize) -> Vec<Spanned<String>> {
    let slice = |span: &Span| text.get(span.range()).unwrap_or("");
    let Some(line) = lines.get(index) else { return Vec::new() };
    let content = slice(line);
    let behind = content.match_indices("args").find_map(|(at, word)| {
        let (before, rest) = (content.get(..at)?, content.get(at + word.len()..)?);
        let after = rest.trim_start_matches(['"', '\'', ' ', '\\']);
        let is_apart = !before.ends_with(|c: char| c.is_ascii_alphanumeric());
        (is_apart && after.starts_with([':', '='])).then_some(rest)
    });
    let Some(rest) = behind else { return Vec::new() };
    let start = line.end - rest.len();
    let end = match rest.find('[') {
        Some(open) => {
            let from = start + open;
            let mut inside = window_after(text, from).char_indices();
            from + inside.find(|(at, c)| *c == ']' || *at > 2000).map_or(0, |(at, _)| at)
        }
        None => {
            let marks = ['#', '/', ' ', '\t'];
            let is_item = |line: &&Span| slice(line).trim_start_matches(marks).starts_with('-');
            let below = lines.get(index + 1..).unwrap_or(&[]).iter();
            below.take_while(is_item).last().map_or(line.end, |line| line.end)
        }
    };
    words(text, Span::new(start, end))
}

/// Returns the words between quotes, brackets, commas and blanks.
fn words(text: &str, span: Span) -> Vec<Spanned<String>> {
    let is_quote = |c: char| matches!(c, '"' | '\'' | '`' | '\\');
    let is_mark = |c: char| is_quote(c) || c.is_ascii_whitespace() || matches!(c, ',' | '[');
    let mut at = span.start;
    let mut found = Vec::new();
    for word in text.get(span.range()).unwrap_or("").split(is_mark) {
        let place = Span::new(at, at + word.len());
        at = place.end + 1;
        if !(word.is_empty() || matches!(word, "-" | ":" | "=" | "#" | "//" | "=>")) {
            found.push(Spanned { value: word.to_owned(), span: place, alias: None });
        }
    }
    found
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
