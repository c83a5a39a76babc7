//! Wraps sentences to the width of a terminal.

use unicode_width::UnicodeWidthStr;

/// The indentation of the further lines of a sentence.
const INDENT: usize = 4;

/// Wraps each line of a text to `width` columns, the first to `before` columns less, and indents
/// what continues it.
pub(crate) fn folded(text: &str, before: usize, width: usize) -> String {
    let rest = width.saturating_sub(INDENT);
    let lines = text.lines().enumerate().flat_map(|(number, line)| {
        let first = if number == 0 { width.saturating_sub(before) } else { width };
        let lines = wrapped(line, first, rest).into_iter().enumerate();
        lines.map(|(i, line)| if i == 0 { line } else { " ".repeat(INDENT) + &line })
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Returns the lines of a sentence, the first of at most `first` columns and the others of at most
/// `rest`. It breaks between words, but never inside code in backticks, which people copy: code
/// that is too long has a line of its own.
pub(crate) fn wrapped(text: &str, first: usize, rest: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut width = 0;
    for word in words(text) {
        let most = if lines.len() <= 1 { first } else { rest };
        let added = word.width() + 1;
        match lines.last_mut() {
            // GitHub's runner obeys a line that begins with `::` after blanks.
            Some(line) if width + added <= most || word.is_empty() || word.starts_with("::") => {
                line.push(' ');
                line.push_str(word);
                width += added;
            }
            _ => {
                lines.push(word.to_owned());
                width = added - 1;
            }
        }
    }
    lines
}

/// Returns the words of a sentence. Code in backticks belongs to one word, and so do the
/// punctuation marks around it.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut at = 0;
        let end = loop {
            let Some(next) = rest.get(at..)?.find([' ', '`']) else { break rest.len() };
            let found = at + next;
            if rest[found..].starts_with(' ') {
                break found;
            }
            let after = rest.get(found + 1..)?.find('`');
            at = after.map_or(found + 1, |length| found + length + 2);
        };
        let (word, others) = (rest.get(..end)?, rest.get(end..)?);
        let is_over = rest.is_empty();
        rest = others.strip_prefix(' ').unwrap_or(others);
        (!is_over).then_some(word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapped_begins_no_line_with_a_workflow_command() {
        for width in 1..20 {
            let lines = wrapped("user `a` ::error::x` and  ::more   ::and", width, width);
            assert!(lines.iter().all(|line| !line.trim_start().starts_with("::")), "{lines:?}");
        }
    }
    use proptest::prelude::*;

    #[test]
    fn wrapped_breaks_between_words_and_keeps_code_whole() {
        assert_eq!(wrapped("a bc def g", 4, 5), ["a bc", "def g"]);
        assert_eq!(
            wrapped("or run `aws eks get-token`, then look", 10, 8),
            ["or run", "`aws eks get-token`,", "then", "look"]
        );
        assert_eq!(wrapped("a ` b c", 3, 3), ["a `", "b c"]);
        assert_eq!(wrapped("日本 日本", 8, 8), ["日本", "日本"]);
        assert_eq!(wrapped("", 8, 8), [""; 0]);
    }

    proptest! {
        #[test]
        fn wrapped_changes_only_blanks(text in "[a-z` ]{0,80}", first in 0_usize..40, rest in 0_usize..40) {
            let shown = wrapped(&text, first, rest).join(" ");
            prop_assert_eq!(shown.trim_end(), text.trim_end());
        }
    }
}
