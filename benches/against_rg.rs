//! Measures a run over a whole tree, as a ratio to what people use today:
//! `rg --hidden -c 'client\.authentication\.k8s\.io'` on the same tree in the same run.
//!
//! `cargo bench` creates a tree of 20,000 files of mixed kinds in a temporary folder, runs the two
//! in turn, and prints the median of each and the median of the ratios. It needs `rg` on PATH.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const FILES: usize = 20_000;
const RUNS: usize = 15;
const NEEDLE: &str = r"client\.authentication\.k8s\.io";

fn main() -> io::Result<()> {
    let tree = tempfile::tempdir()?;
    let bytes = plant(tree.path())?;
    let mut out = io::stdout().lock();
    writeln!(out, "{FILES} files, {} MB", bytes / 1_000_000)?;
    let ours = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kubeconfig-lint"));
        command.args(["--quiet", "--format", "short"]).arg(tree.path());
        time(command)
    };
    let rg = || {
        let mut command = Command::new("rg");
        command.args(["--hidden", "-c", NEEDLE]).arg(tree.path());
        time(command)
    };
    if rg().is_err() {
        writeln!(out, "rg is not on PATH: nothing to compare with")?;
        return Ok(());
    }
    ours()?;
    let mut pairs = Vec::new();
    for _ in 0..RUNS {
        pairs.push((ours()?.as_secs_f64(), rg()?.as_secs_f64()));
    }
    let (ours, rg) = (median(pairs.iter().map(|p| p.0)), median(pairs.iter().map(|p| p.1)));
    let ratio = median(pairs.iter().map(|p| p.0 / p.1));
    writeln!(out, "kubeconfig-lint {:.0} ms, rg {:.0} ms, ratio {ratio:.2}", ours * 1e3, rg * 1e3)
}

fn time(mut command: Command) -> io::Result<Duration> {
    let start = Instant::now();
    command.stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    Ok(start.elapsed())
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// A small random number generator with the same numbers on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).unwrap_or(0)
    }
}

/// Creates the tree and returns its size in bytes: sources, manifests, prose, JSON, binaries, and
/// in every hundred files one kubeconfig and one mention.
fn plant(root: &Path) -> io::Result<usize> {
    const WORDS: [&str; 24] = [
        "the",
        "cluster",
        "users",
        "exec",
        "client",
        "current",
        "context",
        "return",
        "value",
        "if",
        "name",
        "spec",
        "of",
        "and",
        "authentication",
        "Export",
        "cursor",
        "image",
        "to",
        "func",
        "error",
        "nil",
        "config",
        "k8s.io",
    ];
    let mut random = Random(42);
    let mut total = 0;
    for i in 0..FILES {
        let folder = root.join(format!("d{}", i % 97)).join(format!("e{}", i % 13));
        fs::create_dir_all(&folder)?;
        let mut prose = |words: usize| {
            let mut text = String::new();
            for n in 0..words {
                text.push_str(WORDS[random.below(WORDS.len())]);
                text.push_str(if n % 12 == 11 { ".\n" } else { " " });
            }
            text
        };
        let (extension, content) = match i % 100 {
            0 => ("kubeconfig", kubeconfig()),
            1 => ("txt", prose(300) + " client.authentication.k8s.io/v1alpha1 " + &prose(30)),
            2..=35 => ("go", format!("package x\n// {}", prose(400))),
            36..=55 => ("yaml", manifest().repeat(12)),
            56..=70 => ("md", prose(900)),
            71..=80 => ("json", format!("{{\"a\": [\"{}\"]}}", prose(500).replace('\n', " "))),
            81..=90 => ("bin", "\0\u{1}\u{7f}x".repeat(8_000)),
            _ => ("ts", format!("export const x = `{}`;\n", prose(500))),
        };
        total += content.len();
        fs::write(folder.join(format!("f{i}.{extension}")), content)?;
    }
    Ok(total)
}

fn manifest() -> &'static str {
    "---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: x\nspec:\n  template:\n    spec:\n      \
     containers:\n      - name: c\n        image: y\n        livenessProbe:\n          exec:\n            \
     command: [a]\n"
}

fn kubeconfig() -> String {
    "apiVersion: v1\nkind: Config\nclusters:\n- name: c\n  cluster:\n    server: https://example.com\n\
     contexts:\n- name: x\n  context:\n    cluster: c\n    user: u\ncurrent-context: x\nusers:\n- name: u\n  \
     user:\n    exec:\n      apiVersion: client.authentication.k8s.io/v1alpha1\n      command: aws\n"
        .to_owned()
}
