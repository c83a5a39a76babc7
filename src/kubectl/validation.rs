//! client-go's checks of a user and its cluster: validation, then the construction of the client.
//! [`verdict`](crate::kubectl::verdict) runs them in order.
//!
//! Source: client-go `tools/clientcmd/validation.go` (`validateAuthInfo`, whose order we keep),
//! `plugin/pkg/client/auth/exec/exec.go` (`newAuthenticator`) and `rest/plugin.go`; measured with
//! the real kubectl 1.20 to 1.37.

use crate::go::quote::quote_by;
use crate::kubernetes::api_versions::{self, INTERACTIVE_MODE_SINCE};
use crate::kubernetes::auth_providers;
use crate::kubernetes::version::Minor;
use crate::model::{AuthInfo, AuthorityFault, Cluster, Credentials, ExecConfig, Reach};
use crate::text::source::{Span, clip};

use super::decode::schema::IMPERSONATE_UID_SINCE;
use super::server;

/// The first kubectl that counts a null entry of `as-user-extra` as impersonation. Measured with
/// 1.20 to 1.37.
const EMPTY_EXTRA_SINCE: Minor = Minor(32);

/// The first kubectl that refuses an authority without certificates. Measured with 1.20 to 1.37.
const AUTHORITY_FAULT_SINCE: Minor = Minor(22);

/// The first kubectl built with a Go that has its own parser of certificates (1.17).
const X509_ERRORS_SINCE: Minor = Minor(23);

/// An error in a user or its cluster, in the order of client-go's checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// `current-context` names a context that does not exist.
    MissingContext,
    /// Both `client-certificate` and `client-certificate-data`.
    ClientCertificateTwice,
    /// Both `client-key` and `client-key-data`, with a certificate.
    ClientKeyTwice,
    /// A client certificate without its key.
    MissingClientKey,
    /// Both `exec` and `auth-provider`.
    AuthProviderConflict,
    /// No `command`.
    MissingCommand,
    /// No `apiVersion`.
    MissingApiVersion,
    /// An entry of `env` without a name.
    MissingEnvName,
    /// No `interactiveMode`, and the version has no default for it.
    MissingInteractiveMode,
    /// An unknown `interactiveMode`.
    InvalidInteractiveMode,
    /// `token` with `username` or `password`.
    MultipleAuthMethods,
    /// `as-uid`, `as-groups` or `as-user-extra` without `as`.
    ImpersonationWithoutUser,
    /// An invalid `proxy-url`.
    InvalidProxyUrl,
    /// Both `certificate-authority` and `certificate-authority-data`.
    CertificateAuthorityTwice,
    /// No certificate in `certificate-authority-data`.
    InvalidAuthority,
    /// `insecure-skip-tls-verify` with a certificate authority.
    InsecureAuthority,
    /// A file that the user names cannot be used. The kubeconfig alone never shows that.
    MissingFile,
    /// A file that the cluster names cannot be used.
    MissingClusterFile,
    /// An API version that this kubectl does not accept.
    InvalidApiVersion,
    /// An auth provider that this kubectl no longer has.
    RemovedAuthProvider,
    /// An auth provider that no kubectl has.
    UnknownAuthProvider,
    /// An auth provider that this kubectl warns about.
    DeprecatedAuthProvider,
    /// The current context names a cluster that does not exist or has no server.
    MissingServer,
    /// An invalid `server`.
    InvalidServer,
    /// The plugin requires a terminal.
    NeedsTerminal,
    /// Neither credentials nor a plugin: kubectl prompts for a user name.
    NoCredentials,
}

impl Problem {
    /// Returns whether the problem is that something is missing.
    fn is_absence(self) -> bool {
        matches!(
            self,
            Self::MissingClientKey
                | Self::MissingCommand
                | Self::MissingApiVersion
                | Self::MissingEnvName
                | Self::MissingInteractiveMode
                | Self::ImpersonationWithoutUser
        )
    }
}

