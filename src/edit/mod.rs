//! From what a rule wants written to edits of bytes.
//!
//! `propose` turns a [`Remedy`](crate::finding::fix::Remedy) into edits of the text that the finding
//! is in, with the help of `insert` and `remove`. `shared` drops a fix where users of one anchor
//! want different things, `sealed` where a checksum covers the text, and `reencode` carries edits
//! through the texts around an embedded one. `compose` puts chosen fixes together, and `decoded`
//! compares what a file decodes to before and after.

pub(crate) mod compose;
pub(crate) mod decoded;
pub(crate) mod insert;
pub(crate) mod propose;
pub(crate) mod reencode;
pub(crate) mod remove;
pub(crate) mod sealed;
pub(crate) mod shared;
