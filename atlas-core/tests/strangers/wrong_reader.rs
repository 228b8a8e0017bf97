//! A file that is given to the wrong reader is refused by what it is, with the command that reads
//! it; where it could be either, the report says so first.

use std::ops::ControlFlow;

use atlas_core::Error;
use atlas_core::domain::{TestFormat, TestImport, TicketImport};
use atlas_core::exchange::{cases, history};
use atlas_core::jira::{read_tickets, read_tickets_with};

use super::file;
use super::workbook::{Book, t};

type Read = Result<u64, Error>;

fn tickets(name: &str, content: &str) -> Read {
    let (_folder, path) = file(name, content);
    let summary = read_tickets(&path, &mut |_| ControlFlow::Continue(()))?;
    Ok(summary.read)
}

fn patterns(name: &str, content: &str) -> Read {
    let (_folder, path) = file(name, content);
    let read = cases::read(&path, &TestImport::default())?;
    Ok(read.entries.iter().filter(|one| one.value.is_ok()).count() as u64)
}

fn results(name: &str, content: &str) -> Read {
    let (_folder, path) = file(name, content);
    let read = cases::read_results(&path, &TestImport::default())?;
    Ok(read.entries.iter().filter(|one| one.value.is_ok()).count() as u64)
}

fn past(name: &str, content: &str) -> Read {
    let (_folder, path) = file(name, content);
    let summary = history::read_history(&path, &mut |_| ControlFlow::Continue(()))?;
    Ok(summary.read)
}

/// The refusal, which names what reads the file.
fn refused(read: Read, reader: &str, content: &str) {
    match read {
        Ok(0) => {}
        Ok(count) => panic!("{count} records were read of {content}"),
        Err(error) => assert!(error.to_string().contains(reader), "{content}: {error}"),
    }
}

const TICKETS: [(&str, &str); 12] = [
    (
        "a.csv",
        "Issue key,Summary\nKES-1,Lid is loose\nKES-2,Pump drips\n",
    ),
    ("b.csv", "Summary,Issue key,Labels\nLid is loose,KES-1,a\n"),
    (
        "c.csv",
        "Issue key,Summary,Description,Priority,Components,Sprint\nKES-1,Lid,Long,High,Tank,4\n",
    ),
    ("d.csv", "Vorgangsschlüssel;Zusammenfassung\nKES-1;Deckel\n"),
    (
        "e.csv",
        "Clé de ticket;Résumé;État\nKES-1;Couvercle;Ouvert\n",
    ),
    ("f.csv", "課題キー,要約\nKES-1,蓋\n"),
    (
        "g.csv",
        "Klucz zgłoszenia;Podsumowanie;Priorytet\nKES-1;Pokrywa;Wysoki\n",
    ),
    ("h.csv", "Key,Summary,Status,Assignee\nKES-1,Lid,Open,Ida\n"),
    ("i.csv", "Work item key|Summary|Status\nKES-1|Lid|Open\n"),
    (
        "j.json",
        r#"[{"key":"KES-1","summary":"Lid","status":"Open","issuetype":"Bug","assignee":"Ida"}]"#,
    ),
    ("k.json", r#"[{"issueKey":"KES-1","summary":"Lid"}]"#),
    (
        "l.json",
        r#"{"issues":[{"key":"KES-1","fields":{"summary":"Lid","labels":["a"]}}]}"#,
    ),
];

#[test]
fn tickets_are_no_test_cases_results_or_history() {
    for (name, content) in TICKETS {
        assert!(tickets(name, content).unwrap() > 0, "{content}");
        refused(patterns(name, content), "import reads tickets", content);
        refused(results(name, content), "import reads tickets", content);
        refused(past(name, content), "import reads tickets", content);
    }
    let bug = r#"{"names":{"customfield_7":"Steps to Reproduce"},"issues":[{"key":"KES-1","fields":
        {"summary":"Lid","issuetype":{"name":"Bug"},"customfield_7":"1. Open"}}]}"#;
    refused(patterns("m.json", bug), "", bug);
}

const CASES: [(&str, &str); 9] = [
    ("a.csv", "ID,Title,Steps,Expected\nTC-1,Log in,Open,Form\n"),
    ("b.csv", "ID,Title,Folder,Priority\nTC-1,Log in,Web,High\n"),
    (
        "c.csv",
        "Klucz;Tytuł;Kroki testu;Oczekiwany rezultat\nTC-1;Logowanie;Otwórz;Formularz\n",
    ),
    (
        "d.csv",
        "キー,タイトル,テスト手順,期待結果\nTC-1,ログイン,開く,フォーム\n",
    ),
    (
        "e.csv",
        "Test ID;Test Summary;Test Type;Action;Data;Result\n1;Log in;Manual;Open;;Form\n",
    ),
    (
        "f.feature",
        "@KES-1\nFeature: Login\n  Scenario: Log in\n    When I log in\n    Then I see home\n",
    ),
    (
        "g.json",
        r#"[{"key":"TC-1","name":"Log in","steps":[{"action":"Open","expected":"Form"}]}]"#,
    ),
    (
        "h.xml",
        "<suite><sections><section><name>Web</name><cases><case><id>C1</id><title>Log in</title><custom><steps>Open</steps></custom></case></cases></section></sections></suite>",
    ),
    (
        "i.xml",
        "<testsuite name='KES-1'><testcase internalid='9' name='Log in'><steps><step><step_number>1</step_number><actions>Open</actions><expectedresults>Form</expectedresults></step></steps></testcase></testsuite>",
    ),
];

