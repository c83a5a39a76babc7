//! The command line of `kubeconfig-lint doctor`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::kubernetes::target::Target;
use crate::kubernetes::version::Minor;

/// What `kubeconfig-lint doctor` checks, and how.
#[derive(Debug, Clone, Args)]
pub struct Doctor {
    /// Kubeconfigs to load instead of those in KUBECONFIG or ~/.kube/config; several are merged as
    /// those in KUBECONFIG are
    #[arg(value_name = "KUBECONFIG")]
    pub kubeconfigs: Vec<PathBuf>,

    /// Context to check [default: the current context]
    #[arg(long, value_name = "NAME")]
    pub context: Option<String>,

    /// Check all contexts
    #[arg(long, conflicts_with = "context")]
    pub all: bool,

    /// kubectl version to judge by [default: that of the kubectl on PATH]
    #[arg(
        long,
        value_name = "VERSION",
        value_parser = one_kubectl,
        allow_negative_numbers = true
    )]
    pub kubectl_version: Option<Target>,

    /// Fix the kubeconfigs as `kubeconfig-lint --fix` does, for the plugins that are installed and
    /// what they return
    #[arg(long)]
    pub fix: bool,

    /// How to write the report
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: DoctorFormat,

    /// How long a plugin may take to answer, in seconds
    #[arg(long, value_name = "SECONDS", default_value = "20", value_parser = seconds)]
    pub timeout: Duration,

    /// Run the plugins even if the variable CI is set
    #[arg(long)]
    pub yes: bool,
}

/// The exit statuses, and what each means.
const EXIT_STATUS: [(&str, &str); 3] = [
    ("0", "nothing is wrong"),
    ("1", "something is wrong"),
    ("2", "doctor cannot run: wrong usage, no kubeconfig, or CI without --yes"),
];

/// Returns the help below the flags.
pub(super) fn after_help() -> String {
    let statuses = EXIT_STATUS.map(|(status, meaning)| format!("\n  {status}  {meaning}"));
    format!("Exit status:{}", statuses.concat())
}

/// How to write the report of `doctor`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DoctorFormat {
    /// For people
    Text,
    /// For programs and tickets
    Json,
}

/// Reads a version of kubectl.
fn one_kubectl(text: &str) -> Result<Target, String> {
    let target = text.parse::<Target>();
    match &target {
        Ok(target) if target.client().is_none() && target.first == target.last => {}
        // Such as one that is too old.
        Err(_) if Minor::of_release(text).is_some() => {}
        Ok(_) => {
            return Err(
                "doctor judges by one version of kubectl; write one such as 1.24".to_owned()
            );
        }
        Err(_) => {
            return Err(format!("`{text}` is not a kubectl version; write one such as 1.24"));
        }
    }
    target
}

/// Reads a number of seconds.
fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().filter(|seconds| (1..=3600).contains(seconds));
    seconds.map(Duration::from_secs).ok_or_else(|| "write a number from 1 to 3600".to_owned())
}
