//! The names of keys that hold exec API versions.

use crate::model::{Consumer, TerraformReader};

/// Returns the ASCII letters and digits of a name in lower case.
pub(super) fn letters(key: &str) -> String {
    key.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// Returns whether the name is client-go's `apiVersion`, in any spelling: `api_version`,
/// `APIVersion`.
pub(super) fn is_api_version(key: &str) -> bool {
    letters(key) == "apiversion"
}

/// Returns whether the name ends in `api-version`, in any spelling: `--exec-api-version`,
/// `EXEC_API_VERSION`.
pub(super) fn ends_in_api_version(key: &str) -> bool {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    letters(key).ends_with("apiversion") && key.chars().all(is_name)
}

/// Returns whether the name suggests that its value is an exec API version: `exec_api_version`,
/// `KUBE_EXEC_VERSION`, `kubeconfig_exec_auth_api_version`, `execApi`.
pub(super) fn names_exec_version(key: &str) -> bool {
    let letters = letters(key);
    let is_of_plugin =
        || ["auth", "cred", "exec", "kube"].iter().any(|part| letters.contains(part));
    let is_api = || letters.ends_with("api") && is_of_plugin();
    (letters.contains("version") || is_api()) && !is_of_table(key)
}

/// Returns whether the name is that of one of the versions that something knows, or of the group.
pub(super) fn is_of_table(key: &str) -> bool {
    const PARTS: [&str; 8] = [
        "accepted",
        "allowed",
        "compatible",
        "deprecated",
        "group",
        "known",
        "removed",
        "supported",
    ];
    let key = letters(key);
    PARTS.into_iter().any(|part| key.contains(part))
}

/// Returns the program that reads the value of a name in Terraform. Modules write
/// `kubeconfig_api_version` and the like into a kubeconfig, and pass other values to a provider.
pub(super) fn consumer_in_terraform(name: &str) -> Consumer {
    match letters(name).contains("kubeconfig") {
        true => Consumer::KubeconfigPart,
        false => Consumer::Terraform(TerraformReader::Unknown),
    }
}

/// Returns whether a value with that name sets the version of an exec config; builders prefix the
/// name with `set` or `with`.
pub(super) fn sets_api_version(key: &str) -> bool {
    let key = letters(key);
    let name = ["set", "with", "add"].into_iter().find_map(|verb| key.strip_prefix(verb));
    matches!(name.unwrap_or(&key), "apiversion" | "execapiversion")
}

/// Returns whether the value of that name is searched for rather than written.
pub(super) fn is_searched_for(key: &str) -> bool {
    matches!(
        letters(key).as_str(),
        "regexp"
            | "regex"
            | "pattern"
            | "match"
            | "matches"
            | "search"
            | "searchstring"
            | "find"
            | "before"
            | "after"
            | "insertafter"
            | "insertbefore"
            | "old"
            | "from"
            | "grep"
            | "enum"
    ) || is_prose(key)
}

/// Returns whether the value of that name is text for people.
pub(super) fn is_prose(key: &str) -> bool {
    matches!(
        letters(key).as_str(),
        "description" | "summary" | "title" | "message" | "deprecated" | "help" | "usage"
    )
}

/// Returns whether a flag takes an exec API version: kubectl's `--exec-api-version`, and the flags
/// of plugins that choose the version by an argument.
pub(super) fn is_flag(flag: &str) -> bool {
    let name = letters(flag);
    name.ends_with("apiversion") || name == "version" || name == "output"
}

/// Returns whether a Terraform function only tests its argument or removes it.
pub(super) fn is_test(function: &str) -> bool {
    matches!(
        function,
        "contains"
            | "regex"
            | "regexall"
            | "replace"
            | "startswith"
            | "endswith"
            | "strcontains"
            | "can"
            | "index"
            | "trimprefix"
            | "trimsuffix"
            | "distinct"
            | "setsubtract"
    )
}

/// Returns whether the name is an argument of a Terraform condition.
pub(super) fn is_of_validation(name: &str) -> bool {
    matches!(name, "condition" | "error_message")
}
