use crate::advice;
use crate::advice::version_copies::{CopyEffect, VersionCopy, copies};
use crate::finding::fix::Remedy;
use crate::finding::{Finding, Severity};
use crate::kubectl::{plugin_output, transport, verdict};
use crate::kubernetes::api_versions::{self, ALL, ApiVersion};
use crate::kubernetes::plugins::{Answers, PluginInUse};
use crate::kubernetes::target::Target;
use crate::model::{Consumer, ExecConfig, Subject};
use crate::text::message::message;

declare_rule! {
    /// Finds exec configs that name two different API versions.
    ///
    /// ## Why
    ///
    /// Some exec configs repeat the version: in an argument such as `--api-version v1` or
    /// `--version=v1beta1`, in a script that prints the credential, or in a variable. kubectl
    /// accepts the output of a plugin only in the version that `apiVersion` names, so all copies
    /// must agree. If the plugin returns the version of the copy, kubectl says:
    ///
    /// ```text
    /// Unable to connect to the server: getting credentials: exec plugin is configured to use API version client.authentication.k8s.io/v1beta1, plugin returned version client.authentication.k8s.io/v1
    /// ```
    ///
    /// If the copy names `v1alpha1`, kubectl 1.24 and newer say instead:
    ///
    /// ```text
    /// Unable to connect to the server: getting credentials: decoding stdout: no kind "ExecCredential" is registered for version "client.authentication.k8s.io/v1alpha1" in scheme "…"
    /// ```
    ///
    /// If no second copy exists, the plugin is the cause, which this rule cannot see:
    /// `kubeconfig-lint doctor` says which plugin runs, and what to do.
    ///
    /// kubectl sets the variable `KUBERNETES_EXEC_INFO` itself, and replaces the one in `env`. A
    /// different version there does not affect kubectl, but it misleads readers and the clients that
    /// pass it on: programs with client-go 0.19 or older, and the Java and JavaScript clients. If the
    /// command sets the variable, as in `env KUBERNETES_EXEC_INFO=… aws`, the plugin sees that value.
    /// The finding is an error if the plugin is known to return what it is asked for, or if kubectl
    /// cannot decode that version.
    ///
    /// ## Bad
    ///
    /// ```yaml
    /// users:
    /// - name: ack
    ///   user:
    ///     exec:
    ///       apiVersion: client.authentication.k8s.io/v1beta1
    ///       command: ack-ram-tool
    ///       args: [credential-plugin, get-token, --cluster-id, c, --api-version, v1]
    /// ```
    ///
    /// ## Good
    ///
    /// ```yaml
    /// users:
    /// - name: ack
    ///   user:
    ///     exec:
    ///       apiVersion: client.authentication.k8s.io/v1beta1
    ///       command: ack-ram-tool
    ///       args: [credential-plugin, get-token, --cluster-id, c, --api-version, v1beta1]
    /// ```
    ///
    /// ## Fix
    ///
    /// `--fix` writes the version of `apiVersion` into the copy. The fix is safe if the plugin is
    /// known to read the copy and to return that version; otherwise it needs `--unsafe-fixes`. If
    /// `apiVersion` itself must change, the rule that reports it changes the copies too.
    "inconsistent-api-version": Warning,
    summary: "an exec config that names two different API versions",
    since: "0.1.0",
    needs: Excerpt,
    is_fixable: true,
    step: Credential,
    foretells: OtherVersion,
}

fn check(subject: &Subject, target: &Target) -> Vec<Finding> {
    // Without a parser the arguments are only guessed.
    let is_seen = subject.evidence().is_whole() && transport::asks_plugin(subject, target);
    let Some(exec) = subject.exec_config().filter(|_| is_seen) else { return Vec::new() };
    let copies = copies(exec, advice::plugin_in_use(exec, target));
    copies.iter().filter_map(|copy| of_copy(subject, exec, copy, target)).collect()
}

