//! Terraform modules: the files of a folder, which Terraform reads as one.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::carrier::{Reference, terraform};
use crate::discover;
use crate::discover::read::{MAX_BYTES, regular};
use crate::finding::Finding;
use crate::finding::fix::Applicability;
use crate::fix::apply;
use crate::language;
use crate::lint::{Linted, Options, lint};
use crate::report::FileReport;
use crate::rule::UNUSED_IGNORE;
use crate::text::source::{Source, Span};

/// What is known about the modules of a run.
#[derive(Debug, Default)]
pub(super) struct Modules {
    /// The files as they were named, by folder: a folder may be named in many ways.
    files: BTreeMap<PathBuf, BTreeSet<PathBuf>>,
    /// Files that are not in `files` yet.
    noted: Vec<PathBuf>,
    /// What exec API versions refer to, by folder.
    references: BTreeMap<PathBuf, BTreeSet<Reference>>,
    /// What exec API versions refer to in the files that were linted, by file.
    linted: BTreeMap<PathBuf, BTreeSet<Reference>>,
    /// The variables and locals that hold exec API versions, by folder.
    declared: BTreeMap<PathBuf, BTreeSet<String>>,
    /// Those of them that count as exec configs, by folder.
    counted: BTreeMap<PathBuf, Vec<String>>,
    /// The variables and locals whose uses are all known, by folder.
    settled: BTreeMap<PathBuf, Arc<BTreeSet<String>>>,
    /// The files that could not be read, and why.
    pub(super) unread: BTreeMap<PathBuf, String>,
}

impl Modules {
    /// Whether a file is part of a module, by its name.
    pub(super) fn has(path: &Path) -> bool {
        let name = language::name_bytes(path);
        let is_of = |end: &[u8]| name.len() > end.len() && name.ends_with(end);
        is_of(b".tf") || is_of(b".tofu")
    }

    /// Notes a file that was read. [`Modules::others`] adds it, if any file of the run makes a
    /// difference to others.
    pub(super) fn note_file(&mut self, path: &Path) {
        self.noted.push(path.to_owned());
    }

    /// Adds a file that was read.
    pub(super) fn add_file(&mut self, path: &Path) {
        self.files.entry(folder(path)).or_default().insert(path.to_owned());
    }

    /// Adds what was found in a file: the variables that it uses as the end of an exec API version,
    /// and the variables and locals that hold one.
    pub(super) fn add_linted(&mut self, path: &Path, linted: &Linted) {
        if !Self::has(path) {
            return;
        }
        let Linted { references, declared, .. } = linted;
        self.linted.insert(path.to_owned(), references.iter().cloned().collect());
        if !references.is_empty() {
            self.references.entry(folder(path)).or_default().extend(references.iter().cloned());
        }
        if !declared.is_empty() {
            self.declared.entry(folder(path)).or_default().extend(declared.iter().cloned());
            let used: BTreeSet<&String> = terraform::used(declared, references).collect();
            let counted = declared.iter().filter(|name| !used.contains(name)).cloned();
            self.counted.entry(folder(path)).or_default().extend(counted);
        }
    }

    /// Finds the exec configs that take their version from such a variable. Their files need not
    /// mention the API group.
    pub(super) fn find_users(&mut self) {
        let Self { files, references, linted, declared, unread, .. } = self;
        for (folder, declared) in declared {
            let files = files.get(folder).into_iter().flatten();
            let unlinted = files.filter(|path| !linted.contains_key(*path));
            let sources = unlinted.filter_map(|path| read(path, unread));
            let sources = sources.filter(|source| source.text().contains("api_version"));
            let users = sources.flat_map(|source| lint(&source, &Options::default()).references);
            let is_wanted =
                |user: &Reference| user.command_line.is_some() && declared.contains(&*user.name);
            let users: Vec<Reference> = users.filter(is_wanted).collect();
            if !users.is_empty() {
                references.entry(folder.clone()).or_default().extend(users);
            }
        }
    }

