//! Discovery in a generated tree: everything that no ignore file leaves out is found, once, with
//! any number of threads.

use std::collections::BTreeSet;
use std::path::Path;

use kubeconfig_lint::Report;

use super::choices::Choices;
use super::folder;
use super::kubeconfigs::GROUP;

/// Searches a tree.
pub fn holds(bytes: &[u8]) {
    check(bytes, folder::check);
}

/// Checks what runs in a folder with some options.
pub fn check(bytes: &[u8], run: impl Fn(&Path, &[&str]) -> Result<Report, Vec<String>>) {
    const FOLDERS: &[&str] =
        &["", "a/", "b/", "a/c/", ".hidden/", "a/c/d e/", "node_modules/x/", "é/", "a/b/c/d/e/f/"];
    const NAMES: &[&str] =
        &["one", "two.yaml", ".three", "four.json", "five#.txt", "six é", "-seven"];
    let mut choices = Choices::new(bytes);
    let folder = folder::new();
    let bad = format!(
        "users: [{{name: u, user: {{exec: {{apiVersion: {GROUP}/v1alpha1, command: aws}}}}}}]\n"
    );
    let mut written = BTreeSet::new();
    // The folders with an ignore file, and the name that it leaves out.
    let mut ignored: Vec<(&str, &str)> = Vec::new();
    while !choices.is_done() && written.len() < 60 {
        let (within, name) = (choices.pick(FOLDERS), choices.pick(NAMES));
        match choices.below(6) {
            0 if !ignored.iter().any(|(other, _)| *other == within) => {
                let what = choices.pick(&["one", "two.yaml", "c", "b"]);
                let file = choices.pick(&[".gitignore", ".ignore"]);
                let line = choices.pick(&["# comment\n", "", "\n", "nothing*here\n"]);
                folder::write(folder.path(), &format!("{within}{file}"), format!("{line}{what}\n"));
                ignored.push((within, what));
            }
            1 => {
                let text =
                    choices.pick(&[&b"nothing"[..], b"", b"\0\0", b"\xff\xfe", b"users: []\n"]);
                let path = format!("{within}other-{name}");
                folder::write(folder.path(), &path, text);
            }
            _ => {
                let path = format!("{within}{name}");
                folder::write(folder.path(), &path, &bad);
                written.insert(path);
            }
        }
    }
    link(folder.path(), &written, &mut choices);
    let is_ignored = |path: &str| {
        ignored.iter().any(|(within, what)| {
            path.strip_prefix(within).is_some_and(|rest| rest.split('/').any(|part| part == *what))
        })
    };
    let excluded = choices.pick(&["", "", "two.yaml", "c"]);
    let is_excluded = |path: &str| path.split('/').any(|part| part == excluded);
    for (options, no_ignore) in
        [(&["--no-config"][..], false), (&["--no-config", "--no-ignore"], true)]
    {
        let exclude: &[&str] = if excluded.is_empty() { &[] } else { &["--exclude", excluded] };
        let with =
            |threads| run(folder.path(), &[options, exclude, &["--threads", threads]].concat());
        let (one, eight) = (with("1").expect("a run"), with("8").expect("a run"));
        let expected =
            written.iter().filter(|path| (no_ignore || !is_ignored(path)) && !is_excluded(path));
        let expected: Vec<&str> = expected.map(String::as_str).collect();
        let found: Vec<&str> = one.files.iter().map(|file| &*file.path).collect();
        assert_eq!(found, expected, "{ignored:?}, excluded: {excluded:?}");
        assert_eq!(one.summary, eight.summary);
        assert!(folder::json(&one) == folder::json(&eight), "threads change the report");
    }
}

/// Adds links: to files and folders that exist, to nothing, and in a circle. They lead to no file
/// that is not found anyway.
#[cfg(unix)]
fn link(folder: &Path, written: &BTreeSet<String>, choices: &mut Choices<'_>) {
    use std::os::unix::fs::symlink;
    // A link to a file that an ignore file leaves out would be read instead of it.
    let links = [("up", "."), ("nowhere", "missing"), ("self", "self"), ("out", "/")];
    if written.is_empty() || !choices.one_in(3) {
        return;
    }
    let (name, target) = choices.pick(&links);
    symlink(target, folder.join(format!("link-{name}"))).expect("a link");
}

#[cfg(not(unix))]
fn link(_: &Path, _: &BTreeSet<String>, _: &mut Choices<'_>) {}
