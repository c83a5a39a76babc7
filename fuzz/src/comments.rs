//! Comments, in every language.

use kubeconfig_lint::internals::are_comments;

use super::choices::{Choices, is_structured, text_of};

/// Names of files, and how their languages write comments and code around an `X`.
const LANGUAGES: &[(&str, &[&str], &[&str])] = &[
    (
        "f.yaml",
        &[
            "# X\n",
            "a: b # X\n",
            "<!-- X -->\n",
            "{{/* X */}}\n",
            "{{- /* a\nX */ -}}\n",
            "{# X #}\n",
        ],
        &["a: X\n", "- X\n", "b: 'X'\n", "c: https://d X\n"],
    ),
    (
        "f.tf",
        &["# X\n", "// X\n", "/* X */\n", "/*\n X\n*/\n", "a = 1 # X\n"],
        &["a = X\n", "b {\n c = X\n}\n", "d = \"#\" + X\n"],
    ),
    (
        "f.go",
        &["// X\n", "/* X */\n", "/*\n * a\n X\n */\n", "f() // X\n"],
        &["a := X\n", "f(X)\n", "b = \"http://a\" + X\n"],
    ),
    ("f.py", &["# X\n", "a = 1 # X\n"], &["a = X\n", "f(X)\n", "b = '# ' + X\n"]),
    ("f.sh", &["# X\n", "a; # X\n"], &["a X\n", "b=X\n", "kubectl run -- X\n"]),
    ("f.ps1", &["# X\n", "<#\n X\n#>\n"], &["$a = X\n", "f X\n"]),
    ("f.html", &["<!-- X -->\n", "<!--\nX\n-->\n"], &["<p>X</p>\n", "a X\n"]),
];

const PIECES: &[&str] = &[
    "# ", "//", "/*", "*/", "<!--", "-->", "{{/*", "*/}}", "{#", "#}", "<#", "#>", "<%#", "%>",
    "\"", "'", "`", "\"\"\"", "\\", "\n", " ", "a", "é", "@doc ", "-- ", "; ", "REM ", "\\n",
    "\r\n", "{{- ", "${",
];

/// Reads the bytes as source code.
pub fn holds(bytes: &[u8]) {
    check(bytes, are_comments);
}

/// Checks what says which offsets are in comments.
pub fn check(bytes: &[u8], are_comments: impl Fn(&str, &str, &[usize]) -> Vec<bool>) {
    let mut choices = Choices::new(bytes);
    if is_structured(bytes) && choices.one_in(2) {
        // Lines that are comments, and lines that are not, in any order.
        let (name, comments, code) = choices.pick(LANGUAGES);
        let (mut text, mut expected) = (String::new(), Vec::new());
        while !choices.is_done() {
            let is_comment = choices.one_in(2);
            let line = choices.pick(if is_comment { comments } else { code });
            expected.push(is_comment);
            text.push_str(line);
        }
        let places: Vec<_> = text.match_indices('X').map(|(at, _)| at).collect();
        assert_eq!(are_comments(name, &text, &places), expected, "{name}: {text}");
        return;
    }
    let name = choices.pick(LANGUAGES).0;
    let text = text_of(bytes, PIECES);
    let boundaries = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    let boundaries: Vec<_> = boundaries.take(500).collect();
    assert_eq!(are_comments(name, &text, &boundaries).len(), boundaries.len());
}
