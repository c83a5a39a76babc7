//! What kubectl does with a file: decoding, validation, and its verdict.
//!
//! [`decode`] reads a kubeconfig or ExecCredential as kubectl does, [`validation`] and
//! [`transport`] are client-go's checks, and [`verdict`] combines them in order for rules, tests
//! and examples. [`file`](mod@file) gives the verdict on a whole file. [`kuberc`] has its own
//! decoding.

pub mod decode;
pub mod file;
pub mod kuberc;
pub mod plugin_output;
pub mod server;
pub mod transport;
pub mod validation;
pub mod verdict;
