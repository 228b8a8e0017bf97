//! How long feedback takes beside many observations. Not asserted: machines differ.
//!
//! `cargo test -p atlas-core --test feedback speed -- --ignored --nocapture`

use std::time::Instant;

use atlas_core::domain::{Feedback, FeedbackTarget, Ticket, silent};

use super::{filled, key, rows};

#[test]
#[ignore = "measures"]
fn speed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let atlas = filled(&path);
    let tickets: Vec<Ticket> = (1..=20_000)
        .map(|n| Ticket::new(key(&format!("BIG-{n}")), format!("Export {n} is empty")))
        .collect();
    atlas.tickets().add(&tickets).unwrap();
    let csv = folder.path().join("history.csv");
    let lines: String = (1..=20_000)
        .map(|n| format!("BIG-{n},MM-T{}\n", n % 2 + 1))
        .collect();
    std::fs::write(&csv, format!("ticket_key,test_key\n{lines}")).unwrap();
    let start = Instant::now();
    // Without encoding, which is not what is measured.
    let stopped = atlas
        .learning()
        .import_history(&csv, &mut |progress| match progress.stage {
            atlas_core::domain::Stage::Importing => silent(progress),
            _ => std::ops::ControlFlow::Break(()),
        });
    println!(
        "import of 20,000 links: {:.0} ms",
        start.elapsed().as_secs_f64() * 1e3
    );
    assert_eq!(stopped.unwrap_err().code(), "CANCELLED");
    let prediction = atlas.predict("WRKA-1", 2).unwrap();
    let target = FeedbackTarget::Scenario(rows(&prediction)[0]);
    let calls = 200;
    let start = Instant::now();
    for _ in 0..calls {
        let receipt = atlas
            .feedback(target, &Feedback::accepted().minutes(20))
            .unwrap();
        atlas.undo(receipt.feedback_id).unwrap();
    }
    let each = start.elapsed().as_secs_f64() * 1e3 / f64::from(calls * 2);
    println!("feedback or undo, a pattern of 10,000 observations: {each:.2} ms");
    atlas.feedback(target, &Feedback::accepted()).unwrap();
    let start = Instant::now();
    atlas.predict("WRKA-1", 2).unwrap();
    println!(
        "first prediction after it: {:.1} ms",
        start.elapsed().as_secs_f64() * 1e3
    );
}
