//! The values that carriers find and rules judge, under client-go's names: [`AuthInfo`],
//! [`ExecConfig`], [`ExecCredential`], [`AuthProvider`]. Each value carries its span in the file.
//! [`refusal`] and [`kubectl_message`] hold what kubectl says about them.
//!
//! Source of the names and fields: client-go `tools/clientcmd/api/v1/types.go` and
//! `pkg/apis/clientauthentication/v1/types.go`.

pub(crate) mod enclosing;
mod entry;
mod ignore;
pub(crate) mod kubectl_message;
mod kuberc;
pub(crate) mod refusal;

use std::sync::{Arc, LazyLock};

use crate::kubernetes::version::Minor;
use crate::model::refusal::{DecodeError, Refusal, RefusalRange};
use crate::role::Role;
use crate::text::placeholder;
use crate::text::source::{Span, Spanned, clip};

pub(crate) use entry::{Consumer, EntryKind, ExecEntry, TerraformReader};
pub(crate) use ignore::{IgnoreProblem, IgnoreProblemKind};
pub use kuberc::*;

/// How an exec config was read, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// kubectl or Terraform reads exactly this.
    Parsed,
    /// As `Parsed`, but nested in something else: a string, a heredoc, a list, a later document, a
    /// file of another kind.
    Embedded,
    /// Structure recognized in a text that kubectl cannot read as is: a template, a broken file. A
    /// key that seems absent may be elsewhere in the text.
    Pattern,
    /// Nothing reads it: the text merely names the API group.
    Mention,
}

impl Evidence {
    /// Returns whether the whole config was read, so that a key not found is really absent.
    pub fn is_whole(self) -> bool {
        matches!(self, Self::Parsed | Self::Embedded)
    }

    /// The word in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Parsed => "parsed",
            Self::Embedded => "embedded",
            Self::Pattern => "pattern",
            Self::Mention => "mention",
        }
    }
}

/// A kubeconfig user: client-go's `AuthInfo`, with its name.
#[derive(Debug, Clone)]
pub struct AuthInfo {
    /// `users[].name`; `None` where it is absent, null or empty.
    pub name: Option<Spanned<String>>,
    /// `users[].user.exec`.
    pub exec: Option<Box<ExecConfig>>,
    /// `users[].user.auth-provider`.
    pub auth_provider: Option<Box<AuthProvider>>,
    /// The other ways to authenticate.
    pub credentials: Arc<Credentials>,
    /// An exec config that kubectl ignores.
    pub unseen_exec: Option<UnseenExec>,
    /// `current-context`, if it names a context that does not exist: kubectl then fails for every
    /// user.
    pub missing_context: Option<Box<Spanned<String>>>,
    /// How kubectl selects this user.
    pub reach: Reach,
    /// The name of the context that selects this user; `None` if there is none.
    pub context: Option<Box<Spanned<String>>>,
    /// Whether the file has several contexts.
    pub has_other_contexts: bool,
    /// The cluster of the context that selects this user; `None` if there is none. Many users may
    /// share one.
    pub cluster: Option<Arc<Cluster>>,
    /// Whether another user has the name of that cluster, as gcloud names both.
    pub has_user_of_cluster: bool,
    /// The document of the file that holds the user, from 1. kubectl reads only the first.
    pub document: usize,
    /// The path of the file, if the file is a plain kubeconfig: tools that write kubeconfigs do not
    /// write templates or texts embedded in other files.
    pub file: Option<Arc<str>>,
    /// Whether the user comes from a piece of a kubeconfig that something else assembles.
    pub is_part: bool,
    /// How it was read.
    pub evidence: Evidence,
}

/// An exec config that kubectl ignores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnseenExec {
    /// The key that is wrong.
    pub key: Span,
    /// What is wrong with it.
    pub mistake: ExecMistake,
}

/// Why kubectl ignores an exec config.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExecMistake {
    /// `Exec` in `user`.
    Case,
    /// `exec` next to `user`, instead of inside it.
    BesideUser,
    /// `Exec` next to `user`.
    CaseBesideUser,
    /// `exec` without a value, next to the keys that belong below it.
    NotIndented,
    /// The keys of an exec config, without `exec` above them.
    NoKey,
    /// The key above `exec` has another name than `user`.
    OtherUser,
    /// `user` next to `users`, instead of inside an entry.
    BesideUsers,
}

