//! Runs the body of the fuzz target over the files of `tests/cases`, and over these files with a
//! line removed.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../fuzz/body.rs"]
mod body;

use std::fs;
use std::path::{Path, PathBuf};

/// Limit on the size of a file, in bytes: larger ones are for other tests.
const MAX_BYTES: u64 = 20_000;

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

#[test]
fn fuzz_body_holds_for_every_case() {
    let mut found = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases"), &mut found);
    found.retain(|path| path.components().any(|part| part.as_os_str() == "tree"));
    found.sort();
    assert!(found.len() > 300, "only {} files", found.len());
    for (index, path) in found.iter().enumerate() {
        let bytes = fs::read(path).unwrap();
        body::holds(&bytes);
        // Remove one line, a different one for each file, and use another name.
        let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
        let without = index % lines.len().max(1);
        let kept = lines.iter().enumerate().filter(|(line, _)| *line != without);
        let mut less: Vec<u8> = kept.flat_map(|(_, line)| line.iter().copied()).collect();
        less.push(u8::try_from(index % 10).unwrap_or(0));
        body::holds(&less);
    }
}
