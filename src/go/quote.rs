//! Strings as Go quotes them: `strconv.Quote` and `%q`.

use crate::kubernetes::version::Minor;

/// Quotes a text like Go's `%q`, for the characters that kubeconfigs need.
pub(crate) fn go_quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{7}' => quoted.push_str("\\a"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{b}' => quoted.push_str("\\v"),
            '\u{c}' => quoted.push_str("\\f"),
            c if c.is_ascii_control() => quoted.push_str(&format!("\\x{:02x}", c as u32)),
            c if is_go_printable(c) => quoted.push(c),
            c if (c as u32) < 0x1_0000 => quoted.push_str(&format!("\\u{:04x}", c as u32)),
            c => quoted.push_str(&format!("\\U{:08x}", c as u32)),
        }
    }
    quoted.push('"');
    quoted
}

/// Quotes a text like the `%q` of the Go that a kubectl was built with: Go 1.19 changed how it
/// writes U+007F.
pub(crate) fn quote_by(text: &str, minor: Minor) -> String {
    const NEW_LOOKS_SINCE: Minor = Minor(25);
    if minor >= NEW_LOOKS_SINCE {
        return go_quote(text);
    }
    let inner = |part: &str| {
        let quoted = go_quote(part);
        quoted.get(1..quoted.len() - 1).unwrap_or("").to_owned()
    };
    let parts: Vec<String> = text.split('\u{7f}').map(inner).collect();
    format!("\"{}\"", parts.join("\\u007f"))
}

/// Go's `strconv.IsPrint`: no control or format characters, and no blank except U+0020.
fn is_go_printable(c: char) -> bool {
    let format = matches!(c, '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{70f}'
        | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{e000}'..='\u{f8ff}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..);
    !(c.is_control() || format || (c.is_whitespace() && c != ' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn go_quote_matches_go() {
        assert_eq!(go_quote("v1beta1\n"), r#""v1beta1\n""#);
        assert_eq!(go_quote("v1\u{a0}é\u{200b}\""), r#""v1\u00a0é\u200b\"""#);
        assert_eq!(go_quote("\u{1b}[31m"), r#""\x1b[31m""#);
        assert_eq!(quote_by("a\u{7f}b", Minor(24)), r#""a\u007fb""#);
        assert_eq!(quote_by("a\u{7f}b", Minor(25)), r#""a\x7fb""#);
    }
}
