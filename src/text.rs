//! Texts and places in them, whatever their syntax.
//!
//! [`source`] turns the bytes of a file into its text and computes lines and columns. [`offsets`]
//! maps spans of an embedded text to the enclosing one. [`placeholder`] recognizes text that is
//! filled in later, [`suggest`] finds the name that a misspelled one was meant to be, and
//! [`line_hash`] identifies a line across commits. [`message`] builds the texts of this program
//! from parts, and [`escape`] makes text from files safe to print.

pub(crate) mod escape;
pub(crate) mod line_hash;
pub(crate) mod message;
pub(crate) mod offsets;
pub(crate) mod placeholder;
pub(crate) mod source;
pub(crate) mod suggest;
