//! JSON files as records: lines, arrays, pages of a search, single objects. One record in memory.

pub(crate) mod value;

use std::io::{self, BufRead};
use std::ops::ControlFlow;

use serde_json::Value;

use super::input::{Delivery, Input};
use super::{Each, ReadSummary};
use crate::Result;

/// A longer record is a mistake, and must not fill the memory.
const LONGEST_RECORD: usize = 64 * 1024 * 1024;
/// So many records without a known field, and the file is something else.
const STRANGERS: u64 = 100;

/// What the records of a file look like.
pub(crate) struct Shape {
    /// Arrays in an object that hold records (`issues`).
    pub pages: &'static [&'static str],
    /// Every record has at least one of these fields.
    pub fields: &'static [&'static str],
    /// What can be imported, for the error about another file.
    pub expected: &'static str,
}

/// A text that is not empty, trimmed; a number as its digits.
pub(crate) fn text_of(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// Reads every record of a JSON file.
pub(crate) fn read<T>(
    mut input: Input,
    shape: &Shape,
    convert: impl Fn(&Value) -> std::result::Result<T, String>,
    each: Each<'_, T>,
) -> Result<ReadSummary> {
    let mut delivery = Delivery::new(&input.file, each);
    let mut source = Source::new(layout(&input.start()?, shape.pages));
    let mut truncated = None;
    let (mut strangers, mut recognised) = (Vec::new(), false);
    loop {
        let raw = match source.next(&mut input.reader, shape.pages) {
            Ok(Some(raw)) => raw,
            Ok(None) => break,
            Err(error) => {
                truncated = Some(input.file.ended_early(error)?);
                break;
            }
        };
        recognised = recognised || has_field(&raw, shape.fields);
        if !recognised {
            strangers.push(raw);
            if strangers.len() as u64 >= STRANGERS {
                break;
            }
            continue;
        }
        let records = strangers.drain(..).chain([raw]);
        if deliver(records, shape, &convert, &mut delivery).is_break() {
            break;
        }
    }
    if !strangers.is_empty() {
        return Err(input.file.unknown(shape.expected));
    }
    Ok(delivery.finish(truncated, input.account.finish()))
}

fn deliver<T>(
    mut records: impl Iterator<Item = Raw>,
    shape: &Shape,
    convert: &impl Fn(&Value) -> std::result::Result<T, String>,
    delivery: &mut Delivery<'_, T>,
) -> ControlFlow<()> {
    records.try_for_each(|raw| {
        let value = raw.bytes.and_then(|bytes| value::parse(&bytes));
        let page = value.as_ref().ok().and_then(|value| {
            let mut arrays = shape.pages.iter().map(|name| value.get(name));
            arrays.find_map(|array| array?.as_array())
        });
        match (page, &value) {
            // A page that lies on one line.
            (Some(records), _) => records
                .iter()
                .try_for_each(|record| delivery.record(raw.line, convert(record))),
            (None, Ok(value)) => delivery.record(raw.line, convert(value)),
            (None, Err(reason)) => delivery.record(raw.line, Err(reason.clone())),
        }
    })
}

/// Whether the record names one of these fields, valid or not.
fn has_field(raw: &Raw, fields: &[&str]) -> bool {
    let Ok(bytes) = &raw.bytes else {
        return true;
    };
    let start = bytes
        .get(..LONGEST_RECORD.min(bytes.len()))
        .unwrap_or(bytes);
    fields.iter().any(|field| {
        let name = format!("\"{field}\"");
        start.windows(name.len()).any(|w| w == name.as_bytes())
    })
}

/// Where the records lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// One a line.
    Lines,
    /// One after the other, over several lines each.
    Objects,
    /// The elements of the array that is the file.
    Array,
    /// The elements of an array in an object.
    Page,
}

/// Finds out where the records lie from the first bytes of the file.
fn layout(start: &[u8], pages: &[&str]) -> Layout {
    let (mut depth, mut i) = (0usize, 0);
    let mut last = b' ';
    let mut layout = Layout::Lines;
    while let Some(&byte) = start.get(i) {
        i += 1;
        match byte {
            b'[' if depth == 0 => return Layout::Array,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => {
                let end = string_end(start, i);
                let name = start.get(i..end.saturating_sub(1)).unwrap_or_default();
                let after = start.get(end..).unwrap_or_default().trim_ascii_start();
                if depth == 1 && after.starts_with(b":") && is_one_of(name, pages) {
                    return Layout::Page;
                }
                i = end;
            }
            b'\n' if depth > 0 => {
                let next = start.get(i..).unwrap_or_default().trim_ascii_start();
                if next.starts_with(b"{") && !b"[{,:".contains(&last) {
                    // The first line is cut off and the second one starts anew.
                    return Layout::Lines;
                }
                layout = Layout::Objects;
            }
            _ => {}
        }
        if depth == 0 && byte == b'}' {
            break;
        }
        last = if byte.is_ascii_whitespace() {
            last
        } else {
            byte
        };
    }
    layout
}

