//! How the play is told: a line with its time for whatever happens.

use std::path::Path;
use std::time::Duration;

use atlas_core::ModelVersion;
use atlas_core::Result;
use atlas_core::domain::{
    Achievement, Challenge, MyWork, Outcome, Prediction, Question, Scenario, Session,
    SessionResult, Standing, Step, WorkItem,
};
use jiff::civil::Date;

use super::clock::Clock;
use crate::args::day::Day;
use crate::output::{Output, print};
use crate::show::today::Today;
use crate::show::{self, coach_line};
use crate::style::{BAD, FAINT, GOOD, KEY, STRONG, WARN, paint, paint_lines};
use crate::text::{count, duration, plain, wrap};

/// Columns before everything but the time.
const INDENT: usize = 7;
/// Between lines, where it is to be slow.
const PAUSE: Duration = Duration::from_millis(180);

/// Tells, unless the answer is JSON.
pub struct Story {
    output: Output,
    clock: Clock,
    slow: bool,
}

impl Story {
    pub fn new(output: Output, clock: Clock, slow: bool) -> Self {
        Story {
            output,
            clock,
            slow,
        }
    }

    /// Who and what is played.
    pub fn opening(&self, args: &Day) -> Result<()> {
        let days = match args.days {
            1 => "A day".to_owned(),
            days => format!("{days} days"),
        };
        let text = format!(
            "{days} of {}, who tests a case-management system that does not exist. The tickets are \
             the sample's, and what happens at the desk is drawn with seed {}. Predictions, XP, \
             streak, challenge and coach are ATLAS at work.",
            super::ASSIGNEE,
            args.seed
        );
        self.write(&(wrap(&text, self.output.width, "") + "\n"))
    }

    pub fn new_day(&self, day: Date) -> Result<()> {
        let date = day.strftime("%A, %-d %B %Y").to_string();
        let rule = "─".repeat(self.output.width.saturating_sub(date.len() + 4).min(60));
        let line = format!("── {} {}", paint(STRONG, date), paint(FAINT, rule));
        self.write(&format!("\n{line}\n\n"))
    }

    /// A line with the time.
    pub fn tell(&self, text: &str) -> Result<()> {
        let time = self.clock.local()?.strftime("%H:%M").to_string();
        let line = wrap(&plain(text), self.output.width, &format!("{time}  "));
        let line = line.replacen(&time, &paint(FAINT, &time), 1);
        self.write(&(line + "\n"))
    }

    /// Lines below it.
    fn below(&self, text: &str) -> Result<()> {
        let indented = text.lines().map(|line| match line.is_empty() {
            true => "\n".to_owned(),
            false => format!("{:INDENT$}{line}\n", ""),
        });
        self.write(&indented.collect::<String>())
    }

    fn width(&self) -> usize {
        self.output.width.saturating_sub(INDENT)
    }

    pub fn coach(&self, line: Option<&str>) -> Result<()> {
        self.below(&coach_line(line, self.width()))
    }

    pub fn challenge(&self, challenge: Option<&Challenge>) -> Result<()> {
        let Some(challenge) = challenge else {
            return Ok(());
        };
        let line = format!(
            "Today's challenge: {} (+{} XP)",
            plain(&challenge.text),
            challenge.xp
        );
        self.below(&paint_lines(WARN, &wrap(&line, self.width(), "")))
    }

    /// How many tickets, and the first of them.
    pub fn work(&self, work: &MyWork) -> Result<()> {
        let mut text = format!(
            "{} to test, the first of them:\n",
            count(work.count, "ticket")
        );
        for item in &work.tickets {
            let priority = item.priority.as_deref().unwrap_or("–");
            let first = format!("  {:<10} {:<8} ", item.ticket_key.as_str(), plain(priority));
            let line = crate::text::fit(&item.summary, self.width().saturating_sub(first.len()));
            let key = item.ticket_key.as_str();
            text += &format!("{}{line}\n", first.replacen(key, &paint(KEY, key), 1));
        }
        self.below(&text)
    }

