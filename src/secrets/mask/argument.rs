//! Finds the arguments of commands that a report may not show.
//!
//! The words by which a plugin is recognized, the names of flags and the values of flags that are
//! known to be harmless are shown. Every other argument may be a secret.

use std::ops::Range;

use crate::kubernetes::plugins;

use super::shown::{Setting, is_argument, is_harmless, is_pair, is_shown, names_user};
use super::{closing_quote, find, is_blank, quoted};

/// The items of a list in a line, without their quotes.
type Items = Vec<Range<usize>>;

/// Short flags with a harmless value: a cluster, a file, a kind of login, a namespace, a format or a
/// role.
const SHORT: [&str; 6] = ["-i", "-f", "-l", "-n", "-o", "-r"];
/// Words of `kubectl config set-credentials`.
const WORDS: [&str; 2] = ["config", "set-credentials"];
/// Keys of a list of arguments.
const LISTS: [&str; 5] = ["args", "arguments", "cmd", "command", "entrypoint"];
/// How far before a list, in bytes, to look for its key.
const MAX_KEY_DISTANCE: usize = 40;

/// Returns the offset in an argument from which on it is not known to be harmless, if any. `before` is
/// the argument before it; the first argument may be any subcommand.
pub(super) fn unknown_part(argument: &str, before: &str, is_first: bool) -> Option<usize> {
    if argument.is_empty() || is_harmless(argument) || is_reference(argument) {
        return None;
    }
    if argument.contains(' ') {
        // A script is shown only if all of its words are.
        let mut before = "";
        let mut is_hidden = |word| {
            let is_first = !before.is_empty() && is_operator(before);
            let is_hidden = !is_operator(word)
                && !is_redirection(word)
                && unknown_part(word, before, is_first).is_some();
            before = word;
            is_hidden
        };
        return argument.split(' ').any(&mut is_hidden).then_some(0);
    }
    if argument.starts_with('-') {
        return unknown_part_of_flag(argument);
    }
    let is_known = WORDS.contains(&argument)
        || plugins::is_shell(argument)
        || plugins::is_of_invocation(argument)
        || plugins::names_program(argument);
    let is_subcommand = |b: u8| b.is_ascii_lowercase() || b == b'-';
    // `--region`, or the name of the user in `set-credentials NAME`
    let is_value = before.starts_with('-') && !before.contains('=');
    let is_public = is_known
        || before == "set-credentials"
        || is_variable(argument.trim_end_matches('='))
        || (is_value && shows_value(before, argument))
        || (is_first && argument.bytes().all(is_subcommand));
    (!is_public).then_some(0)
}

/// Returns the offset in the value of `--exec-arg`, a list, from which on it is hidden, if it is.
pub(super) fn unknown_part_of_list(list: &str, before: &str) -> Option<usize> {
    let (mut before, mut at) = (before, 0);
    for argument in list.split(',') {
        if let Some(offset) = unknown_part(argument, before, false) {
            return Some(at + offset);
        }
        (before, at) = (argument, at + argument.len() + 1);
    }
    None
}

fn unknown_part_of_flag(argument: &str) -> Option<usize> {
    if let Some((flag, value)) = argument.split_once('=') {
        if is_argument(flag) {
            let hidden = unknown_part_of_list(value, "");
            return hidden.map(|offset| flag.len() + 1 + offset);
        }
        let is_public = shows_value(flag, value) || is_harmless(value) || is_reference(value);
        return (!is_public).then_some(flag.len() + 1);
    }
    let name = argument.trim_start_matches('-');
    let is_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    if argument.starts_with("--") {
        return (!name.bytes().all(is_name)).then_some(0);
    }
    // `-p`, `-xe`, `-region`; in `-phunter2`, the password follows the flag.
    let is_short = name.len() <= 3 && name.bytes().all(|b| b.is_ascii_alphabetic());
    let value = argument.char_indices().nth(2).map(|(at, _)| at);
    value.filter(|_| !is_short && !is_shown(name))
}

/// Returns whether a word of a script is between two commands.
fn is_operator(word: &str) -> bool {
    word.bytes().all(|byte| b"|&;".contains(&byte))
}

/// Returns whether a word of a script redirects a stream to another, or to nowhere.
fn is_redirection(word: &str) -> bool {
    let target = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let target = target.strip_prefix("&>").or_else(|| target.strip_prefix('>'));
    target.is_some_and(|target| matches!(target, "&1" | "&2" | "/dev/null"))
}

