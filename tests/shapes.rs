//! Compares every handwritten `tests/cases/NAME/truth.txt` with what the binary says about `tree/`.
//!
//! A line is `path:line:column CLASS` for each place that contains the API group, plain or in
//! base64: `error`, `warning` and `note` are the severities of the finding about the version there,
//! `accepted` is a version that is fine, and `mention` is everything else. So each place is
//! accounted for exactly once, at exactly that place.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;

type Places = BTreeMap<(String, u64, u64), Vec<String>>;

fn place(item: &Value) -> (String, u64, u64) {
    let number = |key: &str| item[key].as_u64().unwrap();
    (item["path"].as_str().unwrap().to_owned(), number("line"), number("column"))
}

/// Returns what the binary says about each place that names a version.
fn reported(tree: &Path) -> Places {
    let args = ["--format", "json", "--show-notes", "--show-mentions", "--no-ignore"];
    let outcome = common::run(tree, &args, b"", Duration::from_secs(60));
    let report: Value = serde_json::from_str(&outcome.out()).expect("the report is JSON");
    let mut places = Places::new();
    for finding in report["findings"].as_array().unwrap() {
        let rule = finding["rule"].as_str().unwrap();
        let class = match rule {
            "mention" => "mention",
            "missing-api-version" => continue,
            rule if rule.ends_with("-api-version") => finding["severity"].as_str().unwrap(),
            _ => continue,
        };
        places.entry(place(finding)).or_default().push(class.to_owned());
    }
    for accepted in report["accepted"].as_array().unwrap() {
        places.entry(place(accepted)).or_default().push("accepted".to_owned());
    }
    for classes in places.values_mut() {
        // Several users may share one value, and base64 may contain several.
        classes.sort();
        classes.dedup();
    }
    places
}

fn truth(path: &Path) -> Places {
    let text = fs::read_to_string(path).unwrap();
    let mut places = Places::new();
    for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        let (place, class) = line.rsplit_once(' ').expect("a place and a class");
        let mut parts = place.rsplitn(3, ':');
        let column = parts.next().unwrap().parse().unwrap();
        let line = parts.next().unwrap().parse().unwrap();
        let path = parts.next().unwrap().to_owned();
        places.entry((path, line, column)).or_default().push(class.to_owned());
    }
    places
}

#[test]
fn shapes_are_graded_as_in_truth_files() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut wrong = Vec::new();
    let mut count = 0;
    let mut folders: Vec<_> = fs::read_dir(cases).unwrap().map(|e| e.unwrap().path()).collect();
    folders.sort();
    for folder in folders {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        if !folder.join("truth.txt").is_file() {
            assert!(!name.starts_with("shape-"), "{name} has no truth.txt");
            continue;
        }
        let (truth, reported) = (truth(&folder.join("truth.txt")), reported(&folder.join("tree")));
        count += truth.len();
        let none = Vec::new();
        for place in truth.keys().chain(reported.keys().filter(|place| !truth.contains_key(*place)))
        {
            let (wanted, found) =
                (truth.get(place).unwrap_or(&none), reported.get(place).unwrap_or(&none));
            if wanted != found {
                let (path, line, column) = place;
                wrong.push(format!(
                    "{name}/{path}:{line}:{column}: truth {wanted:?}, said {found:?}"
                ));
            }
        }
    }
    assert!(count > 0, "there is a truth");
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}
