//! The tester's work: what is assigned, notes, the profile.

use super::Atlas;
use crate::error::Result;
use crate::records::{
    MyWork, Profile, ProfileChange, QuickStats, TicketNote, UserSettings, WorkFilter, WorkItem,
};

#[uniffi::export]
impl Atlas {
    /// The tester's open tickets, with notes, predictions and sessions: at most `limit` after the first
    /// `offset`.
    #[uniffi::method(default(filter = None, limit = 50, offset = 0))]
    pub fn my_work(
        &self,
        filter: Option<WorkFilter>,
        limit: usize,
        offset: usize,
    ) -> Result<MyWork> {
        let filter = filter.unwrap_or_default();
        self.call(|core| core.my_work(&filter, limit, offset))
    }

    /// The tickets that the tester dealt with last, newest first.
    #[uniffi::method(default(limit = 10))]
    pub fn recent_tickets(&self, limit: usize) -> Result<Vec<WorkItem>> {
        self.call(|core| core.recent_tickets(limit))
    }

    /// How the tester's day stands, in a few numbers.
    pub fn quick_stats(&self) -> Result<QuickStats> {
        self.call(|core| core.quick_stats())
    }

    /// Writes the tester's note on a ticket; none removes it.
    #[uniffi::method(default(note = None))]
    pub fn set_note(&self, key: String, note: Option<String>) -> Result<Option<TicketNote>> {
        self.call(|core| core.set_note(&key, note.as_deref()))
    }

    /// How hard the tester finds a ticket, 1 to 5; none removes it.
    #[uniffi::method(default(difficulty = None))]
    pub fn set_difficulty(
        &self,
        key: String,
        difficulty: Option<u8>,
    ) -> Result<Option<TicketNote>> {
        self.call(|core| core.set_difficulty(&key, difficulty))
    }

    /// The tester's note on a ticket.
    pub fn note(&self, key: String) -> Result<Option<TicketNote>> {
        self.call(|core| core.note(&key))
    }

    /// Removes note and difficulty; whether there was something.
    pub fn clear_note(&self, key: String) -> Result<bool> {
        self.call(|core| core.clear_note(&key))
    }

    /// Notes that hold all these words.
    #[uniffi::method(default(limit = 20))]
    pub fn search_notes(&self, words: String, limit: usize) -> Result<Vec<TicketNote>> {
        self.call(|core| core.search_notes(&words, limit))
    }

    /// The user.
    pub fn profile(&self) -> Result<Profile> {
        self.call(|core| core.profile())
    }

    /// Changes what is given; an empty `email` removes it.
    pub fn update_profile(&self, change: ProfileChange) -> Result<Profile> {
        self.call(|core| core.update_profile(&change))
    }

    /// What the user has set.
    pub fn user_settings(&self) -> Result<UserSettings> {
        self.call(|core| core.user_settings())
    }

    /// Sets it.
    pub fn set_user_settings(&self, settings: UserSettings) -> Result<()> {
        self.call(|core| core.set_user_settings(&settings))
    }
}
