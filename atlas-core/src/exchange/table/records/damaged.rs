//! Lines whose quotes are out of order: told into rows where there is one way to do it.

use std::io::{self, Read};

use super::super::lenient::{self, LenientReading};
use super::super::quotes::{self, RowEnd, Style};
use super::super::window::{lines_in, physical};
use super::{Records, RowCells};

/// So many readings are tried to tell lines into rows.
const MOST_TRIES: usize = 400;

/// Where a line lies: its beginning, its end, and the beginning of the next.
#[derive(Clone, Copy)]
struct DamagedLine {
    start: usize,
    end: usize,
    after: usize,
}

impl<R: Read> Records<R> {
    /// Lines that are not a row whose quotes are in order, up to the next that begins a row.
    /// They may begin with a row that ends at a place and a rest behind it.
    pub(super) fn damaged(&mut self, row: Option<usize>) -> io::Result<()> {
        let (_, first) = self.window.line_at(0)?;
        let end = self.next_row(row.unwrap_or(first), row.unwrap_or_default())?;
        let mut lines = Vec::new();
        let mut start = 0;
        while start < end {
            let (line_end, after) = self.window.line_at(start)?;
            lines.push(DamagedLine {
                start,
                end: line_end,
                after,
            });
            start = after;
        }
        let is_blank = |line: &DamagedLine| self.text(line.start, line.end).trim_ascii().is_empty();
        let filled = lines.iter().rposition(|line| !is_blank(line));
        lines.truncate(filled.map_or(1, |last| last + 1));
        let end = lines.last().map_or(first, |line| line.after);
        if lines.len() == 1 || memchr::memchr(b'"', self.text(0, end)).is_none() {
            let (cells, end) = self.one_line(first)?;
            self.take(cells, end);
            return Ok(());
        }
        match self.one_reading(&lines) {
            Some(rows) => {
                for (line, cells) in rows {
                    let number = self.line + lines_in(self.text(0, line.start));
                    self.ready.push_back((number, Ok(cells)));
                }
                self.pass(end);
            }
            None => {
                let reason = format!("{}: {}", self.lines(end), self.refusal());
                self.refuse(end, &reason);
            }
        }
        Ok(())
    }

    fn refusal(&self) -> String {
        format!(
            "a quote is not closed, or is one too many: the text cannot be told into the {} cells \
             of the header",
            self.width
        )
    }

    /// A line that is a row for itself, whatever its quotes are.
    fn one_line(&mut self, end: usize) -> io::Result<(RowCells, usize)> {
        let text = self.text(0, end);
        let mut cells = Vec::new();
        let ended = quotes::split(text, self.delimiter, Style::DOUBLE, true, &mut cells);
        if ended == RowEnd::At(end) && quotes::in_order(text, &cells) {
            let cells = quotes::texts(text, &cells, Style::DOUBLE);
            return self.whole(cells, end);
        }
        let text = text.trim_ascii_end();
        if let Some(cells) = self.reading(text) {
            return Ok((Ok(cells), end));
        }
        let count = quotes::count(text, self.delimiter);
        let reason = match count > self.width {
            true => self.too_many(count),
            false => self.refusal(),
        };
        Ok((Err(reason), end))
    }

    /// The one reading of a text as a row.
    fn reading(&self, text: &[u8]) -> Option<Vec<String>> {
        let mut cells = Vec::new();
        let ended = quotes::split(text, self.delimiter, Style::DOUBLE, true, &mut cells);
        if ended == RowEnd::At(text.len()) && quotes::in_order(text, &cells) {
            let fits = quotes::fits(text, &cells, self.width);
            cells.truncate(self.width);
            return fits.then(|| quotes::texts(text, &cells, Style::DOUBLE));
        }
        let reading = lenient::read(text, self.delimiter, self.width)?;
        // A quote at one end of a cell, in a column that has all its texts in quotes, is a rest.
        (!self.is_rest(&reading) && !self.may_be_two(text)).then_some(reading.cells)
    }

    /// Whether a quote at one end of a cell is what is left of two.
    fn is_rest(&self, reading: &LenientReading) -> bool {
        let layout = &self.layout;
        // Who doubles quotes leaves out one, and not those of several cells.
        if layout.doubles && reading.faulty > 1 {
            return true;
        }
        reading.open.iter().any(|open| {
            layout.is_key(open.place)
                || layout.is_quoted(open.place)
                || open.begins && (layout.quotes_well || reading.has_quoted)
                || reading.is_quoted
        })
    }

    /// Whether some lines of a text and those behind both have what a row needs.
    fn may_be_two(&self, text: &[u8]) -> bool {
        let mut cells = Vec::new();
        let ended = quotes::split(text, self.delimiter, Style::DOUBLE, true, &mut cells);
        let is_row = quotes::in_order(text, &cells) && quotes::fits(text, &cells, self.width);
        if is_row && matches!(ended, RowEnd::At(end) if end < text.len()) {
            return true;
        }
        let all = quotes::count(text, self.delimiter);
        let (mut before, mut rest) = (0, text.len());
        physical(text).any(|line| {
            let behind = text.get(text.len() - rest..).unwrap_or_default();
            let is_row = before + 1 >= self.width
                && all - before >= self.width
                && self.layout.may_have_key(behind);
            before += quotes::count(line, self.delimiter) - 1;
            rest = rest.saturating_sub(line.len() + 1);
            is_row
        })
    }

    /// The one way to tell lines into rows.
    fn one_reading(&self, lines: &[DamagedLine]) -> Option<Vec<(DamagedLine, Vec<String>)>> {
        let mut tries = 0;
        // For each line the ways to tell it and those behind, and the row that begins there.
        let mut ways: Vec<(usize, Option<RowAhead>)> = vec![(0, None); lines.len() + 1];
        ways.last_mut()?.0 = 1;
        for (at, first) in lines.iter().enumerate().rev() {
            let mut told = (0, None);
            if self.text(first.start, first.end).trim_ascii().is_empty() {
                told = (ways.get(at + 1)?.0, None);
            }
            for (to, last) in lines.iter().enumerate().skip(at) {
                let behind = ways.get(to + 1)?.0;
                let text = self.text(first.start, last.end);
                let has_quote = to == at || memchr::memchr(b'"', text).is_some();
                let is_enough = quotes::count(text, self.delimiter) >= self.width;
                let is_ended = !self.text(last.start, last.end).trim_ascii().is_empty();
                if behind == 0 || !has_quote || !is_enough || !is_ended || told.0 > 1 {
                    continue;
                }
                tries += 1;
                if tries > MOST_TRIES {
                    return None;
                }
                let cells = self.reading(text);
                if let Some(cells) = cells.filter(|c| self.layout.has_key(c) != Some(false)) {
                    told = (told.0 + behind, Some(RowAhead { to: to + 1, cells }));
                }
            }
            *ways.get_mut(at)? = told;
        }
        if ways.first()?.0 != 1 {
            return None;
        }
        let (mut rows, mut at) = (Vec::new(), 0);
        while let Some(first) = lines.get(at) {
            at = match ways.get_mut(at)?.1.take() {
                Some(told) => {
                    rows.push((*first, told.cells));
                    told.to
                }
                None => at + 1,
            };
        }
        Some(rows)
    }
}

/// A row among lines that are told together.
#[derive(Clone)]
struct RowAhead {
    to: usize,
    cells: Vec<String>,
}
