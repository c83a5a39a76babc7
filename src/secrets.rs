//! Finds the values of a file that no report may show.
//!
//! A tree and its text come in; the spans of the secret values go out. [`mask`] finds what looks
//! like a secret in a line, whatever its syntax, and [`redact`] masks secrets in what carriers
//! found before any rule sees it.
//!
//! Source of the names: client-go's `AuthInfo`, `AuthProviderConfig` and `ExecCredentialStatus`,
//! the configuration keys of the gcp, azure and oidc auth providers, kubectl's flags, and Argo CD's
//! `TLSClientConfig`.

pub(crate) mod context;
pub(crate) mod fault;
pub(crate) mod line;
pub(crate) mod mask;
pub(crate) mod output;
pub(crate) mod redact;
mod stand_in;
mod user;
mod words;

use std::ops::RangeInclusive;

use crate::api_group;
use crate::kubernetes::api_versions::GROUP;
use crate::syntax::node::{NodeId, NodeKind, Tree};
use crate::text::source::{Source, Span, merged};

/// Replaces a secret in a report, whatever its length.
pub(crate) const MASK: &str = "***";

/// Limit on the bytes of a key that is examined. The values of longer ones count as secret.
const MAX_KEY: usize = 1024;

/// Returns whether the value of this key is secret. Ignores case, `-`, `_` and `.`.
pub(crate) fn is_secret_key(key: &str) -> bool {
    // Nobody writes such a key, and aliases may repeat it thousands of times.
    if key.len() > MAX_KEY {
        return true;
    }
    let mut key = match key.is_ascii() {
        true => key.to_ascii_lowercase(),
        false => key.to_lowercase(),
    };
    key.retain(|c| !matches!(c, '-' | '_' | '.'));
    const PARTS: [&str; 8] =
        ["token", "secret", "passw", "passphrase", "credential", "authorization", "cookie", "jwt"];
    const ENDS: [&str; 8] =
        ["cadata", "certdata", "keydata", "certificatedata", "authoritydata", "key", "pass", "pwd"];
    // A key without a name may be that of a map. The location of a secret is public, and so are the
    // name of a kind and that of a policy.
    let is_public = || {
        key == "key"
            || ["file", "path", "name", "publickey", "extensionkey"]
                .into_iter()
                .any(|end| key.ends_with(end))
            || ["execcredential", "credentialplugin", "credentialprovider", "credentialsprovider"]
                .into_iter()
                .any(|start| key.starts_with(start))
    };
    // Preparing a search takes longer than looking at a word, and comparing words longer than
    // comparing their first letters.
    let has = |part: &str| {
        let mut words = key.as_bytes().windows(part.len());
        words.any(|word| word.first() == part.as_bytes().first() && word == part.as_bytes())
    };
    let is_secret = PARTS.into_iter().any(has) || ENDS.into_iter().any(|end| key.ends_with(end));
    is_secret && !is_public()
}

/// Returns whether a key, flag or command is about environment variables: `env`, `--exec-env`,
/// `environment`, `remoteEnv`.
fn names_environment(word: &str) -> bool {
    let ends = |end: &str| {
        let at = word.len().checked_sub(end.len());
        at.and_then(|at| word.get(at..)).is_some_and(|last| last.eq_ignore_ascii_case(end))
    };
    ["env", "environ", "environment", "environmentvariable"].into_iter().any(ends)
}

/// Returns whether everything below this key counts as secret, and because of the key: the
/// environment of a plugin and the settings of an auth provider. The arguments of a plugin, and those
/// that a kuberc adds to a command, count as secret for other reasons.
fn holds_secrets(key: &str) -> Option<bool> {
    match key {
        "args" | "prependArgs" | "appendArgs" => Some(false),
        "env" | "auth-provider" => Some(true),
        _ => is_secret_key(key).then_some(true),
    }
}