/// Returns whether a word is the name of an environment variable of several words.
fn is_variable(word: &str) -> bool {
    word.contains('_') && word.bytes().all(|b| b.is_ascii_uppercase() || b == b'_')
}

/// Returns whether the value of a flag may be shown.
fn shows_value(flag: &str, value: &str) -> bool {
    let is_known = SHORT.contains(&flag) || (flag.starts_with("--") && is_shown(flag));
    is_known && !(names_user(flag) && is_pair(value))
}

/// Returns whether an argument only refers to a value elsewhere: `var.cluster`, `$CLUSTER`.
fn is_reference(argument: &str) -> bool {
    let is_name = |text: &str, others: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || others.contains(c))
    };
    let of_variable = argument.strip_prefix('$').is_some_and(|name| {
        is_name(name, "_")
            && name.bytes().all(|b| b.is_ascii_uppercase() || !b.is_ascii_alphabetic())
    });
    let of_terraform = ["var.", "local.", "module.", "data.", "each.", "self."]
        .into_iter()
        .any(|start| argument.starts_with(start));
    of_variable || (of_terraform && is_name(argument, "_.[]-"))
}

/// Returns the arguments of a line that are hidden, in order: the items of lists, the line itself if
/// it is an item of a list, and the values of short flags in a shell. `above` is the line before.
pub(super) fn hidden(line: &str, above: &str) -> Vec<Setting> {
    let last = last_item(above);
    let is_first = last.is_none() && above.trim_end().ends_with([':', '[', '{', '(', '=']);
    let before = last.unwrap_or("");
    if let Some(item) = item(line) {
        let text = line.get(item.clone()).unwrap_or("");
        if is_text(text) {
            return Vec::new();
        }
        return of_items(line, &[item], before, is_first);
    }
    let mut hidden = of_items(line, &continued(line, above), before, is_first);
    hidden.extend(in_lists(line));
    hidden.extend(after_short_flags(line));
    hidden
}

/// Returns what is hidden of items of a list. `before` is the item before them; `is_first` says that
/// there is none.
fn of_items(line: &str, items: &[Range<usize>], before: &str, is_first: bool) -> Vec<Setting> {
    let bytes = line.as_bytes();
    let is_quoted = |item: &Range<usize>| {
        item.start > 0 && matches!(bytes.get(item.start - 1), Some(b'"' | b'\'' | b'`'))
    };
    let is_code = items.iter().any(is_quoted);
    let mut before = before;
    let mut hidden = Vec::new();
    for (number, item) in items.iter().enumerate() {
        let text = line.get(item.clone()).unwrap_or("");
        // Among strings, a name without quotes is a variable.
        let is_name = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '.');
        let is_small = text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit());
        let is_variable = is_code && !is_quoted(item) && (is_small || text.chars().all(is_name));
        let part = unknown_part(text, before, number == 0 && is_first).filter(|_| !is_variable);
        let value = part.map(|offset| item.start + offset..item.end);
        hidden.extend(value.map(|value| Setting::argument(item.start, value)));
        before = text;
    }
    hidden
}

/// Returns the items with which a line goes on with a list that is open at the end of the line above:
/// strings, whatever the list is, or any words if there are flags before them.
fn continued(line: &str, above: &str) -> Items {
    let start = line.len() - line.trim_start().len();
    let items = items(line, start);
    let is_string = line.get(start..).is_some_and(|rest| rest.starts_with(['"', '\'', '`', '\\']));
    // `"a" + b` is an expression, and `"a" is` a sentence.
    let is_alone = |first: &Range<usize>| {
        let rest = line.get(first.end..).unwrap_or("").trim_start_matches('\\');
        let behind = rest.strip_prefix(['"', '\'', '`']).map(str::trim_start);
        behind.is_some_and(|rest| rest.is_empty() || rest.starts_with([',', ']', '}', ')']))
    };
    match items.first() {
        Some(first) if is_string && is_alone(first) => items,
        Some(_) if !is_string && leaves_open(above) => items,
        _ => Vec::new(),
    }
}

/// Returns whether a line ends within a list of arguments.
fn leaves_open(line: &str) -> bool {
    let Some(open) = line.rfind('[').filter(|_| line.trim_end().ends_with(',')) else {
        return false;
    };
    is_of_arguments(line, open, &items(line, open + 1))
}

/// Returns the last item of a list that a line leaves open.
fn last_item(line: &str) -> Option<&str> {
    let last = item(line).or_else(|| {
        let indent = line.len() - line.trim_start().len();
        let open = line.rfind(['[', '{', '(']).map_or(indent, |open| open + 1);
        items(line, open).pop().filter(|_| line.trim_end().ends_with(','))
    });
    last.and_then(|last| line.get(last))
}

