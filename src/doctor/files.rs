//! The files that a context names besides the plugin. kubectl stops at one that it cannot use.
//!
//! Source: client-go `tools/clientcmd/validation.go` (which opens them), `client_config.go`
//! (`tokenFile`) and `transport/transport.go` (`loadTLSFiles`, then `TLSConfigFor`); measured with
//! kubectl 1.20, 1.22, 1.24, 1.30 and 1.37.

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use crate::go;
use crate::go::pem::{Blocks, is_private_key};
use crate::kubectl::contexts::ContextInUse;
use crate::kubectl::decode::authority;
use crate::kubectl::validation::authority_refusal;
use crate::kubernetes::version::Minor;
use crate::model::Cluster;
use crate::secrets::MASK;
use crate::secrets::output::path_looks_secret;
use crate::text::source::{Source, Spanned};

use super::diagnosis::{Problem, either, place_in, reason, shown};

/// Limit on the bytes of a file that are read: certificates of all authorities are a megabyte.
pub(super) const MAX_BYTES: u64 = 8 << 20;

/// A file that a kubeconfig names.
struct Named<'a> {
    /// The key that names it.
    key: &'static str,
    /// What kubectl calls it while it validates; `None` if it opens the file only later.
    validated_as: Option<&'static str>,
    /// The name of the user or the cluster.
    owner: &'a str,
    value: &'a Spanned<String>,
    /// The value as reports show it.
    shown: Option<&'a Spanned<String>>,
    /// The kubeconfig.
    file: usize,
}

/// What is wrong with a file.
enum Fault {
    /// It cannot be opened.
    Open(ErrorKind),
    /// It cannot be read.
    Read(ErrorKind),
    /// It holds something else; what kubectl says of that.
    Content(String),
}

/// Returns the first problem that kubectl has with the files of a context. `is_tls` says that the
/// server has TLS: without it, kubectl opens some, but needs none. `folder` returns the directory of
/// a kubeconfig.
pub(super) fn problem(
    used: &ContextInUse,
    sources: &[(String, Source)],
    folder: impl Fn(usize) -> PathBuf,
    minor: Minor,
    is_tls: bool,
) -> Option<Problem> {
    let named = named(used);
    let checked: Vec<(Named<'_>, PathBuf, Fault)> = named
        .into_iter()
        .filter_map(|named| {
            let path = folder(named.file).join(&named.value.value);
            let path = path
                .to_str()
                .filter(|_| cfg!(unix))
                .map(go::path::clean)
                .map_or(path.clone(), PathBuf::from);
            let fault = fault(named.key, &path, minor)?;
            (is_tls || named.is_validated(&fault)).then_some((named, path, fault))
        })
        .collect();
    // Stages of kubectl, and within one the order of the list.
    let first = checked.iter().min_by_key(|(named, _, fault)| named.stage(fault))?;
    let (named, path, fault) = first;
    Some(named.problem(path, fault, sources))
}

/// Returns the files that kubectl opens, in its order.
fn named(used: &ContextInUse) -> Vec<Named<'_>> {
    let (credentials, masked) = (&used.auth.credentials, &used.shown.credentials);
    let user = used.shown.display_name();
    let has_certificate = credentials.certificate().is_some();
    // A token in the kubeconfig wins.
    let token_file = credentials.token_file.as_ref().filter(|_| credentials.token.is_none());
    let of_user = [
        (
            "client-certificate",
            Some("client-cert"),
            credentials.client_certificate.as_ref(),
            &masked.client_certificate,
        ),
        (
            "client-key",
            Some("client-key"),
            credentials.client_key.as_ref().filter(|_| has_certificate),
            &masked.client_key,
        ),
        ("tokenFile", None, token_file, &masked.token_file),
    ];
    let of_user = of_user.into_iter().filter_map(|(key, validated_as, value, shown)| {
        Some(Named {
            key,
            validated_as,
            owner: user,
            value: value?,
            shown: shown.as_ref(),
            file: used.file?,
        })
    });
    let cluster = used.auth.cluster.as_deref();
    let shown = used.shown.cluster.as_deref();
    let authority = cluster.and_then(|cluster| cluster.certificate_authority.as_ref());
    let authority = authority.zip(used.cluster).map(|(value, (file, _))| Named {
        key: "certificate-authority",
        validated_as: Some("certificate-authority"),
        owner: shown.map_or("", Cluster::display_name),
        value,
        shown: shown.and_then(|cluster| cluster.certificate_authority.as_ref()),
        file,
    });
    of_user.chain(authority).collect()
}

