//! One row as cells: by the rules of RFC 4180, and by those that other programs and people keep.

/// More cells than any spreadsheet has; further ones are only counted as one more.
const MOST_CELLS: usize = 20_000;
/// So many steps are taken to find out what stray quotes mean.
const MOST_STEPS: usize = 20_000;
/// So many stray quotes may be in a row that is still clear.
const MOST_STRAY: usize = 4;

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
    const SINGLE: Style = Style {
        quote: b'\'',
        backslash: false,
    };
    const BACKSLASH: Style = Style {
        quote: b'"',
        backslash: true,
    };
}

/// How the reading of a row ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// Whole; the next row begins here.
    At(usize),
    /// The text ends before the row does.
    Early,
    /// A quote closes a cell, and the cell goes on.
    Stray,
}

/// Splits the row that begins the text; `is_all` says that no more text comes.
pub(super) fn split(
    text: &[u8],
    delimiter: u8,
    style: Style,
    is_all: bool,
    cells: &mut Vec<String>,
) -> Ended {
    let mut at = 0;
    loop {
        let start = past_blanks(text, at, delimiter);
        let end = match text.get(start) {
            Some(byte) if *byte == style.quote => {
                let Some(close) = closing(text, start + 1, style) else {
                    return Ended::Early;
                };
                push(cells, &text[start + 1..close], Some(style));
                past_blanks(text, close + 1, delimiter)
            }
            _ => {
                let rest = &text[at.min(text.len())..];
                let end = memchr::memchr3(delimiter, b'\n', b'\r', rest).unwrap_or(rest.len());
                push(cells, &rest[..end], None);
                at + end
            }
        };
        match text.get(end) {
            None if is_all => return Ended::At(text.len()),
            None => return Ended::Early,
            Some(byte) if *byte == delimiter => at = end + 1,
            Some(b'\n') => return Ended::At(end + 1),
            // The line feed may come with the next bytes.
            Some(b'\r') if end + 1 == text.len() && !is_all => return Ended::Early,
            Some(b'\r') => {
                return Ended::At(end + 1 + usize::from(text.get(end + 1) == Some(&b'\n')));
            }
            Some(_) => return Ended::Stray,
        }
    }
}

/// Splits a line at every separator.
pub(super) fn literal(line: &[u8], delimiter: u8, cells: &mut Vec<String>) {
    for cell in line.split(|byte| *byte == delimiter) {
        push(cells, cell, None);
    }
}

fn past_blanks(text: &[u8], mut at: usize, delimiter: u8) -> usize {
    while matches!(text.get(at), Some(byte) if (*byte == b' ' || *byte == b'\t') && *byte != delimiter)
    {
        at += 1;
    }
    at
}

