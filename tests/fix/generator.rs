//! Generates kubeconfigs of all styles, in texts of all kinds, valid and broken.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::GROUP;

/// Numbers that look random and are always the same.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 32) as usize
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.next() % end
    }

    pub(crate) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub(crate) fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

pub(crate) const VERSIONS: &[&str] = &[
    "client.authentication.k8s.io/v1alpha1",
    "client.authentication.k8s.io/v1alpha1",
    "client.authentication.k8s.io/v1alpha1",
    "client.authentication.k8s.io/v1beta1",
    "client.authentication.k8s.io/v1",
    "client.authentication.k8s.io/v1",
    "client.authentication.k8s.io/v1betha1",
    "client.authentication.k8s.io/v1apha1",
    "client.authentication.k8s.io/v2",
    "client.authentication.k8s.io/v1alpha1 ",
    "v1beta1",
    "",
];

pub(crate) const COMMANDS: &[(&str, &[&str])] = &[
    ("aws", &["eks", "get-token", "--cluster-name", "c"]),
    ("aws-iam-authenticator", &["token", "-i", "c"]),
    ("gke-gcloud-auth-plugin", &[]),
    ("scw", &["k8s", "exec-credential"]),
    ("doctl", &["kubernetes", "cluster", "kubeconfig", "exec-credential", "--version=v1beta1"]),
    ("ack-ram-tool", &["credential-plugin", "get-token", "--api-version", "v1alpha1"]),
    ("ack-ram-tool", &["credential-plugin", "get-token", "--api-version=v1"]),
    ("datumctl", &["auth", "get-token", "--output=client.authentication.k8s.io/v1alpha1"]),
    ("heptio-authenticator-aws", &["token", "-i", "c"]),
    ("mine", &["x"]),
    ("env", &["A=b", "aws", "eks", "get-token"]),
];

/// Generates an exec config as keys and values in YAML or JSON.
pub(crate) fn exec(random: &mut Random, is_flow: bool) -> String {
    let (command, args) = COMMANDS[random.below(COMMANDS.len())];
    let quote = random.pick(if is_flow { &["\"", "\"", "'"] } else { &["", "", "", "\"", "'"] });
    let is_json = is_flow && quote == "\"";
    let key = |name: &str| if is_json { format!("\"{name}\"") } else { name.to_owned() };
    let quoted = |value: &str| format!("{quote}{value}{quote}");
    let version = random.pick(VERSIONS);
    let mut pairs = vec![(key("command"), quoted(command))];
    if random.one_in(8) {
        // No `apiVersion` at all.
    } else if version.ends_with(' ') && quote.is_empty() {
        pairs.push((key("apiVersion"), format!("\"{version}\"")));
    } else {
        pairs.push((key("apiVersion"), quoted(version)));
    }
    if !args.is_empty() {
        let items: Vec<_> = args.iter().map(|arg| quoted(arg)).collect();
        pairs.push((key("args"), format!("[{}]", items.join(", "))));
    }
    if random.one_in(4) {
        pairs.push((key("interactiveMode"), quoted("Never")));
    }
    if random.one_in(6) {
        let info = format!("{{apiVersion: {GROUP}/v1alpha1}}");
        let (name, value) = (key("name"), key("value"));
        let quote = if quote == "'" { "'" } else { "\"" };
        pairs.push((
            key("env"),
            format!(
                "[{{{name}: {quote}KUBERNETES_EXEC_INFO{quote}, {value}: {quote}{info}{quote}}}]"
            ),
        ));
    }
    for at in (1..pairs.len()).rev() {
        pairs.swap(at, random.below(at + 1));
    }
    let indent = "      ";
    match (is_flow, random.one_in(2)) {
        (true, true) => {
            let pairs: Vec<_> = pairs.iter().map(|(k, v)| format!("{k}: {v}")).collect();
            format!(" {{{}}}\n", pairs.join(", "))
        }
        (true, false) => {
            let pairs: Vec<_> = pairs.iter().map(|(k, v)| format!("{indent}{k}: {v}")).collect();
            format!(" {{\n{}\n    }}\n", pairs.join(",\n"))
        }
        _ => {
            let comment = if random.one_in(5) { " # why" } else { "" };
            let pairs: Vec<_> =
                pairs.iter().map(|(k, v)| format!("{indent}{k}: {v}{comment}\n")).collect();
            format!("\n{}", pairs.concat())
        }
    }
}

