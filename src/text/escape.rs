//! Escapes text from files and paths for display: no terminal control characters, no invisible
//! characters, and nothing that a CI log reads as a command.

use std::io;

/// Returns whether a `[` after this text would start a CI command: `##[` for GitHub's runner,
/// `##vso[` for Azure Pipelines, `##teamcity[` for TeamCity. They obey these anywhere in a line.
pub(crate) fn opens_command(before: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    before.trim_end_matches(is_word).ends_with("##")
}

/// Returns whether the text contains a CI command such as `##vso[`.
pub(crate) fn holds_command(text: &str) -> bool {
    text.match_indices('[').any(|(at, _)| text.get(..at).is_some_and(opens_command))
}

/// Returns whether a terminal hides `c`, obeys it, or shows it like a blank.
pub(crate) fn is_invisible(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    let ignorable = matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}'
        | '\u{890}'..='\u{891}' | '\u{8e2}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}');
    ignorable || c.is_control() || c.is_whitespace()
}

/// Appends a visible form of `c`: a U+240x picture for an ASCII control character, `\u{…}` for
/// anything else.
pub(crate) fn push_picture(out: &mut String, c: char) {
    let picture = match u32::from(c) {
        code @ 0..0x20 => char::from_u32(0x2400 + code),
        0x7f => Some('\u{2421}'),
        _ => None,
    };
    match picture {
        Some(picture) => out.push(picture),
        None => out.extend(c.escape_unicode()),
    }
}

/// Returns `text` on one line with every character visible; line breaks and tabs become `\n`, `\r`
/// and `\t`.
pub(crate) fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '[' if opens_command(&out) => out.extend(c.escape_unicode()),
            c if is_invisible(c) => push_picture(&mut out, c),
            c => out.push(c),
        }
    }
    out
}

/// Returns the lines of `text`, each made visible, and escaped if the log would read it as a
/// command.
pub(crate) fn visible_lines(text: &str) -> Vec<String> {
    let line = |line: &str| {
        let line = visible(line.trim_end());
        if is_command(&line) { line.replacen(':', "\\u{3a}", 1) } else { line }
    };
    text.lines().map(line).collect()
}

/// Returns the path in a form that is safe at the start of a log line.
pub(crate) fn visible_path(path: &str) -> String {
    let path = visible(path);
    // What follows the path in a line begins with a colon.
    if path.trim_start().starts_with(':') { format!("./{path}") } else { path }
}

/// Returns whether GitHub's runner reads the line as a command. The runner trims leading blanks.
fn is_command(line: &str) -> bool {
    line.trim_start().starts_with("::")
}

/// Replaces invisible characters and CI commands in JSON by `\u` escapes, without changing its
/// meaning: both can only occur inside strings, where such escapes are allowed.
pub(crate) fn json(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut units = [0; 2];
    let mut rest = text;
    loop {
        // Copy what needs no look at once: reports consist of little else.
        let is_plain = |byte: &u8| matches!(byte, b'\n' | b' '..=b'Z' | b'\\'..=b'~');
        let plain = rest.bytes().take_while(|byte| is_plain(byte)).count();
        let (before, after) = rest.split_at(plain);
        out.push_str(before);
        let mut chars = after.chars();
        let Some(c) = chars.next() else { return out };
        rest = chars.as_str();
        if is_invisible(c) || (c == '[' && opens_command(&out)) {
            for unit in c.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(c);
        }
    }
}

/// Returns the system's message without the error number.
pub(crate) fn plain_reason(error: &io::Error) -> String {
    let text = error.to_string();
    let plain = text.split(" (os error").next().unwrap_or(&text);
    let mut chars = plain.chars();
    let first = chars.next().map(|c| c.to_lowercase().collect::<String>()).unwrap_or_default();
    format!("{first}{}", chars.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn visible_spells_out_invisible_characters() {
        for (raw, shown) in [
            ("a\x1b[31mb\x07", "a␛[31mb␇"),
            ("a\nb\r\n\tc", "a\\nb\\r\\n\\tc"),
            ("\0\x7f\u{9b}", "␀␡\\u{9b}"),
            ("v1\u{202e}1ahpla", "v1\\u{202e}1ahpla"),
            ("v1\u{200b}\u{feff}\u{a0}\u{e0041}", "v1\\u{200b}\\u{feff}\\u{a0}\\u{e0041}"),
            ("日本 e\u{301} 😀", "日本 e\u{301} 😀"),
            ("##[error]x ###[y", "##\\u{5b}error]x ###\\u{5b}y"),
            ("a##vso[x.y]b ##TeamCity[z", "a##vso\\u{5b}x.y]b ##TeamCity\\u{5b}z"),
            ("## Title [x] #a[b]", "## Title [x] #a[b]"),
        ] {
            assert_eq!(visible(raw), shown, "{raw:?}");
        }
    }

    #[test]
    fn visible_path_and_lines_disarm_commands() {
        assert_eq!(visible_path("::error::x"), "./::error::x");
        assert_eq!(visible_path("  ::error::x"), "./  ::error::x");
        assert_eq!(visible_path(":"), "./:");
        assert_eq!(visible_path("a::error::x"), "a::error::x");
        assert_eq!(visible_lines("a \n ::error::b\r\nc"), ["a", " \\u{3a}:error::b", "c"]);
    }

    #[test]
    fn escaped_json_keeps_its_meaning() {
        let value = serde_json::json!({ "a\u{1b}": ["##[error]\u{9b}\u{202e}", "##vso[x]", "\u{e0041}\n😀"] });
        let written = json(&serde_json::to_string_pretty(&value).unwrap());
        assert!(!holds_command(&written), "{written}");
        assert!(!written.chars().any(|c| is_invisible(c) && c != '\n'), "{written}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&written).unwrap(), value);
    }

    proptest! {
        #[test]
        fn visible_leaves_nothing_invisible_in_any_text(text in "([a\\[#]|\\PC|\\pC){0,40}") {
            let shown = visible(&text);
            prop_assert!(!shown.chars().any(is_invisible), "{shown:?}");
            prop_assert!(!holds_command(&shown), "{shown:?}");
        }
    }
}
