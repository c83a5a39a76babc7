//! Finds second copies of the exec API version, in the environment and the arguments of a plugin.
//!
//! kubectl tells a plugin which version it wants in KUBERNETES_EXEC_INFO. Some kubeconfigs repeat
//! it: Pulumi's set that variable themselves, `doctl` and `ack-ram-tool` take a flag, and shell
//! scripts print a version of their own. A text that names several versions is not a copy: it
//! converts between them or chooses one.
//!
//! kubectl appends KUBERNETES_EXEC_INFO to the plugin's environment last, so it replaces the same
//! variable in `env`. A wrapper such as `env KUBERNETES_EXEC_INFO=… aws` runs later and overrides
//! it. Source: client-go `plugin/pkg/client/auth/exec/exec.go` (`refreshCredsLocked`); tried with
//! kubectl 1.20 to 1.37. client-go 1.11 to 0.19 does not set the variable for v1beta1.

use crate::kubernetes::api_versions::{self, GROUP};
use crate::kubernetes::plugins::{Answers, EXEC_INFO, PluginInUse};
use crate::model::ExecConfig;
use crate::text::message::{Message, message};
use crate::text::source::{Span, Spanned};

/// How a copy relates to the version that kubectl requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CopyEffect {
    /// kubectl replaces the variable, so the plugin never sees the copy.
    Replaced,
    /// A wrapper sets the variable after kubectl did, so the plugin sees only the copy.
    Overrides,
    /// The plugin may read the copy in addition to what kubectl requests.
    Added,
}

/// A second copy of the version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct VersionCopy {
    /// The argument, or the value of the variable, that holds the copy.
    pub span: Span,
    /// The alias through which that got here, if any.
    pub alias: Option<Span>,
    /// The bare version: `v1beta1`.
    pub version: String,
    /// Whether the group precedes the version.
    pub has_group: bool,
    /// Whether the plugin is known to read it; otherwise the effect of changing it is unknown.
    pub is_read: bool,
    /// How it relates to what kubectl requests.
    pub effect: CopyEffect,
    /// The place, in words: ``the argument `--api-version` ``.
    pub place: Message,
}

/// Returns the copies of the version in an exec config that runs `plugin`, in order.
pub(crate) fn copies(exec: &ExecConfig, plugin: Option<PluginInUse>) -> Vec<VersionCopy> {
    let mut found = Vec::new();
    let flag = plugin.and_then(|plugin| match plugin.answers {
        Answers::Flag { flag, .. } => Some(*flag),
        _ => None,
    });
    let said = exec.api_version.as_ref().map_or("", |said| said.value.as_str());
    let mut before = "";
    for (arg, text) in exec.args.iter().zip(exec.arg_words()) {
        let (name, value) = match text.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name, value),
            _ => (before, text),
        };
        // The flag of another plugin may mean anything, so it counts only if it names the same
        // version.
        let is_own = Some(name) == flag && is_version_word(value);
        let is_same = matches!(name, "--api-version" | "--exec-api-version")
            && api_versions::ALL.iter().any(|known| known.version == value && said == known.name);
        if is_own || is_same {
            found.push(VersionCopy {
                span: arg.span,
                alias: arg.alias,
                version: value.to_owned(),
                has_group: false,
                is_read: is_own,
                effect: CopyEffect::Added,
                place: message!("the argument `{}`", name.to_owned()),
            });
        } else if text.split_once(EXEC_INFO).is_some_and(|(_, rest)| rest.starts_with('=')) {
            let is_read = plugin.is_some_and(|plugin| matches!(plugin.answers, Answers::Echo(_)));
            let copy = with_group(text, arg, is_read, exec_info);
            found.extend(copy.map(|copy| VersionCopy { effect: CopyEffect::Overrides, ..copy }));
        } else {
            let is_known = Some(name) == flag || name == "--exec-api-version";
            let place = || match is_known {
                true => message!("the argument `{}`", name.to_owned()),
                false => "an argument".into(),
            };
            found.extend(with_group(text, arg, is_known, place));
        }
        before = text;
    }
    for variable in &exec.env {
        let Some(value) = &variable.value else { continue };
        let name = variable.name.as_ref().map_or("", |name| name.value.as_str());
        let place = || {
            let is_usual = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
            match is_usual && !name.is_empty() && name.len() < 64 {
                true => message!("the variable {}", name.to_owned()),
                false => "a variable".into(),
            }
        };
        let is_replaced = name == EXEC_INFO;
        let effect = if is_replaced { CopyEffect::Replaced } else { CopyEffect::Added };
        let copy = with_group(&value.value, value, is_replaced, place);
        found.extend(copy.map(|copy| VersionCopy { effect, ..copy }));
    }
    found
}

