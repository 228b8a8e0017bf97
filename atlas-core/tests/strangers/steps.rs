//! Steps stay as they were written, whichever file and form they come in.

use atlas_core::domain::{Step, TestFormat, TestImport};
use atlas_core::exchange::cases::{self, TestCase, TestFile};
use atlas_core::exchange::patterns::steps_of_text;
use proptest::prelude::*;

use super::file;

fn read(name: &str, content: &str) -> TestFile<TestCase> {
    let (_folder, path) = file(name, content);
    cases::read(&path, &TestImport::default()).unwrap()
}

fn cases_of(name: &str, content: &str) -> Vec<TestCase> {
    let entries = read(name, content).entries.into_iter();
    entries.map(|entry| entry.value.unwrap()).collect()
}

fn pairs(case: &TestCase) -> Vec<(&str, &str)> {
    let steps = case.pattern.steps.iter();
    let pair = |step| -> (&str, &str) {
        let step: &Step = step;
        (&step.action, step.expected.as_deref().unwrap_or(""))
    };
    steps.map(pair).collect()
}

/// A table with these cells for steps and results, quoted.
fn table(steps: &str, results: &str) -> String {
    let cell = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    format!(
        "Name,Steps,Expected Result\nPay,{},{}\n",
        cell(steps),
        cell(results)
    )
}

fn check(steps: &str, results: &str, expected: &[(&str, &str)]) {
    let all = cases_of("cases.csv", &table(steps, results));
    assert_eq!(all.len(), 1);
    assert_eq!(pairs(&all[0]), expected, "{steps:?} {results:?}");
}

#[test]
fn a_numbered_step_of_signs_alone_is_a_step_and_no_number() {
    for step in ["😀", "*", "-", "?", "⌘+⇧+4"] {
        check(&format!("1. {step}"), "", &[(step, "")]);
        check(
            &format!("1. {step}\n2. Save"),
            "",
            &[(step, ""), ("Save", "")],
        );
    }
}

#[test]
fn arrows_stay_where_results_have_a_place() {
    check(
        "1. Open Edit -> Find\n2. Map n => n * 2\n3. Run ls | wc",
        "1. A bar\n2. Doubled\n3. A number",
        &[
            ("Open Edit -> Find", "A bar"),
            ("Map n => n * 2", "Doubled"),
            ("Run ls | wc", "A number"),
        ],
    );
    check(
        "Open Edit -> Find\nWrite {a} => {b}",
        "",
        &[("Open Edit -> Find", ""), ("Write {a} => {b}", "")],
    );
    let rows =
        "Title,Section,Steps (Step),Steps (Expected Result)\nPay,Web,Open Edit -> Find | All,\n";
    assert_eq!(
        pairs(&cases_of("t.csv", rows)[0]),
        [("Open Edit -> Find | All", "")]
    );
    let json = r#"[{"name":"Pay","steps":["Open Edit -> Find","Map n => n * 2","a | b"]},
        {"name":"Look","steps":[{"step":"ls | wc => x","result":"A -> B"}]}]"#;
    let all = cases_of("t.json", json);
    assert_eq!(
        pairs(&all[0]),
        [
            ("Open Edit -> Find", ""),
            ("Map n => n * 2", ""),
            ("a | b", "")
        ]
    );
    assert_eq!(pairs(&all[1]), [("ls | wc => x", "A -> B")]);
    let xml = "<suite><cases><case><id>1</id><title>Pay</title><custom><steps>Open Edit -&gt; Find\nls | wc => x</steps></custom></case></cases></suite>";
    assert_eq!(
        pairs(&cases_of("t.xml", xml)[0]),
        [("Open Edit -> Find", ""), ("ls | wc => x", "")]
    );
}

#[test]
fn tables_without_a_place_for_results_may_use_marks() {
    let all = cases_of(
        "t.csv",
        "Name,Steps\nPay,\"1. Open => A form\n2. Submit\"\nLook,\"Map n => n * 2\nOpen Edit -> Find\"\n",
    );
    assert_eq!(pairs(&all[0]), [("Open", "A form"), ("Submit", "")]);
    assert_eq!(
        pairs(&all[1]),
        [("Map n => n * 2", ""), ("Open Edit -> Find", "")]
    );
    assert_eq!(
        steps_of_text("Open | a form\nSubmit | it is saved")[1],
        Step::new("Submit", "it is saved")
    );
}

