//! Whether kubectl's preferences (kuberc) forbid a plugin.
//!
//! Source: client-go `plugin/pkg/client/auth/exec/exec.go` (an entry of the allowlist is looked up on
//! PATH, and must be the file that would run); measured with kubectl 1.35 and 1.37.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::discover::shown_path;
use crate::kubectl::kuberc::decode::read;
use crate::kubectl::kuberc::policy;
use crate::kubectl::plugin_output;
use crate::kubectl::step::Step;
use crate::kubernetes::kuberc::{ALLOWLIST, POLICY_SINCE};
use crate::run::kubeconfig::home;
use crate::text::source::Source;

use super::diagnosis::{Problem, either};
use super::path::{Executable, Lookup, shown};

/// Limit on the bytes of the preferences.
const MAX_BYTES: u64 = 1 << 20;

/// Returns where kubectl looks for its preferences; `None` if they are turned off.
fn file() -> Option<PathBuf> {
    let value = |name: &str| env::var(name).unwrap_or_default();
    if value("KUBECTL_KUBERC") == "false" || value("KUBERC") == "off" {
        return None;
    }
    match value("KUBERC") {
        path if !path.is_empty() => Some(path.into()),
        _ => home().map(|home| home.join(".kube").join("kuberc")),
    }
}

/// Returns why kubectl does not run the plugin `command`, which is the file `executable`.
pub(super) fn forbids(lookup: Lookup<'_>, command: &str, executable: &Path) -> Option<Problem> {
    let minor = lookup.minor;
    let path = file().filter(|_| minor >= POLICY_SINCE)?;
    let path = lookup.current.join(path);
    let is_small = path.metadata().is_ok_and(|m| m.is_file() && m.len() <= MAX_BYTES);
    let bytes = is_small.then(|| fs::read(&path).ok()).flatten()?;
    let kuberc = read(&Source::new(&path, bytes));
    let used = policy::used(&kuberc, minor)?;
    let place = Some(shown_path(&path, lookup.current));
    if let (policy::Reaction::Invalid, message) = policy::reaction(&kuberc, minor) {
        return Some(Problem {
            title: "kubectl refuses its preferences, and with them every command".to_owned(),
            says: message,
            remedies: either([format!("`kubeconfig-lint {}` says what is wrong", shown(&path))]),
            place,
            step: Some(Step::Loading),
            ..Problem::default()
        });
    }
    let value = &used.policy.as_ref()?.value;
    let (says, remedy) = match value.as_str() {
        "DenyAll" => (
            plugin_output::of_denied(command),
            format!("allow `{command}` there: `credentialPluginPolicy` is DenyAll"),
        ),
        ALLOWLIST => {
            let entries = used.allowlist.iter().flat_map(|list| &list.entries);
            let mut names = entries.filter_map(|entry| policy::plugin_of(entry, minor));
            let allows = |name: &str| match lookup.executable(name, lookup.current) {
                Executable::Found { path, .. } => path == executable,
                _ => false,
            };
            if names.any(|name| allows(&name.value)) {
                return None;
            }
            let field =
                if minor >= crate::kubernetes::kuberc::COMMAND_SINCE { "command" } else { "name" };
            let remedy = format!(
                "add `- {field}: {}` to `credentialPluginAllowlist` there",
                shown(executable)
            );
            (plugin_output::of_not_allowed(&shown(executable)), remedy)
        }
        _ => return None,
    };
    Some(Problem {
        title: "kubectl's preferences forbid the plugin, so doctor does not run it, either"
            .to_owned(),
        says: Some(says),
        remedies: either([remedy]),
        place,
        step: Some(Step::Credential),
        ..Problem::default()
    })
}