    /// Finds the variables and locals that hold an exec API version and that the whole module uses
    /// for nothing but the versions of exec configs. Reads all files of the module, also those that
    /// the run leaves out.
    pub(super) fn find_settled(&mut self) {
        let Self { references, declared, settled, .. } = self;
        let folders: BTreeSet<&PathBuf> = declared.keys().chain(references.keys()).collect();
        for folder in folders {
            let used = references.get(folder).into_iter().flatten();
            let mut names: BTreeSet<String> = used.map(|used| used.name.to_string()).collect();
            names.extend(declared.get(folder).into_iter().flatten().cloned());
            names.retain(|name| name.starts_with("var.") || name.starts_with("local."));
            let Some(files) = module_files(folder) else { continue };
            for file in files {
                if names.is_empty() {
                    break;
                }
                match regular(&file, MAX_BYTES as u64) {
                    Ok(bytes) => {
                        let source = Source::new(file, bytes);
                        for name in terraform::used_otherwise(&source, &names) {
                            names.remove(&name);
                        }
                    }
                    Err(_) => names.clear(),
                }
            }
            if !names.is_empty() {
                settled.insert(folder.clone(), Arc::new(names));
            }
        }
    }

    /// Returns how many variables and locals count as exec configs although they are the version of
    /// exec configs in other files of the run. To be called before [`Modules::find_users`].
    pub(super) fn counted_twice(&self) -> usize {
        let in_folder = |(folder, names): (&PathBuf, &Vec<String>)| {
            terraform::used(names, self.references.get(folder).into_iter().flatten()).count()
        };
        self.counted.iter().map(in_folder).sum()
    }

    /// Returns the variables and locals of a file's module whose uses are all known.
    pub(super) fn settled_in(&self, path: &Path) -> Arc<BTreeSet<String>> {
        let settled = Some(path).filter(|path| Self::has(path));
        settled.and_then(|path| self.settled.get(&folder(path))).cloned().unwrap_or_default()
    }

    /// Returns the references of the files in the folder of `source` to what `source` declares.
    /// All of them would be many for a folder of many files.
    pub(super) fn references_to(&self, source: &Source) -> Vec<Reference> {
        let references =
            Some(source.path()).filter(|path| Self::has(path)).and_then(|path| self.beside(path));
        let declared = references.map(|references| terraform::declared_among(source, references));
        declared.into_iter().flatten().cloned().collect()
    }

    fn beside(&self, path: &Path) -> Option<&BTreeSet<Reference>> {
        self.references.get(&folder(path))
    }

    /// Returns the files that the run was not given in folders with references or with declared
    /// variables, sorted.
    pub(super) fn others(&mut self) -> Vec<PathBuf> {
        let noted = std::mem::take(&mut self.noted);
        if self.references.is_empty() && self.declared.is_empty() {
            return Vec::new();
        }
        noted.iter().for_each(|path| self.add_file(path));
        let files = |folder: &PathBuf| {
            let known: BTreeSet<PathBuf> =
                self.files.get(folder).into_iter().flatten().map(|file| absolute(file)).collect();
            // An unreadable folder yields nothing: its files were named.
            let entries = folder.read_dir().into_iter().flatten().flatten();
            let paths = entries.map(|entry| entry.path());
            paths.filter(move |path| Self::has(path) && path.is_file() && !known.contains(path))
        };
        let folders: BTreeSet<_> = self.references.keys().chain(self.declared.keys()).collect();
        let mut others: Vec<PathBuf> = folders.into_iter().flat_map(files).collect();
        others.sort();
        others
    }

    /// Returns the files to search for variables. A file that makes all references of its folder
    /// itself was searched when it was linted.
    pub(super) fn to_follow(&self) -> impl Iterator<Item = &Path> {
        self.references.iter().flat_map(move |(folder, references)| {
            let files = self.files.get(folder).into_iter().flatten().map(PathBuf::as_path);
            let is_settled = self.settled.contains_key(folder);
            files.filter(move |file| is_settled || self.linted.get(*file) != Some(references))
        })
    }

    /// Lints the variables that a file declares for the others in its folder; `None` if nothing new
    /// is found. `options` are those for the file, without references.
    pub(super) fn follow(&mut self, path: &Path, options: &Options) -> Option<Followed> {
        let source = read(path, &mut self.unread)?;
        let references = self.references_to(&source);
        if references.is_empty() {
            return None;
        }
        let settled = self.settled_in(path);
        follow(source, &Options { references, settled, ..options.clone() })
    }
}

