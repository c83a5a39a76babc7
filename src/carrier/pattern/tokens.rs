//! The words, strings and brackets of a text in any language, in as much detail as pairs of keys
//! and values require.
//!
//! Each line is read separately: a quote that its line does not close is a mark like any other, so
//! an apostrophe in a comment affects only its own line.

use crate::text::source::Span;

/// The kind of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A run of letters, digits and marks such as `.` and `-`.
    Word,
    /// Text between quotes.
    Str,
    /// An opening bracket.
    Open,
    /// A closing bracket.
    Close,
    /// `,`.
    Comma,
    /// `:`, `=`, `=>`, `:=`, `+=` and Kotlin's `to`.
    Joint,
    /// `;`.
    Semicolon,
    /// The end of a line.
    Break,
}

/// A token.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// The bytes of the token; for a string, those between the quotes.
    pub(super) span: Span,
    /// The bytes of the token including its quotes.
    pub(super) outer: Span,
}

/// Returns the tokens of each line. Skips lines that are comments, or, if line `own` is a comment,
/// the lines that are not.
pub(super) fn tokens<'a>(
    text: &'a str,
    lines: &'a [Span],
    own: usize,
) -> impl Iterator<Item = LineTokens<'a>> {
    let content = |line: &Span| unindented(text.get(line.range()).unwrap_or(""));
    let is_in_comment = lines.get(own).is_some_and(|own| is_comment(content(own)));
    lines.iter().filter_map(move |line| {
        let content = content(line);
        let marks = content.bytes().take_while(|byte| matches!(byte, b'/' | b'#')).count();
        let start = line.end() - content.len() + marks;
        let is_wanted = is_comment(content) == is_in_comment;
        is_wanted.then(|| LineTokens::new(text, Span::new(start, line.end())))
    })
}

/// Returns whether a line is a comment.
pub(super) fn is_comment(line: &str) -> bool {
    let line = unindented(line);
    line.starts_with("//") || line.starts_with('#')
}

/// Strips the blanks at the start of a line.
fn unindented(line: &str) -> &str {
    let blanks = line.bytes().take_while(|byte| *byte == b' ').count();
    line.get(blanks..).unwrap_or("").trim_start()
}

/// Returns the text between the quotes of each string in a line.
pub(super) fn strings(text: &str, line: Span) -> impl Iterator<Item = Span> {
    let strings = LineTokens::new(text, line).filter(|token| token.kind == Kind::Str);
    strings.map(|token| token.span)
}

/// The tokens of one line. The last token is a break.
pub(super) struct LineTokens<'a> {
    line: &'a str,
    /// The byte offset of the line in the text.
    start: usize,
    /// The number of bytes of the line read so far.
    at: usize,
    is_done: bool,
    /// The next occurrence of each of [`AHEAD`], as far as known; the length of the line if there
    /// is none.
    ahead: [usize; AHEAD.len()],
    /// The opening marks of strings that the rest of the line does not close: the quote, its count,
    /// and the number of backslashes before it.
    unclosed: Vec<(u8, usize, usize)>,
}

/// The marks that we search ahead for to tell what a mark opens. The result is cached for all marks
/// before it.
const AHEAD: [&[&str]; 6] = [&["}}"], &["}"], &["%}"], &["%>"], &["\"\""], &["\"", "'", ":"]];
const DOUBLED: usize = 4;
const MARK_OF_DATA: usize = 5;

impl Iterator for LineTokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Self::Item> {
        while let Some(first) = self.byte(self.at) {
            if first == b' ' {
                self.at += 1;
                continue;
            }
            if first <= b'\r' || first >= 0x80 {
                let rest = self.line.get(self.at..).unwrap_or("");
                let blank = rest.len() - rest.trim_start().len();
                if blank > 0 {
                    self.at += blank;
                    continue;
                }
            }
            if matches!(first, b'/' | b'#') && self.is_comment() {
                break;
            }
            if let Some((inner, end)) = self.string(first) {
                return Some(self.token(Kind::Str, inner, end));
            }
            let (kind, length) = self.mark(first);
            let inner = Span::new(self.at, self.at + length);
            match kind {
                Some(kind) => return Some(self.token(kind, inner, inner.end())),
                None => self.at = inner.end(),
            }
        }
        self.at = self.line.len();
        let is_done = std::mem::replace(&mut self.is_done, true);
        (!is_done).then(|| self.token(Kind::Break, Span::at(self.at), self.at))
    }
}

