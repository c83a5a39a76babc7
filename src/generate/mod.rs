//! Generates files from the program's own declarations: `--generate`.
//!
//! To add one, add a word to [`Generate`] and its generator below.

mod completions;
mod man;

use std::io;

use clap_complete::Shell;

use crate::cli::Generate;
use crate::config::schema;

/// Generates the whole file.
///
/// # Errors
/// Fails if the library that generates it fails.
pub fn make(what: Generate) -> io::Result<Vec<u8>> {
    match what {
        Generate::Man => man::make(),
        Generate::CompleteBash => completions::make(Shell::Bash),
        Generate::CompleteZsh => completions::make(Shell::Zsh),
        Generate::CompleteFish => completions::make(Shell::Fish),
        Generate::CompletePowershell => completions::make(Shell::PowerShell),
        Generate::CompleteElvish => completions::make(Shell::Elvish),
        Generate::ConfigSchema => config_schema(),
    }
}

fn config_schema() -> io::Result<Vec<u8>> {
    let mut text = serde_json::to_vec_pretty(&schema::schema())?;
    text.push(b'\n');
    Ok(text)
}
