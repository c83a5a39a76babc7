//! Decides what to write instead of a rejected API version: one that the plugin returns and that
//! every target kubectl accepts.
//!
//! An exec config and the target come in; a version and sentences of help go out.

mod ask;
pub(crate) mod consumers;
pub(crate) mod output_format;
pub(crate) mod regenerate;
pub(crate) mod version_copies;

use crate::advice::ask::ask;
use crate::advice::regenerate::regenerate;
use crate::kubectl::transport;
use crate::kubernetes::api_versions::{
    self, ALL, ApiVersion, INTERACTIVE_MODE_SINCE, V1ALPHA1, V1BETA1,
};
use crate::kubernetes::auth_providers::RemovedProvider;
use crate::kubernetes::plugins::{
    self, Answers, CommandLine, EXEC_INFO, NotAPlugin, Plugin, PluginInUse, Program,
};
use crate::kubernetes::target::Target;
use crate::model::{AuthInfo, Consumer, Current, ExecConfig, ExecEntry};
use crate::text::message::{Message, message};
use crate::text::suggest::nearest;

/// Says what to do about a current context that needs an entry which does not exist. `entries` are
/// those of its kind.
pub(crate) fn existing(entries: &'static str, current: &Current) -> Message {
    match current.absent_files.first() {
        _ if !current.is_merged => {
            message!("name one of the {}, unless this file is merged with others", entries)
        }
        Some(file) => message!(
            "name one of the {}, or correct KUBECONFIG: there is no file `{}`",
            entries,
            file.clone()
        ),
        None => message!("name one of the {}", entries),
    }
}

/// What to do about an exec config or an auth provider.
#[derive(Debug)]
pub struct Advice {
    /// The version to write; `None` if no version suits both plugin and kubectl.
    pub version: Option<&'static ApiVersion>,
    /// What to do, one step per line.
    pub help: Vec<Message>,
}

/// Returns the known program that an exec config runs, and its command line within all wrappers.
pub(crate) fn program_of(exec: &ExecConfig) -> Option<(Program, CommandLine<'_>)> {
    plugins::find(exec.command_word()?, &exec.arg_words())
}

/// Returns the same, or a plugin that is not known but was asked.
pub(crate) fn program_in_use<'a>(
    exec: &'a ExecConfig,
    target: &Target,
) -> Option<(Program, CommandLine<'a>)> {
    plugins::find_observed(exec.command_word()?, &exec.arg_words(), &target.observed)
}

/// Returns the plugin that an exec config runs, if it is known.
pub(crate) fn plugin_of(exec: &ExecConfig) -> Option<&'static Plugin> {
    program_of(exec)?.0.plugin()
}

/// Returns the plugin that an exec config runs, if it is known or was asked, in the releases that are
/// in use.
pub(crate) fn plugin_in_use(exec: &ExecConfig, target: &Target) -> Option<PluginInUse> {
    Some(target.plugins.of(program_in_use(exec, target)?.0.plugin()?))
}

