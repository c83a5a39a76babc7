//! Settings for a template or a program that is elsewhere: Helm's values, Ansible's variables, the
//! environment of a process. Their keys may have any name.

use std::path::Path;

use crate::language::without_template_suffix;

use super::vocabulary;

/// The keys of mappings that hold settings, at any depth.
const ABOVE: [&str; 6] = ["env", "environment", "values", "valuesobject", "variables", "vars"];

/// Folders of Ansible that hold variables and nothing else.
const FOLDERS: [&str; 4] = ["defaults", "group_vars", "host_vars", "vars"];

/// Returns whether the name of a file is that of a file of settings.
pub(super) fn is_file(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let name = without_template_suffix(&name);
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let is_yaml = matches!(extension, "yaml" | "yml");
    let is_of_helm = is_yaml && (stem.starts_with("values") || stem.ends_with("values"));
    let is_environment = extension == "env" || name.starts_with(".env");
    let is_in = |folder: &str| {
        let mut folders = path.parent().into_iter().flat_map(Path::components);
        folders.any(|above| above.as_os_str() == folder)
    };
    let is_of_ansible = (is_yaml || extension.is_empty()) && FOLDERS.into_iter().any(is_in);
    let is_of_terraform = name.ends_with(".tfvars.json");
    is_of_helm || is_of_ansible || is_environment || is_of_terraform || extension == "properties"
}

/// Returns whether the value of that key is a mapping of settings.
pub(super) fn are_below(key: &str) -> bool {
    ABOVE.contains(&vocabulary::letters(key).as_str())
}

/// Returns whether a setting of that name may be an exec API version: it is no text for people, is
/// not searched for, and is not one of the versions that something knows. `version` is its value.
pub(super) fn may_name(key: &str, version: &str) -> bool {
    const NAMES: [&str; 4] = ["id", "key", "name", "path"];
    let word = version.rsplit('/').next().unwrap_or("");
    let letters = vocabulary::letters(key);
    // `alpha`, `v1beta1`, `1.24`.
    let is_of_version = word.contains(&letters) || letters.ends_with(word);
    !vocabulary::is_searched_for(key)
        && !vocabulary::is_of_table(key)
        && !NAMES.contains(&letters.as_str())
        && !is_of_version
        && letters.starts_with(|c: char| c.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_file_knows_files_of_settings() {
        for path in [
            "chart/values.yaml",
            "values-prod.yml",
            "prod.values.yaml",
            "values.yaml.gotmpl",
            ".env",
            ".env.prod",
            "prod.env",
            "group_vars/all.yml",
            "inventory/host_vars/a/main.yaml",
            "group_vars/all",
            "roles/eks/defaults/main.yml",
            "x.auto.tfvars.json",
            "gradle.properties",
        ] {
            assert!(is_file(Path::new(path)), "{path}");
        }
        for path in ["config.yaml", "values.json", "environment", "vars.tf", "group_vars.md"] {
            assert!(!is_file(Path::new(path)), "{path}");
        }
    }
}
