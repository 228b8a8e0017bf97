//! The columns of tables of test cases, by what each tool calls them: `data/case_columns.toml`.

mod candidate;
mod column;

use std::collections::HashMap;
use std::sync::LazyLock;

use toml::{Table, Value};

pub(super) use candidate::{ColumnCandidate, EMPTY, settle};
pub(super) use column::Column;
use column::WORDS;

use crate::domain::TestFormat;
use crate::exchange::columns::fold;
use crate::exchange::table::Columns;

const FILE: &str = include_str!("../../../data/case_columns.toml");

/// A tool's table: what its columns are called, and how its rows are read.
#[derive(Debug)]
pub(super) struct Dialect {
    pub format: TestFormat,
    /// Cells are HTML.
    pub html: bool,
    /// Each step is a row of its own: its cells are never taken apart.
    pub rows: bool,
    /// Steps stand in one cell as `1. "…"`.
    pub numbered: bool,
    /// A row with a name is another test case, also where the name is the same.
    pub starts: bool,
    /// Every row is a test case.
    pub row_is_case: bool,
    /// A test case comes once for each of its executions.
    pub repeats: bool,
    /// Cells have a mark against formulas.
    pub restores: bool,
    prefix: String,
    tells: Vec<Vec<Vec<NameKey>>>,
    own: HashMap<String, Vec<(Column, usize)>>,
    /// How names begin.
    begins: Vec<(String, Column)>,
}

/// A name, or how it begins.
#[derive(Debug)]
enum NameKey {
    Is(String),
    Begins(String),
}

struct CaseColumnsFile {
    dialects: Vec<Dialect>,
    /// What the fields of JSON are called.
    json: Option<Dialect>,
    common: HashMap<String, Vec<(Column, usize)>>,
    words: HashMap<String, Vec<String>>,
}

/// In this order of equals; the last ones take what no other does.
const DIALECTS: [&str; 14] = [
    "qase-csv",
    "zephyr-csv",
    "testrail-csv",
    "azure-csv",
    "xray-csv",
    "zephyr-squad",
    "jira-csv",
    "alm",
    "practitest",
    "testiny",
    "allure",
    "kiwi",
    "atlas",
    "csv",
];
/// Common names come after all of a tool's own.
const COMMON: usize = 10_000;
/// A longer text is none of the words in the file.
const LONGEST_WORD: usize = 200;
/// The most columns by which a table is told.
pub(super) const MOST_COLUMNS: usize = 4_000;

static NAMES: LazyLock<CaseColumnsFile> = LazyLock::new(|| {
    // A test reads the file, so that it cannot be wrong here.
    let file: Table = toml::from_str(FILE).unwrap_or_default();
    let section = |name: &str| file.get(name).and_then(Value::as_table);
    let dialect = |name: &&str| Some(Dialect::new(name, section(name)?));
    let words = section("words").into_iter().flatten().map(|(name, words)| {
        let words = texts(words).map(key).collect();
        (name.clone(), words)
    });
    CaseColumnsFile {
        dialects: DIALECTS.iter().filter_map(dialect).collect(),
        json: dialect(&"json"),
        common: section("common").map(lookup).unwrap_or_default(),
        words: words.collect(),
    }
});

/// The dialect of a table by all of its columns; of one format, where it is told.
///
/// The one counts whose own columns are there, of several the one that knows most of them. What
/// nobody knows is a plain table.
pub(super) fn dialect(columns: &Columns, format: Option<TestFormat>) -> Option<&'static Dialect> {
    let heads = columns.iter().take(MOST_COLUMNS);
    let heads: Vec<FoldedHead> = heads.map(|(_, name)| FoldedHead::new(name)).collect();
    let of_format = |dialect: &&Dialect| format.is_none_or(|format| dialect.format == format);
    let all = || NAMES.dialects.iter().filter(of_format);
    let told = all().filter(|dialect| dialect.is_shown_by(&heads));
    // Of equals `max_by_key` takes the last.
    let best = told.rev().max_by_key(|dialect| dialect.knows(&heads));
    best.or_else(|| all().next_back())
}

/// How many columns of a table have a name that the format uses for a field of test cases.
pub(super) fn known(columns: &Columns, format: TestFormat) -> usize {
    let Some(dialect) = dialect(columns, Some(format)) else {
        return 0;
    };
    let is_known = |(_, name): &(usize, &str)| !dialect.fields(name).is_empty();
    let columns = columns.iter().take(MOST_COLUMNS);
    columns.filter(is_known).count()
}

/// How many columns of a possible header some format knows.
pub(super) fn known_by_any(columns: &Columns) -> usize {
    let formats = NAMES.dialects.iter().map(|dialect| dialect.format);
    formats
        .map(|format| known(columns, format))
        .max()
        .unwrap_or(0)
}

/// What a field of a test case's JSON may hold by its name, the likeliest first.
pub(super) fn json_fields(name: &str) -> Vec<(Column, usize)> {
    let json = NAMES.json.as_ref();
    json.map_or_else(Vec::new, |dialect| dialect.fields(name))
}

