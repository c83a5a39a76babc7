//! Texts and positions: sources, spans, mapping embedded texts back, escapes.

pub(crate) mod escape;
pub(crate) mod line_hash;
pub(crate) mod message;
pub(crate) mod offsets;
pub(crate) mod placeholder;
pub(crate) mod source;
pub(crate) mod suggest;
