//! From bytes to a spanned tree. [`node`] is the one tree, [`yaml`] reads what kubectl calls
//! YAML (JSON included) with the parser in [`goyaml`], [`json`] and [`gojson`] what it reads as JSON only, [`jsonc`]
//! makes JSON with comments readable, [`scalar`] says what a plain word means, [`template`]
//! reads templates of YAML.

pub mod escape;
pub mod gojson;
pub mod goyaml;
pub mod hcl;
pub mod html;
pub mod jsonc;
pub mod layout;
pub mod node;
pub mod scalar;
pub mod template;
pub mod yaml;
