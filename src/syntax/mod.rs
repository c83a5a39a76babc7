//! Parses text into a spanned tree.
//!
//! All syntaxes share the tree in [`node`]. [`yaml`] reads what kubectl reads as YAML (including
//! JSON) with the parser [`goyaml`], and [`gojson`] reads what kubectl reads only as JSON.
//! [`jsonc`] makes JSON with comments readable, [`scalar`] interprets plain words, and [`template`]
//! reads templates of YAML.

pub(crate) mod escape;
pub(crate) mod gojson;
pub(crate) mod hcl;
pub(crate) mod html;
pub(crate) mod jsonc;
pub(crate) mod layout;
pub(crate) mod node;
pub(crate) mod scalar;
pub(crate) mod template;
pub mod yaml;
