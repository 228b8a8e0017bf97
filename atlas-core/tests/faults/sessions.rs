//! Faults while a tester works: feedback, sessions, notes, memory, settings.

use std::path::Path;

use atlas_core::domain::{
    Feedback, FeedbackTarget, MemoryEntry, Missed, Outcome, ProfileChange, SessionPlan, Step,
    UserSettings,
};
use atlas_core::{Atlas, Result};

use super::place::{lived_in, rows};
use super::trial::Trial;

/// Tries a call on the small database after `more` was done to it.
fn all_or_nothing(more: impl FnOnce(&Atlas), call: impl Fn(&Atlas) -> Result<()>) {
    Trial::on(lived_in(more), &|atlas: &Atlas, _: &Path| call(atlas)).run();
}

/// The same for a call that changes nothing when it is made again.
fn again_and_again(call: impl Fn(&Atlas) -> Result<()>) {
    let call = |atlas: &Atlas, _: &Path| call(atlas);
    Trial::on(lived_in(|_| ()), &call).repeats().run();
}

fn row(atlas: &Atlas, place: usize) -> Result<i64> {
    Ok(rows(&atlas.predictions().latest("WRKA-1")?.unwrap())[place])
}

#[test]
fn feedback_on_a_scenario() {
    all_or_nothing(
        |_| (),
        |atlas| {
            let target = FeedbackTarget::Scenario(row(atlas, 0)?);
            let said = Feedback::modified(vec![Step::new("Open", "It opens")]).rating(4);
            atlas.feedback(target, &said).map(drop)
        },
    );
}

#[test]
fn feedback_on_a_whole_prediction() {
    all_or_nothing(
        |_| (),
        |atlas| {
            let id = atlas.predictions().latest("WRKA-2")?.unwrap().id.unwrap();
            let said = Feedback::accepted().minutes(50);
            let target = FeedbackTarget::Prediction(id);
            atlas.feedback(target, &said).map(drop)
        },
    );
}

#[test]
fn what_was_missed_and_taking_it_back() {
    let own = || Missed::new("Leap day", vec![Step::new("Set 29 February", "")]);
    all_or_nothing(
        |_| (),
        |atlas| atlas.missed("WRKA-1", &own(), Some(15), None).map(drop),
    );
    all_or_nothing(
        |atlas| drop(atlas.missed("WRKA-1", &own(), Some(15), None).unwrap()),
        |atlas| {
            let newest = atlas.predictions().recent_feedback(1)?[0].feedback_id;
            atlas.undo(newest).map(drop)
        },
    );
}

#[test]
fn forgetting_a_ticket() {
    again_and_again(|atlas| atlas.tickets().forget("WRKA-1").map(drop));
}

#[test]
fn a_session_begins() {
    all_or_nothing(
        |_| (),
        |atlas| {
            let id = atlas.predictions().latest("WRKA-1")?.unwrap().id.unwrap();
            let plan = SessionPlan::Prediction(id);
            atlas.sessions().start("WRKA-1", &plan).map(drop)
        },
    );
}

/// A session that is open, with a step done.
fn begun(atlas: &Atlas) {
    let id = atlas.predictions().latest("WRKA-1").unwrap().unwrap().id;
    let plan = SessionPlan::Prediction(id.unwrap());
    let session = atlas.sessions().start("WRKA-1", &plan).unwrap();
    atlas.sessions().step_done(session.id, 1).unwrap();
}

fn in_session(call: impl Fn(&Atlas, i64) -> Result<()>) {
    all_or_nothing(begun, |atlas| {
        let session = atlas.sessions().open()?.map_or(2, |session| session.id);
        call(atlas, session)
    });
}

#[test]
fn a_session_goes_on() {
    in_session(|atlas, id| atlas.sessions().step_done(id, 2).map(drop));
    in_session(|atlas, id| atlas.sessions().pause(id).map(drop));
    in_session(|atlas, id| atlas.sessions().note(id, "slow").map(drop));
}

#[test]
fn a_session_ends() {
    let end = |atlas: &Atlas, _: &Path| {
        let session = atlas.sessions().open()?.map_or(2, |session| session.id);
        atlas.sessions().end(session, Outcome::Passed).map(drop)
    };
    let mut trial = Trial::on(lived_in(begun), &end);
    // The end is stored before the coach has something to say, which may fail.
    trial.ignored = Some("work.db atlas_settings: \"coach_said\"");
    trial.run();
    in_session(|atlas, id| atlas.sessions().cancel(id).map(drop));
}

#[test]
fn notes_and_memory() {
    again_and_again(|atlas| {
        atlas
            .tickets()
            .set_note("WRKA-1", Some("look twice"))
            .map(drop)
    });
    again_and_again(|atlas| atlas.tickets().set_difficulty("WRKA-3", Some(4)).map(drop));
    again_and_again(|atlas| atlas.tickets().clear_note("WRKA-3").map(drop));
    again_and_again(|atlas| {
        atlas
            .memory()
            .put(&MemoryEntry::text("context", "k", "other"))
    });
    again_and_again(|atlas| {
        atlas
            .tickets()
            .mark_not_similar("WRKA-1", "WRKA-3")
            .map(drop)
    });
}

#[test]
fn the_profile_and_the_settings() {
    again_and_again(|atlas| {
        let change = ProfileChange {
            username: Some("kayla".to_owned()),
            ..ProfileChange::default()
        };
        atlas.profile().update(&change).map(drop)
    });
    again_and_again(|atlas| {
        atlas.profile().set_settings(&UserSettings {
            day_start: 4,
            ..UserSettings::default()
        })
    });
}
