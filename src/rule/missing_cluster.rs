use crate::advice;
use crate::finding::Finding;
use crate::kubectl::validation::Problem;
use crate::kubectl::verdict;
use crate::kubernetes::target::Target;
use crate::model::Subject;

declare_rule! {
    /// Finds a current context whose cluster does not exist in the kubeconfig.
    ///
    /// ## Why
    ///
    /// kubectl then connects to `localhost:8080` without credentials:
    ///
    /// ```text
    /// The connection to the server localhost:8080 was refused - did you specify the right host or port?
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
    ///   context: {cluster: prod, user: u}
    /// clusters:
    /// - name: production
    ///   cluster: {server: https://cluster.example}
    /// users:
    /// - name: u
    ///   user: {token: made-up}
    /// ```
    ///
    /// ## Good
    ///
    /// ```yaml
    /// current-context: prod
    /// contexts:
    /// - name: prod
    ///   context: {cluster: production, user: u}
    /// clusters:
    /// - name: production
    ///   cluster: {server: https://cluster.example}
    /// users:
    /// - name: u
    ///   user: {token: made-up}
    /// ```
    "missing-cluster": Note,
    summary: "a current context whose cluster does not exist in the kubeconfig",
    since: "0.1.0",
    needs: EveryKey,
    step: Validation,
}

fn check(subject: &Subject, target: &Target) -> Option<Finding> {
    let Subject::Current(current) = subject else { return None };
    let name = current.missing_cluster.as_ref()?;
    Some(
        Finding::new(&RULE, name.span, "the current context names a cluster that does not exist")
            .label("no cluster has this name")
            .kubectl_messages(verdict::messages(&current.user, target, Problem::MissingServer))
            .with_alias(name.alias)
            .help(advice::existing("clusters", current)),
    )
}
