//! How a scalar is written whose value differs from its bytes. The layout tells which input bytes
//! each byte of the value comes from.

use crate::text::offsets::{Mapped, OffsetMap};
use crate::text::source::{self, Span};

use super::escape;

/// The layout of the value of a scalar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Layout {
    /// A YAML scalar.
    Yaml {
        /// The scalar with its quotes; for a block scalar, its lines.
        span: Span,
        /// The style of the scalar.
        style: goyaml::ScalarStyle,
        /// The number of spaces before each line of a block scalar.
        indent: usize,
    },
    /// A string with backslash escapes, as in JSON and HCL.
    Escaped {
        /// The text between the quotes.
        span: Span,
    },
    /// Separate lines, as in a heredoc.
    Lines {
        /// The lines, including the last line break.
        span: Span,
        /// The number of blanks at the start of each line that are not part of the value.
        indent: usize,
    },
}

impl Layout {
    /// Maps the bytes of the value to `text`, the text that the scalar was read from.
    pub fn map(&self, text: &str) -> OffsetMap {
        match *self {
            Self::Yaml { span, style, indent } => {
                goyaml::segments(text, span, style, indent).into()
            }
            Self::Escaped { span } => escape::decode(text, span).map,
            Self::Lines { span, indent } => lines(text, span, indent).map,
        }
    }
}

/// Returns the lines at `span` without the first `indent` blanks of each.
pub(crate) fn lines(text: &str, span: Span, indent: usize) -> Mapped {
    let mut mapped = Mapped::default();
    for (start, line) in source::lines(text.get(span.range()).unwrap_or("")) {
        let at = span.start() + start;
        let blanks = line.bytes().take(indent).take_while(|b| matches!(b, b' ' | b'\t')).count();
        mapped.keep(text, Span::new(at + blanks, at + line.len()));
    }
    mapped
}

/// Returns the number of blanks that all lines with content start with.
pub(crate) fn common_indent(text: &str) -> usize {
    let content = text.lines().filter(|line| !line.trim().is_empty());
    content.map(source::indent_of).min().unwrap_or(0)
}
