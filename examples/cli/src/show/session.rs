//! Testing sessions as text.

use atlas_core::domain::{Event, EventKind, Outcome, Session, SessionStatus, SessionSummary};
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

use super::table::{Rows, cell, faint, key};
use super::{coach_line, heading};
use crate::commands::session::{Shown, ShownScenario, ShownStep};
use crate::style::{BAD, FAINT, GOOD, KEY, STRONG, WARN, paint, paint_lines};
use crate::text::{count, duration, plain, progress, wrap};

/// Columns of the bar of steps.
const BAR: usize = 20;

pub fn none() -> String {
    format!(
        "No session is open. {} begins one.\n",
        paint(KEY, "atlas session start KEY")
    )
}

pub fn started(summary: &str, shown: &Shown, coach: Option<&str>, width: usize) -> String {
    let mut text = header(Some(summary), &shown.session, width);
    let planned = plan_line(&shown.session);
    text += &format!("Session {} has begun. {planned}\n", shown.session.id);
    text += &coach_line(coach, width);
    text += &plan(shown, width);
    match shown.session.plan.is_empty() {
        true => text,
        false => {
            let hint = "Tick a step off: atlas session step 1";
            text + &format!("\n{}\n", paint(FAINT, hint))
        }
    }
}

/// `Planned: 3 scenarios, 14 steps, 2 h 5 min.`
pub fn plan_line(session: &Session) -> String {
    let Some(steps) = session.steps_total() else {
        return "There is no plan: number steps as you like.".to_owned();
    };
    format!(
        "Planned: {}, {}, {}.",
        count(session.plan.len() as u64, "scenario"),
        count(u64::from(steps), "step"),
        duration(planned_minutes(session))
    )
}

fn planned_minutes(session: &Session) -> u32 {
    let minutes = session.plan.iter().filter_map(|one| one.estimated_minutes);
    minutes.sum()
}

fn header(summary: Option<&str>, session: &Session, width: usize) -> String {
    let key = session.ticket_key.as_str();
    let first = format!("{key}  ");
    let title = wrap(&plain(summary.unwrap_or_default()), width, &first);
    let title = title.strip_prefix(key).unwrap_or(&title).trim_start();
    format!(
        "{}  {}\n",
        paint(KEY.bold(), key),
        paint_lines(STRONG, title)
    )
}

/// Plan, steps, timer, breaks, notes.
pub fn status(summary: Option<&str>, shown: &Shown, width: usize) -> String {
    let session = &shown.session;
    let mut text = header(summary, session, width);
    text += &(wrap(&facts(shown), width, "") + "\n");
    text += &steps_line(session);
    if shown.left_open {
        text += &left_open(session, &shown.zone, width);
    }
    text += &plan(shown, width);
    if !session.notes.is_empty() {
        text += &heading("Notes");
        for note in &session.notes {
            text += &(wrap(&plain(note), width, "  • ") + "\n");
        }
    }
    text
}

/// `Session 3 · active since 09:12 · 42 min of 1 h 5 min planned · 1 break, 8 min`.
fn facts(shown: &Shown) -> String {
    let session = &shown.session;
    let began = clock(session.started_at, &shown.zone);
    let state = match (session.status, session.outcome) {
        (SessionStatus::Active, _) => format!("active since {began}"),
        (SessionStatus::Paused, _) => format!("in a break, begun {began}"),
        (SessionStatus::Completed, Some(outcome)) => format!("{}, begun {began}", outcome.as_str()),
        (status, _) => format!("{}, begun {began}", status.as_str()),
    };
    let planned = match planned_minutes(session) {
        0 => String::new(),
        minutes => format!(" of {} planned", duration(minutes)),
    };
    let worked = format!("{}{planned}", duration(minutes(shown.work_seconds)));
    let breaks = (session.breaks > 0).then(|| {
        let breaks = count(u64::from(session.breaks), "break");
        format!("{breaks}, {}", duration(minutes(shown.break_seconds)))
    });
    let all = [format!("Session {}", session.id), state, worked];
    all.into_iter()
        .chain(breaks)
        .collect::<Vec<_>>()
        .join(" · ")
}

fn steps_line(session: &Session) -> String {
    let done = session.steps_done.len();
    match session.steps_total() {
        None | Some(0) if done == 0 => String::new(),
        None | Some(0) => format!("{} done\n", count(done as u64, "step")),
        Some(total) => {
            let done = u32::try_from(done).unwrap_or(total);
            format!(
                "{}  {done} of {} done\n",
                paint(GOOD, progress(done, total, BAR)),
                count(u64::from(total), "step")
            )
        }
    }
}

