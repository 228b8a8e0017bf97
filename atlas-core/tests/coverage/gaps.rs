//! Gaps as a host asks for them.

use atlas_core::Atlas;
use atlas_core::domain::{
    ChosenFrom, ChosenScenario, CoverageGaps, CriteriaKind, Draft, Feedback, FeedbackTarget, Step,
    TestPattern, Ticket, TicketKey, silent,
};

const CRITERIA: &str = "As a clerk I want an export.\n\n# Acceptance criteria\n\
    - Names with umlauts are exported unchanged\n\
    - Only administrators may export";

fn pattern(name: &str, pattern_type: &str, steps: &[(&str, &str)]) -> TestPattern {
    TestPattern {
        steps: steps.iter().map(|(a, e)| Step::new(*a, *e)).collect(),
        key: Some(name.split(' ').next().unwrap_or_default().to_uppercase()),
        ..TestPattern::new(name, pattern_type)
    }
}

fn filled() -> Atlas {
    let builder = Atlas::builder()
        .starter_catalogue(false)
        .retrain_after(None);
    let atlas = builder.open_in_memory().unwrap();
    let patterns = [
        pattern(
            "Umlauts survive the export",
            "Data Export",
            &[(
                "Export a list with names that have umlauts",
                "The names are unchanged in the file",
            )],
        ),
        pattern(
            "Rights to export",
            "Permission",
            &[
                ("Export as an administrator", "The file is downloaded"),
                (
                    "Export as a user who is no administrator",
                    "It is refused: only administrators may export",
                ),
            ],
        ),
        pattern(
            "Reminders of appointments",
            "Notification",
            &[("Cancel an appointment", "No reminder is sent")],
        ),
    ];
    atlas.patterns().add_all(&patterns).unwrap();
    let mut ticket = Ticket::new(
        TicketKey::parse("WRKA-1").unwrap(),
        "Export of the client list",
    );
    ticket.description = Some(CRITERIA.to_owned());
    let past = Ticket::new(
        TicketKey::parse("WRKA-2").unwrap(),
        "Export the client list nightly",
    );
    let plain = Ticket::new(TicketKey::parse("WRKA-3").unwrap(), "Colours look odd");
    atlas.tickets().add(&[ticket, past, plain]).unwrap();
    atlas.database().encode(&mut silent).unwrap();
    atlas
}

fn open(gaps: &CoverageGaps) -> Vec<&str> {
    gaps.open_criteria().map(|c| c.criterion.as_str()).collect()
}

fn name(text: &str) -> ChosenScenario {
    ChosenScenario::Name(text.to_owned())
}

#[test]
fn a_criterion_that_nothing_checks_is_a_gap_with_the_pattern_to_add() {
    let atlas = filled();
    let gaps = atlas.gaps("WRKA-1", &[ChosenScenario::Pattern(1)]).unwrap();
    assert_eq!(
        (gaps.chosen_from, gaps.criteria_kind),
        (ChosenFrom::Given, Some(CriteriaKind::Section))
    );
    assert_eq!(open(&gaps), ["Only administrators may export"]);
    assert_eq!(
        gaps.criteria[0].reason,
        "\"Umlauts survive the export\" checks it"
    );
    let suggestion = gaps.criteria[1].suggestion.as_ref().unwrap();
    assert_eq!(
        (suggestion.pattern_id, suggestion.name.as_str()),
        (Some(2), "Rights to export")
    );
    // By key, by name: the same scenarios, and with both nothing is open.
    let both = atlas
        .gaps("WRKA-1", &[name("UMLAUTS"), name("Rights to export")])
        .unwrap();
    assert!(open(&both).is_empty() && both.notes.is_empty(), "{both:#?}");
    assert_eq!(both.chosen[1].pattern_id, Some(2));
    let own = atlas
        .gaps("WRKA-1", &[name("Only administrators may export")])
        .unwrap();
    assert_eq!(open(&own), ["Names with umlauts are exported unchanged"]);
}

