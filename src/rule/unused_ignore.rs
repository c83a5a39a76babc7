use crate::finding::Finding;
use crate::kubernetes::target::Target;
use crate::model::{IgnoreProblemKind, Subject};
use crate::text::message::message;

declare_rule! {
    /// Finds ignore comments that suppress nothing.
    ///
    /// ## Why
    ///
    /// The problem was fixed, or it is on another line: a comment applies to its own line, and to
    /// the next one if it has a line of its own. Remove the rule from the comment, or the whole
    /// comment: otherwise it hides the next problem on that line.
    ///
    /// Only rules that ran are reported, not those that `--select` or `--ignore` left out.
    ///
    /// ## Bad
    ///
    /// ```yaml
    /// users:
    /// - name: new
    ///   user:
    ///     exec:
    ///       # kubeconfig-lint: ignore[removed-api-version] until the cluster is gone
    ///       apiVersion: client.authentication.k8s.io/v1beta1
    ///       command: aws
    /// ```
    ///
    /// ## Good
    ///
    /// ```yaml
    /// users:
    /// - name: new
    ///   user:
    ///     exec:
    ///       apiVersion: client.authentication.k8s.io/v1beta1
    ///       command: aws
    /// ```
    "unused-ignore": Warning,
    summary: "an ignore comment that suppresses nothing",
    since: "0.1.0",
    needs: Excerpt,
}

fn check(subject: &Subject, _: &Target) -> Option<Finding> {
    let Subject::Ignore(ignore) = subject else { return None };
    let IgnoreProblemKind::NoFinding { rule, near } = ignore.kind else { return None };
    let message = message!("unused ignore comment: `{}` reports nothing here", rule);
    let help = match near {
        Some(line) => {
            message!(
                "move the comment to line {}, where the finding is, or to the line above it",
                line
            )
        }
        None => message!("remove `{}` from the comment", rule),
    };
    Some(Finding::new(&RULE, ignore.span, message).help(help))
}
