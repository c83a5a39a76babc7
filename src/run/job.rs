//! Finds and checks the files of a run, on all threads.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io::{self, BufRead, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::advice::least_release;
use crate::baseline::{Baseline, StaleEntry};
use crate::cli::{Cli, FixTo, Mode};
use crate::config::Settings;
use crate::discover::folder;
use crate::discover::read::{FileReader, Loaded, MAX_BYTES, larger_than};
use crate::discover::walk::{self, Found, Search};
use crate::discover::{absolute, is_repository, repository, shown_path};
use crate::fix::apply::{self, Verified};
use crate::kubectl::merge::Siblings;
use crate::kubernetes::target::Target;
use crate::language::KubeconfigName;
use crate::lint::{Options, lint};
use crate::model::Recognized;
use crate::pins;
use crate::report::{FileReport, Limited, Report, Skipped, Summary, headline};
use crate::role::{self, Role};
use crate::text::escape::{plain_reason, visible};
use crate::text::source::Source;

use super::fixing::{self, Outcome};
use super::inputs::{STDIN, inputs};
use super::installed;
use super::kubeconfig::Loads;
use super::progress::Progress;
use super::roots::Roots;
use super::terraform::{Followed, Modules};
use super::{Failure, baseline, complain, ignore_broken_pipe, overwrite};

/// What the threads collect.
#[derive(Default)]
struct Gathered {
    files: Vec<FileReport>,
    skipped: Vec<Skipped>,
    /// The named files that are empty or binary.
    without_text: BTreeSet<String>,
    limits: BTreeSet<Limited>,
    /// The files that were read, and what was recognized in them, if requested (`-v`).
    read: BTreeMap<String, Recognized>,
    /// The files that were read and have findings in the baseline.
    in_baseline: BTreeSet<String>,
    /// Findings of the baseline that no longer exist.
    stale: Vec<StaleEntry>,
    /// The bytes of standard input, if `--fix` passes them on.
    stdin: Vec<u8>,
    /// The files that may install plugins.
    installers: Vec<PathBuf>,
    /// Whether some of them do, and other files run these plugins.
    has_installed: bool,
    /// What was left out, and why, if requested (`-v`).
    left_out: Vec<(String, &'static str)>,
    summary: Summary,
    modules: Modules,
    /// What verification made of the files that are about to be fixed, by path.
    verified: HashMap<String, Verified>,
}

impl Gathered {
    /// Counts a file that was read, and lists it if requested.
    fn add_read(&mut self, path: &str, recognized: Recognized, lists: bool) {
        self.summary.files += 1;
        self.summary.recognized.add(recognized);
        self.read.extend(lists.then(|| (path.to_owned(), recognized)));
    }

    /// Makes the named files without text a failure if there was no other file to check.
    fn fail_without_text(&mut self) {
        let Self { skipped, without_text, summary, .. } = self;
        if summary.files == 0 {
            let files = skipped.iter_mut().filter(|file| without_text.contains(&file.path));
            files.for_each(|file| file.named = true);
        }
    }

    /// Adds the limits that were hit in a file.
    fn add_limits<'a>(&mut self, path: &str, reasons: impl IntoIterator<Item = &'a String>) {
        let limited = |reason: &String| Limited { path: path.to_owned(), reason: reason.clone() };
        self.limits.extend(reasons.into_iter().map(limited));
    }
}

/// The results of fixing.
#[derive(Debug, Default)]
struct Fixes {
    /// How many findings were fixed.
    findings: usize,
    /// How many files were changed.
    files: usize,
    /// How many files could not be changed, which was reported.
    failed: usize,
    /// What to know about the fixes: one sentence each, and the files that it is about.
    notes: BTreeMap<String, BTreeSet<String>>,
    /// The files that were not changed although they have fixes, and why.
    refused: HashMap<String, String>,
    /// Whether a fixed file may change the findings in another: in a Terraform module, or because
    /// both are one file.
    again: bool,
}

impl Fixes {
    /// Adds what to know about the fixes of a file.
    fn note(&mut self, sentences: BTreeSet<String>, path: &str) {
        for sentence in sentences {
            self.notes.entry(sentence).or_default().insert(path.to_owned());
        }
    }
}

