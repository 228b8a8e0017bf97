//! Test cases as JSON of other tools and people: read, named or refused, never lost in silence.

use atlas_core::domain::{FileReport, Step, TestField, TestFormat, TestImport};
use atlas_core::exchange::cases::{self, TestCase, TestFile};

use super::file;

fn read(content: &str) -> TestFile<TestCase> {
    let (_folder, path) = file("cases.json", content);
    cases::read(&path, &TestImport::default()).unwrap_or_else(|error| panic!("{content}: {error}"))
}

fn cases_of(file: &TestFile<TestCase>) -> Vec<&TestCase> {
    let entries = file.entries.iter();
    entries.map(|entry| entry.value.as_ref().unwrap()).collect()
}

fn step(action: &str, expected: &str, data: &str) -> Step {
    Step {
        data: (!data.is_empty()).then(|| data.to_owned()),
        ..Step::new(action, expected)
    }
}

/// The fields that were not used, each with its first value.
fn unused(report: &FileReport) -> Vec<(String, String)> {
    let columns = report.columns.iter();
    let unused = columns.filter(|column| column.used_as.is_none() && column.first_value.is_some());
    unused
        .map(|column| (column.name.clone(), column.first_value.clone().unwrap()))
        .collect()
}

const SHOP: &str = r#"{"suites":[{"id":4,"title":"Shop","preconditions":null,
 "suites":[{"id":5,"title":"Cart","suites":[],"cases":[
  {"id":21,"title":"Pay","steps_type":"gherkin","steps":[{"position":1,"action":"Given a cart\nWhen I pay\nThen a bill comes","expected_result":"","data":""}]}]}],
 "cases":[
  {"id":20,"title":"Fill","preconditions":"A <b>user</b>","postconditions":"Empty it","severity":"normal","status":"actual","steps_type":"classic","tags":["quick"],
   "steps":[{"position":2,"action":"Add","expected_result":"One item","data":""},
            {"position":1,"action":"Open","expected_result":"A list","data":"apples","steps":[{"position":1,"action":"Scroll","expected_result":"More"}]}]},
  {"id":22,"title":"Old","status":"deprecated","steps_type":"classic","steps":[]}]},
 {"id":6,"title":"Other","cases":[],"suites":[{"id":7,"title":"Cart","cases":[{"id":23,"title":"Pay","steps":[]}]}]}]}"#;

#[test]
fn suites_in_suites_are_read_case_by_case() {
    let file = read(SHOP);
    let all = cases_of(&file);
    let told = |case: &&TestCase| {
        let pattern = &case.pattern;
        let component = pattern.component.clone().unwrap_or_default();
        (
            pattern.name.clone(),
            pattern.pattern_type.clone(),
            component,
        )
    };
    let names: Vec<_> = all.iter().map(told).collect();
    let expected = [
        ("Pay", "Cart", "Shop > Cart"),
        ("Fill", "Shop", "Shop"),
        ("Old", "Shop", "Shop"),
        ("Pay", "Cart", "Other > Cart"),
    ];
    assert_eq!(
        names,
        expected.map(|(name, kind, component)| (name.into(), kind.into(), component.into()))
    );
    assert_eq!(all[0].ids, ["QASE-21"]);
    assert_eq!(all[0].pattern.precondition.as_deref(), Some("a cart"));
    assert_eq!(all[0].pattern.steps, [step("I pay", "a bill comes", "")]);
    assert_eq!(
        all[1].pattern.steps,
        [
            step("Open", "A list", "apples"),
            step("Scroll", "More", ""),
            step("Add", "One item", "")
        ]
    );
    assert_eq!(all[1].pattern.precondition.as_deref(), Some("A user"));
    assert!(all[1].pattern.is_active && !all[2].pattern.is_active);
    assert_eq!(file.entries[1].line, 5);
    assert!(unused(&file.report).contains(&("postconditions".into(), "Empty it".into())));
    let (_folder, path) = super::file("shop.json", SHOP);
    let options = TestImport {
        project: Some("DEMO".into()),
        ..TestImport::default()
    };
    let file = cases::read(&path, &options).unwrap();
    assert_eq!(cases_of(&file)[1].ids, ["DEMO-20"]);
}

#[test]
fn groups_of_tests_under_any_name_keep_their_group() {
    for text in [
        r#"{"project":"N","sections":[{"name":"Login","tests":[{"name":"A","steps":["Open"]}]}]}"#,
        r#"[{"name":"Login","testcases":[{"title":"A","steps":["Open"]}]}]"#,
        r#"{"data":{"folders":[{"name":"Login","cases":[{"summary":"A","test_steps":"Open"}]}]}}"#,
    ] {
        let file = read(text);
        let all = cases_of(&file);
        assert_eq!(all.len(), 1, "{text}");
        let pattern = &all[0].pattern;
        assert_eq!(
            (
                pattern.name.as_str(),
                pattern.pattern_type.as_str(),
                pattern.steps.len()
            ),
            ("A", "Login", 1),
            "{text}"
        );
    }
}

