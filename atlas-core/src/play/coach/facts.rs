//! What the coach may speak about.

use std::collections::BTreeMap;

use crate::domain::{Outcome, SessionResult};

/// When the coach speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Occasion {
    /// The tester comes in for the day; no session was completed on it yet.
    DayOpens,
    /// A session began.
    SessionStarted,
    /// A session ended, and all was well.
    SessionPassed,
    /// A session ended with a defect found.
    SessionFailed,
    /// A session ended without a result.
    SessionBlocked,
    /// The streak has one more day.
    StreakKept,
    /// There is a streak, and no session yet today.
    StreakAtRisk,
    /// A level was reached.
    LevelUp,
    /// An achievement was earned.
    AchievementEarned,
    /// The day's challenge was completed.
    ChallengeCompleted,
}

impl Occasion {
    /// Every one of them.
    pub const ALL: [Occasion; 10] = [
        Occasion::DayOpens,
        Occasion::SessionStarted,
        Occasion::SessionPassed,
        Occasion::SessionFailed,
        Occasion::SessionBlocked,
        Occasion::StreakKept,
        Occasion::StreakAtRisk,
        Occasion::LevelUp,
        Occasion::AchievementEarned,
        Occasion::ChallengeCompleted,
    ];

    /// The word that template files use.
    pub fn as_str(self) -> &'static str {
        match self {
            Occasion::DayOpens => "day_opens",
            Occasion::SessionStarted => "session_started",
            Occasion::SessionPassed => "session_passed",
            Occasion::SessionFailed => "session_failed",
            Occasion::SessionBlocked => "session_blocked",
            Occasion::StreakKept => "streak_kept",
            Occasion::StreakAtRisk => "streak_at_risk",
            Occasion::LevelUp => "level_up",
            Occasion::AchievementEarned => "achievement_earned",
            Occasion::ChallengeCompleted => "challenge_completed",
        }
    }

    /// The one with this word.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == name)
    }

    /// Facts that it always has, and facts that it may have.
    pub(super) fn facts(self) -> (&'static [Fact], &'static [Fact]) {
        use Fact::*;
        const ENDED: &[Fact] = &[Name, Component, Steps, Xp, Streak, SessionsToday];
        match self {
            Occasion::DayOpens => (
                &[Level],
                &[Name, Streak, Longest, Freezes, OpenTickets, ToNext],
            ),
            Occasion::SessionStarted => (
                &[Ticket],
                &[
                    Name,
                    Component,
                    PlannedSteps,
                    PlannedMinutes,
                    Streak,
                    SessionsToday,
                ],
            ),
            Occasion::SessionPassed | Occasion::SessionFailed | Occasion::SessionBlocked => {
                (&[Ticket, Minutes], ENDED)
            }
            Occasion::StreakKept | Occasion::StreakAtRisk => (&[Streak], &[Name, Longest, Freezes]),
            Occasion::LevelUp => (&[Level, ToNext], &[Name]),
            Occasion::AchievementEarned => (&[Achievement], &[Name, Xp]),
            Occasion::ChallengeCompleted => (&[Challenge, Xp], &[Name]),
        }
    }
}

/// Something that the coach can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Fact {
    /// What the tester is called.
    Name,
    /// The ticket's key.
    Ticket,
    /// A component of the ticket.
    Component,
    /// Minutes of work.
    Minutes,
    /// Steps that were done.
    Steps,
    /// Steps of the plan.
    PlannedSteps,
    /// Minutes that the plan is expected to take.
    PlannedMinutes,
    /// Experience points that were earned.
    Xp,
    /// The level.
    Level,
    /// Experience points to the next level.
    ToNext,
    /// Days in a row.
    Streak,
    /// The most days in a row so far.
    Longest,
    /// Freezes that are left.
    Freezes,
    /// Tickets that are not done.
    OpenTickets,
    /// Sessions that were completed today.
    SessionsToday,
    /// The name of an achievement.
    Achievement,
    /// A challenge in words.
    Challenge,
}

impl Fact {
    /// Every one of them.
    pub const ALL: [Fact; 17] = [
        Fact::Name,
        Fact::Ticket,
        Fact::Component,
        Fact::Minutes,
        Fact::Steps,
        Fact::PlannedSteps,
        Fact::PlannedMinutes,
        Fact::Xp,
        Fact::Level,
        Fact::ToNext,
        Fact::Streak,
        Fact::Longest,
        Fact::Freezes,
        Fact::OpenTickets,
        Fact::SessionsToday,
        Fact::Achievement,
        Fact::Challenge,
    ];

