//! Which column of a table holds what: by its name, by what the whole column has, or as mapped.

use std::collections::BTreeMap;

use super::super::cells::restored;
use super::super::names::{
    Column, ColumnCandidate, Dialect, EMPTY, MOST_COLUMNS, dialect, is_word, key, known, settle,
};
use super::super::table_out::is_ours;
use super::NoTable;
use super::survey::CaseSurvey;
use crate::domain::{TestField, TestFormat};
use crate::exchange::table::{Columns, Row};

/// The rank of a column that is taken for steps by what it holds.
const BY_TEXT: usize = EMPTY - 1;

/// Where each field of a table stands.
pub(crate) struct Places {
    pub(super) dialect: &'static Dialect,
    /// Cells are HTML.
    pub(super) html: bool,
    pub(super) names: Vec<String>,
    pub(super) of: BTreeMap<Column, Vec<usize>>,
    /// A column for each step, in order.
    pub(super) step_columns: Vec<StepColumn>,
    /// The column that is taken for steps by what it holds.
    pub(super) by_text: Option<usize>,
    /// The columns that nobody knows.
    pub(super) unknown: Vec<usize>,
}

/// The columns of one step.
#[derive(Debug, Default, Clone)]
pub(super) struct StepColumn {
    pub action: Option<usize>,
    pub expected: Option<usize>,
    pub data: Option<usize>,
}

impl Places {
    /// The places by the columns' names alone.
    pub(crate) fn new(
        columns: &Columns,
        format: TestFormat,
        mapping: &BTreeMap<String, String>,
    ) -> Result<Self, NoTable> {
        Places::surveyed(columns, format, mapping, &CaseSurvey::default())
    }

    /// How many columns of a header mean something: a header is the line that has most of them.
    pub(crate) fn known(
        columns: &Columns,
        format: TestFormat,
        mapping: &BTreeMap<String, String>,
    ) -> usize {
        let mapped = |(_, name): &(usize, &str)| mapping.values().any(|one| key(one) == key(name));
        known(columns, format) + columns.iter().filter(mapped).count()
    }

    /// The places by the columns' names and by what the columns hold.
    pub(super) fn surveyed(
        columns: &Columns,
        format: TestFormat,
        mapping: &BTreeMap<String, String>,
        survey: &CaseSurvey,
    ) -> Result<Self, NoTable> {
        let dialect = dialect(columns, Some(format)).ok_or(NoTable::Nameless)?;
        let names = || columns.iter().map(|(_, name)| name);
        let mut places = Places {
            dialect,
            // What ATLAS wrote for the tool was plain text.
            html: dialect.html && !is_ours(dialect.format, names()),
            names: names().take(MOST_COLUMNS).map(str::to_owned).collect(),
            of: BTreeMap::new(),
            step_columns: Vec::new(),
            by_text: None,
            unknown: Vec::new(),
        };
        places.map(mapping)?;
        let mapped: Vec<Column> = places.of.keys().copied().collect();
        let taken: Vec<usize> = places.of.values().flatten().copied().collect();
        let mut candidates = places.candidates(&taken, survey);
        settle(&mut candidates, &mapped);
        for candidate in &candidates {
            if let Some((column, _)) = candidate.fields.last() {
                places.of.entry(*column).or_default().push(candidate.place);
            }
            if candidate.fields.last() == Some(&(Column::Steps, BY_TEXT)) {
                places.by_text = Some(candidate.place);
            }
        }
        places.order(&candidates);
        places.types_before_folders(&mapped);
        places.of_one_kind(&mapped);
        places.of_executions();
        places.in_columns(&taken);
        let used: Vec<usize> = places.of.values().flatten().copied().collect();
        places.unknown = (0..places.names.len())
            .filter(|place| !used.contains(place) && !places.is_step_column(*place))
            .filter(|place| {
                let fields = places.dialect.fields(&places.names[*place]);
                fields.is_empty() || fields.iter().any(|(column, _)| *column != Column::Other)
            })
            .collect();
        if places.is_of_tickets() {
            return Err(NoTable::Tickets);
        }
        match places.has(Column::Name) {
            true => Ok(places),
            false => Err(NoTable::Nameless),
        }
    }

    /// Whether it is Jira's table and nothing in it says that its issues are tests.
    fn is_of_tickets(&self) -> bool {
        use Column::{Bdd, IssueType, Plain, Steps, TestType};
        let tests = [IssueType, TestType, Steps, Bdd, Plain];
        self.dialect.format == TestFormat::JiraCsv && !tests.iter().any(|column| self.has(*column))
    }

