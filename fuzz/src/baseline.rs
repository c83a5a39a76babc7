//! The baseline: it hides the findings that it holds and no others, and survives what people and
//! attackers write into it.

use std::fs;
use std::path::Path;

use kubeconfig_lint::Report;
use serde_json::{Value, json};

use super::choices::{Choices, is_structured};
use super::kubeconfigs::{self, CANARY};
use super::{folder, reports};

/// Reads the bytes as a baseline, or as decisions about what happens to one.
pub fn holds(bytes: &[u8]) {
    check(bytes, folder::check);
}

/// Checks what runs in a folder with some options.
pub fn check(bytes: &[u8], run: impl Fn(&Path, &[&str]) -> Result<Report, Vec<String>>) {
    let mut choices = Choices::new(bytes);
    let folder = folder::new();
    for number in 0..3 {
        let file = kubeconfigs::file(&mut choices);
        folder::write(folder.path(), &format!("{number}/{}", file.name), file.text);
    }
    let path = folder.path().join("baseline.json");
    let path = path.to_str().expect("a folder with a name in UTF-8");
    let before = count(&run(folder.path(), &[]).expect("a run without a baseline"));
    if !is_structured(bytes) {
        folder::write(folder.path(), path, bytes);
        return survives(&run(folder.path(), &["--baseline", path]), before);
    }
    let written =
        run(folder.path(), &["--write-baseline", path]).expect("a run that writes a baseline");
    assert_eq!(count(&written), (0, before.0 + before.1));
    let text = fs::read_to_string(path).expect("the baseline");
    reports::shows_no_canary("the baseline", &text);
    let read = run(folder.path(), &["--baseline", path]).expect("a run with the baseline");
    assert_eq!(count(&read), (0, before.0 + before.1), "{text}");
    assert_eq!(read.summary.gone_from_baseline, 0);
    let mut baseline: Value = serde_json::from_str(&text).expect("JSON");
    let entries = baseline["findings"].as_array_mut().expect("a list of findings");
    match choices.below(4) {
        0 if !entries.is_empty() => {
            let gone = entries.remove(choices.below(entries.len().min(256)));
            folder::write(folder.path(), path, baseline.to_string());
            let (open, hidden) = count(&run(folder.path(), &["--baseline", path]).expect("a run"));
            assert_eq!(open as u64, gone["count"].as_u64().unwrap_or(0), "{gone}");
            assert_eq!(open + hidden, before.0 + before.1);
        }
        1 => {
            let count_of = choices.pick(&[0, 1, u64::MAX]);
            let path_of = choices.pick(&["0/config", "../x", "/etc/passwd", ""]);
            entries.push(json!({"path": path_of, "rule": "removed-api-version", "fingerprint": "forged:1", "count": count_of}));
            folder::write(folder.path(), path, baseline.to_string());
            let report = run(folder.path(), &["--baseline", path]).expect("a run");
            assert_eq!(count(&report).1, before.0 + before.1, "a forged entry hides something");
        }
        2 => {
            // A baseline that breaks off.
            let end = text.len() * choices.below(256) / 256;
            folder::write(folder.path(), path, &text[..end.min(text.len())]);
            survives(&run(folder.path(), &["--baseline", path]), before);
        }
        _ => {
            let mut bytes = text.into_bytes();
            for _ in 0..1 + choices.below(4) {
                let at = choices.below(256) * bytes.len() / 256;
                bytes[at] = choices.pick(b"\"{}[],:0x\xff\n9");
            }
            folder::write(folder.path(), path, bytes);
            survives(&run(folder.path(), &["--baseline", path]), before);
        }
    }
}

/// Returns how many findings are open, and how many are in the baseline.
fn count(report: &Report) -> (usize, usize) {
    let open =
        report.files.iter().map(|file| file.linted.findings.len() + file.linted.hidden.len());
    (open.sum(), report.summary.in_baseline)
}

/// Checks that no finding is lost, or that the run fails with one message that quotes nothing.
fn survives(result: &Result<Report, Vec<String>>, before: (usize, usize)) {
    match result {
        Ok(report) => {
            let (open, hidden) = count(report);
            assert_eq!(open + hidden, before.0 + before.1, "findings are lost");
        }
        Err(messages) => {
            assert_eq!(messages.len(), 1, "{messages:?}");
            assert!(
                messages[0].contains("baseline") && !messages[0].contains(CANARY),
                "{messages:?}"
            );
        }
    }
}
