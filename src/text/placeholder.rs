//! Placeholders: text that a template engine, a script or a reader replaces.
//!
//! The value of a placeholder is unknown and presumed valid; for kubeconfigs, see
//! [`crate::kubectl::rendered`]. Whether a value may be shown is another question, which
//! [`crate::secrets`] answers more strictly.

/// The marks with which template languages and shells start an expression or a statement.
const TEMPLATE_MARKS: [&str; 4] = ["{{", "{%", "<%", "%{"];

/// Returns whether the text contains expressions or statements of a template language.
pub(crate) fn is_template(text: &str) -> bool {
    TEMPLATE_MARKS.into_iter().any(|mark| text.contains(mark))
}

/// Returns the first word of a command line, in which an expression such as `{{ .Values.cmd }}` is
/// part of its word despite its blanks. `None` if the word contains anything else of a template
/// language: part of a statement or of a computation says nothing.
pub(crate) fn first_word(command: &str) -> Option<&str> {
    let is_end = |c: char| c.is_whitespace();
    let is_of_name = |c: char| is_name_char(c) || matches!(c, '$' | ' ');
    let command = command.trim_start();
    let mut end = 0;
    loop {
        let rest = command.get(end..)?;
        let word = rest.get(..rest.find(is_end).unwrap_or(rest.len()))?;
        let plain = word.find("{{").unwrap_or(word.len());
        if is_template(word.get(..plain)?) {
            return None;
        }
        end += plain;
        let Some(expression) = rest.get(plain..)?.strip_prefix("{{") else {
            return command.get(..end);
        };
        let length = expression.find(|c| !is_of_name(c)).unwrap_or(expression.len());
        expression.get(length..)?.strip_prefix("}}")?;
        end += "{{".len() + length + "}}".len();
    }
}

/// Returns whether a value is or contains a placeholder: `${name}`, `{{ name }}`, `[[ name ]]`, `$NAME`,
/// `$(command)`, `` `command` ``, `<name>`, `{name}`, `{0}`, `@NAME@`, `__NAME__`, `%NAME%`, `%s`, `...`,
/// or a value that SOPS encrypted.
pub(crate) fn is_in(value: &str) -> bool {
    has_named(value) || has_anonymous(value)
}

/// Like [`is_in`], for values that are base64 or an address. In those, a name in capitals such as
/// `CERT_DATA` and a command in backticks inside the value are placeholders too.
pub(crate) fn is_in_data(value: &str) -> bool {
    is_in(value) || is_in_capitals(value) || is_between(value, "`", "`", |c| c != '`')
}

/// Returns whether a value is a name or a pattern in capitals: `EXPIRY`, `YYYY-MM-DDTHH:MM:SSZ`.
pub(crate) fn is_in_capitals(value: &str) -> bool {
    let capitals = value.bytes().filter(u8::is_ascii_uppercase).count();
    let is_of_one = |c: char| {
        c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | ':' | '.' | ' ')
    };
    capitals >= 3 && value.chars().all(is_of_one)
}

/// Returns whether the value contains placeholders without a name (`%s`, `...`, `REDACTED`). The
/// same text elsewhere may stand for something else.
pub(crate) fn has_anonymous(value: &str) -> bool {
    is_elided(value) || verbs(value).any(|verb| !verb.starts_with('['))
}

/// Returns whether SOPS encrypted a value: `ENC[AES256_GCM,data:…,iv:…,tag:…,type:str]`.
///
/// Source: getsops/sops `aes/cipher.go` (`encre`).
pub(crate) fn is_encrypted(value: &str) -> bool {
    let inside = value.trim().strip_prefix("ENC[").and_then(|rest| rest.strip_suffix(']'));
    inside.is_some_and(|inside| inside.contains(",data:") && inside.contains(",type:"))
}

/// Returns whether a text omits something: `...`, `REDACTED`, `xxxx`.
fn is_elided(value: &str) -> bool {
    let is_crossed_out = |c: char| matches!(c, 'x' | 'X' | '*');
    ["...", "…", "REDACTED"].into_iter().any(|mark| value.contains(mark))
        || (value.len() >= 3 && value.chars().all(is_crossed_out))
}

fn has_named(value: &str) -> bool {
    is_template(value)
        || is_encrypted(value)
        || has_variable(value)
        || verbs(value).any(|verb| verb.starts_with('['))
        || is_between(value, "<", ">", |c| !matches!(c, '<' | '>' | '\n'))
        || is_between(value, "@", "@", is_name_char)
        || value
            .match_indices('{')
            .any(|(at, _)| value.get(at..).and_then(length_of_field).is_some())
        || (value.len() > 2 && value.starts_with('`') && value.ends_with('`'))
        || is_between(value, "__", "__", |c| c.is_ascii_uppercase() || is_digit_or_underscore(c))
        || value
            .match_indices('%')
            .any(|(at, _)| is_in_percent_signs(value.get(at..).unwrap_or("")))
        || value.match_indices("[[").any(|(at, _)| length_of_brackets(value, at).is_some())
}