    /// The columns that the user named.
    fn map(&mut self, mapping: &BTreeMap<String, String>) -> Result<(), NoTable> {
        for (field, name) in mapping {
            let column = mapped(field).ok_or_else(|| NoTable::UnknownField(field.clone()))?;
            let wanted = key(name);
            let is_it = |(_, one): &(usize, &String)| key(one) == wanted;
            let found: Vec<usize> = self
                .names
                .iter()
                .enumerate()
                .filter(is_it)
                .map(|one| one.0)
                .collect();
            if found.is_empty() {
                return Err(NoTable::UnknownColumn(name.clone(), self.names.clone()));
            }
            self.of.insert(column, found);
        }
        Ok(())
    }

    fn candidates(&self, taken: &[usize], survey: &CaseSurvey) -> Vec<ColumnCandidate> {
        let has_given = self.names.iter().any(|name| is_word("given", name));
        let candidate = |(place, name): (usize, &String)| {
            let mut fields = self.dialect.fields(name);
            let is_step =
                |(column, _): &(Column, usize)| [Column::Steps, Column::Action].contains(column);
            let is_result = |(column, _): &(Column, usize)| {
                [Column::StepsExpected, Column::Expected].contains(column)
            };
            // What is called an action is one, also where it is a number.
            let is_action = key(name).ends_with("action");
            if fields.iter().any(is_step) && survey.is_numbers(place) && !is_action {
                fields = vec![(Column::StepNumber, EMPTY)];
            }
            if fields.iter().any(is_result) && survey.is_verdicts(place) && is_word("result", name)
            {
                fields = vec![(Column::Other, 0)];
            }
            // `TC-1` is an id where something else is a name.
            if survey.is_ids(place) && fields.iter().any(|(column, _)| *column == Column::Id) {
                let names = fields
                    .iter_mut()
                    .filter(|(column, _)| *column == Column::Name);
                names.for_each(|(_, rank)| *rank += EMPTY / 2);
            }
            if survey.is_empty(place) {
                fields.iter_mut().for_each(|(_, rank)| *rank += EMPTY);
            }
            // `When` is a date where no column is `Given`.
            if is_word("when", name) && !has_given {
                fields.clear();
            }
            // What nobody knows, or what is called as names are, may hold the steps.
            let is_open = |(column, _): &(Column, usize)| *column == Column::Name;
            if survey.is_steps(place) && fields.iter().all(is_open) {
                fields.push((Column::Steps, BY_TEXT));
            }
            fields.reverse();
            ColumnCandidate { place, fields }
        };
        let all = self.names.iter().enumerate();
        all.filter(|(place, _)| !taken.contains(place))
            .map(candidate)
            .collect()
    }

    /// Puts the columns of each field in the order of their names.
    fn order(&mut self, candidates: &[ColumnCandidate]) {
        let rank = |place: &usize| {
            let found = candidates.iter().find(|one| one.place == *place);
            (
                found
                    .and_then(|one| one.fields.last())
                    .map_or(0, |(_, rank)| *rank),
                *place,
            )
        };
        self.of
            .values_mut()
            .for_each(|places| places.sort_by_key(rank));
    }

    /// In a plain table a column for the type is the type, and folders beside it are the component,
    /// where no other column is.
    fn types_before_folders(&mut self, mapped: &[Column]) {
        let is_type = |place: &usize| {
            let name = self.names.get(*place);
            name.is_some_and(|name| is_word("type", name))
        };
        let kinds = self.at(Column::Kind).iter().copied();
        let (types, folders): (Vec<usize>, Vec<usize>) = kinds.partition(is_type);
        let is_plain = self.dialect.format == TestFormat::Csv && !mapped.contains(&Column::Kind);
        if !is_plain || types.is_empty() || folders.is_empty() {
            return;
        }
        self.of.insert(Column::Kind, types);
        if !self.has(Column::Component) {
            self.of.insert(Column::Component, folders);
        }
    }

    /// Results and data go with the steps that are there: rows or cells.
    fn of_one_kind(&mut self, mapped: &[Column]) {
        use Column::{Action, Data, Expected, StepName, Steps, StepsData, StepsExpected};
        if !self.has(Action) && !self.has(Steps) {
            self.move_all(StepName, Action);
        }
        let by_rows = self.has(Action) && (!self.has(Steps) || mapped.contains(&Action));
        for (row, cell) in [(Expected, StepsExpected), (Data, StepsData)] {
            if by_rows && !self.has(row) {
                self.move_all(cell, row);
            } else if !self.has(Action) && self.has(Steps) && !self.has(cell) {
                self.move_all(row, cell);
            }
        }
    }

    /// Without ids of executions their cycles tell them apart.
    fn of_executions(&mut self) {
        if self.dialect.repeats && !self.has(Column::Execution) {
            let is_cycle = |place: &&usize| {
                let fields = self
                    .names
                    .get(**place)
                    .map(|name| self.dialect.fields(name));
                fields.is_some_and(|all| all.iter().any(|one| one.0 == Column::Execution))
            };
            let cycles = self
                .at(Column::Kind)
                .iter()
                .filter(is_cycle)
                .copied()
                .collect();
            self.of.insert(Column::Execution, cycles);
        }
    }

