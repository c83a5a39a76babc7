//! What surrounds a key in a text that no parser accepts.

use crate::model::ExecEnvVar;
use crate::text::source::{Span, Spanned};

/// What surrounds a key.
#[derive(Debug, Default)]
pub(super) struct Neighbors {
    /// The user that the command configures.
    pub(super) user: Option<Spanned<String>>,
    /// The value of the adjacent `command`.
    pub(super) command: Option<Spanned<String>>,
    /// Whether there is an adjacent command, even if a variable holds its value.
    pub(super) has_command: bool,
    /// The items of the adjacent `args`, where known.
    pub(super) args: Vec<Spanned<String>>,
    /// The adjacent environment variables, where known.
    pub(super) env: Vec<ExecEnvVar>,
    /// The adjacent key `interactiveMode`.
    pub(super) interactive_mode_key: Option<Span>,
    /// Whether everything adjacent was seen, so that what was not found is absent.
    pub(super) is_whole: bool,
    /// Whether an ExecCredential is close by, and no exec config.
    pub(super) is_credential: bool,
    /// Whether the key is part of a request to a plugin, in `KUBERNETES_EXEC_INFO`.
    pub(super) is_request: bool,
}

/// Returns the value between `start` and `end`, without quotes and without calls around it; `None`
/// if it is only the name of a value.
pub(super) fn value_at(
    text: &str,
    start: usize,
    end: usize,
    has_words: bool,
) -> Option<Spanned<String>> {
    let line = text.get(start..end)?;
    let is_quote = |c: char| matches!(c, '"' | '\'' | '`');
    // `pulumi.String("aws")`, `Some("aws".into())`, `f"aws"`.
    let is_callee = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':' | '&' | '*');
    let is_wrap = |c: char| is_callee(c) || matches!(c, '(' | '@' | '$' | '!');
    let inner = line.trim_start_matches(is_wrap);
    let wrap = line.strip_suffix(inner).unwrap_or("");
    let is_letter = wrap.len() == 1 && !has_words;
    let is_wrapped = is_letter || wrap.ends_with(['(', '@', '$']);
    let value = if is_wrapped && inner.starts_with(is_quote) { inner } else { line };
    let quoted = value.trim_start_matches(|c| is_quote(c) || c == '\\');
    let marks = value.strip_suffix(quoted).unwrap_or("");
    let found = match marks.chars().rev().find(|c| is_quote(*c)) {
        Some(quote) => {
            // An escaped quote closes an escaped quote.
            let is_escaped = marks.contains('\\');
            let is_end = |c: char| c == quote || (is_escaped && c == '\\');
            quoted.get(..quoted.find(is_end).unwrap_or(quoted.len()))?
        }
        None if !has_words => return None,
        None => {
            let is_end =
                |c: char| is_quote(c) || matches!(c, '\\' | ',' | '}' | ']' | ' ' | ')' | '#');
            quoted.get(..quoted.find(is_end).unwrap_or(quoted.len()))?
        }
    };
    let is_plain = !found.is_empty() && !found.starts_with(['$', '{', '[', '<', '|']);
    let start = end - quoted.len();
    let span = Span::new(start, start + found.len());
    is_plain.then(|| Spanned { value: found.to_owned(), span, alias: None })
}
