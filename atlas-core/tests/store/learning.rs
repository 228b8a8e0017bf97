//! Patterns, and what observations make of them.

use atlas_core::Result;
use atlas_core::domain::{
    Observation, ObservationOrigin, PatternOrigin, Step, TestPattern, Verdict,
};
use atlas_core::store::{Change, Repositories, Store};

use super::{fresh, put, ticket, time};

fn observe(
    db: &Repositories<'_>,
    (ticket_id, pattern_id): (i64, i64),
    verdict: Verdict,
    minutes: Option<u32>,
) -> Result<bool> {
    let observation = Observation {
        ticket_id,
        pattern_id,
        verdict,
        origin: ObservationOrigin::Feedback,
        observed_at: Some(time("2024-05-01T09:30:00Z")),
        minutes,
    };
    db.observations().add(&observation, None)
}

#[test]
fn an_import_does_not_reset_what_a_pattern_learned() {
    fresh(|db| {
        let given = TestPattern {
            key: Some("MM-T1".to_owned()),
            steps: vec![Step::new("Open", "It opens"), Step::new("Save", "")],
            objective: Some("Why".to_owned()),
            precondition: Some("Logged in".to_owned()),
            labels: vec!["x".to_owned()],
            avg_time_minutes: Some(30),
            origin: PatternOrigin::Imported,
            ..TestPattern::new("Save a form", "Form Submission")
        };
        let (id, change) = db.patterns().upsert(&given)?;
        assert_eq!(change, Change::New);
        assert_eq!(db.patterns().by_key("MM-T1")?.unwrap().value, given);
        let (ticket_id, _) = put(db, &ticket("WRKA-1"));
        observe(db, (ticket_id, id), Verdict::Right, Some(50))?;
        db.patterns().set_active(id, false)?;
        assert_eq!(db.patterns().upsert(&given)?, (id, Change::Unchanged));
        let renamed = TestPattern {
            name: "Save forms".to_owned(),
            ..given
        };
        assert_eq!(db.patterns().upsert(&renamed)?, (id, Change::Updated));
        let stored = db.patterns().by_id(id)?.unwrap().value;
        assert_eq!((stored.frequency, stored.success_rate), (1, 1.0));
        assert_eq!(
            (stored.avg_time_minutes, stored.is_active),
            (Some(50), false)
        );
        assert_eq!(stored.name, "Save forms");
        Ok(())
    });
}

#[test]
fn patterns_without_a_key_are_told_apart_by_name_component_and_type() {
    fresh(|db| {
        let plain = TestPattern::new("Save", "Form");
        let other = TestPattern {
            component: Some("Web".to_owned()),
            ..plain.clone()
        };
        let (first, _) = db.patterns().upsert(&plain)?;
        let (second, change) = db.patterns().upsert(&other)?;
        assert_eq!(change, Change::New);
        assert_eq!(db.patterns().upsert(&plain)?, (first, Change::Unchanged));
        db.patterns().set_active(first, false)?;
        let named = db.patterns().by_name("Save")?;
        assert_eq!(
            named.iter().map(|p| p.id).collect::<Vec<_>>(),
            [second, first]
        );
        assert_eq!(db.patterns().count(None)?, 2);
        assert_eq!(db.patterns().count(Some(PatternOrigin::User))?, 2);
        assert_eq!(db.patterns().count(Some(PatternOrigin::Starter))?, 0);
        let missing = db.patterns().set_active(99, true).unwrap_err();
        assert_eq!(missing.code(), "PATTERN_NOT_FOUND");
        Ok(())
    });
}

#[test]
fn observations_count_in_their_pattern() {
    fresh(|db| {
        let (pattern_id, _) = db.patterns().upsert(&TestPattern::new("Save", "Form"))?;
        let (ticket_id, _) = put(db, &ticket("WRKA-1"));
        let both = (ticket_id, pattern_id);
        observe(db, both, Verdict::Wrong, None)?;
        let after_one = db.patterns().by_id(pattern_id)?.unwrap().value;
        assert_eq!(after_one.avg_time_minutes, None, "no minutes are known");
        observe(db, both, Verdict::Right, Some(10))?;
        observe(db, both, Verdict::Right, Some(21))?;
        observe(db, both, Verdict::Right, None)?;
        let pattern = db.patterns().by_id(pattern_id)?.unwrap().value;
        assert_eq!((pattern.frequency, pattern.success_rate), (4, 0.75));
        assert_eq!(pattern.avg_time_minutes, Some(16));
        assert_eq!(pattern.last_used, Some(time("2024-05-01T09:30:00Z")));
        let all = db.observations().all()?;
        let minutes: Vec<_> = all.iter().map(|o| o.value.minutes).collect();
        assert_eq!(minutes, [None, Some(10), Some(21), None]);
        assert_eq!(all[0].value.verdict, Verdict::Wrong);
        assert_eq!(all[1].value.origin, ObservationOrigin::Feedback);
        assert_eq!(db.observations().of_ticket(ticket_id)?, all);
        let unknown = observe(db, (99, pattern_id), Verdict::Right, None).unwrap_err();
        assert_eq!(unknown.code(), "TICKET_NOT_FOUND");
        let unknown = observe(db, (ticket_id, 99), Verdict::Right, None).unwrap_err();
        assert_eq!(unknown.code(), "PATTERN_NOT_FOUND");
        Ok(())
    });
}

