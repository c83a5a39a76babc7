//! Replays `tests/kubectl`: compares what the real kubectl 1.20 to 1.37 said about thousands of
//! files with the library's predictions and with its findings. Messages about kubeconfigs are
//! compared character by character. Where we quote no words, only the class is compared: for type
//! errors of kubectl 1.22 and older, for the content of a credential, and for unknown fields of a
//! kuberc. `tests/kubectl/README.md` says how the tables were made.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../examples/verdict/class.rs"]
mod class;
#[path = "common/words.rs"]
mod words;

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kubeconfig_lint::internals;
use kubeconfig_lint::internals::AuthInfo;
use kubeconfig_lint::internals::Spanned;
use kubeconfig_lint::internals::api_versions::{self, INTERACTIVE_MODE_SINCE};
use kubeconfig_lint::internals::{Class, KubeconfigFile, Verdict};
use kubeconfig_lint::internals::{decode_error, plugin_output, policy};
use kubeconfig_lint::{Finding, Severity};
use kubeconfig_lint::{Minor, Target};
use kubeconfig_lint::{Options, Source, lint};

use serde::Deserialize;
use serde_json::{Value, json};
use words::matches;

/// A line of a table: a file, and what each kubectl said about it.
#[derive(Deserialize)]
struct Record {
    name: String,
    kind: String,
    text: Option<String>,
    base64: Option<String>,
    /// The version in the exec config of the plugin; only for credentials.
    configured: Option<String>,
    verdicts: Vec<Recorded>,
}

/// The answer that several minors share.
#[derive(Deserialize)]
struct Recorded {
    minors: Vec<String>,
    #[serde(default)]
    decoded: bool,
    current: RecordedVerdict,
    #[serde(default)]
    model: BTreeMap<String, Value>,
    #[serde(default)]
    users: BTreeMap<String, RecordedVerdict>,
}

#[derive(Clone, Deserialize)]
struct RecordedVerdict {
    class: String,
    says: String,
}

impl Record {
    fn bytes(&self) -> Vec<u8> {
        match (&self.text, &self.base64) {
            (Some(text), _) => text.clone().into_bytes(),
            (None, Some(base64)) => STANDARD.decode(base64).expect("the table is base64"),
            (None, None) => panic!("{}: no text", self.name),
        }
    }
}

/// Counts the matches, and collects the differences.
#[derive(Default)]
struct Tally {
    agreed: usize,
    differences: Vec<String>,
}

impl Tally {
    fn check(&mut self, place: &str, predicted: (&str, Option<&str>), recorded: &RecordedVerdict) {
        let (class, says) = predicted;
        // We look only at the outer layers of certificates, and check addresses only for TLS. What
        // an auth provider does comes before root certificates.
        let mentions = |words: &str| recorded.says.contains(words);
        let is_unpredicted = match class {
            "auth-provider" if mentions("root certificates") => true,
            "runs-plugin" | "no-plugin" | "auth-provider" => {
                mentions("tls: ")
                    || mentions("failed to parse certificate: ")
                    || mentions("host must be a URL or a host:port pair")
            }
            _ => false,
        };
        let is_of_class = is_of_class(class, &recorded.class) || is_unpredicted;
        // A warning is between klog's time and place and the server's answer.
        let is_said = |says: &str| match class {
            "auth-provider" => recorded.says.contains(says),
            _ => matches(says, &recorded.says),
        };
        if is_of_class && says.is_none_or(is_said) {
            self.agreed += 1;
        } else {
            let RecordedVerdict { class: recorded, says: words } = recorded;
            let says = says.unwrap_or("");
            self.differences.push(format!(
                "{place}\n  kubectl: {recorded}: {words}\n  we:      {class}: {says}"
            ));
        }
    }
}

/// Returns whether our class is kubectl's. Classes that differ only by what the file cannot show
/// (whether the plugin or the server exists, and what they answer) count as equal.
fn is_of_class(predicted: &str, recorded: &str) -> bool {
    match predicted {
        "runs-plugin" => {
            matches!(
                recorded,
                "ok-ran-plugin" | "plugin-not-found" | "plugin-failed" | "request-failed"
            )
        }
        "no-plugin" => {
            matches!(recorded, "ok-no-plugin" | "deprecated-warning" | "request-failed")
        }
        "auth-provider" => matches!(
            recorded,
            "ok-no-plugin" | "deprecated-warning" | "request-failed" | "auth-provider-config"
        ),
        _ => predicted == recorded,
    }
}

