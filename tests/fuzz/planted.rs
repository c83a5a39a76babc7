//! Plants a defect in what each body checks, and shows that the body fails: a span off by one, a
//! leaked canary, a lost finding, and more.

use std::fs;
use std::io::Write;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;

use kubeconfig_lint::internals::{self, OffsetMap, Tree, yaml};
use kubeconfig_lint::{
    Applicability, FORMATS, FileReport, Fixed, Linted, Options, Position, Report, Source, Span,
    Style, lint,
};

use crate::bodies::{
    self, base64, baseline, comments, configuration, discovery, fix, folder, hcl, html, json, maps,
    reports,
};
use crate::random::Random;

/// Checks that a body with a planted defect fails for some random bytes for which the body of that
/// name holds without the defect. Returns how it fails.
fn fails(name: &str, body: impl Fn(&[u8])) -> String {
    let files = crate::cases();
    for seed in 1..400 {
        let bytes = Random::new(seed).bytes(&files);
        let result = panic::catch_unwind(AssertUnwindSafe(|| body(&bytes)));
        if let Err(panicked) = result {
            bodies::run(name, &bytes);
            let text = panicked.downcast_ref::<String>().cloned();
            return text
                .or_else(|| panicked.downcast_ref::<&str>().map(|s| (*s).to_owned()))
                .unwrap();
        }
    }
    panic!("the body does not see the defect");
}

/// Moves the end of the first scalar with more than two bytes.
fn end_off_by_one(mut tree: Tree) -> Tree {
    let is_long = |id: &_| tree.scalar(*id, "").is_some() && tree.node(*id).span.len() > 2;
    if let Some(id) = tree.ids().find(is_long) {
        let span = &mut tree.node_mut(id).span;
        *span = Span::new(span.start(), span.end() - 1);
    }
    tree
}

/// Moves the start of the last scalar with more than two bytes.
fn start_off_by_one(mut tree: Tree) -> Tree {
    let is_long = |id: &_| tree.scalar(*id, "").is_some() && tree.node(*id).span.len() > 2;
    if let Some(id) = tree.ids().filter(is_long).last() {
        let span = &mut tree.node_mut(id).span;
        *span = Span::new(span.start() + 1, span.end());
    }
    tree
}

#[test]
fn fuzz_bodies_see_spans_off_by_one() {
    fails("yaml", |bytes| {
        crate::bodies::yaml::check(bytes, |text| end_off_by_one(yaml::parse(text)))
    });
    fails("yaml", |bytes| {
        crate::bodies::yaml::check(bytes, |text| start_off_by_one(yaml::parse(text)))
    });
    let blank = internals::blank_comments;
    fails("json", |bytes| json::check(bytes, |text| end_off_by_one(internals::json(text)), blank));
    fails("json", |bytes| {
        json::check(bytes, |text| start_off_by_one(internals::json(text)), blank)
    });
    fails("hcl", |bytes| hcl::check(bytes, |text| end_off_by_one(internals::hcl(text))));
    fails("hcl", |bytes| hcl::check(bytes, |text| start_off_by_one(internals::hcl(text))));
    // The linter moves a finding.
    let moved = |source: &Source, options: &Options| {
        let mut linted = lint(source, options);
        if let Some(finding) = linted.findings.iter_mut().find(|f| f.primary.span.len() > 2) {
            let span = &mut finding.primary.span;
            *span = Span::new(span.start() + 1, span.end());
        }
        linted
    };
    fails("lint", |bytes| crate::bodies::lint::check(bytes, moved));
    fails("lint", |bytes| {
        crate::bodies::lint::check(bytes, |source, options| {
            let mut linted = lint(source, options);
            if let Some(accepted) = linted.accepted.first_mut() {
                let span = &mut accepted.span;
                *span = Span::new(span.start(), span.end() + 1);
            }
            linted
        });
    });
}

