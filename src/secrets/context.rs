//! Says which lines a diff may show although no finding is about them: those around a change, and those
//! of changed base64.
//!
//! [`mask`](super::mask) hides what may be a secret, but leaves the names in code. A diff needs hardly
//! any context, so it only shows lines of words that are known to be harmless.

use crate::text::source::Source;

use super::hidden;
use super::mask::word;

/// Returns whether a line holds nothing but marks, known keys, flags and commands, and their values
/// of one word that are known to be harmless. `above` is the line before it.
pub(crate) fn is_plain(line: &str, above: &str) -> bool {
    word::unknown(line, above).next().is_none()
}

/// Returns whether all lines of a text [are plain](is_plain).
pub(crate) fn is_harmless(source: &Source) -> bool {
    let text = |line| source.line_span(line).map_or("", |span| source.slice(span));
    (1..=source.line_count()).all(|line| {
        let span = source.line_span(line).unwrap_or_default();
        is_plain(text(line), line.checked_sub(1).map_or("", text))
            && hidden(source, span, &[], &[]).is_empty()
    })
}
