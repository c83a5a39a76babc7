use crate::finding::Finding;
use crate::finding::fix::Remedy;
use crate::kubectl::validation::Problem;
use crate::kubectl::verdict;
use crate::kubernetes::api_versions::INTERACTIVE_MODES;
use crate::kubernetes::target::Target;
use crate::model::Subject;
use crate::text::message::message;

declare_rule! {
    /// Finds an `interactiveMode` other than `Never`, `IfAvailable` or `Always`.
    ///
    /// ## Why
    ///
    /// kubectl 1.22 and newer accept only these three values, spelled exactly like this. Older
    /// releases ignore the key.
    ///
    /// ```text
    /// error: invalid interactiveMode for u: "never"
    /// ```
    ///
    /// ## Bad
    ///
    /// ```yaml
    /// users:
    /// - name: u
    ///   user:
    ///     exec:
    ///       apiVersion: client.authentication.k8s.io/v1
    ///       interactiveMode: never
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
    ///       apiVersion: client.authentication.k8s.io/v1
    ///       interactiveMode: Never
    ///       command: kubelogin
    /// ```
    ///
    /// ## Fix
    ///
    /// `--fix` corrects the case, and removes white space around the value. It changes no other value.
    "invalid-interactive-mode": Error,
    summary: "an interactiveMode other than Never, IfAvailable or Always",
    since: "0.1.0",
    needs: Excerpt,
    is_fixable: true,
    step: Validation,
}

fn check(subject: &Subject, target: &Target) -> Option<Finding> {
    let Subject::AuthInfo(auth) = subject else { return None };
    let mode = auth.exec.as_deref()?.interactive_mode.as_ref()?;
    let messages = verdict::messages(auth, target, Problem::InvalidInteractiveMode)?;
    let wanted =
        INTERACTIVE_MODES.into_iter().find(|known| known.eq_ignore_ascii_case(mode.value.trim()));
    let help = match wanted {
        Some(known) => message!("write `{}`: case and white space matter", known),
        None => "write `IfAvailable` (the default for v1beta1), `Never` or `Always`".into(),
    };
    Some(
        Finding::new(&RULE, mode.span, "invalid `interactiveMode`")
            .label("not one of Never, IfAvailable, Always")
            .kubectl_messages(Some(messages))
            .with_alias(mode.alias)
            .help(help)
            .remedy(wanted.map(Remedy::ModeSpelling)),
    )
}
