//! The tester's profile and settings, as text.

use atlas_core::domain::{Profile, UserSettings};

use crate::style::{FAINT, STRONG, paint};
use crate::text::{count, plain};

pub fn profile(profile: &Profile) -> String {
    let mut text = format!("{}\n", paint(STRONG, plain(&profile.username)));
    text += &line("email", profile.email.as_deref().unwrap_or("none"));
    text += &line("coach", profile.coach_personality.as_str());
    text += &line("theme", profile.theme.as_str());
    text += &line(
        "level",
        &format!("{}, {} XP", profile.xp_level, profile.xp_total),
    );
    let days = |n: u32| count(u64::from(n), "day");
    let now = days(profile.current_streak);
    text + &line(
        "streak",
        &format!("{now}, the longest {}", days(profile.longest_streak)),
    )
}

pub fn settings(settings: &UserSettings) -> String {
    let mut text = line("day starts at", &format!("{}:00", settings.day_start));
    text += &line(
        "time zone",
        settings.time_zone.as_deref().unwrap_or("the system's"),
    );
    text += &line(
        "my tickets",
        settings.assignee.as_deref().unwrap_or("nobody's"),
    );
    for (predictor, weight) in &settings.weights {
        text += &line("weight", &format!("{predictor} {weight}"));
    }
    text
}

fn line(name: &str, value: &str) -> String {
    format!(
        "  {} {}\n",
        paint(FAINT, format!("{name:<13}")),
        plain(value)
    )
}
