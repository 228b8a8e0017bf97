//! How bytes become records: encodings, separators, quotes, envelopes; for every reader.

use std::ops::ControlFlow;
use std::path::Path;

use atlas_core::domain::{FileReport, ReadOptions, TestImport, Ticket, TicketImport};
use atlas_core::exchange::{cases, history, patterns};
use atlas_core::jira::{read_all_tickets, read_tickets_with};
use atlas_core::{Atlas, Error};
use encoding_rs::Encoding;

use super::file;

/// Encodings with texts that show which one it is.
const TEXTS: [(&str, &str); 22] = [
    ("windows-1252", "Preis – „Größe“ zeigt € statt £"),
    ("windows-1252", "L’écran reste noir… « Déjà vu »"),
    ("iso-8859-1", "Übersicht öffnen, Straße prüfen"),
    ("iso-8859-15", "Preis 5 € für Größe"),
    ("windows-1250", "Błąd przy logowaniu, nie można zapisać"),
    ("iso-8859-2", "Błąd przy logowaniu: żółć"),
    ("windows-1250", "Chyba při přihlášení uživatele"),
    ("windows-1251", "Ошибка при входе"),
    ("koi8-r", "Ошибка при входе"),
    ("iso-8859-5", "Ошибка при входе"),
    ("ibm866", "Ошибка при входе"),
    ("windows-1253", "Σφάλμα σύνδεσης"),
    ("windows-1254", "Şifre yanlış görünüyor, giriş yapılamıyor"),
    ("windows-1255", "שגיאה בכניסה למערכת"),
    ("windows-1256", "خطأ في تسجيل الدخول"),
    ("windows-874", "เข้าสู่ระบบไม่ได้"),
    ("shift_jis", "ログイン画面が落ちる"),
    ("euc-jp", "ログイン画面が落ちる"),
    ("iso-2022-jp", "ログイン画面が落ちる"),
    ("gb18030", "登录页面打不开，请检查网络"),
    ("big5", "登入頁面無法開啟，請檢查網路"),
    ("euc-kr", "로그인 화면이 열리지 않습니다"),
];

fn encoded(label: &str, text: &str) -> Vec<u8> {
    let units = |text: &str| text.encode_utf16().collect::<Vec<_>>();
    match label {
        "utf-16le" => units(text).into_iter().flat_map(u16::to_le_bytes).collect(),
        "utf-16be" => units(text).into_iter().flat_map(u16::to_be_bytes).collect(),
        _ => {
            let encoding = Encoding::for_label(label.as_bytes()).expect(label);
            let (bytes, _, lossy) = encoding.encode(text);
            assert!(!lossy, "{label}: {text}");
            bytes.into_owned()
        }
    }
}

fn everything() -> impl Iterator<Item = (&'static str, &'static str)> {
    let wide = ["utf-16le", "utf-16be", "utf-8"];
    let all = wide
        .into_iter()
        .flat_map(|wide| TEXTS.map(|(_, text)| (wide, text)));
    TEXTS.into_iter().chain(all)
}

fn tickets(path: &Path, options: &ReadOptions) -> Result<(Vec<Ticket>, FileReport), Error> {
    let mut tickets = Vec::new();
    let summary = read_tickets_with(path, &import(options), &mut |record| {
        tickets.push(record.value.expect("every record is good").ticket);
        ControlFlow::Continue(())
    })?;
    Ok((tickets, summary.file))
}

fn import(options: &ReadOptions) -> TicketImport {
    TicketImport {
        reading: options.clone(),
        ..TicketImport::default()
    }
}

fn named(encoding: &str) -> ReadOptions {
    ReadOptions {
        encoding: Some(encoding.to_owned()),
        ..ReadOptions::default()
    }
}

