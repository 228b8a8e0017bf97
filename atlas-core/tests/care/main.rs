//! Taking care of the database: backups in a folder, restoring one, and all rows out and in.

mod backup;
mod calls;
mod derived;
mod every_call;
mod exchanged;
mod getters;
mod imports;
mod imports_kept;
mod imports_kill;
mod imports_random;
mod odd;
mod reading;
mod spoiled;
mod transfer;

use std::path::Path;
use std::sync::OnceLock;

use atlas_core::domain::{
    Feedback, FeedbackTarget, MemoryEntry, Missed, ProfileChange, Step, UserSettings, silent,
};
use atlas_core::{Atlas, AtlasBuilder};
use jiff::Timestamp;

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/sample");

fn noon() -> Timestamp {
    "2024-05-01T12:00:00Z".parse().unwrap()
}

fn builder() -> AtlasBuilder {
    Atlas::builder().clock(noon).retrain_after(None)
}

/// The sample, with something in every family of tables, made once for all tests.
fn lived_in(path: &Path) -> Atlas {
    static MADE: OnceLock<Vec<u8>> = OnceLock::new();
    let database = MADE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("made.db");
        drop(made(&path));
        std::fs::read(&path).unwrap()
    });
    std::fs::write(path, database).unwrap();
    builder().open(path).unwrap()
}

fn made(path: &Path) -> Atlas {
    let atlas = builder().open(path).unwrap();
    let file = |name: &str| format!("{SAMPLE}/{name}");
    atlas
        .tickets()
        .import_file(file("tickets.jsonl"), &mut silent)
        .unwrap();
    atlas
        .patterns()
        .import_file(file("patterns.csv"), &mut silent)
        .unwrap();
    atlas
        .learning()
        .import_history(file("history.csv"), &mut silent)
        .unwrap();
    let prediction = atlas.predict("WRKA-1234", 5).unwrap();
    for (place, said) in [
        Feedback::accepted()
            .minutes(20)
            .rating(4)
            .host_id("click 1"),
        Feedback::rejected().comments("no"),
        Feedback::modified(vec![Step::new("Öffnen", "It opens")]),
    ]
    .into_iter()
    .enumerate()
    {
        let row = prediction.scenarios[place].prediction_id.unwrap();
        atlas
            .feedback(FeedbackTarget::Scenario(row), &said)
            .unwrap();
    }
    let own = Missed::new("Leap day", vec![Step::new("Set 29 February", "")]);
    let undone = atlas.missed("WRKA-1234", &own, Some(15), None).unwrap();
    atlas.undo(undone.feedback_id).unwrap();
    atlas.missed("WRKA-1234", &own, Some(15), None).unwrap();
    atlas
        .tickets()
        .mark_not_similar("WRKA-1234", "WRKA-1012")
        .unwrap();
    atlas
        .memory()
        .put(&MemoryEntry::text("context", "k", "dates of forms"))
        .unwrap();
    let change = ProfileChange {
        username: Some("kayla".to_owned()),
        ..ProfileChange::default()
    };
    atlas.profile().update(&change).unwrap();
    let settings = UserSettings {
        day_start: 4,
        ..UserSettings::default()
    };
    atlas.profile().set_settings(&settings).unwrap();
    atlas
}
