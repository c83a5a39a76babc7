//! Asks a credential plugin as kubectl does, and judges the answer as kubectl does.
//!
//! Source: client-go `plugin/pkg/client/auth/exec/exec.go` (`refreshCredsLocked`); the request was
//! compared with that of kubectl 1.20, 1.22 and 1.37.

use std::cell::RefCell;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

use crate::go::time::unix_seconds;
use crate::kubectl::contexts::ExecCluster;
use crate::kubectl::decode::exec_credential::{self, Printed};
use crate::kubectl::plugin_output;
use crate::kubernetes::api_versions::{
    self, ALL, EXEC_CREDENTIAL_KIND, GROUP, INTERACTIVE_MODE_SINCE, V1ALPHA1, V1BETA1,
};
use crate::kubernetes::plugins::{EXEC_INFO, OtherOutput};
use crate::kubernetes::version::Minor;
use crate::model::ExecConfig;
use crate::model::refusal::{CredentialProblem, JsonType, Reason, Refusal, TypeField};
use crate::secrets::output::{Known, Lines, shown_lines};

use super::process::{self, Ended, Input, Ran};

/// The most lines of standard error that are shown.
const MAX_LINES: usize = 8;

/// What is needed to ask a plugin.
pub(super) struct Question<'a> {
    /// The exec config, with its secrets.
    pub(super) exec: &'a ExecConfig,
    /// What runs.
    pub(super) executable: &'a Path,
    /// The cluster, if the plugin wants it.
    pub(super) cluster: Option<&'a ExecCluster>,
    /// The kubectl that asks.
    pub(super) minor: Minor,
    /// Whether the plugin gets the terminal.
    pub(super) input: Input,
    /// How long it may take.
    pub(super) limit: Duration,
    /// Secrets that it may print, and those that it has printed.
    pub(super) secrets: &'a RefCell<Vec<String>>,
    /// Words that the report shows anyway.
    pub(super) known: &'a Known,
}

/// The answer of a plugin. Holds no secret.
#[derive(Debug)]
pub(super) struct Answer {
    /// The version that was requested.
    pub(super) asked: String,
    /// What came of it.
    pub(super) outcome: Outcome,
    /// What kubectl prints about it; `None` if it accepts the answer, or if its words are unknown.
    pub(super) says: Option<String>,
    /// The version in the answer; `None` if there is none, or if it may be a secret.
    pub(super) returned: Option<String>,
    /// When the credential expires.
    pub(super) expires: Option<Expiry>,
    /// How long it took.
    pub(super) time: Duration,
    /// The last lines of standard error, masked.
    pub(super) stderr: Lines,
}

/// When a credential expires.
#[derive(Debug)]
pub(super) struct Expiry {
    /// The time as the plugin printed it.
    pub(super) at: String,
    /// In how many seconds; negative if it has expired.
    pub(super) seconds: i64,
}

/// What came of asking a plugin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// kubectl accepts the credential.
    Accepted,
    /// A credential of another API version.
    OtherVersion,
    /// An object without `apiVersion`.
    Untyped,
    /// Nothing.
    Nothing,
    /// An object of another kind.
    OtherKind,
    /// Text or a list.
    NoObject,
    /// Something else that kubectl cannot decode.
    Undecodable,
    /// More than any credential.
    TooLong,
    /// An ExecCredential without `status`.
    NoStatus,
    /// An ExecCredential without token and certificate.
    NoCredential,
    /// Only a certificate, or only its key.
    HalfPair,
    /// A certificate or key that is not PEM.
    Certificate,
    /// A token that HTTP cannot send.
    Unsendable,
    /// The plugin ended with this status.
    Failed(i32),
    /// A signal ended it.
    Crashed,
    /// It did not end.
    TimedOut,
    /// It ended, but something that it started kept its output open.
    KeptOpen,
    /// It cannot be started.
    NotStarted(std::io::ErrorKind),
    /// The user interrupted it.
    Interrupted,
}

