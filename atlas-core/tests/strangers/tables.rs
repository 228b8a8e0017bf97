//! Tables of test cases: told by all of their columns, put together by what each row says of its
//! own, their steps from one place.

mod metamorphic;
mod names;
mod out;

use atlas_core::domain::{Step, TestFormat, TestImport};
use atlas_core::exchange::cases::{self, TestCase, TestFile};

use super::file;

fn read(text: &str) -> TestFile<TestCase> {
    read_with(text, &TestImport::default())
}

fn read_with(text: &str, options: &TestImport) -> TestFile<TestCase> {
    let (_folder, path) = file("cases.csv", text);
    cases::read(&path, options).unwrap()
}

/// The test cases of a table that is all well.
fn cases_of(text: &str) -> Vec<TestCase> {
    let entries = read(text).entries.into_iter();
    entries.map(|entry| entry.value.unwrap()).collect()
}

fn step(action: &str, expected: &str, data: &str) -> Step {
    let mut step = Step::new(action, expected);
    step.data = (!data.is_empty()).then(|| data.to_owned());
    step
}

/// A test case as `id name: action>expected[data]|…`.
fn line(case: &TestCase) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let step = |step: &Step| {
        let data = step.data.as_ref().map(|data| format!("[{data}]"));
        format!("{}>{}{}", step.action, text(&step.expected), text(&data))
    };
    let steps: Vec<String> = case.pattern.steps.iter().map(step).collect();
    let id = case
        .ids
        .first()
        .map(|id| format!("{id} "))
        .unwrap_or_default();
    format!("{id}{}: {}", case.pattern.name, steps.join("|"))
}

fn lines(text: &str) -> Vec<String> {
    cases_of(text).iter().map(line).collect()
}

#[test]
fn jiras_table_of_tests_has_every_type_of_xray() {
    let table = "Issue key,Issue Type,Summary,Created,Labels,Labels,Component/s,Custom field (Test Type),Custom field (Manual Test Steps),Custom field (Cucumber Scenario),Custom field (Generic Test Definition),Custom field (Test Repository Path),Inward issue link (Tests),Outward issue link (Tests),Outward issue link (Blocks)\n\
        QA-1,Test,Sign up,1/Jan/24,a,b,Web,Manual,\"[{\"\"index\"\":2,\"\"fields\"\":{\"\"Action\"\":\"\"Send\"\",\"\"Expected Result\"\":\"\"Mail\"\"}},{\"\"index\"\":1,\"\"fields\"\":{\"\"Action\"\":\"\"Fill in\"\",\"\"Data\"\":\"\"x\"\"}}]\",,,/Users,,WEB-4,WEB-5\n\
        QA-2,Test,Sign up,,,,,Manual,\"[{\"\"id\"\":1,\"\"step\"\":{\"\"raw\"\":\"\"Tap\"\",\"\"rendered\"\":\"\"<p>Tap</p>\"\"},\"\"data\"\":\"\"\"\",\"\"result\"\":{\"\"raw\"\":\"\"Done\"\"}}]\",,,,WEB-4,,\n\
        QA-3,Test,Sign up,,,,,Cucumber,\"[{\"\"fields\"\":{\"\"Action\"\":\"\"old\"\"}}]\",\"Given a guest\nWhen he signs up\nThen he is in\",,,,,\n\
        QA-4,Test,Sign up,,,,,Generic,,,run signup.sh,,,,\n\
        QA-5,Bug,Sign up fails,,,,,,,,,,,,\n\
        QA-6,Test Execution,Run,,,,,,,,,,,,\n\
        QA-7,Test,Cut off,,,,,Manual,\"[{\"\"fields\"\":\",,,,,,\n";
    let file = read(table);
    assert_eq!(file.format, TestFormat::JiraCsv);
    let read: Vec<_> = file
        .entries
        .iter()
        .map(|entry| entry.value.as_ref())
        .collect();
    let case = |place: usize| read[place].unwrap();
    assert_eq!(line(case(0)), "QA-1 Sign up: Fill in>[x]|Send>Mail");
    assert_eq!(case(0).pattern.labels, ["a", "b"]);
    assert_eq!(case(0).pattern.pattern_type, "Users");
    let tickets: Vec<_> = case(0).tickets.iter().map(|key| key.as_str()).collect();
    assert_eq!((tickets, case(1).tickets.len()), (vec!["WEB-4"], 1));
    assert_eq!(line(case(1)), "QA-2 Sign up: Tap>Done");
    assert_eq!(line(case(2)), "QA-3 Sign up: he signs up>he is in");
    assert_eq!(line(case(3)), "QA-4 Sign up: run signup.sh>");
    for (place, reason) in [(4, "is a Bug"), (5, "is a Test Execution"), (6, "JSON")] {
        assert!(read[place].unwrap_err().contains(reason), "{reason}");
    }
    let (_folder, path) = super::file("x.csv", "Issue key,Summary,Created\nQA-1,Totals,1/Jan/24\n");
    let error = cases::read(&path, &TestImport::default()).unwrap_err();
    assert!(
        error.to_string().contains("import it as tickets"),
        "{error}"
    );
}

