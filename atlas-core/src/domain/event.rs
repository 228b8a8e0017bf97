//! The log of the tester's work: what happened, when, and on which day of the tester's calendar.

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Outcome, PlannedScenario, TicketKey};

/// An instant, and what the tester's calendar said then.
///
/// Both are kept, because the calendar of then cannot be told from the instant once the tester has
/// moved to another zone or lets the day start at another hour.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Moment {
    /// When it happened.
    pub at: Timestamp,
    /// The zone's IANA name, if it had one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// Seconds east of UTC that local time was.
    pub offset_seconds: i32,
    /// The tester's day: the local date, or the one before in the hours before the day starts.
    pub day: Date,
    /// At what hour the day started then, 0 to 23.
    #[serde(default)]
    pub day_start: u8,
}

impl Moment {
    /// An instant in a zone, where the day starts at `day_start` o'clock, 0 to 23.
    ///
    /// ```
    /// use atlas_core::domain::Moment;
    /// use jiff::tz::TimeZone;
    /// let berlin = TimeZone::get("Europe/Berlin")?;
    /// let moment = Moment::new("2024-03-09T01:30:00Z".parse()?, &berlin, 4);
    /// assert_eq!(moment.day.to_string(), "2024-03-08"); // half past two at night
    /// assert_eq!(moment.offset_seconds, 3600);
    /// # Ok::<(), jiff::Error>(())
    /// ```
    pub fn new(at: Timestamp, zone: &TimeZone, day_start: u8) -> Self {
        let offset = zone.to_offset(at);
        Moment {
            at,
            zone: zone.iana_name().map(str::to_owned),
            offset_seconds: offset.seconds(),
            day: day_of(at, offset, day_start),
            day_start,
        }
    }

    /// The day of another instant by this moment's calendar: its offset and its day's start.
    ///
    /// ```
    /// use atlas_core::domain::Moment;
    /// use jiff::tz::TimeZone;
    /// let auckland = TimeZone::get("Pacific/Auckland")?;
    /// let moment = Moment::new("2024-06-01T00:00:00Z".parse()?, &auckland, 0);
    /// assert_eq!(moment.day_of("2024-06-01T12:00:00Z".parse()?).to_string(), "2024-06-02");
    /// # Ok::<(), jiff::Error>(())
    /// ```
    pub fn day_of(&self, at: Timestamp) -> Date {
        let offset = Offset::from_seconds(self.offset_seconds).unwrap_or(Offset::UTC);
        day_of(at, offset, self.day_start)
    }
}

/// The date on a wall clock that is `day_start` hours late, so that hours before the day's start
/// belong to the day before, also where the clock is put forward or back.
fn day_of(at: Timestamp, offset: Offset, day_start: u8) -> Date {
    let local = offset.to_datetime(at);
    let late = SignedDuration::from_hours(i64::from(day_start));
    local.checked_sub(late).unwrap_or(local).date()
}

/// One entry of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The row id; 0 before it is stored. Simultaneous events are ordered by it.
    #[serde(default)]
    pub id: i64,
    /// When.
    #[serde(flatten)]
    pub moment: Moment,
    /// The session that it belongs to, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<i64>,
    /// What.
    #[serde(flatten)]
    pub kind: EventKind,
}

/// What can happen. Everything that play and statistics need stands in the event, so that what is
/// derived does not change with the tickets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum EventKind {
    /// A session began.
    SessionStarted {
        /// The ticket's row id.
        ticket_id: i64,
        /// Its key then.
        ticket_key: TicketKey,
        /// Its components then.
        components: Vec<String>,
        /// What is to be tested; steps are numbered from 1 through all scenarios.
        plan: Vec<PlannedScenario>,
    },
    /// A step was done.
    StepDone {
        /// Its number, from 1.
        step: u32,
    },
    /// A step was not done after all.
    StepUndone {
        /// Its number, from 1.
        step: u32,
    },
    /// A break began.
    Paused,
    /// A break ended.
    Resumed,
    /// Something was written down in a session.
    SessionNoted {
        /// The text.
        text: String,
    },
    /// The session was still looked at.
    Alive,
    /// The session was completed.
    Ended {
        /// With what.
        outcome: Outcome,
    },
    /// The session was given up and counts for nothing.
    Cancelled,
    /// Feedback was given.
    FeedbackGiven {
        /// The row of the feedback.
        feedback_id: i64,
        /// How many scenarios it judged.
        scenarios: u32,
        /// How many of them answered a question of ATLAS's.
        #[serde(default)]
        questions: u32,
        /// How many of them are the tester's own scenarios, predicted and accepted.
        #[serde(default)]
        own_accepted: u32,
    },
    /// Feedback was taken back.
    FeedbackUndone {
        /// The row that the feedback had.
        feedback_id: i64,
    },
    /// A note or a difficulty was set on a ticket.
    TicketNoted {
        /// The ticket's row id.
        ticket_id: i64,
    },
    /// The day got its challenge.
    ChallengeSet {
        /// What is to be done, with its numbers.
        challenge: ChallengeGoal,
        /// How often it is to be done.
        target: u32,
        /// What completing it earns.
        xp: u32,
    },
    /// A missed day was filled by hand.
    StreakRepaired {
        /// The day that was missed.
        repaired: Date,
    },
}

/// What a daily challenge asks for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "goal", rename_all = "snake_case")]
#[non_exhaustive]
pub enum ChallengeGoal {
    /// Complete sessions.
    CompleteSessions,
    /// Do steps.
    CompleteSteps,
    /// Test a ticket of a component that was not touched for two weeks.
    RevisitComponent {
        /// The component.
        component: String,
    },
    /// Answer questions of ATLAS's.
    AnswerQuestions,
    /// Say of scenarios whether they were right.
    GiveFeedback,
    /// Test different tickets.
    TestTickets,
    /// Complete a session within the estimate.
    MeetEstimate,
    /// Write notes on tickets.
    WriteNotes,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_comes_back_from_its_json() {
        let event = Event {
            id: 7,
            moment: Moment::new(
                "2024-10-27T01:30:00Z".parse().unwrap(),
                &TimeZone::get("Europe/Berlin").unwrap(),
                3,
            ),
            session_id: Some(2),
            kind: EventKind::ChallengeSet {
                challenge: ChallengeGoal::RevisitComponent {
                    component: "Login".into(),
                },
                target: 1,
                xp: 20,
            },
        };
        let json = serde_json::to_value(&event).unwrap();
        assert_eq!(json["kind"], "challenge_set");
        assert_eq!(json["day"], "2024-10-26");
        assert_eq!(serde_json::from_value::<Event>(json).unwrap(), event);
    }

    #[test]
    fn a_day_starts_on_time_where_the_clock_is_put_forward() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let day = |at: &str| Moment::new(at.parse().unwrap(), &berlin, 3).day.to_string();
        // 31 March 2024: two o'clock is three o'clock.
        assert_eq!(day("2024-03-31T00:59:59Z"), "2024-03-30");
        assert_eq!(day("2024-03-31T01:00:00Z"), "2024-03-31");
    }
}