    /// The next ticket, and what is predicted for it.
    pub fn ticket(&self, item: &WorkItem, prediction: &Prediction) -> Result<()> {
        self.write("\n")?;
        let key = item.ticket_key.as_str();
        let time = self.clock.local()?.strftime("%H:%M").to_string();
        let first = format!("{time}  {key}  ");
        let line = wrap(&plain(&item.summary), self.output.width, &first);
        let title = line.strip_prefix(&first).unwrap_or(&line);
        let (time, key) = (paint(FAINT, &time), paint(KEY.bold(), key));
        self.write(&format!("{time}  {key}  {}\n", paint_lines(STRONG, title)))?;
        let mut text = String::new();
        for scenario in &prediction.scenarios {
            let figures = format!(
                "  {:>3.0} %  {:>10}  ",
                scenario.confidence,
                duration(scenario.minutes)
            );
            let line = wrap(&plain(&scenario.name), self.width(), &figures);
            text += &line.replacen(&figures, &paint(FAINT, &figures), 1);
            text.push('\n');
        }
        self.below("ATLAS predicts:")?;
        self.below(&text)
    }

    pub fn thought(&self, difficulty: u8, thought: &str) -> Result<()> {
        let line = format!("Notes on it: difficulty {difficulty} of 5, “{thought}”.");
        self.below(&wrap(&line, self.width(), ""))
    }

    pub fn started(&self, session: &Session) -> Result<()> {
        let planned = show::session::plan_line(session);
        self.tell(&format!("Session {} begins. {planned}", session.id))
    }

    pub fn tested(&self, scenario: &Scenario, first: u32, seconds: i64, good: bool) -> Result<()> {
        let (mark, style) = if good { ("✓", GOOD) } else { ("✗", BAD) };
        let last = first + scenario.steps.len() as u32;
        let steps = match last.saturating_sub(first) {
            0 => String::new(),
            1 => format!("step {first}, "),
            _ => format!("steps {first}–{}, ", last - 1),
        };
        let took = duration(u32::try_from((seconds + 30) / 60).unwrap_or(0));
        let line = format!(
            "{mark} {} ({steps}{took}, expected {})",
            plain(&scenario.name),
            duration(scenario.minutes)
        );
        self.mark(&line, mark, style)
    }

    pub fn passed_over(&self, scenario: &Scenario) -> Result<()> {
        let line = format!("– {}: does not belong here", plain(&scenario.name));
        self.mark(&line, "–", FAINT)
    }

    pub fn defect(&self, number: u32, step: &Step) -> Result<()> {
        let action = plain(&step.action);
        let action = action.trim_end_matches('.');
        let expected = step.expected.as_deref().map(plain);
        let expected = expected.map_or_else(String::new, |expected| {
            format!(
                " Expected: {}. It is not so.",
                expected.trim_end_matches('.')
            )
        });
        let line = format!("✗ Step {number}: {action}.{expected}");
        self.mark(&line, "✗", BAD)
    }

    pub fn obstacle(&self, number: u32, obstacle: &str) -> Result<()> {
        self.mark(&format!("! Step {number}: {obstacle}"), "!", WARN)
    }

    fn mark(&self, line: &str, mark: &str, style: anstyle::Style) -> Result<()> {
        let time = self.clock.local()?.strftime("%H:%M").to_string();
        let rest = line.strip_prefix(mark).unwrap_or(line).trim_start();
        let first = format!("{time}    {mark} ");
        let line = wrap(rest, self.output.width, &first);
        let line = line.replacen(&time, &paint(FAINT, &time), 1);
        self.write(&(line.replacen(mark, &paint(style, mark), 1) + "\n"))
    }

    pub fn pause(&self, why: &str) -> Result<()> {
        self.tell(&format!("{why} The session is paused."))
    }

    pub fn resumed(&self, minutes: i64) -> Result<()> {
        self.tell(&format!("Back after {minutes} min."))
    }

    pub fn found_open(&self, session: &Session) -> Result<()> {
        let line = format!(
            "Session {} was left open. It goes on, and the {} count as a break.",
            session.id,
            duration(session.break_minutes())
        );
        self.tell(&line)
    }

