//! Finds the version that an expression of a template falls back to or chooses, as a whole or after
//! a literal group: `{{ .Values.version | default "client.authentication.k8s.io/v1alpha1" }}`,
//! `client.authentication.k8s.io/{{ 'v1alpha1' if old else 'v1beta1' }}`.

use crate::api_group::Occurrence;
use crate::kubectl::rendered;
use crate::kubectl::select::Selected;
use crate::kubernetes::api_versions::{self, GROUP};
use crate::model::Evidence;
use crate::syntax::template;
use crate::text::source::{Span, Spanned, floor_boundary};

use super::comment::line_before;
use super::input::Input;

/// Prepares the values of a kubeconfig that only rendering completes: sets the exec API versions that
/// expressions name, and treats the other values as [`rendered::presume`] does. Returns whether there
/// are any.
pub(super) fn presume(input: &Input<'_>, selected: &mut Selected) -> bool {
    let mut found = false;
    for user in &mut selected.config.auth_infos {
        let Some(exec) = user.exec.as_deref_mut() else { continue };
        let Some(value) = &mut exec.api_version else { continue };
        let whole = in_expression(input, value.span);
        let has_group_elsewhere = whole.is_none();
        let word = || after_group_of(input.source.text(), value.span);
        let Some(version) = whole.or_else(word) else { continue };
        *value = Spanned { alias: value.alias, ..version };
        exec.has_group_elsewhere = has_group_elsewhere;
        // A fix changes one branch of the expression at most.
        exec.is_whole = user.evidence.is_whole();
        user.evidence = Evidence::Pattern;
        found = true;
    }
    rendered::presume(selected) || found
}

/// Returns the version that an expression names if it is the whole value, with or without quotes
/// around it. Of several, returns the [`worst`].
pub(super) fn in_expression(input: &Input<'_>, value: Span) -> Option<Spanned<String>> {
    let text = input.source.text();
    let written = text.get(value.range())?.trim();
    let quoted = ['"', '\'']
        .into_iter()
        .find_map(|quote| written.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(written);
    if !template::is_expression(quoted.trim()) {
        return None;
    }
    let versions = input.occurrences_in(value).filter(|found| !found.base64);
    let named = versions.filter_map(|found| {
        let before = line_before(text.get(value.start()..found.span.start())?);
        let is_given = !is_tested(before);
        let version = found.api_version.as_ref().filter(|_| is_given)?;
        Some((version.to_string(), found.span))
    });
    worst(named).map(|(value, span)| Spanned { value, span, alias: None })
}

/// Returns whether an expression that begins with `before` compares or tests the value after it,
/// rather than giving it.
pub(super) fn is_tested(before: &str) -> bool {
    let tests = ["contains", "regex", "replace", "hasPrefix", "eq ", "ne ", "semver", "startsWith"];
    // A test comes right before the tested value; a value that is set may follow a test.
    let last = before.rsplit(['{', '(', '?', '}', '|']).next().unwrap_or("");
    before.trim_end_matches(['"', '\'', ' ', '\\']).ends_with(['=', '<', '>', '!'])
        || tests.into_iter().any(|test| last.contains(test))
}

/// Limit on the bytes of an expression after a group: a text may hold the group as often as fits.
const MAX_EXPRESSION: usize = 1024;

/// The words of versions in the expression after a group.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Choice {
    /// The word of each version that the expression may give, in order.
    pub(super) words: Vec<Span>,
    /// Where the value ends.
    pub(super) end: usize,
}

impl Choice {
    /// Returns the word to judge: the one that kubectl is most likely to refuse, see [`worst`].
    pub(super) fn word(&self, text: &str) -> Option<Span> {
        let version = |word: &Span| text.get(word.range()).and_then(version_of);
        let versions = self.words.iter().filter_map(|word| Some((version(word)?, *word)));
        worst(versions).map(|(_, word)| word)
    }
}

/// Returns the version, of those that a template may write, that kubectl is most likely to refuse: the
/// first that Kubernetes removed, or else that needs an `interactiveMode`, or else the first.
fn worst<T>(versions: impl Iterator<Item = (String, T)>) -> Option<(String, T)> {
    versions.min_by_key(|(version, _)| match api_versions::lookup(version) {
        Some(known) if known.removed.is_some() => 0,
        Some(known) if !known.defaults_interactive_mode => 1,
        _ => 2,
    })
}

/// Returns the exec API version that a word such as `v1beta1` stands for.
pub(super) fn version_of(word: &str) -> Option<String> {
    let number = word.strip_prefix('v')?;
    let is_version = number.starts_with(|c: char| c.is_ascii_digit())
        && number.chars().all(|c| c.is_ascii_alphanumeric());
    is_version.then(|| format!("{GROUP}/{word}"))
}

/// Returns the versions that the template expression after the group that ends at `end` chooses
/// from; `None` if no such expression follows, or if it names no version.
pub(super) fn after_group(text: &str, end: usize) -> Option<Choice> {
    let start = end + 1;
    text.get(end..)?.strip_prefix('/')?;
    let text = text.get(..floor_boundary(text, start.saturating_add(MAX_EXPRESSION)))?;
    let parts = template::parts_of_word(text, start);
    let after = parts.last()?.end();
    let mut words = Vec::new();
    let mut at = start;
    while let Some(rest) = text.get(at..after).filter(|rest| !rest.is_empty()) {
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let word = Span::new(at, at + length);
        let part = parts.iter().find(|part| part.contains(word));
        if rest.get(..length).and_then(version_of).is_some()
            && is_literal(text.get(start..at)?, text.get(word.end()..after)?, part.is_some())
            && !is_tested(text.get(part.map_or(start, |part| part.start())..at)?)
        {
            words.push(word);
        }
        at = word.end() + rest.get(length..)?.chars().next().map_or(0, char::len_utf8);
    }
    (!words.is_empty()).then_some(Choice { words, end: after })
}

