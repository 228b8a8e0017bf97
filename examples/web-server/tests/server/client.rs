//! A server of its own, and a client to ask it with.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use ureq::Agent;
use ureq::http::Request;

/// The binary, with nothing of this machine's environment.
pub fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_atlas-web"));
    command.current_dir(folder).env_clear().env("TZ", "UTC");
    command
}

/// A running server; it ends when this is dropped.
pub struct Server {
    child: Child,
    folder: TempDir,
    agent: Agent,
    /// `127.0.0.1:` and the port.
    pub address: String,
}

/// An answer.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        let named = self.headers.iter().find(|(header, _)| header == name);
        named.map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.body))
    }

    /// What is in the envelope of a success.
    pub fn data(&self) -> Value {
        let answer = self.json();
        assert!(self.status < 300, "{} {answer}", self.status);
        assert!(answer["meta"]["timestamp"].is_string() && answer["meta"]["version"].is_string());
        answer["data"].clone()
    }

    /// The status and the code of a failure.
    pub fn refusal(&self) -> (u16, String) {
        let answer = self.json();
        assert!(answer["meta"]["timestamp"].is_string(), "{answer}");
        assert!(
            answer["error"]["message"]
                .as_str()
                .is_some_and(|text| !text.is_empty())
        );
        assert!(answer["error"]["details"].is_object(), "{answer}");
        (
            self.status,
            answer["error"]["code"].as_str().unwrap().to_owned(),
        )
    }
}

impl Server {
    /// A server with an empty database.
    pub fn start(arguments: &[&str]) -> Self {
        Server::with(arguments, |_, _| {})
    }

    /// A server whose folder or command is prepared first.
    pub fn with(arguments: &[&str], prepare: impl FnOnce(&Path, &mut Command)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = command(folder.path());
        command.args(["--port", "0"]).args(arguments);
        prepare(folder.path(), &mut command);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let mut text = String::new();
        let address = loop {
            let mut line = String::new();
            assert!(said.read_line(&mut line).unwrap() > 0, "it ended: {text}");
            text.push_str(&line);
            if let Some((_, rest)) = line.split_once("http://") {
                break rest.split_whitespace().next().unwrap().to_owned();
            }
        };
        child.stdout = Some(said.into_inner());
        let config = Agent::config_builder()
            .http_status_as_error(false)
            // The server closes connections that are idle.
            .max_idle_connections(0)
            .timeout_global(Some(Duration::from_secs(60)));
        Server {
            child,
            folder,
            agent: config.build().into(),
            address,
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[], "")
    }

    pub fn post(&self, path: &str, body: Value) -> Reply {
        self.send(
            "POST",
            path,
            &[("content-type", "application/json")],
            &body.to_string(),
        )
    }

    pub fn put(&self, path: &str, body: Value) -> Reply {
        self.send(
            "PUT",
            path,
            &[("content-type", "application/json")],
            &body.to_string(),
        )
    }

