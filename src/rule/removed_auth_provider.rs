use crate::advice;
use crate::finding::Finding;
use crate::kubectl::validation::Problem;
use crate::kubectl::verdict;
use crate::kubernetes::auth_providers;
use crate::kubernetes::target::Target;
use crate::model::Subject;
use crate::text::message::message;

declare_rule! {
    /// Finds auth providers that the target kubectl no longer has.
    ///
    /// ## Why
    ///
    /// Kubernetes 1.26 removed `gcp` and `azure`, and 1.19 removed `openstack`. Only `oidc`
    /// remains. Credential plugins replace the others: `gke-gcloud-auth-plugin`, `kubelogin` and
    /// `client-keystone-auth`.
    ///
    /// ```text
    /// error: The gcp auth plugin has been removed.
    /// Please use the "gke-gcloud-auth-plugin" kubectl/client-go credential plugin instead.
    /// ```
    ///
    /// ## Bad
    ///
    /// ```yaml
    /// users:
    /// - name: gke
    ///   user:
    ///     auth-provider:
    ///       name: gcp
    /// ```
    ///
    /// ## Good
    ///
    /// ```yaml
    /// users:
    /// - name: gke
    ///   user:
    ///     exec:
    ///       apiVersion: client.authentication.k8s.io/v1beta1
    ///       command: gke-gcloud-auth-plugin
    ///       provideClusterInfo: true
    /// ```
    "removed-auth-provider": Error,
    summary: "an auth provider that the target kubectl no longer has",
    since: "0.1.0",
    needs: Excerpt,
    is_deprecation: true,
    step: Construction,
}

fn check(subject: &Subject, target: &Target) -> Option<Finding> {
    let Subject::AuthInfo(auth) = subject else { return None };
    let name = auth.provider_in_use()?.name.as_ref()?;
    let removed = auth_providers::removed(&name.value)?;
    let messages = verdict::messages(auth, target, Problem::RemovedAuthProvider)?;
    let message =
        message!("auth provider `{}` was removed in Kubernetes {}", removed.name, removed.removed);
    Some(
        Finding::new(&RULE, name.span, message)
            .label(message!("{} no longer has it", target.program()))
            .kubectl_messages(Some(messages))
            .with_alias(name.alias)
            .advised(advice::for_provider(removed, auth)),
    )
}
