//! Two versions of one choice: `old ? "v1alpha1" : "v1beta1"`, `if … else …` in any language, or a
//! default and the condition that overrides it.

use crate::api_group::Occurrence;
use crate::syntax::template;
use crate::text::source::{Span, indent_of, window_after, window_before};

use super::fallback;
use super::key::{Joint, key_before};

/// Returns the place of the version that a condition chooses in place of the one at `value`; only
/// versions that are `wanted` count. `occurrences` are all of the text, in order.
pub(crate) fn alternative(
    text: &str,
    occurrences: &[Occurrence],
    value: Span,
    wanted: impl Fn(&str) -> bool,
) -> Option<Span> {
    // Compare only the nearest occurrences: a choice has few branches.
    const MAX_NEIGHBORS: usize = 3;
    let is_wanted =
        |found: &&Occurrence| !found.base64 && found.api_version.as_deref().is_some_and(&wanted);
    let first = occurrences.partition_point(|found| found.span.end() <= value.start());
    let (before, rest) = occurrences.split_at_checked(first)?;
    let mut before = before.iter().rev().take(MAX_NEIGHBORS).filter(is_wanted);
    let after = rest.iter().filter(|found| found.span.start() >= value.end());
    let mut after = after.take(MAX_NEIGHBORS).filter(is_wanted);
    let found = before
        .find(|found| is_between(text, found.span, value))
        .or_else(|| after.find(|found| is_between(text, value, found.span)));
    found.map(|found| found.span).or_else(|| {
        // The choice may be between the words after a group.
        let (_, choice) = fallback::around(text, occurrences, value)?;
        choice.words.into_iter().find(|word| {
            let version = text.get(word.range()).and_then(fallback::version_of);
            let (first, second) = (value.min(*word), value.max(*word));
            version.is_some_and(|version| wanted(&version)) && is_between(text, first, second)
        })
    })
}

/// Limit on the bytes between two versions of one choice.
const MAX_DISTANCE: usize = 2048;

/// Returns whether only one of two values is ever used. `first` comes before `second` in the text.
fn is_between(text: &str, first: Span, second: Span) -> bool {
    let Some(between) = text.get(first.end()..second.start()) else { return false };
    if between.len() > MAX_DISTANCE {
        return false;
    }
    let is_choice = is_inline(text, first, between)
        || is_branch(text, first, between)
        || is_overridden(text, first, second)
        || template::are_alternatives(between);
    is_choice && has_one_command(text, first, second)
}

/// Returns whether the exec configs of both values run the same plugin, as far as we can see.
/// Otherwise the choice is between plugins.
fn has_one_command(text: &str, first: Span, second: Span) -> bool {
    const MAX_BYTES_AROUND: usize = 400;
    let is_command = |line: &&str| line.to_ascii_lowercase().contains("command");
    let between = text.get(first.end()..second.start()).unwrap_or("");
    if !between.lines().any(|line| is_command(&line)) {
        return true;
    }
    let (before, after) = (window_before(text, first.start()), window_after(text, second.end()));
    let from =
        (before.len().saturating_sub(MAX_BYTES_AROUND)..).find(|at| before.is_char_boundary(*at));
    let to = (MAX_BYTES_AROUND..after.len())
        .find(|at| after.is_char_boundary(*at))
        .unwrap_or(after.len());
    let before = before.get(from.unwrap_or(0)..).unwrap_or("");
    let lines = before.lines().chain(between.lines()).chain(after.get(..to).unwrap_or("").lines());
    let mut commands = lines.filter(is_command).map(str::trim);
    let first = commands.next();
    commands.all(|command| Some(command) == first)
}

/// Returns whether the text between two values in one expression makes them alternatives.
fn is_inline(text: &str, first: Span, between: &str) -> bool {
    let before = window_before(text, first.start());
    let statement = before.rsplit([';', '{']).next().unwrap_or("");
    let statement = statement.rsplit("\n\n").next().unwrap_or("");
    let mark = without_start(without_end(between));
    let words: Vec<&str> = mark.split_whitespace().take(MAX_WORDS).collect();
    match words.as_slice() {
        [":"] => statement.contains('?'),
        ["||"] | ["||", "echo" | "printf"] => statement.contains("&&"),
        ["else"] => true,
        ["if", .., "else"] => !mark.contains(';'),
        [] => statement.trim_end_matches(['"', '\'', '`', '\\', ' ']).ends_with("ternary"),
        _ => false,
    }
}

/// Limit on the words between two values of one expression; Python writes the condition there.
const MAX_WORDS: usize = 32;

