//! One test case while its rows come in, and what its cells mean.

use std::collections::HashMap;

use xxhash_rust::xxh3::Xxh3;

use super::super::TestCase;
use super::super::names::{Column, is_word, is_word_in};
use super::super::steps as all_steps;
use super::own::Own;
use super::places::{Places, StepColumn};
use super::steps::{OfRow, Sources, StepCells, is_list};
use super::usage::TableUsage;
use crate::domain::{PatternOrigin, Step, TestPattern};
use crate::exchange::columns::fold;
use crate::exchange::pattern_fields::NO_TYPE;
use crate::exchange::table::Row;
use crate::text::html::plain_cell;

/// A test case whose rows are not all there yet.
pub(super) struct Case {
    pub line: u64,
    pub own: Own,
    /// What it says without its steps, or why it cannot be read.
    value: Result<TestCase, String>,
    sources: Sources,
    /// Its executions, numbered from 1 in the order in which they came.
    executions: HashMap<String, usize>,
    /// The one that the last row belongs to, from 1.
    execution: usize,
    /// The suite by its number, where the row has no name for it.
    suite: Option<String>,
    blocks: usize,
    /// Whether one of its rows has text in a column that nobody knows.
    has_unknown: bool,
    rows: usize,
    /// How many of its rows have an id or what else they have in common.
    marked: usize,
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
            holds: None,
            pattern,
            tickets: Vec::new(),
        };
        Case {
            line,
            own,
            value: Ok(empty),
            sources: Sources::default(),
            executions: HashMap::new(),
            execution: 0,
            suite: None,
            blocks: 0,
            has_unknown: false,
            rows: 0,
            marked: 0,
            first_row,
        }
    }

    /// Refuses it where it has several rows, so that another may be missing.
    pub(super) fn doubt(&mut self, reason: String) {
        if self.rows > 1 {
            self.value = Err(reason);
        }
    }

    /// Whether every one of its rows says its id, so that one without is not its.
    pub(super) fn says_its_id(&self) -> bool {
        self.rows > 1 && self.marked == self.rows
    }

    /// Whether its steps are a list in one cell.
    pub(super) fn has_list(&self) -> bool {
        let list = |row: &OfRow<StepCells>| row.value.steps.as_deref().is_some_and(is_list);
        self.sources.cells.iter().any(list)
    }

    /// Whether its first row has this step, under this number.
    pub(super) fn begins_with(&self, action: Option<String>, number: Option<&str>) -> bool {
        let number = number.and_then(step_number);
        let first = self.sources.rows.first();
        let is_it = |first: &OfRow<Step>| {
            !first.value.action.is_empty()
                && Some(&first.value.action) == action.as_ref()
                && first.number == number
        };
        first.is_some_and(is_it)
    }

    /// Whether a row says just what its first row did.
    pub(super) fn is_as(&self, row: u64) -> bool {
        self.first_row == row
    }
}

/// What of a table does not change from row to row, and what was seen of it so far.
pub(crate) struct CaseReader {
    pub(super) places: Places,
    pub(super) project: Option<String>,
    /// Every column.
    all: Vec<usize>,
    /// The suites' names by their numbers.
    suites: HashMap<String, String>,
    pub(super) usage: TableUsage,
}

impl CaseReader {
    pub(super) fn new(places: Places, project: Option<String>) -> Self {
        CaseReader {
            all: (0..places.names.len()).collect(),
            places,
            project,
            suites: HashMap::new(),
            usage: TableUsage::default(),
        }
    }

    /// How many cells of a row have text.
    pub(super) fn texts(&self, row: &Row) -> usize {
        row.all(&self.all).count()
    }

    /// What a row says, as a number.
    pub(super) fn hash(&self, row: &Row) -> u64 {
        let mut hash = Xxh3::new();
        for place in &self.all {
            hash.update(row.first(&[*place]).unwrap_or_default().as_bytes());
            hash.update(&[0]);
        }
        hash.digest()
    }

