//! Training data out of one database and into another.

use std::io::Write;
use std::path::PathBuf;

use atlas_core::Atlas;
use atlas_core::domain::{
    Feedback, FeedbackTarget, Missed, PatternOrigin, Step, TestPattern, Ticket, TicketKey, silent,
};
use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::TempDir;

fn atlas() -> Atlas {
    let builder = Atlas::builder()
        .starter_catalogue(false)
        .retrain_after(None);
    builder.open_in_memory().unwrap()
}

fn tickets() -> Vec<Ticket> {
    let summaries = [
        "Export of a report drops umlauts",
        "Login accepts an expired password",
        "The form loses the date",
        "Invoice total is rounded \"up\"",
    ];
    let numbered = summaries.into_iter().zip(1..);
    let tickets = numbered.map(|(summary, n)| {
        let key = TicketKey::parse(&format!("WRKA-{n}")).unwrap();
        let mut ticket = Ticket::new(key, summary);
        ticket.ticket_type = "Bug".to_owned();
        ticket.priority = (n % 2 == 0).then(|| "High".to_owned());
        ticket.components = vec!["Reports".to_owned(), "Größe, \u{1f600}".to_owned()];
        ticket
    });
    tickets.collect()
}

fn patterns() -> Vec<TestPattern> {
    let named = [
        (Some("TP-1"), "Umlauts survive an export"),
        (Some("TP-2"), "An expired password is refused"),
        (None, "Dates are kept"),
        (None, "Totals are rounded"),
    ];
    let made = named
        .into_iter()
        .zip(1..)
        .map(|((key, name), n)| TestPattern {
            key: key.map(str::to_owned),
            component: (n % 2 == 0).then(|| "Reports".to_owned()),
            objective: Some("So that\nnothing is lost".to_owned()),
            steps: vec![
                Step::new(format!("Do {n}"), "It is done"),
                Step::new("Look", ""),
            ],
            labels: vec!["data".to_owned()],
            avg_time_minutes: (n > 1).then_some(10 * n),
            origin: PatternOrigin::Imported,
            is_active: n != 4,
            ..TestPattern::new(name, "Data Export")
        });
    made.collect()
}

const HISTORY: &str = "ticket_key,test_key,verdict,minutes,date\n\
    WRKA-1,TP-1,right,20,2025-02-13\nWRKA-2,TP-2,right,,2025-02-14\nWRKA-2,TP-1,wrong,,\n\
    WRKA-3,Dates are kept,right,7,2025-03-01\nWRKA-4,Totals are rounded,right,9,2025-03-02\n";

/// Everything of which training data is made: history, answers with and without a host's id,
/// answers to a whole prediction, what was missed.
fn filled(folder: &TempDir) -> Atlas {
    let atlas = atlas();
    atlas.tickets().add(&tickets()).unwrap();
    atlas.patterns().add_all(&patterns()).unwrap();
    let history = folder.path().join("history.csv");
    std::fs::write(&history, HISTORY).unwrap();
    assert_eq!(
        atlas
            .learning()
            .import_history(&history, &mut silent)
            .unwrap()
            .new,
        5
    );
    for (key, id) in [("WRKA-1", Some("click 1")), ("WRKA-4", None)] {
        let first = atlas.predict(key, 2).unwrap().scenarios[0].prediction_id;
        let mut said = Feedback::accepted().minutes(30);
        said.host_id = id.map(str::to_owned);
        atlas
            .feedback(FeedbackTarget::Scenario(first.unwrap()), &said)
            .unwrap();
    }
    let whole = atlas.predict("WRKA-3", 3).unwrap().id.unwrap();
    let said = Feedback::rejected().host_id("all of it");
    atlas
        .feedback(FeedbackTarget::Prediction(whole), &said)
        .unwrap();
    let own = Missed::new("Leap day", vec![Step::new("Set 29 February", "It is kept")]);
    atlas.missed("WRKA-3", &own, Some(5), None).unwrap();
    atlas
}

