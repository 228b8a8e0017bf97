//! Days of work as bars and as a calendar of characters.

use atlas_core::domain::DayActivity;
use jiff::civil::{Date, Weekday};

use crate::style::{FAINT, GOOD, STRONG, paint};
use crate::text::{count, duration};

/// How many days the calendar shows: whole weeks up to the present one.
pub const CALENDAR_DAYS: u32 = 35;
/// Columns of the longest bar.
const BAR: usize = 24;
/// Columns of what stands beside a bar at most: day, minutes, XP, outcomes.
const BESIDE: usize = 66;
/// Up to so many days each has a bar of its own, above it each week.
const MOST_BARS: usize = 45;

/// A bar for each day, or each week where that would be too long, and the sums.
pub fn text(days: &[DayActivity], width: usize) -> String {
    let mut text = match days.len() <= MOST_BARS {
        true => bars(days, width),
        false => bars(&weeks(days), width),
    };
    let worked = days.iter().filter(|day| day.sessions > 0).count();
    let sum = sum_of(days);
    let line = format!(
        "{}: {}, {} on {} of {}, {} XP",
        match days.len() {
            1 => "Today".to_owned(),
            n => format!("{n} days"),
        },
        count(u64::from(sum.sessions), "session"),
        duration(sum.minutes),
        worked,
        count(days.len() as u64, "day"),
        sum.xp
    );
    text += &format!("\n{}\n", paint(STRONG, line));
    text
}

/// A line for each day.
pub fn bars(days: &[DayActivity], width: usize) -> String {
    let most = days.iter().map(|day| day.minutes).max().unwrap_or(0);
    let cells = width.saturating_sub(BESIDE).clamp(BAR / 3, BAR);
    let outcomes = width >= BESIDE + BAR / 3;
    days.iter()
        .map(|day| bar(day, most, cells, outcomes))
        .collect()
}

fn bar(day: &DayActivity, most: u32, cells: usize, with_outcomes: bool) -> String {
    let date = day.day.strftime("  %a %e %b  ");
    if day.sessions == 0 {
        return format!("{date}{}\n", paint(FAINT, "·"));
    }
    let length = (day.minutes as usize * cells).div_ceil(most.max(1) as usize);
    let drawn = "█".repeat(length.max(1)) + &" ".repeat(cells - length.clamp(1, cells));
    let outcomes = [
        (day.passed, "passed"),
        (day.failed, "failed"),
        (day.blocked, "blocked"),
    ];
    let outcomes: Vec<String> = outcomes
        .iter()
        .filter(|(n, _)| *n > 0 && with_outcomes)
        .map(|(n, word)| format!("{n} {word}"))
        .collect();
    let outcomes = match outcomes.is_empty() {
        true => String::new(),
        false => "  ".to_owned() + &paint(FAINT, outcomes.join(", ")),
    };
    format!(
        "{date}{}  {:<12} {:>4} XP{outcomes}\n",
        paint(GOOD, drawn),
        duration(day.minutes),
        day.xp,
    )
}

/// The days summed up by week, each under its Monday.
fn weeks(days: &[DayActivity]) -> Vec<DayActivity> {
    let same = |a: &DayActivity, b: &DayActivity| monday(a.day) == monday(b.day);
    days.chunk_by(same)
        .map(|week| DayActivity {
            day: monday(week[0].day),
            ..sum_of(week)
        })
        .collect()
}

fn sum_of(days: &[DayActivity]) -> DayActivity {
    days.iter()
        .fold(DayActivity::default(), |sum, day| DayActivity {
            day: day.day,
            sessions: sum.sessions + day.sessions,
            tickets: sum.tickets + day.tickets,
            minutes: sum.minutes + day.minutes,
            steps: sum.steps + day.steps,
            passed: sum.passed + day.passed,
            failed: sum.failed + day.failed,
            blocked: sum.blocked + day.blocked,
            xp: sum.xp + day.xp,
        })
}

fn monday(day: Date) -> Date {
    let back = i32::from(day.weekday().since(Weekday::Monday));
    day.saturating_sub(jiff::Span::new().days(back))
}

