//! Parses text into a spanned tree.
//!
//! A text comes in; a [`Tree`](node::Tree) goes out, with the span of each node and the errors. All
//! syntaxes share this tree. [`yaml`] reads what kubectl reads as YAML (including JSON) with the
//! parser [`goyaml`], [`gojson`] what kubectl reads only as JSON, [`template`] templates of both,
//! and [`hcl`] Terraform. [`jsonc`] makes JSON with comments readable, [`html`] extracts text from
//! HTML, and [`scalar`] interprets plain words. [`escape`] and [`layout`] map the value of a scalar
//! back to its bytes.

pub(crate) mod escape;
pub(crate) mod gojson;
pub(crate) mod hcl;
pub(crate) mod html;
pub(crate) mod jsonc;
pub(crate) mod layout;
mod nesting;
pub(crate) mod node;
pub(crate) mod scalar;
pub(crate) mod template;
pub mod yaml;
