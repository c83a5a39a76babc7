//! Compares the plugin table's entry for `aws` with what real releases of aws-cli returned.
//! `tests/aws/README.md` says how the answers were recorded.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::Path;

use kubeconfig_lint::internals::api_versions::{ALL, ApiVersion, GROUP, V1BETA1};
use kubeconfig_lint::internals::plugins::{
    self, Answers, Declared, Plugin, PluginInUse, PluginReleases,
};

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
}

fn releases() -> Vec<Release> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/aws/answers.json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn aws() -> &'static Plugin {
    let (program, _) = plugins::find("aws", &["eks", "get-token", "--cluster-name", "c"]).unwrap();
    program.plugin().unwrap()
}

/// Returns what the table says of a release.
fn in_use(release: &str) -> PluginInUse {
    let release: PluginReleases = format!("aws-cli={release}").parse().unwrap();
    Declared(vec![release]).of(aws())
}

#[test]
fn aws_history_says_what_each_release_returned() {
    let mut phases = [0; 2];
    for recorded in releases() {
        let release = &recorded.release;
        match in_use(release).answers {
            Answers::Fixed(only) => {
                phases[0] += 1;
                for answer in &recorded.answers {
                    assert_eq!(answer.answered, only.version, "aws-cli {release}");
                }
            }
            Answers::Echo(versions) => {
                phases[1] += 1;
                assert_eq!(versions.len(), ALL.len());
                for version in *versions {
                    assert_eq!(recorded.to(version), version.name, "aws-cli {release}");
                }
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(phases.iter().all(|count| *count > 1), "{phases:?}");
}

#[test]
fn aws_least_release_is_the_first_that_echoes() {
    let newest = Declared::default().of(aws());
    let words = newest.least(&V1BETA1).unwrap();
    let first = words.split(' ').nth(1).unwrap();
    assert!(releases().iter().any(|release| release.release == first), "{words}");
    assert!(matches!(in_use(first).answers, Answers::Echo(_)));
}