/// Returns the exec config as `kubectl config view --raw -o json` prints it.
fn exec_of(auth: &AuthInfo, minor: Minor) -> Value {
    let Some(exec) = &auth.exec else { return Value::Null };
    let text = |value: Option<&Spanned<String>>| value.map_or("", |v| &v.value).to_owned();
    let env: Vec<Value> = exec
        .env
        .iter()
        .map(|env| json!({"name": text(env.name.as_deref()), "value": text(env.value.as_deref())}))
        .collect();
    let args: Vec<&str> = exec.args.iter().map(|arg| arg.value.as_str()).collect();
    let version = api_versions::lookup(&text(exec.api_version.as_ref()));
    let mode = match text(exec.interactive_mode.as_deref()) {
        _ if minor < INTERACTIVE_MODE_SINCE => String::new(),
        mode if mode.is_empty() && version.is_some_and(|v| v.defaults_interactive_mode) => {
            "IfAvailable".to_owned()
        }
        mode => mode,
    };
    json!({
        "apiVersion": text(exec.api_version.as_ref()),
        "command": text(exec.command.as_ref()),
        "args": args,
        "env": env,
        "interactiveMode": mode,
        "installHint": text(exec.install_hint.as_deref()),
        "provideClusterInfo": exec.provide_cluster_info,
    })
}

/// Fills in empty values: kubectl leaves them out, or writes null.
fn filled(exec: &Value) -> Value {
    if exec.is_null() {
        return Value::Null;
    }
    let or = |key: &str, default: Value| match &exec[key] {
        Value::Null => default,
        value => value.clone(),
    };
    let env = or("env", json!([]));
    json!({
        "apiVersion": or("apiVersion", json!("")),
        "command": or("command", json!("")),
        "args": or("args", json!([])),
        "env": env,
        "interactiveMode": or("interactiveMode", json!("")),
        "installHint": or("installHint", json!("")),
        "provideClusterInfo": or("provideClusterInfo", json!(false)),
    })
}

fn check_kubeconfig(record: &Record, tally: &mut Tally) {
    let source = Source::new("config", record.bytes());
    let file = KubeconfigFile::new(&source);
    for recorded in &record.verdicts {
        for minor in &recorded.minors {
            let place = format!("{}, kubectl {minor}", record.name);
            let minor = parsed(minor);
            if let Some(error) = file.error(minor) {
                let words = decode_error::message(error, minor);
                let words = words
                    .map(|words| format!("error: error loading config file \"FILE\": {words}"));
                let predicted = (class::of_verdict(Class::ParseError), words.as_deref());
                tally.check(&place, predicted, &recorded.current);
                continue;
            }
            let Verdict { class, message, .. } = file.of_current_context(minor);
            tally.check(&place, (class::of_verdict(class), message.as_deref()), &recorded.current);
            if !recorded.decoded {
                continue;
            }
            let predicted: BTreeMap<&str, Value> = file
                .users()
                .map(|auth| (auth.name.as_ref().map_or("", |n| &n.value), exec_of(auth, minor)))
                .collect();
            let model: BTreeMap<&str, Value> =
                recorded.model.iter().map(|(name, exec)| (name.as_str(), filled(exec))).collect();
            if predicted == model {
                tally.agreed += 1;
            } else {
                tally.differences.push(format!(
                    "{place}: the model\n  kubectl: {model:?}\n  we:      {predicted:?}"
                ));
            }
            for auth in file.users() {
                let name = auth.name.as_ref().map_or("", |name| &name.value);
                let Some(verdict) = recorded.users.get(name) else { continue };
                let Verdict { class, message, .. } = file.of_user(auth, minor);
                let place = format!("{place}, user {name}");
                tally.check(&place, (class::of_verdict(class), message.as_deref()), verdict);
            }
        }
    }
}

fn parsed(minor: &str) -> Minor {
    minor.parse::<Target>().expect("the table names minors").last
}

