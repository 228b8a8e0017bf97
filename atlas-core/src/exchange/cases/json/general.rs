//! A test case as JSON of any tool or person: its fields by their usual names, in any language.

use serde_json::Value;

use super::fields::{Fields, is_blank, text_in};
use super::steps::{self, JsonSteps};
use super::usage::{FieldSeen, FieldUse, shown};
use crate::domain::{PatternOrigin, TestField, TestFormat, TestPattern};
use crate::exchange::cases::TestCase;
use crate::exchange::cases::cells::{keys_of_cell, minutes};
use crate::exchange::cases::names::{Column, is_word, key};
use crate::exchange::cases::table::looks;
use crate::exchange::cases::table::{id_of, says_nothing};
use crate::exchange::pattern_fields::{NO_TYPE, is_retired};
use crate::text::markdown;

/// Columns that only test cases have.
const OF_TESTS: [Column; 10] = [
    Column::Steps,
    Column::Bdd,
    Column::Plain,
    Column::Precondition,
    Column::StepsExpected,
    Column::TestType,
    Column::External,
    Column::Objective,
    Column::Component,
    Column::Labels,
];

/// Those of them that tickets have, too.
const OF_BOTH: [Column; 3] = [Column::Objective, Column::Component, Column::Labels];

/// What stands around a record.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Surroundings<'a> {
    /// The project that the user gives.
    pub project: Option<&'a str>,
    /// The suite that the record lies in, and what tells it from others.
    pub suite: Option<(&'a str, &'a str)>,
}

/// Reads a test case, and tells what was used of it.
pub(super) fn case(
    record: &Value,
    around: Surroundings<'_>,
) -> std::result::Result<(TestCase, FieldUse), String> {
    let mut fields = Fields::of(record);
    let mut fields_used = FieldUse::default();
    let name = fields
        .text(Column::Name)
        .ok_or("the test case has no \"name\"")?;
    let mut pattern = TestPattern::new(name, NO_TYPE);
    pattern.origin = PatternOrigin::Imported;
    let tool = of_tool(record);
    place(&mut fields, around, tool, &mut pattern);
    pattern.objective = fields.text(Column::Objective).and_then(plain);
    pattern.precondition = fields.text(Column::Precondition).and_then(plain);
    take_steps(&mut fields, &mut pattern, &mut fields_used);
    pattern.labels = fields.texts(Column::Labels);
    if let Some(Value::Bool(is_active)) = fields.value(Column::Status) {
        pattern.is_active = *is_active;
        fields.used_column(Column::Status);
    } else if let Some(status) = fields.text(Column::Status) {
        pattern.is_active = !is_retired(&status) && !is_word("retired", &status);
    }
    if let Some(text) = fields.text(Column::Minutes) {
        pattern.avg_time_minutes = minutes(&text);
        if pattern.avg_time_minutes.is_none() && !says_nothing(&text) {
            fields_used.unread("minutes", &text, "a duration such as 15, 1h 30m or 01:30");
        }
    }
    let of_tickets = fields.texts(Column::Tickets).join(" ");
    let tickets = keys_of_cell(&of_tickets);
    if tickets.is_empty() && !of_tickets.is_empty() && !says_nothing(&of_tickets) {
        fields_used.unread("tickets", &of_tickets, "ticket keys such as WRKA-7");
    }
    let (ids, scope) = ids(&mut fields, tool, around.project);
    fields_used.is_test = is_test(&fields);
    let mut of_tests = OF_TESTS.iter().filter(|column| !OF_BOTH.contains(column));
    fields_used.is_ticket = !of_tests.any(|column| fields.has(*column))
        && !has_folder(&fields)
        && looks::is_ticket(fields.all.iter().map(|field| field.name));
    fields_used.has_steps = !pattern.steps.is_empty();
    fields_used.take(&fields);
    let holds = Some(holds(&fields, &pattern, &fields_used, around));
    let case = TestCase {
        ids,
        scope,
        pattern,
        tickets,
        holds,
    };
    Ok((case, fields_used))
}

/// The type and the component: a field for the type goes before folders.
fn place(
    fields: &mut Fields<'_>,
    around: Surroundings<'_>,
    tool: TestFormat,
    pattern: &mut TestPattern,
) {
    let (mut kind, mut folder, mut path) = (None, None, None);
    let of = |field: &super::fields::JsonField<'_>| (field.name.to_owned(), text_in(field.value));
    let kinds: Vec<(String, Option<String>)> =
        fields.at(Column::Kind).into_iter().map(of).collect();
    // What tools call a type is its kind of testing, beside their suites.
    let has_own = tool == TestFormat::Atlas && around.suite.is_none();
    for (name, text) in kinds {
        if is_word("type", &name) && !has_own {
            continue;
        }
        fields.use_field(&name, Column::Kind);
        let Some(text) = text else { continue };
        let text = text.trim_matches('/').trim().to_owned();
        let slot = match key(&name).as_str() {
            name if is_word("type", name) => &mut kind,
            "path" => &mut path,
            _ => &mut folder,
        };
        slot.get_or_insert(text);
    }
    let last = path.as_deref().and_then(|path| {
        let mut parts = path.rsplit('/').map(str::trim);
        parts.find(|part| !part.is_empty()).map(str::to_owned)
    });
    let suite = around.suite.map(|(name, _)| name.to_owned());
    let found = kind.or(suite).or_else(|| folder.clone()).or(last);
    if let Some(kind) = found.filter(|kind| !kind.is_empty()) {
        pattern.pattern_type = kind;
    }
    let of_suite = around.suite.map(|(_, component)| component.to_owned());
    let own = fields.texts(Column::Component).into_iter().next();
    pattern.component = own.or(folder).or(of_suite);
}

