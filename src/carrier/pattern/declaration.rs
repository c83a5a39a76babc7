//! Declarations: the names of constants and variables that hold an exec API version, and whether
//! `key = "value"` declares something rather than configures it.

use crate::carrier::comment::line_before;
use crate::carrier::key::{Joint, Key, after_literal, before_literal};
use crate::carrier::vocabulary;
use crate::text::source::{Span, window_before};

use super::flow;

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Type names that may follow a declared name.
const TYPES: &[&str] = &["string", "str", "String"];

/// Returns the name of the constant or variable that takes the value at `at`.
pub(super) fn name_of(text: &str, at: usize, is_code: bool) -> Option<&str> {
    let before = window_before(text, at);
    let line = before.rsplit('\n').next()?;
    let rest = before_literal(line).or_else(|| (!is_code).then_some(line))?;
    name_before(without_call(rest).trim_end(), is_code)
}

/// Returns the name of the constant or variable that takes a value, judging by the line before the
/// value.
pub(super) fn name_before(rest: &str, is_code: bool) -> Option<&str> {
    let attribute = rest.rsplit(char::is_whitespace).next().filter(|name| name.starts_with('@'));
    if let Some(name) = attribute.map(|name| name.trim_start_matches('@')) {
        return (!name.is_empty() && name.chars().all(is_name)).then_some(name);
    }
    if let Some(name) = rest.trim_start().strip_prefix("#define ") {
        return Some(name.trim()).filter(|name| name.chars().all(is_name));
    }
    let rest = match rest.strip_suffix('=') {
        // `NAME := …` and `NAME ?= …` of Make.
        Some(rest) => rest.strip_suffix([':', '?']).unwrap_or(rest),
        // `NAME: …` of `env:` in a workflow.
        None if !is_code => rest.strip_suffix(':')?,
        None => return None,
    };
    if rest.ends_with(['=', '!', '<', '>', '~']) {
        return None;
    }
    // `NAME: type`, but not `a::b`.
    let annotation = rest.find(':').filter(|&at| !rest.get(at..).unwrap_or("").starts_with("::"));
    let rest = annotation.and_then(|at| rest.get(..at)).unwrap_or(rest);
    let mut words = rest.split(|c| !is_name(c)).filter(|word| !word.is_empty()).rev();
    let last = words.next()?;
    // `NAME string` of Go.
    let is_type = annotation.is_none() && TYPES.contains(&last);
    if is_type { words.next() } else { Some(last) }
}

/// Returns the name of the field or parameter whose default is the literal at `at`, if its type is
/// written: `apiVersion: String = "…"`. Constants are not defaults.
pub(super) fn typed_default(text: &str, at: usize) -> Option<&str> {
    let before = before_literal(window_before(text, at))?;
    let line = line_before(before);
    let (left, kind) = line.trim_end().strip_suffix('=')?.rsplit_once(':')?;
    let is_type = |c: char| is_name(c) || " \t[]<>.,|&*?".contains(c);
    if left.ends_with(':') || !kind.chars().all(is_type) || kind.trim().is_empty() {
        return None;
    }
    let left = left.strip_suffix('?').unwrap_or(left);
    let start = left.trim_end_matches(is_name).len();
    let (before_name, name) = left.split_at_checked(start)?;
    let own = before_name.rsplit([';', '{', '(', ',']).next().unwrap_or("");
    let has = |keywords: &[&str]| own.split(|c| !is_name(c)).any(|word| keywords.contains(&word));
    let is_field = || {
        let before = before.get(..before.len() - line.len() + start).unwrap_or("");
        let opened = flow::enclosing(before).unwrap_or("");
        opened.ends_with('(') || is_declaration(opened)
    };
    let is_constant = has(&["const", "constexpr", "static", "final", "let"]);
    (!is_constant && (!has(&["val", "var"]) || is_field())).then_some(name)
}

/// Strips the call that a text opens at its end: `String::from(`.
fn without_call(text: &str) -> &str {
    let Some(callee) = text.strip_suffix('(') else { return text };
    callee.trim_end_matches(|c| is_name(c) || matches!(c, ':' | '.'))
}

/// Keywords that begin a declaration.
const KEYWORDS: &[&str] = &[
    "const",
    "constexpr",
    "var",
    "let",
    "val",
    "static",
    "final",
    "readonly",
    "type",
    "object",
    "class",
    "enum",
    "struct",
    "interface",
    "trait",
    "case",
];

/// Returns whether the key at `at` is declared: by a keyword before it, or by the text that opens
/// the enclosing bracket.
pub(super) fn is_declared(text: &str, at: usize) -> bool {
    let before = window_before(text, at);
    let own = before.rsplit(['\n', ';', '{', '(', '[', ',']).next().unwrap_or("");
    let has_joint = own.contains(['=', '.']);
    (has_keyword(own) && !has_joint) || flow::enclosing(before).is_some_and(is_declaration)
}

fn has_keyword(text: &str) -> bool {
    let mut words = text.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    words.any(|word| KEYWORDS.contains(&word))
}

