//! Lints with every option: nothing is lost, everything is in its place, and threads change
//! nothing.

use std::thread;

use kubeconfig_lint::{
    ApiVersion, Linted, Minor, Options, RULES, Role, Severity, Source, Span, Target, internals,
    lint,
};

use super::choices::{Choices, is_structured};
use super::kubeconfigs::{self, File, GROUP, occurrences};

const NAMES: &[&str] = &[
    "f.yaml",
    "f",
    "f.tf",
    "f.go",
    "f.md",
    "f.rst",
    "f.adoc",
    "f.html",
    "f.sh",
    "f.json",
    "f.py",
    "f.tpl",
    "f.ps1",
    "Dockerfile",
    "CHANGELOG.md",
    "test/f.yaml",
    ".kube/config",
    "f.ipynb",
];

/// Lints the bytes.
pub fn holds(bytes: &[u8]) {
    check(bytes, lint);
}

/// Checks a linter.
pub fn check(bytes: &[u8], lint: impl Fn(&Source, &Options) -> Linted + Sync) {
    let (source, options, file) = input(bytes);
    let all = Options {
        target: options.target.clone(),
        role: options.role,
        suppress: options.suppress.clone(),
        ..Options::default()
    };
    let linted = lint(&source, &all);
    is_in_bounds(&source, &linted);
    accounts_for_all(&source, &linted);
    if let Some(file) = file.filter(|_| options.role.is_none()) {
        let options = Options { target: options.target.clone(), ..Options::default() };
        finds_all(&file, &source, &options.target, &lint(&source, &options));
    }
    let linted = lint(&source, &options);
    is_in_bounds(&source, &linted);
    obeys(&options, &linted);
    let shown = shown(&linted);
    thread::scope(|scope| {
        let again = || self::shown(&lint(&source, &options));
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(again)).collect();
        for thread in threads {
            let other = thread.join().expect("linting does not panic");
            let same = shown.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
            let rest = |text: &str| {
                text.get(same.saturating_sub(80)..)
                    .unwrap_or("")
                    .chars()
                    .take(200)
                    .collect::<String>()
            };
            assert!(
                shown == other,
                "a thread finds something else: {} | {}",
                rest(&shown),
                rest(&other)
            );
        }
    });
}

/// Returns a source, and the options to lint it with; and the file if it was generated.
pub fn input(bytes: &[u8]) -> (Source, Options, Option<File>) {
    let mut choices = Choices::new(bytes);
    if is_structured(bytes) {
        let options = options(&mut choices);
        let file = kubeconfigs::file(&mut choices);
        return (Source::new(file.name, file.text.clone().into_bytes()), options, Some(file));
    }
    // The last bytes select the name and the options, so that a file as it is can be a seed.
    let mut last: Vec<u8> = bytes.iter().rev().take(12).copied().collect();
    last.reverse();
    let name = NAMES[bytes.last().map_or(0, |last| usize::from(*last) % NAMES.len())];
    let options = options(&mut Choices::new(&last));
    (Source::new(name, bytes.to_vec()), options, None)
}