#[test]
fn tickets_of_every_code_page_are_read() {
    for (label, text) in everything() {
        let csv = format!("Issue key;Summary\r\nNIM-1;{text}\r\nNIM-2;plain\r\n");
        let json = format!("[{{\"key\": \"NIM-1\", \"fields\": {{\"summary\": \"{text}\"}}}}]\n");
        for content in [csv, json] {
            let (_folder, path) = file("x", encoded(label, &content));
            let (read, report) = tickets(&path, &ReadOptions::default())
                .unwrap_or_else(|error| panic!("{label} {text}: {error}"));
            assert_eq!(read[0].summary, text, "{label}");
            assert_eq!(
                report.encoding.is_none(),
                label == "utf-8",
                "{label}: {report:?}"
            );
            let (read, _) = tickets(&path, &named(label)).unwrap();
            assert_eq!(read[0].summary, text, "{label}");
        }
    }
}

#[test]
fn patterns_history_and_features_of_every_code_page_are_read() {
    for (label, text) in everything() {
        let csv = format!("Name;Type;Steps\nNIM;General;{text}\n");
        let (_folder, path) = file("x.csv", encoded(label, &csv));
        let read = cases::read(&path, &TestImport::default()).unwrap();
        let case = read.entries[0].value.as_ref().unwrap();
        assert_eq!(case.pattern.steps[0].action, text, "{label}");
        assert_eq!(read.report.encoding.is_none(), label == "utf-8", "{label}");
        patterns::read_patterns(&path, &mut |record| {
            assert_eq!(record.value.unwrap().steps[0].action, text, "{label}");
            ControlFlow::Continue(())
        })
        .unwrap();

        let links = format!("ticket_key,test_key,ticket_summary\nNIM-1,T-1,\"{text}\"\n");
        let (_folder, path) = file("x.csv", encoded(label, &links));
        history::read_history(&path, &mut |record| {
            assert_eq!(
                record.value.unwrap().ticket_summary.as_deref(),
                Some(text),
                "{label}"
            );
            ControlFlow::Continue(())
        })
        .unwrap();

        for comment in [format!("# encoding: {label}\n"), String::new()] {
            let feature =
                format!("{comment}Feature: Login\n  Scenario: {text}\n    When I log in\n");
            let (folder, path) = file("x.feature", encoded(label, &feature));
            for place in [path.as_path(), folder.path()] {
                let read = cases::read(place, &TestImport::default()).unwrap();
                let case = read.entries[0].value.as_ref().unwrap();
                assert_eq!(case.pattern.name, text, "{label}");
            }
        }
    }
}

#[test]
fn results_of_every_code_page_are_read() {
    for (label, text) in everything() {
        let text = text.replace(['«', '»'], "").trim().to_owned();
        for declared in [format!(" encoding='{label}'"), String::new()] {
            let xml = format!(
                "<?xml version='1.0'{declared}?>\n<testsuite name='NIM-1'><testcase name='{text}' classname='a'/></testsuite>"
            );
            let (_folder, path) = file("x.xml", encoded(label, &xml));
            let read = cases::read_results(&path, &TestImport::default())
                .unwrap_or_else(|error| panic!("{label} {declared} {text}: {error}"));
            assert_eq!(
                read.entries[0].value.as_ref().unwrap().name,
                text,
                "{label} {declared}"
            );
        }
    }
}

#[test]
fn what_is_declared_and_contradicted_is_refused() {
    let xml = |declared: &str, name: &[u8]| {
        let head = format!(
            "<?xml version='1.0' encoding='{declared}'?><testsuite name='NIM-1'><testcase name='"
        );
        let content = [head.as_bytes(), name, b"'/></testsuite>"].concat();
        let (_folder, path) = file("x.xml", content);
        cases::read_results(&path, &TestImport::default())
            .map(|read| read.entries[0].value.as_ref().unwrap().name.clone())
            .map_err(|error| error.to_string())
    };
    for (declared, name, words) in [
        (
            "UTF-8",
            &b"Gr\xf6\xdfe f\xe4llt"[..],
            "declares UTF-8, and line 1 is not (perhaps windows-1252)",
        ),
        ("x-klingon", b"Gr\xf6\xdfe", "which is not known"),
        (
            "shift_jis",
            b"\x80\xff\xfd\x80 \xa0\xff",
            "Shift_JIS does not have",
        ),
        ("us-ascii", b"Gr\x81\x8d\x8f\x90e", "does not have"),
    ] {
        let error = xml(declared, name).unwrap_err();
        assert!(
            error.contains(words) && error.contains("--encoding"),
            "{declared}: {error}"
        );
    }
    assert_eq!(
        xml("ISO-8859-1", "Größe".as_bytes()).unwrap(),
        "Größe",
        "valid UTF-8 is UTF-8"
    );
    assert_eq!(xml("utf-16", "Größe".as_bytes()).unwrap(), "Größe");
    assert_eq!(xml("x-klingon", b"plain").unwrap(), "plain");
    assert_eq!(xml("cp1252", b"5 \x80 &#150;").unwrap(), "5 € –");
}

