//! `atlas patterns`, as a user runs it.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

/// A folder with a database of four tickets that tell two scenarios.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        let desk = Desk(tempfile::tempdir().unwrap());
        let export = |who: &str| {
            format!(
                "Steps to reproduce:\n# Open the list of {who}\n# Press Export\n# Open the CSV file in a spreadsheet\n\nExpected: umlauts are shown"
            )
        };
        let lockout =
            "h3. Test steps\n* Enter a wrong password five times\n* Enter the right password";
        let tickets = [
            (
                "WRKA-1",
                "CSV export of clients loses umlauts",
                export("clients"),
            ),
            (
                "WRKA-2",
                "CSV export of customers loses umlauts",
                export("customers"),
            ),
            (
                "WRKA-3",
                "Account is not locked after five wrong passwords",
                lockout.to_owned(),
            ),
            (
                "WRKA-4",
                "User account isn't locked after many wrong passwords",
                lockout.to_owned(),
            ),
        ];
        let lines: Vec<String> = tickets
            .iter()
            .map(|(key, summary, description)| {
                json!({"key": key, "fields": {"summary": summary, "description": description,
                    "issuetype": {"name": "Bug"}}})
                .to_string()
            })
            .collect();
        std::fs::write(desk.path().join("tickets.jsonl"), lines.join("\n")).unwrap();
        desk.json(&["import", "tickets.jsonl"]);
        desk
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_atlas"));
        command
            .args(args)
            .current_dir(self.path())
            .env_remove("ATLAS_DB")
            .env_remove("CLICOLOR_FORCE");
        command.output().unwrap()
    }

    fn text(&self, args: &[&str]) -> String {
        let output = self.run(args);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{args:?}: {error}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.text(&[args, &["--json"]].concat())).unwrap()
    }

    /// The code of the error of a command that fails.
    fn error(&self, args: &[&str]) -> String {
        let output = self.run(&[args, &["--json"]].concat());
        let error: Value = serde_json::from_slice(&output.stderr).unwrap();
        error["error"]["code"].as_str().unwrap().to_owned()
    }
}

#[test]
fn a_scenario_is_detected_accepted_and_listed() {
    let desk = Desk::new();
    let found = desk.json(&["patterns", "detect"]);
    assert_eq!(found["found"], 2);
    let proposals = found["proposals"].as_array().unwrap();
    let export = proposals
        .iter()
        .find(|p| p["name"].as_str().unwrap().contains("CSV"))
        .unwrap();
    assert_eq!(export["ticket_keys"], json!(["WRKA-1", "WRKA-2"]));
    let id = export["id"].as_str().unwrap();

    let text = desk.text(&["patterns", "detect"]);
    for said in [
        "2 scenarios found in your tickets",
        id,
        "2 tickets: WRKA-1 WRKA-2",
        " 2. Press Export",
        "→ Umlauts are shown",
        "atlas patterns accept",
    ] {
        assert!(text.contains(said), "{said}\n{text}");
    }
    assert!(
        !desk
            .text(&["patterns", "detect", "--brief"])
            .contains("Press Export")
    );

    let name = "Export keeps umlauts";
    let kept = desk.json(&[
        "patterns",
        "accept",
        &id[..4],
        "--name",
        name,
        "--type",
        "Data Export",
    ]);
    assert_eq!(kept["pattern"]["name"], name);
    assert_eq!(kept["pattern"]["origin"], "mined");
    let row = kept["pattern"]["id"].to_string();
    assert_eq!(desk.json(&["patterns", "detect"])["found"], 1);
    let known = desk.json(&["patterns", "detect", "--known"]);
    assert_eq!(known["found"], 2);
    assert!(
        desk.text(&["patterns", "detect", "--known"])
            .contains(&format!("pattern {row} says it already: {name}"))
    );

    let mined = desk.json(&["patterns", "list", "--origin", "mined"]);
    assert_eq!(
        (&mined["found"], &mined["patterns"][0]["name"]),
        (&1.into(), &name.into())
    );
    let shown = desk.text(&["patterns", "show", &row]);
    assert!(
        shown.contains(name) && shown.contains("mined") && shown.contains(" 1. Open the list of"),
        "{shown}"
    );
}

