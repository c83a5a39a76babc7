//! What a program prints before, around or instead of client-go's errors.
//!
//! Source: kubectl `pkg/cmd/util/helpers.go` (`checkErr`, `MultilineError`), helm `pkg/kube/client.go`
//! (`IsReachable`), apimachinery `pkg/util/errors` (`aggregate`) and client-go
//! `tools/clientcmd/validation.go` (`errConfigurationInvalid`); measured with the real kubectl 1.20 to
//! 1.37, and `helm list` of the real Helm 3.8.1 to 4.3.1. Other programs are quoted from client-go on.

use crate::kubernetes::reader::Reader;

use super::files::FileFault;
use super::step::Step;
use super::validation::Problem;

/// The message of kubectl when there is no cluster, or the cluster has no `server`: it tries
/// `http://localhost:8080`.
const NO_CLUSTER: &str = "The connection to the server localhost:8080 was refused - did you specify the right host or \
     port?";

/// The first major release of Helm that writes `kubernetes` in lower case.
const LOWER_CASE_SINCE: u32 = 4;

impl Reader {
    /// Returns what it prints about a file that it cannot decode.
    pub(crate) fn of_loading(&self, file: &str, message: &str) -> String {
        self.error(&format!("error loading config file \"{file}\": {message}"))
    }

    /// Returns what it prints about an error of client-go itself.
    pub(crate) fn error(&self, message: &str) -> String {
        match self.client() {
            None => format!("error: {message}"),
            Some(_) => format!("{}{message}", self.unreachable()),
        }
    }

    /// Returns what it prints about validation errors; empty if there are none.
    pub(crate) fn of_validation(&self, errors: &[(Problem, String)]) -> String {
        if self.client().is_some() {
            // An aggregate says nothing twice.
            let mut messages: Vec<&str> = Vec::new();
            for (_, message) in errors {
                if !messages.contains(&message.as_str()) {
                    messages.push(message);
                }
            }
            return match messages.as_slice() {
                [] => String::new(),
                [message] => self.error(&format!("invalid configuration: {message}")),
                several => self.error(&format!("invalid configuration: [{}]", several.join(", "))),
            };
        }
        match errors {
            [] => String::new(),
            [(Problem::MissingContext, message)] => format!("Error in configuration: {message}"),
            [(_, message)] => format!("error: {message}"),
            several => {
                let lines = several.iter().map(|(_, message)| format!("\n* {message}"));
                format!("Error in configuration: {}", lines.collect::<String>())
            }
        }
    }

    /// Returns what it prints about a file that it cannot use, if that is all that is wrong.
    pub(crate) fn of_file(&self, fault: &FileFault) -> String {
        match fault.step {
            Step::Certificate => format!("Unable to connect to the server: {}", fault.message),
            _ => self.error(&fault.message),
        }
    }

    /// Returns what it prints about a plugin that gives no credentials.
    pub(crate) fn of_credentials(&self, message: &str) -> String {
        let message = format!("getting credentials: {message}");
        match self.client() {
            None => format!("Unable to connect to the server: {message}"),
            // The address is that of the server.
            Some(client) if client.is_helm => {
                format!("{}Get \"…\": {message}", self.unreachable())
            }
            Some(_) => message,
        }
    }

    /// Returns what it prints if there is no server; `None` if that depends on more than the file.
    pub(crate) fn of_no_cluster(&self) -> Option<String> {
        match self.client() {
            None => Some(NO_CLUSTER.to_owned()),
            Some(client) => client.is_helm.then(|| {
                format!(
                    "{}Get \"http://localhost:8080/version\": dial tcp …: connect: connection \
                     refused",
                    self.unreachable()
                )
            }),
        }
    }

    /// Returns the flag, or else the argument, that chooses a context.
    pub(crate) fn context_flag(&self) -> &'static str {
        match self.client().map(|client| client.name) {
            None => "--context",
            Some("helm") => "--kube-context",
            Some("argocd") => "argocd cluster add",
            Some(_) => "config_context",
        }
    }

    /// Whether it asks for a user name if there are no credentials.
    pub(crate) fn prompts(&self) -> bool {
        self.client().is_none()
    }

    /// Returns what it prints before all errors about a cluster.
    fn unreachable(&self) -> &'static str {
        match self.client() {
            Some(client) if client.is_helm => match self.major() < LOWER_CASE_SINCE {
                true => "Error: Kubernetes cluster unreachable: ",
                false => "Error: kubernetes cluster unreachable: ",
            },
            _ => "",
        }
    }
}