#[test]
fn what_is_not_sure_is_refused_and_settled_by_its_name() {
    for (label, text) in [
        ("gb18030", "登录失败"),
        ("euc-kr", "합계"),
        ("macintosh", "Größe fällt auf"),
    ] {
        let (_folder, path) = file(
            "x",
            encoded(label, &format!("Issue key,Summary\nNIM-1,{text}\n")),
        );
        let error = tickets(&path, &ReadOptions::default()).unwrap_err();
        assert_eq!(error.code(), "UNKNOWN_FORMAT");
        assert!(error.to_string().contains("--encoding"), "{label}: {error}");
        assert_eq!(tickets(&path, &named(label)).unwrap().0[0].summary, text);
    }
    // MS-DOS, which no name settles here.
    let (_folder, path) = file("x", b"Issue key,Summary\nNIM-1,Gr\x94\xe1e f\x84llt auf\n");
    assert!(
        tickets(&path, &ReadOptions::default())
            .unwrap_err()
            .to_string()
            .contains("MS-DOS")
    );
    assert_eq!(
        tickets(&path, &named("ebcdic")).unwrap_err().code(),
        "INVALID_VALUE"
    );
}

#[test]
fn a_mixed_file_is_refused_and_a_few_broken_bytes_are_told() {
    let mixed = "Issue key,Summary\nNIM-1,Größe äöü\n".as_bytes();
    let (_folder, path) = file("x", [mixed, b"NIM-2,Gr\xf6\xdfe \xe4\xf6\xfc\n"].concat());
    let error = tickets(&path, &ReadOptions::default())
        .unwrap_err()
        .to_string();
    assert!(error.contains("line 3"), "{error}");
    let (_folder, path) = file("x", [mixed, b"NIM-2,a\xff\n"].concat());
    let (read, report) = tickets(&path, &ReadOptions::default()).unwrap();
    assert_eq!(read[1].summary, "a\u{fffd}");
    assert!(report.warnings[0].contains("first in line 3"), "{report:?}");
}

#[test]
fn control_characters_are_never_stored() {
    for byte in 0x80..=0xffu8 {
        for content in [
            [b"Issue key,Summary\nNIM-1,price ", &[byte][..], b" x\n"].concat(),
            [b"Issue key,Summary\nNIM-1,ab", &[byte][..], b"cd\n"].concat(),
            format!("Issue key,Summary\nNIM-1,ab{}cd\n", char::from(byte)).into_bytes(),
            format!("{{\"key\":\"NIM-1\",\"fields\":{{\"summary\":\"ab\\u00{byte:02x}cd\"}}}}")
                .into_bytes(),
        ] {
            let (_folder, path) = file("x", content);
            if let Ok((read, _)) = read_all_tickets(&path) {
                let text = &read[0].summary;
                assert!(!text.chars().any(char::is_control), "{byte:x}: {text:?}");
            }
        }
    }
}