#[test]
fn texts_that_begin_with_digits_stay() {
    let odd = [
        "7.1 channels play",
        "10.0.0.8 answers",
        "3. floor is chosen",
        "12) seats are free",
        "1.2.3 is shown",
        "911 is called",
        "2nd row",
        "1.5 l",
        "100% is shown",
    ];
    for text in odd {
        check(text, text, &[(text, text)]);
        let json = serde_json::json!([{"name": "Pay", "steps": [text, {"action": text, "expected": text}]}]);
        assert_eq!(
            pairs(&cases_of("t.json", &json.to_string())[0]),
            [(text, ""), (text, text)]
        );
        assert_eq!(steps_of_text(text), [Step::new(text, "")]);
        let rows = format!(
            "Key,Name,Test Script (Step-by-Step) - Step,Test Script (Step-by-Step) - Expected Result\nPAY-T1,Pay,{text},{text}\n,,{text},\n"
        );
        assert_eq!(
            pairs(&cases_of("t.csv", &rows)[0]),
            [(text, text), (text, "")]
        );
    }
    let cell = odd.join("\n");
    check(&cell, &cell, &odd.map(|text| (text, text)));
    let rows = "Name,Steps,Expected Result\nPay,1. Open,1. A form\n,2. 3.5 mm,2. 4 GHz\n";
    assert_eq!(
        pairs(&cases_of("t.csv", rows)[0]),
        [("Open", "A form"), ("3.5 mm", "4 GHz")]
    );
}

#[test]
fn lists_in_cells_keep_their_results() {
    let two = [("Open", "Form"), ("Submit", "Home")];
    for (steps, results) in [
        ("1. Open\n2. Submit", "1. Form\n2. Home"),
        ("1) Open\n2) Submit", "Form\nHome"),
        (
            "<ol><li>Open</li><li>Submit</li></ol>",
            "<ol><li>Form</li><li>Home</li></ol>",
        ),
        (
            "<ul><li>Open</li><li>Submit</li></ul>",
            "<p>Form</p><p>Home</p>",
        ),
        ("1. Open<br/>2. Submit", "1. Form<br>2. Home"),
        ("Step 1: Open\nStep 2: Submit", "Step 1: Form\nStep 2: Home"),
        ("• Open\n• Submit", "• Form\n• Home"),
        (
            "Step 1: Open\nExpected: Form\nStep 2: Submit\nExpected: Home",
            "",
        ),
        (
            "Step 1: Open Expected: Form\nStep 2: Submit Expected: Home",
            "",
        ),
    ] {
        check(steps, results, &two);
    }
    check(
        "1. Open\n2. Choose:\n   a) one\n   - two\n   1. three\nand wait\n3. Submit",
        "3. Home",
        &[
            ("Open", ""),
            ("Choose:\n   a) one\n   - two\n   1. three\nand wait", ""),
            ("Submit", "Home"),
        ],
    );
    check(
        "1. Open\n2. Submit",
        "1. A\n2. B\n3. C",
        &[("Open", "A"), ("Submit", "B"), ("", "C")],
    );
    check(
        "Type List<String> & a < b",
        "<b> stays",
        &[("Type List<String> & a < b", "<b> stays")],
    );
    let file = read(
        "qase.csv",
        "id,title,suite,steps_type,steps_actions,steps_result\n7,Pay,Shop,classic,1. Open,5. Home\n",
    );
    assert_eq!(
        pairs(file.entries[0].value.as_ref().unwrap()),
        [("Open", ""), ("", "Home")]
    );
    let given = "Name,Steps\nPay,\"Given a cart\nWhen I pay\nThen I get a receipt\"\n";
    let all = cases_of("t.csv", given);
    assert_eq!(all[0].pattern.precondition.as_deref(), Some("a cart"));
    assert_eq!(pairs(&all[0]), [("I pay", "I get a receipt")]);
}

