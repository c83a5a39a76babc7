//! `kubeconfig-lint doctor`: runs kubectl and the credential plugins of the user's own kubeconfig,
//! and explains the problems and their remedies.
//!
//! The command line comes in; a report and the exit status go out. Four steps:
//!
//! 1. [`programs`] finds kubectl and helm.
//! 2. [`observe`] runs what a context names: [`path`] finds executables and [`plugin`] those of an
//!    exec config, [`command`] writes its command line, [`policy`] says what kubectl's preferences
//!    forbid, [`ask`] asks for a credential. [`process`] runs programs, and [`release`] asks them for
//!    their release.
//! 3. [`context`] puts together what is wrong: [`diagnosis`] finds the problems of plugins and
//!    [`newer`] better ones, [`files`] finds the problems of other files, [`reference`] names without
//!    an entry, [`findings`] what else is wrong in kubeconfigs.
//! 4. [`report`] writes it.

mod ask;
mod command;
mod context;
mod diagnosis;
mod files;
mod findings;
mod newer;
mod observe;
mod path;
mod plugin;
mod policy;
mod process;
mod programs;
mod reference;
mod release;
mod report;

use std::env;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use crate::advice::regenerate::quoted as shell_word;
use crate::cli::{Cli, Doctor};
use crate::finding::Finding;
use crate::kubectl::contexts::Contexts;
use crate::kubernetes::target::Target;
use crate::kubernetes::version::Minor;
use crate::report::headline::amount;
use crate::report::{FileReport, Report};
use crate::run::kubeconfig::Loads;
use crate::run::{check_loaded, complain};
use crate::text::escape::visible;
use crate::text::source::Source;

use context::{Checked, Observed};
use observe::Observer;
use path::Lookup;
use plugin::KnownReleases;
use programs::Programs;
use reference::Loaded;

/// Checks the kubeconfig of this machine, its kubectl and its plugins.
pub fn doctor(flags: &Doctor) -> ExitCode {
    let status = Examination::new(flags).and_then(|examination| examination.run());
    status.unwrap_or_else(|messages| {
        messages.iter().for_each(|message| complain(&format!("error: {}", visible(message))));
        ExitCode::from(2)
    })
}

/// Everything that was found out.
struct Checkup {
    programs: Programs,
    /// The kubectl that everything is judged by.
    minor: Minor,
    /// Why that is another than the kubectl on PATH, if it is.
    judged_by: Option<String>,
    contexts: Vec<Checked>,
    /// How many findings of the kubeconfigs are about other contexts.
    others: usize,
    /// The command that lists them.
    lists: String,
}

/// What is wrong at one time.
struct Look {
    checked: Vec<Checked>,
    /// The findings of the kubeconfigs.
    report: Report,
    /// What they were checked against.
    target: Target,
}