#[test]
fn the_report_says_separator_and_header() {
    let (_folder, path) = file("x", "Weekly export\n\nIssue key|Summary\nNIM-1|a, b; c\n");
    let (read, report) = tickets(&path, &ReadOptions::default()).unwrap();
    assert_eq!(
        (read[0].summary.as_str(), report.delimiter.as_deref()),
        ("a, b; c", Some("|"))
    );
    assert!(
        report.assumed[0].why.contains("Weekly export"),
        "{report:?}"
    );
    let (_folder, path) = file("x", "Nummer;Farbe\n7;a\n");
    let error = read_all_tickets(&path).unwrap_err().to_string();
    assert!(
        error.contains("Nummer, Farbe; read with the separator ;"),
        "{error}"
    );
    let options = ReadOptions {
        delimiter: Some(",".into()),
        ..ReadOptions::default()
    };
    let (_folder, path) = file(
        "x",
        "Issue key,Summary,x;Status;Labels;Created\nNIM-1,a,b\n",
    );
    assert_eq!(tickets(&path, &options).unwrap().0[0].key.as_str(), "NIM-1");
}

#[test]
fn a_shifted_row_of_test_cases_is_refused_with_its_case() {
    let csv = "ID,Name,Action,Expected\nC1,Log in,Open,Form\nC1,Log in,Type, then send,Home\nC2,Log out,Press,Gone\n";
    let (_folder, path) = file("x.csv", csv);
    let read = cases::read(&path, &TestImport::default()).unwrap();
    let reasons: Vec<_> = read
        .entries
        .iter()
        .filter_map(|entry| Some((entry.line, entry.value.as_ref().err()?.clone())))
        .collect();
    assert!(
        reasons
            .iter()
            .any(|(line, reason)| *line == 3 && reason.contains("5 cells, the header 4")),
        "{reasons:?}"
    );
    assert!(read.entries.iter().any(|entry| {
        entry
            .value
            .as_ref()
            .is_ok_and(|case| case.pattern.name == "Log out")
    }));
    for table in [
        "Case list\n\nName|Steps\nLog in|Open, then type\n",
        "sep=^\nName^Steps\nLog in^Open, then type\n",
    ] {
        let (_folder, path) = file("x.csv", table);
        let read = cases::read(&path, &TestImport::default()).unwrap();
        assert_eq!(
            read.entries[0].value.as_ref().unwrap().pattern.name,
            "Log in",
            "{table}"
        );
    }
}