fn of_copy(
    subject: &Subject,
    exec: &ExecConfig,
    copy: &VersionCopy,
    target: &Target,
) -> Option<Finding> {
    let value = exec.api_version.as_ref()?;
    let version = api_versions::lookup(&value.value)?;
    if copy.version == version.version {
        return None;
    }
    let right = right_version(exec, version, target);
    // The copy is right, and another rule reports `apiVersion`.
    if right.is_some_and(|right| copy.version == right.version) {
        return None;
    }
    let (place, word) = (|| copy.place.clone(), || copy.version.clone());
    let message = match copy.effect {
        CopyEffect::Replaced => {
            message!("{} replaces {}, which names `{}`", client(subject, target), place(), word())
        }
        CopyEffect::Overrides | CopyEffect::Added => {
            message!("{} names `{}`, but `apiVersion` names `{}`", place(), word(), version.version)
        }
    };
    let label = match copy.effect {
        CopyEffect::Replaced => {
            message!("{} passes `{}` instead", client(subject, target), version.version)
        }
        CopyEffect::Overrides => message!("the plugin sees `{}`", word()),
        CopyEffect::Added => message!("`{}` here", word()),
    };
    let finding = Finding::new(&RULE, copy.span, message)
        .label(label)
        .related(value.span, message!("`{}` here", version.version))
        .with_alias(copy.alias);
    let finding = match copy.effect {
        CopyEffect::Overrides => refused(finding, subject, exec, copy, version, target),
        _ => finding,
    };
    let help = match (copy.effect, right) {
        (CopyEffect::Replaced, _) => "remove the variable, or write the same version".into(),
        (_, Some(right)) => message!("write `{}` in both places", right.version),
        (_, None) => "write the version that the plugin returns in both places".into(),
    };
    let remedy = right.filter(|right| *right == version).map(Remedy::Copy);
    Some(finding.help(help).remedy(remedy))
}

/// Makes the finding an error if kubectl refuses what the plugin returns when a wrapper requests
/// the version of the copy.
fn refused(
    mut finding: Finding,
    subject: &Subject,
    exec: &ExecConfig,
    copy: &VersionCopy,
    version: &'static ApiVersion,
    target: &Target,
) -> Finding {
    let requested = ALL.into_iter().find(|known| known.version == copy.version);
    let Some(requested) = requested.filter(|_| version.accepted_by_all(target)) else {
        return finding;
    };
    let is_decoded = requested.accepted_by_all(target);
    let returns = |plugin: PluginInUse| matches!(plugin.answers, Answers::Echo(versions) if versions.contains(&requested));
    let plugin = advice::plugin_in_use(exec, target);
    if plugin.map_or(!is_decoded, returns) {
        finding.severity = Severity::Error;
    }
    let Some(Subject::AuthInfo(auth)) = plugin.filter(|plugin| returns(*plugin)).map(|_| subject)
    else {
        return finding;
    };
    let by = target.reader(target.last);
    let message = plugin_output::of_other_version(version, requested, by);
    let messages = message.map(|message| verdict::messages_about_output(auth, by, message));
    finding.kubectl_messages(messages)
}

/// Returns what runs the plugin.
fn client(subject: &Subject, target: &Target) -> &'static str {
    match subject {
        Subject::ExecEntry(entry)
            if matches!(
                entry.consumer,
                Consumer::Terraform(_) | Consumer::ArgoCd | Consumer::ClusterProfile
            ) =>
        {
            "client-go"
        }
        _ => target.program(),
    }
}

/// Returns the version that both places should name.
fn right_version(
    exec: &ExecConfig,
    version: &'static ApiVersion,
    target: &Target,
) -> Option<&'static ApiVersion> {
    let plugin = advice::plugin_in_use(exec, target);
    let is_answered = plugin.is_none_or(|plugin| plugin.answers.allow(version));
    if is_answered && version.accepted_by_all(target) {
        return Some(version);
    }
    advice::replacement(exec, Consumer::Kubectl, target).version
}