/// Checks what a plugin printed, for a valid exec config.
fn check_credential(record: &Record, tally: &mut Tally) {
    let source = Source::new("output", record.bytes());
    let text = source.text();
    let configured = record.configured.as_deref().expect("a credential has a configured version");
    for recorded in &record.verdicts {
        for minor in &recorded.minors {
            let place = format!("{}, kubectl {minor}", record.name);
            let minor = parsed(minor);
            let current = &recorded.current;
            // kubectl does not run the plugin of an exec config that it refuses.
            if !api_versions::accepted(configured, minor) {
                let agrees = current.class == "invalid-apiVersion";
                assert!(agrees, "{place}: {}", current.says);
                continue;
            }
            // We do not look into certificates.
            let is_unpredicted = NOT_PREDICTED.contains(&record.name.as_str())
                || current.says.contains("failed parsing client key/certificate: x509: ")
                || current.says.contains("failed parsing client key/certificate: asn1: ");
            if is_unpredicted {
                continue;
            }
            let refusals = internals::refusals(text, Some(configured), minor);
            match refusals.first() {
                None => tally.check(&place, ("ok-ran-plugin", Some("")), current),
                Some(refusal) => {
                    let words = plugin_output::message(refusal, minor);
                    tally.check(&place, (class::of_refusal(refusal), words.as_deref()), current);
                }
            }
        }
    }
}

/// A plugin that prints a `Status`, the only other kind registered for these versions: old kubectls
/// first decode it as a `Status`, and fail on its fields.
const NOT_PREDICTED: [&str; 2] =
    ["credential-outputs/v1beta1, kind Status", "credential-outputs/v1, kind Status"];

/// Checks a kuberc next to a valid kubeconfig: what kubectl says about it, and then about the
/// plugin.
fn check_kuberc(record: &Record, tally: &mut Tally) {
    let found = kubeconfig_lint::internals::kuberc::read(&Source::new("kuberc", record.bytes()));
    for recorded in &record.verdicts {
        for minor in &recorded.minors {
            let place = format!("{}, kubectl {minor}", record.name);
            let minor = parsed(minor);
            let (class, says) = policy::reaction(&found, minor);
            let says = says.unwrap_or_default().replace("FILE", "$TMP/home/.kube/kuberc");
            let RecordedVerdict { class: recorded, says: words } = &recorded.current;
            if words.contains("invalid flag ") && words.ends_with(" for command get") {
                // Another command would accept it, so it does not depend on the file alone.
                continue;
            }
            let agrees = match class {
                // A warning about unknown fields comes first, and does not end in a line break.
                policy::Reaction::Invalid => recorded == "kuberc-invalid" && words.ends_with(&says),
                // Whether the policy allows the plugin depends on the plugin's path.
                policy::Reaction::Ignored => {
                    recorded == "ok-ran-plugin" && words.starts_with(&says)
                }
                policy::Reaction::Ok => {
                    recorded != "kuberc-invalid" && !words.contains("no preferences loaded")
                }
            };
            if agrees {
                tally.agreed += 1;
            } else {
                let class = class.as_str();
                tally.differences.push(format!(
                    "{place}\n  kubectl: {recorded}: {words}\n  we:      {class}: {says}"
                ));
            }
        }
    }
}

/// Reads the records of all tables.
fn records() -> Vec<Record> {
    let folder = std::env::var("KUBECTL_TABLES");
    let folder =
        folder.unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/tests/kubectl").into());
    let mut records = Vec::new();
    for entry in fs::read_dir(Path::new(&folder)).expect("the tables are there") {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "jsonl") {
            let text = fs::read_to_string(&path).unwrap();
            records.extend(
                text.lines()
                    .map(|line| serde_json::from_str::<Record>(line).expect("a line is a record")),
            );
        }
    }
    assert!(records.len() >= 2000, "only {} files in {folder}", records.len());
    records
}

#[test]
fn verdicts_match_recorded_kubectls() {
    let records = records();
    let mut tally = Tally::default();
    for record in &records {
        match record.kind.as_str() {
            "kubeconfig" => check_kubeconfig(record, &mut tally),
            "credential" => check_credential(record, &mut tally),
            "kuberc" => check_kuberc(record, &mut tally),
            kind => panic!("{}: what is a {kind}?", record.name),
        }
    }
    let Tally { agreed, differences } = tally;
    println!("{} files: {agreed} verdicts agree, {} differ", records.len(), differences.len());
    // The first difference of each file is enough.
    let name = |text: &&String| text.split(", kubectl ").next().map(str::to_owned);
    let mut names = HashSet::new();
    let shown = differences.iter().filter(|text| names.insert(name(text)));
    let shown: Vec<&str> = shown.take(60).map(String::as_str).collect();
    assert!(differences.is_empty(), "{} differ:\n{}", differences.len(), shown.join("\n"));
}

