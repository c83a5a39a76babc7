//! One source in, its findings out.

use std::collections::{BTreeSet, HashSet};

use crate::carrier::{CARRIERS, Input, TEXT};
use crate::finding::{Finding, Label};
use crate::kubernetes::version::Target;
use crate::model::{Evidence, Mention, Subject, clip, command_word};
use crate::needle::{self, Occurrence};
use crate::report::Accepted;
use crate::rule::{RULES, Rule};
use crate::source::{Source, Span};

/// What to judge, and against what.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The kubectl versions that will read the file.
    pub target: Target,
    /// The rules to apply; all where it is empty.
    pub select: Vec<&'static Rule>,
    /// The rules not to apply.
    pub ignore: Vec<&'static Rule>,
}

impl Options {
    fn applies(&self, rule: &'static Rule) -> bool {
        (self.select.is_empty() || self.select.contains(&rule)) && !self.ignore.contains(&rule)
    }
}

/// What there is to say of one source.
#[derive(Debug, Default)]
pub struct Linted {
    /// The findings, mentions among them, sorted by place, then rule.
    pub findings: Vec<Finding>,
    /// The exec API versions that every target kubectl accepts, sorted by place.
    pub accepted: Vec<Accepted>,
    /// The values that no report may show, sorted.
    pub secrets: Vec<Span>,
    /// Why the source could not be judged as a whole, if it could not.
    pub skipped: Option<String>,
}

/// Judges a source.
pub fn lint(source: &Source, options: &Options) -> Linted {
    let input = Input::new(source);
    let occurrences = needle::occurrences(source.text());
    let mut linted = Linted::default();
    let mut claims = BTreeSet::new();
    for carrier in CARRIERS.iter() {
        let reading = (carrier.read)(&input);
        linted.skipped = linted.skipped.take().or(reading.skipped);
        let mut is_broken = false;
        for mut subject in reading.subjects {
            if let (true, Subject::AuthInfo(auth)) = (is_broken, &mut subject) {
                // kubectl of the target does not come so far, and what seems absent may only be
                // of the wrong type.
                auth.evidence = Evidence::Pattern;
            }
            subject.hide(input.secrets());
            let findings = judge(&subject, options, carrier.name);
            is_broken |= matches!(subject, Subject::Undecodable(_)) && !findings.is_empty();
            if let Some(value) = subject.api_version() {
                let has_finding = findings.iter().any(|finding| finding.primary.span == value.span);
                let is_new = claims.insert(value.span);
                if !has_finding && is_new {
                    linted.accepted.push(accepted(&subject, value.span, carrier.name));
                }
            }
            linted.findings.extend(findings);
        }
    }
    share_anchors(&mut linted.findings);
    let is_judged = !(linted.findings.is_empty() && linted.accepted.is_empty());
    linted.skipped = linted.skipped.take().or_else(|| unread(&input, &occurrences));
    linted.skipped.take_if(|_| is_judged);
    for occurrence in occurrences {
        // The one place for accounting: what no carrier explained is a mention.
        if !is_claimed(&claims, group_of(&occurrence)) {
            let Occurrence { span, api_version, base64 } = occurrence;
            let mention = Subject::Mention(Mention { span, api_version, base64 });
            linted.findings.extend(judge(&mention, options, TEXT));
        }
    }
    linted.findings.retain(|finding| options.applies(finding.rule));
    linted.findings.sort_by_cached_key(|finding| (finding.primary.span, order(finding.rule)));
    linted.accepted.sort_by_key(|accepted| accepted.span);
    if !linted.findings.is_empty() {
        linted.secrets = input.secrets().to_vec();
    }
    linted
}

/// Whether one of the claims, which never overlap, holds the span.
fn is_claimed(claims: &BTreeSet<Span>, span: Span) -> bool {
    let mut before = claims.range(..=Span::new(span.start, usize::MAX));
    before.next_back().is_some_and(|claim| claim.contains(span))
}

/// The group alone: a claim on it claims the occurrence, whatever follows it.
fn group_of(occurrence: &Occurrence) -> Span {
    let length = crate::kubernetes::api_versions::GROUP.len();
    let Span { start, end } = occurrence.span;
    Span::new(start, end.min(start + length))
}

/// The place of a rule in the list.
fn order(rule: &Rule) -> usize {
    RULES.iter().position(|other| *other == rule).unwrap_or(usize::MAX)
}

fn judge(subject: &Subject, options: &Options, carrier: &'static str) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        RULES.iter().flat_map(|rule| (rule.check)(subject, &options.target)).collect();
    for finding in &mut findings {
        finding.carrier = carrier;
    }
    findings
}

