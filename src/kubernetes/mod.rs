//! Facts about Kubernetes as data, each row with its source.

pub mod advice;
pub mod api_versions;
pub mod auth_providers;
pub mod consumers;
pub mod copies;
pub mod kuberc;
pub mod output_format;
pub mod plugin_output;
pub mod plugins;
pub mod regenerate;
pub mod server;
pub mod transport;
pub mod validation;
pub mod verdict;
pub mod version;
