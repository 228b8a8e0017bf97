//! Sheets of tickets: which are read, what stands above their headers, days since 1904.

use std::ops::ControlFlow;

use atlas_core::domain::{FileReport, TestImport, Ticket};
use atlas_core::exchange::cases;
use atlas_core::jira::read_tickets;

use super::file;
use super::workbook::{Book, n, styled, t};

fn row(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|text| t(text)).collect()
}

fn read(book: &Book) -> (Vec<Ticket>, FileReport) {
    let (_folder, path) = file("tickets.xlsx", book.bytes());
    let mut tickets = Vec::new();
    let summary = read_tickets(&path, &mut |record| {
        tickets.extend(record.value.ok().map(|read| read.ticket));
        ControlFlow::Continue(())
    })
    .unwrap();
    (tickets, summary.file)
}

#[test]
fn a_sheet_of_tickets_with_few_columns_is_read_beside_a_wide_one() {
    let wide = [
        "Issue key",
        "Summary",
        "Status",
        "Priority",
        "Assignee",
        "Labels",
        "Components",
    ];
    let book = Book::default()
        .sheet(
            "All",
            &[
                row(&wide),
                row(&["KES-1", "Lid", "Open", "Low", "Ida", "x", "Tank"]),
            ],
        )
        .sheet(
            "Few",
            &[row(&["Issue key", "Summary"]), row(&["KES-2", "Pump"])],
        )
        .sheet("Sums", &[row(&["Status", "Count"]), row(&["Open", "2"])]);
    let (tickets, report) = read(&book);
    let keys: Vec<&str> = tickets.iter().map(|ticket| ticket.key.as_str()).collect();
    assert_eq!(keys, ["KES-1", "KES-2"]);
    let left_out = report
        .sheets
        .iter()
        .find(|sheet| sheet.left_out.is_some())
        .unwrap();
    let reason = left_out.left_out.as_deref().unwrap();
    assert!(
        left_out.name == "Sums" && reason.contains("fewer columns"),
        "{reason}"
    );
}

#[test]
fn rows_above_the_header_of_a_sheet_are_told() {
    let tickets = [
        row(&["Bugs of May"]),
        row(&["Issue key", "Summary"]),
        row(&["KES-1", "Lid"]),
    ];
    let (_, report) = read(&Book::default().sheet("Bugs", &tickets));
    let told = &report.assumed[0];
    assert!(
        told.why.contains("Bugs of May") && told.assumed.contains("row 2"),
        "{told:?}"
    );
    let tests = [
        row(&["Suite of May"]),
        row(&["Name", "Steps"]),
        row(&["Lid", "Open it"]),
    ];
    let (_folder, path) = file("tests.xlsx", Book::default().sheet("Tests", &tests).bytes());
    let report = cases::read(&path, &TestImport::default()).unwrap().report;
    assert!(report.assumed[0].why.contains("Suite of May"), "{report:?}");
}

#[test]
fn a_day_since_1904_is_one_in_any_format() {
    let header = row(&["Issue key", "Summary", "Created", "Story Points"]);
    let book = Book::default()
        .format("dd.mm.yyyy")
        .properties("<workbookPr date1904=\"1\"/>")
        .sheet(
            "Bugs",
            &[
                header,
                vec![t("KES-1"), t("Lid"), styled("44623", 0), n("3")],
                vec![t("KES-2"), t("Pump"), n("44623"), n("44623")],
            ],
        );
    let (tickets, _) = read(&book);
    assert_eq!(tickets[0].created, tickets[1].created);
    assert_eq!(
        tickets[1].created.unwrap().to_string(),
        "2026-03-04T00:00:00Z"
    );
}

#[test]
fn a_sheet_of_executions_beside_tickets_is_left_out_and_named() {
    let book = Book::default()
        .sheet(
            "Runs",
            &[
                row(&["Issue key", "Test Case", "Result", "Executed by"]),
                row(&["KES-1", "TC-1", "PASS", "Ida"]),
            ],
        )
        .sheet(
            "Bugs",
            &[row(&["Issue key", "Summary"]), row(&["KES-1", "Lid"])],
        );
    let (tickets, report) = read(&book);
    assert_eq!(tickets.len(), 1);
    assert_eq!(tickets[0].summary, "Lid");
    let runs = &report.sheets[0];
    let reason = runs.left_out.as_deref().unwrap_or_default();
    assert!(reason.contains("test executions"), "{report:?}");
    assert!(report.warnings.is_empty(), "{report:?}");
}
