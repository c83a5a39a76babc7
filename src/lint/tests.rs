use crate::api_group;
use crate::finding::Severity;
use crate::kubernetes::api_versions::GROUP;
use crate::rule;

use super::suppress::Suppression;
use super::*;

use proptest::prelude::*;

/// Returns whether each occurrence is either explained by an accepted value or a finding, or is a
/// mention, but never both; and whether no version is found twice, except for users that share it.
fn is_accounted_for(name: &str, text: &str) -> bool {
    let source = Source::new(name, text.into());
    let mut linted = lint(&source, &Options::default());
    linted.findings.extend(linted.suppressed.into_iter().map(|suppressed| suppressed.finding));
    let is_mention = |finding: &&Finding| finding.rule.name == "mention";
    let mut seen = HashSet::new();
    let is_new = |f: &Finding| {
        // Base64 is one place for many lines.
        let line = f.decoded.as_ref().map(|decoded| decoded.position.line);
        seen.insert((f.primary.span, f.user.clone(), f.alias, line))
    };
    // `inconsistent-api-version` is about two places, each of which has its own finding if it needs
    // one.
    let is_about_versions = |f: &&Finding| {
        f.rule.name.ends_with("-api-version") && f.rule.name != "inconsistent-api-version"
    };
    // A list in place of a version is one mistake.
    let is_about_type = |f: &&Finding| f.message.to_string().contains("expected a string, found a");
    let mut versions = linted.findings.iter().filter(is_about_versions);
    versions.all(is_new)
        && api_group::occurrences(source.text()).iter().all(|occurrence| {
            let start = occurrence.span.start();
            let group = Span::new(start, start + GROUP.len());
            let mentions = linted.findings.iter().filter(is_mention);
            let mentions = mentions.filter(|f| f.primary.span == occurrence.span).count();
            let accepted = linted.accepted.iter().filter(|a| a.span.contains(group)).count();
            // Other rules point at maps and lists that may happen to contain an occurrence.
            let findings = || {
                let findings = linted.findings.iter();
                findings.filter(|f| is_about_versions(f) || is_about_type(f))
            };
            let explained = findings().any(|finding| finding.primary.span.contains(group));
            // The other branch of a template is shown beside a finding, and may be accepted.
            let mut related = findings().flat_map(|finding| &finding.related);
            let is_related = related.any(|label| label.span.contains(group));
            match mentions + accepted + usize::from(explained) {
                0 => is_related,
                1 => mentions == 0 || !is_related,
                _ => false,
            }
        })
}

/// Generates lines of kubeconfigs: good, bad and broken.
fn line() -> impl Strategy<Value = String> {
    let versions: &[&str] = &["v1alpha1", "v1beta1", "v1", "v2", "exec", ""];
    let version = proptest::sample::select(versions);
    let quote = proptest::sample::select(&["", "'", "\""][..]);
    let value = (quote, version).prop_map(|(quote, version)| {
        format!("{quote}client.authentication.k8s.io/{version}{quote}")
    });
    let around = proptest::sample::select(
        &[
            ("      apiVersion: ", ""),
            ("      apiVersion: &v ", ""),
            ("x: &v ", ""),
            ("      interactiveMode: Never\n      apiVersion: ", " # old"),
            ("      args: [", "]"),
            ("      apiVersion: [", "]"),
            ("# ", ""),
            ("- name: u\n  user: {exec: {apiVersion: ", ", command: aws}}"),
            ("", ""),
        ][..],
    );
    let valued = (around, value).prop_map(|((before, after), v)| format!("{before}{v}{after}"));
    let fixed = proptest::sample::select(
        &[
            "users:",
            "- name: u",
            "  user:",
            "    exec:",
            "    exec: &e",
            "    exec: *e",
            "      apiVersion: *v",
            "      command: aws",
            "kind: Config",
            "kind: ExecCredential",
            "current-context: x",
            "clusters: []",
            "# kubeconfig-lint: ignore[removed-api-version]",
            "# kubeconfig-lint: ignore[mention, unknown-api-version] why",
            "---",
            "\t",
            "é: [😀",
        ][..],
    );
    prop_oneof![valued, fixed.prop_map(str::to_owned)]
}

