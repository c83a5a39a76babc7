//! Parses the arguments and returns the exit status.

use std::process::ExitCode;

use kubeconfig_lint::internals::{Subcommand, doctor, parse, run, usage};

fn main() -> ExitCode {
    match parse(std::env::args_os()) {
        Ok(cli) => match &cli.subcommand {
            Some(Subcommand::Doctor(flags)) => doctor(flags),
            None => run(cli),
        },
        Err(error) => usage(&error),
    }
}
