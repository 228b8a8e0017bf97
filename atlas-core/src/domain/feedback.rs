//! Feedback: what the tester says of a prediction.

use serde::{Deserialize, Serialize};

use super::Step;
use crate::{Error, Result};

/// The most minutes that one call of feedback can report: a day.
const MOST_MINUTES: u32 = 1_440;

/// What feedback is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeedbackTarget {
    /// One scenario: [`Scenario::prediction_id`](super::Scenario::prediction_id).
    Scenario(i64),
    /// Every scenario of a prediction: [`Prediction::id`](super::Prediction::id).
    Prediction(i64),
}

/// What the tester did with a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    /// It was used as it is.
    Accepted,
    /// It does not belong to this ticket.
    Rejected,
    /// It was used with other steps.
    Modified {
        /// The tester's own steps.
        steps: Vec<Step>,
    },
}

impl Answer {
    /// The answer without its steps.
    pub fn kind(&self) -> AnswerKind {
        match self {
            Answer::Accepted => AnswerKind::Accepted,
            Answer::Rejected => AnswerKind::Rejected,
            Answer::Modified { .. } => AnswerKind::Modified,
        }
    }
}

/// An answer in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AnswerKind {
    /// Used as it is.
    Accepted,
    /// Not used.
    Rejected,
    /// Used with other steps.
    Modified,
    /// Needed, and not predicted.
    Missed,
}

impl AnswerKind {
    /// The word that results and the database use.
    pub fn as_str(self) -> &'static str {
        match self {
            AnswerKind::Accepted => "accepted",
            AnswerKind::Rejected => "rejected",
            AnswerKind::Modified => "modified",
            AnswerKind::Missed => "missed",
        }
    }

    /// The answer with this word.
    pub fn from_name(name: &str) -> Option<Self> {
        [
            AnswerKind::Accepted,
            AnswerKind::Rejected,
            AnswerKind::Modified,
            AnswerKind::Missed,
        ]
        .into_iter()
        .find(|kind| kind.as_str() == name)
    }
}

/// A part of feedback that can be cleared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FeedbackPart {
    /// [`Feedback::rating`].
    Rating,
    /// [`Feedback::comments`].
    Comments,
    /// [`Feedback::actual_minutes`].
    ActualMinutes,
}

/// Feedback on a scenario or on a whole prediction.
///
/// A later answer to the same scenario replaces the earlier one. Rating, comments and minutes that
/// it does not mention stay as they were said last, unless [`clear`](Self::clear) names them.
///
/// ```
/// use atlas_core::domain::{Feedback, Step};
/// let feedback = Feedback::accepted().minutes(20).rating(4).comments("quick");
/// assert_eq!(feedback.actual_minutes, Some(20));
/// let own = Feedback::modified(vec![Step::new("Open page 2", "It is empty")]);
/// assert_eq!(own.answer.kind().as_str(), "modified");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Feedback {
    /// What the tester did.
    #[serde(flatten)]
    pub answer: Answer,
    /// How good it was, 1 to 5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<u8>,
    /// What the tester has to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comments: Option<String>,
    /// Minutes that it really took, 1 to 1,440.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual_minutes: Option<u32>,
    /// The host's own id of this call; a second call with it changes nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_id: Option<String>,
    /// What of an earlier answer no longer holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clear: Vec<FeedbackPart>,
}

impl Feedback {
    /// Feedback with an answer and nothing else.
    pub fn new(answer: Answer) -> Self {
        Feedback {
            answer,
            rating: None,
            comments: None,
            actual_minutes: None,
            host_id: None,
            clear: Vec::new(),
        }
    }

    /// It was used as it is.
    pub fn accepted() -> Self {
        Feedback::new(Answer::Accepted)
    }

    /// It does not belong to this ticket.
    pub fn rejected() -> Self {
        Feedback::new(Answer::Rejected)
    }

    /// It was used with these steps.
    pub fn modified(steps: Vec<Step>) -> Self {
        Feedback::new(Answer::Modified { steps })
    }

    /// Sets the rating, 1 to 5.
    pub fn rating(mut self, rating: u8) -> Self {
        self.rating = Some(rating);
        self
    }

    /// Sets the comments.
    pub fn comments(mut self, comments: impl Into<String>) -> Self {
        self.comments = Some(comments.into());
        self
    }

    /// Sets the minutes that it took.
    pub fn minutes(mut self, minutes: u32) -> Self {
        self.actual_minutes = Some(minutes);
        self
    }

    /// Sets the host's own id of this call.
    pub fn host_id(mut self, id: impl Into<String>) -> Self {
        self.host_id = Some(id.into());
        self
    }

    /// Clears a part of an earlier answer.
    pub fn clear(mut self, part: FeedbackPart) -> Self {
        self.clear.push(part);
        self
    }

    /// Whether the values are in range.
    ///
    /// # Errors
    /// `INVALID_VALUE` names the field and what would be right.
    pub fn check(&self) -> Result<()> {
        if let Answer::Modified { steps } = &self.answer {
            check_steps(steps)?;
        }
        if let Some(rating) = self.rating
            && !(1..=5).contains(&rating)
        {
            return Err(Error::invalid("rating", rating, "1 to 5"));
        }
        check_minutes(self.actual_minutes)?;
        check_host_id(self.host_id.as_deref())
    }
}

