//! Whether client-go sends credentials to a server.
//!
//! Source: client-go `tools/clientcmd/client_config.go` (`ClientConfig` merges the user only where
//! `rest.IsConfigTransportTLS`) and `rest/url_utils.go` (`DefaultServerURL`); Go's `net/url`.
//! Measured with the real kubectl 1.20 to 1.37.

use crate::go::quote::quote_by;
use crate::kubernetes::version::Minor;
use crate::text::source::clip;

/// The first kubectl built with a Go that rejects several colons outside of brackets.
const STRICT_COLONS_SINCE: Minor = Minor(36);

/// Returns whether client-go treats `server` as an address with TLS; only then does it look at the
/// user's credentials. An address without a scheme, or one that Go cannot parse, has no TLS.
pub(crate) fn is_tls(server: &str, minor: Minor) -> bool {
    parse(server, minor).is_some_and(|url| url.scheme == "https" && !url.host.is_empty())
}

/// Returns client-go's error about the base address `server`; `None` if it is valid, or if only the
/// connection fails.
///
/// Source: client-go `rest/url_utils.go` (`DefaultServerURL`): it parses an address without a
/// scheme or host again after `http://`, and then allows no path.
pub(crate) fn host_error(server: &str, minor: Minor) -> Option<String> {
    if parse(server, minor).is_some_and(|url| !url.scheme.is_empty() && !url.host.is_empty()) {
        return None;
    }
    let with_scheme = format!("http://{server}");
    let has_path = matches!(parse(&with_scheme, minor)?.path, Some(path) if path != "/");
    // The address may contain a password.
    let shown = if server.contains('@') { "…" } else { clip(server) };
    has_path.then(|| format!("host must be a URL or a host:port pair: {}", quote_by(shown, minor)))
}

/// Returns client-go's error about a `proxy-url`, with `shown` quoted in its place; `None` if it is
/// valid.
///
/// Source: client-go `tools/clientcmd/validation.go` and `rest/config.go` (`parseProxyURL`).
pub(crate) fn proxy_error(proxy: &str, shown: &str, minor: Minor) -> Option<String> {
    let Some(url) = parse(proxy, minor) else { return Some(format!("could not parse: {shown}")) };
    let is_known = matches!(url.scheme.as_str(), "http" | "https" | "socks5");
    let quoted = quote_by(&url.scheme, minor);
    (!is_known).then(|| format!("unsupported scheme {quoted}, must be http, https, or socks5"))
}

/// The parts of a URL that matter here.
struct Url<'a> {
    /// In lower case; empty if the URL has none.
    scheme: String,
    /// The host and port; empty if the URL has none.
    host: &'a str,
    /// The path after the host, with its leading slash; `None` if the URL has none.
    path: Option<&'a str>,
}

/// Go's `url.Parse`; `None` if it fails.
fn parse(url: &str, minor: Minor) -> Option<Url<'_>> {
    if url.bytes().any(|b| b.is_ascii_control()) {
        return None;
    }
    let (rest, fragment) = url.split_once('#').unwrap_or((url, ""));
    let (scheme, rest) = scheme(rest)?;
    let (rest, _query) = rest.split_once('?').unwrap_or((rest, ""));
    let scheme = scheme.to_ascii_lowercase();
    if !rest.starts_with('/') && !scheme.is_empty() {
        return has_valid_escapes(fragment).then_some(Url { scheme, host: "", path: None });
    }
    if !rest.starts_with('/') && rest.split('/').next().is_some_and(|first| first.contains(':')) {
        return None;
    }
    let (authority, path) = match rest.strip_prefix("//") {
        Some(rest) if !(scheme.is_empty() && rest.starts_with('/')) => {
            rest.split_at(rest.find('/').unwrap_or(rest.len()))
        }
        _ => ("", rest),
    };
    let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    let is_user = |b: u8| b.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&b);
    let is_valid = user.bytes().all(is_user)
        && is_host(host, minor)
        && [user, path, fragment].into_iter().all(has_valid_escapes);
    let path = Some(path).filter(|path| !path.is_empty());
    is_valid.then_some(Url { scheme, host, path })
}

/// Go's `getScheme`: returns the scheme, empty if there is none, and the rest.
fn scheme(url: &str) -> Option<(&str, &str)> {
    let end = url.find(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c)));
    match end {
        Some(0) if url.starts_with(':') => None,
        Some(at) if url.starts_with(|c: char| c.is_ascii_alphabetic()) => {
            match url.get(at..)?.strip_prefix(':') {
                Some(rest) => Some((url.get(..at)?, rest)),
                None => Some(("", url)),
            }
        }
        _ => Some(("", url)),
    }
}

