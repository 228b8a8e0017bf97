//! What the bytes of a file say about their encoding; one pass, bounded memory.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// The beginning, where marks and declarations stand.
const HEAD: usize = 1_024;
/// So many bytes from the first one that is not ASCII are enough for the detector.
const SAMPLE: usize = 1024 * 1024;
/// So much of the line before belongs to the sample.
const LEAD: usize = 4 * 1024;
/// From so many broken places on, more than there are whole characters, nothing new is learned.
const HOPELESS: u64 = 100_000;

/// What was seen so far.
#[derive(Debug, Default)]
pub(in crate::exchange) struct EncodingSurvey {
    head: Vec<u8>,
    length: u64,
    line: u64,
    /// Zeros at even and at odd places.
    zeros: [u64; 2],
    escapes: bool,
    high: bool,
    characters: u64,
    controls: bool,
    broken: u64,
    broken_line: u64,
    /// Whether the reading ended at a damage.
    is_cut: bool,
    /// The start of a character that goes on in the next bytes.
    carry: Vec<u8>,
    /// The line at hand, as long as no sample was begun.
    lead: Vec<u8>,
    sample: Vec<u8>,
}

impl EncodingSurvey {
    /// Takes in the next bytes.
    pub fn feed(&mut self, bytes: &[u8]) {
        let room = HEAD.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend_from_slice(&bytes[..room]);
        for at in memchr::memchr_iter(0, bytes) {
            self.zeros[((self.length + at as u64) % 2) as usize] += 1;
        }
        for at in memchr::memchr_iter(0x1b, bytes) {
            self.escapes |= matches!(bytes.get(at + 1), Some(b'$' | b'('));
        }
        if self.carry.is_empty() && bytes.is_ascii() {
            self.keep(bytes, self.escapes);
        } else {
            self.high = true;
            self.keep(bytes, true);
            self.characters(bytes);
        }
        self.line += memchr::memchr_iter(b'\n', bytes).count() as u64;
        self.length += bytes.len() as u64;
    }

    /// The file is damaged: it ends early, and may hold anything before that.
    pub fn cut(&mut self) {
        self.is_cut = true;
    }

    /// The file has ended.
    pub fn finish(&mut self) {
        if !self.carry.is_empty() {
            self.carry.clear();
            self.note_broken(self.line);
        }
        if self.sample.is_empty() {
            self.sample = std::mem::take(&mut self.lead);
        }
    }

    fn keep(&mut self, bytes: &[u8], is_foreign: bool) {
        if !self.sample.is_empty() || (is_foreign && self.sample.len() < SAMPLE) {
            if self.sample.is_empty() {
                self.sample = std::mem::take(&mut self.lead);
            }
            let room = SAMPLE.saturating_sub(self.sample.len()).min(bytes.len());
            self.sample.extend_from_slice(&bytes[..room]);
        } else {
            let end = memchr::memrchr(b'\n', bytes).map(|at| at + 1);
            if end.is_some() || self.lead.len() > LEAD {
                self.lead.clear();
            }
            let rest = &bytes[end.unwrap_or(0)..];
            self.lead
                .extend_from_slice(&rest[rest.len().saturating_sub(LEAD)..]);
        }
    }

    fn characters(&mut self, bytes: &[u8]) {
        if self.broken > HOPELESS && self.broken > self.characters {
            return;
        }
        let joined;
        let mut rest = match self.carry.is_empty() {
            true => bytes,
            false => {
                joined = [&self.carry[..], bytes].concat();
                &joined[..]
            }
        };
        let whole = rest;
        self.carry = Vec::new();
        loop {
            match std::str::from_utf8(rest) {
                Ok(text) => return self.count(text.as_bytes()),
                Err(error) => {
                    let (valid, after) = rest.split_at(error.valid_up_to());
                    self.count(valid);
                    let Some(length) = error.error_len() else {
                        self.carry = after.to_vec();
                        return;
                    };
                    let before = &whole[..whole.len() - after.len()];
                    let line = match self.broken {
                        0 => self.line + memchr::memchr_iter(b'\n', before).count() as u64,
                        _ => 0,
                    };
                    self.note_broken(line);
                    rest = &after[length..];
                }
            }
        }
    }

    fn count(&mut self, valid: &[u8]) {
        self.characters += valid.iter().filter(|byte| **byte >= 0xc0).count() as u64;
        let is_control = |at: usize| matches!(valid.get(at + 1), Some(0x80..=0x9f));
        self.controls = self.controls || memchr::memchr_iter(0xc2, valid).any(is_control);
    }

    fn note_broken(&mut self, line: u64) {
        if self.broken == 0 {
            self.broken_line = line + 1;
        }
        self.broken += 1;
    }

    /// The encoding by the mark at the beginning, and the mark's length.
    ///
    /// # Errors
    /// For UTF-32, which is not read.
    pub fn mark(&self) -> Result<Option<(&'static Encoding, usize)>, String> {
        let utf32 = "it is UTF-32, which is not read: save it as UTF-8";
        match self.head[..] {
            [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Err(utf32.into()),
            [0xef, 0xbb, 0xbf, ..] => Ok(Some((UTF_8, 3))),
            [0xff, 0xfe, ..] => Ok(Some((UTF_16LE, 2))),
            [0xfe, 0xff, ..] => Ok(Some((UTF_16BE, 2))),
            [a, 0, 0, 0, b, 0, 0, 0, ..] | [0, 0, 0, a, 0, 0, 0, b, ..] if a > 0 && b > 0 => {
                Err(utf32.into())
            }
            _ => Ok(None),
        }
    }

    /// UTF-16 without a mark: its ASCII, of which the beginning has some, has a zero in every
    /// second place.
    pub fn zeros(&self) -> Option<&'static Encoding> {
        let places = memchr::memchr_iter(0, &self.head);
        let (even, odd): (Vec<usize>, Vec<usize>) = places.partition(|at| at % 2 == 0);
        let is_wide = |head: usize, many: u64, few: u64| {
            head > 1 && head * 20 >= self.head.len() && few * 10 <= many
        };
        if is_wide(odd.len(), self.zeros[1], self.zeros[0]) {
            return Some(UTF_16LE);
        }
        is_wide(even.len(), self.zeros[0], self.zeros[1]).then_some(UTF_16BE)
    }

