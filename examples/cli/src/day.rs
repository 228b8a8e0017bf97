//! `atlas day --simulate`: a tester's days on the sample, played with the library as it is.
//!
//! Only what the tester does is drawn, from a seed. What ATLAS predicts, counts, says and learns is
//! computed as always, by a clock that the play sets.
//!
//! `tester.rs` draws what is done from a seed, `clock.rs` is the clock that the library gets,
//! `story.rs` prints. ATLAS learns in the evening here and not in the background, so that the same
//! seed gives the same text.

mod clock;
mod session;
mod story;
mod tester;

use std::collections::HashSet;
use std::path::Path;

use atlas_core::domain::{
    Challenge, ChallengeGoal, Feedback, FeedbackTarget, ProfileChange, SessionResult, UserSettings,
    WorkFilter, WorkItem, silent,
};
use atlas_core::{Atlas, Result};
use jiff::ToSpan;
use jiff::civil::{Date, date, time};
use serde::Serialize;
use serde_json::json;

use crate::args;
use crate::commands::absent;
use crate::output::Output;
use crate::progress::Bar;
use crate::sample;
use crate::show::today::Today;
use clock::Clock;
use story::Story;
use tester::Tester;

/// The tester, as the sample's tickets name her.
const ASSIGNEE: &str = "Kayla Gilbert";
const NAME: &str = "Kayla";
/// A Monday soon after the sample's last change.
const FIRST_DAY: Date = date(2025, 12, 1);
const ZONE: &str = "America/New_York";
/// No session is begun later.
const LAST_START: jiff::civil::Time = time(15, 30, 0, 0);
/// Tickets that are named in the morning.
const NAMED: usize = 4;
/// The most questions that are answered on a day that has no challenge about them.
const QUESTIONS: usize = 2;

/// Plays the days, in a database in memory or in a new file.
pub fn run(keep: Option<&Path>, args: &args::day::Day, output: Output) -> Result<()> {
    if let Some(file) = keep {
        let expected = "a new file, because the simulation fills a database of its own";
        absent("--db", file, expected)?;
    }
    let clock = Clock::default();
    clock.set(FIRST_DAY, time(7, 30, 0, 0))?;
    // Learning in the background would end at another time with every run.
    let builder = Atlas::builder().retrain_after(None);
    let shown = clock.clone();
    let builder = builder.clock(move || shown.now());
    let atlas = match keep {
        Some(file) => builder.open(file)?,
        None => builder.open_in_memory()?,
    };
    let story = Story::new(output, clock.clone(), args.slow);
    story.opening(args)?;
    prepare(&atlas, args, output)?;
    let mut play = Play {
        atlas: &atlas,
        story: &story,
        clock,
        tester: Tester::new(args.seed),
        level: 1,
        earned: HashSet::new(),
    };
    let mut days = Vec::new();
    for number in 0..args.days {
        let day = FIRST_DAY.saturating_add(i64::from(number).days());
        days.push(play.day(day)?);
    }
    story.ending(keep, args.seed)?;
    let value = json!({"database": keep, "seed": args.seed, "days": days});
    match output.json {
        true => output.answer(&value, |_| String::new()),
        false => Ok(()),
    }
}

/// Imports the sample, learns from its history and says who tests.
fn prepare(atlas: &Atlas, args: &args::day::Day, output: Output) -> Result<()> {
    let folder = sample::folder()?;
    sample::load(atlas, folder.path(), output)?;
    let bar = Bar::waiting(output.json, "learning");
    atlas.learning().retrain(&mut silent)?;
    drop(bar);
    atlas.profile().update(&ProfileChange {
        username: Some(NAME.to_owned()),
        coach_personality: Some(args.personality),
        ..ProfileChange::default()
    })?;
    atlas.profile().set_settings(&UserSettings {
        time_zone: Some(ZONE.to_owned()),
        assignee: Some(ASSIGNEE.to_owned()),
        ..UserSettings::default()
    })
}

/// What came of a day.
#[derive(Debug, Serialize)]
struct Played {
    sessions: Vec<SessionResult>,
    /// As `atlas today` says it in the evening.
    today: Today,
}

/// The library, the tester, and who tells of them.
struct Play<'a> {
    atlas: &'a Atlas,
    story: &'a Story,
    clock: Clock,
    tester: Tester,
    /// The level that the story has told of.
    level: u32,
    /// Keys of achievements that the story has told of.
    earned: HashSet<String>,
}