/// Returns whether the list that opens at `open` is one of arguments: one of them is a flag, or its key
/// says so.
fn is_of_arguments(line: &str, open: usize, items: &[Range<usize>]) -> bool {
    let bytes = line.as_bytes();
    let is_flag = |item: &Range<usize>| {
        bytes.get(item.start) == Some(&b'-')
            && bytes.get(item.start + 1).is_some_and(|b| b.is_ascii_alphabetic() || *b == b'-')
    };
    // `Args: []string{` in Go
    let list = line.get(..open).unwrap_or("");
    let list = match bytes.get(open) {
        Some(b'[') => Some(list),
        Some(b'{') => list.strip_suffix("[]string"),
        _ => None,
    };
    items.iter().any(is_flag) || list.is_some_and(has_key)
}

/// Returns the text of a line that is an item of a list and a text of its own.
pub(super) fn text(line: &str) -> Option<Range<usize>> {
    item(line).filter(|item| line.get(item.clone()).is_some_and(is_text))
}

/// Returns whether an item is a line of a script or of a text, rather than an argument.
fn is_text(item: &str) -> bool {
    const VERBS: [&str; 8] = ["echo", "printf", "cat", "grep", "sed", "export", "curl", "set"];
    let item = item.trim();
    let first = item.split(' ').next().unwrap_or("");
    let is_command = VERBS.contains(&first) || plugins::names_program(first);
    item.starts_with(['{', '['])
        || (item.contains(' ') && (is_command || item.contains(": ") || item.starts_with("- ")))
        || (item.ends_with(':') && item.bytes().filter(|b| !b.is_ascii_alphabetic()).count() == 1)
}

/// Returns the text of a line that is an item of a list and nothing else: `- --pin`, `"--pin",`.
fn item(line: &str) -> Option<Range<usize>> {
    // In Markdown, `>` quotes a line.
    let text = line.trim_start_matches([' ', '\t', '>']);
    let indent = line.len() - text.len();
    let text = text.trim_end();
    let rest = text.strip_prefix("- ").unwrap_or(text).trim_start();
    let is_item = rest.len() < text.len();
    // A raw string may end after the last item.
    let rest = rest.trim_end_matches([',', ' ', '`']);
    let start = indent + text.find(rest)?;
    let place = start..start + rest.len();
    match rest.bytes().next()? {
        quote @ (b'"' | b'\'') if rest.len() > 1 => {
            let (value, _) = quoted(line, start + 1, quote, 0);
            (value.end + 1 == place.end).then_some(value)
        }
        b'{' | b'[' | b'&' | b'*' | b'!' | b'#' | b'|' | b'>' => None,
        _ => {
            let is_word = !rest.contains([' ', '\t']) && !rest.ends_with(':');
            (is_item && is_word).then_some(place)
        }
    }
}

/// Returns the hidden items of the lists of arguments in a line.
fn in_lists(line: &str) -> Vec<Setting> {
    let bytes = line.as_bytes();
    let mut hidden = Vec::new();
    let mut at = 0;
    while let Some(open) = find(bytes, at, |b| matches!(b, b'[' | b'{' | b'(')) {
        at = open + 1;
        let items = items(line, open + 1);
        let Some(last) = items.last().filter(|_| is_of_arguments(line, open, &items)) else {
            continue;
        };
        at = last.end;
        hidden.extend(of_items(line, &items, "", true));
    }
    hidden
}

