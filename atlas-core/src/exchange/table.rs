//! Tables as text: rows with named columns, whatever separates them and stands above them.

mod header;
mod quotes;
mod records;

use std::io::Read;
use std::ops::ControlFlow;

use super::input::{FileInfo, Input, Plain};
use super::report::{Account, shortened, without_values};
use crate::Result;
use crate::domain::ReadOptions;
use records::Records;

/// So much of the header is shown in an error.
const SHOWN: usize = 6;

/// A table whose header was read.
pub(crate) struct Table<'a> {
    pub columns: Columns,
    pub file: FileInfo,
    /// What is known of the file so far: its encoding, the separator, what stood above the header.
    pub account: Account,
    source: Source<'a>,
}

/// Where the rows come from.
enum Source<'a> {
    Text(Records<Plain<'a>>),
    Rows(std::vec::IntoIter<Row>),
}

/// The columns' names, trimmed. Capitals make no difference.
#[derive(Debug, Clone)]
pub(crate) struct Columns(Vec<String>);

impl Columns {
    /// Columns with these names.
    pub fn new(names: Vec<String>) -> Self {
        Columns(names.iter().map(|name| name.trim().to_owned()).collect())
    }

    /// The places of the columns with one of these names, by the names' order.
    pub fn find(&self, names: &[&str]) -> Vec<usize> {
        let places = |name: &&str| {
            let name = (*name).to_owned();
            self.iter()
                .filter(move |(_, column)| column.eq_ignore_ascii_case(&name))
                .map(|(place, _)| place)
        };
        names.iter().flat_map(places).collect()
    }

    /// Every column with its place.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &str)> {
        self.0.iter().map(String::as_str).enumerate()
    }
}

/// A row, with the line where it starts.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub line: u64,
    cells: Vec<String>,
}

impl Row {
    /// A row that starts at a line.
    pub fn new(line: u64, cells: Vec<String>) -> Self {
        Row { line, cells }
    }

    /// How many cells it has; fewer than the header where it ends early.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// The first of these cells that has text.
    pub fn first(&self, places: &[usize]) -> Option<&str> {
        self.all(places).next()
    }

    /// The text of those of these cells that have any.
    pub fn all(&self, places: &[usize]) -> impl Iterator<Item = &str> {
        let cells = places.iter().filter_map(|&place| self.cells.get(place));
        cells
            .map(|cell| cell.trim())
            .filter(|cell| !cell.is_empty())
    }

    /// Whether nothing stands in it, or only lines of a drawn table.
    fn is_filler(&self) -> bool {
        let mut cells = self.cells.iter().map(|cell| cell.trim());
        let is_drawn =
            |cell: &str| cell.len() > 2 && cell.trim_matches(['-', ':', '=', '+']).is_empty();
        cells.all(|cell| cell.is_empty() || is_drawn(cell))
    }
}

impl<'a> Table<'a> {
    /// Finds separator and header, and reads it. `known` says how many columns of a possible
    /// header the caller knows; where it knows none of any, the header is the first line.
    ///
    /// # Errors
    /// `INVALID_VALUE` for a separator that cannot be one; `CANCELLED`.
    pub fn open(
        mut input: Input<'a>,
        options: &ReadOptions,
        known: &dyn Fn(&Columns) -> usize,
    ) -> Result<Self> {
        let wanted = options.delimiter_byte()?;
        let start = input.start()?;
        let header = header::find(&start, wanted, known);
        let mut reader = input.reader;
        let mut passed = (&mut reader).take(header.end as u64);
        if let Err(error) = std::io::copy(&mut passed, &mut std::io::sink()) {
            input.file.ended_early(error)?;
        }
        let mut account = input.account;
        account.file().delimiter = Some(delimiter_name(header.delimiter));
        if let Some(above) = &header.above {
            account.assumed(
                "header",
                format!("line {}", header.line),
                format!(
                    "what stands above it was passed over: \"{}\"",
                    shortened(above)
                ),
            );
        }
        let columns = Columns::new(header.cells);
        Ok(Table {
            source: Source::Text(Records::new(
                reader,
                header.delimiter,
                columns.0.len(),
                header.next_line,
            )),
            columns,
            file: input.file,
            account,
        })
    }

    /// The rows of a workbook.
    pub fn of_rows(file: FileInfo, account: Account, columns: Columns, rows: Vec<Row>) -> Self {
        Table {
            columns,
            file,
            account,
            source: Source::Rows(rows.into_iter()),
        }
    }

