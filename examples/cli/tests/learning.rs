//! What was learned, on the command line.

mod desk;

use desk::{Desk, sample};
use serde_json::Value;

/// Versions and their states, newest first.
fn states(desk: &Desk) -> Vec<(i64, String)> {
    let models = desk.json(&["models"]);
    let models = models["models"].as_array().unwrap().iter();
    models
        .map(|model| {
            let state = model["state"].as_str().unwrap().to_owned();
            (model["version"].as_i64().unwrap(), state)
        })
        .collect()
}

fn value(report: &Value, method: &str, measure: &str) -> f64 {
    let methods = report["methods"].as_array().unwrap();
    let method = methods.iter().find(|m| m["name"] == method).unwrap();
    method[measure]["value"].as_f64().unwrap()
}

#[test]
fn the_past_is_predicted_again_and_measured() {
    let desk = Desk::with_sample();
    let args = ["backtest", "--resamples", "200"];
    let report = desk.json(&args);
    assert_eq!(report["tickets"], 44);
    assert_eq!(report["options"]["resamples"], 200);
    assert!(value(&report, "ATLAS", "hit_10") > 0.9);
    assert!(value(&report, "most frequent", "hit_10") < 0.5);
    let points = report["timeline"]["points"].as_array().unwrap();
    assert_eq!(points.last().unwrap()["tickets"], 44);
    assert_eq!(report, desk.json(&args));

    let text = desk.text(&["backtest", "--svg", "past.svg"]);
    assert!(
        text.starts_with(report["summary"].as_str().unwrap().split_at(60).0),
        "{text}"
    );
    for said in [
        "most frequent",
        "44 tickets scored. The learned blend answered",
        "expected calibration error",
        "by the specification's estimate",
        "By component",
        "By time",
        "Drawn: past.svg",
    ] {
        assert!(text.contains(said), "{said}\n{text}");
    }
    let svg = std::fs::read_to_string(desk.path("past.svg")).unwrap();
    assert!(svg.starts_with("<svg ") && svg.trim_end().ends_with("</svg>"));
    assert!(svg.contains("words only") && svg.contains("judged scenarios"));
    desk.text(&["backtest", "--svg", "again.svg"]);
    let again = std::fs::read_to_string(desk.path("again.svg")).unwrap();
    assert_eq!(svg, again);
    let brief = desk.text(&["backtest", "--brief"]);
    assert!(brief.contains("most frequent") && !brief.contains("By time"));
}

#[test]
fn options_change_what_is_scored() {
    let desk = Desk::with_sample();
    let report = desk.json(&["backtest", "--learn-first", "30", "--frozen"]);
    assert_eq!(report["options"]["frozen"], true);
    let scored = report["tickets"].as_u64().unwrap();
    assert!((10..=15).contains(&scored), "{scored}");
    assert!(report["timeline"]["points"].as_array().unwrap().is_empty());
    for wrong in [["--learn-first", "9999"], ["--retrain-every", "0"]] {
        let (code, error) = desk.error(&["backtest", wrong[0], wrong[1]]);
        assert_eq!((code, &error["code"]), (1, &"INVALID_VALUE".into()));
    }
    let (_, error) = desk.error(&["backtest", "--svg", "no/such/folder.svg"]);
    assert_eq!(error["code"], "FILE_FAILED");
}

#[test]
fn a_history_is_learned_before_its_import_ends() {
    let desk = Desk::new();
    for (command, file) in [
        ("import", "tickets.jsonl"),
        ("import-patterns", "patterns.csv"),
    ] {
        desk.json(&[command, sample(file).to_str().unwrap()]);
    }
    let nothing = desk.text(&["retrain"]);
    assert!(
        nothing.starts_with("Nothing to learn from yet"),
        "{nothing}"
    );
    assert!(
        desk.text(&["models"])
            .starts_with("Nothing to learn from yet")
    );
    assert!(desk.text(&["backtest"]).contains("import your history"));
    assert!(desk.text(&["info"]).contains("no version answers"));
    let history = sample("history.csv");
    let text = desk.text(&["import-history", history.to_str().unwrap()]);
    assert!(text.contains("111 new\n"), "{text}");
    assert!(text.contains("\nLearned, version 1: "), "{text}");
    assert_eq!(states(&desk), [(1, "serving".to_owned())]);
    let info = desk.text(&["info"]);
    assert!(
        info.contains("version 1 answers, nothing new since"),
        "{info}"
    );
    assert_eq!(desk.json(&["info"])["learning"]["new_observations"], 0);
}

#[test]
fn versions_come_and_go() {
    let desk = Desk::with_sample();
    assert_eq!(states(&desk), [(1, "serving".to_owned())]);
    let (code, error) = desk.error(&["rollback"]);
    assert_eq!((code, &error["code"]), (1, &"INVALID_VALUE".into()));
    let trained = desk.json(&["retrain"]);
    assert_eq!(trained["model"]["version"], 2);
    assert_eq!(trained["model"]["log"]["observations"], 111);
    let text = desk.text(&["retrain"]);
    for said in [
        "Version 3",
        "111 results",
        "before, ",
        " MRR 0.",
        "weighted sum",
    ] {
        assert!(text.contains(said), "{said}\n{text}");
    }
    assert_eq!(desk.json(&["rollback"])["serving"], 2);
    let one = desk.text(&["rollback", "1"]);
    assert!(one.starts_with("Version 1 answers now."), "{one}");
    let serving: Vec<_> = states(&desk).into_iter().map(|(_, state)| state).collect();
    assert_eq!(serving, ["retired", "retired", "serving"]);
    let table = desk.text(&["models"]);
    assert!(
        table.contains("1  answers") && table.contains("3  retired"),
        "{table}"
    );
    assert!(desk.json(&["rollback", "--none"])["serving"].is_null());
    let text = desk.text(&["predict", "WRKA-1234"]);
    assert!(text.contains("Blended by the weighted sum"), "{text}");
    let (code, error) = desk.error(&["rollback", "9"]);
    assert_eq!(
        (code, &error["code"]),
        (1, &"MODEL_VERSION_NOT_FOUND".into())
    );
}

#[test]
fn what_is_forgotten_is_unlearned_before_the_command_ends() {
    let desk = Desk::with_sample();
    let text = desk.text(&["forget", "WRKA-1100"]);
    assert!(
        text.contains("withdrawn") && text.contains("Learned, version 2: "),
        "{text}"
    );
    assert_eq!(
        states(&desk),
        [(2, "serving".to_owned()), (1, "withdrawn".to_owned())]
    );
    let forgotten = desk.json(&["forget", "WRKA-1017"]);
    assert_eq!(forgotten["withdrawn_models"], 1);
    assert_eq!(states(&desk)[0], (3, "serving".to_owned()));
}
