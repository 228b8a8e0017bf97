//! A session from its events, and which events it takes.

use super::log::{Log, scenario};
use atlas_core::domain::{EventKind, Outcome, SessionStatus};
use atlas_core::play::{Tally, accepts, may_start, session_of, xp};
use jiff::SignedDuration;

const PASSED: EventKind = EventKind::Ended {
    outcome: Outcome::Passed,
};

/// A session on two scenarios of three steps each, with events at these minutes.
fn session(events: &[(i64, EventKind)]) -> Log {
    let mut log = Log::new("Europe/Berlin");
    let begin = log.at("2024-05-06T09:00");
    let plan = vec![scenario(3, Some(1), Some(20)), scenario(3, None, Some(10))];
    let id = log.start_with_plan(begin, 7, &["Reports"], plan);
    for (minute, kind) in events {
        log.push(
            begin + SignedDuration::from_mins(*minute),
            Some(id),
            kind.clone(),
        );
    }
    log
}

#[test]
fn breaks_are_counted_and_left_out() {
    let log = session(&[
        (10, EventKind::Paused),
        (15, EventKind::Resumed),
        (20, EventKind::Paused),
        (30, EventKind::StepDone { step: 2 }),
        (40, PASSED),
    ]);
    let session = session_of(&log.events).unwrap();
    assert_eq!((session.minutes(), session.break_minutes()), (15, 25));
    assert_eq!(
        (session.breaks, session.steps_done.as_slice()),
        (2, [2].as_slice())
    );
    assert_eq!(session.status, SessionStatus::Completed);
    assert_eq!(session.ended_at, Some(log.at("2024-05-06T09:40")));
}

#[test]
fn events_delivered_twice_or_too_late_change_nothing() {
    let log = session(&[
        (1, EventKind::StepDone { step: 1 }),
        (2, EventKind::Paused),
        (4, EventKind::Resumed),
        (5, EventKind::SessionNoted { text: "odd".into() }),
        (9, EventKind::StepDone { step: 3 }),
        (10, PASSED),
    ]);
    let once = session_of(&log.events).unwrap();
    let mut twice = log.events.clone();
    twice.extend(log.events.clone());
    twice.reverse();
    assert_eq!(session_of(&twice).unwrap(), once);
    // Written twice, as rows of their own.
    let mut rows = log.events.clone();
    for event in &log.events {
        let mut again = event.clone();
        again.id += 100;
        rows.push(again);
    }
    assert_eq!(session_of(&rows).unwrap(), once);
    let today = log.now("2024-05-06T12:00");
    assert_eq!(
        Tally::of(&rows).standing(&today),
        Tally::of(&log.events).standing(&today)
    );
}

#[test]
fn a_clock_set_back_adds_no_time() {
    let log = session(&[(30, EventKind::Alive), (5, EventKind::Alive), (15, PASSED)]);
    let session = session_of(&log.events).unwrap();
    assert_eq!(session.minutes(), 40);
}

#[test]
fn a_session_left_open_tells_its_last_sign_of_life() {
    let log = session(&[(1, EventKind::StepDone { step: 1 }), (30, EventKind::Alive)]);
    let session = session_of(&log.events).unwrap();
    assert!(session.is_open());
    assert_eq!(session.last_alive, log.at("2024-05-06T09:30"));
    assert_eq!(session.minutes(), 30);
}

