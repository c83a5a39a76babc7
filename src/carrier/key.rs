//! What stands before a value in a text that no parser takes: its key, and how the two are
//! joined.

use crate::text::source::window_before;

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
    /// The key, without quotes; a flag with its dashes.
    pub(super) name: &'a str,
    /// Where it begins, a byte of the text.
    pub(super) start: usize,
    /// How the value follows.
    pub(super) joint: Joint,
}

/// The key of the value that begins at `at`, quotes, escapes and calls around the value aside.
pub(super) fn key_before(text: &str, at: usize) -> Option<Key<'_>> {
    let before = window_before(text, at);
    let key = last_key(before)?;
    Some(Key { start: at - before.len() + key.start, ..key })
}

/// The key of the value that would follow.
fn last_key(before: &str) -> Option<Key<'_>> {
    let (mut rest, is_quoted) = without_quotes(before);
    if is_quoted {
        match without_calls(without_prefix(rest)) {
            Ok(inner) => rest = inner,
            Err(key) => return Some(key),
        }
    }
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
            // A list of YAML needs no quotes.
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

/// The text without the quotes at its end, escaped ones too, and whether there were any.
fn without_quotes(text: &str) -> (&str, bool) {
    let rest = text.trim_end_matches(['"', '\'', '`', '\\']);
    let is_quoted = rest.len() < text.len();
    match rest.strip_suffix("&quot;").or_else(|| rest.strip_suffix("&#34;")) {
        Some(rest) => (rest, true),
        None => (rest, is_quoted),
    }
}

/// The text without the letter that says what kind of string follows: `f"`, `@"`.
fn without_prefix(text: &str) -> &str {
    let rest = text.trim_end_matches(['f', 'r', 'b', 'u', '@', '$', 'R', 'F']);
    let is_apart = text.len() - rest.len() <= 2 && !rest.ends_with(is_name);
    if is_apart { rest } else { text }
}

/// The text without the calls that only wrap a string: `pulumi.String(`, `Some(`; the key where
/// one of them is a builder's: `.withApiVersion(`.
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

/// The text before blanks, and before the one line break by which a value may be apart from its
/// key; and whether there was one.
fn before_break(text: &str) -> (&str, bool) {
    let rest = text.trim_end_matches([' ', '\t']);
    // An item of a list on a line of its own.
    let item = rest.strip_suffix('-').map(|rest| rest.trim_end_matches([' ', '\t']));
    let rest = item.filter(|rest| rest.ends_with('\n')).unwrap_or(rest);
    let Some(above) = rest.strip_suffix('\n') else { return (rest, false) };
    // So ends a line that goes on below, in shells, in Windows' shells, and where strings are
    // joined.
    let above = above.trim_end().trim_end_matches(['\\', '^', '`', '+', '.']);
    (above.trim_end_matches([' ', '\t']), true)
}

/// The text before what joins key and value; `None` where the two are only compared.
fn joint_before(text: &str) -> Option<(&str, Joint)> {
    const COMPARISONS: &[&str] = &["==", "!=", "<=", ">=", "~=", "=~", "::", "?:"];
    if COMPARISONS.iter().any(|mark| text.ends_with(mark)) {
        return None;
    }
    let joints = [
        ("=>", Joint::Colon),
        (":=", Joint::Definition),
        // Of make.
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

    /// The key before the `X` in a text.
    fn key(text: &str) -> Option<(&str, Joint)> {
        key_before(text, text.rfind('X').unwrap()).map(|key| (key.name, key.joint))
    }

    #[test]
    fn keys_are_found_before_values() {
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
        fn any_text_is_taken(text in "[ab: =,\"'\\\\(){}<>\n\r$-]{0,30}X") {
            if let Some(key) = key_before(&text, text.len() - 1) {
                proptest::prop_assert!(text[key.start..].starts_with(key.name));
            }
        }
    }
}
