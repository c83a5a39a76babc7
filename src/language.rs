//! Derives from the name of a file the language of its text, and how certainly it is a kubeconfig.

use std::path::Path;

/// The language of a text, where it decides how the text is parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    /// Anything else: YAML, JSON, scripts, templates, files without an extension.
    Data,
    /// HCL: Terraform, OpenTofu, Terragrunt.
    Hcl,
    /// The source code of a program.
    Code,
    /// Prose with examples.
    Documentation(Markup),
    /// A record of the past or of a run: a patch, a report.
    Record,
}

/// How documentation marks its examples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Markup {
    /// Markdown: fences, indented code, `<pre>`.
    Markdown,
    /// reStructuredText: indented blocks.
    Rst,
    /// AsciiDoc: delimited blocks.
    AsciiDoc,
    /// HTML: `<pre>`.
    Html,
    /// Org and LaTeX: blocks between a line that begins them and one that ends them.
    Blocks,
}

const CODE: &[&str] = &[
    "bal",
    "bicep",
    "bzl",
    "c",
    "cc",
    "cjs",
    "clj",
    "cljc",
    "cljs",
    "coffee",
    "cpp",
    "cr",
    "cs",
    "csx",
    "cts",
    "cue",
    "cxx",
    "d",
    "dart",
    "dhall",
    "el",
    "elm",
    "erl",
    "ex",
    "exs",
    "f90",
    "fs",
    "fsx",
    "gleam",
    "go",
    "gradle",
    "groovy",
    "h",
    "hh",
    "hpp",
    "hrl",
    "hs",
    "hx",
    "java",
    "jl",
    "js",
    "jsonnet",
    "jsx",
    "k",
    "kcl",
    "kt",
    "kts",
    "libsonnet",
    "lisp",
    "lua",
    "m",
    "mjs",
    "ml",
    "mli",
    "mm",
    "mts",
    "nim",
    "nix",
    "odin",
    "pas",
    "php",
    "pkl",
    "pl",
    "pm",
    "purs",
    "py",
    "pyi",
    "pyx",
    "r",
    "raku",
    "rb",
    "re",
    "rego",
    "rkt",
    "rs",
    "sc",
    "scala",
    "scm",
    "sol",
    "star",
    "svelte",
    "swift",
    "tcl",
    "ts",
    "tsx",
    "v",
    "vb",
    "vue",
    "zig",
];

/// Extensions that belong to template engines.
const ENGINES: &[&str] =
    &["tmpl", "tpl", "gotmpl", "j2", "jinja", "jinja2", "erb", "mustache", "hbs", "ejs"];

/// Further extensions that say nothing about the language.
const COPIES: &[&str] =
    &["template", "in", "dist", "example", "sample", "bak", "orig", "old", "rendered"];

/// Returns the name without extensions that only mark a template or a copy: `main.tf.tmpl` becomes
/// `main.tf`. Only trailing extensions are removed: `eks.j2.tf` is unchanged.
pub(crate) fn without_template_suffix(name: &str) -> &str {
    let mut rest = name;
    while let Some((stem, suffix)) = rest.rsplit_once('.') {
        let says_nothing = ENGINES.contains(&suffix) || COPIES.contains(&suffix);
        if stem.is_empty() || !stem.contains('.') || !says_nothing {
            break;
        }
        rest = stem;
    }
    rest
}

/// Returns whether a file of that lowercase name is a template of an engine, or a copy of one.
pub(crate) fn is_of_template_engine(name: &str) -> bool {
    let mut suffixes = name.rsplit('.').take(name.matches('.').count());
    suffixes.find(|suffix| !COPIES.contains(suffix)).is_some_and(|last| ENGINES.contains(&last))
}

/// Returns the language of a file by its lowercase name.
pub(crate) fn of_name(name: &str) -> Language {
    let name = without_template_suffix(name);
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    of_tag(extension)
}

/// How certainly a file name identifies a kubeconfig.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KubeconfigName {
    /// Only kubeconfigs have such a name: `.kube/config`, `kubeconfig`, `prod.kubeconfig`.
    Certain,
    /// Other files about kubeconfigs may have such a name too: `kubeconfig.yaml`,
    /// `kubeconfig-prod`.
    Likely,
}

