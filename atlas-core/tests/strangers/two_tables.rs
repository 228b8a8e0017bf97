//! Exports that were put one behind the other: nothing is read under the header of another table.

use std::ops::ControlFlow;

use atlas_core::domain::TestImport;
use atlas_core::exchange::cases;
use atlas_core::exchange::history::read_history;
use atlas_core::jira::read_all_tickets;

use super::file;

/// The keys and summaries of the tickets, and the lines that were refused.
fn tickets(text: &str) -> (Vec<String>, Vec<u64>) {
    let (_folder, path) = file("tickets.csv", text);
    let (tickets, skipped) = read_all_tickets(&path).unwrap();
    let told = tickets.iter();
    let told = told.map(|ticket| format!("{}|{}", ticket.key.as_str(), ticket.summary));
    (told.collect(), skipped.iter().map(|one| one.line).collect())
}

#[test]
fn tickets_below_another_header_are_refused() {
    for header in [
        "Issue key,Priority,Summary",
        "Summary,Issue key,Status",
        "Issue key,Labels,Created",
    ] {
        let text = format!(
            "Issue key,Summary,Status\nKES-1,Lid,Open\n\n{header}\nKES-2,High,Pump\nKES-3,Low,Cap\n"
        );
        let (told, skipped) = tickets(&text);
        assert_eq!(told, ["KES-1|Lid"], "{header}");
        assert_eq!(skipped, [4, 5, 6], "{header}");
    }
    // The same header again changes nothing, and neither does a ticket about the columns.
    let again =
        "Issue key,Summary,Status\nKES-1,Lid,Open\nIssue key,Summary,Status\nKES-2,Pump,Open\n";
    assert_eq!(tickets(again).0, ["KES-1|Lid", "KES-2|Pump"]);
    let about =
        "Issue key,Summary,Status\nKES-1,Status,Open\nKES-2,Summary,Status\nKES-3,Cap,Open\n";
    assert_eq!(
        tickets(about).0,
        ["KES-1|Status", "KES-2|Summary", "KES-3|Cap"]
    );
}

#[test]
fn test_cases_and_histories_below_another_header_are_refused() {
    let table = "ID,Title,Steps,Expected\nTC-1,Lid,Open,Shown\nID,Title,Expected,Steps\nTC-2,Pump,Runs,Start\n";
    let (_folder, path) = file("cases.csv", table);
    let read = cases::read(&path, &TestImport::default()).unwrap();
    let told: Vec<_> = read
        .entries
        .iter()
        .map(|entry| (entry.line, entry.value.is_ok()))
        .collect();
    assert_eq!(told, [(2, true), (3, false), (4, false)]);
    let list = "ticket_key,test_key,verdict\nKES-1,TC-1,right\nticket_key,verdict,test_key\nKES-2,wrong,TC-2\n";
    let (_folder, path) = file("history.csv", list);
    let read = read_history(&path, &mut |_| ControlFlow::Continue(())).unwrap();
    assert_eq!((read.read, read.skipped), (1, 2));
}

#[test]
fn a_border_inside_of_a_cell_refuses_the_row() {
    let table = "| ID | Title | Steps |\n|----|-------|-------|\n| 1 | Lid | Open |\n| 2 | Pump \\| cap | Start |\n";
    let (_folder, path) = file("cases.md", table);
    let read = cases::read(&path, &TestImport::default()).unwrap();
    assert!(read.entries[0].value.is_ok());
    let reason = read.entries[1].value.as_ref().unwrap_err();
    assert!(reason.contains("last border"), "{reason}");
}
