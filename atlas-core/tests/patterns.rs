//! The pattern library: mining, near duplicates, upkeep.

use std::ops::ControlFlow;

use atlas_core::domain::{
    Observation, ObservationOrigin, PatternFilter, PatternOrigin, ProposalEdits, Stage, Step,
    TestPattern, Ticket, TicketKey, Verdict, silent,
};
use atlas_core::learning::mining::DetectOptions;
use atlas_core::learning::near_duplicates::NearDuplicates;
use atlas_core::store::Store;
use atlas_core::{Atlas, ErrorKind};

fn ticket(key: &str, summary: &str, description: &str) -> Ticket {
    let mut ticket = Ticket::new(TicketKey::parse(key).unwrap(), summary);
    ticket.ticket_type = "Bug".to_owned();
    ticket.components = vec!["Reports".to_owned()];
    ticket.description = Some(description.to_owned());
    ticket
}

#[test]
fn no_way_in_takes_a_pattern_of_eight_thousand_years() {
    let atlas = Atlas::open_in_memory().unwrap();
    let mut pattern = TestPattern::new("Export keeps umlauts", "Data Export");
    for minutes in [0, 100_001, u32::MAX] {
        pattern.avg_time_minutes = Some(minutes);
        let error = atlas.patterns().add(&pattern).unwrap_err();
        assert!(error.to_string().contains("1 to 100000"), "{error}");
        let error = atlas
            .patterns()
            .add_all(std::slice::from_ref(&pattern))
            .unwrap_err();
        assert_eq!(error.code(), "INVALID_VALUE");
    }
    pattern.avg_time_minutes = Some(100_000);
    atlas.patterns().add(&pattern).unwrap();

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("library.json");
    let library =
        r#"{"testcases": [{"name": "Long", "folder": "Data Export", "minutes": 4294967295}]}"#;
    std::fs::write(&path, library).unwrap();
    let report = atlas.patterns().import_file(&path, &mut silent).unwrap();
    assert_eq!(report.new + report.updated, 1, "{report:?}");
    assert_eq!(
        atlas
            .patterns()
            .get("Long")
            .unwrap()
            .pattern
            .avg_time_minutes,
        None
    );
}

/// Two tickets that tell one scenario, two that tell another, one alone, one without steps.
fn tickets() -> Vec<Ticket> {
    let export = |who: &str| {
        format!(
            "Steps to reproduce:\n1. Open the list of {who}\n2. Press Export\n3. Open the CSV file in a spreadsheet\n\nExpected: umlauts are shown as they are in the list\nActual: question marks"
        )
    };
    let lockout = "h3. Test steps\n* Enter a wrong password five times\n* Enter the right password";
    let lockout = atlas_core::text::wiki::to_text(lockout);
    vec![
        ticket(
            "WRKA-1",
            "CSV export of clients loses umlauts",
            &export("clients"),
        ),
        ticket(
            "WRKA-2",
            "CSV export of customers loses umlauts",
            &export("customers"),
        ),
        ticket(
            "WRKA-3",
            "Account is not locked after five wrong passwords",
            &lockout,
        ),
        ticket(
            "WRKA-4",
            "User account isn't locked after many wrong passwords",
            &lockout,
        ),
        ticket(
            "WRKA-5",
            "Map is grey",
            "1. Zoom out of the map\n2. Rotate the phone",
        ),
        ticket("WRKA-6", "Nothing works", "It is all broken."),
    ]
}

fn with_tickets() -> Atlas {
    let atlas = Atlas::open_in_memory().unwrap();
    atlas.tickets().add(&tickets()).unwrap();
    atlas
}

fn usual() -> DetectOptions {
    DetectOptions::default()
}

fn pattern(name: &str, action: &str) -> TestPattern {
    TestPattern {
        steps: vec![Step::new(action, "It is saved")],
        component: Some("Forms".to_owned()),
        ..TestPattern::new(name, "Form Submission")
    }
}

