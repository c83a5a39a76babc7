//! Facts about Kubernetes and credential plugins as data, each with its source.
//!
//! Other modules look up an API version, a minor version of kubectl, the name of an auth provider,
//! or the command line of a plugin, and get back what is known about it.

pub mod api_versions;
pub(crate) mod auth_providers;
pub(crate) mod clients;
pub(crate) mod kuberc;
pub mod plugins;
pub(crate) mod reader;
pub(crate) mod release;
pub(crate) mod target;
pub(crate) mod version;