#[test]
fn an_answer_of_xray_cloud_holds_tests() {
    let file = read(
        r#"{"data":{"getExpandedTests":{"total":3,"results":[
        {"issueId":"1","jira":{"key":"NIM-201","summary":"Pay","labels":["cart"]},"testType":{"name":"Manual"},"steps":[{"id":"a1","action":"Open","data":"d","result":"A cart"},{"id":"a2","action":"","data":"","result":"Only a result"}],"folder":{"path":"/Shop/Cart"},
         "preconditions":{"results":[{"jira":{"key":"NIM-7"},"definition":"A user"}]}},
        {"issueId":"2","jira":{"key":"NIM-202","summary":"Log in"},"testType":{"name":"Cucumber"},"gherkin":"Given a user\nWhen I log in\nThen I see Home","steps":null},
        {"issueId":"3","jira":{"key":"NIM-203","summary":"Look"},"testType":{"name":"Generic"},"unstructured":"Look around","lastModified":"2026-01-01"}]}}}"#,
    );
    assert_eq!(file.format, TestFormat::XrayCloud);
    let all = cases_of(&file);
    assert_eq!(all[0].ids, ["NIM-201"]);
    assert_eq!(all[0].pattern.pattern_type, "Shop/Cart");
    assert_eq!(all[0].pattern.labels, ["cart"]);
    assert_eq!(all[0].pattern.precondition.as_deref(), Some("A user"));
    assert_eq!(
        all[0].pattern.steps,
        [step("Open", "A cart", "d"), step("", "Only a result", "")]
    );
    assert_eq!(all[1].pattern.precondition.as_deref(), Some("a user"));
    assert_eq!(all[1].pattern.steps, [step("I log in", "I see Home", "")]);
    assert_eq!(all[2].pattern.steps, [step("Look around", "", "")]);
    assert!(file.report.warnings.is_empty(), "{:?}", file.report);
    let unused = unused(&file.report);
    assert!(
        unused.contains(&("lastModified".into(), "2026-01-01".into())),
        "{unused:?}"
    );
}

#[test]
fn fields_of_other_tools_are_used_or_named() {
    let file = read(
        r#"{"offset":0,"cases":[{"id":31,"title":"Pay","section_id":3,"template_id":1,"custom_preconds":"A user","custom_steps_separated":[{"content":"Open","expected":"A cart"},{"content":"","expected":"Seen"}],"estimate":"5m","refs":"NIM-1","custom_color":"red"}]}"#,
    );
    let all = cases_of(&file);
    assert_eq!(all[0].ids, ["C31"]);
    assert_eq!(all[0].pattern.precondition.as_deref(), Some("A user"));
    assert_eq!(all[0].pattern.avg_time_minutes, Some(5));
    assert_eq!(all[0].tickets[0].as_str(), "NIM-1");
    assert_eq!(
        all[0].pattern.steps,
        [step("Open", "A cart", ""), step("", "Seen", "")]
    );
    let unused = unused(&file.report);
    assert!(
        unused.contains(&("custom_color".into(), "red".into())),
        "{unused:?}"
    );
    assert!(
        unused.contains(&("section_id".into(), "3".into())),
        "{unused:?}"
    );

    let file = read(
        r#"{"status":true,"result":{"entities":[{"id":9,"title":"Log in","project":"DEMO","suite_id":2,"steps":[{"position":1,"action":"Open","expected_result":"Form","data":"d"}]}]}}"#,
    );
    assert_eq!(cases_of(&file)[0].ids, ["DEMO-9"]);

    let file = read(
        r#"[{"case_id":1,"summary":"Pay","text":"Given a cart\nWhen I pay\nThen a bill comes","setup":"A user","category":"Shop"}]"#,
    );
    let case = cases_of(&file)[0];
    assert_eq!(
        (case.ids[0].as_str(), case.pattern.pattern_type.as_str()),
        ("1", "Shop")
    );
    assert_eq!(case.pattern.precondition.as_deref(), Some("A user"));
    assert_eq!(case.pattern.steps, [step("I pay", "a bill comes", "")]);

    let file = read(
        r#"[{"title":"Zahlen","vorbedingungen":["Ein Nutzer","Ein Korb"],"testschritte":["Öffnen","Zahlen"],"erwartetes_ergebnis":["Korb","Beleg"]}]"#,
    );
    let case = cases_of(&file)[0];
    assert_eq!(
        case.pattern.precondition.as_deref(),
        Some("Ein Nutzer\nEin Korb")
    );
    assert_eq!(
        case.pattern.steps,
        [step("Öffnen", "Korb", ""), step("Zahlen", "Beleg", "")]
    );
}

