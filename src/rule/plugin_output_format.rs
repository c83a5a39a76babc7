use crate::advice::output_format::{WrongOutput, WrongOutputKind, wrong_outputs};
use crate::finding::Finding;
use crate::finding::fix::Remedy;
use crate::kubectl::{transport, verdict};
use crate::kubernetes::plugins::OtherOutput;
use crate::kubernetes::target::Target;
use crate::model::Subject;
use crate::text::message::message;

declare_rule! {
    /// Finds arguments and variables that make `aws eks get-token` print something that kubectl
    /// cannot decode.
    ///
    /// ## Why
    ///
    /// Since aws-cli 2.10.4 and 1.27.80 (March 2023), the command obeys `--output`, `--query` and
    /// the variable `AWS_DEFAULT_OUTPUT`. kubectl reads JSON and YAML. For a table, tab-separated
    /// text or a bare token it says:
    ///
    /// ```text
    /// Unable to connect to the server: getting credentials: decoding stdout: couldn't get
    /// version/kind; json parse error: json: cannot unmarshal string into Go value of type struct {
    /// APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }
    /// ```
    ///
    /// Write `--output json`, as `aws eks update-kubeconfig` does. It overrides the variable and
    /// the `output` setting of aws-cli. A missing `--output` alone is not reported.
    ///
    /// The rule looks through wrappers, even nested ones: `env`, `sh -c`, `cmd /c`,
    /// `powershell -Command`, `python -m awscli`, `sudo`, `timeout`, `docker run IMAGE`,
    /// `kubectl exec POD --`, `aws-vault exec PROFILE --` and others. It follows a shell script
    /// only if the script is one plain command without quotes or pipes. It reports the variable
    /// only if the wrapper passes it on, as `docker run -e AWS_DEFAULT_OUTPUT` and `sudo -E` do. It
    /// ignores commands that any other program runs, because that program may convert the output.
    ///
    /// ## Bad
    ///
    /// ```yaml
    /// users:
    /// - name: u
    ///   user:
    ///     exec:
    ///       apiVersion: client.authentication.k8s.io/v1beta1
    ///       command: aws
    ///       args: [eks, get-token, --cluster-name, c, --output, table]
    /// ```
    ///
    /// ## Good
    ///
    /// ```yaml
    /// users:
    /// - name: u
    ///   user:
    ///     exec:
    ///       apiVersion: client.authentication.k8s.io/v1beta1
    ///       command: aws
    ///       args: [eks, get-token, --cluster-name, c, --output, json]
    /// ```
    ///
    /// ## Fix
    ///
    /// `--fix` sets the format to `json`, or removes `--query` and its value. The fix is safe in
    /// configuration, and needs `--unsafe-fixes` in documentation, scripts and source code.
    "plugin-output-format": Error,
    summary: "an option that makes a plugin print what kubectl cannot decode",
    since: "0.1.0",
    needs: Excerpt,
    is_fixable: true,
    step: Credential,
    foretells: OtherOutput,
}

fn check(subject: &Subject, target: &Target) -> Vec<Finding> {
    let exec = subject.exec_config().filter(|_| transport::asks_plugin(subject, target));
    let wrong = exec.map(wrong_outputs).unwrap_or_default();
    let found = wrong.iter().map(|wrong| {
        let messages = verdict::messages_about_other_output(subject, target, output(&wrong.what));
        finding(wrong, target).kubectl_messages(Some(messages))
    });
    found.collect()
}

/// Returns what aws-cli prints; `None` if that depends on the query.
fn output(wrong: &WrongOutputKind<'_>) -> Option<OtherOutput> {
    let format = match wrong {
        WrongOutputKind::Format { format, .. } => *format,
        WrongOutputKind::Variable { value, .. } => value.value.as_str(),
        // The token is printed as a JSON string.
        WrongOutputKind::Query { arguments, .. } => {
            let query = arguments.last()?.value.as_str();
            let is_of_token = query.ends_with("status.token");
            return is_of_token.then_some(OtherOutput::Text);
        }
    };
    match format {
        "text" | "table" => Some(OtherOutput::Text),
        "off" => Some(OtherOutput::Untyped),
        _ => None,
    }
}

fn finding(wrong: &WrongOutput<'_>, target: &Target) -> Finding {
    let program = target.program();
    let plugin = wrong.plugin;
    let (cause, help) = match &wrong.what {
        WrongOutputKind::Format { flag, format, .. } => {
            (message!("`{} {}`", *flag, (*format).to_owned()), message!("write `{} json`", *flag))
        }
        WrongOutputKind::Query { flag, .. } => {
            (message!("`{}`", *flag), message!("remove `{}` and its value", *flag))
        }
        WrongOutputKind::Variable { name, .. } => (
            message!("`{}`", *name),
            message!("set `{}` to `json`, or add `--output json` to `args`", *name),
        ),
    };
    let message =
        message!("{} makes {} print output that {} cannot decode", cause, plugin, program);
    Finding::new(&RULE, wrong.span, message)
        .label(message!("{} expects JSON", program))
        .with_alias(wrong.alias)
        .help(help)
        .remedy(Some(Remedy::Json))
}
