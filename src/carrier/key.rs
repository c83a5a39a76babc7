//! Finds the key of a value in a text that no parser accepts, and how the two are joined.

use crate::text::source::{window_after, window_before};

use super::vocabulary::{self, is_flag};

/// How a key and its value are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joint {
    /// `key: value`, `key => value`.
    Colon,
    /// `key = value`.
    Equals,
    /// `key := value`.
    Definition,
    /// `"key", value`.
    Comma,
    /// `key(value)`.
    Call,
    /// `--key value`.
    Blank,
}

/// The key of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key<'a> {
    /// The key without quotes; a flag includes its dashes.
    pub(super) name: &'a str,
    /// The byte offset of the key in the text.
    pub(super) start: usize,
    /// How the value is joined to the key.
    pub(super) joint: Joint,
}

/// Returns the key of the value that begins at `at`, skipping quotes, escapes and calls around the
/// value.
pub(super) fn key_before(text: &str, at: usize) -> Option<Key<'_>> {
    let before = window_before(text, at);
    let key = last_key(before)?;
    Some(Key { start: at - before.len() + key.start, ..key })
}

/// Returns the key of a value that would follow `before`.
fn last_key(before: &str) -> Option<Key<'_>> {
    let literal = before_literal(before);
    let is_quoted = literal.is_some();
    let rest = match literal.map(without_calls) {
        Some(Ok(rest)) => rest,
        Some(Err(key)) => return Some(key),
        None => before,
    };
    if let Some(key) = shell_default(rest) {
        return Some(key);
    }
    let (rest, is_next_line) = before_break(rest);
    let (rest, joint) = joint_before(rest)?;
    if is_next_line && joint == Joint::Comma {
        return None;
    }
    let rest = rest.trim_end();
    let rest = rest.strip_suffix(']').unwrap_or(rest);
    let (rest, is_quoted_key) = without_quotes(rest);
    let name_start = rest.trim_end_matches(is_name).len();
    let name = rest.get(name_start..)?;
    // `[ "$version" = "…" ]` compares; `$version = "…"` at the start of a line does not.
    let before_name = rest.get(..name_start)?;
    if let Some(line) = before_name.strip_suffix('$').or_else(|| before_name.strip_suffix("${")) {
        let line = line.rsplit('\n').next().unwrap_or("");
        if !line.trim().is_empty() {
            return None;
        }
    }
    let is_key = match joint {
        Joint::Comma => {
            // YAML lists need no quotes.
            (is_quoted_key && (vocabulary::is_api_version(name) || is_long_flag(name)))
                || (is_long_flag(name) && is_flag(name))
        }
        Joint::Blank => {
            let is_ours = vocabulary::is_api_version(name);
            let is_path = is_ours && before_name.ends_with('.');
            // `{:apiVersion "…"}` of Clojure.
            let keyword = before_name.strip_suffix(':').filter(|_| is_quoted && is_ours);
            let is_keyword = keyword.is_some_and(|before| {
                before.is_empty()
                    || before.ends_with(|c: char| c.is_whitespace() || "{,".contains(c))
            });
            (is_long_flag(name) && is_flag(name)) || is_path || is_keyword
        }
        _ => true,
    };
    (is_key && !name.trim_matches('-').is_empty()).then_some(Key { name, start: name_start, joint })
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-')
}

fn is_long_flag(name: &str) -> bool {
    name.starts_with("--")
}

/// Strips the quotes at the end of a text, including escaped ones, and returns whether there were
/// any.
fn without_quotes(text: &str) -> (&str, bool) {
    let rest = text.trim_end_matches(['"', '\'', '`', '\\']);
    let is_quoted = rest.len() < text.len();
    match rest.strip_suffix("&quot;").or_else(|| rest.strip_suffix("&#34;")) {
        Some(rest) => (rest, true),
        None => (rest, is_quoted),
    }
}