/// Returns whether a text starts with `%name%`, and not with two escapes of an address: `%c3a%d0`.
fn is_in_percent_signs(text: &str) -> bool {
    let is_escape = |at: usize| {
        let digits = text.as_bytes().get(at + 1..at + 3);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    length_of_marked(text, "%").is_some_and(|length| !(is_escape(0) && is_escape(length - 1)))
}

fn is_digit_or_underscore(c: char) -> bool {
    c.is_ascii_digit() || c == '_'
}

fn is_name_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')
}

/// Returns whether the value contains `${name}`, `$(command)` or `$NAME`, or starts with `$1`.
fn has_variable(value: &str) -> bool {
    let is_start = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '{' | '(');
    value.strip_prefix('$').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        || value.split('$').skip(1).any(|rest| rest.starts_with(is_start))
}

/// The longest name searched for between two marks, in characters.
const MAX_NAME_LENGTH: usize = 80;

/// Returns whether the value contains a name between two marks. A name begins with a letter.
fn is_between(value: &str, open: &str, close: &str, is_inside: fn(char) -> bool) -> bool {
    value.match_indices(open).any(|(at, _)| {
        let rest = value.get(at + open.len()..).unwrap_or("");
        let end = rest.char_indices().take(MAX_NAME_LENGTH).find(|(at, c)| {
            !is_inside(*c) || (*at > 0 && rest.get(*at..).is_some_and(|r| r.starts_with(close)))
        });
        rest.starts_with(|c: char| c.is_ascii_alphabetic())
            && end.and_then(|(at, _)| rest.get(at..)).is_some_and(|rest| rest.starts_with(close))
    })
}

/// Yields the verbs of `printf` and the text after them, without the `%`: `s`, `v`, `[1]s`. Verbs
/// that are hexadecimal digits do not count: `%d0` may be an escape in an address.
fn verbs(value: &str) -> impl Iterator<Item = &str> {
    value.split('%').skip(1).filter(|rest| {
        let verb = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((number, verb)) if number.bytes().all(|b| b.is_ascii_digit()) => verb,
            Some(_) => return false,
            None => rest,
        };
        let mut chars = verb.chars();
        let is_verb = matches!(chars.next(), Some('s' | 'v' | 'q' | 'w' | 't'));
        is_verb && !chars.next().is_some_and(|c| c.is_ascii_alphanumeric())
    })
}

/// Returns the length in bytes of the placeholder at the start of a text, if it is one that cannot
/// start a YAML scalar: `@NAME@`, `@@NAME@@`, `%NAME%`, `%s`.
pub(crate) fn length_of_word(text: &str) -> Option<usize> {
    let marked = ["@@", "@", "%"].into_iter().find_map(|mark| length_of_marked(text, mark));
    if marked.is_some() {
        return marked;
    }
    let rest = text.strip_prefix('%')?;
    let length = match rest.strip_prefix('[') {
        Some(number) => 1 + number.bytes().take_while(u8::is_ascii_digit).count() + 1,
        None => 0,
    };
    let end = 1 + length + 2;
    let end = (end..=end + 4).find(|&end| text.is_char_boundary(end)).unwrap_or(text.len());
    let is_verb = verbs(text.get(..end)?).next().is_some();
    is_verb.then_some(1 + length + 1)
}

/// Returns the length in bytes of a name between two marks at the start of a text.
fn length_of_marked(text: &str, mark: &str) -> Option<usize> {
    let rest = text.strip_prefix(mark)?;
    let length = rest.find(|c| !is_name_char(c))?;
    let is_name = rest.starts_with(|c: char| c.is_ascii_alphabetic()) && length <= MAX_NAME_LENGTH;
    (is_name && rest.get(length..)?.starts_with(mark)).then_some(length + 2 * mark.len())
}

/// Returns the length in bytes of the expression `[[ name ]]` at the offset `at`. Without a blank or
/// another mark before the name, it may be a list in a list.
pub(crate) fn length_of_brackets(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?.strip_prefix("[[")?;
    let length = rest.find(|c| !(is_name_char(c) || matches!(c, ' ' | '$' | '|')))?;
    let name = rest.get(..length)?;
    let is_expression = name.starts_with([' ', '.', '$', '-']) && length <= MAX_NAME_LENGTH;
    let has_name = name.contains(|c: char| c.is_ascii_alphabetic());
    let is_closed = rest.get(length..)?.starts_with("]]");
    (is_expression && has_name && is_closed).then_some(length + "[[]]".len())
}

/// Returns the length in bytes of the format field `{name}` or `{0}` at the start of a text.
pub(crate) fn length_of_field(text: &str) -> Option<usize> {
    let rest = text.strip_prefix('{')?;
    let length = rest.find(|c| !is_name_char(c))?;
    let is_name = rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    let is_field =
        is_name && length <= MAX_NAME_LENGTH && rest.as_bytes().get(length) == Some(&b'}');
    is_field.then_some(length + 2)
}