impl Question<'_> {
    /// Asks for the version in the kubeconfig, if kubectl accepts that, and for the others where it
    /// may help.
    pub(super) fn ask_all(&self) -> Vec<Answer> {
        let configured = self.exec.api_version.as_ref().map(|version| version.value.as_str());
        let configured = configured.filter(|name| api_versions::accepted(name, self.minor));
        let mut answers: Vec<Answer> = configured.map(|name| self.ask(name)).into_iter().collect();
        let may_help = answers.first().is_none_or(|answer| {
            matches!(answer.outcome, Outcome::OtherVersion | Outcome::Failed(_))
        });
        let accepted = [&V1BETA1].into_iter().chain(ALL.into_iter().rev());
        for version in accepted.filter(|version| version.accepted_by(self.minor)) {
            let is_asked = answers.iter().any(|answer| answer.asked == version.name);
            let is_over = answers.last().is_some_and(|answer| {
                matches!(
                    answer.outcome,
                    Outcome::TimedOut | Outcome::KeptOpen | Outcome::NotStarted(_)
                )
            });
            // Nobody should go back to v1alpha1.
            if may_help && !is_asked && !is_over && *version != V1ALPHA1 {
                answers.push(self.ask(version.name));
            }
        }
        answers
    }

    /// Asks for a version.
    pub(super) fn ask(&self, version: &str) -> Answer {
        let mut command = Command::new(self.executable);
        #[cfg(unix)]
        if let Some(word) = self.exec.command_word().filter(|word| !word.contains('/')) {
            std::os::unix::process::CommandExt::arg0(&mut command, word);
        }
        command.args(self.exec.arg_words());
        for variable in &self.exec.env {
            let Some(name) = &variable.name else { continue };
            let value = variable.value.as_ref().map_or("", |value| &value.value);
            command.env(&name.value, value);
        }
        command.env(EXEC_INFO, self.request(version));
        self.judge(version, process::run(command, self.input, self.limit))
    }

    /// Returns the value of `KUBERNETES_EXEC_INFO`, which ends with a line break.
    fn request(&self, version: &str) -> String {
        let is_old = version == V1ALPHA1.name;
        let interactive = self.input == Input::Terminal;
        let cluster = self.cluster.filter(|_| !is_old);
        let cluster = cluster.and_then(|cluster| serde_json::to_string(cluster).ok());
        let cluster = cluster.map(|cluster| format!("\"cluster\":{cluster}"));
        let shows_mode = self.minor >= INTERACTIVE_MODE_SINCE && (!is_old || interactive);
        let mode = shows_mode.then(|| format!("\"interactive\":{interactive}"));
        let spec = cluster.into_iter().chain(mode).collect::<Vec<_>>().join(",");
        let version = serde_json::Value::from(version);
        format!(
            "{{\"kind\":\"{EXEC_CREDENTIAL_KIND}\",\"apiVersion\":{version},\"spec\":{{{spec}}}}}\n"
        )
    }

    fn judge(&self, asked: &str, ran: Ran) -> Answer {
        let text = ran.text();
        let printed = exec_credential::printed(&text);
        self.secrets.borrow_mut().extend(printed.secrets.iter().cloned());
        let secrets = self.secrets.borrow();
        let err = String::from_utf8_lossy(&ran.err);
        let (outcome, says) = self.outcome(asked, &text, &printed, &ran);
        Answer {
            asked: asked.to_owned(),
            outcome,
            says,
            returned: printed.api_version.filter(|version| is_shown_version(version)),
            expires: printed.expires.and_then(|at| self.expiry(at)),
            time: ran.time,
            stderr: shown_lines(&err, ran.is_err_cut, &secrets, self.known, MAX_LINES),
        }
    }

    /// Returns the outcome, and what kubectl says about it.
    fn outcome(
        &self,
        asked: &str,
        text: &str,
        printed: &Printed,
        ran: &Ran,
    ) -> (Outcome, Option<String>) {
        match ran.ended {
            Ended::Exited(0) if ran.is_out_cut => (Outcome::TooLong, None),
            Ended::Exited(0) => {
                let refusals = exec_credential::refusals(text, Some(asked), self.minor);
                match refusals.first() {
                    None => (Outcome::Accepted, None),
                    Some(refusal) => self.refused(asked, refusal, text, printed),
                }
            }
            Ended::Exited(status) => (Outcome::Failed(status), None),
            Ended::Signaled => (Outcome::Crashed, None),
            Ended::TimedOut => (Outcome::TimedOut, None),
            Ended::KeptOpen => (Outcome::KeptOpen, None),
            Ended::NotStarted(kind) => (Outcome::NotStarted(kind), None),
            Ended::Interrupted => (Outcome::Interrupted, None),
        }
    }

    /// Returns the outcome of an answer that kubectl refuses, and what it says. kubectl quotes the
    /// version and the kind, which may hold a secret.
    fn refused(
        &self,
        asked: &str,
        refusal: &Refusal,
        text: &str,
        printed: &Printed,
    ) -> (Outcome, Option<String>) {
        // Without a version, kubectl quotes something else.
        let is_absent = |returned: &str| returned.ends_with("/__internal");
        let is_untyped = matches!(&refusal.problem,
            CredentialProblem::OtherVersion { returned, .. } if is_absent(returned));
        let is_shown = is_shown_version(asked)
            && (is_untyped || printed.api_version.as_deref().is_some_and(is_shown_version))
            && printed.kind.as_deref().is_none_or(is_shown_kind);
        let says = plugin_output::message(refusal, self.minor).filter(|_| is_shown);
        let outcome = match &refusal.problem {
            CredentialProblem::OtherVersion { .. } if is_untyped => {
                if text.trim().is_empty() {
                    Outcome::Nothing
                } else {
                    Outcome::Untyped
                }
            }
            CredentialProblem::OtherVersion { .. } => Outcome::OtherVersion,
            CredentialProblem::Decode(_) if refusal.is_of_version() => Outcome::OtherVersion,
            CredentialProblem::Decode(error) => match error.reason {
                Reason::NoKind { .. } => {
                    let says = kind_message(printed, self.minor).filter(|_| is_shown);
                    return (Outcome::OtherKind, says);
                }
                Reason::VersionKind { found, field: TypeField::Document } => {
                    let output = match found {
                        JsonType::List => OtherOutput::List,
                        _ => OtherOutput::Text,
                    };
                    let says = plugin_output::of_other_output(output, asked, self.minor);
                    return (Outcome::NoObject, says);
                }
                _ => Outcome::Undecodable,
            },
            CredentialProblem::NoStatus => Outcome::NoStatus,
            CredentialProblem::NoCredential => Outcome::NoCredential,
            CredentialProblem::HalfPair => Outcome::HalfPair,
            CredentialProblem::Certificate => Outcome::Certificate,
            CredentialProblem::Unsendable => Outcome::Unsendable,
        };
        (outcome, says)
    }

    fn expiry(&self, at: String) -> Option<Expiry> {
        let expires = unix_seconds(&at, self.minor)?;
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok()?;
        Some(Expiry { at, seconds: expires - i64::try_from(now.as_secs()).ok()? })
    }
}

