//! Finds comments, in whatever language the text is written.

use std::ffi::OsStr;
use std::path::Path;

use memchr::memmem::Finder;
use memchr::{memrchr_iter, memrchr2};

use crate::language::Language;
use crate::role::Role;
use crate::text::source::{Span, merged, window_before};

mod docstrings;
mod test_modules;

/// A kind of comment that may span several lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Block {
    /// `<!-- … -->`.
    Html,
    /// `{{/* … */}}` and `{{- /* … */ -}}` of Go templates.
    Go,
    /// `{# … #}` of Jinja.
    Jinja,
    /// `<%# … %>` of ERB.
    Erb,
    /// `<# … #>` of PowerShell.
    PowerShell,
    /// `/* … */`.
    C,
}

/// The comments of a text.
#[derive(Debug)]
pub(super) struct Comments {
    language: Language,
    /// The comments that may span several lines, in order; overlapping comments are merged.
    blocks: Vec<Span>,
    /// Strings that document a program, in order.
    docstrings: Vec<Span>,
    /// Modules of tests within a program, in order.
    test_modules: Vec<Span>,
}

impl Comments {
    /// Finds the comments of a text that may span several lines.
    pub(super) fn new(text: &str, language: Language) -> Self {
        let kinds = Block::ALL.into_iter().filter(|kind| kind.is_of(language));
        Self {
            language,
            blocks: merged(kinds.flat_map(|kind| blocks(text, kind, language)).collect()),
            docstrings: Vec::new(),
            test_modules: Vec::new(),
        }
    }

    /// Adds the strings that document a program and its tests, for a source file with that name.
    pub(super) fn with_parts(mut self, text: &str, path: &Path) -> Self {
        match path.extension().and_then(OsStr::to_str) {
            Some("py" | "pyi") => self.docstrings = docstrings::of_python(text),
            Some("ex" | "exs") => self.docstrings = docstrings::of_elixir(text),
            Some("rs") => self.test_modules = test_modules::of_rust(text),
            _ => {}
        }
        self
    }

    /// Returns the role of the byte at `at`.
    pub(super) fn role(&self, text: &str, at: usize) -> Role {
        if self.hold(text, at) {
            Role::Comment
        } else if is_in(&self.docstrings, at) {
            Role::Documentation
        } else if is_in(&self.test_modules, at) {
            Role::TestData
        } else {
            Role::Live
        }
    }

    /// Returns whether the byte at `at` is in a comment.
    pub(super) fn hold(&self, text: &str, at: usize) -> bool {
        let before = window_before(text, at);
        let line = line_before(before);
        let is_continued = is_continued(before.strip_suffix(line).unwrap_or(""));
        begins_with_comment(line, is_continued)
            || ends_in_comment(line, self.language)
            || self.is_in_block(at)
    }

    /// Returns whether the byte at `at` is in a comment that may span several lines.
    pub(super) fn is_in_block(&self, at: usize) -> bool {
        is_in(&self.blocks, at)
    }
}

/// Returns whether one of the spans, which are sorted and disjoint, contains the byte at `at`.
fn is_in(spans: &[Span], at: usize) -> bool {
    let next = spans.partition_point(|span| span.start() < at);
    let last = next.checked_sub(1).and_then(|last| spans.get(last));
    last.is_some_and(|span| at < span.end())
}

impl Block {
    const ALL: [Self; 6] =
        [Self::Html, Self::Go, Self::Jinja, Self::Erb, Self::PowerShell, Self::C];

    /// Returns whether the language has comments of this kind.
    fn is_of(self, language: Language) -> bool {
        match self {
            Self::C => matches!(language, Language::Code | Language::Hcl),
            Self::Jinja => language == Language::Data,
            Self::Html | Self::Go | Self::Erb | Self::PowerShell => true,
        }
    }

    /// Returns the marks that begin and end such a comment.
    fn marks(self) -> (&'static str, &'static str) {
        match self {
            Self::Html => ("<!--", "-->"),
            Self::Go => ("{{", "*/"),
            Self::Jinja => ("{#", "#}"),
            Self::Erb => ("<%#", "%>"),
            Self::PowerShell => ("<#", "#>"),
            Self::C => ("/*", "*/"),
        }
    }

