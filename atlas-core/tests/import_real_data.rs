//! Every record of the real data sets is read; skipped where they are not at hand.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Instant;

use atlas_core::exchange::{history, patterns};
use atlas_core::jira;
use atlas_core::text::{adf, prose, steps};

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

#[test]
fn all_patterns_and_links_are_read() {
    let (Some(cases), Some(links)) = (
        data("mattermost/testcases.jsonl.gz"),
        data("mattermost/ticket_test_links.csv"),
    ) else {
        return;
    };
    let (mut steps, mut keys) = (0, std::collections::HashSet::new());
    let summary = patterns::read_patterns(&cases, &mut |record| {
        let pattern = record.value.unwrap();
        assert!(
            pattern.is_active && !pattern.pattern_type.is_empty() && pattern.component.is_some()
        );
        assert!(
            pattern
                .steps
                .iter()
                .all(|step| !step.action.ends_with('\\'))
        );
        steps += pattern.steps.len();
        keys.extend(pattern.key);
        ControlFlow::Continue(())
    })
    .unwrap();
    println!("{summary:?}; {steps} steps");
    assert_eq!((summary.read, summary.skipped), (5_059, 0));
    let summary = history::read_history(&links, &mut |record| {
        assert!(keys.contains(&record.value.unwrap().pattern_key));
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!((summary.read, summary.skipped), (740, 0));
}

#[test]
fn own_steps_are_found_in_many_tickets() {
    let Some(path) = data("titanium/issues.jsonl.gz") else {
        return;
    };
    let (mut found, mut words) = (std::collections::BTreeMap::new(), 0);
    let start = Instant::now();
    jira::read_tickets(&path, &mut |record| {
        let text = record.value.unwrap().ticket.description.unwrap_or_default();
        let kind = steps::ticket_steps(&text).map(|steps| steps.kind);
        *found.entry(kind).or_insert(0) += 1;
        words += prose::prose(&text).split_whitespace().count();
        ControlFlow::Continue(())
    })
    .unwrap();
    println!("{found:?}; {words} words of prose; {:?}", start.elapsed());
    assert!(found[&Some(steps::TicketStepsKind::TestSteps)] >= 250);
    assert!(found[&Some(steps::TicketStepsKind::Reproduction)] >= 4_000);
}

#[test]
fn every_sample_document_has_text() {
    let Some(folder) = data("../fixtures/jira/adf_samples") else {
        return;
    };
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let document = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let text = adf::to_text(&document);
        assert!(
            !text.contains("\n\n\n") && !text.contains(" \n"),
            "{path:?}"
        );
        for word in texts(&document) {
            assert!(text.contains(word.trim()), "{path:?}: {word:?} in {text}");
        }
        count += 1;
    }
    println!("{count} documents");
    assert!(count >= 32);
}

/// Every text in a document, line by line.
fn texts(document: &serde_json::Value) -> Vec<&str> {
    match document {
        serde_json::Value::Array(nodes) => nodes.iter().flat_map(texts).collect(),
        serde_json::Value::Object(node) => {
            let own = node.get("text").and_then(|text| text.as_str());
            let lines = own.into_iter().flat_map(str::lines);
            lines
                .chain(node.get("content").into_iter().flat_map(texts))
                .collect()
        }
        _ => Vec::new(),
    }
}

#[test]
fn the_examples_of_rest_are_read() {
    let Some(folder) = data("../fixtures/jira/rest_v3_examples") else {
        return;
    };
    for (name, count) in [
        ("rest_api_3_issue_issueIdOrKey___get_200.json", 1),
        ("rest_api_3_search__get_200.json", 1),
        ("rest_api_3_search__post_200.json", 1),
    ] {
        let (tickets, skipped) = jira::read_all_tickets(&folder.join(name)).unwrap();
        assert_eq!((tickets.len(), skipped.len()), (count, 0), "{name}");
        assert_eq!(
            tickets[0].description.as_deref(),
            Some("Main order flow broken")
        );
        assert!(!tickets[0].links.is_empty());
    }
}
