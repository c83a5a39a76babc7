//! What standard output and standard error support: colors, links, and their widths.

use std::io::{self, IsTerminal};

use anstream::{AutoStream, ColorChoice};
use supports_hyperlinks::Stream;

use crate::cli::Color;
use crate::report::Style;
use crate::report::wrap::folded;

const DEFAULT_WIDTH: usize = 120;

/// The style of reports in files.
pub(super) const PLAIN: Style =
    Style { color: false, links: false, width: DEFAULT_WIDTH, wraps: false };

/// Returns the style of a text for people on a stream.
pub(super) fn style(when: Color, stream: Stream) -> Style {
    let color = match when {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => is_colored_by_default(stream),
    };
    // A reader of a pipe may accept colors, but hardly ever links.
    let may_link = is_terminal(stream) && std::env::var_os("TERM").is_none_or(|t| t != "dumb");
    let width = width(stream);
    Style {
        color,
        links: color && may_link && supports_hyperlinks::supports_hyperlinks(),
        width: width.unwrap_or(DEFAULT_WIDTH),
        wraps: width.is_some(),
    }
}

/// Wraps a line to the width of a stream, if that is known.
pub(super) fn wrapped(line: &str, stream: Stream) -> String {
    width(stream).map_or_else(|| line.to_owned(), |width| folded(line, 0, width))
}

fn is_terminal(stream: Stream) -> bool {
    match stream {
        Stream::Stdout => io::stdout().is_terminal(),
        Stream::Stderr => io::stderr().is_terminal(),
    }
}

/// Whether the environment asks for colors, or the stream is a terminal that has them. NO_COLOR
/// beats FORCE_COLOR and CLICOLOR_FORCE, and these beat CLICOLOR=0.
fn is_colored_by_default(stream: Stream) -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    // anstream reads all variables but FORCE_COLOR (https://force-color.org).
    let is_forced = is_set("FORCE_COLOR") && !is_set("NO_COLOR");
    let choice = match stream {
        Stream::Stdout => AutoStream::choice(&io::stdout()),
        Stream::Stderr => AutoStream::choice(&io::stderr()),
    };
    is_forced || choice != ColorChoice::Never
}

/// Returns the width to fill: that of COLUMNS, else the terminal's, if the stream is one.
pub(crate) fn width(stream: Stream) -> Option<usize> {
    let configured = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let seen = || match stream {
        Stream::Stdout => columns(io::stdout()),
        Stream::Stderr => columns(io::stderr()),
    };
    configured.or_else(seen).map(|width: usize| width.max(40))
}

/// Returns the columns of a terminal. The crate `terminal_size` returns none if it has 0 rows, as
/// it has in `script` and in some CI systems.
#[cfg(unix)]
fn columns(stream: impl std::os::fd::AsFd) -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(stream).ok()?;
    Some(size.ws_col.into()).filter(|columns| *columns > 0)
}

#[cfg(not(unix))]
fn columns(stream: impl std::os::windows::io::AsHandle) -> Option<usize> {
    terminal_size::terminal_size_of(stream).map(|(width, _)| width.0.into())
}
