//! Finds PEM blocks as Go's `encoding/pem` does.
//!
//! Source: Go's `encoding/pem/pem.go` (`Decode`); measured with kubectl 1.20 to 1.37.

use super::base64::corrupt_at;

/// Returns whether a text holds a valid block whose type `is_wanted` accepts. Does not look into
/// the data of the block.
pub(crate) fn has_block(text: &str, is_wanted: impl Fn(&str) -> bool) -> bool {
    // The type and the data of the block that the current line is in.
    let mut open: Option<(&str, String)> = None;
    for line in text.lines() {
        let line = line.trim_end_matches([' ', '\t']);
        let kind_after = |start| line.strip_prefix(start)?.strip_suffix("-----");
        if let Some(kind) = kind_after("-----BEGIN ") {
            open = Some((kind, String::new()));
        } else if let Some(kind) = kind_after("-----END ") {
            let is_valid = |(begun, data): (&str, String)| {
                begun == kind && is_wanted(kind) && corrupt_at(&data).is_none()
            };
            if open.take().is_some_and(is_valid) {
                return true;
            }
        } else if let Some((_, data)) = open.as_mut().filter(|_| !line.contains(':')) {
            data.extend(line.chars().filter(|c| !matches!(c, ' ' | '\t')));
        }
    }
    false
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
