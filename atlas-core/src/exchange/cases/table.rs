//! Test cases from tables: one row a step or one row a case, CSV or Excel.

use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;
use std::path::Path;

use super::cells::{self, keys, minutes, restored};
use super::names::{Column, names};
use super::{Entry, TestCase, TestFile, gherkin, steps};
use crate::domain::{PatternOrigin, Step, TestField, TestFormat, TestImport, TestPattern};
use crate::exchange::input::Input;
use crate::exchange::patterns::{NO_TYPE, is_retired};
use crate::exchange::table::{Columns, Row, Table};
use crate::{Error, Result};

const EXPECTED: &str = "a table of test cases needs a column for the name (\"name\", \"title\", \
    \"summary\" or \"test case\"), or a mapping that says which one it is";

/// What takes the test cases, with the line where each starts.
pub(crate) type Take<'a> =
    &'a mut dyn FnMut(u64, std::result::Result<TestCase, String>) -> ControlFlow<()>;

/// The rows of a sheet under its header.
pub(super) struct Sheet {
    pub columns: Columns,
    pub rows: Vec<Row>,
}

/// Reads a CSV file.
pub(super) fn read_csv(
    path: &Path,
    bytes: Vec<u8>,
    format: TestFormat,
    options: &TestImport,
) -> Result<TestFile<TestCase>> {
    let table = Table::open(Input::of_bytes(path, bytes));
    let places =
        Places::new(&table.columns, format, &options.columns).map_err(|error| error.of(path))?;
    let mut file = TestFile::new(format, &places.holds());
    let mut cases = Assembler::new(places, options.project.clone());
    let truncated = table
        .each_row(|_, row| cases.row(&row, &mut |line, value| file.push(Entry::at(line, value))))?;
    if file.truncated.is_none() {
        let _ = cases.finish(&mut |line, value| file.push(Entry::at(line, value)));
        file.truncated = truncated;
    }
    Ok(file)
}

/// Reads a sheet.
pub(super) fn read_sheet(
    path: &Path,
    sheet: Sheet,
    format: TestFormat,
    options: &TestImport,
) -> Result<TestFile<TestCase>> {
    let places =
        Places::new(&sheet.columns, format, &options.columns).map_err(|error| error.of(path))?;
    let mut file = TestFile::new(format, &places.holds());
    let mut cases = Assembler::new(places, options.project.clone());
    let mut take = |line, value| file.push(Entry::at(line, value));
    let read = sheet
        .rows
        .iter()
        .try_for_each(|row| cases.row(row, &mut take));
    if read.is_continue() {
        let _ = cases.finish(&mut take);
    }
    Ok(file)
}

/// Why a table cannot be read.
#[derive(Debug)]
pub(crate) enum NoTable {
    Nameless,
    UnknownColumn(String),
    UnknownField(String),
}

impl NoTable {
    fn of(self, path: &Path) -> Error {
        match self {
            NoTable::Nameless => super::unknown(path, EXPECTED),
            NoTable::UnknownColumn(column) => {
                Error::invalid("columns", column, "the name of a column of the table")
            }
            NoTable::UnknownField(field) => Error::invalid(
                "columns",
                field,
                "one of name, key, type, component, objective, precondition, steps, action, \
                 expected, data, labels, minutes, status, tickets",
            ),
        }
    }
}

/// Where each column stands.
pub(crate) struct Places {
    format: TestFormat,
    of: Vec<(Column, Vec<usize>)>,
}

const COLUMNS: [Column; 21] = [
    Column::Name,
    Column::Id,
    Column::External,
    Column::Group,
    Column::Kind,
    Column::Component,
    Column::Objective,
    Column::Precondition,
    Column::Labels,
    Column::Minutes,
    Column::Status,
    Column::Tickets,
    Column::Action,
    Column::Expected,
    Column::Data,
    Column::Steps,
    Column::StepsExpected,
    Column::StepsData,
    Column::Bdd,
    Column::Plain,
    Column::SuiteId,
];

impl Places {
    pub(crate) fn new(
        columns: &Columns,
        format: TestFormat,
        mapping: &BTreeMap<String, String>,
    ) -> std::result::Result<Self, NoTable> {
        let heads: Vec<(usize, String)> = columns
            .iter()
            .map(|(place, name)| {
                let name = name.to_lowercase();
                (place, name.strip_prefix("v2.").unwrap_or(&name).to_owned())
            })
            .collect();
        let find = |wanted: &str| -> Vec<usize> {
            let found = heads.iter().filter(|(_, head)| head == wanted);
            found.map(|(place, _)| *place).collect()
        };
        let usual = |column: &Column| {
            let places = names(format, *column).iter().flat_map(|name| find(name));
            (*column, places.collect())
        };
        let mut places = Places {
            format,
            of: COLUMNS.iter().map(usual).collect(),
        };
        for (field, name) in mapping {
            let column = mapped(field).ok_or_else(|| NoTable::UnknownField(field.clone()))?;
            let found = find(&name.trim().to_lowercase());
            if found.is_empty() {
                return Err(NoTable::UnknownColumn(name.clone()));
            }
            // A column that is mapped means nothing else.
            for (other, places) in &mut places.of {
                match *other == column {
                    true => *places = found.clone(),
                    false => places.retain(|place| !found.contains(place)),
                }
            }
        }
        match places.has(Column::Name) {
            true => Ok(places),
            false => Err(NoTable::Nameless),
        }
    }

