//! Writes what was found out, for people or as JSON.

use std::time::Duration;

use serde_json::{Value, json};
use supports_hyperlinks::Stream;

use crate::cli::DoctorFormat;
use crate::report::headline::amount;
use crate::report::wrap::wrapped;
use crate::run::terminal;
use crate::text::escape::{self, visible, visible_lines};

use super::Checkup;
use super::ask::{Answer, Expiry, Outcome, word};
use super::context::Checked;
use super::diagnosis::{Problem, Remedy};
use super::path::shown;
use super::programs::Program;
use super::release::Installed;

/// Incremented when a field changes its meaning or is removed.
const SCHEMA_VERSION: u32 = 1;

/// The columns that text fills if the terminal does not say otherwise.
const WIDTH: usize = 80;

/// Returns the report. The home directory is `~` in it.
pub(super) fn write(checkup: &Checkup, format: DoctorFormat) -> String {
    let report = match format {
        DoctorFormat::Text => text(checkup),
        DoctorFormat::Json => {
            let json = serde_json::to_string_pretty(&json_of(checkup)).unwrap_or_default();
            format!("{}\n", escape::json(&json))
        }
    };
    without_home(report)
}

/// Returns a text with `~` in place of the home directory, which names the user.
fn without_home(text: String) -> String {
    let home = std::env::var("HOME").ok();
    let home = home.as_deref().map(|home| home.trim_end_matches('/'));
    match home.filter(|home| home.len() > 1 && home.starts_with('/')) {
        Some(home) => text.replace(&format!("{home}/"), "~/"),
        None => text,
    }
}

/// A text that is written item by item.
struct Text {
    text: String,
    width: usize,
}

impl Text {
    /// Writes a paragraph after a label; its further lines are indented as far as `column`.
    fn item(&mut self, label: &str, column: usize, paragraph: &str) {
        let width = self.width.saturating_sub(column).max(20);
        let lines = wrapped(&without_home(paragraph.to_owned()), width, width);
        for (at, line) in lines.iter().enumerate() {
            let label = if at == 0 { label } else { "" };
            self.line(&format!("{label:column$}{line}"));
        }
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }
}

/// Where the text after a label begins.
const COLUMN: usize = 14;

fn text(checkup: &Checkup) -> String {
    let width = terminal::width(Stream::Stdout).unwrap_or(WIDTH);
    let mut out = Text { text: String::new(), width };
    for program in checkup.programs.all() {
        let what = match &program.installed {
            Some(found) => installed(found, None),
            None if program.name == "kubectl" => "not on PATH".to_owned(),
            None => continue,
        };
        out.item(program.name, COLUMN, &what);
        for path in &program.shadowed {
            out.item("", COLUMN, &format!("shadows {}", shown(path)));
        }
    }
    if let Some(why) = &checkup.judged_by {
        out.item("judged by", COLUMN, &format!("kubectl {} ({})", checkup.minor, visible(why)));
    }
    for checked in &checkup.contexts {
        context(&mut out, checked, checkup);
    }
    let problems: usize = checkup.contexts.iter().map(|checked| checked.problems.len()).sum();
    out.line("");
    out.line(&amount(problems, "problem").unwrap_or_else(|| "nothing is wrong".to_owned()));
    if let Some(others) = amount(checkup.others, "finding") {
        let more = format!("{others} about other contexts: `{}` lists them", checkup.lists);
        out.item("", 0, &more);
    }
    out.text
}

