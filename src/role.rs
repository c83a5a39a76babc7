//! The role of a text, which says what the text is for: live configuration, documentation, a
//! comment, test data, vendored code or history.
//!
//! Syntax decides first (a comment, a fence in Markdown), then the path if it is unambiguous. A
//! folder called `test` is often an environment; it holds tests if it is next to a source tree.

use std::path::Path;

use crate::language::{self, KubeconfigName, Language};

/// What a text is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Something reads it: findings keep their severity.
    #[default]
    Live,
    /// An example for people, who copy it: findings are warnings at most.
    Documentation,
    /// A comment, or commented-out text: findings are notes.
    Comment,
    /// Input or expected output of tests: findings are notes.
    TestData,
    /// A copy of somebody else's work: findings are notes.
    Vendored,
    /// A record of the past, such as a changelog or a patch: findings are notes.
    History,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 6] = [
        Self::Live,
        Self::Documentation,
        Self::Comment,
        Self::TestData,
        Self::Vendored,
        Self::History,
    ];

    /// Returns the word used in reports and in the configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Documentation => "documentation",
            Self::Comment => "comment",
            Self::TestData => "test-data",
            Self::Vendored => "vendored",
            Self::History => "history",
        }
    }

    /// Returns the words for a message; `None` for live text.
    pub fn words(self) -> Option<&'static str> {
        match self {
            Self::Live => None,
            Self::Documentation => Some("documentation"),
            Self::Comment => Some("commented out"),
            Self::TestData => Some("test data"),
            Self::Vendored => Some("vendored"),
            Self::History => Some("history"),
        }
    }

    /// Returns the role of a text with this role inside a text with the role `outer`: the weaker of
    /// the two.
    #[must_use]
    pub fn within(self, outer: Self) -> Self {
        self.max(outer)
    }
}

const VENDORED: &[&str] = &[
    "vendor",
    "vendored",
    "node_modules",
    "bower_components",
    "third_party",
    "third-party",
    "thirdparty",
    "godeps",
    "site-packages",
    ".terraform",
    ".terragrunt-cache",
];

/// Words in the names of folders whose content is always test data.
const TEST_DATA: &[&str] = &["testdata", "mockdata", "fixtures", "testfixtures"];

/// Names of folders whose content is always test data.
const TEST_FOLDERS: &[&str] = &["__snapshots__", "__tests__", "__mocks__"];

/// Folders of tests if they belong to a source tree. A folder called `test` may also be an
/// environment.
const TESTS: &[&str] = &["test", "tests", "spec", "specs"];

/// Files and folders that mark their parent as a source tree: folders of code, manifests of
/// packages.
const SIGNS_OF_SOURCE: &[&str] = &[
    "src",
    "lib",
    "pkg",
    "cmd",
    "internal",
    "go.mod",
    "Cargo.toml",
    "package.json",
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "__init__.py",
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "Gemfile",
    "mix.exs",
    "composer.json",
    "Chart.yaml",
    "galaxy.yml",
];

/// Folders that contain one folder per environment.
const ENVIRONMENTS: &[&str] = &[
    "environment",
    "environments",
    "env",
    "envs",
    "cluster",
    "clusters",
    "overlays",
    "deploy",
    "deployment",
    "deployments",
    "inventory",
    "inventories",
    "stages",
    "live",
];

/// Environments whose folder next to a `test` folder marks `test` as an environment too.
const OTHER_ENVIRONMENTS: &[&str] = &[
    "dev",
    "development",
    "int",
    "integration",
    "live",
    "preprod",
    "prod",
    "production",
    "qa",
    "sandbox",
    "stage",
    "staging",
    "uat",
];

const HISTORY: &[&str] = &[
    "changelog",
    "changelogs",
    "changes",
    "history",
    "news",
    "releases",
    "releasenotes",
    "releasehistory",
];

