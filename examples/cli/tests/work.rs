//! Tickets to test, notes, sessions and what they earn, on the command line.

mod desk;

use desk::{Desk, sample};
use fake_jira::{Jira, Served, TOKEN, USER, read};
use serde_json::Value;

#[test]
fn work_is_listed_by_priority_and_status() {
    let desk = Desk::with_sample();
    let work = desk.json(&["work", "--assignee", "kayla gilbert", "--limit", "3"]);
    assert_eq!(work["count"], 17);
    assert_eq!(work["data_source"], "cached");
    assert_eq!(work["tickets"][0]["ticket_key"], "WRKA-1252");
    assert_eq!(work["tickets"].as_array().unwrap().len(), 3);
    assert_eq!(desk.json(&["work", "--all"])["count"], 65);
    desk.json(&["settings", "--assignee", "Dominic Farrow"]);
    assert_eq!(desk.json(&["work"])["count"], 1);
    let text = desk.text(&["work", "--project", "wmb", "--assignee", "Kayla Gilbert"]);
    assert!(text.contains("WMB-258") && !text.contains("WRKA"), "{text}");
    let none = desk.text(&["work", "--status", "Lost"]);
    assert!(none.contains("No ticket"), "{none}");
    assert_eq!(
        desk.error(&["work", "--limit", "0"]).1["code"],
        "INVALID_VALUE"
    );
}

#[test]
fn live_work_falls_back_to_what_is_stored() {
    let desk = Desk::with_sample();
    let issues = read(&sample("tickets.jsonl")).unwrap();
    let served = Served::start(Jira::new(issues), 0).unwrap();
    let settings = format!(
        "JIRA_INSTANCE_URL={}\nJIRA_USER_EMAIL=\"{USER}\"\nJIRA_API_KEY={TOKEN}\n",
        served.url()
    );
    std::fs::write(desk.path(".env"), settings).unwrap();
    let live = ["work", "--live", "--assignee", "Kayla Gilbert"];
    let run = |args: &[&str]| {
        let mut command = desk.command(args);
        for name in [
            "JIRA_INSTANCE_URL",
            "JIRA_USER_EMAIL",
            "JIRA_API_KEY",
            "JIRA_API_BASE_URL",
        ] {
            command.env_remove(name);
        }
        let output = command.output().unwrap();
        String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
    };
    let text = run(&live);
    assert!(text.contains("live from Jira"), "{text}");
    drop(served);
    let text = run(&[&live[..], &["--json"]].concat());
    let work: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(work["data_source"], "cached", "{text}");
    assert_eq!(work["count"], 17);
    let text = run(&live);
    assert!(
        text.contains("Jira was not reached:") && text.contains("WRKA-1252"),
        "{text}"
    );
    assert!(!text.contains(TOKEN));
}

#[test]
fn notes_are_set_found_and_cleared() {
    let desk = Desk::with_sample();
    assert_eq!(desk.json(&["note", "WRKA-1234"])["note"], Value::Null);
    let set = desk.json(&[
        "note",
        "wrka-1234",
        "ask Kim for an account",
        "--difficulty",
        "4",
    ]);
    assert_eq!(set["ticket_key"], "WRKA-1234");
    assert_eq!(set["note"]["difficulty"], 4);
    let found = desk.json(&["notes", "account", "kim"]);
    assert_eq!(found["notes"][0]["ticket_key"], "WRKA-1234");
    assert_eq!(
        desk.json(&["notes", "nobody"])["notes"],
        serde_json::json!([])
    );
    assert_eq!(
        desk.json(&["recent"])["tickets"][0]["my_note"],
        "ask Kim for an account"
    );
    let (code, error) = desk.error(&["note", "WRKA-1234", "--difficulty", "9"]);
    assert_eq!((code, &error["code"]), (1, &"INVALID_VALUE".into()));
    assert_eq!(desk.error(&["note", "WRKA-1234", "x", "--clear"]).0, 2);
    assert!(
        desk.text(&["note", "WRKA-1234", "--clear"])
            .contains("now has no note")
    );
    assert_eq!(desk.json(&["notes"])["notes"], serde_json::json!([]));
}