fn exported(atlas: &Atlas) -> String {
    let mut bytes = Vec::new();
    let count = atlas.learning().export_training(&mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    assert_eq!(count as usize, text.lines().count() - 1);
    text
}

fn file(folder: &TempDir, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn a_file_of_training_data_appears_whole_and_an_earlier_one_is_whole_until_then() {
    let folder = tempfile::tempdir().unwrap();
    let atlas = filled(&folder);
    let path = file(&folder, "out.jsonl", "what was written before");
    let mut before = std::fs::File::open(&path).unwrap();
    let count = atlas.learning().export_training_to(&path).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(text, exported(&atlas));
    assert_eq!(count as usize, text.lines().count() - 1);
    // The earlier file was not written to: whoever reads it reads all of it.
    let mut earlier = String::new();
    std::io::Read::read_to_string(&mut before, &mut earlier).unwrap();
    assert_eq!(earlier, "what was written before");
    // Where the file cannot be written nothing is left.
    let nowhere = folder.path().join("no folder").join("out.jsonl");
    assert_eq!(
        atlas
            .learning()
            .export_training_to(nowhere)
            .unwrap_err()
            .code(),
        "FILE_FAILED"
    );
}

#[test]
fn a_round_trip_gives_the_same_bytes_and_a_second_import_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let before = filled(&folder);
    let text = exported(&before);
    assert!(
        text.starts_with("{\"format\":\"atlas-training\",\"version\":1}\n{\"ticket\":{\"key\":")
    );
    for part in [
        "\"origin\":\"feedback\"",
        "\"host_id\":\"click 1\"",
        "\"host_id\":\"all of it/2\"",
    ] {
        assert!(text.contains(part), "{part}");
    }
    let path = file(&folder, "training.jsonl", &text);
    // Into the database that it came from: all of it is there.
    let report = before
        .learning()
        .import_training(&path, &mut silent)
        .unwrap();
    assert_eq!(
        (report.new, report.unchanged),
        (0, text.lines().count() as u64 - 1)
    );
    let after = atlas();
    let report = after
        .learning()
        .import_training(&path, &mut silent)
        .unwrap();
    assert_eq!(
        (report.new, &report.skipped),
        (text.lines().count() as u64 - 1, &vec![])
    );
    assert_eq!(exported(&after), text);
    let again = after
        .learning()
        .import_training(&path, &mut silent)
        .unwrap();
    assert_eq!((again.new, again.unchanged), (0, report.new));
    assert_eq!(exported(&after), text);
    let ticket = after.tickets().get("WRKA-2").unwrap();
    assert_eq!(
        (ticket.summary, ticket.priority),
        (tickets()[1].summary.clone(), Some("High".into()))
    );
    assert_eq!(after.database().counts().unwrap().unencoded, 0);
}

#[test]
fn gzip_is_read_and_equal_observations_without_an_id_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let line = "{\"ticket\":{\"key\":\"WRKA-1\",\"summary\":\"a\"},\"pattern\":{\"name\":\"b\",\"pattern_type\":\"c\"},\"verdict\":\"wrong\",\"origin\":\"feedback\"}\n";
    let text = format!("{{\"format\":\"atlas-training\",\"version\":1}}\n{line}{line}");
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(text.as_bytes()).unwrap();
    let path = file(&folder, "training.jsonl.gz", gzip.finish().unwrap());
    let atlas = atlas();
    assert_eq!(
        atlas
            .learning()
            .import_training(&path, &mut silent)
            .unwrap()
            .new,
        2
    );
    assert_eq!(
        atlas
            .learning()
            .import_training(&path, &mut silent)
            .unwrap()
            .unchanged,
        2
    );
    let counts = atlas.database().counts().unwrap();
    assert_eq!(
        (counts.observations, counts.patterns, counts.tickets),
        (2, 1, 1)
    );
}

#[test]
fn bad_lines_are_skipped_with_their_reason_and_nothing_else_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let text = exported(&filled(&folder));
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let good = lines.len() as u64 - 1;
    let bad = [
        "{\"ticket\":{\"key\":\"WRKA-1\"},\"pattern\":{\"key\":\"NO-1\"},\"verdict\":\"right\"}",
        "{\"ticket\":{\"key\":\"WRKA-77\"},\"pattern\":{\"key\":\"TP-1\"},\"verdict\":\"right\"}",
        "{\"ticket\":{\"key\":\"no key\"},\"pattern\":{\"key\":\"TP-1\"},\"verdict\":\"right\"}",
        "{\"ticket\":{\"key\":\"WRKA-1\"},\"pattern\":{},\"verdict\":\"right\"}",
        "{\"ticket\":{\"key\":\"WRKA-1\"},\"pattern\":{\"key\":\"TP-1\"},\"verdict\":\"maybe\"}",
        "{\"ticket\":{\"key\":\"WRKA-1\"},\"pattern\":{\"key\":\"TP-1\"},\"verdict\":\"right\",\"minutes\":0}",
        "{\"ticket\":",
        "{\"format\":\"atlas-training\",\"version\":2}",
    ];
    for (n, line) in bad.iter().enumerate() {
        lines.insert(2 + 2 * n.min(3), (*line).to_owned());
    }
    let path = file(&folder, "bad.jsonl", lines.join("\n"));
    let other = atlas();
    let report = other
        .learning()
        .import_training(&path, &mut silent)
        .unwrap();
    assert_eq!(report.new, good);
    assert_eq!(report.skipped.len(), bad.len());
    for skipped in &report.skipped {
        let line = &lines[skipped.line as usize - 1];
        assert!(bad.contains(&line.as_str()), "{skipped:?}");
    }
    let said = |part: &str| {
        report
            .skipped
            .iter()
            .any(|skipped| skipped.reason.contains(part))
    };
    for part in [
        "NO-1 is not stored",
        "WRKA-77 is not stored",
        "neither key nor name",
        "0 minutes",
        "version 2",
    ] {
        assert!(said(part), "{part}: {:?}", report.skipped);
    }
    assert_eq!(exported(&other), text);
    assert!(other.tickets().get("WRKA-77").is_err());
}

