//! The user's profile and settings through `Atlas`.

use std::collections::BTreeMap;

use atlas_core::domain::{Personality, ProfileChange, Theme, Ticket, TicketKey, UserSettings};
use atlas_core::{Atlas, Result};
use jiff::Timestamp;

/// Half past two at night in Berlin, half past one in UTC.
fn night() -> Timestamp {
    Timestamp::from_second(1_709_947_800).unwrap()
}

fn named(name: &str) -> Option<String> {
    Some(name.to_owned())
}

#[test]
fn a_profile_is_made_changed_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let atlas = Atlas::builder().clock(night).open(&path).unwrap();
    let unsaid = atlas.profile().get().unwrap();
    assert_eq!((unsaid.id, unsaid.username.as_str()), (0, "tester"));
    let change = ProfileChange {
        username: named(" Kayla "),
        email: named("kayla@example.com"),
        coach_personality: Some(Personality::DrillSergeant),
        theme: Some(Theme::Dark),
    };
    let changed = atlas.profile().update(&change).unwrap();
    assert_eq!((changed.id, changed.created_at), (1, Some(night())));
    drop(atlas);
    let atlas = Atlas::open(&path).unwrap();
    assert_eq!(atlas.profile().get().unwrap(), changed);
    assert_eq!(changed.username, "Kayla");
    let without = ProfileChange {
        email: named(""),
        ..ProfileChange::default()
    };
    let changed = atlas.profile().update(&without).unwrap();
    assert_eq!((changed.email, changed.theme), (None, Theme::Dark));
}

#[test]
fn what_a_profile_cannot_be_is_refused() {
    let atlas = Atlas::open_in_memory().unwrap();
    let before = atlas.profile().get().unwrap();
    let refused = |change: ProfileChange| {
        let error = atlas.profile().update(&change).unwrap_err();
        assert_eq!(error.code(), "INVALID_VALUE");
        error.details()["field"].clone()
    };
    let long = "x".repeat(201);
    for name in ["", "  ", &long] {
        let username = named(name);
        assert_eq!(
            refused(ProfileChange {
                username,
                ..Default::default()
            }),
            "username"
        );
    }
    for email in ["kayla", "@example.com", "kayla@"] {
        // The good name beside it is not stored either.
        let change = ProfileChange {
            username: named("Kayla"),
            email: named(email),
            ..Default::default()
        };
        assert_eq!(refused(change), "email");
    }
    assert_eq!(atlas.profile().get().unwrap(), before);
    let error = "nice".parse::<Personality>().unwrap_err();
    assert!(error.to_string().contains("drill_sergeant"), "{error}");
    assert!("blue".parse::<Theme>().is_err());
}

#[test]
fn settings_make_the_testers_calendar() {
    let atlas = Atlas::builder().clock(night).open_in_memory().unwrap();
    let settings = UserSettings {
        day_start: 0,
        time_zone: named("Europe/Berlin"),
        assignee: named("Kayla Gilbert"),
        weights: BTreeMap::new(),
    };
    atlas.profile().set_settings(&settings).unwrap();
    assert_eq!(atlas.profile().settings().unwrap(), settings);
    assert_eq!(atlas.profile().now().unwrap().day.to_string(), "2024-03-09");
    let late = UserSettings {
        day_start: 3,
        ..settings.clone()
    };
    atlas.profile().set_settings(&late).unwrap();
    let now = atlas.profile().now().unwrap();
    assert_eq!(
        (now.day.to_string().as_str(), now.offset_seconds),
        ("2024-03-08", 3600)
    );
    let wrong = UserSettings {
        day_start: 24,
        ..settings
    };
    assert_eq!(
        atlas.profile().set_settings(&wrong).unwrap_err().code(),
        "INVALID_VALUE"
    );
    assert_eq!(atlas.profile().settings().unwrap(), late);
}

#[test]
fn weights_count_from_the_next_opening_on() -> Result<()> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let open = || {
        Atlas::builder()
            .weight("neural", 0.5)
            .clock(night)
            .open(&path)
    };
    let atlas = open()?;
    atlas.tickets().add(&[Ticket::new(
        TicketKey::parse("WRKA-7")?,
        "CSV export drops umlauts",
    )])?;
    let before = atlas.predict("WRKA-7", 3)?;
    let weigh = |name: &str, weight| UserSettings {
        weights: BTreeMap::from([(name.to_owned(), weight)]),
        ..UserSettings::default()
    };
    let unknown = atlas
        .profile()
        .set_settings(&weigh("neurla", 0.5))
        .unwrap_err();
    assert_eq!(unknown.details()["field"], "predictor");
    assert!(
        atlas
            .profile()
            .set_settings(&weigh("neural", -1.0))
            .is_err()
    );
    atlas.profile().set_settings(&weigh("neural", 0.0))?;
    assert_eq!(
        atlas.predict("WRKA-7", 3)?,
        before,
        "the stored answer still holds"
    );
    drop(atlas);
    let atlas = open()?;
    let after = atlas.predict("WRKA-7", 3)?;
    assert_ne!(after.id, before.id, "other weights, another question");
    let neural = |part: &atlas_core::domain::Part| part.name == "neural";
    assert!(!after.scenarios.iter().any(|s| s.parts.iter().any(neural)));
    atlas.profile().set_settings(&UserSettings::default())?;
    drop(atlas);
    let again = open()?.predict("WRKA-7", 3)?;
    assert_eq!(
        again.scenarios[0].confidence,
        before.scenarios[0].confidence
    );
    Ok(())
}
