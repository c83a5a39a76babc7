//! Replays `tests/helm`: compares what real releases of Helm said about kubeconfigs and outputs of
//! plugins with the verdicts for `--kubectl-version helm@RELEASE`, and with what findings quote.
//! `tests/helm/README.md` says how the table was made.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../examples/verdict/class.rs"]
mod class;
#[path = "common/words.rs"]
mod words;

use std::collections::{HashMap, HashSet};
use std::fs;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kubeconfig_lint::internals::{self, Class, KubeconfigFile, api_versions, plugin_output};
use kubeconfig_lint::{Message, Options, Severity, Source, Target, lint};
use serde::Deserialize;
use words::matches;

/// A file of `tests/kubectl/families.jsonl`.
#[derive(Deserialize)]
struct File {
    name: String,
    kind: String,
    text: Option<String>,
    base64: Option<String>,
    configured: Option<String>,
}

impl File {
    fn source(&self) -> Source {
        let bytes = match (&self.text, &self.base64) {
            (Some(text), _) => text.clone().into_bytes(),
            (None, base64) => STANDARD.decode(base64.as_ref().unwrap()).unwrap(),
        };
        Source::new("FILE", bytes)
    }
}

/// A line of the table.
#[derive(Deserialize)]
struct Record {
    name: String,
    verdicts: Vec<Recorded>,
}

/// What several releases said.
#[derive(Deserialize)]
struct Recorded {
    releases: Vec<String>,
    class: String,
    says: String,
}

fn lines<T: for<'a> Deserialize<'a>>(path: &str) -> Vec<T> {
    let path = format!("{}/tests/{path}", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Returns whether our class is Helm's, up to what depends on the plugin and the server.
fn is_of_class(predicted: &str, recorded: &Recorded) -> bool {
    match predicted {
        "runs-plugin" => matches!(
            recorded.class.as_str(),
            "ok-ran-plugin" | "plugin-not-found" | "plugin-failed" | "request-failed"
        ),
        "no-plugin" => matches!(recorded.class.as_str(), "ok-no-plugin" | "request-failed"),
        "auth-provider" => matches!(
            recorded.class.as_str(),
            "ok-no-plugin" | "deprecated-warning" | "request-failed" | "auth-provider-config"
        ),
        predicted => predicted == recorded.class,
    }
}

/// Returns our class of a file and our words about it, which are `None` if we quote none.
fn predicted(file: &File, target: &Target) -> (&'static str, Option<String>) {
    let source = file.source();
    let reader = target.reader(target.last);
    if file.kind == "credential" {
        let configured = file.configured.as_deref().unwrap();
        if !api_versions::accepted(configured, reader.minor) {
            return ("invalid-apiVersion", None);
        }
        let refusals = internals::refusals(source.text(), Some(configured), reader.minor);
        return match refusals.first() {
            None => ("ok-ran-plugin", Some(String::new())),
            Some(refusal) => (class::of_refusal(refusal), plugin_output::message(refusal, reader)),
        };
    }
    let kubeconfig = KubeconfigFile::new(&source);
    if kubeconfig.error(reader.minor).is_some() {
        return (class::of_verdict(Class::ParseError), None);
    }
    let verdict = kubeconfig.of_current_context(reader);
    (class::of_verdict(verdict.class), verdict.message)
}

/// Whether it depends on more than the file and client-go: on certificates, on a `Status`, which old
/// releases decode first, or on the Go that a release was built with (3.9.4: an older one than that of
/// kubectl 1.24, which reads more digits of a second).
fn is_unpredicted(file: &File, recorded: &Recorded) -> bool {
    let says = |words: &str| recorded.says.contains(words);
    ["tls: ", "x509: ", "asn1: ", "root certificates"].into_iter().any(says)
        || file.name.ends_with("kind Status")
        || says("in host name")
        || says("fractional second out of range")
}

#[test]
fn verdicts_match_recorded_helms() {
    let files: Vec<File> = lines("kubectl/families.jsonl");
    let files: HashMap<&str, &File> = files.iter().map(|file| (&*file.name, file)).collect();
    let records: Vec<Record> = lines("helm/verdicts.jsonl");
    let (mut compared, mut quotes, mut wrong) = (0, 0, Vec::new());
    let mut releases = HashSet::new();
    for record in &records {
        let file = files[record.name.as_str()];
        for recorded in &record.verdicts {
            for release in &recorded.releases {
                releases.insert(release);
                let target: Target = format!("helm@{release}").parse().unwrap();
                assert_eq!(target.first, target.last);
                if is_unpredicted(file, recorded) {
                    continue;
                }
                let place = format!("{}, Helm {release}", record.name);
                let Recorded { class, says, .. } = recorded;
                let (ours, words) = predicted(file, &target);
                compared += 1;
                let is_said = |words: String| match ours {
                    "auth-provider" => says.contains(&words),
                    _ => matches(&words, says),
                };
                if !is_of_class(ours, recorded) || !words.clone().is_none_or(is_said) {
                    let words = words.unwrap_or_default();
                    wrong
                        .push(format!("{place}\n  Helm: {class}: {says}\n  we:   {ours}: {words}"));
                    continue;
                }
                if file.kind == "kubeconfig" {
                    quotes += check_quotes(file, &target, recorded, &place, &mut wrong);
                }
            }
        }
    }
    let count = wrong.len();
    wrong.truncate(40);
    assert!(wrong.is_empty(), "{count} of {compared}:\n{}", wrong.join("\n"));
    println!("{compared} verdicts and {quotes} quotes of {} releases agree", releases.len());
    assert!(compared > 2000 && quotes > 400, "{compared} verdicts, {quotes} quotes");
}

/// Compares what findings about the current context quote. Returns how many do.
fn check_quotes(
    file: &File,
    target: &Target,
    recorded: &Recorded,
    place: &str,
    wrong: &mut Vec<String>,
) -> usize {
    let source = file.source();
    let kubeconfig = KubeconfigFile::new(&source);
    let linted = lint(&source, &Options { target: target.clone(), ..Options::default() });
    let mut quotes = 0;
    for finding in &linted.findings {
        let (title, rule) = (finding.title().to_string(), finding.rule.name);
        let is_elsewhere =
            title.contains("(with ") && !title.contains("(with the current context)");
        let of_fragment = kubeconfig.is_fragment() && finding.user.is_some();
        let Some(quote) = &finding.kubectl_message else {
            let is_unread = |help: &Message| help.to_string().contains("reads only ");
            if finding.help.iter().any(is_unread) || title.contains("ignores it here") {
                continue;
            }
            let is_fine = recorded.class.starts_with("ok-") && finding.severity == Severity::Error;
            if is_fine && !is_elsewhere && !of_fragment {
                wrong.push(format!("{place}: {rule}: {title}\n  Helm: {}", recorded.says));
            }
            continue;
        };
        let text = finding.full_message().to_string();
        assert!(!text.contains("kubectl 1."), "{place}: {text}");
        assert_eq!(quote.by.value(), target.to_string(), "{place}");
        if is_elsewhere || of_fragment || recorded.says.contains("no such file or directory") {
            continue;
        }
        quotes += 1;
        let is_warning =
            rule == "deprecated-auth-provider" && recorded.says.contains(&*quote.message);
        if !matches(&quote.message, &recorded.says) && !is_warning {
            let (says, ours) = (&recorded.says, &quote.message);
            wrong.push(format!("{place}: {rule}\n  Helm: {says}\n  we:   {ours}"));
        }
    }
    quotes
}
