//! Exec credential plugins, and the API versions that they return.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::api_versions::ApiVersion;

mod history;
mod not_plugins;
mod observed;
mod runners;
mod table;
mod wrappers;

pub use super::release::{Release, Releases};
pub use history::{Declared, Phase, PluginInUse, PluginReleases, changed};
pub use not_plugins::{NOT_PLUGINS, NotAPlugin, OtherOutput};
pub use observed::Observed;
pub use table::PLUGINS;
pub(crate) use wrappers::is_shell;

/// A known plugin.
#[derive(Debug)]
pub struct Plugin {
    /// Its common name, such as `aws`.
    pub name: &'static str,
    /// The command lines that run it; any one of these.
    pub invocations: &'static [Invocation],
    /// What its releases are called, if it is not its name.
    pub package: Option<&'static str>,
    /// What it prints, by release. Each major version begins with a phase of its own if the plugin
    /// changed in a later release of the one before.
    pub history: &'static [Phase],
    /// The version that a kubeconfig should name for it; `None` if the plugin must be replaced.
    pub target: Option<&'static ApiVersion>,
    /// What to run instead, in Markdown, if no release of the plugin helps.
    pub instead: Option<&'static str>,
    /// The first releases that return a version, in words, where the history does not say it.
    pub least: &'static [(&'static ApiVersion, &'static str)],
    /// The command that prints the release of the plugin.
    pub release: Option<&'static str>,
    /// What regenerates the kubeconfig entry.
    pub regenerate: Option<Regenerate>,
    /// Where these facts were read.
    pub source: &'static str,
}

/// Plugins are the rows of a table, and no two have the same name.
impl PartialEq for Plugin {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Plugin {}

/// What regenerates a kubeconfig entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Regenerate {
    /// `aws eks update-kubeconfig`.
    Eks,
    /// `gcloud container clusters get-credentials`.
    Gke,
    /// `kubelogin convert-kubeconfig`.
    Azure,
    /// This command; the user fills in the words in capitals.
    Command(&'static str),
}

/// A command, and words that occur among its arguments in this order.
#[derive(Debug, PartialEq, Eq)]
pub struct Invocation {
    /// The name of the program, without its path and extension.
    pub command: &'static str,
    /// The words; a flag (`--server-id`) also matches with a value attached (`--server-id=x`).
    pub args: &'static [&'static str],
}

/// How a plugin chooses the version it prints.
#[derive(Debug, PartialEq, Eq)]
pub enum Answers {
    /// The version that kubectl requests in KUBERNETES_EXEC_INFO, if it is one of these.
    Echo(&'static [&'static ApiVersion]),
    /// Always this version.
    Fixed(&'static ApiVersion),
    /// The version that an argument names.
    Flag {
        /// The argument, such as `--api-version`.
        flag: &'static str,
        /// The versions that it accepts.
        versions: &'static [&'static ApiVersion],
    },
    /// One of these, depending on the release, the environment or the settings; a kubeconfig does
    /// not say which.
    Depends(&'static [&'static ApiVersion]),
    /// At least these, as seen in kubeconfigs; the program is closed source.
    Seen(&'static [&'static ApiVersion]),
}

impl Plugin {
    /// Returns the first releases that return a version, in words such as `aws-cli 1.23.9 or
    /// 2.6.3`; `None` if all do, or if it is not known.
    pub fn since(&self, version: &ApiVersion) -> Option<String> {
        if let Some((_, words)) = self.least.iter().find(|(known, _)| *known == version) {
            return Some((*words).to_owned());
        }
        let releases = self.first_releases(version).into_iter().map(|first| first.to_string());
        let releases: Vec<_> = releases.collect();
        (!releases.is_empty()).then(|| format!("{} {}", self.package(), releases.join(" or ")))
    }

    /// Returns the releases that return a version, in words such as `aws-cli 1.23.9 or 2.6.3, or
    /// newer`; `None` if all do, or if that is not known.
    pub fn since_or_newer(&self, version: &ApiVersion) -> Option<String> {
        let since = self.since(version)?;
        let comma = if since.contains(" or ") { "," } else { "" };
        Some(format!("{since}{comma} or newer"))
    }
}

impl Answers {
    /// Returns the versions that the plugin is known to print.
    pub fn versions(&self) -> &[&'static ApiVersion] {
        match self {
            Self::Echo(versions)
            | Self::Flag { versions, .. }
            | Self::Depends(versions)
            | Self::Seen(versions) => versions,
            Self::Fixed(version) => std::slice::from_ref(version),
        }
    }

