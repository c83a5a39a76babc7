//! From bytes to a spanned tree. [`node`] is the one tree, [`yaml`] reads what kubectl calls
//! YAML (JSON included) with the parser in [`goyaml`], [`gojson`] what it reads as JSON, [`jsonc`]
//! makes JSON with comments readable, [`scalar`] says what a plain word means.

pub mod gojson;
pub mod goyaml;
pub mod jsonc;
pub mod node;
pub mod scalar;
pub mod yaml;