#[test]
fn with_nothing_given_what_was_accepted_counts_else_all_that_was_predicted() {
    let atlas = filled();
    let gaps = atlas.gaps("WRKA-1", &[]).unwrap();
    assert_eq!(
        (gaps.chosen_from, open(&gaps).len()),
        (ChosenFrom::Nothing, 2)
    );
    assert!(
        gaps.notes[0].contains("nothing is chosen"),
        "{:?}",
        gaps.notes
    );
    let prediction = atlas.predict("WRKA-1", 5).unwrap();
    assert!(
        prediction.scenarios.iter().any(|s| s.pattern_id.is_none()),
        "a test of each criterion"
    );
    let gaps = atlas.gaps("WRKA-1", &[]).unwrap();
    assert_eq!(gaps.chosen_from, ChosenFrom::Prediction);
    assert_eq!(gaps.chosen.len(), prediction.scenarios.len());
    assert!(open(&gaps).is_empty());
    let umlauts = prediction
        .scenarios
        .iter()
        .find(|s| s.pattern_id == Some(1))
        .unwrap();
    let row = umlauts.prediction_id.unwrap();
    atlas
        .feedback(FeedbackTarget::Scenario(row), &Feedback::accepted())
        .unwrap();
    let gaps = atlas.gaps("WRKA-1", &[]).unwrap();
    assert_eq!(
        (gaps.chosen_from, gaps.chosen.len()),
        (ChosenFrom::Accepted, 1)
    );
    assert_eq!(open(&gaps), ["Only administrators may export"]);
    let given = atlas
        .gaps("WRKA-1", &[ChosenScenario::Prediction(row)])
        .unwrap();
    assert_eq!(given.criteria, gaps.criteria);
}

#[test]
fn types_come_from_the_text_and_from_past_tickets_that_are_alike() {
    let atlas = filled();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.csv");
    std::fs::write(&path, "ticket_key,test_key\nWRKA-2,RIGHTS\n").unwrap();
    atlas.learning().import_history(&path, &mut silent).unwrap();
    let gaps = atlas.gaps("WRKA-1", &[ChosenScenario::Pattern(3)]).unwrap();
    let gap = |name: &str| gaps.type_gaps.iter().find(|gap| gap.scenario_type == name);
    let export = gap("Data Export").unwrap();
    assert!(
        export.relevance >= 0.5 && export.reason.starts_with("the ticket speaks of export"),
        "{export:?}"
    );
    assert_eq!(export.suggestion.as_ref().unwrap().pattern_id, Some(1));
    let permission = gap("Permission").unwrap();
    assert_eq!(
        permission.past_tickets,
        [TicketKey::parse("WRKA-2").unwrap()]
    );
    assert!(
        permission.reason.contains("it was right for WRKA-2"),
        "{}",
        permission.reason
    );
    assert_eq!(permission.suggestion.as_ref().unwrap().pattern_id, Some(2));
    let both = [ChosenScenario::Pattern(1), ChosenScenario::Pattern(2)];
    let gaps = atlas.gaps("WRKA-1", &both).unwrap();
    let left: Vec<&str> = gaps
        .type_gaps
        .iter()
        .map(|gap| gap.scenario_type.as_str())
        .collect();
    assert!(
        !left.contains(&"Data Export") && !left.contains(&"Permission"),
        "{left:?}"
    );
    // By its meaning, whatever its type is called.
    let meant = [name(
        "Export the list as a CSV file and download the exported file",
    )];
    let gaps = atlas.gaps("WRKA-1", &meant).unwrap();
    assert!(
        gaps.type_gaps
            .iter()
            .all(|gap| gap.scenario_type != "Data Export")
    );
}

#[test]
fn a_ticket_without_criteria_says_so_and_drafts_are_asked_alike() {
    let atlas = filled();
    let gaps = atlas.gaps("WRKA-3", &[ChosenScenario::Pattern(1)]).unwrap();
    assert!(gaps.criteria.is_empty() && gaps.criteria_kind.is_none());
    assert!(
        gaps.notes[0].contains("states no criteria"),
        "{:?}",
        gaps.notes
    );
    let draft = Draft::new("Export of the client list").description(CRITERIA);
    let chosen = [ChosenScenario::Pattern(1)];
    let of_draft = atlas.gaps(&draft, &chosen).unwrap();
    let stored = atlas.gaps("WRKA-1", &chosen).unwrap();
    assert_eq!(
        (&of_draft.criteria, of_draft.ticket_key),
        (&stored.criteria, None)
    );
    assert_eq!(
        atlas.gaps(&draft, &[]).unwrap().chosen_from,
        ChosenFrom::Prediction
    );
    let error = |chosen| atlas.gaps("WRKA-1", &[chosen]).unwrap_err().code();
    assert_eq!(error(ChosenScenario::Pattern(99)), "PATTERN_NOT_FOUND");
    assert_eq!(
        error(ChosenScenario::Prediction(99)),
        "PREDICTION_NOT_FOUND"
    );
    assert_eq!(error(name(" ")), "INVALID_VALUE");
    assert_eq!(
        atlas.gaps("WRKA-9", &[]).unwrap_err().code(),
        "TICKET_NOT_FOUND"
    );
}
