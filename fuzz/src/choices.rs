//! Decisions out of bytes, so that the same generators serve a fuzzer and a random number generator.

/// Reads decisions from bytes. When the bytes are used up, every decision is the first option, so
/// that all generators end.
#[derive(Debug, Clone)]
pub struct Choices<'a> {
    bytes: &'a [u8],
}

impl<'a> Choices<'a> {
    /// Reads the first byte first.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// Returns whether the bytes are used up.
    pub fn is_done(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Returns a number below `end`, which must be in 1..=256.
    pub fn below(&mut self, end: usize) -> usize {
        let Some((first, rest)) = self.bytes.split_first() else { return 0 };
        self.bytes = rest;
        usize::from(*first) % end
    }

    /// Returns `true` once in `n` times.
    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == n - 1
    }

    /// Returns one of the options.
    pub fn pick<T: Copy>(&mut self, options: &[T]) -> T {
        options[self.below(options.len())]
    }

    /// Returns a text of pieces, until the bytes are used up.
    pub fn soup(&mut self, pieces: &[&str]) -> String {
        let mut text = String::new();
        while !self.is_done() {
            text.push_str(self.pick(pieces));
        }
        text
    }
}

/// Returns whether the bytes are decisions for a generator. Other bytes are a text as it is: those
/// of a file of ASCII, for example.
pub fn is_structured(bytes: &[u8]) -> bool {
    bytes.last().is_some_and(|last| *last >= 0x80)
}

/// Returns the bytes as text, or a text of the pieces that the bytes select.
pub fn text_of(bytes: &[u8], pieces: &[&str]) -> String {
    match is_structured(bytes) {
        true => Choices::new(bytes).soup(pieces),
        false => String::from_utf8_lossy(bytes).into_owned(),
    }
}
