//! `kubeconfig-lint doctor`: runs kubectl and the credential plugins of the user's own kubeconfig,
//! and explains the problems and their remedies.
//!
//! The command line comes in; a report and the exit status go out. [`path`] finds executables and
//! [`plugin`] those of an exec config, [`policy`] says what kubectl's preferences forbid. [`process`]
//! runs programs: [`release`] asks for their release, [`ask`] asks plugins for credentials.
//! [`diagnosis`] finds the problems of plugins, [`findings`] those of kubeconfigs; [`report`] writes
//! both.

mod ask;
mod diagnosis;
mod findings;
mod path;
mod plugin;
mod policy;
mod process;
mod release;
mod report;

use std::cell::RefCell;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::advice::regenerate::quoted as shell_word;
use crate::cli::{Cli, Doctor};
use crate::finding::Finding;
use crate::kubectl::contexts::{ContextInUse, Contexts};
use crate::kubectl::transport;
use crate::kubectl::verdict::{self, Class, Files};
use crate::kubernetes::api_versions::{self, ALL, V1ALPHA1, V1BETA1};
use crate::kubernetes::plugins::Plugin;
use crate::kubernetes::target::Target;
use crate::kubernetes::version::Minor;
use crate::model::ExecConfig;
use crate::report::Report;
use crate::run::kubeconfig::Loads;
use crate::run::{check_loaded, complain};
use crate::secrets::MASK;
use crate::text::escape::visible;
use crate::text::source::Source;

use ask::{Answer, Outcome, Question};
use diagnosis::{Case, Installed, Problem};
use path::{Executable, Lookup};
use plugin::{KnownReleases, Resolved};
use process::Input;

/// Checks the kubeconfig of this machine, its kubectl and its plugins.
pub fn doctor(flags: &Doctor) -> ExitCode {
    let status = Examination::new(flags).and_then(|examination| examination.run());
    status.unwrap_or_else(|messages| {
        messages.iter().for_each(|message| complain(&format!("error: {}", visible(message))));
        ExitCode::from(2)
    })
}

/// A program that is not a plugin.
struct Program {
    /// Its name.
    name: &'static str,
    /// What runs; `None` if PATH has none.
    installed: Option<Installed>,
    /// The executables that it shadows.
    shadowed: Vec<PathBuf>,
}

/// What was found out about a context.
struct Checked {
    /// Its name; empty if kubectl uses none.
    name: String,
    is_current: bool,
    user: String,
    /// The file that defines the user.
    file: Option<String>,
    /// Its command line, as far as it may be shown.
    command: Option<String>,
    /// The version in the kubeconfig.
    api_version: Option<String>,
    /// What the command resolves to.
    installed: Option<Installed>,
    /// The plugin that this runs in turn, if it is a wrapper such as `sh`.
    inner: Option<Installed>,
    /// What a release of the plugin is called.
    package: Option<&'static str>,
    /// The executables that the plugin hides.
    shadowed: Vec<Installed>,
    answers: Vec<Answer>,
    /// What else there is to know.
    notes: Vec<String>,
    problems: Vec<Problem>,
}

/// Everything that was found out.
struct Checkup {
    programs: Vec<Program>,
    /// The kubectl that everything is judged by.
    minor: Minor,
    /// Why that is another than the kubectl on PATH, if it is.
    judged_by: Option<String>,
    contexts: Vec<Checked>,
    /// How many findings of the kubeconfigs are about other users.
    others: usize,
}

/// What is wrong at one time.
struct Look {
    checked: Vec<Checked>,
    /// The findings of the kubeconfigs.
    report: Report,
}

/// What is examined, and with what.
struct Examination<'a> {
    flags: &'a Doctor,
    current: PathBuf,
    path: Option<OsString>,
    programs: Vec<Program>,
    target: Target,
    judged_by: Option<String>,
    releases: KnownReleases,
}