#[test]
fn fuzz_bodies_see_maps_and_positions_off_by_one() {
    let outer = |map: &OffsetMap, span: Span| {
        let place = map.outer(span);
        let more = usize::from(place.start() > 20 && !span.is_empty());
        Span::new(place.start(), place.end() + more)
    };
    fails("maps", |bytes| maps::check_map(bytes, outer));
    let position = |source: &Source, at: usize| {
        let Position { line, column } = source.position(at);
        Position { line, column: column + usize::from(line > 2) }
    };
    fails("maps", |bytes| maps::check_positions(bytes, position));
    // A text of HTML whose entities are mapped to their first byte only.
    fails("html", |bytes| {
        html::check(bytes, |text, span| {
            let mut mapped = internals::html_text(text, span);
            mapped.map =
                OffsetMap::verbatim(Span::new(span.start(), span.start() + mapped.text.len()));
            mapped
        });
    });
    fails("comments", |bytes| {
        comments::check(bytes, |name, text, offsets| {
            let moved: Vec<usize> = offsets.iter().map(|at| at.saturating_sub(3)).collect();
            internals::are_comments(name, text, &moved)
        });
    });
}

#[test]
fn fuzz_bodies_see_lost_findings() {
    let loses_last = |source: &Source, options: &Options| {
        let mut linted = lint(source, options);
        linted.findings.pop();
        linted
    };
    let said = fails("lint", |bytes| crate::bodies::lint::check(bytes, loses_last));
    assert!(
        ["accounted", "removed versions", "said of"].iter().any(|word| said.contains(word)),
        "{said}"
    );
    fails("base64", |bytes| base64::check(bytes, loses_last));
    let loses_accepted = |source: &Source, options: &Options| {
        let mut linted = lint(source, options);
        linted.accepted.clear();
        linted
    };
    fails("lint", |bytes| crate::bodies::lint::check(bytes, loses_accepted));
    // A finding that only the first of many threads makes.
    let first = std::thread::current().id();
    let by_thread = move |source: &Source, options: &Options| {
        let mut linted = lint(source, options);
        if std::thread::current().id() != first {
            linted.findings.pop();
        }
        linted
    };
    let said = fails("lint", |bytes| crate::bodies::lint::check(bytes, by_thread));
    assert!(said.contains("a thread finds something else"), "{said}");
}

#[test]
fn fuzz_bodies_see_lost_files_and_entries() {
    let loses_file = |folder: &Path, options: &[&str]| {
        let mut report = folder::check(folder, options)?;
        if options.contains(&"8") {
            report.files.pop();
        }
        Ok(report)
    };
    fails("discovery", |bytes| discovery::check(bytes, loses_file));
    let loses_any = |folder: &Path, options: &[&str]| {
        let mut report = folder::check(folder, options)?;
        report.files.pop();
        Ok(report)
    };
    fails("discovery", |bytes| discovery::check(bytes, loses_any));
    fails("configuration", |bytes| configuration::check(bytes, loses_any));
    let moves_fault = |folder: &Path, options: &[&str]| {
        let moved = |message: String| message.replacen(":2:", ":3:", 1);
        folder::check(folder, options).map_err(|faults| faults.into_iter().map(moved).collect())
    };
    fails("configuration", |bytes| configuration::check(bytes, moves_fault));
    // A baseline that hides everything in the files that it names.
    let hides_all = |folder: &Path, options: &[&str]| {
        let mut report = folder::check(folder, options)?;
        if options.contains(&"--baseline") {
            report.files.clear();
        }
        Ok(report)
    };
    fails("baseline", |bytes| baseline::check(bytes, hides_all));
    // A baseline with a secret in it.
    let leaks = |folder: &Path, options: &[&str]| {
        let report = folder::check(folder, options)?;
        if let ["--write-baseline", path] = options {
            let text = fs::read_to_string(path).unwrap();
            fs::write(path, text.replace("removed", crate::bodies::kubeconfigs::CANARY)).unwrap();
        }
        Ok(report)
    };
    fails("baseline", |bytes| baseline::check(bytes, leaks));
}

/// Returns what writes a format, and then changes what it has written.
fn writer(
    name: &'static str,
    change: impl Fn(&Report, String) -> String,
) -> impl Fn(&str, &Report, Style, &mut dyn Write) -> std::io::Result<()> {
    move |format, report, style, out| {
        let found = FORMATS.iter().find(|found| found.name == format).unwrap();
        if format != name {
            return (found.write)(report, style, out);
        }
        let mut written = Vec::new();
        (found.write)(report, style, &mut written)?;
        out.write_all(change(report, String::from_utf8(written).unwrap()).as_bytes())
    }
}

