//! The plain model: what was said, and what follows from it.

use std::collections::{BTreeMap, BTreeSet};

use atlas_core::Atlas;
use atlas_core::domain::{
    AnswerKind, Outcome, PatternFilter, PatternOrigin, Profile, SessionStatus, Step, StoredPattern,
    Ticket, UserSettings,
};

pub fn step(action: &str) -> Step {
    Step::new(action, "")
}

/// A scenario that was predicted.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    pub id: i64,
    pub run: i64,
    pub ticket: usize,
    pub pattern: Option<i64>,
    pub steps: u32,
}

/// What one call of feedback says of one scenario; a part that it clears is 0 or empty.
#[derive(Debug, Clone)]
pub struct Item {
    pub row: Option<i64>,
    pub pattern: Option<i64>,
    pub answer: AnswerKind,
    pub rating: Option<u8>,
    pub comments: Option<String>,
    pub minutes: Option<u32>,
    pub made: bool,
}

#[derive(Debug, Clone)]
pub struct Call {
    pub id: i64,
    pub ticket: usize,
    pub host: Option<String>,
    pub items: Vec<Item>,
}

/// What was observed otherwise: in a session, or in an imported past.
#[derive(Debug, Clone)]
pub struct Observed {
    pub ticket: usize,
    pub pattern: i64,
    pub right: bool,
    pub minutes: Option<u32>,
    pub history: bool,
}

#[derive(Debug, Clone)]
pub struct Session {
    pub id: i64,
    pub ticket: usize,
    pub plan: Option<Row>,
    pub status: SessionStatus,
    pub outcome: Option<Outcome>,
    pub done: BTreeSet<u32>,
    pub notes: Vec<String>,
    pub breaks: u32,
    pub worked: i64,
    pub last: i64,
}

/// What an answer amounts to that is in force.
#[derive(Debug, Clone, PartialEq)]
pub struct InForce {
    pub ticket: usize,
    pub pattern: Option<i64>,
    pub answer: AnswerKind,
    pub rating: Option<u8>,
    pub comments: Option<String>,
    pub minutes: Option<u32>,
}

/// Which scenario an answer is about: a row, or what was missed for a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    Row(i64),
    Missed(usize, i64),
}

#[derive(Debug, Clone)]
pub struct World {
    pub tickets: Vec<Ticket>,
    /// With their numbers from before the first observation.
    pub patterns: Vec<StoredPattern>,
    pub rows: Vec<Row>,
    pub calls: Vec<Call>,
    pub observed: Vec<Observed>,
    pub sessions: Vec<Session>,
    pub notes: BTreeMap<usize, (Option<String>, Option<u8>)>,
    pub apart: BTreeSet<(usize, usize)>,
    pub memory: BTreeMap<(String, String), String>,
    pub profile: Profile,
    pub settings: UserSettings,
}

impl World {
    /// What a database holds of which nothing was said yet.
    pub fn read(atlas: &Atlas) -> Self {
        let mut rows = Vec::new();
        for (ticket, prediction) in atlas
            .predictions()
            .latest_of_all()
            .unwrap()
            .iter()
            .enumerate()
        {
            rows.extend(prediction.scenarios.iter().map(|scenario| Row {
                id: scenario.prediction_id.unwrap(),
                run: prediction.id.unwrap(),
                ticket,
                pattern: scenario.pattern_id,
                steps: scenario.steps.len() as u32,
            }));
        }
        World {
            tickets: atlas.tickets().list().unwrap(),
            patterns: atlas.patterns().list(&PatternFilter::default()).unwrap(),
            rows,
            calls: Vec::new(),
            observed: Vec::new(),
            sessions: Vec::new(),
            notes: BTreeMap::new(),
            apart: BTreeSet::new(),
            memory: BTreeMap::new(),
            profile: atlas.profile().get().unwrap(),
            settings: atlas.profile().settings().unwrap(),
        }
    }

    pub fn pattern(&mut self, id: i64) -> &mut StoredPattern {
        let mut patterns = self.patterns.iter_mut();
        patterns.find(|pattern| pattern.id == id).unwrap()
    }

