use crate::finding::Finding;
use crate::kubernetes::validation::{self, Problem};
use crate::kubernetes::version::Target;
use crate::model::Subject;

declare_rule! {
    /// Finds environment variables of an exec config that have no name.
    ///
    /// ```text
    /// error: env variable name must be specified for u to use exec authentication plugin
    /// ```
    ///
    /// ## Bad
    ///
    /// ```yaml
    /// users:
    /// - name: u
    ///   user:
    ///     exec:
    ///       apiVersion: client.authentication.k8s.io/v1beta1
    ///       command: aws
    ///       env:
    ///       - value: production
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
    ///       command: aws
    ///       env:
    ///       - name: AWS_PROFILE
    ///         value: production
    /// ```
    "missing-env-name": Error,
    summary: "an environment variable of an exec config without a name",
    since: "0.1.0",
    holds_for_excerpts: false,
}

fn check(subject: &Subject, target: &Target) -> Vec<Finding> {
    let Subject::AuthInfo(auth) = subject else { return Vec::new() };
    let Some(exec) = &auth.exec else { return Vec::new() };
    if !auth.evidence.is_whole() {
        return Vec::new();
    }
    // One finding for each: each is a place to repair.
    let nameless = exec.env.iter().filter(|env| env.name.is_none());
    let words = validation::says(auth, target, Problem::MissingEnvName);
    nameless
        .map(|env| {
            Finding::new(&RULE, env.span, "an environment variable of the exec config has no name")
                .label("no `name`")
                .words(words.clone())
                .via(env.alias)
                .of_user(auth)
                .help("add `name:` to the entry, or remove the entry")
        })
        .collect()
}
