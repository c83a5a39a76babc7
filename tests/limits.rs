//! Checks that reports say which limits were hit, and respect the limits of the places that they go
//! to: GitHub's annotations, code scanning and the summary of a job.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::fs;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
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

/// Returns a file for each limit on what is read of a file, with what reports say when it is hit.
fn limited() -> Vec<(&'static str, String, &'static str)> {
    let user = |name: &str| {
        let exec = "{apiVersion: client.authentication.k8s.io/v1alpha1, command: made-up}";
        format!("- name: {name}\n  user: {{exec: {exec}}}\n")
    };
    let config = format!("kind: Config\nusers:\n{}", user("u"));
    let indented = |text: &str| text.replace('\n', "\n  ");
    let nested = (0..9).fold(config.clone(), |inner, _| format!("a: |\n  {}\n", indented(&inner)));
    let thrice = (0..3).fold(config.clone(), |inner, _| STANDARD.encode(inner));
    let preference = "apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\n";
    let arguments = |count: usize| {
        let args = format!("command: made-up, args: [{}]", "a,".repeat(count));
        config.replace("command: made-up", &args)
    };
    let comments = |count: usize| "# kubeconfig-lint: ignore[mention]\n".repeat(count);
    let module = "provider \"kubernetes\" {\n  exec {\n    api_version = \
                  \"client.authentication.k8s.io/${var.v}\"\n    command = \"aws\"\n  }\n}\n";
    vec![
        ("nested.yaml", format!("{config}---\n{nested}"), "texts nested deeper than 8"),
        ("thrice.yaml", format!("{config}more: {thrice}\n"), "base64 in base64 in base64"),
        ("kuberc.yaml", format!("{preference}---\n").repeat(1001), "only the first 1000 documents"),
        ("main.tf", module.to_owned(), ""),
        ("arguments.yaml", arguments(10_001), "more than 10000 arguments of a plugin"),
        ("fewer.yaml", format!("{}{}", arguments(10_000), comments(10_000)), ""),
        ("comments.yaml", format!("{config}{}", comments(10_001)), "only the first 10000 comments"),
        (
            "dense.yaml",
            format!("{config}x: [{}]\n", "{},".repeat(2_000_000)),
            "more than 4000000 commas",
        ),
    ]
}

#[test]
fn limits_are_said_in_every_report() {
    let folder = tempfile::tempdir().unwrap();
    let files = limited();
    for (name, text, _) in &files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    // A file beside those that are named: a hole of 300 MiB.
    let large = fs::File::create(folder.path().join("large.tf")).unwrap();
    large.set_len(300 << 20).unwrap();
    let mut args = vec![
        "--format=json=json",
        "--format=sarif=sarif",
        "--format=junit=xml",
        "--format=markdown=md",
    ];
    args.extend(files.iter().map(|(name, ..)| *name));
    let outcome = common::run(folder.path(), &args, b"", Duration::from_secs(300));
    assert_eq!(outcome.status, Some(1), "{}", outcome.err());
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let (json, sarif): (Value, Value) = (
        serde_json::from_str(&read("json")).unwrap(),
        serde_json::from_str(&read("sarif")).unwrap(),
    );
    let notifications = &sarif["runs"][0]["invocations"][0]["toolExecutionNotifications"];
    let reports = [
        outcome.err(),
        json["limits"].to_string(),
        notifications.to_string(),
        read("xml"),
        read("md"),
    ];
    let large = ("large.tf", String::new(), "so its Terraform variables are not followed");
    let err = outcome.err();
    let mut of_fewer = err.lines().filter(|line| line.contains("fewer.yaml"));
    assert!(of_fewer.all(|line| line.ends_with("are not listed")), "{err}");
    for (name, _, words) in files.iter().chain([&large]).filter(|(.., words)| !words.is_empty()) {
        for report in &reports {
            assert!(report.contains(name) && report.contains(words), "{name}: {words}\n{report}");
        }
    }
}
