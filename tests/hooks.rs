//! Checks the pre-commit hooks: runs the binary as pre-commit does, with the words of `entry`, the
//! user's `args` and the files of a commit.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::fs;
use std::path::Path;
use std::time::Duration;

const CONFIG: &str = "kind: Config\nusers:\n- name: u\n  user:\n    exec: {command: aws, args: [eks, \
                      get-token], apiVersion: client.authentication.k8s.io/v1alpha1}\n";

/// Returns the words of each hook's `entry` after the name of the program.
fn entries() -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(".pre-commit-hooks.yaml");
    let text = fs::read_to_string(path).unwrap();
    assert!(!text.contains("\n  args:"), "a user's `args` replace those of a hook");
    let entries = text.lines().filter_map(|line| line.strip_prefix("  entry: kubeconfig-lint"));
    entries.map(|words| words.split_whitespace().map(str::to_owned).collect()).collect()
}

#[test]
fn args_of_a_user_keep_what_the_hooks_exclude() {
    let entries = entries();
    assert_eq!(entries.len(), 3);
    for entry in entries {
        for args in [
            &[][..],
            &["--kubectl-version", "1.28-1.37"],
            &["--kubectl-version=1.28", "--kubectl-version=1.30"],
            &["--fix", "--unsafe-fixes", "--force-exclude"],
            &["--format=short", "--"],
        ] {
            let folder = tempfile::tempdir().unwrap();
            fs::create_dir(folder.path().join("old")).unwrap();
            fs::write(folder.path().join(".kubeconfig-lint.yaml"), "exclude: [/old/]\n").unwrap();
            let old = folder.path().join("old/config");
            fs::write(&old, CONFIG).unwrap();
            let mut command = common::command(folder.path());
            command.args(&entry).args(args).arg("old/config");
            let outcome = common::run_command(&mut command, b"", Duration::from_secs(60));
            assert_eq!(outcome.status, Some(0), "{entry:?} {args:?}: {}", outcome.out());
            assert_eq!(fs::read_to_string(&old).unwrap(), CONFIG, "{entry:?} {args:?}");
        }
    }
}

#[test]
fn hooks_read_a_terraform_variable_from_beside_the_file_of_a_commit() {
    let folder = tempfile::tempdir().unwrap();
    let main = "provider \"kubernetes\" {\n  exec {\n    api_version = \
                \"client.authentication.k8s.io/${var.v}\"\n    command     = \"aws\"\n  }\n}\n";
    let variables = "variable \"v\" {\n  default = \"v1alpha1\"\n}\n";
    fs::write(folder.path().join("main.tf"), main).unwrap();
    fs::write(folder.path().join("variables.tf"), variables).unwrap();
    for entry in entries() {
        let mut command = common::command(folder.path());
        command.args(&entry).args(["--format", "short", "main.tf"]);
        let outcome = common::run_command(&mut command, b"", Duration::from_secs(60));
        let out = outcome.out();
        assert!(
            out.starts_with("variables.tf:2:14: error[removed-api-version]"),
            "{entry:?} {out}"
        );
        // Nobody asked to change a file that is not in the commit.
        let left = fs::read_to_string(folder.path().join("variables.tf")).unwrap();
        assert_eq!(left, variables, "{entry:?}");
    }
}

#[test]
fn report_to_pre_commit_names_the_hook_that_makes_the_fixes() {
    let folder = tempfile::tempdir().unwrap();
    let safe = "hint: to fix with pre-commit, configure the hook kubeconfig-lint-fix\n";
    let not_safe = &safe.replace('\n', " with `args: [--unsafe-fixes]`\n");
    let unknown = &CONFIG.replace("aws", "acme");
    for (is_hook, text, args, hint) in [
        (true, CONFIG, &["config"][..], safe),
        (true, unknown, &["config"], not_safe),
        (true, unknown, &["--fix", "config"], ""),
        (false, CONFIG, &["config"], ""),
    ] {
        fs::write(folder.path().join("config"), text).unwrap();
        let mut command = common::command(folder.path());
        command.args(args).envs(is_hook.then_some(("PRE_COMMIT", "1")));
        let err = common::run_command(&mut command, b"", Duration::from_secs(60)).err();
        let said = err.split_inclusive('\n').find(|line| line.contains("pre-commit"));
        assert_eq!(said.unwrap_or_default(), hint, "{args:?}: {err}");
    }
}

#[test]
fn hooks_pass_a_commit_of_empty_files_and_images() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("__init__.py"), "").unwrap();
    fs::write(folder.path().join("logo"), b"\0").unwrap();
    for entry in entries() {
        let mut command = common::command(folder.path());
        command.args(&entry).args(["__init__.py", "logo"]);
        let outcome = common::run_command(&mut command, b"", Duration::from_secs(60));
        assert_eq!(outcome.status, Some(0), "{entry:?}: {}", outcome.err());
    }
}
