//! What can be earned, as text.

use atlas_core::domain::{Achievement, AchievementType};

use super::heading;
use crate::style::{FAINT, GOOD, STRONG, paint, paint_lines};
use crate::text::{fit, plain, progress, wrap};

/// Columns of a bar and of a name.
const BAR: usize = 10;
const NAME: usize = 22;
/// From this width on, what it is given for stands beside it, else below.
const BESIDE: usize = 96;

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

/// Bar, name, how far it is, what it gives and is given for; what was earned has its icon too, at
/// the end, because terminals do not agree on how wide that is.
fn line(one: &Achievement, width: usize) -> String {
    let bar = progress(one.progress, one.target, BAR);
    let name = format!("{:<NAME$}", fit(&one.name, NAME));
    let (far, icon) = match one.earned_at {
        Some(at) => (at.strftime("%Y-%m-%d").to_string(), plain(&one.icon)),
        None => (
            format!("{:>5} of {:<5}", one.progress, one.target),
            String::new(),
        ),
    };
    let first = format!("  {bar}  {name}  {far:<14} {:>3} XP", one.xp);
    let what = format!("{} {icon}", plain(&one.description));
    let line = match width < BESIDE {
        true => first + "\n" + &wrap(what.trim_end(), width, "    "),
        false => wrap(what.trim_end(), width, &(first + "  ")),
    };
    let shown = match one.earned_at {
        Some(_) => {
            line.replacen(&bar, &paint(GOOD, &bar), 1)
                .replacen(&name, &paint(STRONG, &name), 1)
        }
        None => paint_lines(FAINT, &line),
    };
    shown + "\n"
}
