//! Finds the values of environment variables in a line, whatever its syntax.
//!
//! A word before an assignment may say that it sets a variable of the environment, whatever its
//! name: `ENV A=b`, `export A=b`, `--exec-env=A=b`, `$env:A = "b"`. Without such a word, the name
//! is in capitals and the assignment is part of something longer: a command that follows it, a
//! list, quotes. A line of its own, `A=b`, sets a variable of a script, and stays visible.

use std::ops::Range;

use crate::secrets::{names_environment, stand_in};

use super::{find, is_blank, is_word, quoted, unquoted_end};

/// The flags and commands that an assignment follows, other than those about the environment.
/// `--from-literal` of `kubectl create secret` sets a value of a Secret.
const OPENERS: [&str; 7] = ["ARG", "ENV", "export", "set", "-e", "--build-arg", "--from-literal"];

/// A quote that encloses a word, with the number of backslashes before it.
type Quote = (u8, usize);

/// Returns whether a line leaves a command or flag open, so that the line below it may begin with
/// an assignment.
pub(super) fn is_open(line: &str) -> bool {
    let line = line.trim_end();
    let last = line.trim_end_matches(['"', '\'', ',']);
    let word = last.rsplit(|c: char| !c.is_ascii() || !is_word(c as u8)).next().unwrap_or("");
    line.ends_with('\\') || (word.starts_with('-') && opens(word))
}

/// Returns the ranges of the values. `is_list` says that an assignment to a name of any case may
/// begin the line.
pub(super) fn values(line: &str, is_list: bool) -> Vec<Range<usize>> {
    let bytes = line.as_bytes();
    let indent = find(bytes, 0, |b| !is_blank(b)).unwrap_or(bytes.len());
    let is_item = line.get(indent..).is_some_and(|rest| rest.starts_with("- "));
    let item = find(bytes, indent + 1, |b| !is_blank(b)).filter(|_| is_item);
    let mut values = Vec::new();
    // The end of the word or value before, whether an assignment may follow it, and the quote that
    // encloses it.
    let (mut last, mut is_open, mut enclosing) = (item.unwrap_or(0), is_list, None);
    let mut opener = 0..0;
    let mut at = last;
    while let Some(start) = find(bytes, at, is_word) {
        let end = find(bytes, start, |b| !is_word(b)).unwrap_or(bytes.len());
        let (mut word, gap) = (line.get(start..end).unwrap_or(""), last..start);
        let gap = line.get(gap).unwrap_or("");
        // `$env:A = "b"` in PowerShell, `environ["A"] = "b"`, `setenv("A", "b")`
        let mut in_language = is_open && gap.starts_with([':', '[', '(']);
        if let Some((environment, name)) = word.rsplit_once('.')
            && names_environment(environment)
        {
            (word, is_open, in_language) = (name, true, true);
        }
        is_open &= in_language || gap.bytes().all(|b| is_blank(b) || b"\"'`\\,=".contains(&b));
        let before = line.get(opener.clone()).unwrap_or("");
        if is_open
            && (sets_pair(before) || (before == "ENV" && opener.start == indent))
            && is_name(word, true)
            && bytes.get(end).is_some_and(|&b| is_blank(b))
        {
            values.extend(rest_of(line, end));
            break;
        }
        let own = quote_before(bytes, start);
        let value = value_start(bytes, end, in_language).filter(|_| is_name(word, is_open));
        let Some(value) = value else {
            (at, last, is_open, enclosing) = (end, end, opens(word), own);
            opener = start..end;
            continue;
        };
        let around = own.or(enclosing.filter(|_| gap == "="));
        let value = match around.filter(|_| !in_language) {
            // In `sh -c 'X= aws'`, the variable is empty.
            _ if bytes.get(value).is_some_and(|&b| is_blank(b)) => value..value,
            Some((quote, escapes)) => quoted(line, value, quote, escapes).0,
            // A plain item of a list in YAML may contain blanks.
            None if item == Some(start) => value..line.len(),
            None => value_at(line, value, in_language),
        };
        at = value.end.max(end);
        last = at;
        opener = at..at;
        let is_value =
            is_open || (may_follow(bytes, start) && !(start == indent && ends(line, at)));
        if is_value && !line.get(value.clone()).is_some_and(is_reference) {
            values.push(value);
        }
    }
    values
}