/// Returns the role of a file by its path alone.
///
/// Without the disk, nothing shows that a folder called `test` belongs to a source tree: only
/// source code in it counts as test data.
pub(crate) fn of_path(path: &Path) -> Role {
    role_of(path, |_, _| false)
}

/// Returns the role of the file at `path` below the folder `root`. Looks at the folders in between
/// on disk if their names alone are ambiguous.
pub(crate) fn of_file(root: &Path, path: &Path) -> Role {
    role_of(path, |folder, name| root.join(folder).join(name).exists())
}

/// Returns the role of a file by its text: plain-text instructions with a kubeconfig among their
/// sentences are documentation. Scripts, build files and files named like a kubeconfig are live
/// whatever they contain.
pub(crate) fn of_text(path: &Path, text: &str) -> Role {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let may_be_prose = match name.rsplit_once('.') {
        Some((stem, extension)) => extension == "txt" && !stem.contains("kubeconfig"),
        None => !(name.ends_with("config") || name.ends_with("file")),
    };
    let is_prose = || name == "readme" || text.lines().any(is_sentence);
    let is_documentation =
        may_be_prose && KubeconfigName::of(path).is_none() && !text.starts_with("#!") && is_prose();
    if is_documentation { Role::Documentation } else { Role::Live }
}

/// English function words, which commands and data seldom contain.
const PARTICLES: &[&str] = &[
    "a",
    "an",
    "and",
    "are",
    "as",
    "be",
    "can",
    "following",
    "for",
    "from",
    "have",
    "if",
    "in",
    "is",
    "it",
    "need",
    "of",
    "on",
    "our",
    "should",
    "that",
    "the",
    "then",
    "this",
    "to",
    "using",
    "we",
    "with",
    "you",
    "your",
];

/// Returns whether a line is an English sentence or begins one: it is not indented, begins with a
/// capital letter, and contains several function words.
fn is_sentence(line: &str) -> bool {
    const MIN_WORDS: usize = 4;
    const MIN_PARTICLES: usize = 2;
    // Skip the marker of a list item: `1. `, `- `.
    let item =
        line.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ')' | '-'));
    let item = if item.len() < line.len() { item.trim_start_matches(' ') } else { item };
    let mut first = item.chars();
    let is_capitalized = first.next().is_some_and(|c| c.is_ascii_uppercase())
        && first.next().is_some_and(|c| c.is_ascii_lowercase() || c == ' ');
    let is_code = item.contains(" = ")
        || item.contains("$(")
        || item.contains("&&")
        || item.trim_end().ends_with(['{', ';', '\\']);
    let words = || item.split_whitespace().map(|word| word.trim_end_matches([',', '.', ':']));
    let is_particle = |word: &&str| PARTICLES.iter().any(|known| word.eq_ignore_ascii_case(known));
    is_capitalized
        && !is_code
        && words().nth(MIN_WORDS - 1).is_some()
        && words().filter(is_particle).nth(MIN_PARTICLES - 1).is_some()
}

/// Determines the role by the path. `holds` returns whether a folder contains a file or folder of
/// some name.
fn role_of(path: &Path, holds: impl Fn(&Path, &str) -> bool) -> Role {
    let written = path.to_string_lossy().replace('\\', "/");
    let path = written.to_ascii_lowercase();
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path.as_str()));
    let has = |list: &[&str]| folders.split('/').any(|folder| list.contains(&folder));
    if has(VENDORED) {
        return Role::Vendored;
    }
    let language = language::of_name(name);
    let written_name = written.rsplit('/').next().unwrap_or("");
    let is_code = language == Language::Code;
    if has(TEST_FOLDERS)
        || folders.split('/').any(holds_test_data)
        || is_output_of_tests(name)
        || (is_code && is_test(written_name))
        || is_below_tests(&written, is_code, holds)
    {
        return Role::TestData;
    }
    let is_text = matches!(language, Language::Documentation(_)) || name.ends_with(".txt");
    let is_history = |word: &str| HISTORY.contains(&word.replace(['-', '_', '.'], "").as_str());
    let stem = language::without_template_suffix(name);
    let stem = stem.split_once('.').map_or(stem, |(stem, _)| stem);
    let is_release = stem.starts_with("release-notes") || stem.starts_with("release_notes");
    let is_changelog = stem.starts_with("changelog") || stem.starts_with("changes-");
    let in_history = folders.rsplit('/').next().is_some_and(is_history)
        || folders.split('/').any(|folder| folder == "changelog" || folder == "changelogs");
    if language == Language::Record
        || ((is_text || !name.contains('.')) && (is_history(stem) || is_release || is_changelog))
        || (is_text && in_history)
    {
        return Role::History;
    }
    match language {
        Language::Documentation(_) => Role::Documentation,
        // A notebook is read more often than it is run.
        _ if name.ends_with(".ipynb") || is_documented_example(folders, name) => {
            Role::Documentation
        }
        _ => Role::Live,
    }
}