#[test]
fn fuzz_bodies_see_leaked_canaries() {
    // Each format shows the first line with a secret as it is.
    for format in FORMATS {
        let write = writer(format.name, |report, text| {
            let lines = report.files.iter().flat_map(|file| file.source.text().lines());
            let leaked = lines.filter(|line| line.contains("token") || line.contains("config:"));
            let leaked = leaked.take(1).map(|line| line.replace(['"', '\u{1b}'], ""));
            leaked.fold(text, |text, line| text.replacen("api", &line, 1))
        });
        fails("reports", |bytes| reports::check(bytes, &write));
    }
    let said = fails("reports", |bytes| {
        reports::check(bytes, writer("text", |report, text| text + report.files[0].source.text()));
    });
    assert!(
        said.contains("shows a secret")
            || said.contains("base64 of a secret")
            || said.contains("control")
            || said.contains("command"),
        "{said}"
    );
}

#[test]
fn fuzz_bodies_see_malformed_reports() {
    for name in ["json", "sarif", "gitlab", "junit"] {
        fails("reports", |bytes| {
            reports::check(
                bytes,
                writer(name, |_, mut text| {
                    text.truncate(text.trim_end().len() - 1);
                    text
                }),
            )
        });
    }
    for name in ["text", "short", "markdown", "github"] {
        fails("reports", |bytes| {
            reports::check(bytes, writer(name, |_, text| text.replacen("user0", "\u{1b}[0m", 1)))
        });
        fails("reports", |bytes| {
            reports::check(bytes, writer(name, |_, text| text.replacen("user0", "\n::error::x", 1)))
        });
    }
    // A finding less, and a finding on another line.
    fails("reports", |bytes| {
        reports::check(bytes, writer("short", |_, text| text.lines().skip(1).collect()))
    });
    fails("reports", |bytes| {
        reports::check(
            bytes,
            writer("json", |_, text| text.replacen("\"line\": ", "\"line\": 1", 1)),
        )
    });
}

#[test]
fn fuzz_bodies_see_wrong_fixes() {
    let fix = kubeconfig_lint::fix;
    let remade = |fixed: Fixed, options: &Options, change: &dyn Fn(&str) -> String| {
        let text = change(fixed.source.text());
        let source = Source::new(fixed.source.path().to_owned(), text.into_bytes());
        let linted = lint(&source, options);
        Fixed { source, linted, ..fixed }
    };
    // Another value changes, too.
    fails("fix", |bytes| {
        let fix = |source: &Source, linted: &Linted, options: &Options, least| {
            let fixed = fix(source, linted, options, least)?;
            Some(remade(fixed, options, &|text| text.replacen("user0", "userO", 1)))
        };
        fix::check(bytes, fix, internals::diff);
    });
    // A fix that is not made.
    fails("fix", |bytes| fix::check(bytes, |_, _, _, _| None, internals::diff));
    // A fix that goes on forever.
    fails("fix", |bytes| {
        let fix = |source: &Source, linted: &Linted, options: &Options, _: Applicability| {
            let fixed = fix(source, linted, options, Applicability::Unsafe);
            fixed.or_else(|| {
                let (source, linted) = (Source::new("f", source.bytes()?), linted.clone());
                Some(Fixed { source, linted, count: 0, untried: 0, notes: Default::default() })
            })
        };
        fix::check(bytes, fix, internals::diff);
    });
    // A diff without its last line, and one with a different line.
    fails("fix", |bytes| {
        let diff = |file: &FileReport, fixed: &Fixed| {
            let (mut text, masked) = internals::diff(file, fixed)?;
            text.truncate(text.len() - 1);
            let end = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            text.truncate(end);
            Some((text, masked))
        };
        fix::check(bytes, fix, diff);
    });
    fails("fix", |bytes| {
        let diff = |file: &FileReport, fixed: &Fixed| {
            let (text, masked) = internals::diff(file, fixed)?;
            let text = String::from_utf8(text).ok()?.replace("v1beta1", "v1beta2");
            Some((text.into_bytes(), masked))
        };
        fix::check(bytes, fix, diff);
    });
}