impl<'a> Examination<'a> {
    /// Finds kubectl and helm.
    fn new(flags: &'a Doctor) -> Result<Self, Vec<String>> {
        if env::var_os("CI").is_some_and(|value| !value.is_empty()) && !flags.yes {
            let message = "doctor runs kubectl and the plugins that the kubeconfig names; the \
                           variable CI is set, so confirm that with --yes";
            return Err(vec![message.to_owned()]);
        }
        let current = env::current_dir().unwrap_or_default();
        let path = env::var_os("PATH");
        // A shell, which runs these two, does not mind relative directories.
        let lookup = Lookup { path: path.as_deref(), current: &current, minor: Minor::OLDEST };
        let programs =
            [("kubectl", release::of_kubectl as fn(&Path) -> _), ("helm", release::of_helm)];
        let programs = programs.map(|(name, release)| match lookup.executable(name, &current) {
            Executable::Found { path, shadowed } => {
                let release = release(&path);
                Program { name, installed: Some(Installed { path, release }), shadowed }
            }
            _ => Program { name, installed: None, shadowed: Vec::new() },
        });
        let programs = Vec::from(programs);
        let kubectl = programs.first().and_then(|kubectl| kubectl.installed.as_ref());
        let (target, judged_by) = judge(flags, kubectl)?;
        let releases = KnownReleases::default();
        Ok(Self { flags, current, path, programs, target, judged_by, releases })
    }

    fn minor(&self) -> Minor {
        self.target.last
    }

