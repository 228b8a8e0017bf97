//! A table's rows one after the other, with the line of each; what shifts is refused.
//!
//! Where the quotes of a whole table are in order, its rows are what RFC 4180 says. Elsewhere a
//! row is read so only where nothing contradicts it: no line inside of it may be a row of its own,
//! and no rest of a row may follow it. Other lines, up to the next that begins a row, are told
//! into rows where there is one way to do it, and refused where there are none or several.

mod damaged;

use std::collections::VecDeque;
use std::io::{self, Read};
use std::rc::Rc;

use super::layout::Layout;
use super::lenient;
use super::quotes::{self, CellText, RowEnd, Style};
use super::window::{Window, lines_in, physical};

/// A row may go on over so many lines where quotes are out of order.
const MOST_LINES: usize = 200;
/// And over so many bytes.
const LONGEST: usize = 1024 * 1024;
/// A row's cells, or why it cannot be read.
type RowCells = std::result::Result<Vec<String>, String>;

/// Reads rows under a header of some width.
pub(super) struct Records<R> {
    window: Window<R>,
    /// The line of what the window begins with.
    line: u64,
    delimiter: u8,
    width: usize,
    layout: Rc<Layout>,
    ready: VecDeque<(u64, RowCells)>,
}

impl<R: Read> Records<R> {
    pub fn new(reader: R, delimiter: u8, width: usize, line: u64, layout: Rc<Layout>) -> Self {
        Records {
            window: Window::new(reader),
            line,
            delimiter,
            width,
            layout,
            ready: VecDeque::new(),
        }
    }

    /// What separates the cells.
    pub fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// The line of the next row, from 1.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The next row with its line.
    ///
    /// # Errors
    /// Those of the reader; `FileTooLarge` for a row without an end.
    pub fn next(&mut self) -> io::Result<Option<(u64, RowCells)>> {
        loop {
            if let Some(row) = self.ready.pop_front() {
                return Ok(Some(row));
            }
            match (self.window.rest().is_empty(), self.window.has_ended()) {
                (true, true) => return self.window.failure().map_or(Ok(None), Err),
                (true, false) => self.window.more()?,
                (false, _) => self.rows()?,
            }
        }
    }

    /// Reads the next row, or the next rows that are told together.
    fn rows(&mut self) -> io::Result<()> {
        let is_proper = self.layout.is_proper;
        let most = if is_proper { usize::MAX } else { LONGEST };
        let Some((cells, end)) = self.strict(0, most)? else {
            return self.damaged(None);
        };
        let fits = quotes::fits(self.text(0, end), &cells, self.width);
        if !is_proper && !fits {
            return self.damaged(None);
        }
        if self.swallows(end) {
            let reason = format!(
                "{} are one row or several: a quote is probably not closed",
                self.lines(end)
            );
            self.refuse(end, &reason);
            return Ok(());
        }
        if !is_proper && self.has_rest(end)? {
            return self.damaged(Some(end));
        }
        let cells = quotes::texts(self.text(0, end), &cells, Style::DOUBLE);
        let (cells, end) = self.whole(cells, end)?;
        self.take(cells, end);
        Ok(())
    }

    fn text(&self, start: usize, end: usize) -> &[u8] {
        self.window.rest().get(start..end).unwrap_or_default()
    }

    /// Hands on a row, which takes the window's beginning.
    fn take(&mut self, cells: RowCells, end: usize) {
        self.ready.push_back((self.line, cells));
        self.pass(end);
    }

    fn pass(&mut self, end: usize) {
        self.line += lines_in(self.text(0, end));
        self.window.advance(end);
    }

    /// Refuses the window's beginning: once, and once more for each line that begins a row.
    fn refuse(&mut self, end: usize, reason: &str) {
        let lines = physical(self.text(0, end));
        let rows = lines.zip(self.line..).enumerate();
        let rows = rows.filter(|(at, (line, _))| *at == 0 || self.layout.begins(line));
        let rows: Vec<u64> = rows.map(|(_, (_, number))| number).collect();
        let refused = rows.into_iter().map(|line| (line, Err(reason.to_owned())));
        self.ready.extend(refused);
        self.pass(end);
    }

    /// `lines 3 to 5`, for the window's beginning.
    fn lines(&self, end: usize) -> String {
        let last = self.line + lines_in(self.text(0, end).trim_ascii_end());
        format!("lines {} to {last}", self.line)
    }

    /// The cells of the row that begins at a place, and where it ends, if its quotes are in order.
    fn strict(&mut self, from: usize, most: usize) -> io::Result<Option<(Vec<CellText>, usize)>> {
        let mut cells = Vec::new();
        loop {
            cells.clear();
            let is_all = self.window.has_ended();
            let rest = self.window.rest().get(from..).unwrap_or_default();
            match quotes::split(rest, self.delimiter, Style::DOUBLE, is_all, &mut cells) {
                RowEnd::At(end) => {
                    let is_in_order = quotes::in_order(rest, &cells);
                    return Ok(is_in_order.then_some((cells, from + end)));
                }
                RowEnd::Early if !is_all && rest.len() < most => self.window.more()?,
                _ => return Ok(None),
            }
        }
    }

