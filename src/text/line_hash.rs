//! The hash by which GitHub recognizes an alert across commits: `primaryLocationLineHash`.
//!
//! Source: `src/fingerprints.ts` of github/codeql-action. The hash of a line covers the 100 UTF-16
//! code units from its start, across line ends and without blanks. The end of the file counts as
//! one unit, everything after it as zero.

use std::collections::HashMap;

use super::source::Span;

/// Number of UTF-16 code units that a hash covers.
const BLOCK: usize = 100;
const FACTOR: u64 = 37;
/// The unit that marks the end of the file.
const END: u16 = u16::MAX;

/// The hashes of the lines of one text.
#[derive(Debug)]
pub(crate) struct LineHashes {
    /// Per line: its hash, and its ordinal (from 1) among the lines with that hash.
    lines: Vec<(u64, usize)>,
}

impl LineHashes {
    /// Hashes every line of `text` in linear time.
    pub(crate) fn new(text: &str) -> Self {
        let (units, starts) = units_and_starts(text);
        let unit = |at: usize| units.get(at).copied().map_or(0, u64::from);
        // The weight of a unit at the moment it leaves the block.
        let leaving = (1..BLOCK).fold(1, |weight: u64, _| weight.wrapping_mul(FACTOR));
        let mut hash = (0..BLOCK).fold(0, |hash: u64, at| step(hash, unit(at)));
        let mut at = 0;
        let mut seen: HashMap<u64, usize> = HashMap::new();
        let mut lines = Vec::with_capacity(starts.len());
        for start in starts {
            while at < start {
                hash = step(hash.wrapping_sub(unit(at).wrapping_mul(leaving)), unit(at + BLOCK));
                at += 1;
            }
            let count = seen.entry(hash).or_default();
            *count += 1;
            lines.push((hash, *count));
        }
        Self { lines }
    }

    /// Returns the hash of a 1-based line in GitHub's format.
    pub(crate) fn of(&self, line: usize) -> Option<String> {
        let (hash, count) = self.lines.get(line.checked_sub(1)?)?;
        Some(format!("{hash:x}:{count}"))
    }
}

/// Hashes a list of texts into 32 hexadecimal digits: FNV-1a with 128 bits.
///
/// Source: draft-eastlake-fnv (offset basis and prime).
pub(crate) fn hash(texts: &[&str]) -> String {
    const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = (1 << 88) + 0x13b;
    // UTF-8 never contains this byte, so different lists never hash the same input.
    const BETWEEN: u8 = 0xff;
    let bytes = texts.iter().enumerate().flat_map(|(i, text)| {
        let between = if i > 0 { &[BETWEEN][..] } else { &[] };
        between.iter().chain(text.as_bytes())
    });
    let hash = bytes.fold(BASIS, |hash, &byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME));
    format!("{hash:032x}")
}

/// Returns the span that the hash of the line starting at `start` covers.
pub(crate) fn covered(text: &str, start: usize) -> Span {
    let rest = text.get(start..).unwrap_or("");
    let mut left = BLOCK;
    let end = rest.char_indices().find(|&(_, c)| {
        // CRLF counts as one unit, so CR is not counted. Reading one unit too far does no harm.
        let units = if matches!(c, ' ' | '\t' | '\r') { 0 } else { c.len_utf16() };
        let is_after = left == 0;
        left = left.saturating_sub(units);
        is_after
    });
    Span::new(start, end.map_or(text.len(), |(end, _)| start + end))
}

/// Shifts the block by one unit.
fn step(hash: u64, unit: u64) -> u64 {
    hash.wrapping_mul(FACTOR).wrapping_add(unit)
}

