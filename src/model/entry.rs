//! Exec configs, and parts of them, outside of kubeconfigs.

use crate::role::Role;
use crate::text::source::{Span, Spanned};

use super::{Evidence, ExecConfig};

/// An exec config outside of a kubeconfig, or the one value of it that is visible: in Terraform,
/// Argo CD, an argument of kubectl, a template, source code.
#[derive(Debug, Clone)]
pub struct ExecEntry {
    /// The kind of entry.
    pub kind: EntryKind,
    /// The exec config, with the keys that could be read.
    pub exec: ExecConfig,
    /// The key of the exec config that takes its version from the entry, if the entry is a variable or
    /// a constant.
    pub used_at: Option<Span>,
    /// The name of the kubeconfig user that it configures, if the text shows it.
    pub user: Option<Spanned<String>>,
    /// If the entry is a variable, the exec configs that take their version from it.
    pub users: Vec<ExecConfig>,
    /// Whether `users` are all that take their version from the entry.
    pub has_all_users: bool,
    /// What reads the entry.
    pub consumer: Consumer,
    /// Whether the entry is an exec config next to the one that kubectl takes.
    pub is_displaced: bool,
    /// How it was read.
    pub evidence: Evidence,
    /// Whether the whole entry was seen, so that a key not found is really absent.
    pub is_whole: bool,
    /// The role that its own syntax implies; the enclosing text may have a weaker one.
    pub role: Role,
}

impl ExecEntry {
    /// Creates an entry of which no more is known.
    pub(crate) fn new(
        kind: EntryKind,
        exec: ExecConfig,
        consumer: Consumer,
        evidence: Evidence,
    ) -> Self {
        let (user, users, has_all_users) = (None, Vec::new(), false);
        let (is_displaced, is_whole, role) = (false, false, Role::Live);
        Self {
            kind,
            exec,
            used_at: None,
            user,
            users,
            has_all_users,
            consumer,
            is_displaced,
            evidence,
            is_whole,
            role,
        }
    }

    /// Returns whether kubectl would not need it anywhere: another exec config or key takes its
    /// place, or it is not an exec config.
    pub(crate) fn is_superfluous(&self) -> bool {
        self.consumer == Consumer::Nobody
            && (self.is_displaced
                || self.exec.misspelled_api_version.is_some()
                || self.kind == EntryKind::Indirect)
    }

    /// Returns the exec configs with the entry's version: its users, or the entry itself if it has
    /// none.
    pub fn execs(&self) -> Vec<ExecConfig> {
        if self.users.is_empty() {
            return vec![self.exec.clone()];
        }
        let ExecConfig { api_version, has_group_elsewhere, .. } = &self.exec;
        let with_version = |user: &ExecConfig| ExecConfig {
            api_version: api_version.clone(),
            has_group_elsewhere: *has_group_elsewhere,
            ..user.clone()
        };
        self.users.iter().map(with_version).collect()
    }
}

/// What an [`ExecEntry`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// An exec config.
    ExecConfig,
    /// A printed ExecCredential.
    ExecCredential,
    /// A flag, a variable or a setting that holds an exec API version.
    Setting,
    /// What a plugin is asked for, in `KUBERNETES_EXEC_INFO`: kubectl replaces the variable for the
    /// plugins that it runs, so findings are warnings at most.
    Request,
    /// A version that nothing nearby ties to an exec config, or that reaches one only indirectly: a
    /// lone key, a constant. Findings are warnings at most, unless it reaches one that runs a command.
    Indirect,
    /// A version that a script writes in place of another; findings are warnings at most.
    Replacement,
    /// An import of client-go's Go package for the version.
    Package,
    /// A version that code requires, accepting no other; findings are warnings at most.
    Requirement,
    /// A TypeScript type that allows only this version; findings are warnings at most.
    Type,
    /// The version constraint of a Terraform provider; its `command` is the provider's source.
    Provider,
}

/// What reads an exec config.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consumer {
    /// kubectl and other readers of kubeconfigs.
    Kubectl,
    /// `kubectl config set-credentials`, which writes any version into a kubeconfig.
    SetCredentials,
    /// Terraform or one of its providers, which sets `interactiveMode` itself.
    Terraform(TerraformReader),
    /// Argo CD, which sets `interactiveMode` itself.
    ArgoCd,
    /// A program that reads the provider file of ClusterProfiles and sets `interactiveMode` itself.
    ClusterProfile,
    /// Nothing as written: kubectl ignores this key of a kubeconfig.
    Nobody,
    /// kubectl, once the enclosing piece is inserted into a kubeconfig.
    KubeconfigPart,
    /// The reader is unknown.
    Unknown,
}

/// What reads an exec config in Terraform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TerraformReader {
    /// `provider "kubernetes"`.
    Kubernetes,
    /// `provider "helm"`.
    Helm,
    /// `provider "kubectl"`, which has several sources.
    Kubectl,
    /// Another provider, or a backend.
    Other,
    /// The file does not show which, as in a variable.
    Unknown,
}
