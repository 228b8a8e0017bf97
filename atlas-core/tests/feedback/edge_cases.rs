//! What is said of edge cases: shown or not, ranked, taken back.

use atlas_core::Atlas;
use atlas_core::domain::{EdgeCase, EdgeCaseAnswer, Ticket};

use super::{key, open};

const TEXT: &str = "The upload of an attachment fails with a time-out; the file name has umlauts, \
                    the form loses its data and the export to CSV is empty";

fn tickets(atlas: &Atlas, tickets: &[(&str, &[&str])]) {
    let of = |(name, components): &(&str, &[&str])| Ticket {
        description: Some(TEXT.to_owned()),
        components: components.iter().map(ToString::to_string).collect(),
        ..Ticket::new(key(name), "Upload of an attachment fails")
    };
    let all: Vec<Ticket> = tickets.iter().map(of).collect();
    atlas.tickets().add(&all).unwrap();
}

fn shown(atlas: &Atlas, key: &str) -> Vec<EdgeCase> {
    atlas.predict(key, 3).unwrap().edge_cases
}

fn rules(atlas: &Atlas, key: &str) -> Vec<String> {
    let shown = shown(atlas, key).into_iter();
    shown.map(|case| case.rule).collect()
}

#[test]
fn what_is_dismissed_here_is_shown_elsewhere_and_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let atlas = open(&folder.path().join("work.db"));
    tickets(&atlas, &[("WRKA-1", &["Files"]), ("WRKA-2", &["Files"])]);
    let before = shown(&atlas, "WRKA-1");
    let rule = before[0].rule.clone();
    let predictions = atlas.predictions();
    let receipt = predictions
        .answer_edge_case("WRKA-1", &rule, EdgeCaseAnswer::Dismissed)
        .unwrap();
    assert_eq!(receipt.components, ["Files"]);
    assert!(!rules(&atlas, "WRKA-1").contains(&rule));
    assert!(rules(&atlas, "WRKA-2").contains(&rule));
    let listed = predictions.edge_case_answers(5).unwrap();
    assert_eq!(listed, std::slice::from_ref(&receipt));
    assert_eq!(predictions.undo_edge_case(receipt.id).unwrap(), receipt);
    assert_eq!(shown(&atlas, "WRKA-1"), before);
    let again = predictions.undo_edge_case(receipt.id).unwrap_err();
    assert_eq!(again.code(), "FEEDBACK_NOT_FOUND");
}

#[test]
fn what_is_dismissed_for_a_component_is_hidden_there_alone_unless_it_was_kept() {
    let folder = tempfile::tempdir().unwrap();
    let atlas = open(&folder.path().join("work.db"));
    let all: &[(&str, &[&str])] = &[
        ("WRKA-1", &["Files"]),
        ("WRKA-2", &["FILES", "Mail"]),
        ("WRKA-3", &["Mail"]),
        ("WRKA-4", &["Files"]),
    ];
    tickets(&atlas, all);
    let rule = rules(&atlas, "WRKA-1")[0].clone();
    let answer = |key: &str, answer| {
        let predictions = atlas.predictions();
        predictions.answer_edge_case(key, &rule, answer).unwrap()
    };
    answer("WRKA-4", EdgeCaseAnswer::Kept);
    answer("WRKA-1", EdgeCaseAnswer::DismissedForComponent);
    let has = |key: &str| rules(&atlas, key).contains(&rule);
    assert_eq!(
        ["WRKA-1", "WRKA-2", "WRKA-3", "WRKA-4"].map(has),
        [false, false, true, true]
    );
    answer("WRKA-1", EdgeCaseAnswer::Kept);
    assert_eq!(["WRKA-1", "WRKA-2"].map(has), [true, true]);
}

#[test]
fn what_is_kept_again_and_again_comes_first_and_what_is_dismissed_last() {
    let folder = tempfile::tempdir().unwrap();
    let atlas = open(&folder.path().join("work.db"));
    let names: Vec<String> = (1..=12).map(|number| format!("WRKA-{number}")).collect();
    let all: Vec<(&str, &[&str])> = names.iter().map(|name| (name.as_str(), &[][..])).collect();
    tickets(&atlas, &all);
    let cases = shown(&atlas, "WRKA-12");
    // Of one criticality the order is the rank's.
    let rule = cases.last().unwrap().rule.clone();
    for name in &names[..11] {
        let predictions = atlas.predictions();
        for case in &cases {
            let answer = match case.rule == rule {
                true => EdgeCaseAnswer::Kept,
                false => EdgeCaseAnswer::Dismissed,
            };
            predictions
                .answer_edge_case(name, &case.rule, answer)
                .unwrap();
        }
    }
    let after = rules(&atlas, "WRKA-12");
    let same = |case: &&EdgeCase| case.criticality == cases.last().unwrap().criticality;
    let before: Vec<&str> = cases.iter().filter(same).map(|case| &*case.rule).collect();
    let place = after.iter().position(|one| *one == rule).unwrap();
    let others = before.iter().filter(|one| **one != rule);
    let others: Vec<usize> = others
        .filter_map(|one| after.iter().position(|r| r == one))
        .collect();
    assert!(
        others.iter().all(|other| place < *other),
        "{after:?} {rule}"
    );
}

#[test]
fn a_forgotten_ticket_takes_its_answers_along() {
    let folder = tempfile::tempdir().unwrap();
    let atlas = open(&folder.path().join("work.db"));
    tickets(&atlas, &[("WRKA-1", &[])]);
    let before = shown(&atlas, "WRKA-1");
    let predictions = atlas.predictions();
    let rule = before[0].rule.clone();
    predictions
        .answer_edge_case("WRKA-1", &rule, EdgeCaseAnswer::Dismissed)
        .unwrap();
    assert_eq!(atlas.tickets().forget("WRKA-1").unwrap().edge_cases, 1);
    assert_eq!(shown(&atlas, "WRKA-1"), before);
}

#[test]
fn what_cannot_be_answered_is_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let atlas = open(&folder.path().join("work.db"));
    tickets(&atlas, &[("WRKA-1", &[])]);
    let refused = |key: &str, rule: &str, answer| {
        let predictions = atlas.predictions();
        predictions
            .answer_edge_case(key, rule, answer)
            .unwrap_err()
            .code()
    };
    assert_eq!(
        refused("WRKA-9", "r", EdgeCaseAnswer::Kept),
        "TICKET_NOT_FOUND"
    );
    assert_eq!(
        refused("WRKA-1", " ", EdgeCaseAnswer::Kept),
        "INVALID_VALUE"
    );
    let for_component = EdgeCaseAnswer::DismissedForComponent;
    assert_eq!(refused("WRKA-1", "r", for_component), "INVALID_VALUE");
    let error = atlas.predictions().edge_case_answers(0).unwrap_err();
    assert_eq!(error.code(), "INVALID_VALUE");
}