/// Files that kubectl refuses and that are not clearly kubeconfigs. They need no finding.
const NO_KUBECONFIGS: [&str; 11] = [
    "json/array",
    "json/string",
    "documents/ConfigMap, good",
    "documents/string, good",
    "documents/list",
    "documents/a string",
    "documents/only ...",
    "documents/tab only",
    "documents/[]",
    "documents/number",
    "documents/List",
];

/// Kubeconfigs that kubectl refuses because of their placeholders (`***` for data,
/// `{{ .Server }}`), which we assume to stand for something valid.
const TEMPLATES: [&str; 11] = [
    "authority/placeholder QUFB",
    "authority/broken block, then key",
    "authority/dots",
    "authority/placeholder REDACTED",
    "authority/placeholder XXXX",
    "alone/bad base64",
    "cluster/another with bad base64",
    "combinations/v1beta1 and bad base64",
    "http/bad base64",
    "documents/template",
    "documents/template as key",
];

/// Certificates with mistakes further inside than we look.
const MALFORMED_INSIDE: [&str; 2] = ["authority/broken name", "authority/trailing der"];

/// What the findings get wrong.
#[derive(Default)]
struct Wrong {
    /// How many findings and verdicts were compared.
    compared: usize,
    /// Quotes that kubectl did not say.
    quotes: Vec<String>,
    /// Refusals without a finding and without a reason for skipping the file.
    silent: Vec<String>,
    /// Errors about what kubectl accepts.
    errors: Vec<String>,
}

/// Returns whether kubectl refuses the file or the user, regardless of other files, plugins and
/// servers.
fn is_refusal(recorded: &RecordedVerdict) -> bool {
    let class = recorded.class.as_str();
    let is_of_file = match class {
        "file-missing" => false,
        "parse-error" | "invalid-apiVersion" | "auth-conflict" => true,
        "auth-provider-removed" | "auth-provider-unknown" => true,
        _ => class.ends_with("-missing") || class.ends_with("-invalid"),
    };
    let depends_on_files = recorded.says.contains("no such file or directory");
    (is_of_file && !depends_on_files) || recorded.says.contains("host must be a URL")
}

/// Returns whether kubectl accepts the file: it runs the plugin, or sends the request.
fn is_accepted(recorded: &RecordedVerdict) -> bool {
    let is_host = !recorded.says.contains("in host name");
    !is_refusal(recorded)
        && is_host
        && !matches!(
            recorded.class.as_str(),
            "file-missing" | "no-cluster" | "auth-provider-config"
        )
}

/// Returns whether a finding says that kubectl does not read the place, although something else
/// will: the later documents of a file, and exec configs where kubectl ignores them.
fn is_unread(finding: &Finding) -> bool {
    finding.help.iter().any(|help| help.to_string().contains("kubectl reads only "))
        || finding.title().to_string().ends_with("(kubectl ignores it here)")
}

/// Returns what kubectl said in the situation of a finding: with the current context, or with
/// `--user` and a separate server. `None` if that was not recorded. In a file without contexts, no
/// user is the current one.
fn situation(
    finding: &Finding,
    file: &KubeconfigFile,
    recorded: &Recorded,
) -> Option<RecordedVerdict> {
    let title = finding.title().to_string().replace("(with the current context)", "");
    let only = title.split_once("(with ");
    let user = finding.user.as_deref();
    if only.is_none() && (!file.is_fragment() || user.is_none()) {
        return Some(recorded.current.clone());
    }
    let mut verdict = recorded.users.get(user?)?.clone();
    if only.is_some_and(|(_, flag)| flag.contains("`--context")) {
        verdict.says = with_context(&verdict.says)?;
    }
    (!verdict.says.contains("no such file or directory")).then_some(verdict)
}

