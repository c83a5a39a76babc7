//! Checks which values the keys accept, the messages and locations of faults, and that the published
//! schema matches the keys.

use std::fs;

use clap::Parser;
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value as Json, json};

use crate::discover::globs;
use crate::kubernetes::clients::CLIENTS;
use crate::kubernetes::plugins::{self, Plugin, PluginReleases};
use crate::kubernetes::version::Minor;
use crate::rule::RULES;

use crate::cli::FixTo;

use super::file::{Glob, Scalar, Value};
use super::*;

/// Returns the settings of a configuration file, without flags.
fn read_file(path: &Path, current: &Path) -> Result<Settings, Vec<String>> {
    let flags = ["kubeconfig-lint".as_ref(), "--config".as_ref(), path.as_os_str()];
    Settings::new(Cli::try_parse_from(flags).unwrap(), current)
}

/// Returns the settings in a file with this text, or the messages for its faults.
fn read_text(text: impl AsRef<[u8]>) -> Result<Settings, Vec<String>> {
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path().join("c.yaml");
    fs::write(&path, text).unwrap();
    read_file(&path, temporary.path())
}

/// Returns the settings in a file with this text, or its first fault.
fn read(text: &str) -> Result<Settings, String> {
    read_text(text).map_err(|mut faults| faults.swap_remove(0).replacen("c.yaml:", "", 1))
}

