//! kubectl and helm on PATH, and the kubectl to judge by.

use std::path::{Path, PathBuf};

use crate::cli::Doctor;
use crate::kubernetes::reader::Reader;
use crate::kubernetes::target::Target;

use super::path::{Executable, Lookup};
use super::release::{self, Installed};

/// A program that reads kubeconfigs.
pub(super) struct Program {
    /// Its name.
    pub(super) name: &'static str,
    /// What runs; `None` if PATH has none.
    pub(super) installed: Option<Installed>,
    /// The executables that it shadows.
    pub(super) shadowed: Vec<PathBuf>,
}

/// The programs that read kubeconfigs.
pub(super) struct Programs {
    kubectl: Program,
    helm: Program,
}

impl Programs {
    /// Finds them, and asks them for their releases.
    pub(super) fn find(lookup: Lookup<'_>) -> Self {
        let find = |name, release: fn(&Path) -> Option<String>| match lookup
            .executable(name, lookup.current)
        {
            Executable::Found { path, shadowed } => {
                let release = release(&path);
                Program { name, installed: Some(Installed { path, release }), shadowed }
            }
            _ => Program { name, installed: None, shadowed: Vec::new() },
        };
        Self { kubectl: find("kubectl", release::of_kubectl), helm: find("helm", release::of_helm) }
    }

    /// Returns all of them.
    pub(super) fn all(&self) -> [&Program; 2] {
        [&self.kubectl, &self.helm]
    }

    /// Returns the release of helm, if its client-go is known.
    pub(super) fn helm(&self) -> Option<Reader> {
        let release = self.helm.installed.as_ref()?.release.as_deref()?;
        let target: Target = format!("helm@{release}").parse().ok()?;
        target.unknown.is_none().then(|| target.reader(target.last))
    }

    /// Returns the kubectl to judge by, and why it is another than the kubectl on PATH, if it is.
    pub(super) fn judge(&self, flags: &Doctor) -> (Target, Option<String>) {
        if let Some(target) = &flags.kubectl_version {
            return (target.clone(), Some("--kubectl-version".to_owned()));
        }
        let newest = Target::default();
        let kubectl = self.kubectl.installed.as_ref();
        let release = kubectl.and_then(|kubectl| kubectl.release.as_deref());
        match (kubectl, release.map(str::parse::<Target>)) {
            (None, _) => (newest, Some("kubectl is not on PATH".to_owned())),
            (_, None) => (newest, Some("kubectl does not print its version".to_owned())),
            (_, Some(Err(message))) => (newest, Some(message)),
            (_, Some(Ok(target))) => {
                let unknown = target.unknown.map(|reader| format!("{reader} is not known yet"));
                (target, unknown)
            }
        }
    }
}
