//! Which user, cluster and context kubectl selects, and with which flags it selects others.
//!
//! The entries of a kubeconfig and its [`Siblings`] come in; its users go out with how kubectl
//! reaches them, and so do its clusters and what the current context resolves to.
//!
//! Source: client-go `tools/clientcmd/client_config.go`, `DirectClientConfig`.

use std::sync::Arc;

use crate::model::{AuthInfo, Cluster, Context, Current, Reach};
use crate::text::source::Spanned;

use super::decode::kubeconfig::Kubeconfig;
use super::merge::{At, Index, Siblings, name_of};

/// A kubeconfig with what kubectl selects in it.
#[derive(Debug)]
pub(crate) struct Selected {
    /// Its content. Names must not change.
    pub(crate) config: Kubeconfig,
    siblings: Siblings,
}

/// How kubectl selects a user or a cluster.
struct Way {
    reach: Reach,
    /// The name of the context that selects it.
    context: Option<Box<Spanned<String>>>,
    /// The missing context that makes kubectl fail when it selects it in this way.
    missing_context: Option<Box<Spanned<String>>>,
}

impl Selected {
    /// Sets for each user of a kubeconfig how kubectl selects it. Without `siblings`, kubectl loads
    /// only this file.
    pub(crate) fn new(config: Kubeconfig, siblings: Option<&Siblings>) -> Self {
        let siblings = siblings.filter(|siblings| siblings.include(&config)).cloned();
        let siblings = siblings.unwrap_or_else(|| Siblings::none(&config));
        let mut selected = Self { config, siblings };
        let has_other_contexts = selected.has_other_contexts();
        let mut auth_infos = std::mem::take(&mut selected.config.auth_infos);
        for auth in &mut auth_infos {
            let (way, cluster) = selected.way_to_user(auth);
            auth.reach = way.reach;
            auth.context = way.context;
            auth.has_other_contexts = has_other_contexts;
            auth.missing_context = way.missing_context;
            let of_cluster = name_of(cluster.as_ref().and_then(|cluster| cluster.name.as_ref()));
            let is_other = of_cluster != name_of(auth.name.as_ref());
            let users = &selected.siblings.index().users;
            auth.has_user_of_cluster = is_other && users.contains_key(of_cluster);
            auth.cluster = cluster;
        }
        selected.config.auth_infos = auth_infos;
        selected
    }

    /// Returns how kubectl selects a user of the file, and the cluster to which it then connects.
    fn way_to_user(&self, auth: &AuthInfo) -> (Way, Option<Arc<Cluster>>) {
        let Index { users, context_of_user, .. } = self.siblings.index();
        let name = name_of(auth.name.as_ref());
        let context = context_of_user.get(name);
        let way = self.way_to(name, users.get(name), context, Reach::Name);
        let cluster = match way.reach {
            Reach::Fragment => None,
            Reach::Context => context.and_then(|at| self.cluster_of(*at)),
            _ => self.current_cluster(),
        };
        (way, cluster.cloned())
    }

    /// Returns how kubectl selects the user or cluster of that name. `first` is the one that it
    /// takes, and `context` names it; without one, but with other contexts, only a flag selects it:
    /// `by_flag`.
    fn way_to(&self, name: &str, first: Option<&At>, context: Option<&At>, by_flag: Reach) -> Way {
        let reach = self.reach_of(name, first, context, by_flag);
        let context = context.and_then(|at| self.context_at(*at));
        // Naming another context avoids the failure.
        let missing_context = self.missing_context().filter(|_| reach != Reach::Context);
        Way {
            context: context.and_then(|context| context.name.clone()).map(Box::new),
            missing_context: missing_context.map(Spanned::clipped).map(Box::new),
            reach,
        }
    }

    /// Returns the [`Way::reach`] of [`Self::way_to`].
    fn reach_of(
        &self,
        name: &str,
        first: Option<&At>,
        context: Option<&At>,
        by_flag: Reach,
    ) -> Reach {
        let Index { contexts, clusters, context: current, .. } = self.siblings.index();
        if let Some(file) = self.siblings.earlier(first) {
            return Reach::Shadowed(file.to_owned());
        }
        let is_fragment = contexts.is_empty();
        match context {
            // Without a valid context, kubectl uses the user and the cluster without a name.
            _ if name.is_empty() && current.is_none() && !(is_fragment && clusters.is_empty()) => {
                Reach::Current
            }
            None if is_fragment => Reach::Fragment,
            // kubectl ignores `--user` and `--cluster` without a name.
            None if name.is_empty() => Reach::Nameless,
            None => by_flag,
            Some(context) if *current == Some(*context) => Reach::Current,
            Some(_) => Reach::Context,
        }
    }