    /// Returns whether the plugin may print this version.
    pub fn allow(&self, version: &ApiVersion) -> bool {
        matches!(self, Self::Seen(_)) || self.versions().contains(&version)
    }
}

impl Invocation {
    /// Returns whether the words occur among the arguments, in order.
    fn has_words_in(&self, args: &[Word<'_>]) -> bool {
        let mut rest = args.iter();
        self.args.iter().all(|word| rest.any(|arg| is_word(arg.text, word)))
    }
}

/// Returns whether an argument is the word, or the flag of that name with its value.
fn is_word(arg: &str, word: &str) -> bool {
    match arg.strip_prefix(word) {
        Some("") => true,
        Some(rest) => word.starts_with('-') && rest.starts_with('='),
        None => false,
    }
}

/// A word of a command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word<'a> {
    /// The text of the word.
    pub text: &'a str,
    /// The 0-based number of the argument; `None` for the command itself and for a word of a
    /// script.
    pub arg: Option<usize>,
}

/// The command line that finally runs, inside all wrappers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandLine<'a> {
    /// The command and its arguments.
    pub words: Vec<Word<'a>>,
    /// The variables of [`VARIABLES`] that a wrapper sets, clears or does not pass on.
    hidden: Vec<&'static str>,
    /// Whether an unknown program runs the command, and may print something else.
    pub has_unknown_wrapper: bool,
}

/// The variable that tells a plugin which version kubectl requests.
pub const EXEC_INFO: &str = "KUBERNETES_EXEC_INFO";

/// The variable that selects the output format of `aws`.
pub const AWS_OUTPUT: &str = "AWS_DEFAULT_OUTPUT";

/// The variables that are tracked through wrappers.
const VARIABLES: [&str; 2] = [EXEC_INFO, AWS_OUTPUT];

impl<'a> CommandLine<'a> {
    fn new(command: &'a str, args: &[&'a str]) -> Self {
        let command = Word { text: command, arg: None };
        let args = args.iter().enumerate().map(|(i, text)| Word { text, arg: Some(i) });
        let words = std::iter::once(command).chain(args).collect();
        Self { words, hidden: Vec::new(), has_unknown_wrapper: false }
    }

    /// Returns whether the command may not see the value that [`EXEC_INFO`] or [`AWS_OUTPUT`] has
    /// outside the wrappers.
    pub fn hides(&self, variable: &str) -> bool {
        self.hidden.contains(&variable)
    }
}