/// Returns whether any of the sorted `secrets` overlaps the span.
pub(crate) fn is_in(secrets: &[Span], span: Span) -> bool {
    let before = secrets.partition_point(|secret| secret.start() < span.end());
    let last = before.checked_sub(1).and_then(|at| secrets.get(at));
    last.is_some_and(|secret| secret.end() > span.start())
}

/// Returns whether a mapping is an ExecCredential, judging by its own keys and values.
fn is_exec_credential(tree: &Tree, text: &str, pairs: &[(NodeId, NodeId)]) -> bool {
    let value = |id| tree.scalar(tree.resolve(id).0, text);
    pairs.iter().any(|&(key, of)| {
        let Some(key) = value(key) else { return false };
        let is_kind = key.eq_ignore_ascii_case("kind");
        let is_version = key.eq_ignore_ascii_case("apiVersion");
        value(of).is_some_and(|value| {
            (is_kind && value.eq_ignore_ascii_case("ExecCredential"))
                || (is_version && value.contains(GROUP))
        })
    })
}

/// The keys of an exec config whose values are no more secret below a secret key than elsewhere.
const EXEC_KEYS: [&str; 4] = ["apiVersion", "command", "args", "interactiveMode"];

/// Returns whether a mapping is an exec config, judging by its own keys and its version.
fn is_exec_config(tree: &Tree, text: &str, pairs: &[(NodeId, NodeId)]) -> bool {
    let value = |id| tree.scalar(tree.resolve(id).0, text);
    let has = |wanted: &str, is_right: fn(&str) -> bool| {
        pairs.iter().any(|&(key, of)| value(key) == Some(wanted) && value(of).is_some_and(is_right))
    };
    has("apiVersion", |version| version.starts_with(GROUP)) && has("command", |_| true)
}

/// The spans of the secret values of a tree, each list sorted. The values of environment variables
/// are secret, their names are not. The `status` of an ExecCredential is secret unless it is a map,
/// as it should be: it may be the token itself.
#[derive(Debug, Clone, Default)]
pub(crate) struct SecretSpans {
    /// Those that no report shows.
    pub(crate) keyed: Vec<Span>,
    /// Values that only name an exec API version, and the arguments of a plugin that are known to be
    /// harmless.
    pub(crate) others: Vec<Span>,
}

impl SecretSpans {
    /// Returns both lists in one.
    pub(crate) fn into_all(self) -> Vec<Span> {
        let Self { mut keyed, mut others } = self;
        keyed.append(&mut others);
        keyed.sort_unstable();
        keyed
    }

    /// Adds those of another tree of the same text.
    pub(crate) fn extend(&mut self, more: Self) {
        let Self { keyed, others } = more;
        for (own, mut more) in [(&mut self.keyed, keyed), (&mut self.others, others)] {
            if own.is_empty() {
                *own = more;
            } else {
                own.append(&mut more);
            }
        }
    }
}

/// Returns the secret values of a tree.
pub(crate) fn spans(tree: &Tree, text: &str) -> SecretSpans {
    let mut marks = Marks::new(tree, text);
    for (root, is_keyed) in roots(tree, text) {
        marks.mark_below(root, Marks::SECRET);
        if is_keyed {
            marks.mark_below(root, Marks::KEYED);
        }
    }
    let parts = user::mark(&mut marks);
    let is_alone = |span: Span| is_version_alone(text.get(span.range()).unwrap_or(""));
    let (mut keyed, mut others) = (parts, Vec::new());
    // A text may have one for every few bytes.
    keyed.reserve_exact(marks.values(Marks::KEYED).count());
    let is_other = |(_, mark): &(Span, u8)| mark & Marks::KEYED == 0;
    others.reserve_exact(marks.values(Marks::SECRET).filter(is_other).count());
    for (span, mark) in marks.values(Marks::KEYED | Marks::SECRET) {
        if mark & Marks::KEYED != 0 && !is_alone(span) {
            keyed.push(span);
        } else if mark & Marks::SECRET != 0 {
            others.push(span);
        }
    }
    keyed.sort_unstable();
    keyed.dedup();
    others.sort_unstable();
    SecretSpans { keyed, others }
}

