//! A pull parser that reads YAML as go-yaml v2 reads it, quirks included, and says where everything stands.
//!
//! It follows the YAML 1.1 scanner and parser of libyaml (MIT, Kirill Simonov), as go-yaml v2
//! (Apache-2.0) has it.
//!
//! * [`Parser`] gives [`Event`]s, with the errors and line numbers of gopkg.in/yaml.v2 2.4.0.
//! * [`scalar_map`] tells which bytes of the input a byte of a scalar's value comes from.
//! * [`resolve()`] tells what a scalar stands for: null, a boolean, a number or text.
//!
//! Offsets are bytes from the start of the input, counted from 0.

mod map;
mod number;
mod parser;
mod reader;
pub mod resolve;
mod scanner;
mod text;

use std::borrow::Cow;
use std::fmt;

use crate::text::source::Span;

pub use map::{Segment, scalar_map, segments};
pub use number::{float_key, json_float};
pub use parser::Parser;
pub use resolve::{Resolved, is_merge, resolve};

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScalarStyle {
    /// Without quotes. Also the style of a value that is absent.
    Plain,
    /// `'text'`
    SingleQuoted,
    /// `"text"`
    DoubleQuoted,
    /// `|` and lines
    Literal,
    /// `>` and lines
    Folded,
}

/// The header and the indentation of a block scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockHeader {
    /// The indicators, as in `|2-`, without blanks and comment after them.
    pub span: Span,
    /// Spaces before each content line.
    pub indent: usize,
}

/// What an [`Event`] says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventKind<'a> {
    /// The stream begins.
    StreamStart,
    /// The stream ends.
    StreamEnd,
    /// A document begins.
    DocumentStart {
        /// Whether `---` starts it.
        explicit: bool,
    },
    /// A document ends.
    DocumentEnd {
        /// Whether `...` ends it.
        explicit: bool,
    },
    /// `*name`, without the `*`.
    Alias(&'a str),
    /// A scalar.
    Scalar {
        /// The text after folding and escapes. Borrowed where it stands like that in the input.
        value: Cow<'a, str>,
        /// How it is written.
        style: ScalarStyle,
        /// Whether the plain rules say what the value stands for: go-yaml's `implicit`.
        plain_implicit: bool,
        /// Whether it is quoted or a block and has no tag.
        quoted_implicit: bool,
        /// For a block scalar only.
        block: Option<BlockHeader>,
    },
    /// A sequence begins.
    SequenceStart {
        /// Whether it stands in brackets.
        flow: bool,
    },
    /// A sequence ends.
    SequenceEnd,
    /// A mapping begins.
    MappingStart {
        /// Whether it stands in braces.
        flow: bool,
    },
    /// A mapping ends.
    MappingEnd,
}

/// A tag as written, with its handle resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag<'a> {
    /// The whole tag: `tag:yaml.org,2002:str` for `!!str`, `!x` for `!x`. Escaped bytes that are no UTF-8 become U+FFFD.
    pub text: Cow<'a, str>,
    /// Where it stands, `!` included.
    pub span: Span,
}

/// A step of a YAML stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event<'a> {
    /// What it is.
    pub kind: EventKind<'a>,
    /// Where it stands, without anchor and tag.
    ///
    /// * Scalar: quotes included; of a block scalar the bytes from the line after the header to the end of what counts
    ///   for the value; empty where the value is absent.
    /// * Start of a flow collection and its end: the bracket. A pair in a flow sequence (`[a: b]`) has empty spans.
    /// * Start of a block collection: empty, where its first token stands. End: empty, after its last token.
    /// * Alias: `*` included. Document: its marker, or empty.
    pub span: Span,
    /// The name without `&`, and where it stands with it.
    pub anchor: Option<(&'a str, Span)>,
    /// Its tag, if it has one.
    pub tag: Option<Tag<'a>>,
}

/// Why go-yaml refuses the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// go-yaml's words without `yaml: ` and without the line.
    pub message: Cow<'static, str>,
    /// The line that go-yaml prints. It is not always the line of `offset`: go-yaml prints none for the first line,
    /// and counts from 0 in errors of its parser.
    pub line: Option<usize>,
    /// The byte where it was noticed.
    pub offset: usize,
}

impl fmt::Display for Error {
    /// As go-yaml prints it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "yaml: line {line}: {}", self.message),
            None => write!(f, "yaml: {}", self.message),
        }
    }
}

impl std::error::Error for Error {}
