//! Dates, numbers and words for results of other countries and tools.

use std::ops::ControlFlow;

use atlas_core::domain::{DateOrder, DecimalMark, FileReport, ReadOptions, Verdict};
use atlas_core::exchange::dates::{self, DateSurvey};
use atlas_core::exchange::history::{HistoryLink, read_history_with};
use atlas_core::exchange::numbers::NumberSurvey;

use super::file;

type Links = Vec<Result<HistoryLink, String>>;

fn history_with(content: &str, reading: &ReadOptions) -> (Links, FileReport) {
    let (_folder, path) = file("history.csv", content);
    let mut links = Vec::new();
    let summary = read_history_with(&path, reading, &mut |record| {
        links.push(record.value);
        ControlFlow::Continue(())
    })
    .expect("a history");
    assert_eq!(summary.read + summary.skipped, links.len() as u64);
    (links, summary.file)
}

fn history(content: &str) -> (Links, FileReport) {
    history_with(content, &ReadOptions::default())
}

/// The days of the links.
fn days(links: &Links) -> Vec<Option<String>> {
    let day = |link: &Result<HistoryLink, String>| {
        let date = link.as_ref().expect("a link").date?;
        Some(date.to_string()[..16].to_owned())
    };
    links.iter().map(day).collect()
}

/// What becomes of each cell of a column: R and W for verdicts, - for a test that did not run, ?
/// for a word that is not known.
fn verdicts(column: &str, cells: &[&str]) -> String {
    let mut content = format!("issue key,test case,{column},note\n");
    for cell in cells {
        content.push_str(&format!("WRKA-1,TP-1,\"{cell}\",\n"));
    }
    let letter = |link: &Result<HistoryLink, String>| match link {
        Ok(link) if link.verdict == Verdict::Right => 'R',
        Ok(_) => 'W',
        Err(reason) if reason.contains("did not run") => '-',
        Err(_) => '?',
    };
    history(&content).0.iter().map(letter).collect()
}

#[test]
fn one_order_of_day_and_month_wherever_the_row_that_tells_it() {
    let rows = [
        "02/13/2026 9:15 AM",
        "03/04/2026 9:15 AM",
        "12/11/2025 8:00 PM",
    ];
    let expected = ["2026-02-13T09:15", "2026-03-04T09:15", "2025-12-11T20:00"];
    for turned in [false, true] {
        let (mut rows, mut expected) = (rows, expected.map(|day| Some(day.to_owned())));
        if turned {
            rows.reverse();
            expected.reverse();
        }
        for mark in ["/", "-", "."] {
            let mut content = "ticket;test;executed\n".to_owned();
            for row in rows {
                content.push_str(&format!("WRKA-1;TP-1;{}\n", row.replace('/', mark)));
            }
            let (links, report) = history(&content);
            assert_eq!(days(&links), expected, "{mark}");
            assert!(
                report.assumed.is_empty() && report.unread.is_empty(),
                "{report:?}"
            );
        }
    }
}

#[test]
fn the_row_that_tells_the_order_may_have_another_column_or_year() {
    let content = "ticket,test,executed,created\nWRKA-1,T,03/04/2026,\nWRKA-2,T,,2/28/26\nWRKA-3,T,,04/05/26\n";
    let (links, report) = history(content);
    let expected = ["2026-03-04T00:00", "2026-02-28T00:00", "2026-04-05T00:00"];
    assert_eq!(days(&links), expected.map(|day| Some(day.to_owned())));
    assert!(report.assumed.is_empty());
}

