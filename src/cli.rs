//! The command line. Arguments come in; a [`Cli`] or a usage error goes out.
//!
//! Each doc comment is the help of its flag.

mod doctor;
mod hints;

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::{Path, PathBuf};

use clap::builder::styling::{AnsiColor, Styles};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Arg, Command, CommandFactory, FromArgMatches, Parser, ValueEnum};

use crate::finding::Severity;
use crate::finding::fix::Applicability;
use crate::finding::rule::Rule;
use crate::kubernetes::api_versions::{ApiVersion, V1, V1BETA1};
use crate::kubernetes::plugins::PluginReleases;
use crate::kubernetes::target::Target;
use crate::report::{self, FORMATS, Format};
use crate::rule::{self, RULES};
use crate::text::suggest::did_you_mean;

pub(crate) use doctor::{Doctor, DoctorFormat};

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Reads the command line, the name of the program included.
///
/// # Errors
///
/// Returns clap's error, also for `--help` and `--version`, and an error for an option that is
/// also the name of a file: pre-commit and xargs pass names as they are, and a file named
/// `--fail-on=never` would turn the check off, and one named `doctor` would run plugins.
pub fn parse(args: impl Iterator<Item = OsString>) -> Result<Cli, clap::Error> {
    let args: Vec<OsString> = args.collect();
    let mut options = args.iter().skip(1).take_while(|arg| *arg != "--");
    let is_file = |arg: &&OsString| {
        let is_option = arg.len() > 1 && arg.as_encoded_bytes().starts_with(b"-");
        is_option && Path::new(arg).symlink_metadata().is_ok()
    };
    if let Some(both) = options.find(is_file) {
        let both = both.to_string_lossy();
        let message = format!(
            "'{both}' is an option and also a file: put `--` before the file names, or write \
             './{both}'"
        );
        return Err(Cli::command().error(ErrorKind::ArgumentConflict, message));
    }
    if args.get(1).is_some_and(|arg| arg == DOCTOR) && Path::new(DOCTOR).symlink_metadata().is_ok()
    {
        let message = format!(
            "'{DOCTOR}' is a command and also a file here: write './{DOCTOR}' to check the file, or \
             run the command in another directory"
        );
        return Err(Cli::command().error(ErrorKind::ArgumentConflict, message));
    }
    let command = Cli::command();
    // Like `exclusive`, but for the format of the list.
    let ids = command.get_arguments().map(Arg::get_id).cloned();
    let others: Vec<_> = ids.filter(|id| id != "list_rules" && id != "formats").collect();
    let mut command = command.mut_arg("list_rules", |flag| flag.conflicts_with_all(others));
    let name = args.get(1).filter(|name| *name == DOCTOR).cloned();
    let matches = command.try_get_matches_from_mut(args).map_err(|error| {
        let subcommand = name.and_then(|name| command.find_subcommand(name));
        hints::with_hints(error, subcommand.unwrap_or(&command))
    })?;
    let cli = Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command))?;
    match hints::mistaken_command(&cli.paths) {
        Some(message) => Err(command.error(ErrorKind::InvalidSubcommand, message)),
        None => Ok(cli),
    }
}

/// The name of the subcommand.
pub(crate) const DOCTOR: &str = "doctor";

/// The exit statuses, and what each means.
pub(crate) const EXIT_STATUS: [(&str, &str); 3] = [
    ("0", "no findings at or above --fail-on"),
    ("1", "findings at or above --fail-on"),
    ("2", "the run failed: wrong usage, or a named file that cannot be read or fixed"),
];

/// Example command lines, and what they do if that is not obvious.
pub(crate) const EXAMPLES: [(&str, &str); 6] = [
    ("kubeconfig-lint ~/.kube/config", "check one file"),
    ("kubeconfig-lint", "check everything below this directory"),
    ("kubeconfig-lint doctor", "run kubectl and the plugin, explain errors"),
    ("kubeconfig-lint --diff", "show what --fix would change"),
    ("kubeconfig-lint --kubectl-version 1.28-1.37 --format sarif=lint.sarif", ""),
    ("aws eks update-kubeconfig --name c --dry-run | kubeconfig-lint -", ""),
];

