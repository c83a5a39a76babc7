//! Interprets scalars as kubectl does when it converts YAML to JSON.

use std::borrow::Cow;

/// The type of value that go-yaml resolves a scalar to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScalarValue<'a> {
    /// Nothing, `~`, `null`: decodes as an empty string.
    Null,
    /// `true`, `yes`, `on`, `y` and their opposites.
    Bool(bool),
    /// A number that JSON can represent.
    Number,
    /// `.inf` or `.nan`, which JSON cannot represent, as the word that Go prints.
    NotJson(&'static str),
    /// A string.
    Str(Cow<'a, str>),
    /// A tag that does not fit the value.
    Mismatch(goyaml::Mismatch),
}

/// Resolves a scalar with that tag and value; `implicit` tells whether only its text determines its
/// type.
pub(crate) fn resolve<'a>(tag: &str, value: &'a str, implicit: bool) -> ScalarValue<'a> {
    match goyaml::resolve(tag, value, implicit) {
        Ok(goyaml::Resolved::Null) => ScalarValue::Null,
        Ok(goyaml::Resolved::Bool(value)) => ScalarValue::Bool(value),
        Ok(goyaml::Resolved::Int(_)) => ScalarValue::Number,
        Ok(goyaml::Resolved::Float(number)) if number.is_finite() => ScalarValue::Number,
        Ok(goyaml::Resolved::Float(number)) if number.is_nan() => ScalarValue::NotJson("NaN"),
        Ok(goyaml::Resolved::Float(number)) if number > 0.0 => ScalarValue::NotJson("+Inf"),
        Ok(goyaml::Resolved::Float(_)) => ScalarValue::NotJson("-Inf"),
        Ok(goyaml::Resolved::Str(text) | goyaml::Resolved::Timestamp(text)) => {
            ScalarValue::Str(Cow::Borrowed(text))
        }
        Ok(goyaml::Resolved::Binary(bytes)) => {
            ScalarValue::Str(Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()))
        }
        Err(mismatch) => ScalarValue::Mismatch(mismatch),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the type of a plain scalar without a tag; strings without their text.
    fn plain(value: &str) -> ScalarValue<'static> {
        match resolve("", value, true) {
            ScalarValue::Str(_) => STR,
            ScalarValue::NotJson(word) => ScalarValue::NotJson(word),
            ScalarValue::Null => ScalarValue::Null,
            ScalarValue::Bool(_) => ScalarValue::Bool(true),
            ScalarValue::Number => ScalarValue::Number,
            ScalarValue::Mismatch(words) => ScalarValue::Mismatch(words),
        }
    }

    const STR: ScalarValue<'static> = ScalarValue::Str(Cow::Borrowed(""));

    /// Measured with kubectl 1.20, 1.22, 1.23, 1.31 and 1.37, which agree.
    #[test]
    fn plain_scalars_resolve_like_kubectl() {
        let words = |text: &'static str| text.split_whitespace();
        for word in words("y Y yes Yes YES n N no No NO on On ON off Off OFF true True TRUE false")
        {
            assert_eq!(plain(word), ScalarValue::Bool(true), "{word}");
        }
        for word in words(
            "0 -0 +0 +1 -1 1. .5 +.5 -.5 1.5 1e3 1E3 1e+3 1.e3 12e03 0x1F 0X1F -0x1F 0b101 -0b1 \
             0o17 017 08 09 -017 00 0_1 1_000 1__0 1_ 123456789012345678901234567890 0777 \
             18446744073709551616 9223372036854775808 1_0.5",
        ) {
            assert_eq!(plain(word), ScalarValue::Number, "{word}");
        }
        for word in words(
            "yEs nO oN tRue t f nULL . 1e1000 -1e1000 1e 0x 0b2 0o8 1:30 12:30:45 190:20:30.15 \
             2020-01-01 2020-1-1 = 1.2.3 v1 1e+ 0x1.8p1 inf nan NaN Infinity 1,000 _1 .iNF",
        ) {
            assert_eq!(plain(word), STR, "{word}");
        }
        for word in ["", "~", "null", "Null", "NULL"] {
            assert_eq!(plain(word), ScalarValue::Null, "{word}");
        }
        assert_eq!(plain(".inf"), ScalarValue::NotJson("+Inf"));
    }
}
