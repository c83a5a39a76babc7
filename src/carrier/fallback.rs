//! Finds the version that a template falls back to, after a literal group:
//! `client.authentication.k8s.io/{{ .Values.version | default "v1alpha1" }}`.

use crate::text::source::Span;

/// Returns the version word of the template action after the group that ends at `end`, and the end
/// of the action; `None` if no action with a default follows.
pub(super) fn after_group(text: &str, end: usize) -> Option<(Span, usize)> {
    let line = text.get(end..)?.lines().next()?;
    let rest = line.strip_prefix('/')?;
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