#[test]
fn other_files_are_called_by_what_they_are() {
    for (content, word) in [
        (
            &b"<rss version='0.92'><channel/></rss>"[..],
            "XML of a search",
        ),
        (b"<html><table><tr><th>Key</th></tr></table></html>", "HTML"),
        (b"<testsuites/>", "results"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", "old kind"),
        (b"%PDF-1.7\n\xe2\xe3", "PDF"),
        (b"[{'key': 'NIM-1', 'fields': {}}]", "json.dumps"),
        (b"[{key: \"NIM-1\"}]", "JavaScript"),
        (b"\x00\x01\x02\x00\x00\x05\x01\x00", "no text"),
    ] {
        let (_folder, path) = file("x.xls", content);
        let error = read_all_tickets(&path).unwrap_err();
        assert_eq!(error.code(), "UNKNOWN_FORMAT");
        assert!(error.to_string().contains(word), "{word}: {error}");
        assert!(error.to_string().contains("Issue key"), "{word}: {error}");
    }
}

#[test]
fn reading_is_told_of_at_once_and_can_be_stopped() {
    let bad: String = (0..200_000).map(|n| format!("no key {n},x\n")).collect();
    let (_folder, path) = file("x.csv", format!("Issue key,Summary\n{bad}"));
    let atlas = Atlas::open_in_memory().unwrap();
    let mut seen = Vec::new();
    let mut see = |progress: atlas_core::domain::Progress| {
        seen.push(progress.done);
        match seen.len() {
            20 => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        }
    };
    let stopped = atlas.tickets().import_file(&path, &mut see).unwrap_err();
    assert_eq!((stopped.code(), seen.len()), ("CANCELLED", 20));
    assert!(seen.is_sorted() && seen[0] == 0 && seen[19] > 0, "{seen:?}");
    let mut all = |_| ControlFlow::Break(());
    let options = TestImport::default();
    assert_eq!(
        atlas
            .patterns()
            .import_file_with(&path, &options, &mut all)
            .unwrap_err()
            .code(),
        "CANCELLED"
    );
    assert_eq!(
        atlas
            .learning()
            .import_results(&path, &options, &mut all)
            .unwrap_err()
            .code(),
        "CANCELLED"
    );
    assert_eq!(
        atlas
            .learning()
            .import_history(&path, &mut all)
            .unwrap_err()
            .code(),
        "CANCELLED"
    );
}

#[test]
fn a_row_broken_at_its_first_record_is_refused_as_one() {
    let (_folder, path) = file(
        "x",
        "Issue key,Summary,Status\nNIM-1,Totals\nafter import,Open\nNIM-2,b,Open\n",
    );
    let (read, skipped) = read_all_tickets(&path).unwrap();
    assert_eq!((read.len(), read[0].key.as_str()), (1, "NIM-2"));
    assert!(
        skipped[0].line == 2 && skipped[0].reason.contains("lines 2 to 3"),
        "{skipped:?}"
    );
    let (_folder, path) = file("x", b"Issue key,Summary\nNIM-1,a\x00b\n");
    let (read, report) = tickets(&path, &ReadOptions::default()).unwrap();
    assert_eq!((read[0].summary.as_str(), report.warnings.len()), ("ab", 1));
}

/// `cargo test --release -p atlas-core --test strangers large -- --ignored --nocapture`
#[test]
#[ignore = "measures; needs a release build"]
fn large_files_are_read_fast() {
    let rows: String = (0..600_000)
        .map(|n| format!("NIM-{n},\"Totals of list {n}, which differ\",Open,\"h2. Steps\n# Open the list {n}\n# Add a row with ü and look at the \"\"sum\"\" of it all\"\n"))
        .collect();
    let json: String = (0..600_000)
        .map(|n| format!("{{\"key\":\"NIM-{n}\",\"fields\":{{\"summary\":\"Totals of {n}\",\"description\":\"Open the list, add a row with ü, and look at the sum of it\",\"status\":{{\"name\":\"Open\"}}}}}},\n"))
        .collect();
    for (name, content) in [
        (
            "csv",
            format!("Issue key,Summary,Status,Description\n{rows}"),
        ),
        (
            "page",
            format!(
                "{{\"data\":{{\"issues\":[{}]}}}}",
                json.trim_end_matches(",\n")
            ),
        ),
    ] {
        let (_folder, path) = file("x", &content);
        for options in [ReadOptions::default(), named("utf-8")] {
            let start = std::time::Instant::now();
            let go_on = &mut |_| ControlFlow::Continue(());
            let summary = read_tickets_with(&path, &import(&options), go_on).unwrap();
            println!(
                "{name}: {} MB, {} records, {:?}",
                content.len() >> 20,
                summary.read,
                start.elapsed()
            );
            assert_eq!((summary.read, summary.skipped), (600_000, 0));
        }
    }
}

#[test]
fn a_file_of_settings_is_refused_without_its_secrets() {
    let atlas = atlas_core::Atlas::open_in_memory().unwrap();
    let mut silent = atlas_core::domain::silent;
    for settings in [
        "JIRA_API_KEY=planted-1234567890\nJIRA_INSTANCE_URL=https://jira.example.com\n",
        "export TOKEN=\"planted-1234567890\"\n",
        "planted-1234567890abc\n",
    ] {
        let (_folder, path) = super::file(".env", settings);
        let refused = [
            atlas.tickets().import_file(&path, &mut silent).unwrap_err(),
            atlas
                .patterns()
                .import_file(&path, &mut silent)
                .unwrap_err(),
            atlas
                .learning()
                .import_history(&path, &mut silent)
                .unwrap_err(),
        ];
        for error in refused {
            let said = format!("{error} {error:?} {:?}", error.details());
            assert!(!said.contains("planted"), "{said}");
        }
    }
}
