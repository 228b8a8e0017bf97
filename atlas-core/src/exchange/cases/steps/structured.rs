//! Steps that a cell or field holds in a form of machines: JSON, and the XML of Azure DevOps.

use serde_json::Value;

use crate::domain::Step;
use crate::exchange::budget::Budget;
use crate::exchange::cases::xml::{self, Element};
use crate::exchange::json::text_of;
use crate::text::html;

/// The fields of a step by what tools call them, without case, blanks, `_` and `-`; best first.
const ACTION: [&str; 10] = [
    "action",
    "step",
    "stepaction",
    "description",
    "stepdescription",
    "content",
    "actions",
    "title",
    "name",
    "text",
];
const EXPECTED: [&str; 9] = [
    "expectedresult",
    "expectedresults",
    "expected",
    "expectedoutcome",
    "result",
    "results",
    "stepresult",
    "outcome",
    "expectation",
];
const DATA: [&str; 8] = [
    "data",
    "testdata",
    "stepdata",
    "input",
    "inputdata",
    "additionalinfo",
    "testinput",
    "values",
];
/// The fields that name a test whose steps are to be taken here.
const CALLED: [&str; 7] = [
    "calltestkey",
    "calledtestkey",
    "testcasekey",
    "calltestissueid",
    "calledtest",
    "testcase",
    "callto",
];
/// The fields that name a shared step.
const SHARED: [&str; 4] = [
    "sharedstepid",
    "sharedsteps",
    "sharedstep",
    "sharedstephash",
];

/// The steps of a text that is XML of Azure DevOps or a JSON array of steps.
pub(super) fn of_text(text: &str) -> Option<Vec<Step>> {
    let text = text.trim();
    match text.chars().next()? {
        '<' if text.starts_with("<steps") => of_azure(text),
        '[' | '{' => {
            Budget::of_record().take_json(text.as_bytes()).ok()?;
            let value: Value = serde_json::from_str(text).ok()?;
            let value = value.get("steps").unwrap_or(&value);
            let are_steps = value.as_array()?.iter().all(|step| step.is_object());
            are_steps.then(|| of_json(value, &str::to_owned))
        }
        _ => None,
    }
}

/// The steps of a JSON array of objects, whatever their fields are called; `plain` undoes the form
/// that its texts are in.
pub(crate) fn of_json(steps: &Value, plain: &dyn Fn(&str) -> String) -> Vec<Step> {
    let plainly = |text: String| Some(plain(&text)).filter(|text| !text.trim().is_empty());
    let step = |step: Step| Step {
        action: plain(&step.action),
        expected: step.expected.and_then(plainly),
        data: step.data.and_then(plainly),
    };
    let steps = raw_steps(steps).into_iter().map(step);
    steps.filter(|step| *step != Step::default()).collect()
}

/// The steps of a JSON array of texts or objects, their texts as they are.
pub(crate) fn raw_steps(steps: &Value) -> Vec<Step> {
    let steps = steps.as_array().into_iter().flatten().map(json_step);
    steps.filter(|step| *step != Step::default()).collect()
}

fn json_step(step: &Value) -> Step {
    if let Some(text) = step.as_str() {
        return Step::new(text, "");
    }
    let inner = |name: &str| step.get(name).filter(|inner| inner.is_object());
    let fields = inner("inline").or_else(|| inner("fields")).unwrap_or(step);
    let text = |names: &[&str]| {
        let mut texts = names.iter().filter_map(|name| field(fields, name));
        texts.find(|text| !text.trim().is_empty())
    };
    let action = ACTION.iter().find_map(|name| {
        // `{"step": 1, "description": "Open"}`: a number alone is the step's place.
        let is_place = |text: &String| *name == "step" && text.chars().all(|c| c.is_ascii_digit());
        field(fields, name).filter(|text| !text.trim().is_empty() && !is_place(text))
    });
    let action = action.or_else(|| {
        let of = |names: &[&str]| {
            let found = |name: &&str| field(step, name).or_else(|| key_in(step, name));
            names.iter().find_map(found)
        };
        let called = of(&CALLED).map(|test| format!("Call to Test {test}"));
        called.or_else(|| of(&SHARED).map(|id| format!("Shared step {id}")))
    });
    Step {
        action: action.unwrap_or_default(),
        expected: text(&EXPECTED),
        data: text(&DATA),
    }
}

/// A field's text by its folded name; a rich text is an object with its source in `raw`.
fn field(step: &Value, name: &str) -> Option<String> {
    let value = value_of(step, name)?;
    let value = value.get("raw").unwrap_or(value);
    match value {
        Value::String(text) => Some(text.clone()),
        value => text_of(value),
    }
}

/// The key of an object in a field: `{"testCase": {"testCaseKey": "PAY-T9"}}`.
fn key_in(step: &Value, name: &str) -> Option<String> {
    let value = value_of(step, name)?;
    ["testCaseKey", "key", "id"]
        .iter()
        .find_map(|name| text_of(value.get(name)?))
}

/// The value of a field by its folded name: lower case, letters and digits only.
pub(crate) fn value_of<'v>(step: &'v Value, name: &str) -> Option<&'v Value> {
    let fields = step.as_object()?.iter();
    let folded = |key: &str| -> String {
        let kept = key.chars().filter(|c| c.is_alphanumeric());
        kept.flat_map(char::to_lowercase).collect()
    };
    let mut found = fields.filter(|(key, _)| folded(key) == name);
    found.next().map(|(_, value)| value)
}

/// `<steps><step type="…"><parameterizedString>action</…><parameterizedString>result</…></step></steps>`.
fn of_azure(text: &str) -> Option<Vec<Step>> {
    let document = xml::read(text, Budget::of_record());
    let root = document.root.filter(|root| root.name == "steps")?;
    let mut steps = Vec::new();
    azure_steps(&root, &mut steps);
    Some(steps)
}

fn azure_steps(element: &Element, steps: &mut Vec<Step>) {
    for child in &element.children {
        match child.name.as_str() {
            "step" => {
                let texts = child
                    .children
                    .iter()
                    .filter(|one| one.name == "parameterizedString");
                let mut texts = texts.map(|one| html::plain_cell(&one.text).trim().to_owned());
                let (action, expected) = (texts.next(), texts.next());
                steps.push(Step::new(
                    action.unwrap_or_default(),
                    expected.unwrap_or_default(),
                ));
            }
            // Shared steps; the steps after them may stand inside.
            "compref" => {
                let id = child.attribute("ref").unwrap_or("");
                steps.push(Step::new(format!("Shared steps {id}").trim_end(), ""));
                azure_steps(child, steps);
            }
            _ => azure_steps(child, steps),
        }
    }
}