/// The field that most tools call so.
pub(super) fn common_field(name: &str) -> Option<Column> {
    let found = NAMES.common.get(&key(name))?;
    found.first().map(|(column, _)| *column)
}

/// The words of a list in the file, such as `verdict`, as [`key`] makes them.
pub(super) fn words(list: &str) -> &'static [String] {
    NAMES.words.get(list).map_or(&[], Vec::as_slice)
}

/// Whether a text is one of the words of a list.
pub(super) fn is_word(list: &str, text: &str) -> bool {
    text.len() <= LONGEST_WORD && words(list).contains(&key(text))
}

/// Whether one of the words of a list is a part of a text.
pub(super) fn is_word_in(list: &str, text: &str) -> bool {
    let text = key(text);
    words(list).iter().any(|word| text.contains(word))
}

/// A name without the word for a step in it; none where there is no such word.
pub(super) fn without_step(key: &str) -> Option<String> {
    let found = words("step").iter().filter(|word| key.contains(*word));
    let longest = found.max_by_key(|word| word.len());
    longest.map(|word| key.replacen(word, "", 1))
}

impl Dialect {
    fn new(name: &str, section: &Table) -> Self {
        let is = |name: &str| section.get(name).and_then(Value::as_bool).unwrap_or(false);
        let text = |name: &str| section.get(name).and_then(Value::as_str);
        let format = TestFormat::parse(text("format").unwrap_or(name));
        let tells = section.get("tells").and_then(Value::as_array);
        let one_of = |names: &str| names.split('|').map(NameKey::new).collect();
        let all_of = |list: &Value| texts(list).map(one_of).collect();
        Dialect {
            format: format.unwrap_or(TestFormat::Csv),
            html: is("html"),
            rows: is("rows"),
            numbered: is("numbered"),
            starts: is("starts"),
            row_is_case: is("row_is_case"),
            repeats: is("repeats"),
            restores: is("restores"),
            prefix: text("prefix").unwrap_or_default().to_owned(),
            tells: tells.into_iter().flatten().map(all_of).collect(),
            own: lookup(section),
            begins: beginnings(section),
        }
    }

    fn is_shown_by(&self, heads: &[FoldedHead]) -> bool {
        let there = |one_of: &Vec<NameKey>| {
            let is = |key: &NameKey| heads.iter().any(|head| key.is(head));
            one_of.iter().any(is)
        };
        self.tells.iter().any(|all_of| all_of.iter().all(there))
    }

    fn knows(&self, heads: &[FoldedHead]) -> usize {
        let own = |head: &&FoldedHead| self.keys(head).any(|key| self.own.contains_key(key));
        heads.iter().filter(own).count()
    }

    fn keys<'h>(&self, head: &'h FoldedHead) -> impl Iterator<Item = &'h str> + use<'h> {
        let bare = (!self.prefix.is_empty())
            .then(|| head.folded.strip_prefix(&self.prefix))
            .flatten()
            .map(|_| head.unprefixed.as_str());
        let whole = Some(head.key.as_str());
        [whole, head.bracketed.as_deref(), bare]
            .into_iter()
            .flatten()
    }

    /// The fields that a column of this name may hold, the likeliest first, each with its rank
    /// among the names of the field.
    pub(super) fn fields(&self, name: &str) -> Vec<(Column, usize)> {
        let head = FoldedHead::new(name);
        let mut found: Vec<(Column, usize)> = Vec::new();
        let own = self.keys(&head).filter_map(|key| self.own.get(key));
        for (column, rank) in own.flatten() {
            found.push((*column, *rank));
        }
        // A name that the tool has for something else is not looked up again.
        let is_other = found.iter().any(|(column, _)| *column == Column::Other);
        let common = self.keys(&head).filter_map(|key| NAMES.common.get(key));
        for (column, rank) in common.flatten().filter(|_| !is_other) {
            found.push((self.in_rows(*column), rank + COMMON));
        }
        if found.is_empty() {
            let mut begun = self.begins.iter();
            let begun = begun.find(|(start, _)| head.folded.starts_with(start.as_str()));
            found.extend(begun.map(|(_, column)| (*column, COMMON)));
        }
        if found.is_empty() {
            found.extend(self.part_of_steps(name).map(|column| (column, 2 * COMMON)));
        }
        let mut seen = Vec::new();
        found.retain(|(column, _)| {
            let new = !seen.contains(column);
            seen.push(*column);
            new
        });
        found
    }

    /// What `Steps Separated (Step)`, `Schritte (Erwartetes Ergebnis)`, `Test Steps - Expected
    /// Result` hold: a part of a step.
    fn part_of_steps(&self, name: &str) -> Option<Column> {
        let folded = fold(name);
        let bracketed = folded
            .strip_suffix(')')
            .and_then(|rest| rest.split_once('('));
        let (outer, inner) = bracketed.or_else(|| folded.split_once(" - "))?;
        let is_steps = |key: &str| {
            let columns = self.fields_of_key(key);
            columns.contains(&Column::Steps) || columns.contains(&Column::Action)
        };
        let outer = key(outer);
        let outer = outer.strip_suffix("separated").unwrap_or(&outer);
        if !is_steps(outer) {
            return None;
        }
        let inner = key(inner);
        let columns = self.fields_of_key(&inner);
        let has = |these: [Column; 2]| columns.iter().any(|column| these.contains(column));
        match inner.as_str() {
            "content" => Some(Column::Action),
            "additionalinfo" => Some(Column::Data),
            _ if has([Column::StepsExpected, Column::Expected]) => Some(Column::Expected),
            _ if has([Column::StepsData, Column::Data]) => Some(Column::Data),
            _ if is_steps(&inner) => Some(Column::Action),
            _ => None,
        }
    }

    /// The fields of a key that is a part of a name.
    pub(super) fn fields_of_key(&self, key: &str) -> Vec<Column> {
        let own = self.own.get(key).into_iter().flatten();
        let common = NAMES.common.get(key).into_iter().flatten();
        own.chain(common).map(|(column, _)| *column).collect()
    }

    fn in_rows(&self, column: Column) -> Column {
        match column {
            Column::Steps if self.rows => Column::Action,
            Column::StepsExpected if self.rows => Column::Expected,
            Column::StepsData if self.rows => Column::Data,
            other => other,
        }
    }
}