/// What can be done with a session that was not heard of for long.
fn left_open(session: &Session, zone: &TimeZone, width: usize) -> String {
    let line = format!(
        "Last heard of at {}. If you were away: `atlas session resume` makes the time since then a \
         break, `atlas session close passed` (or failed, or blocked) ends the session as of then, \
         `atlas session cancel` gives it up. If you were at it, just go on.",
        clock(session.last_alive, zone)
    );
    format!("{}\n", paint_lines(WARN, &wrap(&line, width, "")))
}

/// The same in short, for lists.
pub fn left_open_line() -> String {
    let line =
        "A session was not heard of for a while: `atlas session status` says what can be done.";
    format!("\n{}\n", paint(WARN, line))
}

fn plan(shown: &Shown, width: usize) -> String {
    let scenarios = shown.scenarios.iter().enumerate();
    scenarios
        .map(|(place, one)| scenario(place + 1, one, width))
        .collect()
}

fn scenario(place: usize, scenario: &ShownScenario, width: usize) -> String {
    let number = format!("{place:>2}. ");
    let name = wrap(&plain(&scenario.name), width.saturating_sub(10), &number);
    let name = name.strip_prefix(&number).unwrap_or(&name);
    let estimate = scenario
        .estimated_minutes
        .map_or_else(String::new, |minutes| {
            format!("  {}", paint(FAINT, duration(minutes)))
        });
    let mut text = format!("\n{number}{}{estimate}\n", paint_lines(STRONG, name));
    for one in &scenario.steps {
        text += &step(one, width);
    }
    if scenario.steps.is_empty() {
        text += &format!("    {}\n", paint(FAINT, "no steps are known"));
    }
    text
}

/// A step, ticked where it is done; what is to be seen stands below it until then.
fn step(step: &ShownStep, width: usize) -> String {
    let action = step.action.as_deref().map_or_else(String::new, plain);
    let first = format!("    {} {:>2}. ", mark(step.done), step.number);
    let line = wrap(&action, width, &first);
    if step.done {
        let line = line.replacen(mark(true), &paint(GOOD, mark(true)), 1);
        return line.trim_end().to_owned() + "\n";
    }
    let mut text = line.trim_end().to_owned() + "\n";
    if let Some(expected) = &step.expected {
        let line = wrap(&plain(expected), width, "          → ");
        text += &format!("{}\n", paint_lines(FAINT, &line));
    }
    text
}

fn mark(done: bool) -> &'static str {
    match done {
        true => "✓",
        false => "·",
    }
}

/// What a change of the session's state came to.
pub fn changed(shown: &Shown) -> String {
    let session = &shown.session;
    let what = match session.status {
        SessionStatus::Paused => "A break. `atlas session resume` ends it",
        SessionStatus::Cancelled => "Given up; it counts for nothing",
        _ => "Back at work",
    };
    format!("{what}.\n{}\n", paint(FAINT, facts(shown)))
}

/// The steps that were named, in words, and how far the plan is.
pub fn stepped(shown: &Shown, numbers: &[u32], width: usize) -> String {
    let steps = shown.scenarios.iter().flat_map(|one| &one.steps);
    let mut text: String = steps
        .filter(|one| numbers.contains(&one.number))
        .map(|one| step(one, width))
        .collect();
    text += &steps_line(&shown.session);
    text + &format!("{}\n", paint(FAINT, facts(shown)))
}

pub fn noted(session: &Session) -> String {
    let notes = count(session.notes.len() as u64, "note");
    format!("Noted. Session {} has {notes}.\n", session.id)
}

pub fn list(sessions: &[SessionSummary], zone: &TimeZone, width: usize) -> String {
    if sessions.is_empty() {
        return "There is no session yet.\n".to_owned();
    }
    let header = ["id", "begun", "ticket", "", "work", "steps", "title"];
    let mut table = Rows::new(&header, width).numbers(0..1);
    for session in sessions {
        let begun = session.started_at.map(|at| {
            let local = at.to_zoned(zone.clone());
            local.strftime("%Y-%m-%d %H:%M").to_string()
        });
        table.add(vec![
            cell(&session.id.to_string()),
            faint(&begun.unwrap_or_default()),
            key(session.ticket_key.as_str()),
            cell(state(session)),
            cell(&duration(session.minutes)),
            cell(&steps_of(session)),
            cell(&session.summary),
        ]);
    }
    table.text()
}

fn state(session: &SessionSummary) -> &'static str {
    match session.outcome {
        Some(outcome) => outcome.as_str(),
        None => session.status.as_str(),
    }
}

fn steps_of(session: &SessionSummary) -> String {
    match session.steps_total {
        Some(total) => format!("{} of {total}", session.steps_completed),
        None => session.steps_completed.to_string(),
    }
}