fn names(rules: &[&'static Rule]) -> Vec<&'static str> {
    rules.iter().map(|rule| rule.name).collect()
}

#[test]
fn every_key_reaches_the_settings() {
    let text = "kubectl-version: 1.30\nfail-on: never\nmin-severity: warning\n\
                select: [mention, missing-command]\nignore: [unused-exec]\nexclude: [old/]\n\
                per-path:\n- paths: [a/]\n  ignore: [missing-env-name]\n\
                - paths: [a/b/, c]\n  ignore: [missing-user]\n\
                roles:\n- paths: [docs/]\n  role: documentation\n\
                baseline: ci/b.json\nfix-to: v1\n";
    for text in [text.to_owned(), text.replace('\n', "\r\n"), format!("\u{feff}{text}")] {
        let config = read(&text).unwrap();
        // As a number, 1.30 would be 1.3.
        assert_eq!(config.target, "1.30".parse().unwrap());
        assert_eq!(config.fail_on, FailOn::Never);
        assert_eq!(config.min_severity, Severity::Warning);
        assert_eq!(config.flags.fix_to, Some(FixTo::V1));
        assert_eq!(config.flags.baseline.as_deref(), Some(Path::new("ci/b.json")));
        for (path, expected) in [
            ("a/b/x", &["missing-user", "missing-env-name"][..]),
            ("c", &["missing-user"]),
            ("d", &[]),
        ] {
            let ignored: Vec<_> = config.ignored.of(Path::new(path)).flatten().copied().collect();
            assert_eq!(names(&ignored), expected, "{path}");
        }
        assert_eq!(names(&config.flags.select), ["mention", "missing-command"]);
        assert_eq!(names(&config.flags.ignore), ["unused-exec"]);
        assert!(config.exclude.covers(Path::new("old/a")).is_some());
        assert_eq!(config.roles.items.len(), 1);
    }
}

#[test]
fn faults_are_sorted_and_limited() {
    let told = |text: &str| read_text(text).unwrap_err();
    let faults = told("roles: [{paths: [.], role: x}]\nselect: [x]\nfail-on: y\n");
    let places: Vec<_> = faults.iter().map(|fault| &fault[..11]).collect();
    assert_eq!(places, ["c.yaml:1:18", "c.yaml:1:28", "c.yaml:2:10", "c.yaml:3:10"]);
    let faults = told(&format!("select: [{}]", "x,".repeat(100)));
    assert_eq!(faults.len(), MAX_MESSAGES + 1);
    assert_eq!(faults[MAX_MESSAGES], "c.yaml: and 90 more");
    let long = told(&format!("{}: 1", "é".repeat(500)));
    assert!(long[0].len() < 400, "{long:?}");
}

#[test]
fn last_matching_item_gives_the_role() {
    let temporary = tempfile::tempdir().unwrap();
    let current = fs::canonicalize(temporary.path()).unwrap();
    let text = "roles:\n- {paths: ['deploy/**', '*.tf'], role: live}\n\
                - {paths: [deploy/test/, '!deploy/test/live.yaml'], role: test-data}\n\
                - {paths: [/deploy/test/old/], role: history}\n";
    fs::write(current.join(NAMES[0]), text).unwrap();
    let roles = read_file(&current.join(NAMES[0]), &current).unwrap().roles;
    for (path, role) in [
        ("deploy/a", Some(Role::Live)),
        ("./deploy/a", Some(Role::Live)),
        ("x/a.tf", Some(Role::Live)),
        ("deploy/test/a.tf", Some(Role::TestData)),
        ("deploy/test/live.yaml", Some(Role::Live)),
        ("deploy/test/old/a/b", Some(Role::History)),
        ("x/deploy/test/a", None),
        ("a.yaml", None),
        ("../a.tf", None),
    ] {
        assert_eq!(roles.of(Path::new(path)).next().copied(), role, "{path}");
        let absolute = current.join(path);
        assert_eq!(roles.of(&absolute).next().copied(), role, "{path}");
    }
}

#[test]
fn unreadable_files_are_faults() {
    let fault = |bytes: &[u8]| read_text(bytes).unwrap_err().remove(0);
    assert_eq!(fault(b"# a\n# \xff"), "c.yaml:2:3: invalid UTF-8");
    assert_eq!(fault(b"\xff\xfea\0"), "c.yaml: expected UTF-8, found UTF-16");
    assert_eq!(fault(&[b'#'; (1 << 20) + 1]), "--config: c.yaml: larger than 1 MiB");
    let folder = read_file(Path::new("."), Path::new("/nowhere")).unwrap_err();
    assert_eq!(folder, ["--config: .: expected a file, found a directory"]);
    assert!(read_file(Path::new("/nowhere/c"), Path::new("/nowhere")).is_err());
}

#[test]
fn flags_override_the_file() {
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path().join("c.yaml");
    let text = "kubectl-version: 1.24\nfail-on: note\nselect: [mention]\nignore: [unused-exec]\n\
                exclude: [a]\n";
    fs::write(&path, text).unwrap();
    let settings = |flags: &[&str]| {
        let config = ["kubeconfig-lint", "--config", path.to_str().unwrap()];
        let cli = Cli::try_parse_from(config.iter().chain(flags)).unwrap();
        Settings::new(cli, temporary.path()).unwrap()
    };
    let configured = settings(&[]);
    assert_eq!(configured.target.to_string(), "1.24");
    assert_eq!(configured.fail_on, FailOn::Note);
    assert_eq!(names(&configured.flags.select), ["mention"]);
    assert_eq!(names(&configured.flags.ignore), ["unused-exec"]);
    assert!(configured.shows_mentions);
    let flags = "--kubectl-version 1.30 --fail-on error --select missing-command \
                 --ignore unseen-exec --exclude b";
    let flagged = settings(&flags.split_whitespace().collect::<Vec<_>>());
    assert_eq!(flagged.target.to_string(), "1.30");
    assert_eq!(flagged.fail_on, FailOn::Error);
    assert_eq!(names(&flagged.flags.select), ["missing-command"]);
    assert_eq!(names(&flagged.flags.ignore), ["unseen-exec"]);
    assert!(!flagged.shows_mentions);
    for (settings, b) in [(configured, false), (flagged, true)] {
        assert!(settings.exclude.covers(Path::new("a")).is_some());
        assert_eq!(settings.exclude.covers(Path::new("b")).is_some(), b);
    }
}

#[test]
fn least_severity_follows_from_flags_then_keys() {
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path().join("c.yaml");
    for (text, flags, expected, shows_mentions) in [
        ("", &[][..], Severity::Warning, false),
        ("", &["--show-notes"], Severity::Note, false),
        ("", &["--fail-on", "note"], Severity::Note, true),
        ("", &["--fail-on", "note", "--min-severity", "error"], Severity::Error, false),
        ("fail-on: note", &[], Severity::Note, true),
        ("fail-on: note\nmin-severity: error", &[], Severity::Error, false),
        ("min-severity: error", &[], Severity::Error, false),
        ("min-severity: error", &["--min-severity", "warning"], Severity::Warning, false),
        ("min-severity: error", &["--show-notes"], Severity::Note, false),
        ("min-severity: error", &["--fail-on", "note"], Severity::Note, true),
        ("min-severity: error", &["--show-mentions"], Severity::Error, true),
        ("min-severity: error", &["--select", "mention"], Severity::Error, true),
    ] {
        fs::write(&path, text).unwrap();
        let config = ["kubeconfig-lint", "--config", path.to_str().unwrap()];
        let cli = Cli::try_parse_from(config.iter().chain(flags)).unwrap();
        let settings = Settings::new(cli, temporary.path()).unwrap();
        let actual = (settings.min_severity, settings.shows_mentions);
        assert_eq!(actual, (expected, shows_mentions), "{text:?} {flags:?}");
    }
}

#[test]
fn current_directory_is_searched_for_one_file() {
    let temporary = tempfile::tempdir().unwrap();
    let current = temporary.path();
    let settings = |flags: &[&str]| {
        let cli = Cli::try_parse_from(["kubeconfig-lint"].iter().chain(flags)).unwrap();
        Settings::new(cli, current).map(|settings| (settings.file, settings.fail_on))
    };
    assert_eq!(settings(&[]), Ok((None, FailOn::Warning)));
    for name in NAMES {
        fs::write(current.join(name), "fail-on: error").unwrap();
        assert_eq!(settings(&[]), Ok((Some(name.to_owned()), FailOn::Error)));
        assert_eq!(settings(&["--no-config"]), Ok((None, FailOn::Warning)));
        fs::remove_file(current.join(name)).unwrap();
    }
    NAMES.iter().for_each(|name| fs::write(current.join(name), "").unwrap());
    let both = "both .kubeconfig-lint.yaml and .kubeconfig-lint.yml exist: remove one of them";
    assert_eq!(settings(&[]), Err(vec![both.to_owned()]));
    let named = current.join(NAMES[1]);
    assert!(settings(&["--config", named.to_str().unwrap()]).is_ok());
}

#[test]
fn nearest_file_up_to_the_repository_is_found() {
    let temporary = tempfile::tempdir().unwrap();
    let root = temporary.path();
    let found = |current: &str, paths: &[&str]| {
        let words = ["kubeconfig-lint"].iter().chain(paths);
        let cli = Cli::try_parse_from(words).unwrap();
        Settings::new(cli, &root.join(current)).unwrap().file.map(|file| {
            file.replace('\\', "/").replace(&root.to_string_lossy().replace('\\', "/"), "ROOT")
        })
    };
    for folder in ["home/repo/a/b", "home/repo/c", "home/repo/.git", "home/sub/d", "home/plain/e"] {
        fs::create_dir_all(root.join(folder)).unwrap();
    }
    fs::write(root.join("home/sub/.git"), "gitdir: elsewhere").unwrap();
    fs::write(root.join("home").join(NAMES[0]), "").unwrap();
    // The file above the roots of the repositories does not count.
    for current in ["home/repo/a/b", "home/repo", "home/sub/d"] {
        assert_eq!(found(current, &[]), None, "{current}");
    }
    assert_eq!(found("home/plain/e", &[]).as_deref(), Some("../../.kubeconfig-lint.yaml"));
    fs::write(root.join("home/repo").join(NAMES[1]), "").unwrap();
    fs::write(root.join("home/repo/a").join(NAMES[0]), "").unwrap();
    for (current, paths, expected) in [
        ("home/repo", &[][..], ".kubeconfig-lint.yml"),
        ("home/repo/a", &[], ".kubeconfig-lint.yaml"),
        ("home/repo/a/b", &[], "../.kubeconfig-lint.yaml"),
        ("home/repo/c", &[], "../.kubeconfig-lint.yml"),
        // What is in the current directory is configured by it, and so is standard input.
        ("home/repo", &["a/b/x", "a"], ".kubeconfig-lint.yml"),
        ("home/repo", &["a", "/nowhere/x"], ".kubeconfig-lint.yml"),
        ("home/repo/c", &["-"], "../.kubeconfig-lint.yml"),
        // What is not is configured by its own file, or else by that of the current directory.
        ("home/repo/c", &["../a/x"], "ROOT/home/repo/a/.kubeconfig-lint.yaml"),
        ("home/repo/c", &["../a", "../x"], "../.kubeconfig-lint.yml"),
        ("home/plain", &["../repo/a/b", "../repo/a/x"], "ROOT/home/repo/a/.kubeconfig-lint.yaml"),
        ("home/repo/c", &["/nowhere/x", "/x"], "../.kubeconfig-lint.yml"),
    ] {
        assert_eq!(found(current, paths).as_deref(), Some(expected), "{current} {paths:?}");
    }
}

#[cfg(unix)]
#[test]
fn folder_writable_by_all_ends_the_search() {
    use std::os::unix::fs::PermissionsExt;
    let temporary = tempfile::tempdir().unwrap();
    let shared = temporary.path().join("shared");
    let own = shared.join("own");
    fs::create_dir_all(&own).unwrap();
    for folder in [temporary.path(), &shared] {
        fs::write(folder.join(NAMES[0]), "").unwrap();
    }
    let found = |current: &Path, path: &str| {
        let cli = Cli::try_parse_from(["kubeconfig-lint", path]).unwrap();
        Settings::new(cli, current).unwrap().file
    };
    // All permissions, as everything has on file systems without them.
    fs::set_permissions(&shared, PermissionsExt::from_mode(0o777)).unwrap();
    assert!(found(&own, ".").is_some());
    fs::set_permissions(&shared, PermissionsExt::from_mode(0o1777)).unwrap();
    assert_eq!(found(&own, "."), None);
    assert_eq!(found(&own, "../x"), None);
    assert!(found(&shared, ".").is_some());
}

#[cfg(unix)]
#[test]
fn dangling_link_counts_as_a_file() {
    let temporary = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("nowhere", temporary.path().join(NAMES[0])).unwrap();
    let cli = Cli::try_parse_from(["kubeconfig-lint"]).unwrap();
    let told = Settings::new(cli, temporary.path()).unwrap_err();
    assert_eq!(told, [".kubeconfig-lint.yaml: no such file or directory"]);
}

#[test]
fn versions_parse_as_on_the_command_line() {
    for (text, expected) in [
        ("1.24-1.37", "1.24-1.37"),
        ("'1.24'", "1.24"),
        ("v1.24.3", "1.24"),
        ("!!str 1.30", "1.30"),
        ("1.38", "1.37"),
        ("'>=1.30'", "1.30-1.37"),
        ("v1.31.5-gke.100", "1.31"),
        ("kubectl@1.31-", "1.31-1.37"),
        ("helm@v3.8.1", "helm@3.8.1"),
        ("argocd@2.2-2.4", "argocd@2.2-2.4"),
    ] {
        let config = read(&format!("kubectl-version: {text}")).unwrap();
        assert_eq!(config.target.to_string(), expected);
    }
}

#[test]
fn empty_file_is_valid() {
    for text in ["", "\n", "# nothing\n", "---\n", "{}", "ignore:\nroles: ~\n", "roles: []\n"] {
        let config = read(text).unwrap();
        assert!(config.target == Target::default() && config.flags.ignore.is_empty(), "{text:?}");
    }
}

#[test]
fn faults_have_line_and_column() {
    for (text, expected) in [
        ("rolls: []", "1:1: unknown key `rolls`; did you mean `roles`?"),
        ("\nfailOn: never", "2:1: unknown key `failOn`; did you mean `fail-on`?"),
        (
            "{ kubectl_version: 1.24 }",
            "1:3: unknown key `kubectl_version`; did you mean `kubectl-version`?",
        ),
        (
            "x: 1",
            "1:1: unknown key `x`; expected one of kubectl-version, plugins, fail-on, min-severity, select, ignore, per-path, exclude, roles, baseline, fix-to",
        ),
        (
            "<<: {ignore: []}",
            "1:1: unknown key `<<`; expected one of kubectl-version, plugins, fail-on, min-severity, select, ignore, per-path, exclude, roles, baseline, fix-to",
        ),
        (
            "[a]: b",
            "1:1: expected one value, not a list or a map (a range of versions: `1.28-1.30`)",
        ),
        ("- a", "1:1: expected a map (`key: value`)"),
        ("word", "1:1: expected a map (`key: value`)"),
        ("ignore: []\rselect: []\rignore: []", "3:1: duplicate key `ignore`"),
        ("ignore:\nignore:", "2:1: duplicate key `ignore`"),
        ("ignore: []\n---\nselect: []", "3:1: only one document is allowed"),
        (
            "kubectl-version: 1.18",
            "1:18: kubectl 1.18 is too old; kubeconfig-lint checks kubectl 1.20 and newer",
        ),
        (
            "kubectl-version: new",
            "1:18: `new` is not a kubectl version; write one such as 1.24, or a range such as 1.24-1.37 or 1.24-",
        ),
        (
            "kubectl-version: yes",
            "1:18: `yes` is not a kubectl version; write one such as 1.24, or a range such as 1.24-1.37 or 1.24-",
        ),
        (
            "kubectl-version: [1.24]",
            "1:18: expected one value, not a list or a map (a range of versions: `1.28-1.30`)",
        ),
        ("fail-on: warnings", "1:10: unknown severity `warnings`; did you mean `warning`?"),
        (
            "fail-on: info",
            "1:10: unknown severity `info`; expected one of error, warning, note, never",
        ),
        (
            "ignore: removed-api-version",
            "1:9: expected a list: write `[a, b]`, or each item on its own line after `-`",
        ),
        (
            "ignore: [removed-api-versoin]",
            "1:10: unknown rule `removed-api-versoin`; did you mean `removed-api-version`?",
        ),
        ("select: [x]", "1:10: unknown rule `x`; see --list-rules"),
        ("select: [~]", "1:10: missing value"),
        (
            "exclude: ['a{b']",
            "1:12: invalid glob `a{b`: unclosed alternate group; missing '}' (maybe escape '{' with '[{]'?)",
        ),
        ("exclude: ['#']", "1:12: invalid glob `#`: matches nothing"),
        (
            "exclude: [../a]",
            "1:11: invalid glob `../a`: `..` matches nothing: globs are relative to the directory of the configuration file and cannot leave it",
        ),
        ("exclude:\n- !a", "2:3: YAML reads `!a` as a tag; quote a glob that begins with `!`"),
        ("exclude:\n- *.a", "2:3: unknown alias; quote a glob that begins with `*`"),
        ("exclude:\n- *a", "2:3: unknown alias; quote a glob that begins with `*`"),
        ("exclude: [a", "1:10: invalid YAML: unclosed bracket '['"),
        ("exclude: a\u{0}", "1:11: invalid YAML: unexpected character: `\\u{0}'"),
        ("\u{feff}# é\nexclude: [a", "2:10: invalid YAML: unclosed bracket '['"),
        (
            "\u{feff}fail-on: x",
            "1:10: unknown severity `x`; expected one of error, warning, note, never",
        ),
        ("\u{feff}exclude: [*a]", "1:11: unknown alias; quote a glob that begins with `*`"),
        ("# é\rexclude: [*a]", "2:11: unknown alias; quote a glob that begins with `*`"),
        (
            "roles: {a: b}",
            "1:8: expected a list: write `[a, b]`, or each item on its own line after `-`",
        ),
        ("roles: [a]", "1:9: expected a map (`key: value`)"),
        ("roles:\n- paths: [a]", "2:3: missing key `role`"),
        ("roles:\n- role: live", "2:3: missing key `paths`"),
        ("roles: [{}]", "1:9: missing key `paths`"),
        ("roles:\n- path: [a]\n  role: live", "2:3: unknown key `path`; did you mean `paths`?"),
        (
            "roles:\n- paths: a\n  role: live",
            "2:10: expected a list: write `[a, b]`, or each item on its own line after `-`",
        ),
        (
            "roles:\n- paths: [a]\n  role: testdata",
            "3:9: unknown role `testdata`; did you mean `test-data`?",
        ),
        (
            "roles:\n- paths: [a]\n  role: x",
            "3:9: unknown role `x`; expected one of live, documentation, comment, test-data, vendored, history",
        ),
        ("roles: &a [*a]", "1:12: invalid YAML: Recursive reference not allowed here"),
    ] {
        assert_eq!(read(text).unwrap_err(), expected, "{text:?}");
    }
}

#[test]
fn aliases_are_resolved_within_limits() {
    let text = "ignore: &a [unused-exec]\nselect: *a\nroles:\n- &r {paths: &p [x], role: live}\n\
                - *r\n- {paths: *p, role: history}\n";
    let config = read(text).unwrap();
    assert_eq!(config.flags.select, config.flags.ignore);
    assert_eq!(config.roles.of(Path::new("x")).next(), Some(&Role::History));
    assert_eq!(config.roles.items.len(), 3);
    let many = |word: &str| vec![word; 5000].join(", ");
    let bomb = format!(
        "exclude: &p [{}]\nroles: [&r {{paths: *p, role: live}}, {}]\n",
        many("a"),
        many("*r")
    );
    assert!(
        read(&bomb).unwrap_err().ends_with("more than 50000 values, or values nested too deep")
    );
    let long = format!("exclude: [{}]", many("a, a, a"));
    assert!(read(&long).unwrap_err().ends_with("more than 10000 globs"));
}

proptest::proptest! {
    #[test]
    fn any_text_parses_or_fails_inside_the_text(
        parts in proptest::collection::vec(
            proptest::sample::select(vec![
                "roles:", "ignore:", "exclude:", "fail-on:", "kubectl-version:", "- ", "paths:",
                " role: live", "live", "1.24", " ", "  ", "\n", "\r", "[", "]", "{", "}", ", ", "*a",
                "&a ", "!x ", "!!str ", "<<: ", "---\n", "'", "\"", "# ", "|\n", "~", "\u{feff}", "é",
            ]),
            0..25,
        ),
    ) {
        let text = parts.concat();
        if let Err((at, _)) = file::parse(&text) {
            proptest::prop_assert!(at <= text.len());
        }
    }
}

#[test]
fn docs_schema_matches_the_keys() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/config.schema.json");
    let schema = format!("{:#}\n", schema().as_value());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &schema).unwrap();
    }
    let published = fs::read_to_string(&path).unwrap();
    let hint = "UPDATE_DOCS=1 cargo test --lib --test rules docs";
    assert!(published == schema, "{hint} writes {path:?}");
}