/// What is examined, and with what.
struct Examination<'a> {
    flags: &'a Doctor,
    current: PathBuf,
    path: Option<OsString>,
    programs: Programs,
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
        let programs = Programs::find(lookup);
        let (target, judged_by) = programs.judge(flags);
        let releases = KnownReleases::default();
        Ok(Self { flags, current, path, programs, target, judged_by, releases })
    }

    fn run(self) -> Result<ExitCode, Vec<String>> {
        let loads = self.load()?;
        let names = {
            let sources = loads.texts();
            self.selected(&Contexts::new(sources.iter().map(|(_, source)| source)))?
        };
        let mut look = self.look(&names, &loads)?;
        if self.flags.fix && self.fix(&look, &loads)? {
            look = self.look(&names, &self.load()?)?;
        }
        let Look { checked: contexts, report, .. } = look;
        let is_of_other = |(file, finding): &(&FileReport, &Finding)| {
            !contexts.iter().any(|checked| checked.is_about(file, finding))
        };
        let others = findings::all(&report).filter(is_of_other).count();
        let is_wrong = contexts.iter().any(|checked| !checked.problems.is_empty());
        let lists = self.lists();
        let Self { programs, judged_by, flags, .. } = self;
        let minor = self.target.last;
        let checkup = Checkup { programs, minor, judged_by, contexts, others, lists };
        let written =
            io::stdout().lock().write_all(report::write(&checkup, flags.format).as_bytes());
        match written {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(vec![format!("cannot write to standard output: {error}")])
            }
            _ => Ok(ExitCode::from(u8::from(is_wrong))),
        }
    }

    /// Asks the plugins of the contexts, and checks the kubeconfigs with what is then known of them.
    fn look(&self, names: &[String], loads: &Loads) -> Result<Look, Vec<String>> {
        let sources = loads.texts();
        let contexts = Contexts::new(sources.iter().map(|(_, source)| source));
        let minor = self.target.last;
        let observer = Observer {
            lookup: Lookup { path: self.path.as_deref(), current: &self.current, minor },
            releases: &self.releases,
            limit: self.flags.timeout,
            contexts: &contexts,
            loaded: self.loaded(&contexts, &sources, loads.absent()),
            helm: self.programs.helm(),
        };
        let observed: Vec<Observed> = names.iter().map(|name| observer.observe(name)).collect();
        let mut target = self.target.clone();
        target.observed =
            observed.iter().filter_map(|observed| observed.returned.clone()).collect();
        target.plugins.0 = observed.iter().filter_map(|observed| observed.releases).collect();
        let report = check_loaded(cli(&target)?, self.current.clone(), &loads.copy())?;
        let (fixes, lists) = (self.fixes(), self.lists());
        let judge = |observed: Observed| observed.judged(&report, minor, &fixes, &lists);
        Ok(Look { checked: observed.into_iter().map(judge).collect(), report, target })
    }

    /// Makes the safe fixes, and those that need review if the plugin has answered what they write.
    /// Makes none if there are some for users whose plugins were not asked. Returns whether a file
    /// changed.
    fn fix(&self, look: &Look, loads: &Loads) -> Result<bool, Vec<String>> {
        let (mut is_any, mut are_confirmed, mut others) = (false, true, 0);
        for (_, finding) in findings::all(&look.report).filter(|(_, f)| f.fix.is_some()) {
            let of_user = |checked: &&Checked| finding.user.as_deref() == Some(&checked.user);
            let checked = look.checked.iter().find(of_user);
            if finding.user.is_some() && checked.is_none() {
                others += 1;
                continue;
            }
            let answers = checked.map_or(&[][..], |checked| &checked.answers);
            let is_made = findings::is_made(finding, answers);
            let better = checked.and_then(|checked| checked.better.as_ref());
            let is_refuted = findings::is_refuted(finding, answers, better);
            is_any |= is_made && !is_refuted;
            are_confirmed &= is_made;
        }
        if let Some(fixes) = amount(others, "fix") {
            complain(&format!(
                "warning: not fixed: {fixes} would be for users whose plugins were not asked; \
                 `doctor --all --fix` asks those of all contexts, and `{} --fix` makes the safe fixes \
                 without asking",
                self.lists()
            ));
            return Ok(false);
        }
        if !is_any && look.checked.iter().any(|checked| !checked.problems.is_empty()) {
            complain("note: not fixed: the report says what to do first");
        }
        let cli = Cli { fix: true, unsafe_fixes: are_confirmed, ..cli(&look.target)? };
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
                false => {
                    let names = contexts.shown_names();
                    let help = match names.as_slice() {
                        [] => "the kubeconfig has none".to_owned(),
                        names => format!("write {}", reference::listed(names)),
                    };
                    Err(vec![format!("context \"{name}\" does not exist: {help}")])
                }
            };
        }
        let current = contexts.current();
        let mut all = if self.flags.all { contexts.names() } else { Vec::new() };
        // kubectl also fails if it is to use a context that does not exist.
        if all.is_empty() || !(current.is_empty() || all.contains(&current)) {
            all.push(current);
        }
        Ok(all.into_iter().map(str::to_owned).collect())
    }

    /// Returns what kubectl loads.
    fn loaded<'l>(
        &self,
        contexts: &Contexts<'_>,
        sources: &'l [(String, Source)],
        absent: &'l [String],
    ) -> Loaded<'l> {
        let file = match self.flags.kubeconfigs.as_slice() {
            [file] => Some(shell_word(&file.to_string_lossy())),
            _ => None,
        };
        let mut usable = contexts.shown_names();
        usable.retain(|name| contexts.dangling(name).is_empty());
        Loaded { sources, absent, file, usable }
    }

    /// Returns the command that fixes the kubeconfigs.
    fn fixes(&self) -> String {
        self.command("kubeconfig-lint doctor --fix")
    }

    /// Returns the command that lists all findings.
    fn lists(&self) -> String {
        match self.flags.kubeconfigs.is_empty() {
            true => "kubeconfig-lint --kubeconfig".to_owned(),
            false => self.command("kubeconfig-lint"),
        }
    }

    /// Returns a command with the kubeconfigs that were named.
    fn command(&self, program: &str) -> String {
        let files = self.flags.kubeconfigs.iter().map(|path| shell_word(&path.to_string_lossy()));
        [program.to_owned()].into_iter().chain(files).collect::<Vec<_>>().join(" ")
    }
}

/// Returns the flags of a check of the kubeconfigs.
fn cli(target: &Target) -> Result<Cli, Vec<String>> {
    let arguments = ["kubeconfig-lint", "--no-config", "--kubeconfig"].map(Into::into);
    let cli = crate::cli::parse(arguments.into_iter()).map_err(|error| vec![error.to_string()])?;
    let plugin_version = target.plugins.0.clone();
    Ok(Cli { kubectl_version: Some(target.clone()), plugin_version, ..cli })
}
