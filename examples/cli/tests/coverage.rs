//! Gaps, reviews, questions and training data on the command line.

mod desk;

use desk::Desk;
use serde_json::json;

#[test]
fn gaps_name_criteria_and_types_with_nothing_chosen() {
    let desk = Desk::with_sample();
    let before = desk.json(&["gaps", "WRKA-1234"]);
    assert_eq!(before["chosen_from"], "nothing");
    let text = desk.text(&["gaps", "WRKA-1234"]);
    assert!(text.contains("nothing is predicted"), "{text}");
    desk.json(&["predict", "WRKA-1234"]);
    let gaps = desk.json(&["gaps", "WRKA-1234"]);
    assert_eq!(
        (&gaps["chosen_from"], &gaps["criteria_kind"]),
        (&"prediction".into(), &"section".into())
    );
    let all = gaps["criteria"].as_array().unwrap().len();
    assert!(all >= 3, "{gaps:#}");
    desk.json(&["feedback", "WRKA-1234", "1", "accepted"]);
    let gaps = desk.json(&["gaps", "WRKA-1234"]);
    assert_eq!(gaps["chosen_from"], "accepted");
    let same = desk.json(&["gaps", "WRKA-1234", "--chosen", "1"]);
    assert_eq!(same["criteria"], gaps["criteria"]);
    let by_key = gaps["chosen"][0]["pattern_key"].as_str().unwrap();
    let same = desk.json(&["gaps", "WRKA-1234", "--chosen", by_key]);
    assert_eq!(same["criteria"], gaps["criteria"]);
    let text = desk.text(&["gaps", "WRKA-1234"]);
    assert!(text.contains("Chosen, because accepted: "), "{text}");
    assert!(
        text.contains(&format!(" of {all} open\n")) && text.contains("✗ "),
        "{text}"
    );
    let (code, error) = desk.error(&["gaps", "WRKA-1234", "--chosen", "99"]);
    assert_eq!((code, &error["code"]), (1, &"INVALID_VALUE".into()));
    assert!(
        error["message"].as_str().unwrap().contains("1 to 5"),
        "{error}"
    );
    let criteria = "Export\nThe file must open in a spreadsheet. Names should be sorted.";
    let of_text = desk.json(&[
        "gaps",
        "--text",
        criteria,
        "--chosen",
        "Open the file in a spreadsheet",
    ]);
    assert_eq!(of_text["criteria"][0]["covered"], true, "{of_text:#}");
    let text = desk.text(&["gaps", "--text", "Colours look odd", "--chosen", "TP-1"]);
    assert!(text.contains("states no criteria"), "{text}");
}

#[test]
fn a_review_quotes_what_it_asks_about() {
    let desk = Desk::with_sample();
    let review = desk.json(&["review", "WRKA-1234"]);
    assert_eq!(
        (&review["ticket_key"], &review["language"]),
        (&"WRKA-1234".into(), &"en".into())
    );
    let description = "Acceptance criteria:\n- Large files are refused\n- Photos are shown";
    let asked = ["review", "--text", "Upload", "--type", "Story"];
    let asked = [&asked[..], &["--description", description]].concat();
    let review = desk.json(&asked);
    let finding = &review["findings"][0];
    assert_eq!(finding["code"], "limit-without-number");
    let quote = json!({"text": "Large files are refused", "part": "criterion", "number": 1});
    assert_eq!(finding["quotes"], json!([quote]));
    let text = desk.text(&asked);
    assert!(
        text.contains("criterion 1: “Large files are refused”\n"),
        "{text}"
    );
    let (code, error) = desk.error(&["review", "WRKA-9"]);
    assert_eq!((code, &error["code"]), (1, &"TICKET_NOT_FOUND".into()));
    let (code, error) = desk.error(&["review", "--text", " "]);
    assert_eq!((code, &error["code"]), (1, &"INVALID_VALUE".into()));
}

#[test]
fn questions_are_answered_with_feedback() {
    let desk = Desk::with_sample();
    assert!(desk.text(&["questions"]).contains("Nothing to ask"));
    for key in ["WRKA-1234", "WRKA-1228", "WRKA-1219"] {
        desk.json(&["predict", key]);
    }
    let asked = desk.json(&["questions", "-n", "2"]);
    let asked = asked["questions"].as_array().unwrap().clone();
    assert_eq!(asked.len(), 2);
    assert_ne!(asked[0]["ticket_key"], asked[1]["ticket_key"]);
    let (key, number) = (
        asked[0]["ticket_key"].as_str().unwrap(),
        asked[0]["number"].to_string(),
    );
    let text = desk.text(&["questions"]);
    assert!(
        text.contains(&format!("atlas feedback {key} {number} accepted")),
        "{text}"
    );
    let receipt = desk.json(&["feedback", key, &number, "accepted"]);
    assert_eq!(
        receipt["items"][0]["prediction_id"],
        asked[0]["prediction_id"]
    );
    let next = desk.json(&["questions", "-n", "100"]);
    let rows = next["questions"].as_array().unwrap();
    assert!(
        rows.iter()
            .all(|q| q["prediction_id"] != asked[0]["prediction_id"])
    );
    assert_eq!(
        desk.error(&["questions", "-n", "0"]).1["code"],
        "INVALID_VALUE"
    );
}

#[test]
fn training_data_goes_out_and_comes_in() {
    let desk = Desk::with_sample();
    let observations = desk.json(&["info"])["observations"].clone();
    let done = desk.json(&["training", "export", "training.jsonl"]);
    assert_eq!(done["observations"], observations);
    let (code, error) = desk.error(&["training", "export", "training.jsonl"]);
    assert_eq!((code, &error["code"]), (1, &"INVALID_VALUE".into()));
    let file = std::fs::read_to_string(desk.path("training.jsonl")).unwrap();
    assert_eq!(desk.text(&["training", "export", "-"]), file);
    let import = ["--db", "other.db", "training", "import", "training.jsonl"];
    assert_eq!(desk.json(&import)["files"][0]["new"], observations);
    let text = desk.text(&import);
    assert!(
        text.contains(&format!("{observations} unchanged")),
        "{text}"
    );
    assert_eq!(
        desk.text(&["--db", "other.db", "training", "export", "-"]),
        file
    );
    let (code, error) = desk.error(&["training", "import", "atlas.db"]);
    assert_eq!((code, &error["code"]), (1, &"UNKNOWN_FORMAT".into()));
}
