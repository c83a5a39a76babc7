//! Runs in a temporary folder.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use kubeconfig_lint::internals::{parse, report};
use kubeconfig_lint::{FORMATS, Report, Style};
use tempfile::TempDir;

/// Creates a folder that is the root of a repository, so that nothing outside of it counts.
pub fn new() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::create_dir(folder.path().join(".git")).expect("a folder in it");
    folder
}

/// Writes a file, and the folders that hold it.
pub fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    let path = folder.join(name);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).expect("folders for the file");
    }
    fs::write(path, bytes).expect("the file is written");
}

/// Checks the folder with some options.
///
/// # Errors
/// Returns the messages if the run fails.
pub fn check(folder: &Path, options: &[&str]) -> Result<Report, Vec<String>> {
    let args = ["kubeconfig-lint", "--quiet"].iter().chain(options).map(OsString::from);
    let cli = parse(args.chain([folder.as_os_str().to_owned()])).expect("options that exist");
    report(cli, folder.to_owned())
}

/// Returns the report in JSON.
pub fn json(report: &Report) -> String {
    let style = Style { color: false, links: false, width: 120, wraps: false };
    let format = FORMATS.iter().find(|format| format.name == "json").expect("the format");
    let mut out = Vec::new();
    (format.write)(report, style, &mut out).expect("a vector takes everything");
    String::from_utf8(out).expect("reports are UTF-8")
}