/// Which nodes of a tree are secret.
struct Marks<'a> {
    tree: &'a Tree,
    text: &'a str,
    /// The marks of each node.
    marks: Vec<u8>,
}

impl<'a> Marks<'a> {
    /// A secret value, or something around one.
    const SECRET: u8 = 1;
    /// The same because of a key, or of its own looks.
    const KEYED: u8 = 2;
    /// A user or an exec config that was read.
    const READ: u8 = 4;

    fn new(tree: &'a Tree, text: &'a str) -> Self {
        Self { tree, text, marks: vec![0; tree.len()] }
    }

    /// Adds a mark to a node. Returns whether it is new there.
    fn mark(&mut self, id: NodeId, mark: u8) -> bool {
        let marks = self.marks.get_mut(id.index());
        marks.is_some_and(|marks| std::mem::replace(marks, *marks | mark) & mark == 0)
    }

    /// Marks the values below a node.
    fn mark_below(&mut self, root: NodeId, mark: u8) {
        let Self { tree, text, .. } = *self;
        let mut next = Some(root);
        // The nodes around the current one, whether each is an exec config, and how many of its
        // children were read: a node may have very many.
        let mut around: Vec<(NodeId, bool, usize)> = Vec::new();
        loop {
            if let Some(id) = next.take().filter(|id| self.mark(*id, mark)) {
                match tree.node(id).kind {
                    NodeKind::Alias(target) => {
                        next = Some(target);
                        continue;
                    }
                    NodeKind::Scalar { .. } | NodeKind::UnknownAlias => {}
                    _ => around.push((id, is_exec_config(tree, text, tree.pairs(id)), 0)),
                }
            }
            let Some((id, is_exec, read)) = around.last_mut() else { return };
            let (items, pairs) = (tree.items(*id), tree.pairs(*id));
            // `clusterCredentials: {…}` of a chart holds whole exec configs.
            let own = if *is_exec { &EXEC_KEYS[..] } else { &["name"] };
            let is_own = |key| tree.scalar(key, text).is_some_and(|key| own.contains(&key));
            if let Some(item) = items.get(*read) {
                next = Some(*item);
            } else if let Some((key, value)) = pairs.get(*read - items.len()) {
                next = Some(*value).filter(|_| !is_own(*key));
            } else {
                around.pop();
                continue;
            }
            *read += 1;
        }
    }

    /// Returns the spans of the values with some of these marks, in the order of the text, and all of
    /// their marks.
    fn values(&self, some: u8) -> impl Iterator<Item = (Span, u8)> {
        let nodes = self.tree.iter().zip(&self.marks).filter(move |(_, marks)| **marks & some != 0);
        nodes.filter_map(|(node, mark)| match node.kind {
            NodeKind::Scalar { .. } => {
                Some((node.span, *mark)).filter(|(span, _)| !span.is_empty())
            }
            // `password: *hunter2`: the author probably meant a password, not an alias.
            NodeKind::UnknownAlias => Some((node.span, *mark)),
            _ => None,
        })
    }
}

/// Returns whether a text names an exec API version and otherwise only words that occur in an
/// ExecCredential request, which has no `status` yet.
pub(crate) fn is_version_alone(text: &str) -> bool {
    const WORDS: [&str; 12] = [
        "apiVersion",
        "kind",
        "ExecCredential",
        "spec",
        "interactive",
        "true",
        "false",
        "v1alpha1",
        "v1beta1",
        "v1",
        "value",
        "KUBERNETES_EXEC_INFO",
    ];
    let rest = text.replace(GROUP, "");
    let words = rest.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    rest.len() < text.len() && words.filter(|w| !w.is_empty()).all(|w| WORDS.contains(&w))
}

