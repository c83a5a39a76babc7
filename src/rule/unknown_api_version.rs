use crate::advice;
use crate::finding::Finding;
use crate::finding::fix::Remedy;
use crate::go::quote::go_quote;
use crate::kubectl::validation::Problem;
use crate::kubectl::{plugin_output, verdict};
use crate::kubernetes::api_versions::{self, ApiVersion};
use crate::kubernetes::target::{Target, choices};
use crate::model::Subject;
use crate::rule::exec_entry;
use crate::text::message::{Message, message};

declare_rule! {
    /// Finds exec API versions that no Kubernetes release has: typos, a wrong or missing group,
    /// stray white space.
    ///
    /// ## Why
    ///
    /// kubectl compares the value byte by byte with the versions that it accepts. It refuses all of
    /// these: `client.authentication.k8s.io/v1beta2`, `v1beta1`, `authentication.k8s.io/v1`,
    /// `client.authentication.k8s.io/V1BETA1`, `"client.authentication.k8s.io/v1beta1 "`, and any
    /// value in a block scalar (`|`), which ends with a line break.
    ///
    /// ```text
    /// error: exec plugin: invalid apiVersion "client.authentication.k8s.io/v1beta2"
    /// ```
    ///
    /// If `interactiveMode` is missing too, kubectl 1.22 and newer report that first.
    ///
    /// ## Bad
    ///
    /// ```yaml
    /// users:
    /// - name: u
    ///   user:
    ///     exec:
    ///       apiVersion: client.authentication.k8s.io/v1betha1
    ///       command: aws
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
    ///       command: aws
    /// ```
    ///
    /// ## Fix
    ///
    /// `--fix` writes the version that was probably meant, or the one that the plugin returns. The
    /// fix is safe if the plugin is known to return that version; otherwise it needs
    /// `--unsafe-fixes`. A value in a block scalar has no fix.
    "unknown-api-version": Error,
    summary: "an exec API version that no Kubernetes release has",
    since: "0.1.0",
    needs: Excerpt,
    is_fixable: true,
    step: Construction,
}

fn check(subject: &Subject, target: &Target) -> Option<Finding> {
    let value = subject.api_version()?;
    if api_versions::lookup(&value.value).is_some() {
        return None;
    }
    let (finding, version) = match subject {
        Subject::AuthInfo(auth) => {
            let exec = auth.exec.as_deref()?;
            let message = message!("unknown exec API version {}", quoted(&value.value));
            let advice = advice::for_user(exec, auth, target);
            let finding = Finding::new(&RULE, value.span, message)
                .kubectl_messages(verdict::messages(auth, target, Problem::InvalidApiVersion));
            let version = advice.version;
            (finding.advised(advice), version)
        }
        Subject::ExecCredential(credential) => {
            let message = message!("unknown ExecCredential version {}", quoted(&value.value));
            let finding = Finding::new(&RULE, value.span, message)
                .kubectl_messages(Some(plugin_output::of_version(credential, target)));
            let suggested = advice::suggested_version(&value.value);
            let suggested = suggested.filter(|version| version.accepted_by_all(target));
            let version = suggested.or_else(|| choices(target).last());
            let help = version.map(|version| message!("write `{}`", version.name));
            (
                help.into_iter()
                    .fold(finding, Finding::help)
                    .remedy(version.map(Remedy::ApiVersion)),
                version,
            )
        }
        Subject::ExecEntry(entry) => {
            let message =
                message!("unknown {} version {}", exec_entry::what(entry), quoted(&value.value));
            let minor = Some(target.last);
            let finding = exec_entry::refused(&RULE, entry, value, message, minor, target);
            (finding, advice::replacement(&entry.exec, entry.consumer, target).version)
        }
        _ => return None,
    };
    // The label names a version only if it is the advised one.
    let suggested =
        advice::suggested_version(&value.value).filter(|suggested| Some(*suggested) == version);
    let label = match suggested {
        Some(version) => did_you_mean(version, &value.value),
        None => "not a version of any Kubernetes release".into(),
    };
    Some(finding.label(label).with_alias(value.alias))
}

/// Quotes the value as Go does, truncated if it is absurdly long.
fn quoted(value: &str) -> String {
    const MAX_CHARS: usize = 80;
    if value.chars().count() <= MAX_CHARS {
        return go_quote(value);
    }
    go_quote(&value.chars().take(MAX_CHARS).chain(['…']).collect::<String>())
}

fn did_you_mean(version: &ApiVersion, wrong: &str) -> Message {
    if wrong.trim() == version.name {
        "extra white space".into()
    } else {
        message!("did you mean `{}`?", version.name)
    }
}