/// Strips the end of the value that a text begins with: quotes, brackets, `.to_string()`.
fn without_end(text: &str) -> &str {
    let is_end = |c: char| c.is_whitespace() || "\"'`\\)};,]".contains(c);
    let mut rest = text.trim_start_matches(is_end);
    while let Some((call, after)) = rest.strip_prefix('.').and_then(|rest| rest.split_once("()")) {
        if !call.chars().all(|c| c.is_alphanumeric() || c == '_') {
            break;
        }
        rest = after.trim_start_matches(is_end);
    }
    rest
}

/// Strips the start of the value that a text ends with: quotes, brackets, enclosing calls and the
/// name that the value is assigned to.
fn without_start(text: &str) -> &str {
    let is_start = |c: char| c.is_whitespace() || "\"'`\\{[@$".contains(c);
    let is_word = |c: char| c.is_alphanumeric() || "_.:-&!".contains(c);
    let mut rest = text.trim_end_matches(is_start);
    while let Some(before) = rest.strip_suffix(['(', '=']) {
        let before = before.strip_suffix(':').unwrap_or(before).trim_end();
        rest = before.trim_end_matches(is_word).trim_end_matches(is_start);
    }
    rest
}

/// Returns whether a line begins another branch of a condition.
fn begins_branch(line: &str) -> bool {
    let length = line.find(|c: char| !c.is_alphabetic()).unwrap_or(line.len());
    let (word, rest) = line.split_at(length);
    match word {
        "else" | "elif" | "elsif" | "elseif" | "Else" | "ElseIf" => true,
        // `when:` and `default = …` are keys.
        "case" | "when" => rest.starts_with(' '),
        "default" | "otherwise" => {
            let rest = rest.trim_start();
            rest == ":" || rest.starts_with("->") || rest.starts_with("=>") || rest.starts_with('{')
        }
        _ => false,
    }
}

/// The words that begin a condition or a loop.
const HEADS: &[&str] = &["if", "unless", "for", "while", "case", "switch", "If"];

/// The words that end a condition or a loop.
const ENDS: &[&str] = &["fi", "end", "endif", "esac", "done", "End"];

/// Returns whether a line between two values begins another branch of the condition that encloses
/// both, judging by indentation.
fn is_branch(text: &str, first: Span, between: &str) -> bool {
    // `PATTERN) NAME=… ;;` of a shell.
    if between.split_once(";;").is_some_and(|(_, rest)| {
        rest.lines().count() == 2 && rest.contains(')') && !rest.contains("esac")
    }) {
        return true;
    }
    let own = indent_of(line_of(text, first.start()));
    // The least indentation of the lines already read, and whether all conditions in them are
    // closed.
    let (mut least, mut is_closed) = (own, true);
    let mut branch: Option<usize> = None;
    for line in between.split('\n').skip(1) {
        let (content, indent) = (line.trim(), indent_of(line));
        if content.chars().all(|c| "{}()[];,".contains(c)) {
            branch = branch.filter(|branch| indent >= *branch);
            continue;
        }
        let content = content.trim_start_matches(['}', ' ']);
        let word = content.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
        let is_flat = indent == own && least == own && is_closed;
        let is_end = ENDS.contains(&word);
        if begins_branch(content) && (indent < least || is_flat) {
            branch = Some(indent);
        } else {
            branch = branch.filter(|branch| indent > *branch || (indent == *branch && !is_end));
        }
        is_closed &= !(indent <= own && (is_end || HEADS.contains(&word)));
        least = least.min(indent);
    }
    branch.is_some()
}

/// Returns whether both values are assigned to one name, one of them under a condition of its own.
fn is_overridden(text: &str, first: Span, second: Span) -> bool {
    let name = |value: Span| {
        let key = key_before(text, value.start())?;
        matches!(key.joint, Joint::Equals | Joint::Definition).then_some(key.name)
    };
    let Some(given) = name(first).filter(|given| name(second) == Some(*given)) else {
        return false;
    };
    let line = |value: Span| line_of(text, value.start());
    let (one, other) = (line(first), line(second));
    let is_conditional = |line: &str| {
        let before = line.rsplit_once(given).map_or("", |(before, _)| before);
        before.contains("&&") || before.contains("||") || before.contains("if ")
    };
    if is_conditional(one) || is_conditional(other) {
        return indent_of(one) == indent_of(other);
    }
    // `NAME = …`, with `if … { NAME = … }` below or above it.
    let outer = indent_of(one).min(indent_of(other));
    let inner = indent_of(one).max(indent_of(other));
    let between = text.get(first.end()..second.start()).unwrap_or("");
    let mut lines = between.split('\n').skip(1);
    let is_head = |line: &str| {
        let word = line.trim_start().split(|c: char| !c.is_alphabetic()).next().unwrap_or("");
        indent_of(line) == outer && matches!(word, "if" | "unless" | "If")
    };
    let mut has_head = false;
    let is_inside = lines.all(|line| {
        has_head |= is_head(line);
        line.trim().is_empty() || indent_of(line) >= outer
    });
    inner > outer && indent_of(other) == inner && is_inside && has_head
}

