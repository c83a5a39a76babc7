use crate::advice::{self, consumers};
use crate::finding::Finding;
use crate::kubectl::validation::Problem;
use crate::kubectl::{plugin_output, verdict};
use crate::kubernetes::api_versions;
use crate::kubernetes::target::Target;
use crate::model::{EntryKind, Subject};
use crate::rule::exec_entry;
use crate::text::message::message;
use crate::text::source::clip;

declare_rule! {
    /// Finds exec API versions that are newer than the target kubectl.
    ///
    /// ## Why
    ///
    /// Kubernetes 1.22 added `client.authentication.k8s.io/v1`. An older kubectl refuses it:
    ///
    /// ```text
    /// error: exec plugin: invalid apiVersion "client.authentication.k8s.io/v1"
    /// ```
    ///
    /// This happens when a migration goes too far, and an old kubectl, Helm before 3.7 or an old
    /// Terraform provider also reads the file. Every kubectl accepts `v1beta1`.
    ///
    /// Terraform providers contain a client-go of their own. They support `v1` since
    /// hashicorp/kubernetes 2.8.0, hashicorp/helm 2.4.0, gavinbunney/kubectl 1.17.0 and
    /// alekc/kubectl 2.0.1. A `v1` next to a version constraint that allows only older releases is
    /// reported.
    ///
    /// ## Bad
    ///
    /// With `--kubectl-version 1.20-1.37`:
    ///
    /// ```yaml
    /// users:
    /// - name: u
    ///   user:
    ///     exec:
    ///       apiVersion: client.authentication.k8s.io/v1
    ///       interactiveMode: IfAvailable
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
    /// `--fix` writes the version that the plugin returns and every target kubectl accepts. The fix
    /// is safe in configuration whose plugin is known to return that version. It needs
    /// `--unsafe-fixes` if the plugin is unknown, if the plugin's answer depends on its release or
    /// settings, and in documentation, scripts and source code.
    "unsupported-api-version": Error,
    summary: "an exec API version that the target kubectl does not support yet",
    since: "0.1.0",
    needs: Excerpt,
    is_fixable: true,
    step: Construction,
}

fn check(subject: &Subject, target: &Target) -> Option<Finding> {
    let value = subject.api_version()?;
    let version = api_versions::lookup(&value.value)?;
    if let Subject::ExecEntry(entry) = subject
        && entry.kind == EntryKind::Provider
    {
        let provider = entry.exec.command.as_ref().map_or("", |source| clip(&source.value));
        let since = consumers::provider_knows_v1_since(provider);
        let since = since.map(|since| since.to_string()).unwrap_or_default();
        let message = message!(
            "the allowed releases of {} do not support exec API `{}`",
            provider.to_owned(),
            version.version
        );
        let finding = exec_entry::refused(&RULE, entry, value, message, None, target);
        return Some(finding.label(message!("supported since {}", since)));
    }
    // A version that is also too old for the newest kubectl of the range is reported as removed.
    let removed = version.removed.is_some_and(|removed| target.last >= removed);
    if target.first >= version.since || removed {
        return None;
    }
    let since = version.since;
    let label = message!("added in Kubernetes {}", since);
    let finding = match subject {
        Subject::AuthInfo(auth) => {
            let exec = auth.exec.as_deref()?;
            let message = message!(
                "{} does not support exec API `{}`",
                target.before(since),
                version.version
            );
            let finding = Finding::new(&RULE, value.span, message)
                .kubectl_messages(verdict::messages(auth, target, Problem::InvalidApiVersion));
            finding.advised(advice::for_user(exec, auth, target))
        }
        Subject::ExecCredential(credential) => {
            let message = message!(
                "this ExecCredential uses `{}`, which {} does not support",
                version.version,
                target.before(since)
            );
            Finding::new(&RULE, value.span, message)
                .kubectl_messages(Some(plugin_output::of_version(credential, target)))
                .help(exec_entry::PRINT_REQUESTED_VERSION)
                .help(exec_entry::PRINT_V1BETA1)
        }
        Subject::ExecEntry(entry) => {
            let message = message!(
                "{} does not support {} `{}`",
                target.before(since),
                exec_entry::what(entry),
                version.version
            );
            exec_entry::refused(&RULE, entry, value, message, Some(target.first), target)
        }
        _ => return None,
    };
    Some(finding.label(label).with_alias(value.alias))
}
