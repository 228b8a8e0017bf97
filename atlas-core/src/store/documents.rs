//! What search knows of tickets and patterns: lexical terms, and vectors that equal texts share.
//!
//! Both `terms` and `codes` are bytes to the store; whoever wrote them reads them.

use rusqlite::Row;

use super::{Repositories, Revision, columns};
use crate::Result;

/// What a document belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// A ticket.
    Ticket,
    /// A test pattern.
    Pattern,
}

impl Owner {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Owner::Ticket => "ticket",
            Owner::Pattern => "pattern",
        }
    }
}

/// Which text of its owner a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The summary or the name.
    Name,
    /// Everything.
    Whole,
}

impl Field {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Field::Name => "name",
            Field::Whole => "whole",
        }
    }
}

/// A document without a vector of the model in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Pending {
    /// What it belongs to.
    pub owner: Owner,
    /// The owner's row id.
    pub owner_id: i64,
    /// Which text.
    pub field: Field,
    /// The text's hash.
    pub text_hash: u128,
}

/// The ids of vectors of other models. Two ranges of the index: nothing to scan with one model.
const OTHER_MODELS: &str = "(SELECT id FROM atlas_vectors WHERE model < ?1
     UNION ALL SELECT id FROM atlas_vectors WHERE model > ?1)";

/// A stored document.
#[derive(Debug, Clone, Copy)]
pub struct StoredDocument<'a> {
    /// The row id of what it belongs to.
    pub owner_id: i64,
    /// Which text.
    pub field: Field,
    /// The text's hash; `None` where it cannot be read.
    pub text_hash: Option<u128>,
    /// Its terms.
    pub terms: &'a [u8],
    /// The row id of its vector, if it has one of the model that was asked for.
    pub vector_id: Option<i64>,
}

/// A stored vector that a document has.
#[derive(Debug, Clone, Copy)]
pub struct StoredVector<'a> {
    /// The row id.
    pub id: i64,
    /// The hash of its text; `None` where it cannot be read.
    pub text_hash: Option<u128>,
    /// Its codes; nothing where they are no bytes.
    pub codes: &'a [u8],
}

