//! Observes a context: finds its plugin as kubectl does, and asks it for a credential.

use std::cell::RefCell;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::kubectl::contexts::{ContextInUse, Contexts};
use crate::kubectl::transport;
use crate::kubectl::verdict::{self, Class, Verdict};
use crate::kubernetes::api_versions::ApiVersion;
use crate::kubernetes::plugins::{self, Plugin};
use crate::kubernetes::reader::Reader;
use crate::model::{Cluster, ExecConfig};
use crate::run::complain;
use crate::secrets::MASK;
use crate::secrets::output::Known;
use crate::text::escape::visible;
use crate::text::source::Span;

use super::ask::{Answer, Outcome, Question};
use super::command;
use super::context::{Checked, ClusterEntry, Observed};
use super::diagnosis::{self, Case, Problem};
use super::files::{Files, regenerates_cluster};
use super::newer::{self, Better, Newer};
use super::path::{self, Executable, Lookup};
use super::plugin::{self, KnownReleases, Resolved};
use super::policy;
use super::process::Input;
use super::reference::{self, Loaded};
use super::release::Installed;

/// Observes contexts.
pub(super) struct Observer<'a> {
    /// Where commands are looked up, and the kubectl that does it.
    pub(super) lookup: Lookup<'a>,
    /// The releases of the plugins.
    pub(super) releases: &'a KnownReleases,
    /// How long a plugin may take.
    pub(super) limit: Duration,
    /// The kubeconfigs.
    pub(super) contexts: &'a Contexts<'a>,
    /// The same with their names in messages, and what else there is to say of them.
    pub(super) loaded: Loaded<'a>,
    /// The helm that may read the kubeconfigs, too.
    pub(super) helm: Option<Reader>,
}

/// A plugin as it was found.
struct Found {
    plugin: Option<&'static Plugin>,
    /// What runs; `None` if nothing can.
    path: Option<PathBuf>,
    /// What the command resolves to, as reports show it.
    executable: Executable,
    /// The file of the plugin itself, as reports show it.
    own: Option<Installed>,
}