/// Returns the help below the flags.
fn after_help() -> String {
    let statuses = EXIT_STATUS.map(|(status, meaning)| format!("  {status}  {meaning}\n"));
    let examples =
        EXAMPLES.map(|(line, what)| format!("{}\n", format!("  {line:32}  {what}").trim_end()));
    let text = format!("Exit status:\n{}\nExamples:\n{}", statuses.concat(), examples.concat());
    text.trim_end().to_owned()
}

/// Finds exec API versions that kubectl will refuse, in kubeconfigs and anywhere else.
///
/// Checks every file, hidden or not, whatever its name, except those that .gitignore excludes.
/// Reports what kubectl (see --kubectl-version) would refuse. Only `doctor` runs kubectl and plugins.
#[derive(Debug, Parser)]
// A hook's `entry` has options that a user's `args` may repeat: the last one counts.
#[command(
    name = "kubeconfig-lint",
    version,
    styles = STYLES,
    after_help = after_help(),
    args_override_self = true,
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true
)]
pub struct Cli {
    /// Files and directories to check, or `-` for standard input [default: the current directory]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// Check the files that kubectl would load: those in KUBECONFIG, or ~/.kube/config
    #[arg(long, conflicts_with_all = ["paths", "files_from"])]
    pub kubeconfig: bool,

    /// The program that will read the files; the help names the default.
    #[arg(long, value_name = "VERSION", allow_negative_numbers = true, help = kubectl_version_help())]
    pub kubectl_version: Option<Target>,

    /// Release of a plugin that is in use, such as aws-cli=1.22 [default: the newest]
    #[arg(long, value_name = "RELEASE")]
    pub plugin_version: Vec<PluginReleases>,

    /// Read the configuration from FILE [default: the nearest .kubeconfig-lint.yaml, from the
    /// current directory up to the root of the repository]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Directory that the globs in the file of --config are relative to [default: that of FILE]
    #[arg(long, value_name = "DIR", requires = "config")]
    pub config_root: Option<PathBuf>,

    /// Do not read a configuration file
    #[arg(long, conflicts_with = "config")]
    pub no_config: bool,

    /// Fix the files: write the API version that the plugin returns, and add interactiveMode where
    /// kubectl requires it; with `-`, print the fixed text
    #[arg(long, help_heading = "Fix")]
    pub fix: bool,

    /// Show what --fix would change, as a diff for `git apply` or `patch -p0`; with --fix, also make
    /// the changes
    #[arg(long, help_heading = "Fix")]
    pub diff: bool,

    /// Also make fixes that need review: for unknown plugins, and in templates, scripts, source code
    /// and documentation
    #[arg(long, help_heading = "Fix")]
    pub unsafe_fixes: bool,

    /// Exec API version to write if the plugin returns it and kubectl accepts it [default: the best for
    /// the plugin, nearly always v1beta1]
    #[arg(long, value_name = "VERSION", help_heading = "Fix")]
    pub fix_to: Option<FixTo>,

