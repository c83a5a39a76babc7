//! The problem of a plugin, in kubectl's words, and the smallest remedies.

use std::path::PathBuf;
use std::time::Duration;

use crate::finding::rule::{Foretold, Rule};
use crate::kubectl::plugin_output;
use crate::kubectl::step::Step;
use crate::kubernetes::api_versions::{V1ALPHA1, V1BETA1};
use crate::kubernetes::version::Minor;
use crate::model::ExecConfig;
use crate::secrets::MASK;
use crate::secrets::output::Lines;
use crate::text::escape::visible;
use crate::text::source::{Source, Span};

use super::ask::{Answer, Outcome, word};
use super::command;
use super::newer::Newer;
use super::path::{Executable, shown};

/// Something that is wrong.
#[derive(Debug, Clone, Default)]
pub(super) struct Problem {
    /// The rule, if the kubeconfig is wrong.
    pub(super) rule: Option<&'static Rule>,
    /// The step in which kubectl stops at it; `None` if kubectl goes on.
    pub(super) step: Option<Step>,
    /// What is wrong, in a sentence without a full stop.
    pub(super) title: String,
    /// The place in a kubeconfig.
    pub(super) place: Option<String>,
    /// What kubectl prints, or Helm.
    pub(super) says: Option<String>,
    /// The Helm that prints it; `None` if kubectl does.
    pub(super) helm: Option<String>,
    /// What to do, the smallest remedy first.
    pub(super) remedies: Vec<Remedy>,
    /// Whether `doctor --fix` can change the file.
    pub(super) is_fixable: bool,
    /// What the plugin returns that kubectl refuses; `None` if it is not about that.
    pub(super) returned: Option<Foretold>,
    /// Whether the plugin is not installed.
    pub(super) is_of_missing: bool,
}

/// The shortest secret that is hidden wherever it occurs: a shorter one may be a word or a name.
const MIN_HIDDEN: usize = 8;

impl Problem {
    /// Masks secrets wherever they occur: a kubeconfig may repeat one where none belongs.
    pub(super) fn hide(&mut self, known: &[String]) {
        let texts = [Some(&mut self.title), self.says.as_mut()].into_iter().flatten();
        let remedies = self.remedies.iter_mut().map(|remedy| &mut remedy.text);
        for text in texts.chain(remedies) {
            for secret in known.iter().filter(|secret| secret.len() >= MIN_HIDDEN) {
                if text.contains(secret.as_str()) {
                    *text = text.replace(secret.as_str(), MASK);
                }
            }
        }
    }
}

/// Something to do about a problem.
#[derive(Debug, Clone)]
pub(super) struct Remedy {
    /// How it relates to the one before.
    pub(super) order: Order,
    /// What to do, in a sentence without a full stop.
    pub(super) text: String,
}

/// How a remedy relates to the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// It is the first.
    Do,
    /// It is another way.
    Or,
    /// It is to be done as well.
    Then,
}

impl Order {
    /// The word in reports.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Do => "do",
            Self::Or => "or",
            Self::Then => "then",
        }
    }
}

/// Returns remedies any one of which is enough.
pub(super) fn either(texts: impl IntoIterator<Item = String>) -> Vec<Remedy> {
    let order = |at| if at == 0 { Order::Do } else { Order::Or };
    texts.into_iter().enumerate().map(|(at, text)| Remedy { order: order(at), text }).collect()
}

/// What is known of the plugin of a context.
pub(super) struct Case<'a> {
    /// The exec config, without its secrets.
    pub(super) exec: &'a ExecConfig,
    /// Its command line as reports show it.
    pub(super) line: &'a str,
    /// The plugin, if it is in the plugin table.
    pub(super) newer: Option<Newer<'a>>,
    /// What its command resolves to.
    pub(super) executable: &'a Executable,
    /// What it answered, the version in the kubeconfig first if kubectl accepts that.
    pub(super) answers: &'a [Answer],
    /// The place of `apiVersion` in its file.
    pub(super) place: Option<String>,
    /// The kubectl that asks.
    pub(super) minor: Minor,
    /// How long the plugin may take.
    pub(super) limit: Duration,
}

