//! Observes a context: finds its plugin as kubectl does, and asks it for a credential.

use std::cell::RefCell;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::discover::read::regular;
use crate::kubectl::contexts::{ContextInUse, ExecCluster};
use crate::kubectl::transport;
use crate::kubectl::verdict::{self, Class, Files, Verdict};
use crate::kubernetes::plugins::{self, Plugin};
use crate::kubernetes::reader::Reader;
use crate::model::ExecConfig;
use crate::run::complain;
use crate::secrets::MASK;
use crate::text::escape::visible;
use crate::text::source::Source;

use super::ask::{Answer, Outcome, Question};
use super::context::{Checked, Observed};
use super::diagnosis::{self, Case, Installed, Problem};
use super::files;
use super::path::{Executable, Lookup};
use super::plugin::{self, KnownReleases, Resolved};
use super::policy;
use super::process::Input;

/// Observes contexts.
pub(super) struct Observer<'a> {
    /// Where commands are looked up, and the kubectl that does it.
    pub(super) lookup: Lookup<'a>,
    /// The releases of the plugins.
    pub(super) releases: &'a KnownReleases,
    /// How long a plugin may take.
    pub(super) limit: Duration,
    /// The kubeconfigs, with their names in messages.
    pub(super) sources: &'a [(String, Source)],
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
    /// Observes a context.
    pub(super) fn observe(&self, mut used: ContextInUse, is_current: bool) -> Observed {
        let file = used.file.and_then(|at| self.sources.get(at)).map(|(shown, _)| shown);
        used.shown.file = file.map(|shown| shown.as_str().into());
        let verdict = verdict::of_user(&used.shown, Files::Present, self.lookup.minor);
        let cluster = used.cluster.and_then(|(at, place)| {
            let (_, source) = self.sources.get(at)?;
            Some((source.path().to_owned(), place))
        });
        let checked = Checked {
            cluster,
            name: visible(used.shown.context.as_ref().map_or(&used.name, |name| &name.value)),
            is_current,
            user: used.shown.display_name().to_owned(),
            file: file.cloned(),
            ..Checked::default()
        };
        let helm =
            self.helm.map(|helm| (helm, verdict::of_user(&used.shown, Files::Present, helm)));
        let secrets = used.auth.exec.as_deref().map(plugin::secrets).unwrap_or_default();
        let secrets = RefCell::new(secrets);
        let mut observed = Observed {
            checked,
            files: self.files_problem(&used, &verdict),
            verdict,
            helm,
            releases: None,
            returned: None,
            problem: None,
            secrets: Vec::new(),
        };
        observed.problem = self.plugin_problem(&used, &secrets, &mut observed);
        observed.secrets = secrets.into_inner();
        observed
    }

    /// Returns the directory of the kubeconfig that defines the user of a context.
    fn base(&self, used: &ContextInUse) -> PathBuf {
        self.folder(used.file)
    }

    /// Returns the directory of a kubeconfig.
    fn folder(&self, file: Option<usize>) -> PathBuf {
        let file = file.and_then(|at| self.sources.get(at));
        let folder = file.and_then(|(_, source)| source.path().parent());
        self.lookup.current.join(folder.unwrap_or(Path::new("")))
    }

    /// Finds the plugin of a context, asks it if kubectl would, and returns its problem. `secrets`
    /// are those that it may print, and then also those that it has printed.
    fn plugin_problem(
        &self,
        used: &ContextInUse,
        secrets: &RefCell<Vec<String>>,
        observed: &mut Observed,
    ) -> Option<Problem> {
        let Observed { checked, verdict, releases, returned, .. } = observed;
        let shown = used.shown.exec.as_deref().filter(|exec| exec.command.is_some())?;
        let exec = used.auth.exec.as_deref()?;
        checked.command = Some(diagnosis::command_line(shown));
        checked.api_version = shown.api_version.as_ref().map(|version| visible(&version.value));
        let asks = match verdict.class {
            Class::RunsPlugin | Class::Refused(_) => true,
            Class::NeedsTerminal => io::stdin().is_terminal(),
            // kubectl does not even look for a plugin that it does not need.
            _ => {
                checked.notes.extend(self.reason_not_to_run(used, verdict));
                return None;
            }
        };
        if !asks {
            let note = "`interactiveMode` is Always: run doctor in a terminal to ask the plugin";
            checked.notes.push(note.to_owned());
        }
        let resolved = Resolved::new(self.lookup, exec, &self.base(used));
        *releases = self.releases.of(&resolved);
        let found = self.find(resolved, exec, shown, checked);
        if let Some(path) = &found.path {
            let command = diagnosis::command(shown);
            let named = match &found.executable {
                Executable::Found { path, .. } if command.contains('/') => diagnosis::shown(path),
                _ => command.clone(),
            };
            if let Some(problem) = policy::forbids(self.lookup, &named, path) {
                return Some(problem);
            }
            if asks {
                self.announce(&command);
                checked.answers = self.ask(used, exec, path, secrets);
                *returned =
                    found.plugin.is_none().then(|| returned_by(shown, &checked.answers)).flatten();
            }
        }
        let place = used.file.and_then(|at| self.sources.get(at)).zip(shown.api_version.as_ref());
        let place =
            place.map(|((name, source), version)| diagnosis::place_in(name, source, version.span));
        let case = Case {
            exec: shown,
            plugin: found.plugin,
            executable: &found.executable,
            own: found.own.as_ref(),
            shadowed: &checked.shadowed,
            answers: &checked.answers,
            place,
            minor: self.lookup.minor,
            limit: self.limit,
        };
        case.problem()
    }

    /// Returns the problem of the other files that a context names, unless kubectl does not even
    /// look at them.
    fn files_problem(&self, used: &ContextInUse, verdict: &Verdict) -> Option<Problem> {
        let is_tls = match verdict.class {
            Class::RunsPlugin | Class::NeedsTerminal | Class::AuthProvider => true,
            Class::NoPlugin => used.is_tls(self.lookup.minor),
            _ => return None,
        };
        let folder = |file| self.folder(Some(file));
        files::problem(used, self.sources, folder, self.lookup.minor, is_tls)
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
        let own = resolved.own().map(|(path, shadowed)| {
            let shadowed = shadowed.iter().map(|path| self.releases.installed(plugin, path));
            checked.shadowed = shadowed.collect();
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
            checked.package = plugin.map(Plugin::package);
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

    fn ask(
        &self,
        used: &ContextInUse,
        exec: &ExecConfig,
        executable: &Path,
        secrets: &RefCell<Vec<String>>,
    ) -> Vec<Answer> {
        let cluster = used.exec_cluster.clone().filter(|_| exec.provide_cluster_info);
        let cluster = cluster.map(|cluster| self.with_authority(cluster, used));
        let is_interactive =
            exec.interactive_mode.as_ref().is_some_and(|mode| mode.value == "Always")
                && io::stdin().is_terminal();
        let question = Question {
            exec,
            executable,
            cluster: cluster.as_ref(),
            minor: self.lookup.minor,
            input: if is_interactive { Input::Terminal } else { Input::Null },
            limit: self.limit,
            known: secrets,
        };
        question.ask_all()
    }

    /// Returns a cluster with its certificate authority, which may be in a file.
    fn with_authority(&self, mut cluster: ExecCluster, used: &ContextInUse) -> ExecCluster {
        if cluster.certificate_authority_data.is_empty()
            && let Some(path) =
                used.auth.cluster.as_ref().and_then(|c| c.certificate_authority.as_ref())
        {
            let path = self.folder(used.cluster.map(|(file, _)| file)).join(&path.value);
            let bytes = regular(&path, files::MAX_BYTES);
            cluster.certificate_authority_data =
                bytes.map(|bytes| STANDARD.encode(bytes)).unwrap_or_default();
        }
        cluster
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