fn accepted(subject: &Subject, span: Span, carrier: &'static str) -> Accepted {
    let (user, command) = match subject {
        Subject::AuthInfo(auth) => {
            let command = auth.exec.as_ref().and_then(|exec| exec.command.as_ref());
            (auth.name.as_ref(), command)
        }
        _ => (None, None),
    };
    Accepted {
        span,
        api_version: subject.api_version().map(|v| clip(&v.value).to_owned()).unwrap_or_default(),
        carrier,
        user: user.map(|name| clip(&name.value).to_owned()),
        command: command.map(|command| command_word(&command.value).to_owned()),
    }
}

/// A value behind an anchor is reported once at the anchor, and for every further user that
/// shares it at that user's alias; both places are shown each time.
fn share_anchors(findings: &mut [Finding]) {
    let mut taken: HashSet<(&'static str, Span)> = HashSet::new();
    for finding in findings {
        let is_new = taken.insert((finding.rule.name, finding.primary.span));
        let Some(alias) = finding.alias else { continue };
        if is_new {
            finding.related.push(Label::new(alias, "used by way of this alias"));
        } else {
            let text =
                std::mem::replace(&mut finding.primary.text, "it comes from here".to_owned());
            let anchored = std::mem::replace(&mut finding.primary, Label::new(alias, text));
            finding.related.insert(0, anchored);
        }
    }
}

/// Why a file that names the group and calls itself YAML or JSON was not understood at all.
fn unread(input: &Input<'_>, occurrences: &[Occurrence]) -> Option<String> {
    let extension = input.source.path().extension()?.to_str()?.to_ascii_lowercase();
    let is_plain = occurrences.iter().any(|occurrence| !occurrence.base64);
    if !is_plain || !matches!(extension.as_str(), "yaml" | "yml" | "json") {
        return None;
    }
    let error =
        input.lenient().tree.documents.iter().find_map(|document| document.error.as_ref())?;
    let position = input.source.position(error.span.start);
    Some(format!(
        "it cannot be read as YAML at {}:{}: {}",
        position.line, position.column, error.message
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule;
    use proptest::prelude::*;

    /// Whether each occurrence is explained by an accepted value or a finding, or is a mention,
    /// and never both.
    fn is_accounted_for(text: &str) -> bool {
        let source = Source::new("f.yaml", text.into());
        let linted = lint(&source, &Options::default());
        let is_mention = |finding: &&Finding| finding.rule.name == "mention";
        needle::occurrences(source.text()).iter().all(|occurrence| {
            let group = group_of(occurrence);
            let mentions = linted.findings.iter().filter(is_mention);
            let mentions = mentions.filter(|f| f.primary.span == occurrence.span).count();
            let accepted = linted.accepted.iter().filter(|a| a.span.contains(group)).count();
            // Other rules point at maps and lists that may hold an occurrence by chance.
            let is_about_versions = |f: &&Finding| f.rule.name.ends_with("-api-version");
            let mut findings = linted.findings.iter().filter(is_about_versions);
            let explained = findings.any(|finding| {
                let labels = std::iter::once(&finding.primary).chain(&finding.related);
                labels.into_iter().any(|label| label.span.contains(group))
            });
            mentions + accepted + usize::from(explained) == 1
        })
    }

    /// Lines of kubeconfigs, good, bad and broken.
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
                "---",
                "\t",
                "é: [😀",
            ][..],
        );
        prop_oneof![valued, fixed.prop_map(str::to_owned)]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn every_occurrence_is_accounted_for_once(
            lines in proptest::collection::vec(line(), 0..14),
            crlf: bool,
        ) {
            let text = lines.join(if crlf { "\r\n" } else { "\n" });
            prop_assert!(is_accounted_for(&text), "{text}");
        }
    }

    #[test]
    fn users_that_share_a_value_each_have_a_finding_at_a_place_of_their_own() {
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
    fn a_rule_that_is_ignored_says_nothing_and_makes_nothing_a_mention() {
        let text = "users:\n- user: {exec: {apiVersion: client.authentication.k8s.io/v1alpha1, \
                    command: aws}}\n";
        let source = Source::new("f", text.into());
        let ignore = vec![rule::find("removed-api-version").unwrap()];
        let linted = lint(&source, &Options { ignore, ..Options::default() });
        assert!(linted.findings.is_empty());
        assert!(linted.accepted.is_empty());
    }
}