/// Returns the text after a string literal and the calls on it (`.to_string()`), on the same line
/// or the next.
pub(super) fn after_literal(text: &str, end: usize) -> &str {
    let rest = window_after(text, end);
    let mut rest = rest.trim_start_matches(['"', '\'', '`', '\\']).trim_start_matches([' ', '\t']);
    let is_callee = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    while let Some(call) = rest.strip_prefix('.') {
        let after = call.trim_start_matches(is_callee);
        let Some(after) = after.strip_prefix("()") else { break };
        rest = after;
    }
    rest
}

/// Strips the quotes and the prefix (`f"`, `@"`) of a string literal from the text before its
/// content; `None` if the text does not end with quotes.
pub(super) fn before_literal(before: &str) -> Option<&str> {
    let (rest, is_quoted) = without_quotes(before);
    let apart = rest.trim_end_matches(['f', 'r', 'b', 'u', '@', '$', 'R', 'F']);
    let is_apart = rest.len() - apart.len() <= 2 && !apart.ends_with(is_name);
    is_quoted.then_some(if is_apart { apart } else { rest })
}

/// Strips the calls that only wrap a string: `pulumi.String(`, `Some(`. Returns the key as an error
/// if one of them is a builder's method: `.withApiVersion(`.
fn without_calls(text: &str) -> Result<&str, Key<'_>> {
    let mut rest = text;
    for _ in 0..4 {
        let Some(inner) = rest.trim_end().strip_suffix('(') else { break };
        let inner = inner.trim_end();
        let is_callee = |c: char| is_name(c) || matches!(c, '.' | ':' | '&' | '!' | '*');
        let start = inner.trim_end_matches(is_callee).len();
        let callee = inner.get(start..).unwrap_or("");
        let name = callee.rsplit(['.', ':', '!', '&', '*']).next().unwrap_or("");
        if vocabulary::sets_api_version(name) && callee.len() > name.len() {
            let start = inner.len() - name.len();
            return Err(Key { name, start, joint: Joint::Call });
        }
        rest = inner.get(..start).unwrap_or("");
    }
    Ok(rest)
}

/// `${NAME:-` of a shell.
fn shell_default(text: &str) -> Option<Key<'_>> {
    let rest = [":-", ":=", "-", "="].into_iter().find_map(|mark| text.strip_suffix(mark))?;
    let is_variable = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let start = rest.trim_end_matches(is_variable).len();
    let name = rest.get(start..).filter(|name| !name.is_empty())?;
    rest.get(..start)?.ends_with("${").then_some(Key { name, start, joint: Joint::Equals })
}

/// Strips blanks at the end, and at most one line break, which may separate a value from its key.
/// Returns whether there was a line break.
fn before_break(text: &str) -> (&str, bool) {
    let rest = text.trim_end_matches([' ', '\t']);
    // A list item on a line of its own.
    let item = rest.strip_suffix('-').map(|rest| rest.trim_end_matches([' ', '\t']));
    let rest = item.filter(|rest| rest.ends_with('\n')).unwrap_or(rest);
    let Some(above) = rest.strip_suffix('\n') else { return (rest, false) };
    // Line continuations in POSIX and Windows shells, and string concatenation.
    let above = above.trim_end().trim_end_matches(['\\', '^', '`', '+', '.']);
    (above.trim_end_matches([' ', '\t']), true)
}

