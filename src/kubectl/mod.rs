//! What kubectl does with a file: decoding, validation, and its verdict.
//!
//! [`decode`] reads a kubeconfig or ExecCredential as kubectl does, [`validation`] and [`transport`]
//! are client-go's checks, and [`verdict`] puts them in order: rules, tests and examples ask it.
//! [`file`](mod@file) is the verdict on a whole file. [`kuberc`] is read in a way of its own.

pub mod decode;
pub mod file;
pub mod kuberc;
pub mod plugin_output;
pub mod server;
pub mod transport;
pub mod validation;
pub mod verdict;
