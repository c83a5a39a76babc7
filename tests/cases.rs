//! Runs the real binary over every folder of `tests/cases`, and compares its output with the
//! recorded output.
//!
//! A case is a folder with `tree/`, the files to check, and `case.txt`:
//!
//! ```text
//! # What this case is about.
//! % mv gitignore .gitignore
//!
//! $ kubeconfig-lint --format short
//! config:5:7: error[missing-command]: …
//! | help: …
//! ! Found 1 error in 1 file (1 kubeconfig, 1 exec config)
//! [exit 1]
//! ```
//!
//! Each run starts in a copy of `tree/`. `%` lines create what git does not store: `mv FROM TO`,
//! `ln TARGET LINK`, `mkdir DIR`, `write FILE TEXT` with `\n`, `\t`, `\r`, `\\` and `\xNN`.
//! `% cd DIR` makes the runs start in a folder of it. `% unix` skips the case on Windows, and so
//! does `ln`. `$ cat FILE` shows a file that a run wrote; `$ kubeconfig-lint - < FILE` passes a
//! file on standard input. Standard output is recorded as it is, with escapes made visible; lines
//! of standard error start with `! `. Runs with `--format short` also write a JSON report: what
//! kubectl says of a finding, and the help, are recorded below its line, in lines that start with
//! `| `.
//!
//! `UPDATE_CASES=1 cargo test --test cases` records the outputs again: review the diff.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use kubeconfig_lint::{FORMATS, RULES};
use libtest_mimic::{Arguments, Failed, Trial};

const LIMIT: Duration = Duration::from_secs(60);

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut folders: Vec<PathBuf> = fs::read_dir(&root)
        .expect("tests/cases is there")
        .map(|entry| entry.expect("tests/cases can be read").path())
        .collect();
    folders.sort();
    let mut trials = vec![trial_of_rules_and_formats(folders.clone())];
    trials.extend(folders.into_iter().map(trial_of_case));
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn trial_of_case(folder: PathBuf) -> Trial {
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let text = fs::read_to_string(folder.join("case.txt")).unwrap_or_default();
    let is_for_unix = text.lines().any(|line| line == "% unix" || line.starts_with("% ln "));
    let trial = Trial::test(name, move || check_case(&folder));
    trial.with_ignored_flag(is_for_unix && !cfg!(unix))
}

/// Checks that a case fires each rule, and that a case writes each format.
fn trial_of_rules_and_formats(folders: Vec<PathBuf>) -> Trial {
    let trial = Trial::test("every rule and format has a case", move || {
        let texts: Vec<String> = folders
            .iter()
            .map(|folder| fs::read_to_string(folder.join("case.txt")).unwrap_or_default())
            .collect();
        let has_line =
            |is_wanted: &dyn Fn(&str) -> bool| texts.iter().any(|text| text.lines().any(is_wanted));
        let rules = RULES.iter().map(|rule| rule.name).filter(|name| {
            let fired = ["error", "warning", "note"].map(|level| format!("{level}[{name}]"));
            !has_line(&|line| fired.iter().any(|fired| line.contains(fired.as_str())))
        });
        let formats = FORMATS.iter().map(|format| format.name).filter(|name| {
            let option = format!("--format {name} ");
            !has_line(&|line| line.starts_with("$ ") && format!("{line} ").contains(&option))
        });
        match rules.chain(formats).collect::<Vec<_>>() {
            never if never.is_empty() => Ok(()),
            never => Err(format!("no case shows {}", never.join(", ")).into()),
        }
    });
    // While the outputs are recorded again, it would read files that are not yet written.
    trial.with_ignored_flag(updates())
}

/// Returns whether this run records the outputs again.
fn updates() -> bool {
    std::env::var_os("UPDATE_CASES").is_some()
}

fn check_case(folder: &Path) -> Result<(), Failed> {
    let path = folder.join("case.txt");
    let tree = folder.join("tree");
    if !tree.is_dir() {
        return Err(format!("{} is missing", tree.display()).into());
    }
    let recorded = fs::read_to_string(&path)?;
    let case = Case::parse(&recorded)?;
    let actual = case.run(&tree)?;
    if actual == recorded {
        return Ok(());
    }
    if updates() {
        fs::write(&path, actual)?;
        return Ok(());
    }
    let hint = "- recorded, + printed now; UPDATE_CASES=1 cargo test --test cases records anew";
    Err(format!("{}\n{hint}\n{}", path.display(), difference(&recorded, &actual)).into())
}

/// A `case.txt`, without the recorded output.
struct Case {
    /// Everything before the first command.
    head: String,
    /// The commands.
    commands: Vec<String>,
}