/// Returns the plugin that runs as this program if it cannot return a version. A plugin that cannot
/// see which version is requested always returns the same one.
pub(crate) fn not_returning(
    (program, line): &(Program, CommandLine<'_>),
    version: &ApiVersion,
    target: &Target,
) -> Option<PluginInUse> {
    let plugin = target.plugins.of(program.plugin()?);
    let is_blind = matches!(plugin.answers, Answers::Echo(_)) && line.hides(EXEC_INFO);
    let is_returned = plugin.answers.versions().contains(&version)
        && (!is_blind || plugin.target() == Some(version));
    (!is_returned).then_some(plugin)
}

/// Returns advice about the API version of a user's exec config, including a command that
/// regenerates the entry. If no kubectl runs the plugin, the exec config can also go.
pub(crate) fn for_user(exec: &ExecConfig, auth: &AuthInfo, target: &Target) -> Advice {
    let mut advice = replacement(exec, Consumer::Kubectl, target);
    let substitute = |minor| transport::substitute(&auth.credentials, minor);
    let unused = target.newest_where(|minor| substitute(minor).is_some());
    if let Some((minor, (field, _))) = unused.and_then(|minor| Some((minor, substitute(minor)?))) {
        if target.minors().all(|minor| substitute(minor).is_some()) {
            advice.help.truncate(1);
        }
        advice.help.push(message!(
            "or remove `exec`: {} never runs this plugin, because the user also has a `{}`",
            target.reader(minor),
            field
        ));
        return advice;
    }
    let plugin = plugin_of(exec);
    // The command writes the plugin's preferred version, or switches to another plugin.
    let plugin = plugin.filter(|plugin| plugin.target == advice.version);
    let by = plugin.and_then(|plugin| plugin.regenerate);
    advice.help.extend(by.and_then(|by| regenerate(by, auth)));
    advice
}

/// Returns advice about a user's auth provider, which some kubectl no longer has: the plugin that
/// replaces it, and a command that regenerates the entry.
pub(crate) fn for_provider(provider: &RemovedProvider, auth: &AuthInfo) -> Advice {
    let install = provider.install.map(|command| {
        message!("; install it first, for example with {}", Message::command(command))
    });
    let help = message!(
        "use the credential plugin `{}` instead{}",
        provider.successor,
        install.unwrap_or_default()
    );
    let is_flag = auth.provider_in_use().is_some_and(|provider| provider.is_flag);
    let write = provider.wants_cluster_info.then(|| match is_flag {
        true => message!(
            "instead of `--auth-provider`, write `--exec-api-version={}`, `--exec-command={}` and \
             `--exec-provide-cluster-info`, which needs kubectl {}",
            V1BETA1.name,
            provider.successor,
            consumers::SET_CREDENTIALS_MODE
        ),
        false => message!(
            "replace `auth-provider` with `exec`, and write in it `apiVersion: {}`, `command: {}` \
             and `provideClusterInfo: true`",
            V1BETA1.name,
            provider.successor
        ),
    });
    let by = provider.regenerate.and_then(|by| regenerate(by, auth));
    Advice { version: None, help: [help].into_iter().chain(write).chain(by).collect() }
}

/// Whether an exec config must name another API version, whatever else is wrong with it: a target
/// kubectl or the plugin does not accept the current one.
pub(crate) fn must_change(exec: &ExecConfig, target: &Target) -> bool {
    let named = exec.api_version.as_ref().and_then(|named| api_versions::lookup(&named.value));
    let Some(named) = named else { return !exec.is_version_set_elsewhere };
    let is_answered = plugin_in_use(exec, target).is_none_or(|plugin| plugin.answers.allow(named));
    !is_answered || !named.accepted_by_all(target)
}

/// Returns advice about the API version of an entry. If several exec configs take their version
/// from it, the version must suit all of their plugins.
pub(crate) fn for_entry(entry: &ExecEntry, target: &Target) -> Advice {
    let advices = entry.execs().into_iter().map(|exec| replacement(&exec, entry.consumer, target));
    let mut advices: Vec<Advice> = advices.collect();
    let is_agreed = |pair: &[Advice]| match pair {
        [first, second] => first.version == second.version,
        _ => true,
    };
    if advices.windows(2).all(is_agreed) {
        let none = Advice { version: None, help: Vec::new() };
        let mut advice = advices.drain(..).next().unwrap_or(none);
        if entry.is_superfluous() {
            // A plugin that never runs returns nothing.
            advice.help.truncate(1);
            advice
                .help
                .push("or remove it: kubectl reads only `users[].user.exec.apiVersion`".into());
        }
        return advice;
    }
    let help = "give each exec config its own version: their plugins return different ones";
    Advice { version: None, help: vec![help.into()] }
}

/// Returns advice about the API version of an exec config that `consumer` reads. Never advises the
/// current version.
pub(crate) fn replacement(exec: &ExecConfig, consumer: Consumer, target: &Target) -> Advice {
    let program = program_in_use(exec, target);
    if let Some((Program::NotAPlugin(other), _)) = program {
        return Advice { version: None, help: vec![not_a_plugin(other)] };
    }
    let plugin = program.as_ref().and_then(|(program, _)| program.plugin());
    let plugin = plugin.map(|plugin| target.plugins.of(plugin));
    let now = exec.api_version.as_ref().map(|version| version.value.as_str());
    let fits = |version: &&ApiVersion| {
        let is_returned =
            program.as_ref().is_none_or(|it| not_returning(it, version, target).is_none());
        version.accepted_by_all(target) && is_returned && now != Some(version.name)
    };
    // In order: the version that is asked for, the one that was meant, the plugin's preferred one,
    // v1beta1, which nearly every plugin returns and which does not require interactiveMode, and the
    // others, newest first: v1alpha1 is being phased out.
    let suggested = now.filter(|now| api_versions::lookup(now).is_none());
    let suggested = suggested.and_then(suggested_version).filter(|version| **version != V1ALPHA1);
    let best = plugin.and_then(|plugin| plugin.target());
    let others = [&V1BETA1].into_iter().chain(ALL.into_iter().rev());
    let wanted = target.fix_to.into_iter().chain(suggested).chain(best);
    let version = wanted.chain(others).find(fits);
    // An old release in use that returns nothing newer is no reason to go back to v1alpha1.
    let upgrade = plugin.and_then(|plugin| upgrade(&plugin, now, target));
    let version = version.filter(|version| **version != V1ALPHA1 || upgrade.is_none());
    let help = match (version, plugin) {
        (Some(version), _) => write(version, plugin, exec, consumer, target),
        (None, Some(plugin)) => no_version(&plugin, upgrade, target),
        // Every kubectl accepts v1beta1, so the config already names it and nothing else fits.
        (None, None) => Vec::new(),
    };
    Advice { version, help }
}

/// Returns `write …`, with the `interactiveMode` that the version requires and the condition on the
/// plugin.
fn write(
    version: &ApiVersion,
    plugin: Option<PluginInUse>,
    exec: &ExecConfig,
    consumer: Consumer,
    target: &Target,
) -> Vec<Message> {
    let now = exec.api_version.as_ref().and_then(|now| api_versions::lookup(&now.value));
    let asks_for_mode = exec.interactive_mode.is_none()
        && consumer == Consumer::Kubectl
        && target.last >= INTERACTIVE_MODE_SINCE
        && now.is_none_or(|now| !now.defaults_interactive_mode);
    let mode = if version.defaults_interactive_mode && asks_for_mode {
        ", which needs no `interactiveMode`".into()
    } else if version.defaults_interactive_mode
        || exec.interactive_mode.is_some()
        || consumers::sets_interactive_mode(consumer)
    {
        Message::default()
    } else {
        message!(" and {}", consumers::interactive_mode(consumer))
    };
    let name = match exec.has_group_elsewhere {
        true => message!("`{}` (the group is already there)", version.version),
        false => message!("`{}`", version.name),
    };
    let mut help = vec![message!("write {}{}", name, mode)];
    help.extend(needs(plugin, exec, version));
    help
}

/// Returns the first condition on the plugins of exec configs that share a version, once it is
/// written.
pub(crate) fn needs_of(
    execs: &[ExecConfig],
    version: &ApiVersion,
    target: &Target,
) -> Option<Message> {
    execs.iter().find_map(|exec| needs(plugin_in_use(exec, target), exec, version))
}

/// Returns the condition on the plugin of an exec config once the version is written; `None` if every release of it
/// returns that version.
pub(crate) fn needs(
    plugin: Option<PluginInUse>,
    exec: &ExecConfig,
    version: &ApiVersion,
) -> Option<Message> {
    let word = version.version;
    let Some(plugin) = plugin else {
        let claim = match program_without_arguments(exec) {
            Some(command) => message!(
                "no arguments say what `{}` runs; check that it returns `{}`",
                command.to_owned(),
                word
            ),
            None => message!("check that the plugin returns `{}`", word),
        };
        return Some(ask(claim, exec, version));
    };
    match (plugin.answers, plugin.before()) {
        (_, Some(before)) => {
            let newer = match plugin.least(version) {
                Some(least) => message!("{} and newer return", least),
                None => message!("new releases of {} return", plugin.name),
            };
            let claim = message!("{} `{}`, older releases `{}`", newer, word, before.version);
            Some(ask(claim, exec, version))
        }
        (Answers::Depends(_), _) => {
            let claim = message!(
                "whether {} returns `{}` depends on its release and settings",
                plugin.name,
                word
            );
            Some(ask(claim, exec, version))
        }
        _ => least_release(&plugin, version),
    }
}

/// Returns the command of an exec config if it is a known program whose arguments decide what it
/// runs, and there are none.
pub(crate) fn program_without_arguments(exec: &ExecConfig) -> Option<&str> {
    let command = exec.command_word().filter(|_| exec.args.is_empty());
    command.filter(|command| plugins::names_program(command))
}

/// Returns which releases of a plugin return the version; `None` if all do, or if that is unknown.
pub(crate) fn least_release(plugin: &PluginInUse, version: &ApiVersion) -> Option<Message> {
    let least = plugin.least(version)?;
    let release = plugin.release.map(|command| message!(": check `{}`", command));
    Some(message!("`{}` needs at least {}{}", version.version, least, release.unwrap_or_default()))
}

/// Returns why a command that looks like a plugin is not one, and what to run instead.
pub(crate) fn not_a_plugin(other: &NotAPlugin) -> Message {
    message!("run `{}` instead of `{}`, which {}", other.instead, other.name, other.does)
}

/// Returns which kubectl of the target refuses a version that not all of them accept, to follow
/// "which".
pub(crate) fn refusal(version: &ApiVersion, target: &Target) -> Message {
    if target.minors().any(|minor| version.accepted_by(minor)) {
        message!("not every {} of {} accepts", target.program(), target.span())
    } else {
        message!("{} refuses", target)
    }
}

/// Returns help for a plugin without a suitable version: upgrade or replace the plugin, or change
/// kubectl too. `upgrade` says to which release.
fn no_version(plugin: &PluginInUse, upgrade: Option<Message>, target: &Target) -> Vec<Message> {
    match plugin.answers.versions() {
        [only] => {
            let refusal = if only.accepted_by_all(target) {
                Message::default()
            } else {
                message!(", which {}", refusal(only, target))
            };
            let instead = plugin.instead.map(|instead| message!("replace it with {}", instead));
            vec![message!(
                "{} returns only `{}`{}: {}",
                plugin.in_words(),
                only.name,
                refusal,
                upgrade.or(instead).unwrap_or_else(|| "replace it".into())
            )]
        }
        _ => vec![message!(
            "change {} together with {}: it returns no other version that every {} of {} accepts",
            plugin.name.to_owned(),
            target.program(),
            target.program(),
            target.span()
        )],
    }
}

/// Returns to which release to upgrade a plugin whose old release is in use, and what to write then,
/// for a version that every kubectl accepts. `now` is the version that the exec config names.
fn upgrade(plugin: &PluginInUse, now: Option<&str>, target: &Target) -> Option<Message> {
    plugin.releases?;
    let newest = plugin.newest_answers().versions().iter().copied();
    let mut wanted = plugin.target.into_iter().chain(newest);
    let version = wanted.find(|version| version.accepted_by_all(target))?;
    let releases = plugin.since_or_newer(version)?;
    let comma = if releases.contains(',') { "," } else { "" };
    let write =
        (now != Some(version.name)).then(|| message!("{} and write `{}`", comma, version.name));
    Some(message!("upgrade to {}{}", releases, write.unwrap_or_default()))
}

/// Returns the API version that a misspelling probably meant: one with the same version word, or a
/// word that differs by at most two letters. `None` if two are equally near.
pub(crate) fn suggested_version(wrong: &str) -> Option<&'static ApiVersion> {
    let wrong = wrong.trim().trim_end_matches('/');
    let word = wrong.rsplit('/').next().unwrap_or(wrong);
    // At most two letters, but fewer than half of a short word.
    let most = (word.len().saturating_sub(1) / 2).min(2);
    let name = nearest(word, ALL.into_iter().map(|version| version.version), most)?;
    ALL.into_iter().find(|version| version.version == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kubernetes::plugins::PLUGINS;
    use crate::text::source::Span;
    use crate::text::source::Spanned;

    fn exec(version: &str, command: &str, args: &[&str]) -> ExecConfig {
        let spanned =
            |value: &str| Spanned { value: value.to_owned(), span: Span::default(), alias: None };
        ExecConfig {
            api_version: Some(spanned(version)).filter(|version| !version.value.is_empty()),
            command: Some(spanned(command)).filter(|command| !command.value.is_empty()),
            args: args.iter().map(|arg| spanned(arg)).collect(),
            ..ExecConfig::default()
        }
    }

    fn advised(version: &str, command: &str, target: &str) -> Option<&'static str> {
        let exec = exec(version, command, &["eks", "get-token"]);
        replacement(&exec, Consumer::Kubectl, &target.parse().unwrap())
            .version
            .map(|version| version.version)
    }

    #[test]
    fn replacement_suits_kubectl_and_plugin() {
        let old = "client.authentication.k8s.io/v1alpha1";
        assert_eq!(advised(old, "aws", "1.37"), Some("v1beta1"));
        assert_eq!(advised(old, "mine", "1.37"), Some("v1beta1"));
        assert_eq!(advised(old, "mine", "1.20-1.37"), Some("v1beta1"));
        assert_eq!(
            advised("client.authentication.k8s.io/v1betha1", "mine", "1.37"),
            Some("v1beta1")
        );
        assert_eq!(advised("v1", "aws", "1.37"), Some("v1"));
        assert_eq!(advised("v1", "aws", "1.20"), Some("v1beta1"));
        assert_eq!(
            advised("client.authentication.k8s.io/v1alpha2", "mine", "1.20"),
            Some("v1beta1")
        );
        assert_eq!(advised(old, "heptio-authenticator-aws", "1.37"), None);
    }

    /// Covers every plugin of the table and several kubectls.
    #[test]
    fn replacement_is_never_refused_by_kubectl_or_plugin() {
        for target in ["1.20", "1.23", "1.24", "1.37", "1.20-1.37", "1.22-1.37"] {
            let target: Target = target.parse().unwrap();
            for plugin in PLUGINS.iter() {
                for run in plugin.invocations {
                    for now in ALL.map(|version| version.name).into_iter().chain(["", "v1", "v9"]) {
                        let exec = exec(now, run.command, run.args);
                        let Some(known) = plugin_of(&exec) else { continue };
                        let advice = replacement(&exec, Consumer::Kubectl, &target);
                        let Some(version) = advice.version else { continue };
                        assert!(version.accepted_by_all(&target));
                        assert!(known.newest_answers().versions().contains(&version));
                        assert_ne!(version.name, now);
                    }
                }
            }
        }
    }

    #[test]
    fn suggested_version_resolves_unambiguous_typos() {
        let suggested = |wrong| suggested_version(wrong).map(|version| version.version);
        assert_eq!(suggested("client.authentication.k8s.io/v1betha1"), Some("v1beta1"));
        assert_eq!(suggested("client.authentication.io/v1beta1"), Some("v1beta1"));
        assert_eq!(suggested("client.authentication.k8s.io/v1beta1\n"), Some("v1beta1"));
        assert_eq!(suggested("client.authentication.k8s.io/V1BETA1"), Some("v1beta1"));
        assert_eq!(suggested("v1"), Some("v1"));
        assert_eq!(suggested("client.authentication.k8s.io/v1beta2"), Some("v1beta1"));
        assert_eq!(suggested("client.authentication.k8s.io/v2"), None);
        assert_eq!(suggested("client.authentication.k8s.io"), None);
        assert_eq!(suggested(""), None);
    }
}
