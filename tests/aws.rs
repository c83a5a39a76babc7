//! Compares the plugin table's entry for `aws` with what real releases of aws-cli returned.
//! `tests/aws/README.md` says how the answers were recorded.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::Path;

use kubeconfig_lint::internals::api_versions::{ALL, ApiVersion, GROUP, V1BETA1};
use kubeconfig_lint::internals::plugins::{self, Answers, Plugin};

use serde::Deserialize;

#[derive(Deserialize)]
struct Release {
    release: String,
    answers: Vec<Answer>,
}

#[derive(Deserialize)]
struct Answer {
    /// The version without the group; `None` if KUBERNETES_EXEC_INFO was not set.
    asked: Option<String>,
    answered: String,
}

impl Release {
    /// Returns the release's answer when it is asked for `version`.
    fn to(&self, version: &ApiVersion) -> String {
        let asked = |answer: &&Answer| {
            answer.asked.as_ref().is_some_and(|asked| format!("{GROUP}/{asked}") == version.name)
        };
        format!("{GROUP}/{}", self.answers.iter().find(asked).unwrap().answered)
    }

    fn number(&self) -> Vec<u32> {
        number(&self.release)
    }
}

fn number(release: &str) -> Vec<u32> {
    release.split('.').map(|part| part.parse().unwrap()).collect()
}

fn releases() -> Vec<Release> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/aws/answers.json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn aws() -> &'static Plugin {
    let (program, _) = plugins::find("aws", &["eks", "get-token", "--cluster-name", "c"]).unwrap();
    program.plugin().unwrap()
}

/// Returns the first release in `aws-cli 1.23.9 or 2.6.3`; PyPI has only that release line.
fn least() -> Vec<u32> {
    let words: Vec<&str> = aws().least(&V1BETA1).unwrap().split(' ').collect();
    assert_eq!((words[0], words[2]), ("aws-cli", "or"));
    number(words[1])
}

#[test]
fn aws_releases_since_the_least_echo_any_version() {
    let Answers::Echo(versions) = &aws().answers else { panic!("aws does not echo") };
    assert_eq!(versions.len(), ALL.len());
    let new: Vec<Release> =
        releases().into_iter().filter(|release| release.number() >= least()).collect();
    assert!(new.iter().any(|release| release.number() == least()));
    for release in &new {
        for version in *versions {
            assert_eq!(release.to(version), version.name, "aws-cli {}", release.release);
        }
    }
}

#[test]
fn aws_releases_before_the_least_have_one_answer() {
    for release in releases().iter().filter(|release| release.number() < least()) {
        let taken_back = (number("1.20.9")..number("1.20.12")).contains(&release.number());
        let only = if taken_back { "v1beta1" } else { "v1alpha1" };
        for answer in &release.answers {
            assert_eq!(answer.answered, only, "aws-cli {}", release.release);
        }
    }
}
