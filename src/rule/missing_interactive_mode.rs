use crate::advice::{self, consumers};
use crate::finding::fix::Remedy;
use crate::finding::rule::{Needs, Rule};
use crate::finding::{Finding, Severity};
use crate::kubectl::validation::Problem;
use crate::kubectl::verdict;
use crate::kubernetes::api_versions::{self, V1, V1BETA1};
use crate::kubernetes::plugins::Program;
use crate::kubernetes::target::Target;
use crate::model::{AuthInfo, Consumer, EntryKind, Evidence, ExecConfig, ExecEntry, Subject};
use crate::text::message::message;

use super::{
    missing_api_version, plugin_api_version, removed_api_version, unknown_api_version,
    unsupported_api_version,
};

declare_rule! {
    /// Finds exec configs of version `v1` without `interactiveMode`.
    ///
    /// ## Why
    ///
    /// kubectl 1.22 and newer require `interactiveMode` in every kubeconfig whose exec API version
    /// is not `v1beta1` or `v1alpha1`. These two default to `IfAvailable`; `v1` has no default.
    ///
    /// ```text
    /// error: interactiveMode must be specified for u to use exec authentication plugin
    /// ```
    ///
    /// If the version must change too, only the version is reported, because the new one may need no
    /// mode. If you deselect or ignore that finding, the missing mode is reported.
    ///
    /// ## Bad
    ///
    /// ```yaml
    /// users:
    /// - name: u
    ///   user:
    ///     exec:
    ///       apiVersion: client.authentication.k8s.io/v1
    ///       command: kubelogin
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
    ///       apiVersion: client.authentication.k8s.io/v1
    ///       interactiveMode: IfAvailable
    ///       command: kubelogin
    ///       args: [get-token]
    /// ```
    ///
    /// ## Fix
    ///
    /// `--fix` adds `interactiveMode: IfAvailable`, the default of `v1beta1`. Write `Never` if the
    /// plugin must not read from the terminal, and `Always` if it cannot work without a terminal.
    /// The fix is safe unless the plugin may return another version, or another program assembles
    /// the kubeconfig and may add the mode itself. Terraform providers and Argo CD set the mode
    /// themselves and have no key for it.
    "missing-interactive-mode": Error,
    summary: "an exec config of version v1 without interactiveMode",
    since: "0.1.0",
    needs: Excerpt,
    is_fixable: true,
    step: Validation,
}

fn check(subject: &Subject, target: &Target) -> Option<Finding> {
    if let Subject::ExecEntry(entry) = subject {
        return of_entry(entry, target);
    }
    let Subject::AuthInfo(auth) = subject else { return None };
    let exec = auth.exec.as_deref()?;
    // A template may still spell out one user completely.
    let is_whole = auth.evidence.is_whole();
    let messages = if is_whole {
        verdict::messages(auth, target, Problem::MissingInteractiveMode)
    } else {
        let rendered = AuthInfo { evidence: Evidence::Parsed, ..AuthInfo::clone(auth) };
        let is_v1 = exec.api_version.as_ref().is_some_and(|version| version.value == V1.name);
        let rendered_messages =
            || verdict::messages(&rendered, target, Problem::MissingInteractiveMode);
        (exec.is_whole && is_v1 && exec.interactive_mode_key.is_none())
            .then(rendered_messages)
            .flatten()
    }?;
    let mut finding = missing(exec).kubectl_messages(Some(messages)).with_alias(exec.alias);
    if !is_whole {
        finding.severity = Severity::Warning;
    }
    finding = finding.covered_by(covering(exec, target));
    if exec.api_version.is_none() {
        // An excerpt may leave out the version on which the mode depends.
        finding.needs = Needs::File;
    }
    let finding = finding.help("add `interactiveMode: IfAvailable`").remedy(remedy(exec));
    Some(unsettled(exec, finding, target))
}

