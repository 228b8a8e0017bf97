//! The steps of a test case from the rows, cells and definitions that a table has for them.

use serde_json::Value;

use super::super::gherkin::Bdd;
use super::super::names::{Column, common_field, is_word, key};
use super::super::steps;
use super::places::Places;
use crate::domain::Step;
use crate::exchange::budget::Budget;
use crate::exchange::json::text_of;
use crate::exchange::report::shortened;
use crate::text::html::plain_cell;

type ReadSteps<T> = std::result::Result<T, String>;

/// What one row says of the steps.
#[derive(Debug, Clone)]
pub(super) struct OfRow<T> {
    pub value: T,
    /// The number that the row gives the step.
    pub number: Option<u64>,
    /// Rows that stand together; they may repeat an earlier block.
    pub block: usize,
    /// The execution that the row belongs to.
    pub execution: usize,
}

/// Steps that stand together in cells of one row.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct StepCells {
    pub steps: Option<String>,
    pub expected: Option<String>,
    pub data: Option<String>,
}

/// Everything that a test case's rows say of its steps. One of them counts.
#[derive(Debug, Default)]
pub(super) struct Sources {
    /// Rows that are a step each.
    pub rows: Vec<OfRow<Step>>,
    /// Columns that are a step each.
    pub columns: Vec<Step>,
    pub cells: Vec<OfRow<StepCells>>,
    pub bdd: Option<String>,
    pub plain: Option<String>,
    /// What the tool calls the test's type.
    pub test_type: Option<String>,
}

/// The steps, the precondition that Gherkin has beside them, and the column that they are from.
#[derive(Debug, Default)]
pub(super) struct StepsWithSource {
    pub steps: Vec<Step>,
    pub precondition: Option<String>,
    pub source: Option<Column>,
}

impl StepsWithSource {
    fn of(steps: Vec<Step>, source: Column) -> Option<Self> {
        (!steps.is_empty()).then_some(StepsWithSource {
            steps,
            precondition: None,
            source: Some(source),
        })
    }

    fn of_bdd(bdd: Bdd, source: Column) -> Self {
        StepsWithSource {
            steps: bdd.steps,
            precondition: bdd.precondition,
            source: Some(source),
        }
    }
}

impl Sources {
    /// The one source of steps: by the test's type, else rows before cells before definitions.
    pub(super) fn settle(self, places: &Places) -> ReadSteps<StepsWithSource> {
        let mut found = self.chosen(places)?;
        // One number alone is a list's in a cell that holds all steps.
        let least = match found.source {
            Some(Column::Action) => 2,
            _ => 1,
        };
        steps::without_row_numbers(&mut found.steps, least);
        Ok(found)
    }

    fn chosen(self, places: &Places) -> ReadSteps<StepsWithSource> {
        let kind = self.test_type.as_deref().unwrap_or_default();
        let is_gherkin = is_of("gherkin", kind);
        if is_gherkin && let Some(found) = self.gherkin()? {
            return Ok(found);
        }
        if is_of("plain", kind)
            && let Some(found) = self.plain()
        {
            return Ok(found);
        }
        let (bdd, plain) = (self.bdd.clone(), self.plain());
        let repeats = places.dialect.repeats;
        let rows = in_order(self.rows, repeats);
        if let Some(bdd) = steps::as_scenarios(&rows) {
            return Ok(StepsWithSource::of_bdd(bdd, Column::Action));
        }
        if let Some(found) = StepsWithSource::of(rows, Column::Action) {
            return Ok(found);
        }
        if let Some(found) = StepsWithSource::of(self.columns, Column::Steps) {
            return Ok(found);
        }
        let cells = in_order(self.cells, repeats);
        if let [alone] = cells.as_slice()
            && alone.expected.is_none()
            && let Some(bdd) = alone.steps.as_deref().and_then(steps::scenario)
        {
            return Ok(StepsWithSource::of_bdd(bdd, Column::Steps));
        }
        let cells = of_rows_of_cells(&cells, places)?;
        if let Some(bdd) = steps::as_scenarios(&cells) {
            return Ok(StepsWithSource::of_bdd(bdd, Column::Steps));
        }
        if let Some(found) = StepsWithSource::of(cells, Column::Steps) {
            return Ok(found);
        }
        if let Some(text) = bdd {
            return Ok(StepsWithSource::of_bdd(steps::bdd_of(&text)?, Column::Bdd));
        }
        Ok(plain.unwrap_or_default())
    }

