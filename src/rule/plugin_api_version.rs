use crate::advice;
use crate::advice::version_copies::copies;
use crate::finding::{Finding, Severity};
use crate::kubectl::{plugin_output, transport, verdict};
use crate::kubernetes::api_versions::{self, ApiVersion};
use crate::kubernetes::plugins::{Answers, PluginInUse};
use crate::kubernetes::target::Target;
use crate::model::kubectl_message::KubectlMessage;
use crate::model::{Consumer, EntryKind, ExecConfig, Subject};
use crate::text::message::{Message, message};

declare_rule! {
    /// Finds exec configs that name an API version that the plugin does not return.
    ///
    /// ## Why
    ///
    /// kubectl accepts the output of a plugin only in the version that the kubeconfig names. It
    /// passes that version to the plugin, but many plugins ignore it: `gke-gcloud-auth-plugin`,
    /// `doctl`, `tsh` and others always return `v1beta1`; `scw`, `oc get-token` and `glab` always
    /// return `v1`.
    ///
    /// ```text
    /// Unable to connect to the server: getting credentials: exec plugin is configured to use API version client.authentication.k8s.io/v1, plugin returned version client.authentication.k8s.io/v1beta1
    /// ```
    ///
    /// `doctl` refuses any other version in its own argument `--version`:
    ///
    /// ```text
    /// Invalid version "v1", expected 'v1beta1'
    /// ```
    ///
    /// Name the version that the plugin returns. The finding is only a warning if an older release
    /// of the plugin returned the version in the file.
    ///
    /// ## Bad
    ///
    /// ```yaml
    /// users:
    /// - name: gke
    ///   user:
    ///     exec:
    ///       apiVersion: client.authentication.k8s.io/v1
    ///       interactiveMode: IfAvailable
    ///       command: gke-gcloud-auth-plugin
    ///       provideClusterInfo: true
    /// ```
    ///
    /// ## Good
    ///
    /// ```yaml
    /// users:
    /// - name: gke
    ///   user:
    ///     exec:
    ///       apiVersion: client.authentication.k8s.io/v1beta1
    ///       command: gke-gcloud-auth-plugin
    ///       provideClusterInfo: true
    /// ```
    ///
    /// ## Fix
    ///
    /// `--fix` writes the version that the plugin returns and every target kubectl accepts. The fix
    /// is safe in configuration whose plugin is known to return that version. It needs
    /// `--unsafe-fixes` if the plugin is unknown, if the plugin's answer depends on its release or
    /// settings, and in documentation, scripts and source code.
    "plugin-api-version": Error,
    summary: "an exec API version that the plugin does not return",
    since: "0.1.0",
    needs: Excerpt,
    is_fixable: true,
    step: Credential,
    foretells: OtherVersion,
}

fn check(subject: &Subject, target: &Target) -> Option<Finding> {
    if !transport::asks_plugin(subject, target) {
        return None;
    }
    let finding = match subject {
        Subject::AuthInfo(auth) => {
            let exec = auth.exec.as_deref()?;
            let mut finding = of_exec(exec, Consumer::Kubectl, target)?;
            // kubectl may stop at an earlier error.
            let message = finding.kubectl_message.take();
            let messages = message
                .map(|own| verdict::messages_about_output(auth, own.by, own.message.to_string()));
            finding.kubectl_messages(messages).advised(advice::for_user(exec, auth, target))
        }
        Subject::ExecEntry(entry) if entry.kind == EntryKind::ExecConfig => {
            let finding = of_exec(&entry.exec, entry.consumer, target)?;
            finding.advised(advice::replacement(&entry.exec, entry.consumer, target))
        }
        // The version of an exec config whose plugin is defined elsewhere in the text.
        Subject::ExecEntry(entry)
            if entry.kind == EntryKind::Setting && !entry.users.is_empty() =>
        {
            let mut execs = entry.execs().into_iter();
            let mut finding = execs.find_map(|exec| of_exec(&exec, entry.consumer, target))?;
            // The plugin may be in another file.
            finding.related.clear();
            finding.advised(advice::for_entry(entry, target))
        }
        _ => return None,
    };
    let version = subject.api_version().and_then(|value| api_versions::lookup(&value.value));
    let removed = version.and_then(|version| Some((version.version, version.removed?)));
    // This finding replaces `deprecated-api-version`.
    let also = removed.map(|(version, minor)| {
        message!("besides, `{}` was removed in Kubernetes {}", version, minor)
    });
    Some(also.into_iter().fold(finding, Finding::help))
}

fn of_exec(exec: &ExecConfig, consumer: Consumer, target: &Target) -> Option<Finding> {
    let value = exec.api_version.as_ref()?;
    // Other rules report versions that kubectl itself refuses.
    let version = api_versions::lookup(&value.value)?;
    if !version.accepted_by_all(target) {
        return None;
    }
    let plugin = advice::plugin_in_use(exec, target)?;
    if plugin.answers.allow(version) {
        return None;
    }
    let answered = names(&plugin);
    let least = plugin.target().and_then(|target| plugin.least(target));
    let message = match &least {
        None => {
            message!(
                "{} returns only {}, not `{}`",
                plugin.in_words(),
                answered.clone(),
                version.version
            )
        }
        Some(least) => {
            let answered = answered.clone();
            message!(
                "{} and newer return only {}, not `{}`",
                least.clone(),
                answered,
                version.version
            )
        }
    };
    let mut finding = Finding::new(&RULE, value.span, message)
        .label(message!("the plugin returns {}", answered))
        .with_alias(value.alias);
    finding.is_of_release = true;
    if let Some(command) = &exec.command {
        finding = finding.related(command.span, "this is the plugin");
    }
    if least.is_some() {
        finding.severity = Severity::Warning;
    } else if let Some(message) = kubectl_message(exec, &plugin, version, consumer, target) {
        finding = finding.kubectl_message(Some(message));
    }
    Some(finding)
}

/// Returns kubectl's error about a plugin that returns another version. Plugins that refuse to
/// answer print an error of their own.
///
/// Source: client-go `plugin/pkg/client/auth/exec/exec.go`, `refreshCredsLocked`.
fn kubectl_message(
    exec: &ExecConfig,
    plugin: &PluginInUse,
    version: &ApiVersion,
    consumer: Consumer,
    target: &Target,
) -> Option<KubectlMessage> {
    let answered = match plugin.answers {
        Answers::Fixed(answered) => *answered,
        // The plugin refuses a version that is not in the list.
        Answers::Flag { versions, .. } => {
            let copies = copies(exec, Some(*plugin));
            let asked = copies.iter().find(|copy| copy.is_read && !copy.has_group)?;
            versions.iter().find(|version| version.version == asked.version)?
        }
        _ => return None,
    };
    if consumer != Consumer::Kubectl {
        return None;
    }
    let by = target.reader(target.last);
    let message = plugin_output::of_other_version(version, answered, by)?;
    Some(KubectlMessage { by, message: message.into() })
}

/// Returns the versions that a plugin returns, as words.
pub(super) fn names(plugin: &PluginInUse) -> Message {
    let mut names = Message::default();
    for version in plugin.answers.versions() {
        let before = if names.is_empty() { "" } else { " and " };
        names.push(message!("{}`{}`", before, version.version));
    }
    names
}
