//! Recognizes placeholders for secrets, which cannot be secrets themselves.

/// Returns whether a value cannot be a secret: it is empty, a placeholder, or the mark of a removed
/// secret. A plain word does not qualify, however made up it looks: somebody's password is
/// `changeme`.
///
/// Source of `REDACTED` and `DATA+OMITTED`: kubectl `config view`.
pub(super) fn is_stand_in(value: &str) -> bool {
    let value = value.trim_matches(|c: char| c.is_whitespace() || "\"'`\\,".contains(c));
    let is_mark = matches!(value, "" | "null" | "~" | "REDACTED" | "[REDACTED]" | "DATA+OMITTED");
    if is_mark || value.bytes().all(|byte| matches!(byte, b'.' | b'*')) {
        return true;
    }
    let inside = |start, end| value.strip_prefix(start).and_then(|rest| rest.strip_suffix(end));
    // Quotes, or what follows `:-`, may hold a default.
    let is_expression = |text: &str| {
        let is_part = |c: char| c.is_ascii_alphanumeric() || "_ .|-()[]$".contains(c);
        text.chars().all(is_part) && text.contains(|c: char| c.is_ascii_alphabetic())
    };
    let is_reference = |text: &str| {
        let is_part = |c: char| c.is_ascii_alphanumeric() || "_.[]".contains(c);
        text.chars().all(is_part) && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
    };
    let reads_file = |text: &str| {
        let file = text.strip_prefix("cat ").or_else(|| text.strip_prefix('<'));
        let is_part = |c: char| c.is_ascii_alphanumeric() || "_.-/~".contains(c);
        file.is_some_and(|file| file.trim().chars().all(is_part))
    };
    inside("{{", "}}").is_some_and(is_expression)
        || inside("${", "}").is_some_and(|name| is_reference(name.trim_end_matches(":-")))
        || inside("$(", ")").is_some_and(|command| is_reference(command) || reads_file(command))
        || inside("<", ">").is_some_and(|name| is_reference(&name.replace([' ', '-'], "_")))
        || inside("@", "@").is_some_and(|name| is_reference(&name.replace('-', "_")))
        || is_verb(value)
}

/// Returns whether the value is a format verb: `%s`, `%v`, `%[1]q`, `%(token)s`.
fn is_verb(value: &str) -> bool {
    let Some(verb) = value.strip_prefix('%') else { return false };
    let verb = verb.strip_prefix('%').unwrap_or(verb);
    let name = |open, close| verb.strip_prefix(open).and_then(|rest| rest.split_once(close));
    let verb = name('[', ']').or(name('(', ')')).map_or(verb, |(_, verb)| verb);
    verb.len() == 1 && verb.bytes().all(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_stand_in_accepts_only_what_cannot_be_a_secret() {
        for value in [
            "",
            "'",
            "null",
            "${TOKEN}",
            "\"${TOKEN:-}\"",
            "${var.token}",
            "$(cat token)",
            "$(TOKEN)",
            "%s",
            "%%v",
            "%[1]q",
            "%(token)s",
            "<token>",
            "<your token>",
            "{{ .Token }}",
            "{{ .Values.token | b64enc }}",
            "@TOKEN@",
            "...",
            "***",
            "REDACTED",
            "DATA+OMITTED",
        ] {
            assert!(is_stand_in(value), "{value}");
        }
        for value in [
            "test",
            "password",
            "Changeme",
            "secret",
            "some-token",
            "YOUR_TOKEN_HERE",
            "EXAMPLE",
            "AKIAIOSFODNN7EXAMPLE",
            "xxxx",
            "redacted",
            "$ecret",
            "$TOKEN",
            "{token}",
            "hunter2",
            "$token-hunter2",
            "${a}hunter2${b}",
            "${TOKEN:-hunter2}",
            "${TOKEN-hunter2}",
            "{{a}}hunter2{{b}}",
            "{{ .Token | default \"hunter2\" }}",
            "$(echo hunter2)",
            "%shunter2",
            "<a>hunter2<b>",
            "a@b@",
            "eyJhbGci",
        ] {
            assert!(!is_stand_in(value), "{value}");
        }
    }
}
