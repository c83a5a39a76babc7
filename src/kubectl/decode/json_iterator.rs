//! Models json-iterator, with which kubectl 1.22 and older decode JSON. Its errors name every
//! enclosing struct and more: after an error it reads on from the current position, puts no byte
//! back, and adds the name of each field that it meets.
//!
//! Source: json-iterator/go 1.1.10 `reflect_struct_decoder.go`, `reflect_slice.go`,
//! `reflect_map.go`, `reflect_native.go`, `reflect_marshaler.go`, `iter_object.go`, `iter_str.go`,
//! `iter_int.go`, `iter_skip_strict.go`; measured with kubectl 1.20 and 1.22.

mod skip;

use crate::go::base64::corrupt_at;
use crate::go::time;
use crate::kubernetes::version::Minor;
use crate::syntax::gojson;

use super::schema::{Field, Struct, Type};

/// Returns the error of kubectl of that minor about the JSON of a document that Go's own decoder
/// accepts; `None` if there is none.
///
/// The message ends before the excerpt of the file that json-iterator adds: it may contain secrets.
pub(super) fn error(json: &str, of: &'static Struct, minor: Minor) -> Option<String> {
    let mut iterator = Iterator { text: json, bytes: json.as_bytes(), head: 0, minor, error: None };
    iterator.object(of);
    iterator.error
}

struct Iterator<'a> {
    text: &'a str,
    bytes: &'a [u8],
    head: usize,
    minor: Minor,
    error: Option<String>,
}

