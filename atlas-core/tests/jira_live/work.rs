//! The tester's work, asked of Jira first.

use atlas_core::Atlas;
use atlas_core::domain::{DataSource, UserSettings, WorkFilter};
use fake_jira::Fault;

use crate::bench::{client, sample};

fn of(assignee: &str) -> WorkFilter {
    WorkFilter {
        assignee: Some(assignee.to_owned()),
        ..WorkFilter::default()
    }
}

#[test]
fn live_work_is_what_jira_lists_now() {
    let served = sample(|_| {});
    let (client, _) = client(&served);
    let atlas = Atlas::open_in_memory().unwrap();
    let kayla = of("Kayla Gilbert");
    assert_eq!(atlas.tickets().work(&kayla, 50, 0).unwrap().count, 0);
    let live = atlas.tickets().work_live(&client, &kayla, 50, 0).unwrap();
    assert_eq!(live.data_source, DataSource::Live);
    assert!(live.count > 1);
    assert_eq!(live.tickets.len() as u64, live.count);

    // One of them was handed on in Jira; the next sync will say so, the list knows it now.
    let handed_on = live.tickets[0].ticket_key.to_string();
    let mut issue = served.jira().issues.find(&handed_on).unwrap().json.clone();
    issue["fields"]["assignee"]["displayName"] = "Somebody Else".into();
    served.jira().issues.put(issue);
    let again = atlas.tickets().work_live(&client, &kayla, 50, 0).unwrap();
    assert_eq!(again.count, live.count - 1);
    assert!(
        again
            .tickets
            .iter()
            .all(|item| item.ticket_key.as_str() != handed_on)
    );

    let page = atlas.tickets().work_live(&client, &kayla, 1, 1).unwrap();
    assert_eq!(page.tickets[0], again.tickets[1]);
    assert_eq!(page.count, again.count);
}

#[test]
fn without_jira_work_is_what_is_stored_and_says_why() {
    let served = sample(|_| {});
    let (client, _) = client(&served);
    let atlas = Atlas::open_in_memory().unwrap();
    let settings = UserSettings {
        assignee: Some("Kayla Gilbert".to_owned()),
        ..UserSettings::default()
    };
    atlas.profile().set_settings(&settings).unwrap();
    let all = WorkFilter::default();
    let live = atlas.tickets().work_live(&client, &all, 50, 0).unwrap();
    served.jira().fault(Fault::Forbidden);
    let cached = atlas.tickets().work_live(&client, &all, 50, 0).unwrap();
    assert_eq!(cached.data_source, DataSource::Cached);
    assert_eq!(cached.tickets, live.tickets);
    assert!(cached.live_failed.unwrap().contains("forbids"));
}
