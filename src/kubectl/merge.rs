//! What kubectl makes of several kubeconfigs that it loads together: the files of `KUBECONFIG`.
//!
//! The files come in, in kubectl's order. For each of them, its [`Siblings`] go out, with which it
//! is judged as a part of the whole, and what kubectl never uses of it.
//!
//! Source: client-go `tools/clientcmd/loader.go`, `ClientConfigLoadingRules.Load`. Of users,
//! clusters and contexts with the same name, kubectl takes the first as a whole, and it takes the
//! first `current-context` that is not empty: so did the kubectls in `tests/kubectl/lists`.

use std::collections::{BTreeSet, HashMap};
use std::iter;
use std::sync::Arc;

use crate::kubernetes::target::Target;
use crate::kubernetes::version::Minor;
use crate::model::{AuthInfo, Context, Evidence};
use crate::secrets;
use crate::secrets::redact::Secrets;
use crate::syntax::yaml;
use crate::text::source::{Source, Spanned};

use super::decode::kubeconfig::{self, Kubeconfig};
use super::decode::view::View;
use super::decode::{compose, undecodable};

/// The kubeconfigs that kubectl loads together, in its order.
#[derive(Debug, Default)]
pub struct Merged {
    files: Vec<Loaded>,
    index: Index,
    /// The positions of the first two files that some kubectl of the target cannot decode.
    undecodable: Vec<usize>,
    /// Whether a user of one of the files has a credential plugin or an auth provider.
    has_plugin: bool,
    /// The names in messages of files that kubectl would load, too, but that do not exist.
    absent: Arc<[String]>,
}

/// A kubeconfig that kubectl loads together with others.
#[derive(Debug)]
struct Loaded {
    /// The name of its file in messages.
    name: String,
    /// Its content, without places and secrets: reports about the other files may quote it.
    config: Kubeconfig,
}

/// The position of a user, cluster or context.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct At {
    /// The position of its file.
    pub file: usize,
    /// Its position in the list of this file.
    pub item: usize,
}

/// Which entries kubectl takes, by their names. An entry without a name has an empty one.
#[derive(Debug, Default)]
pub(super) struct Index {
    pub users: HashMap<String, At>,
    pub clusters: HashMap<String, At>,
    pub contexts: HashMap<String, At>,
    /// The context with which kubectl selects a user, by the name of the user.
    pub context_of_user: HashMap<String, At>,
    /// The context with which kubectl selects a cluster, by the name of the cluster.
    pub context_of_cluster: HashMap<String, At>,
    /// The position of the file that sets `current-context`.
    pub current_context: Option<usize>,
    /// The context that kubectl uses; without `current-context`, one without a name.
    pub context: Option<At>,
}

impl Index {
    /// Indexes the entries of files.
    pub(super) fn of<'a>(files: impl Iterator<Item = &'a Kubeconfig> + Clone) -> Self {
        let contexts = first(files.clone(), Kubeconfig::context_names);
        let current_context = files.clone().position(|config| config.current_context.is_some());
        let current = current_context.and_then(|at| files.clone().nth(at));
        let current = name_of(current.and_then(|config| config.current_context.as_ref()));
        let context = contexts.get(current).copied();
        let all = files.clone().enumerate().flat_map(|(file, config)| {
            config
                .contexts
                .iter()
                .enumerate()
                .map(move |(item, context)| (At { file, item }, context))
        });
        // `--context ''` selects nothing.
        let named = all.clone().filter(|(at, context)| {
            let name = name_of(context.name.as_ref());
            !name.is_empty() && contexts.get(name) == Some(at)
        });
        // The current context wins over others with the same user, else the first does.
        let usable = all.filter(|(at, _)| context == Some(*at)).chain(named);
        let by = |key: fn(&Context) -> Option<&Spanned<String>>| {
            let mut found = HashMap::new();
            for (at, context) in usable.clone() {
                found.entry(name_of(key(context)).to_owned()).or_insert(at);
            }
            found
        };
        Self {
            users: first(files.clone(), Kubeconfig::user_names),
            clusters: first(files.clone(), Kubeconfig::cluster_names),
            context_of_user: by(|context| context.user.as_ref()),
            context_of_cluster: by(|context| context.cluster.as_ref()),
            contexts,
            current_context,
            context,
        }
    }
}

