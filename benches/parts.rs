//! Times the parts of the library in this process: the YAML parser, carriers, verdicts, fixes and
//! report formats. `cargo bench` runs all, `cargo bench -- carriers` those with a word in their name.
//!
//! `benches/against_rg.py` times whole runs beside ripgrep.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use kubeconfig_lint::{
    Applicability, FORMATS, FileReport, Format, Options, Report, Source, Style, Summary, Target,
    fix, internals, lint,
};

fn main() {
    divan::main();
}

#[divan::bench(args = [1, 20, 2000])]
fn yaml(bencher: Bencher, users: usize) {
    let text = kubeconfig(users, "v1beta1");
    bencher.counter(BytesCount::of_str(&text)).bench(|| internals::yaml::parse(black_box(&text)));
}

/// The ways in which a file carries an exec API version.
#[divan::bench(args = carried())]
fn carriers(bencher: Bencher, sample: &Sample) {
    time_lint(bencher, sample);
}

/// What costs most: findings, many kubectls, wrong types, broken text.
#[divan::bench(args = judged())]
fn verdicts(bencher: Bencher, sample: &Sample) {
    time_lint(bencher, sample);
}

#[divan::bench(args = [1, 20, 200])]
fn fixes(bencher: Bencher, users: usize) {
    let sample = Sample::new("", "config", kubeconfig(users, "v1alpha1"));
    let (source, options) = (sample.source(), sample.options());
    let linted = lint(&source, &options);
    bencher
        .counter(BytesCount::of_str(&sample.text))
        .bench_local(|| fix(&source, &linted, &options, Applicability::Unsafe));
}

/// Writes a report of 100 findings.
#[divan::bench(args = FORMATS.iter().map(|format| Named(format)))]
fn reports(bencher: Bencher, format: &Named) {
    let sample = Sample::new("", "config", kubeconfig(100, "v1alpha1"));
    let source = sample.source();
    let linted = lint(&source, &sample.options());
    let path = sample.file.to_owned();
    let report = Report {
        target: Target::default(),
        files: vec![FileReport { path, source, linted, hidden_mentions: 0 }],
        skipped: Vec::new(),
        limits: Vec::new(),
        summary: Summary::default(),
        configuration: None,
        has_baseline: false,
        shows_suppressed: false,
        notes: BTreeMap::new(),
    };
    let style = Style { color: false, links: false, width: 80, wraps: true };
    bencher.bench_local(|| {
        let mut out = Vec::new();
        (format.0.write)(&report, style, &mut out).map(|()| out)
    });
}

/// A format, displayed as its name.
struct Named(&'static Format);

impl Display for Named {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name)
    }
}

/// A text to lint, displayed as its label.
struct Sample {
    label: &'static str,
    /// The name of the file, which decides how it is read.
    file: &'static str,
    text: String,
    target: &'static str,
}

impl Display for Sample {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.label)
    }
}

impl Sample {
    fn new(label: &'static str, file: &'static str, text: String) -> Self {
        Self { label, file, text, target: "1.37" }
    }

    fn source(&self) -> Source {
        Source::new(self.file, self.text.as_bytes().to_vec())
    }

    fn options(&self) -> Options {
        Options { target: self.target.parse().unwrap_or_default(), ..Options::default() }
    }
}

fn time_lint(bencher: Bencher, sample: &Sample) {
    let options = sample.options();
    bencher
        .counter(BytesCount::of_str(&sample.text))
        .with_inputs(|| sample.source())
        .bench_local_refs(|source| lint(source, &options));
}

fn carried() -> Vec<Sample> {
    const NAME: &str = "client.authentication.k8s.io/v1alpha1";
    let json = format!(
        r#"{{"apiVersion":"v1","kind":"Config","users":[{{"name":"u","user":{{"exec":{{"apiVersion":"{NAME}","command":"aws"}}}}}}]}}"#
    );
    let terraform = format!(
        "provider \"kubernetes\" {{\n  host = var.host\n  exec {{\n    api_version = \"{NAME}\"\n    \
         command     = \"aws\"\n    args        = [\"eks\", \"get-token\"]\n  }}\n}}\n"
    );
    let script = format!(
        "kubectl config set-credentials u --exec-command=aws --exec-api-version={NAME} \
         --exec-arg=eks --exec-arg=get-token\n"
    );
    let go = format!(
        "package x\n\nvar exec = api.ExecConfig{{APIVersion: \"{NAME}\", Command: \"aws\"}}\n"
    );
    let page =
        format!("# Title\n\nText about `{NAME}`.\n\n```yaml\n{}```\n", kubeconfig(1, "v1alpha1"));
    vec![
        Sample::new("kubeconfig", "config", kubeconfig(1, "v1alpha1")),
        Sample::new("JSON", "config.json", json),
        Sample::new("Terraform", "main.tf", terraform),
        Sample::new("script", "login.sh", script),
        Sample::new("source code", "main.go", go),
        Sample::new("Markdown", "README.md", page),
    ]
}

fn judged() -> Vec<Sample> {
    let sample = |label, text, target| Sample { target, ..Sample::new(label, "config", text) };
    let broken = kubeconfig(1, "v1alpha1").replace("users:", "users:\n\t");
    let wrong_type = kubeconfig(1, "v1").replace("aws\n", "12\n");
    vec![
        sample("1 user, accepted", kubeconfig(1, "v1beta1"), "1.37"),
        sample("1 user, 18 kubectls", kubeconfig(1, "v1"), "1.20-1.37"),
        sample("1 user, wrong type, 18 kubectls", wrong_type, "1.20-1.37"),
        sample("1 user, broken YAML", broken, "1.37"),
        sample("20 users, accepted", kubeconfig(20, "v1beta1"), "1.37"),
        sample("20 users, 18 kubectls", kubeconfig(20, "v1alpha1"), "1.20-1.37"),
        sample("200 users, refused", kubeconfig(200, "v1alpha1"), "1.37"),
    ]
}

/// Returns a kubeconfig with `count` users of the exec API version.
fn kubeconfig(count: usize, version: &str) -> String {
    let users: String = (0..count)
        .map(|i| {
            format!(
                "- name: user{i}\n  user:\n    exec:\n      apiVersion: \
                 client.authentication.k8s.io/{version}\n      command: aws\n      args: [eks, \
                 get-token, --cluster-name, c{i}]\n      env:\n      - name: AWS_PROFILE\n        \
                 value: p{i}\n"
            )
        })
        .collect();
    format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: x\ncontexts:\n- name: x\n  context: \
         {{cluster: c, user: user0}}\nclusters:\n- name: c\n  cluster: {{server: \
         https://c.example}}\nusers:\n{users}"
    )
}
