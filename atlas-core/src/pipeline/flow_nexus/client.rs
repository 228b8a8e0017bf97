//! One question to the service, and its answer.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::FlowNexusSettings;
use crate::domain::{Draft, Step};
use crate::error::{FlowNexusError, FlowNexusFault};
use crate::http::{
    Caller, Clock, Control, Failure, Method, Request, Response, RetryPolicy, Secret, Transport,
    come_back,
};
use crate::{Error, Result};

/// How many scenarios are asked for (specification §4.2).
const TOP_K: usize = 10;
/// Characters of a description that are sent.
const MOST_DESCRIPTION: usize = 20_000;
/// Bytes of an answer at most.
const MOST_BYTES: u64 = 1024 * 1024;
/// Scenarios of an answer that are looked at.
const MOST_SCENARIOS: usize = 100;
/// Characters that a name, a step or a reason may have; what is longer is cut.
const MOST_CHARACTERS: usize = 500;
/// After a failure the service is left alone for so long: a tester does not wait again and again.
const REST: SignedDuration = SignedDuration::from_secs(60);

/// Asks the service. Clones share connections, and the rest after a failure.
#[derive(Clone)]
pub struct FlowNexusClient(Arc<ServiceState>);

struct ServiceState {
    settings: FlowNexusSettings,
    caller: Caller,
    /// Until when it is left alone, and why.
    rest: Mutex<Option<(Timestamp, String)>>,
}

impl std::fmt::Debug for FlowNexusClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("FlowNexusClient")
            .field(&self.0.settings)
            .finish()
    }
}

/// A scenario that the service names.
#[derive(Debug, Clone, PartialEq)]
pub struct RemoteScenario {
    /// Its name.
    pub name: String,
    /// 0 to 1.
    pub confidence: f32,
    /// Why, in the service's words; may be empty.
    pub reasoning: String,
    /// Its steps, where the service gives any.
    pub steps: Vec<Step>,
}

/// All that is sent of a ticket.
#[derive(Serialize)]
struct RequestFeatures<'a> {
    summary: &'a str,
    description: &'a str,
    components: &'a [String],
}

#[derive(Serialize)]
struct ServiceQuestion<'a> {
    model_id: &'a str,
    features: RequestFeatures<'a>,
    top_k: usize,
}

#[derive(Deserialize)]
struct ScoreAnswer {
    predictions: Vec<NamedScore>,
}

#[derive(Deserialize)]
struct NamedScore {
    scenario: String,
    confidence: f32,
    #[serde(default)]
    reasoning: Option<String>,
    #[serde(default)]
    steps: Vec<NamedStep>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum NamedStep {
    Line(String),
    Step {
        action: String,
        #[serde(default)]
        expected: Option<String>,
    },
}

impl FlowNexusClient {
    /// A client on the built-in transport, with the system's certificates.
    ///
    /// # Errors
    /// `INVALID_VALUE`.
    #[cfg(feature = "network")]
    pub fn new(settings: FlowNexusSettings) -> Result<Self> {
        let transport = crate::http::NetworkTransport::new(&Default::default())?;
        let clock = Arc::new(crate::http::SystemClock);
        Ok(Self::with_transport(settings, Arc::new(transport), clock))
    }

    /// A client on another transport and clock.
    pub fn with_transport(
        settings: FlowNexusSettings,
        transport: Arc<dyn Transport>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        // One attempt: the local model is at hand, and the tester waits.
        let policy = RetryPolicy {
            attempts: 1,
            ..RetryPolicy::default()
        };
        FlowNexusClient(Arc::new(ServiceState {
            settings,
            caller: Caller::new(transport, clock, policy),
            rest: Mutex::default(),
        }))
    }

    /// Whom it asks.
    pub fn settings(&self) -> &FlowNexusSettings {
        &self.0.settings
    }

    /// What the service would test for a ticket, most confident first. Sends its summary, the
    /// first 20,000 characters of its description and the names of its components.
    ///
    /// # Errors
    /// `FLOW_NEXUS_UNAUTHORIZED`, `FLOW_NEXUS_REFUSED`, `FLOW_NEXUS_RATE_LIMITED`,
    /// `FLOW_NEXUS_UNREACHABLE`, `FLOW_NEXUS_BAD_ANSWER`; for a minute after any of them, or as
    /// long as the service asks for, `FLOW_NEXUS_RESTING`, and nothing is sent.
    pub fn predict(&self, ticket: &Draft) -> Result<Vec<RemoteScenario>> {
        let now = self.0.caller.clock().now();
        if let Some((until, why)) = self.rest().clone()
            && now < until
        {
            return Err(self.error(FlowNexusFault::RecentlyFailed, &why, Some(until)));
        }
        let answer = self
            .request(ticket)
            .and_then(|request| self.ask(&request, now));
        *self.rest() = match &answer {
            Ok(_) => None,
            Err(Error::FlowNexus(error)) => {
                let asked = error.retry_at.filter(|at| *at > now);
                let usual = now.saturating_add(REST).unwrap_or(Timestamp::MAX);
                Some((asked.unwrap_or(usual), error.reason.clone()))
            }
            Err(_) => None,
        };
        answer
    }

