//! The remote neural service: what is sent, what its answers become, and what its failures cost.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use atlas_core::domain::{Draft, Prediction, StepsOrigin, Ticket, TicketKey};
use atlas_core::http::{Clock, Control, Request, Response, Secret, Transport, TransportError};
use atlas_core::pipeline::flow_nexus::{FlowNexusClient, FlowNexusSettings};
use atlas_core::{Atlas, AtlasBuilder};
use jiff::Timestamp;
use serde_json::{Value, json};

const KEY: &str = "planted-key";

/// Answers from a script and keeps what was sent.
#[derive(Default)]
struct Service {
    script: Mutex<Vec<Result<Response, TransportError>>>,
    sent: Mutex<Vec<Request>>,
}

impl Transport for Service {
    fn send(&self, request: &Request) -> Result<Response, TransportError> {
        self.sent.lock().unwrap().push(request.clone());
        self.script.lock().unwrap().remove(0)
    }
}

impl Service {
    fn sent(&self) -> usize {
        self.sent.lock().unwrap().len()
    }
}

/// Seconds since 1970 that a test sets.
#[derive(Default)]
struct TestClock(AtomicI64);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(self.0.load(Ordering::SeqCst)).unwrap()
    }

    fn wait(&self, _: Duration, _: &Control) -> bool {
        panic!("a prediction waits for no second attempt");
    }
}

fn service(script: Vec<Result<Response, TransportError>>) -> (Arc<Service>, Arc<TestClock>) {
    let service = Service {
        script: Mutex::new(script),
        ..Service::default()
    };
    (Arc::new(service), Arc::default())
}

fn builder(service: &Arc<Service>, clock: &Arc<TestClock>) -> AtlasBuilder {
    let settings = FlowNexusSettings::new(Secret::new(KEY)).unwrap();
    let client = FlowNexusClient::with_transport(settings, service.clone(), clock.clone());
    Atlas::builder().flow_nexus(client)
}

fn says(status: u16, body: impl Into<Vec<u8>>) -> Result<Response, TransportError> {
    Ok(Response {
        status,
        headers: Vec::new(),
        body: body.into(),
    })
}

fn names(predictions: Value) -> Result<Response, TransportError> {
    says(200, json!({ "predictions": predictions }).to_string())
}

fn draft() -> Draft {
    Draft {
        description: Some("The page stays empty.".to_owned()),
        components: vec!["Login".to_owned()],
        labels: vec!["customer-acme".to_owned()],
        ..Draft::new("Login fails with an expired password")
    }
}

fn without_degraded(mut prediction: Prediction) -> Prediction {
    prediction.degraded.clear();
    prediction
}

/// A name of the starter catalogue.
fn starter_name(atlas: &Atlas) -> String {
    atlas.predict(&draft(), 1).unwrap().scenarios[0]
        .name
        .clone()
}

#[test]
fn names_become_patterns_by_name_and_by_meaning_or_are_shown_as_they_are() {
    let name = starter_name(&Atlas::open_in_memory().unwrap());
    let shouted = name.to_uppercase().replace(' ', "  ");
    let paraphrase = "Mandatory fields are enforced";
    let (service, clock) = service(vec![names(json!([
        {"scenario": "Juggle three zeppelins\u{1b}[31m", "confidence": 0.4, "reasoning": "",
         "steps": ["Fetch a zeppelin", {"action": "Throw it", "expected": "It floats"}]},
        {"scenario": shouted, "confidence": 0.9, "reasoning": "as last time"},
        {"scenario": paraphrase, "confidence": 0.8, "reasoning": "security"},
    ]))]);
    let atlas = builder(&service, &clock).open_in_memory().unwrap();
    let prediction = atlas.predict(&draft(), 10).unwrap();
    assert!(
        prediction
            .degraded
            .iter()
            .all(|d| d.predictor != "flow-nexus")
    );

    let best = &prediction.scenarios[0];
    assert_eq!(best.name, name);
    assert!(best.pattern_id.is_some());
    assert_eq!(best.parts[0].name, "flow-nexus");
    assert!(
        best.reasons
            .iter()
            .any(|r| r.text == "Flow-Nexus: as last time")
    );

    let matched = "Required fields are enforced and explained";
    let found = |s: &&atlas_core::domain::Scenario| s.name == matched;
    let meant = prediction.scenarios.iter().find(found).unwrap();
    assert!(meant.pattern_id.is_some());
    assert!(
        meant.reasons.iter().any(|r| r.text.contains(paraphrase)),
        "it says what the service calls it"
    );

    let own = prediction
        .scenarios
        .iter()
        .find(|s| s.name.starts_with("Juggle"))
        .unwrap();
    assert_eq!(
        own.name, "Juggle three zeppelins [31m",
        "no escape sequence"
    );
    assert_eq!(own.steps.len(), 2);
    assert_eq!(own.steps_origin, StepsOrigin::Plugin);
    assert!((own.confidence - 40.0).abs() < 1e-3);

    for scenario in &prediction.scenarios {
        assert!(
            scenario.parts.iter().all(|part| part.name != "neural"),
            "the local model's vote is replaced"
        );
    }
}