pub(crate) fn kubeconfig(random: &mut Random) -> String {
    let mut text = "apiVersion: v1\nkind: Config\n".to_owned();
    let is_shared = random.one_in(6);
    if is_shared {
        text.push_str(&format!("x: &v {}\n", VERSIONS[random.below(5)]));
    }
    text.push_str("users:\n");
    for at in 0..1 + random.below(4) {
        let is_flow = random.one_in(3);
        let mut exec = exec(random, is_flow);
        if is_shared && random.one_in(2) {
            for version in VERSIONS.iter().filter(|version| version.starts_with(GROUP)) {
                for quote in ["", "\"", "'"] {
                    let old = format!("apiVersion: {quote}{version}{quote}");
                    exec = exec.replacen(&format!("{old}\n"), "apiVersion: *v\n", 1);
                }
            }
        }
        text.push_str(&format!("- name: u{at}\n  user:\n    exec:{exec}"));
    }
    if random.one_in(4) {
        text.push_str("- name: t\n  user:\n    token: abc\n");
    }
    text
}

/// Embeds a text in another, and returns the name of that file.
pub(crate) fn carried(random: &mut Random, text: &str) -> (String, &'static str) {
    let indented = |by: &str| -> String {
        let lines = text.split_inclusive('\n');
        lines
            .map(|line| if line == "\n" { line.to_owned() } else { format!("{by}{line}") })
            .collect()
    };
    let json = serde_json::to_string(text).unwrap();
    match random.below(11) {
        0 => (format!("kind: ConfigMap\ndata:\n  config: |\n{}", indented("    ")), "f.yaml"),
        1 => (format!("{{\"data\": {{\"config\": {json}}}}}\n"), "f.json"),
        2 => (format!("data:\n  config: {json}\n"), "f.yaml"),
        3 => (format!("locals {{\n  c = <<-EOT\n{}  EOT\n}}\n", indented("    ")), "f.tf"),
        4 => (format!("locals {{\n  c = {json}\n}}\n"), "f.tf"),
        5 => (format!("cat > kubeconfig <<'EOF'\n{text}EOF\n"), "f.sh"),
        6 => (format!("# Example\n\n```yaml\n{text}```\n"), "f.md"),
        7 => (format!("> ```\n{}> ```\n", indented("> ")), "f.md"),
        8 => (format!("data:\n  config: {}\n", STANDARD.encode(text)), "f.yaml"),
        9 => {
            let letters = STANDARD.encode(text);
            let lines: Vec<_> =
                letters.as_bytes().chunks(76).map(|l| std::str::from_utf8(l).unwrap()).collect();
            (format!("data:\n  config: |\n    {}\n", lines.join("\n    ")), "f.yaml")
        }
        _ => (format!("{{{{ if .x }}}}\n{text}{{{{ end }}}}\n"), "f.yaml"),
    }
}

/// Adds, removes or repeats a few characters. The versions to choose from include misspelled ones;
/// this breaks everything else.
pub(crate) fn mutated(random: &mut Random, text: &str) -> String {
    const MARKS: [char; 9] = ['"', '\n', ' ', '{', '\'', 'é', '#', ':', '-'];
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..random.below(4) {
        let at = random.below(chars.len().max(1));
        let near = at.saturating_sub(45)..(at + 45).min(chars.len());
        let near: String = chars[near].iter().collect();
        if near.contains("uthentic") || near.contains("ersion") || at >= chars.len() {
            continue;
        }
        match random.below(4) {
            0 => {
                chars.remove(at);
            }
            1 => chars.insert(at, MARKS[random.below(MARKS.len())]),
            2 => chars.insert(at, chars[at]),
            _ if chars.len() - at < 40 => chars.truncate(at),
            _ => {}
        }
    }
    chars.into_iter().collect()
}

