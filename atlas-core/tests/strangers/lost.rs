//! U+FFFD stands where a character was lost: the report says so, and where it is first.

use std::ops::ControlFlow;

use atlas_core::domain::{FileReport, TestImport};
use atlas_core::exchange::cases;
use atlas_core::exchange::history;
use atlas_core::jira::read_tickets;

use super::file;

fn of_tickets(name: &str, content: &[u8]) -> FileReport {
    let (_folder, path) = file(name, content);
    read_tickets(&path, &mut |_| ControlFlow::Continue(()))
        .unwrap()
        .file
}

fn of_cases(name: &str, content: &str) -> FileReport {
    let (_folder, path) = file(name, content);
    cases::read(&path, &TestImport::default()).unwrap().report
}

/// The warning about what was lost.
fn told(report: &FileReport) -> &str {
    let mut warnings = report.warnings.iter();
    let found = warnings.find(|warning| warning.contains("U+FFFD"));
    found.unwrap_or_else(|| panic!("{:?}", report.warnings))
}

#[test]
fn the_first_ticket_with_a_lost_character_is_named() {
    let csv =
        "Issue key,Summary,Labels\nKES-1,Fine,a\nKES-2,L\u{fffd}nge,a\nKES-3,Fine,gr\u{fffd}n\n";
    let report = of_tickets("a.csv", csv.as_bytes());
    let words = told(&report);
    for part in ["2 records", "\"KES-2\" (line 3)"] {
        assert!(words.contains(part), "{words}");
    }
    let json = r#"[{"key":"KES-1","fields":{"summary":"Fine"}},
{"key":"KES-2","fields":{"summary":"Fine","description":"gr\ufffdn"}}]"#;
    let report = of_tickets("a.json", json.as_bytes());
    assert!(told(&report).contains("\"KES-2\" (line 2)"), "{report:?}");
}

#[test]
fn what_decoding_replaced_is_named_as_well() {
    let mut csv = "Issue key,Summary\nKES-1,Größe Länge Fuß\nKES-2,"
        .as_bytes()
        .to_vec();
    csv.extend(b"L\xe4nge\n");
    let report = of_tickets("a.csv", &csv);
    assert!(told(&report).contains("\"KES-2\" (line 3)"), "{report:?}");
    assert!(
        report
            .warnings
            .iter()
            .any(|one| one.contains("1 place of the file is not valid UTF-8")),
        "{report:?}"
    );
}

#[test]
fn test_cases_results_and_histories_are_looked_through() {
    for (name, content, first) in [
        (
            "a.csv",
            "Name,Steps\nFine,Open\nDeckel,\u{fffd}ffnen\n",
            "\"Deckel\" (line 3)",
        ),
        (
            "a.json",
            r#"[{"name":"Deckel","steps":["\ufffdffnen"]}]"#,
            "\"Deckel\" (line 1)",
        ),
        (
            "a.feature",
            "Feature: F\n  Scenario: Deckel\n    When I \u{fffd}ffne\n",
            "\"Deckel\" (line 2)",
        ),
    ] {
        let report = of_cases(name, content);
        assert!(told(&report).contains(first), "{content}: {report:?}");
    }
    let junit = "<testsuite><testcase name='Gr&#xfffd;n' time='1'/></testsuite>";
    let (_folder, path) = file("a.xml", junit);
    let report = cases::read_results(&path, &TestImport::default())
        .unwrap()
        .report;
    assert!(told(&report).contains("(line 1)"), "{report:?}");
    let (_folder, path) = file(
        "a.csv",
        "ticket_key,test_key,ticket_summary\nKES-1,TC-1,Gr\u{fffd}n\n",
    );
    let read = history::read_history(&path, &mut |_| ControlFlow::Continue(())).unwrap();
    assert!(
        told(&read.file).contains("\"KES-1\" (line 2)"),
        "{:?}",
        read.file
    );
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("b.feature"),
        "Feature: F\n  Scenario: D\u{fffd}\n    When I go\n",
    )
    .unwrap();
    let report = cases::read(folder.path(), &TestImport::default())
        .unwrap()
        .report;
    assert!(told(&report).contains("b.feature"), "{report:?}");
}

#[test]
fn whole_texts_are_not_warned_of() {
    for content in [
        "Issue key,Summary\nKES-1,Größe – 日本 👍\n",
        "Issue key,Summary\nKES-1,What? ?? \u{25a1}\n",
    ] {
        let report = of_tickets("a.csv", content.as_bytes());
        assert!(report.warnings.is_empty(), "{report:?}");
    }
}

#[test]
fn text_that_was_read_in_a_wrong_encoding_before_is_told() {
    let garbled = |text: &str| {
        let report = of_tickets("a.csv", text.as_bytes());
        let mut warnings = report.warnings.into_iter();
        warnings.find(|one| one.contains("wrong encoding"))
    };
    let text = "Issue key,Summary\nKES-1,GrÃ¶ÃŸe fÃ¤llt\nKES-2,Preis â‚¬ 5\n";
    let words = garbled(text).expect("a warning");
    assert!(words.contains("\"GrÃ¶ÃŸe\" for \"Größe\""), "{words}");
    for sound in [
        "Issue key,Summary\nKES-1,Größe\nKES-2,NÃO É\n",
        "Issue key,Summary\nKES-1,Shows GrÃ¶ÃŸe for Größe\nKES-2,GrÃ¶ÃŸe\nKES-3,GrÃ¶ÃŸe\n",
        "Issue key,Summary\nKES-1,日本\nKES-2,👍\n",
    ] {
        assert_eq!(garbled(sound), None, "{sound}");
    }
}