impl Case {
    fn parse(text: &str) -> Result<Self, Failed> {
        let is_command =
            |line: &&str| line.starts_with("$ kubeconfig-lint") || line.starts_with("$ cat ");
        let head: Vec<&str> = text.lines().take_while(|line| !is_command(line)).collect();
        for line in &head {
            if !(line.is_empty() || line.starts_with('#') || line.starts_with("% ")) {
                return Err(format!("`{line}` is neither comment, nor % line, nor command").into());
            }
        }
        let commands: Vec<String> = text.lines().filter(is_command).map(str::to_owned).collect();
        if commands.is_empty() {
            return Err("it has no `$ kubeconfig-lint` line".into());
        }
        Ok(Self { head: head.join("\n").trim().to_owned(), commands })
    }

    /// Runs the commands, and renders the whole file again.
    fn run(&self, tree: &Path) -> Result<String, Failed> {
        let temporary = tempfile::tempdir()?;
        let dir = fs::canonicalize(temporary.path())?.join("tree");
        common::copy_tree(tree, &dir);
        let mut start = dir.clone();
        for line in self.head.lines().filter_map(|line| line.strip_prefix("% ")) {
            match line.strip_prefix("cd ") {
                Some(folder) => start = dir.join(folder),
                None => prepare(&dir, line)?,
            }
        }
        let mut text = self.head.clone();
        for command in &self.commands {
            if !text.is_empty() {
                text.push_str("\n\n");
            }
            let _ = write!(text, "{command}\n{}", run_line(&dir, &start, &command[2..])?);
        }
        Ok(text + "\n")
    }
}

/// Creates what git does not store.
fn prepare(dir: &Path, line: &str) -> Result<(), Failed> {
    if let Some((file, text)) = line.strip_prefix("write ").and_then(|rest| rest.split_once(' ')) {
        fs::write(dir.join(file), unescape(text))?;
        return Ok(());
    }
    let words = words(line);
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["unix"] => {}
        ["mkdir", folder] => fs::create_dir_all(dir.join(folder))?,
        ["mv", from, to] => {
            let to = dir.join(to);
            fs::create_dir_all(to.parent().unwrap_or(dir))?;
            fs::rename(dir.join(from), to)?;
        }
        #[cfg(unix)]
        ["ln", target, link] => std::os::unix::fs::symlink(target, dir.join(link))?,
        _ => return Err(format!("`% {line}` is not known").into()),
    }
    Ok(())
}

fn unescape(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, if c == '\\' { chars.next() } else { None }) {
            ('\\', Some('n')) => bytes.push(b'\n'),
            ('\\', Some('r')) => bytes.push(b'\r'),
            ('\\', Some('t')) => bytes.push(b'\t'),
            ('\\', Some('x')) => {
                let digits: String = chars.by_ref().take(2).collect();
                bytes.push(u8::from_str_radix(&digits, 16).expect("two hex digits after \\x"));
            }
            ('\\', other) => bytes.extend(other.unwrap_or('\\').to_string().bytes()),
            (c, _) => bytes.extend(c.to_string().bytes()),
        }
    }
    bytes
}

/// Runs one command line in the folder `start` of the tree, and renders its output.
fn run_line(tree: &Path, start: &Path, line: &str) -> Result<String, Failed> {
    if let Some(file) = line.strip_prefix("cat ") {
        return Ok(visible(&fs::read(start.join(file))?, tree).trim_end_matches('\n').to_owned());
    }
    let (line, stdin) = match line.rsplit_once(" < ") {
        Some((line, file)) => (line, fs::read(start.join(file))?),
        None => (line, Vec::new()),
    };
    let words = words(line);
    let args: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
    // It is outside of the tree, where no run looks for files.
    let details = tree.with_file_name("details.json");
    let sink = format!("json={}", details.display());
    let with_details = [&["--format", &sink], &args[..]].concat();
    let is_short = args.windows(2).any(|pair| pair == ["--format", "short"]);
    let run = if is_short { &with_details } else { &args };
    let outcome = common::run(start, run, &stdin, LIMIT);
    one_thread_changes_nothing(start, &args, &stdin, &outcome)?;
    let mut text = visible(&outcome.stdout, tree);
    if !text.is_empty() && !text.ends_with('\n') {
        text.push_str("\n\\ no line break at the end\n");
    }
    if is_short && details.exists() {
        text = with_notes(&text, &fs::read_to_string(&details)?, tree)?;
        fs::remove_file(&details)?;
    }
    for line in visible(&outcome.stderr, tree).lines() {
        let _ = writeln!(text, "! {line}");
    }
    match outcome.status {
        Some(status) => write!(text, "[exit {status}]")?,
        None => return Err(format!("`{line}` was ended by a signal\n{text}").into()),
    }
    Ok(text)
}

