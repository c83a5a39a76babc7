//! What carriers find and rules judge, in client-go's names: [`AuthInfo`], [`ExecConfig`],
//! [`ExecCredential`], [`AuthProvider`], each value with its place in the file.
//!
//! Source of the names and fields: client-go `tools/clientcmd/api/v1/types.go` and
//! `pkg/apis/clientauthentication/v1/types.go`.

mod entry;
mod ignore;
mod kuberc;
pub mod refusal;
pub mod words;

use crate::kubernetes::version::Minor;
use crate::model::refusal::{DecodeError, Judgement, Refusal};
use crate::text::source::{Span, Spanned, clip};

pub use entry::{Consumer, EntryKind, ExecEntry};
pub use ignore::{Idle, IdleIgnore};
pub use kuberc::*;

/// How an exec config was read, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// kubectl, or Terraform, would read exactly this.
    Parsed,
    /// The same, but inside of something else: a string, a heredoc, a list, a later document, a
    /// file of another kind.
    Embedded,
    /// Structure recognised in a text that kubectl does not read as it stands: a template, a
    /// broken file. What is absent there may only be out of sight.
    Pattern,
    /// Nothing reads it: the text only names the API group.
    Mention,
}

impl Evidence {
    /// Whether everything was read: what is absent is absent.
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
    pub exec: Option<ExecConfig>,
    /// `users[].user.auth-provider`.
    pub auth_provider: Option<AuthProvider>,
    /// The other ways to authenticate.
    pub credentials: Credentials,
    /// The key of an exec config that kubectl does not see: `Exec`, or `exec` beside `user`.
    pub unseen_exec: Option<Span>,
    /// The current context of the file, if it is not among its contexts: kubectl then fails
    /// whatever the user.
    pub missing_context: Option<Spanned<String>>,
    /// How kubectl comes to this user.
    pub reach: Reach,
    /// The cluster of the context by which kubectl comes to this user; `None` where there is
    /// none.
    pub cluster: Option<Cluster>,
    /// The document of the file that it stands in, from 1. kubectl reads only the first.
    pub document: usize,
    /// The path of the file, if that is a kubeconfig and nothing else: tools that write
    /// kubeconfigs write no templates, and no texts in other files.
    pub file: Option<String>,
    /// Whether it stands alone: a piece of a kubeconfig that something else puts together.
    pub is_part: bool,
    /// How it was read.
    pub evidence: Evidence,
}

/// How kubectl comes to a user: it judges only the one that it is about to use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// The current context names it.
    Current,
    /// The file has no contexts: it is a part of a kubeconfig, and of its users each is as good as
    /// the other. The rest is taken to be right.
    Fragment,
    /// The context of this name does, and is not the current one.
    Context(String),
    /// No context names it: `kubectl --user` does.
    Name,
    /// No context names its cluster: `kubectl --cluster` does.
    Cluster,
}

/// The fields of client-go's `AuthInfo` beside `exec` and `auth-provider`.
///
/// What is absent, null or empty is `None`; no report may show what stands at the places.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Credentials {
    /// `token`.
    pub token: Option<Span>,
    /// `tokenFile`: a path.
    pub token_file: Option<Spanned<String>>,
    /// `username`.
    pub username: Option<Span>,
    /// `password`.
    pub password: Option<Span>,
    /// `client-certificate`: a path.
    pub client_certificate: Option<Spanned<String>>,
    /// `client-certificate-data`: base64 of a PEM file.
    pub client_certificate_data: Option<Span>,
    /// `client-key`: a path.
    pub client_key: Option<Spanned<String>>,
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

/// The first kubectl that knows `as-uid`.
pub const IMPERSONATE_UID_SINCE: Minor = Minor(23);

/// The first kubectl that minds an entry of `as-user-extra` that is null. Measured with 1.20 to
/// 1.37.
const EMPTY_EXTRA_SINCE: Minor = Minor(32);

impl Credentials {
    /// The client certificate, by path or in place.
    pub fn certificate(&self) -> Option<Span> {
        self.client_certificate_data.or(self.client_certificate.as_ref().map(|path| path.span))
    }