/// Returns the schema, in draft 7, which editors support best.
///
/// It accepts a little more than the program: ranges that run backwards, globs with unbalanced braces
/// or brackets, and 1.3, which to JSON is the same number as 1.30.
fn schema() -> Schema {
    let settings = SchemaSettings::draft07().with(|settings| settings.inline_subschemas = true);
    let settings = settings.with_transform(RecursiveTransform(|schema: &mut Schema| {
        if let Some(Json::String(text)) = schema.get_mut("description") {
            *text = text.replace('\n', " ");
        }
    }));
    // The file may be empty.
    let mut schema = settings.into_generator().into_root_schema_for::<Option<File>>();
    let address = concat!(env!("CARGO_PKG_REPOSITORY"), "/raw/main/docs/config.schema.json");
    schema.insert("$id".to_owned(), json!(address));
    schema.insert("title".to_owned(), json!("The configuration of kubeconfig-lint"));
    schema
}

/// A scalar with its schema.
trait Described: Scalar {
    fn schema() -> Schema;
}

impl<T: Described> JsonSchema for Value<T> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Value".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        T::schema()
    }
}

impl Described for Target {
    fn schema() -> Schema {
        let (oldest, newest) = (Minor::OLDEST, Minor::NEWEST);
        // 1.20 and later, including minors that are newer than the newest known.
        let minor = r"1\.(?:[2-9][0-9]|[1-9][0-9]{2})";
        let release = format!(r"(?:v?{minor}(?:\+|\.[0-9]+(?:\+|[-+][0-9A-Za-z.+~_-]+)?)?|latest)");
        // With two digits each, minors sort like the numbers that they look like.
        let number = |minor: Minor| {
            assert!((10..100).contains(&minor.0));
            1.0 + f64::from(minor.0) / 100.0
        };
        let span = |release: &str| format!(">= *{release}|{release} *(?:- *{release}?)?");
        let kubectl = span(&release);
        let number_of_client = "(?:0|[1-9][0-9]{0,3})";
        let client = span(&format!(
            r"(?:v?{number_of_client}(?:\.{number_of_client}(?:\.{number_of_client}(?:[-+][0-9A-Za-z.+_-]+)?)?)?|latest)"
        ));
        let clients: Vec<_> = CLIENTS.iter().map(|client| client.name).collect();
        let clients = clients.join("|");
        json_schema!({
            "type": ["string", "number"],
            "pattern": format!(
                "^ *(?:(?:kubectl *@ *)?(?:{kubectl})|(?:{clients}) *@ *(?:{client})) *$"
            ),
            "patternErrorMessage": format!(
                "Write a kubectl version from {oldest} on, such as {newest}, a range such as \
                 1.28-{newest}, or a release of another program, such as helm@3.8"
            ),
            "minimum": number(oldest),
            "maximum": number(Minor(99)),
            "examples": [format!("1.28-{newest}"), newest.to_string(), "latest", "helm@3.8-3.12"],
        })
    }
}