/// Returns the lines of `short`, each with what the JSON report says of its finding below it.
fn with_notes(short: &str, json: &str, dir: &Path) -> Result<String, Failed> {
    let json: serde_json::Value = serde_json::from_str(json)?;
    let findings = json["findings"].as_array().ok_or("the JSON report has no findings")?;
    if findings.len() != short.lines().count() {
        return Err(format!("not {} lines:\n{short}", findings.len()).into());
    }
    let mut text = String::new();
    for (line, finding) in short.lines().zip(findings) {
        let _ = writeln!(text, "{line}");
        let says = &finding["kubectl_says"];
        let says = says.as_object().map(|says| {
            format!(
                "{} says: {}",
                match says["version"].as_str().unwrap_or_default() {
                    program if program.contains('@') => program.to_owned(),
                    version => format!("kubectl {version}"),
                },
                says["words"].as_str().unwrap_or_default()
            )
        });
        let help = finding["help"].as_array().into_iter().flatten();
        let help = help.map(|help| format!("help: {}", help.as_str().unwrap_or_default()));
        let later = finding["kubectl_says_later"].as_array().into_iter().flatten();
        let later = later.map(|later| later.as_str().unwrap_or_default().to_owned());
        for note in says.into_iter().chain(later).chain(help) {
            let _ = writeln!(text, "| {}", visible(note.as_bytes(), dir).replace('\n', "\\n"));
        }
    }
    Ok(text)
}

/// Checks that the number of threads never changes a byte of the output.
fn one_thread_changes_nothing(
    dir: &Path,
    args: &[&str],
    stdin: &[u8],
    outcome: &common::Outcome,
) -> Result<(), Failed> {
    if outcome.status == Some(2) || args.contains(&"--threads") {
        return Ok(());
    }
    // After a fix, nothing is left to report.
    let exclusive =
        ["--fix", "--explain", "--list-rules", "--generate", "--help", "-h", "--version", "-V"];
    if args.iter().any(|arg| exclusive.contains(arg)) {
        return Ok(());
    }
    let args: Vec<&str> = ["--threads", "1"].into_iter().chain(args.iter().copied()).collect();
    let again = common::run(dir, &args, stdin, LIMIT);
    if again.stdout == outcome.stdout && again.stderr == outcome.stderr {
        return Ok(());
    }
    let before = outcome.out() + &outcome.err();
    let difference = difference(&before, &(again.out() + &again.err()));
    Err(format!("one thread prints something else:\n{difference}").into())
}

/// Makes escapes visible, and replaces what differs between machines.
fn visible(bytes: &[u8], dir: &Path) -> String {
    let mut text = String::from_utf8_lossy(bytes).into_owned();
    let dir = dir.to_string_lossy();
    text = text.replace(dir.as_ref(), "[TREE]");
    text = text.replace("kubeconfig-lint.exe", "kubeconfig-lint");
    text = text.replace(&format!("\"{}\"", env!("CARGO_PKG_VERSION")), "\"[VERSION]\"");
    without_rules(&text).replace('\u{1b}', "␛").replace('\r', "␍")
}

/// Returns SARIF without the descriptions of the rules, which are long and always the same.
fn without_rules(text: &str) -> String {
    const OPEN: &str = "          \"rules\": [\n";
    let Some((before, rest)) = text.split_once(OPEN) else {
        return text.to_owned();
    };
    let Some((_, after)) = rest.split_once("\n          ]\n") else {
        return text.to_owned();
    };
    format!("{before}{OPEN}            …\n          ]\n{after}")
}

/// Splits a line into words at blanks. Quotes of either kind keep words together.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let (mut word, mut quote) = (None::<String>, None);
    for c in line.chars() {
        match quote {
            Some(open) if c == open => quote = None,
            None if c == '\'' || c == '"' => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            None if c == ' ' => words.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// Returns the lines that differ, with some context.
fn difference(old: &str, new: &str) -> String {
    const AROUND: usize = 3;
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    // The length of the longest common subsequence after each pair of lines.
    let mut common = vec![vec![0_u32; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i][j] = if old[i] == new[j] {
                common[i + 1][j + 1] + 1
            } else {
                common[i + 1][j].max(common[i][j + 1])
            };
        }
    }
    let mut lines = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            lines.push((' ', old[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || (i < old.len() && common[i + 1][j] >= common[i][j + 1]) {
            lines.push(('-', old[i]));
            i += 1;
        } else {
            lines.push(('+', new[j]));
            j += 1;
        }
    }
    let mut text = String::new();
    for (at, (sign, line)) in lines.iter().enumerate() {
        let around = &lines[at.saturating_sub(AROUND)..lines.len().min(at + AROUND + 1)];
        if around.iter().any(|(sign, _)| *sign != ' ') {
            let _ = writeln!(text, "{sign} {line}");
        }
    }
    text
}