    /// Whether a row is the header once more, as in tables that were put together.
    pub(super) fn is_header(&mut self, row: &Row) -> bool {
        let mut same = 0;
        for (place, name) in self.places.names.iter().enumerate() {
            match row.first(&[place]) {
                Some(text) if fold(text) == fold(name) => same += 1,
                Some(_) => return false,
                None => {}
            }
        }
        let is_header = same >= 2;
        self.usage.headers += usize::from(is_header);
        is_header
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
        if is_word("shared", kind) && self.places.text(row, Column::StepNumber).is_none() {
            return Some(format!(
                "it is {kind}, which test cases share, and not a test case"
            ));
        }
        if is_word("test", kind) || is_word("shared", kind) {
            return None;
        }
        let has = |column| self.places.text(row, column).is_some();
        let xray = [Column::TestType, Column::Steps, Column::Bdd, Column::Plain];
        let is_test = !is_word("not_test", kind)
            && (is_word_in("testing", kind) || xray.into_iter().any(has));
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
        let mut case = Case::new(row.line, Own::default(), self.hash(row));
        self.take(row, own, &mut case);
        case
    }

    /// Adds another row: what the test case says already stays.
    pub(super) fn add(&mut self, row: &Row, own: Own, case: &mut Case, is_next: bool) {
        let is_repeated = self.places.dialect.row_is_case || case.has_list();
        if is_repeated && !own.is_silent() && case.is_as(self.hash(row)) {
            let same = &mut self.usage.same;
            *same = (same.0 + 1, if same.0 == 0 { row.line } else { same.1 });
            return;
        }
        case.blocks += usize::from(!is_next);
        self.take(row, own, case);
    }

    fn take(&mut self, row: &Row, own: Own, case: &mut Case) {
        case.marked += usize::from(!own.marks.is_empty());
        case.own.add(own);
        case.rows += 1;
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
        let next = case.executions.len() + 1;
        case.execution = *case.executions.entry(execution.to_owned()).or_insert(next);
    }

    pub(super) fn plain(&self, text: &str) -> String {
        match self.places.html {
            true => plain_cell(text),
            false => text.to_owned(),
        }
    }

    /// What a row that is a step says is to be done.
    pub(super) fn action(&self, row: &Row) -> Option<String> {
        let action = self.places.text(row, Column::Action);
        action.map(|text| self.plain(text))
    }

    fn take_steps(&mut self, row: &Row, case: &mut Case) {
        // Of HTML without text nothing is left.
        let text = |column| {
            let text = self.places.text(row, column).map(|text| self.plain(text));
            text.filter(|text| !text.trim().is_empty())
        };
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
            // A table of steps is read with its tags.
            steps: raw(Column::Steps)
                .filter(|text| all_steps::of_html_table(text).is_some())
                .or_else(|| cell(Column::Steps)),
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
        for steps in self.more_cells(row) {
            let cells = StepCells {
                steps: Some(steps),
                ..StepCells::default()
            };
            let cells = self.of_row(row, case, cells);
            case.sources.cells.push(cells);
        }
        self.push(row, step, case);
    }

    /// What further columns for steps say in a row, where the first one says something else: Jira
    /// writes a field's name once for each of its values.
    fn more_cells(&self, row: &Row) -> Vec<String> {
        let mut texts = self.places.texts(row, Column::Steps).into_iter();
        let first = texts.next();
        let mut more: Vec<String> = Vec::new();
        for text in texts.filter(|text| Some(*text) != first) {
            if more.iter().all(|known| known != text) {
                more.push(text.to_owned());
            }
        }
        match self.places.dialect.numbered {
            true => more,
            false => more.iter().map(|text| self.plain(text)).collect(),
        }
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
        let is_bare = found.steps.is_empty() && found.precondition.is_none();
        self.usage.stepless += usize::from(is_bare);
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
