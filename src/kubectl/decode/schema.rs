//! client-go's kubeconfig structs as data, and the types to describe such structs.
//!
//! Source: client-go `tools/clientcmd/api/v1/types.go`.

use crate::kubernetes::api_versions::INTERACTIVE_MODE_SINCE;
use crate::kubernetes::version::Minor;
use crate::model::IMPERSONATE_UID_SINCE;

/// A Go type in the structs that kubectl decodes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Type {
    String,
    Bool,
    Int32,
    Byte,
    /// A pointer to a `metav1.Time`: RFC 3339.
    Time,
    /// A named string type.
    Named(&'static str),
    /// A field that was added in the given minor.
    Since(Minor, &'static Type),
    /// `[]byte`: base64 in JSON, or a list of numbers.
    Bytes,
    Struct(&'static Struct),
    /// A pointer to a struct.
    Pointer(&'static Struct),
    /// `[]T`, with its Go name.
    List(&'static Type, &'static str),
    /// `map[string]T`, with its Go name.
    Map(&'static Type, &'static str),
    /// `runtime.RawExtension`, which accepts anything.
    Any,
    /// An interface type, into which only null can be decoded; holds its Go name.
    Interface(&'static str),
}

/// The kinds that one of kubectl's decoders knows.
#[derive(Debug)]
pub(crate) struct Scheme {
    /// The default group of a document without a group and version; empty for kubeconfigs.
    pub(crate) group: &'static str,
    /// The default version of such a document.
    pub(crate) version: &'static str,
    /// The only kind, and the default of a document without one.
    pub(crate) kind: &'static str,
}

/// A Go struct.
#[derive(Debug)]
pub(crate) struct Struct {
    /// Its name without the package.
    pub(crate) name: &'static str,
    /// Its name with the package.
    pub(crate) go_name: &'static str,
    /// Its fields, sorted by their names in JSON.
    pub(crate) fields: &'static [Field],
}

/// A field of a Go struct.
#[derive(Debug)]
pub(crate) struct Field {
    /// Its name in JSON.
    pub(crate) json: &'static str,
    /// Its name in Go.
    pub(crate) go: &'static str,
    /// Its type.
    pub(crate) kind: Type,
}

impl Field {
    /// Returns the first minor that has the field.
    pub(crate) fn since(&self) -> Minor {
        match self.kind {
            Type::Since(since, _) => since,
            _ => Minor::OLDEST,
        }
    }
}

pub(crate) const fn field(json: &'static str, go: &'static str, kind: Type) -> Field {
    Field { json, go, kind }
}

pub(crate) const STRINGS: Type = Type::List(&Type::String, "[]string");
const INTERACTIVE_MODE: Type = Type::Named("v1.ExecInteractiveMode");
const EXTENSIONS: Type = Type::List(&Type::Struct(&EXTENSION), "[]v1.NamedExtension");

/// The scheme that decodes kubeconfigs.
pub(crate) static KUBECONFIG: Scheme = Scheme { group: "", version: "v1", kind: "Config" };

pub(crate) static CONFIG: Struct = Struct {
    name: "Config",
    go_name: "v1.Config",
    fields: &[
        field("apiVersion", "APIVersion", Type::String),
        field(
            "clusters",
            "Clusters",
            Type::List(&Type::Struct(&NAMED_CLUSTER), "[]v1.NamedCluster"),
        ),
        field(
            "contexts",
            "Contexts",
            Type::List(&Type::Struct(&NAMED_CONTEXT), "[]v1.NamedContext"),
        ),
        field("current-context", "CurrentContext", Type::String),
        field("extensions", "Extensions", EXTENSIONS),
        field("kind", "Kind", Type::String),
        field("preferences", "Preferences", Type::Struct(&PREFERENCES)),
        field(
            "users",
            "AuthInfos",
            Type::List(&Type::Struct(&NAMED_AUTH_INFO), "[]v1.NamedAuthInfo"),
        ),
    ],
};

static PREFERENCES: Struct = Struct {
    name: "Preferences",
    go_name: "v1.Preferences",
    fields: &[field("colors", "Colors", Type::Bool), field("extensions", "Extensions", EXTENSIONS)],
};

static EXTENSION: Struct = Struct {
    name: "NamedExtension",
    go_name: "v1.NamedExtension",
    fields: &[field("extension", "Extension", Type::Any), field("name", "Name", Type::String)],
};

static NAMED_CLUSTER: Struct = Struct {
    name: "NamedCluster",
    go_name: "v1.NamedCluster",
    fields: &[
        field("cluster", "Cluster", Type::Struct(&CLUSTER)),
        field("name", "Name", Type::String),
    ],
};

static CLUSTER: Struct = Struct {
    name: "Cluster",
    go_name: "v1.Cluster",
    fields: &[
        field("certificate-authority", "CertificateAuthority", Type::String),
        field("certificate-authority-data", "CertificateAuthorityData", Type::Bytes),
        field("disable-compression", "DisableCompression", Type::Since(Minor(26), &Type::Bool)),
        field("extensions", "Extensions", EXTENSIONS),
        field("insecure-skip-tls-verify", "InsecureSkipTLSVerify", Type::Bool),
        field("proxy-url", "ProxyURL", Type::String),
        field("server", "Server", Type::String),
        field("tls-server-name", "TLSServerName", Type::String),
    ],
};

static NAMED_CONTEXT: Struct = Struct {
    name: "NamedContext",
    go_name: "v1.NamedContext",
    fields: &[
        field("context", "Context", Type::Struct(&CONTEXT)),
        field("name", "Name", Type::String),
    ],
};

static CONTEXT: Struct = Struct {
    name: "Context",
    go_name: "v1.Context",
    fields: &[
        field("cluster", "Cluster", Type::String),
        field("extensions", "Extensions", EXTENSIONS),
        field("namespace", "Namespace", Type::String),
        field("user", "AuthInfo", Type::String),
    ],
};

static NAMED_AUTH_INFO: Struct = Struct {
    name: "NamedAuthInfo",
    go_name: "v1.NamedAuthInfo",
    fields: &[
        field("name", "Name", Type::String),
        field("user", "AuthInfo", Type::Struct(&AUTH_INFO)),
    ],
};

static AUTH_INFO: Struct = Struct {
    name: "AuthInfo",
    go_name: "v1.AuthInfo",
    fields: &[
        field("as", "Impersonate", Type::String),
        field("as-groups", "ImpersonateGroups", STRINGS),
        field("as-uid", "ImpersonateUID", Type::Since(IMPERSONATE_UID_SINCE, &Type::String)),
        field("as-user-extra", "ImpersonateUserExtra", Type::Map(&STRINGS, "map[string][]string")),
        field("auth-provider", "AuthProvider", Type::Pointer(&AUTH_PROVIDER)),
        field("client-certificate", "ClientCertificate", Type::String),
        field("client-certificate-data", "ClientCertificateData", Type::Bytes),
        field("client-key", "ClientKey", Type::String),
        field("client-key-data", "ClientKeyData", Type::Bytes),
        field("exec", "Exec", Type::Pointer(&EXEC)),
        field("extensions", "Extensions", EXTENSIONS),
        field("password", "Password", Type::String),
        field("token", "Token", Type::String),
        field("tokenFile", "TokenFile", Type::String),
        field("username", "Username", Type::String),
    ],
};

static AUTH_PROVIDER: Struct = Struct {
    name: "AuthProviderConfig",
    go_name: "v1.AuthProviderConfig",
    fields: &[
        field("config", "Config", Type::Map(&Type::String, "map[string]string")),
        field("name", "Name", Type::String),
    ],
};

static EXEC: Struct = Struct {
    name: "ExecConfig",
    go_name: "v1.ExecConfig",
    fields: &[
        field("apiVersion", "APIVersion", Type::String),
        field("args", "Args", STRINGS),
        field("command", "Command", Type::String),
        field("env", "Env", Type::List(&Type::Struct(&ENV_VAR), "[]v1.ExecEnvVar")),
        field("installHint", "InstallHint", Type::String),
        field(
            "interactiveMode",
            "InteractiveMode",
            Type::Since(INTERACTIVE_MODE_SINCE, &INTERACTIVE_MODE),
        ),
        field("provideClusterInfo", "ProvideClusterInfo", Type::Bool),
    ],
};

static ENV_VAR: Struct = Struct {
    name: "ExecEnvVar",
    go_name: "v1.ExecEnvVar",
    fields: &[field("name", "Name", Type::String), field("value", "Value", Type::String)],
};