/// Returns whether the text before a list ends with a key such as `args`.
fn has_key(before: &str) -> bool {
    let key = before.trim_end_matches(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let name = key.rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("");
    before.len() - key.len() <= MAX_KEY_DISTANCE
        && LISTS.iter().any(|list| name.eq_ignore_ascii_case(list))
}

/// Returns the items of the list that begins at `at`; none if any of them is a list, a map or a pair.
pub(super) fn items(line: &str, at: usize) -> Items {
    let bytes = line.as_bytes();
    let mut items = Vec::new();
    let mut at = at;
    loop {
        at = find(bytes, at, |b| !is_blank(b)).unwrap_or(bytes.len());
        let rest = line.get(at..).unwrap_or("");
        let bare = rest.trim_start_matches('\\');
        let escapes = rest.len() - bare.len();
        let end = match bare.bytes().next() {
            None | Some(b']' | b'}' | b')') => return items,
            Some(b'[' | b'{' | b'(' | b':') => return Vec::new(),
            Some(quote @ (b'"' | b'\'' | b'`')) => {
                let start = at + escapes + 1;
                let close = closing_quote(bytes, start, quote, escapes);
                let value = start..close.unwrap_or(bytes.len());
                let end = (value.end + escapes + 1).min(line.len());
                let next = find(bytes, end, |b| !is_blank(b)).unwrap_or(bytes.len());
                if next > end && matches!(bytes.get(next), Some(b'"' | b'\'')) {
                    // Clojure and Nix separate items by blanks.
                    items.push(value);
                    at = next;
                    continue;
                }
                if bytes.get(next).is_none_or(|b| b",]}):".contains(b)) {
                    items.push(value);
                    end
                } else {
                    // `"a"b` is one word in a shell; `"a" + b` is not.
                    let close = value.end;
                    let end = find(bytes, end, |b| b",]}[".contains(&b)).unwrap_or(bytes.len());
                    let added = line.get(next..end).and_then(|rest| rest.strip_prefix('+'));
                    let is_name = |c: char| c.is_ascii_alphabetic() || " _.".contains(c);
                    let is_variable = added.is_some_and(|name| name.chars().all(is_name));
                    items.push(start..if is_variable { close } else { end });
                    end
                }
            }
            Some(_) => {
                // `&anchor value`
                let anchor = bare.starts_with('&').then(|| bare.find(' ')).flatten();
                at += anchor.map_or(0, |length| length + 1);
                let end = find(bytes, at, |b| b",]}){[(:".contains(&b)).unwrap_or(bytes.len());
                let is_pair = bytes.get(end) == Some(&b':')
                    && bytes.get(end + 1).is_none_or(|&b| is_blank(b) || b"\"'{[".contains(&b));
                let end = match bytes.get(end) {
                    Some(b':') if !is_pair => {
                        find(bytes, end, |b| b",]}[".contains(&b)).unwrap_or(bytes.len())
                    }
                    _ => end,
                };
                let length = line.get(at..end).map_or(0, |item| item.trim_end().len());
                items.push(at..at + length);
                end
            }
        };
        let next = find(bytes, end, |b| !is_blank(b)).unwrap_or(bytes.len());
        match bytes.get(next) {
            Some(b',') => at = next + 1,
            None | Some(b']' | b'}' | b')') => return items,
            _ => return Vec::new(),
        }
    }
}

/// Returns the values of short flags in a shell: `-p x`, `-px`, `-p "x y"`.
fn after_short_flags(line: &str) -> Vec<Setting> {
    let bytes = line.as_bytes();
    let indent = find(bytes, 0, |b| !is_blank(b)).unwrap_or(bytes.len());
    let mut hidden = Vec::new();
    let mut at = 0;
    while let Some(blank) = find(bytes, at, is_blank) {
        at = blank + 1;
        let is_flag = bytes.get(at) == Some(&b'-')
            && bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic)
            && blank > indent
            && !line.get(..blank).unwrap_or("").trim_end().ends_with([',', '[']);
        if !is_flag {
            continue;
        }
        let start = at;
        let end =
            find(bytes, at, |b| is_blank(b) || b"\"'`,]})".contains(&b)).unwrap_or(bytes.len());
        let flag = line.get(start..end).unwrap_or("");
        at = end;
        if let Some(offset) = unknown_part_of_flag(flag) {
            hidden.push(Setting::argument(start, start + offset..end));
            continue;
        }
        if flag.len() != 2 || SHORT.contains(&flag) || matches!(flag, "-c" | "-u" | "-e") {
            continue;
        }
        let value = find(bytes, end, |b| !is_blank(b)).unwrap_or(bytes.len());
        let rest = line.get(value..).unwrap_or("");
        let value = match rest.bytes().next() {
            None | Some(b'-' | b'\\' | b'|' | b'&' | b';' | b'>' | b'<') => continue,
            Some(quote @ (b'"' | b'\'')) => quoted(line, value + 1, quote, 0).0,
            Some(_) if value > end => {
                let ends = |b| is_blank(b) || b"\"'`,;)]}".contains(&b);
                value..find(bytes, value, ends).unwrap_or(bytes.len())
            }
            Some(_) => continue,
        };
        let text = line.get(value.clone()).unwrap_or("");
        at = value.end.max(at);
        let is_public = is_harmless(text) || is_reference(text) || plugins::names_program(text);
        if !is_public && !value.is_empty() {
            hidden.push(Setting::argument(start, value));
        }
    }
    hidden
}
