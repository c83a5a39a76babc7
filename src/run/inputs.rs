//! The inputs of a run: on the command line, in a list, or standard input.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use crate::cli::Cli;
use crate::discover::read::{at_most, larger_than};
use crate::text::escape::{plain_reason, visible};

use super::Failure;
use super::kubeconfig::Loads;

/// Returns the paths to check, and whether standard input is one of the inputs.
pub(super) fn inputs(flags: &Cli, loads: Option<&Loads>) -> Result<(Vec<PathBuf>, bool), Failure> {
    let mut paths = flags.paths.clone();
    if let Some(list) = &flags.files_from {
        paths.extend(listed(list)?);
    } else if let Some(loads) = loads {
        paths.clone_from(&loads.paths);
    } else if paths.is_empty() {
        paths.push(PathBuf::from("."));
    }
    let all = paths.len();
    paths.retain(|path| path.as_os_str() != "-");
    let stdin = paths.len() < all;
    if stdin && flags.files_from.as_deref() == Some(Path::new("-")) {
        let message = "standard input cannot be both the list of files and a file";
        return Err(Failure::Usage(message.to_owned()));
    }
    if let Some(name) = flags.stdin_filename.as_ref().filter(|_| !stdin) {
        let name = visible(&name.to_string_lossy());
        return Err(Failure::Usage(format!("--stdin-filename {name} works only with `-`")));
    }
    Ok((paths, stdin))
}

/// Limit on the size of a list of files, in bytes: about a million names.
const MAX_LIST_BYTES: u64 = 64 << 20;

/// Reads the paths in a list: one per line, or separated by NUL. The list may be a pipe.
fn listed(list: &Path) -> Result<Vec<PathBuf>, Failure> {
    let read = if list.as_os_str() == "-" {
        at_most(io::stdin(), MAX_LIST_BYTES)
    } else {
        File::open(list).and_then(|file| at_most(file, MAX_LIST_BYTES))
    };
    let read = read.map_err(|error| plain_reason(&error));
    let bytes = read.and_then(|bytes| bytes.ok_or_else(|| larger_than(MAX_LIST_BYTES)));
    let bytes = bytes.map_err(|reason| {
        let list = visible(&list.to_string_lossy());
        Failure::Usage(format!("--files-from {list}: {reason}"))
    })?;
    let separator = if bytes.contains(&0) { 0 } else { b'\n' };
    let names = bytes.split(|&byte| byte == separator);
    let names = names.map(|name| if separator == 0 { name } else { trim_cr(name) });
    Ok(names.filter(|name| !name.is_empty()).map(path_from_bytes).collect())
}

fn trim_cr(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[cfg(unix)]
fn path_from_bytes(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path_from_bytes(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

/// The name of standard input if no other is given.
pub(super) const STDIN: &str = "<stdin>";
