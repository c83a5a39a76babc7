//! kubectl's messages about documents that it cannot decode, as each minor words them.

use crate::go::quote::quote_by;
use crate::kubernetes::version::Minor;
use crate::model::refusal::{DecodeError, JsonType, Reason, TypeField, Wanted};
use crate::syntax::node::Fault;
use crate::text::source::clip;

/// The first kubectl that decodes JSON with Go's own decoder, whose messages we know.
pub(crate) const ENCODING_JSON_SINCE: Minor = Minor(23);

/// The struct into which kubectl reads `apiVersion` and `kind`, as Go prints its type.
const META: &str = "struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \
                    \"json:\\\"kind,omitempty\\\"\" }";

/// Returns the message of kubectl of that minor, without `error loading config file`; `None` if
/// it cannot be predicted.
pub fn message(error: &DecodeError, minor: Minor) -> Option<String> {
    Some(match &error.reason {
        Reason::Syntax(Fault::Yaml(error)) => error.to_string(),
        Reason::JsonComments(error) => return message(error, minor),
        Reason::Encoding | Reason::Syntax(_) | Reason::Time => return None,
        Reason::WrongType { .. } | Reason::Base64(_) if minor < ENCODING_JSON_SINCE => {
            return None;
        }
        Reason::UnknownAnchor(name) => format!("yaml: unknown anchor '{name}' referenced"),
        Reason::SelfContaining(name) => {
            format!("yaml: anchor '{name}' value contains itself")
        }
        Reason::ExcessiveAliasing => "yaml: document contains excessive aliasing".to_owned(),
        Reason::Merge => "yaml: map merge requires map or sequence of maps as the value".to_owned(),
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
            let found = go_name(*found);
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
            let is_ranged = matches!(wanted, Wanted::Int32 | Wanted::Byte);
            let number = if is_ranged && *found == JsonType::Number { " …" } else { "" };
            let found = go_name(*found);
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

/// Returns Go's name of the type.
fn go_name(json: JsonType) -> &'static str {
    match json {
        JsonType::Null => "null",
        JsonType::Bool => "bool",
        JsonType::Number => "number",
        JsonType::Text => "string",
        JsonType::List => "array",
        JsonType::Map => "object",
    }
}
