//! client-go's kubeconfig structs as data, and the check of a document's types against them.
//!
//! Source: client-go `tools/clientcmd/api/v1/types.go`; the words are those of Go's
//! `encoding/json`, which keeps the first error in the order of the sorted keys.

use std::collections::HashSet;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};

use super::fields::{Field, View};
use super::{DecodeError, Reason};
use crate::kubernetes::api_versions::INTERACTIVE_MODE_SINCE;
use crate::kubernetes::version::Minor;
use crate::syntax::node::NodeId;

/// A Go type that occurs in a kubeconfig.
#[derive(Debug, Clone, Copy)]
enum Type {
    String,
    Bool,
    /// A string type of its own name.
    Named(&'static str),
    /// A field that came with a certain minor.
    Since(Minor, &'static Type),
    /// `[]byte`: base64 in JSON.
    Bytes,
    Struct(&'static Struct),
    /// `[]T`, and Go's name for it.
    List(&'static Type, &'static str),
    /// `map[string]T`, and Go's name for it.
    Map(&'static Type, &'static str),
    /// `runtime.RawExtension`: anything.
    Any,
}

#[derive(Debug)]
struct Struct {
    /// Without its package.
    name: &'static str,
    /// With it.
    go_name: &'static str,
    fields: &'static [(&'static str, Type)],
}

const STRINGS: Type = Type::List(&Type::String, "[]string");
const INTERACTIVE_MODE: Type = Type::Named("v1.ExecInteractiveMode");
const EXTENSIONS: Type = Type::List(&Type::Struct(&EXTENSION), "[]v1.NamedExtension");

static CONFIG: Struct = Struct {
    name: "Config",
    go_name: "v1.Config",
    fields: &[
        ("apiVersion", Type::String),
        ("clusters", Type::List(&Type::Struct(&NAMED_CLUSTER), "[]v1.NamedCluster")),
        ("contexts", Type::List(&Type::Struct(&NAMED_CONTEXT), "[]v1.NamedContext")),
        ("current-context", Type::String),
        ("extensions", EXTENSIONS),
        ("kind", Type::String),
        ("preferences", Type::Struct(&PREFERENCES)),
        ("users", Type::List(&Type::Struct(&NAMED_AUTH_INFO), "[]v1.NamedAuthInfo")),
    ],
};

static PREFERENCES: Struct = Struct {
    name: "Preferences",
    go_name: "v1.Preferences",
    fields: &[("colors", Type::Bool), ("extensions", EXTENSIONS)],
};

static EXTENSION: Struct = Struct {
    name: "NamedExtension",
    go_name: "v1.NamedExtension",
    fields: &[("extension", Type::Any), ("name", Type::String)],
};

static NAMED_CLUSTER: Struct = Struct {
    name: "NamedCluster",
    go_name: "v1.NamedCluster",
    fields: &[("cluster", Type::Struct(&CLUSTER)), ("name", Type::String)],
};

static CLUSTER: Struct = Struct {
    name: "Cluster",
    go_name: "v1.Cluster",
    fields: &[
        ("certificate-authority", Type::String),
        ("certificate-authority-data", Type::Bytes),
        ("disable-compression", Type::Since(Minor(26), &Type::Bool)),
        ("extensions", EXTENSIONS),
        ("insecure-skip-tls-verify", Type::Bool),
        ("proxy-url", Type::String),
        ("server", Type::String),
        ("tls-server-name", Type::String),
    ],
};

static NAMED_CONTEXT: Struct = Struct {
    name: "NamedContext",
    go_name: "v1.NamedContext",
    fields: &[("context", Type::Struct(&CONTEXT)), ("name", Type::String)],
};

static CONTEXT: Struct = Struct {
    name: "Context",
    go_name: "v1.Context",
    fields: &[
        ("cluster", Type::String),
        ("extensions", EXTENSIONS),
        ("namespace", Type::String),
        ("user", Type::String),
    ],
};

static NAMED_AUTH_INFO: Struct = Struct {
    name: "NamedAuthInfo",
    go_name: "v1.NamedAuthInfo",
    fields: &[("name", Type::String), ("user", Type::Struct(&AUTH_INFO))],
};

static AUTH_INFO: Struct = Struct {
    name: "AuthInfo",
    go_name: "v1.AuthInfo",
    fields: &[
        ("as", Type::String),
        ("as-groups", STRINGS),
        ("as-uid", Type::Since(Minor(22), &Type::String)),
        ("as-user-extra", Type::Map(&STRINGS, "map[string][]string")),
        ("auth-provider", Type::Struct(&AUTH_PROVIDER)),
        ("client-certificate", Type::String),
        ("client-certificate-data", Type::Bytes),
        ("client-key", Type::String),
        ("client-key-data", Type::Bytes),
        ("exec", Type::Struct(&EXEC)),
        ("extensions", EXTENSIONS),
        ("password", Type::String),
        ("token", Type::String),
        ("tokenFile", Type::String),
        ("username", Type::String),
    ],
};

static AUTH_PROVIDER: Struct = Struct {
    name: "AuthProviderConfig",
    go_name: "v1.AuthProviderConfig",
    fields: &[("config", Type::Map(&Type::String, "map[string]string")), ("name", Type::String)],
};

static EXEC: Struct = Struct {
    name: "ExecConfig",
    go_name: "v1.ExecConfig",
    fields: &[
        ("apiVersion", Type::String),
        ("args", STRINGS),
        ("command", Type::String),
        ("env", Type::List(&Type::Struct(&ENV_VAR), "[]v1.ExecEnvVar")),
        ("installHint", Type::String),
        ("interactiveMode", Type::Since(INTERACTIVE_MODE_SINCE, &INTERACTIVE_MODE)),
        ("provideClusterInfo", Type::Bool),
    ],
};

static ENV_VAR: Struct = Struct {
    name: "ExecEnvVar",
    go_name: "v1.ExecEnvVar",
    fields: &[("name", Type::String), ("value", Type::String)],
};

/// The type errors of the kubeconfig at `root`, in the order in which kubectl meets them; it
/// prints the first.
pub fn check(view: View<'_>, root: NodeId) -> Vec<DecodeError> {
    let mut checker = Checker { view, errors: Vec::new() };
    // A document that is not ours is not decoded any further.
    if let Err(error) = version_and_kind(view, root) {
        return vec![error];
    }
    checker.check_struct(root, &CONFIG, "");
    for (key, list, map) in [
        ("clusters", "NamedCluster", "Cluster"),
        ("users", "NamedAuthInfo", "AuthInfo"),
        ("contexts", "NamedContext", "Context"),
    ] {
        checker.duplicate_names(root, key, list, map);
    }
    checker.errors
}

/// `apiVersion` and `kind` are looked up ignoring case; the last spelling in ASCII order wins.
fn version_and_kind(view: View<'_>, root: NodeId) -> Result<(), DecodeError> {
    let (mut version, mut kind) = (String::new(), String::new());
    let mut place = view.tree.node(root).span;
    for (name, field) in &view.fields(root, None) {
        // U+212A is the one letter beyond ASCII that Go folds into these names.
        let name = name.replace('\u{212a}', "k").to_ascii_lowercase();
        let (target, wanted) = match name.as_str() {
            "apiversion" => (&mut version, ".apiVersion"),
            "kind" => (&mut kind, ".kind"),
            _ => continue,
        };
        if view.is_null(field.value) {
            continue;
        }
        let span = view.tree.node(field.value).span;
        let Some(value) = view.string(field.value) else {
            let found = view.json_type(field.value);
            let found = format!("{found} into Go struct field {wanted} of type string");
            return Err(DecodeError::new(span, Reason::VersionKind(found)));
        };
        *target = value.into_owned();
        if !(target.is_empty() || *target == "v1" || *target == "Config") {
            place = span;
        }
    }
    let or = |value: String, default: &str| {
        if value.is_empty() { default.into() } else { value }
    };
    let (version, kind) = (or(version, "v1"), or(kind, "Config"));
    if version == "v1" && kind == "Config" {
        return Ok(());
    }
    Err(DecodeError::new(place, Reason::NoKind { kind, version }))
}

struct Checker<'a> {
    view: View<'a>,
    errors: Vec<DecodeError>,
}

