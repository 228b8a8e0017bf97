//! A whole database as JSON lines, to be read with any tool and imported into an empty database.
//!
//! The first line is the header: `{"format":"atlas-database","version":1,"schema":4}`. Every
//! further line is a row, `{"table":"jira_tickets","row":{"id":1,…}}`, with its columns by name;
//! bytes are `{"base64":"…"}`. The last line says how many rows there are, `{"rows":123}`, so that
//! a file that was cut off is known.
//!
//! All tables of ATLAS's are in it but three that are made from the others: words and vectors of
//! texts, which are encoded again, and the counters of changes. What other programs keep in the
//! same file, in tables or columns of their own, is not in it.

use std::io::{BufRead, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::input::Input;
use crate::domain::ReadOptions;
use crate::store::JsonRow;
use crate::{Error, Result};

/// What the header calls the format.
pub const FORMAT: &str = "atlas-database";
/// The version that is written, and the newest that is read.
pub const VERSION: u32 = 1;
/// The oldest schema whose rows can be imported.
pub const OLDEST_SCHEMA: u32 = 4;

const EXPECTED: &str = "JSON lines as `export_all` writes them, the first of them \
    {\"format\":\"atlas-database\",\"version\":1,\"schema\":4}";
/// A longer line is a mistake, and must not fill the memory.
const LONGEST_LINE: u64 = 256 * 1024 * 1024;

/// The first line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatabaseHeader {
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub version: u32,
    /// The schema that the rows are of.
    pub schema: u32,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatabaseLine {
    /// The table.
    pub table: String,
    /// Columns by name.
    pub row: JsonRow,
}

/// The last line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Footer {
    rows: u64,
}

/// Writes a database.
pub struct DatabaseWriter<W: Write> {
    writer: BufWriter<W>,
    rows: u64,
}

impl<W: Write> DatabaseWriter<W> {
    /// Writes the header.
    ///
    /// # Errors
    /// `FILE_FAILED`.
    pub fn new(writer: W, schema: u32) -> Result<Self> {
        let mut new = DatabaseWriter {
            writer: BufWriter::new(writer),
            rows: 0,
        };
        let format = FORMAT.to_owned();
        let version = VERSION;
        new.json(&DatabaseHeader {
            format,
            version,
            schema,
        })?;
        Ok(new)
    }

    /// Writes a row.
    ///
    /// # Errors
    /// `FILE_FAILED`.
    pub fn row(&mut self, line: &DatabaseLine) -> Result<()> {
        self.rows += 1;
        self.json(line)
    }

    /// Writes the last line and gives the writer back.
    ///
    /// # Errors
    /// `FILE_FAILED`.
    pub fn finish(mut self) -> Result<W> {
        let rows = self.rows;
        self.json(&Footer { rows })?;
        self.writer
            .into_inner()
            .map_err(|error| unwritten(error.into_error()))
    }

    fn json(&mut self, value: &impl Serialize) -> Result<()> {
        serde_json::to_writer(&mut self.writer, value).map_err(|error| unwritten(error.into()))?;
        self.writer.write_all(b"\n").map_err(unwritten)
    }
}

fn unwritten(source: std::io::Error) -> Error {
    let path = PathBuf::from("the export");
    Error::File { path, source }
}

/// A database that is read line by line, plain or gzip.
pub struct DatabaseReader {
    input: Input<'static>,
    schema: u32,
    line: u64,
    rows: u64,
    ended: bool,
}

impl DatabaseReader {
    /// Opens a file and reads its header.
    ///
    /// # Errors
    /// `FILE_FAILED` when it cannot be read, `UNKNOWN_FORMAT` when its first line is no header or
    /// one of a newer version, `NEWER_DATABASE` when its rows are of a newer schema than `schema`.
    pub fn open(path: &Path, schema: u32) -> Result<Self> {
        let mut reader = DatabaseReader {
            input: Input::open(path, &ReadOptions::default())?,
            schema: 0,
            line: 0,
            rows: 0,
            ended: false,
        };
        let bytes = reader.bytes()?;
        let header: Option<DatabaseHeader> = serde_json::from_slice(&bytes).ok();
        let known = header.filter(|header| header.format == FORMAT && header.version <= VERSION);
        let Some(header) = known else {
            return Err(reader.input.file.unknown(EXPECTED));
        };
        if header.schema > schema {
            return Err(Error::NewerDatabase {
                path: path.to_owned(),
                found: header.schema,
                supported: schema,
            });
        }
        if header.schema < OLDEST_SCHEMA {
            return Err(reader.refuse("its rows are older than any that was exported"));
        }
        reader.schema = header.schema;
        Ok(reader)
    }

    /// The schema that the rows are of.
    pub fn schema(&self) -> u32 {
        self.schema
    }

    /// Bytes of the file that were read, as they lie on the disk, and the file's length.
    pub fn position(&self) -> (u64, u64) {
        self.input.file.position()
    }

    /// The next row; `None` after the last one, when the last line said so.
    ///
    /// # Errors
    /// `UNKNOWN_FORMAT` naming the line that is no row or no last line, or that is missing;
    /// `FILE_FAILED`.
    pub fn next_row(&mut self) -> Result<Option<DatabaseLine>> {
        if self.ended {
            return Ok(None);
        }
        let bytes = self.bytes()?;
        if let Ok(line) = serde_json::from_slice::<DatabaseLine>(&bytes) {
            self.rows += 1;
            return Ok(Some(line));
        }
        match serde_json::from_slice::<Footer>(&bytes) {
            Ok(footer) if footer.rows == self.rows => {
                self.ended = true;
                Ok(None)
            }
            Ok(footer) => Err(self.refuse(&format!(
                "there were {} rows before it, not {}",
                self.rows, footer.rows
            ))),
            Err(_) if bytes.is_empty() => Err(self.refuse("the file ends too early")),
            Err(error) => Err(self.refuse(&format!(
                "no row: {}",
                crate::error::plain_words(&error.to_string())
            ))),
        }
    }

    /// That the line at hand cannot be used, and why.
    pub fn refuse(&self, reason: &str) -> Error {
        let line = self.line;
        self.input.file.unknown(format!("line {line}: {reason}"))
    }

    /// The next line; empty at the end.
    fn bytes(&mut self) -> Result<Vec<u8>> {
        self.line += 1;
        let mut bytes = Vec::new();
        let mut limited = (&mut self.input.reader).take(LONGEST_LINE);
        match limited.read_until(b'\n', &mut bytes) {
            Ok(_) => Ok(bytes.trim_ascii().to_vec()),
            Err(source) => match self.input.file.ended_early(source) {
                Ok(_) => Err(self.refuse("the file is damaged or ends too early")),
                Err(failed) => Err(failed),
            },
        }
    }
}
