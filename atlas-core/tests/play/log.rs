//! Writes logs for tests.

use atlas_core::domain::{Event, EventKind, Moment, Outcome, PlannedScenario, TicketKey};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// A log that grows as a tester works, travels and changes settings.
#[derive(Clone)]
pub struct Log {
    pub events: Vec<Event>,
    pub zone: TimeZone,
    pub day_start: u8,
    session: i64,
}

impl Log {
    pub fn new(zone: &str) -> Self {
        Log {
            events: Vec::new(),
            zone: TimeZone::get(zone).unwrap(),
            day_start: 0,
            session: 0,
        }
    }

    pub fn travel(&mut self, zone: &str) {
        self.zone = TimeZone::get(zone).unwrap();
    }

    pub fn moment(&self, at: Timestamp) -> Moment {
        Moment::new(at, &self.zone, self.day_start)
    }

    /// The instant of a local time such as `2024-05-06T09:00`.
    pub fn at(&self, local: &str) -> Timestamp {
        let local: jiff::civil::DateTime = local.parse().unwrap();
        local.to_zoned(self.zone.clone()).unwrap().timestamp()
    }

    /// Today, at a local time.
    pub fn now(&self, local: &str) -> Moment {
        self.moment(self.at(local))
    }

    pub fn push(&mut self, at: Timestamp, session_id: Option<i64>, kind: EventKind) {
        self.events.push(Event {
            id: self.events.len() as i64 + 1,
            moment: self.moment(at),
            session_id,
            kind,
        });
    }

    pub fn start(&mut self, at: Timestamp, ticket: i64, components: &[&str]) -> i64 {
        self.start_with_plan(at, ticket, components, Vec::new())
    }

    pub fn start_with_plan(
        &mut self,
        at: Timestamp,
        ticket: i64,
        components: &[&str],
        plan: Vec<PlannedScenario>,
    ) -> i64 {
        self.session += 1;
        let started = EventKind::SessionStarted {
            ticket_id: ticket,
            ticket_key: TicketKey::parse(&format!("WRKA-{ticket}")).unwrap(),
            components: components.iter().map(|c| (*c).to_owned()).collect(),
            plan,
        };
        self.push(at, Some(self.session), started);
        self.session
    }

    /// A session of half an hour without steps that ends at this instant.
    pub fn session_at(&mut self, end: Timestamp, outcome: Outcome) {
        let begin = end - SignedDuration::from_mins(30);
        let ticket = self.session + 1;
        let id = self.start(begin, ticket, &["Reports"]);
        self.push(end, Some(id), EventKind::Ended { outcome });
    }

    /// The same at a local time.
    pub fn session(&mut self, local: &str) {
        self.session_at(self.at(local), Outcome::Passed);
    }
}

/// A planned scenario.
pub fn scenario(steps: u32, pattern_id: Option<i64>, minutes: Option<u32>) -> PlannedScenario {
    PlannedScenario {
        name: "Export".into(),
        prediction_id: None,
        pattern_id,
        steps,
        test_steps: Vec::new(),
        estimated_minutes: minutes,
    }
}