/// The quote that closes a cell.
fn closing(text: &[u8], mut at: usize, style: Style) -> Option<usize> {
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

fn push(cells: &mut Vec<String>, bytes: &[u8], style: Option<Style>) {
    if cells.len() >= MOST_CELLS {
        return;
    }
    let text = String::from_utf8_lossy(bytes);
    cells.push(match style {
        Some(style) if style.backslash => unescaped(&text),
        Some(style) if memchr::memchr(style.quote, bytes).is_some() => {
            let quote = char::from(style.quote).to_string();
            text.replace(&quote.repeat(2), &quote)
        }
        _ => text.into_owned(),
    });
}

/// `\"` and `""` as quotes; a backslash before anything else stays, but for one before another.
fn unescaped(text: &str) -> String {
    let text = text.replace("\"\"", "\"");
    text.replace("\\\"", "\"")
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
    let mut inner = Vec::new();
    let ended = split(first.as_bytes(), delimiter, Style::DOUBLE, true, &mut inner);
    (ended == Ended::At(first.len())).then_some(inner)
}

/// The one reading of a row with stray quotes that gives it the width of the header.
pub(super) fn clear(text: &[u8], delimiter: u8, width: usize) -> Option<Vec<String>> {
    let with = |style: Style| {
        let mut cells = Vec::new();
        let ended = split(text, delimiter, style, true, &mut cells);
        let is_whole = ended == Ended::At(text.len()) && fitted(&mut cells, width);
        is_whole.then_some(cells)
    };
    if memchr::memmem::find(text, b"\\\"").is_some()
        && let Some(cells) = with(Style::BACKSLASH)
    {
        return Some(cells);
    }
    if memchr::memchr(b'\'', text).is_some()
        && let Some(cells) = with(Style::SINGLE)
        && memchr::memchr(b'"', text).is_none()
    {
        return Some(cells);
    }
    memchr::memchr(b'"', text)?;
    let mut search = Search {
        text,
        delimiter,
        width,
        steps: 0,
        cells: Vec::new(),
        found: Vec::new(),
        count: 0,
    };
    for stray in 0..=MOST_STRAY {
        search.from(0, stray);
        if search.count > 0 {
            break;
        }
    }
    let only = search.found.len() == 1 && search.steps < MOST_STEPS;
    let cells = search.found.pop().filter(|_| only)?;
    let text = |cell: &Cell| {
        let text = String::from_utf8_lossy(&text[cell.start..cell.end]);
        match cell.is_quoted {
            true => text.replace("\"\"", "\""),
            false => text.into_owned(),
        }
    };
    Some(cells.iter().map(text).collect())
}

/// Drops empty cells beyond the header's width; whether it fits then.
pub(super) fn fitted(cells: &mut Vec<String>, width: usize) -> bool {
    let last = cells.iter().rposition(|cell| !cell.trim().is_empty());
    let filled = last.map_or(0, |last| last + 1);
    cells.truncate(filled.max(width));
    cells.len() == width
}

#[derive(Clone, Copy)]
struct Cell {
    start: usize,
    end: usize,
    is_quoted: bool,
}

/// Tries where cells may end, with a given number of stray quotes.
struct Search<'t> {
    text: &'t [u8],
    delimiter: u8,
    width: usize,
    steps: usize,
    cells: Vec<Cell>,
    /// Readings that have the header's width.
    found: Vec<Vec<Cell>>,
    /// All readings.
    count: usize,
}

impl Search<'_> {
    fn from(&mut self, at: usize, stray: usize) {
        self.steps += 1;
        if self.steps >= MOST_STEPS || self.cells.len() > 2 * self.width + 8 {
            return;
        }
        let start = past_blanks(self.text, at, self.delimiter);
        if self.text.get(start) == Some(&b'"') {
            self.quoted(start + 1, stray);
        }
        let rest = self.text.get(at..).unwrap_or_default();
        let end = memchr::memchr3(self.delimiter, b'\n', b'\r', rest).unwrap_or(rest.len());
        let cost = usize::from(rest[..end].contains(&b'"'));
        let is_broken = matches!(rest.get(end), Some(b'\n' | b'\r'));
        if cost <= stray && !is_broken {
            self.go_on(at, at + end, at + end, false, stray - cost);
        }
    }

    fn quoted(&mut self, start: usize, stray: usize) {
        let mut run = 0;
        for at in start..self.text.len() {
            if self.text[at] != b'"' {
                run = 0;
                continue;
            }
            run += 1;
            let after = past_blanks(self.text, at + 1, self.delimiter);
            let closes = after >= self.text.len() || self.text[after] == self.delimiter;
            // Two quotes are one that is meant; an even run does not close.
            let cost = usize::from(run % 2 == 0);
            if closes && cost <= stray {
                self.go_on(start, at, after, true, stray - cost);
            }
            if self.steps >= MOST_STEPS {
                return;
            }
        }
    }

    fn go_on(&mut self, start: usize, end: usize, after: usize, is_quoted: bool, stray: usize) {
        self.cells.push(Cell {
            start,
            end,
            is_quoted,
        });
        if after < self.text.len() {
            self.from(after + 1, stray);
        } else if stray == 0 {
            self.count += 1;
            let width = self.cells.iter().rposition(|cell| cell.end > cell.start);
            let width = width.map_or(0, |last| last + 1).max(self.width);
            if width == self.width && self.cells.len() >= width && self.found.len() < 2 {
                self.found.push(self.cells[..width].to_vec());
            }
        }
        self.cells.pop();
    }
}
