//! The end of a session: what it earned, and what is learned from it.
//!
//! A session's plan is copied into its first event, with the ticket's components of then. At the
//! end, scenarios of the plan with a step done become observations: right, and with minutes where
//! all their steps were done. The session's minutes are shared out by the estimates and not by the
//! times of the ticks, since testers tick late or all at once. `questions` names planned scenarios
//! that were passed over first.

use super::Sessions;
use crate::Result;
use crate::atlas::core::Core;
use crate::atlas::core::work_log::WorkLog;
use crate::atlas::sessions::{last_moment, mark, saved, stored_session};
use crate::domain::{
    EventKind, Moment, Observation, ObservationOrigin, Outcome, PlannedScenario, Session,
    SessionEnd, SessionResult, Verdict,
};
use crate::play::coach::{Fact, Facts, Occasion, occasions};
use crate::play::{accepts, not_found};

/// What takes longer than a day was left open, and says nothing of how long it takes.
const MOST_MINUTES: u32 = 1_440;

impl Sessions {
    /// Completes a session: what it earned with its parts, streak, achievements, challenge, and a
    /// line of the coach's.
    ///
    /// Scenarios of the plan with a step done were right for the ticket and are learned from; their
    /// patterns learn the session's minutes, shared out in proportion to the estimates, where all
    /// their steps were done. What was skipped is asked about, see [`Predictions::questions`](crate::Predictions::questions).
    ///
    /// # Errors
    /// `SESSION_NOT_FOUND`, `SESSION_ENDED`.
    pub fn end(&self, session_id: i64, outcome: Outcome) -> Result<SessionResult> {
        self.end_with(session_id, outcome, &SessionEnd::default())
    }

    /// Completes a session that was left open, as if at its last event.
    ///
    /// # Errors
    /// As [`Sessions::end`](crate::Sessions::end).
    pub fn close(&self, session_id: i64, outcome: Outcome) -> Result<SessionResult> {
        let left_open = SessionEnd {
            left_open: true,
            ..SessionEnd::default()
        };
        self.end_with(session_id, outcome, &left_open)
    }

    /// Completes a session, and first notes what else is known of its end: all of it or nothing.
    ///
    /// # Errors
    /// As [`Sessions::end`](crate::Sessions::end); `INVALID_VALUE` for more steps than there are.
    ///
    /// ```
    /// use atlas_core::Atlas;
    /// use atlas_core::domain::{Outcome, SessionEnd, SessionPlan, Ticket, TicketKey};
    /// let atlas = Atlas::open_in_memory()?;
    /// atlas.tickets().add(&[Ticket::new(TicketKey::parse("WRKA-7")?, "Export is empty")])?;
    /// let session = atlas.sessions().start("WRKA-7", &SessionPlan::Free)?;
    /// let end = SessionEnd { steps_completed: Some(3), ..SessionEnd::default() };
    /// let result = atlas.sessions().end_with(session.id, Outcome::Passed, &end)?;
    /// assert_eq!(result.steps_completed, 3);
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn end_with(
        &self,
        session_id: i64,
        outcome: Outcome,
        end: &SessionEnd,
    ) -> Result<SessionResult> {
        let (mut result, component) = self.core.observe_work(|log| {
            let (session, events) = stored_session(log.stored, session_id)?;
            accepts(&session, &EventKind::Ended { outcome })?;
            let moment = match end.left_open {
                true => last_moment(&events, &log.now),
                false => log.now.clone(),
            };
            if let Some(step @ 1..) = end.steps_completed {
                accepts(&session, &EventKind::StepDone { step })?;
                mark(log, &session, 1..=step, true, &moment)?;
            }
            let gains = log.append_at(
                moment.clone(),
                Some(session_id),
                EventKind::Ended { outcome },
            )?;
            let session = saved(log.stored, session_id)?;
            learn(log, &session, &moment)?;
            let result = log.tally.summary(&session, &gains, &moment);
            let component = session.components.into_iter().next();
            Ok((result.ok_or_else(|| not_found(session_id))?, component))
        })?;
        // The session is stored: that nothing can be said of it is no failure of its end.
        result.coach = self.core.end_line(&result, component).unwrap_or_default();
        Ok(result)
    }
}

impl Core {
    fn end_line(
        &self,
        result: &SessionResult,
        component: Option<String>,
    ) -> Result<Option<String>> {
        let (to_next, today) = self.look_at_work(|_, _, tally, now| {
            let standing = tally.standing(now);
            let today = tally.activity(now.day, now.day);
            let sessions = today.first().map_or(0, |day| day.sessions);
            Ok((standing.xp_to_next - standing.xp_in_level, sessions))
        })?;
        let known = Facts::new()
            .text(Fact::Component, component.unwrap_or_default())
            .number(Fact::SessionsToday, today);
        let occasions: Vec<(Occasion, Facts)> = occasions(result, to_next, &known);
        self.say(&occasions)
    }
}

