//! An HTTP server on loopback that answers as a test says, one request a connection.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::Value;

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Asked {
    /// `POST`, `GET` or `DELETE`.
    pub verb: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The message, null where there is none.
    pub message: Value,
}

impl Asked {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The message's method, or the verb of HTTP where there is no message.
    pub fn method(&self) -> &str {
        self.message["method"].as_str().unwrap_or(&self.verb)
    }
}

/// Serves until the test's process ends.
pub struct Loopback {
    pub url: String,
    log: Arc<Mutex<Vec<Asked>>>,
}

impl Loopback {
    /// `answer` gets each request and the way back; what it cannot write any more is nobody's.
    pub fn start(
        answer: impl Fn(&Asked, &mut Reply) -> std::io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/mcp", listener.local_addr().unwrap());
        let log = Arc::new(Mutex::new(Vec::new()));
        let (answer, asked) = (Arc::new(answer), log.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (answer, asked) = (answer.clone(), asked.clone());
                std::thread::spawn(move || {
                    let mut reply = Reply(stream.unwrap());
                    if let Some(request) = read(&reply.0) {
                        asked.lock().unwrap().push(request.clone());
                        let _ = answer(&request, &mut reply);
                    }
                });
            }
        });
        Loopback { url, log }
    }

    /// What was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.log.lock().unwrap().clone()
    }

    /// The methods of what was asked, in order.
    pub fn methods(&self) -> Vec<String> {
        let asked = self.asked();
        asked.iter().map(|a| a.method().to_owned()).collect()
    }
}

fn read(stream: &TcpStream) -> Option<Asked> {
    let mut reader = BufReader::new(stream);
    let mut line = || {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        Some(line.trim_end().to_owned())
    };
    let verb = line()?.split(' ').next()?.to_owned();
    let mut headers = Vec::new();
    loop {
        let line = line()?;
        let Some((name, value)) = line.split_once(": ") else {
            break;
        };
        headers.push((name.to_ascii_lowercase(), value.to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length.map_or(0, |(_, value)| value.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Asked {
        verb,
        headers,
        message: serde_json::from_slice(&body).unwrap_or_default(),
    })
}

/// The way back to the client.
pub struct Reply(TcpStream);

impl Reply {
    /// A whole answer; `head` is the status and further lines.
    pub fn whole(&mut self, head: &str, body: &str) -> std::io::Result<()> {
        let length = body.len();
        self.raw(&format!(
            "HTTP/1.1 {head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        ))
    }

    pub fn json(&mut self, body: &Value) -> std::io::Result<()> {
        self.whole(
            "200 OK\r\nContent-Type: application/json",
            &body.to_string(),
        )
    }

    /// Begins a stream of events.
    pub fn stream(&mut self) -> std::io::Result<()> {
        self.raw(
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n\
             Connection: close\r\n\r\n",
        )
    }

    pub fn event(&mut self, message: &Value) -> std::io::Result<()> {
        self.raw(&format!("event: message\r\ndata: {message}\r\n\r\n"))
    }

    pub fn raw(&mut self, text: &str) -> std::io::Result<()> {
        self.0.write_all(text.as_bytes())?;
        self.0.flush()
    }

    /// Waits until the client goes away.
    pub fn hang(&mut self) -> std::io::Result<()> {
        self.0.read(&mut [0]).map(|_| ())
    }
}