/// Returns whether a text that ends in a bracket opens a declaration with it.
fn is_declaration(opened: &str) -> bool {
    let (text, bracket) = opened.split_at(opened.len().saturating_sub(1));
    let statement = last_statement(text);
    if bracket == "{" {
        // `var x = new Exec {` creates an object.
        return has_keyword(statement) && !statement.contains('=');
    }
    // `const (` of Go; other parentheses hold arguments and parameters.
    bracket == "(" && KEYWORDS.contains(&statement)
}

/// Returns the statement, or its head, that a text ends with. The brace that it opens may be on a
/// line of its own.
fn last_statement(text: &str) -> &str {
    text.trim_end().rsplit(['\n', ';', '{', '}']).next().unwrap_or("").trim()
}

/// Returns whether the value, after this key if it has one, is a TypeScript type that allows only
/// one exec API version: `apiVersion: "…";` in an interface, `type Version = "…"`. A union of
/// several versions allows each of them.
pub(super) fn is_literal_type(text: &str, key: Option<&Key<'_>>, value: Span) -> bool {
    let rest = after_literal(text, value.end());
    if rest.len() == text.len() - value.end() || rest.trim_start().starts_with(['|', '&']) {
        return false;
    }
    let line = line_before(window_before(text, value.start()));
    let line = line.trim_end_matches(['"', '\'', '`']).trim_end();
    if line.strip_suffix('=').is_some_and(is_alias) {
        return true;
    }
    let is_property =
        |key: &Key<'_>| key.joint == Joint::Colon && vocabulary::is_api_version(key.name);
    let Some(key) = key.filter(|key| is_property(key)) else { return false };
    let before = text.get(..key.start).unwrap_or("").trim_end_matches(['"', '\'']);
    let line = line_before(window_before(before, before.len())).trim();
    let is_first = line.is_empty() || line == "readonly" || line.ends_with(['{', ';']);
    let is_in_type = || flow::enclosing(window_before(text, key.start)).is_some_and(opens_type);
    (is_first && rest.starts_with(';')) || is_in_type()
}

/// Returns whether `type NAME`, exported or not, precedes `=`.
fn is_alias(before: &str) -> bool {
    let mut words = before.split_whitespace();
    let word = words.find(|word| !matches!(*word, "export" | "declare"));
    word == Some("type") && words.next().is_some() && words.next().is_none()
}

/// Returns whether a text that ends in a brace opens an interface or a type alias with it.
fn opens_type(opened: &str) -> bool {
    let Some(text) = opened.strip_suffix('{') else { return false };
    let statement = last_statement(text);
    let mut words = statement.split_whitespace();
    let word = words.find(|word| !matches!(*word, "export" | "default" | "declare"));
    match word {
        Some("interface") => true,
        Some("type") => statement.strip_suffix('=').is_some_and(is_alias),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declared_finds_names_of_constants() {
        for (line, name) in [
            ("API_VERSION = \"X", "API_VERSION"),
            ("API_VERSION: Final[str] = \"X", "API_VERSION"),
            ("\tapiVersion string = \"X", "apiVersion"),
            ("const apiVersion = \"X", "apiVersion"),
            ("    v := `X", "v"),
            ("export const VERSION: string = 'X", "VERSION"),
            ("  private static final String VERSION = \"X", "VERSION"),
            ("const VERSION: &'static str = \"X", "VERSION"),
            ("pub static ref VERSION: std::string::String = String::from(\"X", "VERSION"),
            ("const val VERSION = \"X", "VERSION"),
            ("self.version = 'X", "version"),
            ("  VERSION = 'X", "VERSION"),
            ("  @api_version \"X", "api_version"),
            ("#define API_VERSION \"X", "API_VERSION"),
            ("$version = 'X", "version"),
        ] {
            let at = line.find('X').unwrap();
            assert_eq!(name_of(line, at, true), Some(name), "{line}");
        }
        for line in ["if a == \"X", "a != \"X", "f(\"X", "a = X", "\"X", "a: \"X"] {
            assert_eq!(name_of(line, line.find('X').unwrap(), true), None, "{line}");
        }
        for line in ["VERSION=X", "VERSION ?= X", "VERSION := X", "  VERSION: X", "- VERSION: 'X"] {
            let at = line.find('X').unwrap();
            assert_eq!(name_of(line, at, false), Some("VERSION"), "{line}");
        }
    }

    #[test]
    fn typed_defaults_are_those_of_fields_and_parameters() {
        for (text, name) in [
            ("  apiVersion: string = 'X", Some("apiVersion")),
            ("f(a: int, apiVersion?: string = \"X", Some("apiVersion")),
            ("    api_version: Optional[str] = \"X", Some("api_version")),
            ("    api_version: []const u8 = \"X", Some("api_version")),
            ("class E(\n  val apiVersion: String = \"X", Some("apiVersion")),
            ("struct E {\n  var apiVersion: String = \"X", Some("apiVersion")),
            ("var apiVersion: String = \"X", None),
            ("const API_VERSION: string = \"X", None),
            ("private static apiVersion: string = \"X", None),
            ("a::b = \"X", None),
            ("a: b == \"X", None),
            ("a: \"X", None),
        ] {
            assert_eq!(typed_default(text, text.find('X').unwrap()), name, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn declared_accepts_any_text(text in "[a: =,\"'$@.({})\n\u{e9}]{0,30}X") {
            name_of(&text, text.len() - 1, true);
            typed_default(&text, text.len() - 1);
        }
    }
}
