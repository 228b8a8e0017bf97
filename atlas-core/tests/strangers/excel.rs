//! Excel workbooks: every sheet, cells of every type and format, hostile packages.

use atlas_core::domain::{
    FileReport, TestFormat, TestImport, TestPattern, TestReport, Ticket, silent,
};
use atlas_core::exchange::cases::{self, TestFile};
use atlas_core::{Atlas, jira};

use super::file;
use super::workbook::{Book, f, n, none, raw, styled, t, zip};

fn row(cells: &[&str]) -> Vec<String> {
    let cell = |text: &&str| match text.is_empty() {
        true => none(),
        false => t(text),
    };
    cells.iter().map(cell).collect()
}

fn read(book: &Book) -> TestFile<cases::TestCase> {
    try_read(&book.bytes()).unwrap()
}

fn try_read(bytes: &[u8]) -> atlas_core::Result<TestFile<cases::TestCase>> {
    let (_folder, path) = file("book.xlsx", bytes);
    cases::read(&path, &TestImport::default())
}

fn refusal(bytes: &[u8]) -> String {
    try_read(bytes).unwrap_err().to_string()
}

/// The test cases that were read well.
fn patterns(file: &TestFile<cases::TestCase>) -> Vec<TestPattern> {
    let cases = file
        .entries
        .iter()
        .filter_map(|entry| entry.value.as_ref().ok());
    cases.map(|case| case.pattern.clone()).collect()
}

fn names(file: &TestFile<cases::TestCase>) -> Vec<String> {
    patterns(file).into_iter().map(|p| p.name).collect()
}

fn empty() -> Atlas {
    let builder = Atlas::builder().starter_catalogue(false);
    builder.open_in_memory().unwrap()
}

fn import(atlas: &Atlas, book: &Book) -> TestReport {
    let (_folder, path) = file("book.xlsx", book.bytes());
    let report = atlas
        .patterns()
        .import_file_with(&path, &TestImport::default(), &mut silent);
    report.unwrap()
}

fn left_out(report: &FileReport) -> Vec<&str> {
    let sheets = report
        .sheets
        .iter()
        .filter(|sheet| sheet.left_out.is_some());
    sheets.map(|sheet| sheet.name.as_str()).collect()
}

/// The first case of a sheet of one row with this cell in the column of the objective.
fn shown(cell: String, book: Book) -> Option<String> {
    let rows = [
        row(&["Name", "Objective", "Steps"]),
        vec![t("A"), cell, t("Open")],
    ];
    patterns(&read(&book.sheet("s", &rows)))[0]
        .objective
        .clone()
}

#[test]
fn every_sheet_with_test_cases_is_read_and_the_others_are_named() {
    let cases = |names: &[&str]| -> Vec<Vec<String>> {
        let mut rows = vec![row(&["ID", "Title", "Steps"])];
        for (number, name) in names.iter().enumerate() {
            rows.push(vec![
                n(&(number + 1).to_string()),
                t(name),
                t(&format!("Do {name}")),
            ]);
        }
        rows
    };
    let book = Book::default()
        .sheet("Read me", &[row(&["How to use this file"])])
        .sheet("Login", &cases(&["Log in", "Log out"]))
        .sheet("Empty", &[])
        .sheet_with(
            "Cart",
            "state=\"hidden\"",
            &cases(&["Cart is paid", "Cart is emptied"]),
            "",
        )
        .sheet("Lists", &[row(&["Name", "Value"]), row(&["High", "1"])]);
    let file = read(&book);
    assert_eq!(
        names(&file),
        ["Log in", "Log out", "Cart is paid", "Cart is emptied"]
    );
    assert_eq!(left_out(&file.report), ["Read me", "Empty", "Lists"]);
    assert_eq!(file.report.sheets.len(), 5);
    assert_eq!(file.report.assumed[0].about, "hidden");
    // Numbering starts anew in each sheet: both are kept, and known again.
    let atlas = empty();
    assert_eq!(import(&atlas, &book).created, 4);
    let again = import(&atlas, &book);
    assert_eq!((again.unchanged, again.refused), (4, 0));
    // A workbook that had one sheet gets another.
    let atlas = empty();
    import(
        &atlas,
        &Book::default().sheet("Login", &cases(&["Log in", "Log out"])),
    );
    let grown = import(&atlas, &book);
    assert_eq!((grown.created, grown.unchanged, grown.refused), (2, 2, 0));
}

