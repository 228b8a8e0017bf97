//! Bytes of any encoding as UTF-8, on the fly. Control characters U+0080 to U+009F do not come out.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, WINDOWS_1252};

const CHUNK: usize = 64 * 1024;
/// So many characters around the first one beside ASCII show how a file reads.
const SHOWN: usize = 24;

/// What the decoder met.
#[derive(Debug, Default, Clone)]
pub(in crate::exchange) struct DecodingCounts {
    /// Characters beside ASCII.
    pub foreign: u64,
    /// Places that the encoding does not have.
    pub broken: u64,
    /// The line of the first of them, from 1.
    pub broken_line: u64,
    /// The text around the first character beside ASCII.
    pub example: Option<String>,
}

/// Reads UTF-8 from a reader of another encoding; broken bytes become U+FFFD.
pub(in crate::exchange) struct Decoding<R> {
    inner: R,
    decoder: Decoder,
    /// Bytes that were read and are still to be decoded.
    bytes: Vec<u8>,
    taken: usize,
    ended: bool,
    finished: bool,
    text: String,
    given: usize,
    line: u64,
    is_utf8: bool,
    counts: DecodingCounts,
}

impl<R: Read> Decoding<R> {
    pub fn new(inner: R, encoding: &'static Encoding) -> Self {
        Decoding {
            inner,
            decoder: encoding.new_decoder_without_bom_handling(),
            bytes: Vec::new(),
            taken: 0,
            ended: false,
            finished: false,
            text: String::new(),
            given: 0,
            line: 1,
            is_utf8: encoding == UTF_8,
            counts: DecodingCounts::default(),
        }
    }

    /// Decodes everything and says what was met.
    ///
    /// # Errors
    /// Those of the reader.
    pub fn count(mut self) -> io::Result<DecodingCounts> {
        while self.fill()? {}
        Ok(self.counts)
    }

    /// Decodes the next piece; false at the end.
    fn fill(&mut self) -> io::Result<bool> {
        self.text.clear();
        self.given = 0;
        while self.text.is_empty() {
            if self.finished {
                return Ok(false);
            }
            if self.taken >= self.bytes.len() && !self.ended {
                self.bytes.resize(CHUNK, 0);
                let count = self.inner.read(&mut self.bytes)?;
                self.bytes.truncate(count);
                self.taken = 0;
                self.ended = count == 0;
            }
            self.text.reserve(4 * CHUNK);
            let rest = self.bytes.get(self.taken..).unwrap_or_default();
            let (result, read) =
                self.decoder
                    .decode_to_string_without_replacement(rest, &mut self.text, self.ended);
            self.taken += read;
            match result {
                DecoderResult::InputEmpty => self.finished = self.ended,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(_, _) => {
                    let line =
                        self.line + memchr::memchr_iter(b'\n', self.text.as_bytes()).count() as u64;
                    self.broken(line);
                    self.text.push('\u{fffd}');
                }
            }
        }
        self.clean();
        self.line += memchr::memchr_iter(b'\n', self.text.as_bytes()).count() as u64;
        Ok(true)
    }

    fn broken(&mut self, line: u64) {
        if self.counts.broken == 0 {
            self.counts.broken_line = line;
        }
        self.counts.broken += 1;
    }

    /// Counts, and takes control characters of the second range out.
    fn clean(&mut self) {
        if memchr::memchr(0, self.text.as_bytes()).is_some() {
            self.text.retain(|c| c != '\0');
        }
        if self.text.is_ascii() {
            return;
        }
        let is_control = |c: char| ('\u{80}'..='\u{9f}').contains(&c);
        self.counts.foreign += self.text.chars().filter(|c| !c.is_ascii()).count() as u64;
        if self.counts.example.is_none() {
            self.counts.example = example(&self.text);
        }
        if self.text.contains(is_control) {
            let (before, line) = (std::mem::take(&mut self.text), self.line);
            for c in before.chars() {
                match (is_control(c), as_windows(c)) {
                    (false, _) => self.text.push(c),
                    (true, Some(c)) if self.is_utf8 => self.text.push(c),
                    _ => {
                        self.broken(line);
                        self.text.push('\u{fffd}');
                    }
                }
            }
        }
    }
}

/// What windows-1252 has in the place of a control character.
pub(in crate::exchange) fn as_windows(c: char) -> Option<char> {
    let bytes = [u8::try_from(u32::from(c)).ok()?];
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(&bytes);
    let c = text.chars().next()?;
    (!c.is_control()).then_some(c)
}

fn example(text: &str) -> Option<String> {
    let at = text.find(|c: char| !c.is_ascii())?;
    let line = text[..at].rfind(['\n', '\r']).map_or(0, |end| end + 1);
    let before = text[line..at].chars().rev().take(SHOWN / 2).count();
    let from = text[line..at]
        .char_indices()
        .rev()
        .nth(before.saturating_sub(1));
    let from = line + from.map_or(0, |(from, _)| from);
    let shown = text[from..].chars().take_while(|c| !c.is_control());
    Some(shown.take(SHOWN).collect())
}

impl<R: Read> Read for Decoding<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given >= self.text.len() && !self.fill()? {
            return Ok(0);
        }
        let rest = self.text.as_bytes().get(self.given..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(encoding: &'static Encoding, bytes: &[u8]) -> String {
        let mut text = String::new();
        Decoding::new(bytes, encoding)
            .read_to_string(&mut text)
            .unwrap();
        text
    }

    #[test]
    fn no_control_character_comes_out() {
        assert_eq!(
            decoded(UTF_8, "a\u{80}\u{96}\u{81}ü".as_bytes()),
            "a€–\u{fffd}ü"
        );
        assert_eq!(decoded(WINDOWS_1252, b"a\x80\x81"), "a€\u{fffd}");
        assert_eq!(decoded(UTF_8, b"a\0b"), "ab");
    }

    #[test]
    fn what_is_broken_is_counted_with_its_line() {
        let counts = Decoding::new(&b"a\nb\xff\n\xfe\xc3\xbc"[..], UTF_8)
            .count()
            .unwrap();
        assert_eq!(
            (counts.broken, counts.broken_line, counts.foreign),
            (2, 2, 3)
        );
        let long = "ü\n".repeat(100_000);
        assert_eq!(decoded(UTF_8, long.as_bytes()), long);
    }
}
