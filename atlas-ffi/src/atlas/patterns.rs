//! The library of patterns, and patterns found in tickets.

use std::sync::Arc;

use jiff::Timestamp;

use super::Atlas;
use crate::callbacks::{Cancellation, ProgressListener, Watch};
use crate::error::Result;
use crate::records::{
    DetectOptions, NearDuplicates, PatternFilter, PatternMerge, PatternPair, PatternProposal,
    ProposalEdits, StoredPattern, TestPattern,
};

#[uniffi::export]
impl Atlas {
    /// The stored patterns, the retired among them, in the order of their ids.
    #[uniffi::method(default(filter = None))]
    pub fn patterns(&self, filter: Option<PatternFilter>) -> Result<Vec<StoredPattern>> {
        self.call(|core| core.patterns(&filter.unwrap_or_default()))
    }

    /// A pattern by its row id, its key, or its name where only one active pattern has it.
    pub fn pattern(&self, id_or_key: String) -> Result<StoredPattern> {
        self.call(|core| core.pattern(&id_or_key))
    }

    /// Stores and encodes a new pattern.
    pub fn add_pattern(&self, pattern: TestPattern) -> Result<StoredPattern> {
        self.call(|core| core.add_pattern(&pattern))
    }

    /// Writes a stored pattern anew and encodes it; what it has learned stays.
    pub fn update_pattern(&self, id: i64, pattern: TestPattern) -> Result<StoredPattern> {
        self.call(|core| core.update_pattern(id, &pattern))
    }

    /// Gives a pattern another name.
    pub fn rename_pattern(&self, id_or_key: String, name: String) -> Result<StoredPattern> {
        self.call(|core| core.rename_pattern(&id_or_key, &name))
    }

    /// Keeps a pattern and what it learned, and predicts it no more.
    pub fn retire_pattern(&self, id_or_key: String) -> Result<StoredPattern> {
        self.call(|core| core.retire_pattern(&id_or_key))
    }

    /// Predicts a retired pattern again.
    pub fn reactivate_pattern(&self, id_or_key: String) -> Result<StoredPattern> {
        self.call(|core| core.reactivate_pattern(&id_or_key))
    }

    /// Active patterns that were never used, or not since an instant.
    #[uniffi::method(default(since = None))]
    pub fn unused_patterns(&self, since: Option<Timestamp>) -> Result<Vec<StoredPattern>> {
        self.call(|core| core.unused_patterns(since))
    }

    /// Pairs of patterns that say much the same.
    #[uniffi::method(default(options = None))]
    pub fn duplicate_patterns(&self, options: Option<NearDuplicates>) -> Result<Vec<PatternPair>> {
        self.call(|core| core.duplicate_patterns(&options.unwrap_or_default()))
    }

    /// Retires `drop` in favour of `keep`, which takes over the tickets that it came from.
    pub fn merge_patterns(&self, keep: String, drop: String) -> Result<PatternMerge> {
        self.call(|core| core.merge_patterns(&keep, &drop))
    }

    /// Scenarios that several stored tickets tell, best first. Nothing is stored.
    #[uniffi::method(default(options = None, progress = None, cancellation = None))]
    pub fn detect_patterns(
        &self,
        options: Option<DetectOptions>,
        progress: Option<Arc<dyn ProgressListener>>,
        cancellation: Option<Arc<Cancellation>>,
    ) -> Result<Vec<PatternProposal>> {
        let core = self.core()?;
        let options = options.unwrap_or_default();
        Watch::new(cancellation).run(progress, |tell| core.detect_patterns(&options, tell))
    }

    /// Two proposals as one: `keep` with the tickets of both. Nothing is stored.
    pub fn merge_proposals(
        &self,
        keep: PatternProposal,
        other: PatternProposal,
    ) -> Result<PatternProposal> {
        self.call(|core| Ok(core.merge_proposals(&keep, &other)))
    }

    /// Keeps a proposal as a pattern, with another name, type or component where given.
    #[uniffi::method(default(edits = None))]
    pub fn accept_proposal(
        &self,
        proposal: PatternProposal,
        edits: Option<ProposalEdits>,
    ) -> Result<StoredPattern> {
        self.call(|core| core.accept_proposal(&proposal, &edits.unwrap_or_default()))
    }

    /// Remembers that a proposal is not wanted.
    pub fn drop_proposal(&self, proposal: PatternProposal) -> Result<()> {
        self.call(|core| core.drop_proposal(&proposal))
    }
}