/// Returns whether assignments follow the word: `env`, `--exec-env`, `ENV`, `-e`.
fn opens(word: &str) -> bool {
    names_environment(word) || sets_pair(word) || OPENERS.contains(&word)
}

/// Returns whether a word takes a name and a value: `setenv A b` of a C shell, `setx A b` of Windows.
/// So does `ENV A b` of a Dockerfile, at the start of a line.
fn sets_pair(word: &str) -> bool {
    ["setenv", "setx"].into_iter().any(|name| word.eq_ignore_ascii_case(name))
}

/// Returns the rest of a line, without the mark that it continues.
fn rest_of(line: &str, at: usize) -> Option<Range<usize>> {
    let rest = line.get(at..)?;
    let text = rest.trim_end_matches(['\\', ' ']);
    let start = at + rest.len() - rest.trim_start().len();
    (start < at + text.len()).then_some(start..at + text.len())
}

/// Returns whether nothing follows in the line but quotes and a semicolon.
fn ends(line: &str, at: usize) -> bool {
    let rest = line.get(at..).unwrap_or("");
    rest.bytes().all(|b| is_blank(b) || matches!(b, b'"' | b'\'' | b';'))
}

/// Returns whether a word is the name of a variable. Without a word that announces it, that is one
/// in capitals.
fn is_name(word: &str, is_expected: bool) -> bool {
    let is_letter =
        |b: u8| b == b'_' || b.is_ascii_uppercase() || (is_expected && b.is_ascii_alphabetic());
    word.bytes().next().is_some_and(is_letter)
        && word.bytes().all(|b| is_letter(b) || b.is_ascii_digit())
}

/// Returns the offset behind the `=` after a name that ends at `end`. In a language, blanks may
/// surround it, and quotes and a bracket may end the name; a comma is as good in a call.
fn value_start(bytes: &[u8], end: usize, in_language: bool) -> Option<usize> {
    let skip = |at, skipped: &[u8]| {
        find(bytes, at, |b| !(in_language && skipped.contains(&b))).unwrap_or(bytes.len())
    };
    let equals = skip(end, b"\"'`] \t");
    let is_joint = |&b: &u8| b == b'=' || (in_language && b == b',');
    let is_assignment =
        bytes.get(equals).is_some_and(is_joint) && bytes.get(equals + 1) != Some(&b'=');
    is_assignment.then(|| skip(equals + 1, b" \t"))
}

/// Returns whether an assignment may begin at `start`: not within a word such as base64, and not
/// after `$`.
fn may_follow(bytes: &[u8], start: usize) -> bool {
    let before = start.checked_sub(1).and_then(|at| bytes.get(at));
    before.is_none_or(|&b| is_blank(b) || b"\"'`([{,;|&=".contains(&b))
}

/// Returns the quote that ends before `start`.
fn quote_before(bytes: &[u8], start: usize) -> Option<Quote> {
    let at = start.checked_sub(1)?;
    let quote = *bytes.get(at).filter(|b| matches!(b, b'"' | b'\'' | b'`'))?;
    let before = bytes.get(..at)?;
    Some((quote, before.iter().rev().take_while(|b| **b == b'\\').count()))
}

/// Returns the value at `at`, without its quotes.
fn value_at(line: &str, at: usize, in_language: bool) -> Range<usize> {
    let rest = line.get(at..).unwrap_or("");
    let bare = rest.trim_start_matches('\\');
    let escapes = rest.len() - bare.len();
    match bare.bytes().next() {
        Some(quote @ (b'"' | b'\'' | b'`')) => quoted(line, at + escapes + 1, quote, escapes).0,
        _ if in_language => at..at + rest.find([' ', ',', ';', ')']).unwrap_or(rest.len()),
        _ => at..unquoted_end(line, at, true, false),
    }
}

/// Returns whether a value only refers to another variable or to the output of a command.
fn is_reference(value: &str) -> bool {
    let value = value.trim_start_matches(['"', '\'', '\\']);
    let name = value.strip_prefix('$').unwrap_or("");
    value.starts_with("$(") || is_name(name, false) || stand_in::is_stand_in(value)
}
