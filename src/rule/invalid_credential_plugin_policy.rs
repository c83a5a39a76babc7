use crate::finding::Finding;
use crate::go::path;
use crate::kubectl::kuberc::policy::{self, PolicyProblem};
use crate::kubernetes::kuberc::{COMMAND_SINCE, POLICIES};
use crate::kubernetes::target::Target;
use crate::kubernetes::version::Minor;
use crate::model::kubectl_message::{KubectlMessage, KubectlMessages};
use crate::model::{AllowlistEntry, Kuberc, PolicyKey, Preference, Subject};
use crate::text::message::message;
use crate::text::source::clip;
use crate::text::suggest::nearest;

declare_rule! {
    /// Finds credential plugin policies in a kuberc that kubectl refuses.
    ///
    /// ## Why
    ///
    /// Since kubectl 1.35, a kuberc (`~/.kube/kuberc`, or the file that `--kuberc` or `KUBERC`
    /// names) can restrict which credential plugins run. `credentialPluginPolicy` is `AllowAll`,
    /// `DenyAll` or `Allowlist`. `Allowlist` needs a `credentialPluginAllowlist`; the other two
    /// must not have one. If the policy is invalid, every kubectl command fails, even
    /// `kubectl --help`:
    ///
    /// ```text
    /// error occurred while applying preferences misconfigured credential plugin allowlist: empty
    /// allowlist entry #1
    /// ```
    ///
    /// kubectl 1.35 also prints this for an entry with `command`, because it knows only `name`.
    /// kubectl 1.36 added `command` and still accepts `name`, so `name` works with every release.
    ///
    /// A `name` or `command` is the name of a program on the PATH, or an absolute path in its
    /// shortest form:
    /// without `.`, `..` or `//`.
    ///
    /// ## Bad
    ///
    /// With `--kubectl-version 1.35-1.37`:
    ///
    /// ```yaml
    /// apiVersion: kubectl.config.k8s.io/v1beta1
    /// kind: Preference
    /// credentialPluginPolicy: Allowlist
    /// credentialPluginAllowlist:
    /// - command: aws
    /// ```
    ///
    /// ## Good
    ///
    /// ```yaml
    /// apiVersion: kubectl.config.k8s.io/v1beta1
    /// kind: Preference
    /// credentialPluginPolicy: Allowlist
    /// credentialPluginAllowlist:
    /// - name: aws
    /// ```
    "invalid-credential-plugin-policy": Error,
    summary: "a credential plugin policy that makes every kubectl command fail",
    since: "0.1.0",
    needs: File,
    step: Loading,
}

fn check(subject: &Subject, target: &Target) -> Vec<Finding> {
    let Subject::Kuberc(kuberc) = subject else { return Vec::new() };
    let mut findings: Vec<Finding> = Vec::new();
    // Report the words of the newest kubectl, and those of an older one only for a different place.
    for minor in target.minors().rev() {
        let Some(used) = policy::used(kuberc, minor) else { continue };
        let Some((problem, message)) = policy::validate(used, minor) else { continue };
        let finding = describe(used, &problem, minor, target);
        if findings.iter().all(|other| other.primary.span != finding.primary.span) {
            findings.push(
                finding.kubectl_messages(Some(kubectl_messages(kuberc, used, minor, &message))),
            );
        }
    }
    findings
}

/// Returns kubectl's current error, and the one that appears once an error about aliases or
/// defaults is fixed.
fn kubectl_messages(
    kuberc: &Kuberc,
    used: &Preference,
    minor: Minor,
    message: &str,
) -> KubectlMessages {
    let now = policy::reaction(kuberc, minor).1;
    let said = |message: String| KubectlMessage { by: minor.into(), message: message.into() };
    KubectlMessages {
        now: now.map(said),
        once_fixed: used.invalid.as_ref().map(|_| said(policy::refused(message))),
        ..KubectlMessages::default()
    }
}