impl<'a> LineTokens<'a> {
    fn new(text: &'a str, line: Span) -> Self {
        let (content, start) = (text.get(line.range()).unwrap_or(""), line.start());
        let (ahead, unclosed) = ([0; AHEAD.len()], Vec::new());
        Self { line: content, start, at: 0, is_done: false, ahead, unclosed }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.line.as_bytes().get(at).copied()
    }

    /// Returns the number of times that a byte repeats from `at`.
    fn run(&self, at: usize, byte: u8) -> usize {
        (at..).take_while(|at| self.byte(*at) == Some(byte)).count()
    }

    /// Returns the token from here to `end`.
    fn token(&mut self, kind: Kind, inner: Span, end: usize) -> Token {
        let of_text = |start: usize, end: usize| Span::new(self.start + start, self.start + end);
        let (span, outer) = (of_text(inner.start(), inner.end()), of_text(self.at, end));
        self.at = end;
        Token { kind, span, outer }
    }

    /// Returns whether a comment that ends with the line begins here.
    fn is_comment(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|before| self.byte(before));
        let rest = self.line.get(self.at..).unwrap_or("");
        matches!(before, None | Some(b' ' | b'\t'))
            && (rest.starts_with("// ") || rest.starts_with("# "))
    }

    /// Returns the next occurrence of one of [`AHEAD`], at `at` or later.
    fn next_of(&mut self, wanted: usize, at: usize) -> usize {
        let known = self.ahead.get(wanted).copied().unwrap_or(0);
        if known > at {
            return known;
        }
        let rest = self.line.get(at..).unwrap_or("");
        let marks = AHEAD.get(wanted).copied().unwrap_or(&[]);
        let next = marks.iter().filter_map(|mark| rest.find(mark)).min();
        let next = next.map_or(self.line.len(), |next| at + next);
        if let Some(known) = self.ahead.get_mut(wanted) {
            *known = next;
        }
        next
    }

    /// Returns the string that begins here: the span between its quotes, and its end including the
    /// quotes.
    fn string(&mut self, first: u8) -> Option<(Span, usize)> {
        // An escaped quote opens a string inside a string, and an escaped quote closes it.
        let escapes = if first == b'\\' { self.run(self.at, b'\\') } else { 0 };
        let open = self.at + escapes;
        let quote = self.byte(open).filter(|c| matches!(c, b'"' | b'\'' | b'`'))?;
        let count = self.run(open, quote);
        let start = open + count;
        let doubled = if count == 2 { self.next_of(DOUBLED, start) } else { 0 };
        let behind = self.line.get(start..)?.chars().next();
        let is_word = behind.is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '/' | '-'));
        match count {
            1 => {}
            // `""command""` of Visual Basic and CSV; otherwise this is an empty string.
            2 if is_word && doubled < self.line.len() => {}
            2 => return Some((Span::at(open + 1), start)),
            // The start or the end of a multi-line string.
            _ => return None,
        }
        let marks = (quote, count, escapes);
        if self.unclosed.contains(&marks) {
            return None;
        }
        let bytes = self.line.as_bytes();
        for offset in memchr::memchr_iter(quote, bytes.get(start..)?) {
            let at = start + offset;
            let before = bytes.get(start..at)?.iter().rev();
            let slashes = before.take_while(|byte| **byte == b'\\').count();
            let is_end = count == 1 || self.line.get(at..)?.starts_with("\"\"");
            if slashes == escapes && is_end {
                return Some((Span::new(start, at - slashes), at + count));
            }
            // An odd number of backslashes escapes the quote, unless the string itself is escaped.
            if escapes == 0 && slashes % 2 == 0 && count == 1 {
                return Some((Span::new(start, at), at + 1));
            }
        }
        self.unclosed.push(marks);
        None
    }

    /// Returns the mark or word that begins here, and its length.
    fn mark(&mut self, first: u8) -> (Option<Kind>, usize) {
        let second = self.byte(self.at + 1).unwrap_or(b' ');
        match (first, second) {
            // `{{ name }}` and `${name}` are placeholders; `{{"a": 1}}` is literal.
            (b'{', b'{' | b'%') | (b'$', b'{') | (b'<', b'%') => {
                let (closer, length) = match (first, second) {
                    (b'{', b'{') => (0, 2),
                    (b'$', _) => (1, 1),
                    (b'{', _) => (2, 2),
                    _ => (3, 2),
                };
                let close = self.next_of(closer, self.at + 2);
                let is_data = closer == 0 && self.next_of(MARK_OF_DATA, self.at + 2) < close;
                if close < self.line.len() && !is_data {
                    return (Some(Kind::Word), close + length - self.at);
                }
            }
            (b'=', b'>') | (b':' | b'+', b'=') => return (Some(Kind::Joint), 2),
            (b'=' | b'!' | b'<' | b'>', b'=') | (b'=', b'~') => return (None, 2),
            (b':' | b'|' | b'&' | b'?', _) if first == second => return (None, 2),
            _ => {}
        }
        match first {
            b'(' | b'[' | b'{' => (Some(Kind::Open), 1),
            b')' | b']' | b'}' => (Some(Kind::Close), 1),
            b',' => (Some(Kind::Comma), 1),
            b';' => (Some(Kind::Semicolon), 1),
            b':' | b'=' => (Some(Kind::Joint), 1),
            b'"' | b'\'' | b'`' | b'\\' => (None, self.run(self.at, first)),
            _ => self.word(),
        }
    }

    /// Returns the word that begins here, and its length.
    fn word(&self) -> (Option<Kind>, usize) {
        let rest = self.line.as_bytes().get(self.at..).unwrap_or(&[]);
        let is_end = |byte: &u8| ENDS_WORD.get(usize::from(*byte)).copied().unwrap_or(false);
        let length = rest.iter().position(is_end).unwrap_or(rest.len());
        let is_joint = length == 2 && rest.starts_with(b"to ");
        (Some(if is_joint { Kind::Joint } else { Kind::Word }), length)
    }
}

