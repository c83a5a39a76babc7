//! The keys of the configuration file, each with its reader and its schema.
//!
//! To add a key, add a row to a list below. The reader, its messages and the schema follow.

use serde_json::Value;

use crate::cli::FailOn;
use crate::discover::globs::Globs;
use crate::role::Role;
use crate::syntax::node::NodeId;

use super::read::Reader;
use super::{Config, schema};

/// A key of a mapping that becomes a `T`.
pub(super) struct Key<T> {
    /// The key as it is written.
    pub(super) name: &'static str,
    /// What the key means, in whole sentences: editors show it.
    pub(super) documentation: &'static str,
    /// Whether the key is required. The other keys may also be empty.
    pub(super) is_required: bool,
    /// Returns the JSON schema of the value.
    pub(super) schema: fn() -> Value,
    /// Reads the value; the key's own name is passed for messages.
    pub(super) read: fn(&mut Reader<'_>, &str, NodeId, &mut T),
}

/// An item of `roles`.
#[derive(Default)]
pub(super) struct RoleItem {
    /// The files.
    pub(super) paths: Option<Globs>,
    /// Their role.
    pub(super) role: Option<Role>,
}

/// The keys of the configuration.
pub(super) static KEYS: &[Key<Config>] = &[
    Key {
        name: "kubectl-version",
        documentation: "The kubectl that will read the files: one release, or a range, every \
                        version of which must accept them. --kubectl-version replaces it.",
        is_required: false,
        schema: schema::version,
        read: |reader, name, id, config| config.target = reader.target(name, id),
    },
    Key {
        name: "fail-on",
        documentation: "The least severity that makes the exit status 1; `warning` where it is \
                        not said. --fail-on replaces it.",
        is_required: false,
        schema: || schema::choice(&severities()),
        read: |reader, name, id, config| config.fail_on = reader.choice(name, id, &severities()),
    },
    Key {
        name: "select",
        documentation: "Only these rules are applied; all where it is absent or empty. --select \
                        replaces it.",
        is_required: false,
        schema: schema::rules,
        read: |reader, name, id, config| config.select = reader.rules(name, id),
    },
    Key {
        name: "ignore",
        documentation: "These rules are not applied. --ignore replaces it.",
        is_required: false,
        schema: schema::rules,
        read: |reader, name, id, config| config.ignore = reader.rules(name, id),
    },
    Key {
        name: "exclude",
        documentation: "What is left out, by globs as in a .gitignore in the folder of this file. \
                        Files given by name are checked all the same, unless --force-exclude is \
                        given. --exclude adds to it.",
        is_required: false,
        schema: schema::globs,
        read: |reader, name, id, config| config.exclude = reader.globs(name, id),
    },
    Key {
        name: "roles",
        documentation: "What files are there for, where their paths do not tell it. Of several \
                        items that match a file the last counts.",
        is_required: false,
        schema: || schema::list_of(ROLE_KEYS),
        read: |reader, name, id, config| config.roles.roles = reader.roles(name, id),
    },
];

/// The keys of an item of `roles`.
pub(super) static ROLE_KEYS: &[Key<RoleItem>] = &[
    Key {
        name: "paths",
        documentation: "The files, by globs as in a .gitignore in the folder of this file.",
        is_required: true,
        schema: schema::globs,
        read: |reader, name, id, item| item.paths = Some(reader.globs(name, id)),
    },
    Key {
        name: "role",
        documentation: "`live`: findings are as severe as their rules say. `documentation`: they \
                        are warnings at most. The others: notes.",
        is_required: true,
        schema: || schema::choice(&roles()),
        read: |reader, name, id, item| item.role = reader.choice(name, id, &roles()),
    },
];

/// Returns the words of `fail-on`.
fn severities() -> Vec<(&'static str, FailOn)> {
    FailOn::ALL.iter().map(|choice| (choice.as_str(), *choice)).collect()
}

/// Returns the words of `role`.
fn roles() -> Vec<(&'static str, Role)> {
    Role::ALL.iter().map(|role| (role.as_str(), *role)).collect()
}