#[test]
fn a_dropped_scenario_does_not_come_back_and_two_can_be_one() {
    let desk = Desk::new();
    let found = desk.json(&["patterns", "detect"]);
    let id = |n: usize| found["proposals"][n]["id"].as_str().unwrap().to_owned();
    assert!(desk.text(&["patterns", "drop", &id(0)]).contains("Dropped"));
    let left = desk.json(&["patterns", "detect"]);
    assert_eq!(
        (&left["found"], &left["proposals"][0]["id"]),
        (&1.into(), &id(1).into())
    );
    assert_eq!(desk.error(&["patterns", "drop", &id(0)]), "INVALID_VALUE");

    let desk = Desk::new();
    let both = desk.json(&["patterns", "accept", &id(0), "--with", &id(1)]);
    assert_eq!(both["ticket_keys"].as_array().unwrap().len(), 4);
    assert_eq!(desk.json(&["patterns", "detect"])["found"], 0);
    assert!(
        desk.text(&["patterns", "detect"])
            .contains("0 scenarios found")
    );
}

#[test]
fn patterns_are_listed_renamed_retired_and_merged() {
    let desk = Desk::new();
    let all = desk.json(&["patterns"]);
    assert_eq!(all["patterns"].as_array().unwrap().len(), 50);
    let more = desk.text(&["patterns", "list", "--limit", "3"]);
    assert!(more.contains("… and 112 more"), "{more}");
    let found = desk.json(&["patterns", "list", "--find", "REQUIRED FIELDS"]);
    let row = found["patterns"][0]["id"].to_string();
    assert!(
        desk.text(&["patterns", "rename", &row, "Fields that must be filled"])
            .contains("renamed")
    );
    assert_eq!(
        desk.json(&["patterns", "show", "Fields that must be filled"])["id"].to_string(),
        row
    );

    assert!(desk.text(&["patterns", "retire", &row]).contains("retired"));
    assert_eq!(desk.json(&["patterns", "list", "--retired"])["found"], 1);
    assert!(desk.text(&["patterns", "show", &row]).contains("retired"));
    desk.json(&["patterns", "reactivate", &row]);
    assert_eq!(desk.json(&["patterns", "list", "--retired"])["found"], 0);

    let other = all["patterns"][1]["id"].to_string();
    let merged = desk.text(&["patterns", "merge", &row, &other]);
    assert!(
        merged.contains("Kept") && merged.contains(&format!("atlas patterns reactivate {other}")),
        "{merged}"
    );
    assert_eq!(
        desk.error(&["patterns", "merge", &row, &row]),
        "INVALID_VALUE"
    );
    assert_eq!(
        desk.error(&["patterns", "show", "no such pattern"]),
        "PATTERN_NOT_FOUND"
    );
    assert_eq!(desk.error(&["patterns", "frobnicate"]), "USAGE");
}

#[test]
fn what_repeats_and_what_is_unused_is_named() {
    let desk = Desk::new();
    let csv = "key,name,type,steps\nF-1,Save the form on iOS,Form Submission,Tap Save on the form\nF-2,Save the form on Android,Form Submission,Tap Save on the form\n";
    std::fs::write(desk.path().join("patterns.csv"), csv).unwrap();
    desk.json(&["import-patterns", "patterns.csv"]);
    let pairs = desk.json(&["patterns", "duplicates", "--similarity", "0.8"]);
    assert_eq!(pairs["pairs"].as_array().unwrap().len(), 1, "{pairs}");
    let text = desk.text(&["patterns", "duplicates", "--similarity", "0.8"]);
    for said in [
        "F-1",
        "F-2",
        "the steps are equal; the names differ in \"iOS\" and \"Android\"",
        "atlas patterns merge",
    ] {
        assert!(text.contains(said), "{said}\n{text}");
    }
    assert_eq!(
        desk.error(&["patterns", "duplicates", "--similarity", "2"]),
        "INVALID_VALUE"
    );
    let unused = desk.json(&["patterns", "unused"]);
    assert_eq!(unused["patterns"].as_array().unwrap().len(), 2);
    assert!(
        desk.text(&["patterns", "unused"])
            .contains("2 patterns never used")
    );
}
