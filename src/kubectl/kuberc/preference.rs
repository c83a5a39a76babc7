//! kubectl's kuberc structs as data.
//!
//! Source: kubectl `pkg/config/v1alpha1/types.go` and `pkg/config/v1beta1/types.go`; measured
//! with kubectl 1.34 to 1.37.

use crate::kubectl::decode::schema::{Field, STRINGS, Struct, Type, field};
use crate::kubernetes::kuberc::{COMMAND_SINCE, POLICY_SINCE};

/// The fields of every document.
const API_VERSION: Field = field("apiVersion", "APIVersion", Type::String);
const KIND: Field = field("kind", "Kind", Type::String);

/// `Preference` of `v1beta1`.
pub(super) static V1BETA1: Struct = Struct {
    name: "Preference",
    go_name: "v1beta1.Preference",
    fields: &[
        field("aliases", "Aliases", list(&Type::Struct(&V1BETA1_ALIAS))),
        API_VERSION,
        field(
            "credentialPluginAllowlist",
            "CredentialPluginAllowlist",
            Type::Since(POLICY_SINCE, &list(&Type::Struct(&ALLOWLIST_ENTRY))),
        ),
        field(
            "credentialPluginPolicy",
            "CredentialPluginPolicy",
            Type::Since(POLICY_SINCE, &Type::String),
        ),
        field("defaults", "Defaults", list(&Type::Struct(&V1BETA1_DEFAULTS))),
        KIND,
    ],
};

/// `Preference` of `v1alpha1`, which never had a policy for credential plugins.
pub(super) static V1ALPHA1: Struct = Struct {
    name: "Preference",
    go_name: "v1alpha1.Preference",
    fields: &[
        field("aliases", "Aliases", list(&Type::Struct(&V1ALPHA1_ALIAS))),
        API_VERSION,
        KIND,
        field("overrides", "Defaults", list(&Type::Struct(&V1ALPHA1_DEFAULTS))),
    ],
};

/// kubectl's internal struct, which it reads too. Its fields go by their Go names, which nobody
/// writes.
pub(super) static INTERNAL: Struct =
    Struct { name: "Preference", go_name: "config.Preference", fields: &[API_VERSION, KIND] };

static ALLOWLIST_ENTRY: Struct = Struct {
    name: "AllowlistEntry",
    go_name: "v1beta1.AllowlistEntry",
    fields: &[
        field("command", "Command", Type::Since(COMMAND_SINCE, &Type::String)),
        field("name", "Name", Type::String),
    ],
};

static V1BETA1_ALIAS: Struct = Struct {
    name: "AliasOverride",
    go_name: "v1beta1.AliasOverride",
    fields: &[
        field("appendArgs", "AppendArgs", STRINGS),
        field("command", "Command", Type::String),
        field("name", "Name", Type::String),
        field("options", "Options", list(&Type::Struct(&OPTION))),
        field("prependArgs", "PrependArgs", STRINGS),
    ],
};

static V1ALPHA1_ALIAS: Struct = Struct {
    name: "AliasOverride",
    go_name: "v1alpha1.AliasOverride",
    fields: &[
        field("appendArgs", "AppendArgs", STRINGS),
        field("command", "Command", Type::String),
        field("flags", "Options", list(&Type::Struct(&OPTION))),
        field("name", "Name", Type::String),
        field("prependArgs", "PrependArgs", STRINGS),
    ],
};

static V1BETA1_DEFAULTS: Struct = Struct {
    name: "CommandDefaults",
    go_name: "v1beta1.CommandDefaults",
    fields: &[
        field("command", "Command", Type::String),
        field("options", "Options", list(&Type::Struct(&OPTION))),
    ],
};

static V1ALPHA1_DEFAULTS: Struct = Struct {
    name: "CommandDefaults",
    go_name: "v1alpha1.CommandDefaults",
    fields: &[
        field("command", "Command", Type::String),
        field("flags", "Options", list(&Type::Struct(&OPTION))),
    ],
};

static OPTION: Struct = Struct {
    name: "CommandOptionDefault",
    go_name: "v1beta1.CommandOptionDefault",
    fields: &[field("default", "Default", Type::String), field("name", "Name", Type::String)],
};

/// A list type. kubectl never prints its Go name.
const fn list(item: &'static Type) -> Type {
    Type::List(item, "[]")
}
