//! Which credentials client-go sends to the server: the plugin's or others.
//!
//! Source: client-go `plugin/pkg/client/auth/exec/exec.go` (`UpdateTransportConfig`, which since
//! kubernetes#102175 and #108616 does nothing if there are other credentials) and
//! `rest/transport.go`; measured with the real kubectl 1.20 to 1.37.

use crate::kubernetes::target::Target;
use crate::kubernetes::version::Minor;
use crate::model::{Credentials, Subject};
use crate::text::source::Span;

/// The first kubectl that sends username and password without asking the plugin.
const BASIC_INSTEAD_SINCE: Minor = Minor(22);

/// The first kubectl that sends a client certificate without asking the plugin.
const CERTIFICATE_INSTEAD_SINCE: Minor = Minor(24);

/// Returns the credential that kubectl sends without asking the plugin, as field name and span.
pub(crate) fn substitute(credentials: &Credentials, minor: Minor) -> Option<(&'static str, Span)> {
    let certificate = credentials.certificate().and(credentials.key());
    // Older kubectls still asked the plugin for a certificate, unless there was one.
    let is_enough = minor >= BASIC_INSTEAD_SINCE || certificate.is_some();
    let basic = credentials.username.filter(|_| is_enough);
    let certificate = certificate.filter(|_| minor >= CERTIFICATE_INSTEAD_SINCE);
    let certificate = certificate.and(credentials.certificate());
    let token = credentials.token.map(|span| ("token", span));
    token
        .or(basic.map(|span| ("username", span)))
        .or(certificate.map(|span| ("client-certificate", span)))
}

/// Returns whether any kubectl of the target asks the subject's plugin for credentials. If none does,
/// it does not matter what the plugin is or returns.
pub(crate) fn asks_plugin(subject: &Subject, target: &Target) -> bool {
    match subject {
        Subject::AuthInfo(auth) => {
            target.minors().any(|minor| substitute(&auth.credentials, minor).is_none())
        }
        _ => true,
    }
}

/// What client-go says when a plugin needs a terminal and there is none.
pub(crate) const NEEDS_TERMINAL: &str =
    "exec plugin cannot support interactive mode: standard input is not a terminal";
