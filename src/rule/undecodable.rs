//! Explains in plain words why kubectl cannot decode a document.

use crate::model::refusal::Reason;
use crate::text::message::{Message, message};

/// Returns the label of the place and the help.
pub(super) fn describe(reason: &Reason) -> (Message, Message) {
    let (label, help) = match reason {
        Reason::Encoding => ("no valid UTF-16 from here on", "save the file as UTF-8"),
        Reason::Syntax(words) => {
            // Drop the parser's own line number; the report shows the place anyway.
            let words = words.rsplit_once(": ").map_or(words.as_str(), |(_, words)| words);
            let help = if words.contains("UTF-8") {
                "save the file as UTF-8"
            } else if words.contains("control characters") {
                "remove the control characters, or save the file as UTF-8"
            } else {
                "repair the YAML: kubectl reads nothing of the file"
            };
            return (words.to_owned().into(), help.into());
        }
        Reason::JsonComments(_) => {
            ("kubectl's YAML knows no such comments", "remove the comment, or begin it with `#`")
        }
        Reason::UnknownAnchor(_) => {
            ("no such anchor before this place", "define the anchor above its first use")
        }
        Reason::SelfContaining(_) => ("the anchor holds itself", "write the value out"),
        Reason::ExcessiveAliasing => ("excessive aliasing", "write the values out"),
        Reason::Merge => ("neither a map nor a list of maps", "merge a map: `<<: *name`"),
        Reason::CollectionKey(_) => (
            "a list or a map cannot be a key",
            "quote it if it is a placeholder such as `{{ name }}`",
        ),
        Reason::NullKey(_) => ("null cannot be a key", "quote the key"),
        Reason::Tag(_) => ("the tag does not fit the value", "correct the value, or drop the tag"),
        Reason::NotJson(_) => ("JSON has no such number", "quote the value"),
        Reason::Json(words) => return (words.clone().into(), repair_json(words).into()),
        Reason::VersionKind(_) => ("not a text", "write the text that kubectl wants"),
        Reason::NoKind { .. }
        | Reason::Unconvertible { .. }
        | Reason::GroupVersion(_)
        | Reason::MissingVersion => {
            ("kubectl does not know it", "write the kind and version it wants")
        }
        Reason::Time(_) => (
            "no time as RFC 3339 has it",
            "write it like `2030-01-02T15:04:05Z`, or leave the field out",
        ),
        Reason::WrongType { found, wanted, .. } => {
            return wrong_type(found, wanted);
        }
        Reason::JsonIterator(_) => ("kubectl wants another type here", "write what kubectl wants"),
        Reason::Base64(_) => ("no valid base64", "correct the data: it is base64 of a PEM file"),
        Reason::DuplicateName { .. } => {
            ("the name stands twice in the list", "rename or remove one of the two")
        }
    };
    (label.into(), help.into())
}

fn wrong_type(found: &str, wanted: &str) -> (Message, Message) {
    let wanted = match wanted {
        "string" | "[]uint8" | "v1.ExecInteractiveMode" => "text",
        "bool" => "true or false",
        list if list.starts_with("[]") => "list",
        _ => "map",
    };
    let help = match (wanted, found) {
        ("text", "bool" | "number") => "put the value into quotes".into(),
        ("true or false", "string") => "remove the quotes".into(),
        _ => message!("write a {} here", wanted),
    };
    let found = match found {
        "bool" => "YAML 1.1 reads this as true or false",
        "number" => "YAML 1.1 reads this as a number",
        "array" => "this is a list",
        "object" => "this is a map",
        _ => "this is a text",
    };
    let a = if wanted == "true or false" { "" } else { "a " };
    (message!("{}; kubectl wants {}{}", found, a, wanted), help)
}

/// Returns how to repair JSON that Go rejects with `words`.
fn repair_json(words: &str) -> &'static str {
    if words.starts_with("unexpected end") || words.starts_with("invalid character ' '") {
        "close what is open: the text breaks off"
    } else if words.ends_with("after top-level value") {
        "leave away what stands behind the closing brace: kubectl reads one JSON value"
    } else if words.starts_with("invalid character '}'")
        || words.starts_with("invalid character ']'")
    {
        "remove the comma before it: JSON has none there"
    } else if words.starts_with("invalid character '\\''") {
        "write double quotes: JSON has no others"
    } else {
        "write JSON: what begins with `{` is not read as YAML"
    }
}