    pub fn delete(&self, path: &str) -> Reply {
        self.send("DELETE", path, &[], "")
    }

    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("http://{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut answer = match (method, body) {
            ("GET" | "DELETE", "") => self.agent.run(request.body(()).unwrap()),
            _ => self.agent.run(request.body(body).unwrap()),
        }
        .unwrap();
        let text = |(name, value): (&ureq::http::HeaderName, &ureq::http::HeaderValue)| {
            (name.to_string(), value.to_str().unwrap().to_owned())
        };
        Reply {
            status: answer.status().as_u16(),
            headers: answer.headers().iter().map(text).collect(),
            body: answer.body_mut().read_to_string().unwrap(),
        }
    }

    /// A file as a form of a browser's.
    pub fn upload(&self, kind: &str, name: &str, content: &str) -> Reply {
        let body = format!(
            "--line\r\ncontent-disposition: form-data; name=\"kind\"\r\n\r\n{kind}\r\n--line\r\n\
             content-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             content-type: application/octet-stream\r\n\r\n{content}\r\n--line--\r\n"
        );
        let headers = [("content-type", "multipart/form-data; boundary=line")];
        self.send("POST", "/api/atlas/import", &headers, &body)
    }

    /// The events of a stream up to its end: names with their data.
    pub fn events(&self, method: &str, path: &str, body: &str) -> Vec<(String, Value)> {
        let headers = [
            ("accept", "text/event-stream"),
            ("content-type", "application/json"),
        ];
        let reply = self.send(method, path, &headers, body);
        assert_eq!(
            reply.header("content-type"),
            Some("text/event-stream"),
            "{reply:?}"
        );
        let blocks = reply
            .body
            .split("\n\n")
            .filter(|block| block.contains("event:"));
        let event = |block: &str| {
            let line = |start: &str| {
                block
                    .lines()
                    .find_map(|line| line.strip_prefix(start))
                    .unwrap()
                    .trim()
                    .to_owned()
            };
            (
                line("event:"),
                serde_json::from_str(&line("data:")).unwrap(),
            )
        };
        blocks.map(event).collect()
    }

    /// A connection on which anything can be written.
    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(30)))
            .unwrap();
        stream
    }

    /// Sends bytes, and gives the status and the headers that come back; 0 where nothing does.
    pub fn raw(&self, request: &str) -> (u16, String) {
        let mut stream = self.connect();
        // A server that refuses does not wait for the rest.
        let _ = stream.write_all(request.as_bytes());
        let mut text = Vec::new();
        let mut piece = [0; 4096];
        while !text.windows(4).any(|end| end == b"\r\n\r\n") {
            match stream.read(&mut piece) {
                Ok(0) | Err(_) => break,
                Ok(read) => text.extend_from_slice(&piece[..read]),
            }
        }
        let text = String::from_utf8_lossy(&text).into_owned();
        let status = text
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        (status.unwrap_or(0), text.to_lowercase())
    }

    /// Asks the process to end; its status and what it still said.
    #[cfg(unix)]
    pub fn terminate(mut self) -> (std::process::ExitStatus, String) {
        let killed = Command::new("kill")
            .arg(self.child.id().to_string())
            .status()
            .unwrap();
        assert!(killed.success());
        let status = self.child.wait().unwrap();
        let mut text = String::new();
        self.child
            .stdout
            .take()
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        (status, text)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until something is so, at most twenty seconds.
pub fn until(what: &str, so: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(20);
    while !so() {
        assert!(Instant::now() < end, "not in time: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Three tickets that need no file of the sample.
pub fn few_tickets() -> String {
    let ticket = |number: u32, summary: &str| {
        json!({"key": format!("WMB-{number}"), "fields": {
            "summary": summary, "status": {"name": "In Progress"}, "priority": {"name": "High"},
            "components": [{"name": "Export"}], "description": "The file that is exported is empty."
        }})
        .to_string()
    };
    [
        "Export is empty",
        "Export loses umlauts",
        "Import asks twice",
    ]
    .iter()
    .zip(1..)
    .map(|(summary, number)| ticket(number, summary) + "\n")
    .collect()
}

/// A server with the sample.
pub fn sample() -> Server {
    // The database is made once, by the one click of an empty dashboard.
    static SAMPLE: OnceLock<Vec<u8>> = OnceLock::new();
    let database = SAMPLE.get_or_init(|| {
        let server = Server::start(&[]);
        let report = server.post("/api/atlas/sample", json!({})).data();
        assert_eq!(report["tickets"]["new"], 65);
        let backup = server.post("/api/atlas/backup", json!({})).data();
        std::fs::read(server.path(backup["path"].as_str().unwrap())).unwrap()
    });
    Server::with(&[], |folder, _| {
        std::fs::write(folder.join("atlas.db"), database).unwrap()
    })
}