/// Stores what the session shows of its scenarios.
fn learn(log: &WorkLog<'_>, session: &Session, moment: &Moment) -> Result<()> {
    for (place, tested) in tested(session).into_iter().enumerate() {
        let Some(tested) = tested else { continue };
        // A pattern that was deleted meanwhile has nothing to learn.
        if log.stored.patterns().by_id(tested.pattern_id)?.is_none() {
            continue;
        }
        let observation = Observation {
            ticket_id: session.ticket_id,
            pattern_id: tested.pattern_id,
            verdict: Verdict::Right,
            origin: ObservationOrigin::Session,
            observed_at: Some(moment.at),
            minutes: tested.minutes,
        };
        let id = format!("session {} scenario {place}", session.id);
        log.stored
            .observations()
            .add_uncounted(&observation, Some(&id))?;
    }
    Ok(())
}

/// A scenario of the plan that was tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tested {
    pub pattern_id: i64,
    pub minutes: Option<u32>,
}

/// For each scenario of the plan whether it was tested, if it is a stored pattern.
///
/// The session's minutes are shared out over everything that was tested, by the estimates and by
/// the part of the steps that was done; who ticks steps off late or all at once does no harm so.
pub(crate) fn tested(session: &Session) -> Vec<Option<Tested>> {
    let mut first = 1;
    let done: Vec<f64> = session
        .plan
        .iter()
        .map(|scenario| {
            let share = done(scenario, first, session);
            first += scenario.steps;
            share
        })
        .collect();
    let estimate =
        |scenario: &PlannedScenario| f64::from(scenario.estimated_minutes.unwrap_or(0).max(1));
    let weights = session
        .plan
        .iter()
        .zip(&done)
        .map(|(s, done)| done * estimate(s));
    let all: f64 = weights.clone().sum();
    let minutes = session.work_seconds as f64 / 60.0;
    session
        .plan
        .iter()
        .zip(weights)
        .zip(&done)
        .map(|((scenario, weight), &done)| {
            let share = (minutes * weight / all).round() as u32;
            let timed = done >= 1.0
                && session.outcome != Some(Outcome::Blocked)
                && (1..=MOST_MINUTES).contains(&share);
            (done > 0.0).then_some(Tested {
                pattern_id: scenario.pattern_id?,
                minutes: timed.then_some(share),
            })
        })
        .collect()
}

/// The part of a scenario's steps that was done, 0 to 1. One without steps was done if it is all
/// that was planned and the session was not blocked.
pub(crate) fn done(scenario: &PlannedScenario, first: u32, session: &Session) -> f64 {
    if scenario.steps == 0 {
        let alone = session.plan.len() == 1 && session.outcome != Some(Outcome::Blocked);
        return if alone { 1.0 } else { 0.0 };
    }
    let steps = first..first.saturating_add(scenario.steps);
    let count = session
        .steps_done
        .iter()
        .filter(|step| steps.contains(step))
        .count();
    count as f64 / f64::from(scenario.steps)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{SessionStatus, TicketKey};

    fn session(plan: &[(u32, u32)], steps_done: &[u32], minutes: i64) -> Session {
        let scenario = |(place, &(steps, estimate)): (i64, &(u32, u32))| PlannedScenario {
            name: String::new(),
            prediction_id: None,
            pattern_id: Some(place),
            steps,
            test_steps: Vec::new(),
            estimated_minutes: Some(estimate),
        };
        Session {
            id: 1,
            ticket_id: 1,
            ticket_key: TicketKey::parse("AB-1").unwrap(),
            components: Vec::new(),
            started_at: jiff::Timestamp::UNIX_EPOCH,
            ended_at: None,
            status: SessionStatus::Completed,
            outcome: Some(Outcome::Passed),
            work_seconds: minutes * 60,
            breaks: 0,
            break_seconds: 0,
            plan: (0..).zip(plan).map(scenario).collect(),
            steps_done: steps_done.to_vec(),
            notes: Vec::new(),
            last_alive: jiff::Timestamp::UNIX_EPOCH,
        }
    }

    fn minutes(session: &Session) -> Vec<Option<Option<u32>>> {
        let tested = tested(session);
        tested.into_iter().map(|t| t.map(|t| t.minutes)).collect()
    }

    #[test]
    fn minutes_are_shared_out_over_what_was_done() {
        // Two of three steps of the second: it was right, and what it takes is not known.
        let half = session(&[(2, 30), (3, 45), (1, 10)], &[1, 2, 3, 4], 60);
        assert_eq!(minutes(&half), [Some(Some(30)), Some(None), None]);
        let all = session(&[(2, 30), (1, 10)], &[1, 2, 3], 60);
        assert_eq!(minutes(&all), [Some(Some(45)), Some(Some(15))]);
    }

    #[test]
    fn nothing_done_is_nothing_learned() {
        assert_eq!(
            minutes(&session(&[(2, 30), (1, 10)], &[], 60)),
            [None, None]
        );
        assert_eq!(minutes(&session(&[(0, 30)], &[], 25)), [Some(Some(25))]);
        assert_eq!(minutes(&session(&[(0, 30), (0, 5)], &[], 25)), [None, None]);
        let blocked = Session {
            outcome: Some(Outcome::Blocked),
            ..session(&[(1, 30)], &[1], 25)
        };
        assert_eq!(minutes(&blocked), [Some(None)]);
    }
}
