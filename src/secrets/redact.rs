//! Masks secret values in what carriers found, before a rule can quote them: no message, and no
//! other field of a finding, ever holds a secret.

use std::sync::Arc;

use goyaml::Mismatch;

use crate::go::path;
use crate::kubernetes::api_versions::{GROUP, INTERACTIVE_MODES};
use crate::kubernetes::auth_providers;
use crate::kubernetes::kuberc::POLICIES;
use crate::model::refusal::{CredentialProblem, DecodeError, Reason};
use crate::model::{
    AuthInfo, Cluster, CommandWords, Consumer, Current, ExecConfig, InvalidCommand, Kuberc, Subject,
};
use crate::text::source::{Span, Spanned};

use super::line::merged;
use super::mask::hidden_part;
use super::mask::shown::is_harmless;
use super::{MASK, SecretSpans, is_in, mask};

/// Replaces a value within a longer message of kubectl's.
pub(super) const CUT: &str = "…";

/// The secrets of a text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Secrets<'a> {
    /// Those that are secret because of their own key, sorted.
    pub(crate) keyed: &'a [Span],
    /// The others, sorted. Arguments of a plugin among them may be quoted.
    pub(crate) others: &'a [Span],
    /// Whether the values are for the report about another file, in which their places mean nothing.
    pub(crate) detaches: bool,
}

impl<'a> Secrets<'a> {
    /// Returns the secrets at these spans of the text that a report is about.
    pub(crate) fn of(SecretSpans { keyed, others }: &'a SecretSpans) -> Self {
        Self { keyed, others, detaches: false }
    }

    /// Returns whether any of them overlaps the span.
    pub(crate) fn hold(self, span: Span) -> bool {
        is_in(self.keyed, span) || is_in(self.others, span)
    }

    /// Masks each secret value that a report would quote, such as an `apiVersion` that is an alias
    /// of a token. The verdict does not change: no secret is a valid value.
    pub(crate) fn redact(self, subject: &mut Subject) {
        match subject {
            Subject::AuthInfo(auth) | Subject::Cluster(auth) => self.auth_info(auth),
            Subject::Current(current) => {
                let Current { missing_context, missing_cluster, missing_user, user, .. } =
                    &mut **current;
                for name in [missing_context, missing_cluster, missing_user] {
                    self.hide(name);
                }
                self.auth_info(user);
            }
            Subject::ExecCredential(credential) => {
                self.hide(&mut credential.api_version);
                credential.api_version.iter_mut().for_each(|version| cut(&mut version.value));
                let ranges = credential.refusal_ranges.iter_mut();
                for refusal in ranges.flat_map(|range| &mut range.refusals) {
                    if let CredentialProblem::Decode(error) = &mut refusal.problem {
                        self.error(error);
                    }
                }
            }
            Subject::ExecEntry(entry) => {
                // The value of `--exec-command` is the name of a program.
                let is_name = entry.consumer == Consumer::SetCredentials;
                for exec in std::iter::once(&mut entry.exec).chain(&mut entry.users) {
                    self.exec(exec, is_name);
                }
            }
            Subject::Kuberc(kuberc) => self.kuberc(kuberc),
            Subject::Undecodable(found) => {
                found.errors.iter_mut().for_each(|error| self.error(error));
            }
            Subject::Mention(_) | Subject::Ignore(_) => {}
        }
    }

