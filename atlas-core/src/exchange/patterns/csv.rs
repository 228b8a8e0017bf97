//! Patterns from a plain CSV file.

use std::ops::ControlFlow;

use super::{EXPECTED, NO_TYPE, is_retired, minutes};
use crate::Result;
use crate::domain::{PatternOrigin, Step, TestPattern};
use crate::exchange::input::{Delivery, Input};
use crate::exchange::table::{Columns, Row, Table};
use crate::exchange::{Each, ReadSummary};

/// Reads the patterns of a CSV file.
pub(super) fn read(input: Input, each: Each<'_, TestPattern>) -> Result<ReadSummary> {
    let table = Table::open(input);
    let places = Places::new(&table.columns);
    if places.name.is_empty() {
        return Err(table
            .file
            .unknown(format!("it has no column for the name; {EXPECTED}")));
    }
    let mut delivery = Delivery::new(&table.file, each);
    // A pattern is handed over when the next one starts: its steps may take many rows.
    let mut open: Option<(u64, TestPattern)> = None;
    let mut stopped = false;
    let truncated = table.each_row(|_, row| {
        let name = row.first(&places.name);
        let key = row.first(&places.key);
        if let Some((_, pattern)) = &mut open
            && name.is_none_or(|name| name == pattern.name)
            && (key.is_none() || key == pattern.key.as_deref())
        {
            pattern.steps.extend(places.steps(&row));
            return ControlFlow::Continue(());
        }
        let flow = match open.take() {
            Some((line, pattern)) => delivery.record(line, Ok(pattern)),
            None => ControlFlow::Continue(()),
        };
        if flow.is_break() {
            stopped = true;
            return flow;
        }
        match name {
            Some(name) => open = Some((row.line, places.pattern(name, &row))),
            None => return delivery.record(row.line, Err("the row has no name".into())),
        }
        ControlFlow::Continue(())
    })?;
    if let Some((line, pattern)) = open.filter(|_| !stopped) {
        let _ = delivery.record(line, Ok(pattern));
    }
    Ok(delivery.finish(truncated))
}

/// Where each field stands in a row.
struct Places {
    name: Vec<usize>,
    key: Vec<usize>,
    component: Vec<usize>,
    kind: Vec<usize>,
    steps: Vec<usize>,
    expected: Vec<usize>,
    data: Vec<usize>,
    minutes: Vec<usize>,
    objective: Vec<usize>,
    precondition: Vec<usize>,
    labels: Vec<usize>,
    status: Vec<usize>,
}

impl Places {
    fn new(columns: &Columns) -> Self {
        let find = |names: &[&str]| columns.find(names);
        Places {
            name: find(&[
                "name",
                "title",
                "test case",
                "test case name",
                "scenario",
                "pattern",
                "pattern name",
                "summary",
            ]),
            key: find(&["key", "id", "test case id", "test key", "pattern key"]),
            component: find(&["component", "components", "area", "module"]),
            kind: find(&[
                "type",
                "pattern type",
                "pattern_type",
                "category",
                "folder",
                "section",
                "suite",
            ]),
            steps: find(&[
                "steps",
                "step",
                "test steps",
                "action",
                "actions",
                "step action",
            ]),
            expected: find(&[
                "expected",
                "expected result",
                "expected results",
                "result",
                "step result",
            ]),
            data: find(&["data", "test data", "test_data", "step data"]),
            minutes: find(&[
                "minutes",
                "avg_time_minutes",
                "time",
                "duration",
                "estimate",
                "estimated minutes",
            ]),
            objective: find(&["objective", "description", "goal"]),
            precondition: find(&["precondition", "preconditions"]),
            labels: find(&["labels", "label", "tags"]),
            status: find(&["status", "state"]),
        }
    }

    fn pattern(&self, name: &str, row: &Row) -> TestPattern {
        let text = |places: &[usize]| row.first(places).map(str::to_owned);
        let kind = row.first(&self.kind).unwrap_or(NO_TYPE);
        let mut pattern = TestPattern::new(name, kind);
        pattern.origin = PatternOrigin::Imported;
        pattern.key = text(&self.key);
        pattern.component = text(&self.component);
        pattern.objective = text(&self.objective);
        pattern.precondition = text(&self.precondition);
        pattern.avg_time_minutes = row.first(&self.minutes).and_then(minutes);
        let labels = row
            .all(&self.labels)
            .flat_map(|cell| cell.split([',', ';']));
        let labels = labels.map(str::trim).filter(|label| !label.is_empty());
        pattern.labels = labels.map(str::to_owned).collect();
        pattern.is_active = !row.first(&self.status).is_some_and(is_retired);
        pattern.steps = self.steps(row);
        pattern
    }

    fn steps(&self, row: &Row) -> Vec<Step> {
        let mut steps: Vec<Step> = row
            .all(&self.steps)
            .flat_map(str::lines)
            .filter_map(step)
            .collect();
        let expected: Vec<&str> = row.all(&self.expected).collect();
        let lines: Vec<&str> = expected.iter().flat_map(|cell| cell.lines()).collect();
        let lines: Vec<&str> = lines.iter().map(|line| unnumbered(line)).collect();
        if lines.len() == steps.len() {
            for (step, line) in steps.iter_mut().zip(lines) {
                step.expected = step.expected.take().or_else(|| filled(line));
            }
        } else if let Some(last) = steps.last_mut() {
            let all = expected.join("\n");
            last.expected = last.expected.take().or_else(|| filled(&all));
        }
        if let (Some(first), Some(data)) = (steps.first_mut(), row.first(&self.data)) {
            first.data = Some(data.to_owned());
        }
        steps
    }
}

fn filled(text: &str) -> Option<String> {
    (!text.trim().is_empty()).then(|| text.trim().to_owned())
}

/// A line of a steps cell: `2. Submit => It is saved`.
pub(super) fn step(line: &str) -> Option<Step> {
    let line = unnumbered(line);
    let cut = ["=>", " -> ", "|"]
        .iter()
        .find_map(|mark| line.split_once(mark));
    let (action, expected) = cut.unwrap_or((line, ""));
    let (action, expected) = (action.trim(), expected.trim());
    (!action.is_empty()).then(|| Step::new(action, expected))
}

/// A line without the number or bullet that it begins with.
fn unnumbered(line: &str) -> &str {
    let line = line.trim();
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = (rest.len() < line.len())
        .then(|| rest.strip_prefix(['.', ')']))
        .flatten();
    let bullet = || line.strip_prefix("- ").or_else(|| line.strip_prefix("* "));
    number.or_else(bullet).unwrap_or(line).trim()
}