impl Play<'_> {
    fn day(&mut self, day: Date) -> Result<Played> {
        self.clock.set(day, time(8, 35, 0, 0))?;
        self.clock.pass(60 * self.tester.between(0, 40));
        self.story.new_day(day)?;
        let challenge = self.morning()?;
        let mut sessions: Vec<SessionResult> = Vec::new();
        let mut lunched = false;
        while self.clock.local()?.time() < LAST_START {
            let Some(item) = self.next(challenge.as_ref(), &sessions)? else {
                self.story.tell("Nothing is left to test today.")?;
                break;
            };
            self.clock.pass(60 * self.tester.between(4, 11));
            let played = self.session(&item, &mut lunched)?;
            sessions.push(played);
            if !lunched && self.clock.local()?.time() >= time(12, 0, 0, 0) {
                self.lunch(&mut lunched)?;
            }
            self.clock.pass(60 * self.tester.between(3, 14));
        }
        self.evening(challenge.as_ref(), &sessions)?;
        let today = Today::of(self.atlas, None)?;
        self.story.summary(&today)?;
        Ok(Played { sessions, today })
    }

    /// Greeting, challenge, work.
    fn morning(&mut self) -> Result<Option<Challenge>> {
        let greeting = self.atlas.play().greeting()?;
        let challenge = self.atlas.play().offer_challenge()?;
        self.story.tell(&format!("{NAME} sits down."))?;
        self.story.coach(greeting.as_deref())?;
        self.story.challenge(challenge.as_ref())?;
        let work = self.atlas.tickets().work(&open_work(), NAMED, 0)?;
        self.story.work(&work)?;
        Ok(challenge)
    }

    /// The first ticket by rank that was not tested today; one of the challenge's component first.
    fn next(
        &self,
        challenge: Option<&Challenge>,
        sessions: &[SessionResult],
    ) -> Result<Option<WorkItem>> {
        let mut items = self.atlas.tickets().work(&open_work(), 100, 0)?.tickets;
        items.retain(|item| {
            sessions
                .iter()
                .all(|done| done.ticket_key != item.ticket_key)
        });
        if let Some(ChallengeGoal::RevisitComponent { component }) = challenge.map(|c| &c.goal)
            && sessions.is_empty()
            && let Some(place) = items
                .iter()
                .position(|item| item.components.contains(component))
        {
            return Ok(Some(items.swap_remove(place)));
        }
        Ok(items.into_iter().next())
    }

    fn lunch(&mut self, lunched: &mut bool) -> Result<()> {
        *lunched = true;
        self.story.tell("Lunch.")?;
        self.clock.pass(60 * self.tester.between(32, 55));
        Ok(())
    }

    /// What the challenge still asks for, what passed is done in Jira, and learning.
    fn evening(&mut self, challenge: Option<&Challenge>, sessions: &[SessionResult]) -> Result<()> {
        let asked = match challenge {
            Some(Challenge {
                goal: ChallengeGoal::AnswerQuestions,
                target,
                ..
            }) => *target as usize,
            _ => QUESTIONS,
        };
        self.answer(asked)?;
        if let Some(Challenge {
            goal: ChallengeGoal::WriteNotes,
            target,
            ..
        }) = challenge
        {
            self.write_notes(*target as usize)?;
        }
        if sessions.iter().all(|session| !session.challenge_completed) {
            self.story
                .standing_of(self.atlas.play().challenge()?.as_ref())?;
        }
        self.done_in_jira(sessions)?;
        self.clock.pass(60 * 5);
        let new = self.atlas.learning().status()?.new_observations;
        let learned = self.atlas.learning().retrain(&mut silent)?;
        self.story.learned(new, learned.as_ref())
    }

    fn answer(&mut self, most: usize) -> Result<()> {
        let questions = self.atlas.predictions().ask_questions(most)?;
        if questions.is_empty() {
            return Ok(());
        }
        self.clock.pass(60 * self.tester.between(4, 9));
        let number = questions.len();
        self.story.tell(&format!(
            "ATLAS asks {NAME} {}:",
            crate::text::count(number as u64, "question")
        ))?;
        for question in questions {
            self.clock.pass(self.tester.between(40, 120));
            let right = self.tester.is_right(question.confidence);
            let said = match right {
                true => Feedback::accepted(),
                false => Feedback::rejected(),
            };
            self.atlas
                .feedback(FeedbackTarget::Scenario(question.prediction_id), &said)?;
            self.story.answered(&question, right)?;
        }
        self.look_what_was_earned(true)
    }

    /// Notes how hard tickets look that have no note yet, beyond those of the day.
    fn write_notes(&mut self, target: usize) -> Result<()> {
        let done = self.atlas.play().challenge()?.map_or(0, |c| c.progress) as usize;
        let items = self.atlas.tickets().work(&open_work(), 100, 0)?.tickets;
        let bare = items
            .iter()
            .filter(|item| item.my_note.is_none() && item.difficulty.is_none());
        for item in bare.take(target.saturating_sub(done)) {
            self.clock.pass(60 * self.tester.between(2, 5));
            let difficulty = self.tester.difficulty();
            let key = item.ticket_key.as_str();
            self.atlas.tickets().set_difficulty(key, Some(difficulty))?;
            self.story.noted(item, difficulty)?;
        }
        self.look_what_was_earned(true)
    }

    /// Notices a new level and new achievements, and tells of them where nobody else does.
    fn look_what_was_earned(&mut self, tell: bool) -> Result<()> {
        let standing = self.atlas.play().standing()?;
        if standing.level > self.level && tell {
            self.story.level(standing.level)?;
        }
        self.level = standing.level;
        for one in standing.achievements {
            if one.earned_at.is_some() && self.earned.insert(one.key.clone()) && tell {
                self.story.earned(&one)?;
            }
        }
        Ok(())
    }

    /// What passed is closed in Jira, and a sync would bring that.
    fn done_in_jira(&self, sessions: &[SessionResult]) -> Result<()> {
        let mut done = Vec::new();
        for session in sessions {
            if session.outcome == atlas_core::domain::Outcome::Passed {
                let mut ticket = self.atlas.tickets().get(session.ticket_key.as_str())?;
                ticket.status = "Done".to_owned();
                ticket.resolution = Some("Done".to_owned());
                ticket.resolved = Some(self.clock.now());
                ticket.updated = ticket.resolved;
                done.push(ticket);
            }
        }
        if done.is_empty() {
            return Ok(());
        }
        self.atlas.tickets().add(&done)?;
        let keys: Vec<String> = done.iter().map(|ticket| ticket.key.to_string()).collect();
        self.story.tell(&format!(
            "Done in Jira, and off the list: {}.",
            keys.join(", ")
        ))
    }
}

fn open_work() -> WorkFilter {
    WorkFilter {
        unresolved: true,
        ..WorkFilter::default()
    }
}
