//! Conditions by which a program accepts only one version: `if v != "…" { return err }`,
//! `if v == "…": … else: raise`.

use crate::carrier::comment::line_before;
use crate::carrier::vocabulary;
use crate::text::source::{Span, indent_of, window_after, window_before};

/// Limit on the lines of a branch that are searched for a failure.
const MAX_LINES: usize = 4;

/// Returns whether the program fails for every version except the value.
pub(super) fn holds(text: &str, value: Span) -> bool {
    let line = line_before(window_before(text, value.start()));
    let head = line.trim_start().trim_start_matches(['}', ' ']);
    let is_condition = ["if", "elif", "else if"]
        .into_iter()
        .any(|word| head.strip_prefix(word).is_some_and(|rest| rest.starts_with([' ', '('])));
    let compared = line.trim_end_matches(['"', '\'', '`']).trim_end();
    let unequal = ["!==", "!="].into_iter().find_map(|mark| compared.strip_suffix(mark));
    let left =
        unequal.or_else(|| ["===", "=="].into_iter().find_map(|mark| compared.strip_suffix(mark)));
    let Some(left) = left.filter(|_| is_condition) else { return false };
    let left = left.trim_end().trim_end_matches([')', ']', '"', '\'', '`']);
    let start = left.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_').len();
    if !left.get(start..).is_some_and(vocabulary::ends_in_api_version) {
        return false;
    }
    let mut below = window_after(text, value.end()).lines();
    let own = below.next().unwrap_or("");
    let indent = indent_of(line);
    let is_inside =
        |line: &&str| line.trim().chars().all(|c| "{}();".contains(c)) || indent_of(line) > indent;
    if unequal.is_some() {
        return fails(own) || below.take_while(is_inside).take(MAX_LINES).any(fails);
    }
    let is_else = |line: &&str| line.trim_start_matches(['}', ' ', '\t']).starts_with("else");
    let mut behind = below.skip_while(is_inside);
    let otherwise = behind.next().filter(is_else);
    otherwise
        .is_some_and(|line| fails(line) || behind.take_while(is_inside).take(MAX_LINES).any(fails))
}

/// Returns whether a line raises an error or ends the program.
fn fails(line: &str) -> bool {
    let line = line.to_ascii_lowercase();
    let mut words = line.split(|c: char| !c.is_alphanumeric());
    words.any(|word| {
        let is_error = word.ends_with("error") || word.ends_with("errorf");
        is_error
            || word.ends_with("exception")
            || matches!(word, "raise" | "throw" | "reject" | "panic" | "bail" | "abort" | "exit")
            || matches!(word, "err" | "errors" | "fail" | "fatal" | "fatalf" | "die")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirement_holds_where_other_versions_fail() {
        let holds = |text: &str| {
            let at = text.find('X').unwrap();
            holds(text, Span::new(at, at + 1))
        };
        for text in [
            "if api_version == \"X\":\n    f()\nelse:\n    raise NotImplementedError(a)",
            "if (out.apiVersion !== 'X' || out.kind !== 'b') reject(new Error(a));",
            "if (out.apiVersion !== 'X') {\n  throw new Error(a);\n}",
            "if e[\"apiVersion\"] != \"X\":\n    raise ValueError(a)",
            "if cred.APIVersion != \"X\" {\n\treturn nil, fmt.Errorf(\"a\")\n}",
            "if apiVersion == \"X\" {\n\tf()\n} else {\n\treturn err\n}",
            "if (e.ApiVersion != \"X\")\n{\n    throw new Exception(a);\n}",
        ] {
            assert!(holds(text), "{text}");
        }
        for text in [
            "if api_version == \"X\":\n    raise ValueError(a)",
            "if api_version == \"X\":\n    f()\nelse:\n    g()",
            "if api_version != \"X\":\n    f()\nraise ValueError(a)",
            "if kind != \"X\":\n    raise ValueError(a)",
            "is_old = api_version == \"X\"",
            "return api_version != \"X\"; // error",
        ] {
            assert!(!holds(text), "{text}");
        }
    }
}