/// Returns the code units that count, and the index of the first unit of each line.
fn units_and_starts(text: &str) -> (Vec<u16>, Vec<usize>) {
    let mut units = Vec::with_capacity(text.len() + 1);
    let mut starts = vec![0];
    let mut after_cr = false;
    for unit in text.encode_utf16() {
        let is_cr = unit == u16::from(b'\r');
        let is_lf = unit == u16::from(b'\n');
        let counts = unit != u16::from(b' ') && unit != u16::from(b'\t') && !(after_cr && is_lf);
        if counts {
            units.push(if is_cr { u16::from(b'\n') } else { unit });
            if is_cr || is_lf {
                starts.push(units.len());
            }
        }
        after_cr = is_cr;
    }
    units.push(END);
    (units, starts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::source::Source;
    use proptest::prelude::*;

    fn hashes(text: &str) -> Vec<String> {
        let hashes = LineHashes::new(text);
        (1..).map_while(|line| hashes.of(line)).collect()
    }

    #[test]
    fn line_hashes_match_codeql_action() {
        let crlf = [
            "e9496ae3ebfced30:1",
            "fb7c023a8b9ccb3f:1",
            "ce8ba1a563dcdaca:1",
            "e20e36e16fcb0cc8:1",
            "b3edc88f2938467e:1",
            "c8e28b0b4002a3a0:1",
            "c129715d7a2bc9a3:1",
        ];
        let lorem = "Lorem ipsum dolor sit amet.\n".repeat(10);
        let cases: [(&str, &[&str]); 6] = [
            ("", &["c129715d7a2bc9a3:1"]),
            (
                " a\nb\n  \t\tc\n d",
                &[
                    "271789c17abda88f:1",
                    "54703d4cd895b18:1",
                    "180aee12dab6264:1",
                    "a23a3dc5e078b07b:1",
                ],
            ),
            (
                " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End",
                &[
                    "8b7cf3e952e7aeb2:1",
                    "b1ae1287ec4718d9:1",
                    "bff680108adb0fcc:1",
                    "c6805c5e1288b612:1",
                    "b86d3392aea1be30:1",
                    "e6ceba753e1a442:1",
                ],
            ),
            (" hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n", &crlf),
            (" hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n", &crlf),
            (
                &lorem,
                &[
                    "a7f2ff13bc495cf2:1",
                    "a7f2ff13bc495cf2:2",
                    "a7f2ff13bc495cf2:3",
                    "a7f2ff13bc495cf2:4",
                    "a7f2ff13bc495cf2:5",
                    "a7f2ff13bc495cf2:6",
                    "a7f2ff1481e87703:1",
                    "a9cf91f7bbf1862b:1",
                    "55ec222b86bcae53:1",
                    "cc97dc7b1d7d8f7b:1",
                    "c129715d7a2bc9a3:1",
                ],
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(hashes(text), expected, "{text:?}");
        }
    }

    #[test]
    fn hash_matches_test_vectors_and_separates_texts() {
        // Test vectors from the draft.
        for (text, expected) in [
            ("", "6c62272e07bb014262b821756295c58d"),
            ("a", "d228cb696f1a8caf78912b704e4a8964"),
            ("foobar", "343e1662793c64bf6f0d3597ba446f18"),
        ] {
            assert_eq!(hash(&[text]), expected);
        }
        assert_ne!(hash(&["a", "bc"]), hash(&["ab", "c"]));
        assert_ne!(hash(&["", "a"]), hash(&["a", ""]));
    }

    proptest! {
        /// Computes the hash by its definition, without the rolling window.
        #[test]
        fn line_hashes_equal_the_hash_of_each_block(text in "[ab \t\r\n日😀]{0,400}") {
            let (units, starts) = units_and_starts(&text);
            let rolled = LineHashes::new(&text);
            for (line, start) in starts.into_iter().enumerate() {
                let mut hash: u64 = 0;
                for at in start..start + BLOCK {
                    hash = step(hash, units.get(at).copied().map_or(0, u64::from));
                }
                prop_assert_eq!(rolled.lines[line].0, hash);
            }
        }

        #[test]
        fn line_hashes_cover_every_line(text in "[a \r\n\u{feff}]{0,40}") {
            let source = Source::new("f", text.into_bytes());
            prop_assert_eq!(hashes(source.text()).len(), source.line_count());
        }
    }
}
