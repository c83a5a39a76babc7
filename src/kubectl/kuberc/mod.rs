//! What kubectl does with its own preferences, the kuberc: decoding and the credential plugin
//! policy.

pub mod decode;
pub mod policy;
pub(crate) mod preference;
