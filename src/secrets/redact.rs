//! Removes secret values from what carriers found, before a rule can quote them.

use crate::go::path;
use crate::kubernetes::api_versions::GROUP;
use crate::kubernetes::kuberc::POLICIES;
use crate::model::{AuthInfo, Consumer, Current, InvalidCommand, Kuberc, Subject};
use crate::text::source::{Span, Spanned};

use super::{MASK, is_in};

/// Replaces secret values that a report would quote, such as an `apiVersion` that is an alias of a
/// token. The verdict does not change: no secret is a valid value, and a value that begins like an
/// exec API version is not a secret.
pub(crate) fn redact(subject: &mut Subject, secrets: &[Span]) {
    let is_secret = |span| is_in(secrets, span);
    // No secret begins like an exec API version.
    let is_version = |value: &str| value.starts_with(GROUP) && value.len() < 2 * GROUP.len();
    let hide = |value: Option<&mut Spanned<String>>| {
        let is_hidden =
            |value: &Spanned<String>| is_secret(value.span) && !is_version(&value.value);
        if let Some(value) = value.filter(|value| is_hidden(value)) {
            value.value = MASK.to_owned();
        }
    };
    match subject {
        Subject::AuthInfo(auth) | Subject::Cluster(auth) => redact_auth_info(auth, hide),
        Subject::Current(current) => {
            let Current { missing_context, missing_cluster, missing_user, user } = current.as_mut();
            [missing_context, missing_cluster, missing_user]
                .into_iter()
                .for_each(|name| hide(name.as_mut()));
            redact_auth_info(user, hide);
        }
        Subject::ExecCredential(credential) => hide(credential.api_version.as_mut()),
        Subject::ExecEntry(entry) => {
            hide(entry.exec.api_version.as_mut());
            // The value of `--exec-command` is the name of a program.
            if entry.consumer != Consumer::SetCredentials {
                hide(entry.exec.command.as_mut());
            }
            hide(entry.exec.interactive_mode.as_mut());
        }
        Subject::Kuberc(kuberc) => redact_kuberc(kuberc, is_secret),
        Subject::Undecodable(_) | Subject::Mention(_) | Subject::Ignore(_) => {}
    }
}

/// Applies `hide` to each value that a report would quote.
fn redact_auth_info(auth: &mut AuthInfo, hide: impl Fn(Option<&mut Spanned<String>>)) {
    hide(auth.name.as_mut());
    hide(auth.missing_context.as_mut());
    hide(auth.auth_provider.as_mut().and_then(|provider| provider.name.as_mut()));
    if let Some(cluster) = &mut auth.cluster {
        hide(cluster.name.as_mut());
        hide(cluster.proxy_url.as_mut());
    }
    if let Some(exec) = &mut auth.exec {
        hide(exec.api_version.as_mut());
        hide(exec.command.as_mut());
        hide(exec.interactive_mode.as_mut());
    }
}

/// Replaces secret texts that a report would quote. The verdict does not change.
fn redact_kuberc(kuberc: &mut Kuberc, is_secret: impl Fn(Span) -> bool) {
    if let Some(separator) = &mut kuberc.bad_separator {
        // The text could be anything.
        separator.text = "…".to_owned();
    }
    let hide = |value: Option<&mut Spanned<String>>, by: fn(&str) -> &'static str| {
        if let Some(value) = value.filter(|value| is_secret(value.span)) {
            value.value = by(&value.value).to_owned();
        }
    };
    for document in &mut kuberc.documents {
        hide(document.policy.as_mut(), |policy| {
            POLICIES.into_iter().find(|known| *known == policy).unwrap_or(MASK)
        });
        for entry in document.allowlist.iter_mut().flat_map(|list| &mut list.entries) {
            for plugin in [&mut entry.name, &mut entry.command] {
                let by = |path: &str| if path::clean(path) == path { MASK } else { "./***" };
                hide(plugin.as_mut(), by);
            }
        }
        match &mut document.invalid {
            Some(InvalidCommand::FlagName(name) | InvalidCommand::DuplicateAlias(name)) => {
                hide(Some(name), |_| MASK);
            }
            Some(InvalidCommand::AliasName) | None => {}
        }
    }
}
