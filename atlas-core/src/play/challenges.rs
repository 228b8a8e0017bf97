//! The day's challenge: one per day of the tester's, chosen by a seeded rule from what the work
//! allows.
//!
//! | goal | target | needs | points |
//! |---|---|---|---|
//! | complete sessions | 1 to 4 | as many open tickets | 10 each |
//! | do steps | 10, 15, 20 or 25 | as many predicted steps on open tickets | 10, and 1 each |
//! | test a component again | 1 | one with an open ticket, last tested 14 days ago or longer | 40 |
//! | answer questions | 1 to 5 | as many questions | 10, and 4 each |
//! | give feedback on scenarios | 3 to 8 | as many without | 4 each |
//! | test different tickets | 2 or 3 | as many open tickets | 15 each |
//! | keep to an estimate | 1 | an open ticket with one | 30 |
//! | write notes | 1 to 3 | as many open tickets without | 10 each |
//!
//! A goal that the last two days had is left out while there are others. What was done earlier on
//! the day counts; a target is above that, and what is missing is there to be done.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Tally;
use crate::domain::{ChallengeGoal, EventKind};

/// A component counts as not touched when its last session was so many days ago.
const UNTOUCHED_DAYS: i64 = 14;
/// The goals of so many days before are not chosen again while there are others.
const DAYS_BETWEEN: i64 = 2;

/// What the tester could do now: plain numbers, from which challenges are chosen.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Workload {
    /// Tickets that are not done.
    pub open_tickets: u32,
    /// Those without a note or a difficulty.
    pub tickets_without_note: u32,
    /// Those whose newest prediction has minutes.
    pub estimated_tickets: u32,
    /// Steps of their newest predictions.
    pub predicted_steps: u32,
    /// Questions that ATLAS has.
    pub questions: u32,
    /// Predicted scenarios without feedback.
    pub scenarios_without_feedback: u32,
    /// Components of open tickets.
    pub components: Vec<String>,
}

/// A challenge that was chosen for a day and is not in the log yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewChallenge {
    /// What is to be done.
    #[serde(flatten)]
    pub goal: ChallengeGoal,
    /// How often it is to be done.
    pub target: u32,
    /// What completing it earns.
    pub xp: u32,
}

impl From<NewChallenge> for EventKind {
    fn from(new: NewChallenge) -> Self {
        EventKind::ChallengeSet {
            challenge: new.goal,
            target: new.target,
            xp: new.xp,
        }
    }
}

/// Chooses a challenge for the day; none if there is nothing to do. The same log, work, day and
/// seed give the same challenge, whether or not the log has one for that day already.
///
/// ```
/// use atlas_core::play::challenges::{Workload, choose};
/// use atlas_core::play::Tally;
///
/// let work = Workload { open_tickets: 2, ..Workload::default() };
/// let day = "2024-05-06".parse()?;
/// let challenge = choose(&Tally::default(), &work, day, 1).expect("two tickets are open");
/// assert!(challenge.target <= 2);
/// assert_eq!(choose(&Tally::default(), &Workload::default(), day, 1), None);
/// # Ok::<(), jiff::Error>(())
/// ```
pub fn choose(tally: &Tally, work: &Workload, day: Date, seed: u64) -> Option<NewChallenge> {
    let date = day.strftime("%Y%m%d").to_string().parse().unwrap_or(0);
    let mut rng = fastrand::Rng::with_seed(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ date);
    let mut possible = possible(tally, work, day, &mut rng);
    let recent = tally.challenges_between(day.saturating_sub(DAYS_BETWEEN.days()), day);
    let fresh = |new: &NewChallenge| {
        let same = |goal: &ChallengeGoal| kind(goal) == kind(&new.goal);
        !recent.iter().any(|challenge| same(&challenge.goal))
    };
    if possible.iter().any(fresh) {
        possible.retain(fresh);
    }
    rng.choice(possible)
}

fn kind(goal: &ChallengeGoal) -> std::mem::Discriminant<ChallengeGoal> {
    std::mem::discriminant(goal)
}

/// Every goal that can be reached today, each with a target.
fn possible(
    tally: &Tally,
    work: &Workload,
    day: Date,
    rng: &mut fastrand::Rng,
) -> Vec<NewChallenge> {
    use ChallengeGoal::*;
    let mut possible = Vec::new();
    let tickets = work.open_tickets;
    let mut offer = |goal: ChallengeGoal, targets: &[u32], available: u32, base: u32, each: u32| {
        let done = tally.progress(&goal, day);
        let reachable: Vec<u32> = targets
            .iter()
            .copied()
            .filter(|target| (done + 1..=available).contains(target))
            .collect();
        if let Some(target) = rng.choice(reachable) {
            let xp = base + each * target;
            possible.push(NewChallenge { goal, target, xp });
        }
    };
    let sessions: &[u32] = if tickets > 1 { &[2, 3, 4] } else { &[1] };
    offer(CompleteSessions, sessions, tickets, 0, 10);
    offer(
        CompleteSteps,
        &[10, 15, 20, 25],
        work.predicted_steps,
        10,
        1,
    );
    let questions: &[u32] = if work.questions > 2 {
        &[3, 4, 5]
    } else {
        &[1, 2]
    };
    offer(AnswerQuestions, questions, work.questions, 10, 4);
    let unjudged = work.scenarios_without_feedback;
    offer(GiveFeedback, &[3, 4, 5, 6, 8], unjudged, 0, 4);
    offer(TestTickets, &[2, 3], tickets, 0, 15);
    offer(MeetEstimate, &[1], work.estimated_tickets, 0, 30);
    offer(WriteNotes, &[1, 2, 3], work.tickets_without_note, 0, 10);
    let mut components: Vec<&String> = work
        .components
        .iter()
        .filter(|name| untouched(tally, name, day))
        .collect();
    components.sort();
    if let Some(component) = rng.choice(components) {
        let component = component.clone();
        possible.push(NewChallenge {
            goal: RevisitComponent { component },
            target: 1,
            xp: 40,
        });
    }
    possible
}

/// Whether the component was tested before, but not for two weeks.
fn untouched(tally: &Tally, component: &str, day: Date) -> bool {
    tally
        .last_tested(component)
        .is_some_and(|last| last <= day.saturating_sub(UNTOUCHED_DAYS.days()))
}
