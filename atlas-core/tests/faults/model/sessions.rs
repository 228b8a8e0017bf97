//! Calls on sessions.

use std::collections::BTreeSet;

use atlas_core::domain::{AnswerKind, Outcome, SessionPlan, SessionStatus};

use super::world::{Item, Observed, Row, Session};
use super::{Run, agree};

/// A session that was not heard of for so many seconds may have been left open.
const QUIET: i64 = 600;

impl Run {
    pub fn call_session(&mut self) {
        let now = self.now();
        let open = |s: &Session| matches!(s.status, SessionStatus::Active | SessionStatus::Paused);
        let place = self.world.sessions.iter().position(open);
        let Some(place) = place.filter(|_| self.random.percent(90)) else {
            return self.start_session(place.is_some());
        };
        let id = self.world.sessions[place].id;
        match self.random.below(10) {
            0..=3 => self.tick(place),
            4 => self.pause(place),
            5 => self.resume(place),
            6 => {
                let text = *self.random.of(&["slow", "odd", " "]);
                self.tell(format!("note in session {id}: {text:?}"));
                let blank = text.trim().is_empty();
                let expected = if blank { Err("INVALID_VALUE") } else { Ok(()) };
                let noted = self.atlas().sessions().note(id, text);
                if agree(noted, expected).is_some() {
                    let session = &mut self.world.sessions[place];
                    session.pass(now);
                    session.notes.push(text.to_owned());
                }
            }
            7 => {
                self.tell(format!("cancel session {id}"));
                agree(self.atlas().sessions().cancel(id), Ok(()));
                let session = &mut self.world.sessions[place];
                session.pass(now);
                session.status = SessionStatus::Cancelled;
                agree(self.atlas().sessions().pause(id), Err("SESSION_ENDED"));
            }
            _ => self.end(place),
        }
    }

    fn start_session(&mut self, is_open: bool) {
        let row = *self.random.of(&self.world.rows);
        let planned = self.random.percent(80);
        let key = self.world.tickets[row.ticket].key.to_string();
        self.tell(format!(
            "start session on {key}, planned {planned}: {row:?}"
        ));
        let plan = match planned {
            true => SessionPlan::Scenarios(vec![row.id]),
            false => SessionPlan::Free,
        };
        let expected = if is_open { Err("SESSION_OPEN") } else { Ok(()) };
        let begun = self.atlas().sessions().start(&key, &plan);
        if let Some(session) = agree(begun, expected) {
            let steps = session.plan.first().map_or(row.steps, |one| one.steps);
            // The tester's own way has one step.
            let own = steps == 1 && self.has_own_steps(row);
            assert!(steps == row.steps || own, "{steps} steps of {row:?}");
            self.world.sessions.push(Session {
                id: session.id,
                ticket: row.ticket,
                plan: planned.then_some(Row { steps, ..row }),
                status: SessionStatus::Active,
                outcome: None,
                done: BTreeSet::new(),
                notes: Vec::new(),
                breaks: 0,
                worked: 0,
                last: self.now(),
            });
        }
    }

    /// Whether an answer on the row's ticket has steps of the tester's for it or its pattern.
    fn has_own_steps(&self, row: Row) -> bool {
        let about = |item: &Item| {
            let same = item.row == Some(row.id) || item.pattern == row.pattern;
            same && matches!(item.answer, AnswerKind::Modified | AnswerKind::Missed)
        };
        let mut calls = self.world.calls.iter();
        calls.any(|call| call.ticket == row.ticket && call.items.iter().any(about))
    }

    fn tick(&mut self, place: usize) {
        let (now, step) = (self.now(), self.random.below(4) as u32);
        let undone = self.random.percent(25);
        let session = &self.world.sessions[place];
        let most = session.plan.map_or(1_000, |row| row.steps);
        let (id, there) = (session.id, (1..=most).contains(&step));
        self.tell(format!("step {step} of session {id}, undone {undone}"));
        let called = match undone {
            true => self.atlas().sessions().step_undone(id, step),
            false => self.atlas().sessions().step_done(id, step),
        };
        if agree(called, if there { Ok(()) } else { Err("INVALID_VALUE") }).is_some() {
            let session = &mut self.world.sessions[place];
            session.pass(now);
            match undone {
                true => session.done.remove(&step),
                false => session.done.insert(step),
            };
        }
    }

    fn pause(&mut self, place: usize) {
        let now = self.now();
        let session = &self.world.sessions[place];
        let (id, paused) = (session.id, session.status == SessionStatus::Paused);
        self.tell(format!("pause session {id}"));
        let expected = if paused {
            Err("SESSION_PAUSED")
        } else {
            Ok(())
        };
        if agree(self.atlas().sessions().pause(id), expected).is_some() {
            let session = &mut self.world.sessions[place];
            session.pass(now);
            session.status = SessionStatus::Paused;
            session.breaks += 1;
        }
    }

    fn resume(&mut self, place: usize) {
        let now = self.now();
        let session = &self.world.sessions[place];
        let (id, paused) = (session.id, session.status == SessionStatus::Paused);
        let quiet = now - session.last >= QUIET;
        self.tell(format!("resume session {id}"));
        let expected = match paused || quiet {
            true => Ok(()),
            false => Err("SESSION_NOT_PAUSED"),
        };
        if agree(self.atlas().sessions().resume(id), expected).is_some() {
            let session = &mut self.world.sessions[place];
            if !paused {
                // The time since it was last heard of becomes a break.
                session.status = SessionStatus::Paused;
                session.breaks += 1;
            }
            session.pass(now);
            session.status = SessionStatus::Active;
        }
    }

    fn end(&mut self, place: usize) {
        let now = self.now();
        let outcome = *self.random.of(&Outcome::ALL);
        let id = self.world.sessions[place].id;
        self.tell(format!("end session {id}: {outcome:?}"));
        let result = agree(self.atlas().sessions().end(id, outcome), Ok(()));
        let session = &mut self.world.sessions[place];
        session.pass(now);
        session.status = SessionStatus::Completed;
        session.outcome = Some(outcome);
        assert_eq!(result.unwrap().steps_completed as usize, session.done.len());
        let learned = session.learned();
        self.world.observed.extend(learned);
    }
}

impl Session {
    /// Time passes until something happens.
    fn pass(&mut self, now: i64) {
        if self.status == SessionStatus::Active {
            self.worked += now - self.last;
        }
        self.last = now;
    }

    /// What it shows of the one scenario of its plan.
    fn learned(&self) -> Option<Observed> {
        let row = self.plan?;
        let blocked = self.outcome == Some(Outcome::Blocked);
        let (some, all) = match row.steps {
            0 => (!blocked, !blocked),
            steps => (!self.done.is_empty(), self.done.len() as u32 == steps),
        };
        let minutes = (self.worked as f64 / 60.0).round() as u32;
        let timed = all && !blocked && (1..=1_440).contains(&minutes);
        some.then_some(Observed {
            ticket: self.ticket,
            pattern: row.pattern?,
            right: true,
            minutes: timed.then_some(minutes),
            history: false,
        })
    }
}
