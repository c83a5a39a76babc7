//! Makes the fixes that were chosen.
//!
//! [`apply`] makes them in memory, where `verify` checks that the file then decodes to what they
//! mean to change and nothing else. [`diff`] shows the result, and [`mod@write`] puts it into the
//! place of the file.

pub mod apply;
pub mod diff;
pub(crate) mod verify;
pub mod write;
