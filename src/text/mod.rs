//! Texts and places in them: sources, spans, the way back from embedded texts, escapes.

pub(crate) mod escape;
pub mod line_hash;
pub mod offsets;
pub mod placeholder;
pub mod source;
pub(crate) mod suggest;
