//! Follows the value of a literal outward through the operators and calls around it, to what is
//! assigned, passed or looked up. `x = os.getenv("V", "…")` assigns the literal to `x`, and so do
//! `x = a ?? "…"`, `x = old ? "…" : b` and `x = y.unwrap_or_else(|| "…".into())`.

use crate::carrier::key::{Joint, Key, before_literal};
use crate::carrier::vocabulary;
use crate::text::source::{window_after, window_before};

/// Limit on the expressions around a literal.
const MAX_EXPRESSIONS: usize = 6;

/// Returns where the expressions begin that may have the value of the literal at `at`, from the
/// inside outward. The literal itself is included only if a condition follows it.
pub(super) fn enclosing_starts(text: &str, at: usize) -> impl Iterator<Item = usize> {
    let before = window_before(text, at);
    let cut = at - before.len();
    let first = before_literal(before).unwrap_or(before);
    let literal = is_conditional(text, at).then_some(first);
    let places =
        literal.into_iter().chain(std::iter::successors(around(first), |rest| around(rest)));
    places.take(MAX_EXPRESSIONS).map(move |rest| cut + rest.len())
}

/// Returns whether Python's condition follows the literal at `at`: `"…" if old else "…"`.
fn is_conditional(text: &str, at: usize) -> bool {
    let rest = window_after(text, at);
    let end = rest.find(['"', '\'']).unwrap_or(rest.len());
    rest.get(end + 1..).is_some_and(|rest| rest.starts_with(" if "))
}

/// Returns the flag or setting whose default is the literal at `at`: an earlier argument of the
/// same call whose name ends in `api-version`.
pub(super) fn flag(text: &str, at: usize) -> Option<Key<'_>> {
    let before = window_before(text, at);
    let rest = before_literal(before).unwrap_or(before).trim_end();
    let arguments = without_default_name(rest);
    let is_named = arguments.len() < rest.len();
    let arguments = arguments.trim_end().strip_suffix(',')?;
    let open = enclosing(arguments)?;
    let arguments = open.strip_suffix('(').and(arguments.get(open.len()..))?;
    let parts: Vec<&str> = arguments.split(['"', '\'', '`']).collect();
    let mut start = at - before.len() + open.len();
    parts.iter().enumerate().find_map(|(number, part)| {
        let begin = start;
        start += part.len() + 1;
        // `-v, --api-version <version>`.
        let is_spec = part.starts_with('-');
        let mut words = part.split([' ', ',', '=']).filter(|word| !word.is_empty());
        let name = words.find(|word| vocabulary::ends_in_api_version(word))?;
        let is_name = number % 2 == 1 && (is_spec || name == *part);
        // Only a short name and a description may come between; the pairs of a logger have values.
        let between = parts.iter().skip(number + 1).step_by(2);
        let is_next =
            || between.clone().all(|part| part.trim_matches([' ', ',', '\n', '\t']).is_empty());
        let start = begin + part.find(name)?;
        let is_default = is_name && (is_spec || is_named || is_next());
        is_default.then_some(Key { name, start, joint: Joint::Comma })
    })
}

/// Returns whether the statement that assigns to a name runs only if the name has no value yet:
/// `if v == "" { v = … }`. `before` is the text before the name.
pub(super) fn fills_in(before: &str, name: &str) -> bool {
    const EMPTY: [&str; 8] = ["\"\"", "''", "nil", "null", "none", "not ", "!", "empty"];
    let before = before.trim_end_matches(|c: char| c.is_whitespace() || "{:()".contains(c));
    let head = before.rsplit(['\n', ';']).next().unwrap_or("");
    let start = head.trim_start().trim_start_matches(['}', ' ']);
    let is_condition = start.starts_with("if ") || start.starts_with("if(");
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let head = head.to_ascii_lowercase();
    is_condition
        && EMPTY.into_iter().any(|empty| head.contains(empty))
        && head.split(|c| !is_word(c)).any(|word| word.eq_ignore_ascii_case(name))
}

/// Returns the text before the next larger expression with the same value as the expression that
/// follows `before`; `None` if there is none.
fn around(before: &str) -> Option<&str> {
    let rest = before.trim_end();
    if let Some(left) = ["??", "?:"].into_iter().find_map(|mark| rest.strip_suffix(mark)) {
        return operand(left, Stop::Value);
    }
    if let Some(left) = rest.strip_suffix("||") {
        // `|| …` of Rust is a closure without arguments.
        let left = left.trim_end();
        return if left.ends_with('(') { around(left) } else { operand(left, Stop::Value) };
    }
    if let Some(left) = rest.strip_suffix(" or") {
        return operand(left, Stop::Value);
    }
    if let Some(left) = rest.strip_suffix(" else") {
        let left = left.trim_end().trim_end_matches('}');
        return operand(left, Stop::Condition);
    }
    if let Some(left) = rest.strip_suffix('?').or_else(|| ternary(rest)) {
        return operand(left, Stop::Condition);
    }
    if let Some(closure) = rest.strip_suffix("=>").or_else(|| rest.strip_suffix("lambda:")) {
        let closure = closure.trim_end();
        let closure = closure.strip_suffix("()").unwrap_or(closure);
        return closure.ends_with(['(', ',']).then(|| around(closure))?;
    }
    // A block that computes the default: `fetch("V") { "…" }`.
    if let Some(callee) = rest.strip_suffix('{') {
        let callee = callee.trim_end();
        let name = callee.split_once('(').map_or(callee, |_| before_call(callee));
        let name = name.rsplit(['.', '>', ':']).next().unwrap_or("").to_ascii_lowercase();
        let is_default = ["else", "fetch", "ifempty", "ifblank"].iter().any(|n| name.ends_with(n));
        return if is_default { operand(callee, Stop::Value) } else { None };
    }
    let rest = without_default_name(rest);
    let open = match rest.strip_suffix(',') {
        Some(arguments) => enclosing(arguments)?,
        None => rest,
    };
    let callee = open.strip_suffix('(')?;
    operand(callee, Stop::Value)
}

