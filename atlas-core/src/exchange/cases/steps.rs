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
//! Nothing is left out: a step may have only a result or only data.

mod item_marks;
mod labels;
mod list;
mod marks;
mod scan;
mod structured;
#[cfg(test)]
mod tests;

pub(super) use list::{numbered, requoted};
pub(crate) use structured::{Raw, holds_text, of_html_table, of_json, raw_in, raw_steps, value_of};

use list::Kind;

use crate::domain::Step;
use crate::text::html;

use super::cells::unix_lines;
use super::gherkin::{self, Bdd};

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
    let (mut steps, kind) = match structured::of_text(actions) {
        Some(steps) => ((1..).zip(steps).collect(), Kind::Numbered),
        None => of_list(actions, results.is_none(), results_exist),
    };
    for (text, part) in [(results, Part::Expected), (data, Part::Data)] {
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

/// A text that is a scenario in Gherkin: it begins with Given or When and has a Then, or begins
/// with `Scenario:` or `Feature:` and has any of them.
pub(crate) fn scenario(text: &str) -> Option<Bdd> {
    const STEPS: [&str; 3] = ["Given", "When", "Then"];
    const HEADS: [&str; 5] = [
        "Scenario:",
        "Scenario Outline:",
        "Feature:",
        "Background:",
        "Example:",
    ];
    let begins = |line: &str, word: &str| {
        let rest = line.trim_start().strip_prefix(word);
        rest.is_some_and(|rest| rest.starts_with([' ', '\t']))
    };
    let text = unix_lines(text);
    let text = html::undone(&text);
    let mut lines = text.lines().filter(|line| !is_blank(line));
    // Tags stand above a scenario.
    let first = lines
        .by_ref()
        .find(|line| !line.trim_start().starts_with('@'))?;
    let is_headed = HEADS
        .iter()
        .any(|head| first.trim_start().starts_with(head));
    let given = STEPS[..2].iter().any(|word| begins(first, word));
    let is_scenario = match is_headed {
        true => lines.any(|line| STEPS.iter().any(|word| begins(line, word))),
        false => given && lines.any(|line| begins(line, "Then")),
    };
    is_scenario.then(|| of_gherkin(&text).ok())?
}

/// The steps of a text in Gherkin, with or without `Feature:` and `Scenario:`; a text without a step of
/// Gherkin is a step a line.
///
/// # Errors
/// What is wrong with a scenario, in words.
pub(crate) fn of_gherkin(text: &str) -> std::result::Result<Bdd, String> {
    let found = gherkin::steps_of_text(text)?;
    Ok(found.unwrap_or_else(|| Bdd {
        precondition: None,
        steps: of_text(text, true),
    }))
}

/// Steps that are a whole scenario each, as tools keep Gherkin in a list of steps.
pub(crate) fn as_scenarios(steps: &[Step]) -> Option<Bdd> {
    let mut all: Option<Bdd> = None;
    for step in steps {
        if step.expected.is_some() || step.data.is_some() {
            return None;
        }
        let one = scenario(&step.action)?;
        match &mut all {
            None => all = Some(one),
            Some(all) => {
                let given = one.precondition.map(|given| format!("Given {given}"));
                all.steps.extend(given.map(|given| Step::new(given, "")));
                all.steps.extend(one.steps);
            }
        }
    }
    all
}

/// Given-When-Then of a field that holds nothing else: a text, or a list of scenarios in JSON.
///
/// # Errors
/// What is wrong with it, in words.
pub(crate) fn bdd_of(text: &str) -> std::result::Result<Bdd, String> {
    let text = unix_lines(text);
    let text = html::undone(&text);
    let list = serde_json::from_str::<serde_json::Value>(&text).ok();
    let Some(list) = list.filter(serde_json::Value::is_array) else {
        return of_gherkin(&text);
    };
    let steps: Vec<Step> = raw_steps(&list).into_iter().map(in_unix_lines).collect();
    if let Some(bdd) = as_scenarios(&steps) {
        return Ok(bdd);
    }
    let texts: Vec<String> = steps.into_iter().map(|step| step.action).collect();
    of_gherkin(&texts.join("\n"))
}

fn in_unix_lines(step: Step) -> Step {
    Step {
        action: unix_lines(&step.action).into_owned(),
        ..step
    }
}

type Numbered = (usize, Step);

fn of_list(actions: &str, no_results: bool, results_exist: bool) -> (Vec<Numbered>, Kind) {
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
enum Part {
    Expected,
    Data,
}

impl Part {
    fn add(self, step: &mut Step, text: &str) {
        if is_blank(text) {
            return;
        }
        let part = match self {
            Part::Expected => &mut step.expected,
            Part::Data => &mut step.data,
        };
        let part = part.get_or_insert_default();
        part.push_str(if part.is_empty() { "" } else { "\n" });
        part.push_str(text.trim_end());
    }
}

/// Gives results or data to the steps that they belong to.
fn attach(steps: &mut Vec<Numbered>, text: &str, kind: Kind, part: Part) {
    let text = unix_lines(text);
    let text = html::undone(&text);
    let text = text.trim_matches('\n');
    let list = match (kind, steps.last()) {
        _ if is_blank(text) => return,
        (Kind::Numbered, Some((most, _))) if steps.len() > 1 => list::read_references(text, *most),
        _ => list::read_results(text),
    };
    let count = steps.len();
    let others = match (&steps[..], kind) {
        ([(number, _)], Kind::Numbered) => of_others(text, *number),
        _ => None,
    };
    if let Some(items) = others {
        return by_number(steps, items, part);
    }
    if list.kind == Kind::Numbered && (count > 1 || count == 1 && list.is_quoted) {
        return by_number(steps, list.items, part);
    }
    match (&mut steps[..], list.kind) {
        ([], kind) => *steps = alone(text, list.items, kind, part),
        // One step has all of it, be it a list.
        ([(_, step)], _) if !list.is_quoted => part.add(step, text.trim()),
        (all, _) if part == Part::Expected && list.items.len() == count => {
            by_place(all, list.items.iter().map(|item| item.text.as_str()), part);
        }
        // A blank line says that a step has no result.
        (all, Kind::Lines) if part == Part::Expected && text.lines().count() == count => {
            by_place(all, text.lines().map(str::trim), part);
        }
        ([.., (_, last)], _) if part == Part::Expected => part.add(last, text.trim()),
        ([(_, first), ..], _) => part.add(first, text.trim()),
    }
}

/// Steps that have only results or data.
fn alone(text: &str, items: Vec<list::Item>, kind: Kind, part: Part) -> Vec<Numbered> {
    let step = |text: &str| {
        let mut step = Step::default();
        part.add(&mut step, text);
        step
    };
    match kind {
        Kind::Lines => vec![(1, step(text.trim()))],
        _ => items
            .iter()
            .map(|item| (item.number, step(&item.text)))
            .collect(),
    }
}

fn by_place<'t>(steps: &mut [Numbered], texts: impl Iterator<Item = &'t str>, part: Part) {
    for ((_, step), text) in steps.iter_mut().zip(texts) {
        part.add(step, text);
    }
}

/// Items that say by their numbers that they belong to other steps than the one with this number.
fn of_others(text: &str, number: usize) -> Option<Vec<list::Item>> {
    let list = list::read_references(text, usize::MAX);
    // `2. floor` is a floor.
    let is_other =
        |item: &list::Item| item.number > number && !item.text.starts_with(char::is_lowercase);
    let others = list.items.iter().all(is_other);
    (list.kind == Kind::Numbered && others).then_some(list.items)
}

/// What has a step's number goes to it; a number after the last one's is a step of its own, which
/// has no action; all else goes to the last one.
fn by_number(steps: &mut Vec<Numbered>, items: Vec<list::Item>, part: Part) {
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
