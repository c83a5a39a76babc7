//! Applies the chosen fixes.
//!
//! [`apply`] applies them in memory, where `verify` checks that the file then decodes to what they
//! intend and nothing else changes. [`diff`] shows the result, and [`mod@write`] replaces the file
//! with it.

pub(crate) mod apply;
pub(crate) mod diff;
pub(crate) mod verify;
pub(crate) mod write;