/// Returns all validation errors with their messages, without `error: `; kubectl reports them
/// together.
pub(crate) fn validate(auth: &AuthInfo, minor: Minor) -> Vec<(Problem, String)> {
    let is_decoded = auth.evidence.is_whole();
    let mut errors = Vec::new();
    if let Some(context) = auth.missing_context.as_ref().filter(|_| is_decoded) {
        let message =
            format!("context was not found for specified context: {}", clip(&context.value));
        errors.push((Problem::MissingContext, message));
        // kubectl then uses the user and the cluster without a name, unless others are named.
        if auth.name.is_some() && auth.reach != Reach::Name {
            return errors;
        }
    }
    errors.extend(validate_auth_info(auth, minor));
    errors.extend(auth.cluster.iter().flat_map(|cluster| validate_cluster(cluster, minor)));
    if !is_decoded {
        // A key that seems absent may be elsewhere in the text.
        errors.retain(|(problem, _)| !problem.is_absence());
    }
    errors
}

/// client-go's `validateAuthInfo`, except for the files that it opens.
fn validate_auth_info(auth: &AuthInfo, minor: Minor) -> Vec<(Problem, String)> {
    let name = auth.display_name();
    let credentials = &auth.credentials;
    let mut errors = Vec::new();
    if credentials.certificate().is_some() {
        if credentials.client_certificate.is_some() && credentials.client_certificate_data.is_some()
        {
            let message = format!(
                "client-cert-data and client-cert are both specified for {name}. client-cert-data \
                 will override."
            );
            errors.push((Problem::ClientCertificateTwice, message));
        }
        if credentials.client_key.is_some() && credentials.client_key_data.is_some() {
            let message = format!(
                "client-key-data and client-key are both specified for {name}; client-key-data \
                 will override"
            );
            errors.push((Problem::ClientKeyTwice, message));
        }
        if credentials.key().is_none() {
            let message = format!(
                "client-key-data or client-key must be specified for {name} to use the clientCert \
                 authentication method."
            );
            errors.push((Problem::MissingClientKey, message));
        }
    }
    if let Some(exec) = &auth.exec {
        errors.extend(validate_exec(auth, exec, minor));
    }
    if credentials.token.is_some()
        && (credentials.username.is_some() || credentials.password.is_some())
    {
        let message = format!(
            "more than one authentication method found for {name}; found [token basicAuth], only \
             one is allowed"
        );
        errors.push((Problem::MultipleAuthMethods, message));
    }
    let knows_uid = minor >= IMPERSONATE_UID_SINCE;
    if credentials.impersonate.is_none() && impersonates_more(credentials, minor).is_some() {
        let what = if knows_uid { "uid, groups" } else { "groups" };
        let message =
            format!("requesting {what} or user-extra for {name} without impersonating a user");
        errors.push((Problem::ImpersonationWithoutUser, message));
    }
    errors
}

/// Returns the first setting besides `as` that makes kubectl of that minor impersonate: groups,
/// extra or UID.
pub(crate) fn impersonates_more(credentials: &Credentials, minor: Minor) -> Option<Span> {
    let counts = credentials.has_impersonate_extra_value || minor >= EMPTY_EXTRA_SINCE;
    let extra = credentials.impersonate_extra.filter(|_| counts);
    let uid = credentials.impersonate_uid.filter(|_| minor >= IMPERSONATE_UID_SINCE);
    credentials.impersonate_groups.or(extra).or(uid)
}

/// Returns the errors of client-go's `validateAuthInfo` about the exec config.
fn validate_exec(auth: &AuthInfo, exec: &ExecConfig, minor: Minor) -> Vec<(Problem, String)> {
    let name = auth.display_name();
    let must = |what: &str| {
        format!("{what} must be specified for {name} to use exec authentication plugin")
    };
    let mut errors = Vec::new();
    if auth.auth_provider.is_some() {
        let message = format!(
            "authProvider cannot be provided in combination with an exec plugin for {name}"
        );
        errors.push((Problem::AuthProviderConflict, message));
    }
    if exec.command.is_none() {
        errors.push((Problem::MissingCommand, must("command")));
    }
    if exec.api_version.is_none() && !exec.is_version_set_elsewhere {
        errors.push((Problem::MissingApiVersion, must("apiVersion")));
    }
    let nameless = exec.env.iter().filter(|env| env.name.is_none()).take(ExecConfig::MAX_NAMELESS);
    errors.extend(nameless.map(|_| (Problem::MissingEnvName, must("env variable name"))));
    if minor >= INTERACTIVE_MODE_SINCE {
        match exec.interactive_mode.as_ref().map(|mode| mode.value.as_str()) {
            Some("Never" | "IfAvailable" | "Always") => {}
            Some(mode) => {
                let message =
                    format!("invalid interactiveMode for {name}: {}", quote_by(clip(mode), minor));
                errors.push((Problem::InvalidInteractiveMode, message));
            }
            None if defaults_interactive_mode(exec) => {}
            None => errors.push((Problem::MissingInteractiveMode, must("interactiveMode"))),
        }
    }
    errors
}

