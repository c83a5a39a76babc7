use crate::finding::Finding;
use crate::kubectl::validation::Problem;
use crate::kubectl::verdict;
use crate::kubernetes::target::Target;
use crate::model::Subject;
use crate::text::message::{Message, message};

declare_rule! {
    /// Finds exec configs with environment variables that have no name. Each exec config gets one
    /// finding.
    ///
    /// ## Why
    ///
    /// kubectl refuses the exec config:
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
    summary: "an exec config with a nameless environment variable",
    since: "0.1.0",
    needs: EveryKey,
    step: Validation,
}

fn check(subject: &Subject, target: &Target) -> Option<Finding> {
    let Subject::AuthInfo(auth) = subject else { return None };
    let exec = auth.exec.as_deref()?;
    // Report all of them in one finding: a file may have thousands.
    let mut nameless = exec.env.iter().filter(|env| env.name.is_none());
    let first = nameless.next()?;
    let mut message = Message::from("an environment variable of the exec config has no name");
    let others = nameless.clone().count();
    if others > 0 {
        message.push(message!(" (and {} more)", others));
    }
    let finding = Finding::new(&RULE, first.span, message)
        .label("no `name`")
        .kubectl_messages(verdict::messages(auth, target, Problem::MissingEnvName))
        .with_alias(first.alias)
        .help("add `name:` to the entry, or remove the entry");
    let nameless = nameless.take(MAX_PLACES);
    Some(nameless.fold(finding, |finding, env| finding.related(env.span, "no `name`")))
}

/// Limit on the further places that a finding shows.
const MAX_PLACES: usize = 3;