/// Returns the nodes below which everything is secret, and whether that is because of their own key.
fn roots(tree: &Tree, text: &str) -> Vec<(NodeId, bool)> {
    let mut roots = Vec::new();
    for id in tree.ids() {
        roots.extend(secret_arguments(tree, text, tree.items(id)).map(|item| (item, true)));
        let pairs = tree.pairs(id);
        // `{name: token, default: T}` sets a flag in a kuberc, and `{name: …, value: …}` an
        // environment variable.
        let is_named = |key, value| {
            tree.scalar(key, text) == Some("name")
                && tree.scalar(tree.resolve(value).0, text).is_some_and(is_secret_key)
        };
        let sets_secret = pairs.iter().any(|&(key, value)| is_named(key, value));
        let is_keyed = |key| {
            // An alias as a key: look at the key that its anchor marks.
            let key = tree.scalar(tree.resolve(key).0, text)?;
            let is_set = sets_secret && matches!(key, "default" | "value");
            holds_secrets(key).or(is_set.then_some(true))
        };
        // What is secret in a command depends on the looks of its line.
        let is_in_line = |id: NodeId| {
            text.get(tree.node(id).span.range()).is_some_and(|text| !text.contains('\n'))
        };
        let is_command = |key, value| is_in_line(value) && tree.splits_string(text, key, value);
        roots.extend(pairs.iter().filter_map(|&(key, value)| {
            let is_keyed = is_keyed(key)?;
            (!is_command(key, value)).then_some((value, is_keyed))
        }));
        roots.extend(secret_data(tree, text, pairs).map(|value| (value, true)));
        roots.extend(status(tree, text, pairs).into_iter().map(|value| (value, true)));
    }
    roots
}

/// Returns the values in the `status` of an ExecCredential, but for the times.
fn status(tree: &Tree, text: &str, pairs: &[(NodeId, NodeId)]) -> Vec<NodeId> {
    let is_status =
        |key| tree.scalar(key, text).is_some_and(|key| key.eq_ignore_ascii_case("status"));
    let mut status = pairs.iter().filter(|(key, _)| is_status(*key)).peekable();
    if status.peek().is_none() || !is_exec_credential(tree, text, pairs) {
        return Vec::new();
    }
    let is_time = |key| {
        tree.scalar(key, text).is_some_and(|key| key.eq_ignore_ascii_case("expirationTimestamp"))
    };
    let mut values = Vec::new();
    for (_, value) in status {
        match tree.pairs(tree.resolve(*value).0) {
            [] => values.push(*value),
            pairs => {
                values.extend(pairs.iter().filter(|(key, _)| !is_time(*key)).map(|(_, of)| *of))
            }
        }
    }
    values
}

/// Returns the values of a Secret, recognized by its own keys. Skips plain text that may hold an exec
/// config, which is read as a text of its own, with its own secrets. Base64 counts as a whole.
fn secret_data<'a>(
    tree: &'a Tree,
    text: &'a str,
    pairs: &'a [(NodeId, NodeId)],
) -> impl Iterator<Item = NodeId> + 'a {
    let value = |id| tree.scalar(tree.resolve(id).0, text);
    let is_secret =
        pairs.iter().any(|&(key, of)| value(key) == Some("kind") && value(of) == Some("Secret"));
    let is_data = move |key| matches!(value(key), Some("data" | "stringData"));
    let data = pairs.iter().filter(move |(key, _)| is_secret && is_data(*key));
    let values = data.flat_map(|(_, data)| tree.pairs(tree.resolve(*data).0));
    values.map(|(_, of)| *of).filter(move |of| !value(*of).is_some_and(api_group::is_plain_in))
}

