//! kubeconfig-lint: finds the exec API versions of kubeconfigs and ExecCredentials that a given
//! kubectl will refuse, says where and why, and what to write instead.
//!
//! The path of a file through the modules: [`discover`] finds it, [`api_group`] decides in one pass
//! whether to look closer, [`text::source`] stores its text, and [`syntax`] parses it into a tree
//! with spans. [`carrier`]s find exec configs in the tree, which [`kubectl`] decodes as kubectl
//! does. [`rule`]s judge them by kubectl's verdict and the facts in [`kubernetes`], and [`report`]s
//! show the findings. Carriers know files, rules know exec configs, reports know formats; none
//! knows another. [`edit`] turns what a rule wants written into edits of bytes, and [`fix`] applies
//! the chosen ones and nothing else.
//!
//! A top-level module uses only those before it in the list of `tests/layers.rs`.
//!
//! ```
//! use kubeconfig_lint::{Options, Source, lint};
//!
//! let text = "users:\n- name: u\n  user:\n    exec:\n      \
//!             apiVersion: client.authentication.k8s.io/v1alpha1\n      command: aws\n";
//! let source = Source::new("kubeconfig", text.into());
//! let linted = lint(&source, &Options::default());
//! assert_eq!(linted.findings[0].rule.name, "removed-api-version");
//! assert_eq!(source.position(linted.findings[0].primary.span.start).line, 5);
//! ```

pub mod advice;
pub mod api_group;
pub mod baseline;
pub mod carrier;
pub mod cli;
pub mod config;
pub mod discover;
pub mod edit;
pub mod finding;
pub mod fix;
pub mod generate;
pub mod go;
pub mod kubectl;
pub mod kubernetes;
pub mod language;
pub mod lint;
pub mod model;
pub mod report;
pub mod role;
pub mod rule;
pub mod run;
pub mod secrets;
pub mod syntax;
pub mod text;

pub use lint::{Linted, Options, lint};
pub use text::source::Source;
