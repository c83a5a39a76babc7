//! Completions for shells.

use std::io;

use clap::CommandFactory;
use clap_complete::{Generator, Shell};

use crate::cli::Cli;

/// Returns the completions for a shell.
pub(super) fn make(shell: Shell) -> io::Result<Vec<u8>> {
    let mut command = Cli::command();
    command.set_bin_name(command.get_name().to_owned());
    command.build();
    let mut out = Vec::new();
    shell.try_generate(&command, &mut out)?;
    Ok(out)
}
