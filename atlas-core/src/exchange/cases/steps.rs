//! The steps of a test case, wherever they stand: in cells, a row each, in JSON or XML.
//!
//! Steps stay as they were written. Only a list's own marks are taken away: numbers where they are
//! 1, 2, 3 in order, and bullets. A continuation line, a nested point, code and table rows belong to
//! the item above. A text without a list is a step a line. HTML lists and breaks count as such.
//!
//! What is expected stands in a place of its own, or after `Expected:` in the step, or, only where
//! the file has no place for results, after a mark: see [`marks`]. Results go to the step of the same
//! number, which may be one without an action, or of the same line where there are as many lines as
//! steps, or else to the last step.
//! Nothing is left out: a step may have only a result or only data. Two forms of a whole text have
//! readers of their own: see [`bracketed`] and [`sectioned`].

mod bracketed;
mod item_marks;
mod labels;
mod list;
mod marks;
mod scan;
mod scenario;
mod sectioned;
mod structured;
#[cfg(test)]
mod tests;

pub(super) use list::{numbered, requoted};
pub(crate) use scenario::{as_scenarios, bdd_of, of_gherkin, of_lines, scenario};
pub(crate) use structured::{
    RawStep, holds_text, of_html_table, of_json, raw_in, raw_steps, value_of,
};

use list::ListKind;

use crate::domain::Step;
use crate::text::html;

use super::cells::unix_lines;

/// The steps of one row or test case from its cells.
///
/// `results_exist` says that the file has a column or element for results, be it empty here: then
/// no mark inside a step is taken for one. Cells with the XML of Azure DevOps or with JSON are read
/// as such. After the last row of a test case, [`without_row_numbers`] finishes its steps.
pub(crate) fn of_cells(
    actions: &str,
    results: Option<&str>,
    data: Option<&str>,
    results_exist: bool,
) -> Vec<Step> {
    let results = results.filter(|text| !is_blank(text));
    let own = match results {
        None => sectioned::split(&html::undone(&unix_lines(actions))),
        Some(_) => None,
    };
    let (actions, results) = match &own {
        Some((actions, results)) => (actions.as_str(), Some(results.as_str())),
        None => (actions, results),
    };
    let whole = structured::of_text(actions).map(|steps| (1..).zip(steps).collect());
    let whole = whole.or_else(|| bracketed::read(&html::undone(&unix_lines(actions))));
    let (mut steps, kind) = match whole {
        Some(steps) => (steps, ListKind::Numbered),
        None => of_list(actions, results.is_none(), results_exist),
    };
    for (text, part) in [(results, CellPart::Expected), (data, CellPart::Data)] {
        if let Some(text) = text {
            attach(&mut steps, text, kind, part);
        }
    }
    let steps = steps.into_iter().map(|(_, step)| step);
    steps.filter(|step| *step != Step::default()).collect()
}

/// The steps of a text that holds all of them, with nothing beside it.
pub(crate) fn of_text(text: &str, results_exist: bool) -> Vec<Step> {
    let mut steps = of_cells(text, None, None, results_exist);
    without_row_numbers(&mut steps, 1);
    steps
}

/// Whether a text is surely steps, whatever its place is called: a numbered list, Given-When-Then, or
/// the list of a tool.
pub(crate) fn is_surely_steps(text: &str) -> bool {
    let text = unix_lines(text);
    let text = html::undone(&text);
    if !text.contains('\n') && !text.starts_with('[') {
        return false;
    }
    let is_list = || {
        let list = list::read(&text);
        list.kind == ListKind::Numbered && list.items.len() > 1
    };
    is_bracketed(&text) || is_list() || scenario(&text).is_some()
}

/// Whether a text is a list such as `[step 1] Open`.
pub(crate) fn is_bracketed(text: &str) -> bool {
    bracketed::is_one(&html::undone(&unix_lines(text)))
}

/// The steps of a text that divides itself into steps and results; none for another text.
pub(crate) fn of_divided(text: &str) -> Option<Vec<Step>> {
    let is_divided =
        is_bracketed(text) || sectioned::split(&html::undone(&unix_lines(text))).is_some();
    is_divided.then(|| of_text(text, true))
}

/// Steps whose own texts say what is expected, as `Open. Expected: a form`, where none has a result.
pub(crate) fn labelled(steps: Vec<Step>) -> Vec<Step> {
    if steps.iter().any(|step| step.expected.is_some()) {
        return steps;
    }
    let step = |step: Step| {
        let told = labels::step(&step.action);
        Step {
            data: step.data.or(told.data),
            ..told
        }
    };
    steps.into_iter().map(step).collect()
}

/// Gives a text with all results to the steps that they belong to.
pub(crate) fn with_results(steps: Vec<Step>, results: &str) -> Vec<Step> {
    let mut steps: Vec<Numbered> = (1..).zip(steps).collect();
    attach(&mut steps, results, ListKind::Numbered, CellPart::Expected);
    steps.into_iter().map(|(_, step)| step).collect()
}

/// Takes the numbers away that steps were written with a row each: only where every one has the
/// number of its row, and is a sentence: `1. floor` is a floor. Fewer steps than `least` are left
/// alone, as one number alone may be no step's (`1. FC` is a club).
pub(crate) fn without_row_numbers(steps: &mut [Step], least: usize) {
    if steps.len() < least.max(1) {
        return;
    }
    let actions = steps.iter_mut().map(|step| Some(&mut step.action));
    let numbered = unnumber(actions.collect());
    let results = steps.iter().filter(|step| step.expected.is_some()).count();
    if numbered || results > 1 {
        unnumber(
            steps
                .iter_mut()
                .map(|step| step.expected.as_mut())
                .collect(),
        );
    }
}

