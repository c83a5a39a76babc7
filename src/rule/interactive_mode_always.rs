use crate::finding::{Finding, KubectlSays};
use crate::kubernetes::api_versions::INTERACTIVE_MODE_SINCE;
use crate::kubernetes::transport::{NEEDS_TERMINAL, substitute};
use crate::kubernetes::validation;
use crate::kubernetes::version::{Minor, Target};
use crate::model::Subject;

declare_rule! {
    /// Finds plugins that kubectl runs only where it has a terminal.
    ///
    /// `interactiveMode: Always` says that the plugin must ask the user. In CI, in a container or
    /// in a pipe there is no terminal, and kubectl 1.22 and newer do not even run the plugin:
    ///
    /// ```text
    /// Unable to connect to the server: getting credentials: exec plugin cannot support interactive mode: standard input is not a terminal
    /// ```
    ///
    /// A note, because the file may be meant for people only.
    ///
    /// ## Bad
    ///
    /// ```yaml
    /// users:
    /// - name: u
    ///   user:
    ///     exec:
    ///       apiVersion: client.authentication.k8s.io/v1beta1
    ///       command: kubelogin
    ///       interactiveMode: Always
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
    ///       interactiveMode: IfAvailable
    /// ```
    "interactive-mode-always": Note,
    summary: "a plugin that kubectl runs only where it has a terminal",
    since: "0.1.0",
    holds_for_excerpts: false,
}

fn check(subject: &Subject, target: &Target) -> Vec<Finding> {
    let Subject::AuthInfo(auth) = subject else { return Vec::new() };
    let mode = auth.exec.as_ref().and_then(|exec| exec.interactive_mode.as_ref());
    let Some(mode) = mode.filter(|mode| mode.value == "Always") else { return Vec::new() };
    // Whatever else is wrong comes first.
    let comes_so_far = |minor: Minor| {
        minor >= INTERACTIVE_MODE_SINCE
            && validation::is_content(auth, minor)
            && substitute(&auth.credentials, minor).is_none()
    };
    if !auth.evidence.is_whole() {
        return Vec::new();
    }
    let Some(minor) = target.newest_where(comes_so_far) else { return Vec::new() };
    let says = KubectlSays { version: minor.to_string(), words: NEEDS_TERMINAL.to_owned() };
    vec![
        Finding::new(&RULE, mode.span, "kubectl runs this plugin only where it has a terminal")
            .label("not in CI")
            .says(Some(says))
            .via(mode.alias)
            .of_user(auth)
            .help("write `IfAvailable` if the plugin can do without asking"),
    ]
}
