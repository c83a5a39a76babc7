//! Finds the version that an expression of a template falls back to or chooses, as a whole or after
//! a literal group: `{{ .Values.version | default "client.authentication.k8s.io/v1alpha1" }}`,
//! `client.authentication.k8s.io/{{ .Values.version | default "v1alpha1" }}`.

use crate::kubectl::rendered;
use crate::kubectl::select::Selected;
use crate::kubernetes::api_versions;
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
        let exec = user.exec.as_deref_mut();
        let Some(value) = exec.and_then(|exec| exec.api_version.as_mut()) else { continue };
        if let Some(version) = in_expression(input, value.span) {
            *value = Spanned { alias: value.alias, ..version };
            // A fix changes one branch of the expression at most.
            user.evidence = Evidence::Pattern;
            found = true;
        }
    }
    rendered::presume(selected) || found
}

/// Returns the version that an expression names if it is the whole value, with or without quotes
/// around it. Of several, returns one that Kubernetes removed.
fn in_expression(input: &Input<'_>, value: Span) -> Option<Spanned<String>> {
    let text = input.source.text();
    let written = text.get(value.range())?.trim();
    let quoted = ['"', '\'']
        .into_iter()
        .find_map(|quote| written.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(written);
    if !template::is_expression(quoted.trim()) {
        return None;
    }
    let named = || {
        let versions = input.occurrences_in(value).filter(|found| !found.base64);
        versions.filter_map(|found| {
            let version =
                Spanned { value: found.api_version.clone()?, span: found.span, alias: None };
            let before = line_before(text.get(value.start..found.span.start)?);
            (!is_tested(before)).then_some(version)
        })
    };
    let is_removed = |version: &Spanned<String>| {
        api_versions::lookup(&version.value).is_some_and(|known| known.removed.is_some())
    };
    named().find(is_removed).or_else(|| named().next())
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

/// Limit on the length of a template action in bytes.
const MAX_ACTION: usize = 1024;

/// Returns the version word of the template action after the group that ends at `end`, and the end
/// of the action; `None` if no action with a default follows.
pub(super) fn after_group(text: &str, end: usize) -> Option<(Span, usize)> {
    let rest = text.get(end..)?.strip_prefix('/')?;
    // A line may be as long as the text, with the group in it as often as fits.
    let rest = rest.get(..floor_boundary(rest, MAX_ACTION))?.lines().next()?;
    let (close, mark) = if rest.starts_with("{{") {
        ("}}", "default")
    } else if rest.starts_with("${") {
        ("}", ":-")
    } else {
        return None;
    };
    let action = rest.get(..rest.find(close)?)?;
    let at = action.find(mark)? + mark.len();
    let value = action.get(at..)?.trim_start_matches(['(', ' ', '"', '\'', '\\']);
    let length = value.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(value.len());
    let word = value.get(..length)?;
    let is_version =
        word.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let start = end + 1 + action.len() - value.len();
    let after = end + 1 + action.len() + close.len();
    is_version.then_some((Span::new(start, start + length), after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_group_finds_default_versions() {
        for text in [
            "G/{{ .Values.v | default \"v1alpha1\" }}",
            "G/{{ default \"v1alpha1\" .Values.v }}",
            "G/{{ v | default('v1alpha1') }}",
            "G/${V:-v1alpha1}",
            "G/{{ .v | default \\\"v1alpha1\\\" }}",
        ] {
            let (word, after) = after_group(text, 1).unwrap();
            assert_eq!((&text[word.range()], after), ("v1alpha1", text.len()), "{text}");
        }
        for text in ["G/{{ .v }}", "G/v1", "G/${v}", "G/{{ default .x }}", "G/{{ default \"v1", "G"]
        {
            assert_eq!(after_group(text, 1), None, "{text}");
        }
    }
}
