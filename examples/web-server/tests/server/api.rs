//! The API: what it answers, and in which envelope.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::client::{Server, few_tickets, sample};

#[test]
fn a_ticket_is_analysed_predicted_and_judged() {
    let server = sample();
    let asked = json!({"ticket_key": "WRKA-1234"});
    let analysis = server.post("/api/atlas/analyze", asked.clone()).data();
    assert_eq!(analysis["components"][0]["name"], "MHIS");
    let prediction = server.post("/api/atlas/predict", asked).data();
    let first = &prediction["predictions"][0];
    assert_eq!(first["scenario_name"], "MHIS Form Validation");
    let latest = server.get("/api/atlas/tickets/WRKA-1234/prediction").data();
    assert_eq!(latest["prediction_id"], prediction["prediction_id"]);
    let id = &first["prediction_id"];
    assert_eq!(
        server.get(&format!("/api/atlas/scenarios/{id}")).data()["steps"],
        first["steps"]
    );
    let said =
        json!({"prediction_id": id, "action": "accepted", "rating": 5, "actual_minutes": 30});
    let receipt = server.post("/api/atlas/feedback", said);
    assert_eq!(receipt.status, 201);
    let receipt = receipt.data();
    assert_eq!(receipt["items"][0]["answer"], "accepted");
    let recent = server.get("/api/atlas/feedback?limit=1").data();
    assert_eq!(recent["items"][0]["feedback_id"], receipt["feedback_id"]);
    let feedback = format!("/api/atlas/feedback/{}", receipt["feedback_id"]);
    assert_eq!(
        server.delete(&feedback).data()["feedback_id"],
        receipt["feedback_id"]
    );
    assert_eq!(
        server.delete(&feedback).refusal(),
        (404, "FEEDBACK_NOT_FOUND".into())
    );
    let similar = server
        .get("/api/atlas/similar?ticket_key=WRKA-1234&k=3")
        .data();
    assert_eq!(similar["items"].as_array().unwrap().len(), 3);
    let text =
        json!({"text": "Export fails\nThe file is empty.", "components": ["Reports"], "top_k": 2});
    let draft = server.post("/api/atlas/predict", text).data();
    assert_eq!(
        (
            &draft["prediction_id"],
            draft["predictions"].as_array().unwrap().len()
        ),
        (&Value::Null, 2)
    );
    let text = json!({"text": "Upload\nLarge files must be refused.", "ticket_type": "Story"});
    let review = server.post("/api/atlas/review", text).data();
    let finding = &review["findings"][0];
    assert_eq!(finding["code"], "limit-without-number");
    assert_eq!(finding["quotes"][0]["text"], "Large files must be refused.");
    let edge_cases = |server: &Server| {
        let asked = json!({"ticket_key": "WRKA-1240", "top_k": 3});
        server.post("/api/atlas/predict", asked).data()["edge_cases"].clone()
    };
    let before = edge_cases(&server);
    let body = json!({"ticket_key": "WRKA-1240", "rule": before[0]["rule"], "answer": "dismissed"});
    let dismissed = server.post("/api/atlas/edge-cases", body);
    assert_eq!(dismissed.status, 201);
    assert_ne!(edge_cases(&server)[0], before[0]);
    let listed = server.get("/api/atlas/edge-cases").data();
    assert_eq!(listed["items"][0], dismissed.data());
    let id = dismissed.data()["id"].clone();
    assert_eq!(
        server.delete(&format!("/api/atlas/edge-cases/{id}")).status,
        200
    );
    assert_eq!(edge_cases(&server), before);
    let missed = json!({"ticket_key": "WRKA-1240", "scenario": {"new": {"name": "Leap day", "steps": [{"action": "Set 29 February"}]}}});
    let missed = server.post("/api/atlas/missed", missed);
    assert_eq!(missed.status, 201);
    server
        .delete(&format!(
            "/api/atlas/feedback/{}",
            missed.data()["feedback_id"]
        ))
        .data();
}

