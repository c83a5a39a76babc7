//! Texts and positions: sources, spans, mapping embedded texts back, escapes.

pub(crate) mod escape;
pub mod line_hash;
pub mod message;
pub mod offsets;
pub mod placeholder;
pub mod source;
pub(crate) mod suggest;
