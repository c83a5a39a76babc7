use crate::advice;
use crate::finding::Finding;
use crate::finding::fix::Remedy;
use crate::kubectl::validation::Problem;
use crate::kubectl::{plugin_output, verdict};
use crate::kubernetes::api_versions::{self, V1BETA1};
use crate::kubernetes::version::Target;
use crate::model::Subject;
use crate::rule::exec_entry;
use crate::text::message::message;

declare_rule! {
    /// Finds exec API versions that Kubernetes once had and the target kubectl no longer accepts.
    ///
    /// `client.authentication.k8s.io/v1alpha1` was removed in Kubernetes 1.24 (May 2022). A
    /// kubeconfig that names it makes every command of kubectl 1.24 and newer fail with
    ///
    /// ```text
    /// error: exec plugin: invalid apiVersion "client.authentication.k8s.io/v1alpha1"
    /// ```
    ///
    /// whatever the version of the cluster is. A plugin that still prints it makes them fail with
    ///
    /// ```text
    /// Unable to connect to the server: getting credentials: decoding stdout: no kind "ExecCredential" is registered for version "client.authentication.k8s.io/v1alpha1" in scheme "…"
    /// ```
    ///
    /// Write `client.authentication.k8s.io/v1beta1`. It has the same fields, needs no
    /// `interactiveMode`, and is not deprecated; nearly every plugin answers it. The plugin must
    /// answer the version that the kubeconfig names, so upgrade the plugin first: aws-cli answers
    /// v1beta1 from 1.23.9 and 2.6.3 on, aws-iam-authenticator from 0.5.4 on.
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
    "removed-api-version": Error,
    summary: "an exec API version that the target kubectl no longer accepts",
    since: "0.1.0",
    needs: Excerpt,
    is_deprecation: true,
}

fn check(subject: &Subject, target: &Target) -> Option<Finding> {
    let value = subject.api_version()?;
    let version = api_versions::lookup(&value.value)?;
    let removed = version.removed.filter(|&removed| target.last >= removed)?;
    let name = version.name;
    let label = message!("kubectl {} and newer refuse it", removed);
    let beta = V1BETA1.accepted_by_all(target).then_some(Remedy::ApiVersion(&V1BETA1));
    let finding = match subject {
        Subject::AuthInfo(auth) => {
            let exec = auth.exec.as_ref()?;
            let message =
                message!("exec API version `{}` was removed in Kubernetes {}", name, removed);
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
                .label(message!("kubectl {} and newer do not ask for it", removed))
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
                .label(message!("kubectl {} and newer cannot decode it", removed))
                .kubectl_messages(Some(plugin_output::of_version(credential, target)))
                .help(exec_entry::PRINT_REQUESTED_VERSION)
                .help(exec_entry::PRINT_V1BETA1)
                .remedy(beta)
        }
        _ => return None,
    };
    Some(finding.with_alias(value.alias))
}
