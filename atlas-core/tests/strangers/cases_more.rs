//! Test cases of tables and XML: rows that begin again, scenarios in lists, types and folders, what
//! is no test case, and files that only look like tickets.

use atlas_core::domain::{Step, TestFormat, TestImport, TicketImport};
use atlas_core::exchange::cases::{self, TestCase, TestFile};
use atlas_core::jira::read_tickets_with;
use atlas_core::{Atlas, domain::silent};

use super::file;

fn read(name: &str, content: &str) -> TestFile<TestCase> {
    let (_folder, path) = file(name, content);
    cases::read(&path, &TestImport::default()).unwrap_or_else(|error| panic!("{content}: {error}"))
}

fn pairs(case: &TestCase) -> Vec<(&str, &str)> {
    let pair = |step| -> (&str, &str) {
        let step: &Step = step;
        (&step.action, step.expected.as_deref().unwrap_or(""))
    };
    case.pattern.steps.iter().map(pair).collect()
}

fn case(file: &TestFile<TestCase>, place: usize) -> &TestCase {
    file.entries[place].value.as_ref().unwrap()
}

fn refusals(file: &TestFile<TestCase>) -> Vec<&str> {
    let entries = file.entries.iter();
    entries
        .filter_map(|entry| entry.value.as_ref().err().map(String::as_str))
        .collect()
}

#[test]
fn an_id_that_begins_again_further_down_joins_nothing() {
    let table = "ID,Title,Section,Steps (Step),Steps (Expected Result)\n\
        C7,Pay,Cart,Open,List\nC8,Empty,Cart,Press,Gone\nC7,Pay,Cart,Open,List\nC8,Empty,Cart,Press,Still there\n";
    let (_folder, path) = file("cases.csv", table);
    let atlas = Atlas::builder()
        .starter_catalogue(false)
        .open_in_memory()
        .unwrap();
    let report = atlas
        .patterns()
        .import_file_with(&path, &TestImport::default(), &mut silent)
        .unwrap();
    let reasons: Vec<String> = report
        .items
        .iter()
        .filter_map(|item| item.reason.clone())
        .collect();
    assert_eq!((report.created, report.refused), (1, 2), "{reasons:?}");
    let conflict = |reason: &&String| reason.contains("the id C8 is that of");
    assert_eq!(reasons.iter().filter(conflict).count(), 2, "{reasons:?}");
    assert!(
        reasons
            .iter()
            .any(|reason| reason.contains("it repeats \"Pay\"")),
        "{reasons:?}"
    );
    // Rows of one id in any order are one test case as long as they say something new.
    let file = read(
        "cases.csv",
        "Test ID,Summary,Action,Expected Result\n1,Pay,Open,List\n2,Empty,Press,Gone\n1,Pay,Confirm,Bill\n",
    );
    assert_eq!(
        pairs(case(&file, 0)),
        [("Open", "List"), ("Confirm", "Bill")]
    );
}

#[test]
fn a_row_of_another_section_is_not_joined() {
    let file = read(
        "cases.csv",
        "ID,Title,Section,Steps (Step),Steps (Expected Result)\nC7,Pay,Cart,Open,List\n,,Till,Tap,Sum\n,,,Wait,Bill\n,Empty,Till,Press,Gone\n",
    );
    assert_eq!(pairs(case(&file, 0)), [("Open", "List")]);
    assert!(
        refusals(&file)[0].contains("another folder"),
        "{:?}",
        refusals(&file)
    );
    let last = file.entries.last().unwrap().value.as_ref().unwrap();
    assert_eq!(pairs(last), [("Press", "Gone")]);
}