/// Decodes base64 that has its own lines, including nested base64.
pub(crate) fn decoded(text: &str) -> String {
    let mut made = String::new();
    let mut letters = String::new();
    let mut indent = 0;
    let flush = |letters: &mut String, made: &mut String| {
        let inner = STANDARD.decode(&*letters).ok().filter(|inner| inner.len() > 40);
        match inner.map(|inner| String::from_utf8(inner).unwrap()) {
            Some(inner) => made.push_str(&decoded(&plain(&inner))),
            None => made.push_str(letters),
        }
        letters.clear();
    };
    for line in text.lines() {
        let rest = line.trim_matches([' ', '>', '\'', '"', '\r', '}', '\\']);
        let rest = rest.strip_prefix("config: ").unwrap_or(rest);
        let is_letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
        let own = line.len() - line.trim_start_matches([' ', '>']).len();
        let is_next = !letters.is_empty() && own == indent && !letters.ends_with('=');
        if rest.chars().all(is_letter) && (is_next || rest.len() > 40) {
            letters.push_str(rest);
            indent = own;
            continue;
        }
        flush(&mut letters, &mut made);
        made.push_str(line);
        made.push('\n');
    }
    flush(&mut letters, &mut made);
    made
}

/// Undoes escaped line breaks, however often they are escaped.
pub(crate) fn plain(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..4 {
        text = text.replace("\\\\", "\\");
    }
    text.replace("\\r", "").replace("\\n", "\n")
}

/// Returns what no fix may touch: everything except versions, the pairs that may be inserted, and
/// what joins them. Base64 is decoded.
pub(crate) fn untouched(text: &str) -> String {
    let mut text = squeezed(&decoded(&plain(text)));
    for gone in ["interactiveMode:IfAvailable", "apiVersion:", GROUP] {
        text = text.replace(gone, "");
    }
    without_versions(&text)
}

fn without_versions(text: &str) -> String {
    let words = ["/v1betha1", "/v1apha1", "/v1alpha1", "/v1beta1", "/v2", "/v1"];
    let bare = ["v1alpha1", "v1beta1", "v1"];
    words.iter().chain(&bare).fold(text.to_owned(), |text, word| text.replace(word, ""))
}

/// Returns whether only versions changed, byte for byte, and only the pairs that a fix may insert
/// were added, with what joins them to their neighbors. Does not work for base64.
pub(crate) fn is_exact(before: &str, after: &str) -> bool {
    let plain = |text: &str| {
        let mut text = text.replace(GROUP, "");
        // A blank after the version is part of the fault.
        for quote in ["\"", "'", "\\"] {
            text = text.replace(&format!("v1alpha1 {quote}"), &format!("v1alpha1{quote}"));
        }
        without_versions(&text)
    };
    let (before, after) = (plain(before), plain(after));
    is_filled(&before, &after)
}

/// Returns whether one text is the other with pairs inserted.
fn is_filled(before: &str, after: &str) -> bool {
    let same = same_start(before, after);
    let (before, after) = (&before[same..], &after[same..]);
    if before.is_empty() && after.is_empty() {
        return true;
    }
    // An insertion may seem to begin a little later, and then ends as much later.
    (1..=MAX_INSERTION.min(after.len())).any(|length| {
        let Some((new, rest)) = after.split_at_checked(length) else { return false };
        let new = squeezed(&new.repeat(2));
        let is_pair = new.contains("interactiveMode:IfAvailable") || new.contains("apiVersion:");
        is_pair && same_start(before, rest) >= before.len().min(30) && is_filled(before, rest)
    })
}

/// Limit on the length of an insertion by a fix, with its escapes, in bytes.
const MAX_INSERTION: usize = 300;

/// Returns how many bytes two texts have in common at their start.
fn same_start(a: &str, b: &str) -> usize {
    let pairs = a.char_indices().zip(b.chars());
    let mut others = pairs.filter(|((_, a), b)| a != b).map(|((at, _), _)| at);
    others.next().unwrap_or(a.len().min(b.len()))
}

/// Removes what joins the parts of a pair, and pairs.
fn squeezed(text: &str) -> String {
    let is_joint = |c: &char| !(c.is_whitespace() || matches!(c, '"' | '\'' | '\\' | ',' | '>'));
    text.chars().filter(is_joint).collect()
}
