//! Says which lines a diff may show although no finding is about them: those around a change, and those
//! of changed base64.
//!
//! [`mask`](super::mask) hides what may be a secret, but leaves the names in code. A diff needs hardly
//! any context, so it only shows lines of words that are known to be harmless.

use crate::text::source::Source;

use super::hidden;
use super::mask::shown::{is_known, is_shown};
use super::mask::{hidden_part, unknown_words};

/// Returns whether a line holds nothing but marks, known keys, flags and commands, and their values
/// of one word that are known to be harmless. `above` is the line before it.
pub(crate) fn is_plain(line: &str, above: &str) -> bool {
    let is_item = |line: &str| line.trim_start().starts_with(['-', '"', '\'', '`']);
    let last = words(above).last().filter(|_| is_item(line) && is_item(above));
    let mut before = last.map_or("", |(_, word)| word);
    let mut end = 0;
    words(line).all(|(start, word)| {
        let joint = line.get(end..start).unwrap_or("");
        // Nothing but quotes and a sign stands between a key and its value.
        let is_value = joint.contains([':', '=']) && !joint.contains(['(', '[', '{', ',', ';']);
        let is_plain = is_known(word)
            || is_shown(word)
            || (is_value && is_shown(before))
            || hidden_part(word, before, false).is_none()
            || unknown_words(word).is_empty();
        (before, end) = (word, start + word.len());
        is_plain
    })
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

/// Returns the words of a line with their offsets, in order.
fn words(line: &str) -> impl DoubleEndedIterator<Item = (usize, &str)> {
    let is_mark = |c: char| c.is_ascii_whitespace() || "\"'`,:;=()[]{}<>|&\\".contains(c);
    let offset = move |word: &str| word.as_ptr() as usize - line.as_ptr() as usize;
    line.split(is_mark)
        .filter(|word| word.contains(|c: char| c.is_alphanumeric()))
        .map(move |word| (offset(word), word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_plain_shows_only_words_that_are_known() {
        for (line, above) in [
            ("", ""),
            ("- name: my-user", "users:"),
            ("    exec:", ""),
            ("      args: [eks, get-token, --cluster-name, c]", ""),
            ("      - c", "      - --cluster-name"),
            (r#"  "apiVersion": "v1","#, ""),
            ("  interactiveMode: IfAvailable # v1beta1", ""),
            (r#"  command = "aws""#, ""),
            (r#"provider "kubernetes" {"#, ""),
            ("  token: ${TOKEN}", ""),
            ("x := os.Getenv(\"V\") // the version", ""),
            ("echo \"    command: aws\" >> ~/.kube/config", ""),
        ] {
            assert!(is_plain(line, above), "{line}");
        }
        for (line, above) in [
            ("hunter2", ""),
            ("  - hunter2", "  - --pin"),
            ("  - hunter2", "    clusterName:"),
            ("  name: my hunter2", ""),
            ("  name: [hunter2]", ""),
            ("name = f(hunter2)", ""),
            ("pin: zebra", ""),
            ("vault login zebra", ""),
            ("args: [login, zebra]", ""),
            (r#"cfg.set("name", "zebra")"#, ""),
            ("# zebra", ""),
            ("zebra", "  - --cluster-name"),
        ] {
            assert!(!is_plain(line, above), "{line}");
        }
    }
}