    /// A row whose quotes are in order, and where it ends.
    fn whole(&mut self, mut cells: Vec<String>, end: usize) -> io::Result<(RowCells, usize)> {
        if let Some(single) = quotes::single(&cells) {
            cells = single;
        }
        let count = cells.len();
        let has_fitted = quotes::fitted(&mut cells, self.width);
        if count <= self.width || has_fitted {
            let inner = match self.width {
                1 => None,
                _ => quotes::unwrapped(&cells, self.delimiter),
            };
            // A text with separators may be all that a row has.
            let is_row = |inner: &Vec<String>| match has_fitted {
                true => self.layout.has_key(inner) == Some(true),
                false => self.layout.has_key(inner) != Some(false),
            };
            let inner = inner.filter(|inner| inner.len() == self.width && is_row(inner));
            return match inner {
                Some(inner) => Ok((Ok(inner), end)),
                None if has_fitted => Ok((Ok(cells), end)),
                None => self.short(cells, end),
            };
        }
        let text = self.text(0, end).trim_ascii_end();
        let has_quote = memchr::memchr(b'"', text).is_some();
        match lenient::read(text, self.delimiter, self.width).filter(|_| !has_quote) {
            Some(reading) => Ok((Ok(reading.cells), end)),
            None => Ok((Err(self.too_many(cells.len())), end)),
        }
    }

    fn too_many(&self, count: usize) -> String {
        let separator = char::from(self.delimiter);
        format!(
            "the row has {count} cells, the header {}: a quote is missing or one too many, or a cell \
             has the separator {separator:?} in it",
            self.width
        )
    }

    /// Whether lines inside of a row whose quotes are in order look like rows of their own.
    fn swallows(&self, end: usize) -> bool {
        let text = self.text(0, end).trim_ascii_end();
        if memchr::memchr2(b'\n', b'\r', text).is_none() {
            return false;
        }
        let count = |line: &[u8]| quotes::count(line, self.delimiter);
        let mut lines = physical(text);
        let layout = &self.layout;
        if layout.is_proper {
            let is_row = |line: &[u8]| count(line) == self.width && layout.has_key_in(line);
            return self.width > 2 && !layout.quotes_well && lines.all(is_row);
        }
        if !layout.knows_keys() {
            return self.width > 1 && lines.all(|line| count(line) == self.width);
        }
        // The lines before it must have enough cells for a row, and so must it and those behind.
        let all = count(text);
        let mut before = lines.next().map_or(0, count);
        lines.any(|line| {
            let behind = (all + 1).saturating_sub(before);
            let is_row = before >= self.width && behind >= self.width && layout.begins(line);
            before += count(line) - 1;
            is_row
        })
    }

    /// Whether lines follow that belong to no row and whose quotes are out of order.
    fn has_rest(&mut self, end: usize) -> io::Result<bool> {
        let next = self.next_row(end, end)?;
        let rest = physical(self.text(end, next));
        let mut bad = rest.filter(|line| {
            let mut cells = Vec::new();
            let ended = quotes::split(line, self.delimiter, Style::DOUBLE, true, &mut cells);
            ended != RowEnd::At(line.len()) || !quotes::in_order(line, &cells)
        });
        Ok(bad.next().is_some())
    }

    /// Where the next line begins that begins a row; the end of the text, or of what is looked at.
    /// A row that lacks cells begins at `row`.
    fn next_row(&mut self, from: usize, row: usize) -> io::Result<usize> {
        let mut at = from;
        for _ in 0..MOST_LINES {
            let (end, after) = self.window.line_at(at)?;
            if after == at {
                break;
            }
            let is_blank = self.text(at, end).trim_ascii().is_empty();
            if !is_blank && !self.goes_on(row, at, end) && self.is_row(at, end)? {
                break;
            }
            at = after;
        }
        Ok(at)
    }

    /// Whether what comes before a line lacks cells, and the line may hold them.
    fn goes_on(&self, row: usize, at: usize, end: usize) -> bool {
        let before = self.text(row, at);
        quotes::count(before, self.delimiter) < self.width
            && memchr::memchr(b'"', before).is_some()
            && !(self.layout.is_key(0) && self.layout.begins(self.text(at, end)))
    }

    fn is_row(&mut self, at: usize, end: usize) -> io::Result<bool> {
        if self.layout.begins(self.text(at, end)) {
            return Ok(true);
        }
        let Some((cells, end)) = self.strict(at, LONGEST)? else {
            return Ok(false);
        };
        let text = self.text(at, end);
        let fits = self.width > 1 && quotes::fits(text, &cells, self.width);
        let cells = quotes::texts(text, &cells, Style::DOUBLE);
        Ok(fits && self.layout.has_key(&cells) != Some(false))
    }

    /// A row that ends before the header: unless the next lines are the rest of it, or a cell is
    /// left out.
    fn short(&mut self, cells: Vec<String>, end: usize) -> io::Result<(RowCells, usize)> {
        let has_key = self.layout.has_key(&cells) == Some(true);
        let (mut count, mut at, mut parts) = (cells.len(), end, 1);
        while has_key && count < self.width && parts < MOST_LINES {
            let next = self.window.line_at(at)?;
            let more = quotes::literal(self.text(at, next.0), self.delimiter);
            let goes_on = more.first().is_some_and(|cell| !cell.trim().is_empty())
                && self.layout.has_key(&more) == Some(false);
            if !goes_on {
                break;
            }
            count += more.len() - 1;
            at = next.1;
            parts += 1;
        }
        if parts > 1 && count == self.width {
            let reason = format!(
                "lines {} to {} make one row together: a line break in a cell that is not quoted",
                self.line,
                self.line + parts as u64 - 1
            );
            return Ok((Err(reason), at));
        }
        if self.layout.is_shifted(&cells) {
            let reason = format!(
                "the row has {} cells, the header {}: one before \"{}\" is probably left out",
                cells.len(),
                self.width,
                cells.last().map(|cell| cell.trim()).unwrap_or_default()
            );
            return Ok((Err(reason), end));
        }
        Ok((Ok(cells), end))
    }
}