/// Returns what may be secret in some lines (1-based), with its span in the text.
fn masked(
    source: &Source,
    lines: RangeInclusive<usize>,
) -> impl Iterator<Item = (Span, mask::Mask)> + '_ {
    lines.flat_map(|line| {
        let start = source.line_span(line).map_or(0, |line| line.start());
        mask::masks(source, line)
            .into_iter()
            .map(move |mask| (Span::new(start + mask.range.start, start + mask.range.end), mask))
    })
}

/// Returns the lines (1-based) that a span touches.
fn lines_of(source: &Source, span: Span) -> RangeInclusive<usize> {
    let last = span.end().saturating_sub(1).max(span.start());
    source.line(span.start())..=source.line(last)
}

/// Returns the spans of the values in a line (1-based) that a diff may not show.
fn values(source: &Source, line: usize) -> impl Iterator<Item = Span> {
    let span = source.line_span(line).unwrap_or_default();
    let values = line::values(source, line, span).into_iter();
    values.map(move |value| Span::new(span.start() + value.start, span.start() + value.end))
}

/// Returns whether a sentence in a span, such as the reason of a suppression, holds nothing but
/// words.
pub(crate) fn is_prose(source: &Source, span: Span) -> bool {
    !has_secret(source, span) && mask::is_prose(source.slice(span))
}

/// Returns the arguments that are secret because of the flag before them or the flag they contain.
fn secret_arguments<'a>(
    tree: &'a Tree,
    text: &'a str,
    items: &'a [NodeId],
) -> impl Iterator<Item = NodeId> + 'a {
    let word = |item: NodeId| tree.scalar(tree.resolve(item).0, text).unwrap_or("");
    let is_secret_flag =
        |flag: &str| flag.strip_prefix('-').is_some_and(|name| is_secret_key(name.trim()));
    let before = std::iter::once("").chain(items.iter().map(move |item| word(*item)));
    items.iter().zip(before).filter_map(move |(item, before)| {
        let own = word(*item).split_once('=').is_some_and(|(flag, _)| is_secret_flag(flag));
        (own || (!before.contains('=') && is_secret_flag(before))).then_some(*item)
    })
}

const QUOTES: [char; 3] = ['"', '\'', ' '];

/// Returns the spans that no report may show within `span`, which covers whole lines. They are
/// sorted and disjoint, and lie within `span`.
///
/// `keyed` holds the spans that are secret because of their keys; `harmless` holds base64 without
/// values, inside of which lookalikes do not count. Both are sorted. Placeholders and exec API
/// versions stay visible, and so do the values that [`mask::setting`] shows.
pub(crate) fn hidden(source: &Source, span: Span, keyed: &[Span], harmless: &[Span]) -> Vec<Span> {
    let first = keyed.partition_point(|secret| secret.end() <= span.start());
    let own = keyed.get(first..).unwrap_or_default().iter().copied();
    let own = own.take_while(|secret| secret.start() < span.end());
    let likely = masked(source, lines_of(source, span)).filter_map(|(place, mask)| {
        let text = source.slice(place);
        // If its group is written elsewhere, a version is a lone word.
        let is_word = ["v1alpha1", "v1beta1", "v1"].contains(&text.trim_matches(QUOTES));
        let is_version = mask.is_given && (is_word || is_version_alone(text));
        (!is_version).then_some(place)
    });
    let others = lines_of(source, span).flat_map(|line| values(source, line));
    let is_harmless = |place: &Span| {
        let before = harmless.partition_point(|harmless| harmless.start() <= place.start());
        let around = before.checked_sub(1).and_then(|at| harmless.get(at));
        around.is_some_and(|around| around.contains(*place))
    };
    let likely = likely.chain(others).filter(|place| !is_harmless(place));
    let is_secret = |place: &Span| !stand_in::is_stand_in(source.slice(*place));
    let clipped = |place: Span| {
        Span::new(
            place.start().clamp(span.start(), span.end()),
            place.end().clamp(span.start(), span.end()),
        )
    };
    let places = own.chain(likely).filter(is_secret).map(clipped);
    merged(places.filter(|place| !place.is_empty()).collect())
}