/// Strips the arguments of the call that a text ends with.
fn before_call(text: &str) -> &str {
    let open = text.strip_suffix(')').and_then(|inner| enclosing(inner));
    open.and_then(|open| open.strip_suffix('(')).unwrap_or(text)
}

/// Strips the name of an argument that holds a default.
fn without_default_name(text: &str) -> &str {
    let Some(rest) = text.strip_suffix(['=', ':']) else { return text };
    let rest = rest.trim_end();
    let start = rest.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_').len();
    let (before, name) = rest.split_at_checked(start).unwrap_or((rest, ""));
    let is_default = matches!(
        vocabulary::letters(name).as_str(),
        "default" | "defaultvalue" | "fallback" | "value"
    );
    if !is_default {
        return text;
    }
    let before = before.trim_end();
    // `{ default: … }`.
    before.strip_suffix('{').map_or(before, str::trim_end)
}

/// Returns the text up to the condition of `a ? b : c`, for a text that ends with the colon.
fn ternary(text: &str) -> Option<&str> {
    let rest = text.strip_suffix(':')?;
    let first = operand(rest, Stop::Question)?;
    first.strip_suffix('?')
}

/// Returns the text up to and including the innermost bracket that is still open.
pub(super) fn enclosing(before: &str) -> Option<&str> {
    operand(before, Stop::Bracket)
}

/// Where an operand begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stop {
    /// After what assigns, passes or returns a value; a compared operand does not count.
    Value,
    /// The same as `Value`, but the operand may be compared.
    Condition,
    /// After the enclosing opening bracket.
    Bracket,
    /// After the preceding question mark.
    Question,
}