    /// The reports, and where each goes; the help is made of the list of formats.
    #[arg(
        long = "format",
        value_name = "FORMAT[=FILE]",
        default_value = "text",
        help = format_help(),
        value_parser = SinkParser,
        hide_possible_values = true,
        help_heading = "Report"
    )]
    pub formats: Vec<Sink>,

    /// Lowest severity that makes the exit status 1 [default: warning]; `note` implies --show-notes
    /// and --show-mentions
    #[arg(long, value_name = "SEVERITY", help_heading = "Report")]
    pub fail_on: Option<FailOn>,

    /// Also report notes, such as findings in test data, vendored files, comments and changelogs
    #[arg(long, help_heading = "Report")]
    pub show_notes: bool,

    /// Lowest severity to report: error, warning or note [default: warning]; findings below it are
    /// only counted, and --fix leaves them alone
    #[arg(long, value_name = "SEVERITY", value_parser = severity(), hide_possible_values = true, conflicts_with = "show_notes", help_heading = "Report")]
    pub min_severity: Option<Severity>,

    /// Also report mentions: places that only name the API group, such as prose
    #[arg(long, help_heading = "Report")]
    pub show_mentions: bool,

    /// Count the findings of each rule, file and plugin, and those that --fix can fix,
    /// instead of the findings
    #[arg(long, conflicts_with = "diff", help_heading = "Report")]
    pub statistics: bool,

    /// When to color the report and --diff; `auto` colors on a terminal, unless NO_COLOR,
    /// FORCE_COLOR, CLICOLOR_FORCE or CLICOLOR says otherwise
    #[arg(long, value_name = "WHEN", default_value = "auto", help_heading = "Report")]
    pub color: Color,

    /// Print no summary, no progress and no warnings about skipped files
    #[arg(short, long, conflicts_with = "verbose", help_heading = "Report")]
    pub quiet: bool,

    /// Also list the files that were read, say why others were skipped, and name the plugin releases
    /// that accepted versions need
    #[arg(short, long, help_heading = "Report")]
    pub verbose: bool,

    /// Hide the findings that --write-baseline recorded in FILE
    #[arg(long, value_name = "FILE", help_heading = "Baseline")]
    pub baseline: Option<PathBuf>,

    /// Record the findings of this run in FILE, which replaces the baseline, and hide them
    #[arg(long, value_name = "FILE", conflicts_with = "baseline", help_heading = "Baseline")]
    pub write_baseline: Option<PathBuf>,

    /// In SARIF, include findings that comments, per-path or the baseline hide; GitHub shows them as open
    #[arg(long, help_heading = "Baseline")]
    pub show_suppressed: bool,

    /// Skip these rules; separate them with commas or repeat the flag
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = RuleParser, hide_possible_values = true, help_heading = "Rules")]
    pub ignore: Vec<&'static Rule>,

    /// Apply only these rules; separate them with commas or repeat the flag
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = RuleParser, hide_possible_values = true, help_heading = "Rules")]
    pub select: Vec<&'static Rule>,

    /// Explain a rule, or name the rules about an error message, and exit
    #[arg(long, value_name = "RULE", value_parser = ExplainedParser, hide_possible_values = true, exclusive = true, help_heading = "Rules")]
    pub explain: Option<Explained>,

    /// List all rules and exit; --format json prints them as JSON
    #[arg(long, help_heading = "Rules")]
    pub list_rules: bool,

    /// Print the man page, a completion script or the configuration schema, and exit
    #[arg(long, value_name = "WHAT", exclusive = true)]
    pub generate: Option<Generate>,

    /// Skip files that match this .gitignore pattern (repeatable), except files given by name
    #[arg(long, value_name = "GLOB", help_heading = "Files")]
    pub exclude: Vec<String>,

    /// Apply --exclude to files given by name, too (for pre-commit)
    #[arg(long, help_heading = "Files")]
    pub force_exclude: bool,

    /// Also check files that .gitignore, .ignore or git's exclude file excludes
    #[arg(long, help_heading = "Files")]
    pub no_ignore: bool,

    /// Read the paths to check from FILE, one per line or separated by NUL; `-` is standard input
    #[arg(long, value_name = "FILE", help_heading = "Files")]
    pub files_from: Option<PathBuf>,

    /// Name of standard input in reports; its path also decides the severity of findings
    #[arg(long, value_name = "NAME", help_heading = "Files")]
    pub stdin_filename: Option<PathBuf>,

    /// Number of threads, at most four per core [default: one per core]
    #[arg(long, value_name = "N", help_heading = "Files")]
    pub threads: Option<usize>,

    /// Another command than to check files. It comes first.
    #[command(subcommand)]
    pub subcommand: Option<Subcommand>,
}

/// What the program does other than to check files.
#[derive(Debug, clap::Subcommand)]
pub enum Subcommand {
    /// Say what really happens on this machine: run kubectl and the plugins of your kubeconfig
    #[command(after_help = doctor::after_help(), args_override_self = true)]
    Doctor(Doctor),
}

