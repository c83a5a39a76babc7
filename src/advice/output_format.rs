//! Finds plugins told to print in a format that kubectl may not be able to read.
//!
//! kubectl decodes JSON and YAML (client-go `plugin/pkg/client/auth/exec/exec.go`, the universal
//! deserializer; tried with kubectl 1.20, 1.24 and 1.37).

use crate::advice;
use crate::kubernetes::plugins::{AWS_OUTPUT, Program, Word};
use crate::model::ExecConfig;
use crate::text::source::{Span, Spanned};

/// The settings that decide the output format of a plugin.
struct OutputOptions {
    /// [`crate::kubernetes::plugins::Plugin::name`].
    plugin: &'static str,
    /// The flag that chooses the format; the last occurrence counts.
    format: &'static str,
    /// The flag that prints only a part.
    query: &'static str,
    /// The variable that chooses the format if the flag is absent.
    variable: &'static str,
    /// The formats that kubectl cannot read.
    unreadable: &'static [&'static str],
}

/// Source: aws-cli `awscli/customizations/eks/get_token.py`, from 2.10.4 and 1.27.80 (March 2023)
/// on; aws-cli issues 7719 and 7723, pull request 7726. Tried with 1.46.3.
static OUTPUT_OPTIONS: [OutputOptions; 1] = [OutputOptions {
    plugin: "aws",
    format: "--output",
    query: "--query",
    variable: AWS_OUTPUT,
    unreadable: &["off", "table", "text", "yaml-stream"],
}];

/// A setting that makes a plugin print something that kubectl cannot read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WrongOutput<'a> {
    /// The place of the setting.
    pub span: Span,
    /// The alias through which the setting got here, if any.
    pub alias: Option<Span>,
    /// The plugin.
    pub plugin: &'static str,
    /// The setting.
    pub what: WrongOutputKind<'a>,
}

/// A setting that makes a plugin print something other than an ExecCredential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum WrongOutputKind<'a> {
    /// A flag chooses another format.
    Format {
        /// The flag.
        flag: &'static str,
        /// The format.
        format: &'a str,
        /// The argument that ends with the format; `None` in a script.
        argument: Option<&'a Spanned<String>>,
    },
    /// A flag selects a part of the output.
    Query {
        /// The flag.
        flag: &'static str,
        /// The arguments: each such flag and its value. Empty in a script.
        arguments: Vec<&'a Spanned<String>>,
    },
    /// A variable chooses another format.
    Variable {
        /// Its name.
        name: &'static str,
        /// Its value, which no report may show.
        value: &'a Spanned<String>,
    },
}

/// Returns the settings of an exec config that make its plugin print something other than an
/// ExecCredential.
pub(crate) fn wrong_outputs(exec: &ExecConfig) -> Vec<WrongOutput<'_>> {
    let Some((Program::Plugin(plugin), line)) = advice::program_of(exec) else { return Vec::new() };
    let Some(options) = OUTPUT_OPTIONS.iter().find(|options| options.plugin == plugin.name) else {
        return Vec::new();
    };
    if line.has_unknown_wrapper {
        return Vec::new();
    }
    let argument = |word: &Word<'_>| word.arg.and_then(|number| exec.args.get(number));
    let args = exec.arg_words();
    let place = |word: &Word<'_>| {
        // A word of a script is located at the argument that holds the script.
        let script = || exec.args.get(args.iter().position(|arg| arg.contains(word.text))?);
        argument(word).or_else(script).map(|arg| (arg.span, arg.alias))
    };
    let wrong = |(span, alias), what| WrongOutput { span, alias, plugin: plugin.name, what };
    let mut found = Vec::new();

    let format = flags(&line.words, options.format).last();
    if let Some((flag, value, format)) = format {
        let word = value.unwrap_or(flag);
        if let (true, Some(place)) = (options.unreadable.contains(&format), place(word)) {
            let (flag, argument) = (options.format, argument(word));
            found.push(wrong(place, WrongOutputKind::Format { flag, format, argument }));
        }
    }
    // One finding for all of them; the query `@` selects everything.
    let queries: Vec<_> = flags(&line.words, options.query).collect();
    if let (Some((first, ..)), Some((.., last))) = (queries.first(), queries.last())
        && *last != "@"
        && let Some(place) = place(first)
    {
        let words =
            queries.iter().flat_map(|(flag, value, _)| std::iter::once(*flag).chain(*value));
        let arguments: Option<Vec<_>> = words.map(argument).collect();
        let arguments = arguments.unwrap_or_default();
        found.push(wrong(place, WrongOutputKind::Query { flag: options.query, arguments }));
    }
    let mut variables = exec.env.iter().filter(|variable| {
        variable.name.as_ref().is_some_and(|name| name.value == options.variable)
    });
    if let (None, Some(value)) =
        (format, variables.next_back().and_then(|last| last.value.as_deref()))
        && !line.hides(options.variable)
        && options.unreadable.contains(&value.value.as_str())
    {
        let what = WrongOutputKind::Variable { name: options.variable, value };
        found.push(wrong((value.span, value.alias), what));
    }
    found
}

