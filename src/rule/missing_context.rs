use crate::advice;
use crate::finding::Finding;
use crate::kubectl::validation::Problem;
use crate::kubectl::verdict;
use crate::kubernetes::target::Target;
use crate::model::Subject;

declare_rule! {
    /// Finds a `current-context` that does not exist in the kubeconfig.
    ///
    /// ## Why
    ///
    /// Every command that talks to a cluster fails, even if the users are valid:
    ///
    /// ```text
    /// Error in configuration: context was not found for specified context: prod
    /// ```
    ///
    /// This is a note, because the file may be meant to be merged with another that has the context
    /// (`KUBECONFIG=a:b`). `kubectl config use-context` writes such files.
    /// With `--kubeconfig`, which reads all files that kubectl merges, it is an error, or a
    /// warning if no user has a plugin.
    ///
    /// ## Bad
    ///
    /// ```yaml
    /// current-context: prod
    /// contexts:
    /// - name: production
    ///   context: {cluster: c, user: u}
    /// clusters:
    /// - name: c
    ///   cluster: {server: https://cluster.example}
    /// users:
    /// - name: u
    ///   user: {token: made-up}
    /// ```
    ///
    /// ## Good
    ///
    /// ```yaml
    /// current-context: production
    /// contexts:
    /// - name: production
    ///   context: {cluster: c, user: u}
    /// clusters:
    /// - name: c
    ///   cluster: {server: https://cluster.example}
    /// users:
    /// - name: u
    ///   user: {token: made-up}
    /// ```
    "missing-context": Note,
    summary: "a current context that does not exist in the kubeconfig",
    since: "0.1.0",
    needs: EveryKey,
    step: Validation,
}

fn check(subject: &Subject, target: &Target) -> Option<Finding> {
    let Subject::Current(current) = subject else { return None };
    let name = current.missing_context.as_ref()?;
    Some(
        Finding::new(&RULE, name.span, "`current-context` names a context that does not exist")
            .label("no context has this name")
            .kubectl_messages(verdict::messages(&current.user, target, Problem::MissingContext))
            .with_alias(name.alias)
            .help(advice::existing("contexts", current)),
    )
}