    fn move_all(&mut self, from: Column, to: Column) {
        if let Some(places) = self.of.remove(&from) {
            self.of.insert(to, places);
        }
    }

    pub(in crate::exchange::cases) fn at(&self, column: Column) -> &[usize] {
        self.of.get(&column).map_or(&[], Vec::as_slice)
    }

    pub(in crate::exchange::cases) fn has(&self, column: Column) -> bool {
        !self.at(column).is_empty()
    }

    /// How many columns are known.
    pub(crate) fn count(&self) -> usize {
        self.of.values().map(Vec::len).sum()
    }

    /// What a column is used as, if at all.
    pub(super) fn use_of(&self, place: usize) -> Option<Column> {
        let found = self.of.iter().find(|(_, places)| places.contains(&place));
        let found = found.map(|(column, _)| *column);
        found.or_else(|| self.is_step_column(place).then_some(Column::Steps))
    }

    /// Whether the table has a place of its own for results.
    pub(super) fn has_results(&self) -> bool {
        let of_step = |step: &StepColumn| step.expected.is_some();
        self.has(Column::Expected)
            || self.has(Column::StepsExpected)
            || self.step_columns.iter().any(of_step)
    }

    /// The fields that this table can say something about.
    pub(super) fn holds(&self) -> Vec<TestField> {
        use Column as C;
        let all: [(TestField, &[Column]); 11] = [
            (TestField::Key, &[C::Id, C::External]),
            (TestField::Name, &[C::Name]),
            (TestField::PatternType, &[C::Kind]),
            (TestField::Component, &[C::Component]),
            (TestField::Objective, &[C::Objective]),
            (TestField::Precondition, &[C::Precondition]),
            (
                TestField::Steps,
                &[C::Action, C::Steps, C::Expected, C::Bdd, C::Plain],
            ),
            (TestField::Labels, &[C::Labels]),
            (TestField::Minutes, &[C::Minutes]),
            (TestField::Active, &[C::Status]),
            (TestField::Tickets, &[C::Tickets]),
        ];
        let held = |(field, columns): (TestField, &[Column])| {
            let in_columns = field == TestField::Steps && !self.step_columns.is_empty();
            let is_held = in_columns || columns.iter().any(|column| self.has(*column));
            is_held.then_some(field)
        };
        all.into_iter().filter_map(held).collect()
    }

    /// The first text of a field in a row.
    pub(super) fn text<'r>(&self, row: &'r Row, column: Column) -> Option<&'r str> {
        row.first(self.at(column)).map(|cell| self.written(cell))
    }

    /// Every text of a field in a row.
    pub(super) fn texts<'r>(&self, row: &'r Row, column: Column) -> Vec<&'r str> {
        let texts = self.at(column).iter();
        let texts = texts.filter_map(|place| row.first(&[*place]));
        texts.map(|cell| self.written(cell)).collect()
    }

    /// A cell as the user wrote it.
    fn written<'r>(&self, cell: &'r str) -> &'r str {
        match self.dialect.restores {
            true => restored(cell),
            false => cell,
        }
    }

    /// The text of one column in a row.
    pub(super) fn cell<'r>(&self, row: &'r Row, place: Option<usize>) -> Option<&'r str> {
        row.first(&[place?]).map(|cell| self.written(cell))
    }

    /// The format that the table has.
    pub(in crate::exchange::cases) fn format(&self) -> TestFormat {
        self.dialect.format
    }

    /// The name of a column.
    pub(in crate::exchange::cases) fn name(&self, place: usize) -> &str {
        self.names.get(place).map_or("", String::as_str)
    }

    /// Whether each step has a column of its own.
    pub(in crate::exchange::cases) fn has_step_columns(&self) -> bool {
        !self.step_columns.is_empty()
    }

    /// The name of the first column of a field.
    pub(super) fn name_of(&self, column: Column) -> &str {
        let place = self.at(column).first();
        place.map_or("", |place| self.name(*place))
    }
}

fn mapped(field: &str) -> Option<Column> {
    Some(match field {
        "name" => Column::Name,
        "key" | "id" => Column::Id,
        "group" => Column::Group,
        "type" | "folder" => Column::Kind,
        "component" => Column::Component,
        "objective" => Column::Objective,
        "precondition" => Column::Precondition,
        "steps" => Column::Steps,
        "action" => Column::Action,
        "expected" => Column::Expected,
        "data" => Column::Data,
        "gherkin" => Column::Bdd,
        "labels" => Column::Labels,
        "minutes" => Column::Minutes,
        "status" => Column::Status,
        "tickets" => Column::Tickets,
        _ => return None,
    })
}
