use crate::advice;
use crate::finding::Finding;
use crate::kubectl::validation::Problem;
use crate::kubectl::verdict;
use crate::kubernetes::auth_providers;
use crate::kubernetes::target::Target;
use crate::model::Subject;
use crate::text::message::message;

declare_rule! {
    /// Finds auth providers that the target kubectl has and a newer kubectl no longer has.
    ///
    /// ## Why
    ///
    /// The auth providers `gcp` and `azure` were removed in Kubernetes 1.26. kubectl 1.24 and 1.25
    /// print a warning, which at first named the wrong release:
    ///
    /// ```text
    /// WARNING: the gcp auth plugin is deprecated in v1.22+, unavailable in v1.25+; use gcloud instead.
    /// ```
    ///
    /// ## Bad
    ///
    /// With `--kubectl-version 1.25`:
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
    "deprecated-auth-provider": Warning,
    summary: "an auth provider that newer kubectl releases no longer have",
    since: "0.1.0",
    needs: Excerpt,
    is_deprecation: true,
}

fn check(subject: &Subject, target: &Target) -> Option<Finding> {
    let Subject::AuthInfo(auth) = subject else { return None };
    let name = auth.provider_in_use()?.name.as_ref()?;
    let removed = auth_providers::removed(&name.value)?;
    if target.last >= removed.removed {
        return None;
    }
    let message = message!(
        "auth provider `{}` works with {}, but was removed in Kubernetes {}",
        removed.name,
        target,
        removed.removed
    );
    Some(
        Finding::new(&RULE, name.span, message)
            .label(message!("{} and newer no longer have it", target.since(removed.removed)))
            .kubectl_messages(verdict::messages(auth, target, Problem::DeprecatedAuthProvider))
            .with_alias(name.alias)
            .advised(advice::for_provider(removed, auth)),
    )
}