/// Removes the words about the current context, which kubectl does not say with another context;
/// `None` if nothing else was recorded.
fn with_context(says: &str) -> Option<String> {
    let missing = "context was not found for specified context: ";
    if !says.contains(missing) {
        return Some(says.to_owned());
    }
    let others = says.split("\n* ").skip(1).filter(|line| !line.starts_with(missing));
    match others.collect::<Vec<_>>().as_slice() {
        [] => None,
        [only] => Some(format!("error: {only}")),
        several => Some(format!("Error in configuration: \n* {}", several.join("\n* "))),
    }
}

fn check_findings(record: &Record, wrong: &mut Wrong) {
    let source = Source::new("kubeconfig", record.bytes());
    let file = KubeconfigFile::new(&source);
    let minors = record.verdicts.iter().flat_map(|r| r.minors.iter().map(move |minor| (minor, r)));
    for (minor, recorded) in minors {
        let options = Options { target: minor.parse().unwrap(), ..Options::default() };
        let linted = lint(&source, &options);
        let findings: Vec<_> = linted.findings.iter().filter(|f| !f.is_mention()).collect();
        let place = format!("{}, kubectl {minor}", record.name);
        for finding in &findings {
            let Some(verdict) = situation(finding, &file, recorded) else { continue };
            wrong.compared += 1;
            let name = finding.rule.name;
            let RecordedVerdict { class, says } = &verdict;
            match &finding.kubectl_message {
                Some(predicted) => {
                    assert_eq!(&predicted.by.value(), minor, "{place}: {name}");
                    let message = &predicted.message;
                    let message =
                        message.replace("config file \"kubeconfig\"", "config file \"FILE\"");
                    // A warning is between klog's time and the server's answer.
                    let is_warning = name == "deprecated-auth-provider";
                    let is_said = matches(&message, says)
                        || (is_warning && says.contains(&message))
                        || says.contains("no such file or directory");
                    if !is_said {
                        let what = format!("{place}: {name}\n  kubectl: {says}\n  we: {message}");
                        wrong.quotes.push(what);
                    }
                }
                None if finding.severity == Severity::Error
                    && is_accepted(&verdict)
                    && !is_unread(finding) =>
                {
                    let message = &finding.message;
                    let what = format!("{place}: {name}: {message}\n  kubectl: {class}: {says}");
                    wrong.errors.push(what);
                }
                None => {}
            }
        }
        let current = [(None, &recorded.current)].into_iter();
        let users = recorded.users.iter().map(|(name, verdict)| (Some(name.as_str()), verdict));
        for (user, verdict) in current.chain(users).filter(|(_, verdict)| is_refusal(verdict)) {
            wrong.compared += 1;
            let is_about = |finding: &&&Finding| {
                user.is_none() || finding.user.is_none() || finding.user.as_deref() == user
            };
            let is_said = findings.iter().any(|finding| {
                is_about(&finding)
                    && (finding.severity == Severity::Error
                        || finding.kubectl_message.is_some()
                        || finding.rule.name == "invalid-kubeconfig")
            });
            let name = record.name.as_str();
            let known = [&NO_KUBECONFIGS[..], &TEMPLATES, &MALFORMED_INSIDE];
            let is_known = known.iter().any(|names| names.contains(&name));
            let is_unknown = linted.skipped.is_some() || linted.recognized.unknown_versions > 0;
            if !is_said && !is_unknown && !is_known {
                let RecordedVerdict { class, says } = verdict;
                wrong.silent.push(format!("{place}, {user:?}\n  kubectl: {class}: {says}"));
            }
        }
    }
}

#[test]
fn findings_match_recorded_kubectls() {
    let mut wrong = Wrong::default();
    for record in records().iter().filter(|record| record.kind == "kubeconfig") {
        check_findings(record, &mut wrong);
    }
    let Wrong { compared, quotes, silent, errors } = wrong;
    let kinds = [("false quotes", quotes), ("silent refusals", silent), ("false errors", errors)];
    let mut report = format!("{compared} compared");
    let mut shown = String::new();
    for (kind, all) in kinds {
        report += &format!(", {} {kind}", all.len());
        shown.extend(all.iter().take(20).map(|text| format!("\n{kind}: {text}")));
    }
    println!("{report}");
    assert!(shown.is_empty(), "{report}{shown}");
}
