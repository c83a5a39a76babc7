#![doc = include_str!("../README.md")]

mod map;
mod number;
mod parser;
mod reader;
mod resolve;
mod scanner;
mod span;
mod text;

use std::borrow::Cow;
use std::fmt;

pub use map::{Segment, segments};
pub use number::float_key;
pub use parser::Parser;
pub use resolve::{Mismatch, Resolved, is_merge, resolve};
pub use span::Span;

/// The style of a scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScalarStyle {
    /// Without quotes. Also the style of an absent value.
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
    /// The indicators, as in `|2-`, without the blanks and the comment after them.
    pub span: Span,
    /// Spaces before each content line.
    pub indent: usize,
}

/// The kind of an [`Event`], with its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventKind<'a> {
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
    /// An alias: the name in `*name`, without the `*`.
    Alias(&'a str),
    /// A scalar.
    Scalar {
        /// The text after folding and unescaping. Borrowed if the input contains it verbatim.
        value: Cow<'a, str>,
        /// The style of the scalar.
        style: ScalarStyle,
        /// Whether the plain rules resolve the value: go-yaml's `implicit`.
        plain_implicit: bool,
        /// Whether the scalar is quoted or a block, and has no tag.
        quoted_implicit: bool,
        /// The header, for block scalars only.
        block: Option<BlockHeader>,
    },
    /// A sequence begins.
    SequenceStart {
        /// Whether the sequence is in brackets.
        flow: bool,
    },
    /// A sequence ends.
    SequenceEnd,
    /// A mapping begins.
    MappingStart {
        /// Whether the mapping is in braces.
        flow: bool,
    },
    /// A mapping ends.
    MappingEnd,
}

/// A tag as written, with its handle resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag<'a> {
    /// The whole tag: `tag:yaml.org,2002:str` for `!!str`, `!x` for `!x`. Escaped bytes that are
    /// not UTF-8 become U+FFFD.
    pub text: Cow<'a, str>,
    /// The location of the tag, including `!`.
    pub span: Span,
}

/// A step in a YAML stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event<'a> {
    /// The kind of the event.
    pub kind: EventKind<'a>,
    /// The location, without anchor and tag.
    ///
    /// - Scalar: includes quotes. For a block scalar, from the line after the header to the end of
    ///   the bytes that count for the value. Empty for an absent value.
    /// - Start and end of a flow collection: the bracket. A pair in a flow sequence (`[a: b]`) has
    ///   empty spans.
    /// - Start of a block collection: empty, at its first token. End: empty, after its last token.
    /// - Alias: includes `*`. Document: its marker, or empty.
    pub span: Span,
    /// The name without `&`, and the location including it.
    pub anchor: Option<(&'a str, Span)>,
    /// The tag, if there is one.
    pub tag: Option<Tag<'a>>,
}

/// Why go-yaml rejects the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// go-yaml's message without `yaml: ` and without the line.
    pub message: Cow<'static, str>,
    /// The line that go-yaml prints. It is not always the line of `offset`: go-yaml prints none for
    /// the first line, and its parser counts lines from 0.
    pub line: Option<usize>,
    /// The byte at which the error was detected.
    pub offset: usize,
    /// What is at fault.
    pub kind: ErrorKind,
}

/// What is at fault for an [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The bytes are not UTF-8.
    Encoding,
    /// The text has a character that YAML forbids.
    ForbiddenCharacter,
    /// A tab where YAML expects spaces.
    Tab,
    /// A character that no value begins with unless it is quoted, such as `@`.
    ReservedCharacter,
    /// A colon after something that cannot be a key: the indentation is wrong, or a value that
    /// contains `: ` is not quoted.
    UnexpectedColon,
    /// A backslash between double quotes that begins no escape.
    Escape,
    /// `\/` between double quotes, which JSON has, but not YAML 1.1.
    EscapedSlash,
    /// A quote that is not closed.
    UnclosedQuote,
    /// A `%YAML` directive with another version than 1.1.
    Version,
    /// Any other fault in the syntax of YAML.
    Syntax,
}

impl Error {
    /// Says more precisely what is at fault.
    fn with_kind(self, kind: ErrorKind) -> Self {
        Self { kind, ..self }
    }
}

impl fmt::Display for Error {
    /// Formats the error as go-yaml prints it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "yaml: line {line}: {}", self.message),
            None => write!(f, "yaml: {}", self.message),
        }
    }
}

impl std::error::Error for Error {}
