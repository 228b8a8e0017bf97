//! Tickets from files of every form that Jira's users have.

use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use atlas_core::Error;
use atlas_core::domain::{Ticket, TicketField};
use atlas_core::exchange::ReadSummary;
use atlas_core::jira::{read_all_tickets, read_tickets, ticket_from_json};
use flate2::{Compression, write::GzEncoder};
use serde_json::json;
use tempfile::TempDir;

struct File {
    _folder: TempDir,
    path: PathBuf,
}

/// A file without an extension: the content has to tell.
fn file(content: impl AsRef<[u8]>) -> File {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("export");
    std::fs::write(&path, content).unwrap();
    File {
        _folder: folder,
        path,
    }
}

fn read(content: impl AsRef<[u8]>) -> (Vec<Ticket>, Vec<(u64, String)>) {
    let file = file(content);
    let (tickets, skipped) = read_all_tickets(&file.path).unwrap();
    (
        tickets,
        skipped.into_iter().map(|s| (s.line, s.reason)).collect(),
    )
}

fn keys(content: impl AsRef<[u8]>) -> Vec<String> {
    let (tickets, skipped) = read(content);
    assert_eq!(skipped, [], "nothing is skipped");
    tickets.iter().map(|t| t.key.to_string()).collect()
}

fn fails(content: impl AsRef<[u8]>) -> String {
    let file = file(content);
    let error = read_all_tickets(&file.path).unwrap_err();
    assert!(matches!(error, Error::UnknownFormat { .. }), "{error}");
    error.to_string()
}

