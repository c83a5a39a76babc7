//! Checks the requirements of GitHub and of the standard, and reads the file back with serde-sarif.

use std::sync::Arc;

use serde_json::Value;
use serde_sarif::sarif::Sarif;

use crate::report::fixture::{file, finding, render, report, skipped, span};
use crate::text::line_hash::LineHashes;

use super::*;
use crate::model::enclosing::TerraformBlock;

const TEXT: &str = "\u{feff}a: 日😀 \"bad\"\r\n\tb: |\r\n  it\r\nlast";

fn sample() -> Report {
    let block = Span::new(span(TEXT, "|").start(), span(TEXT, "last").start());
    let mut first = finding(span(TEXT, "bad"))
        .related(block, "in [this](2) \\ place".to_owned())
        .related(span(TEXT, "last"), "")
        .help("write `x[0]`");
    first.message = "`b\x07a\nd` is [wrong]".to_owned().into();
    let mut second = finding(block);
    second.enclosing = Some(Arc::new(Enclosing::Block(TerraformBlock {
        kind: "provider".to_owned(),
        labels: vec!["helm".to_owned()],
        alias: Some("e\x07u".to_owned()),
    })));
    second.rule = RULES.last().unwrap();
    second.severity = Severity::Note;
    let path = "dir/ä #1%?[x]\\\n.yaml";
    let mut report = report(vec![
        file("a:b.yaml", TEXT, vec![first, second], Vec::new()),
        file("clean.yaml", "x", Vec::new(), Vec::new()),
        file(path, "bad", vec![finding(Span::new(0, 3))], Vec::new()),
    ]);
    report.skipped.push(skipped("big one.json", "larger than [256] MiB"));
    let mut quiet = skipped("socket", "no file");
    quiet.notable = false;
    report.skipped.push(quiet);
    report
}

fn written(report: &Report) -> Value {
    let text = render(&FORMAT, report, 80);
    assert!(text.ends_with("}\n"));
    assert_eq!(text, render(&FORMAT, report, 200));
    // The standard's own types accept it.
    let log: Sarif = serde_json::from_str(&text).unwrap();
    assert_eq!(log.runs.len(), 1);
    serde_json::from_str(&text).unwrap()
}

fn results(log: &Value) -> &Vec<Value> {
    log["runs"][0]["results"].as_array().unwrap()
}

/// Calls `visit` with every value in the tree, and the key above it.
fn walk(key: &str, value: &Value, visit: &mut impl FnMut(&str, &Value)) {
    visit(key, value);
    match value {
        Value::Array(items) => items.iter().for_each(|item| walk(key, item, visit)),
        Value::Object(fields) => fields.iter().for_each(|(key, v)| walk(key, v, visit)),
        _ => {}
    }
}

#[test]
fn sarif_clean_run_has_all_rules_and_no_results() {
    let clean = written(&report(Vec::new()));
    let full = written(&sample());
    assert_eq!(results(&clean).len(), 0);
    let driver = &clean["runs"][0]["tool"]["driver"];
    assert_eq!(driver, &full["runs"][0]["tool"]["driver"]);
    let ids: Vec<_> = driver["rules"].as_array().unwrap().iter().map(|r| r["id"].clone()).collect();
    assert_eq!(ids, RULES.iter().map(|rule| rule.name).collect::<Vec<_>>());
    let invocation = &clean["runs"][0]["invocations"][0];
    assert_eq!(*invocation, serde_json::json!({ "executionSuccessful": true }));
}

#[test]
fn sarif_rules_have_what_github_requires() {
    let log = written(&report(Vec::new()));
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    for (rule, declared) in rules.iter().zip(RULES.iter()) {
        let id = rule["id"].as_str().unwrap();
        let text = |pointer: &str| {
            let text = rule.pointer(pointer).and_then(Value::as_str).unwrap();
            assert!(!text.trim().is_empty(), "{id}: {pointer}");
            text
        };
        assert!(!text("/name").eq_ignore_ascii_case(id), "{id}");
        assert!(text("/name").chars().all(char::is_alphanumeric) && text("/name").len() <= 255);
        for pointer in ["/shortDescription/text", "/fullDescription/text"] {
            let words = text(pointer);
            assert!(words.chars().count() <= 1024 && words.ends_with('.'), "{id}: {words}");
            assert!(!words.contains(['\n', '`', '#']), "{id}: {words}");
        }
        assert!(!text("/help/text").contains("```"), "{id}");
        assert_eq!(text("/help/markdown"), declared.markdown());
        assert!(text("/helpUri").starts_with("https://"));
        assert!(["note", "warning", "error"].contains(&text("/defaultConfiguration/level")));
        let properties = rule["properties"].as_object().unwrap();
        assert!(["very-high", "high", "medium", "low"].contains(&text("/properties/precision")));
        let severity = properties["problem.severity"].as_str().unwrap();
        assert!(["error", "warning", "recommendation"].contains(&severity));
        let tags = properties["tags"].as_array().unwrap();
        assert!((1..=10).contains(&tags.len()));
        assert!(tags.iter().all(|tag| tag.as_str().is_some_and(|tag| tag != "security")));
        assert!(!properties.contains_key("security-severity"));
    }
}