    fn rest(&self) -> std::sync::MutexGuard<'_, Option<(Timestamp, String)>> {
        self.0.rest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn request(&self, ticket: &Draft) -> Result<Request> {
        let settings = &self.0.settings;
        let description = ticket.description.as_deref().unwrap_or_default();
        let question = ServiceQuestion {
            model_id: &settings.model_id,
            features: RequestFeatures {
                summary: &ticket.summary,
                description: shortened(description, MOST_DESCRIPTION),
                components: &ticket.components,
            },
            top_k: TOP_K,
        };
        let body = serde_json::to_vec(&question)
            .map_err(|error| self.error(FlowNexusFault::Refused, &error.to_string(), None))?;
        let bearer = format!("Bearer {}", settings.key.expose());
        Ok(Request {
            method: Method::Post,
            url: settings.base.join("/predict"),
            authorization: Some(Secret::new(bearer)),
            headers: vec![
                ("content-type", "application/json".to_owned()),
                ("accept", "application/json".to_owned()),
            ],
            secret_headers: Vec::new(),
            body,
            timeout: settings.timeout,
            most_bytes: MOST_BYTES,
        })
    }

    fn ask(&self, request: &Request, now: Timestamp) -> Result<Vec<RemoteScenario>> {
        let response = match self.0.caller.send(request, &Control::default()) {
            Ok(response) => response,
            Err(Failure::RateLimited { until }) => {
                return Err(self.error(FlowNexusFault::RateLimited, "", until));
            }
            Err(Failure::Transport(error)) => {
                return Err(self.error(FlowNexusFault::Unreachable, &error.reason, None));
            }
            Err(Failure::Cancelled) => return Err(Error::Cancelled),
        };
        let fault = match response.status {
            200..=299 => return self.read(&response),
            401 | 403 => FlowNexusFault::Unauthorized,
            429 => FlowNexusFault::RateLimited,
            400..=499 => FlowNexusFault::Refused,
            500.. => FlowNexusFault::Unreachable,
            _ => FlowNexusFault::BadAnswer,
        };
        let reason = format!("status {}", response.status);
        Err(self.error(fault, &reason, come_back(&response, now)))
    }

    fn read(&self, response: &Response) -> Result<Vec<RemoteScenario>> {
        let bad = |reason: &str| self.error(FlowNexusFault::BadAnswer, reason, None);
        let answer: ScoreAnswer = serde_json::from_slice(&response.body).map_err(|error| {
            bad(&format!(
                "no predictions in its JSON: {}",
                crate::error::plain_words(&error.to_string())
            ))
        })?;
        let mut scenarios = Vec::new();
        for named in answer.predictions.into_iter().take(MOST_SCENARIOS) {
            if !(0.0..=1.0).contains(&named.confidence) {
                let reason = format!("a confidence of {}, not 0 to 1", named.confidence);
                return Err(bad(&reason));
            }
            let name = one_line(&named.scenario);
            if name.is_empty() {
                return Err(bad("a scenario without a name"));
            }
            scenarios.push(RemoteScenario {
                name,
                confidence: named.confidence,
                reasoning: one_line(&named.reasoning.unwrap_or_default()),
                steps: named.steps.into_iter().filter_map(step).collect(),
            });
        }
        scenarios.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
        Ok(scenarios)
    }

    fn error(&self, fault: FlowNexusFault, reason: &str, retry_at: Option<Timestamp>) -> Error {
        Error::FlowNexus(FlowNexusError {
            fault,
            host: self.0.settings.base.host().to_owned(),
            reason: one_line(&self.0.settings.key.hide_in(reason)),
            retry_at,
        })
    }
}

fn step(step: NamedStep) -> Option<Step> {
    let (action, expected) = match step {
        NamedStep::Line(action) => (action, None),
        NamedStep::Step { action, expected } => (action, expected),
    };
    let action = one_line(&action);
    let expected = one_line(&expected.unwrap_or_default());
    (!action.is_empty()).then(|| Step::new(action, expected))
}

/// What a service says is shown on terminals and pages: one line, no control characters.
fn one_line(text: &str) -> String {
    let visible = text.replace(|c: char| c.is_control(), " ");
    let line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    shortened(&line, MOST_CHARACTERS).to_owned()
}

fn shortened(text: &str, characters: usize) -> &str {
    let end = text.char_indices().nth(characters);
    &text[..end.map_or(text.len(), |(end, _)| end)]
}
