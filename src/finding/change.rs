//! The changes of a fix: bytes of a text, or a text encoded in base64.
//!
//! Base64 is re-encoded as a whole. Such a change therefore keeps the changes of the inner text,
//! and is encoded only once the chosen fixes are known: the changes of other findings stay out.

use std::sync::Arc;

use base64::Engine;
use base64::engine::GeneralPurpose;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};

use crate::text::source::Span;

/// One change of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Replaces bytes.
    Text(Edit),
    /// Changes a text encoded in base64.
    Base64(Box<Encoded>),
}

impl Change {
    /// Returns what is replaced: bytes of the text, 0-based, end exclusive.
    pub fn span(&self) -> Span {
        match self {
            Self::Text(edit) => edit.span,
            Self::Base64(encoded) => encoded.span,
        }
    }

    /// Returns the edit, unless the change is in base64.
    pub fn as_edit(&self) -> Option<&Edit> {
        match self {
            Self::Text(edit) => Some(edit),
            Self::Base64(_) => None,
        }
    }
}

impl From<Edit> for Change {
    fn from(edit: Edit) -> Self {
        Self::Text(edit)
    }
}

/// Changes of a text encoded in base64.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoded {
    /// The span of the base64.
    pub(crate) span: Span,
    pub(crate) form: Arc<Form>,
    /// What joins the lines of the base64.
    pub(crate) joint: Arc<str>,
    /// The changes of the inner text, sorted and disjoint.
    pub(crate) changes: Vec<Change>,
}

impl Encoded {
    /// Returns whether both change the same base64.
    pub(crate) fn is_same_text(&self, other: &Self) -> bool {
        self.span == other.span && (Arc::ptr_eq(&self.form, &other.form) || self.form == other.form)
    }
}

/// A text encoded in base64, and how it is encoded.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Form {
    /// The inner text.
    inner: Arc<str>,
    alphabet: Alphabet,
    /// The number of letters per line; `None` if everything is on one line.
    width: Option<usize>,
}

/// An alphabet, with or without padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Alphabet {
    Standard,
    StandardNoPad,
    UrlSafe,
    UrlSafeNoPad,
}

impl Alphabet {
    const ALL: [Self; 4] = [Self::Standard, Self::StandardNoPad, Self::UrlSafe, Self::UrlSafeNoPad];

    fn engine(self) -> &'static GeneralPurpose {
        match self {
            Self::Standard => &STANDARD,
            Self::StandardNoPad => &STANDARD_NO_PAD,
            Self::UrlSafe => &URL_SAFE,
            Self::UrlSafeNoPad => &URL_SAFE_NO_PAD,
        }
    }
}

impl Form {
    /// Returns the form in which `letters` encode `inner`, and what joins their lines; `None` if no
    /// form reproduces `letters` exactly.
    pub(crate) fn of(letters: &str, inner: &str) -> Option<(Self, Arc<str>)> {
        let first = letters.split_ascii_whitespace().next()?;
        let rest = letters.get(first.len()..)?;
        let is_blank = |c: char| c.is_ascii_whitespace();
        let joint = rest.get(..rest.find(|c| !is_blank(c)).unwrap_or(0))?;
        let width = (!joint.is_empty()).then_some(first.len());
        let mut forms =
            Alphabet::ALL.into_iter().map(|alphabet| Self { inner: inner.into(), alphabet, width });
        let form = forms.find(|form| form.encode(inner, joint) == letters)?;
        Some((form, joint.into()))
    }

    /// Returns the inner text.
    pub(crate) fn inner(&self) -> &str {
        &self.inner
    }

    /// Encodes a text in this form, with `joint` between the lines.
    pub(crate) fn encode(&self, text: &str, joint: &str) -> String {
        let letters = self.alphabet.engine().encode(text);
        let Some(width) = self.width else { return letters };
        let lines = letters.as_bytes().chunks(width).map(|line| String::from_utf8_lossy(line));
        lines.collect::<Vec<_>>().join(joint)
    }
}

/// Replaces the bytes at `span`, or inserts if the span is empty.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edit {
    /// What is replaced: bytes of the source text, 0-based, end exclusive.
    pub span: Span,
    /// The replacement; equal edits share it.
    pub text: Arc<str>,
}

impl Edit {
    /// Returns whether two edits are equal. Does not read a text that they share, since it may be
    /// large.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.span == other.span && (Arc::ptr_eq(&self.text, &other.text) || self.text == other.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded_like(old: &str, inner: &str, new: &str) -> Option<String> {
        let (form, joint) = Form::of(old, inner)?;
        Some(form.encode(new, &joint))
    }

    #[test]
    fn encoded_like_keeps_alphabet_padding_and_wrapping() {
        let (inner, new) = ("a: v1alpha1 ??>>?", "a: v1beta1 ??>>?");
        for engine in [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD] {
            let (old, made) = (engine.encode(inner), engine.encode(new));
            assert_eq!(encoded_like(&old, inner, new), Some(made.clone()));
            let wrap = |letters: &str| {
                let (first, rest) = letters.split_at(12);
                format!(
                    "{first}\r\n  {}\r\n  {}",
                    &rest[..rest.len().min(12)],
                    rest.get(12..).unwrap_or("")
                )
                .trim_end()
                .to_owned()
            };
            assert_eq!(encoded_like(&wrap(&old), inner, new), Some(wrap(&made)));
        }
        assert_eq!(encoded_like("QUJD", "abc", "abd"), None);
        assert_eq!(encoded_like("QU JD", "ABC", "abd").as_deref(), Some("YW Jk"));
        assert_eq!(encoded_like("QU JD\nQU", "ABCA", "abd"), None);
    }

    proptest::proptest! {
        #[test]
        fn encoded_like_round_trips_any_text(text: String, new: String, width in 1_usize..40) {
            let letters = STANDARD.encode(&text);
            let lines: Vec<_> = letters.as_bytes().chunks(width).map(|l| std::str::from_utf8(l).unwrap()).collect();
            let old = lines.join("\n ");
            proptest::prop_assume!(!old.is_empty());
            proptest::prop_assert_eq!(encoded_like(&old, &text, &text), Some(old.clone()));
            let made = encoded_like(&old, &text, &new).unwrap();
            let letters: String = made.split_ascii_whitespace().collect();
            proptest::prop_assert_eq!(STANDARD.decode(letters).or_else(|_| STANDARD_NO_PAD.decode(made.replace("\n ", ""))).unwrap(), new.into_bytes());
        }
    }
}