    /// What kubectl of that minor is to impersonate beside the user, if anything.
    pub fn impersonates_more(&self, minor: Minor) -> Option<Span> {
        let counts = self.has_impersonate_extra_value || minor >= EMPTY_EXTRA_SINCE;
        let extra = self.impersonate_extra.filter(|_| counts);
        let uid = self.impersonate_uid.filter(|_| minor >= IMPERSONATE_UID_SINCE);
        self.impersonate_groups.or(extra).or(uid)
    }

    /// The key of the client certificate, by path or in place.
    pub fn key(&self) -> Option<Span> {
        self.client_key_data.or(self.client_key.as_ref().map(|path| path.span))
    }
}

/// client-go's `Cluster`, with its name, as far as it decides what becomes of a user.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cluster {
    /// `clusters[].name`; `None` where it is absent, null or empty.
    pub name: Option<Spanned<String>>,
    /// `server`; where it is absent, kubectl takes `http://localhost:8080`.
    pub server: Option<Spanned<String>>,
    /// `certificate-authority`: a path.
    pub certificate_authority: Option<Spanned<String>>,
    /// `certificate-authority-data`: base64 of a PEM file.
    pub certificate_authority_data: Option<Span>,
    /// `proxy-url`.
    pub proxy_url: Option<Spanned<String>>,
}

impl Cluster {
    /// The name as kubectl prints it in its messages: empty where there is none.
    pub fn display_name(&self) -> &str {
        self.name.as_ref().map_or("", |name| clip(&name.value))
    }
}

/// What the current context of a kubeconfig comes to.
#[derive(Debug, Clone)]
pub struct Current {
    /// `current-context`, if it is not among the contexts.
    pub missing_context: Option<Spanned<String>>,
    /// The cluster that it names, if it is not among the clusters.
    pub missing_cluster: Option<Spanned<String>>,
    /// The user that it names, if it is not among the users.
    pub missing_user: Option<Spanned<String>>,
    /// The user, as kubectl puts it together.
    pub user: AuthInfo,
}

/// client-go's `Context`, with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// `contexts[].name`; `None` where it is absent, null or empty.
    pub name: Option<Spanned<String>>,
    /// `cluster`: the name of a cluster.
    pub cluster: Option<Spanned<String>>,
    /// `user`: the name of a user.
    pub user: Option<Spanned<String>>,
}

impl AuthInfo {
    /// A user without a name, credentials and cluster: the one that kubectl takes where none is
    /// named.
    pub fn empty() -> Self {
        Self {
            name: None,
            exec: None,
            auth_provider: None,
            credentials: Credentials::default(),
            unseen_exec: None,
            missing_context: None,
            reach: Reach::Current,
            cluster: None,
            document: 1,
            file: None,
            is_part: false,
            evidence: Evidence::Parsed,
        }
    }

    /// The auth provider that kubectl would use. Beside `exec` there is none: kubectl complains of
    /// the two being together, and of nothing else.
    pub fn provider_in_use(&self) -> Option<&AuthProvider> {
        self.auth_provider.as_ref().filter(|_| self.exec.is_none())
    }

    /// The same without what no verdict of kubectl depends on: users may be many, and arguments
    /// long.
    pub(crate) fn for_verdict(&self) -> Self {
        let mut auth = self.clone();
        if let Some(exec) = &mut auth.exec {
            exec.args.clear();
            exec.env.retain(|env| env.name.is_none());
            exec.install_hint = None;
        }
        auth
    }

    /// The name as kubectl prints it in its messages: empty where there is none.
    pub fn display_name(&self) -> &str {
        self.name.as_ref().map_or("", |name| clip(&name.value))
    }
}