/// Returns whether anything that looks like a secret, other than an exec API version, overlaps the
/// span.
pub(crate) fn has_secret(source: &Source, span: Span) -> bool {
    masked(source, lines_of(source, span)).any(|(place, mask)| {
        let is_version = mask.is_given && is_version_alone(source.slice(place));
        !is_version && place.overlaps(span)
    })
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::*;
    use crate::syntax::yaml;

    #[test]
    fn merged_joins_overlapping_spans() {
        let spans = [(5, 9), (1, 3), (2, 4), (8, 8), (9, 9), (4, 5)];
        let spans = spans.map(|(start, end)| Span::new(start, end)).to_vec();
        let found: Vec<_> = merged(spans).iter().map(|span| (span.start(), span.end())).collect();
        assert_eq!(found, [(1, 4), (4, 5), (5, 9), (9, 9)]);
        let secrets = [Span::new(1, 4), Span::new(6, 8)];
        let is_in = |start, end| is_in(&secrets, Span::new(start, end));
        assert!(is_in(0, 2) && is_in(3, 9) && is_in(7, 8));
        assert!(!is_in(0, 1) && !is_in(4, 6) && !is_in(8, 20));
    }

    #[test]
    fn secret_spans_spare_only_times_of_an_exec_credential() {
        let secrets = |text: &str| {
            let tree = yaml::parse(text);
            let spans = spans(&tree, text).into_all();
            spans.iter().map(|span| text[span.range()].to_owned()).collect::<Vec<_>>()
        };
        let start = "{kind: ExecCredential, status: ";
        let status = "{token: T, clientCertificateData: C, clientKeyData: K, \
                      expirationTimestamp: E}}";
        assert_eq!(secrets(&format!("{start}{status}")), ["T", "C", "K"]);
        assert_eq!(secrets(&format!("{start}T}}")), ["T"]);
        assert_eq!(secrets(&format!("{start}[T, {{a: U}}]}}")), ["T", "U"]);
        assert_eq!(secrets("{status: T, kind: Pod}"), [""; 0]);
    }

    #[test]
    fn secret_spans_cover_values_of_kubernetes_secrets() {
        let exec = "client.authentication.k8s.io/v1";
        let encoded = STANDARD.encode(exec);
        let text = format!(
            "items:\n- kind: Secret\n  data: {{a: A, b: '{exec}', d: {encoded}}}\n  stringData: {{c: C}}\n\
             - kind: ConfigMap\n  data: {{a: A, d: {encoded}}}\n"
        );
        let tree = yaml::parse(&text);
        let SecretSpans { keyed, others } = spans(&tree, &text);
        let keyed: Vec<_> = keyed.iter().map(|span| &text[span.range()]).collect();
        assert_eq!(keyed, ["A", &encoded, "C"]);
        assert_eq!(others, []);
    }

    #[test]
    fn secret_spans_cover_values_of_secret_keys() {
        let text = "a: {token: T, id-token: I, clientKeyData: K, tokenFile: f, name: n}\n\
                    env:\n- name: AWS_PROFILE\n  value: V\nx: &p P\npassword: *p\nz: {pass: *q, args: [A]}\n\
                    options:\n- {name: token, default: D}\n- {name: output, default: yaml}\n\
                    appendArgs: [--token, E]\nclusterCredentials:\n- config:\n    exec:\n      \
                    apiVersion: client.authentication.k8s.io/v1\n      command: aws\n      args: [B]\n      \
                    env: [{name: n, value: W}]\n      note: N\n";
        let tree = yaml::parse(text);
        let shown = |span: &Span| text[span.range()].to_owned();
        let found: Vec<_> = spans(&tree, text).into_all().iter().map(shown).collect();
        assert_eq!(found, ["T", "I", "K", "V", "P", "*q", "A", "D", "--token", "E", "B", "W", "N"]);
    }
}
