//! The words, strings and brackets of a text in any language, as far as pairs of keys and values
//! need them.
//!
//! Each line is read by itself: a quote that nothing closes on its line is a mark like any other,
//! so that an apostrophe in a comment spoils nothing but its own line.

use crate::source::Span;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A run of letters, digits and marks such as `.` and `-`.
    Word,
    /// What is between quotes.
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

/// The bracket that a token is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Parent {
    /// The opening bracket, by its number among the tokens.
    Open(usize),
    /// None that the text shows; the number of closing brackets before that nothing opened.
    Outside(usize),
}

/// A token.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// Its bytes; of a string what is between the quotes.
    pub(super) span: Span,
    /// The same with the quotes.
    pub(super) outer: Span,
    pub(super) parent: Parent,
}

/// Reads the tokens of lines, which lie in order in the text. Comments on lines of their own count
/// only where `is_comment` says that the place to read around is in one.
pub(super) fn tokens(text: &str, lines: &[Span], is_comment: bool) -> Vec<Token> {
    let mut found = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut outside = 0;
    for line in lines {
        let content = text.get(line.range()).unwrap_or("");
        let trimmed = content.trim_start();
        let is_own_comment = trimmed.starts_with("//") || trimmed.starts_with('#');
        if is_own_comment != is_comment {
            continue;
        }
        let marks = trimmed.len() - trimmed.trim_start_matches(['/', '#']).len();
        let start = line.start + content.len() - trimmed.len() + marks;
        for (kind, span, outer) in line_tokens(text, Span::new(start, line.end)) {
            let parent = |open: &[usize]| {
                open.last().map_or(Parent::Outside(outside), |at| Parent::Open(*at))
            };
            let own = match kind {
                Kind::Close => {
                    outside += usize::from(open.pop().is_none());
                    open.last().map_or(Parent::Outside(outside), |at| Parent::Open(*at))
                }
                _ => parent(&open),
            };
            if kind == Kind::Open {
                open.push(found.len());
            }
            found.push(Token { kind, span, outer, parent: own });
        }
    }
    found
}

/// The strings of a line: what is between their quotes.
pub(super) fn strings(text: &str, line: Span) -> impl Iterator<Item = Span> {
    let tokens = line_tokens(text, line).into_iter();
    tokens.filter(|(kind, ..)| *kind == Kind::Str).map(|(_, span, _)| span)
}

fn line_tokens(text: &str, line: Span) -> Vec<(Kind, Span, Span)> {
    let mut found = Vec::new();
    let mut at = line.start;
    while let Some(rest) = text.get(at..line.end).filter(|rest| !rest.is_empty()) {
        let blank = rest.len() - rest.trim_start().len();
        if blank > 0 {
            at += blank;
            continue;
        }
        let is_apart = at == line.start || text.get(..at).is_some_and(|t| t.ends_with([' ', '\t']));
        if is_apart && (rest.starts_with("// ") || rest.starts_with("# ")) {
            break;
        }
        if let Some((inner, length)) = string(rest) {
            let span = Span::new(at + inner.start, at + inner.end);
            found.push((Kind::Str, span, Span::new(at, at + length)));
            at += length;
            continue;
        }
        let (kind, length) = mark(rest);
        let span = Span::new(at, at + length);
        found.extend(kind.map(|kind| (kind, span, span)));
        at += length;
    }
    found.push((Kind::Break, Span::at(line.end), Span::at(line.end)));
    found
}

