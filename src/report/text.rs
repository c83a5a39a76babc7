//! The format `text`: for people, with the lines in question.

use std::collections::HashSet;
use std::io::{self, Write};

use codespan_reporting::diagnostic::{Diagnostic, Label, Severity as Level};
use codespan_reporting::files::Error;
use codespan_reporting::term::termcolor::Ansi;
use codespan_reporting::term::{self, Config};

use crate::finding::rule::Rule;
use crate::finding::{Finding, Severity};
use crate::model::kubectl_message::KubectlMessage;
use crate::role::Role;
use crate::text::escape;
use crate::text::message::{Message, Part};
use crate::text::source::Position;

use super::display::Excerpts;
use super::groups::groups;
use super::wrap::folded;
use super::{FileReport, Format, Report, Style, notes};

pub(super) static FORMAT: Format = Format {
    name: "text",
    help: "For people: each finding with its lines",
    lists_accepted: false,
    write,
};

/// Where a message of kubectl's has been quoted, and need not be again.
#[derive(PartialEq, Eq, Hash)]
enum Quoted<'a> {
    /// At a finding about this user of this file.
    ForUser(&'a str, Option<&'a str>, Option<&'a KubectlMessage>),
    /// At a finding of this rule, in any file, that is live or not.
    ByRule(&'static str, bool, Option<&'a KubectlMessage>),
}

fn write<'r>(report: &'r Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    // The help that has told how to ask a plugin for its version or release.
    let mut told = HashSet::new();
    // What has been quoted of kubectl.
    let mut quoted = HashSet::new();
    let mut is_first = true;
    for file in &report.files {
        let mut excerpts = Excerpts::new(file);
        for group in groups(&file.linted.findings) {
            let Some((finding, others)) = group.split_first() else { continue };
            let for_user = |of: &'r Finding| {
                Quoted::ForUser(&file.path, of.user.as_deref(), of.kubectl_message.as_deref())
            };
            let by_rule = |is_live| {
                Quoted::ByRule(finding.rule.name, is_live, finding.kubectl_message.as_deref())
            };
            // kubectl reads no documentation: a quote in an example does not do for a live finding.
            let is_live = finding.role == Role::Live;
            let mut known = [for_user(finding), by_rule(true), by_rule(is_live)].into_iter();
            let is_new = !known.any(|known| quoted.contains(&known));
            quoted.extend(group.iter().copied().map(for_user).chain([by_rule(is_live)]));
            // What kubectl says later refers to what it says now.
            let is_needed = is_new || !finding.kubectl_says_later.is_empty();
            let message = notes::kubectl_message(finding).filter(|_| is_needed);
            let help = notes::help(finding).map(|help| match notes::without_command(&help) {
                Some(brief) if !told.insert((&file.path, help.clone())) => brief,
                _ => help,
            });
            let says = message.into_iter().chain(notes::kubectl_says_later(finding));
            let notes = says.chain(help).chain(notes::fix(finding));
            let mut notes: Vec<_> = notes.collect();
            let above: Vec<_> = notes.first().map(|_| "as above".to_owned()).into_iter().collect();
            let is_named = !finding.about().is_empty();
            // Without a name, only its lines tell a finding from others.
            let (listed, shown) = if is_named { (others, &[][..]) } else { (&[][..], others) };
            notes.extend(listed.iter().map(|other| also(other, finding, file)));
            let first = std::iter::once((finding, notes));
            for (finding, notes) in first.chain(shown.iter().map(|other| (other, above.clone()))) {
                let text = render(finding, notes, &mut excerpts, style)?;
                if !is_first {
                    writeln!(out)?;
                }
                is_first = false;
                // codespan may end a finding with an empty line.
                out.write_all(text.trim_ascii_end())?;
                writeln!(out)?;
            }
        }
    }
    Ok(())
}

