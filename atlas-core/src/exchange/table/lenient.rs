//! Rows whose quotes are out of order: the one way to tell their cells, if there is one.
//!
//! Every cell is either plain or stands in quotes; what is inside it may have quotes that ought to
//! be doubled. Each such cell counts as one fault. A row is told into its cells where the reading
//! with the fewest faults is the only one of so few, and has as many cells as the header.

use super::quotes::{self, CellText, RowEnd, Style, closing, fits, past_blanks, split, texts};

/// A row with more quotes is left alone.
const MOST_QUOTES: usize = 200;
/// A longer row, too.
const LONGEST: usize = 64 * 1024;
/// And one with so many separators under a header of so many columns.
const MOST_PLACES: usize = 500_000;

/// That cells are missing counts as so many faults.
const MISSING: usize = 2;

/// A reading.
pub(super) struct LenientReading {
    pub cells: Vec<String>,
    /// Plain cells that begin or end with a quote that has no other.
    pub open: Vec<Open>,
    /// How many cells have quotes that are out of order, or begin behind a blank.
    pub faulty: usize,
    /// Whether any cell stands in quotes.
    pub has_quoted: bool,
    /// Whether all cells with text do, but those.
    pub is_quoted: bool,
}

/// A plain cell with a quote at one end.
pub(super) struct Open {
    pub place: usize,
    /// Whether it is the first end.
    pub begins: bool,
}

/// The one reading of a row that gives it the width of the header.
pub(super) fn read(text: &[u8], delimiter: u8, width: usize) -> Option<LenientReading> {
    let with = |style: Style| {
        let mut cells = Vec::new();
        let ended = split(text, delimiter, style, true, &mut cells);
        let is_whole = ended == RowEnd::At(text.len()) && fits(text, &cells, width);
        is_whole.then(|| LenientReading {
            cells: texts(text, cells.get(..width).unwrap_or_default(), style),
            open: Vec::new(),
            faulty: 0,
            has_quoted: true,
            is_quoted: true,
        })
    };
    let has_quote = memchr::memchr(b'"', text).is_some();
    if memchr::memmem::find(text, b"\\\"").is_some()
        && let Some(reading) = with(Style::BACKSLASH)
    {
        return Some(reading);
    }
    if !has_quote {
        return memchr::memchr(b'\'', text).and_then(|_| with(Style::SINGLE));
    }
    let quotes = memchr::memchr_iter(b'"', text).count();
    let places = quotes::count(text, delimiter).saturating_mul(2 * width + 16);
    if text.len() > LONGEST || quotes > MOST_QUOTES || places > MOST_PLACES {
        return None;
    }
    let cells = Search::new(text, delimiter, width).best()?;
    let (mut open, mut plain) = (Vec::new(), 0);
    for (place, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_quoted) {
        let bytes = text
            .get(cell.start..cell.end)
            .unwrap_or_default()
            .trim_ascii();
        // Doubled quotes belong to a cell in quotes, of which one is lost.
        if memchr::memmem::find(bytes, b"\"\"").is_some() {
            return None;
        }
        let is_odd = memchr::memchr_iter(b'"', bytes).count() % 2 == 1;
        let begins = bytes.starts_with(b"\"");
        if is_odd && (begins || bytes.ends_with(b"\"")) {
            open.push(Open { place, begins });
        }
        plain += usize::from(!bytes.is_empty());
    }
    let has_quoted = cells.iter().any(|cell| cell.is_quoted);
    let is_behind_blank = |cell: &CellText| {
        let before = cell.start.checked_sub(2).and_then(|at| text.get(at));
        before.is_some_and(|byte| *byte != delimiter && b" \t".contains(byte))
    };
    let is_faulty = |cell: &&CellText| {
        let bytes = text.get(cell.start..cell.end).unwrap_or_default();
        match cell.is_quoted {
            // Who writes a table well sets no blank before a quote.
            true => !is_doubled(bytes) || is_behind_blank(cell),
            false => bytes.contains(&b'"'),
        }
    };
    Some(LenientReading {
        faulty: cells.iter().filter(is_faulty).count(),
        has_quoted,
        is_quoted: has_quoted && plain == open.len(),
        open,
        cells: without_bare_quotes(texts(text, &cells, Style::DOUBLE)),
    })
}

/// A cell with nothing but quotes is an empty one in a row whose quotes are out of order: it
/// begins no record of its own.
fn without_bare_quotes(mut cells: Vec<String>) -> Vec<String> {
    let is_bare = |cell: &&mut String| cell.chars().all(|c| c == '"');
    cells.iter_mut().filter(is_bare).for_each(String::clear);
    cells
}

