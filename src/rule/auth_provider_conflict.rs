use crate::finding::Finding;
use crate::kubectl::validation::Problem;
use crate::kubectl::verdict;
use crate::kubernetes::target::Target;
use crate::model::Subject;
use crate::text::message::message;

declare_rule! {
    /// Finds users that have both `exec` and `auth-provider`.
    ///
    /// ## Why
    ///
    /// kubectl refuses such a user, even if each of the two is valid on its own:
    ///
    /// ```text
    /// error: authProvider cannot be provided in combination with an exec plugin for u
    /// ```
    ///
    /// ## Bad
    ///
    /// ```yaml
    /// users:
    /// - name: u
    ///   user:
    ///     auth-provider:
    ///       name: gcp
    ///     exec:
    ///       apiVersion: client.authentication.k8s.io/v1beta1
    ///       command: gke-gcloud-auth-plugin
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
    /// ```
    "auth-provider-conflict": Error,
    summary: "a user with both exec and auth-provider",
    since: "0.1.0",
    needs: Excerpt,
    step: Validation,
}

fn check(subject: &Subject, target: &Target) -> Option<Finding> {
    let Subject::AuthInfo(auth) = subject else { return None };
    let (exec, provider) = (auth.exec.as_deref()?, auth.auth_provider.as_deref()?);
    Some(
        Finding::new(&RULE, provider.key, "the user has both `exec` and `auth-provider`")
            .label(message!("{} accepts only one of them", target.program()))
            .related(exec.key, "the other one")
            .kubectl_messages(verdict::messages(auth, target, Problem::AuthProviderConflict))
            .with_alias(provider.alias)
            .help("remove `auth-provider`: credential plugins replaced auth providers"),
    )
}
