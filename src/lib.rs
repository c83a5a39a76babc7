//! kubeconfig-lint: finds the exec API versions of kubeconfigs and ExecCredentials that a given
//! kubectl will refuse, says where and why, and what to write instead.
//!
//! [`lint()`] takes a [`Source`] and [`Options`] and returns the findings as [`Linted`]. [`fix()`]
//! makes the fixes among them in memory. [`RULES`] are what it looks for, and [`FORMATS`] write a
//! [`Report`] about many files. `CONTRIBUTING.md` describes how the modules work together.
//!
//! ```
//! use kubeconfig_lint::{Options, Source, lint};
//!
//! let text = "users:\n- name: u\n  user:\n    exec:\n      \
//!             apiVersion: client.authentication.k8s.io/v1alpha1\n      command: aws\n";
//! let source = Source::new("kubeconfig", text.into());
//! let linted = lint(&source, &Options::default());
//! assert_eq!(linted.findings[0].rule.name, "removed-api-version");
//! assert_eq!(source.position(linted.findings[0].primary.span.start()).line, 5);
//! ```

mod advice;
mod api_group;
mod baseline;
mod carrier;
mod cli;
mod config;
mod discover;
mod doctor;
mod edit;
mod finding;
mod fix;
mod generate;
mod go;
#[doc(hidden)]
pub mod internals;
mod kubectl;
mod kubernetes;
mod language;
mod lint;
mod model;
mod pins;
mod report;
mod role;
mod rule;
mod run;
mod secrets;
mod syntax;
mod text;

pub use carrier::Reference;
pub use finding::change::{Change, Edit, Encoded};
pub use finding::few::Few;
pub use finding::fix::{Applicability, Fix, Intent, Remedy};
pub use finding::rule::{Needs, Rule};
pub use finding::{Accepted, Finding, Label, Severity, Shared, SharedAccepted};
pub use fix::apply::{Fixed, Verified, fix, verify};
pub use kubectl::merge::Siblings;
pub use kubernetes::api_versions::ApiVersion;
pub use kubernetes::reader::Reader;
pub use kubernetes::target::Target;
pub use kubernetes::version::Minor;
pub use lint::suppress::{Suppressed, Suppression};
pub use lint::{Linted, Options, lint};
pub use model::kubectl_message::KubectlMessage;
pub use model::{Evidence, Recognized};
pub use report::{FORMATS, FileReport, Format, Limited, Report, Skipped, Style, Summary};
pub use role::Role;
pub use rule::RULES;
pub use text::message::Message;
pub use text::source::{Encoding, Position, Source, Span};
