//! The files that a user and its cluster name. kubectl stops at one that it cannot use.
//!
//! Source: client-go `tools/clientcmd/validation.go` (which opens them), `client_config.go`
//! (`tokenFile`) and `transport/transport.go` (`loadTLSFiles`, then `TLSConfigFor`); measured with
//! kubectl 1.20 to 1.37.

use crate::model::{AuthInfo, Cluster};
use crate::text::source::Spanned;

use super::step::Step;
use super::validation::Problem;

/// A file that a kubeconfig names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NamedFile<'a> {
    /// The key that names it.
    pub(crate) key: &'static str,
    /// What kubectl calls it while it validates; `None` if it opens the file only later.
    validated_as: Option<&'static str>,
    /// The name of the user or the cluster.
    owner: &'a str,
    /// The value of the key.
    pub(crate) value: &'a Spanned<String>,
}

/// The key of the file with the certificate authority.
pub(crate) const AUTHORITY: &str = "certificate-authority";

/// The reason of the system if a file does not exist.
pub(crate) const NOT_FOUND: &str = "no such file or directory";

/// What is wrong with a file. The system's reasons are in Go's words.
#[derive(Debug, Clone)]
pub(crate) enum Fault {
    /// It cannot be opened.
    Open(&'static str),
    /// It cannot be read.
    Read(&'static str),
    /// It holds something else; what kubectl says of that, without the beginning.
    Content(String),
}

/// A file that kubectl cannot use.
#[derive(Debug, Clone)]
pub(crate) struct FileFault {
    /// Whether the cluster names the file, and not the user.
    pub(crate) is_of_cluster: bool,
    /// What it is to kubectl.
    pub(crate) problem: Problem,
    /// When kubectl meets it.
    pub(crate) step: Step,
    /// What kubectl says of it, without the beginning.
    pub(crate) message: String,
}

/// Returns the files that kubectl opens, first those of the user.
pub(crate) fn named(auth: &AuthInfo) -> impl Iterator<Item = NamedFile<'_>> {
    let credentials = &auth.credentials;
    let owner = auth.display_name();
    let key = credentials.client_key.as_deref().filter(|_| credentials.certificate().is_some());
    // A token in the kubeconfig wins.
    let token = credentials.token_file.as_deref().filter(|_| credentials.token.is_none());
    let certificate = credentials.client_certificate.as_deref();
    let of_user = [
        ("client-certificate", Some("client-cert"), certificate),
        ("client-key", Some("client-key"), key),
        ("tokenFile", None, token),
    ];
    let of_user = of_user.into_iter().filter_map(move |(key, validated_as, value)| {
        Some(NamedFile { key, validated_as, owner, value: value? })
    });
    let of_cluster = auth.cluster.as_deref().and_then(|cluster: &Cluster| {
        let value = cluster.certificate_authority.as_ref()?;
        let owner = cluster.display_name();
        Some(NamedFile { key: AUTHORITY, validated_as: Some(AUTHORITY), owner, value })
    });
    of_user.chain(of_cluster)
}

/// Returns the faults of all files if none of them exists.
pub(crate) fn missing(auth: &AuthInfo) -> Vec<FileFault> {
    // Relative to the directory of the kubeconfig.
    let resolved = |path: &str| match path.starts_with('/') {
        true => path.to_owned(),
        false => format!("…/{path}"),
    };
    named(auth)
        .map(|named| named.fault(&resolved(&named.value.value), &Fault::Open(NOT_FOUND)))
        .collect()
}

impl NamedFile<'_> {
    /// Returns what kubectl says of the file, which is at `path`, and when.
    pub(crate) fn fault(&self, path: &str, fault: &Fault) -> FileFault {
        let is_of_cluster = self.key == AUTHORITY;
        let (step, message) = match (fault, self.validated_as) {
            (Fault::Open(reason), Some(what)) => {
                let owner = self.owner;
                let message = format!(
                    "unable to read {what} {path} for {owner} due to open {path}: {reason}"
                );
                (Step::Validation, message)
            }
            (Fault::Open(reason), None) => (Step::TokenFile, format!("open {path}: {reason}")),
            (Fault::Read(reason), None) => (Step::TokenFile, format!("read {path}: {reason}")),
            (Fault::Read(reason), Some(_)) => (Step::Files, format!("read {path}: {reason}")),
            (Fault::Content(message), _) if is_of_cluster => (Step::Authority, message.clone()),
            (Fault::Content(message), _) => (Step::Certificate, message.clone()),
        };
        let problem =
            if is_of_cluster { Problem::MissingClusterFile } else { Problem::MissingFile };
        FileFault { is_of_cluster, problem, step, message }
    }
}

impl FileFault {
    /// Returns a key that sorts faults as kubectl meets them: it reads the authority before the
    /// certificate.
    pub(crate) fn order(&self) -> (Step, bool) {
        (self.step, self.step != Step::Validation && !self.is_of_cluster)
    }
}
