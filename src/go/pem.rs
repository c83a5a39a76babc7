//! Checks a certificate and its key as far as possible without cryptography: Go's `tls.X509KeyPair`
//! up to the point where it parses the certificate.
//!
//! Source: Go's `encoding/pem/pem.go` (`Decode`) and `crypto/tls/tls.go` (`X509KeyPair`); measured
//! with kubectl 1.20 to 1.37.

use memchr::memmem;

use super::base64::corrupt_at;

/// Which of the two is invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum At {
    Certificate,
    Key,
}

/// Limit on the size of a value in bytes; no certificate is larger.
const MOST: usize = 1 << 20;
/// Limit on the number of block starts in a value: each may cause a search to the end.
const MOST_BLOCKS: usize = 64;

/// Returns why the two are not a pair, in Go's words, without the block types that kubectl quotes.
pub(crate) fn error(certificate: &str, key: &str) -> Option<(At, &'static str)> {
    if certificate.len() > MOST || key.len() > MOST {
        return None;
    }
    let types = block_types(certificate)?;
    if !types.iter().any(|kind| kind == "CERTIFICATE") {
        let words = match types.as_slice() {
            [] => "tls: failed to find any PEM data in certificate input",
            [kind] if kind.ends_with("PRIVATE KEY") => {
                "tls: failed to find certificate PEM data in certificate input, but did find a \
                 private key; PEM inputs may have been switched"
            }
            _ => {
                "tls: failed to find \"CERTIFICATE\" PEM block in certificate input after \
                 skipping PEM blocks of the following types: […]"
            }
        };
        return Some((At::Certificate, words));
    }
    let types = block_types(key)?;
    let is_key = |kind: &String| kind == "PRIVATE KEY" || kind.ends_with(" PRIVATE KEY");
    if types.iter().any(is_key) {
        return None;
    }
    let words = match types.as_slice() {
        [] => "tls: failed to find any PEM data in key input",
        [kind] if kind == "CERTIFICATE" => {
            "tls: found a certificate rather than a key in the PEM for the private key"
        }
        _ => {
            "tls: failed to find PEM block with type ending in \"PRIVATE KEY\" in key input after \
             skipping PEM blocks of the following types: […]"
        }
    };
    Some((At::Key, words))
}

const BEGIN: &[u8] = b"\n-----BEGIN ";
const END: &[u8] = b"\n-----END ";
const DASHES: &[u8] = b"-----";

/// Returns the types of the valid PEM blocks in a text; `None` if there are too many.
fn block_types(text: &str) -> Option<Vec<String>> {
    let mut types = Vec::new();
    let mut rest = text.as_bytes();
    let mut begun = 0;
    while let Some(begin) = after_begin(rest) {
        begun += 1;
        if begun > MOST_BLOCKS {
            return None;
        }
        match block(begin) {
            Block::Sound(kind, after) => {
                types.push(kind);
                rest = after;
            }
            Block::Broken(after) => rest = after,
            Block::Last => break,
        }
    }
    Some(types)
}

