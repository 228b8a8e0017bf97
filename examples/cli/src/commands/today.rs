//! The tester's day and what it earned.

use atlas_core::domain::{Profile, SessionSummary};
use atlas_core::{Atlas, Result};
use serde::Serialize;
use serde_json::json;

use crate::args::day as args;
use crate::output::Output;
use crate::show::{self, today::Today};

/// The most sessions that one call lists.
const PAGE: usize = 1_000;

pub fn today(atlas: &Atlas, output: Output) -> Result<()> {
    let greeting = atlas.play().greeting()?;
    let today = Today::of(atlas, greeting)?;
    output.answer(&today, |width| show::today::text(&today, width))
}

pub fn activity(atlas: &Atlas, args: &args::Activity, output: Output) -> Result<()> {
    let days = atlas.play().activity(args.days)?;
    output.answer(&json!({"days": days}), |width| {
        show::activity::text(&days, width)
    })
}

pub fn achievements(atlas: &Atlas, args: &args::Achievements, output: Output) -> Result<()> {
    let mut all = atlas.play().standing()?.achievements;
    let count = all.len();
    if args.earned {
        all.retain(|one| one.earned_at.is_some());
    }
    output.answer(&json!({"achievements": all}), |width| {
        show::achievements::text(&all, count, width)
    })
}

pub fn challenge(atlas: &Atlas, output: Output) -> Result<()> {
    let challenge = atlas.play().offer_challenge()?;
    let completed = atlas.play().standing()?.challenges;
    let completed = completed.iter().filter(|one| one.completed_at.is_some());
    let completed = completed.count();
    let value = json!({"challenge": challenge, "completed": completed});
    output.answer(&value, |width| {
        show::today::challenge(challenge.as_ref(), completed, width)
    })
}

pub fn streak(atlas: &Atlas, args: &args::Streak, output: Output) -> Result<()> {
    let repaired = match &args.command {
        Some(args::StreakCommand::Repair(repair)) => {
            let before = atlas.play().standing()?.current_streak;
            atlas.play().repair_streak(repair.day)?;
            Some((repair.day, before))
        }
        None => None,
    };
    let standing = atlas.play().standing()?;
    let days = atlas.play().activity(show::activity::CALENDAR_DAYS)?;
    let value = json!({
        "repaired": repaired.map(|(day, _)| day),
        "current_streak": standing.current_streak, "longest_streak": standing.longest_streak,
        "freezes": standing.freezes, "last_session_day": standing.last_session_day
    });
    output.answer(&value, |_| show::today::streak(&standing, &days, repaired))
}

/// Something that a rebuild corrected.
#[derive(Debug, Serialize)]
pub struct Corrected {
    pub what: String,
    pub before: String,
    pub after: String,
}

/// Compares what the tables said with what the log says.
pub fn rebuild(atlas: &Atlas, output: Output) -> Result<()> {
    let before = (atlas.profile().get()?, sessions(atlas)?);
    let rebuilt = atlas.play().rebuild()?;
    let after = (atlas.profile().get()?, sessions(atlas)?);
    let mut corrected = of_profile(&before.0, &after.0);
    for is in &after.1 {
        let was = before.1.iter().find(|was| was.id == is.id);
        let Some(was) = was.filter(|was| *was != is) else {
            continue;
        };
        corrected.push(Corrected {
            what: format!("session {}", is.id),
            before: show::session::in_short(was),
            after: show::session::in_short(is),
        });
    }
    let value = json!({
        "corrected": corrected, "rows_written": rebuilt.rows_written, "standing": rebuilt.standing
    });
    output.answer(&value, |_| {
        show::today::rebuilt(&corrected, &rebuilt, after.1.len())
    })
}

/// All of them, newest first.
fn sessions(atlas: &Atlas) -> Result<Vec<SessionSummary>> {
    let mut all = Vec::new();
    loop {
        let page = atlas.sessions().list(PAGE, all.len())?;
        let last = page.len() < PAGE;
        all.extend(page);
        if last {
            return Ok(all);
        }
    }
}

/// The current streak is left out: it is the log's and today's.
fn of_profile(was: &Profile, is: &Profile) -> Vec<Corrected> {
    [
        ("XP", was.xp_total, is.xp_total),
        ("level", was.xp_level, is.xp_level),
        ("longest streak", was.longest_streak, is.longest_streak),
    ]
    .into_iter()
    .filter(|(_, was, is)| was != is)
    .map(|(what, was, is)| Corrected {
        what: what.to_owned(),
        before: was.to_string(),
        after: is.to_string(),
    })
    .collect()
}
