use crate::advice;
use crate::finding::Finding;
use crate::finding::rule::Rule;
use crate::kubectl::{transport, verdict};
use crate::kubernetes::plugins::Program;
use crate::kubernetes::target::Target;
use crate::model::Subject;
use crate::text::message::message;

use super::{
    missing_api_version, removed_api_version, unknown_api_version, unsupported_api_version,
};

declare_rule! {
    /// Finds exec configs whose command is known not to be a credential plugin.
    ///
    /// ## Why
    ///
    /// A credential plugin prints an ExecCredential. Commands that write a kubeconfig, such as
    /// `kubelogin convert-kubeconfig` and `aws eks update-kubeconfig`, do not. Neither does
    /// `gcloud config config-helper`, whose JSON has no `apiVersion`:
    ///
    /// ```text
    /// Unable to connect to the server: getting credentials: exec plugin is configured to use API
    /// version client.authentication.k8s.io/v1beta1, plugin returned version
    /// client.authentication.k8s.io/__internal
    /// ```
    ///
    /// Changing the version does not help: run another command.
    ///
    /// ## Bad
    ///
    /// ```yaml
    /// users:
    /// - name: u
    ///   user:
    ///     exec:
    ///       apiVersion: client.authentication.k8s.io/v1beta1
    ///       command: gcloud
    ///       args: [config, config-helper, --format=json]
    /// ```
    ///
    /// ## Good
    ///
    /// ```yaml
    /// users:
    /// - name: u
    ///   user:
    ///     exec:
    ///       apiVersion: client.authentication.k8s.io/v1beta1
    ///       command: gke-gcloud-auth-plugin
    ///       provideClusterInfo: true
    /// ```
    "not-a-plugin": Error,
    summary: "a command that is not a credential plugin",
    since: "0.1.0",
    needs: Excerpt,
    step: Credential,
    foretells: NoCredential,
}

fn check(subject: &Subject, target: &Target) -> Option<Finding> {
    let exec = subject.exec_config().filter(|_| transport::asks_plugin(subject, target))?;
    let (Program::NotAPlugin(other), line) = advice::program_of(exec)? else { return None };
    // A query or another format prints something else, and an unknown wrapper may convert it.
    let is_changed = line.has_unknown_wrapper
        || line.words.iter().any(|word| {
            let flags = ["--query", "--output", "-o"];
            flags.iter().any(|flag| word.text.starts_with(flag))
                || word.text.starts_with("--format") && !word.text.ends_with("json")
        });
    let output = other.output.filter(|_| !is_changed);
    let messages = verdict::messages_about_other_output(subject, target, output);
    let command = exec.command.as_ref()?;
    let message = message!("`{}` is not a credential plugin: it {}", other.name, other.does);
    // The advice about a version that kubectl refuses says what to run, too.
    let is_advised = exec.misspelled().is_none();
    let refused: [&Rule; 4] = [
        &missing_api_version::RULE,
        &removed_api_version::RULE,
        &unknown_api_version::RULE,
        &unsupported_api_version::RULE,
    ];
    Some(
        Finding::new(&RULE, command.span, message)
            .label(message!("{} expects an ExecCredential from it", target.program()))
            .with_alias(command.alias)
            .covered_by(refused.into_iter().filter(|_| is_advised))
            .kubectl_messages(Some(messages))
            .help(message!("run `{}` instead", other.instead)),
    )
}
