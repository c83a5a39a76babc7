//! Finds which release of a credential plugin a repository installs, where one of its files plainly
//! says so: requirements, manifests and lock files of Python, Dockerfiles, scripts, CI
//! configuration, `.tool-versions`, `mise.toml`.
//!
//! A path and a text come in, what they install goes out. Precise rather than complete: what names a
//! plugin without a release, or with one that a variable fills in, is an [`Install`] of an unknown
//! release, and so whoever compares installs knows that there is another.

use std::path::Path;

use crate::language;

/// A plugin that a file installs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Install {
    /// The plugin, as `--plugin-version` calls it.
    pub(crate) package: &'static str,
    /// The release, such as `1.18` or `2.4.0`; `None` if the file does not say which.
    pub(crate) release: Option<String>,
    /// The line (1-based).
    pub(crate) line: usize,
}

/// The kinds of files that install programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// One requirement of pip per line.
    Requirements,
    /// A TOML file with requirements as strings, or as keys.
    Manifest,
    /// Commands, or a file that holds them.
    Commands,
    /// A lock file: the name of a package, and its release on one of the next lines.
    Lock,
    /// The name of a tool and its release.
    Tools,
}

/// Returns whether a file may install a plugin, judging by its name alone.
pub(crate) fn may_install(path: &Path) -> bool {
    // Every file is asked, so reject most of them by a few bytes: `.txt`, `.sh`, `Dockerfile`.
    let name = language::name_bytes(path);
    let may_be = |last: &u8| match last {
        b'k' | b's' | b'h' | b'e' => true,
        b't' => name.ends_with(b".txt"),
        b'n' => name.ends_with(b".in"),
        b'l' => name.ends_with(b".toml") || is_named_like_ci(path),
        _ => false,
    };
    (name.last().is_some_and(may_be) || name.starts_with(b"Dockerfile")) && kind(path).is_some()
}

/// How the names of CI configurations in YAML start.
const CI_NAMES: [&str; 6] =
    [".gitlab-ci", ".travis", ".drone", "azure-pipelines", "bitbucket-pipelines", "buildspec"];

/// Returns whether a YAML file is the configuration of a CI system by its name or its folder.
fn is_named_like_ci(path: &Path) -> bool {
    let name = language::name_bytes(path);
    CI_NAMES.iter().any(|start| name.starts_with(start.as_bytes()))
        || is_in(path, &["workflows", ".circleci"])
}

/// Returns whether the folder of a file has one of the names.
fn is_in(path: &Path, names: &[&str]) -> bool {
    let bytes = path.as_os_str().as_encoded_bytes();
    let folder = bytes.strip_suffix(language::name_bytes(path));
    let folder = folder.and_then(|folder| folder.strip_suffix(b"/"));
    let is = |folder: &[u8], name: &str| {
        let before = folder.strip_suffix(name.as_bytes());
        before.is_some_and(|before| before.is_empty() || before.ends_with(b"/"))
    };
    folder.is_some_and(|folder| names.iter().any(|name| is(folder, name)))
}

fn kind(path: &Path) -> Option<Kind> {
    let name = std::str::from_utf8(language::name_bytes(path)).ok()?;
    let has_extension = |wanted: &[&str]| {
        let extension = name.rsplit_once('.').map(|(_, extension)| extension);
        extension.is_some_and(|extension| wanted.contains(&extension))
    };
    match name {
        "poetry.lock" | "uv.lock" | "Pipfile.lock" => Some(Kind::Lock),
        "pyproject.toml" | "Pipfile" => Some(Kind::Manifest),
        ".tool-versions" | "mise.toml" | ".mise.toml" => Some(Kind::Tools),
        "Jenkinsfile" | "Makefile" | "Containerfile" => Some(Kind::Commands),
        _ if has_extension(&["txt", "in"]) => {
            let is_named = ["requirements", "constraints"].iter().any(|word| name.contains(word));
            (is_named || is_in(path, &["requirements"])).then_some(Kind::Requirements)
        }
        _ if name.starts_with("Dockerfile") || has_extension(&["sh", "bash", "dockerfile"]) => {
            Some(Kind::Commands)
        }
        _ if has_extension(&["yml", "yaml"]) && is_named_like_ci(path) => Some(Kind::Commands),
        _ => None,
    }
}

/// The names of packages, and the plugin that each installs. A longer name comes before its part.
const PACKAGES: [(&str, &str); 5] = [
    ("awscli", "aws-cli"),
    ("aws-cli", "aws-cli"),
    ("aws-iam-authenticator", "aws-iam-authenticator"),
    ("Azure/kubelogin", "azure-kubelogin"),
    ("pomerium-cli", "pomerium-cli"),
];

