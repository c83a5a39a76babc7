//! Whether a place lies in a comment, in whatever language the text is written.

use crate::language::Language;

/// So many bytes before a place a comment over several lines may begin.
const LOOK_BACK: usize = 64 << 10;

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

/// Whether the byte at `at` lies in a comment.
pub(super) fn is_in(text: &str, at: usize, language: Language) -> bool {
    let before = text.get(..at).unwrap_or("");
    let line = line_before(before);
    begins_with_comment(line) || ends_in_comment(line, language) || is_in_block(before, language)
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
    let is_comment = |at: usize| {
        let before = line.get(..at).unwrap_or("");
        let is_apart = before.ends_with([' ', '\t', ',', ';', '{', '(']);
        // A string may hold the mark.
        let is_outside =
            ['"', '\'', '`'].into_iter().all(|quote| before.matches(quote).count() % 2 == 0);
        is_apart && is_outside
    };
    marks.iter().any(|mark| line.match_indices(mark).any(|(at, _)| is_comment(at)))
}

/// Whether a comment over several lines is open.
fn is_in_block(before: &str, language: Language) -> bool {
    let start = before.len().saturating_sub(LOOK_BACK);
    let start = (start..=before.len()).find(|&at| before.is_char_boundary(at)).unwrap_or(0);
    let before = before.get(start..).unwrap_or("");
    let is_open = |(open, close): (&str, &str)| {
        before.rfind(open).is_some_and(|at| {
            let inside = before.get(at + open.len()..).unwrap_or("");
            let is_pattern = open == "/*"
                && before.get(..at).is_some_and(|b| b.ends_with(|c: char| !c.is_whitespace()));
            !inside.contains(close) && !is_pattern
        })
    };
    let has_c_comments = matches!(language, Language::Code | Language::Hcl);
    BLOCKS.iter().any(|block| is_open(*block)) || (has_c_comments && is_open(("/*", "*/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_known_in_many_languages() {
        let is_in = |text: &str, language| is_in(text, text.find('X').unwrap(), language);
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