#[test]
fn scenarios_that_several_tickets_tell_are_proposed_with_where_they_are_from() {
    let atlas = with_tickets();
    let found = atlas.patterns().detect(&usual(), &mut silent).unwrap();
    assert_eq!(found.len(), 2, "{found:#?}");
    for proposal in &found {
        assert_eq!(proposal.ticket_keys.len(), 2);
        assert!(proposal.ticket_keys.contains(&proposal.example));
        assert_eq!(proposal.component.as_deref(), Some("Reports"));
        assert!(proposal.steps.len() >= 2 && proposal.id.len() == 8);
        assert!((0.5..=1.0).contains(&proposal.score), "{}", proposal.score);
    }
    let export = found.iter().find(|p| p.name.contains("CSV")).unwrap();
    let expected = export.steps.last().unwrap().expected.as_deref();
    assert_eq!(expected, Some("Umlauts are shown as they are in the list"));
    assert_eq!(
        found,
        atlas.patterns().detect(&usual(), &mut silent).unwrap()
    );
    assert_eq!(
        found,
        with_tickets()
            .patterns()
            .detect(&usual(), &mut silent)
            .unwrap()
    );
    let many = DetectOptions {
        min_tickets: 3,
        ..usual()
    };
    assert!(
        atlas
            .patterns()
            .detect(&many, &mut silent)
            .unwrap()
            .is_empty()
    );
}

#[test]
fn an_accepted_proposal_is_a_pattern_that_is_predicted_and_not_proposed_again() {
    let atlas = with_tickets();
    let found = atlas.patterns().detect(&usual(), &mut silent).unwrap();
    let edits = ProposalEdits {
        name: Some(" Export keeps umlauts ".to_owned()),
        component: Some(String::new()),
        ..ProposalEdits::default()
    };
    let export = found.iter().find(|p| p.name.contains("CSV")).unwrap();
    let kept = atlas.patterns().accept(export, &edits).unwrap();
    assert_eq!(kept.pattern.name, "Export keeps umlauts");
    assert_eq!(
        (kept.pattern.origin, &kept.pattern.component),
        (PatternOrigin::Mined, &None)
    );
    assert_eq!(kept.pattern.steps, export.steps);
    let left = atlas.patterns().detect(&usual(), &mut silent).unwrap();
    assert_eq!(left.len(), 1);
    assert_ne!(left[0].id, export.id);
    let known = DetectOptions {
        known: true,
        ..usual()
    };
    let all = atlas.patterns().detect(&known, &mut silent).unwrap();
    let marked = all.iter().find(|p| p.id == export.id).unwrap();
    assert_eq!(marked.known.as_ref().unwrap().id, kept.id);
    let again = atlas.patterns().accept(export, &edits).unwrap_err();
    assert_eq!(again.code(), "INVALID_VALUE");
    let draft =
        atlas_core::domain::Draft::new("CSV export shows question marks instead of umlauts");
    let prediction = atlas.predict(&draft, 3).unwrap();
    assert!(
        prediction
            .scenarios
            .iter()
            .any(|s| s.pattern_id == Some(kept.id))
    );
    // Steps that were changed by hand still come from the same tickets.
    let mut changed = kept.pattern.clone();
    changed.steps = vec![Step::new("Do something else", "")];
    atlas.patterns().update(kept.id, &changed).unwrap();
    assert_eq!(
        atlas
            .patterns()
            .detect(&usual(), &mut silent)
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn dropped_and_merged_proposals_do_not_come_back() {
    let atlas = with_tickets();
    let found = atlas.patterns().detect(&usual(), &mut silent).unwrap();
    let both = atlas.patterns().merge_proposals(&found[0], &found[1]);
    assert_eq!(both.ticket_keys.len(), 4);
    let kept = atlas
        .patterns()
        .accept(&both, &ProposalEdits::default())
        .unwrap();
    assert_eq!(kept.pattern.name, found[0].name);
    assert!(
        atlas
            .patterns()
            .detect(&usual(), &mut silent)
            .unwrap()
            .is_empty()
    );

    let atlas = with_tickets();
    atlas.patterns().drop_proposal(&found[0]).unwrap();
    let known = DetectOptions {
        known: true,
        ..usual()
    };
    let left = atlas.patterns().detect(&known, &mut silent).unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].id, found[1].id);
}

