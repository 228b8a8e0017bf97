//! Which tickets are open work, whatever the file tells of it, and whose they are.

use atlas_core::Atlas;
use atlas_core::domain::{WorkFilter, silent};
use serde_json::{Value, json};

use super::file;

fn imported(files: &[(&str, String)]) -> Atlas {
    let atlas = Atlas::open_in_memory().unwrap();
    for (name, content) in files {
        let (_folder, path) = file(name, content);
        atlas.tickets().import_file(path, &mut silent).unwrap();
    }
    atlas
}

fn keys(atlas: &Atlas, filter: &WorkFilter) -> Vec<String> {
    let work = atlas.tickets().work(filter, 100, 0).unwrap();
    let keys = work.tickets.iter().map(|item| item.ticket_key.to_string());
    let mut keys: Vec<String> = keys.collect();
    assert_eq!(work.count, keys.len() as u64);
    keys.sort();
    keys
}

fn open(atlas: &Atlas) -> Vec<String> {
    let unresolved = WorkFilter {
        unresolved: true,
        ..WorkFilter::default()
    };
    keys(atlas, &unresolved)
}

fn issue(key: &str, status: Value) -> Value {
    json!({"key": key, "fields": {"summary": format!("Ticket {key}"), "status": status}})
}

#[test]
fn a_status_called_done_closes_a_ticket_without_a_date_of_resolution() {
    let table = "Issue key,Summary,Status\n\
        AB-1,a,Done\nAB-2,b,closed\nAB-3,c,RESOLVED\nAB-4,d,Erledigt\nAB-5,e,закрыто\n\
        AB-6,f,完了\nAB-7,g,FERMÉ\nAB-8,h,In Progress\nAB-9,i,Not done\nAB-10,j,\n";
    let atlas = imported(&[("export.csv", table.to_owned())]);
    assert_eq!(open(&atlas), ["AB-10", "AB-8", "AB-9"]);
}

#[test]
fn jiras_own_category_counts_more_than_the_name() {
    let category = |key: &str| json!({"key": key, "name": "?"});
    let issues = json!({"issues": [
        issue("AB-1", json!({"name": "Archived", "statusCategory": category("done")})),
        issue("AB-2", json!({"name": "Closed", "statusCategory": category("indeterminate")})),
        issue("AB-3", json!({"name": "Done"})),
        issue("AB-4", json!({"name": "Parked", "category": "Done"})),
    ]});
    let atlas = imported(&[("issues.json", issues.to_string())]);
    assert_eq!(open(&atlas), ["AB-2"]);
    // What the category of a status is holds for every ticket in it.
    let table = "Issue key,Summary,Status\nAB-5,e,ARCHIVED\nAB-6,f,closed\n";
    let (_folder, path) = file("more.csv", table);
    atlas.tickets().import_file(path, &mut silent).unwrap();
    assert_eq!(open(&atlas), ["AB-2", "AB-6"]);
}

#[test]
fn the_column_of_the_category_is_read_too() {
    let table = "Issue key,Summary,Status,Status Category\n\
        AB-1,a,Live,Done\nAB-2,b,Closed,In Progress\nAB-3,c,Testing,?\n";
    let atlas = imported(&[("export.csv", table.to_owned())]);
    assert_eq!(open(&atlas), ["AB-2", "AB-3"]);
    let german = "Schlüssel;Zusammenfassung;Status;Statuskategorie\nBC-1;a;Live;Fertig\n";
    let atlas = imported(&[("export.csv", german.to_owned())]);
    assert!(open(&atlas).is_empty());
}

#[test]
fn names_of_people_and_statuses_are_found_in_any_case() {
    let table = "Issue key,Summary,Status,Assignee\n\
        AB-1,a,Überprüfung,Åsa Öberg\nAB-2,b,ÜBERPRÜFUNG,ÅSA ÖBERG\nAB-3,c,Open,åsa öberg\n\
        AB-4,d,Überprüfung,Ása Öberg\n";
    let atlas = imported(&[("export.csv", table.to_owned())]);
    let mut filter = WorkFilter {
        assignee: Some("åSA öBERG".to_owned()),
        ..WorkFilter::default()
    };
    assert_eq!(keys(&atlas, &filter), ["AB-1", "AB-2", "AB-3"]);
    filter.status = Some("überprüfung".to_owned());
    assert_eq!(keys(&atlas, &filter), ["AB-1", "AB-2"]);
    filter.assignee = Some("Åsa".to_owned());
    assert!(keys(&atlas, &filter).is_empty());
}