#[test]
fn a_date_of_a_column_that_is_not_used_tells_the_order_too() {
    for other in ["12/31/26", "1/15/26 9:00", "10/31/2026"] {
        let content =
            format!("ticket,test,executed,deadline\nWRKA-1,T,3/4/26,\nWRKA-2,T,4/5/26,{other}\n");
        let (links, report) = history(&content);
        let expected = ["2026-03-04T00:00", "2026-04-05T00:00"];
        assert_eq!(
            days(&links),
            expected.map(|day| Some(day.to_owned())),
            "{other}"
        );
        assert!(report.assumed.is_empty(), "{other}: {report:?}");
    }
    // A version has no order.
    let content = "ticket,test,executed,build\nWRKA-1,T,3/4/26,1.14.26\n";
    assert_eq!(history(content).1.assumed.len(), 1);
}

#[test]
fn a_year_of_two_digits_may_come_first() {
    let content = "ticket,test,executed\nWRKA-1,T,26/04/05\nWRKA-1,T,26/04/06\nWRKA-2,T,26/12/31\nWRKA-2,T,27/01/02\n";
    let (links, report) = history(content);
    let expected = ["2026-04-05", "2026-04-06", "2026-12-31", "2027-01-02"];
    let expected = expected.map(|day| Some(format!("{day}T00:00")));
    assert_eq!(days(&links), expected);
    assert_eq!(report.assumed[0].assumed, "year-first");
}

#[test]
fn one_mistyped_date_turns_no_others_round() {
    let content =
        "ticket,test,executed\nWRKA-1,T,2026/04/03\nWRKA-1,T,2026/25/03\nWRKA-2,T,2026-04-13\n";
    let (links, report) = history(content);
    assert_eq!(
        days(&links[..1].to_vec())[0].as_deref(),
        Some("2026-04-03T00:00")
    );
    assert!(report.assumed[0].why.contains("2026/25/03"), "{report:?}");
}

#[test]
fn what_the_file_does_not_tell_is_said_and_can_be_settled() {
    let content = "ticket,test,executed\nWRKA-1,T,03/04/2026\nWRKA-2,T,soon\n";
    let (links, report) = history(content);
    assert_eq!(days(&links), [Some("2026-04-03T00:00".into()), None]);
    let assumed = &report.assumed[0];
    assert_eq!(
        (assumed.about.as_str(), assumed.assumed.as_str()),
        ("date_order", "day-first")
    );
    assert!(assumed.why.contains("03/04/2026"), "{}", assumed.why);
    let unread = &report.unread[0];
    assert_eq!(
        (
            unread.column.as_str(),
            unread.count,
            unread.line,
            unread.example.as_str()
        ),
        ("executed", 1, 3, "soon")
    );
    let reading = ReadOptions {
        date_order: Some(DateOrder::MonthFirst),
        ..ReadOptions::default()
    };
    let (links, report) = history_with(content, &reading);
    assert_eq!(days(&links)[0], Some("2026-03-04T00:00".into()));
    assert!(report.assumed.is_empty());
}

#[test]
fn a_file_that_contradicts_itself_is_told_so() {
    let content =
        "ticket,test,executed\nWRKA-1,T,13/02/2026\nWRKA-2,T,02/14/2026\nWRKA-3,T,25/03/2026\n";
    let (links, report) = history(content);
    let expected = [Some("2026-02-13T00:00"), None, Some("2026-03-25T00:00")];
    assert_eq!(days(&links), expected.map(|day| day.map(str::to_owned)));
    assert_eq!((report.unread[0].count, report.unread[0].line), (1, 3));
    let why = &report.assumed[0].why;
    assert!(
        why.contains("13/02/2026") && why.contains("02/14/2026"),
        "{why}"
    );
}

#[test]
fn dates_of_records_that_are_in_order() {
    let mut survey = DateSurvey::default();
    for (created, updated) in [("05/06/2026", "06/05/2026"), ("01/02/2026", "02/01/2026")] {
        survey.see(created);
        survey.see(updated);
        survey.see_in_order(created, updated);
    }
    let (dates, assumed) = survey.settle(None);
    assert_eq!(
        dates.parse("05/06/2026").unwrap().to_string(),
        "2026-05-06T00:00:00Z"
    );
    assert_eq!(assumed.unwrap().assumed, "month-first");
}