/// client-go's `validateClusterInfo`, except for the files that it opens.
pub(crate) fn validate_cluster(cluster: &Cluster, minor: Minor) -> Vec<(Problem, String)> {
    let name = cluster.display_name();
    let mut errors = Vec::new();
    if let Some(proxy) = &cluster.proxy_url {
        // The address may contain a password or a token.
        let is_secret = proxy.value.contains(['@', '?']);
        let shown = if is_secret { "…" } else { clip(&proxy.value) };
        if let Some(message) = server::proxy_error(&proxy.value, shown, minor) {
            let message = format!(
                "invalid 'proxy-url' {} for cluster {}: {}",
                quote_by(shown, minor),
                quote_by(name, minor),
                clip(&message)
            );
            errors.push((Problem::InvalidProxyUrl, message));
        }
    }
    if cluster.certificate_authority.is_some() && cluster.certificate_authority_data.is_some() {
        let message = format!(
            "certificate-authority-data and certificate-authority are both specified for {name}. \
             certificate-authority-data will override."
        );
        errors.push((Problem::CertificateAuthorityTwice, message));
    }
    errors
}

/// Returns why client-go cannot verify the server of a cluster. It finds out after everything else,
/// and only for a server with TLS.
///
/// Source: client-go `transport/transport.go` (`TLSConfigFor`).
pub(crate) fn authority_error(cluster: &Cluster, minor: Minor) -> Option<(Problem, String)> {
    let data = cluster.certificate_authority_data.as_ref();
    if cluster.insecure.is_some() {
        let has_authority = data.is_some() || cluster.certificate_authority.is_some();
        let message = "specifying a root certificates file with the insecure flag is not allowed";
        return has_authority.then(|| (Problem::InsecureAuthority, message.to_owned()));
    }
    let message = authority_refusal(data?.value.fault?, minor)?;
    Some((Problem::InvalidAuthority, message))
}

/// Returns what kubectl says about the PEM of a certificate authority; `None` if it takes it.
pub(crate) fn authority_refusal(fault: AuthorityFault, minor: Minor) -> Option<String> {
    let fault = match fault {
        _ if minor < AUTHORITY_FAULT_SINCE => return None,
        AuthorityFault::NoBlock => "unable to parse bytes as PEM block",
        AuthorityFault::NoCertificate => "no valid certificate authority data seen",
        AuthorityFault::Malformed(error) => {
            // The words of an older Go depend on the bytes.
            let error = if minor >= X509_ERRORS_SINCE { error } else { "…" };
            &format!("failed to parse certificate: {error}")
        }
    };
    Some(format!("unable to load root certificates: {fault}"))
}

/// Returns whether client-go sets a default `interactiveMode`, which depends on the exact version.
/// An unknown version may be one that has a default.
fn defaults_interactive_mode(exec: &ExecConfig) -> bool {
    let version = exec.api_version.as_ref().and_then(|v| api_versions::lookup(&v.value));
    exec.is_version_set_elsewhere
        || version.is_some_and(|version| version.defaults_interactive_mode)
}

/// Returns why client-go cannot build the client after successful validation.
pub(crate) fn construction_error(auth: &AuthInfo, minor: Minor) -> Option<(Problem, String)> {
    if let Some(exec) = &auth.exec {
        let version = exec.api_version.as_ref()?;
        if api_versions::accepted(&version.value, minor) {
            return None;
        }
        let message =
            format!("exec plugin: invalid apiVersion {}", quote_by(clip(&version.value), minor));
        return Some((Problem::InvalidApiVersion, message));
    }
    let name = auth.auth_provider.as_ref()?.name.as_ref();
    let name = name.map_or("", |name| name.value.as_str());
    let unknown = || format!("no Auth Provider found for name {}", quote_by(clip(name), minor));
    match auth_providers::removed(name) {
        None if auth_providers::is_known(name) => None,
        None => Some((Problem::UnknownAuthProvider, unknown())),
        Some(provider) if provider.is_forgotten_by(minor) => {
            Some((Problem::RemovedAuthProvider, unknown()))
        }
        Some(provider) if minor < provider.removed => None,
        Some(provider) => Some((Problem::RemovedAuthProvider, provider.message.to_owned())),
    }
}