/// A column's name in the forms that are compared.
struct FoldedHead {
    folded: String,
    key: String,
    /// What stands in brackets at its end: `Custom field (Test Type)`.
    bracketed: Option<String>,
    /// Without what goes before the first point.
    unprefixed: String,
}

impl FoldedHead {
    fn new(name: &str) -> Self {
        let folded = fold(name);
        let inner = folded
            .strip_suffix(')')
            .and_then(|rest| Some(rest.split_once('(')?.1));
        FoldedHead {
            key: key(name),
            bracketed: inner.map(|inner| format!("({})", key(inner))),
            unprefixed: folded
                .split_once('.')
                .map(|(_, rest)| key(rest))
                .unwrap_or_default(),
            folded,
        }
    }
}

impl NameKey {
    fn new(name: &str) -> Self {
        match name.strip_suffix('*') {
            Some(start) => NameKey::Begins(fold(start)),
            None => NameKey::Is(written(name)),
        }
    }

    fn is(&self, head: &FoldedHead) -> bool {
        match self {
            NameKey::Begins(start) => head.folded.starts_with(start),
            NameKey::Is(name) => *name == head.key || Some(name) == head.bracketed.as_ref(),
        }
    }
}

/// A name as it is compared: its letters and digits.
pub(super) fn key(name: &str) -> String {
    let folded = fold(name).replace('#', "number");
    folded.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The key of a name of the file: `(x)` stays in its brackets.
fn written(name: &str) -> String {
    match name
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
    {
        Some(inner) => format!("({})", key(inner)),
        None => key(name),
    }
}

fn lookup(section: &Table) -> HashMap<String, Vec<(Column, usize)>> {
    let mut found: HashMap<String, Vec<(Column, usize)>> = HashMap::new();
    for (column, word) in WORDS {
        let names = section.get(word).into_iter().flat_map(texts);
        for (rank, name) in names.enumerate() {
            found.entry(written(name)).or_default().push((column, rank));
        }
    }
    found
}

/// The names of fields that end with `*`.
fn beginnings(section: &Table) -> Vec<(String, Column)> {
    let of = |(column, word): (Column, &str)| {
        let names = section.get(word).into_iter().flat_map(texts);
        let starts = names.filter_map(|name| Some(fold(name.strip_suffix('*')?)));
        starts.map(|start| (start, column)).collect::<Vec<_>>()
    };
    WORDS.into_iter().flat_map(of).collect()
}

fn texts(value: &Value) -> impl Iterator<Item = &str> {
    let list = value.as_array().into_iter().flatten();
    list.filter_map(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_whole() {
        assert_eq!(NAMES.dialects.len(), DIALECTS.len());
        assert!(NAMES.common.len() > 500 && !NAMES.words.is_empty());
        for dialect in &NAMES.dialects {
            let is_plain = dialect.format == TestFormat::Csv;
            assert!(is_plain || !dialect.tells.is_empty(), "{dialect:?}");
        }
        let file: Table = toml::from_str(FILE).unwrap();
        let switches = [
            "format",
            "tells",
            "html",
            "rows",
            "numbered",
            "starts",
            "row_is_case",
            "repeats",
            "restores",
            "prefix",
        ];
        for (name, section) in file.iter().filter(|(name, _)| *name != "words") {
            for word in section.as_table().unwrap().keys() {
                let known = WORDS.iter().any(|(_, one)| one == word);
                assert!(known || switches.contains(&word.as_str()), "{name}: {word}");
            }
        }
    }

    #[test]
    fn names_are_compared_by_their_letters() {
        for (one, other) in [
            ("Test-Case ID", "testcaseId"),
            ("Pré-requis", "prerequis"),
            ("Step #", "step number"),
            ("期待結果", "期待結果 "),
            ("ＩＤ", "id"),
        ] {
            assert_eq!(key(one), key(other), "{one}");
        }
    }
}
