use crate::finding::Finding;
use crate::kubectl::transport::substitute;
use crate::kubectl::verdict;
use crate::kubernetes::target::Target;
use crate::model::Subject;
use crate::text::message::message;

use super::deprecated_api_version;

declare_rule! {
    /// Finds exec configs whose plugin kubectl never runs, because the user also has other
    /// credentials.
    ///
    /// ## Why
    ///
    /// If the user has a `token`, kubectl sends it and does not run the plugin. Since kubectl 1.22
    /// the same is true of a `username`, and since 1.24 of a client certificate with its key.
    /// kubectl still checks the exec config: with a wrong `apiVersion`, every command of that user
    /// fails. Rules about what the plugin returns do not apply here.
    ///
    /// This is a note, because nothing is broken. But leftover credentials are misleading, and a
    /// token in a file outlives those that the plugin returns.
    ///
    /// ## Bad
    ///
    /// ```yaml
    /// users:
    /// - name: u
    ///   user:
    ///     token: made-up
    ///     exec:
    ///       apiVersion: client.authentication.k8s.io/v1beta1
    ///       command: kubelogin
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
    /// ```
    "unused-exec": Note,
    summary: "an exec config whose plugin kubectl never runs",
    since: "0.1.0",
    needs: EveryKey,
}

fn check(subject: &Subject, target: &Target) -> Option<Finding> {
    let Subject::AuthInfo(auth) = subject else { return None };
    let exec = auth.exec.as_deref()?;
    let minor = target.newest_where(|minor| substitute(&auth.credentials, minor).is_some())?;
    let (field, place) = substitute(&auth.credentials, minor)?;
    // The findings about what kubectl refuses advise to remove `exec`, too.
    if verdict::is_refused(auth, target) {
        return None;
    }
    let message = message!(
        "{} never runs this plugin: the user also has a `{}`",
        target.reader(minor),
        field
    );
    Some(
        Finding::new(&RULE, exec.key, message)
            .label("never run")
            .related(place, "used instead")
            .with_alias(exec.alias)
            .help(message!("remove `{}` to use the plugin, or remove `exec`", field))
            .covered_by([&deprecated_api_version::RULE]),
    )
}