/// Returns whether `rest` starts with a placeholder or a comment.
pub(crate) fn is_start(rest: &str) -> bool {
    ["{{", "{%", "$", "<", "%", "@", "...", "…", "#", "//", "/*"]
        .into_iter()
        .any(|mark| rest.starts_with(mark))
}

/// Returns whether a text is an excerpt, marked as such where it omits lines.
pub(crate) fn is_excerpt(text: &str) -> bool {
    ["...", "…", "@@"].into_iter().any(|mark| text.contains(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholder_is_in_recognizes_every_style() {
        for value in [
            "{{ .Expiry }}",
            "a-{{name}}-b",
            "{% if x %}a{% endif %}",
            "<%= x %>",
            "${EXPIRY}",
            "https://${host}:6443",
            "https://{1}",
            "$(cat ca | base64)",
            "`cat ca | base64`",
            "$EXPIRY",
            "arn:aws:eks:$region",
            "$1",
            "<time>",
            "https://<api server>",
            "{ca}",
            "https://{host}:6443",
            "@CA@",
            "https://@HOST@:@PORT@",
            "@@CA@@",
            "__CA__",
            "%CLUSTER%",
            "%cluster_name%",
            "%ca%",
            "%CA_DATA%",
            "https://%host%:6443",
            "[[ ca ]]",
            "https://[[.host]]:6443",
            "%s",
            "https://%s:6443",
            "%[1]s",
            "...",
            "LS0t…",
            "-----BEGIN CERTIFICATE-----\n...\n-----END CERTIFICATE-----\n",
            "REDACTED",
            "xxxx",
            "ENC[AES256_GCM,data:JK0=,iv:AAAA,tag:BBBB==,type:str]",
        ] {
            assert!(is_in(value) && is_in_data(value), "{value}");
        }
        for value in ["CERT_DATA", "YYYY-MM-DDTHH:MM:SSZ", "EXPIRATION_TIMESTAMP", "CA_V1", "a`id`"]
        {
            assert!(!is_in(value) && is_in_data(value), "{value}");
        }
    }

    #[test]
    fn placeholder_is_in_rejects_literals() {
        for value in [
            "",
            "soon",
            "2030-01-02",
            "2030-01-02T15:04:05",
            "Z",
            "1700000000",
            "cert",
            "xxx-prod",
            "prod-XXX",
            "a$",
            "$$",
            "pa$5word",
            "a < b",
            "a<",
            "me@example.com",
            "kubernetes-admin@kubernetes",
            "a@b@",
            "100%",
            "https://example.com/%20a%d0%b0",
            "https://example.com/%c3x%d0%b0",
            "100% of %x",
            "[[a, b]]",
            "[[a]]",
            "x[[ 0 ]]",
            "__init__",
            "LS0tLS1CRUdJTg==",
        ] {
            let is_literal = !is_in(value) && !is_in_capitals(value);
            assert!(is_literal || value == "a@b@", "{value}");
        }
    }

    #[test]
    fn first_word_holds_whole_expressions_or_none() {
        for (command, word) in [
            ("", Some("")),
            (" aws eks", Some("aws")),
            ("{{ .Values.cmd }}", Some("{{ .Values.cmd }}")),
            ("{{- .a -}}/x-{{$b}} {{ .c | quote }}", Some("{{- .a -}}/x-{{$b}}")),
            ("a{{ .b", None),
            ("{{ .path | default \"/usr/bin/x\" }}", None),
            ("{% if a %}b", None),
            ("x<%= @a / @b %>", None),
            ("%{ if a }b", None),
            ("${path.module}/x y", Some("${path.module}/x")),
        ] {
            assert_eq!(first_word(command), word, "{command}");
        }
    }

    #[test]
    fn has_anonymous_recognizes_nameless_placeholders() {
        for value in ["%s", "a-%s", "...", "xxx", "REDACTED", "%q-${a}"] {
            assert!(has_anonymous(value), "{value}");
        }
        for value in ["%[1]s", "${a}", "<a>", "@A@", "{{ a }}", "xxx-prod", "$a"] {
            assert!(!has_anonymous(value), "{value}");
        }
    }

    #[test]
    fn length_of_word_ends_with_the_placeholder() {
        for (text, length) in [
            ("@CA@}", Some(4)),
            ("%CA%-x", Some(4)),
            ("%ca%", Some(4)),
            ("@@CA@@}", Some(6)),
            ("@@CA@", None),
            ("%s\na: [b]", Some(2)),
            ("%[12]s}", Some(6)),
            ("%20a", None),
            ("@a b@", None),
            ("%", None),
            ("%é", None),
        ] {
            assert_eq!(length_of_word(text), length, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn placeholder_functions_accept_any_text(text in "[-a-cXS$%{}()<>@_.\\[\\]é…*1]{0,40}") {
            let _ = is_in_data(&text) || has_anonymous(&text) || is_start(&text);
            proptest::prop_assert!(first_word(&text).is_none_or(|word| text.contains(word)));
            if let Some(length) = length_of_word(&text) {
                proptest::prop_assert!(text.get(..length).is_some());
            }
        }
    }
}
