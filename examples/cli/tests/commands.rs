//! The `atlas` binary on the sample, as a user runs it.

mod desk;

use std::io::Write;
use std::process::Stdio;

use serde_json::Value;

use desk::{Desk, sample};

fn names(object: &Value) -> Vec<&str> {
    object
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

#[test]
fn importing_again_changes_nothing() {
    let desk = Desk::new();
    let tickets = sample("tickets.jsonl");
    let import = ["import", tickets.to_str().unwrap()];
    let first = desk.json(&import);
    assert_eq!(first["files"][0]["new"], 65);
    assert_eq!(first["files"][0]["skipped"].as_array().unwrap().len(), 0);
    let second = desk.json(&import);
    assert_eq!(
        (&second["files"][0]["new"], &second["files"][0]["unchanged"]),
        (&0.into(), &65.into())
    );
    assert!(
        desk.text(&import)
            .contains("Next: atlas import-patterns FILE")
    );
    assert_eq!(desk.json(&["encode"])["encoded"], 0);
}

#[test]
fn answers_have_the_names_of_the_specification() {
    let desk = Desk::with_sample();
    let prediction = desk.json(&["predict", "wrka-1234"]);
    for name in [
        "predictions",
        "edge_cases",
        "total_estimated_time",
        "degraded",
        "ticket_key",
    ] {
        assert!(names(&prediction).contains(&name), "{name}");
    }
    assert_eq!(prediction["predictions"].as_array().unwrap().len(), 5);
    for scenario in prediction["predictions"].as_array().unwrap() {
        for name in [
            "scenario_name",
            "confidence",
            "source",
            "steps",
            "estimated_time",
            "pattern_id",
            "parts",
            "reasons",
            "calibrated",
        ] {
            assert!(names(scenario).contains(&name), "{name}");
        }
    }
    let analysis = desk.json(&["analyze", "WRKA-1234"]);
    assert_eq!(analysis["ticket_key"], "WRKA-1234");
    for name in ["components", "scenario_types", "similar_tickets"] {
        assert!(!analysis[name].as_array().unwrap().is_empty(), "{name}");
    }
    let similar = desk.json(&[
        "similar",
        "WRKA-1234",
        "--limit",
        "3",
        "--project",
        "WMB",
        "--from",
        "2025-03-01",
    ]);
    let similar = similar["similar_tickets"].as_array().unwrap().clone();
    assert!(!similar.is_empty() && similar.len() <= 3);
    assert!(
        similar
            .iter()
            .all(|ticket| ticket["ticket_key"].as_str().unwrap().starts_with("WMB-"))
    );
    let duplicates = desk.json(&["duplicates", "WRKA-1228", "--limit", "2"]);
    assert_eq!(duplicates["duplicates"].as_array().unwrap().len(), 2);
    assert_eq!(desk.json(&["show", "WRKA-1234"])["key"], "WRKA-1234");
    let info = desk.json(&["info"]);
    assert_eq!(
        (&info["tickets"], &info["observations"]),
        (&65.into(), &111.into())
    );
    assert!(info["bytes_per_ticket"].as_u64().unwrap() > 0);
}

#[test]
fn people_read_what_to_test_and_why() {
    let desk = Desk::with_sample();
    let text = desk.text(&["predict", "WRKA-1234", "--top", "2"]);
    for said in [
        "WRKA-1234  Update MHIS form",
        "What to test  2 scenarios",
        " + ",
        "Blended by ",
        "Edge cases to try",
        " • ",
        " → ",
    ] {
        assert!(text.contains(said), "{said}\n{text}");
    }
    assert!(!text.contains('\u{1b}'), "no colours where no terminal is");
    let brief = desk.text(&["predict", "WRKA-1234", "--top", "2", "--brief"]);
    assert!(brief.lines().count() < text.lines().count() / 2 && !brief.contains(" → "));
    assert!(desk.text(&["similar", "WRKA-1234"]).contains("cosine 0."));
    assert!(
        desk.text(&["duplicates", "WRKA-1228"])
            .contains("already linked")
    );
    assert!(
        desk.text(&["analyze", "WRKA-1234"])
            .contains("Types of scenario")
    );
    assert!(
        desk.text(&["show", "WRKA-1246"])
            .contains("Blocks WRKA-1234")
    );
}

#[test]
fn a_text_is_asked_about_like_a_ticket() {
    let desk = Desk::with_sample();
    let args = [
        "predict",
        "--text",
        "Login fails with an expired password",
        "--component",
        "Login",
        "--priority",
        "High",
    ];
    let given = desk.json(&args);
    assert!(given["ticket_key"].is_null());
    assert_eq!(given["predictions"].as_array().unwrap().len(), 5);

    let mut child = desk.command(&["analyze", "--text", "-", "--json"]);
    let mut child = child
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(b"Login fails\n\nwith an expired password\n")
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let analysis: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(!analysis["similar_tickets"].as_array().unwrap().is_empty());

    let (code, error) = desk.error(&["predict", "--text", "  "]);
    assert_eq!((code, &error["code"]), (1, &"INVALID_VALUE".into()));
}

#[test]
fn rules_of_ones_own_are_used() {
    let desk = Desk::with_sample();
    let rule = "[[rule]]\nid = 'own'\ndescription = 'Ask Kayla'\ncriticality = 'high'\ncomponents = ['MHIS']\n";
    std::fs::write(desk.path("rules.toml"), rule).unwrap();
    assert!(
        desk.text(&["predict", "WRKA-1234", "--rules", "rules.toml"])
            .contains("Ask Kayla")
    );
    let (code, error) = desk.error(&["predict", "WRKA-1234", "--rules", "none.toml"]);
    assert_eq!(
        (code, &error["code"], &error["details"]["path"]),
        (1, &"FILE_FAILED".into(), &"none.toml".into())
    );
}

#[test]
fn errors_have_codes() {
    let desk = Desk::with_sample();
    let (code, error) = desk.error(&["predict", "WRKA-9999"]);
    assert_eq!((code, &error["code"]), (1, &"TICKET_NOT_FOUND".into()));
    assert_eq!(error["details"]["ticket_key"], "WRKA-9999");
    let (code, error) = desk.error(&["similar", "no key"]);
    assert_eq!((code, &error["code"]), (1, &"INVALID_TICKET_KEY".into()));
    let (code, error) = desk.error(&["predict", "WRKA-1234", "--top", "0"]);
    assert_eq!((code, &error["code"]), (1, &"INVALID_VALUE".into()));
    let (code, error) = desk.error(&["predict"]);
    assert_eq!((code, &error["code"]), (2, &"USAGE".into()));
    let output = desk.run(&["predict", "WRKA-9999"]);
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .starts_with("error: ticket WRKA-9999 is not in this database")
    );
}