/// Returns the plugins that a file installs, in order.
pub(crate) fn installs(path: &Path, text: &str) -> Vec<Install> {
    let Some(kind) = kind(path) else { return Vec::new() };
    // Hardly any file names one, and to search each line for each name takes far longer.
    if !PACKAGES.iter().any(|(name, _)| text.contains(name)) {
        return Vec::new();
    }
    let mut installs = Vec::new();
    let lines: Vec<&str> = text.lines().collect();
    // Whether the command that the line before began, and this one continues, installs something.
    let mut is_installing = false;
    for (at, line) in lines.iter().enumerate() {
        let content = line.trim_start();
        if content.starts_with('#') || content.starts_with("//") {
            continue;
        }
        for (name, package) in PACKAGES {
            let read = |(before, after)| match kind {
                Kind::Lock => locked(lines.get(at..).unwrap_or_default(), before, after),
                Kind::Manifest => declared(before, after),
                Kind::Requirements | Kind::Tools if !before.trim_matches(['"', ' ']).is_empty() => {
                    None
                }
                Kind::Requirements => required(after),
                Kind::Tools => Some(release(after.trim_start_matches(['"', '=', ' ', '\t', '\'']))),
                Kind::Commands => command(installs_something(is_installing, before), before, after),
            };
            // One line names a plugin where it comes from, with its release, and where it goes.
            let found = words(line, name).filter_map(read).reduce(Option::or);
            installs.extend(found.map(|release| Install { package, release, line: at + 1 }));
        }
        is_installing = line.ends_with('\\') && installs_something(is_installing, line);
    }
    installs
}

/// Returns whether the last command of a text installs something. `is_installing` is whether the
/// command that the text continues does.
fn installs_something(is_installing: bool, text: &str) -> bool {
    let last = text.rsplit(['&', ';', '|']).next().unwrap_or(text);
    let is_whole = last.len() < text.len();
    (is_installing && !is_whole)
        || ["install", "apk add", "download"].iter().any(|word| last.contains(word))
}

/// Returns what is before and after each place of a name that is a word.
fn words<'a>(line: &'a str, name: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
    let is_inner = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(name).filter_map(move |(at, found)| {
        let (before, after) = (line.get(..at)?, line.get(at + found.len()..)?);
        (!before.ends_with(is_inner) && !after.starts_with(is_inner)).then_some((before, after))
    })
}

/// Returns the release at the start of a text, without a `v`; `None` if it is none, or a part of one
/// that something else completes.
fn release(text: &str) -> Option<String> {
    let text = text.strip_prefix('v').unwrap_or(text);
    let length = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (number, rest) = text.split_at(length);
    // `1.18.*`
    let (number, rest) = match number.strip_suffix('.') {
        Some(number) => (number, rest.strip_prefix('*')?),
        None => (number, rest),
    };
    let is_whole = !rest.starts_with(['$', '{', '%', '<', '*']);
    (is_whole && number.starts_with(|c: char| c.is_ascii_digit())).then(|| number.to_owned())
}

/// Returns the release in a requirement after the name of its package; `None` if nothing is
/// installed, or any of many releases.
fn required(after: &str) -> Option<Option<String>> {
    // `awscli[crt]==1.22`
    let after =
        after.strip_prefix('[').and_then(|rest| rest.split_once(']')).map_or(after, |r| r.1);
    let after = after.trim_start();
    let operator =
        ["===", "==", "~=", "="].into_iter().find(|operator| after.starts_with(operator));
    let Some(operator) = operator else {
        let is_bare = after.is_empty() || after.starts_with(['#', ';']);
        return is_bare.then_some(None);
    };
    let found = release(after.get(operator.len()..)?.trim_start());
    // `~=1.18.5` allows all of 1.18 from there on, and `~=1.18` all of 1.
    let found = found.and_then(|release| match operator {
        "~=" => release.rsplit_once('.').map(|(minor, _)| minor.to_owned()),
        _ => Some(release),
    });
    Some(found)
}

/// Returns the release in a TOML manifest after the name of its package; `None` if it is none of the
/// requirements.
fn declared(before: &str, after: &str) -> Option<Option<String>> {
    // `awscli = "==1.18.5"`, and Poetry's `awscli = "1.18.5"`
    if before.trim_matches(['"', ' ']).is_empty()
        && let Some(value) = after.trim_start_matches(['"', ' ']).strip_prefix('=')
    {
        let value = value.trim_start().strip_prefix(['"', '\''])?;
        let value = if value.starts_with(|c: char| c.is_ascii_digit()) {
            release(value)
        } else {
            required(value).flatten()
        };
        return Some(value);
    }
    // `dependencies = ["awscli==1.18.5"]`
    let list = before.strip_suffix(['"', '\''])?.trim_end();
    let is_element = list.is_empty() || list.ends_with(['[', ',']);
    is_element.then(|| required(after).flatten())
}