/// A flag among the words, the word that holds its value if that is separate, and the value.
type Flag<'a, 'b> = (&'b Word<'a>, Option<&'b Word<'a>>, &'a str);

/// Returns the flags of that name, in order.
fn flags<'a, 'b>(words: &'b [Word<'a>], name: &'static str) -> impl Iterator<Item = Flag<'a, 'b>> {
    let mut words = words.iter();
    std::iter::from_fn(move || {
        let (word, rest) = words.find_map(|word| Some((word, word.text.strip_prefix(name)?)))?;
        match rest.strip_prefix('=') {
            Some(value) => Some(Some((word, None, value))),
            // Another flag with this prefix.
            None if !rest.is_empty() => Some(None),
            None => Some(words.next().map(|value| (word, Some(value), value.text))),
        }
    })
    .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ExecEnvVar;

    fn spanned(value: &str) -> Spanned<String> {
        Spanned { value: value.to_owned(), span: Span::default(), alias: None }
    }

    /// Returns the problems of a command line and a value of `AWS_DEFAULT_OUTPUT`.
    fn found(line: &[&str], variable: Option<&str>) -> Vec<String> {
        let env = variable.map(|value| ExecEnvVar {
            span: Span::default(),
            alias: None,
            name: Some(Box::new(spanned("AWS_DEFAULT_OUTPUT"))),
            value: Some(Box::new(spanned(value))),
        });
        let exec = ExecConfig {
            command: Some(spanned(line[0])),
            args: line[1..].iter().map(|arg| spanned(arg)).collect(),
            env: env.into_iter().collect(),
            ..ExecConfig::default()
        };
        let kinds = wrong_outputs(&exec).into_iter().map(|wrong| match wrong.what {
            WrongOutputKind::Format { format, argument, .. } => {
                format!("{format} {}", argument.map_or("-", |arg| &arg.value))
            }
            WrongOutputKind::Query { arguments, .. } => format!("query {}", arguments.len()),
            WrongOutputKind::Variable { name, .. } => name.to_owned(),
        });
        kinds.collect()
    }

    #[test]
    fn wrong_outputs_finds_flags_queries_and_variables() {
        let aws = ["aws", "eks", "get-token"];
        let with = |more: &[&'static str]| [&aws, more].concat();
        let none: [&str; 0] = [];
        assert_eq!(found(&aws, None), none);
        assert_eq!(found(&with(&["--output", "text"]), None), ["text text"]);
        assert_eq!(found(&with(&["--output=table"]), None), ["table --output=table"]);
        assert_eq!(found(&["aws", "--output", "yaml-stream", "eks", "get-token"], None).len(), 1);
        assert_eq!(found(&["sh", "-c", "aws eks get-token --output text"], None), ["text -"]);
        assert_eq!(found(&with(&["--query", "status.token"]), None), ["query 2"]);
        assert_eq!(found(&with(&["--query=status"]), None), ["query 1"]);
        assert_eq!(found(&with(&["--query", "--query", "--query=x"]), None), ["query 3"]);
        assert_eq!(found(&aws, Some("text")), ["AWS_DEFAULT_OUTPUT"]);
        let both = with(&["--output", "text", "--query", "x"]);
        assert_eq!(found(&both, Some("text")), ["text text", "query 2"]);
    }

    #[test]
    fn wrong_outputs_ignores_readable_and_unknown_formats() {
        let none: [&str; 0] = [];
        for more in [
            &["--output", "json"][..],
            &["--output", "yaml"],
            &["--output=json"],
            &["--output", "text", "--output", "json"],
            &["--output", "${FORMAT}"],
            &["--output", "<format>"],
            &["--output"],
            &["--query", "@"],
            &["--query", "x", "--query=@"],
            &["--query"],
            &["--outputs", "text"],
            &["--output", "jsn"],
            &["--output", "c"],
        ] {
            let line = [&["aws", "eks", "get-token"], more].concat();
            assert_eq!(found(&line, None), none, "{more:?}");
        }
        let json = ["aws", "eks", "get-token", "--output", "json"];
        assert_eq!(found(&json, Some("text")), none);
        assert_eq!(found(&json[..3], Some("json")), none);
        assert_eq!(found(&json[..3], Some("${FORMAT}")), none);
        assert_eq!(found(&["oci", "ce", "cluster", "generate-token", "--output", "x"], None), none);
        // An option of the wrapper itself.
        let line = ["timeout", "--output", "text", "--", "aws", "eks", "get-token"];
        assert_eq!(found(&line, None), none);
        let line = ["sh", "-c", "aws eks get-token # --output text"];
        assert_eq!(found(&line, None), none);
    }

    #[test]
    fn wrong_outputs_ignores_unknown_wrappers() {
        let output = |wrapper: &str| {
            let line = format!("{wrapper} aws eks get-token --output text --query x");
            found(&line.split(' ').collect::<Vec<_>>(), Some("text")).len()
        };
        for wrapper in ["mine --", "aws-vault exec p -- mine --", "sh -c mine --", "mine -- env"] {
            assert_eq!(output(wrapper), 0, "{wrapper}");
        }
        for wrapper in ["aws-vault exec p --", "env A=b", "timeout 5", "kubectl exec pod --"] {
            assert_eq!(output(wrapper), 2, "{wrapper}");
        }
    }

    #[test]
    fn wrong_outputs_knows_which_wrappers_hide_variables() {
        let count = |wrapper: &str| {
            let line = format!("{wrapper} aws eks get-token");
            found(&line.split(' ').collect::<Vec<_>>(), Some("text")).len()
        };
        for wrapper in [
            "env AWS_DEFAULT_OUTPUT=json",
            "env -u AWS_DEFAULT_OUTPUT",
            "env -uAWS_DEFAULT_OUTPUT",
            "env --unset=AWS_DEFAULT_OUTPUT",
            "env -i",
            "docker run tools",
            "docker run -e AWS_DEFAULT_OUTPUT=json tools",
            "sudo",
            "sudo -E AWS_DEFAULT_OUTPUT=json",
            "wsl",
        ] {
            assert_eq!(count(wrapper), 0, "{wrapper}");
        }
        for wrapper in [
            "env A=b",
            "env -u KUBERNETES_EXEC_INFO",
            "docker run -e AWS_DEFAULT_OUTPUT tools",
            "sudo -E",
            "timeout 5",
        ] {
            assert_eq!(count(wrapper), 1, "{wrapper}");
        }
        let script = ["sh", "-c", "AWS_DEFAULT_OUTPUT=json aws eks get-token"];
        assert!(found(&script, Some("text")).is_empty());
        let script = ["sh", "-c", "AWS_PROFILE=p aws eks get-token"];
        assert_eq!(found(&script, Some("text")).len(), 1);
    }
}
