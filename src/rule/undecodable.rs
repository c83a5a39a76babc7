//! Explains in plain words why kubectl cannot decode a document.

use goyaml::ErrorKind;

use crate::kubernetes::target::Target;
use crate::kubernetes::version::Minor;
use crate::model::refusal::{JsonType, Reason, Wanted};
use crate::syntax::node::{Fault, JsonFault};
use crate::text::message::{Message, message};

/// What to write for an exec API version that is not a string.
pub(super) const WRITE_VERSION: &str =
    "write the version as a string, such as `client.authentication.k8s.io/v1beta1`";

/// What to write where bytes are expected.
const PEM: &str = "write the base64 encoding of a PEM file";

/// Returns who refuses a document: the program, or if others of the target accept it the newest that
/// does not.
pub(super) fn who(newest: Minor, target: &Target, refuses: impl Fn(Minor) -> bool) -> Message {
    match target.minors().all(refuses) {
        true => target.program().into(),
        false => target.reader(newest).into(),
    }
}

/// Returns the label of the place and the help.
pub(super) fn describe(reason: &Reason) -> (Message, Message) {
    let (label, help) = match reason {
        Reason::Encoding => ("not valid UTF-16 from here on", "save the file as UTF-8"),
        Reason::Syntax(Fault::Yaml(error)) => {
            let help = match error.kind {
                ErrorKind::Encoding => "save the file as UTF-8",
                ErrorKind::ForbiddenCharacter => {
                    "remove the control characters, or save the file as UTF-8"
                }
                ErrorKind::Tab => "replace the tab with spaces",
                ErrorKind::ReservedCharacter => "quote the value",
                ErrorKind::UnexpectedColon => {
                    "write the previous line as `KEY: VALUE`, give both lines the same indentation, or \
                     quote a value that contains `: `"
                }
                ErrorKind::Escape => "write `\\\\` for a backslash, or use single quotes",
                ErrorKind::EscapedSlash => {
                    "write `/` instead of `\\/`, which YAML 1.1 does not have"
                }
                ErrorKind::UnclosedQuote => "close the quote",
                ErrorKind::Version => "remove the `%YAML` line: kubectl reads YAML 1.1",
                ErrorKind::Syntax => "fix the YAML: kubectl refuses the whole file",
            };
            // The report shows the place, so the line that go-yaml prints is left out.
            return (error.message.clone().into_owned().into(), help.into());
        }
        Reason::Syntax(Fault::Json(fault)) => (fault.as_str(), repair_json(*fault)),
        Reason::Syntax(Fault::Hcl) => ("a bracket or quote is not closed", "close it"),
        Reason::Syntax(Fault::HclDepth) => ("nested too deeply", "nest it less deeply"),
        Reason::JsonComments(_) => {
            ("not a YAML comment", "remove the comment, or start it with `#`")
        }
        Reason::UnknownAnchor(_) => ("unknown anchor", "define the anchor before its first use"),
        Reason::SelfContaining(_) => ("the anchor contains itself", "write out the value"),
        Reason::ExcessiveAliasing => {
            ("excessive aliasing", "write the values out instead of using aliases")
        }
        Reason::Merge => ("expected a map or a list of maps", "merge a map: `<<: *name`"),
        Reason::CollectionKey(_) => (
            "a list or a map cannot be a key",
            "quote it if it is a placeholder such as `{{ name }}`",
        ),
        Reason::NullKey(_) => ("null cannot be a key", "quote the key"),
        Reason::Tag(_) => {
            ("the tag does not match the value", "correct the value, or remove the tag")
        }
        Reason::NotJson(_) => ("JSON has no such number", "quote the value"),
        Reason::VersionKind { .. } => ("expected a string", "write a string"),
        Reason::NoKind { .. } | Reason::GroupVersion(_) | Reason::MissingVersion => {
            ("unknown kind or version", "write a kind and version that kubectl knows")
        }
        Reason::Time => {
            ("not an RFC 3339 time", "write it like `2030-01-02T15:04:05Z`, or remove the key")
        }
        Reason::WrongType { found, wanted, owner, path, .. } => {
            let (label, help) = wrong_type(*found, wanted);
            let is_version = *owner == "ExecConfig" && path.ends_with(".apiVersion");
            return (label, if is_version { WRITE_VERSION.into() } else { help });
        }
        Reason::Base64(_) => ("not valid base64", PEM),
        Reason::DuplicateName { .. } => ("duplicate name", "rename or remove one of the two"),
    };
    (label.into(), help.into())
}

fn wrong_type(found: JsonType, wanted: &Wanted) -> (Message, Message) {
    let (expected, help): (_, Message) = match wanted {
        Wanted::Type(JsonType::Bool) => {
            ("a boolean", "write `true` or `false`, without quotes".into())
        }
        Wanted::Type(JsonType::Text) => {
            let help = match found {
                JsonType::Bool | JsonType::Number => {
                    message!("quote the value: kubectl reads it as {}", with_article(found))
                }
                JsonType::Map => {
                    "write a string here, in quotes if it begins with `{` or contains `: `".into()
                }
                _ => "write a string here".into(),
            };
            ("a string", help)
        }
        // Every other list is one of strings.
        Wanted::Type(JsonType::List) => ("a list", "write a list of strings here".into()),
        Wanted::Type(wanted) => {
            let expected = with_article(*wanted);
            (expected, message!("write {} here", expected))
        }
        Wanted::Map(keys) => ("a map", message!("write a map{} here", with_keys(keys))),
        Wanted::Maps(keys) => ("a list", message!("write a list of maps{} here", with_keys(keys))),
        Wanted::InteractiveMode => ("a string", "write `IfAvailable`, `Never` or `Always`".into()),
        Wanted::Int32 => ("a 32-bit whole number", "write a whole number here".into()),
        Wanted::Base64 => ("base64", PEM.into()),
        Wanted::Byte => ("a whole number from 0 to 255", message!("{} instead of the list", PEM)),
    };
    let label = match (wanted, found) {
        (Wanted::Int32 | Wanted::Byte, JsonType::Number) => message!("expected {}", expected),
        _ => message!("expected {}, found {}", expected, with_article(found)),
    };
    (label, help)
}

/// Returns the keys of a map in words.
fn with_keys(keys: &[&'static str]) -> Message {
    let mut words = Message::default();
    for (at, key) in keys.iter().enumerate() {
        words.push(match at {
            0 => " with ",
            _ if at + 1 == keys.len() => " and ",
            _ => ", ",
        });
        words.push(message!("`{}`", *key));
    }
    words
}

/// Returns the type in the words of YAML.
fn with_article(json: JsonType) -> &'static str {
    match json {
        JsonType::Null => "null",
        JsonType::Bool => "a boolean",
        JsonType::Number => "a number",
        JsonType::Text => "a string",
        JsonType::List => "a list",
        JsonType::Map => "a map",
    }
}

/// Returns how to repair a text that is not JSON.
fn repair_json(fault: JsonFault) -> &'static str {
    match fault {
        JsonFault::BreaksOff => "close all brackets and quotes",
        JsonFault::TextBehind => "remove the text after the closing brace",
        JsonFault::TrailingComma => "remove the comma",
        JsonFault::SingleQuotes => "use double quotes",
        _ => "write valid JSON: kubectl reads text that starts with `{` as JSON",
    }
}
