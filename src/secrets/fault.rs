//! What to hide where kubectl cannot decode a text.
//!
//! A label shows what it points at, but there it points at a value with a mistake: a password with
//! a backslash, a list of arguments instead of a command. Nothing says what the author meant by it,
//! so only words that are known to be harmless are shown.

use std::ops::Range;

use goyaml::Mismatch;

use crate::model::refusal::{CredentialProblem, JsonType, Reason};
use crate::model::{SkipReason, Subject};
use crate::text::source::{Source, Span, Spanned, floor_boundary};

use super::mask::shown::{is_known, is_prose, is_shown};
use super::redact::CUT;
use super::{holds_secrets, stand_in};

/// Keys besides those that [`is_shown`] knows.
const KEYS: [&str; 8] =
    ["code", "extension", "extensions", "items", "list", "spec", "status", "value"];
/// How placeholders begin and end.
const PLACEHOLDERS: [(&str, &str); 5] =
    [("{{", "}}"), ("${", "}"), ("$(", ")"), ("<", ">"), ("@", "@")];
/// Limit on the length of a placeholder, in bytes.
const MAX_PLACEHOLDER: usize = 256;

/// Returns the spans that no report may show because kubectl cannot decode the subject there, sorted.
/// Cuts what kubectl's error would quote of them.
pub(crate) fn hide(source: &Source, subject: &mut Subject) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut add = |span, reason: &mut Reason| spans.extend(at(source, span, reason));
    match subject {
        Subject::Undecodable(found) => {
            found.errors.iter_mut().for_each(|error| add(error.span, &mut error.reason));
        }
        Subject::ExecCredential(credential) => {
            let ranges = credential.refusal_ranges.iter_mut();
            for refusal in ranges.flat_map(|range| &mut range.refusals) {
                if let CredentialProblem::Decode(error) = &mut refusal.problem {
                    add(error.span, &mut error.reason);
                }
            }
        }
        Subject::Kuberc(kuberc) => {
            for skip in kuberc.documents.iter_mut().flat_map(|document| &mut document.skips) {
                if let SkipReason::Undecodable(reason) = &mut skip.reason {
                    add(skip.span, reason);
                }
            }
        }
        _ => {}
    }
    spans.sort_unstable();
    spans
}

/// Returns what to hide of the line that the report about an error shows.
fn at(source: &Source, span: Span, reason: &mut Reason) -> Vec<Span> {
    let mut place = span;
    match reason {
        Reason::JsonComments(error) => return at(source, error.span, &mut error.reason),
        Reason::Syntax(_) | Reason::Encoding => return around(source, span.start()),
        // The value is a number, or a name that the error is about.
        Reason::WrongType { found, .. } | Reason::VersionKind { found, .. }
            if matches!(found, JsonType::Null | JsonType::Bool | JsonType::Number) =>
        {
            return Vec::new();
        }
        Reason::DuplicateName { name, .. } if !name.is_empty() => return Vec::new(),
        Reason::Time if is_date(source.slice(span)) => return Vec::new(),
        Reason::NoKind { .. }
        | Reason::GroupVersion(_)
        | Reason::MissingVersion
        | Reason::NotJson(_)
        | Reason::SelfContaining(_)
        | Reason::ExcessiveAliasing => return Vec::new(),
        // The name is what the error is about.
        Reason::UnknownAnchor(_) => {
            let mut spans = Vec::new();
            for hidden in around(source, span.start()) {
                let (start, end) = (hidden.start(), hidden.end());
                spans.push(Span::new(start, end.min(span.start()).max(start)));
                spans.push(Span::new(start.max(span.end()).min(end), end));
            }
            spans.retain(|span| !span.is_empty());
            return spans;
        }
        Reason::CollectionKey(_) => {
            // `{{ .Value }}`
            let outer = span.start().saturating_sub(1)..span.end().saturating_add(1);
            if source.text().get(outer).is_some_and(stand_in::is_stand_in) {
                return Vec::new();
            }
            // Its value follows.
            place = Span::new(span.start(), span.end().max(line_of(source, span.start()).end()));
        }
        Reason::NullKey(value) => place = value.span,
        _ => {}
    }
    let line = line_of(source, place.start());
    let end = place.end().clamp(line.start(), line.end());
    let (full, place) = (place, Span::new(place.start().min(end), end));
    let hidden = hidden(source.slice(place), false).into_iter();
    let hidden: Vec<_> = hidden.map(|range| within(place, &range)).collect();
    // What follows the line may be anything.
    if !hidden.is_empty() || place.end() < full.end() {
        match reason {
            Reason::CollectionKey(text)
            | Reason::NullKey(Spanned { value: text, .. })
            | Reason::Tag(Mismatch::Type { value: text, .. }) => *text = CUT.to_owned(),
            _ => {}
        }
    }
    hidden
}