/// The string that a text begins with: what is between its quotes, and its length with them.
fn string(rest: &str) -> Option<(Span, usize)> {
    // An escaped quote opens a string inside a string, and an escaped quote closes it.
    let escapes = rest.len() - rest.trim_start_matches('\\').len();
    let quotes = rest.get(escapes..)?;
    let quote = quotes.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    let count = quotes.len() - quotes.trim_start_matches(quote).len();
    let behind = quotes.get(count..)?;
    let is_word = behind.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '/' | '-'));
    let count = match count {
        // `""command""` of Visual Basic and CSV; else it is an empty string.
        2 if is_word && behind.contains("\"\"") => 2,
        2 => return Some((Span::at(escapes + 1), escapes + 2)),
        1 => 1,
        // A text over many lines begins or ends.
        _ => return None,
    };
    let start = escapes + count;
    let mut from = start;
    loop {
        let found = from + rest.get(from..)?.find(quote)?;
        let before = rest.get(start..found)?;
        let slashes = before.len() - before.trim_end_matches('\\').len();
        if slashes == escapes && (count == 1 || rest.get(found..)?.starts_with("\"\"")) {
            return Some((Span::new(start, found - slashes), found + count));
        }
        // An odd number of them escapes the quote, where the string is not escaped itself.
        let is_closed = escapes == 0 && slashes % 2 == 0 && count == 1;
        if is_closed {
            return Some((Span::new(start, found), found + 1));
        }
        from = found + 1;
    }
}

/// The mark or word that a text begins with, and its length.
fn mark(rest: &str) -> (Option<Kind>, usize) {
    let first = rest.chars().next().unwrap_or(' ');
    if first.is_alphanumeric() {
        return word(rest, first);
    }
    // `{{ name }}` and `${name}` are filled in; `{{"a": 1}}` is what it seems.
    for (open, close) in [("{{", "}}"), ("${", "}"), ("{%", "%}"), ("<%", "%>")] {
        let Some(inner) = rest.strip_prefix(open) else { continue };
        let inner = inner.split_once(close);
        let is_plain =
            |(inner, _): &(&str, &str)| !inner.contains(['"', '\'', ':']) || open != "{{";
        if let Some((inner, _)) = inner.filter(is_plain) {
            return (Some(Kind::Word), open.len() + inner.len() + close.len());
        }
    }
    for joint in ["=>", ":=", "+="] {
        if rest.starts_with(joint) {
            return (Some(Kind::Joint), joint.len());
        }
    }
    for other in ["==", "!=", "<=", ">=", "=~", "::", "||", "&&", "??"] {
        if rest.starts_with(other) {
            return (None, other.len());
        }
    }
    match first {
        '(' | '[' | '{' => return (Some(Kind::Open), 1),
        ')' | ']' | '}' => return (Some(Kind::Close), 1),
        ',' => return (Some(Kind::Comma), 1),
        ';' => return (Some(Kind::Semicolon), 1),
        ':' | '=' => return (Some(Kind::Joint), 1),
        '"' | '\'' | '`' | '\\' => {
            return (None, rest.len() - rest.trim_start_matches(first).len());
        }
        _ => {}
    }
    word(rest, first)
}

/// The word that a text begins with, and its length.
fn word(rest: &str, first: char) -> (Option<Kind>, usize) {
    let is_end = |byte: u8| {
        matches!(byte, b'(' | b')' | b'[' | b']' | b'{' | b'}' | b',' | b';' | b':' | b'=')
            || matches!(byte, b'"' | b'\'' | b'`' | b'\\' | b' ' | b'\t' | b'\r' | b'\n')
    };
    let length = rest.bytes().position(is_end).unwrap_or(rest.len()).max(first.len_utf8());
    let word = rest.get(..length).unwrap_or("");
    let is_joint = word == "to" && rest.get(length..).is_some_and(|r| r.starts_with(' '));
    (Some(if is_joint { Kind::Joint } else { Kind::Word }), length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(Kind, &str)> {
        let line = Span::new(0, text.len());
        let tokens = line_tokens(text, line).into_iter();
        tokens.map(|(kind, span, _)| (kind, &text[span.range()])).collect()
    }

    #[test]
    fn strings_are_read_with_their_escapes() {
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
    fn words_and_marks_are_told_apart() {
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
        fn any_text_is_taken(text in "[ab:=,;\"'`\\\\(){}\\[\\]<>%$#/ é\n-]{0,60}") {
            let lines: Vec<Span> = crate::source::lines(&text)
                .map(|(start, line)| Span::new(start, start + line.trim_end().len()))
                .collect();
            for token in tokens(&text, &lines, false) {
                proptest::prop_assert!(text.get(token.span.range()).is_some());
                proptest::prop_assert!(token.outer.contains(token.span));
                if let Parent::Open(at) = token.parent {
                    proptest::prop_assert!(at < text.len());
                }
            }
        }
    }
}