/// Returns a note with the place of another finding of the group of `first`, what it is about, and
/// its own remarks.
fn also(finding: &Finding, first: &Finding, file: &FileReport) -> String {
    let at = file.source.position(finding.primary.span.start());
    let mut note = format!("also: {}:{}:{}", file.path, at.line, at.column);
    if let Some(decoded) = &finding.decoded {
        let Position { line, column } = decoded.position;
        note.push_str(&format!(" (base64):{line}:{column}"));
    }
    let about = finding.about();
    if !about.is_empty() {
        note.push_str(&format!(": {about}"));
    }
    for remark in finding.remarks.iter().filter(|remark| !first.remarks.contains(remark)) {
        note.push_str(&format!(" ({remark})"));
    }
    if let (Some(own), Some(other)) = (command(finding), command(first)) {
        note.push_str(&differing(own, other));
    }
    escape::visible(&note)
}

/// Returns how the flags of a command differ from those of another.
fn differing(command: &str, other: &str) -> String {
    let (own, others): (Vec<_>, Vec<_>) = (flags(command).collect(), flags(other).collect());
    let own_names: Vec<&str> = own.iter().map(|flag| name(flag)).collect();
    let with: Vec<&str> = own.into_iter().filter(|flag| !others.contains(flag)).collect();
    let without = others.iter().map(|flag| name(flag)).filter(|name| !own_names.contains(name));
    let without: Vec<&str> = without.collect();
    let parts = [("with", with.join("`, `")), ("without", without.join("`, `"))].into_iter();
    let parts = parts.filter(|(_, flags)| !flags.is_empty());
    parts.map(|(word, flags)| format!(", {word} `{flags}`")).collect()
}

/// Returns the first command in the help of a finding.
fn command(finding: &Finding) -> Option<&str> {
    finding.help.iter().flat_map(Message::parts).find_map(|part| match part {
        Part::Command(command) => Some(command.as_str()),
        _ => None,
    })
}

/// Returns a flag without its value.
fn name(flag: &str) -> &str {
    flag.split_once(' ').map_or(flag, |(name, _)| name)
}

/// Returns the flags of a command with their values.
fn flags(command: &str) -> impl Iterator<Item = &str> {
    command.match_indices(" --").map(|(at, _)| {
        let flag = command.get(at + 1..).unwrap_or("");
        flag.get(..flag.find(" --").unwrap_or(flag.len())).unwrap_or("")
    })
}

fn render(
    finding: &Finding,
    mut notes: Vec<String>,
    excerpts: &mut Excerpts<'_>,
    style: Style,
) -> io::Result<Vec<u8>> {
    let visible = |message: &Message| escape::visible(&message.to_string());
    let (excerpt, places, labels) = match &finding.decoded {
        Some(decoded) => {
            let labels = decoded.lines.iter().flat_map(|line| &line.labels);
            let labels = labels.map(|label| (label.is_primary, visible(&label.text)));
            let (excerpt, places) = excerpts.decoded(decoded, finding.primary.span, style.width);
            (excerpt, places, labels.collect::<Vec<_>>())
        }
        None => {
            let labels = || std::iter::once(&finding.primary).chain(&finding.related);
            let spans: Vec<_> = labels().map(|label| label.span).collect();
            let texts: Vec<_> = labels().map(|label| visible(&label.text)).collect();
            let (excerpt, places) = excerpts.excerpt(&spans, &texts, style.width);
            let is_primary = (0..).map(|i| i == 0);
            (excerpt, places, is_primary.zip(texts).collect())
        }
    };
    let mut shown = Vec::new();
    for (place, (is_primary, text)) in places.into_iter().zip(labels) {
        if !text.is_empty() && !excerpt.has_room_behind(&place, &text) {
            // codespan writes the text of a label below it if another label overlaps it.
            shown.push(Label::secondary((), place.clone()));
        }
        let label =
            if is_primary { Label::primary((), place) } else { Label::secondary((), place) };
        shown.push(label.with_message(text));
    }
    let mut title = visible(&finding.title());
    if style.wraps {
        let head = finding.severity.as_str().len() + finding.rule.name.len() + "[]: ".len();
        title = folded(&title, head, style.width);
        notes.iter_mut().for_each(|note| *note = folded(note, 0, excerpt.budget()));
    }
    let diagnostic = Diagnostic::new(level(finding.severity))
        .with_code(code(finding.rule, style))
        .with_message(title)
        .with_labels(shown)
        .with_notes(notes);
    let config = Config::default();
    let mut text = Vec::new();
    let written = if style.color {
        term::emit_to_write_style(&mut Ansi::new(&mut text), &config, &excerpt, &diagnostic)
    } else {
        term::emit_to_io_write(&mut text, &config, &excerpt, &diagnostic)
    };
    match written {
        Ok(()) => Ok(text),
        Err(Error::Io(error)) => Err(error),
        Err(error) => Err(io::Error::other(error)),
    }
}

