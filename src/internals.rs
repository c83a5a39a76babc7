//! What the program, the tests, the benches and the fuzz targets of this project use. It may change
//! at any time.
//!
//! The functions give the fuzz targets access to single parsers.

use std::path::Path;

use crate::carrier::input::{Input, TextContext};
use crate::role::Role;
use crate::syntax::template::{self, Template};
use crate::syntax::{gojson, hcl, html, jsonc};
use crate::text::source::{Source, Span};

pub use crate::api_group::occurrences;
pub use crate::cli::{Cli, Generate, Subcommand, parse};
pub use crate::discover::read::{FileReader, Loaded};
pub use crate::doctor::doctor;
pub use crate::kubectl::decode::compose::check;
pub use crate::kubectl::decode::exec_credential::refusals;
pub use crate::kubectl::decode::view::View;
pub use crate::kubectl::decode_error;
pub use crate::kubectl::file::{Class, KubeconfigFile, Verdict};
pub use crate::kubectl::kuberc::{decode as kuberc, policy};
pub use crate::kubectl::merge::Merged;
pub use crate::kubectl::plugin_output;
pub use crate::kubectl::validation::Problem;
pub use crate::kubernetes::api_versions;
pub use crate::kubernetes::clients::{CLIENTS, Client};
pub use crate::kubernetes::plugins;
pub use crate::kubernetes::target::Installed;
pub use crate::model::refusal::{CredentialProblem, DecodeError, Reason, Refusal};
pub use crate::model::{AuthInfo, ExecConfig, Kuberc};
pub use crate::run::{diff, report, run, usage};
pub use crate::syntax::node::{Node, NodeId, NodeKind, NodeStyle, Tree};
pub use crate::syntax::scalar::ScalarValue;
pub use crate::syntax::yaml;
pub use crate::text::offsets::{Mapped, OffsetMap};
pub use crate::text::source::Spanned;

/// Parses JSON as Go does.
pub fn json(text: &str) -> Tree {
    gojson::parse(text)
}

/// Parses a stream of JSON values, such as JSON Lines.
pub fn json_stream(text: &str) -> Tree {
    gojson::parse_stream(text, |_| true)
}

/// Overwrites the comments of JSON with blanks; `None` if the text is not JSON with comments.
pub fn blank_comments(text: &str) -> Option<String> {
    jsonc::blank_comments(text)
}

/// Parses a template of JSON.
pub fn json_template(text: &str) -> Tree {
    template::parse_json(text)
}

/// Parses a template of YAML; `None` if the text is not one.
pub fn yaml_template(text: &str) -> Option<Tree> {
    Template::parse(text, &yaml::parse(text)).map(|template| template.tree)
}

/// Parses HCL.
pub fn hcl(text: &str) -> Tree {
    hcl::parse(text)
}

/// Returns the text at a span of HTML, without tags and with its entities decoded.
pub fn html_text(html: &str, span: Span) -> Mapped {
    html::text(html, span)
}

/// Returns the contents of all `<pre>` elements, in order.
pub fn preformatted(html: &str) -> Vec<Span> {
    html::preformatted(html)
}

/// Returns whether the byte at an offset is in a comment, for each of the offsets. The name of the
/// file decides which comments there are.
pub fn are_comments(name: &str, text: &str, offsets: &[usize]) -> Vec<bool> {
    let source = Source::new(Path::new(name), text.as_bytes().to_vec());
    let input = Input::within(&source, TextContext::of_file(&source, Some(Role::Live)));
    offsets.iter().map(|at| input.is_in_comment(*at)).collect()
}
