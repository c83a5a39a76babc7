//! Arguments in, exit status out.

use std::process::ExitCode;

use clap::Parser;
use kubeconfig_lint::cli::Cli;
use kubeconfig_lint::run;

fn main() -> ExitCode {
    match Cli::try_parse() {
        Ok(cli) => run::run(&cli),
        Err(error) => run::usage(&error),
    }
}