/// Strips what joins key and value; `None` if the two are only compared.
fn joint_before(text: &str) -> Option<(&str, Joint)> {
    const COMPARISONS: &[&str] = &["==", "!=", "<=", ">=", "~=", "=~", "::", "?:"];
    if COMPARISONS.iter().any(|mark| text.ends_with(mark)) {
        return None;
    }
    let joints = [
        ("=>", Joint::Colon),
        (":=", Joint::Definition),
        // Make.
        ("?=", Joint::Equals),
        (":", Joint::Colon),
        ("=", Joint::Equals),
        (",", Joint::Comma),
    ];
    let found =
        joints.into_iter().find_map(|(mark, joint)| Some((text.strip_suffix(mark)?, joint)));
    if found.is_some() {
        return found;
    }
    // `"apiVersion" to "…"` of Kotlin.
    if let Some(rest) = text.strip_suffix(" to").filter(|rest| rest.ends_with('"')) {
        return Some((rest, Joint::Comma));
    }
    // `<apiVersion>…` of XML.
    if let Some(rest) = text.strip_suffix('>') {
        let start = rest.trim_end_matches(is_name).len();
        return rest.get(..start)?.ends_with('<').then_some((rest, Joint::Colon));
    }
    Some((text, Joint::Blank))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the key of the value `X` in a text.
    fn key(text: &str) -> Option<(&str, Joint)> {
        key_before(text, text.rfind('X').unwrap()).map(|key| (key.name, key.joint))
    }

    #[test]
    fn key_before_finds_names_and_joints() {
        for (text, name, joint) in [
            ("apiVersion: X", "apiVersion", Joint::Colon),
            ("'apiVersion' => 'X'", "apiVersion", Joint::Colon),
            (r#"{"apiVersion":"X"}"#, "apiVersion", Joint::Colon),
            (r#"{\"apiVersion\": \"X\"}"#, "apiVersion", Joint::Colon),
            (r#"{\\\"apiVersion\\\": \\\"X"#, "apiVersion", Joint::Colon),
            (r#"""apiVersion"": ""X"""#, "apiVersion", Joint::Colon),
            ("apiVersion:\n    'X'", "apiVersion", Joint::Colon),
            ("api_version = \"X\"", "api_version", Joint::Equals),
            ("apiVersion: f\"X\"", "apiVersion", Joint::Colon),
            ("APIVersion: pulumi.String(\"X\")", "APIVersion", Joint::Colon),
            ("api_version: Some(String::from(\"X\"))", "api_version", Joint::Colon),
            ("b.withApiVersion(\"X\")", "withApiVersion", Joint::Call),
            ("exec[\"apiVersion\"] = \"X\"", "apiVersion", Joint::Equals),
            ("map.put(\"apiVersion\", \"X\")", "apiVersion", Joint::Comma),
            ("\"apiVersion\" to \"X\"", "apiVersion", Joint::Comma),
            ("--exec-api-version X", "--exec-api-version", Joint::Blank),
            ("--exec-api-version=X", "--exec-api-version", Joint::Equals),
            ("--exec-api-version \\\n  X", "--exec-api-version", Joint::Blank),
            ("- --exec-api-version\n- X", "--exec-api-version", Joint::Blank),
            ("\"--exec-api-version\", \"X\"", "--exec-api-version", Joint::Comma),
            ("set users.a.exec.apiVersion X", "apiVersion", Joint::Blank),
            ("{:exec {:apiVersion \"X\"}}", "apiVersion", Joint::Blank),
            ("{:command \"aws\" :api-version \"X\"}", "api-version", Joint::Blank),
            ("v := \"X\"", "v", Joint::Definition),
            ("${EXEC_API_VERSION:-X}", "EXEC_API_VERSION", Joint::Equals),
            ("<apiVersion>X</apiVersion>", "apiVersion", Joint::Colon),
        ] {
            assert_eq!(key(text), Some((name, joint)), "{text}");
        }
        for text in [
            "X",
            "if v == \"X\"",
            "v != \"X\"",
            "case \"X\":",
            "the version X",
            "[\"X\"]",
            "invalid apiVersion \"X\"",
            "f::apiVersion \"X\"",
            "a:apiVersion \"X\"",
            "f(a, \"X\")",
            "a, \"X\"",
            "<p>X",
            "x.startsWith(\"X\")",
        ] {
            let found = key(text).filter(|(name, _)| vocabulary::names_exec_version(name));
            assert_eq!(found, None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn key_before_accepts_any_text(text in "[ab: =,\"'\\\\(){}<>\n\r$-]{0,30}X") {
            if let Some(key) = key_before(&text, text.len() - 1) {
                proptest::prop_assert!(text[key.start..].starts_with(key.name));
            }
        }
    }
}
