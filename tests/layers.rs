//! Checks the direction of imports: a module of `src/` uses only modules before it in [`LAYERS`],
//! and the files of a module use each other in one direction. Unit tests may use anything.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The top-level modules, from the bottom up. Each is a file or a folder of `src/`.
const LAYERS: [&str; 27] = [
    "kubernetes",
    "text",
    "api_group",
    "go",
    "syntax",
    "language",
    "pins",
    "role",
    "model",
    "secrets",
    "kubectl",
    "advice",
    "finding",
    "edit",
    "rule",
    "carrier",
    "lint",
    "report",
    "discover",
    "baseline",
    "fix",
    "cli",
    "config",
    "generate",
    "run",
    "doctor",
    "internals",
];

/// A source file: its module path below `crate`, and its code without comments.
struct File {
    path: PathBuf,
    module: Vec<String>,
    code: String,
}

fn files() -> Vec<File> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![src.clone()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs")
                && !path.ends_with("tests.rs")
            {
                let inside = path.strip_prefix(&src).unwrap().with_extension("");
                let mut module: Vec<String> =
                    inside.iter().map(|name| name.to_str().unwrap().to_owned()).collect();
                module.retain(|name| name != "mod");
                let code = fs::read_to_string(&path).unwrap();
                let code = code.split("\nmod tests {").next().unwrap_or_default();
                let code = code.lines().map(|line| line.split("//").next().unwrap_or_default());
                files.push(File { module, code: code.collect::<Vec<_>>().join("\n"), path });
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// Returns the paths below `crate` that the code names, with lists in braces expanded.
fn named(code: &str) -> BTreeSet<Vec<String>> {
    let mut paths = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        take_path(&code[at + "crate::".len()..], &mut Vec::new(), &mut paths);
    }
    paths
}

/// Reads one path, or a list of paths, after `prefix`; returns the text after it.
fn take_path<'a>(
    mut text: &'a str,
    prefix: &mut Vec<String>,
    paths: &mut BTreeSet<Vec<String>>,
) -> &'a str {
    let depth = prefix.len();
    loop {
        text = text.trim_start();
        if let Some(mut list) = text.strip_prefix('{') {
            loop {
                list = take_path(list, prefix, paths).trim_start();
                match list.strip_prefix(',') {
                    Some(rest) if !rest.trim_start().starts_with('}') => list = rest,
                    Some(rest) => break list = rest.trim_start(),
                    None => break,
                }
            }
            prefix.truncate(depth);
            return list.strip_prefix('}').expect("a list that ends");
        }
        let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
        let (name, rest) = text.split_at(end);
        prefix.push(name.to_owned());
        match rest.strip_prefix("::") {
            Some(rest) => text = rest,
            None => {
                paths.insert(prefix.clone());
                prefix.truncate(depth);
                let is_renamed = rest.strip_prefix(" as ");
                return is_renamed.map_or(rest, |rest| {
                    rest.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_')
                });
            }
        }
    }
}

#[test]
fn named_expands_import_lists() {
    let paths = named("use crate::a::{self, b::C as D, e};\nfn f() { crate::g::h() }");
    let paths: Vec<String> = paths.iter().map(|path| path.join("::")).collect();
    assert_eq!(paths, ["a::b::C", "a::e", "a::self", "g::h"]);
}

#[test]
fn modules_use_only_modules_listed_before_them() {
    let layer = |module: &str| LAYERS.iter().position(|known| *known == module);
    let mut wrong = Vec::new();
    for file in &files() {
        let module = file.module.first().unwrap();
        if matches!(module.as_str(), "lib" | "main") {
            continue;
        }
        let own = layer(module).unwrap_or_else(|| panic!("LAYERS lacks the module {module}"));
        for path in named(&file.code).iter().chain(&relative(file)) {
            if layer(&path[0]).is_some_and(|other| other > own) {
                wrong.push(format!("{} uses {}", file.path.display(), path.join("::")));
            }
        }
    }
    assert!(wrong.is_empty(), "modules that use modules listed after them:\n{}", wrong.join("\n"));
}

#[test]
fn layers_have_no_import_circles_inside() {
    let files = files();
    let modules: BTreeSet<&[String]> = files.iter().map(|file| &file.module[..]).collect();
    let mut uses: BTreeMap<&[String], BTreeSet<&[String]>> = BTreeMap::new();
    for file in &files {
        let own = &file.module[..];
        for path in named(&file.code).iter().chain(&relative(file)) {
            let target = (1..=path.len()).rev().find_map(|end| modules.get(&path[..end]));
            // A module and its submodules count as one.
            let others = target.filter(|other| !other.starts_with(own) && !own.starts_with(other));
            uses.entry(own).or_default().extend(others);
        }
    }
    let in_circle = |own: &&[String]| {
        let mut reached = BTreeSet::new();
        let mut next = vec![*own];
        while let Some(module) = next.pop() {
            let new = uses.get(module).into_iter().flatten();
            next.extend(new.copied().filter(|other| reached.insert(*other)));
        }
        reached.contains(own)
    };
    let circle: Vec<String> =
        uses.keys().filter(|own| in_circle(own)).map(|own| own.join("::")).collect();
    assert!(circle.is_empty(), "files that use each other: {circle:?}");
}

/// Returns the paths that begin with `super::`, as paths below `crate`.
fn relative(file: &File) -> BTreeSet<Vec<String>> {
    let mut paths = BTreeSet::new();
    let code = &file.code;
    for (at, _) in code.match_indices("super::") {
        let mut parent = file.module[..file.module.len() - 1].to_vec();
        let mut text = &code[at + "super::".len()..];
        if code[..at].ends_with("super::") {
            continue;
        }
        while let Some(rest) = text.strip_prefix("super::") {
            parent.pop();
            text = rest;
        }
        take_path(text, &mut parent, &mut paths);
    }
    paths
}