/// The bytes that end a word.
static ENDS_WORD: [bool; 256] = {
    let (mut table, mut at) = ([false; 256], 0);
    let ends = b"()[]{},;:=\"'`\\ \t\r\n";
    while at < ends.len() {
        table[ends[at] as usize] = true;
        at += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(Kind, &str)> {
        let line = Span::new(0, text.len());
        let tokens = LineTokens::new(text, line);
        tokens.map(|token| (token.kind, &text[token.span.range()])).collect()
    }

    #[test]
    fn strings_are_tokenized_with_their_escapes() {
        for (text, expected) in [
            (r#"f("a", 'b')"#, &["a", "b"][..]),
            (r#""a\"b" c"#, &[r#"a\"b"#]),
            (r#"{\"a\": \"b\"}"#, &["a", "b"]),
            (r#"{\\\"a\\\": \\\"b\\\"}"#, &["a", "b"]),
            (r#"""a"": ""b"""#, &["a", "b"]),
            (r#"a: "", b"#, &[""]),
            (r#"""" text"#, &[]),
            ("don't", &[]),
            (r#""C:\\" x"#, &[r"C:\\"]),
        ] {
            let found: Vec<&str> =
                strings(text, Span::new(0, text.len())).map(|span| &text[span.range()]).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn tokens_separate_words_and_marks() {
        use Kind::{Break, Close, Comma, Joint, Open, Str, Word};
        assert_eq!(
            read("e.Args = []string{\"a\", n}, // c"),
            [
                (Word, "e.Args"),
                (Joint, "="),
                (Open, "["),
                (Close, "]"),
                (Word, "string"),
                (Open, "{"),
                (Str, "a"),
                (Comma, ","),
                (Word, "n"),
                (Close, "}"),
                (Comma, ","),
                (Break, ""),
            ]
        );
        assert_eq!(
            read("{{ .Name }} ${x} {{\"a\": 1}}").len(),
            "a b { { s : 1 } } break".split(' ').count()
        );
    }

    proptest::proptest! {
        #[test]
        fn tokens_lie_within_any_text(text in "[ab:=,;\"'`\\\\(){}\\[\\]<>%$#/ é\n-]{0,60}") {
            let lines: Vec<Span> = crate::text::source::lines(&text)
                .map(|(start, line)| Span::new(start, start + line.trim_end().len()))
                .collect();
            for token in tokens(&text, &lines, 0).flatten() {
                proptest::prop_assert!(text.get(token.span.range()).is_some());
                proptest::prop_assert!(token.outer.contains(token.span));
            }
        }
    }
}
