//! Runs `--kubeconfig` with lists of files in `KUBECONFIG`.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::fs;
use std::path::Path;
use std::time::Duration;

/// Runs `--kubeconfig` in the tree of the case; returns standard output, standard error and the
/// exit status.
fn run(list: &str, flags: &[&str]) -> (String, String, Option<i32>) {
    let temporary = tempfile::tempdir().unwrap();
    let dir = fs::canonicalize(temporary.path()).unwrap().join("tree");
    let tree = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/kubeconfig-flag/tree");
    common::copy_tree(&tree, &dir);
    let mut command = common::command(&dir);
    command.env("KUBECONFIG", list).args(["--kubeconfig", "--format", "short"]).args(flags);
    let outcome = common::run_command(&mut command, b"", Duration::from_secs(60));
    (outcome.out(), outcome.err(), outcome.status)
}

#[test]
fn first_file_shadows_users_of_later_ones() {
    let (out, err, status) = run("first:second", &[]);
    assert_eq!(out.lines().count(), 1, "{out}");
    assert!(out.starts_with("second:17:24: error[removed-api-version]: user `v`"), "{out}");
    assert!(err.contains("note: second: kubectl never uses user `u`: first comes first"), "{err}");
    assert!(err.contains("2 notes (--show-notes)"), "{err}");
    assert_eq!(status, Some(1));
    let (out, ..) = run("first:second", &["--show-notes"]);
    assert!(out.contains("second:14:24: note[removed-api-version]: user `u`"), "{out}");
}

#[test]
fn missing_and_repeated_files_are_skipped() {
    let (out, err, status) = run("second::nowhere:first:second", &["-v"]);
    assert_eq!(out.matches("error[removed-api-version]").count(), 2, "{out}");
    assert_eq!(err.matches("read second").count(), 1, "{err}");
    assert!(err.contains("note: first: kubectl never uses user `u`: second comes first"), "{err}");
    assert_eq!(status, Some(1));
    let (_, err, status) = run("nowhere", &[]);
    assert_eq!(err, "error: none of the files that kubectl would load here exists\n");
    assert_eq!(status, Some(2));
}
