use crate::finding::Finding;
use crate::kubectl::transport::substitute;
use crate::kubectl::verdict;
use crate::kubernetes::version::{Minor, Target};
use crate::model::Subject;
use crate::text::message::message;

declare_rule! {
    /// Finds exec configs whose plugin kubectl never runs, because the user has other credentials
    /// too.
    ///
    /// kubectl sends a `token` without asking the plugin, from 1.22 on also a `username`, and from
    /// 1.24 on also a client certificate with its key. The exec config is checked all the same: a
    /// wrong `apiVersion` still stops every command.
    ///
    /// A note: nothing is broken, but what is left over from before misleads, and a token that
    /// lies in a file does not expire with the plugin's.
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
    let exec = auth.exec.as_ref()?;
    let is_unused = |minor: Minor| {
        verdict::accepts(auth, minor) && substitute(&auth.credentials, minor).is_some()
    };
    let minor = target.newest_where(is_unused)?;
    let (field, place) = substitute(&auth.credentials, minor)?;
    let message =
        message!("kubectl {} never runs this plugin: the user has a `{}` too", minor, field);
    Some(
        Finding::new(&RULE, exec.key, message)
            .label("never run")
            .related(place, "sent instead")
            .with_alias(exec.alias)
            .help(message!("remove `{}` if the plugin is to be used, or else `exec`", field)),
    )
}