#[test]
fn a_session_goes_from_its_plan_to_what_it_earns() {
    let desk = Desk::with_sample();
    assert_eq!(desk.json(&["session", "status"])["session"], Value::Null);
    assert_eq!(
        desk.error(&["session", "step", "1"]).1["code"],
        "NO_OPEN_SESSION"
    );
    let (_, error) = desk.error(&["session", "start", "WRKA-1234", "--scenario", "1"]);
    assert_eq!(error["details"]["field"], "--scenario");

    let begun = desk.json(&["session", "start", "WRKA-1234", "--predict", "--top", "2"]);
    assert_eq!(begun["session"]["plan"].as_array().unwrap().len(), 2);
    assert!(begun["coach"].is_string());
    assert!(
        begun["scenarios"][0]["steps"][0]["action"]
            .as_str()
            .unwrap()
            .len()
            > 3
    );
    let (_, error) = desk.error(&["session", "start", "WRKA-1240", "--predict"]);
    assert_eq!(error["code"], "SESSION_OPEN");
    assert_eq!(error["details"]["ticket_key"], "WRKA-1234");
    // Nothing is predicted for a session that cannot begin.
    assert_eq!(desk.error(&["latest", "WRKA-1240"]).0, 1);

    // A step that the plan does not have: none of them is done.
    let (_, error) = desk.error(&["session", "step", "1", "99"]);
    assert_eq!(error["details"]["field"], "step");
    let session = desk.json(&["session", "step", "1", "3-4"]);
    assert_eq!(session["steps_done"], serde_json::json!([1, 3, 4]));
    let text = desk.text(&["session", "undo-step", "4"]);
    assert!(text.contains("·  4.") && text.contains("2 of"), "{text}");
    assert_eq!(desk.json(&["session", "pause"])["status"], "paused");
    assert_eq!(
        desk.error(&["session", "pause"]).1["code"],
        "SESSION_PAUSED"
    );
    desk.json(&["session", "resume"]);
    desk.json(&["session", "note", "page 2 loads twice"]);
    let status = desk.json(&["session", "status"]);
    assert_eq!(status["left_open"], false);
    assert_eq!(status["scenarios"][0]["steps"][2]["done"], true);
    assert_eq!(desk.json(&["work"])["tickets"][4]["session"]["id"], 1);

    let end = desk.json(&["session", "end", "failed"]);
    assert_eq!(
        (&end["steps_completed"], &end["xp_earned"]),
        (&2.into(), &17.into())
    );
    assert_eq!(end["achievements"].as_array().unwrap().len(), 2);
    assert_eq!(desk.error(&["session", "end", "failed"]).0, 1);
    assert_eq!(desk.error(&["session", "end", "fine"]).0, 2);
    let shown = desk.text(&["session", "show", "1"]);
    assert!(
        shown.contains("note: page 2 loads twice") && shown.contains("✓  1."),
        "{shown}"
    );
    assert_eq!(
        desk.json(&["session", "list"])["sessions"][0]["outcome"],
        "failed"
    );
    assert_eq!(
        desk.error(&["session", "show", "9"]).1["code"],
        "SESSION_NOT_FOUND"
    );
}

#[test]
fn a_session_without_a_plan_closes_or_is_given_up() {
    let desk = Desk::with_sample();
    desk.json(&["session", "start", "WRKA-1240"]);
    desk.json(&["session", "step", "2"]);
    let text = desk.text(&["session", "close", "passed"]);
    for said in [
        "passed after",
        "+",
        "Level 1",
        "Streak     1 day",
        "First session",
    ] {
        assert!(text.contains(said), "{said}\n{text}");
    }
    desk.json(&["session", "start", "WRKA-1240"]);
    assert_eq!(desk.json(&["session", "cancel"])["status"], "cancelled");
    let of_ticket = desk.json(&["session", "list", "--ticket", "WRKA-1240", "--limit", "1"]);
    assert_eq!(of_ticket["sessions"][0]["status"], "cancelled");
    desk.json(&["predict", "WRKA-1243", "--top", "3"]);
    let begun = desk.json(&[
        "session",
        "start",
        "WRKA-1243",
        "--scenario",
        "3",
        "--scenario",
        "1",
    ]);
    assert_eq!(begun["session"]["plan"].as_array().unwrap().len(), 2);
}

