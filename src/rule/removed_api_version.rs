use crate::advice;
use crate::finding::Finding;
use crate::finding::fix::Remedy;
use crate::kubectl::validation::Problem;
use crate::kubectl::{plugin_output, verdict};
use crate::kubernetes::api_versions::{self, V1BETA1};
use crate::kubernetes::target::Target;
use crate::model::Subject;
use crate::rule::exec_entry;
use crate::text::message::message;

declare_rule! {
    /// Finds exec API versions that Kubernetes removed and the target kubectl refuses.
    ///
    /// ## Why
    ///
    /// `client.authentication.k8s.io/v1alpha1` was removed in Kubernetes 1.24 (May 2022). If a
    /// kubeconfig names it, every command of kubectl 1.24 and newer that uses the entry fails,
    /// whatever the version of the cluster:
    ///
    /// ```text
    /// error: exec plugin: invalid apiVersion "client.authentication.k8s.io/v1alpha1"
    /// ```
    ///
    /// Older releases of kubectl and of Terraform providers still accept it. Only aws-cli and a
    /// Terraform provider print a warning:
    ///
    /// ```text
    /// Kubeconfig user entry is using deprecated API version client.authentication.k8s.io/v1alpha1. Run 'aws eks update-kubeconfig' to update.
    /// ```
    ///
    /// ```text
    /// v1alpha1 of the client authentication API is deprecated, use v1beta1 or above
    /// ```
    ///
    /// If the kubeconfig is right but the plugin still returns `v1alpha1`, kubectl 1.24 and newer
    /// fail with:
    ///
    /// ```text
    /// Unable to connect to the server: getting credentials: decoding stdout: no kind
    /// "ExecCredential" is registered for version "client.authentication.k8s.io/v1alpha1" in scheme
    /// "…"
    /// ```
    ///
    /// Write `client.authentication.k8s.io/v1beta1` instead. It has the same fields, needs no
    /// `interactiveMode`, is not deprecated, and nearly every plugin returns it. The plugin must
    /// return the version that the kubeconfig names, so upgrade the plugin first: aws-cli returns
    /// `v1beta1` since 1.23.9 and 2.6.3, aws-iam-authenticator since 0.5.4.
    ///
    /// ## Bad
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
    "removed-api-version": Error,
    summary: "an exec API version that the target kubectl no longer accepts",
    since: "0.1.0",
    needs: Excerpt,
    is_deprecation: true,
    is_fixable: true,
    step: Construction,
}

fn check(subject: &Subject, target: &Target) -> Option<Finding> {
    let value = subject.api_version()?;
    let version = api_versions::lookup(&value.value)?;
    let removed = version.removed.filter(|&removed| target.last >= removed)?;
    let name = version.version;
    let label = message!("removed in {}", removed);
    let beta = V1BETA1.accepted_by_all(target).then_some(Remedy::ApiVersion(&V1BETA1));
    let finding = match subject {
        Subject::AuthInfo(auth) => {
            let exec = auth.exec.as_deref()?;
            let message = message!("exec API `{}` was removed in Kubernetes {}", name, removed);
            Finding::new(&RULE, value.span, message)
                .label(label)
                .kubectl_messages(verdict::messages(auth, target, Problem::InvalidApiVersion))
                .advised(advice::for_user(exec, auth, target))
        }
        Subject::ExecEntry(entry) => {
            let what = exec_entry::what(entry);
            let message = message!("{} `{}` was removed in Kubernetes {}", what, name, removed);
            exec_entry::refused(&RULE, entry, value, message, Some(target.last), target)
                .label(label)
        }
        Subject::ExecCredential(credential) if credential.is_request => {
            let message = message!(
                "KUBERNETES_EXEC_INFO asks for `{}`, which was removed in Kubernetes {}",
                name,
                removed
            );
            Finding::new(&RULE, value.span, message)
                .label(message!("{} and newer do not ask for it", target.since(removed)))
                .help("write the version that `exec.apiVersion` names, or remove the variable")
                .remedy(beta)
        }
        Subject::ExecCredential(credential) => {
            let message = message!(
                "this ExecCredential uses `{}`, which was removed in Kubernetes {}",
                name,
                removed
            );
            Finding::new(&RULE, value.span, message)
                .label(message!("{} and newer cannot decode it", target.since(removed)))
                .kubectl_messages(Some(plugin_output::of_version(credential, target)))
                .help(exec_entry::PRINT_REQUESTED_VERSION)
                .help(exec_entry::PRINT_V1BETA1)
                .remedy(beta)
        }
        _ => return None,
    };
    Some(finding.with_alias(value.alias))
}
