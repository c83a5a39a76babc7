//! What kubectl cannot decode and what it rejects: [`DecodeError`] and [`Refusal`].

use crate::go::quote::quote_by;
use crate::kubernetes::api_versions::EXEC_CREDENTIAL_KIND;
use crate::kubernetes::version::Minor;
use crate::text::source::{Span, clip};

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
    /// The YAML parser failed; holds its message, with its own line numbers.
    Syntax(String),
    /// JSON with `//` or `/* */` comments, which YAML does not have; holds kubectl's error.
    JsonComments(Option<Box<DecodeError>>),
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
    NullKey(String),
    /// A tag that does not fit its value; holds go-yaml's message.
    Tag(String),
    /// `.inf` or `.nan`; holds that word.
    NotJson(&'static str),
    /// Invalid JSON; holds Go's message.
    Json(String),
    /// `kind` or `apiVersion` at the top is not a string, or the document is not a map; holds what
    /// was found.
    VersionKind(String),
    /// An `apiVersion` with more than one `/`.
    GroupVersion(String),
    /// An `apiVersion` that ends after the group and `/`.
    MissingVersion,
    /// A built-in Kubernetes kind, which decodes but cannot be converted to the wanted type.
    Unconvertible {
        /// Its type in Go, such as `v1.Status`.
        from: String,
        /// The Go type that kubectl wants.
        to: &'static str,
    },
    /// An unknown kind or version.
    NoKind {
        /// `kind`.
        kind: String,
        /// `apiVersion`.
        version: String,
    },
    /// A value of the wrong type.
    WrongType {
        /// JSON's name for the type of the value.
        found: &'static str,
        /// client-go's struct and the dotted path, such as `ExecConfig.users.user.exec.args`.
        field: String,
        /// The expected Go type.
        wanted: &'static str,
    },
    /// A value that kubectl 1.22 and older cannot decode; holds json-iterator's message.
    JsonIterator(String),
    /// Certificate or key data that is not valid base64; holds the offset in the data.
    Base64(usize),
    /// An invalid time; holds Go's message, which quotes the value.
    Time(String),
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
    ///
    /// Quotes only names and types from the file: other values in kubectl's message may be secret.
    pub fn words(&self, minor: Minor) -> Option<String> {
        Some(match &self.reason {
            Reason::Syntax(words) | Reason::JsonIterator(words) | Reason::Time(words) => {
                words.clone()
            }
            Reason::JsonComments(error) => return error.as_ref()?.words(minor),
            Reason::Encoding => return None,
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
                format!("{unsupported} map key of type: %!s(<nil>), key: <nil>, value: {value}")
            }
            Reason::Tag(words) => format!("yaml: {words}"),
            Reason::NotJson(word) => format!("json: unsupported value: {word}"),
            Reason::VersionKind(found) => {
                format!(
                    "couldn't get version/kind; json parse error: json: cannot unmarshal {found}"
                )
            }
            Reason::Json(words) => {
                let words = match words.strip_prefix("invalid character '\\x7f'") {
                    Some(rest) => {
                        let delete = quote_by("\u{7f}", minor);
                        format!("invalid character '{}'{rest}", delete.trim_matches('"'))
                    }
                    None => words.clone(),
                };
                format!("couldn't get version/kind; json parse error: {words}")
            }
            Reason::GroupVersion(version) => {
                format!("unexpected GroupVersion string: {}", clip(version))
            }
            // kubectl quotes the whole document.
            Reason::MissingVersion => "Object 'apiVersion' is missing in '…'".to_owned(),
            Reason::Unconvertible { from, to } => {
                format!("converting ({from}) to ({to}): unknown conversion")
            }
            Reason::NoKind { kind, version } => {
                let kind = quote_by(clip(kind), minor);
                let (what, name) = match version.strip_suffix("/__internal") {
                    Some(group) => ("the internal version of group", group),
                    None => ("version", version.as_str()),
                };
                let name = quote_by(clip(name), minor);
                format!("no kind {kind} is registered for {what} {name} in scheme \"…\"")
            }
            Reason::WrongType { found, field, wanted } => {
                format!(
                    "json: cannot unmarshal {found} into Go struct field {field} of type {wanted}"
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

/// The prefix of every error of kubectl's about a plugin's output.
pub(crate) const UNABLE: &str = "Unable to connect to the server: ";

const HEADER: &str = "net/http: invalid header field value";

/// The first kubectl built with a Go (1.19) that does not quote the value of a header.
const HEADER_UNQUOTED_SINCE: Minor = Minor(25);

/// A reason for kubectl to reject the output of a plugin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The place to show.
    pub span: Span,
    /// What is wrong.
    pub problem: Problem,
}

/// A reason to reject the output of a plugin, in the order of kubectl's checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
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
    /// Certificate or key is not valid PEM; holds Go's message.
    Certificate(&'static str),
    /// The token contains a control character, such as a line break, which HTTP cannot send.
    Unsendable,
}

impl Refusal {
    /// Returns the message of kubectl of that minor; `None` if it cannot be predicted.
    pub fn words(&self, minor: Minor) -> Option<String> {
        let words = match &self.problem {
            Problem::Decode(error) => format!("decoding stdout: {}", error.words(minor)?),
            Problem::OtherVersion { configured, returned } => format!(
                "exec plugin is configured to use API version {}, plugin returned version {}",
                configured.as_deref().map_or("…", clip),
                clip(returned)
            ),
            Problem::NoStatus => "exec plugin didn't return a status field".to_owned(),
            Problem::NoCredential => {
                "exec plugin didn't return a token or cert/key pair".to_owned()
            }
            Problem::HalfPair => {
                "exec plugin returned only certificate or key, not both".to_owned()
            }
            Problem::Certificate(words) => {
                format!("failed parsing client key/certificate: {words}")
            }
            // kubectl accepts the credentials; the request fails.
            Problem::Unsendable if minor < HEADER_UNQUOTED_SINCE => {
                return Some(format!("{UNABLE}{HEADER} \"…\" for key Authorization"));
            }
            Problem::Unsendable => {
                return Some(format!("{UNABLE}{HEADER} for \"Authorization\""));
            }
        };
        Some(format!("{UNABLE}getting credentials: {words}"))
    }

    /// Whether the API version is at fault.
    pub fn is_of_version(&self) -> bool {
        match &self.problem {
            Problem::OtherVersion { .. } => true,
            Problem::Decode(error) => match &error.reason {
                Reason::NoKind { kind, .. } => kind == EXEC_CREDENTIAL_KIND,
                Reason::GroupVersion(_) | Reason::MissingVersion => true,
                _ => false,
            },
            _ => false,
        }
    }
}

/// What a range of kubectls rejects.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// The oldest kubectl of the range.
    pub since: Minor,
    /// The newest kubectl of the range.
    pub until: Minor,
    /// What they reject, in the order of their checks.
    pub refusals: Vec<Refusal>,
}
