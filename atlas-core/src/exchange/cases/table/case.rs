//! One test case while its rows come in, and what its cells mean.

use std::collections::HashMap;

use xxhash_rust::xxh3::Xxh3;

use super::super::TestCase;
use super::super::cells::{keys, minutes};
use super::super::names::{Column, is_word, key};
use super::assemble::says_nothing;
use super::html::plain_cell;
use super::own::Own;
use super::places::{Places, StepColumn};
use super::report::Usage;
use super::steps::{OfRow, Sources, StepCells, is_list};
use crate::domain::{PatternOrigin, Step, TestFormat, TestPattern, TicketKey};
use crate::exchange::patterns::{NO_TYPE, is_retired};
use crate::exchange::table::Row;

/// A test case whose rows are not all there yet.
pub(super) struct Case {
    pub line: u64,
    pub own: Own,
    /// What it says without its steps, or why it cannot be read.
    value: Result<TestCase, String>,
    sources: Sources,
    /// Its executions, in the order in which they came.
    executions: Vec<String>,
    /// The one that the last row belongs to, from 1.
    execution: usize,
    /// The suite by its number, where the row has no name for it.
    suite: Option<String>,
    blocks: usize,
    /// Whether one of its rows has text in a column that nobody knows.
    has_unknown: bool,
    first_row: u64,
}

impl Case {
    /// What cannot be a test case.
    pub(super) fn refused(line: u64, mut own: Own, reason: String) -> Self {
        // No later row goes on with it.
        own.marks.clear();
        Case {
            value: Err(reason),
            ..Case::new(line, own, 0)
        }
    }

    fn new(line: u64, own: Own, first_row: u64) -> Self {
        let pattern = TestPattern {
            origin: PatternOrigin::Imported,
            ..TestPattern::new("", NO_TYPE)
        };
        let empty = TestCase {
            ids: Vec::new(),
            scope: None,
            pattern,
            tickets: Vec::new(),
        };
        Case {
            line,
            own,
            value: Ok(empty),
            sources: Sources::default(),
            executions: Vec::new(),
            execution: 0,
            suite: None,
            blocks: 0,
            has_unknown: false,
            first_row,
        }
    }

    /// Whether its steps are a list in one cell.
    pub(super) fn has_list(&self) -> bool {
        let list = |row: &OfRow<StepCells>| row.value.steps.as_deref().is_some_and(is_list);
        self.sources.cells.iter().any(list)
    }

    /// Whether a row says just what its first row did.
    pub(super) fn is_as(&self, row: &Row) -> bool {
        self.first_row == hash(row)
    }
}

/// What of a table does not change from row to row, and what was seen of it so far.
pub(crate) struct Reader {
    pub(super) places: Places,
    project: Option<String>,
    pub(super) sheet: Option<String>,
    /// The suites' names by their numbers.
    suites: HashMap<String, String>,
    pub(super) usage: Usage,
}

impl Reader {
    pub(super) fn new(places: Places, project: Option<String>, sheet: Option<String>) -> Self {
        Reader {
            places,
            project,
            sheet,
            suites: HashMap::new(),
            usage: Usage::default(),
        }
    }

    /// Whether a row only says what a suite is called.
    pub(super) fn is_suite(&mut self, row: &Row) -> bool {
        let text = |column| self.places.text(row, column);
        let is_one = text(Column::Name).is_none() && text(Column::Id).is_none();
        match (text(Column::SuiteId), text(Column::Kind)) {
            (Some(number), Some(name)) if is_one && self.places.dialect.row_is_case => {
                let suite = self.suite_of(row, number);
                self.suites.insert(suite, name.to_owned());
                true
            }
            _ => false,
        }
    }

    /// A suite's number, which others have in other projects.
    fn suite_of(&self, row: &Row, number: &str) -> String {
        let project = self.places.text(row, Column::Project).unwrap_or_default();
        format!("{project} {number}")
    }