impl Answer {
    /// Returns the version in the answer without its group.
    pub(super) fn returned_word(&self) -> Option<&str> {
        self.returned.as_deref().map(word)
    }

    /// Returns whether kubectl accepts the answer.
    pub(super) fn is_accepted(&self) -> bool {
        self.outcome == Outcome::Accepted
    }
}

/// Returns an API version without the group of exec configs.
pub(super) fn word(version: &str) -> &str {
    version.strip_prefix(GROUP).and_then(|rest| rest.strip_prefix('/')).unwrap_or(version)
}

/// Returns whether a report may show an API version that a plugin printed: it is one, or looks like
/// one of the group.
pub(super) fn is_shown_version(version: &str) -> bool {
    // Such as v2 and v1beta2.
    let is_word = |word: &str| {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let rest = word.strip_prefix('v').filter(|rest| rest.len() <= 10);
        let stages = ["alpha", "beta"].into_iter();
        let staged = stages.filter_map(|stage| rest?.split_once(stage));
        let mut staged = staged.map(|(major, minor)| digits(major) && digits(minor));
        rest.is_some_and(digits) || staged.any(|is_version| is_version)
    };
    let of_group = version.strip_prefix(GROUP).and_then(|rest| rest.strip_prefix('/'));
    api_versions::lookup(version).is_some()
        || of_group.is_some_and(|word| is_word(word) || word == "__internal")
        || matches!(version, "v1" | "v1beta1" | "v1alpha1")
}

/// Returns whether a report may show a kind that a plugin printed.
fn is_shown_kind(kind: &str) -> bool {
    const KINDS: [&str; 9] = [
        EXEC_CREDENTIAL_KIND,
        "Config",
        "ConfigMap",
        "Error",
        "List",
        "Secret",
        "Status",
        "TokenRequest",
        "TokenReview",
    ];
    KINDS.contains(&kind)
}

