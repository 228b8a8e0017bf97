//! Everything that the log amounts to, event by event.
//!
//! Reading the log event by event or as a whole gives the same result, since it is the same code.
//! Every event carries the tester's calendar of its time (`Moment`: instant, zone, offset, start of
//! the day, day), so nothing changes when the tester travels or sets another start of the day.
//!
//! 1. `session` follows a session through its events; `accepts` says what it takes next. Events
//!    that it does not take are passed over, so a repeated event does no harm.
//! 2. A session that counts gives points (`xp`), a day (`streak`), and counts (`achievements`).
//!    Then the challenge of the day is checked, then the achievements, whose points can lead to the
//!    next.
//! 3. `streak` keeps for each day the best chains up to it: days, and progress towards freezes. A
//!    chain goes on from any of the days before that its freezes reach. Chains can only be gained,
//!    so no further session ever shortens a streak.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::Timestamp;
use jiff::civil::Date;

use super::achievements::{Measure, PlayCounts, catalogue};
use super::session::Courses;
use super::streak::Days;
use super::xp::{self, SessionXp};
use super::{level, log};
use crate::domain::{ChallengeGoal, Event, EventKind, folded_name};

mod sessions;
mod view;

pub use view::standing;

/// What was done on one day.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct DayTotals {
    pub sessions: u32,
    pub steps: u32,
    pub estimates_met: u32,
    pub feedback: u32,
    pub questions: u32,
    /// Different ones.
    pub tickets: Vec<i64>,
    /// Different ones with a note.
    pub noted: Vec<i64>,
    /// One for each session.
    pub components: Vec<usize>,
    /// Sessions that passed, failed and were blocked.
    outcomes: [u32; 3],
    seconds: i64,
    xp: u32,
}

impl DayTotals {
    /// How far a goal is by what was done on this day.
    fn progress(&self, goal: &ChallengeGoal, component: Option<usize>) -> u32 {
        match goal {
            ChallengeGoal::CompleteSessions => self.sessions,
            ChallengeGoal::CompleteSteps => self.steps,
            ChallengeGoal::RevisitComponent { .. } => {
                let tested = self.components.iter();
                count(tested.filter(|tested| Some(**tested) == component))
            }
            ChallengeGoal::AnswerQuestions => self.questions,
            ChallengeGoal::GiveFeedback => self.feedback,
            ChallengeGoal::TestTickets => count(self.tickets.iter()),
            ChallengeGoal::MeetEstimate => self.estimates_met,
            ChallengeGoal::WriteNotes => count(self.noted.iter()),
        }
    }
}

/// A challenge that was set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SetChallenge {
    pub goal: ChallengeGoal,
    target: u32,
    xp: u32,
    completed_at: Option<Timestamp>,
}

/// What play needs to know of a session when it ends.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Begun {
    ticket_id: i64,
    components: Vec<usize>,
    /// Steps and pattern of each planned scenario.
    plan: Vec<(u32, Option<i64>)>,
    /// Minutes of the whole plan, if each of its scenarios has some.
    minutes: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Component {
    sessions: u32,
    last: Option<Date>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Given {
    day: Date,
    scenarios: u32,
    questions: u32,
    own_accepted: u32,
}

/// What one event gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gains {
    /// Points of a session that it completed; none if the session does not count.
    session: Option<SessionXp>,
    /// Places in the catalogue.
    achievements: Vec<usize>,
    challenge_completed: bool,
    first_of_day: bool,
    level_before: u32,
    level: u32,
}

impl Gains {
    /// The level before the event and after it.
    pub fn levels(&self) -> (u32, u32) {
        (self.level_before, self.level)
    }

    /// Whether the event completed the challenge of its day.
    pub fn challenge_completed(&self) -> bool {
        self.challenge_completed
    }
}

