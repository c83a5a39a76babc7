//! Writing a report or a baseline loses nothing, whatever the file is and whenever the run ends.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const LINT: &str = env!("CARGO_BIN_EXE_kubeconfig-lint");

/// Creates a folder with a kubeconfig with this many findings.
fn folder(findings: usize) -> tempfile::TempDir {
    let exec = "{apiVersion: client.authentication.k8s.io/v1alpha1, command: made-up}";
    let user = |at: usize| format!("- name: u{at}\n  user: {{exec: {exec}}}\n");
    let users: String = (0..findings).map(user).collect();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("k.yaml"), format!("kind: Config\nusers:\n{users}")).unwrap();
    folder
}

/// Runs a shell in a folder, in which `$lint` is the binary; returns what it writes to standard
/// error.
fn shell(folder: &Path, script: &str) -> String {
    let mut command = Command::new("sh");
    command.args(["-c", script]).current_dir(folder).env("lint", LINT);
    common::run_command(&mut command, b"", Duration::from_secs(60)).err()
}

/// Returns the names in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The options that write a file.
const WRITERS: [&str; 3] = ["--format json=out", "--format sarif=out", "--write-baseline out"];

#[test]
fn a_full_disk_leaves_the_old_file() {
    let folder = folder(300);
    let path = folder.path();
    for option in WRITERS {
        let _ = fs::remove_file(path.join("out"));
        shell(path, &format!("\"$lint\" -q {option} k.yaml"));
        let old = fs::read(path.join("out")).unwrap();
        assert!(old.len() > 20_000, "{option}: {}", old.len());
        // No file may grow beyond 8 KiB, as if the disk were full.
        let script = format!("trap '' XFSZ; ulimit -f 16; \"$lint\" -q {option} k.yaml >&2");
        let said = shell(path, &script);
        assert!(said.contains("error: cannot write out: "), "{option}: {said}");
        assert_eq!(fs::read(path.join("out")).unwrap(), old, "{option}");
        assert_eq!(names(path), ["k.yaml", "out"], "{option}");
    }
}

#[test]
fn a_kill_leaves_a_whole_file() {
    let folder = folder(900);
    let path = folder.path();
    let (old, out) = ("old\n", path.join("out"));
    let run = || {
        let mut command = Command::new(LINT);
        command.args(["-q", "--format", "json=out", "k.yaml"]).current_dir(path);
        command.stdout(Stdio::null()).spawn().unwrap()
    };
    let begin = Instant::now();
    run().wait().unwrap();
    let whole = begin.elapsed();
    let new = fs::read_to_string(&out).unwrap();
    for part in 1..=20 {
        fs::write(&out, old).unwrap();
        let mut child = run();
        std::thread::sleep(whole * part / 20);
        child.kill().unwrap();
        child.wait().unwrap();
        let now = fs::read_to_string(&out).unwrap();
        assert!(now == old || now == new, "{} bytes", now.len());
    }
}

#[test]
fn reports_keep_the_mode_and_follow_no_link() {
    let folder = folder(1);
    let path = folder.path();
    let mode = |name: &str| fs::metadata(path.join(name)).unwrap().mode() & 0o7777;
    let write = |name: &str| {
        let said = shell(path, &format!("umask 027; \"$lint\" -q --format json={name} k.yaml"));
        assert_eq!(said, "");
        assert!(fs::read_to_string(path.join(name)).unwrap().contains("schema_version"), "{name}");
    };
    write("new");
    assert_eq!(mode("new"), 0o640);
    for bits in [0o600, 0o666, 0o755] {
        fs::set_permissions(path.join("new"), fs::Permissions::from_mode(bits)).unwrap();
        write("new");
        assert_eq!(mode("new"), bits);
    }
    fs::write(path.join("target"), "kept").unwrap();
    symlink("target", path.join("link")).unwrap();
    fs::hard_link(path.join("target"), path.join("second")).unwrap();
    for name in ["link", "second"] {
        write(name);
        assert_eq!(fs::read_to_string(path.join("target")).unwrap(), "kept");
        assert!(fs::symlink_metadata(path.join(name)).unwrap().is_file());
    }
    write(&format!("{}.json", "n".repeat(250)));
}

#[test]
fn reports_go_to_pipes_and_to_files_of_the_system() {
    let folder = folder(1);
    let path = folder.path();
    let scripts = [
        "mkfifo fifo; cat fifo >out & \"$lint\" -q --format json=fifo k.yaml; wait",
        "\"$lint\" -q --format json=/dev/stdout --format sarif=/dev/null k.yaml >out",
        "\"$lint\" -q --format json=/proc/self/fd/3 k.yaml 3>out",
        "\"$lint\" -q --format json=/dev/stdout k.yaml | cat >out",
    ];
    for script in scripts {
        assert_eq!(shell(path, script), "", "{script}");
        let written = fs::read_to_string(path.join("out")).unwrap();
        assert!(written.contains("schema_version") && written.ends_with("}\n"), "{script}");
        fs::remove_file(path.join("out")).unwrap();
    }
}

#[test]
fn a_file_in_a_folder_that_takes_no_other_is_overwritten_in_place() {
    let folder = folder(1);
    let path = folder.path();
    let inner = path.join("inner");
    fs::create_dir(&inner).unwrap();
    fs::write(inner.join("out"), "x".repeat(100_000)).unwrap();
    fs::set_permissions(inner.join("out"), fs::Permissions::from_mode(0o666)).unwrap();
    fs::set_permissions(&inner, fs::Permissions::from_mode(0o555)).unwrap();
    assert_eq!(shell(path, "\"$lint\" -q --format json=inner/out k.yaml"), "");
    let written = fs::read_to_string(inner.join("out")).unwrap();
    fs::set_permissions(&inner, fs::Permissions::from_mode(0o755)).unwrap();
    assert!(written.ends_with("}\n") && !written.contains("xxx"));
}
