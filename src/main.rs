//! Parses the arguments and returns the exit status.

use std::process::ExitCode;

use kubeconfig_lint::internals::{parse, run, usage};

fn main() -> ExitCode {
    match parse(std::env::args_os()) {
        Ok(cli) => run(cli),
        Err(error) => usage(&error),
    }
}