    /// Why a row is no test case, where a column says what it is.
    pub(super) fn is_no_test(&self, row: &Row) -> Option<String> {
        let kind = self.places.text(row, Column::IssueType)?;
        if is_word("test", kind) || is_word("shared", kind) {
            return None;
        }
        let has = |column| self.places.text(row, column).is_some();
        let xray = [Column::TestType, Column::Steps, Column::Bdd, Column::Plain];
        let is_test = !is_word("not_test", kind)
            && (is_word_within("testing", kind) || xray.into_iter().any(has));
        (!is_test).then(|| {
            format!("it is a {kind} and not a test: only tests are imported as test cases")
        })
    }

    /// Whether a row stands for steps that are shared, within a test case.
    pub(super) fn is_shared_step(&self, row: &Row) -> bool {
        let kind = self.places.text(row, Column::IssueType);
        kind.is_some_and(|kind| is_word("shared", kind))
            && self.places.text(row, Column::StepNumber).is_some()
    }

    /// Adds a row of shared steps as one step.
    pub(super) fn add_shared(&mut self, row: &Row, case: &mut Case) {
        let text = |column| self.places.text(row, column).unwrap_or_default();
        let action = match text(Column::Name) {
            "" => format!("Shared steps {}", text(Column::Id)),
            name => format!("Shared steps: {name}"),
        };
        let step = Step::new(action, "");
        self.push(row, step, case);
    }

    /// The test case that begins with a row.
    pub(super) fn start(&mut self, row: &Row, own: Own) -> Case {
        let mut case = Case::new(row.line, Own::default(), hash(row));
        self.take(row, own, &mut case);
        case
    }

    /// Adds another row: what the test case says already stays.
    pub(super) fn add(&mut self, row: &Row, own: Own, case: &mut Case, is_next: bool) {
        let is_repeated = self.places.dialect.row_is_case || case.has_list();
        if is_repeated && !own.is_silent() && case.is_as(row) {
            return;
        }
        case.blocks += usize::from(!is_next);
        self.take(row, own, case);
    }

    fn take(&mut self, row: &Row, own: Own, case: &mut Case) {
        case.own.add(own);
        let has_text = |place: &usize| row.first(&[*place]).is_some();
        case.has_unknown = case.has_unknown || self.places.unknown.iter().any(has_text);
        self.note_execution(row, case);
        if let Some(number) = self.places.text(row, Column::SuiteId)
            && case.suite.is_none()
        {
            case.suite = Some(self.suite_of(row, number));
        }
        if let Ok(value) = &mut case.value {
            self.fill(row, value);
        }
        self.take_steps(row, case);
    }

    fn note_execution(&self, row: &Row, case: &mut Case) {
        let Some(execution) = self.places.text(row, Column::Execution) else {
            return;
        };
        let known = case.executions.iter().position(|one| one == execution);
        if known.is_none() {
            case.executions.push(execution.to_owned());
        }
        case.execution = known.unwrap_or(case.executions.len() - 1) + 1;
    }

