//! How kubectl decodes a document into Go structs, and where that fails.
//!
//! The modules follow the steps of kubectl: go-yaml composes the document and decodes it into maps
//! ([`compose`], [`view`]); these become JSON, from which kubectl reads `apiVersion` and `kind`
//! (`type_meta`) and then the structs of client-go's `tools/clientcmd/api/v1` ([`types`]). kubectl
//! prints the error of the first step that fails. [`undecodable`] finds that error, and
//! [`kubeconfig`] reads the entries, leniently.
//! [`exec_credential`] judges what a plugin prints, which takes the same steps or begins with JSON.

pub(crate) mod authority;
pub(crate) mod compose;
pub(crate) mod credential_schema;
pub(crate) mod exec_credential;
pub(crate) mod go_syntax;
pub(crate) mod kubeconfig;
pub(crate) mod schema;
pub(crate) mod type_meta;
pub(crate) mod types;
pub(crate) mod undecodable;
pub(crate) mod view;
