//! What can be made of the program's own declarations: `--generate`.
//!
//! To add one: a word in [`Generate`], and what makes it below.

mod completions;
mod man;

use std::io;

use clap_complete::Shell;

use crate::cli::Generate;
use crate::config::schema;

/// Makes it, the whole of it.
///
/// # Errors
/// Where the library that makes it has none to give.
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