/// Returns what to hide of the line in which the parser stumbles at `at`: where a value in it begins
/// or ends is anyone's guess. A sign at that place is shown.
fn around(source: &Source, at: usize) -> Vec<Span> {
    let line = line_of(source, at);
    let above = line.start().checked_sub(1).map_or(Span::default(), |at| line_of(source, at));
    let hidden = hidden(source.slice(line), !is_open(source.slice(above)));
    let is_sign = source.text().as_bytes().get(at).is_some_and(u8::is_ascii_punctuation);
    let mut spans = Vec::new();
    for span in hidden.iter().map(|range| within(line, range)) {
        if is_sign && (span.start()..span.end()).contains(&at) {
            let rest = source.slice(Span::new(at + 1, span.end())).trim_start();
            spans.push(Span::new(span.start(), at));
            spans.push(Span::new(span.end() - rest.len(), span.end()));
        } else {
            spans.push(span);
        }
    }
    spans.retain(|span| !span.is_empty());
    spans
}

fn within(place: Span, range: &Range<usize>) -> Span {
    Span::new(place.start() + range.start, place.start() + range.end)
}

/// Returns the line of an offset.
fn line_of(source: &Source, at: usize) -> Span {
    source.line_span(source.line(at)).unwrap_or_default()
}

fn is_date(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || b"-:TZ.+/ ".contains(&byte))
}

/// Returns whether a value may continue behind a line: it opens a quote or a block scalar.
fn is_open(line: &str) -> bool {
    let quotes = |quote| line.matches(quote).count() % 2 == 1;
    let last = line.trim_end().rsplit([' ', '\t', ':']).next().unwrap_or("");
    quotes('"') || quotes('\'') || (last.starts_with(['|', '>']) && last.len() <= 3)
}

/// Returns the parts of a text on one line that are not known to be harmless, sorted. `keeps_key` says
/// whether the first word may be any key.
fn hidden(text: &str, keeps_key: bool) -> Vec<Range<usize>> {
    let mut hidden: Vec<Range<usize>> = Vec::new();
    // Whether the next word may be any key, and whether it joins the word before.
    let (mut may_be_key, mut joins) = (keeps_key, false);
    let mut at = 0;
    while let Some(first) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = text.get(at..).unwrap_or("");
        if let Some(length) = placeholder(rest) {
            (at, may_be_key, joins) = (at + length, false, false);
            continue;
        }
        if first == ':' || is_delimiter(first) {
            at += first.len_utf8();
            continue;
        }
        let end = at + rest.find(is_delimiter).unwrap_or(rest.len());
        let word = text.get(at..end).unwrap_or("");
        if word.len() <= 3 && word.bytes().all(|byte| b"-|>".contains(&byte)) {
            at = end;
            continue;
        }
        let is_public = match separator(word, text.get(end..).unwrap_or("")) {
            Some(separator) => {
                let name = word.trim_end_matches(':');
                let is_name = |b: u8| b.is_ascii_alphabetic() || b"-_./".contains(&b);
                let is_any = may_be_key && separator == ':';
                name.bytes().all(is_name) && (is_any || is_known_key(name))
            }
            None => is_known(word),
        };
        match hidden.last_mut().filter(|_| joins) {
            _ if is_public => {}
            Some(last) => last.end = end,
            None => hidden.push(at..end),
        }
        (at, may_be_key, joins) = (end, false, !is_public);
    }
    hidden.iter_mut().for_each(|range| *range = with_quote(text, range));
    hidden
}