    /// What a row says of the test case; a first word counts, of lists all do.
    fn fill(&mut self, row: &Row, case: &mut TestCase) {
        let places = &self.places;
        let text = |column| places.text(row, column).map(str::to_owned);
        let plain = |column| text(column).map(|text| self.plain(&text));
        let pattern = &mut case.pattern;
        if pattern.name.is_empty() {
            pattern.name = text(Column::Name).unwrap_or_default();
        }
        let folders: Vec<String> = self.folders(row);
        if let Some(folder) = folders.first().filter(|_| pattern.pattern_type == NO_TYPE) {
            pattern.pattern_type.clone_from(folder);
        }
        let component = text(Column::Component).or_else(|| match places.dialect.format {
            _ if places.has(Column::Component) => None,
            TestFormat::Csv => folders.get(1).cloned(),
            _ => folders.last().cloned(),
        });
        pattern.component = pattern.component.take().or(component);
        pattern.objective = pattern.objective.take().or(plain(Column::Objective));
        pattern.precondition = pattern.precondition.take().or(plain(Column::Precondition));
        if let Some(text) = places.text(row, Column::Minutes)
            && pattern.avg_time_minutes.is_none()
        {
            pattern.avg_time_minutes = minutes(text);
            if pattern.avg_time_minutes.is_none() && !says_nothing(text) {
                let column = places.name_of(Column::Minutes);
                let expected = "a duration such as 15, 1h 30m or 01:30";
                self.usage.account.unread(column, row.line, text, expected);
            }
        }
        let labels = places.texts(row, Column::Labels).into_iter();
        for label in labels.flat_map(|cell| cell.split([',', ';'])) {
            let label = label.trim();
            if !label.is_empty() && pattern.labels.iter().all(|one| one != label) {
                pattern.labels.push(label.to_owned());
            }
        }
        if let Some(status) = places.text(row, Column::Status) {
            pattern.is_active = !is_retired(status) && !is_word("retired", status);
        }
        self.add_tickets(row, case);
        self.add_ids(row, case);
    }

    fn folders(&self, row: &Row) -> Vec<String> {
        let places = &self.places;
        let mut folders: Vec<String> = Vec::new();
        let all = places.texts(row, Column::Kind).into_iter();
        let all = all.map(|text| text.trim_start_matches('/'));
        for folder in all {
            if !folder.is_empty() && folders.iter().all(|one| one != folder) {
                folders.push(folder.to_owned());
            }
        }
        folders
    }

    fn add_tickets(&mut self, row: &Row, case: &mut TestCase) {
        for place in self.places.at(Column::Tickets) {
            let Some(cell) = row.first(&[*place]) else {
                continue;
            };
            let found = tickets(cell);
            if found.is_empty() && !says_nothing(cell) {
                let column = self.places.names.get(*place).map_or("", String::as_str);
                self.usage
                    .account
                    .unread(column, row.line, cell, "ticket keys such as WRKA-7");
            }
            for ticket in found {
                if !case.tickets.contains(&ticket) {
                    case.tickets.push(ticket);
                }
            }
        }
    }

    fn add_ids(&self, row: &Row, case: &mut TestCase) {
        let places = &self.places;
        let project = || {
            self.project
                .clone()
                .or_else(|| places.text(row, Column::Project).map(str::to_owned))
        };
        let id = places.text(row, Column::Id);
        let external = places.text(row, Column::External).map(str::to_owned);
        let of_tool = id.map(|id| super::id_of(places.dialect.format, project().as_deref(), id));
        for id in external.into_iter().chain(of_tool) {
            if !case.ids.contains(&id) {
                case.ids.push(id);
            }
        }
        if id.is_some_and(|id| id.chars().all(|c| c.is_ascii_digit())) && case.scope.is_none() {
            let suite = || places.text(row, Column::SuiteId).map(str::to_owned);
            let of_tool = || match places.dialect.format {
                TestFormat::TestrailCsv => suite(),
                _ => None,
            };
            case.scope = project().or_else(of_tool).or_else(|| self.sheet.clone());
        }
    }

    fn plain(&self, text: &str) -> String {
        match self.places.html {
            true => plain_cell(text),
            false => text.to_owned(),
        }
    }

