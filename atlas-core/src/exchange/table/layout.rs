//! What a first pass over a table tells: whether its quotes are in order, what its keys look like.

use std::collections::{HashMap, HashSet};
use std::io::{self, Read};

use xxhash_rust::xxh3::xxh3_64;

use super::lenient;
use super::quotes::{self, CellText, RowEnd, Style};
use super::window::{Window, physical};

/// So many good rows are looked at in detail.
const LEARNED_FROM: u64 = 1_000;
/// In a table whose quotes are out of order, so many rows are looked at in all.
const MOST_ROWS: u64 = 5_000;
/// So many lines are looked at where no row is good.
const MOST_LINES: usize = 200;
/// Longer cells, and those with blanks, are no keys.
const LONGEST_KEY: usize = 40;
/// A column with more kinds of keys has none.
const MOST_SHAPES: usize = 16;
/// Of a hundred keys so many look alike.
const ALIKE: u64 = 80;

/// What is known of a table before its rows are read.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// Every quote that opens is closed, those inside are doubled, and no row that goes over
    /// several lines has another number of cells than the header.
    pub is_proper: bool,
    /// Whether a row of one line has a cell that needs its quotes: the writer knows how to quote.
    pub quotes_well: bool,
    /// Whether a cell has quotes that are doubled.
    pub doubles: bool,
    delimiter: u8,
    key: Option<KeyColumn>,
    columns: Vec<LayoutColumn>,
    rows: u64,
    is_behind_bad: bool,
}

/// The column that has the keys.
#[derive(Debug)]
struct KeyColumn {
    place: usize,
    shape: String,
    /// No row is without one.
    is_always: bool,
}

#[derive(Debug, Clone, Default)]
struct LayoutColumn {
    filled: u64,
    quoted: u64,
    /// How many stand in quotes that they do not need.
    needless: u64,
    shapes: HashMap<String, u64>,
    values: HashSet<u64>,
}

impl Layout {
    /// Looks through the rows below a header; says why the text ended early, if it did.
    pub fn of<R: Read>(text: R, delimiter: u8, width: usize) -> (Self, Option<io::Error>) {
        let mut layout = Layout {
            is_proper: true,
            delimiter,
            columns: vec![LayoutColumn::default(); width],
            ..Layout::default()
        };
        let mut lines = Vec::new();
        let mut window = Window::new(text);
        let mut cells = Vec::new();
        let mut seen = 0;
        while layout.is_proper || seen < MOST_ROWS {
            let end = match layout.row(&mut window, &mut cells) {
                Ok(Some(end)) => end,
                Ok(None) => break,
                // A line without end: it is told when the rows are.
                Err(_) => {
                    layout.is_proper = false;
                    break;
                }
            };
            if lines.len() < MOST_LINES {
                let line = physical(window.rest().get(..end).unwrap_or_default()).next();
                lines.extend(line.map(<[u8]>::to_vec));
            }
            window.advance(end);
            seen += 1;
        }
        if layout.rows == 0 {
            layout.learn_lines(&lines);
        }
        layout.settle();
        (layout, window.failure())
    }

    /// Looks at the next row; where it ends, or nothing at the end of the text.
    fn row<R: Read>(
        &mut self,
        window: &mut Window<R>,
        cells: &mut Vec<CellText>,
    ) -> io::Result<Option<usize>> {
        let ended = loop {
            cells.clear();
            let rest = window.rest();
            if rest.is_empty() && window.has_ended() {
                return Ok(None);
            }
            let is_all = window.has_ended();
            let ended = quotes::split(rest, self.delimiter, Style::DOUBLE, is_all, cells);
            if ended != RowEnd::Early || is_all {
                break ended;
            }
            match window.more() {
                Err(error) if error.kind() == io::ErrorKind::FileTooLarge => break RowEnd::Stray,
                other => other?,
            }
        };
        let text = window.rest();
        if let RowEnd::At(end) = ended
            && quotes::in_order(text, cells)
        {
            let row = text.get(..end).unwrap_or_default();
            let is_long = memchr::memchr2(b'\n', b'\r', row.trim_ascii_end()).is_some();
            // Behind a row out of order it may be the rest of that row.
            let is_first = std::mem::take(&mut self.is_behind_bad);
            match quotes::fits(row, cells, self.columns.len()) {
                true if is_first => {}
                true => self.learn(row, cells, is_long),
                false => self.is_proper &= !is_long,
            }
            return Ok(Some(end));
        }
        // Where reading failed, the last row may lack its end.
        self.is_behind_bad = true;
        self.is_proper &= ended == RowEnd::Early && window.has_failed();
        window.line_at(0).map(|(_, after)| Some(after))
    }

