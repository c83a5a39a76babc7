//! What kubectl does with its own preferences, the kuberc.
//!
//! [`decode`] takes a file and returns its documents as a [`Kuberc`](crate::model::Kuberc).
//! [`policy`] says how kubectl of a minor reacts to them, and which credential plugins it allows.
//! [`preference`] describes the structs that kubectl decodes.

pub mod decode;
pub mod policy;
pub(crate) mod preference;