impl Cli {
    /// Returns what the flags ask for.
    pub fn mode(&self) -> Mode {
        match self {
            Self { explain: Some(_), .. } => Mode::Explain,
            Self { generate: Some(what), .. } => Mode::Generate(*what),
            Self { list_rules: true, .. } => Mode::ListRules,
            Self { fix: true, .. } => Mode::Fix,
            Self { diff: true, .. } => Mode::Diff,
            _ => Mode::Check,
        }
    }

    /// Whether the run writes the fixed text of standard input to standard output.
    pub fn fixes_stdin(&self) -> bool {
        self.fix && self.paths.iter().any(|path| path.as_os_str() == "-")
    }

    /// Returns the rest of the first path, of those given and the `others`, that begins with a `~`
    /// which the shell did not expand, because it is quoted or follows a `=`.
    pub fn unexpanded_home(&self, others: &[PathBuf]) -> Option<String> {
        let files = [&self.config, &self.baseline, &self.write_baseline, &self.files_from];
        let sinks = self.formats.iter().filter_map(|sink| sink.file.as_ref());
        let paths = self.paths.iter().chain(files.into_iter().flatten()).chain(sinks).chain(others);
        let mut rests = paths.filter_map(|path| path.strip_prefix("~").ok());
        let rest = rests.find(|_| !Path::new("~").exists())?;
        Some(rest.to_string_lossy().into_owned())
    }

    /// Returns the least applicability of the fixes to apply.
    pub fn least_applicability(&self) -> Applicability {
        if self.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe }
    }
}

/// What a run does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Print the documentation of a rule, or the rules about a message.
    Explain,
    /// Print a generated file.
    Generate(Generate),
    /// Print the list of rules.
    ListRules,
    /// Check files.
    Check,
    /// Check files, and change those that can be fixed.
    Fix,
    /// Check files, and print what [`Mode::Fix`] would change.
    Diff,
}

/// What can be made of the program's own declarations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Generate {
    /// The man page
    Man,
    /// Completions for bash
    CompleteBash,
    /// Completions for zsh
    CompleteZsh,
    /// Completions for fish
    CompleteFish,
    /// Completions for PowerShell
    CompletePowershell,
    /// Completions for elvish
    CompleteElvish,
    /// The JSON schema of the configuration file, for editors
    ConfigSchema,
}

/// A format, and the file it goes to; standard output where none is named.
#[derive(Clone)]
pub struct Sink {
    /// The format.
    pub format: &'static Format,
    /// The file.
    pub file: Option<PathBuf>,
}

impl fmt::Debug for Sink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={:?}", self.format.name, self.file)
    }
}

/// The help of `--kubectl-version`.
fn kubectl_version_help() -> String {
    let default = Target::default();
    format!(
        "kubectl version to check against (1.24, latest), or a range (1.22-1.37, 1.22-), which reports \
         what any release in it refuses; for another program, write NAME@VERSION (helm@3.8, \
         argocd@2.4-) [default: {default}]"
    )
}

/// The help of `--format`.
fn format_help() -> String {
    let names: Vec<_> = FORMATS.iter().map(|format| format.name).collect();
    format!(
        "Report format: {}; repeat the flag to write several reports, all but one to a FILE",
        names.join(", ")
    )
}

/// Reads `FORMAT` or `FORMAT=FILE`.
fn sink(text: &str) -> Result<Sink, String> {
    let (name, file) = match text.split_once('=') {
        Some((_, "")) => return Err("the file name after `=` is missing".to_owned()),
        Some((name, file)) => (name, Some(PathBuf::from(file))),
        None => (text, None),
    };
    let format = report::find(name).ok_or_else(|| {
        let names: Vec<_> = FORMATS.iter().map(|format| format.name).collect();
        format!("unknown format; write one of {}", names.join(", "))
    })?;
    Ok(Sink { format, file })
}

/// Reads a [`Sink`]; completions offer the formats.
#[derive(Clone)]
struct SinkParser;

