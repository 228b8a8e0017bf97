//! Predictions for tickets that have changed since.

use atlas_core::domain::{Ticket, TicketLink};

use super::{filled, key, open};

#[test]
fn a_prediction_says_what_of_its_ticket_has_changed_since() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let atlas = filled(&path);
    assert_eq!(atlas.predictions().latest("WRKA-1").unwrap(), None);
    let first = atlas.predict("WRKA-1", 3).unwrap();
    assert_eq!(
        atlas.predictions().latest("wrka-1").unwrap().as_ref(),
        Some(&first)
    );
    let stale =
        |atlas: &atlas_core::Atlas| atlas.predictions().latest("WRKA-1").unwrap().unwrap().stale;
    let original = atlas.tickets().get("WRKA-1").unwrap();
    let mut ticket = original.clone();
    ticket.status = "Done".to_owned();
    ticket.assignee = Some("Kayla".to_owned());
    ticket.links = vec![TicketLink {
        kind: "Blocks".to_owned(),
        key: key("WRKA-2"),
    }];
    atlas.tickets().add(&[ticket.clone()]).unwrap();
    assert!(
        stale(&atlas).is_empty(),
        "a prediction does not depend on these"
    );
    ticket.priority = Some("High".to_owned());
    ticket.labels = vec!["umlaut".to_owned()];
    atlas.tickets().add(&[ticket.clone()]).unwrap();
    assert_eq!(stale(&atlas), ["priority", "labels"]);
    ticket.description = Some("Since the update.".to_owned());
    ticket.labels.clear();
    atlas.tickets().add(&[ticket]).unwrap();
    assert_eq!(stale(&open(&path)), ["priority", "labels", "description"]);
    let json = serde_json::to_value(atlas.predictions().latest("WRKA-1").unwrap()).unwrap();
    assert_eq!(json["stale"][0], "priority");

    let second = atlas.predict("WRKA-1", 3).unwrap();
    assert!(second.stale.is_empty() && stale(&atlas).is_empty());
    assert!(
        serde_json::to_value(&second)
            .unwrap()
            .get("stale")
            .is_none()
    );
    // Back as it was: the first prediction is not taken for a new one.
    atlas.tickets().add(&[original]).unwrap();
    let third = atlas.predict("WRKA-1", 3).unwrap();
    assert!(third.stale.is_empty());
    assert_ne!(third.id, first.id);
    assert_eq!(third.scenarios.len(), first.scenarios.len());
}

#[test]
fn a_partial_record_makes_stale_only_what_it_changes() {
    let folder = tempfile::tempdir().unwrap();
    let atlas = filled(&folder.path().join("work.db"));
    let mut ticket = Ticket::new(key("WRKA-1"), "CSV export of the report drops letters");
    ticket.description = Some("In names.".to_owned());
    atlas.tickets().add(&[ticket]).unwrap();
    atlas.predict("WRKA-1", 3).unwrap();
    let csv = folder.path().join("tickets.csv");
    std::fs::write(&csv, "Issue key,Summary\nWRKA-1,Export drops umlauts\n").unwrap();
    atlas
        .tickets()
        .import_file(&csv, &mut atlas_core::domain::silent)
        .unwrap();
    let latest = atlas.predictions().latest("WRKA-1").unwrap().unwrap();
    assert_eq!(latest.stale, ["summary"]);
}