    pub(crate) fn hide<'v>(self, values: impl IntoIterator<Item = &'v mut Spanned<String>>) {
        // No secret begins like an exec API version.
        let is_version = |value: &str| value.starts_with(GROUP) && value.len() < 2 * GROUP.len();
        for value in values {
            if self.hold(value.span) && !is_version(&value.value) && !self.cut(value) {
                value.value = MASK.to_owned();
            }
            if self.detaches {
                value.span = Span::default();
            }
        }
    }

    /// Cuts a value of which only what follows the first word is secret. Returns whether it is one.
    fn cut(self, value: &mut Spanned<String>) -> bool {
        let start = value.span.start();
        let length = value.value.find(char::is_whitespace).unwrap_or(0);
        let is_long = length > 0 && !self.hold(Span::new(start, start + length));
        if is_long {
            cut(&mut value.value);
        }
        is_long
    }

    /// Masks the values of a user and its cluster.
    pub(crate) fn auth_info(self, auth: &mut AuthInfo) {
        self.hide(&mut auth.name);
        self.hide(auth.missing_context.as_deref_mut());
        // After a flag, a name that kubectl knows may look like a secret.
        let is_known = |name: &Spanned<String>| auth_providers::is_known(&name.value);
        let names = auth.auth_provider.iter_mut().flat_map(|provider| &mut provider.name);
        self.hide(names.filter(|name| !is_known(name)));
        let names = auth.auth_provider.iter_mut().flat_map(|provider| &mut provider.name);
        names.for_each(|name| cut(&mut name.value));
        self.hide(auth.context.as_deref_mut());
        // Most clusters hold no secret, and many users share one.
        let holds_one = |cluster: &Cluster| {
            let Cluster { name, server, proxy_url, .. } = cluster;
            let mut values = name.iter().chain(server).chain(proxy_url);
            let has_blank = |text: &str| text.contains(char::is_whitespace);
            self.detaches || values.any(|value| self.hold(value.span) || has_blank(&value.value))
        };
        let cluster = auth.cluster.as_mut().filter(|cluster| holds_one(cluster));
        cluster.into_iter().for_each(|cluster| self.cluster(Arc::make_mut(cluster)));
        auth.exec.iter_mut().for_each(|exec| self.exec(exec, false));
    }

    /// Masks the values of a cluster.
    pub(crate) fn cluster(self, cluster: &mut Cluster) {
        self.hide(&mut cluster.name);
        self.hide(&mut cluster.server);
        self.hide(&mut cluster.proxy_url);
        let addresses = cluster.server.iter_mut().chain(&mut cluster.proxy_url);
        addresses.for_each(|address| cut(&mut address.value));
    }

    /// `is_name` says that the command is the name of a program, whatever is secret around it.
    fn exec(self, exec: &mut ExecConfig, is_name: bool) {
        let words = CommandWords::of(exec);
        self.hide(&mut exec.api_version);
        exec.api_version.iter_mut().for_each(|version| cut(&mut version.value));
        self.hide(exec.command.as_mut().filter(|_| !is_name));
        if let Some(command) = &mut exec.command {
            command.value = masked(&command.value);
        }
        let is_mode = |mode: &Spanned<String>| {
            INTERACTIVE_MODES.iter().any(|known| known.eq_ignore_ascii_case(&mode.value))
        };
        self.hide(exec.interactive_mode.as_deref_mut().filter(|mode| !is_mode(mode)));
        exec.interactive_mode.iter_mut().for_each(|mode| cut(&mut mode.value));
        self.hide(exec.env.iter_mut().filter_map(|variable| variable.name.as_deref_mut()));
        for arg in exec.args.iter_mut().filter(|arg| is_in(self.keyed, arg.span)) {
            // An alias may lead to any secret, such as one that looks like a flag.
            let flag = flag_of(&arg.value).filter(|_| arg.alias.is_none());
            let shown = flag.map(|flag| format!("{flag}{MASK}"));
            self.hide([&mut *arg]);
            if let Some(shown) = shown.filter(|_| arg.value == MASK) {
                arg.value = shown;
            }
        }
        // What kubectl runs does not depend on what a report may show.
        exec.unmasked = (!words.are_shown(exec)).then(|| Box::new(words));
    }

    /// Masks the values that kubectl's error would quote.
    fn error(self, error: &mut DecodeError) {
        let is_secret = self.hold(error.span);
        match &mut error.reason {
            Reason::JsonComments(error) => self.error(error),
            Reason::NoKind { kind, version } => {
                self.hide([kind.as_mut(), version.as_mut()]);
                [kind, version].into_iter().for_each(|part| cut(&mut part.value));
            }
            Reason::NullKey(value) if self.hold(value.span) => value.value = CUT.to_owned(),
            Reason::CollectionKey(text)
            | Reason::Tag(Mismatch::Type { value: text, .. })
            | Reason::UnknownAnchor(text)
            | Reason::GroupVersion(text)
            | Reason::DuplicateName { name: text, .. }
                if is_secret && !text.is_empty() =>
            {
                *text = CUT.to_owned();
            }
            _ => {}
        }
    }

    fn kuberc(self, kuberc: &mut Kuberc) {
        if let Some(separator) = &mut kuberc.bad_separator {
            // The text could be anything.
            separator.text = CUT.to_owned();
        }
        for document in &mut kuberc.documents {
            self.hide(
                document
                    .policy
                    .iter_mut()
                    .filter(|policy| !POLICIES.contains(&policy.value.as_str())),
            );
            document.policy.iter_mut().for_each(|policy| cut(&mut policy.value));
            let entries = document.allowlist.iter_mut().flat_map(|list| &mut list.entries);
            for plugin in entries.flat_map(|entry| [&mut entry.name, &mut entry.command]).flatten()
            {
                let is_short = path::clean(&plugin.value) == plugin.value;
                self.hide([&mut **plugin]);
                if plugin.value == MASK && !is_short {
                    plugin.value = format!("./{MASK}");
                }
            }
            match &mut document.invalid {
                Some(InvalidCommand::FlagName(name) | InvalidCommand::DuplicateAlias(name)) => {
                    self.hide([name]);
                }
                Some(InvalidCommand::AliasName) | None => {}
            }
        }
    }
}

/// Cuts what follows the first word of a value that has one, unless it is harmless: lines below it that
/// are indented too far are part of it, and so is a query. The blank stays: the verdict depends on it.
fn cut(value: &mut String) {
    let mut others = value.split(|c: char| c.is_whitespace() || c == '?').skip(1);
    let is_harmless = |word: &str| word.is_empty() || is_harmless(word);
    let odd = others.find(|word| !is_harmless(word));
    let Some(at) = odd.map(|word| word.as_ptr() as usize - value.as_ptr() as usize) else { return };
    value.truncate(at);
    value.push_str(CUT);
}

/// Returns the part of an argument that names the flag of its value: `--pin=`, `-p`.
fn flag_of(argument: &str) -> Option<&str> {
    let is_name = |flag: &&str| hidden_part(flag, "", false).is_none();
    let long = argument.find('=').and_then(|at| argument.get(..at)).filter(is_name);
    let end = match long {
        Some(flag) => flag.len() + 1,
        None => hidden_part(argument, "", false)?,
    };
    argument.get(..end).filter(|flag| flag.starts_with('-'))
}

/// Returns a command without the secrets that its own words mark, such as the values of the
/// variables that it begins with.
fn masked(command: &str) -> String {
    let mut shown = String::new();
    let mut at = 0;
    for range in merged(mask::in_command(command)) {
        shown.push_str(command.get(at..range.start).unwrap_or(""));
        shown.push_str(MASK);
        at = range.end;
    }
    shown + command.get(at..).unwrap_or("")
}
