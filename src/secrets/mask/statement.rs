//! Finds the words of a statement in a shell that may be values: `vault login X`, `echo X | …`,
//! `… <<< X`.
//!
//! A statement that sets an exec API version is judged by its arguments, and keys and flags by
//! themselves. Of all other statements, only what [`prose`] takes for a word is shown; of those with
//! a quoted text that names the version, what follows it.

use std::ops::Range;

use crate::kubernetes::api_versions::GROUP;
use crate::text::source::{Span, floor_boundary, merged};

use super::{argument, prose};

/// The command whose other words may be shown.
const SET_CREDENTIALS: &str = "set-credentials ";

/// Words that begin a statement of a shell and are followed by another.
const BEFORE: [&str; 14] =
    ["-", "RUN", "run:", "if", "then", "else", "do", "while", "until", "!", "&&", "||", "{", ")"];
/// Words of programming languages and of Terraform that begin a line.
const OF_CODE: [&str; 24] = [
    "import", "from", "def", "class", "return", "func", "fn", "var", "let", "const", "package",
    "use", "using", "type", "public", "private", "static", "new", "provider", "resource", "data",
    "module", "variable", "output",
];

/// Returns the words of a line that may be values, sorted and not overlapping.
pub(super) fn odd_words(line: &str) -> Vec<Range<usize>> {
    let mut odd = Vec::new();
    // A whole script may be in quotes, and so may an argument with signs that separate statements.
    for statement in statements(line, true).into_iter().chain(statements(line, false)) {
        let text = line.get(statement.clone()).unwrap_or("");
        if let Some(at) = text.find(SET_CREDENTIALS) {
            let start = at + SET_CREDENTIALS.len();
            let words = positional(text.get(start..).unwrap_or("")).into_iter();
            let start = statement.start + start;
            odd.extend(words.map(|word| Span::new(start + word.start, start + word.end)));
        }
        let Some(start) = arguments(text, line) else { continue };
        let start = statement.start + start;
        let words = prose::unknown_words(line.get(start..statement.end).unwrap_or("")).into_iter();
        let words = words.map(|word| Span::new(start + word.start, start + word.end));
        let words = words.filter(|word| !is_value_of_flag(line, *word));
        odd.extend(words);
    }
    merged(odd).into_iter().map(|word| word.range()).collect()
}

/// Returns whether a word is a flag whose value is shown, or the value of one.
fn is_value_of_flag(line: &str, word: Span) -> bool {
    const MAX_FLAG: usize = 40;
    let text = line.get(word.range()).unwrap_or("");
    let start = floor_boundary(line, word.start().saturating_sub(MAX_FLAG));
    let before = line.get(start..word.start()).unwrap_or("").trim_end_matches(['"', '\'']);
    let flag = before.split(' ').rev().find(|word| !word.is_empty()).unwrap_or("");
    let shows = |flag: &str| argument::unknown_part(text, flag, false).is_none();
    (text.starts_with("--") || flag.starts_with("--")) && shows(flag)
}

