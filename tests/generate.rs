//! Checks that the output of `--generate` matches the program.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test may stop at the first surprise"
)]

mod common;

use std::path::Path;
use std::time::Duration;

use clap::{CommandFactory, ValueEnum};
use kubeconfig_lint::RULES;
use kubeconfig_lint::internals::{Cli, Generate};

fn generate(name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let outcome = common::run(root, &["--generate", name], b"", Duration::from_secs(60));
    assert_eq!((outcome.status, outcome.err().as_str()), (Some(0), ""), "{name}");
    assert!(outcome.out().ends_with('\n'), "{name} does not end with a line break");
    outcome.out()
}

#[test]
fn man_page_and_completions_list_every_flag_and_rule() {
    let command = Cli::command();
    let mut names: Vec<_> = command.get_arguments().filter_map(|flag| flag.get_long()).collect();
    assert!(names.contains(&"generate"), "{names:?}");
    names.extend(RULES.iter().map(|rule| rule.name));
    let mut shells = 0;
    let all = Generate::value_variants().iter().filter(|what| **what != Generate::ConfigSchema);
    for generator in all.filter_map(|what| what.to_possible_value()) {
        let generator = generator.get_name();
        let text = generate(generator).replace("\\-", "-");
        shells += usize::from(generator.starts_with("complete-"));
        for name in &names {
            // The completions for PowerShell and elvish do not offer values.
            let offers = !["complete-powershell", "complete-elvish"].contains(&generator);
            let is_rule = RULES.iter().any(|rule| rule.name == *name);
            assert!(text.contains(name) || (is_rule && !offers), "{generator}: {name}");
        }
        assert!(!text.contains('\u{1b}'), "{generator} holds an escape");
    }
    assert_eq!(shells, 5);
}
