//! Faults while something is imported.

use std::ops::ControlFlow;
use std::path::Path;

use atlas_core::domain::{TestImport, silent};
use atlas_core::{Atlas, Result};

use super::place::{database_of, lived_in, open};
use super::trial::Trial;

/// What is stored when an import is stopped at every place where it asks.
fn borders(
    trial: &Trial<'_>,
    import: impl Fn(&Atlas, &Path, usize) -> Result<()>,
) -> Vec<Vec<String>> {
    let mut borders: Vec<Vec<String>> = Vec::new();
    let content = |folder: &Path| trial.content(folder);
    for stop in 1.. {
        let folder = trial.folder();
        let atlas = open(folder.path()).unwrap();
        let result = import(&atlas, folder.path(), stop);
        drop(atlas);
        let found = content(folder.path());
        if !borders.contains(&found) {
            borders.push(found);
        }
        match result {
            Err(error) => assert_eq!(error.code(), "CANCELLED"),
            Ok(()) => break,
        }
    }
    borders
}

/// A sign of progress that stops at its so many-th call.
fn stopping(mut calls: usize) -> impl FnMut(atlas_core::domain::Progress) -> ControlFlow<()> {
    move |_| {
        calls = calls.saturating_sub(1);
        match calls {
            0 => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        }
    }
}

const TICKETS: &str = "key,summary,status\nWRKA-1,CSV export of the report drops all letters,Done\n\
                       WRKA-8,Report has no title,Open\nWRKA-9,Report has no date,Open\n";

#[test]
fn an_import_of_tickets_is_stored_or_told() {
    let import = |atlas: &Atlas, folder: &Path| {
        atlas
            .tickets()
            .import_file(folder.join("in.csv"), &mut silent)?;
        Ok(())
    };
    let trial = Trial::on(lived_in(|_| ()), &import).file("in.csv", TICKETS);
    trial.repeats().places(4).run();
}

#[test]
fn an_import_in_batches_stops_between_two() {
    let mut file = "key,summary\n".to_owned();
    (1..=2_100).for_each(|n| file.push_str(&format!("WRKB-{n},Export is empty\n")));
    let import = |atlas: &Atlas, folder: &Path| {
        atlas
            .tickets()
            .import_file(folder.join("in.csv"), &mut silent)?;
        Ok(())
    };
    let mut trial = Trial::on(database_of(None, |_| ()), &import).file("in.csv", file);
    trial.borders = borders(&trial, |atlas, folder, stop| {
        atlas
            .tickets()
            .import_file(folder.join("in.csv"), &mut stopping(stop))?;
        Ok(())
    });
    assert!(trial.borders.len() >= 3, "{}", trial.borders.len());
    trial.repeats().places(4).run();
}

#[test]
fn an_import_of_patterns_is_stored_or_told() {
    let import = |atlas: &Atlas, folder: &Path| {
        atlas
            .patterns()
            .import_file(folder.join("in.csv"), &mut silent)?;
        Ok(())
    };
    let file = "key,name,type,steps\nMM-T1,Export keeps every letter,Form Submission,Export => It is whole\n\
                MM-T9,Report has a title,Data Export,Open the report => It has a title\n";
    let trial = Trial::on(lived_in(|_| ()), &import).file("in.csv", file);
    trial.repeats().places(4).run();
}

#[test]
fn an_import_of_history_is_stored_or_told() {
    let import = |atlas: &Atlas, folder: &Path| {
        atlas
            .learning()
            .import_history(folder.join("in.csv"), &mut silent)?;
        Ok(())
    };
    let file = "ticket_key,ticket_summary,pattern_key,verdict,minutes,date\n\
                WRKA-3,,MM-T2,right,40,2025-02-13\nWRKA-20,Login never ends,MM-T2,right,15,2025-02-14\n\
                WRKA-20,Login never ends,MM-T1,wrong,,2025-02-14\n";
    let trial = Trial::on(lived_in(|_| ()), &import).file("in.csv", file);
    trial.repeats().places(4).run();
}

#[test]
fn an_import_of_results_is_stored_or_told() {
    let import = |atlas: &Atlas, folder: &Path| {
        atlas.learning().import_results(
            folder.join("in.xml"),
            &TestImport::default(),
            &mut silent,
        )?;
        Ok(())
    };
    let file = "<testsuite name=\"s\" timestamp=\"2025-02-13T10:00:00\">\
                <testcase name=\"WRKA-1 Export keeps all characters\" time=\"120\"/>\
                <testcase name=\"WRKA-3 Login with an expired password is refused\" time=\"60\">\
                <failure message=\"no\"/></testcase></testsuite>";
    let trial = Trial::on(lived_in(|_| ()), &import).file("in.xml", file);
    trial.repeats().places(4).run();
}

#[test]
fn an_import_of_a_whole_database_is_all_or_nothing() {
    let mut rows = Vec::new();
    lived_in(|atlas| drop(atlas.database().export_all(&mut rows).unwrap()));
    let import = |atlas: &Atlas, folder: &Path| {
        if atlas.database().counts()?.tickets == 0 {
            atlas
                .database()
                .import_all(folder.join("all.jsonl"), &mut silent)?;
        }
        // The encoding may have failed after all was stored.
        atlas.database().encode(&mut silent)?;
        Ok(())
    };
    let trial = Trial::on(database_of(None, |_| ()), &import).file("all.jsonl", rows);
    trial.repeats().places(4).run();
}