fn issue(number: u32) -> String {
    json!({"key": format!("WRKA-{number}"), "fields": {"summary": format!("Über 😀 {number}"), "description": "a\nb {x} \"y\""}}).to_string()
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn every_layout_of_json_is_read() {
    let both = ["WRKA-1", "WRKA-2"];
    let (one, two) = (issue(1), issue(2));
    let pretty =
        serde_json::to_string_pretty(&serde_json::from_str::<serde_json::Value>(&one).unwrap())
            .unwrap();
    for content in [
        format!("{one}\n{two}\n"),
        format!("\u{feff}{one}\r\n\r\n{two}"),
        format!("[{one},{two}]"),
        format!("[\n  {one} ,\n  {two}\n]\n"),
        format!(r#"{{"expand":"names","total":2,"issues":[{one},{two}],"isLast":true}}"#),
        format!(
            "{{\n \"startAt\": 0, \"names\": {{\"issues\": [1]}},\n \"issues\": [\n{one},\n{two}\n ]\n}}\n"
        ),
        format!("{{\"issues\":[{one}]}}\n{{\"issues\":[{two}]}}\n"),
        format!("{pretty}\n{two}"),
    ] {
        assert_eq!(keys(&content), both, "{content}");
        assert_eq!(keys(gzip(content.as_bytes())), both, "gzipped: {content}");
    }
    for content in [one.clone(), pretty] {
        assert_eq!(keys(&content), ["WRKA-1"], "{content}");
    }
    let utf16: Vec<u8> = std::iter::once(0xfeff)
        .chain(one.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let (tickets, _) = read(&utf16);
    assert_eq!(tickets[0].summary, "Über 😀 1");
    assert_eq!(keys("[]"), [""; 0]);
    assert_eq!(keys(r#"{"issues": [], "isLast": true}"#), [""; 0]);
}

#[test]
fn a_bad_record_is_named_and_skipped() {
    let content = format!(
        "{}\n{{\"key\": \"A\n\n{{\"key\":\"nope\",\"fields\":{{}}}}\n[1]\n{{\"fields\":{{}}}}\n{}\n",
        issue(1),
        issue(2)
    );
    let (tickets, skipped) = read(content);
    assert_eq!(tickets.len(), 2);
    let lines: Vec<u64> = skipped.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [2, 4, 5, 6]);
    assert!(skipped[0].1.starts_with("not valid JSON"), "{skipped:?}");
    assert!(
        skipped[1].1.contains("\"nope\" is not a ticket key"),
        "{skipped:?}"
    );
    assert!(skipped[3].1.contains("no \"key\""), "{skipped:?}");

    let (tickets, skipped) = read(format!(
        "[{},\n{{\"key\":7}},\nnull,\n{{bad}},{}]",
        issue(1),
        issue(2)
    ));
    assert_eq!(tickets.len(), 2);
    assert_eq!(
        skipped.iter().map(|(line, _)| *line).collect::<Vec<_>>(),
        [2, 3, 4]
    );
}

#[test]
fn deep_documents_and_half_emoji_cost_nothing_else() {
    let open = r#"{"type":"bulletList","content":[{"type":"text","text":"w "},"#.repeat(10_000);
    let deep = format!(
        r#"{{"key":"WRKA-1","fields":{{"description":{open}{{"type":"text","text":"end"}}{},"summary":"s"}}}}"#,
        "]}".repeat(10_000)
    );
    let half = r#"{"key":"WRKA-2","fields":{"summary":"cut \ud83d"}}"#;
    for content in [format!("{deep}\n{half}"), format!("[{deep},{half}]")] {
        let (tickets, skipped) = read(content);
        assert_eq!(skipped, []);
        let text = tickets[0].description.as_deref().unwrap();
        assert_eq!(
            (text.matches('w').count(), text.ends_with("end")),
            (10_000, true)
        );
        assert_eq!(tickets[0].summary, "s");
        assert_eq!(tickets[1].summary, "cut \u{fffd}");
    }
}

fn summary(path: &Path) -> ReadSummary {
    read_tickets(path, &mut |_| ControlFlow::Continue(())).unwrap()
}

#[test]
fn a_truncated_file_gives_what_it_has() {
    let lines: String = (0..5_000).map(|n| issue(n) + "\n").collect();
    let whole = gzip(lines.as_bytes());
    let cut = file(&whole[..whole.len() / 2]);
    let summary_of_cut = summary(&cut.path);
    assert!(
        summary_of_cut.read > 1_000 && summary_of_cut.read < 5_000,
        "{summary_of_cut:?}"
    );
    assert!(
        summary_of_cut
            .truncated
            .as_deref()
            .unwrap()
            .contains("ends too early")
    );
    assert_eq!(summary_of_cut.skipped, 0);

    let mut broken = whole.clone();
    let middle = broken.len() / 2;
    broken[middle..middle + 200].fill(0xaa);
    let broken = summary(&file(&broken).path);
    assert!(
        broken.read < 5_000 && (broken.truncated.is_some() || broken.skipped > 0),
        "{broken:?}"
    );

    let array = file(format!("[{},{}", issue(1), &issue(2)[..20]));
    let summary_of_array = summary(&array.path);
    assert_eq!(summary_of_array.read, 1);
    assert!(summary_of_array.truncated.is_some());
}

#[test]
fn the_caller_sees_progress_and_can_stop() {
    let lines: String = (0..20_000).map(|n| issue(n) + "\n").collect();
    let file = file(&lines);
    let (mut offsets, mut seen) = (Vec::new(), 0);
    let summary = read_tickets(&file.path, &mut |record| {
        assert_eq!(record.file_length, lines.len() as u64);
        offsets.push(record.offset);
        seen += 1;
        if seen == 15_000 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })
    .unwrap();
    assert!(summary.stopped && summary.read == 15_000);
    assert!(offsets.is_sorted() && offsets[0] < offsets[14_999]);
    assert!(summary.bytes_read < lines.len() as u64);
}

#[test]
fn other_files_are_refused_with_what_would_do() {
    for content in [
        &b"{\"name\": \"package\", \"version\": 1}"[..],
        b"%PDF-1.7 x",
        b"a,b\n1,2\n",
        b"",
        b"  \n",
        b"[INFO] log\n[INFO] log\n",
        b"[1,2,3]",
        b"\x89PNG\r\n\x1a\n\0\0",
    ] {
        let message = fails(content);
        assert!(
            message.contains("Issue key") && message.contains("\"issues\""),
            "{message}"
        );
    }
    assert!(fails("Summary,Status\nx,y\n").contains("its first line: Summary, Status"));
    let missing = read_all_tickets(Path::new("/nowhere/at/all")).unwrap_err();
    assert_eq!(missing.code(), "FILE_FAILED");
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(
        read_all_tickets(folder.path()).unwrap_err().code(),
        "FILE_FAILED"
    );
}

#[test]
fn cloud_csv_is_read() {
    let csv = "\u{feff}Summary,Issue key,Issue id,Issue Type,Status,Priority,Resolution,Assignee,Reporter,Created,Updated,Resolved,\
        Components,Components,Labels,Labels,Labels,Description,Parent,Parent key,Outward issue link (Duplicate),Inward issue link (Blocks)\n\
        \"Login, \"\"fast\"\"\",wrka-9,10009,Bug,Done,High,Done,Ann Lee,,12/Jun/23 8:08 PM,13/Jun/23 8:08 AM,,UI,API,a,,b,\"h2. Steps\n# one\n# two\",10001,WRKA-1,WRKA-3,WRKA-4\n\
        ,,,,,,,,,,,,,,,,,,,,,\n\
        ,no key,,,,,,,,,,,,,,,,,,,,\n\
        short,WRKA-10\n";
    let file = file(csv);
    let mut reads = Vec::new();
    let summary = read_tickets(&file.path, &mut |record| {
        reads.push((record.line, record.value));
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!((summary.read, summary.skipped), (2, 1));
    let read = reads[0].1.as_ref().unwrap();
    let ticket = &read.ticket;
    assert!(read.fields.has(TicketField::Resolved));
    assert_eq!(
        (reads[0].0, ticket.key.as_str(), ticket.summary.as_str()),
        (2, "WRKA-9", "Login, \"fast\"")
    );
    assert_eq!(
        ticket.description.as_deref(),
        Some("## Steps\n\n1. one\n2. two")
    );
    assert_eq!(
        (&ticket.components[..], &ticket.labels[..]),
        (
            &["UI".to_owned(), "API".into()][..],
            &["a".to_owned(), "b".into()][..]
        )
    );
    assert_eq!(ticket.created.unwrap().to_string(), "2023-06-12T20:08:00Z");
    assert_eq!(ticket.parent.as_ref().unwrap().as_str(), "WRKA-1");
    let links: Vec<_> = ticket
        .links
        .iter()
        .map(|l| (l.kind.as_str(), l.key.as_str()))
        .collect();
    assert_eq!(links, [("Duplicate", "WRKA-3"), ("Blocks", "WRKA-4")]);
    assert_eq!((ticket.reporter.as_deref(), ticket.resolved), (None, None));
    assert_eq!(reads[1].0, 6);
    assert!(
        reads[1]
            .1
            .as_ref()
            .unwrap_err()
            .contains("not a ticket key")
    );
}

#[test]
fn server_csv_with_other_separators_and_encodings_is_read() {
    let csv = "Issue key;Summary;Component/s;Created;Resolution\nAB_C-1;Größe 😀;UI;16/02/2017 15:26;Unresolved\n";
    let utf16: Vec<u8> = std::iter::once(0xfeff)
        .chain(csv.encode_utf16())
        .flat_map(u16::to_be_bytes)
        .collect();
    for content in [
        csv.as_bytes().to_vec(),
        csv.replace(';', "\t").into_bytes(),
        utf16,
        gzip(csv.as_bytes()),
    ] {
        let (tickets, skipped) = read(content);
        assert_eq!(skipped, []);
        assert_eq!(
            (
                tickets[0].summary.as_str(),
                tickets[0].resolution.as_deref()
            ),
            ("Größe 😀", None)
        );
        assert_eq!(
            tickets[0].created.unwrap().to_string(),
            "2017-02-16T15:26:00Z"
        );
    }
    let latin = b"Issue key,Summary\nAB-1,Gr\xf6\xdfe\n";
    assert_eq!(read(latin).0[0].summary, "Größe");
    assert_eq!(
        keys("Issue key,Status\nAB-1,Open\nAB-2,Done\n"),
        ["AB-1", "AB-2"]
    );
    assert!(fails("Issue key\nAB-1\n").contains("beside the key no column"));
}

#[test]
fn an_issue_of_either_version_is_a_ticket() {
    let v3 = json!({"id": 10002, "key": "ED-1", "fields": {
        "summary": "  s ", "issuetype": {"name": "Story"}, "status": {"name": "To Do"}, "priority": null, "labels": ["x", 5, null, ""],
        "components": [{"name": "UI"}, {"id": "3"}, "API"], "assignee": {"displayName": "Ann", "name": "ann"}, "reporter": {"name": "bob"},
        "created": "2025-11-15T10:00:00.000-0330", "updated": 1763164800000i64, "resolutiondate": "whenever", "parent": {"key": "ED-7"},
        "issuelinks": [{"type": {"name": "Blocks"}, "inwardIssue": {"key": "ED-2"}}, {"type": {}, "outwardIssue": {"key": "?"}}, 3],
        "description": {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [{"type": "text", "text": "d"}]}]}}});
    let ticket = ticket_from_json(&v3).unwrap();
    assert_eq!(
        (
            ticket.jira_id.as_deref(),
            ticket.summary.as_str(),
            ticket.ticket_type.as_str()
        ),
        (Some("10002"), "s", "Story")
    );
    assert_eq!(
        (ticket.labels, ticket.components),
        (
            vec!["x".to_owned(), "5".into()],
            vec!["UI".to_owned(), "API".into()]
        )
    );
    assert_eq!(
        (ticket.assignee.as_deref(), ticket.reporter.as_deref()),
        (Some("Ann"), Some("bob"))
    );
    assert_eq!(ticket.created.unwrap().to_string(), "2025-11-15T13:30:00Z");
    assert_eq!(ticket.updated.unwrap().to_string(), "2025-11-15T00:00:00Z");
    assert_eq!(
        (ticket.resolved, ticket.description.as_deref()),
        (None, Some("d"))
    );
    assert_eq!(
        (ticket.parent.unwrap().as_str(), ticket.links.len()),
        ("ED-7", 1)
    );

    let odd = json!({"key": "ED-1", "fields": {"summary": null, "labels": "one", "components": 7, "issuelinks": {}, "description": false}});
    let ticket = ticket_from_json(&odd).unwrap();
    assert_eq!(
        (ticket.summary.as_str(), ticket.labels),
        ("", vec!["one".to_owned()])
    );
}

#[test]
fn a_quote_without_its_end_does_not_fill_the_memory() {
    let mut csv = b"Issue key,Summary\nAB-1,ok\nAB-2,\"open\n".to_vec();
    csv.resize(70 * 1024 * 1024, b'x');
    let summary = summary(&file(csv).path);
    assert_eq!(summary.read, 1);
    assert!(summary.truncated.unwrap().contains("quote"));

    let mut line = issue(1).into_bytes();
    line.extend(b"\n{\"key\":\"A-2\",\"x\":\"");
    line.resize(70 * 1024 * 1024, b'x');
    line.extend(format!("\"}}\n{}\n", issue(3)).bytes());
    let (tickets, skipped) = read(line);
    assert_eq!(tickets.len(), 2);
    assert_eq!(skipped, [(2, "the record is longer than 64 MB".to_owned())]);
}
