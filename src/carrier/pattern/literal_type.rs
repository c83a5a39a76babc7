//! TypeScript types that allow only one exec API version: `apiVersion: "…";` in an interface,
//! `type Version = "…"`. A union of several versions allows each of them.

use crate::carrier::comment::line_before;
use crate::carrier::key::{Joint, Key};
use crate::carrier::vocabulary;
use crate::text::source::{Span, window_before};

use super::after_literal;
use super::declaration::innermost;

/// Returns whether the value, after this key if it has one, is such a type.
pub(super) fn holds(text: &str, key: Option<&Key<'_>>, value: Span) -> bool {
    let rest = after_literal(text, value.end);
    if rest.len() == text.len() - value.end || rest.trim_start().starts_with(['|', '&']) {
        return false;
    }
    let line = line_before(window_before(text, value.start));
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
    let is_in_type = || innermost(window_before(text, key.start)).is_some_and(opens_type);
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
    let statement = text.trim_end().rsplit(['\n', ';', '{', '}']).next().unwrap_or("").trim();
    let mut words = statement.split_whitespace();
    let word = words.find(|word| !matches!(*word, "export" | "default" | "declare"));
    match word {
        Some("interface") => true,
        Some("type") => statement.strip_suffix('=').is_some_and(is_alias),
        _ => false,
    }
}
