//! The bytes of one file, and the only place that computes lines and columns.
//!
//! The rest of the program uses [`Span`]s: byte ranges in the text of a [`Source`]. The text of a
//! UTF-8 file is the file, byte for byte. A UTF-16 file (Windows shells write them with `>`) is
//! transcoded, and [`Source::file_offset`] maps back.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

pub use goyaml::Span;

/// A position in a file for people: line and column, both 1-based.
///
/// The column counts Unicode code points; a tab counts one, a byte-order mark none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// 1-based line; `\n`, `\r\n` and a lone `\r` end a line.
    pub line: usize,
    /// 1-based column in code points.
    pub column: usize,
}

/// The character encoding of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte-order mark.
    Utf8,
    /// UTF-16, little endian, recognized by its byte-order mark.
    Utf16Le,
    /// UTF-16, big endian, recognized by its byte-order mark.
    Utf16Be,
}

impl Encoding {
    /// Detects the encoding by the first bytes of a file. kubectl's YAML reader checks the same
    /// marks.
    pub fn of(bytes: &[u8]) -> Self {
        match bytes {
            [0xFF, 0xFE, ..] => Self::Utf16Le,
            [0xFE, 0xFF, ..] => Self::Utf16Be,
            _ => Self::Utf8,
        }
    }

    /// Returns the bytes of a text in this encoding, without adding a byte-order mark.
    pub fn encode(self, text: &str) -> Vec<u8> {
        match self {
            Self::Utf8 => text.as_bytes().to_vec(),
            Self::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Self::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        }
    }
}

/// The text of one file.
#[derive(Debug, Clone)]
pub struct Source {
    path: PathBuf,
    text: String,
    encoding: Encoding,
    invalid: Option<usize>,
    /// The bytes of the file if they are not valid UTF-8.
    raw: Option<Vec<u8>>,
    lines: OnceLock<Vec<usize>>,
    counts: OnceLock<Vec<Count>>,
}

/// The number of characters before an offset.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    code_points: usize,
    utf16: usize,
}

impl Count {
    fn add(&mut self, text: &str) {
        if text.is_ascii() {
            self.code_points += text.len();
            self.utf16 += text.len();
            return;
        }
        for c in text.chars() {
            self.code_points += 1;
            self.utf16 += c.len_utf16();
        }
    }
}

/// Interval, in bytes, at which the characters before are counted once and cached. A column in a
/// line of megabytes then costs no more than one in a line of this length.
const COUNT_EVERY: usize = 1024;

const BOM: char = '\u{feff}';

impl Source {
    /// Creates a source from the bytes of the file at `path`.
    ///
    /// Each invalid byte becomes a `?` (U+FFFD in UTF-16), so that offsets stay correct;
    /// [`Source::invalid_at`] returns the first.
    pub fn new(path: impl Into<PathBuf>, bytes: Vec<u8>) -> Self {
        let encoding = Encoding::of(&bytes);
        let mut raw = None;
        let (text, invalid) = match encoding {
            Encoding::Utf8 => match String::from_utf8(bytes) {
                Ok(text) => (text, None),
                Err(error) => {
                    let at = error.utf8_error().valid_up_to();
                    let text = patch_utf8(error.as_bytes());
                    raw = Some(error.into_bytes());
                    (text, Some(at))
                }
            },
            Encoding::Utf16Le => decode_utf16(&bytes, u16::from_le_bytes),
            Encoding::Utf16Be => decode_utf16(&bytes, u16::from_be_bytes),
        };
        Self {
            path: path.into(),
            text,
            encoding,
            invalid,
            raw,
            lines: OnceLock::new(),
            counts: OnceLock::new(),
        }
    }

    /// Returns whether another source differs in nothing but its path.
    pub(crate) fn is_copy_of(&self, other: &Self) -> bool {
        let Self { text, encoding, invalid, raw, .. } = self;
        *text == other.text
            && (encoding, invalid, raw) == (&other.encoding, &other.invalid, &other.raw)
    }

    /// Gives up the text, so that a run keeps only what its reports show. Spans then have no place.
    pub(crate) fn drop_text(&mut self) {
        let path = std::mem::take(&mut self.path);
        *self = Self::new(path, Vec::new());
    }

    /// Returns the path as it was given or found.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the whole text, including a byte-order mark.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the text of a span; empty if the span does not lie on character boundaries.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// Returns the encoding of the file.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Returns the bytes of the file if they are not valid UTF-8 and thus differ from the text.
    pub fn raw(&self) -> Option<&[u8]> {
        self.raw.as_deref()
    }

    /// Returns the bytes of the file; `None` if the text does not determine them (invalid UTF-16).
    pub fn bytes(&self) -> Option<Vec<u8>> {
        match &self.raw {
            Some(raw) => Some(raw.clone()),
            None if self.invalid.is_some() => None,
            None => Some(self.encoding.encode(&self.text)),
        }
    }

