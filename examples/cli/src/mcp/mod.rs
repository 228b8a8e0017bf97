//! `atlas mcp`: ATLAS for AI agents, a server of the Model Context Protocol on standard input and
//! output.
//!
//! One JSON-RPC message a line. This thread reads, and answers what is quick; a worker calls the
//! tools one after the other, so that a ping or a cancellation is heard while a tool runs. Nothing
//! but protocol goes to standard output.
//!
//! `message` is JSON-RPC, `protocol` the two generations, `tools` a table of twelve tools with
//! their schemas, `untrusted` the mark on every result. A long tool checks at each sign of progress
//! whether it was canceled.

mod calls;
mod fit;
mod lines;
mod message;
mod protocol;
mod schema;
mod tools;
mod untrusted;

use std::io::{Write, stdin, stdout};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

use atlas_core::{Atlas, Error, Result};
use serde_json::Value;

use calls::{Call, Calls};
use lines::{Line, Lines};
use message::{Fault, Incoming};
use protocol::{Protocol, Todo};
use tools::Toolbox;

/// Calls that may wait while one runs.
const MOST_WAITING: usize = 100;

/// Serves until standard input ends; calls that were received by then are still answered.
pub fn serve(atlas: &Atlas, read_only: bool) -> Result<()> {
    let toolbox = Toolbox::new(atlas, read_only);
    let out = Out(Mutex::new(stdout()));
    let calls = Calls::default();
    let (queue, waiting) = sync_channel(MOST_WAITING);
    thread::scope(|scope| {
        scope.spawn(|| work(&toolbox, &calls, &out, waiting));
        // The queue goes with this function, and the worker ends with the queue.
        listen(&mut Protocol::new(&toolbox), &calls, &out, queue)
    })
}

fn listen(
    protocol: &mut Protocol<'_>,
    calls: &Calls,
    out: &Out,
    queue: SyncSender<Call>,
) -> Result<()> {
    let mut lines = Lines::new(stdin().lock());
    loop {
        let line = lines.next().map_err(|source| Error::File {
            path: "standard input".into(),
            source,
        })?;
        let incoming = match line {
            Line::End => return Ok(()),
            Line::TooLong => Err(Fault::too_long()),
            Line::Text(bytes) => message::read(&bytes),
        };
        let sent = match incoming {
            Ok(None) => true,
            Ok(Some(Incoming::Notification { method, params })) => {
                if method == "notifications/cancelled" {
                    calls.cancel(&params["requestId"]);
                }
                true
            }
            Ok(Some(Incoming::Request(request))) => {
                let id = request.id.clone();
                match protocol.answer(request).and_then(|todo| match todo {
                    Todo::Reply(result) => Ok(Some(result)),
                    Todo::Call(call) => hand_over(call, calls, &queue).map(|()| None),
                }) {
                    Ok(Some(result)) => out.send(&message::reply(&id, result)),
                    Ok(None) => true,
                    Err(fault) => out.send(&fault.reply(&id)),
                }
            }
            Err(fault) => out.send(&fault.reply(&Value::Null)),
        };
        if !sent {
            return Ok(()); // nobody listens any more
        }
    }
}

fn hand_over(
    call: Call,
    calls: &Calls,
    queue: &SyncSender<Call>,
) -> std::result::Result<(), Fault> {
    calls.begin(&call)?;
    queue.try_send(call).map_err(|refused| {
        let (TrySendError::Full(call) | TrySendError::Disconnected(call)) = refused;
        calls.end(&call);
        Fault::busy(MOST_WAITING)
    })
}

fn work(toolbox: &Toolbox<'_>, calls: &Calls, out: &Out, waiting: Receiver<Call>) {
    for call in waiting {
        let answer = (!call.is_cancelled()).then(|| {
            let progress = |done: u64, total: Option<u64>| {
                if let Some(token) = &call.progress_token {
                    out.send(&message::progress(token, done, total));
                }
            };
            let result = toolbox.call(&call.tool, &call.arguments, &call.cancelled, &progress);
            message::reply(&call.id, call.era.finish(result))
        });
        calls.end(&call);
        // Whoever cancelled expects no answer.
        if let Some(answer) = answer.filter(|_| !call.is_cancelled())
            && !out.send(&answer)
        {
            return;
        }
    }
}

/// Standard output, a message at a time.
struct Out(Mutex<std::io::Stdout>);

impl Out {
    /// Says whether the message could be written.
    fn send(&self, message: &Value) -> bool {
        let mut line = message.to_string();
        line.push('\n');
        let mut out = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        out.write_all(line.as_bytes())
            .and_then(|()| out.flush())
            .is_ok()
    }
}
