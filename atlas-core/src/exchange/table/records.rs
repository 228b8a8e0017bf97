//! A table's rows one after the other, with the line of each; what shifts is refused.

use std::io::{self, Read};

use super::quotes::{self, Ended, Style};

/// A longer row is a quote that was never closed, and must not fill the memory.
const LONGEST_ROW: usize = 64 * 1024 * 1024;
const CHUNK: usize = 128 * 1024;
/// A row with stray quotes may go on over so many lines.
const MOST_LINES: usize = 200;
/// So many good rows show what ids look like.
const LEARNED_FROM: u32 = 50;
/// Longer cells, and those with blanks, are no ids.
const LONGEST_ID: usize = 40;

/// A row's cells, or why it cannot be read.
type Cells = std::result::Result<Vec<String>, String>;

/// Reads rows under a header of some width.
pub(super) struct Records<R> {
    reader: R,
    buffer: Vec<u8>,
    at: usize,
    ended: bool,
    failed: Option<io::Error>,
    line: u64,
    delimiter: u8,
    width: usize,
    ids: Ids,
}

impl<R: Read> Records<R> {
    pub fn new(reader: R, delimiter: u8, width: usize, line: u64) -> Self {
        Records {
            reader,
            buffer: Vec::new(),
            at: 0,
            ended: false,
            failed: None,
            line,
            delimiter,
            width,
            ids: Ids::default(),
        }
    }

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
    pub fn next(&mut self) -> io::Result<Option<(u64, Cells)>> {
        if self.at > CHUNK {
            self.buffer.drain(..self.at);
            self.at = 0;
        }
        let mut cells = Vec::new();
        let ended = loop {
            cells.clear();
            let rest = &self.buffer[self.at..];
            if rest.is_empty() && self.ended {
                return self.failed.take().map_or(Ok(None), Err);
            }
            let ended = quotes::split(rest, self.delimiter, Style::DOUBLE, self.ended, &mut cells);
            if ended != Ended::Early || self.ended {
                break ended;
            }
            self.more()?;
        };
        let line = self.line;
        let (cells, end) = match ended {
            Ended::At(end) => self.whole(cells, end)?,
            Ended::Early | Ended::Stray => self.mended()?,
        };
        if let Ok(cells) = &cells {
            self.ids.learn(cells);
        }
        self.line += lines_in(&self.buffer[self.at..self.at + end]);
        self.at += end;
        Ok(Some((line, cells)))
    }