    /// Returns the byte of the text where the file stops being valid in its encoding, if it does.
    pub fn invalid_at(&self) -> Option<usize> {
        self.invalid
    }

    /// Returns the line and column of a byte of the text. An offset inside a character counts as
    /// the start of that character, one past the end as the end.
    pub fn position(&self, offset: usize) -> Position {
        let (line, start, offset) = self.line_of(offset);
        let column = 1 + self.count(offset).code_points - self.count(start).code_points;
        Position { line, column }
    }

    /// Returns the 1-based line of a byte of the text; cheaper than [`position`](Self::position).
    pub fn line(&self, offset: usize) -> usize {
        self.line_of(offset).0
    }

    /// Returns the 1-based column of `offset` in UTF-16 code units, as SARIF viewers count.
    pub fn utf16_column(&self, offset: usize) -> usize {
        let (_, start, offset) = self.line_of(offset);
        1 + self.count(offset).utf16 - self.count(start).utf16
    }

    /// Returns the byte of the *file* for a byte of the text. The two differ only in UTF-16.
    pub fn file_offset(&self, offset: usize) -> usize {
        match self.encoding {
            Encoding::Utf8 => offset.min(self.text.len()),
            Encoding::Utf16Le | Encoding::Utf16Be => {
                2 * self.count(floor_boundary(&self.text, offset)).utf16
            }
        }
    }

    /// Returns the span of a 1-based line, without its line ending and without a byte-order mark.
    pub fn line_span(&self, line: usize) -> Option<Span> {
        let starts = self.line_starts();
        let start = *starts.get(line.checked_sub(1)?)?;
        let end = starts.get(line).copied().unwrap_or(self.text.len());
        let text = self.text.get(start..end)?;
        Some(Span::new(start, start + text.trim_end_matches(['\n', '\r']).len()))
    }

    /// Returns the number of lines (at least one).
    pub fn line_count(&self) -> usize {
        self.line_starts().len()
    }

    /// Returns the 1-based line of `offset`, the start of that line, and `offset` moved to a
    /// character boundary. An offset before the first line (in a byte-order mark) counts as its
    /// start.
    fn line_of(&self, offset: usize) -> (usize, usize, usize) {
        let offset = floor_boundary(&self.text, offset);
        let starts = self.line_starts();
        let line = starts.partition_point(|&start| start <= offset).max(1);
        let start = starts.get(line - 1).copied().unwrap_or(0);
        (line, start, offset.max(start))
    }

    /// Counts the characters before `offset`, which must be a character boundary.
    fn count(&self, offset: usize) -> Count {
        let counts = self.counts.get_or_init(|| {
            let mut counts = vec![Count::default()];
            let (mut count, mut from) = (Count::default(), 0);
            while from < self.text.len() {
                let to = floor_boundary(&self.text, counts.len() * COUNT_EVERY);
                count.add(self.text.get(from..to).unwrap_or(""));
                counts.push(count);
                from = to;
            }
            counts
        });
        let nearest = offset / COUNT_EVERY;
        let mut count = counts.get(nearest).copied().unwrap_or_default();
        let from = floor_boundary(&self.text, nearest * COUNT_EVERY);
        count.add(self.text.get(from..offset).unwrap_or(""));
        count
    }

    fn line_starts(&self) -> &[usize] {
        self.lines.get_or_init(|| {
            // Editors do not count the byte-order mark as a column: line 1 begins after it.
            let first = if self.text.starts_with(BOM) { BOM.len_utf8() } else { 0 };
            let mut starts = vec![first];
            let bytes = self.text.as_bytes();
            let ends_line =
                |&at: &usize| bytes.get(at) == Some(&b'\n') || bytes.get(at + 1) != Some(&b'\n');
            let ends = memchr::memchr2_iter(b'\n', b'\r', bytes).filter(ends_line);
            starts.extend(ends.map(|at| at + 1));
            starts
        })
    }
}

/// Limit, in bytes, on the text examined around an offset for its line or its neighbors: a text of
/// one line may have any length.
pub(crate) const WINDOW: usize = 4096;

/// Returns the text before `at`, at most [`WINDOW`] bytes.
pub(crate) fn window_before(text: &str, at: usize) -> &str {
    let start = at.saturating_sub(WINDOW);
    let start = (start..=at).find(|&start| text.is_char_boundary(start)).unwrap_or(at);
    text.get(start..at).unwrap_or("")
}

/// Returns the text from `at`, at most [`WINDOW`] bytes.
pub(crate) fn window_after(text: &str, at: usize) -> &str {
    text.get(at..floor_boundary(text, at.saturating_add(WINDOW))).unwrap_or("")
}

/// Returns the indentation of a line in bytes.
pub(crate) fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

