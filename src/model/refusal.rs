//! What kubectl cannot decode, and what it refuses: [`DecodeError`] and [`Refusal`].

use crate::go::quote::quote_by;
use crate::kubernetes::api_versions::EXEC_CREDENTIAL_KIND;
use crate::kubernetes::version::Minor;
use crate::text::source::{Span, clip};

/// Why kubectl cannot decode a document, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError {
    /// The place that is at fault.
    pub span: Span,
    /// What is wrong there.
    pub reason: Reason,
    /// The first kubectl that minds: older ones do not know the field.
    pub since: Minor,
    /// The last kubectl that says so; `None` where the newest does.
    pub until: Option<Minor>,
}

/// What kubectl trips over, in the order of its steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The file is UTF-16 and breaks off, or has half a character.
    Encoding,
    /// The YAML parser gave up; its words, with the line as it counts.
    Syntax(String),
    /// JSON with `//` or `/* */` comments, which YAML does not know; what kubectl says of it.
    JsonComments(Option<Box<DecodeError>>),
    /// `*name` without `&name` before it.
    UnknownAnchor(String),
    /// An anchor inside of itself.
    SelfContaining(String),
    /// Aliases multiply beyond go-yaml's limit.
    ExcessiveAliasing,
    /// `<<` with something other than maps.
    Merge,
    /// A list or a map as a key, as `{{ .Value }}` is; the key in Go's syntax.
    CollectionKey(String),
    /// `~: value`; the value in Go's syntax.
    NullKey(String),
    /// A tag that does not fit its value; go-yaml's words.
    Tag(String),
    /// `.inf` or `.nan`; the word.
    NotJson(&'static str),
    /// What should be JSON and is none; Go's words.
    Json(String),
    /// `kind` or `apiVersion` at the top is no string, or the document is no map; what was found.
    VersionKind(String),
    /// An `apiVersion` with more than one `/`.
    GroupVersion(String),
    /// An `apiVersion` that is a group and a `/`.
    MissingVersion,
    /// A kind of Kubernetes' own, which is decoded, but cannot become what is wanted.
    Unconvertible {
        /// Its type in Go, such as `v1.Status`.
        from: String,
        /// The type in Go that is wanted.
        to: &'static str,
    },
    /// A kind or version that is not known.
    NoKind {
        /// `kind`.
        kind: String,
        /// `apiVersion`.
        version: String,
    },
    /// A value of the wrong type.
    WrongType {
        /// What JSON calls what was found.
        found: &'static str,
        /// client-go's struct and the dotted path, such as `ExecConfig.users.user.exec.args`.
        field: String,
        /// The Go type that was wanted.
        wanted: &'static str,
    },
    /// The same, or the next, for kubectl 1.22 and older; json-iterator's words.
    JsonIterator(String),
    /// Certificate or key data that is no base64; the offset in the data.
    Base64(usize),
    /// No time; Go's words, which quote it.
    Time(String),
    /// Two entries of one name.
    DuplicateName {
        /// Go's words for the list, such as `NamedAuthInfo`.
        list: &'static str,
        /// Go's words for what the map holds, such as `*api.AuthInfo`.
        map: &'static str,
        /// The name.
        name: String,
    },
}

impl DecodeError {
    /// An error at `span`.
    pub fn new(span: Span, reason: Reason) -> Self {
        Self { span, reason, since: Minor::OLDEST, until: None }
    }

    /// The same, from one kubectl to another.
    #[must_use]
    pub fn within(self, since: Minor, until: Minor) -> Self {
        Self { since, until: Some(until), ..self }
    }

    /// Whether kubectl of that minor says so.
    pub fn concerns(&self, minor: Minor) -> bool {
        self.since <= minor && self.until.is_none_or(|until| minor <= until)
    }

    /// The words of kubectl of that minor, without `error loading config file`; `None` where they
    /// cannot be foretold.
    ///
    /// What kubectl quotes from the file beyond names and types is left out: it may be secret.
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
                // sigs.k8s.io/yaml 1.4, which kubectl 1.31 brought, begins with a small letter.
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

/// What kubectl says before everything that is wrong with a plugin's output.
pub(crate) const UNABLE: &str = "Unable to connect to the server: ";

const HEADER: &str = "net/http: invalid header field value";

/// The first kubectl built with a Go (1.19) that does not quote the value of a header.
const HEADER_UNQUOTED_SINCE: Minor = Minor(25);

/// Something that kubectl does not accept in the output of a plugin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The place to look at.
    pub span: Span,
    /// What is wrong.
    pub problem: Problem,
}

/// What kubectl does not accept in the output of a plugin, in the order in which it looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// It cannot be decoded.
    Decode(DecodeError),
    /// It is of another API version than the kubeconfig wants.
    OtherVersion {
        /// What the kubeconfig wants, where that is known.
        configured: Option<String>,
        /// What the output says.
        returned: String,
    },
    /// It has no `status`.
    NoStatus,
    /// `status` has neither a token nor a certificate.
    NoCredential,
    /// There is a certificate without a key, or a key without a certificate.
    HalfPair,
    /// Certificate and key are no PEM; Go's words.
    Certificate(&'static str),
    /// The token holds a control character, such as a line break, and cannot be sent.
    Unsendable,
}

impl Refusal {
    /// The words of kubectl of that minor; `None` where they cannot be foretold.
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
            // The credentials are there; it is the request that fails.
            Problem::Unsendable if minor < HEADER_UNQUOTED_SINCE => {
                return Some(format!("{UNABLE}{HEADER} \"…\" for key Authorization"));
            }
            Problem::Unsendable => {
                return Some(format!("{UNABLE}{HEADER} for \"Authorization\""));
            }
        };
        Some(format!("{UNABLE}getting credentials: {words}"))
    }

    /// Whether the API version is what is wrong.
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

/// What some kubectls do not accept.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// The oldest of them.
    pub since: Minor,
    /// The newest of them.
    pub until: Minor,
    /// What they do not accept, in the order in which they look.
    pub refusals: Vec<Refusal>,
}
