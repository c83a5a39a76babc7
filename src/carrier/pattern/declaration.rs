//! Finds out whether `key = "value"` declares something rather than configures it: constants,
//! variables, fields of types, members of enums.

use crate::text::source::window_before;

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
pub(super) fn holds(text: &str, at: usize) -> bool {
    let before = window_before(text, at);
    let own = before.rsplit(['\n', ';', '{', '(', '[', ',']).next().unwrap_or("");
    let has_joint = own.contains(['=', '.']);
    (has_keyword(own) && !has_joint) || innermost(before).is_some_and(is_declaration)
}

fn has_keyword(text: &str) -> bool {
    let mut words = text.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    words.any(|word| KEYWORDS.contains(&word))
}

/// Returns the text up to and including the innermost bracket that is still open.
pub(super) fn innermost(before: &str) -> Option<&str> {
    let mut closed = 0_usize;
    let mut marks = before.char_indices().rev();
    let (at, _) = marks.find(|(_, c)| match c {
        ')' | '}' | ']' => {
            closed += 1;
            false
        }
        '(' | '{' | '[' if closed == 0 => true,
        '(' | '{' | '[' => {
            closed -= 1;
            false
        }
        _ => false,
    })?;
    before.get(..=at)
}

/// Returns whether a text that ends in a bracket opens a declaration with it.
fn is_declaration(opened: &str) -> bool {
    let (text, bracket) = opened.split_at(opened.len().saturating_sub(1));
    // The bracket may be on a line of its own.
    let text = text.trim_end();
    let statement = text.rsplit(['\n', ';', '{', '}']).next().unwrap_or("").trim();
    if bracket == "{" {
        // `var x = new Exec {` creates an object.
        return has_keyword(statement) && !statement.contains('=');
    }
    // `const (` of Go; other parentheses hold arguments and parameters.
    bracket == "(" && KEYWORDS.contains(&statement)
}
