//! Calls of tools that wait or run, and how one is cancelled.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use super::message::Fault;
use super::protocol::Era;

/// One call of a tool.
pub struct Call {
    pub id: Value,
    pub era: Era,
    pub tool: String,
    pub arguments: Value,
    /// Where the client wants to hear of progress.
    pub progress_token: Option<Value>,
    pub cancelled: Arc<AtomicBool>,
}

impl Call {
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// Tells the text 1 from the number 1.
    fn key(&self) -> String {
        self.id.to_string()
    }
}

/// The calls that have no answer yet.
#[derive(Default)]
pub struct Calls(Mutex<BTreeMap<String, Arc<AtomicBool>>>);

impl Calls {
    pub fn begin(&self, call: &Call) -> Result<(), Fault> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if open.contains_key(&call.key()) {
            let message = "a call with this id has no answer yet";
            return Err(Fault::invalid_request(message));
        }
        open.insert(call.key(), call.cancelled.clone());
        Ok(())
    }

    pub fn end(&self, call: &Call) {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.remove(&call.key());
    }

    /// Cancels the call with this id; one that is unknown or answered already is left alone.
    pub fn cancel(&self, id: &Value) {
        let open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cancelled) = open.get(&id.to_string()) {
            cancelled.store(true, Ordering::Relaxed);
        }
    }
}
