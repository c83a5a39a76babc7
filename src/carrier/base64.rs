//! Base64: the `data` of Secrets, CI variables and strings in source code, on one line or wrapped.
//!
//! Decoded text is read as a text of its own, so we find base64 within base64, too. Decoded text
//! has no places of its own in the file: findings point at the whole value and name the line
//! inside.

use std::ops::RangeInclusive;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::api_group;
use crate::role::Role;
use crate::text::offsets::{Mapped, OffsetMap};
use crate::text::source::{Source, Span};

use super::input::Input;
use super::{Carrier, Embedded, Reading};

pub(super) static CARRIER: Carrier = Carrier::new("base64", read);

const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

fn read<'a>(input: &'a Input<'_>) -> Reading<'a> {
    let text = input.source.text();
    let mut texts: Vec<Embedded> = Vec::new();
    let mut end = 0;
    for &at in &input.base64_hints {
        if at < end || input.claims.contain(Span::at(at)) || input.done.contain(Span::at(at)) {
            continue;
        }
        let run = run_around(text, at, end);
        end = run.end();
        let is_comment = || input.comments().hold(text, run.start());
        texts.extend(decoded(text, run).map(|found| {
            let role = if is_comment() { Role::Comment } else { found.role };
            Embedded { role, ..found }
        }));
    }
    let is_too_deep = api_group::is_in_base64_thrice(text);
    let limits = is_too_deep.then(|| "base64 in base64 in base64 is not decoded".to_owned());
    Reading { texts, limits: limits.into_iter().collect(), ..Reading::default() }
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

/// The widths at which we expect base64 to be wrapped, in bytes; programs choose 64 or 76.
const WRAPPED: RangeInclusive<usize> = 32..=128;

/// Returns the base64 around a place, over all lines that it is wrapped on, but nothing before
/// `floor`, where the previous one ended.
fn run_around(text: &str, at: usize, floor: usize) -> Span {
    let words = Words { bytes: text.as_bytes(), floor };
    let (mut first, mut last) = (words.around(at), words.around(at));
    // The width of all lines except the last, which is shorter.
    let mut width = 0;
    while let Some(above) = words.line_above(first, width) {
        first = above;
        width = above.len();
    }
    while let Some(below) = words.line_below(last, width) {
        width = last.len();
        last = below;
    }
    Span::new(first.start(), last.end())
}

/// The words of base64 characters in a text, which may be the lines of a wrapped or folded value.
struct Words<'a> {
    bytes: &'a [u8],
    /// No word begins before.
    floor: usize,
}

