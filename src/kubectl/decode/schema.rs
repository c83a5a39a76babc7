//! client-go's kubeconfig structs as data, and the types to describe such structs.
//!
//! Source: client-go `tools/clientcmd/api/v1/types.go`.

use crate::kubernetes::api_versions::INTERACTIVE_MODE_SINCE;
use crate::kubernetes::version::Minor;
use crate::model::refusal::{JsonType, Wanted};

use self::Type::{Any, Bool, Bytes, InteractiveMode, List, Map, Object, Since, Text};

/// The first kubectl that reads `as-uid`.
pub(crate) const IMPERSONATE_UID_SINCE: Minor = Minor(23);

/// A Go type in the structs that kubectl decodes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Type {
    /// `string`.
    Text,
    /// `bool`.
    Bool,
    /// `int32`.
    Int32,
    /// `uint8`.
    Byte,
    /// A pointer to a `metav1.Time`: RFC 3339.
    Time,
    /// `ExecInteractiveMode`, a string.
    InteractiveMode,
    /// A field that was added in the given minor.
    Since(Minor, &'static Type),
    /// `[]byte`: base64 in JSON, or a list of numbers.
    Bytes,
    /// A struct, or a pointer to one.
    Object(&'static Struct),
    /// `[]T`.
    List(&'static Type),
    /// `map[string]T`.
    Map(&'static Type),
    /// `runtime.RawExtension`, which accepts anything.
    Any,
}

impl Type {
    /// Returns what its values are in JSON.
    pub(crate) fn wanted(self) -> Wanted {
        Wanted::Type(match self {
            Any => JsonType::Null,
            Bool => JsonType::Bool,
            Text | Self::Time => JsonType::Text,
            List(Object(of)) => return Wanted::Maps(of.few_keys()),
            List(_) => JsonType::List,
            Object(of) => return Wanted::Map(of.few_keys()),
            Map(_) => JsonType::Map,
            InteractiveMode => return Wanted::InteractiveMode,
            Self::Int32 => return Wanted::Int32,
            Self::Byte => return Wanted::Byte,
            Bytes => return Wanted::Base64,
            Since(_, kind) => return kind.wanted(),
        })
    }

    /// Returns its name in Go.
    pub(crate) fn go_name(self) -> String {
        match self {
            Text => "string".to_owned(),
            Bool => "bool".to_owned(),
            Self::Int32 => "int32".to_owned(),
            Self::Byte => "uint8".to_owned(),
            Bytes => "[]uint8".to_owned(),
            Self::Time => "v1.Time".to_owned(),
            InteractiveMode => "v1.ExecInteractiveMode".to_owned(),
            Any => "runtime.RawExtension".to_owned(),
            Object(of) => format!("v1.{}", of.name),
            List(item) => format!("[]{}", item.go_name()),
            Map(item) => format!("map[string]{}", item.go_name()),
            Since(_, kind) => kind.go_name(),
        }
    }
}

/// A Go struct.
#[derive(Debug)]
pub(crate) struct Struct {
    /// Its name without the package.
    pub(crate) name: &'static str,
    /// Its fields: their names in JSON and their types.
    pub(crate) fields: &'static [(&'static str, Type)],
}

impl Struct {
    /// Returns the names of its fields; none if they are too many to list in a sentence.
    fn few_keys(&self) -> Vec<&'static str> {
        const MAX: usize = 3;
        let fields = self.fields.iter().filter(|_| self.fields.len() <= MAX);
        fields.map(|(name, _)| *name).collect()
    }
}

/// `[]string`.
pub(crate) const STRINGS: Type = List(&Text);
const EXTENSIONS: (&str, Type) = ("extensions", List(&Object(&EXTENSION)));

pub(crate) static CONFIG: Struct = Struct {
    name: "Config",
    fields: &[
        ("apiVersion", Text),
        ("clusters", List(&Object(&NAMED_CLUSTER))),
        ("contexts", List(&Object(&NAMED_CONTEXT))),
        ("current-context", Text),
        EXTENSIONS,
        ("kind", Text),
        ("preferences", Object(&PREFERENCES)),
        ("users", List(&Object(&NAMED_AUTH_INFO))),
    ],
};

static PREFERENCES: Struct =
    Struct { name: "Preferences", fields: &[("colors", Bool), EXTENSIONS] };

static EXTENSION: Struct =
    Struct { name: "NamedExtension", fields: &[("extension", Any), ("name", Text)] };

static NAMED_CLUSTER: Struct =
    Struct { name: "NamedCluster", fields: &[("cluster", Object(&CLUSTER)), ("name", Text)] };

static CLUSTER: Struct = Struct {
    name: "Cluster",
    fields: &[
        ("certificate-authority", Text),
        ("certificate-authority-data", Bytes),
        ("disable-compression", Since(Minor(26), &Bool)),
        EXTENSIONS,
        ("insecure-skip-tls-verify", Bool),
        ("proxy-url", Text),
        ("server", Text),
        ("tls-server-name", Text),
    ],
};

static NAMED_CONTEXT: Struct =
    Struct { name: "NamedContext", fields: &[("context", Object(&CONTEXT)), ("name", Text)] };

static CONTEXT: Struct = Struct {
    name: "Context",
    fields: &[("cluster", Text), EXTENSIONS, ("namespace", Text), ("user", Text)],
};

static NAMED_AUTH_INFO: Struct =
    Struct { name: "NamedAuthInfo", fields: &[("name", Text), ("user", Object(&AUTH_INFO))] };

static AUTH_INFO: Struct = Struct {
    name: "AuthInfo",
    fields: &[
        ("as", Text),
        ("as-groups", STRINGS),
        ("as-uid", Since(IMPERSONATE_UID_SINCE, &Text)),
        ("as-user-extra", Map(&STRINGS)),
        ("auth-provider", Object(&AUTH_PROVIDER)),
        ("client-certificate", Text),
        ("client-certificate-data", Bytes),
        ("client-key", Text),
        ("client-key-data", Bytes),
        ("exec", Object(&EXEC)),
        EXTENSIONS,
        ("password", Text),
        ("token", Text),
        ("tokenFile", Text),
        ("username", Text),
    ],
};

static AUTH_PROVIDER: Struct =
    Struct { name: "AuthProviderConfig", fields: &[("config", Map(&Text)), ("name", Text)] };

static EXEC: Struct = Struct {
    name: "ExecConfig",
    fields: &[
        ("apiVersion", Text),
        ("args", STRINGS),
        ("command", Text),
        ("env", List(&Object(&ENV_VAR))),
        ("installHint", Text),
        ("interactiveMode", Since(INTERACTIVE_MODE_SINCE, &InteractiveMode)),
        ("provideClusterInfo", Bool),
    ],
};

static ENV_VAR: Struct = Struct { name: "ExecEnvVar", fields: &[("name", Text), ("value", Text)] };
