//! Faults while patterns are kept, predictions are made and the past is learned from.

use std::path::Path;

use atlas_core::domain::{Step, TestPattern, silent};
use atlas_core::{Atlas, Result};

use super::place::{database_of, lived_in, ticket};
use super::trial::Trial;

#[test]
fn a_pattern_is_added() {
    let pattern = TestPattern {
        steps: vec![Step::new("Open the report", "It has a title")],
        ..TestPattern::new("Report has a title", "Data Export")
    };
    let add = |atlas: &Atlas, _: &Path| atlas.patterns().add(&pattern).map(drop);
    Trial::on(lived_in(|_| ()), &add).places(6).run();
}

#[test]
fn a_pattern_is_changed_retired_and_merged() {
    type Call<'a> = &'a dyn Fn(&Atlas, &Path) -> Result<()>;
    let calls: [Call<'_>; 3] = [
        &|atlas, _| {
            atlas
                .patterns()
                .rename("MM-T1", "Export keeps it all")
                .map(drop)
        },
        &|atlas, _| atlas.patterns().retire("MM-T2").map(drop),
        &|atlas, _| atlas.patterns().merge("MM-T1", "MM-T4").map(drop),
    ];
    for call in calls {
        Trial::on(lived_in(|_| ()), call).repeats().places(4).run();
    }
}

#[test]
fn a_prediction_is_stored_or_told() {
    let predict = |atlas: &Atlas, _: &Path| atlas.predict("WRKA-3", 3).map(drop);
    Trial::on(lived_in(|_| ()), &predict).places(5).run();
}

#[test]
fn questions_and_a_challenge() {
    let ask = |atlas: &Atlas, _: &Path| atlas.predictions().questions(3).map(drop);
    Trial::on(lived_in(|_| ()), &ask).repeats().places(5).run();
    let asked = lived_in(|atlas| drop(atlas.predictions().questions(100).unwrap()));
    let challenge = |atlas: &Atlas, _: &Path| atlas.play().challenge().map(drop);
    Trial::on(asked, &challenge).repeats().places(5).run();
}

#[test]
fn a_retraining_is_stored_or_told() {
    let history = database_of(Some(&lived_in(|_| ())), |atlas| {
        let texts = ["Export is empty", "Login never ends", "The form loses text"];
        let tickets: Vec<_> = (100..130)
            .map(|n| ticket(n, &format!("{} on page {n}", texts[n % 3])))
            .collect();
        atlas.tickets().add(&tickets).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.csv");
        let mut file = "ticket_key,pattern_key,verdict,minutes,date\n".to_owned();
        for n in 100..130 {
            let (right, wrong) = ([1, 2, 3][n % 3], [2, 3, 4][n % 3]);
            let day = n % 28 + 1;
            file.push_str(&format!("WRKA-{n},MM-T{right},right,20,2025-02-{day:02}\n"));
            file.push_str(&format!("WRKA-{n},MM-T{wrong},wrong,,2025-02-{day:02}\n"));
        }
        std::fs::write(&path, file).unwrap();
        atlas.learning().import_history(&path, &mut silent).unwrap();
    });
    let retrain = |atlas: &Atlas, _: &Path| {
        assert!(atlas.learning().retrain(&mut silent)?.is_some());
        Ok(())
    };
    Trial::on(history, &retrain).places(4).run();
}