/// client-go's `ExecConfig`: how to run a credential plugin.
///
/// A string that is absent, null or empty is `None`: client-go does not tell them apart.
#[derive(Debug, Clone, Default)]
pub struct ExecConfig {
    /// The key `exec`, or what stands for it.
    pub key: Span,
    /// The key `apiVersion`, where it is written (its value may still be empty).
    pub api_version_key: Option<Span>,
    /// `apiVersion`.
    pub api_version: Option<Spanned<String>>,
    /// Whether `apiVersion` is a placeholder: the version is then not known, and presumed to be
    /// right.
    pub is_version_set_elsewhere: bool,
    /// A key that was meant as `apiVersion` and is none to kubectl: `apiversion`, `api_version`.
    pub misspelt_api_version: Option<MisspeltKey>,
    /// `command`.
    pub command: Option<Spanned<String>>,
    /// `args`; null items are empty.
    pub args: Vec<Spanned<String>>,
    /// `env`.
    pub env: Vec<ExecEnvVar>,
    /// `interactiveMode`.
    pub interactive_mode: Option<Spanned<String>>,
    /// The key `interactiveMode`, in any case, where it is written (its value may still be empty).
    pub interactive_mode_key: Option<Span>,
    /// `installHint`.
    pub install_hint: Option<Spanned<String>>,
    /// `provideClusterInfo`.
    pub provide_cluster_info: bool,
    /// The prose beside a version that is a default: the `description` of a Terraform variable.
    pub description: Option<Spanned<String>>,
    /// Whether all its keys are there, in a template of which other parts cannot be read.
    pub is_whole: bool,
    /// The alias by which the whole exec config came to this user, if it did.
    pub alias: Option<Span>,
}

/// A key whose name kubectl does not know, as it is spelled otherwise.
#[derive(Debug, Clone)]
pub struct MisspeltKey {
    /// The key, as it is written.
    pub key: Span,
    /// Its value; `None` where it is null, empty or no string.
    pub value: Option<Spanned<String>>,
}

impl ExecConfig {
    /// The misspelt key of an exec config without an `apiVersion`, if it has one.
    pub fn misspelt(&self) -> Option<&MisspeltKey> {
        self.misspelt_api_version.as_ref().filter(|_| self.api_version_key.is_none())
    }
}

/// client-go's `ExecEnvVar`.
#[derive(Debug, Clone)]
pub struct ExecEnvVar {
    /// The whole entry.
    pub span: Span,
    /// The alias by which it came here, if it did.
    pub alias: Option<Span>,
    /// `name`; `None` where it is absent, null or empty.
    pub name: Option<Spanned<String>>,
    /// `value`; `None` where it is absent, null or empty. No report may show it.
    pub value: Option<Spanned<String>>,
}

/// client-go's `AuthProviderConfig`: an in-tree provider such as gcp.
#[derive(Debug, Clone)]
pub struct AuthProvider {
    /// The key `auth-provider`.
    pub key: Span,
    /// `name`; `None` where it is absent, null or empty.
    pub name: Option<Spanned<String>>,
    /// The alias by which it came to this user, if it did.
    pub alias: Option<Span>,
}

/// What a credential plugin prints: client-go's `ExecCredential`.
#[derive(Debug, Clone)]
pub struct ExecCredential {
    /// The value of `kind`, or the key `status` where there is none.
    pub kind: Span,
    /// `apiVersion`; `None` where it is absent, null or empty.
    pub api_version: Option<Spanned<String>>,
    /// Whether it is the plugin's input, the value of `KUBERNETES_EXEC_INFO`.
    pub is_request: bool,
    /// What is wrong with it, by kubectl; without secrets.
    pub judgements: Vec<Judgement>,
    /// How it was read.
    pub evidence: Evidence,
}

impl ExecCredential {
    /// What kubectl of that minor does not accept, in the order in which it looks: the first is
    /// what it prints.
    pub fn refusals(&self, minor: Minor) -> &[Refusal] {
        let mut judgements = self.judgements.iter();
        let of = judgements.find(|judgement| (judgement.since..=judgement.until).contains(&minor));
        of.map_or(&[], |judgement| &judgement.refusals)
    }
}

/// An occurrence of the API group that no carrier explains: prose, comments, other code.
#[derive(Debug, Clone)]
pub struct Mention {
    /// The bytes of the occurrence: the group, and the version if one follows it.
    pub span: Span,
    /// The version after the group (`client.authentication.k8s.io/v1alpha1`), if there is one.
    pub api_version: Option<String>,
    /// Whether it stands there base64-encoded (the span is then the encoded group).
    pub base64: bool,
}

