//! The plugin of an exec config on this machine: what its command resolves to, what a wrapper runs in
//! turn, and which secrets it may print.

use std::cell::RefCell;
use std::collections::HashMap;
use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::advice;
use crate::kubernetes::plugins::{self, Plugin, PluginReleases, Releases};
use crate::kubernetes::version::Minor;
use crate::model::{ExecConfig, ExecEnvVar};
use crate::secrets::is_secret_key;

use super::path::{self, Executable, Lookup};
use super::release::{self, Installed};

/// Limit on the shadowed executables that are asked for their release.
const MAX_SHADOWED: usize = 5;

/// The shortest variable of this program that is looked for in what a plugin prints.
const MIN_INHERITED: usize = 6;

/// What an exec config runs here.
pub(super) struct Resolved {
    /// The row in the plugin table; `None` if the plugin is unknown.
    pub(super) plugin: Option<&'static Plugin>,
    /// What the command resolves to.
    pub(super) executable: Executable,
    /// What a wrapper such as `sh` runs in turn, if that is a known plugin.
    pub(super) inner: Option<Executable>,
    /// The executables of its name on PATH, if the command names a known plugin by its path.
    on_path: Vec<PathBuf>,
}

impl Resolved {
    /// Resolves the command of an exec config; `base` is the directory of its kubeconfig.
    pub(super) fn new(lookup: Lookup<'_>, exec: &ExecConfig, base: &Path) -> Self {
        let command = exec.command_word().unwrap_or_default();
        let program = advice::program_of(exec);
        let word = program.as_ref().and_then(|(_, line)| line.words.first());
        let word = word.map(|word| word.text).filter(|word| *word != command);
        // A wrapper looks on the PATH that it is given, and only kubectl refuses relative directories.
        let is_path = |variable: &&ExecEnvVar| {
            variable.name.as_ref().is_some_and(|name| name.value == "PATH")
        };
        let given = exec.env.iter().rev().find(is_path).and_then(|path| path.value.as_ref());
        let path = given.map(|path| OsStr::new(&path.value)).or(lookup.path);
        let within = Lookup { path, minor: Minor::OLDEST, ..lookup };
        let plugin = program.as_ref().and_then(|(program, _)| program.plugin());
        let executable = lookup.executable(command, base);
        let is_by_path = plugin.is_some() && word.is_none() && command.contains(['/', '\\']);
        let on_path = is_by_path.then(|| lookup.executable(plugins::base(command), base));
        let on_path = match (on_path, &executable) {
            (Some(Executable::Found { path, shadowed }), Executable::Found { path: own, .. }) => {
                let is_own = |path: &PathBuf| path::real(path) == path::real(own);
                [path].into_iter().chain(shadowed).filter(|path| !is_own(path)).collect()
            }
            _ => Vec::new(),
        };
        let inner = word.map(|word| within.executable(word, Path::new("")));
        Self { plugin, executable, inner, on_path }
    }

    /// Returns whether the command names a known plugin by its path, and PATH has others.
    pub(super) fn is_by_path(&self) -> bool {
        !self.on_path.is_empty()
    }

    /// Returns the file of the plugin itself, and others of its name on PATH, which do not run; `None` if
    /// it is not found.
    pub(super) fn own(&self) -> Option<(&Path, &[PathBuf])> {
        match self.inner.as_ref().unwrap_or(&self.executable) {
            Executable::Found { path, shadowed } => {
                let others = if self.is_by_path() { &self.on_path } else { shadowed };
                let most = others.len().min(MAX_SHADOWED);
                Some((path, others.get(..most).unwrap_or_default()))
            }
            _ => None,
        }
    }
}

/// The releases of executables that were asked: some take a second to answer.
#[derive(Default)]
pub(super) struct KnownReleases(RefCell<HashMap<PathBuf, Option<String>>>);

impl KnownReleases {
    /// Returns an executable with its release, if it is that of a known plugin.
    pub(super) fn installed(&self, plugin: Option<&Plugin>, path: &Path) -> Installed {
        let release = plugin.and_then(|plugin| {
            let known = self.0.borrow().get(path).cloned();
            known.unwrap_or_else(|| {
                let release = release::of_plugin(plugin, path);
                self.0.borrow_mut().insert(path.to_owned(), release.clone());
                release
            })
        });
        Installed { path: path.to_owned(), release }
    }

    /// Returns the release of a plugin, if it is known to make a difference.
    pub(super) fn of(&self, resolved: &Resolved) -> Option<PluginReleases> {
        let (plugin, (path, _)) = (resolved.plugin?, resolved.own()?);
        PluginReleases::new(plugin, Releases::of(&self.installed(Some(plugin), path).release?)?)
    }
}

/// Returns the secrets that a plugin may print: the values of its variables, its arguments that a
/// flag calls secret, and the variables of this program whose names do.
pub(super) fn secrets(exec: &ExecConfig) -> Vec<String> {
    let values =
        exec.env.iter().filter_map(|variable| Some(variable.value.as_ref()?.value.clone()));
    let inherited = env::vars_os().filter_map(|(name, value)| {
        let value = value.into_string().ok().filter(|value| value.len() >= MIN_INHERITED)?;
        // PWD is no password, and the remedies name directories.
        let is_folder = || Path::new(&value).is_absolute() && Path::new(&value).is_dir();
        (is_secret_key(name.to_str()?) && !is_folder()).then_some(value)
    });
    let words = exec.arg_words();
    // `--token T` and `--token=T`
    let is_flag = |word: &str| word.starts_with('-') && is_secret_key(word);
    let after = words.iter().zip(words.iter().skip(1)).filter(|(flag, _)| is_flag(flag));
    let after = after.map(|(_, value)| (*value).to_owned());
    let joined = words.iter().filter_map(|word| word.split_once('='));
    let joined = joined.filter(|(flag, _)| is_secret_key(flag)).map(|(_, value)| value.to_owned());
    values.chain(inherited).chain(after).chain(joined).collect()
}
