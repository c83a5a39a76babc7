//! kubectl's kuberc structs as data.
//!
//! Source: kubectl `pkg/config/v1alpha1/types.go` and `pkg/config/v1beta1/types.go`; measured
//! with kubectl 1.34 to 1.37.

use crate::kubectl::decode::schema::Type::{List, Object, Since, Text};
use crate::kubectl::decode::schema::{STRINGS, Struct, Type};
use crate::kubernetes::kuberc::{COMMAND_SINCE, POLICY_SINCE};

/// `Preference` of `v1beta1`.
pub(super) static V1BETA1: Struct = Struct {
    name: "Preference",
    fields: &[
        ("aliases", List(&Object(&V1BETA1_ALIAS))),
        ("apiVersion", Text),
        ("credentialPluginAllowlist", Since(POLICY_SINCE, &List(&Object(&ALLOWLIST_ENTRY)))),
        ("credentialPluginPolicy", Since(POLICY_SINCE, &Text)),
        ("defaults", List(&Object(&V1BETA1_DEFAULTS))),
        ("kind", Text),
    ],
};

/// `Preference` of `v1alpha1`, which never had a policy for credential plugins.
pub(super) static V1ALPHA1: Struct = Struct {
    name: "Preference",
    fields: &[
        ("aliases", List(&Object(&V1ALPHA1_ALIAS))),
        ("apiVersion", Text),
        ("kind", Text),
        ("overrides", List(&Object(&V1ALPHA1_DEFAULTS))),
    ],
};

/// kubectl's internal struct, which it reads too. Its fields go by their Go names, which nobody
/// writes.
pub(super) static INTERNAL: Struct =
    Struct { name: "Preference", fields: &[("apiVersion", Text), ("kind", Text)] };

static ALLOWLIST_ENTRY: Struct = Struct {
    name: "AllowlistEntry",
    fields: &[("command", Since(COMMAND_SINCE, &Text)), ("name", Text)],
};

static V1BETA1_ALIAS: Struct = Struct {
    name: "AliasOverride",
    fields: &[
        ("appendArgs", STRINGS),
        ("command", Text),
        ("name", Text),
        ("options", OPTIONS),
        ("prependArgs", STRINGS),
    ],
};

static V1ALPHA1_ALIAS: Struct = Struct {
    name: "AliasOverride",
    fields: &[
        ("appendArgs", STRINGS),
        ("command", Text),
        ("flags", OPTIONS),
        ("name", Text),
        ("prependArgs", STRINGS),
    ],
};

static V1BETA1_DEFAULTS: Struct =
    Struct { name: "CommandDefaults", fields: &[("command", Text), ("options", OPTIONS)] };

static V1ALPHA1_DEFAULTS: Struct =
    Struct { name: "CommandDefaults", fields: &[("command", Text), ("flags", OPTIONS)] };

const OPTIONS: Type = List(&Object(&OPTION));

static OPTION: Struct =
    Struct { name: "CommandOptionDefault", fields: &[("default", Text), ("name", Text)] };