    /// Returns the length of the mark that opens a comment at the start of `rest`; `None` if it
    /// does not open one.
    fn opening(self, before: &str, rest: &str, language: Language) -> Option<usize> {
        let mark = self.marks().0.len();
        let is_open = match self {
            Self::Go => {
                let inner = rest.get(mark..)?;
                let inner = inner.strip_prefix('-').unwrap_or(inner).trim_start();
                return inner.starts_with("/*").then(|| rest.len() - inner.len() + 2);
            }
            // In prose, backticks quote the mark.
            Self::Html => !before.ends_with('`'),
            // `${#list}` is a length in shells, `{{#list}}` a section in mustache.
            Self::Jinja => !before.ends_with(['$', '{']),
            Self::Erb => true,
            // `Vec<#x>` is not a comment.
            Self::PowerShell => {
                let rest = rest.get(mark..)?;
                rest.starts_with(char::is_whitespace) || is_line_start(before)
            }
            // `"src/*"` is a pattern.
            Self::C => {
                let is_apart = !before.ends_with(|c: char| !c.is_whitespace());
                // Lines are seldom longer, and a longer one may hold many such marks.
                let near =
                    before.get(before.len().saturating_sub(MAX_BYTES_BEFORE)..).unwrap_or(before);
                is_apart && !is_in_line_comment(line_before(near), language)
            }
        };
        is_open.then_some(mark)
    }

    /// Returns how much longer than its mark the end of a comment is, judging by the text after the
    /// mark; `None` if the mark ends nothing.
    fn closing(self, rest: &str) -> Option<usize> {
        if self != Self::Go {
            return Some(0);
        }
        let inner = rest.trim_start();
        let inner = inner.strip_prefix('-').unwrap_or(inner);
        inner.starts_with("}}").then(|| rest.len() - inner.len() + 2)
    }

    /// Returns whether an unclosed comment extends to the end of the text.
    fn may_stay_open(self, before: &str) -> bool {
        // Anywhere else the mark is more likely part of a string or a pattern.
        matches!(self, Self::Html | Self::C) && is_line_start(before)
    }
}

/// Returns whether only blanks precede on the same line.
fn is_line_start(before: &str) -> bool {
    let before = before.trim_end_matches([' ', '\t']);
    before.is_empty() || before.ends_with('\n')
}

/// Returns the comments of one kind.
fn blocks(text: &str, kind: Block, language: Language) -> Vec<Span> {
    let (open, close) = kind.marks();
    let (open, close) = (Finder::new(open), Finder::new(close));
    let find = |mark: &Finder<'_>, from: usize| {
        mark.find(text.as_bytes().get(from..)?).map(|found| from + found)
    };
    let mut found = Vec::new();
    let mut at = 0;
    // If nothing closes one comment, nothing closes later ones either.
    let mut is_closed = true;
    while let Some(start) = find(&open, at) {
        let before = window_before(text, start);
        let rest = text.get(start..).unwrap_or("");
        let may_open = is_closed || kind.may_stay_open(before);
        let length = may_open.then(|| kind.opening(before, rest, language)).flatten();
        let Some(length) = length else {
            at = start + open.needle().len();
            continue;
        };
        let inside = start + length;
        let end = if is_closed { find(&close, inside) } else { None };
        if let Some(end) = end.map(|end| end + close.needle().len()) {
            let rest = text.get(end..).unwrap_or("");
            let more = kind.closing(rest);
            found.extend(more.map(|more| Span::new(start, end + more)));
            at = end;
        } else {
            is_closed = false;
            if kind.may_stay_open(before) {
                found.push(Span::new(start, text.len()));
                break;
            }
            at = inside;
        }
    }
    found
}

/// Limit on the bytes before a block comment that we search for a line comment.
const MAX_BYTES_BEFORE: usize = 512;