#[test]
fn sarif_results_have_what_github_requires() {
    let log = written(&sample());
    let rules = &log["runs"][0]["tool"]["driver"]["rules"];
    assert_eq!(results(&log).len(), 3);
    for result in results(&log) {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        let message = result["message"]["text"].as_str().unwrap();
        assert!(message.ends_with('.'), "{message}");
        assert_eq!(result["locations"].as_array().unwrap().len(), 1);
        assert!(result["partialFingerprints"]["primaryLocationLineHash"].is_string());
    }
    let mut regions = 0;
    walk("", &log, &mut |key, value| {
        assert!(!value.is_null(), "{key}");
        assert!(value.as_str().is_none_or(|text| !text.trim().is_empty()), "{key}");
        if key == "region" {
            let number = |name: &str| value[name].as_u64().unwrap();
            assert!(number("startLine") >= 1 && number("startColumn") >= 1);
            assert_eq!(number("startLine"), number("endLine"));
            assert!(number("startColumn") <= number("endColumn"));
            regions += 1;
        }
    });
    assert_eq!(regions, 5);
    let text = log.to_string();
    assert!(!text.contains("snippet") && !text.contains("automationDetails"));
}

#[test]
fn sarif_regions_count_utf16_units_on_one_line() {
    let log = written(&sample());
    assert_eq!(log["runs"][0]["columnKind"], "utf16CodeUnits");
    let results = results(&log);
    let region = |location: &Value| {
        let region = &location["physicalLocation"]["region"];
        ["startLine", "startColumn", "endLine", "endColumn"].map(|k| region[k].as_u64().unwrap())
    };
    assert_eq!(region(&results[0]["locations"][0]), [1, 9, 1, 12]);
    let related = results[0]["relatedLocations"].as_array().unwrap();
    assert_eq!(region(&related[0]), [2, 5, 2, 6]);
    assert_eq!(region(&related[1]), [4, 1, 4, 5]);
    assert_eq!(related.iter().map(|place| place["id"].clone()).collect::<Vec<_>>(), [1, 2]);
    let hashes = LineHashes::new(TEXT);
    let hash = |result: &Value| result["partialFingerprints"]["primaryLocationLineHash"].clone();
    assert_eq!(hash(&results[0]), hashes.of(1).unwrap());
    assert_eq!(hash(&results[1]), hashes.of(2).unwrap());
}

#[test]
fn sarif_escapes_brackets_in_messages() {
    let log = written(&sample());
    assert_eq!(
        results(&log)[0]["message"]["text"],
        "`b␇a\nd` is \\[wrong\\]. Write `x\\[0\\]`. \
         See also: [in \\[this\\](2) \\\\ place](1), [related place](2)."
    );
    let related = &results(&log)[0]["relatedLocations"];
    assert_eq!(related[0]["message"]["text"], "in \\[this\\](2) \\\\ place");
}

#[test]
fn sarif_names_the_enclosing_part() {
    let log = written(&sample());
    let names = |at: usize| &results(&log)[at]["locations"][0]["logicalLocations"];
    assert_eq!(*names(0), Value::Null);
    assert_eq!(names(1)[0]["fullyQualifiedName"], "provider.helm.e␇u");
}

#[test]
fn sarif_paths_are_relative_uris() {
    let log = written(&sample());
    let place =
        |result: &Value| result["locations"][0]["physicalLocation"]["artifactLocation"].clone();
    assert_eq!(
        results(&log).iter().map(place).collect::<Vec<_>>(),
        [
            serde_json::json!({ "uri": "./a:b.yaml", "uriBaseId": "%SRCROOT%" }),
            serde_json::json!({ "uri": "./a:b.yaml", "uriBaseId": "%SRCROOT%" }),
            serde_json::json!({
                "uri": "dir/%C3%A4%20%231%25%3F%5Bx%5D%5C%0A.yaml",
                "uriBaseId": "%SRCROOT%",
            }),
        ]
    );
    let base = &log["runs"][0]["originalUriBaseIds"]["%SRCROOT%"];
    assert!(base["uri"].is_null() && base["description"]["text"].is_string());
    for (path, uri, is_relative) in [
        ("../x.yaml", "../x.yaml", true),
        ("./x.yaml", "x.yaml", true),
        ("d/a:b", "d/a:b", true),
        ("<stdin>", "%3Cstdin%3E", true),
        ("/home/me/.kube/config", "file:///home/me/.kube/config", false),
        ("//host/share/x y", "file://host/share/x%20y", false),
    ] {
        let ArtifactLocation { uri: got, uri_base_id } = artifact(path);
        assert_eq!((got.as_str(), uri_base_id.is_some()), (uri, is_relative));
    }
}

#[test]
fn sarif_lists_skipped_files_as_notifications() {
    let log = written(&sample());
    assert_eq!(
        log["runs"][0]["invocations"],
        serde_json::json!([{
            "executionSuccessful": true,
            "toolExecutionNotifications": [{
                "level": "warning",
                "message": { "text": "Not checked: larger than \\[256\\] MiB." },
                "locations": [{
                    "physicalLocation": {
                        "artifactLocation": { "uri": "big%20one.json", "uriBaseId": "%SRCROOT%" },
                    },
                }],
            }],
        }])
    );
}

#[test]
fn sarif_keeps_the_worst_results_that_github_accepts() {
    let of = |severity| {
        let mut found = finding(Span::new(0, 1));
        found.severity = severity;
        found
    };
    let mut found = vec![of(Severity::Warning); MAX_RESULTS];
    found.push(of(Severity::Error));
    let log: Value =
        serde_json::from_str(&render(&FORMAT, &report(vec![file("f", "x", found, vec![])]), 80))
            .unwrap();
    assert_eq!(results(&log).len(), MAX_RESULTS);
    assert_eq!(results(&log).last().unwrap()["level"], "error");
    let notifications = &log["runs"][0]["invocations"][0]["toolExecutionNotifications"];
    let text = "1 more findings are not listed: code scanning accepts 25000.";
    assert_eq!(notifications[0]["message"]["text"], text);
}