    pub fn ended(&self, result: &SessionResult, standing: &Standing) -> Result<()> {
        let said = match result.outcome {
            Outcome::Passed => "Passed",
            Outcome::Failed => "Failed: a defect was found",
            Outcome::Blocked => "Blocked",
        };
        let breaks = match result.break_minutes {
            0 => String::new(),
            minutes => format!(", {} of breaks left out", duration(minutes)),
        };
        self.tell(&format!(
            "{said}. {} of work{breaks}; {} done.",
            duration(result.duration_minutes),
            count(u64::from(result.steps_completed), "step")
        ))?;
        self.coach(result.coach.as_deref())?;
        self.below(&show::session_end::earned(result, standing, self.width()))
    }

    /// A level that was reached beside sessions.
    pub fn level(&self, level: u32) -> Result<()> {
        self.below(&paint(WARN, format!("Level {level}!")))
    }

    /// What was earned beside sessions.
    pub fn earned(&self, one: &Achievement) -> Result<()> {
        let line = format!(
            "Earned: {} {}: {} (+{} XP)",
            plain(&one.icon),
            plain(&one.name),
            plain(&one.description),
            one.xp
        );
        self.below(&paint_lines(GOOD, &wrap(&line, self.width(), "")))
    }

    pub fn judged(&self, right: u64, wrong: u64) -> Result<()> {
        if right + wrong == 0 {
            return Ok(());
        }
        let said = match (right, wrong) {
            (right, 0) => format!("{} right", count(right, "scenario")),
            (0, wrong) => format!("{} wrong", count(wrong, "scenario")),
            (right, wrong) => format!("{} right, {wrong} wrong", count(right, "scenario")),
        };
        self.tell(&format!("Feedback: {said} for this ticket."))
    }

    pub fn answered(&self, question: &Question, right: bool) -> Result<()> {
        let said = if right { "yes" } else { "no" };
        let line = format!(
            "{}: {}? {said}",
            question.ticket_key,
            plain(&question.scenario_name)
        );
        self.below(&wrap(&line, self.width(), "  "))
    }

    pub fn noted(&self, item: &WorkItem, difficulty: u8) -> Result<()> {
        let key = &item.ticket_key;
        self.tell(&format!("Looks at {key}: difficulty {difficulty} of 5."))
    }

    /// The challenge in the evening.
    pub fn standing_of(&self, challenge: Option<&Challenge>) -> Result<()> {
        let Some(challenge) = challenge else {
            return Ok(());
        };
        let state = match challenge.completed_at {
            Some(_) => format!("done, +{} XP", challenge.xp),
            None => format!("{} of {}, not today", challenge.progress, challenge.target),
        };
        self.tell(&format!(
            "The challenge, {}: {state}.",
            plain(&challenge.text)
        ))
    }

    pub fn learned(&self, new: u64, learned: Option<&ModelVersion>) -> Result<()> {
        let Some(learned) = learned else {
            return Ok(());
        };
        self.tell(&format!(
            "ATLAS learns from {}: version {}.",
            count(new, "new result"),
            learned.version
        ))
    }

    pub fn summary(&self, today: &Today) -> Result<()> {
        self.write(&format!("\n{}\n", paint(FAINT, "$ atlas today")))?;
        self.write(&show::today::text(today, self.output.width))
    }

    pub fn ending(&self, keep: Option<&Path>, seed: u64) -> Result<()> {
        let hint = match keep {
            Some(file) => {
                let file = show::quoted(file);
                format!(
                    "Look around: {}",
                    paint(KEY, format!("atlas --db {file} session list"))
                )
            }
            None => format!(
                "Another day: {}",
                paint(KEY, format!("atlas day --simulate --seed {}", seed + 1))
            ),
        };
        self.write(&format!("\n{hint}\n"))
    }

    fn write(&self, text: &str) -> Result<()> {
        if self.output.json || text.is_empty() {
            return Ok(());
        }
        if !self.slow {
            return print(text);
        }
        for line in text.split_inclusive('\n') {
            print(line)?;
            std::thread::sleep(PAUSE);
        }
        Ok(())
    }
}