/// How kubectl selects a user. kubectl validates only the user that it is about to use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// The current context names it.
    Current,
    /// The file has no contexts: it is a part of a kubeconfig, and any of its users may be
    /// selected. We assume that the rest is valid.
    Fragment,
    /// A context that is not the current one names it.
    Context,
    /// No context names it: only `kubectl --user` selects it.
    Name,
    /// No context names its cluster: only `kubectl --cluster` selects it.
    Cluster,
    /// Nothing selects it: kubectl also loads this file, which comes earlier and defines another of
    /// the same name.
    Shadowed(String),
    /// Nothing selects it: no context names it, and it has no name for a flag.
    Nameless,
}

/// The fields of client-go's `AuthInfo` other than `exec` and `auth-provider`.
///
/// A field that is absent, null or empty is `None`. No report may show the text at these spans.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Credentials {
    /// `token`.
    pub token: Option<Span>,
    /// `tokenFile`: a path.
    pub token_file: Option<Box<Spanned<String>>>,
    /// `username`.
    pub username: Option<Span>,
    /// `password`.
    pub password: Option<Span>,
    /// `client-certificate`: a path.
    pub client_certificate: Option<Box<Spanned<String>>>,
    /// `client-certificate-data`: base64 of a PEM file.
    pub client_certificate_data: Option<Span>,
    /// `client-key`: a path.
    pub client_key: Option<Box<Spanned<String>>>,
    /// `client-key-data`: base64 of a PEM file.
    pub client_key_data: Option<Span>,
    /// `as`.
    pub impersonate: Option<Span>,
    /// `as-uid`.
    pub impersonate_uid: Option<Span>,
    /// `as-groups`, with at least one entry.
    pub impersonate_groups: Option<Span>,
    /// `as-user-extra`, with at least one entry.
    pub impersonate_extra: Option<Span>,
    /// Whether an entry of `as-user-extra` is not null.
    pub has_impersonate_extra_value: bool,
}

impl Credentials {
    /// Shares credentials; those of users without any are all the same.
    pub(crate) fn shared(credentials: Self) -> Arc<Self> {
        static NONE: LazyLock<Arc<Credentials>> = LazyLock::new(Arc::default);
        if credentials == Self::default() { Arc::clone(&NONE) } else { Arc::new(credentials) }
    }

    /// Returns the client certificate, whether a path or inline data.
    pub fn certificate(&self) -> Option<Span> {
        self.client_certificate_data.or(self.client_certificate.as_ref().map(|path| path.span))
    }

    /// Returns the key of the client certificate, whether a path or inline data.
    pub fn key(&self) -> Option<Span> {
        self.client_key_data.or(self.client_key.as_ref().map(|path| path.span))
    }
}

/// client-go's `Cluster` with its name, limited to the fields that decide whether a user works.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cluster {
    /// `clusters[].name`; `None` where it is absent, null or empty.
    pub name: Option<Spanned<String>>,
    /// `server`; if absent, kubectl uses `http://localhost:8080`.
    pub server: Option<Spanned<String>>,
    /// `certificate-authority`: a path.
    pub certificate_authority: Option<Spanned<String>>,
    /// `certificate-authority-data`: base64 of a PEM file.
    pub certificate_authority_data: Option<Spanned<AuthorityData>>,
    /// `insecure-skip-tls-verify`, if it is true.
    pub insecure: Option<Spanned<()>>,
    /// `proxy-url`.
    pub proxy_url: Option<Spanned<String>>,
}

/// What kubectl makes of the bytes of `certificate-authority-data`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuthorityData {
    /// Why it finds no certificate in them; `None` also if only their signatures, names or dates
    /// could tell.
    pub fault: Option<AuthorityFault>,
    /// Whether something replaces them before kubectl reads the file.
    pub is_placeholder: bool,
}