/// Go's `parseHost`: whether the text is a name or address, with an optional port.
fn is_host(host: &str, minor: Minor) -> bool {
    let has_colons = !host.starts_with('[') && host.matches(':').count() > 1;
    if has_colons && minor >= STRICT_COLONS_SINCE {
        return false;
    }
    let (name, port) = match (host.strip_prefix('['), host.rfind(']')) {
        (Some(_), Some(end)) => (host.get(..=end), host.get(end + 1..)),
        (Some(_), None) => return false,
        (None, _) => match host.rfind(':') {
            Some(at) => (host.get(..at), host.get(at..)),
            None => (Some(host), Some("")),
        },
    };
    let is_port = |port: &str| match port.strip_prefix(':') {
        Some(digits) => digits.bytes().all(|b| b.is_ascii_digit()),
        None => port.is_empty(),
    };
    let is_name = |name: &str| {
        let allowed = b"-_.~!$&'()*+,;=:[]<>\"%";
        name.bytes().all(|b| !b.is_ascii() || b.is_ascii_alphanumeric() || allowed.contains(&b))
            && escapes(name)
                .all(|escape| matches!(escape, Some(byte) if byte >= 0x80 || byte == b'%'))
    };
    name.is_some_and(is_name) && port.is_some_and(is_port)
}

fn has_valid_escapes(text: &str) -> bool {
    escapes(text).all(|escape| escape.is_some())
}

/// Returns the bytes that `%XX` encode; `None` for each `%` without two hexadecimal digits.
fn escapes(text: &str) -> impl Iterator<Item = Option<u8>> + '_ {
    text.match_indices('%').map(move |(at, _)| {
        let digits = text.get(at + 1..at + 3)?;
        digits.bytes().all(|b| b.is_ascii_hexdigit()).then_some(())?;
        u8::from_str_radix(digits, 16).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Measured with kubectl 1.20 and 1.37: an invalid `exec.apiVersion` is rejected with the first
    /// list of servers and goes unnoticed with the second.
    #[test]
    fn is_tls_matches_kubectl() {
        let with = [
            "https://h",
            "HTTPS://h",
            "https://h:99999",
            "https://h#f",
            "https://é",
            "https://h:",
            "https://u:p@h:1/p?q",
            "https://[::1]:80",
        ];
        for server in with {
            assert!(is_tls(server, Minor(37)), "{server}");
        }
        let without = [
            "http://localhost:8080",
            "HTTP://h",
            "h",
            "h:1",
            "::1",
            "",
            "https://",
            "https://h:ab",
            "https://${SERVER}",
            "https://a b",
            "https://%41",
            "https:h",
            "//h",
            " https://h",
            "https://h/%zz",
            "https://[::1",
            "https://h\n",
            "{{ .Server }}",
            "unix:///x",
            ":::",
        ];
        for server in without {
            assert!(!is_tls(server, Minor(37)), "{server}");
        }
    }

    /// Measured with kubectl 1.20, 1.24 and 1.37.
    #[test]
    fn host_error_refuses_addresses_that_leave_a_path() {
        let error = |server| host_error(server, Minor(37));
        for server in ["https://", "https://a b:c", "https://c.example.com:6443,", "//h", "h/p"] {
            let message = format!("host must be a URL or a host:port pair: \"{server}\"");
            assert_eq!(error(server), Some(message), "{server}");
        }
        for server in
            ["https://h", "ftp://h/p", "h", "h:1", "h:1/", "10.0.0.1:6443", " ", "{{ .S }}"]
        {
            assert_eq!(error(server), None, "{server}");
        }
    }

    /// Measured with kubectl 1.20 to 1.37.
    #[test]
    fn proxy_error_accepts_three_schemes() {
        let error = |proxy| proxy_error(proxy, proxy, Minor(37));
        for proxy in ["http://ok:1", "HTTP://u:p@x", "socks5://[::1]:1080", "https://x/p"] {
            assert_eq!(error(proxy), None, "{proxy}");
        }
        for proxy in
            ["::", "http://a b", "%zz", "http://u:p@x:bad", "http://x\n", "a:b/c d:e\u{7f}"]
        {
            assert_eq!(error(proxy), Some(format!("could not parse: {proxy}")), "{proxy}");
        }
        for (proxy, scheme) in [("foo", ""), ("ftp://u:p@x", "ftp"), ("socks5h://x", "socks5h")] {
            let message =
                format!("unsupported scheme \"{scheme}\", must be http, https, or socks5");
            assert_eq!(error(proxy), Some(message), "{proxy}");
        }
    }

    #[test]
    fn is_tls_refuses_several_colons_since_1_36() {
        assert!(is_tls("https://::1", Minor(35)) && !is_tls("https://::1", Minor(36)));
    }
}
