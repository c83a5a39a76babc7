//! How Go's standard library reads and writes values: base64, PEM, times, paths and quoted strings.
//!
//! kubectl is a Go program, so its verdict depends on these functions. Each takes a text, and where
//! releases of Go differ also the minor version of kubectl, and returns what Go makes of it.

pub(crate) mod base64;
pub(crate) mod path;
pub(crate) mod pem;
pub(crate) mod quote;
pub(crate) mod time;
pub(crate) mod x509;
