use crate::finding::Finding;
use crate::kubernetes::target::Target;
use crate::model::{ExecMistake, Subject, UnseenExec};

declare_rule! {
    /// Finds exec configs that kubectl ignores, because the key is misspelled or in the wrong
    /// place.
    ///
    /// ## Why
    ///
    /// `Exec` is not `exec`, `exec` belongs under `user`, and `user` belongs in an entry of `users`,
    /// which is easily lost with the indentation. kubectl silently ignores an exec config elsewhere,
    /// has no credentials, and asks for a username. In CI it says:
    ///
    /// ```text
    /// error: EOF
    /// ```
    ///
    /// ## Bad
    ///
    /// ```yaml
    /// apiVersion: v1
    /// kind: Config
    /// users:
    /// - name: u
    ///   user: {}
    ///   exec:
    ///     apiVersion: client.authentication.k8s.io/v1beta1
    ///     command: kubelogin
    /// ```
    ///
    /// ## Good
    ///
    /// ```yaml
    /// apiVersion: v1
    /// kind: Config
    /// users:
    /// - name: u
    ///   user:
    ///     exec:
    ///       apiVersion: client.authentication.k8s.io/v1beta1
    ///       command: kubelogin
    /// ```
    "unseen-exec": Warning,
    summary: "an exec config that kubectl ignores",
    since: "0.1.0",
    needs: EveryKey,
}

fn check(subject: &Subject, _: &Target) -> Option<Finding> {
    let Subject::AuthInfo(auth) = subject else { return None };
    let UnseenExec { key, mistake } = auth.unseen_exec.filter(|_| auth.exec.is_none())?;
    let help = match mistake {
        ExecMistake::Case => "write `exec`",
        ExecMistake::BesideUser => "move it under `user`",
        ExecMistake::CaseBesideUser => "move it under `user`, with the key `exec`",
        ExecMistake::NotIndented => {
            "indent the lines of the exec config, so that they are below `exec`"
        }
        ExecMistake::NoKey => "write `exec:` under `user`, and move the exec config below it",
        ExecMistake::OtherUser => "write `user`",
        ExecMistake::BesideUsers => {
            "indent `user` and the lines below it, so that they belong to the entry in `users`"
        }
    };
    let label = match mistake {
        ExecMistake::OtherUser | ExecMistake::BesideUsers => "not `users[].user`",
        _ => "not `users[].user.exec`",
    };
    Some(Finding::new(&RULE, key, "kubectl ignores this exec config").label(label).help(help))
}