impl KubeconfigName {
    /// Classifies the name of a file; `None` if it does not mention kubeconfigs, or has the
    /// extension of another language.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        let name = path.file_name().unwrap_or_default();
        // Every file is asked for its name, so reject most of them without a copy.
        const PART: &[u8] = b"config";
        let is_part = |part: &[u8]| {
            part.first().is_some_and(|byte| b"cC".contains(byte)) && part.eq_ignore_ascii_case(PART)
        };
        if !name.as_encoded_bytes().windows(PART.len()).any(is_part) {
            return None;
        }
        let name = name.to_string_lossy().to_ascii_lowercase();
        let in_dot_kube = path.parent().is_some_and(|folder| folder.ends_with(".kube"));
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        if (in_dot_kube && name == "config") || name == "kubeconfig" || extension == "kubeconfig" {
            return Some(Self::Certain);
        }
        let is_data = matches!(extension, "" | "yaml" | "yml" | "json" | "conf" | "cfg" | "config");
        (is_data && name.contains("kubeconfig")).then_some(Self::Likely)
    }
}

/// Returns whether the name of a file is that of HCL.
pub(crate) fn is_hcl(path: &Path) -> bool {
    // Every file is asked for its name, so reject most of them without a copy.
    const PARTS: [&[u8]; 3] = [b"tf", b"tofu", b"hcl"];
    let name = name_bytes(path);
    let mut parts = name.split(|byte| *byte == b'.').skip(1);
    parts.any(|part| PARTS.iter().any(|start| part.starts_with(start)))
        && of_name(&String::from_utf8_lossy(name).to_ascii_lowercase()) == Language::Hcl
}

/// Returns the bytes of the last part of a path. Cheaper than [`Path::file_name`], for what every
/// file is asked.
pub(crate) fn name_bytes(path: &Path) -> &[u8] {
    let bytes = path.as_os_str().as_encoded_bytes();
    let is_separator = |byte: &u8| *byte == b'/' || (cfg!(windows) && *byte == b'\\');
    let start = bytes.iter().rposition(is_separator).map_or(0, |at| at + 1);
    bytes.get(start..).unwrap_or(bytes)
}

/// Returns whether the name of a file is that of a script for a shell.
pub(crate) fn is_script(path: &Path) -> bool {
    const SHELLS: [&str; 9] = ["sh", "bash", "zsh", "ksh", "fish", "ps1", "psm1", "bat", "cmd"];
    path.extension()
        .and_then(|extension| extension.to_str())
        .is_some_and(|extension| SHELLS.iter().any(|shell| shell.eq_ignore_ascii_case(extension)))
}

/// Returns the language for a file extension or the tag of a fence.
pub(crate) fn of_tag(tag: &str) -> Language {
    match tag {
        "tf" | "tofu" | "tfvars" | "hcl" | "terraform" | "opentofu" => Language::Hcl,
        "md" | "markdown" | "mdx" | "mkd" | "mdown" | "mdc" | "rmd" | "qmd" | "livemd" => {
            Language::Documentation(Markup::Markdown)
        }
        "rst" | "rest" => Language::Documentation(Markup::Rst),
        "adoc" | "asciidoc" | "asc" => Language::Documentation(Markup::AsciiDoc),
        "org" | "tex" => Language::Documentation(Markup::Blocks),
        "html" | "htm" | "xhtml" => Language::Documentation(Markup::Html),
        "diff" | "patch" | "sarif" => Language::Record,
        "golang" | "python" | "typescript" | "javascript" | "csharp" | "c#" | "c++" | "ruby"
        | "rust" | "kotlin" => Language::Code,
        tag if CODE.contains(&tag) => Language::Code,
        _ => Language::Data,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn language_is_known_by_file_name() {
        for (name, language) in [
            ("main.tf", Language::Hcl),
            ("main.j2.tf", Language::Hcl),
            ("main.tf.tmpl", Language::Hcl),
            ("main.tf.json", Language::Data),
            ("kubeconfig.tpl", Language::Data),
            ("kubeconfig", Language::Data),
            (".kubeconfig", Language::Data),
            ("x.go", Language::Code),
            ("x.cue", Language::Code),
            ("x.libsonnet", Language::Code),
            ("x.go.tmpl", Language::Code),
            ("README.md", Language::Documentation(Markup::Markdown)),
            ("index.html.markdown", Language::Documentation(Markup::Markdown)),
            ("a.yaml.tpl", Language::Data),
            ("a.patch", Language::Record),
        ] {
            assert_eq!(of_name(name), language, "{name}");
        }
    }

    #[test]
    fn is_of_template_engine_rejects_copies() {
        for name in ["kubeconfig.tpl", "a.yaml.j2", "a.yaml.j2.example", ".kubeconfig.erb"] {
            assert!(is_of_template_engine(name), "{name}");
        }
        for name in ["kubeconfig", "tpl", "kubeconfig.example", "a.yaml.bak", "a.j2.yaml", "a.in"] {
            assert!(!is_of_template_engine(name), "{name}");
        }
    }
}
