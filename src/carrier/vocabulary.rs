//! The names under which exec API versions stand.

use crate::model::Consumer;

/// A name in small letters, without what people join words with.
pub(super) fn folded(key: &str) -> String {
    key.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// Whether it is client-go's `apiVersion`, in any spelling: `api_version`, `APIVersion`.
pub(super) fn is_api_version(key: &str) -> bool {
    folded(key) == "apiversion"
}

/// Whether the name ends in `api-version`, in any spelling: `--exec-api-version`, `EXEC_API_VERSION`.
pub(super) fn ends_in_api_version(key: &str) -> bool {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    folded(key).ends_with("apiversion") && key.chars().all(is_name)
}

/// Whether the name says that its value is an exec API version: `exec_api_version`,
/// `KUBE_EXEC_VERSION`, `kubeconfig_exec_auth_api_version`.
pub(super) fn names_exec_version(key: &str) -> bool {
    let key = folded(key);
    key.contains("version") && !key.contains("group") && !key.contains("supported")
}

/// What reads the value that Terraform gives to a name: modules write `kubeconfig_api_version` and
/// its like into a kubeconfig, and hand the others to a provider.
pub(super) fn consumer_in_terraform(name: &str) -> Consumer {
    match folded(name).contains("kubeconfig") {
        true => Consumer::KubeconfigPart,
        false => Consumer::Terraform,
    }
}

/// Whether a value of that name sets the version of an exec config of its own: `set` and `with`
/// are how builders call it.
pub(super) fn sets_api_version(key: &str) -> bool {
    let key = folded(key);
    let name = ["set", "with", "add"].into_iter().find_map(|verb| key.strip_prefix(verb));
    matches!(name.unwrap_or(&key), "apiversion" | "execapiversion")
}

/// Whether what stands under that name is looked for, and not written.
pub(super) fn is_looked_for(key: &str) -> bool {
    matches!(
        folded(key).as_str(),
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

/// Whether what stands under that name is written for people.
pub(super) fn is_prose(key: &str) -> bool {
    matches!(folded(key).as_str(), "description" | "summary" | "title" | "message" | "deprecated")
}

/// Whether a flag takes an exec API version: kubectl's `--exec-api-version`, and those of plugins
/// that choose it by an argument.
pub(super) fn is_flag(flag: &str) -> bool {
    let name = folded(flag);
    name.ends_with("apiversion") || name == "version" || name == "output"
}

/// Whether a function of Terraform's only tests its argument, or takes it away.
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

/// Whether it is an argument of a condition of Terraform's.
pub(super) fn is_of_validation(name: &str) -> bool {
    matches!(name, "condition" | "error_message")
}
