//! Everything that can be asked, beside what the model says.

use std::collections::BTreeMap;

use atlas_core::domain::{MemoryFilter, PatternFilter, SessionStatus, Ticket};
use rusqlite::Connection;

use super::super::place::DATABASE;
use super::Run;
use super::world::{InForce, Subject};

impl Run {
    pub fn compare(&self) {
        self.compare_tickets();
        self.compare_patterns();
        self.compare_feedback();
        self.compare_sessions();
        self.compare_the_rest();
    }

    fn compare_tickets(&self) {
        let told = |ticket: &Ticket| {
            let Ticket {
                key,
                summary,
                description,
                status,
                priority,
                ..
            } = ticket.clone();
            (key, summary, description, status, priority)
        };
        let found: Vec<_> = self
            .atlas()
            .tickets()
            .list()
            .unwrap()
            .iter()
            .map(told)
            .collect();
        let expected: Vec<_> = self.world.tickets.iter().map(told).collect();
        assert_eq!(found, expected);
    }

    fn compare_patterns(&self) {
        let found = self
            .atlas()
            .patterns()
            .list(&PatternFilter::default())
            .unwrap();
        assert_eq!(found.len(), self.world.patterns.len());
        for (mut found, known) in found.into_iter().zip(&self.world.patterns) {
            let mut expected = self.world.with_numbers(known);
            let (rate, other) = (found.pattern.success_rate, expected.pattern.success_rate);
            assert!((rate - other).abs() < 1e-9, "{rate} {other} {found:?}");
            found.pattern.success_rate = other;
            expected.pattern.last_used = found.pattern.last_used;
            assert_eq!(found, expected);
        }
        let count = self.atlas().database().counts().unwrap().observations;
        assert_eq!(count, self.world.observations().len() as u64);
    }

    fn compare_feedback(&self) {
        let found = self.atlas().predictions().recent_feedback(1_000).unwrap();
        assert_eq!(found.len(), self.world.calls.len());
        for (found, call) in found.iter().rev().zip(&self.world.calls) {
            assert_eq!((found.feedback_id, &found.host_id), (call.id, &call.host));
            let key = &self.world.tickets[call.ticket].key;
            assert_eq!(found.ticket_key.as_ref(), Some(key));
            assert_eq!(found.items.len(), call.items.len());
            for (found, item) in found.items.iter().zip(&call.items) {
                let ids = (found.prediction_id, found.pattern_id, found.made_pattern);
                assert_eq!(ids, (item.row, item.pattern, item.made));
                assert_eq!(found.answer, item.answer);
                assert_eq!(found.rating, item.rating.filter(|rating| *rating > 0));
                assert_eq!(found.actual_minutes, item.minutes.filter(|m| *m > 0));
                let comments = item.comments.clone().filter(|text| !text.is_empty());
                assert_eq!(found.comments, comments);
            }
        }
        self.compare_rows();
    }

    /// The specification's table, which other programs read.
    fn compare_rows(&self) {
        let connection = Connection::open(self.folder.path().join(DATABASE)).unwrap();
        let sql = "SELECT id, user_feedback, user_rating, user_comments, actual_time_minutes
                   FROM predictions ORDER BY id";
        type Said = (Option<String>, Option<u8>, Option<String>, Option<u32>);
        let mut statement = connection.prepare(sql).unwrap();
        let found = statement.query_map([], |row| {
            let said = (row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?);
            Ok((row.get(0)?, said))
        });
        let found: BTreeMap<i64, Said> = found.unwrap().map(Result::unwrap).collect();
        let in_force = self.world.in_force();
        let said = |answer: &InForce| -> Said {
            let word = answer.answer.as_str().to_owned();
            let comments = answer.comments.clone();
            (Some(word), answer.rating, comments, answer.minutes)
        };
        for row in &self.world.rows {
            let expected = in_force.get(&Subject::Row(row.id)).map(said);
            assert_eq!(found[&row.id], expected.unwrap_or_default(), "{row:?}");
        }
    }

    fn compare_sessions(&self) {
        let mut open = None;
        for session in &self.world.sessions {
            let found = self.atlas().sessions().get(session.id).unwrap();
            assert_eq!(found.ticket_key, self.world.tickets[session.ticket].key);
            assert_eq!(
                (found.status, found.outcome),
                (session.status, session.outcome)
            );
            assert_eq!(found.steps_done, Vec::from_iter(session.done.clone()));
            assert_eq!(
                (&found.notes, found.breaks),
                (&session.notes, session.breaks)
            );
            assert_eq!(found.work_seconds, session.worked, "session {}", session.id);
            if matches!(
                session.status,
                SessionStatus::Active | SessionStatus::Paused
            ) {
                open = Some(session.id);
            }
        }
        let found = self.atlas().sessions().open().unwrap();
        assert_eq!(found.map(|session| session.id), open);
        let listed = self.atlas().sessions().list(1_000, 0).unwrap();
        assert_eq!(listed.len(), self.world.sessions.len());
    }

    fn compare_the_rest(&self) {
        for (place, ticket) in self.world.tickets.iter().enumerate() {
            let found = self.atlas().tickets().note(ticket.key.as_str()).unwrap();
            let found = found.map(|note| (note.note, note.difficulty));
            assert_eq!(
                found.as_ref(),
                self.world.notes.get(&place),
                "{}",
                ticket.key
            );
        }
        let found = self
            .atlas()
            .memory()
            .list(&MemoryFilter::default())
            .unwrap();
        let found = found.into_iter().map(|e| ((e.memory_type, e.key), e.value));
        assert_eq!(BTreeMap::from_iter(found), self.world.memory);
        let (found, known) = (self.atlas().profile().get().unwrap(), &self.world.profile);
        assert_eq!(
            (&found.username, &found.email),
            (&known.username, &known.email)
        );
        assert_eq!(found.coach_personality, known.coach_personality);
        assert_eq!(found.theme, known.theme);
        assert_eq!(
            self.atlas().profile().settings().unwrap(),
            self.world.settings
        );
    }

    /// What the log amounts to, from call to call and all at once.
    pub fn compare_what_is_earned(&self) {
        let standing = self.atlas().play().standing().unwrap();
        assert_eq!(self.atlas().play().rebuild().unwrap().standing, standing);
        assert_eq!(
            self.atlas().database().check().unwrap(),
            Vec::<String>::new()
        );
        self.compare();
    }
}
