//! Parses the arguments and returns the exit status.

use std::process::ExitCode;

use kubeconfig_lint::{cli, run};

fn main() -> ExitCode {
    match cli::parse(std::env::args_os()) {
        Ok(cli) => run::run(cli),
        Err(error) => run::usage(&error),
    }
}