/// File names that select every way of reading.
const NAMES: &[&str] = &[
    "f",
    "f.yaml",
    "f.json",
    "f.tf",
    "f.tfvars",
    "f.go",
    "f.ts",
    "f.py",
    "f.sh",
    "f.md",
    "f.rst",
    "f.adoc",
    "f.html",
    "f.ipynb",
    "f.patch",
    "f.j2",
    "f_test.go",
    "vendor/f.yaml",
];

/// Fragments of texts of all kinds, valid and broken.
const PIECES: &[&str] = &[
    "client.authentication.k8s.io/v1alpha1",
    "client.authentication.k8s.io/v1alpha1",
    "client.authentication.k8s.io/v1beta1",
    "client.authentication.k8s.io/v1",
    "client.authentication.k8s.io/v2",
    "client.authentication.k8s.io/exec",
    "client.authentication.k8s.io",
    "client.authentication.k8s.io/${var.v}",
    "client.authentication.k8s.io\\/v1beta1",
    "Y2xpZW50LmF1dGhlbnRpY2F0aW9uLms4cy5pby92MWFscGhhMQ==",
    "\n",
    "\n",
    "\n",
    "\r\n",
    " ",
    "  ",
    "    ",
    "\t",
    "\"",
    "\"",
    "'",
    "`",
    "\\",
    "\\n",
    "\\\"",
    "apiVersion: ",
    "apiVersion: ",
    "api_version = ",
    "\"apiVersion\": \"",
    "command: aws\n",
    "exec:\n",
    "exec {\n",
    "exec = {",
    "users:\n",
    "- name: u\n",
    "  user:\n",
    "kind: Config\n",
    "kind: ExecCredential\n",
    "x: |\n",
    "x: \"",
    "- ",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    ",",
    ":",
    "=",
    "---\n",
    "```\n",
    "```yaml\n",
    "~~~\n",
    "<pre>",
    "</pre>",
    "<a>",
    "&quot;",
    "----\n",
    "::\n\n",
    "cat <<EOF\n",
    "EOF\n",
    "a = <<-EOT\n",
    "EOT\n",
    "# ",
    "// ",
    "/* ",
    " */",
    "<!-- ",
    " -->",
    "{{ x }}",
    "{{/* ",
    " */}}",
    "{% if %}",
    "${",
    "sed s/",
    "--exec-api-version=",
    "--exec-api-version ",
    "variable \"v\" {\n",
    "default = ",
    "provider \"k\" {\n",
    "| ",
    " # kubeconfig-lint: ignore[mention]",
    " // kubeconfig-lint: ignore[removed-api-version, x] é",
    "é",
    "日",
    "\u{feff}",
    "&a ",
    "*a",
    "<<: ",
    "!!str ",
    "const ",
    ":= ",
    "== ",
    "value: ",
    "Default: ",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn lint_accounts_for_each_occurrence_once(
        lines in proptest::collection::vec(line(), 0..14),
        crlf: bool,
    ) {
        let text = lines.join(if crlf { "\r\n" } else { "\n" });
        prop_assert!(is_accounted_for("f.yaml", &text), "{text}");
    }

    #[test]
    fn lint_accounts_for_each_occurrence_in_any_text(
        name in proptest::sample::select(NAMES),
        pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..40),
    ) {
        let text = pieces.concat();
        prop_assert!(is_accounted_for(name, &text), "{name}\n{text}");
    }
}

#[test]
fn lint_accounts_once_for_the_other_branch_of_a_template() {
    let flag = "--exec-api-version=client.authentication.k8s.io";
    let text = format!("{flag}/v1alpha1\n{{% if %}}{flag}/v1beta1- ");
    assert!(is_accounted_for("f", &text));
}

#[test]
fn lint_gives_each_user_of_a_shared_value_its_own_place() {
    let text = "x: &v client.authentication.k8s.io/v1alpha1\nusers:\n\
                - {name: a, user: {exec: &e {apiVersion: *v, command: aws}}}\n\
                - {name: b, user: {exec: *e}}\n";
    let source = Source::new("f", text.into());
    let linted = lint(&source, &Options::default());
    let places = linted.findings.iter().map(|finding| {
        let related = finding.related.iter().map(|label| source.slice(label.span)).collect();
        let user = finding.user.as_deref().unwrap_or("");
        (user, source.slice(finding.primary.span), related)
    });
    let value = "client.authentication.k8s.io/v1alpha1";
    let places: Vec<(&str, &str, Vec<&str>)> = places.collect();
    assert_eq!(places, [("a", value, vec!["*v"]), ("b", "*e", vec![value])]);
}

