//! What the tester says of predictions.

use super::Atlas;
use crate::error::Result;
use crate::records::{Feedback, FeedbackReceipt, FeedbackTarget, Forgotten, Missed, Undone};

#[uniffi::export]
impl Atlas {
    /// Says what became of a scenario, or of every scenario of a prediction. A second call with the
    /// same `host_id` changes nothing; a second answer to a scenario replaces the first.
    pub fn feedback(&self, target: FeedbackTarget, feedback: Feedback) -> Result<FeedbackReceipt> {
        self.call(|core| core.feedback(target, &feedback))
    }

    /// Says that a scenario was needed for a ticket and was not predicted. `minutes` is what it took.
    #[uniffi::method(default(minutes = None, host_id = None))]
    pub fn missed(
        &self,
        key: String,
        missed: Missed,
        minutes: Option<u32>,
        host_id: Option<String>,
    ) -> Result<FeedbackReceipt> {
        self.call(|core| core.missed(&key, &missed, minutes, host_id.as_deref()))
    }

    /// Takes feedback back, whenever it was given, as if it had never been.
    pub fn undo(&self, feedback_id: i64) -> Result<Undone> {
        self.call(|core| core.undo(feedback_id))
    }

    /// The newest feedback that was not taken back, newest first.
    #[uniffi::method(default(limit = 20))]
    pub fn recent_feedback(&self, limit: usize) -> Result<Vec<FeedbackReceipt>> {
        self.call(|core| core.recent_feedback(limit))
    }

    /// Removes a ticket from everything that was learned; the ticket itself stays. This cannot be
    /// undone.
    pub fn forget_ticket(&self, key: String) -> Result<Forgotten> {
        self.call(|core| core.forget_ticket(&key))
    }
}
