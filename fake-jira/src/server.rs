//! HTTP on loopback.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde_json::Value;
use tiny_http::{Header, Method, Request, Response};

use crate::answer::{Answer, Special};
use crate::api::{Asked, serve};
use crate::{Jira, lock};

/// Requests that are answered at once.
const THREADS: usize = 4;

/// A server with its threads.
pub struct Server {
    pub port: u16,
    stop: Arc<AtomicBool>,
    http: Arc<tiny_http::Server>,
    threads: Vec<JoinHandle<()>>,
}

impl Server {
    pub fn start(jira: Arc<Mutex<Jira>>, port: u16) -> std::io::Result<Self> {
        let http = tiny_http::Server::http(("127.0.0.1", port)).map_err(std::io::Error::other)?;
        let http = Arc::new(http);
        let port = http
            .server_addr()
            .to_ip()
            .map_or(port, |address| address.port());
        let stop = Arc::new(AtomicBool::new(false));
        let work = || {
            let (http, jira, stop) = (http.clone(), jira.clone(), stop.clone());
            thread::spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    if let Ok(Some(request)) = http.recv_timeout(Duration::from_millis(100)) {
                        handle(request, &jira, &stop);
                    }
                }
            })
        };
        let threads = (0..THREADS).map(|_| work()).collect();
        Ok(Server {
            port,
            stop,
            http,
            threads,
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        self.http.unblock();
        for thread in self.threads.drain(..) {
            // A panic was printed already.
            let _ = thread.join();
        }
    }
}

fn handle(mut request: Request, jira: &Mutex<Jira>, stop: &AtomicBool) {
    let asked = asked(&mut request);
    let delay = match asked.path.contains("/search") {
        true => lock(jira).delay,
        false => Duration::ZERO,
    };
    thread::sleep(delay);
    let answer = serve(&mut lock(jira), &asked);
    match answer.special {
        Special::None => {
            // The client may have gone.
            let _ = request.respond(response(&answer));
        }
        Special::Hang => {
            while !stop.load(Ordering::Relaxed) {
                thread::sleep(Duration::from_millis(20));
            }
        }
        Special::CutOff => {
            let mut writer = request.into_writer();
            let head = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\nConnection: close\r\n\r\n{\"issues\":[";
            let _ = writer
                .write_all(head.as_bytes())
                .and_then(|()| writer.flush());
        }
    }
}

fn response(answer: &Answer) -> Response<std::io::Cursor<Vec<u8>>> {
    let mut response = Response::from_data(answer.body.clone()).with_status_code(answer.status);
    for (name, value) in &answer.headers {
        if let Ok(header) = Header::from_bytes(name.as_bytes(), value.as_bytes()) {
            response.add_header(header);
        }
    }
    response
}

fn asked(request: &mut Request) -> Asked {
    let url = request.url().to_owned();
    let (path, query) = url.split_once('?').unwrap_or((&url, ""));
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(name), decoded(value))
    };
    let authorization = request
        .headers()
        .iter()
        .find(|header| header.field.equiv("Authorization"));
    let authorization = authorization
        .map(|header| header.value.to_string())
        .unwrap_or_default();
    let mut body = Vec::new();
    let _ = request.as_reader().read_to_end(&mut body);
    Asked {
        post: *request.method() == Method::Post,
        path: path.to_owned(),
        query: query
            .split('&')
            .filter(|p| !p.is_empty())
            .map(pair)
            .collect(),
        authorization,
        body: serde_json::from_slice(&body).unwrap_or(Value::Null),
    }
}

/// A part of a query, without its percent signs.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits: Vec<u8> = rest.by_ref().take(2).collect();
                let number = std::str::from_utf8(&digits)
                    .ok()
                    .and_then(|d| u8::from_str_radix(d, 16).ok());
                number.unwrap_or(b'%')
            }
            other => other,
        });
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
