use crate::finding::Finding;
use crate::kubectl::validation::Problem;
use crate::kubectl::verdict;
use crate::kubernetes::target::Target;
use crate::model::Subject;

use super::{not_a_plugin, unused_exec};
use crate::text::message::message;

declare_rule! {
    /// Finds credential plugins that kubectl runs only in a terminal.
    ///
    /// ## Why
    ///
    /// `interactiveMode: Always` says that the plugin must ask the user something. In CI, in a
    /// container or in a pipe there is no terminal, and kubectl 1.22 and newer do not run the
    /// plugin:
    ///
    /// ```text
    /// Unable to connect to the server: getting credentials: exec plugin cannot support interactive
    /// mode: standard input is not a terminal
    /// ```
    ///
    /// This is a note, because the file may be meant for interactive use only.
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
    summary: "a credential plugin that kubectl runs only in a terminal",
    since: "0.1.0",
    needs: EveryKey,
    step: Credential,
}

fn check(subject: &Subject, target: &Target) -> Option<Finding> {
    let Subject::AuthInfo(auth) = subject else { return None };
    let mode = auth.exec.as_deref()?.interactive_mode.as_ref()?;
    if mode.value != "Always" {
        return None;
    }
    // Report this only if nothing else is wrong first.
    if verdict::is_refused(auth, target) {
        return None;
    }
    let messages = verdict::messages(auth, target, Problem::NeedsTerminal)?;
    Some(
        Finding::new(
            &RULE,
            mode.span,
            message!("{} runs this plugin only in a terminal", target.program()),
        )
        .label("does not work in CI")
        .kubectl_messages(Some(messages))
        .with_alias(mode.alias)
        .covered_by([&not_a_plugin::RULE, &unused_exec::RULE])
        .help("write `IfAvailable` if the plugin can run without a prompt"),
    )
}
