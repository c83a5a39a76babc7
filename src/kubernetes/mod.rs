//! Facts about Kubernetes as data, each row with its source.

pub mod api_versions;
pub(crate) mod auth_providers;
pub(crate) mod kuberc;
pub mod plugins;
pub(crate) mod version;
