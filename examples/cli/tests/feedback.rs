//! Feedback on the command line.

mod desk;

use desk::Desk;

#[test]
fn a_tester_says_what_was_done_and_takes_it_back() {
    let desk = Desk::with_sample();
    let before = desk.json(&["info"])["observations"].clone();
    let text = desk.text(&["predict", "WRKA-1234"]);
    assert!(
        text.contains("atlas feedback WRKA-1234 1 accepted"),
        "{text}"
    );
    let said = [
        "feedback",
        "wrka-1234",
        "2",
        "accepted",
        "--minutes",
        "20",
        "--rating",
        "4",
        "--comment",
        "- quick",
    ];
    let prediction = desk.json(&["latest", "WRKA-1234"]);
    let receipt = desk.json(&said);
    let item = &receipt["items"][0];
    assert_eq!(
        item["prediction_id"],
        prediction["predictions"][1]["prediction_id"]
    );
    assert_eq!(
        (&item["answer"], &item["actual_minutes"]),
        (&"accepted".into(), &20.into())
    );
    assert_eq!(
        (&item["rating"], &item["comments"]),
        (&4.into(), &"- quick".into())
    );
    let text = desk.text(&["feedback", "WRKA-1234", "all", "rejected"]);
    assert_eq!(text.matches("rejected").count(), 5, "{text}");
    assert!(
        text.contains("  5. ") && text.contains("Take it back: atlas undo 2"),
        "{text}"
    );
    let text = desk.text(&["undo"]);
    assert!(text.starts_with("Taken back: feedback 2\n"), "{text}");
    let id = receipt["feedback_id"].to_string();
    assert_eq!(
        desk.json(&["undo", &id])["feedback_id"],
        receipt["feedback_id"]
    );
    assert_eq!(desk.json(&["info"])["observations"], before);
    let (code, error) = desk.error(&["undo", &id]);
    assert_eq!((code, &error["code"]), (1, &"FEEDBACK_NOT_FOUND".into()));
    let (code, error) = desk.error(&["undo"]);
    assert_eq!((code, &error["code"]), (1, &"INVALID_VALUE".into()));
}

#[test]
fn own_steps_come_from_a_file_and_are_shown_next_time() {
    let desk = Desk::with_sample();
    desk.json(&["predict", "WRKA-1234"]);
    std::fs::write(
        desk.path("own.txt"),
        "1. Turn it off\n2. Turn it on => It works\n",
    )
    .unwrap();
    let args = [
        "feedback",
        "WRKA-1234",
        "1",
        "modified",
        "--steps",
        "own.txt",
        "--id",
        "a",
    ];
    let text = desk.text(&args);
    assert!(text.contains("modified, 2 steps of your own"), "{text}");
    let text = desk.text(&args);
    assert!(text.contains("nothing has changed"), "{text}");
    let text = desk.text(&["predict", "WRKA-1234"]);
    assert!(
        text.contains("your own steps") && text.contains("→ It works"),
        "{text}"
    );
    let (code, error) = desk.error(&["feedback", "WRKA-1234", "1", "modified"]);
    assert_eq!((code, &error["code"]), (2, &"USAGE".into()));
    let args = [
        "feedback",
        "WRKA-1234",
        "1",
        "modified",
        "--steps",
        "none.txt",
    ];
    assert_eq!(desk.error(&args).1["code"], "FILE_FAILED");
}

#[test]
fn what_was_missed_is_learned() {
    let desk = Desk::with_sample();
    let args = ["missed", "WRKA-1234", "--pattern", "TP-2", "--minutes", "9"];
    let receipt = desk.json(&args);
    assert_eq!(receipt["items"][0]["answer"], "missed");
    assert_eq!(receipt["items"][0]["made_pattern"], false);
    let args = [
        "missed",
        "WRKA-1234",
        "--name",
        "Leap day",
        "--step",
        "Enter 29 February => It is kept",
        "--step",
        "Enter 30 February => It is refused",
        "--type",
        "Dates",
    ];
    let text = desk.text(&args);
    assert!(text.contains("Leap day: missed, a new pattern"), "{text}");
    let predicted = desk.json(&["predict", "--text", "Leap day", "--top", "1"]);
    let scenario = &predicted["predictions"][0];
    assert_eq!(scenario["scenario_name"], "Leap day");
    assert_eq!(scenario["steps"][1]["expected"], "It is refused");
    assert_eq!(
        desk.error(&["missed", "WRKA-1234", "--pattern", "no"]).1["code"],
        "PATTERN_NOT_FOUND"
    );
    assert_eq!(desk.json(&["undo"])["removed_patterns"], 1);
}

#[test]
fn a_ticket_is_forgotten_and_a_pair_is_kept_apart() {
    let desk = Desk::with_sample();
    let named = || {
        let found = desk.json(&["duplicates", "WRKA-1228"]);
        let found = found["duplicates"].as_array().unwrap().clone();
        found
            .iter()
            .any(|ticket| ticket["ticket_key"] == "WRKA-1214")
    };
    assert!(named());
    let pair = ["not-similar", "WRKA-1214", "WRKA-1228"];
    assert_eq!(desk.json(&pair)["changed"], true);
    assert!(!named());
    assert!(desk.text(&pair).contains("marked already"));
    let undo = [&pair[..], &["--undo"]].concat();
    assert_eq!(desk.json(&undo)["not_similar"], false);
    assert!(named());

    desk.json(&pair);
    let forgotten = desk.json(&["forget", "WRKA-1228"]);
    assert_eq!(forgotten["not_similar"], 1);
    assert!(named(), "the pair is forgotten as well");
    let learned = desk.json(&["info"])["observations"].as_u64().unwrap();
    let forgotten = desk.json(&["forget", "WRKA-1100"]);
    let gone = forgotten["observations"].as_u64().unwrap();
    assert!(gone > 0);
    assert_eq!(desk.json(&["info"])["observations"], learned - gone);
    let text = desk.text(&["forget", "WRKA-1100"]);
    assert!(text.contains("nothing was learned from it"), "{text}");
}

#[test]
fn the_latest_prediction_says_when_its_ticket_has_changed() {
    let desk = Desk::with_sample();
    let (code, error) = desk.error(&["latest", "WRKA-1234"]);
    assert_eq!((code, &error["code"]), (1, &"INVALID_VALUE".into()));
    let (_, error) = desk.error(&["feedback", "WRKA-1234", "1", "accepted"]);
    assert!(error["message"].as_str().unwrap().contains("atlas predict"));
    desk.json(&["predict", "WRKA-1234", "--top", "2"]);
    let (_, error) = desk.error(&["feedback", "WRKA-1234", "3", "accepted"]);
    assert_eq!(error["code"], "INVALID_VALUE");
    assert!(error["message"].as_str().unwrap().contains("1 to 2"));
    let csv = "Issue key,Summary,Priority\nWRKA-1234,Update MHIS form,Low\n";
    std::fs::write(desk.path("tickets.csv"), csv).unwrap();
    desk.json(&["import", "tickets.csv"]);
    let latest = desk.json(&["latest", "WRKA-1234"]);
    assert_eq!(latest["stale"], serde_json::json!(["summary", "priority"]));
    let text = desk.text(&["latest", "WRKA-1234", "--brief"]);
    assert!(
        text.contains("has changed since: summary, priority"),
        "{text}"
    );
    let text = desk.text(&["feedback", "WRKA-1234", "1", "accepted"]);
    assert!(
        text.contains("has changed since: summary, priority"),
        "{text}"
    );
    assert!(desk.json(&["predict", "WRKA-1234"]).get("stale").is_none());
}