    /// The header as it was read, for an error about a column that is not there.
    pub fn shown(&self) -> String {
        let first = self.columns.iter().map(|(_, name)| name);
        let first = first.filter(|name| !name.is_empty()).take(SHOWN);
        let first: Vec<String> = first.map(without_values).collect();
        let shown: String = first
            .join(", ")
            .chars()
            .filter(|c| !c.is_control())
            .take(80)
            .collect();
        match &self.source {
            Source::Rows(_) => format!("its header: {shown}"),
            Source::Text(records) => {
                let delimiter = delimiter_name(records.delimiter());
                format!("its first line: {shown}; read with the separator {delimiter}")
            }
        }
    }

    /// Hands over every row with text in it, or the line of one that cannot be read and the reason;
    /// says why reading ended early, if it did.
    ///
    /// # Errors
    /// `FILE_FAILED`, `CANCELLED`.
    pub fn each_row(
        &mut self,
        mut each: impl FnMut(u64, std::result::Result<Row, String>) -> ControlFlow<()>,
    ) -> Result<Option<String>> {
        let records = match &mut self.source {
            Source::Text(records) => records,
            Source::Rows(rows) => {
                let _ = rows.try_for_each(|row| each(row.line, Ok(row)));
                return Ok(None);
            }
        };
        loop {
            let (line, row) = match records.next() {
                Ok(Some(record)) => record,
                Ok(None) => return Ok(None),
                Err(error) if error.kind() == std::io::ErrorKind::FileTooLarge => {
                    let line = records.line();
                    return Ok(Some(format!(
                        "the row at line {line} has no end: a quote is probably not closed"
                    )));
                }
                Err(error) => return self.file.ended_early(error).map(Some),
            };
            let row = row.map(|cells| Row::new(line, cells.into_iter().map(unwrapped).collect()));
            let is_filler = row.as_ref().is_ok_and(Row::is_filler);
            if !is_filler && each(line, row).is_break() {
                return Ok(None);
            }
        }
    }
}

/// A cell without the formula that keeps spreadsheets from reading a text as a number: `="1-2"`.
fn unwrapped(cell: String) -> String {
    let inner = cell.trim().strip_prefix("=\"");
    match inner.and_then(|inner| inner.strip_suffix('"')) {
        // What has quotes inside may be more than a text.
        Some(inner) if !inner.contains('"') => inner.to_owned(),
        _ => cell,
    }
}

/// The names of the columns of a table, from its first bytes.
pub(crate) fn header_in(start: &[u8], known: &dyn Fn(&Columns) -> usize) -> Vec<String> {
    header::find(start, None, known).cells
}