impl Observer<'_> {
    /// Observes a context; with an empty name, that there is none.
    pub(super) fn observe(&self, name: &str) -> Observed {
        let (mut used, is_current) = (self.contexts.of(name), name == self.contexts.current());
        let file = used.file.and_then(|at| self.loaded.sources.get(at)).map(|(shown, _)| shown);
        used.shown.file = file.map(|shown| shown.as_str().into());
        let minor = self.lookup.minor;
        let files = Files::of(&used, self.loaded.sources, |file| self.folder(file), minor);
        let cluster = used.cluster.and_then(|(at, place)| {
            let (_, source) = self.loaded.sources.get(at)?;
            let cluster = used.shown.cluster.as_deref()?;
            Some(ClusterEntry {
                path: source.path().to_owned(),
                place,
                authority: cluster.certificate_authority_data.as_ref().map(|data| data.span),
                regenerate: regenerates_cluster(&used),
            })
        });
        let checked = Checked {
            cluster,
            name: visible(used.shown.context.as_ref().map_or(&used.name, |name| &name.value)),
            is_current,
            user: used.shown.display_name().to_owned(),
            file: file.cloned(),
            ..Checked::default()
        };
        let helm = self.helm.map(|helm| (helm, verdict::of_user(&used.shown, &files.faults, helm)));
        let secrets = used.auth.exec.as_deref().map(plugin::secrets).unwrap_or_default();
        let secrets = RefCell::new(secrets);
        let mut observed = Observed {
            checked,
            dangling: Vec::new(),
            verdict: verdict::of_user(&used.shown, &files.faults, minor),
            files: files.problems,
            helm,
            releases: None,
            returned: None,
            problem: None,
            newer: Vec::new(),
            secrets: Vec::new(),
        };
        let dangling = self.contexts.dangling(name).into_iter();
        let dangling = dangling.map(|it| {
            let (context, verdict) = (&observed.checked.name, &observed.verdict);
            reference::problem(&it, context, is_current, verdict, &self.loaded)
        });
        observed.dangling = dangling.collect();
        let authority = files.authority.unwrap_or_default();
        observed.problem = self.plugin_problem(&used, &authority, &secrets, &mut observed);
        observed.secrets = secrets.into_inner();
        observed
    }

    /// Returns the directory of a kubeconfig.
    fn folder(&self, file: Option<usize>) -> PathBuf {
        let file = file.and_then(|at| self.loaded.sources.get(at));
        let folder = file.and_then(|(_, source)| source.path().parent());
        self.lookup.current.join(folder.unwrap_or(Path::new("")))
    }

    /// Finds the plugin of a context, asks it if kubectl would, and returns its problem. `secrets`
    /// are those that it may print, and then also those that it has printed. `authority` is what is in
    /// the file with the certificate authority.
    fn plugin_problem(
        &self,
        used: &ContextInUse,
        authority: &[u8],
        secrets: &RefCell<Vec<String>>,
        observed: &mut Observed,
    ) -> Option<Problem> {
        let Observed { checked, releases, returned, newer, .. } = observed;
        let minor = self.lookup.minor;
        // Whether kubectl runs it does not depend on files that are missing now.
        let verdict = verdict::of_user(&used.shown, &[], minor);
        let shown = used.shown.exec.as_deref().filter(|exec| exec.command.is_some())?;
        let exec = used.auth.exec.as_deref()?;
        let cluster = used.shown.cluster.as_deref().map_or("", Cluster::display_name);
        let names = Known::of([&*checked.name, &*checked.user, cluster]);
        let line = command::line(shown, &names);
        // What the report shows anyway.
        let known = &Known::of([&*line, &*checked.name, &*checked.user]);
        checked.command = Some(line.clone());
        checked.api_version = shown.api_version.as_ref().map(|version| visible(&version.value));
        let asks = match verdict.class {
            Class::RunsPlugin | Class::Refused(_) => true,
            Class::NeedsTerminal => io::stdin().is_terminal(),
            // kubectl does not even look for a plugin that it does not need.
            _ => {
                checked.notes.extend(self.reason_not_to_run(used, &verdict));
                return None;
            }
        };
        if !asks {
            let note = "`interactiveMode` is Always: run doctor in a terminal to ask the plugin";
            checked.notes.push(note.to_owned());
        }
        let resolved = Resolved::new(self.lookup, exec, &self.folder(used.file));
        *releases = self.releases.of(&resolved);
        let found = self.find(resolved, exec, shown, checked);
        let plugin = found.plugin.map(|plugin| (plugin, newer::wanted(shown, plugin, minor)));
        let interview = Interview { observer: self, used, exec, shown, secrets, known, authority };
        if let Some(path) = &found.path {
            let command = command::word(shown);
            let named = match &found.executable {
                Executable::Found { path, .. } if command.contains('/') => path::shown(path),
                _ => command.clone(),
            };
            if let Some(problem) = policy::forbids(self.lookup, &named, path) {
                return Some(problem);
            }
            if asks {
                self.announce(&command);
                checked.answers = interview.ask(path, |question| question.ask_all());
                *returned =
                    found.plugin.is_none().then(|| returned_by(shown, &checked.answers)).flatten();
            }
        }
        let own = found.own.as_ref();
        let returns = plugin.and_then(|(plugin, wanted)| {
            let is_seen = |answer: &Answer| answer.is_accepted() && answer.asked == wanted.name;
            let by_release = || newer::returns(plugin, own?, wanted);
            checked.answers.iter().any(is_seen).then_some(true).or_else(by_release)
        });
        let is_other = || checked.answers.iter().any(|a| a.outcome == Outcome::OtherVersion);
        let is_absent = || own.is_some_and(|own| !own.path.exists());
        if returns.map_or_else(|| is_other() || is_absent(), |returns| !returns) {
            checked.better =
                plugin.and_then(|(plugin, wanted)| interview.better(plugin, wanted, checked, asks));
        }
        let better = checked.better.as_ref().filter(|better| better.is_better());
        let case = Case {
            exec: shown,
            line: &line,
            newer: plugin.map(|(plugin, wanted)| Newer { plugin, wanted, own, returns, better }),
            executable: &found.executable,
            answers: &checked.answers,
            place: shown.api_version.as_ref().and_then(|version| interview.place(version.span)),
            minor,
            limit: self.limit,
        };
        *newer = case.newer.as_ref().map(Newer::ways).unwrap_or_default();
        case.problem()
    }

    /// Returns why kubectl does not run a plugin that it accepts.
    fn reason_not_to_run(&self, used: &ContextInUse, verdict: &Verdict) -> Option<String> {
        let field = transport::substitute(&used.auth.credentials, self.lookup.minor);
        let why = field.map_or_else(
            || "the server has no TLS".to_owned(),
            |(field, _)| format!("the user also has a `{field}`"),
        );
        let is_accepted = verdict.class == Class::NoPlugin;
        is_accepted.then(|| format!("kubectl does not run the plugin: {why}"))
    }

    /// Finds the plugin of a context, and notes what was found.
    fn find(
        &self,
        resolved: Resolved,
        exec: &ExecConfig,
        shown: &ExecConfig,
        checked: &mut Checked,
    ) -> Found {
        let plugin = resolved.plugin;
        // A secret in the command is a secret in the path, too.
        let is_masked =
            shown.command.as_ref().map(|command| command.value.as_str()) != exec.command_word();
        let shown_path = |path: &Path| if is_masked { MASK.into() } else { path.to_owned() };
        checked.package = plugin.map(Plugin::package);
        checked.is_by_path = resolved.is_by_path();
        let own = resolved.own().map(|(path, others)| {
            let others = others.iter().map(|path| self.releases.installed(plugin, path));
            checked.others = others.collect();
            let own = self.releases.installed(plugin, path);
            Installed { path: shown_path(path), ..own }
        });
        let (path, executable) = match resolved.executable {
            Executable::Found { path, .. } => {
                let shown = Executable::Found { path: shown_path(&path), shadowed: Vec::new() };
                (Some(path), shown)
            }
            other => (None, other),
        };
        if let Some(path) = path.as_ref().filter(|path| path.exists()) {
            checked.inner = own.clone().filter(|_| resolved.inner.is_some());
            checked.installed = match &resolved.inner {
                None => own.clone(),
                Some(_) => Some(Installed { path: shown_path(path), release: None }),
            };
        }
        Found { plugin, path, executable, own }
    }

    /// Says on a terminal what takes so long.
    fn announce(&self, command: &str) {
        if io::stderr().is_terminal() {
            let seconds = self.limit.as_secs();
            complain(&format!("asking {command} for a credential, for up to {seconds} s …"));
        }
    }
}