#[test]
fn no_date_becomes_another_one() {
    for (text, expected) in [
        ("4 août 2025 15h07", Some("2025-08-04T15:07:00Z")),
        ("4. srpna 2025 15:07", Some("2025-08-04T15:07:00Z")),
        ("2025. augusztus 4. 15:07", Some("2025-08-04T15:07:00Z")),
        ("4 Ağu 2025 15:07", Some("2025-08-04T15:07:00Z")),
        ("04/8월/25 3:07 오후", Some("2025-08-04T15:07:00Z")),
        (
            "Mon Aug 04 2025 17:07:00 GMT+0200 (CEST)",
            Some("2025-08-04T15:07:00Z"),
        ),
        ("1754320020", Some("2025-08-04T15:07:00Z")),
        ("45873.6299", Some("2025-08-04T15:07:00Z")),
        ("04/srp/25", None),
        ("31/04/2025", None),
        ("4.8.1", None),
        ("WRKA-2025", None),
    ] {
        let read = dates::parse(text).map(|at| at.to_string());
        assert_eq!(read.as_deref(), expected, "{text}");
    }
}

#[test]
fn a_duration_is_never_a_thousand_times_too_long() {
    let seconds = |texts: &[&str]| {
        let mut survey = NumberSurvey::default();
        texts.iter().for_each(|text| survey.see(text));
        let (numbers, assumed) = survey.settle(None);
        let read: Vec<Option<f64>> = texts.iter().map(|text| numbers.seconds(text)).collect();
        (read, assumed.is_some())
    };
    assert_eq!(
        seconds(&["0,417", "2,5", "1,234"]),
        (vec![Some(0.417), Some(2.5), Some(1.234)], false)
    );
    assert_eq!(
        seconds(&["1.002,25", "3,243"]),
        (vec![Some(1_002.25), Some(3.243)], false)
    );
    assert_eq!(
        seconds(&["1,002.25", "3,243"]),
        (vec![Some(1_002.25), Some(3_243.0)], false)
    );
    assert_eq!(seconds(&["3,243", "2,718"]), (vec![None, None], true));
    assert_eq!(
        seconds(&["3.243", "45s", "PT2M", "0:01:05,5"]),
        (
            vec![Some(3.243), Some(45.0), Some(120.0), Some(65.5)],
            false
        )
    );
    assert_eq!(seconds(&["-1", "NaN", "inf", ""]), (vec![None; 4], false));

    let content =
        "ticket,test,Duration (s)\nWRKA-1,T,\"3,243\"\nWRKA-2,T,90\nWRKA-3,T,a while\nWRKA-4,T,0\n";
    let minutes = |reading: &ReadOptions| {
        let (links, report) = history_with(content, reading);
        let minutes: Vec<Option<u32>> = links
            .iter()
            .map(|link| link.as_ref().unwrap().minutes)
            .collect();
        (
            minutes,
            report.unread.first().map_or(0, |unread| unread.count),
            report.assumed.len(),
        )
    };
    assert_eq!(
        minutes(&ReadOptions::default()),
        (vec![None, Some(2), None, None], 2, 1)
    );
    let comma = ReadOptions {
        decimal: Some(DecimalMark::Comma),
        ..ReadOptions::default()
    };
    assert_eq!(minutes(&comma), (vec![Some(1), Some(2), None, None], 1, 0));
}

