//! Documents with their vectors, memory and settings.

use atlas_core::Result;
use atlas_core::domain::{MemoryEntry, MemoryFilter};
use atlas_core::store::{Documents, Field, MemoryRow, Owner};

use super::{fresh, time};

type Row = (i64, Field, Vec<u8>, bool);

fn ticket_rows(documents: &Documents<'_>, model: &str) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    documents.for_each(model, Owner::Ticket, &mut |document| {
        let terms = document.terms.to_vec();
        rows.push((
            document.owner_id,
            document.field,
            terms,
            document.vector_id.is_some(),
        ));
    })?;
    Ok(rows)
}

#[test]
fn equal_texts_share_a_vector() {
    fresh(|db| {
        let documents = db.documents();
        documents.put(Owner::Ticket, 1, Field::Name, 7, b"t1", "m1")?;
        documents.put(Owner::Pattern, 5, Field::Whole, 7, b"p5", "m1")?;
        documents.put(Owner::Ticket, 1, Field::Whole, u128::MAX, b"", "m1")?;
        assert_eq!(documents.pending_count("m1", None)?, 3);
        documents.put_vector("m1", 7, &[1, 2])?;
        let pending = documents.pending("m1", None, 10)?;
        assert_eq!(pending.len(), 1);
        assert_eq!(pending[0].text_hash, u128::MAX);
        assert_eq!((pending[0].owner, pending[0].owner_id), (Owner::Ticket, 1));
        assert_eq!(pending[0].field, Field::Whole);
        documents.put(Owner::Ticket, 2, Field::Name, 7, b"t2", "m1")?;
        assert_eq!(
            documents.pending_count("m1", None)?,
            1,
            "a known text has its vector at once"
        );
        let expected = [
            (1, Field::Name, b"t1".to_vec(), true),
            (1, Field::Whole, Vec::new(), false),
            (2, Field::Name, b"t2".to_vec(), true),
        ];
        assert_eq!(ticket_rows(&documents, "m1")?, expected);
        documents.put(Owner::Ticket, 2, Field::Name, 8, b"new", "m1")?;
        assert_eq!(
            documents.pending_count("m1", None)?,
            2,
            "a changed text is encoded again"
        );
        documents.remove(Owner::Ticket, 1)?;
        assert_eq!(ticket_rows(&documents, "m1")?.len(), 1);
        Ok(())
    });
}

#[test]
fn models_do_not_mix() {
    fresh(|db| {
        let documents = db.documents();
        for id in 1..=3 {
            documents.put(Owner::Ticket, id, Field::Name, id as u128 % 2, b"t", "m1")?;
        }
        documents.put_vector("m1", 0, &[1])?;
        documents.put_vector("m1", 1, &[2])?;
        assert_eq!(documents.pending_count("m1", None)?, 0);
        assert_eq!(documents.pending_count("m2", None)?, 3);
        assert_eq!(documents.pending("m2", None, 2)?.len(), 2);
        assert!(ticket_rows(&documents, "m2")?.iter().all(|row| !row.3));
        documents.put_vector("m2", 1, &[9])?;
        assert_eq!(documents.pending_count("m2", None)?, 1);
        assert_eq!(
            documents.vector("m1", 1)?,
            Some(vec![2]),
            "the old one is still known"
        );
        let mut vectors = Vec::new();
        documents.for_each_vector("m2", &mut |vector| vectors.push(vector.codes.to_vec()))?;
        assert_eq!(vectors, [[9]]);
        assert_eq!(documents.prune()?, 1);
        assert_eq!(documents.vector("m1", 1)?, None);
        assert_eq!(documents.vector("m1", 0)?, Some(vec![1]));
        Ok(())
    });
}

#[test]
fn memory_ends_when_it_should() {
    fresh(|db| {
        let (now, later) = (time("2024-05-01T09:00:00Z"), time("2024-05-01T10:00:00Z"));
        let entry = MemoryEntry {
            created_at: Some(now),
            ..MemoryEntry::text("context", "k", "{}").expires(later)
        };
        db.memory().put(&entry, Some((&[0, 1], "m")), now)?;
        assert_eq!(db.memory().get("context", "k", now)?, Some(entry.clone()));
        let all = MemoryFilter::default();
        let row = db.memory().rows(&all, now)?.remove(0);
        assert_eq!(row.embedding, Some(vec![0, 1]));
        assert_eq!(db.memory().get("context", "k", later)?, None);
        assert_eq!(db.memory().rows(&all, later)?, []);
        assert_eq!(db.memory().expire(now)?, 0);
        assert_eq!(db.memory().expire(later)?, 1);
        let lasting = MemoryEntry {
            expires_at: None,
            ..entry
        };
        db.memory().put(&lasting, Some((&[0, 1], "m")), now)?;
        let other = MemoryEntry {
            value: "new".to_owned(),
            ..lasting
        };
        db.memory().put(&other, None, later)?;
        let row = db.memory().rows(&all, later)?.remove(0);
        assert_eq!((&row.entry, &row.embedding), (&other, &None));
        let read_before = MemoryRow {
            entry: MemoryEntry::text("context", "k", "{}"),
            ..row
        };
        db.memory().set_vector(&read_before, &[7], "m")?;
        assert_eq!(db.memory().rows(&all, later)?[0].embedding, None);
        assert!(db.memory().delete("context", "k")?);
        assert!(!db.memory().delete("context", "k")?);
        Ok(())
    });
}

#[test]
fn settings_are_kept_and_removed() {
    fresh(|db| {
        assert_eq!(db.settings().get("theme")?, None);
        db.settings().set("theme", Some("dark"))?;
        db.settings().set("theme", Some("light"))?;
        assert_eq!(db.settings().get("theme")?.as_deref(), Some("light"));
        db.settings().set("theme", None)?;
        assert_eq!(db.settings().get("theme")?, None);
        Ok(())
    });
}
