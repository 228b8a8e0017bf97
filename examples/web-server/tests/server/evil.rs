//! A page of another site, and others who may not ask: all refused.

use serde_json::json;

use crate::client::{Server, few_tickets};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

#[test]
fn a_page_of_another_site_is_refused() {
    let server = Server::start(&[]);
    server.upload("tickets", "few.jsonl", &few_tickets()).data();
    let own = format!("http://{}", server.address);
    let port = server.address.rsplit_once(':').unwrap().1;
    let neighbour = format!("http://localhost:{port}");
    let json = ("content-type", "application/json");
    // What browsers say of a page that is not ours, new ones and old ones.
    let foreign: [&[(&str, &str)]; 7] = [
        &[
            ("origin", "https://evil.example"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-mode", "cors"),
        ],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[
            ("origin", "http://127.0.0.1:1"),
            ("sec-fetch-site", "same-site"),
        ],
        &[("origin", neighbour.as_str())],
        &[
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-mode", "no-cors"),
        ],
        &[
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-mode", "navigate"),
            ("origin", "https://evil.example"),
        ],
    ];
    let writes = [
        (
            "POST",
            "/api/atlas/session/start",
            r#"{"ticket_key": "WMB-1"}"#,
        ),
        ("POST", "/api/atlas/sample", "{}"),
        ("POST", "/api/atlas/backup", "{}"),
        (
            "PUT",
            "/api/atlas/personal/notes/WMB-1",
            r#"{"note": "evil"}"#,
        ),
        ("DELETE", "/api/atlas/personal/notes/WMB-1", ""),
        ("POST", "/api/atlas/import", ""),
    ];
    for said in foreign {
        for (method, path, body) in writes {
            let headers = [&[json], said].concat();
            let reply = server.send(method, path, &headers, body);
            assert_eq!(
                reply.refusal(),
                (403, "FOREIGN_ORIGIN".into()),
                "{method} {path} {said:?}"
            );
            assert_eq!(reply.header("access-control-allow-origin"), None);
        }
    }
    // A form needs no leave to be sent; it cannot be JSON.
    for kind in ["text/plain", "application/x-www-form-urlencoded"] {
        let reply = server.send(
            "POST",
            "/api/atlas/session/start",
            &[("content-type", kind)],
            r#"{"ticket_key": "WMB-1"}"#,
        );
        assert_eq!(reply.refusal(), (415, "NOT_JSON".into()));
    }
    // What takes long is not started from elsewhere either.
    let read = server.send("GET", "/api/atlas/backtest", foreign[0], "");
    assert_eq!(read.refusal(), (403, "FOREIGN_ORIGIN".into()));
    assert_eq!(
        server.get("/api/atlas/tickets/WMB-1").data()["my_note"],
        json!(null)
    );
    assert_eq!(server.get("/api/atlas/session/current").data(), json!(null));
    // A question before the question is not answered with a leave.
    let preflight = [
        ("origin", "https://evil.example"),
        ("access-control-request-method", "PUT"),
    ];
    let reply = server.send("OPTIONS", "/api/atlas/settings", &preflight, "");
    assert!(reply.status >= 400);
    assert!(
        reply
            .headers
            .iter()
            .all(|(name, _)| !name.starts_with("access-control")),
        "{reply:?}"
    );
    // Our own pages may, and a link from elsewhere may lead to them.
    let ours = [
        json,
        ("origin", own.as_str()),
        ("sec-fetch-site", "same-origin"),
    ];
    assert_eq!(
        server
            .send(
                "POST",
                "/api/atlas/session/start",
                &ours,
                r#"{"ticket_key": "WMB-1"}"#
            )
            .status,
        201
    );
    let link = [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-mode", "navigate"),
    ];
    assert_eq!(server.send("GET", "/tickets/WMB-1", &link, "").status, 200);
}

#[test]
fn a_name_that_was_made_to_point_here_is_refused() {
    let server = Server::start(&["--allow-host", "atlas.test"]);
    let port = server.address.rsplit_once(':').unwrap().1.to_owned();
    let ask = |host: &str, method: &str, path: &str| {
        let host = host.replace("PORT", &port);
        server.raw(&format!("{method} {path} HTTP/1.1\r\n{host}content-type: application/json\r\ncontent-length: 2\r\n\r\n{{}}"))
    };
    for host in [
        "host: evil.example:PORT\r\n",
        "host: 127.0.0.1.evil.example:PORT\r\n",
        "host: localhost.evil.example\r\n",
        "host: 192.168.0.1:PORT\r\n",
        "host: \r\n",
        "",
        "host: localhost:PORT\r\nhost: evil.example\r\n",
        "host: evil.example:PORT\r\norigin: http://evil.example:PORT\r\nsec-fetch-site: same-origin\r\n",
    ] {
        for (method, path) in [
            ("GET", "/"),
            ("GET", "/health"),
            ("POST", "/api/atlas/sample"),
            ("GET", "/assets/app.js"),
        ] {
            let (status, text) = ask(host, method, path);
            assert!(
                matches!(status, 400 | 403),
                "{status} for {host:?} {method} {path}"
            );
            assert!(!text.contains("\"data\""));
        }
    }
    for host in [
        "host: 127.0.0.1:PORT\r\n",
        "host: LocalHost:PORT\r\n",
        "host: [::1]:PORT\r\n",
        "host: atlas.test\r\n",
    ] {
        assert_eq!(ask(host, "GET", "/health").0, 200, "{host}");
    }
    // Only what is asked for by a whole address, as of a proxy, is not served under it.
    assert!(matches!(
        ask("host: evil.example\r\n", "GET", "http://127.0.0.1/health").0,
        400 | 403
    ));
}

#[test]
fn bodies_are_bounded() {
    let server = Server::start(&["--max-upload", "1"]);
    let long = json!({"text": "a".repeat((2 << 20) + 1)});
    assert_eq!(
        server.post("/api/atlas/predict", long).refusal(),
        (413, "TOO_LARGE".into())
    );
    let file = "x".repeat((1 << 20) + 1);
    assert_eq!(
        server.upload("tickets", "large.jsonl", &file).refusal(),
        (413, "TOO_LARGE".into())
    );
    let endless = format!(
        "POST /api/atlas/predict HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n{}",
        server.address,
        format!("10000\r\n{}\r\n", "a".repeat(0x10000)).repeat(40),
    );
    assert_eq!(server.raw(&endless).0, 413);
    let header = format!(
        "GET /health HTTP/1.1\r\nhost: {}\r\nx-long: {}\r\n\r\n",
        server.address,
        "a".repeat(1 << 20)
    );
    assert!(matches!(server.raw(&header).0, 0 | 431));
    assert_eq!(server.get("/health").status, 200);
}

#[test]
fn every_answer_tells_browsers_what_they_may() {
    let server = Server::start(&[]);
    let missing = server.get("/api/atlas/nothing");
    let refused = server.send("POST", "/api/atlas/sample", &[("origin", "null")], "");
    let paths = [
        "/",
        "/tickets/WRKA-1",
        "/assets/app.js",
        "/api/docs",
        "/api/openapi.json",
        "/health",
        "/nothing",
    ];
    for reply in paths
        .map(|path| server.get(path))
        .into_iter()
        .chain([missing, refused])
    {
        assert_eq!(reply.header("content-security-policy"), Some(POLICY));
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(reply.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(reply.header("x-frame-options"), Some("DENY"));
        assert!(reply.header("content-type").is_some());
        assert_eq!(reply.header("access-control-allow-origin"), None);
    }
    let shell = server.send("GET", "/", &[("accept", "text/html")], "");
    assert!(
        !shell.body.contains(" style=")
            && !shell.body.contains("http://")
            && !shell.body.contains("https://")
    );
    assert!(!shell.body.contains("<script>"), "no inline script");
    let known = shell.header("etag").unwrap();
    assert_eq!(
        server
            .send("GET", "/", &[("if-none-match", known)], "")
            .status,
        304
    );
    let nothing = server.send("GET", "/nothing", &[("accept", "text/html")], "");
    assert_eq!((nothing.status, nothing.body), (404, shell.body));
}