fn context(out: &mut Text, checked: &Checked, checkup: &Checkup) {
    out.line("");
    let name = match checked.name.as_str() {
        "" => "no current context".to_owned(),
        name if checked.is_current => format!("context {name} (current)"),
        name => format!("context {name}"),
    };
    out.item("", 0, &name);
    if let Some(file) = &checked.file {
        let user = visible(&checked.user);
        out.item("  user", COLUMN, &format!("{user} in {}", visible(file)));
    }
    match &checked.command {
        Some(command) => out.item("  command", COLUMN, &visible(command)),
        None => out.item("  command", COLUMN, "none: this user has no credential plugin"),
    }
    if let Some(version) = &checked.api_version {
        out.item("  apiVersion", COLUMN, word(version));
    }
    if let Some(found) = &checked.installed {
        out.item("  runs", COLUMN, &installed(found, checked.package));
    }
    if let Some(inner) = &checked.inner {
        out.item("", COLUMN, &format!("which runs {}", installed(inner, checked.package)));
    }
    for other in &checked.others {
        let which = if checked.is_by_path { "not" } else { "shadows" };
        out.item("", COLUMN, &format!("{which} {}", installed(other, checked.package)));
    }
    let mut told = None;
    for answer in &checked.answers {
        out.item("  asked", COLUMN, &format!("{}: {}", word(&answer.asked), outcome(answer)));
        let stderr = &answer.stderr;
        if told != Some(stderr) {
            let hidden = amount(stderr.hidden, "line");
            let hidden = hidden.map(|lines| format!("{lines} hidden: secrets are possible"));
            for line in stderr.shown.iter().cloned().chain(hidden) {
                out.item("", COLUMN, &format!("stderr: {}", visible(&line)));
            }
        }
        told = Some(stderr);
    }
    if let Some((better, answer)) =
        checked.better.as_ref().and_then(|better| Some((better, better.answer.as_ref()?)))
    {
        let path = shown(&better.installed.path);
        let asked = format!("{path} for {}: {}", word(&answer.asked), outcome(answer));
        out.item("  asked", COLUMN, &asked);
    }
    if let Some((helm, accepts)) = &checked.helm {
        let does = if *accepts { "accepts" } else { "refuses" };
        out.item("  helm", COLUMN, &format!("{helm} {does} the kubeconfig"));
    }
    for note in &checked.notes {
        out.item("  note", COLUMN, note);
    }
    let mut said = None;
    for problem in &checked.problems {
        out.line("");
        self::problem(out, problem, checkup, said);
        said = said.or(problem.says.as_deref());
    }
    if checked.problems.is_empty() && checked.answers.first().is_some_and(Answer::is_accepted) {
        let fine = format!("kubectl {} accepts the kubeconfig and the credential", checkup.minor);
        out.item("  fine", COLUMN, &fine);
    }
}

/// Writes a problem. `said` is what kubectl says about one before, which it meets first.
fn problem(out: &mut Text, problem: &Problem, checkup: &Checkup, said: Option<&str>) {
    out.item("  problem:", 11, &visible(&problem.title));
    if let Some(place) = &problem.place {
        out.item("    at", 11, &visible(place));
    }
    if let Some(says) = problem.says.as_deref().filter(|says| Some(*says) != said) {
        let kubectl = || format!("kubectl {}", checkup.minor);
        let then = if said.is_some() && problem.helm.is_none() { " then" } else { "" };
        let label = format!("    {} says{then}:", problem.helm.clone().unwrap_or_else(kubectl));
        out.line(&label);
        for line in visible_lines(says) {
            out.item("", 6, &line);
        }
    }
    for remedy in &problem.remedies {
        out.item(&format!("    {}:", remedy.order.as_str()), 11, &visible(&remedy.text));
    }
}

/// Returns an executable and its release in words.
fn installed(found: &Installed, package: Option<&str>) -> String {
    let path = shown(&found.path);
    match (&found.release, package) {
        (Some(release), Some(package)) => {
            format!("{path}, {package} {}", visible(release.trim_start_matches('v')))
        }
        (Some(release), None) => format!("{path}, {}", visible(release.trim_start_matches('v'))),
        (None, _) => path,
    }
}

/// Returns what came of a question in words.
fn outcome(answer: &Answer) -> String {
    let took = format!(" in {}", seconds(answer.time));
    let returned = answer.returned_word().unwrap_or("another version");
    let expiry = answer.expires.as_ref().map(|expiry| format!("; {}", lasts(expiry)));
    let expiry = expiry.unwrap_or_default();
    match answer.outcome {
        Outcome::Accepted => format!("returned {returned}{took}{expiry}"),
        Outcome::OtherVersion => format!("returned {returned}{took}, which does not match"),
        Outcome::Failed(status) => format!("failed with exit status {status}{took}"),
        Outcome::Crashed => format!("ended by a signal{took}"),
        Outcome::TimedOut => format!("no answer{took}: stopped"),
        Outcome::KeptOpen => format!("kept its output open{took}: stopped"),
        Outcome::NotStarted(_) => "cannot be started".to_owned(),
        Outcome::Interrupted => "interrupted".to_owned(),
        Outcome::Nothing => format!("printed nothing{took}"),
        Outcome::NoObject => format!("printed text{took}, not an ExecCredential"),
        Outcome::Untyped => format!("printed an object{took} without `apiVersion`"),
        Outcome::OtherKind => format!("printed an object{took} that is no ExecCredential"),
        Outcome::Undecodable => format!("printed something{took} that kubectl cannot decode"),
        Outcome::TooLong => format!("printed more than 1 MiB{took}"),
        Outcome::NoStatus
        | Outcome::NoCredential
        | Outcome::HalfPair
        | Outcome::Certificate
        | Outcome::Unsendable => format!("returned {returned}{took}, without a usable credential"),
    }
}

fn seconds(time: Duration) -> String {
    match time.as_millis() {
        millis @ ..1000 => format!("{millis} ms"),
        _ => format!("{:.1} s", time.as_secs_f64()),
    }
}