#[test]
fn testrail_has_one_source_of_steps_and_loses_none() {
    let both = "ID,Title,Section Hierarchy,Steps,Steps (Step),Steps (Expected Result),Steps (Shared step ID)\n\
        C1,Mute,Web,\"1. Open\n2. Mute\",Open,Shown,\n,,,,Mute,Silence,\n,,,,,Still silent,\n\
        C2,Mute,App,,,Buzz,12\n,,,,Tap,Silence,\n";
    assert_eq!(
        lines(both),
        [
            "C1 Mute: Open>Shown|Mute>Silence|>Still silent",
            "C2 Mute: Shared step 12>Buzz|Tap>Silence"
        ]
    );
    let file = read(both);
    let unused = file
        .report
        .columns
        .iter()
        .find(|column| column.name == "Steps");
    assert_eq!(unused.unwrap().used_as, None, "the separate steps won");
    let html = "ID,Title,Preconditions,Steps (Step),Suite ID\nC3,Mute,\"<p>It isn&#039;t <b>muted</b></p>\",Open<br>it,S1\n";
    let case = &cases_of(html)[0];
    assert_eq!(case.pattern.precondition.as_deref(), Some("It isn't muted"));
    assert_eq!(case.pattern.steps, [step("Open\nit", "", "")]);
    let more = "ID,Title,Section Hierarchy,Steps,Expected Result\nC4,Mute,Web,Mute it,\"1. Silence\n2. Still\"\n";
    assert!(lines(more)[0].contains("Silence") && lines(more)[0].contains("Still"));
}

#[test]
fn one_title_in_another_section_is_another_test_case() {
    for header in [
        "Title,Section,Steps (Step)",
        "Name,Folder,Action",
        "Titel,Ordner,Schritt",
        "Test Name,Subject,Step Description",
    ] {
        let table = format!("{header}\nPay,Web,Click\nPay,App,Tap\nPay,Till,Hand over\n");
        let cases = cases_of(&table);
        let kinds: Vec<_> = cases
            .iter()
            .map(|case| case.pattern.pattern_type.as_str())
            .collect();
        assert_eq!(kinds, ["Web", "App", "Till"], "{header}");
    }
    let deep = "Title,Section,Section Hierarchy,Steps (Step)\nPay,Cart,Web > Cart,Click\nPay,Cart,App > Cart,Tap\n";
    let cases = cases_of(deep);
    assert_eq!(cases.len(), 2);
    assert_ne!(cases[0].pattern.component, cases[1].pattern.component);
}

