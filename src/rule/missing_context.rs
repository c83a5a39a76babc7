use crate::finding::{Finding, KubectlSays};
use crate::kubernetes::version::Target;
use crate::model::Subject;

declare_rule! {
    /// Finds kubeconfigs whose current context is not among their contexts.
    ///
    /// Every command that talks to a cluster then fails before any user is looked at:
    ///
    /// ```text
    /// Error in configuration: context was not found for specified context: prod
    /// ```
    ///
    /// Where the file is only ever merged with others (`KUBECONFIG=a:b`) or used with `--context`,
    /// remove `current-context`, or ignore this rule.
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
    /// users: []
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
    /// users: []
    /// ```
    "missing-context": Error,
    summary: "a current context that the kubeconfig does not have",
    since: "0.1.0",
    holds_for_excerpts: false,
}

fn check(subject: &Subject, target: &Target) -> Vec<Finding> {
    let Subject::MissingContext(name) = subject else { return Vec::new() };
    let words = format!(
        "Error in configuration: context was not found for specified context: {}",
        name.value
    );
    vec![
        Finding::new(&RULE, name.span, "the current context is not among the contexts")
            .label("no context has this name")
            .says(Some(KubectlSays { version: target.last.to_string(), words }))
            .via(name.alias)
            .help("name one of the contexts, or remove `current-context`"),
    ]
}