fn describe(
    used: &Preference,
    problem: &PolicyProblem<'_>,
    minor: Minor,
    target: &Target,
) -> Finding {
    let new = |span, message: &'static str| Finding::new(&RULE, span, message);
    let field = policy::entry_field(target);
    match problem {
        PolicyProblem::UnknownPolicy(policy) => {
            new(policy.span, "unknown credential plugin policy")
                .label("not one of AllowAll, DenyAll, Allowlist")
                .with_alias(policy.alias)
                .help(match nearest(policy.value.trim(), POLICIES, 2) {
                    Some(intended) => message!("write `{}`", intended),
                    None => "write `AllowAll`, `DenyAll` or `Allowlist`".into(),
                })
        }
        PolicyProblem::UnwantedList(list) => {
            let finding = new(list.key, "this allowlist needs the policy `Allowlist`")
                .label("only `Allowlist` can have a list");
            let policy = used.policy.as_ref();
            match (policy, misspelled(used, POLICY_KEY)) {
                (Some(policy), _) => finding
                    .related(policy.span, "the policy")
                    .help("write `credentialPluginPolicy: Allowlist`, or remove the list"),
                (None, Some(key)) => unknown_field(finding, key),
                (None, None) => finding.help("add `credentialPluginPolicy: Allowlist`"),
            }
        }
        PolicyProblem::NoList(policy) => {
            let finding = new(policy.span, "this policy needs an allowlist")
                .label("without a list")
                .with_alias(policy.alias);
            match misspelled(used, ALLOWLIST_KEY) {
                Some(key) => unknown_field(finding, key),
                None => finding.help(message!(
                    "add `credentialPluginAllowlist` with an entry `{}: PLUGIN` for each \
                     plugin that may run, or write `DenyAll`",
                    field
                )),
            }
        }
        PolicyProblem::EmptyList(list) => {
            new(list.span, "this allowlist is empty").label("names no plugin").help(message!(
                "add an entry `{}: PLUGIN` for each plugin that may run, or write \
                     `DenyAll` and remove the list",
                field
            ))
        }
        PolicyProblem::EmptyEntry(entry, count) => empty_entry(entry, *count, minor, target),
        PolicyProblem::LongPath(plugin) => {
            let clean = path::clean(&plugin.value);
            new(plugin.span, "the path of this plugin is not in its shortest form")
                .label("kubectl accepts only the shortest form")
                .with_alias(plugin.alias)
                .help(if clean.starts_with('/') {
                    message!("write `{}`", clip(&clean).to_owned())
                } else {
                    "write an absolute path, or the name of a program on the PATH".into()
                })
        }
    }
}

const POLICY_KEY: &str = "credentialPluginPolicy";
const ALLOWLIST_KEY: &str = "credentialPluginAllowlist";

/// Returns a misspelled key that seems to mean `intended`.
fn misspelled<'a>(used: &'a Preference, intended: &str) -> Option<&'a PolicyKey> {
    used.keys.iter().find(|key| !key.is_exact && key.intended == intended)
}

fn unknown_field(finding: Finding, key: &PolicyKey) -> Finding {
    finding.related(key.span, "unknown key").help(message!("rename the key to `{}`", key.intended))
}

fn empty_entry(entry: &AllowlistEntry, count: usize, minor: Minor, target: &Target) -> Finding {
    let renamed = entry.command_key.filter(|_| minor < COMMAND_SINCE && entry.command.is_some());
    let empty = entry.name_key.or(entry.command_key);
    let (span, label) = match (renamed, empty) {
        (Some(key), _) => (key, message!("supported since kubectl {}", COMMAND_SINCE)),
        (None, Some(key)) => (key, "this is empty".into()),
        (None, None) => (entry.span, "no plugin name".into()),
    };
    let field = policy::entry_field(target);
    let help = match renamed {
        Some(_) if target.last >= COMMAND_SINCE => {
            message!("write `name`, which kubectl {} and newer also accept", COMMAND_SINCE)
        }
        Some(_) => "write `name`".into(),
        None => message!("write `{}: PLUGIN`, or remove the entry", field),
    };
    let finding =
        Finding::new(&RULE, span, message!("kubectl {} finds no plugin name in this entry", minor))
            .label(label)
            .with_alias(entry.alias)
            .help(help);
    match count - 1 {
        0 => finding,
        1 => finding.help("one more entry of the list has this problem"),
        more => finding.help(message!("{} more entries of the list have this problem", more)),
    }
}
