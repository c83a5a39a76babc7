//! client-go's ExecCredential structs as data, one per version.
//!
//! Source: client-go `pkg/apis/clientauthentication` at v0.20 to v0.37: `types.go` in `v1alpha1`,
//! `v1beta1` and `v1`; measured with kubectl 1.20 to 1.37.

use crate::kubernetes::api_versions::{ApiVersion, INTERACTIVE_MODE_SINCE, V1, V1ALPHA1};
use crate::kubernetes::version::Minor;

use super::schema::Type::{Any, Bool, Bytes, Int32, Map, Object, Since, Text, Time};
use super::schema::{STRINGS, Struct, Type};

/// Returns the struct of a version.
pub(crate) fn of_version(version: &ApiVersion) -> &'static Struct {
    if *version == V1ALPHA1 {
        &EXEC_CREDENTIAL_V1ALPHA1
    } else if *version == V1 {
        &EXEC_CREDENTIAL_V1
    } else {
        &EXEC_CREDENTIAL_V1BETA1
    }
}

static EXEC_CREDENTIAL_V1ALPHA1: Struct = exec_credential(&fields(&SPEC_V1ALPHA1));
static EXEC_CREDENTIAL_V1BETA1: Struct = exec_credential(&fields(&SPEC_V1BETA1));
static EXEC_CREDENTIAL_V1: Struct = exec_credential(&fields(&SPEC_V1));

const fn exec_credential(fields: &'static [(&'static str, Type)]) -> Struct {
    Struct { name: "ExecCredential", fields }
}

const fn fields(spec: &'static Struct) -> [(&'static str, Type); 4] {
    [("apiVersion", Text), ("kind", Text), ("spec", Object(spec)), ("status", Object(&STATUS))]
}

static SPEC_V1ALPHA1: Struct = Struct {
    name: "ExecCredentialSpec",
    fields: &[("interactive", Bool), ("response", Object(&RESPONSE))],
};

static SPEC_V1BETA1: Struct = Struct {
    name: "ExecCredentialSpec",
    fields: &[("cluster", Object(&CLUSTER)), ("interactive", Since(INTERACTIVE_MODE_SINCE, &Bool))],
};

static SPEC_V1: Struct = Struct {
    name: "ExecCredentialSpec",
    fields: &[("cluster", Object(&CLUSTER)), ("interactive", Bool)],
};

static RESPONSE: Struct =
    Struct { name: "Response", fields: &[("code", Int32), ("header", Map(&STRINGS))] };

static CLUSTER: Struct = Struct {
    name: "Cluster",
    fields: &[
        ("certificate-authority-data", Bytes),
        ("config", Any),
        ("disable-compression", Since(Minor(26), &Bool)),
        ("insecure-skip-tls-verify", Bool),
        ("proxy-url", Text),
        ("server", Text),
        ("tls-server-name", Text),
    ],
};

static STATUS: Struct = Struct {
    name: "ExecCredentialStatus",
    fields: &[
        ("clientCertificateData", Text),
        ("clientKeyData", Text),
        ("expirationTimestamp", Time),
        ("token", Text),
    ],
};
