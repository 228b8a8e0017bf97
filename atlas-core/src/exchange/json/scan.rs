//! JSON text piece by piece, in bounded memory; what is not valid is passed over as far as it can be.

use std::io::{self, BufRead};

use super::LONGEST_RECORD;

/// A longer name of a field is cut off.
const LONGEST_NAME: usize = 200;

/// Reads through JSON text and counts its lines.
pub(super) struct Scanner<'r, R> {
    reader: &'r mut R,
    line: u64,
}

/// The text of a value, or why there is none.
pub(super) struct RawValue {
    pub line: u64,
    pub bytes: std::result::Result<Vec<u8>, String>,
}

impl<'r, R: BufRead> Scanner<'r, R> {
    pub fn new(reader: &'r mut R) -> Self {
        Scanner { reader, line: 1 }
    }

    /// The next byte that is no blank, without taking it.
    pub fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                return Ok(None);
            }
            let blank = buffer.iter().position(|byte| !byte.is_ascii_whitespace());
            let (count, found) = match blank {
                Some(at) => (at, buffer.get(at).copied()),
                None => (buffer.len(), None),
            };
            self.take(count);
            if found.is_some() {
                return Ok(found);
            }
        }
    }

    /// Whether another document follows; what separates documents is taken.
    pub fn document(&mut self) -> io::Result<bool> {
        while self.peek()? == Some(b',') {
            self.take(1);
        }
        Ok(self.peek()?.is_some())
    }

    /// Takes bytes that are in the buffer.
    fn take(&mut self, count: usize) {
        // The buffer is there: nothing is read.
        if let Ok(buffer) = self.reader.fill_buf() {
            let taken = &buffer[..count.min(buffer.len())];
            self.line += memchr::memchr_iter(b'\n', taken).count() as u64;
            self.reader.consume(count);
        }
    }

    /// Takes the bracket that opens an object or an array.
    pub fn enter(&mut self) -> io::Result<()> {
        self.peek()?;
        self.take(1);
        Ok(())
    }

    /// The next name in an object, with the colon taken; `None` at the object's end.
    pub fn name(&mut self) -> io::Result<Option<String>> {
        loop {
            match self.some()? {
                b'}' => {
                    self.take(1);
                    return Ok(None);
                }
                b',' => self.take(1),
                b'"' => {
                    let mut name = RawText::new(LONGEST_NAME);
                    self.over(&mut name)?;
                    if self.some()? == b':' {
                        self.take(1);
                    }
                    return Ok(Some(unquoted(&name.bytes)));
                }
                // No name: the rest of the object is passed over.
                _ => self.skip()?,
            }
        }
    }

    /// Whether another element follows in an array; takes the bracket at its end.
    pub fn has_element(&mut self) -> io::Result<bool> {
        loop {
            match self.some()? {
                b']' => {
                    self.take(1);
                    return Ok(false);
                }
                b',' => self.take(1),
                _ => return Ok(true),
            }
        }
    }

    /// Whether a name is followed by a value.
    pub fn has_value(&mut self) -> io::Result<bool> {
        Ok(!b",}".contains(&self.some()?))
    }

    pub fn some(&mut self) -> io::Result<u8> {
        self.peek()?
            .ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }

    /// Passes over a value.
    pub fn skip(&mut self) -> io::Result<()> {
        self.over(&mut RawText::new(0))
    }

    /// Reads a value.
    pub fn value(&mut self) -> io::Result<RawValue> {
        self.peek()?;
        let line = self.line;
        let mut text = RawText::new(LONGEST_RECORD);
        self.over(&mut text)?;
        let bytes = text.finish();
        Ok(RawValue { line, bytes })
    }

    /// Whether the string that comes is itself JSON: an object, or an array of objects.
    pub fn is_json_text(&mut self) -> io::Result<bool> {
        let buffer = self.reader.fill_buf()?;
        let start = buffer.get(1..buffer.len().min(400)).unwrap_or_default();
        let start = String::from_utf8_lossy(start)
            .replace("\\n", "")
            .replace("\\t", "")
            .replace("\\r", "");
        let start: String = start.chars().filter(|c| !c.is_whitespace()).collect();
        Ok(["{\\\"", "{\\u0022"]
            .iter()
            .any(|json| start.contains(json)))
    }

    /// One value: a string, a scalar, or everything between matching brackets.
    fn over(&mut self, text: &mut RawText) -> io::Result<()> {
        let mut state = ScanState::default();
        self.peek()?;
        while !state.is_done {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                return match state.is_open() {
                    true => Err(io::ErrorKind::UnexpectedEof.into()),
                    false => Ok(()),
                };
            }
            let count = state.pass(buffer);
            text.push(&buffer[..count]);
            self.take(count);
        }
        Ok(())
    }

    /// The next line that has text.
    pub fn line(&mut self) -> io::Result<Option<RawValue>> {
        loop {
            let line = self.line;
            let mut text = RawText::new(LONGEST_RECORD);
            let mut ended = false;
            while !ended {
                let buffer = self.reader.fill_buf()?;
                if buffer.is_empty() {
                    break;
                }
                let feed = memchr::memchr(b'\n', buffer);
                ended = feed.is_some();
                let length = feed.map_or(buffer.len(), |at| at + 1);
                text.push(&buffer[..length]);
                self.reader.consume(length);
            }
            self.line += 1;
            if text.length == 0 {
                return Ok(None);
            }
            if !text.bytes.trim_ascii().is_empty() {
                let bytes = text.finish();
                return Ok(Some(RawValue { line, bytes }));
            }
        }
    }
}

