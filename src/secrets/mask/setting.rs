//! Finds the values in a line, whatever its syntax, except those that a reader of a finding needs:
//! the words of kubeconfigs and Kubernetes objects, names, versions and places, the arguments that
//! [`argument`] shows, and [`prose`].

use std::ops::Range;

use crate::text::source::{Span, merged};

use super::shown::{
    PROSE, is_argument, is_harmless, is_pair, is_shown, names_user, normalized, runs_command,
};
use super::{
    argument, depth_after, find, is_blank, is_word, literal, prose, quoted_value, quotes,
    statement, unquoted_end,
};

pub(in crate::secrets) use super::shown::Setting;

/// How a key and its value are joined.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joint {
    /// `key: value`
    Colon,
    /// `key=value`, `--flag value`: the value ends at a blank.
    Word,
    /// `key = value`, `key := value`, `key => value`, where the value may be an expression.
    Expression,
}

/// Returns the settings of a line, sorted and not overlapping. `above` is the line before it.
pub(in crate::secrets) fn settings(line: &str, above: &str) -> Vec<Setting> {
    let own = line;
    let line = &*quotes::plain(own);
    let mut settings = argument::hidden(line, above);
    let text = argument::text(line);
    settings.extend(text.iter().flat_map(|text| in_text(line, text.clone())));
    settings.extend(of_keys(line));
    settings.extend(prose::comment(line).into_iter().flat_map(|comment| words_in(line, comment)));
    // Of two that overlap, the first contains the other or is as good.
    settings.sort_unstable_by_key(|setting| (setting.value.start, setting.value.end));
    let mut end = 0;
    settings.retain(|setting| {
        let is_new = setting.value.start >= end;
        end = end.max(setting.value.end);
        is_new
    });
    settings.extend(text.is_none().then(|| in_string_of_lines(line)).into_iter().flatten());
    settings.sort_unstable_by_key(|setting| (setting.value.start, setting.value.end));
    settings.dedup_by(|next, last| {
        let overlaps = next.value.start < last.value.end;
        if overlaps {
            last.value.end = last.value.end.max(next.value.end);
        }
        overlaps
    });
    let words = statement::odd_words(line).into_iter().chain(literal::odd_words(line));
    let words = merged(words.map(|word| Span::new(word.start, word.end)).collect()).into_iter();
    let words: Vec<_> = words.filter_map(|word| beyond(&settings, word.range())).collect();
    settings.extend(words.into_iter().map(|value| Setting::of(value.start, value)));
    settings.sort_unstable_by_key(|setting| setting.value.start);
    let mut end = 0;
    for setting in &mut settings {
        setting.value = quotes::widened(own, &setting.value);
        setting.start = setting.start.max(end);
        end = setting.value.end;
    }
    settings
}

/// Returns the settings of the lines of a string, but for the first, which is like any other text.
fn in_string_of_lines(line: &str) -> Vec<Setting> {
    let text = quotes::unescaped(line).unwrap_or_default();
    let mut lines: Vec<&str> = text.split('\n').collect();
    // The quote that closes the string.
    let last = lines.last().copied().unwrap_or("");
    let close = last.rfind(['"', '\'']).filter(|at| {
        let quote = last.as_bytes().get(*at);
        last.bytes().filter(|byte| Some(byte) == quote).count() % 2 == 1
    });
    if let (Some(inner), Some(slot)) = (close.and_then(|at| last.get(..at)), lines.last_mut()) {
        *slot = inner;
    }
    let (mut settings, mut start, mut above) = (Vec::new(), 0, None);
    for line in lines {
        let inner = above.map(|above| self::settings(line, above)).unwrap_or_default();
        settings.extend(inner.into_iter().map(|setting| setting.moved(start)));
        start += line.len() + 1;
        above = Some(line);
    }
    settings
}

/// Returns the part of a word that follows the values within it, which are enough of the rest.
fn beyond(settings: &[Setting], word: Range<usize>) -> Option<Range<usize>> {
    let first = settings.partition_point(|setting| setting.value.end <= word.start);
    let within = settings.get(first..).unwrap_or_default().iter();
    let within = within.take_while(|setting| setting.value.start < word.end);
    let start = within.last().map_or(word.start, |setting| setting.value.end);
    (start < word.end).then_some(start..word.end)
}

