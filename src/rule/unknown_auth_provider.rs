use crate::finding::Finding;
use crate::kubectl::validation::Problem;
use crate::kubectl::verdict;
use crate::kubernetes::auth_providers;
use crate::kubernetes::target::Target;
use crate::model::Subject;
use crate::text::message::message;

declare_rule! {
    /// Finds auth providers that no kubectl release has ever had.
    ///
    /// ## Why
    ///
    /// kubectl has `oidc`, and once had `gcp`, `azure` and `openstack`. It compares the name byte
    /// by byte. An empty or missing name is unknown, too.
    ///
    /// ```text
    /// error: no Auth Provider found for name "OIDC"
    /// ```
    ///
    /// ## Bad
    ///
    /// ```yaml
    /// users:
    /// - name: u
    ///   user:
    ///     auth-provider:
    ///       name: OIDC
    /// ```
    ///
    /// ## Good
    ///
    /// ```yaml
    /// users:
    /// - name: u
    ///   user:
    ///     auth-provider:
    ///       name: oidc
    /// ```
    "unknown-auth-provider": Error,
    summary: "an auth provider that no kubectl release has ever had",
    since: "0.1.0",
    needs: File,
    step: Construction,
}

fn check(subject: &Subject, target: &Target) -> Option<Finding> {
    let Subject::AuthInfo(auth) = subject else { return None };
    let provider = auth.provider_in_use()?;
    let (finding, alias) = match &provider.name {
        Some(name) if auth_providers::is_known(&name.value) => return None,
        Some(name) => (
            Finding::new(
                &RULE,
                name.span,
                message!("{} has no auth provider with this name", target.program()),
            )
            .label(message!("unknown to every {} release", target.program())),
            name.alias,
        ),
        None if !auth.evidence.is_whole() => return None,
        None => (
            Finding::new(&RULE, provider.key, "the auth provider has no name")
                .label("`name` is missing here"),
            provider.alias,
        ),
    };
    Some(
        finding
            .kubectl_messages(verdict::messages(auth, target, Problem::UnknownAuthProvider))
            .with_alias(alias)
            .help("write `oidc`, or use a credential plugin"),
    )
}