impl Words<'_> {
    fn start_of(&self, at: usize) -> usize {
        let before = self.bytes.get(self.floor..at).unwrap_or(&[]).iter().rev();
        at - before.take_while(|byte| is_base64(**byte)).count()
    }

    fn end_of(&self, at: usize) -> usize {
        let rest = self.bytes.get(at..).unwrap_or(&[]).iter();
        let letters = rest.clone().take_while(|byte| is_base64(**byte)).count();
        at + letters + rest.skip(letters).take_while(|byte| **byte == b'=').take(2).count()
    }

    /// Returns the word around a place, with its padding.
    fn around(&self, at: usize) -> Span {
        Span::new(self.start_of(at), self.end_of(at))
    }

    /// Returns the width of the word that ends one blank before `at`.
    fn width_before(&self, at: usize) -> usize {
        match at.checked_sub(1) {
            Some(end) if self.bytes.get(end) == Some(&b' ') => end - self.start_of(end),
            _ => 0,
        }
    }

    /// Returns the line of the value above a line: as wide as `width`, unless that is 0.
    fn line_above(&self, line: Span, width: usize) -> Option<Span> {
        // Go back over the indentation and the line break to a line that ends in base64. In a
        // folded scalar the line break is a blank.
        let before = self.bytes.get(self.floor..line.start()).unwrap_or(&[]);
        let blanks = before.iter().rev().take_while(|byte| is_blank(**byte)).count();
        let before = self.bytes.get(self.floor..line.start() - blanks).unwrap_or(&[]);
        let above = before.strip_suffix(b"\n");
        let is_folded = above.is_none();
        let above = above.or(Some(before).filter(|_| blanks == 1))?;
        let end = self.floor + above.strip_suffix(b"\r").unwrap_or(above).len();
        let above = Span::new(self.start_of(end), end);
        let is_as_wide = width == 0 || above.len() == width;
        // Stop at a word that is not a line of the folded scalar.
        let is_line = || {
            !is_folded || is_folded_line(above.len(), line.len(), self.width_before(above.start()))
        };
        (WRAPPED.contains(&above.len()) && is_as_wide && is_line()).then_some(above)
    }

    /// Returns the line of the value below a line, which is as wide as those above it: `width`,
    /// or 0.
    fn line_below(&self, line: Span, width: usize) -> Option<Span> {
        let rest = self.bytes.get(line.end()..).unwrap_or(&[]);
        let rest = rest.strip_prefix(b"\r").unwrap_or(rest);
        if !WRAPPED.contains(&line.len()) || line.len() < width {
            return None;
        }
        let is_folded = rest.starts_with(b" ");
        let rest = rest.strip_prefix(b"\n").or_else(|| rest.strip_prefix(b" "))?;
        let next_indent = rest.iter().take_while(|byte| is_blank(**byte)).count();
        // A line that is all base64 must be indented like the next one.
        if self.indent(line.start()).is_some_and(|indent| indent != next_indent) {
            return None;
        }
        let next = self.bytes.len() - rest.len() + next_indent;
        let next = Span::new(next, self.end_of(next));
        let is_line = || {
            !is_folded || is_folded_line(line.len(), next.len(), self.width_before(line.start()))
        };
        // The next line must be all base64, except for a closing quote.
        let after = self.bytes.get(next.end()).copied().unwrap_or(b'\n');
        let is_wrapped = matches!(after, b'\n' | b'\r' | b'"' | b'\'' | b',' | b' ');
        let is_shorter = (4..=line.len()).contains(&next.len());
        let is_padded = self.bytes.get(line.end() - 1) == Some(&b'=');
        (is_line() && is_wrapped && is_shorter && !is_padded).then_some(next)
    }

    /// Returns the number of blanks before a word; `None` if more than blanks precede it on its line.
    fn indent(&self, word: usize) -> Option<usize> {
        let until = self.bytes.get(..word).unwrap_or(&[]);
        let before = until.trim_ascii_end();
        let is_at_start = |blanks: &[u8]| before.is_empty() || blanks.contains(&b'\n');
        let is_first = self.bytes.get(before.len()..word).is_some_and(is_at_start);
        is_first.then(|| until.iter().rev().take_while(|byte| is_blank(**byte)).count())
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// Returns whether two words are lines of one folded text: both have the same width, or the second
/// is the shorter last line and the word before both is as wide as the first.
fn is_folded_line(first: usize, second: usize, before: usize) -> bool {
    second == first || (second < first && before == first)
}

/// Returns the decoded text of the base64 at `run`, if it is worth reading.
fn decoded(text: &str, run: Span) -> Option<Embedded> {
    // Characters before the base64 may be base64 characters, too: `prefix/…`.
    (0..4).find_map(|skip| {
        let place = Span::new(run.start() + skip, run.end());
        let inner = Source::new("", decode(text.get(place.range())?)?);
        let (text, raw) = (inner.text(), inner.raw().map(<[u8]>::to_vec));
        let is_ours = api_group::is_in(text) || !api_group::base64_hints(text).is_empty();
        let map = OffsetMap::whole(text.len(), place);
        let content = || Mapped { text: text.to_owned(), map };
        is_ours.then(|| Embedded { base64: true, raw, ..Embedded::new(content()) })
    })
}

/// Decodes base64 in either alphabet, with or without padding, and skips all other characters, such
/// as line breaks.
fn decode(text: &str) -> Option<Vec<u8>> {
    let mut letters: Vec<u8> = Vec::with_capacity(text.len());
    letters.extend(text.bytes().filter_map(|byte| match byte {
        b'-' => Some(b'+'),
        b'_' => Some(b'/'),
        byte if is_base64(byte) => Some(byte),
        _ => None,
    }));
    // A single letter does not make a byte.
    letters.truncate(letters.len() - usize::from(letters.len() % 4 == 1));
    ENGINE.decode(letters).ok()
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

    use super::*;
    use crate::kubernetes::api_versions::GROUP;

    fn texts(text: &str) -> Vec<(String, String)> {
        let source = Source::new("f", text.into());
        let texts = read(&Input::new(&source)).texts.into_iter();
        let show = |found: Embedded| {
            let place = found.content.map.outer(Span::new(0, found.content.map.len()));
            (found.content.text, text[place.range()].to_owned())
        };
        texts.map(show).collect()
    }

    #[test]
    fn base64_carrier_decodes_both_alphabets_anywhere() {
        for inner in ["", "a", "ab", "abc"].map(|start| format!("{start} {GROUP}/v1 ??>>é")) {
            for encoded in [STANDARD.encode(&inner), URL_SAFE_NO_PAD.encode(&inner)] {
                for outer in [
                    encoded.clone(),
                    format!("data:\n  value: {encoded}\nkind: Secret\n"),
                    format!("KUBE_CONFIG='{encoded}'"),
                    format!("x = \"{encoded}\";"),
                ] {
                    assert_eq!(texts(&outer), [(inner.clone(), encoded.clone())], "{outer}");
                }
            }
        }
    }

    #[test]
    fn base64_carrier_joins_wrapped_lines() {
        let inner = format!("{}{GROUP}/v1\n{}", "x".repeat(37), "y".repeat(200));
        let encoded = STANDARD.encode(&inner);
        for columns in [64, 76] {
            for indent in ["", "    "] {
                let lines: Vec<&str> = encoded
                    .as_bytes()
                    .chunks(columns)
                    .map(|line| std::str::from_utf8(line).unwrap())
                    .collect();
                let wrapped = lines.join(&format!("\n{indent}"));
                let outer = format!("config: |\n{indent}{wrapped}\nkind: Secret\n");
                assert_eq!(texts(&outer), [(inner.clone(), wrapped)], "{outer}");
            }
        }
    }

    #[test]
    fn base64_carrier_excludes_adjacent_words() {
        let inner = format!("a: {GROUP}/v1\nb: {}", "c".repeat(40));
        let encoded = STANDARD.encode(&inner);
        for outer in [
            format!("f {} {encoded} --kubeconfig x", "a1".repeat(32)),
            format!("f {} {encoded}", "a1".repeat(60)),
        ] {
            assert_eq!(texts(&outer), [(inner.clone(), encoded.clone())], "{outer}");
        }
        let inner = format!("{}{GROUP}/v1\n{}", "x".repeat(37), "y".repeat(200));
        let encoded = STANDARD.encode(&inner);
        let lines = encoded.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap());
        let folded = lines.collect::<Vec<_>>().join(" ");
        assert_eq!(texts(&format!("{folded}\n")), [(inner, folded)]);
    }

    #[test]
    fn base64_carrier_sees_the_group_in_nested_base64() {
        let inner = STANDARD.encode(format!("a: {GROUP}/v1"));
        for before in ["x: ", "xy: ", "xyz: "] {
            let inner = format!("{before}{inner}\n");
            assert_eq!(texts(&STANDARD.encode(&inner))[0].0, inner);
        }
    }

    proptest::proptest! {
        #[test]
        fn run_around_accepts_any_text(
            before in "[a-zA-Z0-9+/=\n \"é]{0,40}",
            after in "[a-zA-Z0-9+/=\n \"é]{0,40}",
            wide: bool,
        ) {
            let encoded = STANDARD.encode(format!("{GROUP}/v1{}", if wide { "é" } else { "" }));
            let text = format!("{before}{encoded}{after}");
            for at in api_group::base64_hints(&text) {
                let run = run_around(&text, at, 0);
                proptest::prop_assert!(run.start() <= at && at < run.end());
                proptest::prop_assert!(text.get(run.range()).is_some());
            }
            texts(&text);
        }
    }
}