/// Why kubectl finds no certificate of an authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthorityFault {
    /// There is no PEM block.
    NoBlock,
    /// No PEM block is a certificate.
    NoCertificate,
    /// The first certificate is malformed; Go's error about it.
    Malformed(&'static str),
}

impl Cluster {
    /// Shares a cluster; those without any field are all the same.
    pub(crate) fn shared(cluster: Self) -> Arc<Self> {
        static NONE: LazyLock<Arc<Cluster>> = LazyLock::new(Arc::default);
        if cluster == Self::default() { Arc::clone(&NONE) } else { Arc::new(cluster) }
    }

    /// Returns whether there is nothing to judge.
    pub(crate) fn has_only_name(&self) -> bool {
        let Self { name: _, server, certificate_authority, proxy_url, .. } = self;
        server.is_none()
            && certificate_authority.is_none()
            && self.certificate_authority_data.is_none()
            && self.insecure.is_none()
            && proxy_url.is_none()
    }

    /// Returns the name as kubectl prints it in its messages; empty if the cluster has none.
    pub fn display_name(&self) -> &str {
        self.name.as_ref().map_or("", |name| clip(&name.value))
    }
}

/// What the current context of a kubeconfig resolves to.
#[derive(Debug, Clone)]
pub struct Current {
    /// `current-context`, if it names a context that does not exist.
    pub missing_context: Option<Spanned<String>>,
    /// The cluster that the context names, if it does not exist.
    pub missing_cluster: Option<Spanned<String>>,
    /// The user that the context names, if it does not exist.
    pub missing_user: Option<Spanned<String>>,
    /// Whether the files that kubectl merges with this one are known, so that what is missing does
    /// not exist anywhere.
    pub is_merged: bool,
    /// The names of files in `KUBECONFIG` that do not exist, which may be meant to have it.
    pub absent_files: Arc<[String]>,
    /// The user, as kubectl assembles it.
    pub user: AuthInfo,
}

/// client-go's `Context`, with its name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Context {
    /// `contexts[].name`; `None` where it is absent, null or empty.
    pub name: Option<Spanned<String>>,
    /// `cluster`: the name of a cluster.
    pub cluster: Option<Spanned<String>>,
    /// `user`: the name of a user.
    pub user: Option<Spanned<String>>,
}

impl Context {
    /// Shares a context; those without any field are all the same.
    pub(crate) fn shared(context: Self) -> Arc<Self> {
        static NONE: LazyLock<Arc<Context>> = LazyLock::new(Arc::default);
        if context == Self::default() { Arc::clone(&NONE) } else { Arc::new(context) }
    }
}

impl AuthInfo {
    /// Returns a user without a name, credentials or cluster: what kubectl uses if none is named.
    pub fn empty() -> Self {
        Self {
            name: None,
            exec: None,
            auth_provider: None,
            credentials: Credentials::shared(Credentials::default()),
            unseen_exec: None,
            missing_context: None,
            reach: Reach::Current,
            context: None,
            has_other_contexts: false,
            cluster: None,
            has_user_of_cluster: false,
            document: 1,
            file: None,
            is_part: false,
            evidence: Evidence::Parsed,
        }
    }

    /// Returns whether it has a credential plugin, even one that kubectl ignores, or an auth provider.
    pub(crate) fn has_plugin(&self) -> bool {
        self.exec.is_some() || self.auth_provider.is_some() || self.unseen_exec.is_some()
    }

    /// Returns whether it has nothing but a name.
    pub(crate) fn is_bare(&self) -> bool {
        let Self { exec, auth_provider, unseen_exec, credentials, .. } = self;
        exec.is_none()
            && auth_provider.is_none()
            && unseen_exec.is_none()
            && **credentials == Credentials::default()
    }

    /// Returns the auth provider that kubectl would use. Next to `exec` it uses none: it reports
    /// only that both are set.
    pub fn provider_in_use(&self) -> Option<&AuthProvider> {
        self.auth_provider.as_deref().filter(|_| self.exec.is_none())
    }

