use crate::finding::Finding;
use crate::kubernetes::target::Target;
use crate::model::Subject;

declare_rule! {
    /// Finds exec configs that kubectl ignores, because the key is misspelled or in the wrong
    /// place.
    ///
    /// ## Why
    ///
    /// `Exec` is not `exec`, and `exec` belongs under `user`. kubectl silently ignores both, has no
    /// credentials, and asks for a username. In CI it says:
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
    let key = auth.unseen_exec.filter(|_| auth.exec.is_none())?;
    Some(
        Finding::new(&RULE, key, "kubectl ignores this exec config")
            .label("not `users[].user.exec`")
            .help("move it under `user`, with the key `exec`"),
    )
}