#[test]
fn another_file_is_refused_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let atlas = atlas();
    for (name, content) in [
        ("empty", ""),
        ("newer", "{\"format\":\"atlas-training\",\"version\":9}\n"),
        ("other", "{\"format\":\"other\",\"version\":1}\n"),
        (
            "headless",
            "{\"ticket\":{\"key\":\"WRKA-1\",\"summary\":\"a\"},\"pattern\":{\"name\":\"b\",\"pattern_type\":\"c\"},\"verdict\":\"wrong\"}\n",
        ),
        ("text", "ticket_key,test_key\nWRKA-1,TP-1\n"),
    ] {
        let path = file(&folder, name, content);
        let error = atlas
            .learning()
            .import_training(&path, &mut silent)
            .unwrap_err();
        assert_eq!(error.code(), "UNKNOWN_FORMAT", "{name}: {error}");
    }
    assert_eq!(atlas.database().counts().unwrap().tickets, 0);
}

/// Forty past tickets, so that there is something to learn from.
fn past() -> (Vec<Ticket>, String) {
    let mut lines = "ticket_key,test_key,verdict,date\n".to_owned();
    let (mut tickets, names) = (tickets(), ["TP-1", "TP-2", "Dates are kept"]);
    for n in 0..40 {
        let mut ticket = tickets[n % 3].clone();
        ticket.key = TicketKey::parse(&format!("PAST-{}", n + 1)).unwrap();
        ticket.summary += &format!(" in room {n}");
        let (right, wrong) = (names[n % 3], names[(n + 1) % 3]);
        lines += &format!(
            "{0},{right},right,2025-01-{1}\n{0},{wrong},wrong,\n",
            ticket.key,
            10 + n % 20
        );
        tickets.push(ticket);
    }
    (tickets, lines)
}

/// The model that a retraining stores, as it is stored.
fn learned(atlas: &Atlas, path: &std::path::Path) -> String {
    atlas.learning().retrain(&mut silent).unwrap().unwrap();
    let connection = rusqlite::Connection::open(path).unwrap();
    let sql = "SELECT body FROM atlas_models ORDER BY version DESC";
    connection.query_row(sql, [], |row| row.get(0)).unwrap()
}

#[test]
fn what_is_learned_there_is_what_is_learned_here() {
    let folder = tempfile::tempdir().unwrap();
    let (tickets, lines) = past();
    let open = |name: &str| {
        let path = folder.path().join(name);
        let builder = Atlas::builder()
            .starter_catalogue(false)
            .retrain_after(None);
        let atlas = builder.open(&path).unwrap();
        atlas.tickets().add(&tickets).unwrap();
        atlas.patterns().add_all(&patterns()).unwrap();
        (atlas, path)
    };
    let (here, here_path) = open("here.db");
    let history = file(&folder, "history.csv", lines);
    assert_eq!(
        here.learning()
            .import_history(&history, &mut silent)
            .unwrap()
            .new,
        80
    );
    let path = file(&folder, "training.jsonl", exported(&here));
    // The same library and tickets, all but the observations.
    let (there, there_path) = open("there.db");
    there
        .learning()
        .import_training(&path, &mut silent)
        .unwrap();
    let model = learned(&here, &here_path);
    assert!(
        model.contains("\"weights\":[") && !model.contains("\"weights\":[]"),
        "{model}"
    );
    assert_eq!(learned(&there, &there_path), model);
    let draft = atlas_core::domain::Draft::new("Export of dates drops the total");
    let seen = |atlas: &Atlas| {
        let scenarios = atlas.predict(&draft, 4).unwrap().scenarios.into_iter();
        scenarios
            .map(|s| (s.name, s.confidence, s.minutes))
            .collect::<Vec<_>>()
    };
    assert_eq!(seen(&here), seen(&there));
}

#[test]
fn patterns_without_a_key_that_share_a_name_stay_apart() {
    let folder = tempfile::tempdir().unwrap();
    let line = |ticket: u32, step: &str| {
        format!(
            "{{\"ticket\":{{\"key\":\"WRKA-{ticket}\",\"summary\":\"a\"}},\"pattern\":{{\"name\":\"b\",\"pattern_type\":\"c\",\"steps\":[{{\"action\":\"{step}\"}}],\"origin\":\"user\"}},\"verdict\":\"right\",\"origin\":\"feedback\"}}\n"
        )
    };
    let text = format!(
        "{{\"format\":\"atlas-training\",\"version\":1}}\n{}{}{}",
        line(1, "one"),
        line(2, "two"),
        line(1, "two")
    );
    let path = file(&folder, "training.jsonl", &text);
    let atlas = atlas();
    assert_eq!(
        atlas
            .learning()
            .import_training(&path, &mut silent)
            .unwrap()
            .new,
        3
    );
    assert_eq!(atlas.database().counts().unwrap().patterns, 2);
    assert_eq!(exported(&atlas), text);
    assert_eq!(
        atlas
            .learning()
            .import_training(&path, &mut silent)
            .unwrap()
            .unchanged,
        3
    );
}