/// Returns options of all kinds.
pub fn options(choices: &mut Choices<'_>) -> Options {
    let first = u16::try_from(20 + choices.below(18)).unwrap_or(20);
    let last = (first + u16::try_from(choices.below(18)).unwrap_or(0)).min(Minor::NEWEST.0);
    let target = match choices.one_in(2) {
        true => Target::of_kubectls(Minor(first), Minor(last)),
        false => Target::default(),
    };
    let mut rules = |one_in: usize| {
        let is_some = choices.one_in(one_in);
        let count = if is_some { 1 + choices.below(3) } else { 0 };
        (0..count).map(|_| RULES[choices.below(RULES.len())]).collect::<Vec<_>>()
    };
    let (select, ignore, suppress) = (rules(4), rules(4), rules(4));
    let versions: [&'static ApiVersion; 3] = internals::api_versions::ALL;
    Options {
        target,
        select,
        ignore,
        suppress,
        min_severity: choices.pick(&[
            Severity::Note,
            Severity::Note,
            Severity::Warning,
            Severity::Error,
        ]),
        role: choices.one_in(3).then(|| choices.pick(&Role::ALL)),
        fix_to: choices.one_in(4).then(|| choices.pick(&versions)),
        ..Options::default()
    }
}

/// Returns everything that a user may see of the results.
fn shown(linted: &Linted) -> String {
    let Linted {
        findings,
        suppressed,
        hidden,
        accepted,
        keyed_secrets,
        other_secrets,
        references,
        declared,
        recognized,
        ..
    } = linted;
    format!(
        "{findings:?} {suppressed:?} {hidden:?} {accepted:?} {keyed_secrets:?} {other_secrets:?} {references:?} {declared:?} {recognized:?}"
    )
}

/// Checks that all places are in the text and on the boundaries of characters.
pub fn is_in_bounds(source: &Source, linted: &Linted) {
    let suppressed = linted.suppressed.iter().map(|suppressed| &suppressed.finding);
    let findings = linted.findings.iter().chain(&linted.hidden).chain(suppressed);
    let labels = findings.flat_map(|finding| {
        assert!(!finding.title().to_string().is_empty());
        std::iter::once(&finding.primary).chain(&finding.related).map(|label| label.span)
    });
    let accepted = linted.accepted.iter().map(|accepted| accepted.span);
    let lists = [&linted.keyed_secrets, &linted.other_secrets, &linted.harmless_base64];
    for span in labels.chain(accepted).chain(lists.into_iter().flatten().copied()) {
        assert!(source.text().get(span.range()).is_some(), "{span:?} is not in the text");
        assert!(source.position(span.start()) <= source.position(span.end()));
    }
    for list in lists {
        assert!(
            list.windows(2).all(|pair| pair[0].end() <= pair[1].start()),
            "{list:?} is not sorted"
        );
    }
}

/// Checks that every place of the group is accounted for: it is in a finding, accepted, or
/// suppressed; and that a mention is nothing else as well.
fn accounts_for_all(source: &Source, linted: &Linted) {
    let suppressed = || linted.suppressed.iter().map(|suppressed| &suppressed.finding);
    let findings = || linted.findings.iter().chain(suppressed());
    let mentions: Vec<Span> =
        findings().filter(|f| f.is_mention()).map(|f| f.primary.span).collect();
    let others = findings().filter(|f| !f.is_mention());
    let others = others.flat_map(|finding| {
        std::iter::once(&finding.primary).chain(&finding.related).map(|label| label.span)
    });
    let claimed: Vec<Span> =
        others.chain(linted.accepted.iter().map(|accepted| accepted.span)).collect();
    // An expression after the group may choose the version, whose word the report shows.
    let is_chosen_by = |word: &Span, at: usize| {
        const MAX_EXPRESSION: usize = 1024;
        let end = at + GROUP.len();
        let is_mark = |rest: &str| rest.starts_with(|c: char| c.is_ascii_punctuation());
        let after = source.text().get(end..).and_then(|after| after.strip_prefix('/'));
        let between = source.text().get(end..word.start());
        after.is_some_and(is_mark)
            && between.is_some_and(|text| text.len() <= MAX_EXPRESSION && !text.contains(GROUP))
    };
    for at in occurrences(source.text()) {
        let is_here = |span: &&Span| span.start() <= at && at < span.end();
        // The word after a group may be the beginning of the next group.
        let count = mentions.iter().filter(|span| span.start() == at).count();
        assert!(count <= 1, "byte {at} is mentioned {count} times");
        let is_claimed = claimed.iter().any(|span| is_here(&span) || is_chosen_by(span, at));
        assert!(count == 1 || is_claimed, "byte {at} is not accounted for: {}", source.text());
    }
    for occurrence in internals::occurrences(source.text()) {
        let at = occurrence.span.start();
        let mut all = mentions.iter().chain(&claimed);
        assert!(
            all.any(|span| (span.start() <= at && at < span.end()) || is_chosen_by(span, at)),
            "{occurrence:?} is not accounted for"
        );
    }
}

/// Checks the findings of a generated kubeconfig.
fn finds_all(file: &File, source: &Source, target: &Target, linted: &Linted) {
    let spans = |at: usize| {
        let rest = &source.text()[at..];
        let word = rest[GROUP.len() + 1..].bytes().take_while(u8::is_ascii_alphanumeric).count();
        Span::new(at, at + GROUP.len() + 1 + word)
    };
    if file.is_plain() {
        let about_version = |rule: &str| rule.ends_with("-api-version");
        for span in occurrences(source.text()).map(spans) {
            let findings = linted
                .findings
                .iter()
                .filter(|f| about_version(f.rule.name) && f.primary.span == span);
            let accepted = linted.accepted.iter().filter(|accepted| accepted.span == span);
            let count = findings.count() + accepted.count();
            assert!(count >= 1, "nothing is said of {span:?}: {}", source.text());
        }
    }
    let refused = |linted: &Linted| {
        let found =
            linted.findings.iter().filter(|finding| finding.rule.name == "removed-api-version");
        found.count()
    };
    if file.is_live() && target.last >= Minor(24) {
        assert_eq!(refused(linted), file.removed(), "removed versions in {}", file.inner);
    }
}

/// Checks that the results are those that the options ask for.
fn obeys(options: &Options, linted: &Linted) {
    let is_selected = |name: &str| {
        (options.select.is_empty() || options.select.iter().any(|rule| rule.name == name))
            && !options.ignore.iter().any(|rule| rule.name == name)
    };
    let is_suppressed = |name: &str| options.suppress.iter().any(|rule| rule.name == name);
    for finding in linted.findings.iter().chain(&linted.hidden) {
        let name = finding.rule.name;
        assert!(is_selected(name) && !is_suppressed(name), "{name} is reported");
    }
    for finding in linted.hidden.iter() {
        assert!(finding.severity < options.min_severity);
    }
    for finding in &linted.findings {
        let is_chosen = options.select.contains(&finding.rule);
        assert!(finding.severity >= options.min_severity || finding.is_mention() || is_chosen);
    }
}