/// A known program.
#[derive(Debug, Clone, Copy)]
pub enum Program {
    /// A plugin.
    Plugin(&'static Plugin),
    /// A command that looks like a plugin but is not one.
    NotAPlugin(&'static NotAPlugin),
}

impl Program {
    /// Returns the plugin, if it is one.
    pub fn plugin(self) -> Option<&'static Plugin> {
        match self {
            Self::Plugin(plugin) => Some(plugin),
            Self::NotAPlugin(_) => None,
        }
    }
}

/// Limit on nested wrappers.
const MAX_WRAPPERS: usize = 8;

/// Returns the known program that a command line runs, directly or through wrappers such as `env`
/// or `sh -c`, and the command line of that program itself.
pub fn find<'a>(command: &'a str, args: &[&'a str]) -> Option<(Program, CommandLine<'a>)> {
    let mut line = CommandLine::new(command, args);
    for _ in 0..MAX_WRAPPERS {
        if let Some(program) = program(&line.words) {
            return Some((program, line));
        }
        line = wrappers::unwrap(&line)?;
    }
    program(&line.words).map(|program| (program, line))
}

/// Returns the same as [`find`], or a plugin that was asked.
pub(crate) fn find_observed<'a>(
    command: &'a str,
    args: &[&'a str],
    observed: &[Observed],
) -> Option<(Program, CommandLine<'a>)> {
    find(command, args).or_else(|| {
        let plugin = observed.iter().find_map(|observed| observed.plugin(command, args))?;
        Some((Program::Plugin(plugin), CommandLine::new(command, args)))
    })
}

/// The known programs and their invocations, by command name. No name contains capitals.
static BY_COMMAND: LazyLock<HashMap<&str, Vec<(Program, &Invocation)>>> = LazyLock::new(|| {
    let plugins = PLUGINS.iter().flat_map(|plugin| {
        plugin.invocations.iter().map(move |run| (Program::Plugin(plugin), run))
    });
    let others = NOT_PLUGINS.iter().map(|other| (Program::NotAPlugin(other), &other.invocation));
    let mut by_command: HashMap<&str, Vec<_>> = HashMap::new();
    for (program, run) in plugins.chain(others) {
        by_command.entry(run.command).or_default().push((program, run));
    }
    by_command
});

/// Returns the known program that a command line invokes. The most specific invocation wins.
fn program(line: &[Word<'_>]) -> Option<Program> {
    let (command, args) = line.split_first()?;
    let base = base(command.text);
    let stem = windows_stem(base).map(str::to_ascii_lowercase);
    let runs = BY_COMMAND.get(stem.as_deref().unwrap_or(base))?.iter();
    let matching = runs.filter(|(_, run)| run.has_words_in(args));
    matching.max_by_key(|(_, run)| run.args.len()).map(|(program, _)| *program)
}

/// Returns a command without its path.
pub(crate) fn base(command: &str) -> &str {
    let slash = memchr::memrchr2(b'/', b'\\', command.as_bytes());
    slash.and_then(|at| command.get(at + 1..)).unwrap_or(command)
}

/// Returns whether a command, with or without a path, is the program `name`. On Windows, `aws.exe`,
/// `AWS.EXE` and `aws.cmd` are `aws` too.
pub(crate) fn is_program(command: &str, name: &str) -> bool {
    let base = base(command);
    base == name || windows_stem(base).is_some_and(|stem| stem.eq_ignore_ascii_case(name))
}

/// Returns the name of a Windows program without its extension.
fn windows_stem(base: &str) -> Option<&str> {
    let (stem, extension) = base.rsplit_once('.')?;
    let extensions = ["exe", "cmd", "bat"];
    extensions.iter().any(|known| extension.eq_ignore_ascii_case(known)).then_some(stem)
}

/// Returns whether a word is the name of kubectl or of the program of a known plugin.
pub fn names_program(word: &str) -> bool {
    let is_plugin = |(program, _): &(Program, _)| matches!(program, Program::Plugin(_));
    word == "kubectl" || BY_COMMAND.get(word).is_some_and(|runs| runs.iter().any(is_plugin))
}

/// Returns whether a word is a subcommand or flag by which a known program is recognized.
pub(crate) fn is_of_invocation(word: &str) -> bool {
    static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
        let runs = BY_COMMAND.values().flatten();
        runs.flat_map(|(_, run)| run.args.iter().copied()).collect()
    });
    WORDS.contains(word)
}

#[cfg(test)]
mod tests {
    use super::super::api_versions::{V1, V1BETA1};
    use super::*;

    #[test]
    fn plugin_commands_are_lower_case_base_names() {
        for command in BY_COMMAND.keys() {
            assert_eq!(windows_stem(command), None, "{command}");
            assert_eq!(command.to_ascii_lowercase(), *command);
            assert_eq!(base(command), *command);
        }
    }

