//! What can be made of the program's own declarations: `--generate`.
//!
//! To add one: a [`Generator`] in the list below.

mod completions;
mod man;

use std::io::{self, Write};

use clap_complete::Shell;

use crate::config::schema;

/// Something to generate.
#[derive(Debug)]
pub struct Generator {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is, in a few words.
    pub summary: &'static str,
    make: fn() -> io::Result<Vec<u8>>,
}

impl Generator {
    /// Makes it, the whole of it.
    ///
    /// # Errors
    /// Where the library that makes it has none to give.
    pub fn make(&self) -> io::Result<Vec<u8>> {
        (self.make)()
    }
}

/// All there are.
pub static GENERATORS: &[Generator] = &[
    Generator { name: "man", summary: "The man page", make: man::make },
    Generator {
        name: "complete-bash",
        summary: "Completions for bash",
        make: || completions::make(Shell::Bash),
    },
    Generator {
        name: "complete-zsh",
        summary: "Completions for zsh",
        make: || completions::make(Shell::Zsh),
    },
    Generator {
        name: "complete-fish",
        summary: "Completions for fish",
        make: || completions::make(Shell::Fish),
    },
    Generator {
        name: "complete-powershell",
        summary: "Completions for PowerShell",
        make: || completions::make(Shell::PowerShell),
    },
    Generator {
        name: "complete-elvish",
        summary: "Completions for elvish",
        make: || completions::make(Shell::Elvish),
    },
    Generator {
        name: "config-schema",
        summary: "The JSON schema of the configuration file, for editors",
        make: config_schema,
    },
];

/// The generator of that name.
pub fn find(name: &str) -> Option<&'static Generator> {
    GENERATORS.iter().find(|generator| generator.name == name)
}

fn config_schema() -> io::Result<Vec<u8>> {
    let mut text = serde_json::to_vec_pretty(&schema::schema())?;
    text.write_all(b"\n")?;
    Ok(text)
}
