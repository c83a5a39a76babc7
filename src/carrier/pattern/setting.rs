//! Whether a key sets the version behind it, by where both stand: at the start of a line, in a call,
//! in the middle of a sentence.

use crate::carrier::comment::line_before;
use crate::carrier::fallback;
use crate::carrier::key::{Joint, Key, after_literal};
use crate::carrier::vocabulary::{self, is_flag};
use crate::language::Language;
use crate::text::source::{Span, window_after, window_before};

use super::lines::Lines;
use super::{declaration, pairs};

/// Returns whether the key takes the value, and is a key for exec API versions.
pub(super) fn is_setting(text: &str, key: &Key<'_>, value: Span, language: Language) -> bool {
    let name = key.name;
    let is_flag = name.starts_with("--") && is_flag(name);
    let is_exact =
        vocabulary::is_api_version(name) || vocabulary::letters(name) == "execapiversion";
    match language {
        _ if is_flag => true,
        Language::Code => {
            let is_given = match key.joint {
                Joint::Colon => is_key_position(text, key.start) && !is_type(text, value.end()),
                Joint::Equals => {
                    is_argument(text, key.start, value.end())
                        || is_statement_beside_command(text, key.start)
                }
                Joint::Comma | Joint::Call | Joint::Blank => true,
                Joint::Definition => false,
            };
            // The argument of a builder call is a setting, whatever the name of the call.
            key.joint == Joint::Call || (is_exact && is_given)
        }
        Language::Hcl => {
            !matches!(name, "condition" | "error_message" | "description")
                && match key.joint {
                    Joint::Equals => true,
                    Joint::Colon => {
                        vocabulary::names_exec_version(name) && is_key_position(text, key.start)
                    }
                    _ => is_exact,
                }
        }
        _ => match key.joint {
            Joint::Colon => {
                vocabulary::names_exec_version(name) && is_key_position(text, key.start)
            }
            Joint::Equals | Joint::Definition => {
                vocabulary::names_exec_version(name) || name == "default"
            }
            Joint::Comma | Joint::Blank | Joint::Call => is_exact,
        },
    }
}

/// Characters that may precede a key.
const BEFORE_KEYS: [char; 19] = [
    '{', ',', '[', '(', '-', '|', ';', '>', '?', '&', '*', '+', '}', '#', '/', '"', '\'', '`', '%',
];

/// Returns whether a key may be at `at`: at the start of a line, of a string or of text in braces.
/// In the middle of a sentence it is an ordinary word.
pub(super) fn is_key_position(text: &str, at: usize) -> bool {
    let before = line_before(window_before(text, at));
    if before.ends_with(['"', '\'', '`', '\\']) {
        return true;
    }
    let before = before.trim_end();
    before.is_empty()
        || before.ends_with(BEFORE_KEYS)
        || before.strip_suffix(':').is_some_and(|b| b.ends_with([' ', '{', ',', '(']))
        || before.ends_with("\\t")
        || before.ends_with("\\r")
}

/// Returns whether the value is a type: `apiVersion: 'a' | 'b';` of TypeScript.
fn is_type(text: &str, end: usize) -> bool {
    let rest = after_literal(text, end);
    rest.starts_with([';', '|']) && !rest.starts_with("||")
}

/// Returns whether `key = "value"` is an argument, a field of a literal or an assignment to a
/// field, and not the declaration of a constant or variable.
fn is_argument(text: &str, start: usize, end: usize) -> bool {
    let before = text.get(..start).unwrap_or("");
    let is_field = before.ends_with(['.', '"', '\'']);
    let is_field = is_field || before.ends_with("->") || before.ends_with("::");
    let rest = after_literal(text, end).trim_start();
    is_field || (rest.starts_with([',', ')', '}']) && !declaration::is_declared(text, start))
}

/// Returns whether `key = "value"` is a statement next to one that sets the command: in a block
/// that configures an object, or in a Nix set.
fn is_statement_beside_command(text: &str, start: usize) -> bool {
    let line = window_before(text, start).rsplit('\n').next().unwrap_or("").trim();
    let is_statement = line.is_empty() || line.ends_with(['{', ';']);
    is_statement && pairs::beside(&Lines::around(text, start), start, false).has_command
}

/// Returns whether the value ends the commented-out text; a sentence would continue after it.
pub(super) fn is_whole(text: &str, end: usize) -> bool {
    let rest = window_after(text, end).lines().next().unwrap_or("");
    let rest = rest.trim_start_matches(['"', '\'', '`', '\\']);
    let is_closed = rest.is_empty() || rest.starts_with([',', '}', ')', ']', ';', '|', '<']);
    let rest = rest.trim_start();
    let marks = ["#", "//", "*/", "-->", "}}", "{{", "\\", "<", "-", "|", ">", "&&"];
    is_closed || rest.is_empty() || marks.into_iter().any(|mark| rest.starts_with(mark))
}