/// The variable that selects the output format of aws.
const AWS_FORMAT: &str = "add `--output json` to `args`: AWS_DEFAULT_OUTPUT, or `output` in \
                          `~/.aws/config`, chooses another format";

impl Case<'_> {
    /// Returns the problem of the plugin, if it has one.
    pub(super) fn problem(&self) -> Option<Problem> {
        self.found().map(|problem| Problem { step: Some(Step::Credential), ..problem })
    }

    fn found(&self) -> Option<Problem> {
        let command = command::word(self.exec);
        match self.executable {
            Executable::Missing { unusable } => return Some(self.missing(&command, unusable)),
            Executable::Relative(path) => {
                return Some(Problem {
                    title: format!(
                        "`{command}` is only found by a relative directory of PATH, which kubectl \
                         1.25 and newer refuse"
                    ),
                    says: Some(plugin_output::of_missing(&command)),
                    remedies: either([format!(
                        "write the directory of `{}` into PATH as an absolute path",
                        shown(path)
                    )]),
                    ..Problem::default()
                });
            }
            Executable::Found { .. } => {}
        }
        // If kubectl refuses the version in the kubeconfig, any other that works will do.
        let configured = self.exec.api_version.as_ref().map(|version| version.value.as_str());
        let first = self.answers.first()?;
        let is_configured = configured == Some(first.asked.as_str());
        let accepted = self.answers.iter().find(|answer| answer.is_accepted());
        let answer = match accepted {
            Some(accepted) if !is_configured => accepted,
            _ => first,
        };
        if answer.is_accepted() {
            return self.expired(answer);
        }
        Some(self.refused(answer, is_configured))
    }

    fn missing(&self, command: &str, unusable: &[PathBuf]) -> Problem {
        let chmod = unusable
            .first()
            .map(|path| format!("make `{0}` executable: `chmod +x {0}`", shown(path)));
        let hint = self
            .exec
            .install_hint
            .as_ref()
            .map(|_| "follow `installHint` of the kubeconfig, which kubectl prints".to_owned());
        let install =
            format!("install {}, or write its full path as `command`", self.named(command));
        Problem {
            title: format!("`{command}` is not on PATH"),
            says: Some(plugin_output::of_missing(command)),
            remedies: either(chmod.into_iter().chain(hint).chain([install])),
            is_of_missing: true,
            ..Problem::default()
        }
    }

    /// Returns a plugin, and which release of it will do.
    fn named(&self, command: &str) -> String {
        let releases = self.newer.as_ref().and_then(Newer::releases);
        let releases = releases.map(|releases| format!(" ({releases})")).unwrap_or_default();
        format!("`{command}`{releases}")
    }

    fn expired(&self, answer: &Answer) -> Option<Problem> {
        let expiry = answer.expires.as_ref().filter(|expiry| expiry.seconds <= 0)?;
        Some(Problem {
            title: format!("the plugin returns a credential that expired at {}", expiry.at),
            remedies: either([
                "check the clock of this machine, and clear the cache of the plugin or log in again"
                    .to_owned(),
            ]),
            ..Problem::default()
        })
    }

    /// Returns the problem of an answer that kubectl does not accept.
    fn refused(&self, answer: &Answer, is_configured: bool) -> Problem {
        let command = command::word(self.exec);
        let asked = word(&answer.asked);
        let names = self.exec.env.iter().filter_map(|variable| variable.name.as_ref());
        let names: Vec<String> = names.map(|name| format!("`{}`", visible(&name.value))).collect();
        let with = match names.is_empty() {
            true => String::new(),
            false => format!(", with {} as in `env` of the kubeconfig", names.join(", ")),
        };
        let filled_in = match self.line.contains(command::HIDDEN) {
            true => " (VALUE stands for what the file has)",
            false => "",
        };
        let by_hand = || format!("run it by hand: `{}`{with}{filled_in}", self.line);
        let own_words = match &answer.stderr {
            Lines { shown, .. } if !shown.is_empty() => "its own message is above",
            Lines { hidden: 0, .. } => "it printed nothing on standard error",
            Lines { .. } => "its own message is not shown here, since it may hold a secret",
        };
        let minor = self.minor;
        let must_print = "the plugin must print an ExecCredential as JSON".to_owned();
        let other_output = || match &self.newer {
            Some(newer) if newer.plugin.name == "aws" => vec![AWS_FORMAT.to_owned()],
            _ => vec![must_print.clone(), by_hand()],
        };
        let (title, remedies) = match answer.outcome {
            Outcome::OtherVersion => {
                let returned = answer.returned_word().unwrap_or("another version");
                let title = match is_configured {
                    true => format!(
                        "the plugin returns {returned}, not {asked}, which the kubeconfig names"
                    ),
                    false => format!("the plugin returns {returned}, which kubectl {minor} refuses"),
                };
                (title, self.other_version(answer, is_configured))
            }
            Outcome::Nothing => ("the plugin prints nothing".to_owned(), vec![by_hand()]),
            Outcome::Untyped => {
                let title = "the plugin prints an object without `apiVersion`";
                let check = "check `command` and `args`: an ExecCredential has an `apiVersion`";
                (title.to_owned(), vec![check.to_owned(), by_hand()])
            }
            Outcome::OtherKind => {
                ("the plugin prints an object that is no ExecCredential".to_owned(), other_output())
            }
            Outcome::NoObject => {
                ("the plugin prints text instead of an ExecCredential".to_owned(), other_output())
            }
            Outcome::Undecodable => {
                ("kubectl cannot decode what the plugin prints".to_owned(), other_output())
            }
            Outcome::TooLong => {
                ("the plugin prints more than 1 MiB".to_owned(), vec![must_print, by_hand()])
            }
            Outcome::NoStatus => {
                ("the plugin returns no `status`".to_owned(), vec![by_hand()])
            }
            Outcome::NoCredential => {
                let title = "the plugin returns neither a token nor a certificate with its key";
                (title.to_owned(), vec![format!("log in to the plugin again, or {}", by_hand())])
            }
            Outcome::HalfPair => {
                let title = "the plugin returns a certificate without its key, or the reverse";
                (title.to_owned(), vec![by_hand()])
            }
            Outcome::Certificate => {
                let title = "the plugin returns a certificate or key that is not PEM";
                (title.to_owned(), vec![by_hand()])
            }
            Outcome::Unsendable => {
                let title = "the plugin returns a token with a control character, such as a line break";
                (title.to_owned(), vec![by_hand()])
            }
            Outcome::Failed(status) => (
                format!("the plugin failed with exit status {status}"),
                vec![format!("{own_words}; {}", by_hand())],
            ),
            Outcome::Crashed => (
                "a signal ended the plugin".to_owned(),
                vec![format!("{own_words}; {}", by_hand())],
            ),
            Outcome::TimedOut => (
                format!(
                    "the plugin did not answer within {} s; kubectl would wait for it",
                    self.limit.as_secs()
                ),
                vec![
                    format!("it may wait for a login or for the network: {}", by_hand()),
                    "`--timeout` waits longer".to_owned(),
                ],
            ),
            Outcome::KeptOpen => (
                "the plugin ended, but a process that it started keeps its output open, and kubectl \
                 waits for that process"
                    .to_owned(),
                vec!["redirect the output of that process, for example to `/dev/null`".to_owned()],
            ),
            Outcome::NotStarted(kind) => (
                format!("the plugin cannot be started: {}", reason(kind)),
                match kind {
                    std::io::ErrorKind::PermissionDenied => {
                        vec![format!("make `{}` executable", self.file())]
                    }
                    _ => {
                        let install = format!(
                            "install {}, or correct `command`: a command with a slash is relative \
                             to the directory of the kubeconfig",
                            self.named(&self.file())
                        );
                        let instead = self.newer.as_ref().and_then(Newer::instead);
                        instead.into_iter().chain([install]).collect()
                    }
                },
            ),
            Outcome::Accepted | Outcome::Interrupted => (String::new(), Vec::new()),
        };
        let file = self.file();
        let named = if command.contains('/') { file.as_str() } else { command.as_str() };
        let says = answer.says.clone().or(match answer.outcome {
            Outcome::Failed(status) => Some(plugin_output::of_status(named, status)),
            Outcome::Crashed => Some(plugin_output::of_status(named, -1)),
            Outcome::NotStarted(kind) => Some(plugin_output::of_failed_start(&file, reason(kind))),
            _ => None,
        });
        let is_of_missing =
            matches!(answer.outcome, Outcome::NotStarted(std::io::ErrorKind::NotFound));
        Problem {
            title,
            says,
            remedies: either(remedies),
            returned: returned(answer.outcome),
            is_of_missing,
            ..Problem::default()
        }
    }

    /// Returns what to do about a plugin that returns another version.
    fn other_version(&self, answer: &Answer, is_configured: bool) -> Vec<String> {
        let works = self.answers.iter().filter(|answer| answer.is_accepted());
        let works =
            works.filter(|answer| answer.asked != V1ALPHA1.name).map(|answer| &answer.asked);
        let write = works.min_by_key(|version| **version != V1BETA1.name).map(|version| {
            let place = self.place.as_ref().map(|place| format!(" at {place}")).unwrap_or_default();
            format!("write `{version}`{place}, which the plugin returns when it is asked for that")
        });
        // v1beta1 is what every client accepts.
        let is_small = answer.asked != V1BETA1.name;
        let (write, late) = if is_small { (write, None) } else { (None, write) };
        let newer = self.newer.as_ref();
        let (instead, upgrade) = (newer.and_then(Newer::instead), newer.and_then(Newer::upgrade));
        let mut remedies: Vec<String> =
            instead.into_iter().chain(write).chain(upgrade).chain(late).collect();
        if remedies.is_empty() {
            let version = if is_configured { word(&answer.asked) } else { V1BETA1.version };
            remedies
                .push(format!("upgrade or replace `{}`: it must return {version}", self.file()));
        }
        remedies
    }

    /// Returns the path of what runs as reports show it.
    fn file(&self) -> String {
        match self.executable {
            Executable::Found { path, .. } => shown(path),
            _ => command::word(self.exec),
        }
    }
}

