//! Steps that a cell or field holds in a form of machines: JSON, and the XML of Azure DevOps.

use serde_json::Value;

use crate::domain::Step;
use crate::exchange::budget::Budget;
use crate::exchange::cases::names::{Column, common_field};
use crate::exchange::cases::xml::{self, Element};
use crate::exchange::json::text_of;
use crate::text::html;

/// The fields of a step by what tools call them, without case, blanks, `_` and `-`; best first.
const ACTION: [&str; 18] = [
    "action",
    "step",
    "stepaction",
    "instruction",
    "instructions",
    "steptext",
    "stepbody",
    "do",
    "description",
    "stepdescription",
    "stepdesc",
    "desc",
    "content",
    "actions",
    "title",
    "name",
    "stepname",
    "text",
];
const EXPECTED: [&str; 21] = [
    "expectedresult",
    "expectedresults",
    "expected",
    "expectedoutcome",
    "result",
    "results",
    "stepresult",
    "outcome",
    "expectation",
    "expectations",
    "expectedbehavior",
    "expectedbehaviour",
    "expectedoutput",
    "expectedresponse",
    "expectedvalue",
    "expresult",
    "verify",
    "verification",
    "check",
    "assert",
    "assertion",
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
        '<' => of_html_table(text),
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

/// The steps of a text that is an HTML table of steps: a row each.
pub(crate) fn of_html_table(text: &str) -> Option<Vec<Step>> {
    let mut rows = html::table_rows(text)?;
    let width = rows.iter().map(Vec::len).max()?;
    if width < 2 || rows.iter().any(|row| row.len() != width) {
        return None;
    }
    let columns = match rows.first().and_then(|head| columns_of(head)) {
        Some(columns) => {
            rows.remove(0);
            columns
        }
        None => {
            let is_numbered = (1..).zip(&rows).all(|(number, row)| {
                let first = row[0].trim_end_matches(['.', ')']);
                first.parse() == Ok(number)
            });
            match (width - usize::from(is_numbered), is_numbered) {
                (1, true) => vec![Column::StepNumber, Column::Steps],
                (2, false) => vec![Column::Steps, Column::StepsExpected],
                (2, true) => vec![Column::StepNumber, Column::Steps, Column::StepsExpected],
                _ => return None,
            }
        }
    };
    let step = |row: &Vec<String>| {
        let text = |wanted: Column| {
            let mut cells = columns
                .iter()
                .zip(row)
                .filter(|(column, _)| **column == wanted);
            cells
                .next()
                .map(|(_, cell)| cell.clone())
                .filter(|cell| !cell.is_empty())
        };
        Step {
            action: text(Column::Steps).unwrap_or_default(),
            expected: text(Column::StepsExpected),
            data: text(Column::StepsData),
        }
    };
    let steps: Vec<Step> = rows.iter().map(step).collect();
    (!steps.is_empty()).then_some(steps)
}

/// What the columns of a table of steps hold, where each cell of its first row says so, each
/// something else.
fn columns_of(head: &[String]) -> Option<Vec<Column>> {
    const NUMBERS: [&str; 4] = ["#", "no", "nr", "№"];
    let column = |name: &String| match name.trim() {
        name if NUMBERS.contains(&name.trim_end_matches('.').to_lowercase().as_str()) => {
            Some(Column::StepNumber)
        }
        name => common_field(name).filter(|column| {
            use Column::{StepNumber, Steps, StepsData, StepsExpected};
            [Steps, StepsExpected, StepsData, StepNumber].contains(column)
        }),
    };
    let columns: Vec<Column> = head.iter().map(column).collect::<Option<_>>()?;
    let is_told = columns.contains(&Column::Steps);
    let once = |column: &Column| columns.iter().filter(|one| *one == column).count() == 1;
    (is_told && columns.iter().all(once)).then_some(columns)
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
    let steps: Vec<&Value> = steps.as_array().into_iter().flatten().collect();
    let steps = raw_in(&steps).into_iter().map(|raw| raw.step);
    steps.filter(|step| *step != Step::default()).collect()
}

/// A step as JSON has it, and what of it was not used.
#[derive(Debug, Default)]
pub(crate) struct RawStep<'v> {
    pub step: Step,
    /// Its other fields that hold something.
    pub unused: Vec<(String, &'v Value)>,
    /// Whether it holds something, and nothing of it is known.
    pub is_odd: bool,
}

/// What stands in a step beside its text: its place, its ids, and the steps in it.
const AROUND: [&str; 12] = [
    "position",
    "index",
    "order",
    "orderid",
    "stepnumber",
    "number",
    "no",
    "id",
    "hash",
    "self",
    "type",
    "steps",
];
/// The fields that say where a step stands, best first.
const PLACES: [&str; 5] = ["position", "index", "orderid", "order", "stepnumber"];
/// Steps in steps lie no deeper.
const DEEPEST: usize = 8;

/// The steps of a list in the order that they give themselves, those in a step after it.
pub(crate) fn raw_in<'v>(steps: &[&'v Value]) -> Vec<RawStep<'v>> {
    let mut all = Vec::new();
    tell(steps, DEEPEST, &mut all);
    all
}

fn tell<'v>(steps: &[&'v Value], depth: usize, all: &mut Vec<RawStep<'v>>) {
    for step in in_order(steps) {
        all.push(raw(step));
        let inner = value_of(step, "steps").and_then(Value::as_array);
        if let (Some(inner), true) = (inner, depth > 0) {
            tell(&inner.iter().collect::<Vec<_>>(), depth - 1, all);
        }
    }
}