fn delimiter_name(delimiter: u8) -> String {
    match delimiter {
        b'\t' => "tab".to_owned(),
        byte if byte.is_ascii_graphic() => char::from(byte).to_string(),
        byte => format!("\\x{byte:02x}"),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    type Rows = Vec<(u64, std::result::Result<Vec<String>, String>)>;

    fn read(text: &str) -> (Columns, Account, Rows) {
        let known = |columns: &Columns| {
            columns
                .find(&["issue key", "summary", "status", "labels"])
                .len()
        };
        let input = Input::of_text(Path::new("x"), text.as_bytes().to_vec());
        let mut table = Table::open(input, &ReadOptions::default(), &known).unwrap();
        let mut rows = Vec::new();
        let ended = table
            .each_row(|line, row| {
                let trimmed = |row: Row| {
                    row.cells
                        .iter()
                        .map(|cell| cell.trim().to_owned())
                        .collect()
                };
                rows.push((line, row.map(trimmed)));
                ControlFlow::Continue(())
            })
            .unwrap();
        assert_eq!(ended, None);
        (table.columns, table.account, rows)
    }

    fn cells(text: &str) -> Vec<Vec<String>> {
        let (_, _, rows) = read(text);
        rows.into_iter().map(|(_, row)| row.expect(text)).collect()
    }

    #[test]
    fn separators_and_headers_are_found_together() {
        let plain = "Issue key;Summary;Status\nNIM-1;Totals, differ;Open\n";
        for delimiter in [";", "\t", "|", "^", "~", ":", "\u{1f}", "#"] {
            let text = plain.replace(';', delimiter);
            for above in [
                "",
                "\n\n",
                "Export of Nimbus\n\n",
                "a,b\nc,d,e\n\n",
                "\"Made: today; by me\"\n",
            ] {
                for end in ["\n", "\r\n", "\r"] {
                    let text = format!("{above}{text}").replace('\n', end);
                    assert_eq!(
                        cells(&text),
                        [["NIM-1", "Totals, differ", "Open"]],
                        "{text:?}"
                    );
                }
            }
        }
        for sep in ["sep=;\n", "SEP=;\r\n", "\"sep=;\"\n"] {
            let (columns, account, rows) = read(&format!("{sep}{plain}"));
            assert_eq!((columns.0.len(), rows.len()), (3, 1), "{sep}");
            let report = account.finish();
            assert_eq!(
                (report.delimiter.as_deref(), report.assumed.len()),
                (Some(";"), 0)
            );
        }
        assert_eq!(
            cells("Issue key;Custom field (Risk, a, b)\nNIM-1;x\n"),
            [["NIM-1", "x"]]
        );
        assert_eq!(
            cells("\"Issue key,Summary\"\n\"NIM-1,\"\"a, b\"\"\"\n"),
            [["NIM-1", "a, b"]]
        );
        assert_eq!(cells("Issue key\nNIM-1\nNIM-2\n"), [["NIM-1"], ["NIM-2"]]);
        assert_eq!(
            cells("|Issue key|Summary|\n|---|:--|\n|NIM-1|x|\n"),
            [["", "NIM-1", "x", ""]]
        );
    }

    #[test]
    fn lines_are_counted_whatever_ends_them() {
        for end in ["\n", "\r\n", "\r"] {
            let text = "title\n\nIssue key,Summary\nNIM-1,\"a\nb\"\n\nNIM-2,c".replace('\n', end);
            let (_, account, rows) = read(&text);
            let lines: Vec<u64> = rows.iter().map(|(line, _)| *line).collect();
            assert_eq!(lines, [4, 7], "{end:?}");
            assert_eq!(account.finish().assumed[0].assumed, "line 3");
        }
    }

    #[test]
    fn stray_quotes_are_read_where_they_are_clear() {
        let row = |row: &str, expected: &str| {
            let text = format!("Issue key,Summary,Status\nNIM-0,x,Open\n{row}\nNIM-9,y,Open\n");
            let all = cells(&text);
            assert_eq!(all.len(), 3, "{row}: {all:?}");
            let id = if all[1][0].starts_with("NIM") {
                "NIM-1"
            } else {
                "?"
            };
            assert_eq!(all[1], [id, expected, "Open"], "{row}");
        };
        row(
            "NIM-1,\"27\" monitor is black\",Open",
            "27\" monitor is black",
        );
        row("NIM-1,27\" monitor,Open", "27\" monitor");
        row(
            "NIM-1,\"Said \"yes\", then no\",Open",
            "Said \"yes\", then no",
        );
        row("NIM-1,\"a \\\"b\\\", c\",Open", "a \"b\", c");
        row("'NIM-1','Single, quoted','Open'", "Single, quoted");
        row("'NIM-1','Plain','Open'", "Plain");
        row("\"NIM-1,\"\"Totals, differ\"\",Open\"", "Totals, differ");
        row("\"NIM-1,Totals,Open\",,", "Totals");
        row(
            "NIM-1,\"Menu \"File is cut off,Open",
            "\"Menu \"File is cut off",
        );
        row("NIM-1,\"Menu is cut off,Open", "\"Menu is cut off");
        row("NIM-1, \"a, b\", Open", "a, b");
        row(
            "NIM-1,\"say \"\"hi\"\"\nand \"go\"\nnow\",Open",
            "say \"hi\"\nand \"go\"\nnow",
        );
        row("NIM-1,\"a\n\nb\",Open,,", "a\n\nb");
    }

    #[test]
    fn rows_that_shift_are_refused_with_their_line() {
        let bad = |row: &str, words: &str| {
            let text = format!("Issue key,Summary,Status\nNIM-0,x,Open\n{row}\nNIM-9,y,Open\n");
            let (_, _, rows) = read(&text);
            let good: Vec<_> = rows.iter().filter(|(_, row)| row.is_ok()).collect();
            assert_eq!(good.len(), 2, "{row}: {rows:?}");
            let (line, reason) = rows.iter().find(|(_, row)| row.is_err()).unwrap();
            assert_eq!(*line, 3, "{row}");
            assert!(
                reason.as_ref().unwrap_err().contains(words),
                "{row}: {reason:?}"
            );
        };
        bad("NIM-1,a, b,Open", "4 cells, the header 3");
        bad("NIM-1,a\",\"b, c\",d,Open", "quote");
        bad("NIM-1,a\nb,Open", "line break");
        bad(
            "NIM-1,\"a,Open\nNIM-2,b,Open\nNIM-3,27\",Open",
            "lines 3 to 5",
        );
        bad("NIM-1,\"a \"b\" and\nc,d,\"e\nf", "quote");
    }

    #[test]
    fn rows_may_end_early() {
        assert_eq!(
            cells("Issue key,Summary,Status\nNIM-1\nNIM-2,a\n"),
            [vec!["NIM-1"], vec!["NIM-2", "a"]]
        );
    }
}
