//! What goes back.

use serde_json::{Value, json};

/// An answer as it goes over the wire.
#[derive(Debug, Default)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
    pub special: Special,
}

/// How the answer is sent.
#[derive(Debug, Default, PartialEq, Eq)]
pub enum Special {
    #[default]
    None,
    /// Not at all.
    Hang,
    /// Half of it.
    CutOff,
}

pub fn ok(body: &Value) -> Answer {
    answer(200, "application/json;charset=UTF-8", body.to_string())
}

pub fn refuse(status: u16, reason: &str) -> Answer {
    let body = json!({"errorMessages": [reason], "errors": {}});
    answer(status, "application/json;charset=UTF-8", body.to_string())
}

pub fn html(status: u16) -> Answer {
    let body = format!("<html><body><h1>{status}</h1></body></html>");
    answer(status, "text/html", body)
}

pub fn answer(status: u16, kind: &str, body: String) -> Answer {
    Answer {
        status,
        headers: vec![("Content-Type", kind.to_owned())],
        body: body.into_bytes(),
        special: Special::None,
    }
}

impl Answer {
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}
