//! Explains in plain words why kubectl cannot decode a document.

use goyaml::ErrorKind;

use crate::kubernetes::version::{Minor, Target};
use crate::model::refusal::{JsonType, Reason};
use crate::syntax::node::{Fault, JsonFault};
use crate::text::message::{Message, message};

/// Returns who refuses a document: `kubectl`, or if others of the target accept it the newest that
/// does not.
pub(super) fn who(newest: Minor, target: &Target, refuses: impl Fn(Minor) -> bool) -> Message {
    match target.minors().all(refuses) {
        true => "kubectl".into(),
        false => message!("kubectl {}", newest),
    }
}

/// Returns the label of the place and the help.
pub(super) fn describe(reason: &Reason) -> (Message, Message) {
    let (label, help) = match reason {
        Reason::Encoding => ("no valid UTF-16 from here on", "save the file as UTF-8"),
        Reason::Syntax(Fault::Yaml(error)) => {
            let help = match error.kind {
                ErrorKind::Encoding => "save the file as UTF-8",
                ErrorKind::ForbiddenCharacter => {
                    "remove the control characters, or save the file as UTF-8"
                }
                ErrorKind::Syntax => "repair the YAML: kubectl reads nothing of the file",
            };
            // The report shows the place, so the line that go-yaml prints is left out.
            return (error.message.clone().into_owned().into(), help.into());
        }
        Reason::Syntax(Fault::Json(fault)) => (fault.as_str(), repair_json(*fault)),
        Reason::Syntax(Fault::Hcl) => ("a bracket or quote is not closed", "close it"),
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
        Reason::VersionKind { .. } => ("not a text", "write the text that kubectl wants"),
        Reason::NoKind { .. } | Reason::GroupVersion(_) | Reason::MissingVersion => {
            ("kubectl does not know it", "write the kind and version it wants")
        }
        Reason::Time => (
            "this is not an RFC 3339 time",
            "write it like `2030-01-02T15:04:05Z`, or leave the field out",
        ),
        Reason::WrongType { found, wanted, .. } => return wrong_type(*found, *wanted),
        Reason::Base64(_) => ("no valid base64", "correct the data: it is base64 of a PEM file"),
        Reason::DuplicateName { .. } => {
            ("the name stands twice in the list", "rename or remove one of the two")
        }
    };
    (label.into(), help.into())
}

fn wrong_type(found: JsonType, wanted: JsonType) -> (Message, Message) {
    let (a, wanted_words) = match wanted {
        JsonType::Text => ("a ", "text"),
        JsonType::Bool => ("", "true or false"),
        JsonType::Number => ("a ", "whole number in range"),
        JsonType::List => ("a ", "list"),
        JsonType::Map | JsonType::Null => ("a ", "map"),
    };
    let help = match (wanted, found) {
        (JsonType::Text, JsonType::Bool | JsonType::Number) => "put the value into quotes".into(),
        (JsonType::Bool, JsonType::Text) => "remove the quotes".into(),
        _ => message!("write {}{} here", a, wanted_words),
    };
    let found = match found {
        JsonType::Bool => "YAML 1.1 reads this as true or false",
        JsonType::Number => "YAML 1.1 reads this as a number",
        JsonType::List => "this is a list",
        JsonType::Map => "this is a map",
        JsonType::Text | JsonType::Null => "this is a text",
    };
    (message!("{}; kubectl wants {}{}", found, a, wanted_words), help)
}

/// Returns how to repair a text that is not JSON.
fn repair_json(fault: JsonFault) -> &'static str {
    match fault {
        JsonFault::BreaksOff => "close what is open",
        JsonFault::TextBehind => {
            "remove what follows the closing brace: kubectl reads one JSON value"
        }
        JsonFault::TrailingComma => "remove the comma",
        JsonFault::SingleQuotes => "write double quotes",
        _ => "write valid JSON: kubectl does not read what begins with `{` as YAML",
    }
}