    fn at(&self, column: Column) -> &[usize] {
        let found = self.of.iter().find(|(one, _)| *one == column);
        found.map_or(&[], |(_, places)| places)
    }

    fn has(&self, column: Column) -> bool {
        !self.at(column).is_empty()
    }

    fn holds(&self) -> Vec<TestField> {
        use Column as C;
        let all: [(TestField, &[Column]); 11] = [
            (TestField::Key, &[C::Id, C::External]),
            (TestField::Name, &[C::Name]),
            (TestField::PatternType, &[C::Kind]),
            (TestField::Component, &[C::Component]),
            (TestField::Objective, &[C::Objective]),
            (TestField::Precondition, &[C::Precondition]),
            (TestField::Steps, &[C::Action, C::Steps, C::Bdd, C::Plain]),
            (TestField::Labels, &[C::Labels]),
            (TestField::Minutes, &[C::Minutes]),
            (TestField::Active, &[C::Status]),
            (TestField::Tickets, &[C::Tickets]),
        ];
        let held = |(field, columns): (TestField, &[Column])| {
            columns
                .iter()
                .any(|column| self.has(*column))
                .then_some(field)
        };
        all.into_iter().filter_map(held).collect()
    }

    fn text<'r>(&self, row: &'r Row, column: Column) -> Option<&'r str> {
        row.first(self.at(column)).map(restored)
    }
}

fn mapped(field: &str) -> Option<Column> {
    Some(match field {
        "name" => Column::Name,
        "key" => Column::Id,
        "type" => Column::Kind,
        "component" => Column::Component,
        "objective" => Column::Objective,
        "precondition" => Column::Precondition,
        "steps" => Column::Steps,
        "action" => Column::Action,
        "expected" => Column::Expected,
        "data" => Column::Data,
        "labels" => Column::Labels,
        "minutes" => Column::Minutes,
        "status" => Column::Status,
        "tickets" => Column::Tickets,
        _ => return None,
    })
}

/// Puts rows together to test cases: one is handed over when the next one starts.
pub(crate) struct Assembler {
    places: Places,
    project: Option<String>,
    open: Option<Open>,
    /// Qase: the suites' names by their numbers.
    suites: HashMap<String, String>,
}

struct Open {
    line: u64,
    group: Option<String>,
    name: String,
    id: Option<String>,
    external: Option<String>,
    case: std::result::Result<TestCase, String>,
}

impl Assembler {
    pub(crate) fn new(places: Places, project: Option<String>) -> Self {
        Assembler {
            places,
            project,
            open: None,
            suites: HashMap::new(),
        }
    }

    pub(crate) fn row(&mut self, row: &Row, take: Take<'_>) -> ControlFlow<()> {
        if let Some(open) = &mut self.open
            && open.goes_on(row, &self.places)
        {
            if let Ok(case) = &mut open.case {
                self.places.add_steps(row, &mut case.pattern.steps);
            }
            return ControlFlow::Continue(());
        }
        self.finish(take)?;
        let places = &self.places;
        let Some(name) = places.text(row, Column::Name) else {
            let number = places.text(row, Column::SuiteId);
            if let (Some(number), Some(name)) = (number, places.text(row, Column::Kind)) {
                self.suites.insert(number.to_owned(), name.to_owned());
                return ControlFlow::Continue(());
            }
            return take(row.line, Err("the row has no name".into()));
        };
        let owned = |column| places.text(row, column).map(str::to_owned);
        self.open = Some(Open {
            line: row.line,
            group: owned(Column::Group),
            name: name.to_owned(),
            id: owned(Column::Id),
            external: owned(Column::External),
            case: self.case(name, row),
        });
        ControlFlow::Continue(())
    }

    /// Hands over the last test case.
    pub(crate) fn finish(&mut self, take: Take<'_>) -> ControlFlow<()> {
        match self.open.take() {
            Some(mut open) => {
                if let Ok(case) = &mut open.case {
                    self.places.finish_steps(&mut case.pattern.steps);
                }
                take(open.line, open.case)
            }
            None => ControlFlow::Continue(()),
        }
    }

