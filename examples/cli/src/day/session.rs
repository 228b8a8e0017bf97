//! One session of the play: predicted, tested step by step, ended, answered.

use atlas_core::Result;
use atlas_core::domain::{
    Feedback, FeedbackTarget, Outcome, Prediction, Scenario, SessionPlan, SessionResult, Step,
    WorkItem,
};
use jiff::civil::time;

use super::Play;

/// Scenarios that are predicted and planned.
const SCENARIOS: usize = 3;
/// Seconds of work after which a break is near.
const LONG: i64 = 45 * 60;

/// What the tester found of a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    Right,
    Wrong,
    /// It did not come to that.
    Unknown,
}

/// Where a session stands.
struct Course {
    id: i64,
    /// The number of the next step of the plan.
    next_step: u32,
    /// Seconds since it began or since the last break.
    at_work: i64,
}

impl Play<'_> {
    /// Tests a ticket from its prediction to what is said of it.
    pub fn session(&mut self, item: &WorkItem, lunched: &mut bool) -> Result<SessionResult> {
        let key = item.ticket_key.as_str();
        let prediction = self.atlas.predict(key, SCENARIOS)?;
        self.story.ticket(item, &prediction)?;
        if item.my_note.is_none() && self.tester.chance(0.45) {
            self.note(item)?;
        }
        self.clock.pass(self.tester.between(60, 180));
        let plan = prediction
            .id
            .map_or(SessionPlan::Free, SessionPlan::Prediction);
        let session = self.atlas.sessions().start(key, &plan)?;
        let coach = self.atlas.sessions().greeting(session.id)?;
        self.story.started(&session)?;
        self.story.coach(coach.as_deref())?;
        let outcome = self.tester.outcome();
        let mut course = Course {
            id: session.id,
            next_step: 1,
            at_work: 0,
        };
        let (found, outcome) = self.test(&prediction, outcome, &mut course, lunched)?;
        let result = self.atlas.sessions().end(session.id, outcome)?;
        self.story.ended(&result, &self.atlas.play().standing()?)?;
        // The session's result has told of these.
        self.look_what_was_earned(false)?;
        self.clock.pass(self.tester.between(30, 90));
        self.judge(&prediction, &found)?;
        Ok(result)
    }

    /// Difficulty and a thought, before the ticket is tested.
    fn note(&mut self, item: &WorkItem) -> Result<()> {
        let key = item.ticket_key.as_str();
        let (difficulty, thought) = (self.tester.difficulty(), self.tester.thought());
        self.atlas.tickets().set_difficulty(key, Some(difficulty))?;
        self.atlas.tickets().set_note(key, Some(thought))?;
        self.story.thought(difficulty, thought)?;
        self.look_what_was_earned(true)
    }

    /// Every scenario of the plan, and what came of it all.
    fn test(
        &mut self,
        prediction: &Prediction,
        wanted: Outcome,
        course: &mut Course,
        lunched: &mut bool,
    ) -> Result<(Vec<Found>, Outcome)> {
        let scenarios = &prediction.scenarios;
        let found: Vec<Found> = scenarios
            .iter()
            .map(|scenario| match self.tester.is_right(scenario.confidence) {
                true => Found::Right,
                false => Found::Wrong,
            })
            .collect();
        let right: Vec<usize> = (0..found.len())
            .filter(|place| found[*place] == Found::Right && !scenarios[*place].steps.is_empty())
            .collect();
        // A defect or an obstacle shows in one of those that are tested.
        let turn = match right.len() {
            0 => None,
            many => Some(right[self.tester.between(0, many as i64 - 1) as usize]),
        };
        for (place, scenario) in scenarios.iter().enumerate() {
            if found[place] == Found::Wrong {
                self.story.passed_over(scenario)?;
                course.next_step += steps_of(scenario);
                continue;
            }
            let here = if turn == Some(place) {
                wanted
            } else {
                Outcome::Passed
            };
            self.scenario(scenario, here, course)?;
            if here == Outcome::Blocked {
                let reached = found.iter().enumerate().map(|(n, found)| match n < place {
                    true => *found,
                    false => Found::Unknown,
                });
                return Ok((reached.collect(), Outcome::Blocked));
            }
            if found[place + 1..].contains(&Found::Right) {
                self.pause(course, lunched)?;
            }
        }
        let outcome = if turn.is_some() {
            wanted
        } else {
            Outcome::Passed
        };
        Ok((found, outcome))
    }

    /// The steps of a scenario, one after the other; where it fails or is blocked, what happened.
    fn scenario(&mut self, scenario: &Scenario, here: Outcome, course: &mut Course) -> Result<()> {
        let first = course.next_step;
        let count = steps_of(scenario);
        course.next_step += count;
        let mut left = self.tester.seconds(scenario);
        let bad = match here {
            Outcome::Passed => None,
            _ => Some(first + self.tester.between(0, i64::from(count) - 1) as u32),
        };
        let began = self.clock.now();
        for (number, step) in (first..).zip(&scenario.steps) {
            let share = left / i64::from(first + count - number);
            let seconds = (share + self.tester.between(-share / 3, share / 3)).max(5);
            left -= seconds;
            self.clock.pass(seconds);
            course.at_work += seconds;
            if bad == Some(number) && here == Outcome::Blocked {
                let obstacle = self.tester.obstacle();
                self.atlas.sessions().note(course.id, obstacle)?;
                return self.story.obstacle(number, obstacle);
            }
            self.atlas.sessions().step_done(course.id, number)?;
            if bad == Some(number) {
                self.atlas
                    .sessions()
                    .note(course.id, &defect(number, step))?;
                self.story.defect(number, step)?;
            }
        }
        if scenario.steps.is_empty() {
            self.clock.pass(left);
            course.at_work += left;
        }
        let took = self.clock.now().duration_since(began).as_secs();
        self.story.tested(scenario, first, took, bad.is_none())
    }

    /// A break after long work. Lunch is one too, and now and then nobody pauses the session for it.
    fn pause(&mut self, course: &mut Course, lunched: &mut bool) -> Result<()> {
        let noon = self.clock.local()?.time() >= time(12, 0, 0, 0);
        let lunch = noon && !*lunched;
        if !lunch && (course.at_work < LONG || !self.tester.chance(0.7)) {
            return Ok(());
        }
        course.at_work = 0;
        if lunch && self.tester.chance(0.5) {
            return self.forget_to_pause(course, lunched);
        }
        let (why, minutes) = match lunch {
            true => ("Lunch.", self.tester.between(32, 55)),
            false => (self.tester.reason_for_a_break(), self.tester.between(5, 14)),
        };
        *lunched |= lunch;
        self.atlas.sessions().pause(course.id)?;
        self.story.pause(why)?;
        self.clock.pass(60 * minutes);
        self.atlas.sessions().resume(course.id)?;
        self.story.resumed(minutes)
    }

    /// The laptop is closed while the session runs: ATLAS finds it so, and the time is a break.
    fn forget_to_pause(&mut self, course: &Course, lunched: &mut bool) -> Result<()> {
        *lunched = true;
        self.story
            .tell("Lunch. The laptop is closed; nobody pauses the session.")?;
        let minutes = self.tester.between(32, 55);
        self.clock.pass(60 * minutes);
        if self
            .atlas
            .sessions()
            .left_open()?
            .is_some_and(|left| left.id == course.id)
        {
            let session = self.atlas.sessions().resume(course.id)?;
            self.story.found_open(&session)?;
        }
        Ok(())
    }

    /// What the tester says of each scenario; what was not reached is left for a question.
    fn judge(&mut self, prediction: &Prediction, found: &[Found]) -> Result<()> {
        let (mut right, mut wrong) = (0, 0);
        for (scenario, found) in prediction.scenarios.iter().zip(found) {
            let Some(id) = scenario.prediction_id else {
                continue;
            };
            let said = match found {
                Found::Right => Feedback::accepted().rating(self.tester.rating()),
                Found::Wrong => Feedback::rejected(),
                Found::Unknown => continue,
            };
            self.atlas.feedback(FeedbackTarget::Scenario(id), &said)?;
            match found {
                Found::Right => right += 1,
                _ => wrong += 1,
            }
        }
        self.story.judged(right, wrong)?;
        self.look_what_was_earned(true)
    }
}

/// What is written down of a step that fails.
fn defect(number: u32, step: &Step) -> String {
    match step.expected.as_deref() {
        Some(expected) => format!("Step {number} fails. Expected: {expected}"),
        None => format!("Step {number} fails: {}", step.action),
    }
}

fn steps_of(scenario: &Scenario) -> u32 {
    u32::try_from(scenario.steps.len()).unwrap_or(0)
}