impl Described for PluginReleases {
    fn schema() -> Schema {
        let packages: Vec<_> = plugins::changed().map(Plugin::package).collect();
        let pattern = format!(r"^({})=v?[0-9]+(\.[0-9]+){{0,2}}([-+].*)?$", packages.join("|"));
        json_schema!({ "type": "string", "pattern": pattern })
    }
}

impl Described for Glob {
    fn schema() -> Schema {
        json_schema!({
            "type": ["string", "number", "boolean"],
            "maxLength": globs::MAX_BYTES,
            // Not a comment, not only slashes, and without `.` or `..` as a part.
            "pattern": r"^(?!#)(?!!?/*\s*$)(?!!?(?:[\s\S]*/)?\.{1,2}(?:/|\s*$))",
            "patternErrorMessage": "Write a glob as in .gitignore, which stays below the directory of \
                                    this file",
        })
    }
}

impl Described for FileName {
    fn schema() -> Schema {
        json_schema!({ "type": ["string", "number", "boolean"], "minLength": 1 })
    }
}

impl Described for Severity {
    fn schema() -> Schema {
        json_schema!({ "enum": Severity::ALL.map(Severity::as_str) })
    }
}

impl Described for FixTo {
    fn schema() -> Schema {
        json_schema!({ "enum": FixTo::ALL.map(FixTo::as_str) })
    }
}

impl Described for FailOn {
    fn schema() -> Schema {
        json_schema!({ "enum": FailOn::ALL.map(FailOn::as_str) })
    }
}

impl Described for Role {
    fn schema() -> Schema {
        json_schema!({ "enum": Role::ALL.map(Role::as_str) })
    }
}

impl Described for &'static Rule {
    fn schema() -> Schema {
        json_schema!({
            "enum": RULES.iter().map(|rule| rule.name).collect::<Vec<_>>(),
            "enumDescriptions": RULES.iter().map(|rule| rule.summary).collect::<Vec<_>>(),
        })
    }
}
