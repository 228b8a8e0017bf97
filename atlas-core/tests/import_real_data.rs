//! Every record of the real data sets is read; skipped where they are not at hand.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Instant;

use atlas_core::jira;

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data");

fn data(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(DATA).join(name);
    let there = path.exists();
    if !there {
        println!("{name} is not at hand: not checked");
    }
    there.then_some(path)
}

#[test]
fn all_tickets_are_read() {
    let Some(path) = data("titanium/issues.jsonl.gz") else {
        return;
    };
    let start = Instant::now();
    let (mut descriptions, mut characters, mut last_offset) = (0, 0, 0);
    let summary = jira::read_tickets(&path, &mut |record| {
        assert!(record.offset >= last_offset && record.offset <= record.file_length);
        last_offset = record.offset;
        let ticket = record.value.unwrap().ticket;
        assert!(!ticket.summary.is_empty() && ticket.created.is_some());
        if let Some(text) = &ticket.description {
            descriptions += 1;
            characters += text.len();
            assert!(
                !text.contains("\n\n\n") && !text.contains(" \n"),
                "{}",
                ticket.key
            );
        }
        ControlFlow::Continue(())
    })
    .unwrap();
    println!(
        "{summary:?}; {descriptions} descriptions, {characters} bytes, {:?}",
        start.elapsed()
    );
    assert_eq!(
        (summary.read, summary.skipped, summary.truncated),
        (22_371, 0, None)
    );
}