/// How far a value was read.
#[derive(Default)]
struct ScanState {
    depth: usize,
    in_string: bool,
    escaped: bool,
    is_begun: bool,
    is_done: bool,
}

impl ScanState {
    fn is_open(&self) -> bool {
        self.depth > 0 || self.in_string
    }

    /// Goes on through these bytes; how many belong to the value.
    fn pass(&mut self, bytes: &[u8]) -> usize {
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            if self.in_string {
                if self.escaped {
                    self.escaped = false;
                    at += 1;
                    continue;
                }
                let rest = &bytes[at..];
                let Some(found) = memchr::memchr2(b'"', b'\\', rest) else {
                    return bytes.len();
                };
                at += found + 1;
                match rest[found] {
                    b'\\' => self.escaped = true,
                    _ => {
                        self.in_string = false;
                        self.is_done = self.depth == 0;
                    }
                }
            } else {
                let is_scalar = self.depth == 0 && self.is_begun;
                if is_scalar && (b",]}:".contains(&byte) || byte.is_ascii_whitespace()) {
                    self.is_done = true;
                    return at;
                }
                self.is_begun = true;
                at += 1;
                match byte {
                    b'"' => self.in_string = true,
                    b'{' | b'[' => self.depth += 1,
                    b'}' | b']' => {
                        self.depth = self.depth.saturating_sub(1);
                        self.is_done = self.depth == 0;
                    }
                    _ => {}
                }
            }
            if self.is_done {
                return at;
            }
        }
        at
    }
}

fn unquoted(name: &[u8]) -> String {
    let name = name.strip_prefix(b"\"").unwrap_or(name);
    let name = name.strip_suffix(b"\"").unwrap_or(name);
    String::from_utf8_lossy(name).into_owned()
}

/// A value's bytes, no more than allowed.
struct RawText {
    bytes: Vec<u8>,
    length: usize,
    most: usize,
}

impl RawText {
    fn new(most: usize) -> Self {
        RawText {
            bytes: Vec::new(),
            length: 0,
            most,
        }
    }

    fn push(&mut self, bytes: &[u8]) {
        self.length += bytes.len();
        if self.length <= self.most {
            self.bytes.extend_from_slice(bytes);
        }
    }

    fn finish(self) -> std::result::Result<Vec<u8>, String> {
        if self.length <= self.most {
            Ok(self.bytes)
        } else {
            Err(format!(
                "the record is longer than {} MB",
                self.most / 1024 / 1024
            ))
        }
    }
}
