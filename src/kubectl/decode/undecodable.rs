//! Why kubectl cannot decode a file.

use crate::model::refusal::{DecodeError, Reason};
use crate::syntax::{jsonc, yaml};
use crate::text::source::{Source, Span};

use super::view::View;
use super::{compose, types};

/// Returns why kubectl cannot decode a file that it reads whatever its content. `view` is the file
/// as kubectl reads it.
pub(crate) fn of_file(source: &Source, view: View<'_>) -> Vec<DecodeError> {
    let root = view.tree.documents.first().and_then(|document| document.root);
    if let Some(error) = root.and_then(|root| compose::unbounded(view, root)) {
        return vec![error];
    }
    let text = source.text();
    let blank = jsonc::blank_comments(text);
    let comment = blank.and_then(|blank| jsonc::first_comment(text, &blank));
    of(source, view, comment, false)
}

/// Returns why kubectl cannot decode a file, in the order in which it meets the errors: it prints
/// the first.
///
/// `view` is the file as kubectl reads it, and `json_comment` the byte offset of the first comment
/// in JSON. If the file `is_rendered`, each placeholder counts as a valid value.
pub(crate) fn of(
    source: &Source,
    view: View<'_>,
    json_comment: Option<usize>,
    is_rendered: bool,
) -> Vec<DecodeError> {
    if let Some(error) = unreadable(source) {
        return vec![error];
    }
    let Some(document) = view.tree.documents.first() else { return Vec::new() };
    let errors = match compose::root(view, document) {
        Ok(None) => Vec::new(),
        Ok(Some(root)) => types::check(view, root, is_rendered),
        Err(error) => vec![error],
    };
    match (json_comment, errors.first()) {
        // The comment is to blame, wherever the YAML parser stumbles.
        (Some(at), Some(error)) => {
            let reason = Reason::JsonComments(Box::new(error.clone()));
            vec![DecodeError::new(Span::new(at, at + 2), reason)]
        }
        _ => errors,
    }
}

/// Returns the YAML parser's error about bytes that are not text in the first document of a file.
pub(crate) fn unreadable(source: &Source) -> Option<DecodeError> {
    if let Some(bytes) = source.raw() {
        return yaml::error_in_bytes(bytes).map(DecodeError::from);
    }
    let at = source.invalid_at()?;
    // go-yaml stops at the invalid byte, so the rest does not matter.
    let mut bytes = source.text().as_bytes().get(..at).unwrap_or(&[]).to_vec();
    bytes.push(0xff);
    let error = yaml::error_in_bytes(&bytes)?;
    Some(match error.span.start() >= at {
        true => DecodeError::new(Span::at(at), Reason::Encoding),
        false => error.into(),
    })
}
