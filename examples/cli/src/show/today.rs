//! How the tester's day stands, as text.

use atlas_core::domain::{Challenge, DayActivity, QuickStats, Rebuilt, Session, Standing};
use atlas_core::{Atlas, Result};
use jiff::civil::Date;
use serde::Serialize;

use super::activity::{self, CALENDAR_DAYS};
use super::session_end::row;
use super::{coach_line, heading, session};
use crate::commands::today::Corrected;
use crate::style::{FAINT, GOOD, KEY, STRONG, paint};
use crate::text::{count, duration, plain, progress, wrap};

/// Columns of bars.
const BAR: usize = 20;
/// Days that have a bar.
const DAYS: usize = 7;

/// Everything of a day on one sheet.
#[derive(Debug, Serialize)]
pub struct Today {
    pub day: Date,
    pub greeting: Option<String>,
    pub stats: QuickStats,
    pub longest_streak: u32,
    pub freezes: u32,
    pub achievements_earned: usize,
    pub achievements: usize,
    pub challenge: Option<Challenge>,
    pub open_session: Option<Session>,
    /// Whether the open session was not heard of for long.
    pub left_open: bool,
    /// The last weeks, oldest first.
    pub activity: Vec<DayActivity>,
}

impl Today {
    /// `greeting` is what the coach says, if it is to be shown.
    pub fn of(atlas: &Atlas, greeting: Option<String>) -> Result<Self> {
        // The challenge of the day is chosen where it was not yet.
        let challenge = atlas.play().offer_challenge()?;
        let standing = atlas.play().standing()?;
        let earned = standing.achievements.iter();
        Ok(Today {
            day: atlas.profile().now()?.day,
            greeting,
            stats: atlas.tickets().quick_stats()?,
            longest_streak: standing.longest_streak,
            freezes: standing.freezes,
            achievements_earned: earned.filter(|one| one.earned_at.is_some()).count(),
            achievements: standing.achievements.len(),
            challenge,
            open_session: atlas.sessions().open()?,
            left_open: atlas.sessions().left_open()?.is_some(),
            activity: atlas.play().activity(CALENDAR_DAYS)?,
        })
    }
}

pub fn text(today: &Today, width: usize) -> String {
    let date = today.day.strftime("%A, %-d %B %Y").to_string();
    let mut text = format!("{}\n", paint(STRONG, date));
    text += &coach_line(today.greeting.as_deref(), width);
    text.push('\n');
    text += &(row("Today") + &done(&today.stats) + "\n");
    text += &level(&today.stats);
    text += &streak_line(
        today.stats.current_streak,
        today.longest_streak,
        today.freezes,
    );
    let earned = format!("{} of {}", today.achievements_earned, today.achievements);
    text += &(row("Earned") + &earned + " achievements\n");
    text += &challenge_lines(today.challenge.as_ref(), width);
    if let Some(open) = &today.open_session {
        let hint = paint(FAINT, "atlas session status");
        let key = paint(KEY, &open.ticket_key);
        text += &format!("{}session {} on {key}  {hint}\n", row("Open"), open.id);
    }
    if today.left_open {
        text += &session::left_open_line();
    }
    text.push('\n');
    text += &activity::calendar(&today.activity, today.stats.current_streak);
    text += &heading("The last days");
    let from = today.activity.len().saturating_sub(DAYS);
    text + &activity::bars(&today.activity[from..], width)
}

fn done(stats: &QuickStats) -> String {
    match stats.tickets_today {
        0 => format!("nothing tested yet, {} XP", stats.xp_today),
        tickets => format!(
            "{} tested in {}, {} XP",
            count(u64::from(tickets), "ticket"),
            duration(stats.minutes_today),
            stats.xp_today
        ),
    }
}

fn level(stats: &QuickStats) -> String {
    format!(
        "{}{}  {} of {} XP\n",
        row(&format!("Level {}", stats.level)),
        paint(GOOD, progress(stats.xp_current, stats.xp_next, BAR)),
        stats.xp_current,
        stats.xp_next
    )
}

fn streak_line(current: u32, longest: u32, freezes: u32) -> String {
    let days = |n: u32| count(u64::from(n), "day");
    let freezes = match freezes {
        0 => String::new(),
        n => format!(", {} left", count(u64::from(n), "freeze")),
    };
    let beside = format!("  the longest {}{freezes}", days(longest));
    format!(
        "{}{}{}\n",
        row("Streak"),
        days(current),
        paint(FAINT, beside)
    )
}

fn challenge_lines(challenge: Option<&Challenge>, width: usize) -> String {
    let Some(challenge) = challenge else {
        return format!(
            "{}none: no work is left to do, or the database is only read\n",
            row("Challenge")
        );
    };
    let text = wrap(&plain(&challenge.text), width, &row("Challenge"));
    let bar = progress(challenge.progress, challenge.target, BAR);
    let state = match challenge.completed_at {
        Some(_) => format!("completed, +{} XP", challenge.xp),
        None => format!(
            "{} of {}, for {} XP",
            challenge.progress, challenge.target, challenge.xp
        ),
    };
    format!("{text}\n{}{}  {state}\n", row(""), paint(GOOD, bar))
}

/// The challenge alone.
pub fn challenge(challenge: Option<&Challenge>, completed: usize, width: usize) -> String {
    let line = format!("{} completed so far", count(completed as u64, "challenge"));
    challenge_lines(challenge, width) + &format!("{}{}\n", row(""), paint(FAINT, line))
}

/// The streak alone, with the calendar; before it a day that was filled, and the streak until then.
pub fn streak(standing: &Standing, days: &[DayActivity], repaired: Option<(Date, u32)>) -> String {
    let (current, longest) = (standing.current_streak, standing.longest_streak);
    let filled = repaired.map_or_else(String::new, |(day, before)| {
        let came = match current > before {
            true => "The streak goes on over it.",
            false => "The streak is as long as it was.",
        };
        format!("{} is filled. {came}\n\n", day.strftime("%A, %-d %B %Y"))
    });
    filled
        + &streak_line(current, longest, standing.freezes)
        + "\n"
        + &activity::calendar(days, current)
}

pub fn rebuilt(corrected: &[Corrected], rebuilt: &Rebuilt, sessions: usize) -> String {
    let standing = &rebuilt.standing;
    let mut text = match (corrected.is_empty(), rebuilt.rows_written) {
        (true, 0) => "Nothing changed: all that was stored is what the log says.\n".to_owned(),
        (true, rows) => format!(
            "Wrote {} of profile, achievements and challenges from the log: not there before, or \
             with other values.\n",
            count(rows, "row")
        ),
        (false, _) => format!(
            "{} corrected from the log:\n",
            count(corrected.len() as u64, "value")
        ),
    };
    for one in corrected {
        text += &format!("  {:<16} {}  →  {}\n", one.what, one.before, one.after);
    }
    let facts = format!(
        "{}, {} XP, level {}, the longest streak {}",
        count(sessions as u64, "session"),
        standing.xp,
        standing.level,
        count(u64::from(standing.longest_streak), "day")
    );
    text + &format!("{}\n", paint(FAINT, facts))
}
