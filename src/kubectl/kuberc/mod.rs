//! What kubectl does with its own preferences, the kuberc: decoding, and the policy for credential
//! plugins.

pub mod decode;
pub mod policy;
pub(crate) mod preference;
pub(crate) mod strict;
