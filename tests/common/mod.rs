//! Runs the real binary, isolated from the environment of the tests.

#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The result of running the binary.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// The standard output.
    pub(crate) stdout: Vec<u8>,
    /// The standard error.
    pub(crate) stderr: Vec<u8>,
    /// The exit status; `None` if a signal ended it.
    pub(crate) status: Option<i32>,
    /// How long it ran.
    pub(crate) time: Duration,
}

impl Outcome {
    /// Returns standard output as text.
    pub(crate) fn out(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    /// Returns standard error as text.
    pub(crate) fn err(&self) -> String {
        String::from_utf8_lossy(&self.stderr).into_owned()
    }
}

/// Returns a command for the binary, to run in `dir` without this process's environment.
pub(crate) fn command(dir: &Path) -> Command {
    command_of(Path::new(env!("CARGO_BIN_EXE_kubeconfig-lint")), dir)
}

/// Returns a command for a copy of the binary, to run in `dir` without this process's environment.
pub(crate) fn command_of(binary: &Path, dir: &Path) -> Command {
    let mut command = Command::new(binary);
    command.current_dir(dir).env_clear();
    // Windows starts nothing without the first; the second is where `scripts/coverage` counts lines.
    for name in ["SystemRoot", "LLVM_PROFILE_FILE"] {
        command.envs(std::env::var_os(name).map(|value| (name, value)));
    }
    // A separate home keeps the user's settings out.
    command.env("HOME", dir).env("XDG_CONFIG_HOME", dir);
    command
}

/// Runs the binary in `dir`, and kills it after `limit`: a hang is a failure.
pub(crate) fn run(dir: &Path, args: &[&str], stdin: &[u8], limit: Duration) -> Outcome {
    run_command(command(dir).args(args), stdin, limit)
}

/// Runs a command, and kills it after `limit`.
pub(crate) fn run_command(command: &mut Command, stdin: &[u8], limit: Duration) -> Outcome {
    let begin = Instant::now();
    let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = pipes.spawn().expect("the binary starts");
    let mut input = child.stdin.take().unwrap();
    let (mut out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let (stdout, stderr, status) = std::thread::scope(|scope| {
        scope.spawn(move || {
            // Ignore errors: the program need not read all of its input.
            let _ = input.write_all(stdin);
        });
        let stdout = scope.spawn(move || read(&mut out));
        let stderr = scope.spawn(move || read(&mut err));
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break Some(status);
            }
            if begin.elapsed() > limit {
                child.kill().unwrap();
                child.wait().unwrap();
                break None;
            }
            std::thread::sleep(Duration::from_millis(2));
        };
        (stdout.join().unwrap(), stderr.join().unwrap(), status)
    });
    let time = begin.elapsed();
    let Some(status) = status else {
        let (out, err) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
        panic!("{command:?} did not end within {limit:?}\n{out}\n{err}");
    };
    Outcome { stdout, stderr, status: status.code(), time }
}

fn read(from: &mut impl Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    from.read_to_end(&mut bytes).unwrap();
    bytes
}

/// Copies a tree of ordinary files.
pub(crate) fn copy_tree(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_tree(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