/// Returns the values in a text at `place`: those of its settings, and what is not a word.
fn in_text(line: &str, place: Range<usize>) -> Vec<Setting> {
    let text = line.get(place.clone()).unwrap_or("");
    let is_data = text.starts_with(['{', '[']);
    let words = if is_data { Vec::new() } else { prose::unknown_words(text) };
    let words = words.into_iter().map(|word| Setting::of(word.start, word));
    let values = settings(text, "").into_iter().chain(words);
    values.map(|setting| setting.moved(place.start)).collect()
}

/// Returns the words of a text at `place` that may be values, as settings.
fn words_in(line: &str, place: Range<usize>) -> impl Iterator<Item = Setting> {
    let start = place.start;
    let words = prose::unknown_words(line.get(place).unwrap_or("")).into_iter();
    words.map(move |word| Setting::of(word.start, word).moved(start))
}

/// Returns the values of keys and flags.
fn of_keys(line: &str) -> Vec<Setting> {
    let bytes = line.as_bytes();
    let mut settings = Vec::new();
    let (mut at, mut depth, mut counted) = (0, 0, 0);
    // The argument that a flag before added.
    let (mut before, mut command_end) = ("", 0);
    while let Some(start) = find(bytes, at, is_word) {
        at = find(bytes, start, |b| !is_word(b)).unwrap_or(bytes.len());
        let key = line.get(start..at).unwrap_or("");
        let Some((value, joint)) = value_after(line, start, at) else { continue };
        let may_be_pair = names_user(key);
        let is_command = start >= command_end && runs_command(key);
        if is_shown(key) && !may_be_pair && !is_command {
            continue;
        }
        depth = depth_after(depth, bytes.get(counted..start).unwrap_or_default());
        counted = start;
        let Some(value) = value_at(line, value, joint, depth > 0) else { continue };
        let text = line.get(value.clone()).unwrap_or("");
        let name = normalized(key);
        // `"v1beta1": v1beta1.Credential` in code
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '.';
        if is_harmless(key) && text.contains(key) && text.trim_end_matches(',').chars().all(is_name)
        {
            continue;
        }
        if is_command {
            // What is in it counts on its own, too.
            command_end = value.end;
            // In a string of several lines, the command ends with its line.
            let text = text.split("\\n").next().unwrap_or(text);
            let words = in_command(text).map(|word| Setting::of(word.start, word));
            settings.extend(words.map(|word| word.moved(value.start)));
            continue;
        }
        at = value.end.max(at);
        if PROSE.contains(&name.as_str()) {
            settings.extend(words_in(line, value));
        } else if is_argument(key) {
            let hidden = argument::unknown_part_of_list(text, before);
            let value = hidden.map(|offset| value.start + offset..value.end);
            settings.extend(value.map(|value| Setting::argument(start, value)));
            before = text;
        } else if !is_harmless(text) && (is_pair(text) || !may_be_pair) {
            settings.push(Setting::of(start, value));
        }
    }
    settings
}

/// Returns the words of a whole command line, and of the comment after it, that may be values.
fn in_command(text: &str) -> impl Iterator<Item = Range<usize>> {
    let comment = prose::comment(text).into_iter().flat_map(|comment| words_in(text, comment));
    statement::odd_words(text).into_iter().chain(comment.map(|word| word.value))
}

