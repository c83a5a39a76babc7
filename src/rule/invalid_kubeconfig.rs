use crate::decode::{DecodeError, Reason};
use crate::finding::{Finding, KubectlSays};
use crate::kubernetes::version::Target;
use crate::model::{Evidence, Subject};

declare_rule! {
    /// Finds kubeconfigs that kubectl cannot decode at all.
    ///
    /// kubectl decodes the whole file before it looks at any user: broken YAML, a value of the
    /// wrong type, certificate data that is no base64, or two users of one name stop every
    /// command, also where another user is meant.
    ///
    /// ```text
    /// error: error loading config file "FILE": json: cannot unmarshal number into Go struct field ExecConfig.users.user.exec.apiVersion of type string
    /// ```
    ///
    /// kubectl's YAML is YAML 1.1: `no`, `on` and `y` are booleans, `1_000` and `0o17` numbers.
    /// Quote what must be a text.
    ///
    /// ## Bad
    ///
    /// ```yaml
    /// apiVersion: v1
    /// kind: Config
    /// users:
    /// - name: no
    ///   user:
    ///     exec:
    ///       apiVersion: client.authentication.k8s.io/v1beta1
    ///       command: aws
    /// ```
    ///
    /// ## Good
    ///
    /// ```yaml
    /// apiVersion: v1
    /// kind: Config
    /// users:
    /// - name: "no"
    ///   user:
    ///     exec:
    ///       apiVersion: client.authentication.k8s.io/v1beta1
    ///       command: aws
    /// ```
    "invalid-kubeconfig": Error,
    summary: "a kubeconfig that kubectl cannot decode",
    since: "0.1.0",
}

fn check(subject: &Subject, target: &Target) -> Vec<Finding> {
    let Subject::Undecodable(errors) = subject else { return Vec::new() };
    // kubectl stops at the first that it knows of.
    let first = |minor| errors.iter().find(|error| error.concerns(minor));
    let newest = target.newest_where(|minor| first(minor).is_some());
    let Some((minor, error)) = newest.and_then(|minor| Some((minor, first(minor)?))) else {
        return Vec::new();
    };
    // json-iterator's words explain nothing; those of a newer kubectl for the same place do.
    let is_plain = |other: &&DecodeError| {
        other.span == error.span && !matches!(other.reason, Reason::JsonIterator(_))
    };
    let plain = errors.iter().find(is_plain).unwrap_or(error);
    let (label, help) = describe(&plain.reason);
    let mut finding = Finding::new(&RULE, error.span, "kubectl cannot decode this kubeconfig")
        .label(label)
        .says(error.words(minor).map(|words| KubectlSays {
            version: minor.to_string(),
            words: format!("error: error loading config file \"FILE\": {words}"),
        }));
    finding.evidence = Evidence::Pattern;
    vec![finding.help(help)]
}

/// What is wrong at the place, and what to do.
fn describe(reason: &Reason) -> (String, String) {
    let (label, help) = match reason {
        Reason::Encoding => ("no valid UTF-16 from here on", "save the file as UTF-8"),
        Reason::Syntax(words) => {
            // Its line is the parser's own count; the place is shown anyway.
            let words = words.rsplit_once(": ").map_or(words.as_str(), |(_, words)| words);
            let help = if words.contains("UTF-8") {
                "save the file as UTF-8"
            } else {
                "repair the YAML: kubectl reads nothing of the file"
            };
            return (words.to_owned(), help.to_owned());
        }
        Reason::JsonComments(_) => {
            ("kubectl's YAML knows no such comments", "remove the comment, or begin it with `#`")
        }
        Reason::UnknownAnchor(_) => {
            ("no such anchor before this place", "define the anchor above its first use")
        }
        Reason::SelfContaining(_) => ("the anchor holds itself", "write the value out"),
        Reason::ExcessiveAliasing => {
            ("the aliases multiply without measure", "write the values out")
        }
        Reason::Merge => ("neither a map nor a list of maps", "merge a map: `<<: *name`"),
        Reason::CollectionKey => (
            "a list or a map cannot be a key",
            "quote it if it is a placeholder such as `{{ name }}`",
        ),
        Reason::NullKey => ("null cannot be a key", "quote the key"),
        Reason::Tag(_) => ("the tag does not fit the value", "correct the value, or drop the tag"),
        Reason::NotJson(_) => ("JSON has no such number", "quote the value"),
        Reason::VersionKind(_) => ("not a text", "write `apiVersion: v1` and `kind: Config`"),
        Reason::Json(_) | Reason::Time(_) | Reason::NoVersion | Reason::GroupVersion(_) | Reason::Unconvertible { .. } => ("", ""),
        Reason::NoKind { .. } => (
            "a kubeconfig is of kind `Config` and apiVersion `v1`",
            "write `apiVersion: v1` and `kind: Config` at the top of the file",
        ),
        Reason::WrongType { found, wanted, .. } => {
            return wrong_type(found, wanted);
        }
        Reason::JsonIterator(_) => ("kubectl wants another type here", "write what kubectl wants"),
        Reason::Base64(_) => ("no valid base64", "correct the data: it is base64 of a PEM file"),
        Reason::DuplicateName { .. } => {
            ("the name stands twice in the list", "rename or remove one of the two")
        }
    };
    (label.to_owned(), help.to_owned())
}

fn wrong_type(found: &str, wanted: &str) -> (String, String) {
    let wanted = match wanted {
        "string" | "[]uint8" | "v1.ExecInteractiveMode" => "text",
        "bool" => "true or false",
        list if list.starts_with("[]") => "list",
        _ => "map",
    };
    let help = match (wanted, found) {
        ("text", "bool" | "number") => "put the value into quotes".to_owned(),
        ("true or false", "string") => "remove the quotes".to_owned(),
        _ => format!("write a {wanted} here"),
    };
    let found = match found {
        "bool" => "YAML 1.1 reads this as true or false",
        "number" => "YAML 1.1 reads this as a number",
        "array" => "this is a list",
        "object" => "this is a map",
        _ => "this is a text",
    };
    (format!("{found}; kubectl wants a {wanted}").replace("a true or false", "true or false"), help)
}
