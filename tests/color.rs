//! Checks what decides whether the report and the diff are colored in a pipe.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::fs;
use std::time::Duration;

const CONFIG: &str = "kind: Config\nusers:\n- name: u\n  user:\n    exec: {command: aws, args: [eks, get-token], apiVersion: \
                      client.authentication.k8s.io/v1alpha1}\n";

/// Removes the color codes.
fn plain(text: &str) -> String {
    let mut parts = text.split("\x1b[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('m').unwrap().1)
}

#[test]
fn flag_beats_variables_and_no_color_beats_those_that_force() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("config"), CONFIG).unwrap();
    let auto: &[&str] = &[];
    for (flags, variables, is_colored) in [
        (auto, "", false),
        (auto, "FORCE_COLOR=1", true),
        (auto, "CLICOLOR_FORCE=1", true),
        (auto, "FORCE_COLOR=", false),
        (auto, "CLICOLOR=1", false),
        (auto, "FORCE_COLOR=1 CLICOLOR=0 TERM=dumb", true),
        (auto, "FORCE_COLOR=1 NO_COLOR=1", false),
        (auto, "CLICOLOR_FORCE=1 NO_COLOR=1", false),
        (auto, "FORCE_COLOR=1 NO_COLOR=", true),
        (&["--color", "never"], "FORCE_COLOR=1 CLICOLOR_FORCE=1", false),
        (&["--color", "always"], "NO_COLOR=1 CLICOLOR=0 TERM=dumb", true),
    ] {
        for mode in [&[][..], &["--diff"]] {
            let run = |variables: &str, flags: &[&str]| {
                let mut command = common::command(folder.path());
                let pairs = variables.split_whitespace().map(|pair| pair.split_once('=').unwrap());
                command.args(mode).args(flags).envs(pairs);
                common::run_command(&mut command, b"", Duration::from_secs(60)).out()
            };
            let out = run(variables, flags);
            assert_eq!(out.contains("\x1b["), is_colored, "{mode:?} {flags:?} {variables:?}");
            assert!(!out.contains("\x1b]8"), "there are no links in a pipe");
            assert_eq!(plain(&out), run("", &["--color", "never"]));
        }
    }
}
