//! The account of a file while it is read: columns, sheets, unread values, assumptions.

use crate::domain::{Assumption, ColumnReport, FileReport, SheetReport, UnreadValues};

/// So many characters of a value show what it is.
const SHOWN: usize = 60;
/// The most columns that are listed; a file of more is no table of anybody's.
const MOST_COLUMNS: usize = 2_000;
/// The most sheets, and the most columns with unread values.
const MOST_ENTRIES: usize = 500;

/// Collects what a reader used of its file. Bounded, whatever the file holds.
#[derive(Debug, Clone, Default)]
pub(crate) struct FileAccount {
    report: FileReport,
    lost: Lost,
}

/// The records with U+FFFD, which stands where a character was lost.
#[derive(Debug, Clone, Default)]
struct Lost {
    records: u64,
    /// The first of them: what it is called, and where it begins.
    first: String,
    line: u64,
    /// The records with text that was UTF-8, read as windows-1252 and written again: how many, and
    /// an example. One with other signs beside ASCII is sound.
    garbled: u64,
    example: Option<String>,
    is_sound: bool,
}

/// From so many garbled records on the file is reported as garbled.
const GARBLED: u64 = 2;

impl Lost {
    fn see_garbled(&mut self, text: &str) {
        match ungarbled(text) {
            Some(sound) => {
                self.garbled += 1;
                let words = text.split_whitespace().zip(sound.split_whitespace());
                let mut words = words.filter(|(garbled, sound)| garbled != sound);
                let example = words.next().map(|(garbled, sound)| {
                    format!("\"{}\" for \"{}\"", shortened(garbled), shortened(sound))
                });
                self.example = self.example.take().or(example);
            }
            None => self.is_sound = true,
        }
    }

    fn garbled_words(&self) -> Option<String> {
        let is_sure = !self.is_sound && self.garbled >= GARBLED;
        let example = self.example.as_deref().filter(|_| is_sure)?;
        Some(format!(
            "the file seems to have been read in a wrong encoding before it was saved as UTF-8 \
             ({example}): export it anew; it was read as it stands"
        ))
    }

    fn words(&self) -> Option<String> {
        let Lost {
            records,
            first,
            line,
            ..
        } = self;
        let end = "\u{fffd} (U+FFFD) stands in place of characters that were lost";
        match records {
            0 => None,
            1 => Some(format!("in \"{first}\" (line {line}) {end}")),
            _ => Some(format!(
                "in {records} records {end}, first in \"{first}\" (line {line})"
            )),
        }
    }
}

impl FileAccount {
    /// Opens a column; the number is its handle for [`saw`](Self::saw) and [`used`](Self::used).
    pub fn column(&mut self, sheet: Option<&str>, name: &str) -> usize {
        let columns = &mut self.report.columns;
        if columns.len() < MOST_COLUMNS {
            columns.push(ColumnReport {
                name: shortened(name),
                sheet: sheet.map(shortened),
                ..ColumnReport::default()
            });
        }
        columns.len() - 1
    }

    /// Notes a column's value; only the first one that is not empty counts.
    pub fn saw(&mut self, column: usize, value: &str) {
        if let Some(column) = self.report.columns.get_mut(column)
            && column.first_value.is_none()
            && !value.trim().is_empty()
        {
            column.first_value = Some(shortened(value));
        }
    }

    /// Notes what a column is used as.
    pub fn used(&mut self, column: usize, field: &str) {
        if let Some(column) = self.report.columns.get_mut(column) {
            column.used_as.get_or_insert_with(|| field.to_owned());
        }
    }

    /// Counts a value that is there and cannot be read.
    pub fn unread(&mut self, column: &str, line: u64, value: &str, expected: &str) {
        let column = shortened(column);
        let all = &mut self.report.unread;
        if let Some(known) = all.iter_mut().find(|one| one.column == column) {
            known.count += 1;
        } else if all.len() < MOST_ENTRIES {
            all.push(UnreadValues {
                column,
                count: 1,
                line,
                example: shortened(value),
                expected: expected.to_owned(),
            });
        }
    }

