use crate::advice;
use crate::advice::version_copies::{VersionCopy, copies};
use crate::finding::Finding;
use crate::finding::fix::Remedy;
use crate::kubectl::transport;
use crate::kubernetes::api_versions::{self, ApiVersion};
use crate::kubernetes::version::Target;
use crate::model::{ExecConfig, Subject};
use crate::text::message::message;

declare_rule! {
    /// Finds exec configs that name two different API versions.
    ///
    /// ## Why
    ///
    /// Some exec configs repeat the version: in the variable `KUBERNETES_EXEC_INFO`, in an argument
    /// such as `--api-version v1` or `--version=v1beta1`, or in a script that prints the
    /// credential. kubectl accepts the output of a plugin only in the version that `apiVersion`
    /// names, so all copies must agree. If only one of them was changed, kubectl says:
    ///
    /// ```text
    /// Unable to connect to the server: getting credentials: exec plugin is configured to use API version client.authentication.k8s.io/v1beta1, plugin returned version client.authentication.k8s.io/v1alpha1
    /// ```
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
}

fn check(subject: &Subject, target: &Target) -> Vec<Finding> {
    // Without a parser the arguments are only guessed.
    let is_seen = subject.evidence().is_whole() && transport::asks_plugin(subject, target);
    let Some(exec) = subject.exec_config().filter(|_| is_seen) else { return Vec::new() };
    let copies = copies(exec, advice::plugin_of(exec));
    copies.iter().filter_map(|copy| of_copy(exec, copy, target)).collect()
}

fn of_copy(exec: &ExecConfig, copy: &VersionCopy, target: &Target) -> Option<Finding> {
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
    let message = message!(
        "{} names `{}`, but `apiVersion` names `{}`",
        copy.place.clone(),
        copy.version.clone(),
        version.version
    );
    let finding = Finding::new(&RULE, copy.span, message)
        .label(message!("`{}` here", copy.version.clone()))
        .related(value.span, message!("`{}` here", version.version))
        .with_alias(copy.alias);
    Some(match right {
        Some(right) => finding
            .help(message!("write `{}` in both places", right.version))
            .remedy(Some(Remedy::Copy(right)).filter(|_| right == version)),
        None => finding.help("write the version that the plugin returns in both places"),
    })
}

/// Returns the version that both places should name.
fn right_version(
    exec: &ExecConfig,
    version: &'static ApiVersion,
    target: &Target,
) -> Option<&'static ApiVersion> {
    let plugin = advice::plugin_of(exec);
    let is_answered = plugin.is_none_or(|plugin| plugin.answers.allow(version));
    if is_answered && version.accepted_by_all(target) {
        return Some(version);
    }
    advice::replacement(exec, crate::model::Consumer::Kubectl, target).version
}
