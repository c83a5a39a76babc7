//! Generates files from the program's own declarations, for `--generate`: the man page, shell
//! completions and the schema of the configuration file.
//!
//! To add one, add a word to [`Generate`] and its generator below.

mod completions;
mod man;

use std::io;

use clap_complete::Shell;

use crate::cli::Generate;
use crate::config::SCHEMA;

/// Generates the whole file.
///
/// # Errors
/// Fails if the library that generates it fails.
pub(crate) fn make(what: Generate) -> io::Result<Vec<u8>> {
    match what {
        Generate::Man => man::make(),
        Generate::CompleteBash => completions::make(Shell::Bash),
        Generate::CompleteZsh => completions::make(Shell::Zsh),
        Generate::CompleteFish => completions::make(Shell::Fish),
        Generate::CompletePowershell => completions::make(Shell::PowerShell),
        Generate::CompleteElvish => completions::make(Shell::Elvish),
        Generate::ConfigSchema => Ok(SCHEMA.as_bytes().to_vec()),
    }
}