    /// Given-When-Then from its own column, or from the one for steps.
    fn gherkin(&self) -> ReadSteps<Option<StepsWithSource>> {
        if let Some(text) = &self.bdd {
            let bdd = steps::bdd_of(text)?;
            return Ok(Some(StepsWithSource::of_bdd(bdd, Column::Bdd)));
        }
        let cells = self
            .cells
            .iter()
            .filter_map(|row| row.value.steps.as_deref());
        let rows = self.rows.iter().map(|row| row.value.action.as_str());
        for (text, source) in [
            (joined(cells), Column::Steps),
            (joined(rows), Column::Action),
        ] {
            if !text.is_empty()
                && let Ok(bdd) = steps::bdd_of(&text)
            {
                return Ok(Some(StepsWithSource::of_bdd(bdd, source)));
            }
        }
        Ok(None)
    }

    fn plain(&self) -> Option<StepsWithSource> {
        let steps = steps::of_text(self.plain.as_deref()?, true);
        StepsWithSource::of(steps, Column::Plain)
    }
}

fn is_of(list: &str, kind: &str) -> bool {
    let words = kind.split(|c: char| !c.is_alphanumeric());
    words.into_iter().any(|word| is_word(list, word))
}

fn joined<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    texts.collect::<Vec<_>>().join("\n")
}

/// What rows say, in the order of their numbers, each once.
fn in_order<T: Clone + PartialEq>(rows: Vec<OfRow<T>>, repeats: bool) -> Vec<T> {
    let mut rows = match repeats || rows.iter().any(|row| row.execution > 1) {
        true => of_longest(rows),
        false => without_repeats(rows),
    };
    let numbers: Option<Vec<u64>> = rows.iter().map(|row| row.number).collect();
    if let Some(mut numbers) = numbers {
        numbers.sort_unstable();
        if numbers.is_sorted_by(|one, next| one < next) {
            rows.sort_by_key(|row| row.number);
        }
    }
    rows.into_iter().map(|row| row.value).collect()
}

/// The rows of the execution that has most of them, the first of equals.
fn of_longest<T>(mut rows: Vec<OfRow<T>>) -> Vec<OfRow<T>> {
    let last = rows.iter().map(|row| row.execution).max().unwrap_or(0);
    let mut lengths = vec![0_usize; last + 1];
    for row in &rows {
        if let Some(length) = lengths.get_mut(row.execution) {
            *length += 1;
        }
    }
    let longest = lengths.iter().max().copied();
    let best = lengths.iter().position(|length| Some(*length) == longest);
    rows.retain(|row| Some(row.execution) == best);
    rows
}

/// Rows without the blocks that say the first one again.
fn without_repeats<T: Clone + PartialEq>(mut rows: Vec<OfRow<T>>) -> Vec<OfRow<T>> {
    let mut blocks = rows.chunk_by(|one, next| one.block == next.block);
    let Some(first) = blocks.next() else {
        return rows;
    };
    let values = |block: &[OfRow<T>]| {
        block
            .iter()
            .map(|row| row.value.clone())
            .collect::<Vec<_>>()
    };
    let again = values(first);
    if blocks.all(|block| block.len() == again.len() && values(block) == again) {
        rows.truncate(again.len());
    }
    rows
}

/// Steps in cells, of one row or of several.
fn of_rows_of_cells(rows: &[StepCells], places: &Places) -> ReadSteps<Vec<Step>> {
    let mut all = Vec::new();
    for cells in rows {
        let text = cells.steps.as_deref().unwrap_or_default();
        if let Some(steps) = of_json(text)? {
            all.extend(steps);
        } else if rows.len() > 1 && text.contains('\n') && !is_list(text) {
            // In rows of steps a line goes on with its step.
            all.push(Step {
                action: text.to_owned(),
                expected: cells.expected.clone(),
                data: cells.data.clone(),
            });
        } else {
            all.extend(of_cells(cells, places));
        }
    }
    Ok(all)
}