    fn learn(&mut self, row: &[u8], cells: &[CellText], is_long: bool) {
        let text = |cell: &CellText| row.get(cell.start..cell.end).unwrap_or_default();
        let mut others = cells.iter().skip(1).map(text);
        // It may be a row that was quoted as a whole.
        let is_one = others.all(|cell| cell.trim_ascii().is_empty())
            && cells
                .first()
                .is_some_and(|cell| text(cell).contains(&self.delimiter));
        if self.rows >= LEARNED_FROM || is_one {
            return;
        }
        self.rows += 1;
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            let text = row.get(cell.start..cell.end).unwrap_or_default();
            let special = |byte: &u8| *byte == self.delimiter || b"\"\r\n".contains(byte);
            let is_special = text.iter().any(special);
            self.doubles |= cell.is_quoted && text.contains(&b'"');
            self.quotes_well |= !is_long && cell.is_quoted && is_special;
            column.learn(text, cell.is_quoted, is_special);
        }
    }

    /// Without a good row, lines with as many cells as the header show what keys look like.
    fn learn_lines(&mut self, lines: &[Vec<u8>]) {
        for line in lines {
            let cells: Vec<&[u8]> = line.split(|byte| *byte == self.delimiter).collect();
            if cells.len() == self.columns.len() {
                self.rows += 1;
                let all = self.columns.iter_mut().zip(cells);
                all.for_each(|(column, cell)| column.learn(cell, false, false));
            }
        }
    }

    /// Finds the column of the keys: all look alike and differ; letters are better than numbers.
    fn settle(&mut self) {
        let keys = self
            .columns
            .iter()
            .enumerate()
            .filter_map(|(place, column)| {
                let (shape, count) = column.shapes.iter().max_by_key(|(_, count)| **count)?;
                (column.filled > 0 && count * 100 >= column.filled * ALIKE).then(|| {
                    let rank = (
                        shape.starts_with('a'),
                        column.values.len() as u64 == column.filled,
                        usize::MAX - place,
                    );
                    let is_always = column.filled == self.rows;
                    (
                        rank,
                        KeyColumn {
                            place,
                            shape: shape.clone(),
                            is_always,
                        },
                    )
                })
            });
        self.key = keys.max_by_key(|(rank, _)| *rank).map(|(_, key)| key);
    }

    /// Whether a row has a key where it belongs; nothing where none is to be expected.
    pub fn has_key(&self, cells: &[String]) -> Option<bool> {
        let key = self.key.as_ref()?;
        match cells.get(key.place).map(|cell| cell.trim()) {
            None | Some("") => key.is_always.then_some(false),
            Some(cell) => Some(shape(cell).as_ref() == Some(&key.shape)),
        }
    }

    /// Whether keys are known at all.
    pub fn knows_keys(&self) -> bool {
        self.key.is_some()
    }

    /// Whether a line begins with cells of which the key's column has a key.
    pub fn begins(&self, line: &[u8]) -> bool {
        let Some(key) = &self.key else { return false };
        let cells = lenient::beginning(line, self.delimiter, key.place);
        cells.is_some_and(|cells| self.has_key(&cells) == Some(true))
    }

    /// Whether a text has a key where a row may have it; also where no keys are known.
    pub fn may_have_key(&self, text: &[u8]) -> bool {
        let Some(key) = &self.key else { return true };
        let cell = |byte: &u8| *byte == self.delimiter || b"\r\n".contains(byte);
        let most = if key.place == 0 { 1 } else { usize::MAX };
        let mut cells = text.trim_ascii_start().split(cell).take(most);
        !key.is_always || cells.any(|cell| key.is_like(cell))
    }

    /// Whether a line has a key in its column, if every separator counts.
    pub fn has_key_in(&self, line: &[u8]) -> bool {
        let mut cells = line.split(|byte| *byte == self.delimiter);
        let key = self.key.as_ref();
        key.is_some_and(|key| cells.nth(key.place).is_some_and(|cell| key.is_like(cell)))
    }

    /// Whether a column has the keys.
    pub fn is_key(&self, place: usize) -> bool {
        self.key.as_ref().is_some_and(|key| key.place == place)
    }

    /// Whether each cell of a column with text stands in quotes, also where it needs none.
    pub fn is_quoted(&self, place: usize) -> bool {
        let column = self.columns.get(place);
        column.is_some_and(|column| column.needless > 0 && column.quoted == column.filled)
    }

    /// Whether the last cell of a row that ends early has a text that another column has, and its
    /// own column never: one before it was left out.
    pub fn is_shifted(&self, cells: &[String]) -> bool {
        let Some((last, before)) = cells.split_last() else {
            return false;
        };
        let hash = xxh3_64(last.trim().as_bytes());
        let has = |column: &LayoutColumn| column.values.contains(&hash);
        let others = self.columns.get(cells.len()..).unwrap_or_default();
        others.iter().any(has) && !self.columns.get(before.len()).is_some_and(has)
    }
}

impl KeyColumn {
    fn is_like(&self, cell: &[u8]) -> bool {
        let cell = String::from_utf8_lossy(cell);
        shape(&cell).as_ref() == Some(&self.shape)
    }
}

impl LayoutColumn {
    fn learn(&mut self, text: &[u8], is_quoted: bool, is_special: bool) {
        let text = text.trim_ascii();
        if text.is_empty() {
            return;
        }
        self.filled += 1;
        self.quoted += u64::from(is_quoted);
        self.needless += u64::from(is_quoted && !is_special);
        self.values.insert(xxh3_64(text));
        if let Ok(text) = std::str::from_utf8(text)
            && let Some(shape) = shape(text)
            && (self.shapes.len() < MOST_SHAPES || self.shapes.contains_key(&shape))
        {
            *self.shapes.entry(shape).or_default() += 1;
        }
    }
}

/// What a key looks like: `NIM-12` is `a-9`.
fn shape(cell: &str) -> Option<String> {
    let cell = cell.trim().trim_matches(['"', '\'']);
    let is_key = cell.len() <= LONGEST_KEY
        && cell.contains(|c: char| c.is_ascii_digit())
        && !cell.contains(char::is_whitespace);
    if !is_key {
        return None;
    }
    let mut shape = String::new();
    for c in cell.chars() {
        let kind = match c {
            _ if c.is_alphabetic() => 'a',
            _ if c.is_ascii_digit() => '9',
            other => other,
        };
        if !shape.ends_with(kind) {
            shape.push(kind);
        }
    }
    Some(shape)
}
