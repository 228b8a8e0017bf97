//! Everything that the log amounts to, event by event.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::Timestamp;
use jiff::civil::Date;

use super::achievements::{Counts, Measure, catalogue};
use super::session::{Course, Courses};
use super::streak::{Days, Streak};
use super::xp::{self, SessionXp, part};
use super::{challenges, level, log};
use crate::domain::{
    Achievement, Challenge, ChallengeGoal, DayActivity, Event, EventKind, Moment, Outcome,
    PlannedScenario, Session, SessionResult, Standing, XpPart,
};

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
    counts: Counts,
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
            counts: Counts::default(),
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

    fn begin(
        &mut self,
        event: &Event,
        ticket_id: i64,
        components: &[String],
        plan: &[PlannedScenario],
    ) {
        let Some(id) = event.session_id.filter(|_| self.courses.begin(event)) else {
            return;
        };
        let mut places: Vec<usize> = components.iter().map(|c| self.component(c)).collect();
        places.sort_unstable();
        places.dedup();
        let minutes = plan.iter().map(|scenario| scenario.estimated_minutes);
        let begun = Begun {
            ticket_id,
            components: places,
            plan: plan.iter().map(|s| (s.steps, s.pattern_id)).collect(),
            minutes: minutes.sum::<Option<u32>>().filter(|minutes| *minutes > 0),
        };
        self.begun.insert(id, begun);
    }

    fn component(&mut self, name: &str) -> usize {
        if let Some(place) = self.component_names.get(name) {
            return *place;
        }
        let place = self.components.len();
        self.component_names.insert(name.to_owned(), place);
        self.components.push(Component {
            sessions: 0,
            last: None,
        });
        place
    }

    /// Counts a session that was completed.
    fn complete(&mut self, event: &Event, course: &Course, gains: &mut Gains) -> Option<SessionXp> {
        let begun = self.begun.remove(&event.session_id?)?;
        let xp = course.xp()?;
        let (moment, steps, seconds) = (&event.moment, course.steps(), course.work_seconds());
        self.award(moment.day, xp.total());
        gains.first_of_day = self.streak.add(moment);
        self.seconds += seconds;
        let new_ticket = self.tickets.insert(begun.ticket_id);
        let (met, accurate) = self.plan(&begun, course);
        self.touch(&begun.components, moment.day);

        let day = self.day(moment.day);
        day.sessions += 1;
        if let Some(outcome) = course.outcome {
            day.outcomes[outcome as usize] += 1;
        }
        day.steps += steps;
        day.seconds += seconds;
        day.estimates_met += u32::from(met);
        day.components.extend(&begun.components);
        insert(&mut day.tickets, begun.ticket_id);

        let found = course.outcome == Some(Outcome::Failed);
        let hours = u32::try_from(self.seconds / 3_600).unwrap_or(u32::MAX);
        self.counts.add(Measure::Sessions, 1);
        self.counts.add(Measure::Steps, steps);
        self.counts.add(Measure::Tickets, u32::from(new_ticket));
        self.counts.add(Measure::Defects, u32::from(found));
        self.counts
            .add(Measure::AccurateEstimates, u32::from(accurate));
        self.counts.raise(Measure::Hours, hours);
        self.counts.raise(Measure::Streak, self.streak.longest());
        Some(xp)
    }

    /// Counts what was done of the plan. Returns whether all of it was done within its minutes,
    /// and whether within 10 % of them.
    fn plan(&mut self, begun: &Begun, course: &Course) -> (bool, bool) {
        let mut first = 1_u32;
        let mut all = !begun.plan.is_empty();
        for (steps, pattern_id) in &begun.plan {
            let next = first.saturating_add(*steps);
            let is_done = |step| course.steps_done.binary_search(&step).is_ok();
            let done = (first..next).all(is_done);
            let skipped = !(first..next).any(is_done) && course.outcome != Some(Outcome::Blocked);
            first = next;
            all &= done;
            let (Some(id), 1..) = (*pattern_id, *steps) else {
                continue;
            };
            if skipped {
                self.skipped.insert((begun.ticket_id, id));
            }
            if done {
                self.skipped.remove(&(begun.ticket_id, id));
                let sessions = self.patterns.entry(id).or_default();
                *sessions += 1;
                self.counts.raise(Measure::PatternSessions, *sessions);
            }
        }
        if !all || first == 1 {
            return (false, false);
        }
        self.counts.add(Measure::FullPlans, 1);
        begun.minutes.map_or((false, false), |minutes| {
            let (took, planned) = (course.work_seconds(), i64::from(minutes) * 60);
            (took <= planned, (took - planned).abs() * 10 <= planned)
        })
    }

    /// Counts a session for its components.
    fn touch(&mut self, components: &[usize], day: Date) {
        for place in components {
            let component = &mut self.components[*place];
            component.sessions += 1;
            component.last = component.last.max(Some(day));
            let sessions = component.sessions;
            self.counts
                .add(Measure::Components, u32::from(sessions == 1));
            self.counts.raise(Measure::ComponentSessions, sessions);
        }
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
        let reached = |counts: &Counts, place: &usize| {
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
                self.component_names.get(component).copied()
            }
            _ => None,
        };
        let day = self.days.get(&day);
        day.map_or(0, |day| challenges::progress(goal, day, component))
    }

    /// The last day on which a session of this component was completed.
    pub fn last_tested(&self, component: &str) -> Option<Date> {
        let place = *self.component_names.get(component)?;
        self.components[place].last
    }

    /// Challenges of the days from `from` to the day before `to`.
    pub(super) fn challenges_between(&self, from: Date, to: Date) -> Vec<&SetChallenge> {
        if from >= to {
            return Vec::new();
        }
        self.challenges.range(from..to).map(|(_, c)| c).collect()
    }

    /// The challenge of a day, if one was set.
    pub fn challenge(&self, day: Date) -> Option<Challenge> {
        let set = self.challenges.get(&day)?;
        Some(self.show_challenge(day, set))
    }

    fn show_challenge(&self, day: Date, set: &SetChallenge) -> Challenge {
        let progress = match set.completed_at {
            Some(_) => set.target,
            None => self.progress(&set.goal, day).min(set.target),
        };
        Challenge {
            day,
            goal: set.goal.clone(),
            text: challenges::text(&set.goal, set.target),
            target: set.target,
            progress,
            xp: set.xp,
            completed_at: set.completed_at,
        }
    }

    fn achievement(&self, place: usize) -> Achievement {
        catalogue()[place].achievement(&self.counts, self.earned_at[place])
    }

    /// The id of the last event that was applied; 0 before the first stored one.
    pub fn last_id(&self) -> i64 {
        self.last_id
    }

    /// Whether a pattern was planned for a session on a ticket that was completed without any of
    /// its steps, and not because it was blocked; by their row ids.
    pub fn was_skipped(&self, ticket_id: i64, pattern_id: i64) -> bool {
        self.skipped.contains(&(ticket_id, pattern_id))
    }

    /// How the streak stands today.
    pub fn streak(&self, today: &Moment) -> Streak {
        self.streak.streak(today)
    }

    /// Everything that the log amounts to, as it stands today.
    pub fn standing(&self, today: &Moment) -> Standing {
        let xp = self.counts.get(Measure::Xp);
        let (level, xp_in_level, xp_to_next) = level::within(xp);
        let streak = self.streak(today);
        Standing {
            xp,
            level,
            xp_in_level,
            xp_to_next,
            current_streak: streak.current,
            longest_streak: streak.longest,
            freezes: streak.freezes,
            last_session_day: streak.last_day,
            achievements: (0..catalogue().len())
                .map(|p| self.achievement(p))
                .collect(),
            challenges: self
                .challenges
                .iter()
                .map(|(day, set)| self.show_challenge(*day, set))
                .collect(),
        }
    }

    /// What was done on each day from `from` to `to` inclusive; days without anything are left out.
    pub fn activity(&self, from: Date, to: Date) -> Vec<DayActivity> {
        if from > to {
            return Vec::new();
        }
        let days = self.days.range(from..=to);
        days.map(|(day, totals)| DayActivity {
            day: *day,
            sessions: totals.sessions,
            tickets: u32::try_from(totals.tickets.len()).unwrap_or(u32::MAX),
            minutes: u32::try_from((totals.seconds + 30) / 60).unwrap_or(u32::MAX),
            steps: totals.steps,
            passed: totals.outcomes[Outcome::Passed as usize],
            failed: totals.outcomes[Outcome::Failed as usize],
            blocked: totals.outcomes[Outcome::Blocked as usize],
            xp: totals.xp,
        })
        .collect()
    }

    /// What the end of a session gave: `gains` of its last event, which happened at `end`.
    /// None if the session was not completed.
    pub fn summary(&self, session: &Session, gains: &Gains, end: &Moment) -> Option<SessionResult> {
        let streak = self.streak(end);
        let challenge = self.challenge(end.day);
        let session_xp = gains.session;
        let achievements: Vec<Achievement> = gains
            .achievements
            .iter()
            .map(|place| self.achievement(*place))
            .collect();
        let completed = challenge.as_ref().filter(|_| gains.challenge_completed);
        Some(SessionResult {
            session_id: session.id,
            ticket_key: session.ticket_key.clone(),
            outcome: session.outcome?,
            duration_minutes: session.minutes(),
            break_minutes: session.break_minutes(),
            steps_completed: u32::try_from(session.steps_done.len()).unwrap_or(u32::MAX),
            xp_earned: session_xp.map_or(0, SessionXp::total),
            xp_parts: parts(session_xp, completed, &achievements),
            level_before: gains.level_before,
            level: gains.level,
            current_streak: streak.current,
            longest_streak: streak.longest,
            first_of_day: gains.first_of_day,
            achievements,
            challenge_completed: gains.challenge_completed,
            challenge,
            coach: None,
        })
    }
}

fn parts(
    session: Option<SessionXp>,
    challenge: Option<&Challenge>,
    achievements: &[Achievement],
) -> Vec<XpPart> {
    let mut parts = session.map_or_else(Vec::new, SessionXp::parts);
    parts.extend(challenge.map(|c| part(format!("challenge: {}", c.text), c.xp)));
    let earned = achievements.iter();
    parts.extend(earned.map(|a| part(format!("achievement: {}", a.name), a.xp)));
    parts
}

fn insert(distinct: &mut Vec<i64>, id: i64) {
    if !distinct.contains(&id) {
        distinct.push(id);
    }
}

/// Everything that the log amounts to, as it stands today: a function of the log alone.
///
/// Where it is asked for often, keep a [`Tally`] and apply each event as it happens; the result is
/// the same.
pub fn standing(events: &[Event], today: &Moment) -> Standing {
    Tally::of(events).standing(today)
}
