//! Steps that stand in one text: Allure TestOps, Kiwi TCMS, and JSON of scripts and people.

use atlas_core::domain::{Step, TestImport, TestPattern};
use atlas_core::exchange::cases::{self, TestCase, TestFile};

use super::file;

fn read(name: &str, content: &str) -> TestFile<TestCase> {
    let (_folder, path) = file(name, content);
    cases::read(&path, &TestImport::default()).unwrap_or_else(|error| panic!("{content}: {error}"))
}

fn patterns(file: &TestFile<TestCase>) -> Vec<&TestPattern> {
    let cases = file.entries.iter().map(|entry| entry.value.as_ref());
    cases
        .map(|case| &case.expect("a test case").pattern)
        .collect()
}

/// The steps of the only test case.
fn steps(name: &str, content: &str) -> Vec<Step> {
    let file = read(name, content);
    let all = patterns(&file);
    assert_eq!(all.len(), 1, "{content}");
    all[0].steps.clone()
}

fn expected(steps: &[(&str, &str)]) -> Vec<Step> {
    steps
        .iter()
        .map(|(action, result)| Step::new(*action, *result))
        .collect()
}

fn unused(file: &TestFile<TestCase>) -> Vec<&str> {
    let columns = file.report.columns.iter();
    let unused = columns.filter(|column| column.used_as.is_none() && column.first_value.is_some());
    unused.map(|column| column.name.as_str()).collect()
}

const ALLURE: &str = r#"allure_id;name;description;precondition;expected_result;scenario;automated;Epic;Feature;tag;jira-PAY
101;Pay by card;A customer pays;A full cart;All is <b>well</b>;"[step 1] Open the cart
	[step 1.1] Expected: one item
[step 2] Choose ""Card""
	[step 2.1] Enter the number
	[step 2.2] Enter the date
		[step 2.2.1] Expected Result
			[step 2.2.1.1] The date is shown
			[step 2.2.1.2] It is not red
[step 3] Press Pay
and wait";false;Shop;Payment;"smoke,pay";PAY-7
102;Empty cart;;;;"[step 1] Press Pay
Expected: a warning
[step 2] Go back";true;Shop;Payment;;
"#;

#[test]
fn allure_testops_writes_steps_in_steps_as_text() {
    let file = read("allure.csv", ALLURE);
    let all = patterns(&file);
    assert_eq!(
        all[0].steps,
        expected(&[
            ("Open the cart", "one item"),
            ("Choose \"Card\"", ""),
            ("Enter the number", ""),
            ("Enter the date", "The date is shown\nIt is not red"),
            ("Press Pay\nand wait", "All is well"),
        ])
    );
    assert_eq!(all[0].precondition.as_deref(), Some("A full cart"));
    assert_eq!(
        (all[0].pattern_type.as_str(), all[0].component.as_deref()),
        ("Payment", Some("Shop"))
    );
    assert_eq!(
        all[1].steps,
        expected(&[("Press Pay", "a warning"), ("Go back", "")])
    );
    let first = file.entries[0].value.as_ref().unwrap();
    assert_eq!(first.ids, ["101"]);
    assert_eq!(first.tickets[0].as_str(), "PAY-7");
    assert_eq!(unused(&file), ["automated"]);
    assert!(
        file.report.warnings.is_empty(),
        "{:?}",
        file.report.warnings
    );
}

#[test]
fn such_a_text_is_read_wherever_it_stands() {
    let wanted = expected(&[("Open", "a form"), ("Save", "")]);
    let text = "[Step 1] Open\n[Step 1.1] Expected: a form\n\n[Step 2] Save";
    for header in ["Name,Steps", "Title,Scenario", "Test case,Whatever"] {
        assert_eq!(
            steps("a.csv", &format!("{header}\nA,\"{text}\"\n")),
            wanted,
            "{header}"
        );
    }
    let json = text.replace('\n', "\\n");
    for field in ["scenario", "steps", "text"] {
        let record = format!(r#"[{{"name":"A","{field}":"{json}"}}]"#);
        assert_eq!(steps("a.json", &record), wanted, "{field}");
    }
    // The answer of a page of its interface.
    let page = r#"{"content":[{"id":7,"name":"A","scenario":{"steps":[{"name":"Open","expectedResult":"a form",
        "steps":[]},{"name":"Save","steps":[]}]}}],"totalElements":1}"#;
    assert_eq!(steps("a.json", page), wanted);
    // Brackets of anything else are text.
    assert_eq!(
        steps("a.csv", "Name,Steps\nA,[step] Open\n"),
        expected(&[("[step] Open", "")])
    );
}

