//! What a text is there for: live configuration, documentation, a comment, test data, vendored.
//!
//! Syntax tells it first (a comment, a fence in Markdown), then the path, where it cannot mean
//! anything else. A folder called `test` is often an environment, and proves nothing.

use std::path::Path;

use crate::language::{self, Language};

/// What a text is there for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Something reads it: findings keep their severity.
    #[default]
    Live,
    /// An example for people, who copy it: findings are warnings at most.
    Documentation,
    /// A comment, or what is commented out: notes.
    Comment,
    /// Input or expectation of tests: notes.
    TestData,
    /// A copy of somebody else's work: notes.
    Vendored,
    /// What was once: a changelog, a patch: notes.
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

    /// The word in reports and in the configuration.
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

    /// How a message says it; `None` for what is live.
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

    /// The role of what has this role and lies in a text of that one: the weaker counts.
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

const TEST_DATA: &[&str] = &[
    "testdata",
    "test-data",
    "test_data",
    "__snapshots__",
    "__tests__",
    "__fixtures__",
    "__mocks__",
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

/// The role that the path alone gives a file.
pub fn of_path(path: &Path) -> Role {
    let path = path.to_string_lossy().replace('\\', "/").to_ascii_lowercase();
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path.as_str()));
    let has = |list: &[&str]| folders.split('/').any(|folder| list.contains(&folder));
    if has(VENDORED) {
        return Role::Vendored;
    }
    let language = language::of_name(name);
    if has(TEST_DATA) || name.ends_with(".snap") || (language == Language::Code && is_test(name)) {
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
        _ if name.ends_with(".ipynb") => Role::Documentation,
        _ => Role::Live,
    }
}

/// Whether the name of a source file is one that test runners look for.
fn is_test(name: &str) -> bool {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    stem.ends_with("_test")
        || stem.ends_with("_spec")
        || stem.ends_with(".test")
        || stem.ends_with(".spec")
        || stem.starts_with("test_")
        || stem == "conftest"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_can_mean_nothing_else_tell_the_role() {
        for (path, role) in [
            ("deploy/test/kubeconfig", Role::Live),
            ("envs/testing/main.tf", Role::Live),
            ("tests/kubeconfig.yaml", Role::Live),
            ("examples/eks.yaml", Role::Live),
            ("docs/kubeconfig.yaml", Role::Live),
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
            ("test_config.py", Role::TestData),
            ("test_config.yaml", Role::Live),
            ("vendor/k8s.io/client-go/testdata/x.md", Role::Vendored),
            ("a\\node_modules\\b\\c.js", Role::Vendored),
        ] {
            assert_eq!(of_path(Path::new(path)), role, "{path}");
        }
    }

    #[test]
    fn the_weaker_role_counts() {
        assert_eq!(Role::Live.within(Role::Documentation), Role::Documentation);
        assert_eq!(Role::Comment.within(Role::Documentation), Role::Comment);
        assert_eq!(Role::Documentation.within(Role::Vendored), Role::Vendored);
    }
}
