//! Whether a place lies in a comment, in whatever language the text is written.

use crate::language::Language;
use crate::source::Span;

/// Comments over several lines, in every language that has them.
const BLOCKS: &[(&str, &str)] = &[
    ("<!--", "-->"),
    ("{{/*", "*/}}"),
    ("{{- /*", "*/ -}}"),
    ("{{-/*", "*/-}}"),
    ("{#", "#}"),
    ("<%#", "%>"),
    ("<#", "#>"),
];

/// The comments of a text.
#[derive(Debug)]
pub(super) struct Comments {
    language: Language,
    /// Those over several lines, in order; those that overlap are one.
    blocks: Vec<Span>,
}

impl Comments {
    /// Finds the comments of a text that go over several lines.
    pub(super) fn new(text: &str, language: Language) -> Self {
        let has_c_comments = matches!(language, Language::Code | Language::Hcl);
        let c_comments = [("/*", "*/")].into_iter().filter(|_| has_c_comments);
        let kinds = BLOCKS.iter().copied().chain(c_comments);
        Self { language, blocks: merged(kinds.flat_map(|kind| blocks(text, kind)).collect()) }
    }

    /// Whether the byte at `at` lies in a comment.
    pub(super) fn hold(&self, text: &str, at: usize) -> bool {
        let line = line_before(window_before(text, at));
        begins_with_comment(line) || ends_in_comment(line, self.language) || self.is_in_block(at)
    }

    /// Whether it lies in a comment that may go over several lines.
    pub(super) fn is_in_block(&self, at: usize) -> bool {
        let next = self.blocks.partition_point(|block| block.start < at);
        let last = next.checked_sub(1).and_then(|last| self.blocks.get(last));
        last.is_some_and(|block| at < block.end)
    }
}

/// The blocks in order, those that overlap as one.
fn merged(mut blocks: Vec<Span>) -> Vec<Span> {
    blocks.sort_unstable();
    blocks.dedup_by(|next, last| {
        let overlaps = next.start < last.end;
        if overlaps {
            last.end = last.end.max(next.end);
        }
        overlaps
    });
    blocks
}

/// The comments of one kind.
fn blocks(text: &str, (open, close): (&str, &str)) -> Vec<Span> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text.get(at..).and_then(|rest| rest.find(open)).map(|found| at + found)
    {
        let inside = start + open.len();
        // `"src/*"` is a pattern.
        let before = text.get(..start).unwrap_or("");
        if open == "/*" && before.ends_with(|c: char| !c.is_whitespace()) {
            at = inside;
            continue;
        }
        let end = text.get(inside..).and_then(|rest| rest.find(close));
        let end = end.map_or(text.len(), |found| inside + found + close.len());
        found.push(Span::new(start, end));
        at = end;
    }
    found
}

/// So much of a line is looked at, before a place and after it.
const WINDOW: usize = 4096;

/// What stands before `at`, as far as it matters.
pub(super) fn window_before(text: &str, at: usize) -> &str {
    let start = at.saturating_sub(WINDOW);
    let start = (start..=at).find(|&start| text.is_char_boundary(start)).unwrap_or(at);
    text.get(start..at).unwrap_or("")
}

/// What stands from `at` on, as far as it matters.
pub(super) fn window_after(text: &str, at: usize) -> &str {
    let end = at.saturating_add(WINDOW).min(text.len());
    let end = (at..=end).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(at);
    text.get(at..end).unwrap_or("")
}

/// The line up to its end at `before`'s; an escaped line break is one too.
pub(super) fn line_before(before: &str) -> &str {
    let line = before.rsplit(['\n', '\r']).next().unwrap_or("");
    line.rsplit_once("\\n").map_or(line, |(_, line)| line)
}

/// Whether a comment begins the line.
fn begins_with_comment(line: &str) -> bool {
    let line = line.trim_start_matches([' ', '\t', '"', '\'', '`', '+', '>', '\\']);
    let is_word =
        |word: &str| line.strip_prefix(word).is_some_and(|rest| rest.starts_with([' ', '\t']));
    ["//", "/*"].into_iter().any(|mark| line.starts_with(mark))
        || (line.starts_with('#') && !line.starts_with("#{"))
        || ["*", "--", ";", "REM", "rem", "::", "dnl", "%"].into_iter().any(is_word)
}

/// Whether a comment begins in the line.
fn ends_in_comment(line: &str, language: Language) -> bool {
    let marks: &[&str] = match language {
        Language::Code => &["//", "# "],
        Language::Hcl => &["//", "#"],
        _ => &["# ", "## ", "// "],
    };
    marks.iter().any(|mark| {
        // The quotes of which an odd number stands before: a string may hold the mark.
        let (mut odd, mut counted) = (0_u8, 0);
        line.match_indices(mark).any(|(at, _)| {
            if !line.get(..at).unwrap_or("").ends_with([' ', '\t', ',', ';', '{', '(']) {
                return false;
            }
            for byte in line.get(counted..at).unwrap_or("").bytes() {
                odd ^= match byte {
                    b'"' => 1,
                    b'\'' => 2,
                    b'`' => 4,
                    _ => 0,
                };
            }
            counted = at;
            odd == 0
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_known_in_many_languages() {
        let is_in = |text: &str, language| {
            Comments::new(text, language).hold(text, text.find('X').unwrap())
        };
        for text in [
            "# X",
            "  # a: X",
            "// X",
            "/* X",
            " * X",
            "-- X",
            "<!-- a\nX",
            "{{/* X",
            "{# X",
            "a: b # was X",
            "\"# X",
            "REM X",
            "; X",
            "a\\n# X",
            "<%# X",
        ] {
            assert!(is_in(text, Language::Data), "{text}");
        }
        for text in [
            "a: X",
            "a: https://b X",
            "a: '# ' X",
            "--flag X",
            "<!-- a -->\nX",
            "a#b X",
            "*X",
            "src/* X",
        ] {
            assert!(!is_in(text, Language::Data), "{text}");
        }
        assert!(is_in("f(); // X", Language::Code));
        assert!(is_in("/*\n a\n X", Language::Code));
        assert!(!is_in("a(\"/*\", X", Language::Code));
        assert!(!is_in("\"http://a/\" + X", Language::Code));
        assert!(is_in("a = 1 #X", Language::Hcl));
    }
}