#[test]
fn a_column_that_nobody_knows_is_taken_for_steps_where_it_surely_holds_them_and_this_is_said() {
    let file = read(
        "a.csv",
        "Name,Walkthrough,Owner\nA,\"1. Open\n2. Save\",ann\nB,\"1. Close\n2. Leave\",ann\n",
    );
    assert_eq!(
        patterns(&file)[1].steps,
        expected(&[("Close", ""), ("Leave", "")])
    );
    assert!(
        file.notes
            .iter()
            .any(|note| note.contains("\"Walkthrough\"")),
        "{:?}",
        file.notes
    );
    // A column for steps wins, and the other one is named.
    let file = read(
        "a.csv",
        "Name,Steps,Walkthrough\nA,Open,\"1. Look\n2. Leave\"\n",
    );
    assert_eq!(patterns(&file)[0].steps, expected(&[("Open", "")]));
    assert_eq!(unused(&file), ["Walkthrough"]);
}

#[test]
fn kiwi_tcms_has_all_of_a_test_case_in_its_text() {
    let text = |text: &str| {
        let csv = format!("ID,Summary,Text,Category,Automated\n12,A,\"{text}\",Smoke,No\n");
        let json = text.replace('\n', "\\n");
        let json = format!(
            r#"[{{"id":12,"summary":"A","text":"{json}","case_status__name":"CONFIRMED","category__name":"Smoke","is_automated":false}}]"#
        );
        [("kiwi.csv", csv), ("kiwi.json", json)]
    };
    let paired = expected(&[
        ("Open the cart", "It is there"),
        ("Press Pay", "It is paid"),
    ]);
    let at_the_end = expected(&[("Open the cart", ""), ("Press Pay", "It is paid")]);
    let scenario = expected(&[("I press Pay", "It is paid")]);
    for (content, wanted) in [
        (
            "Steps:\n1. Open the cart\n2. Press Pay\n\nExpected results:\n1. It is there\n2. It is paid",
            &paired,
        ),
        (
            "## Actions\n\n1. Open the cart\n2. Press Pay\n\n## Expected Results\n\nIt is paid",
            &at_the_end,
        ),
        (
            "**Steps**\n\n1. Open the cart\n2. Press Pay\n\n**Expected result:**\nIt is paid",
            &at_the_end,
        ),
        (
            "1. Open the cart\n2. Press Pay\n\n**Expected:** It is paid",
            &at_the_end,
        ),
        (
            "**Given** a cart\n**When** I press Pay\n**Then** It is paid",
            &scenario,
        ),
        (
            "- Given a cart\n- When I press Pay\n- Then It is paid",
            &scenario,
        ),
        (
            "Scenario: A\n  Given a cart\n  When I press Pay\n  Then It is paid",
            &scenario,
        ),
    ] {
        for (name, file) in text(content) {
            let read = read(name, &file);
            let pattern = patterns(&read)[0];
            assert_eq!(pattern.steps, *wanted, "{file}");
            assert_eq!(pattern.pattern_type, "Smoke", "{file}");
            assert!(
                read.report.warnings.is_empty(),
                "{:?}",
                read.report.warnings
            );
            if wanted == &scenario {
                assert_eq!(pattern.precondition.as_deref(), Some("a cart"), "{file}");
            }
        }
    }
}

