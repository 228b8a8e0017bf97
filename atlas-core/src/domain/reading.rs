//! How files are read: what the file itself decides unless the user says otherwise.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// Which of day and month comes first in dates of numbers only (`03/04/2025`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum DateOrder {
    /// 3 April.
    DayFirst,
    /// 4 March.
    MonthFirst,
}

impl DateOrder {
    /// The word that options and reports use.
    pub fn as_str(self) -> &'static str {
        match self {
            DateOrder::DayFirst => "day-first",
            DateOrder::MonthFirst => "month-first",
        }
    }

    /// The one with this word.
    ///
    /// # Errors
    /// `INVALID_VALUE` with both words.
    pub fn parse(word: &str) -> Result<Self> {
        match word {
            "day-first" => Ok(DateOrder::DayFirst),
            "month-first" => Ok(DateOrder::MonthFirst),
            _ => Err(Error::invalid(
                "date_order",
                word,
                "day-first or month-first",
            )),
        }
    }
}

/// The mark before the decimals of a number (`1.5` or `1,5`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum DecimalMark {
    /// `1,5`
    Comma,
    /// `1.5`
    Point,
}

impl DecimalMark {
    /// The word that options and reports use.
    pub fn as_str(self) -> &'static str {
        match self {
            DecimalMark::Comma => "comma",
            DecimalMark::Point => "point",
        }
    }

    /// The one with this word.
    ///
    /// # Errors
    /// `INVALID_VALUE` with both words.
    pub fn parse(word: &str) -> Result<Self> {
        match word {
            "comma" => Ok(DecimalMark::Comma),
            "point" => Ok(DecimalMark::Point),
            _ => Err(Error::invalid("decimal", word, "comma or point")),
        }
    }
}

/// What a file is to be read as, where the file itself is not to decide.
///
/// Each is settled from the whole file before the first record is stored; the report says what
/// was assumed where the file gave no clear answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ReadOptions {
    /// The encoding by its usual name: `utf-8`, `windows-1252`, `shift_jis`, …
    pub encoding: Option<String>,
    /// The character between the columns of a table; `tab` for the tabulator.
    pub delimiter: Option<String>,
    /// Which of day and month comes first.
    pub date_order: Option<DateOrder>,
    /// The mark before decimals.
    pub decimal: Option<DecimalMark>,
}

impl ReadOptions {
    /// The delimiter as a byte.
    ///
    /// # Errors
    /// `INVALID_VALUE` when it is not one ASCII character.
    pub fn delimiter_byte(&self) -> Result<Option<u8>> {
        let Some(text) = self.delimiter.as_deref() else {
            return Ok(None);
        };
        match text.as_bytes() {
            _ if ["tab", "\\t"].contains(&text) => Ok(Some(b'\t')),
            [byte]
                if byte.is_ascii()
                    && !byte.is_ascii_alphanumeric()
                    && !b"\"\r\n".contains(byte) =>
            {
                Ok(Some(*byte))
            }
            _ => Err(Error::invalid(
                "delimiter",
                text,
                "one character such as ; , | ^ or the word tab",
            )),
        }
    }
}

/// How a file of tickets is imported.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct TicketImport {
    /// The column (in JSON the field) of a ticket's field, by the field's name: `key`, `summary`,
    /// `description`, `type`, `status`, `priority`, `resolution`, `assignee`, `reporter`,
    /// `components`, `labels`, `created`, `updated`, `resolved`, `parent`, `id`.
    pub columns: BTreeMap<String, String>,
    /// What the file is to be read as.
    pub reading: ReadOptions,
    /// Say what would be done, and do nothing.
    pub dry_run: bool,
}
