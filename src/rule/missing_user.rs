use crate::advice;
use crate::finding::Finding;
use crate::kubectl::validation::Problem;
use crate::kubectl::verdict;
use crate::kubernetes::target::Target;
use crate::model::Subject;

declare_rule! {
    /// Finds a current context whose user does not exist in the kubeconfig.
    ///
    /// ## Why
    ///
    /// kubectl then has no credentials and asks for a username. In CI it says:
    ///
    /// ```text
    /// error: EOF
    /// ```
    ///
    /// This is a note, because the file may be meant to be merged with others (`KUBECONFIG=a:b`).
    /// With `--kubeconfig`, which reads all files that kubectl merges, it is an error, or a
    /// warning if no user has a plugin.
    ///
    /// ## Bad
    ///
    /// ```yaml
    /// current-context: prod
    /// contexts:
    /// - name: prod
    ///   context: {cluster: c, user: admin}
    /// clusters:
    /// - name: c
    ///   cluster: {server: https://cluster.example}
    /// users:
    /// - name: administrator
    ///   user: {token: made-up}
    /// ```
    ///
    /// ## Good
    ///
    /// ```yaml
    /// current-context: prod
    /// contexts:
    /// - name: prod
    ///   context: {cluster: c, user: administrator}
    /// clusters:
    /// - name: c
    ///   cluster: {server: https://cluster.example}
    /// users:
    /// - name: administrator
    ///   user: {token: made-up}
    /// ```
    "missing-user": Note,
    summary: "a current context whose user does not exist in the kubeconfig",
    since: "0.1.0",
    needs: EveryKey,
    step: Credential,
}

fn check(subject: &Subject, target: &Target) -> Option<Finding> {
    let Subject::Current(current) = subject else { return None };
    let name = current.missing_user.as_ref()?;
    Some(
        Finding::new(&RULE, name.span, "the current context names a user that does not exist")
            .label("no user has this name, so kubectl asks for a username")
            .kubectl_messages(verdict::messages(&current.user, target, Problem::NoCredentials))
            .with_alias(name.alias)
            .help(advice::existing("users", current)),
    )
}