#[test]
fn steps_in_an_unknown_form_are_said_first_and_clear_nothing() {
    let file = read(
        r#"[{"name":"A","steps":[{"thing":"Open","thus":"A form"}]},{"name":"B","steps":[["Open","A form"]]},
        {"name":"C","steps":{"2":"Submit","1":"Open"}},{"name":"D","steps":[{"action":"Open","mood":"good"}]}]"#,
    );
    let all = cases_of(&file);
    assert_eq!(
        all[2].pattern.steps,
        [step("Open", "", ""), step("Submit", "", "")]
    );
    assert_eq!(all[3].pattern.steps, [step("Open", "", "")]);
    for case in &all[..2] {
        assert_eq!(case.pattern.steps, []);
        assert!(!case.holds.as_ref().unwrap().contains(&TestField::Steps));
    }
    let first = &file.report.warnings[0];
    assert!(
        first.starts_with("2 test cases with steps in a form that is not known")
            && first.contains("\"steps\" ([{"),
        "{first}"
    );
    let unused = unused(&file.report);
    assert!(
        unused.contains(&("steps.mood".into(), "good".into())),
        "{unused:?}"
    );
    let file =
        read(r#"[{"key":"NIM-T1","name":"A","testScript":{"self":"https://x/testscript"}}]"#);
    let first = &file.report.warnings[0];
    assert!(
        first.contains("1 test case with steps") && first.contains("testScript"),
        "{first}"
    );
    // What is empty is empty.
    let file = read(r#"[{"name":"A","steps":[]},{"name":"B","steps":null}]"#);
    assert!(file.report.warnings.is_empty());
}

#[test]
fn a_document_of_something_else_is_refused_by_its_name() {
    for (text, word) in [
        (
            r#"{"info":{"name":"c","schema":"https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},"item":[{"name":"Get","request":{}}]}"#,
            "Postman",
        ),
        (
            r#"{"openapi":"3.0.0","info":{"title":"Shop"},"paths":{},"tags":[{"name":"cart","description":"d"}]}"#,
            "OpenAPI",
        ),
        (
            r#"{"config":{},"suites":[{"title":"a.spec.ts","specs":[{"title":"pays","ok":true,"tests":[{"status":"expected"}]}]}]}"#,
            "Playwright",
        ),
        (
            r#"[{"name":"Red","hex":"ff0000"},{"name":"Blue","hex":"0000ff"}]"#,
            "\"hex\"",
        ),
    ] {
        let (_folder, path) = file("x.json", text);
        let error = cases::read(&path, &TestImport::default()).unwrap_err();
        assert_eq!(error.code(), "UNKNOWN_FORMAT", "{text}");
        assert!(error.to_string().contains(word), "{text}: {error}");
    }
    let versions = r#"[{"name":"1.0","released":true,"description":"d"}]"#;
    let file = read(versions);
    let reason = file.entries[0].value.as_ref().unwrap_err();
    assert!(reason.contains("a version and not a test case"), "{reason}");
}

#[test]
fn jiras_own_json_of_tests_is_read() {
    let file = read(
        r#"{"names":{"customfield_1":"Manual Test Steps","customfield_2":"Cucumber Scenario","customfield_3":"Test Repository Path"},"issues":[
        {"key":"NIM-301","fields":{"summary":"Pay","issuetype":{"name":"Test"},"customfield_1":{"steps":[{"index":1,"fields":{"Action":"Open","Data":"d","Expected Result":"A cart"}}]},"labels":["cart"],"customfield_3":"Shop/Cart",
          "issuelinks":[{"type":{"name":"Tests"},"outwardIssue":{"key":"NIM-9"}},{"type":{"name":"Blocks"},"outwardIssue":{"key":"NIM-8"}}],"status":{"name":"Archived"}}},
        {"key":"NIM-302","fields":{"summary":"Log in","issuetype":{"name":"Test"},"customfield_2":"Given a user\nWhen I log in\nThen I see Home"}},
        {"key":"NIM-303","fields":{"summary":"It breaks","issuetype":{"name":"Bug"}}}]}"#,
    );
    let told: Vec<_> = file
        .entries
        .iter()
        .map(|entry| entry.value.as_ref())
        .collect();
    let pay = told[0].unwrap();
    assert_eq!(pay.ids, ["NIM-301"]);
    assert_eq!(pay.pattern.steps, [step("Open", "A cart", "d")]);
    assert_eq!(pay.pattern.pattern_type, "Shop/Cart");
    assert!(pay.pattern.is_active);
    assert_eq!(pay.tickets.len(), 1);
    assert_eq!(
        told[1].unwrap().pattern.steps,
        [step("I log in", "I see Home", "")]
    );
    assert!(told[2].unwrap_err().contains("a Bug and not a test"));
}

#[test]
fn a_list_in_json_keeps_numbers_that_are_no_lists() {
    let file = read(
        r#"[{"name":"A","steps":[{"action":"1. floor","expected":"2. floor"},{"action":"2. floor","expected":"10) x"}]},
        {"name":"B","steps":["1. Open","2. Submit"]},{"name":"C","steps":[{"action":"3.5 mm jack"},{"action":"192.168.0.1 answers"}]}]"#,
    );
    let all = cases_of(&file);
    assert_eq!(
        all[0].pattern.steps,
        [
            step("1. floor", "2. floor", ""),
            step("2. floor", "10) x", "")
        ]
    );
    assert_eq!(
        all[1].pattern.steps,
        [step("Open", "", ""), step("Submit", "", "")]
    );
    assert_eq!(
        all[2].pattern.steps,
        [
            step("3.5 mm jack", "", ""),
            step("192.168.0.1 answers", "", "")
        ]
    );
}