    /// Counts a record where a character was lost: before the file was written, or because it is
    /// not of the file's encoding.
    pub fn lost<'t>(&mut self, line: u64, name: &str, texts: impl Iterator<Item = &'t str>) {
        let mut is_lost = false;
        for text in texts.filter(|text| !text.is_ascii()) {
            is_lost = is_lost || text.contains('\u{fffd}');
            if !self.lost.is_sound {
                self.lost.see_garbled(text);
            }
        }
        if !is_lost {
            return;
        }
        if self.lost.records == 0 {
            self.lost.first = shortened(name);
            self.lost.line = line;
        }
        self.lost.records += 1;
    }

    /// Notes a sheet.
    pub fn sheet(&mut self, name: &str, rows: u64, left_out: Option<String>) {
        if self.report.sheets.len() < MOST_ENTRIES {
            self.report.sheets.push(SheetReport {
                name: shortened(name),
                rows,
                left_out,
            });
        }
    }

    /// Notes what was decided without clear evidence.
    pub fn assumed(&mut self, about: &str, assumed: impl Into<String>, why: impl Into<String>) {
        let assumption = Assumption {
            about: about.to_owned(),
            assumed: assumed.into(),
            why: why.into(),
        };
        if !self.report.assumed.contains(&assumption) && self.report.assumed.len() < MOST_ENTRIES {
            self.report.assumed.push(assumption);
        }
    }

    /// Says something before all else.
    pub fn warn(&mut self, warning: impl Into<String>) {
        let warning = warning.into();
        if !self.report.warnings.contains(&warning) && self.report.warnings.len() < MOST_ENTRIES {
            self.report.warnings.push(warning);
        }
    }

    /// What the file is, for encoding and delimiter.
    pub fn file(&mut self) -> &mut FileReport {
        &mut self.report
    }

    /// This account, and what was reported of the same file later.
    pub fn joined(self, later: FileReport) -> FileReport {
        let mut all = self;
        all.tell_lost();
        let FileReport {
            warnings,
            encoding,
            delimiter,
            columns,
            sheets,
            unread,
            assumed,
        } = later;
        warnings.into_iter().for_each(|one| all.warn(one));
        for one in assumed {
            all.assumed(&one.about, one.assumed, one.why);
        }
        let report = &mut all.report;
        report.encoding = report.encoding.take().or(encoding);
        report.delimiter = report.delimiter.take().or(delimiter);
        report.columns.extend(columns);
        report.sheets.extend(sheets);
        report.unread.extend(unread);
        all.report
    }

    fn tell_lost(&mut self) {
        let lost = std::mem::take(&mut self.lost);
        for words in [lost.words(), lost.garbled_words()].into_iter().flatten() {
            self.warn(words);
        }
    }

    /// The report.
    pub fn finish(mut self) -> FileReport {
        self.tell_lost();
        self.report
    }
}

/// The text that was meant, where UTF-8 was read as windows-1252: `GrÃ¶ÃŸe` is `Größe`.
fn ungarbled(text: &str) -> Option<String> {
    let (bytes, _, has_others) = encoding_rs::WINDOWS_1252.encode(text);
    let meant = String::from_utf8(bytes.into_owned()).ok()?;
    (!has_others && meant != text).then_some(meant)
}

/// One line, no control characters, not too long.
pub(crate) fn shortened(text: &str) -> String {
    let text = text.trim();
    let mut short: String = text
        .chars()
        .take(SHOWN)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().nth(SHOWN).is_some() {
        short.push('…');
    }
    short
}
/// A line of a file that may be no table at all, such as one of settings: a value that has a name,
/// and a word that may be a token, are left out.
pub(crate) fn without_values(line: &str) -> String {
    let bare = line.trim();
    let bare = bare.strip_prefix("export ").unwrap_or(bare);
    if let Some(at) = bare.find(['=', ':']) {
        let is_name = |c: char| c.is_ascii_alphanumeric() || "_.- ".contains(c);
        if at > 0 && bare[..at].chars().all(is_name) {
            return format!("{}…", &bare[..=at]);
        }
    }
    let words = line.split(' ').map(|word| match may_be_token(word) {
        true => "…",
        false => word,
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Whether a word is long and mixes letters and digits.
fn may_be_token(word: &str) -> bool {
    word.chars().count() >= 16
        && word.contains(|c: char| c.is_ascii_digit())
        && word.contains(|c: char| c.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_settings_is_shown_without_its_value() {
        for (line, shown) in [
            ("JIRA_API_KEY=planted", "JIRA_API_KEY=…"),
            ("export JIRA_API_KEY = planted", "JIRA_API_KEY =…"),
            ("token: planted", "token:…"),
            ("ATATT3xFfGF0planted planted", "… planted"),
            ("Issue key", "Issue key"),
            ("Vorgangsschlüssel", "Vorgangsschlüssel"),
        ] {
            assert_eq!(without_values(line), shown);
        }
    }
}