/// Takes a document.
pub type DocumentFn<'a> = &'a mut dyn FnMut(StoredDocument<'_>);
/// Takes a vector.
pub type VectorFn<'a> = &'a mut dyn FnMut(StoredVector<'_>);

/// Documents and vectors.
///
/// Vectors belong to a model. A document whose vector is another model's counts as having none,
/// so a change of model encodes again and never mixes.
#[derive(Debug)]
pub struct Documents<'r>(pub(super) &'r Repositories<'r>);

impl Documents<'_> {
    /// Stores or replaces a document. Where the model's vector of this text is known, the
    /// document has it at once. The vector of its earlier text goes, unless another document has
    /// it.
    ///
    /// # Errors
    /// Storage errors.
    pub fn put(
        &self,
        owner: Owner,
        owner_id: i64,
        field: Field,
        text_hash: u128,
        terms: &[u8],
        model: &str,
    ) -> Result<()> {
        let sql = "SELECT vector_id FROM atlas_documents
                   WHERE owner = ?1 AND owner_id = ?2 AND field = ?3 AND text_hash <> ?4";
        let of = (owner.as_str(), owner_id, field.as_str());
        let hash = text_hash.to_be_bytes();
        let earlier = self.0.first(sql, (of.0, of.1, of.2, hash), |row| {
            Ok(columns::integer(row, 0))
        })?;
        self.0.execute(
            "INSERT INTO atlas_documents (owner, owner_id, field, text_hash, terms, vector_id)
             VALUES (?1, ?2, ?3, ?4, ?5,
                     (SELECT id FROM atlas_vectors WHERE model = ?6 AND text_hash = ?4))
             ON CONFLICT(owner, owner_id, field) DO UPDATE SET
                 text_hash = excluded.text_hash, terms = excluded.terms,
                 vector_id = excluded.vector_id",
            (of.0, of.1, of.2, hash, terms, model),
        )?;
        self.drop_unowned(earlier.flatten())?;
        self.0.changed(Revision::Vectors)
    }

    /// Removes an owner's documents, and their vectors where no other document has them.
    ///
    /// # Errors
    /// Storage errors.
    pub fn remove(&self, owner: Owner, owner_id: i64) -> Result<()> {
        let mut vectors = Vec::new();
        let sql = "SELECT vector_id FROM atlas_documents WHERE owner = ?1 AND owner_id = ?2";
        self.0.each(sql, (owner.as_str(), owner_id), |row| {
            vectors.extend(columns::integer(row, 0));
            Ok(())
        })?;
        let sql = "DELETE FROM atlas_documents WHERE owner = ?1 AND owner_id = ?2";
        if self.0.execute(sql, (owner.as_str(), owner_id))? > 0 {
            self.drop_unowned(vectors)?;
            self.0.changed(Revision::Vectors)?;
        }
        Ok(())
    }

    /// Up to `limit` documents, of one kind of owner or of all, that have no vector of this model.
    /// Documents of equal texts are all named; one [`put_vector`](Self::put_vector) serves them all.
    ///
    /// # Errors
    /// Storage errors.
    pub fn pending(&self, model: &str, owner: Option<Owner>, limit: usize) -> Result<Vec<Pending>> {
        let mut pending = Vec::new();
        let sql = format!(
            "SELECT owner, owner_id, field, text_hash FROM atlas_documents
             WHERE (?3 IS NULL OR owner = ?3)
               AND (vector_id IS NULL OR vector_id IN {OTHER_MODELS}) LIMIT ?2"
        );
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.0
            .each(&sql, (model, limit, owner.map(Owner::as_str)), |row| {
                if let Some(text_hash) = columns::hash(row, 3) {
                    pending.push(Pending {
                        owner: owner_of(row, 0)?,
                        owner_id: row.get(1)?,
                        field: field_of(row, 2)?,
                        text_hash,
                    });
                }
                Ok(())
            })?;
        Ok(pending)
    }

    /// How many documents, of one kind of owner or of all, have no vector of this model.
    ///
    /// # Errors
    /// Storage errors.
    pub fn pending_count(&self, model: &str, owner: Option<Owner>) -> Result<u64> {
        let sql = format!(
            "SELECT count(*) FROM atlas_documents WHERE (?2 IS NULL OR owner = ?2)
               AND (vector_id IS NULL OR vector_id IN {OTHER_MODELS})"
        );
        self.0.number(&sql, (model, owner.map(Owner::as_str)))
    }

    /// Stores a text's vector and gives it to every document with that text.
    ///
    /// # Errors
    /// Storage errors.
    pub fn put_vector(&self, model: &str, text_hash: u128, codes: &[u8]) -> Result<()> {
        let hash = text_hash.to_be_bytes();
        self.0.execute(
            "INSERT INTO atlas_vectors (model, text_hash, codes) VALUES (?1, ?2, ?3)
             ON CONFLICT(model, text_hash) DO UPDATE SET codes = excluded.codes",
            (model, hash, codes),
        )?;
        self.0.execute(
            "UPDATE atlas_documents SET vector_id =
                 (SELECT id FROM atlas_vectors WHERE model = ?1 AND text_hash = ?2)
             WHERE text_hash = ?2",
            (model, hash),
        )?;
        self.0.changed(Revision::Vectors)
    }

    /// The hash of the text that is known of a ticket or pattern, and its terms; `None` where
    /// nothing can be read.
    ///
    /// # Errors
    /// Storage errors.
    pub fn get(
        &self,
        owner: Owner,
        owner_id: i64,
        field: Field,
    ) -> Result<Option<(u128, Vec<u8>)>> {
        let sql = "SELECT text_hash, terms FROM atlas_documents
                   WHERE owner = ?1 AND owner_id = ?2 AND field = ?3";
        let of = (owner.as_str(), owner_id, field.as_str());
        let found = self.0.first(sql, of, |row| {
            Ok((columns::hash(row, 0), bytes(row, 1)?.to_vec()))
        })?;
        Ok(found.and_then(|(hash, terms)| Some((hash?, terms))))
    }

    /// A text's vector.
    ///
    /// # Errors
    /// Storage errors.
    pub fn vector(&self, model: &str, text_hash: u128) -> Result<Option<Vec<u8>>> {
        let sql = "SELECT codes FROM atlas_vectors WHERE model = ?1 AND text_hash = ?2";
        self.0
            .first(sql, (model, text_hash.to_be_bytes()), |row| row.get(0))
    }

    /// Every vector of a model that a document has, by id. Those that belong to no ticket or
    /// pattern are found by their hash alone.
    ///
    /// # Errors
    /// Storage errors.
    pub fn for_each_vector(&self, model: &str, f: VectorFn<'_>) -> Result<()> {
        // The plus keeps SQLite off the index on model: a scan in id order is the fast way.
        let sql = "SELECT id, text_hash, codes FROM atlas_vectors WHERE +model = ?1
                     AND EXISTS (SELECT 1 FROM atlas_documents d WHERE d.vector_id = atlas_vectors.id)
                   ORDER BY id";
        self.0.each(sql, [model], |row| {
            f(StoredVector {
                id: row.get(0)?,
                text_hash: columns::hash(row, 1),
                codes: bytes(row, 2).unwrap_or_default(),
            });
            Ok(())
        })
    }

    /// Every document of one kind of owner, by owner's id and field. A vector of another model
    /// counts as none.
    ///
    /// # Errors
    /// Storage errors.
    pub fn for_each(&self, model: &str, owner: Owner, f: DocumentFn<'_>) -> Result<()> {
        let sql = format!(
            "SELECT owner_id, field, text_hash, terms,
                    CASE WHEN vector_id NOT IN {OTHER_MODELS} THEN vector_id END
             FROM atlas_documents WHERE owner = ?2 ORDER BY owner_id, field"
        );
        self.0.each(&sql, (model, owner.as_str()), |row| {
            f(StoredDocument {
                owner_id: row.get(0)?,
                field: field_of(row, 1)?,
                text_hash: columns::hash(row, 2),
                terms: bytes(row, 3)?,
                vector_id: columns::integer(row, 4),
            });
            Ok(())
        })
    }
}

fn owner_of(row: &Row<'_>, column: usize) -> rusqlite::Result<Owner> {
    let is_ticket = row.get_ref(column)?.as_str()? == Owner::Ticket.as_str();
    Ok(if is_ticket {
        Owner::Ticket
    } else {
        Owner::Pattern
    })
}

fn field_of(row: &Row<'_>, column: usize) -> rusqlite::Result<Field> {
    let is_name = row.get_ref(column)?.as_str()? == Field::Name.as_str();
    Ok(if is_name { Field::Name } else { Field::Whole })
}

fn bytes<'a>(row: &'a Row<'_>, column: usize) -> rusqlite::Result<&'a [u8]> {
    Ok(row.get_ref(column)?.as_bytes()?)
}
