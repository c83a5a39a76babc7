use crate::finding::Finding;
use crate::kubernetes::target::Target;
use crate::model::{IgnoreProblemKind, Subject};
use crate::text::message::{Message, message};

declare_rule! {
    /// Finds ignore comments without a rule, or with an unknown one.
    ///
    /// ## Why
    ///
    /// Such a comment ignores nothing, although its author believes that it does. An ignore comment
    /// names one or more rules, and may give a reason:
    ///
    /// ```yaml
    /// # kubeconfig-lint: ignore[removed-api-version] the cluster is turned off in May
    /// ```
    ///
    /// `kubeconfig-lint --list-rules` lists the rules.
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
    summary: "an ignore comment without a rule, or with an unknown one",
    since: "0.1.0",
    needs: Excerpt,
}

fn check(subject: &Subject, _: &Target) -> Option<Finding> {
    let Subject::Ignore(ignore) = subject else { return None };
    let form = "write `kubeconfig-lint: ignore[RULE]`, with one or more rules";
    let names =
        |rules: &[&str]| if rules.is_empty() { "RULE".to_owned() } else { rules.join(", ") };
    let (message, help): (Message, Message) = match &ignore.kind {
        IgnoreProblemKind::NoFinding { .. } => return None,
        IgnoreProblemKind::NoRules(candidates) => {
            let help = message!("write `kubeconfig-lint: ignore[{}]`", names(candidates));
            ("this comment does not say which rules to ignore".into(), help)
        }
        IgnoreProblemKind::NotClosed => {
            ("the `[` in this comment is not closed on its line".into(), form.into())
        }
        IgnoreProblemKind::NoColon => (
            "this comment ignores nothing: the colon after `kubeconfig-lint` is missing".into(),
            form.into(),
        ),
        IgnoreProblemKind::NoBrackets(rules) => (
            "this comment ignores nothing: its rules are not in square brackets".into(),
            message!("write `kubeconfig-lint: ignore[{}]`", names(rules)),
        ),
        IgnoreProblemKind::Misspelled => (
            "this comment ignores nothing: it does not begin with `kubeconfig-lint:`".into(),
            "did you mean `kubeconfig-lint:`?".into(),
        ),
        IgnoreProblemKind::NoIgnore(rules) => (
            "this comment ignores nothing: only `ignore[…]` is supported".into(),
            match rules.is_empty() {
                true => form.into(),
                false => message!("write `kubeconfig-lint: ignore[{}]`", names(rules)),
            },
        ),
        IgnoreProblemKind::NoSuchRule { name, suggestion } => (
            match name {
                Some(name) => message!("unknown rule `{}`", name.clone()),
                None => "unknown rule".into(),
            },
            match *suggestion {
                Some(suggestion) => message!("did you mean `{}`?", suggestion),
                None => "run `kubeconfig-lint --list-rules` to list the rules".into(),
            },
        ),
    };
    Some(Finding::new(&RULE, ignore.span, message).help(help))
}