enum Block<'a> {
    /// A valid block: its type, and the text after it.
    Sound(String, &'a [u8]),
    /// An invalid block, and the text in which to look for the next one.
    Broken(&'a [u8]),
    /// A block that nothing ends, so that no block can follow.
    Last,
}

/// Returns the text after the next `-----BEGIN ` at the start of a line.
fn after_begin(text: &[u8]) -> Option<&[u8]> {
    if let Some(rest) = text.strip_prefix(BEGIN.trim_ascii_start()) {
        return Some(rest);
    }
    let at = memmem::find(text, BEGIN)?;
    text.get(at + BEGIN.len()..)
}

/// Splits off a line, without its line ending and trailing blanks, and returns it and the text
/// after it.
fn line(text: &[u8]) -> (&[u8], &[u8]) {
    let end = memchr::memchr(b'\n', text);
    let (line, rest) = match end {
        Some(end) => (text.get(..end), text.get(end + 1..)),
        None => (Some(text), None),
    };
    let mut line = line.unwrap_or(&[]);
    if end.is_some() {
        line = line.strip_suffix(b"\r").unwrap_or(line);
    }
    let blanks = line.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    (line.get(..line.len() - blanks).unwrap_or(&[]), rest.unwrap_or(&[]))
}

/// Parses the block whose type begins at `text`.
fn block(text: &[u8]) -> Block<'_> {
    let (first, after) = line(text);
    let Some(kind) = first.strip_suffix(DASHES) else { return Block::Broken(after) };
    let mut body = after;
    let mut has_headers = false;
    loop {
        if body.is_empty() {
            return Block::Last;
        }
        let (header, next) = line(body);
        if !header.contains(&b':') {
            break;
        }
        has_headers = true;
        body = next;
    }
    let (data, end) = match body.strip_prefix(END.trim_ascii_start()) {
        Some(end) if !has_headers => (&body[..0], end),
        _ => match memmem::find(body, END) {
            Some(at) => (body.get(..at).unwrap_or(&[]), body.get(at + END.len()..).unwrap_or(&[])),
            None => return Block::Last,
        },
    };
    let broken = Block::Broken(body);
    let Some(end) = end.strip_prefix(kind).and_then(|end| end.strip_prefix(DASHES)) else {
        return broken;
    };
    let (tail, rest) = line(end);
    let data = String::from_utf8_lossy(data).replace([' ', '\t'], "");
    if !tail.is_empty() || corrupt_at(&data).is_some() {
        return broken;
    }
    Block::Sound(String::from_utf8_lossy(kind).into_owned(), rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pem(kind: &str) -> String {
        format!("-----BEGIN {kind}-----\nbm90IGEgc2VjcmV0\n-----END {kind}-----\n")
    }

    /// Measured with kubectl 1.20 to 1.37.
    #[test]
    fn says_what_go_says_of_blocks() {
        let (certificate, key) = (pem("CERTIFICATE"), pem("EC PRIVATE KEY"));
        assert_eq!(error(&certificate, &key), None);
        assert_eq!(error(&(pem("X") + &certificate), &(pem("EC PARAMETERS") + &key)), None);
        let says = |certificate: &str, key: &str| error(certificate, key).unwrap();
        let none = (At::Certificate, "tls: failed to find any PEM data in certificate input");
        for broken in [
            "x",
            "-----BEGIN CERTIFICATE-----\n...\n-----END CERTIFICATE-----\n",
            "-----BEGIN CERTIFICATE-----\nbm90IGEgc2VjcmV0\n-----END KEY-----\n",
            "-----BEGIN CERTIFICATE-----\nbm90IGEgc2VjcmV0\n",
            "-----BEGIN CERTIFICATE-----",
            " -----BEGIN CERTIFICATE-----\nbm90\n-----END CERTIFICATE-----",
        ] {
            assert_eq!(says(broken, &key), none, "{broken}");
        }
        assert!(says(&key, &certificate).1.ends_with("PEM inputs may have been switched"));
        assert!(says(&pem("X"), &key).1.ends_with("of the following types: […]"));
        assert_eq!(
            says(&certificate, "x"),
            (At::Key, "tls: failed to find any PEM data in key input")
        );
        assert!(says(&certificate, &certificate).1.contains("a certificate rather than a key"));
        assert!(says(&certificate, &pem("X")).1.ends_with("of the following types: […]"));
    }

    #[test]
    fn many_beginnings_end_soon() {
        let text = "-----BEGIN A-----\n".repeat(50_000) + "-----END B-----\n";
        assert_eq!(block_types(&text), None);
        assert_eq!(block_types(&"-----BEGIN A-----\n".repeat(50_000)), Some(Vec::new()));
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "(-----BEGIN A-----|-----END A-----|[a: \r\n=-]){0,12}") {
            let _ = block_types(&text);
        }
    }
}
