use crate::finding::Finding;
use crate::kubernetes::version::Target;
use crate::model::Subject;

declare_rule! {
    /// Finds exec configs that kubectl does not see, because the key is spelt otherwise or stands
    /// in the wrong place.
    ///
    /// `Exec` is not `exec`, and `exec` belongs below `user`. kubectl passes over both in silence,
    /// finds no credentials, and asks for a user name; in CI it says
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
    summary: "an exec config that kubectl does not see",
    since: "0.1.0",
    needs: EveryKey,
}

fn check(subject: &Subject, _: &Target) -> Option<Finding> {
    let Subject::AuthInfo(auth) = subject else { return None };
    let key = auth.unseen_exec.filter(|_| auth.exec.is_none())?;
    Some(
        Finding::new(&RULE, key, "kubectl does not see this exec config")
            .label("not `users[].user.exec`")
            .help("write the key `exec`, below `user`"),
    )
}
