//! The steps of a test case's JSON: a text, a list of texts or objects, or Given-When-Then.

use serde_json::Value;

use super::fields::{Fields, text_in, texts_in};
use super::usage::shown;
use crate::domain::Step;
use crate::exchange::cases::gherkin::Bdd;
use crate::exchange::cases::names::{Column, is_word};
use crate::exchange::cases::steps::{self, RawStep};
use crate::text::{html, markdown, markdown_steps};

/// The steps of a test case, and what of them could not be used.
#[derive(Debug, Default)]
pub(super) struct JsonSteps {
    pub steps: Vec<Step>,
    pub precondition: Option<String>,
    /// Fields of steps that nobody knows, each with its value.
    pub unused: Vec<(String, String)>,
    /// Whether some of them have a form that is not known.
    pub is_odd: bool,
}

/// The steps from the one field that has them: by the test's type, else steps before scenarios
/// before texts.
pub(super) fn of(fields: &mut Fields<'_>) -> JsonSteps {
    let kind = fields.text(Column::TestType).unwrap_or_default();
    let is_gherkin = {
        let mut words = kind.split(|c: char| !c.is_alphanumeric());
        words.any(|word| is_word("gherkin", word))
    };
    if is_gherkin && let Some(found) = of_bdd(fields).or_else(|| of_text(fields)) {
        return found;
    }
    let listed = of_steps(fields);
    if let Some(found) = listed.filter(|found| !found.steps.is_empty() || found.is_odd) {
        return found;
    }
    let found = of_bdd(fields).or_else(|| {
        let text = fields.text(Column::Plain)?;
        Some(JsonSteps {
            steps: steps::of_text(&html::undone(&text), true),
            ..JsonSteps::default()
        })
    });
    found.unwrap_or_default()
}

fn of_bdd(fields: &mut Fields<'_>) -> Option<JsonSteps> {
    let text = match fields.value(Column::Bdd)? {
        list @ Value::Array(_) => list.to_string(),
        value => text_in(value)?,
    };
    fields.used_column(Column::Bdd);
    Some(with(scenario(&text)))
}

/// Given-When-Then that stands where other test cases have their steps.
fn of_text(fields: &mut Fields<'_>) -> Option<JsonSteps> {
    let value = fields.value(Column::Steps)?;
    let texts = match value {
        Value::Array(_) => {
            let all = steps::raw_steps(value);
            if all.iter().any(|step| step.expected.is_some()) {
                return None;
            }
            all.into_iter().map(|step| step.action).collect()
        }
        value => texts_in(value),
    };
    let bdd = scenario(&texts.join("\n"));
    fields.used_column(Column::Steps);
    Some(with(bdd))
}

fn scenario(text: &str) -> Bdd {
    steps::bdd_of(text).unwrap_or_else(|_| Bdd {
        precondition: None,
        steps: steps::of_text(text, true),
    })
}

fn with(bdd: Bdd) -> JsonSteps {
    JsonSteps {
        steps: bdd.steps,
        precondition: bdd.precondition,
        ..JsonSteps::default()
    }
}

fn of_steps(fields: &mut Fields<'_>) -> Option<JsonSteps> {
    let value = fields.value(Column::Steps)?;
    let found = match value {
        Value::String(text) if !is_list(text) => of_one_text(text, fields),
        Value::String(text) => of_list(&serde_json::from_str(text).ok()?),
        value => of_list(value),
    };
    if !found.steps.is_empty() && !found.is_odd {
        fields.used_column(Column::Steps);
    }
    let mut found = with_results(found, fields);
    found.steps = steps::labelled(found.steps);
    Some(found)
}

fn is_list(text: &str) -> bool {
    text.trim_start().starts_with('[')
        && serde_json::from_str::<Value>(text).is_ok_and(|value| value.is_array())
}

fn of_one_text(text: &str, fields: &mut Fields<'_>) -> JsonSteps {
    if let Some(bdd) = steps::scenario(text) {
        return with(bdd);
    }
    let expected = fields.text(Column::StepsExpected).unwrap_or_default();
    let data = fields.text(Column::StepsData).unwrap_or_default();
    let is_bare = expected.is_empty() && data.is_empty();
    if is_bare && let Some(steps) = steps::of_divided(text) {
        return JsonSteps {
            steps,
            ..JsonSteps::default()
        };
    }
    let steps = match lines_of(text) {
        Some(lines) => steps::of_cells(&lines, Some(&expected), Some(&data), true),
        None if steps::is_bracketed(text) => {
            steps::of_cells(text, Some(&expected), Some(&data), true)
        }
        None => markdown_steps::steps(text, &expected, &data),
    };
    JsonSteps {
        steps,
        ..JsonSteps::default()
    }
}

