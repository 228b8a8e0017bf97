//! Valid vectors that are those of other texts: a check says so, a repair makes them again.

use atlas_core::domain::{Ticket, TicketKey, silent};
use rusqlite::Connection;

use super::builder;

/// Enough tickets that not every vector is tried.
const TICKETS: u32 = 60;
const SUBJECTS: [&str; 10] = [
    "The export to CSV drops umlauts",
    "Payment by card is declined twice",
    "A reminder is sent on the wrong day",
    "The map does not load offline",
    "Passwords with spaces are refused",
    "The report counts closed orders",
    "Photos are rotated after upload",
    "Search finds nothing behind a hyphen",
    "The calendar starts on Sunday",
    "Dark mode hides the save button",
];

#[test]
fn vectors_that_two_texts_exchanged_are_found_and_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let atlas = builder().open(&path).unwrap();
    let tickets: Vec<Ticket> = (0..TICKETS)
        .map(|number| {
            let key = TicketKey::parse(&format!("WRKA-{}", number + 1)).unwrap();
            let subject = SUBJECTS[number as usize % SUBJECTS.len()];
            let mut ticket = Ticket::new(key, format!("{subject} in module {number}"));
            ticket.description = Some(format!(
                "{subject}, seen in module {number} since release 4."
            ));
            ticket
        })
        .collect();
    atlas.tickets().add(&tickets).unwrap();
    atlas.database().encode(&mut silent).unwrap();
    assert_eq!(atlas.database().check().unwrap(), Vec::<String>::new());
    let codes = "SELECT text_hash, codes FROM atlas_vectors ORDER BY text_hash";
    let all = |other: &Connection| -> Vec<(Vec<u8>, Vec<u8>)> {
        let mut rows = other.prepare(codes).unwrap();
        let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
        rows.unwrap().map(Result::unwrap).collect()
    };
    let of = |key: &str| {
        format!(
            "(SELECT vector_id FROM atlas_documents d JOIN jira_tickets t ON t.id = d.owner_id
              WHERE d.owner = 'ticket' AND d.field = 'whole' AND t.jira_key = '{key}')"
        )
    };
    let before = all(&Connection::open(&path).unwrap());
    for (one, other) in [("WRKA-1", "WRKA-2"), ("WRKA-33", "WRKA-58")] {
        drop(builder().open(&path).unwrap());
        let (one, other) = (of(one), of(other));
        let sql = format!(
            "CREATE TEMP TABLE kept AS SELECT id, codes FROM atlas_vectors WHERE id IN ({one}, {other});
             UPDATE atlas_vectors SET codes = (SELECT codes FROM kept WHERE kept.id <> atlas_vectors.id)
             WHERE id IN (SELECT id FROM kept);"
        );
        Connection::open(&path)
            .unwrap()
            .execute_batch(&sql)
            .unwrap();
        let atlas = builder().open(&path).unwrap();
        let findings = atlas.database().check().unwrap();
        assert_eq!(findings.len(), 2, "{findings:?}");
        for finding in &findings {
            assert!(
                finding.contains("codes are the vector of another text"),
                "{finding}"
            );
        }
        // A check changes nothing.
        assert_eq!(atlas.database().check().unwrap(), findings);
        let repair = atlas.database().repair(&mut silent).unwrap();
        assert_eq!(
            (repair.repaired.len(), repair.left.len()),
            (2, 0),
            "{repair:?}"
        );
        assert_eq!(atlas.database().check().unwrap(), Vec::<String>::new());
        assert_eq!(atlas.database().counts().unwrap().unencoded, 0);
        drop(atlas);
        assert!(all(&Connection::open(&path).unwrap()) == before);
    }
}