/// Returns the statements of a line: what `&&`, `||`, `;`, `|`, `$(` and `` ` `` separate, also in
/// quotes unless these `protect` it.
fn statements(line: &str, protect: bool) -> Vec<Range<usize>> {
    let bytes = line.as_bytes();
    let (mut found, mut start, mut quote) = (Vec::new(), 0, None);
    for (at, &byte) in bytes.iter().enumerate() {
        match byte {
            b'\'' | b'"' if quote == Some(byte) => quote = None,
            b'\'' | b'"' if protect && quote.is_none() => {
                let before = at.checked_sub(1).and_then(|at| bytes.get(at));
                // Not an apostrophe within a word.
                let opens = before.is_none_or(|byte| !byte.is_ascii_alphanumeric());
                quote = opens.then_some(byte);
            }
            b'&' | b';' | b'|' | b'(' | b'`' if quote.is_none() => {
                found.push(start..at);
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(start..line.len());
    found
}

/// Returns the words of the arguments of `kubectl config set-credentials` that are neither flags nor
/// values of flags, but for the name of the user. A sentence about the command has no flags, and does
/// not continue on the next line.
fn positional(arguments: &str) -> Vec<Range<usize>> {
    if !arguments.contains("--exec-") && !arguments.trim_end().ends_with('\\') {
        return Vec::new();
    }
    let (mut quote, mut depth) = (None, 0_usize);
    let ends = |c: char| match c {
        ' ' | '\t' => quote.is_none() && depth == 0,
        // `${{ env.X }}`
        '{' | '}' => {
            depth = if c == '{' { depth + 1 } else { depth.saturating_sub(1) };
            false
        }
        '"' | '\'' => {
            quote = match quote {
                None => Some(c),
                Some(open) if open == c => None,
                open => open,
            };
            false
        }
        _ => false,
    };
    let redirects = |word: &str| {
        let word = word.trim_start_matches(|c: char| c.is_ascii_digit() || c == '&');
        word.starts_with(['#', '>']) || word.starts_with("<<")
    };
    let (mut at, mut before) = (0, "");
    let words = arguments.split(ends).map(|word| {
        at += word.len() + 1;
        (at - word.len() - 1, word.trim_end_matches(|c: char| "\"');,\\".contains(c)))
    });
    let words = words.filter(|(_, word)| !word.is_empty()).take_while(|(_, word)| !redirects(word));
    let others = words.filter(|&(_, word)| {
        let is_value = before.starts_with("--") && !before.contains('=') && before.len() > 2;
        before = word;
        !is_value && !word.starts_with('-')
    });
    let odd = others.skip(1).filter(|(_, word)| {
        let bare = word.trim_start_matches(['"', '\'']);
        !bare.starts_with('$') && argument::unknown_part(bare, "", false).is_some()
    });
    odd.map(|(start, word)| start..start + word.len()).collect()
}

/// Returns where the arguments of a command in a line begin; `None` for anything but a command.
fn arguments(statement: &str, line: &str) -> Option<usize> {
    if statement.contains("set-credentials") {
        return statement.find("<<<").map(|input| input + 3);
    }
    if statement.trim_end().ends_with(['{', ':', ',', '[']) {
        return None;
    }
    let mut at = 0;
    let mut words = statement.split_inclusive([' ', '\t']).map(|word| {
        at += word.len();
        (word.trim().trim_matches(['"', '\'', '$', '@', '{', '}']), at)
    });
    let is_assignment = |word: &str| {
        word.split('=').next().is_some_and(|name| {
            name.len() < word.len() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        })
    };
    let (command, end) = words
        .find(|(word, _)| !(word.is_empty() || BEFORE.contains(word) || is_assignment(word)))?;
    let is_code = || {
        OF_CODE.contains(&command)
            && (statement.contains(['=', '"', '\'', ':']) || line.contains(['(', '{']))
    };
    // `C:\login.exe`
    let drive = command.split_once(":\\").map_or(command, |(_, path)| path);
    let is_command = command.starts_with(|c: char| c.is_ascii_alphanumeric() || "/.~%".contains(c))
        && command.contains(|c: char| c.is_ascii_alphabetic())
        && drive.chars().all(|c| c.is_ascii_alphanumeric() || "-_./~%\\".contains(c))
        && !is_code();
    let (next, _) = words.next()?;
    let is_operator = next.starts_with(['=', ':', '+', '?']) || next.starts_with("->");
    if !is_command || is_operator {
        return None;
    }
    // `printf '{"apiVersion":"…","status":{"token":"%s"}}' X`
    let quoted = statement.rfind(GROUP).filter(|_| statement.contains(['\'', '"']));
    let Some(version) = quoted else { return Some(end) };
    let rest = statement.get(version..)?;
    let close = ["' ", "\" "].into_iter().filter_map(|close| rest.find(close)).min()?;
    Some(version + close + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_words_are_those_of_commands() {
        let odd = |line: &str| -> Vec<String> {
            odd_words(line).into_iter().map(|word| line[word].to_owned()).collect()
        };
        for line in [
            "vault login s3cret7",
            "  - vault login s3cret7",
            "RUN vault login s3cret7",
            "echo s3cret7 | docker login -u u --password-stdin",
            "echo 's3cret7' > f",
            "A=b cmd <<< s3cret7",
            "true && set -- s3cret7",
            "X=$(echo s3cret7)",
            "sh \"vault login s3cret7\"",
            "sh \"vault login s3cret7 && kubectl config set-credentials u39\"",
            "sed -i 's|@pw@|s3cret7|' f",
            "kubectl config set users.u.token s3cret7",
            "printf '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"b\":\"%s\"}' s3cret7",
            "vault login s3cret7 client.authentication.k8s.io/v1",
            "kubectl config set-credentials u39 --exec-command=aws2b <<< s3cret7",
        ] {
            let found = odd(line);
            assert!(found.iter().any(|word| word.contains("s3cret7")), "{line}: {found:?}");
            assert!(!found.iter().any(|word| word.contains("u39")), "{line}: {found:?}");
        }
        for line in [
            "name: u39",
            "- name: u39",
            "resource \"x\" \"u39\" {",
            "import (x509y2)",
            "x := y2 + z3",
            "u39",
            "kubectl config set-credentials u39 --exec-command=aws2b",
            "kubectl get pods -n kube-system --kubeconfig /tmp/config",
            "chmod +x f",
        ] {
            assert_eq!(odd(line), [""; 0], "{line}");
        }
    }
}
