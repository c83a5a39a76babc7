//! What kubectl cannot decode and what it rejects: [`DecodeError`] and [`Refusal`].

use crate::kubernetes::api_versions::EXEC_CREDENTIAL_KIND;
use crate::kubernetes::version::Minor;
use crate::syntax::node::{Fault, SyntaxError};
use crate::text::source::{Span, Spanned};

/// Why kubectl cannot decode a document, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError {
    /// The offending place.
    pub span: Span,
    /// What is wrong there.
    pub reason: Reason,
    /// The first kubectl that reports it: older ones do not know the field.
    pub since: Minor,
    /// The last kubectl that reports it; `None` if the newest still does.
    pub until: Option<Minor>,
}

/// An error of kubectl's, in the order of its steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The file is UTF-16 and is truncated, or has an unpaired surrogate.
    Encoding,
    /// The text is not YAML or JSON.
    Syntax(Fault),
    /// JSON with `//` or `/* */` comments, which YAML does not have; holds kubectl's error.
    JsonComments(Box<DecodeError>),
    /// `*name` without `&name` before it.
    UnknownAnchor(String),
    /// An anchor that contains itself.
    SelfContaining(String),
    /// Aliases multiply beyond go-yaml's limit.
    ExcessiveAliasing,
    /// `<<` with something other than maps.
    Merge,
    /// A list or a map as a key, which is how YAML reads `{{ .Value }}`; holds the key in Go's
    /// syntax.
    CollectionKey(String),
    /// `~: value`; holds the value in Go's syntax.
    NullKey(Spanned<String>),
    /// A tag that does not fit its value.
    Tag(goyaml::Mismatch),
    /// `.inf` or `.nan`; holds that word.
    NotJson(&'static str),
    /// `kind` or `apiVersion` at the top is not a string, or the document is not a map.
    VersionKind {
        /// The type of the value.
        found: JsonType,
        /// The field that the value belongs to.
        field: TypeField,
    },
    /// An `apiVersion` with more than one `/`.
    GroupVersion(String),
    /// An `apiVersion` that ends after the group and `/`.
    MissingVersion,
    /// An unknown kind or version.
    NoKind {
        /// `kind`.
        kind: Box<Spanned<String>>,
        /// `apiVersion`.
        version: Box<Spanned<String>>,
    },
    /// A value of the wrong type. kubectl 1.22 and older name it in words that we do not know.
    WrongType {
        /// The type of the value.
        found: JsonType,
        /// What is expected. Numbers are found where numbers are expected if they are out of range.
        wanted: Wanted,
        /// The Go struct to which the last part of the path belongs, such as `ExecConfig`.
        owner: &'static str,
        /// The dotted path of the field, such as `users.user.exec.args`.
        path: String,
        /// The expected Go type.
        go_type: String,
    },
    /// Certificate or key data that is not valid base64; holds the offset in the data.
    Base64(usize),
    /// A value that is not a time.
    Time,
    /// Two entries with the same name.
    DuplicateName {
        /// Go's name for the type of the list entries, such as `NamedAuthInfo`.
        list: &'static str,
        /// Go's name for the type of the map values, such as `*api.AuthInfo`.
        map: &'static str,
        /// The duplicate name.
        name: String,
    },
}

impl From<SyntaxError> for DecodeError {
    fn from(SyntaxError { span, fault }: SyntaxError) -> Self {
        Self::new(span, Reason::Syntax(fault))
    }
}

/// A type of values in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JsonType {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool,
    /// A number.
    Number,
    /// A string.
    Text,
    /// An array.
    List,
    /// An object.
    Map,
}

/// What kubectl expects as a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// Any value of a type.
    Type(JsonType),
    /// A map with these keys; none if they are many.
    Map(Vec<&'static str>),
    /// A list of such maps.
    Maps(Vec<&'static str>),
    /// An `interactiveMode`.
    InteractiveMode,
    /// A whole number of 32 bits.
    Int32,
    /// Bytes in base64, or as a list of numbers.
    Base64,
    /// One byte of such a list.
    Byte,
}

/// What tells kubectl the type of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TypeField {
    /// `apiVersion`.
    ApiVersion,
    /// `kind`.
    Kind,
    /// The whole document, which holds the two.
    Document,
}

impl DecodeError {
    /// Returns an error at `span`.
    pub fn new(span: Span, reason: Reason) -> Self {
        Self { span, reason, since: Minor::OLDEST, until: None }
    }

    /// Limits the error to the kubectls from `since` to `until`.
    #[must_use]
    pub fn within(self, since: Minor, until: Minor) -> Self {
        Self { since, until: Some(until), ..self }
    }

    /// Returns whether kubectl of that minor reports it.
    pub fn concerns(&self, minor: Minor) -> bool {
        self.since <= minor && self.until.is_none_or(|until| minor <= until)
    }
}

/// A reason for kubectl to reject the output of a plugin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The place to show.
    pub span: Span,
    /// What is wrong.
    pub problem: CredentialProblem,
}

/// A reason to reject the output of a plugin, in the order of kubectl's checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CredentialProblem {
    /// The output cannot be decoded.
    Decode(DecodeError),
    /// The output has another API version than the kubeconfig asks for.
    OtherVersion {
        /// The version in the kubeconfig, if known.
        configured: Option<String>,
        /// The version in the output.
        returned: String,
    },
    /// The output has no `status`.
    NoStatus,
    /// `status` has neither a token nor a certificate.
    NoCredential,
    /// There is a certificate without a key, or the reverse.
    HalfPair,
    /// Certificate or key is not valid PEM.
    Certificate,
    /// The token contains a control character, such as a line break, which HTTP cannot send.
    Unsendable,
}

impl Refusal {
    /// Returns whether the API version is at fault.
    pub fn is_of_version(&self) -> bool {
        match &self.problem {
            CredentialProblem::OtherVersion { .. } => true,
            CredentialProblem::Decode(error) => match &error.reason {
                Reason::NoKind { kind, .. } => kind.value == EXEC_CREDENTIAL_KIND,
                Reason::GroupVersion(_) | Reason::MissingVersion => true,
                _ => false,
            },
            _ => false,
        }
    }
}

/// What a range of kubectls rejects.
#[derive(Debug, Clone)]
pub struct RefusalRange {
    /// The oldest kubectl of the range.
    pub since: Minor,
    /// The newest kubectl of the range.
    pub until: Minor,
    /// What they reject, in the order of their checks.
    pub refusals: Vec<Refusal>,
}
