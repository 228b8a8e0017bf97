//! What holds for any log: random work across zones, clock changes, settings and repeated events.

use super::log::{Log, scenario};
use atlas_core::domain::{ChallengeGoal, Event, EventKind, Outcome};
use atlas_core::play::{Tally, session_of, standing, streak};
use jiff::civil::Date;
use jiff::{SignedDuration, ToSpan};
use proptest::prelude::*;

/// The first day of the logs; the clock changes in Europe three weeks later.
pub const FIRST: Date = jiff::civil::date(2024, 3, 10);

const ZONES: [&str; 8] = [
    "UTC",
    "Europe/Berlin",
    "America/Los_Angeles",
    "Asia/Kolkata",
    "Pacific/Auckland",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "Australia/Lord_Howe",
];

/// One thing that a tester does.
#[derive(Debug, Clone)]
enum Act {
    Session {
        minutes: i64,
        steps: u32,
        outcome: Option<Outcome>,
        ticket: i64,
    },
    Feedback(i64, u32),
    UndoFeedback(i64),
    Note(i64),
    Challenge(ChallengeGoal, u32),
    Travel(&'static str),
    DayStart(u8),
    Repair(i64),
    SetClock(i64),
    Wait(i64),
}

fn act() -> impl Strategy<Value = Act> {
    let outcome = prop_oneof![
        Just(Some(Outcome::Passed)),
        Just(Some(Outcome::Failed)),
        Just(Some(Outcome::Blocked)),
        Just(None),
    ];
    let goal = prop_oneof![
        Just(ChallengeGoal::CompleteSessions),
        Just(ChallengeGoal::TestTickets),
        Just(ChallengeGoal::GiveFeedback),
        Just(ChallengeGoal::WriteNotes),
    ];
    prop_oneof![
        8 => (0..90_i64, 0..6_u32, outcome, 1..9_i64).prop_map(|(minutes, steps, outcome, ticket)| {
            Act::Session { minutes, steps, outcome, ticket }
        }),
        8 => (1..30_i64).prop_map(Act::Wait),
        1 => (1..9_i64, 1..8_u32).prop_map(|(id, n)| Act::Feedback(id, n)),
        1 => (1..9_i64).prop_map(Act::UndoFeedback),
        1 => (1..9_i64).prop_map(Act::Note),
        1 => (goal, 1..4_u32).prop_map(|(goal, target)| Act::Challenge(goal, target)),
        1 => prop::sample::select(&ZONES[..]).prop_map(Act::Travel),
        1 => (0..24_u8).prop_map(Act::DayStart),
        1 => (0..40_i64).prop_map(Act::Repair),
        1 => (-72..72_i64).prop_map(Act::SetClock),
    ]
}

/// A log of at most so many acts, in the order in which it was written.
pub fn log(acts: usize) -> impl Strategy<Value = Vec<Event>> {
    prop::collection::vec(act(), 0..acts).prop_map(|acts| write(&acts))
}

fn write(acts: &[Act]) -> Vec<Event> {
    let mut log = Log::new("Europe/Berlin");
    let mut at = log.at(&format!("{FIRST}T09:00"));
    for act in acts {
        match act {
            Act::Session {
                minutes,
                steps,
                outcome,
                ticket,
            } => {
                let plan = vec![
                    scenario(3, Some(*ticket), Some(30)),
                    scenario(3, None, Some(9)),
                ];
                let id = log.start_with_plan(at, *ticket, &["Reports", "Login"], plan);
                for step in 1..=*steps {
                    log.push(at, Some(id), EventKind::StepDone { step });
                }
                log.push(at, Some(id), EventKind::Paused);
                at += SignedDuration::from_mins(5);
                log.push(at, Some(id), EventKind::Resumed);
                at += SignedDuration::from_mins(*minutes);
                let end =
                    outcome.map_or(EventKind::Cancelled, |outcome| EventKind::Ended { outcome });
                log.push(at, Some(id), end);
            }
            Act::Feedback(feedback_id, scenarios) => {
                let given = EventKind::FeedbackGiven {
                    feedback_id: *feedback_id,
                    scenarios: *scenarios,
                    questions: 1,
                    own_accepted: scenarios / 4,
                };
                log.push(at, None, given);
            }
            Act::UndoFeedback(id) => {
                log.push(at, None, EventKind::FeedbackUndone { feedback_id: *id });
            }
            Act::Note(id) => log.push(at, None, EventKind::TicketNoted { ticket_id: *id }),
            Act::Challenge(goal, target) => {
                let kind = EventKind::ChallengeSet {
                    challenge: goal.clone(),
                    target: *target,
                    xp: 20,
                };
                log.push(at, None, kind);
            }
            Act::Travel(zone) => log.travel(zone),
            Act::DayStart(hour) => log.day_start = *hour,
            Act::Repair(days) => {
                let repaired = FIRST + days.days();
                log.push(at, None, EventKind::StreakRepaired { repaired });
            }
            Act::SetClock(hours) | Act::Wait(hours) => at += SignedDuration::from_hours(*hours),
        }
    }
    log.events
}

/// A log, and another completed session at a random place in it: the new log, ids in its order.
fn with_another() -> impl Strategy<Value = (Vec<Event>, Vec<Event>)> {
    let place = (any::<prop::sample::Index>(), 0..50 * 24_i64);
    let calendar = (prop::sample::select(&ZONES[..]), 0..24_u8);
    (log(80), place, calendar).prop_map(|(old, (index, hours), (zone, day_start))| {
        let mut extra = Log::new(zone);
        extra.day_start = day_start;
        let begin = Log::new("UTC").at(&format!("{FIRST}T00:00"));
        extra.session_at(begin + SignedDuration::from_hours(hours), Outcome::Failed);
        let mut new: Vec<Event> = old.clone();
        let place = index.index(old.len() + 1);
        for mut event in extra.events.into_iter().rev() {
            event.session_id = Some(1_000_000);
            new.insert(place, event);
        }
        for (n, event) in new.iter_mut().enumerate() {
            event.id = n as i64 + 1;
        }
        (old, new)
    })
}

/// Sessions on nearly every day of four months, in one zone after the other; and one of them that
/// is left out at first.
fn months() -> impl Strategy<Value = (Vec<Event>, Vec<Event>)> {
    let days = prop::collection::vec((prop::bool::weighted(0.94), 0..24_i64), 120);
    let zones = prop::collection::vec(prop::sample::select(&ZONES[..]), 4);
    (days, zones, 0..24_u8, 0..120_usize).prop_map(|(days, zones, day_start, another)| {
        let mut log = Log::new("UTC");
        log.day_start = day_start;
        let begin = log.at(&format!("{FIRST}T00:00"));
        let mut left_out = 0;
        for (n, (works, hour)) in days.iter().enumerate() {
            log.travel(zones[n / 30]);
            let at = begin + SignedDuration::from_hours(24 * n as i64 + hour);
            if *works || n == another {
                log.session_at(at, Outcome::Passed);
            }
            if n == another {
                left_out = log
                    .events
                    .last()
                    .and_then(|event| event.session_id)
                    .unwrap_or(0);
            }
        }
        let without = log
            .events
            .iter()
            .filter(|event| event.session_id != Some(left_out));
        (without.cloned().collect(), log.events)
    })
}

fn todays(events: &[Event]) -> Vec<atlas_core::domain::Moment> {
    let mut log = Log::new("Europe/Berlin");
    log.day_start = 4;
    let late = log.now(&format!("{}T12:00", FIRST + 50.days()));
    events
        .last()
        .map(|event| event.moment.clone())
        .into_iter()
        .chain([late])
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn another_completed_session_takes_nothing_away((old, new) in with_another()) {
        for today in todays(&old) {
            let (before, after) = (standing(&old, &today), standing(&new, &today));
            prop_assert!(after.current_streak >= before.current_streak);
            prop_assert!(after.longest_streak >= before.longest_streak);
            prop_assert!(after.xp > before.xp);
            prop_assert!(after.level >= before.level);
            for (before, after) in before.achievements.iter().zip(&after.achievements) {
                prop_assert!(after.progress >= before.progress, "{}", after.key);
            }
            for (before, after) in before.challenges.iter().zip(&after.challenges) {
                prop_assert!(after.progress >= before.progress, "{after:?}");
            }
        }
    }

    #[test]
    fn another_day_never_costs_a_freeze_that_is_missed_later((old, new) in months()) {
        for day in (0..130).step_by(3) {
            let at = Log::new("UTC").at(&format!("{}T12:00", FIRST + day.days()));
            let today = atlas_core::domain::Moment::new(at, &jiff::tz::TimeZone::UTC, 0);
            let until = |events: &[Event]| -> Vec<Event> {
                events.iter().filter(|event| event.moment.at <= at).cloned().collect()
            };
            let before = streak::of(&until(&old), &today);
            let after = streak::of(&until(&new), &today);
            prop_assert!(after.current >= before.current, "{before:?} {after:?}");
            prop_assert!(after.longest >= before.longest, "{before:?} {after:?}");
        }
    }

    #[test]
    fn live_and_rebuilt_are_the_same(events in log(80)) {
        let mut live = Tally::default();
        let mut xp = 0;
        for event in &events {
            let (before, after) = live.apply(event).levels();
            let undone = matches!(event.kind, EventKind::FeedbackUndone { .. });
            prop_assert!(after >= before || undone);
            let now = live.standing(&event.moment);
            prop_assert!(now.xp >= xp || undone);
            prop_assert!(now.longest_streak >= now.current_streak);
            xp = now.xp;
        }
        prop_assert_eq!(&live, &Tally::of(&events));
        for today in todays(&events) {
            let now = standing(&events, &today);
            prop_assert_eq!(streak::of(&events, &today).current, now.current_streak);
            prop_assert_eq!(now.xp_in_level < now.xp_to_next, true);
            let days = live.activity(FIRST - 60.days(), FIRST + 300.days());
            prop_assert_eq!(days.iter().map(|day| day.xp).sum::<u32>(), now.xp);
        }
    }

    #[test]
    fn order_of_reading_and_repeated_events_do_not_matter(
        events in log(60),
        shuffle: u64,
        repeat in prop::collection::vec(any::<prop::sample::Index>(), 0..20),
    ) {
        let mut other = events.clone();
        if !events.is_empty() {
            other.extend(repeat.iter().map(|index| events[index.index(events.len())].clone()));
        }
        fastrand::Rng::with_seed(shuffle).shuffle(&mut other);
        for today in todays(&events) {
            prop_assert_eq!(standing(&other, &today), standing(&events, &today));
        }
        for id in 1..4 {
            let of = |events: &[Event]| -> Vec<Event> {
                events.iter().filter(|event| event.session_id == Some(id)).cloned().collect()
            };
            prop_assert_eq!(session_of(&of(&other)).ok(), session_of(&of(&events)).ok());
        }
        // One event after the other is delivered once more to a tally that is kept.
        let mut live = Tally::default();
        for event in &events {
            live.apply(event);
            live.apply(event);
        }
        prop_assert_eq!(live, Tally::of(&events));
    }

    #[test]
    fn the_order_of_simultaneous_steps_and_of_unrelated_events_does_not_matter(
        events in log(60),
        swap in prop::collection::vec(any::<prop::sample::Index>(), 0..10),
    ) {
        // Neighbours of one instant that are not steps of the same session's course change places.
        let mut other = events.clone();
        for index in swap {
            if other.len() < 2 {
                continue;
            }
            let place = index.index(other.len() - 1);
            let (one, next) = (&other[place], &other[place + 1]);
            let steps = |event: &Event| matches!(event.kind, EventKind::StepDone { .. });
            let independent = (one.session_id != next.session_id && one.session_id.is_some()
                && next.session_id.is_some()) || (steps(one) && steps(next));
            if one.moment == next.moment && independent {
                other.swap(place, place + 1);
                let id = other[place].id;
                other[place].id = other[place + 1].id;
                other[place + 1].id = id;
            }
        }
        for today in todays(&events) {
            prop_assert_eq!(standing(&other, &today), standing(&events, &today));
        }
    }

    #[test]
    fn achievements_are_earned_once_and_by_an_event_of_the_log(events in log(80)) {
        let today = todays(&events).pop().unwrap();
        let mut before = standing(&[], &today).achievements;
        let mut live = Tally::default();
        for event in &events {
            live.apply(event);
            let now = live.standing(&today).achievements;
            for (before, now) in before.iter().zip(&now) {
                match (before.earned_at, now.earned_at) {
                    (None, Some(at)) => {
                        prop_assert_eq!(at, event.moment.at);
                        prop_assert_eq!(now.progress, now.target);
                    }
                    (None, None) => prop_assert!(now.progress < now.target),
                    (earned, still) => prop_assert_eq!(earned, still),
                }
            }
            before = now;
        }
    }
}
