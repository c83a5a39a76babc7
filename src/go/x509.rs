//! Finds certificates that Go's `crypto/x509` cannot parse, by their outer layers.
//!
//! Source: Go's `crypto/x509/parser.go` (`parseCertificate`) and
//! `golang.org/x/crypto/cryptobyte/asn1.go` (`readASN1`); measured with kubectl 1.22 to 1.37.

/// Returns Go's error about a certificate that is no sequence, or whose first part is none; `None`
/// for any other, even if something further inside is wrong.
pub(crate) fn parse_error(der: &[u8]) -> Option<&'static str> {
    match sequence(der) {
        None => Some("x509: malformed certificate"),
        Some(inside) if sequence(inside).is_none() => Some("x509: malformed tbs certificate"),
        Some(_) => None,
    }
}

/// Returns what is in the sequence at the start of some DER; `None` if there is none.
fn sequence(der: &[u8]) -> Option<&[u8]> {
    const TAG: u8 = 0x30;
    let (&length, rest) = der.strip_prefix(&[TAG])?.split_first()?;
    if length < 0x80 {
        return rest.get(..usize::from(length));
    }
    // The length has as many bytes as these bits say, without leading zeros.
    let (bytes, rest) = rest.split_at_checked(usize::from(length & 0x7f))?;
    let is_shortest = match bytes {
        [] | [_, _, _, _, _, ..] => false,
        [only] => *only >= 0x80,
        [first, ..] => *first > 0,
    };
    let length = bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
    rest.get(..length).filter(|_| is_shortest)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Measured with kubectl 1.23 to 1.37.
    #[test]
    fn parse_error_is_about_the_outer_layers() {
        let long = [&[0x30, 0x82, 0x01, 0x00, 0x30, 0x00][..], &[0; 254]].concat();
        for der in [&b"\x30\x02\x30\x00"[..], b"\x30\x03\x30\x00x", b"\x30\x02\x30\x00rest", &long]
        {
            assert_eq!(parse_error(der), None, "{der:x?}");
        }
        let nonminimal = b"\x30\x81\x02\x30\x00";
        let indefinite = b"\x30\x80\x30\x00\x00\x00";
        for der in [
            &b""[..],
            b"x",
            b"\x30",
            b"\x31\x02\x30\x00",
            b"not a certificate",
            b"\x30\x03\x30\x00",
            b"\x30\x82\xff\xffa",
            b"\x30\x82\x01",
            b"\x30\x85\x00\x00\x00\x00\x02\x30\x00",
            b"\x30\xff",
            nonminimal,
            indefinite,
        ] {
            assert_eq!(parse_error(der), Some("x509: malformed certificate"), "{der:x?}");
        }
        for der in [&b"\x30\x00"[..], b"\x30\x03abc", b"\x30\x02\x02\x00", b"\x30\x02\x30\x01"] {
            assert_eq!(parse_error(der), Some("x509: malformed tbs certificate"), "{der:x?}");
        }
    }
}
