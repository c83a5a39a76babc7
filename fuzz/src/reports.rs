//! Reports: each format is well-formed, shows no secret, and holds nothing that a terminal or a CI
//! system obeys.

use std::io::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kubeconfig_lint::{
    FORMATS, FileReport, Options, Report, Skipped, Source, Style, Summary, Target, lint,
};
use serde_json::Value;

use super::choices::Choices;
use super::kubeconfigs::{self, CANARY};

/// Texts that a terminal or a CI system obeys.
const EVIL: &[&str] = &[
    "\u{1b}[31m",
    "\u{202e}",
    "\u{9b}31m",
    "\r::error::x",
    "\n::error::x",
    "##[error]x",
    "##vso[task]x",
    "##teamcity[x]",
    "\u{7}",
    "\u{2066}",
    "`",
    "<b>",
    "|",
    "]]>",
    "&",
    "\"",
    "\u{200f}",
    "</script>",
    "%0A",
];

/// Writes all formats of a report.
pub fn holds(bytes: &[u8]) {
    check(bytes, |name, report, style, out| {
        let format =
            FORMATS.iter().find(|format| format.name == name).expect("a format of that name");
        (format.write)(report, style, out)
    });
}

/// Checks what writes reports, by the name of the format.
pub fn check(bytes: &[u8], write: impl Fn(&str, &Report, Style, &mut dyn Write) -> io::Result<()>) {
    let report = report(&mut Choices::new(bytes));
    let mut choices = Choices::new(bytes);
    let width = 40 + choices.below(200);
    for format in FORMATS {
        for wraps in [false, true] {
            let mut out = Vec::new();
            let style = Style { color: false, links: false, width, wraps };
            write(format.name, &report, style, &mut out).expect("a vector takes everything");
            let out = String::from_utf8(out).expect("reports are UTF-8");
            is_harmless(format.name, &out);
            is_well_formed(format.name, &out, &report);
            shows_no_canary(format.name, &out);
            let findings = report
                .files
                .iter()
                .map(|file| file.linted.findings.len() + file.linted.suppressed.len());
            let most = (256 << 10) + (16 << 10) * findings.sum::<usize>();
            assert!(out.len() <= most, "{}: {} bytes", format.name, out.len());
        }
    }
}

/// Generates a report about kubeconfigs with secrets, some with harmful texts.
pub fn report(choices: &mut Choices<'_>) -> Report {
    let mut files = Vec::new();
    for number in 0..1 + choices.below(2) {
        let mut file = kubeconfigs::file(choices);
        for _ in 0..choices.below(3) {
            let evil = choices.pick(EVIL);
            let word = choices.pick(&["user0", "a comment", "made-up", "A_NAME", "Never", "kind"]);
            file.text = file.text.replacen(word, &format!("{word}{evil}"), 2);
        }
        if choices.one_in(6) {
            file.text = file.text.replacen(
                "token",
                "kubeconfig-lint: ignore[removed-api-version] token",
                1,
            );
        }
        let name = if choices.one_in(4) { choices.pick(EVIL) } else { "" };
        let path = format!("dir{number}/{name}{}", file.name);
        let source = Source::new(path.clone(), file.text.into_bytes());
        let linted = lint(&source, &Options::default());
        files.push(FileReport { path, source, linted, hidden_mentions: choices.below(2) });
    }
    let mut summary = Summary::default();
    summary.count(&files);
    let skipped = choices.one_in(3).then(|| {
        let (path, reason) =
            (format!("x{}", choices.pick(EVIL)), format!("why{}", choices.pick(EVIL)));
        Skipped { path, reason, named: choices.one_in(2), notable: true }
    });
    let mut report = Report {
        target: Target::default(),
        files,
        skipped: skipped.into_iter().collect(),
        summary,
        configuration: choices.one_in(3).then(|| format!("c{}", choices.pick(EVIL))),
        has_baseline: choices.one_in(3),
        shows_suppressed: choices.one_in(2),
        limits: Vec::new(),
        notes: Default::default(),
    };
    report.limit();
    report
}