/// Whether steps that stand by themselves have the numbers of their places nevertheless.
pub(crate) fn are_numbered(steps: &[Step]) -> bool {
    let mut actions: Vec<String> = steps.iter().map(|step| step.action.clone()).collect();
    unnumber(actions.iter_mut().map(Some).collect())
}

/// Whether all texts that are there had the number of their place, which is then gone.
fn unnumber(mut texts: Vec<Option<&mut String>>) -> bool {
    let mut rest: Vec<Option<String>> = Vec::with_capacity(texts.len());
    for (place, text) in texts.iter().enumerate() {
        match text.as_deref().filter(|text| !is_blank(text)) {
            None => rest.push(None),
            Some(text) => match list::without_number(text, place + 1) {
                Some(text) if text.starts_with(char::is_lowercase) => return false,
                Some(text) => rest.push(Some(text)),
                None => return false,
            },
        }
    }
    for (text, rest) in texts.iter_mut().zip(&mut rest) {
        if let (Some(text), Some(rest)) = (text, rest.take()) {
            **text = rest;
        }
    }
    !texts.is_empty()
}

type Numbered = (usize, Step);

fn of_list(actions: &str, no_results: bool, results_exist: bool) -> (Vec<Numbered>, ListKind) {
    let list = list::read(&html::undone(&unix_lines(actions)));
    // What is quoted is meant as it is.
    let is_free = no_results && !list.is_quoted;
    let step = |text: &str| match is_free {
        true => labels::step(text),
        false => Step::new(text, ""),
    };
    let items = list.items.iter();
    let mut steps: Vec<Numbered> = items.map(|item| (item.number, step(&item.text))).collect();
    if !results_exist && is_free {
        marks::split(steps.iter_mut().map(|(_, step)| step).collect());
    }
    (steps, list.kind)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum CellPart {
    Expected,
    Data,
}

impl CellPart {
    fn add(self, step: &mut Step, text: &str) {
        if is_blank(text) {
            return;
        }
        let part = match self {
            CellPart::Expected => &mut step.expected,
            CellPart::Data => &mut step.data,
        };
        let part = part.get_or_insert_default();
        part.push_str(if part.is_empty() { "" } else { "\n" });
        part.push_str(text.trim_end());
    }
}

/// Gives results or data to the steps that they belong to.
fn attach(steps: &mut Vec<Numbered>, text: &str, kind: ListKind, part: CellPart) {
    let text = unix_lines(text);
    let text = html::undone(&text);
    let text = text.trim_matches('\n');
    let list = match (kind, steps.last()) {
        _ if is_blank(text) => return,
        (ListKind::Numbered, Some((most, _))) if steps.len() > 1 => {
            list::read_references(text, *most)
        }
        _ => list::read_results(text),
    };
    let count = steps.len();
    let others = match (&steps[..], kind) {
        ([(number, _)], ListKind::Numbered) => of_others(text, *number),
        _ => None,
    };
    if let Some(items) = others {
        return by_number(steps, items, part);
    }
    if list.kind == ListKind::Numbered && (count > 1 || count == 1 && list.is_quoted) {
        return by_number(steps, list.items, part);
    }
    match (&mut steps[..], list.kind) {
        ([], kind) => *steps = alone(text, list.items, kind, part),
        // One step has all of it, be it a list.
        ([(_, step)], _) if !list.is_quoted => part.add(step, text.trim()),
        (all, _) if part == CellPart::Expected && list.items.len() == count => {
            by_place(all, list.items.iter().map(|item| item.text.as_str()), part);
        }
        // A blank line says that a step has no result.
        (all, ListKind::Lines) if part == CellPart::Expected && text.lines().count() == count => {
            by_place(all, text.lines().map(str::trim), part);
        }
        ([.., (_, last)], _) if part == CellPart::Expected => part.add(last, text.trim()),
        ([(_, first), ..], _) => part.add(first, text.trim()),
    }
}

/// Steps that have only results or data.
fn alone(text: &str, items: Vec<list::ListItem>, kind: ListKind, part: CellPart) -> Vec<Numbered> {
    let step = |text: &str| {
        let mut step = Step::default();
        part.add(&mut step, text);
        step
    };
    match kind {
        ListKind::Lines => vec![(1, step(text.trim()))],
        _ => items
            .iter()
            .map(|item| (item.number, step(&item.text)))
            .collect(),
    }
}

fn by_place<'t>(steps: &mut [Numbered], texts: impl Iterator<Item = &'t str>, part: CellPart) {
    for ((_, step), text) in steps.iter_mut().zip(texts) {
        part.add(step, text);
    }
}

/// Items that say by their numbers that they belong to other steps than the one with this number.
fn of_others(text: &str, number: usize) -> Option<Vec<list::ListItem>> {
    let list = list::read_references(text, usize::MAX);
    // `2. floor` is a floor.
    let is_other =
        |item: &list::ListItem| item.number > number && !item.text.starts_with(char::is_lowercase);
    let others = list.items.iter().all(is_other);
    (list.kind == ListKind::Numbered && others).then_some(list.items)
}

/// What has a step's number goes to it; a number after the last one's is a step of its own, which
/// has no action; all else goes to the last one.
fn by_number(steps: &mut Vec<Numbered>, items: Vec<list::ListItem>, part: CellPart) {
    for item in items {
        let last = steps.len().saturating_sub(1);
        let place = steps.partition_point(|(number, _)| *number < item.number);
        if place == steps.len() {
            steps.push((item.number, Step::default()));
        }
        let is_there = steps
            .get(place)
            .is_some_and(|(number, _)| *number == item.number);
        if let Some((_, step)) = steps.get_mut(if is_there { place } else { last }) {
            part.add(step, &item.text);
        }
    }
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}
