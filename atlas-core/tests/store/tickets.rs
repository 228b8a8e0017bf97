//! Tickets: what storing them again does, and which row answers to which key.

use atlas_core::Result;
use atlas_core::domain::{Ticket, TicketField, TicketFields};
use atlas_core::store::Change;

use super::{fresh, key, put, ticket, time};

#[test]
fn a_ticket_is_read_as_it_was_stored() {
    fresh(|db| {
        let given = ticket("WRKA-1");
        let (id, change) = put(db, &given);
        assert_eq!(change, Change::New);
        let stored = db.tickets().by_key(&given.key)?.unwrap();
        assert_eq!((stored.id, &stored.value), (id, &given));
        let bare = Ticket::new(key("WRKA-2"), "");
        let (bare_id, _) = put(db, &bare);
        assert_eq!(db.tickets().by_id(bare_id)?.unwrap().value, bare);
        let both = db.tickets().by_ids(&[bare_id, 99, id])?;
        assert_eq!(both.iter().map(|t| t.id).collect::<Vec<_>>(), [bare_id, id]);
        let mut streamed = Vec::new();
        db.tickets().for_each(&mut |t| {
            streamed.push(t.value);
            Ok(())
        })?;
        assert_eq!(streamed, [given, bare]);
        assert_eq!(db.tickets().keys()?, [key("WRKA-1"), key("WRKA-2")]);
        assert_eq!(db.tickets().count()?, 2);
        Ok(())
    });
}

#[test]
fn headers_have_what_filters_need() {
    fresh(|db| {
        let given = ticket("WRKA-1");
        put(db, &given);
        let mut headers = Vec::new();
        db.tickets()
            .for_each_header(&mut |header| headers.push(header))?;
        let header = headers.remove(0);
        assert_eq!(
            (header.key, header.ticket_type),
            (given.key, given.ticket_type)
        );
        assert_eq!(
            (header.status, header.reporter),
            (given.status, given.reporter)
        );
        assert_eq!(
            (header.components, header.labels),
            (given.components, given.labels)
        );
        assert_eq!(header.created, given.created);
        assert!(headers.is_empty());
        Ok(())
    });
}

#[test]
fn storing_again_says_what_changed() {
    fresh(|db| {
        let mut given = ticket("WRKA-1");
        let (id, _) = put(db, &given);
        given.links.reverse();
        given.links.push(given.links[0].clone());
        assert_eq!(
            put(db, &given),
            (id, Change::Unchanged),
            "the order of links is nothing"
        );
        given.description = None;
        given.links.clear();
        assert_eq!(put(db, &given), (id, Change::Updated));
        assert_eq!(db.tickets().by_id(id)?.unwrap().value, given);
        db.tickets().set_gone(id)?;
        assert_eq!(put(db, &given), (id, Change::Updated), "back again");
        assert_eq!(put(db, &given), (id, Change::Unchanged));
        Ok(())
    });
}

#[test]
fn what_a_source_does_not_name_stays_and_what_it_names_and_is_empty_goes() {
    fresh(|db| {
        let full = ticket("WRKA-1");
        let (id, _) = put(db, &full);
        let sparse = Ticket {
            status: "Done".to_owned(),
            ..Ticket::new(key("WRKA-1"), "")
        };
        let status = TicketFields::NONE.with(TicketField::Status);
        let named = |fields| db.tickets().upsert(&sparse, fields);
        assert_eq!(named(status)?, (id, Change::Updated));
        let stored = || Ok::<_, atlas_core::Error>(db.tickets().by_id(id)?.unwrap().value);
        let expected = Ticket {
            status: "Done".to_owned(),
            ..full
        };
        assert_eq!(stored()?, expected);
        assert_eq!(named(status)?, (id, Change::Unchanged));
        let labels = TicketFields::NONE.with(TicketField::Labels);
        assert_eq!(named(labels)?, (id, Change::Updated));
        let expected = Ticket {
            labels: Vec::new(),
            ..expected
        };
        assert_eq!(stored()?, expected);
        assert_eq!(put(db, &sparse), (id, Change::Updated));
        let cleared = stored()?;
        assert_eq!((&cleared.description, &cleared.links[..]), (&None, &[][..]));
        // An identity is never cleared, and no ticket is without a summary.
        assert_eq!(cleared.jira_id, expected.jira_id);
        assert_eq!(cleared.summary, expected.summary);
        Ok(())
    });
}

