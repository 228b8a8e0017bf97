//! What a session says of the test cases that it set out to test.

use crate::atlas::sessions::end::{done, tested};
use crate::domain::{Outcome, Session, TestOutcome};
use crate::exchange::cases::{TestCase, TestResult};

/// The results of a session: of each scenario of its plan, or of the ticket as a whole.
pub(super) fn results_of(session: &Session, cases: Vec<TestCase>) -> Vec<TestResult> {
    let ended = session.ended_at.unwrap_or(session.last_alive);
    let result = |ids, name: &str, group| TestResult {
        ids,
        name: name.to_owned(),
        group,
        tickets: vec![session.ticket_key.clone()],
        ran_at: Some(ended),
        ..TestResult::default()
    };
    let outcome = session.outcome.map(|outcome| match outcome {
        Outcome::Passed => TestOutcome::Passed,
        Outcome::Failed => TestOutcome::Failed,
        Outcome::Blocked => TestOutcome::Blocked,
    });
    let said = match session.outcome {
        Some(Outcome::Failed) => Some("the session found a defect"),
        Some(Outcome::Blocked) => Some("the session could not be finished"),
        Some(Outcome::Passed) => None,
        None => Some("the session has no outcome"),
    };
    let notes = session.notes.join("\n");
    let comment = [said.unwrap_or(""), &notes].join("\n").trim().to_owned();
    let comment = (!comment.is_empty()).then_some(comment);
    if cases.is_empty() {
        let mut whole = result(Vec::new(), &format!("Test of {}", session.ticket_key), None);
        whole.outcome = outcome.unwrap_or(TestOutcome::Skipped);
        whole.seconds = u32::try_from(session.work_seconds).ok().map(f64::from);
        whole.comment = comment;
        return vec![whole];
    }
    let mut first = 1;
    let tested = tested(session);
    let mut results = Vec::new();
    for ((case, planned), tested) in cases.into_iter().zip(&session.plan).zip(tested) {
        let share = done(planned, first, session);
        first += planned.steps;
        let mut one = result(case.ids, &planned.name, Some(case.pattern.pattern_type));
        if share > 0.0 {
            one.outcome = outcome.unwrap_or(TestOutcome::Skipped);
            one.seconds = tested
                .and_then(|t| t.minutes)
                .map(|minutes| f64::from(minutes) * 60.0);
            one.comment.clone_from(&comment);
        } else {
            one.comment = Some("it was not tested in this session".into());
        }
        results.push(one);
    }
    results
}