    /// A command line as found in kubeconfigs, for each invocation in the table.
    const LINES: &[(&str, &str)] = &[
        ("aws", "aws --region eu-west-1 eks get-token --cluster-name c --output json"),
        ("aws-iam-authenticator", "aws-iam-authenticator token -i c"),
        // In source code, an argument may be a variable.
        ("aws-iam-authenticator", "aws-iam-authenticator"),
        ("heptio-authenticator-aws", "heptio-authenticator-aws token -i c"),
        ("kubergrunt", "kubergrunt eks token --cluster-id c"),
        ("gke-gcloud-auth-plugin", "gke-gcloud-auth-plugin"),
        ("gke-exec-auth-plugin", "/home/kubernetes/bin/gke-exec-auth-plugin --cache-dir /d"),
        ("gke-auth-plugin", "gke-auth-plugin"),
        ("Azure kubelogin", "kubelogin get-token --environment AzurePublicCloud"),
        ("Azure kubelogin", "kubelogin get-token --login azurecli --server-id 6dae42f8"),
        ("Azure kubelogin", "kubelogin get-token -l msi --server-id=6dae42f8"),
        ("Azure kubelogin", "kubelogin.exe get-token --server-id 6dae42f8 --tenant-id t"),
        ("Azure kubelogin", "kubelogin get-token -l workloadidentity"),
        ("kubelogin (oidc-login)", "kubelogin get-token --oidc-issuer-url=https://i.example"),
        ("kubelogin (oidc-login)", "kubelogin get-token --oidc-issuer-url https://i.example"),
        ("kubelogin (oidc-login)", "kubectl oidc-login get-token --oidc-issuer-url=https://i"),
        ("kubelogin (oidc-login)", "kubectl-oidc_login get-token --oidc-client-id=c"),
        ("kubelogin", "kubelogin get-token"),
        (
            "doctl",
            "doctl kubernetes cluster kubeconfig exec-credential --version=v1beta1 --context=d i",
        ),
        ("doctl", "doctl k8s cluster kubeconfig exec-credential --version=v1beta1 i"),
        ("argocd-k8s-auth", "argocd-k8s-auth aws --cluster-name c"),
        ("argocd-k8s-auth", "argocd-k8s-auth gcp"),
        ("oci", "oci ce cluster generate-token --cluster-id ocid1 --region r"),
        ("exo", "exo compute sks kubeconfig c admin --exec-credential"),
        ("exo", "exo sks kubeconfig c -x admin"),
        ("scw", "scw k8s exec-credential"),
        ("oc", "oc get-token --issuer-url https://i.example"),
        ("stackit", "stackit ske kubeconfig login"),
        ("pomerium-cli", "pomerium-cli k8s exec-credential https://k.example"),
        ("tanzu context", "tanzu context get-token c"),
        ("pinniped", "pinniped login oidc --issuer https://i.example"),
        ("pinniped", "pinniped login static --token-env T"),
        ("pinniped", "tanzu pinniped-auth login --issuer=https://i.example"),
        ("tsh", "/usr/local/bin/tsh kube credentials --kube-cluster=c --teleport-cluster=t"),
        ("tbot", "tbot kube credentials --destination-dir=/d"),
        ("vcluster", "vcluster platform token --silent --config /c"),
        ("vcluster", "vcluster platform access-key"),
        ("loft", "loft token --silent --config /c"),
        ("rancher", "rancher token --server=s.example --user=u"),
        ("gardenlogin", "kubectl gardenlogin get-client-certificate"),
        ("gardenlogin", "kubectl-gardenlogin get-client-certificate"),
        ("client-keystone-auth", "client-keystone-auth"),
        ("infra", "infra tokens add"),
        (
            "ack-ram-tool",
            "ack-ram-tool credential-plugin get-credential --cluster-id c --api-version v1beta1",
        ),
        (
            "ack-ram-tool",
            "ack-ram-tool credential-plugin get-token --cluster-id c --api-version v1",
        ),
        ("ncp-iam-authenticator", "ncp-iam-authenticator token --clusterUuid u --region KR"),
        ("kubectl-gs", "kubectl-gs credential-plugin"),
        ("kubectl-gs", "kubectl gs credential-plugin"),
        ("k8s-ldap-auth", "k8s-ldap-auth auth --endpoint=https://e.example"),
        ("datumctl", "datumctl auth get-token --output=client.authentication.k8s.io/v1"),
        ("glab", "glab cluster agent get-token --agent 1"),
        ("up", "up organization token"),
        ("encore", "encore kubernetes exec-credentials --env=e"),
        ("encore", "encore k8s exec-credentials"),
        ("yc", "yc k8s create-token --profile=default"),
        ("yc", "/usr/bin/yc managed-kubernetes create-token --format json"),
        ("nebius", "nebius mk8s v1 cluster get-token --format json"),
        ("nebius", "nebius mk8s cluster get-token --format json --profile p"),
        ("kic-iam-auth", "kic-iam-auth"),
        ("okteto", "okteto kubetoken --context https://o.example --namespace n"),
        (
            "gscloud",
            "gscloud --config /c --account a kubernetes cluster exec-credential --cluster i",
        ),
        ("kubectl-passman", "kubectl-passman keychain item"),
        ("kubectl-passman", "kubectl passman 1password item"),
        ("kubectl azad-proxy", "kubectl azad-proxy login"),
        ("kubectl azad-proxy", "kubectl-azad_proxy login"),
        ("akeyless", "akeyless get-kube-exec-creds --cert-issuer-name c"),
        ("kubectl vault-login", "kubectl vault-login --role=r"),
        ("kubectl vault-login", "kubectl-vault_login --role=r"),
        ("kubectl vault-login", "kubectl-vault-login --role=r"),
    ];

