use crate::advice;
use crate::finding::Finding;
use crate::kubectl::{plugin_output, transport};
use crate::kubernetes::api_versions;
use crate::kubernetes::plugins::Answers;
use crate::kubernetes::target::Target;
use crate::model::Subject;
use crate::model::kubectl_message::KubectlMessage;
use crate::text::message::message;

use super::plugin_api_version::names;

declare_rule! {
    /// Finds exec API versions that a plugin does not return in the release that the same repository
    /// installs.
    ///
    /// ## Why
    ///
    /// Old releases of some plugins return only `v1alpha1`: aws-cli before 1.23.9 and 2.6.3 and
    /// aws-iam-authenticator before 0.5.4. If a Dockerfile installs such a release and a kubeconfig
    /// names `v1beta1`, every call of kubectl fails:
    ///
    /// ```text
    /// exec plugin is configured to use API version client.authentication.k8s.io/v1beta1, plugin returned version client.authentication.k8s.io/v1alpha1
    /// ```
    ///
    /// Neither file is wrong alone. Upgrade the plugin where it is installed.
    ///
    /// Releases are read from requirements and constraints of pip, `Pipfile`, `pyproject.toml` and
    /// their lock files, `.tool-versions`, `mise.toml`, Dockerfiles, shell scripts, Makefiles,
    /// GitHub workflows and the configuration of GitLab CI, CircleCI, Azure Pipelines, Jenkins
    /// and others. Where they disagree, or where one of them does not say which release it
    /// installs, this rule reports nothing. Only files that the run searches count.
    ///
    /// `--plugin-version`, or `plugins` in the configuration, replaces what the files install.
    ///
    /// ## Bad
    ///
    /// With `awscli==1.18.147` in `requirements.txt`:
    ///
    /// ```yaml
    /// users:
    /// - name: eks
    ///   user:
    ///     exec:
    ///       apiVersion: client.authentication.k8s.io/v1beta1
    ///       command: aws
    ///       args: [eks, get-token, --cluster-name, c, --output, json]
    /// ```
    ///
    /// ## Good
    ///
    /// With `awscli==1.46.0` in `requirements.txt`:
    ///
    /// ```yaml
    /// users:
    /// - name: eks
    ///   user:
    ///     exec:
    ///       apiVersion: client.authentication.k8s.io/v1beta1
    ///       command: aws
    ///       args: [eks, get-token, --cluster-name, c, --output, json]
    /// ```
    "plugin-version-conflict": Warning,
    summary: "an exec API version that the installed release of the plugin does not return",
    since: "0.1.0",
    needs: Excerpt,
    needs_run: true,
}

fn check(subject: &Subject, target: &Target) -> Option<Finding> {
    let exec = subject.exec_config()?;
    if target.installed.is_empty() || !transport::asks_plugin(subject, target) {
        return None;
    }
    let value = exec.api_version.as_ref()?;
    let version = api_versions::lookup(&value.value)?;
    let plugin = advice::plugin_of(exec)?;
    let installed = target.installed_conflict(plugin, version)?;
    let plugin = installed.release.in_use();
    let message = message!(
        "{} installs {}, which returns only {}, not `{}`",
        installed.place.to_string(),
        plugin.in_words(),
        names(&plugin),
        version.version
    );
    let mut finding = Finding::new(&RULE, value.span, message)
        .label(message!("the plugin returns {}", names(&plugin)))
        .with_alias(value.alias);
    if let Some(command) = &exec.command {
        finding = finding.related(command.span, "this is the plugin");
    }
    if let (Answers::Fixed(answered), Subject::AuthInfo(_)) = (plugin.answers, subject) {
        let by = target.reader(target.last);
        let message = plugin_output::of_other_version(version, answered, by);
        finding = finding
            .kubectl_message(message.map(|message| KubectlMessage { by, message: message.into() }));
    }
    let upgrade = plugin.since(version);
    Some(match upgrade {
        Some(least) => finding.help(message!("install at least {}", least)),
        None => finding.help("install a newer release"),
    })
}
