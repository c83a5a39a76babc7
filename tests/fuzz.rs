//! Runs the bodies of the fuzz targets without a fuzzer: over the seeds in `tests/fuzz`, over the
//! files of `tests/cases`, and over random bytes. Shows that each body fails if what it checks is
//! broken.
//!
//! `FUZZ_SECONDS=60 cargo test --release --test fuzz random` runs each body for a minute with fresh
//! bytes, `FUZZ_BODY=lint` only this one. `FUZZ_SEED=N` runs the same bytes again.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, clippy::print_stderr)]
#![allow(unreachable_pub, dead_code)]

#[path = "../fuzz/src/lib.rs"]
mod bodies;
#[path = "fuzz/planted.rs"]
mod planted;
#[path = "fuzz/random.rs"]
mod random;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use bodies::BODIES;
use random::Random;

/// Limit on the size of a file, in bytes: larger ones are for other tests.
const MAX_BYTES: u64 = 20_000;

/// The bodies that read any text.
const OF_TEXTS: [&str; 9] =
    ["base64", "comments", "fix", "hcl", "html", "json", "lint", "maps", "yaml"];

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let metadata = path.symlink_metadata().unwrap();
        if metadata.is_dir() {
            files(&path, found);
        } else if metadata.is_file() && metadata.len() <= MAX_BYTES {
            found.push(path);
        }
    }
}

/// Returns the files of a folder of this repository, sorted.
fn sorted_files(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut found);
    found.sort();
    found
}

/// Returns the files in the trees of `tests/cases`.
fn cases() -> Vec<Vec<u8>> {
    let mut found = sorted_files("tests/cases");
    found.retain(|path| path.components().any(|part| part.as_os_str() == "tree"));
    assert!(found.len() > 300, "only {} files", found.len());
    found.iter().map(|path| fs::read(path).unwrap()).collect()
}

#[test]
fn fuzz_bodies_hold_for_every_seed() {
    for path in sorted_files("tests/fuzz/seeds") {
        let body = path.parent().unwrap().file_name().unwrap().to_str().unwrap();
        bodies::run(body, &fs::read(&path).unwrap());
    }
}

#[test]
fn fuzz_bodies_hold_for_every_case() {
    for (index, bytes) in cases().iter().enumerate() {
        // Also remove one line, a different one for each file, and use another name.
        let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
        let without = index % lines.len().max(1);
        let kept = lines.iter().enumerate().filter(|(line, _)| *line != without);
        let mut less: Vec<u8> = kept.flat_map(|(_, line)| line.iter().copied()).collect();
        less.push(u8::try_from(index % 100).unwrap());
        for name in OF_TEXTS {
            let _shown = random::Shown { name, bytes, seed: 0 };
            // These lint a file several times.
            if !matches!(name, "lint" | "fix") || index % 2 == 0 {
                bodies::run(name, bytes);
            }
            if !matches!(name, "lint" | "fix") || index % 2 == 1 {
                bodies::run(name, &less);
            }
        }
    }
}

#[test]
fn fuzz_bodies_hold_for_random_bytes() {
    let variable = |name: &str| std::env::var(name).ok();
    let number = |name: &str| variable(name).map(|value| value.parse::<u64>().unwrap());
    let seconds = number("FUZZ_SECONDS");
    let now = || std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let fresh = || seconds.map(|_| now().subsec_nanos().into());
    let seed = number("FUZZ_SEED").or_else(fresh).unwrap_or(1);
    let cases = cases();
    for (name, _) in BODIES {
        if variable("FUZZ_BODY").is_some_and(|only| only != name) {
            continue;
        }
        let begin = Instant::now();
        let mut count = 0;
        let goes_on = |count: u64| match seconds {
            Some(seconds) => begin.elapsed() < Duration::from_secs(seconds),
            None => count < random::cases_of(name),
        };
        while goes_on(count) {
            let bytes = Random::new(seed.wrapping_add(count)).bytes(&cases);
            // Printed if the body fails.
            let _shown = random::Shown { name, bytes: &bytes, seed: seed.wrapping_add(count) };
            bodies::run(name, &bytes);
            count += 1;
        }
        println!("{name}: {count} runs in {:?}", begin.elapsed());
    }
}
