//! What the coach says, and what it said last.

use jiff::civil::Date;
use xxhash_rust::xxh3::xxh3_64;

use super::Play;
use crate::Result;
use crate::atlas::core::Core;
use crate::play::coach::{Fact, Facts, LINES_BETWEEN, Occasion};
use crate::store::Repositories;

/// Where the ids of the last lines are kept, as JSON, the newest last.
const SAID: &str = "coach_said";
impl Play {
    /// What the coach says to a tester who comes in: about a streak that ends today without a
    /// session, else about the day. The same line all day, and another one the next; nothing if the
    /// coach is silent, or once a session was completed today.
    ///
    /// # Errors
    /// Storage errors.
    pub fn greeting(&self) -> Result<Option<String>> {
        let (day, tested_today, standing) = self.core.look_at_work(|_, _, tally, now| {
            let today = tally.activity(now.day, now.day);
            let sessions = today.first().map_or(0, |day| day.sessions);
            Ok((now.day, sessions > 0, tally.standing(now)))
        })?;
        if tested_today {
            return Ok(None);
        }
        let facts = Facts::new()
            .number(Fact::Level, standing.level)
            .number(Fact::Streak, standing.current_streak)
            .number(Fact::Longest, standing.longest_streak)
            .number(Fact::Freezes, standing.freezes)
            .number(Fact::ToNext, standing.xp_to_next - standing.xp_in_level)
            .number(Fact::OpenTickets, self.core.open_tickets()?);
        let occasion = match standing.current_streak {
            0 | 1 => Occasion::DayOpens,
            _ => Occasion::StreakAtRisk,
        };
        let days = day.since(Date::ZERO).map_or(0, |since| since.get_days());
        self.core
            .line_in_turn(occasion, &facts, u64::from(days.unsigned_abs()))
    }
}

impl Core {
    /// The line for an occasion that comes again and again, such as a day.
    pub(crate) fn line_in_turn(
        &self,
        occasion: Occasion,
        facts: &Facts,
        turn: u64,
    ) -> Result<Option<String>> {
        let profile = self.user()?;
        let facts = facts.clone().text(Fact::Name, name(&profile.username));
        let coach = &self.coach;
        Ok(coach.say_in_turn(profile.coach_personality, occasion, &facts, turn))
    }

    /// What the coach says to what happened: the first of the occasions that there is a line for.
    /// It is remembered, so that the next one differs.
    pub(crate) fn say(&self, occasions: &[(Occasion, Facts)]) -> Result<Option<String>> {
        let profile = self.user()?;
        let personality = profile.coach_personality;
        let read_only = self.store.read_only().is_some();
        let choose = |stored: &Repositories<'_>| -> Result<Option<String>> {
            let settings = stored.settings();
            let mut recent: Vec<String> = settings
                .get(SAID)?
                .and_then(|json| serde_json::from_str(&json).ok())
                .unwrap_or_default();
            let seed = xxh3_64(format!("{recent:?}{}", stored.events().newest_id()?).as_bytes());
            let line = occasions.iter().find_map(|(occasion, facts)| {
                let facts = facts.clone().text(Fact::Name, name(&profile.username));
                self.coach
                    .say(personality, *occasion, &facts, &recent, seed)
            });
            let Some(line) = line else {
                return Ok(None);
            };
            if read_only {
                return Ok(Some(line.text));
            }
            recent.push(line.id);
            let old = recent.len().saturating_sub(LINES_BETWEEN);
            recent.drain(..old);
            settings.set(SAID, Some(&serde_json::Value::from(recent).to_string()))?;
            Ok(Some(line.text))
        };
        match read_only {
            true => self.store.read(choose),
            false => self.store.write(choose),
        }
    }
}

/// The name, unless nobody has given one.
fn name(username: &str) -> &str {
    match username {
        crate::store::DEFAULT_USERNAME => "",
        name => name,
    }
}