/// A stored pattern, by its row id or by its key in its library.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum PatternRef {
    /// The row id.
    Id(i64),
    /// The key, or the name where no pattern has this key.
    Key(String),
}

impl From<i64> for PatternRef {
    fn from(id: i64) -> Self {
        PatternRef::Id(id)
    }
}

impl From<&str> for PatternRef {
    fn from(key: &str) -> Self {
        PatternRef::Key(key.to_owned())
    }
}

/// A scenario that was needed and that ATLAS did not name.
///
/// ```
/// use atlas_core::domain::{Missed, Step};
/// let known = Missed::pattern("MM-T12");
/// let new = Missed::new("Export with 0 rows", vec![Step::new("Export", "The file has a header")]);
/// assert_ne!(known, new);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Missed {
    /// A stored pattern.
    Pattern(PatternRef),
    /// A scenario of the tester's own, which becomes a pattern.
    New {
        /// Its name.
        name: String,
        /// What was done.
        steps: Vec<Step>,
        /// Its type; without one, what the ticket calls for the most.
        #[serde(default)]
        pattern_type: Option<String>,
        /// Its component.
        #[serde(default)]
        component: Option<String>,
    },
}

impl Missed {
    /// A stored pattern.
    pub fn pattern(pattern: impl Into<PatternRef>) -> Self {
        Missed::Pattern(pattern.into())
    }

    /// A scenario of the tester's own.
    pub fn new(name: impl Into<String>, steps: Vec<Step>) -> Self {
        Missed::New {
            name: name.into(),
            steps,
            pattern_type: None,
            component: None,
        }
    }

    /// Whether a new scenario has a name and steps, and no empty type.
    ///
    /// # Errors
    /// `INVALID_VALUE` names the field and what would be right.
    pub fn check(&self) -> Result<()> {
        let Missed::New {
            name,
            steps,
            pattern_type,
            ..
        } = self
        else {
            return Ok(());
        };
        if name.trim().is_empty() {
            return Err(Error::invalid("name", name, "the scenario's name"));
        }
        if pattern_type.as_deref().is_some_and(|t| t.trim().is_empty()) {
            return Err(Error::invalid("pattern_type", "", "a type of scenario"));
        }
        check_steps(steps)
    }
}

/// Whether minutes are 1 to 1,440.
pub(crate) fn check_minutes(minutes: Option<u32>) -> Result<()> {
    match minutes {
        Some(minutes) if !(1..=MOST_MINUTES).contains(&minutes) => {
            let expected = format!("minutes, 1 to {MOST_MINUTES}");
            Err(Error::invalid("actual_minutes", minutes, expected))
        }
        _ => Ok(()),
    }
}

/// Whether an id of the host's is one.
pub(crate) fn check_host_id(id: Option<&str>) -> Result<()> {
    match id {
        Some(id) if id.trim().is_empty() => {
            Err(Error::invalid("host_id", id, "an id that is not empty"))
        }
        _ => Ok(()),
    }
}

fn check_steps(steps: &[Step]) -> Result<()> {
    let blank = |text: &str| text.trim().is_empty();
    let says_nothing = |step: &Step| {
        let others = [&step.expected, &step.data];
        blank(&step.action) && others.iter().all(|text| text.as_deref().is_none_or(blank))
    };
    if steps.is_empty() || steps.iter().any(says_nothing) {
        let expected = "at least one step, each with an action, a result or data";
        return Err(Error::invalid("steps", "", expected));
    }
    Ok(())
}

/// What the tester answered to a designed test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleAnswer {
    /// The rule that had made it.
    pub rule: String,
    /// The ticket's components.
    pub components: Vec<String>,
    /// Whether it was kept, as it was or edited.
    pub kept: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_out_of_range_are_named() {
        let field = |feedback: Feedback| feedback.check().unwrap_err().details()["field"].clone();
        assert_eq!(field(Feedback::accepted().rating(0)), "rating");
        assert_eq!(field(Feedback::accepted().rating(6)), "rating");
        assert_eq!(field(Feedback::rejected().minutes(0)), "actual_minutes");
        assert_eq!(field(Feedback::rejected().minutes(1_441)), "actual_minutes");
        assert_eq!(field(Feedback::modified(Vec::new())), "steps");
        assert_eq!(
            field(Feedback::modified(vec![Step::new(" ", " ")])),
            "steps"
        );
        assert_eq!(field(Feedback::accepted().host_id(" ")), "host_id");
        assert!(
            Feedback::accepted()
                .rating(5)
                .minutes(1_440)
                .check()
                .is_ok()
        );
        assert!(
            Missed::new(" ", vec![Step::new("Open", "")])
                .check()
                .is_err()
        );
        assert!(Missed::new("Open", Vec::new()).check().is_err());
    }

    #[test]
    fn feedback_is_flat_json() {
        let json = serde_json::to_value(Feedback::accepted().rating(4)).unwrap();
        assert_eq!(json, serde_json::json!({"answer": "accepted", "rating": 4}));
        let read: Feedback =
            serde_json::from_str(r#"{"answer": "modified", "steps": [{"action": "Open"}]}"#)
                .unwrap();
        assert_eq!(read, Feedback::modified(vec![Step::new("Open", "")]));
    }
}