    /// Returns a copy without the fields that do not affect kubectl's verdict, and with a name for
    /// messages only, to save memory: there may be many users with long arguments, and many copies
    /// of one.
    pub(crate) fn for_verdict(&self) -> Self {
        Self {
            name: self.name.as_ref().map(Spanned::clipped),
            exec: self.exec.as_ref().map(|exec| Box::new(exec.for_verdict())),
            auth_provider: self.auth_provider.clone(),
            credentials: Arc::clone(&self.credentials),
            unseen_exec: self.unseen_exec,
            missing_context: self.missing_context.clone(),
            reach: self.reach.clone(),
            context: self.context.clone(),
            has_other_contexts: self.has_other_contexts,
            cluster: self.cluster.clone(),
            has_user_of_cluster: self.has_user_of_cluster,
            document: self.document,
            file: self.file.clone(),
            is_part: self.is_part,
            evidence: self.evidence,
        }
    }

    /// Returns the name as kubectl prints it in its messages; empty if the user has none.
    pub fn display_name(&self) -> &str {
        self.name.as_ref().map_or("", |name| clip(&name.value))
    }
}

/// client-go's `ExecConfig`: how to run a credential plugin.
///
/// A string that is absent, null or empty is `None`: client-go does not tell them apart.
#[derive(Debug, Clone, Default)]
pub struct ExecConfig {
    /// The key `exec`, or its equivalent in another syntax.
    pub key: Span,
    /// The key `apiVersion`, if present (its value may still be empty).
    pub api_version_key: Option<Span>,
    /// `apiVersion`.
    pub api_version: Option<Spanned<String>>,
    /// Whether `apiVersion` is a placeholder: the version is then unknown and presumed valid.
    pub is_version_set_elsewhere: bool,
    /// Whether the span of `api_version` is only that of the version's own word: the group is written
    /// elsewhere, as before an expression of a template that chooses the word.
    pub has_group_elsewhere: bool,
    /// A key that is meant as `apiVersion` but that kubectl ignores: `apiversion`, `api_version`.
    /// There may be an `apiVersion`, too.
    pub misspelled_api_version: Option<Box<MisspelledKey>>,
    /// `command`.
    pub command: Option<Spanned<String>>,
    /// `args`; null items become empty strings.
    pub args: Vec<Spanned<String>>,
    /// `env`.
    pub env: Vec<ExecEnvVar>,
    /// `interactiveMode`.
    pub interactive_mode: Option<Box<Spanned<String>>>,
    /// The key `interactiveMode`, in any case, if present (its value may still be empty).
    pub interactive_mode_key: Option<Span>,
    /// `installHint`.
    pub install_hint: Option<Box<Spanned<String>>>,
    /// `provideClusterInfo`.
    pub provide_cluster_info: bool,
    /// The prose that describes a default version, such as the `description` of a Terraform variable,
    /// or that the version itself is in.
    pub description: Option<Box<Spanned<String>>>,
    /// Whether all keys are visible, even in a template whose other parts cannot be read.
    pub is_whole: bool,
    /// The alias through which this user got the whole exec config, if any.
    pub alias: Option<Span>,
    /// `command` and `args` as the file has them, if a secret in them was masked. No report may show
    /// them: see [`ExecConfig::command_word`] and [`ExecConfig::arg_words`].
    pub(crate) unmasked: Option<Box<CommandWords>>,
}

/// A command and its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CommandWords {
    command: Option<String>,
    args: Vec<String>,
}

impl CommandWords {
    /// Returns those that reports about an exec config show.
    pub(crate) fn of(exec: &ExecConfig) -> Self {
        Self {
            command: exec.command.as_ref().map(|command| command.value.clone()),
            args: exec.args.iter().map(|arg| arg.value.clone()).collect(),
        }
    }

    /// Returns whether reports about the exec config show these words.
    pub(crate) fn are_shown(&self, exec: &ExecConfig) -> bool {
        let command = exec.command.as_ref().map(|command| &command.value);
        self.command.as_ref() == command && self.args.iter().eq(exec.args.iter().map(|a| &a.value))
    }
}

