//! Documents and vectors that are of no use any more, or that another program spoiled: what is
//! derived is found, dropped and made again.

use super::{Documents, Owner, Revision};
use crate::Result;

impl Documents<'_> {
    /// The row ids of the tickets or patterns of which search knows nothing, or nothing that can be
    /// read: rows that another program stored, or whose documents were lost.
    ///
    /// # Errors
    /// Storage errors.
    pub fn undocumented(&self, owner: Owner) -> Result<Vec<i64>> {
        let (table, condition) = match owner {
            // A key that another ticket took over ends in a number sign and the row's id.
            Owner::Ticket => ("jira_tickets", "instr(t.jira_key, '#') = 0"),
            Owner::Pattern => ("test_patterns", "1"),
        };
        let sql = format!(
            "SELECT t.id FROM {table} t WHERE {condition} AND
                 (SELECT count(*) FROM atlas_documents d
                  WHERE d.owner = ?1 AND d.owner_id = t.id AND d.field IN ('name', 'whole')
                    AND typeof(d.text_hash) = 'blob' AND length(d.text_hash) = 16
                    AND typeof(d.terms) = 'blob' AND length(d.terms) % 5 = 0) < 2
             ORDER BY t.id"
        );
        let mut ids = Vec::new();
        self.0.each(&sql, [owner.as_str()], |row| {
            ids.push(row.get(0)?);
            Ok(())
        })?;
        Ok(ids)
    }

    /// Drops vectors by their row ids; the documents that had them wait to be encoded again.
    ///
    /// # Errors
    /// Storage errors.
    pub fn drop_vectors(&self, ids: &[i64]) -> Result<()> {
        for id in ids {
            let sql = "UPDATE atlas_documents SET vector_id = NULL WHERE vector_id = ?1";
            self.0.execute(sql, [id])?;
            self.0
                .execute("DELETE FROM atlas_vectors WHERE id = ?1", [id])?;
        }
        match ids {
            [] => Ok(()),
            _ => self.0.changed(Revision::Vectors),
        }
    }

    /// Takes vectors of other texts, and such as are not there, from the documents that have them,
    /// and gives these the model's vector of their own text where it is stored. How many there
    /// were.
    ///
    /// # Errors
    /// Storage errors.
    pub fn put_astray_right(&self, model: &str) -> Result<u64> {
        let moved = self.0.execute(
            "UPDATE atlas_documents SET vector_id =
                 (SELECT v.id FROM atlas_vectors v
                  WHERE v.model = ?1 AND v.text_hash = atlas_documents.text_hash)
             WHERE vector_id IS NOT NULL AND NOT EXISTS
                 (SELECT 1 FROM atlas_vectors v WHERE v.id = atlas_documents.vector_id
                    AND v.text_hash = atlas_documents.text_hash)",
            [model],
        )?;
        if moved > 0 {
            self.0.changed(Revision::Vectors)?;
        }
        Ok(moved as u64)
    }

    /// How many documents are of tickets or patterns that are not there.
    ///
    /// # Errors
    /// Storage errors.
    pub fn ownerless(&self) -> Result<u64> {
        let sql = format!("SELECT count(*) FROM atlas_documents WHERE {OWNERLESS}");
        self.0.number(&sql, [])
    }

    /// Drops documents of tickets and patterns that are not there.
    ///
    /// # Errors
    /// Storage errors.
    pub fn drop_ownerless(&self) -> Result<()> {
        let sql = format!("DELETE FROM atlas_documents WHERE {OWNERLESS}");
        if self.0.execute(&sql, [])? > 0 {
            self.0.changed(Revision::Vectors)?;
        }
        Ok(())
    }

    /// Drops the vectors of all other models. For when every document has one of this model.
    ///
    /// # Errors
    /// Storage errors.
    pub fn drop_other_models(&self, model: &str) -> Result<u64> {
        let mut dropped = 0;
        // Two ranges of the index on model, and nothing to scan with one model.
        for other in ["model < ?1", "model > ?1"] {
            let sql = format!(
                "DELETE FROM atlas_vectors WHERE {other} AND NOT EXISTS
                     (SELECT 1 FROM atlas_documents d WHERE d.vector_id = atlas_vectors.id)"
            );
            dropped += self.0.execute(&sql, [model])? as u64;
        }
        Ok(dropped)
    }

    /// Drops every vector that no document has: of texts that changed, of models no longer used.
    ///
    /// # Errors
    /// Storage errors.
    pub fn prune(&self) -> Result<u64> {
        let dropped = self.0.execute(
            "DELETE FROM atlas_vectors WHERE NOT EXISTS
                 (SELECT 1 FROM atlas_documents d WHERE d.vector_id = atlas_vectors.id)",
            [],
        )?;
        Ok(dropped as u64)
    }

    /// Drops those of these vectors that no document has any more.
    pub(super) fn drop_unowned(&self, ids: impl IntoIterator<Item = i64>) -> Result<()> {
        let sql = "DELETE FROM atlas_vectors WHERE id = ?1 AND NOT EXISTS
                       (SELECT 1 FROM atlas_documents d WHERE d.vector_id = ?1)";
        for id in ids {
            self.0.execute(sql, [id])?;
        }
        Ok(())
    }
}

const OWNERLESS: &str = "(owner = 'ticket' AND owner_id NOT IN (SELECT id FROM jira_tickets))
    OR (owner = 'pattern' AND owner_id NOT IN (SELECT id FROM test_patterns))";
