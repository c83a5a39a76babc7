//! How a scalar is written whose value differs from its bytes, and so where each byte of the
//! value comes from.

use crate::text::offsets::{Mapped, OffsetMap};
use crate::text::source::{self, Span};

use super::escape;
use super::goyaml::{self, Segment};

/// How the value of a scalar is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// As YAML's scalars are.
    Yaml {
        /// The scalar with its quotes; of a block scalar its lines.
        span: Span,
        /// How it is written.
        style: goyaml::ScalarStyle,
        /// The spaces before each line of a block scalar.
        indent: usize,
    },
    /// With backslashes, as strings of JSON and HCL are.
    Escaped {
        /// The text between the quotes.
        span: Span,
    },
    /// On lines of their own, as heredocs are.
    Lines {
        /// The lines, with the line break of the last.
        span: Span,
        /// How many blanks at the start of each line do not count.
        indent: usize,
    },
}

impl Written {
    /// Where the bytes of the value come from; `text` is what the scalar was read from.
    pub fn map(&self, text: &str) -> OffsetMap {
        match *self {
            Self::Yaml { span, style, indent } => {
                let mut map = OffsetMap::default();
                for segment in goyaml::segments(text, span, style, indent) {
                    match segment {
                        Segment::Verbatim { inner, outer_start } => {
                            map.keep(Span::new(outer_start, outer_start + inner.len()));
                        }
                        Segment::Replaced { inner, outer } => {
                            map.replace(inner.len(), Span::new(outer.start, outer.end));
                        }
                    }
                }
                map
            }
            Self::Escaped { span } => escape::decode(text, span).map,
            Self::Lines { span, indent } => lines(text, span, indent).map,
        }
    }
}

/// The lines at `span` without the first `indent` blanks of each.
pub fn lines(text: &str, span: Span, indent: usize) -> Mapped {
    let mut mapped = Mapped::default();
    for (start, line) in source::lines(text.get(span.range()).unwrap_or("")) {
        let at = span.start + start;
        let blanks = line.bytes().take(indent).take_while(|b| matches!(b, b' ' | b'\t')).count();
        mapped.keep(text, Span::new(at + blanks, at + line.len()));
    }
    mapped
}

/// How many blanks all lines that have content begin with.
pub fn common_indent(text: &str) -> usize {
    let content = text.lines().filter(|line| !line.trim().is_empty());
    let blanks = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    content.map(blanks).min().unwrap_or(0)
}
