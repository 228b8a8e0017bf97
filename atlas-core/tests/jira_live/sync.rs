//! Keeping in step: first, again, after faults, with moves and deletions.

use std::ops::ControlFlow;

use atlas_core::domain::{Feedback, FeedbackTarget, TicketKey, silent};
use atlas_core::jira::{Census, JiraClient, SyncOptions, SyncProgress, SyncReport, SyncStage};
use atlas_core::{Atlas, Error, Result, SimilarOptions};
use fake_jira::{Fault, Jira, Served};
use jiff::SignedDuration;

use crate::bench::{assert_same, client, leaks, now, sample, tables};

pub fn atlas() -> Atlas {
    let builder = Atlas::builder().clock(now).retrain_after(None);
    builder.open_in_memory().unwrap()
}

pub fn go(_: SyncProgress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn sync(atlas: &Atlas, client: &JiraClient, options: &SyncOptions) -> Result<SyncReport> {
    atlas.sync(client, options, &mut go)
}

fn all() -> SyncOptions {
    SyncOptions::default()
}

fn always() -> SyncOptions {
    SyncOptions {
        census: Census::Always,
        ..all()
    }
}

/// An instant so many minutes before now, for changes.
fn ago(minutes: i64) -> jiff::Timestamp {
    now()
        .checked_sub(SignedDuration::from_mins(minutes))
        .unwrap()
}

fn id_of(jira: &Jira, key: &str) -> u64 {
    jira.issues.find(key).unwrap().id
}

fn similar(atlas: &Atlas, key: &str) -> Vec<String> {
    let found = atlas.similar(key, &SimilarOptions::default()).unwrap();
    found.iter().map(|t| t.ticket_key.to_string()).collect()
}

#[test]
fn the_first_brings_everything_and_the_next_what_changed() {
    for cloud in [true, false] {
        let served = sample(|jira| jira.cloud = cloud);
        let (client, _) = client(&served);
        let atlas = atlas();
        let mut stages = Vec::new();
        let first = atlas.sync(&client, &all(), &mut |progress: SyncProgress| {
            stages.push((progress.stage, progress.done, progress.total));
            ControlFlow::Continue(())
        });
        let first = first.unwrap();
        assert!(first.full && first.skipped.is_empty());
        assert_eq!((first.new, first.updated, first.gone), (65, 0, 0));
        assert!(first.encoded > 0 && atlas.database().counts().unwrap().unencoded == 0);
        assert!(
            stages.contains(&(SyncStage::Reading, 20, Some(65))),
            "{stages:?}"
        );

        let again = sync(&atlas, &client, &all()).unwrap();
        assert!(!again.full && !again.census);
        assert_eq!((again.new, again.updated), (0, 0));
        assert!(again.unchanged < 10, "{again:?}");

        let changed = id_of(&served.jira(), "WRKA-1234");
        served
            .jira()
            .issues
            .change(changed, ago(1), "summary", "Quite another text");
        let third = sync(&atlas, &client, &all()).unwrap();
        assert_eq!((third.new, third.updated), (0, 1));
        assert_eq!(
            atlas.tickets().get("WRKA-1234").unwrap().summary,
            "Quite another text"
        );

        // Read again whole, it is what an import of the same issues makes.
        let full = SyncOptions {
            full: true,
            ..all()
        };
        assert_eq!(sync(&atlas, &client, &full).unwrap().unchanged, 65);
    }
}

#[test]
fn a_sync_is_taken_back_and_comes_again() {
    let served = sample(|_| {});
    let (client, _) = client(&served);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let builder = Atlas::builder().clock(now).retrain_after(None);
    let atlas = builder.open(&path).unwrap();
    let first = sync(&atlas, &client, &always()).unwrap();
    let before = tables(&path);
    let mut jira = served.jira();
    let (changed, gone) = (id_of(&jira, "WRKA-1234"), id_of(&jira, "WRKA-1240"));
    jira.issues
        .change(changed, ago(1), "summary", "Quite another text");
    jira.issues.remove(gone);
    drop(jira);
    let second = sync(&atlas, &client, &always()).unwrap();
    assert_eq!((second.updated, second.gone), (1, 1));
    let undone = atlas
        .database()
        .undo_import(second.import_id.unwrap())
        .unwrap();
    assert_eq!((undone.put_back.tickets, undone.kept_count), (2, 0));
    assert!(undone.record.source.starts_with("127.0.0.1:"));
    assert_same(&tables(&path), &before);
    let undone = atlas
        .database()
        .undo_import(first.import_id.unwrap())
        .unwrap();
    assert_eq!((undone.removed.tickets, undone.kept_count), (65, 0));
    assert_eq!(tables(&path), Vec::<String>::new());
    // How far it was is forgotten too.
    assert_eq!(sync(&atlas, &client, &all()).unwrap().new, 64);
}

#[test]
fn it_stores_what_an_import_stores() {
    let served = sample(|_| {});
    let (synced, imported) = (atlas(), atlas());
    sync(&synced, &client(&served).0, &all()).unwrap();
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = file.join("../examples/sample/tickets.jsonl");
    imported.tickets().import_file(file, &mut silent).unwrap();
    for issue in served.jira().issues.visible() {
        assert_eq!(
            synced.tickets().get(&issue.key).unwrap(),
            imported.tickets().get(&issue.key).unwrap()
        );
    }
}

#[test]
fn only_what_is_meant_is_brought() {
    let served = sample(|_| {});
    let (client, _) = client(&served);
    let (by_project, by_jql, since) = (atlas(), atlas(), atlas());
    let projects = SyncOptions {
        projects: vec!["wmb".into()],
        ..all()
    };
    let some = sync(&by_project, &client, &projects).unwrap().new;
    assert!((1..65).contains(&some));
    let jql = Some("project = WMB OR project = \"WMB\" ORDER BY created".into());
    let written = SyncOptions { jql, ..all() };
    assert_eq!(sync(&by_jql, &client, &written).unwrap().new, some);
    let later = SyncOptions {
        since: Some("2025-09-01T00:00:00Z".parse().unwrap()),
        ..all()
    };
    let new = sync(&since, &client, &later).unwrap().new;
    assert!((1..65).contains(&new));
    // Another query has a watermark of its own.
    assert_eq!(sync(&by_project, &client, &all()).unwrap().new, 65 - some);
    let both = SyncOptions {
        jql: written.jql,
        ..projects
    };
    assert_eq!(
        sync(&by_jql, &client, &both).unwrap_err().code(),
        "INVALID_VALUE"
    );
}

#[test]
fn a_fault_on_any_page_costs_only_what_was_not_stored() {
    let faults: [fn(&mut Jira); 4] = [
        |jira| jira.fault(Fault::NoIssues),
        |jira| jira.fault(Fault::Anonymous),
        |jira| jira.fault(Fault::Captcha),
        |jira| jira.fault(Fault::RepeatedToken),
    ];
    let undisturbed = atlas_after(|_| {});
    for (number, fault) in faults.into_iter().enumerate() {
        let served = sample(|jira| jira.before_search = Some((4, fault)));
        let (client, _) = client(&served);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.db");
        let atlas = Atlas::builder().clock(now).open(&file).unwrap();
        let error = sync(&atlas, &client, &all()).unwrap_err();
        assert!(error.code().starts_with("JIRA_"), "{error}");
        assert!(!leaks(&error));
        let kept = atlas.database().counts().unwrap();
        assert!((20..65).contains(&kept.tickets), "{number}: {kept:?}");
        assert_eq!(kept.unencoded, 0, "what is stored is encoded");
        let failure = atlas.jira().last_sync().unwrap().unwrap().failure.unwrap();
        assert_eq!(failure.code, error.code());
        served.jira().faults.clear();
        let rest = sync(&atlas, &client, &all()).unwrap();
        assert_eq!(rest.new, 65 - kept.tickets);
        assert!(rest.unchanged < 20, "{rest:?}");
        assert_same(&tables(&file), &undisturbed);
    }
}

fn atlas_after(change: impl FnOnce(&mut Jira)) -> Vec<String> {
    let served = sample(change);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.db");
    let atlas = Atlas::builder().clock(now).open(&file).unwrap();
    sync(&atlas, &client(&served).0, &all()).unwrap();
    tables(&file)
}

#[test]
fn a_stop_on_any_page_is_gone_on_from() {
    let served = sample(|_| {});
    let (client, _) = client(&served);
    let atlas = atlas();
    let mut stops = 0;
    loop {
        let before = atlas.database().counts().unwrap().tickets;
        let mut calm = |progress: SyncProgress| match progress.done > 0 && stops < 3 {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        };
        match atlas.sync(&client, &all(), &mut calm) {
            Ok(_) => break,
            Err(error) => {
                assert_eq!(error.code(), "CANCELLED");
                assert!(atlas.database().counts().unwrap().tickets >= before);
                stops += 1;
            }
        }
    }
    assert_eq!((stops, atlas.database().counts().unwrap().tickets), (3, 65));
}

#[test]
fn an_issue_that_the_index_shows_late_is_still_brought() {
    let served = sample(|_| {});
    let (client, _) = client(&served);
    let atlas = atlas();
    sync(&atlas, &client, &all()).unwrap();
    let late = id_of(&served.jira(), "WRKA-1234");
    let early = id_of(&served.jira(), "WRKA-1100");
    served.jira().issues.change(late, ago(6), "summary", "late");
    served.jira().issues.lag(late);
    served
        .jira()
        .issues
        .change(early, ago(2), "summary", "early");
    assert_eq!(sync(&atlas, &client, &all()).unwrap().updated, 1);
    served.jira().issues.index();
    assert_eq!(sync(&atlas, &client, &all()).unwrap().updated, 1);
    assert_eq!(atlas.tickets().get("WRKA-1234").unwrap().summary, "late");
    // One that comes later than the overlap is found by the census.
    served.jira().issues.lag(late);
    served
        .jira()
        .issues
        .change(late, ago(600), "summary", "very late");
    let mut new = served.jira().issues.find("WRKA-1100").unwrap().json.clone();
    new["id"] = "99001".into();
    new["key"] = "WRKA-9001".into();
    new["fields"]["updated"] = "2026-03-01T00:00:00.000+0000".into();
    served.jira().issues.put(new);
    assert_eq!(sync(&atlas, &client, &all()).unwrap().new, 0);
    let report = sync(&atlas, &client, &always()).unwrap();
    assert!(
        report.census && report.new == 1 && report.gone == 0,
        "{report:?}"
    );
}

#[test]
fn a_moved_issue_keeps_what_was_learned_from_it() {
    let served = sample(|_| {});
    let (client, _) = client(&served);
    let atlas = atlas();
    sync(&atlas, &client, &all()).unwrap();
    let prediction = atlas.predict("WRKA-1234", 1).unwrap();
    let scenario = FeedbackTarget::Scenario(prediction.scenarios[0].prediction_id.unwrap());
    atlas.feedback(scenario, &Feedback::accepted()).unwrap();
    let observed = atlas.database().counts().unwrap().observations;
    let id = id_of(&served.jira(), "WRKA-1234");
    served.jira().issues.rename(id, ago(1), "WMB-900");
    let report = sync(&atlas, &client, &all()).unwrap();
    assert_eq!((report.new, report.updated), (0, 1));
    let moved = TicketKey::parse("WMB-900").unwrap();
    assert_eq!(atlas.tickets().get("WRKA-1234").unwrap().key, moved);
    assert_eq!(atlas.database().counts().unwrap().observations, observed);
    assert_eq!(atlas.database().counts().unwrap().tickets, 65);
}

#[test]
fn a_deleted_issue_is_gone_and_what_it_taught_stays() {
    for cloud in [true, false] {
        let served = sample(|jira| jira.cloud = cloud);
        let (client, _) = client(&served);
        let atlas = atlas();
        sync(&atlas, &client, &all()).unwrap();
        assert!(similar(&atlas, "WRKA-1228").contains(&"WRKA-1214".to_owned()));
        let prediction = atlas.predict("WRKA-1214", 1).unwrap();
        let scenario = FeedbackTarget::Scenario(prediction.scenarios[0].prediction_id.unwrap());
        atlas.feedback(scenario, &Feedback::accepted()).unwrap();
        let issue = served.jira().issues.find("WRKA-1214").unwrap().json.clone();
        let id = id_of(&served.jira(), "WRKA-1214");
        served.jira().issues.remove(id);
        assert_eq!(
            sync(&atlas, &client, &all()).unwrap().gone,
            0,
            "not before the census"
        );
        let report = sync(&atlas, &client, &always()).unwrap();
        assert_eq!((report.gone, report.new, report.updated), (1, 0, 0));
        assert!(!similar(&atlas, "WRKA-1228").contains(&"WRKA-1214".to_owned()));
        let duplicates = atlas.duplicates("WRKA-1228", 20).unwrap();
        assert!(
            duplicates
                .iter()
                .all(|d| d.ticket_key.as_str() != "WRKA-1214")
        );
        assert_eq!(atlas.database().counts().unwrap().observations, 1);
        assert!(
            atlas.tickets().get("WRKA-1214").is_ok(),
            "it can still be read"
        );
        assert_eq!(sync(&atlas, &client, &always()).unwrap().gone, 0, "once");
        // Permission comes back; the change is long past.
        served.jira().issues.put(issue);
        let report = sync(&atlas, &client, &always()).unwrap();
        assert_eq!((report.gone, report.updated), (0, 1));
        assert!(similar(&atlas, "WRKA-1228").contains(&"WRKA-1214".to_owned()));
    }
}

#[test]
fn expired_credentials_delete_nothing() {
    let served = sample(|_| {});
    let (client, _) = client(&served);
    let atlas = atlas();
    sync(&atlas, &client, &all()).unwrap();
    let searches = served.jira().searches;
    // In the middle: the changes are still read, the census is not.
    served.jira().before_search = Some((searches + 3, |jira| jira.fault(Fault::Anonymous)));
    let error = sync(&atlas, &client, &always()).unwrap_err();
    assert_eq!(error.code(), "JIRA_UNAUTHORIZED");
    served.jira().faults.clear();
    let report = sync(&atlas, &client, &always()).unwrap();
    assert_eq!((report.gone, report.new, report.updated), (0, 0, 0));
}

#[test]
fn tickets_of_other_sources_are_left_alone() {
    let served = sample(|_| {});
    let (client, _) = client(&served);
    let atlas = atlas();
    let mut own =
        atlas_core::domain::Ticket::new(TicketKey::parse("OWN-1").unwrap(), "From a file");
    own.jira_id = Some("777".into());
    atlas.tickets().add(&[own]).unwrap();
    sync(&atlas, &client, &all()).unwrap();
    assert_eq!(sync(&atlas, &client, &always()).unwrap().gone, 0);
}

#[test]
fn an_issue_that_cannot_be_read_stops_nothing() {
    let served = sample(|jira| {
        let mut bad = jira.issues.find("WRKA-1234").unwrap().json.clone();
        bad["id"] = "99001".into();
        bad["key"] = "not a key".into();
        jira.issues.put(bad);
        let mut dateless = jira.issues.find("WRKA-1234").unwrap().json.clone();
        dateless["id"] = "99002".into();
        dateless["key"] = "WRKA-9002".into();
        dateless["fields"]["updated"] = serde_json::Value::Null;
        jira.issues.put(dateless);
    });
    let report = sync(&atlas(), &client(&served).0, &all()).unwrap();
    assert_eq!(report.new, 66);
    assert_eq!(report.skipped.len(), 1);
    assert_eq!(report.skipped[0].issue, "not a key");
}

#[test]
fn one_sync_at_a_time() {
    let served = sample(|jira| jira.fault(Fault::Hang));
    let (client, _) = client(&served);
    let atlas = atlas();
    let mut inner = None;
    let outer = atlas.sync(&client, &all(), &mut |_| {
        inner = Some(sync(&atlas, &client, &all()));
        ControlFlow::Break(())
    });
    assert!(matches!(outer, Err(Error::Cancelled)));
    assert!(matches!(inner, Some(Err(Error::SyncRunning))));
    drop::<Served>(served);
}