impl Iterator<'_> {
    /// Returns the next byte that is not white space, or 0 at the end.
    fn next_token(&mut self) -> u8 {
        while let Some(&byte) = self.bytes.get(self.head) {
            self.head += 1;
            if !matches!(byte, b' ' | b'\n' | b'\t' | b'\r') {
                return byte;
            }
        }
        0
    }

    /// Sets the error, unless there is an earlier one.
    fn fail(&mut self, words: &str) {
        self.error.get_or_insert_with(|| format!("{words}, error found in …"));
    }

    fn report(&mut self, expected: &str, found: u8) {
        if self.error.is_none() {
            let found = if found.is_ascii() { char::from(found) } else { '\u{fffd}' };
            self.fail(&format!("{expected}, but found {found}"));
        }
    }

    fn prefix(&mut self, prefix: &str) {
        if let Some(error) = &mut self.error {
            error.insert_str(0, prefix);
        }
    }

    /// Reads the rest of a word such as `null`, up to the first wrong letter.
    fn rest_of_word(&mut self, rest: &[u8]) {
        for wanted in rest {
            let found = self.bytes.get(self.head);
            self.head = (self.head + 1).min(self.bytes.len());
            if found != Some(wanted) {
                return;
            }
        }
    }

    /// `unreadByte`, which does nothing after an error.
    fn unread(&mut self) {
        if self.error.is_none() {
            self.head = self.head.saturating_sub(1);
        }
    }

    /// `ReadNil`.
    fn nil(&mut self) -> bool {
        if self.next_token() == b'n' {
            self.rest_of_word(b"ull");
            return true;
        }
        self.unread();
        false
    }

    /// `readObjectStart`: returns whether there are fields to read.
    fn object_start(&mut self) -> bool {
        match self.next_token() {
            b'{' => {
                if self.next_token() == b'}' {
                    return false;
                }
                self.unread();
                true
            }
            b'n' => {
                self.rest_of_word(b"ull");
                false
            }
            found => {
                self.report("readObjectStart: expect { or n", found);
                false
            }
        }
    }

    /// Reads a struct. Recursion is limited by the depth of client-go's structs.
    fn object(&mut self, of: &'static Struct) {
        if !self.object_start() {
            return;
        }
        let known = of.fields.iter().filter(|field| field.since() <= self.minor).count();
        if known <= 10 {
            while self.fixed_field(of) {}
            self.prefix(&format!("{}.", of.go_name));
            return;
        }
        loop {
            self.general_field(of);
            match self.next_token() {
                b',' => {}
                found => {
                    self.prefix(&format!("{}.", of.go_name));
                    if found != b'}' {
                        self.report("struct Decode: expect }", found);
                    }
                    return;
                }
            }
        }
    }

    /// Reads a field of a struct with up to ten fields; returns whether another follows.
    fn fixed_field(&mut self, of: &'static Struct) -> bool {
        let name = self.field_name();
        self.field(of, name.as_deref());
        match self.next_token() {
            b',' => true,
            b'}' => false,
            found => {
                if self.error.is_none() {
                    let found = char::from(found);
                    self.fail(&format!(
                        "isObjectEnd: object ended prematurely, unexpected char {found}"
                    ));
                }
                false
            }
        }
    }

    /// `readFieldHash`: reads a name and its colon.
    fn field_name(&mut self) -> Option<String> {
        match self.next_token() {
            b'"' => {}
            found => {
                self.report("readFieldHash: expect \"", found);
                return None;
            }
        }
        let rest = self.bytes.get(self.head..).unwrap_or(&[]);
        let end = rest.iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
        let start = self.head;
        self.head += end;
        let mut name = self.text.get(start..self.head).unwrap_or("").to_owned();
        if rest.get(end) == Some(&b'"') {
            self.head += 1;
        } else {
            name.push_str(&self.rest_of_string());
        }
        match self.next_token() {
            b':' => Some(name),
            found => {
                self.report("readFieldHash: expect :", found);
                None
            }
        }
    }

    /// Reads a field of a larger struct.
    fn general_field(&mut self, of: &'static Struct) {
        let name = self.string().unwrap_or_default();
        self.colon();
        self.field(of, Some(&name));
    }

    fn colon(&mut self) {
        let found = self.next_token();
        if found != b':' {
            self.report("ReadObject: expect : after object field", found);
        }
    }

    /// Reads the value of the field with that name.
    fn field(&mut self, of: &'static Struct, name: Option<&str>) {
        let minor = self.minor;
        let known = |field: &&Field| Some(field.json) == name && field.since() <= minor;
        match of.fields.iter().find(known) {
            Some(field) => {
                self.value(field.kind);
                self.prefix(&format!("{}: ", field.go));
            }
            None => self.skip(),
        }
    }

    fn value(&mut self, kind: Type) {
        match kind {
            Type::Since(_, kind) => self.value(*kind),
            Type::String | Type::Named(_) => {
                self.string();
            }
            Type::Struct(of) => self.object(of),
            Type::List(item, name) => {
                self.list(*item);
                self.prefix(&format!("{name}: "));
            }
            Type::Map(item, _) => self.map(*item),
            Type::Any => {
                self.next_token();
                self.unread();
                self.skip();
            }
            _ if self.nil() => {}
            Type::Pointer(of) => self.object(of),
            Type::Bool => match self.next_token() {
                b't' => self.rest_of_word(b"rue"),
                b'f' => self.rest_of_word(b"alse"),
                found => self.report("ReadBool: expect t or f", found),
            },
            Type::Int32 => self.number("ReadInt32", Some(0x8000_0000), 0x7fff_ffff),
            Type::Byte => self.number("ReadUint8", None, 0xff),
            Type::Time => self.time(),
            Type::Bytes => self.bytes(),
            Type::Interface(_) => {
                self.fail("decode non empty interface: can not unmarshal into nil");
            }
        }
    }

    /// Reads a whole number. `operation` is json-iterator's function, `above` the largest value
    /// that it accepts, and `below` the largest absolute value of a negative number, if it accepts
    /// those.
    fn number(&mut self, operation: &str, below: Option<u32>, above: u32) {
        let (first, most) = match (self.next_token(), below) {
            (b'-', Some(below)) => (self.next_token(), below),
            (byte, _) => (byte, above),
        };
        if !first.is_ascii_digit() {
            return self.fail("readUint32: unexpected character: \u{fffd}");
        }
        let rest = self.bytes.get(self.head..).unwrap_or(&[]);
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit());
        let digits = if first == b'0' { 0 } else { digits.count() };
        // json-iterator notices an overflow only if it makes the number smaller.
        let number = rest.iter().take(digits).try_fold(u32::from(first - b'0'), |number, byte| {
            let next = number.wrapping_mul(10).wrapping_add(u32::from(byte - b'0'));
            (next >= number).then_some(next)
        });
        if number.is_none() {
            // It continues after the ninth digit.
            self.head += 8;
            return self.fail("readUint32: overflow");
        }
        self.head += digits;
        match number {
            Some(_) if self.bytes.get(self.head) == Some(&b'.') => {
                self.fail("assertInteger: can not decode float as int");
            }
            // The number itself may be a secret.
            Some(number) if number > most => self.fail(&format!("{operation}: overflow: …")),
            _ => {}
        }
    }

    /// `metav1.Time`, which has its own decoder.
    fn time(&mut self) {
        self.next_token();
        self.unread();
        let start = self.head;
        self.skip();
        let json = self.text.get(start..self.head).unwrap_or("");
        let inner = json.strip_prefix('"').and_then(|json| json.strip_suffix('"'));
        let words = match (inner, json.bytes().next()) {
            (Some(inner), _) => time::error(&gojson::unescape(inner), self.minor),
            (None, first) => {
                let found = match first {
                    Some(b'{') => "object",
                    Some(b'[') => "array",
                    Some(b't' | b'f') => "bool",
                    _ => "number",
                };
                Some(format!("json: cannot unmarshal {found} into Go value of type string"))
            }
        };
        if let Some(words) = words {
            self.fail(&format!("unmarshalerDecoder: {words}"));
        }
    }

    fn bytes(&mut self) {
        let next = self.next_token();
        self.unread();
        match next {
            b'"' => {
                let text = self.string().unwrap_or_default();
                if let Some(at) = corrupt_at(&text) {
                    self.fail(&format!("decode base64: illegal base64 data at input byte {at}"));
                }
            }
            b'[' => {
                self.list(Type::Byte);
                self.prefix("[]uint8: ");
            }
            _ => self.fail("base64Codec: invalid input"),
        }
    }

    fn list(&mut self, item: Type) {
        match self.next_token() {
            b'n' => return self.rest_of_word(b"ull"),
            b'[' => {}
            found => return self.report("decode slice: expect [ or n", found),
        }
        if self.next_token() == b']' {
            return;
        }
        self.unread();
        loop {
            self.value(item);
            match self.next_token() {
                b',' => {}
                b']' => return,
                found => return self.report("decode slice: expect ]", found),
            }
        }
    }

    fn map(&mut self, item: Type) {
        match self.next_token() {
            b'n' => return self.rest_of_word(b"ull"),
            b'{' => {}
            found => return self.report("ReadMapCB: expect { or n", found),
        }
        if self.next_token() == b'}' {
            return;
        }
        self.unread();
        loop {
            self.string();
            let found = self.next_token();
            if found != b':' {
                return self.report("ReadMapCB: expect : after object field", found);
            }
            self.value(item);
            match self.next_token() {
                b',' => {}
                b'}' => return,
                found => return self.report("ReadMapCB: expect }", found),
            }
        }
    }

    /// `ReadString`.
    fn string(&mut self) -> Option<String> {
        match self.next_token() {
            b'"' => {}
            b'n' => {
                self.rest_of_word(b"ull");
                return None;
            }
            found => {
                self.report("ReadString: expects \" or n", found);
                return None;
            }
        }
        match self.end_of_simple_string() {
            Some((end, b'"')) => {
                let text = self.text.get(self.head..end).unwrap_or("").to_owned();
                self.head = end + 1;
                Some(text)
            }
            Some((_, b'\\')) | None => Some(self.rest_of_string()),
            // A control character, which can only come from text between strings.
            Some(_) => Some(String::new()),
        }
    }

    /// Returns the offset of the first quote, backslash or control character, and that byte.
    fn end_of_simple_string(&self) -> Option<(usize, u8)> {
        let rest = self.bytes.get(self.head..)?;
        let end = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..b' '))?;
        Some((self.head + end, *rest.get(end)?))
    }

    /// `readStringSlowPath`: reads the rest of a string with escapes; after an error it reads
    /// nothing.
    fn rest_of_string(&mut self) -> String {
        if self.error.is_some() {
            return String::new();
        }
        let start = self.head;
        let mut end = start;
        while let Some(&byte) = self.bytes.get(end) {
            if byte == b'"' {
                break;
            }
            end += if byte == b'\\' { 2 } else { 1 };
        }
        self.head = (end + 1).min(self.bytes.len());
        gojson::unescape(self.text.get(start..end.min(self.bytes.len())).unwrap_or(""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kubectl::decode::schema::CONFIG;

    /// Measured with kubectl 1.20 and 1.22.
    #[test]
    fn reads_on_after_an_error_as_json_iterator_does() {
        let says = |json: &str, minor| {
            error(json, &CONFIG, Minor(minor))
                .map(|words| words.strip_suffix(", error found in …").unwrap_or(&words).to_owned())
        };
        let exec = |fields: &str| {
            format!(r#"{{"users":[{{"name":"u","user":{{"exec":{{{fields}}}}}}}]}}"#)
        };
        let start = "v1.Config.AuthInfos: []v1.NamedAuthInfo: v1.NamedAuthInfo.AuthInfo: \
                     v1.AuthInfo.Exec: v1.ExecConfig.";
        for (fields, minor, expected) in [
            (
                r#""apiVersion":1,"command":"a""#,
                20,
                "Command: APIVersion: ReadString: expects \" or n, but found 1",
            ),
            (
                r#""apiVersion":true,"command":"a""#,
                20,
                "APIVersion: ReadString: expects \" or n, but found t",
            ),
            (
                r#""apiVersion":[],"command":"a""#,
                20,
                "APIVersion: ReadString: expects \" or n, but found [",
            ),
            (r#""args":"a""#, 20, "Args: []string: decode slice: expect [ or n, but found \""),
            (
                r#""env":[{"name":"A","value":1}]"#,
                20,
                "Env: []v1.ExecEnvVar: v1.ExecEnvVar.Value: ReadString: expects \" or n, but found 1",
            ),
            (
                r#""provideClusterInfo":0"#,
                20,
                "ProvideClusterInfo: ReadBool: expect t or f, but found 0",
            ),
            (
                r#""apiVersion":1,"command":"a","interactiveMode":"Never""#,
                22,
                "InteractiveMode: Command: APIVersion: ReadString: expects \" or n, but found 1",
            ),
        ] {
            assert_eq!(says(&exec(fields), minor), Some(format!("{start}{expected}")), "{fields}");
        }
        assert_eq!(says(&exec(r#""interactiveMode":1"#), 20), None);
        // After an error, json-iterator puts no byte back and reads no escape.
        assert_eq!(
            says(
                r#"{"contexts":[{"context":{"cluster":1,"user":"a\n"},"name":"x"}],"kind":"Config"}"#,
                20
            ),
            Some(
                "v1.Config.Contexts: []v1.NamedContext: v1.NamedContext.Context: \
                 v1.Context.AuthInfo: Cluster: ReadString: expects \" or n, but found 1"
                    .to_owned()
            )
        );
    }
}