/// Reports an exec config that is about to enter a kubeconfig, but that was not read from one.
fn of_entry(entry: &ExecEntry, target: &Target) -> Option<Finding> {
    let exec = &entry.exec;
    let version = exec.api_version.as_ref()?;
    let needs_mode =
        api_versions::lookup(&version.value).is_some_and(|known| !known.defaults_interactive_mode);
    let is_written = match entry.consumer {
        Consumer::Kubectl | Consumer::SetCredentials => true,
        Consumer::KubeconfigPart => exec.command.is_some(),
        // A literal in source code becomes an entry of a kubeconfig.
        Consumer::Unknown => entry.evidence == Evidence::Pattern,
        _ => false,
    };
    let is_read = is_written && entry.kind == EntryKind::ExecConfig && entry.is_whole;
    let has_mode = exec.interactive_mode.is_some() || exec.interactive_mode_key.is_some();
    let remedy = remedy(exec);
    let is_moot = remedy.is_none() && entry.evidence == Evidence::Pattern;
    if !needs_mode || !is_read || has_mode || is_moot {
        return None;
    }
    let mut finding = missing(exec);
    finding = finding.covered_by(covering(exec, target));
    if entry.consumer == Consumer::KubeconfigPart {
        // The program that assembles the pieces may add the mode.
        finding.severity = Severity::Warning;
    }
    if entry.consumer != Consumer::SetCredentials {
        let help = consumers::interactive_mode(entry.consumer);
        return Some(unsettled(exec, finding.help(help).remedy(remedy), target));
    }
    let plugin = advice::plugin_in_use(exec, target);
    let is_beta = plugin.is_none_or(|plugin| plugin.answers.versions().contains(&&V1BETA1));
    let has_flag = target.first >= consumers::SET_CREDENTIALS_MODE;
    let other = is_beta.then_some(Remedy::ApiVersion(&V1BETA1));
    let or_beta = if is_beta { ", or write `client.authentication.k8s.io/v1beta1`" } else { "" };
    let help = message!("{}{}", consumers::interactive_mode(entry.consumer), or_beta);
    let finding = finding.help(help).remedy(if has_flag { remedy } else { other });
    Some(unsettled(exec, finding, target))
}

/// Returns the rules that replace this one if the version must change: another version may not need
/// a mode.
fn covering(exec: &ExecConfig, target: &Target) -> Vec<&'static Rule> {
    if !advice::must_change(exec, target) {
        return Vec::new();
    }
    vec![
        &missing_api_version::RULE,
        &plugin_api_version::RULE,
        &removed_api_version::RULE,
        &unknown_api_version::RULE,
        &unsupported_api_version::RULE,
    ]
}

fn missing(exec: &ExecConfig) -> Finding {
    let finding = Finding::new(&RULE, exec.key, "the exec config has no `interactiveMode`")
        .label("`interactiveMode` is missing here");
    match &exec.api_version {
        Some(version) => finding.related(version.span, "this version has no default for it"),
        None => finding,
    }
}

/// Adds advice for a plugin that may return another version than the one in the file.
fn unsettled(exec: &ExecConfig, finding: Finding, target: &Target) -> Finding {
    let version = exec.api_version.as_ref().and_then(|value| api_versions::lookup(&value.value));
    let plugin = advice::plugin_in_use(exec, target);
    let version = version.filter(|version| {
        plugin.is_some_and(|plugin| plugin.answers.allow(version) && !plugin.is_certain(version))
    });
    match version.and_then(|version| advice::needs(plugin, exec, version)) {
        Some(needs) => finding.help(needs),
        None => finding,
    }
}

/// Adds the mode, unless the command is not a plugin.
fn remedy(exec: &ExecConfig) -> Option<Remedy> {
    let is_no_plugin = matches!(advice::program_of(exec), Some((Program::NotAPlugin(_), _)));
    (!is_no_plugin).then_some(Remedy::InteractiveMode)
}
