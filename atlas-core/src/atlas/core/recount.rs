//! Stored texts that an earlier version counted or encoded otherwise.

use super::Core;
use crate::Result;
use crate::atlas::core::encode::encode_known;
use crate::domain::Draft;
use crate::search::documents::{Document, text_hash};
use crate::search::weights::LEAST_KNOWN;
use crate::store::{Owner, Repositories};
use crate::text::encoder::Encoder;
use crate::text::terms;

/// The setting that says how the stored texts were counted.
const SETTING: &str = "text_version";

/// Earlier versions kept vectors of texts that had changed; they are dropped once.
const PRUNED: u8 = 1;

impl Core {
    /// Notes of a database that holds no text yet how its texts will be counted, so that no call
    /// that only asks has to.
    pub(crate) fn note_count(&self) -> Result<()> {
        let is_empty = self.store.read(|stored| {
            Ok(stored.settings().get(SETTING)?.is_none()
                && stored.tickets().count()? == 0
                && stored.patterns().count(None)? == 0)
        })?;
        if is_empty {
            self.store
                .write(|stored| stored.settings().set(SETTING, Some(&version())))?;
        }
        Ok(())
    }

    /// Counts the words of stored texts again where an earlier version counted them otherwise, and
    /// takes the vectors of texts that the encoder does not know. Once in the life of a database;
    /// texts of ASCII alone have always been counted the same way and are only looked at.
    pub(crate) fn recount(&self) -> Result<()> {
        let is_new = |stored: &Repositories<'_>| self.counts_as_now(stored);
        if self.state.is_recounted() || self.store.read(is_new)? {
            self.state.set_recounted();
            return Ok(());
        }
        if self.store.read_only().is_some() {
            return Ok(());
        }
        let encoder = self.encoder.get()?;
        self.store.write(|stored| {
            if is_new(stored)? {
                return Ok(());
            }
            stored.tickets().for_each(&mut |ticket| {
                let document = Document::of_ticket(&Draft::from(&ticket.value));
                self.put_again(stored, encoder, Owner::Ticket, ticket.id, &document)
            })?;
            stored.patterns().for_each(&mut |pattern| {
                let document = Document::of_pattern(&pattern.value);
                self.put_again(stored, encoder, Owner::Pattern, pattern.id, &document)
            })?;
            // Vectors that belong to no ticket or pattern are made when they are asked for.
            stored.documents().prune()?;
            stored.settings().set(SETTING, Some(&version()))
        })?;
        self.state.set_recounted();
        Ok(())
    }

    /// Whether stored texts are counted as this version counts them.
    pub(crate) fn counts_as_now(&self, stored: &Repositories<'_>) -> Result<bool> {
        Ok(stored.settings().get(SETTING)? == Some(version()))
    }

    fn put_again(
        &self,
        stored: &Repositories<'_>,
        encoder: &Encoder,
        owner: Owner,
        id: i64,
        document: &Document,
    ) -> Result<()> {
        if document.name.is_ascii() && document.full.is_ascii() {
            return Ok(());
        }
        self.put_document(stored, owner, id, document)?;
        let max_tokens = self.max_tokens(owner);
        for text in [document.name.clone(), document.whole()] {
            let hash = text_hash(&text, max_tokens);
            if encoder.known(&text, max_tokens) < LEAST_KNOWN
                && stored.documents().vector(encoder.id(), hash)?.is_some()
                && let [nothing] = encode_known(encoder, &[&text], max_tokens).as_slice()
            {
                let bytes = nothing.to_bytes();
                stored.documents().put_vector(encoder.id(), hash, &bytes)?;
            }
        }
        Ok(())
    }
}

fn version() -> String {
    format!("{} {LEAST_KNOWN} {PRUNED}", terms::VERSION)
}
