//! The same XML or JSON in another shape is the same tickets, test cases and results, or a refusal.

use std::io::Write;
use std::ops::ControlFlow;

use atlas_core::Atlas;
use atlas_core::domain::{
    PatternFilter, Step, TestExport, TestFormat, TestImport, TestPattern, silent,
};
use atlas_core::exchange::cases::{self, TestCase};
use atlas_core::jira::read_tickets;
use encoding_rs::WINDOWS_1252;
use flate2::{Compression, write::GzEncoder};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::file;

/// A test case: its section, its steps with their results.
type Plan = (u8, Vec<(String, String)>);

fn plans() -> impl Strategy<Value = Vec<Plan>> {
    let text = "[A-Z][a-zäß]{1,6}( [a-z0-9&<+=@'-]{1,5}){0,2}";
    let steps = proptest::collection::vec((text, text), 1..4);
    proptest::collection::vec((0..3u8, steps), 1..5)
}

/// How a document is written: bytes of which encoding, which line ends, and the like.
#[derive(Debug, Clone)]
struct Form {
    encoding: &'static str,
    line_end: &'static str,
    is_spread: bool,
    is_turned: bool,
    has_unknown: bool,
    gzip: bool,
}

fn forms() -> impl Strategy<Value = Form> {
    let encodings = vec![
        "utf-8",
        "bom",
        "utf-16le-bom",
        "utf-16be-bom",
        "windows-1252",
    ];
    (
        prop::sample::select(encodings),
        prop::sample::select(vec!["\n", "\r\n"]),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(
            |(encoding, line_end, is_spread, is_turned, has_unknown, gzip)| Form {
                encoding,
                line_end,
                is_spread,
                is_turned,
                has_unknown,
                gzip,
            },
        )
}

impl Form {
    fn bytes(&self, text: &str) -> Vec<u8> {
        let text = text.replace('\n', self.line_end);
        let units = |of: fn(u16) -> [u8; 2]| {
            let marked = format!("\u{feff}{text}");
            marked.encode_utf16().flat_map(of).collect::<Vec<u8>>()
        };
        let bytes = match self.encoding {
            "bom" => format!("\u{feff}{text}").into_bytes(),
            "utf-16le-bom" => units(u16::to_le_bytes),
            "utf-16be-bom" => units(u16::to_be_bytes),
            "windows-1252" => WINDOWS_1252.encode(&text).0.into_owned(),
            _ => text.into_bytes(),
        };
        if !self.gzip {
            return bytes;
        }
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(&bytes).expect("memory takes it");
        gzip.finish().expect("memory takes it")
    }

    /// JSON with its names in another order, with more names, or on many lines.
    fn json(&self, value: &Value) -> String {
        let mut text = String::new();
        self.write(value, 0, &mut text);
        text
    }

    fn write(&self, value: &Value, depth: usize, text: &mut String) {
        let gap = |text: &mut String| {
            if self.is_spread {
                text.push('\n');
                text.extend(std::iter::repeat_n(' ', depth * 2 + 2));
            }
        };
        match value {
            Value::Object(fields) => {
                let mut all: Vec<(String, Value)> =
                    fields.iter().map(|(n, v)| (n.clone(), v.clone())).collect();
                if self.has_unknown && !fields.contains_key("of") {
                    all.push(("x_unknown".into(), json!({"of": ["no", 1, null]})));
                }
                if self.is_turned {
                    all.reverse();
                }
                text.push('{');
                for (place, (name, value)) in all.iter().enumerate() {
                    text.push_str(if place == 0 { "" } else { "," });
                    gap(text);
                    text.push_str(&format!("{}:", json!(name)));
                    self.write(value, depth + 1, text);
                }
                gap(text);
                text.push('}');
            }
            Value::Array(values) => {
                text.push('[');
                for (place, value) in values.iter().enumerate() {
                    text.push_str(if place == 0 { "" } else { "," });
                    gap(text);
                    self.write(value, depth + 1, text);
                }
                gap(text);
                text.push(']');
            }
            other => text.push_str(&other.to_string()),
        }
    }

    /// An element with attributes, in this form.
    fn element(&self, name: &str, attributes: &[(&str, &str)], inner: &str) -> String {
        let mut all: Vec<String> = attributes
            .iter()
            .map(|(name, value)| match self.is_turned {
                true => format!(" {name}='{}'", escaped(value).replace('\'', "&apos;")),
                false => format!(" {name}=\"{}\"", escaped(value)),
            })
            .collect();
        if self.is_turned {
            all.reverse();
        }
        if self.has_unknown {
            all.push(" x-unknown='1'".into());
        }
        let gap = if self.is_spread && inner.starts_with('<') {
            "\n  "
        } else {
            ""
        };
        let note = if self.has_unknown {
            "<!-- a note -->"
        } else {
            ""
        };
        format!("<{name}{}>{gap}{note}{inner}{gap}</{name}>", all.concat())
    }

    /// A text, as it is or in a section of its own.
    fn text(&self, text: &str) -> String {
        match self.is_turned {
            true => format!("<![CDATA[{text}]]>"),
            false => escaped(text),
        }
    }

    fn document(&self, root: &str) -> String {
        let encoding = match self.encoding {
            "windows-1252" => "windows-1252",
            "utf-16le-bom" | "utf-16be-bom" => "UTF-16",
            _ => "UTF-8",
        };
        format!("<?xml version=\"1.0\" encoding=\"{encoding}\"?>\n{root}\n")
    }
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;").replace('"', "&quot;")
}

fn plain() -> Form {
    Form {
        encoding: "utf-8",
        line_end: "\n",
        is_spread: false,
        is_turned: false,
        has_unknown: false,
        gzip: false,
    }
}

const XML: [&str; 2] = ["testrail", "testlink"];
const JSON: [TestFormat; 4] = [
    TestFormat::Atlas,
    TestFormat::XrayCloud,
    TestFormat::XrayDc,
    TestFormat::ZephyrJson,
];

/// The test cases as XML of a tool.
fn xml(tool: &str, plans: &[Plan], form: &Form) -> String {
    let mut suites = String::new();
    for (number, (section, steps)) in plans.iter().enumerate() {
        let (id, name) = (format!("{}", number + 1), format!("Case {number}"));
        let section = format!("Section {section}");
        suites += &match tool {
            "testrail" => {
                let step = |(action, result): &(String, String)| {
                    let action = form.element("content", &[], &form.text(action));
                    let result = form.element("expected", &[], &form.text(result));
                    form.element("step", &[], &(action + &result))
                };
                let steps: String = steps.iter().map(step).collect();
                let steps = form.element("steps_separated", &[], &steps);
                let parts = [
                    form.element("id", &[], &format!("C{id}")),
                    form.element("title", &[], &form.text(&name)),
                    form.element("custom", &[], &steps),
                ];
                let case = form.element("case", &[], &parts.concat());
                let named = form.element("name", &[], &form.text(&section));
                let cases = form.element("cases", &[], &case);
                form.element("section", &[], &(named + &cases))
            }
            _ => {
                let step = |(place, (action, result)): (usize, &(String, String))| {
                    let parts = [
                        form.element("step_number", &[], &format!("{}", place + 1)),
                        form.element("actions", &[], &form.text(action)),
                        form.element("expectedresults", &[], &form.text(result)),
                    ];
                    form.element("step", &[], &parts.concat())
                };
                let steps: String = steps.iter().enumerate().map(step).collect();
                let parts = form.element("externalid", &[], &id)
                    + &form.element("fullexternalid", &[], &format!("QA-{id}"))
                    + &form.element("steps", &[], &steps);
                let attributes = [("internalid", id.as_str()), ("name", name.as_str())];
                let case = form.element("testcase", &attributes, &parts);
                form.element("testsuite", &[("name", &section)], &case)
            }
        };
    }
    form.document(&match tool {
        "testrail" => form.element("suite", &[], &form.element("sections", &[], &suites)),
        _ => form.element("testsuite", &[("name", "All")], &suites),
    })
}

/// The test cases as JSON of a tool, as we write it.
fn written(format: TestFormat, plans: &[Plan]) -> Value {
    let case = |(number, (section, steps)): (usize, &Plan)| {
        let mut pattern = TestPattern::new(format!("Case {number}"), format!("Section {section}"));
        let steps = steps
            .iter()
            .map(|(action, result)| Step::new(action, result));
        pattern.steps = steps.collect();
        TestCase {
            ids: vec![format!("QA-{}", number + 1)],
            scope: None,
            pattern,
            tickets: Vec::new(),
            holds: None,
        }
    };
    let all: Vec<TestCase> = plans.iter().enumerate().map(case).collect();
    let options = TestExport {
        project: Some("QA".into()),
        ..TestExport::new(format)
    };
    let files = cases::write(&all, &options, false).expect("it is written");
    let text = String::from_utf8(files[0].bytes.clone()).expect("it is text");
    match serde_json::from_str(&text) {
        Ok(value) => value,
        // One a line.
        Err(_) => text
            .lines()
            .map(|l| serde_json::from_str::<Value>(l).unwrap())
            .collect(),
    }
}

/// A kind of document.
enum Document {
    Xml(&'static str),
    Json(TestFormat),
}

fn documents() -> impl Iterator<Item = Document> {
    let xml = XML.into_iter().map(Document::Xml);
    xml.chain(JSON.into_iter().map(Document::Json))
}

impl Document {
    fn of(&self, plans: &[Plan]) -> Vec<u8> {
        match self {
            Document::Xml(tool) => xml(tool, plans, &plain()).into_bytes(),
            Document::Json(format) => written(*format, plans).to_string().into_bytes(),
        }
    }
}

/// What is read of a file: ids, name, type and steps of each test case.
fn read(bytes: &[u8]) -> Result<Vec<String>, String> {
    let (_folder, path) = file("cases", bytes);
    let file = cases::read(&path, &TestImport::default()).map_err(|error| error.to_string())?;
    let said = |case: TestCase| {
        let pattern = case.pattern;
        format!(
            "{:?} {} {} {:?}",
            case.ids, pattern.name, pattern.pattern_type, pattern.steps
        )
    };
    let entries = file.entries.into_iter().map(|entry| entry.value.map(said));
    entries.collect()
}

/// What is stored: name, type and steps of each test case, in any order.
fn stored(atlas: &Atlas) -> Vec<String> {
    let all = atlas
        .patterns()
        .list(&PatternFilter::default())
        .expect("patterns are read");
    let said = |one: atlas_core::domain::StoredPattern| {
        let p = one.pattern;
        format!("{:?} {} {} {:?}", p.key, p.name, p.pattern_type, p.steps)
    };
    let mut all: Vec<String> = all.into_iter().map(said).collect();
    all.sort();
    all
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 48,
        rng_seed: proptest::test_runner::RngSeed::Fixed(48),
        ..ProptestConfig::default()
    })]

    #[test]
    fn xml_of_any_form_is_the_same_test_cases(plans in plans(), form in forms()) {
        for tool in XML {
            let expected = read(xml(tool, &plans, &plain()).as_bytes());
            prop_assert_eq!(expected.as_ref().map(Vec::len), Ok(plans.len()));
            let found = read(&form.bytes(&xml(tool, &plans, &form)));
            prop_assert_eq!(found, expected, "{}", tool);
        }
    }

    #[test]
    fn json_of_any_form_is_the_same_test_cases(plans in plans(), form in forms()) {
        for format in JSON {
            let value = written(format, &plans);
            let expected = read(value.to_string().as_bytes());
            prop_assert_eq!(expected.as_ref().map(Vec::len), Ok(plans.len()));
            let found = read(&form.bytes(&form.json(&value)));
            prop_assert_eq!(found, expected, "{:?}", format);
        }
    }

    #[test]
    fn results_of_any_form_are_the_same(plans in plans(), form in forms()) {
        let write = |form: &Form| {
            let test = |(number, (section, steps)): (usize, &Plan)| {
                let message = steps[0].0.as_str();
                let child = match number % 3 {
                    0 => String::new(),
                    1 => form.element("failure", &[("message", message)], ""),
                    _ => form.element("skipped", &[], ""),
                };
                let (name, class) = (format!("Case {number}"), format!("of.Section{section}"));
                let time = format!("{number}.25");
                let attributes = [("name", name.as_str()), ("classname", &class), ("time", &time)];
                form.element("testcase", &attributes, &child)
            };
            let tests: String = plans.iter().enumerate().map(test).collect();
            let attributes = [("name", "NIM-1"), ("timestamp", "2026-01-05T10:00:00")];
            form.document(&form.element("testsuite", &attributes, &tests))
        };
        let read = |bytes: &[u8]| {
            let (_folder, path) = file("report", bytes);
            let file = cases::read_results(&path, &TestImport::default());
            let file = file.map_err(|error| error.to_string())?;
            let said = |one: cases::TestResult| {
                format!("{:?} {} {:?} {:?} {:?}", one.group, one.name, one.outcome, one.seconds, one.ran_at)
            };
            let entries = file.entries.into_iter().map(|entry| entry.value.map(said));
            entries.collect::<Result<Vec<String>, String>>()
        };
        let expected = read(write(&plain()).as_bytes());
        prop_assert_eq!(expected.as_ref().map(Vec::len), Ok(plans.len()));
        prop_assert_eq!(read(&form.bytes(&write(&form))), expected);
    }

    #[test]
    fn issues_of_any_form_are_the_same_tickets(plans in plans(), form in forms(), envelope in 0..4usize) {
        let issue = |(number, (section, steps)): (usize, &Plan)| json!({
            "id": format!("{}", 10_000 + number),
            "key": format!("NIM-{}", number + 1),
            "fields": {
                "summary": steps[0].0,
                "description": steps.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join("\n"),
                "status": {"name": format!("Status {section}")},
                "labels": [format!("l{section}")],
                "created": "2026-01-05T10:00:00.000+0100",
            }
        });
        let issues: Vec<Value> = plans.iter().enumerate().map(issue).collect();
        let read = |bytes: &[u8]| {
            let (_folder, path) = file("issues", bytes);
            let mut tickets = Vec::new();
            let summary = read_tickets(&path, &mut |record| {
                tickets.push(record.value.map(|read| read.ticket));
                ControlFlow::Continue(())
            });
            summary.map_err(|error| error.to_string())?;
            tickets.into_iter().collect::<Result<Vec<_>, String>>()
        };
        let expected = read(json!(issues).to_string().as_bytes());
        prop_assert_eq!(expected.as_ref().map(Vec::len), Ok(plans.len()));
        let text = match envelope {
            0 => form.json(&json!(issues)),
            1 => form.json(&json!({"startAt": 0, "issues": issues})),
            2 => form.json(&json!({"data": {"page": {"issues": issues}}})),
            _ => issues.iter().map(|issue| Form { is_spread: false, ..form.clone() }.json(issue) + "\n").collect(),
        };
        prop_assert_eq!(read(&form.bytes(&text)), expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 4,
        rng_seed: proptest::test_runner::RngSeed::Fixed(4),
        ..ProptestConfig::default()
    })]

    #[test]
    fn twice_or_cut_in_two_is_the_same(plans in plans(), at in 1..4usize) {
        let open = || {
            let builder = Atlas::builder().starter_catalogue(false);
            builder.open_in_memory().expect("memory has room")
        };
        let import = |atlas: &Atlas, bytes: &[u8]| {
            let (_folder, path) = file("cases", bytes);
            let report = atlas.patterns().import_file_with(&path, &TestImport::default(), &mut silent);
            report.expect("it is imported")
        };
        for document in documents() {
            let whole = open();
            import(&whole, &document.of(&plans));
            let expected = stored(&whole);
            prop_assert_eq!(expected.len(), plans.len());
            let again = import(&whole, &document.of(&plans));
            prop_assert_eq!((again.created, again.updated, again.refused), (0, 0, 0));
            prop_assert_eq!(&stored(&whole), &expected);
            // First some of them, then all.
            let parts = open();
            import(&parts, &document.of(&plans[..at.min(plans.len())]));
            import(&parts, &document.of(&plans));
            prop_assert_eq!(&stored(&parts), &expected);
        }
    }
}