/// Returns what kubectl says of an object of another kind.
fn kind_message(printed: &Printed, minor: Minor) -> Option<String> {
    let (version, kind) = (printed.api_version.as_deref()?, printed.kind.as_deref()?);
    plugin_output::of_kind(kind, version, minor)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question<'a>(
        exec: &'a ExecConfig,
        minor: u16,
        input: Input,
        secrets: &'a RefCell<Vec<String>>,
    ) -> Question<'a> {
        Question {
            exec,
            executable: Path::new("/p"),
            cluster: None,
            minor: Minor(minor),
            input,
            limit: Duration::from_secs(1),
            secrets,
            known: Box::leak(Box::default()),
        }
    }

    /// As kubectl of these minors wrote it.
    #[test]
    fn request_is_that_of_kubectl() {
        let (exec, secrets) = (ExecConfig::default(), RefCell::default());
        let request = |minor, version: &str| {
            question(&exec, minor, Input::Null, &secrets).request(&format!("{GROUP}/{version}"))
        };
        let start = "{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/";
        for (minor, version, spec) in [
            (20, "v1beta1", "{}"),
            (22, "v1alpha1", "{}"),
            (22, "v1beta1", "{\"interactive\":false}"),
            (37, "v1", "{\"interactive\":false}"),
        ] {
            let expected = format!("{start}{version}\",\"spec\":{spec}}}\n");
            assert_eq!(request(minor, version), expected);
        }
    }

    fn judged(out: &str, minor: u16) -> (Outcome, Option<String>, Option<String>) {
        let ran = Ran {
            ended: Ended::Exited(0),
            out: out.as_bytes().to_vec(),
            is_out_cut: false,
            err: b"HUNTER said it is HUNTER\n".to_vec(),
            is_err_cut: false,
            time: Duration::ZERO,
        };
        let answer = question(&ExecConfig::default(), minor, Input::Null, &RefCell::default())
            .judge(V1BETA1.name, ran);
        assert_eq!(answer.stderr.shown, ["*** said it is ***"]);
        (answer.outcome, answer.returned, answer.says)
    }

    #[test]
    fn answer_is_judged_as_kubectl_does() {
        let credential = |version: &str, status: &str| {
            format!("{{\"apiVersion\":\"{GROUP}/{version}\",\"kind\":\"ExecCredential\",{status}}}")
        };
        let token = "\"status\":{\"token\":\"SECRET\"}";
        for (out, minor, outcome) in [
            (credential("v1beta1", token), 37, Outcome::Accepted),
            (credential("v1alpha1", token), 37, Outcome::OtherVersion),
            (credential("v1alpha1", token), 23, Outcome::OtherVersion),
            (credential("v1beta1", "\"status\":{}"), 37, Outcome::NoCredential),
            (credential("v1beta1", "\"spec\":{}"), 37, Outcome::NoStatus),
            ("SECRET".to_owned(), 37, Outcome::NoObject),
            (String::new(), 37, Outcome::Nothing),
            ("{\"credential\":{\"token\":\"SECRET\"}}".to_owned(), 37, Outcome::Untyped),
            ("{\"kind\":\"SECRET\",\"apiVersion\":\"SECRET\"}".to_owned(), 37, Outcome::OtherKind),
            (credential("SECRET", token), 37, Outcome::OtherVersion),
            ("{\"apiVersion\":\"SECRET/a/b\"}".to_owned(), 37, Outcome::OtherVersion),
            ("{\"apiVersion\":\"SECRET/\"}".to_owned(), 37, Outcome::OtherVersion),
            ("{\"a\":SECRET".to_owned(), 37, Outcome::Undecodable),
        ] {
            let (found, returned, says) = judged(&out, minor);
            assert_eq!(found, outcome, "{out}");
            let shown = format!("{returned:?} {says:?}");
            assert!(!shown.contains("SECRET"), "{shown}");
        }
        let (_, returned, says) = judged(&credential("v1alpha1", token), 23);
        assert_eq!(returned.as_deref(), Some("client.authentication.k8s.io/v1alpha1"));
        assert_eq!(
            says.as_deref(),
            Some(
                "Unable to connect to the server: getting credentials: exec plugin is configured to \
                 use API version client.authentication.k8s.io/v1beta1, plugin returned version \
                 client.authentication.k8s.io/v1alpha1"
            )
        );
    }
}
