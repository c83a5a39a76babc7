//! Finds out whether a value is searched for, compared or replaced rather than written: `sed`,
//! `grep`, `strings.Replace`.

use crate::carrier::comment::line_before;
use crate::carrier::key::before_literal;
use crate::language::Language;
use crate::text::source::{Span, window_after, window_before};

/// Programs that search for a text or replace it.
const PROGRAMS: &[&str] = &[
    "sed",
    "gsed",
    "grep",
    "egrep",
    "fgrep",
    "zgrep",
    "awk",
    "gawk",
    "findstr",
    "Select-String",
    "-replace",
    "-match",
    "-notmatch",
    "-like",
    "-contains",
    "-ireplace",
    "-creplace",
];

/// More such programs, whose names are also ordinary words: they count only where a command begins.
const SHORT_PROGRAMS: &[&str] = &["rg", "ag", "ack", "sd", "perl"];

/// Words that precede a command.
const BEFORE_COMMANDS: &[&str] = &[
    "sudo",
    "doas",
    "xargs",
    "env",
    "exec",
    "command",
    "time",
    "nohup",
    "-exec",
    "-execdir",
    "-c",
    "if",
    "elif",
    "then",
    "else",
    "while",
    "until",
    "do",
    "RUN",
    "CMD",
    "ENTRYPOINT",
];

/// Functions that replace one text by another, in lower case.
const REPLACEMENTS: &[&str] =
    &["replace(", "replaceall(", "replace_all(", "str_replace(", "re.sub(", "gsub(", ".sub("];

/// Functions that search for a text, in lower case.
const FUNCTIONS: &[&str] = &[
    "contains(",
    "includes(",
    "startswith(",
    "starts_with(",
    "hasprefix(",
    "hassuffix(",
    "endswith(",
    "indexof(",
    "assertin(",
    "assertequal(",
    "assertequals(",
    "tobe(",
    "toequal(",
    "regexp.mustcompile(",
    "re.compile(",
    "re.search(",
    "re.match(",
    "matches(",
    "equals(",
    "equal(",
    "equalfold(",
    "strcontains(",
    "select(",
    "errorf(",
    "exception(",
];

/// Returns whether the value at `at` is passed to something that searches for it.
pub(super) fn is_searched_for(text: &str, at: usize, language: Language) -> bool {
    let segment = segment_before(text, at);
    // sed can also add lines.
    let adds = |rest: &str| {
        let command = rest.strip_prefix(['a', 'i', 'c']);
        command.is_some_and(|text| text.starts_with(['\\', ' ']))
    };
    if segment.split('/').skip(1).any(adds) {
        return false;
    }
    let words: Vec<&str> = segment.split_whitespace().collect();
    calls_program(&words)
        || calls_any(segment)
        || (language == Language::Code && calls_any(&arguments_before(text, at)))
        || is_raised(&words)
        || is_tested_by_template(line_before(window_before(text, at)))
}

/// Returns whether the value after the words is in an error that is raised.
fn is_raised(words: &[&str]) -> bool {
    let mut words = words.iter().map(|word| word.split('(').next().unwrap_or(word));
    let raises = |word: &str| {
        let is_word = |raise: &&str| word.eq_ignore_ascii_case(raise);
        ["throw", "raise", "panic", "panic!", "bail!"].iter().any(is_word)
    };
    words.any(raises)
}

/// Returns whether the value is in a template action that compares or replaces it.
fn is_tested_by_template(line: &str) -> bool {
    let open = memchr::memmem::rfind(line.as_bytes(), b"{{");
    let Some(action) = open.and_then(|at| line.get(at + 2..)) else { return false };
    const TESTS: [&str; 9] = [
        "replace",
        "eq",
        "ne",
        "contains",
        "hasPrefix",
        "hasSuffix",
        "regexMatch",
        "regexReplaceAll",
        "regexReplaceAllLiteral",
    ];
    let mut words = action.split(|c: char| c.is_whitespace() || matches!(c, '(' | '|'));
    !action.contains("}}") && words.any(|word| TESTS.contains(&word))
}

/// Returns whether one of the words is a program that searches for a text or replaces it.
fn calls_program(words: &[&str]) -> bool {
    let mut is_command = true;
    for &written in words {
        let word = written.trim_matches(MARKS);
        let name = word.rsplit('/').next().unwrap_or(word);
        // `x=$(rg …` and `` `rg …` `` begin a command within a word.
        let inner = written.rsplit_once("$(").map(|(_, inner)| inner);
        let inner = inner.or_else(|| written.rsplit_once('`').map(|(_, inner)| inner));
        let is_short = |name: &str| SHORT_PROGRAMS.contains(&name);
        let is_called = is_command && is_short(name);
        if PROGRAMS.contains(&name) || is_called || inner.is_some_and(is_short) {
            return true;
        }
        is_command = begins_command(written, word, is_command);
    }
    false
}