    /// The word that stands between braces.
    pub fn as_str(self) -> &'static str {
        match self {
            Fact::Name => "name",
            Fact::Ticket => "ticket",
            Fact::Component => "component",
            Fact::Minutes => "minutes",
            Fact::Steps => "steps",
            Fact::PlannedSteps => "planned_steps",
            Fact::PlannedMinutes => "planned_minutes",
            Fact::Xp => "xp",
            Fact::Level => "level",
            Fact::ToNext => "to_next",
            Fact::Streak => "streak",
            Fact::Longest => "longest",
            Fact::Freezes => "freezes",
            Fact::OpenTickets => "open_tickets",
            Fact::SessionsToday => "sessions_today",
            Fact::Achievement => "achievement",
            Fact::Challenge => "challenge",
        }
    }

    /// The one with this word.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == name)
    }

    pub(super) fn is_duration(self) -> bool {
        matches!(self, Fact::Minutes | Fact::PlannedMinutes)
    }

    /// A number with its unit.
    fn with_unit(self, n: u32) -> String {
        let unit = match self {
            _ if self.is_duration() => return duration(n),
            Fact::Xp | Fact::ToNext => return format!("{n} XP"),
            Fact::Steps | Fact::PlannedSteps => "step",
            Fact::Streak | Fact::Longest => "day",
            Fact::Freezes => "freeze",
            Fact::OpenTickets => "ticket",
            Fact::SessionsToday => "session",
            _ => return n.to_string(),
        };
        let plural = if n == 1 { "" } else { "s" };
        format!("{n} {unit}{plural}")
    }
}

fn duration(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, 0) => "less than a minute".to_owned(),
        (0, 1) => "1 minute".to_owned(),
        (0, m) => format!("{m} minutes"),
        (h, 0) => format!("{h} h"),
        (h, m) => format!("{h} h {m} min"),
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum FactValue {
    Text(String),
    Number(u32),
}

/// What is known on an occasion. The coach names nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts(BTreeMap<Fact, FactValue>);

impl Facts {
    /// Nothing is known.
    pub fn new() -> Self {
        Facts::default()
    }

    /// Adds a name or a text; an empty one is not known.
    pub fn text(mut self, fact: Fact, text: impl Into<String>) -> Self {
        let text = text.into();
        if !text.trim().is_empty() {
            self.0.insert(fact, FactValue::Text(text));
        }
        self
    }

    /// Adds a number. Zero is nothing to speak of, except for minutes.
    pub fn number(mut self, fact: Fact, number: u32) -> Self {
        if number > 0 || fact == Fact::Minutes {
            self.0.insert(fact, FactValue::Number(number));
        }
        self
    }

    pub(super) fn has(&self, fact: Fact) -> bool {
        self.0.contains_key(&fact)
    }

    /// The fact in words, or only its number.
    pub(super) fn words(&self, fact: Fact, bare: bool) -> Option<String> {
        Some(match self.0.get(&fact)? {
            FactValue::Text(text) => text.clone(),
            FactValue::Number(number) if bare => number.to_string(),
            FactValue::Number(number) => fact.with_unit(*number),
        })
    }
}

/// What a session's end gives the coach to speak of, the most special first; `known` is what else
/// the caller knows, such as the name. Nothing for a session that does not count.
pub fn occasions(summary: &SessionResult, to_next: u32, known: &Facts) -> Vec<(Occasion, Facts)> {
    if summary.xp_earned == 0 {
        return Vec::new();
    }
    let facts = known
        .clone()
        .text(Fact::Ticket, summary.ticket_key.to_string())
        .number(Fact::Minutes, summary.duration_minutes)
        .number(Fact::Steps, summary.steps_completed)
        .number(Fact::Xp, summary.xp_earned)
        .number(Fact::Level, summary.level)
        .number(Fact::ToNext, to_next)
        .number(Fact::Streak, summary.current_streak)
        .number(Fact::Longest, summary.longest_streak);
    let mut all = Vec::new();
    if summary.level > summary.level_before {
        all.push((Occasion::LevelUp, facts.clone()));
    }
    for earned in &summary.achievements {
        let facts = facts.clone().text(Fact::Achievement, &earned.name);
        all.push((
            Occasion::AchievementEarned,
            facts.number(Fact::Xp, earned.xp),
        ));
    }
    if let Some(challenge) = summary
        .challenge
        .as_ref()
        .filter(|_| summary.challenge_completed)
    {
        let facts = facts.clone().text(Fact::Challenge, &challenge.text);
        all.push((
            Occasion::ChallengeCompleted,
            facts.number(Fact::Xp, challenge.xp),
        ));
    }
    let ended = match summary.outcome {
        Outcome::Passed => Occasion::SessionPassed,
        Outcome::Failed => Occasion::SessionFailed,
        Outcome::Blocked => Occasion::SessionBlocked,
    };
    let streak = summary.current_streak;
    let kept = summary.first_of_day && streak > 1;
    let special = matches!(streak, 3 | 7 | 14 | 30) || streak.is_multiple_of(25);
    if kept && special {
        all.push((Occasion::StreakKept, facts.clone()));
    }
    all.push((ended, facts.clone()));
    if kept && !special {
        all.push((Occasion::StreakKept, facts));
    }
    all
}