/// Returns what an outcome says that the plugin returned, if it returned something that kubectl
/// refuses, or may have failed because of that.
fn returned(outcome: Outcome) -> Option<Foretold> {
    match outcome {
        Outcome::OtherVersion => Some(Foretold::OtherVersion),
        Outcome::NoObject
        | Outcome::OtherKind
        | Outcome::Untyped
        | Outcome::Undecodable
        | Outcome::TooLong => Some(Foretold::OtherOutput),
        Outcome::NotStarted(_) | Outcome::Accepted | Outcome::Interrupted => None,
        _ => Some(Foretold::NoCredential),
    }
}

/// Returns a place in a kubeconfig as reports show it; `name` is that of the file in messages.
pub(super) fn place_in(name: &str, source: &Source, span: Span) -> String {
    let at = source.position(span.start());
    format!("{name}:{}:{}", at.line, at.column)
}

/// Returns the system's reason in Go's words.
pub(super) fn reason(kind: std::io::ErrorKind) -> &'static str {
    match kind {
        std::io::ErrorKind::NotFound => "no such file or directory",
        std::io::ErrorKind::PermissionDenied => "permission denied",
        std::io::ErrorKind::IsADirectory => "is a directory",
        std::io::ErrorKind::NotADirectory => "not a directory",
        _ => "exec format error",
    }
}
