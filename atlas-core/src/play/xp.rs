//! Experience points.

use crate::domain::{Outcome, Session, SessionStatus, XpPart};

/// Points of a completed session.
pub const SESSION: u32 = 10;
/// Points of each step that was done in it.
pub const STEP: u32 = 1;
/// The most that the steps of one session give.
pub const STEPS_MOST: u32 = 50;
/// A session shorter than this, in seconds, in which no step was done counts for nothing.
pub const SHORTEST: i64 = 60;
/// Points of feedback on one scenario.
pub const FEEDBACK: u32 = 1;
/// The most that feedback gives in one day.
pub const FEEDBACK_MOST: u32 = 10;

/// Points of an outcome: 3 passed, 5 failed (a defect was found), 1 blocked.
pub fn of_outcome(outcome: Outcome) -> u32 {
    match outcome {
        Outcome::Passed => 3,
        Outcome::Failed => 5,
        Outcome::Blocked => 1,
    }
}

/// What a session earns; nothing unless it was completed.
///
/// ```
/// use atlas_core::domain::{Event, EventKind, Moment, Outcome, TicketKey};
/// use atlas_core::play::{session_of, xp};
/// # use jiff::tz::TimeZone;
/// # let event = |id: i64, kind| Event {
/// #     id,
/// #     moment: Moment::new(jiff::Timestamp::from_second(id * 200).unwrap(), &TimeZone::UTC, 0),
/// #     session_id: Some(1),
/// #     kind,
/// # };
/// # let ticket_key = TicketKey::parse("WRKA-7")?;
/// # let started = EventKind::SessionStarted {
/// #     ticket_id: 7, ticket_key, components: vec![], plan: vec![],
/// # };
/// # let mut events = vec![event(1, started)];
/// // Twelve steps, and all was well.
/// events.extend((1..=12).map(|step| event(1 + i64::from(step), EventKind::StepDone { step })));
/// events.push(event(14, EventKind::Ended { outcome: Outcome::Passed }));
/// let parts = xp::of_session(&session_of(&events)?);
/// assert_eq!(parts.iter().map(|part| part.xp).sum::<u32>(), 25);
/// assert_eq!(parts[1].label, "12 steps");
/// # Ok::<(), atlas_core::Error>(())
/// ```
pub fn of_session(session: &Session) -> Vec<XpPart> {
    let steps = u32::try_from(session.steps_done.len()).unwrap_or(u32::MAX);
    match session.outcome {
        Some(outcome) if session.status == SessionStatus::Completed => {
            SessionXp::new(session.work_seconds, steps, outcome)
                .map_or_else(Vec::new, |x| x.parts())
        }
        _ => Vec::new(),
    }
}

/// The points of one completed session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SessionXp {
    steps: u32,
    outcome: Outcome,
}

impl SessionXp {
    /// Nothing for a session that is too short to have been one.
    pub fn new(work_seconds: i64, steps: u32, outcome: Outcome) -> Option<Self> {
        (work_seconds >= SHORTEST || steps > 0).then_some(SessionXp { steps, outcome })
    }

    pub fn total(self) -> u32 {
        SESSION + self.of_steps() + of_outcome(self.outcome)
    }

    fn of_steps(self) -> u32 {
        self.steps.saturating_mul(STEP).min(STEPS_MOST)
    }

    pub fn parts(self) -> Vec<XpPart> {
        let outcome = match self.outcome {
            Outcome::Passed => "passed",
            Outcome::Failed => "a defect found",
            Outcome::Blocked => "blocked",
        };
        let mut parts = vec![part("session completed", SESSION)];
        if self.steps > 0 {
            let plural = if self.steps == 1 { "" } else { "s" };
            parts.push(part(
                format!("{} step{plural}", self.steps),
                self.of_steps(),
            ));
        }
        parts.push(part(outcome, of_outcome(self.outcome)));
        parts
    }
}

pub(super) fn part(label: impl Into<String>, xp: u32) -> XpPart {
    XpPart {
        label: label.into(),
        xp,
    }
}

/// What feedback on so many scenarios of one day gives.
pub(super) fn of_feedback(scenarios: u32) -> u32 {
    scenarios.saturating_mul(FEEDBACK).min(FEEDBACK_MOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_steps_and_their_limit() {
        let total = |seconds, steps, outcome| {
            SessionXp::new(seconds, steps, outcome).map_or(0, |xp| xp.total())
        };
        assert_eq!(total(3_600, 12, Outcome::Passed), 25);
        assert_eq!(total(3_600, 50, Outcome::Failed), 65);
        assert_eq!(total(3_600, 400, Outcome::Failed), 65);
        assert_eq!(total(60, 0, Outcome::Blocked), 11);
        assert_eq!(total(59, 0, Outcome::Passed), 0);
        assert_eq!(total(5, 1, Outcome::Passed), 14);
    }
}