/// Why a finding in a file beside the named ones has no fix.
const NOT_NAMED: &str = "to fix it, name this file or its folder: the run read the file only \
                         because a named one uses the value";

/// Finds and checks all files.
pub(super) fn check(
    settings: &Settings,
    baseline: Option<&Baseline>,
    current: PathBuf,
    loads: Option<&Loads>,
) -> Result<Report, Failure> {
    let flags = &settings.flags;
    let (paths, stdin) = inputs(flags, loads)?;
    overwrite::check(settings, &paths)?;
    let search = Search {
        paths: &paths,
        exclude: &settings.exclude,
        force_exclude: flags.force_exclude,
        no_ignore: flags.no_ignore,
        threads: threads(flags.threads),
        tells_left_out: flags.verbose,
    };
    let job = Job {
        settings,
        baseline,
        current: &current,
        repository: OnceLock::new(),
        roots: Roots::new(&paths, &current),
        loads,
        keeps_texts: baseline.is_some()
            || flags.write_baseline.is_some()
            || loads.is_some()
            || flags.formats.iter().any(|sink| sink.format.lists_accepted),
        gathered: Mutex::default(),
        irrelevant: AtomicUsize::default(),
        progress: Progress::new(!flags.quiet && io::stderr().is_terminal()),
    };
    if stdin {
        job.standard_input();
    }
    job.search(&search);
    let Fixes { findings, files, failed, mut notes, refused, again } = job.fix()?;
    if again {
        *job.gathered() = Gathered::default();
        job.search(&search);
    }
    job.withdraw(&refused);
    job.progress.finish();
    let mut gathered = job.gathered.into_inner().unwrap_or_else(PoisonError::into_inner);
    gathered.summary.fixed = findings;
    gathered.summary.files_fixed = files;
    gathered.summary.not_fixed = failed;
    if !flags.force_exclude && flags.files_from.is_none() && loads.is_none() {
        gathered.fail_without_text();
    }
    gathered.skipped.sort_by(|a, b| (&a.path, &a.reason).cmp(&(&b.path, &b.reason)));
    if flags.verbose {
        list_read_files(&gathered, settings, (paths.as_slice(), current.as_path()));
        for file in &gathered.files {
            let plugins = file.linted.accepted.iter().filter_map(|accepted| accepted.plugin);
            for sentence in plugins.filter_map(|(plugin, version)| {
                least_release(&settings.target.plugins.of(plugin), version)
            }) {
                notes.entry(sentence.to_string()).or_default().insert(file.path.clone());
            }
        }
    }
    gathered.summary.skipped = gathered.skipped.len();
    gathered.summary.narrowed = settings.narrows;
    gathered.summary.count(&gathered.files);
    Ok(Report {
        target: settings.target.clone(),
        files: gathered.files,
        skipped: gathered.skipped,
        summary: gathered.summary,
        configuration: settings.file.clone(),
        has_baseline: baseline.is_some(),
        shows_suppressed: flags.show_suppressed,
        limits: gathered.limits.into_iter().collect(),
        notes,
    })
}

/// Returns the number of threads for the walk; 0 means one per core. More than a few per core only
/// wait for each other: 2,000 threads on two cores take minutes for hundreds of files.
fn threads(asked: Option<usize>) -> usize {
    const MAX_PER_CORE: usize = 4;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    asked.map_or(0, |asked| asked.min(MAX_PER_CORE * cores))
}

