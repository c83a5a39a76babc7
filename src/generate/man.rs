//! The man page.

use std::io;

use clap::CommandFactory;
use clap_mangen::Man;

use crate::cli::Cli;

/// The man page, in roff.
pub(super) fn make() -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    Man::new(Cli::command()).render(&mut out)?;
    Ok(out)
}