#[test]
fn a_row_with_an_id_key_or_summary_of_its_own_is_another_test_case() {
    let gaps = "TCID,Issue Key,Summary,Test Type,Action,Data,Result,Link \"Tests\"\n\
        7,QA-1,Pay,Manual,Open,,,WEB-1\n7,,,,Pay,,Receipt,WEB-2\n,,,,Leave,,,\n\
        ,QA-2,Refund,Manual,Ask,,,\n,,Share,Manual,Send,,,\n,QA-3,Share,Manual,Post,,,\n9,,Keep,Manual,,only data,,\n";
    assert_eq!(
        lines(gaps),
        [
            "QA-1 Pay: Open>|Pay>Receipt|Leave>",
            "QA-2 Refund: Ask>",
            "Share: Send>",
            "QA-3 Share: Post>",
            "Keep: >[only data]"
        ]
    );
    assert_eq!(cases_of(gaps)[0].tickets.len(), 2);
    let unsorted = "TCID,Summary,Test Type,Action\n2,Refund,Manual,b1\n1,Pay,Manual,a1\n2,,,b2\n1,,,a2\n3,Pay,Manual,c1\n5,,,d1\n5,Late,,d2\n";
    assert_eq!(
        lines(unsorted),
        [
            "Refund: b1>|b2>",
            "Pay: a1>|a2>",
            "Pay: c1>",
            "Late: d1>|d2>"
        ]
    );
    let twice = "ID,Title,Steps\n1,Pay,\"1. Open\n2. Pay\"\n1,Pay,\"1. Open\n2. Pay\"\n1,Refund,1. Ask\n2,Keep,\"1. a\n2. b\"\n2,Keep,\"1. c\n2. d\"\n";
    assert_eq!(
        lines(twice),
        [
            "1 Pay: Open>|Pay>",
            "1 Refund: Ask>",
            "2 Keep: a>|b>",
            "2 Keep: c>|d>"
        ]
    );
    let nameless = read("Title,Steps,Folder\n,x,\nPay,Open,Web\n,,App\n,Pay,\n");
    let refused = |place: usize| nameless.entries[place].value.as_ref().unwrap_err().as_str();
    assert_eq!(
        (refused(0), refused(2)),
        ("the row has no name", "the row has no name")
    );
    assert_eq!(
        line(nameless.entries[1].value.as_ref().unwrap()),
        "Pay: Open>|Pay>"
    );
}

#[test]
fn qase_has_gherkin_and_the_ids_of_several_projects() {
    let table = "project,v2.id,title,steps_type,steps_actions,steps_result,suite_id,suite,suite_without_cases\n\
        A,1,Pay,gherkin,\"Given a cart\nWhen I pay\nThen a receipt\",,1,,\nB,1,Pay,classic,\"1. Open\n2. Pay\",\"2. Receipt\n3. Mail\",1,,\n\
        A,,,,,,1,Shop,1\nB,,,,,,1,Till,1\n";
    let cases = cases_of(table);
    assert_eq!(line(&cases[0]), "A-1 Pay: I pay>a receipt");
    assert_eq!(cases[0].pattern.precondition.as_deref(), Some("a cart"));
    assert_eq!(line(&cases[1]), "B-1 Pay: Open>|Pay>Receipt|>Mail");
    let place = |at: usize| {
        (
            cases[at].scope.as_deref(),
            cases[at].pattern.pattern_type.as_str(),
        )
    };
    assert_eq!(
        (place(0), place(1)),
        ((Some("A"), "Shop"), (Some("B"), "Till"))
    );
}

