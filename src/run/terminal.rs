//! What standard output supports: colors, links, and its width.

use std::io::{self, IsTerminal};

use crate::cli::Color;
use crate::report::Style;

const DEFAULT_WIDTH: usize = 120;

/// The style of reports in files.
pub(super) const PLAIN: Style = Style { color: false, links: false, width: DEFAULT_WIDTH };

/// Returns the style of a report on standard output.
pub(super) fn style(when: Color) -> Style {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let seen = Terminal {
        is_terminal: io::stdout().is_terminal(),
        is_dumb: std::env::var_os("TERM").is_some_and(|term| term == "dumb"),
        no_color: is_set("NO_COLOR"),
        takes_links: supports_hyperlinks::supports_hyperlinks(),
    };
    let (color, links) = seen.color_and_links(when);
    Style { color, links, width: width() }
}

/// What we know about standard output and the environment.
#[derive(Clone, Copy)]
struct Terminal {
    is_terminal: bool,
    is_dumb: bool,
    no_color: bool,
    takes_links: bool,
}

impl Terminal {
    /// Returns whether to use colors, and links. Links need colors and a terminal: a reader of a
    /// pipe may accept colors, but hardly ever links.
    fn color_and_links(self, when: Color) -> (bool, bool) {
        let color = match when {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => self.is_terminal && !self.is_dumb && !self.no_color,
        };
        (color, color && self.is_terminal && !self.is_dumb && self.takes_links)
    }
}

/// Returns the width to fill: that of COLUMNS, else the terminal's, else a default.
fn width() -> usize {
    let configured = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let seen = || terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| width.0.into());
    configured.or_else(seen).unwrap_or(DEFAULT_WIDTH).max(40)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEST: Terminal =
        Terminal { is_terminal: true, is_dumb: false, no_color: false, takes_links: true };

    #[test]
    fn color_and_links_are_on_in_a_capable_terminal() {
        assert_eq!(BEST.color_and_links(Color::Auto), (true, true));
        assert_eq!(BEST.color_and_links(Color::Always), (true, true));
        let old = Terminal { takes_links: false, ..BEST };
        assert_eq!(old.color_and_links(Color::Auto), (true, false));
    }

    #[test]
    fn color_and_links_are_off_with_no_color() {
        assert_eq!(BEST.color_and_links(Color::Never), (false, false));
        let quiet = Terminal { no_color: true, ..BEST };
        assert_eq!(quiet.color_and_links(Color::Auto), (false, false));
        assert_eq!(quiet.color_and_links(Color::Always), (true, true));
    }

    #[test]
    fn links_are_off_in_pipes_and_dumb_terminals() {
        for seen in [Terminal { is_terminal: false, ..BEST }, Terminal { is_dumb: true, ..BEST }] {
            assert_eq!(seen.color_and_links(Color::Auto), (false, false));
            assert_eq!(seen.color_and_links(Color::Always), (true, false));
            assert_eq!(seen.color_and_links(Color::Never), (false, false));
        }
    }
}
