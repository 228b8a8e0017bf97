//! Where a table's header stands and what separates its columns, chosen together.

use super::Columns;
use super::quotes::{self, RowEnd, Style};
use super::window::lines_in;

/// The usual separators, the likeliest first.
const COMMON: [u8; 5] = [b',', b';', b'\t', b'|', b'^'];
/// What may also separate, where at least two columns are known by it.
const RARE: &[u8] = b"~:#!*=&%$@+<>?\\{}[]`\x01\x02\x1c\x1d\x1e\x1f";
/// The header stands in one of so many lines with text.
const MOST_LINES: usize = 40;
/// So many rows below it show whether they have as many cells.
const ROWS_BELOW: usize = 5;

/// The header of a table.
pub(super) struct Header {
    pub cells: Vec<String>,
    pub delimiter: u8,
    /// Its line, from 1.
    pub line: u64,
    /// The place behind it, and the line there.
    pub end: usize,
    pub next_line: u64,
    /// The first line above it that has text and was passed over.
    pub above: Option<String>,
}

/// Finds the header in the first bytes of a file.
pub(super) fn find(text: &[u8], wanted: Option<u8>, known: &dyn Fn(&Columns) -> usize) -> Header {
    let lines = lines(text);
    let sep = lines
        .first()
        .and_then(|line| separator_line(&text[line.start..line.end]));
    let lines = &lines[usize::from(sep.is_some())..];
    let mut best: Option<(Score, Header)> = None;
    for (number, line) in lines.iter().enumerate() {
        let shown = &text[line.start..line.end];
        for delimiter in candidates(shown, wanted, sep) {
            let (cells, end) = header(text, line.start, delimiter);
            let columns = Columns::new(cells.clone());
            let known = known(&columns);
            if !COMMON.contains(&delimiter) && known < 2 && wanted.or(sep) != Some(delimiter) {
                continue;
            }
            let score = Score {
                known,
                earlier: usize::MAX - number,
                is_declared: sep == Some(delimiter),
                regular: regular(text, end, delimiter, cells.len()),
                cells: cells.len(),
            };
            if best.as_ref().is_none_or(|(other, _)| score > *other) {
                let header = Header {
                    cells,
                    delimiter,
                    line: line.number,
                    end,
                    next_line: line.number + lines_in(&text[line.start..end]),
                    above: above(text, lines, number),
                };
                best = Some((score, header));
            }
        }
    }
    best.map(|(_, header)| header).unwrap_or(Header {
        cells: Vec::new(),
        delimiter: wanted.or(sep).unwrap_or(b','),
        line: 1,
        end: text.len(),
        next_line: 1 + lines_in(text),
        above: None,
    })
}

/// What makes one header better than another, the most important first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Score {
    known: usize,
    earlier: usize,
    is_declared: bool,
    regular: usize,
    cells: usize,
}

struct HeaderLine {
    number: u64,
    start: usize,
    end: usize,
}

/// The first lines that have text.
fn lines(text: &[u8]) -> Vec<HeaderLine> {
    let (mut lines, mut start, mut number) = (Vec::new(), 0, 1);
    while start < text.len() && lines.len() < MOST_LINES {
        let rest = &text[start..];
        let end = start + memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        if !text[start..end].trim_ascii().is_empty() {
            lines.push(HeaderLine { number, start, end });
        }
        start = end + 1;
        if text[end..].starts_with(b"\r\n") {
            start += 1;
        }
        number += 1;
    }
    lines
}

/// The separator that the first line of a spreadsheet's file names.
fn separator_line(line: &[u8]) -> Option<u8> {
    let line = line.strip_prefix(b"\"").unwrap_or(line);
    let (name, rest) = line.split_at_checked(4)?;
    let delimiter = *rest.first()?;
    let is_rest_empty = rest[1..]
        .iter()
        .all(|byte| *byte == delimiter || b"\" ".contains(byte));
    (name.eq_ignore_ascii_case(b"sep=") && is_rest_empty && delimiter.is_ascii())
        .then_some(delimiter)
}

fn candidates(line: &[u8], wanted: Option<u8>, sep: Option<u8>) -> Vec<u8> {
    if let Some(delimiter) = wanted {
        return vec![delimiter];
    }
    let unusual = RARE.iter().copied().filter(|byte| line.contains(byte));
    let said = sep.filter(|byte| !COMMON.contains(byte) && !RARE.contains(byte));
    COMMON.into_iter().chain(unusual).chain(said).collect()
}

/// The cells of the header that begins at a place, and where it ends.
fn header(text: &[u8], at: usize, delimiter: u8) -> (Vec<String>, usize) {
    let text = &text[at..];
    let line = memchr::memchr2(b'\n', b'\r', text).unwrap_or(text.len());
    let mut places = Vec::new();
    let (mut cells, end) = match quotes::split(text, delimiter, Style::DOUBLE, true, &mut places) {
        RowEnd::At(end) => (quotes::texts(text, &places, Style::DOUBLE), end),
        _ => {
            let end = line + 1 + usize::from(text[line..].starts_with(b"\r\n"));
            (quotes::literal(&text[..line], delimiter), end)
        }
    };
    if let Some(single) = quotes::single(&cells) {
        cells = single;
    }
    if let Some(inner) = quotes::unwrapped(&cells, delimiter) {
        cells = inner;
    }
    (cells, at + end.min(text.len()))
}

/// How many of the next rows have as many cells as the header; one cell says nothing.
fn regular(text: &[u8], mut at: usize, delimiter: u8, width: usize) -> usize {
    let mut count = 0;
    for _ in 0..ROWS_BELOW {
        let mut cells = Vec::new();
        let rest = text.get(at..).unwrap_or_default();
        match quotes::split(rest, delimiter, Style::DOUBLE, true, &mut cells) {
            RowEnd::At(end) if end > 0 => at += end,
            _ => break,
        }
        count += usize::from(width > 1 && cells.len() == width);
    }
    count
}

fn above(text: &[u8], lines: &[HeaderLine], number: usize) -> Option<String> {
    let first = lines.first().filter(|_| number > 0)?;
    Some(String::from_utf8_lossy(&text[first.start..first.end]).into_owned())
}