#[test]
fn test_cases_are_no_tickets_results_or_history() {
    for (name, content) in CASES {
        assert_eq!(patterns(name, content).unwrap(), 1, "{content}");
        for read in [
            tickets(name, content),
            results(name, content),
            past(name, content),
        ] {
            let words = read
                .as_ref()
                .err()
                .map(ToString::to_string)
                .unwrap_or_default();
            refused(read, "", content);
            let is_named = ["import-patterns", "as test cases", "test cases of"];
            let is_named = is_named.iter().any(|word| words.contains(word));
            assert!(is_named || words.is_empty(), "{content}: {words}");
        }
    }
}

const EXECUTIONS: [(&str, &str); 3] = [
    (
        "a.csv",
        "Issue Key,Test Case,Result,Executed\nKES-1,TC-1,FAIL,31/Mar/25\n",
    ),
    (
        "b.csv",
        "ticket_key,test_key,test name,verdict\nKES-1,TC-1,Log in,right\n",
    ),
    ("c.csv", "Vorgang;Testfall;Ergebnis\nKES-1;TC-1;bestanden\n"),
];

#[test]
fn lists_of_executions_are_no_tickets_test_cases_or_results() {
    for (name, content) in EXECUTIONS {
        assert_eq!(past(name, content).unwrap(), 1, "{content}");
        for read in [
            tickets(name, content),
            patterns(name, content),
            results(name, content),
        ] {
            assert!(read.is_err(), "{content}");
            refused(read, "import-history", content);
        }
    }
    let junit =
        "<testsuite name='KES-1'><testcase classname='a' name='Log in' time='1'/></testsuite>";
    assert_eq!(results("d.xml", junit).unwrap(), 1);
    for read in [
        tickets("d.xml", junit),
        patterns("d.xml", junit),
        past("d.xml", junit),
    ] {
        refused(read, "as results", junit);
    }
}

#[test]
fn a_runs_export_does_not_rename_the_defects_that_it_lists() {
    for content in [
        "ID,Title,Assigned To,Status,Tested On,Elapsed,Defects\nT1,Log in,Ida,Failed,2026-03-02,3m,KES-1\n",
        "ID,Title,Priority,References\n1,Log in,High,KES-1\n",
        "No.;Titel;Zustand;Anforderung\n1;Anmelden;fertig;KES-1\n",
    ] {
        assert!(tickets("a.csv", content).is_err(), "{content}");
    }
    // A column without a known name is still the key where it is the only one that may be.
    assert_eq!(
        tickets("a.csv", "Ref-Code,Title\nKES-1,Lid\nKES-2,Pump\n").unwrap(),
        2
    );
}

#[test]
fn the_format_or_a_mapping_settles_it() {
    let (_folder, path) = file("a.csv", TICKETS[0].1);
    let of = |options: &TestImport| cases::read(&path, options).unwrap().entries.len();
    let with_format = TestImport {
        format: Some(TestFormat::Csv),
        ..TestImport::default()
    };
    let with_columns = TestImport {
        columns: [("name".to_owned(), "Summary".to_owned())].into(),
        ..TestImport::default()
    };
    assert_eq!((of(&with_format), of(&with_columns)), (2, 2));
    let (_folder, path) = file("b.csv", CASES[0].1);
    let options = TicketImport {
        columns: [("key".to_owned(), "ID".to_owned())].into(),
        ..TicketImport::default()
    };
    let read = read_tickets_with(&path, &options, &mut |_| ControlFlow::Continue(())).unwrap();
    assert_eq!(read.read, 1);
}

#[test]
fn sheets_of_tickets_are_left_out_of_test_cases_and_named() {
    let row = |cells: &[&str]| cells.iter().map(|text| t(text)).collect::<Vec<_>>();
    let book = Book::default()
        .sheet(
            "Tests",
            &[row(&["Name", "Steps"]), row(&["Lid", "Open it"])],
        )
        .sheet(
            "Bugs",
            &[row(&["Issue key", "Summary"]), row(&["KES-1", "Lid"])],
        );
    let (_folder, path) = file("a.xlsx", book.bytes());
    let read = cases::read(&path, &TestImport::default()).unwrap();
    assert_eq!(read.entries.len(), 1);
    let warning = &read.report.warnings[0];
    assert!(
        warning.contains("\"Bugs\"") && warning.contains("import reads tickets"),
        "{warning}"
    );
    let book = Book::default().sheet(
        "Bugs",
        &[row(&["Issue key", "Summary"]), row(&["KES-1", "Lid"])],
    );
    let (_folder, path) = file("b.xlsx", book.bytes());
    let error = cases::read(&path, &TestImport::default())
        .unwrap_err()
        .to_string();
    assert!(error.contains("import reads tickets"), "{error}");
}

#[test]
fn a_table_without_a_column_for_steps_says_so() {
    let (_folder, path) = file("a.csv", "Name,Priority\nLid,1\nPump,2\n");
    let read = cases::read(&path, &TestImport::default()).unwrap();
    assert!(
        read.notes[0].contains("no column holds steps: 2 test cases"),
        "{:?}",
        read.notes
    );
    let (_folder, path) = file("a.csv", "Name,Steps\nLid,\n");
    let read = cases::read(&path, &TestImport::default()).unwrap();
    assert!(read.notes.is_empty(), "{:?}", read.notes);
}