#[test]
fn each_state_takes_what_makes_sense_in_it() {
    let code = |events: &[(i64, EventKind)], kind: EventKind| {
        let session = session_of(&session(events).events).unwrap();
        accepts(&session, &kind).map_or_else(|error| error.code(), |()| "ok")
    };
    let step = |step| EventKind::StepDone { step };
    let note = |text: &str| EventKind::SessionNoted { text: text.into() };
    let paused = [(1, EventKind::Paused)];
    let ended = [(1, PASSED)];
    let cancelled = [(1, EventKind::Cancelled)];
    for (events, kind, expected) in [
        (&[][..], step(1), "ok"),
        (&[], step(6), "ok"),
        (&[], step(0), "INVALID_VALUE"),
        (&[], step(7), "INVALID_VALUE"),
        (&[], EventKind::StepUndone { step: 9 }, "INVALID_VALUE"),
        (&[], EventKind::Resumed, "SESSION_NOT_PAUSED"),
        (&[], note(" "), "INVALID_VALUE"),
        (
            &[],
            EventKind::TicketNoted { ticket_id: 1 },
            "INVALID_VALUE",
        ),
        (&paused, EventKind::Paused, "SESSION_PAUSED"),
        (&paused, step(1), "ok"),
        (&paused, note("odd"), "ok"),
        (&paused, PASSED, "ok"),
        (&ended, PASSED, "SESSION_ENDED"),
        (&ended, step(1), "SESSION_ENDED"),
        (&ended, EventKind::Alive, "SESSION_ENDED"),
        (&cancelled, EventKind::Cancelled, "SESSION_ENDED"),
    ] {
        assert_eq!(
            code(events, kind.clone()),
            expected,
            "{kind:?} after {events:?}"
        );
    }
}

#[test]
fn errors_name_the_session_and_what_would_be_right() {
    let open = session_of(&session(&[]).events).unwrap();
    let error = may_start(Some(&open)).unwrap_err();
    assert_eq!(error.code(), "SESSION_OPEN");
    assert_eq!(error.details()["ticket_key"], "WRKA-7");
    assert_eq!(error.details()["session_id"], "1");
    let error = accepts(&open, &EventKind::StepDone { step: 7 }).unwrap_err();
    assert_eq!(error.details()["expected"], "a number from 1 to 6");
    let over = session_of(&session(&[(5, PASSED)]).events).unwrap();
    may_start(Some(&over)).unwrap();
    may_start(None).unwrap();
    let error = accepts(&over, &PASSED).unwrap_err();
    assert_eq!(error.details()["ended_at"], "2024-05-06T07:05:00Z");
    assert_eq!(session_of(&[]).unwrap_err().code(), "SESSION_NOT_FOUND");
}

#[test]
fn the_end_tells_what_it_gave() {
    let mut events: Vec<(i64, EventKind)> = (1..=6)
        .map(|step| (i64::from(step) * 5, EventKind::StepDone { step }))
        .collect();
    events.push((30, PASSED));
    let log = session(&events);
    let mut tally = Tally::default();
    let gains = log
        .events
        .iter()
        .map(|event| tally.apply(event))
        .last()
        .unwrap();
    let session = session_of(&log.events).unwrap();
    let end = log.events.last().unwrap().moment.clone();
    let summary = tally.summary(&session, &gains, &end).unwrap();
    assert_eq!((summary.duration_minutes, summary.xp_earned), (30, 19));
    assert_eq!((summary.current_streak, summary.first_of_day), (1, true));
    let earned: Vec<&str> = summary
        .achievements
        .iter()
        .map(|a| a.key.as_str())
        .collect();
    assert_eq!(earned, ["first-session", "first-full-plan"]);
    let labels: Vec<&str> = summary
        .xp_parts
        .iter()
        .map(|part| part.label.as_str())
        .collect();
    assert_eq!(
        labels,
        [
            "session completed",
            "6 steps",
            "passed",
            "achievement: First session",
            "achievement: To the last step"
        ]
    );
    let sum: u32 = summary.xp_parts.iter().map(|part| part.xp).sum();
    assert_eq!(tally.standing(&end).xp, sum);
    assert_eq!(
        xp::of_session(&session)
            .iter()
            .map(|part| part.xp)
            .sum::<u32>(),
        19
    );
}

#[test]
fn a_cancelled_session_and_one_too_short_earn_nothing() {
    let none = session(&[
        (10, EventKind::StepDone { step: 1 }),
        (20, EventKind::Cancelled),
    ]);
    let short = session(&[(0, PASSED)]);
    for log in [none, short] {
        let standing = Tally::of(&log.events).standing(&log.now("2024-05-06T12:00"));
        assert_eq!((standing.xp, standing.current_streak), (0, 0));
        assert!(standing.achievements.iter().all(|a| a.progress == 0));
        assert!(xp::of_session(&session_of(&log.events).unwrap()).is_empty());
    }
}
