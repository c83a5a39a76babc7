//! client-go's ExecCredential structs as data, one set per version.
//!
//! Source: client-go `pkg/apis/clientauthentication` at v0.20 to v0.37: `types.go`, and in
//! `v1alpha1`, `v1beta1` and `v1`; measured with kubectl 1.20 to 1.37.

use crate::kubernetes::api_versions::{
    ApiVersion, EXEC_CREDENTIAL_KIND, GROUP, INTERACTIVE_MODE_SINCE, V1, V1ALPHA1,
};
use crate::kubernetes::version::Minor;

use super::schema::{Field, STRINGS, Scheme, Struct, Type, field};

/// The version of kubectl's internal structs, which is also that of a document without a version.
pub(crate) const INTERNAL: &str = "__internal";

/// The scheme that decodes the output of plugins.
pub(crate) static EXEC_CREDENTIAL: Scheme =
    Scheme { group: GROUP, version: INTERNAL, kind: EXEC_CREDENTIAL_KIND };

/// Returns the struct of a version.
pub(crate) fn of_version(version: &ApiVersion) -> &'static Struct {
    if *version == V1ALPHA1 {
        &v1alpha1::EXEC_CREDENTIAL
    } else if *version == V1 {
        &v1::EXEC_CREDENTIAL
    } else {
        &v1beta1::EXEC_CREDENTIAL
    }
}

/// The first kubectl whose structs have `disableCompression`.
const DISABLE_COMPRESSION_SINCE: Minor = Minor(26);

/// Declares the structs of one version; `$spec` are the fields of `ExecCredentialSpec`.
macro_rules! version {
    ($package:ident, $doc:literal, spec: [$($spec:expr),* $(,)?]) => {
        #[doc = $doc]
        mod $package {
            #[allow(unused_imports, reason = "not every version has every type")]
            use super::*;

            pub(crate) static EXEC_CREDENTIAL: Struct = Struct {
                name: "ExecCredential",
                go_name: concat!(stringify!($package), ".ExecCredential"),
                fields: &[
                    // Both come from an embedded struct, whose name json-iterator prints first.
                    field("apiVersion", "TypeMeta: APIVersion", Type::String),
                    field("kind", "TypeMeta: Kind", Type::String),
                    field("spec", "Spec", Type::Struct(&SPEC)),
                    field("status", "Status", Type::Pointer(&STATUS)),
                ],
            };

            static SPEC: Struct = Struct {
                name: "ExecCredentialSpec",
                go_name: concat!(stringify!($package), ".ExecCredentialSpec"),
                fields: &[$($spec),*],
            };

            static STATUS: Struct = Struct {
                name: "ExecCredentialStatus",
                go_name: concat!(stringify!($package), ".ExecCredentialStatus"),
                fields: &STATUS_FIELDS,
            };

            #[allow(dead_code, reason = "v1alpha1 has none")]
            pub(crate) static CLUSTER: Struct = Struct {
                name: "Cluster",
                go_name: concat!(stringify!($package), ".Cluster"),
                fields: &CLUSTER_FIELDS,
            };
        }
    };
}

static STATUS_FIELDS: [Field; 4] = [
    field("clientCertificateData", "ClientCertificateData", Type::String),
    field("clientKeyData", "ClientKeyData", Type::String),
    field("expirationTimestamp", "ExpirationTimestamp", Type::Time),
    field("token", "Token", Type::String),
];

static CLUSTER_FIELDS: [Field; 7] = [
    field("certificate-authority-data", "CertificateAuthorityData", Type::Bytes),
    field("config", "Config", Type::Any),
    field(
        "disable-compression",
        "DisableCompression",
        Type::Since(DISABLE_COMPRESSION_SINCE, &Type::Bool),
    ),
    field("insecure-skip-tls-verify", "InsecureSkipTLSVerify", Type::Bool),
    field("proxy-url", "ProxyURL", Type::String),
    field("server", "Server", Type::String),
    field("tls-server-name", "TLSServerName", Type::String),
];

version!(v1alpha1, "Known to kubectl up to 1.23.", spec: [
    field("interactive", "Interactive", Type::Bool),
    field("response", "Response", Type::Pointer(&RESPONSE)),
]);

version!(v1beta1, "Known to every kubectl.", spec: [
    field("cluster", "Cluster", Type::Pointer(&CLUSTER)),
    field("interactive", "Interactive", Type::Since(INTERACTIVE_MODE_SINCE, &Type::Bool)),
]);

version!(v1, "Known to kubectl 1.22 and newer.", spec: [
    field("cluster", "Cluster", Type::Pointer(&CLUSTER)),
    field("interactive", "Interactive", Type::Bool),
]);

static RESPONSE: Struct = Struct {
    name: "Response",
    go_name: "v1alpha1.Response",
    fields: &[
        field("code", "Code", Type::Int32),
        field("header", "Header", Type::Map(&STRINGS, "map[string][]string")),
    ],
};

/// The internal structs, whose JSON names are the Go names: fields spelled as in a version are
/// unknown to them.
pub(crate) static INTERNAL_EXEC_CREDENTIAL: Struct = Struct {
    name: "ExecCredential",
    go_name: "clientauthentication.ExecCredential",
    fields: &[
        field("Spec", "Spec", Type::Struct(&INTERNAL_SPEC)),
        field("Status", "Status", Type::Pointer(&INTERNAL_STATUS)),
        field("apiVersion", "TypeMeta: APIVersion", Type::String),
        field("kind", "TypeMeta: Kind", Type::String),
    ],
};

static INTERNAL_SPEC: Struct = Struct {
    name: "ExecCredentialSpec",
    go_name: "clientauthentication.ExecCredentialSpec",
    fields: &[
        field("Cluster", "Cluster", Type::Pointer(&INTERNAL_CLUSTER)),
        field("Interactive", "Interactive", Type::Bool),
    ],
};

static INTERNAL_STATUS: Struct = Struct {
    name: "ExecCredentialStatus",
    go_name: "clientauthentication.ExecCredentialStatus",
    fields: &[
        field("ClientCertificateData", "ClientCertificateData", Type::String),
        field("ClientKeyData", "ClientKeyData", Type::String),
        field("ExpirationTimestamp", "ExpirationTimestamp", Type::Time),
        field("Token", "Token", Type::String),
    ],
};

static INTERNAL_CLUSTER: Struct = Struct {
    name: "Cluster",
    go_name: "clientauthentication.Cluster",
    fields: &[
        field("CertificateAuthorityData", "CertificateAuthorityData", Type::Bytes),
        field("Config", "Config", Type::Interface("runtime.Object")),
        field(
            "DisableCompression",
            "DisableCompression",
            Type::Since(DISABLE_COMPRESSION_SINCE, &Type::Bool),
        ),
        field("InsecureSkipTLSVerify", "InsecureSkipTLSVerify", Type::Bool),
        field("ProxyURL", "ProxyURL", Type::String),
        field("Server", "Server", Type::String),
        field("TLSServerName", "TLSServerName", Type::String),
    ],
};