    /// Reads on, as much again as there is.
    fn more(&mut self) -> io::Result<()> {
        let held = self.buffer.len() - self.at;
        if held > LONGEST_ROW {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let wanted = held.max(CHUNK) as u64;
        match (&mut self.reader)
            .take(wanted)
            .read_to_end(&mut self.buffer)
        {
            Ok(0) => self.ended = true,
            Ok(_) => {}
            // What was read before is used first.
            Err(error) => {
                self.ended = true;
                self.failed = Some(error);
            }
        }
        Ok(())
    }

    /// A row whose quotes are in order, and where it ends.
    fn whole(&mut self, mut cells: Vec<String>, end: usize) -> io::Result<(Cells, usize)> {
        let text = self.buffer[self.at..self.at + end].trim_ascii_end();
        if memchr::memchr2(b'\n', b'\r', text).is_some() && self.swallows(text) {
            let last = self.line + lines_in(text);
            let reason = format!(
                "lines {} to {last} are one row or several: a quote is probably not closed",
                self.line
            );
            return Ok((Err(reason), end));
        }
        if let Some(single) = quotes::single(&cells) {
            cells = single;
        }
        if quotes::fitted(&mut cells, self.width) {
            let inner = match self.width {
                1 => None,
                _ => quotes::unwrapped(&cells, self.delimiter)
                    .filter(|inner| inner.len() == self.width),
            };
            return Ok((Ok(inner.unwrap_or(cells)), end));
        }
        if cells.len() < self.width {
            let inner =
                quotes::unwrapped(&cells, self.delimiter).filter(|inner| inner.len() == self.width);
            return match inner {
                Some(inner) => Ok((Ok(inner), end)),
                None => self.short(cells, end),
            };
        }
        match quotes::clear(text, self.delimiter, self.width) {
            Some(cells) => Ok((Ok(cells), end)),
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

    /// Whether a line inside of a quoted cell looks like a row of its own.
    fn swallows(&self, text: &[u8]) -> bool {
        self.width > 2
            && physical(text).skip(1).any(|line| {
                let mut cells = Vec::new();
                quotes::literal(line, self.delimiter, &mut cells);
                cells.len() == self.width && self.ids.are_in(&cells) == Some(true)
            })
    }

    /// A row that ends before the header: unless the next lines are the rest of it.
    fn short(&mut self, cells: Vec<String>, end: usize) -> io::Result<(Cells, usize)> {
        let ids = match self.ids.is_new() {
            true => Ids::of(&cells),
            false => self.ids.clone(),
        };
        let is_broken = ids.are_in(&cells) == Some(true);
        let (mut count, mut at, mut parts) = (cells.len(), end, 1);
        while is_broken && count < self.width && parts < MOST_LINES {
            let next = self.line_at(at)?;
            let mut more = Vec::new();
            let line = &self.buffer[self.at + at..self.at + next.0];
            quotes::literal(line, self.delimiter, &mut more);
            let goes_on = !line.trim_ascii().is_empty()
                && more.first().is_some_and(|cell| !cell.trim().is_empty())
                && ids.are_in(&more) == Some(false);
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
        Ok((Ok(cells), end))
    }

    /// The line at a place behind the row's beginning: its end, and where the next one begins.
    fn line_at(&mut self, from: usize) -> io::Result<(usize, usize)> {
        loop {
            let rest = self.buffer.get(self.at + from..).unwrap_or_default();
            if let Some(end) = memchr::memchr2(b'\n', b'\r', rest)
                && (end + 1 < rest.len() || self.ended)
            {
                let feed = usize::from(rest[end..].starts_with(b"\r\n"));
                return Ok((from + end, from + end + 1 + feed));
            }
            if self.ended {
                return Ok((from + rest.len(), from + rest.len()));
            }
            self.more()?;
        }
    }

    /// A row whose quotes are not in order.
    fn mended(&mut self) -> io::Result<(Cells, usize)> {
        let (first, after_first) = self.line_at(0)?;
        let mut plain = Vec::new();
        quotes::literal(
            &self.buffer[self.at..self.at + first],
            self.delimiter,
            &mut plain,
        );
        let ids = match self.ids.is_new() {
            true => Ids::of(&plain),
            false => self.ids.clone(),
        };
        let (mut end, mut after, mut lines) = (first, after_first, 1);
        let is_told = loop {
            let text = &self.buffer[self.at..self.at + end];
            if let Some(cells) = quotes::clear(text, self.delimiter, self.width) {
                return Ok((Ok(cells), after));
            }
            let next = self.line_at(after)?;
            let mut cells = Vec::new();
            let line = &self.buffer[self.at + after..self.at + next.0];
            quotes::literal(line, self.delimiter, &mut cells);
            let is_row = match ids.are_in(&cells) {
                Some(is_row) => is_row && cells.len() <= self.width,
                None => cells.len() == self.width,
            };
            if is_row || next.1 == after || lines == MOST_LINES {
                break is_row || next.1 == after;
            }
            (end, after, lines) = (next.0, next.1, lines + 1);
        };
        if is_told && lines == 1 && quotes::fitted(&mut plain, self.width) {
            return Ok((Ok(plain), after_first));
        }
        let reason = match lines == 1 && plain.len() > self.width {
            true => self.too_many(plain.len()),
            false => format!(
                "a quote is not closed, or is one too many: the row cannot be told into the {} cells \
                 of the header",
                self.width
            ),
        };
        Ok((Err(reason), if is_told { after } else { after_first }))
    }
}

/// How many lines a text ends, whatever ends them.
pub(super) fn lines_in(text: &[u8]) -> u64 {
    let feeds = memchr::memchr_iter(b'\n', text).count();
    let alone = memchr::memchr_iter(b'\r', text).filter(|at| text.get(at + 1) != Some(&b'\n'));
    (feeds + alone.count()) as u64
}

fn physical(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| *byte == b'\n' || *byte == b'\r')
}

/// What the ids in a table look like, by column: `NIM-12` is `a-9`.
#[derive(Debug, Clone, Default)]
struct Ids {
    shapes: Vec<Option<String>>,
    rows: u32,
}

impl Ids {
    fn of(cells: &[String]) -> Self {
        let mut ids = Ids::default();
        ids.learn(cells);
        ids
    }

    fn is_new(&self) -> bool {
        self.rows == 0
    }

    /// Takes in a good row: what has another shape in it is no column of ids.
    fn learn(&mut self, cells: &[String]) {
        if self.rows >= LEARNED_FROM {
            return;
        }
        if self.rows == 0 {
            self.shapes = cells.iter().map(|cell| shape(cell)).collect();
        }
        for (known, cell) in self.shapes.iter_mut().zip(cells) {
            if !cell.trim().is_empty() && *known != shape(cell) {
                *known = None;
            }
        }
        self.rows += 1;
    }

    /// Whether a row has ids where they belong; nothing where no column has ids.
    fn are_in(&self, cells: &[String]) -> Option<bool> {
        let (mut has_ids, mut is_any) = (false, false);
        for (known, cell) in self.shapes.iter().zip(cells) {
            let Some(known) = known else { continue };
            has_ids = true;
            match cell.trim().is_empty() {
                true => {}
                false if shape(cell).as_ref() == Some(known) => is_any = true,
                false => return Some(false),
            }
        }
        has_ids.then_some(is_any)
    }
}

fn shape(cell: &str) -> Option<String> {
    let cell = cell.trim().trim_matches(['"', '\'']);
    let is_id = cell.len() <= LONGEST_ID
        && cell.contains(|c: char| c.is_ascii_digit())
        && !cell.contains(char::is_whitespace);
    if !is_id {
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
