//! kubectl 1.22 and older decode JSON with json-iterator, whose errors name every struct on the
//! way, and some that are not: after an error it reads on wherever it stands, and adds the name
//! of each field that it comes across.
//!
//! Source: json-iterator/go 1.1.10 `reflect_struct_decoder.go`, `reflect_slice.go`,
//! `reflect_map.go`, `reflect_native.go`, `iter_object.go`, `iter_skip_strict.go`; measured with
//! kubectl 1.20 and 1.22.

use super::check::bad_base64;
use super::schema::{CONFIG, Field, Struct, Type};
use crate::kubernetes::version::Minor;

/// What the kubectl of that minor says of the JSON of a kubeconfig; `None` where it is content.
///
/// The words end before the excerpt of the file that json-iterator adds: it may hold secrets.
pub fn error(json: &str, minor: Minor) -> Option<String> {
    let mut iterator = Iterator { bytes: json.as_bytes(), head: 0, minor, error: None };
    iterator.object(&CONFIG);
    iterator.error.map(|words| format!("{words}, error found in …"))
}

struct Iterator<'a> {
    bytes: &'a [u8],
    head: usize,
    minor: Minor,
    error: Option<String>,
}

impl Iterator<'_> {
    /// The next byte that is no white space; 0 at the end.
    fn next_token(&mut self) -> u8 {
        while let Some(&byte) = self.bytes.get(self.head) {
            self.head += 1;
            if !matches!(byte, b' ' | b'\n' | b'\t' | b'\r') {
                return byte;
            }
        }
        0
    }

    /// The first error stays.
    fn report(&mut self, operation: &str, expected: &str, found: u8) {
        if self.error.is_none() {
            let found = char::from(found);
            self.error = Some(format!("{operation}: {expected}, but found {found}"));
        }
    }

    /// The same, for other words.
    fn say(&mut self, words: &str) {
        self.error.get_or_insert_with(|| words.to_owned());
    }

    fn prefix(&mut self, prefix: &str) {
        if let Some(error) = &mut self.error {
            error.insert_str(0, prefix);
        }
    }

    fn skip_bytes(&mut self, count: usize) {
        self.head = (self.head + count).min(self.bytes.len());
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
            self.skip_bytes(3);
            return true;
        }
        self.unread();
        false
    }

    /// `readObjectStart`: whether there are fields to read.
    fn object_start(&mut self) -> bool {
        match self.next_token() {
            b'{' => match self.next_token() {
                b'"' => {
                    self.unread();
                    true
                }
                b'}' => false,
                found => {
                    self.report("readObjectStart", "expect \" or }", found);
                    false
                }
            },
            b'n' => {
                self.skip_bytes(3);
                false
            }
            found => {
                self.report("readObjectStart", "expect { or n", found);
                false
            }
        }
    }

    /// A struct. Recursion is as deep as client-go's structs are.
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
                        self.report("struct Decode", "expect }", found);
                    }
                    return;
                }
            }
        }
    }

    /// A field of a struct of up to ten; whether another follows.
    fn fixed_field(&mut self, of: &'static Struct) -> bool {
        let name = match self.next_token() {
            b'"' => {
                let name = match self.stuck_at_escape() {
                    Some(escape) => {
                        self.head = escape;
                        String::new()
                    }
                    None => self.rest_of_string(),
                };
                match self.next_token() {
                    b':' => Some(name),
                    found => {
                        self.report("readFieldHash", "expect :", found);
                        None
                    }
                }
            }
            found => {
                self.report("readFieldHash", "expect \"", found);
                None
            }
        };
        self.field(of, name.as_deref());
        match self.next_token() {
            b',' => true,
            b'}' => false,
            found => {
                if self.error.is_none() {
                    let found = char::from(found);
                    self.error = Some(format!(
                        "isObjectEnd: object ended prematurely, unexpected char {found}"
                    ));
                }
                false
            }
        }
    }

    /// A field of a larger struct.
    fn general_field(&mut self, of: &'static Struct) {
        let name = self.string().unwrap_or_default();
        let found = self.next_token();
        if found != b':' {
            self.report("ReadObject", "expect : after object field", found);
        }
        self.field(of, Some(&name));
    }

    /// The value of a field, by its name.
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
            Type::Any => self.skip(),
            Type::String | Type::Named(_) => {
                self.string();
            }
            Type::Bool => self.bool(),
            Type::Bytes => self.bytes(),
            Type::Byte => self.byte(),
            Type::Pointer(of) => {
                if !self.nil() {
                    self.object(of);
                }
            }
            Type::Struct(of) => self.object(of),
            Type::List(item, name) => {
                self.list(*item);
                self.prefix(&format!("{name}: "));
            }
            Type::Map(item, _) => self.map(*item),
        }
    }

    fn bool(&mut self) {
        if self.nil() {
            return;
        }
        match self.next_token() {
            b't' => self.skip_bytes(3),
            b'f' => self.skip_bytes(4),
            found => self.report("ReadBool", "expect t or f", found),
        }
    }

    fn bytes(&mut self) {
        if self.nil() {
            return;
        }
        match self.bytes.get(self.head) {
            Some(b'"') => {
                let text = self.string().unwrap_or_default();
                if let Some(at) = bad_base64(&text)
                    && self.error.is_none()
                {
                    let words = format!("decode base64: illegal base64 data at input byte {at}");
                    self.error = Some(words);
                }
            }
            Some(b'[') => {
                self.list(Type::Byte);
                self.prefix("[]uint8: ");
            }
            _ => {
                if self.error.is_none() {
                    self.error = Some("base64Codec: invalid input".to_owned());
                }
            }
        }
    }

    /// `ReadUint8`.
    fn byte(&mut self) {
        if self.nil() {
            return;
        }
        let first = self.next_token();
        if !first.is_ascii_digit() {
            // What json-iterator prints there is its own mark for no digit.
            return self.say("readUint32: unexpected character: \u{fffd}");
        }
        let start = self.head;
        let mut value = u64::from(first - b'0');
        while let Some(digit) = self.bytes.get(self.head).filter(|b| b.is_ascii_digit()) {
            if first == b'0' {
                break;
            }
            value = value.saturating_mul(10).saturating_add(u64::from(digit - b'0'));
            self.head += 1;
        }
        if self.bytes.get(self.head) == Some(&b'.') {
            self.say("assertInteger: can not decode float as int");
        }
        if value > u64::from(u32::MAX) {
            // It reads on behind the ninth digit.
            self.head = start + 8;
            self.say("readUint32: overflow");
        } else if value > u64::from(u8::MAX) {
            // Which number may be a secret.
            self.say("ReadUint8: overflow: …");
        }
    }

    fn list(&mut self, item: Type) {
        match self.next_token() {
            b'n' => return self.skip_bytes(3),
            b'[' => {}
            found => return self.report("decode slice", "expect [ or n", found),
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
                found => return self.report("decode slice", "expect ]", found),
            }
        }
    }

    fn map(&mut self, item: Type) {
        match self.next_token() {
            b'n' => return self.skip_bytes(3),
            b'{' => {}
            found => return self.report("ReadMapCB", "expect { or n", found),
        }
        if self.next_token() == b'}' {
            return;
        }
        self.unread();
        loop {
            self.string();
            let found = self.next_token();
            if found != b':' {
                return self.report("ReadMapCB", "expect : after object field", found);
            }
            self.value(item);
            match self.next_token() {
                b',' => {}
                b'}' => return,
                found => return self.report("ReadMapCB", "expect }", found),
            }
        }
    }

    /// After an error a string with an escape is not read: where that is, if it is so of the
    /// string whose opening quote was read.
    fn stuck_at_escape(&self) -> Option<usize> {
        self.error.as_ref()?;
        let rest = self.bytes.get(self.head..)?;
        let end = rest.iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
        (rest.get(end) == Some(&b'\\')).then_some(self.head + end)
    }

    /// `ReadString`.
    fn string(&mut self) -> Option<String> {
        match self.next_token() {
            b'"' if self.stuck_at_escape().is_some() => Some(String::new()),
            b'"' => Some(self.rest_of_string()),
            b'n' => {
                self.skip_bytes(3);
                None
            }
            found => {
                self.report("ReadString", "expects \" or n", found);
                None
            }
        }
    }

    /// The string whose opening quote was read. Escapes that matter to no field name or base64
    /// are left as they are.
    fn rest_of_string(&mut self) -> String {
        let start = self.head;
        while let Some(&byte) = self.bytes.get(self.head) {
            self.head += if byte == b'\\' { 2 } else { 1 };
            if byte == b'"' {
                break;
            }
        }
        self.head = self.head.min(self.bytes.len());
        let text = self.bytes.get(start..self.head.saturating_sub(1)).unwrap_or(&[]);
        String::from_utf8_lossy(text).replace("\\n", "\n").replace("\\r", "\r")
    }

    /// Any value.
    fn skip(&mut self) {
        match self.next_token() {
            b'"' if self.stuck_at_escape().is_some() => {
                self.string();
            }
            b'"' => {
                self.rest_of_string();
            }
            b'n' | b't' => self.skip_bytes(3),
            b'f' => self.skip_bytes(4),
            b'-' | b'0'..=b'9' => {
                let rest = self.bytes.get(self.head..).unwrap_or(&[]);
                let is_number =
                    |b: &&u8| matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
                self.head += rest.iter().take_while(is_number).count();
            }
            b'[' | b'{' => {
                let mut depth = 1;
                while depth > 0 {
                    match self.next_token() {
                        b'[' | b'{' => depth += 1,
                        b']' | b'}' => depth -= 1,
                        b'"' => {
                            self.rest_of_string();
                        }
                        0 => return,
                        _ => {}
                    }
                }
            }
            found => {
                if self.error.is_none() {
                    let found = char::from(found);
                    self.error =
                        Some(format!("Skip: do not know how to skip: {}", u32::from(found)));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Measured with kubectl 1.20 and 1.22.
    #[test]
    fn reads_on_after_an_error_as_json_iterator_does() {
        let says = |json: &str, minor| {
            error(json, Minor(minor))
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
        // After an error, no byte is put back and no escape is read.
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