/// Returns the offset of the value after the key or flag at `start..end`, if any.
fn value_after(line: &str, start: usize, end: usize) -> Option<(usize, Joint)> {
    let bytes = line.as_bytes();
    let skip = |at, skips: fn(u8) -> bool| find(bytes, at, |b| !skips(b)).unwrap_or(bytes.len());
    let closed = skip(end, |b| matches!(b, b'"' | b'\'' | b'`' | b'\\'));
    let separator = skip(closed, is_blank);
    let next = bytes.get(separator + 1).copied();
    let flag = line.get(start..end)?.strip_prefix("--");
    let is_flag = flag.is_some_and(|name| name.starts_with(|c: char| c.is_alphanumeric()));
    let value = |at| skip(at, is_blank);
    if is_flag && is_item(line, start) {
        return None;
    }
    match (bytes.get(separator)?, next) {
        (b':', Some(b'=')) => Some((value(separator + 2), Joint::Expression)),
        (b':', Some(b':')) | (b'=', Some(b'=' | b'~')) => None,
        (b':', next) => {
            let is_quoted = closed > end;
            let is_compact = is_quoted && separator == closed;
            let is_key = is_compact || next.is_none_or(|b| is_blank(b) || b == b'"');
            (is_key && (is_quoted || begins(line, start)))
                .then(|| (value(separator + 1), Joint::Colon))
        }
        // `A+=b`, `A ?= b`
        (b'+' | b'?', Some(b'=')) => match bytes.get(separator + 2) {
            Some(&next) if separator == closed && !is_blank(next) => {
                Some((separator + 2, Joint::Word))
            }
            _ => Some((value(separator + 2), Joint::Expression)),
        },
        (b'=', Some(b'>')) => Some((value(separator + 2), Joint::Expression)),
        (b'=', Some(next)) if separator == closed && !is_blank(next) => {
            // In `a.b=c d`, which no shell reads, the value is the whole rest.
            let is_property = closed == end
                && line.get(start..end)?.contains('.')
                && line.get(..start)?.trim().is_empty();
            Some((separator + 1, if is_property { Joint::Colon } else { Joint::Word }))
        }
        (b'=', _) => Some((value(separator + 1), Joint::Expression)),
        (b'-', _) => None,
        _ => (is_flag && separator > end).then_some((separator, Joint::Word)),
    }
}

/// Returns whether the word at `start` is an item of a list, such as an argument of a plugin.
fn is_item(line: &str, start: usize) -> bool {
    let before = line.get(..start).unwrap_or("");
    let item = before.trim_end_matches([' ', '\t']);
    before.ends_with(['"', '\'', '`']) || item.ends_with(['[', ',']) || item.trim_start() == "-"
}

/// Returns whether a key may begin at `start`: in prose, a word before a colon is not a key.
fn begins(line: &str, start: usize) -> bool {
    let before = line.get(..start).unwrap_or("").trim_end_matches([' ', '\t']);
    before.ends_with(['{', '[', '(', ',', '"', '\''])
        || before.bytes().all(|b| is_blank(b) || b"-#/*".contains(&b))
}

/// Returns the value at `at` without its quotes; `None` for a list, a map or an expression, whose
/// parts count on their own.
fn value_at(line: &str, at: usize, joint: Joint, in_flow: bool) -> Option<Range<usize>> {
    let bytes = line.as_bytes();
    let rest = line.get(at..)?;
    let bare = rest.trim_start_matches('\\');
    let escapes = rest.len() - bare.len();
    let is_flag =
        joint == Joint::Word && !in_flow && line.get(..at).is_some_and(|key| key.ends_with('='));
    if (!is_flag && bare.starts_with(['{', '[', '(', '|', '>', '#', '&', '*', '!']))
        || (bare.starts_with("${") && !bare.contains(":-"))
        || bare.starts_with("$(")
    {
        return None;
    }
    let end = match (bare.bytes().next()?, joint) {
        (quote @ (b'"' | b'\'' | b'`'), _) => {
            let to_blank = joint != Joint::Colon;
            return Some(quoted_value(line, at + escapes + 1, quote, escapes, to_blank, in_flow).0);
        }
        (_, Joint::Colon) => {
            let end = unquoted_end(line, at, false, in_flow);
            line.get(at..end)?.find(" #").map_or(end, |comment| at + comment)
        }
        (_, Joint::Word) => unquoted_end(line, at, true, in_flow),
        (_, Joint::Expression) => {
            let ends = |b| is_blank(b) || b",;)}]([{\"'`".contains(&b);
            let end = find(bytes, at, ends).unwrap_or(bytes.len());
            let end = find(bytes, end, |b| !(is_word(b) || is_blank(b))).unwrap_or(bytes.len());
            if bytes.get(end).is_some_and(|b| !b",;)}]#".contains(b)) {
                return None;
            }
            end
        }
    };
    let length = line.get(at..end)?.trim_end().len();
    (length > 0).then_some(at..at + length)
}
