//! Facts about Kubernetes as data, each row with its source.

pub mod api_versions;
pub mod auth_providers;
pub mod kuberc;
pub mod plugins;
pub mod version;