/// Returns how long a credential lasts in words.
fn lasts(expiry: &Expiry) -> String {
    let Expiry { at, seconds } = expiry;
    match (*seconds, seconds / 60, seconds / 3600) {
        (..=0, ..) => format!("the credential expired at {at}"),
        (_, ..=1, _) => format!("the credential expires in {seconds} s"),
        (_, ..=119, _) => format!("the credential expires in {} min", seconds / 60),
        (_, _, ..=71) => format!("the credential expires in {} h", seconds / 3600),
        _ => format!("the credential expires at {at}"),
    }
}

fn json_of(checkup: &Checkup) -> Value {
    let program = |program: &Program| {
        json!({
            "name": program.name,
            "path": program.installed.as_ref().map(|found| shown(&found.path)),
            "release": program.installed.as_ref().and_then(|found| found.release.clone()),
            "shadows": program.shadowed.iter().map(|path| shown(path)).collect::<Vec<_>>(),
        })
    };
    let executable =
        |found: &Installed| json!({"path": shown(&found.path), "release": found.release});
    let answer = |answer: &Answer| {
        json!({
            "asked": answer.asked,
            "outcome": name(answer.outcome),
            "exit_status": match answer.outcome { Outcome::Failed(status) => Some(status), _ => None },
            "returned": answer.returned,
            "kubectl_says": answer.says,
            "milliseconds": u64::try_from(answer.time.as_millis()).unwrap_or(u64::MAX),
            "expires": answer.expires.as_ref().map(|expiry| &expiry.at),
            "expires_in_seconds": answer.expires.as_ref().map(|expiry| expiry.seconds),
            "stderr": answer.stderr.shown,
            "stderr_lines_hidden": answer.stderr.hidden,
        })
    };
    let remedy = |remedy: &Remedy| json!({"step": remedy.order.as_str(), "text": remedy.text});
    let problem = |problem: &Problem| {
        json!({
            "rule": problem.rule.map(|rule| rule.name),
            "title": problem.title,
            "place": problem.place,
            "kubectl_says": problem.says.as_ref().filter(|_| problem.helm.is_none()),
            "helm_says": problem.says.as_ref().filter(|_| problem.helm.is_some()),
            "remedies": problem.remedies.iter().map(remedy).collect::<Vec<_>>(),
            "fixable": problem.is_fixable,
        })
    };
    let context = |checked: &Checked| {
        let others = |is_wanted: bool| {
            let others = checked.others.iter().filter(|_| is_wanted);
            others.map(executable).collect::<Vec<_>>()
        };
        json!({
            "context": Some(&checked.name).filter(|name| !name.is_empty()),
            "is_current": checked.is_current,
            "user": Some(&checked.user).filter(|user| !user.is_empty()),
            "file": checked.file,
            "command": checked.command,
            "api_version": checked.api_version,
            "executable": checked.installed.as_ref().map(executable),
            "inner": checked.inner.as_ref().map(executable),
            "shadows": others(!checked.is_by_path),
            "not_used": others(checked.is_by_path),
            "better": checked.better.as_ref().map(|better| json!({
                "path": shown(&better.installed.path),
                "release": better.installed.release,
                "answer": better.answer.as_ref().map(answer),
            })),
            "answers": checked.answers.iter().map(answer).collect::<Vec<_>>(),
            "helm_accepts": checked.helm.map(|(_, accepts)| accepts),
            "notes": checked.notes,
            "problems": checked.problems.iter().map(problem).collect::<Vec<_>>(),
        })
    };
    json!({
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION")},
        "programs": checkup.programs.all().map(program),
        "judged_by": {"kubectl": checkup.minor.to_string(), "because": checkup.judged_by},
        "contexts": checkup.contexts.iter().map(context).collect::<Vec<_>>(),
        "findings_about_other_users": checkup.others,
    })
}

/// Returns the word for an outcome in JSON.
fn name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Accepted => "accepted",
        Outcome::OtherVersion => "other-version",
        Outcome::Untyped => "no-api-version",
        Outcome::Nothing => "nothing",
        Outcome::OtherKind => "other-kind",
        Outcome::NoObject => "text",
        Outcome::Undecodable => "undecodable",
        Outcome::TooLong => "too-long",
        Outcome::NoStatus => "no-status",
        Outcome::NoCredential => "no-credential",
        Outcome::HalfPair => "half-pair",
        Outcome::Certificate => "invalid-certificate",
        Outcome::Unsendable => "invalid-token",
        Outcome::Failed(_) => "failed",
        Outcome::Crashed => "crashed",
        Outcome::TimedOut => "timed-out",
        Outcome::KeptOpen => "output-kept-open",
        Outcome::NotStarted(_) => "not-started",
        Outcome::Interrupted => "interrupted",
    }
}
