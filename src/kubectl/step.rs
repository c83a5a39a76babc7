//! The steps of kubectl: it stops at the first that fails.

/// The steps of kubectl until it has a credential, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    /// It reads its preferences and the kubeconfigs.
    Loading,
    /// It validates the context, the user and the cluster, and opens the files that they name.
    Validation,
    /// It reads `tokenFile`.
    TokenFile,
    /// It prepares the plugin or the auth provider. Here it checks the exec API version.
    Construction,
    /// It reads the other files.
    Files,
    /// It looks for certificates in the certificate authority.
    Authority,
    /// It looks for the client certificate and its key.
    Certificate,
    /// It runs the plugin, and decodes what that prints; or it asks for a user name.
    Credential,
}