#[test]
fn passed_or_failed_it_was_tested() {
    assert_eq!(
        verdicts(
            "Result",
            &["PASS", "FAIL", "0", "1", "blocked", "✔", "✗", "x"]
        ),
        "RRRRRRRR"
    );
    assert_eq!(
        verdicts(
            "Execution Status",
            &["Passed", "NOT RUN", "", "Skipped", "n/a", "-"]
        ),
        "R-----"
    );
    assert_eq!(
        verdicts(
            "Ergebnis",
            &["bestanden", "nicht bestanden", "nicht ausgeführt"]
        ),
        "RR-"
    );
    assert_eq!(
        verdicts("Résultat", &["Réussi", "ÉCHOUÉ", "non exécuté", "à faire"]),
        "RR--"
    );
    assert_eq!(
        verdicts("結果", &["合格", "不合格", "未実施", "OK", "NG"]),
        "RR-RR"
    );
    assert_eq!(
        verdicts("Результат", &["Пройден", "не пройден", "пропущен"]),
        "RR-"
    );
    assert_eq!(verdicts("status", &["Passed", "To Do", "Failed"]), "R-R");
    assert_eq!(verdicts("result", &["pass", "perhaps"]), "R?");
}

#[test]
fn right_and_wrong_keep_their_meaning() {
    assert_eq!(
        verdicts(
            "verdict",
            &[
                "right", "wrong", "yes", "NO", "1", "0", "used", "unused", "", "+", "-"
            ]
        ),
        "RWRWRWRWRRW"
    );
    assert_eq!(verdicts("result", &["right", "PASS", "wrong"]), "RRW");
    // A ticket's status says nothing of the test.
    assert_eq!(
        verdicts("status", &["Done", "In Progress", "Closed", ""]),
        "RRRR"
    );
    let (links, report) = history("ticket,test,result\nWRKA-1,T,1\nWRKA-2,T,0\n");
    assert_eq!(links[1].as_ref().unwrap().verdict, Verdict::Wrong);
    assert_eq!(report.assumed[0].about, "verdict");
    let (_, report) = history("ticket,test,verdict\nWRKA-1,T,1\nWRKA-2,T,0\n");
    assert!(report.assumed.is_empty());
}

#[test]
fn every_column_of_a_history_is_accounted_for() {
    let (_, report) = history(
        "Tester,Issue Key,Test Case,Result,Executed\n,WRKA-1,T,PASS,2026-03-03\nAda,WRKA-2,T,FAIL,2026-03-03\n",
    );
    let columns: Vec<_> = (report.columns.iter())
        .map(|column| {
            (
                column.name.as_str(),
                column.used_as.as_deref(),
                column.first_value.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        columns,
        [
            ("Tester", None, Some("Ada")),
            ("Issue Key", Some("ticket_key"), Some("WRKA-1")),
            ("Test Case", Some("test_key"), Some("T")),
            ("Result", Some("verdict"), Some("PASS")),
            ("Executed", Some("date"), Some("2026-03-03")),
        ]
    );
    let (links, _) =
        history("Ticketschlüssel;Testfall;Dauer;Datum\nWRKA-1;T;1 Std. 5 Min.;3. März 2026\n");
    let link = links[0].as_ref().unwrap();
    assert_eq!(
        (link.minutes, link.date),
        (Some(65), dates::parse("2026-03-03"))
    );
}

#[test]
fn verdicts_stand_in_columns_of_many_names() {
    for column in [
        "Pass/Fail",
        "P/F",
        "Passed",
        "Last Execution Status",
        "Latest result",
        "Test outcome",
        "Statut d'exécution",
        "Estado de ejecución",
        "What happened",
    ] {
        let found = verdicts(column, &["Passed", "Skipped", "Failed"]);
        assert_eq!(found, "R-R", "{column}");
    }
    // A word that is not known is refused for itself.
    assert_eq!(verdicts("status", &["Passed", "Failed", "purple"]), "RR?");
    assert_eq!(
        verdicts("What happened", &["Passed", "Failed", "purple"]),
        "RR?"
    );
    // Marks, and words in few of the rows, may be anything.
    assert_eq!(verdicts("automated", &["x", "x", "", "x"]), "RRRR");
    assert_eq!(verdicts("labels", &["blocked", "", "ui", ""]), "RRRR");
    let (_, told) = history("issue key,test case,What happened\nWRKA-1,TP-1,Passed\n");
    assert!(
        told.assumed[0].assumed.contains("What happened"),
        "{told:?}"
    );
}
