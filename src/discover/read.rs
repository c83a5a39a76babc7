//! Reads the bytes of a file at the cost of a search: open, read, close.

use std::fs::{self, File};
use std::io::{self, Read, Seek};
use std::path::Path;
use std::sync::LazyLock;

use memchr::memmem;

use crate::api_group::own_report::is_own_report;
use crate::api_group::prefilter::{self, OVERLAP, Pieces};
use crate::carrier;
use crate::language::KubeconfigName;
use crate::text::escape::plain_reason;
use crate::text::source::{Encoding, Source};

/// Limit on the bytes of a file that is parsed. Larger files are only searched.
pub(crate) const MAX_BYTES: usize = 256 << 20;

/// Limit on the buffer that is kept after reading a file, in bytes. A larger file is searched one
/// buffer at a time, which stays in the cache of the processor, and read as a whole only if it may
/// be interesting.
const MAX_KEPT_BYTES: usize = 256 << 10;

/// Limit on the pieces in which the rest of a file is searched that is too large to parse, in bytes.
const MAX_PIECE_BYTES: usize = 4 << 20;

/// The result of reading a file.
#[derive(Debug)]
pub enum Loaded {
    /// The file contains nothing worth a look.
    Irrelevant,
    /// The file was given by name, and is empty or binary.
    NoText(&'static str),
    /// The text of the file.
    Source(Source),
    /// The file is a report of this program. What it quotes is checked at its source.
    Report,
    /// The whole file is encrypted, so its content is unknown; by what.
    Encrypted(&'static str),
    /// The file is worth a look but cannot be checked; why.
    Skipped(String),
}

/// A reader with its own buffer; use one per thread.
#[derive(Debug)]
pub struct FileReader {
    buffer: Vec<u8>,
    max: usize,
    /// Whether the next file was given by name.
    pub(crate) is_named: bool,
}

impl Default for FileReader {
    fn default() -> Self {
        Self::with_limit(MAX_BYTES)
    }
}

impl FileReader {
    /// Creates a reader that parses files of up to `max` bytes.
    pub fn with_limit(max: usize) -> Self {
        Self { buffer: vec![0; 64 << 10], max, is_named: false }
    }

    /// Reads a regular file. `ends_short` says that a read that returns less than it was asked for
    /// has reached the end of the file.
    ///
    /// # Errors
    /// Fails if the file cannot be read.
    pub fn file(&mut self, path: &Path, mut file: File, ends_short: bool) -> io::Result<Loaded> {
        let length = match ends_short {
            true => read_some(&mut file, &mut self.buffer)?,
            false => self.fill(0, &mut file)?,
        };
        if length < self.buffer.len() {
            return Ok(self.examined(path, length));
        }
        let otherwise = match is_searchable(path, &self.buffer) {
            true => encrypted(&self.buffer)
                .map_or_else(|| unread(&self.buffer, self.is_named), Look::Encrypted),
            false => return self.load_rest(path, length, file),
        };
        let mut pieces = Pieces::default();
        let mut may_be_interesting = self.search(length, &mut file, |piece| pieces.add(piece))?;
        if !may_be_interesting && pieces.need_more() {
            file.rewind()?;
            let length = self.fill(0, &mut file)?;
            may_be_interesting =
                self.search(length, &mut file, |piece| pieces.are_met_in(piece))?;
        }
        if !may_be_interesting {
            return Ok(otherwise.loaded(path, Vec::new));
        }
        file.rewind()?;
        let size = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
        if size > self.max {
            return self.load(path, file);
        }
        // Nothing writes zeros into the room of a vector before the file is read into it. The file
        // may have grown.
        Ok(match at_most_of(size as u64, file, self.max as u64)? {
            Some(bytes) => look_at(path, &bytes, self.is_named).loaded(path, || bytes),
            None => Loaded::Skipped(larger_than(self.max as u64)),
        })
    }

    /// Reads `input` to its end, as the file `path`.
    ///
    /// # Errors
    /// Fails if the input cannot be read.
    pub fn load(&mut self, path: &Path, mut input: impl Read) -> io::Result<Loaded> {
        let length = self.fill(0, &mut input)?;
        self.load_rest(path, length, input)
    }

    /// Reads the rest of an input, of which the buffer holds the first bytes.
    fn load_rest(
        &mut self,
        path: &Path,
        mut length: usize,
        mut input: impl Read,
    ) -> io::Result<Loaded> {
        while length == self.buffer.len() {
            if length >= self.max {
                let found = self.search(length, &mut input, prefilter::is_interesting)?;
                *self = Self::with_limit(self.max);
                return Ok(match found {
                    true => Loaded::Skipped(larger_than(self.max as u64)),
                    false => Loaded::Irrelevant,
                });
            }
            self.buffer.resize((length * 2).min(self.max), 0);
            length = self.fill(length, &mut input)?;
        }
        Ok(self.examined(path, length))
    }

    /// Reads from `input` until the buffer is full or the input ends. Returns how many bytes of
    /// the buffer are then in use, of which `length` were before.
    fn fill(&mut self, mut length: usize, input: &mut impl Read) -> io::Result<usize> {
        while let Some(room) = self.buffer.get_mut(length..).filter(|room| !room.is_empty()) {
            match read_some(input, room)? {
                0 => break,
                read => length += read,
            }
        }
        Ok(length)
    }

    /// Examines the first bytes of the buffer, which are the file `path`.
    fn examined(&mut self, path: &Path, length: usize) -> Loaded {
        let bytes = self.buffer.get(..length).unwrap_or_default();
        let look = look_at(path, bytes, self.is_named);
        if self.buffer.len() <= MAX_KEPT_BYTES {
            return look.loaded(path, || bytes.to_vec());
        }
        let Self { mut buffer, max, .. } = std::mem::replace(self, Self::with_limit(self.max));
        self.max = max;
        look.loaded(path, || {
            buffer.truncate(length);
            buffer.shrink_to_fit();
            buffer
        })
    }

    /// Reads `input` to its end, as the file `path`, and returns its bytes as well; none if it is
    /// too large.
    ///
    /// # Errors
    /// Fails if the input cannot be read.
    pub fn load_and_keep(
        &mut self,
        path: &Path,
        input: impl Read,
    ) -> io::Result<(Loaded, Vec<u8>)> {
        let max = self.max as u64;
        Ok(match at_most(input, max)? {
            Some(bytes) => {
                (look_at(path, &bytes, self.is_named).loaded(path, || bytes.clone()), bytes)
            }
            None => (Loaded::Skipped(larger_than(max)), Vec::new()),
        })
    }

    /// Searches the buffer, and then the rest of the input one buffer at a time, until `is_found`
    /// holds for what the buffer contains.
    fn search(
        &mut self,
        mut length: usize,
        input: &mut impl Read,
        mut is_found: impl FnMut(&[u8]) -> bool,
    ) -> io::Result<bool> {
        loop {
            if is_found(self.buffer.get(..length).unwrap_or_default()) {
                return Ok(true);
            }
            // A word that is split between two pieces is found in the second.
            let kept = OVERLAP.min(length);
            self.buffer.copy_within(length - kept..length, 0);
            self.buffer.truncate(MAX_PIECE_BYTES);
            length = self.fill(kept, input)?;
            if length == kept {
                return Ok(false);
            }
        }
    }
}

/// Reads once, and again if a signal interrupts that. Returns the number of bytes.
fn read_some(input: &mut impl Read, room: &mut [u8]) -> io::Result<usize> {
    loop {
        match input.read(room) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}

/// Reads `input` to its end; `None` if it has more than `max` bytes.
///
/// # Errors
/// Fails if the input cannot be read.
pub(crate) fn at_most(input: impl Read, max: u64) -> io::Result<Option<Vec<u8>>> {
    at_most_of(0, input, max)
}

/// Does as [`at_most`], with room for an input of `size` bytes from the start: a vector that grows is
/// for a moment there twice. One byte more shows that the input has ended.
fn at_most_of(size: u64, input: impl Read, max: u64) -> io::Result<Option<Vec<u8>>> {
    let room = usize::try_from(size.min(max)).unwrap_or(0);
    let mut bytes = Vec::with_capacity(room.saturating_add(1));
    input.take(max + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= max).then_some(bytes))
}

/// Says that a file has more than `max` bytes.
pub(crate) fn larger_than(max: u64) -> String {
    format!("larger than {} MiB", max >> 20)
}

/// Reads a regular file of at most `max` bytes.
///
/// # Errors
/// Says why it cannot be read, in a few words without a full stop.
pub(crate) fn regular(path: &Path, max: u64) -> Result<Vec<u8>, String> {
    let metadata = fs::metadata(path).map_err(|error| plain_reason(&error))?;
    // A FIFO may never have a writer.
    if !metadata.is_file() {
        return Err("not a regular file".to_owned());
    }
    if metadata.len() > max {
        return Err(larger_than(max));
    }
    let read = File::open(path).and_then(|file| at_most_of(metadata.len(), file, max));
    read.map_err(|error| plain_reason(&error))?.ok_or_else(|| larger_than(max))
}

static SOPS: LazyLock<memmem::Finder<'static>> =
    LazyLock::new(|| memmem::Finder::new("ENC[AES256_GCM,data:"));
static SEALED_SECRET: LazyLock<memmem::Finder<'static>> =
    LazyLock::new(|| memmem::Finder::new("SealedSecret"));

/// Returns what encrypted a file, if its beginning says so.
///
/// Source: Ansible `parsing/vault/__init__.py` (`b_HEADER`); getsops/sops `aes/cipher.go`
/// (`encre`); bitnami-labs/sealed-secrets `pkg/apis/sealedsecrets/v1alpha1/types.go`.
fn encrypted(bytes: &[u8]) -> Option<&'static str> {
    const BEGIN: usize = 2048;
    let begin = bytes.get(..BEGIN).unwrap_or(bytes);
    let has = |finder: &memmem::Finder<'_>| finder.find(begin).is_some();
    if begin.starts_with(b"$ANSIBLE_VAULT;") {
        Some("encrypted with Ansible Vault, so it cannot be checked")
    } else if has(&SOPS) {
        Some("encrypted with SOPS, so its values cannot be checked")
    } else if has(&SEALED_SECRET) && memmem::find(begin, b"encryptedData").is_some() {
        Some("a SealedSecret, whose `encryptedData` cannot be checked")
    } else {
        None
    }
}

/// What a look at the bytes of a file says.
enum Look {
    Irrelevant,
    NoText(&'static str),
    Interesting,
    Report,
    Encrypted(&'static str),
    Skipped(String),
}

impl Look {
    /// Makes a source of the bytes if they are interesting.
    fn loaded(self, path: &Path, bytes: impl FnOnce() -> Vec<u8>) -> Loaded {
        match self {
            Self::Irrelevant => Loaded::Irrelevant,
            Self::NoText(why) => Loaded::NoText(why),
            Self::Interesting => Loaded::Source(Source::new(path, bytes())),
            Self::Report => Loaded::Report,
            Self::Encrypted(by) => Loaded::Encrypted(by),
            Self::Skipped(reason) => Loaded::Skipped(reason),
        }
    }
}

/// Says why a file is not parsed whose bytes, or the first of them, are not interesting.
fn unread(bytes: &[u8], is_named: bool) -> Look {
    match is_named {
        true if bytes.is_empty() => Look::NoText("empty: did the command that wrote it fail?"),
        true if memchr::memchr(0, bytes).is_some() => Look::NoText("a binary file"),
        _ => Look::Irrelevant,
    }
}

fn look_at(path: &Path, bytes: &[u8], is_named: bool) -> Look {
    if Encoding::of(bytes) != Encoding::Utf8 {
        let source = Source::new(path, bytes.to_vec());
        let interesting = prefilter::is_interesting(source.text().as_bytes());
        return if interesting { Look::Interesting } else { Look::Irrelevant };
    }
    if is_wide(bytes) {
        let narrow: Vec<u8> = bytes.iter().copied().filter(|&byte| byte != 0).collect();
        let is_interesting =
            carrier::is_of_interest(path, &narrow) || prefilter::is_interesting(&narrow);
        return if is_interesting { Look::Interesting } else { Look::Irrelevant };
    }
    if !prefilter::is_interesting(bytes) {
        if let Some(by) = encrypted(bytes) {
            return Look::Encrypted(by);
        }
        let is_certain = || KubeconfigName::of(path) == Some(KubeconfigName::Certain);
        let is_text = || memchr::memchr(0, bytes).is_none();
        let is_empty = is_named && bytes.is_empty();
        if is_empty || !carrier::is_of_interest(path, bytes) || !(is_text() || is_certain()) {
            return unread(bytes, is_named);
        }
    }
    if is_own_report(bytes) {
        return Look::Report;
    }
    match memchr::memchr(0, bytes) {
        Some(at) => Look::Skipped(format!("a binary file (zero byte at offset {at})")),
        None => Look::Interesting,
    }
}

/// Returns whether a file that begins with these bytes is interesting only if its [`Pieces`] say so.
fn is_searchable(path: &Path, begin: &[u8]) -> bool {
    Encoding::of(begin) == Encoding::Utf8 && !is_wide(begin) && !carrier::is_named(path)
}

/// Returns whether the bytes begin like ASCII in UTF-16 or UTF-32 without a byte order mark, which
/// no YAML parser accepts.
fn is_wide(bytes: &[u8]) -> bool {
    const BEGIN: usize = 64;
    let begin = bytes.get(..BEGIN).unwrap_or(bytes);
    let is_text = |byte: u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
    [2, 4].into_iter().any(|width| {
        let units = || begin.chunks_exact(width);
        let is_ascii = |at: usize| {
            let mut bytes = units().flat_map(|unit| unit.iter().enumerate());
            bytes.all(|(i, &byte)| if i == at { is_text(byte) } else { byte == 0 })
        };
        units().len() >= 4 && (is_ascii(0) || is_ascii(width - 1))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn load_joins_short_reads() {
        // Returns one byte per call, as a slow pipe may.
        struct Slow<'a>(&'a [u8]);
        impl Read for Slow<'_> {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                self.0.read(&mut buffer[..1])
            }
        }
        let text = b"# client.authentication.k8s.io/v1alpha1";
        let loaded = FileReader::default().load(Path::new("f"), Slow(text)).unwrap();
        assert!(matches!(loaded, Loaded::Source(source) if source.text().len() == text.len()));
    }

    #[test]
    fn load_recognizes_own_reports() {
        let load =
            |text: &str| FileReader::default().load(Path::new("f"), text.as_bytes()).unwrap();
        let group = "client.authentication.k8s.io/v1alpha1";
        let sarif = format!(
            r#"{{"$schema":"s","version":"2.1.0","runs":[{{"tool":{{"driver":{{"name":"kubeconfig-lint"}}}},"a":"{group}"}}]}}"#
        );
        assert!(matches!(load(&sarif), Loaded::Report));
        let hidden = sarif.replacen('{', "{\"users\": [], ", 1);
        assert!(matches!(load(&hidden), Loaded::Source(_)));
        assert!(matches!(load(&sarif.replace("-lint", "-other")), Loaded::Source(_)));
    }

    #[test]
    fn load_skips_binary_files_with_a_reason() {
        let load = |bytes: &[u8]| FileReader::default().load(Path::new("f"), bytes).unwrap();
        let binary = b"\x7fELF\0 client.authentication.k8s.io";
        assert!(matches!(load(binary), Loaded::Skipped(reason) if reason.contains("offset 4")));
        assert!(matches!(load(b"\0\0\0"), Loaded::Irrelevant));
        let load_as = |name: &str, bytes: &[u8], is_named| {
            let mut reader = FileReader { is_named, ..FileReader::default() };
            reader.load(Path::new(name), bytes).unwrap()
        };
        assert!(matches!(load_as("f", b"\0", true), Loaded::NoText("a binary file")));
        assert!(matches!(load_as("f", b"", true), Loaded::NoText(_)));
        let gzip = load_as("b.kubeconfig", b"\x1f\x8b\0", false);
        assert!(matches!(gzip, Loaded::Skipped(reason) if reason.contains("offset 2")));
        assert!(matches!(load_as("b.kubeconfig", b"", false), Loaded::Source(_)));
        let utf16: Vec<u8> =
            "\u{feff}kind: ExecCredential".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert!(matches!(load(&utf16), Loaded::Source(_)));
    }

    #[test]
    fn load_finds_words_across_buffers() {
        // Larger than the kept buffer, with the word across the limit.
        let limit = 8 << 20;
        for before in [limit - 10, limit + MAX_PIECE_BYTES - 150, limit + 2 * MAX_PIECE_BYTES] {
            let word = &b"client.authentication.k8s.io"[..];
            let mut input = io::repeat(b' ')
                .take(before as u64)
                .chain(word)
                .chain(io::repeat(b' ').take(9_000_000));
            let found = FileReader::with_limit(limit).load(Path::new("f"), &mut input).unwrap();
            assert!(matches!(found, Loaded::Skipped(_)), "{before}");
        }
    }

    #[test]
    fn load_and_keep_stops_at_the_limit() {
        let load = |length| {
            let input = io::repeat(b'#').take(length);
            FileReader::with_limit(1 << 20).load_and_keep(Path::new("f"), input).unwrap()
        };
        assert!(matches!(load(1 << 20), (Loaded::Irrelevant, bytes) if bytes.len() == 1 << 20));
        let (loaded, bytes) = load(u64::MAX);
        assert!(matches!(loaded, Loaded::Skipped(reason) if reason == "larger than 1 MiB"));
        assert!(bytes.is_empty());
    }

    #[test]
    fn load_searches_files_above_the_limit() {
        let load = |input: &mut dyn Read| {
            FileReader::with_limit(1 << 20).load(Path::new("f"), input).unwrap()
        };
        for length in [1_048_575, 1_048_576 - 10, 1_048_577, 6_000_000, 9_000_001] {
            let filler = || io::repeat(b' ').take(length);
            assert!(matches!(load(&mut filler()), Loaded::Irrelevant));
            let mut needle = filler().chain(&b"client.authentication.k8s.io"[..]);
            let found = load(&mut needle);
            assert!(matches!(found, Loaded::Skipped(reason) if reason == "larger than 1 MiB"));
        }
    }
}