#[test]
fn nothing_is_made_by_mistake() {
    let desk = Desk::new();
    for args in [
        &["info"][..],
        &["predict", "WRKA-1"],
        &["check"],
        &["encode"],
        &["backup", "copy.db"],
    ] {
        let (code, error) = desk.error(args);
        assert_eq!((code, &error["code"]), (1, &"FILE_FAILED".into()));
        let message = error["message"].as_str().unwrap();
        assert!(
            message.starts_with("atlas.db: there is no such database")
                && message.contains("import"),
            "{message}"
        );
    }
    let (code, error) = desk.error(&["import", "missing.json"]);
    assert_eq!(
        (code, &error["details"]["path"]),
        (1, &"missing.json".into())
    );
    assert_eq!(std::fs::read_dir(desk.0.path()).unwrap().count(), 0);
}

#[test]
fn a_file_that_is_no_database_is_left_as_it_is() {
    let desk = Desk::new();
    let content = "These are notes and not a database. ".repeat(50);
    std::fs::write(desk.path("notes.txt"), &content).unwrap();
    let (code, error) = desk.error(&["--db", "notes.txt", "info"]);
    assert_eq!((code, &error["code"]), (1, &"NOT_A_DATABASE".into()));
    assert_eq!(
        std::fs::read_to_string(desk.path("notes.txt")).unwrap(),
        content
    );
}

#[test]
fn a_backup_is_a_whole_database_and_overwrites_nothing() {
    let desk = Desk::with_sample();
    desk.json(&["backup", "copy.db"]);
    assert_eq!(desk.json(&["--db", "copy.db", "info"])["tickets"], 65);
    assert_eq!(desk.json(&["--db", "copy.db", "check"])["sound"], true);
    let (code, error) = desk.error(&["backup", "copy.db"]);
    assert_eq!((code, &error["code"]), (1, &"INVALID_VALUE".into()));
}

