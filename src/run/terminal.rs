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
    let seen = Seen {
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
struct Seen {
    is_terminal: bool,
    is_dumb: bool,
    no_color: bool,
    takes_links: bool,
}

impl Seen {
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
    let told = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let seen = || terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| width.0.into());
    told.or_else(seen).unwrap_or(DEFAULT_WIDTH).max(40)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEST: Seen =
        Seen { is_terminal: true, is_dumb: false, no_color: false, takes_links: true };

    #[test]
    fn a_terminal_that_takes_them_gets_colours_and_links() {
        assert_eq!(BEST.color_and_links(Color::Auto), (true, true));
        assert_eq!(BEST.color_and_links(Color::Always), (true, true));
        let old = Seen { takes_links: false, ..BEST };
        assert_eq!(old.color_and_links(Color::Auto), (true, false));
    }

    #[test]
    fn who_wants_no_colours_gets_no_links_either() {
        assert_eq!(BEST.color_and_links(Color::Never), (false, false));
        let quiet = Seen { no_color: true, ..BEST };
        assert_eq!(quiet.color_and_links(Color::Auto), (false, false));
        assert_eq!(quiet.color_and_links(Color::Always), (true, true));
    }

    #[test]
    fn pipes_and_dumb_terminals_never_get_links() {
        for seen in [Seen { is_terminal: false, ..BEST }, Seen { is_dumb: true, ..BEST }] {
            assert_eq!(seen.color_and_links(Color::Auto), (false, false));
            assert_eq!(seen.color_and_links(Color::Always), (true, false));
            assert_eq!(seen.color_and_links(Color::Never), (false, false));
        }
    }
}
