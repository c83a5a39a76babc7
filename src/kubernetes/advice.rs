//! What to write instead of a refused API version: what the plugin answers, and no more than
//! the target kubectl accepts.

use crate::model::ExecConfig;

use super::api_versions::{self, ApiVersion, V1BETA1};
use super::plugins::{self, Plugin};
use super::version::Target;

/// The plugin that an exec config runs, if it is known.
pub fn plugin_of(exec: &ExecConfig) -> Option<&'static Plugin> {
    let args: Vec<&str> = exec.args.iter().map(|arg| arg.value.as_str()).collect();
    plugins::lookup(&exec.command.as_ref()?.value, &args)
}

/// What to write as the API version of an exec config, one piece of advice a line.
///
/// `meant` is what a misspelt version was meant to be, if that is clear.
pub fn replacement(
    exec: &ExecConfig,
    target: &Target,
    meant: Option<&'static ApiVersion>,
) -> Vec<String> {
    let Some(plugin) = plugin_of(exec) else {
        return unknown_plugin(exec, target, meant);
    };
    let Some(version) = plugin.target else {
        let name = plugin.name;
        return vec![format!(
            "replace the plugin: no release of {name} answers a version that kubectl still accepts"
        )];
    };
    if !accepted_by_all(version, target) {
        return vec![format!(
            "{} answers only {}, which kubectl {target} does not accept: another plugin, or a \
             newer kubectl, is needed",
            plugin.name, version.name
        )];
    }
    let mut help = vec![write(version, exec)];
    if let Some(least) = plugin.least {
        help.push(format!("upgrade {} first: it answers that from {least} on", plugin.name));
    }
    if let Some(command) = plugin.regenerate {
        help.push(format!("or let the entry be written again: `{command}`"));
    }
    help
}

fn accepted_by_all(version: &ApiVersion, target: &Target) -> bool {
    target.minors().all(|minor| version.accepted_by(minor))
}

/// `write …`, with the `interactiveMode` that the version needs.
fn write(version: &ApiVersion, exec: &ExecConfig) -> String {
    if version.defaults_interactive_mode || exec.interactive_mode.is_some() {
        format!("write `{}`", version.name)
    } else {
        format!("write `{}` and add `interactiveMode: IfAvailable`", version.name)
    }
}

fn unknown_plugin(
    exec: &ExecConfig,
    target: &Target,
    meant: Option<&'static ApiVersion>,
) -> Vec<String> {
    let meant = meant.filter(|version| accepted_by_all(version, target));
    // v1beta1 wherever it goes: nearly every plugin answers it, and it needs no interactiveMode.
    let usual = accepted_by_all(&V1BETA1, target).then_some(&V1BETA1);
    let Some(version) = meant.or(usual).or_else(|| api_versions::choices(target).next()) else {
        return vec![format!(
            "no version is accepted by every kubectl of {target}: narrow the range"
        )];
    };
    let mut help = vec![write(version, exec)];
    if exec.command.is_some() {
        help.push(format!(
            "the plugin must answer it too; ask it: `KUBERNETES_EXEC_INFO='{{\"apiVersion\":\"{}\",\
             \"kind\":\"ExecCredential\",\"spec\":{{\"interactive\":false}}}}' COMMAND ARGS`",
            version.name
        ));
    }
    help
}