/// Returns the line of a place, up to the place.
fn line_of(text: &str, at: usize) -> &str {
    window_before(text, at).rsplit('\n').next().unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_choice(text: &str) -> bool {
        let (first, second) = (text.find('X').unwrap(), text.rfind('Y').unwrap());
        is_between(text, Span::new(first, first + 1), Span::new(second, second + 1))
    }

    #[test]
    fn is_choice_recognizes_alternatives() {
        for text in [
            "a = old ? \"X\" : \"Y\"",
            "var a = v > n\n  ? \"X\"\n  : \"Y\";",
            "a: old ? pulumi.String(\"X\") : pulumi.String(\"Y\")",
            "a = \"X\" if minor < 24 else \"Y\"",
            "a = (\n    \"X\"\n    if old\n    else \"Y\"\n)",
            "val a = if (old) \"X\" else \"Y\"",
            "let a = if old { \"X\".to_string() } else { \"Y\".to_string() };",
            "[ \"$OLD\" ] && A=X || A=Y",
            "if $OLD; then A=X; else A=Y; fi",
            "{{ ternary \"X\" \"Y\" .old }}",
            "a: {{ if .old }}X{{ else }}Y{{ end }}",
            "a: {% if old %}X{% else %}Y{% endif %}",
            "{{- if .old }}\na: X\n{{- else }}\na: Y\n{{- end }}",
            "{{- if .old }}\na: X\n{{- if .b }}\nb: c\n{{- end }}\n{{- else }}\na: Y\n{{- end }}",
            "%{ if old }\na: X\n%{ else }\na: Y\n%{ endif }",
            "if old:\n    a = \"X\"\nelse:\n    a = \"Y\"",
            "if old:\n    a = {\n        \"b\": \"X\",\n    }\nelse:\n    a = {\n        \"b\": \"Y\"",
            "if old {\n\ta = \"X\"\n} else {\n\ta = \"Y\"\n}",
            "if (old)\n{\n  a = \"X\";\n}\nelse\n{\n  a = \"Y\";\n}",
            "if old; then\n  A=X\nelse\n  A=Y\nfi",
            "if old; then\nA=X\nelse\nA=Y\nfi",
            "switch v {\ncase 1:\n\ta = \"X\"\ndefault:\n\ta = \"Y\"\n}",
            "case $V in\n  1) A=X ;;\n  *) A=Y ;;\nesac",
            "a := \"X\"\nif old {\n\ta = \"Y\"\n}",
            "A=X\n[ \"$OLD\" ] && A=Y",
            "if old:\n  command: aws\n  a: X\nelse:\n  command: aws\n  a: Y",
            "A=$([ $OLD ] && echo X || echo Y)",
        ] {
            assert!(is_choice(text), "{text}");
        }
        for text in [
            "a = [\"X\", \"Y\"]",
            "{\"X\": \"Y\"}",
            "if old:\n    a = \"X\"\nb = \"Y\"",
            "a = \"X\"\nif old:\n    b = 1\nelse:\n    b = 2\nc = \"Y\"",
            "a = \"X\"\nif old:\n    b = 1\nelse:\n    c = \"Y\"",
            "if old; then\nA=X\nfi\nif b; then\nc\nelse\nA=Y\nfi",
            "{{ if .a }}b: X{{ end }}\n{{ if .c }}d{{ else }}e{{ end }}\nb: Y",
            "{{ if .a }}b: X{{ end }}\nb: Y",
            "a: X\n{{ if .a }}c{{ else }}b: Y{{ end }}",
            "a && f(\"X\", \"Y\")",
            "- a: X\n- a: Y",
            "description = \"X\"\ndefault = \"Y\"",
            "- a: X\n  when: b\n- a: Y",
            "if old:\n  command: aws\n  a: X\nelse:\n  command: gcloud\n  a: Y",
        ] {
            assert!(!is_choice(text), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn is_choice_accepts_any_text(
            text in "X([ab:=?,;\"'(){}\n é|&-]|if|else|end|\\{\\{|\\}\\}|command){0,40}Y",
        ) {
            is_choice(&text);
        }
    }
}