/// Returns whether the name of a folder says that it holds test data: `testdata`, `e2e_testdata2`,
/// `mock-data`, but not `latest-data`.
fn holds_test_data(folder: &str) -> bool {
    let words = folder.split(['-', '_', '.', ' ']);
    let words = words.map(|word| word.trim_end_matches(|c: char| c.is_ascii_digit()));
    let mut before = "";
    words.into_iter().any(|word| {
        let is_data = word == "data" && matches!(before, "test" | "mock");
        before = word;
        is_data || TEST_DATA.contains(&word)
    })
}

/// Returns whether a file lies in a folder of documentation and is an example, by its own name or
/// by that of a folder in between. One condition alone is not enough: `docs/` may be a deployed
/// site.
fn is_documented_example(folders: &str, name: &str) -> bool {
    let is_docs = |folder: &&str| matches!(*folder, "doc" | "docs" | "documentation");
    let is_example = |word: &str| matches!(word, "example" | "examples" | "sample" | "samples");
    let mut below = folders.split('/').skip_while(|folder| !is_docs(folder));
    let is_in_docs = below.next().is_some();
    let mut words = below.chain([name]).flat_map(|part| part.split(['-', '_', '.', ' ']));
    is_in_docs && words.any(is_example)
}

/// Returns whether test runners look for a source file of that name.
fn is_test(name: &str) -> bool {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    // Matches `ConfigTest`, but not `Contest`.
    let is_word_before = |before: &str| before.ends_with(|c: char| c.is_ascii_alphanumeric());
    let suffixes = ["Test", "Tests", "TestCase", "Suite", "Spec", "Specs"];
    let mut before = suffixes.into_iter().filter_map(|suffix| stem.strip_suffix(suffix));
    if before.any(is_word_before) {
        return true;
    }
    let stem = stem.to_ascii_lowercase();
    stem.ends_with("_test")
        || stem.ends_with("_spec")
        || stem.ends_with(".test")
        || stem.ends_with(".spec")
        || stem.starts_with("test_")
        || matches!(stem.as_str(), "conftest" | "tests")
}

/// Returns whether a file of that lowercase name holds tests or the output that tests expect.
fn is_output_of_tests(name: &str) -> bool {
    [".approved.", ".received.", ".verified."].into_iter().any(|mark| name.contains(mark))
        || [".snap", ".bats", ".tftest.hcl", ".tofutest.hcl"]
            .into_iter()
            .any(|ending| name.ends_with(ending))
}

/// Returns whether the last word of a name is `test` or `tests`: `test`, `integrationTest`, but not
/// `latest`.
fn ends_in_tests(name: &str) -> bool {
    ["test", "tests"].contains(&name.to_ascii_lowercase().as_str())
        || name.ends_with("Test")
        || name.ends_with("Tests")
}