fn is_one_of(name: &[u8], names: &[&str]) -> bool {
    names.iter().any(|n| n.as_bytes() == name)
}

/// The place after the string whose first character is at `i`; a line's end ends it too.
fn string_end(bytes: &[u8], mut i: usize) -> usize {
    while let Some(&byte) = bytes.get(i) {
        i += 1;
        match byte {
            b'\\' => i += 1,
            b'"' => return i,
            b'\n' => return i - 1,
            _ => {}
        }
    }
    bytes.len()
}

/// Cuts the file into the texts of its records.
struct Source {
    layout: Layout,
    line: u64,
    /// Inside the array whose elements are the records.
    inside: bool,
    /// Braces open outside of that array.
    depth: usize,
    /// The name at hand is that of a page.
    at_page: bool,
}

/// The text of a record, or why there is none.
struct Raw {
    line: u64,
    bytes: std::result::Result<Vec<u8>, String>,
}

impl Source {
    fn new(layout: Layout) -> Self {
        Source {
            layout,
            line: 1,
            inside: false,
            depth: 0,
            at_page: false,
        }
    }

    fn next(&mut self, reader: &mut impl BufRead, pages: &[&str]) -> io::Result<Option<Raw>> {
        if self.layout == Layout::Lines {
            return self.next_line(reader);
        }
        while let Some(byte) = peek(reader)? {
            match byte {
                b'\n' => self.line += 1,
                b']' if self.inside => self.inside = false,
                b',' => self.at_page = false,
                _ if byte.is_ascii_whitespace() => {}
                b'[' if self.layout == Layout::Array && !self.inside => self.inside = true,
                b'"' if self.layout == Layout::Page && !self.inside => {
                    let name = self.value(reader)?.bytes.unwrap_or_default();
                    self.at_page =
                        self.at_page || self.depth == 1 && is_one_of(unquoted(&name), pages);
                    continue;
                }
                _ if self.layout == Layout::Page && !self.inside => self.between_pages(byte),
                _ => return self.value(reader).map(Some),
            }
            reader.consume(1);
        }
        match self.inside || self.depth > 0 {
            true => Err(io::ErrorKind::UnexpectedEof.into()),
            false => Ok(None),
        }
    }

    fn between_pages(&mut self, byte: u8) {
        match byte {
            b'[' if self.at_page => self.inside = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }

    fn next_line(&mut self, reader: &mut impl BufRead) -> io::Result<Option<Raw>> {
        loop {
            let line = self.line;
            let mut text = Text::default();
            let mut ended = false;
            while !ended {
                let buffer = reader.fill_buf()?;
                if buffer.is_empty() {
                    break;
                }
                let feed = buffer.iter().position(|&b| b == b'\n');
                ended = feed.is_some();
                let length = feed.map_or(buffer.len(), |at| at + 1);
                text.push(buffer.get(..length).unwrap_or_default());
                reader.consume(length);
            }
            self.line += 1;
            if text.length == 0 {
                return Ok(None);
            }
            if !text.bytes.trim_ascii().is_empty() {
                let bytes = text.finish();
                return Ok(Some(Raw { line, bytes }));
            }
        }
    }

    /// One value: a string, a number, or everything between matching brackets.
    fn value(&mut self, reader: &mut impl BufRead) -> io::Result<Raw> {
        let line = self.line;
        let mut text = Text::default();
        let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
        while let Some(byte) = peek(reader)? {
            let ends_scalar = depth == 0 && !in_string && text.length > 0;
            if ends_scalar && (b",]}".contains(&byte) || byte.is_ascii_whitespace()) {
                break;
            }
            self.line += u64::from(byte == b'\n');
            text.push(&[byte]);
            reader.consume(1);
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = in_string,
                b'"' => in_string = !in_string,
                b'{' | b'[' if !in_string => depth += 1,
                b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 && !in_string && b"}]\"".contains(&byte) {
                break;
            }
        }
        if depth > 0 || in_string {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let bytes = text.finish();
        Ok(Raw { line, bytes })
    }
}

fn unquoted(name: &[u8]) -> &[u8] {
    let name = name.strip_prefix(b"\"").unwrap_or(name);
    name.strip_suffix(b"\"").unwrap_or(name)
}

fn peek(reader: &mut impl BufRead) -> io::Result<Option<u8>> {
    Ok(reader.fill_buf()?.first().copied())
}

/// A record's bytes, no more than allowed.
#[derive(Default)]
struct Text {
    bytes: Vec<u8>,
    length: usize,
}

impl Text {
    fn push(&mut self, bytes: &[u8]) {
        self.length += bytes.len();
        if self.length <= LONGEST_RECORD {
            self.bytes.extend_from_slice(bytes);
        }
    }

    fn finish(self) -> std::result::Result<Vec<u8>, String> {
        if self.length <= LONGEST_RECORD {
            Ok(self.bytes)
        } else {
            Err(format!(
                "the record is longer than {} MB",
                LONGEST_RECORD / 1024 / 1024
            ))
        }
    }
}