#[test]
fn lists_come_in_parts_and_lose_nothing() {
    let server = sample();
    for (list, items) in [
        ("/api/atlas/personal/my-work?limit=20", "tickets"),
        ("/api/atlas/patterns?limit=60", "items"),
        ("/api/atlas/tickets?q=form&limit=30", "items"),
    ] {
        let mut seen = BTreeSet::new();
        let (mut total, mut parts) = (0, 0);
        let mut next = String::new();
        loop {
            let part = server.get(&format!("{list}{next}")).data();
            for item in part[items].as_array().unwrap() {
                total += 1;
                seen.insert(item.get("id").unwrap_or(&item["ticket_key"]).to_string());
            }
            parts += 1;
            match part["next_cursor"].as_str() {
                Some(cursor) => next = format!("&cursor={cursor}"),
                None => break,
            }
        }
        assert!(parts > 1, "{list}");
        assert_eq!(seen.len(), total, "{list} tells something twice");
        if items == "tickets" {
            assert_eq!(total, 65);
        }
    }
    let hit = server.get("/api/atlas/tickets?q=wrka-1234").data();
    assert_eq!(hit["items"][0]["ticket_key"], "WRKA-1234");
    for wrong in ["limit=0", "limit=1001", "cursor=x", "limit=x"] {
        assert_eq!(
            server.get(&format!("/api/atlas/patterns?{wrong}")).status,
            400,
            "{wrong}"
        );
    }
}

