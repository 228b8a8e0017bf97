//! Tickets: what they are, what is like them, what they are about.

use super::Atlas;
use crate::error::Result;
use crate::records::{
    Analysis, Counts, Draft, DuplicateTicket, Review, SimilarOptions, SimilarTicket, Ticket,
};

#[uniffi::export]
impl Atlas {
    /// A stored ticket.
    pub fn ticket(&self, key: String) -> Result<Ticket> {
        self.call(|core| core.ticket(&key))
    }

    /// All stored tickets, oldest first.
    pub fn tickets(&self) -> Result<Vec<Ticket>> {
        self.call(|core| core.tickets())
    }

    /// How much is stored.
    pub fn counts(&self) -> Result<Counts> {
        self.call(|core| core.counts())
    }

    /// What a stored ticket is about, and what is like it.
    pub fn analyze(&self, key: String) -> Result<Analysis> {
        self.call(|core| core.analyze(&key))
    }

    /// The same for a text; nothing is stored.
    pub fn analyze_draft(&self, draft: Draft) -> Result<Analysis> {
        self.call(|core| core.analyze_draft(&draft))
    }

    /// What a tester would ask the author of a stored ticket before testing.
    pub fn review(&self, key: String) -> Result<Review> {
        self.call(|core| core.review(&key))
    }

    /// The same for a text; nothing is stored.
    pub fn review_draft(&self, draft: Draft) -> Result<Review> {
        self.call(|core| core.review_draft(&draft))
    }

    /// The stored tickets that are most like a stored one, most alike first; ten by default.
    #[uniffi::method(default(options = None))]
    pub fn similar(
        &self,
        key: String,
        options: Option<SimilarOptions>,
    ) -> Result<Vec<SimilarTicket>> {
        self.call(|core| core.similar(&key, &options.unwrap_or_default()))
    }

    /// The same for a text; nothing is stored.
    #[uniffi::method(default(options = None))]
    pub fn similar_to_draft(
        &self,
        draft: Draft,
        options: Option<SimilarOptions>,
    ) -> Result<Vec<SimilarTicket>> {
        self.call(|core| core.similar_to_draft(&draft, &options.unwrap_or_default()))
    }

    /// Stored tickets that may say the same as this one, most likely first.
    #[uniffi::method(default(limit = 10))]
    pub fn duplicates(&self, key: String, limit: usize) -> Result<Vec<DuplicateTicket>> {
        self.call(|core| core.duplicates(&key, limit))
    }

    /// Says that two tickets are not alike, however they look; whether that was new.
    pub fn mark_not_similar(&self, key: String, other: String) -> Result<bool> {
        self.call(|core| core.mark_not_similar(&key, &other))
    }

    /// Takes that back; whether it was said.
    pub fn unmark_not_similar(&self, key: String, other: String) -> Result<bool> {
        self.call(|core| core.unmark_not_similar(&key, &other))
    }

    /// The id of the encoder.
    pub fn model_id(&self) -> Result<String> {
        self.call(|core| core.model_id())
    }

    /// The version of the database's tables.
    pub fn schema_version(&self) -> Result<u32> {
        Ok(self.core()?.schema_version() as u32)
    }
}
