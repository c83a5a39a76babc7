//! How Go itself writes and reads values.

pub(crate) mod base64;
pub(crate) mod path;
pub(crate) mod pem;
pub(crate) mod quote;
pub(crate) mod time;