/// `passed, 42 min, 12 of 14 steps`.
pub fn in_short(session: &SessionSummary) -> String {
    format!(
        "{}, {}, {} steps",
        state(session),
        duration(session.minutes),
        steps_of(session)
    )
}

/// Everything that happened, by the clock of then.
pub fn timeline(events: &[Event], width: usize) -> String {
    let mut text = heading("What happened");
    for event in events {
        let Some(what) = happened(&event.kind) else {
            continue;
        };
        let offset = Offset::from_seconds(event.moment.offset_seconds).unwrap_or(Offset::UTC);
        let at = offset.to_datetime(event.moment.at).strftime("  %H:%M  ");
        let line = wrap(&plain(&what), width, &at.to_string());
        text += &(line + "\n");
    }
    text
}

fn happened(kind: &EventKind) -> Option<String> {
    Some(match kind {
        EventKind::SessionStarted { .. } => "begun".to_owned(),
        EventKind::StepDone { step } => format!("step {step} done"),
        EventKind::StepUndone { step } => format!("step {step} taken back"),
        EventKind::Paused => "break".to_owned(),
        EventKind::Resumed => "back at work".to_owned(),
        EventKind::SessionNoted { text } => format!("note: {text}"),
        EventKind::Ended { outcome } => outcome.as_str().to_owned(),
        EventKind::Cancelled => "given up".to_owned(),
        _ => return None,
    })
}

/// An outcome in its colour.
pub fn outcome(outcome: Outcome) -> String {
    let style = match outcome {
        Outcome::Passed => GOOD,
        Outcome::Failed => BAD,
        Outcome::Blocked => WARN,
    };
    paint(style, outcome.as_str())
}

fn clock(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%a %H:%M").to_string()
}

fn minutes(seconds: i64) -> u32 {
    u32::try_from((seconds + 30) / 60).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use atlas_core::domain::{PlannedScenario, TicketKey};

    use super::*;

    fn shown(left_open: bool) -> Shown {
        let at = |minutes: i64| Timestamp::from_second(60 * minutes).unwrap();
        let session = Session {
            id: 3,
            ticket_id: 1,
            ticket_key: TicketKey::parse("WRKA-7").unwrap(),
            components: Vec::new(),
            started_at: at(540),
            ended_at: None,
            status: SessionStatus::Active,
            outcome: None,
            work_seconds: 600,
            breaks: 1,
            break_seconds: 300,
            plan: vec![PlannedScenario {
                name: "Export is complete".to_owned(),
                prediction_id: Some(1),
                pattern_id: None,
                steps: 2,
                test_steps: Vec::new(),
                estimated_minutes: Some(20),
            }],
            steps_done: vec![1],
            notes: vec!["page 2 loads\u{1b}[2J twice".to_owned()],
            last_alive: at(555),
        };
        let step = |number, action: Option<&str>| ShownStep {
            number,
            action: action.map(str::to_owned),
            expected: Some("The file has a header".to_owned()),
            done: number == 1,
        };
        Shown {
            scenarios: vec![ShownScenario {
                name: "Export is complete".to_owned(),
                estimated_minutes: Some(20),
                steps: vec![step(1, Some("Open the export")), step(2, None)],
            }],
            work_seconds: 4_200,
            break_seconds: 300,
            left_open,
            zone: TimeZone::UTC,
            session,
        }
    }

    fn plain_status(left_open: bool) -> String {
        let text = status(Some("Export"), &shown(left_open), 90);
        anstream::adapter::strip_str(&text).to_string()
    }

    #[test]
    fn a_status_ticks_steps_off_and_names_those_it_can() {
        let text = plain_status(false);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "WRKA-7  Export");
        let facts =
            "Session 3 · active since Thu 09:00 · 1 h 10 min of 20 min planned · 1 break, 5 min";
        assert_eq!(lines[1], facts);
        assert!(text.contains("██████████░░░░░░░░░░  1 of 2 steps done"));
        assert!(
            text.contains("    ✓  1. Open the export\n    ·  2.\n"),
            "{text}"
        );
        assert_eq!(text.matches("→ The file has a header").count(), 1);
        assert!(text.contains("• page 2 loads[2J twice"));
        assert!(!text.contains("Last heard of"));
    }

    #[test]
    fn one_that_was_left_open_says_what_can_be_done() {
        let text = plain_status(true);
        assert!(text.contains("Last heard of at Thu 09:15."), "{text}");
        for can in ["session resume", "session close passed", "session cancel"] {
            assert!(text.contains(can), "{can}\n{text}");
        }
        assert!(
            text.lines().all(|line| line.chars().count() <= 90),
            "{text}"
        );
    }
}