/// The steps by the numbers of their places, where each has one of its own.
fn in_order<'v>(steps: &[&'v Value]) -> Vec<&'v Value> {
    let place = |name: &str, step: &Value| value_of(step, name).and_then(Value::as_u64);
    for name in PLACES {
        let numbers: Option<Vec<u64>> = steps.iter().map(|step| place(name, step)).collect();
        let Some(numbers) = numbers else { continue };
        let mut placed: Vec<(u64, &Value)> =
            numbers.into_iter().zip(steps.iter().copied()).collect();
        placed.sort_by_key(|(number, _)| *number);
        if placed.windows(2).all(|two| two[0].0 < two[1].0) {
            return placed.into_iter().map(|(_, step)| step).collect();
        }
    }
    steps.to_vec()
}

fn raw(value: &Value) -> RawStep<'_> {
    let mut used: Vec<String> = Vec::new();
    let step = json_step(value, &mut used);
    let is_odd = step == Step::default() && holds_text(value);
    let fields = step_fields(value).as_object().into_iter().flatten();
    let is_unused = |(name, value): &(&String, &Value)| {
        let name = folded(name);
        let is_known = used.contains(&name) || AROUND.contains(&name.as_str());
        !is_known && holds_text(value)
    };
    let unused = fields.filter(is_unused);
    RawStep {
        unused: unused.map(|(name, value)| (name.clone(), value)).collect(),
        step,
        is_odd,
    }
}

/// Whether a text is in a value, however deep.
pub(crate) fn holds_text(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(values) => values.iter().any(holds_text),
        Value::Object(values) => values.values().any(holds_text),
        _ => false,
    }
}

fn step_fields(step: &Value) -> &Value {
    let inner = |name: &str| step.get(name).filter(|inner| inner.is_object());
    inner("inline").or_else(|| inner("fields")).unwrap_or(step)
}

/// A step; the folded names of the fields that it is from are noted.
fn json_step(step: &Value, used: &mut Vec<String>) -> Step {
    if let Some(text) = step.as_str() {
        return Step::new(text, "");
    }
    let fields = step_fields(step);
    if let Some(action) = in_words(fields, used) {
        return Step::new(action, "");
    }
    let mut first = |names: &'static [&'static str], is_it: &dyn Fn(&str, &str) -> bool| {
        names.iter().find_map(|name| {
            let text = field(fields, name).filter(|text| !text.trim().is_empty())?;
            used.push((*name).to_owned());
            is_it(name, &text).then_some(text)
        })
    };
    // `{"step": 1, "description": "Open"}`: a number alone is the step's place.
    let action = first(&ACTION, &|name, text| {
        name != "step" || !text.chars().all(|c| c.is_ascii_digit())
    });
    let (expected, data) = (first(&EXPECTED, &|_, _| true), first(&DATA, &|_, _| true));
    let action = action.or_else(|| common(fields, &[Column::Action, Column::Steps], used));
    let mut more = |columns: &[Column]| {
        let is_known = action.is_some();
        is_known.then(|| common(fields, columns, used)).flatten()
    };
    let expected = expected.or_else(|| more(&[Column::Expected, Column::StepsExpected]));
    let data = data.or_else(|| more(&[Column::Data, Column::StepsData]));
    let action = action.or_else(|| {
        let mut of = |names: &'static [&'static str]| {
            names.iter().find_map(|name| {
                let found = field(step, name).or_else(|| key_in(step, name))?;
                used.push((*name).to_owned());
                Some(found)
            })
        };
        let called = of(&CALLED).map(|test| format!("Call to Test {test}"));
        called.or_else(|| of(&SHARED).map(|id| format!("Shared step {id}")))
    });
    Step {
        action: action.unwrap_or_default(),
        expected,
        data,
    }
}

/// A step in Gherkin: `{"given": "a user"}`, `{"keyword": "Given ", "name": "a user"}`.
fn in_words(fields: &Value, used: &mut Vec<String>) -> Option<String> {
    const WORDS: [&str; 5] = ["Given", "When", "Then", "And", "But"];
    if let Some(word) = field(fields, "keyword") {
        let word = WORDS
            .into_iter()
            .find(|known| known.eq_ignore_ascii_case(word.trim()))?;
        let names = ["name", "text"];
        let (name, text) = names
            .iter()
            .find_map(|name| Some((*name, field(fields, name)?)))?;
        used.extend(["keyword".to_owned(), name.to_owned()]);
        return Some(format!("{word} {text}"));
    }
    let object = fields.as_object()?;
    let is_word = |name: &String| WORDS.iter().any(|word| word.eq_ignore_ascii_case(name));
    if object.is_empty() || !object.keys().all(is_word) {
        return None;
    }
    let lines = WORDS.iter().filter_map(|word| {
        let name = folded(word);
        let text = field(fields, &name)?;
        used.push(name);
        Some(format!("{word} {text}"))
    });
    let lines: Vec<String> = lines.collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// The text of a field by what tables of any language call it.
fn common(fields: &Value, columns: &[Column], used: &mut Vec<String>) -> Option<String> {
    let all = fields.as_object().into_iter().flatten();
    let mut named = all.filter_map(|(name, value)| {
        let column = common_field(name)?;
        let text = text_of(value.get("raw").unwrap_or(value))?;
        let is_number = text.chars().all(|c| c.is_ascii_digit());
        (columns.contains(&column) && !is_number && !used.contains(&folded(name)))
            .then(|| (folded(name), text))
    });
    let (name, text) = named.next()?;
    used.push(name);
    Some(text)
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
    let mut found = fields.filter(|(key, _)| folded(key) == name);
    found.next().map(|(_, value)| value)
}

fn folded(key: &str) -> String {
    let kept = key.chars().filter(|c| c.is_alphanumeric());
    kept.flat_map(char::to_lowercase).collect()
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