impl TypedValueParser for SinkParser {
    type Value = Sink;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<Sink, clap::Error> {
        TypedValueParser::parse_ref(&sink, command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(FORMATS.iter().map(|format| PossibleValue::new(format.name))))
    }
}

/// Reads the name of a rule; completions offer the rules.
#[derive(Clone)]
struct RuleParser;

impl TypedValueParser for RuleParser {
    type Value = &'static Rule;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<&'static Rule, clap::Error> {
        let rule = |word: &str| rule::find(word).ok_or_else(|| unknown_rule(word, ""));
        TypedValueParser::parse_ref(&rule, command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(rule_values())
    }
}

fn rule_values() -> Box<dyn Iterator<Item = PossibleValue>> {
    let value = |rule: &&'static Rule| PossibleValue::new(rule.name).help(rule.summary);
    Box::new(RULES.iter().map(value))
}

/// What `--explain` explains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Explained {
    /// A rule.
    Rule(&'static Rule),
    /// An error message, about which there are several rules.
    Message(Vec<&'static Rule>),
}

/// Reads what to explain; completions offer the rules.
#[derive(Clone)]
struct ExplainedParser;

impl TypedValueParser for ExplainedParser {
    type Value = Explained;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<Explained, clap::Error> {
        let explained = |word: &str| {
            let named = rule::find(word).map(|rule| vec![rule]);
            match named.unwrap_or_else(|| rule::of_message(word)).as_slice() {
                [rule] => Ok(Explained::Rule(rule)),
                [] if word.contains(' ') => Err(format!(
                    "there are no rules about this message; `kubeconfig-lint doctor` runs kubectl \
                         and the plugin and says what is wrong; see {ERROR_MESSAGES}"
                )),
                [] => Err(unknown_rule(word, "; put an error message in quotes")),
                rules => Ok(Explained::Message(rules.to_vec())),
            }
        };
        TypedValueParser::parse_ref(&explained, command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(rule_values())
    }
}

/// Returns the error about a word that is not the name of a rule. `otherwise` is a hint for words
/// that do not resemble one.
fn unknown_rule(word: &str, otherwise: &str) -> String {
    let names: Vec<_> = RULES.iter().map(|rule| rule.name).collect();
    did_you_mean(word, &names, &format!("unknown rule; see --list-rules{otherwise}"))
}

/// The page that explains error messages.
pub(crate) const ERROR_MESSAGES: &str =
    concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/error-messages.md");

/// Reads a severity.
fn severity() -> impl TypedValueParser<Value = Severity> {
    PossibleValuesParser::new(Severity::ALL.map(Severity::as_str)).try_map(|word| {
        let found = Severity::ALL.into_iter().find(|severity| severity.as_str() == word);
        found.ok_or("there is no such severity")
    })
}

/// What makes the exit status 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FailOn {
    /// Errors only.
    Error,
    /// Warnings and errors.
    #[default]
    Warning,
    /// Everything, mentions too.
    Note,
    /// Nothing.
    Never,
}

impl FailOn {
    /// All there are.
    pub const ALL: [Self; 4] = [Self::Error, Self::Warning, Self::Note, Self::Never];

    /// The word on the command line and in the configuration.
    pub fn as_str(self) -> &'static str {
        self.severity().map_or("never", Severity::as_str)
    }

    /// The severity it stands for.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Note => Some(Severity::Note),
            Self::Never => None,
        }
    }
}

impl ValueEnum for FailOn {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.as_str()))
    }
}

/// A version that can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FixTo {
    /// client.authentication.k8s.io/v1beta1
    V1beta1,
    /// client.authentication.k8s.io/v1
    V1,
}

impl FixTo {
    /// All versions that can be asked for.
    pub const ALL: [Self; 2] = [Self::V1beta1, Self::V1];

    /// The word on the command line and in the configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V1beta1 => "v1beta1",
            Self::V1 => "v1",
        }
    }

    /// The version that it names.
    pub fn api_version(self) -> &'static ApiVersion {
        match self {
            Self::V1beta1 => &V1BETA1,
            Self::V1 => &V1,
        }
    }
}

/// When to color.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless the environment says otherwise.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}