#[test]
fn zephyr_keeps_rows_with_data_only_and_a_test_once() {
    let scale = "Key,Name,Folder,Precondition,Test Script (Step-by-Step) - Step,Test Script (Step-by-Step) - Test Data,Test Script (Step-by-Step) - Expected Result,Test Script (Plain Text)\n\
        Z-T1,Pay,/Shop,<p>A&nbsp;cart</p>,,only data,,\n,,,,Call to Test Z-T9,,,\n,,,,,x &amp; y,<b>Home</b>,\nZ-T2,Keep,,,,,,\"One<br/>Two\"\n";
    assert_eq!(
        lines(scale),
        [
            "Z-T1 Pay: >[only data]|Call to Test Z-T9>|>Home[x & y]",
            "Z-T2 Keep: One>|Two>"
        ]
    );
    let squad = "ExecutionId,Cycle Name,Issue Key,Test Summary,Folder Name,OrderId,Step,Test Data,Expected Result\n\
        1,A,Z-1,Pay,Smoke,1,Open,,Shown\n,,,,,2,Pay,x,Receipt\n2,B,Z-1,Pay,Full,1,Open,,Shown\n,,,,,2,Pay,x,Receipt\n3,B,Z-2,Keep,Full,1,Press,,\n\
        4,C,Z-1,Pay,Full,2,Pay,x,Receipt\n4,C,Z-1,Pay,Full,1,Open,,Shown\n";
    let once = ["Z-1 Pay: Open>Shown|Pay>Receipt[x]", "Z-2 Keep: Press>"];
    assert_eq!(lines(squad), once);
    assert!(read(squad).notes[0].starts_with("4 executions of 2 test cases"));
    let cycles = "Cycle Name,Issue Key,Test Summary,Step,Test Data,Expected Result\n\
        A,Z-1,Pay,Open,,Shown\nA,Z-1,Pay,Pay,x,Receipt\nB,Z-1,Pay,Open,,Shown\nB,Z-1,Pay,Pay,x,Receipt\nB,Z-2,Keep,Press,,\n";
    assert_eq!(lines(cycles), once);
}

#[test]
fn azure_continues_with_blank_ids_and_keeps_shared_steps() {
    let table = "ID,Work Item Type,Title,Test Step,Step Action,Step Expected,Area Path,State\n\
        31,Test Case,Pay,,,,Shop,Design\n,,,1,<P>Open</P>,Shown,,\n8,Shared Steps,Sign in,2,,,,\n,,,3,Pay &amp; go,Receipt,,\n\
        32,Test Case,Pay,,,,Shop,Design\n,,,1,Tap,,,\n40,Bug,It fails,,,,Shop,New\n";
    let file = read(table);
    assert_eq!(file.format, TestFormat::AzureCsv);
    let read: Vec<_> = file
        .entries
        .iter()
        .map(|entry| entry.value.as_ref().map(line))
        .collect();
    assert_eq!(
        read[0].as_deref(),
        Ok("31 Pay: Open>Shown|Shared steps: Sign in>|Pay & go>Receipt")
    );
    assert_eq!(read[1].as_deref(), Ok("32 Pay: Tap>"));
    assert!(read[2].as_ref().unwrap_err().contains("is a Bug"));
}

#[test]
fn a_header_that_comes_again_is_no_test_case() {
    let file = read(
        "ID,Title,Section,Steps (Step),Steps (Expected Result)\nC1,A,Web,Open,Form\n\
         ID,Title,Section,Steps (Step),Steps (Expected Result)\nC2,B,Web,Open,Form\n",
    );
    let names: Vec<&str> = file
        .entries
        .iter()
        .map(|entry| entry.value.as_ref().unwrap().pattern.name.as_str())
        .collect();
    assert_eq!(names, ["A", "B"]);
    assert!(
        file.notes[0].contains("repeat the header"),
        "{:?}",
        file.notes
    );
}

#[test]
fn executions_of_a_plain_table_repeat_no_step() {
    let cases = cases_of(
        "Key,Name,Cycle Key,Test Execution Status,Step,Expected Result\n\
         NIM-T1,Log in,NIM-R1,Pass,Open,Form\nNIM-T1,Log in,NIM-R1,Pass,Submit,Home\n\
         NIM-T1,Log in,NIM-R2,Fail,Open,Form\nNIM-T1,Log in,NIM-R2,Fail,Submit,Home\n",
    );
    assert_eq!(cases.len(), 1);
    assert_eq!(line(&cases[0]), "NIM-T1 Log in: Open>Form|Submit>Home");
}
