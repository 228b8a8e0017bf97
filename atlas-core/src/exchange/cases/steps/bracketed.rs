//! Steps as Allure TestOps writes them into one text: `[step 1] Open`, `[step 1.1] Expected: a form`.
//!
//! A number with a point is a step within a step: it is a step of its own, after the one around it.
//! What is called the expected result, or lies within a step that is called so, is what is expected
//! of the step before. Other lines continue the step above them.

use super::item_marks::digits;
use super::labels::{self, StepLabel};
use crate::domain::Step;

/// Steps within steps lie no deeper.
const DEEPEST: usize = 12;

struct Item {
    /// `1.2` as 1 and 2.
    place: Vec<usize>,
    text: String,
}

/// The steps of such a text, each with the number of the outermost step; none for another text.
pub(super) fn read(text: &str) -> Option<Vec<(usize, Step)>> {
    let items = items(text)?;
    let mut steps: Vec<(usize, Step)> = Vec::new();
    // Within the step at this place everything is expected.
    let mut expects: Option<Vec<usize>> = None;
    for item in items {
        let number = item.place.first().copied().unwrap_or(1);
        let is_within =
            |place: &Vec<usize>| item.place.len() > place.len() && item.place.starts_with(place);
        if !expects.as_ref().is_some_and(is_within) {
            expects = None;
        }
        let (first, rest) = item.text.split_once('\n').unwrap_or((&item.text, ""));
        let told =
            labels::part(first).or_else(|| labels::part_alone(first).map(|label| (label, "")));
        let (label, said) = match told {
            Some((label @ (StepLabel::Expected | StepLabel::Data), said)) => {
                (Some(label), join(said, rest))
            }
            _ if expects.is_some() => (Some(StepLabel::Expected), item.text.clone()),
            _ => (None, item.text.clone()),
        };
        let Some(label) = label else {
            steps.push((number, labels::step(&item.text)));
            continue;
        };
        if label == StepLabel::Expected && said.is_empty() {
            expects = Some(item.place);
            continue;
        }
        if steps.is_empty() {
            steps.push((number, Step::default()));
        }
        if let Some((_, step)) = steps.last_mut() {
            let part = match label {
                StepLabel::Data => &mut step.data,
                _ => &mut step.expected,
            };
            let text = part.take().unwrap_or_default();
            *part = Some(join(&text, &said));
        }
    }
    Some(steps)
}

/// Whether a text is such a list.
pub(super) fn is_one(text: &str) -> bool {
    items(text).is_some()
}

/// What is marked, with the lines that go on with it. At most one line stands before the first.
fn items(text: &str) -> Option<Vec<Item>> {
    let mut items: Vec<Item> = Vec::new();
    let mut before = "";
    for line in text.lines().map(str::trim_end) {
        match (mark(line.trim_start()), items.last_mut()) {
            (Some((place, rest)), _) => items.push(Item {
                place,
                text: rest.to_owned(),
            }),
            (None, _) if line.trim().is_empty() => {}
            (None, Some(item)) => item.text = join(&item.text, line.trim()),
            (None, None) if labels::is_heading(line) => {}
            (None, None) if !before.is_empty() => return None,
            (None, None) => before = line.trim(),
        }
    }
    let first = items.first_mut()?;
    first.text = join(before, &first.text);
    Some(items)
}

/// The numbers and the rest of `[step 1.2] Open`.
fn mark(line: &str) -> Option<(Vec<usize>, &str)> {
    let mut rest = labels::after_step(line.strip_prefix('[')?)?.trim_start();
    let mut place = Vec::new();
    loop {
        let (number, after) = digits(rest)?;
        place.push(number);
        match after.strip_prefix('.') {
            Some(after) if place.len() < DEEPEST => rest = after,
            _ => return Some((place, after.trim_start().strip_prefix(']')?.trim())),
        }
    }
}

fn join(text: &str, more: &str) -> String {
    match (text.is_empty(), more.is_empty()) {
        (true, _) => more.to_owned(),
        (_, true) => text.to_owned(),
        _ => format!("{text}\n{more}"),
    }
}
