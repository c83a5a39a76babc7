//! Checks that reports respect the limits of the places that they go to: GitHub's annotations, code
//! scanning and the summary of a job.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::fs;
use std::time::Duration;

use serde_json::Value;

/// Files, users in each, and the results that code scanning accepts in a run.
const FILES: usize = 26;
const USERS: usize = 1_000;
const MAX_RESULTS: usize = 25_000;

#[test]
fn reports_respect_the_limits_of_their_readers() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = "kind: Config\nusers:\n".to_owned();
    for user in 0..USERS {
        let exec = "{apiVersion: client.authentication.k8s.io/v1alpha1, command: made-up}";
        text += &format!("- name: u{user}\n  user: {{exec: {exec}}}\n");
    }
    for file in 0..FILES {
        fs::write(folder.path().join(format!("config{file}")), &text).unwrap();
    }
    let flags = ["--quiet", "--format=sarif=sarif", "--format=github=log", "--format=markdown=md"];
    let outcome = common::run(folder.path(), &flags, b"", Duration::from_secs(300));
    assert_eq!(outcome.status, Some(1), "{}", outcome.err());
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();

    let sarif: Value = serde_json::from_str(&read("sarif")).unwrap();
    let run = &sarif["runs"][0];
    assert_eq!(run["results"].as_array().unwrap().len(), MAX_RESULTS);
    let said = run["invocations"][0]["toolExecutionNotifications"].to_string();
    let more = FILES * USERS - MAX_RESULTS;
    assert!(said.contains(&format!("{more} more findings are not listed")), "{said}");

    let log = read("log");
    let last = log.lines().last().unwrap();
    let more = format!("this log alone has {} errors more", FILES * USERS - 10);
    assert!(last.ends_with(&more), "{last}");

    assert!(read("md").len() <= 1 << 20);
}