    fn context_at(&self, at: At) -> Option<&Context> {
        self.siblings.entry(at, &self.config, |config| &config.contexts).map(Arc::as_ref)
    }

    /// Returns the cluster that a context names.
    fn cluster_of(&self, context: At) -> Option<&Arc<Cluster>> {
        self.cluster(self.context_at(context).and_then(|context| context.cluster.as_ref()))
    }

    fn cluster(&self, name: Option<&Spanned<String>>) -> Option<&Arc<Cluster>> {
        let at = self.siblings.index().clusters.get(name_of(name))?;
        self.siblings.entry(*at, &self.config, |config| &config.clusters)
    }

    fn user(&self, name: Option<&Spanned<String>>) -> Option<&AuthInfo> {
        let at = self.siblings.index().users.get(name_of(name))?;
        self.siblings.entry(*at, &self.config, |config| &config.auth_infos).map(Box::as_ref)
    }

    /// Returns the context that kubectl uses; without `current-context`, one without a name.
    fn context(&self) -> Option<&Context> {
        self.siblings.index().context.and_then(|at| self.context_at(at))
    }

    fn has_other_contexts(&self) -> bool {
        self.siblings.index().contexts.len() > 1
    }

    /// Returns the cluster that kubectl uses.
    fn current_cluster(&self) -> Option<&Arc<Cluster>> {
        self.cluster(self.context().and_then(|context| context.cluster.as_ref()))
    }

    /// Returns the `current-context` of the first file that has one.
    fn current_context(&self) -> Option<&Spanned<String>> {
        let file = self.siblings.index().current_context?;
        self.siblings.config(file, &self.config)?.current_context.as_ref()
    }

    /// Returns `current-context`, if it names a context that does not exist.
    pub(crate) fn missing_context(&self) -> Option<&Spanned<String>> {
        self.current_context().filter(|_| self.siblings.index().context.is_none())
    }

    /// Returns the user that kubectl uses, with its cluster. Without a valid context, both are the
    /// ones without a name.
    pub(crate) fn current(&self) -> AuthInfo {
        let name = self.context().and_then(|context| context.user.as_ref());
        AuthInfo {
            name: name.cloned(),
            cluster: self.current_cluster().cloned(),
            missing_context: self.missing_context().cloned().map(Box::new),
            reach: Reach::Current,
            context: self.context().and_then(|context| context.name.clone()).map(Box::new),
            // What is said of it names the current context anyway.
            has_other_contexts: false,
            ..self.user(name).map_or_else(AuthInfo::empty, AuthInfo::for_verdict)
        }
    }

    /// Returns what the current context resolves to, if one is set. Of what is missing, it contains
    /// what this file names, unless it may be in a file that kubectl cannot decode.
    pub(crate) fn set_context(&self) -> Option<Current> {
        let index = self.siblings.index();
        let is_own = |file: usize| self.siblings.is_own(file);
        let are_all_known = self.siblings.undecodable().is_none();
        let is_set_here = are_all_known && index.current_context.is_some_and(is_own);
        self.current_context()?;
        let context = index.context.filter(|at| are_all_known && is_own(at.file));
        let context = context.and_then(|at| self.context_at(at));
        let cluster = context.and_then(|context| context.cluster.as_ref());
        let user = context.and_then(|context| context.user.as_ref());
        Some(Current {
            missing_context: self.missing_context().filter(|_| is_set_here).cloned(),
            missing_cluster: cluster.filter(|_| self.current_cluster().is_none()).cloned(),
            missing_user: user.filter(|name| self.user(Some(name)).is_none()).cloned(),
            is_merged: self.siblings.are_some(),
            absent_files: self.siblings.absent_files(),
            user: self.current(),
        })
    }

    /// Returns a cluster as the user with which kubectl connects to it. `current` is the user that
    /// kubectl uses.
    pub(super) fn cluster_user(&self, cluster: &Arc<Cluster>, current: &AuthInfo) -> Box<AuthInfo> {
        let Index { clusters, context_of_cluster, .. } = self.siblings.index();
        let name = name_of(cluster.name.as_ref());
        let at = context_of_cluster.get(name);
        let way = self.way_to(name, clusters.get(name), at, Reach::Cluster);
        let context = at.and_then(|at| self.context_at(*at));
        let user = context.and_then(|context| self.user(context.user.as_ref()));
        let by_default = matches!(way.reach, Reach::Current | Reach::Cluster).then_some(current);
        Box::new(AuthInfo {
            cluster: Some(Arc::clone(cluster)),
            reach: way.reach,
            context: way.context,
            has_other_contexts: self.has_other_contexts(),
            missing_context: way.missing_context,
            ..user.or(by_default).map_or_else(AuthInfo::empty, AuthInfo::for_verdict)
        })
    }
}
