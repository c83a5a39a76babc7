//! Finds PEM blocks as Go's `encoding/pem` does.
//!
//! Source: Go's `encoding/pem/pem.go` (`Decode`); measured with kubectl 1.20 to 1.37.

use super::base64::decode;

/// A PEM block.
pub(crate) struct Block<'a> {
    /// The word between `BEGIN` and the dashes.
    pub(crate) kind: &'a str,
    /// Whether there are lines such as `Proc-Type: 4,ENCRYPTED` before the data.
    pub(crate) has_headers: bool,
    /// The data.
    pub(crate) bytes: Vec<u8>,
}

/// The valid blocks of a text, in order.
pub(crate) struct Blocks<'a> {
    /// The text after the last block that was found.
    pub(crate) rest: &'a str,
}

impl<'a> Iterator for Blocks<'a> {
    type Item = Block<'a>;

    fn next(&mut self) -> Option<Block<'a>> {
        // The block that the current line is in, and the lines of its data.
        let mut open: Option<(Block<'a>, String)> = None;
        let mut end = 0;
        for line in self.rest.split_inclusive('\n') {
            end += line.len();
            let line = line.strip_suffix('\n').map_or(line, |l| l.strip_suffix('\r').unwrap_or(l));
            let line = line.trim_end_matches([' ', '\t']);
            let kind_after = |start| line.strip_prefix(start)?.strip_suffix("-----");
            if let Some(kind) = kind_after("-----BEGIN ") {
                let block = Block { kind, has_headers: false, bytes: Vec::new() };
                open = Some((block, String::new()));
            } else if let Some(kind) = kind_after("-----END ") {
                let Some((block, data)) = open.take().filter(|(block, _)| block.kind == kind)
                else {
                    continue;
                };
                if let Some(bytes) = decode(&data) {
                    self.rest = self.rest.get(end..).unwrap_or("");
                    return Some(Block { bytes, ..block });
                }
            } else if let Some((block, data)) = &mut open {
                match data.is_empty() && line.contains(':') {
                    true => block.has_headers = true,
                    false => data.extend(line.chars().filter(|c| !matches!(c, ' ' | '\t'))),
                }
            }
        }
        None
    }
}

/// Returns whether a block of this type is a private key to `crypto/tls` (`X509KeyPair`).
pub(crate) fn is_private_key(kind: &str) -> bool {
    kind == "PRIVATE KEY" || kind.ends_with(" PRIVATE KEY")
}

/// Returns whether a text holds a valid block whose type `is_wanted` accepts. Does not look into
/// the data of the block.
pub(crate) fn has_block(text: &str, is_wanted: impl Fn(&str) -> bool) -> bool {
    Blocks { rest: text }.any(|block| is_wanted(block.kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pem(kind: &str) -> String {
        format!("-----BEGIN {kind}-----\nbm90IGEgc2VjcmV0\n-----END {kind}-----\n")
    }

    /// Measured with kubectl 1.20 to 1.37.
    #[test]
    fn has_block_finds_what_go_finds() {
        let has = |text: &str| has_block(text, |kind| kind == "CERTIFICATE");
        let certificate = pem("CERTIFICATE");
        assert!(has(&certificate));
        assert!(has(&certificate.replace('\n', "\r\n")));
        assert!(has(&(pem("X") + &certificate)));
        assert!(has(&certificate.replace("bm90", "Proc-Type: 4\n\nbm90")));
        for broken in [
            "x",
            "-----BEGIN CERTIFICATE-----\n...\n-----END CERTIFICATE-----\n",
            "-----BEGIN CERTIFICATE-----\nbm90IGEgc2VjcmV0\n-----END KEY-----\n",
            "-----BEGIN CERTIFICATE-----\nbm90IGEgc2VjcmV0\n",
            "-----BEGIN CERTIFICATE-----",
            " -----BEGIN CERTIFICATE-----\nbm90\n-----END CERTIFICATE-----",
            &pem("PRIVATE KEY"),
        ] {
            assert!(!has(broken), "{broken}");
        }
    }
}