fn exec_info() -> Message {
    message!("the variable {}", EXEC_INFO)
}

/// Returns the values in which no version needs a finding of its own: those of a variable that
/// kubectl replaces, and those of the `copies` that override what kubectl requests, which are judged
/// as copies.
pub(crate) fn settled(exec: &ExecConfig, copies: &[VersionCopy]) -> Vec<Span> {
    let is_replaced = |name: &Spanned<String>| name.value == EXEC_INFO;
    let variables = exec.env.iter().filter(|env| env.name.as_deref().is_some_and(is_replaced));
    let replaced = variables.filter_map(|env| Some(env.value.as_ref()?.span));
    let overriding = copies.iter().filter(|copy| copy.effect == CopyEffect::Overrides);
    replaced.chain(overriding.map(|copy| copy.span)).collect()
}

/// Returns the version in the description of the default if it names exactly that version and no
/// other version or release, such as a newer version next to `v1beta1`, or 1.24.
///
/// Rules do not treat it as a copy: prose may mention anything.
pub(crate) fn described(exec: &ExecConfig) -> Option<VersionCopy> {
    let said = exec.api_version.as_ref()?.value.strip_prefix(GROUP)?.strip_prefix('/')?;
    let description = exec.description.as_ref()?;
    let copy = with_group(&description.value, description, true, || "the description".into())?;
    let is_number = |word: &str| {
        word.strip_prefix('v').unwrap_or(word).starts_with(|c: char| c.is_ascii_digit())
    };
    let words = description.value.split(|c: char| !c.is_ascii_alphanumeric());
    let names_other = words.filter(|word| *word != said).any(is_number);
    (copy.version == said && !names_other).then_some(copy)
}

/// Returns where the text names the version without any group.
pub(crate) fn lone_words<'t>(text: &'t str, version: &'t str) -> impl Iterator<Item = usize> + 't {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '/' | '_');
    let is_alone = move |at: &usize| {
        let before = text.get(..*at).unwrap_or("");
        let rest = text.get(at + version.len()..).unwrap_or("");
        !before.ends_with(is_name) && !rest.starts_with(is_name)
    };
    text.match_indices(version).map(|(at, _)| at).filter(is_alone)
}