/// Returns the release in a lock file; `None` if the name is not that of a package.
fn locked(lines: &[&str], before: &str, after: &str) -> Option<Option<String>> {
    // How many lines apart name and release may be.
    const NEAR: usize = 8;
    let key = before.trim().trim_end_matches(['"', ' ']);
    let is_toml = key.trim_end_matches('=').trim_end() == "name" && after.trim() == "\"";
    let is_json = key.is_empty() && after.starts_with("\": {");
    if !(is_toml || is_json) {
        return None;
    }
    let mut rest = lines.iter().skip(1).take(NEAR).map(|line| line.trim_start());
    let version = rest.find_map(|line| {
        line.strip_prefix("version = \"").or_else(|| line.strip_prefix("\"version\": \"=="))
    });
    Some(version.and_then(release))
}

/// Returns the release in a line of a script after the name of a plugin; `None` if the line does not
/// install it. `is_install` is whether the command before the name installs something.
fn command(is_install: bool, before: &str, after: &str) -> Option<Option<String>> {
    // `awscli-exe-linux-x86_64-2.4.0.zip`
    if let Some(file) = after.strip_prefix("-exe-") {
        let file = file.split_once(".zip")?.0;
        let last = file.rsplit('-').next().unwrap_or("");
        return Some(release(last).filter(|release| *release == last));
    }
    // `https://github.com/kubernetes-sigs/aws-iam-authenticator/releases/download/v0.5.3/…`
    if let Some(address) = after.strip_prefix("/releases/") {
        let tag = address.strip_prefix("download/");
        return Some(tag.and_then(|tag| release(tag.split('/').next()?)));
    }
    // The image `amazon/aws-cli:2.4.0`.
    let is_image = before.ends_with('/') && !before.contains("://");
    if let Some(tag) = after.strip_prefix(':').filter(|_| is_image) {
        return Some(release(tag));
    }
    if !is_install || after.starts_with('/') {
        return None;
    }
    // `go install …@v0.5.9`, `brew install awscli@1`
    if let Some(tag) = after.strip_prefix('@') {
        return Some(release(tag));
    }
    // Anything but one release may be the newest.
    Some(required(after).flatten())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns what a file installs: `LINE PACKAGE RELEASE`, with `?` for an unknown release.
    fn found(path: &str, text: &str) -> String {
        let installs = installs(Path::new(path), text);
        assert!(installs.is_empty() || may_install(Path::new(path)), "{path}");
        let words = installs.iter().map(|install| {
            let release = install.release.as_deref().unwrap_or("?");
            format!("{} {} {release}", install.line, install.package)
        });
        words.collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn installs_are_found_where_a_file_plainly_says_so() {
        for (path, text, expected) in [
            ("requirements.txt", "boto3\nawscli==1.18.147  # old\n", "2 aws-cli 1.18.147"),
            ("requirements-dev.txt", "awscli == 1.18.*\n", "1 aws-cli 1.18"),
            ("a/constraints.txt", "awscli[crt]===1.22.5\n", "1 aws-cli 1.22.5"),
            ("requirements.txt", "awscli~=1.22.5\n", "1 aws-cli 1.22"),
            ("requirements.txt", "awscli~=1.18\n", "1 aws-cli 1"),
            ("Dockerfile", "RUN pip install 'awscli==1.22.5' boto3\n", "1 aws-cli 1.22.5"),
            ("x.sh", "curl https://x/awscli-exe-linux-x86_64-2.4.0.zip\n", "1 aws-cli 2.4.0"),
            (
                "Dockerfile.ci",
                "ADD https://github.com/kubernetes-sigs/aws-iam-authenticator/releases/download/v0.5.3/x /x\n",
                "1 aws-iam-authenticator 0.5.3",
            ),
            ("Dockerfile", "FROM public.ecr.aws/aws-cli/aws-cli:2.4.0 AS x\n", "1 aws-cli 2.4.0"),
            (
                ".github/workflows/a.yml",
                "      - run: pip3 install awscli==1.16.300\n",
                "1 aws-cli 1.16.300",
            ),
            (".tool-versions", "nodejs 1\nawscli 2.4.0\n", "2 aws-cli 2.4.0"),
            (
                "mise.toml",
                "[tools]\nawscli = \"2.4.0\"\n\"aws-cli\" = '2'\n",
                "2 aws-cli 2.4.0, 3 aws-cli 2",
            ),
            (
                "poetry.lock",
                "[[package]]\nname = \"awscli\"\nversion = \"1.22.5\"\n",
                "2 aws-cli 1.22.5",
            ),
            (
                "Pipfile.lock",
                "  \"awscli\": {\n   \"hashes\": [\n   ],\n   \"version\": \"==1.22.5\"\n",
                "1 aws-cli 1.22.5",
            ),
            (
                "Dockerfile",
                "RUN apk add curl && \\\n    pip install \\\n    # tools\n    invoke==1.4 \\\n    awscli==1.18.61 && \\\n    aws-cli\n",
                "5 aws-cli 1.18.61",
            ),
            (
                "x.sh",
                "curl https://github.com/a/aws-iam-authenticator/releases/download/v0.5.1/x -o /bin/aws-iam-authenticator\n",
                "1 aws-iam-authenticator 0.5.1",
            ),
            ("Dockerfile", "RUN apk add aws-cli=1.18.55-r0\n", "1 aws-cli 1.18.55"),
            (".circleci/config.yml", "  sudo pip install awscli==1.18.8\n", "1 aws-cli 1.18.8"),
            ("azure-pipelines.yml", "- script: pip install awscli==1.18.8\n", "1 aws-cli 1.18.8"),
            ("requirements/dev.txt", "awscli==1.18.8\n", "1 aws-cli 1.18.8"),
            ("requirements.in", "awscli==1.18.8\n", "1 aws-cli 1.18.8"),
            ("Pipfile", "[packages]\nawscli = \"==1.18.8\"\n", "2 aws-cli 1.18.8"),
            ("pyproject.toml", "awscli = '1.18.8'\n", "1 aws-cli 1.18.8"),
            ("pyproject.toml", "dependencies = [\"a\", 'awscli==1.18.8']\n", "1 aws-cli 1.18.8"),
            ("pyproject.toml", "  \"awscli[crt]==1.18.8\",\n", "1 aws-cli 1.18.8"),
            (
                "x.sh",
                "go install sigs.k8s.io/aws-iam-authenticator@v0.5.9\n",
                "1 aws-iam-authenticator 0.5.9",
            ),
        ] {
            assert_eq!(found(path, text), expected, "{path}: {text}");
        }
    }

    #[test]
    fn installs_of_unknown_releases_are_found_as_such() {
        for (path, text) in [
            ("requirements.txt", "awscli\n"),
            ("Dockerfile", "RUN pip install awscli==${VERSION}\n"),
            ("Dockerfile", "RUN pip install awscli==1.$MINOR\n"),
            ("Dockerfile", "RUN pip install awscli>=1.22\n"),
            ("Dockerfile", "RUN apt-get install -y awscli\n"),
            ("Dockerfile", "FROM amazon/aws-cli:latest\n"),
            ("pyproject.toml", "awscli = \"^1.18\"\n"),
            ("Pipfile", "awscli = \"*\"\n"),
            ("pyproject.toml", "dependencies = [\"awscli>=1.18\"]\n"),
            ("x.sh", "curl https://x/awscli-exe-linux-x86_64.zip\n"),
            ("x.sh", "curl https://x/awscli-exe-linux-x86_64-${V}.zip\n"),
            ("x.sh", "curl https://x/awscli-exe-linux-x86_64-2.${V}.zip\n"),
        ] {
            let found = found(path, text);
            assert!(found.starts_with("1 aws-cli ") || found.is_empty(), "{path}: {text}: {found}");
            assert!(found.ends_with('?'), "{path}: {text}: {found}");
        }
        for (path, text) in [
            ("requirements.txt", "# awscli==1.18\nawscli-local==1.0\nlocalstack-awscli==2.0\n"),
            ("requirements.txt", "awscli>=1.22\n"),
            ("x.sh", "aws-cli --version\necho \"see aws-cli 1.18\"\n"),
            ("x.sh", "pip install x && awscli==1.18\n"),
            ("x.sh", "pip install x\nawscli==1.18\n"),
            ("pyproject.toml", "description = \"awscli==1.18\"\n"),
            ("pyproject.toml", "[tool.awscli]\nx = \"no awscli==1.18\"\n"),
            ("config.yml", "pip install awscli==1.18\n"),
            ("notes.md", "awscli==1.18\n"),
            ("values.yaml", "image: amazon/aws-cli:2.4.0\n"),
            ("poetry.lock", "awscli = \">=1.18\"\n"),
        ] {
            assert_eq!(found(path, text), "", "{path}: {text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn installs_accept_any_text(
            text in "(awscli|aws-cli|==|~=|-exe-|install |:|/releases/|download/|[0-9.v$*\n \"{é]){0,30}",
            name in proptest::sample::select(vec!["requirements.txt", "Dockerfile", "uv.lock", "mise.toml"]),
        ) {
            installs(Path::new(name), &text);
        }
    }
}