#[test]
fn sheets_of_titles_alone_and_of_several_formats() {
    let plain = [row(&["Name", "Steps"]), row(&["Log in", "Open"])];
    let other = [row(&["Name", "Steps"]), row(&["Log in", "Tap"])];
    let book = Book::default().sheet("Web", &plain).sheet("App", &other);
    let file = read(&book);
    let types: Vec<String> = patterns(&file)
        .into_iter()
        .map(|p| p.pattern_type)
        .collect();
    assert_eq!(types, ["Web", "App"]);
    let atlas = empty();
    assert_eq!(import(&atlas, &book).created, 2);
    assert_eq!(import(&atlas, &book).unchanged, 2);
    let testrail = [
        row(&[
            "ID",
            "Title",
            "Section",
            "Steps (Step)",
            "Steps (Expected Result)",
        ]),
        row(&["C7", "Log in", "Login", "Open", "A form"]),
        row(&["", "", "", "Submit", "Home"]),
    ];
    let file = read(
        &Book::default()
            .sheet("Plain", &plain)
            .sheet("TestRail", &testrail),
    );
    let steps: Vec<usize> = patterns(&file).iter().map(|p| p.steps.len()).collect();
    assert_eq!(steps, [1, 2]);
    // One sheet alone is as it always was.
    let file = read(&Book::default().sheet("Web", &plain));
    assert_eq!(
        (file.format, patterns(&file)[0].pattern_type.as_str()),
        (TestFormat::Csv, "General")
    );
}

#[test]
fn titles_above_the_header_and_headers_of_two_rows() {
    let book = Book::default().sheet(
        "s",
        &[
            row(&["Test cases of release 4"]),
            row(&["", "made by", "QA"]),
            vec![],
            row(&["Name", "Folder", "Steps"]),
            row(&["Log in", "Login", "1. Open\n2. Submit"]),
        ],
    );
    let file = read(&book);
    assert_eq!(patterns(&file)[0].steps.len(), 2);
    assert_eq!(file.entries[0].line, 5);
    let merged = "<mergeCells><mergeCell ref=\"A1:A2\"/><mergeCell ref=\"B1:C1\"/></mergeCells>";
    let rows = [
        row(&["Name", "Details", ""]),
        row(&["", "Steps", "Expected"]),
        row(&["Log in", "1. Open", "1. A form"]),
    ];
    let pattern = &patterns(&read(&Book::default().sheet_with("s", "", &rows, merged)))[0];
    assert_eq!(pattern.steps[0].expected.as_deref(), Some("A form"));
}

#[test]
fn merged_cells_speak_for_all_their_rows() {
    let merged = "<mergeCells><mergeCell ref=\"B2:B4\"/><mergeCell ref=\"A2:A3\"/></mergeCells>";
    let head = [
        "Key",
        "Folder",
        "Name",
        "Test Script (Step-by-Step) - Step",
        "Test Script (Step-by-Step) - Expected Result",
    ];
    let rows = [
        row(&head),
        row(&["NIM-T1", "/Login", "Log in", "Open", "Form"]),
        row(&["", "", "", "Submit", "Home"]),
        row(&["NIM-T2", "", "Log out", "Press", "Gone"]),
    ];
    let all = patterns(&read(&Book::default().sheet_with("s", "", &rows, merged)));
    let told: Vec<_> = all
        .iter()
        .map(|p| (p.pattern_type.as_str(), p.steps.len()))
        .collect();
    assert_eq!(told, [("Login", 2), ("Login", 1)]);
}

