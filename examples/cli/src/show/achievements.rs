//! What can be earned, as text.

use atlas_core::domain::{Achievement, AchievementType};

use super::heading;
use crate::style::{FAINT, GOOD, STRONG, paint};
use crate::text::{fit, plain, progress};

/// Columns of a bar and of a name.
const BAR: usize = 10;
const NAME: usize = 26;

/// `all` of `count`, by their types in the order of the catalogue.
pub fn text(all: &[Achievement], count: usize, width: usize) -> String {
    let earned = all.iter().filter(|one| one.earned_at.is_some()).count();
    let mut text = format!("{}\n", paint(STRONG, format!("{earned} of {count} earned")));
    for kind in AchievementType::ALL {
        let mut of_kind = all
            .iter()
            .filter(|one| one.achievement_type == kind)
            .peekable();
        if of_kind.peek().is_some() {
            text += &heading(name(kind));
            text += &of_kind.map(|one| line(one, width)).collect::<String>();
        }
    }
    text
}

fn name(kind: AchievementType) -> &'static str {
    match kind {
        AchievementType::Milestone => "Milestones",
        AchievementType::Streak => "Streaks",
        AchievementType::Mastery => "Mastery",
        AchievementType::Discovery => "Discoveries",
    }
}

/// Bar, name, how far it is and what it is given for. The icon is the last but one, because
/// terminals do not agree on how wide it is.
fn line(one: &Achievement, width: usize) -> String {
    let bar = progress(one.progress, one.target, BAR);
    let name = format!("{:<NAME$}", fit(&one.name, NAME));
    let far = format!("{:>6} of {:<6}", one.progress, one.target);
    let room = width.saturating_sub(BAR + NAME + 32).max(12);
    let what = fit(&one.description, room);
    let beside = format!("{:>4} XP  {what}", one.xp);
    match one.earned_at {
        Some(at) => format!(
            "  {}  {}  {:<16}{beside}  {}\n",
            paint(GOOD, bar),
            paint(STRONG, name),
            at.strftime("%Y-%m-%d"),
            plain(&one.icon)
        ),
        None => format!("  {bar}  {name}  {far}{}\n", paint(FAINT, beside)),
    }
}