/// Whether a cell begins a list: `1. ` or `1) `.
pub(super) fn is_list(text: &str) -> bool {
    let after = text.trim_start().strip_prefix('1');
    let after = after.and_then(|rest| rest.strip_prefix(['.', ')']));
    after.is_some_and(|rest| rest.starts_with(char::is_whitespace))
}

/// The steps of the cells of one row.
fn of_cells(cells: &StepCells, places: &Places) -> Vec<Step> {
    let cell = |text: &Option<String>| {
        let text = text.as_deref()?;
        Some(match places.dialect.numbered {
            true => steps::requoted(text).into_owned(),
            false => text.to_owned(),
        })
    };
    let text = cell(&cells.steps).unwrap_or_default();
    let (expected, data) = (cell(&cells.expected), cell(&cells.data));
    let has_results = places.has_results();
    let mut steps = steps::of_cells(&text, expected.as_deref(), data.as_deref(), has_results);
    // A list of texts that are HTML each.
    if places.dialect.numbered && places.html {
        for step in &mut steps {
            step.action = plain_cell(&step.action);
            for text in [&mut step.expected, &mut step.data].into_iter().flatten() {
                *text = plain_cell(text);
            }
        }
    }
    steps
}

/// Xray's steps as JSON; none where the text is none, an error where it cannot be read.
fn of_json(text: &str) -> ReadSteps<Option<Vec<Step>>> {
    let text = text.trim();
    if !(text.starts_with("[{")
        || text.starts_with("{\"")
        || text == "[]"
        || text.starts_with("[\n"))
    {
        return Ok(None);
    }
    let wrong = |error: serde_json::Error| {
        format!(
            "the steps are JSON that cannot be read: {}",
            crate::error::plain_words(&error.to_string())
        )
    };
    Budget::of_record().take_json(text.as_bytes())?;
    let value: Value = serde_json::from_str(text).map_err(wrong)?;
    let list = match &value {
        Value::Array(list) => list,
        Value::Object(object) => match object.get("steps").and_then(Value::as_array) {
            Some(list) => list,
            None => return Ok(None),
        },
        _ => return Ok(None),
    };
    let mut steps: Vec<(u64, Step)> = Vec::new();
    let mut unknown = Vec::new();
    for (place, step) in list.iter().enumerate() {
        let index = step.get("index").and_then(Value::as_u64);
        let step = of_json_step(step, &mut unknown);
        if step != Step::default() {
            steps.push((index.unwrap_or(place as u64 + 1), step));
        }
    }
    if steps.is_empty() && !unknown.is_empty() {
        let names = shortened(&unknown.join(", "));
        return Err(format!("no field of the steps is known: {names}"));
    }
    steps.sort_by_key(|(index, _)| *index);
    Ok(Some(steps.into_iter().map(|(_, step)| step).collect()))
}

/// A step; the names of fields that nobody knows are noted.
fn of_json_step(value: &Value, unknown: &mut Vec<String>) -> Step {
    let mut step = Step::default();
    let fields = value.get("fields").unwrap_or(value);
    for (name, value) in fields.as_object().into_iter().flatten() {
        let Some(text) = raw(value) else { continue };
        match key(name).as_str() {
            "action" | "step" | "description" => step.action = text,
            "data" | "testdata" => step.data = Some(text),
            "expectedresult" | "result" | "expected" => step.expected = Some(text),
            "calltestissueid" | "calltestissuekey" | "calltestkey" | "calledtestkey"
            | "testkey"
                if step.action.is_empty() =>
            {
                step.action = format!("Call {text}");
            }
            _ => match common_field(name) {
                Some(Column::Action | Column::Steps) => step.action = text,
                Some(Column::Expected | Column::StepsExpected) => step.expected = Some(text),
                Some(Column::Data | Column::StepsData) => step.data = Some(text),
                _ => unknown.push(name.clone()),
            },
        }
    }
    step
}

/// A text, or the raw one of a text with its HTML.
fn raw(value: &Value) -> Option<String> {
    let inner = value.get("raw").or_else(|| value.get("value"));
    match inner {
        Some(inner) => raw(inner),
        None => text_of(value).filter(|text| !text.trim().is_empty()),
    }
}