/// Returns the largest character boundary not after `offset`.
pub(crate) fn floor_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// Replaces each byte that is not UTF-8 with one `?`, so that no offset moves.
fn patch_utf8(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(std::iter::repeat_n('?', chunk.invalid().len()));
    }
    text
}

fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> (String, Option<usize>) {
    let pairs = bytes.chunks_exact(2);
    let odd = !pairs.remainder().is_empty();
    let units = pairs.map(|pair| unit([pair[0], pair[1]]));
    let mut text = String::with_capacity(bytes.len() / 2);
    let mut invalid = None;
    for c in char::decode_utf16(units) {
        match c {
            Ok(c) => text.push(c),
            Err(_) => {
                invalid.get_or_insert(text.len());
                text.push(char::REPLACEMENT_CHARACTER);
            }
        }
    }
    if odd {
        invalid.get_or_insert(text.len());
    }
    (text, invalid)
}

/// Yields the lines of a text: the byte where each begins, and the line with its line ending.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line)
    })
}

/// A value and its location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value, as kubectl reads it.
    pub value: T,
    /// The bytes that spell the value, without quotes, anchor and tag.
    pub span: Span,
    /// The alias (`*name`) or merge (`<<: *name`) that brought the value here, if one did; `span`
    /// is then its location at the anchor.
    pub alias: Option<Span>,
}

impl Spanned<String> {
    /// Returns a copy that is short enough to be made thousands of times.
    pub(crate) fn clipped(&self) -> Self {
        Self { value: clip(&self.value).to_owned(), ..*self }
    }
}

/// Sorts spans and merges those that overlap.
pub(crate) fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    spans.dedup_by(|next, last| {
        let overlaps = next.start() < last.end();
        if overlaps {
            *last = Span::new(last.start(), last.end().max(next.end()));
        }
        overlaps
    });
    spans
}

/// The longest quotation from a file, in bytes.
const MAX_QUOTED: usize = 1024;

/// Returns the start of a text from a file, short enough to be quoted thousands of times.
pub(crate) fn clip(text: &str) -> &str {
    text.get(..floor_boundary(text, MAX_QUOTED)).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(source: &Source, needle: &str) -> (usize, usize, usize) {
        let offset = source.text().find(needle).unwrap();
        let position = source.position(offset);
        (position.line, position.column, source.utf16_column(offset))
    }

    #[test]
    fn source_columns_count_code_points_and_utf16_units() {
        let source = Source::new("f", "a\tb\n日本😀x\r\nend\rz".as_bytes().to_vec());
        assert_eq!(at(&source, "b"), (1, 3, 3));
        assert_eq!(at(&source, "x"), (2, 4, 5));
        assert_eq!(at(&source, "end"), (3, 1, 1));
        assert_eq!(at(&source, "z"), (4, 1, 1));
        assert_eq!(source.slice(source.line_span(2).unwrap()), "日本😀x");
        assert_eq!(source.line_span(5), None);
    }

    #[test]
    fn source_byte_order_mark_takes_no_column() {
        let source = Source::new("f", "\u{feff}kind: Config\n".as_bytes().to_vec());
        assert_eq!(at(&source, "kind"), (1, 1, 1));
        assert_eq!(source.position(0), Position { line: 1, column: 1 });
        assert_eq!(source.slice(source.line_span(1).unwrap()), "kind: Config");
    }

    #[test]
    fn file_offset_maps_utf16_to_bytes() {
        let mut bytes = vec![0xFF, 0xFE];
        for unit in "é😀x".encode_utf16() {
            bytes.extend(unit.to_le_bytes());
        }
        let source = Source::new("f", bytes);
        let offset = source.text().find('x').unwrap();
        assert_eq!(source.file_offset(offset), 2 + 2 + 4);
        assert_eq!(source.position(offset), Position { line: 1, column: 3 });
        assert_eq!(source.invalid_at(), None);
    }

    #[test]
    fn source_counts_columns_in_long_lines() {
        let text = "x\n".to_owned() + &"aé日😀".repeat(5000) + "needle";
        let source = Source::new("f", text.into_bytes());
        assert_eq!(at(&source, "needle"), (2, 20_001, 25_001));
    }

    #[test]
    fn file_offset_stays_right_after_invalid_bytes() {
        let source = Source::new("f", b"a\xff\xfe b: \xe2\x82 c".to_vec());
        assert_eq!(source.text(), "a?? b: ?? c");
        assert_eq!(source.invalid_at(), Some(1));
        assert_eq!(source.file_offset(source.text().find('c').unwrap()), 10);
    }

    proptest::proptest! {
        #[test]
        fn position_accepts_any_offset(bytes: Vec<u8>, offset: usize) {
            let source = Source::new("f", bytes);
            let position = source.position(offset);
            proptest::prop_assert!(position.line >= 1 && position.column >= 1);
            proptest::prop_assert!(position.line <= source.line_count());
        }
    }
}