    fn words(line: &str) -> Vec<Word<'_>> {
        line.split(' ').map(|text| Word { text, arg: None }).collect()
    }

    fn is_run(run: &Invocation, line: &[Word<'_>]) -> bool {
        is_program(line[0].text, run.command) && run.has_words_in(&line[1..])
    }

    pub(super) fn plugin(command: &str, args: &[&str]) -> Option<&'static Plugin> {
        find(command, args)?.0.plugin()
    }

    fn of_line(line: &str) -> Option<&'static str> {
        let words: Vec<&str> = line.split(' ').collect();
        plugin(words[0], &words[1..]).map(|plugin| plugin.name)
    }

    #[test]
    fn find_knows_every_plugin() {
        for (name, line) in LINES {
            assert_eq!(of_line(line), Some(*name), "{line}");
        }
    }

    #[test]
    fn plugin_test_lines_cover_every_invocation() {
        for plugin in PLUGINS {
            for run in plugin.invocations {
                let tried = LINES
                    .iter()
                    .any(|(name, line)| *name == plugin.name && is_run(run, &words(line)));
                assert!(tried, "{}: {run:?}", plugin.name);
            }
        }
    }

    #[test]
    fn plugin_table_claims_each_command_line_once() {
        let all = || PLUGINS.iter().flat_map(|p| p.invocations.iter().map(move |run| (p, run)));
        for (plugin, run) in all() {
            let claims = all().filter(|(_, other)| *other == run).count();
            assert_eq!(claims, 1, "{}: {run:?}", plugin.name);
        }
        for (_, line) in LINES {
            let line_words = words(line);
            let matching = || all().filter(|(_, run)| is_run(run, &line_words));
            let most = matching().map(|(_, run)| run.args.len()).max();
            let mut best = matching().filter(|(_, run)| Some(run.args.len()) == most);
            let name = best.next().map(|(plugin, _)| plugin.name);
            assert!(best.all(|(plugin, _)| Some(plugin.name) == name), "{line}");
        }
    }

    #[test]
    fn plugin_target_is_among_its_answers() {
        for plugin in PLUGINS {
            let answered = plugin
                .target
                .is_none_or(|version| plugin.newest_answers().versions().contains(&version));
            assert!(answered, "{}", plugin.name);
            assert!(!plugin.source.is_empty(), "{}", plugin.name);
        }
    }

    #[test]
    fn plugin_target_is_right_for_known_command_lines() {
        let target = |line: &str| {
            let words: Vec<&str> = line.split(' ').collect();
            plugin(words[0], &words[1..]).and_then(|plugin| plugin.target)
        };
        assert_eq!(target("heptio-authenticator-aws token -i c"), None);
        assert_eq!(target("aws eks get-token"), Some(&V1BETA1));
        assert_eq!(target("gke-gcloud-auth-plugin"), Some(&V1BETA1));
        assert_eq!(target("scw k8s exec-credential"), Some(&V1));
        // The advice is the same for both.
        for line in [
            "kubelogin",
            "kubelogin get-token --login x",
            "kubelogin get-token --oidc-issuer-url=x",
        ] {
            assert_eq!(target(line), Some(&V1BETA1), "{line}");
        }
    }

    #[test]
    fn find_ignores_other_programs() {
        for line in [
            "aws",
            "aws eks update-kubeconfig --name get-token-x",
            "aws get-token eks",
            "kubectl get pods",
            "kubelogin2",
            "my-aws eks get-token",
            "doctl kubernetes cluster kubeconfig show c",
            "",
        ] {
            assert_eq!(of_line(line), None, "{line}");
        }
    }

    #[test]
    fn find_ignores_folders_and_windows_extensions() {
        for command in [
            "/usr/local/bin/aws",
            "./aws",
            r"C:\Program Files\Amazon\AWSCLIV2\aws.exe",
            "AWSCLIV2/aws.EXE",
            "AWS.EXE",
            "aws.cmd",
            r"scripts\Aws.Bat",
        ] {
            let name = plugin(command, &["eks", "get-token"]).map(|plugin| plugin.name);
            assert_eq!(name, Some("aws"), "{command}");
        }
        for command in ["AWS", "aws.sh", "aws.exe.txt", "awsexe", ".exe", "é.exe", ""] {
            assert!(plugin(command, &["eks", "get-token"]).is_none(), "{command}");
        }
    }
}