    /// The encoding that the file itself names.
    pub fn declared(&self) -> Option<String> {
        let head = String::from_utf8_lossy(&self.head);
        let head = head.trim_start_matches('\u{feff}').trim_start();
        if let Some(rest) = head.strip_prefix("<?xml") {
            let declaration = rest.split("?>").next()?;
            return quoted(after_name(declaration, "encoding", '=')?);
        }
        let mut comments = head.lines().take_while(|line| line.trim().starts_with('#'));
        comments.find_map(|line| {
            let comment = line
                .trim()
                .trim_start_matches('#')
                .trim_start_matches([' ', '\t', '-', '*']);
            let is_named = ["encoding", "coding"].iter().find(|name| {
                let start = comment.get(..name.len());
                start.is_some_and(|start| start.eq_ignore_ascii_case(name))
            })?;
            let name = after_name(comment, &comment[..is_named.len()], ':')?;
            let name = name.split_whitespace().next()?;
            Some(name.to_owned())
        })
    }

    /// Whether every byte is ASCII.
    pub fn is_ascii(&self) -> bool {
        !self.high
    }

    /// Whether there are the escapes by which ISO-2022-JP changes its characters.
    pub fn has_escapes(&self) -> bool {
        self.escapes && !self.high
    }

    /// Whether all of it is UTF-8.
    pub fn is_utf8(&self) -> bool {
        self.broken == 0
    }

    /// Whether it is UTF-8 and has characters beside ASCII.
    pub fn is_foreign_utf8(&self) -> bool {
        self.broken == 0 && self.characters > 0
    }

    /// Whether a few places of UTF-8 are broken.
    pub fn is_damaged_utf8(&self) -> bool {
        // What comes out of a damaged archive after the damage says nothing.
        if self.is_cut && self.broken_line > 1 {
            return true;
        }
        let few = self.broken <= 3 && self.characters > self.broken;
        self.broken > 0 && (few || self.broken * 20 <= self.characters)
    }

    /// Whether much of it is UTF-8 and much is not.
    pub fn is_mixed(&self) -> bool {
        self.broken > 0 && self.characters > self.broken
    }

    /// Whether there are control characters of the second range (U+0080 to U+009F).
    pub fn has_controls(&self) -> bool {
        self.controls
    }

    /// How many places are not UTF-8.
    pub fn broken(&self) -> u64 {
        self.broken
    }

    /// The line of the first of them, from 1.
    pub fn broken_line(&self) -> u64 {
        self.broken_line.max(1)
    }

    /// The text around the first bytes that are not ASCII.
    pub fn sample(&self) -> &[u8] {
        &self.sample
    }

    /// The first bytes of the file.
    pub fn head(&self) -> &[u8] {
        &self.head
    }

    /// Whether zeros stand in it that are none of UTF-16.
    pub fn has_stray_zeros(&self) -> bool {
        self.zeros != [0, 0] && self.zeros().is_none() && matches!(self.mark(), Ok(None))
    }
}

fn after_name<'t>(text: &'t str, name: &str, sign: char) -> Option<&'t str> {
    let rest = &text[text.find(name)? + name.len()..];
    Some(rest.trim_start().strip_prefix(sign)?.trim_start())
}

fn quoted(text: &str) -> Option<String> {
    let quote = text.chars().next().filter(|c| ['"', '\''].contains(c))?;
    let name = text[1..].split(quote).next()?.trim();
    (!name.is_empty()).then(|| name.chars().take(40).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn survey(bytes: &[u8], step: usize) -> EncodingSurvey {
        let mut survey = EncodingSurvey::default();
        bytes.chunks(step).for_each(|chunk| survey.feed(chunk));
        survey.finish();
        survey
    }

    #[test]
    fn bytes_say_the_same_however_they_are_cut() {
        let text = "a\nb ü\n日本 \u{96}".as_bytes();
        for step in 1..9 {
            let seen = survey(text, step);
            assert!(seen.is_foreign_utf8() && seen.has_controls(), "{step}");
            let seen = survey(b"a\nb \xfc\n\xc3\xbc", step);
            assert_eq!((seen.broken(), seen.broken_line()), (1, 2), "{step}");
            assert!(
                survey("aü".as_bytes(), step)
                    .sample()
                    .ends_with("ü".as_bytes())
            );
        }
        assert_eq!(survey(b"ab \xc3", 2).broken(), 1);
    }

    #[test]
    fn declarations_are_found() {
        let declared = |text: &str| survey(text.as_bytes(), 64).declared();
        let cases = [
            (
                "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a/>",
                Some("ISO-8859-1"),
            ),
            (
                "<?xml version='1.0' encoding = 'cp1252' ?><a/>",
                Some("cp1252"),
            ),
            ("<?xml version='1.0'?><a encoding='x'/>", None),
            (
                "# language: de\n#encoding:koi8-r\nFeature: x",
                Some("koi8-r"),
            ),
            ("# -*- coding: latin-1 -*-\n", Some("latin-1")),
            ("# Encoding : utf-8\n", Some("utf-8")),
            ("Feature: x\n# encoding: koi8-r\n", None),
        ];
        for (text, name) in cases {
            assert_eq!(declared(text).as_deref(), name, "{text}");
        }
    }
}
