//! Finds which of the messages that the documentation explains a text quotes. The text may be what
//! a terminal shows: with the prefixes of kubectl and its log, with other names and versions, and
//! with lines about something else.

use crate::finding::rule::Rule;

/// The page that explains messages, each below a heading, with links to the rules about it.
const PAGE: &str = include_str!("../../docs/error-messages.md");

/// What kubectl writes before a message.
const PREFIXES: [&str; 4] = [
    "error: ",
    "Error in configuration: ",
    "Unable to connect to the server: ",
    "getting credentials: ",
];

/// Limit on the words of a text that are compared: a paste may be a whole log.
const MAX_WORDS: usize = 1000;

/// A message of the documentation.
struct Explained<'a> {
    words: Vec<&'a str>,
    /// The names of the rules about it; may be empty.
    rules: Vec<&'a str>,
}

/// Returns the names of the rules about the messages that a text quotes.
pub(super) fn rules_about(text: &str, rules: &[&'static Rule]) -> Vec<&'static str> {
    let explained: Vec<_> = of_page().chain(rules.iter().flat_map(|rule| of_rule(rule))).collect();
    let mut left = MAX_WORDS;
    let lines = text.lines().map(|line| {
        let words: Vec<&str> = words(line).take(left).collect();
        left -= words.len();
        words
    });
    let lines: Vec<_> = lines.collect();
    let of_lines: Vec<_> = lines.iter().map(|line| best(line, &explained)).collect();
    let of_all = best(&lines.concat(), &explained);
    // A message may be wrapped.
    let is_wrapped = of_lines.iter().all(|(score, _)| *score < of_all.0);
    let found = if is_wrapped { vec![of_all] } else { of_lines };
    found.into_iter().flat_map(|(_, found)| found).flat_map(|of| &of.rules).copied().collect()
}

/// Returns the messages of the page.
fn of_page() -> impl Iterator<Item = Explained<'static>> {
    PAGE.split("\n#").filter_map(|section| {
        let (message, section) = section.strip_prefix("## `")?.split_once("`\n")?;
        let links = section.split("](rules/").skip(1);
        let rules = links.filter_map(|link| Some(link.split_once(".md)")?.0)).collect();
        Some(Explained { words: own_words(message), rules })
    })
}

/// Returns the messages that the documentation of a rule quotes. Long ones are wrapped.
fn of_rule(rule: &'static Rule) -> Vec<Explained<'static>> {
    let blocks = rule.documentation.split("```").skip(1).step_by(2);
    let mut messages: Vec<Explained<'static>> = Vec::new();
    for block in blocks.filter_map(|block| block.strip_prefix("text\n")) {
        for (number, line) in block.lines().map(str::trim).enumerate() {
            let has_prefix = PREFIXES.iter().any(|prefix| line.starts_with(prefix));
            match messages.last_mut().filter(|_| number > 0 && !has_prefix) {
                Some(message) => message.words.extend(words(line)),
                None => {
                    messages.push(Explained { words: own_words(line), rules: vec![rule.name] });
                }
            }
        }
    }
    messages
}

/// Returns the words of a message without its prefixes, unless little else is left.
fn own_words(message: &'static str) -> Vec<&'static str> {
    let mut own = message;
    while let Some(rest) = PREFIXES.iter().find_map(|prefix| own.strip_prefix(prefix)) {
        own = rest;
    }
    let own: Vec<_> = words(own).collect();
    if own.len() > 1 { own } else { words(message).collect() }
}

/// Returns the words of a line. Quotes belong to none: logs escape them.
fn words(line: &str) -> impl Iterator<Item = &str> {
    let is_between = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '\\');
    let words = line.split(is_between);
    words.map(|word| word.trim_matches([':', ',', ';', '.', '…', '='])).filter(|w| !w.is_empty())
}

/// Returns the messages that the words quote best, with the score. There may be several that differ
/// only where the words differ from all of them.
fn best<'e, 'a>(asked: &[&str], all: &'e [Explained<'a>]) -> (usize, Vec<&'e Explained<'a>>) {
    let mut best = (0, Vec::new());
    for explained in all {
        let score = alignment(asked, &explained.words);
        // Two words in a row, and most of the message or of what is asked.
        let is_quoted =
            score >= 2 * MATCH && 5 * score >= 3 * MATCH * asked.len().min(explained.words.len());
        if is_quoted && score > best.0 {
            best = (score, vec![explained]);
        } else if is_quoted && score == best.0 {
            best.1.push(explained);
        }
    }
    best
}

/// The score of a word that two texts share. A word that differs, or that only one has, costs 1.
const MATCH: usize = 2;

/// Returns the score of the parts of two texts that are most alike (Smith and Waterman). The part
/// starts where the message or the asked text starts, because many messages end alike after a
/// colon.
fn alignment(asked: &[&str], message: &[&str]) -> usize {
    let mut scores = vec![0_usize; message.len()];
    let mut best = 0;
    for (row, asked) in asked.iter().enumerate() {
        // The scores before and at the previous word of the message.
        let (mut diagonal, mut left) = (0_usize, 0_usize);
        for (column, (score, word)) in scores.iter_mut().zip(message).enumerate() {
            let above = *score;
            let may_begin = diagonal > 0 || row == 0 || column == 0;
            let aligned = match word.eq_ignore_ascii_case(asked) {
                true if may_begin => diagonal + MATCH,
                true => 0,
                false => diagonal.saturating_sub(1),
            };
            *score = aligned.max(above.saturating_sub(1)).max(left.saturating_sub(1));
            (diagonal, left) = (above, *score);
            best = best.max(*score);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use crate::rule::of_message;

    #[test]
    fn rules_are_found_in_what_terminals_show() {
        const SERVER: &str = "Unable to connect to the server: getting credentials: ";
        const V1BETA1: &str = "client.authentication.k8s.io/v1beta1";
        for (text, expected) in [
            (
                "error: exec plugin: invalid apiVersion \"client.authentication.k8s.io/v1alpha1\"\n",
                "removed-api-version",
            ),
            (
                "Error: Kubernetes cluster unreachable: exec plugin: invalid apiVersion \"client.authentication.k8s.io/v1alpha1\"",
                "removed-api-version",
            ),
            (
                "'exec plugin: invalid apiVersion \"client.authentication.k8s.io/v1\"'",
                "unsupported-api-version",
            ),
            (
                "E1129 12:00:00.000000    1234 run.go:72] \"command failed\" err=\"exec plugin: invalid apiVersion \\\"client.authentication.k8s.io/v1alpha1\\\"\"",
                "removed-api-version",
            ),
            (
                "E1129 12:00:00.000000    1234 memcache.go:265] couldn't get current server API group list: Get \"https://x.example/api?timeout=32s\": getting credentials: exec plugin is configured to use API version client.authentication.k8s.io/v1, plugin returned version client.authentication.k8s.io/v1beta1",
                "plugin-api-version",
            ),
            (
                "{SERVER}exec plugin is configured to use API version {V1BETA1}, plugin returned version client.authentication.k8s.io/__internal",
                "missing-api-version not-a-plugin",
            ),
            (
                "{SERVER}exec plugin is configured to use API\nversion {V1BETA1}, plugin returned version\nclient.authentication.k8s.io/v1alpha1\n",
                "plugin-version-conflict inconsistent-api-version",
            ),
            (
                "{SERVER}decoding stdout: no kind \"ExecCredential\" is registered for version \"client.authentication.k8s.io/v1alpha1\" in scheme \"pkg/client/auth/exec/exec.go:62\"",
                "removed-api-version inconsistent-api-version",
            ),
            (
                "{SERVER}decoding stdout: couldn't get version/kind; json parse error: json: cannot unmarshal string into Go value of type struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }",
                "plugin-output-format",
            ),
            (
                "{SERVER}decoding stdout: couldn't get version/kind; json parse error: unexpected end of JSON input",
                "invalid-exec-credential",
            ),
            (
                "error: error loading config file \"/home/u/.kube/config\": couldn't get version/kind; json parse error: json: cannot unmarshal string into Go value of type struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }",
                "invalid-kubeconfig",
            ),
            (
                "{SERVER}exec plugin cannot support interactive mode: standard input is not a terminal",
                "interactive-mode-always",
            ),
            (
                "{SERVER}exec plugin didn't return a token or cert/key pair",
                "invalid-exec-credential",
            ),
            // The API version is not the problem.
            (
                "{SERVER}exec: executable aws not found\n\nIt looks like you are trying to use a client-go credential plugin that is not installed.\n\nTo learn more about this feature, consult the documentation available at:\n      https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins",
                "",
            ),
            ("{SERVER}exec: executable aws failed with exit code 255", ""),
            // One word of a message, and half of the words.
            ("interactiveMode", ""),
            ("exec plugin not found", ""),
            (
                "E1129 12:00:00.000000    1234 run.go:72] \"command failed\" err=\"client-key-data or client-key must be specified for u to use the clientCert authentication method.\"",
                "invalid-auth-info",
            ),
            ("Unable to connect to the server: EOF", ""),
            ("Unable to connect to the server: dial tcp: lookup x.example: no such host", ""),
            (
                "Error: Get \"http://localhost/api/v1/namespaces\": dial tcp 127.0.0.1:80: connect: connection refused",
                "",
            ),
            ("error: You must be logged in to the server (Unauthorized)", ""),
            (
                "Error in configuration: \n* command must be specified for u to use exec authentication plugin\n* apiVersion must be specified for u to use exec authentication plugin\n* env variable name must be specified for u to use exec authentication plugin",
                "missing-api-version missing-command missing-env-name",
            ),
            (
                "error: interactiveMode must be specified for arn:aws:eks:eu-west-1:1:cluster/x to use exec authentication plugin",
                "missing-interactive-mode",
            ),
            ("error: invalid interactiveMode for prod: \"Sometimes\"", "invalid-interactive-mode"),
            (
                "error: error loading config file \"/home/u/.kube/config\": yaml: line 12: did not find expected key",
                "invalid-kubeconfig",
            ),
            (
                "error: error loading config file \"/home/u/.kube/config\": no kind \"Config\" is registered for version \"{V1BETA1}\" in scheme \"pkg/runtime/scheme.go:100\"",
                "invalid-kubeconfig",
            ),
            (
                "error: The gcp auth plugin has been removed.\nPlease use the \"gke-gcloud-auth-plugin\" kubectl/client-go credential plugin instead.\nSee https://cloud.google.com/blog/products/containers-kubernetes/kubectl-auth-changes-in-gke for further details",
                "removed-auth-provider",
            ),
            (
                "W1129 12:00:00.000000    1234 gcp.go:119] WARNING: the gcp auth plugin is deprecated in v1.22+, unavailable in v1.26+; use gcloud instead.",
                "deprecated-auth-provider",
            ),
            (
                "error: no Auth Provider found for name \"azure\"",
                "removed-auth-provider unknown-auth-provider",
            ),
            (
                "Error in configuration: context was not found for specified context: minikube",
                "missing-context",
            ),
            (
                "$ kubectl get pods\nE1129 12:00:00.000000    1234 memcache.go:265] \"Unhandled Error\" err=\"couldn't get current server API group list\"\nerror: EOF\n",
                "missing-user unseen-exec",
            ),
            (
                "The connection to the server localhost:8080 was refused - did you specify the right host or port?",
                "missing-cluster",
            ),
        ] {
            let text = text.replace("{SERVER}", SERVER).replace("{V1BETA1}", V1BETA1);
            let mut found: Vec<_> = of_message(&text).iter().map(|rule| rule.name).collect();
            let mut expected: Vec<_> = expected.split_whitespace().collect();
            found.sort_unstable();
            expected.sort_unstable();
            assert_eq!(found, expected, "{text}");
        }
    }
}