#[test]
fn testrail_xml_is_undone_and_whole() {
    let xml = "<suite><sections><section><name>Web</name><sections><section><name>Cart</name><cases>\
        <case><title>Pay</title><priority>High</priority><custom><preconds>&lt;p&gt;A &amp;quot;user&amp;quot;&lt;/p&gt;</preconds>\
        <steps>1. old</steps><steps_separated>\
        <step><index>1</index><content>&lt;p&gt;Open &lt;strong&gt;it&lt;/strong&gt;&lt;br /&gt;now&lt;/p&gt;</content><expected>a &lt; b, &lt;name&gt;</expected></step>\
        <step><index>2</index><expected>Only seen</expected></step>\
        <step><index>3</index><shared_step_id>12</shared_step_id></step>\
        <shared_step><title>Log in</title><steps_separated><step><content>Type</content></step></steps_separated></shared_step>\
        <step><index>4</index><additional_info>Only data</additional_info></step>\
        </steps_separated><color>red</color></custom></case>\
        <case><title>Look</title><custom><steps>1. Open\n2. Look</steps><expected>&lt;ol&gt;&lt;li&gt;A&lt;/li&gt;&lt;li&gt;B&lt;/li&gt;&lt;/ol&gt;</expected></custom></case>\
        <case><title>Wait</title><custom><recipe>Sit down</recipe></custom></case>\
        </cases></section></sections></section><section><name>Mobile</name><sections><section><name>Cart</name><cases>\
        <case><title>Pay</title></case></cases></section></sections></section></sections></suite>";
    let file = read("suite.xml", xml);
    let all: Vec<&TestCase> = file
        .entries
        .iter()
        .map(|entry| entry.value.as_ref().unwrap())
        .collect();
    assert_eq!(all[0].pattern.precondition.as_deref(), Some("A \"user\""));
    assert_eq!(
        pairs(all[0]),
        [
            ("Open it\nnow", "a < b, <name>"),
            ("", "Only seen"),
            ("Shared step: 12", ""),
            ("Shared step: Log in", ""),
            ("Type", ""),
            ("", ""),
        ]
    );
    assert_eq!(all[0].pattern.steps[5].data.as_deref(), Some("Only data"));
    assert_eq!(pairs(all[1]), [("Open", "A"), ("Look", "B")]);
    // The same title without an id in two sections of one name is two test cases.
    assert_eq!(all[0].pattern.component.as_deref(), Some("Web > Cart"));
    assert_eq!(all[3].pattern.component.as_deref(), Some("Mobile > Cart"));
    assert_eq!(all[3].pattern.pattern_type, "Cart");
    let column = |name: &str| {
        file.report
            .columns
            .iter()
            .find(|column| column.name == name)
            .unwrap()
    };
    assert_eq!(column("steps_separated").used_as.as_deref(), Some("steps"));
    assert_eq!(column("color").used_as, None);
    assert_eq!(column("color").first_value.as_deref(), Some("red"));
    assert!(
        file.report.warnings[0].starts_with("2 test cases without steps"),
        "{:?}",
        file.report.warnings
    );
    assert!(file.report.warnings[0].contains("<recipe>"));
}

const TESTLINK: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuite name=""><node_order><![CDATA[]]></node_order><details><![CDATA[]]></details>
<testsuite name="Shop"><testsuite name="Cart">
<testcase internalid="91" name="Pay"><externalid><![CDATA[7]]></externalid><version><![CDATA[1]]></version>
<summary><![CDATA[<p>Why &amp; how</p>]]></summary><preconditions><![CDATA[<ul><li>A user</li></ul>]]></preconditions>
<importance><![CDATA[3]]></importance><estimated_exec_duration>5.00</estimated_exec_duration><status>7</status>
<steps>
<step><step_number><![CDATA[2]]></step_number><actions><![CDATA[<p>Press <strong>Pay</strong> -&gt; <em>Now</em></p>]]></actions><expectedresults><![CDATA[<p>3.5 &lt; 4</p>]]></expectedresults></step>
<step><step_number><![CDATA[1]]></step_number><actions><![CDATA[<ol><li>Open</li><li>Look</li></ol>]]></actions><expectedresults></expectedresults></step>
<step><step_number><![CDATA[3]]></step_number><actions></actions><expectedresults><![CDATA[<p>A mail</p>]]></expectedresults></step>
</steps>
<keywords><keyword name="smoke"><notes></notes></keyword></keywords>
<requirements><requirement><req_spec_title>All</req_spec_title><doc_id><![CDATA[PAY-12]]></doc_id><title>Receipt</title></requirement>
<requirement><doc_id>Chapter 3</doc_id></requirement></requirements>
<custom_fields><custom_field><name>Risk</name><value>low</value></custom_field></custom_fields></testcase>
<testcase internalid="92" name="Old"><externalid>8</externalid><status>5</status>
<steps><![CDATA[<p>1. Open</p><p>2. Look</p>]]></steps><expectedresults><![CDATA[<p>1. A</p><p>2. B</p>]]></expectedresults></testcase>
</testsuite></testsuite></testsuite>"#;

