//! What kubectl does with a file: decoding, validation, and its verdict.
//!
//! A parsed document and a minor version of kubectl come in; the values of [`crate::model`],
//! kubectl's errors and its verdict go out. [`decode`] reads a kubeconfig or ExecCredential as
//! kubectl does, [`validation`], [`server`], [`transport`] and [`files`] are client-go's checks, and
//! [`verdict`] combines them in order for rules, tests and examples. [`file`](mod@file) gives the
//! verdict on a whole file. [`merge`] merges several, [`select`] says what kubectl selects in them, and
//! [`contexts`] reads what it runs. [`decode_error`] and [`plugin_output`] hold kubectl's messages.
//! [`kuberc`] has its own decoding.

pub(crate) mod contexts;
pub(crate) mod decode;
pub mod decode_error;
pub(crate) mod file;
pub(crate) mod files;
pub(crate) mod kuberc;
pub(crate) mod merge;
pub mod plugin_output;
pub(crate) mod rendered;
pub(crate) mod select;
pub(crate) mod server;
pub(crate) mod step;
pub(crate) mod transport;
pub(crate) mod validation;
pub(crate) mod verdict;
pub(crate) mod words;