#[test]
fn skipped_lines_are_named() {
    let desk = Desk::with_sample();
    let mut lines =
        "{\"key\": \"XY-1\", \"fields\": {\"summary\": \"Export is empty\"}}\n".to_owned();
    for _ in 0..12 {
        lines += "{\"key\": \"no key\", \"fields\": {\"summary\": \"x\"}}\n";
    }
    std::fs::write(desk.path("tickets.jsonl"), lines).unwrap();
    let text = desk.text(&["import", "tickets.jsonl"]);
    assert!(
        text.contains("1 new, 12 skipped")
            && text.contains("line 2:")
            && text.contains("… and 2 more"),
        "{text}"
    );
    let json = desk.json(&["import", "tickets.jsonl"]);
    assert_eq!(json["files"][0]["skipped"].as_array().unwrap().len(), 12);
}

#[test]
fn escape_sequences_of_a_ticket_do_not_act() {
    let desk = Desk::with_sample();
    let ticket = r#"{"key": "XY-1", "fields": {"summary": "Export \u001b[2J\u001b]0;owned\u0007 is \u009b31m empty",
        "description": "one\u001b[31m\r\ntwo", "status": {"name": "To\u001b[1m Do"}}}"#;
    let ticket = ticket.replace('\n', "");
    std::fs::write(
        desk.path("tickets.jsonl"),
        ticket.clone() + "\n" + &ticket.replace("XY-1", "XY-2"),
    )
    .unwrap();
    let acts = |c: char| c.is_control() && c != '\n';
    for args in [
        &["import", "tickets.jsonl"][..],
        &["show", "XY-1"],
        &["predict", "XY-1"],
        &["similar", "XY-1"],
        &["analyze", "XY-1"],
        &["duplicates", "XY-1"],
        &["show", "XY-1", "--json"],
        &["similar", "XY-1", "--json"],
    ] {
        let output = desk.run(args);
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(
            output.status.success() && !text.contains(acts),
            "{args:?}\n{text:?}"
        );
    }
    let output = desk.run(&["show", "\u{1b}[31mX"]);
    assert!(!String::from_utf8(output.stderr).unwrap().contains(acts));
}

#[test]
fn a_reader_that_leaves_early_is_no_error() {
    let desk = Desk::with_sample();
    let mut child = desk.command(&["analyze", "WRKA-1234"]);
    let mut child = child
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[test]
fn the_environment_names_the_database() {
    let desk = Desk::with_sample();
    std::fs::rename(desk.path("atlas.db"), desk.path("mine.db")).unwrap();
    let info = |args: &[&str]| {
        desk.command(args)
            .env("ATLAS_DB", "mine.db")
            .output()
            .unwrap()
    };
    assert!(info(&["info"]).status.success());
    assert!(
        !info(&["info", "--db", "other.db"]).status.success(),
        "the option counts more"
    );
}

#[test]
fn the_demonstration_shows_the_commands_and_keeps_its_database_when_asked() {
    let desk = Desk::new();
    let text = desk.text(&["demo"]);
    for line in [
        "$ atlas --db demo.db import tickets.jsonl",
        "65 new",
        "$ atlas --db demo.db analyze WRKA-1234",
        "$ atlas --db demo.db predict WRKA-1234",
        "Learned, version 1: ",
        "MHIS Form Validation",
        "$ atlas --db demo.db similar WRKA-1234",
        "$ atlas --db demo.db backtest --brief",
        "44 tickets scored.",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert_eq!(std::fs::read_dir(desk.0.path()).unwrap().count(), 0);
    let json = desk.json(&["demo", "--db", "kept.db"]);
    assert_eq!(json["similar_tickets"].as_array().unwrap().len(), 5);
    assert_eq!(json["backtest"]["tickets"], 44);
    assert_eq!(desk.json(&["--db", "kept.db", "info"])["tickets"], 65);
    let (code, error) = desk.error(&["demo", "--db", "kept.db"]);
    assert_eq!((code, &error["code"]), (1, &"INVALID_VALUE".into()));
}