/// A key that kubectl ignores because it is misspelled.
#[derive(Debug, Clone)]
pub struct MisspelledKey {
    /// The key as written.
    pub key: Span,
    /// Its value; `None` if it is null, empty or not a string.
    pub value: Option<Spanned<String>>,
}

impl ExecConfig {
    /// Limit on the nameless variables that the verdict counts: kubectl repeats itself for each, but
    /// nobody reads more.
    pub(crate) const MAX_NAMELESS: usize = 100;

    /// Limit on the arguments that are read: nobody writes more, and a text may have one for every
    /// two bytes.
    pub(crate) const MAX_ARGS: usize = 10_000;

    /// Returns a copy without the fields that do not affect kubectl's verdict.
    fn for_verdict(&self) -> Self {
        let nameless = self.env.iter().filter(|env| env.name.is_none()).take(Self::MAX_NAMELESS);
        Self {
            args: Vec::new(),
            env: nameless.cloned().collect(),
            install_hint: None,
            description: None,
            key: self.key,
            api_version_key: self.api_version_key,
            api_version: self.api_version.clone(),
            is_version_set_elsewhere: self.is_version_set_elsewhere,
            has_group_elsewhere: self.has_group_elsewhere,
            misspelled_api_version: self.misspelled_api_version.clone(),
            command: self.command.clone(),
            interactive_mode: self.interactive_mode.clone(),
            interactive_mode_key: self.interactive_mode_key,
            provide_cluster_info: self.provide_cluster_info,
            is_whole: self.is_whole,
            alias: self.alias,
            unmasked: None,
        }
    }

    /// Returns the command as the file has it, secrets included: what decides which program runs.
    /// Reports show `command`.
    pub(crate) fn command_word(&self) -> Option<&str> {
        match &self.unmasked {
            Some(words) => words.command.as_deref(),
            None => self.command.as_ref().map(|command| command.value.as_str()),
        }
    }

    /// Returns the arguments as the file has them, secrets included: what decides how the program
    /// runs. Reports show `args`.
    pub(crate) fn arg_words(&self) -> Vec<&str> {
        match &self.unmasked {
            Some(words) => words.args.iter().map(String::as_str).collect(),
            None => self.args.iter().map(|arg| arg.value.as_str()).collect(),
        }
    }

    /// Returns the misspelled key of an exec config that has no `apiVersion`.
    pub fn misspelled(&self) -> Option<&MisspelledKey> {
        self.misspelled_api_version.as_deref().filter(|_| self.api_version_key.is_none())
    }
}

/// client-go's `ExecEnvVar`.
#[derive(Debug, Clone)]
pub struct ExecEnvVar {
    /// The whole entry.
    pub span: Span,
    /// The alias through which the entry got here, if any.
    pub alias: Option<Span>,
    /// `name`; `None` where it is absent, null or empty.
    pub name: Option<Box<Spanned<String>>>,
    /// `value`; `None` where it is absent, null or empty. No report may show it.
    pub value: Option<Box<Spanned<String>>>,
}

/// client-go's `AuthProviderConfig`: an in-tree provider such as gcp.
#[derive(Debug, Clone)]
pub struct AuthProvider {
    /// The key `auth-provider`.
    pub key: Span,
    /// `name`; `None` where it is absent, null or empty.
    pub name: Option<Spanned<String>>,
    /// The alias through which this user got the auth provider, if any.
    pub alias: Option<Span>,
    /// Whether a flag of `kubectl config set-credentials` gives it.
    pub is_flag: bool,
}

/// What a credential plugin prints: client-go's `ExecCredential`.
#[derive(Debug, Clone)]
pub struct ExecCredential {
    /// The value of `kind`, or the key `status` if there is no `kind`.
    pub kind: Span,
    /// `apiVersion`; `None` where it is absent, null or empty.
    pub api_version: Option<Spanned<String>>,
    /// Whether this is the plugin's input, the value of `KUBERNETES_EXEC_INFO`.
    pub is_request: bool,
    /// kubectl's objections to it, by version; free of secrets.
    pub refusal_ranges: Vec<RefusalRange>,
    /// How it was read.
    pub evidence: Evidence,
}