    /// The newest answer to each scenario, with the parts that were mentioned last.
    pub fn in_force(&self) -> BTreeMap<Subject, InForce> {
        let mut all: BTreeMap<Subject, InForce> = BTreeMap::new();
        for call in &self.calls {
            for item in &call.items {
                let subject = match (item.row, item.pattern) {
                    (Some(row), _) => Subject::Row(row),
                    (None, Some(pattern)) => Subject::Missed(call.ticket, pattern),
                    (None, None) => continue,
                };
                let before = all.remove(&subject);
                let before = before.map(|b| (b.rating, b.comments, b.minutes));
                let (rating, comments, minutes) = before.unwrap_or_default();
                let answer = InForce {
                    ticket: call.ticket,
                    pattern: item.pattern,
                    answer: item.answer,
                    rating: item.rating.map_or(rating, |r| (r > 0).then_some(r)),
                    comments: match &item.comments {
                        Some(text) => (!text.is_empty()).then(|| text.clone()),
                        None => comments,
                    },
                    minutes: item.minutes.map_or(minutes, |m| (m > 0).then_some(m)),
                };
                all.insert(subject, answer);
            }
        }
        all
    }

    /// Every observation: pattern, whether it was right, minutes.
    pub fn observations(&self) -> Vec<(i64, bool, Option<u32>)> {
        let said = self.in_force().into_values().filter_map(|answer| {
            let right = answer.answer != AnswerKind::Rejected;
            Some((answer.pattern?, right, answer.minutes))
        });
        let other = self.observed.iter();
        said.chain(other.map(|o| (o.pattern, o.right, o.minutes)))
            .collect()
    }

    /// A pattern with what was observed of it.
    pub fn with_numbers(&self, stored: &StoredPattern) -> StoredPattern {
        let mut known = stored.clone();
        let seen: Vec<_> = self.observations();
        let seen: Vec<_> = seen.into_iter().filter(|o| o.0 == stored.id).collect();
        if seen.is_empty() {
            return known;
        }
        let right = seen.iter().filter(|o| o.1).count() as f64;
        let before = f64::from(stored.pattern.frequency);
        let uses = before + seen.len() as f64;
        known.pattern.success_rate = (stored.pattern.success_rate * before + right) / uses;
        known.pattern.frequency = uses as u32;
        let minutes: Vec<f64> = seen.iter().filter_map(|o| o.2).map(f64::from).collect();
        if !minutes.is_empty() {
            let mean = minutes.iter().sum::<f64>() / minutes.len() as f64;
            known.pattern.avg_time_minutes = Some(mean.round() as u32);
        }
        known
    }

    /// Takes a call back: what it made goes unless something else speaks of it.
    pub fn undo(&mut self, id: i64) {
        let place = self.calls.iter().position(|call| call.id == id).unwrap();
        let call = self.calls.remove(place);
        for item in call.items.iter().filter(|item| item.made) {
            let Some(pattern) = item.pattern else {
                continue;
            };
            let mut items = self.calls.iter_mut().flat_map(|call| &mut call.items);
            if let Some(other) = items.find(|item| item.pattern == Some(pattern)) {
                other.made = true;
                continue;
            }
            let observed = self.observed.iter().any(|o| o.pattern == pattern);
            let own = self.pattern(pattern).pattern.origin == PatternOrigin::User;
            if observed || !own {
                continue;
            }
            if self.rows.iter().any(|row| row.pattern == Some(pattern)) {
                self.pattern(pattern).pattern.is_active = false;
            } else {
                self.patterns.retain(|known| known.id != pattern);
            }
        }
    }

    /// Forgets what was learned from a ticket.
    pub fn forget(&mut self, ticket: usize) {
        let of_ticket = |call: &&Call| call.ticket == ticket;
        let ids: Vec<i64> = self.calls.iter().filter(of_ticket).map(|c| c.id).collect();
        ids.into_iter().for_each(|id| self.undo(id));
        self.observed.retain(|o| o.ticket != ticket);
        self.apart.retain(|(a, b)| *a != ticket && *b != ticket);
    }
}