#[test]
fn testlink_xml_is_test_cases() {
    let file = read("export.xml", TESTLINK);
    assert_eq!(file.format, TestFormat::TestlinkXml);
    let all: Vec<&TestCase> = file
        .entries
        .iter()
        .map(|entry| entry.value.as_ref().unwrap())
        .collect();
    let first = &all[0].pattern;
    assert_eq!(all[0].ids, ["Shop/Cart/7"]);
    assert_eq!(
        (first.name.as_str(), first.pattern_type.as_str()),
        ("Pay", "Cart")
    );
    assert_eq!(first.objective.as_deref(), Some("Why & how"));
    assert_eq!(first.precondition.as_deref(), Some("- A user"));
    assert_eq!(
        (first.avg_time_minutes, first.labels.as_slice()),
        (Some(5), &["smoke".to_owned()][..])
    );
    assert_eq!(
        pairs(all[0]),
        [
            ("1. Open\n2. Look", ""),
            ("Press Pay -> Now", "3.5 < 4"),
            ("", "A mail")
        ]
    );
    assert_eq!(all[0].tickets.len(), 1);
    assert_eq!(pairs(all[1]), [("Open", "A"), ("Look", "B")]);
    assert!(!all[1].pattern.is_active);
    assert_eq!(file.report.assumed[0].about, "project");
    let unused = file
        .report
        .columns
        .iter()
        .find(|column| column.name == "custom_fields")
        .unwrap();
    assert_eq!(unused.used_as, None);
}

#[test]
fn testlink_ids_are_a_projects() {
    let (_folder, path) = file("export.xml", TESTLINK);
    let options = TestImport {
        project: Some("PAY".into()),
        ..TestImport::default()
    };
    let read_with = cases::read(&path, &options).unwrap();
    assert_eq!(read_with.entries[0].value.as_ref().unwrap().ids, ["PAY-7"]);
    let alone = "<testcases><testcase internalid=\"9\" name=\"Pay\"><fullexternalid>PAY-7</fullexternalid><steps/></testcase>\n<testcase internalid=\"8\"/></testcases>";
    let file = read("one.xml", alone);
    assert_eq!(file.format, TestFormat::TestlinkXml);
    assert_eq!(file.entries[0].value.as_ref().unwrap().ids, ["PAY-7"]);
    assert_eq!(
        file.entries[1].value.as_ref().unwrap_err(),
        "the test case has no name"
    );
    assert_eq!(file.entries[1].line, 2);
}

#[test]
fn json_steps_of_other_tools_are_read_or_named() {
    let json = r#"[{"title":"Pay","custom_steps_separated":[{"content":"Open","expected":"Form"},{"shared_step_id":12}]},
        {"name":"Look","test_steps":"1. Open\n2. Look","expected_result":"1. A\n2. B"},
        {"name":"Log","steps":"<ol><li>Open</li><li>Log</li></ol>"},
        {"name":"Wait","steps":[{"step":1,"description":"Open"},{"step":2,"expected":"Seen"}]},
        {"name":"Sit","stepList":["Open"]}]"#;
    let file = read("t.json", json);
    let all: Vec<&TestCase> = file
        .entries
        .iter()
        .map(|entry| entry.value.as_ref().unwrap())
        .collect();
    assert_eq!(pairs(all[0]), [("Open", "Form"), ("Shared step 12", "")]);
    assert_eq!(pairs(all[1]), [("Open", "A"), ("Look", "B")]);
    assert_eq!(pairs(all[2]), [("Open", ""), ("Log", "")]);
    assert_eq!(pairs(all[3]), [("Open", ""), ("", "Seen")]);
    assert_eq!(
        file.report.warnings,
        ["1 test case without steps; not used: \"stepList\""]
    );
}

/// How a list's item is written, by its number and text.
type Form<'f> = &'f dyn Fn(usize, &str) -> String;