/// Returns all files of the module in a folder, and those in JSON; `None` if it cannot be listed.
fn module_files(folder: &Path) -> Option<Vec<PathBuf>> {
    let entries = folder.read_dir().ok()?.collect::<Result<Vec<_>, _>>().ok()?;
    let is_part = |path: &PathBuf| {
        let is_json = path.extension().is_some_and(|extension| extension == "json");
        Modules::has(path)
            || (is_json && path.file_stem().is_some_and(|stem| Modules::has(Path::new(stem))))
    };
    let paths = entries.into_iter().map(|entry| entry.path());
    Some(paths.filter(|path| is_part(path) && !path.is_dir()).collect())
}

/// Returns the absolute path of a file's folder, its key in the maps of [`Modules`].
fn folder(path: &Path) -> PathBuf {
    absolute(path).parent().unwrap_or(Path::new("")).to_owned()
}

fn absolute(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    discover::absolute(&path, Path::new(""))
}

/// What the references of a module add to one of its files.
pub(super) struct Followed {
    /// The file.
    pub(super) source: Source,
    /// The findings about variables that the file declares for the others.
    pub(super) linted: Linted,
    /// The ignore comments that now suppress a finding.
    used: BTreeSet<Span>,
    /// The findings that no longer apply, by rule and place.
    outdated: HashSet<(&'static str, Span)>,
}

impl Followed {
    /// Adds what the references add to the report of the file.
    pub(super) fn add_to(self, file: &mut FileReport) {
        let Self { linted: more, used, outdated, .. } = self;
        let linted = &mut file.linted;
        let applies = |finding: &Finding| {
            let place = finding.primary.span;
            let is_used = is_unused_ignore(finding) && used.contains(&place);
            !(is_used || outdated.contains(&(finding.rule.name, place)))
        };
        linted.findings.retain(applies);
        linted.hidden.retain(applies);
        let is_found = |span| more.findings.iter().any(|found| found.primary.span == span);
        linted.accepted.retain(|accepted| !is_found(accepted.span));
        linted.findings.extend(more.findings);
        linted.hidden.extend(more.hidden);
        linted.findings.sort_by_key(|finding| finding.primary.span);
        linted.suppressed.extend(more.suppressed);
        linted.suppressed.sort_by_key(|suppressed| suppressed.finding.primary.span);
        linted.accepted.extend(more.accepted);
        linted.accepted.sort_by_key(|accepted| accepted.span);
        linted.other_secrets = more.other_secrets;
        linted.keyed_secrets = more.keyed_secrets;
        linted.harmless_base64 = more.harmless_base64;
        linted.fix_basis = more.fix_basis;
    }
}

/// Returns whether the finding says that a comment suppresses nothing.
fn is_unused_ignore(finding: &Finding) -> bool {
    *finding.rule == UNUSED_IGNORE
}

/// Reads a file of a module; `None` if it cannot be read, for a reason that is added to `unread`.
fn read(path: &Path, unread: &mut BTreeMap<PathBuf, String>) -> Option<Source> {
    match regular(path, MAX_BYTES as u64) {
        Ok(bytes) => Some(Source::new(path, bytes)),
        Err(reason) => {
            unread.insert(path.to_owned(), reason);
            None
        }
    }
}

/// Lints a file of a module with the references that other files make to it; `None` if they add
/// nothing.
fn follow(source: Source, options: &Options) -> Option<Followed> {
    let (references, settled) = (Vec::new(), Arc::default());
    let without = Options { references, settled, ..options.clone() };
    // Of the advice, the hash is enough: a file may have thousands of findings.
    let hasher = RandomState::new();
    let key = |finding: &Finding| key(finding, &hasher);
    let unused = |linted: &Linted| -> BTreeSet<Span> {
        let unused = found(linted).filter(|finding| is_unused_ignore(finding));
        unused.map(|finding| finding.primary.span).collect()
    };
    // What is known without the references; only that, while the fixes are tried.
    let known = lint(&source, &without);
    let old: HashSet<FindingKey> = found(&known).map(key).collect();
    let was_unused = unused(&known);
    let hidden: HashSet<Span> =
        known.suppressed.iter().map(|found| found.finding.primary.span).collect();
    let accepted: HashSet<Span> = known.accepted.iter().map(|accepted| accepted.span).collect();
    drop(known);
    let mut linted = lint(&source, options);
    apply::verify_only(&source, &mut linted, options);
    let used = &was_unused - &unused(&linted);
    let new: HashSet<FindingKey> = found(&linted).map(key).collect();
    let outdated = old.difference(&new).map(|(rule, place, ..)| (*rule, *place)).collect();
    // Keep only what the references add.
    let is_new =
        |finding: &Finding| !old.contains(&key(finding)) && !hidden.contains(&finding.primary.span);
    linted.findings.retain(is_new);
    linted.hidden.retain(is_new);
    let places: HashSet<Span> = old.iter().map(|(_, place, ..)| *place).collect();
    linted.suppressed.retain(|found| {
        let place = found.finding.primary.span;
        !hidden.contains(&place) && !places.contains(&place)
    });
    linted.accepted.retain(|found| !accepted.contains(&found.span));
    (!linted.is_empty()).then_some(Followed { source, linted, used, outdated })
}

/// Identifies a finding by its rule, its place, the hash of its advice, and how safe its fix is.
type FindingKey = (&'static str, Span, u64, Option<Applicability>);

fn key(finding: &Finding, hasher: &RandomState) -> FindingKey {
    let fix = finding.fix.as_ref().map(|fix| fix.applicability);
    let advice = hasher.hash_one((&*finding.kubectl_says_later, &finding.help));
    (finding.rule.name, finding.primary.span, advice, fix)
}

/// Returns the findings, whether they are shown or not.
fn found(linted: &Linted) -> impl Iterator<Item = &Finding> {
    linted.findings.iter().chain(&linted.hidden)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reference() -> Reference {
        Reference { name: "var.v".into(), command_line: None }
    }

    #[test]
    fn modules_of_one_folder_are_one() {
        let mut modules = Modules::default();
        modules.add_file(Path::new("a.tf"));
        let absolute = std::path::absolute("c.tf").unwrap();
        modules.add_file(&absolute);
        modules.add_file(Path::new("./x/d.tf"));
        let linted = Linted { references: vec![reference()], ..Linted::default() };
        modules.add_linted(Path::new("./x/../b.tf"), &linted);
        let mut paths: Vec<&Path> = modules.to_follow().collect();
        paths.sort_unstable();
        let mut expected = [Path::new("a.tf"), &absolute];
        expected.sort_unstable();
        assert_eq!(paths, expected);
    }

    #[test]
    fn follow_tells_which_files_are_too_large() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("v.tf");
        let mut modules = Modules::default();
        modules.add_file(&path);
        let linted = Linted { references: vec![reference()], ..Linted::default() };
        modules.add_linted(&folder.path().join("main.tf"), &linted);
        let text = "variable \"v\" {\n  default = \"v1alpha1\"\n}\n";
        std::fs::write(&path, format!("{text}{}", "#".repeat(2 << 20))).unwrap();
        assert!(modules.follow(&path, &Options::default()).is_some());
        assert!(modules.unread.is_empty());
        let file = std::fs::File::options().write(true).open(&path).unwrap();
        file.set_len(MAX_BYTES as u64 + 1).unwrap();
        assert!(modules.follow(&path, &Options::default()).is_none());
        assert_eq!(modules.unread[&path], "larger than 256 MiB");
    }

    #[test]
    fn modules_give_a_file_only_references_to_what_it_declares() {
        let mut modules = Modules::default();
        let names = ["var.a", "var.v", "var.w", "local.v", "provider.p"];
        let reference = |name: &str| Reference { name: name.into(), command_line: None };
        let by_command = |name: &str| Reference {
            command_line: Some(["aws".to_owned()].into()),
            ..reference(name)
        };
        let references = names.iter().flat_map(|name| [reference(name), by_command(name)]);
        let linted = Linted { references: references.collect(), ..Linted::default() };
        modules.add_linted(Path::new("main.tf"), &linted);
        for (text, expected) in [
            ("variable \"v\" {\n  default = \"v1\"\n}\n", &["var.v"][..]),
            ("locals {\n  v = 1\n  u = 2\n}\n", &["local.v"]),
            ("terraform {\n  required_providers {\n    p = {}\n  }\n}\n", &["provider.p"]),
            ("x = var.v\n", &[]),
        ] {
            let to = |path: &str| modules.references_to(&Source::new(path, text.into()));
            let found = to("x.tf");
            let both = |name: &&str| [reference(name), by_command(name)];
            assert_eq!(found, expected.iter().flat_map(both).collect::<Vec<_>>(), "{text}");
            assert!(to("x.yaml").is_empty() && to("other/x.tf").is_empty());
        }
    }
}