impl Checker<'_> {
    /// Recursion here is as deep as client-go's structs are, not as the input is.
    fn check_struct(&mut self, node: NodeId, of: &'static Struct, path: &str) {
        let fields = self.view.fields(node, None);
        // The fields above and those in the file are both sorted by name.
        for (name, kind) in of.fields {
            if let Some(field) = fields.get(*name) {
                let dot = if path.is_empty() { "" } else { "." };
                let path = format!("{path}{dot}{name}");
                let before = self.errors.len();
                let (since, kind) = match kind {
                    Type::Since(since, kind) => (*since, **kind),
                    kind => (Minor::OLDEST, *kind),
                };
                self.check_value(field.value, kind, of.name, &path);
                for error in self.errors.iter_mut().skip(before) {
                    error.since = error.since.max(since);
                }
            }
        }
    }

    fn check_value(&mut self, node: NodeId, kind: Type, owner: &'static str, path: &str) {
        let view = self.view;
        let found = view.json_type(node);
        if found == "null" {
            return;
        }
        let (expected, wanted) = match kind {
            Type::Any | Type::Since(..) => return,
            Type::String => ("string", "string"),
            Type::Named(name) => ("string", name),
            Type::Bool => ("bool", "bool"),
            Type::Bytes => ("string", "[]uint8"),
            Type::Struct(of) => ("object", of.go_name),
            Type::List(_, name) => ("array", name),
            Type::Map(_, name) => ("object", name),
        };
        let span = view.tree.node(node).span;
        if found != expected {
            let field = format!("{owner}.{path}");
            let reason = Reason::WrongType { found, field, wanted };
            self.errors.push(DecodeError::new(span, reason));
            return;
        }
        match kind {
            Type::Struct(of) => self.check_struct(node, of, path),
            Type::List(item, _) => {
                for &child in view.tree.items(node) {
                    self.check_value(view.tree.resolve(child).0, *item, owner, path);
                }
            }
            Type::Map(item, _) => {
                for Field { value, .. } in view.fields(node, None).values() {
                    self.check_value(*value, *item, owner, path);
                }
            }
            Type::Bytes => {
                if let Some(at) = view.string(node).and_then(|value| bad_base64(&value)) {
                    self.errors.push(DecodeError::new(span, Reason::Base64(at)));
                }
            }
            _ => {}
        }
    }

    /// Two entries of a list with one name.
    fn duplicate_names(&mut self, root: NodeId, key: &str, list: &'static str, map: &'static str) {
        let view = self.view;
        let fields = view.fields(root, None);
        let Some(entries) = fields.get(key) else {
            return;
        };
        let mut names = HashSet::new();
        for &entry in view.tree.items(entries.value) {
            let entry = view.tree.resolve(entry).0;
            let fields = view.fields(entry, None);
            let field = fields.get("name");
            let name = field.and_then(|field| view.string(field.value)).unwrap_or_default();
            if !names.insert(name.clone()) {
                let span = view.tree.node(field.map_or(entry, |field| field.value)).span;
                let name = name.into_owned();
                let reason = Reason::DuplicateName { list, map, name };
                self.errors.push(DecodeError::new(span, reason));
                return;
            }
        }
    }
}

/// Where Go's base64 decoder, which skips line breaks, gives up.
fn bad_base64(value: &str) -> Option<usize> {
    // Go does not mind which bits stand behind the end of the data.
    const LIKE_GO: GeneralPurpose = GeneralPurpose::new(
        &STANDARD,
        GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
    );
    let plain: String = value.chars().filter(|c| !matches!(c, '\n' | '\r')).collect();
    LIKE_GO.decode(&plain).err().map(|error| match error {
        base64::DecodeError::InvalidByte(at, _) | base64::DecodeError::InvalidLastSymbol(at, _) => {
            at
        }
        base64::DecodeError::InvalidLength(_) | base64::DecodeError::InvalidPadding => plain.len(),
    })
}