/// Returns the text of the last line of `before`. An escaped line break ends a line, too.
pub(super) fn line_before(before: &str) -> &str {
    let bytes = before.as_bytes();
    let start = memrchr2(b'\n', b'\r', bytes).map_or(0, |at| at + 1);
    let is_break = |&at: &usize| at >= start && bytes.get(at + 1) == Some(&b'n');
    let escaped = memrchr_iter(b'\\', bytes).take_while(|at| *at >= start).find(is_break);
    before.get(escaped.map_or(start, |at| at + 2)..).unwrap_or("")
}

/// Returns whether the next line continues a command: the line above ends in a backslash.
fn is_continued(above: &str) -> bool {
    let above = above.strip_suffix('\n').unwrap_or("");
    above.strip_suffix('\r').unwrap_or(above).ends_with('\\')
}

/// Returns whether the line begins with a comment. `is_continued` means that the line continues a
/// command.
fn begins_with_comment(line: &str, is_continued: bool) -> bool {
    let line = line.trim_start_matches([' ', '\t', '"', '\'', '`', '+', '>', '\\']);
    let is_word =
        |word: &str| line.strip_prefix(word).is_some_and(|rest| rest.starts_with([' ', '\t']));
    ["//", "/*"].into_iter().any(|mark| line.starts_with(mark))
        || (line.starts_with('#') && !line.starts_with("#{"))
        || ["*", ";", "REM", "rem", "::", "dnl", "%"].into_iter().any(is_word)
        // In a continued command, `--` precedes the arguments to pass on.
        || (is_word("--") && !is_continued)
}

/// Returns whether a comment that ends with the line begins in it.
fn is_in_line_comment(line: &str, language: Language) -> bool {
    let content = line.trim_start();
    let is_hash =
        content.starts_with("# ") || (language == Language::Hcl && content.starts_with('#'));
    content.starts_with("//") || is_hash || ends_in_comment(line, language)
}

/// Returns whether a comment begins in the line.
fn ends_in_comment(line: &str, language: Language) -> bool {
    let marks: &[&str] = match language {
        Language::Code => &["//", "# "],
        Language::Hcl => &["//", "#"],
        _ => &["# ", "## ", "// "],
    };
    marks.iter().filter(|mark| line.contains(**mark)).any(|mark| {
        // The quotes that occur an odd number of times before the mark: it may be in a string.
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
    fn comments_are_recognized_in_many_languages() {
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
            "{{/* X */}}",
            "{{- /* a\nX */ -}}",
            "{{-/*X*/-}}",
            "{{ /* X */ }}",
            "{{/* a\nX\n*/ -}}",
            "{# X #}",
            "  <!-- a\nX",
            "a <!-- b\nX\n-->",
            "<#\n X\n#>",
            "<#.NOTES\nX\n#>",
            "a: b # was X",
            "\"# X",
            "REM X",
            "; X",
            "a\\n# X",
            "<%# X %>",
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
            "{{/* X",
            "{{/* a */ X }}",
            "{# a\nX",
            "${#a} X #}",
            "{{#a}} X {# b #}",
            "a <# X",
            "a<#b X #>",
            "a <!-- X",
            "`<!--` X -->",
            "<%# X",
            "kubectl run \\\n  -- X",
            "kubectl run \\\r\n  -- X",
        ] {
            assert!(!is_in(text, Language::Data), "{text}");
        }
        assert!(is_in("f(); // X", Language::Code));
        assert!(is_in("/*\n a\n X", Language::Code));
        assert!(is_in("f(a); /*\n a\n X */", Language::Code));
        assert!(is_in("\t/*\n a\n X", Language::Code));
        assert!(is_in("# define A\n/* a\n X */", Language::Code));
        assert!(!is_in("a(\"/*\", X", Language::Code));
        assert!(!is_in("a = \" /*\"\nX", Language::Code));
        assert!(!is_in("// see a /*\nX /* b */", Language::Code));
        assert!(!is_in("a() // see /*\nX /* b */", Language::Code));
        assert!(!is_in("# see /*\nX /* b */", Language::Hcl));
        assert!(!is_in("{#\n X #}", Language::Code));
        assert!(!is_in("\"http://a/\" + X", Language::Code));
        assert!(is_in("a = 1 #X", Language::Hcl));
    }
}
