//! The JSON schema of the configuration file, for editors, generated from the keys as they are
//! read.
//!
//! The reader alone checks what the schema cannot express: that a range does not run backwards, the
//! syntax of braces and brackets in globs, and that 1.3 and 1.30 differ, which are one number to
//! JSON.

use serde_json::{Map, Value, json};

use crate::discover::globs;
use crate::kubernetes::version::Minor;
use crate::rule::RULES;

use super::keys::{KEYS, Key};
use super::read::MAX_GLOBS;

/// Where the schema is published, below the repository's address.
pub const PUBLISHED: &str = "docs/config.schema.json";

/// Returns the schema, in draft 7, which editors support best.
pub fn schema() -> Value {
    let mut schema = mapping(KEYS);
    // An empty file is valid.
    or_null(&mut schema);
    let more = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": format!("{}/raw/main/{PUBLISHED}", env!("CARGO_PKG_REPOSITORY")),
        "title": "The configuration of kubeconfig-lint",
        "description": "What .kubeconfig-lint.yaml may say.",
    });
    extend(&mut schema, more);
    schema
}

/// Returns the keys and their documentation.
pub fn keys() -> impl Iterator<Item = (&'static str, &'static str)> {
    KEYS.iter().map(|key| (key.name, key.documentation))
}

/// Returns the schema of a mapping with these keys and no others.
fn mapping<T>(keys: &[Key<T>]) -> Value {
    let property = |key: &Key<T>| {
        let mut schema = (key.schema)();
        if !key.is_required {
            or_null(&mut schema);
        }
        extend(&mut schema, json!({ "description": key.documentation }));
        (key.name.to_owned(), schema)
    };
    let properties: Map<_, _> = keys.iter().map(property).collect();
    let mut schema =
        json!({ "type": "object", "properties": properties, "additionalProperties": false });
    let required: Vec<_> = keys.iter().filter(|key| key.is_required).map(|key| key.name).collect();
    if !required.is_empty() {
        extend(&mut schema, json!({ "required": required }));
    }
    schema
}

/// Returns the schema of a list of such mappings.
pub(super) fn list_of<T>(keys: &[Key<T>]) -> Value {
    json!({ "type": "array", "items": mapping(keys) })
}

/// Returns the schema of one of several words.
pub(super) fn choice<T>(choices: &[(&'static str, T)]) -> Value {
    let words: Vec<_> = choices.iter().map(|(word, _)| *word).collect();
    json!({ "enum": words })
}

/// Returns the schema of a kubectl version or a range, which YAML may read as a number.
pub(super) fn version() -> Value {
    let (oldest, newest) = (Minor::OLDEST, Minor::NEWEST);
    // 1.20 and later, including minors that are newer than the newest known.
    let minor = r"1\.(?:[2-9][0-9]|[1-9][0-9]{2})";
    let release = format!(r"(?:v?{minor}(?:\+|\.[0-9]+(?:\+|[-+][0-9A-Za-z.+~_-]+)?)?|latest)");
    json!({
        "anyOf": [
            {
                "type": "string",
                "pattern": format!("^ *(?:>= *{release}|{release} *(?:- *{release}?)?) *$"),
                "patternErrorMessage": format!(
                    "Write a kubectl version from {oldest} on, such as {newest}, or a range such as \
                     1.28-{newest}"
                ),
            },
            // With two digits each, minors sort like the numbers that they look like.
            { "type": "number", "minimum": number(oldest), "maximum": number(Minor(99)) },
        ],
        "examples": [format!("1.28-{newest}"), newest.to_string(), "latest"],
    })
}

/// Returns the number that a minor looks like.
fn number(minor: Minor) -> f64 {
    1.0 + f64::from(minor.0) / 100.0
}

/// Returns the schema of names of rules.
pub(super) fn rules() -> Value {
    let names: Vec<_> = RULES.iter().map(|rule| rule.name).collect();
    let summaries: Vec<_> = RULES.iter().map(|rule| rule.summary).collect();
    json!({ "type": "array", "items": { "enum": names, "enumDescriptions": summaries } })
}

/// Returns the schema of globs.
pub(super) fn globs() -> Value {
    let glob = json!({
        "type": "string",
        "maxLength": globs::MAX_BYTES,
        // Not a comment, not only slashes, and without `.` or `..` as a part.
        "pattern": r"^(?!#)(?!!?/*\s*$)(?!!?(?:[\s\S]*/)?\.{1,2}(?:/|\s*$))",
        "patternErrorMessage": "Write a glob as in .gitignore, which stays below the folder of \
                                this file",
    });
    json!({ "type": "array", "items": glob, "maxItems": MAX_GLOBS })
}

/// Extends the schema of a value that may also be left empty.
fn or_null(schema: &mut Value) {
    if let Some(types) = schema.get_mut("type") {
        *types = json!([types.clone(), "null"]);
    } else if let Some(Value::Array(values)) = schema.get_mut("enum") {
        values.push(Value::Null);
    } else if let Some(Value::Array(schemas)) = schema.get_mut("anyOf") {
        schemas.push(json!({ "type": "null" }));
    }
}

fn extend(schema: &mut Value, more: Value) {
    if let (Value::Object(schema), Value::Object(more)) = (schema, more) {
        schema.extend(more);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_may_be_empty_or_must_be_there() {
        let schema = schema();
        for key in KEYS {
            let property = &schema["properties"][key.name];
            let text = property.to_string();
            assert_eq!(text.contains("null"), !key.is_required, "{}: {text}", key.name);
        }
    }

    #[test]
    fn minors_are_in_the_order_of_numbers() {
        for minor in [Minor::OLDEST, Minor::NEWEST] {
            assert!((10..100).contains(&minor.0), "{minor} as a number is not where it belongs");
        }
    }
}