/// Returns whether a word between these texts is a literal rather than the name of a variable: in
/// quotes, as the default of a shell's variable, as an argument of `echo`, or outside of all parts.
fn is_literal(before: &str, after: &str, is_in_part: bool) -> bool {
    let is_quoted = ['"', '\'', '`']
        .into_iter()
        .any(|q| before.ends_with(q) && after.trim_start_matches('\\').starts_with(q));
    let is_default = before.strip_suffix(['-', '=']).is_some_and(|before| {
        let name = before.strip_suffix(':').unwrap_or(before);
        name.rsplit_once("${").is_some_and(|(_, name)| {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        })
    });
    let is_echoed = ["echo ", "printf "].into_iter().any(|command| before.ends_with(command));
    is_quoted || is_default || is_echoed || (!is_in_part && before.ends_with(['}', '>']))
}

/// Returns the places that the version at a place explains: its own, and that of the group before the
/// expression that chooses the version.
pub(crate) fn explained_by(input: &Input<'_>, version: Span) -> impl Iterator<Item = Span> + use<> {
    let around = around(input.source.text(), &input.occurrences, version);
    std::iter::once(version).chain(around.map(|(group, _)| group.span))
}

/// Returns the version whose word an expression chooses, if the value is the group and that
/// expression, with or without quotes around both. The place is that of the word.
pub(super) fn after_group_of(text: &str, value: Span) -> Option<Spanned<String>> {
    let written = text.get(value.range())?;
    let start = written.find(GROUP)?;
    let choice = after_group(text, value.start() + start + GROUP.len())?;
    let rest = text.get(choice.end..value.end())?;
    let is_whole =
        [written.get(..start)?, rest].iter().all(|around| matches!(*around, "" | "\"" | "'"));
    let span = choice.word(text).filter(|_| is_whole)?;
    Some(Spanned { value: version_of(text.get(span.range())?)?, span, alias: None })
}

/// Returns the group before an expression that chooses the version at `word`, and what it chooses
/// from. `occurrences` are all of the text, in order.
pub(super) fn around<'a>(
    text: &str,
    occurrences: &'a [Occurrence],
    word: Span,
) -> Option<(&'a Occurrence, Choice)> {
    let before = occurrences.partition_point(|found| found.span.end() <= word.start());
    let group = occurrences.get(before.checked_sub(1)?)?;
    if group.base64 || group.api_version.is_some() {
        return None;
    }
    let choice = after_group(text, group.span.end())?;
    choice.words.contains(&word).then_some((group, choice))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_group_finds_versions_of_a_choice() {
        let found = |text: &str| {
            let choice = after_group(text, 1)?;
            assert_eq!(choice.end, text.trim_end_matches('"').len(), "{text}");
            let words = choice.words.iter().map(|word| text[word.range()].to_owned());
            Some(words.collect::<Vec<_>>().join(" "))
        };
        for text in [
            "G/{{ .Values.v | default \"v1alpha1\" }}",
            "G/{{ default \"v1alpha1\" .Values.v }}",
            "G/{{ v | default('v1alpha1') }}",
            "G/${V:-v1alpha1}",
            "G/${V-v1alpha1}",
            "G/{{ .v | default \\\"v1alpha1\\\" }}",
            "G/{{ 'v1alpha1' if v == 'v1' else w }}",
            "G/{% if old %}v1alpha1{% endif %}",
        ] {
            assert_eq!(found(text).as_deref(), Some("v1alpha1"), "{text}");
        }
        for text in [
            "G/{{ 'v1alpha1' if old else 'v1beta1' }}",
            "G/{{ ternary \"v1alpha1\" \"v1beta1\" .old }}",
            "G/{{ if .old }}v1alpha1{{ else }}v1beta1{{ end }}",
            "G/{{- if .old }}v1alpha1{{ else }}v1beta1{{ end }}\"",
            "G/{% if old %}v1alpha1{% else %}v1beta1{% endif %}",
            "G/%{ if old }v1alpha1%{ else }v1beta1%{ endif }",
            "G/<%= old ? 'v1alpha1' : 'v1beta1' %>",
            "G/${old ? \"v1alpha1\" : \"v1beta1\"}",
            "G/#{old ? 'v1alpha1' : 'v1beta1'}",
            "G/{'v1alpha1' if old else 'v1beta1'}",
            "G/$([ $old ] && echo v1alpha1 || echo v1beta1)",
        ] {
            assert_eq!(found(text).as_deref(), Some("v1alpha1 v1beta1"), "{text}");
        }
        for text in [
            "G/{{ .v }}",
            "G/{{ .v1alpha1 }}",
            "G/{{ v1alpha1 }}",
            "G/v1",
            "G/${v}",
            "G/${v1}",
            "G/$V",
            "G/{{ default .x }}",
            "G/{{ default \"v1",
            "G/{{ if eq .v \"v1alpha1\" }}a{{ end }}",
            "G",
        ] {
            assert_eq!(after_group(text, 1), None, "{text}");
        }
    }
}