    fn take_steps(&mut self, row: &Row, case: &mut Case) {
        let text = |column| self.places.text(row, column).map(|text| self.plain(text));
        let raw = |column| self.places.text(row, column).map(str::to_owned);
        let shared = raw(Column::Shared).map(|id| format!("Shared step {id}"));
        let action = text(Column::Action).or_else(|| {
            let name = text(Column::StepName)?;
            self.usage.step_names.set(true);
            Some(name)
        });
        let step = Step {
            action: action.or(shared).unwrap_or_default(),
            expected: text(Column::Expected),
            data: text(Column::Data),
        };
        // Xray's JSON and lists that a tool numbers are undone where they are taken apart.
        let cell = |column| match self.places.dialect.numbered {
            true => raw(column),
            false => text(column),
        };
        let cells = StepCells {
            steps: cell(Column::Steps),
            expected: cell(Column::StepsExpected),
            data: cell(Column::StepsData),
        };
        let columns: Vec<Step> = self
            .places
            .step_columns
            .iter()
            .map(|one| self.step(row, one))
            .collect();
        let (bdd, plain, kind) = (raw(Column::Bdd), text(Column::Plain), raw(Column::TestType));
        let sources = &mut case.sources;
        sources.bdd = sources.bdd.take().or(bdd);
        sources.plain = sources.plain.take().or(plain);
        sources.test_type = sources.test_type.take().or(kind);
        sources
            .columns
            .extend(columns.into_iter().filter(|step| *step != Step::default()));
        if cells != StepCells::default() {
            let cells = self.of_row(row, case, cells);
            case.sources.cells.push(cells);
        }
        self.push(row, step, case);
    }

    fn push(&self, row: &Row, step: Step, case: &mut Case) {
        if step != Step::default() {
            let step = self.of_row(row, case, step);
            case.sources.rows.push(step);
        }
    }

    fn of_row<T>(&self, row: &Row, case: &Case, value: T) -> OfRow<T> {
        let number = self.places.text(row, Column::StepNumber);
        OfRow {
            value,
            number: number.and_then(step_number),
            block: case.blocks,
            execution: case.execution,
        }
    }

    fn step(&self, row: &Row, columns: &StepColumn) -> Step {
        let text = |place| self.places.cell(row, place).map(|text| self.plain(text));
        Step {
            action: text(columns.action).unwrap_or_default(),
            expected: text(columns.expected),
            data: text(columns.data),
        }
    }

    /// The whole test case.
    pub(super) fn finish(&mut self, case: Case) -> Result<TestCase, String> {
        let mut value = case.value?;
        self.usage.cases += 1;
        if value.pattern.name.is_empty() {
            return Err("the row has no name".into());
        }
        if let Some(folder) = case.suite.and_then(|suite| self.suites.get(&suite))
            && value.pattern.pattern_type == NO_TYPE
        {
            value.pattern.pattern_type.clone_from(folder);
            let is_its_own = !self.places.has(Column::Component);
            value.pattern.component = value
                .pattern
                .component
                .or(is_its_own.then(|| folder.clone()));
        }
        self.usage.executions += case.executions.len();
        self.usage.repeated += usize::from(case.executions.len() > 1);
        let found = case.sources.settle(&self.places)?;
        if let Some(source) = found.source {
            self.usage.sources.insert(source);
        }
        let has_actions = found.steps.iter().any(|step| !step.action.is_empty());
        if !has_actions && found.precondition.is_none() {
            self.usage.without_steps += 1;
            self.usage.with_unknown += usize::from(case.has_unknown);
        }
        value.pattern.steps = found.steps;
        value.pattern.precondition = value.pattern.precondition.or(found.precondition);
        Ok(value)
    }
}

/// The number in `2`, `2.` or `Step 2`.
fn step_number(text: &str) -> Option<u64> {
    let digits = text.trim_matches(|c: char| !c.is_ascii_digit());
    digits.parse().ok()
}

/// The keys in a cell, also those at the end of an address.
fn tickets(cell: &str) -> Vec<TicketKey> {
    match cell.contains("://") {
        true => keys(&cell.replace(['/', '?', '#'], " ")),
        false => keys(cell),
    }
}

/// Whether one of the words of a list is a part of a text.
fn is_word_within(list: &str, text: &str) -> bool {
    let text = key(text);
    super::super::names::words(list)
        .iter()
        .any(|word| text.contains(word))
}

fn hash(row: &Row) -> u64 {
    let mut hash = Xxh3::new();
    for cell in row.cells() {
        hash.update(cell.trim().as_bytes());
        hash.update(&[0]);
    }
    hash.digest()
}
