//! Measures the library on one kubeconfig, in this process: `cargo bench --bench one_kubeconfig`.
//! Prints the median of many runs for small and large files, and for what costs most: findings, old
//! kubectls, broken text.

#![allow(clippy::print_stdout)]

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use kubeconfig_lint::{Options, Source, lint};

const RUNS: usize = 501;

fn main() {
    let user = |i: usize, version: &str| {
        format!(
            "- name: user{i}\n  user:\n    exec:\n      apiVersion: \
             client.authentication.k8s.io/{version}\n      command: aws\n      args: [eks, \
             get-token, --cluster-name, c{i}]\n      env:\n      - name: AWS_PROFILE\n        \
             value: p{i}\n"
        )
    };
    let users = |count: usize, version: &str| -> String {
        let users: String = (0..count).map(|i| user(i, version)).collect();
        format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: x\ncontexts:\n- name: x\n  \
                 context: {{cluster: c, user: user0}}\nclusters:\n- name: c\n  cluster: {{server: \
                 https://c.example}}\nusers:\n{users}"
        )
    };
    let broken = users(1, "v1alpha1").replace("users:", "users:\n\t");
    let files = [
        ("one user, accepted", users(1, "v1beta1"), "1.37"),
        ("one user, refused", users(1, "v1alpha1"), "1.37"),
        ("one user, 18 kubectls", users(1, "v1"), "1.20-1.37"),
        ("one user, wrong type, 18 kubectls", users(1, "v1").replace("aws\n", "12\n"), "1.20-1.37"),
        ("one user, broken YAML", broken, "1.37"),
        ("20 users, accepted", users(20, "v1beta1"), "1.37"),
        ("20 users, refused", users(20, "v1alpha1"), "1.20-1.37"),
        ("200 users, refused", users(200, "v1alpha1"), "1.37"),
    ];
    for (name, text, target) in files {
        let options = Options { target: target.parse().unwrap_or_default(), ..Options::default() };
        let mut times: Vec<Duration> = (0..RUNS).map(|_| time(&text, &options)).collect();
        times.sort();
        let median = times.get(RUNS / 2).copied().unwrap_or_default();
        println!("{:>9.1} µs  {name} ({} bytes)", median.as_secs_f64() * 1e6, text.len());
    }
}

fn time(text: &str, options: &Options) -> Duration {
    let start = Instant::now();
    let source = Source::new(Path::new("config"), text.as_bytes().to_vec());
    black_box(lint(&source, options));
    start.elapsed()
}