/// Whether the word has the form of a Kubernetes version.
fn is_version_word(word: &str) -> bool {
    let is_number = |part: &str| {
        (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let Some(rest) = word.strip_prefix('v') else { return false };
    let (major, minor) =
        match ["alpha", "beta"].into_iter().find_map(|stage| rest.split_once(stage)) {
            Some((major, minor)) => (major, Some(minor)),
            None => (rest, None),
        };
    is_number(major) && minor.is_none_or(is_number)
}

/// Returns the version that follows the group in the text at a place, once or repeatedly; `None` if
/// the text names several versions.
fn with_group(
    text: &str,
    place: &Spanned<String>,
    is_read: bool,
    words: impl FnOnce() -> Message,
) -> Option<VersionCopy> {
    let mut found: Option<&str> = None;
    for (at, group) in text.match_indices(GROUP) {
        let rest = text.get(at + group.len()..).unwrap_or("");
        let Some(rest) = rest.strip_prefix('/').or_else(|| rest.strip_prefix("\\/")) else {
            continue;
        };
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let word = rest.get(..length).unwrap_or("");
        if !is_version_word(word) {
            continue;
        }
        if found.is_some_and(|known| known != word) {
            return None;
        }
        found = Some(word);
    }
    let version = found?.to_owned();
    let (span, alias) = (place.span, place.alias);
    let (has_group, effect) = (true, CopyEffect::Added);
    Some(VersionCopy { span, alias, version, has_group, is_read, effect, place: words() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advice;
    use crate::kubernetes::target::Target;
    use crate::model::ExecEnvVar;

    fn spanned(value: &str) -> Spanned<String> {
        Spanned { value: value.to_owned(), span: Span::default(), alias: None }
    }

    fn found(command: &str, args: &[&str], env: &[(&str, &str)]) -> Vec<(String, bool, String)> {
        let env = env.iter().map(|(name, value)| ExecEnvVar {
            span: Span::default(),
            alias: None,
            name: Some(Box::new(spanned(name))),
            value: Some(Box::new(spanned(value))),
        });
        let exec = ExecConfig {
            api_version: Some(spanned("client.authentication.k8s.io/v1beta1")),
            command: Some(spanned(command)),
            args: args.iter().map(|arg| spanned(arg)).collect(),
            env: env.collect(),
            ..ExecConfig::default()
        };
        let copies = copies(&exec, advice::plugin_in_use(&exec, &Target::default())).into_iter();
        copies.map(|copy| (copy.version, copy.has_group, copy.place.to_string())).collect()
    }

    #[test]
    fn copies_finds_versions_in_arguments_and_variables() {
        let one = |word: &str, has_group, place: &str| {
            vec![(word.to_owned(), has_group, place.to_owned())]
        };
        let doctl = ["kubernetes", "cluster", "kubeconfig", "exec-credential", "--version=v1beta1"];
        assert_eq!(found("doctl", &doctl, &[]), one("v1beta1", false, "the argument `--version`"));
        let ack = ["credential-plugin", "get-token", "--api-version", "v1"];
        assert_eq!(
            found("ack-ram-tool", &ack, &[]),
            one("v1", false, "the argument `--api-version`")
        );
        let info = r#"{"apiVersion":"client.authentication.k8s.io/v1alpha1"}"#;
        let env = [("KUBERNETES_EXEC_INFO", info)];
        let place = "the variable KUBERNETES_EXEC_INFO";
        assert_eq!(found("aws", &["eks", "get-token"], &env), one("v1alpha1", true, place));
        let set = format!("KUBERNETES_EXEC_INFO={info}");
        let env_aws = [&*set, "aws", "eks", "get-token"];
        assert_eq!(found("env", &env_aws, &[]), one("v1alpha1", true, place));
        let script = format!("{set} aws eks get-token");
        assert_eq!(found("sh", &["-c", &script], &[]), one("v1alpha1", true, place));
        let script = format!("echo '{info}' | jq; echo '{info}'");
        assert_eq!(found("sh", &["-c", &script], &[]), one("v1alpha1", true, "an argument"));
        assert_eq!(
            found("mine", &["--api-version", "v1beta1"], &[]),
            one("v1beta1", false, "the argument `--api-version`")
        );
        let datum = ["auth", "get-token", "--output=client.authentication.k8s.io/v1"];
        assert_eq!(found("datumctl", &datum, &[]), one("v1", true, "the argument `--output`"));
    }

    #[test]
    fn copies_ignores_unrelated_versions() {
        for (command, args) in [
            ("mine", &["--version=v1beta1"][..]),
            ("mine", &["--version", "v1"]),
            ("oci", &["--token-version", "v2"]),
            ("mine", &["--api-version", "v3"]),
            ("mine", &["--api-version", "v1"]),
            (
                "sh",
                &[
                    "-c",
                    "x | sed s,client.authentication.k8s.io/v1alpha1,client.authentication.k8s.io/v1beta1,",
                ],
            ),
            ("mine", &["--api-version=apps/v1"]),
            ("mine", &["--api-version"]),
            ("mine", &["client.authentication.k8s.io/exec", "client.authentication.k8s.io"]),
        ] {
            assert_eq!(found(command, args, &[]), [], "{args:?}");
        }
    }
}
