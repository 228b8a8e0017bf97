//! One row as cells: by the rules of RFC 4180, and by those that other programs keep.

/// More cells than any spreadsheet has; further ones are left out.
const MOST_CELLS: usize = 20_000;

/// How cells are quoted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    quote: u8,
    /// A backslash takes a quote's meaning away.
    backslash: bool,
}

impl Style {
    pub const DOUBLE: Style = Style {
        quote: b'"',
        backslash: false,
    };
    pub const SINGLE: Style = Style {
        quote: b'\'',
        backslash: false,
    };
    pub const BACKSLASH: Style = Style {
        quote: b'"',
        backslash: true,
    };
}

/// How the reading of a row ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowEnd {
    /// Whole; the next row begins here.
    At(usize),
    /// The text ends before the row does.
    Early,
    /// A quote closes a cell, and the cell goes on.
    Stray,
}

/// Where a cell's text lies, without the quotes around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CellText {
    pub start: usize,
    pub end: usize,
    pub is_quoted: bool,
}

/// Splits the row that begins the text; `is_all` says that no more text comes.
pub(super) fn split(
    text: &[u8],
    delimiter: u8,
    style: Style,
    is_all: bool,
    cells: &mut Vec<CellText>,
) -> RowEnd {
    let mut at = 0;
    loop {
        let start = past_blanks(text, at, delimiter);
        let end = match text.get(start) {
            Some(byte) if *byte == style.quote => {
                let Some(close) = closing(text, start + 1, style) else {
                    return RowEnd::Early;
                };
                push(cells, start + 1, close, true);
                past_blanks(text, close + 1, delimiter)
            }
            _ => {
                let rest = text.get(at..).unwrap_or_default();
                let end = memchr::memchr3(delimiter, b'\n', b'\r', rest).unwrap_or(rest.len());
                push(cells, at, at + end, false);
                at + end
            }
        };
        match text.get(end) {
            None if is_all => return RowEnd::At(text.len()),
            None => return RowEnd::Early,
            Some(byte) if *byte == delimiter => at = end + 1,
            Some(b'\n') => return RowEnd::At(end + 1),
            // The line feed may come with the next bytes.
            Some(b'\r') if end + 1 == text.len() && !is_all => return RowEnd::Early,
            Some(b'\r') => {
                return RowEnd::At(end + 1 + usize::from(text.get(end + 1) == Some(&b'\n')));
            }
            Some(_) => return RowEnd::Stray,
        }
    }
}

/// Whether no cell without quotes around it has one inside.
pub(super) fn in_order(text: &[u8], cells: &[CellText]) -> bool {
    let plain = cells.iter().filter(|cell| !cell.is_quoted);
    plain
        .filter_map(|cell| text.get(cell.start..cell.end))
        .all(|cell| memchr::memchr(b'"', cell).is_none())
}

/// Splits a line at every separator.
pub(super) fn literal(line: &[u8], delimiter: u8) -> Vec<String> {
    let cells = line.split(|byte| *byte == delimiter).take(MOST_CELLS);
    cells
        .map(|cell| String::from_utf8_lossy(cell).into_owned())
        .collect()
}

/// How many cells a line has if every separator counts.
pub(super) fn count(line: &[u8], delimiter: u8) -> usize {
    memchr::memchr_iter(delimiter, line).count() + 1
}

/// The cells' texts.
pub(super) fn texts(text: &[u8], cells: &[CellText], style: Style) -> Vec<String> {
    cells.iter().map(|cell| value(text, cell, style)).collect()
}

/// A cell's text.
pub(super) fn value(text: &[u8], cell: &CellText, style: Style) -> String {
    let bytes = text.get(cell.start..cell.end).unwrap_or_default();
    let text = String::from_utf8_lossy(bytes);
    if !cell.is_quoted || memchr::memchr(style.quote, bytes).is_none() {
        return text.into_owned();
    }
    let quote = char::from(style.quote).to_string();
    let text = text.replace(&quote.repeat(2), &quote);
    // A backslash before anything else stays.
    match style.backslash {
        true => text.replace("\\\"", "\""),
        false => text,
    }
}

/// The place behind blanks.
pub(super) fn past_blanks(text: &[u8], mut at: usize, delimiter: u8) -> usize {
    while matches!(text.get(at), Some(byte) if (*byte == b' ' || *byte == b'\t') && *byte != delimiter)
    {
        at += 1;
    }
    at
}

/// The quote that closes a cell.
pub(super) fn closing(text: &[u8], mut at: usize, style: Style) -> Option<usize> {
    loop {
        let rest = text.get(at..)?;
        let found = match style.backslash {
            true => memchr::memchr2(style.quote, b'\\', rest)?,
            false => memchr::memchr(style.quote, rest)?,
        };
        at += found;
        if text[at] == b'\\' || text.get(at + 1) == Some(&style.quote) {
            at += 2;
        } else {
            return Some(at);
        }
    }
}

fn push(cells: &mut Vec<CellText>, start: usize, end: usize, is_quoted: bool) {
    if cells.len() < MOST_CELLS {
        cells.push(CellText {
            start,
            end,
            is_quoted,
        });
    }
}

/// Cells of which each that has text stands in single quotes, without them.
pub(super) fn single(cells: &[String]) -> Option<Vec<String>> {
    let inner = |cell: &str| -> Option<String> {
        let cell = cell.trim();
        match cell.is_empty() {
            true => Some(String::new()),
            false => {
                let inner = cell.strip_prefix('\'')?.strip_suffix('\'')?;
                Some(inner.replace("''", "'"))
            }
        }
    };
    let is_any = cells
        .first()
        .is_some_and(|cell| cell.trim().starts_with('\''));
    match is_any && cells.len() > 1 {
        true => cells.iter().map(|cell| inner(cell)).collect(),
        false => None,
    }
}

/// The cells of a row that was quoted as a whole, and so became one cell.
pub(super) fn unwrapped(cells: &[String], delimiter: u8) -> Option<Vec<String>> {
    let (first, others) = cells.split_first()?;
    let is_whole =
        first.as_bytes().contains(&delimiter) && others.iter().all(|cell| cell.trim().is_empty());
    if !is_whole {
        return None;
    }
    let (text, mut inner) = (first.as_bytes(), Vec::new());
    let ended = split(text, delimiter, Style::DOUBLE, true, &mut inner);
    (ended == RowEnd::At(text.len())).then(|| texts(text, &inner, Style::DOUBLE))
}

/// Drops empty cells beyond the header's width; whether it fits then.
pub(super) fn fitted(cells: &mut Vec<String>, width: usize) -> bool {
    let last = cells.iter().rposition(|cell| !cell.trim().is_empty());
    let filled = last.map_or(0, |last| last + 1);
    cells.truncate(filled.max(width));
    cells.len() == width
}

/// Whether cells fill the header, without empty ones beyond it.
pub(super) fn fits(text: &[u8], cells: &[CellText], width: usize) -> bool {
    let beyond = cells.get(width..);
    beyond.is_some_and(|beyond| {
        beyond.iter().all(|cell| {
            let cell = text.get(cell.start..cell.end).unwrap_or_default();
            cell.trim_ascii().is_empty()
        })
    })
}
