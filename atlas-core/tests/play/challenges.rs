//! Challenges: what is chosen, how it is counted, and that it is paid once.

use super::log::{Log, scenario};
use atlas_core::domain::{ChallengeGoal, EventKind, Outcome};
use atlas_core::play::challenges::{Workload, choose};
use atlas_core::play::{Tally, standing};
use jiff::civil::Date;
use jiff::{SignedDuration, ToSpan};
use proptest::prelude::*;

fn plenty() -> Workload {
    Workload {
        open_tickets: 30,
        tickets_without_note: 20,
        estimated_tickets: 10,
        predicted_steps: 200,
        questions: 9,
        scenarios_without_feedback: 60,
        components: vec!["Reports".into(), "Login".into()],
    }
}

fn set(log: &mut Log, local: &str, goal: ChallengeGoal, target: u32, xp: u32) {
    let kind = EventKind::ChallengeSet {
        challenge: goal,
        target,
        xp,
    };
    log.push(log.at(local), None, kind);
}

#[test]
fn challenges_vary_from_day_to_day_and_repeat_with_the_seed() {
    let mut log = Log::new("UTC");
    let mut kinds = std::collections::HashSet::new();
    let first: Date = "2024-05-06".parse().unwrap();
    let mut last = Vec::new();
    for n in 0..60 {
        let day = first + n.days();
        let tally = Tally::of(&log.events);
        let new = choose(&tally, &plenty(), day, 7).unwrap();
        assert_eq!(choose(&tally, &plenty(), day, 7).as_ref(), Some(&new));
        let kind = std::mem::discriminant(&new.goal);
        assert!(
            !last.iter().rev().take(2).any(|one| *one == kind),
            "{new:?}"
        );
        last.push(kind);
        kinds.insert(kind);
        log.push(log.at(&format!("{day}T08:00")), None, new.into());
    }
    assert_eq!(kinds.len(), 7); // nothing to revisit without a session
    let others = (0..50).filter(|seed| {
        let tally = Tally::default();
        choose(&tally, &plenty(), first, *seed) != choose(&tally, &plenty(), first, 7)
    });
    assert!(others.count() > 25);
}

#[test]
fn a_component_is_revisited_only_if_it_was_left_for_two_weeks() {
    let mut log = Log::new("UTC");
    log.session("2024-05-06T09:00"); // Reports
    let work = Workload {
        components: vec!["Reports".into(), "Login".into()],
        ..Workload::default()
    };
    let on = |day: &str| choose(&Tally::of(&log.events), &work, day.parse().unwrap(), 1);
    assert_eq!(on("2024-05-19"), None);
    let component = "Reports".to_owned();
    assert_eq!(
        on("2024-05-20").unwrap().goal,
        ChallengeGoal::RevisitComponent { component }
    );
}

#[test]
fn a_challenge_is_completed_and_paid_once() {
    let mut log = Log::new("UTC");
    set(
        &mut log,
        "2024-05-06T08:00",
        ChallengeGoal::CompleteSessions,
        2,
        30,
    );
    set(
        &mut log,
        "2024-05-06T08:01",
        ChallengeGoal::CompleteSteps,
        1,
        500,
    ); // the day has one
    log.session("2024-05-06T10:00");
    let before = standing(&log.events, &log.now("2024-05-06T10:30"));
    assert_eq!(
        (before.challenges.len(), before.challenges[0].progress),
        (1, 1)
    );
    log.session("2024-05-06T12:00");
    let with = standing(&log.events, &log.now("2024-05-06T12:30"));
    assert_eq!(
        with.challenges[0].completed_at,
        Some(log.at("2024-05-06T12:00"))
    );
    // 13 for the session, 30 for the challenge, 20 for the first challenge.
    assert_eq!(with.xp - before.xp, 63);
    log.session("2024-05-06T14:00");
    log.session("2024-05-07T14:00");
    let after = standing(&log.events, &log.now("2024-05-07T14:30"));
    assert_eq!(after.challenges, with.challenges);
    assert_eq!(after.xp - with.xp, 26);
}