fn take_steps(fields: &mut Fields<'_>, pattern: &mut TestPattern, fields_used: &mut FieldUse) {
    let JsonSteps {
        steps,
        precondition,
        unused,
        is_odd,
    } = steps::of(fields);
    if is_odd && let Some(value) = fields.value(Column::Steps) {
        let field = fields.at(Column::Steps).into_iter().next();
        let name = field.map_or_else(|| "steps".to_owned(), |field| field.path.clone());
        fields_used.odd_steps = Some(FieldSeen {
            name,
            first: shown(value),
            used_as: None,
            is_unknown: false,
            is_text: true,
        });
    }
    fields_used
        .fields
        .extend(unused.into_iter().map(|(name, first)| FieldSeen {
            name: format!("steps.{name}"),
            first,
            used_as: None,
            is_unknown: false,
            is_text: true,
        }));
    pattern.precondition = pattern.precondition.take().or(precondition);
    pattern.steps = steps;
}

/// The ids, and what they belong to. TestRail's and Qase's numbers are written as these tools do.
fn ids(
    fields: &mut Fields<'_>,
    tool: TestFormat,
    project: Option<&str>,
) -> (Vec<String>, Option<String>) {
    let of_file = fields.text(Column::Project);
    let external = fields.text(Column::External);
    let own = fields.text(Column::Id);
    let own = own.map(|id| {
        let is_number = id.chars().all(|c| c.is_ascii_digit());
        let scope = of_file.clone().filter(|_| is_number);
        let project = project.or(of_file.as_deref());
        (id_of(tool, project, &id), scope)
    });
    let scope = own.as_ref().and_then(|(_, scope)| scope.clone());
    let mut ids: Vec<String> = external.into_iter().chain(own.map(|(id, _)| id)).collect();
    ids.dedup();
    (ids, scope)
}

/// The tool whose answer a record is, by fields that no other has.
fn of_tool(record: &Value) -> TestFormat {
    let has = |name: &str| record.get(name).is_some();
    let is_custom = |name: &str| {
        let rest = name.strip_prefix("custom_");
        let parts = [
            "steps", "preconds", "expected", "mission", "goals", "testrail",
        ];
        rest.is_some_and(|rest| parts.iter().any(|part| rest.starts_with(part)))
    };
    let mut names = record
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name);
    let steps = record.get("steps").and_then(Value::as_array);
    let first = steps.and_then(|steps| steps.first());
    let is_of_qase = |step: &Value| {
        let has = |name: &str| step.get(name).is_some();
        has("position") && (has("expected_result") || has("action"))
    };
    let is_testrail = has("section_id") && has("template_id") || names.any(|name| is_custom(name));
    match () {
        () if is_testrail => TestFormat::TestrailCsv,
        () if has("steps_type") || first.is_some_and(is_of_qase) => TestFormat::QaseCsv,
        () => TestFormat::Atlas,
    }
}

fn is_test(fields: &Fields<'_>) -> bool {
    OF_TESTS.iter().any(|column| fields.has(*column)) || has_folder(fields)
}

fn has_folder(fields: &Fields<'_>) -> bool {
    let of_folder = fields.at(Column::Kind).into_iter();
    let mut of_folder = of_folder.map(|field| key(field.name));
    of_folder.any(|name| !is_word("type", &name) && name != "category" && name != "path")
}

/// Which parts the record tells: those whose fields are there, be they empty.
fn holds(
    fields: &Fields<'_>,
    pattern: &TestPattern,
    fields_used: &FieldUse,
    around: Surroundings<'_>,
) -> Vec<TestField> {
    let has = |columns: &[Column]| columns.iter().any(|column| fields.has(*column));
    let in_suite = around.suite.is_some();
    use Column as C;
    let parts = [
        (TestField::PatternType, has(&[C::Kind]) || in_suite),
        (
            TestField::Component,
            has(&[C::Component, C::Kind]) || in_suite,
        ),
        (TestField::Objective, has(&[C::Objective])),
        (
            TestField::Precondition,
            has(&[C::Precondition]) || pattern.precondition.is_some(),
        ),
        (
            TestField::Steps,
            has(&[C::Steps, C::Bdd, C::Plain]) && fields_used.odd_steps.is_none(),
        ),
        (TestField::Labels, has(&[C::Labels])),
        // One that is there and cannot be read is not an empty one.
        (
            TestField::Minutes,
            pattern.avg_time_minutes.is_some() || is_emptied(fields),
        ),
        (TestField::Active, has(&[C::Status])),
        (TestField::Tickets, has(&[C::Tickets])),
    ];
    let fields_used = parts.into_iter().filter(|(_, is_told)| *is_told);
    [TestField::Key, TestField::Name]
        .into_iter()
        .chain(fields_used.map(|(part, _)| part))
        .collect()
}

fn is_emptied(fields: &Fields<'_>) -> bool {
    let all = fields.at(Column::Minutes);
    let is_zero = |value: &Value| value.as_f64() == Some(0.0);
    !all.is_empty()
        && all
            .iter()
            .all(|field| is_blank(field.value) || is_zero(field.value))
}

fn plain(text: String) -> Option<String> {
    let text = markdown::to_text(&text);
    let says_nothing = ["", "none", "n/a", "-"].contains(&text.to_lowercase().as_str());
    (!says_nothing).then_some(text)
}
