use crate::finding::Finding;
use crate::kubectl::validation::Problem;
use crate::kubectl::verdict;
use crate::kubernetes::target::Target;
use crate::model::Subject;

declare_rule! {
    /// Finds exec configs without a command.
    ///
    /// ## Why
    ///
    /// kubectl needs a `command`. One that is empty or null counts as missing:
    ///
    /// ```text
    /// error: command must be specified for u to use exec authentication plugin
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
    ///       args: [get-token]
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
    ///       command: kubelogin
    ///       args: [get-token]
    /// ```
    "missing-command": Error,
    summary: "an exec config without a command",
    since: "0.1.0",
    needs: EveryKey,
    step: Validation,
}

fn check(subject: &Subject, target: &Target) -> Option<Finding> {
    let Subject::AuthInfo(auth) = subject else { return None };
    let exec = auth.exec.as_deref()?;
    if exec.command.is_some() {
        return None;
    }
    let has_version =
        exec.api_version.is_some() || exec.is_version_set_elsewhere || exec.misspelled().is_some();
    let (message, label) = match has_version {
        true => ("the exec config has no `command`", "`command` is missing here"),
        // This finding replaces `missing-api-version`.
        false => (
            "the exec config has no `command` and no `apiVersion`",
            "`command` and `apiVersion` are missing here",
        ),
    };
    let more = (!has_version).then_some("add the `apiVersion` that the plugin returns");
    let finding = Finding::new(&RULE, exec.key, message)
        .label(label)
        .kubectl_messages(verdict::messages(auth, target, Problem::MissingCommand))
        .with_alias(exec.alias)
        .help("add `command:` with the credential plugin's name or path");
    Some(more.into_iter().fold(finding, Finding::help))
}