impl Subject {
    /// Whether it is about a credential plugin or an auth provider.
    pub fn has_plugin(&self) -> bool {
        match self {
            Self::AuthInfo(auth) => {
                auth.exec.is_some() || auth.auth_provider.is_some() || auth.unseen_exec.is_some()
            }
            Self::ExecEntry(_) | Self::ExecCredential(_) | Self::Kuberc(_) | Self::Mention(_) => {
                true
            }
            Self::Current(_) | Self::Cluster(_) | Self::Undecodable(_) | Self::Ignore(_) => false,
        }
    }

    /// The key that was meant as `apiVersion`, where there is none.
    pub(crate) fn misspelt_api_version(&self) -> Option<&MisspeltKey> {
        match self {
            Self::AuthInfo(auth) => auth.exec.as_ref()?.misspelt(),
            Self::ExecEntry(entry) => entry.exec.misspelt(),
            _ => None,
        }
    }

    /// Where the subject says its exec API version, and the value.
    pub fn api_version(&self) -> Option<&Spanned<String>> {
        match self {
            Self::AuthInfo(auth) => auth.exec.as_ref()?.api_version.as_ref(),
            Self::ExecCredential(credential) => credential.api_version.as_ref(),
            Self::ExecEntry(entry) => entry.exec.api_version.as_ref(),
            Self::Current(_)
            | Self::Cluster(_)
            | Self::Kuberc(_)
            | Self::Undecodable(_)
            | Self::Mention(_)
            | Self::Ignore(_) => None,
        }
    }
}

/// One thing that rules can judge.
#[derive(Debug, Clone)]
pub enum Subject {
    /// A user of a kubeconfig.
    AuthInfo(Box<AuthInfo>),
    /// What the current context of a kubeconfig comes to.
    Current(Box<Current>),
    /// A cluster of a kubeconfig: the user with whom kubectl comes to it.
    Cluster(Box<AuthInfo>),
    /// What a plugin prints.
    ExecCredential(ExecCredential),
    /// An exec config, or a part of one, outside of a kubeconfig.
    ExecEntry(Box<ExecEntry>),
    /// A kuberc, which may hold a policy for credential plugins.
    Kuberc(Box<Kuberc>),
    /// A kubeconfig that kubectl cannot decode, and why, in the order in which it is met.
    Undecodable(Vec<DecodeError>),
    /// An occurrence that no carrier explains.
    Mention(Mention),
    /// A comment that is to silence findings, and that does not.
    Ignore(IdleIgnore),
}

/// How many of what was recognised in a text, whether there is something to report of it or not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Recognized {
    /// Kubeconfigs, those inside other texts included; of templates those that can be read.
    pub kubeconfigs: usize,
    /// Their users that have an exec config.
    pub exec_users: usize,
    /// Exec configs, and settings of an exec API version, outside of kubeconfigs.
    pub exec_configs: usize,
    /// ExecCredentials.
    pub exec_credentials: usize,
    /// Kubercs: kubectl's preferences.
    pub kubercs: usize,
}

impl Recognized {
    /// What one subject counts for.
    pub fn of(subject: &Subject) -> Self {
        let mut one = Self::default();
        match subject {
            Subject::AuthInfo(auth) => one.exec_users = usize::from(auth.exec.is_some()),
            Subject::ExecEntry(entry) if entry.kind == EntryKind::ExecCredential => {
                one.exec_credentials = 1;
            }
            Subject::ExecEntry(_) => one.exec_configs = 1,
            Subject::ExecCredential(_) => one.exec_credentials = 1,
            Subject::Kuberc(_) => one.kubercs = 1,
            _ => {}
        }
        one
    }

    /// Counts what was recognised elsewhere, too.
    pub fn add(&mut self, other: Self) {
        self.kubeconfigs += other.kubeconfigs;
        self.exec_users += other.exec_users;
        self.exec_configs += other.exec_configs;
        self.exec_credentials += other.exec_credentials;
        self.kubercs += other.kubercs;
    }
}

/// What a report says of a command: of one with blanks, which no kubectl finds, the first word.
pub fn command_word(command: &str) -> &str {
    clip(command.split_whitespace().next().unwrap_or(command))
}