impl ExecCredential {
    /// Returns what kubectl of that minor rejects, in the order of its checks: it prints the first.
    pub fn refusals(&self, minor: Minor) -> &[Refusal] {
        let mut refusal_ranges = self.refusal_ranges.iter();
        let of = refusal_ranges.find(|range| (range.since..=range.until).contains(&minor));
        of.map_or(&[], |range| &range.refusals)
    }
}

/// An occurrence of the API group that no carrier explains: prose, comments, other code.
#[derive(Debug, Clone)]
pub struct Mention {
    /// The bytes of the occurrence: the group, and the version if one follows it.
    pub span: Span,
    /// The version after the group (`client.authentication.k8s.io/v1alpha1`), if any.
    pub api_version: Option<Arc<str>>,
    /// Whether the occurrence is base64-encoded (the span is then the encoded group).
    pub base64: bool,
}

/// One thing for rules to judge. A text may have one for every few bytes.
#[derive(Debug, Clone)]
pub enum Subject {
    /// A user of a kubeconfig.
    AuthInfo(Box<AuthInfo>),
    /// What the current context of a kubeconfig resolves to.
    Current(Box<Current>),
    /// A cluster of a kubeconfig, as the user with which kubectl connects to it.
    Cluster(Box<AuthInfo>),
    /// What a plugin prints.
    ExecCredential(Box<ExecCredential>),
    /// An exec config, or a part of one, outside of a kubeconfig.
    ExecEntry(Box<ExecEntry>),
    /// A kuberc, which may hold a policy for credential plugins.
    Kuberc(Box<Kuberc>),
    /// A kubeconfig that kubectl cannot decode.
    Undecodable(Box<Undecodable>),
    /// An occurrence that no carrier explains.
    Mention(Box<Mention>),
    /// An ignore comment that suppresses nothing.
    Ignore(Box<IgnoreProblem>),
}

/// A kubeconfig that kubectl cannot decode.
#[derive(Debug, Clone)]
pub struct Undecodable {
    /// The path of the file; `None` if the kubeconfig is a part of one, or not in its final form.
    pub file: Option<String>,
    /// The errors in the order in which kubectl meets them.
    pub errors: Vec<DecodeError>,
}

impl Subject {
    /// Returns whether the subject concerns a credential plugin or an auth provider.
    pub fn has_plugin(&self) -> bool {
        match self {
            Self::AuthInfo(auth) => auth.has_plugin(),
            Self::ExecEntry(_) | Self::ExecCredential(_) | Self::Kuberc(_) | Self::Mention(_) => {
                true
            }
            Self::Current(_) | Self::Cluster(_) | Self::Undecodable(_) | Self::Ignore(_) => false,
        }
    }

    /// Returns the exec config of a user or an entry; that of an entry may be only a part of one.
    pub(crate) fn exec(&self) -> Option<&ExecConfig> {
        match self {
            Self::AuthInfo(auth) => auth.exec.as_deref(),
            Self::ExecEntry(entry) => Some(&entry.exec),
            _ => None,
        }
    }

    /// Drops the arguments beyond the limit on them. Returns whether there are any.
    pub(crate) fn drop_args(&mut self) -> bool {
        let exec = match self {
            Self::AuthInfo(auth) => auth.exec.as_deref_mut(),
            Self::ExecEntry(entry) => Some(&mut entry.exec),
            _ => None,
        };
        let args = exec.map(|exec| &mut exec.args);
        let args = args.filter(|args| args.len() > ExecConfig::MAX_ARGS);
        args.map(|args| args.truncate(ExecConfig::MAX_ARGS)).is_some()
    }

    /// Returns the exec config of a user, or of an entry that is one.
    pub(crate) fn exec_config(&self) -> Option<&ExecConfig> {
        match self {
            Self::ExecEntry(entry) if entry.kind != EntryKind::ExecConfig => None,
            subject => subject.exec(),
        }
    }

    /// Returns the misspelled key of an exec config that has no `apiVersion`.
    pub(crate) fn misspelled_api_version(&self) -> Option<&MisspelledKey> {
        self.exec()?.misspelled()
    }

