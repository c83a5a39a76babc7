use crate::advice::output_format::{WrongOutput, WrongOutputKind, wrong_outputs};
use crate::finding::Finding;
use crate::finding::fix::Remedy;
use crate::kubernetes::version::Target;
use crate::model::Subject;
use crate::text::message::message;

declare_rule! {
    /// Finds exec configs that tell `aws eks get-token` to print something else than an
    /// ExecCredential in JSON.
    ///
    /// Since March 2023 (aws-cli 2.10.4 and 1.27.80) the command obeys `--output`, `--query` and
    /// the variable `AWS_DEFAULT_OUTPUT`. kubectl decodes JSON, and YAML as well; of a table, of
    /// tab-separated text and of a token alone it says:
    ///
    /// ```text
    /// Unable to connect to the server: getting credentials: decoding stdout: couldn't get version/kind; json parse error: json: cannot unmarshal string into Go value of type struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }
    /// ```
    ///
    /// Write `--output json`, as `aws eks update-kubeconfig` does: it takes precedence over the
    /// variable and over `output` in the configuration of aws. Without it the format is what they
    /// say, so an entry without `--output` is no finding.
    ///
    /// The command is also found behind wrappers: `env`, `sh -c`, `cmd /c`, `powershell -Command`,
    /// `python -m awscli`, `sudo`, `timeout`, `docker run IMAGE`, `kubectl exec POD --`,
    /// `aws-vault exec PROFILE --` and the like, one around another. The script of a shell is
    /// followed if it is one plain command, without quotes or pipes. The variable counts only where
    /// the wrapper passes it on, as `docker run -e AWS_DEFAULT_OUTPUT` and `sudo -E` do. What any
    /// other program runs is not reported: it may convert the output.
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
    "plugin-output-format": Error,
    summary: "a plugin option whose output kubectl cannot decode",
    since: "0.1.0",
    needs: Excerpt,
}

fn check(subject: &Subject, _: &Target) -> Vec<Finding> {
    let wrong = subject.exec_config().map(wrong_outputs).unwrap_or_default();
    wrong.iter().map(|wrong| finding(wrong)).collect()
}

fn finding(wrong: &WrongOutput<'_>) -> Finding {
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
            message!("write `json` as the value of `{}`, or add `--output json` to `args`", *name),
        ),
    };
    let message = message!("{} makes {} print output that kubectl cannot decode", cause, plugin);
    Finding::new(&RULE, wrong.span, message)
        .label("kubectl expects JSON")
        .with_alias(wrong.alias)
        .help(help)
        .remedy(Some(Remedy::Json))
}
