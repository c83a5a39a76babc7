use crate::finding::Finding;
use crate::kubernetes::version::Target;
use crate::model::{IgnoreProblemKind, Subject};
use crate::text::message::message;

declare_rule! {
    /// Finds comments that are to silence a finding that is not there.
    ///
    /// What it silenced was repaired, or stands in another line: a comment holds for its own line
    /// and, where it stands alone in it, for the next one. It is reported for the rules that this
    /// run applied, not for those that `--select` or `--ignore` left out, so remove the name, or
    /// the whole comment: it would hide the next fault in that line.
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
    summary: "a comment that is to silence a finding that is not there",
    since: "0.1.0",
    needs: Excerpt,
}

fn check(subject: &Subject, _: &Target) -> Option<Finding> {
    let Subject::Ignore(ignore) = subject else { return None };
    let IgnoreProblemKind::NoFinding { rule, near } = ignore.kind else { return None };
    let message = message!("there is no finding of `{}` to ignore here", rule);
    let help = match near {
        Some(line) => {
            message!("the finding is in line {}: move the comment there, or right above it", line)
        }
        None => message!("remove `{}` from the comment", rule),
    };
    Some(Finding::new(&RULE, ignore.span, message).help(help))
}
