//! What the coach says, and what it said last.

use xxhash_rust::xxh3::xxh3_64;

use super::Atlas;
use crate::Result;
use crate::play::coach::{Fact, Facts, LINES_APART, Occasion};
use crate::store::Repositories;

/// Where the ids of the last lines are kept, as JSON, the newest last.
const SAID: &str = "coach_said";
/// Where the last greeting is kept: the day, the personality and the words.
const GREETING: &str = "coach_greeting";

/// Whether a line may differ from call to call.
pub(super) enum Said {
    /// Each call gets a new line.
    Again,
    /// All calls of one of the tester's days get the same line.
    OncePerDay,
}

impl Atlas {
    /// What the coach says to a tester who comes in: about a streak that ends today without a
    /// session, else about the day. One line a day; nothing if the coach is silent, or once a
    /// session was completed today.
    ///
    /// # Errors
    /// Storage errors.
    pub fn greeting(&self) -> Result<Option<String>> {
        let (tested_today, standing) = self.look_at_work(|_, _, tally, now| {
            let today = tally.activity(now.day, now.day);
            let sessions = today.first().map_or(0, |day| day.sessions);
            Ok((sessions > 0, tally.standing(now)))
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
            .number(Fact::OpenTickets, self.open_tickets()?);
        let occasion = match standing.current_streak {
            0 | 1 => Occasion::DayOpens,
            _ => Occasion::StreakAtRisk,
        };
        self.say(&[(occasion, facts)], Said::OncePerDay)
    }

    /// The first of the occasions that there is a line for.
    pub(super) fn say(
        &self,
        occasions: &[(Occasion, Facts)],
        again: Said,
    ) -> Result<Option<String>> {
        let profile = self.user()?;
        let personality = profile.coach_personality;
        let read_only = self.store.read_only().is_some();
        let choose = |stored: &Repositories<'_>| -> Result<Option<String>> {
            let settings = stored.settings();
            let day = super::profile::moment(stored, (self.clock)())?.day;
            let today = format!("{day} {}\n", personality.as_str());
            if matches!(again, Said::OncePerDay)
                && let Some(greeting) = settings.get(GREETING)?
                && let Some(said) = greeting.strip_prefix(&today)
            {
                return Ok(Some(said.to_owned()));
            }
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
            let old = recent.len().saturating_sub(LINES_APART);
            recent.drain(..old);
            settings.set(SAID, Some(&serde_json::Value::from(recent).to_string()))?;
            if matches!(again, Said::OncePerDay) {
                settings.set(GREETING, Some(&format!("{today}{}", line.text)))?;
            }
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
