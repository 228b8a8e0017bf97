//! With a Jira: syncs with events, stopped by leaving, down, and never a secret.

use std::io::{Read, Write};
use std::path::PathBuf;
use std::time::Duration;

use fake_jira::{Fault, Jira, Served, TOKEN, USER, read};
use serde_json::json;

use crate::client::{Server, until};

fn jira() -> Served {
    let sample = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../sample/tickets.jsonl");
    Served::start(Jira::new(read(&sample).unwrap()), 0).unwrap()
}

fn server(jira: &Served) -> Server {
    let url = jira.url();
    Server::with(&[], |folder, _| {
        let lines =
            format!("JIRA_INSTANCE_URL={url}\nJIRA_USER_EMAIL={USER}\nJIRA_API_KEY={TOKEN}\n");
        std::fs::write(folder.join(".env"), lines).unwrap();
    })
}

#[test]
fn a_sync_tells_how_far_it_is_and_no_answer_has_a_secret() {
    let jira = jira();
    let server = server(&jira);
    let events = server.events("POST", "/api/atlas/sync", "{}");
    let (done, progress) = events.split_last().unwrap();
    assert_eq!(
        (done.0.as_str(), &done.1["data"]["new"]),
        ("done", &json!(65)),
        "{done:?}"
    );
    assert!(progress.iter().all(|(name, _)| name == "progress"));
    let again = server.post("/api/atlas/sync", json!({})).data();
    assert_eq!(again["new"], 0);
    let status = server.get("/api/atlas/sync").data();
    assert_eq!(
        (&status["configured"], &status["running"]),
        (&json!(true), &json!(false))
    );
    let live = server
        .get("/api/atlas/personal/my-work?live=true&assignee=Kayla%20Gilbert")
        .data();
    assert_eq!(live["data_source"], "live");
    jira.jira().fault(Fault::Echo);
    let refused = server.post("/api/atlas/sync", json!({}));
    assert_eq!(refused.refusal(), (503, "JIRA_REFUSED".into()));
    let stored = server
        .get("/api/atlas/personal/my-work?live=true&assignee=Kayla%20Gilbert")
        .data();
    assert_eq!(stored["data_source"], "cached");
    assert!(stored["live_failed"].is_string());
    let paths = [
        "/api/atlas/sync",
        "/api/atlas/settings",
        "/api/atlas/user/profile",
        "/api/atlas/export",
        "/health",
        "/api/openapi.json",
    ];
    let answers = paths.map(|path| server.get(path).body);
    for answer in answers
        .iter()
        .chain([&refused.body, &stored.to_string(), &format!("{events:?}")])
    {
        assert!(
            !answer.contains(TOKEN) && !answer.contains(USER),
            "{answer}"
        );
    }
}

#[test]
fn who_leaves_stops_the_sync() {
    let jira = jira();
    jira.jira().most = 1;
    jira.jira().delay = Duration::from_millis(200);
    let server = server(&jira);
    for accept in ["text/event-stream", "application/json"] {
        let mut stream = server.connect();
        let request = format!(
            "POST /api/atlas/sync HTTP/1.1\r\nhost: {}\r\naccept: {accept}\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{{}}",
            server.address
        );
        stream.write_all(request.as_bytes()).unwrap();
        let status = || server.get("/api/atlas/sync").data();
        until("the sync runs", || status()["running"] == true);
        if accept.contains("stream") {
            let mut seen = [0; 15];
            stream.read_exact(&mut seen).unwrap();
            assert_eq!(&seen, b"HTTP/1.1 200 OK");
        }
        assert_eq!(
            server.post("/api/atlas/sync", json!({})).refusal(),
            (409, "SYNC_RUNNING".into())
        );
        drop(stream);
        until("the sync stops", || status()["running"] == false);
        assert_eq!(status()["last"]["failure"]["code"], "CANCELLED");
    }
    jira.jira().delay = Duration::ZERO;
    jira.jira().most = 100;
    let rest = server.post("/api/atlas/sync", json!({})).data();
    assert!(
        rest["new"].as_u64().unwrap() > 0
            && server.get("/health").data()["counts"]["tickets"] == 65
    );
}

#[cfg(unix)]
#[test]
fn a_stop_does_not_wait_for_a_sync() {
    let jira = jira();
    jira.jira().fault(Fault::Hang);
    let server = server(&jira);
    let mut stream = server.connect();
    let request = format!(
        "POST /api/atlas/sync HTTP/1.1\r\nhost: {}\r\naccept: text/event-stream\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{{}}",
        server.address
    );
    stream.write_all(request.as_bytes()).unwrap();
    until("the sync runs", || {
        server.get("/api/atlas/sync").data()["running"] == true
    });
    let began = std::time::Instant::now();
    let (status, _) = server.terminate();
    assert!(status.success() && began.elapsed() < Duration::from_secs(15));
    let mut rest = String::new();
    let _ = stream.read_to_string(&mut rest);
    assert!(rest.contains("event: error"), "{rest}");
}
