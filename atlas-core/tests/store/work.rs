//! The log, sessions, the profile, what play reckons, notes, and tickets as work.

use atlas_core::domain::{
    Achievement, AchievementType, Challenge, ChallengeGoal, Event, EventKind, Moment, Outcome,
    Personality, PlannedScenario, Priority, Session, SessionStatus, Standing, Theme, Ticket,
    TicketFields, WorkFilter,
};
use atlas_core::store::Repositories;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{fresh, key, put, ticket, time};

fn event(at: &str, session_id: Option<i64>, kind: EventKind) -> Event {
    let moment = Moment::new(time(at), &TimeZone::get("Europe/Berlin").unwrap(), 4);
    Event {
        id: 0,
        moment,
        session_id,
        kind,
    }
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// A user and a ticket.
fn user_and_ticket(db: &Repositories<'_>) -> (i64, i64) {
    let now = time("2024-05-01T08:00:00Z");
    let user = db.profiles().current_or_new(now).unwrap().id;
    (user, put(db, &ticket("WRKA-1")).0)
}

fn session(id: i64, ticket_id: i64) -> Session {
    Session {
        id,
        ticket_id,
        ticket_key: key("WRKA-1"),
        components: Vec::new(),
        started_at: time("2024-05-01T09:00:00.5Z"),
        ended_at: Some(time("2024-05-01T10:10:00Z")),
        status: SessionStatus::Completed,
        outcome: Some(Outcome::Failed),
        work_seconds: 61 * 60,
        breaks: 2,
        break_seconds: 9 * 60,
        plan: vec![PlannedScenario {
            name: "Save".to_owned(),
            prediction_id: Some(99),
            pattern_id: None,
            steps: 7,
            test_steps: Vec::new(),
            estimated_minutes: Some(45),
        }],
        steps_done: vec![1, 2, 5],
        notes: vec!["slow".to_owned(), "wrong date".to_owned()],
        last_alive: time("2024-05-01T10:10:00Z"),
    }
}

#[test]
fn a_ticket_of_many_sessions_crowds_no_other_out_of_the_recent_ones() {
    fresh(|db| {
        let (user, often) = user_and_ticket(db);
        let once = put(db, &ticket("WRKA-2")).0;
        let sessions = db.sessions();
        sessions.begin(user, once, time("2024-05-01T09:00:00Z"))?;
        for minute in 0..50 {
            let at = format!("2024-05-01T10:{minute:02}:00Z");
            sessions.begin(user, often, time(&at))?;
        }
        let recent = db.work().recent(user, 2)?;
        let keys: Vec<&str> = recent.iter().map(|item| item.ticket_key.as_str()).collect();
        assert_eq!(keys, ["WRKA-1", "WRKA-2"]);
        Ok(())
    });
}

#[test]
fn events_come_back_in_order_of_time() {
    fresh(|db| {
        let (user, ticket) = user_and_ticket(db);
        let id = db
            .sessions()
            .begin(user, ticket, time("2024-05-01T09:00:00Z"))?;
        let log = db.events();
        // Whole seconds sort after their fractions as plain text would not.
        let late = event("2024-05-01T09:00:00.25Z", Some(id), EventKind::Paused);
        let early = event("2024-05-01T09:00:00Z", Some(id), EventKind::Alive);
        let same = event("2024-05-01T09:00:00Z", Some(id), EventKind::Resumed);
        let other = event(
            "2024-05-01T01:30:00Z",
            None,
            EventKind::TicketNoted { ticket_id: 1 },
        );
        let [late, early, same, other] =
            [late, early, same, other].map(|event| log.append(user, &event, None).unwrap());
        assert_eq!(
            log.of_session(id)?,
            [early.clone(), same.clone(), late.clone()]
        );
        assert_eq!(
            log.all(user)?,
            [other.clone(), early.clone(), same.clone(), late.clone()]
        );
        assert_eq!(
            log.since(user, late.moment.at)?,
            std::slice::from_ref(&late)
        );
        assert_eq!(log.since_day(user, day("2024-05-01"))?.len(), 3);
        assert_eq!(other.moment.day, day("2024-04-30"), "before four o'clock");
        assert_eq!(log.of_kind(user, "paused")?, std::slice::from_ref(&late));
        assert_eq!(log.after(user, same.id)?, std::slice::from_ref(&other));
        assert_eq!(log.newest_id()?, other.id);
        assert_eq!(log.all(user + 1)?, []);
        Ok(())
    });
}

#[test]
fn a_repeated_event_is_the_first_one() {
    fresh(|db| {
        let (user, _) = user_and_ticket(db);
        let first = event("2024-05-01T09:00:00Z", None, EventKind::Alive);
        let first = db.events().append(user, &first, Some("click 1"))?;
        let again = event("2024-05-01T09:00:07Z", None, EventKind::Paused);
        assert_eq!(db.events().append(user, &again, Some("click 1"))?, first);
        assert_eq!(db.events().all(user)?.len(), 1);
        assert_eq!(db.events().repeated(Some("click 2"))?, None);
        assert!(db.events().append(user + 1, &again, None).is_err());
        Ok(())
    });
}

#[test]
fn a_session_fills_the_specifications_columns() {
    fresh(|db| {
        let (user, ticket) = user_and_ticket(db);
        let sessions = db.sessions();
        assert_eq!(sessions.open(user)?, None);
        let id = sessions.begin(user, ticket, time("2024-05-01T09:00:00Z"))?;
        let open = sessions.open(user)?.unwrap();
        assert_eq!((open.id, open.status), (id, SessionStatus::Active));
        sessions.save(&session(id, ticket))?;
        assert_eq!(sessions.open(user)?, None);
        let stored = sessions.by_id(id)?.unwrap();
        assert_eq!(stored.started_at, Some(time("2024-05-01T09:00:00.5Z")));
        assert_eq!(
            (stored.minutes, stored.breaks, stored.break_minutes),
            (61, 2, 9)
        );
        assert_eq!((stored.steps_completed, stored.steps_total), (3, Some(7)));
        assert_eq!(stored.outcome, Some(Outcome::Failed));
        assert_eq!(stored.notes.as_deref(), Some("slow\nwrong date"));
        assert_eq!(
            sessions.of_ticket(user, ticket)?,
            std::slice::from_ref(&stored)
        );
        assert_eq!(sessions.list(user, 5, 0)?, [stored]);
        assert_eq!(sessions.list(user, 5, 1)?, []);
        Ok(())
    });
}

#[test]
fn the_one_user_is_made_once() {
    fresh(|db| {
        let profiles = db.profiles();
        assert_eq!(profiles.current()?, None);
        let made = profiles.current_or_new(time("2024-05-01T08:00:00Z"))?;
        assert_eq!((made.username.as_str(), made.xp_level), ("tester", 1));
        assert_eq!(profiles.current_or_new(time("2025-05-01T08:00:00Z"))?, made);
        let mut changed = made.clone();
        changed.username = "kayla".to_owned();
        changed.email = Some("k@example.com".to_owned());
        changed.coach_personality = Personality::HypeMan;
        changed.theme = Theme::Dark;
        profiles.update(&changed)?;
        let standing = Standing {
            xp: 120,
            level: 2,
            current_streak: 3,
            longest_streak: 5,
            last_session_day: Some(day("2024-05-03")),
            ..Standing::default()
        };
        profiles.save_standing(made.id, &standing)?;
        let stored = profiles.current()?.unwrap();
        assert_eq!(stored.coach_personality, Personality::HypeMan);
        assert_eq!((stored.xp_total, stored.xp_level), (120, 2));
        assert_eq!((stored.current_streak, stored.longest_streak), (3, 5));
        assert_eq!(stored.last_session_date, Some(day("2024-05-03")));
        assert!(profiles.name_is_taken("kayla", made.id + 1)?);
        assert!(!profiles.name_is_taken("kayla", made.id)?);
        Ok(())
    });
}

fn achievement(key: &str, progress: u32) -> Achievement {
    Achievement {
        key: key.to_owned(),
        achievement_type: AchievementType::Milestone,
        name: format!("Name of {key}"),
        description: "For work".to_owned(),
        icon: "★".to_owned(),
        target: 10,
        progress,
        xp: 50,
        earned_at: (progress == 10).then(|| time("2024-05-01T10:10:00.125Z")),
    }
}

#[test]
fn achievements_are_mirrored_in_their_order() {
    fresh(|db| {
        let table = db.achievements();
        let first = [achievement("b", 3), achievement("a", 10)];
        table.replace(&first)?;
        table.replace(&first)?;
        assert_eq!(table.list()?, first);
        let later = [achievement("a", 10), achievement("c", 0)];
        table.replace(&later)?;
        assert_eq!(table.list()?, later);
        Ok(())
    });
}

#[test]
fn challenges_are_mirrored_by_day() {
    fresh(|db| {
        let (user, _) = user_and_ticket(db);
        let challenge = |on: &str, progress| Challenge {
            day: day(on),
            goal: ChallengeGoal::RevisitComponent {
                component: "Forms, all".to_owned(),
            },
            text: "Test Forms, all again".to_owned(),
            target: 2,
            progress,
            xp: 20,
            completed_at: (progress == 2).then(|| time("2024-05-01T10:10:00Z")),
        };
        let table = db.challenges();
        let both = [challenge("2024-05-01", 2), challenge("2024-05-02", 0)];
        table.replace(user, &both)?;
        assert_eq!(table.list(user)?, both);
        table.put(user, &challenge("2024-05-02", 1))?;
        assert_eq!(table.of_day(user, day("2024-05-02"))?.unwrap().progress, 1);
        assert_eq!(table.of_day(user, day("2024-05-03"))?, None);
        table.replace(user, &both[1..])?;
        assert_eq!(table.list(user)?, both[1..]);
        Ok(())
    });
}

#[test]
fn notes_are_set_searched_and_cleared() {
    fresh(|db| {
        let (user, first) = user_and_ticket(db);
        let (second, _) = put(db, &ticket("WRKA-2"));
        let notes = db.notes();
        let [early, late] = ["2024-05-01T09:00:00Z", "2024-05-01T09:00:00.5Z"].map(time);
        assert!(notes.set_note(first, user, Some(" Größe of the FORM "), early)?);
        assert!(!notes.set_note(first, user, Some("Größe of the FORM"), late)?);
        assert!(notes.set_difficulty(second, user, Some(4), late)?);
        assert!(notes.set_note(second, user, Some("form, again"), late)?);
        let found = |words| notes.search(user, words, 9).unwrap();
        let keys = |words| -> Vec<String> {
            let found = found(words).into_iter();
            found.map(|note| note.ticket_key.to_string()).collect()
        };
        assert_eq!(keys("form"), ["WRKA-2", "WRKA-1"]);
        assert_eq!(keys("GRÖSSE form"), ["WRKA-1"]);
        assert_eq!(keys("GROSSE form"), [""; 0]);
        assert_eq!(keys("GRÖßE form"), ["WRKA-1"]);
        assert_eq!(notes.search(user, "", 1)?.len(), 1);
        assert_eq!(notes.of_tickets(user, &[first, second, 77])?.len(), 2);
        assert_eq!(notes.get(second, user)?.unwrap().difficulty, Some(4));
        for wrong in [0, 6] {
            let error = notes.set_difficulty(first, user, Some(wrong), late);
            assert_eq!(error.unwrap_err().code(), "INVALID_VALUE");
        }
        assert!(notes.set_note(first, user, None, late)?);
        assert_eq!(notes.get(first, user)?, None, "an empty row goes");
        assert!(!notes.set_note(first, user, None, late)?);
        assert!(notes.clear(second, user)?);
        assert!(!notes.clear(second, user)?);
        assert_eq!(notes.count(user)?, 0);
        Ok(())
    });
}

#[test]
fn work_is_listed_by_rank_then_newest() {
    fresh(|db| {
        let (user, _) = user_and_ticket(db);
        let names = [
            "Trivial", "blocker", " High ", "Odd", "Low", "P0", "critical", "Minor", "urgent",
            "P1", "Major", "", "p3", "P4", "Highest", "Medium", "lowest",
        ];
        for (number, name) in names.iter().enumerate() {
            let work = Ticket {
                priority: Some((*name).to_owned()),
                assignee: Some("Kayla Gilbert".to_owned()),
                updated: Some(time(&format!("2024-05-{:02}T09:30:00Z", number + 1))),
                status: ["To Do", "Done"][number % 2].to_owned(),
                ..Ticket::new(key(&format!("AB{}-{number}", number % 3)), "Work")
            };
            db.tickets().upsert(&work, TicketFields::ALL)?;
        }
        let mine = WorkFilter {
            assignee: Some("kayla gilbert".to_owned()),
            ..WorkFilter::default()
        };
        let all = db.work().list(user, &mine, 99, 0)?;
        let mut expected = all.clone();
        expected.sort_by_key(|item| {
            let rank = Priority::rank(item.priority.as_deref());
            (rank, std::cmp::Reverse(item.updated))
        });
        assert_eq!(all.len(), names.len() + 1);
        assert_eq!(all, expected);
        assert_eq!(db.work().list(user, &mine, 3, 2)?, all[2..5]);
        let some = WorkFilter {
            status: Some("to do".to_owned()),
            project: Some("AB1".to_owned()),
            ..WorkFilter::default()
        };
        let listed = db.work().list(user, &some, 99, 0)?;
        assert!(!listed.is_empty());
        assert!(listed.iter().all(|item| item.status == "To Do"));
        assert_eq!(db.work().count(&some)?, listed.len() as u64);
        let unresolved = WorkFilter {
            unresolved: true,
            ..mine
        };
        // The tickets in the status Done are no work, though none has a date of resolution.
        let open = names.len().div_ceil(2);
        assert_eq!(db.work().count(&unresolved)?, open as u64);
        Ok(())
    });
}

#[test]
fn work_shows_note_prediction_and_session() {
    fresh(|db| {
        let (user, ticket_id) = user_and_ticket(db);
        let (gone, _) = put(db, &ticket("WRKA-2"));
        db.tickets().set_gone(gone)?;
        let now = time("2024-05-01T09:00:00Z");
        db.notes().set_note(ticket_id, user, Some("hard"), now)?;
        db.notes().set_difficulty(ticket_id, user, Some(5), now)?;
        let given = super::predictions::prediction(88.8, None);
        let run = db.predictions().save_run(ticket_id, "f", &given, now)?;
        let session = db.sessions().begin(user, ticket_id, now)?;
        let work = db.work().list(user, &WorkFilter::default(), 9, 0)?;
        assert_eq!(work.len(), 1, "what Jira no longer has is not work");
        let item = &work[0];
        assert_eq!(
            (item.my_note.as_deref(), item.difficulty),
            (Some("hard"), Some(5))
        );
        assert_eq!(item.session.as_ref().map(|open| open.id), Some(session));
        let predicted = item.prediction.as_ref().unwrap();
        assert_eq!(Some(predicted.id), run.id);
        assert_eq!(predicted.scenarios as usize, run.scenarios.len());
        assert_eq!(
            predicted.top_scenario.as_ref(),
            Some(&run.scenarios[0].name)
        );
        assert_eq!(predicted.top_confidence, Some(run.scenarios[0].confidence));
        Ok(())
    });
}
