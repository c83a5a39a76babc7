//! What standard output supports: colors, links, and its width.

use std::io::{self, IsTerminal};

use anstream::{AutoStream, ColorChoice};

use crate::cli::Color;
use crate::report::Style;

const DEFAULT_WIDTH: usize = 120;

/// The style of reports in files.
pub(super) const PLAIN: Style =
    Style { color: false, links: false, width: DEFAULT_WIDTH, wraps: false };

/// Returns the style of a report on standard output.
pub(super) fn style(when: Color) -> Style {
    let color = match when {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => is_colored_by_default(),
    };
    // A reader of a pipe may accept colors, but hardly ever links.
    let may_link =
        io::stdout().is_terminal() && std::env::var_os("TERM").is_none_or(|t| t != "dumb");
    let width = width();
    Style {
        color,
        links: color && may_link && supports_hyperlinks::supports_hyperlinks(),
        width: width.unwrap_or(DEFAULT_WIDTH),
        wraps: width.is_some(),
    }
}

/// Whether the environment asks for colors, or standard output is a terminal that has them.
/// NO_COLOR beats FORCE_COLOR and CLICOLOR_FORCE, and these beat CLICOLOR=0.
fn is_colored_by_default() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    // anstream reads all variables but FORCE_COLOR (https://force-color.org).
    let is_forced = is_set("FORCE_COLOR") && !is_set("NO_COLOR");
    is_forced || AutoStream::choice(&io::stdout()) != ColorChoice::Never
}

/// Returns the width to fill: that of COLUMNS, else the terminal's, if standard output is one.
fn width() -> Option<usize> {
    let configured = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let seen = || terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| width.0.into());
    configured.or_else(seen).map(|width: usize| width.max(40))
}
