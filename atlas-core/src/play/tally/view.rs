//! What a tally shows: the standing, days, challenges, and what a session's end gave.

use jiff::civil::Date;

use super::{Gains, SetChallenge, Tally};
use crate::Result;
use crate::domain::{
    Achievement, Challenge, DayActivity, Event, Moment, Outcome, Session, SessionResult, Standing,
    XpPart, folded_name,
};
use crate::play::achievements::{Measure, catalogue};
use crate::play::streak::Streak;
use crate::play::xp::{SessionXp, part};
use crate::play::{goals, level};

impl Tally {
    /// The last day on which a session of this component was completed.
    pub fn last_tested(&self, component: &str) -> Option<Date> {
        let place = *self.component_names.get(&folded_name(component))?;
        self.components[place].last
    }

    /// Challenges of the days from `from` to the day before `to`.
    pub(in crate::play) fn challenges_between(&self, from: Date, to: Date) -> Vec<&SetChallenge> {
        if from >= to {
            return Vec::new();
        }
        self.challenges.range(from..to).map(|(_, c)| c).collect()
    }

    /// The challenge of a day, if one was set.
    pub fn challenge(&self, day: Date) -> Option<Challenge> {
        let set = self.challenges.get(&day)?;
        Some(self.show_challenge(day, set))
    }

    fn show_challenge(&self, day: Date, set: &SetChallenge) -> Challenge {
        let progress = match set.completed_at {
            Some(_) => set.target,
            None => self.progress(&set.goal, day).min(set.target),
        };
        Challenge {
            day,
            goal: set.goal.clone(),
            text: goals::text(&set.goal, set.target),
            target: set.target,
            progress,
            xp: set.xp,
            completed_at: set.completed_at,
        }
    }

    fn achievement(&self, place: usize) -> Achievement {
        catalogue()[place].achievement(&self.counts, self.earned_at[place])
    }

    /// The achievements that an event earned.
    pub fn earned(&self, gains: &Gains) -> Vec<Achievement> {
        let places = gains.achievements.iter();
        places.map(|place| self.achievement(*place)).collect()
    }

    /// The id of the newest stored event that was taken, 0 before the first. A tally that is kept
    /// goes on with the events after it.
    pub fn last_id(&self) -> i64 {
        self.last_id
    }

    /// Whether a pattern was planned for a session on a ticket that was completed without any of
    /// its steps, and not because it was blocked; by their row ids.
    pub fn was_skipped(&self, ticket_id: i64, pattern_id: i64) -> bool {
        self.skipped.contains(&(ticket_id, pattern_id))
    }

    /// How the streak stands today.
    pub fn streak(&self, today: &Moment) -> Streak {
        self.streak.streak(today)
    }

    /// Whether this day can be filled by hand today.
    ///
    /// # Errors
    /// As [`streak::may_repair`](crate::play::streak::may_repair).
    pub fn may_repair(&self, day: Date, today: &Moment) -> Result<()> {
        self.streak.may_repair(day, today)
    }

    /// Everything that the log amounts to, as it stands today.
    pub fn standing(&self, today: &Moment) -> Standing {
        let xp = self.counts.get(Measure::Xp);
        let (level, xp_in_level, xp_to_next) = level::within(xp);
        let streak = self.streak(today);
        Standing {
            xp,
            level,
            xp_in_level,
            xp_to_next,
            current_streak: streak.current,
            longest_streak: streak.longest,
            freezes: streak.freezes,
            last_session_day: streak.last_day,
            achievements: (0..catalogue().len())
                .map(|p| self.achievement(p))
                .collect(),
            challenges: self
                .challenges
                .iter()
                .map(|(day, set)| self.show_challenge(*day, set))
                .collect(),
        }
    }

    /// What was done on each day from `from` to `to` inclusive; days without anything are left out.
    pub fn activity(&self, from: Date, to: Date) -> Vec<DayActivity> {
        if from > to {
            return Vec::new();
        }
        let days = self.days.range(from..=to);
        days.map(|(day, totals)| DayActivity {
            day: *day,
            sessions: totals.sessions,
            tickets: u32::try_from(totals.tickets.len()).unwrap_or(u32::MAX),
            minutes: u32::try_from((totals.seconds + 30) / 60).unwrap_or(u32::MAX),
            steps: totals.steps,
            passed: totals.outcomes[Outcome::Passed as usize],
            failed: totals.outcomes[Outcome::Failed as usize],
            blocked: totals.outcomes[Outcome::Blocked as usize],
            xp: totals.xp,
        })
        .collect()
    }

    /// What the end of a session gave: `gains` of its last event, which happened at `end`.
    /// None if the session was not completed.
    pub fn summary(&self, session: &Session, gains: &Gains, end: &Moment) -> Option<SessionResult> {
        let streak = self.streak(end);
        let challenge = self.challenge(end.day);
        let session_xp = gains.session;
        let achievements = self.earned(gains);
        let completed = challenge.as_ref().filter(|_| gains.challenge_completed);
        let xp_parts = parts(session_xp, completed, &achievements);
        Some(SessionResult {
            session_id: session.id,
            ticket_key: session.ticket_key.clone(),
            outcome: session.outcome?,
            duration_minutes: session.minutes(),
            break_minutes: session.break_minutes(),
            steps_completed: u32::try_from(session.steps_done.len()).unwrap_or(u32::MAX),
            xp_earned: session_xp.map_or(0, SessionXp::total),
            xp_total: xp_parts.iter().map(|part| part.xp).sum(),
            xp_parts,
            level_before: gains.level_before,
            level: gains.level,
            current_streak: streak.current,
            longest_streak: streak.longest,
            first_of_day: gains.first_of_day,
            achievements,
            challenge_completed: gains.challenge_completed,
            challenge,
            coach: None,
        })
    }
}

fn parts(
    session: Option<SessionXp>,
    challenge: Option<&Challenge>,
    achievements: &[Achievement],
) -> Vec<XpPart> {
    let mut parts = session.map_or_else(Vec::new, SessionXp::parts);
    parts.extend(challenge.map(|c| part(format!("challenge: {}", c.text), c.xp)));
    let earned = achievements.iter();
    parts.extend(earned.map(|a| part(format!("achievement: {}", a.name), a.xp)));
    parts
}

/// Everything that the log amounts to, as it stands today: a function of the log alone.
///
/// Where it is asked for often, keep a [`Tally`] and apply each event as it happens; the result is
/// the same.
pub fn standing(events: &[Event], today: &Moment) -> Standing {
    Tally::of(events).standing(today)
}