#[test]
fn each_field_is_kept_alone() {
    for field in TicketField::ALL {
        fresh(|db| {
            let full = ticket("WRKA-1");
            let (id, _) = put(db, &full);
            let empty = Ticket::new(key("WRKA-1"), "");
            db.tickets()
                .upsert(&empty, TicketFields::ALL.without(field))?;
            let kept = db.tickets().by_id(id)?.unwrap().value;
            assert!(TicketFields::filled(&kept).has(field), "{field:?}");
            let expected = TicketFields::NONE.with(field).with(TicketField::JiraId);
            assert_eq!(
                TicketFields::filled(&kept),
                expected.with(TicketField::Summary),
                "{field:?}"
            );
            Ok(())
        });
    }
}

#[test]
fn a_moved_ticket_keeps_its_row_and_its_old_key_finds_it() {
    fresh(|db| {
        let (id, _) = put(db, &ticket("WRKA-1"));
        let moved = Ticket {
            jira_id: Some("id of WRKA-1".to_owned()),
            ..ticket("WMB-7")
        };
        assert_eq!(put(db, &moved), (id, Change::Updated));
        assert_eq!(db.tickets().by_key(&key("WRKA-1"))?.unwrap().value, moved);
        assert_eq!(db.tickets().count()?, 1);
        // An export without Jira ids that still names the old key does not move it back.
        let old = Ticket {
            jira_id: None,
            ..ticket("WRKA-1")
        };
        assert_eq!(put(db, &old), (id, Change::Unchanged));
        assert_eq!(db.tickets().keys()?, [key("WMB-7")]);
        Ok(())
    });
}

#[test]
fn equal_ids_of_two_jira_sites_are_two_tickets() {
    fresh(|db| {
        let (one, _) = put(db, &ticket("WRKA-1"));
        let elsewhere = Ticket {
            jira_id: Some("id of WRKA-1".to_owned()),
            created: Some(time("2019-01-01T00:00:00Z")),
            ..ticket("OTHER-1")
        };
        let (two, change) = put(db, &elsewhere);
        assert_eq!((one != two, change), (true, Change::New));
        assert_eq!(put(db, &elsewhere), (two, Change::Unchanged));
        assert_eq!(put(db, &ticket("WRKA-1")), (one, Change::Unchanged));
        assert_eq!(db.tickets().keys()?, [key("OTHER-1"), key("WRKA-1")]);
        Ok(())
    });
}

#[test]
fn two_tickets_that_swap_keys_are_both_kept() {
    fresh(|db| {
        let (one, _) = put(db, &ticket("WRKA-1"));
        let (two, _) = put(db, &ticket("WRKA-2"));
        let moved = |id: &str, to| Ticket {
            jira_id: Some(format!("id of {id}")),
            ..ticket(to)
        };
        assert_eq!(put(db, &moved("WRKA-1", "WRKA-2")).0, one);
        assert_eq!(
            db.tickets().keys()?,
            [key("WRKA-2")],
            "the other waits for its new key"
        );
        assert_eq!(put(db, &moved("WRKA-2", "WRKA-1")).0, two);
        assert_eq!(db.tickets().by_key(&key("WRKA-1"))?.unwrap().id, two);
        assert_eq!(db.tickets().by_key(&key("WRKA-2"))?.unwrap().id, one);
        Ok(())
    });
}

#[test]
fn an_assignees_tickets_come_most_urgent_first() {
    fresh(|db| {
        for (number, priority, updated) in [
            (1, "Low", "2024-05-09T00:00:00Z"),
            (2, "Medium", "2024-05-01T00:00:00Z"),
            (3, "Medium", "2024-05-02T00:00:00Z"),
            (4, "Blocker", "2024-01-01T00:00:00Z"),
        ] {
            let mut given = ticket(&format!("WRKA-{number}"));
            given.priority = Some(priority.to_owned());
            given.updated = Some(time(updated));
            put(db, &given);
        }
        let keys = |status| -> Result<Vec<String>> {
            let found = db.tickets().by_assignee("Kayla Gilbert", status)?;
            Ok(found.iter().map(|t| t.value.key.to_string()).collect())
        };
        assert_eq!(keys(None)?, ["WRKA-4", "WRKA-3", "WRKA-2", "WRKA-1"]);
        assert_eq!(keys(Some("to do"))?.len(), 4);
        assert!(keys(Some("Done"))?.is_empty());
        let recent = db.tickets().recent(2)?;
        let recent: Vec<_> = recent.iter().map(|t| t.value.key.as_str()).collect();
        assert_eq!(recent, ["WRKA-1", "WRKA-3"]);
        Ok(())
    });
}
