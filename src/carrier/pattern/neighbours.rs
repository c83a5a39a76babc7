//! What stands beside a key in a text that no parser takes: the command of its exec config.

use crate::carrier::comment::{window_after, window_before};
use crate::carrier::keys::folded;
use crate::model::Spanned;
use crate::source::{self, Span};

/// So many lines around a key are looked at.
const LINES: usize = 24;

/// What stands around a key.
#[derive(Debug, Default)]
pub(super) struct Neighbours {
    /// The value of `command` beside it.
    pub(super) command: Option<Spanned<String>>,
    /// The items of `args` beside it, as far as they can be told.
    pub(super) args: Vec<Spanned<String>>,
    /// Whether an ExecCredential is close by, and no exec config.
    pub(super) is_credential: bool,
}

impl Neighbours {
    /// Looks around the key at `at`.
    pub(super) fn new(text: &str, at: usize) -> Self {
        let lines = lines_around(text, at);
        let own = lines.iter().position(|line| line.end >= at).unwrap_or(0);
        let slice = |span: &Span| text.get(span.range()).unwrap_or("");
        let own_line = lines.get(own).map_or("", slice);
        let indent = indent_of(own_line);
        let mut found = Self::default();
        // On one line everything is beside everything.
        let is_dense = own_line.contains("command");
        let first = if is_dense { own } else { own.saturating_sub(LINES) };
        for (index, line) in lines.iter().enumerate().skip(first) {
            let content = slice(line);
            if index > own && !content.trim().is_empty() && indent_of(content) < indent && !is_dense
            {
                break;
            }
            let is_beside = is_dense || (indent_of(content) == indent && !content.trim().is_empty());
            if !is_beside {
                // What stands further out ends what was read before the key.
                if index < own && indent_of(content) < indent && !content.trim().is_empty() {
                    found = Self::default();
                }
                continue;
            }
            if let Some(value) = value_of(text, *line, "command") {
                found.command.get_or_insert(value);
            }
            if found.args.is_empty() {
                found.args = args_of(text, &lines, index);
            }
            if is_dense {
                break;
            }
        }
        found.is_credential = found.command.is_none() && is_credential(text, &lines, own);
        found
    }
}

/// The lines around a place, as far as they matter.
fn lines_around(text: &str, at: usize) -> Vec<Span> {
    let mut before = window_before(text, at);
    // What is cut off is no line.
    if before.len() < at {
        before = before.split_once('\n').map_or(before, |(_, rest)| rest);
    }
    let skipped = before.matches('\n').count().saturating_sub(LINES);
    let skipped = before.split_inclusive('\n').take(skipped).map(str::len).sum::<usize>();
    let first = at - before.len() + skipped;
    let end = at + window_after(text, at).len();
    let content = |(start, line): (usize, &str)| {
        let start = first + start;
        Span::new(start, start + line.trim_end_matches(['\n', '\r']).len())
    };
    source::lines(text.get(first..end).unwrap_or("")).take(3 * LINES).map(content).collect()
}

/// How far a line is indented, marks of comments and lists included.
fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t', '#', '/', '-', '"', '\'', '`', '*', '>', '\\']).len()
}

/// The text behind `key:` or `key =` in a line, without quotes.
fn value_of(text: &str, line: Span, key: &str) -> Option<Spanned<String>> {
    let content = text.get(line.range())?;
    let is_in_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let rest = content.to_ascii_lowercase().match_indices(key).find_map(|(at, word)| {
        let (before, rest) = (content.get(..at)?, content.get(at + word.len()..)?);
        let after = rest.trim_start_matches(['"', '\'', '\\', ' ', '\t']);
        (!before.ends_with(is_in_word) && after.starts_with([':', '='])).then_some(rest)
    })?;
    let value = rest.trim_start_matches(['"', '\'', '\\', ' ', '\t', ':', '=', '>']);
    let start = line.end - value.len();
    let is_end = |c: char| matches!(c, '"' | '\'' | '`' | '\\' | ',' | '}' | ']' | ' ' | ')' | '#');
    let value = value.get(..value.find(is_end).unwrap_or(value.len()))?;
    let is_plain = !value.is_empty() && !value.starts_with(['$', '{', '[', '<', '|']);
    is_plain.then(|| Spanned {
        value: value.to_owned(),
        span: Span::new(start, start + value.len()),
        alias: None,
    })
}

/// The words behind `args` in a line, in brackets or as items on the lines below.
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
            let inside = window_after(text, from);
            from + inside.char_indices().find(|(at, c)| *c == ']' || *at > 2000).map_or(0, |(at, _)| at)
        }
        None => {
            let is_item = |line: &&Span| slice(line).trim_start_matches(['#', '/', ' ', '\t']).starts_with('-');
            lines.get(index + 1..).unwrap_or(&[]).iter().take_while(is_item).last().map_or(line.end, |line| line.end)
        }
    };
    words(text, Span::new(start, end))
}

/// The words between quotes, brackets, commas and blanks.
fn words(text: &str, span: Span) -> Vec<Spanned<String>> {
    let is_mark = |c: char| matches!(c, '"' | '\'' | '`' | '\\' | ',' | '[' | ' ' | '\t' | '\n' | '\r');
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

/// Whether `kind: ExecCredential` stands on one of the lines beside.
fn is_credential(text: &str, lines: &[Span], own: usize) -> bool {
    const BESIDE: usize = 3;
    let first = own.saturating_sub(BESIDE);
    let near = lines.iter().skip(first).take(own - first + BESIDE + 1);
    let mut near = near.map(|line| text.get(line.range()).unwrap_or(""));
    near.any(|line| folded(line).contains("execcredential"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> (Option<String>, Vec<String>, bool) {
        let found = Neighbours::new(text, text.find("apiVersion").unwrap());
        let args = found.args.into_iter().map(|arg| arg.value).collect();
        (found.command.map(|command| command.value), args, found.is_credential)
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
        aws("x:\n  command: no\nexec:\n  command: aws\n  args: [\"eks\", 'get-token']\n  apiVersion: v\n");
        aws("exec: {apiVersion: v, command: aws, args: [eks, get-token]}");
        aws("# exec {\n#   apiVersion = \"v\"\n#   command = \"aws\"\n#   args = [\"eks\", \"get-token\"]\n");
        assert_eq!(found("exec:\n  apiVersion: v\nother:\n  command: no\n").0, None);
        assert!(found("{\"apiVersion\": \"v\", \"kind\": \"ExecCredential\"}").2);
        assert!(found("kind: ExecCredential\napiVersion: v\n").2);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_taken(text in "(apiVersion|command|args|[a: =\\[\\]\"'\n\r#é-]){0,20}apiVersion[a: \n]{0,9}") {
            let at = text.rfind("apiVersion").unwrap();
            let found = Neighbours::new(&text, at);
            for value in found.command.iter().chain(&found.args) {
                proptest::prop_assert_eq!(&text[value.span.range()], &value.value);
            }
        }
    }
}
