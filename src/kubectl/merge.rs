//! What kubectl makes of several kubeconfigs that it loads together: the files of `KUBECONFIG`.
//!
//! The files come in, in kubectl's order. For each of them, its [`Siblings`] go out, with which it
//! is judged as a part of the whole, and what kubectl never uses of it.
//!
//! Source: client-go `tools/clientcmd/loader.go`, `ClientConfigLoadingRules.Load`. Of users,
//! clusters and contexts with the same name, kubectl takes the first as a whole, and it takes the
//! first `current-context` that is not empty: so did the kubectls in `tests/kubectl/lists`.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::text::source::Source;

use super::decode::kubeconfig::{Loaded, Siblings};
use super::file::KubeconfigFile;

/// The kubeconfigs that kubectl loads together, in its order.
#[derive(Debug, Default)]
pub struct Merged {
    files: Arc<[Loaded]>,
    /// The position of the file that kubectl takes each entry from, by the kind (`user`, `cluster`
    /// or `context`) and name of the entry.
    pub first: HashMap<(&'static str, String), usize>,
}

impl Merged {
    /// Merges files, each with its name in messages.
    pub fn new(files: impl IntoIterator<Item = (String, Source)>) -> Self {
        let mut first = HashMap::new();
        let files = files.into_iter().enumerate().map(|(at, (name, source))| {
            let file = KubeconfigFile::new(&source);
            for name in file.names() {
                first.entry(name).or_insert(at);
            }
            file.into_loaded(name, &source)
        });
        Self { files: files.collect(), first }
    }

    /// Returns the current context; `None` if no file sets one.
    pub fn current_context(&self) -> Option<&str> {
        let mut contexts =
            self.files.iter().filter_map(|file| file.config.current_context.as_ref());
        contexts.next().map(|name| name.value.as_str())
    }

    /// Returns the siblings of the file at a position.
    pub fn siblings(&self, at: usize) -> Siblings {
        Siblings { files: Arc::clone(&self.files), at }
    }

    /// Returns the kind and the name of each entry of the file at a position that kubectl never
    /// uses, with the name of the file that defines it first.
    pub fn shadowed(&self, at: usize) -> Vec<(&'static str, String, &str)> {
        let names = self.files.get(at).into_iter().flat_map(|file| file.config.names());
        let names: BTreeSet<_> = names.collect();
        let shadowed = names.into_iter().filter_map(|(kind, name)| {
            let key = (kind, name);
            let first = self.first.get(&key).filter(|first| **first < at)?;
            Some((key.0, key.1, self.files.get(*first)?.name.as_str()))
        });
        shadowed.collect()
    }
}
