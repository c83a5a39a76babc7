use crate::advice;
use crate::finding::Finding;
use crate::kubernetes::api_versions;
use crate::kubernetes::target::Target;
use crate::model::Subject;
use crate::rule::exec_entry;
use crate::text::message::message;

use super::plugin_api_version;

declare_rule! {
    /// Finds exec API versions that the target kubectl accepts and a newer kubectl refuses.
    ///
    /// ## Why
    ///
    /// kubectl 1.23 and older accept `client.authentication.k8s.io/v1alpha1` without a warning.
    /// kubectl 1.24 and newer refuse it, and every command that uses it fails. `v1beta1` works with
    /// all of them. It is not deprecated, and no rule reports it.
    ///
    /// ## Bad
    ///
    /// With `--kubectl-version 1.23`:
    ///
    /// ```yaml
    /// users:
    /// - name: eks
    ///   user:
    ///     exec:
    ///       apiVersion: client.authentication.k8s.io/v1alpha1
    ///       command: aws
    ///       args: [eks, get-token, --cluster-name, c, --output, json]
    /// ```
    ///
    /// ## Good
    ///
    /// ```yaml
    /// users:
    /// - name: eks
    ///   user:
    ///     exec:
    ///       apiVersion: client.authentication.k8s.io/v1beta1
    ///       command: aws
    ///       args: [eks, get-token, --cluster-name, c, --output, json]
    /// ```
    ///
    /// ## Fix
    ///
    /// `--fix` writes the version that the plugin returns and every target kubectl accepts. The fix
    /// is safe in configuration whose plugin is known to return that version. It needs
    /// `--unsafe-fixes` if the plugin is unknown, if the plugin's answer depends on its release or
    /// settings, and in documentation, scripts and source code.
    "deprecated-api-version": Warning,
    summary: "an exec API version that newer kubectl releases refuse",
    since: "0.1.0",
    needs: Excerpt,
    is_deprecation: true,
    is_fixable: true,
}

fn check(subject: &Subject, target: &Target) -> Option<Finding> {
    let value = subject.api_version()?;
    let version = api_versions::lookup(&value.value)?;
    let removed = version.removed?;
    if !version.accepted_by_all(target) {
        return None;
    }
    let message = message!(
        "exec API `{}` works with {}, but was removed in Kubernetes {}",
        version.version,
        target,
        removed
    );
    let label = message!("removed in {}", removed);
    let finding = match subject {
        Subject::AuthInfo(auth) => {
            let exec = auth.exec.as_deref()?;
            Finding::new(&RULE, value.span, message).advised(advice::for_user(exec, auth, target))
        }
        Subject::ExecCredential(_) => Finding::new(&RULE, value.span, message),
        Subject::ExecEntry(entry) => {
            exec_entry::refused(&RULE, entry, value, message, None, target)
        }
        _ => return None,
    };
    // The version that the plugin returns is one that newer kubectls accept.
    let finding = finding.covered_by([&plugin_api_version::RULE]);
    Some(finding.label(label).with_alias(value.alias))
}