/// A context whose plugin is asked.
struct Interview<'a> {
    observer: &'a Observer<'a>,
    used: &'a ContextInUse,
    exec: &'a ExecConfig,
    /// The same without its secrets.
    shown: &'a ExecConfig,
    /// Secrets that a plugin may print, and those that it has printed.
    secrets: &'a RefCell<Vec<String>>,
    /// Words that the report shows anyway.
    known: &'a Known,
    /// What is in the file with the certificate authority.
    authority: &'a [u8],
}

impl Interview<'_> {
    /// Asks an executable.
    fn ask<T>(&self, executable: &Path, ask: impl FnOnce(&Question<'_>) -> T) -> T {
        let Self { observer, used, exec, .. } = self;
        let cluster = used.exec_cluster.clone().filter(|_| exec.provide_cluster_info);
        let cluster = cluster.map(|mut cluster| {
            if cluster.certificate_authority_data.is_empty() {
                cluster.certificate_authority_data = STANDARD.encode(self.authority);
            }
            cluster
        });
        let is_interactive =
            exec.interactive_mode.as_ref().is_some_and(|mode| mode.value == "Always")
                && io::stdin().is_terminal();
        ask(&Question {
            exec,
            executable,
            cluster: cluster.as_ref(),
            minor: observer.lookup.minor,
            input: if is_interactive { Input::Terminal } else { Input::Null },
            limit: observer.limit,
            secrets: self.secrets,
            known: self.known,
        })
    }

    /// Returns another executable on PATH that returns a version, and asks it if kubectl would.
    fn better(
        &self,
        plugin: &'static Plugin,
        wanted: &'static ApiVersion,
        checked: &Checked,
        asks: bool,
    ) -> Option<Better> {
        let returns = |other: &&Installed| newer::returns(plugin, other, wanted) == Some(true);
        let installed = checked.others.iter().find(returns)?.clone();
        let path = &installed.path;
        let is_first = checked.others.first().is_some_and(|first| first.path == *path);
        let write = checked.is_by_path.then(|| {
            let word = path.file_name().filter(|_| is_first).unwrap_or(path.as_os_str());
            let at = self.shown.command.as_ref().and_then(|command| self.place(command.span));
            let at = at.map(|at| format!(" at {at}")).unwrap_or_default();
            format!("`command: {}`{at}", visible(&word.to_string_lossy()))
        });
        let is_forbidden = policy::forbids(self.observer.lookup, &path::shown(path), path);
        let answer = (asks && is_forbidden.is_none())
            .then(|| self.ask(path, |question| question.ask(wanted.name)));
        Some(Better { installed, write, answer })
    }

    /// Returns a place in the kubeconfig of the user.
    fn place(&self, span: Span) -> Option<String> {
        let (name, source) = self.observer.loaded.sources.get(self.used.file?)?;
        Some(diagnosis::place_in(name, source, span))
    }
}

/// Returns what a plugin returned that is not known, if that is another version than the kubeconfig
/// names.
fn returned_by(shown: &ExecConfig, answers: &[Answer]) -> Option<plugins::Observed> {
    let configured = shown.api_version.as_ref().map(|version| version.value.as_str());
    let first = answers.first()?;
    if configured == Some(first.asked.as_str()) && first.outcome != Outcome::OtherVersion {
        return None;
    }
    let words = shown.arg_words();
    let line = shown.command_word().into_iter().chain(words).map(str::to_owned).collect();
    let returned = answers.iter().filter(|answer| answer.is_accepted());
    plugins::Observed::new(line, returned.map(|answer| answer.asked.as_str()))
}