/// Returns the rule's name, as a link to its documentation if the terminal supports links. Nothing
/// in it comes from a file.
fn code(rule: &Rule, style: Style) -> String {
    if style.links {
        // OSC 8: the address, the text, and an empty address that ends the link.
        format!("\x1b]8;;{}\x1b\\{}\x1b]8;;\x1b\\", rule.url(), rule.name)
    } else {
        rule.name.to_owned()
    }
}

fn level(severity: Severity) -> Level {
    match severity {
        Severity::Error => Level::Error,
        Severity::Warning => Level::Warning,
        Severity::Note => Level::Note,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kubernetes::version::Minor;
    use crate::lint::{Options, lint};
    use crate::report::fixture::{file, finding, render, report, span};
    use crate::rule;
    use crate::text::message::message;
    use crate::text::source::{Source, Span};
    use proptest::prelude::*;
    use unicode_width::UnicodeWidthStr;

    const NAME: &str = "client.authentication.k8s.io/v1alpha1";

    #[test]
    fn text_writes_sample_findings() {
        let text = "users:\n- user:\n    exec:\n      token: abc\n      apiVersion: v1\n";
        let mut first = finding(span(text, "v1"))
            .related(span(text, "exec"), "in this \x1b[1m".to_owned())
            .help("write `v2`")
            .help("or\nnot");
        first.message = "`v1` is \n wrong".to_owned().into();
        first.kubectl_message = Some(
            KubectlMessage {
                by: Minor(37).into(),
                message: "Error in configuration: \n* one\n::error::two\n".into(),
            }
            .into(),
        );
        let mut second = finding(span(text, "abc")).label("");
        second.severity = Severity::Warning;
        let report = report(vec![file("::a\x07/b.yaml", text, vec![first, second], Vec::new())]);
        assert_eq!(
            render(&FORMAT, &report, 80),
            "\
error[removed-api-version]: `v1` is \\n wrong
  ┌─ ::a␇/b.yaml:5:19
  │
3 │     exec:
  │     ---- in this ␛[1m
  ·
5 │       apiVersion: v1
  │                   ^^ here
  │
  = kubectl 1.37 says: Error in configuration:
      * one
      \\u{3a}:error::two
  = help: write `v2`
  = help: or
      not

warning[removed-api-version]: it is wrong
  ┌─ ::a␇/b.yaml:4:14
  │
4 │       token: ***
  │              ^^^
"
        );
    }

    #[test]
    fn text_uses_colors_on_request_only() {
        let report = report(vec![file("f", "v1", vec![finding(Span::new(0, 2))], Vec::new())]);
        let colored = |color| {
            let mut out = Vec::new();
            write(&report, Style { color, links: false, width: 80, wraps: true }, &mut out)
                .unwrap();
            out.contains(&b'\x1b')
        };
        assert!(colored(true));
        assert!(!colored(false));
    }

    #[test]
    fn text_links_the_rule_name_and_nothing_else() {
        let text = "token: abc\nversion: v1 # a\x1b]8;;http://x\x1b\\b\n";
        let found =
            finding(span(text, "v1")).help("\x1b]8;;http://x\x07").label("[removed]".to_owned());
        let path = "[removed-api-version]\x1b]8;;http://x\x1b\\";
        let report = report(vec![file(path, text, vec![found], Vec::new())]);
        for color in [true, false] {
            let [linked, plain] = [true, false].map(|links| {
                let mut out = Vec::new();
                write(&report, Style { color, links, width: 60, wraps: true }, &mut out).unwrap();
                String::from_utf8(out).unwrap()
            });
            let url = crate::rule::find("removed-api-version").unwrap().url();
            let open = format!("[\x1b]8;;{url}\x1b\\");
            let (before, rest) = linked.split_once(&open).unwrap();
            let (name, after) = rest.split_once("\x1b]8;;\x1b\\").unwrap();
            assert_eq!(name, "removed-api-version");
            assert!(!before.contains("\x1b]") && !after.contains("\x1b]"), "{linked:?}");
            assert_eq!(format!("{before}[{name}{after}"), plain);
        }
    }

    #[test]
    fn text_quotes_kubectl_once_per_user() {
        let of = |user: &str, rule: &str, message: &str| {
            let mut found = finding(Span::new(0, 2));
            found.rule = rule::find(rule).unwrap();
            found.user = Some(user.into());
            found.kubectl_message =
                Some(KubectlMessage { by: Minor(37).into(), message: message.into() }.into());
            found
        };
        let found = vec![
            of("a", "removed-api-version", "no"),
            of("b", "removed-api-version", "no"),
            of("a", "unused-exec", "no"),
            of("b", "missing-command", "no"),
            of("b", "unused-exec", "never"),
        ];
        let shown = render(&FORMAT, &report(vec![file("f", "v1", found, Vec::new())]), 80);
        let quoted = shown.trim_end().split("\n\n").map(|block| block.contains(" says: "));
        assert_eq!(quoted.collect::<Vec<_>>(), [true, false, false, true]);
    }

    #[test]
    fn text_quotes_the_same_words_of_kubectl_once_per_rule() {
        let of = |path: &str, rule: &str, message: &str| {
            let mut found = finding(Span::new(0, 2));
            found.rule = rule::find(rule).unwrap();
            found.kubectl_message =
                Some(KubectlMessage { by: Minor(37).into(), message: message.into() }.into());
            file(path, "v1", vec![found], Vec::new())
        };
        let (removed, unused) = ("removed-api-version", "unused-exec");
        let files = vec![
            of("a", removed, "no"),
            of("b", removed, "no"),
            of("c", removed, "x"),
            of("d", unused, "no"),
        ];
        let shown = render(&FORMAT, &report(files), 80);
        let quoted = shown.split("\n\n").map(|block| block.contains(" says: "));
        assert_eq!(quoted.collect::<Vec<_>>(), [true, false, true, true]);
    }

    #[test]
    fn text_tells_once_what_one_mistake_causes() {
        let text = "- a: v1\n- b: v1\n- c: v1\n";
        let of = |user: &str, place: &str, help: &str| {
            let place = span(text, place);
            let mut found =
                finding(Span::new(place.start() + 3, place.end())).help(help.to_owned());
            let ask = Message::command(format!("ask {user}"));
            found = found.help(message!("or run {}, which adds {}", ask, format!("{user}{user}")));
            found.user = Some(user.into());
            found.kubectl_message = Some(
                KubectlMessage { by: Minor(37).into(), message: format!("no {user}").into() }
                    .into(),
            );
            found
        };
        let mut second = of("b", "b: v1", "write `v2`");
        second.condition = Some("with `--context b`".into());
        let found = vec![of("a", "a: v1", "write `v2`"), of("c", "c: v1", "write `v3`"), second];
        let shown = render(&FORMAT, &report(vec![file("f", text, found, Vec::new())]), 60);
        assert_eq!(
            shown,
            "\
error[removed-api-version]: user `a`: it is wrong
  ┌─ f:1:6
  │
1 │ - a: v1
  │      ^^ here
  │
  = kubectl 1.37 says: no a
  = help: write `v2`
  = help: or run `ask a`, which adds aa
  = also: f:2:6: user `b` (with `--context b`)

error[removed-api-version]: user `c`: it is wrong
  ┌─ f:3:6
  │
3 │ - c: v1
  │      ^^ here
  │
  = kubectl 1.37 says: no c
  = help: write `v3`
  = help: or run `ask c`, which adds cc
"
        );
    }

    #[test]
    fn text_wraps_titles_and_notes_on_request_only() {
        let mut found =
            finding(Span::new(0, 2)).help("run `aws eks get-token --cluster-name c` there");
        found.message = "it is a version that was removed years ago".into();
        let report = report(vec![file("f", "v1", vec![found], Vec::new())]);
        let lines = |wraps| {
            let mut out = Vec::new();
            write(&report, Style { color: false, links: false, width: 44, wraps }, &mut out)
                .unwrap();
            let text = String::from_utf8(out).unwrap();
            let is_shown = |line: &&str| !line.contains(['│', '┌']) && !line.is_empty();
            text.lines().filter(is_shown).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(
            lines(true),
            [
                "error[removed-api-version]: it is a version",
                "    that was removed years ago",
                "  = help: run",
                "        `aws eks get-token --cluster-name c`",
                "        there",
            ]
        );
        assert_eq!(
            lines(false),
            [
                "error[removed-api-version]: it is a version that was removed years ago",
                "  = help: run `aws eks get-token --cluster-name c` there",
            ]
        );
    }

    /// Returns whether a line is one word: code with blanks in it is one only if it is a command.
    fn is_unbreakable(line: &str, commands: &HashSet<&str>) -> bool {
        let words = line.trim_start().trim_start_matches("= ");
        let words = words.strip_prefix("help: ").unwrap_or(words);
        let code = words.split('`').nth(1).filter(|code| commands.contains(code));
        !words.replace(code.unwrap_or(""), "").contains(' ')
    }

    #[test]
    fn text_of_the_cases_fits_80_columns() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
        if !root.is_dir() {
            return; // The published crate has no cases.
        }
        let mut folders: Vec<_> = std::fs::read_dir(root)
            .unwrap()
            .map(|case| case.unwrap().path().join("tree"))
            .collect();
        let targets = ["1.37", "1.23"].map(|target| target.parse().unwrap());
        let options = targets.map(|target| Options { target, ..Options::default() });
        let mut lines = 0;
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let source = Source::new("f", std::fs::read(&path).unwrap());
                for options in &options {
                    let file = FileReport {
                        path: "f".to_owned(),
                        source: source.clone(),
                        linted: lint(&source, options),
                        hidden_mentions: 0,
                    };
                    let report = report(vec![file]);
                    let help = report.findings().flat_map(|finding| &finding.help);
                    let commands = help.flat_map(Message::parts).filter_map(|part| match part {
                        Part::Command(command) => Some(command.as_str()),
                        _ => None,
                    });
                    let commands = commands.collect();
                    let shown = render(&FORMAT, &report, 80);
                    for line in shown.lines().filter(|line| line.width() > 80) {
                        assert!(is_unbreakable(line, &commands), "{}: {line}", path.display());
                        lines += 1;
                    }
                }
            }
        }
        assert!(lines > 0);
    }

    #[test]
    fn text_tells_once_how_to_ask_a_plugin() {
        let ask =
            |plugin: &str| format!("check it: run `KUBERNETES_EXEC_INFO='{{}}' {plugin} ARGS`");
        let of = |plugin| vec![finding(Span::new(0, 2)).help(ask(plugin))];
        let files = ["a", "b", "a"].map(|plugin| file("f", "v1", of(plugin), Vec::new()));
        let shown = render(&FORMAT, &report(files.into()), 80);
        let help: Vec<_> =
            shown.lines().filter_map(|line| line.strip_prefix("  = help: ")).collect();
        assert_eq!(help, [ask("a").as_str(), &ask("b"), "check it: run `a ARGS` as above"]);
    }

    #[test]
    fn text_writes_nothing_without_findings() {
        assert_eq!(render(&FORMAT, &report(Vec::new()), 80), "");
    }

    #[test]
    fn text_of_a_label_without_room_is_below_it() {
        let text = format!("      apiVersion: {NAME}\n");
        let found = finding(span(&text, NAME)).label("kubectl 1.24 and newer refuse it");
        let shown = render(&FORMAT, &report(vec![file("f", &text, vec![found], Vec::new())]), 80);
        assert_eq!(
            shown,
            "\
error[removed-api-version]: it is wrong
  ┌─ f:1:19
  │
1 │       apiVersion: client.authentication.k8s.io/v1alpha1
  │                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  │                   │
  │                   kubectl 1.24 and newer refuse it
"
        );
    }

    /// Ways to write a secret, on the line of an API version or directly above it.
    const FORMS: &[&str] = &[
        "{token: SECRET, apiVersion: NAME}",
        "{apiVersion: NAME, id-token: \"SECRET\"}",
        "{apiVersion: NAME, refresh-token: 'SECRET', x: y}",
        "{\"client-key-data\": \"SECRET\", \"apiVersion\": \"NAME\"}",
        "'{\\\"access-token\\\":\\\"SECRET\\\",\\\"apiVersion\\\":\\\"NAME\\\"}'",
        "apiVersion: NAME # client-secret: SECRET",
        "apiVersion: NAME # certificate-authority-data = SECRET",
        "{apiVersion: NAME, env: [{name: A, value: SECRET}]}",
        "run --token SECRET NAME",
        "run --token=SECRET NAME",
        "run --password \"SECRET\" NAME",
        "[\"--oidc-client-secret\", \"SECRET\", \"NAME\"]",
        "[--token, SECRET, NAME]",
        "export MY_TOKEN=SECRET X=NAME",
        "curl -H \"Authorization: Bearer SECRET\" NAME",
        "x: Bearer SECRET NAME",
        "https://u:SECRET@host/NAME",
        "-----BEGIN EC PRIVATE KEY-----SECRET-----END EC PRIVATE KEY----- NAME",
        "password: >-\n  SECRET NAME",
        "client_secret = \"SECRET\"; a = NAME",
        "- --token\n- SECRET # NAME",
    ];

    proptest! {
        #[test]
        fn text_snippets_fit_the_terminal(
            indent in 0_usize..130,
            before in "[a-z é日]{0,30}",
            after in "[a-z é日]{0,90}",
            label in "[a-z日]{0,20}",
            other in "[a-z]{0,15}",
            width in 50_usize..160,
        ) {
            let text = format!("{}{before}{NAME}{after}\n", " ".repeat(indent));
            let place = span(&text, NAME);
            let ahead = Span::new(place.start().saturating_sub(9), place.start());
            let found = finding(place).label(label).related(ahead, other);
            let shown = render(&FORMAT, &report(vec![file("f", &text, vec![found], Vec::new())]), width);
            for line in shown.lines().skip(3) {
                prop_assert!(line.width() <= width, "{}", shown);
            }
        }

        #[test]
        fn text_shows_no_form_of_a_secret(
            form in proptest::sample::select(FORMS),
            secret in "[A-Z0-9][A-Z0-9._~+=!%^$-]{4,60}[A-Z0-9]",
            indent in 0_usize..90,
            width in 20_usize..160,
        ) {
            let indent = " ".repeat(indent);
            let text = format!("{indent}{}", form.replace('\n', &format!("\n{indent}")));
            let text = text.replace("SECRET", &secret).replace("NAME", NAME);
            let found = finding(span(&text, NAME));
            let shown = render(&FORMAT, &report(vec![file("f", &text, vec![found], Vec::new())]), width);
            for at in 0..secret.len() - 5 {
                prop_assert!(!shown.contains(&secret[at..at + 6]), "{}", shown);
            }
            // In a narrow terminal, the middle is cut out.
            prop_assert!(width < 60 || shown.contains(NAME), "{}", shown);
        }

        #[test]
        fn text_escapes_everything_from_files(
            line in "[ a:\\PC\x00-\x08\x0b-\x1f\x7f-\u{9f}\u{200b}-\u{202e}\u{feff}]{0,40}",
            words in "[ a:#\\[\\PC\x00-\x1f\x7f-\u{9f}\u{2066}]{0,40}",
        ) {
            let mut found = finding(Span::new(0, line.len())).help(words.clone()).label(words.clone());
            found.message = words.clone().into();
            let message = KubectlMessage { by: Minor(37).into(), message: words.clone().into() };
            found.kubectl_message = Some(message.into());
            let shown = render(&FORMAT, &report(vec![file(&words, &line, vec![found], Vec::new())]), 80);
            for line in shown.lines() {
                prop_assert!(!line.chars().any(escape::is_invisible), "{line:?}");
                prop_assert!(!line.trim_start().starts_with("::") && !escape::holds_command(line), "{line:?}");
            }
        }
    }
}
