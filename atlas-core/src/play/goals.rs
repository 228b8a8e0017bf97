//! The goals of challenges in words.

use crate::domain::ChallengeGoal;

/// A challenge in words.
///
/// ```
/// use atlas_core::domain::ChallengeGoal;
/// use atlas_core::play::goals::text;
/// assert_eq!(text(&ChallengeGoal::CompleteSessions, 3), "Complete 3 sessions");
/// ```
pub fn text(goal: &ChallengeGoal, target: u32) -> String {
    let some = |one: &str, many: &str| match target {
        1 => one.to_owned(),
        _ => many.replace("{n}", &target.to_string()),
    };
    match goal {
        ChallengeGoal::CompleteSessions => some("Complete a session", "Complete {n} sessions"),
        ChallengeGoal::CompleteSteps => some(
            "Do a step in completed sessions",
            "Do {n} steps in completed sessions",
        ),
        ChallengeGoal::RevisitComponent { component } => {
            format!("Test {component} again: its last session was two weeks ago or longer")
        }
        ChallengeGoal::AnswerQuestions => some(
            "Answer one of ATLAS's questions",
            "Answer {n} of ATLAS's questions",
        ),
        ChallengeGoal::GiveFeedback => some(
            "Say of a predicted scenario whether it was right",
            "Say of {n} predicted scenarios whether they were right",
        ),
        ChallengeGoal::TestTickets => some("Test a ticket", "Test {n} different tickets"),
        ChallengeGoal::MeetEstimate => some(
            "Do every step of a session within its estimate",
            "Do every step of {n} sessions within their estimates",
        ),
        ChallengeGoal::WriteNotes => some(
            "Write a note or set a difficulty on a ticket",
            "Write notes or set difficulties on {n} tickets",
        ),
    }
}
