//! Sending with retries, and stopping from another thread.
//!
//! Each attempt runs in a thread of its own, so that a stop takes effect at once, whatever the
//! transport does. A wait is never longer than the policy's budget. No redirect is followed. `http`
//! without TLS is for this machine only.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::retry::{come_back, part, passes};
use super::{Clock, Control, Request, Response, RetryPolicy, Transport, TransportError, Waiting};

/// How often a call under way looks whether it was stopped.
const LOOK: Duration = Duration::from_millis(25);
/// What a transport may be late; then it is not waited for any longer.
const GRACE: Duration = Duration::from_secs(5);

/// Sends requests through a transport, again where that may help.
pub struct Caller {
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    policy: RetryPolicy,
    random: Mutex<fastrand::Rng>,
}

/// Why a request has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The control was stopped.
    Cancelled,
    /// The server asks for fewer requests, and for a longer wait than the policy allows.
    RateLimited {
        /// When it may be asked again, where it said so.
        until: Option<Timestamp>,
    },
    /// No attempt got an answer.
    Transport(TransportError),
}

/// What to do after an attempt.
enum Next {
    Done(Result<Response, Failure>),
    Wait { time: Duration, reason: String },
}

impl Caller {
    /// Puts the parts together.
    pub fn new(transport: Arc<dyn Transport>, clock: Arc<dyn Clock>, policy: RetryPolicy) -> Self {
        let random = policy
            .seed
            .map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed);
        Caller {
            transport,
            clock,
            policy,
            random: Mutex::new(random),
        }
    }

    /// The clock that it waits by.
    pub fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// Sends a request that may be sent twice, and gives back the answer, whatever its status.
    ///
    /// Waits and tries again after 429, 502, 503, 504 and failures that may pass, as the policy
    /// says. `control` stops it within a moment, even while the transport works; that goes on in
    /// its own thread until its time-out, and nobody listens.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn send(&self, request: &Request, control: &Control) -> Result<Response, Failure> {
        let mut left = self.policy.budget;
        let mut failed = 0;
        loop {
            let outcome = self.attempt(request, control)?;
            failed += 1;
            match self.next(outcome, failed, left) {
                Next::Done(result) => return result,
                Next::Wait { time, reason } => {
                    left = left.saturating_sub(time);
                    let until = self.clock.now().saturating_add(signed(time));
                    control.set_waiting(until.ok().map(|until| Waiting { until, reason }));
                    let goes_on = self.clock.wait(time, control);
                    control.set_waiting(None);
                    if !goes_on {
                        return Err(Failure::Cancelled);
                    }
                }
            }
        }
    }

    fn next(&self, outcome: Result<Response, TransportError>, failed: u32, left: Duration) -> Next {
        let mut random = self.random.lock().unwrap_or_else(PoisonError::into_inner);
        let last = failed >= self.policy.attempts;
        match outcome {
            Err(error) if last || !error.passing => Next::Done(Err(Failure::Transport(error))),
            Err(error) => match self.policy.random_wait(failed, &mut random) {
                time if time > left => Next::Done(Err(Failure::Transport(error))),
                time => Next::Wait {
                    time,
                    reason: error.reason,
                },
            },
            Ok(response) if !passes(response.status) => Next::Done(Ok(response)),
            Ok(response) => {
                let now = self.clock.now();
                let until = come_back(&response, now);
                let time = match until {
                    Some(at) => {
                        let asked = Duration::try_from(at.duration_since(now)).unwrap_or_default();
                        asked.saturating_add(part(self.policy.base, random.f64()))
                    }
                    None => self.policy.random_wait(failed, &mut random),
                };
                if last || time > left {
                    return Next::Done(match response.status {
                        429 => Err(Failure::RateLimited { until }),
                        _ => Ok(response),
                    });
                }
                let reason = match response.status {
                    429 => "the server asks for fewer requests".to_owned(),
                    status => format!("the server answers {status}"),
                };
                Next::Wait { time, reason }
            }
        }
    }

    /// One attempt, in a thread of its own so that it can be left alone.
    fn attempt(
        &self,
        request: &Request,
        control: &Control,
    ) -> Result<Result<Response, TransportError>, Failure> {
        let (answer, answers) = mpsc::sync_channel(1);
        let (transport, sent) = (self.transport.clone(), request.clone());
        let work = move || {
            // Nobody listens any more after a stop.
            let _ = answer.send(transport.send(&sent));
        };
        let thread = thread::Builder::new()
            .name("atlas-http".to_owned())
            .spawn(work);
        if thread.is_err() {
            let error = TransportError::passing("no thread can be had");
            return Ok(Err(error));
        }
        let mut waited = Duration::ZERO;
        loop {
            if control.is_cancelled() {
                return Err(Failure::Cancelled);
            }
            match answers.recv_timeout(LOOK) {
                Ok(outcome) => return Ok(outcome),
                Err(RecvTimeoutError::Disconnected) => {
                    return Ok(Err(TransportError::lasting("the transport panicked")));
                }
                Err(RecvTimeoutError::Timeout) => waited += LOOK,
            }
            if waited > request.timeout.saturating_add(GRACE) {
                return Ok(Err(TransportError::passing(
                    "no answer within the time-out",
                )));
            }
        }
    }
}

fn signed(time: Duration) -> SignedDuration {
    SignedDuration::try_from(time).unwrap_or(SignedDuration::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{Method, SystemClock};

    struct Scripted(fn() -> Result<Response, TransportError>);

    impl Transport for Scripted {
        fn send(&self, _: &Request) -> Result<Response, TransportError> {
            (self.0)()
        }
    }

    fn send(script: fn() -> Result<Response, TransportError>, control: &Control) -> Failure {
        let policy = RetryPolicy {
            attempts: 3,
            base: Duration::from_millis(1),
            seed: Some(7),
            ..RetryPolicy::default()
        };
        let caller = Caller::new(Arc::new(Scripted(script)), Arc::new(SystemClock), policy);
        let request = Request {
            method: Method::Get,
            url: "https://jira.example.com".to_owned(),
            authorization: None,
            headers: Vec::new(),
            secret_headers: Vec::new(),
            body: Vec::new(),
            timeout: Duration::from_secs(60),
            most_bytes: 1_000,
        };
        caller.send(&request, control).unwrap_err()
    }

    #[test]
    fn a_transport_may_fail_in_any_way() {
        let control = Control::default();
        let lasting = TransportError::lasting("no secure connection");
        let failure = send(
            || Err(TransportError::lasting("no secure connection")),
            &control,
        );
        assert_eq!(failure, Failure::Transport(lasting));
        let failure = send(|| Err(TransportError::passing("time-out")), &control);
        assert_eq!(
            failure,
            Failure::Transport(TransportError::passing("time-out"))
        );
        let panicked = TransportError::lasting("the transport panicked");
        let failure = send(|| panic!("a host's own bug"), &control);
        assert_eq!(failure, Failure::Transport(panicked));
        control.cancel();
        let failure = send(|| Ok(Response::default()), &control);
        assert_eq!(failure, Failure::Cancelled);
    }
}
