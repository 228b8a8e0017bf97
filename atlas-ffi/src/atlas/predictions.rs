//! Predictions: what to test, and what nothing chosen covers.

use super::Atlas;
use crate::error::Result;
use crate::records::{ChosenScenario, CoverageGaps, Draft, Prediction, Question, Scenario};

#[uniffi::export]
impl Atlas {
    /// What to test for a stored ticket: the `top_k` most confident scenarios, 1 to 100, with edge
    /// cases. The prediction is stored.
    #[uniffi::method(default(top_k = 5))]
    pub fn predict(&self, key: String, top_k: usize) -> Result<Prediction> {
        self.call(|core| core.predict(&key, top_k))
    }

    /// The same for a text; nothing is stored.
    #[uniffi::method(default(top_k = 5))]
    pub fn predict_draft(&self, draft: Draft, top_k: usize) -> Result<Prediction> {
        self.call(|core| core.predict_draft(&draft, top_k))
    }

    /// One scenario of a stored prediction, by its `prediction_id`.
    pub fn scenario(&self, prediction_id: i64) -> Result<Scenario> {
        self.call(|core| core.scenario(prediction_id))
    }

    /// A ticket's newest stored prediction; its `stale` says what of the ticket has changed since.
    pub fn latest_prediction(&self, key: String) -> Result<Option<Prediction>> {
        self.call(|core| core.latest_prediction(&key))
    }

    /// The newest stored prediction of every ticket that has one, in the tickets' order.
    pub fn latest_predictions(&self) -> Result<Vec<Prediction>> {
        self.call(|core| core.latest_predictions())
    }

    /// Acceptance criteria and usual types of scenario that nothing chosen covers. With nothing given
    /// the accepted scenarios of the newest prediction are meant, else all of it.
    #[uniffi::method(default(chosen = []))]
    pub fn coverage_gaps(&self, key: String, chosen: Vec<ChosenScenario>) -> Result<CoverageGaps> {
        self.call(|core| core.coverage_gaps(&key, &chosen))
    }

    /// The same for a text.
    #[uniffi::method(default(chosen = []))]
    pub fn coverage_gaps_draft(
        &self,
        draft: Draft,
        chosen: Vec<ChosenScenario>,
    ) -> Result<CoverageGaps> {
        self.call(|core| core.coverage_gaps_draft(&draft, &chosen))
    }

    /// The `n` undecided scenarios, 1 to 100, whose answers would teach the most.
    #[uniffi::method(default(n = 5))]
    pub fn questions(&self, n: usize) -> Result<Vec<Question>> {
        self.call(|core| core.questions(n))
    }

    /// The same questions, to be put to the tester now: answers to them count as answered questions.
    #[uniffi::method(default(n = 5))]
    pub fn ask_questions(&self, n: usize) -> Result<Vec<Question>> {
        self.call(|core| core.ask_questions(n))
    }
}
