//! What the client asks, of Cloud and of Data Center.

use std::time::Duration;

use atlas_core::http::{Address, Control, Secret};
use atlas_core::jira::{Credentials, FIELDS, JiraKind, Jql};
use fake_jira::{Fault, TOKEN};

use crate::bench::{client, client_with, leaks, sample, settings};

fn all(client: &atlas_core::jira::JiraClient, jql: &Jql) -> Vec<String> {
    let pages = client.search(jql, &FIELDS, 20).unwrap();
    let issues = pages.flat_map(|page| page.unwrap().issues);
    issues
        .map(|issue| issue["key"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn both_kinds_are_told_apart_and_read_whole() {
    for cloud in [true, false] {
        let served = sample(|jira| jira.cloud = cloud);
        let (client, _) = client(&served);
        let kind = if cloud {
            JiraKind::Cloud
        } else {
            JiraKind::DataCenter
        };
        assert_eq!(client.kind().unwrap(), kind);
        assert_eq!(client.myself().unwrap().name, "Test Er");
        let jql = Jql::everything().by_change();
        let keys = all(&client, &jql);
        assert_eq!(keys.len(), 65);
        let distinct: std::collections::BTreeSet<&String> = keys.iter().collect();
        assert_eq!(distinct.len(), 65);
        assert_eq!(client.count(&jql).unwrap(), 65);
        let wmb = Jql::projects(&["wmb"]).unwrap();
        assert!(all(&client, &wmb).iter().all(|key| key.starts_with("WMB-")));
    }
}

#[test]
fn one_issue_and_many_by_id() {
    for cloud in [true, false] {
        let served = sample(|jira| jira.cloud = cloud);
        let (client, _) = client(&served);
        let ticket = client.issue("wrka-1234").unwrap();
        assert_eq!(ticket.key.as_str(), "WRKA-1234");
        assert!(!ticket.summary.is_empty() && ticket.description.is_some());
        let error = client.issue("WRKA-999999").unwrap_err();
        assert_eq!(error.code(), "JIRA_NOT_FOUND");
        let id = ticket.jira_id.unwrap();
        let found = client.by_ids(&[id.clone(), "1".to_owned()]).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0]["id"].as_str(), Some(&*id));
        let again = client.issue(&format!(" {id} ")).unwrap();
        assert_eq!(again.key.as_str(), "WRKA-1234");
        assert_eq!(client.issue("1").unwrap_err().code(), "JIRA_NOT_FOUND");
        let neither = client.issue("10 042").unwrap_err();
        assert_eq!(neither.code(), "INVALID_TICKET_KEY");
    }
}

#[test]
fn my_work_is_the_specifications_query() {
    let served = sample(|_| {});
    let (client, _) = client(&served);
    let mine = client.assigned("Kayla Gilbert", Some("Done")).unwrap();
    assert!(!mine.is_empty());
    for ticket in &mine {
        assert_eq!(ticket.assignee.as_deref(), Some("Kayla Gilbert"));
        assert_eq!(ticket.status, "Done");
    }
    let asked = served.jira().log.join("\n");
    let expected = r#"assignee = \"Kayla Gilbert\" AND status = \"Done\" ORDER BY priority DESC, updated DESC"#;
    assert!(asked.contains(expected), "{asked}");
}

#[test]
fn reserved_words_and_quotes_reach_jira_as_values() {
    let served = sample(|jira| {
        let mut issue = jira.issues.find("WRKA-1234").unwrap().json.clone();
        issue["id"] = "99001".into();
        issue["key"] = "IN-7".into();
        jira.issues.put(issue);
    });
    let (client, _) = client(&served);
    assert_eq!(
        all(&client, &Jql::projects(&["in", "OR"]).unwrap()),
        ["IN-7"]
    );
    for name in [
        r#"X" OR project="WRKA"#,
        "trailing\\",
        r#"\" OR project = "WRKA"#,
    ] {
        assert!(client.assigned(name, None).unwrap().is_empty(), "{name}");
    }
}

#[test]
fn a_scoped_token_asks_under_its_base() {
    let served = sample(|jira| jira.prefix = "/ex/jira/1f".to_owned());
    let mut settings = settings(&served);
    settings.site = Address::parse("https://example.atlassian.net").unwrap();
    let (scoped, _) = client_with(settings.clone());
    let ticket = scoped.issue("WRKA-1234").unwrap();
    let link = scoped.settings().browse_url(&ticket.key);
    assert_eq!(link, "https://example.atlassian.net/browse/WRKA-1234");
    settings.api_base = Address::parse(&served.url().replace("/ex/jira/1f", "")).unwrap();
    let error = client_with(settings).0.issue("WRKA-1234").unwrap_err();
    assert_eq!(error.code(), "JIRA_NOT_FOUND");
    assert!(
        error.to_string().contains("api.atlassian.com/ex/jira"),
        "{error}"
    );
}

#[test]
fn a_personal_access_token_is_sent_as_bearer() {
    let served = sample(|jira| jira.cloud = false);
    let mut settings = settings(&served);
    settings.credentials = Credentials::Bearer(Secret::new(TOKEN));
    assert_eq!(
        client_with(settings.clone()).0.myself().unwrap().name,
        "Test Er"
    );
    settings.credentials = Credentials::Bearer(Secret::new("expired"));
    let error = client_with(settings).0.myself().unwrap_err();
    assert_eq!(error.code(), "JIRA_UNAUTHORIZED");
}

#[test]
fn bad_credentials_are_no_empty_jira() {
    let served = sample(|jira| jira.fault(Fault::Anonymous));
    for cloud in [true, false] {
        served.jira().cloud = cloud;
        let (client, _) = client(&served);
        let error = client
            .search(&Jql::everything(), &FIELDS, 20)
            .err()
            .unwrap();
        assert_eq!(error.code(), "JIRA_UNAUTHORIZED");
        assert!(!leaks(&error));
    }
    // Credentials that expire after the log-in.
    served.jira().faults.clear();
    let (client, _) = client(&served);
    client.count(&Jql::everything()).unwrap();
    served.jira().fault(Fault::Anonymous);
    let mut pages = client.search(&Jql::everything(), &FIELDS, 20).unwrap();
    let error = pages.next().unwrap().unwrap_err();
    assert_eq!(error.code(), "JIRA_UNAUTHORIZED");
    assert!(pages.next().is_none());
}

#[test]
fn issues_that_move_while_pages_are_counted_push_none_out() {
    let served = sample(|jira| {
        jira.cloud = false;
        // While the second page is asked for, ten issues of the first are changed.
        jira.before_search = Some((2, |jira| {
            let mut seen: Vec<(i64, u64)> =
                jira.issues.visible().map(|i| (i.updated, i.id)).collect();
            seen.sort_unstable();
            for (_, id) in seen.into_iter().take(10) {
                jira.issues
                    .change(id, crate::bench::now(), "summary", "changed meanwhile");
            }
        }));
    });
    let (client, _) = client(&served);
    let keys = all(&client, &Jql::everything().by_change());
    let distinct: std::collections::BTreeSet<&String> = keys.iter().collect();
    assert_eq!(distinct.len(), 65);
}

#[test]
fn another_thread_stops_a_call_that_waits() {
    let served = sample(|jira| jira.fault(Fault::Hang));
    let mut settings = settings(&served);
    settings.timeout = Duration::from_secs(600);
    let (client, _) = client_with(settings);
    let control = Control::default();
    let elsewhere = control.clone();
    let stopper = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(50));
        elsewhere.cancel();
    });
    let error = client
        .controlled_by(&control)
        .count(&Jql::everything())
        .unwrap_err();
    assert_eq!(error.code(), "CANCELLED");
    stopper.join().unwrap();
}
