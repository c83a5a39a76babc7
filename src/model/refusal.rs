//! What kubectl cannot decode and what it rejects: [`DecodeError`] and [`Refusal`].

use crate::go::quote::quote_by;
use crate::kubernetes::api_versions::EXEC_CREDENTIAL_KIND;
use crate::kubernetes::version::Minor;
use crate::syntax::node::{Fault, SyntaxError};
use crate::text::source::{Span, Spanned, clip};

/// The first kubectl that decodes JSON with Go's own decoder, whose messages we know.
pub(crate) const ENCODING_JSON_SINCE: Minor = Minor(23);

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
        /// The expected type. Equal to `found` for a number out of range.
        wanted: JsonType,
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

impl JsonType {
    /// Returns Go's name of the type.
    pub fn go_name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "bool",
            Self::Number => "number",
            Self::Text => "string",
            Self::List => "array",
            Self::Map => "object",
        }
    }
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

/// The struct into which kubectl reads `apiVersion` and `kind`, as Go prints its type.
const META: &str = "struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \
                    \"json:\\\"kind,omitempty\\\"\" }";

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

    /// Whether kubectl of that minor reports it.
    pub fn concerns(&self, minor: Minor) -> bool {
        self.since <= minor && self.until.is_none_or(|until| minor <= until)
    }

    /// Returns the message of kubectl of that minor, without `error loading config file`; `None` if
    /// it cannot be predicted.
    pub fn words(&self, minor: Minor) -> Option<String> {
        Some(match &self.reason {
            Reason::Syntax(Fault::Yaml(error)) => error.to_string(),
            Reason::JsonComments(error) => return error.words(minor),
            Reason::Encoding | Reason::Syntax(_) | Reason::Time => return None,
            Reason::WrongType { .. } | Reason::Base64(_) if minor < ENCODING_JSON_SINCE => {
                return None;
            }
            Reason::UnknownAnchor(name) => format!("yaml: unknown anchor '{name}' referenced"),
            Reason::SelfContaining(name) => {
                format!("yaml: anchor '{name}' value contains itself")
            }
            Reason::ExcessiveAliasing => "yaml: document contains excessive aliasing".to_owned(),
            Reason::Merge => {
                "yaml: map merge requires map or sequence of maps as the value".to_owned()
            }
            Reason::CollectionKey(key) => format!("yaml: invalid map key: {key}"),
            Reason::NullKey(value) => {
                // sigs.k8s.io/yaml 1.4, introduced in kubectl 1.31, begins with a lower-case
                // letter.
                let unsupported = if minor < Minor(31) { "Unsupported" } else { "unsupported" };
                let value = &value.value;
                format!("{unsupported} map key of type: %!s(<nil>), key: <nil>, value: {value}")
            }
            Reason::Tag(mismatch) => format!("yaml: {mismatch}"),
            Reason::NotJson(word) => format!("json: unsupported value: {word}"),
            Reason::VersionKind { found, field } => {
                let wanted = match field {
                    TypeField::ApiVersion => "Go struct field .apiVersion of type string",
                    TypeField::Kind => "Go struct field .kind of type string",
                    TypeField::Document => &format!("Go value of type {META}"),
                };
                let found = found.go_name();
                format!(
                    "couldn't get version/kind; json parse error: json: cannot unmarshal {found} \
                     into {wanted}"
                )
            }
            Reason::GroupVersion(version) => {
                format!("unexpected GroupVersion string: {}", clip(version))
            }
            // kubectl quotes the whole document.
            Reason::MissingVersion => "Object 'apiVersion' is missing in '…'".to_owned(),
            Reason::NoKind { kind, version } => {
                let kind = quote_by(clip(&kind.value), minor);
                let (what, name) = match version.value.strip_suffix("/__internal") {
                    Some(group) => ("the internal version of group", group),
                    None => ("version", version.value.as_str()),
                };
                let name = quote_by(clip(name), minor);
                format!("no kind {kind} is registered for {what} {name} in scheme \"…\"")
            }
            Reason::WrongType { found, wanted, owner, path, go_type } => {
                // kubectl quotes the number itself, which may be a secret.
                let number = if found == wanted { " …" } else { "" };
                let found = found.go_name();
                format!(
                    "json: cannot unmarshal {found}{number} into Go struct field {owner}.{path} of \
                     type {go_type}"
                )
            }
            Reason::Base64(at) => format!("illegal base64 data at input byte {at}"),
            Reason::DuplicateName { list, map, name } => format!(
                "error converting *[]{list} into *map[string]{map}: duplicate name \"{}\" in list: …",
                clip(name)
            ),
        })
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
    /// Returns the message of kubectl of that minor. `None` if the problem is what the output
    /// says, rather than its version or something missing: we know that kubectl rejects it, but not
    /// in which words.
    pub fn words(&self, minor: Minor) -> Option<String> {
        let words = match &self.problem {
            CredentialProblem::Decode(error) if self.is_of_version() => {
                format!("decoding stdout: {}", error.words(minor)?)
            }
            CredentialProblem::OtherVersion { configured, returned } => format!(
                "exec plugin is configured to use API version {}, plugin returned version {}",
                configured.as_deref().map_or("…", clip),
                clip(returned)
            ),
            CredentialProblem::NoStatus => "exec plugin didn't return a status field".to_owned(),
            CredentialProblem::NoCredential => {
                "exec plugin didn't return a token or cert/key pair".to_owned()
            }
            CredentialProblem::HalfPair => {
                "exec plugin returned only certificate or key, not both".to_owned()
            }
            CredentialProblem::Decode(_)
            | CredentialProblem::Certificate
            | CredentialProblem::Unsendable => return None,
        };
        Some(format!("Unable to connect to the server: getting credentials: {words}"))
    }

    /// Returns the class of the refusal in `tests/kubectl`.
    pub fn class(&self) -> &'static str {
        match &self.problem {
            CredentialProblem::Decode(DecodeError {
                reason: Reason::NoKind { kind, .. }, ..
            }) => match kind.value == EXEC_CREDENTIAL_KIND {
                true => "output-version-unknown",
                false => "kind-mismatch",
            },
            CredentialProblem::Decode(_) => "plugin-bad-output",
            CredentialProblem::OtherVersion { .. } => "version-mismatch",
            CredentialProblem::NoStatus => "status-missing",
            CredentialProblem::NoCredential => "credential-missing",
            CredentialProblem::HalfPair | CredentialProblem::Certificate => "credential-bad-cert",
            // kubectl accepts the credentials; the request fails.
            CredentialProblem::Unsendable => "request-failed",
        }
    }

    /// Whether the API version is at fault.
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