/// What the log amounts to so far. Each event is applied once, in the order of the ids; the result
/// is the same whether they come one by one as they happen or all at once.
///
/// ```
/// # use atlas_core::domain::{Event, EventKind, Moment, Outcome, TicketKey};
/// use atlas_core::play::Tally;
/// # use jiff::tz::TimeZone;
/// # let moment = |at: &str| Moment::new(at.parse().unwrap(), &TimeZone::UTC, 0);
/// # let ticket_key = TicketKey::parse("WRKA-7")?;
/// # let log = vec![
/// #     Event { id: 1, session_id: Some(1), moment: moment("2024-05-06T09:00:00Z"),
/// #         kind: EventKind::SessionStarted {
/// #             ticket_id: 7, ticket_key, components: vec![], plan: vec![] } },
/// #     Event { id: 2, session_id: Some(1), moment: moment("2024-05-06T10:00:00Z"),
/// #         kind: EventKind::Ended { outcome: Outcome::Failed } },
/// # ];
/// // A session in which a defect was found.
/// let mut live = Tally::default();
/// for event in &log {
///     live.apply(event);
/// }
/// assert_eq!(live, Tally::of(&log));
/// let standing = live.standing(&moment("2024-05-06T17:00:00Z"));
/// // 10 for the session, 5 for the defect, 10 and 20 for the first of each.
/// assert_eq!((standing.xp, standing.level, standing.current_streak), (45, 1, 1));
/// # Ok::<(), atlas_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    last_id: i64,
    counts: PlayCounts,
    seconds: i64,
    courses: Courses,
    begun: HashMap<i64, Begun>,
    streak: Days,
    days: BTreeMap<Date, DayTotals>,
    challenges: BTreeMap<Date, SetChallenge>,
    tickets: HashSet<i64>,
    noted: HashSet<i64>,
    component_names: HashMap<String, usize>,
    components: Vec<Component>,
    patterns: HashMap<i64, u32>,
    feedback: HashMap<i64, Given>,
    /// Tickets and patterns.
    skipped: HashSet<(i64, i64)>,
    /// Places in the catalogue that are not earned yet, in its order.
    open_achievements: Vec<usize>,
    earned_at: Vec<Option<Timestamp>>,
}

impl Default for Tally {
    fn default() -> Self {
        Tally {
            last_id: 0,
            counts: PlayCounts::default(),
            seconds: 0,
            courses: Courses::default(),
            begun: HashMap::new(),
            streak: Days::default(),
            days: BTreeMap::new(),
            challenges: BTreeMap::new(),
            tickets: HashSet::new(),
            noted: HashSet::new(),
            component_names: HashMap::new(),
            components: Vec::new(),
            patterns: HashMap::new(),
            feedback: HashMap::new(),
            skipped: HashSet::new(),
            open_achievements: (0..catalogue().len()).collect(),
            earned_at: vec![None; catalogue().len()],
        }
    }
}

impl Tally {
    /// What a whole log amounts to. The order of the slice does not matter: stored events are read
    /// in the order of their ids, each once.
    pub fn of(events: &[Event]) -> Self {
        let mut tally = Tally::default();
        log::for_each(events, |event| {
            tally.apply(event);
        });
        tally
    }

    /// Takes the next event. One that was taken already, or that its session does not take in its
    /// state, changes nothing.
    pub fn apply(&mut self, event: &Event) -> Gains {
        let level = self.level();
        let mut gains = Gains {
            session: None,
            achievements: Vec::new(),
            challenge_completed: false,
            first_of_day: false,
            level_before: level,
            level,
        };
        if event.id > 0 {
            if event.id <= self.last_id {
                return gains;
            }
            self.last_id = event.id;
        }
        if self.take(event, &mut gains) {
            gains.challenge_completed = self.complete_challenge(event);
            gains.achievements = self.earn(event);
            gains.level = self.level();
        }
        gains
    }

    /// Counts the event. Returns whether anything can be reached by it.
    fn take(&mut self, event: &Event, gains: &mut Gains) -> bool {
        let day = event.moment.day;
        match &event.kind {
            EventKind::SessionStarted {
                ticket_id,
                components,
                plan,
                ..
            } => self.begin(event, *ticket_id, components, plan),
            EventKind::FeedbackGiven {
                feedback_id,
                scenarios,
                questions,
                own_accepted,
            } => {
                let given = Given {
                    day,
                    scenarios: *scenarios,
                    questions: *questions,
                    own_accepted: *own_accepted,
                };
                return self.give_feedback(*feedback_id, given);
            }
            EventKind::FeedbackUndone { feedback_id } => self.undo_feedback(*feedback_id),
            EventKind::TicketNoted { ticket_id } => {
                insert(&mut self.day(day).noted, *ticket_id);
                if self.noted.insert(*ticket_id) {
                    self.counts.add(Measure::NotedTickets, 1);
                }
                return true;
            }
            EventKind::ChallengeSet {
                challenge,
                target,
                xp,
            } => {
                self.challenges.entry(day).or_insert_with(|| SetChallenge {
                    goal: challenge.clone(),
                    target: *target,
                    xp: *xp,
                    completed_at: None,
                });
                return true;
            }
            EventKind::StreakRepaired { repaired } => {
                self.streak.repair(*repaired);
                self.counts.raise(Measure::Streak, self.streak.longest());
                return true;
            }
            _ => {
                if let Some(course) = self.courses.completed(event) {
                    gains.session = self.complete(event, &course, gains);
                    return true;
                }
                if let (EventKind::Cancelled, Some(id)) = (&event.kind, event.session_id) {
                    self.begun.remove(&id);
                }
            }
        }
        false
    }

