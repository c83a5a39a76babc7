//! Turns what a rule wants written into edits of bytes.
//!
//! A finding and its subject come in; a [`Fix`](crate::finding::fix::Fix) goes out.
//!
//! `propose` turns a [`Remedy`](crate::finding::fix::Remedy) into edits of the text that the
//! finding is in, with the help of `insert` and `remove`, and `spelling` spells its help like that
//! text. `shared` drops a fix if users of one anchor want different things, `sealed` if a checksum
//! covers the text, and `reencode` carries edits through the enclosing texts. `compose` combines the
//! chosen fixes, and `decoded` compares the values of a file before and after.

pub(crate) mod compose;
pub(crate) mod decoded;
pub(crate) mod insert;
pub(crate) mod propose;
pub(crate) mod reencode;
pub(crate) mod remove;
pub(crate) mod sealed;
pub(crate) mod shared;
pub(crate) mod spelling;
