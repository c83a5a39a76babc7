//! The files that a context names besides the plugin, as they are on this machine.

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use crate::advice;
use crate::advice::regenerate::regenerate;
use crate::go;
use crate::go::pem::{Blocks, is_private_key};
use crate::kubectl::contexts::ContextInUse;
use crate::kubectl::decode::authority;
use crate::kubectl::files::{AUTHORITY, Fault, FileFault, NOT_FOUND, NamedFile, named};
use crate::kubectl::step::Step;
use crate::kubectl::validation::authority_refusal;
use crate::kubernetes::plugins::Regenerate;
use crate::kubernetes::reader::Reader;
use crate::kubernetes::version::Minor;
use crate::secrets::MASK;
use crate::secrets::output::path_looks_secret;
use crate::text::source::{Source, Spanned};

use super::diagnosis::{Problem, either, place_in, reason};
use super::path;

/// Limit on the bytes of a file that are read: certificates of all authorities are a megabyte.
const MAX_BYTES: u64 = 8 << 20;

/// The files that a context names.
#[derive(Default)]
pub(super) struct Files {
    /// The faults that kubectl meets.
    pub(super) faults: Vec<FileFault>,
    /// The same as problems, in the order in which kubectl meets them.
    pub(super) problems: Vec<Problem>,
    /// What is in the file with the certificate authority.
    pub(super) authority: Option<Vec<u8>>,
}

impl Files {
    /// Looks at the files of a context. `folder` returns the directory of a kubeconfig.
    pub(super) fn of(
        used: &ContextInUse,
        sources: &[(String, Source)],
        folder: impl Fn(Option<usize>) -> PathBuf,
        minor: Minor,
    ) -> Self {
        let is_tls = used.is_tls(minor);
        let mut files = Self::default();
        let mut found = Vec::new();
        // The names in messages are those that reports show.
        for (file, shown) in named(&used.auth).zip(named(&used.shown)) {
            let at = if file.key == AUTHORITY { used.cluster.map(|(at, _)| at) } else { used.file };
            let path = folder(at).join(&file.value.value);
            let path = path
                .to_str()
                .filter(|_| cfg!(unix))
                .map(go::path::clean)
                .map_or(path.clone(), PathBuf::from);
            let read = read(&path);
            let fault = match &read {
                Ok(bytes) => bytes.as_deref().and_then(|bytes| fault(file.key, bytes, minor)),
                Err(fault) => Some(fault.clone()),
            };
            if file.key == AUTHORITY {
                files.authority = read.ok().flatten();
            }
            let Some(fault) = fault else { continue };
            let is_shown =
                shown.value.value == file.value.value && !path_looks_secret(&file.value.value);
            let path = if is_shown { path::shown(&path) } else { MASK.to_owned() };
            let met = shown.fault(&path, &fault);
            // Without TLS, kubectl opens some while it validates, but needs none.
            if is_tls || met.step == Step::Validation {
                let source = at.and_then(|at| sources.get(at));
                let place = source.map(|(name, source)| place_in(name, source, file.value.span));
                let mut problem = problem(
                    &file,
                    &path,
                    &fault,
                    (file.key == AUTHORITY).then(|| regenerates_cluster(used)).flatten(),
                );
                problem.place = place;
                problem.says = Some(Reader::from(minor).of_file(&met));
                problem.step = Some(met.step);
                found.push((met, problem));
            }
        }
        found.sort_by_key(|(met, _)| met.order());
        (files.faults, files.problems) = found.into_iter().unzip();
        files
    }
}

/// Returns the command that writes the user again, if it also writes the certificate authority of
/// the cluster.
pub(super) fn regenerates_cluster(used: &ContextInUse) -> Option<String> {
    let is_whole = used.file == used.cluster.map(|(at, _)| at);
    let plugin = used.shown.exec.as_deref().and_then(advice::plugin_of)?;
    // kubelogin changes only users.
    let by = plugin.regenerate.filter(|by| is_whole && *by != Regenerate::Azure)?;
    let help = regenerate(by, &used.shown)?.to_string();
    Some(help.strip_prefix("or ").map(str::to_owned).unwrap_or(help))
}

/// Reads a file; `None` if it is not a regular file: kubectl would find a pipe empty afterwards.
fn read(path: &Path) -> Result<Option<Vec<u8>>, Fault> {
    let open = |error: std::io::Error| Fault::Open(reason(error.kind()));
    match fs::metadata(path).map_err(open)? {
        metadata if metadata.is_dir() => {
            return Err(Fault::Read(reason(ErrorKind::IsADirectory)));
        }
        metadata if !metadata.is_file() || metadata.len() > MAX_BYTES => return Ok(None),
        _ => {}
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(open)?;
    match file.take(MAX_BYTES).read_to_end(&mut bytes) {
        Err(error) => Err(Fault::Read(reason(error.kind()))),
        Ok(_) => Ok(Some(bytes)),
    }
}

/// Returns the fault in the content of a file, as kubectl says it.
fn fault(key: &str, bytes: &[u8], minor: Minor) -> Option<Fault> {
    let text = String::from_utf8_lossy(bytes);
    if key == AUTHORITY {
        // kubectl ignores an empty one.
        let fault = authority::fault(&text).filter(|_| !bytes.is_empty())?;
        return authority_refusal(fault, minor).map(Fault::Content);
    }
    let kinds: Vec<&str> = Blocks { rest: &text }.map(|block| block.kind).collect();
    let says = match key {
        "client-certificate" if kinds.is_empty() => {
            "tls: failed to find any PEM data in certificate input"
        }
        "client-certificate" if !kinds.contains(&"CERTIFICATE") => {
            "tls: failed to find certificate PEM data in certificate input, but did find a private \
             key; PEM inputs may have been switched"
        }
        "client-key" if kinds.is_empty() => "tls: failed to find any PEM data in key input",
        "client-key" if !kinds.iter().any(|kind| is_private_key(kind)) => {
            "tls: found a certificate rather than a key in the PEM for the private key"
        }
        _ => return None,
    };
    Some(Fault::Content(says.to_owned()))
}

/// Returns a fault as a problem; `path` is that of the file, and `regenerate` writes the entry again.
fn problem(file: &NamedFile<'_>, path: &str, fault: &Fault, regenerate: Option<String>) -> Problem {
    let NamedFile { key, value: Spanned { value, .. }, .. } = file;
    let what = match fault {
        Fault::Open(reason) if *reason == NOT_FOUND => "that does not exist".to_owned(),
        Fault::Open(reason) => format!("that cannot be opened: {reason}"),
        Fault::Read(reason) => format!("that cannot be read: {reason}"),
        Fault::Content(_) => {
            let wanted = if *key == "client-key" { "private key" } else { "certificate" };
            format!("without a valid {wanted} as PEM")
        }
    };
    let relative = match value.starts_with('/') {
        true => "",
        false => ", relative to the directory of the kubeconfig",
    };
    let write = format!("correct `{path}`, or write the path of another file{relative}");
    let regenerate = regenerate
        .unwrap_or_else(|| "regenerate the entry with the program that wrote it".to_owned());
    Problem {
        title: format!("`{key}` names a file {what}"),
        remedies: either([write, regenerate]),
        ..Problem::default()
    }
}