/// The readings of what begins at a place, with the fewest faults for each number of cells.
#[derive(Debug, Clone, Default)]
struct Tail(Vec<Option<BestReading>>);

#[derive(Debug, Clone, Copy)]
struct BestReading {
    faults: usize,
    /// Whether other readings have as few.
    is_shared: bool,
    cell: CellText,
    /// Where the next cell begins; none behind the last.
    next: Option<usize>,
}

/// Finds the readings of a row from its end to its beginning.
struct Search<'t> {
    text: &'t [u8],
    delimiter: u8,
    width: usize,
    /// Readings with more cells are not told apart.
    most: usize,
    /// Places of quotes behind which a cell may end, and that end.
    closers: Vec<(usize, usize)>,
}

impl<'t> Search<'t> {
    fn new(text: &'t [u8], delimiter: u8, width: usize) -> Self {
        let quotes = memchr::memchr_iter(b'"', text);
        let closers = quotes.map(|at| (at, past_blanks(text, at + 1, delimiter)));
        let closes = |after: usize| text.get(after).is_none_or(|byte| *byte == delimiter);
        Search {
            closers: closers.filter(|(_, after)| closes(*after)).collect(),
            text,
            delimiter,
            width,
            most: 2 * width + 16,
        }
    }

    /// The cells of the only reading with the fewest faults, if the header has as many.
    fn best(&self) -> Option<Vec<CellText>> {
        let delimiters = memchr::memchr_iter(self.delimiter, self.text);
        let starts: Vec<usize> = std::iter::once(0)
            .chain(delimiters.map(|at| at + 1))
            .collect();
        let mut tails: Vec<Tail> = vec![Tail::default(); starts.len()];
        for place in (0..starts.len()).rev() {
            let tail = self.tail(&starts, place, &tails);
            if let Some(known) = tails.get_mut(place) {
                *known = tail;
            }
        }
        let all = tails.first()?.0.iter().enumerate();
        let all: Vec<(usize, usize, bool)> = all
            .filter_map(|(count, best)| {
                let best = best.as_ref()?;
                let missing = if count < self.width { MISSING } else { 0 };
                Some((best.faults + missing, count, best.is_shared))
            })
            .collect();
        let fewest = all.iter().map(|(faults, _, _)| *faults).min()?;
        let mut of_fewest = all.iter().filter(|(faults, _, _)| *faults == fewest);
        let &(_, mut count, is_shared) = of_fewest.next()?;
        if of_fewest.next().is_some() || is_shared {
            return None;
        }
        let (mut cells, mut place) = (Vec::new(), Some(0));
        while let Some(at) = place {
            let best = tails.get(at)?.0.get(count)?.as_ref()?;
            cells.push(best.cell);
            count = count.checked_sub(1)?;
            place = best.next.and_then(|next| starts.binary_search(&next).ok());
        }
        // Cells that are whole by themselves are never joined.
        let is_joined = |cell: &CellText| {
            let faults = self.faults_in_quotes(cell.start.saturating_sub(1), cell.end);
            cell.is_quoted && faults.is_none_or(|faults| faults > 1)
        };
        let is_clear = cells.len() == self.width && !cells.iter().any(is_joined);
        is_clear.then_some(cells)
    }

    fn tail(&self, starts: &[usize], place: usize, tails: &[Tail]) -> Tail {
        let most = self.most.min(starts.len() - place);
        let mut all = Tail(vec![None; most + 1]);
        let at = starts.get(place).copied().unwrap_or_default();
        let mut add = |cell: CellText, after: usize, faults: usize| {
            let next = (after < self.text.len()).then_some(after + 1);
            let Some(next) = next else {
                all.offer(
                    1,
                    BestReading {
                        faults,
                        is_shared: false,
                        cell,
                        next: None,
                    },
                );
                return;
            };
            let behind = starts
                .binary_search(&next)
                .ok()
                .and_then(|at| tails.get(at));
            let behind = behind.map(|tail| tail.0.as_slice()).unwrap_or_default();
            for (count, best) in behind.iter().enumerate() {
                let Some(best) = best else { continue };
                let faults = faults + best.faults;
                let is_shared = best.is_shared;
                all.offer(
                    count + 1,
                    BestReading {
                        faults,
                        is_shared,
                        cell,
                        next: Some(next),
                    },
                );
            }
        };
        let start = past_blanks(self.text, at, self.delimiter);
        if self.text.get(start) == Some(&b'"') {
            for &(close, after) in self.closers.iter().filter(|(close, _)| *close > start) {
                let cell = CellText {
                    start: start + 1,
                    end: close,
                    is_quoted: true,
                };
                if let Some(faults) = self.faults_in_quotes(start, close) {
                    add(cell, after, faults);
                }
            }
        }
        let rest = self.text.get(at..).unwrap_or_default();
        let end = memchr::memchr3(self.delimiter, b'\n', b'\r', rest).unwrap_or(rest.len());
        let is_broken = matches!(rest.get(end), Some(b'\n' | b'\r'));
        if let Some(faults) = faults_in_plain(&rest[..end])
            && !is_broken
        {
            add(
                CellText {
                    start: at,
                    end: at + end,
                    is_quoted: false,
                },
                at + end,
                faults,
            );
        }
        all
    }

