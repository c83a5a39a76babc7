//! Exec configs, and parts of them, outside of kubeconfigs.

use crate::role::Role;

use super::{Evidence, ExecConfig};

/// An exec config that is not a kubeconfig's, or the one value of it that can be seen: in
/// Terraform, Argo CD, an argument of kubectl, a template, source code.
#[derive(Debug, Clone)]
pub struct ExecEntry {
    /// What it is.
    pub kind: EntryKind,
    /// What it says, as far as it can be read.
    pub exec: ExecConfig,
    /// The exec configs that take their version from it, where it is a variable.
    pub users: Vec<ExecConfig>,
    /// What will read it.
    pub consumer: Consumer,
    /// How it was read.
    pub evidence: Evidence,
    /// Whether everything of it was seen: what is absent is absent.
    pub is_whole: bool,
    /// What it is there for, by its own syntax; the text around it may have a weaker role.
    pub role: Role,
}

impl ExecEntry {
    /// The exec configs that have its version: those that take it from here, or else its own.
    pub fn execs(&self) -> Vec<ExecConfig> {
        if self.users.is_empty() {
            return vec![self.exec.clone()];
        }
        let api_version = &self.exec.api_version;
        let with_version =
            |user: &ExecConfig| ExecConfig { api_version: api_version.clone(), ..user.clone() };
        self.users.iter().map(with_version).collect()
    }
}

/// What an [`ExecEntry`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// An exec config.
    ExecConfig,
    /// An ExecCredential that is printed.
    ExecCredential,
    /// A flag, a variable or a setting that holds an exec API version.
    Setting,
    /// A version of which nothing beside it says that it is that of an exec config, or that gets
    /// there by way of something else: a key alone, a constant.
    /// Findings are warnings at most.
    Indirect,
    /// What a script writes in place of something else; findings are warnings at most.
    Replacement,
    /// The import of client-go's Go package for the version.
    Package,
    /// What code requires of a version: it accepts no other; findings are warnings at most.
    Requirement,
    /// A type of TypeScript that allows this version alone; findings are warnings at most.
    Type,
    /// A variable that holds the version alone: its group stands where the variable is used.
    Word,
    /// What says which releases of a Terraform provider are allowed; its `command` is the
    /// provider's source.
    Provider,
}

/// What reads an exec config.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consumer {
    /// kubectl and whatever else reads kubeconfigs.
    Kubectl,
    /// `kubectl config set-credentials`, which writes it into a kubeconfig, and takes any version.
    SetCredentials,
    /// A Terraform provider, which sets `interactiveMode` itself.
    Terraform,
    /// Argo CD, which sets it itself.
    ArgoCd,
    /// A program that reads the provider file of ClusterProfiles, and sets it itself.
    ClusterProfile,
    /// Nothing, as it stands: it is in a kubeconfig, where kubectl passes over it.
    Nobody,
    /// kubectl, once the piece that it stands in is put into a kubeconfig.
    KubeconfigPart,
    /// It cannot be told.
    Unknown,
}
