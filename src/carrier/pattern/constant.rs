//! The names of constants and variables that hold an exec API version.

use crate::text::source::window_before;

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Type names that may follow a declared name.
const TYPES: &[&str] = &["string", "str", "String"];

/// Returns the name of the constant or variable that takes the value at `at`.
pub(super) fn declared(text: &str, at: usize, is_code: bool) -> Option<&str> {
    let before = window_before(text, at);
    let line = before.rsplit('\n').next()?;
    let rest = line.trim_end_matches(['"', '\'', '`']);
    if is_code && rest.len() == line.len() {
        return None;
    }
    let rest = rest.trim_end_matches(['f', 'r', 'u', 'b', '@']);
    declared_before(without_call(rest).trim_end(), is_code)
}

/// Returns the name of the constant or variable that takes a value, judging by the line before it.
pub(super) fn declared_before(rest: &str, is_code: bool) -> Option<&str> {
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

/// Strips the call that a text opens at its end: `String::from(`.
fn without_call(text: &str) -> &str {
    let Some(callee) = text.strip_suffix('(') else { return text };
    callee.trim_end_matches(|c| is_name(c) || matches!(c, ':' | '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_where_they_are_declared() {
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
            assert_eq!(declared(line, at, true), Some(name), "{line}");
        }
        for line in ["if a == \"X", "a != \"X", "f(\"X", "a = X", "\"X", "a: \"X"] {
            assert_eq!(declared(line, line.find('X').unwrap(), true), None, "{line}");
        }
        for line in ["VERSION=X", "VERSION ?= X", "VERSION := X", "  VERSION: X", "- VERSION: 'X"] {
            let at = line.find('X').unwrap();
            assert_eq!(declared(line, at, false), Some("VERSION"), "{line}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_taken(text in "[a: =,\"'$@.({})\n\u{e9}]{0,30}X") {
            declared(&text, text.len() - 1, true);
        }
    }
}
