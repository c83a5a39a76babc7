use crate::advice::{self, Advice, consumers};
use crate::finding::Finding;
use crate::finding::fix::Remedy;
use crate::finding::rule::Needs;
use crate::kubectl::validation::Problem;
use crate::kubectl::{plugin_output, verdict};
use crate::kubernetes::api_versions::lookup;
use crate::kubernetes::target::Target;
use crate::model::{Consumer, ExecConfig, MisspelledKey, Subject};
use crate::text::message::message;
use crate::text::placeholder;

use super::missing_command;

declare_rule! {
    /// Finds exec configs and ExecCredentials without an API version.
    ///
    /// ## Why
    ///
    /// kubectl needs an `apiVersion`. One that is empty or null, or spelled `apiversion` or
    /// `api_version`, counts as missing:
    ///
    /// ```text
    /// error: apiVersion must be specified for u to use exec authentication plugin
    /// ```
    ///
    /// If a plugin prints an ExecCredential without a version, kubectl calls its version
    /// `__internal`:
    ///
    /// ```text
    /// exec plugin is configured to use API version client.authentication.k8s.io/v1beta1, plugin returned version client.authentication.k8s.io/__internal
    /// ```
    ///
    /// ## Bad
    ///
    /// ```yaml
    /// users:
    /// - name: u
    ///   user:
    ///     exec:
    ///       command: aws
    ///       args: [eks, get-token, --cluster-name, c, --output, json]
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
    ///       command: aws
    ///       args: [eks, get-token, --cluster-name, c, --output, json]
    /// ```
    ///
    /// ## Fix
    ///
    /// `--fix` adds the version that the plugin returns, or renames a misspelled key. The fix is
    /// safe if the plugin is known to return the version. If the plugin is unknown, a misspelled
    /// key is renamed only with `--unsafe-fixes`, and a missing one has no fix.
    "missing-api-version": Error,
    summary: "an exec config or ExecCredential without an API version",
    since: "0.1.0",
    needs: EveryKey,
    is_fixable: true,
    step: Validation,
}

const MESSAGE: &str = "the exec config has no `apiVersion`";

fn check(subject: &Subject, target: &Target) -> Option<Finding> {
    match subject {
        Subject::AuthInfo(auth) if auth.evidence.is_whole() => {
            let is_absent =
                |exec: &&ExecConfig| exec.api_version.is_none() && !exec.is_version_set_elsewhere;
            let exec = auth.exec.as_deref().filter(is_absent)?;
            let (span, label) = match exec.api_version_key {
                Some(key) => (key, "this is empty"),
                None => (exec.key, "`apiVersion` is missing here"),
            };
            let finding = match exec.misspelled() {
                Some(misspelled) => of_misspelled(exec, misspelled, target, |exec| {
                    advice::for_user(exec, auth, target)
                }),
                // The command decides which version to write.
                None => Finding::new(&RULE, span, MESSAGE)
                    .label(label)
                    .covered_by([&missing_command::RULE])
                    .advised(advice::for_user(exec, auth, target)),
            };
            let messages = verdict::messages(auth, target, Problem::MissingApiVersion);
            Some(finding.kubectl_messages(messages).with_alias(exec.alias))
        }
        Subject::ExecEntry(entry) => {
            let advise = |exec: &ExecConfig| advice::replacement(exec, entry.consumer, target);
            let finding = of_misspelled(&entry.exec, entry.exec.misspelled()?, target, advise);
            Some(finding)
        }
        Subject::ExecCredential(credential) if credential.api_version.is_none() => Some(
            Finding::new(&RULE, credential.kind, "the ExecCredential has no `apiVersion`")
                .label(message!(
                    "{} expects the version that the kubeconfig names",
                    target.program()
                ))
                .kubectl_messages(Some(plugin_output::of_version(credential, target)))
                .help(
                    "print the version that KUBERNETES_EXEC_INFO names, such as \
                         `client.authentication.k8s.io/v1beta1`",
                ),
        ),
        _ => None,
    }
}

/// Returns the finding about a key that was meant as `apiVersion`, and whose value may be right.
/// `advise` returns what to write if it is not.
fn of_misspelled(
    exec: &ExecConfig,
    misspelled: &MisspelledKey,
    target: &Target,
    advise: impl Fn(&ExecConfig) -> Advice,
) -> Finding {
    let mut finding = Finding::new(&RULE, misspelled.key, MESSAGE)
        .label(message!("{} ignores this key", target.program()))
        .related(exec.key, "in this exec config")
        .help("rename the key to `apiVersion`");
    if let Some(value) = &misspelled.value {
        finding = finding.related(value.span, "the version is never read");
    }
    finding.needs = Needs::Excerpt;
    let value = misspelled.value.as_ref().map(|value| value.value.as_str());
    if value.is_some_and(placeholder::is_in) {
        return finding;
    }
    let renamed = ExecConfig { api_version: misspelled.value.clone(), ..exec.clone() };
    match value.and_then(lookup).filter(|_| !advice::must_change(&renamed, target)) {
        Some(version) => {
            let needs_mode = !version.defaults_interactive_mode && exec.interactive_mode.is_none();
            let mode = needs_mode.then(|| consumers::interactive_mode(Consumer::Kubectl));
            mode.into_iter().fold(finding, Finding::help).remedy(Some(Remedy::ApiVersion(version)))
        }
        None => finding.advised(advise(&renamed)),
    }
}