    fn give_feedback(&mut self, id: i64, given: Given) -> bool {
        if self.feedback.contains_key(&id) {
            return false;
        }
        let day = self.day(given.day);
        let before = xp::of_feedback(day.feedback);
        day.feedback = day.feedback.saturating_add(given.scenarios);
        day.questions = day.questions.saturating_add(given.questions);
        let more = xp::of_feedback(day.feedback) - before;
        self.award(given.day, more);
        self.counts.add(Measure::Feedback, given.scenarios);
        self.counts.add(Measure::Questions, given.questions);
        self.counts.add(Measure::OwnAccepted, given.own_accepted);
        self.feedback.insert(id, given);
        true
    }

    /// Takes the points of the feedback back; what they led to stays.
    fn undo_feedback(&mut self, id: i64) {
        let Some(given) = self.feedback.remove(&id) else {
            return;
        };
        let day = self.day(given.day);
        let before = xp::of_feedback(day.feedback);
        day.feedback = day.feedback.saturating_sub(given.scenarios);
        day.questions = day.questions.saturating_sub(given.questions);
        let less = before - xp::of_feedback(day.feedback);
        day.xp = day.xp.saturating_sub(less);
        self.counts.subtract(Measure::Xp, less);
        self.counts.subtract(Measure::Feedback, given.scenarios);
        self.counts.subtract(Measure::Questions, given.questions);
        self.counts
            .subtract(Measure::OwnAccepted, given.own_accepted);
    }

    fn day(&mut self, day: Date) -> &mut DayTotals {
        self.days.entry(day).or_default()
    }

    fn award(&mut self, day: Date, xp: u32) {
        let totals = self.day(day);
        totals.xp = totals.xp.saturating_add(xp);
        self.counts.add(Measure::Xp, xp);
    }

    /// Completes the challenge of the event's day, if it is reached now.
    fn complete_challenge(&mut self, event: &Event) -> bool {
        let day = event.moment.day;
        let Some(challenge) = self.challenges.get(&day) else {
            return false;
        };
        let reached = self.progress(&challenge.goal, day) >= challenge.target;
        if challenge.completed_at.is_some() || !reached {
            return false;
        }
        let xp = challenge.xp;
        if let Some(challenge) = self.challenges.get_mut(&day) {
            challenge.completed_at = Some(event.moment.at);
        }
        self.award(day, xp);
        self.counts.add(Measure::Challenges, 1);
        true
    }

    /// Earns what is reached now. The points of one achievement can lead to the next.
    fn earn(&mut self, event: &Event) -> Vec<usize> {
        let mut earned = Vec::new();
        let reached = |counts: &PlayCounts, place: &usize| {
            let definition = &catalogue()[*place];
            counts.get(definition.measure) >= definition.target
        };
        while let Some(next) = self
            .open_achievements
            .iter()
            .position(|place| reached(&self.counts, place))
        {
            let place = self.open_achievements.remove(next);
            self.earned_at[place] = Some(event.moment.at);
            self.award(event.moment.day, catalogue()[place].xp);
            earned.push(place);
        }
        earned
    }

    fn level(&self) -> u32 {
        level::of(self.counts.get(Measure::Xp))
    }

    /// How far a goal is on a day.
    pub(super) fn progress(&self, goal: &ChallengeGoal, day: Date) -> u32 {
        let component = match goal {
            ChallengeGoal::RevisitComponent { component } => {
                self.component_names.get(&folded_name(component)).copied()
            }
            _ => None,
        };
        let day = self.days.get(&day);
        day.map_or(0, |day| day.progress(goal, component))
    }
}

fn count<T>(all: impl Iterator<Item = T>) -> u32 {
    u32::try_from(all.count()).unwrap_or(u32::MAX)
}

fn insert(distinct: &mut Vec<i64>, id: i64) {
    if !distinct.contains(&id) {
        distinct.push(id);
    }
}