#[test]
fn steps_as_texts_in_json_keep_their_results() {
    let wanted = expected(&[("Open the page", "A form"), ("Press Save", "It is saved")]);
    for record in [
        r#"{"steps":"1. Open the page\n2. Press Save","expected":"1. A form\n2. It is saved"}"#,
        r#"{"steps":"Open the page\nPress Save","expected_results":["A form","It is saved"]}"#,
        r#"{"steps":"Open the page\nPress Save","expected_result":"A form\nIt is saved"}"#,
        r#"{"steps":["Open the page","Press Save"],"expected":["A form","It is saved"]}"#,
        r#"{"steps":["1. Open the page","2. Press Save"],"expectedResults":["1. A form","2. It is saved"]}"#,
        r#"{"steps":["Open the page","Press Save"],"expected_result":"1. A form\n2. It is saved"}"#,
        r#"{"steps":"1. Open the page -> Expected: A form\n2. Press Save -> Expected: It is saved"}"#,
        r#"{"steps":["Open the page (Expected: A form)","Press Save | Expected: It is saved"]}"#,
        r#"{"steps":[{"instruction":"Open the page","expectation":"A form"},{"do":"Press Save","check":"It is saved"}]}"#,
        r#"{"steps":[{"step_no":1,"step_desc":"Open the page","exp_result":"A form"},{"step_no":2,"step_desc":"Press Save","exp_result":"It is saved"}]}"#,
        r#"{"steps":[{"Schritt":"Open the page","Erwartetes Ergebnis":"A form"},{"Aktion":"Press Save","Erwartet":"It is saved"}]}"#,
        r#"{"steps":[{"stepText":"Open the page","verify":"A form"},{"action":"Press Save"}],"expectedResult":"It is saved"}"#,
        r#"{"steps":{"2":{"action":"Press Save","expected":"It is saved"},"1":{"action":"Open the page","expected":"A form"}}}"#,
    ] {
        let record = record.replacen('{', r#"{"name":"A","#, 1);
        assert_eq!(steps("a.json", &format!("[{record}]")), wanted, "{record}");
    }
}

#[test]
fn given_when_then_in_a_list_is_a_scenario() {
    for list in [
        r#"["Given a user","When she pays","Then it is paid"]"#,
        r#"[{"given":"a user"},{"when":"she pays"},{"then":"it is paid"}]"#,
        r#"[{"given":"a user","when":"she pays","then":"it is paid"}]"#,
        r#"[{"keyword":"Given ","name":"a user"},{"keyword":"When ","name":"she pays"},{"keyword":"Then ","name":"it is paid"}]"#,
    ] {
        let file = read("a.json", &format!(r#"[{{"name":"A","steps":{list}}}]"#));
        let pattern = patterns(&file)[0];
        assert_eq!(
            pattern.steps,
            expected(&[("she pays", "it is paid")]),
            "{list}"
        );
        assert_eq!(pattern.precondition.as_deref(), Some("a user"), "{list}");
        assert!(unused(&file).is_empty(), "{:?}", unused(&file));
    }
}

#[test]
fn what_is_no_list_of_results_stays_with_the_step_above() {
    // Several headings: each belongs to its step.
    let text = "1. Open\nExpected:\na form\n2. Save\nExpected:\nit is saved";
    let wanted = expected(&[("Open", "a form"), ("Save", "it is saved")]);
    assert_eq!(
        steps("a.csv", &format!("Name,Steps\nA,\"{text}\"\n")),
        wanted
    );
    // A paragraph of wrapped lines is one step.
    let record = r#"[{"name":"A","steps":"Open the page\nof the shop"}]"#;
    assert_eq!(
        steps("a.json", record),
        expected(&[("Open the page\nof the shop", "")])
    );
    // A step that cannot be read is named.
    let file = read("a.json", r#"[{"name":"A","steps":[["a","b"]]}]"#);
    assert!(patterns(&file)[0].steps.is_empty());
    assert!(!file.report.warnings.is_empty());
}

#[test]
fn tables_of_further_tools_have_their_steps() {
    let both = expected(&[("Open the page", "A form"), ("Submit", "The dashboard")]);
    for table in [
        // aqua, QMetry, Polarion, SpiraTest, Testmo
        "Test case;ID;Step name;Step description;Expected step result\nA;TC1;Step 1;Open the page;A form\n;;Step 2;Submit;The dashboard\n",
        "Issue Key,Summary,Folder,Step Summary,Expected Result\nQ-1,A,Web,Open the page,A form\n,,,Submit,The dashboard\n",
        "ID,Title,Test Steps - Step,Test Steps - Step Description,Test Steps - Expected Result\nPO-1,A,1,Open the page,A form\n,,2,Submit,The dashboard\n",
        "Test Case ID,Test Case Name,Test Step #,Test Step Description,Expected Result\nTC:1,A,1,Open the page,A form\n,,2,Submit,The dashboard\n",
        "Case ID,Case,Steps (Step),Steps (Expected result)\n12,A,Open the page,A form\n,,Submit,The dashboard\n",
    ] {
        assert_eq!(steps("a.csv", table), both, "{table}");
    }
    // Testiny has two places for steps, one for each template.
    let file = read(
        "testiny.csv",
        "testcase_id,title,parent_folder_name,steps,expected_results,stepdescription,expectedresult\n\
         TC-1,A,Login,,,Open the page,A form\nTC-1,A,Login,,,Submit,The dashboard\n\
         TC-2,B,Login,Press Log out,The login page,,\n",
    );
    let all = patterns(&file);
    assert_eq!(all[0].steps, both);
    assert_eq!(
        all[1].steps,
        expected(&[("Press Log out", "The login page")])
    );
    assert_eq!(all[1].pattern_type, "Login");
    assert!(unused(&file).is_empty(), "{:?}", unused(&file));
}

#[test]
fn results_that_are_not_read_are_refused_by_their_name() {
    let refused = |name: &str, content: &str| {
        let (_folder, path) = file(name, content);
        let error = cases::read_results(&path, &TestImport::default()).unwrap_err();
        error.to_string()
    };
    for (name, content, words) in [
        (
            "a.json",
            r#"{"reportFormat":"CTRF","results":{"tests":[{"name":"A","status":"passed"}]}}"#,
            "CTRF",
        ),
        (
            "a.json",
            "{\"Time\":\"2024-01-02T03:04:05Z\",\"Action\":\"run\",\"Package\":\"a\",\"Test\":\"A\"}\n{\"Time\":\"2024-01-02T03:04:06Z\",\"Action\":\"pass\",\"Package\":\"a\",\"Test\":\"A\"}\n",
            "go test",
        ),
        ("a.tap", "TAP version 13\n1..1\nok 1 - A\n", "TAP"),
        ("a.tap", "1..2\nok 1 - A\nnot ok 2 - B\n", "TAP"),
        ("a.tap", "# by hand\nok 1 A\n", "TAP"),
    ] {
        assert!(
            refused(name, content).contains(words),
            "{content}: {}",
            refused(name, content)
        );
    }
    // Test cases as XML that is not read are no list of TestLink's without names.
    let (_folder, path) = file(
        "a.xml",
        r#"<testcases project-id="P"><testcase id="PO-1"><title>A</title><test-steps><test-step>
           <test-step-column id="step">Open</test-step-column></test-step></test-steps></testcase></testcases>"#,
    );
    let error = cases::read(&path, &TestImport::default())
        .unwrap_err()
        .to_string();
    assert!(error.contains("it begins with <testcases>"), "{error}");
    // Tickets of another tool are not called test cases for a column that both may have.
    let (_folder, path) = file(
        "redmine.csv",
        "#,Project,Tracker,Status,Subject,Author,Assignee,Updated,Category\n7,Web,Bug,New,Fails,ann,bob,2024-01-02,Login\n",
    );
    let error = atlas_core::jira::read_tickets(&path, &mut |_| std::ops::ControlFlow::Continue(()))
        .unwrap_err();
    assert!(!error.to_string().contains("import-patterns"), "{error}");
}
