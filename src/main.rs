//! Arguments in, exit status out.

use std::process::ExitCode;

use clap::Parser;
use kubeconfig_lint::cli::Cli;

fn main() -> ExitCode {
    kubeconfig_lint::run::run(&Cli::parse())
}