/// Reports what is gone from the baseline, which files were read, and which were left out.
fn list_read_files(gathered: &Gathered, settings: &Settings, run: (&[PathBuf], &Path)) {
    for stale in &gathered.stale {
        let (path, rule) = (visible(&stale.path), visible(&stale.rule));
        complain(&format!("no longer found: {path}: {rule} ({})", stale.count));
    }
    if let Some(file) = &settings.file {
        complain(&format!("read the configuration {}", visible(file)));
    }
    let skipped = gathered.skipped.iter().map(|skipped| &skipped.path);
    let left_out = gathered.left_out.iter().map(|(path, _)| path);
    let paths = gathered.read.keys().chain(skipped).chain(left_out).map(PathBuf::from);
    let (roots, current) = run;
    for sentence in settings.globs.unmatched(roots, current, paths) {
        complain(&format!("note: {sentence}"));
    }
    for (path, recognized) in &gathered.read {
        let unknown = headline::unknown_versions(recognized);
        let unknown = unknown.map(|versions| format!(": {versions}")).unwrap_or_default();
        complain(&format!("read {}{unknown}", visible(path)));
    }
    let mut left_out = gathered.left_out.clone();
    left_out.sort();
    left_out.dedup();
    // A path that one folder leaves out may also have been named.
    for (path, reason) in left_out.iter().filter(|(path, _)| !gathered.read.contains_key(path)) {
        complain(&format!("did not read {}: {reason}", visible(path)));
    }
}

/// Where a text comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// A file that was found in a folder.
    Found,
    /// A file that was named.
    Named,
    /// Standard input. Whatever its name, it is not in a folder.
    Stdin,
}

/// The state that all threads share.
struct Job<'a> {
    settings: &'a Settings,
    baseline: Option<&'a Baseline>,
    current: &'a Path,
    /// The repository that holds the current directory; searched on first use.
    repository: OnceLock<Option<&'a Path>>,
    /// The paths to search.
    roots: Roots<'a>,
    /// The kubeconfigs that kubectl would load here, if they are the files to check.
    loads: Option<&'a Loads>,
    /// Whether the texts of files with nothing to show are kept: to list accepted versions, to
    /// compare with a baseline or write one, or because kubectl merged them.
    keeps_texts: bool,
    gathered: Mutex<Gathered>,
    /// How many files have nothing to check. A run reads many of them, so no thread locks anything
    /// or writes out a path for one.
    irrelevant: AtomicUsize,
    progress: Progress,
}