#[test]
fn detection_can_be_stopped_and_refuses_nonsense() {
    let atlas = with_tickets();
    for stage in [Stage::Encoding, Stage::Comparing] {
        let stopped = atlas.patterns().detect(&usual(), &mut |progress| {
            if progress.stage == stage {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        assert_eq!(stopped.unwrap_err().code(), "CANCELLED", "{stage:?}");
    }
    for options in [
        DetectOptions {
            min_tickets: 0,
            ..usual()
        },
        DetectOptions {
            similarity: f32::NAN,
            ..usual()
        },
        DetectOptions {
            similarity: 1.1,
            ..usual()
        },
    ] {
        assert!(atlas.patterns().detect(&options, &mut silent).is_err());
    }
    let empty = Atlas::open_in_memory().unwrap();
    assert!(
        empty
            .patterns()
            .detect(&usual(), &mut silent)
            .unwrap()
            .is_empty()
    );
}

#[test]
fn patterns_that_repeat_are_paired_and_merged() {
    let atlas = Atlas::open_in_memory().unwrap();
    let one = atlas
        .patterns()
        .add(&pattern("Save the form on iOS", "Tap Save on the form"))
        .unwrap();
    let two = atlas
        .patterns()
        .add(&pattern("Save the form on Android", "Tap Save on the form"))
        .unwrap();
    atlas
        .patterns()
        .add(&pattern("Rotate the map", "Turn the phone"))
        .unwrap();
    let pairs = atlas
        .patterns()
        .duplicates(&NearDuplicates {
            similarity: 0.8,
            limit: 0,
        })
        .unwrap();
    assert_eq!(pairs.len(), 1, "{pairs:#?}");
    assert_eq!((pairs[0].keep.id, pairs[0].drop.id), (one.id, two.id));
    assert!((0.8..1.0).contains(&pairs[0].similarity));
    assert!(
        pairs[0].reason.contains("the steps are equal"),
        "{}",
        pairs[0].reason
    );
    assert!(
        pairs[0].reason.contains("the same component"),
        "{}",
        pairs[0].reason
    );

    let (keep, drop) = (one.id.to_string(), two.id.to_string());
    let merge = atlas.patterns().merge(&keep, &drop).unwrap();
    assert_eq!(
        (merge.kept, merge.retired, merge.observations_left),
        (one.id, two.id, 0)
    );
    assert!(!atlas.patterns().get(&drop).unwrap().pattern.is_active);
    assert!(
        atlas
            .patterns()
            .duplicates(&NearDuplicates::default())
            .unwrap()
            .is_empty()
    );
    assert_eq!(
        atlas.patterns().merge(&keep, &keep).unwrap_err().code(),
        "INVALID_VALUE"
    );
    assert_eq!(
        atlas.patterns().merge(&drop, &keep).unwrap_err().code(),
        "INVALID_VALUE"
    );
    let wide = NearDuplicates {
        similarity: 0.4,
        limit: 0,
    };
    assert_eq!(
        atlas.patterns().duplicates(&wide).unwrap_err().code(),
        "INVALID_VALUE"
    );
}

#[test]
fn a_merge_keeps_observations_where_they_are_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let atlas = Atlas::open(&path).unwrap();
    atlas.tickets().add(&tickets()).unwrap();
    let one = atlas
        .patterns()
        .add(&pattern("Save the form", "Tap Save"))
        .unwrap();
    let two = atlas
        .patterns()
        .add(&pattern("Save a form", "Tap Save"))
        .unwrap();
    let store = Store::open(&path).unwrap();
    store
        .write(|stored| {
            let key = TicketKey::parse("WRKA-1")?;
            let ticket_id = stored.tickets().by_key(&key)?.unwrap().id;
            stored.proposals().add_sources(two.id, &[key])?;
            let observation = Observation {
                ticket_id,
                pattern_id: two.id,
                verdict: Verdict::Right,
                origin: ObservationOrigin::Feedback,
                observed_at: None,
                minutes: None,
            };
            stored.observations().add(&observation, None)
        })
        .unwrap();
    let merge = atlas
        .patterns()
        .merge("Save the form", "Save a form")
        .unwrap();
    assert_eq!((merge.sources_moved, merge.observations_left), (1, 1));
    let sources = store.read(|stored| stored.proposals().sources()).unwrap();
    assert_eq!(sources[&one.id], sources[&two.id]);
    assert_eq!(atlas.database().counts().unwrap().observations, 1);
}

#[test]
fn the_library_can_be_kept_up() {
    let atlas = Atlas::open_in_memory().unwrap();
    let mut keyed = pattern("Save the form", "Tap Save");
    keyed.key = Some("F-1".to_owned());
    let added = atlas.patterns().add(&keyed).unwrap();
    assert_eq!(atlas.database().counts().unwrap().unencoded, 0);
    for name in [added.id.to_string().as_str(), "F-1", "Save the form"] {
        assert_eq!(atlas.patterns().get(name).unwrap(), added);
    }
    assert_eq!(
        atlas.patterns().add(&keyed).unwrap_err().code(),
        "INVALID_VALUE"
    );
    let unnamed = TestPattern::new("  ", "API");
    assert_eq!(
        atlas.patterns().add(&unnamed).unwrap_err().code(),
        "INVALID_VALUE"
    );
    assert_eq!(
        atlas.patterns().get("nothing").unwrap_err().code(),
        "PATTERN_NOT_FOUND"
    );
    assert_eq!(
        atlas.patterns().get("99999").unwrap_err().kind(),
        ErrorKind::NotFound
    );

    let renamed = atlas
        .patterns()
        .rename("F-1", "Save the whole form")
        .unwrap();
    assert_eq!(
        (renamed.id, renamed.pattern.name.as_str()),
        (added.id, "Save the whole form")
    );
    assert_eq!(
        atlas.patterns().rename("F-1", " ").unwrap_err().code(),
        "INVALID_VALUE"
    );
    assert_eq!(
        atlas.patterns().update(99_999, &keyed).unwrap_err().code(),
        "PATTERN_NOT_FOUND"
    );
    let other = atlas
        .patterns()
        .add(&pattern("Another one", "Tap Cancel"))
        .unwrap();
    let taken = TestPattern {
        key: Some("F-1".to_owned()),
        ..other.pattern.clone()
    };
    assert_eq!(
        atlas
            .patterns()
            .update(other.id, &taken)
            .unwrap_err()
            .code(),
        "INVALID_VALUE"
    );

    assert!(!atlas.patterns().retire("F-1").unwrap().pattern.is_active);
    let own = |active| PatternFilter {
        origin: Some(PatternOrigin::User),
        active,
        ..PatternFilter::default()
    };
    assert_eq!(atlas.patterns().list(&own(Some(false))).unwrap().len(), 1);
    assert_eq!(atlas.patterns().list(&own(None)).unwrap().len(), 2);
    assert!(
        atlas
            .patterns()
            .reactivate("F-1")
            .unwrap()
            .pattern
            .is_active
    );
    assert_eq!(atlas.patterns().list(&own(Some(false))).unwrap(), []);
}

#[test]
fn a_name_that_several_have_names_none() {
    let atlas = Atlas::open_in_memory().unwrap();
    atlas.patterns().add(&pattern("Save", "Tap Save")).unwrap();
    let other = TestPattern {
        component: None,
        ..pattern("Save", "Tap Save")
    };
    let other = atlas.patterns().add(&other).unwrap();
    assert_eq!(
        atlas.patterns().get("Save").unwrap_err().code(),
        "INVALID_VALUE"
    );
    atlas.patterns().retire(&other.id.to_string()).unwrap();
    assert!(atlas.patterns().get("Save").unwrap().pattern.is_active);
}

#[test]
fn unused_patterns_are_those_never_used_and_those_not_used_since() {
    let atlas = Atlas::open_in_memory().unwrap();
    let at = |text: &str| text.parse::<jiff::Timestamp>().unwrap();
    let used = |name: &str, frequency, last: Option<&str>| TestPattern {
        frequency,
        last_used: last.map(at),
        ..pattern(name, "Tap Save")
    };
    atlas.patterns().add(&used("never", 0, None)).unwrap();
    atlas
        .patterns()
        .add(&used("once, who knows when", 1, None))
        .unwrap();
    atlas
        .patterns()
        .add(&used("last year", 3, Some("2024-03-01T00:00:00Z")))
        .unwrap();
    atlas
        .patterns()
        .add(&used("lately", 3, Some("2025-03-01T00:00:00Z")))
        .unwrap();
    let names = |since: Option<&str>| -> Vec<String> {
        let unused = atlas.patterns().unused(since.map(at)).unwrap();
        unused
            .into_iter()
            .map(|stored| stored.pattern.name)
            .collect()
    };
    assert_eq!(names(None), ["never"]);
    let since = names(Some("2025-01-01T00:00:00Z"));
    assert_eq!(since, ["never", "once, who knows when", "last year"]);
}
