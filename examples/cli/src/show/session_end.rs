//! What the end of a session gave, as text.

use atlas_core::domain::{Achievement, SessionResult, Standing};

use super::{coach_line, session};
use crate::style::{FAINT, GOOD, KEY, STRONG, WARN, paint};
use crate::text::{count, duration, plain, progress, wrap};

/// Columns of bars.
const BAR: usize = 20;

pub fn text(result: &SessionResult, standing: &Standing, width: usize) -> String {
    let mut text = format!(
        "{}  {} after {}{}, {}\n",
        paint(KEY.bold(), &result.ticket_key),
        session::outcome(result.outcome),
        duration(result.duration_minutes),
        breaks(result.break_minutes),
        count(u64::from(result.steps_completed), "step"),
    );
    text += &coach_line(result.coach.as_deref(), width);
    text += &earned(result, standing, width);
    text
}

/// XP with its parts, level, streak, achievements, challenge.
pub fn earned(result: &SessionResult, standing: &Standing, width: usize) -> String {
    if result.xp_earned == 0 {
        let line = "It counts for nothing: it was shorter than a minute, and no step was done.";
        return format!("{}\n", paint(FAINT, wrap(line, width, "")));
    }
    let mut text = xp(result, width) + &level(result, standing) + &streak(result);
    for one in &result.achievements {
        text += &achievement(one, width);
    }
    text + &challenge(result, width)
}

fn breaks(minutes: u32) -> String {
    match minutes {
        0 => String::new(),
        minutes => format!(" and {} of breaks", duration(minutes)),
    }
}

/// `+39 XP  session 10 + 14 steps 14 + …`.
fn xp(result: &SessionResult, width: usize) -> String {
    let parts = result.xp_parts.iter();
    let parts: Vec<String> = parts
        .map(|part| format!("{} {}", plain(&part.label), part.xp))
        .collect();
    let sum = format!("+{} XP", result.xp_total);
    let line = wrap(&parts.join(" + "), width, &row(&sum));
    line.replacen(&sum, &paint(GOOD.bold(), &sum), 1) + "\n"
}

fn level(result: &SessionResult, standing: &Standing) -> String {
    let missing = standing.xp_to_next.saturating_sub(standing.xp_in_level);
    let bar = progress(standing.xp_in_level, standing.xp_to_next, BAR);
    let reached = match result.level > result.level_before {
        true => {
            let levels = format!("{} → {}", result.level_before, result.level);
            row("Level up") + &paint(WARN.bold(), levels) + "\n"
        }
        false => String::new(),
    };
    let name = row(&format!("Level {}", result.level));
    format!(
        "{reached}{name}{bar}  {missing} XP to level {}\n",
        result.level + 1
    )
}

fn streak(result: &SessionResult) -> String {
    let days = count(u64::from(result.current_streak), "day");
    let beside = match (result.first_of_day, result.current_streak) {
        (true, 1) => "  the first of a new one".to_owned(),
        (false, 1) => String::new(),
        (_, now) if now == result.longest_streak => "  your longest".to_owned(),
        _ => format!("  the longest {}", result.longest_streak),
    };
    format!("{}{days}{}\n", row("Streak"), paint(FAINT, beside))
}

fn achievement(one: &Achievement, width: usize) -> String {
    let first = row("Earned");
    let said = format!("{} {}", plain(&one.icon), plain(&one.name));
    let line = wrap(
        &format!("{said}: {} (+{} XP)", plain(&one.description), one.xp),
        width,
        &first,
    );
    line.replacen(&said, &paint(STRONG, &said), 1) + "\n"
}

fn challenge(result: &SessionResult, width: usize) -> String {
    let Some(challenge) = &result.challenge else {
        return String::new();
    };
    let state = match (result.challenge_completed, challenge.completed_at) {
        (true, _) => format!("completed, +{} XP", challenge.xp),
        (false, Some(_)) => "completed earlier today".to_owned(),
        (false, None) => format!("{} of {}", challenge.progress, challenge.target),
    };
    let line = wrap(
        &format!("{}: {state}", plain(&challenge.text)),
        width,
        &row("Challenge"),
    );
    match result.challenge_completed {
        true => line.replacen(&state, &paint(GOOD, &state), 1) + "\n",
        false => line + "\n",
    }
}

/// The name of a line, in the column that all of them share.
pub fn row(name: &str) -> String {
    format!("  {name:<11}")
}
