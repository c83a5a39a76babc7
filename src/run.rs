//! A run: the command line comes in; reports, changed files and the exit status go out.
//!
//! `job` finds and lints the files, `fixing` changes them, `overwrite` writes reports into files.

mod baseline;
mod explain;
mod fixing;
mod inputs;
mod installed;
pub(crate) mod interrupt;
pub(crate) mod job;
pub(crate) mod kubeconfig;
pub(crate) mod overwrite;
mod progress;
mod roots;
mod rules;
mod statistics;
mod summary;
pub(crate) mod terminal;
mod terraform;

use std::collections::HashSet;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use supports_hyperlinks::Stream;

use crate::cli::{Cli, Mode, Sink};
use crate::config::{NAMES, Settings};
use crate::finding::fix::Applicability;
use crate::fix::apply::Fixed;
use crate::fix::diff::Diff;
use crate::generate;
use crate::report::{FileReport, Limited, Report, headline, notes};
use crate::text::escape::{plain_reason, visible, visible_lines};

use kubeconfig::Loads;

/// Does what the command line asks for. Messages go to standard error.
pub fn run(cli: Cli) -> ExitCode {
    let loaded = if cli.kubeconfig { kubeconfig::candidates() } else { Vec::new() };
    let unexpanded = cli.unexpanded_home(&loaded);
    let status = try_run(cli).unwrap_or_else(|failure| {
        for message in failure.messages() {
            complain(&format!("error: {}", visible(&message)));
        }
        ExitCode::from(2)
    });
    if let Some(path) = unexpanded.filter(|_| status == ExitCode::from(2)) {
        complain(&format!(
            "hint: the shell left the `~` as it is: write \"$HOME/{}\"",
            visible(&path)
        ));
    }
    status
}

/// Prints a usage error, or the requested text (`--help`).
///
/// An error may quote a file name that was taken for an option, so it must not reach the terminal
/// raw.
pub fn usage(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        let Err(error) = ignore_broken_pipe(error.print()) else { return ExitCode::SUCCESS };
        for message in Failure::Output(error).messages() {
            complain(&format!("error: {}", visible(&message)));
        }
        return ExitCode::from(2);
    }
    for line in visible_lines(&error.render().to_string()) {
        complain(&line);
    }
    ExitCode::from(2)
}

/// Why the run failed.
enum Failure {
    /// The arguments make no sense, or name a file that cannot be used.
    Usage(String),
    /// The configuration or a glob is invalid; one message per fault.
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
                let reason = plain_reason(&error);
                vec![format!("cannot write to standard output: {reason}")]
            }
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

fn try_run(cli: Cli) -> Result<ExitCode, Failure> {
    let mut out = io::stdout();
    let printed = match cli.mode() {
        Mode::Explain => {
            let style = terminal::style(cli.color, Stream::Stdout);
            cli.explain.iter().try_for_each(|explained| explain::write(explained, style, &mut out))
        }
        Mode::Generate(what) => generate::make(what).and_then(|made| out.write_all(&made)),
        Mode::ListRules => {
            let style = terminal::style(cli.color, Stream::Stdout);
            rules::list(rules::is_json(&cli.formats)?, style, &mut out)
        }
        Mode::Check | Mode::Fix | Mode::Diff => return check(cli),
    };
    ignore_broken_pipe(printed)?;
    Ok(ExitCode::SUCCESS)
}

/// Checks and fixes files as [`run`] does, and returns the report instead of writing it. `current`
/// takes the place of the current directory, except for the paths that the command line names.
///
/// # Errors
/// Returns what [`run`] prints if it fails, one message per fault.
pub fn report(cli: Cli, current: PathBuf) -> Result<Report, Vec<String>> {
    let settings = Settings::new(cli, &current)?;
    let known = baseline::read(&settings).map_err(Failure::messages)?;
    let report = job::check(&settings, known.as_ref(), current, None);
    let mut report = report.map_err(Failure::messages)?;
    if let Some(file) = &settings.flags.write_baseline {
        let is_complete = is_complete(&report);
        baseline::write(&settings, file, &mut report, is_complete);
    }
    Ok(report)
}

/// Checks the kubeconfigs that kubectl loads as [`run`] does, and returns the report instead of
/// writing it.
///
/// # Errors
/// Returns what [`run`] prints if it fails, one message per fault.
pub(crate) fn check_loaded(
    cli: Cli,
    current: PathBuf,
    loads: &Loads,
) -> Result<Report, Vec<String>> {
    let settings = Settings::new(cli, &current)?;
    job::check(&settings, None, current, Some(loads)).map_err(Failure::messages)
}