#[test]
fn scenarios_in_a_list_are_gherkin_in_every_format() {
    let list =
        r#"[{"content":"Scenario: Pays\r\nGiven a cart\r\nWhen I pay\r\nThen a bill comes"}]"#;
    let csv = format!(
        "ID,Title,Section,BDD Scenarios\nC1,Pay,Cart,\"{}\"\n",
        list.replace('"', "\"\"")
    );
    let xml = format!(
        "<suite><sections><section><name>Cart</name><cases><case><id>C1</id><title>Pay</title><custom><testrail_bdd_scenario>{list}</testrail_bdd_scenario></custom></case></cases></section></sections></suite>"
    );
    let json = format!(r#"[{{"id":1,"title":"Pay","custom_testrail_bdd_scenario":{list}}}]"#);
    let steps = format!(r#"[{{"name":"Pay","steps":{list}}}]"#);
    for (name, text) in [
        ("a.csv", csv),
        ("a.xml", xml),
        ("a.json", json),
        ("b.json", steps),
    ] {
        let file = read(name, &text);
        let case = case(&file, 0);
        assert_eq!(
            case.pattern.precondition.as_deref(),
            Some("a cart"),
            "{text}"
        );
        assert_eq!(pairs(case), [("I pay", "a bill comes")], "{text}");
    }
}

#[test]
fn steps_of_testrails_xml_are_in_their_order_and_nothing_of_them_is_lost() {
    let file = read(
        "a.xml",
        "<suite><sections><section><name>Cart</name><cases><case><id>C1</id><title>Pay</title><references>NIM-1</references><custom><mission>Look</mission><goals>Find</goals><steps_separated>\
         <step><index>2</index><content>Pay</content><refs>NIM-3</refs></step><step><index>1</index><content>Open</content><expected>List</expected><mood>good</mood></step></steps_separated></custom></case></cases></section></sections></suite>",
    );
    let case = case(&file, 0);
    assert_eq!(pairs(case), [("Open", "List"), ("Pay", "")]);
    assert_eq!(case.pattern.objective.as_deref(), Some("Find\nLook"));
    let tickets: Vec<&str> = case.tickets.iter().map(|key| key.as_str()).collect();
    assert_eq!(tickets, ["NIM-1", "NIM-3"]);
    let unused = |name: &str| {
        let column = file
            .report
            .columns
            .iter()
            .find(|column| column.name == name);
        column.is_some_and(|column| column.used_as.is_none())
    };
    assert!(unused("step mood"), "{:?}", file.report.columns);
}

#[test]
fn a_column_for_the_type_is_the_type_and_folders_are_components() {
    let file = read(
        "cases.csv",
        "Key,Name,Folder,Type,Steps\nPT-1,Pay,Cart,Smoke,Open\nPT-2,Empty,Cart,,Open\n",
    );
    let told = |place: usize| {
        let pattern = &case(&file, place).pattern;
        (
            pattern.pattern_type.clone(),
            pattern.component.clone().unwrap_or_default(),
        )
    };
    assert_eq!(told(0), ("Smoke".into(), "Cart".into()));
    assert_eq!(told(1), ("General".into(), "Cart".into()));
    let used: Vec<_> = file
        .report
        .columns
        .iter()
        .filter_map(|c| c.used_as.as_deref())
        .collect();
    assert!(
        used.contains(&"component") && used.contains(&"type"),
        "{used:?}"
    );
    // Folders alone are the type, as before.
    let file = read("cases.csv", "Key,Name,Folder,Steps\nPT-1,Pay,Cart,Open\n");
    assert_eq!(case(&file, 0).pattern.pattern_type, "Cart");
}

#[test]
fn parts_of_steps_are_told_in_any_language() {
    for (header, format) in [
        (
            "ID,Titel,Abschnitt,Schritte (Schritt),Schritte (Erwartetes Ergebnis)",
            TestFormat::TestrailCsv,
        ),
        (
            "ID,Titre,Section,Étapes (Étape),Étapes (Résultat attendu)",
            TestFormat::TestrailCsv,
        ),
        (
            "Case ID,Case Title,Section,Steps Separated (Step),Steps Separated (Expected Result)",
            TestFormat::TestrailCsv,
        ),
        (
            "ID,Título,Sección,Pasos (Paso),Pasos (Resultado esperado)",
            TestFormat::TestrailCsv,
        ),
    ] {
        let file = read(
            "cases.csv",
            &format!("{header}\nC1,Pay,Cart,<p>Open</p>,List\n,,,Pay,Bill\n"),
        );
        assert_eq!(file.format, format, "{header}");
        assert_eq!(
            pairs(case(&file, 0)),
            [("Open", "List"), ("Pay", "Bill")],
            "{header}"
        );
    }
}

#[test]
fn quotes_within_qases_quotes_stay() {
    let file = read(
        "cases.csv",
        "v2.id,title,steps_type,steps_actions,steps_result,steps_data\n\
         1,Pay,classic,\"1. \"\"Open \"\"Cart\"\" now\"\"\n2. \"\"Pay, then \"\"wait\"\"\"\"\n\",\"1. \"\"A \\\"\"list\\\"\" comes\"\"\n2. \"\"It says \"\"\"\"paid\"\"\"\"\"\"\n\",\n",
    );
    assert_eq!(
        pairs(case(&file, 0)),
        [
            ("Open \"Cart\" now", "A \"list\" comes"),
            ("Pay, then \"wait\"", "It says \"paid\"")
        ]
    );
}

#[test]
fn a_list_keeps_its_own_mark_and_numbers_that_are_text() {
    let check = |steps: &str, results: &str, expected: &[(&str, &str)]| {
        let cell = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let table = format!(
            "Name,Steps,Expected Result\nPay,{},{}\n",
            cell(steps),
            cell(results)
        );
        let file = read("cases.csv", &table);
        assert_eq!(pairs(case(&file, 0)), expected, "{steps}");
    };
    check(
        "1. Open\n2. Wait for:\n1) the list\n2) the sum\n3. Pay",
        "1. List\n2. Sum\n3. Bill",
        &[
            ("Open", "List"),
            ("Wait for:\n1) the list\n2) the sum", "Sum"),
            ("Pay", "Bill"),
        ],
    );
    // People mix marks in one list.
    check(
        "1. Open\n2) Pay\n3. Leave",
        "",
        &[("Open", ""), ("Pay", ""), ("Leave", "")],
    );
    check(
        "1. floor is chosen",
        "2. floor is lit",
        &[("1. floor is chosen", "2. floor is lit")],
    );
    check(
        "Open\nCheck\nLeave",
        "50 % is seen\n1) box is ticked\n3. floor is lit",
        &[
            ("Open", "50 % is seen"),
            ("Check", "1) box is ticked"),
            ("Leave", "3. floor is lit"),
        ],
    );
    check("1. Open; 2. Pay", "", &[("Open", ""), ("Pay", "")]);
    let file = read(
        "cases.csv",
        "Name,Steps\nPay,Step: Open | Data: apples | Expected: List\n",
    );
    let step = &case(&file, 0).pattern.steps[0];
    assert_eq!(
        (
            step.action.as_str(),
            step.data.as_deref(),
            step.expected.as_deref()
        ),
        ("Open", Some("apples"), Some("List"))
    );
}

#[test]
fn rows_that_are_no_test_cases_are_said() {
    let file = read(
        "cases.csv",
        "ID,Work Item Type,Title,Test Step,Step Action,Step Expected,State\n\
         7,Test Case,Pay,,,,Design\n,,,1,Open,List,\n,Shared Steps,Log in,2,,,\n9,Shared Steps,Log in,,,,Ready\n,,,1,Type,Form,\n10,Test Case,Empty,,,,Design\n",
    );
    assert_eq!(
        pairs(case(&file, 0)),
        [("Open", "List"), ("Shared steps: Log in", "")]
    );
    assert!(
        refusals(&file)[0].contains("it is Shared Steps"),
        "{:?}",
        refusals(&file)
    );
    let first = &file.report.warnings[0];
    assert!(
        first.contains("1 of 2 test cases have no steps") && first.contains("\"State\""),
        "{first}"
    );
}

#[test]
fn what_looks_like_tickets_and_is_none_makes_no_ticket() {
    let options = TicketImport::default();
    for (name, text, word) in [
        (
            "a.json",
            r#"[{"key":"NIM-1","name":"Pay","steps":[{"action":"Open"}]}]"#,
            "test cases",
        ),
        (
            "a.json",
            r#"[{"key":"NIM-1","name":"Pay","testScript":{"type":"PLAIN_TEXT","text":"x"}}]"#,
            "test cases",
        ),
        (
            "a.json",
            r#"[{"key":"NIM-1","name":"Cart board","type":"scrum","location":{"projectKey":"NIM"}}]"#,
            "a board",
        ),
        (
            "a.json",
            r#"[{"key":"NIM-1","name":"1.0","released":true}]"#,
            "a version",
        ),
    ] {
        let (_folder, path) = file(name, text);
        let mut reasons = Vec::new();
        let read = read_tickets_with(&path, &options, &mut |record| {
            reasons.push(record.value.map(|read| read.ticket.summary));
            std::ops::ControlFlow::Continue(())
        });
        let told = match read {
            Ok(_) => format!("{:?}", reasons[0].as_ref().unwrap_err()),
            Err(error) => error.to_string(),
        };
        assert!(told.contains(word), "{text}: {told}");
    }
    for (text, word) in [
        (
            "Key,Name,Status,Start date,Release date\nNIM-1,1.0,Released,2026-01-01,2026-02-01\n",
            "versions",
        ),
        (
            "<testsuite name=\"Cart\"><testcase internalid=\"9\" name=\"Pay\"><steps/></testcase></testsuite>",
            "import it as test cases",
        ),
    ] {
        let (_folder, path) = file("a.txt", text);
        let error = read_tickets_with(
            &path,
            &options,
            &mut |_| std::ops::ControlFlow::Continue(()),
        );
        let error = error.unwrap_err().to_string();
        assert!(
            error.contains(word) && !error.contains("as results"),
            "{text}: {error}"
        );
    }
    // An issue with fields of any name is a ticket.
    let (_folder, path) = file(
        "a.json",
        r#"[{"key":"NIM-1","fields":{"summary":"Pay","released":true,"steps":"x"}},{"key":"NIM-2","summary":"Pay","status":"Open"}]"#,
    );
    let mut count = 0;
    read_tickets_with(&path, &options, &mut |record| {
        assert!(record.value.is_ok());
        count += 1;
        std::ops::ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!(count, 2);
}

#[test]
fn every_column_of_steps_of_jiras_table_counts() {
    let cell = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let one = cell(r#"[{"index":1,"fields":{"Action":"Open"}}]"#);
    let two = cell(r#"[{"index":1,"fields":{"Action":"Pay"}}]"#);
    let file = read(
        "cases.csv",
        &format!(
            "Issue Type,Issue key,Summary,Custom field (Manual Test Steps),Custom field (Manual Test Steps)\nTest,NIM-1,Pay,{one},{two}\nTest,NIM-2,Same,{one},{one}\n"
        ),
    );
    assert_eq!(pairs(case(&file, 0)), [("Open", ""), ("Pay", "")]);
    assert_eq!(pairs(case(&file, 1)), [("Open", "")]);
}

#[test]
fn zephyrs_milliseconds_are_no_minutes() {
    let file = read(
        "cases.csv",
        "Key,Name,Estimated Time,Test Script (Step-by-Step) - Step,Test Script (Step-by-Step) - Test Data\nNIM-T1,Pay,120000,Open,\n,,,,<br>\nNIM-T2,Empty,5,Press,\n",
    );
    assert_eq!(case(&file, 0).pattern.avg_time_minutes, Some(2));
    assert_eq!(case(&file, 0).pattern.steps.len(), 1);
    assert_eq!(case(&file, 1).pattern.avg_time_minutes, Some(5));
    assert_eq!(file.report.assumed[0].assumed, "milliseconds");
}

#[test]
fn a_flaky_test_of_xray_is_no_pass() {
    let (_folder, path) = file(
        "results.json",
        r#"{"testExecutionKey":"NIM-9","tests":[{"testKey":"PT-1","status":"FLAKY"},{"testKey":"PT-2","steps":[{"status":"PASSED"},{"status":"FLAKY"}]},
        {"testKey":"PT-3","status":"PASS","start":"2026-03-02T09:00:00+01:00","finish":"2026-03-02T08:00:00+01:00"}]}"#,
    );
    let file = cases::read_results(&path, &TestImport::default()).unwrap();
    let result = |place: usize| file.entries[place].value.as_ref().unwrap();
    let refused = result(0).around.refused.as_deref().unwrap();
    assert!(
        refused.contains("neither that it passed nor that it failed"),
        "{refused}"
    );
    assert!(result(1).around.refused.is_some());
    assert_eq!(
        result(2).ran_at.map(|at| at.to_string()).as_deref(),
        Some("2026-03-02T08:00:00Z")
    );
    assert_eq!(file.report.unread.len(), 1);
}

#[test]
fn a_row_without_an_id_is_another_one_where_all_rows_say_theirs() {
    let file = read(
        "cases.csv",
        "Test ID,Summary,Test Type,Action,Expected Result\nT-1,Pay,Manual,Open,List\nT-1,Pay,Manual,Pay,Bill\n,Pay,Manual,Press,Sum\n",
    );
    assert_eq!(pairs(case(&file, 0)), [("Open", "List"), ("Pay", "Bill")]);
    assert_eq!(pairs(case(&file, 1)), [("Press", "Sum")]);
}

#[test]
fn quoted_items_within_an_item_of_qases_stay_in_it() {
    let file = read(
        "cases.csv",
        "v2.id,title,steps_type,steps_actions,steps_result,steps_data\n\
         1,Pay,classic,\"1. \"\"Open\"\"\n2. \"\"Choose\"\"\n  1. \"\"a card\"\"\n  2. \"\"a bill\"\"\n3. \"\"Say \"\"yes\"\" now\"\"\n\",,\n",
    );
    assert_eq!(
        pairs(case(&file, 0)),
        [
            ("Open", ""),
            ("Choose\n  1. a card\n  2. a bill", ""),
            ("Say \"yes\" now", "")
        ]
    );
}