#[test]
fn only_summary_description_and_components_are_sent() {
    let (service, clock) = service(vec![names(json!([]))]);
    let atlas = builder(&service, &clock).open_in_memory().unwrap();
    atlas.predict(&draft(), 5).unwrap();
    let sent = service.sent.lock().unwrap();
    assert_eq!(sent[0].url, "https://api.flow-nexus.ai/v1/predict");
    assert_eq!(
        sent[0].authorization.as_ref().unwrap().expose(),
        format!("Bearer {KEY}")
    );
    let body: Value = serde_json::from_slice(&sent[0].body).unwrap();
    let expected = json!({
        "model_id": "atlas-lstm-v2",
        "features": {
            "summary": "Login fails with an expired password",
            "description": "The page stays empty.",
            "components": ["Login"],
        },
        "top_k": 10,
    });
    assert_eq!(body, expected);
}

#[test]
fn any_failure_falls_back_to_the_local_model_and_says_why() {
    let local = Atlas::open_in_memory()
        .unwrap()
        .predict(&draft(), 5)
        .unwrap();
    let confidence = json!({"predictions": [{"scenario": "Smoke test", "confidence": 1.5}]});
    let unnamed = json!({"predictions": [{"scenario": " ", "confidence": 0.5}]});
    let faults = [
        (
            says(401, format!("no such key {KEY}")),
            "does not accept the key",
        ),
        (says(404, ""), "refused the request"),
        (says(429, ""), "asks for fewer requests"),
        (says(500, "<html>oops</html>"), "cannot be reached"),
        (says(302, ""), "cannot be used"),
        (says(200, "<html>log in</html>"), "cannot be used"),
        (says(200, "{}"), "cannot be used"),
        (says(200, confidence.to_string()), "not 0 to 1"),
        (says(200, unnamed.to_string()), "without a name"),
        (
            Err(TransportError::passing(format!("time-out {KEY}"))),
            "cannot be reached",
        ),
    ];
    for (fault, reason) in faults {
        let (service, clock) = service(vec![fault]);
        let atlas = builder(&service, &clock).open_in_memory().unwrap();
        let prediction = atlas.predict(&draft(), 5).unwrap();
        let degraded = &prediction.degraded[0];
        assert_eq!(degraded.predictor, "flow-nexus");
        assert!(degraded.reason.contains(reason), "{}", degraded.reason);
        let shown = format!("{prediction:?} {:?}", service.sent.lock().unwrap());
        assert!(!shown.contains(KEY));
        assert_eq!(
            without_degraded(prediction).scenarios,
            without_degraded(local.clone()).scenarios
        );
    }
}

#[test]
fn a_service_that_names_nothing_leaves_it_to_the_local_model() {
    let (service, clock) = service(vec![names(json!([]))]);
    let atlas = builder(&service, &clock).open_in_memory().unwrap();
    let prediction = atlas.predict(&draft(), 5).unwrap();
    assert_eq!(prediction.degraded[0].predictor, "flow-nexus");
    assert_eq!(prediction.scenarios.len(), 5);
}

#[test]
fn after_a_failure_it_is_left_alone_for_a_minute_or_as_long_as_it_asks() {
    let later = Ok(Response {
        status: 429,
        headers: vec![("Retry-After".to_owned(), "300".to_owned())],
        body: Vec::new(),
    });
    let (service, clock) = service(vec![says(503, ""), later, names(json!([]))]);
    let atlas = builder(&service, &clock).open_in_memory().unwrap();
    let ask_at = |second: i64| {
        clock.0.store(second, Ordering::SeqCst);
        atlas.predict(&draft(), 5).unwrap();
        service.sent()
    };
    assert_eq!(ask_at(0), 1);
    assert_eq!(ask_at(59), 1);
    assert_eq!(ask_at(60), 2);
    assert_eq!(ask_at(359), 2);
    assert_eq!(ask_at(360), 3);
}

#[test]
fn what_the_local_model_answered_for_it_is_not_kept_for_an_hour() {
    let smoke = json!([{"scenario": "Juggle three zeppelins", "confidence": 0.7}]);
    let (service, clock) = service(vec![says(503, ""), names(smoke)]);
    let atlas = builder(&service, &clock).open_in_memory().unwrap();
    let key = TicketKey::parse("SHOP-1").unwrap();
    atlas
        .tickets()
        .add(&[Ticket::new(key, "Login fails")])
        .unwrap();
    let first = atlas.predict("SHOP-1", 20).unwrap();
    assert_eq!(first.degraded[0].predictor, "flow-nexus");
    clock.0.store(3600, Ordering::SeqCst);
    let second = atlas.predict("SHOP-1", 20).unwrap();
    assert!(
        second
            .scenarios
            .iter()
            .any(|s| s.name.starts_with("Juggle"))
    );
    // And now the answer is stored.
    assert_eq!(atlas.predict("SHOP-1", 20).unwrap().id, second.id);
    assert_eq!(service.sent(), 2);
}

#[test]
fn a_key_that_cannot_be_one_is_refused_without_being_shown() {
    let from = |value: &str| {
        let value = value.to_owned();
        FlowNexusSettings::from_variables(move |name| {
            (name == "FLOW_NEXUS_API_KEY").then(|| value.clone())
        })
    };
    assert!(from("  ").unwrap().is_none(), "nothing is configured");
    let error = from("two words").unwrap_err();
    assert_eq!(error.code(), "INVALID_VALUE");
    assert!(!format!("{error} {error:?}").contains("two words"));
}