/// The last weeks, a line each. Within the streak, days without a session are marked: a freeze or a
/// repair covers them.
pub fn calendar(days: &[DayActivity], streak: u32) -> String {
    let Some(today) = days.last().map(|day| day.day) else {
        return String::new();
    };
    let covered = covered(days, streak);
    // Whole weeks only, unless that leaves none.
    let whole = days
        .iter()
        .position(|day| day.day.weekday() == Weekday::Monday);
    let shown = &days[whole.unwrap_or(0)..];
    let mut text = format!("  {:<8}", "");
    for name in ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"] {
        text += &format!(" {}", paint(FAINT, name));
    }
    for week in shown.chunk_by(|a, b| monday(a.day) == monday(b.day)) {
        let from = monday(week[0].day);
        text += &format!("\n  {}", paint(FAINT, from.strftime("%e %b  ")));
        // Where there is not one whole week.
        text += &"   ".repeat(week[0].day.weekday().since(Weekday::Monday) as usize);
        for day in week {
            let mark = match day.sessions {
                1.. => paint(GOOD, "■"),
                0 if covered.contains(&day.day) => paint(GOOD, "□"),
                0 if day.day == today => "○".to_owned(),
                0 => paint(FAINT, "·"),
            };
            text += &format!("  {mark}");
        }
    }
    text.push('\n');
    let mut legend = "■ a session".to_owned();
    if !covered.is_empty() {
        legend += "   □ covered by a freeze or a repair";
    }
    if days.last().is_some_and(|day| day.sessions == 0) {
        legend += "   ○ today, still to come";
    }
    text + &format!("  {}\n", paint(FAINT, legend))
}

/// Days without a session between those of the streak.
fn covered(days: &[DayActivity], streak: u32) -> Vec<Date> {
    let worked = |day: &&DayActivity| day.sessions > 0;
    let first = days
        .iter()
        .rev()
        .filter(worked)
        .take(streak as usize)
        .last();
    let last = days.iter().rev().find(worked);
    let (Some(first), Some(last), 1..) = (first, last, streak) else {
        return Vec::new();
    };
    days.iter()
        .filter(|day| day.sessions == 0 && first.day < day.day && day.day < last.day)
        .map(|day| day.day)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From Monday, 5 May 2025.
    fn days(sessions: &[u32]) -> Vec<DayActivity> {
        let first: Date = "2025-05-05".parse().unwrap();
        let dates = first.series(jiff::Span::new().days(1));
        dates
            .zip(sessions)
            .map(|(day, &sessions)| DayActivity {
                day,
                sessions,
                minutes: 30 * sessions,
                passed: sessions,
                ..DayActivity::default()
            })
            .collect()
    }

    fn plain(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    #[test]
    fn a_calendar_has_a_line_a_week_and_marks_what_a_freeze_covered() {
        let text = plain(&calendar(&days(&[0, 1, 1, 0, 1, 0, 0, 1, 0])[0..9], 2));
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "           Mo Tu We Th Fr Sa Su");
        assert_eq!(lines[1], "   5 May    ·  ■  ■  ·  ■  □  □");
        assert_eq!(lines[2], "  12 May    ■  ○");
        assert!(lines[3].contains("freeze"), "{text}");
        assert!(!plain(&calendar(&days(&[1, 0, 1]), 1)).contains('□'));
        assert_eq!(calendar(&[], 3), "");
    }

    #[test]
    fn bars_are_in_proportion_and_many_days_are_weeks() {
        let text = plain(&text(&days(&[0, 1, 2]), 100));
        let length = |line: usize| text.lines().nth(line).unwrap().matches('█').count();
        assert_eq!((length(0), length(1), length(2)), (0, 12, 24), "{text}");
        assert!(
            text.contains("3 sessions, 1 h 30 min on 2 of 3 days"),
            "{text}"
        );
        let many = plain(&super::text(&days(&[1; 70]), 100));
        assert_eq!(many.lines().count(), 12, "{many}");
        assert!(many.contains("7 passed"), "{many}");
    }
}
