//! How json-iterator skips values that no struct has a field for.

use super::Iterator;

/// A collection that is being skipped.
enum Skipped {
    Array,
    Object,
}

impl Iterator<'_> {
    /// Skips any value.
    pub(super) fn skip(&mut self) {
        let mut open: Vec<Skipped> = Vec::new();
        loop {
            let inner = match self.next_token() {
                b'[' => self.skip_array_start(),
                b'{' => self.skip_object_start(),
                first => {
                    self.skip_scalar(first);
                    None
                }
            };
            if let Some(inner) = inner {
                open.push(inner);
                continue;
            }
            // A value has ended, and possibly the collections that it is the last item of.
            loop {
                match open.last() {
                    None => return,
                    Some(Skipped::Array) => match self.next_token() {
                        b',' => break,
                        b']' => {}
                        found => self.report("ReadArrayCB: expect ] in the end", found),
                    },
                    Some(Skipped::Object) => match self.next_token() {
                        b',' => {
                            self.string();
                            self.colon();
                            break;
                        }
                        b'}' => {}
                        _ => self.fail("ReadObjectCB: object not ended with }"),
                    },
                }
                open.pop();
            }
        }
    }

    /// `skipArray`; returns `Some` if there are items.
    fn skip_array_start(&mut self) -> Option<Skipped> {
        self.unread();
        match self.next_token() {
            b'[' => {}
            b'n' => {
                self.rest_of_word(b"ull");
                return None;
            }
            found => {
                self.report("ReadArrayCB: expect [ or n", found);
                return None;
            }
        }
        if self.next_token() == b']' {
            return None;
        }
        self.unread();
        Some(Skipped::Array)
    }

    /// `skipObject`; returns `Some` if there are fields, after reading the first name.
    fn skip_object_start(&mut self) -> Option<Skipped> {
        self.unread();
        match self.next_token() {
            b'{' => {}
            b'n' => {
                self.rest_of_word(b"ull");
                return None;
            }
            found => {
                self.report("ReadObjectCB: expect { or n", found);
                return None;
            }
        }
        match self.next_token() {
            b'"' => {
                self.unread();
                self.string();
                self.colon();
                Some(Skipped::Object)
            }
            b'}' => None,
            found => {
                self.report("ReadObjectCB: expect \" after {", found);
                None
            }
        }
    }

    fn skip_scalar(&mut self, first: u8) {
        match first {
            b'"' => match self.end_of_simple_string() {
                Some((end, b'"')) => self.head = end + 1,
                Some((_, b'\\')) | None => {
                    self.unread();
                    self.string();
                }
                Some(_) => {}
            },
            b'n' => self.rest_of_word(b"ull"),
            b't' => self.rest_of_word(b"rue"),
            b'f' => self.rest_of_word(b"alse"),
            b'0' => self.skip_zero(),
            b'-' | b'1'..=b'9' => self.skip_number(),
            found => self.fail(&format!("Skip: do not know how to skip: {found}")),
        }
    }

    /// `ReadFloat32`, for a number that begins with a zero.
    fn skip_zero(&mut self) {
        if self.error.is_none() {
            let start = self.head - 1;
            self.skip_number_text();
            let text = self.text.get(start..self.head).unwrap_or("");
            if text.parse::<f32>().is_ok_and(f32::is_infinite) {
                // Go's own message, to which json-iterator adds nothing; it quotes the number.
                let words = "strconv.ParseFloat: parsing \"…\": value out of range".to_owned();
                self.error = Some(words);
            }
            return;
        }
        self.next_token();
        let rest = self.bytes.get(self.head..).unwrap_or(&[]);
        if !matches!(
            rest,
            [b',' | b']' | b'}' | b' ' | b'\t' | b'\n' | b'.', ..] | [b'0', b'0'..=b'9', ..]
        ) {
            self.skip_number_text();
        }
    }

    /// `skipNumber`, after its first byte was read.
    fn skip_number(&mut self) {
        let rest = self.bytes.get(self.head..).unwrap_or(&[]);
        let mut has_dot = false;
        for (at, byte) in rest.iter().enumerate() {
            match byte {
                b'0'..=b'9' => {}
                b'.' if has_dot || !rest.get(at + 1).is_some_and(u8::is_ascii_digit) => return,
                b'.' => has_dot = true,
                b',' | b']' | b'}' | b' ' | b'\t' | b'\n' | b'\r' if at > 0 => {
                    self.head += at;
                    return;
                }
                _ => break,
            }
        }
        if self.error.is_some() {
            return;
        }
        let start = self.head - 1;
        self.skip_number_text();
        let number = self.text.get(start..self.head).and_then(|text| text.parse::<f64>().ok());
        if number.is_some_and(f64::is_infinite) {
            // json-iterator reads the number again, from its end.
            self.fail("readNumberAsString: invalid number");
        }
    }

    fn skip_number_text(&mut self) {
        let rest = self.bytes.get(self.head..).unwrap_or(&[]);
        let is_number = |b: &&u8| matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
        self.head += rest.iter().take_while(is_number).count();
    }
}
