//! What search knows is derived from texts: where it is missing or spoiled it is made again.
//!
//! This covers words of tickets that another program stored, and vectors that are no unit vectors
//! or belong to another text; for a ticket that is asked about, also where its text has changed. A
//! vector goes with its last document; those of texts that belong to no ticket or pattern stay and
//! are not loaded.

use super::Core;
use crate::atlas::core::encode::BATCH;
use crate::domain::{Draft, Ticket, silent};
use crate::search::documents::{Document, is_hash_of};
use crate::search::load::Spoiled;
use crate::store::{Field, Owner, Repositories, Stored};
use crate::{Error, Result};

impl Core {
    /// Makes words for tickets and patterns that have none: another program stored them, or their
    /// words were lost. How many there were. Few are encoded at once; nothing happens where nothing
    /// can be written.
    pub(crate) fn document_missing(&self) -> Result<u64> {
        let missing = self.store.read(|stored| {
            let mut missing = Vec::new();
            for owner in [Owner::Ticket, Owner::Pattern] {
                let ids = stored.documents().undocumented(owner)?;
                missing.extend(ids.into_iter().map(|id| (owner, id)));
            }
            Ok(missing)
        })?;
        if missing.is_empty() {
            return Ok(0);
        }
        let made = self.store.write(|stored| {
            let mut made = 0;
            for &(owner, id) in &missing {
                if let Some(document) = self.document(stored, owner, id)? {
                    self.put_document(stored, owner, id, &document)?;
                    made += 1;
                }
            }
            Ok(made)
        });
        let made = where_writable(made, 0)?;
        if made > 0 {
            self.encode_few()?;
        }
        Ok(made)
    }

    /// Encodes what waits where that is at most a batch; more waits for
    /// [`Database::encode`](crate::Database::encode).
    fn encode_few(&self) -> Result<()> {
        let model = self.encoder.id()?;
        let waiting = self
            .store
            .read(|stored| stored.documents().pending_count(&model, None))?;
        if waiting <= BATCH as u64 {
            self.encode_owner(Owner::Pattern, &mut silent)?;
            self.encode_owner(Owner::Ticket, &mut silent)?;
        }
        Ok(())
    }

    /// Drops vectors that cannot be used and makes them again where they are few. Whether anything
    /// was done.
    pub(crate) fn mend_vectors(&self, spoiled: &Spoiled) -> Result<bool> {
        let model = self.encoder.id()?;
        let dropped = self.store.write(|stored| {
            stored.documents().drop_vectors(&spoiled.vectors)?;
            stored.documents().put_astray_right(&model)?;
            Ok(true)
        });
        let dropped = where_writable(dropped, false)?;
        if dropped {
            self.encode_few()?;
        }
        Ok(dropped)
    }

    /// A stored ticket whose words and vectors are of its present text, also where another program
    /// has changed that.
    pub(crate) fn find_fresh(&self, key: &str) -> Result<Stored<Ticket>> {
        let ticket = self.find(key)?;
        self.freshen(ticket.id, &Draft::from(&ticket.value))?;
        Ok(ticket)
    }

    fn freshen(&self, id: i64, draft: &Draft) -> Result<()> {
        let document = Document::of_ticket(draft);
        let fits = |stored: &Repositories<'_>| self.fits(stored, Owner::Ticket, id, &document);
        if self.store.read(fits)? {
            return Ok(());
        }
        let put = self.store.write(|stored| {
            self.put_document(stored, Owner::Ticket, id, &document)?;
            Ok(true)
        });
        match where_writable(put, false)? {
            true => self.encode_few(),
            false => Ok(()),
        }
    }

    /// Whether what search knows of a ticket or pattern is of this text.
    pub(crate) fn fits(
        &self,
        stored: &Repositories<'_>,
        owner: Owner,
        id: i64,
        document: &Document,
    ) -> Result<bool> {
        let texts = [
            (Field::Name, document.name.clone()),
            (Field::Whole, document.whole()),
        ];
        for (field, text) in texts {
            let found = stored.documents().get(owner, id, field)?;
            if !found.is_some_and(|(hash, _)| is_hash_of(hash, &text)) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// What is derived can wait where nothing can be written now.
fn where_writable<T>(written: Result<T>, otherwise: T) -> Result<T> {
    match written {
        Err(Error::ReadOnlyDatabase { .. } | Error::DatabaseBusy) => Ok(otherwise),
        other => other,
    }
}
