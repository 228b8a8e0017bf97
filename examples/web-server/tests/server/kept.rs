//! Nothing is lost on the way: sessions, edited steps, answers, files with misleading names.

use serde_json::{Value, json};

use crate::client::{Server, few_tickets};

fn with_tickets() -> Server {
    let server = Server::start(&[]);
    server.upload("tickets", "few.jsonl", &few_tickets()).data();
    server
}

fn look(server: &Server, name: &str, content: &str) -> Value {
    let body = format!(
        "--line\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         content-type: application/octet-stream\r\n\r\n{content}\r\n--line--\r\n"
    );
    let headers = [("content-type", "multipart/form-data; boundary=line")];
    let path = "/api/atlas/import/preview";
    server.send("POST", path, &headers, &body).data()
}

#[test]
fn a_session_has_the_steps_that_the_tester_wrote_and_keeps_what_it_earned() {
    let server = with_tickets();
    let asked = json!({"ticket_key": "WMB-1", "top_k": 2});
    let prediction = server.post("/api/atlas/predict", asked).data();
    let ids: Vec<&Value> = prediction["predictions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|scenario| &scenario["prediction_id"])
        .collect();
    let own = json!({"prediction_id": ids[0], "action": "modified", "steps": [{"action": "Mine"}]});
    server.post("/api/atlas/feedback", own).data();
    let start = json!({"ticket_key": "WMB-1", "scenarios": ids});
    let started = server.post("/api/atlas/session/start", start).data();
    let plan = &started["session"]["plan"];
    assert_eq!(plan[0]["test_steps"], json!([{"action": "Mine"}]));
    assert_eq!(plan[0]["steps"], 1);
    assert_eq!(plan[1]["test_steps"], prediction["predictions"][1]["steps"]);
    let page = format!("/api/atlas/sessions/{}", started["session_id"]);
    assert_eq!(server.get(&format!("{page}/result")).data(), Value::Null);
    let note = json!({"text": "flickers"});
    server.post("/api/atlas/session/note", note).data();
    let end = json!({"outcome": "failed", "steps_completed": 1});
    let ended = server.post("/api/atlas/session/end", end).data();
    // What is done later does not change it.
    server
        .post("/api/atlas/session/start", json!({"ticket_key": "WMB-2"}))
        .data();
    let end = json!({"outcome": "passed"});
    server.post("/api/atlas/session/end", end).data();
    let session = server.get(&page).data();
    assert_eq!(
        (&session["notes"], &session["steps_done"]),
        (&json!(["flickers"]), &json!([1]))
    );
    let result = server.get(&format!("{page}/result")).data();
    for what in ["xp_parts", "xp_total", "achievements", "level"] {
        assert_eq!(result[what], ended[what], "{what}");
    }
    assert_eq!(
        server.get("/api/atlas/sessions/99/result").refusal(),
        (404, "SESSION_NOT_FOUND".into())
    );
}

#[test]
fn a_tickets_answers_are_all_there_and_say_what_they_cleared() {
    let server = with_tickets();
    let asked = json!({"ticket_key": "WMB-1", "top_k": 1});
    let prediction = server.post("/api/atlas/predict", asked).data();
    let id = &prediction["predictions"][0]["prediction_id"];
    let say = |more: Value| {
        let mut said = json!({"prediction_id": id, "action": "accepted"});
        let more = more.as_object().unwrap().clone();
        said.as_object_mut().unwrap().extend(more);
        server.post("/api/atlas/feedback", said).data()
    };
    say(json!({"rating": 4, "actual_minutes": 20}));
    say(json!({"clear": ["rating"], "host_id": "press 1"}));
    let again = say(json!({"clear": ["rating"], "host_id": "press 1"}));
    assert_eq!(again["repeated"], true);
    let answers = server.get("/api/atlas/tickets/WMB-1/feedback").data();
    let items = answers["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    let (newest, first) = (&items[0]["items"][0], &items[1]["items"][0]);
    assert_eq!(newest["cleared"], json!(["rating"]));
    assert_eq!(
        (&first["rating"], &first["actual_minutes"]),
        (&json!(4), &json!(20))
    );
    let others = server.get("/api/atlas/tickets/WMB-2/feedback").data();
    assert_eq!(others["items"], json!([]));
}

#[test]
fn the_content_of_a_file_tells_what_it_is() {
    let server = with_tickets();
    let before = server.get("/health").data()["counts"].clone();
    let tickets =
        "key,summary,status\nAB-1,One,To Do\nAB-2,Two,To Do\nAB-3,Three,To Do\nAB-4,Four,Done\n";
    let cases = "Name,Type,Steps\nLog in,Authentication,Open the page\n";
    let history = "ticket_key,ticket_summary,test_key\nAB-1,One,TP-1\n";
    let results = "<testsuite name=\"a\"><testcase name=\"x\" time=\"1\"/></testsuite>";
    for (name, content, kind) in [
        ("latest test patterns.csv", tickets, "tickets"),
        ("history.csv", cases, "patterns"),
        ("tickets.csv", history, "history"),
        ("tickets.xml", results, "results"),
    ] {
        assert_eq!(look(&server, name, content)["kind"], kind, "{name}");
    }
    let preview = look(&server, "latest test patterns.csv", tickets);
    assert_eq!(preview["records"].as_array().unwrap().len(), 3);
    assert_eq!(
        preview["records"][0],
        json!({"line": 2, "key": "AB-1", "title": "One"})
    );
    assert_eq!(
        (&preview["report"]["new"], &preview["report"]["dry_run"]),
        (&json!(4), &json!(true))
    );
    assert_eq!(look(&server, "a.csv", history)["report"], Value::Null);
    assert_eq!(server.get("/health").data()["counts"], before);
}

#[test]
fn work_is_searched_and_ordered_as_a_whole() {
    let server = Server::start(&[]);
    let row = |n: u32| {
        format!(
            "MM-{n},Ticket {n},To Do,{}\n",
            if n == 9 { "Kim" } else { "Ann" }
        )
    };
    let table: String = (1..=30).map(row).collect();
    let table = format!("key,summary,status,assignee\n{table}");
    server.upload("tickets", "many.csv", &table).data();
    let work = |query: &str| {
        server
            .get(&format!("/api/atlas/personal/my-work?{query}"))
            .data()
    };
    let keys = |part: &Value| -> Vec<String> {
        let tickets = part["tickets"].as_array().unwrap().iter();
        tickets
            .map(|ticket| ticket["ticket_key"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(work("words=mm-2&limit=5")["count"], 11);
    assert_eq!(work("words=ticket%20kim")["count"], 1);
    let first = work("order=key&limit=10");
    assert_eq!(keys(&first)[8..], ["MM-9", "MM-10"]);
    let cursor = first["next_cursor"].as_str().unwrap();
    let next = work(&format!("order=key&limit=10&cursor={cursor}"));
    assert_eq!(keys(&next)[0], "MM-11");
    let note = json!({"difficulty": 5});
    server.put("/api/atlas/personal/notes/MM-17", note).data();
    assert_eq!(keys(&work("order=difficulty&limit=1")), ["MM-17"]);
    let wrong = server.get("/api/atlas/personal/my-work?order=age");
    assert_eq!(wrong.refusal(), (400, "INVALID_VALUE".into()));
    let choices = server.get("/api/atlas/personal/work-choices").data();
    assert_eq!(choices["assignees"], json!(["Ann", "Kim"]));
    assert_eq!(choices["projects"], json!(["MM"]));
}
