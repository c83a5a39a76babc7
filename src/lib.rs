//! kubeconfig-lint: which exec API versions of kubeconfigs and ExecCredentials a given kubectl
//! will refuse, where, why, and what to write instead.
//!
//! The way of a file: [`discover`] finds it and decides in one pass whether to look closer,
//! [`source`] holds its text, [`syntax`] makes a spanned tree of it, [`carrier`]s find exec
//! configs in the tree ([`decode`] reads as kubectl does), [`rule`]s judge them by the facts in
//! [`kubernetes`], and [`report`]s say what they found. Carriers know files, rules know exec
//! configs, reports know formats; none knows another. A [`fix`] changes the bytes that a finding
//! names, and nothing else.
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

pub mod baseline;
pub mod carrier;
pub mod cli;
pub mod config;
pub mod decode;
pub mod discover;
pub mod finding;
pub mod fingerprint;
pub mod fix;
pub mod generate;
mod grade;
pub mod kubernetes;
pub mod language;
mod lint;
pub mod model;
pub mod needle;
pub mod offsets;
pub mod placeholder;
pub mod prefilter;
pub mod report;
pub mod role;
pub mod rule;
pub mod run;
pub mod secrets;
pub mod source;
mod spelling;
pub mod suppress;
pub mod syntax;
pub mod verdict;

pub use lint::{Linted, Options, lint};
pub use source::Source;