#[test]
fn a_session_earns_what_it_earns() {
    let server = Server::start(&[]);
    assert_eq!(
        server.upload("tickets", "few.jsonl", &few_tickets()).data()["new"],
        3
    );
    let prediction = server
        .post(
            "/api/atlas/predict",
            json!({"ticket_key": "WMB-1", "top_k": 2}),
        )
        .data();
    let start = json!({"ticket_key": "WMB-1", "prediction_id": prediction["prediction_id"]});
    let started = server.post("/api/atlas/session/start", start.clone());
    assert_eq!(started.status, 201);
    let started = started.data();
    assert!(started["session_id"].is_i64() && started["started_at"].is_string());
    assert_eq!(started["status"], "active");
    assert_eq!(
        server.post("/api/atlas/session/start", start).refusal(),
        (409, "SESSION_OPEN".into())
    );
    let current = server.get("/api/atlas/session/current").data();
    assert_eq!(
        (&current["id"], &current["left_open"]),
        (&started["session_id"], &json!(false))
    );
    let step = server
        .post("/api/atlas/session/step", json!({"step": 1}))
        .data();
    assert_eq!(step["steps_done"], json!([1]));
    let step = server
        .post("/api/atlas/session/step", json!({"step": 1, "done": false}))
        .data();
    assert_eq!(step["steps_done"], json!([]));
    assert_eq!(
        server.post("/api/atlas/session/pause", json!({})).data()["status"],
        "paused"
    );
    assert_eq!(
        server.post("/api/atlas/session/pause", json!({})).refusal(),
        (409, "SESSION_PAUSED".into())
    );
    server.post("/api/atlas/session/resume", json!({})).data();
    server
        .post(
            "/api/atlas/session/note",
            json!({"text": "<img src=x onerror=alert(1)>"}),
        )
        .data();
    server.post("/api/atlas/session/alive", json!({})).data();
    // As the specification ends it.
    let end =
        json!({"session_id": started["session_id"], "steps_completed": 2, "outcome": "passed"});
    let ended = server.post("/api/atlas/session/end", end).data();
    assert_eq!(
        (&ended["session_id"], &ended["steps_completed"]),
        (&started["session_id"], &json!(2))
    );
    assert!(ended["duration_minutes"].is_u64() && ended["xp_earned"].as_u64().unwrap() > 0);
    let stats = server.get("/api/atlas/personal/quick-stats").data();
    assert_eq!(
        (&stats["tickets_today"], &stats["current_streak"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(
        server
            .post("/api/atlas/session/end", json!({"outcome": "passed"}))
            .refusal(),
        (409, "NO_OPEN_SESSION".into())
    );
    // By the row of the ticket, as the specification starts it.
    let by_row = json!({"jira_ticket_id": current["ticket_id"]});
    let again = server.post("/api/atlas/session/start", by_row).data();
    assert_eq!(again["session"]["ticket_key"], "WMB-1");
    server.post("/api/atlas/session/cancel", json!({})).data();
    let sessions = server.get("/api/atlas/sessions?limit=1").data();
    assert_eq!(
        (&sessions["items"][0]["status"], &sessions["next_cursor"]),
        (&json!("cancelled"), &json!("1"))
    );
    let activity = server.get("/api/atlas/personal/activity?days=7").data();
    assert_eq!(activity["items"][6]["sessions"], 1);
    assert_eq!(
        server.get("/api/atlas/user/profile").data()["xp_level"],
        stats["level"]
    );
    assert!(
        server.get("/api/atlas/achievements").data()["items"]
            .as_array()
            .unwrap()
            .len()
            >= 30
    );
}

#[test]
fn what_is_written_comes_back_as_it_is() {
    let server = Server::start(&[]);
    let evil = "<img src=x onerror=alert(1)> \" ' & \u{202e} ünïcödé";
    server.upload("tickets", "few.jsonl", &few_tickets()).data();
    let note = "/api/atlas/personal/notes/WMB-2";
    let noted = server
        .put(note, json!({"note": evil, "difficulty": 4}))
        .data();
    assert_eq!(
        (&noted["note"], &noted["difficulty"]),
        (&json!(evil), &json!(4))
    );
    let left = server.put(note, json!({"difficulty": null})).data();
    assert_eq!(
        (&left["note"], &left["difficulty"]),
        (&json!(evil), &Value::Null)
    );
    assert_eq!(
        server.get("/api/atlas/tickets/WMB-2").data()["my_note"],
        evil
    );
    assert_eq!(
        server
            .put(note, json!({"note": "x", "difficulty": 9}))
            .refusal(),
        (400, "INVALID_VALUE".into())
    );
    assert_eq!(
        server.get("/api/atlas/tickets/WMB-2").data()["my_note"],
        evil
    );
    assert_eq!(server.delete(note).status, 204);
    let entry = "/api/atlas/memory/context/WMB-2%2Foutcome";
    server.put(entry, json!({"value": evil})).data();
    assert_eq!(server.get(entry).data()["key"], "WMB-2/outcome");
    assert_eq!(
        server.get("/api/atlas/memory-search?q=outcome").data()["items"][0]["value"],
        evil
    );
    assert_eq!(server.delete(entry).status, 204);
    assert_eq!(
        server.delete(entry).refusal(),
        (404, "MEMORY_NOT_FOUND".into())
    );
    let pattern = json!({"name": evil, "pattern_type": "Data Export", "steps": [{"action": evil}]});
    let added = server.post("/api/atlas/patterns", pattern.clone());
    assert_eq!(added.status, 201);
    let added = added.data();
    assert_eq!(
        (&added["name"], &added["origin"]),
        (&json!(evil), &json!("user"))
    );
    assert_eq!(server.post("/api/atlas/patterns", pattern).status, 400);
    let one = format!("/api/atlas/patterns/{}", added["id"]);
    let changed = server
        .put(
            &one,
            json!({"name": "Plain", "pattern_type": "Data Export"}),
        )
        .data();
    assert_eq!(changed["name"], "Plain");
    assert_eq!(server.delete(&one).status, 204);
    assert_eq!(server.get(&one).data()["is_active"], false);
    assert_eq!(
        server.post(&format!("{one}/reactivate"), json!({})).data()["is_active"],
        true
    );
    let profile = server
        .put(
            "/api/atlas/user/profile",
            json!({"username": evil, "theme": "dark"}),
        )
        .data();
    assert_eq!(
        (&profile["username"], &profile["theme"]),
        (&json!(evil), &json!("dark"))
    );
    assert_eq!(
        server
            .put("/api/atlas/settings", json!({"day_start": 4}))
            .data()["day_start"],
        4
    );
    let wrong = server.put(
        "/api/atlas/settings",
        json!({"time_zone": "Europe/Atlantis"}),
    );
    assert_eq!(wrong.refusal(), (400, "INVALID_VALUE".into()));
    assert_eq!(wrong.json()["error"]["details"]["field"], "time_zone");
}

#[test]
fn an_import_and_the_sample_are_taken_back() {
    let server = Server::start(&[]);
    let empty = server.get("/health").data()["counts"].clone();
    let report = server
        .upload("tickets", "C:\\few.jsonl", &few_tickets())
        .data();
    let import = format!("/api/atlas/imports/{}", report["import_id"]);
    server.post("/api/atlas/sample", json!({})).data();
    assert_eq!(server.get("/api/atlas/sample").data()["loaded"], true);
    let page = server.get("/api/atlas/imports?limit=3").data();
    assert_eq!(page["items"][0]["is_sample"], true);
    let rest = server.get("/api/atlas/imports?cursor=3").data();
    assert_eq!(rest["items"][0]["source"], "few.jsonl");
    assert_eq!(rest["next_cursor"], Value::Null);
    let undone = server.delete(&import).data();
    assert_eq!(
        (&undone["removed"]["tickets"], &undone["kept_count"]),
        (&3.into(), &0.into())
    );
    assert_eq!(
        server.delete(&import).refusal(),
        (404, "IMPORT_NOT_FOUND".into())
    );
    let gone = server.delete("/api/atlas/sample").data();
    assert_eq!(gone["items"].as_array().unwrap().len(), 3);
    assert_eq!(server.get("/api/atlas/sample").data()["loaded"], false);
    assert_eq!(server.get("/health").data()["counts"], empty);
}