/// A text that a person may write as a step; no mark, label or tag.
fn text() -> impl Strategy<Value = String> {
    "[A-Z][a-z]{1,6}( [a-z]{1,6}| [0-9]\\.[0-9]| -> [A-Z][a-z]{2}| \\| [a-z]{2}| => [a-z]{2}){0,3}"
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 24,
        rng_seed: proptest::test_runner::RngSeed::Fixed(24),
        ..ProptestConfig::default()
    })]

    #[test]
    fn one_list_in_every_form_is_the_same(all in proptest::collection::vec((text(), text()), 2..6)) {
        let each = |form: &dyn Fn(usize, &str) -> String, part: fn(&(String, String)) -> &String| -> String {
            let lines = all.iter().enumerate().map(|(place, pair)| form(place + 1, part(pair)));
            lines.collect::<Vec<_>>().join("\n")
        };
        let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let item = |_: usize, text: &str| format!("<li>{}</li>", escaped(text));
        let forms: [Form<'_>; 6] = [
            &|number, text| format!("{number}. {text}"),
            &|number, text| format!("({number}) {text}"),
            &|number, text| format!("Step {number}: {text}"),
            &|_, text| format!("- {text}"),
            &|_, text| text.to_owned(),
            &item,
        ];
        let expected: Vec<(&str, &str)> = all.iter().map(|(a, e)| (a.as_str(), e.as_str())).collect();
        for form in forms {
            let (mut steps, mut results) = (each(form, |pair| &pair.0), each(form, |pair| &pair.1));
            if steps.starts_with("<li>") {
                (steps, results) = (format!("<ol>{steps}</ol>"), format!("<ol>{results}</ol>"));
            }
            let read = cases_of("cases.csv", &table(&steps, &results));
            prop_assert_eq!(pairs(&read[0]), expected.clone(), "{}", steps);
        }
        let rows = all.iter().enumerate().map(|(place, (action, result))| {
            format!("{},\"{}. {action}\",\"{result}\"\n", if place == 0 { "Pay" } else { "" }, place + 1)
        });
        let rows = format!("Name,Steps,Expected Result\n{}", rows.collect::<String>());
        let read = cases_of("cases.csv", &rows);
        prop_assert_eq!(pairs(&read[0]), expected.clone());
        let steps: Vec<_> = all.iter().map(|(a, e)| serde_json::json!({"action": a, "expected": e})).collect();
        let json = serde_json::json!([{"name": "Pay", "steps": steps}]).to_string();
        let read = cases_of("cases.json", &json);
        prop_assert_eq!(pairs(&read[0]), expected.clone());
        let steps: String = all.iter().map(|(a, e)| format!("<step><actions>{}</actions><expectedresults>{}</expectedresults></step>", escaped(a), escaped(e))).collect();
        let xml = format!("<testcases><testcase internalid=\"1\" name=\"Pay\"><steps>{steps}</steps></testcase></testcases>");
        let read = cases_of("cases.xml", &xml);
        prop_assert_eq!(pairs(&read[0]), expected.clone());
    }

    #[test]
    fn no_cell_stops_an_import(
        steps in "[^\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f]{0,80}",
        results in "[^\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f]{0,40}",
    ) {
        let (_folder, path) = file("cases.csv", table(&steps, &results));
        let read = cases::read(&path, &TestImport::default()).unwrap();
        prop_assert!(read.entries.iter().all(|entry| entry.value.is_ok() || entry.value.is_err()));
        let _ = steps_of_text(&steps);
    }
}

#[test]
fn a_table_in_a_cell_is_a_step_a_row() {
    let of = |cell: &str| {
        let table = format!(
            "ID,Title,Section,Section Hierarchy,Steps,Expected Result\nC1,Pay,Shop,All > Shop,\"{cell}\",\n"
        );
        let (_folder, path) = super::file("cases.csv", table);
        let read = cases::read(&path, &TestImport::default()).unwrap();
        let steps = &read.entries[0].value.as_ref().unwrap().pattern.steps;
        let step = |step: &Step| {
            let expected = step.expected.as_deref().unwrap_or("-");
            format!("{} => {expected}", step.action)
        };
        steps.iter().map(step).collect::<Vec<_>>()
    };
    let row = |cells: &[&str]| {
        let cells: String = cells
            .iter()
            .map(|cell| format!("<td>{cell}</td>"))
            .collect();
        format!("<tr>{cells}</tr>")
    };
    let table = |rows: &[&[&str]]| {
        let rows: String = rows.iter().map(|cells| row(cells)).collect();
        format!("<table>{rows}</table>")
    };
    let told = ["Open => Shown", "Pay => Receipt"];
    for rows in [
        &[&["Open", "Shown"][..], &["Pay", "Receipt"]][..],
        &[&["1", "Open", "Shown"], &["2.", "Pay", "Receipt"]],
        &[
            &["Step", "Expected"],
            &["Open", "Shown"],
            &["Pay", "Receipt"],
        ],
        &[
            &["Erwartet", "Schritt"],
            &["Shown", "Open"],
            &["Receipt", "Pay"],
        ],
        &[
            &["#", "Action", "Expected result"],
            &["1", "Open", "Shown"],
            &["2", "Pay", "Receipt"],
        ],
    ] {
        assert_eq!(of(&table(rows)), told, "{rows:?}");
    }
    // What its columns are is not told.
    assert_eq!(of(&table(&[&["a", "b", "c"], &["d", "e", "f"]])).len(), 6);
}
