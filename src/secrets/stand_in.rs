//! What stands where a secret will be, and is none: variables, placeholders, and the words that
//! documents use.

/// Words of which a made-up value consists.
const WORDS: [&str; 34] = [
    "a",
    "access",
    "api",
    "bearer",
    "changeme",
    "client",
    "credential",
    "dummy",
    "example",
    "fake",
    "foo",
    "here",
    "id",
    "insert",
    "jwt",
    "key",
    "k8s",
    "my",
    "password",
    "placeholder",
    "redacted",
    "sample",
    "secret",
    "some",
    "test",
    "that",
    "the",
    "this",
    "token",
    "user",
    "value",
    "xxx",
    "xxxx",
    "your",
];

/// Whether a value is no secret: nothing at all, a variable of a shell, a verb of a format, a
/// placeholder, or words such as `some-token`.
pub(super) fn is_stand_in(value: &str) -> bool {
    let value = value.trim_matches(|c: char| c.is_whitespace() || "\"'`\\,".contains(c));
    if value.is_empty() || value.bytes().all(|byte| matches!(byte, b'.' | b'*')) {
        return true;
    }
    let around = |start, end| {
        value.strip_prefix(start).and_then(|rest: &str| rest.strip_suffix(end)).is_some_and(
            |inner: &str| !inner.is_empty() && !inner.contains(start) && !inner.contains(end),
        )
    };
    if around("{{", "}}") || around("${", "}") || around("$(", ")") {
        return true;
    }
    let is_name = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    let named = |start, end| {
        let inner = value.strip_prefix(start).and_then(|rest| rest.strip_suffix(end));
        inner.is_some_and(|inner: &str| is_name(&inner.replace(['-', ' ', '.'], "_")))
    };
    if named("<", ">") || named("{", "}") || value.strip_prefix('$').is_some_and(is_name) {
        return true;
    }
    // `%s`, `%v`, `%[1]q`, `%(token)s`.
    if let Some(verb) = value.strip_prefix('%') {
        let verb = verb.trim_start_matches('%');
        let name = |open, close| verb.strip_prefix(open).and_then(|rest| rest.split_once(close));
        let verb = name('[', ']').or(name('(', ')')).map_or(verb, |(_, verb)| verb);
        return verb.len() == 1 && verb.bytes().all(|byte| byte.is_ascii_alphabetic());
    }
    // AWS ends the keys in its documents so.
    if value.ends_with("EXAMPLE") || value.ends_with("EXAMPLEKEY") {
        return true;
    }
    let mut words = value.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty());
    words.all(|word| WORDS.contains(&word.to_ascii_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_for_a_secret_is_none() {
        for value in [
            "",
            "'",
            "$token",
            "\"$TOKEN\"",
            "${TOKEN:-}",
            "$(cat token)",
            "%s",
            "%%v",
            "%[1]q",
            "%(token)s",
            "<token>",
            "<your token>",
            "{{ .Token }}",
            "{token}",
            "some-token",
            "YOUR_TOKEN_HERE",
            "my-secret",
            "EXAMPLE",
            "AKIAIOSFODNN7EXAMPLE",
            "...",
            "***",
            "REDACTED",
        ] {
            assert!(is_stand_in(value), "{value}");
        }
        for value in [
            "hunter2",
            "hunter2hunter2",
            "$token-hunter2",
            "${a}hunter2${b}",
            "{{a}}hunter2{{b}}",
            "%shunter2",
            "<a>hunter2<b>",
            "token-hunter2",
            "some-token-1f2e",
            "HUNTER",
            "eyJhbGci",
        ] {
            assert!(!is_stand_in(value), "{value}");
        }
    }
}