#[test]
fn the_day_says_what_was_earned() {
    let desk = Desk::with_sample();
    let morning = desk.json(&["today"]);
    assert_eq!(morning["stats"]["level"], 1);
    assert!(morning["greeting"].is_string());
    assert_eq!(
        morning["challenge"]["text"],
        desk.json(&["challenge"])["challenge"]["text"]
    );
    desk.json(&["session", "start", "WRKA-1240"]);
    desk.json(&["session", "step", "1-5"]);
    desk.json(&["session", "end", "passed"]);
    // Day and streak are those of now, also if midnight has just passed.
    let streak = desk.json(&["streak"]);
    assert_eq!(
        (&streak["current_streak"], &streak["freezes"]),
        (&1.into(), &0.into())
    );
    let days = desk.json(&["activity", "--days", "3"]);
    let sessions = days["days"].as_array().unwrap().iter();
    assert_eq!(
        sessions
            .map(|day| day["sessions"].as_u64().unwrap())
            .sum::<u64>(),
        1
    );
    assert_eq!(
        desk.error(&["activity", "--days", "0"]).1["code"],
        "INVALID_VALUE"
    );
    let earned = desk.json(&["achievements", "--earned"]);
    assert_eq!(earned["achievements"][0]["name"], "First session");
    assert!(desk.text(&["achievements"]).contains("1 of 32 earned"));
    let text = desk.text(&["stats"]);
    for said in ["Level 1", "Challenge", "Mo Tu We Th Fr Sa Su", "1 passed"] {
        assert!(text.contains(said), "{said}\n{text}");
    }
}

#[test]
fn a_streak_is_repaired_in_the_past_only() {
    let desk = Desk::with_sample();
    let simulated = ["--db", "played.db", "day", "--simulate", "--days", "2"];
    desk.text(&simulated);
    let repair = |day| ["--db", "played.db", "streak", "repair", day];
    assert_eq!(desk.json(&repair("2025-12-03"))["repaired"], "2025-12-03");
    let text = desk.text(&repair("2025-12-04"));
    assert!(
        text.contains("Thursday, 4 December 2025 is filled"),
        "{text}"
    );
    // Before the first session, and where there is none.
    for refused in [
        &repair("1999-01-01")[..],
        &["streak", "repair", "2025-06-30"],
    ] {
        assert_eq!(desk.error(refused).1["details"]["field"], "day");
    }
    assert_eq!(
        desk.error(&repair("9999-01-01")).1["details"]["field"],
        "day"
    );
    assert_eq!(desk.error(&["streak", "repair", "yesterday"]).0, 2);
}

#[test]
fn a_rebuild_corrects_what_the_log_does_not_say() {
    let desk = Desk::with_sample();
    desk.json(&["session", "start", "WRKA-1240"]);
    desk.json(&["session", "step", "1-5"]);
    desk.json(&["session", "end", "passed"]);
    let text = desk.text(&["rebuild"]);
    assert!(text.starts_with("Nothing changed"), "{text}");
    // 18 of the session and 10 of the first achievement.
    let out = desk.text(&["export-all", "-"]);
    assert!(out.contains("\"xp_total\":28"), "the profile's row");
    let wrong = out.replace("\"xp_total\":28", "\"xp_total\":9999");
    std::fs::write(desk.path("wrong.jsonl"), wrong).unwrap();
    desk.json(&["--db", "wrong.db", "import-all", "wrong.jsonl"]);
    let rebuilt = desk.json(&["--db", "wrong.db", "rebuild"]);
    assert_eq!(rebuilt["corrected"][0]["what"], "XP");
    assert_eq!(rebuilt["corrected"][0]["after"], "28");
    assert_eq!(
        desk.json(&["--db", "wrong.db", "rebuild"])["corrected"],
        serde_json::json!([])
    );
}