impl Job<'_> {
    fn flags(&self) -> &Cli {
        &self.settings.flags
    }

    fn gathered(&self) -> std::sync::MutexGuard<'_, Gathered> {
        // Ignore poisoning: no thread leaves an addition half done.
        self.gathered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn visit(&self, reader: &mut FileReader, found: &Found<'_>) {
        match found {
            Found::File { path, folder, named, ends_short } => {
                // kubectl also reads what does not look like a kubeconfig.
                let merged = self.loads.and_then(|loads| loads.take(path));
                reader.is_named = *named;
                let loaded = match merged {
                    Some(source) => Ok(Loaded::Source(source)),
                    None => folder::open(path, *folder)
                        .and_then(|file| reader.file(path, file, *ends_short)),
                };
                let origin = if *named { Origin::Named } else { Origin::Found };
                self.loaded(path, origin, loaded);
            }
            Found::Unreadable { path, reason, named, notable } => {
                // kubectl also reads pipes and devices.
                if let Some(source) = self.loads.and_then(|loads| loads.take(path)) {
                    return self.loaded(path, Origin::Named, Ok(Loaded::Source(source)));
                }
                let path = shown_path(path, self.current);
                let skipped =
                    Skipped { path, reason: reason.clone(), named: *named, notable: *notable };
                self.gathered().skipped.push(skipped);
            }
            Found::Excluded(count) => self.gathered().summary.excluded += count,
            Found::LeftOut { path, reason } => {
                if self.flags().verbose && (path.is_file() || !self.roots.contain(path)) {
                    let path = shown_path(path, self.current);
                    self.gathered().left_out.push((path, *reason));
                }
            }
        }
    }

    /// Finds and checks all files, except standard input.
    fn search(&self, search: &Search<'_>) {
        walk::search(search, || {
            let (job, mut reader) = (self, FileReader::default());
            move |found: Found<'_>| job.visit(&mut reader, &found)
        });
        self.gathered().summary.files += self.irrelevant.swap(0, Ordering::Relaxed);
        self.terraform_modules();
        self.plugin_conflicts();
        self.gathered().files.sort_by(|a, b| a.path.cmp(&b.path));
        self.hide_baselined();
    }

    fn standard_input(&self) {
        let name = self.flags().stdin_filename.clone().unwrap_or_else(|| PathBuf::from(STDIN));
        let mut input = io::stdin().lock();
        let mut reader = FileReader::default();
        reader.is_named = true;
        // Reading reports the error again.
        let loaded = if input.fill_buf().is_ok_and(<[u8]>::is_empty) {
            Ok(Loaded::Skipped("empty: did the command before the pipe fail?".to_owned()))
        } else if self.flags().fixes_stdin() {
            let kept = reader.load_and_keep(&name, input);
            kept.map(|(loaded, bytes)| {
                self.gathered().stdin = bytes;
                loaded
            })
        } else {
            reader.load(&name, input)
        };
        self.loaded(&name, Origin::Stdin, loaded);
    }

    fn loaded(&self, path: &Path, origin: Origin, loaded: io::Result<Loaded>) {
        self.progress.tick();
        if origin != Origin::Stdin && Modules::has(path) {
            self.gathered().modules.note_file(path);
        }
        if origin != Origin::Stdin && pins::may_install(path) {
            self.gathered().installers.push(path.to_owned());
        }
        let is_irrelevant = matches!(loaded, Ok(Loaded::Irrelevant));
        if is_irrelevant && !self.flags().verbose && self.baseline.is_none() {
            self.irrelevant.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let shown = shown_path(path, self.current);
        if loaded.is_ok() {
            let known = self.baseline.and_then(|baseline| baseline.known(path, &shown));
            self.gathered().in_baseline.extend(known);
        }
        let named = origin != Origin::Found;
        let skip = |reason| Skipped { path: shown.clone(), reason, named, notable: true };
        match loaded {
            Ok(Loaded::Irrelevant) => {
                let verbose = self.flags().verbose;
                self.gathered().add_read(&shown, Recognized::default(), verbose);
            }
            Ok(Loaded::Source(source)) => self.lint_and_add(shown, origin, source),
            Ok(Loaded::Report) => {
                let reason = "a report of kubeconfig-lint, which is not checked";
                let reason = reason.to_owned();
                let skipped = Skipped { path: shown, reason, named: false, notable: named };
                self.gathered().skipped.push(skipped);
            }
            Ok(Loaded::Encrypted(reason)) => {
                let reason = reason.to_owned();
                let skipped = Skipped { path: shown, reason, named: false, notable: false };
                self.gathered().skipped.push(skipped);
            }
            Ok(Loaded::NoText(reason)) => {
                // Hooks, lists and globs name images and empty files, too.
                let is_certain = KubeconfigName::of(path) == Some(KubeconfigName::Certain);
                let named = is_certain || origin == Origin::Stdin;
                let reason = reason.to_owned();
                let mut gathered = self.gathered();
                gathered.without_text.insert(shown.clone());
                gathered.skipped.push(Skipped { path: shown, reason, named, notable: false });
            }
            Ok(Loaded::Skipped(reason)) => {
                let skipped = skip(reason);
                self.gathered().skipped.push(skipped);
            }
            Err(error) => {
                let skipped = skip(plain_reason(&error));
                self.gathered().skipped.push(skipped);
            }
        }
    }

    /// Returns the kubeconfigs that kubectl loads together with this one.
    fn siblings(&self, path: &Path) -> Option<Siblings> {
        self.loads.and_then(|loads| loads.siblings(path))
    }

    fn options(&self, path: &Path, text: &str) -> Options {
        let Settings { flags, target, roles, ignored, min_severity, .. } = self.settings;
        // Standard input without a name matches no glob.
        let is_named = path != Path::new(STDIN);
        let role = is_named.then(|| roles.of(path).next().copied()).flatten();
        let suppress = is_named.then(|| ignored.of(path).flatten().copied().collect());
        let by_text = || role::of_text(path, text);
        let siblings = self.siblings(path);
        let role = role.or(siblings.is_some().then_some(Role::Live));
        let role = role.unwrap_or_else(|| self.role(path).within(by_text()));
        Options {
            target: target.clone(),
            select: flags.select.clone(),
            ignore: flags.ignore.clone(),
            suppress: suppress.unwrap_or_default(),
            min_severity: *min_severity,
            role: Some(role),
            siblings,
            fix_to: flags.fix_to.map(FixTo::api_version),
            ..Options::default()
        }
    }

    /// Returns the role that the path gives a file. It goes by the part of the path below the
    /// current directory or the repository, however the file was named: the location of these says
    /// nothing about the role.
    fn role(&self, path: &Path) -> Role {
        let path = absolute(path, self.current);
        // Programs in containers often run in `/`, which contains everything.
        let current = Some(self.current);
        let current = current.filter(|c| c.parent().is_some() && path.starts_with(c));
        // A submodule is part of the repository in which the program runs.
        let own = *self.repository.get_or_init(|| repository(self.current));
        // No folder above the current directory is one if it is in none.
        let is_known = |folder: &&Path| own.is_none() && self.current.starts_with(folder);
        let other = || path.parent()?.ancestors().find(|f| !is_known(f) && is_repository(f));
        let repository = own.filter(|root| path.starts_with(root)).or_else(other);
        let innermost =
            current.into_iter().chain(repository).max_by_key(|f| f.components().count());
        let base = innermost.or_else(|| self.roots.outermost_above(&path));
        let base = base.unwrap_or(Path::new(""));
        role::of_file(base, path.strip_prefix(base).unwrap_or(&path))
    }

    fn lint_and_add(&self, path: String, origin: Origin, source: Source) {
        let options = self.options(source.path(), source.text());
        let mut linted = lint(&source, &options);
        let is_check = self.flags().mode() == Mode::Check;
        let verify = if is_check { apply::verify_only } else { apply::verify };
        let verified = verify(&source, &mut linted, &options);
        if verified.untried > 0 && is_check && !self.flags().quiet {
            fixing::warn(&path, &fixing::untried(verified.untried));
        }
        let mut gathered = self.gathered();
        // The baseline and the other files of a module may change the findings.
        let is_final = self.baseline.is_none() && !Modules::has(source.path());
        if !is_check && is_final && linted.fix_basis.is_some() {
            gathered.verified.insert(path.clone(), verified);
        }
        if origin != Origin::Stdin {
            gathered.modules.add_linted(source.path(), &linted);
        }
        if let Some(reason) = &linted.skipped {
            // A template can be checked only after it is rendered, which is not a fault.
            let notable = false;
            let (path, reason) = (path.clone(), reason.clone());
            gathered.skipped.push(Skipped { path, reason, named: false, notable });
        } else {
            gathered.add_read(&path, linted.recognized, self.flags().verbose);
        }
        gathered.add_limits(&path, &linted.limits);
        self.add(&mut gathered, FileReport { path, source, linted, hidden_mentions: 0 });
    }

    /// Adds the report of a file if it has something to show. Mentions may only be counted.
    fn add(&self, gathered: &mut Gathered, mut file: FileReport) {
        let linted = &mut file.linted;
        if self.flags().mode() == Mode::Check {
            linted.fix_basis = None;
        }
        if !self.settings.shows_mentions {
            let mentions = linted.findings.extract_if(.., |finding| finding.is_mention());
            let mentions = mentions.count();
            file.hidden_mentions += mentions;
            gathered.summary.hidden_mentions += mentions;
        }
        let is_shown = !(linted.findings.is_empty() && linted.suppressed.is_empty());
        if !(is_shown || self.keeps_texts || self.is_stdin(file.source.path())) {
            file.source.drop_text();
        }
        if !linted.is_empty() {
            gathered.files.push(file);
        }
    }

    /// Resolves variables across the files of a folder, which Terraform reads as one: a variable in
    /// one file may be declared in another.
    fn terraform_modules(&self) {
        let mut modules = std::mem::take(&mut self.gathered().modules);
        let counted_twice = modules.counted_twice();
        // pre-commit names only the files of a commit.
        let mut others = modules.others();
        others.retain(|path| self.settings.exclude.covers(path).is_none());
        others.iter().for_each(|path| modules.add_file(path));
        modules.find_users();
        modules.find_settled();
        let mut files = std::mem::take(&mut self.gathered().files);
        let places = files.iter().enumerate().map(|(at, file)| (file.path.clone(), at));
        let places: HashMap<String, usize> = places.collect();
        let is_beside =
            |path: &Path| others.binary_search_by(|other| other.as_path().cmp(path)).is_ok();
        let to_follow: Vec<PathBuf> = modules.to_follow().map(Path::to_owned).collect();
        for path in &to_follow {
            let followed = modules.follow(path, &self.options(path, ""));
            let Some(mut followed) = followed else { continue };
            let is_beside = is_beside(path);
            if is_beside {
                // Nobody asked us to change this file.
                for finding in &mut followed.linted.findings {
                    if finding.fix.take().is_some() {
                        finding.help.push(NOT_NAMED.into());
                    }
                }
            }
            let path = shown_path(path, self.current);
            let mut gathered = self.gathered();
            gathered.add_limits(&path, &followed.linted.limits);
            if is_beside {
                gathered.add_read(&path, Recognized::default(), true);
            }
            match places.get(&path).and_then(|at| files.get_mut(*at)) {
                Some(file) => followed.add_to(file),
                None => {
                    let Followed { source, linted, .. } = followed;
                    let file = FileReport { path, source, linted, hidden_mentions: 0 };
                    self.add(&mut gathered, file);
                }
            }
        }
        let gathered = &mut *self.gathered();
        let configs = &mut gathered.summary.recognized.other_exec_configs;
        *configs = configs.saturating_sub(counted_twice);
        for (path, reason) in std::mem::take(&mut modules.unread) {
            // The search has said why it could not read a file, but passes over large ones.
            if is_beside(&path) || reason == larger_than(MAX_BYTES as u64) {
                let reason = format!("{reason}, so its Terraform variables are not followed");
                gathered.add_limits(&shown_path(&path, self.current), [&reason]);
            }
        }
        gathered.modules = modules;
        files.into_iter().for_each(|file| self.add(gathered, file));
    }

    /// Compares the exec configs with the plugins that other files install.
    fn plugin_conflicts(&self) {
        let installers = std::mem::take(&mut self.gathered().installers);
        let mut files = std::mem::take(&mut self.gathered().files);
        if !installers.is_empty() && installed::matters(&files) {
            let shown = |path: &PathBuf| {
                (self.role(path) == Role::Live).then(|| shown_path(path, self.current))
            };
            let installed = installed::read(installers, shown);
            self.gathered().has_installed = !installed.is_empty();
            let target = Target { installed, ..self.settings.target.clone() };
            for file in files.iter_mut().filter(|file| installed::has_conflict(file, &target)) {
                if let Err(reason) = installed::read_again(file) {
                    let reason = format!("{reason}, so it is not compared with installed plugins");
                    self.gathered().add_limits(&file.path, [&reason]);
                    continue;
                }
                let options = self.options(file.source.path(), file.source.text());
                installed::add_conflicts(file, &Options { target: target.clone(), ..options });
            }
        }
        self.gathered().files = files;
    }

    /// Hides the findings in the baseline.
    fn hide_baselined(&self) {
        let Some(baseline) = self.baseline else { return };
        let gathered = &mut *self.gathered();
        gathered.files.iter_mut().for_each(|file| baseline.hide(file));
        self.find_stale(gathered);
    }

    /// Finds what the baseline contains and the files no longer do.
    fn find_stale(&self, gathered: &mut Gathered) {
        let Some(baseline) = self.baseline else { return };
        let of_run = (self.settings, self.current);
        let stale = baseline::stale(baseline, &gathered.in_baseline, &gathered.files, of_run);
        gathered.summary.gone_from_baseline =
            stale.iter().fold(0, |all, entry| all.saturating_add(entry.count));
        gathered.stale = stale;
    }

    /// Applies or shows the requested fixes.
    fn fix(&self) -> io::Result<Fixes> {
        let mode = self.flags().mode();
        let mut fixes = Fixes::default();
        if mode == Mode::Check {
            return Ok(fixes);
        }
        self.progress.finish();
        let least = self.flags().least_applicability();
        let gathered = &mut *self.gathered();
        let mut out = BufWriter::new(io::stdout().lock());
        let has_fix =
            |file: &&mut FileReport| file.linted.findings.iter().any(|f| f.is_fixable(least));
        let (mut changed, mut places) = (HashSet::new(), HashSet::new());
        let mut files = std::mem::take(&mut gathered.files);
        for file in files.iter_mut().filter(has_fix) {
            let path = file.source.path();
            let references = gathered.modules.references_to(&file.source);
            let settled = gathered.modules.settled_in(path);
            let options = Options { references, settled, ..self.options(path, file.source.text()) };
            if self.leads_out(file) {
                let what = "not fixed: a symbolic link to it leads out of the searched directory; \
                            name the file to fix it";
                fixing::warn(&file.path, what);
                fixes.refused.insert(file.path.clone(), what.to_owned());
                continue;
            }
            let verified = gathered.verified.remove(&file.path).unwrap_or_default();
            let fixed = verified.fix(&file.source, &file.linted, &options, least);
            match fixing::write_or_show(file, fixed, self.flags(), &mut out)? {
                Outcome::Fixed(made) => {
                    if !self.flags().quiet {
                        let findings = headline::amount(made.count, "finding").unwrap_or_default();
                        complain(&format!("fixed {findings} in {}", visible(&file.path)));
                        if let Some(note) = fixing::left_in_text(file, made.source.text(), least) {
                            complain(&format!("note: {}: {note}", visible(&file.path)));
                        }
                    }
                    fixes.findings += made.count;
                    fixes.files += 1;
                    fixes.note(made.notes, &file.path);
                    let is_of_many = Modules::has(path) || gathered.has_installed;
                    fixes.again |= is_of_many && !self.flags().fixes_stdin();
                    places.extend(path.canonicalize());
                    changed.insert(file.path.clone());
                    gathered.summary.hidden_mentions -= std::mem::take(&mut file.hidden_mentions);
                    (file.source, file.linted) = (made.source, made.linted);
                    if let Some(baseline) = self.baseline {
                        file.linted.restore_baselined();
                        baseline.hide(file);
                    }
                }
                Outcome::Failed(reason) => {
                    fixes.failed += 1;
                    // A file whose diff cannot be shown can still be fixed.
                    if mode == Mode::Fix {
                        fixes.refused.insert(file.path.clone(), reason);
                    }
                }
                Outcome::Refused(reason) => {
                    fixes.refused.insert(file.path.clone(), reason);
                }
                Outcome::Shown(notes) => fixes.note(notes, &file.path),
            }
        }
        if self.flags().fixes_stdin() && fixes.files == 0 {
            ignore_broken_pipe(out.write_all(&gathered.stdin))?;
        }
        // Another name of a changed file still has the old text.
        fixes.again |= files.iter().any(|file| {
            !changed.contains(&file.path)
                && file.source.path().canonicalize().is_ok_and(|path| places.contains(&path))
        });
        files.into_iter().for_each(|file| self.add(gathered, file));
        self.find_stale(gathered);
        ignore_broken_pipe(out.flush()).map(|()| fixes)
    }

    /// Removes the fixes that were refused, so that no report suggests running `--fix` again.
    fn withdraw(&self, refused: &HashMap<String, String>) {
        let least = self.flags().least_applicability();
        for file in &mut self.gathered().files {
            let Some(reason) = refused.get(&file.path) else { continue };
            for finding in
                file.linted.findings.iter_mut().filter(|finding| finding.is_fixable(least))
            {
                finding.fix = None;
                finding.help.push(reason.clone().into());
            }
        }
    }

    /// Whether a path is the name of standard input.
    fn is_stdin(&self, path: &Path) -> bool {
        self.flags().stdin_filename.as_deref().unwrap_or(Path::new(STDIN)) == path
    }

    /// Whether a file was found below a folder, but is a link to somewhere else.
    fn leads_out(&self, file: &FileReport) -> bool {
        let path = file.source.path();
        if self.is_stdin(path) || self.roots.contain(path) {
            return false;
        }
        path.canonicalize().is_ok_and(|target| !self.roots.hold(&target))
    }
}
