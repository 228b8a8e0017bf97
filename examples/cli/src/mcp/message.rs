//! JSON-RPC 2.0: what a line says, and how answers look.

use serde_json::{Value, json};

use super::lines::MOST_BYTES;

const PARSE_ERROR: i64 = -32700;
const INVALID_REQUEST: i64 = -32600;
const METHOD_NOT_FOUND: i64 = -32601;
const INVALID_PARAMS: i64 = -32602;
const UNSUPPORTED_VERSION: i64 = -32022;
/// Of the range that the protocol leaves to servers.
const BUSY: i64 = -32000;

/// A message that needs attention.
#[derive(Debug, PartialEq)]
pub enum Incoming {
    Request(Request),
    Notification { method: String, params: Value },
}

/// A message that needs an answer.
#[derive(Debug, PartialEq)]
pub struct Request {
    /// A text or a number, given back as it came.
    pub id: Value,
    pub method: String,
    /// An object; empty where none came.
    pub params: Value,
}

/// Why a request has no result.
#[derive(Debug, PartialEq)]
pub struct Fault {
    code: i64,
    message: String,
    data: Option<Value>,
}

impl Fault {
    fn new(code: i64, message: impl Into<String>) -> Self {
        Fault {
            code,
            message: message.into(),
            data: None,
        }
    }

    pub fn invalid_request(message: impl Into<String>) -> Self {
        Fault::new(INVALID_REQUEST, message)
    }

    pub fn invalid_params(message: impl Into<String>) -> Self {
        Fault::new(INVALID_PARAMS, message)
    }

    pub fn method_not_found(method: &str) -> Self {
        let method: String = method.chars().take(80).collect();
        Fault::new(METHOD_NOT_FOUND, format!("there is no method {method:?}"))
    }

    pub fn unsupported_version(requested: &str, supported: &[&str]) -> Self {
        let requested: String = requested.chars().take(80).collect();
        let data = json!({"supported": supported, "requested": requested});
        Fault {
            data: Some(data),
            ..Fault::new(UNSUPPORTED_VERSION, "unsupported protocol version")
        }
    }

    pub fn too_long() -> Self {
        let message = format!("a message may have at most {MOST_BYTES} bytes");
        Fault::invalid_request(message)
    }

    pub fn busy(most: usize) -> Self {
        Fault::new(BUSY, format!("{most} calls wait already: try again later"))
    }

    /// The answer that says it.
    pub fn reply(self, id: &Value) -> Value {
        let mut error = json!({"code": self.code, "message": self.message});
        if let Some(data) = self.data {
            error["data"] = data;
        }
        json!({"jsonrpc": "2.0", "id": id, "error": error})
    }
}

/// The answer with a result.
pub fn reply(id: &Value, result: Value) -> Value {
    json!({"jsonrpc": "2.0", "id": id, "result": result})
}

/// A sign of life of a call that runs.
pub fn progress(token: &Value, done: u64, total: Option<u64>) -> Value {
    let mut params = json!({"progressToken": token, "progress": done});
    if let Some(total) = total {
        params["total"] = total.into();
    }
    json!({"jsonrpc": "2.0", "method": "notifications/progress", "params": params})
}

/// Reads a line. Blank lines, and answers to requests that were never made, are nothing.
pub fn read(line: &[u8]) -> Result<Option<Incoming>, Fault> {
    if line.iter().all(u8::is_ascii_whitespace) {
        return Ok(None);
    }
    let message: Value = serde_json::from_slice(line)
        .map_err(|error| Fault::new(PARSE_ERROR, format!("not JSON: {error}")))?;
    if message.is_array() {
        return Err(Fault::invalid_request("batches are not supported"));
    }
    if message["jsonrpc"] != "2.0" {
        let expected = "an object with \"jsonrpc\": \"2.0\" is expected";
        return Err(Fault::invalid_request(expected));
    }
    let id = message.get("id").cloned();
    let is_answer = message.get("result").is_some() || message.get("error").is_some();
    let method = match message.get("method") {
        Some(Value::String(method)) => method.clone(),
        None if is_answer => return Ok(None),
        _ => return Err(Fault::invalid_request("the method has to be a text")),
    };
    let params = match message.get("params") {
        None => json!({}),
        Some(params) => params.clone(),
    };
    match id {
        None => Ok(Some(Incoming::Notification { method, params })),
        Some(id @ (Value::String(_) | Value::Number(_))) => {
            Ok(Some(Incoming::Request(Request { id, method, params })))
        }
        Some(_) => Err(Fault::invalid_request(
            "the id has to be a text or a number",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_are_no_request_are_told_apart() {
        let code = |line: &str| read(line.as_bytes()).unwrap_err().code;
        assert_eq!(code("{"), PARSE_ERROR);
        assert_eq!(code(&"[".repeat(100_000)), PARSE_ERROR);
        assert_eq!(code("[]"), INVALID_REQUEST);
        assert_eq!(code("7"), INVALID_REQUEST);
        assert_eq!(code(r#"{"id": 1, "method": "ping"}"#), INVALID_REQUEST);
        let id = r#"{"jsonrpc": "2.0", "id": null, "method": "ping"}"#;
        assert_eq!(code(id), INVALID_REQUEST);
        assert_eq!(code(r#"{"jsonrpc": "2.0", "id": 1}"#), INVALID_REQUEST);
        assert_eq!(read(b" \r").unwrap(), None);
        let answer = br#"{"jsonrpc": "2.0", "id": 1, "result": {}}"#;
        assert_eq!(read(answer).unwrap(), None);
    }

    #[test]
    fn an_id_is_given_back_as_it_came() {
        for id in [json!("a"), json!(7), json!(-1.5)] {
            let line = json!({"jsonrpc": "2.0", "id": id, "method": "ping"}).to_string();
            let Ok(Some(Incoming::Request(request))) = read(line.as_bytes()) else {
                panic!("no request");
            };
            assert_eq!(reply(&request.id, json!({}))["id"], id);
        }
    }
}