#[test]
fn cells_are_what_the_sheet_shows() {
    let book = || {
        let codes = [
            "yyyy-mm-dd",
            "d/m/yy hh:mm",
            "[h]:mm",
            "0%",
            "\"TC-\"000",
            "mmm yyyy",
            "h:mm AM/PM",
        ];
        codes
            .iter()
            .fold(Book::default(), |book, code| book.format(code))
    };
    let date = "46085.38541666666";
    for (cell, text) in [
        (n("101"), "101"),
        (n("1.0"), "1"),
        (n("0.30000000000000004"), "0.3"),
        (n("3.5000000001"), "3.5"),
        (n("1E+10"), "10000000000"),
        (n("-2.50"), "-2.5"),
        (styled("46085", 0), "2026-03-04"),
        (styled(date, 1), "2026-03-04T09:15:00"),
        (styled("1.0625", 2), "25:30"),
        (styled("0.15", 3), "15%"),
        (styled("7", 4), "TC-007"),
        (styled("46085", 5), "2026-03-04"),
        (styled("0.0625", 6), "01:30"),
        (raw("t=\"b\"><v>1</v>"), "true"),
        (
            raw("t=\"d\"><v>2026-03-04T09:15:00</v>"),
            "2026-03-04T09:15:00",
        ),
        (f("A1", Some("x & y")), "x & y"),
        (raw("t=\"n\"><f>1+1</f><v>2</v>"), "2"),
        (t(" a_x000D_\nb "), "a\nb"),
    ] {
        assert_eq!(shown(cell.clone(), book()).as_deref(), Some(text), "{cell}");
    }
    let from_1904 = book().properties("<workbookPr date1904=\"1\"/>");
    assert_eq!(
        shown(styled("44623", 0), from_1904).as_deref(),
        Some("2026-03-04")
    );
    let rich = "<r><t xml:space=\"preserve\">Log </t></r><r><rPr><b/></rPr><t>in</t></r>\
        <rPh sb=\"0\" eb=\"1\"><t>ignored</t></rPh>";
    let shared = book().shared("<t>no</t>").shared(rich);
    assert_eq!(
        shown(raw("t=\"s\"><v>1</v>"), shared).as_deref(),
        Some("Log in")
    );
    assert_eq!(shown(raw("t=\"e\"><v>#N/A</v>"), book()), None);
}

#[test]
fn a_duration_is_minutes_and_a_number_is_an_id() {
    let rows = [
        row(&["ID", "Title", "Section", "Estimate", "Steps (Step)"]),
        vec![
            n("101"),
            t("Log in"),
            t("Login"),
            styled("0.010416666666666666", 0),
            t("Open"),
        ],
        vec![n("102"), t("Log out"), t("Login"), n("7.5"), n("2.5")],
    ];
    let file = read(&Book::default().format("h:mm").sheet("s", &rows));
    let ids: Vec<&str> = file
        .entries
        .iter()
        .map(|entry| entry.value.as_ref().unwrap().ids[0].as_str())
        .collect();
    assert_eq!(ids, ["C101", "C102"]);
    assert_eq!(patterns(&file)[0].avg_time_minutes, Some(15));
    assert_eq!(patterns(&file)[1].steps[0].action, "2.5");
}

#[test]
fn a_formula_without_a_value_swallows_nothing() {
    let rows = [
        row(&["Name", "Folder", "Objective", "Steps"]),
        row(&["Log in", "Login", "", "Open"]),
        vec![
            f("CONCATENATE(\"Log\",\" out\")", None),
            t("Login"),
            none(),
            t("Press"),
        ],
        vec![t("Pay"), t("Cart"), f("A1", None), t("Pay")],
        vec![t("Ship"), t("Cart"), raw("t=\"e\"><v>#REF!</v>"), t("Ship")],
    ];
    let file = read(&Book::default().sheet("s", &rows));
    assert_eq!(names(&file), ["Log in", "Pay", "Ship"]);
    assert_eq!(patterns(&file)[0].steps.len(), 1);
    let refused = file.entries[1].value.as_ref().unwrap_err();
    assert!(refused.contains("formula"), "{refused}");
    assert_eq!(file.entries[1].line, 3);
    let unread: Vec<_> = file
        .report
        .unread
        .iter()
        .map(|one| (one.column.as_str(), one.count, one.line))
        .collect();
    assert_eq!(unread, [("Name", 1, 3), ("Objective", 2, 4)]);
    // Programs that do not compute store a 0 and let it be computed when it is opened.
    let rows = [
        row(&["Name", "Steps"]),
        vec![raw("><f>A9</f><v>0</v>"), t("Open")],
    ];
    let lazy = Book::default().properties("<calcPr fullCalcOnLoad=\"1\"/>");
    assert!(names(&read(&lazy.sheet("s", &rows))).is_empty());
}

#[test]
fn tickets_of_a_workbook_are_tickets() {
    let rows = |key: &str, created: String| {
        [
            row(&["Bugs of this week"]),
            row(&["Issue key", "Summary", "Status", "Created"]),
            vec![t(key), t("Totals differ"), t("Open"), created],
        ]
    };
    let book = Book::default()
        .format("dd.mm.yyyy hh:mm")
        .sheet("Bugs", &rows("NIM-1", styled("46085.38541666666", 0)))
        .sheet("Notes", &[row(&["nothing"])])
        .sheet("More", &rows("NIM-2", t("2026-03-05")));
    let (_folder, path) = file("tickets.xlsx", book.bytes());
    let (tickets, skipped) = jira::read_all_tickets(&path).unwrap();
    let told: Vec<(&str, String)> = tickets
        .iter()
        .map(|one: &Ticket| (one.key.as_str(), one.created.unwrap().to_string()))
        .collect();
    assert_eq!(
        told,
        [
            ("NIM-1", "2026-03-04T09:15:00Z".to_owned()),
            ("NIM-2", "2026-03-05T00:00:00Z".to_owned()),
        ]
    );
    assert!(skipped.is_empty());
    // They are no test cases.
    let refused = refusal(&book.bytes());
    assert!(
        refused.contains("tickets") && refused.contains("atlas import"),
        "{refused}"
    );
}