    /// How wrong a cell is whose quotes stand at these places: not at all where the inner ones
    /// are doubled; else once, and once more for each cell that is whole by itself inside of it.
    fn faults_in_quotes(&self, open: usize, close: usize) -> Option<usize> {
        let inner = self.text.get(open + 1..close)?;
        if is_doubled(inner) {
            return Some(0);
        }
        let mut faults = 1;
        let mut at = open;
        while at < close {
            let opener = past_blanks(self.text, at, self.delimiter);
            if self.text.get(opener) == Some(&b'"')
                && let Some(end) = closing(self.text.get(..=close)?, opener + 1, Style::DOUBLE)
            {
                let after = past_blanks(self.text, end + 1, self.delimiter);
                let ends = |byte: &u8| *byte == self.delimiter || b"\r\n".contains(byte);
                faults += usize::from(end == close || self.text.get(after).is_some_and(ends));
            }
            let rest = self.text.get(at..close)?;
            let next = memchr::memchr3(self.delimiter, b'\n', b'\r', rest);
            at += next.map_or(rest.len(), |next| next + 1);
        }
        Some(faults)
    }
}

impl Tail {
    fn offer(&mut self, count: usize, best: BestReading) {
        // What has too many cells anyway is not told apart.
        let count = count.min(self.0.len().saturating_sub(1));
        let Some(known) = self.0.get_mut(count) else {
            return;
        };
        match known {
            Some(known) if known.faults < best.faults => {}
            Some(known) if known.faults == best.faults => known.is_shared = true,
            _ => *known = Some(best),
        }
    }
}

/// How wrong a cell without quotes around it is; none where it cannot be such a cell.
fn faults_in_plain(cell: &[u8]) -> Option<usize> {
    let cell = cell.trim_ascii();
    let count = memchr::memchr_iter(b'"', cell).count();
    let (begins, ends) = (cell.starts_with(b"\""), cell.ends_with(b"\""));
    match count {
        0 => Some(0),
        // What is left of a cell of which a quote is lost.
        1 if begins && ends => Some(1),
        _ if begins && ends => None,
        _ if begins && count % 2 == 1 => Some(2),
        _ => Some(1),
    }
}

/// Whether each quote of a text is followed by its twin.
fn is_doubled(text: &[u8]) -> bool {
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| memchr::memchr(b'"', rest)) {
        if text.get(at + found + 1) != Some(&b'"') {
            return false;
        }
        at += found + 2;
    }
    true
}

/// The cells of a line up to a place, where they are clear: the last one may have a quote too many.
pub(super) fn beginning(line: &[u8], delimiter: u8, place: usize) -> Option<Vec<String>> {
    let (mut cells, mut at) = (Vec::new(), 0);
    loop {
        let start = past_blanks(line, at, delimiter);
        let quoted = (line.get(start) == Some(&b'"'))
            .then(|| closing(line, start + 1, Style::DOUBLE))
            .flatten();
        let quoted = quoted.map(|close| (close, past_blanks(line, close + 1, delimiter)));
        let is_end = |after: usize| line.get(after).is_none_or(|byte| *byte == delimiter);
        let (cell, end) = match quoted.filter(|(_, after)| is_end(*after)) {
            Some((close, after)) => {
                let cell = CellText {
                    start: start + 1,
                    end: close,
                    is_quoted: true,
                };
                (quotes::value(line, &cell, Style::DOUBLE), after)
            }
            None => {
                let rest = line.get(at..)?;
                let end = at + memchr::memchr(delimiter, rest).unwrap_or(rest.len());
                let cell = line.get(at..end)?;
                if memchr::memchr(b'"', cell).is_some() && cells.len() < place {
                    return None;
                }
                (String::from_utf8_lossy(cell).into_owned(), end)
            }
        };
        cells.push(cell);
        if cells.len() > place || end >= line.len() {
            return (cells.len() > place).then_some(cells);
        }
        at = end + 1;
    }
}