    fn case(&self, name: &str, row: &Row) -> std::result::Result<TestCase, String> {
        let places = &self.places;
        let text = |column| places.text(row, column).map(str::to_owned);
        let suite = || self.suites.get(places.text(row, Column::SuiteId)?).cloned();
        let folder = text(Column::Kind).or_else(suite);
        let folder = folder.map(|folder| folder.trim_start_matches('/').to_owned());
        let mut pattern = TestPattern::new(name, folder.as_deref().unwrap_or(NO_TYPE));
        pattern.origin = PatternOrigin::Imported;
        pattern.component = text(Column::Component);
        if places.format != TestFormat::Csv && !places.has(Column::Component) {
            pattern.component = folder;
        }
        pattern.objective = text(Column::Objective);
        pattern.precondition = text(Column::Precondition);
        pattern.avg_time_minutes = places.text(row, Column::Minutes).and_then(minutes);
        let labels = row.all(places.at(Column::Labels));
        let labels = labels.flat_map(|cell| restored(cell).split([',', ';']));
        let labels = labels.map(str::trim).filter(|label| !label.is_empty());
        pattern.labels = labels.map(str::to_owned).collect();
        pattern.is_active = !places.text(row, Column::Status).is_some_and(is_retired);
        if let Some(text) = places.text(row, Column::Bdd) {
            let bdd = gherkin::steps_of_text(text)?;
            pattern.precondition = pattern.precondition.or(bdd.precondition);
            pattern.steps = bdd.steps;
        } else if let Some(text) = places.text(row, Column::Plain) {
            pattern.steps = steps::of_text(text, true);
        }
        let results = places.text(row, Column::StepsExpected);
        let alone = places
            .text(row, Column::Steps)
            .filter(|_| results.is_none());
        match alone.and_then(steps::scenario) {
            Some(bdd) => {
                pattern.precondition = pattern.precondition.or(bdd.precondition);
                pattern.steps.extend(bdd.steps);
            }
            None => places.add_steps(row, &mut pattern.steps),
        }
        let id = places.text(row, Column::Id);
        let id = id.map(|id| id_of(places.format, self.project.as_deref(), id));
        let mut ids: Vec<String> = text(Column::External).into_iter().chain(id).collect();
        ids.dedup();
        Ok(TestCase {
            ids,
            pattern,
            tickets: row.all(places.at(Column::Tickets)).flat_map(keys).collect(),
        })
    }
}

impl Open {
    /// Whether a row is another step of this test case.
    fn goes_on(&self, row: &Row, places: &Places) -> bool {
        let same = |column, mine: Option<&str>| {
            let other = places.text(row, column);
            other.is_none() || other == mine
        };
        if places.has(Column::Group) && self.group.is_some() {
            return same(Column::Group, self.group.as_deref());
        }
        // A suite's row has a name of its own.
        let suite =
            places.text(row, Column::Name).is_none() && places.text(row, Column::SuiteId).is_some();
        !suite
            && same(Column::Name, Some(&self.name))
            && same(Column::Id, self.id.as_deref())
            && same(Column::External, self.external.as_deref())
    }
}

impl Places {
    /// Adds the steps of a row: the one that it is, or those that its cells list.
    fn add_steps(&self, row: &Row, all: &mut Vec<Step>) {
        let text = |column| self.text(row, column);
        let owned = |column| text(column).map(str::to_owned);
        let step = Step {
            action: owned(Column::Action).unwrap_or_default(),
            expected: owned(Column::Expected),
            data: owned(Column::Data),
        };
        if step != Step::default() {
            return all.push(step);
        }
        let results_exist = self.has(Column::StepsExpected) || self.has(Column::Expected);
        all.extend(steps::of_cells(
            text(Column::Steps).unwrap_or_default(),
            text(Column::StepsExpected),
            text(Column::StepsData),
            results_exist,
        ));
    }

    /// Takes the numbers of rows away when all steps of a test case are there.
    fn finish_steps(&self, all: &mut [Step]) {
        // One number alone is a list's in a cell that holds all steps.
        let least = if self.has(Column::Action) { 2 } else { 1 };
        steps::without_row_numbers(all, least);
    }
}

/// A tool's id as a key that no other project has.
pub(super) fn id_of(format: TestFormat, project: Option<&str>, id: &str) -> String {
    let is_number = !id.is_empty() && id.chars().all(|c| c.is_ascii_digit());
    match format {
        TestFormat::TestrailCsv | TestFormat::TestrailXml if is_number => format!("C{id}"),
        TestFormat::QaseCsv if is_number => format!("{}-{id}", project.unwrap_or("QASE")),
        _ => id.to_owned(),
    }
}

/// The test cases of a plain table as patterns, one after the other; for
/// [`patterns`](crate::exchange::patterns).
pub(crate) fn plain(columns: &Columns) -> Option<Assembler> {
    let places = Places::new(columns, TestFormat::Csv, &BTreeMap::new()).ok()?;
    Some(Assembler::new(places, None))
}

/// The pattern of a test case of a plain table: its id is its key.
pub(crate) fn keyed(case: TestCase) -> TestPattern {
    let mut pattern = case.pattern;
    pattern.key = case.ids.into_iter().next();
    pattern
}

pub(crate) use cells::minutes as minutes_of;