/// Returns whether the text continues as a sentence: `apiVersion: … is no longer supported`.
pub(super) fn continues_as_sentence(
    text: &str,
    key: &Key<'_>,
    value: Span,
    language: Language,
) -> bool {
    let rest = window_after(text, value.end()).lines().next().unwrap_or("");
    if let Some(rest) = rest.strip_prefix(' ') {
        let (word, after) = first_word(rest);
        // After a flag or a variable, a command may continue.
        return key.joint == Joint::Colon && !word.is_empty() && after.starts_with([' ', '.', ',']);
    }
    // After a quote a statement may continue, too, so require a second word.
    let quotes = rest.len() - rest.trim_start_matches(['"', '\'', '`']).len();
    let Some((closed, rest)) = rest.split_at_checked(quotes).filter(|_| quotes > 0) else {
        return false;
    };
    let before = text.get(..key.start).unwrap_or("");
    let between = text.get(key.start..value.start()).unwrap_or("");
    let is_around_both = closed.ends_with(|c| before.ends_with(c) && !between.contains(c));
    let (word, after) = first_word(rest.strip_prefix(' ').unwrap_or(""));
    let (next, _) = first_word(after.strip_prefix(' ').unwrap_or(""));
    let is_of_statement = matches!(word, "if" | "else" | "unless" | "and" | "or" | "for" | "to");
    key.joint == Joint::Colon
        && (is_around_both || language != Language::Code)
        && !(word.is_empty() || next.is_empty() || is_of_statement)
}

/// Splits a text after its leading letters. The first part is empty if the letters belong to
/// something longer.
fn first_word(text: &str) -> (&str, &str) {
    let length = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    let (word, after) = text.split_at(length);
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '/' | '=');
    if after.starts_with(is_part) { ("", text) } else { (word, after) }
}

/// Returns the key that begins the line, if an expression computes its value: `lookup(…)`,
/// `a ? b : c`, `{{ … }}`.
pub(super) fn key_of_line(text: &str, at: usize) -> Option<Key<'_>> {
    let line = line_before(window_before(text, at));
    let line_start = at - line.len();
    let trimmed = line.trim_start_matches([' ', '\t', '-', '#', '/', '"', '\'', '>', '*']);
    let start = line_start + line.len() - trimmed.len();
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let length = trimmed.find(|c| !is_name(c)).unwrap_or(trimmed.len());
    let (name, rest) = trimmed.split_at_checked(length)?;
    let rest = rest.trim_start_matches(['"', '\'', ' ', '\t']);
    let value = rest.strip_prefix([':', '=']).filter(|value| !value.starts_with('='))?;
    let expressions = ["{{", "{%", "${", "?", "||", "??", "(", "<%"];
    let has_expression = expressions.into_iter().any(|mark| value.contains(mark));
    let is_ours =
        vocabulary::names_exec_version(name) && has_expression && !fallback::is_tested(value);
    is_ours.then_some(Key { name, start, joint: Joint::Equals })
}

#[cfg(test)]
mod tests {
    use crate::carrier::key::key_before;

    use super::*;

    #[test]
    fn continues_as_sentence_recognizes_prose() {
        let goes_on = |text: &str, language| {
            let at = text.find('X').unwrap();
            let key = key_before(text, at).or_else(|| key_of_line(text, at)).unwrap();
            continues_as_sentence(text, &key, Span::new(at, at + 1), language)
        };
        for text in [
            "apiVersion: X is removed",
            "apiVersion: X no, really",
            "`apiVersion: X` is removed",
            "\"apiVersion: X\" was removed.",
            "apiVersion: \"X\" no longer works",
        ] {
            assert!(goes_on(text, Language::Data), "{text}");
        }
        assert!(goes_on("\"`apiVersion: X` is removed\"", Language::Code));
        for text in [
            "apiVersion: X",
            "apiVersion: X, command: aws",
            "apiVersion: X command: aws",
            "apiVersion: 'X' # old one",
            "apiVersion: {{ 'X' if old else 'Y' }}",
            "echo 'apiVersion: X' file.yaml",
            "V='X' envsubst < a",
            "--exec-api-version='X' some user",
        ] {
            assert!(!goes_on(text, Language::Data), "{text}");
        }
        assert!(!goes_on("{\"apiVersion\": \"X\" unless old}", Language::Code));
        assert!(!goes_on("{\"apiVersion\": \"X\" cond other}", Language::Code));
    }

    #[test]
    fn is_argument_rejects_constants() {
        let is_argument = |text: &str| {
            let value = text.find('X').unwrap();
            let key = key_before(text, value).unwrap();
            is_argument(text, key.start, value + 1)
        };
        for text in [
            "const apiVersion = (\n  \"X\"\n);",
            "const (\n\tapiVersion = \"X\"\n)\n",
            "const (\n\ta = f(\"b\")\n\tAPIVersion = \"X\"\n)\n",
            "var (\n\tapiVersion = \"X\"\n)\n",
            "object Versions {\n  val API_VERSION = \"X\"\n}",
            "export enum V {\n  ApiVersion = 'X',\n  Other = 'b',\n}",
            "class A { static apiVersion = 'X' }",
            "static final String API_VERSION = (\"X\");",
            "type A struct {\n  apiVersion = \"X\"\n}",
        ] {
            assert!(!is_argument(text), "{text}");
        }
        for text in [
            "exec(apiVersion = \"X\", command = \"aws\")",
            "val e = Exec(apiVersion = \"X\", command = \"aws\")",
            "var e = new Exec {\n  ApiVersion = \"X\",\n  Command = \"aws\"\n};",
            "var e = new Exec\n{\n  ApiVersion = \"X\",\n  Command = \"aws\"\n};",
            "def f(api_version=\"X\"):",
            "e.apiVersion = \"X\"",
            "const e = new Exec(); e.apiVersion = \"X\"",
        ] {
            assert!(is_argument(text), "{text}");
        }
    }
}