/// A text that is a step a line, as in a table: each begins a sentence, and none is marked.
fn lines_of(text: &str) -> Option<String> {
    let is_step = |line: &str| line.starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase());
    let is_plain = text.lines().all(|line| line.is_empty() || is_step(line));
    let plain = is_plain.then(|| markdown_steps::plain(text))?;
    let is_list = plain.lines().filter(|line| !line.is_empty()).count() > 1;
    let are_steps = plain.lines().all(|line| line.is_empty() || is_step(line));
    let is_whole = markdown_steps::steps(text, "", "").len() == 1;
    (is_list && are_steps && is_whole).then_some(plain)
}

/// Results that stand beside a list of steps that has none.
fn with_results(mut found: JsonSteps, fields: &mut Fields<'_>) -> JsonSteps {
    let has_results = found.steps.iter().any(|step| step.expected.is_some());
    let Some(value) = fields.value(Column::StepsExpected) else {
        return found;
    };
    let texts = texts_in(value);
    if has_results {
        // What the whole test case is to end with.
        if let Some(last) = found
            .steps
            .last_mut()
            .filter(|last| last.expected.is_none())
        {
            last.expected = Some(markdown::to_text(&texts.join("\n")));
            fields.used_column(Column::StepsExpected);
        }
        return found;
    }
    if found.steps.is_empty() {
        return found;
    }
    let is_each = texts.len() == found.steps.len();
    if is_each {
        for (step, text) in found.steps.iter_mut().zip(&texts) {
            step.expected = Some(markdown::to_text(text));
        }
        steps::without_row_numbers(&mut found.steps, 2);
    } else {
        let results = markdown::to_text(&texts.join("\n"));
        found.steps = steps::with_results(found.steps, &results);
    }
    fields.used_column(Column::StepsExpected);
    found
}

/// The steps of a list, or of an object that holds one.
pub(super) fn of_list(value: &Value) -> JsonSteps {
    let Some(list) = elements(value) else {
        return JsonSteps {
            is_odd: steps::holds_text(value),
            ..JsonSteps::default()
        };
    };
    let raw: Vec<RawStep> = steps::raw_in(&list);
    let mut found = JsonSteps {
        is_odd: raw.iter().any(|raw| raw.is_odd),
        ..JsonSteps::default()
    };
    for (name, value) in raw.iter().flat_map(|raw| &raw.unused) {
        if found.unused.iter().all(|(known, _)| known != name) {
            found.unused.push((name.clone(), shown(value)));
        }
    }
    let all: Vec<Step> = raw.into_iter().map(|raw| raw.step).collect();
    let all: Vec<Step> = all
        .into_iter()
        .filter(|step| *step != Step::default())
        .collect();
    if let Some(bdd) = steps::as_scenarios(&all).or_else(|| steps::of_lines(&all)) {
        found.precondition = bdd.precondition;
        found.steps = bdd.steps;
    } else {
        found.steps = in_plain(all);
    }
    found
}

/// The elements of a list: of `{"1": …, "2": …}` in their order, of an object around a list those.
fn elements(value: &Value) -> Option<Vec<&Value>> {
    match value {
        Value::Array(values) => Some(values.iter().collect()),
        Value::Object(object) => {
            if let Some(inner) = object.get("steps").or_else(|| object.get("items")) {
                return elements(inner);
            }
            let number = |name: &String| name.trim().parse::<u64>().ok();
            let numbered: Option<Vec<(u64, &Value)>> = object
                .iter()
                .map(|(name, value)| Some((number(name)?, value)))
                .collect();
            let mut numbered = numbered.filter(|all| !all.is_empty())?;
            numbered.sort_by_key(|(number, _)| *number);
            Some(numbered.into_iter().map(|(_, value)| value).collect())
        }
        _ => None,
    }
}

/// Steps in Markdown or HTML as plain ones; a list that stands in one of them becomes several.
fn in_plain(raw: Vec<Step>) -> Vec<Step> {
    // The numbers of a list may go on from step to step.
    let mut last = 0;
    let mut plain = |step: Step| {
        let text = |text: Option<String>| text.unwrap_or_default();
        markdown_steps::steps_after(
            &mut last,
            &step.action,
            &text(step.expected),
            &text(step.data),
        )
    };
    let begins = |step: &Step| step.action.starts_with(|c: char| c.is_ascii_digit());
    let is_numbered = raw.len() == 1 || steps::are_numbered(&raw);
    // A number of a step that stands by itself is no list's.
    let is_whole = |step: &Step| !is_numbered && begins(step) && !step.action.contains('\n');
    raw.into_iter()
        .flat_map(|step| match is_whole(&step) {
            true => vec![Step {
                action: markdown_steps::plain(&step.action),
                expected: step.expected.as_deref().map(markdown_steps::plain),
                data: step.data.as_deref().map(markdown_steps::plain),
            }],
            false => plain(step),
        })
        .collect()
}
