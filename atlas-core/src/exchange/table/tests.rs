//! Tables: separators, headers, lines, rows with stray quotes.

use std::path::Path;

use super::*;

type Rows = Vec<(u64, std::result::Result<Vec<String>, String>)>;

fn read(text: &str) -> (Columns, FileAccount, Rows) {
    let known = |columns: &Columns| {
        columns
            .find(&["issue key", "summary", "status", "labels"])
            .len()
    };
    let input = Input::of_text(Path::new("x"), text.as_bytes().to_vec());
    let mut table = Table::open(input, &ReadOptions::default(), &known).unwrap();
    let mut rows = Vec::new();
    let ended = table
        .each_row(|line, row| {
            let trimmed = |row: Row| {
                row.cells
                    .iter()
                    .map(|cell| cell.trim().to_owned())
                    .collect()
            };
            rows.push((line, row.map(trimmed)));
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(ended, None);
    (table.columns, table.account, rows)
}

fn cells(text: &str) -> Vec<Vec<String>> {
    let (_, _, rows) = read(text);
    rows.into_iter().map(|(_, row)| row.expect(text)).collect()
}

#[test]
fn separators_and_headers_are_found_together() {
    let plain = "Issue key;Summary;Status\nNIM-1;Totals, differ;Open\n";
    for delimiter in [";", "\t", "|", "^", "~", ":", "\u{1f}", "#"] {
        let text = plain.replace(';', delimiter);
        for above in [
            "",
            "\n\n",
            "Export of Nimbus\n\n",
            "a,b\nc,d,e\n\n",
            "\"Made: today; by me\"\n",
        ] {
            for end in ["\n", "\r\n", "\r"] {
                let text = format!("{above}{text}").replace('\n', end);
                assert_eq!(
                    cells(&text),
                    [["NIM-1", "Totals, differ", "Open"]],
                    "{text:?}"
                );
            }
        }
    }
    for sep in ["sep=;\n", "SEP=;\r\n", "\"sep=;\"\n"] {
        let (columns, account, rows) = read(&format!("{sep}{plain}"));
        assert_eq!((columns.0.len(), rows.len()), (3, 1), "{sep}");
        let report = account.finish();
        assert_eq!(
            (report.delimiter.as_deref(), report.assumed.len()),
            (Some(";"), 0)
        );
    }
    assert_eq!(
        cells("Issue key;Custom field (Risk, a, b)\nNIM-1;x\n"),
        [["NIM-1", "x"]]
    );
    assert_eq!(
        cells("\"Issue key,Summary\"\n\"NIM-1,\"\"a, b\"\"\"\n"),
        [["NIM-1", "a, b"]]
    );
    assert_eq!(cells("Issue key\nNIM-1\nNIM-2\n"), [["NIM-1"], ["NIM-2"]]);
    assert_eq!(
        cells("|Issue key|Summary|\n|---|:--|\n|NIM-1|x|\n"),
        [["", "NIM-1", "x", ""]]
    );
}

#[test]
fn lines_are_counted_whatever_ends_them() {
    for end in ["\n", "\r\n", "\r"] {
        let text = "title\n\nIssue key,Summary\nNIM-1,\"a\nb\"\n\nNIM-2,c".replace('\n', end);
        let (_, account, rows) = read(&text);
        let lines: Vec<u64> = rows.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [4, 7], "{end:?}");
        assert_eq!(account.finish().assumed[0].assumed, "line 3");
    }
}

#[test]
fn stray_quotes_are_read_where_they_are_clear() {
    let row = |row: &str, expected: &str| {
        let text = format!("Issue key,Summary,Status\nNIM-0,x,Open\n{row}\nNIM-9,y,Open\n");
        let all = cells(&text);
        assert_eq!(all.len(), 3, "{row}: {all:?}");
        let id = if all[1][0].starts_with("NIM") {
            "NIM-1"
        } else {
            "?"
        };
        assert_eq!(all[1], [id, expected, "Open"], "{row}");
    };
    row(
        "NIM-1,\"27\" monitor is black\",Open",
        "27\" monitor is black",
    );
    row("NIM-1,27\" monitor,Open", "27\" monitor");
    row(
        "NIM-1,\"Said \"yes\", then no\",Open",
        "Said \"yes\", then no",
    );
    row("NIM-1,\"a \\\"b\\\", c\",Open", "a \"b\", c");
    row("'NIM-1','Single, quoted','Open'", "Single, quoted");
    row("'NIM-1','Plain','Open'", "Plain");
    row("\"NIM-1,\"\"Totals, differ\"\",Open\"", "Totals, differ");
    row("\"NIM-1,Totals,Open\",,", "Totals");
    row(
        "NIM-1,\"Menu \"File is cut off,Open",
        "\"Menu \"File is cut off",
    );
    row("NIM-1,\"Menu is cut off,Open", "\"Menu is cut off");
    row("NIM-1, \"a, b\", Open", "a, b");
    row(
        "NIM-1,\"say \"\"hi\"\"\nand \"go\"\nnow\",Open",
        "say \"hi\"\nand \"go\"\nnow",
    );
    row("NIM-1,\"a\n\nb\",Open,,", "a\n\nb");
}

#[test]
fn rows_that_shift_are_refused_with_their_line() {
    let bad = |row: &str, words: &str| {
        let text = format!("Issue key,Summary,Status\nNIM-0,x,Open\n{row}\nNIM-9,y,Open\n");
        let (_, _, rows) = read(&text);
        let good: Vec<_> = rows.iter().filter(|(_, row)| row.is_ok()).collect();
        assert_eq!(good.len(), 2, "{row}: {rows:?}");
        let (line, reason) = rows.iter().find(|(_, row)| row.is_err()).unwrap();
        assert_eq!(*line, 3, "{row}");
        assert!(
            reason.as_ref().unwrap_err().contains(words),
            "{row}: {reason:?}"
        );
    };
    bad("NIM-1,a, b,Open", "4 cells, the header 3");
    bad("NIM-1,a\",\"b, c\",d,Open", "quote");
    bad("NIM-1,a\nb,Open", "line break");
    bad(
        "NIM-1,\"a,Open\nNIM-2,b,Open\nNIM-3,27\",Open",
        "lines 3 to 5",
    );
    bad("NIM-1,\"a \"b\" and\nc,d,\"e\nf", "quote");
}

#[test]
fn rows_may_end_early() {
    assert_eq!(
        cells("Issue key,Summary,Status\nNIM-1\nNIM-2,a\n"),
        [vec!["NIM-1"], vec!["NIM-2", "a"]]
    );
}
