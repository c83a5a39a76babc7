//! A run: from the command line to the reports and the exit status.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::{Cli, Color, Sink};
use crate::config::Settings;
use crate::discover::read::{Loaded, Reader};
use crate::discover::shown_path;
use crate::discover::walk::{self, Found, Search};
use crate::finding::Severity;
use crate::lint::{Options, lint};
use crate::report::escape::{visible, visible_lines};
use crate::report::{FileReport, Report, Skipped, Style, Summary};
use crate::rule::{self, RULES};
use crate::source::Source;

/// Does what the command line says; messages go to standard error.
pub fn run(cli: &Cli) -> ExitCode {
    match try_run(cli) {
        Ok(status) => status,
        Err(failure) => {
            for message in failure.messages() {
                complain(&format!("error: {}", visible(&message)));
            }
            ExitCode::from(2)
        }
    }
}

/// Says what is wrong with the command line, or what was asked of it (`--help`).
///
/// An error may quote a file name that was taken for an option: nothing in it may reach the
/// terminal raw.
pub fn usage(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    for line in visible_lines(&error.render().to_string()) {
        complain(&line);
    }
    ExitCode::from(2)
}

/// Why the job could not be done.
enum Failure {
    /// What was asked for makes no sense.
    Usage(String),
    /// The configuration or a glob is wrong; a message for each fault.
    Settings(Vec<String>),
    /// Standard output could not be written.
    Output(io::Error),
}