fn is_delimiter(c: char) -> bool {
    c.is_whitespace() || "{}[],\"'`=#".contains(c)
}

/// Returns what separates a word from its value, if it is a key. `rest` is what follows the word.
fn separator(word: &str, rest: &str) -> Option<char> {
    let is_end = |rest: &str| rest.is_empty() || rest.starts_with(char::is_whitespace);
    let opens = |rest: &str| rest.starts_with(['{', '[', '"', '\'']);
    if word.ends_with(':') {
        return (is_end(rest) || opens(rest)).then_some(':');
    }
    let behind = rest.trim_start_matches(['"', '\'']).trim_start();
    behind.chars().next().filter(|c| matches!(c, ':' | '='))
}

fn is_known_key(key: &str) -> bool {
    KEYS.contains(&key) || is_shown(key) || is_prose(key) || holds_secrets(key).is_some()
}

/// Returns the length of the placeholder with which a text begins.
fn placeholder(text: &str) -> Option<usize> {
    let (open, close) = PLACEHOLDERS.iter().find(|(open, _)| text.starts_with(open))?;
    let text = text.get(..floor_boundary(text, MAX_PLACEHOLDER))?;
    let length = open.len() + text.get(open.len()..)?.find(close)? + close.len();
    text.get(..length).filter(|text| stand_in::is_stand_in(text)).map(str::len)
}

/// Returns the range with a quote that only begins or ends within it.
fn with_quote(text: &str, range: &Range<usize>) -> Range<usize> {
    let inside = text.get(range.clone()).unwrap_or("");
    let behind = text.get(range.end..).and_then(|rest| rest.chars().next());
    let closes = |quote: &char| "\"'`".contains(*quote) && inside.matches(*quote).count() % 2 == 1;
    let quote = behind.filter(closes).map_or(0, char::len_utf8);
    range.start..range.end + quote
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_leaves_words_that_are_known_to_be_harmless() {
        for (text, keeps_key, shown) in [
            ("[corp-sso, enter, hunter2, --otp, \"Tr0ub4dor&3\"]", false, "[***]"),
            ("corp-sso enter hunter2", false, "***"),
            ("{apiVersion: v1, login: \"hunter2\"}", false, "{apiVersion: v1, login: \"***\"}"),
            ("{url: \"https://k8s\", pin: \"hunter2\"}", false, "{url: \"***\"}"),
            ("    pin: P@ss: hunter2", true, "    pin: ***"),
            ("    pin: \"dom\\qhunter2\"", true, "    pin: \"***\""),
            ("        x: \"a\" hunter2", true, "        x: \"***"),
            ("  my: hunter2", false, "  ***"),
            ("  - hunter2", true, "  - ***"),
            (
                "{\"token\": hunter2, \"kind\": \"Config\"}",
                true,
                "{\"token\": ***, \"kind\": \"Config\"}",
            ),
            ("    command: aws eks get-token", true, "    command: aws eks get-token"),
            ("    - --region=eu", true, "    - --region=***"),
            ("server: {{ .Values.server }}", true, "server: {{ .Values.server }}"),
            ("{ .Values.x }", false, "{ *** }"),
            ("{\"token\":\"hunter2\",\"a\":true}", true, "{\"token\":\"***\":true}"),
            ("abcdef==", true, "***=="),
            ("'true'", false, "'true'"),
            ("${A}hunter2", false, "${A}***"),
        ] {
            let mut out = String::new();
            let mut at = 0;
            for range in hidden(text, keeps_key) {
                out += &text[at..range.start];
                out += "***";
                at = range.end;
            }
            out += &text[at..];
            assert_eq!(out, shown, "{text}");
        }
    }
}
