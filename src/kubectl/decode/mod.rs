//! How kubectl turns a document into Go structs, and where that fails.
//!
//! kubectl reads a kubeconfig in steps, and so does this module: go-yaml composes the document
//! and decodes it into maps ([`compose`], [`view`]), which become JSON, from which
//! `apiVersion` and `kind` are read and then the structs of client-go's
//! `tools/clientcmd/api/v1` ([`types`]). The first step that fails is what kubectl prints.
//! [`kubeconfig`] reads the users out of it, as far as they can be read. [`exec_credential`]
//! judges what a plugin prints, which goes the same way, or straight from JSON.

pub mod compose;
pub(crate) mod credential_schema;
pub mod exec_credential;
pub(crate) mod go_syntax;
mod json_iterator;
pub mod kubeconfig;
pub mod rendered;
pub(crate) mod schema;
pub mod to_json;
pub mod types;
pub mod view;

/// The words without the value that go-yaml quotes between backticks.
pub fn without_value(words: &str) -> String {
    match (words.find('`'), words.rfind('`')) {
        (Some(start), Some(end)) if start < end => {
            format!("{}`…{}", words.get(..start).unwrap_or(""), words.get(end..).unwrap_or(""))
        }
        _ => words.to_owned(),
    }
}
