//! Texts for people, in parts, so that each format can show code and quoted values its own way.
//!
//! Only string literals become words. Everything else is a value: a file cannot add words to a
//! message.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crate::kubernetes::clients::CLIENTS;
use crate::kubernetes::reader::Reader;
use crate::kubernetes::target::Target;
use crate::kubernetes::version::Minor;

/// A text for people, such as a sentence without its full stop. Displays as plain text with code in
/// backticks.
///
/// Clones share the parts: a file may have thousands of findings with the same words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Message(Option<Arc<Vec<Part>>>);

/// A part of a message.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Part {
    /// Words of this program, or a number.
    Words(Cow<'static, str>),
    /// Code; it may quote the file.
    Code(String),
    /// A command line to run; it may hold values of the file.
    Command(String),
    /// A value outside of code, such as a string that is shown with its own quotes.
    Value(String),
}

/// Builds a [`Message`] from a literal with `{}` for each value. Backticks enclose code.
macro_rules! message {
    ($template:literal $(, $value:expr)* $(,)?) => {{
        // The compiler counts the values.
        let _ = format_args!($template $(, stringify!($value))*);
        $crate::text::message::Message::filled($template, vec![$($value.into()),*])
    }};
}
pub(crate) use message;

impl Message {
    /// Replaces each `{}` of a template with the next value; use [`message!`].
    pub(crate) fn filled(template: &'static str, values: Vec<Self>) -> Self {
        let mut values = values.into_iter();
        let mut message = Vec::new();
        for (number, piece) in template.split('`').enumerate() {
            let mut parts = Vec::new();
            for (at, words) in piece.split("{}").enumerate() {
                if at > 0 {
                    parts.extend(values.next().unwrap_or_else(|| Self::words("{}")).into_parts());
                }
                parts.extend(part_of(words));
            }
            if number % 2 == 0 {
                // Markdown gives these characters a meaning.
                let is_more = ['<', '[', '*', '#', '@', '|', '\\', '&', '~', '$'];
                debug_assert!(!piece.contains(is_more), "{piece:?}");
                message.extend(parts);
            } else {
                message.push(Part::Code(parts.iter().map(Part::text).collect()));
            }
        }
        Self::of(message)
    }

    fn of(parts: Vec<Part>) -> Self {
        Self((!parts.is_empty()).then(|| Arc::new(parts)))
    }

    fn words(words: impl Into<Cow<'static, str>>) -> Self {
        Self::of(part_of(words).into_iter().collect())
    }

    fn into_parts(self) -> Vec<Part> {
        self.0.map(Arc::unwrap_or_clone).unwrap_or_default()
    }

    /// Returns a command line to run.
    pub(crate) fn command(line: impl Into<String>) -> Self {
        Self::of(vec![Part::Command(line.into())])
    }

    pub(crate) fn parts(&self) -> &[Part] {
        self.0.as_deref().map_or(&[], Vec::as_slice)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.parts().is_empty()
    }

    /// Returns whether the message shows exactly this code.
    pub(crate) fn has_code(&self, code: &str) -> bool {
        self.parts().iter().any(|part| matches!(part, Part::Code(own) if own == code))
    }

    /// Shows other code in place of this code.
    pub(crate) fn replace_code(&mut self, code: &str, by: &str) {
        if !self.has_code(code) {
            return;
        }
        for part in self.0.iter_mut().flat_map(Arc::make_mut) {
            if matches!(part, Part::Code(own) if own == code) {
                *part = Part::Code(by.to_owned());
            }
        }
    }

    /// Appends another message.
    pub(crate) fn push(&mut self, other: impl Into<Self>) {
        let other = other.into();
        if self.is_empty() {
            *self = other;
        } else if let Some(parts) = &mut self.0 {
            Arc::make_mut(parts).extend(other.into_parts());
        }
    }

    /// Returns the message as a sentence. A value or code at its start keeps its case.
    pub(crate) fn sentence(mut self) -> Self {
        let first = self.0.as_mut().and_then(|parts| Arc::make_mut(parts).first_mut());
        if let Some(Part::Words(words)) = first {
            *words = capitalized(words).into();
        }
        if !self.to_string().ends_with(['?', '.']) {
            self.push(".");
        }
        self
    }
}

/// Returns words as a part; `None` if there are none.
fn part_of(words: impl Into<Cow<'static, str>>) -> Option<Part> {
    Some(words.into()).filter(|words| !words.is_empty()).map(Part::Words)
}

/// Returns the text with a capital letter at its start. The name of a program keeps its case.
pub(crate) fn capitalized(text: &str) -> String {
    let names = CLIENTS.iter().map(|client| client.title).chain(["kubectl"]);
    if names.into_iter().any(|name| text.starts_with(name)) {
        return text.to_owned();
    }
    let mut chars = text.chars();
    chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect()
}

impl Part {
    /// Returns the text, without markup.
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Words(text) => text,
            Self::Code(text) | Self::Command(text) | Self::Value(text) => text,
        }
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts().iter().try_for_each(|part| match part {
            Part::Code(code) | Part::Command(code) => write!(f, "`{code}`"),
            part => f.write_str(part.text()),
        })
    }
}

impl serde::Serialize for Message {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl From<&'static str> for Message {
    fn from(words: &'static str) -> Self {
        Self::filled(words, Vec::new())
    }
}

impl From<String> for Message {
    fn from(value: String) -> Self {
        Self::of(vec![Part::Value(value)])
    }
}

impl From<Arc<str>> for Message {
    fn from(value: Arc<str>) -> Self {
        Self::from(value.to_string())
    }
}

impl From<Minor> for Message {
    fn from(minor: Minor) -> Self {
        Self::words(minor.to_string())
    }
}

impl From<Reader> for Message {
    fn from(reader: Reader) -> Self {
        Self::words(reader.to_string())
    }
}

/// Writes the program and its releases, such as `kubectl 1.24` or `Helm 3.8-3.12`.
impl From<&Target> for Message {
    fn from(target: &Target) -> Self {
        Self::words(target.who())
    }
}

impl From<usize> for Message {
    fn from(number: usize) -> Self {
        Self::words(number.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn message_macro_separates_words_code_and_values() {
        let value = || "a`{}`".to_owned();
        let message = message!("`{} json` of {} in {}, {}", value(), value(), Minor(24), "not `x`");
        let words = |text: &'static str| Part::Words(text.into());
        assert_eq!(
            message.parts(),
            [
                Part::Code("a`{}` json".to_owned()),
                words(" of "),
                Part::Value(value()),
                words(" in "),
                words("1.24"),
                words(", "),
                words("not "),
                Part::Code("x".to_owned()),
            ]
        );
        assert_eq!(message.to_string(), "`a`{}` json` of a`{}` in 1.24, not `x`");
    }

    #[test]
    fn message_sentence_capitalizes_words_but_not_values() {
        let sentence = |message: Message| message.sentence().to_string();
        assert_eq!(sentence("write `a`".into()), "Write `a`.");
        assert_eq!(sentence(message!("it says: {}", "no.".to_owned())), "It says: no.");
        assert_eq!(sentence("did you mean `a`?".into()), "Did you mean `a`?");
        assert_eq!(sentence("kubectl never runs it".into()), "kubectl never runs it.");
        assert_eq!(sentence(message!("{} reads it", "aws".to_owned())), "aws reads it.");
    }
}