    fn run(mut self) -> Result<ExitCode, Vec<String>> {
        let loads = self.load()?;
        let sources = loads.texts();
        let contexts = Contexts::new(sources.iter().map(|(_, source)| source));
        let names = self.selected(&contexts)?;
        let used = names.iter().map(|name| contexts.of(name));
        let releases = used.filter_map(|used| {
            let exec = used.auth.exec.as_deref()?;
            self.releases.of(&Resolved::new(self.lookup(), exec, &self.base(&used, &sources)))
        });
        let releases = releases.collect();
        self.target.plugins.0 = releases;
        let mut look = self.look(&names, &loads)?;
        if self.flags.fix && self.fix(&look, &loads)? {
            look = self.look(&names, &self.load()?)?;
        }
        let Look { checked: contexts, report } = look;
        let about = |finding: &Finding| {
            finding.user.as_deref().is_some_and(|user| contexts.iter().all(|c| c.user != user))
        };
        let others = findings::all(&report).filter(|(_, finding)| about(finding)).count();
        let is_wrong = contexts.iter().any(|checked| !checked.problems.is_empty());
        let Self { programs, judged_by, flags, .. } = self;
        let minor = self.target.last;
        let checkup = Checkup { programs, minor, judged_by, contexts, others };
        let written =
            io::stdout().lock().write_all(report::write(&checkup, flags.format).as_bytes());
        match written {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(vec![format!("cannot write to standard output: {error}")])
            }
            _ => Ok(ExitCode::from(u8::from(is_wrong))),
        }
    }

    /// Checks the contexts.
    fn look(&self, names: &[String], loads: &Loads) -> Result<Look, Vec<String>> {
        let sources = loads.texts();
        let report = check_loaded(self.cli()?, self.current.clone(), &loads.copy())?;
        let contexts = Contexts::new(sources.iter().map(|(_, source)| source));
        let check = |name: &String| {
            self.check(contexts.of(name), name == contexts.current(), &sources, &report)
        };
        Ok(Look { checked: names.iter().map(check).collect(), report })
    }

    /// Makes the safe fixes, and those that need review if the plugin has answered what they write.
    /// Returns whether a file changed.
    fn fix(&self, look: &Look, loads: &Loads) -> Result<bool, Vec<String>> {
        let (mut is_any, mut are_confirmed) = (false, true);
        for (_, finding) in findings::all(&look.report).filter(|(_, f)| f.fix.is_some()) {
            let of_user = |checked: &&Checked| finding.user.as_deref() == Some(&checked.user);
            let checked = look.checked.iter().find(of_user);
            let is_made = findings::is_made(finding, checked.map_or(&[], |c| &c.answers));
            is_any |= is_made;
            are_confirmed &= is_made;
        }
        let cli = Cli { fix: true, unsafe_fixes: are_confirmed, ..self.cli()? };
        let report = is_any.then(|| check_loaded(cli, self.current.clone(), &loads.copy()));
        Ok(report.transpose()?.is_some_and(|report| report.summary.fixed > 0))
    }

    fn load(&self) -> Result<Loads, Vec<String>> {
        Loads::named(&self.flags.kubeconfigs, &self.current, &self.target)
    }

    /// Returns the names of the contexts to check.
    fn selected(&self, contexts: &Contexts<'_>) -> Result<Vec<String>, Vec<String>> {
        if let Some(name) = &self.flags.context {
            return match contexts.has(name) {
                true => Ok(vec![name.clone()]),
                false => Err(vec![format!("context \"{name}\" does not exist")]),
            };
        }
        let all: Vec<String> = contexts.names().into_iter().map(str::to_owned).collect();
        match self.flags.all && !all.is_empty() {
            true => Ok(all),
            false => Ok(vec![contexts.current().to_owned()]),
        }
    }

    /// Returns the command that fixes the kubeconfigs.
    fn fixes(&self) -> String {
        let files = self.flags.kubeconfigs.iter().map(|path| shell_word(&path.to_string_lossy()));
        let words = ["kubeconfig-lint doctor --fix".to_owned()].into_iter().chain(files);
        words.collect::<Vec<_>>().join(" ")
    }

    /// Returns the flags of a check of the kubeconfigs.
    fn cli(&self) -> Result<Cli, Vec<String>> {
        let arguments = ["kubeconfig-lint", "--no-config", "--kubeconfig"].map(Into::into);
        let cli =
            crate::cli::parse(arguments.into_iter()).map_err(|error| vec![error.to_string()])?;
        let kubectl_version = Some(self.target.clone());
        Ok(Cli { kubectl_version, plugin_version: self.target.plugins.0.clone(), ..cli })
    }

    /// Returns where commands are looked up.
    fn lookup(&self) -> Lookup<'_> {
        Lookup { path: self.path.as_deref(), current: &self.current, minor: self.minor() }
    }

    /// Returns the directory of the kubeconfig that defines the user of a context.
    fn base(&self, used: &ContextInUse, sources: &[(String, Source)]) -> PathBuf {
        let file = used.file.and_then(|at| sources.get(at));
        let folder = file.and_then(|(_, source)| source.path().parent());
        self.current.join(folder.unwrap_or(Path::new("")))
    }

    /// Checks a context.
    fn check(
        &self,
        mut used: ContextInUse,
        is_current: bool,
        sources: &[(String, Source)],
        report: &Report,
    ) -> Checked {
        let file = used.file.and_then(|at| sources.get(at));
        let shown_file = file.map(|(shown, _)| shown.clone());
        used.shown.file.clone_from(&shown_file);
        let verdict = verdict::of_user(&used.shown, Files::Present, self.minor());
        let mut checked = Checked {
            name: visible(used.shown.context.as_ref().map_or(&used.name, |name| &name.value)),
            is_current,
            user: used.shown.display_name().to_owned(),
            file: shown_file,
            command: None,
            api_version: None,
            installed: None,
            inner: None,
            package: None,
            shadowed: Vec::new(),
            answers: Vec::new(),
            notes: Vec::new(),
            problems: Vec::new(),
        };
        let fixes = self.fixes();
        let is_refused =
            matches!(verdict.class, Class::Refused(_) | Class::NoCluster | Class::AsksForUser);
        let known =
            RefCell::new(used.auth.exec.as_deref().map(plugin::secrets).unwrap_or_default());
        let mut problem = None;
        let exec = used.shown.exec.as_deref().filter(|exec| exec.command.is_some());
        if let Some(exec) = exec {
            checked.command = Some(diagnosis::command_line(exec));
            checked.api_version = exec.api_version.as_ref().map(|version| visible(&version.value));
            let asks = match verdict.class {
                Class::RunsPlugin | Class::Refused(_) => true,
                Class::NeedsTerminal => {
                    let is_terminal = io::stdin().is_terminal();
                    if !is_terminal {
                        checked.notes.push(
                            "`interactiveMode` is Always: run doctor in a terminal to ask the plugin"
                                .to_owned(),
                        );
                    }
                    is_terminal
                }
                Class::NoPlugin => {
                    let field = transport::substitute(&used.auth.credentials, self.minor());
                    let why = field.map_or_else(
                        || "the server has no TLS".to_owned(),
                        |(field, _)| format!("the user also has a `{field}`"),
                    );
                    checked.notes.push(format!("kubectl does not run the plugin: {why}"));
                    false
                }
                _ => false,
            };
            let place = file.zip(exec.api_version.as_ref()).map(|((shown, source), version)| {
                let at = source.position(version.span.start);
                format!("{shown}:{}:{}", at.line, at.column)
            });
            // kubectl does not even look for a plugin that it does not need.
            if asks || verdict.class == Class::NeedsTerminal {
                let known = asks.then_some(&known);
                problem = self.examine(&used, exec, sources, place, known, &mut checked);
            }
        }
        let of_user =
            |finding: &Finding| finding.user.as_deref().is_none_or(|user| user == checked.user);
        let found = findings::all(report).filter(|(_, finding)| of_user(finding));
        let found =
            found.map(|(file, finding)| findings::problem(file, finding, &checked.answers, &fixes));
        let mut found: Vec<Problem> = found.collect();
        findings::merge(problem, &mut found, is_refused, &fixes);
        checked.problems = found;
        if is_refused && checked.problems.is_empty() {
            let title = format!("kubectl {} refuses this context", self.minor());
            let says = verdict.message;
            checked.problems.push(Problem { title, says, ..Problem::default() });
        }
        checked.problems.iter_mut().for_each(|problem| problem.hide(&known.borrow()));
        checked
    }

    /// Finds the plugin of a context, asks it, and returns its problem. `known` are the secrets that it
    /// may print; `None` if it cannot be asked.
    fn examine(
        &self,
        used: &ContextInUse,
        shown: &ExecConfig,
        sources: &[(String, Source)],
        place: Option<String>,
        known: Option<&RefCell<Vec<String>>>,
        checked: &mut Checked,
    ) -> Option<Problem> {
        let exec = used.auth.exec.as_deref()?;
        let resolved = Resolved::new(self.lookup(), exec, &self.base(used, sources));
        let plugin = resolved.plugin;
        let command = visible(shown.command.as_ref().map_or("", |command| &command.value));
        // A secret in the command is a secret in the path, too.
        let is_masked =
            shown.command.as_ref().map(|command| command.value.as_str()) != exec.command_word();
        let shown_path = |path: &Path| if is_masked { MASK.into() } else { path.to_owned() };
        let executable = match &resolved.executable {
            Executable::Found { path, .. } => {
                Executable::Found { path: shown_path(path), shadowed: Vec::new() }
            }
            other => other.clone(),
        };
        let own = resolved.own().map(|(path, shadowed)| {
            let shadowed = shadowed.iter().map(|path| self.releases.installed(plugin, path));
            checked.shadowed = shadowed.collect();
            let own = self.releases.installed(plugin, path);
            Installed { path: shown_path(path), ..own }
        });
        if let Executable::Found { path, .. } = &resolved.executable {
            checked.package = plugin.map(Plugin::package);
            checked.inner = own.clone().filter(|_| resolved.inner.is_some());
            checked.installed = match &resolved.inner {
                None => own.clone(),
                Some(_) => Some(Installed { path: shown_path(path), release: None }),
            };
            let is_path = command.contains('/');
            let named = if is_path { diagnosis::shown(&shown_path(path)) } else { command.clone() };
            if let Some(problem) = policy::forbids(self.lookup(), &named, path) {
                return Some(problem);
            }
            if let Some(known) = known {
                if io::stderr().is_terminal() {
                    let seconds = self.flags.timeout.as_secs();
                    complain(&format!(
                        "asking {command} for a credential, for up to {seconds} s …"
                    ));
                }
                checked.answers = self.ask(used, exec, path, sources, known);
            }
        }
        let case = Case {
            exec: shown,
            plugin,
            executable: &executable,
            own: own.as_ref(),
            shadowed: &checked.shadowed,
            answers: &checked.answers,
            place,
            minor: self.minor(),
            limit: self.flags.timeout,
        };
        case.problem()
    }

    /// Asks a plugin for the version in the kubeconfig, if kubectl accepts that, and for the others
    /// where it may help.
    fn ask(
        &self,
        used: &ContextInUse,
        exec: &ExecConfig,
        executable: &Path,
        sources: &[(String, Source)],
        known: &RefCell<Vec<String>>,
    ) -> Vec<Answer> {
        let cluster = used.exec_cluster.clone().map(|mut cluster| {
            if cluster.certificate_authority_data.is_empty()
                && let Some((file, path)) = &used.authority
            {
                let folder = sources.get(*file).and_then(|(_, source)| source.path().parent());
                let path = self.current.join(folder.unwrap_or(Path::new(""))).join(path);
                cluster.certificate_authority_data =
                    fs::read(path).map(|bytes| STANDARD.encode(bytes)).unwrap_or_default();
            }
            cluster
        });
        let is_interactive =
            exec.interactive_mode.as_ref().is_some_and(|mode| mode.value == "Always")
                && io::stdin().is_terminal();
        let question = Question {
            exec,
            executable,
            cluster: cluster.as_ref().filter(|_| exec.provide_cluster_info),
            minor: self.minor(),
            input: if is_interactive { Input::Terminal } else { Input::Null },
            limit: self.flags.timeout,
            known,
        };
        let configured = exec.api_version.as_ref().map(|version| version.value.as_str());
        let configured = configured.filter(|name| api_versions::accepted(name, self.minor()));
        let mut answers: Vec<Answer> =
            configured.map(|name| question.ask(name)).into_iter().collect();
        let may_help = answers.first().is_none_or(|answer| {
            matches!(answer.outcome, Outcome::OtherVersion | Outcome::Failed(_))
        });
        let accepted = [&V1BETA1].into_iter().chain(ALL.into_iter().rev());
        for version in accepted.filter(|version| version.accepted_by(self.minor())) {
            let is_asked = answers.iter().any(|answer| answer.asked == version.name);
            let is_over = answers.last().is_some_and(|answer| {
                matches!(
                    answer.outcome,
                    Outcome::TimedOut | Outcome::KeptOpen | Outcome::NotStarted(_)
                )
            });
            // Nobody should go back to v1alpha1.
            if may_help && !is_asked && !is_over && *version != V1ALPHA1 {
                answers.push(question.ask(version.name));
            }
        }
        answers
    }
}

/// Returns the kubectl to judge by, and why it is another than the kubectl on PATH, if it is.
fn judge(
    flags: &Doctor,
    kubectl: Option<&Installed>,
) -> Result<(Target, Option<String>), Vec<String>> {
    if let Some(target) = &flags.kubectl_version {
        let judges = match target.client() {
            Some(_) => Some("a version of kubectl"),
            None => (target.first != target.last).then_some("one version"),
        };
        if let Some(judges) = judges {
            return Err(vec![format!("--kubectl-version {target}: doctor judges by {judges}")]);
        }
        return Ok((target.clone(), Some("--kubectl-version".to_owned())));
    }
    let newest = Target::default();
    let release = kubectl.and_then(|kubectl| kubectl.release.as_deref());
    Ok(match (kubectl, release.map(str::parse::<Target>)) {
        (None, _) => (newest, Some("there is no kubectl on PATH".to_owned())),
        (_, None) => (newest, Some("kubectl does not print its version".to_owned())),
        (_, Some(Err(message))) => (newest, Some(message)),
        (_, Some(Ok(target))) => {
            let unknown = target.unknown.map(|reader| format!("{reader} is not known yet"));
            (target, unknown)
        }
    })
}