#[test]
fn lint_reports_nothing_for_an_ignored_rule() {
    let text = "users:\n- user: {exec: {apiVersion: client.authentication.k8s.io/v1alpha1, \
                command: aws}}\n";
    let source = Source::new("f", text.into());
    let ignore = vec![rule::find("removed-api-version").unwrap()];
    let linted = lint(&source, &Options { ignore, ..Options::default() });
    assert!(linted.findings.is_empty());
    assert!(linted.accepted.is_empty());
}

#[test]
fn lint_keeps_suppressed_and_hidden_findings_apart() {
    // `b` also lacks an interactiveMode, and so does `a`, once its version is one that needs it.
    let text = "users:\n\
                - {name: a, user: {exec: {apiVersion: client.authentication.k8s.io/v1alpha1, \
                command: aws}}} # kubeconfig-lint: ignore[removed-api-version]\n\
                - {name: b, user: {exec: {apiVersion: client.authentication.k8s.io/v1, \
                command: aws}}}\n\
                - {name: c, user: {exec: {apiVersion: client.authentication.k8s.io/v1}}}\n";
    let source = Source::new("f", text.into());
    let rules = |names: &[&str]| names.iter().map(|name| rule::find(name).unwrap()).collect();
    let counts = |suppress: &[&str], min_severity| {
        let options = Options { suppress: rules(suppress), min_severity, ..Options::default() };
        let linted = lint(&source, &options);
        let by_configuration =
            linted.suppressed.iter().filter(|found| found.by == Suppression::Configuration);
        let basis = linted.fix_basis.as_ref().unwrap();
        let all = basis.outline.findings.len() + basis.outline.ignored.len();
        let (findings, hidden) = (linted.findings.len(), linted.hidden.len());
        assert_eq!(all, findings + linted.suppressed.len() + hidden, "{suppress:?}");
        (findings, by_configuration.count(), hidden)
    };
    assert_eq!(counts(&[], Severity::Note), (3, 0, 0));
    assert_eq!(counts(&["missing-command"], Severity::Note), (2, 1, 0));
    // A comment that names a suppressed rule is not reported as unused.
    assert_eq!(counts(&["removed-api-version"], Severity::Note), (3, 1, 0));
    assert_eq!(counts(&["missing-interactive-mode"], Severity::Warning), (1, 2, 0));
}

#[test]
fn ignore_comments_are_recognized_by_their_leader() {
    let text = |comment: &str| format!("{comment}\nclient.authentication.k8s.io\n");
    let ignore = "kubeconfig-lint: ignore[mention]";
    let reasons = |text: String| {
        let linted = lint(&Source::new("f", text.into()), &Options::default());
        assert_eq!(linted.findings.len() + linted.suppressed.len(), 1, "{:?}", linted.findings);
        linted.suppressed.into_iter().next().map(|suppressed| match suppressed.by {
            Suppression::Comment { reason } => reason.unwrap_or_default(),
            by => format!("{by:?}"),
        })
    };
    for (before, after) in [
        ("#", ""),
        ("# ", ""),
        ("  ## ", ""),
        ("// ", ""),
        ("//! ", ""),
        ("/* ", " */"),
        ("/** ", " */"),
        (" * ", ""),
        ("<!-- ", " -->"),
        ("{{/* ", " */}}"),
        ("{{- /* ", " */ -}}"),
        ("{# ", " #}"),
        ("<%# ", " %>"),
        ("<# ", " #>"),
        ("-- ", ""),
        ("; ", ""),
        ("% ", ""),
        ("REM ", ""),
        ("dnl ", ""),
        ("\"//\": \"", "\","),
        ("+# ", ""),
        ("- # ", ""),
    ] {
        let found = reasons(text(&format!("{before}{ignore} why{after}")));
        assert_eq!(found.as_deref(), Some("why"), "{before}");
        let found = reasons(text(&format!("{before}{ignore}{after}")));
        assert_eq!(found.as_deref(), Some(""), "{before}");
    }
    for comment in [
        format!("{ignore} why"),
        format!("x {ignore} why"),
        format!("item {ignore} why"),
        format!("`# {ignore}` why"),
        format!("write `\"//\": \"{ignore}\"` why"),
        "# kubeconfig-lint: it ignores this".to_owned(),
    ] {
        assert_eq!(reasons(text(&comment)), None, "{comment}");
    }
}