    /// Returns the exec API version that the subject states, with its span.
    pub fn api_version(&self) -> Option<&Spanned<String>> {
        match self {
            Self::ExecCredential(credential) => credential.api_version.as_ref(),
            subject => subject.exec()?.api_version.as_ref(),
        }
    }

    /// Returns the user's name as reports show it.
    pub(crate) fn user(&self) -> Option<Arc<str>> {
        let name = match self {
            Self::AuthInfo(auth) => auth.name.as_ref(),
            Self::ExecEntry(entry) => entry.user.as_ref(),
            _ => None,
        };
        name.map(|name| clip(&name.value).into())
    }

    /// Returns how kubectl selects this user or cluster.
    pub(crate) fn reach(&self) -> Option<&Reach> {
        let (Self::AuthInfo(auth) | Self::Cluster(auth)) = self else { return None };
        Some(&auth.reach)
    }

    /// Returns the plugin's command as reports show it.
    pub(crate) fn command(&self) -> Option<Arc<str>> {
        let command = self.exec()?.command.as_ref()?;
        Some(clip(placeholder::first_word(&command.value).unwrap_or("(template)")).into())
    }

    /// Returns how the subject was read in its own text.
    pub(crate) fn evidence(&self) -> Evidence {
        match self {
            Self::AuthInfo(auth) => auth.evidence,
            Self::ExecEntry(entry) => entry.evidence,
            Self::ExecCredential(credential) => credential.evidence,
            _ => Evidence::Parsed,
        }
    }

    /// Returns the role that the subject's own syntax implies.
    pub(crate) fn role(&self) -> Role {
        match self {
            Self::ExecEntry(entry) => entry.role,
            _ => Role::Live,
        }
    }
}

/// Counts of what was recognized in a text, whether or not there are findings about it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Recognized {
    /// Kubeconfigs, including those embedded in other texts; templates count if they can be read.
    pub kubeconfigs: usize,
    /// Their users that have an exec config.
    pub exec_users: usize,
    /// Exec configs, and settings of an exec API version, outside of kubeconfigs.
    pub other_exec_configs: usize,
    /// ExecCredentials.
    pub exec_credentials: usize,
    /// Kubercs: kubectl's preferences.
    pub kubercs: usize,
    /// Those of the exec users whose API version is a placeholder, so that only the rest was checked.
    pub unknown_versions: usize,
}

/// What a subject counts as. A text may have a subject for every few bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counted {
    Nothing,
    ExecUser { has_unknown_version: bool },
    OtherExecConfig,
    ExecCredential,
    Kuberc,
}

impl Counted {
    /// Returns what the subject counts as.
    pub(crate) fn of(subject: &Subject) -> Self {
        match subject {
            Subject::AuthInfo(auth) => match &auth.exec {
                Some(exec) => Self::ExecUser { has_unknown_version: exec.is_version_set_elsewhere },
                None => Self::Nothing,
            },
            Subject::ExecEntry(entry) if entry.kind != EntryKind::ExecCredential => {
                Self::OtherExecConfig
            }
            Subject::ExecEntry(_) | Subject::ExecCredential(_) => Self::ExecCredential,
            Subject::Kuberc(_) => Self::Kuberc,
            _ => Self::Nothing,
        }
    }
}

impl Recognized {
    /// Counts a subject.
    pub(crate) fn count(&mut self, counted: Counted) {
        match counted {
            Counted::Nothing => {}
            Counted::ExecUser { has_unknown_version } => {
                self.exec_users += 1;
                self.unknown_versions += usize::from(has_unknown_version);
            }
            Counted::OtherExecConfig => self.other_exec_configs += 1,
            Counted::ExecCredential => self.exec_credentials += 1,
            Counted::Kuberc => self.kubercs += 1,
        }
    }

    /// Adds the counts of another text.
    pub fn add(&mut self, other: Self) {
        self.kubeconfigs += other.kubeconfigs;
        self.exec_users += other.exec_users;
        self.other_exec_configs += other.other_exec_configs;
        self.exec_credentials += other.exec_credentials;
        self.kubercs += other.kubercs;
        self.unknown_versions += other.unknown_versions;
    }
}