/// Returns whether one of the folders of a path holds tests. Its name and that of its parent
/// decide; for a name that may also be an environment, the folders and files next to it do.
fn is_below_tests(path: &str, is_code: bool, holds: impl Fn(&Path, &str) -> bool) -> bool {
    let (folders, _) = path.rsplit_once('/').unwrap_or_default();
    let mut start = 0;
    let mut above = String::new();
    let mut is_of_environments = false;
    for folder in folders.split('/') {
        let beside = Path::new(path.get(..start).unwrap_or(""));
        start += folder.len() + 1;
        let name = folder.to_ascii_lowercase();
        // `src/test` in Maven, `src/integrationTest` in Gradle, `Client.Tests` in .NET.
        let is_of_build = above == "src" && ends_in_tests(folder);
        let is_project = folder.rsplit_once('.').is_some_and(|(_, last)| ends_in_tests(last));
        let is_support = TESTS.contains(&above.as_str()) && name == "support";
        let is_environment = || {
            name == "test"
                && (is_of_environments
                    || OTHER_ENVIRONMENTS.iter().any(|other| holds(beside, other)))
        };
        let is_tests = || {
            TESTS.contains(&name.as_str())
                && !is_environment()
                && (is_code || SIGNS_OF_SOURCE.iter().any(|sign| holds(beside, sign)))
        };
        if is_of_build || is_project || is_support || is_tests() {
            return true;
        }
        is_of_environments |= ENVIRONMENTS.contains(&name.as_str());
        above = name;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn role_is_read_from_unambiguous_paths() {
        for (path, role) in [
            ("deploy/test/kubeconfig", Role::Live),
            ("environments/test/main.go", Role::Live),
            ("envs/testing/main.tf", Role::Live),
            ("tests/kubeconfig.yaml", Role::Live),
            ("examples/eks.yaml", Role::Live),
            ("docs/kubeconfig.yaml", Role::Live),
            ("docs/example_kube_config.yml", Role::Documentation),
            ("eks/docs/examples/kubeconfig", Role::Documentation),
            ("examples/docs/kubeconfig", Role::Live),
            ("release.yaml", Role::Live),
            ("changes.yaml", Role::Live),
            ("history", Role::History),
            ("README.md", Role::Documentation),
            ("website/docs/index.html.markdown", Role::Documentation),
            ("README.md.gotmpl", Role::Documentation),
            ("docs/a.rst", Role::Documentation),
            ("CHANGELOG.md", Role::History),
            ("CHANGELOG/CHANGELOG-1.24.md", Role::History),
            ("docs/release-notes.md", Role::History),
            ("docs/release-notes/v1.md", Role::History),
            ("fix.patch", Role::History),
            ("pkg/testdata/config", Role::TestData),
            ("src/__snapshots__/a.js.snap", Role::TestData),
            ("pkg/exec_test.go", Role::TestData),
            ("web/config.spec.ts", Role::TestData),
            ("src/test/resources/k.yaml", Role::TestData),
            ("core/src/integrationTest/kotlin/k.yaml", Role::TestData),
            ("test/support/k.yaml", Role::TestData),
            ("spec/fixtures/k.yaml", Role::TestData),
            ("deploy/fixtures/k.yaml", Role::TestData),
            ("cmd/headlamp_testdata/k.yaml", Role::TestData),
            ("testdata2/k.yaml", Role::TestData),
            ("e2e_testdata/k.yaml", Role::TestData),
            ("my-fixtures/k.yaml", Role::TestData),
            ("fixtures_v2/k.yaml", Role::TestData),
            ("__fixtures__/k.yaml", Role::TestData),
            ("mock-data/k.yaml", Role::TestData),
            ("test_data.v2/k.yaml", Role::TestData),
            ("latest-data/k.yaml", Role::Live),
            ("data-test/k.yaml", Role::Live),
            ("Client.Tests/k.yaml", Role::TestData),
            ("Client.UnitTests/assets/k.yaml", Role::TestData),
            ("a/out.approved.txt", Role::TestData),
            ("ConfigTest.java", Role::TestData),
            ("ConfigTests.cs", Role::TestData),
            ("ConfigSuite.scala", Role::TestData),
            ("ConfigSpec.groovy", Role::TestData),
            ("Contest.java", Role::Live),
            ("OpenApiSpec.yaml", Role::Live),
            ("test/config.exs", Role::TestData),
            ("tests/unit/config.py", Role::TestData),
            ("kubeconfig.bats", Role::TestData),
            ("latest/k.yaml", Role::Live),
            ("src/latest/k.yaml", Role::Live),
            ("v1.latest/k.yaml", Role::Live),
            ("test_config.py", Role::TestData),
            ("test_config.yaml", Role::Live),
            ("vendor/k8s.io/client-go/testdata/x.md", Role::Vendored),
            ("a\\node_modules\\b\\c.js", Role::Vendored),
        ] {
            assert_eq!(of_path(Path::new(path)), role, "{path}");
        }
    }

    #[test]
    fn role_of_text_with_sentences_is_documentation() {
        let kubeconfig = "apiVersion: v1\nkind: Config\nusers: []\n";
        for (name, before, role) in [
            ("NOTES.txt", "Add this to your kubeconfig:\n\n", Role::Documentation),
            ("docs/eks", "3. Now we need to configure kubectl for EKS\n", Role::Documentation),
            ("INSTALL", "Copy the file to ~/.kube, and run kubectl.\n", Role::Documentation),
            ("README", "", Role::Documentation),
            ("notes.txt", "", Role::Live),
            ("users.txt", "# This is the kubeconfig of the cluster\n", Role::Live),
            ("out.txt", "Added new context x to /home/me/.kube/config\n", Role::Live),
            ("kubeconfig", "This is the config for your cluster:\n", Role::Live),
            ("k/config", "This is the config for your cluster:\n", Role::Live),
            ("Dockerfile", "This is the config for your cluster:\n", Role::Live),
            ("setup", "#!/bin/sh\nThis is the config for your cluster:\n", Role::Live),
            ("setup.yaml", "This is the config for your cluster:\n", Role::Live),
            ("setup", "cat > a <<E\n  This is the config for your cluster\n", Role::Live),
            ("setup", "RUN cp the config of the cluster to this folder\n", Role::Live),
        ] {
            let text = format!("{before}{kubeconfig}");
            assert_eq!(of_text(Path::new(name), &text), role, "{name} {before}");
        }
    }

    #[test]
    fn role_of_test_folders_depends_on_siblings() {
        let role = |path: &str, beside: &[&str]| {
            role_of(Path::new(path), |folder, name| {
                beside.iter().any(|other| Path::new(other) == folder.join(name))
            })
        };
        for (path, beside, expected) in [
            ("test/k.yaml", &["src"][..], Role::TestData),
            ("tests/a/k.yaml", &["lib"], Role::TestData),
            ("a/spec/k.yaml", &["a/src"], Role::TestData),
            ("a/spec/k.yaml", &["src"], Role::Live),
            ("tests/k.yaml", &["pyproject.toml"], Role::TestData),
            ("test/k.yaml", &["src", "prod"], Role::Live),
            ("test/main.go", &["staging"], Role::Live),
            ("tests/k.yaml", &["src", "prod"], Role::TestData),
            ("deploy/test/k.yaml", &["deploy/src"], Role::Live),
            ("clusters/eu/test/k.yaml", &["clusters/eu/src"], Role::Live),
            ("test/k.yaml", &[], Role::Live),
        ] {
            assert_eq!(role(path, beside), expected, "{path} {beside:?}");
        }
    }

    #[test]
    fn role_within_takes_the_weaker_role() {
        assert_eq!(Role::Live.within(Role::Documentation), Role::Documentation);
        assert_eq!(Role::Comment.within(Role::Documentation), Role::Comment);
        assert_eq!(Role::Documentation.within(Role::Vendored), Role::Vendored);
    }
}