/// Checks that neither a terminal nor a CI system obeys the report.
pub fn is_harmless(format: &str, out: &str) {
    let is_harmful = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert!(!out.contains(is_harmful), "{format}: a control character: {out:?}");
    for line in out.lines() {
        let line = line.trim_start();
        let is_own = format == "github"
            && ["::error file=", "::warning file=", "::notice file="]
                .iter()
                .any(|own| line.starts_with(own));
        assert!(is_own || !line.starts_with("::"), "{format}: a workflow command: {line:?}");
        let command =
            ["##[", "##vso[", "##teamcity["].into_iter().find(|command| line.contains(command));
        assert_eq!(command, None, "{format}: {line:?}");
    }
}

/// Checks that no part of a secret is shown, plain or in base64.
pub fn shows_no_canary(format: &str, out: &str) {
    let shown = out.lines().find(|line| line.contains(&CANARY[..6]));
    assert_eq!(shown, None, "{format} shows a secret");
    for before in 0..3 {
        let letters = STANDARD.encode(format!("{}{CANARY}", "x".repeat(before)));
        let from = (before * 8).div_ceil(6);
        let core = &letters[from..(before + CANARY.len()) * 8 / 6];
        assert!(!out.contains(core), "{format} shows base64 of a secret");
    }
}

/// Checks the shape of the formats that programs read, and the places in them.
fn is_well_formed(format: &str, out: &str, report: &Report) {
    let findings = || {
        report
            .files
            .iter()
            .flat_map(|file| file.linted.findings.iter().map(move |finding| (file, finding)))
    };
    let places =
        || findings().map(|(file, finding)| file.source.position(finding.primary.span.start()));
    let mut expected: Vec<_> =
        places().map(|place| (place.line as u64, place.column as u64)).collect();
    expected.sort_unstable();
    let number = |value: &Value| value.as_u64().expect("a number");
    match format {
        "json" => {
            let json: Value = serde_json::from_str(out).expect("JSON");
            let list = json["findings"].as_array().expect("a list of findings");
            let mut found: Vec<_> =
                list.iter().map(|item| (number(&item["line"]), number(&item["column"]))).collect();
            found.sort_unstable();
            assert_eq!(found, expected);
        }
        "sarif" => {
            let sarif: Value = serde_json::from_str(out).expect("JSON");
            assert_eq!(sarif["version"], "2.1.0");
            let run = &sarif["runs"][0];
            let rules = run["tool"]["driver"]["rules"].as_array().expect("a list of rules");
            let results = run["results"].as_array().expect("a list of results");
            let open = results
                .iter()
                .filter(|result| result["suppressions"].as_array().is_none_or(Vec::is_empty));
            assert_eq!(open.count(), expected.len());
            for result in results {
                let rule = usize::try_from(number(&result["ruleIndex"])).expect("an index");
                assert_eq!(rules[rule]["id"], result["ruleId"]);
                let region = &result["locations"][0]["physicalLocation"]["region"];
                assert!(number(&region["startLine"]) >= 1 && number(&region["startColumn"]) >= 1);
            }
        }
        "gitlab" => {
            let json: Value = serde_json::from_str(out).expect("JSON");
            let lines = json
                .as_array()
                .expect("a list")
                .iter()
                .map(|item| number(&item["location"]["lines"]["begin"]));
            let mut lines: Vec<_> = lines.collect();
            lines.sort_unstable();
            assert_eq!(lines, expected.iter().map(|(line, _)| *line).collect::<Vec<_>>());
        }
        "junit" => {
            let xml = roxmltree::Document::parse(out).expect("XML");
            assert!(xml.root_element().has_tag_name("testsuites"));
        }
        "short" => assert_eq!(out.lines().count(), expected.len(), "{out}"),
        _ => {}
    }
}
