//! Applies the chosen fixes.
//!
//! A source and the result of linting it come in; the fixed text goes out. [`apply`] applies the
//! fixes in memory, where [`verify`] checks that the file then decodes to what they intend and that
//! nothing else changes. [`diff`] shows the result, with the
//! [`decoded_lines`] of base64, and [`mod@write`] replaces the file with it. Reports and baselines
//! are written in the same way.

pub(crate) mod apply;
pub(crate) mod decoded_lines;
pub(crate) mod diff;
pub(crate) mod verify;
pub(crate) mod write;