/// Returns the diff of a fixed file as `--diff` shows it, and how many of its changes are masked.
/// `None` if the text does not determine the bytes of the file.
pub fn diff(file: &FileReport, fixed: &Fixed) -> Option<(Vec<u8>, usize)> {
    let (old, new) = (file.source.bytes()?, fixed.source.bytes()?);
    let Diff { text, masked } = fixing::diff_of(file, &old, fixed, &new);
    Some((text, masked))
}

/// Checks files, and fixes them if asked to.
fn check(cli: Cli) -> Result<ExitCode, Failure> {
    check_outputs(&cli)?;
    let current = std::env::current_dir().unwrap_or_default();
    let settings = Settings::new(cli, &current).map_err(Failure::Settings)?;
    let flags = &settings.flags;
    if let (Some(unknown), false) = (settings.target.unknown, flags.quiet) {
        let newest = settings.target.reader(settings.target.last).release();
        complain(&format!(
            "warning: kubeconfig-lint does not know {unknown}; checking against {newest} instead"
        ));
    }
    if flags.unsafe_fixes && flags.mode() == Mode::Check && !flags.quiet {
        complain("warning: --unsafe-fixes has no effect without --fix or --diff");
    }
    let known = baseline::read(&settings)?;
    let loads = flags.kubeconfig.then(|| Loads::read(&current, &settings.target)).transpose()?;
    let mut report = job::check(&settings, known.as_ref(), current, loads.as_ref())?;
    let never_used = loads.iter().filter(|_| !flags.quiet).flat_map(Loads::never_used);
    never_used.for_each(|sentence| complain(&format!("note: {}", visible(&sentence))));
    let not_read = loads.iter().filter(|_| flags.verbose).flat_map(Loads::not_read);
    not_read.for_each(|sentence| complain(&visible(&sentence)));
    let is_complete = is_complete(&report) && loads.iter().all(|loads| loads.refusals.is_empty());
    let mut is_done = is_complete;
    if let Some(file) = &flags.write_baseline {
        is_done &= baseline::write(&settings, file, &mut report, is_complete);
    }
    let summary = summary::lines(&report, flags, terminal::width(Stream::Stderr).unwrap_or(80));
    is_done &= write_reports(flags, &mut report)?;
    if !flags.quiet {
        warn_of_skipped(&report, flags.verbose);
        for Limited { path, reason } in &report.limits {
            complain(&format!("warning: {}: {reason}", visible(path)));
        }
    }
    for skipped in report.skipped.iter().filter(|skipped| skipped.named) {
        complain(&format!("error: {}: {}", visible(&skipped.path), visible(&skipped.reason)));
        if std::env::split_paths(&skipped.path).count() > 1 {
            complain("hint: --kubeconfig checks the files in KUBECONFIG");
        }
    }
    for refusal in loads.iter().flat_map(|loads| &loads.refusals) {
        complain(&format!("error: {}", visible(refusal)));
    }
    if !flags.quiet {
        summary.iter().for_each(|line| complain(line));
        if let Some(file) = &settings.misnamed {
            let [name, _] = NAMES;
            complain(&format!("hint: {} is not read: rename it to {name}", visible(file)));
        }
        if let Some(path) = kubeconfig::overlooked(&report, flags) {
            complain(&format!("hint: --kubeconfig checks {}", visible(&path.to_string_lossy())));
        }
        let is_hook = std::env::var_os("PRE_COMMIT").is_some() && flags.mode() != Mode::Fix;
        let is_fixable = |least| report.findings().any(|finding| finding.is_fixable(least));
        if is_hook && is_fixable(Applicability::Unsafe) {
            let is_safe = is_fixable(Applicability::Safe);
            let args = if is_safe { "" } else { " with `args: [--unsafe-fixes]`" };
            complain(&format!(
                "hint: to fix with pre-commit, configure the hook kubeconfig-lint-fix{args}"
            ));
        }
        let mut told = HashSet::new();
        for (sentence, files) in &report.notes {
            let named = if flags.verbose { files.len() } else { 1 };
            let more = headline::amount(files.len().saturating_sub(named), "more file");
            let more = more.map(|more| format!(" and {more}")).unwrap_or_default();
            let named: Vec<_> = files.iter().take(named).map(|path| visible(path)).collect();
            let sentence = notes::telling_request_once(sentence, &mut told);
            complain(&format!("note: {}{more}: {}", named.join(", "), visible(&sentence)));
        }
    }
    let findings = settings.fail_on.severity().is_some_and(|s| report.summary.at_or_above(s) > 0);
    Ok(ExitCode::from(if is_done { u8::from(findings) } else { 2 }))
}

/// Returns whether every file that was named was read, and fixed if that was asked for.
fn is_complete(report: &Report) -> bool {
    report.summary.not_fixed == 0 && !report.skipped.iter().any(|skipped| skipped.named)
}