#[test]
fn each_goal_counts_what_it_says() {
    let day = "2024-05-06T08:00";
    let mut log = Log::new("UTC");
    let given = |feedback_id, scenarios, questions| EventKind::FeedbackGiven {
        feedback_id,
        scenarios,
        questions,
        own_accepted: 0,
    };
    let begin = log.at("2024-05-06T09:00");
    let plan = vec![scenario(2, None, Some(30)), scenario(1, None, Some(10))];
    let id = log.start_with_plan(begin, 1, &["Reports"], plan);
    for step in 1..=3 {
        log.push(begin, Some(id), EventKind::StepDone { step });
    }
    let outcome = Outcome::Passed;
    log.push(
        begin + SignedDuration::from_mins(40),
        Some(id),
        EventKind::Ended { outcome },
    );
    log.push(begin, None, given(1, 3, 1));
    log.push(begin, None, given(2, 2, 2));
    log.push(begin, None, EventKind::FeedbackUndone { feedback_id: 1 });
    for ticket_id in [1, 1, 2] {
        log.push(begin, None, EventKind::TicketNoted { ticket_id });
    }
    log.session("2024-05-06T12:00");
    let component = |name: &str| ChallengeGoal::RevisitComponent {
        component: name.to_owned(),
    };
    for (goal, progress) in [
        (ChallengeGoal::CompleteSessions, 2),
        (ChallengeGoal::CompleteSteps, 3),
        (component("Reports"), 2),
        (component("Login"), 0),
        (ChallengeGoal::AnswerQuestions, 2),
        (ChallengeGoal::GiveFeedback, 2),
        (ChallengeGoal::TestTickets, 2),
        (ChallengeGoal::MeetEstimate, 1),
        (ChallengeGoal::WriteNotes, 2),
    ] {
        let mut log = log.clone();
        set(&mut log, day, goal.clone(), 50, 10);
        let standing = standing(&log.events, &log.now("2024-05-06T20:00"));
        assert_eq!(standing.challenges[0].progress, progress, "{goal:?}");
    }
}

fn workload() -> impl Strategy<Value = Workload> {
    let components = prop::sample::subsequence(vec!["Reports", "Login", "Search"], 0..=3);
    let few = || prop_oneof![Just(0_u32), 0..6_u32, 0..60_u32];
    (few(), few(), few(), few(), few(), few(), components).prop_map(
        |(open, notes, estimated, steps, questions, feedback, components)| Workload {
            open_tickets: open,
            tickets_without_note: notes,
            estimated_tickets: estimated,
            predicted_steps: steps,
            questions,
            scenarios_without_feedback: feedback,
            components: components.into_iter().map(str::to_owned).collect(),
        },
    )
}

proptest! {
    #[test]
    fn a_challenge_is_never_impossible_and_never_done_already(
        events in super::laws::log(60),
        work in workload(),
        day in 0..40_i64,
        seed: u64,
    ) {
        let tally = Tally::of(&events);
        let day = super::laws::FIRST + day.days();
        let Some(new) = choose(&tally, &work, day, seed) else {
            return Ok(());
        };
        prop_assert!(new.target > 0 && (10..=50).contains(&new.xp), "{new:?}");
        let there = match &new.goal {
            ChallengeGoal::CompleteSessions | ChallengeGoal::TestTickets => work.open_tickets,
            ChallengeGoal::CompleteSteps => work.predicted_steps,
            ChallengeGoal::AnswerQuestions => work.questions,
            ChallengeGoal::GiveFeedback => work.scenarios_without_feedback,
            ChallengeGoal::MeetEstimate => work.estimated_tickets,
            ChallengeGoal::WriteNotes => work.tickets_without_note,
            ChallengeGoal::RevisitComponent { component } => {
                prop_assert!(tally.last_tested(component).unwrap() <= day - 14.days());
                u32::from(work.components.contains(component))
            }
            other => panic!("{other:?}"),
        };
        prop_assert!(new.target <= there, "{new:?} with {there}");
        // Set now, it is not complete yet, if the day has none.
        if tally.challenge(day).is_none() {
            let mut live = tally.clone();
            let at = day.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp();
            let mut moment = atlas_core::domain::Moment::new(at, &jiff::tz::TimeZone::UTC, 0);
            moment.day = day;
            let event = atlas_core::domain::Event {
                id: 0,
                moment,
                session_id: None,
                kind: new.into(),
            };
            prop_assert!(!live.apply(&event).challenge_completed());
        }
    }
}
