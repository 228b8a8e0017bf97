//! Refusals with their status, long calls, files, and the document.

use serde_json::{Value, json};

use crate::client::{Server, few_tickets, sample};

#[test]
fn refusals_have_their_status_and_say_no_more_than_they_should() {
    let server = sample();
    let refused = [
        (
            server.post("/api/atlas/analyze", json!({"ticket_key": "WRKA-9999"})),
            404,
            "TICKET_NOT_FOUND",
        ),
        (
            server.post("/api/atlas/analyze", json!({"ticket_key": "?"})),
            400,
            "INVALID_TICKET_KEY",
        ),
        (
            server.post("/api/atlas/predict", json!({})),
            400,
            "INVALID_VALUE",
        ),
        (
            server.post(
                "/api/atlas/predict",
                json!({"ticket_key": "WRKA-1234", "top_k": 0}),
            ),
            400,
            "INVALID_VALUE",
        ),
        (
            server.post("/api/atlas/predict", json!({"tiket": 1})),
            400,
            "INVALID_BODY",
        ),
        (
            server.send(
                "POST",
                "/api/atlas/predict",
                &[("content-type", "application/json")],
                "{",
            ),
            400,
            "INVALID_BODY",
        ),
        (
            server.send(
                "POST",
                "/api/atlas/predict",
                &[("content-type", "text/plain")],
                "{}",
            ),
            415,
            "NOT_JSON",
        ),
        (
            server.send(
                "POST",
                "/api/atlas/import",
                &[("content-type", "application/json")],
                "{}",
            ),
            415,
            "NOT_A_FORM",
        ),
        (
            server.put("/api/atlas/user/profile", json!([null, null])),
            400,
            "INVALID_BODY",
        ),
        (
            server.delete("/api/atlas/analyze"),
            405,
            "METHOD_NOT_ALLOWED",
        ),
        (server.get("/api/atlas/nothing"), 404, "NOT_FOUND"),
        (server.get("/assets/../Cargo.toml"), 404, "NOT_FOUND"),
        (
            server.get("/assets/%2e%2e/%2e%2e/Cargo.toml"),
            404,
            "NOT_FOUND",
        ),
        (server.get("/api/atlas/patterns/x"), 400, "INVALID_PATH"),
        (
            server.get("/api/atlas/sessions/7"),
            404,
            "SESSION_NOT_FOUND",
        ),
        (
            server.get("/api/atlas/scenarios/999999"),
            404,
            "PREDICTION_NOT_FOUND",
        ),
        (
            server.get("/api/atlas/personal/activity?days=0"),
            400,
            "INVALID_VALUE",
        ),
        (
            server.post("/api/atlas/sync", json!({})),
            409,
            "JIRA_NOT_CONFIGURED",
        ),
        (
            server.post("/api/atlas/streak/repair", json!({"day": "2999-01-01"})),
            400,
            "INVALID_VALUE",
        ),
    ];
    for (reply, status, code) in refused {
        assert_eq!(reply.refusal(), (status, code.to_owned()), "{reply:?}");
    }
    let key = server
        .post("/api/atlas/analyze", json!({"ticket_key": "WRKA-9999"}))
        .json();
    assert_eq!(key["error"]["details"]["ticket_key"], "WRKA-9999");
    let unknown = server.upload("tickets", "letter.txt", "Dear all");
    assert_eq!(unknown.refusal(), (400, "UNKNOWN_FORMAT".into()));
    assert_eq!(unknown.json()["error"]["details"]["path"], "letter.txt");
    assert!(!unknown.body.contains("upload"), "{}", unknown.body);
    assert_eq!(
        server.upload("letters", "few.jsonl", "").refusal(),
        (400, "INVALID_VALUE".into())
    );
}

#[test]
fn what_fails_inside_stays_inside() {
    let server = Server::start(&[]);
    std::fs::write(server.path("backups"), "a file is in the way").unwrap();
    let failed = server.post("/api/atlas/backup", json!({}));
    assert_eq!(failed.refusal(), (500, "FILE_FAILED".into()));
    assert_eq!(failed.json()["error"]["details"], json!({}));
    assert!(!failed.body.contains("backups"), "{}", failed.body);
}

#[test]
fn long_calls_tell_how_far_they_are() {
    let server = sample();
    let events = server.events("GET", "/api/atlas/backtest?resamples=10", "");
    let (done, progress) = events.split_last().unwrap();
    assert_eq!(done.0, "done");
    assert!(done.1["meta"]["version"].is_string());
    assert!(
        done.1["data"]["summary"]
            .as_str()
            .unwrap()
            .contains("tickets")
    );
    assert!(
        !progress.is_empty()
            && progress
                .iter()
                .all(|(name, data)| name == "progress" && data["stage"].is_string())
    );
    let plain = server.get("/api/atlas/backtest?resamples=10").data();
    assert_eq!(plain["tickets"], done.1["data"]["tickets"]);
    let trained = server.events("POST", "/api/atlas/retrain", "{}");
    assert_eq!(trained.last().unwrap().0, "done");
    let failed = server.events("POST", "/api/atlas/sample?x", "{}");
    assert_eq!(failed.last().unwrap().1["data"]["tickets"]["unchanged"], 65);
}

#[test]
fn everything_goes_out_and_is_backed_up() {
    let server = Server::start(&[]);
    server.upload("tickets", "few.jsonl", &few_tickets()).data();
    let export = server.get("/api/atlas/export");
    assert!(
        export
            .header("content-disposition")
            .unwrap()
            .starts_with("attachment; filename=\"atlas-")
    );
    let rows = export
        .body
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    assert!(rows.count() > 3 && export.body.contains("Export loses umlauts"));
    for _ in 0..2 {
        server.post("/api/atlas/backup", json!({"keep": 1})).data();
    }
    let kept = std::fs::read_dir(server.path("backups")).unwrap().count();
    assert_eq!(kept, 1);
}

#[test]
fn the_document_tells_of_every_route() {
    let server = sample();
    let document = server.get("/api/openapi.json").json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let paths = document["paths"].as_object().unwrap();
    assert!(paths.len() >= 45, "{}", paths.len());
    let text = document.to_string();
    for (path, operations) in paths {
        for (method, operation) in operations.as_object().unwrap() {
            assert!(operation["summary"].is_string(), "{method} {path}");
            assert!(
                operation["responses"]["default"].is_object(),
                "{method} {path}"
            );
        }
    }
    for name in text.split("#/components/schemas/").skip(1) {
        let name = name.split('"').next().unwrap();
        assert!(
            document["components"]["schemas"][name].is_object(),
            "{name} is not described"
        );
    }
    let page = server.get("/api/docs");
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    assert!(page.body.contains("/api/atlas/session/start") && !page.body.contains("https://"));
}

#[test]
fn refusals_use_no_word_of_the_code() {
    let server = sample();
    let refused = [
        server.post(
            "/api/atlas/predict",
            json!({"ticket_key": "WRKA-1234", "top_k": "x"}),
        ),
        server.post("/api/atlas/predict", json!({"tiket": 1})),
        server.put("/api/atlas/user/profile", json!([null])),
        server.get("/api/atlas/patterns/x"),
        server.get("/api/atlas/patterns?limit=x"),
        server.get("/api/atlas/sessions?limit=-1"),
    ];
    for answer in refused {
        let message = answer.json()["error"]["message"].to_string();
        for word in [
            "usize",
            "i64",
            "u32",
            "string",
            "struct",
            "`",
            "deserialize",
            "variant",
            "sequence",
        ] {
            assert!(!message.contains(word), "{message}");
        }
    }
}
