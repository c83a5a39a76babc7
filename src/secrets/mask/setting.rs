//! Finds the values of settings in a line, whatever its syntax, except of those that a reader of a
//! finding needs: the words of kubeconfigs and Kubernetes objects, and names, versions and places.

use std::ops::Range;

use crate::secrets::{is_version_alone, stand_in};

use super::{depth_after, find, is_blank, is_word, quoted, unquoted_end};

/// Keys and flags with a value that may be shown, in lower case and without `-`, `_` and `.`.
const SHOWN: [&str; 66] = [
    "apigroup",
    "apigroups",
    "arg",
    "args",
    "as",
    "auth",
    "authinfo",
    "authprovider",
    "certificateauthority",
    "clientcertificate",
    "cluster",
    "clusters",
    "command",
    "config",
    "context",
    "contexts",
    "credentialpluginallowlist",
    "credentialpluginpolicy",
    "currentcontext",
    "disablecompression",
    "endpoint",
    "env",
    "environment",
    "exec",
    "execarg",
    "execenv",
    "execinstallhint",
    "execinteractivemode",
    "execprovideclusterinfo",
    "from",
    "function",
    "host",
    "hosts",
    "href",
    "ignore",
    "image",
    "insecureskiptlsverify",
    "installhint",
    "interactive",
    "interactivemode",
    "kubeconfig",
    "kubeconfiglint",
    "label",
    "labels",
    "location",
    "loginmode",
    "message",
    "metadata",
    "name",
    "namespace",
    "output",
    "preferences",
    "profile",
    "project",
    "provideclusterinfo",
    "region",
    "rolearn",
    "run",
    "server",
    "source",
    "spec",
    "status",
    "type",
    "user",
    "users",
    "zone",
];
const SHOWN_ENDS: [&str; 13] = [
    "alias",
    "arn",
    "command",
    "context",
    "file",
    "id",
    "kind",
    "name",
    "namespace",
    "path",
    "region",
    "url",
    "version",
];
/// Values that only switch something.
const SWITCHES: [&str; 8] = ["true", "false", "null", "nil", "None", "True", "False", "~"];

/// A value that a reader of a finding does not need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::secrets) struct Setting {
    /// Where the key begins.
    pub(in crate::secrets) start: usize,
    pub(in crate::secrets) value: Range<usize>,
}

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

/// Returns the settings of a line, sorted and not overlapping.
pub(in crate::secrets) fn settings(line: &str) -> Vec<Setting> {
    let bytes = line.as_bytes();
    let mut settings = Vec::new();
    let (mut at, mut depth, mut counted) = (0, 0, 0);
    while let Some(start) = find(bytes, at, is_word) {
        at = find(bytes, start, |b| !is_word(b)).unwrap_or(bytes.len());
        let key = line.get(start..at).unwrap_or("");
        let Some((value, joint)) = value_after(line, start, at) else { continue };
        if is_shown(key) {
            continue;
        }
        depth = depth_after(depth, bytes.get(counted..start).unwrap_or_default());
        counted = start;
        let Some(value) = value_at(line, value, joint, depth > 0) else { continue };
        let text = line.get(value.clone()).unwrap_or("");
        let is_harmless =
            SWITCHES.contains(&text) || is_version_alone(text) || stand_in::is_stand_in(text);
        at = value.end.max(at);
        if !is_harmless {
            settings.push(Setting { start, value });
        }
    }
    settings
}

fn is_shown(key: &str) -> bool {
    let key: String = key
        .chars()
        .filter(|c| !matches!(c, '-' | '_' | '.'))
        .flat_map(char::to_lowercase)
        .collect();
    SHOWN.contains(&key.as_str()) || SHOWN_ENDS.into_iter().any(|end| key.ends_with(end))
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
        (b'=', Some(b'>')) => Some((value(separator + 2), Joint::Expression)),
        (b'=', Some(next)) if separator == closed && !is_blank(next) => {
            Some((separator + 1, Joint::Word))
        }
        (b'=', _) => Some((value(separator + 1), Joint::Expression)),
        (b'-', _) => None,
        _ => (is_flag && separator > end).then_some((separator, Joint::Word)),
    }
}

/// Returns whether the word at `start` is an item of a list, such as an argument of a plugin.
fn is_item(line: &str, start: usize) -> bool {
    let before = line.get(..start).unwrap_or("").trim_end_matches([' ', '\t']);
    before.ends_with(['[', ',', '"', '\'', '`']) || before.trim_start() == "-"
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
    if bare.starts_with(['{', '[', '(', '|', '>', '#', '&', '*', '!'])
        || bare.starts_with("${")
        || bare.starts_with("$(")
    {
        return None;
    }
    let end = match (bare.bytes().next()?, joint) {
        (quote @ (b'"' | b'\'' | b'`'), _) => {
            return Some(quoted(line, at + escapes + 1, quote, escapes).0);
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
