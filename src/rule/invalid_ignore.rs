use crate::finding::Finding;
use crate::kubernetes::version::Target;
use crate::model::{IgnoreProblemKind, Subject};
use crate::text::message::{Message, message};

declare_rule! {
    /// Finds comments that are to silence findings and cannot be understood.
    ///
    /// A comment names the rules that it silences, one or several, and may say why:
    ///
    /// ```yaml
    /// # kubeconfig-lint: ignore[removed-api-version] the cluster is turned off in May
    /// ```
    ///
    /// It is an error to name no rule, or one that there is not: whoever wrote it believes that
    /// something is silenced, and nothing is. `kubeconfig-lint --list-rules` lists the names.
    ///
    /// ## Bad
    ///
    /// ```yaml
    /// users:
    /// - name: old
    ///   user:
    ///     exec:
    ///       apiVersion: client.authentication.k8s.io/v1alpha1 # kubeconfig-lint: ignore[removed-version]
    ///       command: aws
    /// ```
    ///
    /// ## Good
    ///
    /// ```yaml
    /// users:
    /// - name: old
    ///   user:
    ///     exec:
    ///       apiVersion: client.authentication.k8s.io/v1alpha1 # kubeconfig-lint: ignore[removed-api-version]
    ///       command: aws
    /// ```
    "invalid-ignore": Warning,
    summary: "a comment that is to silence findings and names no rule, or one that there is not",
    since: "0.1.0",
    needs: Excerpt,
}

fn check(subject: &Subject, _: &Target) -> Option<Finding> {
    let Subject::Ignore(ignore) = subject else { return None };
    let form = "write `kubeconfig-lint: ignore[RULE]`, with the names of one or several rules";
    let (message, help): (Message, Message) = match &ignore.kind {
        IgnoreProblemKind::NoFinding { .. } => return None,
        IgnoreProblemKind::NoRules(candidates) => {
            let rules =
                if candidates.is_empty() { "RULE".to_owned() } else { candidates.join(", ") };
            let help = message!("write `ignore[{}]`", rules);
            ("this comment does not say which rules to ignore".into(), help)
        }
        IgnoreProblemKind::NotClosed => {
            ("the `[` of this comment is not closed in its line".into(), form.into())
        }
        IgnoreProblemKind::NoIgnore => {
            ("only `ignore[…]` is understood in a comment".into(), form.into())
        }
        IgnoreProblemKind::NoSuchRule { name, suggestion } => (
            match name {
                Some(name) => message!("there is no such rule `{}`", name.clone()),
                None => "this is the name of no rule".into(),
            },
            match *suggestion {
                Some(suggestion) => message!("did you mean `{}`?", suggestion),
                None => "`kubeconfig-lint --list-rules` lists the rules".into(),
            },
        ),
    };
    Some(Finding::new(&RULE, ignore.span, message).help(help))
}
