//! Parses text into a spanned tree.
//!
//! All syntaxes share the tree in [`node`]. [`yaml`] reads what kubectl reads as YAML (including
//! JSON) with the parser [`goyaml`], and [`gojson`] reads what kubectl reads only as JSON.
//! [`jsonc`] makes JSON with comments readable, [`scalar`] interprets plain words, and [`template`]
//! reads templates of YAML.

pub mod escape;
pub mod gojson;
pub mod hcl;
pub mod html;
pub mod jsonc;
pub mod layout;
pub mod node;
pub mod scalar;
pub mod template;
pub mod yaml;
