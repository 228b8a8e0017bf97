//! What an import did, and what of the file it used.

use serde::Serialize;

/// A record that could not be imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Skipped {
    /// The line of the file where the record starts, from 1.
    pub line: u64,
    /// Why.
    pub reason: String,
}

/// What an import did: every record is counted once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ImportReport {
    /// Whether nothing was done.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub dry_run: bool,
    /// For taking the import back; absent where it found and changed nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub import_id: Option<i64>,
    /// Records that were not there before.
    pub new: u64,
    /// Records that were there and changed.
    pub updated: u64,
    /// Records that were there and are the same.
    pub unchanged: u64,
    /// Records that could not be imported: the first 1,000 with their reasons.
    pub skipped: Vec<Skipped>,
    /// How many records could not be imported.
    pub skipped_count: u64,
    /// Why reading ended early, if it did (for example a truncated gzip file).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub truncated: Option<String>,
    /// What of the file was used, assumed and left unread.
    pub file: FileReport,
}

impl ImportReport {
    /// Records that were read well.
    pub fn stored(&self) -> u64 {
        self.new + self.updated + self.unchanged
    }
}

/// What of a file was used, assumed and left unread: every column, sheet and unread value is
/// accounted for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct FileReport {
    /// What a person should see before all else: cases without steps though columns are unused,
    /// sheets that were not read, values that could not be.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// The encoding, where it is not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// The character between the columns of a table; `tab` for the tabulator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<String>,
    /// The columns of a table, or the fields of JSON, in the order of the file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<ColumnReport>,
    /// The sheets of a workbook.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sheets: Vec<SheetReport>,
    /// Values that were there and could not be read, by column.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<UnreadValues>,
    /// What was decided without clear evidence.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub assumed: Vec<Assumption>,
}

/// A column of a file: what it was used as.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ColumnReport {
    /// Its name in the file.
    pub name: String,
    /// The sheet that it is in, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The field that it was used as, such as `summary`; absent where it was not used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used_as: Option<String>,
    /// Its first value that is not empty, shortened; absent where all are empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_value: Option<String>,
}

/// A sheet of a workbook.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SheetReport {
    /// Its name.
    pub name: String,
    /// Rows with text below the header.
    pub rows: u64,
    /// Why it was not read; absent where it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_out: Option<String>,
}

/// The values of a column that could not be read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct UnreadValues {
    /// The column or field.
    pub column: String,
    /// How many.
    pub count: u64,
    /// The line of the first, from 1.
    pub line: u64,
    /// The first, shortened.
    pub example: String,
    /// What would be right.
    pub expected: String,
}

/// Something that was decided without clear evidence.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Assumption {
    /// What it is about: `date_order`, `decimal`, `encoding`, `delimiter`, …; the option of the
    /// same name settles it.
    pub about: String,
    /// What was assumed.
    pub assumed: String,
    /// Why, with an example.
    pub why: String,
}