#[test]
fn an_observation_counts_once() {
    fresh(|db| {
        let (pattern_id, _) = db.patterns().upsert(&TestPattern::new("Save", "Form"))?;
        let (ticket_id, _) = put(db, &ticket("WRKA-1"));
        let mut observation = Observation {
            ticket_id,
            pattern_id,
            verdict: Verdict::Right,
            origin: ObservationOrigin::History,
            observed_at: None,
            minutes: None,
        };
        assert!(db.observations().add(&observation, None)?);
        assert!(
            !db.observations().add(&observation, None)?,
            "history: once per pair"
        );
        observation.origin = ObservationOrigin::Session;
        assert!(db.observations().add(&observation, Some("s1"))?);
        assert!(
            !db.observations().add(&observation, Some("s1"))?,
            "once per host id"
        );
        assert!(db.observations().add(&observation, Some("s2"))?);
        assert_eq!(db.observations().count()?, 3);
        assert_eq!(db.patterns().by_id(pattern_id)?.unwrap().value.frequency, 3);
        Ok(())
    });
}

#[test]
fn a_pattern_counts_what_it_has_when_the_transaction_ends() {
    let store = Store::open_in_memory().unwrap();
    let given = TestPattern {
        frequency: 4,
        success_rate: 0.5,
        last_used: Some(time("2024-05-01T09:30:00Z")),
        ..TestPattern::new("Save", "Form")
    };
    let pattern_id = store.write(|db| {
        let (pattern_id, _) = db.patterns().upsert(&given)?;
        for (n, at) in ["09:30:00Z", "09:30:00.5Z", "09:29:59Z"].iter().enumerate() {
            let observation = Observation {
                ticket_id: put(db, &ticket(&format!("WRKA-{n}"))).0,
                pattern_id,
                verdict: Verdict::Right,
                origin: ObservationOrigin::History,
                observed_at: Some(time(&format!("2024-05-01T{at}"))),
                minutes: None,
            };
            assert!(db.observations().add_uncounted(&observation, None)?);
            assert!(!db.observations().add_uncounted(&observation, None)?);
        }
        Ok(pattern_id)
    });
    let pattern_id = pattern_id.unwrap();
    let read = || {
        let pattern = store.read(|db| db.patterns().by_id(pattern_id));
        pattern.unwrap().unwrap().value
    };
    let counted = read();
    assert_eq!((counted.frequency, counted.success_rate), (7, 5.0 / 7.0));
    let newest = Some(time("2024-05-01T09:30:00.5Z"));
    assert_eq!(
        (counted.last_used, counted.avg_time_minutes),
        (newest, None)
    );
    let removed = store
        .write(|db| (1..=3).try_for_each(|n| db.observations().remove_of_ticket(n).map(|_| ())));
    removed.unwrap();
    assert_eq!(read(), given);
}

#[test]
fn an_import_changes_what_the_testers_minutes_fall_back_to() {
    fresh(|db| {
        let given = |minutes| TestPattern {
            avg_time_minutes: minutes,
            ..TestPattern::new("Save", "Form")
        };
        let (id, _) = db.patterns().upsert(&given(Some(30)))?;
        let (ticket_id, _) = put(db, &ticket("WRKA-1"));
        let minutes = || {
            db.patterns()
                .by_id(id)
                .unwrap()
                .unwrap()
                .value
                .avg_time_minutes
        };
        observe(db, (ticket_id, id), Verdict::Right, None)?;
        assert_eq!(minutes(), Some(30), "nobody timed it");
        db.patterns().upsert(&given(Some(40)))?;
        assert_eq!(minutes(), Some(40));
        observe(db, (ticket_id, id), Verdict::Right, Some(7))?;
        db.patterns().upsert(&given(Some(50)))?;
        assert_eq!(minutes(), Some(7));
        db.patterns().upsert(&given(None))?;
        db.observations().remove_of_ticket(ticket_id)?;
        assert_eq!(minutes(), Some(50), "no minutes take none away");
        Ok(())
    });
}