impl Failure {
    fn messages(self) -> Vec<String> {
        match self {
            Self::Usage(message) => vec![message],
            Self::Settings(messages) => messages,
            Self::Output(error) => {
                let reason = walk::plain_reason(&error);
                vec![format!("standard output cannot be written: {reason}")]
            }
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

fn try_run(cli: &Cli) -> Result<ExitCode, Failure> {
    let told = match cli.explain {
        Some(rule) => Some(explain(rule, &mut io::stdout().lock())),
        None => cli.list_rules.then(|| list_rules(&mut io::stdout().lock())),
    };
    match told {
        Some(Err(error)) if error.kind() != io::ErrorKind::BrokenPipe => return Err(error.into()),
        Some(_) => return Ok(ExitCode::SUCCESS),
        None => {}
    }
    if cli.formats.iter().filter(|sink| sink.file.is_none()).count() > 1 {
        let message = "only one format can go to standard output; write the others as FORMAT=FILE";
        return Err(Failure::Usage(message.to_owned()));
    }
    let current = std::env::current_dir().unwrap_or_default();
    let settings = Settings::new(cli, &current).map_err(Failure::Settings)?;
    let report = check(cli, &settings, current)?;
    // Files first: what reads standard output may stop reading.
    let (to_files, to_stdout): (Vec<_>, Vec<_>) =
        cli.formats.iter().partition(|sink| sink.file.is_some());
    let mut sound = true;
    for sink in to_files.into_iter().chain(to_stdout) {
        match write_sink(cli, &report, sink) {
            Ok(written) => sound &= written,
            // The reader of our output has seen enough: nothing to complain of.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
            Err(error) => return Err(Failure::Output(error)),
        }
    }
    if !cli.quiet {
        warn_of_skipped(&report, cli.verbose);
        complain(&summary_line(&report));
    }
    for skipped in report.skipped.iter().filter(|skipped| skipped.named) {
        sound = false;
        complain(&format!("error: {}: {}", visible(&skipped.path), visible(&skipped.reason)));
    }
    let findings = settings.fail_on.severity().is_some_and(|s| report.summary.at_or_above(s) > 0);
    Ok(ExitCode::from(if sound { u8::from(findings) } else { 2 }))
}

/// What the threads gather.
#[derive(Default)]
struct Gathered {
    files: Vec<FileReport>,
    skipped: Vec<Skipped>,
    /// The files that were read, if somebody wants to know.
    read: Vec<String>,
    summary: Summary,
}

/// Finds and judges all files.
fn check(cli: &Cli, settings: &Settings, current: PathBuf) -> Result<Report, Failure> {
    let (paths, stdin) = inputs(cli)?;
    let search = Search {
        paths: &paths,
        exclude: &settings.exclude,
        force_exclude: cli.force_exclude,
        no_ignore: cli.no_ignore,
        threads: cli.threads.unwrap_or(0),
    };
    let job = Job {
        cli,
        settings,
        current,
        gathered: Mutex::default(),
        progress: Progress::new(!cli.quiet && io::stderr().is_terminal()),
    };
    if stdin {
        job.standard_input();
    }
    walk::search(&search, || {
        let (job, mut reader) = (&job, Reader::default());
        move |found: Found<'_>| job.visit(&mut reader, &found)
    });
    job.progress.finish();
    let mut gathered = job.gathered.into_inner().unwrap_or_else(PoisonError::into_inner);
    gathered.files.sort_by(|a, b| a.path.cmp(&b.path));
    gathered.skipped.sort_by(|a, b| (&a.path, &a.reason).cmp(&(&b.path, &b.reason)));
    gathered.read.sort();
    if let Some(file) = settings.file.as_ref().filter(|_| cli.verbose) {
        complain(&format!("configured by {}", visible(file)));
    }
    for path in &gathered.read {
        complain(&format!("read {}", visible(path)));
    }
    gathered.summary.skipped = gathered.skipped.len();
    Ok(Report {
        target: settings.target,
        files: gathered.files,
        skipped: gathered.skipped,
        summary: gathered.summary,
    })
}

/// The paths to check, and whether standard input is one of them.
fn inputs(cli: &Cli) -> Result<(Vec<PathBuf>, bool), Failure> {
    let mut paths = cli.paths.clone();
    if let Some(list) = &cli.files_from {
        paths.extend(listed(list)?);
    } else if paths.is_empty() {
        paths.push(PathBuf::from("."));
    }
    let all = paths.len();
    paths.retain(|path| path.as_os_str() != "-");
    let stdin = paths.len() < all;
    if stdin && cli.files_from.as_deref() == Some(Path::new("-")) {
        let message = "standard input cannot be both the list of files and a file";
        return Err(Failure::Usage(message.to_owned()));
    }
    if let Some(name) = cli.stdin_filename.as_ref().filter(|_| !stdin) {
        let name = visible(&name.to_string_lossy());
        return Err(Failure::Usage(format!(
            "--stdin-filename {name} is for `-`, which is not given"
        )));
    }
    Ok((paths, stdin))
}

/// The paths in a list: one a line, or separated by NUL.
fn listed(list: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut bytes = Vec::new();
    let read = if list.as_os_str() == "-" {
        io::stdin().read_to_end(&mut bytes)
    } else {
        File::open(list).and_then(|mut file| file.read_to_end(&mut bytes))
    };
    if let Err(error) = read {
        let (list, reason) = (visible(&list.to_string_lossy()), walk::plain_reason(&error));
        return Err(Failure::Usage(format!("--files-from {list}: {reason}")));
    }
    let separator = if bytes.contains(&0) { 0 } else { b'\n' };
    let names = bytes.split(|&byte| byte == separator);
    let names = names.map(|name| if separator == 0 { name } else { trim_cr(name) });
    Ok(names.filter(|name| !name.is_empty()).map(path_from_bytes).collect())
}

fn trim_cr(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[cfg(unix)]
fn path_from_bytes(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path_from_bytes(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

/// The name of standard input that was given none.
const STDIN: &str = "<stdin>";

/// What all threads share.
struct Job<'a> {
    cli: &'a Cli,
    settings: &'a Settings,
    current: PathBuf,
    gathered: Mutex<Gathered>,
    progress: Progress,
}

impl Job<'_> {
    fn gathered(&self) -> std::sync::MutexGuard<'_, Gathered> {
        // What a thread adds, it adds whole: a panic leaves nothing torn.
        self.gathered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn visit(&self, reader: &mut Reader, found: &Found<'_>) {
        match found {
            Found::File { path, named } => {
                let loaded = reader.file(path);
                self.loaded(path, *named, loaded);
            }
            Found::Unreadable { path, reason, named, notable } => {
                let path = shown_path(path, &self.current);
                let skipped =
                    Skipped { path, reason: reason.clone(), named: *named, notable: *notable };
                self.gathered().skipped.push(skipped);
            }
        }
    }

    fn standard_input(&self) {
        let name = self.cli.stdin_filename.clone().unwrap_or_else(|| PathBuf::from(STDIN));
        let loaded = Reader::default().load(&name, io::stdin().lock());
        self.loaded(&name, true, loaded);
    }

    fn loaded(&self, path: &Path, named: bool, loaded: io::Result<Loaded>) {
        self.progress.tick();
        let shown = shown_path(path, &self.current);
        if self.cli.verbose {
            self.gathered().read.push(shown.clone());
        }
        let skip = |reason| Skipped { path: shown.clone(), reason, named, notable: true };
        match loaded {
            Ok(Loaded::Irrelevant) => self.gathered().summary.files += 1,
            Ok(Loaded::Source(source)) => self.judge(shown, source),
            Ok(Loaded::Skipped(reason)) => {
                let skipped = skip(reason);
                self.gathered().skipped.push(skipped);
            }
            Err(error) => {
                let skipped = skip(walk::plain_reason(&error));
                self.gathered().skipped.push(skipped);
            }
        }
    }

    fn options(&self, path: &Path) -> Options {
        let Settings { target, select, ignore, roles, .. } = self.settings;
        // What has no name matches no glob.
        let role = (path != Path::new(STDIN)).then(|| roles.of(path)).flatten();
        Options { target: *target, select: select.clone(), ignore: ignore.clone(), role }
    }

    fn judge(&self, path: String, source: Source) {
        let linted = lint(&source, &self.options(source.path()));
        let mut findings = linted.findings;
        let count = |severity| findings.iter().filter(|f| f.severity == severity).count();
        let (errors, warnings, notes) =
            (count(Severity::Error), count(Severity::Warning), count(Severity::Note));
        let mentions = findings.iter().filter(|finding| finding.is_mention()).count();
        let mut gathered = self.gathered();
        let summary = &mut gathered.summary;
        summary.files += 1;
        summary.errors += errors;
        summary.warnings += warnings;
        summary.accepted += linted.accepted.len();
        summary.files_with_findings += usize::from(findings.len() > mentions);
        summary.notes += notes;
        if !self.settings.shows_mentions {
            summary.notes -= mentions;
            summary.hidden_mentions += mentions;
            findings.retain(|finding| !finding.is_mention());
        }
        if let Some(reason) = linted.skipped {
            let path = path.clone();
            gathered.skipped.push(Skipped { path, reason, named: false, notable: true });
        }
        if !findings.is_empty() || !linted.accepted.is_empty() {
            let (accepted, secrets) = (linted.accepted, linted.secrets);
            gathered.files.push(FileReport { path, source, findings, accepted, secrets });
        }
    }
}

/// The bar on a terminal, once the run takes longer than half a second.
struct Progress {
    enabled: bool,
    start: Instant,
    files: AtomicUsize,
    bar: OnceLock<ProgressBar>,
}

impl Progress {
    fn new(enabled: bool) -> Self {
        Self { enabled, start: Instant::now(), files: AtomicUsize::new(0), bar: OnceLock::new() }
    }

    fn tick(&self) {
        let files = self.files.fetch_add(1, Ordering::Relaxed) + 1;
        if !self.enabled || self.start.elapsed() < Duration::from_millis(500) {
            return;
        }
        let bar = self.bar.get_or_init(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            match ProgressStyle::with_template("{spinner} {pos} files in {elapsed}") {
                Ok(style) => bar.with_style(style),
                Err(_) => bar,
            }
        });
        bar.set_position(files as u64);
    }

    fn finish(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}

/// Writes one report; `false` where its file could not be written, which is said at once.
fn write_sink(cli: &Cli, report: &Report, sink: &Sink) -> io::Result<bool> {
    let Some(file) = &sink.file else {
        let terminal = io::stdout().is_terminal();
        let color = match cli.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()),
        };
        let mut out = BufWriter::new(io::stdout().lock());
        (sink.format.write)(report, Style { color, width: width() }, &mut out)?;
        out.flush()?;
        return Ok(true);
    };
    let style = Style { color: false, width: DEFAULT_WIDTH };
    let written = File::create(file).and_then(|file| {
        let mut out = BufWriter::new(file);
        (sink.format.write)(report, style, &mut out)?;
        out.flush()
    });
    if let Err(error) = &written {
        let file = visible(&file.to_string_lossy());
        complain(&format!("error: {file} cannot be written: {}", walk::plain_reason(error)));
    }
    Ok(written.is_ok())
}

const DEFAULT_WIDTH: usize = 120;

/// The width to fill: what COLUMNS says, or the terminal's, or a usual one.
fn width() -> usize {
    let told = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let seen = || terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| width.0.into());
    told.or_else(seen).unwrap_or(DEFAULT_WIDTH).max(40)
}

fn warn_of_skipped(report: &Report, verbose: bool) {
    let shown = report.skipped.iter().filter(|s| !s.named && (s.notable || verbose));
    for skipped in shown {
        complain(&format!("warning: {}: {}", visible(&skipped.path), visible(&skipped.reason)));
    }
}

/// `2 errors in 1 of 340 files`.
fn summary_line(report: &Report) -> String {
    let count = |n: usize, what: &str| match n {
        0 => None,
        1 => Some(format!("1 {what}")),
        _ => Some(format!("{n} {what}s")),
    };
    let summary = &report.summary;
    let found = [
        count(summary.errors, "error"),
        count(summary.warnings, "warning"),
        count(summary.notes, "note"),
    ];
    let found: Vec<_> = found.into_iter().flatten().collect();
    let files = count(summary.files, "file").unwrap_or_default();
    let mut line = if summary.files == 0 {
        "no files were checked".to_owned()
    } else if found.is_empty() {
        format!("nothing to report in {files}")
    } else if summary.files_with_findings == 0 {
        format!("{} in {files}", found.join(", "))
    } else {
        format!("{} in {} of {files}", found.join(", "), summary.files_with_findings)
    };
    let mut more = Vec::new();
    if let Some(mentions) = count(summary.hidden_mentions, "mention") {
        more.push(format!("{mentions}: --show-mentions lists them"));
    }
    if summary.skipped > 0 {
        more.push(format!("{} skipped", summary.skipped));
    }
    if !more.is_empty() {
        line.push_str(&format!(" ({})", more.join("; ")));
    }
    line
}

/// The documentation of a rule.
fn explain(rule: &rule::Rule, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "# {} ({})\n", rule.name, rule.severity.as_str())?;
    writeln!(out, "{}", rule.markdown())?;
    writeln!(out, "\nSince {}. {}", rule.since, rule.url())
}

fn list_rules(out: &mut impl Write) -> io::Result<()> {
    let width = RULES.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    for rule in RULES.iter() {
        writeln!(out, "{:width$}  {:7}  {}", rule.name, rule.severity.as_str(), rule.summary)?;
    }
    Ok(())
}

/// A line on standard error. Where that cannot be written, there is nobody to tell.
fn complain(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}