/// Returns the text before the operand that a text ends with; `None` if it does not end with one.
fn operand(text: &str, stop: Stop) -> Option<&str> {
    let bytes = text.as_bytes();
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(b'\n');
    let (mut at, mut depth) = (bytes.len(), 0_usize);
    while at > 0 {
        at -= 1;
        let (before, after) = (at.checked_sub(1).map_or(b'\n', byte), byte(at + 1));
        match byte(at) {
            quote @ (b'"' | b'\'' | b'`') => {
                let line = bytes.get(..at)?;
                let open = line.iter().rposition(|&c| c == quote || c == b'\n');
                // A quote without a partner is an apostrophe.
                at = open.filter(|&open| byte(open) == quote).unwrap_or(at);
            }
            b')' | b']' | b'}' => depth += 1,
            b'(' | b'[' | b'{' if depth > 0 => depth -= 1,
            _ if depth > 0 => {}
            b'(' | b'[' | b'{' => {
                return if matches!(stop, Stop::Question) { None } else { text.get(..=at) };
            }
            _ if stop == Stop::Bracket => {}
            b'?' if stop == Stop::Question && !matches!(after, b'.' | b'?' | b':') => {
                return text.get(..=at);
            }
            b';' if stop == Stop::Question => return None,
            _ if stop == Stop::Question => {}
            b',' | b';' => return text.get(..=at),
            // Comparisons and arrows; a compared operand does not pass its value on.
            b'=' if matches!(before, b'=' | b'!' | b'<' | b'>' | b'~') => {
                if stop == Stop::Value {
                    return None;
                }
                at -= 1;
            }
            b'=' if matches!(after, b'>') => return text.get(..at + 2),
            b'=' if matches!(after, b'=' | b'~') => {}
            b'=' => return text.get(..=at),
            b'+' if stop == Stop::Value => return None,
            b':' if before == b':' => at -= 1,
            b':' if matches!(after, b' ' | b'\n' | b'"' | b'\'') => return text.get(..=at),
            b'\n' => {
                let above = text.get(..at)?.trim_end();
                let below = text.get(at..)?.trim_start();
                let goes_on = above.ends_with(['=', '(', '|', '&', '?', ':', ',', '\\', '['])
                    || below.starts_with(['.', '?', '|', '&', ':', '+'])
                    || below.starts_with("if ")
                    || below.starts_with("or ")
                    || below.is_empty();
                if !goes_on {
                    return text.get(..=at);
                }
                at = above.len();
            }
            _ => {}
        }
    }
    (stop == Stop::Value || stop == Stop::Condition).then_some("")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the text before each of the places.
    fn before(text: &str) -> Vec<&str> {
        let at = text.find('X').unwrap();
        enclosing_starts(text, at).map(|place| text[..place].trim_end()).collect()
    }

    #[test]
    fn enclosing_starts_passes_operators_and_calls() {
        for text in [
            "a = os.environ.get(\"V\", \"X\")",
            "a = os.environ.get(\n    \"V\",\n    \"X\",\n)",
            "a = os.getenv('V', default='X')",
            "a = config.get(\"x\") or \"X\"",
            "a = process.env.V ?? \"X\"",
            "a = process.env.V\n  || \"X\"",
            "a = ENV.fetch('V', 'X')",
            "a = ENV.fetch('V') { 'X' }",
            "a = exec.api_version.clone().unwrap_or_else(|| \"X\".to_string())",
            "a = exec.api_version.unwrap_or(\"X\".into())",
            "a = opt.orElseGet(() -> b).orElse(\"X\")",
            "a = get(() => \"X\")",
            "a = Environment.GetEnvironmentVariable(\"V\") ?? \"X\"",
            "a = b == c ? d : \"X\"",
            "a = b == c ? \"X\" : d",
            "a = b > c\n  ? \"Y\"\n  : \"X\"",
            "a = \"Y\" if old == 1 else \"X\"",
            "a = f(g(\"X\"))",
            "a = f(b, g(\"V\", \"X\"))",
            "a = System.getenv(\"V\") ?: \"X\"",
        ] {
            assert!(before(text).contains(&"a ="), "{text}: {:?}", before(text));
        }
        assert!(before("{\"a\": os.getenv(\"V\", \"X\"), b}").contains(&"{\"a\":"));
        assert!(before("{ a: process.env.V ?? \"X\" }").contains(&"{ a:"));
        assert!(before("f(\"a\", process.env.V ?? \"X\")").contains(&"f(\"a\","));
        for text in [
            "a = \"X\"",
            "a = b == \"X\"",
            "a = b + \"X\"",
            "a = [\"Y\", \"X\"]",
            "a = b == f(\"X\")",
            "a = b == c || \"X\"",
            "a = b\nf(\"X\")",
            "a = b; f(\"X\")",
            "a = {\"b\": f(\"X\")}",
        ] {
            assert!(!before(text).contains(&"a ="), "{text}: {:?}", before(text));
        }
    }

    #[test]
    fn flag_finds_names_of_flags_and_variables() {
        let flag = |text: &str| {
            let key = flag(text, text.rfind('X').unwrap())?;
            assert!(text[key.start..].starts_with(key.name), "{text}");
            Some(key.name.to_owned())
        };
        for (text, name) in [
            ("flag.StringVar(&v, \"exec-api-version\", \"X\", \"\")", "exec-api-version"),
            ("fs.StringVarP(&v, \"api-version\", \"a\", \"X\", \"\")", "api-version"),
            ("p.add_argument(\"-a\", \"--exec-api-version\", default=\"X\")", "--exec-api-version"),
            ("c.option(\"-a, --api-version <v>\", \"which\", \"X\")", "--api-version"),
            ("y.option('exec-api-version', { default: 'X' })", "exec-api-version"),
            ("os.getenv(\"EXEC_API_VERSION\", \"X\")", "EXEC_API_VERSION"),
        ] {
            assert_eq!(flag(text).as_deref(), Some(name), "{text}");
        }
        for text in [
            "f(\"a\", \"X\")",
            "f(\"the apiVersion\", \"X\")",
            "f(\"api-version\"), \"X\"",
            "[\"api-version\", \"X\"]",
            "f(apiVersion, \"X\")",
            "log.info(\"apiVersion\", v, \"want\", \"X\")",
        ] {
            assert_eq!(flag(text), None, "{text}");
        }
    }

    #[test]
    fn fills_in_recognizes_defaults_for_empty_names() {
        let fills_in = |text: &str| fills_in(&text[..text.rfind('v').unwrap()], "v");
        for text in [
            "if v == \"\" {\n\tv =",
            "if not v:\n    v =",
            "if (!v) v =",
            "v := f(); if v == \"\" { v =",
            "if (v == null)\n{\n  v =",
        ] {
            assert!(fills_in(text), "{text}");
        }
        for text in ["if v == \"a\" {\n\tv =", "if not w:\n    v =", "v = 1\nv =", "!v\nv ="] {
            assert!(!fills_in(text), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn enclosing_starts_and_flag_accept_any_text(
            text in "([ab=:?,;\"'(){}\n é|.&>-]|\\?\\?|\\|\\| | or | else |default|=>){0,40}X",
        ) {
            let at = text.len() - 1;
            for place in enclosing_starts(&text, at) {
                proptest::prop_assert!(text.get(..place).is_some());
            }
            if let Some(key) = flag(&text, at) {
                proptest::prop_assert!(text[key.start..].starts_with(key.name));
            }
        }
    }
}