/// Checks that standard input and standard output are each used once.
fn check_outputs(flags: &Cli) -> Result<(), Failure> {
    let usage = |message: &str| Err(Failure::Usage(message.to_owned()));
    if flags.fixes_stdin() {
        if flags.paths.len() > 1 || flags.files_from.is_some() {
            return usage("--fix with `-` cannot fix other files in the same run");
        }
        if let Some(instead) = instead_of_report(flags) {
            return usage(&format!(
                "with `--fix -`, standard output is the fixed text: remove {instead}"
            ));
        }
    }
    let to_stdout = flags.formats.iter().filter(|sink| sink.file.is_none());
    let mut others = to_stdout.clone().filter(|sink| {
        sink.format.name != "text" && !(flags.statistics && sink.format.name == "json")
    });
    if let (Some(instead), Some(sink)) = (instead_of_report(flags), others.next()) {
        let format = sink.format.name;
        return usage(&format!(
            "{instead} prints to standard output; write the report to a file: `--format {format}=FILE`"
        ));
    }
    if to_stdout.count() > 1 {
        return usage("only one format can go to standard output; write the others as FORMAT=FILE");
    }
    Ok(())
}

/// What goes to standard output in place of the report, if anything.
fn instead_of_report(flags: &Cli) -> Option<&'static str> {
    flags.diff.then_some("--diff").or(flags.statistics.then_some("--statistics"))
}

/// Writes all reports; `false` if one could not be written, which is reported at once.
fn write_reports(flags: &Cli, report: &mut Report) -> Result<bool, Failure> {
    let shows = |name| flags.formats.iter().any(|s| s.file.is_none() && s.format.name == name);
    let is_json = shows("json");
    // Blank lines separate a text for people from what standard error says around it.
    let is_text = if flags.statistics { !is_json } else { !flags.diff && shows("text") };
    let is_apart = is_text && !flags.quiet && report.findings().next().is_some();
    if is_apart && report.summary.fixed > 0 {
        complain("");
    }
    let mut statistics = Vec::new();
    if flags.statistics {
        if is_json {
            statistics::write_json(report, &mut statistics)?;
        } else {
            let style = terminal::style(flags.color, Stream::Stdout);
            statistics::write(report, style, &mut statistics)?;
        }
    }
    report.limit();
    // Write files first: the reader of standard output may stop reading.
    let (to_files, to_stdout): (Vec<_>, Vec<_>) =
        flags.formats.iter().partition(|sink| sink.file.is_some());
    let to_stdout = to_stdout.into_iter().filter(|_| instead_of_report(flags).is_none());
    let mut is_done = true;
    for sink in to_files.into_iter().chain(to_stdout) {
        ignore_broken_pipe(
            write_sink(flags, report, sink).map(|is_written| is_done &= is_written),
        )?;
    }
    if is_apart && !flags.fixes_stdin() {
        statistics.push(b'\n');
    } else if is_apart {
        complain("");
    }
    ignore_broken_pipe(io::stdout().lock().write_all(&statistics))?;
    Ok(is_done)
}

/// Accepts that the reader of our output has seen enough and closed it.
fn ignore_broken_pipe(written: io::Result<()>) -> io::Result<()> {
    written.or_else(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => Ok(()),
        _ => Err(error),
    })
}

/// Writes one report; `false` if its file could not be written, which is reported at once.
fn write_sink(flags: &Cli, report: &Report, sink: &Sink) -> io::Result<bool> {
    let Some(file) = &sink.file else {
        if flags.fixes_stdin() {
            let style = terminal::style(flags.color, Stream::Stderr);
            (sink.format.write)(report, style, &mut BufWriter::new(io::stderr().lock()))?;
            return Ok(true);
        }
        let mut out = BufWriter::new(io::stdout().lock());
        (sink.format.write)(report, terminal::style(flags.color, Stream::Stdout), &mut out)?;
        out.flush()?;
        return Ok(true);
    };
    let written = overwrite::write(file, |out| (sink.format.write)(report, terminal::PLAIN, out));
    if let Err(error) = &written {
        let file = visible(&file.to_string_lossy());
        complain(&format!("error: cannot write {file}: {}", plain_reason(error)));
    }
    Ok(written.is_ok())
}

fn warn_of_skipped(report: &Report, verbose: bool) {
    let shown = report.skipped.iter().filter(|s| !s.named && summary::is_reported(s, verbose));
    for skipped in shown {
        complain(&format!("warning: {}: {}", visible(&skipped.path), visible(&skipped.reason)));
    }
}

/// Writes a line to standard error, wrapped on a terminal. If that fails, there is nobody to tell.
pub(crate) fn complain(line: &str) {
    let line = terminal::wrapped(line, Stream::Stderr);
    let _ = writeln!(io::stderr().lock(), "{line}");
}