/// Returns the position of the first entry of each name.
fn first<'a, N: Iterator<Item = &'a str>>(
    files: impl Iterator<Item = &'a Kubeconfig>,
    names: impl Fn(&'a Kubeconfig) -> N,
) -> HashMap<String, At> {
    let mut first = HashMap::new();
    for (file, config) in files.enumerate() {
        for (item, name) in names(config).enumerate() {
            if !first.contains_key(name) {
                first.insert(name.to_owned(), At { file, item });
            }
        }
    }
    first
}

/// Returns a name as kubectl compares it: empty if there is none.
pub(super) fn name_of(name: Option<&Spanned<String>>) -> &str {
    name.map_or("", |name| &name.value)
}

impl Kubeconfig {
    fn user_names(&self) -> impl Iterator<Item = &str> {
        self.auth_infos.iter().map(|user| name_of(user.name.as_ref()))
    }

    fn cluster_names(&self) -> impl Iterator<Item = &str> {
        self.clusters.iter().map(|cluster| name_of(cluster.name.as_ref()))
    }

    fn context_names(&self) -> impl Iterator<Item = &str> {
        self.contexts.iter().map(|context| name_of(context.name.as_ref()))
    }

    /// Masks the secrets in what reports about other files quote, and drops what they do not need.
    fn detach(&mut self, secrets: Secrets<'_>) {
        for auth in &mut self.auth_infos {
            let name = auth.name.take();
            **auth = AuthInfo { name, ..auth.for_verdict() };
            secrets.auth_info(auth);
        }
        self.clusters.iter_mut().for_each(|cluster| secrets.cluster(Arc::make_mut(cluster)));
        for context in &mut self.contexts {
            let Context { name, cluster, user } = Arc::make_mut(context);
            [name, cluster, user].into_iter().for_each(|name| secrets.hide(name));
        }
        secrets.hide(&mut self.current_context);
    }
}

impl Merged {
    /// Merges files, each with its name in messages, for the kubectls of the target. A file without
    /// a source cannot be read, so kubectl refuses to do anything.
    pub fn new<'a>(
        files: impl IntoIterator<Item = (String, Option<&'a Source>)>,
        target: &Target,
    ) -> Self {
        let (mut loaded, mut spans, mut undecodable) = (Vec::new(), Vec::new(), Vec::new());
        for (at, (name, source)) in files.into_iter().enumerate() {
            let Some(source) = source else {
                undecodable.push(at);
                loaded.push(Loaded { name, config: Kubeconfig::default() });
                spans.push(Vec::new());
                continue;
            };
            let tree = yaml::parse(source.text());
            let view = View { tree: &tree, text: source.text() };
            let errors = undecodable::of_file(source, view);
            let mut minors = target.minors();
            if minors.any(|minor| errors.iter().any(|error| error.concerns(minor))) {
                undecodable.push(at);
            }
            let root = tree.documents.first().and_then(|document| document.root);
            let root = root.filter(|root| compose::unbounded(view, *root).is_none());
            let is_broken = errors.iter().any(|error| error.since == Minor::OLDEST);
            let evidence = if is_broken { Evidence::Pattern } else { Evidence::Parsed };
            let config = root.map(|root| kubeconfig::read(view, root, evidence));
            loaded.push(Loaded { name, config: config.unwrap_or_default() });
            spans.push(secrets::spans(&tree, source.text()).into_all());
        }
        undecodable.truncate(2);
        // Masked names are all the same.
        let index = Index::of(loaded.iter().map(|file| &file.config));
        for (file, spans) in loaded.iter_mut().zip(&spans) {
            file.config.detach(Secrets { keyed: spans, others: &[], detaches: true });
        }
        let has_plugin = |user: &AuthInfo| user.exec.is_some() || user.auth_provider.is_some();
        let mut users = loaded.iter().flat_map(|file| &file.config.auth_infos).map(Box::as_ref);
        let has_plugin = users.any(has_plugin);
        Self { has_plugin, files: loaded, index, undecodable, absent: Arc::default() }
    }

    /// Adds the names of files that kubectl would load, too, but that do not exist.
    pub fn without(self, absent: &[String]) -> Self {
        Self { absent: absent.into(), ..self }
    }

    /// Returns the current context; `None` if no file sets one.
    pub fn current_context(&self) -> Option<&str> {
        let file = self.files.get(self.index.current_context?)?;
        file.config.current_context.as_ref().map(|name| name.value.as_str())
    }

    /// Returns the kind (`user`, `cluster` or `context`) and name of each entry, with the position
    /// of the file that kubectl takes it from.
    pub fn first(&self) -> impl Iterator<Item = (&'static str, &str, usize)> {
        let Index { users, clusters, contexts, .. } = &self.index;
        let kinds = [("user", users), ("cluster", clusters), ("context", contexts)];
        kinds.into_iter().flat_map(|(kind, entries)| {
            entries.iter().map(move |(name, at)| (kind, name.as_str(), at.file))
        })
    }

    /// Returns the siblings of the file at a position.
    pub fn siblings(self: &Arc<Self>, at: usize) -> Siblings {
        Siblings { merged: Arc::clone(self), at }
    }

    /// Returns the kind and the name of each entry of the file at a position that kubectl never
    /// uses, with the name of the file that defines it first.
    pub fn shadowed(&self, at: usize) -> BTreeSet<(&'static str, &str, &str)> {
        let Some(Loaded { config, .. }) = self.files.get(at) else { return BTreeSet::new() };
        let Index { users, clusters, contexts, .. } = &self.index;
        let users = config.user_names().map(|name| ("user", name, users.get(name)));
        let clusters = config.cluster_names().map(|name| ("cluster", name, clusters.get(name)));
        let contexts = config.context_names().map(|name| ("context", name, contexts.get(name)));
        let entries = users.chain(clusters).chain(contexts);
        let shadowed = entries.filter_map(|(kind, name, first)| {
            let first = first.filter(|first| first.file < at)?;
            Some((kind, name, self.files.get(first.file)?.name.as_str()))
        });
        shadowed.collect()
    }
}

/// The kubeconfigs that kubectl loads together with a file.
#[derive(Debug, Clone)]
pub struct Siblings {
    merged: Arc<Merged>,
    /// The position of the file itself.
    at: usize,
}

impl Siblings {
    /// Returns those of a file that kubectl loads alone: none.
    pub(super) fn none(config: &Kubeconfig) -> Self {
        let index = Index::of(iter::once(config));
        Self { merged: Arc::new(Merged { index, ..Merged::default() }), at: 0 }
    }

    /// Returns whether there are any.
    pub(super) fn are_some(&self) -> bool {
        !self.merged.files.is_empty()
    }

    /// Returns whether `own`, which may be read as a template, has as many entries as the file that
    /// kubectl loads.
    pub(super) fn include(&self, own: &Kubeconfig) -> bool {
        let counts = |config: &Kubeconfig| {
            [config.auth_infos.len(), config.clusters.len(), config.contexts.len()]
        };
        self.merged.files.get(self.at).is_some_and(|file| counts(&file.config) == counts(own))
    }

    pub(super) fn index(&self) -> &Index {
        &self.merged.index
    }

    /// Returns the content of a file at a position; `own` is that of the file itself.
    pub(super) fn config<'a>(&'a self, file: usize, own: &'a Kubeconfig) -> Option<&'a Kubeconfig> {
        if file == self.at {
            return Some(own);
        }
        self.merged.files.get(file).map(|file| &file.config)
    }

    /// Returns the entry at a position; `own` is the content of the file itself.
    pub(super) fn entry<'a, T>(
        &'a self,
        at: At,
        own: &'a Kubeconfig,
        entries: fn(&Kubeconfig) -> &[T],
    ) -> Option<&'a T> {
        self.config(at.file, own).and_then(|config| entries(config).get(at.item))
    }

    /// Returns the name of the file of an entry if kubectl loads it before the file itself.
    pub(super) fn earlier(&self, at: Option<&At>) -> Option<&str> {
        let at = at.filter(|at| at.file < self.at)?;
        self.merged.files.get(at.file).map(|file| file.name.as_str())
    }

    /// Returns whether a position is that of the file itself.
    pub(super) fn is_own(&self, file: usize) -> bool {
        file == self.at
    }

    /// Returns the name of another file that some kubectl of the target cannot decode: it then
    /// refuses to do anything.
    pub(crate) fn undecodable(&self) -> Option<&str> {
        let file = self.merged.undecodable.iter().find(|file| **file != self.at)?;
        self.merged.files.get(*file).map(|file| file.name.as_str())
    }

    /// Returns the names of files that kubectl would load, too, but that do not exist.
    pub(super) fn absent_files(&self) -> Arc<[String]> {
        Arc::clone(&self.merged.absent)
    }

    /// Returns whether a user of one of the files has a credential plugin or an auth provider.
    pub(crate) fn have_plugin(&self) -> bool {
        self.merged.has_plugin
    }
}