#[test]
fn other_spreadsheets_are_named() {
    let word = |parts: &[(&str, &str)]| {
        let parts: Vec<_> = parts
            .iter()
            .map(|(n, x)| ((*n).to_owned(), (*x).to_owned()))
            .collect();
        refusal(&zip(&parts))
    };
    let ods = "application/vnd.oasis.opendocument.spreadsheet";
    for (refused, named) in [
        (word(&[("mimetype", ods), ("content.xml", "<x/>")]), ".ods"),
        (word(&[("[Content_Types].xml", ""), ("xl/workbook.bin", "")]), ".xlsb"),
        (word(&[("[Content_Types].xml", ""), ("word/document.xml", "")]), "text document"),
        (word(&[("cases.csv", "Name\n")]), "zip"),
        (refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest"), ".xls"),
        (refusal(b"<html><table><tr><td>Name</td></tr></table></html>"), "HTML"),
        (
            refusal(b"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"/>"),
            "XML Spreadsheet",
        ),
    ] {
        assert!(refused.contains(named), "{named}: {refused}");
    }
    // HTML within XML is none.
    let testrail = "<?xml version=\"1.0\"?><!-- x --><suite><sections><section><name>S</name><cases>\
        <case><id>C1</id><title>A</title><custom><preconds>&lt;table&gt;<![CDATA[<table>]]></preconds>\
        </custom></case></cases></section></sections></suite>";
    let (_folder, path) = file("x.xml", testrail);
    assert!(cases::read(&path, &TestImport::default()).is_ok());
    let whole = Book::default().sheet("s", &[row(&["Name"])]).bytes();
    for length in [10, 200, whole.len() / 2, whole.len() - 1] {
        assert!(refusal(&whole[..length]).contains("cannot be read"));
    }
}

#[test]
fn a_stray_cell_at_the_end_costs_nothing() {
    let data = |stray: &str| {
        format!(
            "<row r=\"1\"><c r=\"A1\" {}</c><c r=\"B1\" {}</c></row>\
             <row r=\"2\"><c r=\"A2\" {}</c><c r=\"B2\" {}</c></row>{stray}",
            t("Name"),
            t("Steps"),
            t("Log in"),
            t("Open"),
        )
    };
    for stray in [
        "<row r=\"1048576\"><c r=\"XFD1048576\" t=\"b\"><v>1</v></c></row>",
        "<row r=\"3\"><c r=\"XFD3\"><v>1</v></c></row>",
        "<row r=\"1048576\"><c><v>1</v></c></row>",
    ] {
        let file = read(&Book::default().sheet_of("s", &data(stray)));
        assert_eq!(names(&file)[0], "Log in", "{stray}");
    }
    for stray in [
        "<row r=\"1048577\"/>",
        "<row r=\"99999999999999999999\"/>",
        "<row r=\"0\"/>",
    ] {
        let file = read(&Book::default().sheet_of("s", &data(stray)));
        assert!(names(&file)[0] == "Log in", "{stray}");
    }
}

#[test]
fn a_bomb_is_refused_by_what_it_holds() {
    // 300 MB of blanks, 300 kB on the disk; and a text of 5 MB.
    let blanks = format!("<row>{}</row>", " ".repeat(3 << 20)).repeat(100);
    let refused = refusal(&Book::default().sheet_of("s", &blanks).bytes());
    assert!(refused.contains("256 MB"), "{refused}");
    let refused = refusal(&Book::default().sheet_of("s", &" ".repeat(5 << 20)).bytes());
    assert!(refused.contains("4 MB"), "{refused}");
    // One text of 100 kB in 4,000 cells.
    let shared = Book::default().shared(&format!("<t>{}</t>", "x".repeat(100_000)));
    let cells = "<row><c t=\"s\"><v>0</v></c></row>".repeat(4_000);
    let refused = refusal(&shared.sheet_of("s", &cells).bytes());
    assert!(refused.contains("too many cells"), "{refused}");
}