/// Characters that may surround the name of a program.
const MARKS: [char; 11] = ['"', '\'', '(', '`', '[', ']', ',', '$', '@', '!', '{'];

/// Returns whether a command begins after a word. `before` is whether a command began before the
/// word.
fn begins_command(written: &str, word: &str, before: bool) -> bool {
    let is_option = || {
        let is_assignment = written
            .split_once('=')
            .is_some_and(|(name, _)| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'));
        let is_number = written.bytes().all(|byte| byte.is_ascii_digit());
        written.starts_with('-') || is_assignment || is_number
    };
    // A mark alone, a YAML key, or a word that runs the next word; options of such a word change
    // nothing.
    word.is_empty()
        || BEFORE_COMMANDS.contains(&word)
        || written.ends_with([':', '('])
        || (before && is_option())
}

/// Returns whether the value is in an error message that quotes a document.
pub(super) fn is_quoted(text: &str, at: usize) -> bool {
    let before = window_before(text, at);
    let above = before.rsplit('\n').skip(1).take(2);
    let is_message = |line: &str| {
        let line = line.to_ascii_lowercase();
        line.contains("error") && line.contains(": ") && line.contains("kind: execcredential")
    };
    above.into_iter().any(is_message)
}

/// Returns whether a patch removes the line: this line and an adjacent one begin with `-` and more
/// blanks than a list item has.
pub(super) fn is_removed_by_patch(text: &str, at: usize) -> bool {
    let is_removed = |line: &str| line.starts_with("-  ") || line.starts_with("-\t");
    let own = window_before(text, at).rsplit('\n').next().unwrap_or("");
    let mut around = window_before(text, at).rsplit('\n').skip(1).take(1);
    let mut below = window_after(text, at).lines().skip(1).take(1);
    is_removed(own) && (around.any(is_removed) || below.any(is_removed))
}

/// Returns whether the value belongs to a branch for exactly this version: such code knows all
/// versions.
pub(super) fn is_of_branch(text: &str, value: Span) -> bool {
    let before = window_before(text, value.start());
    let version = text.get(value.range()).and_then(|value| value.rsplit('/').next()).unwrap_or("");
    let mut lines = before.rsplit('\n').map(str::trim_end);
    let own = lines.next().unwrap_or("");
    let above = lines.find(|line| !line.is_empty()).unwrap_or("");
    let head = above.trim_start();
    let mut words = head.split(|c: char| !c.is_ascii_alphanumeric());
    let is_branch = ["case", "when", "if", "elif", "else", "} else"]
        .into_iter()
        .any(|word| head.strip_prefix(word).is_some_and(|rest| rest.starts_with([' ', '('])));
    is_branch && words.any(|word| word == version) && holds(above, own)
}

/// Returns whether the line below the head of a branch belongs to the branch: `if … { return }`
/// ends on its own line.
fn holds(head: &str, below: &str) -> bool {
    let indent = |line: &str| line.len() - line.trim_start().len();
    // Each `case` arm holds the statements up to the next arm.
    let is_arm = ["case", "when"].into_iter().any(|word| head.trim_start().starts_with(word));
    let is_ended = !is_arm && head.ends_with([';', '}']);
    head.ends_with('{') || (indent(below) > indent(head) && !is_ended)
}

/// Returns whether a function or PowerShell's `-replace` substitutes the value at `at` for the text
/// in the previous argument.
pub(super) fn is_replacement(text: &str, at: usize) -> bool {
    let is_quote = |c: char| matches!(c, '"' | '\'' | '`');
    let before = window_before(text, at);
    let argument = before_literal(before).and_then(|rest| rest.trim_end().strip_suffix(','));
    let Some(argument) = argument else { return false };
    // `/…/g` is a regular expression.
    let is_literal =
        argument.ends_with(is_quote) || argument.trim_end_matches(['g', 'i', 'm']).ends_with('/');
    let is_operator = |word: &str| {
        let word = word.to_ascii_lowercase();
        matches!(word.as_str(), "-replace" | "-ireplace" | "-creplace")
    };
    is_literal
        && (calls(&arguments_before(text, at), REPLACEMENTS)
            || segment_before(text, at).split_whitespace().any(is_operator))
}

/// Returns whether the value is an argument of a function that searches for it or replaces it.
fn calls_any(segment: &str) -> bool {
    calls(segment, REPLACEMENTS) || calls(segment, FUNCTIONS)
}

/// Returns whether the value is an argument of one of the functions, whose parenthesis is still
/// open.
fn calls(segment: &str, functions: &[&str]) -> bool {
    let bytes = segment.as_bytes();
    // Among the parentheses after a place, opening ones minus closing ones.
    let mut opened = 0_isize;
    memchr::memrchr2_iter(b'(', b')', bytes).any(|at| {
        if bytes.get(at) == Some(&b')') {
            opened -= 1;
            return false;
        }
        let is_called = |function: &&str| {
            let name = (at + 1).checked_sub(function.len()).and_then(|start| bytes.get(start..=at));
            name.is_some_and(|name| name.eq_ignore_ascii_case(function.as_bytes()))
        };
        let is_one = opened >= 0 && functions.iter().any(is_called);
        opened += 1;
        is_one
    })
}

/// Limit on the lines of a call before a value.
const MAX_LINES: usize = 8;

/// Returns the call around the value at `at`, up to the value and without the strings in it: its
/// line and the lines above that end in `(` or `,`.
fn arguments_before(text: &str, at: usize) -> String {
    let before = window_before(text, at);
    let mut lines = before.rsplit('\n');
    let own = lines.next().unwrap_or("");
    let is_continued = |line: &&str| line.trim_end().ends_with(['(', ',']);
    let above: Vec<&str> = lines.take(MAX_LINES).take_while(is_continued).collect();
    let lines = above.into_iter().rev().chain([own]);
    lines.map(without_strings).collect()
}

/// Strips the strings of a line: brackets in strings do not count.
fn without_strings(line: &str) -> String {
    let parts = line.split(['"', '\'', '`']);
    parts.step_by(2).collect()
}

/// Returns the command around the value at `at`, up to the value: its line and the lines that it
/// continues, but nothing before an unquoted pipe, semicolon or `&&`.
pub(super) fn segment_before(text: &str, at: usize) -> &str {
    let before = window_before(text, at);
    let mut start = before.rfind('\n').map_or(0, |found| found + 1);
    while let Some(above) = before.get(..start.saturating_sub(1)).filter(|_| start > 0) {
        if !above.trim_end_matches('\r').ends_with(['\\', '^']) {
            break;
        }
        start = above.rfind('\n').map_or(0, |found| found + 1);
    }
    let line = before.get(start..).unwrap_or("");
    let (mut quote, mut begin) = (None, 0);
    let mut escaped = false;
    for (at, c) in line.bytes().enumerate() {
        match (quote, c) {
            _ if escaped => {}
            (_, b'\\') => {
                escaped = true;
                continue;
            }
            (None, b'"' | b'\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            (None, b'|' | b';') => begin = at + 1,
            (None, b'&') if line.get(..at).is_some_and(|line| line.ends_with('&')) => {
                begin = at + 1;
            }
            _ => {}
        }
        escaped = false;
    }
    line.get(begin..).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_searched_for_recognizes_search_patterns() {
        let is_searched_for =
            |text: &str| is_searched_for(text, text.find('X').unwrap(), Language::Data);
        for text in [
            "sed -i 's/apiVersion: X/apiVersion: Y/' f",
            "sed -i \\\n  -e 's|a|X|' f",
            "if grep -q \"apiVersion: X\" f; then",
            "cat f | grep X",
            "(Get-Content f) -replace 'X', 'Y'",
            "s.replace('apiVersion: X', 'b')",
            "strings.ReplaceAll(s, \"apiVersion: X\", b)",
            "find . -exec sed -i 's/X/Y/' {} +",
            "run: sed -i \"s#X#Y#\" f",
            "{{- $k := .k | replace \"apiVersion: X\" \"Y\" }}",
            "{{ if eq .apiVersion \"X\" }}",
            "throw new Error('apiVersion: X')",
            "raise \"apiVersion: X\"",
            "rg X",
            "  - rg -l X",
            "run: rg -l X",
            "RUN perl -pi -e 's/X/Y/' f",
            "find . | xargs -0 -n 1 perl -pi -e 's/X/Y/'",
            "sudo -E /usr/bin/perl -pi -e 's/X/Y/' f",
            "LC_ALL=C ack X",
            "if ! ag -q X f; then",
            "files=$(rg -l X)",
            "files=`rg -l X`",
            "find . -exec sd X Y {} +",
            "bash -c 'perl -pi -e s/X/Y/ f'",
            "cd a && rg X",
            "true || sed -i s/X/Y/ f",
        ] {
            assert!(is_searched_for(text), "{text}");
        }
        for text in [
            "apiVersion: X",
            "sed -i s/a/b/ f; kubectl --exec-api-version=X",
            "grep a f | kubectl --exec-api-version X",
            "kubectl --exec-api-version=X | grep a",
            "f(s.replace('a', 'b'), 'X')",
            "grep a f\nb: X",
            "{{ if eq .a \"b\" }}apiVersion: X{{ end }}",
            "sed -i '/a:/a\\ apiVersion: X' f",
            "grep -q a f && kubectl --exec-api-version=X",
            "grep -q a f || kubectl --exec-api-version=X",
            "sed -i s/a/b/ f &&kubectl --exec-api-version=X",
            "kubectl -g rg --exec-api-version=X",
            "az aks -n perl -g sd --exec-api-version=X",
            "perl: {apiVersion: X}",
            "az group create -g rg && kubectl --exec-api-version=X",
        ] {
            assert!(!is_searched_for(text), "{text}");
        }
    }

    #[test]
    fn is_replacement_tells_new_text_from_old() {
        let is_replacement = |text: &str| is_replacement(text, text.find('X').unwrap());
        for text in [
            "data.replace(\"a\", \"X\")",
            "data.replace(/a/g, 'X')",
            "re.sub(\n    r'a',\n    r'X',\n    s)",
            "strings.ReplaceAll(s, \"a\", \"X\")",
            "(Get-Content f) -replace 'a','X'",
        ] {
            assert!(is_replacement(text), "{text}");
        }
        for text in [
            "data.replace(\"X\", \"a\")",
            "strings.ReplaceAll(s, \"X\", \"a\")",
            "strings.Replace(a, \"b\", \"c\"), \"X\"",
            "(Get-Content f) -replace 'X','a'",
            "f(\"a\", \"X\")",
        ] {
            assert!(!is_replacement(text), "{text}");
        }
    }

    #[test]
    fn is_of_branch_covers_lines_below_the_head() {
        let is_of_branch = |text: &str| {
            let at = text.rfind("g/v1").unwrap();
            is_of_branch(text, Span::new(at, at + 4))
        };
        for text in [
            "if old == \"g/v1\":\n    u = \"g/v1\"",
            "if old == \"g/v1\" {\nu := \"g/v1\"",
            "} else if (old == \"g/v1\") {\n  u = \"g/v1\"",
            "if (old == \"g/v1\")\n  u = \"g/v1\"",
            "case \"g/v1\":\n\n  u = \"g/v1\"",
            "case \"g/v1\": f();\n  u = \"g/v1\"",
            "when 'g/v1'\r\n  u = 'g/v1'",
        ] {
            assert!(is_of_branch(text), "{text}");
        }
        for text in [
            "if old == \"g/v1\" { return }\nu := \"g/v1\"",
            "if old == \"g/v1\" { return } // old\nu := \"g/v1\"",
            "  if (old == \"g/v1\") { return; }\r\n  u = \"g/v1\"",
            "if strings.Contains(old, \"a: g/v1\") { return }\n\nu := \"g/v1\"",
            "if (old == \"g/v1\") f();\nu = \"g/v1\"",
            "if (old == \"g/v1\") f();\n  u = \"g/v1\"",
            "if old == 'g/v1': return\nu = 'g/v1'",
            "case \"g/v1\": return\n}\nu := \"g/v1\"",
        ] {
            assert!(!is_of_branch(text), "{text}");
        }
    }

    #[test]
    fn is_searched_for_reads_calls_over_several_lines() {
        let is_searched_for =
            |text: &str| is_searched_for(text, text.find('X').unwrap(), Language::Code);
        for text in [
            "return strings.Replace(s,\n\t\"apiVersion: X\",\n\t\"b\", 1)",
            "return strings.Replace(\n\ts,\n\t\"(\",\n\t\"apiVersion: X\", 1)",
            "re.sub(\n    r'a',\n    'X',",
        ] {
            assert!(is_searched_for(text), "{text}");
        }
        for text in [
            "f(s.replace(a, \"(\"),\n  \"apiVersion: X\")",
            "strings.Replace(a, b, c)\nf(\n\"apiVersion: X\"",
            "a.contains(x)\ne = Exec(\n  api_version=\"X\",",
            "expect(c).toEqual({\n  apiVersion: \"X\",",
            "if a.contains(\"(\") {\n  g(a,\n  \"apiVersion\", \"X\")",
        ] {
            assert!(!is_searched_for(text), "{text}");
        }
    }
}