/// Returns the fault of a file, if it has one. Reads only regular files: kubectl would find a pipe
/// empty afterwards.
fn fault(key: &str, path: &Path, minor: Minor) -> Option<Fault> {
    match fs::metadata(path) {
        Err(error) => return Some(Fault::Open(error.kind())),
        Ok(metadata) if metadata.is_dir() => return Some(Fault::Read(ErrorKind::IsADirectory)),
        Ok(metadata) if !metadata.is_file() || metadata.len() > MAX_BYTES => return None,
        Ok(_) => {}
    }
    let file = match File::open(path) {
        Err(error) => return Some(Fault::Open(error.kind())),
        Ok(file) => file,
    };
    let mut bytes = Vec::new();
    if let Err(error) = file.take(MAX_BYTES).read_to_end(&mut bytes) {
        return Some(Fault::Read(error.kind()));
    }
    let text = String::from_utf8_lossy(&bytes);
    if key == "certificate-authority" {
        // kubectl ignores an empty one.
        let fault = authority::fault(&text).filter(|_| !bytes.is_empty())?;
        return Some(Fault::Content(format!("error: {}", authority_refusal(fault, minor)?)));
    }
    let kinds: Vec<&str> = Blocks { rest: &text }.map(|block| block.kind).collect();
    let says = match key {
        "client-certificate" if kinds.is_empty() => {
            "Unable to connect to the server: tls: failed to find any PEM data in certificate input"
        }
        "client-certificate" if !kinds.contains(&"CERTIFICATE") => {
            "Unable to connect to the server: tls: failed to find certificate PEM data in certificate \
             input, but did find a private key; PEM inputs may have been switched"
        }
        "client-key" if kinds.is_empty() => {
            "Unable to connect to the server: tls: failed to find any PEM data in key input"
        }
        "client-key" if !kinds.iter().any(|kind| is_private_key(kind)) => {
            "Unable to connect to the server: tls: found a certificate rather than a key in the PEM \
             for the private key"
        }
        _ => return None,
    };
    Some(Fault::Content(says.to_owned()))
}

impl Named<'_> {
    /// Returns whether kubectl meets a fault while it validates.
    fn is_validated(&self, fault: &Fault) -> bool {
        self.validated_as.is_some() && matches!(fault, Fault::Open(_))
    }

    /// Returns when kubectl meets a fault.
    fn stage(&self, fault: &Fault) -> u8 {
        match fault {
            _ if self.is_validated(fault) => 0,
            Fault::Open(_) => 1,
            Fault::Read(_) if self.validated_as.is_none() => 1,
            // It reads the authority before the certificate and its key.
            Fault::Read(_) if self.key == "certificate-authority" => 2,
            Fault::Read(_) => 3,
            Fault::Content(_) if self.key == "certificate-authority" => 4,
            Fault::Content(_) => 5,
        }
    }

    fn problem(&self, path: &Path, fault: &Fault, sources: &[(String, Source)]) -> Problem {
        let is_shown = self.shown.is_some_and(|shown| shown.value == self.value.value)
            && !path_looks_secret(&self.value.value);
        let path = if is_shown { shown(path) } else { MASK.to_owned() };
        let (what, says) = match fault {
            Fault::Open(kind) => {
                let says = format!("open {path}: {}", reason(*kind));
                let says = match self.validated_as {
                    Some(what) => format!(
                        "error: unable to read {what} {path} for {} due to {says}",
                        self.owner
                    ),
                    None => format!("error: {says}"),
                };
                let what = match kind {
                    ErrorKind::NotFound => "that does not exist".to_owned(),
                    kind => format!("that cannot be opened: {}", reason(*kind)),
                };
                (what, says)
            }
            Fault::Read(kind) => {
                let says = format!("error: read {path}: {}", reason(*kind));
                (format!("that cannot be read: {}", reason(*kind)), says)
            }
            Fault::Content(says) => {
                let wanted = if self.key == "client-key" { "private key" } else { "certificate" };
                (format!("without a valid {wanted} as PEM"), says.clone())
            }
        };
        let place = sources.get(self.file);
        let place = place.map(|(name, source)| place_in(name, source, self.value.span));
        let relative = match self.value.value.starts_with('/') {
            true => "",
            false => ", relative to the directory of the kubeconfig",
        };
        let write = format!("correct `{path}`, or write the path of another file{relative}");
        Problem {
            title: format!("`{}` names a file {what}", self.key),
            place,
            says: Some(says),
            remedies: either([
                write,
                "regenerate the entry with the program that wrote it".to_owned(),
            ]),
            ..Problem::default()
        }
    }
}
